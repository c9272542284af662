"""Packages of a few hundred kilobytes with random weights, for tests of whatever loads and runs packages."""

from __future__ import annotations

import string
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from .bert import Encoder, EncoderConfig
from .decoder import Decoder, DecoderConfig
from .export import round_to_half, write_package

ROW_BUCKETS = (8, 16, 32)
WORDS = """the a and to of in is it that we you i for on be are was this have with not will they can what at so if or as do but from there one an about
all would which then think up out when by just go more some time now like them how need good people right make say see get know yes no okay meeting
summary stream decision budget river water station phone map ##s ##ed ##ing ##er ##ly ##es ##al ##tion""".split()


def tokenizer_json() -> str:
    """A word-piece tokenizer that covers ASCII: anything else becomes [UNK]."""
    characters = [c for c in string.printable if not c.isspace() and not c.isupper()]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters, *(f"##{c}" for c in string.ascii_lowercase + string.digits), *WORDS]
    ids: dict[str, int] = {}
    for token in vocabulary:
        ids.setdefault(token, len(ids))
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])]
    )
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    return tokenizer.to_str()


def decoder(memory: str, seed: int = 11) -> Decoder:
    torch.manual_seed(seed)
    made = Decoder(DecoderConfig(memory=memory, encoder=32, layers=1, heads=2, head=16, feedforward=64, segment_sentences=4))
    return round_to_half(excite(made))


def excite(made: Decoder) -> Decoder:
    """Opens the memory's gate wide, so that a random network shows whether its memory is carried along."""
    if hasattr(made.memory, "gate"):
        with torch.no_grad():
            made.memory.gate.fill_(1.0)
    return made.eval()


def write(directory: Path, memory: str, selection: dict) -> None:
    torch.manual_seed(7)
    tokenizer = tokenizer_json()
    config = EncoderConfig(vocabulary=Tokenizer.from_str(tokenizer).get_vocab_size(), width=32, layers=1, heads=2, inner=64, row_tokens=32)
    encoder = Encoder(config).eval()
    write_package(
        directory,
        name=directory.name,
        version="0.0.1",
        encoder=encoder,
        encoder_config=config,
        decoder=decoder(memory),
        tokenizer_json=tokenizer,
        special_tokens={"cls": 2, "sep": 3, "pad": 0},
        row_buckets=ROW_BUCKETS,
        selection=selection,
        training={"note": "random weights, for tests"},
        card="# tiny\n\nRandom weights, for tests of the loader. Its summaries mean nothing.\n",
    )
