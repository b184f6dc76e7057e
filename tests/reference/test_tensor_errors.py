"""Wrong use of a tensor is an error whose words say what is wrong."""

import numpy as np
import pytest

from dlcourse import reference

ONE, TWO = reference.ones(2, 3), reference.ones(4)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: reference.tensor([[1, 2], [3]]),
            ValueError,
            "tensor: expected rows of equal length, because a tensor",
        ),
        (lambda: reference.tensor("three"), TypeError, "tensor: expected numbers; got str"),
        (lambda: reference.tensor(["1", "2"]), TypeError, "tensor: expected numbers; got list"),
        (lambda: reference.tensor([None]), TypeError, "tensor: expected numbers; got list holding object"),
        (lambda: reference.as_tensor(np.ones(2, np.float16)), TypeError, "got float16; convert them first"),
        (
            lambda: reference.from_numpy(np.ones(2, np.int8)),
            TypeError,
            "expected numbers of type float32, .*; got int8",
        ),
        (
            lambda: ONE + TWO,
            RuntimeError,
            r"add: the sizes of the two tensors must agree, or be 1, .*\(2, 3\) and \(4,\)",
        ),
        (lambda: reference.maximum(ONE, TWO), RuntimeError, "maximum: the sizes of the two tensors must agree"),
        (lambda: ONE == TWO, RuntimeError, r"the sizes of the two tensors must agree.*got \(2, 3\) and \(4,\)"),
        (lambda: ONE < TWO, RuntimeError, "the sizes of the two tensors must agree"),
        (lambda: reference.where(ONE > 0, ONE, TWO), RuntimeError, "where: the sizes .* must agree"),
        (lambda: ONE + "1", TypeError, r"unsupported operand type\(s\) for \+: 'Tensor' and 'str'"),
        (lambda: ONE @ TWO, RuntimeError, r"matmul: the last size of the first must equal .* got \(2, 3\) and \(4,\)"),
        (lambda: ONE @ reference.ones(()), RuntimeError, "matmul: "),
        (lambda: ONE @ np.ones((3, 2)), TypeError, r"matmul\(\): argument 'other' must be Tensor, not ndarray"),
        (lambda: ONE.mm(TWO), RuntimeError, r"mm: expected two matrices; got \(2, 3\) and \(4,\); use @"),
        (
            lambda: reference.ones(2, 3, 4).t(),
            RuntimeError,
            r"t\(\) expects a tensor with <= 2 dimensions, but self is 3D",
        ),
        (lambda: ONE.reshape(4), RuntimeError, r"shape '\[4\]' is invalid for input of size 6"),
        (lambda: ONE.reshape(-1, -1), RuntimeError, r"shape '\[-1, -1\]' is invalid"),
        (lambda: ONE.view(-1, 4), RuntimeError, r"shape '\[-1, 4\]' is invalid for input of size 6"),
        (lambda: ONE.expand(2, 4), RuntimeError, r"expand: .*\(2, 3\)"),
        (lambda: ONE.expand(3), RuntimeError, r"expand: .*\(2, 3\)"),
        (lambda: ONE.permute(0, 0), RuntimeError, "permute: "),
        (lambda: ONE.sum(2), IndexError, r"Dimension out of range \(expected to be in range of \[-2, 1\], but got 2\)"),
        (lambda: ONE.mean((0, -3)), IndexError, "Dimension out of range"),
        (lambda: ONE.max(5), IndexError, "Dimension out of range"),
        (lambda: ONE.argmax(5), IndexError, "Dimension out of range"),
        (lambda: ONE.softmax(2), IndexError, "Dimension out of range"),
        (lambda: ONE.transpose(0, 2), IndexError, "Dimension out of range"),
        (lambda: ONE.squeeze(2), IndexError, "Dimension out of range"),
        (
            lambda: ONE.unsqueeze(4),
            IndexError,
            r"Dimension out of range \(expected to be in range of \[-3, 2\], but got 4",
        ),
        (lambda: ONE.flatten(0, 2), IndexError, "Dimension out of range"),
        (lambda: reference.cat([ONE, ONE], 2), IndexError, "Dimension out of range"),
        (lambda: reference.cat([ONE, TWO]), RuntimeError, r"cat: .*\(2, 3\).*\(4,\)"),
        (lambda: reference.cat([]), RuntimeError, "cat: expected .* at least one"),
        (lambda: reference.stack([ONE, TWO]), RuntimeError, r"stack: .*\(2, 3\).*\(4,\)"),
        (lambda: reference.arange(3).mean(), RuntimeError, "mean.*must be floating point; got: torch.int64"),
        (lambda: reference.zeros(0).max(), RuntimeError, r"max\(\): .*numel\(\) == 0"),
        (lambda: reference.zeros(0).argmax(), IndexError, r"argmax\(\): .*numel\(\) == 0"),
        (lambda: ONE.clamp(), RuntimeError, "At least one of 'min' or 'max' must not be None"),
        (lambda: ONE.item(), RuntimeError, "a Tensor with 6 elements cannot be converted to Scalar"),
        (lambda: bool(ONE), RuntimeError, "Boolean value of Tensor with more than one value is ambiguous"),
        (lambda: len(reference.tensor(1)), TypeError, r"len\(\) of a 0-d tensor"),
        (lambda: list(reference.tensor(1)), TypeError, "0-d tensor"),
        (lambda: [1, 2][reference.tensor(1.0)], TypeError, "only integer tensors of a single element"),
        (
            lambda: reference.ones(1, requires_grad=True).numpy(),
            RuntimeError,
            r"Use tensor.detach\(\).numpy\(\) instead",
        ),
        (lambda: np.asarray(reference.ones(1, requires_grad=True)), RuntimeError, "requires grad"),
        (lambda: ONE.to("cuda"), TypeError, "expected a dtype such as float64, because this engine knows the CPU only"),
        (lambda: ONE.to(np.float64), TypeError, "to: expected a dtype such as float64"),
        (lambda: reference.set_default_dtype(np.float64), TypeError, "set_default_dtype: expected float32 or float64"),
        (lambda: ONE[5], IndexError, "index 5 is out of bounds"),
        (lambda: ONE[0, 0, 0], IndexError, "too many indices"),
        (lambda: ONE[0.5], IndexError, "only integers, slices"),
        (lambda: ONE[reference.tensor([0.0])], IndexError, "tensors used as indices must be long"),
        (
            lambda: reference.ones(2, requires_grad=True).__setitem__(0, 1.0),
            RuntimeError,
            "a leaf Variable that requires grad is being used in an in-place operation",
        ),
        (lambda: reference.zeros(2, -1), (RuntimeError, ValueError), "negative dimension"),
    ],
)
def test_wrong_use_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
