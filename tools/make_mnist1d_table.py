"""Writes data/mnist1d_table.csv: what `tools/mnist1d_table.py` finds, on both engines, in order and shuffled.

    python tools/make_mnist1d_table.py

48 trainings of 6,000 steps: about half an hour on two cores. The last digit of an accuracy varies between machines.
"""

from pathlib import Path

from mnist1d_table import ENGINES, MODELS, train

HEADER = "engine,model,places,seed,test_accuracy"
SEEDS = (0, 1, 2)


def table() -> str:
    """The text of the file: one line a training."""
    lines = [HEADER]
    for engine in ENGINES:
        for places in ("in order", "shuffled"):
            for model in MODELS:
                for seed in SEEDS:
                    accuracy, _ = train(ENGINES[engine], model, seed, shuffled=places == "shuffled")
                    lines.append(f"{engine},{model},{places},{seed},{accuracy:.3f}")
                    print(lines[-1], flush=True)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[1] / "data" / "mnist1d_table.csv"
    temporary = target.with_suffix(".tmp")
    temporary.write_text(table(), encoding="utf-8", newline="\n")
    temporary.replace(target)
