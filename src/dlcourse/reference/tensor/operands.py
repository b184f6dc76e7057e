"""What a method takes beside its tensor: another operand, an axis, sizes."""

import functools
import numbers

import numpy as np

from dlcourse.reference import dtypes, graph
from dlcourse.reference.graph import wrap
from dlcourse.reference.ops import elementwise

NUMBERS = (numbers.Real, np.bool_)
_OPERANDS = (*NUMBERS, np.ndarray)


def is_tensor(value) -> bool:
    return isinstance(value, graph._tensor_class)


def computes(value) -> bool:
    """Whether this can stand beside a tensor in a computation: a tensor, a number or an array."""
    return is_tensor(value) or isinstance(value, _OPERANDS)


def must_be_tensor(who: str, **arguments) -> None:
    """TypeError naming the first argument that is not a Tensor, and how to make one of it. None stands for absent."""
    for name, value in arguments.items():
        if value is not None and not is_tensor(value):
            must_be_given(who, **{name: value})


def must_be_given(who: str, **arguments) -> None:
    """As must_be_tensor, for arguments that cannot be absent: None is refused, too."""
    for name, value in arguments.items():
        if not is_tensor(value):
            raise TypeError(
                f"{who}: argument '{name}' must be Tensor, not {type(value).__name__}; make one with tensor(…)."
            )


def array_of(value):
    """The array of a tensor; anything else as it is."""
    return value._array if is_tensor(value) else value


def binary(operation, first, second, swapped: bool = False):
    """first ∘ second, or second ∘ first if swapped, in the type that torch would choose."""
    if not computes(second):
        return NotImplemented
    first, second = alike(first, second)
    if swapped:
        first, second = second, first
    try:
        return operation.apply(first, second)
    except ValueError as error:
        raise sizes_differ(error, operation.__name__.lower(), first, second) from None


def alike(first, second) -> tuple:
    """Both as tensors of the type that torch would choose for them together."""
    if not is_tensor(second):
        second = wrap(np.asarray(second, dtypes.result_type(first._array, second)))
    a, b = first._array, second._array
    if a.dtype != b.dtype:
        wanted = dtypes.result_type(a, b)
        first, second = _as_type(first, wanted), _as_type(second, wanted)
    return first, second


def _as_type(x, kind: np.dtype):
    """x in another type; a change of x itself counts as one of the copy, which backward may need in its place."""
    if x._array.dtype == kind:
        return x
    converted = elementwise.ToType.apply(x, numpy_type=kind)
    converted._version = x._version
    return converted


def operand(target, other):
    """The other operand of a change in place, in the type of the computation; the target keeps its own."""
    if not computes(other):
        raise TypeError(f"Tensor: expected a number or a Tensor to compute with; got {type(other).__name__}.")
    return alike(target, other)[1]


def filling(who: str, target, mask, value) -> tuple:
    """The mask and the value of masked_fill, checked, the value in the target's type."""
    must_be_given(who, mask=mask)
    if mask._array.dtype.kind != "b":
        raise RuntimeError(f"{who} only supports boolean masks, but got mask with dtype {mask.dtype}")
    if not is_tensor(value):
        value = wrap(np.asarray(value))
    if value.ndim:
        raise RuntimeError(
            f"{who} only supports a 0-dimensional value tensor, but got tensor with {value.ndim} dimension(s)."
        )
    return mask, value.to(target.dtype)


def sizes_differ(error: ValueError, name: str, *tensors) -> Exception:
    """NumPy's error about sizes in the words of tensors; any other stays."""
    if "broadcast" not in str(error):
        return error
    sizes = " and ".join(str(np.shape(array_of(tensor))) for tensor in tensors)
    return RuntimeError(
        f"{name}: the sizes of the two tensors must agree, or be 1, counted from the last axis; got {sizes}."
    )


def real(value):
    """Whole numbers as the default type: functions of analysis give real numbers."""
    return value if value._array.dtype.kind == "f" else value.to(dtypes.get_default_dtype())


def must_be_whole_for_whole(x, alpha) -> None:
    """RuntimeError for a sum of whole numbers of which one is multiplied by a real one."""
    if x._array.dtype.kind != "f" and isinstance(alpha, float):
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")


def type_with(x, *ends) -> np.dtype:
    """The type of a tensor computed with Python numbers, of which the highest kind counts."""
    return max((dtypes.result_type(x._array, end) for end in ends if end is not None), key=dtypes.rank)


def no_bool(first, second):
    """The second operand of a subtraction."""
    if first._array.dtype.kind == "b" or np.asarray(array_of(second)).dtype.kind == "b":
        raise RuntimeError(
            "Subtraction, the `-` operator, with a bool tensor is not supported; use ~ for “not”, ^ for “either”, or "
            "convert it with .float()."
        )
    return second


def not_zero(first, second):
    """The second operand of a division of whole numbers, which have no infinity to stand for one by 0."""
    kinds = {np.asarray(array_of(value)).dtype.kind for value in (first, second)}
    if kinds == {"b"}:
        raise NotImplementedError("the remainder and // are not implemented for 'Bool'")
    elements = np.size(array_of(first)) and np.size(array_of(second))
    if "f" not in kinds and elements and np.any(np.equal(array_of(second), 0)):
        raise RuntimeError("ZeroDivisionError: whole numbers cannot be divided by 0; convert them with .float().")
    return second


def not_bool(who: str, x):
    """The tensor, unless it holds truth values."""
    if x._array.dtype.kind == "b":
        raise RuntimeError(f"{who}: Boolean inputs not supported for {who}; convert them with .float().")
    return x


def must_be_real(who: str, value) -> None:
    """RuntimeError unless the tensor holds real numbers."""
    if value._array.dtype.kind != "f":
        raise RuntimeError(f"{who}: expected real numbers; got {value.dtype}; convert them with .float().")


def numpys_names(function):
    """Let a function take axis and keepdims for dim and keepdim, as torch does everywhere."""

    @functools.wraps(function)
    def either(*arguments, **options):
        if "axis" in options or "keepdims" in options:
            options = {{"axis": "dim", "keepdims": "keepdim"}.get(name, name): value for name, value in options.items()}
        return function(*arguments, **options)

    return either


def type_wanted(targets: tuple, dtype: dtypes.dtype | None) -> dtypes.dtype | None:
    """What the arguments of a `to` ask for: a type, the type of a tensor, or None for "cpu" alone."""
    for wanted in targets:
        if isinstance(wanted, dtypes.dtype):
            dtype = wanted
        elif is_tensor(wanted):
            dtype = wanted.dtype
        elif wanted is not None and str(wanted) != "cpu":
            raise TypeError(
                "to: expected a dtype such as float64, because this engine knows the CPU only; "
                f"got {wanted!r}. To use a GPU, run the same code on PyTorch (import torch as engine)."
            )
    if dtype is not None and not isinstance(dtype, dtypes.dtype):
        raise TypeError(f"to: expected a dtype such as float64; got {dtype!r}.")
    return dtype


def sizes_of(values) -> tuple:
    """Sizes given one by one or as one tuple or list."""
    return tuple(values[0]) if len(values) == 1 and isinstance(values[0], (tuple, list)) else tuple(values)


def axes_of(x, dim):
    """The axes that `dim` names, None for all; a 0-d tensor has none."""
    if dim is None:
        return None
    dims = (dim,) if isinstance(dim, numbers.Integral) else tuple(dim)
    dims = tuple(axis_of(d, x.ndim) for d in dims)
    return dims if x.ndim else None


def axis_of(dim: int, ndim: int) -> int:
    """The number of an axis, counted from the front. A 0-d tensor has an axis 0 for this purpose, as in torch."""
    count = max(ndim, 1)
    if not isinstance(dim, numbers.Integral):
        raise TypeError(f"dim: expected a whole number; got {dim!r}.")
    if not -count <= dim < count:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-count}, {count - 1}], but got {dim})")
    return dim % count
