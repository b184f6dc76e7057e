"""The command line: python -m dlcourse <command>."""

import argparse
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; without a command, print what there is. argparse exits with 2."""
    parser = argparse.ArgumentParser(
        prog="python -m dlcourse", description="An interactive deep-learning course, from the perceptron to LIME."
    )
    commands = parser.add_subparsers(title="commands", metavar="command")
    _add_doctor(commands)
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


if __name__ == "__main__":
    sys.exit(main())
