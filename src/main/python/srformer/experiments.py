"""Commands that measure rather than make: `ablate`, `recall`, `newswire`, `novelty`, `examples`, `policies`, `cost`. The first
three append to files of JSON lines in docs/results and go on where they, or others before them, stopped; `tables` puts
what is there into docs/model.md."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import numpy as np

from . import recipe, tables
from .memory import KINDS
from .tables import rows


def append(path: Path, row: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as out:
        out.write(json.dumps(row) + "\n")


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
    print(tables.ablation([r for r in rows(path) if r["memory"] in args.kinds and r["seed"] in args.seeds]))


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
    print(tables.recall(rows(path)))


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
    print("lead", measuring.lead(validation))
    print(tables.newswire(rows(path)))


def examples(args: argparse.Namespace) -> None:
    from . import dataset, encode
    from . import examples as showing
    from .runtime import Package

    table = encode.StateTable(args.work / "states")
    package = Package(args.package, args.threads)
    parts = [showing.HEADING]
    for wanted in args.talks:
        name, number = wanted.split(":")
        talk = dataset.examples(args.work, name, "val", table)[int(number)]
        saliences = {"none": showing.salience(package, talk, forgets=True), package.manifest["memory"]: showing.salience(package, talk)}
        parts.append(showing.page(talk, saliences, recipe.SELECTION, args.budget))
    args.output.write_text("\n".join(parts), "utf-8")


def policies(args: argparse.Namespace) -> None:
    import torch

    from . import dataset, encode, train, tuning
    from . import policies as measuring

    torch.set_num_threads(args.threads)
    table = encode.StateTable(args.work / "states")
    decoder, restate = tuning.reader(args.run_directory, args.work)
    print("| set | policy | ROUGE-1 | ROUGE-2 | R1-AUC | erasure | redundancy |\n| --- | --- | --- | --- | --- | --- | --- |")
    for name in args.sets:
        talks = [(e, train.salience_of(decoder, e)) for e in restate(dataset.examples(args.work, name, "val", table))]
        for policy, run in measuring.POLICIES.items():
            found = [measuring.measure(run, e, s, recipe.SELECTION) for e, s in talks]
            mean = {key: float(np.mean([f[key] for f in found])) for key in found[0]}
            print(f"| {name} | {policy} | {mean['r1']:.1f} | {mean['r2']:.1f} | {mean['auc']:.1f} | {mean['erasure']:.2f} | {mean['redundancy']:.0f} % |", flush=True)


def novelty(args: argparse.Namespace) -> None:
    import torch

    from . import corpus, dataset, encode, train, weights
    from . import novelty as measuring

    torch.set_num_threads(args.threads)
    decoder = weights.decoder(args.package)
    kept = corpus.training(args.work, tuple(args.train_sets))
    table = encode.package_states(args.work, args.package, kept + [d for s in args.sets for d in corpus.load(args.work, s, "val")], "talks", args.threads)

    def with_salience(examples: list) -> list:
        return [(e, train.salience_of(decoder, e, args.segment_words)) for e in examples]

    training = dataset.training_examples(args.work, args.train_sets, table)
    validation = {s: with_salience(dataset.examples(args.work, s, "val", table)) for s in args.sets}
    measured = measuring.measure(with_salience(training[:: max(1, len(training) // 24)]), validation)
    print("| known of what was taken | weight | " + " | ".join(measured[0]["scores"]) + " |\n| --- | --- |" + " --- |" * len(measured[0]["scores"]))
    for row in measured:
        cells = (f"{r1:.1f} / {r2:.1f}, {auc:.1f}, {repeated:.0f} %" for r1, r2, auc, repeated in row["scores"].values())
        print(f"| {row['rule']} | {row['weight']:g} | " + " | ".join(cells) + " |", flush=True)


def refresh(args: argparse.Namespace) -> None:
    before = args.page.read_text("utf-8")
    after = tables.refreshed(before, args.results)
    args.page.write_text(after, "utf-8")
    print(f"{args.page}: {'nothing new' if after == before else 'tables written'}")


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
    made = command("novelty", novelty, "what knowing all that was taken could be worth at most where sentences are taken at once: ROUGE-1 / 2, R1-AUC, redundancy")
    made.add_argument("--package", type=Path, default=Path("src/main/resources/models/compact-raf"), help="the model whose salience it is")
    made.add_argument("--sets", nargs="+", default=["ami", "icsi", "qmsum", "ethpm"], help="validation sets")
    made.add_argument("--train-sets", nargs="+", default=["ami", "icsi"], help="where the thresholds are from")
    made.add_argument("--segment-words", type=int, default=25)
    made = command("newswire", newswire, "segmented, recurrent and full attention on CNN-DailyMail (research only, nothing is exported)")
    data(made)
    kinds_and_seeds(made, ["none", "raf", "full"])
    made.add_argument("--epochs", type=int, default=3)
    made = command("tables", refresh, "write the tables of docs/model.md again from what was measured: means and deviations over the seeds")
    made.add_argument("--results", type=Path, default=Path("docs/results"), help="folder of what was measured")
    made.add_argument("--page", type=Path, default=Path("docs/model.md"))
    made = command("examples", examples, "write docs/examples.md: talks and what each system says of them on the way")
    made.add_argument("--package", type=Path, default=Path("src/main/resources/models/compact-raf"), help="the model to show")
    made.add_argument("--talks", nargs="+", default=["ami:2", "qmsum:34", "ethpm:3"], metavar="SET:NUMBER", help="of the validation sets")
    made.add_argument("--budget", type=int, default=100, help="words")
    made.add_argument("--output", type=Path, default=Path("docs/examples.md"))
    made = command("policies", policies, "when to change an online summary: five policies and the rule that ships, on one salience")
    made.add_argument("run_directory", type=Path, metavar="RUN", help="a trained run, such as WORK/runs/...")
    made.add_argument("--sets", nargs="+", default=["ami", "icsi", "qmsum", "ethpm"], help="validation sets")
    made = command("cost", cost, "operations and seconds of cross-attention, full and segmented-recurrent")
    made.add_argument("--output-tokens", type=int, default=128)
    made.add_argument("--segment-tokens", type=int, default=64)
