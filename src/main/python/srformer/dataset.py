"""Documents as tensors: states, features, labels and lengths of every sentence, read once and kept in memory."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Sequence

import numpy as np
import torch

from . import labels as labelling
from . import rouge, soft_rouge
from . import text as texts
from .corpus import Document, load, prepared_path, training
from .decoder import features_of
from .encode import WIDTH, StateTable
from .soft_rouge import Overlap, overlap

NO_STATES = np.zeros((0, WIDTH), dtype=np.float16)


@dataclass
class Example:
    document: Document
    states: np.ndarray  # float16 [n, D]
    features: np.ndarray  # float32 [n, F]
    lengths: np.ndarray  # int [n], words
    alone: np.ndarray
    oracle: np.ndarray
    ordered: np.ndarray
    valid: np.ndarray  # bool [n]
    tokens: np.ndarray  # float32 [n], ROUGE tokens of the cleaned sentence
    reference_tokens: int
    unigrams: Overlap
    bigrams: Overlap
    fragments: np.ndarray | None = None  # bool [n], what takes room in a summary and covers nothing (tuning.fragments_marked)


def example(document: Document, table: StateTable | None) -> Example:
    """`table`: where the states are; without one they are zeros, to be filled in."""
    made, valid = labelling.make(document)
    words = [rouge.tokens(texts.clean(s)) for s in document.sentences]
    reference = rouge.tokens(document.summary)
    return Example(
        document=document,
        states=table.states(document.sentences) if table else np.zeros((len(document.sentences), WIDTH), dtype=np.float16),
        features=np.array([features_of(s, i) for i, s in enumerate(document.sentences)], dtype=np.float32),
        lengths=np.array([len(texts.words(s)) for s in document.sentences]),
        alone=made.alone,
        oracle=made.oracle,
        ordered=made.ordered,
        valid=valid,
        tokens=np.array([len(w) for w in words], dtype=np.float32),
        reference_tokens=len(reference),
        unigrams=overlap(words, reference, 1),
        bigrams=overlap(words, reference, 2),
    )


def _labelled(work: Path, dataset: str, split: str) -> list[Example]:
    """Without states: labels are cached, since they take longer than anything else here; which encoder made the states is the table's business."""
    code = b"".join(Path(module.__file__).read_bytes() for module in (labelling, texts, soft_rouge))
    fingerprint = zlib.crc32(code + prepared_path(work, dataset, split).read_bytes())
    path = work / "examples" / f"{dataset}.{split}.{fingerprint:08x}.pt"
    if path.exists():
        return torch.load(path, weights_only=False)
    made = [replace(example(d, None), states=NO_STATES) for d in load(work, dataset, split)]
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(made, path)
    return made


def _stated(made: Sequence[Example], table: StateTable) -> list[Example]:
    return [replace(e, states=table.states(e.document.sentences)) for e in made]


def examples(work: Path, dataset: str, split: str, table: StateTable) -> list[Example]:
    return _stated(_labelled(work, dataset, split), table)


def training_examples(work: Path, datasets: Sequence[str], table: StateTable | None) -> list[Example]:
    """Without the meetings that validation and test splits share (corpus.training); without states if there is no table."""
    kept = {(d.dataset, d.id) for d in training(work, tuple(datasets))}
    found = [e for s in datasets for e in _labelled(work, s, "train") if (s, e.document.id) in kept]
    return _stated(found, table) if table else found


def segments(lengths: np.ndarray, minimum_words: int, largest: int) -> list[tuple[int, int]]:
    """Cuts n sentences into segments [begin, end) of at least `minimum_words` words (as chunks are gathered in Java), at most `largest` sentences."""
    result = []
    begin = total = 0
    for i, length in enumerate(lengths):
        total += int(length)
        if total >= minimum_words or i + 1 - begin == largest:
            result.append((begin, i + 1))
            begin, total = i + 1, 0
    if begin < len(lengths):
        result.append((begin, len(lengths)))
    return result


def gathered(states: torch.Tensor, features: torch.Tensor, parts: list[tuple[int, int]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """states [n, D] and features [n, F] of a row of sentences as segments: [N, S, D], [N, S, F], and the mask [N, S]."""
    size = max(end - begin for begin, end in parts)
    index = np.zeros((len(parts), size), dtype=np.int64)
    mask = np.zeros((len(parts), size), dtype=np.float32)
    for row, (begin, end) in enumerate(parts):
        index[row, : end - begin] = np.arange(begin, end)
        mask[row, : end - begin] = 1
    there = torch.from_numpy(mask)
    return states[index] * there[:, :, None], features[index] * there[:, :, None], there
