"""The signatures of the NumPy engine beside torch's: what a test compares and the reference page lists."""

import inspect
import re

import torch

from dlcourse import reference

CONTAINERS = ("Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict")
TYPES = {"Generator", "Size", "Tensor", "autograd", "dtype", "nn", "optim"}  # no functions

POOLING = "(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False)"
# Where torch's documentation has several forms, or names that its parser does not take.
WRITTEN_OUT = {
    "torch.arange": "(start, end, step=1, *, out=None, dtype=None, device=None, requires_grad=False)",
    "torch.argmax": "(input, dim=None, keepdim=False)",
    "torch.mean": "(input, dim=None, keepdim=False, *, dtype=None, out=None)",
    "torch.randint": "(low, high, size=None, *, generator=None, out=None, dtype=None, requires_grad=False)",
    "torch.relu": "(input)",
    "torch.sum": "(input, dim=None, keepdim=False, *, dtype=None)",
    "torch.Tensor.detach": "()",
    "torch.Tensor.detach_": "()",
    "torch.Tensor.div_": "(other, *, rounding_mode=None)",
    "torch.Tensor.div": "(other, *, rounding_mode=None)",
    "torch.Tensor.flip": "(*dims)",
    "torch.Tensor.floor_divide_": "(other)",
    "torch.Tensor.mul": "(other)",
    "torch.Tensor.std": "(dim=None, *, unbiased=True, correction=1, keepdim=False)",
    "torch.Tensor.type": "(dtype=None, non_blocking=False)",
    "torch.Tensor.type_as": "(other)",
    "torch.Tensor.var": "(dim=None, *, unbiased=True, correction=1, keepdim=False)",
    "torch.max": "(input, dim=None, keepdim=False, *, out=None)",
    "torch.min": "(input, dim=None, keepdim=False, *, out=None)",
    "torch.prod": "(input, dim=None, keepdim=False, *, dtype=None)",
    "torch.Tensor.relu_": "()",
    "torch.Tensor.round_": "(*, decimals=0)",
    "torch.Tensor.uniform_": "(from_=0, to=1, *, generator=None)",  # torch's "from" is a word of Python
    "torch.Tensor.log_softmax": "(dim, dtype=None)",
    "torch.Tensor.matmul": "(other)",
    "torch.Tensor.mul_": "(other)",
    "torch.Tensor.relu": "()",
    "torch.Tensor.round": "(*, decimals=0)",
    "torch.Tensor.softmax": "(dim, dtype=None)",
    "torch.Tensor.to": "(*target, dtype=None, device=None, non_blocking=False, copy=False)",
    "torch.nn.GRU": "(input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, "
                    "bidirectional=False, device=None, dtype=None)",
    "torch.nn.LSTM": "(input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, "
                     "bidirectional=False, proj_size=0, device=None, dtype=None)",
    "torch.nn.RNN": "(input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False, "
                    "dropout=0.0, bidirectional=False, device=None, dtype=None)",
    "torch.nn.functional.max_pool1d": POOLING,
    "torch.nn.functional.max_pool2d": POOLING,
    "torch.nn.Module.to": "(*args, device=None, dtype=None, non_blocking=False)",
    "torch.nn.Module.state_dict": "(*, destination=None, prefix='', keep_vars=False)",
}  # fmt: skip


def _public(owner) -> list[str]:
    found = {}
    for part in reversed(
        [part for part in owner.__mro__ if part is not object] if isinstance(owner, type) else [owner]
    ):
        found |= vars(part)  # Tensor's methods stand in one class a topic
    return [name for name, value in found.items() if not name.startswith("_") and callable(value)]


def _beyond_module(module: type) -> list[str]:
    return [name for name in _public(module) if name not in _public(reference.nn.Module)]


def pairs() -> dict:
    """name in torch -> (ours, torch's), for every public function, class and method of the engine."""
    nn, optim = reference.nn, reference.optim
    names = {
        "torch": (reference, torch, sorted(set(reference.__all__) - TYPES)),
        "torch.Tensor": (reference.Tensor, torch.Tensor, _public(reference.Tensor)),
        "torch.nn": (nn, torch.nn, sorted(set(nn.__all__) - {"functional", "init", "utils"})),
        "torch.nn.Module": (nn.Module, torch.nn.Module, _public(nn.Module)),
        **{
            f"torch.nn.{name}": (getattr(nn, name), getattr(torch.nn, name), _beyond_module(getattr(nn, name)))
            for name in CONTAINERS
        },
        "torch.nn.Embedding": (nn.Embedding, torch.nn.Embedding, ["from_pretrained"]),
        "torch.nn.functional": (nn.functional, torch.nn.functional, nn.functional.__all__),
        "torch.nn.init": (nn.init, torch.nn.init, [n for n in _public(nn.init) if n.endswith("_") or "gain" in n]),
        "torch.nn.utils": (nn.utils, torch.nn.utils, ["clip_grad_norm_", "clip_grad_value_"]),
        "torch.optim": (optim, torch.optim, optim.__all__),
        "torch.optim.Optimizer": (optim.Optimizer, torch.optim.Optimizer, _public(optim.Optimizer)),
        "torch.autograd": (reference.autograd, torch.autograd, ["gradcheck"]),
    }
    mine = {"torch.optim.Optimizer.update", "torch.int64", "torch.float32", "torch.float64"}
    return {
        f"{path}.{name}": (getattr(ours, name), getattr(theirs, name, None))
        for path, (ours, theirs, public) in names.items()
        for name in public
        if callable(getattr(ours, name)) and f"{path}.{name}" not in mine
    }


def of_torch(path: str, function) -> inspect.Signature:
    """From Python where it knows, else from the table above, else from the first line of torch's documentation."""
    if path in WRITTEN_OUT:
        return parsed(WRITTEN_OUT[path])
    try:
        return without_self(inspect.signature(function))
    except ValueError:
        name = path.rpartition(".")[2]
        line = re.search(rf"^\s*{name}(\(.*?\))(?: ->|$)", function.__doc__, re.MULTILINE)[1]
        return parsed(re.sub(r"(\*\w+), \*,", r"\1,", line))  # "*size, *, out" is no Python


def parsed(parameters: str) -> inspect.Signature:
    namespace = {"torch": torch}
    exec(f"from __future__ import annotations\ndef parsed{parameters}: pass", namespace)
    return inspect.signature(namespace["parsed"])


def without_self(signature: inspect.Signature) -> inspect.Signature:
    return signature.replace(parameters=[p for p in signature.parameters.values() if p.name != "self"])


def unsupported(path: str, ours, theirs) -> list[str]:
    """The arguments that only torch's takes."""
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    own = inspect.signature(ours).parameters
    return [n for n, p in of_torch(path, theirs).parameters.items() if n not in own and p.kind not in variadic]
