"""The graph can be inspected: its nodes have torch's names and know what they pass their gradient to."""

import pytest
import torch

from dlcourse import reference


def leaf(engine, values):
    return engine.tensor(values, dtype=engine.float64, requires_grad=True)


NAMES = {
    "x + y": lambda x: x + x, "x - y": lambda x: x - x, "x * y": lambda x: x * x, "x / y": lambda x: x / x,
    "-x": lambda x: -x, "exp": lambda x: x.exp(), "log": lambda x: x.log(), "sqrt": lambda x: x.sqrt(),
    "tanh": lambda x: x.tanh(), "sigmoid": lambda x: x.sigmoid(), "relu": lambda x: x.relu(), "abs": lambda x: x.abs(),
    "sin": lambda x: x.sin(), "cos": lambda x: x.cos(), "clamp": lambda x: x.clamp(0, 1), "sum": lambda x: x.sum(),
    "sum(0)": lambda x: x.sum(0), "mean": lambda x: x.mean(), "mean(0)": lambda x: x.mean(0),
    "matrix product": lambda x: x @ x, "clone": lambda x: x.clone(), "double": lambda x: x.float(),
    "permute": lambda x: x.permute(1, 0), "amax": lambda x: x.amax(0), "max": lambda x: x.max(0)[0],
    "var": lambda x: x.var(0), "logsumexp": lambda x: x.logsumexp(0), "softmax": lambda x: x.softmax(0),
    "log_softmax": lambda x: x.log_softmax(0), "view": lambda x: x.view(4), "power": lambda x: x**2,
    "index": lambda x: x[x > 0.3], "expand": lambda x: x.expand(3, 2, 2), "round": lambda x: x.round(),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_nodes_are_named_as_in_torch(name):
    ours, theirs = (NAMES[name](leaf(engine, [[0.5, 0.2], [0.1, 0.9]])) for engine in (reference, torch))
    assert ours.grad_fn.name() == theirs.grad_fn.name()


def test_the_graph_can_be_walked():
    def walk(engine):
        x, w = leaf(engine, [[0.5, 0.2]]), leaf(engine, [[0.5], [0.1]])
        loss = ((x @ w).tanh() * 2 - 1).sum()
        lines, stack = [], [(0, loss.grad_fn)]
        while stack:
            depth, node = stack.pop()
            lines.append((depth, node.name().rpartition("::")[2]))
            stack += [(depth + 1, below) for below, _ in node.next_functions if below is not None]
        return lines

    lines = walk(reference)
    assert lines == walk(torch)
    assert [name for _, name in lines].count("AccumulateGrad") == 2


def test_the_end_of_a_path_is_the_leaf():
    x = leaf(reference, [1.0])
    (end, _), (nothing, _) = (x * reference.ones(1, dtype=reference.float64)).grad_fn.next_functions
    assert end.variable is x
    assert nothing is None
    assert repr(end) == "<AccumulateGrad>"
    assert repr((x * 2).grad_fn) == "<MulBackward0>"
