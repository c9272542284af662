"""Commands of the token families: convert a checkpoint, fine-tune it, check parity with the published method."""

from __future__ import annotations

import argparse
from pathlib import Path


def _convert(args: argparse.Namespace) -> None:
    from . import convert

    overrides = {"inputPrefix": args.input_prefix, "prefixTokens": args.prefix_tokens, "newTokens": args.new_tokens, "minTokens": args.min_tokens, "beams": args.beams}
    made = convert.convert(
        args.source, args.memory, name=args.name or args.package.name, seed=args.seed, row_buckets=tuple(args.row_buckets) if args.row_buckets else None,
        generation={k: v for k, v in overrides.items() if v is not None}, segment_sentences=args.segment_sentences, language=args.language,
        licence=args.licence, weights=args.weights,
    )
    for setting in made.settings.not_carried:
        print(f"not carried over: {setting}")
    checkpoint = args.checkpoint or args.package.with_name(args.package.name + "-checkpoint")
    made.save(checkpoint)
    made.export(args.package)
    print(f"wrote the package {args.package} and the checkpoint {checkpoint} to train from")


def _parity(args: argparse.Namespace) -> None:
    from . import reference

    errors = reference.parity(args.file)
    for family, error in errors.items():
        print(f"{family:5s} largest relative error {error:.1e}")
    if max(errors.values()) > reference.LARGEST_ERROR:
        raise SystemExit(f"srformer: above {reference.LARGEST_ERROR}")


def train_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--family", choices=("compact", "t5", "bart"), default="compact", help="t5, bart: fine-tune --checkpoint; --train-sets or --pairs say on what")
    made.add_argument("--checkpoint", type=Path, help="t5, bart: what `convert` wrote beside the package")
    made.add_argument("--output", type=Path, help="t5, bart: the checkpoint that comes out, also what an interrupted run goes on from")
    made.add_argument("--package", type=Path, help="t5, bart: the package that comes out")
    made.add_argument("--pairs", type=Path, help='t5, bart: JSON lines, {"transcript": "text" or ["sentence", ...], "summary": "text"}; may be .gz')
    made.add_argument("--minutes", type=float, help="stop after so long; t5, bart: run it again to go on")
    made.add_argument("--learning-rate", type=float, default=1e-4, help="t5, bart")


def train(args: argparse.Namespace) -> None:
    import torch

    from . import checkpoint, corpus, train_tokens
    from .errors import CheckpointError

    if args.checkpoint is None or args.output is None:
        raise CheckpointError(f"train --family {args.family} needs --checkpoint, a directory that `convert` wrote, and --output")
    if (args.pairs is None) == (args.train_sets is None):
        raise CheckpointError(f"train --family {args.family} needs either --pairs or --train-sets")
    torch.set_num_threads(args.threads)
    made = checkpoint.load(args.checkpoint)
    if made.family != args.family:
        raise CheckpointError(f"{args.checkpoint} is of family {made.family}, not {args.family}")
    documents = train_tokens.read_pairs(args.pairs) if args.pairs else corpus.training(args.work, tuple(args.train_sets))
    config = train_tokens.TokenTrainConfig(seed=args.seed, epochs=args.epochs, learning_rate=args.learning_rate)
    done = train_tokens.train(made, documents, config, args.output, args.minutes)
    if not done:
        print(f"stopped after {args.minutes} minutes; the same command goes on from {args.output}")
    if args.package:
        made.export(args.package)
        print(f"wrote the package {args.package}")


def commands(command) -> None:
    made = command("parity", _parity, "compare the reference mode with values of the published cross-attention")
    made.add_argument("file", type=Path, metavar="FILE.npz")
    made = command("convert", _convert, "a Hugging Face T5 or BART checkpoint directory to a model package and a checkpoint to train from")
    made.add_argument("source", type=Path, metavar="HF_DIR")
    made.add_argument("package", type=Path, metavar="OUT_DIR")
    made.add_argument("--checkpoint", type=Path, help="where the checkpoint to train from goes; default: OUT_DIR-checkpoint")
    made.add_argument("--memory", default="raf", help="memory kind (srformer/memory.py)")
    made.add_argument("--name", help="of the package; default: that of OUT_DIR")
    made.add_argument("--seed", type=int, default=0, help="of the memory's untrained weights")
    made.add_argument("--weights", choices=("int8", "float32"), default="int8", help="int8: a quarter of the size; float32: the checkpoint's own numbers")
    made.add_argument("--row-buckets", type=int, nargs="+", help="padded lengths of a segment in tokens, rising; the last is the most it can have")
    made.add_argument("--segment-sentences", type=int, default=16, help="most sentences of a segment")
    made.add_argument("--input-prefix", help="in place of the checkpoint's prefix, such as 'summarize: '")
    made.add_argument("--prefix-tokens", type=int, help="how many tokens written before are fed again")
    made.add_argument("--new-tokens", type=int, help="most tokens a segment adds; default: the checkpoint's max_length")
    made.add_argument("--min-tokens", type=int, help="fewest; default: the checkpoint's min_length, which is meant for a whole text")
    made.add_argument("--beams", type=int)
    made.add_argument("--language", default="en")
    made.add_argument("--licence", default="unknown", help="of the checkpoint's weights")
