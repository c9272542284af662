"""A package's weights in PyTorch, as fast as PyTorch runs them: what `gistream bench torch` compares with.

Everything that may make PyTorch faster without changing what it computes is done: queries, keys and values are one product, attention is PyTorch's
own fused one, rows of like length travel together, decoding and folding share their projections, the memory stays a tensor from segment to segment,
and what the decoder is told of a sentence besides its state is there before the clock starts. Tokenising is inside the clock, as it is in Java.
"""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import weights
from .bert import PackedEncoder, Rows
from .decoder import Decoder, features_of
from .runtime import Package

TOKEN_LIMITS = (512, 4096)
"""Tokens of a batch of rows, padding included; each is tried."""


PATIENCE = 300
"""Seconds that a mode may take in all, compilation included: torch.compile makes code anew for shapes it has not met."""


@contextmanager
def _at_most(seconds: float):
    def late(*_):
        raise TimeoutError(f"not done in {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _FusedLayer(nn.Module):
    """A layer of the encoder with fewer and larger operations."""

    def __init__(self, layer: nn.Module):
        super().__init__()
        self.heads = layer.heads
        three = (layer.query, layer.key, layer.value)
        width = layer.query.in_features
        self.projections = nn.Linear(width, 3 * width)
        with torch.no_grad():
            self.projections.weight.copy_(torch.cat([one.weight for one in three]))
            self.projections.bias.copy_(torch.cat([one.bias for one in three]))
        self.out, self.norm_attention = layer.out, layer.norm_attention
        self.inner, self.outer, self.norm_output = layer.inner, layer.outer, layer.norm_output

    def forward(self, x: Tensor, blocked: Tensor, rows: Rows) -> Tensor:
        q, k, v = (rows.heads(part, self.heads).transpose(1, 2) for part in self.projections(x).chunk(3, -1))
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=blocked)
        x = self.norm_attention(x + self.out(rows.tokens(attended.transpose(1, 2))))
        return self.norm_output(x + self.outer(F.gelu(self.inner(x))))


class _Step(nn.Module):
    """Salience of segments and the memory after them."""

    def __init__(self, decoder: Decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, states: Tensor, features: Tensor, mask: Tensor, *memory: Tensor) -> tuple[Tensor, ...]:
        source = self.decoder.source(states, features)
        keys, values = self.decoder.keys_values(source)
        salience = self.decoder.decode(source, keys, values, mask, memory)
        after = self.decoder.memory.fold(memory, keys, self.decoder.written(source, values), mask)
        stored = tuple(t.to(getattr(torch, described.type)) for t, described in zip(after, self.decoder.memory.state_tensors()))
        return (salience, *stored)


def _jit(encoder: nn.Module, step: nn.Module, decoder: Decoder) -> tuple[Callable, Callable]:
    ids = torch.ones(2, 16, dtype=torch.int64)
    config = decoder.config
    segments = (torch.randn(2, config.segment_sentences, config.encoder), torch.rand(2, config.segment_sentences, 4), torch.ones(2, config.segment_sentences))

    def frozen(module: nn.Module, example: tuple[Tensor, ...]) -> Callable:
        traced = torch.jit.trace(module, example, check_trace=False)
        return torch.jit.optimize_for_inference(torch.jit.freeze(traced))

    return frozen(encoder, (ids, ids)), frozen(step, (*segments, *decoder.empty_memory(2)))


def _compiled(encoder: nn.Module, step: nn.Module, decoder: Decoder) -> tuple[Callable, Callable]:
    import torch._inductor.config as inductor

    inductor.freezing = True
    return torch.compile(encoder, dynamic=True), torch.compile(step, dynamic=True)


MODES: dict[str, Callable] = {
    "eager": lambda encoder, step, decoder: (encoder, step),
    "packed": lambda encoder, step, decoder: (PackedEncoder(encoder), step),
    "jit": _jit,
    "compile": _compiled,
}
"""`packed` is eager without work on padding, as the graphs are; the compiled ones want shapes that do not depend on the data."""


class _Talks:
    """Some talks whose segments are read together, one of each in a round: what they say, and their features."""

    def __init__(self, talks: Sequence[Sequence[Sequence[str]]], decoder: Decoder):
        self.size = len(talks)
        self.rounds = list(zip(*talks))
        self.inputs = []
        said = [0] * self.size
        for segments in self.rounds:
            features = torch.zeros(self.size, decoder.config.segment_sentences, 4)
            mask = torch.zeros(self.size, decoder.config.segment_sentences)
            for i, sentences in enumerate(segments):
                features[i, : len(sentences)] = torch.tensor([features_of(s, said[i] + j) for j, s in enumerate(sentences)])
                mask[i, : len(sentences)] = 1
                said[i] += len(sentences)
            self.inputs.append((features, mask))


class _Reader:
    def __init__(self, package: Package, decoder: Decoder, modules: tuple[Callable, Callable], token_limit: int):
        self.package, self.decoder, self.token_limit = package, decoder, token_limit
        self.encoder, self.step = modules

    def states(self, sentences: Sequence[str]) -> Tensor:
        """[n, D], in the order given; a sentence that is there twice is encoded once, as in Java."""
        places: dict[str, int] = {}
        for sentence in sentences:
            places.setdefault(sentence, len(places))
        rows = self.package.tokens(list(places))
        lengths = [-(-len(row) // 8) * 8 for row in rows]
        order = sorted(range(len(rows)), key=lambda i: lengths[i])
        found = torch.empty(len(rows), self.package.width)
        at = 0
        while at < len(order):
            length = lengths[order[at]]
            end = at
            while end < len(order) and lengths[order[end]] == length and (end - at + 1) * length <= max(self.token_limit, length):
                end += 1
            batch = order[at:end]
            ids = np.zeros((len(batch), length), dtype=np.int64)
            mask = np.zeros_like(ids)
            for j, i in enumerate(batch):
                ids[j, : len(rows[i])] = rows[i]
                mask[j, : len(rows[i])] = 1
            found[batch] = self.encoder(torch.from_numpy(ids), torch.from_numpy(mask))
            at = end
        return found[[places[s] for s in sentences]]

    def read(self, talks: _Talks) -> list[Tensor]:
        """Salience of every round, [talks, S]."""
        memory = self.decoder.empty_memory(talks.size)
        salience = []
        with torch.inference_mode():
            for segments, (features, mask) in zip(talks.rounds, talks.inputs):
                states = torch.zeros(talks.size, features.shape[1], self.package.width)
                states[mask.bool()] = self.states([s for sentences in segments for s in sentences])
                worth, *memory = self.step(states, features, mask, *memory)
                salience.append(worth)
        return salience


def _seconds(reader: _Reader, groups: list[_Talks], pool: ThreadPoolExecutor | None) -> tuple[float, list[list[Tensor]]]:
    began = time.perf_counter()
    read = [reader.read(talks) for talks in groups] if pool is None else list(pool.map(reader.read, groups))
    return time.perf_counter() - began, read


def _by_talk(groups: list[_Talks], read: list[list[Tensor]], order: list[int]) -> list[list[float]]:
    """Salience of all sentences of each talk; `order` says which talk each row of the groups is."""
    rows = []
    for talks, rounds in zip(groups, read):
        for i in range(talks.size):
            rows.append([worth for (_, mask), salience in zip(talks.inputs, rounds) for worth in salience[i][mask[i].bool()].tolist()])
    return [row for _, row in sorted(zip(order, rows))]


def run(directory: Path, requests: dict) -> dict:
    """requests {"threads", "repeats", "patience" (or PATIENCE), "modes" (or all), "loads": [{"talks": [[["sentence", ...] a segment, ...] a talk, ...]}, ...]}: talks of a load have as many
    segments. -> {"torch", "failed": {mode: why}, "cases": [{"load", "mode", "split", "tokenLimit", "seconds": [of each repeat], "salience": [[of every sentence] a talk]}]}.

    `split`: whether each of the threads had a share of the talks; else all of them worked on one batch."""
    threads = requests["threads"]
    package, decoder = Package(directory), weights.decoder(directory)
    encoder = weights.encoder(directory)
    encoder.layers = nn.ModuleList(_FusedLayer(layer) for layer in encoder.layers)
    step = _Step(decoder).eval()
    encoder.eval()
    cases, failed = [], {}
    for mode in requests.get("modes", MODES):
        found = []
        try:
            with _at_most(requests.get("patience", PATIENCE)):
                with torch.inference_mode():
                    modules = MODES[mode](encoder, step, decoder)
                for number, load in enumerate(requests["loads"]):
                    found.append({"load": number, "mode": mode, **_case(package, decoder, modules, load["talks"], threads, requests["repeats"])})
            cases += found
        except Exception as e:  # what a mode lacks on this machine (torch.compile needs a C++ compiler) takes nothing from the others
            failed[mode] = f"{type(e).__name__}: {str(e).strip().splitlines()[0] if str(e).strip() else ''}"
    return {"torch": torch.__version__, "failed": failed, "cases": cases}


def _case(package: Package, decoder: Decoder, modules: tuple[Callable, Callable], talks: list, threads: int, repeats: int) -> dict:
    """Tries every way to lay the work out once, then measures the fastest."""
    tried = []
    laid_out = {False: [_Talks(talks, decoder)]}
    if len(talks) >= threads > 1:
        laid_out[True] = [_Talks(talks[i::threads], decoder) for i in range(threads)]
    for split, groups in laid_out.items():
        torch.set_num_threads(1 if split else threads)
        with ThreadPoolExecutor(threads, initializer=lambda: torch.set_num_threads(1)) as pool:
            for limit in TOKEN_LIMITS if len(talks) > 1 else TOKEN_LIMITS[:1]:
                reader = _Reader(package, decoder, modules, limit)
                once = lambda reader=reader, groups=groups, pool=pool if split else None: _seconds(reader, groups, pool)  # noqa: E731
                once()  # allocates, compiles
                tried.append((once()[0], split, limit))
    _, split, limit = min(tried)
    torch.set_num_threads(1 if split else threads)
    groups = laid_out[split]
    reader = _Reader(package, decoder, modules, limit)
    with ThreadPoolExecutor(threads, initializer=lambda: torch.set_num_threads(1)) as pool:
        timed = [_seconds(reader, groups, pool if split else None) for _ in range(repeats)]
    order = [i for part in range(threads) for i in range(part, len(talks), threads)] if split else list(range(len(talks)))
    return {"split": split, "tokenLimit": limit, "seconds": [seconds for seconds, _ in timed], "salience": _by_talk(groups, timed[0][1], order)}
