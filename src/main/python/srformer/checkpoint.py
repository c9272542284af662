"""A T5 or BART SRformer on disk, as training reads and writes it: the Hugging Face checkpoint, the memory's weights, and how a package of it is to be made.

    config.json, model.safetensors, tokenizer.json, ...   what `transformers` saves: the directory loads there as the plain model
    memory.pt                                             weights of the memory (gates, leaks, thresholds, what it writes)
    srformer.json                                         memory kind and the settings of the package
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Sequence

import torch
from tokenizers import Tokenizer

from . import goldens, selection
from .bart import BartBackbone
from .errors import CheckpointError
from .seq2seq import Seq2Seq
from .export import list_file
from .seq2seq_export import Generation, round_to_int8, write_package
from .t5 import T5Backbone

BACKBONES = {"t5": T5Backbone, "bart": BartBackbone}
GOLDEN_SEGMENTS = 4
LARGEST_GOLDEN_STATE = 16384
"""Values of a state that goldens.json still lists."""


@dataclass(frozen=True)
class Settings:
    """What a package says about itself beyond its weights."""

    name: str
    memory: str
    generation: Generation
    row_buckets: tuple[int, ...]
    segment_sentences: int = 16
    version: str = "1.0.0"
    language: str = "en"
    licence: str = "unknown"
    weights: str = "int8"
    source: str = ""
    """Where the weights came from."""
    not_carried: tuple[str, ...] = ()
    """Settings of the checkpoint's generation that a package cannot express."""
    training: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "generation": self.generation.to_dict(), "row_buckets": list(self.row_buckets), "not_carried": list(self.not_carried)}

    @staticmethod
    def from_dict(values: dict[str, Any]) -> "Settings":
        sequences = {name: tuple(values[name]) for name in ("row_buckets", "not_carried")}
        return Settings(**{**values, **sequences, "generation": Generation.from_dict(values["generation"])})


@dataclass
class Checkpoint:
    model: Seq2Seq
    tokenizer: Any
    """Of `transformers`."""
    settings: Settings

    @property
    def family(self) -> str:
        return self.model.backbone.family

    def tokenizer_json(self) -> str:
        return plain_tokenizer(self.tokenizer).to_str()

    def save(self, directory: Path) -> None:
        self.model.backbone.model.save_pretrained(directory)
        self.tokenizer.save_pretrained(directory)
        torch.save(self.model.memory.state_dict(), directory / "memory.pt")
        (directory / "srformer.json").write_text(json.dumps(self.settings.to_dict(), indent=2, ensure_ascii=False) + "\n", "utf-8")

    def export(self, directory: Path, **changes: Any) -> None:
        """Writes the package, goldens.json included. The model's matrices are rounded as the package stores them."""
        settings = replace(self.settings, **changes)
        tokenizer = plain_tokenizer(self.tokenizer)
        if settings.weights == "int8":
            round_to_int8(self.model)
        write_package(
            directory, name=settings.name, version=settings.version, model=self.model, tokenizer_json=tokenizer.to_str(), special_tokens=special_tokens(self.tokenizer, tokenizer),
            generation=settings.generation, segment_sentences=settings.segment_sentences, row_buckets=settings.row_buckets, selection=selection.DEFAULTS,
            training=settings.training or {"source": settings.source, "note": "converted, the memory is untrained"},
            card=card(self, settings), language=settings.language, licence=settings.licence, weights=settings.weights,
        )
        runs = sorted({1, settings.generation.beams})
        said = goldens.of_package(directory, goldens.TRANSCRIPT[:GOLDEN_SEGMENTS], runs, LARGEST_GOLDEN_STATE)
        list_file(directory, goldens.FILE, said.encode("utf-8"))


def load(directory: Path) -> Checkpoint:
    """What `save` wrote."""
    if not (directory / "srformer.json").exists():
        raise CheckpointError(f"{directory} has no srformer.json: make a checkpoint of a Hugging Face directory with `convert` first")
    settings = Settings.from_dict(json.loads((directory / "srformer.json").read_text("utf-8")))
    model, tokenizer = pretrained(directory)
    made = Seq2Seq(BACKBONES[model.config.model_type](model), settings.memory)
    made.memory.load_state_dict(torch.load(directory / "memory.pt", weights_only=True))
    return Checkpoint(made.eval(), tokenizer, settings)


def pretrained(directory: Path) -> tuple[Any, Any]:
    """Model (float32) and tokenizer of a Hugging Face directory, by `transformers` itself, without the network."""
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    if not directory.is_dir():
        raise CheckpointError(f"{directory} is not a directory; give that of a Hugging Face checkpoint (config.json, weights, tokenizer)")
    if not (directory / "config.json").exists():
        raise CheckpointError(f"{directory} has no config.json: it is not a Hugging Face checkpoint")
    try:
        kind = json.loads((directory / "config.json").read_text("utf-8")).get("model_type")
    except json.JSONDecodeError as e:
        raise CheckpointError(f"{directory / 'config.json'} is not JSON: {e}") from e
    if kind not in BACKBONES:
        raise CheckpointError(f"{directory} holds a model of type {kind!r}; only {' and '.join(BACKBONES)} can be converted")
    if not any((directory / file).exists() for file in ("tokenizer.json", "spiece.model", "vocab.json")):
        raise CheckpointError(f"{directory} has no tokenizer (tokenizer.json, spiece.model or vocab.json with merges.txt)")
    if not [*directory.glob("*.safetensors"), *directory.glob("pytorch_model*.bin")]:
        raise CheckpointError(f"{directory} has no weights (model.safetensors or pytorch_model.bin)")
    try:
        model, report = AutoModelForSeq2SeqLM.from_pretrained(directory, local_files_only=True, dtype=torch.float32, output_loading_info=True)
    except Exception as e:  # transformers raises whatever the file format's library does
        raise CheckpointError(f"{directory} cannot be loaded by transformers: {e}") from e
    missing = sorted(report["missing_keys"])
    if missing:
        raise CheckpointError(f"{directory} lacks {len(missing)} weights of the model its config.json describes, {missing[0]} among them: it is not of a model that writes text")
    try:
        tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
    except Exception as e:
        raise CheckpointError(f"the tokenizer of {directory} cannot be loaded by transformers: {e}") from e
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        raise CheckpointError(f"the tokenizer of {directory} is not one of the tokenizers library: save it with transformers' fast tokenizer first")
    size, vocabulary = plain_tokenizer(tokenizer).get_vocab_size(), model.lm_head.out_features
    if size > vocabulary:
        raise CheckpointError(f"the tokenizer of {directory} knows {size} tokens, the model only {vocabulary}: they do not belong together")
    return model.eval(), tokenizer


def plain_tokenizer(tokenizer: Any) -> Tokenizer:
    """A copy that neither cuts nor pads."""
    plain = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    plain.no_truncation()
    plain.no_padding()
    return plain


def special_tokens(tokenizer: Any, plain: Tokenizer) -> dict[str, int | None]:
    around = plain.encode("").ids
    if len(around) not in (1, 2):
        raise CheckpointError(f"the tokenizer puts {len(around)} tokens around a text, {around}; one behind it, or one on both sides, is what a package can have")
    if tokenizer.pad_token_id is None:
        raise CheckpointError("the tokenizer has no padding token")
    return {"cls": around[0] if len(around) == 2 else None, "sep": around[-1], "pad": tokenizer.pad_token_id}


def card(checkpoint: Checkpoint, settings: Settings) -> str:
    model, generation = checkpoint.model, settings.generation
    layers, heads, head = model.shape
    state = sum(_entries(t.shape) for t in model.memory.state_tensors())
    trained = settings.training is not None
    lines = [
        f"# {settings.name}",
        "",
        f"Writes a rolling summary of a running transcript, segment by segment: {checkpoint.family.upper()} with the causal cross-attention of an SRformer.",
        "",
        f"* Weights: {settings.source or 'unknown'}, licence {settings.licence}. Stored as {settings.weights}.",
        f"* Decoder: {layers} layers of {heads} heads of {head}, width {model.backbone.width}, {model.backbone.vocabulary} tokens.",
        f"* Memory: `{settings.memory}`, {'growing' if state < 0 else f'{state} values'} a talk." + ("" if trained else " Untrained: its gates are closed, so a segment is summarised as the checkpoint itself would, knowing only what has been written."),
        f"* Segments of at most {settings.segment_sentences} sentences and {settings.row_buckets[-1]} tokens.",
        f"* Generation: {json.dumps(generation.to_dict(), ensure_ascii=False)}",
        "",
        "## Data",
        "",
        json.dumps(settings.training, ensure_ascii=False) if trained else "Not trained further. What the checkpoint was trained on is said where it comes from.",
        "",
        "## Quality",
        "",
        "Not measured here." + ("" if trained else " A checkpoint trained on whole texts has not learned when a segment adds nothing: fine-tune it (`train --family`)."),
        "",
        "## Limits",
        "",
        "* It generates: what it writes may be untrue. Nothing checks it against what was said.",
        *(f"* Not carried over from the checkpoint: {n}." for n in settings.not_carried),
        "",
    ]
    return "\n".join(lines)


def _entries(shape: Sequence[int]) -> int:
    count = 1
    for length in shape:
        count *= length
    return count
