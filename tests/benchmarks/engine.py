"""One training step on the NumPy engine and on PyTorch (CPU, eager), float32, the same weights and threads."""

import os

import torch

import dlcourse.reference as reference
from dlcourse.models import mlp
from tests.benchmarks.timing import median_of_each, table

CASES = {"mlp 784-256-10, batch 64": ([784, 256, 10], 64), "mlp 2-8-2, batch 200": ([2, 8, 2], 200)}
ROUNDS = 200


def main() -> None:
    threads = int(os.environ.get("OMP_NUM_THREADS", torch.get_num_threads()))
    torch.set_num_threads(threads)
    rows = []
    for name, (sizes, batch) in CASES.items():
        steps = {"NumPy": training_step(reference, sizes, batch), "PyTorch": training_step(torch, sizes, batch)}
        taken = median_of_each(steps, ROUNDS, warm_up=20)
        rows.append([name, *(f"{value:.2f}" for value in taken.values()), f"{taken['NumPy'] / taken['PyTorch']:.2f}"])
    print(f"Milliseconds a training step (forward, backward, SGD), median; {threads} thread(s)")
    print(table(["model", "NumPy", "PyTorch", "ratio"], rows))


def training_step(engine, sizes, batch):
    """A function that does one step; both engines start from the same seed."""
    engine.manual_seed(0)
    model = mlp(engine, sizes)
    optimizer = engine.optim.SGD(model.parameters(), lr=0.01)
    x, y = engine.randn(batch, sizes[0]), engine.arange(batch) % sizes[-1]

    def step():
        loss = engine.nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step
