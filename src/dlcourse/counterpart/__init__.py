"""The PyTorch counterpart of the reference engine."""

from dlcourse.counterpart.convert import copy_weights, to_reference, to_torch

__all__ = ["copy_weights", "to_reference", "to_torch"]
