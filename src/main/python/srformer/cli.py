"""Commands of the toolkit. Each one can be stopped and started again: finished work is found in the --work directory."""

from __future__ import annotations

import argparse
from pathlib import Path


def _prepare(args: argparse.Namespace) -> None:
    from tokenizers import Tokenizer

    from . import corpus, encode, minilm

    order = corpus.prepare(args.data, args.work)
    table = encode.StateTable(args.work / "states")
    encoder = encode.original_encoder(args.threads)
    tokenizer = Tokenizer.from_str(minilm.tokenizer_json())
    for dataset, split in order:
        documents = corpus.load(args.work, dataset, split)
        encode.encode_missing(table, [s for d in documents for s in d.sentences], encoder, tokenizer, f"{dataset} {split}")
        print(f"encoded {dataset} {split}: table holds {len(table)} sentences", flush=True)


RESOURCES = Path("src/main/resources/models")
TEST_RESOURCES = Path("src/test/resources")


def _export(args: argparse.Namespace) -> None:
    import torch

    from . import bert, export, minilm, selection, tiny
    from .decoder import Decoder, DecoderConfig

    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    decoder = export.round_to_half(tiny.excite(Decoder(DecoderConfig(memory="raf"))))
    config = bert.EncoderConfig()
    export.write_package(
        args.package,
        name=args.package.name,
        version="0.1.0",
        encoder=bert.from_minilm(minilm.weights(), config),
        encoder_config=config,
        decoder=decoder,
        tokenizer_json=minilm.tokenizer_json(),
        special_tokens={"cls": 101, "sep": 102, "pad": 0},
        row_buckets=(16, 32, 64),
        selection=selection.DEFAULTS,
        training={"note": "decoder and memory not trained yet"},
        card="# compact-raf\n\nEncoder: all-MiniLM-L6-v2 (Apache-2.0). Decoder and memory: not trained yet, random weights.\n",
    )


def _tiny(args: argparse.Namespace) -> None:
    from . import selection, tiny

    for name, memory in (("tiny", "raf"), ("tiny-none", "none")):
        tiny.write(args.directory / name, memory, selection.DEFAULTS)


def _goldens(args: argparse.Namespace) -> None:
    from . import goldens

    goldens.write(args.package, args.output / f"{args.package.name}.json")


def main() -> None:
    parser = argparse.ArgumentParser(prog="srformer", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path.home() / ".cache" / "gistream" / "work", help="checkpoints and caches, outside the repository")
    parser.add_argument("--threads", type=int, default=1)
    commands = parser.add_subparsers(dest="command", required=True)

    prepare = commands.add_parser("prepare", help="split the data sets into sentences and encode every sentence once")
    prepare.add_argument("--data", type=Path, required=True, help="folder with <set>/<split>.jsonl.gz")
    prepare.set_defaults(run=_prepare)

    export = commands.add_parser("export", help="write the model package")
    export.add_argument("--package", type=Path, default=RESOURCES / "compact-raf")
    export.set_defaults(run=_export)

    tiny = commands.add_parser("tiny", help="write the packages with random weights that tests load")
    tiny.add_argument("--directory", type=Path, default=TEST_RESOURCES / "models")
    tiny.set_defaults(run=_tiny)

    goldens = commands.add_parser("goldens", help="write the values that Java must reproduce for a package")
    goldens.add_argument("--package", type=Path, default=RESOURCES / "compact-raf")
    goldens.add_argument("--output", type=Path, default=TEST_RESOURCES / "goldens")
    goldens.set_defaults(run=_goldens)

    args = parser.parse_args()
    args.run(args)
