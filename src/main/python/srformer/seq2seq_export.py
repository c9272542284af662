"""A T5 or BART SRformer to a model package: encoder, step decoder and memory as ONNX graphs (docs/model-package.md, families t5 and bart)."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Sequence

import onnx
import torch
from torch import Tensor, nn

from . import int8
from .export import FORMAT, SMALLEST, folded_axes, quantised, short_names, state_inputs, store_small, trace, write_changed, write_manifest
from .seq2seq import KeysValues, Seq2Seq


@dataclass(frozen=True)
class Generation:
    """How a segment's text is written: the manifest's `generation`, with its names."""

    start: int
    endOfSegment: int
    forcedFirst: int | None = None
    suppressed: tuple[int, ...] = ()
    inputPrefix: str = ""
    prefixTokens: int = 64
    newTokens: int = 64
    minTokens: int = 0
    beams: int = 4
    lengthPenalty: float = 1.0
    earlyStopping: bool | str = False
    noRepeatNgram: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "suppressed": list(self.suppressed)}

    @staticmethod
    def from_dict(values: dict[str, Any]) -> "Generation":
        return Generation(**{**values, "suppressed": tuple(values["suppressed"])})


def layered(kind: str, layers: int) -> list[str]:
    """Names of keys and values of every layer: `<kind>keys_0`, `<kind>values_0`, `<kind>keys_1` and so on."""
    return [f"{kind}{what}_{layer}" for layer in range(layers) for what in ("keys", "values")]


def _flat(seen: Sequence[KeysValues]) -> tuple[Tensor, ...]:
    return tuple(tensor for one in seen for tensor in one)


def _paired(tensors: Sequence[Tensor]) -> list[KeysValues]:
    return [KeysValues(*tensors[i : i + 2]) for i in range(0, len(tensors), 2)]


def _axes(kind: str, layers: int, rows: str, tokens: str) -> dict[str, dict[int, str]]:
    return {name: {0: rows, 3 if "keys" in name else 2: tokens} for name in layered(kind, layers)}


class _Encode(nn.Module):
    def __init__(self, model: Seq2Seq):
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        return _flat(self.model.encode(input_ids, attention_mask.float()))


class _Step(nn.Module):
    def __init__(self, model: Seq2Seq):
        super().__init__()
        self.model = model

    def forward(self, tokens: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        n = 2 * self.model.shape.layers
        logits, present = self.model.step(tokens, _paired(rest[:n]), _paired(rest[n : 2 * n]), rest[2 * n], rest[2 * n + 1 :])
        return (logits, *_flat(present))


class _Fold(nn.Module):
    def __init__(self, model: Seq2Seq):
        super().__init__()
        self.model = model
        self.types = [t.type for t in model.memory.state_tensors()]

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        n = 2 * self.model.shape.layers
        after = self.model.fold(_paired(inputs[:n]), inputs[n], inputs[n + 1 :])
        return tuple(t.half() if kind == "float16" else t for t, kind in zip(after, self.types))


def _example(model: Seq2Seq, rows: int, tokens: int) -> tuple[Tensor, ...]:
    layers, heads, head = model.shape
    return _flat([KeysValues.of(torch.randn(rows, tokens, heads, head), torch.randn(rows, tokens, heads, head)) for _ in range(layers)])


def trace_encoder(model: Seq2Seq) -> onnx.ModelProto:
    ids = torch.ones(2, 8, dtype=torch.int64)
    rows = {0: "B", 1: "T"}
    layers = model.shape.layers
    axes = {"input_ids": rows, "attention_mask": rows, **_axes("", layers, "B", "T")}
    return trace(_Encode(model), (ids, ids), ("input_ids", "attention_mask"), layered("", layers), axes)


def trace_memory(model: Seq2Seq) -> onnx.ModelProto | None:
    names = [t.name for t in model.memory.state_tensors()]
    if not names:
        return None
    state, axes = state_inputs(model.memory.state_tensors(), 2 if model.kind != "full" else 1, "B")
    batch = state[0].shape[0]
    layers = model.shape.layers
    axes.update(folded_axes(axes))
    axes.update(_axes("", layers, "B", "T"), mask={0: "B", 1: "T"})
    inputs = (*_example(model, batch, 8), torch.ones(batch, 8), *state)
    return trace(_Fold(model), inputs, (*layered("", layers), "mask", *names), [f"next_{name}" for name in names], axes)


def trace_decoder(model: Seq2Seq) -> onnx.ModelProto:
    """Two streams of two beams, so that no axis is taken for another."""
    layers, streams, beams = model.shape.layers, 2, 2
    state, axes = state_inputs(model.memory.state_tensors(), streams, "B")
    tokens = torch.ones(streams * beams, 2, dtype=torch.int64)
    inputs = (tokens, *_example(model, streams * beams, 3), *_example(model, streams, 8), torch.ones(streams, 8), *state)
    names = ("tokens", *layered("past_", layers), *layered("", layers), "mask", *(t.name for t in model.memory.state_tensors()))
    axes.update(_axes("past_", layers, "R", "P"), **_axes("", layers, "B", "T"), **_axes("present_", layers, "R", "Q"))
    axes.update(tokens={0: "R", 1: "N"}, mask={0: "B", 1: "T"}, logits={0: "R"})
    return trace(_Step(model), inputs, names, ("logits", *layered("present_", layers)), axes)


def round_to_int8(model: nn.Module) -> nn.Module:
    """Rounds the backbone's matrices as the package stores them, so that PyTorch computes with the weights that ship."""
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)) and module.weight.numel() >= SMALLEST:
                small, scale = quantised(module.weight.numpy(), 0)
                module.weight.copy_(torch.from_numpy(small * scale))
    return model


def check(model: Seq2Seq, generation: Generation, row_tokens: int) -> None:
    """Refuses limits that the checkpoint's tables of positions cannot hold."""
    source, target = model.backbone.most_source_tokens, model.backbone.most_target_tokens
    if source is not None and row_tokens > source:
        raise ValueError(f"rowTokens is {row_tokens}, but the checkpoint has {source} encoder positions")
    fed = 1 + generation.prefixTokens + generation.newTokens
    if target is not None and fed > target:
        raise ValueError(f"prefixTokens + newTokens + 1 is {fed}, but the checkpoint has {target} decoder positions")


def write_package(
    directory: Path,
    *,
    name: str,
    version: str,
    model: Seq2Seq,
    tokenizer_json: str,
    special_tokens: dict[str, int | None],
    generation: Generation,
    segment_sentences: int,
    row_buckets: Sequence[int],
    selection: dict[str, Any],
    training: dict[str, Any],
    card: str,
    language: str = "en",
    licence: str = "Apache-2.0",
    weights: str = "int8",
    int8_graphs: bool = True,
) -> None:
    """Writes every file of the package, the manifest last.

    weights: int8 (a quarter of the size) or float32 (the checkpoint's own numbers); int8_graphs: whether there are graphs in int8 arithmetic too, where they can share such weights.
    """
    row_tokens = row_buckets[-1]
    check(model, generation, row_tokens)
    model = model.eval()
    directory.mkdir(parents=True, exist_ok=True)

    def graph(traced: onnx.ModelProto) -> bytes:
        return short_names(store_small(traced, "int8") if weights == "int8" else traced).SerializeToString(deterministic=True)

    files = {
        "tokenizer.json": tokenizer_json.encode("utf-8"),
        "encoder.onnx": graph(trace_encoder(model)),
        "decoder.onnx": graph(trace_decoder(model)),
        "MODEL_CARD.md": card.encode("utf-8"),
    }
    if int8_graphs and weights == "int8":
        files |= {file: int8.graph_of_writer(files[source], source) for source, file in int8.WRITERS.items()}
    memory = trace_memory(model)
    if memory is not None:
        files["memory.onnx"] = short_names(memory).SerializeToString(deterministic=True)
    elif (directory / "memory.onnx").exists():
        (directory / "memory.onnx").unlink()
    for file, content in files.items():
        write_changed(directory / file, content)
    layers, heads, head = model.shape
    manifest = {
        "format": FORMAT,
        "name": name,
        "version": version,
        "family": model.backbone.family,
        "memory": model.kind,
        "language": language,
        "licence": licence,
        "dims": {"encoder": model.backbone.width, "layers": layers, "heads": heads, "head": head, "vocabulary": model.backbone.vocabulary},
        "limits": {"segmentSentences": segment_sentences, "rowTokens": row_tokens, "rowBuckets": list(row_buckets)},
        "specialTokens": special_tokens,
        "state": [{"name": t.name, "type": t.type, "shape": list(t.shape)} for t in model.memory.state_tensors()],
        "selection": selection,
        "generation": generation.to_dict(),
        "files": {file: hashlib.sha256(content).hexdigest() for file, content in sorted(files.items())},
        "training": training,
    }
    write_manifest(directory, manifest)
