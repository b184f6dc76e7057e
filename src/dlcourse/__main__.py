"""The command line: python -m dlcourse <command>."""

import argparse
import functools
import sys

TRAIN = """\
Train a network on a data set with PyTorch.

One part of the rows trains, one is watched after each epoch (validation), and one is kept for the test at the end.
After each epoch the run is saved: stop it at any moment, and go on with --resume."""

TRAIN_EXAMPLES = """\
examples:
  python -m dlcourse train --model lenet --data digits --epochs 20 --out runs/a
  python -m dlcourse train --resume --out runs/a
  torchrun --nproc-per-node 2 -m dlcourse train --data digits --out runs/b      (two processes share every batch)

The run's folder then holds run.json (these settings), metrics.csv (loss, accuracy, … by epoch) and checkpoints/."""

EVALUATE = """\
Measure a trained network on the rows kept for the test: loss, accuracy, and a table of which classes it confuses;
or let a network that was trained on 1.3 million photos name what it sees in one.

examples:
  python -m dlcourse evaluate --run runs/a
  python -m dlcourse evaluate --image chelsea"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; without a command, print what there is. argparse exits with 2."""
    parser = argparse.ArgumentParser(
        prog="python -m dlcourse", description="An interactive deep-learning course, from the perceptron to LIME."
    )
    commands = parser.add_subparsers(title="commands", metavar="command", dest="command")
    _add_doctor(commands)
    _add_train(commands)
    _add_evaluate(commands)
    options = parser.parse_args(arguments)
    if "run" not in options:
        parser.print_help()
        return 0
    return options.run(options)


def _add_doctor(commands) -> None:
    says = "check Python, packages, kernel and widgets, and say how to mend what is wrong"
    commands.add_parser("doctor", help=says, description=f"{says[0].upper()}{says[1:]}.").set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    from dlcourse import doctor

    return doctor.main()


def _add_train(commands) -> None:
    parser = commands.add_parser(
        "train", help="train a network on a data set with PyTorch", description=TRAIN, epilog=TRAIN_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.set_defaults(run=_counterpart)
    add = parser.add_argument
    add("--out", required=True, metavar="FOLDER", help="where the run is kept, such as runs/a (made if missing)")
    add("--resume", action="store_true", help="go on with the run in --out from its last whole epoch")
    add("--device", default="auto", help="auto (default: the fastest that is there), cuda, mps or cpu")
    add("--compile", action="store_true", help="translate the network with torch.compile: slow to start, then faster")
    # What is left out below comes from the run that is resumed, else from the defaults in counterpart/command.py.
    add = functools.partial(parser.add_argument, default=argparse.SUPPRESS)
    add("--model", help="mlp (default), lenet, residual_mlp, conv1d_net or bidirectional_gru")
    add("--data", help="digits (default), mnist1d, iris, loans, tangerines, breast_cancer, "
        "or points in the plane: gaussians, xor, circles, moons, spirals")  # fmt: skip
    add("--epochs", type=_whole(1), metavar="N", help="how often each sample is seen (default 20)")
    add("--batch-size", type=_whole(1), metavar="N", help="samples an update, over all processes (default 32)")
    add("--lr", type=_positive, metavar="RATE", help="learning rate (default 0.001)")
    add("--optimizer", help="adam (default), adamw, sgd, momentum or rmsprop")
    add("--schedule", choices=("constant", "cosine"), help="learning rate over the epochs (default constant)")
    add("--seed", type=_whole(0), metavar="N", help="of the first weights and of the order of the samples (default 0)")
    add("--bf16", action="store_true", help="matrix products in bfloat16: faster on recent GPUs, less exact")


def _add_evaluate(commands) -> None:
    parser = commands.add_parser(
        "evaluate", help="measure a trained network, or let a pretrained one name a photo",
        formatter_class=argparse.RawDescriptionHelpFormatter, description=EVALUATE,
    )  # fmt: skip
    parser.set_defaults(run=_counterpart)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--run", dest="run_folder", metavar="FOLDER", help="a folder that train wrote, such as runs/a")
    what.add_argument(
        "--image", metavar="PHOTO", help="chelsea (a cat), coffee, rocket, astronaut, china, flower, or a picture file"
    )
    parser.add_argument("--device", default="auto", help="auto (default: the fastest that is there), cuda, mps or cpu")


def _counterpart(options: argparse.Namespace) -> int:
    from dlcourse.counterpart import command  # it loads PyTorch, which the doctor must not need

    return getattr(command, options.command)(options)


def _whole(least: int):
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"expected a whole number from {least}, got {text!r}")
        return int(text)

    return number


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number


if __name__ == "__main__":
    sys.exit(main())
