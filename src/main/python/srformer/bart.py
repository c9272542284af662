"""BART as a backbone: layers and weights are those of `transformers`, attention is seq2seq.py's.

BART normalises after each sub-layer, scales its scores by 1 / sqrt(d), and adds a learned embedding of the position, whose table starts at 2.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import BartForConditionalGeneration

from .memory import Shape
from .seq2seq import BLOCKED, AttendCross, AttendSelf, KeysValues, attention


class BartBackbone(nn.Module):
    family = "bart"

    def __init__(self, model: BartForConditionalGeneration):
        super().__init__()
        self.model = model
        config = model.config
        self.shape = Shape(config.decoder_layers, config.decoder_attention_heads, config.d_model // config.decoder_attention_heads)
        self.width = config.d_model
        self.vocabulary = model.lm_head.out_features
        self.score_scale = self.shape.head**-0.5
        self.attention_dropout = config.attention_dropout
        self.most_source_tokens = self.most_target_tokens = config.max_position_embeddings

    def drop(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.model.config.dropout, self.training)

    def forward_block(self, block: nn.Module, x: Tensor) -> Tensor:
        inner = F.dropout(block.activation_fn(block.fc1(x)), block.activation_dropout, self.training)
        return block.final_layer_norm(x + self.drop(block.fc2(inner)))

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        stack = self.model.model.encoder
        heads, dropout = self.model.config.encoder_attention_heads, self.attention_dropout if self.training else 0.0
        scale = (self.width // heads) ** -0.5
        bias = ((1.0 - mask) * BLOCKED)[:, None, None, :]
        x = embedded(stack, ids, torch.arange(ids.shape[1], device=ids.device))
        x = self.drop(x)
        for block in stack.layers:
            a = block.self_attn
            q, k, v = (f(x).unflatten(-1, (heads, self.width // heads)) for f in (a.q_proj, a.k_proj, a.v_proj))
            attended = a.out_proj(attention(q, KeysValues.of(k, v), bias, scale, dropout).flatten(-2))
            x = self.forward_block(block, block.self_attn_layer_norm(x + self.drop(attended)))
        return x

    def source_keys_values(self, layer: int, states: Tensor) -> tuple[Tensor, Tensor]:
        a = self.model.model.decoder.layers[layer].encoder_attn
        return a.k_proj(states), a.v_proj(states)

    def embed(self, tokens: Tensor, positions: Tensor) -> Tensor:
        return self.drop(embedded(self.model.model.decoder, tokens, positions))

    def self_bias(self, positions: Tensor, seen: Tensor) -> None:
        return None

    def block(self, layer: int, x: Tensor, attend_self: AttendSelf, attend_cross: AttendCross) -> Tensor:
        block = self.model.model.decoder.layers[layer]
        a, c = block.self_attn, block.encoder_attn
        attended = a.out_proj(attend_self(a.q_proj(x), a.k_proj(x), a.v_proj(x)))
        x = block.self_attn_layer_norm(x + self.drop(attended))
        x = block.encoder_attn_layer_norm(x + self.drop(c.out_proj(attend_cross(c.q_proj(x)))))
        return self.forward_block(block, x)

    def logits(self, x: Tensor) -> Tensor:
        return self.model.lm_head(x) + self.model.final_logits_bias


def embedded(stack: nn.Module, ids: Tensor, positions: Tensor) -> Tensor:
    """Tokens (scaled where the checkpoint says so) and positions, normalised: [B, T, D]."""
    places = stack.embed_positions
    return stack.layernorm_embedding(stack.embed_tokens(ids) + F.embedding(positions + places.offset, places.weight))
