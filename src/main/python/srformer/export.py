"""Weights to a model package: three ONNX graphs, the tokenizer and the manifest (docs/model-package.md).

Big matrices are stored small and widened by `Cast` (and `Mul`) nodes on constants, which ONNX Runtime folds when the session is created: the
encoder's as int8 with a scale per output channel, the decoder's and the memory's as float16. Arithmetic is float32 throughout.
"""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from pathlib import Path
from typing import Any, Sequence

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from .bert import Encoder, EncoderConfig, PackedEncoder
from .decoder import FEATURES, Decoder, DecoderConfig
from .errors import CheckpointError
from .memory import GROWS, StateTensor

OPSET = 17
FORMAT = 1
SMALLEST = 1024
"""Matrices with fewer entries stay float32, as they are stored and as they are multiplied."""


class _Decode(nn.Module):
    def __init__(self, decoder: Decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, states: Tensor, features: Tensor, mask: Tensor, *memory: Tensor) -> Tensor:
        return self.decoder(states, features, mask, *memory)


class _Fold(nn.Module):
    def __init__(self, decoder: Decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, states: Tensor, features: Tensor, mask: Tensor, *memory: Tensor) -> tuple[Tensor, ...]:
        after = self.decoder.fold(states, features, mask, *memory)
        return tuple(t.to(getattr(torch, described.type)) for t, described in zip(after, self.decoder.memory.state_tensors()))


def trace(module: nn.Module, inputs: tuple[Tensor, ...], names: Sequence[str], outputs: Sequence[str], axes: dict[str, dict[int, str]]) -> onnx.ModelProto:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(), inputs, buffer, input_names=list(names), output_names=list(outputs), dynamic_axes=axes, opset_version=OPSET, dynamo=False
        )
    model = onnx.load_from_string(buffer.getvalue())
    model.producer_name, model.producer_version, model.doc_string = "gistream", "", ""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    # The exporter drops inputs that nothing reads (a state tensor that only the fold needs); the contract has them in every graph.
    present = {v.name: v for v in model.graph.input}
    declared = [present.get(name) or _declared(name, tensor, axes.get(name, {})) for name, tensor in zip(names, inputs)]
    del model.graph.input[:]
    model.graph.input.extend(declared)
    return model


def _declared(name: str, tensor: Tensor, axes: dict[int, str]) -> onnx.ValueInfoProto:
    types = {torch.float32: onnx.TensorProto.FLOAT, torch.float16: onnx.TensorProto.FLOAT16, torch.int64: onnx.TensorProto.INT64}
    return helper.make_tensor_value_info(name, types[tensor.dtype], [axes.get(i, length) for i, length in enumerate(tensor.shape)])


def trace_encoder(encoder: Encoder) -> onnx.ModelProto:
    ids = torch.ones(2, 16, dtype=torch.int64)
    rows = {0: "R", 1: "T"}
    axes = {"input_ids": rows, "attention_mask": rows, "states": {0: "R"}}
    return trace(PackedEncoder(encoder), (ids, ids), ("input_ids", "attention_mask"), ("states",), axes)


def state_inputs(tensors: Sequence[StateTensor], rows: int, axis: str) -> tuple[tuple[Tensor, ...], dict[str, dict[int, str]]]:
    """State tensors as the graphs take them, and their dynamic axes: the rows, and the one that grows."""
    inputs = tuple(torch.zeros(rows, *(5 if n == GROWS else n for n in t.shape), dtype=getattr(torch, t.type)) for t in tensors)
    axes = {t.name: {0: axis, **{i + 1: "G" for i, length in enumerate(t.shape) if length == GROWS}} for t in tensors}
    return inputs, axes


def folded_axes(axes: dict[str, dict[int, str]]) -> dict[str, dict[int, str]]:
    """Those of the state after a fold: what grows does so by a number of its own."""
    return {f"next_{name}": {i: a + "2" if a == "G" else a for i, a in found.items()} for name, found in axes.items()}


def _segment_inputs(decoder: Decoder) -> tuple[tuple[Tensor, ...], list[str], dict[str, dict[int, str]]]:
    config = decoder.config
    size = config.segment_sentences
    tensors = decoder.memory.state_tensors()
    batch = 1 if any(GROWS in t.shape for t in tensors) else 2
    state, axes = state_inputs(tensors, batch, "B")
    inputs = (torch.randn(batch, size, config.encoder), torch.rand(batch, size, FEATURES), torch.ones(batch, size), *state)
    names = ["states", "features", "mask"]
    return inputs, [*names, *axes], {**{name: {0: "B"} for name in names}, **axes}


def trace_decoder(decoder: Decoder) -> onnx.ModelProto:
    inputs, names, axes = _segment_inputs(decoder)
    return trace(_Decode(decoder), inputs, names, ("salience",), {**axes, "salience": {0: "B"}})


def trace_memory(decoder: Decoder) -> onnx.ModelProto | None:
    tensors = decoder.memory.state_tensors()
    if not tensors:
        return None
    inputs, names, axes = _segment_inputs(decoder)
    outputs = [f"next_{t.name}" for t in tensors]
    folded = folded_axes({t.name: axes[t.name] for t in tensors})
    return trace(_Fold(decoder), inputs, names, outputs, {**axes, **folded})


def quantised(weight: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric int8 with one scale per slice along `axis`: weight ~ int8 * scale. (Clipping outliers was tried: it never lowers the error here.)"""
    others = tuple(i for i in range(weight.ndim) if i != axis)
    scale = np.abs(weight).max(axis=others, keepdims=True).astype(np.float32) / np.float32(127)
    scale = np.where(scale == 0, np.float32(1), scale)
    return np.clip(np.rint(weight / scale), -127, 127).astype(np.int8), scale


def store_small(model: onnx.ModelProto, how: str) -> onnx.ModelProto:
    """Replaces the matrices of MatMul, Gemm and Gather nodes by int8 (`how` = "int8") or float16 ("float16") ones and nodes that widen them.

    A matrix that is the transpose of a token table (tied embeddings) shares the table's bytes.
    """
    graph = model.graph
    constants = {t.name: t for t in graph.initializer}
    nodes: list[onnx.NodeProto] = []
    widened: dict[str, str] = {}
    tables: dict[str, np.ndarray] = {}
    added: dict[str, onnx.TensorProto] = {}

    def add(name: str, array: np.ndarray) -> str:
        added[name] = numpy_helper.from_array(array, name)
        return name

    for node in graph.node:
        by_row = node.op_type == "Gather" and not any(a.name == "axis" and a.i for a in node.attribute)
        if by_row and how == "int8" and node.input[0] in constants:
            name = node.input[0]
            weight = numpy_helper.to_array(constants[name])
            if weight.ndim == 2 and weight.size >= SMALLEST and weight.dtype == np.float32:
                small, scale = quantised(weight, 0)
                tables[name] = weight
                rows, scales = f"{node.output[0]}_rows", f"{node.output[0]}_scales"
                nodes.append(helper.make_node("Gather", [add(f"{name}_int8", small), node.input[1]], [rows], axis=0))
                nodes.append(helper.make_node("Gather", [add(f"{name}_scale", scale), node.input[1]], [scales], axis=0))
                nodes.append(helper.make_node("Cast", [rows], [f"{rows}_float"], to=onnx.TensorProto.FLOAT))
                nodes.append(helper.make_node("Mul", [f"{rows}_float", scales], [node.output[0]]))
                widened[name] = ""
                continue
        if node.op_type in ("MatMul", "Gemm") and node.input[1] in constants:
            name = node.input[1]
            weight = numpy_helper.to_array(constants[name])
            if weight.ndim >= 2 and weight.size >= SMALLEST and weight.dtype == np.float32:
                if name not in widened:
                    table = next((t for t, array in tables.items() if np.array_equal(array.T, weight)), None) if how == "int8" else None
                    if table is not None:
                        nodes.append(helper.make_node("Cast", [f"{table}_int8"], [f"{name}_float"], to=onnx.TensorProto.FLOAT))
                        nodes.append(helper.make_node("Mul", [f"{name}_float", f"{table}_scale"], [f"{name}_rows"]))
                        nodes.append(helper.make_node("Transpose", [f"{name}_rows"], [f"{name}_wide"], perm=[1, 0]))
                    elif how == "int8":
                        transposed = any(a.name == "transB" and a.i for a in node.attribute)
                        small, scale = quantised(weight, 0 if transposed else 1)
                        nodes.append(helper.make_node("Cast", [add(f"{name}_int8", small)], [f"{name}_float"], to=onnx.TensorProto.FLOAT))
                        nodes.append(helper.make_node("Mul", [f"{name}_float", add(f"{name}_scale", scale)], [f"{name}_wide"]))
                    else:
                        nodes.append(helper.make_node("Cast", [add(f"{name}_half", weight.astype(np.float16))], [f"{name}_wide"], to=onnx.TensorProto.FLOAT))
                    widened[name] = f"{name}_wide"
                node.input[1] = widened[name]
        nodes.append(node)
    keep = [t for t in graph.initializer if t.name not in widened]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend([*keep, *added.values()])
    onnx.checker.check_model(model)
    return model


def short_names(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Numbers for the names of nodes and of what flows between them: a third of a small graph is such names."""
    kept = {v.name for v in (*graph.graph.input, *graph.graph.output)}
    new: dict[str, str] = {"": ""}

    def short(name: str) -> str:
        return name if name in kept else new.setdefault(name, f"_{len(new)}")

    for node in graph.graph.node:
        if any(a.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS) for a in node.attribute):
            raise ValueError(f"node {node.name} holds a graph of its own: export it without control flow")
        node.name = ""
        node.input[:] = [short(name) for name in node.input]
        node.output[:] = [short(name) for name in node.output]
    for tensor in graph.graph.initializer:
        tensor.name = short(tensor.name)
    del graph.graph.value_info[:]
    onnx.checker.check_model(graph)
    return graph


def round_to_half(decoder: Decoder) -> Decoder:
    """Rounds the decoder's matrices as `store_small` will, so that PyTorch computes with the weights that ship."""
    with torch.no_grad():
        for parameter in decoder.parameters():
            if parameter.ndim >= 2 and parameter.numel() >= SMALLEST:
                parameter.copy_(parameter.half().float())
    return decoder


def write_changed(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def write_manifest(directory: Path, manifest: dict[str, Any]) -> None:
    """Its bytes are the package's identity: there is one way to write them."""
    write_changed(directory / "model.json", (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode("utf-8"))


def list_file(directory: Path, file: str, content: bytes) -> None:
    """Writes a file of a package that is there, and its digest into the manifest, which gives the package another identity."""
    manifest = json.loads((directory / "model.json").read_text("utf-8"))
    write_changed(directory / file, content)
    manifest["files"] = dict(sorted({**manifest["files"], file: hashlib.sha256(content).hexdigest()}.items()))
    write_manifest(directory, manifest)


def encoder_graph(encoder: Encoder) -> bytes:
    return store_small(trace_encoder(encoder), "int8").SerializeToString(deterministic=True)


def decoder_graphs(decoder: Decoder) -> dict[str, bytes]:
    """The decoder, and the memory if it has one, by file."""
    graphs = {"decoder.onnx": trace_decoder(decoder), "memory.onnx": trace_memory(decoder)}
    return {file: store_small(graph, "float16").SerializeToString(deterministic=True) for file, graph in graphs.items() if graph is not None}


def replace_graphs(directory: Path, encoder: Encoder, decoder: Decoder, version: str, row_buckets: Sequence[int] | None = None) -> None:
    """Exports a package of the compact family that is there anew; its row buckets stay if none are given.
    The graph in int8 goes: it points into one that is replaced."""
    manifest = json.loads((directory / "model.json").read_text("utf-8"))
    row_buckets = manifest["limits"]["rowBuckets"] if row_buckets is None else row_buckets
    row_tokens = manifest["limits"]["rowTokens"]
    if list(row_buckets) != sorted(set(row_buckets)) or not row_buckets or row_buckets[0] < 1 or row_buckets[-1] < row_tokens:
        raise CheckpointError(f"row buckets {list(row_buckets)}: must rise, the last to {row_tokens} (limits.rowTokens) or more")
    graphs = {"encoder.onnx": encoder_graph(encoder), **decoder_graphs(decoder)}
    (directory / "encoder.int8.onnx").unlink(missing_ok=True)
    manifest["version"] = version
    manifest["limits"]["rowBuckets"] = list(row_buckets)
    manifest["files"].pop("encoder.int8.onnx", None)
    _replace_files(directory, manifest, graphs)


def replace_decoder(directory: Path, decoder: Decoder, version: str, selection: dict[str, Any], training: dict[str, Any], card: str) -> None:
    """Puts another decoder of the same shape, and its memory, into a package of the compact family that is there. Its goldens go: they are of the one before."""
    manifest = json.loads((directory / "model.json").read_text("utf-8"))
    files = {"MODEL_CARD.md": card.encode("utf-8"), **decoder_graphs(round_to_half(decoder))}
    manifest.update(version=version, selection=selection, training=training)
    (directory / "goldens.json").unlink(missing_ok=True)
    manifest["files"].pop("goldens.json", None)
    _replace_files(directory, manifest, files)


def _replace_files(directory: Path, manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    """Writes files of a package that is there, and its changed manifest with their digests."""
    for file, content in files.items():
        write_changed(directory / file, content)
        manifest["files"][file] = hashlib.sha256(content).hexdigest()
    write_manifest(directory, manifest)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_package(
    directory: Path,
    *,
    name: str,
    version: str,
    encoder: Encoder,
    encoder_config: EncoderConfig,
    decoder: Decoder,
    tokenizer_json: str,
    special_tokens: dict[str, int],
    row_buckets: Sequence[int],
    selection: dict[str, Any],
    training: dict[str, Any],
    card: str,
) -> None:
    """Writes every file of the package, the manifest last."""
    directory.mkdir(parents=True, exist_ok=True)
    config: DecoderConfig = decoder.config
    files = {
        "tokenizer.json": tokenizer_json.encode("utf-8"),
        "encoder.onnx": encoder_graph(encoder),
        "MODEL_CARD.md": card.encode("utf-8"),
        **decoder_graphs(decoder),
    }
    if "memory.onnx" not in files:
        (directory / "memory.onnx").unlink(missing_ok=True)
    for file, content in files.items():
        write_changed(directory / file, content)
    manifest = {
        "format": FORMAT,
        "name": name,
        "version": version,
        "family": "compact",
        "memory": config.memory,
        "language": "en",
        "licence": "Apache-2.0",
        "dims": {"encoder": config.encoder, "features": FEATURES, "layers": config.layers, "heads": config.heads, "head": config.head},
        "limits": {"segmentSentences": config.segment_sentences, "rowTokens": encoder_config.row_tokens, "rowBuckets": list(row_buckets)},
        "specialTokens": special_tokens,
        "state": [{"name": t.name, "type": t.type, "shape": list(t.shape)} for t in decoder.memory.state_tensors()],
        "selection": selection,
        "files": {file: hashlib.sha256(content).hexdigest() for file, content in sorted(files.items())},
        "training": training,
    }
    write_manifest(directory, manifest)


def matrix_product() -> onnx.ModelProto:
    """C [M, N] = A [M, K] B [K, N], float32: what `gistream bench limit` takes the machine's measure with."""
    a, b, c = (helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape) for name, shape in (("A", "MK"), ("B", "KN"), ("C", "MN")))
    graph = helper.make_graph([helper.make_node("MatMul", ["A", "B"], ["C"])], "matmul", [a, b], [c])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8, producer_name="gistream")
