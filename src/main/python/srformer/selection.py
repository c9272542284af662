"""From salience to a rolling summary, online, under a word budget (docs/model-package.md, Selection; mirrored in Java)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Sequence

from . import text as texts


@dataclass(frozen=True)
class SelectionConfig:
    """The constants of the algorithm; they travel in model.json under `selection`."""

    redundancy: float = 0.5
    """A candidate is passed over if at least this share of its content types has been said by what is already taken."""
    minContentWords: int = 4
    """Sentences with fewer content words are never candidates."""
    poolBudgets: float = 3.0
    """The pool holds at most so many times the budget, in words,"""
    poolSentences: int = 96
    """and at most so many sentences."""
    hysteresis: float = 0.3
    """What a sentence that is on display adds to its salience."""
    finalHysteresis: float = 0.0
    """The same, for the final summary."""
    growth: float = 0.0
    """If positive, the budget in force before the final summary is at most this share of the words said so far."""

    def to_dict(self) -> dict:
        return asdict(self)


DEFAULTS = SelectionConfig().to_dict()


@dataclass
class Candidate:
    order: int
    text: str
    words: int
    content: frozenset[str]
    salience: float
    shown: bool = False


@dataclass
class RollingSummary:
    """The summary of one stream. Memory is bounded by the pool, whatever the length of the talk."""

    config: SelectionConfig
    budget: int
    pool: list[Candidate] = field(default_factory=list)
    said_words: int = 0
    said_sentences: int = 0

    def add(self, sentences: Sequence[str], salience: Sequence[float]) -> list[str]:
        """Takes in one scored segment; returns the summary's sentences, cleaned, in the order they were said."""
        for sentence, value in zip(sentences, salience):
            self.said_words += len(texts.words(sentence))
            self._offer(Candidate(self.said_sentences, *prepared(sentence), float(value)))
            self.said_sentences += 1
        growing = self.config.growth > 0
        return self._select(self.config.hysteresis, min(self.budget, int(self.config.growth * self.said_words)) if growing else self.budget)

    def finish(self) -> list[str]:
        """The summary of a talk that is over: the whole budget, and less loyalty to what happens to be on display."""
        return self._select(self.config.finalHysteresis, self.budget)

    def _offer(self, candidate: Candidate) -> None:
        if len(candidate.content) < self.config.minContentWords or candidate.words > self.budget:
            return
        self.pool.append(candidate)

    def _select(self, hysteresis: float, left: int) -> list[str]:
        # Best first; of equals the one said earlier.
        self.pool.sort(key=lambda c: (-(c.salience + (hysteresis if c.shown else 0.0)), c.order))
        total = sum(c.words for c in self.pool)
        while len(self.pool) > self.config.poolSentences or total > self.config.poolBudgets * self.budget:
            total -= self.pool.pop().words
        covered: set[str] = set()
        for c in self.pool:
            c.shown = c.words <= left and len(c.content & covered) < self.config.redundancy * len(c.content)
            if c.shown:
                left -= c.words
                covered |= c.content
        return [c.text for c in sorted(self.pool, key=lambda c: c.order) if c.shown]


def best_of(sentences: Sequence[str], salience: Sequence[float], config: SelectionConfig, budget: int) -> list[str]:
    """The summary chosen with all of the sentences in view at once, not sentence by sentence as they come."""
    whole = replace(config, poolBudgets=1e9, poolSentences=10**9, hysteresis=0.0, growth=0.0)
    return RollingSummary(whole, budget).add(sentences, salience)


_prepared: dict[str, tuple[str, int, frozenset[str]]] = {}


def prepared(sentence: str) -> tuple[str, int, frozenset[str]]:
    """(cleaned text, its words, its content types); kept, because tuning asks for the same sentences again and again."""
    found = _prepared.get(sentence)
    if found is None:
        shown = texts.clean(sentence)
        found = _prepared[sentence] = (shown, len(texts.words(shown)), frozenset(texts.content_words(shown)))
    return found
