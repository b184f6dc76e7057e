"""Layers, losses and what holds them together, under the names of torch.nn."""

from dlcourse.reference.nn import functional, init, utils
from dlcourse.reference.nn.activation import (
    ELU,
    GELU,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from dlcourse.reference.nn.cell import GRUCell, LSTMCell, RNNCell
from dlcourse.reference.nn.container import ModuleDict, ModuleList, Sequential
from dlcourse.reference.nn.convolution import Conv1d, Conv2d
from dlcourse.reference.nn.dropout import Dropout, Dropout1d, Dropout2d
from dlcourse.reference.nn.linear import Flatten, Identity, Linear, Unflatten
from dlcourse.reference.nn.loss import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
)
from dlcourse.reference.nn.module import Module, Parameter
from dlcourse.reference.nn.normalization import BatchNorm1d, BatchNorm2d, LayerNorm
from dlcourse.reference.nn.parameter_container import ParameterDict, ParameterList
from dlcourse.reference.nn.pooling import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AvgPool1d,
    AvgPool2d,
    MaxPool1d,
    MaxPool2d,
)
from dlcourse.reference.nn.recurrent import GRU, LSTM, RNN
from dlcourse.reference.nn.sparse import Embedding

__all__ = [
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "RNN",
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AvgPool1d",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv1d",
    "Conv2d",
    "CrossEntropyLoss",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Embedding",
    "Flatten",
    "GRUCell",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "LSTMCell",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSigmoid",
    "LogSoftmax",
    "MSELoss",
    "MaxPool1d",
    "MaxPool2d",
    "Module",
    "ModuleDict",
    "ModuleList",
    "NLLLoss",
    "Parameter",
    "ParameterDict",
    "ParameterList",
    "RNNCell",
    "ReLU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SmoothL1Loss",
    "Softmax",
    "Softplus",
    "Tanh",
    "Unflatten",
    "functional",
    "init",
    "utils",
]  # fmt: skip
