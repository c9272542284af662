"""The exported graphs, on a package small enough to make in a second."""

import hashlib
import json
import shutil

import numpy as np
import onnxruntime
import pytest
import torch

from srformer import bert, encode, export, goldens, selection, tiny, weights
from srformer.bert import Encoder, EncoderConfig, PackedEncoder
from srformer.corpus import Document
from srformer.errors import CheckpointError
from srformer.memory import KINDS
from srformer.runtime import Package


@pytest.fixture(scope="module")
def package(tiny_package):
    return Package(tiny_package)


def segment_batch(size, seed=0):
    random = np.random.default_rng(seed)
    mask = np.ones((size, 4), dtype=np.float32)
    for row in range(size):
        mask[row, random.integers(1, 5) :] = 0
    return {
        "states": random.standard_normal((size, 4, 32)).astype(np.float32) * mask[:, :, None],
        "features": random.random((size, 4, 4)).astype(np.float32) * mask[:, :, None],
        "mask": mask,
        "membrane": random.standard_normal((size, 1, 2, 16, 16)).astype(np.float16),
    }


def test_the_manifest_names_the_digest_of_every_other_file(tiny_package):
    manifest = json.loads((tiny_package / "model.json").read_text())
    assert set(manifest["files"]) == {p.name for p in tiny_package.iterdir()} - {"model.json"}
    for file, digest in manifest["files"].items():
        assert hashlib.sha256((tiny_package / file).read_bytes()).hexdigest() == digest


def test_goldens_go_into_a_package_once_and_it_stays_consistent(tmp_path):
    directory = tmp_path / "tiny"
    tiny.write(directory, "raf", selection.DEFAULTS)
    before = json.loads((directory / "model.json").read_text())
    goldens.add(directory)
    manifest = json.loads((directory / "model.json").read_text())
    content = (directory / "goldens.json").read_bytes()
    assert manifest["files"].pop("goldens.json") == hashlib.sha256(content).hexdigest()
    assert manifest == before
    inside = json.loads(content)
    assert "modelSha256" not in inside and len(content) < 300_000
    goldens.write(directory, tmp_path / "beside.json")
    beside = json.loads((tmp_path / "beside.json").read_text())
    assert beside.pop("modelSha256") == hashlib.sha256((directory / "model.json").read_bytes()).hexdigest()
    assert beside == inside
    listed = (directory / "model.json").read_bytes()
    (directory / "goldens.json").write_bytes(content + b" ")
    goldens.add(directory)
    assert (directory / "model.json").read_bytes() == listed and (directory / "goldens.json").read_bytes() == content + b" "


def test_goldens_inside_a_package_leave_out_memory_that_makes_them_large(tmp_path, monkeypatch):
    directory = tmp_path / "tiny"
    tiny.write(directory, "raf", selection.DEFAULTS)
    monkeypatch.setattr(goldens, "LARGEST", 14_000)
    goldens.add(directory)
    content = (directory / "goldens.json").read_bytes()
    assert len(content) <= 14_000 and list(json.loads(content)["memoryAfterSegments"]) == ["20"]


def test_exporting_again_gives_the_same_bytes(tiny_package, tmp_path):
    tiny.write(tmp_path / "tiny", "raf", selection.DEFAULTS)
    for file in tiny_package.iterdir():
        assert (tmp_path / "tiny" / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_package_without_memory_has_no_memory_graph(tmp_path):
    tiny.write(tmp_path / "tiny-none", "none", selection.DEFAULTS)
    manifest = json.loads((tmp_path / "tiny-none" / "model.json").read_text())
    assert manifest["state"] == [] and not (tmp_path / "tiny-none" / "memory.onnx").exists()
    result = Package(tmp_path / "tiny-none").segment(["Hello there."], 0, {})
    assert result.salience.shape == (1,) and result.memory == {}


def test_graphs_agree_with_pytorch(package):
    decoder = tiny.decoder("raf")
    batch = segment_batch(5)
    inputs = [torch.from_numpy(batch[n]) for n in ("states", "features", "mask", "membrane")]
    with torch.no_grad():
        salience, (membrane,) = decoder(*inputs[:3], inputs[3].float()), decoder.fold(*inputs[:3], inputs[3].float())
    real = batch["mask"] > 0
    np.testing.assert_allclose(package.decoder.run(None, batch)[0][real], salience.numpy()[real], atol=1e-4)
    np.testing.assert_allclose(package.memory.run(None, batch)[0].astype(np.float32), membrane.numpy(), atol=1e-3)


def test_a_segment_has_the_same_bits_in_every_batch(package):
    whole = segment_batch(64)
    for graph in (package.decoder, package.memory):
        expected = graph.run(None, whole)[0]
        for size in (1, 2, 7, 64):
            assert np.array_equal(graph.run(None, {k: v[:size] for k, v in whole.items()})[0], expected[:size])


def test_a_row_has_the_same_bits_in_every_batch_and_with_two_threads(package, tiny_package):
    random = np.random.default_rng(1)
    ids = random.integers(4, 100, (64, 16))
    mask = np.ones_like(ids)
    for row in range(64):
        mask[row, random.integers(3, 17) :] = 0
    expected = package.encoder.run(None, {"input_ids": ids, "attention_mask": mask})[0]
    for runner in (package, Package(tiny_package, threads=2)):
        for size in (1, 3, 8, 64):
            got = runner.encoder.run(None, {"input_ids": ids[:size], "attention_mask": mask[:size]})[0]
            assert np.array_equal(got, expected[:size])


def exported(module, names=("input_ids", "attention_mask")):
    ids = torch.ones(2, 16, dtype=torch.int64)
    axes = {0: "R", 1: "T"}
    traced = export.trace(module, (ids, ids), names, ("states",), {**{name: axes for name in names}, "states": {0: "R"}})
    return onnxruntime.InferenceSession(traced.SerializeToString(), providers=["CPUExecutionProvider"])


def test_packing_changes_no_bit_and_neither_does_how_far_rows_are_padded():
    torch.manual_seed(3)
    encoder = Encoder(EncoderConfig(vocabulary=50, width=32, layers=2, heads=2, inner=64, row_tokens=32)).eval()
    padded, packed = exported(encoder), exported(PackedEncoder(encoder))
    random = np.random.default_rng(3)
    lengths = [3, 16, 5, 1, 9]
    for columns in (16, 24, 32):
        ids = random.integers(1, 50, (len(lengths), columns))
        mask = (np.arange(columns) < np.array(lengths)[:, None]).astype(np.int64)
        given = {"input_ids": ids, "attention_mask": mask}
        expected = padded.run(None, given)[0]
        np.testing.assert_array_equal(packed.run(None, given)[0], expected)
        with torch.no_grad():
            np.testing.assert_allclose(PackedEncoder(encoder)(*map(torch.from_numpy, given.values())).numpy(), expected, atol=1e-5)
        shorter = {name: array[:, :16] for name, array in given.items()}
        np.testing.assert_array_equal(packed.run(None, shorter)[0], expected)


def test_what_is_blocked_is_lost_to_the_bit(monkeypatch):
    """The score that blocks is small enough to be no denormal number, and large enough to leave nothing."""
    torch.manual_seed(3)
    encoder = Encoder(EncoderConfig(vocabulary=50, width=32, layers=2, heads=2, inner=64, row_tokens=32)).eval()
    random = np.random.default_rng(4)
    mask = (np.arange(32) < random.integers(2, 33, 40)[:, None]).astype(np.int64)
    given = {"input_ids": random.integers(1, 50, mask.shape), "attention_mask": mask}
    found = exported(PackedEncoder(encoder)).run(None, given)[0]
    monkeypatch.setattr(bert, "BLOCKED", -1e9)
    np.testing.assert_array_equal(exported(PackedEncoder(encoder)).run(None, given)[0], found)
    monkeypatch.setattr(bert, "BLOCKED", -1.0)
    assert not np.array_equal(exported(PackedEncoder(encoder)).run(None, given)[0], found)


def test_graphs_exported_again_from_their_package_are_the_same(tiny_package, tmp_path):
    again = shutil.copytree(tiny_package, tmp_path / "tiny")
    export.replace_graphs(again, weights.encoder(again), weights.decoder(again), "0.0.2", (16, 32))
    for file in ("encoder.onnx", "decoder.onnx", "memory.onnx"):
        assert (again / file).read_bytes() == (tiny_package / file).read_bytes()
    manifest = json.loads((again / "model.json").read_text())
    assert (manifest["version"], manifest["limits"]["rowBuckets"]) == ("0.0.2", [16, 32])
    assert "encoder.int8.onnx" not in manifest["files"] and not (again / "encoder.int8.onnx").exists()
    for wrong in ((), (16, 8, 32), (16,)):
        with pytest.raises(CheckpointError, match="must rise"):
            export.replace_graphs(again, weights.encoder(again), weights.decoder(again), "0.0.2", wrong)
    said = [[2, 9, 8, 3], [2, 3]]
    np.testing.assert_array_equal(Package(again).encode(said), Package(tiny_package).encode(said))


def test_another_decoder_in_a_package_leaves_its_encoder_and_takes_its_goldens(tiny_package, tmp_path):
    again = shutil.copytree(tiny_package, tmp_path / "tiny")
    goldens.add(again)
    decoder = weights.decoder(again)
    with torch.no_grad():
        decoder.head.bias += 0.5
    export.replace_decoder(again, decoder, "0.0.3", {**selection.DEFAULTS, "statement": 2.0}, {"config": {}}, "another card")
    manifest = json.loads((again / "model.json").read_text())
    assert manifest["selection"]["statement"] == 2.0
    assert manifest["version"] == "0.0.3" and manifest["training"] == {"config": {}} and (again / "MODEL_CARD.md").read_text() == "another card"
    assert set(manifest["files"]) == {p.name for p in again.iterdir()} - {"model.json"} and "goldens.json" not in manifest["files"]
    for file, digest in manifest["files"].items():
        assert hashlib.sha256((again / file).read_bytes()).hexdigest() == digest
    same = [f for f in manifest["files"] if (again / f).read_bytes() == (tiny_package / f).read_bytes()]
    assert "encoder.onnx" in same and "memory.onnx" in same and "decoder.onnx" not in same
    said = "The station by the river is offline."
    before, after = (Package(p).segment([said], 0, Package(p).empty_memory()).salience for p in (tiny_package, again))
    np.testing.assert_allclose(after, before + 0.5, atol=1e-6)


def test_what_a_packages_encoder_makes_of_sentences_is_kept_by_its_digest(tiny_package, tmp_path, monkeypatch):
    monkeypatch.setattr(encode, "WIDTH", 32)
    document = Document("d", "made-up", "train", "none", "", ["The station is offline.", "Yes.", "The station is offline."], [None] * 3, [(i, i) for i in range(3)])
    table = encode.package_states(tmp_path, tiny_package, [document], "talks")
    assert [p.name for p in tmp_path.iterdir()] == ["states-" + hashlib.sha256((tiny_package / "encoder.onnx").read_bytes()).hexdigest()[:12]]
    package = Package(tiny_package)
    expected = package.encode(package.tokens(document.sentences))
    np.testing.assert_allclose(table.states(document.sentences).astype(np.float32), expected, atol=0.02)  # bfloat16
    monkeypatch.setattr(encode, "encode_missing", None)  # nothing is missing now
    assert len(encode.package_states(tmp_path, tiny_package, [document], "talks")) == 2


def test_memory_changes_what_a_segment_is_worth(package):
    empty = package.empty_memory()
    first = package.segment(["The station by the river is offline."], 0, empty)
    with_memory = package.segment(["We replace the modem."], 1, first.memory)
    without = package.segment(["We replace the modem."], 1, empty)
    assert not np.array_equal(with_memory.salience, without.salience)


def test_rows_are_cut_to_the_limit_and_keep_the_separator(package):
    (row,) = package.tokens(["word " * 200])
    assert len(row) == 32 and row[0] == 2 and row[-1] == 3


def test_int8_weights_come_back_within_half_a_step():
    weight = np.random.default_rng(2).standard_normal((64, 32)).astype(np.float32)
    small, scale = export.quantised(weight, 1)
    assert small.dtype == np.int8 and scale.shape == (1, 32)
    assert np.abs(small * scale - weight).max() <= scale.max() / 2 + 1e-6


@pytest.mark.parametrize("name", ["tiny", "tiny-none"])
def test_committed_goldens_are_what_the_committed_package_says(resources, name, tmp_path):
    goldens.write(resources / "models" / name, tmp_path / "goldens.json")
    got, expected = (json.loads(p.read_text()) for p in (tmp_path / "goldens.json", resources / "goldens" / f"{name}.json"))
    assert got["modelSha256"] == expected["modelSha256"]
    assert [s["tokens"] for s in got["segments"]] == [s["tokens"] for s in expected["segments"]]


def test_committed_text_goldens_are_up_to_date(resources, tmp_path):
    goldens.write_text(tmp_path / "text.json")
    assert (tmp_path / "text.json").read_text("utf-8") == (resources / "goldens" / "text.json").read_text("utf-8")


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_memory_is_exported_to_the_same_contract(kind, tmp_path):
    tiny.write(tmp_path / kind, kind, selection.DEFAULTS)
    package = Package(tmp_path / kind)
    decoder = tiny.decoder(kind)
    described = [t.name for t in decoder.memory.state_tensors()]
    assert [t["name"] for t in package.manifest["state"]] == described
    memory, folded, said = package.empty_memory(), decoder.empty_memory(1), 0
    for sentences in goldens.TRANSCRIPT[:20]:
        for begin in range(0, len(sentences), 4):
            part = sentences[begin : begin + 4]
            result = package.segment(part, said, memory)
            said += len(part)
            padded = [np.zeros((1, 4, n), dtype=np.float32) for n in (32, 4)]
            padded[0][0, : len(part)], padded[1][0, : len(part)] = result.states, result.features
            mask = torch.tensor([[1.0] * len(part) + [0.0] * (4 - len(part))])
            inputs = (*(torch.from_numpy(p) for p in padded), mask)
            with torch.no_grad():
                salience = decoder(*inputs, *folded)[0, : len(part)]
                folded = decoder.fold(*inputs, *(torch.from_numpy(memory[name])[None].float() for name in described))
            np.testing.assert_allclose(result.salience, salience.numpy(), atol=2e-3)
            memory = result.memory
            for name, tensor in zip(described, folded, strict=True):
                np.testing.assert_allclose(memory[name].astype(np.float32), tensor[0].numpy(), atol=2e-3)
            folded = tuple(torch.from_numpy(memory[name])[None].float() for name in described)
