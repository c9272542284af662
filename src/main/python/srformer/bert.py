"""The sentence encoder as plain PyTorch: BERT, mean pooling, unit length. Written for export: the number of tokens in
`PackedEncoder`, which is what is exported, is the only shape that depends on the data."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F


BLOCKED = -64.0
"""Added to the score of what must not be attended to: e^-64 is lost in any sum of float32 beside 1, and is no denormal number, with which processors take
a hundred times as long. That asks for scores of padding that are neither 40 above the largest of the row's own nor 20 below it. In `PackedRows` padding
has copies of a row's tokens, so none is above; elsewhere (the decoder's empty places, rows that are not packed) tests look at the bits."""


@dataclass(frozen=True)
class EncoderConfig:
    vocabulary: int = 30522
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    row_tokens: int = 64


class Rows:
    """How attention gets at the rows of a batch whose token states stand in rows already: [R, T, D]."""

    def heads(self, x: Tensor, heads: int) -> Tensor:
        """Token states to [R, T, h, D / h]."""
        return x.unflatten(-1, (heads, -1))

    def tokens(self, x: Tensor) -> Tensor:
        """[R, T, h, D / h] to token states."""
        return x.flatten(-2)


class PackedRows(Rows):
    """The same where only tokens are kept, [1, N, D], so that all but attention costs nothing for padding.

    Everything else in a layer looks at one token at a time; attention needs a row, and gets it back, with copies of other tokens where there is
    padding, which the mask keeps out. (The idea is ByteTransformer's, Zhai et al. 2023, section III-D, there with kernels of its own.)
    The first axis keeps products what they are with rows, to the bit: ONNX Runtime adds the bias elsewhere in a product of two axes.
    """

    def __init__(self, attention_mask: Tensor, width: int):
        self.width = width  # D; with it all shapes below are constants, whatever R, T and N are, and the graph computes none
        flat = attention_mask.reshape(-1)
        self.places = flat.nonzero().squeeze(1)  # [N], of each token among the R * T places
        self.token = (flat.cumsum(0) - 1).clamp(min=0).reshape(attention_mask.shape)  # [R, T], the token there; in padding the last before it

    def packed(self, x: Tensor) -> Tensor:
        """[R, T, D] -> [1, N, D]."""
        return x.reshape(-1, self.width)[self.places].unsqueeze(0)

    def unpacked(self, x: Tensor) -> Tensor:
        """[1, N, D] -> [R, T, D]."""
        return x.reshape(-1, self.width)[self.token]

    def heads(self, x: Tensor, heads: int) -> Tensor:
        return x.reshape(-1, heads, self.width // heads)[self.token]

    def tokens(self, x: Tensor) -> Tensor:
        return x.reshape(-1, self.width)[self.places].unsqueeze(0)


class _Layer(nn.Module):
    def __init__(self, config: EncoderConfig):
        super().__init__()
        self.heads = config.heads
        self.query, self.key, self.value, self.out = (nn.Linear(config.width, config.width) for _ in range(4))
        self.norm_attention = nn.LayerNorm(config.width, eps=1e-12)
        self.inner = nn.Linear(config.width, config.inner)
        self.outer = nn.Linear(config.inner, config.width)
        self.norm_output = nn.LayerNorm(config.width, eps=1e-12)

    def forward(self, x: Tensor, blocked: Tensor, rows: Rows) -> Tensor:
        """Token states to the same; blocked [R, 1, 1, T] is added to the scores."""
        q, k, v = (rows.heads(f(x), self.heads).transpose(1, 2) for f in (self.query, self.key, self.value))
        scores = torch.matmul(q, k.transpose(2, 3)) / math.sqrt(q.shape[-1]) + blocked
        attended = rows.tokens(torch.matmul(torch.softmax(scores, -1), v).transpose(1, 2))
        x = self.norm_attention(x + self.out(attended))
        return self.norm_output(x + self.outer(F.gelu(self.inner(x))))


class Encoder(nn.Module):
    """input_ids, attention_mask [R, T] -> states [R, D]."""

    def __init__(self, config: EncoderConfig):
        super().__init__()
        self.words = nn.Embedding(config.vocabulary, config.width)
        self.positions = nn.Parameter(torch.randn(config.row_tokens, config.width) * 0.02)
        self.norm = nn.LayerNorm(config.width, eps=1e-12)
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config.layers))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        mask = attention_mask.float()
        return pooled(self.through(self.embedded(input_ids), mask, 0, len(self.layers)), mask)

    def embedded(self, input_ids: Tensor) -> Tensor:
        return self.norm(self.words(input_ids) + self.positions[: input_ids.shape[1]])

    def through(self, x: Tensor, mask: Tensor, begin: int, end: int, rows: Rows = Rows()) -> Tensor:
        """Token states through the layers [begin, end); mask [R, T]."""
        blocked = (1.0 - mask)[:, None, None, :] * BLOCKED
        for layer in self.layers[begin:end]:
            x = layer(x, blocked, rows)
        return x


class PackedEncoder(Encoder):
    """What an `Encoder` computes, to the bit where ONNX Runtime runs both, without working on padding: the form that is exported."""

    def __init__(self, encoder: Encoder):
        nn.Module.__init__(self)  # the weights are there
        self.words, self.positions, self.norm, self.layers = encoder.words, encoder.positions, encoder.norm, encoder.layers

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        mask = attention_mask.float()
        rows = PackedRows(attention_mask, self.positions.shape[1])
        x = self.norm(rows.packed(self.words(input_ids) + self.positions[: input_ids.shape[1]]))
        return pooled(rows.unpacked(self.through(x, mask, 0, len(self.layers), rows)), mask)


def pooled(x: Tensor, mask: Tensor) -> Tensor:
    """Token states [R, T, D] -> [R, D]: their mean, of unit length."""
    # Sums as batched products: ONNX Runtime's reductions take another path, with other bits, when there is one row.
    mean = torch.matmul(mask[:, None, :], x) / mask.sum(1)[:, None, None]
    return (mean / torch.sqrt(torch.matmul(mean, mean.transpose(1, 2)))).squeeze(1)


def from_minilm(weights: dict[str, np.ndarray], config: EncoderConfig = EncoderConfig()) -> Encoder:
    """An encoder with the Hugging Face weights; every row is a first segment, so its type embedding is part of the position's."""
    encoder = Encoder(config)
    names = {
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value", "out": "attention.output.dense",
        "norm_attention": "attention.output.LayerNorm", "inner": "intermediate.dense", "outer": "output.dense", "norm_output": "output.LayerNorm",
    }
    state = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        "positions": weights["embeddings.position_embeddings.weight"][: config.row_tokens] + weights["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    for layer in range(config.layers):
        for ours, theirs in names.items():
            for part in ("weight", "bias"):
                state[f"layers.{layer}.{ours}.{part}"] = weights[f"encoder.layer.{layer}.{theirs}.{part}"]
    encoder.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in state.items()})
    return encoder.eval()
