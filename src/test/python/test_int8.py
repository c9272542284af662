"""Graphs in int8: close to float32, rows that depend on nothing but themselves, weights that are stored once."""

import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from srformer import goldens, int8, runtime, tiny, tiny_seq2seq
from srformer.corpus import Document
from srformer.errors import CheckpointError
from srformer.generate import TokenPackage
from srformer.seq2seq_export import layered
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
    (copy / int8.FILE).write_bytes(int8.encoder_of_compact(encoder, narrow))
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


FAMILIES = ("t5", "bart")


@pytest.fixture(scope="module")
def writers(tmp_path_factory) -> dict[str, Path]:
    made = {}
    for family in FAMILIES:
        made[family] = tmp_path_factory.mktemp("int8") / family
        tiny_seq2seq.write(made[family], family, "raf", DEFAULTS)
    return made


def steps(package: Path, graph: str, rows: int) -> list[np.ndarray]:
    """Logits [V] of a step, with the same 3 tokens of 1 to `rows` streams fed together, and each alone."""
    exact = TokenPackage(package)
    session = ort.InferenceSession(str(package / graph), providers=["CPUExecutionProvider"])
    sources = [exact.encode(exact.tokens([said])) for said in ("The battery was fine.", "Yes, okay.", "So when is it?", "We decide now.")[:rows]]
    inputs = {name: np.concatenate([s[name] for s in sources]) for name in sources[0]}
    inputs |= {name: np.repeat(tensor[None], rows, 0) for name, tensor in exact.empty_state().items()}
    for name in layered("past_", exact.layers):
        inputs[name] = np.zeros((rows, exact.heads, *((exact.head, 0) if "keys" in name else (0, exact.head))), np.float32)
    inputs["tokens"] = np.array([[2, 9 + row, 20 + row] for row in range(rows)])
    return list(session.run(["logits"], inputs)[0])


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_writer_finds_probable_is_close_to_float32_and_not_the_same(writers, family):
    exact, rounded = (np.stack(steps(writers[family], graph, 4)) for graph in ("decoder.onnx", "decoder.int8.onnx"))
    assert cosines(exact, rounded).min() > 0.99
    assert not np.array_equal(exact, rounded)
    assert cosines(exact[:1], rounded[1:2]).max() < 0.99


@pytest.mark.parametrize("family", FAMILIES)
def test_a_writers_row_depends_on_itself_alone(writers, family):
    together = steps(writers[family], "decoder.int8.onnx", 4)
    for rows in (1, 2, 3):
        for alone, beside in zip(steps(writers[family], "decoder.int8.onnx", rows), together):
            assert np.array_equal(alone, beside)


def largest_constant(model: onnx.ModelProto) -> dict[str, int]:
    """Of each value that nothing given to the graph goes into: how many numbers the largest constant has that it is made of."""
    found = {t.name: int(np.prod(t.dims)) for t in model.graph.initializer}
    for node in model.graph.node:
        if node.input and all(name in found for name in node.input):
            found.update({name: max(found[source] for source in node.input) for name in node.output})
    return found


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("source", int8.WRITERS)
def test_every_matrix_of_a_writer_is_multiplied_in_int8(writers, family, source):
    exact, rounded = onnx.load(writers[family] / source), onnx.load(writers[family] / int8.WRITERS[source])
    products = int8._products(exact)
    assert len(products) >= 10
    assert [n.op_type for n in rounded.graph.node].count("MatMulIntegerToFloat") == len(products)
    constants = largest_constant(rounded)
    assert not [n for n in rounded.graph.node if n.op_type in ("MatMul", "Gemm") and constants.get(n.input[1], 0) >= 1024]
    zeros = [len(z.raw_data) and z.raw_data[0] for z in rounded.graph.initializer if z.data_type == onnx.TensorProto.UINT8]
    assert sorted(zeros) == [0, 128]  # what ReLU or GELU gives is never (much) below zero
    assert {i.name for i in exact.graph.input} == {i.name for i in rounded.graph.input}


def test_a_table_of_tokens_is_stored_once(tmp_path):
    """BART's last product is by the table that its tokens are looked up in: turned when the session is created."""
    checkpoint = tiny_seq2seq.bart_checkpoint(1)
    vocabulary, width = checkpoint.lm_head.weight.shape
    tiny_seq2seq.write(tmp_path / "bart", "bart", "raf", DEFAULTS)
    stored = onnx.load(tmp_path / "bart" / "decoder.int8.onnx", load_external_data=False)
    tables = [t for t in stored.graph.initializer if sorted(t.dims) == sorted((vocabulary, width))]
    assert len(tables) == 1
    assert tables[0].data_location == onnx.TensorProto.EXTERNAL


@pytest.mark.parametrize("family", FAMILIES)
def test_a_package_with_float32_weights_gets_them_too(tmp_path, family):
    made = tmp_path / family
    checkpoint = tiny_seq2seq.CHECKPOINTS[family](3)
    tiny_seq2seq.write_package(
        made, name=family, version="0", model=tiny_seq2seq.Seq2Seq(tiny_seq2seq.BACKBONES[family](checkpoint), "raf", gate=0.0),
        tokenizer_json=tiny_seq2seq.TOKENIZERS[family]().to_str(), special_tokens=tiny_seq2seq.SPECIAL_TOKENS[family],
        generation=tiny_seq2seq.GENERATION[family], segment_sentences=4, row_buckets=(16, 32, 64), selection=DEFAULTS, training={}, card="", weights="float32",
    )
    assert not (made / "decoder.int8.onnx").exists()
    int8.write_for_writer(made)
    before = {file: (made / file).read_bytes() for file in ("model.json", *int8.WRITERS.values())}
    exact, rounded = (np.stack(steps(made, graph, 4)) for graph in ("decoder.onnx", "decoder.int8.onnx"))
    assert cosines(exact, rounded).min() > 0.99
    int8.write_for_writer(made)
    assert {file: (made / file).read_bytes() for file in before} == before


def test_a_package_that_lacks_a_graph_is_refused(writers, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(writers["t5"], copy)
    (copy / "decoder.onnx").unlink()
    with pytest.raises(CheckpointError, match="no decoder.onnx"):
        int8.write_for_writer(copy)
