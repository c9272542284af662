"""The published benchmark, scaled to what is here: CNN-DailyMail, segmented against recurrent against full attention over all that came before.

The texts are for research only: they are read into a folder of their own, and no weight trained here is ever exported (corpus.FORBIDDEN).
"""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

import numpy as np

from . import baselines, corpus, encode, evaluate, rouge, train
from . import text as texts
from .dataset import Example, example

DATASET = "cnndm"
KINDS = ("none", "raf", "full")
SEGMENT_WORDS = (12, 25, 49)
"""About 16, 32 and 64 word pieces: the paper's segments."""
VALIDATION_DOCUMENTS = 300
"""The first so many: three times as many would take longer to encode than everything else here."""


def examples(data: Path, work: Path, split: str, threads: int) -> list[Example]:
    import torch
    from tokenizers import Tokenizer

    from . import minilm

    cache = work / "research" / f"{split}.pt"
    if cache.exists():
        return torch.load(cache, weights_only=False)
    documents = [corpus.to_document(raw, DATASET, split) for raw in corpus.read_raw(data, DATASET, split, research=True)]
    documents = [d for d in documents if d.sentences and d.summary]
    if split == "val":
        documents = documents[:VALIDATION_DOCUMENTS]
    table = encode.StateTable(work / "research" / "states", append=True)
    sentences = [s for d in documents for s in d.sentences]
    encode.encode_missing(table, sentences, encode.torch_encoder(threads=threads), Tokenizer.from_str(minilm.tokenizer_json()), f"{DATASET} {split}")
    made = [example(d, table) for d in documents]
    torch.save(made, cache)
    return made


def measure(kind: str, seed: int, training: Sequence[Example], validation: Sequence[Example], config: train.TrainConfig, directory: Path, selection) -> list[dict]:
    """Trains one network; ROUGE of the summary at the reference's length for each thickness of the segments."""
    decoder = train.train(config, training, directory)
    rows = []
    for words in SEGMENT_WORDS:
        scores = evaluate.final_only(validation, lambda e: train.salience_of(decoder, e, words), selection)
        rows.append({"memory": kind, "seed": seed, "segmentWords": words, "rouge": [round(float(x), 2) for x in scores]})
    return rows


def lead(validation: Sequence[Example]) -> list[float]:
    scores = []
    for e in validation:
        shown = [texts.clean(s) for s in e.document.sentences]
        scores.append(rouge.rouge(baselines.lead(shown, e.reference_tokens), e.document.summary))
    return [round(float(x), 2) for x in np.mean(scores, 0)]
