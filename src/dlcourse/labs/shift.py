"""ShiftLab: does a layer follow when its input moves? f(moved x) beside moved f(x).

Equal: the layer is *equivariant* to moves, as a convolution is, away from the edges. If even f(moved x) = f(x), it is
*invariant*.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import arrow, axes_at, blank_axes
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import INK, LARGE, NORMAL
from dlcourse.labs.pixels import Pixels, grey_rgb, signed_rgb
from dlcourse.labs.rounding import small
from dlcourse.labs.settings import State, choice, integer
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

PAPER_SIDE = 32  # pixels; the digit is 16 × 16 in the middle
LAYERS = (
    "convolution 3 × 3", "convolution, stride 2", "convolution, max pooling 2", "largest answer anywhere",
    "dense layer",
)  # fmt: skip
CONVOLUTION, STRIDE, POOLING, LARGEST, DENSE = LAYERS
KERNEL = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
_SHRINK = {CONVOLUTION: 1, STRIDE: 2, POOLING: 2, LARGEST: PAPER_SIDE, DENSE: 1}  # input pixels an output pixel


def _move(label: str, help: str):
    return integer(0, low=-12, high=12, label=label, help=help)


@dataclass(frozen=True)
class ShiftState(State):
    """right and down: how far the digit is moved, in pixels; what leaves the paper is lost, and 0 comes in."""

    layer: str = choice(CONVOLUTION, LAYERS, label="layer f")
    digit: int = integer(3, low=0, high=9, label="digit", help="Which digit is on the paper")
    right: int = _move("move right", "Pixels to the right; to the left if negative")
    down: int = _move("move down", "Pixels down; up if negative")


@dataclass(frozen=True)
class ShiftResult:
    x: np.ndarray  # (32, 32) from 0 to 1
    moved_x: np.ndarray  # (32, 32)
    f_x: np.ndarray  # (n, n) f(x)
    moved_f: np.ndarray  # (n, n) f(x), moved by as many pixels of the output
    f_moved: np.ndarray  # (n, n) f(moved x)

    @property
    def gap(self) -> np.ndarray:
        return (self.f_moved - self.moved_f).round(9)

    @property
    def share(self) -> float:
        """Mean size of the gap over the mean size of f(x)."""
        return float(np.abs(self.gap).mean() / np.abs(self.f_x).mean())


def moved(image: np.ndarray, right: int, down: int) -> np.ndarray:
    """The image (H, W) moved by whole pixels over paper of 0."""
    height, width = image.shape
    rows, columns = np.arange(height) - down, np.arange(width) - right
    taken = image[np.clip(rows, 0, height - 1)][:, np.clip(columns, 0, width - 1)]
    inside = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))
    return np.where(inside, taken, 0.0)


@cache
def paper(digit: int) -> np.ndarray:
    """The first image of a digit, smoothly enlarged to 16 × 16, in the middle of 32 × 32 of empty paper, from 0 to 1.

    Smoothly, because in an image of doubled pixels every second one says nothing new, and stride 2 would lose nothing.
    """
    images = data.digit_images(8)
    found = Image.fromarray(images.x[(images.y == digit).argmax(), 0])
    large = np.asarray(found.resize((16, 16), Image.Resampling.BILINEAR), float).round(6)
    return np.pad(large, (PAPER_SIDE - 16) // 2)


@cache
def dense_weights() -> np.ndarray:
    """(1024, 1024): a weight from every pixel to every output, drawn at random."""
    return np.random.default_rng(0).normal(size=(PAPER_SIDE**2, PAPER_SIDE**2)) / PAPER_SIDE


def apply_layer(layer: str, image: np.ndarray) -> np.ndarray:
    """f(image): (32, 32) -> (n, n), on the engine."""
    if layer == DENSE:
        return (dense_weights() @ image.ravel()).reshape(image.shape)
    functional = engine.nn.functional
    x, kernel = (engine.tensor(a[None, None]) for a in (image, KERNEL))
    y = functional.conv2d(x, kernel, stride=2 if layer == STRIDE else 1, padding=1)
    if layer in (POOLING, LARGEST):
        y = functional.max_pool2d(y, _SHRINK[layer])
    return y.numpy()[0, 0]


def compute_shift(state: ShiftState) -> ShiftResult:
    x, shrink = paper(state.digit), _SHRINK[state.layer]
    moved_x, f_x = moved(x, state.right, state.down), apply_layer(state.layer, x)
    steps = (0, 0) if state.layer == LARGEST else (state.right // shrink, state.down // shrink)
    return ShiftResult(x, moved_x, f_x, moved(f_x, *steps), apply_layer(state.layer, moved_x))


# -- view -----------------------------------------------------------------------------------------------------------

SIDE = 160  # CSS pixels of a panel
_PANELS = {  # name: left, top, title
    "x": (30, 34, "x"),
    "f_x": (284, 34, "f(x)"),
    "moved_x": (30, 244, "x moved"),
    "f_moved": (284, 244, "f(x moved)"),
    "moved_f": (480, 244, "f(x) moved"),
    "gap": (670, 244, "difference"),
}


class ShiftView(View):
    size = (840, 420)

    def __init__(self, figure):
        self.panels, self.axes = {}, {}
        for name, (left, top, title) in _PANELS.items():
            axes = axes_at(figure, (left, top, SIDE, SIDE), (0, PAPER_SIDE), (PAPER_SIDE, 0), title)
            axes.set(xticks=[], yticks=[])
            self.panels[name], self.axes[name] = Pixels(axes), axes
        page = blank_axes(figure, (0, 0, 840, 420))
        page.set_zorder(-1)
        for start, end in (((200, 114), (276, 114)), ((200, 324), (276, 324)), ((110, 200), (110, 226))):
            arrow(page, start, end)
        arrow(page, (452, 150), (560, 226))
        for x, y, text in ((238, 102, "f"), (238, 312, "f"), (126, 212, "move"), (522, 172, "move")):
            page.text(x, y, text, fontsize=NORMAL, color=INK, va="center", ha="left" if text == "move" else "center")
        for x, text in ((461, "="), (655, "→")):
            page.text(x, 324, text if text == "→" else "=?", fontsize=LARGE, color=INK, ha="center", va="center")
        self.words = Words(page)
        self.moving = [*self.panels.values(), self.words]

    def update(self, state, result):
        self.panels["x"].show(grey_rgb(1 - result.x))
        self.panels["moved_x"].show(grey_rgb(1 - result.moved_x))
        most = np.abs(result.f_x).max()
        for name in ("f_x", "moved_f", "f_moved", "gap"):
            self.panels[name].show(signed_rgb(getattr(result, name), most))
        side = len(result.f_x)
        told = [f"f: {state.layer}", f"output {side} × {side}, blue to orange: ±{small(round(most, 1))}"]
        told += [f"mean difference: {_percent(result.share)} of f(x)"]
        self.words.update(
            Word(480, 50 + 26 * row, text, INK, LARGE if row != 1 else NORMAL, "left") for row, text in enumerate(told)
        )

    def handles(self, state, result):
        middle = PAPER_SIDE / 2
        where = f"moved {state.right} to the right and {state.down} down"
        x, y = middle + state.right, middle + state.down
        return [Handle("digit", self.axes["moved_x"], x, y, "the digit on its paper", where, step=(1, -1))]


def _percent(share: float) -> str:
    return "0%" if share == 0 else f"{100 * share:.0f}%" if share >= 0.01 else "less than 1%"


# -- lab ------------------------------------------------------------------------------------------------------------

_TASKS = {  # layer: task, and whether state and result fulfil it
    CONVOLUTION: (
        "A convolution follows every move. Find one that it does not follow.",
        lambda way, result: result.share > 0,
    ),
    STRIDE: (
        "Find a move of 2 pixels or more, right or down, that stride 2 follows exactly.",
        lambda way, result: way >= 2 and result.share == 0,
    ),
    POOLING: (
        "Find a move of 2 pixels or more, right or down, that the pooled map follows exactly.",
        lambda way, result: way >= 2 and result.share == 0,
    ),
    LARGEST: (
        "Move the digit by 6 pixels or more so that the number stays the same.",
        lambda way, result: way >= 6 and result.share == 0,
    ),
    DENSE: ("Show that a dense layer does not follow even one pixel.", lambda way, result: way == 1),
}


class ShiftLab(Lab):
    """Does a layer follow when its input moves? Drag the digit in the lower left, or use the sliders."""

    title = "Move the input: does the output move along?"
    State, View, compute = ShiftState, ShiftView, staticmethod(compute_shift)
    presets = {
        "Convolution: the output moves along": {"right": 5, "down": -3},
        "At the edge of the paper it does not": {"right": 12, "down": 0},
        "Stride 2 follows even moves": {"layer": STRIDE, "right": 4, "down": 2},
        "Stride 2 stumbles over odd ones": {"layer": STRIDE, "right": 3, "down": 0},
        "Pooling alone forgives nothing": {"layer": POOLING, "right": 1, "down": 0},
        "The largest answer stays: invariant": {"layer": LARGEST, "right": -6, "down": 6},
        "A dense layer: all is new after one pixel": {"layer": DENSE, "right": 1, "down": 0},
    }

    def describe(self, state, result):
        way = f"The digit is moved {state.right} to the right and {state.down} down".replace("-", "−")
        told = "exactly the same" if result.share == 0 else f"{_percent(result.share)} apart"
        if state.layer == LARGEST:
            before, after = small(round(result.f_x.item(), 2)), small(round(result.f_moved.item(), 2))
            return f"{way}: the largest answer was {before} and is {after}, {told}."
        return f"{way}: f(x moved) and f(x) moved are {told}."

    def judge(self, state, result):
        task, reached = _TASKS[state.layer]
        verdict = f"Difference: {_percent(result.share)}."
        return Goal(task, verdict, bool(reached(max(abs(state.right), abs(state.down)), result)))

    def moved(self, gesture):
        middle = PAPER_SIDE / 2
        right, down = (int(np.clip(round(at - middle), -12, 12)) for at in (gesture.x, gesture.y))
        return {"right": right, "down": down}

    def code(self, state):
        shrink, steps = _SHRINK[state.layer], f"{state.right}, {state.down}"
        if state.layer == DENSE:
            f = "engine.tensor(dense_weights()) @ x.flatten()"
        else:
            f = f"engine.nn.functional.conv2d(x, kernel, stride={2 if state.layer == STRIDE else 1}, padding=1)"
            if state.layer in (POOLING, LARGEST):
                f = f"engine.nn.functional.max_pool2d({f}, {shrink})"
        side = PAPER_SIDE // shrink
        back = "0, 0" if state.layer == LARGEST else f"{state.right // shrink}, {state.down // shrink}"
        return (
            "from dlcourse.labs.shift import dense_weights, moved, paper\n\n"
            f"kernel = engine.tensor({KERNEL.tolist()}, dtype=engine.float64).reshape(1, 1, 3, 3)\n\n"
            "def f(image):\n"
            "    x = engine.tensor(image).reshape(1, 1, 32, 32)\n"
            f"    return ({f}).reshape({side}, {side})\n\n"
            f"x = paper({state.digit})\n"
            f"f_moved = f(moved(x, {steps}))\n"
            f"moved_f = engine.tensor(moved(f(x).numpy(), {back}))\n"
            "output = f_moved - moved_f\n"
            "print('equal' if output.abs().max().item() < 1e-9 else 'not equal', tuple(output.shape))"
        )
