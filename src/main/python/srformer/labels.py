"""What a sentence is worth: three views of the reference, one number a sentence each.

* `alone`   overlap with the reference per word, as if nothing else had been said. A repetition is worth as much as the first statement.
* `oracle`  1 if the sentence is in the greedy best summary of the reference's length.
* `ordered` the overlap that the *earlier* worthwhile sentences have not covered, per word. A repetition is worth little: the label asks for history.

Where a data set has aligned items (an answer or minute and the turns it was written from), `alone` and `ordered` also count overlap with the item
inside its span, and the two references are averaged.
"""

from __future__ import annotations

from typing import NamedTuple, Sequence

import numpy as np

from . import baselines, rouge
from . import text as texts
from .corpus import Document

SMOOTHING_WORDS = 6.0
"""Added to a sentence's length: a short sentence full of matches is not a better sentence."""
STOP_WEIGHT = 0.25
WORTHWHILE_QUANTILE = 0.85
ALIGNED_WEIGHT = {"qmsum": 0.35, "ethpm": 0.5, "crd3": 0.5}


class Labels(NamedTuple):
    """float32 [n] each."""

    alone: np.ndarray
    oracle: np.ndarray
    ordered: np.ndarray


def eligible(sentence: str, minimum: int = 4) -> bool:
    return len(set(texts.content_words(texts.clean(sentence)))) >= minimum


def _alone(words: Sequence[Sequence[str]], reference: str) -> np.ndarray:
    coverage = baselines.Coverage(reference, stop_weight=STOP_WEIGHT)
    return np.array([coverage.gain(w) / (len(w) + SMOOTHING_WORDS) for w in words], dtype=np.float32)


def _ordered(words: Sequence[Sequence[str]], reference: str, alone: np.ndarray, valid: np.ndarray) -> np.ndarray:
    coverage = baselines.Coverage(reference, stop_weight=STOP_WEIGHT)
    threshold = np.quantile(alone[valid], WORTHWHILE_QUANTILE) if valid.any() else np.inf
    result = np.zeros(len(words), dtype=np.float32)
    for i, w in enumerate(words):
        result[i] = coverage.gain(w) / (len(w) + SMOOTHING_WORDS)
        if valid[i] and alone[i] >= threshold:
            coverage.add(w)
    return result


def standard(values: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Zero mean and unit deviation over the document's candidates."""
    if valid.sum() < 2:
        return np.zeros_like(values)
    return ((values - values[valid].mean()) / (values[valid].std() + 1e-6)).astype(np.float32)


def make(document: Document) -> tuple[Labels, np.ndarray]:
    """Labels (alone and ordered standardised within the document) and which sentences can be candidates at all."""
    shown = [texts.clean(s) for s in document.sentences]
    words = [rouge.tokens(s) for s in shown]
    valid = np.array([eligible(s) for s in document.sentences])
    alone = _alone(words, document.summary)
    ordered = _ordered(words, document.summary, alone, valid)
    chosen = baselines.oracle([s if v else "" for s, v in zip(shown, valid)], document.summary, len(rouge.tokens(document.summary)))
    oracle = np.zeros(len(words), dtype=np.float32)
    oracle[chosen] = 1.0
    alone, ordered = standard(alone, valid), standard(ordered, valid)
    weight = ALIGNED_WEIGHT.get(document.dataset, 0.0)
    if weight and document.aligned:
        inside = np.full(len(words), -1.0, dtype=np.float32)
        for item in document.aligned:
            span = set(item["chunks"])
            members = [i for i, (a, b) in enumerate(document.chunks) if valid[i] and any(c in span for c in range(a, b + 1))]
            if len(members) < 2:
                continue
            gains = _alone([words[i] for i in members], item["text"])
            spread = (gains - gains.mean()) / (gains.std() + 1e-6)
            # An item says that its whole span matters a little, and its best sentences matter much.
            for i, value in zip(members, spread):
                inside[i] = max(inside[i], float(value))
        inside = standard(inside, valid)
        alone = (1 - weight) * alone + weight * inside
        ordered = (1 - weight) * ordered + weight * inside
    return Labels(alone, oracle, ordered), valid
