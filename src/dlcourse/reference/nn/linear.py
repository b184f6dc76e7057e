"""Fully connected layers."""

import math
import numbers

import numpy as np

from dlcourse.reference import creation
from dlcourse.reference.nn import functional, init
from dlcourse.reference.nn.module import Module, Parameter
from dlcourse.reference.tensor.operands import must_be_given


class Linear(Module):
    """y = x Wᵀ + b, for x (…, in_features), W (out_features, in_features), b (out_features,).

    Both start uniform in ±1/√in_features (torch's default, which is He's rule with a = √5; not the He initialisation
    that chapter-book formulas mean). W is stored output by input, the transpose of what many books write.
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True):
        super().__init__()
        sizes = in_features, out_features
        if not all(isinstance(size, numbers.Integral) for size in sizes):
            raise TypeError(
                f"Linear: in_features and out_features must be whole numbers; got {sizes[0]!r} and {sizes[1]!r}."
            )
        if min(sizes) < 0:
            raise ValueError(
                f"Linear: in_features and out_features must be whole numbers from 0; got {sizes[0]} and {sizes[1]}."
            )
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(creation.empty(out_features, in_features))
        if bias:
            self.bias = Parameter(creation.empty(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input):
        return functional.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Identity(Module):
    """y = x. Any arguments are accepted and ignored, as in torch: it stands in for another layer."""

    def __init__(self, *args, **kwargs):
        super().__init__()

    def forward(self, input):
        return input


class Flatten(Module):
    """Axes start_dim … end_dim joined into one: (N, C, H, W) -> (N, C·H·W)."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input):
        must_be_given("Flatten", input=input)
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Axis `dim` taken apart into several: (N, C·H·W) -> (N, C, H, W). One size may be −1."""

    def __init__(self, dim: int, unflattened_size):
        super().__init__()
        self.dim, self.unflattened_size = dim, tuple(unflattened_size)

    def forward(self, input):
        must_be_given("Unflatten", input=input)
        sizes = input._array.shape
        dim = self.dim % max(len(sizes), 1)
        known = -int(np.prod(self.unflattened_size)) if -1 in self.unflattened_size else 0
        wanted = tuple(sizes[dim] // max(known, 1) if size == -1 else size for size in self.unflattened_size)
        if int(np.prod(wanted)) != sizes[dim]:
            raise RuntimeError(
                f"Unflatten: the product of unflattened_size must be {sizes[dim]}, the size of axis {self.dim}; "
                f"got {self.unflattened_size}."
            )
        return input.reshape(*sizes[:dim], *wanted, *sizes[dim + 1 :])

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
