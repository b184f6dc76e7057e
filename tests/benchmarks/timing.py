"""How the benchmarks measure."""

import statistics
import time
from collections.abc import Callable


def milliseconds(act: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def median_of_each(acts: dict[str, Callable[[], object]], rounds: int, warm_up: int = 2) -> dict[str, float]:
    """The median milliseconds of several things, measured in turn so that a busy moment hits all of them."""
    times = {name: [] for name in acts}
    for number in range(rounds + warm_up):
        for name, act in acts.items():
            taken = milliseconds(act)
            if number >= warm_up:
                times[name].append(taken)
    return {name: statistics.median(values) for name, values in times.items()}


def table(header: list[str], rows: list[list[str]]) -> str:
    """Columns under their headings, the first to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]

    def line(cells):
        first, *others = (f"{cell:{'<' if i == 0 else '>'}{widths[i]}}" for i, cell in enumerate(cells))
        return "  ".join([first, *others]).rstrip()

    return "\n".join(map(line, [header, *rows]))
