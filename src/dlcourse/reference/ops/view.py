"""Views: the same memory under another shape. The gradient goes back to where the numbers lie.

What is written into a view is written into its base, and the other way round. `View` is the note that makes the graph
follow such a write: how the view came from its base (PyTorch's "View + Inplace" design).
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlcourse.reference.grad_mode import is_grad_enabled
from dlcourse.reference.graph import Function, node_of, unbroadcast, wrap


@dataclass(slots=True)
class View:
    """How a tensor lies in the memory of `root`: `chain` holds the view operations and their options in order.

    memory: the root's array of then. version: the memory's version for which the tensor's grad_fn is right. made: why
    writing through it cannot be recorded, "" where it can.
    """

    root: object
    memory: np.ndarray
    chain: tuple
    version: int
    made: str = ""
    outside: bool = False  # the root is no tensor of the program, only a name for memory that must not move

    def nodes(self) -> Function:
        """The graph of the chain anew, from what the root's graph is now; returns its last node."""
        below, array = node_of(self.root), self.memory
        for operation, options in self.chain:
            node = operation()
            array = node.forward(array, **options)
            node.inputs, node.next_nodes, node.kept = (self.root,), [below], []
            below = node
        return node


def part_of(array: np.ndarray, chain: tuple) -> np.ndarray:
    """What a chain of view operations shows of an array that is laid out like the root's."""
    for operation, options in chain:
        array = operation().forward(array, **options)
    return array


class ViewFunction(Function):
    """An operation whose result shares its input's memory, where NumPy can; a copy (in reshape) is no view."""

    made = ""  # why writing through the view cannot be recorded
    may_copy = False

    @classmethod
    def apply(cls, tensor, **options):
        contiguous(tensor)
        node = cls()
        array = node.forward(tensor._array, **options)
        output = wrap(array)
        recording, needs_gradient, base = is_grad_enabled(), tensor.requires_grad, tensor._view
        if not cls.may_copy or not array.size or np.may_share_memory(array, tensor._array):
            output._version = tensor._version
            made = cls.made if recording else "no_grad"
            if base is None:
                output._view = View(tensor, tensor._array, ((cls, options),), tensor._version[0], made)
            else:
                output._view = View(
                    base.root, base.memory, (*base.chain, (cls, options)), tensor._version[0], base.made or made
                )
        if recording and needs_gradient:
            node.link((tensor,))
            node.attach(output)
        return output


def contiguous(tensor) -> None:
    """Give the result of a convolution or pooling the memory order that torch gives it, before a view is made.

    Those operations leave the samples in the last place of memory (ops/window.py), from which a reshape would be a
    copy, not a view. A result that has no view yet can still move.
    """
    array = tensor._array
    if tensor._view is None and array.ndim > 2 and not array.flags.c_contiguous:
        samples_last = array.transpose(*range(1, array.ndim), 0)
        if samples_last.flags.c_contiguous:
            tensor._array = np.ascontiguousarray(array)


def sharing(array: np.ndarray):
    """A tensor in memory that others know, too: it never moves."""
    tensor = wrap(array)
    if not array.flags.c_contiguous:
        tensor._view = View(wrap(array), array, ((Alias, {}),), 0, outside=True)
    return tensor


class Reshape(ViewFunction):
    """The same numbers in another shape;  g in the old shape."""

    may_copy = True

    def name(self) -> str:
        return "ViewBackward0"

    def forward(self, x, shape):
        self.shape = x.shape
        return x.reshape(shape)

    def backward(self, g):
        return (g.reshape(self.shape),)


class Unsqueeze(Reshape):
    """A new axis of size 1;  g without it."""

    may_copy = False

    def name(self) -> str:
        return "UnsqueezeBackward0"


class Squeeze(Reshape):
    """Without axes of size 1;  g with them. torch counts its two forms: all such axes (0), or one (1)."""

    def forward(self, x, shape, dim=None):
        self.form = int(dim is not None)
        return super().forward(x, shape)

    def name(self) -> str:
        return f"SqueezeBackward{self.form}"


class Alias(ViewFunction):
    """The same numbers;  g."""

    def forward(self, x):
        return x.view()

    def backward(self, g):
        return (g,)


class Permute(ViewFunction):
    """Axes in another order;  g in the old order."""

    def forward(self, x, dims):
        self.dims = dims
        return x.transpose(dims)

    def backward(self, g):
        return (g.transpose(np.argsort(self.dims)),)


class Transpose(Permute):
    """Two axes exchanged;  g with the same two exchanged."""


class T(Permute):
    """A matrix transposed;  gᵀ."""


class Expand(ViewFunction):
    """Repeated along axes of size 1;  g summed over the repetitions."""

    def forward(self, x, shape):
        self.shape = x.shape
        strides = np.broadcast_to(x, shape).strides
        return as_strided(x, shape, strides)  # broadcast_to itself would be read-only

    def backward(self, g):
        return (unbroadcast(g, self.shape),)


class Slice(ViewFunction):
    """y = x[key] for whole numbers, slices and new axes;  g at the places it came from, 0 elsewhere."""

    def forward(self, x, key):
        self.shape, self.key = x.shape, key
        return x[key if ... in key else (*key, ...)]  # the dots make of a single number a view, too

    def name(self) -> str:
        last = self.key[-1] if self.key else None
        return f"{'Slice' if isinstance(last, slice) else 'Unsqueeze' if last is None else 'Select'}Backward0"

    def backward(self, g):
        grad = np.zeros(self.shape, g.dtype)
        grad[self.key] = g
        return (grad,)


class Split(Slice):
    """One of several parts along an axis;  g at its place."""

    made = "several"  # at once

    def name(self) -> str:
        return "SplitBackward0"


class Unbind(Slice):
    """One of the parts along an axis, made together with the others;  g at its place."""

    made = "several"  # at once

    def name(self) -> str:
        return "UnbindBackward0"
