"""Cells: one step of a recurrent layer."""

import numpy as np

from dlcourse.reference.graph import wrap
from dlcourse.reference.nn.recurrent import Recurrent, known_nonlinearity, must_be_positive, must_have_same_type
from dlcourse.reference.ops.recurrent import GruLayer, LstmLayer, RnnLayer
from dlcourse.reference.tensor.operands import must_be_given


class _Cell(Recurrent):
    """One step: input (N, input_size) or (input_size,), and the state before it; returns the state after it."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True):
        super().__init__()
        must_be_positive(type(self).__name__, hidden_size=hidden_size)
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        self.make_weights("", input_size, hidden_size, bias)
        self.reset_parameters()

    def forward(self, input, hx=None):
        name = type(self).__name__
        must_be_given(name, input=input)
        hx = self.as_states(hx)
        x = input._array
        if x.ndim not in (1, 2) or x.shape[-1] != self.input_size:
            raise ValueError(
                f"{name}: input must have shape (N, {self.input_size}), or ({self.input_size},) for one sample, "
                f"because input_size={self.input_size}; got {x.shape}."
            )
        must_have_same_type(name, input, self.weight_ih)
        shape = (*x.shape[:-1], self.hidden_size)
        if hx is None:
            states = (wrap(np.zeros(shape, x.dtype)),) * self.states
        else:
            states = self.check_state(hx, shape)
        if x.ndim == 1:
            input, states = input.unsqueeze(0), tuple(state.unsqueeze(0) for state in states)
        after = self.step(input.unsqueeze(0), states)
        after = tuple(state.squeeze(0) for state in after) if x.ndim == 1 else after
        return after[0] if self.states == 1 else after

    def step(self, x, states) -> tuple:
        return (self.operation.apply(x, *states, *self.weights())[0],)

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


class RNNCell(_Cell):
    """One step of RNN: h′ = tanh(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh), or ReLU. hx: h (N, hidden_size)."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh"):
        nonlinearity = known_nonlinearity(nonlinearity)
        super().__init__(input_size, hidden_size, bias)
        self.nonlinearity = nonlinearity

    def step(self, x, states):
        return (RnnLayer.apply(x, *states, *self.weights(), nonlinearity=self.nonlinearity)[0],)

    def extra_repr(self) -> str:
        return super().extra_repr() + ("" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity}")


class LSTMCell(_Cell):
    """One step of LSTM. hx: the pair (h, c), each (N, hidden_size); returns (h′, c′)."""

    gates, states = 4, 2

    def step(self, x, states):
        both = LstmLayer.apply(x, *states, *self.weights())
        return both[0], both[1]


class GRUCell(_Cell):
    """One step of GRU. hx: h (N, hidden_size)."""

    gates, operation = 3, GruLayer
