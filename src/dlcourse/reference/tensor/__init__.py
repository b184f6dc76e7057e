"""Tensor: an array that remembers how it was computed. One file a group of methods."""

from dlcourse.reference.tensor.core import Size, Tensor
from dlcourse.reference.tensor.making import as_tensor, tensor

__all__ = ["Size", "Tensor", "as_tensor", "tensor"]
