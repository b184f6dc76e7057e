"""Makes data/loans.csv: 200 loans, from seed 3.

    age ~ uniform 20 … 65 years
    salary ~ normal(26 + 0.35·(age − 20), 9) thousand € a year, cut off at 12 and 80
    repaid ~ Bernoulli(σ(0.05·(age − 42) + 0.30·(salary − 34)))

Both are rounded to one decimal, as a form would have them.
"""

from pathlib import Path

import numpy as np


def make() -> str:
    """The text of the file."""
    rng = np.random.default_rng(3)
    age = rng.uniform(20, 65, 200).round(1)
    salary = np.clip(rng.normal(26 + 0.35 * (age - 20), 9), 12, 80).round(1)
    chance = 1 / (1 + np.exp(-(0.05 * (age - 42) + 0.30 * (salary - 34))))
    repaid = (rng.uniform(size=200) < chance).astype(int)
    rows = (f"{a:.1f},{s:.1f},{r}" for a, s, r in zip(age, salary, repaid, strict=True))
    return "age_years,salary_thousand_eur,repaid_within_three_months\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[1] / "data" / "loans.csv"
    temporary = target.with_suffix(".tmp")
    temporary.write_text(make(), encoding="utf-8", newline="\n")
    temporary.replace(target)
