"""How the bundled model is made: the choices, in one place."""

from __future__ import annotations

from dataclasses import replace

from .corpus import TRAINING_SETS
from .selection import SelectionConfig
from .train import TrainConfig
from .tuning import TuneConfig

VERSION = "3.3.0"
ROW_BUCKETS = (16, 32, 48, 64)
"""Only attention works on padding, so finer ones gain little and make smaller batches."""
SEED = 1
MEETINGS = ("ami", "icsi", "qmsum")
RUNS = ((MEETINGS, 4, 150), (TRAINING_SETS, 4, 60))
"""(training sets, epochs, most documents of a set in an epoch): trained from one seed and averaged. The first alone is best on meetings and poor on anything else; the second gives up
little on meetings; the average keeps nearly all of both."""
TUNING_SETS = MEETINGS + ("ethpm", "ethpm_acd", "bitcointranscripts", "crd3", "aci_bench", "mts_dialog", "convosumm_email")
WATCHED_SETS = ("ami", "qmsum", "icsi", "ethpm")
"""The epoch with the best mean of ROUGE-1 + ROUGE-2 on these is kept."""

SELECTION = SelectionConfig(
    redundancy=0.7, minContentWords=3, poolBudgets=3.0, poolSentences=96, hysteresis=4.0, finalHysteresis=1.5, growth=0.15,
    statement=5.0, brokenOff=3.0, unresolved=0.5, brevity=8.0, freshness=3.0,
)


def train_config(memory: str, seed: int, epochs: int = 4, most_per_set: int = 150) -> TrainConfig:
    return TrainConfig(memory=memory, seed=seed, epochs=epochs, longest=1000, most_per_set=most_per_set)


TUNED_LAYERS = 2
"""Of the six of the encoder, from the top."""
TUNE = TuneConfig(layers=TUNED_LAYERS, learning_rate=1e-4)
TUNED_DOCUMENTS = {"mts_dialog": 300, "convosumm_email": 100, "ethpm_acd": 60, "bitcointranscripts": 60, "crd3": 12}
"""At most so many documents of these sets: what the lower layers make of them is 768 bytes a token."""
TUNINGS = (
    (("ami", "icsi", "qmsum", "ethpm"), 2, 100, (1.0,)),
    (TUNING_SETS, 1, 75, (1.0, 0.5)),
)
"""(training sets, epochs, most documents of a set in an epoch, lengths trained for): each goes on from the average of `RUNS`; their average ships."""


def tune_config(memory: str, seed: int, epochs: int, most_per_set: int, budgets: tuple[float, ...]) -> TrainConfig:
    return TrainConfig(
        memory=memory, seed=seed, epochs=epochs, longest=1000, most_per_set=most_per_set, budgets=budgets, learning_rate=2e-4, documents_per_step=3,
        brevity=SELECTION.brevity,
    )


def settle_config(memory: str, seed: int, epochs: int, most_per_set: int) -> TrainConfig:
    """Of a decoder that begins anew on the vectors of the tuned encoder, in the same `RUNS`. `statement` is one less than the selection's: the average of two
    runs is a little kinder to what states nothing than either."""
    return replace(train_config(memory, seed, epochs, most_per_set), documents_per_step=3, brevity=SELECTION.brevity, statement=SELECTION.statement - 1)
