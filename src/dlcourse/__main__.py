"""`python -m dlcourse …`, and the program `dlcourse`."""

from typing import NoReturn

from dlcourse import console


def program() -> NoReturn:
    """Run the command line, fit for every console."""
    console.run(_main, "dlcourse")


def _main() -> int:
    from dlcourse.command_line import main  # not before Control+C is prepared for

    return main()


if __name__ == "__main__":
    program()
