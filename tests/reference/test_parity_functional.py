"""Every function of nn.functional equals torch's, with its gradient, called by position and by name."""

import numpy as np
import pytest
import torch

from dlcourse import reference
from tests.reference.parity import assert_parity, fixed, function, real, whole

CLASSES = whole(5, below=4)
CHANCES = real(5, 4, low=0.05, high=0.95)

ACTIVATIONS = [
    function("linear", lambda e, x, w, b: e.nn.functional.linear(x, w, b), real(5, 4), real(3, 4), real(3)),
    function("linear without bias", lambda e, x, w: e.nn.functional.linear(x, weight=w), real(5, 2, 4), real(3, 4)),
    *[function(name, lambda e, x, n=name: getattr(e.nn.functional, n)(x), real(5, 4))
      for name in ("relu", "sigmoid", "tanh", "softplus")],
    function("softplus, beta and threshold", lambda e, x: e.nn.functional.softplus(x, beta=3, threshold=2), real(5, 4)),
    function("softplus around its threshold", lambda e, x: e.nn.functional.softplus(x),
             fixed([-800.0, -20.0, 0.0, 19.9, 20.0, 20.1, 800.0])),
    function("softmax", lambda e, x: [e.nn.functional.softmax(x, 1), e.nn.functional.softmax(x, dim=-1)],
             real(5, 4, 3)),
    function("log_softmax", lambda e, x: [e.nn.functional.log_softmax(x, 1), e.nn.functional.log_softmax(x, dim=0)],
             real(5, 4, 3)),
    function("dropout in evaluation", lambda e, x: e.nn.functional.dropout(x, 0.4, training=False), real(5, 4)),
    function("dropout of all and of none", lambda e, x: [e.nn.functional.dropout(x, p) for p in (0.0, 1.0)],
             real(5, 4)),
    function("one_hot", lambda e, t: [e.nn.functional.one_hot(t), e.nn.functional.one_hot(t, num_classes=6)], CLASSES),
    function("one_hot of pictures", lambda e, t: e.nn.functional.one_hot(t, 4), whole(2, 3, below=4)),
]  # fmt: skip


def _loss(name: str, *inputs, **options):
    text = ", ".join([name, *(f"{key}={value}" for key, value in options.items())])
    return function(text, lambda e, *tensors: getattr(e.nn.functional, name)(*tensors, **options), *inputs)


LOSSES = [
    case
    for reduction in ("mean", "sum", "none")
    for case in [
        _loss("mse_loss", real(5, 4), real(5, 4), reduction=reduction),
        _loss("l1_loss", real(5, 4), real(5, 4), reduction=reduction),
        _loss("binary_cross_entropy", CHANCES, CHANCES, reduction=reduction),
        _loss("binary_cross_entropy", CHANCES, CHANCES, real(4, grad=False), reduction=reduction),
        _loss("binary_cross_entropy_with_logits", real(5, 4), CHANCES, reduction=reduction),
        _loss("binary_cross_entropy_with_logits", real(5, 4), CHANCES, real(5, 1, grad=False), reduction=reduction),
        _loss("nll_loss", real(5, 4), CLASSES, reduction=reduction),
        _loss("nll_loss", real(5, 4), CLASSES, real(4, low=0.1, grad=False), reduction=reduction, ignore_index=2),
        _loss("cross_entropy", real(5, 4), CLASSES, reduction=reduction),
        _loss("cross_entropy", real(5, 4), CLASSES, real(4, low=0.1, grad=False), reduction=reduction, ignore_index=1,
              label_smoothing=0.3),
        _loss("cross_entropy", real(5, 4), CHANCES, reduction=reduction, label_smoothing=0.3),
    ]
]  # fmt: skip


@pytest.mark.parametrize("case", [*ACTIVATIONS, *LOSSES], ids=str)
def test_function_equals_torch(case):
    assert_parity(case)


def test_dropout_keeps_the_right_share_and_scales_it():
    reference.manual_seed(0)
    ones = reference.ones(20_000, requires_grad=True)
    output = reference.nn.functional.dropout(ones, p=0.3)
    values = output.detach().numpy()
    assert set(np.unique(values)) == {np.float32(0), np.float32(1 / 0.7)}
    assert abs((values == 0).mean() - 0.3) < 0.01
    output.sum().backward()
    np.testing.assert_array_equal(ones.grad.numpy(), values)  # the same mask backward


def test_dropout_draws_another_mask_each_time_and_the_same_for_a_seed():
    draws = []
    for _ in range(2):
        reference.manual_seed(3)
        draws.append([reference.nn.functional.dropout(reference.ones(50)).tolist() for _ in range(2)])
    assert draws[0] == draws[1]
    assert draws[0][0] != draws[0][1]


F, T = reference.nn.functional, reference.tensor
A, B = T([[1.0, 2.0]]), T([[1.0], [2.0]])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: F.mse_loss(A, B),
            ValueError,
            r"mse_loss: input and target must have the same shape, because .*"
            r"got \(1, 2\) and \(2, 1\)",
        ),
        (lambda: F.l1_loss(A, B), ValueError, r"l1_loss: input and target must have the same shape"),
        (lambda: F.binary_cross_entropy(A / 2, B), ValueError, "binary_cross_entropy: .* the same shape"),
        (lambda: F.binary_cross_entropy_with_logits(A, B), ValueError, "with_logits: .* the same shape"),
        (lambda: F.binary_cross_entropy(A, A), RuntimeError, "between 0 and 1; for logits use .*_with_logits"),
        (lambda: F.binary_cross_entropy(T([float("nan")]), T([1.0])), RuntimeError, "between 0 and 1"),
        (lambda: F.mse_loss(A, A, reduction="average"), ValueError, "average is not a valid value for reduction"),
        (
            lambda: F.cross_entropy(A, T([0.0])),
            RuntimeError,
            "expected class numbers of type int64 as target; got "
            r"torch.float32; use .long\(\)",
        ),
        (
            lambda: F.cross_entropy(A, T([0, 1])),
            ValueError,
            r"target must have shape \(1,\) because input is \(1, 2\); "
            r"got \(2,\)",
        ),
        (lambda: F.cross_entropy(A, T([2])), IndexError, "Target 2 is out of bounds; class numbers run from 0 to 1"),
        (lambda: F.nll_loss(A, T([-1])), IndexError, "nll_loss: Target -1 is out of bounds"),
        (lambda: F.cross_entropy(A, T([0]), label_smoothing=1.5), RuntimeError, "label_smoothing must be between"),
        (lambda: F.softmax(A, None), TypeError, "softmax: dim must be given, because guessing"),
        (lambda: reference.nn.Softmax()(A), TypeError, "softmax: dim must be given"),
        (lambda: F.log_softmax(A, None), TypeError, "log_softmax: dim must be given"),
        (
            lambda: F.mse_loss(A, [[1.0, 2.0]]),
            TypeError,
            r"mse_loss: argument 'target' must be Tensor, not list; make one with te",
        ),
        (
            lambda: F.binary_cross_entropy(np.ones(2), A),
            TypeError,
            "cross_entropy: argument 'input' must be Tensor, not ndarray",
        ),
        (lambda: F.linear(np.ones((1, 2)), A), TypeError, "linear: argument 'input' must be Tensor, not ndarray"),
        (lambda: F.dropout(A, 1.5), ValueError, "dropout probability has to be between 0 and 1, but got 1.5"),
        (lambda: reference.nn.Dropout(-0.1), ValueError, "dropout probability has to be between 0 and 1, but got -0.1"),
        (
            lambda: F.linear(A, T([[1.0, 2.0, 3.0]])),
            RuntimeError,
            r"linear: input must have shape \(…, 3\) because "
            r"weight is \(1, 3\); got \(1, 2\)",
        ),
        (
            lambda: reference.nn.Linear(2, 1)(A.double()),
            RuntimeError,
            "linear: input and weight must have the same dtype.*float64 != torch.float32; convert",
        ),
    ],
)
def test_wrong_arguments_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("name", ["mse_loss", "cross_entropy", "binary_cross_entropy_with_logits"])
def test_nan_goes_through_to_the_loss(name):
    """No error and no silent repair: training shows the learner a loss of nan, as torch does."""
    inputs = [[float("nan"), 1.0]], [[0.0, 1.0]]
    assert np.isnan(getattr(F, name)(*map(reference.tensor, inputs)).item())
    assert np.isnan(getattr(torch.nn.functional, name)(*map(torch.tensor, inputs)).item())
