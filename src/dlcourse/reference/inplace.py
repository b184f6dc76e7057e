"""Changes in place: the memory is written, its version counted, and the graph follows as torch's does.

    y.mul_(w)     y's grad_fn becomes the product's node; what needed the old y finds a new version, and says so
    y[0] = h      a view is written: its base's grad_fn becomes CopySlices, which passes on what was not written

A leaf that requires a gradient is changed under no_grad() only, as an optimizer does.
"""

import numpy as np
from numpy.lib.array_utils import byte_bounds

from dlcourse.reference import dtypes
from dlcourse.reference.grad_mode import is_grad_enabled
from dlcourse.reference.graph import Function, node_of, wrap
from dlcourse.reference.ops.view import View, part_of


class CopySlices(Function):
    """The base of a view that was written by `inner`: the gradient of what was not written goes on to the base of
    before; that of what was written goes through `inner`."""

    def __init__(self, view: View, inner: Function):
        self.chain, self.inner, self.layout = view.chain, inner, view.memory
        self.kept, self.next_nodes = inner.kept, (node_of(view.root), *inner.next_nodes[1:])
        # This node becomes the root's grad_fn: a way from here to the root, or to the view, would be a cycle.
        self.inputs = inner.inputs = inner.next_nodes = ()

    def name(self) -> str:
        return "torch::autograd::CopySlices"

    def backward(self, g):
        grad = np.empty_like(self.layout, dtype=g.dtype)  # the same order of memory, so that the view is one here, too
        grad[...] = g
        part = part_of(grad, self.chain)
        first, *others = self.inner.backward(part.copy())
        part[...] = 0 if first is None else first
        return (grad, *others)

    def free(self) -> None:
        self.inner.free()
        self.freed = True


def change(target, operation: type[Function], *others, **options):
    """target ← operation(target, *others), in the memory of target. Returns target.

    RuntimeError, with nothing changed, if the result has another shape or a higher kind of number type, if the memory
    overlaps itself or partly that of another operand, or if the graph cannot follow.
    """
    recording = _is_recorded(target, others)
    _must_not_overlap(target._array, others)
    old = target._array.copy(order="K") if recording else target._array
    return _write(target, old, operation, others, options, recording, _must_fit)


def fill(target, operation: type[Function], *others):
    """As `change`, for operations that do not look at the old numbers: any type and overlap will do."""
    return _write(target, target._array, operation, others, {}, _is_recorded(target, others))


def _is_recorded(target, others: tuple) -> bool:
    """Whether the graph has to follow. RuntimeError if it has to, and cannot."""
    recording = is_grad_enabled() and any(tensor.requires_grad for tensor in (target, *others))
    if recording:
        _must_be_recordable(target)
    return recording


def _write(target, old: np.ndarray, operation, others: tuple, options: dict, recording: bool, check=None):
    """Put operation(old, *others) into target's memory; its node, if recorded, becomes the target's."""
    node = operation()
    result = node.forward(old, *[tensor._array for tensor in others], **options)
    if check is not None:
        check(result, target)
    if recording:
        before = wrap(old)
        before._requires_grad, before._grad_fn = target.requires_grad, target.grad_fn
        node.link((before, *others))
    target._array[...] = result
    target._version[0] += 1
    if recording:
        _become_node_of(target, node)
    return target


def _become_node_of(target, node: Function) -> None:
    """Make `node` what the target came from, or its base, where the target is a view."""
    view = target._view
    root = target if view is None else view.root
    old = root._grad_fn
    if view is None:
        node.attach(target)
    else:
        written = wrap(target._array)
        written._version = target._version
        node.attach(written)
        root._grad_fn, root._requires_grad = CopySlices(view, node), True
    if old is not None and old.retaining:  # what is retained is the gradient of the newest value
        root._grad_fn.retaining, old.retaining = old.retaining, ()


_ADVICE = "Do it under no_grad(), or build a new tensor instead."


def _must_be_recordable(target) -> None:
    view = target._view
    if view is not None and view.made:
        how = (
            "was created in no_grad mode" if view.made == "no_grad" else "is one of several made at once, as by unbind"
        )
        raise RuntimeError(
            f"A view that {how} is being modified inplace with grad mode enabled, which cannot be recorded. {_ADVICE}"
        )
    if target.requires_grad:
        if view is not None and view.root.is_leaf:
            raise RuntimeError(
                f"a view of a leaf Variable that requires grad is being used in an in-place operation. {_ADVICE}"
            )
        if target.is_leaf:
            raise RuntimeError(f"a leaf Variable that requires grad is being used in an in-place operation. {_ADVICE}")


def _must_fit(result: np.ndarray, target) -> None:
    if np.shape(result) != target._array.shape:
        raise RuntimeError(
            f"output with shape {list(target._array.shape)} doesn't match the broadcast shape {list(result.shape)}"
        )
    if dtypes.rank(result.dtype) > dtypes.rank(target._array.dtype):
        raise RuntimeError(
            f"result type {dtypes.of_array(result)!r} can't be cast to the desired output type {target.dtype!r}; "
            f"convert the tensor first, or write x = x + … instead of x += …."
        )


def _must_not_overlap(written: np.ndarray, others: tuple) -> None:
    """As torch: each element is written once, and another operand is the same memory or memory apart."""
    if written.size and any(
        stride == 0 and size > 1 for stride, size in zip(written.strides, written.shape, strict=True)
    ):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            "Please clone() the tensor before performing the operation."
        )
    for other in others:
        read = other._array
        if not np.may_share_memory(written, read) or not (_is_dense(written) and _is_dense(read)):
            continue
        same = byte_bounds(written) == byte_bounds(read) and written.strides == read.strides
        if not same:
            raise RuntimeError(
                "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single "
                "memory location. Please clone() the tensor before performing the operation."
            )


def _is_dense(array: np.ndarray) -> bool:
    low, high = byte_bounds(array)
    return high - low == array.nbytes
