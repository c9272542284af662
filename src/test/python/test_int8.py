"""The encoder in int8: close to float32, rows that depend on nothing but themselves, weights that are stored once."""

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from srformer import goldens, int8, runtime, tiny
from srformer.corpus import Document
from srformer.selection import DEFAULTS

SAID = [sentence for segment in goldens.TRANSCRIPT for sentence in segment]


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("int8") / "tiny"
    tiny.write(directory, "raf", DEFAULTS)
    int8.write(directory, SAID)
    return directory


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)


def test_states_are_close_to_those_of_float32_and_not_the_same(package):
    exact, rounded = runtime.Package(package), runtime.Package(package, encoder=int8.FILE)
    rows = exact.tokens(SAID)
    a, b = exact.encode(rows), rounded.encode(rows)
    assert cosines(a, b).min() > 0.999
    assert not np.array_equal(a, b)
    assert cosines(a[:1], b[5:6]) < 0.999


def test_a_row_depends_on_itself_alone(package):
    rounded = runtime.Package(package, encoder=int8.FILE)
    rows = rounded.tokens(SAID)
    together = rounded.encode(rows)
    assert np.array_equal(rounded.encode(rows, largest_batch=1), together)
    backwards = rounded.encode(rows[::-1], largest_batch=3)[::-1]
    assert np.array_equal(backwards, together)


def test_the_large_products_are_in_int8(package):
    model = onnx.load(package / int8.FILE)
    kinds = [node.op_type for node in model.graph.node]
    # of one layer: query, key and value as one; what attention gives; both of the feed-forward
    assert kinds.count("MatMulIntegerToFloat") == 4
    constants = {t.name for t in model.graph.initializer}
    assert not [n for n in model.graph.node if n.op_type == "MatMul" and n.input[1] in constants]


def test_a_value_far_beyond_what_was_seen_is_cut_and_nothing_else_changes(package, tmp_path):
    """Ranges come from sentences seen; with ranges that are too small the graph still gives numbers."""
    copy = tmp_path / "narrow"
    shutil.copytree(package, copy)
    encoder = (package / int8.SOURCE).read_bytes()
    running = runtime.Package(package)
    maxima = int8.channel_maxima(encoder, [(ids, mask) for _, ids, mask in running.batches(running.tokens(SAID))])
    narrow = {name: values / 50 for name, values in maxima.items()}
    (copy / int8.FILE).write_bytes(int8.int8_encoder(encoder, narrow).SerializeToString())
    rows = running.tokens(SAID)
    cut = runtime.Package(copy, encoder=int8.FILE).encode(rows)
    assert np.isfinite(cut).all()
    assert cosines(cut, running.encode(rows)).min() < 0.999


def test_weights_that_no_constant_changes_lie_in_the_other_file(package):
    encoder = (package / int8.SOURCE).read_bytes()
    stored = onnx.load(package / int8.FILE, load_external_data=False)
    shared = [t for t in stored.graph.initializer if t.data_location == onnx.TensorProto.EXTERNAL]
    assert shared
    original = {t.name: t for t in onnx.load_from_string(encoder).graph.initializer}
    for tensor in shared:
        where = {entry.key: entry.value for entry in tensor.external_data}
        assert where["location"] == int8.SOURCE
        begin = int(where["offset"])
        assert encoder[begin : begin + int(where["length"])] == original[tensor.name].raw_data
    assert (package / int8.FILE).stat().st_size < len(encoder)


def test_writing_it_again_gives_the_same_bytes(package):
    before = (package / int8.FILE).read_bytes(), (package / "model.json").read_bytes()
    int8.write(package, SAID)
    assert ((package / int8.FILE).read_bytes(), (package / "model.json").read_bytes()) == before


def test_sentences_are_spread_over_the_documents_of_each_set():
    def document(dataset: str, said: list[str]) -> Document:
        return Document("d", dataset, "train", "MIT", "", said, [None] * len(said), [(0, 0)] * len(said))

    documents = [document("a", [f"a{i}" for i in range(10)]), document("b", ["b0"]), document("a", ["a10", "a11"])]
    assert int8.spread(documents, 3) == ["a0", "a4", "a8", "b0"]
