"""The published cross-attention of SRformer, future included: what parity with the paper's code is checked against. Not what runs on a stream (seq2seq.py).

Long, Chowdhury and Roy, EMNLP Findings 2023 (arXiv 2305.16340), sections 3.2 and 3.3, as their code computes it step by step. The keys and values of the
whole input, zero-padded to n segments of s tokens, give per head

    total = sum_j K_j^T V_j                        [d, d], the whole input, later segments too
    X_i   = total - K_i^T V_i                      what segment i does not see; BART clamps both terms to [-2, 2], T5 neither
    u     = lambda u + X_i W^T                     leaky membrane, one per matrix entry; W, theta and lambda are shared by the heads
    m     = relu(u / theta - 1)                    fires above the threshold
    u     = u - theta 1[u > theta]                 soft reset
    out   = softmax(q K_i^T) V_i + (q m) / ||K||   ||K||: L2 norm of each channel of K over the input; q scaled by 1 / sqrt(d) in BART only

At position t of a generation of T tokens, i = floor(t n / T). BART moves u when the segment changes, T5 at every position: the published values of both are
met to float32 precision that way, and missed by more than 5 % the other. There is no attention mask: padded keys take part in the softmax.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLAMP = 2.0
LEAK = {"bart": 0.5, "t5": 0.1}
THRESHOLD = 0.1
LARGEST_ERROR = 1e-4
NAMES = {"bart": {"query": "q_proj", "key": "k_proj", "value": "v_proj", "output": "out_proj"}, "t5": {"query": "q", "key": "k", "value": "v", "output": "o"}}


class PublishedCrossAttention(nn.Module):
    """decoder states [B, T, D], encoder states [B, S, D] -> [B, T, D]."""

    def __init__(self, family: str, width: int, heads: int, segment: int):
        super().__init__()
        self.family, self.heads, self.head, self.segment = family, heads, width // heads, segment
        biased = family == "bart"
        self.query, self.key, self.value, self.output = (nn.Linear(width, width, bias=biased) for _ in range(4))
        self.write = nn.Linear(self.head, self.head, bias=False)
        self.threshold = nn.Parameter(torch.full((1,), THRESHOLD))
        self.leak = nn.Parameter(torch.full((1,), LEAK[family]))

    def split(self, x: Tensor) -> Tensor:
        """[B, T, D] -> [B, h, T, d]."""
        return x.unflatten(-1, (self.heads, self.head)).transpose(1, 2)

    def limited(self, x: Tensor) -> Tensor:
        return x.clamp(-CLAMP, CLAMP) if self.family == "bart" else x

    def forward(self, decoder_states: Tensor, encoder_states: Tensor) -> Tensor:
        length = decoder_states.shape[1]
        q = self.split(self.query(decoder_states))
        if self.family == "bart":
            q = q * self.head**-0.5
        padding = -encoder_states.shape[1] % self.segment
        keys, values = (F.pad(self.split(project(encoder_states)), (0, 0, 0, padding)) for project in (self.key, self.value))
        norm = torch.linalg.vector_norm(keys, dim=2)
        total = self.limited(torch.matmul(keys.transpose(2, 3), values))
        keys, values = (x.unflatten(2, (-1, self.segment)) for x in (keys, values))
        segments = keys.shape[2]

        membrane, fired, current, outputs = torch.zeros_like(total), torch.zeros_like(total), None, []
        for t in range(length):
            i = t * segments // length
            k, v = keys[:, :, i], values[:, :, i]
            if i != current or self.family == "t5":
                missed = total - self.limited(torch.matmul(k.transpose(2, 3), v))
                membrane = self.leak * membrane + self.write(missed)
                fired = torch.relu(membrane / self.threshold - 1.0)
                membrane = membrane - self.threshold * (membrane > self.threshold)
                current = i
            query = q[:, :, t : t + 1]
            local = torch.matmul(torch.softmax(torch.matmul(query, k.transpose(2, 3)), -1), v)
            outputs.append(local + torch.matmul(query, fired) / norm[:, :, None])
        return self.output(torch.cat(outputs, 2).transpose(1, 2).flatten(-2))


def published(family: str, width: int, heads: int, segment: int, weights: dict[str, np.ndarray]) -> PublishedCrossAttention:
    """With weights under the names of the published layers."""
    layer = PublishedCrossAttention(family, width, heads, segment)
    state = {"write.weight": weights["SNN_kv.weight"], "threshold": weights["threshold"], "leak": weights["leak"]}
    for ours, theirs in NAMES[family].items():
        state.update({f"{ours}.{part}": weights[f"{theirs}.{part}"] for part in ("weight", "bias") if f"{theirs}.{part}" in weights})
    layer.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in state.items()})
    return layer.eval()


def parity(file: Path) -> dict[str, float]:
    """Largest error of each family's values in `file`, relative to the largest value."""
    arrays = np.load(file)
    errors = {}
    for family in NAMES:
        prefix = f"{family}_weights_"
        weights = {name.removeprefix(prefix): arrays[name] for name in arrays if name.startswith(prefix)}
        encoder, decoder = (torch.from_numpy(arrays[name]) for name in ("encoder_states", "decoder_states"))
        if decoder.shape[1] != int(arrays["generation_length"]):
            raise ValueError(f"{file}: generation_length is not that of decoder_states")
        layer = published(family, encoder.shape[-1], int(arrays["heads"]), int(arrays["segment"]), weights)
        with torch.no_grad():
            got = layer(decoder, encoder).numpy()
        expected = arrays[f"{family}_output"]
        errors[family] = float(np.abs(got - expected).max() / np.abs(expected).max())
    return errors
