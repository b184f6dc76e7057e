"""The graph of operations: what an operation remembers, and where a gradient goes from it.

A Tensor that came from an operation knows it as its `grad_fn`; an operation knows the tensors that went in.
"""

import weakref
from typing import ClassVar

import numpy as np

from dlcourse.reference.grad_mode import recording

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
    return become(object.__new__(_tensor_class), array)


def become(tensor, array: np.ndarray):
    """Fill the slots of a new tensor."""
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
