"""Optimizers, under the names of torch.optim."""

from dlcourse.reference.optim import lr_scheduler
from dlcourse.reference.optim.adagrad import Adagrad
from dlcourse.reference.optim.adam import Adam, AdamW
from dlcourse.reference.optim.optimizer import Optimizer
from dlcourse.reference.optim.rmsprop import RMSprop
from dlcourse.reference.optim.sgd import SGD

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]
