"""`python -m training`: from data to weights to the table that says how good they are."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "shared" / "data"
SEEN = 300
"""Training examples by which eight-bit scales are set."""
WEIGHTS = HERE.parent / "dialog" / "interpret" / "edit" / "weights"


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    if not args.data.is_dir():
        print(f"no data at {args.data}; say where it is with --data", file=sys.stderr)
        return 2
    try:
        args.run(args)
    except (ValueError, RuntimeError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of public data (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=HERE.parent / "out" / "training", help="where the run is kept")
    parser.add_argument("--config", default="shipped", help="a file of training/configs, or a path to one")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="what export writes and the rest reads")
    parser.add_argument("--sets", help="comma list of dev sets for the table (default: all)")
    parser.add_argument("--threads", type=int, help="cores to train on without a GPU (default: as torch chooses)")
    steps = parser.add_subparsers(required=True, metavar="STEP")
    for name, run, text in (
        ("fit", _fit, "train, going on from the last checkpoint"),
        ("export", _export, "write the trained network as the files that are shipped"),
        ("calibrate", _calibrate, "fit the choice between rules and network, and the confidence"),
        ("table", _table, "rewrite the dev sets by each stage alone and together, and score them"),
        ("all", _all, "fit, export, calibrate and table"),
    ):
        steps.add_parser(name, help=text, description=text).set_defaults(run=run)
    return parser


def _all(args: argparse.Namespace) -> None:
    for step in (_fit, _export, _calibrate, _table):
        step(args)


def _fit(args: argparse.Namespace) -> None:
    import torch

    from dialog.interpret.edit.wordpiece import WordPieces
    from training.config import read_config
    from training.data.mixture import Mixture
    from training.fit import fit, steps_done
    from training.start import fresh_model, vocabulary

    if args.threads:
        torch.set_num_threads(args.threads)
    config = read_config(args.config)
    before = config.goes_on_from
    if before and steps_done(args.out / before) < read_config(before).fit.steps:
        _fit(argparse.Namespace(**vars(args) | {"config": before}))
    mixture = Mixture(config, args.data)
    for source, (train, held) in mixture.sizes().items():
        print(f"{source}: {train} examples, {held} held back", flush=True)
    pieces, _ = vocabulary(config)
    model = fresh_model(config, runs=args.out, shipped=WEIGHTS)
    fit(config, model, mixture, WordPieces(pieces), args.out / config.name)


def _export(args: argparse.Namespace) -> None:
    from dialog.interpret.edit.wordpiece import WordPieces
    from training.batches import encoded
    from training.config import read_config
    from training.data.mixture import Mixture
    from training.export import export
    from training.fit import load_weights
    from training.start import empty_model, vocabulary

    config = read_config(args.config)
    model = empty_model(config)
    step = load_weights(model, args.out / config.name)
    pieces, known = vocabulary(config)
    if "zh" not in config.validation.languages:
        pieces = pieces[:known]
    spelling, mixture = WordPieces(pieces), Mixture(config, args.data)
    seen = [each.features for n in range(SEEN) if (each := encoded(mixture.draw(n), spelling))]
    export(model, pieces, args.weights, facts={"config": config.name, "seed": config.seed, "steps": step}, seen=seen)
    size = sum(path.stat().st_size for path in args.weights.iterdir())
    print(f"wrote {args.weights} after {step} steps, {size / 1e6:.1f} MB")


def _calibrate(args: argparse.Namespace) -> None:
    from training.calibrate import calibrate
    from training.config import read_config

    calibrate(read_config(args.config), args.data, args.weights)


def _table(args: argparse.Namespace) -> None:
    from benchmarks.rewriting.__main__ import page
    from benchmarks.rewriting.outputs import Shared
    from benchmarks.rewriting.scores import SETS

    sets = args.sets.split(",") if args.sets else [f"{name}.dev" for name in SETS]
    print(page(Shared(args.data.parent), sets, args.out / "table", args.weights, plot=False))


if __name__ == "__main__":
    sys.exit(main())
