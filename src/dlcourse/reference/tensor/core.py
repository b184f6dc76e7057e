"""Tensor itself: what it is, its way out to Python and NumPy, its gradient and its type."""

import copy

import numpy as np

from dlcourse.reference import dtypes, graph, printing
from dlcourse.reference.graph import wrap
from dlcourse.reference.ops import elementwise, view
from dlcourse.reference.tensor.arithmetic import Arithmetic
from dlcourse.reference.tensor.changes import Changes
from dlcourse.reference.tensor.gradients import Gradients
from dlcourse.reference.tensor.operands import axis_of, is_tensor, must_be_given, type_wanted
from dlcourse.reference.tensor.reductions import Reductions
from dlcourse.reference.tensor.shapes import Shapes


class Tensor(Gradients, Arithmetic, Reductions, Shapes, Changes):
    """An n-dimensional array of one number type, with torch's methods.

    `tensor(data)` makes one of numbers. Tensor(2, 3) is torch's old way to an array of that shape, zeros here, and
    Tensor([1, 2]) to real numbers of the default type. `requires_grad` asks for the gradient: after `loss.backward()`
    it is in `.grad`. `.grad_fn` is the operation a tensor came from, None for a leaf.
    """

    # _view: how it lies in another tensor's memory. _version: how often its memory was changed, counted with all that
    # share it. _accumulator: the node that adds to its gradient.
    __slots__ = (
        "__weakref__", "_accumulator", "_array", "_grad", "_grad_fn", "_requires_grad", "_version", "_view",
    )  # fmt: skip
    __array_priority__ = 1000  # np_array * tensor asks the tensor

    def __init__(self, *data):
        kind = dtypes.get_default_dtype().numpy
        if len(data) == 1 and is_tensor(data[0]):
            array = data[0]._array
        elif len(data) == 1 and isinstance(data[0], (list, tuple, np.ndarray)):
            array = np.array(data[0], kind)
        elif all(isinstance(size, (int, np.integer)) for size in data):
            array = np.zeros(data or 0, kind)
        else:
            raise TypeError(f"Tensor: expected sizes or a list of numbers; got {data[0]!r}; use tensor({data[0]!r}).")
        graph.become(self, array)

    # -- what it is --------------------------------------------------------------------------------

    @property
    def shape(self) -> "Size":
        return Size(self._array.shape)

    @property
    def ndim(self) -> int:
        return self._array.ndim

    @property
    def dtype(self) -> dtypes.dtype:
        return dtypes.of_array(self._array)

    @property
    def device(self) -> str:
        return "cpu"

    def size(self, dim: int | None = None):
        """The shape, or its entry at `dim`."""
        return self.shape if dim is None else self._array.shape[axis_of(dim, self.ndim)]

    def dim(self) -> int:
        """The number of axes."""
        return self._array.ndim

    def numel(self) -> int:
        """The number of elements."""
        return self._array.size

    def is_floating_point(self) -> bool:
        """Whether the elements are real numbers."""
        return self._array.dtype.kind == "f"

    def __repr__(self) -> str:
        return printing.describe(self)

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self.ndim == 0 else object.__format__(self, spec)

    # -- out to Python and NumPy -------------------------------------------------------------------

    def item(self):
        """The number of a tensor of one element, as Python's own."""
        if self._array.size != 1:
            raise RuntimeError(f"a Tensor with {self._array.size} elements cannot be converted to Scalar")
        return self._array.item()

    def tolist(self):
        """The elements as nested Python lists."""
        return self._array.tolist()

    def numpy(self) -> np.ndarray:
        """The array itself (shared memory). A tensor that requires a gradient must be detached first."""
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        view.contiguous(self)
        return self._array

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __bool__(self) -> bool:
        if self._array.size != 1:
            raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
        return bool(self._array.item())

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self._array.dtype.kind == "f":
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self.item())

    def __deepcopy__(self, memo):
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the "
                "moment; copy a result by .detach().clone()."
            )
        twin = graph.become(object.__new__(type(self)), self._array.copy(order="K"))
        twin._requires_grad = self.requires_grad
        twin._grad = copy.deepcopy(self._grad, memo)
        memo[id(self)] = twin
        return twin

    # -- type --------------------------------------------------------------------------------------

    def to(self, *target, dtype: dtypes.dtype | None = None, device=None):
        """The same numbers as another type: to(float64), to(other) with a tensor, to("cpu"), to("cpu", float64).

        TypeError for another device: this engine knows the CPU only; the PyTorch counterpart trains on others.
        """
        dtype = type_wanted((*target, device), dtype)
        if dtype is None or dtype.numpy == self._array.dtype:
            return self
        if not dtype.is_floating_point:
            return wrap(self._array.astype(dtype.numpy))  # whole numbers have no gradient
        return elementwise.ToType.apply(self, numpy_type=dtype.numpy)

    def cpu(self):
        """The tensor itself: it is on the CPU."""
        return self

    def type(self, dtype: dtypes.dtype | None = None):
        """As another type; without one, the name of the type, such as "torch.FloatTensor"."""
        if dtype is None:
            kind = self._array.dtype
            return f"torch.{ {'f4': 'Float', 'f8': 'Double', 'i8': 'Long', 'b1': 'Bool'}[kind.str[1:]] }Tensor"
        return self.to(dtype)

    def type_as(self, other):
        """As the type of another tensor."""
        must_be_given("type_as", other=other)
        return self.to(other.dtype)

    def float(self):
        """As float32."""
        return self.to(dtypes.float32)

    def double(self):
        """As float64."""
        return self.to(dtypes.float64)

    def long(self):
        """As int64, cut towards 0."""
        return self.to(dtypes.int64)

    def bool(self):
        """False where an element is 0."""
        return self.to(dtypes.bool)


class Size(tuple):
    """The shape of a tensor, printed as torch prints it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def numel(self) -> int:
        return int(np.prod(self))

    def __getitem__(self, key):
        return Size(super().__getitem__(key)) if isinstance(key, slice) else super().__getitem__(key)


graph._tensor_class = Tensor
