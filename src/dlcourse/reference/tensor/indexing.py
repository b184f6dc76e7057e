"""x[key] and x[key] = value, by torch's rules.

Whole numbers, slices with a positive step, None and … make a view; what remains, arrays of places or of bools, makes a
copy. NumPy mixes the two kinds otherwise: there x[0, :, [0, 1]] puts the axis of [0, 1] first, here (and in torch) it
stays where it stands.
"""

import numbers

import numpy as np

from dlcourse.reference import inplace
from dlcourse.reference.graph import wrap
from dlcourse.reference.ops import assignment, view
from dlcourse.reference.ops import shape as ops
from dlcourse.reference.tensor.operands import NUMBERS, array_of, is_tensor


def get(x, key):
    """x[key]: a view where the key holds no arrays, else a copy."""
    if type(key) is int and x._array.ndim:
        return view.Slice.apply(x, key=(key,))
    basic, arrays, tensors = _split(key, x.ndim)
    part = _part(x, basic, arrays)
    return part if arrays is None else noted(ops.Index.apply(part, key=_checked(part, arrays)), tensors)


def put(x, key, value) -> None:
    """x[key] = value, a number or a tensor: written to the memory and remembered in the graph."""
    if not (is_tensor(value) or isinstance(value, NUMBERS)):
        raise TypeError(
            f"Tensor: expected a number or a Tensor to assign; got {type(value).__name__}; make one with tensor(…)."
        )
    basic, arrays, tensors = _split(key, x.ndim)
    part = x if arrays is None and _is_whole(x, basic) else _part(x, basic, arrays)
    if not is_tensor(value):
        value = wrap(np.asarray(value).astype(x._array.dtype))
    if arrays is None:
        _assign(part, value)
        return
    if value.numel() == 1 and [entry.dtype for entry in arrays if isinstance(entry, np.ndarray)] == [np.bool_]:
        value = value.to(x.dtype)  # one mask and one number: torch fills, and converts
    if value._array.dtype != x._array.dtype:
        raise RuntimeError(
            f"Index put requires the source and destination dtypes match, got {x.dtype} for the destination and "
            f"{value.dtype} for the source; convert the value with .to()."
        )
    arrays = tuple(np.array(entry) if isinstance(entry, np.ndarray) else entry for entry in _checked(part, arrays))
    shape = part._array[arrays].shape
    value = _without_ones_in_front(value, len(shape))
    _must_spread(value._array, shape)
    noted(inplace.change(part, ops.IndexPut, value, key=arrays), tensors)


def _part(x, basic: tuple, arrays: tuple | None):
    """The view that the whole numbers, slices and new axes of a key make; x itself if only arrays are left to do."""
    if arrays is not None and all(isinstance(entry, slice) and entry == slice(None) for entry in basic):
        return x
    return view.Alias.apply(x) if basic in ((), (...,)) else view.Slice.apply(x, key=basic)


def _assign(part, value) -> None:
    """part[...] = value."""
    value = _without_ones_in_front(value, part.ndim)
    _must_spread(value._array, part._array.shape)
    if value.ndim == 0:
        inplace.fill(part, assignment.Fill, value.to(part.dtype))
    else:
        inplace.change(part, assignment.Copy, value.to(part.dtype))


def _is_whole(x, basic: tuple) -> bool:
    """Whether a key of slices names all there is: x itself is written then, and no view of it."""
    if basic == (...,):
        return True
    slices = all(isinstance(entry, slice) for entry in basic)
    return slices and all(s.indices(size) == (0, size, 1) for s, size in zip(basic, x._array.shape, strict=False))


def _without_ones_in_front(value, ndim: int):
    """Axes of size 1 in front of a value are ignored, as in torch."""
    while value.ndim > ndim and value._array.shape[0] == 1:
        value = value.squeeze(0)
    return value


def _must_spread(value: np.ndarray, shape: tuple) -> None:
    try:
        np.broadcast_to(value, shape)
    except ValueError:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(value.shape)} cannot be broadcast to indexing result of "
            f"shape {list(shape)}"
        ) from None


def noted(result, tensors):
    """The result, whose node minds that the tensors that named the places are not changed before backward."""
    for tensor in tensors:
        if result._grad_fn is not None:
            result._grad_fn.keep(tensor)
    return result


def _split(key, ndim: int) -> tuple[tuple, tuple | None, list]:
    """(the part of a key that makes a view, the arrays for its result or None, the tensors among them)."""
    given = key if isinstance(key, tuple) else (key,)
    parts = [_entry(part) for part in given]
    used = sum(_axes(part) for part in parts)
    if used > ndim:
        raise IndexError(f"too many indices for tensor of dimension {ndim}")
    if sum(part is ... for part in parts) > 1:
        raise IndexError("an index can only have a single ellipsis (`...`)")
    if not any(isinstance(part, np.ndarray) for part in parts):
        return tuple(parts), None, []
    basic, arrays = [], []
    for part in parts:
        if part is ...:
            rest = [slice(None)] * (ndim - used)
            basic += rest
            arrays += rest
        elif not isinstance(part, np.ndarray):
            basic.append(part)
            arrays += [] if isinstance(part, int) else [slice(None)]
        elif part.ndim == 0:  # one bool: a new axis, of which it keeps everything or nothing
            basic.append(None)
            arrays.append(part.reshape(1))
        else:
            basic += [slice(None)] * _axes(part)
            arrays.append(part)
    return tuple(basic), tuple(arrays), [part for part in given if is_tensor(part) and part.ndim]


def _entry(part):
    """One entry of a key: an int, a slice, None, …, or an array of places or bools."""
    if part is None or part is ...:
        return part
    if isinstance(part, slice):
        if part.step is not None and int(part.step) <= 0:
            raise ValueError("step must be greater than zero; use flip on a NumPy array, or index by a list of places.")
        return part
    if isinstance(part, (bool, np.bool_)):
        return np.asarray(part)
    if isinstance(part, numbers.Integral):
        return int(part)
    if isinstance(part, (float, str, bytes, dict, set)):
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
            f"(got {type(part).__name__})"
        )
    array = np.asarray(array_of(part))
    if array.size == 0 and not is_tensor(part):
        array = array.astype(np.intp)
    if array.dtype.kind not in "bi":
        raise IndexError(f"tensors used as indices must be long, int, byte or bool tensors; got {array.dtype}")
    return int(array) if array.ndim == 0 and array.dtype.kind == "i" else array


def _axes(part) -> int:
    """How many axes of the tensor an entry speaks of."""
    if part is None or part is ...:
        return 0
    return part.ndim if isinstance(part, np.ndarray) and part.dtype == np.bool_ else 1


def _checked(part, arrays: tuple) -> tuple:
    """The arrays, after IndexError for a mask of another shape than what it is laid on."""
    axis = 0
    for entry in arrays:
        mask = isinstance(entry, np.ndarray) and entry.dtype == np.bool_
        if mask and entry.shape != (on := part._array.shape[axis : axis + entry.ndim]):
            raise IndexError(
                f"The shape of the mask {list(entry.shape)} at index {axis} does not match the shape of the indexed "
                f"tensor {list(on)} at index {axis}"
            )
        axis += entry.ndim if mask else 1
    return arrays
