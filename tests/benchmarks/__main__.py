"""Benchmarks: python -m tests.benchmarks [frames] [engine] [lime] [gpu] [browser] [classroom]; all without a name.

Machines are shared and noisy: compare the ratios within one run, not times between runs.
"""

import argparse
import importlib
import platform
import sys
from importlib.metadata import version

PARTS = ("frames", "engine", "lime", "gpu", "browser", "classroom")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)}")
    chosen = parser.parse_args().part or PARTS
    unknown = sorted(set(chosen) - set(PARTS))
    if unknown:
        parser.error(f"unknown part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "torch", "matplotlib", "pillow", "jupyterlab"))
    print(f"Python {platform.python_version()} on {sys.platform}; {packages}")
    for part in chosen:
        print()
        importlib.import_module(f"tests.benchmarks.{part}").main()


if __name__ == "__main__":
    main()
