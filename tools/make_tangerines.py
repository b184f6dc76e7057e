"""Makes data/tangerines.csv: a box of 400 tangerines, from seed 7.

    diameter ~ normal(7.0, 0.9) cm, cut off at 4.5 and 9.5
    colour ~ σ(normal(0.8·(diameter − 7.0), 1.2)), from 0 (all green) to 1 (all orange)
    ripe ~ Bernoulli(σ(1.4·(diameter − 6.8) + 7·(colour − 0.45)))

Diameter is rounded to one decimal, as a calliper is read, colour to two. Ripe fruit is larger as a rule, but some small
ones are ripe and some large ones are not; colour tells more, and both together most.
"""

from pathlib import Path

import numpy as np


def make() -> str:
    """The text of the file."""
    rng = np.random.default_rng(7)
    diameter = np.clip(rng.normal(7.0, 0.9, 400), 4.5, 9.5).round(1)
    colour = _sigmoid(rng.normal(0.8 * (diameter - 7.0), 1.2)).round(2)
    ripe = (rng.uniform(size=400) < _sigmoid(1.4 * (diameter - 6.8) + 7 * (colour - 0.45))).astype(int)
    rows = (f"{d:.1f},{c:.2f},{r}" for d, c, r in zip(diameter, colour, ripe, strict=True))
    return "diameter_cm,colour_0_green_to_1_orange,ripe\n" + "\n".join(rows) + "\n"


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[1] / "data" / "tangerines.csv"
    temporary = target.with_suffix(".tmp")
    temporary.write_text(make(), encoding="utf-8", newline="\n")
    temporary.replace(target)
