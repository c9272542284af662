"""Values and gradients of the cross-attention, published and causal, against an oracle written apart; and that nothing looks ahead."""

import math

import numpy as np
import oracle
import pytest
import torch
from torch import nn

from srformer import reference, tiny_seq2seq
from srformer.memory import KINDS, Shape
from srformer.seq2seq import KeysValues, Seq2Seq

FAMILIES = ("t5", "bart")
HEADS, HEAD = 2, 4


def published_layer(family, seed=0):
    torch.manual_seed(seed)
    layer = reference.PublishedCrossAttention(family, HEADS * HEAD, HEADS, segment=4).double()
    with torch.no_grad():
        layer.write.weight.normal_(0.0, 0.5)
        layer.threshold.fill_(0.15)
    torch.manual_seed(seed + 1)
    return layer, torch.randn(2, 10, HEADS * HEAD).double(), torch.randn(2, 7, HEADS * HEAD).double()


def oracle_weights(layer, **changes):
    pairs = {n: (getattr(layer, n).weight, getattr(layer, n).bias) for n in ("query", "key", "value", "output")}
    made = {n: tuple(None if t is None else t.detach().numpy() for t in pair) for n, pair in pairs.items()}
    return {**made, "W": layer.write.weight.detach().numpy(), "theta": layer.threshold.item(), "leak": layer.leak.item(), **changes}


@pytest.mark.parametrize("family", FAMILIES)
def test_published_formulas_agree_with_the_oracle(family):
    layer, source, target = published_layer(family)
    got = layer(target, source).detach().numpy()
    for b in range(2):
        np.testing.assert_allclose(got[b], oracle.published(family, oracle_weights(layer), source[b].numpy(), target[b].numpy(), 4, HEADS), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
def test_published_gradients_agree_with_differences_of_the_oracle(family):
    """With respect to W, to the value projection and to the decoder's states: where no neuron sits on its threshold the function is smooth."""
    layer, source, target = published_layer(family)
    source, target = source[:1], target[:1].requires_grad_()
    weighting = np.random.default_rng(1).standard_normal((7, HEADS * HEAD))
    (layer(target, source)[0] * torch.from_numpy(weighting)).sum().backward()
    where = source[0].numpy(), target[0].detach().numpy()

    def loss(target_states=where[1], **changes):
        return float((oracle.published(family, oracle_weights(layer, **changes), where[0], target_states, 4, HEADS) * weighting).sum())

    bias = oracle_weights(layer)["value"][1]
    np.testing.assert_allclose(layer.write.weight.grad.numpy(), oracle.slope(lambda w: loss(W=w), oracle_weights(layer)["W"]), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(layer.value.weight.grad.numpy(), oracle.slope(lambda v: loss(value=(v, bias)), oracle_weights(layer)["value"][0]), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(target.grad[0].numpy(), oracle.slope(lambda t: loss(t), where[1]), rtol=1e-5, atol=1e-6)


def test_published_values_are_met(tmp_path):
    """The command's way through a file, on values of the oracle under the published names."""
    arrays = {"segment": 4, "generation_length": 7, "heads": HEADS}
    for family in FAMILIES:
        layer, source, target = published_layer(family)
        arrays.update(encoder_states=source.float().numpy(), decoder_states=target.float().numpy())
        names = {"W": "SNN_kv.weight", "theta": "threshold", "leak": "leak"}
        weights = oracle_weights(layer)
        for ours, theirs in reference.NAMES[family].items():
            matrix, bias = weights[ours]
            arrays[f"{family}_weights_{theirs}.weight"] = matrix.astype(np.float32)
            if bias is not None:
                arrays[f"{family}_weights_{theirs}.bias"] = bias.astype(np.float32)
        for ours, theirs in names.items():
            arrays[f"{family}_weights_{theirs}"] = np.array(weights[ours], dtype=np.float32).reshape(-1 if ours != "W" else (HEAD, HEAD))
        arrays[f"{family}_output"] = np.stack([oracle.published(family, weights, source[b].numpy(), target[b].numpy(), 4, HEADS) for b in range(2)])
    np.savez(tmp_path / "values.npz", **arrays)
    assert max(reference.parity(tmp_path / "values.npz").values()) < 1e-4
    arrays["t5_output"] = arrays["t5_output"] * 1.001
    np.savez(tmp_path / "values.npz", **arrays)
    assert reference.parity(tmp_path / "values.npz")["t5"] > 1e-4


class Probe(nn.Module):
    """A backbone of one layer that only looks across: its output is what cross-attention gives."""

    attention_dropout, width, most_source_tokens, most_target_tokens = 0.0, HEADS * HEAD, None, None

    def __init__(self, scale):
        super().__init__()
        self.shape, self.score_scale = Shape(1, HEADS, HEAD), scale
        self.anchor = nn.Parameter(torch.zeros(1))

    def embed(self, tokens, positions):
        return tokens

    def self_bias(self, positions, seen):
        return None

    def block(self, layer, x, attend_self, attend_cross):
        attend_self(x, x, x)
        return attend_cross(x)


def probe(kind, scale, seed=0):
    torch.manual_seed(seed)
    model = Seq2Seq(Probe(scale), kind, gate=0.8).eval()
    with torch.no_grad():
        if hasattr(model.memory, "leak_logit"):
            model.memory.leak_logit.fill_(math.log(4.0))  # lambda = 0.8
            model.memory.write.normal_(0.0, 0.5)
    return model


def causal_segments(seed=0):
    random = np.random.default_rng(seed)
    sizes = ((3, 5), (2, 4), (4, 6), (1, 3))
    return [tuple(random.standard_normal((n, HEADS, HEAD)).astype(np.float32) for n in (queries, keys, keys)) for queries, keys in sizes]


def run(model, segments):
    """Output of every segment, [N, h, d]: read before fold; keys padded to 6."""
    state, outputs = model.empty_memory(1), []
    for q, k, v in segments:
        mask = torch.zeros(1, 6)
        mask[0, : len(k)] = 1
        source = [KeysValues.of(*(torch.cat([x, torch.full((6 - len(x), HEADS, HEAD), 3.0)])[None] for x in (k, v)))]
        outputs.append(model.decode(q.flatten(1)[None], model.no_past(1), source, mask, state)[0][0].unflatten(-1, (HEADS, HEAD)))
        state = model.fold(source, mask, state)
    return outputs


def memory_of(model, head, **changes):
    memory = model.memory
    found = {"g": 0.8}
    if hasattr(memory, "leak_logit"):
        found.update(leak=0.8, W=memory.write[0, head].detach().numpy().astype(np.float64))
    if hasattr(memory, "theta_log"):
        found["theta"] = memory.theta_log[0, head].exp().item()
    if hasattr(memory, "control"):
        found["control"] = memory.control()[0, head].detach().numpy().astype(np.float64)
    return {**found, **changes}


@pytest.mark.parametrize("scale", [1.0, HEAD**-0.5], ids=FAMILIES)
@pytest.mark.parametrize("kind", KINDS)
def test_causal_values_agree_with_the_oracle(kind, scale):
    model, segments = probe(kind, scale), causal_segments()
    with torch.no_grad():
        got = run(model, [tuple(map(torch.from_numpy, s)) for s in segments])
    for head in range(HEADS):
        expected = oracle.causal(kind, *([s[i][:, head].astype(np.float64) for s in segments] for i in range(3)), scale, memory_of(model, head))
        for mine, theirs in zip(got, expected, strict=True):
            np.testing.assert_allclose(mine[:, head].numpy(), theirs, atol=2e-3 if kind == "raf" else 1e-4)  # 1 / theta widens a last bit of float16


def test_causal_gradients_agree_with_differences_of_the_oracle():
    """Of the linear memory, which is smooth: with respect to W, and to the queries and values of every segment."""
    model, segments = probe("linear", HEAD**-0.5), causal_segments()
    leaves = [tuple(torch.from_numpy(x).requires_grad_() for x in s) for s in segments]
    weighting = [np.random.default_rng(i).standard_normal(s[0].shape) for i, s in enumerate(segments)]
    sum((out * torch.from_numpy(w)).sum() for out, w in zip(run(model, leaves), weighting)).backward()
    for head in range(HEADS):
        parts = [[s[i][:, head].astype(np.float64) for s in segments] for i in range(3)]

        def loss(queries=parts[0], values=parts[2], **changes):
            outputs = oracle.causal("linear", queries, parts[1], values, HEAD**-0.5, memory_of(model, head, **changes), rounding=False)
            return float(sum((out * w[:, head]).sum() for out, w in zip(outputs, weighting)))

        def with_one(sequences, index, x):
            return [x if i == index else s for i, s in enumerate(sequences)]

        # Gradients pass through the float16 of the state, whose last bit is 1e-3 of a value.
        close = {"rtol": 5e-3, "atol": 3e-3}
        np.testing.assert_allclose(model.memory.write.grad[0, head].numpy(), oracle.slope(lambda w: loss(W=w), memory_of(model, head)["W"]), **close)
        for i in range(len(segments)):
            np.testing.assert_allclose(leaves[i][0].grad[:, head].numpy(), oracle.slope(lambda q: loss(queries=with_one(parts[0], i, q)), parts[0][i]), **close)
            np.testing.assert_allclose(leaves[i][2].grad[:, head].numpy(), oracle.slope(lambda v: loss(values=with_one(parts[2], i, v)), parts[2][i]), **close)


def document(seed=0):
    generator = torch.Generator().manual_seed(seed)
    ids, tokens = torch.randint(5, 200, (6, 12), generator=generator), torch.randint(5, 200, (6, 7), generator=generator)
    mask = torch.ones(6, 12)
    mask[1, 7:], mask[4, 3:] = 0, 0
    return ids, mask, tokens


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_later_segment_changes_an_earlier_output(family, kind):
    model = tiny_seq2seq.network(family, kind, 1)
    ids, mask, tokens = document()
    with torch.no_grad():
        before = model.document(ids, mask, tokens)
        for cut in (1, 3, 5):
            other_ids, other_tokens = ids.clone(), tokens.clone()
            other_ids[cut:] = (other_ids[cut:] + 17) % 200
            other_tokens[cut:] = (other_tokens[cut:] + 23) % 200
            after = model.document(other_ids, mask, other_tokens)
            assert torch.equal(after[:cut], before[:cut])
            assert not torch.equal(after[cut:], before[cut:])
        other_tokens = tokens.clone()
        other_tokens[:, 4:] = 9
        assert torch.equal(model.document(ids, mask, other_tokens)[:, :4], before[:, :4])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_document_at_once_is_its_segments_in_turn(family, kind):
    model = tiny_seq2seq.network(family, kind, 1)
    ids, mask, tokens = document()
    with torch.no_grad():
        at_once = model.document(ids, mask, tokens)
        state = model.empty_memory(1)
        for i in range(len(ids)):
            torch.testing.assert_close(model.segment(ids[i : i + 1], mask[i : i + 1], tokens[i : i + 1], *state)[0], at_once[i], atol=5e-4, rtol=1e-4)
            state = model.fold(model.encode(ids[i : i + 1], mask[i : i + 1]), mask[i : i + 1], state)
