"""Reverse-mode differentiation: the graph of operations, and the walk back through it.

A Tensor that came from an operation knows it as its `grad_fn`; an operation knows the tensors that went in. `backward`
visits the operations from the result to the leaves, each once and only after everything that used its result, and adds
where a value was used more than once (the multivariate chain rule; Rumelhart, Hinton & Williams 1986).
"""

import contextlib
import threading

import numpy as np


class _Recording(threading.local):
    """Whether operations are remembered. Each thread has its own, because a slider's callback runs on another thread
    than the cell that trains meanwhile."""

    def __init__(self):
        self.enabled = True
        self.outer = []  # what it was outside each open `with` block


_recording = _Recording()


class Function:
    """One differentiable operation.

    A subclass gives `forward(*arrays, **options) -> array` and, beside it, `backward(grad) -> one array per input`
    (None for an input without gradient). Whatever backward needs, forward keeps as an attribute.
    """

    __slots__ = ("__dict__", "freed", "inputs")

    def name(self) -> str:
        """torch's name of the node, such as AddBackward0."""
        return f"{type(self).__name__}Backward0"

    def forward(self, *arrays, **options) -> np.ndarray:
        raise NotImplementedError

    def backward(self, grad: np.ndarray) -> tuple:
        raise NotImplementedError

    @property
    def next_functions(self) -> tuple:
        """The nodes this one passes its gradient to, as torch gives them: ((node, 0), …)."""
        return tuple((tensor.grad_fn or AccumulateGrad(tensor), 0) if tensor.requires_grad else (None, 0)
                     for tensor in self.inputs)  # fmt: skip

    @classmethod
    def apply(cls, *tensors, **options):
        """Compute the operation and, if any input needs a gradient, remember it."""
        node = cls()
        output = _tensor_class(node.forward(*[tensor._array for tensor in tensors], **options))
        if _recording.enabled:
            for tensor in tensors:
                if tensor.requires_grad:
                    node.inputs, node.freed = tensors, False
                    output.grad_fn, output.requires_grad = node, True
                    break
        return output

    def __repr__(self) -> str:
        return f"<{self.name()}>"


class AccumulateGrad:
    """The end of a path: adds the gradient to `variable.grad`."""

    __slots__ = ("variable",)

    def __init__(self, variable):
        self.variable = variable

    def name(self) -> str:
        return "AccumulateGrad"

    next_functions = ()

    def __repr__(self) -> str:
        return "<AccumulateGrad>"


_tensor_class = None  # set by tensor.py, which needs Function first


def unbroadcast(grad: np.ndarray, shape: tuple) -> np.ndarray:
    """Sum a gradient over the axes along which an input of `shape` was repeated by broadcasting."""
    if grad.shape == shape:
        return grad
    extra = grad.ndim - len(shape)
    repeated = [extra + axis for axis, size in enumerate(shape) if size == 1 and grad.shape[extra + axis] != 1]
    return grad.sum(axis=(*range(extra), *repeated), keepdims=True).reshape(shape)


def backward(result, gradient: np.ndarray, retain_graph: bool = False) -> None:
    """Add d(result · gradient)/d(leaf) to the `grad` of every leaf below `result` that requires one."""
    if result.grad_fn is None:
        _accumulate(result, gradient)
        return
    pending = {result.grad_fn: gradient}
    for node in _from_result_to_leaves(result.grad_fn):
        if node.freed:
            raise RuntimeError(
                "Trying to backward through the graph a second time: its saved values were freed by the first. "
                "Specify retain_graph=True in the first call, or compute the result again."
            )
        grads = node.backward(pending.pop(node))
        for tensor, grad in zip(node.inputs, grads, strict=True):
            if grad is None or not tensor.requires_grad:
                continue
            producer = tensor.grad_fn
            if producer is None or tensor._retains_grad:
                _accumulate(tensor, grad)
            if producer is not None:
                pending[producer] = pending[producer] + grad if producer in pending else grad
        if not retain_graph:
            node.__dict__.clear()
            node.freed = True


def _from_result_to_leaves(start: Function) -> list:
    """All nodes below `start`, each before the nodes that it passes gradients to. A stack instead of recursion: the
    graph of a long sequence is deeper than Python's stack."""
    order, seen, stack = [], set(), [(start, False)]
    while stack:
        node, finished = stack.pop()
        if finished:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            for tensor in node.inputs:
                if tensor.grad_fn is not None and tensor.grad_fn not in seen:
                    stack.append((tensor.grad_fn, False))
    return order[::-1]


def _accumulate(tensor, grad: np.ndarray) -> None:
    if grad.dtype != tensor._array.dtype:
        grad = grad.astype(tensor._array.dtype)
    if tensor.grad is None:
        tensor.grad = _tensor_class(np.array(grad))  # a copy: the array may be shared with other gradients
    else:
        tensor.grad._array = tensor.grad._array + grad


class set_grad_enabled(contextlib.ContextDecorator):
    """Switch the remembering of operations on or off, at once and until the end of a `with` block."""

    def __init__(self, mode: bool):
        self.previous = is_grad_enabled()
        self._mode = mode
        _set(mode)

    def __enter__(self) -> None:
        _set(self._mode)

    def __exit__(self, *exception) -> None:
        _set(self.previous)


class no_grad(contextlib.ContextDecorator):
    """`with no_grad():` operations are computed but not remembered. Also a decorator."""

    _mode = False

    def __enter__(self) -> None:
        _recording.outer.append(_recording.enabled)
        _set(self._mode)

    def __exit__(self, *exception) -> None:
        _set(_recording.outer.pop())


class enable_grad(no_grad):
    """`with enable_grad():` inside `no_grad`, operations are remembered again."""

    _mode = True


def is_grad_enabled() -> bool:
    """Whether operations are remembered now, on this thread."""
    return _recording.enabled


def _set(mode: bool) -> None:
    _recording.enabled = mode


def __getattr__(name: str):
    if name == "gradcheck":  # it needs Tensor, which needs this module
        from dlcourse.reference.gradcheck import gradcheck

        return gradcheck
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
