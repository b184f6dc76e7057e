"""Reverse-mode differentiation: the graph of operations, and the walk back through it.

A Tensor that came from an operation knows it as its `grad_fn`; an operation knows the tensors that went in. `backward`
visits the operations from the result to the leaves, each once and only after everything that used its result, and adds
where a value was used more than once (the multivariate chain rule; Rumelhart, Hinton & Williams 1986).
"""

import weakref
from typing import ClassVar

import numpy as np

from dlcourse.reference.grad_mode import (  # torch.autograd has them, too
    enable_grad,
    is_grad_enabled,
    no_grad,
    recording,
    set_grad_enabled,
)

__all__ = ["Function", "enable_grad", "grad", "is_grad_enabled", "no_grad", "set_grad_enabled"]

RESULT = -1


class Function:
    """One differentiable operation.

    A subclass gives `forward(*arrays, **options) -> array` and, beside it, `backward(grad) -> one array per input`
    (None for an input without gradient). Whatever backward needs, forward keeps as an attribute; those of its inputs
    that it keeps are named by `keeps`, so that a change of their memory in the meantime is found.
    """

    __slots__ = ("__dict__", "__weakref__", "inputs", "kept", "next_nodes")

    #: (i, places): for the gradient of input i these inputs are needed, RESULT for the output, as torch saves them.
    keeps: ClassVar[tuple[tuple[int, tuple[int, ...]], ...]] = ()
    saves = False  # whether backward needs saved values beside those, so that a second backward must be announced
    keeps_result = False  # follows from `keeps`

    freed = False
    hooks: ClassVar[dict] = {}  # what looks at the gradient of the output, and may replace it; an instance's own
    retaining: tuple = ()  # weak references to tensors that want that gradient

    def __init_subclass__(cls):
        cls.keeps_result = any(RESULT in needed for _, needed in cls.keeps)

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
        return tuple((node, 0) for node in self.next_nodes)

    def needs(self, place: int) -> bool:
        """Whether the input at this place wants a gradient."""
        return self.next_nodes[place] is not None

    @classmethod
    def apply(cls, *tensors, **options):
        """Compute the operation and, if any input needs a gradient, remember it."""
        node = cls()
        output = wrap(node.forward(*[tensor._array for tensor in tensors], **options))
        if recording.enabled:
            for tensor in tensors:
                if tensor._requires_grad or (tensor._view is not None and tensor.requires_grad):
                    node.link(tensors)
                    node.attach(output)
                    break
        return output

    def link(self, tensors: tuple) -> None:
        """Remember what went in: the nodes that the gradient goes to, and the versions of what backward will need."""
        self.inputs = tensors
        # node_of, in place for what is no view: this line runs for every operation
        self.next_nodes = nodes = [
            node_of(t) if t._grad_fn is None or t._view is not None else t._grad_fn for t in tensors
        ]
        self.kept = kept = []  # (version counter, its number now)
        for place, needed in self.keeps:
            if place < len(nodes) and (nodes[place] is not None or len(nodes) == 1):
                for i in needed:
                    if 0 <= i < len(nodes):
                        version = tensors[i]._version
                        kept.append((version, version[0]))

    def attach(self, output) -> None:
        """Become the node that `output` came from."""
        output._grad_fn, output._requires_grad = self, True
        if self.keeps_result:
            for place, needed in self.keeps:
                if RESULT in needed and place < len(self.next_nodes) and self.next_nodes[place] is not None:
                    self.keep(output)

    def keep(self, tensor) -> None:
        """Note the present version of a tensor's memory, which backward will need."""
        self.kept.append((tensor._version, tensor._version[0]))

    def complain(self, number: int, now: int) -> None:
        """RuntimeError: what backward needs was changed in place since."""
        raise RuntimeError(
            "one of the variables needed for gradient computation has been modified by an inplace operation: "
            f"{self.name()} needs the values of version {number}; they are at version {now}. "
            "Compute the result again after the change, or change a clone()."
        )

    def free(self) -> None:
        """Forget what was kept for backward; a node that kept nothing of its inputs may be used again."""
        if self.kept or self.saves:
            self.__dict__.clear()
            self.freed = True

    def __repr__(self) -> str:
        return f"<{self.name()}>"


class AccumulateGrad:
    """The end of a path: adds the gradient to `variable.grad`. The leaf keeps its one accumulator, not the reverse."""

    __slots__ = ("_variable", "hooks")
    next_functions = next_nodes = retaining = ()

    def __init__(self, variable):
        self._variable, self.hooks = weakref.ref(variable), {}

    @property
    def variable(self):
        """The leaf; None if nobody keeps it any more."""
        return self._variable()

    def name(self) -> str:
        return "torch::autograd::AccumulateGrad"

    def __repr__(self) -> str:
        return "<AccumulateGrad>"


class NotDifferentiable(Function):
    """An operation whose result is marked as needing a gradient but has none: backward says so, as in torch."""

    def name(self) -> str:
        return "NotImplemented"

    def backward(self, grad):
        raise RuntimeError(
            f"derivative for {type(self).__name__} is not implemented: it is flat wherever it has a slope; "
            "leave it out of what is differentiated, or detach() its input."
        )


_tensor_class = None  # set by tensor/core.py, which needs Function first


def wrap(array: np.ndarray):
    """A tensor of this very array, a leaf that needs no gradient."""
    tensor = object.__new__(_tensor_class)
    tensor._array = array if type(array) is np.ndarray else np.asarray(array)
    tensor._requires_grad = False
    tensor._grad = tensor._grad_fn = tensor._view = tensor._accumulator = None
    tensor._version = [0]
    return tensor


def node_of(tensor):
    """The node that a gradient for this tensor is passed to: what it came from, its accumulator if it is a leaf, or
    None if it needs no gradient."""
    node = tensor._grad_fn if tensor._view is None else tensor.grad_fn
    if node is None and tensor._requires_grad:
        node = tensor._accumulator
        if node is None:
            node = tensor._accumulator = AccumulateGrad(tensor)
    return node


def unbroadcast(grad: np.ndarray, shape: tuple) -> np.ndarray:
    """Sum a gradient over the axes along which an input of `shape` was repeated by broadcasting."""
    if grad.shape == shape:
        return grad
    extra = grad.ndim - len(shape)
    repeated = [extra + axis for axis, size in enumerate(shape) if size == 1 and grad.shape[extra + axis] != 1]
    return grad.sum(axis=(*range(extra), *repeated), keepdims=True).reshape(shape)


@np.errstate(all="ignore")  # infinity and nan pass through in silence, as in torch
def backward(results: tuple, gradients: list, retain_graph: bool = False, wanted: set | None = None) -> dict:
    """Add d(Σ results · gradients)/d(leaf) to the `grad` of every leaf below the results that requires one; or, if
    nodes are wanted, only return the gradients that arrive at these."""
    pending, caught = {}, {}
    for result, gradient in zip(results, gradients, strict=True):
        node = node_of(result)
        pending[node] = pending[node] + gradient if node in pending else gradient
    if None in pending:
        raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
    order = _from_results_to_leaves(list(pending))
    useful = None if wanted is None else _leading_to(wanted, order)
    for node in order:
        if node not in pending:
            continue
        grad = _hooked(node, pending.pop(node))
        if wanted is not None:
            if node in wanted:
                caught[node] = grad
            if node not in useful:
                continue
        if node.freed:
            raise RuntimeError(
                "Trying to backward through the graph a second time: its saved values were freed by the first. "
                "Specify retain_graph=True in the first call, or compute the result again."
            )
        for version, number in node.kept:
            if version[0] != number:
                node.complain(number, version[0])
        for receiver, part in zip(node.next_nodes, node.backward(grad), strict=True):
            if receiver is not None and part is not None:
                pending[receiver] = pending[receiver] + part if receiver in pending else part
        if not retain_graph:
            node.free()
    for leaf, grad in pending.items():
        if wanted is not None:
            if leaf in wanted:
                caught[leaf] = _hooked(leaf, grad)
        elif leaf.variable is not None and leaf.variable.requires_grad:
            _accumulate(leaf.variable, _hooked(leaf, grad))
    return caught


def _from_results_to_leaves(starts: list) -> list:
    """All operations below the starts, each before the nodes that it passes gradients to. A stack instead of recursion:
    the graph of a long sequence is deeper than Python's stack."""
    order, seen, stack = [], set(), [(start, False) for start in starts]
    while stack:
        node, finished = stack.pop()
        if finished:
            order.append(node)
        elif node not in seen and node.next_nodes:
            seen.add(node)
            stack.append((node, True))
            for below in node.next_nodes:
                if below is not None and below not in seen:
                    stack.append((below, False))
    return order[::-1]


def _leading_to(wanted: set, order: list) -> set:
    """The nodes below which a wanted one lies: only these need to compute."""
    useful = set()
    for node in reversed(order):
        if any(below in wanted or below in useful for below in node.next_nodes):
            useful.add(node)
    return useful


def _hooked(node, grad: np.ndarray) -> np.ndarray:
    """The gradient after the node's hooks, each of which may return another one; tensors that retain it get it."""
    for hook in list(node.hooks.values()):
        changed = hook(wrap(grad))
        grad = grad if changed is None else changed._array
    for tensor in node.retaining:
        if tensor() is not None:
            _accumulate(tensor(), grad)
    return grad


def _accumulate(tensor, grad: np.ndarray) -> None:
    """Add to the gradient of a leaf, in the memory that it has."""
    if grad.dtype != tensor._array.dtype:
        grad = grad.astype(tensor._array.dtype)
    if tensor._grad is None:
        tensor._grad = wrap(np.array(grad))  # a copy: the array may be shared with other gradients
    else:
        tensor._grad._array += grad
        tensor._grad._version[0] += 1


def grad(outputs, inputs, grad_outputs=None, retain_graph: bool | None = None, *, allow_unused: bool = False) -> tuple:
    """d(Σ outputs)/d(input) for each input, as a tuple; the `.grad` of no tensor is touched.

    outputs, inputs: a tensor or several. grad_outputs: what each output is multiplied by; needed where it holds more
    than one number. RuntimeError for an input that the outputs do not depend on, or None for it with allow_unused.
    """
    outputs, inputs = _several(outputs), _several(inputs)
    upstream = [None] * len(outputs) if grad_outputs is None else _several(grad_outputs)
    nodes = [node_of(tensor) for tensor in inputs]
    if None in nodes:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    gradients = [upstream_of(output, given) for output, given in zip(outputs, upstream, strict=True)]
    caught = backward(outputs, gradients, bool(retain_graph), wanted=set(nodes))
    if not allow_unused and not all(node in caught for node in nodes):
        raise RuntimeError(
            "One of the differentiated Tensors appears to not have been used in the graph; pass allow_unused=True if "
            "that is meant."
        )
    return tuple(wrap(np.array(caught[node])) if node in caught else None for node in nodes)


def _several(tensors) -> tuple:
    return (tensors,) if isinstance(tensors, _tensor_class) else tuple(tensors)


def upstream_of(result, gradient) -> np.ndarray:
    """The gradient that backward starts with: 1 for a single number, else it must be given in the result's shape."""
    if not result.requires_grad:
        raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
    if gradient is None:
        if result._array.size != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        return np.ones_like(result._array)
    if gradient._array.shape != result._array.shape:
        raise RuntimeError(
            f"backward: gradient must have shape {result._array.shape}, the shape of the tensor; "
            f"got {gradient._array.shape}."
        )
    return gradient._array.astype(result._array.dtype, copy=False)


def __getattr__(name: str):
    if name == "gradcheck":  # it needs Tensor, which needs this module
        from dlcourse.reference.gradcheck import gradcheck

        return gradcheck
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
