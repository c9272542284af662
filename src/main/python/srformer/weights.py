"""The weights of a package of the compact family, back in PyTorch: the numbers that ship, not those of a checkpoint that may be gone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from .bert import Encoder, EncoderConfig
from .decoder import Decoder, DecoderConfig
from .errors import CheckpointError


class _Graph:
    """The constants of a graph. The exporter keeps the names of biases and norms, but calls a matrix after the product it is in, and turns it round."""

    def __init__(self, file: Path):
        graph = onnx.load(str(file)).graph
        self.stored = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        self.nodes = list(graph.node)
        self.maker = {output: node for node in self.nodes for output in node.output}

    def constant(self, name: str) -> np.ndarray | None:
        """The float32 value, where nothing that the graph is given goes into it: int8 and float16 weights are widened by nodes."""
        if name in self.stored:
            return self.stored[name]
        node = self.maker.get(name)
        if node is None or node.op_type not in ("Cast", "Mul", "Constant"):
            return None
        if node.op_type == "Constant":
            return numpy_helper.to_array(node.attribute[0].t)
        inputs = [self.constant(i) for i in node.input]
        if any(i is None for i in inputs):
            return None
        return inputs[0].astype(np.float32) if node.op_type == "Cast" else inputs[0] * inputs[1]

    def parameters(self, prefix: str = "") -> dict[str, np.ndarray]:
        """Parameters by their name in the module, those of linear layers by the bias that is added to the product."""
        found = {name.removeprefix(prefix): array for name, array in self.stored.items() if not name.startswith("onnx::") and "_int8" not in name}
        for node in self.nodes:
            if node.op_type == "Identity" and node.input[0] in self.stored:  # what is equal, as in an untrained network, is stored once
                found[node.output[0].removeprefix(prefix)] = self.stored[node.input[0]]
            if node.op_type == "Add":
                for bias, product in (tuple(node.input), tuple(reversed(node.input))):
                    made = self.maker.get(product)
                    if bias.endswith(".bias") and made is not None and made.op_type == "MatMul":
                        found[bias.removeprefix(prefix).removesuffix("bias") + "weight"] = self.constant(made.input[1]).T
        return found

    def gates(self, heads: int) -> list[np.ndarray]:
        """What the memory's answers are multiplied with, [heads] of each layer in turn."""
        stored = (self.stored.get(i) for node in self.nodes if node.op_type == "Mul" for i in node.input)
        return [array.reshape(heads) for array in stored if array is not None and array.shape == (1, 1, heads, 1)]


def _fill(module: nn.Module, found: dict[str, np.ndarray], file: Path) -> None:
    missing = [name for name in module.state_dict() if name not in found]
    if missing:
        raise CheckpointError(f"{file}: no value for {', '.join(missing)}")
    module.load_state_dict({name: torch.from_numpy(np.array(found[name], dtype=np.float32)) for name in module.state_dict()})
    module.eval()


def encoder(directory: Path) -> Encoder:
    """The encoder of a package; raises CheckpointError when its graph is not one that `export` wrote."""
    manifest = json.loads((directory / "model.json").read_text("utf-8"))
    file = directory / "encoder.onnx"
    graph = _Graph(file)
    found = graph.parameters()
    if "words.weight" not in found and "words.weight_int8" in graph.stored:
        found["words.weight"] = graph.stored["words.weight_int8"] * graph.stored["words.weight_scale"]
    if "words.weight" not in found or "layers.0.inner.bias" not in found:
        raise CheckpointError(f"{file} is not the graph of an encoder that this toolkit exports")
    width = manifest["dims"]["encoder"]
    root = next(graph.constant(n.input[1]) for n in graph.nodes if n.op_type == "Div" and n.input[0] == "/layers.0/MatMul_output_0")
    config = EncoderConfig(
        vocabulary=len(found["words.weight"]),
        width=width,
        layers=1 + max(int(name.split(".")[1]) for name in found if name.startswith("layers.")),
        heads=width // round(float(root) ** 2),
        inner=len(found["layers.0.inner.bias"]),
        row_tokens=len(found["positions"]),
    )
    made = Encoder(config)
    _fill(made, found, file)
    return made


def decoder(directory: Path) -> Decoder:
    """The decoder and the memory of a package; raises CheckpointError as `encoder` does."""
    manifest = json.loads((directory / "model.json").read_text("utf-8"))
    dims = manifest["dims"]
    file = directory / "decoder.onnx"
    graph = _Graph(file)
    found = graph.parameters("decoder.")
    if manifest["state"]:
        found.update(_Graph(directory / "memory.onnx").parameters("decoder."))
    if "layers.0.inner.bias" not in found:
        raise CheckpointError(f"{file} is not the graph of a decoder that this toolkit exports")
    config = DecoderConfig(
        memory=manifest["memory"],
        encoder=dims["encoder"],
        layers=dims["layers"],
        heads=dims["heads"],
        head=dims["head"],
        feedforward=len(found["layers.0.inner.bias"]),
        segment_sentences=manifest["limits"]["segmentSentences"],
        write_gate="write_gate.bias" in found,
    )
    gates = graph.gates(config.heads)
    if len(gates) == config.layers:
        found["memory.gate"] = np.stack(gates)
    made = Decoder(config)
    _fill(made, found, file)
    return made
