"""Every operation that moves or multiplies whole tensors equals torch's: shapes, indexing, joining, products."""

import numpy as np
import pytest

from tests.reference.parity import assert_parity, fixed, function, real, whole

SHAPES = [
    function("reshape", lambda e, x: [x.reshape(6, 4), x.reshape((2, -1)), x.reshape(-1), x.view(3, 8)], real(2, 3, 4)),
    function("reshape of nothing", lambda e, x: [x.reshape(3, 0), x.reshape(0)], real(0, 3)),
    function("reshape to 0-d", lambda e, x: x.reshape(()), real(1, 1)),
    function("flatten", lambda e, x: [x.flatten(), x.flatten(1), x.flatten(0, 1), x.flatten(-2)], real(2, 3, 4)),
    function("flatten 0-d", lambda e, x: x.flatten(), real()),
    function("permute", lambda e, x: [x.permute(2, 0, 1), x.permute((1, -1, 0))], real(2, 3, 4)),
    function("transpose", lambda e, x: [x.transpose(0, 2), x.transpose(-1, 1), x.mT], real(2, 3, 4)),
    function("T and t", lambda e, x: [x.T, x.t()], real(2, 3)),
    function("t of a vector", lambda e, x: x.t(), real(3)),
    function("unsqueeze", lambda e, x: [x.unsqueeze(0), x.unsqueeze(-1), x.unsqueeze(1)], real(2, 3)),
    function("squeeze", lambda e, x: [x.squeeze(), x.squeeze(1), x.squeeze(0), x.squeeze(-1)], real(2, 1, 3, 1)),
    function("expand", lambda e, x: [x.expand(2, 4, 3), x.expand((-1, 4, -1)), x.expand(5, 2, 1, 3)], real(2, 1, 3)),
    function("contiguous", lambda e, x: x.permute(1, 0).contiguous().view(6), real(2, 3)),
    function("unbind", lambda e, x: [x.unbind(), x.unbind(1), x.unbind(dim=-1)], real(2, 3, 4)),
    function("iteration", lambda e, x: [row * i for i, row in enumerate(x)], real(3, 4)),
    function("cat", lambda e, a, b: [e.cat([a, b]), e.cat((b, a, b), dim=0)], real(2, 3), real(4, 3)),
    function("cat of the last axis", lambda e, a, b: e.cat([a, b], dim=-1), real(2, 3), real(2, 4)),
    function("stack", lambda e, a, b: [e.stack([a, b, a], d) for d in (0, 1, -1)], real(2, 3), real(2, 3)),
    function("gather", lambda e, x, i: [x.gather(0, i), x.gather(dim=-1, index=i)], real(4, 3), whole(2, 3, below=3)),
    function("gather twice the same", lambda e, x, i: x.gather(1, i), real(2, 3), fixed([[1, 1, 1, 0], [2, 0, 2, 2]])),
]

INDICES = {
    "a number": 1,
    "a negative number": -1,
    "two numbers": (1, 2),
    "a slice": slice(1, 3),
    "every second": slice(None, None, 2),
    "a column": (slice(None), 2),
    "a new axis": (None, 1),
    "an ellipsis": (..., 0),
    "an ellipsis alone": ...,
    "nothing": slice(2, 2),
    "a list": [2, 0, 2],
    "a column list": (slice(None), [3, 3, 0]),
    "an array": np.array([2, 0, 2, 2]),
    "a negative array": np.array([-1, 0, -1]),
    "a matrix of rows": np.array([[0, 1], [1, 1]]),
    "places": (np.array([0, 1, 0]), np.array([2, 2, 2])),
    "places, broadcast": (np.array([[0], [2]]), np.array([1, 1, 3])),
    "an array and a slice": (np.array([1, 1]), slice(1, 3)),
    "an array and a number": (np.array([1, 1]), 2),
    "a row mask": np.array([True, False, True]),
    "a mask": np.arange(12).reshape(3, 4) % 3 == 0,
    "an empty mask": np.zeros((3, 4), bool),
    "a mask and a number": (np.array([True, False, True]), 1),
}


def _indexed(engine, x, key):
    """x[key], arrays in the key as tensors of the engine."""
    parts = key if isinstance(key, tuple) else (key,)
    parts = tuple(engine.tensor(part) if isinstance(part, np.ndarray) else part for part in parts)
    return x[parts if isinstance(key, tuple) else parts[0]]


INDEXING = [
    *[function(f"index by {name}", lambda e, x, key=key: _indexed(e, x, key), real(3, 4))
      for name, key in INDICES.items()],
    function("index by a tensor of numbers", lambda e, x, rows: x[rows] + x[rows, 0].unsqueeze(1), real(3, 4),
             fixed([0, 2, 2, 2])),
    function("index by a comparison", lambda e, x: x[x > 0.5], real(3, 4)),
    function("index by a 0-d tensor", lambda e, x, i: x[i], real(3, 4), fixed(1)),
    function("index of pictures", lambda e, x, i: [x[i], x[:, i], x[..., i, :], x[i, :, i]], real(3, 4, 3, 2),
             fixed([2, 0, 2])),
    function("index of whole numbers", lambda e, x: x[1:, 2], whole(3, 4, below=9)),
]  # fmt: skip

PRODUCTS = [
    function(f"matmul {a} @ {b}", lambda e, x, y: [x @ y, x.matmul(y), e.matmul(x, y)], real(*a), real(*b))
    for a, b in [
        ((4,), (4,)), ((3, 4), (4,)), ((4,), (4, 5)), ((3, 4), (4, 5)), ((2, 3, 4), (4,)), ((4,), (2, 4, 5)),
        ((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)), ((2, 3, 4), (2, 4, 5)), ((6, 1, 3, 4), (2, 4, 5)),
        ((1, 3, 4), (6, 4, 5)), ((0, 4), (4, 5)), ((3, 0), (0, 5)),
    ]
] + [
    function("mm", lambda e, x, y: x.mm(y), real(3, 4), real(4, 5)),
    function("a matrix with itself", lambda e, x: x @ x.T, real(3, 4)),
    function("of whole numbers", lambda e, x, y: x @ y, whole(3, 4, below=5), whole(4, 2, below=5)),
]  # fmt: skip


@pytest.mark.parametrize("case", [*SHAPES, *INDEXING, *PRODUCTS], ids=str)
def test_operation_equals_torch(case):
    assert_parity(case)
