"""T5 as a backbone: layers and weights are those of `transformers`, attention is seq2seq.py's.

T5 normalises before each sub-layer, does not scale its scores (the scale is in the weights), and knows positions only by a learned bias for the
distance between query and key, which all layers share.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import T5ForConditionalGeneration

from .memory import Shape
from .seq2seq import BLOCKED, AttendCross, AttendSelf, KeysValues, attention


class T5Backbone(nn.Module):
    family = "t5"
    score_scale = 1.0
    most_source_tokens = None
    most_target_tokens = None

    def __init__(self, model: T5ForConditionalGeneration):
        super().__init__()
        self.model = model
        config = model.config
        self.shape = Shape(config.num_decoder_layers, config.num_heads, config.d_kv)
        self.width = config.d_model
        self.vocabulary = model.lm_head.out_features
        self.attention_dropout = config.dropout_rate
        self.output_scale = config.d_model**-0.5 if config.scale_decoder_outputs else 1.0
        for name, stack, both_ways in (("encoder_buckets", model.encoder, True), ("decoder_buckets", model.decoder, False)):
            self.register_buffer(name, buckets(stack, both_ways), persistent=False)

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        stack = self.model.encoder
        places = torch.arange(ids.shape[1], device=ids.device)
        bias = distance_bias(stack, self.encoder_buckets, places, places) + ((1.0 - mask) * BLOCKED)[:, None, None, :]
        dropout = self.attention_dropout if self.training else 0.0
        x = stack.dropout(stack.embed_tokens(ids))
        for block in stack.block:
            own, forward = block.layer
            a, n = own.SelfAttention, own.layer_norm(x)
            q, k, v = (f(n).unflatten(-1, (a.n_heads, a.key_value_proj_dim)) for f in (a.q, a.k, a.v))
            x = forward(x + own.dropout(a.o(attention(q, KeysValues.of(k, v), bias, self.score_scale, dropout).flatten(-2))))
        return stack.dropout(stack.final_layer_norm(x))

    def source_keys_values(self, layer: int, states: Tensor) -> tuple[Tensor, Tensor]:
        a = self.model.decoder.block[layer].layer[1].EncDecAttention
        return a.k(states), a.v(states)

    def embed(self, tokens: Tensor, positions: Tensor) -> Tensor:
        stack = self.model.decoder
        return stack.dropout(stack.embed_tokens(tokens))

    def self_bias(self, positions: Tensor, seen: Tensor) -> Tensor:
        return distance_bias(self.model.decoder, self.decoder_buckets, positions, seen)

    def block(self, layer: int, x: Tensor, attend_self: AttendSelf, attend_cross: AttendCross) -> Tensor:
        own, cross, forward = self.model.decoder.block[layer].layer
        a, n = own.SelfAttention, own.layer_norm(x)
        x = x + own.dropout(a.o(attend_self(a.q(n), a.k(n), a.v(n))))
        c = cross.EncDecAttention
        x = x + cross.dropout(c.o(attend_cross(c.q(cross.layer_norm(x)))))
        return forward(x)

    def logits(self, x: Tensor) -> Tensor:
        stack = self.model.decoder
        x = stack.dropout(stack.final_layer_norm(x))
        return self.model.lm_head(x * self.output_scale)


def buckets(stack: nn.Module, both_ways: bool) -> Tensor:
    """The bucket of every distance from -M to M, M the one from which all share a bucket: int64 [2 M + 1].

    A table, because the formula takes a logarithm whose last bit decides between neighbours, and runtimes differ in it.
    """
    a = stack.block[0].layer[0].SelfAttention
    most = a.relative_attention_max_distance
    distances = torch.arange(-most, most + 1)
    return a._relative_position_bucket(distances, both_ways, a.relative_attention_num_buckets, most)


def distance_bias(stack: nn.Module, table: Tensor, queries: Tensor, keys: Tensor) -> Tensor:
    """[h, N, M] for query positions [N] and key positions [M]."""
    a = stack.block[0].layer[0].SelfAttention
    most = a.relative_attention_max_distance
    distance = (keys[None, :] - queries[:, None]).clamp(-most, most) + most
    of_distance = F.embedding(table, a.relative_attention_bias.weight).t()
    return of_distance[:, distance]
