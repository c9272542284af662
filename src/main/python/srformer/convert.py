"""A Hugging Face T5 or BART checkpoint to a model package and a checkpoint for training. The memory's gates start closed: nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from .checkpoint import BACKBONES, Checkpoint, Settings, pretrained
from .errors import CheckpointError
from .memory import KINDS
from .seq2seq import Seq2Seq
from .seq2seq_export import Generation, check

ROW_BUCKETS = (32, 64, 128, 256, 512)
PREFIX_TOKENS = 64
NEW_TOKENS = 64
NEUTRAL = {
    "do_sample": (False, None), "num_beam_groups": (1, None), "repetition_penalty": (1.0, None), "diversity_penalty": (0.0, None),
    "encoder_no_repeat_ngram_size": (0, None), "forced_eos_token_id": (None,), "begin_suppress_tokens": (None,), "sequence_bias": (None,),
    "exponential_decay_length_penalty": (None,), "encoder_repetition_penalty": (1.0, None),
}
"""Settings of `transformers` that a package cannot express, and their values that mean nothing."""


def generation_settings(directory: Path, task: str = "summarization") -> dict[str, Any]:
    """What the checkpoint says about generation: config.json, over it generation_config.json, over that the task's own parameters."""

    def read(file: str) -> dict[str, Any]:
        return json.loads((directory / file).read_text("utf-8")) if (directory / file).exists() else {}

    config = read("config.json")
    return {**config, **read("generation_config.json"), **((config.get("task_specific_params") or {}).get(task) or {})}


def generation_of(settings: dict[str, Any], most_target_tokens: int | None) -> tuple[Generation, tuple[str, ...]]:
    """The manifest's `generation`, and what of the settings it cannot say.

    transformers' lengths count the start token: min_length 10 forbids the end before 9 tokens, max_length 10 stops after 9.
    """
    ends = settings.get("eos_token_id")
    ends = ends if isinstance(ends, list) else [ends]
    start = settings.get("decoder_start_token_id")
    if start is None or ends[0] is None:
        raise CheckpointError("the checkpoint's configuration has no decoder_start_token_id or no eos_token_id")
    lost = [f"{name} = {settings[name]}" for name, neutral in NEUTRAL.items() if name in settings and settings[name] not in neutral]
    lost += [f"eos_token_id: all but the first of {ends}"] if len(ends) > 1 else []
    suppressed = set(settings.get("suppress_tokens") or ())
    for words in settings.get("bad_words_ids") or ():
        if len(words) == 1:
            suppressed.add(words[0])
        else:
            lost.append(f"bad_words_ids: {words}")
    new_tokens = settings.get("max_new_tokens") or (settings["max_length"] - 1 if settings.get("max_length") else NEW_TOKENS)
    prefix = PREFIX_TOKENS
    if most_target_tokens is not None:
        new_tokens = min(new_tokens, most_target_tokens - 1)
        prefix = min(prefix, most_target_tokens - 1 - new_tokens)
    made = Generation(
        start=start, endOfSegment=ends[0], forcedFirst=settings.get("forced_bos_token_id"), suppressed=tuple(sorted(suppressed)),
        inputPrefix=settings.get("prefix") or "", prefixTokens=prefix, newTokens=new_tokens,
        minTokens=min(new_tokens, max(settings.get("min_length") or 0, 1) - 1 if not settings.get("min_new_tokens") else settings["min_new_tokens"]),
        beams=settings.get("num_beams") or 1, lengthPenalty=float(settings.get("length_penalty") if settings.get("length_penalty") is not None else 1.0),
        earlyStopping=settings.get("early_stopping") or False, noRepeatNgram=settings.get("no_repeat_ngram_size") or 0,
    )
    return made, tuple(lost)


def convert(source: Path, memory: str = "raf", *, name: str, seed: int = 0, row_buckets: tuple[int, ...] | None = None, generation: dict[str, Any] | None = None, **settings: Any) -> Checkpoint:
    """Reads a Hugging Face directory. generation: in place of single values of the checkpoint's; settings: of checkpoint.Settings."""
    if memory not in KINDS:
        raise CheckpointError(f"there is no memory {memory!r}; one of {', '.join(KINDS)}")
    model, tokenizer = pretrained(source)
    backbone = BACKBONES[model.config.model_type](model)
    made, lost = generation_of(generation_settings(source), backbone.most_target_tokens)
    made = Generation.from_dict({**made.to_dict(), **(generation or {})})
    most = backbone.most_source_tokens
    buckets = row_buckets or tuple(b for b in ROW_BUCKETS if most is None or b <= most) or (most,)
    torch.manual_seed(seed)
    network = Seq2Seq(backbone, memory, gate=0.0).eval()
    try:
        check(network, made, buckets[-1])
    except ValueError as e:
        raise CheckpointError(str(e)) from e
    return Checkpoint(network, tokenizer, Settings(name=name, memory=memory, generation=made, row_buckets=buckets, source=source.name, not_carried=lost, **settings))
