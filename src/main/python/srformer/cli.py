"""Commands of the toolkit. Each one can be stopped and started again: finished work is found in the --work directory."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Sequence

from . import corpus, experiments, families, recipe, rouge
from .errors import CheckpointError


def _prepare(args: argparse.Namespace) -> None:
    from tokenizers import Tokenizer

    from . import encode, minilm

    order = corpus.prepare(args.data, args.work, args.sets)
    table = encode.StateTable(args.work / "states", append=True)
    encoder = encode.torch_encoder(args.precision, args.threads)
    tokenizer = Tokenizer.from_str(minilm.tokenizer_json())
    for dataset, split in order:
        documents = corpus.load(args.work, dataset, split)
        encode.encode_missing(table, [s for d in documents for s in d.sentences], encoder, tokenizer, f"{dataset} {split}")
        print(f"encoded {dataset} {split}: table holds {len(table)} sentences", flush=True)


RESOURCES = Path("src/main/resources/models")
TEST_RESOURCES = Path("src/test/resources")
MATRIX_PRODUCT = Path("src/main/resources/io/gistream/model/matmul.onnx")


def _run_directory(args: argparse.Namespace, sets: tuple[str, ...] | None = None) -> Path:
    sets = sets or (tuple(args.train_sets) if args.train_sets else None)
    name = "average" if sets is None else "all" if sets == recipe.TRAINING_SETS else "+".join(sets)
    return args.work / "runs" / f"{args.memory}-{args.seed}-{name}"


def _examples(args: argparse.Namespace, dataset: str):
    from . import dataset as datasets
    from . import encode

    return datasets.examples(args.work, dataset, "val", encode.StateTable(args.work / "states"))


def _encoded(args: argparse.Namespace, sets: Sequence[str]) -> list[str]:
    """Those of the validation sets that have been prepared and encoded."""
    from . import encode

    table = encode.StateTable(args.work / "states")
    return [s for s in corpus.prepared(args.work, "val", sets) if not table.missing(corpus.load(args.work, s, "val")[-1].sentences)]


def _watch(watched: dict, salience_of, restate=None, online: bool = False):
    """-> validate(model) -> float: the mean ROUGE-1 + ROUGE-2 of summaries of the watched sets.

    By the salience alone with the whole talk in view; or `online`, as the selection that ships shows them, which takes a quarter of a minute more.
    """
    from . import evaluate

    def validate(model) -> float:
        total = 0.0
        for name, documents in watched.items():
            documents = restate(model, documents) if restate else documents
            if online:
                rolled = evaluate.evaluate(documents, lambda e: salience_of(model, e), recipe.SELECTION)
                score = rouge.Rouge(rolled["r1"], rolled["r2"], rolled["rl"])
            else:
                score = evaluate.final_only(documents, lambda e: salience_of(model, e), recipe.SELECTION)
            print(f"    {name} {score.r1:.1f} / {score.r2:.1f} / {score.rl:.1f}", flush=True)
            total += score.r1 + score.r2
        return total / len(watched)

    return validate if watched else None


def _runs(args: argparse.Namespace) -> tuple[tuple[tuple[str, ...], int, int], ...]:
    """One run on the sets that were asked for, or those of the recipe: (training sets, epochs, most documents of a set in an epoch)."""
    return ((tuple(args.train_sets), args.epochs, 150),) if args.train_sets else recipe.RUNS


def _train(args: argparse.Namespace) -> None:
    if args.family != "compact":
        families.train(args)
        return
    import torch

    from . import dataset, encode, train

    torch.set_num_threads(args.threads)
    table = encode.StateTable(args.work / "states")
    watched = {s: _examples(args, s) for s in _encoded(args, recipe.WATCHED_SETS)}

    runs = _runs(args)
    for sets, epochs, most_per_set in runs:
        config = recipe.train_config(args.memory, args.seed, epochs, most_per_set)
        examples = dataset.training_examples(args.work, sets, table)
        train.train(config, examples, _run_directory(args, sets), _watch(watched, train.salience_of), args.minutes)
    if not args.train_sets:
        train.average([_run_directory(args, sets) for sets, *_ in runs], _run_directory(args))


def _tune(args: argparse.Namespace) -> None:
    import torch

    from . import bert, dataset, minilm, train, tuning

    torch.set_num_threads(args.threads)
    encoder = bert.from_minilm(minilm.weights())
    lower = tuning.lower_states(args.work, encoder, recipe.TUNED_LAYERS)
    watched = {s: _examples(args, s) for s in _encoded(args, recipe.WATCHED_SETS)}
    for name, documents in watched.items():
        tuning.encode_lower(lower, [e.document for e in documents], encoder, recipe.TUNED_LAYERS, f"{name} val")
    validate = _watch(watched, lambda m, e: train.salience_of(m.decoder, e), lambda m, documents: tuning.restated(m, documents, lower))
    directories = []
    for number, (sets, epochs, most_per_set, budgets) in enumerate(recipe.TUNINGS):
        examples = []
        for name in sets:
            found = tuning.spread(dataset.training_examples(args.work, (name,), None), recipe.TUNED_DOCUMENTS.get(name))
            tuning.encode_lower(lower, [e.document for e in found], encoder, recipe.TUNED_LAYERS, f"{name} train")
            examples += tuning.statements_only(found)
        config = recipe.tune_config(args.memory, args.seed + number, epochs, most_per_set, budgets)
        model = tuning.Tuned.of(encoder, recipe.TUNED_LAYERS, train.load(_run_directory(args), config.dropout))
        directories.append(args.work / "runs" / f"{args.memory}-{args.seed}-tuned-{number + 1}")
        tuning.tune(config, recipe.TUNE, model, examples, lower, directories[-1], validate, args.minutes)
    train.average(directories, _tuned_directory(args))


def _settle(args: argparse.Namespace) -> None:
    import json

    import torch

    from . import card, dataset, encode, export, goldens, train, tuning, weights
    from .decoder import DecoderConfig

    torch.set_num_threads(args.threads)
    manifest = json.loads((args.package / "model.json").read_text("utf-8"))
    if manifest["family"] != "compact":
        raise CheckpointError(f"{args.package} is of family {manifest['family']}; `train --family {manifest['family']}` trains it")
    if weights.decoder(args.package).config != DecoderConfig(memory=manifest["memory"]):
        raise CheckpointError(f"{args.package}: its decoder has not the dimensions of the bundled model's, which are those that are trained")
    runs = _runs(args)
    documents = corpus.training(args.work, tuple(dict.fromkeys(s for sets, *_ in runs for s in sets)))
    watched = corpus.prepared(args.work, "val", recipe.WATCHED_SETS)
    table = encode.package_states(args.work, args.package, documents + [d for s in watched for d in corpus.load(args.work, s, "val")], "talks", args.threads)
    validate = _watch({s: dataset.examples(args.work, s, "val", table) for s in watched}, train.salience_of, online=True)
    directory = args.work / "runs" / f"{manifest['memory']}-{args.seed}-settled"
    directories = []
    for number, (sets, epochs, most_per_set) in enumerate(runs):
        config = recipe.settle_config(manifest["memory"], args.seed, epochs, most_per_set)
        examples = tuning.fragments_marked(dataset.training_examples(args.work, sets, table))
        directories.append(directory.with_name(f"{directory.name}-{'+'.join(sets) if args.train_sets else number + 1}"))
        train.train(config, examples, directories[-1], validate, args.minutes)
    train.average(directories, directory)
    training = {**manifest["training"], "config": {**manifest["training"]["config"], "settled": {**asdict(config), "averagedRuns": [list(s) for s, *_ in runs]}}}
    export.replace_decoder(args.package, train.load(directory), args.version, recipe.SELECTION.to_dict(), training, card.write(manifest["name"], training, None))
    goldens.add(args.package)
    print(f"wrote the decoder of {args.package}; it has a new identity: write the goldens beside it again")


def _tuned_directory(args: argparse.Namespace) -> Path:
    return args.work / "runs" / f"{args.memory}-{args.seed}-tuned"


def _evaluate(args: argparse.Namespace) -> None:
    import json

    import torch

    from . import evaluate, train, tuning

    torch.set_num_threads(args.threads)
    run = _tuned_directory(args) if args.tuned else _run_directory(args)
    decoder, restate = tuning.reader(run, args.work)
    tables = {}
    for dataset in _encoded(args, args.sets):
        examples = _examples(args, dataset)
        table = dict(evaluate.baseline_table(examples))
        table[f"compact-{args.memory}"] = evaluate.evaluate(restate(examples), lambda e: train.salience_of(decoder, e), recipe.SELECTION, curve=True)
        tables[dataset] = table
        print(dataset)
        for system, scores in table.items():
            print(f"  {system:16s}", scores if isinstance(scores, dict) else [round(x, 1) for x in scores], flush=True)
    path = run / "validation.json"
    path.write_text(json.dumps(tables, indent=1))


def _check(args: argparse.Namespace) -> None:
    from . import evaluate, runtime, selection

    package = runtime.Package(args.package, args.threads)
    config = selection.SelectionConfig(**package.manifest["selection"])
    for dataset in args.sets:
        scores = evaluate.evaluate(_examples(args, dataset), lambda e: evaluate.package_salience(package, e), config, curve=True)
        print(dataset, {k: round(v, 2) for k, v in scores.items()}, flush=True)


def _export(args: argparse.Namespace) -> None:
    import json

    import torch

    from . import bert, card, export, goldens, int8, minilm, train, tuning

    torch.set_num_threads(args.threads)
    run = _tuned_directory(args) if args.tuned else _run_directory(args)
    sets = tuple(args.train_sets or recipe.TRAINING_SETS)
    config = {**json.loads((run / "config.json").read_text()), "averagedRuns": [] if args.train_sets else [list(s) for s, *_ in recipe.RUNS]}
    encoder = bert.from_minilm(minilm.weights())
    if args.tuned:
        model = tuning.load(run, encoder)
        encoder, decoder = model.put_into(encoder), model.decoder
        config["tuned"] = {**asdict(recipe.TUNE), "averagedRuns": [list(s) for s, *_ in recipe.TUNINGS]}
    else:
        decoder = train.load(run)
    training = card.training_section(corpus.training(args.work, sets), config, recipe.TUNED_LAYERS if args.tuned else 0)
    encoder_config = bert.EncoderConfig()
    export.write_package(
        args.package,
        name=args.package.name,
        version=recipe.VERSION,
        encoder=encoder,
        encoder_config=encoder_config,
        decoder=export.round_to_half(decoder),
        tokenizer_json=minilm.tokenizer_json(),
        special_tokens={"cls": 101, "sep": 102, "pad": 0},
        row_buckets=recipe.ROW_BUCKETS,
        selection=recipe.SELECTION.to_dict(),
        training=training,
        card=card.write(args.package.name, training, None),
    )
    int8.write(args.package, int8.spread(corpus.training(args.work, sets)))
    goldens.add(args.package)
    print(f"wrote {args.package}")


def _card(args: argparse.Namespace) -> None:
    import hashlib
    import json

    from . import card, export

    scores = json.loads(args.scores.read_text("utf-8"))
    manifest = json.loads((args.package / "model.json").read_text("utf-8"))
    manifest["training"]["validation"] = card.validation(scores)
    text = card.write(manifest["name"], manifest["training"], scores).encode("utf-8")
    manifest["files"]["MODEL_CARD.md"] = hashlib.sha256(text).hexdigest()
    (args.package / "MODEL_CARD.md").write_bytes(text)
    export.write_manifest(args.package, manifest)
    print(f"wrote {args.package / 'MODEL_CARD.md'}; the package has a new identity: write the goldens beside it again")


def _int8(args: argparse.Namespace) -> None:
    from . import int8

    if int8.is_writer(args.package):
        int8.write_for_writer(args.package)
        print(f"wrote {' and '.join(int8.WRITERS.values())} into {args.package}; the package has a new identity: write the goldens beside it again")
        return
    if args.data is None:
        raise CheckpointError(f"{args.package} is of family compact, whose ranges are measured: give --data, a folder with <set>/train.jsonl.gz")
    documents = []
    for dataset in args.sets:
        raw = list(corpus.read_raw(args.data, dataset, "train"))
        documents += [corpus.to_document(d, dataset, "train") for d in raw[:: max(1, len(raw) // int8.DOCUMENTS_PER_SET)]]
    int8.write(args.package, int8.spread(documents))
    print(f"wrote {args.package / int8.FILE}; the package has a new identity: write the goldens beside it again")


def _reexport(args: argparse.Namespace) -> None:
    from . import export, weights

    export.replace_graphs(args.package, weights.encoder(args.package), weights.decoder(args.package), args.version, args.row_buckets)
    print(f"wrote the graphs of {args.package}; it has a new identity: add its graph of int8 and write the goldens beside it again")


def _bundle(args: argparse.Namespace) -> None:
    args.family, args.minutes = "compact", None
    validation, args.sets = args.sets, None
    _prepare(args)
    args.sets = validation
    args.tuned = True
    args.version = recipe.VERSION
    for step in (_train, _tune, _evaluate, _export, _settle, _goldens):
        step(args)


def _spin_briefly() -> None:
    """A thread that waits spins for a moment and sleeps then: on a busy machine it would keep the core from the one it waits for. Read when torch is loaded."""
    import os

    os.environ.setdefault("GOMP_SPINCOUNT", "20000")


def _answer(args: argparse.Namespace, run) -> None:
    """run(directory, requests) -> answer, requests and answer in files of JSON."""
    import json

    made = run(args.directory, json.loads(args.requests.read_text("utf-8")))
    args.output.write_text(json.dumps(made), encoding="utf-8")


def _bench_torch(args: argparse.Namespace) -> None:
    _spin_briefly()
    from . import bench_torch

    _answer(args, bench_torch.run)


def _bench_decode(args: argparse.Namespace) -> None:
    _spin_briefly()
    from . import bench_decode

    _answer(args, bench_decode.run)


def _bench_decode_packages(args: argparse.Namespace) -> None:
    from . import bench_decode

    bench_decode.write_packages(args.directory, args.shapes)


def _tiny(args: argparse.Namespace) -> None:
    from . import export, goldens, int8, selection, tiny, tiny_seq2seq

    for name, memory in (("tiny", "raf"), ("tiny-none", "none")):
        tiny.write(args.directory / name, memory, selection.DEFAULTS)
        if memory == "raf":
            int8.write(args.directory / name, [s for segment in goldens.TRANSCRIPT for s in segment])
        goldens.add(args.directory / name)
    tiny_seq2seq.write_all(args.directory, selection.DEFAULTS)
    export.write_changed(MATRIX_PRODUCT, export.matrix_product().SerializeToString(deterministic=True))


def _goldens(args: argparse.Namespace) -> None:
    from . import goldens

    if args.package:
        goldens.add(args.package)
    packages = [args.package] if args.package else sorted(p.parent for d in (RESOURCES, TEST_RESOURCES / "models") for p in d.glob("*/model.json"))
    for package in packages:
        goldens.write(package, args.output / f"{package.name}.json")
    goldens.write_text(args.output / "text.json")


def main() -> None:
    parser = argparse.ArgumentParser(prog="srformer", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path.home() / ".cache" / "gistream" / "work", help="checkpoints and caches, outside the repository")
    parser.add_argument("--threads", type=int, default=1)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, run, help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help)
        made.set_defaults(run=run)
        return made

    def data(made: argparse.ArgumentParser) -> None:
        made.add_argument("--data", type=Path, required=True, help="folder with <set>/<split>.jsonl.gz")
        made.add_argument("--precision", choices=("bfloat16", "float32"), default="bfloat16", help="of the arithmetic that encodes the corpus")

    def run(made: argparse.ArgumentParser) -> None:
        made.add_argument("--memory", default="raf", help="memory kind (srformer/memory.py)")
        made.add_argument("--seed", type=int, default=recipe.SEED)
        made.add_argument("--train-sets", nargs="+", help="train one run on these; default: the runs of recipe.py, averaged")
        made.add_argument("--epochs", type=int, default=4, help="of a run on --train-sets")

    def tuned(made: argparse.ArgumentParser) -> None:
        made.add_argument("--tuned", action="store_true", help="the run whose encoder `tune` has tuned")

    def sets(made: argparse.ArgumentParser) -> None:
        made.add_argument("--sets", nargs="+", default=list(corpus.VALIDATION_SETS), help="validation sets")

    def package(made: argparse.ArgumentParser, default: Path | None = RESOURCES / "compact-raf") -> None:
        made.add_argument("--package", type=Path, default=default)

    def output(made: argparse.ArgumentParser) -> None:
        made.add_argument("--output", type=Path, default=TEST_RESOURCES / "goldens")

    made = command("prepare", _prepare, "split the data sets into sentences and encode every sentence once")
    data(made)
    made.add_argument("--sets", nargs="+", help="only these data sets; default: all")
    made = command("train", _train, "train decoder and memory on the encoded sentences, or fine-tune a converted checkpoint")
    run(made)
    families.train_options(made)
    made = command("tune", _tune, "go on from the trained runs: train the upper layers of the encoder together with the decoder")
    run(made)
    made.add_argument("--minutes", type=float, help="of each run; no epoch begins after so many")
    made = command("settle", _settle, "train decoder and memory anew on the vectors of a package's encoder, and put them into the package")
    package(made)
    made.add_argument("--seed", type=int, default=recipe.SEED)
    made.add_argument("--train-sets", nargs="+", help="train one run on these; default: the runs of recipe.py, averaged")
    made.add_argument("--epochs", type=int, default=4, help="of a run on --train-sets")
    made.add_argument("--minutes", type=float, help="of each run; no epoch begins after so many")
    made.add_argument("--version", default=recipe.VERSION, help="of the package that results")
    made = command("evaluate", _evaluate, "ROUGE, erasure and baselines on validation sets")
    run(made)
    tuned(made)
    sets(made)
    made = command("export", _export, "write the model package, its card included, of an evaluated run")
    run(made)
    tuned(made)
    package(made)
    made = command("card", _card, "write what `gistream score` measured into a package's card and manifest")
    package(made)
    made.add_argument("--scores", type=Path, required=True, help="report of `gistream score --format json` on the validation sets")
    made = command("int8", _int8, "add graphs of int8 arithmetic to a package (export and convert do); of family compact its ranges are measured on sentences of the training sets")
    package(made)
    made.add_argument("--data", type=Path, help="family compact: folder with <set>/train.jsonl.gz")
    made.add_argument("--sets", nargs="+", default=list(corpus.TRAINING_SETS), help="family compact: training sets")
    made = command("reexport", _reexport, "write a package's graphs anew from the weights that it holds, as this release of the toolkit exports them")
    package(made)
    made.add_argument("--version", required=True, help="of the package that results")
    made.add_argument("--row-buckets", type=int, nargs="+", help="lengths that rows are padded to, rising; those it has if not given")
    made = command("check", _check, "the validation scores of an exported package, run as Java runs it (slow: encodes everything)")
    package(made)
    sets(made)
    made = command("goldens", _goldens, "write the values that Java must reproduce, for all packages in the repository, or for one and into it if it has none")
    package(made, None)
    output(made)
    made = command("tiny", _tiny, "write the packages with random weights that tests load, and the graph that `bench limit` measures")
    made.add_argument("--directory", type=Path, default=TEST_RESOURCES / "models")
    made = command("bundle", _bundle, "all of it: from the data sets to the package in the repository")
    for arguments in (data, run, sets, package, output):
        arguments(made)

    experiments.commands(command, data)
    families.commands(command)
    made = command("bench-torch", _bench_torch, "how fast PyTorch runs a package of family compact; for `gistream bench torch`")
    made.add_argument("directory", type=Path, metavar="PACKAGE")
    answered = [made]
    made = command("bench-decode-packages", _bench_decode_packages, "write packages of families t5 and bart with random weights, and checkpoints beside them; for `gistream bench decode`")
    made.add_argument("directory", type=Path, metavar="DIRECTORY")
    made.add_argument("shapes", nargs="+", metavar="SHAPE", help="bart-base, t5-small")
    made = command("bench-decode", _bench_decode, "how fast `generate` of transformers writes with those checkpoints; for `gistream bench decode`")
    made.add_argument("directory", type=Path, metavar="DIRECTORY")
    answered.append(made)
    for made in answered:
        made.add_argument("requests", type=Path, metavar="REQUESTS.json")
        made.add_argument("output", type=Path, metavar="OUT.json")

    args = parser.parse_args()
    try:
        args.run(args)
    except CheckpointError as e:
        parser.exit(2, f"srformer: {e}\n")
