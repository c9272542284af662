"""What a memory could be worth at most where sentences are taken at once (`ablation.at_once`): its part is played by rules that know all of what has been taken.

A network has to find out what is new; here it is told. Each rule takes from a sentence's salience what it would lose by what was taken before:

* `nothing`    nothing: the salience alone;
* `words`      by the share of its content words that what was taken has already: what can be known while a talk goes on;
* `reference`  by the share of the reference's words in it that what was taken has covered already. This looks at the answer: no system can know more.
"""

from __future__ import annotations

from collections import Counter
from typing import Callable, Sequence

import numpy as np

from . import ablation, rouge
from . import text as texts
from .dataset import Example
from .selection import prepared

WEIGHTS = (2.0, 4.0, 8.0)
"""What a sentence of which nothing is new loses; a deviation of the salience is 2 to 2.5."""
FILLED = 0.93
"""Of the references' lengths, by the summaries of the calibration talks: a sentence that no longer fits is not taken, so the last words stay free."""

Repeated = Callable[[str, Sequence[str], str], float]
"""(sentence, what was taken before it, reference) -> the share of the sentence that is not new, 0 to 1."""


def nothing(sentence: str, before: Sequence[str], reference: str) -> float:
    return 0.0


def words(sentence: str, before: Sequence[str], reference: str) -> float:
    content = set(texts.content_words(sentence))
    known = {w for s in before for w in texts.content_words(s)}
    return len(content & known) / max(1, len(content))


def reference(sentence: str, before: Sequence[str], reference: str) -> float:
    wanted = rouge.ngrams(rouge.tokens(reference), 1)
    covered = sum((Counter(rouge.ngrams(rouge.tokens(s), 1)) for s in before), Counter())
    found = rouge.ngrams(rouge.tokens(sentence), 1)
    alone = sum(min(n, wanted.get(g, 0)) for g, n in found.items())
    new = sum(min(n, max(0, wanted.get(g, 0) - covered[g])) for g, n in found.items())
    return 1 - new / max(1, alone)


RULES: dict[str, Repeated] = {"nothing": nothing, "words": words, "reference": reference}


def taken(example: Example, salience: np.ndarray, threshold: float, repeated: Repeated, weight: float) -> list[int]:
    """As `ablation.taken`, by what the salience is worth after what was taken."""
    return ablation.taken(example, salience, threshold, lambda sentence, before: weight * repeated(sentence, before, example.document.summary))


def threshold_of(examples: Sequence[Example], saliences: Sequence[np.ndarray], repeated: Repeated, weight: float) -> float:
    """The threshold at which the summaries of these talks have `FILLED` of the words of their references."""
    room = sum(len(texts.words(e.document.summary)) for e in examples)
    low, high = min(float(s.min()) for s in saliences), max(float(s.max()) for s in saliences)
    for _ in range(14):
        middle = (low + high) / 2
        filled = sum(prepared(e.document.sentences[i]).words for e, s in zip(examples, saliences) for i in taken(e, s, middle, repeated, weight))
        low, high = (middle, high) if filled > FILLED * room else (low, middle)
    return (low + high) / 2


Talks = Sequence[tuple[Example, np.ndarray]]
"""Talks with the salience of their sentences."""


def measure(calibration: Talks, validation: dict[str, Talks]) -> list[dict]:
    """One row for each rule and weight: ROUGE-1, ROUGE-2, R1-AUC and redundancy, of each set and their mean."""
    rows = []
    for name, rule in RULES.items():
        for weight in WEIGHTS if rule is not nothing else (0.0,):
            threshold = threshold_of([e for e, _ in calibration], [s for _, s in calibration], rule, weight)
            found = {}
            for dataset, talks in validation.items():
                found[dataset] = np.mean([ablation.score(e, taken(e, s, threshold, rule, weight)) for e, s in talks], 0).tolist()
            found["mean"] = np.mean(list(found.values()), 0).tolist()
            rows.append({"rule": name, "weight": weight, "scores": found})
    return rows
