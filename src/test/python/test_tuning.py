"""The tuned encoder: its lower half on disk, its upper half without padding, and what of it learns."""

import random
from dataclasses import replace

import numpy as np
import pytest
import torch

from srformer import train, tuning
from srformer.bert import Encoder, EncoderConfig
from srformer.corpus import Document
from srformer.dataset import example
from srformer.decoder import POSITION, Decoder, DecoderConfig
from srformer.train import TrainConfig
from srformer.tuning import LowerStates, TuneConfig, Tuned

SENTENCES = [
    "The flood gauge at the old bridge failed on Tuesday.",
    "Yes.",
    "Peter will drive to the old bridge tomorrow morning.",
    "The flood gauge at the old bridge failed on Tuesday.",
    "We replace the modem of the second station.",
]
REFERENCE = "The flood gauge failed. Peter will replace the modem of the station."


def ids_of(sentence):
    return [2 + sum(map(ord, word)) % 40 for word in sentence.split()]


def rows(sentences):
    longest = max(len(ids_of(s)) for s in sentences)
    ids = np.zeros((len(sentences), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for i, s in enumerate(sentences):
        ids[i, : len(ids_of(s))] = ids_of(s)
        mask[i, : len(ids_of(s))] = 1
    return ids, mask


@pytest.fixture(scope="module")
def encoder():
    torch.manual_seed(3)
    return Encoder(EncoderConfig(vocabulary=50, width=384, layers=3, heads=12, inner=64, row_tokens=16)).eval()


@pytest.fixture
def lower(encoder, tmp_path):
    table = LowerStates(tmp_path / "tokens", append=True)
    unique = table.missing(SENTENCES)
    table.append(unique, tuning.lower_encoder(encoder, 1)(*rows(unique)))
    return table


@pytest.fixture
def model(encoder):
    torch.manual_seed(4)
    return Tuned.of(encoder, 2, Decoder(DecoderConfig(heads=2, head=8, feedforward=16)))


@pytest.fixture(scope="module")
def talk():
    n = len(SENTENCES)
    return example(Document("d", "made-up", "train", "none", REFERENCE, SENTENCES, [None] * n, [(i, i) for i in range(n)]), None)


def test_states_are_those_of_the_whole_encoder(encoder, lower, model):
    with torch.no_grad():
        states = model.states(SENTENCES, lower)
        expected = encoder(*map(torch.from_numpy, rows(SENTENCES)))

    # bfloat16 keeps eight bits
    assert torch.cosine_similarity(states, expected).min() > 0.999
    assert torch.equal(states[0], states[3])
    assert torch.allclose(states.norm(dim=1), torch.ones(5), atol=1e-5)


def test_a_half_written_row_is_encoded_again(lower, tmp_path):
    tokens = tmp_path / "tokens" / "tokens.bf16"
    with open(tokens, "r+b") as file:
        file.truncate(tokens.stat().st_size - 100)

    again = LowerStates(tmp_path / "tokens", append=True)

    assert len(again) == len(lower) - 1
    assert len(again.missing(SENTENCES)) == 1


def test_only_candidates_send_their_gradient_into_the_encoder(lower, model):
    states = model.states(SENTENCES, lower, [True, False, False, True, False])
    states[1].sum().backward(retain_graph=True)
    assert model.upper[1].query.weight.grad is None or not model.upper[1].query.weight.grad.any()

    # (a sum of squares would be 1 whatever the weights)
    states[0].sum().backward()
    assert model.upper[1].query.weight.grad.any()
    assert model.upper[0].norm_output.weight.grad.any()


def test_tuning_changes_the_upper_layers_and_resumes(encoder, lower, model, talk, tmp_path):
    config = TrainConfig(epochs=2, learning_rate=1e-3, documents_per_step=1, longest=1000, dropout=0.0)

    def run(directory, epochs_at_once):
        torch.manual_seed(4)
        fresh = Tuned.of(encoder, 2, Decoder(DecoderConfig(heads=2, head=8, feedforward=16)))
        scores = iter([1.0, 2.0])
        stop = (lambda _: next(scores)) if epochs_at_once == 2 else None
        return tuning.tune(config, TuneConfig(), fresh, [talk], lower, directory, stop)

    tuned = run(tmp_path / "whole", 2)
    assert not torch.equal(tuned.upper[1].query.weight, encoder.layers[2].query.weight)
    assert torch.equal(encoder.layers[2].query.weight, model.upper[1].query.weight)

    again = run(tmp_path / "whole", 2)  # nothing left to do: the best weights come back
    assert torch.equal(again.upper[1].query.weight, tuned.upper[1].query.weight)


def test_the_tuned_layers_go_back_into_an_encoder(encoder, model):
    with torch.no_grad():
        model.upper[1].outer.bias += 1.0
    whole = model.put_into(Encoder(EncoderConfig(vocabulary=50, width=384, layers=3, heads=12, inner=64, row_tokens=16)))

    assert torch.equal(whole.layers[2].outer.bias, encoder.layers[2].outer.bias + 1.0)
    assert torch.equal(whole.layers[1].query.weight, encoder.layers[1].query.weight)


def test_a_network_that_is_not_told_the_place_does_not_learn_it(talk):
    config = TrainConfig(position=False, dropout=0.0)
    decoder = Decoder(DecoderConfig())
    train.forget_position(decoder)
    train.run_document(decoder, talk, 16, config, random.Random(1)).backward()

    assert not decoder.features.weight[:, POSITION].any()
    assert not decoder.features.weight.grad[:, POSITION].any()
    assert decoder.features.weight.grad.any()


def test_brevity_takes_room_from_short_sentences(talk):
    salience = torch.zeros(len(SENTENCES), requires_grad=True)
    chosen = np.arange(len(SENTENCES))
    plain = train.uncovered(salience, talk, chosen, TrainConfig(), 1.0)
    brief = train.uncovered(salience, talk, chosen, TrainConfig(brevity=50.0), 1.0)
    assert plain.item() != pytest.approx(brief.item())


def test_what_states_nothing_takes_room_and_covers_nothing():
    sentences = [SENTENCES[2], SENTENCES[4], "What about the broken modem of the second station in the northern valley?"]
    asked = example(Document("d", "made-up", "train", "none", REFERENCE, sentences, [None] * 3, [(i, i) for i in range(3)]), None)
    assert asked.valid.all() and 2 in asked.unigrams.sentence
    (only,), (marked,) = tuning.statements_only([asked]), tuning.fragments_marked([asked])
    assert only.valid.tolist() == marked.valid.tolist() == [True, True, False]
    assert marked.fragments.tolist() == [False, False, True]
    assert 2 not in marked.unigrams.sentence and (asked.unigrams.sentence < 2).sum() == len(marked.unigrams.sentence)
    questions = replace(asked, valid=np.arange(3) == 2)
    assert tuning.statements_only([questions]) == tuning.fragments_marked([questions]) == []

    def lost(talk, question, **config):
        salience = torch.tensor([0.0, 0.0, question], requires_grad=True)
        loss = train.uncovered(salience, talk, np.arange(3), TrainConfig(**config), 1.0)
        return loss.item(), torch.autograd.grad(loss, salience)[0]

    unlikely, likely, below = lost(marked, -30.0), lost(marked, 2.0), lost(marked, 2.0, statement=30.0)
    assert unlikely[0] == pytest.approx(lost(only, 2.0)[0]) and unlikely[0] < likely[0]
    assert likely[1][2] > 0  # what raises it costs room
    assert below[0] == pytest.approx(unlikely[0])
