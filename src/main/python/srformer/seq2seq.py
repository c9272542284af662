"""SRformer over an encoder-decoder checkpoint: T5 or BART with the causal, segmented cross-attention. Nothing here depends on the family.

The encoder sees one segment. Cross-attention of a decoder layer is softmax attention over the segment's keys and values (SRformer, section 3.2: segmented
attention) plus what the memory of the earlier segments answers to the same queries (section 3.3), behind a gate a head that starts at 0: a converted
checkpoint begins as the original, run on one segment, and only gains. The published model sums over the whole input, later segments included
(reference.py); this one reads the memory *before* the segment and folds the segment after, so that a live transcript can be followed.

Axes: B streams, K rows of decoding of each (its beams), R = B K rows, those of a stream next to each other, T source tokens, N tokens fed, P tokens fed
before, L layers, h heads, d head size, D width.
"""

from __future__ import annotations

import math
from typing import Callable, NamedTuple, Protocol, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .memory import KINDS, Shape, empty

BLOCKED = -1e9
"""Added to the score of what must not be seen."""

AttendSelf = Callable[[Tensor, Tensor, Tensor], Tensor]
AttendCross = Callable[[Tensor], Tensor]


class Backbone(Protocol):
    """What a family brings: its own layers, in its own order. Attention itself is handed in, so that all families share it."""

    shape: Shape
    """Of the decoder: layers, heads, head size."""
    score_scale: float
    """What q k^T is multiplied by before the softmax."""
    attention_dropout: float
    width: int
    vocabulary: int
    most_source_tokens: int | None
    """Positions the encoder has, None where it has no table of them."""
    most_target_tokens: int | None

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        """int64 [B, T], float32 [B, T] -> states [B, T, D]."""

    def source_keys_values(self, layer: int, states: Tensor) -> tuple[Tensor, Tensor]:
        """Cross-attention keys and values of a decoder layer, [B, T, h d] each."""

    def embed(self, tokens: Tensor, positions: Tensor) -> Tensor:
        """int64 [R, N] at positions [N] -> [R, N, D]."""

    def self_bias(self, positions: Tensor, seen: Tensor) -> Tensor | None:
        """What the distance between query position [N] and key position [M] adds to the scores, [h, N, M]."""

    def block(self, layer: int, x: Tensor, attend_self: AttendSelf, attend_cross: AttendCross) -> Tensor:
        """One decoder layer, [R, N, D] -> [R, N, D]."""

    def logits(self, x: Tensor) -> Tensor:
        """[..., D] out of the last block -> [..., V]."""


class KeysValues(NamedTuple):
    """What the queries of one layer attend to, M tokens, laid out as the products of a step take it: nothing is moved or turned while a text is written."""

    keys: Tensor
    """[R, h, d, M]"""
    values: Tensor
    """[R, h, M, d]"""

    @staticmethod
    def of(keys: Tensor, values: Tensor) -> "KeysValues":
        """From [R, M, h, d] each."""
        return KeysValues(keys.permute(0, 2, 3, 1), values.transpose(1, 2))

    def and_then(self, later: "KeysValues") -> "KeysValues":
        return KeysValues(torch.cat([self.keys, later.keys], 3), torch.cat([self.values, later.values], 2))


def by_token(source: Sequence[KeysValues]) -> tuple[Tensor, Tensor]:
    """Of all layers, as a memory folds them: keys, values [B, L, T, h, d]."""
    return torch.stack([one.keys.permute(0, 3, 1, 2) for one in source], 1), torch.stack([one.values.transpose(1, 2) for one in source], 1)


def attention(q: Tensor, seen: KeysValues, bias: Tensor, scale: float, dropout: float = 0.0) -> Tensor:
    """softmax(scale q k^T + bias) v; q [R, N, h, d], bias broadcast to [R, h, N, M] -> [R, N, h, d]."""
    scores = torch.matmul(q.transpose(1, 2) * scale, seen.keys) + bias
    weights = F.dropout(torch.softmax(scores, -1), dropout, training=dropout > 0.0)
    return torch.matmul(weights, seen.values).transpose(1, 2)


class Seq2Seq(nn.Module):
    """A backbone and a memory."""

    def __init__(self, backbone: nn.Module, memory: str, gate: float = 0.0):
        super().__init__()
        self.backbone = backbone
        self.kind = memory
        self.memory = KINDS[memory](backbone.shape, gate)

    @property
    def shape(self) -> Shape:
        return self.backbone.shape

    def split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.shape.heads, self.shape.head))

    def dropout(self) -> float:
        return self.backbone.attention_dropout if self.training else 0.0

    def encode(self, ids: Tensor, mask: Tensor) -> list[KeysValues]:
        """What each layer's cross-attention sees of B segments: all that later steps need of them."""
        states = self.backbone.encode(ids, mask)
        pairs = (self.backbone.source_keys_values(layer, states) for layer in range(self.shape.layers))
        return [KeysValues.of(self.split(k), self.split(v)) for k, v in pairs]

    def decode(
        self, tokens: Tensor, past: Sequence[KeysValues], source: Sequence[KeysValues], mask: Tensor, state: tuple[Tensor, ...]
    ) -> tuple[Tensor, list[KeysValues]]:
        """Hidden states [R, N, D] of N more tokens, and for each layer what its self-attention has seen, these tokens included.

        tokens [R, N]; past: of R rows and P tokens; source and mask [B, T]: of the B streams' segments; state: their memories of the earlier segments. Beams of a stream look at
        one and the same source, as so many more queries.
        """
        rows, new, streams, fed = tokens.shape[0], tokens.shape[1], mask.shape[0], past[0].keys.shape[3]
        positions = torch.arange(fed, fed + new, device=tokens.device)
        seen = torch.arange(fed + new, device=tokens.device)
        own = (seen[None, :] > positions[:, None]).to(mask.dtype) * BLOCKED
        distance = self.backbone.self_bias(positions, seen)
        if distance is not None:
            own = own + distance
        hidden_source = ((1.0 - mask) * BLOCKED)[:, None, None, :]
        scale, head = self.backbone.score_scale, self.shape.head
        present: list[KeysValues] = []
        x = self.backbone.embed(tokens, positions)
        for layer in range(self.shape.layers):

            def attend_self(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
                present.append(past[layer].and_then(KeysValues.of(self.split(k), self.split(v))))
                return attention(self.split(q), present[-1], own, scale, self.dropout()).flatten(-2)

            def attend_cross(q: Tensor) -> Tensor:
                q = self.split(q.reshape(streams, -1, q.shape[-1]))
                local = attention(q, source[layer], hidden_source, scale, self.dropout())
                # A memory divides by sqrt(d) itself: whatever the family's scale, it is asked with the query that the softmax uses.
                recalled = self.memory.read(state, layer, q * (scale * math.sqrt(head)))
                return (local if recalled is None else local + recalled).reshape(rows, new, -1)

            x = self.backbone.block(layer, x, attend_self, attend_cross)
        return x, present

    def step(
        self, tokens: Tensor, past: Sequence[KeysValues], source: Sequence[KeysValues], mask: Tensor, state: tuple[Tensor, ...]
    ) -> tuple[Tensor, list[KeysValues]]:
        """Logits [R, V] of the token after the last, and the grown past (the `decoder.onnx` graph)."""
        x, present = self.decode(tokens, past, source, mask, state)
        return self.backbone.logits(x[:, -1]), present

    def fold(self, source: Sequence[KeysValues], mask: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The memory after this segment (the `memory.onnx` graph)."""
        return self.memory.fold(state, *by_token(source), mask)

    def no_past(self, rows: int) -> list[KeysValues]:
        layers, heads, head = self.shape
        nothing = torch.zeros(rows, 0, heads, head, device=next(self.parameters()).device)
        return [KeysValues.of(nothing, nothing)] * layers

    def empty_memory(self, batch: int) -> tuple[Tensor, ...]:
        return empty(self.memory.state_tensors(), batch)

    def segment(self, ids: Tensor, mask: Tensor, tokens: Tensor, *state: Tensor) -> Tensor:
        """Logits [B, N, V] at every position of one segment, teacher-forced."""
        return self.backbone.logits(self.decode(tokens, self.no_past(ids.shape[0]), self.encode(ids, mask), mask, state)[0])

    def document_states(self, ids: Tensor, mask: Tensor, tokens: Tensor) -> Tensor:
        """Out of the last block, [S, N, D], for the S segments of one document, each after the memory of those before it: as `decode` and `fold` in turn.

        ids, mask [S, T]; tokens [S, N]. What follows a row's tokens may be anything: nothing looks ahead.
        """
        source = self.encode(ids, mask)
        before = self.memory.scan(*by_token(source), mask)
        return self.decode(tokens, self.no_past(ids.shape[0]), source, mask, before)[0]

    def document(self, ids: Tensor, mask: Tensor, tokens: Tensor) -> Tensor:
        """Logits [S, N, V] of the S segments of one document."""
        return self.backbone.logits(self.document_states(ids, mask, tokens))
