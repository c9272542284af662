"""Packages of the token families: graphs against PyTorch, text against what `transformers` itself generates."""

import dataclasses
import json

import numpy as np
import pytest
import torch

from srformer import goldens, selection, tiny_seq2seq
from srformer.generate import Memory, TokenPackage
from srformer.memory import KINDS
from srformer.seq2seq import Seq2Seq
from srformer.seq2seq_export import Generation, check, layered, write_package

FAMILIES = tuple(tiny_seq2seq.CHECKPOINTS)
SENTENCES = ["The battery was fine.", "It was the modem, it kept asking for a new address."]


@pytest.fixture(scope="module")
def exact_packages(tmp_path_factory):
    """Unquantised, the gate closed: what the checkpoint itself would write about one segment."""
    made = {}
    for family in FAMILIES:
        checkpoint = tiny_seq2seq.CHECKPOINTS[family](3)
        directory = tmp_path_factory.mktemp("exact") / family
        write_package(
            directory, name=family, version="0", model=Seq2Seq(tiny_seq2seq.BACKBONES[family](checkpoint), "raf", gate=0.0),
            tokenizer_json=tiny_seq2seq.TOKENIZERS[family]().to_str(), special_tokens=tiny_seq2seq.SPECIAL_TOKENS[family],
            generation=tiny_seq2seq.GENERATION[family], segment_sentences=4, row_buckets=(16, 32, 64), selection=selection.DEFAULTS,
            training={}, card="", weights="float32",
        )
        made[family] = (directory, checkpoint)
    return made


@pytest.fixture(scope="module")
def tiny_packages(resources):
    return resources / "models"


VARIANTS = [
    {},
    {"num_beams": 1},
    {"num_beams": 1, "no_repeat_ngram_size": 3},
    {"num_beams": 4, "no_repeat_ngram_size": 3},
    {"num_beams": 4, "no_repeat_ngram_size": 2, "length_penalty": 2.0, "early_stopping": True},
    {"num_beams": 4, "length_penalty": 0.3, "min_length": 6},
    {"num_beams": 3, "length_penalty": -1.0, "early_stopping": "never", "no_repeat_ngram_size": 3},
    {"num_beams": 4, "length_penalty": 1.5, "early_stopping": "never", "suppress_tokens": [5, 6, 7]},
    {"num_beams": 4, "forced_bos_token_id": 9, "min_length": 4, "no_repeat_ngram_size": 3},
    {"num_beams": 1, "forced_bos_token_id": 9, "min_length": 4},
]


def generation_of(family, options) -> Generation:
    return dataclasses.replace(
        tiny_seq2seq.GENERATION[family], forcedFirst=options.get("forced_bos_token_id"), suppressed=tuple(options.get("suppress_tokens", ())),
        newTokens=14, minTokens=max(0, options.get("min_length", 0) - 1), beams=options.get("num_beams", 4),
        lengthPenalty=options.get("length_penalty", 1.0), earlyStopping=options.get("early_stopping", False),
        noRepeatNgram=options.get("no_repeat_ngram_size", 0),
    )


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("options", VARIANTS)
@pytest.mark.parametrize("before", [(), (40, 41, 42, 40, 41)])
def test_tokens_are_those_that_transformers_generates(exact_packages, family, options, before):
    directory, checkpoint = exact_packages[family]
    if before and "forced_bos_token_id" in options:
        pytest.skip("transformers forces a first token only when nothing is fed but the start")
    generation = generation_of(family, options)
    package = TokenPackage(directory, generation=generation)
    result = package.segment(SENTENCES, Memory(package.empty_memory().state, before))
    arguments = {"num_beams": 4, **options, "min_length": options.get("min_length", 0) + len(before) if "min_length" in options else 0}
    with torch.no_grad():
        expected = checkpoint.generate(
            torch.tensor([result.tokens]), decoder_input_ids=torch.tensor([[generation.start, *before]]), max_new_tokens=14, do_sample=False, use_cache=False, **arguments
        )[0].tolist()[1 + len(before) :]
    assert list(result.written.tokens) == [t for t in expected if t != generation.endOfSegment]
    assert len(result.written.log_probabilities) == len(result.written.tokens)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("memory", KINDS)
def test_graphs_agree_with_pytorch(tiny_packages, family, memory):
    name = tiny_seq2seq.name_of(family, memory)
    package = TokenPackage(tiny_packages / name)
    model = tiny_seq2seq.network(family, memory, tiny_seq2seq.seed_of(family, memory))
    state = package.empty_memory().state
    for sentences in goldens.TRANSCRIPT[:4]:
        source = package.encode(package.tokens(sentences))
        step = package.steps(source, state)
        got = [step(np.array([[2, 30, 31]]), None), step(np.array([[50], [51]]), np.array([0, 0])), step(np.array([[60]]), np.array([1]))]
        ids = torch.tensor([package.tokens(sentences)])
        mask = torch.ones(ids.shape)
        with torch.no_grad():
            before = tuple(torch.from_numpy(t[None]) for t in state.values())
            expected = model.segment(ids, mask, torch.tensor([[2, 30, 31, 51, 60]]), *before)
            after = model.fold(model.encode(ids, mask), mask, before)
        np.testing.assert_allclose(got[0][0], expected[0, 2].numpy(), atol=1e-4)
        np.testing.assert_allclose(got[1][1], expected[0, 3].numpy(), atol=1e-4)
        np.testing.assert_allclose(got[2][0], expected[0, 4].numpy(), atol=1e-4)
        state = package.fold(source, state)
        for (key, tensor), theirs in zip(state.items(), after, strict=True):
            np.testing.assert_allclose(tensor.astype(np.float32), theirs[0].numpy(), atol=1e-4, rtol=1e-3, err_msg=key)  # a last bit of float16


@pytest.mark.parametrize("name, beams", [("tiny-t5", 4), ("tiny-bart-full", 1)])
def test_goldens_do_not_hang_on_a_near_tie(resources, name, beams):
    assert tiny_seq2seq.steady(TokenPackage(resources / "models" / name), goldens.TRANSCRIPT, beams, noise=1e-3)


def test_exporting_again_gives_the_same_bytes(tiny_packages, tmp_path):
    for name in tiny_seq2seq.write_all(tmp_path, selection.DEFAULTS):
        for file in (tmp_path / name).iterdir():
            assert (tiny_packages / name / file.name).read_bytes() == file.read_bytes(), (name, file.name)


def test_committed_goldens_are_what_the_committed_packages_say(tiny_packages, resources, tmp_path):
    for directory in sorted(d for pattern in ("tiny-t5*", "tiny-bart*") for d in tiny_packages.glob(pattern)):
        goldens.write(directory, tmp_path / "goldens.json")
        got, expected = (json.loads(p.read_text("utf-8")) for p in (tmp_path / "goldens.json", resources / "goldens" / f"{directory.name}.json"))
        assert got["modelSha256"] == expected["modelSha256"]
        assert got["segments"] == expected["segments"]
        for run, other in zip(got["runs"], expected["runs"], strict=True):
            assert [s["written"] for s in run["segments"]] == [s["written"] for s in other["segments"]]
            assert [s["text"] for s in run["segments"]] == [s["text"] for s in other["segments"]]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("memory", [kind for kind in KINDS if kind not in ("none", "full")])
def test_a_segment_has_the_same_bits_in_every_batch(tiny_packages, family, memory):
    package = TokenPackage(tiny_packages / tiny_seq2seq.name_of(family, memory))
    rows = [package.tokens(s) for s in goldens.TRANSCRIPT]
    rows = [r for r in rows if len(r) <= 64][:16]
    ids, mask = np.ones((16, 64), dtype=np.int64), np.zeros((16, 64), dtype=np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    random = np.random.default_rng(0)
    names = layered("", package.layers)
    source = dict(zip(names, package.encoder.run(names, {"input_ids": ids, "attention_mask": mask})))
    state = {t["name"]: random.standard_normal((16, *t["shape"])).astype(t["type"]) for t in package.manifest["state"]}
    if memory == "abc-window":
        state["window_filled"] = np.tri(16, state["window_filled"].shape[1], dtype=np.float16)[::-1].copy()
    whole = {**source, "mask": mask.astype(np.float32), **state}
    heads, head, beams = package.heads, package.head, 2
    tokens = ids[:, :5].repeat(beams, 0)
    tokens[1::beams] += 1
    past = {name: random.standard_normal((16 * beams, heads, *((head, 3) if "keys" in name else (3, head)))).astype(np.float32) for name in layered("past_", package.layers)}
    folded, decoded = package.memory.run(None, whole), package.decoder.run(None, {**whole, "tokens": tokens, **past})
    for size in (1, 2, 5):
        some = package.encoder.run(names, {"input_ids": ids[:size], "attention_mask": mask[:size]})
        assert all(np.array_equal(got, source[name][:size]) for name, got in zip(names, some, strict=True))
        cut = {name: tensor[:size] for name, tensor in whole.items()}
        rows = size * beams
        for got, expected in zip(package.memory.run(None, cut), folded, strict=True):
            assert np.array_equal(got, expected[:size])
        fed = {"tokens": tokens[:rows], **{name: tensor[:rows] for name, tensor in past.items()}}
        for got, expected in zip(package.decoder.run(None, {**cut, **fed}), decoded, strict=True):
            assert np.array_equal(got, expected[:rows])


def test_memory_and_written_tokens_are_carried(tiny_packages):
    for family in FAMILIES:
        package = TokenPackage(tiny_packages / f"tiny-{family}")
        first = package.segment(SENTENCES, package.empty_memory()).memory
        fresh = package.segment(["Agreed."], package.empty_memory()).written
        assert package.segment(["Agreed."], first).written != fresh
        assert package.segment(["Agreed."], Memory(package.empty_memory().state, first.written)).written != fresh
        assert package.segment(["Agreed."], Memory(first.state, ())).written != fresh


def test_limits_beyond_the_checkpoints_positions_are_refused():
    model = tiny_seq2seq.network("bart", "raf", 1)
    with pytest.raises(ValueError, match="64 encoder positions"):
        check(model, tiny_seq2seq.GENERATION["bart"], 65)
    with pytest.raises(ValueError, match="64 decoder positions"):
        check(model, dataclasses.replace(tiny_seq2seq.GENERATION["bart"], newTokens=60), 64)
