"""Models that write, by `generate` of transformers: what `gistream bench decode` compares with.

The models have the shapes of known checkpoints and random weights: how fast one writes does not depend on what. Both sides read the same segments,
padded behind a mask, and write as many tokens as they may; `generate` has what makes it fast (inference mode, cached keys and values), and the work is
laid out in the way that was fastest when tried. Tokenising and the text of what was written are inside the clock, as in Java.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForSeq2SeqLM, BartConfig, BartForConditionalGeneration, PreTrainedModel, T5Config, T5ForConditionalGeneration

from . import selection, tiny_seq2seq
from .runtime import cut
from .seq2seq import Seq2Seq
from .seq2seq_export import Generation, round_to_int8, write_package

ROW_BUCKETS = (32, 64, 128)
SEGMENT_SENTENCES = 16
LOUDNESS = 3.0
"""Standard deviation of the logits, about: of 50,000 at random the best two are then further apart than float32 can err."""

SUMMARIES = {"prefixTokens": 0, "newTokens": 32, "minTokens": 32, "beams": 1, "lengthPenalty": 2.0, "earlyStopping": True, "noRepeatNgram": 3}
"""What the checkpoints of both families have for summaries; lengths and beams are those of a case, whatever stands here."""

GENERATION = {
    "t5": Generation(start=0, endOfSegment=1, inputPrefix="summarize: ", **SUMMARIES),
    "bart": Generation(start=2, endOfSegment=2, forcedFirst=0, **SUMMARIES),
}


@dataclass(frozen=True)
class Shape:
    """layers: of the encoder, and of the decoder."""

    family: str
    width: int
    inner: int
    layers: int
    heads: int
    head: int
    vocabulary: int

    def checkpoint(self, seed: int) -> PreTrainedModel:
        torch.manual_seed(seed)
        model = tiny_seq2seq.loud(self._t5() if self.family == "t5" else self._bart())
        if self.family == "t5":
            with torch.no_grad():
                model.decoder.final_layer_norm.weight.fill_(LOUDNESS)
        return model

    def _t5(self) -> PreTrainedModel:
        return T5ForConditionalGeneration(
            T5Config(
                vocab_size=self.vocabulary, d_model=self.width, d_kv=self.head, d_ff=self.inner, num_layers=self.layers, num_decoder_layers=self.layers,
                num_heads=self.heads, decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
            )
        )

    def _bart(self) -> PreTrainedModel:
        return BartForConditionalGeneration(
            BartConfig(
                vocab_size=self.vocabulary, d_model=self.width, encoder_layers=self.layers, decoder_layers=self.layers, encoder_attention_heads=self.heads,
                decoder_attention_heads=self.heads, encoder_ffn_dim=self.inner, decoder_ffn_dim=self.inner, init_std=LOUDNESS / self.width**0.5,
                forced_eos_token_id=None,
            )
        )


SHAPES = {
    "bart-base": Shape("bart", width=768, inner=3072, layers=6, heads=12, head=64, vocabulary=50265),
    "t5-small": Shape("t5", width=512, inner=2048, layers=6, heads=8, head=64, vocabulary=32128),
    "tiny-bart": Shape("bart", width=32, inner=48, layers=2, heads=2, head=16, vocabulary=600),
    "tiny-t5": Shape("t5", width=32, inner=48, layers=2, heads=2, head=16, vocabulary=600),
}
"""Those of the published checkpoints, and two for tests."""


def tokenizer_json(shape: Shape) -> str:
    """The small tokenizer of the family, with tokens that no text has up to the size of the network's vocabulary: each that is written has a text."""
    described = json.loads(tiny_seq2seq.TOKENIZERS[shape.family]().to_str())
    vocabulary = described["model"]["vocab"]
    more = range(len(vocabulary), shape.vocabulary)
    if shape.family == "t5":
        vocabulary += [[f"▁w{i}", -20.0] for i in more]
    else:
        vocabulary.update({f"Ġw{i}": i for i in more})
    return json.dumps(described, ensure_ascii=False)


def checkpoint_of(directory: Path, shape: str) -> Path:
    return directory / f"{shape}-checkpoint"


def write_packages(directory: Path, shapes: Sequence[str], seed: int = 1) -> None:
    """Of each shape a package DIRECTORY/<shape> and beside it what transformers loads, of the same weights: those that the package stores in int8."""
    for name in shapes:
        shape = SHAPES[name]
        checkpoint = shape.checkpoint(seed)
        model = round_to_int8(Seq2Seq(tiny_seq2seq.BACKBONES[shape.family](checkpoint), "raf", gate=0.0).eval())
        checkpoint.save_pretrained(checkpoint_of(directory, name))
        write_package(
            directory / name,
            name=name,
            version="0.0.1",
            model=model,
            tokenizer_json=tokenizer_json(shape),
            special_tokens=tiny_seq2seq.SPECIAL_TOKENS[shape.family],
            generation=GENERATION[shape.family],
            segment_sentences=SEGMENT_SENTENCES,
            row_buckets=ROW_BUCKETS,
            selection=selection.DEFAULTS,
            training={"note": "random weights, for a benchmark"},
            card=f"# {name}\n\nRandom weights, for a benchmark. Its summaries mean nothing.\n",
        )


class Generator:
    """A checkpoint with the tokenizer and the generation settings of the package beside it."""

    def __init__(self, directory: Path, shape: str):
        self.manifest = json.loads((directory / shape / "model.json").read_text("utf-8"))
        self.generation = Generation.from_dict(self.manifest["generation"])
        self.tokenizer = Tokenizer.from_file(str(directory / shape / "tokenizer.json"))
        self.model = AutoModelForSeq2SeqLM.from_pretrained(checkpoint_of(directory, shape), local_files_only=True, dtype=torch.float32).eval()

    def inputs(self, segments: Sequence[Sequence[str]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids, as the package has them, padded to the longest, and the mask: int64 [B, T] each."""
        special = self.manifest["specialTokens"]
        rows = [cut(self.tokenizer.encode(self.generation.inputPrefix + " ".join(sentences)).ids, self.manifest) for sentences in segments]
        longest = max(len(row) for row in rows)
        ids = torch.tensor([row + [special["pad"]] * (longest - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        return ids, mask

    def write(self, segments: Sequence[Sequence[str]], beams: int, new_tokens: int) -> list[list[int]]:
        """Tokens that each segment adds, the start not among them."""
        g = self.generation
        settings: dict[str, Any] = {"num_beams": beams, "min_new_tokens": new_tokens, "max_new_tokens": new_tokens}
        settings.update(decoder_start_token_id=g.start, eos_token_id=g.endOfSegment, pad_token_id=self.manifest["specialTokens"]["pad"])
        if beams > 1:
            settings.update(early_stopping=g.earlyStopping, length_penalty=g.lengthPenalty)
        if g.noRepeatNgram:
            settings.update(no_repeat_ngram_size=g.noRepeatNgram)
        if g.forcedFirst is not None:
            settings.update(forced_bos_token_id=g.forcedFirst)
        if g.suppressed:
            settings.update(suppress_tokens=list(g.suppressed))
        ids, mask = self.inputs(segments)
        with torch.inference_mode():
            written = self.model.generate(ids, attention_mask=mask, do_sample=False, use_cache=True, **settings)
        tokens = [row[1:] for row in written.tolist()]
        self.tokenizer.decode_batch(tokens, skip_special_tokens=True)
        return tokens


def _seconds(generator: Generator, shares: list[list[Sequence[str]]], case: dict, new_tokens: int, pool: ThreadPoolExecutor | None) -> tuple[float, list]:
    write = lambda share: generator.write(share, case["beams"], new_tokens)  # noqa: E731
    began = time.perf_counter()
    written = [write(share) for share in shares] if pool is None else list(pool.map(write, shares))
    return time.perf_counter() - began, written


def _case(generator: Generator, case: dict, requests: dict) -> dict:
    """Tries both ways to lay the work out once, then measures the faster one."""
    segments, threads, new_tokens = case["segments"], requests["threads"], requests["newTokens"]
    laid_out = {False: [segments]}
    if threads > 1:
        parts = min(threads, len(segments))
        laid_out[True] = [segments[i::parts] for i in range(parts)]
    with ThreadPoolExecutor(threads, initializer=lambda: torch.set_num_threads(1)) as pool:

        def measure(split: bool) -> tuple[float, list]:
            torch.set_num_threads(1 if split else threads)
            return _seconds(generator, laid_out[split], case, new_tokens, pool if split else None)

        for split in laid_out:
            measure(split)  # allocates
        split = min(laid_out, key=lambda split: measure(split)[0]) if len(laid_out) > 1 else False
        timed = [measure(split) for _ in range(requests["repeats"])]
    tokens: list[list[int]] = [[] for _ in segments]
    shares = timed[0][1]
    for i, share in enumerate(shares):
        tokens[i :: len(shares)] = share
    return {"split": split, "seconds": [seconds for seconds, _ in timed], "tokens": tokens}


def run(directory: Path, requests: dict) -> dict:
    """requests {"threads", "repeats", "newTokens", "cases": [{"shape", "beams", "segments": [["sentence", ...] a segment, ...]}, ...]}, the directory as
    `write_packages` makes it. -> {"torch", "transformers", "cases": [{"split", "seconds": [of each repeat], "tokens": [[of a segment] ...]}]}, in the same order.

    `split`: whether each thread worked by itself on a share of the segments, one alone where there is one segment; else all of them worked on one batch."""
    import transformers

    found = []
    shape, generator = None, None
    for case in requests["cases"]:
        if generator is None or case["shape"] != shape:
            shape, generator = case["shape"], Generator(directory, case["shape"])
        found.append(_case(generator, case, requests))
    return {"torch": torch.__version__, "transformers": transformers.__version__, "cases": found}
