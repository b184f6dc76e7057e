"""GraphLab: the graph that the engine remembers, with the value and the gradient of every node.

Forward every operation computes its value; backward upstream × local = downstream, added where a value was used twice
(Rumelhart, Hinton & Williams 1986). Beside it every gradient is checked by wiggling its leaf.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import blank_axes
from dlcourse.labs.graph.drawing import BOX, fill, outline, places, wire
from dlcourse.labs.graph.passes import EXPRESSIONS, LEAVES, Passes, evaluate, graph_of, numeric_gradient, passes
from dlcourse.labs.graph.words import PRETTY, called, explain, headline
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, LARGE, ORANGE_TEXT, SMALL
from dlcourse.labs.rounding import signed
from dlcourse.labs.settings import State, choice, integer, number, switch
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

SUM, TWICE, SILU, SIGMOID, RELU, NETWORK = EXPRESSIONS
RATE = 0.5  # of the button that changes the weights
LAST = 27  # steps of the largest graph


def _leaf(default: float, label: str, what: str):
    return number(default, low=-2, high=2, step=0.01, label=label, help=what)


@dataclass(frozen=True)
class GraphState(State):
    """The leaves run from −2 to 2 without unit; epsilon is how far the wiggle test moves each of them."""

    expression: str = choice(TWICE, EXPRESSIONS, label="Expression", help="What is computed from the leaves")
    epsilon: float = number(0.1, low=-0.5, high=0.5, step=0.01, label="wiggle ε", help="How far each leaf is moved")
    overwrite: bool = switch(False, label="Bug: forgot to add", help="A second gradient overwrites the first")
    left_over: bool = switch(
        False, label="Bug: forgot zero_grad", help="The leaves keep the gradients of a pass before"
    )
    x1: float = _leaf(1.0, "x₁", "First input")
    x2: float = _leaf(0.5, "x₂", "Second input")
    w1: float = _leaf(0.6, "w₁", "First weight")
    w2: float = _leaf(-0.4, "w₂", "Second weight")
    w3: float = _leaf(-0.2, "w₃", "Weight of x₁ in the second hidden unit")
    w4: float = _leaf(1.0, "w₄", "Weight of x₂ in the second hidden unit")
    v1: float = _leaf(0.5, "v₁", "Weight of the first hidden unit")
    v2: float = _leaf(-1.0, "v₂", "Weight of the second hidden unit")
    t: float = _leaf(0.8, "t", "Target")
    step: int = integer(0, low=0, high=LAST, label="Step", help="First forward, then backward", play=True)

    @property
    def values(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in EXPRESSIONS[self.expression].leaves}


@dataclass(frozen=True)
class GraphResult:
    passes: Passes
    value: float  # of the whole expression
    gradients: dict[str, float | None]  # as they stand at this step, bugs included
    numeric: dict[str, float]  # central difference, h = 1e-5
    actual: dict[str, float]  # change of the result when the leaf moves by ε
    agrees: dict[str, bool]  # whether the gradient that stands is the numeric one


def compute_graph(state: GraphState) -> GraphResult:
    expression, values = EXPRESSIONS[state.expression], state.values
    nodes = graph_of(expression, values)
    now = passes(nodes, state.step, add=not state.overwrite, left_over=state.left_over)
    gradients = {node.name: g for node, g in zip(nodes, now.gradients, strict=True) if node.operation is None}
    value = nodes[-1].tensor.item()
    numeric = dict(zip(expression.leaves, numeric_gradient(expression, values).tolist(), strict=True))
    moved = evaluate(expression, values, state.epsilon * np.eye(len(values)))
    actual = dict(zip(expression.leaves, (moved - value).tolist(), strict=True))
    agrees = {n: g is not None and abs(g - numeric[n]) <= 1e-6 * max(1.0, abs(g)) for n, g in gradients.items()}
    return GraphResult(now, value, gradients, numeric, actual, agrees)


# -- view -----------------------------------------------------------------------------------------------------------

AREA = (8, 26, 562, 388)  # left, top, width, height of the graph in pixels of the figure
KNOB = BOX[1] / 2 + 8  # pixels from the middle of a leaf down to its knob
PANEL = 586  # left edge of the panel
COLUMNS = (PANEL + 11, PANEL + 54, PANEL + 112, PANEL + 172, PANEL + 226)  # of the table
TABLE = 214  # top of the table


class GraphView(View):
    size = (840, 420)

    def __init__(self, figure):
        self.axes = axes = blank_axes(figure, (0, 0, *self.size))
        self.edges = axes.add_collection(LineCollection([], zorder=1), autolim=False)
        self.boxes = axes.add_collection(PolyCollection([], zorder=2), autolim=False)
        self.tracks = axes.add_collection(LineCollection([], colors=FAINT, linewidths=3, zorder=1.5), autolim=False)
        self.knobs = axes.plot([], [], "o", markersize=7, color=BLUE, zorder=3)[0]
        self.flow = [axes.plot([], [], mark, markersize=8, zorder=3)[0] for mark in ("<", ">")]
        self.words = Words(axes)
        self._make_panel(axes)
        self.moving = [self.edges, self.boxes, self.tracks, self.knobs, *self.flow, self.words]

    def _make_panel(self, axes):
        axes.text(PANEL, 14, "This step", fontsize=LARGE, color=INK, va="center")
        axes.text(PANEL, TABLE - 20, "Gradient check and wiggle test", fontsize=LARGE, color=INK, va="center")
        for x, name in zip(COLUMNS, ("leaf", "∂", "numeric", "ε·∂", "change"), strict=True):
            axes.text(x, TABLE, name, fontsize=SMALL, color=GREY, ha="center", va="center")
        axes.plot([PANEL, PANEL + 250], [TABLE + 9] * 2, color=FAINT, linewidth=1)

    def update(self, state, result):
        now = result.passes
        where = places(now.nodes, AREA)
        self._update_edges(now, where)
        self._update_boxes(now, where)
        self._update_knobs(state, now, where)
        title = Word(AREA[0], 14, f"Step {now.step} of {now.steps}: {headline(now)}", size=LARGE, align="left")
        lines = [Word(PANEL, 40 + 18 * n, line, size=SMALL, align="left") for n, line in enumerate(explain(now))]
        self.words.update([title, *_node_words(now, where), *lines, *_table_words(state, result)])

    def _update_edges(self, now, where):
        pairs = [(i, n) for n, node in enumerate(now.nodes) for i in node.inputs]
        hot = [n == now.current and now.phase in ("forward", "backward") for _, n in pairs]
        colour = BLUE if now.phase == "forward" else ORANGE_TEXT
        segments = [wire(where, i, n) for i, n in pairs]
        self.edges.set_segments(segments)
        self.edges.set_color([colour if on else GREY for on in hot])
        self.edges.set_linewidth([2.5 if on else 1.0 for on in hot])
        middles = np.array([s[len(s) // 2] for s, on in zip(segments, hot, strict=True) if on]).reshape(-1, 2)
        for marks, phase in zip(self.flow, ("backward", "forward"), strict=True):
            marks.set_data(*(middles.T if now.phase == phase else ([], [])))
            marks.set_color(colour)

    def _update_boxes(self, now, where):
        current = [n == now.current for n in range(len(now.nodes))]
        self.boxes.set_verts([outline(node, place) for node, place in zip(now.nodes, where, strict=True)])
        self.boxes.set_facecolor([fill(node) for node in now.nodes])
        colour = BLUE if now.phase == "forward" else ORANGE_TEXT
        self.boxes.set_edgecolor([colour if on else GREY for on in current])
        self.boxes.set_linewidth([3 if on else 1 for on in current])

    def _update_knobs(self, state, now, where):
        leaves = [(node, p) for node, p in zip(now.nodes, where, strict=True) if node.operation is None]
        half = BOX[0] / 2
        self.tracks.set_segments([[(x - half, y + KNOB), (x + half, y + KNOB)] for _, (x, y) in leaves])
        knobs = [(x + half * getattr(state, node.name) / 2, y + KNOB) for node, (x, y) in leaves]
        self.knobs.set_data(*zip(*knobs, strict=True))

    def handles(self, state, result):
        handles = []
        for node, (x, y) in zip(result.passes.nodes, places(result.passes.nodes, AREA), strict=True):
            if node.operation is None:
                value, name = getattr(state, node.name), PRETTY[node.name]
                at = x + BOX[0] / 4 * value, y + KNOB
                words = f"{name} = {signed(value)}"
                handles.append(
                    Handle(node.name, self.axes, *at, f"value of {name}", words, "point", (BOX[0] / 4 * 0.05, 0.0))
                )
        return handles


def _node_words(now: Passes, where) -> list[Word]:
    """The name, the value and the gradient of every node."""
    words = []
    for n, (node, (x, y)) in enumerate(zip(now.nodes, where, strict=True)):
        words.append(Word(x, y - 24, PRETTY.get(node.name, node.symbol), GREY if node.operation else BLUE))
        if now.known[n]:
            words.append(Word(x, y - 8, signed(node.tensor.item())))
        if now.gradients[n] is not None:
            more = " + …" if now.waiting[n] else ""
            words.append(Word(x, y + 7, f"∂ {signed(now.gradients[n])}{more}", ORANGE_TEXT))
    return words


def _table_words(state: GraphState, result: GraphResult) -> list[Word]:
    """The rows of the table, one a leaf."""
    words = []
    for row, name in enumerate(state.values):
        gradient = result.gradients[name]
        mark = "" if gradient is None else " ✓" if result.agrees[name] else " ✗"
        known = ("–", "–") if gradient is None else (signed(gradient, 3), signed(state.epsilon * gradient, 4))
        cells = [PRETTY[name], known[0], signed(result.numeric[name], 3) + mark]
        cells += [known[1], signed(result.actual[name], 4)]
        colours = [BLUE, ORANGE_TEXT, INK, ORANGE_TEXT, INK]
        y = TABLE + 21 + 20 * row
        words += [Word(x, y, *cell, SMALL) for x, *cell in zip(COLUMNS, cells, colours, strict=True)]
    return words


# -- lab ------------------------------------------------------------------------------------------------------------


class GraphLab(Lab):
    """The engine's own graph: edit a leaf by its knob or slider, step forward and backward, wiggle, and add a bug."""

    title = "Backpropagation on the engine's own graph"
    State, View, compute = GraphState, GraphView, staticmethod(compute_graph)
    presets = {
        "One node used twice: its two gradients are added": {"expression": TWICE, "step": 5},
        "Forgot to add: the check fails": {"expression": TWICE, "step": 5, "overwrite": True},
        "Forgot zero_grad: everything counts twice": {"expression": SUM, "step": 5, "left_over": True},
        "A 2-2-1 network, half way back": {"expression": NETWORK, "step": 20},
        "A dead ReLU passes nothing back": {"expression": RELU, "step": LAST, "w1": -0.6},
        "A corner: two slopes, and the engine takes 0": {"expression": RELU, "step": LAST, "w1": 0.2},
        "A saturated sigmoid passes little": {"expression": SIGMOID, "step": LAST, "x1": 2.0, "w1": 2.0, "w2": 0.0},
        "A large wiggle: a slope is only local": {"expression": SILU, "step": LAST, "epsilon": 0.5},
    }  # fmt: skip
    actions = {"Change the weights": "descend"}

    def descend(self) -> None:
        """One step downhill: each weight minus 0.5 times the gradient that stands in the graph after both passes."""
        done = compute_graph(self.state.changed(step=LAST))
        weights = EXPRESSIONS[self.state.expression].weights
        new = {name: getattr(self.state, name) - RATE * done.gradients[name] for name in weights}
        self.set(step=LAST, **self.state.nearest(**new))

    def limits(self, state, result):
        return {"step": (0, result.passes.steps)}

    def describe(self, state, result):
        now = result.passes
        if now.phase != "backward":
            return f"Step {now.step} of {now.steps}: {headline(now)}. {' '.join(explain(now))}".rstrip(".") + "."
        parts = [f"{signed(share.downstream, 3)} to {called(now, share.node)}" for share in now.shares]
        words = f"Step {now.step} of {now.steps}: {headline(now)} passes {' and '.join(parts)}."
        return f"{words} {self._checked(result)}" if now.done else words

    def _checked(self, result) -> str:
        wrong = [PRETTY[name] for name in LEAVES if name in result.agrees and not result.agrees[name]]
        if not wrong:
            return f"All {len(result.agrees)} gradients agree with the numeric ones."
        corner = any(
            n.symbol == "ReLU" and result.passes.nodes[n.inputs[0]].tensor.item() == 0 for n in result.passes.nodes
        )
        why = " The ReLU stands on its corner, where two slopes meet." if corner else ""
        return f"The gradient check fails for {', '.join(wrong)}.{why}"

    def judge(self, state, result):
        f, slopes = result.value, result.numeric
        if state.expression == SUM:
            task = "Steer the gradients: make ∂f/∂w₁ = −1 and ∂f/∂x₁ = 2."
            verdict = f"∂f/∂w₁ = {signed(slopes['w1'])}, ∂f/∂x₁ = {signed(slopes['x1'])}."
            return Goal(task, verdict, abs(slopes["w1"] + 1) < 1e-6 and abs(slopes["x1"] - 2) < 1e-6)
        if state.expression == TWICE:
            task = "Make the gradient of x₁ zero while f is below −0.5."
            verdict = f"∂f/∂x₁ = {signed(slopes['x1'])}, f = {signed(f)}."
            return Goal(task, verdict, abs(slopes["x1"]) < 1e-6 and f < -0.5)
        if state.expression == SILU:
            task, mark = "Find the lowest point of the SiLU: bring f below −0.278.", -0.278
        else:
            task, mark = "Bring f below 0.01 by moving the weights against their gradients.", 0.01
        return Goal(task, f"f = {signed(f, 4)}.", f < mark)

    def moved(self, gesture):
        nodes = self.result.passes.nodes
        middle = dict(zip((node.name for node in nodes), places(nodes, AREA)[:, 0], strict=True))
        return self.state.nearest(**{gesture.handle: (gesture.x - middle[gesture.handle]) / (BOX[0] / 4)})

    def _show_controls(self) -> None:
        """Sliders of leaves that the expression does not use are put away."""
        super()._show_controls()
        for name in LEAVES:
            self.controls[name].widget.layout.display = None if name in self.state.values else "none"

    def code(self, state):
        expression = EXPRESSIONS[state.expression]
        names = ", ".join(expression.leaves)
        numbers = ", ".join(f"{value!r}" for value in state.values.values())
        once = "f.backward(retain_graph=True)\n" if state.left_over and not state.overwrite else ""
        return (
            f"{names} = (engine.tensor(value, requires_grad=True) for value in ({numbers}))\n"
            f"{expression.overwritten if state.overwrite else expression.source}\n"
            f"{once}f.backward()\n"
            f"output = engine.stack([leaf.grad for leaf in ({names})])\n"
            f"print(f.item(), output)"
        )
