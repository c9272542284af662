"""What a memory can hold, measured on its own: facts stated in segment i are asked for at segment j.

A talk is a row of one-sentence segments. Some of them state a fact ("The budget of Maria is nine."); all others are what people said in real
meetings (`transcript`), or further facts that nobody asks for (`facts`). At some later segment a question comes ("What is the budget of Maria?"), and the network
must say which of the sixteen values it was, from the question and the memory before it. Nothing but the memory can know: `none` is at chance.

Training and test share no pair of person and attribute, and no transcript.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .decoder import Decoder, DecoderConfig, features_of
from .memory import SCALARS, before_segments

PEOPLE = (
    "Maria Peter Anna Thomas Julia Martin Laura Daniel Sarah David Emma Robert Lisa Michael Clara Stefan Nina Paul Eva Simon Olga Victor Alice Bruno Rosa "
    "Felix Helen Oscar Irene Hugo Diana Leo"
).split()
ATTRIBUTES = "budget deadline team office project colour train city supplier device language customer".split()
VALUES = "nine forty Friday March green silver Berlin Boston wood rubber French Spanish coffee apples violin chess".split()
DISTANCES = (1, 3, 10, 30, 100, 300)
FACTS = (1, 4, 16, 64)
LENGTH = 320


def statement(person: str, attribute: str, value: str) -> str:
    return f"The {attribute} of {person} is {value}."


def question(person: str, attribute: str) -> str:
    return f"What is the {attribute} of {person}?"


def sentences() -> list[str]:
    """All that can be stated or asked."""
    return [s for p in PEOPLE for a in ATTRIBUTES for s in (question(p, a), *(statement(p, a, v) for v in VALUES))]


def pairs(split: str) -> list[tuple[str, str]]:
    """A fifth of the (person, attribute) pairs is for the test alone."""
    every = [(p, a) for p in PEOPLE for a in ATTRIBUTES]
    random.Random(0).shuffle(every)
    return every[len(every) // 5 :] if split == "train" else every[: len(every) // 5]


@dataclass
class Talk:
    """Sentences in order, and the questions: asked before segment `at`, about the fact of segment `stated`, whose value is `value`."""

    sentences: list[str]
    questions: list[str]
    at: list[int]
    stated: list[int]
    value: list[int]


def talk(rng: random.Random, split: str, filler: Sequence[Sequence[str]] | None, facts: int, asked: int, distance: int | None = None) -> Talk:
    """One talk of `LENGTH` segments with `facts` facts, and `asked` questions, at `distance` or at any later place.

    At a given distance d the facts stand where a question can still come d segments later.
    """
    known = rng.sample(pairs(split), facts)
    if filler is None:
        unasked = [p for p in pairs("train") if p not in known]
        said = [statement(*rng.choice(unasked), rng.choice(VALUES)) for _ in range(LENGTH)]
    else:
        document = rng.choice([d for d in filler if len(d) >= LENGTH])
        begin = rng.randrange(len(document) - LENGTH + 1)
        said = list(document[begin : begin + LENGTH])
    places = rng.sample(range(LENGTH - (distance or 1)), min(facts, LENGTH - (distance or 1)))
    made = Talk(said, [], [], [], [])
    truth = []
    for place, (person, attribute) in zip(places, known):
        value = rng.randrange(len(VALUES))
        said[place] = statement(person, attribute, VALUES[value])
        truth.append((place, person, attribute, value))
    for _ in range(asked):
        place, person, attribute, value = rng.choice(truth)
        made.questions.append(question(person, attribute))
        # evenly in the logarithm, so that near and far are learned alike
        made.at.append(place + (distance or round((LENGTH - 1 - place) ** rng.random())))
        made.stated.append(place)
        made.value.append(value)
    return made


class Recall(nn.Module):
    """The compact decoder with a value to name instead of a salience to give."""

    def __init__(self, memory: str, heads: int, head: int, layers: int = 1, write_gate: bool = False):
        super().__init__()
        self.decoder = Decoder(DecoderConfig(memory=memory, heads=heads, head=head, layers=layers, feedforward=256, write_gate=write_gate))
        self.decoder.head = nn.Linear(self.decoder.config.width, len(VALUES))

    def state_bytes(self) -> int:
        width = {"float16": 2, "float32": 4}
        return sum(int(np.prod(t.shape)) * width[t.type] for t in self.decoder.memory.state_tensors() if -1 not in t.shape)

    def forward(self, said: tuple[Tensor, Tensor], asked: tuple[Tensor, Tensor], at: Tensor) -> Tensor:
        """said: states [N, D] and features [N, F] of the talk; asked: those of Q questions; at [Q] -> logits [Q, values]."""
        decoder = self.decoder
        ones = torch.ones(len(said[0]), 1)
        source = decoder.source(said[0][:, None], said[1][:, None])
        keys, values = decoder.keys_values(source)
        before = decoder.memory.scan(keys, decoder.written(source, values), ones)
        memory = before_segments(decoder.memory, before, at)
        source = decoder.source(asked[0][:, None], asked[1][:, None])
        return decoder.decode(source, *decoder.keys_values(source), torch.ones(len(at), 1), memory)[:, 0]


class Remembered:
    """State tables that keep what was read from them: talks are made of the same sentences again and again."""

    def __init__(self, *tables):
        self._tables = tables
        self._states: dict[str, np.ndarray] = {}

    def states(self, sentences: Sequence[str]) -> np.ndarray:
        for table in self._tables:
            unknown = [s for s in dict.fromkeys(sentences) if s not in self._states and s in table]
            if unknown:
                self._states.update(zip(unknown, table.states(unknown)))
        return np.stack([self._states[s] for s in sentences])


def tensors(made: Talk, table) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor], Tensor, Tensor]:
    def states(of: Sequence[str]) -> Tensor:
        return torch.from_numpy(table.states(of)).float()

    said = torch.tensor([features_of(s, i) for i, s in enumerate(made.sentences)])
    asked = torch.tensor([features_of(s, i) for s, i in zip(made.questions, made.at)])
    return (states(made.sentences), said), (states(made.questions), asked), torch.tensor(made.at), torch.tensor(made.value)


def fit(model: Recall, table, filler, steps: int, seed: int, questions: int = 48, lr: float = 1e-3, report=print) -> None:
    torch.manual_seed(seed)
    rng = random.Random(seed)
    quick = [p for n, p in model.named_parameters() if n.endswith(SCALARS)]
    slow = [p for n, p in model.named_parameters() if not n.endswith(SCALARS)]
    optimiser = torch.optim.AdamW([{"params": slow, "lr": lr}, {"params": quick, "lr": 10 * lr}], weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [lr, 10 * lr], total_steps=steps, pct_start=0.1)
    model.train()
    began, right = time.time(), 0.0
    for step in range(steps):
        made = talk(rng, "train", filler, rng.choice(FACTS), questions)
        said, asked, at, value = tensors(made, table)
        logits = model(said, asked, at)
        loss = F.cross_entropy(logits, value)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        right += 0.02 * ((logits.argmax(-1) == value).float().mean().item() - right)
        if (step + 1) % 200 == 0:
            report(f"  step {step + 1}/{steps}: {100 * right:.0f} % right, {time.time() - began:.0f} s", flush=True)


@torch.no_grad()
def accuracy(model: Recall, table, filler, facts: int, distance: int, talks: int = 12, questions: int = 32) -> float:
    """Share of right answers in percent, on unseen pairs and transcripts."""
    model.eval()
    rng = random.Random(1_000_003 * facts + distance)
    right = total = 0
    for _ in range(talks):
        said, asked, at, value = tensors(talk(rng, "test", filler, min(facts, LENGTH - distance), questions, distance), table)
        right += int((model(said, asked, at).argmax(-1) == value).sum())
        total += len(value)
    return 100.0 * right / total


def measure(
    memory: str, table, filler: dict[str, Sequence[Sequence[str]] | None], heads: int, head: int, steps: int, seed: int, write_gate: bool, slowest_leak: float
) -> dict:
    """Trains one memory and gives its accuracy by distance (with 16 facts) and by the number of facts (at distance 30)."""
    torch.manual_seed(seed)
    model = Recall(memory, heads, head, write_gate=write_gate)
    # What resembles a question must answer it from the first step, or nothing is ever learned.
    model.decoder.make_keys_like_queries()
    if memory != "none":
        nn.init.ones_(model.decoder.memory.gate)
    if memory in ("raf", "linear"):
        model.decoder.memory.start_leaks(slowest_leak)
    fit(model, table, filler["train"], steps, seed)
    return {
        "memory": memory,
        "writeGate": write_gate,
        "slowestLeak": slowest_leak,
        "heads": heads,
        "head": head,
        "seed": seed,
        "steps": steps,
        "stateBytes": model.state_bytes(),
        "byDistance": {d: accuracy(model, table, filler["test"], 16, d) for d in DISTANCES},
        "byFacts": {f: accuracy(model, table, filler["test"], f, 30) for f in FACTS},
    }
