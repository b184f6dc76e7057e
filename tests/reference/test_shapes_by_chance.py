"""Broadcasting, reductions and matrix products equal torch's for shapes drawn at random."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, broadcastable_shapes

from tests.reference.parity import assert_parity, function, real

SHAPE = array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), shape=SHAPE, operation=st.sampled_from(["+", "-", "*", "/"]))
def test_broadcasting(data, shape, operation):
    other = data.draw(broadcastable_shapes(shape, max_dims=4, min_side=0, max_side=4))
    compute = {"+": lambda e, a, b: a + b, "-": lambda e, a, b: a - b, "*": lambda e, a, b: a * b,
               "/": lambda e, a, b: a / b}[operation]  # fmt: skip
    assert_parity(function(f"{shape} {operation} {other}", compute, real(*shape, low=0.5), real(*other, low=0.5)))


@settings(max_examples=150, deadline=None)
@given(data=st.data(), shape=array_shapes(max_dims=4, max_side=4), keepdim=st.booleans(),
       name=st.sampled_from(["sum", "mean", "var", "amax", "amin", "logsumexp"]))  # fmt: skip
def test_reductions(data, shape, keepdim, name):
    axes = st.integers(-len(shape), len(shape) - 1)
    dim = data.draw(st.lists(axes, min_size=1, unique_by=lambda d: d % len(shape)).map(tuple))
    options = {"correction": 0} if name == "var" else {}
    assert_parity(
        function(f"{name} {shape} {dim} {keepdim}",
                 lambda e, x: getattr(x, name)(dim=dim, keepdim=keepdim, **options), real(*shape))
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(data=st.data(), batch=array_shapes(min_dims=0, max_dims=2, max_side=3), rows=st.integers(0, 3),
       inner=st.integers(1, 3), columns=st.integers(0, 3))  # fmt: skip
def test_matrix_products(data, batch, rows, inner, columns):
    other = data.draw(broadcastable_shapes(batch, max_dims=2, max_side=3)) if batch else ()
    a, b = (*batch, rows, inner), (*other, inner, columns)
    assert_parity(function(f"{a} @ {b}", lambda e, x, y: x @ y, real(*a), real(*b)))
