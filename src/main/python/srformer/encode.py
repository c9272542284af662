"""Sentence states, computed once: the encoder is frozen, so a corpus is a table from sentence to vector.

The table is append-only (`keys.u64`, `states.f16` in the work directory): encoding resumes where it stopped, and a sentence said twice costs once.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Callable, Iterable, Sequence

import numpy as np
from tokenizers import Tokenizer

from . import minilm
from .corpus import Document

WIDTH = 384
ROW_TOKENS = 64


def key(sentence: str) -> int:
    return int.from_bytes(hashlib.sha1(sentence.encode("utf-8")).digest()[:8], "little")


class StateTable:
    """sentence -> float16 [384], on disk."""

    def __init__(self, directory: Path, append: bool = False):
        """Opens the table to read, or to append as well: only then is a half-written tail cut off, which a reader could mistake for one."""
        directory.mkdir(parents=True, exist_ok=True)
        self._keys_path = directory / "keys.u64"
        self._states_path = directory / "states.f16"
        keys = np.fromfile(self._keys_path, dtype="<u8") if self._keys_path.exists() else np.empty(0, dtype="<u8")
        row_bytes = WIDTH * 2
        rows = self._states_path.stat().st_size // row_bytes if self._states_path.exists() else 0
        count = min(len(keys), rows)
        self._index = {int(k): i for i, k in enumerate(keys[:count])}
        self._count = count
        for path, size in ((self._keys_path, count * 8), (self._states_path, count * row_bytes)):
            if append and path.exists() and path.stat().st_size != size:
                with open(path, "r+b") as file:
                    file.truncate(size)

    def __len__(self) -> int:
        return self._count

    def __contains__(self, sentence: str) -> bool:
        return key(sentence) in self._index

    def missing(self, sentences: Iterable[str]) -> list[str]:
        seen: dict[int, str] = {}
        for sentence in sentences:
            k = key(sentence)
            if k not in self._index and k not in seen:
                seen[k] = sentence
        return list(seen.values())

    def append(self, sentences: Sequence[str], states: np.ndarray) -> None:
        with open(self._states_path, "ab") as out:
            out.write(states.astype("<f2").tobytes())
        with open(self._keys_path, "ab") as out:
            out.write(np.array([key(s) for s in sentences], dtype="<u8").tobytes())
        for sentence in sentences:
            self._index[key(sentence)] = self._count
            self._count += 1

    def states(self, sentences: Sequence[str]) -> np.ndarray:
        """float16 [n, 384] in the order given."""
        if any(key(s) not in self._index for s in sentences):
            raise KeyError(f"{len(self.missing(sentences))} of {len(sentences)} sentences are not in {self._states_path}: run prepare")
        table = np.memmap(self._states_path, dtype="<f2", mode="r", shape=(self._count, WIDTH))
        return np.asarray(table[[self._index[key(s)] for s in sentences]])


def torch_encoder(precision: str = "bfloat16", threads: int = 1, package: Path | None = None) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """(ids, mask) int64 [R, T] -> float32 [R, 384], by MiniLM, or by the encoder of a package.

    `float32` agrees with the artifact's own graph to 1e-6. `bfloat16` is twice as fast on a CPU that multiplies it (a state's cosine with its
    float32 self is 0.9998 on average, closer than the int8 weights that ship), so a corpus is encoded with it.
    """
    import torch

    from . import bert, weights

    torch.set_num_threads(threads)
    encoder = weights.encoder(package) if package else bert.from_minilm(minilm.weights())

    def encode(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
            return encoder(torch.from_numpy(ids), torch.from_numpy(mask)).float().numpy()

    return encode


def encode_missing(table: StateTable, sentences: Sequence[str], encoder: Callable, tokenizer, label: str, tokens_per_batch: int = 4096) -> None:
    """Encodes what the table lacks, longest rows together, padded to a multiple of 8."""
    todo = table.missing(sentences)
    if not todo:
        return
    rows = []
    for sentence, encoding in zip(todo, tokenizer.encode_batch(todo)):
        ids = encoding.ids
        rows.append(ids if len(ids) <= ROW_TOKENS else ids[: ROW_TOKENS - 1] + ids[-1:])
    order = sorted(range(len(todo)), key=lambda i: len(rows[i]))
    began, done = time.time(), 0
    total = sum(len(r) for r in rows)
    last_report = began
    at = 0
    while at < len(order):
        longest = (len(rows[order[min(len(order) - 1, at + 31)]]) + 7) // 8 * 8
        batch = order[at : at + max(1, tokens_per_batch // longest)]
        width = (max(len(rows[i]) for i in batch) + 7) // 8 * 8
        ids = np.zeros((len(batch), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for j, i in enumerate(batch):
            ids[j, : len(rows[i])] = rows[i]
            mask[j, : len(rows[i])] = 1
        table.append([todo[i] for i in batch], encoder(ids, mask))
        at += len(batch)
        done += sum(len(rows[i]) for i in batch)
        if time.time() - last_report > 20:
            last_report = time.time()
            rate = done / (time.time() - began)
            print(f"  {label}: {at}/{len(order)} sentences, {rate:.0f} tokens/s, {(total - done) / rate:.0f} s left", flush=True)


def package_states(work: Path, package: Path, documents: Sequence[Document], label: str, threads: int = 1) -> StateTable:
    """The table in a work directory of what a package's encoder makes of sentences, with all of these documents."""
    digest = hashlib.sha256((package / "encoder.onnx").read_bytes()).hexdigest()[:12]
    table = StateTable(work / f"states-{digest}", append=True)
    sentences = [s for d in documents for s in d.sentences]
    if table.missing(sentences):
        tokenizer = Tokenizer.from_str((package / "tokenizer.json").read_text("utf-8"))
        encode_missing(table, sentences, torch_encoder(threads=threads, package=package), tokenizer, label)
    return table
