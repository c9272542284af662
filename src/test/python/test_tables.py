import json

import pytest

from srformer import tables


def newswire(memory, seed, r1):
    return {"memory": memory, "seed": seed, "segmentWords": 12, "rouge": [r1, 2.0, 3.0]}


def test_a_table_has_the_mean_and_the_deviation_of_several_seeds():
    lines = tables.newswire([newswire("raf", 1, 20.0), newswire("none", 1, 19.0), newswire("raf", 2, 22.0)]).splitlines()
    assert lines[2:] == ["| 12 | none | 1 | 19.0 | 2.0 | 3.0 |", "| 12 | raf | 2 | 21.0 ± 1.4 | 2.0 ± 0.0 | 3.0 ± 0.0 |"]


def test_the_ablation_is_averaged_over_the_sets_and_spread_over_the_seeds():
    def row(name, r1):
        return {"set": name, "segment": 16, "final": [r1, 1.0], "final at 0.5": [1.0], "at once": {"r1": 1.0, "auc": 1.0, "redundancy": 1.0}, "labels": 0.5}

    results = [{"memory": "raf", "seed": seed, "rows": [row("ami", 10.0 * seed), row("icsi", 30.0)]} for seed in (1, 2)]
    assert tables.ablation_of(results, ["ami", "icsi"]).splitlines()[2].startswith("| 16 | raf | 2 | 22.5 ± 3.5 |")
    assert tables.ablation_of(results[:1], ["icsi"]).splitlines()[2].startswith("| 16 | raf | 1 | 30.0 |")


def test_recall_of_several_heads_and_fillers_has_a_row_each():
    def row(filler, head, seed, far):
        size = 8 * head * head
        return {"filler": filler, "memory": "raf", "writeGate": False, "slowestLeak": 0.0005, "head": head, "seed": seed, "steps": 100, "stateBytes": size, "byDistance": {"300": far}, "byFacts": {"1": 100.0}}

    lines = tables.recall([row("facts", 32, 1, 10), row("transcript", 16, 1, 20), row("transcript", 32, 1, 30), row("transcript", 32, 2, 50)]).splitlines()
    assert lines[2:] == [
        "| transcript | raf, leaks down to 0.0005 | 100 | 1 | 2048 | 20 | 100 |",
        "| transcript | raf, leaks down to 0.0005 | 100 | 2 | 8192 | 40 ± 14 | 100 ± 0 |",
        "| facts | raf, leaks down to 0.0005 | 100 | 1 | 8192 | 10 | 100 |",
    ]


def test_a_page_gets_new_tables_and_keeps_its_text(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "PAGE", {"newswire": tables.newswire})
    page = "before\n\n<!-- newswire: written by a command -->\n\nold\n\n<!-- end of newswire -->\n\nafter\n"
    (tmp_path / "newswire.jsonl").write_text(json.dumps(newswire("raf", 1, 20.0)) + "\n")
    made = tables.refreshed(page, tmp_path)
    assert "| 12 | raf | 1 | 20.0 | 2.0 | 3.0 |" in made and "old" not in made
    assert made.startswith("before\n") and made.endswith("after\n") and tables.refreshed(made, tmp_path) == made
    with pytest.raises(ValueError, match="newswire"):
        tables.refreshed("a page without a place", tmp_path)
