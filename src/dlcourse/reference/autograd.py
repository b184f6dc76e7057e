"""Reverse-mode differentiation: the walk back through the graph.

`backward` visits the operations of the graph from the result to the leaves, each once and only after everything that
used its result, and adds where a value was used more than once (the multivariate chain rule; Rumelhart, Hinton &
Williams 1986).
"""

import numpy as np

from dlcourse.reference import graph
from dlcourse.reference.grad_mode import enable_grad, is_grad_enabled, no_grad, set_grad_enabled
from dlcourse.reference.graph import Function, node_of, wrap

__all__ = ["Function", "enable_grad", "grad", "is_grad_enabled", "no_grad", "set_grad_enabled"]


@np.errstate(all="ignore")  # infinity and nan pass through in silence, as in torch
def backward(results: tuple, gradients: list, retain_graph: bool = False, wanted: set | None = None) -> dict:
    """Add d(Σ results · gradients)/d(leaf) to the `grad` of every leaf below the results that requires one; or, if
    nodes are wanted, only return the gradients that arrive at these."""
    pending, caught = {}, {}
    for result, gradient in zip(results, gradients, strict=True):
        node = node_of(result)
        pending[node] = pending[node] + gradient if node in pending else gradient
    if None in pending:
        raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
    order = _from_results_to_leaves(list(pending))
    useful = None if wanted is None else _leading_to(wanted, order)
    for node in order:
        if node not in pending:
            continue
        grad = _hooked(node, pending.pop(node))
        if wanted is not None:
            if node in wanted:
                caught[node] = grad
            if node not in useful:
                continue
        if node.freed:
            raise RuntimeError(
                "Trying to backward through the graph a second time: its saved values were freed by the first. "
                "Specify retain_graph=True in the first call, or compute the result again."
            )
        for version, number in node.kept:
            if version[0] != number:
                node.complain(number, version[0])
        for receiver, part in zip(node.next_nodes, node.backward(grad), strict=True):
            if receiver is not None and part is not None:
                pending[receiver] = pending[receiver] + part if receiver in pending else part
        if not retain_graph:
            node.free()
    for leaf, grad in pending.items():
        if wanted is not None:
            if leaf in wanted:
                caught[leaf] = _hooked(leaf, grad)
        elif leaf.variable is not None and leaf.variable.requires_grad:
            _accumulate(leaf.variable, _hooked(leaf, grad))
    return caught


def _from_results_to_leaves(starts: list) -> list:
    """All operations below the starts, each before the nodes that it passes gradients to. A stack instead of recursion:
    the graph of a long sequence is deeper than Python's stack."""
    order, seen, stack = [], set(), [(start, False) for start in starts]
    while stack:
        node, finished = stack.pop()
        if finished:
            order.append(node)
        elif node not in seen and node.next_nodes:
            seen.add(node)
            stack.append((node, True))
            for below in node.next_nodes:
                if below is not None and below not in seen:
                    stack.append((below, False))
    return order[::-1]


def _leading_to(wanted: set, order: list) -> set:
    """The nodes below which a wanted one lies: only these need to compute."""
    useful = set()
    for node in reversed(order):
        if any(below in wanted or below in useful for below in node.next_nodes):
            useful.add(node)
    return useful


def _hooked(node, grad: np.ndarray) -> np.ndarray:
    """The gradient after the node's hooks, each of which may return another one; tensors that retain it get it."""
    for hook in list(node.hooks.values()):
        changed = hook(wrap(grad))
        grad = grad if changed is None else changed._array
    for tensor in node.retaining:
        if tensor() is not None:
            _accumulate(tensor(), grad)
    return grad


def _accumulate(tensor, grad: np.ndarray) -> None:
    """Add to the gradient of a leaf, in the memory that it has."""
    if grad.dtype != tensor._array.dtype:
        grad = grad.astype(tensor._array.dtype)
    if tensor._grad is None:
        tensor._grad = wrap(np.array(grad))  # a copy: the array may be shared with other gradients
    else:
        tensor._grad._array += grad
        tensor._grad._version[0] += 1


def grad(outputs, inputs, grad_outputs=None, retain_graph: bool | None = None, *, allow_unused: bool = False) -> tuple:
    """d(Σ outputs)/d(input) for each input, as a tuple; the `.grad` of no tensor is touched.

    outputs, inputs: a tensor or several. grad_outputs: what each output is multiplied by; needed where it holds more
    than one number. RuntimeError for an input that the outputs do not depend on, or None for it with allow_unused.
    """
    outputs, inputs = _several(outputs), _several(inputs)
    upstream = [None] * len(outputs) if grad_outputs is None else _several(grad_outputs)
    nodes = [node_of(tensor) for tensor in inputs]
    if None in nodes:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    gradients = [upstream_of(output, given) for output, given in zip(outputs, upstream, strict=True)]
    caught = backward(outputs, gradients, bool(retain_graph), wanted=set(nodes))
    if not allow_unused and not all(node in caught for node in nodes):
        raise RuntimeError(
            "One of the differentiated Tensors appears to not have been used in the graph; pass allow_unused=True if "
            "that is meant."
        )
    return tuple(wrap(np.array(caught[node])) if node in caught else None for node in nodes)


def _several(tensors) -> tuple:
    return (tensors,) if isinstance(tensors, graph._tensor_class) else tuple(tensors)


def upstream_of(result, gradient) -> np.ndarray:
    """The gradient that backward starts with: 1 for a single number, else it must be given in the result's shape."""
    if not result.requires_grad:
        raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
    if gradient is None:
        if result._array.size != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        return np.ones_like(result._array)
    if gradient._array.shape != result._array.shape:
        raise RuntimeError(
            f"backward: gradient must have shape {result._array.shape}, the shape of the tensor; "
            f"got {gradient._array.shape}."
        )
    return gradient._array.astype(result._array.dtype, copy=False)


def __getattr__(name: str):
    if name == "gradcheck":  # it needs Tensor, which needs this module
        from dlcourse.reference.gradcheck import gradcheck

        return gradcheck
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
