import pytest
import torch

from srformer.decoder import Decoder, DecoderConfig
from srformer.memory import KINDS, RafMemory, Shape, _Scan, empty, outer, soft_norm, surrogate


def random_segments(n=7, layers=2, size=3, heads=4, head=8):
    torch.manual_seed(0)
    mask = torch.ones(n, size)
    mask[4:5, 1:] = 0
    return torch.randn(n, layers, size, heads, head), torch.randn(n, layers, size, heads, head), mask


BOUNDED = [kind for kind in KINDS if kind not in ("none", "full")]


@pytest.mark.parametrize("kind", BOUNDED)
def test_scanning_a_document_equals_folding_it_bit_for_bit(kind):
    memory = KINDS[kind](Shape(2, 4, 8))
    keys, values, mask = random_segments()
    before = memory.scan(keys, values, mask)
    state = empty(memory.state_tensors(), 1)
    for i in range(len(mask)):
        for scanned, folded in zip(before, state, strict=True):
            assert torch.equal(scanned[i], folded[0])
        state = memory.fold(state, keys[i : i + 1], values[i : i + 1], mask[i : i + 1])


@pytest.mark.parametrize("kind", BOUNDED)
def test_a_bounded_state_keeps_its_shape_and_is_what_its_type_can_hold(kind):
    memory = KINDS[kind](Shape(2, 4, 8))
    keys, values, mask = random_segments(n=40)
    state = empty(memory.state_tensors(), 1)
    for i in range(len(mask)):
        state = memory.fold(state, keys[i : i + 1], values[i : i + 1], mask[i : i + 1])
        for tensor, described in zip(state, memory.state_tensors(), strict=True):
            assert tensor.shape[1:] == described.shape
            assert described.type == "float32" or torch.equal(tensor, tensor.half().float())
    sizes = {sum(torch.Size(t.shape).numel() * (2 if t.type == "float16" else 4) for t in KINDS[k](Shape(2, 4, 32)).state_tensors()) for k in BOUNDED}
    assert max(sizes) < 1.1 * min(sizes)


@pytest.mark.parametrize("kind", ["abc-mlp", "abc-random"])
def test_slots_are_the_means_that_the_control_weighs(kind):
    memory = KINDS[kind](Shape(2, 4, 8))
    keys, values, _ = random_segments(n=3)
    mask = torch.ones(3, 3)
    state = empty(memory.state_tensors(), 1)
    for i in range(3):
        state = memory.fold(state, keys[i : i + 1], values[i : i + 1], mask[i : i + 1])
    k, v = (t.permute(1, 3, 0, 2, 4).reshape(2, 4, 9, 8) for t in (keys, values))
    alpha = torch.exp(torch.einsum("lhnd,lhsd->lhns", memory.control(), k) / 8**0.5)
    total = 1.0 + alpha.sum(-1)
    torch.testing.assert_close(state[0][0], torch.einsum("lhns,lhsd->lhnd", alpha, k) / total[..., None], rtol=2e-2, atol=5e-3)
    torch.testing.assert_close(state[1][0], torch.einsum("lhns,lhsd->lhnd", alpha, v) / total[..., None], rtol=2e-2, atol=5e-3)
    torch.testing.assert_close(state[2][0], torch.log(total), rtol=1e-5, atol=1e-5)


def test_the_window_holds_the_last_sentences():
    memory = KINDS["abc-window"](Shape(2, 4, 8))
    keys, values, mask = random_segments()
    state = empty(memory.state_tensors(), 1)
    seen = []
    for i in range(len(mask)):
        state = memory.fold(state, keys[i : i + 1], values[i : i + 1], mask[i : i + 1])
        seen += [keys[i, :, s] for s in range(mask.shape[1]) if mask[i, s]]
        last = seen[-memory.slots :]
        assert int(state[2].sum()) == len(last)
        torch.testing.assert_close(state[0][0, :, :, memory.slots - len(last) :], torch.stack(last, 2), rtol=1e-3, atol=1e-3)


def test_full_memory_is_attention_over_all_that_was_said_and_an_empty_key():
    memory = KINDS["full"](Shape(1, 1, 4), gate=1.0)
    keys, values, mask = torch.randn(1, 1, 5, 1, 4), torch.randn(1, 1, 5, 1, 4), torch.tensor([[1.0, 1, 1, 0, 0]])
    state = memory.fold(empty(memory.state_tensors(), 1), keys, values, mask)
    q = torch.randn(1, 2, 1, 4)
    k, v = (torch.cat([torch.zeros(1, 4), t[0, 0, :3, 0].half().float()]) for t in (keys, values))
    torch.testing.assert_close(memory.read(state, 0, q)[0, :, 0], torch.softmax(q[0, :, 0] @ k.T / 2, -1) @ v)


@pytest.mark.parametrize("kind", list(KINDS))
def test_nothing_said_later_changes_what_an_earlier_segment_gave(kind):
    torch.manual_seed(5)
    decoder = Decoder(DecoderConfig(memory=kind, encoder=12, heads=2, head=8, feedforward=16, segment_sentences=3)).eval()
    states, features, mask = torch.randn(6, 3, 12), torch.rand(6, 3, 4), torch.ones(6, 3)
    other = states.clone()
    other[4:] = torch.randn(2, 3, 12) * 10
    with torch.no_grad():
        before, after = decoder.document(states, features, mask), decoder.document(other, features, mask)
        assert torch.equal(before[:4], after[:4])
        assert not torch.equal(before[4:], after[4:])
        others = torch.cat([states[:3], other[3:]])
        others[3] = torch.randn(3, 12)
        assert kind == "none" or not torch.equal(decoder.document(others, features, mask)[4:], after[4:])


def test_fold_follows_the_equations():
    memory = RafMemory(Shape(1, 1, 2))
    keys, values, mask = torch.tensor([[[[[1.0, 2.0]], [[9.0, 9.0]]]]]), torch.tensor([[[[[3.0, 0.5]], [[9.0, 9.0]]]]]), torch.tensor([[1.0, 0.0]])
    x = torch.tensor([[2.0, 0.5], [2.0, 1.0]])  # K^T V of the one real sentence, clamped to 2
    assert torch.equal(outer(keys, values, mask)[0, 0, 0], x)
    u0 = torch.tensor([[0.05, 0.3], [-1.0, 0.1]]).half().float()
    theta, leak = memory.threshold().item(), memory.leak().item()
    expected = leak * (u0 - theta * (u0 > theta).float()) + 0.5 * x
    (u1,) = memory.fold((u0[None, None, None],), keys, values, mask)
    assert torch.equal(u1[0, 0, 0], expected.half().float())


def test_padding_sentences_are_not_remembered():
    memory = RafMemory(Shape(2, 4, 8))
    keys, values, mask = random_segments()
    noisy_keys = keys + (1 - mask)[:, None, :, None, None] * 100
    assert torch.equal(memory.scan(keys, values, mask)[0], memory.scan(noisy_keys, values, mask)[0])


def test_gradient_of_the_scan_matches_autograd():
    torch.manual_seed(1)
    leak, theta = torch.rand(2, 3, 1, 1), torch.rand(2, 3, 1, 1) + 0.1
    written = torch.randn(5, 2, 3, 4, 4)
    weights = torch.randn_like(written)

    class Fires(torch.autograd.Function):
        @staticmethod
        def forward(ctx, u, t):
            ctx.save_for_backward(u, t)
            return (u > t).float()

        @staticmethod
        def backward(ctx, grad):
            u, t = ctx.saved_tensors
            along = grad * surrogate(u, t)
            return along, -along.sum_to_size(t.shape)

    def slow(w, l, t):
        u, before = torch.zeros_like(w[0]), []
        for i in range(len(w)):
            before.append(u)
            u = l * (u - t * Fires.apply(u, t)) + w[i]
            u = u + (u.half().float() - u).detach()
        return torch.stack(before)

    grads = []
    for scan in (_Scan.apply, slow):
        inputs = [x.clone().requires_grad_() for x in (written, leak, theta)]
        (scan(*inputs) * weights).sum().backward()
        grads.append([x.grad for x in inputs])
    for ours, theirs in zip(*grads):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


def test_an_empty_memory_answers_zero_with_a_finite_gradient():
    q = torch.zeros(1, 2, 4, 8, requires_grad=True)
    soft_norm(q).sum().backward()
    assert torch.isfinite(q.grad).all()
    memory = RafMemory(Shape(2, 4, 8))
    assert torch.equal(memory.read((torch.zeros(1, 2, 4, 8, 8),), 0, torch.randn(1, 3, 4, 8)), torch.zeros(1, 3, 4, 8))


@pytest.mark.parametrize("kind", list(KINDS))
def test_decoding_a_document_at_once_equals_decoding_it_as_a_stream(kind):
    torch.manual_seed(3)
    decoder = Decoder(DecoderConfig(memory=kind, encoder=12, heads=2, head=8, feedforward=16, segment_sentences=3)).eval()
    states, features, mask = torch.randn(6, 3, 12), torch.rand(6, 3, 4), torch.ones(6, 3)
    mask[2, 1:] = 0
    with torch.no_grad():
        whole = decoder.document(states, features, mask)
        torch.testing.assert_close(decoder.document(states, features, mask, 4)[mask > 0], whole[mask > 0], rtol=1e-4, atol=1e-5)
        memory = decoder.empty_memory(1)
        for i in range(6):
            step = decoder(states[i : i + 1], features[i : i + 1], mask[i : i + 1], *memory)
            torch.testing.assert_close(step[0][mask[i] > 0], whole[i][mask[i] > 0], rtol=1e-4, atol=1e-5)
            memory = decoder.fold(states[i : i + 1], features[i : i + 1], mask[i : i + 1], *memory)


def test_with_a_closed_gate_the_memory_changes_nothing():
    torch.manual_seed(3)
    decoder = Decoder(DecoderConfig(memory="raf", encoder=12, heads=2, head=8, feedforward=16, segment_sentences=3)).eval()
    decoder.memory.gate.data.zero_()
    inputs = torch.randn(1, 3, 12), torch.rand(1, 3, 4), torch.ones(1, 3)
    full = (torch.rand(1, 2, 2, 8, 8),)
    assert torch.equal(decoder(*inputs, *full), decoder(*inputs, *decoder.empty_memory(1)))
