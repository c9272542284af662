"""Runs a package of family t5 or bart as docs/model-package.md says and as Java does: segment after segment, greedy or by beam search.

Beam search is that of `transformers` (GenerationMixin, version 5): every step looks at the 2 K best continuations of K beams; those among the best K that
end are finished, with their sum of log-probabilities divided by length ^ lengthPenalty; the best K that do not end go on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Sequence

import numpy as np

from .runtime import Graphs, cut
from .seq2seq_export import Generation, layered

Step = Callable[[np.ndarray, np.ndarray | None], np.ndarray]
"""tokens int64 [R, N], for each row the row of the step before that it goes on from (None: the first step) -> logits float32 [R, V]."""


@dataclass(frozen=True)
class Written:
    """Tokens of one segment, the end not among them, and the log-probability of each."""

    tokens: tuple[int, ...]
    log_probabilities: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean log-probability, 0 where nothing was written."""
        return sum(self.log_probabilities) / len(self.tokens) if self.tokens else 0.0


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """float32 [R, V] -> float64 [R, V]."""
    wide = logits.astype(np.float64)
    wide -= wide.max(-1, keepdims=True)
    return wide - np.log(np.exp(wide).sum(-1, keepdims=True))


def banned(generation: Generation, fed: Sequence[int], written: Sequence[int]) -> set[int]:
    """Tokens that must not come next."""
    found = set(generation.suppressed)
    if len(written) < generation.minTokens:
        found.add(generation.endOfSegment)
    n = generation.noRepeatNgram
    seen = [*fed, *written]
    if n > 0 and len(seen) >= n:
        last = seen[len(seen) - n + 1 :]
        found.update(seen[i + n - 1] for i in range(len(seen) - n + 1) if seen[i : i + n - 1] == last)
    return found


def log_probabilities(generation: Generation, fed: Sequence[int], written: Sequence[int], logits: np.ndarray, nothing_before: bool) -> np.ndarray:
    """float64 [V], minus infinity where a rule forbids; the rules take tokens away and leave the others' probabilities as they are."""
    if nothing_before and not written and generation.forcedFirst is not None:
        forced = np.full(logits.shape[-1], -np.inf)
        forced[generation.forcedFirst] = 0.0
        return forced
    result = log_softmax(logits[None])[0]
    result[list(banned(generation, fed, written))] = -np.inf
    return result


def write_greedily(generation: Generation, before: Sequence[int], step: Step) -> Written:
    fed = [generation.start, *before]
    tokens: list[int] = []
    scores: list[float] = []
    logits = step(np.array([fed], dtype=np.int64), None)
    while True:
        allowed = log_probabilities(generation, fed, tokens, logits[0], not before)
        best = int(allowed.argmax())
        if best == generation.endOfSegment or allowed[best] == -np.inf:
            break
        tokens.append(best)
        scores.append(float(allowed[best]))
        if len(tokens) == generation.newTokens:
            break
        logits = step(np.array([[best]], dtype=np.int64), np.array([0]))
    return Written(tuple(tokens), tuple(scores))


@dataclass(frozen=True)
class _Beam:
    tokens: tuple[int, ...]
    scores: tuple[float, ...]
    total: float
    """Sum of the log-probabilities, the end's included."""


def write_by_beams(generation: Generation, before: Sequence[int], step: Step) -> Written:
    fed = [generation.start, *before]
    size, penalty, stop_early = generation.beams, generation.lengthPenalty, generation.earlyStopping
    running = [_Beam((), (), 0.0)]
    finished: list[tuple[float, _Beam]] = []
    logits = step(np.array([fed], dtype=np.int64), None)
    for length in range(1, generation.newTokens + 1):
        allowed = np.stack([log_probabilities(generation, fed, b.tokens, logits[i], not before) for i, b in enumerate(running)])
        totals = (allowed + np.array([b.total for b in running])[:, None]).ravel()
        # Of equals the lower beam, then the lower token: a stable sort keeps their order.
        best = [i for i in np.argsort(-totals, kind="stable")[: 2 * size].tolist() if totals[i] > -np.inf]
        going_on: list[tuple[int, _Beam]] = []
        for rank, index in enumerate(best):
            row, token = divmod(index, allowed.shape[1])
            score = float(allowed[row, token])
            ends = token == generation.endOfSegment
            if ends:
                grown = _Beam(running[row].tokens, running[row].scores, float(totals[index]))
            else:
                grown = _Beam((*running[row].tokens, token), (*running[row].scores, score), float(totals[index]))
            if ends or length == generation.newTokens:
                if rank < size:
                    finished.append((grown.total / length**penalty, grown))
            elif len(going_on) < size:
                going_on.append((row, grown))
        finished = sorted(finished, key=lambda f: -f[0])[:size]
        if not going_on or (stop_early is True and len(finished) == size):
            break
        if len(finished) == size:
            furthest = generation.newTokens if stop_early == "never" and penalty > 0.0 else length
            if going_on[0][1].total / furthest**penalty <= finished[-1][0]:
                break
        running = [b for _, b in going_on]
        logits = step(np.array([[b.tokens[-1]] for b in running], dtype=np.int64), np.array([row for row, _ in going_on]))
    winner = finished[0][1] if finished else _Beam((), (), 0.0)
    return Written(winner.tokens, winner.scores)


def write(generation: Generation, before: Sequence[int], step: Step) -> Written:
    """What a segment adds. before: the last `prefixTokens` tokens that the stream has written."""
    return write_greedily(generation, before, step) if generation.beams == 1 else write_by_beams(generation, before, step)


@dataclass
class Memory:
    """What a stream carries from segment to segment."""

    state: dict[str, np.ndarray]  # without the batch axis
    written: tuple[int, ...]  # the last `prefixTokens`


@dataclass
class Segment:
    sentences: list[str]
    tokens: list[int]  # input ids, before padding
    written: Written
    text: str
    memory: Memory  # after the segment


class TokenPackage(Graphs):
    """A package of a family that writes. generation: in place of the manifest's."""

    def __init__(self, directory: Path, threads: int = 1, generation: Generation | None = None):
        super().__init__(directory, threads)
        self.generation = generation or Generation.from_dict(self.manifest["generation"])
        dims = self.manifest["dims"]
        self.layers, self.heads, self.head = dims["layers"], dims["heads"], dims["head"]

    def with_beams(self, beams: int) -> "TokenPackage":
        """The same graphs, other beams."""
        other = object.__new__(TokenPackage)
        other.__dict__.update(self.__dict__, generation=replace(self.generation, beams=beams))
        return other

    def tokens(self, sentences: Sequence[str]) -> list[int]:
        """Input ids with the special tokens, cut to `rowTokens`: the closing token stays."""
        return cut(self.tokenizer.encode(self.generation.inputPrefix + " ".join(sentences)).ids, self.manifest)

    def encode(self, tokens: Sequence[int]) -> dict[str, np.ndarray]:
        """What the decoder sees of one segment, padded to its bucket: keys [1, h, d, T] and values [1, h, T, d] of every layer, and mask [1, T]."""
        bucket = next(b for b in self.manifest["limits"]["rowBuckets"] if b >= len(tokens))
        ids = np.full((1, bucket), self.manifest["specialTokens"]["pad"], dtype=np.int64)
        ids[0, : len(tokens)] = tokens
        mask = np.zeros_like(ids)
        mask[0, : len(tokens)] = 1
        names = layered("", self.layers)
        return {**dict(zip(names, self.encoder.run(names, {"input_ids": ids, "attention_mask": mask}))), "mask": mask.astype(np.float32)}

    def empty_memory(self) -> Memory:
        return Memory(self.empty_state(), ())

    def steps(self, source: dict[str, np.ndarray], state: dict[str, np.ndarray]) -> Step:
        """A decoder that has been fed nothing yet; its cache follows the rows."""
        same = {**source, **{name: tensor[None] for name, tensor in state.items()}}
        empty = (np.zeros((1, self.heads, self.head, 0), np.float32), np.zeros((1, self.heads, 0, self.head), np.float32))
        past: list[np.ndarray] = [*empty] * self.layers

        def step(tokens: np.ndarray, rows: np.ndarray | None) -> np.ndarray:
            nonlocal past
            if rows is not None:
                past = [p[rows] for p in past]
            inputs = {**same, "tokens": tokens, **dict(zip(layered("past_", self.layers), past))}
            logits, *past = self.decoder.run(["logits", *layered("present_", self.layers)], inputs)
            return logits

        return step

    def segment(self, sentences: Sequence[str], memory: Memory) -> Segment:
        """Writes what a segment of at most `segmentSentences` sentences adds, and folds it."""
        tokens = self.tokens(sentences)
        source = self.encode(tokens)
        written = write(self.generation, memory.written, self.steps(source, memory.state))
        text = self.tokenizer.decode(list(written.tokens), skip_special_tokens=True)
        prefix = self.generation.prefixTokens
        kept = (memory.written + written.tokens)[-prefix:] if prefix else ()
        return Segment(list(sentences), tokens, written, text, Memory(self.fold(source, memory.state), kept))

    def fold(self, source: dict[str, np.ndarray], state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        if self.memory is None:
            return {}
        inputs = {**source, **{name: tensor[None] for name, tensor in state.items()}}
        outputs = self.memory.run([f"next_{name}" for name in state], inputs)
        return {name: output[0] for name, output in zip(state, outputs)}
