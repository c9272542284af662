"""What a stream remembers: one state per layer and head, read by queries and folded segment by segment.

Every kind has the same steps (ABC, Peng et al. 2022, section 3: attention with bounded memory):

* `read(state, layer, q)`: what the memory of the *earlier* segments answers to the queries of this one, [B, S, h, d] -> [B, S, h, d];
* `fold(state, keys, values, mask)`: the state after this segment, from the keys and values of all layers, [B, L, S, h, d] each, mask [B, S];
* `scan(keys, values, mask)`: the states *before* each of the N segments of one document, for training: N takes the place of B.

The state of a stream that has said nothing is all zeros. It is kept as float16, or float32 where a kind says so, and every fold rounds to that,
so that a live run, a restart and a replay walk through the same numbers. Nothing else in the network knows which kind it runs, and nothing in Java
does.

| kind | state a layer and head | source |
| --- | --- | --- |
| `raf` | u [d, d] | recurrent accumulate-and-fire, SRformer section 3.3 |
| `linear` | u [d, d] | the same without firing: leaky linear attention |
| `abc-mlp` | n slots of key and value, their log weight | ABC, section 3.3: learned control, normalised over what came so far |
| `abc-random` | the same | ABC, section 3.2: the control is random and fixed |
| `abc-window` | the last n keys and values | a sliding window as an instance of ABC (section 3.1) |
| `full` | all keys and values | not bounded: what the others give up for their size |
| `none` | nothing | the paper's segmented transformer |

With n = d / 2 slots the bounded kinds have the same size.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn


GROWS = -1
"""The length of an axis that starts at 0 and grows with every fold."""


class StateTensor(NamedTuple):
    """One tensor of the state, without the batch axis."""

    name: str
    shape: tuple[int, ...]
    type: str = "float16"


class Shape(NamedTuple):
    layers: int
    heads: int
    head: int


INITIAL_GATE = 0.1
"""g of a network trained from scratch. One converted from a checkpoint starts with 0: it begins as the original and only gains."""


class NoMemory(nn.Module):
    """The paper's "segmented transformer": a segment knows nothing of the earlier ones. The baseline that a memory must beat."""

    def __init__(self, shape: Shape, gate: float = INITIAL_GATE):
        super().__init__()

    def state_tensors(self) -> list[StateTensor]:
        return []

    def read(self, state: tuple[Tensor, ...], layer: int, q: Tensor) -> Tensor | None:
        return None

    def fold(self, state: tuple[Tensor, ...], keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        return ()

    def scan(self, keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        return ()


def outer(keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
    """clamp(K^T V / sqrt(n), -2, 2) per layer and head, n the number of sentences in the segment.

    keys, values: [B, L, S, h, d]; mask: [B, S]; result [B, L, h, d, d]. The paper clamps the same product (section 3.3, BART); the root keeps
    thick and thin segments on one scale.
    """
    weights = mask[:, None, :, None, None]
    k = (keys * weights).permute(0, 1, 3, 4, 2)
    v = values.permute(0, 1, 3, 2, 4)
    n = mask.sum(1).clamp(min=1.0)[:, None, None, None, None]
    return (torch.matmul(k, v) / torch.sqrt(n)).clamp(-2.0, 2.0)


def stored(u: Tensor) -> Tensor:
    """The value after a trip through float16, which is how the state is kept between segments."""
    return u.half().float()


def soft_norm(x: Tensor) -> Tensor:
    """x / sqrt(1 + mean x^2) over the last axis: a strong answer has length one, a weak one stays weak.

    An RMS norm would make every answer equally loud, and with it lose how well the query matches what was said before. The one inside the root
    also keeps the gradient finite where the memory is empty.
    """
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1.0)


class _Outer(nn.Module):
    """What `raf` and `linear` share: a matrix per layer and head that sums W clamp(K^T V) with a leak."""

    def __init__(self, shape: Shape, gate: float = INITIAL_GATE):
        super().__init__()
        self.shape = shape
        layers, heads, head = shape
        self.leak_logit = nn.Parameter(torch.empty(layers, heads))
        self.start_leaks(0.005)
        self.write = nn.Parameter(torch.eye(head).repeat(layers, heads, 1, 1) * 0.5)
        self.gate = nn.Parameter(torch.full((layers, heads), gate))

    def start_leaks(self, slowest: float) -> None:
        """Lets the heads lose from 0.2 down to `slowest` of their charge a segment. The paper's 0.5 (BART) and 0.1 (T5) forget within two segments:
        enough for news articles of a few long segments, useless for a meeting of hundreds of sentences."""
        lost = torch.linspace(math.log(0.2), math.log(slowest), self.shape.heads).exp()
        with torch.no_grad():
            self.leak_logit.copy_(torch.log((1 - lost) / lost).expand_as(self.leak_logit))

    def leak(self) -> Tensor:
        """lambda in (0, 1), [L, h, 1, 1]."""
        return torch.sigmoid(self.leak_logit)[:, :, None, None]

    def state_tensors(self) -> list[StateTensor]:
        return [StateTensor("membrane", (self.shape.layers, self.shape.heads, self.shape.head, self.shape.head))]

    def recalled(self, u: Tensor, layer: int) -> Tensor:
        raise NotImplementedError

    def kept(self, u: Tensor) -> Tensor:
        raise NotImplementedError

    def read(self, state: tuple[Tensor, ...], layer: int, q: Tensor) -> Tensor:
        """q: [B, S, h, d] -> g * soft_norm(q m / sqrt(d)): [B, S, h, d]."""
        m = self.recalled(state[0][:, layer].float(), layer)
        answer = torch.matmul(q.transpose(1, 2), m).transpose(1, 2) / math.sqrt(self.shape.head)
        return self.gate[layer][None, None, :, None] * soft_norm(answer)

    def fold(self, state: tuple[Tensor, ...], keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        written = torch.matmul(self.write, outer(keys, values, mask))
        return (stored((self.kept(state[0].float()) + written).clamp(-1024.0, 1024.0)),)

    def scan(self, keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Folds segment after segment of one document; the state *before* each: [N, L, h, d, d] for N segments."""
        return (_Scan.apply(torch.matmul(self.write, outer(keys, values, mask)), self.leak(), self.threshold()),)

    def threshold(self) -> Tensor:
        """theta, [L, h, 1, 1]; infinite where nothing fires."""
        raise NotImplementedError


def surrogate(u: Tensor, theta: Tensor) -> Tensor:
    """Stands in for the derivative of 1[u > theta]: that of a fast sigmoid of slope 4 / theta."""
    slope = 4.0 / theta
    return slope / (1.0 + slope * (u - theta).abs()) ** 2


class _Scan(torch.autograd.Function):
    """The fold over a document's segments, with a backward pass of its own: two operations a segment instead of autograd's twenty.

    written [N, L, h, d, d], leak and theta [L, h, 1, 1] -> u before each segment [N, L, h, d, d]. Float16 rounding and the far clamp pass the
    gradient unchanged.
    """

    @staticmethod
    def forward(ctx, written: Tensor, leak: Tensor, theta: Tensor) -> Tensor:
        before = torch.empty_like(written)
        u = torch.zeros_like(written[0])
        fires = bool(torch.isfinite(theta).all())
        for i in range(written.shape[0]):
            before[i] = u
            kept = leak * (u - theta * (u > theta)) if fires else leak * u
            u = (kept + written[i]).clamp_(-1024.0, 1024.0).half().float()
        ctx.save_for_backward(before, leak, theta)
        ctx.fires = fires
        return before

    @staticmethod
    def backward(ctx, grad: Tensor):
        before, leak, theta = ctx.saved_tensors
        if ctx.fires:
            along = surrogate(before, theta) * theta
            carry = leak * (1.0 - along)
        else:
            carry = leak.expand_as(before)
        written = torch.empty_like(before)
        du = torch.zeros_like(before[0])
        for i in range(before.shape[0] - 1, -1, -1):
            written[i] = du
            du = torch.addcmul(grad[i], carry[i], du)
        if not ctx.fires:
            return written, (before * written).sum_to_size(leak.shape), None
        fired = (before > theta).float()
        d_leak = ((before - theta * fired) * written).sum_to_size(leak.shape)
        d_theta = (leak * (along - fired) * written).sum_to_size(theta.shape)
        return written, d_leak, d_theta


class RafMemory(_Outer):
    """Recurrent accumulate-and-fire neurons, one per matrix entry (SRformer, section 3.3).

    fold  u <- lambda (u - theta 1[u > theta]) + W clamp(K^T V / sqrt(n))      leaky membrane with soft reset
    read  m  = relu(u / theta - 1),  out = g soft_norm(q m)               fires above its threshold
    """

    def __init__(self, shape: Shape, gate: float = INITIAL_GATE):
        super().__init__(shape, gate)
        self.theta_log = nn.Parameter(torch.full((shape.layers, shape.heads), math.log(0.1)))

    def threshold(self) -> Tensor:
        return self.theta_log.exp()[:, :, None, None]

    def recalled(self, u: Tensor, layer: int) -> Tensor:
        return torch.relu(u / self.threshold()[layer] - 1.0)

    def kept(self, u: Tensor) -> Tensor:
        theta = self.threshold()
        return self.leak() * (u - theta * (u > theta).float())


class LinearMemory(_Outer):
    """The leaky sum without firing and reset: the ablation of RAF."""

    def recalled(self, u: Tensor, layer: int) -> Tensor:
        return u

    def threshold(self) -> Tensor:
        return torch.full_like(self.leak_logit, math.inf)[:, :, None, None]

    def kept(self, u: Tensor) -> Tensor:
        return self.leak() * u


class _Attended(nn.Module):
    """What the kinds of slots share: softmax attention of the queries over them, behind a gate.

    read  out = g softmax(q K^T / sqrt(d) + b) V, b the slots' log weight or a mask; 0 where the memory is empty.
    """

    def __init__(self, shape: Shape, gate: float = INITIAL_GATE):
        super().__init__()
        self.shape = shape
        self.gate = nn.Parameter(torch.full((shape.layers, shape.heads), gate))

    def attend(self, layer: int, q: Tensor, keys: Tensor, values: Tensor, bias: Tensor) -> Tensor:
        """q [B, S, h, d], keys and values [B, h, n, d], bias broadcast to [B, h, S, n] -> [B, S, h, d]."""
        scores = torch.matmul(q.transpose(1, 2), keys.transpose(2, 3)) / math.sqrt(self.shape.head) + bias
        answer = torch.matmul(torch.softmax(scores, -1), values).transpose(1, 2)
        return self.gate[layer][None, None, :, None] * answer


class _Slots(_Attended):
    """n slots, each the mean of all keys (values) so far, weighted by how strongly the control assigned them to it (ABC, equations 4 and 10).

        K~_n = sum_i phi_in k_i,  V~_n = sum_i phi_in v_i,  phi_in = alpha_in / sum_j alpha_jn,  alpha_in = exp(w_n k_i / sqrt(d))

    ABC normalises over the whole input; here the sum grows with the talk, so the state has log sum alpha beside the two means. All zeros is a slot
    that has seen one empty key of weight 1: a read over an empty memory gives 0.
    """

    def __init__(self, shape: Shape, gate: float = INITIAL_GATE):
        super().__init__(shape, gate)
        self.slots = max(1, shape.head // 2)

    def control(self) -> Tensor:
        """w, [L, h, n, d]."""
        raise NotImplementedError

    def state_tensors(self) -> list[StateTensor]:
        layers, heads, head = self.shape
        slots = (layers, heads, self.slots)
        return [StateTensor("slot_keys", (*slots, head)), StateTensor("slot_values", (*slots, head)), StateTensor("slot_weights", slots, "float32")]

    def read(self, state: tuple[Tensor, ...], layer: int, q: Tensor) -> Tensor:
        keys, values = (t[:, layer].float() for t in state[:2])
        return self.attend(layer, q, keys, values, keys.new_zeros(()))

    def assigned(self, keys: Tensor, mask: Tensor) -> Tensor:
        """log alpha of every sentence, [B, L, h, n, S]; minus a lot where there is none."""
        logits = torch.matmul(self.control(), keys.permute(0, 1, 3, 4, 2)) / math.sqrt(self.shape.head)
        return logits.clamp(-20.0, 20.0) + (mask - 1.0)[:, None, None, None, :] * 1e4

    @staticmethod
    def mixed(state: tuple[Tensor, ...], logits: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, ...]:
        """One step of the running means; keys and values [B, L, h, S, d]."""
        slot_keys, slot_values, weights = (t.float() for t in state)
        after = torch.logsumexp(torch.cat([weights[..., None], logits], -1), -1)
        kept, taken = torch.exp(weights - after)[..., None], torch.exp(logits - after[..., None])
        mean_keys = kept * slot_keys + torch.matmul(taken, keys)
        mean_values = kept * slot_values + torch.matmul(taken, values)
        return stored(mean_keys), stored(mean_values), after

    def fold(self, state: tuple[Tensor, ...], keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        k, v = keys.transpose(2, 3), values.transpose(2, 3)
        return self.mixed(state, self.assigned(keys, mask), k, v)

    def scan(self, keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        return scanned(self, keys, values, mask)


class AbcMlp(_Slots):
    """The control is learned (ABC's "MLP", section 3.3)."""

    def __init__(self, shape: Shape, gate: float = INITIAL_GATE):
        super().__init__(shape, gate)
        self.write = nn.Parameter(torch.randn(shape.layers, shape.heads, self.slots, shape.head))

    def control(self) -> Tensor:
        return self.write


class AbcRandom(_Slots):
    """The control is drawn once and never learned (ABC's "random", section 3.2)."""

    def __init__(self, shape: Shape, gate: float = INITIAL_GATE):
        super().__init__(shape, gate)
        drawn = torch.randn(shape.layers, shape.heads, self.slots, shape.head, generator=torch.Generator().manual_seed(0))
        self.register_buffer("write", drawn)

    def control(self) -> Tensor:
        return self.write


class AbcWindow(_Attended):
    """The last n keys and values, oldest first; the state's third tensor says which places are filled."""

    def __init__(self, shape: Shape, gate: float = INITIAL_GATE):
        super().__init__(shape, gate)
        self.slots = max(1, shape.head // 2)

    def state_tensors(self) -> list[StateTensor]:
        layers, heads, head = self.shape
        places = (layers, heads, self.slots, head)
        return [StateTensor("window_keys", places), StateTensor("window_values", places), StateTensor("window_filled", (self.slots,))]

    def read(self, state: tuple[Tensor, ...], layer: int, q: Tensor) -> Tensor:
        filled = state[2].float()
        return self.attend(layer, q, state[0][:, layer].float(), state[1][:, layer].float(), ((filled - 1.0) * 1e9)[:, None, None, :])

    def fold(self, state: tuple[Tensor, ...], keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        # The segment's sentences come first in their rows, so the window over [old places, sentences] moves on by their number.
        moved = torch.arange(self.slots, device=mask.device)[None, :] + mask.sum(1, keepdim=True).long()

        def window(old: Tensor, new: Tensor) -> Tensor:
            both = torch.cat([old.float(), new], -2)
            index = moved[:, None, None, :, None].expand(-1, *both.shape[1:3], -1, both.shape[-1])
            return torch.gather(both, 3, index)

        filled = torch.gather(torch.cat([state[2].float(), mask], 1), 1, moved)
        return stored(window(state[0], keys.transpose(2, 3))), stored(window(state[1], values.transpose(2, 3))), filled

    def scan(self, keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        return scanned(self, keys, values, mask)


class FullMemory(_Attended):
    """Every key and value there ever was: what bounded memories are compared with. One stream at a time, since streams differ in length."""

    def state_tensors(self) -> list[StateTensor]:
        layers, heads, head = self.shape
        return [StateTensor("all_keys", (layers, heads, GROWS, head)), StateTensor("all_values", (layers, heads, GROWS, head))]

    def read(self, state: tuple[Tensor, ...], layer: int, q: Tensor) -> Tensor:
        keys, values = state[0][:, layer].float(), state[1][:, layer].float()
        # An empty key of value 0 takes part as well: the read of an empty memory is 0, and no softmax is over nothing.
        nothing = keys.new_zeros(keys.shape[0], keys.shape[1], 1, keys.shape[3])
        keys, values = torch.cat([nothing, keys], 2), torch.cat([nothing, values], 2)
        if len(state) == 2:
            return self.attend(layer, q, keys, values, keys.new_zeros(()))
        n, size, heads, head = q.shape
        hidden = state[2].repeat_interleave(size, 0)[None, None]
        return self.attend(layer, q.reshape(1, n * size, heads, head), keys, values, hidden).reshape(q.shape)

    def fold(self, state: tuple[Tensor, ...], keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        said = mask[0] > 0
        new = (stored(t.transpose(2, 3)[:, :, :, said]) for t in (keys, values))
        return tuple(torch.cat([old.float(), fresh], 3) for old, fresh in zip(state, new))

    def scan(self, keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """One list of all n sentences for all segments, [1, L, h, n, d], and what hides from each what was not said before it, [N, 1 + n]."""
        said = mask > 0
        segment = torch.arange(mask.shape[0], device=mask.device)[:, None].expand_as(mask)[said]
        everything = [stored(t.permute(0, 2, 1, 3, 4)[said]).permute(1, 2, 0, 3)[None] for t in (keys, values)]
        hidden = (segment[None, :] >= torch.arange(mask.shape[0], device=mask.device)[:, None]).float() * -1e9
        return (*everything, torch.cat([hidden.new_zeros(mask.shape[0], 1), hidden], 1))


def empty(tensors: list[StateTensor], batch: int) -> tuple[Tensor, ...]:
    """The state of streams that have said nothing."""
    return tuple(torch.zeros(batch, *(0 if length == GROWS else length for length in t.shape)) for t in tensors)


def scanned(memory: nn.Module, keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
    """`scan` for kinds without a faster one: folds segment after segment."""
    state = empty(memory.state_tensors(), 1)
    before = []
    for i in range(mask.shape[0]):
        before.append(state)
        state = memory.fold(state, keys[i : i + 1], values[i : i + 1], mask[i : i + 1])
    return tuple(torch.cat(tensors) for tensors in zip(*before))


def before_segments(memory: nn.Module, before: tuple[Tensor, ...], segments: slice | Tensor) -> tuple[Tensor, ...]:
    """Of what `scan` gave, the states before some of the segments."""
    if isinstance(memory, FullMemory):
        return (*before[:2], before[2][segments])
    return tuple(t[segments] for t in before)


SCALARS = (".gate", ".leak_logit", ".theta_log")
"""Ends of the names of the memories' few numbers a head, which have far to go in a few hundred steps: training takes larger steps for them."""

KINDS = {
    "none": NoMemory,
    "raf": RafMemory,
    "linear": LinearMemory,
    "abc-mlp": AbcMlp,
    "abc-random": AbcRandom,
    "abc-window": AbcWindow,
    "full": FullMemory,
}
