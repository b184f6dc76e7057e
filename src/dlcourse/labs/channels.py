"""ChannelsLab: a filter for a colour photo. One kernel a channel, and the three results are added up to one map."""

from dataclasses import dataclass

import numpy as np

import dlcourse.reference as engine
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import arrow, axes_at, blank_axes
from dlcourse.labs.palette import GREY, INK, NORMAL
from dlcourse.labs.pixels import SIDE, Pixels, grey_rgb, signed_rgb, small_photo
from dlcourse.labs.rounding import signed, small
from dlcourse.labs.settings import State, choice, number, switch
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

PHOTOS = ("flower", "astronaut", "coffee", "chelsea")
KERNELS = {
    "one pixel": np.array([[1.0]]),
    "blur": np.full((3, 3), 1 / 9),
    "upright edge": np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 2,
}
TASKS = ("light up the flower", "colour, not brightness")
FLOWER = (36.8, 32.0, 26.5)  # row, column and radius of the flower's head, in pixels
CHANNELS = ("red", "green", "blue")


def _weight(default: float, label: str, help: str):
    return number(default, low=-2, high=2, step=0.1, label=label, help=help)


@dataclass(frozen=True)
class ChannelsState(State):
    """red, green, blue: by how much the kernel is multiplied for that channel; bias is added once, to the sum."""

    task: str = choice(TASKS[0], TASKS, label="Task")
    photo: str = choice("flower", PHOTOS, label="photo", help="64 × 64 pixels, three channels from 0 to 1")
    kernel: str = choice("one pixel", tuple(KERNELS), label="kernel")
    red: float = _weight(1.0, "times red", "Weight of the red channel")
    green: float = _weight(1.0, "times green", "Weight of the green channel")
    blue: float = _weight(1.0, "times blue", "Weight of the blue channel")
    bias: float = _weight(0.0, "bias", "Added to the sum")
    relu: bool = switch(False, label="ReLU", help="Negative answers become 0")


@dataclass(frozen=True)
class ChannelsResult:
    channels: np.ndarray  # (3, 64, 64)
    weights: np.ndarray  # (3, k, k)
    parts: np.ndarray  # (3, 64, 64) what each channel adds
    output: np.ndarray  # (64, 64)
    overlap: float  # of the pixels above 0 with the flower's head: intersection over union


def weights_of(state: ChannelsState) -> np.ndarray:
    return np.stack([value * KERNELS[state.kernel] for value in (state.red, state.green, state.blue)])


def flower_head() -> np.ndarray:
    """(64, 64) of bool: where the flower's head is, marked by hand as a disc."""
    row, column = np.indices((SIDE, SIDE)) + 0.5
    return (row - FLOWER[0]) ** 2 + (column - FLOWER[1]) ** 2 < FLOWER[2] ** 2


def overlap(found: np.ndarray, wanted: np.ndarray) -> float:
    """Intersection over union of two masks: 1 if they are the same, 0 if they share nothing."""
    return float((found & wanted).sum() / max((found | wanted).sum(), 1))


def compute_channels(state: ChannelsState) -> ChannelsResult:
    channels, weights = small_photo(state.photo).transpose(2, 0, 1), weights_of(state)
    x, w = engine.tensor(channels[None].copy()), engine.tensor(weights[:, None])
    parts = engine.nn.functional.conv2d(x, w, padding="same", groups=3)[0]  # each channel by itself
    output = parts.sum(0) + state.bias
    output = (output.relu() if state.relu else output).numpy()
    return ChannelsResult(channels, weights, parts.numpy(), output, overlap(output > 1e-9, flower_head()))


# -- view -----------------------------------------------------------------------------------------------------------


TOPS = (10, 146, 282)  # of the three channels, in pixels


class ChannelsView(View):
    size = (840, 420)

    def __init__(self, figure):
        self.photo = self._panel(figure, (14, 34, 192, 192), "Photo: 3 channels")
        self.channels = [self._panel(figure, (268, top, 128, 128)) for top in TOPS]
        self.parts = [self._panel(figure, (464, top, 128, 128)) for top in TOPS]
        self.output = self._panel(figure, (638, 34, 192, 192), "One map: their sum")
        page = blank_axes(figure, (0, 0, 840, 420))
        page.set_zorder(-1)
        for name, top, target in zip(CHANNELS, TOPS, (80, 130, 180), strict=True):
            arrow(page, (400, top + 74), (460, top + 74))
            arrow(page, (596, top + 64), (634, target))
            page.text(260, top + 64, name, fontsize=NORMAL, color=INK, ha="right", va="center")
        angles = np.linspace(0, 2 * np.pi, 100)
        circle = FLOWER[1] + FLOWER[2] * np.cos(angles), FLOWER[0] + FLOWER[2] * np.sin(angles)
        (self.head,) = self.output.axes.plot(*circle, color=INK, linewidth=1.4, linestyle=(0, (4, 3)), zorder=3)
        self.words = Words(page)
        self.moving = [self.photo, *self.channels, *self.parts, self.output, self.head, self.words]

    @staticmethod
    def _panel(figure, box, title: str = "") -> Pixels:
        axes = axes_at(figure, box, (0, SIDE), (SIDE, 0), title)
        axes.set(xticks=[], yticks=[])
        return Pixels(axes)

    def update(self, state, result):
        self.photo.show((255 * result.channels.transpose(1, 2, 0)).round().astype(np.uint8))
        most = max(np.abs(result.parts).max(), np.abs(result.output).max(), 0.5)
        for panel, values in zip(self.channels, result.channels, strict=True):
            panel.show(grey_rgb(values))
        for panel, values in zip(self.parts, result.parts, strict=True):
            panel.show(signed_rgb(values, most))
        self.output.show(signed_rgb(result.output, most))
        self.head.set_visible(state.photo == "flower" and state.task == TASKS[0])
        self.words.update(self._words(state, result, most))

    def _words(self, state, result, most):
        texts = []
        for row, value in enumerate((state.red, state.green, state.blue)):
            texts.append(Word(429, TOPS[row] + 60, f"· {signed(value, 1)}", INK, NORMAL))
        k = len(result.weights[0])
        told = [f"filter: 3 × {k} × {k} = {result.weights.size} weights", "and 1 bias make 1 map"]
        told += [f"blue to orange: ±{small(round(most, 2))}"]
        texts += [Word(14, 250 + 22 * row, text, GREY, NORMAL, "left") for row, text in enumerate(told)]
        ends = ["+ bias " + signed(state.bias, 1) + (", then ReLU" if state.relu else "")]
        if state.photo == "flower" and state.task == TASKS[0]:
            ends.append(f"overlap with the disc: {result.overlap:.0%}")
        texts += [Word(638, 246 + 24 * row, text, INK, NORMAL, "left") for row, text in enumerate(ends)]
        return texts


# -- lab ------------------------------------------------------------------------------------------------------------


class ChannelsLab(Lab):
    """A filter reads all channels of a colour photo at once, and adds up what it finds."""

    title = "Three channels, one map"
    State, View, compute = ChannelsState, ChannelsView, staticmethod(compute_channels)
    presets = {
        "Equal weights: brightness": {"red": 0.3, "green": 0.3, "blue": 0.3},
        "Red alone: white is red, too": {"photo": "astronaut", "red": 1.0, "green": 0.0, "blue": 0.0},
        "Red minus blue: the suit stands out": {
            "photo": "astronaut", "task": TASKS[1], "red": 1.0, "green": 0.0, "blue": -1.0,
        },
        "A bias is a threshold": {"red": 0.0, "green": 0.0, "blue": 1.0, "bias": -0.4, "relu": True},
        "Edges of all channels, added": {"kernel": "upright edge", "photo": "coffee", "red": 1.0},
        "Edges between colours only": {
            "kernel": "upright edge", "photo": "coffee", "red": 2.0, "green": -1.0, "blue": -1.0, "task": TASKS[1],
        },
    }  # fmt: skip

    def describe(self, state, result):
        weights = ", ".join(f"{n} {signed(getattr(state, n), 1)}" for n in CHANNELS)
        text = f"Weights: {weights}, bias {signed(state.bias, 1)}. The answers run from {signed(result.output.min())} "
        text += f"to {signed(result.output.max())}; {(result.output > 1e-9).mean():.0%} of the pixels are above 0."
        return text

    def judge(self, state, result):
        if state.task == TASKS[0]:
            task = "Flower: make the answer positive on the flower's head and nowhere else, overlap 90% or more."
            if state.photo != "flower":
                return Goal(task, "Choose the photo of the flower.", False)
            return Goal(task, f"Overlap with the head: {result.overlap:.0%}.", result.overlap >= 0.9)
        task = "Answer 0 to every grey picture, however bright, and 0.3 or more to some colour of the photo."
        grey = abs(result.weights.sum()) if state.kernel != "upright edge" else abs(result.weights[:, 1, 2].sum())
        most = float(np.abs(result.output).max())
        verdict = f"White gives {signed(grey + state.bias, 1)}, the strongest colour ±{signed(most)}."
        return Goal(task, verdict, grey < 1e-9 and state.bias == 0 and most >= 0.3)

    def code(self, state):
        return (
            "from dlcourse.labs.pixels import small_photo\n\n"
            f"photo = engine.tensor(small_photo({state.photo!r}).transpose(2, 0, 1).copy())  # (3, 64, 64)\n"
            f"kernel = engine.tensor({KERNELS[state.kernel].tolist()}, dtype=engine.float64)\n"
            f"filter = engine.stack([{state.red} * kernel, {state.green} * kernel, {state.blue} * kernel])\n"
            f"bias = engine.tensor([{state.bias}], dtype=engine.float64)\n"
            "output = engine.nn.functional.conv2d(photo[None], filter[None], bias, padding='same')[0, 0]\n"
            f"{'output = output.relu()' + chr(10) if state.relu else ''}"
            "print(tuple(filter.shape), 'weights make one map', tuple(output.shape))"
        )
