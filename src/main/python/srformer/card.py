"""The model card and the manifest's training section: what the weights were made from and how well they do."""

from __future__ import annotations

from collections import Counter
from typing import Any, Sequence

from .corpus import Document

SOURCES = {
    "ami": ("AMI meeting corpus, as prepared by HMNet", "CC BY 4.0"),
    "icsi": ("ICSI meeting corpus, as prepared by HMNet", "CC BY 4.0"),
    "qmsum": ("QMSum (AMI, ICSI, Welsh and Canadian parliament committees)", "MIT"),
    "ethpm": ("ethereum/pm call transcripts and TL;DRs", "CC BY-SA 3.0"),
    "ethpm_acd": ("ethereum/pm AllCoreDevs notes", "CC BY-SA 3.0"),
    "bitcointranscripts": ("bitcointranscripts talks and podcasts", "MIT"),
    "aci_bench": ("ACI-Bench doctor-patient dialogues", "CC BY 4.0"),
    "mts_dialog": ("MTS-Dialog doctor-patient dialogues", "CC BY 4.0"),
    "convosumm_email": ("ConvoSumm e-mail threads", "CC BY-SA 4.0"),
    "scisummnet": ("ScisummNet papers", "CC BY 4.0 / CC BY-SA 4.0"),
    "crd3": ("Critical Role Dungeons and Dragons Dataset", "CC BY-SA 4.0"),
}


def training_section(documents: Sequence[Document], config: dict[str, Any], validation: dict[str, Any]) -> dict[str, Any]:
    count = Counter(d.dataset for d in documents)
    sentences = Counter()
    for d in documents:
        sentences[d.dataset] += len(d.sentences)
    return {
        "encoder": "all-MiniLM-L6-v2, frozen, Apache-2.0",
        "data": [{"set": s, "licence": SOURCES[s][1], "documents": count[s], "sentences": sentences[s]} for s in count],
        "config": config,
        "validation": validation,
    }


def row(name: str, scores: dict[str, float] | Sequence[float]) -> str:
    if not isinstance(scores, dict):
        return f"| {name} | {scores[0]:.1f} | {scores[1]:.1f} | {scores[2]:.1f} | | |"
    return f"| {name} | {scores['r1']:.1f} | {scores['r2']:.1f} | {scores['rl']:.1f} | {scores['erasure']:.2f} | {scores['length']:.2f} |"


def write(name: str, training: dict[str, Any], tables: dict[str, dict[str, Any]]) -> str:
    """Markdown; `tables` maps a validation set to its systems' scores."""
    lines = [
        f"# {name}",
        "",
        "Scores the sentences of a running transcript, segment by segment, for a rolling extractive summary. English meetings, calls and talks.",
        "",
        "* Encoder: all-MiniLM-L6-v2 (Apache-2.0), frozen; each sentence is encoded alone.",
        "* Decoder and memory: trained for this project (Apache-2.0). Memory kind and sizes are in `model.json`.",
        "",
        "## Data",
        "",
        "The weights were trained on these sets only. Meetings that are in a validation or test split of AMI, ICSI or QMSum were left out of all three.",
        "",
        "| set | source | licence | documents | sentences |",
        "| --- | --- | --- | --- | --- |",
        *(f"| {d['set']} | {SOURCES[d['set']][0]} | {d['licence']} | {d['documents']} | {d['sentences']} |" for d in training["data"]),
        "",
        "## Quality",
        "",
        "Validation sets, final summary at the reference's length in words; ROUGE F1 on lower-cased alphanumeric tokens without stemming (ROUGE-L over the whole text). ",
        "Erasure: words shown and later removed / words of the final summary. Filled: words of the final summary / budget. Baselines are cut at the exact length.",
        "",
    ]
    for dataset, systems in tables.items():
        lines += [f"### {dataset}", "", "| system | ROUGE-1 | ROUGE-2 | ROUGE-L | erasure | filled |", "| --- | --- | --- | --- | --- | --- |"]
        lines += [row(system, scores) for system, scores in systems.items()]
        lines.append("")
    lines += [
        "## Limits",
        "",
        "* It extracts: a summary is made of sentences somebody said, cleaned of fillers by rule. A pronoun may have lost its noun.",
        "* Trained on English speech of a few kinds; other languages, very short talks and written prose are outside of it.",
        "* Constants of the selection were tuned on the AMI and QMSum validation sets, whose numbers are therefore a little flattering.",
        "* No sentence is checked for truth, only for having been said.",
        "",
    ]
    return "\n".join(lines)
