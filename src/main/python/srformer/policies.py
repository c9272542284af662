"""When to change an online summary, and what: five policies over one and the same salience (the protocol of arXiv 2502.03111), and the rule that ships.

* `full rewrite`   after every segment, the best of all that was said;
* `length`         the same, but only once another 250 words have been said;
* `model`          the same, but only when a sentence has come that would displace what is shown;
* `sliding window` after every segment, the best of the last 500 words;
* `incremental`    sentences are only ever added: while the talk is young the best new ones that fit into a budget that grows with it.

All but the last two see everything at once, which costs a pool as long as the talk; the rule that ships (`gistream`) keeps a bounded pool.
"""

from __future__ import annotations

from typing import Callable, Iterator, Sequence

import numpy as np

from . import rouge
from . import text as texts
from .ablation import redundancy
from .dataset import Example, segments
from .selection import RollingSummary, SelectionConfig, best_of, prepared

STEP_WORDS = 250
WINDOW_WORDS = 500

Revisions = Iterator[list[str]]
"""What is shown after each segment."""
Policy = Callable[[Example, np.ndarray, Sequence[tuple[int, int]], SelectionConfig, int], Revisions]


def best_so_far(example: Example, salience: np.ndarray, begin: int, end: int, config: SelectionConfig, budget: int) -> list[str]:
    return best_of(example.document.sentences[begin:end], salience[begin:end], config, budget)


def full_rewrite(example, salience, parts, config, budget) -> Revisions:
    for _, end in parts:
        yield best_so_far(example, salience, 0, end, config, budget)


def by_length(example, salience, parts, config, budget) -> Revisions:
    shown, said, last = [], 0, 0
    for number, (begin, end) in enumerate(parts):
        said += int(example.lengths[begin:end].sum())
        if said - last >= STEP_WORDS or number + 1 == len(parts):
            shown, last = best_so_far(example, salience, 0, end, config, budget), said
        yield shown


def by_model(example, salience, parts, config, budget) -> Revisions:
    shown: list[str] = []
    weakest = -np.inf
    for begin, end in parts:
        new = salience[begin:end][example.valid[begin:end]]
        room = sum(len(texts.words(s)) for s in shown) < 0.9 * budget
        if len(new) and (room or new.max() > weakest):
            shown = best_so_far(example, salience, 0, end, config, budget)
            chosen = [s for s, text in zip(salience[:end], example.document.sentences[:end]) if prepared(text)[0] in set(shown)]
            weakest = min(chosen, default=-np.inf)
        yield shown


def sliding_window(example, salience, parts, config, budget) -> Revisions:
    heard = np.cumsum(example.lengths)
    for _, end in parts:
        begin = int(np.searchsorted(heard, heard[end - 1] - WINDOW_WORDS))
        yield best_so_far(example, salience, begin, end, config, budget)


def incremental(example, salience, parts, config, budget) -> Revisions:
    shown: list[str] = []
    covered: set[str] = set()
    said = used = 0
    for begin, end in parts:
        said += int(example.lengths[begin:end].sum())
        limit = min(budget, config.growth * said)
        for i in sorted(range(begin, end), key=lambda j: -salience[j]):
            text, words, content, *_ = prepared(example.document.sentences[i])
            fits = used + words <= limit and len(content) >= config.minContentWords
            if fits and len(content & covered) < config.redundancy * len(content):
                shown = [*shown, text]
                covered |= content
                used += words
        yield shown


def as_shipped(example, salience, parts, config, budget) -> Revisions:
    summary = RollingSummary(config, budget)
    for number, (begin, end) in enumerate(parts):
        shown = summary.add(example.document.sentences[begin:end], salience[begin:end])
        yield summary.finish() if number + 1 == len(parts) else shown


POLICIES: dict[str, Policy] = {
    "full rewrite": full_rewrite,
    "length": by_length,
    "model": by_model,
    "sliding window": sliding_window,
    "incremental": incremental,
    "gistream": as_shipped,
}


def measure(policy: Policy, example: Example, salience: np.ndarray, config: SelectionConfig, minimum_words: int = 72) -> dict[str, float]:
    """ROUGE-1 and ROUGE-2 of the last revision, R1-AUC over 20 points, words removed / words of the last revision, redundancy in percent."""
    reference = rouge.tokens(example.document.summary)
    parts = segments(example.lengths, minimum_words, 16)
    points = {round(len(parts) * (i + 1) / 20) - 1 for i in range(20)}
    before: list[str] = []
    removed, curve = 0, []
    for number, shown in enumerate(policy(example, salience, parts, config, len(texts.words(example.document.summary)))):
        kept = set(shown)
        removed += sum(len(texts.words(s)) for s in before if s not in kept)
        before = shown
        if number in points:
            curve.append(rouge.ngram_f1(rouge.tokens(" ".join(shown)), reference, 1))
    said = rouge.tokens(" ".join(before))
    words = max(1, sum(len(texts.words(s)) for s in before))
    return {
        "r1": rouge.ngram_f1(said, reference, 1),
        "r2": rouge.ngram_f1(said, reference, 2),
        "auc": float(np.mean(curve)),
        "erasure": removed / words,
        "redundancy": redundancy(before),
    }
