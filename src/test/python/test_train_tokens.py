"""Fine-tuning of the token families on a handful of invented talks."""

import json

import pytest
import torch
from test_convert import tokenizer

from srformer import checkpoint as checkpoints
from srformer import tiny_seq2seq, train_tokens
from srformer.convert import convert
from srformer.corpus import Document
from srformer.errors import CheckpointError
from srformer.generate import TokenPackage
from srformer.train_tokens import IGNORED, Rows, TokenTrainConfig

SENTENCES = [
    "The modem at the old bridge is offline since Tuesday.", "Yes, I know.", "We replace the modem and not the station.", "That is cheap and good.",
    "The dashboard is too slow on a phone.", "Okay.", "So we load the last seven days only.", "The mill waits until next year.",
]
SUMMARY = "We replace the modem. Only the last seven days are loaded. The mill waits until next year. Cats purr."
PARTS = [(0, 2), (2, 4), (4, 7), (7, 8)]


def document(number=0, **more):
    return Document(str(number), "talks", "train", "", SUMMARY, SENTENCES, [None] * 8, [(i, i) for i in range(8)], **more)


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    made = {}
    for family in ("t5", "bart"):
        directory = tmp_path_factory.mktemp("hf") / family
        model = tiny_seq2seq.CHECKPOINTS[family](4)
        if family == "bart":
            model.generation_config.update(forced_bos_token_id=0)
        model.save_pretrained(directory)
        tokenizer(family).save_pretrained(directory)
        limits = {"prefixTokens": 12, "newTokens": 40, "minTokens": 5}
        made[family] = directory.with_name("checkpoint")
        convert(directory, "raf", name=f"small-{family}", row_buckets=(32, 64), generation=limits).save(made[family])
    return made


def test_each_sentence_is_the_task_of_the_segment_that_says_it():
    assert train_tokens.assigned(document(), PARTS) == [[], ["We replace the modem."], ["Only the last seven days are loaded."], ["The mill waits until next year."]]


def test_an_aligned_sentence_stays_inside_its_span():
    aligned = [{"text": "We replace the modem.", "chunks": [0, 1], "kind": None, "score": None}]
    assert train_tokens.assigned(document(aligned=aligned), PARTS)[0] == ["We replace the modem."]


@pytest.mark.parametrize("family", ["t5", "bart"])
def test_rows_feed_what_was_written_and_learn_what_follows(converted, family):
    rows = Rows(checkpoints.load(converted[family]))
    generation, said = rows.generation, [SENTENCES[a:b] for a, b in PARTS]
    tasks = train_tokens.assigned(document(), PARTS)
    batch = rows.batch(said, tasks, 0, 4, empty_weight=0.25)
    written = []
    for i in range(4):
        fed, labels = batch.tokens[i].tolist(), batch.labels[i].tolist()
        before = written[-12:]
        assert fed[: 1 + len(before)] == [generation.start, *before]
        target = fed[1 + len(before) : labels.index(generation.endOfSegment) + 1]
        forced = family == "bart" and i == 0
        assert labels[: len(before) + len(target) + 1] == [IGNORED] * (len(before) + forced) + target[forced:] + [generation.endOfSegment]
        assert rows.tokenizer.decode(target).strip() == " ".join(tasks[i])
        written += target
        assert set(batch.weights[i][: len(target) + 1].tolist()) == {1.0 if tasks[i] else 0.25}
    later = rows.batch(said, tasks, 2, 4, empty_weight=0.25)
    assert later.tokens[1].tolist() == batch.tokens[3].tolist()[: later.tokens.shape[1]]


@pytest.mark.parametrize("family", ["t5", "bart"])
def test_training_in_parts_takes_the_same_steps_and_learns(converted, family, tmp_path):
    config = TokenTrainConfig(epochs=3, learning_rate=3e-3, warmup_steps=2, thickness_words=(12,), longest=3, documents_per_step=2)
    documents = [document(i) for i in range(4)]
    whole = checkpoints.load(converted[family])
    first = train_tokens.held_out_loss(whole, Rows(whole), documents[:1], config)
    assert train_tokens.train(whole, documents, config, tmp_path / "whole")
    assert train_tokens.held_out_loss(whole, Rows(whole), documents[:1], config) < 0.9 * first
    assert whole.model.memory.gate.abs().min() > 0 and whole.settings.generation.minTokens == 0

    parts = tmp_path / "parts"
    assert not train_tokens.train(checkpoints.load(converted[family]), documents, config, parts, minutes=0)
    for _ in range(200):
        if train_tokens.train(checkpoints.load(converted[family]), documents, config, parts, minutes=4e-4):
            break
    again = checkpoints.load(parts)
    for (name, a), (_, b) in zip(whole.model.state_dict().items(), again.model.state_dict().items(), strict=True):
        assert torch.equal(a, b), name
    with pytest.raises(CheckpointError, match="other settings"):
        train_tokens.train(checkpoints.load(converted[family]), documents[:3], config, parts)

    again.export(tmp_path / "package")
    package = TokenPackage(tmp_path / "package")
    assert package.segment(SENTENCES[:2], package.empty_memory()).memory.state["membrane"].any()
    assert json.loads((tmp_path / "package" / "model.json").read_text())["training"]["steps"] == 6


def test_pairs_are_read_and_faults_named(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps({"transcript": "One thing is done. Another is not.", "summary": "One is done."}) + "\n" + json.dumps({"transcript": ["A.", "B."], "summary": "A."}))
    first, second = train_tokens.read_pairs(path)
    assert first.sentences == ["One thing is done.", "Another is not."] and second.sentences == ["A.", "B."]
    path.write_text('{"transcript": "x"}')
    with pytest.raises(CheckpointError, match="line 1"):
        train_tokens.read_pairs(path)
