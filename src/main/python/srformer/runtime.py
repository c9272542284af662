"""A model package in Python, run the way Java runs it: rows in buckets, segments of fixed size, the state carried as float16."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence

import numpy as np
from tokenizers import Tokenizer

from .decoder import features_of


@dataclass
class Segment:
    """What the package makes of one segment; n sentences."""

    sentences: list[str]
    tokens: list[list[int]]
    features: np.ndarray  # float32 [n, F]
    states: np.ndarray  # float32 [n, D]
    salience: np.ndarray  # float32 [n]
    memory: dict[str, np.ndarray]  # after the segment, float16, without the batch axis


def cut(ids: list[int], manifest: dict) -> list[int]:
    """A row's token ids, special tokens included, cut to `rowTokens`: the closing token stays."""
    limit = manifest["limits"]["rowTokens"]
    return ids if len(ids) <= limit else ids[: limit - 1] + [manifest["specialTokens"]["sep"]]


class Graphs:
    """Reads model.json and opens the tokenizer and the graphs, of any family."""

    def __init__(self, directory: Path, threads: int = 1, encoder: str = "encoder.onnx"):
        import onnxruntime as ort

        self.manifest = json.loads((directory / "model.json").read_text("utf-8"))
        self.tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1

        def session(file: str):
            return ort.InferenceSession(str(directory / file), options, providers=["CPUExecutionProvider"])

        self.encoder = session(encoder)
        self.decoder = session("decoder.onnx")
        self.memory = session("memory.onnx") if self.manifest["state"] else None

    def empty_state(self) -> dict[str, np.ndarray]:
        """The state of a stream that has said nothing, without the batch axis."""
        return {t["name"]: np.zeros([max(0, n) for n in t["shape"]], dtype=t["type"]) for t in self.manifest["state"]}


class Package(Graphs):
    """A package of the compact family; `encoder` names the graph of the arithmetic."""

    def __init__(self, directory: Path, threads: int = 1, encoder: str = "encoder.onnx"):
        super().__init__(directory, threads, encoder)
        self.segment_sentences: int = self.manifest["limits"]["segmentSentences"]
        self.width: int = self.manifest["dims"]["encoder"]
        self.feature_count: int = self.manifest["dims"]["features"]

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        """Token ids with the special tokens, cut to `rowTokens`: the closing separator stays."""
        return [cut(encoding.ids, self.manifest) for encoding in self.tokenizer.encode_batch(list(sentences))]

    def batches(self, rows: Sequence[Sequence[int]], largest_batch: int = 64) -> Iterator[tuple[list[int], np.ndarray, np.ndarray]]:
        """Rows of one bucket travel together: their numbers, ids and mask, int64 [R, T]."""
        low = 0
        for bucket in self.manifest["limits"]["rowBuckets"]:
            chosen = [i for i, row in enumerate(rows) if low < len(row) <= bucket]
            low = bucket
            for at in range(0, len(chosen), largest_batch):
                batch = chosen[at : at + largest_batch]
                ids = np.full((len(batch), bucket), self.manifest["specialTokens"]["pad"], dtype=np.int64)
                mask = np.zeros_like(ids)
                for j, i in enumerate(batch):
                    ids[j, : len(rows[i])] = rows[i]
                    mask[j, : len(rows[i])] = 1
                yield batch, ids, mask

    def encode(self, rows: Sequence[Sequence[int]], largest_batch: int = 64) -> np.ndarray:
        """float32 [n, D]."""
        states = np.zeros((len(rows), self.width), dtype=np.float32)
        for batch, ids, mask in self.batches(rows, largest_batch):
            states[batch] = self.encoder.run(["states"], {"input_ids": ids, "attention_mask": mask})[0]
        return states

    def empty_memory(self) -> dict[str, np.ndarray]:
        return self.empty_state()

    def segment(self, sentences: Sequence[str], said_before: int, memory: dict[str, np.ndarray]) -> Segment:
        """Scores one segment of at most `segmentSentences` sentences and folds it."""
        n = len(sentences)
        tokens = self.tokens(sentences)
        states = self.encode(tokens)
        features = np.array([features_of(s, said_before + i) for i, s in enumerate(sentences)], dtype=np.float32)
        inputs = {
            "states": np.zeros((1, self.segment_sentences, self.width), dtype=np.float32),
            "features": np.zeros((1, self.segment_sentences, self.feature_count), dtype=np.float32),
            "mask": np.zeros((1, self.segment_sentences), dtype=np.float32),
        }
        inputs["states"][0, :n] = states
        inputs["features"][0, :n] = features
        inputs["mask"][0, :n] = 1
        inputs.update({name: tensor[None] for name, tensor in memory.items()})
        salience = self.decoder.run(["salience"], inputs)[0][0, :n]
        after = {}
        if self.memory is not None:
            names = [t["name"] for t in self.manifest["state"]]
            outputs = self.memory.run([f"next_{name}" for name in names], inputs)
            after = {name: output[0] for name, output in zip(names, outputs)}
        return Segment(list(sentences), tokens, features, states, salience, after)
