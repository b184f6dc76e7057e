"""The counterpart's fit on a GPU against the loop of the usual tutorial, to the same accuracy on the digits.

The usual loop: a DataLoader over NumPy arrays, `.to(device)` of every batch, `.item()` in every step, float32. Both
train the same network from the same weights with the same optimizer, batch size and number of epochs.
"""

import os
import statistics
from functools import partial

import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset

from dlcourse.counterpart import evaluate, fit, tasks
from tests.benchmarks.timing import milliseconds, table

BATCH, ROUNDS = 64, 5
# network -> epochs, and the accuracy that every way must reach
CASES = {"mlp": (20, 0.93), "lenet": (20, 0.95)}


def main() -> None:
    """Print a table, or that there is no GPU. DLCOURSE_GPU_BENCHMARK=cpu runs the same on the CPU, to try it out."""
    name = os.environ.get("DLCOURSE_GPU_BENCHMARK", "cuda")
    if name == "cuda" and not torch.cuda.is_available():
        print("No NVIDIA GPU, or no CUDA build of PyTorch: nothing to measure.")
        return
    device = torch.device(name)
    hardware = torch.cuda.get_device_name() if name == "cuda" else "CPU"
    print(f"Milliseconds of a whole training, batch {BATCH}, median of {ROUNDS}; {hardware}, CUDA {torch.version.cuda}")
    rows = []
    for model, (epochs, least) in CASES.items():
        times, reached = _measured(model, epochs, device)
        for way, taken in times.items():
            missed = "" if min(reached.values()) >= least else f" (!) below {least:.0%}"
            faster = f"{times['usual'] / taken:.2f}"
            rows.append([f"{model}, {way}", f"{taken:.0f}", faster, f"{reached[way]:.1%}{missed}"])
    print(table(["network, way", "ms", "times faster", "test accuracy"], rows))


def _measured(model, epochs, device) -> tuple[dict[str, float], dict[str, float]]:
    """Way -> median milliseconds, and way -> accuracy on the test rows."""
    task = tasks.load("digits")
    ways = {"usual": _usual, "fit": _fit, "fit bf16": partial(_fit, bf16=True)}
    times, reached = {way: [] for way in ways}, {}
    for number in range(ROUNDS + 1):  # the first of each way warms up
        for way, train in ways.items():
            network, adam = _start(model, task, device)
            taken = milliseconds(partial(train, network, adam, task, device, epochs))
            times[way] += [taken] if number else []
            reached[way] = evaluate(network, cross_entropy, *task.parts.test)[1]
    return {way: statistics.median(values) for way, values in times.items()}, reached


def _start(model, task, device):
    torch.manual_seed(0)
    network = tasks.build(model, task).to(device)
    return network, torch.optim.Adam(network.parameters(), 0.002)


def _usual(network, adam, task, device, epochs) -> None:
    rows = TensorDataset(*(torch.as_tensor(values) for values in task.parts.train))
    loader = DataLoader(rows, batch_size=BATCH, shuffle=True)
    for _ in range(epochs):
        total = 0.0
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            loss = cross_entropy(network(x), y)
            adam.zero_grad()
            loss.backward()
            adam.step()
            total += loss.item() * len(x)


def _fit(network, adam, task, device, epochs, bf16=False) -> None:
    if device.type == "cuda":
        adam = torch.optim.Adam(network.parameters(), 0.002, fused=True)  # as `python -m dlcourse train` chooses
    fit(network, cross_entropy, adam, *task.parts.train, epochs=epochs, batch_size=BATCH, bf16=bf16)
