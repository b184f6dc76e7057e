"""How a tensor is printed: torch's layout, so that the same cell prints the same on either engine."""

import numpy as np

_PRECISION = 4
_EDGE, _THRESHOLD, _WIDTH = 3, 1000, 80


def describe(tensor) -> str:
    """`tensor([[1., 2.]], requires_grad=True)` in torch's format."""
    array = tensor._array
    suffixes = []
    from dlcourse.reference import dtypes

    kind = dtypes.of_array(array)
    usual = kind in (dtypes.get_default_dtype(), dtypes.int64, dtypes.bool)
    if array.size == 0:
        if array.ndim != 1:
            suffixes.append(f"size={tuple(array.shape)}")
        usual = kind is dtypes.get_default_dtype()
    if not usual:
        suffixes.append(f"dtype={kind!r}")
    if tensor.grad_fn is not None:
        suffixes.append(f"grad_fn=<{tensor.grad_fn.name().rpartition('::')[2]}>")
    elif tensor.requires_grad:
        suffixes.append("requires_grad=True")
    text = "tensor(" + ("[]" if array.size == 0 else _body(array, len("tensor(")))
    column = len(text) - text.rfind("\n") + 1  # torch counts the last line so
    for suffix in suffixes:
        if column + len(suffix) + 2 > _WIDTH:
            text += ",\n" + " " * len("tensor(") + suffix
            column = len("tensor(") + len(suffix)
        else:
            text += ", " + suffix
            column += len(suffix) + 2
    return text + ")"


def _body(array: np.ndarray, indent: int) -> str:
    shown = _summarised(array) if array.size > _THRESHOLD else array
    number, width = _formatter(shown)
    return _nested(array, number, width, indent, array.size > _THRESHOLD)


def _summarised(array: np.ndarray) -> np.ndarray:
    for axis, size in enumerate(array.shape):
        if size > 2 * _EDGE:
            array = np.take(array, [*range(_EDGE), *range(size - _EDGE, size)], axis=axis)
    return array


def _formatter(array: np.ndarray):
    """A function number -> text, and the common width, chosen by torch's rules."""
    if array.dtype.kind != "f":
        width = max((len(str(v)) for v in array.reshape(-1).tolist()), default=1)
        return lambda value: f"{value!s:>{width}}", width
    values = array.astype(np.float64).reshape(-1)
    values = values[np.isfinite(values) & (values != 0)]  # zeros, nan and inf decide nothing
    whole = bool(np.all(np.ceil(values) == values))
    scientific = False
    if values.size:
        largest, smallest = np.abs(values).max(), np.abs(values).min()
        scientific = bool(largest / smallest > 1000.0 or largest > 1.0e8 or smallest < 1.0e-4)

    def text(value: float) -> str:
        if not np.isfinite(value):
            return str(value)
        if scientific:
            return f"{value:.{_PRECISION}e}"
        return f"{value:.0f}." if whole else f"{value:.{_PRECISION}f}"

    width = max((len(text(v)) for v in values.tolist()), default=1)
    return lambda value: f"{text(value):>{width}}", width


def _nested(array: np.ndarray, number, width: int, indent: int, shorten: bool) -> str:
    if array.ndim == 0:
        return number(array.item())
    cut = shorten and len(array) > 2 * _EDGE
    rows = [*array[:_EDGE], None, *array[-_EDGE:]] if cut else list(array)
    if array.ndim > 1:
        parts = ["..." if row is None else _nested(row, number, width, indent + 1, shorten) for row in rows]
        return "[" + ("," + "\n" * (array.ndim - 1) + " " * (indent + 1)).join(parts) + "]"
    parts = [" ..." if row is None else number(row.item()) for row in rows]
    per_line = max(1, (_WIDTH - indent) // (width + 2))
    lines = [", ".join(parts[i : i + per_line]) for i in range(0, len(parts), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
