"""Transcripts with references, as sentences: `prepare` reads the JSON lines, everything else reads what it wrote."""

from __future__ import annotations

import gzip
import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator, Sequence

from . import text as texts

TRAINING_SETS = (
    "ami", "icsi", "qmsum", "ethpm", "ethpm_acd", "bitcointranscripts", "aci_bench", "mts_dialog", "convosumm_email", "scitldr_a", "crd3", "scisummnet",
)
VALIDATION_SETS = ("ami", "qmsum", "icsi", "ethpm", "crd3")
SHARED_MEETINGS = ("ami", "icsi", "qmsum")
"""QMSum asks about meetings that the other two have as well: what one validates, none trains on."""
DOCUMENT_LIMITS = {("crd3", "train"): 24, ("crd3", "val"): 8, ("scisummnet", "train"): 120}
"""At most so many documents, evenly spread, of the sets that cost more to encode than all others together."""

FORBIDDEN = frozenset({"cnndm"})
"""Research-only text: never read here, so that it cannot end up in a shipped model."""


@dataclass
class Document:
    """One transcript: what was said, sentence by sentence, and what people wrote about it."""

    id: str
    dataset: str
    split: str
    licence: str
    summary: str
    sentences: list[str]
    speakers: list[str | None]
    chunks: list[tuple[int, int]]
    aligned: list[dict[str, Any]] = field(default_factory=list)
    qmsum_split: str | None = None
    meeting: str | None = None
    """AMI, ICSI and QMSum share meetings: the same meeting has the same name here."""

    def to_json(self) -> str:
        return json.dumps(self.__dict__, ensure_ascii=False)

    @staticmethod
    def from_json(line: str) -> "Document":
        return Document(**json.loads(line))


def read_raw(data: Path, dataset: str, split: str, research: bool = False) -> Iterator[dict[str, Any]]:
    """`research`: for an experiment whose weights are thrown away."""
    if dataset in FORBIDDEN and not research:
        raise ValueError(f"data set {dataset} is for research only and must not be used for a model that ships")
    with gzip.open(data / dataset / f"{split}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def to_document(raw: dict[str, Any], dataset: str, split: str) -> Document:
    segments = [(s.get("speaker"), html.unescape(s["text"])) for s in raw["segments"]]
    found = texts.sentences(segments)
    aligned = [
        {"text": a["summary_sentence"], "chunks": sorted(a["segment_indices"]), "kind": a.get("kind"), "score": a.get("score")}
        for a in raw.get("aligned") or []
        if a["segment_indices"]
    ]
    if dataset == "crd3":
        aligned = [a for a in aligned if (a["score"] or 0) >= 0.34 and len(a["chunks"]) <= 66]
    return Document(
        id=str(raw["id"]),
        dataset=dataset,
        split=split,
        licence=raw["license"],
        summary=re.sub(r"\s+", " ", html.unescape(raw["summary"])).strip(),
        sentences=[s.text for s in found],
        speakers=[segments[s.first_chunk][0] for s in found],
        chunks=[(s.first_chunk, s.last_chunk) for s in found],
        aligned=aligned,
        qmsum_split=raw.get("qmsum_split"),
        meeting=raw.get("meeting_id"),
    )


def prepared_path(work: Path, dataset: str, split: str) -> Path:
    return work / "corpus" / f"{dataset}.{split}.jsonl.gz"


def prepare(data: Path, work: Path, sets: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """Splits the data sets into sentences; returns the (data set, split) pairs to encode, in the order in which encoding pays off soonest.

    `sets`: only these. The validation splits that meetings are left out for (`training`) are split in any case.
    """
    order = [(s, "val") for s in VALIDATION_SETS[:-1]] + [(s, "train") for s in TRAINING_SETS[:10]]
    order += [("crd3", "val")] + [(s, "train") for s in TRAINING_SETS[10:]]
    unknown = set(sets or ()) - {s for s, _ in order}
    if unknown:
        raise ValueError(f"no data set {', '.join(sorted(unknown))}; there are {', '.join(TRAINING_SETS)}")
    wanted = [(s, split) for s, split in order if sets is None or s in sets]
    for dataset, split in dict.fromkeys(wanted + [(s, "val") for s in SHARED_MEETINGS]):
        if not prepared_path(work, dataset, split).exists():
            _split(data, work, dataset, split)
    return wanted


def _split(data: Path, work: Path, dataset: str, split: str) -> None:
    path = prepared_path(work, dataset, split)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    raws = list(read_raw(data, dataset, split))
    limit = DOCUMENT_LIMITS.get((dataset, split), len(raws))
    with gzip.open(part, "wt", encoding="utf-8") as out:
        count = sentences = 0
        for raw in raws[:: max(1, len(raws) // limit)][:limit]:
            document = to_document(raw, dataset, split)
            if not document.sentences or not document.summary:
                continue
            out.write(document.to_json() + "\n")
            count += 1
            sentences += len(document.sentences)
    part.rename(path)
    print(f"prepared {dataset} {split}: {count} documents, {sentences} sentences", flush=True)


def prepared(work: Path, split: str, sets: Sequence[str]) -> list[str]:
    """Those of the data sets that have been prepared."""
    return [s for s in sets if prepared_path(work, s, split).exists()]


def load(work: Path, dataset: str, split: str) -> list[Document]:
    with gzip.open(prepared_path(work, dataset, split), "rt", encoding="utf-8") as lines:
        return [Document.from_json(line) for line in lines]


def training(work: Path, datasets: tuple[str, ...] = TRAINING_SETS) -> list[Document]:
    """The training documents, without any meeting that a validation or test split of AMI, ICSI or QMSum also has."""
    held_out = {d.meeting for dataset in SHARED_MEETINGS for d in load(work, dataset, "val")} - {None}
    found = [d for dataset in datasets for d in load(work, dataset, "train")]
    return [d for d in found if d.meeting not in held_out and d.qmsum_split not in ("val", "test")]
