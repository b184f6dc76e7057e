"""Climb the ladder on a machine with an NVIDIA GPU and record it: python tools/make_cuda_figures.py

Writes data/cuda_figures.csv, which chapter 15 shows where there is no GPU. Two networks: the small one of the chapter,
and a large one on rows that mean nothing. --device cpu and --out FILE try it out without a GPU.
"""

import argparse
import csv
import datetime
import io
import os
import sys
from pathlib import Path

import torch

from dlcourse import reference
from dlcourse.counterpart import ladder
from dlcourse.data.cuda_figures import FIELDS, FILE

TARGET = Path(__file__).resolve().parents[1] / "data" / FILE


def small(device: str, job: ladder.Job) -> list[ladder.Rung]:
    """All rungs for the digits; two processes on the CPU, or on GPUs if there are two."""
    several = device if device == "cuda" and torch.cuda.device_count() > 1 else "cpu"
    return [
        ladder.sample_by_sample(job),
        ladder.batched(job, reference, "NumPy, batched"),
        ladder.batched(job, torch, "PyTorch, CPU"),
        *fast(device, job),
        ladder.command_line(job, 2, several),
    ]


def fast(device: str, job: ladder.Job) -> list[ladder.Rung]:
    """The rungs on the device, and the CPU's to compare them with."""
    rungs = [ladder.on_device(job, "PyTorch, CPU, fit")]
    for name, options in {"": {}, ", bfloat16": {"bf16": True}, ", compiled": {"compile": True}}.items():
        rungs.append(ladder.on_device(job, f"{device.upper()}{name}", device, **options))
    return rungs


def table(device: str, jobs: dict) -> str:
    """The text of the file. jobs: network -> (function that returns the rungs, job)."""
    hardware = torch.cuda.get_device_name() if device == "cuda" else f"{os.cpu_count()} cores"
    today = datetime.date.today().isoformat()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    for network, (climb, job) in jobs.items():
        rungs = climb(device, job)
        for rung in rungs:
            row = [network, rung.name, f"{1000 * rung.seconds:.4g}", f"{rung.difference(rungs[0]):.2g}"]
            writer.writerow([*row, hardware, torch.__version__, torch.version.cuda, today])
            print(*row, sep=", ", flush=True)
    return text.getvalue()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    parser.add_argument("--out", type=Path, default=None, help=f"default with cuda: {TARGET.name} in data/")
    parser.add_argument("--large", type=int, default=4096, metavar="UNITS", help="width of the large network")
    options = parser.parse_args(arguments)
    if options.device == "cuda" and not torch.cuda.is_available():
        print("make_cuda_figures: PyTorch sees no NVIDIA GPU; nothing is written.", file=sys.stderr)
        return 1
    if options.device == "cpu" and options.out is None:
        parser.error("--device cpu only tries it out: give --out, too; the course's file is for figures of a GPU")
    width = options.large
    jobs = {
        "64-64-64-10, 1,150 rows": (small, ladder.digits_job()),
        f"{width}-{width}-{width}-10, {2 * width:,} rows": (
            fast,
            ladder.random_job([width, width, width, 10], 2 * width),
        ),
    }
    target = options.out or TARGET
    temporary = target.with_suffix(".tmp")
    temporary.write_text(table(options.device, jobs), encoding="utf-8", newline="\n")
    temporary.replace(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
