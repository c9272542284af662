"""From salience to a rolling summary, online, under a word budget (docs/model-package.md, Selection; mirrored in Java)."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple, Sequence

from . import text as texts
from .statements import is_broken_off, is_statement, is_unresolved

LEAST_BUDGET = 10
"""A budget below this is not stretched to show at least something."""
SHORT_SENTENCE_WORDS = 4
"""The pool has room for one sentence for every so many words of the budget."""


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
    """If positive, the budget in force before the final summary is at most this share of the words said so far,"""
    growthMinimum: float = 40.0
    """but at least so many words."""
    statement: float = 0.0
    """What a sentence that states something adds to its salience."""
    brokenOff: float = 0.0
    """Taken from the salience of a sentence that ends in an ellipsis."""
    unresolved: float = 0.0
    """Taken from the salience of a sentence that begins with a pronoun whose noun is in another one."""
    brevity: float = 0.0
    """Divided by a sentence's words, taken from its salience."""
    freshness: float = 0.0
    """What the newest sentence adds to its salience; older ones less and less,"""
    freshSentences: float = 600.0
    """to nothing after so many sentences of the talk."""

    def to_dict(self) -> dict:
        return asdict(self)


DEFAULTS = SelectionConfig().to_dict()


@dataclass
class Candidate:
    order: int
    text: str
    words: int
    content: frozenset[str]
    statement: bool
    broken_off: bool
    unresolved: bool
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
        limit = float(self.budget)
        if self.config.growth > 0:
            limit = min(limit, max(self.config.growthMinimum, math.floor(self.config.growth * self.said_words)))
        self._trim()
        return self._select(self.config.hysteresis, limit)

    def finish(self) -> list[str]:
        """The summary of a talk that is over: the whole budget, and less loyalty to what happens to be on display."""
        return self._select(self.config.finalHysteresis, self.budget)

    def _offer(self, candidate: Candidate) -> None:
        if len(candidate.content) >= self.config.minContentWords:
            self.pool.append(candidate)

    def _ranked(self, hysteresis: float) -> list[Candidate]:
        """Best first; of equals the one said earlier."""
        newest = max((c.order for c in self.pool), default=0)
        return sorted(self.pool, key=lambda c: (-(self._worth(c, newest) + (hysteresis if c.shown else 0.0)), c.order))

    def _worth(self, c: Candidate, newest: int) -> float:
        """What a sentence is worth to a reader."""
        fresh = max(0.0, 1 - (newest - c.order) / self.config.freshSentences)
        stated = (self.config.statement if c.statement else 0.0) - (self.config.brokenOff if c.broken_off else 0.0)
        stated -= self.config.unresolved if c.unresolved else 0.0
        return c.salience + stated - self.config.brevity / max(1, c.words) + self.config.freshness * fresh

    def _trim(self) -> None:
        self.pool = self._ranked(self.config.hysteresis)
        most = max(self.config.poolSentences, self.budget // SHORT_SENTENCE_WORDS)
        total = sum(c.words for c in self.pool)
        while len(self.pool) > 1 and (len(self.pool) > most or total > self.config.poolBudgets * self.budget):
            total -= self.pool.pop().words

    def _select(self, hysteresis: float, left: float) -> list[str]:
        ranked = self._ranked(hysteresis)
        alone = left >= LEAST_BUDGET
        covered: set[str] = set()
        for c in ranked:
            c.shown = c.words <= left and (not c.content or len(c.content & covered) / len(c.content) < self.config.redundancy)
            if c.shown:
                left -= c.words
                covered |= c.content
                alone = False
        if alone and ranked:
            ranked[0].shown = True
        return [c.text for c in sorted(ranked, key=lambda c: c.order) if c.shown]


def best_of(sentences: Sequence[str], salience: Sequence[float], config: SelectionConfig, budget: int) -> list[str]:
    """The summary chosen by salience alone, with all of the sentences in view at once, not sentence by sentence as they come."""
    whole = replace(config, poolBudgets=1e9, poolSentences=10**9, hysteresis=0.0, growth=0.0, statement=0.0, brokenOff=0.0, unresolved=0.0, brevity=0.0, freshness=0.0)
    return RollingSummary(whole, budget).add(sentences, salience)


class Prepared(NamedTuple):
    """What of a sentence does not depend on the talk."""

    text: str
    words: int
    content: frozenset[str]
    statement: bool
    broken_off: bool
    unresolved: bool


_prepared: dict[str, Prepared] = {}


def prepared(sentence: str) -> Prepared:
    """Kept, because tuning asks for the same sentences again and again."""
    found = _prepared.get(sentence)
    if found is None:
        shown = texts.clean(sentence)
        content = frozenset(texts.content_words(shown))
        found = _prepared[sentence] = Prepared(shown, len(texts.words(shown)), content, is_statement(shown), is_broken_off(shown), is_unresolved(shown))
    return found
