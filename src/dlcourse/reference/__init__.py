"""The reference engine: deep learning in NumPy, under PyTorch's names.

`import dlcourse.reference as engine` and `import torch as engine` are interchangeable for everything the course uses.
"""

from dlcourse.reference import autograd, nn, optim
from dlcourse.reference.creation import (
    arange,
    empty,
    eye,
    from_numpy,
    full,
    linspace,
    ones,
    ones_like,
    rand,
    randint,
    randn,
    randperm,
    zeros,
    zeros_like,
)
from dlcourse.reference.dtypes import (
    bool,
    double,
    dtype,
    float,
    float32,
    float64,
    get_default_dtype,
    int64,
    long,
    set_default_dtype,
)
from dlcourse.reference.functions import (
    abs,
    allclose,
    argmax,
    cat,
    clamp,
    cos,
    cumsum,
    equal,
    exp,
    log,
    logsumexp,
    matmul,
    max,
    maximum,
    mean,
    min,
    minimum,
    prod,
    relu,
    round,
    sigmoid,
    sign,
    sin,
    softmax,
    sqrt,
    stack,
    sum,
    tanh,
    where,
)
from dlcourse.reference.grad_mode import enable_grad, is_grad_enabled, no_grad, set_grad_enabled
from dlcourse.reference.random import Generator, manual_seed
from dlcourse.reference.tensor import Size, Tensor, as_tensor, tensor

__all__ = [
    "Generator", "Size", "Tensor", "abs", "allclose", "arange", "argmax", "as_tensor", "autograd", "bool", "cat",
    "clamp", "cos", "cumsum", "double", "dtype", "empty", "enable_grad", "equal", "exp", "eye", "float", "float32",
    "float64", "from_numpy", "full", "get_default_dtype", "int64", "is_grad_enabled", "linspace", "log",
    "logsumexp", "long", "manual_seed", "matmul", "max", "maximum", "mean", "min", "minimum", "nn", "no_grad",
    "ones", "ones_like", "optim", "prod", "rand", "randint", "randn", "randperm", "relu", "round",
    "set_default_dtype", "set_grad_enabled", "sigmoid", "sign", "sin", "softmax", "sqrt", "stack", "sum", "tanh",
    "tensor", "where", "zeros", "zeros_like",
]  # fmt: skip
