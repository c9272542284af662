"""What any model must beat: lead, random, TextRank on the same sentence states, and the greedy oracle as the ceiling of extraction."""

from __future__ import annotations

import random
from collections import Counter
from typing import Sequence

import numpy as np

from . import rouge
from . import text as texts


def cut(sentences: Sequence[str], budget: int) -> str:
    """The sentences in the order given, cut at exactly `budget` ROUGE tokens."""
    kept: list[str] = []
    for sentence in sentences:
        found = rouge.tokens(sentence)
        if len(found) > budget:
            found = found[:budget]
        kept.extend(found)
        budget -= len(found)
        if budget <= 0:
            break
    return " ".join(kept)


def in_talk_order(shown: Sequence[str], ranking: Sequence[int], budget: int) -> str:
    """The best-ranked sentences that fill the budget (the last one cut), put back into talk order."""
    taken: dict[int, str] = {}
    left = budget
    for i in ranking:
        if left <= 0:
            break
        piece = cut([shown[i]], left)
        left -= len(piece.split())
        taken[i] = piece
    return " ".join(taken[i] for i in sorted(taken))


def lead(shown: Sequence[str], budget: int) -> str:
    return cut(shown, budget)


def random_choice(shown: Sequence[str], budget: int, seed: int) -> str:
    order = list(range(len(shown)))
    random.Random(seed).shuffle(order)
    return in_talk_order(shown, order, budget)


def textrank_order(shown: Sequence[str], states: np.ndarray, damping: float = 0.85) -> list[int]:
    """Best first: PageRank on the cosine graph of the sentences with at least four content words (Mihalcea and Tarau 2004)."""
    chosen = [i for i, s in enumerate(shown) if len(set(texts.content_words(s))) >= 4]
    if not chosen:
        return list(range(len(shown)))
    vectors = states[chosen].astype(np.float32)
    graph = np.maximum(vectors @ vectors.T, 0.0)
    np.fill_diagonal(graph, 0.0)
    graph /= np.maximum(graph.sum(1, keepdims=True), 1e-9)
    rank = np.full(len(chosen), 1.0 / len(chosen), dtype=np.float32)
    for _ in range(50):
        rank = (1 - damping) / len(chosen) + damping * (graph.T @ rank)
    return [chosen[j] for j in sorted(range(len(chosen)), key=lambda j: (-rank[j], j))]


def textrank(shown: Sequence[str], states: np.ndarray, budget: int) -> str:
    return in_talk_order(shown, textrank_order(shown, states), budget)


class Coverage:
    """How much of a reference a growing set of sentences says: clipped unigrams plus weighted bigrams."""

    def __init__(self, reference: str, bigram_weight: float = 2.0, stop_weight: float = 1.0):
        words = rouge.tokens(reference)
        self.length = len(words)
        self.left = Counter(words)
        self.left_pairs = Counter(zip(words, words[1:]))
        self.bigram_weight = bigram_weight
        self.stop_weight = stop_weight

    def gain(self, words: Sequence[str]) -> float:
        total = 0.0
        for word, count in Counter(words).items():
            if word in self.left:
                total += min(count, self.left[word]) * (self.stop_weight if word in texts.STOP_WORDS else 1.0)
        for pair, count in Counter(zip(words, words[1:])).items():
            if pair in self.left_pairs:
                total += self.bigram_weight * min(count, self.left_pairs[pair])
        return total

    def add(self, words: Sequence[str]) -> None:
        self.left -= Counter(words)
        self.left_pairs -= Counter(zip(words, words[1:]))


def oracle(shown: Sequence[str], reference: str, budget: int) -> list[int]:
    """Greedy: the sentences with the most new overlap a word until the budget is full. Lazy, because a gain can only shrink."""
    import heapq

    coverage = Coverage(reference)
    words = [rouge.tokens(s) for s in shown]

    def value(i: int) -> float:
        return coverage.gain(words[i]) / (len(words[i]) + 2.0)

    heap = [(-value(i), i) for i in range(len(shown)) if words[i]]
    heapq.heapify(heap)
    chosen: list[int] = []
    left = budget
    while heap and left > 0:
        _, i = heapq.heappop(heap)
        now = value(i)
        if now <= 0:
            continue
        if heap and now < -heap[0][0] - 1e-12:
            heapq.heappush(heap, (-now, i))
            continue
        if len(words[i]) > left:
            continue
        chosen.append(i)
        left -= len(words[i])
        coverage.add(words[i])
    return chosen
