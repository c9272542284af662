"""Quality of rolling summaries on validation sets, under the reference's length."""

from __future__ import annotations

from typing import Callable, NamedTuple, Sequence

import numpy as np

from . import baselines, rouge
from . import text as texts
from .dataset import Example, segments
from .rouge import Rouge
from .runtime import Package
from .selection import RollingSummary, SelectionConfig, best_of
from .text import words


class Rolled(NamedTuple):
    rouge: Rouge
    erasure: float
    """Words removed again / words of the final summary."""
    length: float
    """Words of the final summary / budget."""
    r1_auc: float
    """ROUGE-1 of the rolling summary against the reference, averaged over the transcript (20 points)."""


def roll(example: Example, salience: np.ndarray, config: SelectionConfig, minimum_words: int = 72, largest: int = 16, curve: bool = False) -> Rolled:
    """Streams one document through the selection."""
    reference = example.document.summary
    budget = len(words(reference))
    summary = RollingSummary(config, budget)
    parts = segments(example.lengths, minimum_words, largest)
    points = {round(len(parts) * (i + 1) / 20) - 1 for i in range(20)}
    shown: list[str] = []
    removed = 0
    area = []
    for number in range(len(parts) + 1):
        a, b = parts[number] if number < len(parts) else (0, 0)
        now = summary.add(example.document.sentences[a:b], salience[a:b]) if number < len(parts) else summary.finish()
        if now != shown:
            gone = list(shown)
            for s in now:
                if s in gone:
                    gone.remove(s)
            removed += sum(len(words(s)) for s in gone)
            shown = now
        if curve and number in points:
            area.append(rouge.ngram_f1(rouge.tokens(" ".join(shown)), rouge.tokens(reference), 1))
    text = " ".join(shown)
    size = len(words(text))
    return Rolled(rouge.rouge(text, reference), removed / max(1, size), size / budget, float(np.mean(area)) if area else 0.0)


def final_only(examples: Sequence[Example], salience: Callable[[Example], np.ndarray], config: SelectionConfig) -> Rouge:
    """Mean ROUGE of the summaries chosen with the whole document in view: quick, for choosing between checkpoints."""
    scores = []
    for e in examples:
        chosen = best_of(e.document.sentences, salience(e), config, len(words(e.document.summary)))
        scores.append(rouge.rouge(" ".join(chosen), e.document.summary))
    return Rouge(*np.mean(scores, 0).tolist())


def evaluate(examples: Sequence[Example], salience: Callable[[Example], np.ndarray], config: SelectionConfig, minimum_words: int = 72, curve: bool = False) -> dict[str, float]:
    rolled = [roll(e, salience(e), config, minimum_words, curve=curve) for e in examples]
    r = np.mean([x.rouge for x in rolled], 0)
    result = {"r1": r[0], "r2": r[1], "rl": r[2], "erasure": np.mean([x.erasure for x in rolled]), "length": np.mean([x.length for x in rolled])}
    if curve:
        result["auc"] = np.mean([x.r1_auc for x in rolled])
    return {k: float(v) for k, v in result.items()}


def package_salience(package: Package, example: Example, minimum_words: int = 72) -> np.ndarray:
    """Salience of every sentence by the exported graphs, segment by segment with the memory carried along: what Java computes."""
    salience, memory = [], package.empty_memory()
    for a, b in segments(example.lengths, minimum_words, package.segment_sentences):
        result = package.segment(example.document.sentences[a:b], a, memory)
        salience.append(result.salience)
        memory = result.memory
    return np.concatenate(salience)


def baseline_table(examples: Sequence[Example]) -> dict[str, list[float]]:
    """Lead, random, TextRank and the greedy oracle at the exact length of the reference."""
    systems: dict[str, list[Rouge]] = {"lead": [], "random": [], "TextRank": [], "greedy oracle": []}
    for number, e in enumerate(examples):
        shown = [texts.clean(s) for s in e.document.sentences]
        reference = e.document.summary
        budget = len(rouge.tokens(reference))
        chosen = [i for i in range(len(shown)) if e.oracle[i] > 0]
        made = {
            "lead": baselines.lead(shown, budget),
            "random": baselines.random_choice(shown, budget, number),
            "TextRank": baselines.textrank(shown, e.states, budget),
            "greedy oracle": " ".join(shown[i] for i in chosen),
        }
        for system, text in made.items():
            systems[system].append(rouge.rouge(text, reference))
    return {system: np.mean(scores, 0).tolist() for system, scores in systems.items()}
