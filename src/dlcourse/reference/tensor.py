"""Tensor: an array that remembers how it was computed."""

import numbers

import numpy as np

from dlcourse.reference import autograd, dtypes, printing
from dlcourse.reference.ops import arithmetic, elementwise, matrix, reduction
from dlcourse.reference.ops import shape as shape_ops


class Tensor:
    """An n-dimensional array of one number type, with torch's methods.

    data is anything `numpy.asarray` takes. `requires_grad=True` asks for the gradient: after `loss.backward()` it is in
    `.grad`. `.grad_fn` is the operation a tensor came from, None for a leaf.
    """

    __slots__ = ("__weakref__", "_array", "_retains_grad", "grad", "grad_fn", "requires_grad")
    __array_priority__ = 1000  # np_array * tensor asks the tensor

    def __init__(self, data, requires_grad: bool = False):
        self._array = data if type(data) is np.ndarray else np.asarray(data)
        self.requires_grad = requires_grad
        self.grad = None
        self.grad_fn = None
        self._retains_grad = False

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

    @property
    def is_leaf(self) -> bool:
        """Whether it came from no remembered operation; only leaves keep a gradient unless retain_grad is called."""
        return self.grad_fn is None

    @property
    def data(self) -> "Tensor":
        """The same memory without the graph."""
        return self.detach()

    @property
    def T(self) -> "Tensor":
        """The transpose of a matrix."""
        return self.permute(*range(self.ndim)[::-1])

    mT = property(lambda self: self.transpose(-2, -1))

    def size(self, dim: int | None = None):
        """The shape, or its entry at `dim`."""
        return self.shape if dim is None else self._array.shape[_axis(dim, self.ndim)]

    def dim(self) -> int:
        """The number of axes."""
        return self._array.ndim

    def numel(self) -> int:
        """The number of elements."""
        return self._array.size

    def is_floating_point(self) -> bool:
        """Whether the elements are real numbers."""
        return self._array.dtype.kind == "f"

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return len(self._array)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        return printing.describe(self)

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self.ndim == 0 else object.__format__(self, spec)

    __hash__ = object.__hash__

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

    # -- gradients ---------------------------------------------------------------------------------

    def backward(self, gradient: "Tensor | None" = None, retain_graph: bool | None = None) -> None:
        """Add the derivative of this tensor, times `gradient`, to `.grad` of every leaf it was computed from."""
        if not self.requires_grad:
            raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
        if gradient is None:
            if self._array.size != 1:
                raise RuntimeError("grad can be implicitly created only for scalar outputs")
            gradient = np.ones_like(self._array)
        else:
            gradient = as_tensor(gradient)._array.astype(self._array.dtype, copy=False)
            if gradient.shape != self._array.shape:
                raise RuntimeError(
                    f"backward: gradient must have shape {self._array.shape}, the shape of the tensor; "
                    f"got {gradient.shape}."
                )
        autograd.backward(self, gradient, bool(retain_graph))

    def requires_grad_(self, requires_grad: bool = True) -> "Tensor":
        """Switch the remembering of gradients for this tensor, in place."""
        if requires_grad and not self.is_floating_point():
            raise RuntimeError("only Tensors of floating point dtype can require gradients")
        if not requires_grad and not self.is_leaf:
            raise RuntimeError("you can only change requires_grad flags of leaf variables; use detach()")
        self.requires_grad = requires_grad
        return self

    def retain_grad(self) -> None:
        """Keep the gradient of this intermediate result, too."""
        self._retains_grad = True

    def detach(self) -> "Tensor":
        """The same memory without the graph."""
        return Tensor(self._array)

    # -- arithmetic --------------------------------------------------------------------------------

    def __add__(self, other):
        return _binary(arithmetic.Add, self, other)

    def __radd__(self, other):
        return _binary(arithmetic.Add, self, other)

    def __sub__(self, other):
        return _binary(arithmetic.Sub, self, other)

    def __rsub__(self, other):
        return _binary(arithmetic.Sub, self, other, swapped=True)

    def __mul__(self, other):
        return _binary(arithmetic.Mul, self, other)

    def __rmul__(self, other):
        return _binary(arithmetic.Mul, self, other)

    def __truediv__(self, other):
        return _binary(arithmetic.Div, *_reals(self, other))

    def __rtruediv__(self, other):
        return _binary(arithmetic.Div, *_reals(self, other), swapped=True)

    def __pow__(self, exponent):
        if self._array.dtype.kind == "b" and np.asarray(_operand(exponent)).dtype.kind == "b":
            raise NotImplementedError("\"pow\" not implemented for 'Bool'")
        return _binary(arithmetic.Pow, self, exponent)

    def __rpow__(self, base):
        return _binary(arithmetic.Pow, self, base, swapped=True)

    def __matmul__(self, other):
        return self.matmul(other)

    def __neg__(self):
        return elementwise.Neg.apply(self)

    def __abs__(self):
        return elementwise.Abs.apply(self)

    def __mod__(self, other):
        return Tensor(np.mod(self._array, _operand(other)))

    def __floordiv__(self, other):
        return Tensor(np.floor_divide(self._array, _operand(other)))

    def matmul(self, other: "Tensor") -> "Tensor":
        """The matrix product. Number types must agree, as in torch."""
        if not isinstance(other, Tensor):
            raise TypeError(f"matmul(): argument 'other' must be Tensor, not {type(other).__name__}")
        a, b = self._array, other._array
        if a.ndim == 0 or b.ndim == 0 or a.shape[-1] != b.shape[-2 if b.ndim > 1 else 0]:
            raise RuntimeError(
                f"matmul: the last size of the first must equal the {'second last' if b.ndim > 1 else 'only'} size of "
                f"the second; got {a.shape} and {b.shape}."
            )
        if a.dtype != b.dtype:
            raise RuntimeError(
                f"expected m1 and m2 to have the same dtype, but got: {self.dtype} != {other.dtype}; "
                "convert one by .to()."
            )
        return matrix.Matmul.apply(self, other)

    def mm(self, mat2: "Tensor") -> "Tensor":
        """The product of two matrices."""
        if self.ndim != 2 or mat2.ndim != 2:
            raise RuntimeError(f"mm: expected two matrices; got {tuple(self.shape)} and {tuple(mat2.shape)}; use @.")
        return self.matmul(mat2)

    def exp(self):
        """eˣ; its derivative is eˣ itself."""
        return elementwise.Exp.apply(_real(self))

    def log(self):
        """ln x; derivative 1/x."""
        return elementwise.Log.apply(_real(self))

    def sqrt(self):
        """√x; derivative 1/(2√x)."""
        return elementwise.Sqrt.apply(_real(self))

    def sin(self):
        """sin x; derivative cos x."""
        return elementwise.Sin.apply(_real(self))

    def cos(self):
        """cos x; derivative −sin x."""
        return elementwise.Cos.apply(_real(self))

    def tanh(self):
        """(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ); derivative 1 − tanh² x."""
        return elementwise.Tanh.apply(_real(self))

    def sigmoid(self):
        """σ(x) = 1/(1 + e⁻ˣ); derivative σ(1 − σ)."""
        return elementwise.Sigmoid.apply(_real(self))

    def relu(self):
        """max(x, 0); derivative 1 above 0 and 0 elsewhere, at 0 too."""
        return elementwise.Relu.apply(self)

    def abs(self):
        """|x|; derivative sign x, 0 at 0."""
        return elementwise.Abs.apply(self)

    def square(self):
        """x²; derivative 2x."""
        return self**2

    def pow(self, exponent):
        """x to a power that is a number or a tensor."""
        return self**exponent

    def clamp(self, min=None, max=None):
        """Limited to [min, max]; None leaves an end open."""
        if min is None and max is None:
            raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
        return elementwise.Clamp.apply(self, low=min, high=max)

    def sign(self):
        """−1, 0 or 1; the derivative is 0."""
        return elementwise.Sign.apply(self)

    def round(self, *, decimals: int = 0):
        """Rounded half to even. Its slope is zero wherever it has one, so the gradient is zero."""
        return elementwise.Round.apply(self, decimals=decimals)

    def floor(self):
        """The largest whole number that is not above x."""
        return elementwise.Floor.apply(self)

    def isnan(self):
        """Where an element is nan."""
        return Tensor(np.isnan(self._array))

    def isfinite(self):
        """Where an element is neither nan nor infinite."""
        return Tensor(np.isfinite(self._array))

    # -- comparison: no gradient -------------------------------------------------------------------

    def __eq__(self, other):
        return _compare(np.equal, self, other)

    def __ne__(self, other):
        return _compare(np.not_equal, self, other)

    def __lt__(self, other):
        return _compare(np.less, self, other)

    def __le__(self, other):
        return _compare(np.less_equal, self, other)

    def __gt__(self, other):
        return _compare(np.greater, self, other)

    def __ge__(self, other):
        return _compare(np.greater_equal, self, other)

    def __and__(self, other):
        return Tensor(self._array & _operand(other))

    def __or__(self, other):
        return Tensor(self._array | _operand(other))

    def __xor__(self, other):
        return Tensor(self._array ^ _operand(other))

    def __invert__(self):
        return Tensor(~self._array)

    # -- reductions --------------------------------------------------------------------------------

    def sum(self, dim=None, keepdim: bool = False):
        """Σ x over all elements, or along `dim`."""
        x = self if self._array.dtype.kind != "b" else self.to(dtypes.int64)
        return reduction.Sum.apply(x, axes=_axes(self, dim), keepdims=keepdim)

    def mean(self, dim=None, keepdim: bool = False):
        """Σ x / n over all elements, or along `dim`."""
        if not self.is_floating_point():
            raise RuntimeError(
                f"mean(): could not infer output dtype. Input dtype must be floating point; got: {self.dtype}"
            )
        return reduction.Mean.apply(self, axes=_axes(self, dim), keepdims=keepdim)

    def var(self, dim=None, *, correction: float = 1, keepdim: bool = False):
        """Σ (x − x̄)² / (n − correction)."""
        return reduction.Var.apply(self, axes=_axes(self, dim), keepdims=keepdim, correction=correction)

    def std(self, dim=None, *, correction: float = 1, keepdim: bool = False):
        """√var, with n − correction in the denominator."""
        return self.var(dim, correction=correction, keepdim=keepdim).sqrt()

    def max(self, dim: int | None = None, keepdim: bool = False):
        """The largest element; with `dim`, a pair (values, indices) along that axis."""
        return _extreme(self, dim, keepdim, reduction.Amax, reduction.Max, np.argmax)

    def min(self, dim: int | None = None, keepdim: bool = False):
        """The smallest element; with `dim`, a pair (values, indices) along that axis."""
        return _extreme(self, dim, keepdim, reduction.Amin, reduction.Min, np.argmin)

    def amax(self, dim=None, keepdim: bool = False):
        """The largest element along `dim`; equal ones share the gradient."""
        return reduction.Amax.apply(self, axes=_axes(self, dim), keepdims=keepdim)

    def amin(self, dim=None, keepdim: bool = False):
        """The smallest element along `dim`; equal ones share the gradient."""
        return reduction.Amin.apply(self, axes=_axes(self, dim), keepdims=keepdim)

    def argmax(self, dim: int | None = None, keepdim: bool = False):
        """The place of the largest element, the first of equal ones; without `dim`, counted in the flattened tensor."""
        return _place(np.argmax, self, dim, keepdim)

    def argmin(self, dim: int | None = None, keepdim: bool = False):
        """The place of the smallest element, the first of equal ones."""
        return _place(np.argmin, self, dim, keepdim)

    def all(self, dim: int | None = None):
        """Whether all elements are true."""
        return Tensor(self._array.all(axis=_axes(self, dim)))

    def any(self, dim: int | None = None):
        """Whether an element is true."""
        return Tensor(self._array.any(axis=_axes(self, dim)))

    def logsumexp(self, dim, keepdim: bool = False):
        """ln Σ eˣ along `dim`, without overflow."""
        return reduction.Logsumexp.apply(self, axes=_axes(self, dim), keepdims=keepdim)

    def softmax(self, dim: int):
        """eˣ / Σ eˣ along `dim`, without overflow."""
        return reduction.Softmax.apply(self, dim=_axis(dim, self.ndim))

    def log_softmax(self, dim: int):
        """x − ln Σ eˣ along `dim`, without overflow."""
        return reduction.LogSoftmax.apply(self, dim=_axis(dim, self.ndim))

    def norm(self):
        """The Euclidean length √Σ x²."""
        return (self * self).sum().sqrt()

    # -- shape -------------------------------------------------------------------------------------

    def reshape(self, *shape):
        """The same elements in another shape; one size may be −1."""
        sizes = tuple(int(size) for size in _sizes(shape))
        unknown = self._array.size // max(-int(np.prod(sizes)), 1) if -1 in sizes else 0
        wanted = tuple(unknown if size == -1 else size for size in sizes)
        if sizes.count(-1) > 1 or any(s < 0 for s in wanted) or int(np.prod(wanted)) != self._array.size:
            raise RuntimeError(f"shape '{list(sizes)}' is invalid for input of size {self._array.size}")
        return shape_ops.View.apply(self, shape=wanted)

    view = reshape

    def flatten(self, start_dim: int = 0, end_dim: int = -1):
        """Axes start_dim … end_dim joined into one."""
        sizes = self._array.shape or (1,)
        start, end = _axis(start_dim, len(sizes)), _axis(end_dim, len(sizes))
        return self.reshape(*sizes[:start], int(np.prod(sizes[start : end + 1])), *sizes[end + 1 :])

    def permute(self, *dims):
        """The axes in another order."""
        dims = tuple(_axis(dim, self.ndim) for dim in _sizes(dims))
        if sorted(dims) != list(range(self.ndim)):
            raise RuntimeError(f"permute: expected each of {self.ndim} axes once; got {dims}.")
        return shape_ops.Permute.apply(self, dims=dims)

    def transpose(self, dim0: int, dim1: int):
        """Two axes exchanged."""
        dims = list(range(self.ndim))
        dim0, dim1 = _axis(dim0, self.ndim), _axis(dim1, self.ndim)
        if dims:
            dims[dim0], dims[dim1] = dim1, dim0
        return self.permute(*dims)

    def t(self):
        """The transpose of a matrix; a vector stays as it is."""
        if self.ndim > 2:
            raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {self.ndim}D; use .mT.")
        return self.T

    def unsqueeze(self, dim: int):
        """A new axis of size 1 at `dim`."""
        return shape_ops.View.apply(self, shape=np.expand_dims(self._array, _axis(dim, self.ndim + 1)).shape)

    def squeeze(self, dim: int | None = None):
        """Without its axes of size 1, or without axis `dim` if that has size 1."""
        dims = range(self.ndim) if dim is None else [_axis(dim, self.ndim)]
        kept = tuple(n for axis, n in enumerate(self._array.shape) if axis not in dims or n != 1)
        return shape_ops.View.apply(self, shape=kept)

    def expand(self, *sizes):
        """Axes of size 1 repeated to the sizes given; −1 keeps one."""
        sizes, own = _sizes(sizes), self._array.shape
        padded = (1,) * (len(sizes) - len(own)) + own
        wanted = tuple(o if s == -1 else s for s, o in zip(sizes, padded, strict=False))
        if len(padded) != len(sizes) or any(o not in (1, s) for o, s in zip(padded, wanted, strict=True)):
            raise RuntimeError(f"expand: only an axis of size 1 can be repeated; got {own} for {sizes}.")
        return shape_ops.Expand.apply(self, shape=wanted)

    def gather(self, dim: int, index: "Tensor"):
        """Along `dim`, the elements whose places `index` names."""
        return shape_ops.Gather.apply(self, dim=_axis(dim, self.ndim), index=index._array)

    def unbind(self, dim: int = 0):
        """The parts along `dim`, as a tuple."""
        return tuple(shape_ops.Index.apply(self, key=(slice(None),) * _axis(dim, self.ndim) + (i,))
                     for i in range(self.size(dim)))  # fmt: skip

    def __getitem__(self, key):
        return shape_ops.Index.apply(self, key=_key(key))

    def __setitem__(self, key, value) -> None:
        if self.requires_grad and autograd.is_grad_enabled():
            raise RuntimeError(
                "Tensor: assigning to elements is not recorded by this engine; "
                "do it under no_grad(), or build a new tensor with where() or cat()."
            )
        self._array[_key(key)] = _operand(value)

    # -- type and memory ---------------------------------------------------------------------------

    def to(self, dtype: dtypes.dtype):
        """The same numbers as another type; device names are accepted by the PyTorch counterpart only."""
        if not isinstance(dtype, dtypes.dtype):
            raise TypeError(
                f"to: expected a dtype such as float64, because this engine knows the CPU only; got {dtype!r}."
            )
        if dtype.numpy == self._array.dtype:
            return self
        if not dtype.is_floating_point:
            return Tensor(self._array.astype(dtype.numpy))  # whole numbers have no gradient
        return elementwise.ToType.apply(self, numpy_type=dtype.numpy)

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

    def clone(self):
        """A copy, through which gradients flow."""
        return elementwise.Clone.apply(self)

    def contiguous(self):
        """The tensor itself; its memory order is NumPy's business."""
        return self

    # -- in place: what initialisers and optimizers need -------------------------------------------

    def _in_place(self, array) -> "Tensor":
        if self.requires_grad and autograd.is_grad_enabled():
            if self.is_leaf:
                raise RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.")
            raise RuntimeError(
                "Tensor: changing a result in place is not recorded by this engine; "
                "write y = y * 2 instead of y.mul_(2), or do it under no_grad()."
            )
        self._array[...] = array
        return self

    def copy_(self, src: "Tensor"):
        """Replace the elements by those of `src`, in place."""
        return self._in_place(_operand(src))

    def fill_(self, value):
        """Set every element, in place."""
        return self._in_place(_operand(value))

    def zero_(self):
        """Set every element to 0, in place."""
        return self._in_place(0)

    def add_(self, other, *, alpha: numbers.Real = 1):
        """Add alpha · other, in place."""
        return self._in_place(self._array + alpha * _operand(other))

    def sub_(self, other, *, alpha: numbers.Real = 1):
        """Subtract alpha · other, in place."""
        return self._in_place(self._array - alpha * _operand(other))

    def mul_(self, other):
        """Multiply by other, in place."""
        return self._in_place(self._array * _operand(other))

    def div_(self, other):
        """Divide by other, in place."""
        return self._in_place(self._array / _operand(other))


class Size(tuple):
    """The shape of a tensor, printed as torch prints it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def numel(self) -> int:
        return int(np.prod(self))

    def __getitem__(self, key):
        return Size(super().__getitem__(key)) if isinstance(key, slice) else super().__getitem__(key)


def as_tensor(data, *, dtype: dtypes.dtype | None = None) -> Tensor:
    """A tensor of `data`, sharing memory where it can."""
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    if not isinstance(data, np.ndarray):
        return tensor(data, dtype=dtype)
    result = Tensor(data if dtype is None else data.astype(dtype.numpy, copy=False))
    dtypes.of_array(result._array)
    return result


def tensor(data, *, dtype: dtypes.dtype | None = None, requires_grad: bool = False) -> Tensor:
    """A new tensor with a copy of `data`: numbers, nested lists, an array.

    Python's real numbers become the default type, whole numbers int64. ValueError for rows of unequal lengths.
    """
    try:
        array = np.array(data.detach()._array if isinstance(data, Tensor) else data)
    except ValueError:
        raise ValueError("tensor: expected rows of equal length, because a tensor is rectangular.") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"tensor: expected numbers; got {type(data).__name__} holding {array.dtype}.")
    if dtype is not None:
        array = array.astype(dtype.numpy)
    elif not isinstance(data, (np.ndarray, np.generic, Tensor)) and array.dtype.kind == "f":
        array = array.astype(dtypes.get_default_dtype().numpy)
    elif array.dtype.kind in "iu":
        array = array.astype(np.int64)
    dtypes.of_array(array)
    return Tensor(array).requires_grad_(requires_grad)


class MinMax(tuple):
    """Values and indices of a maximum or minimum along an axis."""

    __slots__ = ()
    values = property(lambda self: self[0])
    indices = property(lambda self: self[1])


def _extreme(x: Tensor, dim, keepdim, over_all, along, find):
    if dim is None:
        if x._array.size == 0:
            name = over_all.__name__[1:]
            raise RuntimeError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.")
        return over_all.apply(x)
    dim = _axis(dim, x.ndim)
    return MinMax((along.apply(x, dim=dim, keepdims=keepdim), _place(find, x, dim, keepdim)))


def _place(find, x: Tensor, dim, keepdim: bool) -> Tensor:
    """Where the largest or smallest element is, in all or along an axis."""
    axis = None if dim is None else _axis(dim, x.ndim)
    if x._array.size == 0 and (dim is None or x._array.shape[axis] == 0):
        raise IndexError(
            f"{find.__name__}(): expected an axis with elements; got shape {x._array.shape}, numel() == 0."
        )
    return Tensor(find(x._array, axis=axis, keepdims=keepdim and dim is not None))


def _binary(operation, first: Tensor, second, swapped: bool = False) -> Tensor:
    """first ∘ second, or second ∘ first if swapped, in the type that torch would choose."""
    if not isinstance(second, (Tensor, numbers.Real, np.ndarray, np.generic)):
        return NotImplemented
    first, second = alike(first, second)
    if swapped:
        first, second = second, first
    try:
        return operation.apply(first, second)
    except ValueError as error:
        raise _sizes_differ(error, operation.__name__.lower(), first, second) from None


def alike(first: Tensor, second) -> tuple[Tensor, Tensor]:
    """Both as tensors of the type that torch would choose for them together."""
    if not isinstance(second, Tensor):
        second = Tensor(np.asarray(second, dtypes.result_type(first._array, second)))
    a, b = first._array, second._array
    if a.dtype != b.dtype:
        wanted = dtypes.result_type(a, b)
        first = first if a.dtype == wanted else elementwise.ToType.apply(first, numpy_type=wanted)
        second = second if b.dtype == wanted else elementwise.ToType.apply(second, numpy_type=wanted)
    return first, second


def _sizes_differ(error: ValueError, name: str, *tensors) -> Exception:
    """NumPy's error about sizes in the words of tensors; any other stays."""
    if "broadcast" not in str(error):
        return error
    sizes = " and ".join(str(np.shape(_operand(tensor))) for tensor in tensors)
    return RuntimeError(
        f"{name}: the sizes of the two tensors must agree, or be 1, counted from the last axis; got {sizes}."
    )


def _compare(compare, first: Tensor, second) -> Tensor:
    if not isinstance(second, (Tensor, numbers.Real, np.ndarray, np.generic)):
        return NotImplemented
    try:
        return Tensor(compare(first._array, _operand(second)))
    except ValueError as error:
        raise _sizes_differ(error, compare.__name__, first, second) from None


def _real(value: Tensor) -> Tensor:
    """Whole numbers as the default type: functions of analysis give real numbers."""
    return value if value._array.dtype.kind == "f" else value.to(dtypes.get_default_dtype())


def _reals(first: Tensor, second) -> tuple:
    """The same two, of which at least one is real: whole numbers by whole numbers become the default type."""
    kind = _operand(second).dtype.kind if isinstance(second, (Tensor, np.ndarray, np.generic)) else None
    real = first.is_floating_point() or kind == "f" or isinstance(second, float)
    return (first if real else first.to(dtypes.get_default_dtype())), second


def _operand(value):
    return value._array if isinstance(value, Tensor) else value


def _sizes(values) -> tuple:
    return tuple(values[0]) if len(values) == 1 and isinstance(values[0], (tuple, list)) else tuple(values)


def _axes(x: Tensor, dim):
    if dim is None:
        return None
    dims = (dim,) if isinstance(dim, numbers.Integral) else tuple(dim)
    dims = tuple(_axis(d, x.ndim) for d in dims)
    return dims if x.ndim else None


def _axis(dim: int, ndim: int) -> int:
    """The number of an axis, counted from the front. A 0-d tensor has an axis 0 for this purpose, as in torch."""
    count = max(ndim, 1)
    if not -count <= dim < count:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-count}, {count - 1}], but got {dim})")
    return dim % count


def _key(key):
    if isinstance(key, tuple):
        return tuple(_key(part) for part in key)
    if isinstance(key, Tensor):
        return key._array
    return np.asarray(key) if isinstance(key, list) else key


autograd._tensor_class = Tensor
