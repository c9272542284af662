"""Commands that measure rather than make: `ablate`, `recall`, `newswire`, `examples`, `policies`, `cost`. The first
three append to files of JSON lines in docs/results and go on where they, or others before them, stopped."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Iterable

import numpy as np

from . import recipe
from .memory import KINDS


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def append(path: Path, row: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as out:
        out.write(json.dumps(row) + "\n")


def spread(values: Iterable[float], digits: int = 1) -> str:
    """Mean, and the standard deviation over the seeds where there are several."""
    found = list(values)
    mean = f"{np.mean(found):.{digits}f}"
    return mean if len(found) < 2 else f"{mean} ± {np.std(found, ddof=1):.{digits}f}"


def ablate(args: argparse.Namespace) -> None:
    import torch

    from . import ablation, dataset, encode, train

    path = args.results / "ablation.jsonl"
    done = {(r["memory"], r["seed"]) for r in rows(path)}
    wanted = [(kind, seed) for seed in args.seeds for kind in args.kinds if (kind, seed) not in done]
    if wanted:
        torch.set_num_threads(args.threads)
        table = encode.StateTable(args.work / "states")
        training = dataset.training_examples(args.work, args.train_sets, table)
        validation = {s: dataset.examples(args.work, s, "val", table) for s in args.sets}
    for kind, seed in wanted:
        config = recipe.train_config(kind, seed, args.epochs)
        decoder = train.train(config, training, args.work / "runs" / f"ablation-{kind}-{seed}")
        measured = ablation.measure(decoder, training[:: max(1, len(training) // 24)], validation, recipe.SELECTION)
        append(path, {"memory": kind, "seed": seed, "rows": measured})
    print(ablation_tables([r for r in rows(path) if r["memory"] in args.kinds and r["seed"] in args.seeds]))


Question = tuple[str, Callable[[dict], float], int]
"""A column's or table's title, the value of a row, digits."""
QUESTIONS: tuple[Question, ...] = (
    ("final, ROUGE-1", lambda r: r["final"][0], 1),
    ("final, ROUGE-2", lambda r: r["final"][1], 1),
    ("final at half the length, ROUGE-1", lambda r: r["final at 0.5"][0], 1),
    ("at once, ROUGE-1", lambda r: r["at once"]["r1"], 1),
    ("at once, R1-AUC", lambda r: r["at once"]["auc"], 1),
    ("at once, redundancy %", lambda r: r["at once"]["redundancy"], 1),
    ("correlation with what is new", lambda r: r["labels"], 3),
)


def ablation_tables(results: list[dict[str, Any]]) -> str:
    """Markdown: the mean over the data sets, a row for each segment size and memory; then the same for each data set."""
    sets = list(dict.fromkeys(row["set"] for result in results for row in result["rows"]))
    return "\n\n".join(f"**{name}**\n\n{_ablation_table(results, chosen)}" for name, chosen in (("mean of " + ", ".join(sets), sets), *((s, [s]) for s in sets)))


def _ablation_table(results: list[dict[str, Any]], sets: list[str]) -> str:
    cells: dict[tuple[int, str], list[list[dict]]] = defaultdict(list)
    for result in results:
        by_size: dict[int, list[dict]] = defaultdict(list)
        for row in result["rows"]:
            if row["set"] in sets:
                by_size[row["segment"]].append(row)
        for size, found in by_size.items():
            cells[size, result["memory"]].append(found)
    lines = ["| segment | memory | seeds | " + " | ".join(title for title, *_ in QUESTIONS) + " |", "| --- | --- | --- |" + " --- |" * len(QUESTIONS)]
    for size, kind in sorted(cells, key=lambda c: (c[0], list(KINDS).index(c[1]))):
        seeds = cells[size, kind]
        shown = [spread((float(np.mean([value(row) for row in rows])) for rows in seeds), digits) for _, value, digits in QUESTIONS]
        lines.append(f"| {size} | {kind} | {len(seeds)} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def recall(args: argparse.Namespace) -> None:
    import torch
    from tokenizers import Tokenizer

    from . import corpus, encode, minilm
    from . import recall as measuring

    torch.set_num_threads(args.threads)
    path = args.results / "recall.jsonl"
    done = {(r["filler"], r["memory"], r["head"], r["seed"], r["writeGate"], r["slowestLeak"]) for r in rows(path)}
    write_gate = args.write_gate
    facts = encode.StateTable(args.work / "facts", append=True)
    encode.encode_missing(facts, measuring.sentences(), encode.torch_encoder(threads=args.threads), Tokenizer.from_str(minilm.tokenizer_json()), "facts")
    talks = {split: [d.sentences for d in corpus.load(args.work, "ami", source)] for split, source in (("train", "train"), ("test", "val"))}
    table = measuring.Remembered(facts, encode.StateTable(args.work / "states"))
    for filler in args.fillers:
        around = talks if filler == "transcript" else {"train": None, "test": None}
        for seed in args.seeds:
            for head in args.heads:
                for kind in args.kinds:
                    if (filler, kind, head, seed, write_gate, args.slowest_leak) in done:
                        continue
                    print(f"{kind}, heads of {head}, {filler}, seed {seed}", flush=True)
                    result = measuring.measure(kind, table, around, heads=4, head=head, steps=args.steps, seed=seed, write_gate=write_gate, slowest_leak=args.slowest_leak)
                    append(path, {"filler": filler, **result})
    print(recall_table(rows(path)))


def recall_table(results: list[dict[str, Any]]) -> str:
    groups: dict[tuple, list[dict]] = defaultdict(list)
    for r in results:
        groups[r["filler"], r["head"], r["memory"], r["writeGate"], r["slowestLeak"], r["steps"]].append(r)
    distances, facts = list(results[0]["byDistance"]), list(results[0]["byFacts"])
    lines = [
        "| around the facts | memory | steps | state bytes | " + " | ".join(f"{d} back" for d in distances) + " | " + " | ".join(f"{f} facts" for f in facts) + " |",
        "| --- | --- | --- | --- |" + " --- |" * (len(distances) + len(facts)),
    ]
    for (filler, _, kind, gated, slowest, steps), found in sorted(groups.items(), key=lambda g: (g[0][0] != "transcript", -g[0][1], list(KINDS).index(g[0][2]), g[0][3:])):
        scores = [spread((r["byDistance"][d] for r in found), 0) for d in distances] + [spread((r["byFacts"][f] for r in found), 0) for f in facts]
        size = "grows" if kind == "full" else found[0]["stateBytes"]
        leaks = f", leaks down to {slowest}" if kind in ("raf", "linear") else ""
        gate = ", write gate" if gated else ""
        lines.append(f"| {filler} | {kind}{leaks}{gate} | {steps} | {size} | " + " | ".join(scores) + " |")
    return "\n".join(lines)


def newswire(args: argparse.Namespace) -> None:
    import torch

    from . import newswire as measuring

    torch.set_num_threads(args.threads)
    path = args.results / "newswire.jsonl"
    done = {(r["memory"], r["seed"]) for r in rows(path)}
    training = measuring.examples(args.data, args.work, "train", args.threads)
    validation = measuring.examples(args.data, args.work, "val", args.threads)
    for seed in args.seeds:
        for kind in args.kinds:
            if (kind, seed) in done:
                continue
            config = replace(recipe.train_config(kind, seed, args.epochs), thickness_words=(12, 16, 25, 36, 49))
            directory = args.work / "research" / f"{kind}-{seed}"
            for row in measuring.measure(kind, seed, training, validation, config, directory, recipe.SELECTION):
                append(path, row)
    groups: dict[tuple, list[dict]] = defaultdict(list)
    for r in rows(path):
        groups[r["segmentWords"], r["memory"]].append(r)
    print("lead", measuring.lead(validation))
    print("| segment, words | memory | ROUGE-1 | ROUGE-2 | ROUGE-L |\n| --- | --- | --- | --- | --- |")
    for (words, kind), found in sorted(groups.items(), key=lambda g: (g[0][0], list(KINDS).index(g[0][1]))):
        print(f"| {words} | {kind} | " + " | ".join(spread(r["rouge"][i] for r in found) for i in range(3)) + " |")


def examples(args: argparse.Namespace) -> None:
    import torch

    from . import dataset, encode, train
    from . import examples as showing

    torch.set_num_threads(args.threads)
    table = encode.StateTable(args.work / "states")
    decoders = {name: train.load(Path(run)) for name, run in (pair.split("=", 1) for pair in args.runs)}
    parts = [showing.HEADING]
    for wanted in args.talks:
        name, number = wanted.split(":")
        talk = dataset.examples(args.work, name, "val", table)[int(number)]
        parts.append(showing.page(talk, {n: train.salience_of(d, talk, 24) for n, d in decoders.items()}, recipe.SELECTION, args.budget))
    args.output.write_text("\n".join(parts), "utf-8")


def policies(args: argparse.Namespace) -> None:
    import torch

    from . import dataset, encode, train
    from . import policies as measuring

    torch.set_num_threads(args.threads)
    table = encode.StateTable(args.work / "states")
    decoder = train.load(args.run_directory)
    print("| set | policy | ROUGE-1 | ROUGE-2 | R1-AUC | erasure | redundancy |\n| --- | --- | --- | --- | --- | --- | --- |")
    for name in args.sets:
        talks = [(e, train.salience_of(decoder, e)) for e in dataset.examples(args.work, name, "val", table)]
        for policy, run in measuring.POLICIES.items():
            found = [measuring.measure(run, e, s, recipe.SELECTION) for e, s in talks]
            mean = {key: float(np.mean([f[key] for f in found])) for key in found[0]}
            print(f"| {name} | {policy} | {mean['r1']:.1f} | {mean['r2']:.1f} | {mean['auc']:.1f} | {mean['erasure']:.2f} | {mean['redundancy']:.0f} % |", flush=True)


def cost(args: argparse.Namespace) -> None:
    import torch

    from . import cost as measuring

    torch.set_num_threads(args.threads)
    print(measuring.table(args.output_tokens, args.segment_tokens))


def commands(command: Callable, data: Callable) -> None:
    """Adds these commands to the parser of cli.py."""

    def kinds_and_seeds(made: argparse.ArgumentParser, kinds: list[str]) -> None:
        made.add_argument("--kinds", nargs="+", default=kinds, choices=list(KINDS), metavar="KIND", help=f"memories; default: {' '.join(kinds)}")
        made.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
        made.add_argument("--results", type=Path, default=Path("docs/results"), help="folder of what was measured; what is there is not measured again")

    made = command("ablate", ablate, "train every memory with one recipe and several seeds, and compare them on thick and thin segments")
    kinds_and_seeds(made, list(KINDS))
    made.add_argument("--sets", nargs="+", default=["ami", "icsi", "qmsum", "ethpm", "crd3"], help="validation sets")
    made.add_argument("--train-sets", nargs="+", default=["ami", "icsi"])
    made.add_argument("--epochs", type=int, default=4)
    made = command("recall", recall, "how well each memory answers questions about facts stated 1 to 300 segments ago")
    kinds_and_seeds(made, list(KINDS))
    made.add_argument("--heads", nargs="+", type=int, default=[32, 16], help="sizes of a head, which set the size of the state")
    made.add_argument("--fillers", nargs="+", default=["transcript", "facts"], choices=["transcript", "facts"])
    made.add_argument("--steps", type=int, default=2500)
    made.add_argument("--write-gate", action="store_true", help="a learned gate a head says how much of a sentence is written")
    made.add_argument("--slowest-leak", type=float, default=0.0005, help="raf, linear: what the slowest head loses a segment, to start from")
    made = command("newswire", newswire, "segmented, recurrent and full attention on CNN-DailyMail (research only, nothing is exported)")
    data(made)
    kinds_and_seeds(made, ["none", "raf", "full"])
    made.add_argument("--epochs", type=int, default=3)
    made = command("examples", examples, "write docs/examples.md: talks and what each system says of them on the way")
    made.add_argument("--runs", nargs="+", required=True, metavar="NAME=RUN", help="trained runs to show, such as raf=WORK/runs/...")
    made.add_argument("--talks", nargs="+", default=["ami:2", "qmsum:34", "ethpm:3"], metavar="SET:NUMBER", help="of the validation sets")
    made.add_argument("--budget", type=int, default=100, help="words")
    made.add_argument("--output", type=Path, default=Path("docs/examples.md"))
    made = command("policies", policies, "when to change an online summary: five policies and the rule that ships, on one salience")
    made.add_argument("run_directory", type=Path, metavar="RUN", help="a trained run, such as WORK/runs/...")
    made.add_argument("--sets", nargs="+", default=["ami", "icsi", "qmsum", "ethpm"], help="validation sets")
    made = command("cost", cost, "operations and seconds of cross-attention, full and segmented-recurrent")
    made.add_argument("--output-tokens", type=int, default=128)
    made.add_argument("--segment-tokens", type=int, default=64)
