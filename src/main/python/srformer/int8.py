"""The encoder's second graph, `encoder.int8.onnx`: the same function with its large products in int8 (docs/model-package.md, decision 0016).

A row's bits must not depend on what it shares a batch with, so no scale may be taken over a batch. There are three ways here, all with unsigned
8-bit activations, which is what x86 multiplies fast, and signed 8-bit weights with a scale per output channel:

* What a layer norm gives has a few channels that are many times larger than the others, always the same ones. Each channel is divided by its own
  constant, which the weights take in instead (SmoothQuant, Xiao et al. 2023, equation 4), and one constant scale serves all rows.
* What GELU gives is never below -0.17. That is added, the scale is the row's own largest value over 255, and the bias takes the constant back.
* Everything else has the row's own largest absolute value over 127 as its scale.

Weights that no constant has changed are not stored again: the graph points at their bytes in `encoder.onnx` (ONNX external data).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Sequence

import numpy as np
import onnx
from onnx import helper, numpy_helper

from .corpus import Document
from .export import OPSET, list_file, quantised

FILE = "encoder.int8.onnx"
SOURCE = "encoder.onnx"

GELU_MINIMUM = np.float32(0.17)
"""A little more than how far GELU goes below zero (0.16997)."""
SMOOTHING = 0.7
"""How much of a channel's size goes into the weights. Tried: 0.3, 0.5, 0.7, 0.8."""
MARGIN = 1.25
"""How much larger than the largest value seen a value may be before it is cut."""
DOCUMENTS_PER_SET = 20
SENTENCES_PER_SET = 400
SHARED_BYTES = 4096
"""Smaller weights are stored twice."""


@dataclass
class _Product:
    """MatMul by a constant int8 matrix, and the Add of a bias behind it."""

    source: str  # what is multiplied
    output: str  # of the Add
    weight: str  # int8 [K, N]
    scale: np.ndarray  # float32 [N]
    bias: np.ndarray  # float32 [N]
    nodes: list[onnx.NodeProto]  # what the new nodes replace

    def wide(self, constants: dict[str, onnx.TensorProto]) -> np.ndarray:
        return numpy_helper.to_array(constants[self.weight]).astype(np.float32) * self.scale


def _products(model: onnx.ModelProto) -> list[_Product]:
    constants = {t.name: t for t in model.graph.initializer}
    maker = {output: node for node in model.graph.node for output in node.output}
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    found = []
    for node in model.graph.node:
        widen = maker.get(node.input[1]) if node.op_type == "MatMul" else None
        if widen is None or widen.op_type != "Mul" or not widen.input[1] in constants:
            continue
        cast = maker[widen.input[0]]
        (add,) = readers[node.output[0]]
        (bias,) = (name for name in add.input if name in constants)
        scale = numpy_helper.to_array(constants[widen.input[1]]).reshape(-1)
        found.append(
            _Product(node.input[0], add.output[0], cast.input[0], scale, numpy_helper.to_array(constants[bias]), [cast, widen, node, add])
        )
    return found


def _by_source(products: Sequence[_Product]) -> dict[str, list[_Product]]:
    """Those that multiply the same become one product: query, key and value."""
    groups: dict[str, list[_Product]] = {}
    for product in products:
        groups.setdefault(product.source, []).append(product)
    return groups


def _normalised(model: onnx.ModelProto, groups: dict[str, list[_Product]]) -> list[str]:
    return [n.output[0] for n in model.graph.node if n.op_type == "LayerNormalization" and n.output[0] in groups]


def channel_maxima(encoder: bytes, batches: Sequence[tuple[np.ndarray, np.ndarray]]) -> dict[str, np.ndarray]:
    """The largest absolute value of each channel of each layer norm's output, padding not counted: name -> float32 [D].

    `batches` are ids and masks, int64 [R, T].
    """
    import onnxruntime as ort

    model = onnx.load_from_string(encoder)
    names = _normalised(model, _by_source(_products(model)))
    model.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    largest: dict[str, np.ndarray] = {}
    for ids, mask in batches:
        for name, values in zip(names, session.run(names, {"input_ids": ids, "attention_mask": mask})):
            padded = values.shape[:2] == mask.shape  # a package of before 3.1.1; since then layer norms see tokens only
            found = np.abs(values[mask.astype(bool)] if padded else values[0]).max(axis=0)
            largest[name] = np.maximum(largest.get(name, found), found)
    return largest


def int8_encoder(encoder: bytes, maxima: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The int8 graph for `encoder.onnx` of these very bytes."""
    model = onnx.load_from_string(encoder)
    constants = {t.name: t for t in model.graph.initializer}
    maker = {output: node for node in model.graph.node for output in node.output}
    groups = _by_source(_products(model))
    added: list[onnx.TensorProto] = []

    def constant(name: str, array: np.ndarray) -> str:
        added.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    one, tiny, lift = constant("one", np.float32(1)), constant("tiny", np.float32(1e-9)), constant("gelu_minimum", GELU_MINIMUM)
    steps = {True: constant("steps_255", np.float32(255)), False: constant("steps_127", np.float32(127))}
    zero = {True: constant("zero_0", np.array(0, np.uint8)), False: constant("zero_128", np.array(128, np.uint8))}
    instead: dict[int, list[onnx.NodeProto]] = {}

    for source, products in groups.items():
        name = f"{source}_int8"
        scale, bias = np.concatenate([p.scale for p in products]), np.concatenate([p.bias for p in products])
        one_sided = maker[source].op_type == "Mul" and source not in maxima
        output = products[0].output if len(products) == 1 else f"{name}_all"
        if source in maxima:
            weight = np.concatenate([p.wide(constants) for p in products], axis=1)
            smooth = np.maximum(maxima[source], 1e-3) ** np.float32(SMOOTHING)
            step = np.float32(MARGIN) * (maxima[source] / smooth).max() / np.float32(127)
            small, scale = quantised(weight * smooth[:, None], 1)
            divide = constant(f"{name}_divide", (1 / (smooth * step)).astype(np.float32))
            nodes = [
                helper.make_node("Mul", [source, divide], [f"{name}_steps"]),
                helper.make_node("QuantizeLinear", [f"{name}_steps", one, zero[False]], [name]),
                _product(name, constant(f"{name}_weight", small), one, constant(f"{name}_scale", scale.reshape(-1) * step), zero[False], output, constant(f"{name}_bias", bias)),
            ]
        else:
            (product,) = products
            nodes = []
            values = magnitude = source
            if one_sided:
                values = magnitude = f"{name}_lifted"
                nodes.append(helper.make_node("Add", [source, lift], [values]))
                whole = numpy_helper.to_array(constants[product.weight]).astype(np.int64).sum(axis=0)
                bias = (bias - np.float64(GELU_MINIMUM) * whole * scale).astype(np.float32)
            else:
                magnitude = f"{name}_magnitude"
                nodes.append(helper.make_node("Abs", [source], [magnitude]))
            nodes += [
                helper.make_node("ReduceMax", [magnitude], [f"{name}_most"], axes=[-1], keepdims=1),
                helper.make_node("Max", [f"{name}_most", tiny], [f"{name}_largest"]),
                helper.make_node("Div", [steps[one_sided], f"{name}_largest"], [f"{name}_per_step"]),
                helper.make_node("Div", [f"{name}_largest", steps[one_sided]], [f"{name}_step"]),
                helper.make_node("Mul", [values, f"{name}_per_step"], [f"{name}_steps"]),
                helper.make_node("QuantizeLinear", [f"{name}_steps", one, zero[one_sided]], [name]),
                _product(name, product.weight, one, constant(f"{name}_scale", scale), zero[one_sided], f"{name}_product"),
                helper.make_node("Mul", [f"{name}_product", f"{name}_step"], [f"{name}_wide"]),
                helper.make_node("Add", [f"{name}_wide", constant(f"{name}_bias", bias)], [output]),
            ]
        if len(products) > 1:
            nodes.append(helper.make_node("Split", [output], [p.output for p in products], axis=-1))
        for node in (n for p in products for n in p.nodes):
            instead[id(node)] = []
        instead[id(products[0].nodes[2])] = nodes

    nodes = [new for node in model.graph.node for new in instead.get(id(node), [node])]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    used = {name for node in nodes for name in node.input}
    kept = [t for t in (*model.graph.initializer, *added) if t.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    del model.opset_import[:]
    model.opset_import.extend([helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)])
    for tensor in model.graph.initializer:
        _share(tensor, encoder)
    return model


def _product(name: str, weight: str, step: str, scale: str, zero: str, output: str, *bias: str) -> onnx.NodeProto:
    """uint8 [.., K] times int8 [K, N], as float32 (ONNX Runtime's contributed operators)."""
    weights_zero = [""] if bias else []
    return helper.make_node("MatMulIntegerToFloat", [name, weight, step, scale, zero, *weights_zero, *bias], [output], domain="com.microsoft")


def _share(tensor: onnx.TensorProto, encoder: bytes) -> None:
    """Points at the same bytes in `encoder.onnx`, if they are there."""
    if tensor.data_type != onnx.TensorProto.INT8 or len(tensor.raw_data) < SHARED_BYTES:
        return
    offset = encoder.find(tensor.raw_data)
    if offset < 0:
        return
    length = len(tensor.raw_data)
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", SOURCE), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))


def spread(documents: Iterable[Document], most: int = SENTENCES_PER_SET) -> list[str]:
    """So many sentences of each data set, evenly spread over its documents."""
    by_set: dict[str, list[str]] = {}
    for document in documents:
        by_set.setdefault(document.dataset, []).extend(document.sentences)
    return [said[i * len(said) // min(most, len(said))] for said in by_set.values() for i in range(min(most, len(said)))]


def write(package: Path, sentences: Sequence[str]) -> None:
    """Adds the graph to a package of the compact family, its ranges measured on these sentences."""
    from . import runtime

    running = runtime.Package(package)
    encoder = (package / SOURCE).read_bytes()
    batches = running.batches(running.tokens(list(sentences)))
    content = int8_encoder(encoder, channel_maxima(encoder, [(ids, mask) for _, ids, mask in batches])).SerializeToString(deterministic=True)
    list_file(package, FILE, content)
