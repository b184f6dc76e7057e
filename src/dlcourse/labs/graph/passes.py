"""The expressions of GraphLab and its two passes over their graph, one operation at a time.

Forward: every operation computes its value. Backward: every operation takes its upstream gradient, multiplies it by
its local derivative and adds the product to the gradient of each input.
"""

from dataclasses import dataclass

import numpy as np

import dlcourse.reference as engine
from dlcourse.labs.graph.walk import Node, walk

LEAVES = ("x1", "x2", "w1", "w2", "w3", "w4", "v1", "v2", "t")


@dataclass(frozen=True)
class Expression:
    """Lines of code that leave their result in `f`.

    overwritten: the same for the gradient of a learner who forgot to add: of two uses only the one that comes last in
    the backward pass counts, so the other is cut off. weights: the leaves that training may change.
    """

    source: str
    overwritten: str
    leaves: tuple[str, ...]
    weights: tuple[str, ...]


def _expression(source: str, weights: str, overwritten: str = "") -> Expression:
    leaves = tuple(name for name in LEAVES if name in source)
    return Expression(source, overwritten or source, leaves, tuple(weights.split()))


_NET = "h1, h2 = (w1 * {a} + w2 * {b}).tanh(), (w3 * {c} + w4 * {d}).tanh()\nf = (v1 * h1 + v2 * h2 - t) ** 2"
EXPRESSIONS = {
    "(x₁ + x₂) · w₁": _expression("f = (x1 + x2) * w1", "w1"),
    "(x₁ + w₁) · x₁, x₁ used twice": _expression("f = (x1 + w1) * x1", "w1", "f = (x1 + w1) * x1.detach()"),
    "SiLU: z · σ(z), z = w₁x₁": _expression(
        "z = w1 * x1\nf = z * z.sigmoid()", "w1", "z = w1 * x1\nf = z.detach() * z.sigmoid()"
    ),
    "sigmoid neuron: (σ(w₁x₁ + w₂x₂) − t)²": _expression("f = ((w1 * x1 + w2 * x2).sigmoid() - t) ** 2", "w1 w2"),
    "ReLU neuron: (ReLU(w₁x₁ + w₂x₂) − t)²": _expression("f = ((w1 * x1 + w2 * x2).relu() - t) ** 2", "w1 w2"),
    "2-2-1 network": _expression(
        _NET.format(a="x1", b="x2", c="x1", d="x2"), "w1 w2 w3 w4 v1 v2",
        _NET.format(a="x1", b="x2", c="x1.detach()", d="x2.detach()"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Share:
    """What one operation passes to one of its inputs: upstream × local = downstream."""

    node: int
    local: float
    downstream: float
    before: float | None  # what the input had received already
    after: float
    added: bool = True  # after is before + downstream, not downstream alone


@dataclass(frozen=True)
class Passes:
    """The graph at one moment of the two passes."""

    nodes: list[Node]
    step: int
    steps: int  # in all: forward operations, the seed ∂f/∂f = 1, backward operations
    current: int | None  # the node whose operation is computed in this step
    phase: str  # "start", "forward", "seed" or "backward"
    known: list[bool]  # has a value
    gradients: list[float | None]  # received so far
    waiting: list[bool]  # a part has arrived, another part is still to come
    shares: list[Share]  # of this step

    @property
    def done(self) -> bool:
        return self.step == self.steps


def run(expression: Expression, values: dict, source: str | None = None) -> engine.Tensor:
    """The result `f` of an expression for tensors or numbers by name; the text is the one that `code()` shows."""
    scope = {name: values[name] for name in expression.leaves}
    exec(source or expression.source, scope)
    return scope["f"]


def graph_of(expression: Expression, values: dict[str, float]) -> list[Node]:
    """Run the expression on the engine and walk the graph that it remembered."""
    leaves = {n: engine.tensor(values[n], dtype=engine.float64, requires_grad=True) for n in expression.leaves}
    return walk(run(expression, leaves), leaves)


def passes(nodes: list[Node], step: int, add: bool = True, left_over: bool = False) -> Passes:
    """The graph after `step` steps, at most all of them.

    add: where two gradients arrive, add them (else the later one overwrites: a bug). left_over: the leaves still hold
    the gradients of a pass before this one (nobody called zero_grad: a bug).
    """
    operations = [n for n, node in enumerate(nodes) if node.operation is not None]
    count = len(operations)
    steps = 2 * count + 1
    step = min(step, steps)
    gradients: list[float | None] = [None] * len(nodes)
    if left_over:
        gradients = passes(nodes, steps, add).gradients
        gradients = [g if node.operation is None else None for g, node in zip(gradients, nodes, strict=True)]
    pending = [sum(node.inputs.count(n) for node in nodes) for n in range(len(nodes))]
    if step > count:
        gradients[-1] = 1.0
    shares: list[Share] = []
    for n in operations[::-1][: max(step - count - 1, 0)]:
        shares = _share(nodes[n], gradients, add)
        for share in shares:
            pending[share.node] -= 1
    current, phase = None, "start"
    if step > count + 1:
        current, phase = operations[::-1][step - count - 2], "backward"
    elif step:
        current, phase = operations[min(step, count) - 1], "forward" if step <= count else "seed"
    known = [node.operation is None or n in operations[:step] for n, node in enumerate(nodes)]
    started = [pending[n] < sum(node.inputs.count(n) for node in nodes) for n in range(len(nodes))]
    waiting = [begun and left > 0 for begun, left in zip(started, pending, strict=True)]
    return Passes(nodes, step, steps, current, phase, known, gradients, waiting, shares)


def _share(node: Node, gradients: list[float | None], add: bool) -> list[Share]:
    """One backward step: changes the gradients of the node's inputs, returns what was passed."""
    upstream = gradients[node.place]
    downstream, local = node.downstream(np.array(upstream)), node.downstream(np.array(1.0))
    shares = []
    for n, slope, part in zip(node.inputs, local, downstream, strict=True):
        after = float(part) + (gradients[n] or 0.0) if add else float(part)
        shares.append(Share(n, float(slope), float(part), gradients[n], after, add))
        gradients[n] = after
    return shares


def evaluate(expression: Expression, values: dict[str, float], moves: np.ndarray) -> np.ndarray:
    """f with the leaves moved: moves (M, leaves) is added to the values, one row a try. All tries at once."""
    start = np.array([values[name] for name in expression.leaves])
    with engine.no_grad():
        columns = (start + moves).T
        tensors = {n: engine.tensor(c, dtype=engine.float64) for n, c in zip(expression.leaves, columns, strict=True)}
        return run(expression, tensors).numpy()


def numeric_gradient(expression: Expression, values: dict[str, float], h: float = 1e-5) -> np.ndarray:
    """(f(v + h) − f(v − h)) / 2h for each leaf in turn, in float64."""
    moves = h * np.eye(len(expression.leaves))
    return (evaluate(expression, values, moves) - evaluate(expression, values, -moves)) / (2 * h)
