"""How the bundled model is made: the choices, in one place."""

from __future__ import annotations

from .selection import SelectionConfig
from .train import TrainConfig

VERSION = "1.0.0"
TRAINING_SETS = ("ami", "icsi", "qmsum")
WATCHED_SETS = ("ami", "qmsum")
"""The epoch with the best mean of ROUGE-1 + ROUGE-2 on these is kept."""

SELECTION = SelectionConfig(redundancy=0.5, minContentWords=3, poolBudgets=3.0, poolSentences=96, hysteresis=1.0, finalHysteresis=0.3, growth=0.06)


def train_config(memory: str, seed: int) -> TrainConfig:
    return TrainConfig(memory=memory, seed=seed, epochs=4, longest=500)
