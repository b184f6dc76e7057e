"""Layers, losses and what holds them together, under the names of torch.nn."""

from dlcourse.reference.nn import functional, init, utils
from dlcourse.reference.nn.activation import Dropout, LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from dlcourse.reference.nn.container import ModuleList, Sequential
from dlcourse.reference.nn.linear import Flatten, Identity, Linear
from dlcourse.reference.nn.loss import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, L1Loss, MSELoss, NLLLoss
from dlcourse.reference.nn.module import Module, Parameter

__all__ = [
    "BCELoss", "BCEWithLogitsLoss", "CrossEntropyLoss", "Dropout", "Flatten", "Identity", "L1Loss", "Linear",
    "LogSoftmax", "MSELoss", "Module", "ModuleList", "NLLLoss", "Parameter", "ReLU", "Sequential", "Sigmoid",
    "Softmax", "Tanh", "functional", "init", "utils",
]  # fmt: skip
