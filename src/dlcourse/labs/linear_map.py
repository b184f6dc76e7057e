"""LinearMapLab: what a matrix does to the plane, and two of them one after the other: x → f(A x) → f(B f(A x)).

f is nothing at first: a linear transformation. A shift or an activation after each matrix shows what is lost with it.
"""

from dataclasses import dataclass

import ipywidgets
import numpy as np

import dlcourse.reference as engine
from dlcourse.labs.base import Goal, Lab
from dlcourse.labs.linear_map_algebra import TINY, Eigen, determinant, eigen, part_way, singular
from dlcourse.labs.linear_map_view import LinearMapView
from dlcourse.labs.linear_map_words import AT_A, AT_BA, TASKS, judged, pair_text, place_text, stays
from dlcourse.labs.rounding import trimmed
from dlcourse.labs.settings import State, choice, integer, number

# -- state and computation ------------------------------------------------------------------------------------------

REACH = 12  # the grid goes from −REACH to REACH
SHIFT = (1.0, 0.5)
AFTER = ("nothing", "shift by (1, 0.5)", "ReLU", "tanh")
VIEWS = ("unit square", "letter F", "eigenlines", "circle", "u, v and u + v")


def _entry(default: float, label: str, help: str):
    return number(default, low=-3, high=3, step=0.1, label=label, help=help)


def _coordinate(default: float, label: str):
    return number(default, low=-2, high=2, step=0.1, label=label, help="A vector for the test of linearity")


@dataclass(frozen=True)
class LinearMapState(State):
    """Entries of A and B run from −3 to 3, coordinates of u and v from −2 to 2, without unit; moment counts frames."""

    task: str = choice("det A = −1", TASKS, label="Task")
    view: str = choice("unit square", VIEWS, label="picture", help="What is drawn on the grid")
    after: str = choice("nothing", AFTER, label="after each", help="What happens after each matrix")
    moment: int = integer(AT_A, low=0, high=AT_BA, label="I → A → BA", help="0: I, 30: A, 60: BA", play=True)
    a11: float = _entry(1.5, "a₁₁", "First column of A: where e₁ goes")
    a12: float = _entry(-0.5, "a₁₂", "Second column of A: where e₂ goes")
    a21: float = _entry(-0.5, "a₂₁", "First column of A: where e₁ goes")
    a22: float = _entry(1.5, "a₂₂", "Second column of A: where e₂ goes")
    b11: float = _entry(0.0, "b₁₁", "B acts after A")
    b12: float = _entry(-1.0, "b₁₂", "B acts after A")
    b21: float = _entry(1.0, "b₂₁", "B acts after A")
    b22: float = _entry(0.0, "b₂₂", "B acts after A")
    u1: float = _coordinate(1.0, "u₁")
    u2: float = _coordinate(1.0, "u₂")
    v1: float = _coordinate(-1.0, "v₁")
    v2: float = _coordinate(0.5, "v₂")


@dataclass(frozen=True)
class LinearMapResult:
    """Everything is about the map at the moment shown, but for a, b and stages."""

    a: np.ndarray  # (2, 2)
    b: np.ndarray  # (2, 2)
    matrix: np.ndarray  # (2, 2) the linear part of the map now
    stages: np.ndarray  # (3, 5, 2) e₁, e₂, u, v, u + v at I, A and BA
    places: np.ndarray  # (5, 2) the same now
    origin: np.ndarray  # (2,) where (0, 0) is now
    grid: np.ndarray  # (lines, points, 2)
    outline: np.ndarray  # (points, 2) the square, the letter or the circle
    det: float
    eigen: Eigen
    sigma: np.ndarray  # (2,) singular values
    axes: np.ndarray  # (2, 2) directions of the ellipse's half axes, as rows
    gap: np.ndarray  # (2,) f(u + v) − f(u) − f(v)

    @property
    def linear(self) -> bool:
        return bool(np.abs(self.gap).max() < TINY)


def _along(corners, points: int) -> np.ndarray:
    """A closed outline through the corners with `points` points a side, so that it can be bent."""
    corners = np.asarray(corners, float)
    share = np.arange(points)[:, None] / points
    sides = [start + share * (end - start) for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    return np.concatenate([*sides, corners[:1]])


_ANGLES = np.linspace(0, 2 * np.pi, 121)
_LETTER = [(0, 0), (0, 2), (1.3, 2), (1.3, 1.6), (0.4, 1.6), (0.4, 1.2), (1, 1.2), (1, 0.8), (0.4, 0.8), (0.4, 0)]
_SQUARE = _along([(0, 0), (1, 0), (1, 1), (0, 1)], 30)
OUTLINES = {"unit square": _SQUARE, "letter F": _along(_LETTER, 12)}
OUTLINES["circle"] = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)


def _grid_lines() -> np.ndarray:
    """(lines, points, 2): first the upright lines x₁ = −REACH … REACH, then the level ones; closer points near 0."""
    along = np.linspace(-1, 1, 61)
    along = REACH * np.sign(along) * np.abs(along) ** 1.6
    at = np.arange(-REACH, REACH + 1.0)
    upright = np.stack(np.broadcast_arrays(at[:, None], along[None, :]), axis=-1)
    return np.concatenate([upright, upright[..., ::-1]])


GRID = _grid_lines()


def apply(matrix: np.ndarray, points: np.ndarray, after: str, bend: float = 1.0) -> np.ndarray:
    """f(M x) of points (N, 2), on the reference engine; `bend` from 0 to 1 is how much of f is done."""
    z = engine.tensor(points) @ engine.tensor(matrix).T
    if after.startswith("shift"):
        y = z + engine.tensor(SHIFT, dtype=engine.float64)
    else:
        y = {"nothing": z, "ReLU": z.relu(), "tanh": z.tanh()}[after]
    return ((1 - bend) * z + bend * y).numpy()


def compute_linear_map(state: LinearMapState) -> LinearMapResult:
    a = np.array([[state.a11, state.a12], [state.a21, state.a22]])
    b = np.array([[state.b11, state.b12], [state.b21, state.b22]])
    share = state.moment / AT_A
    first, second = part_way(a, min(share, 1.0)), part_way(b, max(share - 1, 0.0))

    def now(points: np.ndarray) -> np.ndarray:
        if share <= 1:
            return apply(first, points, state.after, share)
        return apply(second, apply(a, points, state.after), state.after, share - 1)

    u, v = np.array([state.u1, state.u2]), np.array([state.v1, state.v2])
    basis = np.array([[1.0, 0.0], [0.0, 1.0], u, v, u + v])
    outline = OUTLINES.get(state.view, _SQUARE)
    moving = now(np.concatenate([basis, [[0, 0]], outline, GRID.reshape(-1, 2)]))
    places, outlined = moving[:5], moving[6 : 6 + len(outline)]
    at_a = apply(a, basis, state.after)
    matrix = second @ first
    sigma, axes = singular(matrix)
    return LinearMapResult(
        a, b, matrix, np.array([basis, at_a, apply(b, at_a, state.after)]), places, moving[5],
        moving[6 + len(outline) :].reshape(GRID.shape), outlined, determinant(matrix), eigen(matrix), sigma, axes,
        gap=(places[4] - places[2] - places[3]).round(9) + 0.0,
    )  # fmt: skip


# -- lab ------------------------------------------------------------------------------------------------------------


class LinearMapLab(Lab):
    """What a matrix does to the plane. Drag the tips of the two columns, or use the sliders; play I → A → BA."""

    title = "A matrix moves the plane"
    State, View, compute = LinearMapState, LinearMapView, staticmethod(compute_linear_map)
    presets = {
        "Shear: squares slide, the area stays": {"a11": 1.0, "a12": 1.0, "a21": 0.0, "a22": 1.0},
        "Mirror: the F is turned over": {"a11": -1.0, "a12": 0.0, "a21": 0.0, "a22": 1.0, "view": "letter F"},
        "Quarter turn: no direction stays": {
            "a11": 0.0, "a12": -1.0, "a21": 1.0, "a22": 0.0, "view": "eigenlines", "task": "no direction stays",
        },
        "det = 0: the plane falls onto a line": {
            "a11": 1.0, "a12": 2.0, "a21": 0.5, "a22": 1.0, "task": "flatten the plane",
        },
        "A circle becomes an ellipse": {"a11": 2.0, "a12": 1.0, "a21": 0.5, "a22": 1.5, "view": "circle"},
        "First turn, then shear": {
            "a11": 0.0, "a12": -1.0, "a21": 1.0, "a22": 0.0, "b11": 1.0, "b12": 1.0, "b21": 0.0, "b22": 1.0,
            "view": "letter F", "moment": AT_BA, "task": "AB = BA",
        },
        "First shear, then turn": {
            "a11": 1.0, "a12": 1.0, "a21": 0.0, "a22": 1.0, "b11": 0.0, "b12": -1.0, "b21": 1.0, "b22": 0.0,
            "view": "letter F", "moment": AT_BA, "task": "AB = BA",
        },
        "Undo this matrix": {
            "a11": 2.0, "a12": 1.0, "a21": 1.0, "a22": 1.0, "b11": 1.0, "b12": 0.0, "b21": 0.0, "b22": 1.0,
            "moment": AT_BA, "task": "undo A",
        },
        "A shift: straight, but not linear": {"after": AFTER[1], "view": "u, v and u + v"},
        "ReLU flattens what is negative": {"after": "ReLU", "view": "circle"},
        "Two layers of tanh bend it": {"after": "tanh", "moment": AT_BA, "b11": 1.0, "b12": 1.5, "b22": -1.0},
    }  # fmt: skip

    def arrange(self):
        """The entries of A and of B side by side, in the shape of the matrices, and u and v in a row below."""
        page = super().arrange()
        panel = page.children[1]
        entries = panel.children[-12:]
        for slider in entries:
            slider.layout.width, slider.style.description_width = "204px", "32px"
        layout = {"display": "flex", "flex_flow": "row wrap", "max_width": "100%"}
        groups = [
            ipywidgets.Box(entries[start:end], layout={**layout, "width": width})
            for start, end, width in ((0, 4, "428px"), (4, 8, "428px"), (8, 12, "860px"))
        ]
        panel.children = (*panel.children[:-12], *groups)
        return page

    def describe(self, state, result):
        e1, e2 = (pair_text(place) for place in result.places[:2])
        words = f"{place_text(state.moment)}: e₁ is at {e1}, e₂ at {e2}."
        if state.after in ("ReLU", "tanh"):
            return f"{words} {state.after} bends the grid: f(u + v) − f(u) − f(v) is {pair_text(result.gap)}."
        area = f"Areas are multiplied by {trimmed(abs(result.det))}{' and turned over' * (result.det < 0)}."
        if state.after == "nothing":
            return f"{words} {area} {stays(result.eigen)}"
        gap = f"the origin is at {pair_text(result.origin)}, and f(u + v) − f(u) − f(v) is {pair_text(result.gap)}"
        return f"{words} {area} Straight lines stay straight, but {gap}."

    def judge(self, state, result):
        return Goal(*judged(state.task, result.a, result.b))

    def moved(self, gesture):
        if gesture.handle in ("u", "v"):
            return self.state.nearest(**{f"{gesture.handle}1": gesture.x, f"{gesture.handle}2": gesture.y})
        column, tip = int(gesture.handle[-1]), [gesture.x, gesture.y]
        if self.state.moment == AT_A:
            return self.state.nearest(**{f"a1{column}": tip[0], f"a2{column}": tip[1]})
        product = self.result.b @ self.result.a  # the other column of BA stays: B is what takes A there
        product[:, column - 1] = np.clip(tip, -100, 100)
        b = product @ np.linalg.inv(self.result.a)
        return self.state.nearest(b11=b[0, 0], b12=b[0, 1], b21=b[1, 0], b22=b[1, 1])

    def code(self, state):
        u, v = np.array([state.u1, state.u2]), np.array([state.v1, state.v2])
        rows = [[1.0, 0.0], [0.0, 1.0], u.tolist(), v.tolist(), (u + v).round(9).tolist()]
        f = f"z + engine.tensor({list(SHIFT)})" if state.after.startswith("shift") else f"z.{state.after.lower()}()"
        return (
            f"x = engine.tensor({rows})  # e₁, e₂, u, v, u + v\n"
            f"A = engine.tensor([[{state.a11}, {state.a12}], [{state.a21}, {state.a22}]])\n"
            f"B = engine.tensor([[{state.b11}, {state.b12}], [{state.b21}, {state.b22}]])\n"
            f"f = lambda z: {'z' if state.after == 'nothing' else f}\n"
            f"at_A = f(x @ A.T)\n"
            f"at_BA = f(at_A @ B.T)\n"
            f"print('det A', round((A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]).item(), 2), 'BA', (B @ A).tolist())\n"
            f"output = engine.stack([x, at_A, at_BA])\n"
            f"print(output[:, 4] - output[:, 2] - output[:, 3])  # f(u + v) − f(u) − f(v) at I, A and BA"
        )
