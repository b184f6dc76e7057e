"""The graph of the engine itself: every tensor that a result was computed from, found by `grad_fn`.

Nothing here knows an expression: the walk reads what the engine remembered.
"""

from dataclasses import dataclass

import numpy as np

from dlcourse.reference import Tensor

SYMBOLS = {"Mul": "×", "Add": "+", "Sub": "−", "Div": "÷", "Neg": "−", "Pow": "square", "Tanh": "tanh",
           "Sigmoid": "σ", "Relu": "ReLU", "MatMul": "@", "Mm": "@", "T": "ᵀ"}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """One tensor of the graph. `operation` made it from `inputs` (their places in the walk); None for a leaf."""

    place: int
    tensor: Tensor
    name: str
    operation: object | None
    inputs: tuple[int, ...]

    @property
    def symbol(self) -> str:
        """The operation as a short word: its class without torch's ending."""
        kind = type(self.operation).__name__
        return self.name if self.operation is None else SYMBOLS.get(kind, kind)

    def downstream(self, upstream: np.ndarray) -> list[np.ndarray]:
        """What the engine's own `backward` of this operation passes to `inputs` for an upstream gradient."""
        grads = self.operation.backward(upstream)
        return [grad for tensor, grad in zip(self.operation.inputs, grads, strict=True) if tensor.requires_grad]


def walk(result: Tensor, names: dict[str, Tensor]) -> list[Node]:
    """All tensors below `result` that need a gradient, each after its inputs; the last one is `result`.

    names: the leaves by name, to label them; a leaf that is not named is called "leaf". Constants (an exponent, a
    factor without gradient) are no part of the graph, as in torch.
    """
    if not result.requires_grad:
        raise ValueError("graph: expected a result that needs a gradient, because only then the engine remembers it.")
    called = {id(tensor): name for name, tensor in names.items()}
    nodes, places, stack = [], {}, [(result, False)]
    while stack:  # a stack instead of recursion: a graph may be deeper than Python's stack
        tensor, ready = stack.pop()
        if id(tensor) in places:
            continue
        before = [t for t in tensor.grad_fn.inputs if t.requires_grad] if tensor.grad_fn else []
        if ready or not before:
            places[id(tensor)] = len(nodes)
            inputs = tuple(places[id(t)] for t in before)
            nodes.append(Node(len(nodes), tensor, called.get(id(tensor), "leaf"), tensor.grad_fn, inputs))
        else:
            stack.append((tensor, True))
            stack.extend((t, False) for t in reversed(before))
    return nodes
