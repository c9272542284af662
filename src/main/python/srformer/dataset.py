"""Documents as tensors: states, features, labels and lengths of every sentence, read once and kept in memory."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

import numpy as np
import torch

from . import labels as labelling
from . import rouge, soft_rouge
from . import text as texts
from .corpus import Document, load, prepared_path, training
from .decoder import features_of
from .encode import StateTable
from .soft_rouge import Overlap, overlap


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


def example(document: Document, table: StateTable) -> Example:
    made, valid = labelling.make(document)
    words = [rouge.tokens(texts.clean(s)) for s in document.sentences]
    reference = rouge.tokens(document.summary)
    return Example(
        document=document,
        states=table.states(document.sentences),
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


def examples(work: Path, dataset: str, split: str, table: StateTable) -> list[Example]:
    """Labels are cached: they take longer than anything else here."""
    code = b"".join(Path(module.__file__).read_bytes() for module in (labelling, texts, soft_rouge))
    fingerprint = zlib.crc32(code + prepared_path(work, dataset, split).read_bytes())
    path = work / "examples" / f"{dataset}.{split}.{fingerprint:08x}.pt"
    if path.exists():
        return torch.load(path, weights_only=False)
    made = [example(d, table) for d in load(work, dataset, split)]
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(made, path)
    return made


def training_examples(work: Path, datasets: Sequence[str], table: StateTable) -> list[Example]:
    """Without the meetings that validation and test splits share (corpus.training)."""
    kept = {(d.dataset, d.id) for d in training(work, tuple(datasets))}
    return [e for s in datasets for e in examples(work, s, "train", table) if (s, e.document.id) in kept]


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


def padded(example: Example, parts: list[tuple[int, int]], size: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """states [N, S, D], features [N, S, F], mask [N, S] and the sentence index of every place [N, S] (0 where padded)."""
    index = np.zeros((len(parts), size), dtype=np.int64)
    mask = np.zeros((len(parts), size), dtype=np.float32)
    for row, (begin, end) in enumerate(parts):
        index[row, : end - begin] = np.arange(begin, end)
        mask[row, : end - begin] = 1
    states = torch.from_numpy(example.states).float()[index] * torch.from_numpy(mask)[:, :, None]
    features = torch.from_numpy(example.features)[index] * torch.from_numpy(mask)[:, :, None]
    return states, features, torch.from_numpy(mask), torch.from_numpy(index)
