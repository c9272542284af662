"""Trains the upper layers of the sentence encoder together with the decoder, by the decoder's own loss.

What the lower layers make of every sentence never changes, so it is computed once (`LowerStates`). A document's sentences then pass the upper layers
in a batch, the decoder reads them as it always does, and the gradient of expected ROUGE flows back through both.
"""

from __future__ import annotations

import copy
import itertools
import json
import math
import random
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Callable, Sequence, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tokenizers import Tokenizer

from . import encode, minilm, train
from .bert import Encoder, from_minilm
from .corpus import Document
from .dataset import Example
from .decoder import Decoder, DecoderConfig
from .errors import CheckpointError
from .selection import prepared
from .train import TrainConfig

T = TypeVar("T")

TOKENS_MULTIPLE = 1024
TUNE_FILE = "tune.json"
"""In the directory of a run whose encoder was tuned."""


@dataclass(frozen=True)
class TuneConfig:
    layers: int = 2
    """Of the encoder that are trained, from the top."""
    learning_rate: float = 5e-5
    """Of these layers; the decoder has its own."""
    weight_decay: float = 0.01


class LowerStates:
    """sentence -> bfloat16 [tokens, 384] after the encoder's lower layers, on disk: append-only, as `encode.StateTable`."""

    def __init__(self, directory: Path, append: bool = False):
        directory.mkdir(parents=True, exist_ok=True)
        self._rows_path, self._tokens_path = directory / "rows.u64", directory / "tokens.bf16"
        rows = np.fromfile(self._rows_path, dtype="<u8") if self._rows_path.exists() else np.empty(0, dtype="<u8")
        rows = rows[: len(rows) // 2 * 2].reshape(-1, 2)
        ends = np.cumsum(rows[:, 1].astype(np.int64))
        held = self._tokens_path.stat().st_size // (encode.WIDTH * 2) if self._tokens_path.exists() else 0
        count = int(np.searchsorted(ends, held, side="right"))
        self._end = int(ends[count - 1]) if count else 0
        self._place = {int(k): (int(end) - int(n), int(n)) for (k, n), end in zip(rows[:count], ends)}
        for path, size in ((self._rows_path, count * 16), (self._tokens_path, self._end * encode.WIDTH * 2)):
            if append and path.exists() and path.stat().st_size != size:
                with open(path, "r+b") as file:
                    file.truncate(size)
        self._map: np.memmap | None = None

    def __len__(self) -> int:
        return len(self._place)

    def missing(self, sentences: Sequence[str]) -> list[str]:
        return [s for s in dict.fromkeys(sentences) if encode.key(s) not in self._place]

    def append(self, sentences: Sequence[str], encoded: tuple[Tensor, Tensor]) -> None:
        """encoded: token states [R, T, 384] and their mask, int [R, T]."""
        tokens, mask = encoded
        lengths = mask.sum(1).tolist()
        with open(self._tokens_path, "ab") as out:
            out.write(tokens.to(torch.bfloat16)[mask > 0].contiguous().view(torch.int16).numpy().tobytes())
        with open(self._rows_path, "ab") as out:
            out.write(np.array([(encode.key(s), n) for s, n in zip(sentences, lengths)], dtype="<u8").tobytes())
        for sentence, n in zip(sentences, lengths):
            self._place[encode.key(sentence)] = (self._end, int(n))
            self._end += int(n)
        self._map = None

    def lengths(self, sentences: Sequence[str]) -> list[int]:
        return [self._place[encode.key(s)][1] for s in sentences]

    def tokens(self, sentences: Sequence[str]) -> Tensor:
        """Token states of the sentences one after the other, bfloat16 [tokens, 384]."""
        if self._map is None:
            self._map = np.memmap(self._tokens_path, dtype="<i2", mode="r", shape=(self._end, encode.WIDTH))
        places = [self._place[encode.key(s)] for s in sentences]
        found = np.empty((sum(n for _, n in places), encode.WIDTH), dtype=np.int16)
        at = 0
        for begin, n in places:
            found[at : at + n] = self._map[begin : begin + n]
            at += n
        return torch.from_numpy(found).view(torch.bfloat16)


def lower_encoder(encoder: Encoder, layers: int, threads: int = 1) -> Callable[[np.ndarray, np.ndarray], tuple[Tensor, Tensor]]:
    """(ids, mask) int64 [R, T] -> what the first `layers` make of the tokens, [R, T, 384], and the mask: for `encode.encode_missing`."""
    torch.set_num_threads(threads)

    def lower(ids: np.ndarray, mask: np.ndarray) -> tuple[Tensor, Tensor]:
        there = torch.from_numpy(mask)
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            return encoder.through(encoder.embedded(torch.from_numpy(ids)), there.float(), 0, layers), there

    return lower


def lower_states(work: Path, encoder: Encoder, layers: int) -> LowerStates:
    """The table in a work directory, of an encoder whose last `layers` are tuned."""
    return LowerStates(work / f"tokens-{len(encoder.layers) - layers}", append=True)


def encode_lower(lower: LowerStates, documents: Sequence[Document], encoder: Encoder, layers: int, label: str) -> None:
    """Adds what the table lacks of these documents."""
    sentences = [s for d in documents for s in d.sentences]
    if lower.missing(sentences):
        tokenizer = Tokenizer.from_str(minilm.tokenizer_json())
        encode.encode_missing(lower, sentences, lower_encoder(encoder, len(encoder.layers) - layers), tokenizer, label)


def spread(found: list[T], most: int | None) -> list[T]:
    """At most so many, evenly spread."""
    return found[:: max(1, len(found) // most)][:most] if most else found


def statements_only(examples: Sequence[Example]) -> list[Example]:
    """The same talks with nothing to choose from but sentences that state something, as (nearly) only these are shown."""
    made = []
    for e in examples:
        states = np.array([bool(valid) and prepared(s).statement for s, valid in zip(e.document.sentences, e.valid)])
        if states.any():
            made.append(replace(e, valid=states))
    return made


def fragments_marked(examples: Sequence[Example]) -> list[Example]:
    """As `statements_only`; but whatever else could be shown takes room in a summary, and covers nothing: a reader gets nothing from it."""
    made = []
    for e in examples:
        for stating in statements_only([e]):
            fragments = e.valid & ~stating.valid
            made.append(replace(stating, fragments=fragments, unigrams=e.unigrams.without(fragments), bigrams=e.bigrams.without(fragments)))
    return made


class Tuned(nn.Module):
    """The encoder's layers that are trained, and the decoder that reads what they make."""

    def __init__(self, upper: nn.ModuleList, decoder: Decoder):
        super().__init__()
        self.upper = upper
        self.decoder = decoder

    @staticmethod
    def of(encoder: Encoder, layers: int, decoder: Decoder) -> "Tuned":
        """With the last `layers` of the encoder, copied."""
        return Tuned(copy.deepcopy(encoder.layers[len(encoder.layers) - layers :]), decoder)

    def states(self, sentences: Sequence[str], lower: LowerStates, learning: Sequence[bool] | None = None) -> Tensor:
        """States float32 [n, 384] of a document's sentences. The gradient flows through those that are `learning`; without one, through none."""
        unique = list(dict.fromkeys(sentences))
        wanted = {s for s, wants in zip(sentences, learning) if wants} if learning is not None else set()
        made, place = [], {}
        for with_gradient in (True, False):
            group = [s for s in unique if (s in wanted) == with_gradient]
            if group:
                group = [s for _, s in sorted(zip(lower.lengths(group), group))]
                place.update(zip(group, range(len(place), len(place) + len(group))))
                with torch.set_grad_enabled(with_gradient and torch.is_grad_enabled()):
                    made.append(self._encode(group, lower))
        return torch.cat(made)[[place[s] for s in sentences]]

    def _encode(self, sentences: Sequence[str], lower: LowerStates) -> Tensor:
        """Sentences by their length, shortest first -> [n, 384]. Their tokens travel as one row without padding; attention takes all sentences of one
        length at a time."""
        groups = [(length, len(list(same))) for length, same in itertools.groupby(lower.lengths(sentences))]
        x = lower.tokens(sentences).float()
        tokens = len(x)
        # Kernels are compiled for every new shape: few shapes, little compiling.
        x = F.pad(x, (0, 0, 0, -tokens % TOKENS_MULTIPLE))
        for layer in self.upper:
            x = _through(layer, x, groups)
        pooled = torch.cat([g.mean(1) for g in _by_length(x, groups)])
        return pooled / pooled.norm(dim=1, keepdim=True)

    def put_into(self, encoder: Encoder) -> Encoder:
        """The encoder with its upper layers replaced by the tuned ones."""
        first = len(encoder.layers) - len(self.upper)
        for index, layer in enumerate(self.upper):
            encoder.layers[first + index].load_state_dict(layer.state_dict())
        return encoder.eval()


def _by_length(x: Tensor, groups: Sequence[tuple[int, int]]) -> list[Tensor]:
    """[tokens, D] -> for each length T, R sentences of it: [R, T, D]."""
    sizes = [length * count for length, count in groups]
    parts = torch.split(x[: sum(sizes)], sizes)
    return [part.view(count, length, -1) for part, (length, count) in zip(parts, groups)]


def _through(layer: nn.Module, x: Tensor, groups: Sequence[tuple[int, int]]) -> Tensor:
    """What `bert._Layer.forward` computes, for sentences without padding."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        q, k, v = (f(x).float() for f in (layer.query, layer.key, layer.value))
    attended = []
    for a, b, c in zip(*(_by_length(t, groups) for t in (q, k, v))):
        a, b, c = (t.unflatten(-1, (layer.heads, -1)).transpose(1, 2) for t in (a, b, c))
        weights = torch.softmax(torch.matmul(a, b.transpose(2, 3)) / math.sqrt(a.shape[-1]), -1)
        attended.append(torch.matmul(weights, c).transpose(1, 2).flatten(-2).flatten(0, 1))
    together = torch.cat(attended)
    together = F.pad(together, (0, 0, 0, len(x) - len(together)))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        x = layer.norm_attention(x + layer.out(together))
        return layer.norm_output(x + layer.outer(F.gelu(layer.inner(x)))).float()


@torch.no_grad()
def restated(model: Tuned, examples: Sequence[Example], lower: LowerStates) -> list[Example]:
    """The same talks with the states that the tuned encoder gives their sentences."""
    return [replace(e, states=model.states(e.document.sentences, lower).half().numpy()) for e in examples]


def tune(
    config: TrainConfig,
    tuning: TuneConfig,
    model: Tuned,
    examples: Sequence[Example],
    lower: LowerStates,
    directory: Path,
    validate: Callable[[Tuned], float] | None = None,
    minutes: float | None = None,
) -> Tuned:
    """Goes on from a trained decoder, or resumes; else as `train.train`."""
    matrices = [p for p in model.upper.parameters() if p.ndim >= 2]
    vectors = [p for p in model.upper.parameters() if p.ndim < 2]
    groups = [
        *train.parameter_groups(model.decoder, config),
        {"params": matrices, "weight_decay": tuning.weight_decay, "lr": tuning.learning_rate},
        {"params": vectors, "weight_decay": 0.0, "lr": tuning.learning_rate},
    ]

    directory.mkdir(parents=True, exist_ok=True)
    (directory / TUNE_FILE).write_text(json.dumps(asdict(tuning), indent=1))

    def loss(example: Example, rng: random.Random) -> Tensor:
        chosen = train.stretch(example, config, rng)
        sentences = [example.document.sentences[i] for i in chosen]
        states = model.states(sentences, lower, example.valid[chosen].tolist())
        return train.run_stretch(model.decoder, example, chosen, states, rng.choice(config.thickness_words), config, rng)

    return train.fit(model, groups, loss, config, examples, directory, validate, minutes)


def is_tuned(directory: Path) -> bool:
    return (directory / TUNE_FILE).exists()


def load(directory: Path, encoder: Encoder) -> Tuned:
    """The best weights of a finished or interrupted run; `encoder`: the one that was tuned, as it was before."""
    if not (directory / "last.pt").exists():
        raise CheckpointError(f"{directory} has no trained weights; `tune` with the same --memory and --seed writes them")
    config = json.loads((directory / "config.json").read_text())
    decoder = Decoder(DecoderConfig(memory=config["memory"], feedforward=config["feedforward"], layers=config["layers"]))
    model = Tuned.of(encoder, json.loads((directory / TUNE_FILE).read_text())["layers"], decoder)
    model.load_state_dict(torch.load(directory / "last.pt", weights_only=False)["best_state"])
    return model.eval()


def reader(run: Path, work: Path) -> tuple[Decoder, Callable[[Sequence[Example]], Sequence[Example]]]:
    """The decoder of any run, and what gives talks the states that it reads."""
    if not is_tuned(run):
        return train.load(run), lambda examples: examples
    encoder = from_minilm(minilm.weights())
    model = load(run, encoder)
    lower = lower_states(work, encoder, len(model.upper))

    def restate(examples: Sequence[Example]) -> list[Example]:
        encode_lower(lower, [e.document for e in examples], encoder, len(model.upper), "talks")
        return restated(model, examples, lower)

    return model.decoder, restate
