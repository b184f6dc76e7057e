"""Optimizers, under the names of torch.optim."""

from dlcourse.reference.optim.adam import Adam, AdamW
from dlcourse.reference.optim.optimizer import Optimizer
from dlcourse.reference.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
