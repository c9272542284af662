"""SRformer over an encoder-decoder checkpoint: T5 or BART with the causal, segmented cross-attention. Nothing here depends on the family.

The encoder sees one segment. Cross-attention of a decoder layer is softmax attention over the segment's keys and values (SRformer, section 3.2: segmented
attention) plus what the memory of the earlier segments answers to the same queries (section 3.3), behind a gate a head that starts at 0: a converted
checkpoint begins as the original, run on one segment, and only gains. The published model sums over the whole input, later segments included
(reference.py); this one reads the memory *before* the segment and folds the segment after, so that a live transcript can be followed.

Axes: B streams, R rows of decoding (the beams of a stream), T source tokens, N tokens fed, P tokens fed before, L layers, h heads, d head size, D width.
"""

from __future__ import annotations

import math
from typing import Callable, Protocol

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


def attention(q: Tensor, k: Tensor, v: Tensor, bias: Tensor, scale: float, dropout: float = 0.0) -> Tensor:
    """softmax(scale q k^T + bias) v; q [R, N, h, d], k and v [R, M, h, d], bias broadcast to [R, h, N, M] -> [R, N, h, d]."""
    scores = torch.matmul(q.transpose(1, 2) * scale, k.permute(0, 2, 3, 1)) + bias
    weights = F.dropout(torch.softmax(scores, -1), dropout, training=dropout > 0.0)
    return torch.matmul(weights, v.transpose(1, 2)).transpose(1, 2)


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

    def encode(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of every cross-attention layer, [B, L, T, h, d] each: all that later steps need of a segment."""
        states = self.backbone.encode(ids, mask)
        pairs = [self.backbone.source_keys_values(layer, states) for layer in range(self.shape.layers)]
        return torch.stack([self.split(k) for k, _ in pairs], 1), torch.stack([self.split(v) for _, v in pairs], 1)

    def decode(
        self, tokens: Tensor, past_keys: Tensor, past_values: Tensor, keys: Tensor, values: Tensor, mask: Tensor, state: tuple[Tensor, ...]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Hidden states [R, N, D] of N more tokens, and keys and values of all that was fed, [R, L, P + N, h, d].

        tokens [R, N]; past [R, L, P, h, d]; keys, values [R, L, T, h, d]; mask [R, T]; state: the memory of the earlier segments.
        """
        past, new = past_keys.shape[2], tokens.shape[1]
        positions = torch.arange(past, past + new, device=tokens.device)
        seen = torch.arange(past + new, device=tokens.device)
        own = (seen[None, :] > positions[:, None]).to(past_keys.dtype) * BLOCKED
        distance = self.backbone.self_bias(positions, seen)
        if distance is not None:
            own = own + distance
        hidden_source = ((1.0 - mask) * BLOCKED)[:, None, None, :]
        scale, head = self.backbone.score_scale, self.shape.head
        present_keys, present_values = [], []
        x = self.backbone.embed(tokens, positions)
        for layer in range(self.shape.layers):

            def attend_self(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
                present_keys.append(torch.cat([past_keys[:, layer], self.split(k)], 1))
                present_values.append(torch.cat([past_values[:, layer], self.split(v)], 1))
                return attention(self.split(q), present_keys[-1], present_values[-1], own, scale, self.dropout()).flatten(-2)

            def attend_cross(q: Tensor) -> Tensor:
                q = self.split(q)
                local = attention(q, keys[:, layer], values[:, layer], hidden_source, scale, self.dropout())
                # A memory divides by sqrt(d) itself: whatever the family's scale, it is asked with the query that the softmax uses.
                recalled = self.memory.read(state, layer, q * (scale * math.sqrt(head)))
                return (local if recalled is None else local + recalled).flatten(-2)

            x = self.backbone.block(layer, x, attend_self, attend_cross)
        return x, torch.stack(present_keys, 1), torch.stack(present_values, 1)

    def step(self, tokens: Tensor, past_keys: Tensor, past_values: Tensor, keys: Tensor, values: Tensor, mask: Tensor, *state: Tensor) -> tuple[Tensor, ...]:
        """Logits [R, V] of the token after the last, and the grown past (the `decoder.onnx` graph)."""
        x, present_keys, present_values = self.decode(tokens, past_keys, past_values, keys, values, mask, state)
        return self.backbone.logits(x[:, -1]), present_keys, present_values

    def fold(self, keys: Tensor, values: Tensor, mask: Tensor, *state: Tensor) -> tuple[Tensor, ...]:
        """The memory after this segment (the `memory.onnx` graph)."""
        return self.memory.fold(state, keys, values, mask)

    def no_past(self, rows: int) -> Tensor:
        return torch.zeros(rows, self.shape.layers, 0, self.shape.heads, self.shape.head, device=next(self.parameters()).device)

    def empty_memory(self, batch: int) -> tuple[Tensor, ...]:
        return empty(self.memory.state_tensors(), batch)

    def segment(self, ids: Tensor, mask: Tensor, tokens: Tensor, *state: Tensor) -> Tensor:
        """Logits [B, N, V] at every position of one segment, teacher-forced."""
        keys, values = self.encode(ids, mask)
        past = self.no_past(ids.shape[0])
        return self.backbone.logits(self.decode(tokens, past, past, keys, values, mask, state)[0])

    def document_states(self, ids: Tensor, mask: Tensor, tokens: Tensor) -> Tensor:
        """Out of the last block, [S, N, D], for the S segments of one document, each after the memory of those before it: as `decode` and `fold` in turn.

        ids, mask [S, T]; tokens [S, N]. What follows a row's tokens may be anything: nothing looks ahead.
        """
        keys, values = self.encode(ids, mask)
        past = self.no_past(ids.shape[0])
        return self.decode(tokens, past, past, keys, values, mask, self.memory.scan(keys, values, mask))[0]

    def document(self, ids: Tensor, mask: Tensor, tokens: Tensor) -> Tensor:
        """Logits [S, N, V] of the S segments of one document."""
        return self.backbone.logits(self.document_states(ids, mask, tokens))
