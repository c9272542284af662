"""Markdown tables of what the experiments measured: mean and, where there are several seeds, standard deviation."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any, Callable, Iterable, Sequence

import numpy as np

from .memory import KINDS


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def refreshed(page: str, results: Path) -> str:
    """A page whose tables between `<!-- NAME: ... -->` and `<!-- end of NAME -->` are those of the results."""
    for name, made in PAGE.items():
        table = made(rows(results / f"{name}.jsonl"))
        page, found = re.subn(rf"(<!-- {name}:[^>]*-->\n\n).*?(\n\n<!-- end of {name} -->)", lambda m: m[1] + table + m[2], page, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"the page has {found} places for the table {name}, not one: <!-- {name}: ... --> and <!-- end of {name} -->")
    return page


def spread(values: Iterable[float], digits: int = 1) -> str:
    """Mean, and the standard deviation over the seeds where there are several."""
    found = list(values)
    mean = f"{np.mean(found):.{digits}f}"
    return mean if len(found) < 2 else f"{mean} ± {np.std(found, ddof=1):.{digits}f}"


Question = tuple[str, Callable[[dict], float], int]
"""A column's or table's title, the value of a row, digits."""
QUESTIONS: tuple[Question, ...] = (
    ("final, ROUGE-1", lambda r: r["final"][0], 1),
    ("final, ROUGE-2", lambda r: r["final"][1], 1),
    ("final at half the length, ROUGE-1", lambda r: r["final at 0.5"][0], 1),
    ("at once, ROUGE-1", lambda r: r["at once"]["r1"], 1),
    ("at once, R1-AUC", lambda r: r["at once"]["auc"], 1),
    ("at once, redundancy %", lambda r: r["at once"]["redundancy"], 1),
    ("correlation with what is new", lambda r: r["labels"], 3),
)


def ablation(results: list[dict[str, Any]]) -> str:
    """Markdown: the mean over the data sets, a row for each segment size and memory; then the same for each data set."""
    sets = _sets(results)
    return "\n\n".join(f"**{name}**\n\n{ablation_of(results, chosen)}" for name, chosen in (("mean of " + ", ".join(sets), sets), *((s, [s]) for s in sets)))


def ablation_of(results: list[dict[str, Any]], sets: Sequence[str]) -> str:
    cells: dict[tuple[int, str], list[list[dict]]] = defaultdict(list)
    for result in results:
        by_size: dict[int, list[dict]] = defaultdict(list)
        for row in result["rows"]:
            if row["set"] in sets:
                by_size[row["segment"]].append(row)
        for size, found in by_size.items():
            cells[size, result["memory"]].append(found)
    lines = ["| segment | memory | seeds | " + " | ".join(title for title, *_ in QUESTIONS) + " |", "| --- | --- | --- |" + " --- |" * len(QUESTIONS)]
    for size, kind in sorted(cells, key=lambda c: (c[0], list(KINDS).index(c[1]))):
        seeds = cells[size, kind]
        shown = [spread((float(np.mean([value(row) for row in measured])) for measured in seeds), digits) for _, value, digits in QUESTIONS]
        lines.append(f"| {size} | {kind} | {len(seeds)} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def recall(results: list[dict[str, Any]]) -> str:
    groups: dict[tuple, list[dict]] = defaultdict(list)
    for r in results:
        groups[r["filler"], r["head"], r["memory"], r["writeGate"], r["slowestLeak"], r["steps"]].append(r)
    distances, facts = list(results[0]["byDistance"]), list(results[0]["byFacts"])
    lines = [
        "| around the facts | memory | steps | seeds | state bytes | " + " | ".join(f"{d} back" for d in distances) + " | " + " | ".join(f"{f} facts" for f in facts) + " |",
        "| --- | --- | --- | --- | --- |" + " --- |" * (len(distances) + len(facts)),
    ]
    for (filler, _, kind, gated, slowest, steps), found in sorted(groups.items(), key=lambda g: (g[0][0] != "transcript", g[0][1], list(KINDS).index(g[0][2]), g[0][3:])):
        scores = [spread((r["byDistance"][d] for r in found), 0) for d in distances] + [spread((r["byFacts"][f] for r in found), 0) for f in facts]
        size = "grows" if kind == "full" else found[0]["stateBytes"]
        leaks = f", leaks down to {slowest}" if kind in ("raf", "linear") else ""
        gate = ", write gate" if gated else ""
        lines.append(f"| {filler} | {kind}{leaks}{gate} | {steps} | {len(found)} | {size} | " + " | ".join(scores) + " |")
    return "\n".join(lines)


def newswire(results: list[dict[str, Any]]) -> str:
    groups: dict[tuple, list[dict]] = defaultdict(list)
    for r in results:
        groups[r["segmentWords"], r["memory"]].append(r)
    lines = ["| segment, words | memory | seeds | ROUGE-1 | ROUGE-2 | ROUGE-L |", "| --- | --- | --- | --- | --- | --- |"]
    for (words, kind), found in sorted(groups.items(), key=lambda g: (g[0][0], list(KINDS).index(g[0][1]))):
        lines.append(f"| {words} | {kind} | {len(found)} | " + " | ".join(spread(r["rouge"][i] for r in found) for i in range(3)) + " |")
    return "\n".join(lines)


def _sets(results: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["set"] for result in results for row in result["rows"]))


PAGE: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "recall": recall,
    "ablation": lambda results: ablation_of(results, _sets(results)),
    "newswire": newswire,
}
"""The tables of docs/model.md, by the file of results that each is made of."""
