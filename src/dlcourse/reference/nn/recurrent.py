"""Recurrent layers; the formulas stand in `ops.recurrent`."""

import math
import warnings
from numbers import Integral

import numpy as np

from dlcourse.reference import creation, functions
from dlcourse.reference.graph import wrap
from dlcourse.reference.nn import functional, init
from dlcourse.reference.nn.module import Module, Parameter
from dlcourse.reference.ops.recurrent import GruLayer, LstmLayer, RnnLayer
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.operands import must_be_given


class Recurrent(Module):
    """What layers and cells share: the weights, and first values of every one uniform in ±1/√hidden_size."""

    gates = 1  # blocks of hidden_size rows in the weights
    states = 1  # (h,) or (h, c)

    def make_weights(self, suffix: str, input_size: int, hidden_size: int, bias: bool) -> None:
        rows = self.gates * hidden_size
        self.register_parameter("weight_ih" + suffix, Parameter(creation.empty(rows, input_size)))
        self.register_parameter("weight_hh" + suffix, Parameter(creation.empty(rows, hidden_size)))
        for name in ("bias_ih", "bias_hh"):
            if bias or not suffix:  # a cell says that its bias is absent
                self.register_parameter(name + suffix, Parameter(creation.empty(rows)) if bias else None)

    def reset_parameters(self) -> None:
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def weights(self, suffix: str = "") -> list[Tensor]:
        """weight_ih, weight_hh and, where there are any, bias_ih, bias_hh."""
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        found = [self._parameters.get(name + suffix) for name in names]
        return [parameter for parameter in found if parameter is not None]

    def check_state(self, states: tuple, shape: tuple) -> tuple:
        """The states, each of this shape (ValueError if not) and of the weights' number type (RuntimeError if not)."""
        for name, state in zip("hc", states, strict=False):
            if state._array.shape != shape:
                came = state._array.shape
                raise ValueError(f"{type(self).__name__}: the state {name} must have shape {shape}; got {came}.")
            must_have_same_type(type(self).__name__, state, next(self.parameters()), what=f"the state {name}")
        return states

    def as_states(self, hx) -> tuple | None:
        """The states of an argument, a tensor or the pair (h, c) of an LSTM; None stays. TypeError for what is none."""
        name = type(self).__name__
        if hx is None:
            return None
        if self.states == 1:
            must_be_given(name, hx=hx)
            return (hx,)
        if not isinstance(hx, (tuple, list)) or len(hx) != 2:
            raise TypeError(f"{name}: argument 'hx' must be a pair (h, c) of Tensors; got {type(hx).__name__}.")
        must_be_given(name, h=hx[0], c=hx[1])
        return tuple(hx)


class _RecurrentLayer(Recurrent):
    """Layers on layers, in one direction or two, over sequences."""

    def __init__(self, input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional):
        super().__init__()
        must_be_positive(type(self).__name__, hidden_size=hidden_size, num_layers=num_layers)
        if isinstance(dropout, bool) or not 0 <= dropout <= 1:
            raise ValueError(
                "dropout should be a number in range [0, 1] representing the probability of an element being zeroed"
            )
        if dropout > 0 and num_layers == 1:
            warnings.warn(
                "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects "
                f"num_layers greater than 1, but got dropout={dropout} and num_layers={num_layers}",
                stacklevel=3,
            )
        self.input_size, self.hidden_size, self.num_layers, self.bias = input_size, hidden_size, num_layers, bias
        self.batch_first, self.dropout, self.bidirectional = batch_first, float(dropout), bidirectional
        self.suffixes = ["", "_reverse"] if bidirectional else [""]
        for layer in range(num_layers):
            size = input_size if layer == 0 else hidden_size * len(self.suffixes)
            for direction in self.suffixes:
                self.make_weights(f"_l{layer}{direction}", size, hidden_size, bias)
        self.reset_parameters()

    def forward(self, input, hx=None):
        must_be_given(type(self).__name__, input=input)
        hx = self.as_states(hx)
        self._check(input)
        batched = input.ndim == 3
        x = input if batched else input.unsqueeze(1)
        if self.batch_first and batched:
            x = x.transpose(0, 1)  # (L, N, I)
        states = self._first_states(x, hx, batched)
        last = []
        for layer in range(self.num_layers):
            outputs = []
            for direction, suffix in enumerate(self.suffixes):
                place = layer * len(self.suffixes) + direction
                own = [state[place] for state in states]
                output, *ends = self.run(x, own, self.weights(f"_l{layer}{suffix}"), direction == 1)
                outputs.append(output)
                last.append(ends)
            x = functions.cat(outputs, dim=2) if len(outputs) == 2 else outputs[0]
            if layer < self.num_layers - 1:
                x = functional.dropout(x, self.dropout, self.training)
        ends = [functions.stack(parts) for parts in zip(*last, strict=True)]  # (layers·directions, N, H) each
        if not batched:
            x, ends = x.squeeze(1), [end.squeeze(1) for end in ends]
        elif self.batch_first:
            x = x.transpose(0, 1)
        return x, ends[0] if self.states == 1 else tuple(ends)

    def run(self, x, states, weights, reverse: bool) -> tuple:
        """(all h (L, N, H), last h, last c if there is one) of one layer in one direction."""
        output = self.operation.apply(x, *states, *weights, reverse=reverse)
        return output, output[0 if reverse else -1]

    def _check(self, input: Tensor) -> None:
        x = input._array
        if x.ndim not in (2, 3) or x.shape[-1] != self.input_size:
            layout = "(N, L" if self.batch_first else "(L, N"
            raise ValueError(
                f"{type(self).__name__}: input must have shape {layout}, {self.input_size}), or (L, {self.input_size}) "
                f"for one sequence, because input_size={self.input_size}; got {x.shape}."
            )
        if 0 in x.shape[:-1] and x.shape[1 if self.batch_first and x.ndim == 3 else 0] == 0:
            raise RuntimeError(f"{type(self).__name__}: expected sequence length to be larger than 0")
        must_have_same_type(type(self).__name__, input, next(self.parameters()))

    def _first_states(self, x: Tensor, given: tuple | None, batched: bool) -> tuple:
        n, places = x._array.shape[1], self.num_layers * len(self.suffixes)
        if given is None:
            zeros = wrap(np.zeros((places, n, self.hidden_size), x._array.dtype))
            return (zeros,) * self.states
        shape = (places, n, self.hidden_size) if batched else (places, self.hidden_size)
        states = self.check_state(given, shape)
        return states if batched else tuple(state.unsqueeze(1) for state in states)

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        usual = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0, "bidirectional": False}
        changed = [f", {name}={getattr(self, name)}" for name, value in usual.items() if getattr(self, name) != value]
        return text + "".join(changed)


class RNN(_RecurrentLayer):
    """h_t = tanh(x_t W_ihᵀ + b_ih + h_{t−1} W_hhᵀ + b_hh), or ReLU in place of tanh (Elman 1990).

    input (L, N, input_size), (N, L, input_size) if batch_first, or (L, input_size) for one sequence; hx, the first h
    (num_layers·directions, N, hidden_size), zeros if None and without N for one sequence. Returns (output, h_n): h_t of
    the last layer for every step, (L, N, directions·hidden_size), and the last h of every layer and direction, which
    batch_first does not turn. Layer l reads the output of layer l − 1, in training through dropout. The backward
    direction of `bidirectional` starts at the last step, and its h_n belongs to the first.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ):
        nonlinearity = known_nonlinearity(nonlinearity)
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional)
        self.nonlinearity = nonlinearity

    def run(self, x, states, weights, reverse):
        output = RnnLayer.apply(x, *states, *weights, reverse=reverse, nonlinearity=self.nonlinearity)
        return output, output[0 if reverse else -1]


class LSTM(_RecurrentLayer):
    """Long short-term memory: c_t = f·c_{t−1} + i·g, h_t = o·tanh(c_t), with i, f, o = σ(…), g = tanh(…) and a product
    of W (4·hidden_size rows in the order i, f, g, o) and two biases as in RNN (Hochreiter & Schmidhuber 1997).

    Shapes as in RNN, but the state is a pair (h, c), and the result is (output, (h_n, c_n)).
    """

    gates, states = 4, 2

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ):
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional)

    def run(self, x, states, weights, reverse):
        both = LstmLayer.apply(x, *states, *weights, reverse=reverse)
        return both[:-1], both[0 if reverse else -2], both[-1]


class GRU(_RecurrentLayer):
    """Gated recurrent unit: h_t = (1 − z)·n + z·h_{t−1} with r, z = σ(…), n = tanh(W_in x + b_in + r·(W_hn h + b_hn)).

    Rows in the order r, z, n (Cho et al. 2014; there r acts on h before the product). Shapes as in RNN.
    """

    gates, operation = 3, GruLayer

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ):
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional)


def known_nonlinearity(name: str) -> str:
    if name not in ("tanh", "relu"):
        raise ValueError(f"Unknown nonlinearity '{name}'. Select from 'tanh' or 'relu'.")
    return name


def must_be_positive(who: str, **sizes: int) -> None:
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, Integral) or size < 1:
            raise ValueError(f"{who}: {name} must be a whole number from 1; got {size!r}.")


def must_have_same_type(who: str, tensor: Tensor, weight: Tensor, what: str = "input") -> None:
    if tensor._array.dtype != weight._array.dtype:
        raise RuntimeError(
            f"{who}: {what} and weight must have the same dtype, but got: {tensor.dtype} != {weight.dtype}; "
            f"convert {what} with .to(), or the model with .double()."
        )
