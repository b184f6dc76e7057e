"""One training, from a loop over samples in NumPy up to several processes: every rung must end with the same weights.

Each rung trains the same network from the same weights on the same rows, whole batches, plain gradient descent, and
returns its Rung: the weights, the loss and the time. Only the way in which it is computed differs.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from dlcourse.counterpart import tasks
from dlcourse.counterpart.checkpoints import Checkpoints
from dlcourse.counterpart.training import fit
from dlcourse.models import mlp
from dlcourse.training import fit as fit_on_engine

LIMIT = 110  # seconds for processes that are started, should they hang


@dataclass(frozen=True)
class Job:
    """What is trained. x (N, F) float32, y (N,) int64; start: name -> array, of an mlp with ReLU; `rate` of descent;
    `epochs`, each of them one update by all rows."""

    x: np.ndarray
    y: np.ndarray
    start: dict[str, np.ndarray]
    epochs: int
    rate: float

    @property
    def sizes(self) -> list[int]:
        """Units [inputs, hidden …, outputs]."""
        weights = [array for name, array in self.start.items() if name.endswith("weight")]
        return [weights[0].shape[1], *(len(weight) for weight in weights)]

    def model(self, engine):
        """The network on an engine, with the weights of the start."""
        model = mlp(engine, self.sizes, "ReLU")
        model.load_state_dict({name: engine.tensor(array) for name, array in self.start.items()})
        return model


@dataclass(frozen=True)
class Rung:
    """What a rung found. seconds: of one epoch, the fastest; loss: before the last update."""

    name: str
    weights: dict[str, np.ndarray]
    loss: float
    seconds: float

    def difference(self, other: "Rung") -> float:
        """The largest distance between a weight here and the same weight there."""
        return max(float(np.abs(self.weights[name] - other.weights[name]).max()) for name in self.weights)


def digits_job(epochs: int = 20, rate: float = 0.3, seed: int = 0) -> Job:
    """What `train_line` does, too: 1,150 digits, 64-64-64-10 units."""
    task = tasks.load("digits")
    torch.manual_seed(seed)
    start = {name: value.numpy() for name, value in tasks.build("mlp", task).state_dict().items()}
    return Job(*task.parts.train, start, epochs, rate)


def random_job(sizes, rows: int, epochs: int = 5, rate: float = 0.01, seed: int = 0) -> Job:
    """A job of any size, on rows that mean nothing: for measuring time."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, sizes[0])).astype(np.float32)
    torch.manual_seed(seed)
    start = {name: value.numpy() for name, value in mlp(torch, sizes, "ReLU").state_dict().items()}
    return Job(x, rng.integers(sizes[-1], size=rows), start, epochs, rate)


# -- the rungs ------------------------------------------------------------------------------------------------------


def sample_by_sample(job: Job) -> Rung:
    """NumPy, a Python loop over the samples: each one forwards and backwards on its own, then one update."""
    layers = [
        [job.start[f"{2 * i}.weight"].copy(), job.start[f"{2 * i}.bias"].copy()] for i in range(len(job.sizes) - 1)
    ]
    seconds, loss = [], 0.0
    for _ in range(job.epochs):
        started = time.perf_counter()
        sums = [[np.zeros_like(w), np.zeros_like(b)] for w, b in layers]
        loss = sum(_add_gradient(layers, sums, x, label) for x, label in zip(job.x, job.y, strict=True)) / len(job.x)
        for layer, gradient in zip(layers, sums, strict=True):
            for parameter, g in zip(layer, gradient, strict=True):
                parameter -= job.rate * g / len(job.x)
        seconds.append(time.perf_counter() - started)
    weights = {f"{2 * i}.{name}": array for i, layer in enumerate(layers)
               for name, array in zip(("weight", "bias"), layer, strict=True)}  # fmt: skip
    return Rung("NumPy, sample by sample", weights, float(loss), min(seconds))


def _add_gradient(layers, sums, x, label) -> float:
    """Add the gradient of one sample x (F,) to `sums`; returns its loss."""
    values = [x]
    for w, b in layers:
        values.append(np.maximum(w @ values[-1] + b, 0))
    w, b = layers[-1]
    z = w @ values[-2] + b  # the last layer has no ReLU
    e = np.exp(z - z.max())
    delta = e / e.sum()
    loss = -np.log(delta[label])
    delta[label] -= 1
    for i in range(len(layers) - 1, -1, -1):
        sums[i][0] += np.outer(delta, values[i])
        sums[i][1] += delta
        delta = (layers[i][0].T @ delta) * (values[i] > 0)
    return loss


def batched(job: Job, engine, name: str) -> Rung:
    """All rows in one matrix product a layer, on the reference engine or on torch: the loop of the course."""
    seconds = []
    for number in range(2):  # the first warms up
        model = job.model(engine)
        optimizer = engine.optim.SGD(model.parameters(), lr=job.rate)
        for _ in range(job.epochs if number else 1):
            started = time.perf_counter()
            loss = engine.nn.functional.cross_entropy
            history = fit_on_engine(engine, model, loss, optimizer, job.x, job.y, epochs=1)
            seconds.append(time.perf_counter() - started)
    weights = {key: value.numpy() for key, value in model.state_dict().items()}
    return Rung(name, weights, history.loss[-1], min(seconds))


def on_device(job: Job, name: str, device: str = "cpu", bf16: bool = False, compile: bool = False) -> Rung:
    """The counterpart's fit: data stay on the device; translated by torch.compile, or in bfloat16, where asked for."""
    model = job.model(torch).to(device)
    x, y = (torch.as_tensor(values).to(device) for values in (job.x, job.y))
    start = {key: value.clone() for key, value in model.state_dict().items()}
    forward = torch.compile(model) if compile else model
    seconds = float("inf")
    for number in range(4):  # the first translates and warms up
        model.load_state_dict(start)
        optimizer = torch.optim.SGD(model.parameters(), lr=job.rate)
        started = time.perf_counter()
        with _one_compiler() if compile and not number else contextlib.nullcontext():
            history = fit(forward, cross_entropy, optimizer, x, y, epochs=job.epochs, bf16=bf16)
        if number:
            seconds = min(seconds, (time.perf_counter() - started) / job.epochs)
    weights = {key: value.cpu().numpy() for key, value in model.state_dict().items()}
    return Rung(name, weights, history.loss[-1], seconds)


def _one_compiler():
    """While this lasts, torch.compile starts no helpers, which would cost more than so small a network is worth."""
    from torch._inductor import config  # it takes a second to load

    return config.patch(compile_threads=1)


def compiler() -> str | None:
    """The C++ compiler that torch.compile needs on the CPU, or None.

    Also None where PyTorch lies in a folder with a blank in its name: torch.compile (2.13) cuts its commands to the
    linker at blanks.
    """
    if " " in torch.__file__:
        return None
    return os.environ.get("CXX") or next(filter(None, map(shutil.which, ("g++", "clang++", "cl"))), None)


def command_line(job: Job, processes: int, device: str = "cpu", run: Callable = subprocess.run) -> Rung:
    """`digits_job` by `python -m dlcourse train`, with several processes behind torchrun; one thread each.

    Offline, on a free port of this machine. RuntimeError with the last words of the command if it fails, and
    subprocess.TimeoutExpired after 110 seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        words = train_line(job, processes, device, Path(folder) / "run")
        alone = {"RANK", "LOCAL_RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"}
        own = {name: value for name, value in os.environ.items() if name not in alone} | {"OMP_NUM_THREADS": "1"}
        ended = run([sys.executable, "-m", *words], env=own, capture_output=True, text=True, timeout=LIMIT)
        if ended.returncode:
            raise RuntimeError(f"command_line: {' '.join(words)} failed:\n{ended.stderr.strip()[-2000:]}")
        state = Checkpoints(Path(folder) / "run" / "checkpoints").load()
        rows = (Path(folder) / "run" / "metrics.csv").read_text(encoding="utf-8").splitlines()
    place = rows[0].split(",").index("seconds")
    seconds = min(float(row.split(",")[place]) for row in rows[1:])
    weights = {name: value.numpy() for name, value in state["model"].items()}
    return Rung(f"{processes} processes", weights, state["history"]["loss"][-1], seconds)


def train_line(job: Job, processes: int, device: str, out) -> list[str]:
    """The words after `python -m` that do the job; with several processes torchrun, by its module's name."""
    options = {"data": "digits", "model": "mlp", "optimizer": "sgd", "lr": job.rate, "epochs": job.epochs,
               "batch-size": len(job.x), "device": device, "out": out}  # fmt: skip
    train = ["dlcourse", "train", *(word for name, value in options.items() for word in (f"--{name}", str(value)))]
    several = ["torch.distributed.run", "--standalone", "--nproc-per-node", str(processes), "-m"]
    return train if processes == 1 else several + train
