"""Trains decoder and memory on whole documents, segment after segment, with back-propagation through the memory."""

from __future__ import annotations

import copy
import json
import math
import random
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable, Sequence, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import soft_rouge
from .dataset import Example, gathered, segments
from .decoder import FEATURES, POSITION, Decoder, DecoderConfig
from .errors import CheckpointError
from .memory import SCALARS

M = TypeVar("M", bound=nn.Module)
SEGMENTS_AT_ONCE = 128
UNPLACED = torch.tensor([0.0 if i == POSITION else 1.0 for i in range(FEATURES)])


@dataclass(frozen=True)
class TrainConfig:
    memory: str = "raf"
    seed: int = 1
    epochs: int = 10
    learning_rate: float = 6e-4
    memory_rate: float = 10.0
    """Times the learning rate: the step of the memory's gates, leaks and thresholds."""
    weight_decay: float = 0.02
    dropout: float = 0.15
    state_noise: float = 0.0
    documents_per_step: int = 4
    most_per_set: int = 150
    """Documents of one data set in an epoch, drawn anew for each: thousands of notes of ten sentences would drown a hundred meetings."""
    longest: int = 900
    """Sentences of a document that one step sees: a random stretch of longer ones, memory included."""
    weight_rouge: float = 20.0
    """Of the expected ROUGE-1 and ROUGE-2 recall at a given length (soft_rouge.py)."""
    weight_labels: float = 0.1
    """Of the labels (labels.py)."""
    rouge_temperature: float = 1.0
    budgets: tuple[float, ...] = (1.0,)
    """Lengths of the summary that is trained for, in lengths of the reference; one is drawn for each document."""
    statement: float = 0.0
    """What a sentence that states something adds to its salience before sentences compete for room, as the selection does; of documents whose fragments are
    marked (`Example.fragments`)."""
    brevity: float = 0.0
    """Divided by a sentence's words, taken from its salience before sentences compete for room, as the selection does."""
    position: bool = True
    """Whether the network sees how far the talk has got; without, that feature is 0 for all sentences of all talks."""
    temperature: float = 1.0
    weight_alone: float = 0.5
    weight_ordered: float = 0.5
    weight_oracle: float = 0.5
    feedforward: int = 512
    layers: int = 2
    average: float = 0.98
    """Decay a step of the running average of the weights; the average is what is validated and kept."""
    thickness_words: tuple[int, ...] = (16, 24, 48, 72, 96, 160)


def loss_of(salience: Tensor, example: Example, chosen: np.ndarray, config: TrainConfig, budget: float) -> Tensor:
    """What a summary of `budget` lengths of the reference would lack of it, and how far the salience is from the labels."""
    loss = salience.new_zeros(())
    if config.weight_rouge:
        loss = loss + config.weight_rouge * uncovered(salience, example, chosen, config, budget)
    if config.weight_labels:
        loss = loss + config.weight_labels * off_labels(salience, example, chosen, config)
    return loss


def uncovered(salience: Tensor, example: Example, chosen: np.ndarray, config: TrainConfig, budget: float) -> Tensor:
    """Sum of the shares of unigrams and bigrams that are not expected to be covered. `chosen` is a stretch of the document: its summary has its
    share of the budget. Fragments take room in it and cover nothing."""
    valid = torch.from_numpy(example.valid[chosen])
    if not valid.any():
        return salience.new_zeros(())
    candidates = valid if example.fragments is None else valid | torch.from_numpy(example.fragments[chosen])
    words = budget * example.reference_tokens * len(chosen) / len(example.lengths)
    probability = torch.zeros_like(salience)
    lengths = torch.from_numpy(example.tokens[chosen])[candidates]
    worth = salience[candidates] - config.brevity / lengths.clamp(min=1.0) + config.statement * valid[candidates]
    probability[candidates] = soft_rouge.chosen(worth, lengths, words, config.rouge_temperature)
    begin, end = int(chosen[0]), int(chosen[-1]) + 1
    return 2.0 - sum(soft_rouge.covered(probability, grams.within(begin, end)) for grams in (example.unigrams, example.bigrams))


def off_labels(salience: Tensor, example: Example, chosen: np.ndarray, config: TrainConfig) -> Tensor:
    """Listwise: the document's candidates compete for a target distribution; plus membership in the oracle summary, one by one."""
    valid = torch.from_numpy(example.valid[chosen])
    s = salience[valid]
    target = config.weight_alone * example.alone[chosen] + config.weight_ordered * example.ordered[chosen]
    z = torch.from_numpy(target)[valid]
    n = s.shape[0]
    loss = -(torch.softmax(z / config.temperature, 0) * torch.log_softmax(s, 0)).sum() - math.log(max(n, 2))
    member = torch.from_numpy(example.oracle[chosen])[valid]
    if config.weight_oracle and member.sum() > 0:
        # the salience's level is free in the listwise loss; this fixes it: 0 = as likely in the best summary as not
        loss = loss + config.weight_oracle * F.binary_cross_entropy_with_logits(s, member, reduction="mean") * 4.0
    return loss


def forget_position(decoder: Decoder) -> None:
    """What the decoder makes of how far the talk has got becomes nothing, and stays so if it is trained without `TrainConfig.position`."""
    with torch.no_grad():
        decoder.features.weight[:, POSITION] = 0.0


def stretch(example: Example, config: TrainConfig, rng: random.Random) -> np.ndarray:
    """The sentences that one step sees."""
    n = len(example.lengths)
    begin = rng.randrange(n - config.longest + 1) if n > config.longest else 0
    return np.arange(begin, min(n, begin + config.longest))


def run_document(decoder: Decoder, example: Example, thickness: int, config: TrainConfig, rng: random.Random) -> Tensor:
    chosen = stretch(example, config, rng)
    return run_stretch(decoder, example, chosen, torch.from_numpy(example.states[chosen]).float(), thickness, config, rng)


def run_stretch(decoder: Decoder, example: Example, chosen: np.ndarray, states: Tensor, thickness: int, config: TrainConfig, rng: random.Random) -> Tensor:
    """The loss of the sentences `chosen`, whose states [n, D] these are."""
    parts = segments(example.lengths[chosen], int(thickness * rng.uniform(0.7, 1.3)), 16)
    features = torch.from_numpy(example.features[chosen])
    if not config.position:
        features = features * UNPLACED
    states, features, mask = gathered(states, features, parts)
    if config.state_noise:
        states = states + torch.randn_like(states) * config.state_noise / math.sqrt(states.shape[-1]) * mask[:, :, None]
    flat = decoder.document(states, features, mask)[mask > 0]
    return loss_of(flat, example, chosen, config, rng.choice(config.budgets))


@torch.no_grad()
def salience_of(decoder: Decoder, example: Example, minimum_words: int = 72) -> np.ndarray:
    """Salience of every sentence, as a stream would have computed it: float32 [n]."""
    decoder.eval()
    parts = segments(example.lengths, minimum_words, decoder.config.segment_sentences)
    states, features, mask = gathered(torch.from_numpy(example.states).float(), torch.from_numpy(example.features), parts)
    return decoder.document(states, features, mask, SEGMENTS_AT_ONCE)[mask > 0].numpy()


def parameter_groups(decoder: Decoder, config: TrainConfig) -> list[dict]:
    groups: dict[str, list] = {"matrices": [], "vectors": [], "memory": []}
    for name, parameter in decoder.named_parameters():
        groups["memory" if name.endswith(SCALARS) else "matrices" if parameter.ndim >= 2 else "vectors"].append(parameter)
    return [
        {"params": groups["matrices"], "weight_decay": config.weight_decay, "lr": config.learning_rate},
        {"params": groups["vectors"], "weight_decay": 0.0, "lr": config.learning_rate},
        # Gates, leaks and thresholds have far to go in a few hundred steps.
        {"params": groups["memory"], "weight_decay": 0.0, "lr": config.learning_rate * config.memory_rate},
    ]


def train(config: TrainConfig, examples: Sequence[Example], directory: Path, validate=None, minutes: float | None = None) -> Decoder:
    """Trains or resumes; a checkpoint an epoch, the best by `validate(decoder) -> float` is returned.

    `minutes`: no epoch begins after so many; an epoch under way stops there, and its weights are validated like any other's.
    """
    torch.manual_seed(config.seed)
    decoder = Decoder(DecoderConfig(memory=config.memory, feedforward=config.feedforward, layers=config.layers), dropout=config.dropout)
    if not config.position:
        forget_position(decoder)

    def loss(example: Example, rng: random.Random) -> Tensor:
        return run_document(decoder, example, rng.choice(config.thickness_words), config, rng)

    return fit(decoder, parameter_groups(decoder, config), loss, config, examples, directory, validate, minutes)


def fit(
    model: M,
    groups: list[dict],
    loss_of_document: Callable[[Example, random.Random], Tensor],
    config: TrainConfig,
    examples: Sequence[Example],
    directory: Path,
    validate: Callable[[M], float] | None = None,
    minutes: float | None = None,
) -> M:
    """The loop behind `train` and `tuning.tune`: `groups` are those of AdamW, with their learning rates."""
    deadline = math.inf if minutes is None else time.time() + 60 * minutes
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(asdict(config), indent=1))
    optimiser = torch.optim.AdamW(groups, lr=config.learning_rate)
    by_set: dict[str, list[int]] = defaultdict(list)
    for i, e in enumerate(examples):
        by_set[e.document.dataset].append(i)
    documents_per_epoch = sum(min(len(found), config.most_per_set) for found in by_set.values())
    steps_per_epoch = math.ceil(documents_per_epoch / config.documents_per_step)
    total = steps_per_epoch * config.epochs

    def rate(step: int) -> float:
        warm = min(1.0, (step + 1) / (0.05 * total + 1))
        return warm * 0.5 * (1 + math.cos(math.pi * min(1.0, step / total)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    first, best, best_state = 0, -math.inf, None
    averaged = copy.deepcopy(model).eval()
    checkpoint = directory / "last.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(saved["decoder"])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        averaged.load_state_dict(saved["averaged"])
        first, best, best_state = saved["epoch"] + 1, saved["best"], saved["best_state"]
    for epoch in range(first, config.epochs):
        if time.time() > deadline:
            break
        rng = random.Random(config.seed * 1000 + epoch)
        torch.manual_seed(config.seed * 1000 + epoch)
        order = [i for found in by_set.values() for i in rng.sample(found, min(len(found), config.most_per_set))]
        rng.shuffle(order)
        model.train()
        began = reported = time.time()
        losses: list[float] = []
        for at in range(0, len(order), config.documents_per_step):
            if time.time() > deadline:
                break
            batch = order[at : at + config.documents_per_step]
            for i in batch:
                loss = loss_of_document(examples[i], rng) / len(batch)
                loss.backward()
                losses.append(loss.item() * len(batch))
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=True)
            decay = min(config.average, (schedule.last_epoch + 1) / (schedule.last_epoch + 10))
            with torch.no_grad():
                for slow, quick in zip(averaged.parameters(), model.parameters()):
                    slow.lerp_(quick, 1 - decay)
            if time.time() - reported > 60:
                reported = time.time()
                print(f"  {directory.name}: {at + len(batch)}/{len(order)} documents, {time.time() - began:.0f} s", flush=True)
        score = validate(averaged) if validate else -float(np.mean(losses))
        if score >= best:
            best, best_state = score, {k: v.clone() for k, v in averaged.state_dict().items()}
        saved = {
            "decoder": model.state_dict(), "averaged": averaged.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(),
            "epoch": epoch, "best": best, "best_state": best_state,
        }
        torch.save(saved, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").rename(checkpoint)
        print(f"{directory.name} epoch {epoch + 1}/{config.epochs}: loss {np.mean(losses):.4f}, validation {score:.2f}, {time.time() - began:.0f} s", flush=True)
    if best_state is None:
        raise ValueError(f"{directory} has no finished epoch: give it more minutes")
    model.load_state_dict(best_state)
    return model.eval()


def load(directory: Path, dropout: float = 0.0) -> Decoder:
    """The best weights of a finished or interrupted run."""
    if not (directory / "last.pt").exists():
        raise CheckpointError(f"{directory} has no trained weights; `train` with the same --memory, --seed and --train-sets writes them")
    config = json.loads((directory / "config.json").read_text())
    decoder = Decoder(DecoderConfig(memory=config["memory"], feedforward=config["feedforward"], layers=config["layers"]), dropout=dropout)
    decoder.load_state_dict(torch.load(directory / "last.pt", weights_only=False)["best_state"])
    return decoder.eval()


def average(directories: Sequence[Path], directory: Path) -> None:
    """Writes a run whose weights are the mean of others that started from the same seed (a "model soup", Wortsman et al. 2022)."""
    directory.mkdir(parents=True, exist_ok=True)
    states = [torch.load(d / "last.pt", weights_only=False)["best_state"] for d in directories]
    mean = {name: sum(s[name] for s in states) / len(states) for name in states[0]}
    torch.save({"best_state": mean}, directory / "last.pt")
    for settings in directories[0].glob("*.json"):
        (directory / settings.name).write_text(settings.read_text())
