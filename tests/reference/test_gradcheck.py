"""gradcheck, the proof without torch, accepts what is right and rejects what is wrong."""

import numpy as np
import pytest

from dlcourse import reference
from dlcourse.reference.autograd import Function, gradcheck
from dlcourse.reference.gradcheck import GradcheckError

F = reference.nn.functional


def _input(*shape, low=0.5, high=1.5, seed=0):
    values = np.random.default_rng(seed).uniform(low, high, shape)
    return reference.tensor(values, requires_grad=True)


RIGHT = {
    "product": (lambda a, b: a * b, (3, 4), (4,)),
    "quotient": (lambda a, b: a / b, (3, 1), (3, 4)),
    "power": (lambda a, b: a**b, (3, 4), (1, 4)),
    "matrix product": (lambda a, b: a @ b, (2, 3, 4), (4, 2)),
    "linear": (F.linear, (3, 4), (2, 4), (2,)),
    "exp, log, sqrt": (lambda x: x.exp() * x.log() + x.sqrt(), (3, 4)),
    "sigmoid, tanh": (lambda x: x.sigmoid() * x.tanh(), (3, 4)),
    "sin, cos": (lambda x: x.sin() / x.cos(), (3, 4)),
    "softmax": (lambda x: F.softmax(x, 1), (3, 4)),
    "log_softmax": (lambda x: F.log_softmax(x, 0), (3, 4)),
    "logsumexp": (lambda x: x.logsumexp((0, 1)), (3, 4)),
    "var and mean": (lambda x: x.var(1) * x.mean((0, 1)), (3, 4)),
    "index with repeats": (lambda x: x[[0, 2, 0, 0]], (3, 4)),
    "cat and stack": (lambda a, b: reference.cat([reference.stack([a, b])] * 2 + [b[None] * a], 0), (3, 2), (3, 2)),
    "several outputs": (lambda x: (x * 2, (x * x).argmax(), x.sum()), (3, 4)),
    "cross-entropy": (lambda x: F.cross_entropy(x, reference.tensor([2, 0, 1])), (3, 4)),
    "binary cross-entropy": (lambda x, t: F.binary_cross_entropy_with_logits(x, t), (3, 4), (3, 4)),
    "a 0-d input": (lambda x: x * x, ()),
    "a constant": (lambda x: reference.ones(2, dtype=reference.float64), (3,)),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_accepts_what_is_right(name):
    compute, *shapes = RIGHT[name]
    assert gradcheck(compute, [_input(*shape, seed=i) for i, shape in enumerate(shapes)]) is True


class Product(Function):
    """y = a·b² with the backward that a test gives."""

    def forward(self, a, b, slopes):
        self.a, self.b, self.slopes = a, b, slopes
        return a * b * b

    def backward(self, g):
        return self.slopes(g, self.a, self.b)


WRONG = {
    "a wrong sign": (lambda g, a, b: (-g * b * b, 2 * g * a * b), 0),
    "a wrong sign in the second": (lambda g, a, b: (g * b * b, -2 * g * a * b), 1),
    "a missing factor": (lambda g, a, b: (g * b * b, g * a * b), 1),
    "a missing upstream gradient": (lambda g, a, b: (b * b, 2 * g * a * b), 0),
    "a missing term": (lambda g, a, b: (g * b * b - 0.01 * g, 2 * g * a * b), 0),
    "the gradients exchanged": (lambda g, a, b: (2 * g * a * b, g * b * b), 0),
    "all the gradient to the first": (lambda g, a, b: (g * b * b + 2 * g * a * b, None), 0),
    "nothing to the second": (lambda g, a, b: (g * b * b, None), 1),
    "the gradient of another element": (lambda g, a, b: (g[::-1] * b * b, 2 * g * a * b), 0),
    "only the mean of the gradient": (lambda g, a, b: (g.mean() * b * b, 2 * g * a * b), 0),
    "nan": (lambda g, a, b: (g * np.nan, 2 * g * a * b), 0),
}


@pytest.mark.parametrize("name", WRONG)
def test_rejects(name):
    slopes, which = WRONG[name]
    inputs = _input(3), _input(3, seed=1)
    with pytest.raises(GradcheckError, match=rf"(?s)Jacobian mismatch for output 0 with respect to input {which}:.*"
                                             r"numerical:.*analytical:"):  # fmt: skip
        gradcheck(lambda a, b: Product.apply(a, b, slopes=slopes), inputs)
    assert gradcheck(lambda a, b: Product.apply(a, b, slopes=slopes), inputs, raise_exception=False) is False


def test_rejects_an_error_in_a_later_output():
    def double(x):
        return x * 1, Product.apply(x, x.detach(), slopes=lambda g, a, b: (g, None))

    with pytest.raises(GradcheckError, match="for output 1 with respect to input 0"):
        gradcheck(double, _input(3))


def test_the_right_product_is_accepted():
    """The broken ones above fail for their backward and nothing else."""
    slopes = lambda g, a, b: (g * b * b, 2 * g * a * b)  # noqa: E731 - one of a table, as above
    assert gradcheck(lambda a, b: Product.apply(a, b, slopes=slopes), [_input(3), _input(3, seed=1)])


def test_refuses_float32():
    x = reference.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match=r"gradcheck: input 0 must be float64, because float32 .*; got torch\.float32"):
        gradcheck(lambda x: x * 2, x)


def test_leaves_values_and_gradients_as_they_were():
    x = _input(3)
    x.grad = reference.tensor([1.0, 2.0, 3.0], dtype=reference.float64)
    before = x.tolist()
    gradcheck(lambda x: x * x, x)
    assert x.tolist() == before
    assert x.grad.tolist() == [1, 2, 3]


def test_inputs_without_gradient_are_left_out():
    assert gradcheck(lambda x, n: x * n, [_input(3), reference.tensor([1, 2, 3])])
