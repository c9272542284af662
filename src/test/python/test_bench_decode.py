"""What `bench decode` compares with: the same input, the same weights, and as many tokens as asked for."""

import json
from dataclasses import replace

import pytest

from srformer import bench_decode
from srformer.generate import TokenPackage

SEGMENTS = [
    ["We need more people on the phone budget.", "Okay."],
    ["The station is at the river.", "Yes, okay.", "So when will that be, with the money and the train?"],
    ["We make the decision now, and then everybody should say what could be good for the next meeting. " * 12],
]
SHAPES = ("tiny-t5", "tiny-bart")
NEW_TOKENS = 6


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    directory = tmp_path_factory.mktemp("decode")
    bench_decode.write_packages(directory, SHAPES)
    return directory


def written(package: TokenPackage, beams: int) -> list[list[int]]:
    package.generation = replace(package.generation, beams=beams, newTokens=NEW_TOKENS, minTokens=NEW_TOKENS)
    return [list(package.segment(s, package.empty_memory()).written.tokens) for s in SEGMENTS]


@pytest.mark.parametrize("threads", [1, 2])
def test_the_package_writes_what_transformers_writes(packages, threads):
    cases = [{"shape": shape, "beams": beams, "segments": SEGMENTS} for shape in SHAPES for beams in (1, 4)]
    made = bench_decode.run(packages, {"threads": threads, "repeats": 2, "newTokens": NEW_TOKENS, "cases": cases})
    assert set(made) == {"torch", "transformers", "cases"}
    for case, found in zip(cases, made["cases"], strict=True):
        assert len(found["seconds"]) == 2 and min(found["seconds"]) > 0
        assert all(len(tokens) == NEW_TOKENS for tokens in found["tokens"])
        assert found["tokens"] == written(TokenPackage(packages / case["shape"]), case["beams"])
        assert not found["split"] or threads == 2


@pytest.mark.parametrize("shape", SHAPES)
def test_rows_are_those_of_the_package(packages, shape):
    package, generator = TokenPackage(packages / shape), bench_decode.Generator(packages, shape)
    ids, mask = generator.inputs(SEGMENTS)
    assert ids.shape == mask.shape
    for sentences, row, real in zip(SEGMENTS, ids.tolist(), mask.tolist(), strict=True):
        expected = package.tokens(sentences)
        assert row[: len(expected)] == expected and sum(real) == len(expected)
        assert set(row[len(expected) :]) <= {package.manifest["specialTokens"]["pad"]}
    assert mask.sum(1).max() == bench_decode.ROW_BUCKETS[-1]  # one is cut


@pytest.mark.parametrize("shape", SHAPES)
def test_every_token_of_the_vocabulary_has_a_text(packages, shape):
    manifest = json.loads((packages / shape / "model.json").read_text("utf-8"))
    generator = bench_decode.Generator(packages, shape)
    assert generator.tokenizer.get_vocab_size() == manifest["dims"]["vocabulary"] == generator.model.lm_head.out_features
    assert generator.tokenizer.decode([manifest["dims"]["vocabulary"] - 1]).strip() == f"w{manifest['dims']['vocabulary'] - 1}"


def test_the_shapes_are_those_of_the_checkpoints():
    bart, t5 = bench_decode.SHAPES["bart-base"], bench_decode.SHAPES["t5-small"]
    assert (bart.width, bart.inner, bart.layers, bart.heads * bart.head, bart.vocabulary) == (768, 3072, 6, 768, 50265)
    assert (t5.width, t5.inner, t5.layers, t5.heads, t5.head, t5.vocabulary) == (512, 2048, 6, 8, 64, 32128)
