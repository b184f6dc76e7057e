"""Prints the MNIST-1D table: accuracy on the test signals of four networks, on PyTorch and on the NumPy engine.

    python tools/mnist1d_table.py                       all of it, seeds 0, 1 and 2: about ten minutes on two cores
    python tools/mnist1d_table.py --engines torch --models logistic cnn --seeds 0 --shuffled

As in the paper (Greydanus & Kobak, arXiv:2011.14439): Adam with rate 0.01, batches of 100 in the given order, 6,000
steps, float32; the accuracy after the last step.
"""

import argparse
import sys
import time

import torch

from dlcourse import models, reference
from dlcourse.data import mnist1d
from dlcourse.training import evaluate, fit

ENGINES = {"torch": torch, "numpy": reference}
MODELS = {
    "logistic": lambda engine: models.mlp(engine, [40, 10]),
    "mlp": models.residual_mlp,
    "cnn": models.conv1d_net,
    "gru": models.bidirectional_gru,
}
STEPS, BATCH, RATE = 6000, 100, 0.01


def train(engine, name: str, seed: int = 0, steps: int = STEPS, shuffled: bool = False):
    """Train one network from a seed; returns (test accuracy from 0 to 1, History)."""
    data = mnist1d(shuffled)
    engine.manual_seed(seed)
    model = MODELS[name](engine)
    optimizer = engine.optim.Adam(model.parameters(), lr=RATE)
    loss = engine.nn.functional.cross_entropy
    epochs = steps * BATCH // len(data.train.y)
    history = fit(engine, model, loss, optimizer, *data.train, epochs=epochs, batch_size=BATCH, shuffle=False)
    return evaluate(engine, model, loss, *data.test)[1], history


def main() -> None:
    """Train what the command line asks for, and print one line for each."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    arguments.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    arguments.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    arguments.add_argument("--steps", type=int, default=STEPS)
    arguments.add_argument("--shuffled", action="store_true", help="the 40 places in one random order")
    chosen = arguments.parse_args()
    print(f"{'engine':8}{'model':10}{'parameters':>10}{'seconds':>9}   test accuracy by seed {chosen.seeds}")
    for engine_name in chosen.engines:
        for name in chosen.models:
            engine, start = ENGINES[engine_name], time.perf_counter()
            count = sum(parameter.numel() for parameter in MODELS[name](engine).parameters())
            found = [train(engine, name, seed, chosen.steps, chosen.shuffled)[0] for seed in chosen.seeds]
            seconds = (time.perf_counter() - start) / len(found)
            accuracies = "  ".join(f"{accuracy:.1%}" for accuracy in found)
            print(f"{engine_name:8}{name:10}{count:10,}{seconds:9.1f}   {accuracies}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
