"""ROUGE-1, ROUGE-2 and ROUGE-L F1 (Lin 2004): lower-cased alphanumeric tokens, no stemming, no stop words.

ROUGE-L is the longest common subsequence of the two whole texts.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple, Sequence

from .text import TOKEN


class Rouge(NamedTuple):
    """F1 scores in percent."""

    r1: float
    r2: float
    rl: float


def tokens(text: str) -> list[str]:
    return TOKEN.findall(text.lower())


def f1(overlap: int, candidate: int, reference: int) -> float:
    return 200.0 * overlap / (candidate + reference) if overlap else 0.0


def ngrams(words: Sequence[str], n: int) -> Counter:
    return Counter(zip(*(words[i:] for i in range(n))))


def ngram_f1(candidate: Sequence[str], reference: Sequence[str], n: int) -> float:
    a, b = ngrams(candidate, n), ngrams(reference, n)
    return f1(sum((a & b).values()), sum(a.values()), sum(b.values()))


def lcs(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence, one big-integer row per token of `b` (Hyyrö 2004)."""
    positions: dict[str, int] = {}
    for i, token in enumerate(a):
        positions[token] = positions.get(token, 0) | (1 << i)
    full = (1 << len(a)) - 1
    row = full
    for token in b:
        matches = row & positions.get(token, 0)
        row = ((row + matches) | (row - matches)) & full
    return len(a) - bin(row).count("1")


def rouge(candidate: str, reference: str) -> Rouge:
    a, b = tokens(candidate), tokens(reference)
    return Rouge(ngram_f1(a, b, 1), ngram_f1(a, b, 2), f1(lcs(a, b), len(a), len(b)))
