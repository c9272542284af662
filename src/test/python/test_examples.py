from types import SimpleNamespace

import numpy as np

from srformer import examples, goldens
from srformer.runtime import Package

SENTENCES = [s for segment in goldens.TRANSCRIPT[:6] for s in segment]
EXAMPLE = SimpleNamespace(document=SimpleNamespace(sentences=SENTENCES), lengths=np.array([len(s.split()) for s in SENTENCES]))


def test_a_package_without_its_memory_scores_the_first_segment_the_same_and_later_ones_not(resources, monkeypatch):
    monkeypatch.setattr(examples, "SEGMENT_SENTENCES", 4)  # as many as the small package reads
    package = Package(resources / "models" / "tiny")
    remembers, forgets = (examples.salience(package, EXAMPLE, forgets) for forgets in (False, True))
    assert remembers.shape == forgets.shape == (len(SENTENCES),)
    first = examples.segments(EXAMPLE.lengths, examples.SEGMENT_WORDS, 4)[0][1]
    assert np.array_equal(remembers[:first], forgets[:first])
    assert not np.array_equal(remembers[first:], forgets[first:])
