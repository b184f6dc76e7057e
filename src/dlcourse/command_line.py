"""The commands of `dlcourse` and their options."""

import argparse
import functools
import sys
from pathlib import Path

from dlcourse import console

TRAIN = """\
Train a network on a data set with PyTorch.

One part of the rows trains, one is watched after each epoch (validation), and one is kept for the test: only `evaluate`
opens it. After each epoch the run is saved: stop it at any moment, and go on with --resume.

If the loss is no longer a finite number, the run stops. What was saved stays as it is; begin anew with a smaller --lr
and another --out, or with the same --out if no epoch was saved."""

TRAIN_EXAMPLES = """\
examples:
  {dlcourse} train --model lenet --data digits --epochs 20 --out runs/a
  {dlcourse} train --resume --out runs/a
  {torchrun} --nproc-per-node 2 -m dlcourse train --data digits --out runs/b
                        (two processes share every batch)

The run's folder then holds run.json (these settings), metrics.csv (loss, accuracy and more by epoch) and checkpoints/.
Only one run at a time may write to it."""

DEVICE = "auto (default: the fastest that is there), cuda, mps or cpu"

EVALUATE = """\
Measure a trained network on the rows kept for the test: loss, accuracy, and a table of which classes it confuses;
or let a network that was trained on 1.3 million photos name what it sees in one."""

EVALUATE_EXAMPLES = """\
examples:
  {dlcourse} evaluate --run runs/a
  {dlcourse} evaluate --image chelsea"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; without a command, print what there is. argparse exits with 2."""
    parser = argparse.ArgumentParser(
        prog=console.command("dlcourse"),
        description="An interactive deep-learning course, from the perceptron to LIME.",
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
        "train", help="train a network on a data set with PyTorch", description=TRAIN, epilog=_called(TRAIN_EXAMPLES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.set_defaults(run=_counterpart)
    add = parser.add_argument
    kept = "where the run is kept, such as runs/a (made if missing)"
    add("--out", required=True, type=_path, metavar="FOLDER", help=kept)
    add("--resume", action="store_true", help="go on with the run in --out from its last whole epoch")
    add("--device", default="auto", type=_name, help=DEVICE)
    add("--compile", action="store_true", help="translate the network with torch.compile: slow to start, then faster")
    # What is left out below comes from the run that is resumed, else from the defaults in counterpart/command.py.
    add = functools.partial(parser.add_argument, default=argparse.SUPPRESS)
    add("--model", type=_name, help="mlp (default), lenet, residual_mlp, conv1d_net or bidirectional_gru")
    add("--data", type=_name, help="digits (default), mnist1d, iris, loans, tangerines, breast_cancer, "
        "or points in the plane: gaussians, xor, circles, moons, spirals")  # fmt: skip
    add("--epochs", type=_whole(1), metavar="N", help="how often each sample is seen (default 20)")
    add("--batch-size", type=_whole(1), metavar="N", help="samples an update, over all processes (default 32)")
    add("--lr", type=_positive, metavar="RATE", help="learning rate (default 0.001)")
    add("--optimizer", type=_name, help="adam (default), adamw, sgd, momentum or rmsprop")
    add("--schedule", type=_name, choices=("constant", "cosine"), help="learning rate by epoch (default constant)")
    add("--seed", type=_whole(0), metavar="N", help="of the first weights and of the order of the samples (default 0)")
    add("--bf16", action="store_true", help="matrix products in bfloat16: faster on recent GPUs, less exact")


def _add_evaluate(commands) -> None:
    parser = commands.add_parser(
        "evaluate", help="measure a trained network, or let a pretrained one name a photo",
        description=EVALUATE, epilog=_called(EVALUATE_EXAMPLES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.set_defaults(run=_counterpart)
    what = parser.add_mutually_exclusive_group(required=True)
    add = functools.partial(what.add_argument, type=_path)
    add("--run", dest="run_folder", metavar="FOLDER", help="a folder that train wrote, such as runs/a")
    photos = "chelsea (a cat), coffee, rocket, astronaut, china, flower, or a picture file"
    add("--image", metavar="PHOTO", help=photos)
    parser.add_argument("--device", default="auto", type=_name, help=DEVICE)


def _counterpart(options: argparse.Namespace) -> int:
    try:
        from dlcourse.counterpart import command  # it loads PyTorch, which the doctor must not need
    except (ImportError, OSError) as error:
        doctor = f"{console.command('dlcourse')} doctor tells how to fix it"
        print(f"dlcourse {options.command}: a package cannot be loaded ({error}); {doctor}.", file=sys.stderr)
        return 1
    return getattr(command, options.command)(options)


def _called(examples: str) -> str:
    """The examples as they can be pasted in this shell."""
    return examples.format(dlcourse=console.command("dlcourse"), torchrun=console.command("torchrun"))


def _name(text: str) -> str:
    if len(text) > 40:
        raise argparse.ArgumentTypeError(f"expected a name, got {_short(text)}")
    return text


def _path(text: str) -> str:
    """A path; ~ is the home folder, also where the shell leaves it as it is (--out=~/runs)."""
    if not text.strip():
        raise argparse.ArgumentTypeError(f"expected a name, got {text!r}")
    try:
        return str(Path(text).expanduser())
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(f"no home folder is known for {_short(text)}") from error


def _whole(least: int):
    def number(text: str) -> int:
        if not text.isdecimal() or len(text) > 30 or int(text) < least:
            raise argparse.ArgumentTypeError(f"expected a whole number from {least}, got {_short(text)}")
        return int(text)

    return number


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {_short(text)}")
    return number


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
