"""What a stream remembers: one constant-size state per layer and head, read by queries and folded segment by segment.

Every kind has the same two steps (ABC, Peng et al. 2022, section 3: attention with bounded memory):

* `read(state, layer, q)`: what the memory of the *earlier* segments answers to the queries of this one;
* `fold(state, keys, values, mask)`: the state after this segment.

Nothing else in the network knows which kind it runs, and nothing in Java does.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn


class StateTensor(NamedTuple):
    """One tensor of the state, without the batch axis; stored as float16."""

    name: str
    shape: tuple[int, ...]


class Shape(NamedTuple):
    layers: int
    heads: int
    head: int


class NoMemory(nn.Module):
    """The paper's "segmented transformer": a segment knows nothing of the earlier ones. The baseline that a memory must beat."""

    def __init__(self, shape: Shape):
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

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        layers, heads, head = shape
        # Leak per head from fast to slow. The paper's 0.5 (BART) and 0.1 (T5) forget within two segments: enough for news articles of a few
        # long segments, useless for a meeting of hundreds of sentences.
        leaks = torch.linspace(math.log(0.2), math.log(0.005), heads).exp()
        self.leak_logit = nn.Parameter(torch.log((1 - leaks) / leaks).repeat(layers, 1))
        self.write = nn.Parameter(torch.eye(head).repeat(layers, heads, 1, 1) * 0.5)
        self.gate = nn.Parameter(torch.full((layers, heads), 0.1))

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

    def __init__(self, shape: Shape):
        super().__init__(shape)
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


KINDS = {"none": NoMemory, "raf": RafMemory, "linear": LinearMemory}
