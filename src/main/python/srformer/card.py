"""The model card and the manifest's training section: what the weights were made from, and how well they do by `gistream score`."""

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
    "scitldr_a": ("SciTLDR-A: abstract, introduction and conclusion of papers with one-sentence summaries", "Apache-2.0"),
    "scisummnet": ("ScisummNet papers", "CC BY 4.0 / CC BY-SA 4.0"),
    "crd3": ("Critical Role Dungeons and Dragons Dataset", "CC BY-SA 4.0"),
}


def training_section(documents: Sequence[Document], config: dict[str, Any], tuned_layers: int = 0) -> dict[str, Any]:
    count = Counter(d.dataset for d in documents)
    sentences = Counter()
    for d in documents:
        sentences[d.dataset] += len(d.sentences)
    return {
        "encoder": f"all-MiniLM-L6-v2, {f'its last {tuned_layers} layers tuned' if tuned_layers else 'frozen'}, Apache-2.0",
        "data": [{"set": s, "licence": SOURCES[s][1], "documents": count[s], "sentences": sentences[s]} for s in count],
        "config": config,
    }


def validation(scores: dict[str, Any]) -> dict[str, Any]:
    """What the manifest keeps of the report of `gistream score --format json`: percents of the package's own summaries."""
    kept = ("rouge1", "rouge2", "rougeL")
    return {
        name: {
            "documents": found["documents"],
            **{key: round(100 * found["gistream"][key], 2) for key in kept},
            "r1Auc": round(100 * found["r1Auc"], 2),
            "normalisedErasure": round(found["normalisedErasure"], 2),
            "groundingShare": round(100 * found["groundingShare"], 2),
        }
        for name, found in scores["sets"].items()
    }


def _quality(scores: dict[str, Any]) -> list[str]:
    lines = [
        "Validation sets, final summary at the reference's length in words. The table is the report of",
        "",
        "    gistream score " + " ".join(f"{name}/val.jsonl.gz" for name in scores["sets"]) + " --format json",
        "",
        "with ROUGE F1 in percent on lower-cased alphanumeric tokens without stemming (ROUGE-L over the whole text), baselines and oracle in the same run (docs/score.md).",
        "TextRank compares sentences by this package's own vectors; on those of the encoder before it was tuned it does better, which docs/model.md has.",
        "The constants of the selection were chosen on these sets, whose numbers are therefore a little flattering.",
        "",
        "| set | system | ROUGE-1 | ROUGE-2 | ROUGE-L |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, found in scores["sets"].items():
        for system in ("lead", "random", "textrank", "gistream", "oracle"):
            if system in found:
                shown = [f"{100 * found[system][key]:.1f}" for key in ("rouge1", "rouge2", "rougeL")]
                lines.append(f"| {name} ({found['documents']}) | {system} | " + " | ".join(shown) + " |")
    lines += ["", "| set | over TextRank, ROUGE-1 / 2 | R1-AUC | erasure | redundancy | grounded |", "| --- | --- | --- | --- | --- | --- |"]
    for name, found in scores["sets"].items():
        over = found.get("ratios", {}).get("textrank")
        gain = f"{100 * (over['rouge1'] - 1):+.0f} % / {100 * (over['rouge2'] - 1):+.0f} %" if over else ""
        lines.append(
            f"| {name} | {gain} | {100 * found['r1Auc']:.1f} | {found['normalisedErasure']:.2f} | {found['redundancy']:.2f} | {100 * found['groundingShare']:.0f} % |"
        )
    return lines


def write(name: str, training: dict[str, Any], scores: dict[str, Any] | None) -> str:
    """Markdown; `scores`: the report of `gistream score`, None before there is one."""
    lines = [
        f"# {name}",
        "",
        "Scores the sentences of a running transcript, segment by segment, for a rolling extractive summary. English meetings, calls and talks.",
        "",
        f"* Encoder: {training['encoder']}; each sentence is encoded alone.",
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
        *(_quality(scores) if scores else ["Not measured yet: `gistream score`, then `python -m srformer card`."]),
        "",
        "## Limits",
        "",
        "* It extracts: a summary is made of sentences somebody said, cleaned of fillers by rule. A pronoun may have lost its noun.",
        "* Trained on English speech of a few kinds; other languages, very short talks and written prose are outside of it.",
        "* No sentence is checked for truth, only for having been said.",
        "",
    ]
    return "\n".join(lines)
