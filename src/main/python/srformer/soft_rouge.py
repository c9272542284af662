"""ROUGE that can be differentiated: what a summary is expected to cover when every sentence is in it with a probability.

ROUGE-n of a summary of a given length is its clipped n-gram overlap with the reference. With p_i the probability that sentence i is chosen, the
expected count of n-gram g is c_g = sum_i p_i count_i(g), and the share of the reference that is covered about sum_g min(c_g, r_g) / sum_g r_g. The
probabilities follow from the salience by one threshold for the document, set so that the expected length is the budget: sentences compete for
room, and one that says what others of high salience say already gains nothing. That is what independent labels cannot tell a network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np
import torch
from torch import Tensor

from . import rouge


@dataclass
class Overlap:
    """Which n-grams of the reference each sentence has, as a sparse matrix [sentences, distinct n-grams of the reference]."""

    sentence: np.ndarray  # int32 [k]
    gram: np.ndarray  # int32 [k]
    count: np.ndarray  # float32 [k]
    reference: np.ndarray  # float32 [distinct n-grams]: how often the reference has each

    def within(self, begin: int, end: int) -> "Overlap":
        """That of the sentences [begin, end) alone."""
        kept = (self.sentence >= begin) & (self.sentence < end)
        return Overlap(self.sentence[kept] - begin, self.gram[kept], self.count[kept], self.reference)

    def without(self, sentences: np.ndarray) -> "Overlap":
        """As if these sentences, bool [n], had none of the reference's n-grams."""
        kept = ~sentences[self.sentence]
        return Overlap(self.sentence[kept], self.gram[kept], self.count[kept], self.reference)


def overlap(words: Sequence[Sequence[str]], reference: Sequence[str], n: int) -> Overlap:
    wanted = rouge.ngrams(reference, n)
    place = {gram: i for i, gram in enumerate(wanted)}
    found = [(i, place[g], c) for i, w in enumerate(words) for g, c in rouge.ngrams(w, n).items() if g in place]
    columns = np.array(found, dtype=np.float32).reshape(-1, 3)
    return Overlap(columns[:, 0].astype(np.int32), columns[:, 1].astype(np.int32), columns[:, 2], np.array(list(wanted.values()), dtype=np.float32))


def covered(probability: Tensor, grams: Overlap) -> Tensor:
    """Expected share of the reference's n-grams; probability [n]."""
    if not len(grams.reference):
        return probability.new_zeros(())
    reference = torch.from_numpy(grams.reference)
    terms = probability[torch.from_numpy(grams.sentence).long()] * torch.from_numpy(grams.count)
    expected = torch.zeros_like(reference).index_add(0, torch.from_numpy(grams.gram).long(), terms)
    return torch.minimum(expected, reference).sum() / reference.sum()


def chosen(salience: Tensor, lengths: Tensor, budget: float, temperature: float) -> Tensor:
    """p_i = sigmoid((s_i - tau) / temperature), tau such that sum p_i length_i = budget; the gradient keeps to that sum."""
    with torch.no_grad():
        low, high = salience.min() - 40.0 * temperature, salience.max() + 40.0 * temperature
        for _ in range(50):
            tau = (low + high) / 2
            if (torch.sigmoid((salience - tau) / temperature) * lengths).sum() > budget:
                low = tau
            else:
                high = tau
        p = torch.sigmoid((salience - tau) / temperature)
        weight = p * (1 - p) * lengths
        weight = weight / weight.sum().clamp(min=1e-9)
    # d tau / d s by the implicit function theorem; its value is tau
    moved = tau + (weight * (salience - salience.detach())).sum()
    return torch.sigmoid((salience - moved) / temperature)
