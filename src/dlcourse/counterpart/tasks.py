"""The networks and the data sets that the command line knows by name. Every one maps features (N, F) to classes."""

import math
from dataclasses import dataclass

import torch

from dlcourse import data, models

OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adam": (torch.optim.Adam, {}),
    "adamw": (torch.optim.AdamW, {}),
}


@dataclass(frozen=True)
class Task:
    """A data set ready to train on: parts that share no row, x (N, features) float32 near 0, y (N,) int64."""

    name: str
    parts: data.Split
    class_names: tuple[str, ...]
    side: int | None = None  # of the square images whose pixels the features are, row by row

    @property
    def features(self) -> int:
        return self.parts.train.x.shape[1]

    @property
    def classes(self) -> int:
        return len(self.class_names)


def load(name: str) -> Task:
    """The data set called `name`, one of DATA; always the same rows in the same parts. ValueError for other names."""
    if name not in DATA:
        raise ValueError(f"--data: expected one of {', '.join(DATA)}; got {name!r}.")
    return DATA[name](name)


def build(model: str, task: Task) -> torch.nn.Module:
    """The network called `model`, one of MODELS, for a task; the weights are drawn from torch's generator.

    ValueError for other names, and where the network cannot take the task's features.
    """
    if model not in MODELS:
        raise ValueError(f"--model: expected one of {', '.join(MODELS)}; got {model!r}.")
    return MODELS[model](task)


def optimizer(name: str, model: torch.nn.Module, lr: float) -> torch.optim.Optimizer:
    """The optimizer called `name`, one of OPTIMIZERS, with learning rate `lr`; on CUDA fused where it can."""
    if name not in OPTIMIZERS:
        raise ValueError(f"--optimizer: expected one of {', '.join(OPTIMIZERS)}; got {name!r}.")
    make, options = OPTIMIZERS[name]
    on_cuda = next(model.parameters()).device.type == "cuda"
    fused = {"fused": True} if on_cuda and make is not torch.optim.RMSprop else {}
    return make(model.parameters(), lr=lr, **options, **fused)


def _digits(name: str) -> Task:
    digits = data.digits()
    return Task(name, data.split((digits.x / 8 - 1, digits.y)), digits.class_names, side=8)  # ink 0 … 16 -> −1 … 1


def _table(make):
    def load(name: str) -> Task:
        table = make()
        return Task(name, data.split(table).standardised(), table.class_names)

    return load


def _toy(name: str) -> Task:
    return Task(name, data.split(data.toy(name, n=1000, noise=0.05)), ("0", "1"))


def _mnist1d(name: str) -> Task:
    whole = data.mnist1d()
    parts = data.split(whole.train, validation=0.1, test=0)  # the test part is the published one
    return Task(name, data.Split(parts.train, parts.validation, whole.test), tuple("0123456789"))


def _mlp(task: Task) -> torch.nn.Module:
    return models.mlp(torch, [task.features, 64, 64, task.classes], "ReLU")


def _lenet(task: Task) -> torch.nn.Module:
    if task.side is None:
        raise ValueError(f"--model lenet needs images (--data digits); {task.name} has {task.features} features.")
    times = math.ceil(12 / task.side)  # each pixel is repeated until two poolings leave something to see
    return torch.nn.Sequential(
        torch.nn.Unflatten(1, (1, task.side, task.side)),
        torch.nn.Upsample(scale_factor=times),
        models.lenet(torch, times * task.side, classes=task.classes, activation="ReLU", pool="MaxPool2d"),
    )


def _residual_mlp(task: Task) -> torch.nn.Module:
    return models.residual_mlp(torch, task.features, classes=task.classes)


def _conv1d_net(task: Task) -> torch.nn.Module:
    return models.conv1d_net(torch, task.features, classes=task.classes)


def _bidirectional_gru(task: Task) -> torch.nn.Module:
    return models.bidirectional_gru(torch, task.features, classes=task.classes)


DATA = {
    "digits": _digits,
    "mnist1d": _mnist1d,
    "iris": _table(lambda: data.iris((0, 1, 2), (0, 1, 2, 3))),
    "loans": _table(data.loans),
    "tangerines": _table(data.tangerines),
    "breast_cancer": _table(data.breast_cancer),
    **dict.fromkeys(data.TOY_SETS, _toy),
}
MODELS = {
    "mlp": _mlp,
    "lenet": _lenet,
    "residual_mlp": _residual_mlp,
    "conv1d_net": _conv1d_net,
    "bidirectional_gru": _bidirectional_gru,
}
