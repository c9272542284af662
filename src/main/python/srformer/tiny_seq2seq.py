"""T5 and BART of a hundred kilobytes with random weights: the packages that tests of the token families load, one for every kind of memory."""

from __future__ import annotations

import string
from collections import Counter
from pathlib import Path
from typing import Sequence

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from torch import nn
from transformers import BartConfig, BartForConditionalGeneration, T5Config, T5ForConditionalGeneration

from .bart import BartBackbone
from .generate import TokenPackage
from .generate import write as generate
from .memory import KINDS
from .seq2seq import Seq2Seq
from .seq2seq_export import Generation, round_to_int8, write_package
from .t5 import T5Backbone

ROW_BUCKETS = (16, 32, 64)
WORDS = """the a and to of in is it that we you i for on be are was this have with not will they can what at so if or as do but from there one about
all would which then think up out when by just go more some time now like them how need good people right make say see get know yes no okay meeting
summary stream decision budget river water station phone map modem week day money road train before after next first second third last new old
two three seven ten still only also because could should maybe everybody nobody today tomorrow friday monday""".split()
ENDINGS = "s ed ing er ly es al tion".split()
ASCII = [c for c in string.printable if not c.isspace()]

GENERATION = {
    "t5": Generation(start=0, endOfSegment=1, suppressed=(2,), inputPrefix="summarize: ", prefixTokens=16, newTokens=12, beams=4, noRepeatNgram=2),
    "bart": Generation(
        start=2, endOfSegment=2, forcedFirst=0, suppressed=(3, 4), prefixTokens=12, newTokens=10, minTokens=2, beams=4, lengthPenalty=2.0, earlyStopping=True,
        noRepeatNgram=3,
    ),
}
SPECIAL_TOKENS = {"t5": {"cls": None, "sep": 1, "pad": 0}, "bart": {"cls": 0, "sep": 2, "pad": 1}}


def t5_tokenizer() -> Tokenizer:
    """Unigram pieces with a mark for the space before a word, as SentencePiece has them; anything but ASCII becomes <unk>."""
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -20.0), ("▁", -6.0)]
    pieces += [(f"▁{w}", -4.0 - 0.01 * i) for i, w in enumerate(WORDS)]
    pieces += [(e, -6.0 - 0.01 * i) for i, e in enumerate(ENDINGS)]
    taken = {piece for piece, _ in pieces}
    pieces += [(c, -8.0 - 0.01 * i) for i, c in enumerate(ASCII) if c not in taken]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    return tokenizer


def merges(words: list[str], count: int) -> list[tuple[str, str]]:
    """Byte-pair merges of the words, each also with a space before it; the most frequent pair first, of equals the first in order."""
    parts = [list("Ġ" + w) for w in words]
    found: list[tuple[str, str]] = []
    while len(found) < count:
        pairs = Counter(pair for p in parts for pair in zip(p, p[1:]))
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        found.append(best)
        for p in parts:
            i = 0
            while i < len(p) - 1:
                if (p[i], p[i + 1]) == best:
                    p[i : i + 2] = [p[i] + p[i + 1]]
                i += 1
    return found


def bart_tokenizer() -> Tokenizer:
    """Byte-level byte pairs, as GPT-2 and BART have them: covers everything."""
    pairs = merges(WORDS, 160)
    vocabulary: dict[str, int] = {}
    for token in ("<s>", "<pad>", "</s>", "<unk>", "<mask>", *sorted(pre_tokenizers.ByteLevel.alphabet()), *(a + b for a, b in pairs)):
        vocabulary.setdefault(token, len(vocabulary))
    tokenizer = Tokenizer(models.BPE(vocabulary, pairs))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    return tokenizer


TOKENIZERS = {"t5": t5_tokenizer, "bart": bart_tokenizer}


def t5_checkpoint(seed: int) -> T5ForConditionalGeneration:
    torch.manual_seed(seed)
    config = T5Config(
        vocab_size=t5_tokenizer().get_vocab_size(), d_model=32, d_kv=16, d_ff=48, num_layers=1, num_decoder_layers=2, num_heads=2, dropout_rate=0.1,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
    )
    model = loud(T5ForConditionalGeneration(config))
    with torch.no_grad():
        model.decoder.final_layer_norm.weight.fill_(3.0)
        model.shared.weight[1] *= 2.0  # the end stands out, for and against: segments of every length, empty ones among them
    return model


def bart_checkpoint(seed: int) -> BartForConditionalGeneration:
    torch.manual_seed(seed)
    config = BartConfig(
        vocab_size=bart_tokenizer().get_vocab_size(), d_model=32, encoder_layers=1, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=2,
        encoder_ffn_dim=48, decoder_ffn_dim=48, max_position_embeddings=64, init_std=0.2, forced_eos_token_id=None,
    )
    model = loud(BartForConditionalGeneration(config))
    with torch.no_grad():
        model.model.shared.weight *= 2.5
        model.final_logits_bias[0, 2] = 5.0  # of the end: segments of every length
        model.final_logits_bias[0, [i for t, i in bart_tokenizer().get_vocab().items() if len(t) == 1 and t not in ASCII]] = -20.0  # half a character
    return model


CHECKPOINTS = {"t5": t5_checkpoint, "bart": bart_checkpoint}
BACKBONES = {"t5": T5Backbone, "bart": BartBackbone}


def loud(model: nn.Module) -> nn.Module:
    """Attention that looks at something in particular, and scores far apart: a random network is otherwise near a tie at every token.

    T5 does not divide its scores by sqrt(d), so its queries and keys are that much smaller.
    """
    sharp = 2.0 / (model.config.d_kv**0.25 if model.config.model_type == "t5" else 1.0)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.rsplit(".", 2)[-2] in ("q", "k", "q_proj", "k_proj") and parameter.ndim == 2:
                parameter.normal_(0.0, sharp / parameter.shape[1] ** 0.5)
            elif name.rsplit(".", 2)[-2] in ("v", "o", "v_proj", "out_proj", "wo", "fc2") and parameter.ndim == 2:
                parameter.normal_(0.0, 1.5 / parameter.shape[1] ** 0.5)
    return model.eval()


def network(family: str, memory: str, seed: int) -> Seq2Seq:
    """The memory's gate is wide open, so that a random network shows whether its memory is carried along."""
    checkpoint = CHECKPOINTS[family](seed)
    torch.manual_seed(seed)
    return round_to_int8(Seq2Seq(BACKBONES[family](checkpoint), memory, gate=2.0).eval())


def name_of(family: str, memory: str) -> str:
    return f"tiny-{family}" + ("" if memory == "raf" else f"-{memory}")


SEEDS = {"tiny-t5": 2, "tiny-t5-abc-mlp": 58, "tiny-t5-abc-window": 6, "tiny-bart": 1, "tiny-bart-abc-mlp": 115, "tiny-bart-abc-random": 77}
"""Chosen so that goldens do not hang on a near tie (`steady`) and are of many lengths and tokens; 2 unless listed."""


def seed_of(family: str, memory: str) -> int:
    return SEEDS.get(name_of(family, memory), 2)


def write(directory: Path, family: str, memory: str, selection: dict, seed: int | None = None) -> None:
    write_package(
        directory,
        name=directory.name,
        version="0.0.1",
        model=network(family, memory, seed_of(family, memory) if seed is None else seed),
        tokenizer_json=TOKENIZERS[family]().to_str(),
        special_tokens=SPECIAL_TOKENS[family],
        generation=GENERATION[family],
        segment_sentences=4,
        row_buckets=ROW_BUCKETS,
        selection=selection,
        training={"note": "random weights, for tests"},
        card=f"# {directory.name}\n\nRandom weights, for tests of the loader. Its summaries mean nothing.\n",
        int8_graphs=memory == "raf",
    )


def steady(package: TokenPackage, segments: Sequence[Sequence[str]], beams: int, noise: float, seed: int = 0) -> bool:
    """Whether the same tokens are written when every logit is off by up to `noise`: another runtime must not decide another way."""
    random = np.random.default_rng(seed)
    package = package.with_beams(beams)
    memory = package.empty_memory()
    for sentences in segments:
        expected = package.segment(sentences, memory)
        exact = package.steps(package.encode(expected.tokens), memory.state)

        def noisy(tokens: np.ndarray, rows: np.ndarray | None) -> np.ndarray:
            logits = exact(tokens, rows)
            return logits + random.uniform(-noise, noise, logits.shape).astype(np.float32)

        if generate(package.generation, memory.written, noisy).tokens != expected.written.tokens:
            return False
        memory = expected.memory
    return True


def write_all(directory: Path, selection: dict) -> list[str]:
    names = []
    for family in CHECKPOINTS:
        for memory in KINDS:
            names.append(name_of(family, memory))
            write(directory / names[-1], family, memory, selection)
    return names
