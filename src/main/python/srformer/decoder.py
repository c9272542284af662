"""The `compact` decoder: how much each sentence of a segment is worth, given the segment and the memory of all earlier ones."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import text as texts
from .bert import BLOCKED
from .memory import KINDS, Shape, before_segments, empty

FEATURES = 4
POSITION = 2
"""The feature that says how far the talk has got."""


def features_of(sentence: str, said_before: int) -> tuple[float, float, float, float]:
    """What a state does not show, in the order of docs/model-package.md; said_before counts the stream's earlier sentences."""
    return (
        math.log1p(len(texts.words(sentence))) / 4.0,
        1.0 if sentence.rstrip().endswith("?") else 0.0,
        math.log1p(said_before) / 8.0,
        1.0 if any(c.isdecimal() for c in sentence) else 0.0,
    )


@dataclass(frozen=True)
class DecoderConfig:
    memory: str = "raf"
    encoder: int = 384
    layers: int = 2
    heads: int = 8
    head: int = 32
    feedforward: int = 512
    segment_sentences: int = 16
    write_gate: bool = False
    """Whether a learned gate a head says how much of a sentence is written into the memory."""

    @property
    def width(self) -> int:
        return self.heads * self.head

    def to_dict(self) -> dict:
        return asdict(self)


class Layer(nn.Module):
    """Cross-attention over the segment plus the memory read, then a feed-forward block; pre-norm, residual."""

    def __init__(self, config: DecoderConfig):
        super().__init__()
        width = config.width
        self.config = config
        self.norm_attention = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)
        self.norm_feedforward = nn.LayerNorm(width)
        self.inner = nn.Linear(width, config.feedforward)
        self.outer = nn.Linear(config.feedforward, width)

    def split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.config.heads, self.config.head))


class Decoder(nn.Module):
    """Salience of sentences, segment by segment.

    states [B, S, D], features [B, S, F], mask [B, S] (1 = sentence, 0 = padding), state tensors -> salience [B, S], a logit.
    Keys and values are projections of the sentence states alone, so the memory depends on what was said and never on what was made of it.
    """

    def __init__(self, config: DecoderConfig, dropout: float = 0.0):
        super().__init__()
        self.config = config
        self.project = nn.Linear(config.encoder, config.width)
        self.features = nn.Linear(FEATURES, config.width)
        self.norm_input = nn.LayerNorm(config.encoder)
        self.norm_source = nn.LayerNorm(config.width)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.memory = KINDS[config.memory](Shape(config.layers, config.heads, config.head))
        if config.write_gate:
            self.write_gate = nn.Linear(config.width, config.layers * config.heads)
            nn.init.zeros_(self.write_gate.weight)
            nn.init.constant_(self.write_gate.bias, 1.0)
        self.norm_head = nn.LayerNorm(config.width)
        self.head = nn.Linear(config.width, 1)
        self.dropout = nn.Dropout(dropout)

    def make_keys_like_queries(self) -> None:
        """Gives keys the weights of queries, to start from: what resembles a sentence answers it, in the segment and in the memory."""
        with torch.no_grad():
            for layer in self.layers:
                layer.key.weight.copy_(layer.query.weight)
                layer.key.bias.copy_(layer.query.bias)

    def source(self, states: Tensor, features: Tensor) -> Tensor:
        """[B, S, D], [B, S, F] -> [B, S, width]."""
        return self.project(self.norm_input(states * math.sqrt(self.config.encoder))) + self.features(features)

    def keys_values(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of every layer: [B, L, S, h, d] each."""
        normed = self.norm_source(source)
        keys = torch.stack([layer.split(layer.key(normed)) for layer in self.layers], 1)
        values = torch.stack([layer.split(layer.value(normed)) for layer in self.layers], 1)
        return keys, values

    def written(self, source: Tensor, values: Tensor) -> Tensor:
        """Values as the memory gets them: what is not worth remembering is written faintly. source [B, S, width], values [B, L, S, h, d]."""
        if not self.config.write_gate:
            return values
        gate = torch.sigmoid(self.write_gate(self.norm_source(source))).unflatten(-1, (self.config.layers, self.config.heads))
        return values * gate.permute(0, 2, 1, 3)[..., None]

    def forward(self, states: Tensor, features: Tensor, mask: Tensor, *memory: Tensor) -> Tensor:
        source = self.source(states, features)
        return self.decode(source, *self.keys_values(source), mask, memory)

    def decode(self, source: Tensor, keys: Tensor, values: Tensor, mask: Tensor, memory: tuple[Tensor, ...]) -> Tensor:
        hidden = self.dropout(source)
        blocked = (1.0 - mask)[:, None, None, :] * BLOCKED
        for index, layer in enumerate(self.layers):
            q = layer.split(layer.query(layer.norm_attention(hidden)))
            k, v = keys[:, index].transpose(1, 2), values[:, index].transpose(1, 2)
            scores = torch.matmul(q.transpose(1, 2), k.transpose(2, 3)) / math.sqrt(self.config.head)
            attended = torch.matmul(torch.softmax(scores + blocked, -1), v).transpose(1, 2)
            recalled = self.memory.read(memory, index, q)
            if recalled is not None:
                attended = attended + recalled
            hidden = hidden + self.dropout(layer.output(attended.flatten(-2)))
            inner = F.relu(layer.inner(layer.norm_feedforward(hidden)))
            hidden = hidden + self.dropout(layer.outer(inner))
        return self.head(self.norm_head(hidden)).squeeze(-1)

    def fold(self, states: Tensor, features: Tensor, mask: Tensor, *memory: Tensor) -> tuple[Tensor, ...]:
        """The memory after this segment (the `memory.onnx` graph)."""
        source = self.source(states, features)
        keys, values = self.keys_values(source)
        return self.memory.fold(memory, keys, self.written(source, values), mask)

    def document(self, states: Tensor, features: Tensor, mask: Tensor, at_once: int | None = None) -> Tensor:
        """Salience of all N segments of one document, [N, S]: as `forward` and `fold` in turn, but decoded in one go, or so many segments at once.

        Memory `full` attends from every place of every segment to all that was said: thin segments of a long talk, padded, are too many for one go.
        """
        source = self.source(states, features)
        keys, values = self.keys_values(source)
        before = self.memory.scan(keys, self.written(source, values), mask)
        parts = [slice(i, i + (at_once or len(mask))) for i in range(0, len(mask), at_once or len(mask))]
        return torch.cat([self.decode(source[p], keys[p], values[p], mask[p], before_segments(self.memory, before, p)) for p in parts])

    def empty_memory(self, batch: int) -> tuple[Tensor, ...]:
        return empty(self.memory.state_tensors(), batch)
