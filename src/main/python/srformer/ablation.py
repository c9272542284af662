"""What each memory is worth: one recipe, several seeds, thick and thin segments, three questions.

* `final`    the summary of the whole talk at the reference's length and at half of it, chosen by the rule that ships (lexical redundancy check included);
* `at once`  an online task that asks for history: every sentence is taken or left when its segment has been read, for ever, until the budget is spent. No look
  ahead, no lexical check: only the network can know that something has been said. One threshold for all talks, set on training talks so that a summary
  fills its budget. Scored by ROUGE-1 of what was taken, by its average over the talk (R1-AUC) and by redundancy;
* `labels`   correlation of the salience with how much new a sentence says of the reference (labels.py, `ordered`).
"""

from __future__ import annotations

from typing import Callable, Sequence

import numpy as np

from . import rouge, train
from . import text as texts
from .dataset import Example
from .decoder import Decoder
from .selection import SelectionConfig, best_of, prepared

SEGMENT_TOKENS = (16, 32, 64, 128, 224)
TOKENS_PER_WORD = 1.3
BUDGETS = (1.0, 0.5)


def words_of(tokens: int) -> int:
    """The least number of words of a segment of about so many word pieces."""
    return round(tokens / TOKENS_PER_WORD)


def final(example: Example, salience: np.ndarray, config: SelectionConfig, budget: float) -> rouge.Rouge:
    chosen = best_of(example.document.sentences, salience, config, round(budget * len(texts.words(example.document.summary))))
    return rouge.rouge(" ".join(chosen), example.document.summary)


def taken(example: Example, salience: np.ndarray, threshold: float, lost: Callable[[str, Sequence[str]], float] = lambda sentence, before: 0.0) -> list[int]:
    """The sentences that are taken at once, in order, while they fit into the reference's length.

    `lost`: what a sentence's salience loses, 0 or more, by those that were taken before it.
    """
    left = len(texts.words(example.document.summary))
    chosen: list[int] = []
    shown: list[str] = []
    for i in np.flatnonzero(example.valid & (salience > threshold)):
        sentence = prepared(example.document.sentences[i])
        if sentence.words <= left and salience[i] - lost(sentence.text, shown) > threshold:
            chosen.append(int(i))
            shown.append(sentence.text)
            left -= sentence.words
    return chosen


def threshold_of(examples: Sequence[Example], saliences: Sequence[np.ndarray]) -> float:
    """The threshold at which, summed over these talks, what lies above it is as long as the references."""
    pairs = sorted(
        ((float(s[i]), prepared(e.document.sentences[i])[1]) for e, s in zip(examples, saliences) for i in np.flatnonzero(e.valid)), reverse=True
    )
    left = sum(len(texts.words(e.document.summary)) for e in examples)
    for salience, words in pairs:
        left -= words
        if left < 0:
            return salience
    return -np.inf


def redundancy(shown: Sequence[str]) -> float:
    """Share of the content words of a summary that an earlier sentence of it has already, in percent."""
    seen: set[str] = set()
    repeated = total = 0
    for sentence in shown:
        found = set(texts.content_words(sentence))
        repeated += len(found & seen)
        total += len(found)
        seen |= found
    return 100.0 * repeated / max(1, total)


def at_once(example: Example, salience: np.ndarray, threshold: float) -> tuple[float, float, float, float]:
    """What is taken at this threshold, scored."""
    return score(example, taken(example, salience, threshold))


def score(example: Example, chosen: Sequence[int]) -> tuple[float, float, float, float]:
    """ROUGE-1, ROUGE-2, R1-AUC over 20 points of the talk, redundancy."""
    shown = [prepared(example.document.sentences[i])[0] for i in chosen]
    reference = rouge.tokens(example.document.summary)
    n = len(example.lengths)
    curve = []
    for point in range(1, 21):
        so_far = " ".join(s for s, i in zip(shown, chosen) if i + 1 <= n * point / 20)
        curve.append(rouge.ngram_f1(rouge.tokens(so_far), reference, 1))
    whole = rouge.tokens(" ".join(shown))
    return rouge.ngram_f1(whole, reference, 1), rouge.ngram_f1(whole, reference, 2), float(np.mean(curve)), redundancy(shown)


def correlation(example: Example, salience: np.ndarray) -> float:
    a, b = salience[example.valid], example.ordered[example.valid]
    return float(np.corrcoef(a, b)[0, 1]) if len(a) > 2 and a.std() > 0 and b.std() > 0 else 0.0


def measure(decoder: Decoder, calibration: Sequence[Example], validation: dict[str, Sequence[Example]], selection: SelectionConfig) -> list[dict]:
    """One row for each data set and segment size."""
    rows = []
    for tokens in SEGMENT_TOKENS:
        thickness = words_of(tokens)
        threshold = threshold_of(calibration, [train.salience_of(decoder, e, thickness) for e in calibration])
        for dataset, examples in validation.items():
            saliences = [train.salience_of(decoder, e, thickness) for e in examples]
            row: dict = {"set": dataset, "segment": tokens}
            for budget in BUDGETS:
                scores = np.mean([final(e, s, selection, budget) for e, s in zip(examples, saliences)], 0)
                row["final" if budget == 1.0 else f"final at {budget:g}"] = [round(float(x), 2) for x in scores]
            scores = np.mean([at_once(e, s, threshold) for e, s in zip(examples, saliences)], 0)
            row["at once"] = dict(zip(("r1", "r2", "auc", "redundancy"), (round(float(x), 2) for x in scores)))
            row["labels"] = round(float(np.mean([correlation(e, s) for e, s in zip(examples, saliences)])), 4)
            rows.append(row)
    return rows

