"""The NumPy engine beside PyTorch (CPU, eager): float32, the same first weights, the same number of threads.

A training step is forward, backward and SGD; inference is forward under no_grad. A convolution is also set beside the
textbook's im2col, which is written out below. Memory is the peak of NumPy's own arrays in one step.
"""

import os
import tracemalloc

import numpy as np
import torch

import dlcourse.reference as reference
from dlcourse.models import lenet, mlp
from tests.benchmarks.timing import median_of_each, table

ROUNDS = 60
ENGINES = {"NumPy": reference, "PyTorch": torch}


def main() -> None:
    threads = int(os.environ.get("OMP_NUM_THREADS", torch.get_num_threads()))
    torch.set_num_threads(threads)
    print(f"Milliseconds, median, and NumPy ÷ PyTorch; {threads} thread(s); OMP_NUM_THREADS chooses")
    header = ["model", "step NumPy", "PyTorch", "ratio", "target", "inference NumPy", "PyTorch", "ratio", "peak MB"]
    print(table(header, [row(name, *case) for name, case in CASES.items()]))
    print()
    print("Convolution (64, 6, 14, 14) → 16 channels, 5 × 5, forward and backward")
    print(table(["", "ms", "÷ PyTorch", "peak MB"], convolution_rows()))


def row(name: str, build, x: np.ndarray, classes: int, target: str) -> list[str]:
    work = {label: training(engine, build, x, classes) for label, engine in ENGINES.items()}
    step = median_of_each({label: parts[0] for label, parts in work.items()}, ROUNDS, warm_up=5)
    infer = median_of_each({label: parts[1] for label, parts in work.items()}, ROUNDS, warm_up=5)
    cells = [name]
    for times, limit in ((step, [target]), (infer, [])):
        cells += [*(f"{value:.2f}" for value in times.values()), f"{times['NumPy'] / times['PyTorch']:.2f}", *limit]
    return [*cells, f"{peak_megabytes(work['NumPy'][0]):.1f}"]


def training(engine, build, x: np.ndarray, classes: int):
    """(a function that does one step, a function that infers); both engines start from the same seed."""
    engine.manual_seed(0)
    model = build(engine)
    optimizer = engine.optim.SGD(model.parameters(), lr=0.01)
    inputs = engine.from_numpy(x)
    outputs = model(inputs).shape[0]
    y = engine.arange(outputs) % classes

    def step():
        loss = engine.nn.functional.cross_entropy(model(inputs), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def infer():
        with engine.no_grad():
            model(inputs)

    return step, infer


def last_step_classifier(engine):
    """An LSTM over 50 steps; its last hidden state is classified."""

    class Classifier(engine.nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = engine.nn.LSTM(64, 64)
            self.head = engine.nn.Linear(64, 10)

        def forward(self, x):  # (T, N, 64)
            return self.head(self.lstm(x)[0][-1])

    return Classifier()


def peak_megabytes(act) -> float:
    tracemalloc.start()
    act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


CASES = {  # name: (network, inputs, classes, largest ratio of a step)
    "mlp 784-256-10, batch 64": (lambda engine: mlp(engine, [784, 256, 10]), normal(64, 784), 10, "1.2"),
    "mlp 2-8-2, batch 200": (lambda engine: mlp(engine, [2, 8, 2]), normal(200, 2), 2, ""),
    "lenet 28 × 28, batch 64": (lambda engine: lenet(engine), normal(64, 1, 28, 28), 10, "3"),
    "LSTM T = 50, hidden 64, batch 32": (last_step_classifier, normal(50, 32, 64), 10, "4"),
}


def convolution_rows() -> list[list[str]]:
    x, weight, upstream = normal(64, 6, 14, 14), normal(16, 6, 5, 5), normal(64, 16, 10, 10)

    def on(engine):
        inputs = engine.from_numpy(x).requires_grad_()
        kernel = engine.from_numpy(weight).requires_grad_()

        def step():
            inputs.grad = kernel.grad = None
            engine.nn.functional.conv2d(inputs, kernel).backward(engine.from_numpy(upstream))

        return step

    acts = {label: on(engine) for label, engine in ENGINES.items()}
    acts["textbook im2col"] = lambda: im2col_step(x, weight, upstream)
    taken = median_of_each(acts, ROUNDS, warm_up=5)
    peaks = {name: "" if name == "PyTorch" else f"{peak_megabytes(act):.1f}" for name, act in acts.items()}
    return [[name, f"{ms:.2f}", f"{ms / taken['PyTorch']:.2f}", peaks[name]] for name, ms in taken.items()]


def im2col_step(x: np.ndarray, weight: np.ndarray, upstream: np.ndarray):
    """Output and gradients of a convolution without padding, stride 1, as books write it: columns (N·H·W, C·k·k)."""
    n, channels, height, width = x.shape
    out_channels, _, k, _ = weight.shape
    h, w = height - k + 1, width - k + 1
    columns = np.zeros((n, channels, k, k, h, w), x.dtype)
    for i in range(k):
        for j in range(k):
            columns[:, :, i, j] = x[:, :, i : i + h, j : j + w]
    columns = columns.transpose(0, 4, 5, 1, 2, 3).reshape(n * h * w, -1)
    flat = weight.reshape(out_channels, -1)
    output = (columns @ flat.T).reshape(n, h, w, -1).transpose(0, 3, 1, 2)
    rows = upstream.transpose(0, 2, 3, 1).reshape(-1, out_channels)
    weight_gradient = (columns.T @ rows).T.reshape(weight.shape)
    spread = (rows @ flat).reshape(n, h, w, channels, k, k).transpose(0, 3, 4, 5, 1, 2)
    x_gradient = np.zeros_like(x)
    for i in range(k):
        for j in range(k):
            x_gradient[:, :, i : i + h, j : j + w] += spread[:, :, i, j]
    return output, x_gradient, weight_gradient
