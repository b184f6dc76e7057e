"""LearningRuleLab: Rosenblatt's rule, one row at a time, with the correction of the weights as an arrow.

y = 1 if w·x + b > 0 else 0;  e = t − y;  w ← w + α·e·x,  b ← b + α·e  (Rosenblatt 1958). Nothing happens where y is
right.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dlcourse import data
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import ClassPoints, Field, Table, axes_at, blank_axes, line_ends
from dlcourse.labs.palette import BLUE, CLASS_TEXT_COLOURS, GREY, INK, NORMAL, ORANGE_TEXT, SMALL
from dlcourse.labs.settings import State, choice, integer, number

# -- state and computation ------------------------------------------------------------------------------------------

SETS = ("AND", "OR", "NAND", "XOR", "iris", "loans")
LONGEST = 600  # rows visited at most


@dataclass(frozen=True)
class LearningRuleState(State):
    """rate α has no unit; step counts the rows visited so far. All weights start at 0."""

    data: str = choice("AND", SETS, label="Data", help="Four rows of a gate, iris flowers or loans")
    rate: float = number(0.5, low=0.1, high=1.0, step=0.1, label="rate α", help="Size of a correction")
    step: int = integer(0, low=0, high=LONGEST, label="Row visited", help="Rows visited so far", play=True)


@dataclass(frozen=True)
class Run:
    """A whole run: the rows in the order visited, and the weights before the first and after each row."""

    x: np.ndarray  # (N, 2)
    y: np.ndarray  # (N,) 0 or 1
    names: tuple[str, str]
    visited: np.ndarray  # (T,) row numbers
    weights: np.ndarray  # (T + 1, 3) w₁, w₂, b
    mistakes: np.ndarray  # (T + 1,) corrections made so far
    converged: bool  # the last pass made no mistake
    cycle: int  # rows after which weights at the end of a pass came back; 0 if never


@dataclass(frozen=True)
class LearningRuleResult:
    run: Run
    step: int
    before: np.ndarray  # (3,) weights before the row of this step
    after: np.ndarray  # (3,)
    row: int | None  # None at step 0
    z: float  # net value before the correction
    wrong: np.ndarray  # (N,) rows that the weights after this step get wrong


def rows_of(name: str) -> tuple[np.ndarray, np.ndarray, tuple[str, str]]:
    """Inputs, targets and names of a data set; real data with mean 0 and standard deviation 1."""
    if name in data.GATES:
        x, y = data.gate(name)
        return x.astype(float), y, ("x₁", "x₂")
    table = data.iris() if name == "iris" else data.loans()
    x, y = table.standardised()
    order = np.random.default_rng(0).permutation(len(y))
    return x[order].astype(float), y[order], table.feature_names


@lru_cache(maxsize=64)
def learn(name: str, rate: float) -> Run:
    """Visit the rows in order, until a pass makes no mistake, the weights return or LONGEST rows are seen."""
    x, y, names = rows_of(name)
    weights, mistakes, visited, ends = [np.zeros(3)], [0], [], {}
    converged, cycle = False, 0
    while not converged and not cycle and len(visited) + len(x) <= LONGEST:
        ends[tuple(weights[-1].round(9))] = len(visited)
        before = mistakes[-1]
        for row in range(len(x)):
            error = y[row] - int(weights[-1] @ [*x[row], 1] > 1e-9)
            weights.append(weights[-1] + rate * error * np.array([*x[row], 1.0]))
            mistakes.append(mistakes[-1] + abs(error))
            visited.append(row)
        converged = mistakes[-1] == before
        cycle = 0 if converged else len(visited) - ends.get(tuple(weights[-1].round(9)), len(visited))
    return Run(x, y, names, np.array(visited), np.array(weights), np.array(mistakes), converged, cycle)


def compute_learning_rule(state: LearningRuleState) -> LearningRuleResult:
    run = learn(state.data, state.rate)
    step = min(state.step, len(run.visited))
    before, after = run.weights[max(step - 1, 0)], run.weights[step]
    row = int(run.visited[step - 1]) if step else None
    z = float(before[:2] @ run.x[row] + before[2]) if step else 0.0
    wrong = (run.x @ after[:2] + after[2] > 1e-9) != run.y
    return LearningRuleResult(run, step, before, after, row, z, wrong)


# -- view -----------------------------------------------------------------------------------------------------------


class LearningRuleView(View):
    size = (840, 380)

    def __init__(self, figure):
        self.plane = axes_at(figure, (36, 30, 296, 296), (-1, 1), (-1, 1), "Inputs")
        self.plane.set(xticks=[], yticks=[])
        self.sides = Field(self.plane)
        (self.old_line,) = self.plane.plot([], [], color=GREY, linewidth=1.5, linestyle=(0, (4, 3)), zorder=2)
        (self.line,) = self.plane.plot([], [], color=INK, linewidth=2, zorder=2)
        self.points = ClassPoints(self.plane, size=70)
        (self.current,) = self.plane.plot(
            [], [], "D", markersize=17, markerfacecolor="none", markeredgecolor=INK, zorder=4
        )
        self.labels = [
            figure.text(188 / 840, 1 - 342 / 380, "", fontsize=NORMAL, color=INK, ha="center", va="center"),
            figure.text(22 / 840, 1 - 178 / 380, "", fontsize=NORMAL, color=INK, ha="center", va="center", rotation=90),
        ]
        self._make_weights(figure)
        axes = blank_axes(figure, (612, 30, 220, 300), "This row")
        self.table = Table(axes, ["", "value"], [70, 168], rows=11)
        self.moving = [
            self.sides, self.old_line, self.line, *self.points.artists, self.current, *self.labels, self.path,
            self.correction, self.now, *self.table.artists,
        ]  # fmt: skip

    def _make_weights(self, figure):
        self.weights = axes_at(figure, (384, 30, 206, 206), (-1.1, 1.1), (-1.1, 1.1), "Weights")
        self.weights.set(xticks=[0], yticks=[0], xlabel="w₁ (scaled)", ylabel="w₂ (scaled)")
        self.weights.grid(color="#E8ECF0")
        (self.path,) = self.weights.plot([], [], color=BLUE, linewidth=1, marker=".", markersize=4, alpha=0.7, zorder=2)
        self.correction = self.weights.quiver(
            [0], [0], [0], [0], angles="xy", scale_units="xy", scale=1, width=0.016, color=ORANGE_TEXT, zorder=3
        )
        (self.now,) = self.weights.plot([], [], "o", markersize=8, color=INK, zorder=4)
        note = (
            "Arrow: the correction of this row.\n"
            "Dashed line: before it; solid: after it.\n"
            "Diamond: the row; circles: wrong rows."
        )
        figure.text(366 / 840, 1 - 308 / 380, note, fontsize=SMALL, color=GREY, va="center", linespacing=1.5)

    def update(self, state, result):
        run = result.run
        centre = (run.x.max(axis=0) + run.x.min(axis=0)) / 2
        half = 0.68 * np.ptp(run.x, axis=0) if state.data not in data.GATES else np.array([1.0, 1.0])
        for line, w in ((self.old_line, result.before), (self.line, result.after)):
            line.set_data(*line_ends(w[:2] * half, w[:2] @ centre + w[2], self.plane))
        grid = np.linspace(-1, 1, 200)
        w = result.after[:2] * half
        z = w[0] * grid[None, :] + w[1] * grid[:, None] + result.after[:2] @ centre + result.after[2]
        self.sides.update((z > 0) * 0.7 + 0.15)
        shown = (run.x - centre) / half
        self.points.update(shown, run.y, wrong=result.wrong)
        self.current.set_data(*([[], []] if result.row is None else shown[result.row, :, None]))
        for label, name in zip(self.labels, run.names, strict=True):
            label.set_text(name if state.data in data.GATES else f"{name} (standardised)")
        self._update_weights(result)
        self.table.update(*self._rows(state, result))

    def _update_weights(self, result):
        largest = max(np.abs(result.run.weights[:, :2]).max(), 1e-9)
        path = result.run.weights[: result.step + 1, :2] / largest
        self.path.set_data(path[:, 0], path[:, 1])
        self.correction.set_offsets([result.before[:2] / largest])
        self.correction.set_UVC(*((result.after - result.before)[:2] / largest))
        self.now.set_data(path[-1:, 0], path[-1:, 1])

    def _rows(self, state, result):
        numbers = [f"({result.after[0]:.2f}, {result.after[1]:.2f})", f"{result.after[2]:.2f}"]
        if result.row is None:
            rows = [["nothing visited yet", ""], *[["", ""]] * 6]
        else:
            x, target = result.run.x[result.row], result.run.y[result.row]
            output = int(result.z > 1e-9)
            change = result.after - result.before
            rows = [
                ["row", str(result.row + 1)], ["x", f"({x[0]:.2f}, {x[1]:.2f})"], ["z = w·x + b", f"{result.z:.2f}"],
                ["output y", str(output)], ["target t", str(target)], ["error e = t − y", str(target - output)],
                ["α·e·x", f"({change[0]:.2f}, {change[1]:.2f})"],
            ]  # fmt: skip
        rows += [["new w", numbers[0]], ["new b", numbers[1]], ["rows visited", str(result.step)]]
        rows.append(["corrections", str(result.run.mistakes[result.step])])
        text = [[word.replace("-", "−") for word in row] for row in rows]
        colours = [[GREY, None] for _ in rows]
        if result.row is not None:
            colours[3][1], colours[4][1] = (CLASS_TEXT_COLOURS[int(rows[i][1])] for i in (3, 4))
        return text, colours


# -- lab ------------------------------------------------------------------------------------------------------------


class LearningRuleLab(Lab):
    """The perceptron learning rule, row by row: step with the slider's arrow keys or press play."""

    title = "The perceptron learning rule"
    State, View, compute = LearningRuleState, LearningRuleView, staticmethod(compute_learning_rule)
    presets = {
        "AND is learned": {"data": "AND", "step": 12},
        "XOR cycles for ever": {"data": "XOR", "step": 24},
        "Another rate, the same path": {"data": "AND", "rate": 1.0, "step": 12},
        "Iris: two kinds of flowers": {"data": "iris", "step": 200},
        "Loans: no line is right": {"data": "loans", "step": 600},
    }

    def limits(self, state, result):
        return {"step": (0, len(result.run.visited))}

    def describe(self, state, result):
        run = result.run
        if result.row is None:
            return f"Before the first row all weights are 0. {len(run.x)} rows."
        changed = "corrected" if run.mistakes[result.step] > run.mistakes[result.step - 1] else "right, nothing changed"
        so_far = int(run.mistakes[result.step])
        return f"Row {result.row + 1} was {changed}. Corrections so far: {so_far}. {self._ending(run)}"

    def _ending(self, run: Run) -> str:
        total, visits = int(run.mistakes[-1]), len(run.visited)
        if run.converged:
            return f"The rule stops after {visits} rows and {total} corrections: a whole pass without a mistake."
        if run.cycle:
            return f"The weights return after {run.cycle} rows: the rule goes round for ever, because no line is right."
        return f"After {visits} rows it still makes mistakes; no line is right, or it needs longer."

    def judge(self, state, result):
        right = int((~result.wrong).sum())
        verdict = f"{state.data}: {right} of {len(result.wrong)} correct."
        last = result.step == len(result.run.visited)
        task = "Step until a whole pass makes no mistake, or until you know that it never will."
        if last and result.run.cycle:
            verdict += " It cycles for ever."
        return Goal(task, verdict, last and (result.run.converged or bool(result.run.cycle)))

    def code(self, state):
        x, y, _ = rows_of(state.data)
        step = self.compute(state).step
        return (
            f"x = engine.tensor({x.round(4).tolist()})\n"
            f"y = engine.tensor({y.tolist()})\n"
            f"w, b = engine.zeros(2), 0.0\n"
            f"for step in range({step}):\n"
            f"    row = step % len(x)\n"
            f"    error = y[row].item() - int((x[row] @ w + b).item() > 1e-6)\n"
            f"    w, b = w + {state.rate} * error * x[row], b + {state.rate} * error\n"
            f"output = w\n"
            f"print(w, b)"
        )
