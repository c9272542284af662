"""What segments and recurrence save in a decoder's cross-attention: floating-point operations and seconds, against full attention.

For the shapes of T5-small, BART-base and BART-large with random weights: `n` input tokens, `m` output tokens, segments of `s` tokens. Counted as two operations a
multiply-add, and for one layer:

    both         keys and values      2 * 2 n D hd         queries and output    2 * 2 m D hd
    full         scores and mixture   2 * 2 m n hd
    SRformer     scores and mixture   2 * 2 m s hd         read q m              2 m h d^2
                 K^T V                2 n h d^2            W X                   2 (n / s) h d^3        fold and fire   8 (n / s) h d^2

D is the model's width, h heads of d. The paper (SRformer, section 4.4) gives about 40 % less cross-attention computation for its settings.
"""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import torch


class Shape(NamedTuple):
    name: str
    width: int
    layers: int
    heads: int
    head: int


SHAPES = (Shape("T5-small", 512, 6, 8, 64), Shape("BART-base", 768, 6, 12, 64), Shape("BART-large", 1024, 12, 16, 64))
INPUTS = (512, 1024, 2048, 4096, 8192, 16384)


class Operations(NamedTuple):
    """Of all layers, in floating-point operations."""

    projections: int
    attention: int

    @property
    def total(self) -> int:
        return self.projections + self.attention


def full(shape: Shape, n: int, m: int) -> Operations:
    inner = shape.heads * shape.head
    return Operations(shape.layers * 4 * (n + m) * shape.width * inner, shape.layers * 4 * m * n * inner)


def segmented(shape: Shape, n: int, m: int, s: int) -> Operations:
    inner, square = shape.heads * shape.head, shape.heads * shape.head**2
    segments = math.ceil(n / s)
    local = 4 * m * s * inner
    read = 2 * m * square
    fold = 2 * n * square + segments * (2 * square * shape.head + 8 * square)
    return Operations(shape.layers * 4 * (n + m) * shape.width * inner, shape.layers * (local + read + fold))


def _fastest(run, times: int = 5) -> float:
    best = math.inf
    for _ in range(times):
        began = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - began)
    return best


@torch.inference_mode()
def seconds(shape: Shape, n: int, m: int, s: int) -> tuple[float, float]:
    """Of one layer's cross-attention without the projections, all layers, token by token as decoding goes: (full, segmented with all folds)."""
    torch.manual_seed(0)
    h, d = shape.heads, shape.head
    q = torch.randn(m, h, 1, d)
    keys, values = torch.randn(h, n, d), torch.randn(h, n, d)
    write, theta, leak = torch.eye(d).repeat(h, 1, 1) * 0.5, 0.1, 0.9
    by_segment = [(keys[:, a : a + s].contiguous(), values[:, a : a + s].contiguous()) for a in range(0, n, s)]

    def run_full() -> None:
        for t in range(m):
            torch.softmax(q[t] @ keys.transpose(1, 2) / d**0.5, -1) @ values

    def run_segmented() -> None:
        u = torch.zeros(h, d, d)
        per_segment = [m // len(by_segment) + (i < m % len(by_segment)) for i in range(len(by_segment))]
        t = 0
        for (k, v), tokens in zip(by_segment, per_segment):
            fires = torch.relu(u / theta - 1.0) if tokens else None
            for _ in range(tokens):
                torch.softmax(q[t] @ k.transpose(1, 2) / d**0.5, -1) @ v + q[t] @ fires
                t += 1
            u = leak * (u - theta * (u > theta)) + write @ (k.transpose(1, 2) @ v / s**0.5).clamp(-2, 2)

    return shape.layers * _fastest(run_full), shape.layers * _fastest(run_segmented)


def table(m: int = 128, s: int = 64) -> str:
    """Markdown: saved operations and seconds, in percent of full attention."""
    lines = [
        f"{m} output tokens, segments of {s} tokens; saved by segments and recurrence, of full cross-attention.",
        "",
        "| shape | input tokens | GFLOP full | GFLOP SRformer | saved, projections included | saved, attention alone | seconds full | seconds SRformer | saved |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for shape in SHAPES:
        for n in INPUTS:
            a, b = full(shape, n, m), segmented(shape, n, m, s)
            slow, quick = seconds(shape, n, m, s)
            lines.append(
                f"| {shape.name} | {n} | {a.total / 1e9:.2f} | {b.total / 1e9:.2f} | {100 * (1 - b.total / a.total):.0f} % | "
                f"{100 * (1 - b.attention / a.attention):.0f} % | {slow:.3f} | {quick:.3f} | {100 * (1 - quick / slow):.0f} % |"
            )
    return "\n".join(lines)
