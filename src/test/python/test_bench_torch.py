"""A package's weights in PyTorch compute what its graphs compute, in every mode and however the work is laid out."""

import numpy as np
import pytest

from srformer import bench_torch
from srformer.runtime import Package

TALKS = [
    [["We need more people on the phone budget."], ["Okay.", "So when will that be?"]],
    [["The station is at the river.", "Yes, okay."], ["We make the decision now."]],
]


def salience(package, talks):
    found = []
    for talk in talks:
        said, memory, worth = 0, package.empty_memory(), []
        for sentences in talk:
            segment = package.segment(sentences, said, memory)
            said, memory = said + len(sentences), segment.memory
            worth += segment.salience.tolist()
        found.append(worth)
    return found


@pytest.mark.parametrize("mode", ["eager", "packed", "jit"])
def test_it_computes_what_the_graphs_compute(tiny_package, mode):
    requests = {"threads": 2, "repeats": 1, "modes": [mode], "loads": [{"talks": TALKS[:1]}, {"talks": TALKS}]}
    made = bench_torch.run(tiny_package, requests)
    assert made["failed"] == {}
    package = Package(tiny_package)
    assert [case["load"] for case in made["cases"]] == [0, 1]
    for case in made["cases"]:
        expected = salience(package, requests["loads"][case["load"]]["talks"])
        for ours, theirs in zip(expected, case["salience"], strict=True):
            # the memory is float16: a last bit may fall to the other side
            np.testing.assert_allclose(ours, theirs, atol=1e-3)
        assert len(case["seconds"]) == 1


def test_a_mode_that_fails_takes_nothing_from_the_others(tiny_package, monkeypatch):
    def broken(*_):
        raise RuntimeError("no compiler")

    monkeypatch.setitem(bench_torch.MODES, "compile", broken)
    made = bench_torch.run(tiny_package, {"threads": 1, "repeats": 1, "modes": ["eager", "compile"], "loads": [{"talks": TALKS[:1]}]})
    assert made["failed"] == {"compile": "RuntimeError: no compiler"}
    assert [case["mode"] for case in made["cases"]] == ["eager"]
