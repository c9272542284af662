"""The second graphs of a package, `*.int8.onnx`: the same functions with their large products in int8 (docs/model-package.md, decisions 0016 and 0020).

A row's bits must not depend on what it shares a batch with, so no scale may be taken over a batch. There are three ways here, all with unsigned
8-bit activations, which is what x86 multiplies fast, and signed 8-bit weights with a scale per output channel:

* What a layer norm gives has a few channels that are many times larger than the others, always the same ones. Each channel is divided by its own
  constant, which the weights take in instead (SmoothQuant, Xiao et al. 2023, equation 4), and one constant scale serves all rows. This needs
  sentences to measure the channels on, so only family `compact` has it.
* What GELU gives is never below -0.17. That is added, the scale is the row's own largest value over 255, and the bias takes the constant back. With
  ReLU there is nothing to add.
* Everything else has the row's own largest absolute value over 127 as its scale.

Weights that no constant has changed are not stored again: the graph points at their bytes in the graph it was made from (ONNX external data).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Sequence

import numpy as np
import onnx
from onnx import helper, numpy_helper

from .corpus import Document
from .errors import CheckpointError
from .export import OPSET, SMALLEST, list_file, quantised, short_names

SOURCE = "encoder.onnx"
FILE = "encoder.int8.onnx"
WRITERS = {SOURCE: FILE, "decoder.onnx": "decoder.int8.onnx"}
"""What a family that writes has in int8, made from what."""

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
    """MatMul by a constant matrix, and the Add of a bias behind it where there is one."""

    source: str  # what is multiplied
    output: str  # of the Add, or of the MatMul
    weight: str  # int8 [K, N]; [N, K] where it is turned; or float32 [K, N]
    turned: bool
    scale: np.ndarray | None  # float32 [N]; none where the matrix is float32
    bias: np.ndarray | None  # float32 [N]
    node: onnx.NodeProto  # the MatMul
    add: onnx.NodeProto | None

    def matrix(self, constants: dict[str, onnx.TensorProto]) -> np.ndarray:
        """As it is stored, but never turned."""
        stored = numpy_helper.to_array(constants[self.weight])
        return stored.T if self.turned else stored

    def wide(self, constants: dict[str, onnx.TensorProto]) -> np.ndarray:
        return self.matrix(constants).astype(np.float32) * self.scale


def _makers(model: onnx.ModelProto) -> dict[str, onnx.NodeProto]:
    return {output: node for node in model.graph.node for output in node.output}


def _products(model: onnx.ModelProto) -> list[_Product]:
    constants = {t.name: t for t in model.graph.initializer}
    maker = _makers(model)
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    found = []
    for node in model.graph.node:
        stored = _stored(node.input[1], constants, maker) if node.op_type == "MatMul" else None
        if stored is None:
            continue
        weight, turned, scale = stored
        add, bias, output = None, None, node.output[0]
        behind = readers.get(output, [])
        if len(behind) == 1 and behind[0].op_type == "Add":
            biases = [numpy_helper.to_array(constants[name]) for name in behind[0].input if name in constants]
            if biases and biases[0].size == constants[weight].dims[0 if turned else 1]:
                add, bias, output = behind[0], biases[0].reshape(-1), behind[0].output[0]
        found.append(_Product(node.input[0], output, weight, turned, scale, bias, node, add))
    return found


def _stored(name: str, constants: dict[str, onnx.TensorProto], maker: dict[str, onnx.NodeProto]) -> tuple[str, bool, np.ndarray | None] | None:
    """How `export.store_small` left a matrix: int8 with a scale (Cast, Mul), such a token table turned (Transpose), or float32 as it was."""
    if name in constants:
        tensor = constants[name]
        big = len(tensor.dims) == 2 and tensor.dims[0] * tensor.dims[1] >= SMALLEST
        return (name, False, None) if big and tensor.data_type == onnx.TensorProto.FLOAT else None
    turned = name in maker and maker[name].op_type == "Transpose"
    widen = maker.get(maker[name].input[0] if turned else name)
    if widen is None or widen.op_type != "Mul" or widen.input[1] not in constants:
        return None
    cast = maker.get(widen.input[0])
    if cast is None or cast.op_type != "Cast" or cast.input[0] not in constants:
        return None
    return cast.input[0], turned, numpy_helper.to_array(constants[widen.input[1]]).reshape(-1)


def _by_source(products: Sequence[_Product]) -> dict[str, list[_Product]]:
    """Those that multiply the same: query, key and value."""
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


def encoder_of_compact(content: bytes, maxima: dict[str, np.ndarray]) -> bytes:
    """The int8 graph for an `encoder.onnx` of these very bytes; maxima: as `channel_maxima` gives them, float32 [D] each."""
    return _beside(_Int8(content, maxima).model, content, SOURCE)


def graph_of_writer(content: bytes, source: str) -> bytes:
    """The int8 graph for a graph of these very bytes, which lies in the file `source` beside it: all scales are those of rows."""
    return _beside(short_names(_Int8(content, {}).model), content, source)


def _beside(model: onnx.ModelProto, content: bytes, source: str) -> bytes:
    for tensor in model.graph.initializer:
        _share(tensor, content, source)
    return model.SerializeToString(deterministic=True)


class _Int8:
    def __init__(self, content: bytes, maxima: dict[str, np.ndarray]):
        self.model = onnx.load_from_string(content)
        self.constants = {t.name: t for t in self.model.graph.initializer}
        self.maker = _makers(self.model)
        self.added: dict[str, onnx.TensorProto] = {}
        self.nodes: list[onnx.NodeProto] = []
        self.one, self.tiny, self.lift = self.constant("one", np.float32(1)), self.constant("tiny", np.float32(1e-9)), self.constant("gelu_minimum", GELU_MINIMUM)
        self.steps = {True: self.constant("steps_255", np.float32(255)), False: self.constant("steps_127", np.float32(127))}
        self.zero = {True: self.constant("zero_0", np.array(0, np.uint8)), False: self.constant("zero_128", np.array(128, np.uint8))}
        self.rewrite(maxima)

    def constant(self, name: str, array: np.ndarray) -> str:
        self.added[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def rewrite(self, maxima: dict[str, np.ndarray]) -> None:
        instead: dict[int, list[onnx.NodeProto]] = {}
        for source, products in _by_source(_products(self.model)).items():
            for product in products:
                instead[id(product.node)] = []
                if product.add is not None:
                    instead[id(product.add)] = []
            self.nodes = instead[id(products[0].node)]
            if source in maxima:
                self.with_constant_scale(source, products, maxima[source])
            else:
                self.with_scales_of_rows(source, products)
        graph = self.model.graph
        nodes = _alive([new for node in graph.node for new in instead.get(id(node), [node])], [output.name for output in graph.output])
        used = {name for node in nodes for name in node.input}
        kept = [t for t in (*graph.initializer, *self.added.values()) if t.name in used]
        del graph.node[:], graph.initializer[:], self.model.opset_import[:]
        graph.node.extend(nodes)
        graph.initializer.extend(kept)
        self.model.opset_import.extend([helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)])

    def with_constant_scale(self, source: str, products: list[_Product], largest: np.ndarray) -> None:
        """All that multiply the same become one product."""
        name = f"{source}_int8"
        output = products[0].output if len(products) == 1 else f"{name}_all"
        weight = np.concatenate([p.wide(self.constants) for p in products], axis=1)
        bias = np.concatenate([p.bias for p in products])
        smooth = np.maximum(largest, 1e-3) ** np.float32(SMOOTHING)
        step = np.float32(MARGIN) * (largest / smooth).max() / np.float32(127)
        small, scale = quantised(weight * smooth[:, None], 1)
        divide = self.constant(f"{name}_divide", (1 / (smooth * step)).astype(np.float32))
        self.node("Mul", [source, divide], f"{name}_steps")
        self.node("QuantizeLinear", [f"{name}_steps", self.one, self.zero[False]], name)
        weight_and_scale = self.constant(f"{name}_weight", small), self.constant(f"{name}_scale", scale.reshape(-1) * step)
        self.product(name, *weight_and_scale, False, output, self.constant(f"{name}_bias", bias))
        if len(products) > 1:
            self.nodes.append(helper.make_node("Split", [output], [p.output for p in products], axis=-1))

    def with_scales_of_rows(self, source: str, products: list[_Product]) -> None:
        """Rounded once, whatever multiplies it; each product apart, so that its weights are those of the other graph."""
        name = f"{source}_int8"
        minimum = self.minimum(source)
        one_sided = minimum is not None
        values = magnitude = source
        if minimum:
            values = magnitude = self.node("Add", [source, self.lift], f"{name}_lifted")
        if not one_sided:
            magnitude = self.node("Abs", [source], f"{name}_magnitude")
        self.node("ReduceMax", [magnitude], f"{name}_most", axes=[-1], keepdims=1)
        self.node("Max", [f"{name}_most", self.tiny], f"{name}_largest")
        self.node("Div", [self.steps[one_sided], f"{name}_largest"], f"{name}_per_step")
        self.node("Div", [f"{name}_largest", self.steps[one_sided]], f"{name}_step")
        self.node("Mul", [values, f"{name}_per_step"], f"{name}_steps")
        self.node("QuantizeLinear", [f"{name}_steps", self.one, self.zero[one_sided]], name)
        for i, product in enumerate(products):
            own = f"{name}_{i}" if i else name
            weight, scale, whole = self.weights(product, own)
            bias = product.bias
            if minimum:
                bias = ((0 if bias is None else bias) - np.float64(minimum) * whole * scale).astype(np.float32)
            self.product(name, weight, self.constant(f"{own}_scale", scale), one_sided, f"{own}_product")
            if bias is None:
                self.node("Mul", [f"{own}_product", f"{name}_step"], product.output)
            else:
                self.node("Mul", [f"{own}_product", f"{name}_step"], f"{own}_wide")
                self.node("Add", [f"{own}_wide", self.constant(f"{own}_bias", bias)], product.output)

    def weights(self, product: _Product, name: str) -> tuple[str, np.ndarray, np.ndarray]:
        """Name of the int8 matrix [K, N], its scale [N], the sums of its columns [N]."""
        if product.scale is None:
            small, scale = quantised(product.matrix(self.constants), 1)
            return self.constant(f"{name}_weight", small), scale.reshape(-1), small.astype(np.int64).sum(axis=0)
        whole = product.matrix(self.constants).astype(np.int64).sum(axis=0)
        # of a table that is looked up too there is one copy: ONNX Runtime turns it when the session is created
        weight = self.node("Transpose", [product.weight], f"{name}_turned", perm=[1, 0]) if product.turned else product.weight
        return weight, product.scale, whole

    def minimum(self, source: str) -> np.float32 | None:
        """How far below zero what makes this can go, if that is little: GELU as PyTorch exports it, x / 2 (1 + erf(x / sqrt(2))), and ReLU."""
        made = self.maker.get(source)
        if made is None:
            return None
        if made.op_type == "Relu":
            return np.float32(0)
        factors = self.factors(source)
        adds = [self.maker[f] for f in factors if f in self.maker and self.maker[f].op_type == "Add"]
        is_gelu = len(factors) == 3 and any(self.maker[n].op_type == "Erf" for add in adds for n in add.input if n in self.maker)
        return GELU_MINIMUM if is_gelu else None

    def factors(self, name: str) -> list[str]:
        made = self.maker.get(name)
        if made is None or made.op_type != "Mul":
            return [name]
        return [factor for source in made.input for factor in self.factors(source)]

    def product(self, name: str, weight: str, scale: str, one_sided: bool, output: str, *bias: str) -> None:
        """uint8 [.., K] times int8 [K, N], as float32 (ONNX Runtime's contributed operators)."""
        weights_zero = [""] if bias else []
        self.node("MatMulIntegerToFloat", [name, weight, self.one, scale, self.zero[one_sided], *weights_zero, *bias], output, domain="com.microsoft")


def _alive(nodes: list[onnx.NodeProto], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """Without those of which nothing is read any more."""
    needed = set(outputs)
    kept = []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    return kept[::-1]


def _share(tensor: onnx.TensorProto, content: bytes, source: str) -> None:
    """Points at the same bytes in the file `source`, if they are there."""
    if tensor.data_type != onnx.TensorProto.INT8 or len(tensor.raw_data) < SHARED_BYTES:
        return
    offset = content.find(tensor.raw_data)
    if offset < 0:
        return
    length = len(tensor.raw_data)
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", source), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))


def spread(documents: Iterable[Document], most: int = SENTENCES_PER_SET) -> list[str]:
    """So many sentences of each data set, evenly spread over its documents."""
    by_set: dict[str, list[str]] = {}
    for document in documents:
        by_set.setdefault(document.dataset, []).extend(document.sentences)
    return [said[i * len(said) // min(most, len(said))] for said in by_set.values() for i in range(min(most, len(said)))]


def is_writer(package: Path) -> bool:
    return "generation" in json.loads((package / "model.json").read_text("utf-8"))


def write(package: Path, sentences: Sequence[str]) -> None:
    """Adds the graph to a package of the compact family, its ranges measured on these sentences."""
    from . import runtime

    running = runtime.Package(package)
    encoder = (package / SOURCE).read_bytes()
    batches = running.batches(running.tokens(list(sentences)))
    list_file(package, FILE, encoder_of_compact(encoder, channel_maxima(encoder, [(ids, mask) for _, ids, mask in batches])))


def write_for_writer(package: Path) -> None:
    """Adds the graphs to a package of a family that writes, t5 or bart; its rows have scales of their own, so nothing is measured."""
    for source, file in WRITERS.items():
        if not (package / source).exists():
            raise CheckpointError(f"{package} has no {source}")
        list_file(package, file, graph_of_writer((package / source).read_bytes(), source))
