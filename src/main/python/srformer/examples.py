"""Summaries to read: what each system says after a quarter, half and all of a talk."""

from __future__ import annotations

from typing import Callable, Mapping, Sequence

import numpy as np

from . import baselines
from . import text as texts
from .dataset import Example, segments
from .runtime import Package
from .selection import RollingSummary, SelectionConfig

POINTS = ((0.25, "a quarter"), (0.5, "half"), (1.0, "all"))


HEADING = """# Summaries to read

What each system says after a quarter, half and all of three talks that none was trained on. Every sentence was said by somebody and is cleaned of fillers by rule.
`raf` is the model that ships; `none` is the same model whose memory is emptied after every segment. Both are online: they never see more than has been said, and keep a bounded pool, and what is in the pool is compared by rule: the memory is not all that knows of earlier segments.
Lead and TextRank choose from everything up to the point. Written by `python -m srformer examples`.

The excerpts are of the AMI corpus (CC BY 4.0, https://groups.inf.ed.ac.uk/ami/corpus/), of QMSum (MIT, https://github.com/Yale-LILY/QMSum) and of
the Ethereum project's call notes (CC BY-SA 3.0, https://github.com/ethereum/pm).
"""


SEGMENT_WORDS, SEGMENT_SENTENCES = 24, 16
"""A segment has so many words at least, and so many sentences at most."""


def salience(package: Package, example: Example, forgets: bool = False) -> np.ndarray:
    """Of every sentence, [n], as the package scores them one segment after the other. forgets: its memory is emptied after each."""
    found, memory = [], package.empty_memory()
    for a, b in segments(example.lengths, SEGMENT_WORDS, SEGMENT_SENTENCES):
        segment = package.segment(example.document.sentences[a:b], a, memory)
        found.append(segment.salience)
        memory = package.empty_memory() if forgets else segment.memory
    return np.concatenate(found)


def rolling(example: Example, salience: np.ndarray, config: SelectionConfig, budget: int) -> list[str]:
    """The rolling summary at each of the points, the last one final."""
    parts = segments(example.lengths, SEGMENT_WORDS, SEGMENT_SENTENCES)
    summary = RollingSummary(config, budget)
    shown, found = [], []
    for a, b in parts:
        shown = summary.add(example.document.sentences[a:b], salience[a:b])
        while len(found) < len(POINTS) - 1 and b >= POINTS[len(found)][0] * len(example.lengths):
            found.append(" ".join(shown))
    return [*found, " ".join(summary.finish())]


def whole_sentences(choose: Callable[[Sequence[str], np.ndarray], list[int]], example: Example, share: float, budget: int) -> str:
    """A baseline run over what has been said up to a point, its sentences in the order of the talk, none of them cut."""
    n = max(1, round(share * len(example.lengths)))
    shown = [texts.clean(s) for s in example.document.sentences[:n]]
    left, taken = budget, []
    for i in choose(shown, example.states[:n]):
        words = len(texts.words(shown[i]))
        if 0 < words <= left:
            taken.append(i)
            left -= words
    return " ".join(shown[i] for i in sorted(taken))


BASELINES: Mapping[str, Callable[[Sequence[str], np.ndarray], list[int]]] = {
    "lead": lambda shown, _: list(range(len(shown))),
    "TextRank": baselines.textrank_order,
}


def page(example: Example, saliences: Mapping[str, np.ndarray], config: SelectionConfig, budget: int) -> str:
    """Markdown for one talk; `saliences` maps a system's name to its salience of every sentence."""
    document = example.document
    lines = [f"## {document.dataset}: {document.id}", "", f"{sum(int(n) for n in example.lengths)} words; {document.licence}. At most {budget} words.", ""]
    systems = {name: [whole_sentences(choose, example, share, budget) for share, _ in POINTS] for name, choose in BASELINES.items()}
    systems.update({name: rolling(example, salience, config, budget) for name, salience in saliences.items()})
    for i, (_, label) in enumerate(POINTS):
        lines += [f"### After {label} of the talk", ""]
        for name, found in systems.items():
            lines += [f"**{name}**: {found[i]}", ""]
    lines += ["### What people wrote about it", "", f"> {document.summary}", ""]
    return "\n".join(lines)
