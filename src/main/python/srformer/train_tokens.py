"""Fine-tunes a converted T5 or BART on transcripts with summaries, segment after segment, with back-propagation through the memory.

Each sentence of the summary is the task of one segment: the one that says most of it. Teacher forcing is what a stream does: the decoder of a segment is
fed the start, the last tokens written before, and this segment's sentences, and has to write the sentences and the end; most segments have to write the
end alone. All segments of a stretch are decoded at once, after the memory's scan over the segments before them.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from . import baselines, rouge
from . import text as texts
from .checkpoint import Checkpoint, plain_tokenizer
from .corpus import Document
from .dataset import segments
from .errors import CheckpointError
from .labels import STOP_WEIGHT
from .seq2seq import Seq2Seq

IGNORED = -100
"""Label of a position that is fed, not learned."""
HELD_OUT = 20
"""One document in so many is held out, if there are that many twice over."""


@dataclass(frozen=True)
class TokenTrainConfig:
    seed: int = 1
    epochs: int = 4
    learning_rate: float = 1e-4
    memory_rate: float = 20.0
    """Times the learning rate: the step of the memory's own weights, which start from nothing."""
    warmup_steps: int = 20
    weight_decay: float = 0.01
    documents_per_step: int = 2
    longest: int = 24
    """Segments of a document that one step sees: a random stretch of longer ones."""
    thickness_words: tuple[int, ...] = (24, 48, 72)
    """Least words of a segment, drawn per document and epoch."""
    empty_weight: float = 0.25
    """Of the end in a segment that adds nothing; they are most segments."""
    clip: float = 1.0
    checkpoint_steps: int = 50


def read_pairs(path: Path) -> list[Document]:
    """JSON lines of `transcript` (a text, or its sentences) and `summary`."""
    documents = []
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as lines:
        for number, line in enumerate(lines, start=1):
            try:
                pair = json.loads(line)
                said, summary = pair["transcript"], pair["summary"]
            except (json.JSONDecodeError, KeyError, TypeError) as e:
                raise CheckpointError(f'{path}, line {number}: expected {{"transcript": ..., "summary": ...}}, got {line.strip()[:80]!r}') from e
            sentences = [s.text for s in texts.sentences([(None, said)])] if isinstance(said, str) else list(said)
            if sentences and summary.strip():
                chunks = [(i, i) for i in range(len(sentences))]
                documents.append(Document(str(pair.get("id", number)), path.stem, "train", "", summary, sentences, [None] * len(sentences), chunks))
    if not documents:
        raise CheckpointError(f"{path} has no pair of a transcript and a summary")
    return documents


def assigned(document: Document, parts: Sequence[tuple[int, int]]) -> list[list[str]]:
    """The summary's sentences by segment: each where most of it is said, inside the span it is aligned with if it is; one that nobody said is nobody's task."""
    said = [rouge.tokens(" ".join(texts.clean(s) for s in document.sentences[a:b])) for a, b in parts]
    result: list[list[str]] = [[] for _ in parts]
    for sentence in (s.text for s in texts.sentences([(None, document.summary)])):
        spans = [set(item["chunks"]) for item in document.aligned if sentence in item["text"] or item["text"] in sentence]
        allowed = range(len(parts))
        if spans:
            inside = [i for i, (a, b) in enumerate(parts) if any(c in span for span in spans for x, y in document.chunks[a:b] for c in range(x, y + 1))]
            allowed = inside or allowed
        coverage = baselines.Coverage(sentence, stop_weight=STOP_WEIGHT)
        gains = {i: coverage.gain(said[i]) for i in allowed}
        best = max(gains, key=lambda i: (gains[i], -i))
        if gains[best] >= 1.0:
            result[best].append(sentence)
    return result


@dataclass
class Batch:
    """The segments of one stretch; S of them, T and N the longest of their kind."""

    ids: Tensor  # int64 [S, T]
    mask: Tensor  # float32 [S, T]
    tokens: Tensor  # int64 [S, N]
    labels: Tensor  # int64 [S, N]
    weights: Tensor  # float32 [S, N]


class Rows:
    """Text to the rows that a stream would feed."""

    def __init__(self, checkpoint: Checkpoint):
        self.generation = checkpoint.settings.generation
        self.row_tokens = checkpoint.settings.row_buckets[-1]
        self.tokenizer = plain_tokenizer(checkpoint.tokenizer)
        self.pad = checkpoint.tokenizer.pad_token_id
        self.space = " " if checkpoint.family == "bart" else ""  # byte pairs know the space before a word as part of it

    def source(self, sentences: Sequence[str]) -> list[int]:
        ids = self.tokenizer.encode(self.generation.inputPrefix + " ".join(sentences)).ids
        return ids if len(ids) <= self.row_tokens else ids[: self.row_tokens - 1] + ids[-1:]

    def target(self, sentences: Sequence[str], anything_before: bool) -> list[int]:
        """Tokens a segment has to write, the end not among them."""
        text = " ".join(sentences)
        ids = self.tokenizer.encode((self.space if anything_before else "") + text, add_special_tokens=False).ids if text else []
        forced = self.generation.forcedFirst
        return ([forced] if forced is not None and not anything_before else []) + ids

    def batch(self, said: Sequence[Sequence[str]], tasks: Sequence[Sequence[str]], begin: int, end: int, empty_weight: float) -> Batch:
        """Rows of segments begin to end; what the segments before have written is fed as if they had written their tasks."""
        written: list[int] = []
        sources, fed, labels, weights = [], [], [], []
        for i, (sentences, task) in enumerate(zip(said[:end], tasks[:end])):
            before = written[-self.generation.prefixTokens :] if self.generation.prefixTokens else []
            target = self.target(task, bool(written))
            ends = len(target) < self.generation.newTokens
            target = target[: self.generation.newTokens]
            if i >= begin:
                label = [IGNORED] * len(before) + target + [self.generation.endOfSegment if ends else IGNORED]
                if not written and self.generation.forcedFirst is not None:
                    label[len(before)] = IGNORED
                sources.append(self.source(sentences))
                fed.append([self.generation.start, *before, *target])
                labels.append(label)
                weights.append([1.0 if task else empty_weight] * len(label))
            written += target
        ids = padded(sources, self.pad)
        mask = padded([[1.0] * len(s) for s in sources], 0.0)
        return Batch(ids, mask, padded(fed, self.pad), padded(labels, IGNORED), padded(weights, 0.0))


def padded(rows: Sequence[Sequence[Any]], filler: Any) -> Tensor:
    longest = max(len(r) for r in rows)
    return torch.tensor([[*r, *[filler] * (longest - len(r))] for r in rows])


def loss_of(model: Seq2Seq, batch: Batch) -> tuple[Tensor, Tensor]:
    """Sum of the weighted cross-entropies of a stretch, and of the weights. Logits are computed where there is a label."""
    learned = batch.labels != IGNORED
    logits = model.backbone.logits(model.document_states(batch.ids, batch.mask, batch.tokens)[learned])
    weights = batch.weights[learned]
    return (F.cross_entropy(logits, batch.labels[learned], reduction="none") * weights).sum(), weights.sum()


def stretch(rows: Rows, document: Document, config: TokenTrainConfig, most_sentences: int, rng: random.Random | None) -> Batch:
    """A document as rows: cut into segments of a drawn thickness, a random stretch if it is long. rng None: the middle thickness, from the start."""
    lengths = np.array([len(texts.words(s)) for s in document.sentences])
    thickness = rng.choice(config.thickness_words) if rng else config.thickness_words[len(config.thickness_words) // 2]
    parts = segments(lengths, thickness, most_sentences)
    begin = rng.randrange(len(parts) - config.longest + 1) if rng and len(parts) > config.longest else 0
    said = [document.sentences[a:b] for a, b in parts]
    return rows.batch(said, assigned(document, parts), begin, min(len(parts), begin + config.longest), config.empty_weight)


def held_out_loss(checkpoint: Checkpoint, rows: Rows, documents: Sequence[Document], config: TokenTrainConfig) -> float | None:
    if not documents:
        return None
    checkpoint.model.eval()
    with torch.no_grad():
        losses = [loss_of(checkpoint.model, stretch(rows, d, config, checkpoint.settings.segment_sentences, None)) for d in documents]
    return float(sum(loss for loss, _ in losses) / sum(weight for _, weight in losses))


def train(checkpoint: Checkpoint, documents: Sequence[Document], config: TokenTrainConfig, output: Path, minutes: float | None = None) -> bool:
    """Trains, or goes on where an earlier run stopped, and writes the checkpoint to `output`; False if time was up before the end.

    Every step draws from a generator of its own, so that a run in several parts takes the same steps as one in a single part.
    """
    output.mkdir(parents=True, exist_ok=True)
    held_out = list(documents[::HELD_OUT]) if len(documents) >= 2 * HELD_OUT else []
    learned = [d for i, d in enumerate(documents) if not held_out or i % HELD_OUT]
    model, rows = checkpoint.model, Rows(checkpoint)
    own = {id(p) for p in model.memory.parameters()}
    rest = [p for p in model.parameters() if id(p) not in own]
    groups = [{"params": rest, "weight_decay": config.weight_decay, "lr": config.learning_rate}]
    if own:
        groups.append({"params": list(model.memory.parameters()), "weight_decay": 0.0, "lr": config.learning_rate * config.memory_rate})
    optimiser = torch.optim.AdamW(groups)
    steps_an_epoch = math.ceil(len(learned) / config.documents_per_step)
    total = steps_an_epoch * config.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: rate(step, config.warmup_steps, total))
    log: list[dict[str, Any]] = []
    step, path = 0, output / "last.pt"
    identity = {**asdict(config), "memory": model.kind, "documents": len(documents)}
    if path.exists():
        saved = torch.load(path, weights_only=False)
        if saved["identity"] != identity:
            raise CheckpointError(f"{output} holds a run with other settings or documents; give another --output")
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        step, log = saved["step"], saved["log"]
        print(f"goes on from step {step} of {total}", flush=True)

    def keep() -> None:
        state = {"identity": identity, "model": model.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(), "step": step, "log": log}
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)

    began, recent = time.monotonic(), [0.0, 0.0]
    while step < total and (minutes is None or time.monotonic() - began < 60 * minutes):
        epoch, place = divmod(step, steps_an_epoch)
        order = list(range(len(learned)))
        random.Random(f"{config.seed} {epoch}").shuffle(order)
        rng = random.Random(f"{config.seed} {epoch} {place}")
        torch.manual_seed(rng.getrandbits(62))
        model.train()
        optimiser.zero_grad()
        chosen = order[place * config.documents_per_step : (place + 1) * config.documents_per_step]
        batches = [stretch(rows, learned[i], config, checkpoint.settings.segment_sentences, rng) for i in chosen]
        weight = sum(float(b.weights[b.labels != IGNORED].sum()) for b in batches)
        for batch in batches:
            loss, _ = loss_of(model, batch)
            (loss / max(weight, 1e-9)).backward()
            recent[0] += loss.item()
        recent[1] += weight
        torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip)
        optimiser.step()
        schedule.step()
        step += 1
        if step % config.checkpoint_steps == 0 or step % steps_an_epoch == 0:
            entry = {"step": step, "loss": round(recent[0] / max(recent[1], 1e-9), 4)}
            if step % steps_an_epoch == 0 and held_out:
                entry["heldOut"] = round(held_out_loss(checkpoint, rows, held_out, config), 4)
            log.append(entry)
            recent = [0.0, 0.0]
            print(f"step {step} of {total}: {entry}", flush=True)
            keep()
    keep()
    model.eval()
    # A checkpoint's least length is meant for a whole text; a fine-tuned one knows when a segment adds nothing.
    training = {"documents": len(learned), "sets": sorted({d.dataset for d in learned}), "config": asdict(config), "steps": step, "log": log}
    checkpoint.settings = replace(checkpoint.settings, generation=replace(checkpoint.settings.generation, minTokens=0), training=training)
    checkpoint.save(output)
    return step >= total


def rate(step: int, warmup: int, total: int) -> float:
    """Linear warm-up, then a cosine down to a tenth."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.1 + 0.45 * (1.0 + math.cos(math.pi * min(1.0, (step - warmup) / max(1, total - warmup))))
