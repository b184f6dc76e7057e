"""Writes data/bitter_lesson.csv: features made by hand against learned ones, over training signals and steps.

    python tools/make_bitter_lesson.py

MNIST-1D, judged by its published 1,000 test signals. Up to 4,000 training signals come from the published ones, more
are made by the same recipe with another seed. Three models: a linear layer on `matched_filters` (hand), an MLP (mlp)
and a small CNN (cnn) on the 40 numbers as they are. Adam with rate 0.005, 100 signals a step, drawn at random. 150
trainings of 6,000 steps on PyTorch: twenty minutes on one core. The last digit of an accuracy varies between machines.
"""

from pathlib import Path

import numpy as np
import torch

from dlcourse import models
from dlcourse.data import mnist1d
from dlcourse.data.bitter_lesson import BATCH, MODELS, RATE, ROWS, SEEDS, STEPS
from dlcourse.data.matched_filters import matched_filters

HEADER = "model,signals,seed," + ",".join(f"after {steps} steps" for steps in STEPS)
NETWORKS = {
    "hand": lambda: models.mlp(torch, [40, 10]),
    "mlp": lambda: models.residual_mlp(torch),
    "cnn": lambda: models.conv1d_net(torch),
}


def pool():
    """(x, y) of as many signals as the largest training set has: the published ones first."""
    from mnist1d.data import get_dataset_args, make_dataset

    published, args = mnist1d().train, get_dataset_args()
    args.num_samples, args.train_split, args.seed = max(ROWS) - len(published.y), 1.0, 7
    made = make_dataset(args)
    x = np.concatenate([published.x, made["x"].astype(np.float32)])
    return x, np.concatenate([published.y, made["y"].astype(np.int64)])


def learned(name: str, train, test, seed: int) -> list[float]:
    """Accuracies on the test signals after each number in STEPS."""
    (x, y), rng = map(torch.as_tensor, train), np.random.default_rng(seed)
    tested = [torch.as_tensor(part) for part in test]
    torch.manual_seed(seed)
    model, found = NETWORKS[name](), []
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for step in range(1, max(STEPS) + 1):
        rows = torch.as_tensor(rng.integers(len(x), size=BATCH))
        loss = torch.nn.functional.cross_entropy(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step in STEPS:
            with torch.no_grad():
                found.append((model(tested[0]).argmax(1) == tested[1]).float().mean().item())
    return found


def chosen(x, y, count: int, seed: int):
    """`count` signals: from the published ones as long as these suffice, then all of those and some others."""
    rng = np.random.default_rng(seed)
    first, others = rng.permutation(4000), 4000 + rng.permutation(len(y) - 4000)
    rows = np.concatenate([first, others])[:count]
    return x[rows], y[rows]


def table(seeds=SEEDS, sizes=ROWS) -> str:
    """The text of the file: one line a training."""
    lines, everything, test = [HEADER], pool(), mnist1d().test
    for seed in range(seeds):
        for count in sizes:
            x, y = chosen(*everything, count, seed)
            for name in MODELS:
                seen, tested = x, test.x
                if name == "hand":
                    seen, tested = matched_filters(x), matched_filters(test.x)
                    tested = (tested - seen.mean(axis=0)) / seen.std(axis=0)
                    seen = (seen - seen.mean(axis=0)) / seen.std(axis=0)
                found = learned(name, (seen, y), (tested, test.y), seed)
                lines.append(f"{name},{count},{seed}," + ",".join(f"{accuracy:.3f}" for accuracy in found))
                print(lines[-1], flush=True)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    torch.set_num_threads(1)
    target = Path(__file__).resolve().parents[1] / "data" / "bitter_lesson.csv"
    temporary = target.with_suffix(".tmp")
    temporary.write_text(table(), encoding="utf-8", newline="\n")
    temporary.replace(target)
