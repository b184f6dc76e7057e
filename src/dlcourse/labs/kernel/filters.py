"""What a 3 × 3 kernel makes of a photograph and of five test pictures, and whether it does its task."""

from dataclasses import dataclass

import numpy as np

import dlcourse.reference as engine
from dlcourse.labs.pixels import SIDE, grey_photo
from dlcourse.labs.rounding import small
from dlcourse.labs.settings import State, choice, integer, switch

PHOTOS = ("chelsea", "astronaut", "coffee", "brick")
TASKS = (
    "upright edges only", "edges of every direction", "dots more than edges", "a blur that keeps the brightness",
    "move the photo right by one", "halve the size",
)  # fmt: skip
MOST_PADDING = 3
LARGEST = SIDE + 2 * MOST_PADDING - 2  # side of the largest output


def _entry(default: int, label: str):
    return integer(default, low=-9, high=9, label=label, help="A weight of the kernel, before it is divided")


@dataclass(frozen=True)
class KernelState(State):
    """The kernel is nine whole numbers over `divisor`; position counts outputs row by row; padding is in pixels."""

    task: str = choice(TASKS[1], TASKS, label="Task")
    photo: str = choice("chelsea", PHOTOS, label="photo", help="64 × 64 pixels, grey from 0 to 1")
    k11: int = _entry(-1, "k₁₁")
    k12: int = _entry(0, "k₁₂")
    k13: int = _entry(1, "k₁₃")
    k21: int = _entry(-2, "k₂₁")
    k22: int = _entry(0, "k₂₂")
    k23: int = _entry(2, "k₂₃")
    k31: int = _entry(-1, "k₃₁")
    k32: int = _entry(0, "k₃₂")
    k33: int = _entry(1, "k₃₃")
    divisor: int = choice(1, (1, 2, 3, 4, 8, 9, 16), label="divided by", help="Of all nine")
    stride: int = integer(1, low=1, high=4, label="stride s", help="Pixels from one position to the next")
    padding: int = integer(0, low=0, high=MOST_PADDING, label="padding p", help="Pixels of 0 around the photo")
    dilation: int = integer(1, low=1, high=4, label="dilation d", help="Pixels from one weight to the next")
    flip: bool = switch(False, label="flip: convolution", help="Turn the kernel by 180° first, as mathematics does")
    position: int = integer(1500, low=0, high=LARGEST**2 - 1, label="position", help="Row by row", play=True)


@dataclass(frozen=True)
class KernelResult:
    padded: np.ndarray  # (64 + 2p, 64 + 2p) the photo in its frame
    kernel: np.ndarray  # (3, 3) as it is used: divided, and turned if asked for
    output: np.ndarray  # (n, n)
    place: tuple[int, int]  # row and column of the output that is looked at
    corner: tuple[int, int]  # row and column of its window in `padded`
    patch: np.ndarray  # (3, 3) what the window sees
    products: np.ndarray  # (3, 3)
    answers: dict[str, float]  # to each test picture, the output of largest size
    error: float  # of the task: mean difference to the photo moved right by one

    @property
    def side(self) -> int:
        return len(self.output)


def kernel_of(state: KernelState) -> np.ndarray:
    """The nine weights (3, 3) as they meet the photo."""
    entries = [[getattr(state, f"k{row}{column}") for column in (1, 2, 3)] for row in (1, 2, 3)]
    kernel = np.array(entries) / state.divisor
    return kernel[::-1, ::-1].copy() if state.flip else kernel


def correlate(image: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: int = 0, dilation: int = 1):
    """Cross-correlation of (H, W) with (3, 3) on the engine; what deep learning calls a convolution."""
    x, w = (engine.tensor(a[None, None], dtype=engine.float64) for a in (image, kernel))
    return engine.nn.functional.conv2d(x, w, None, stride, padding, dilation).numpy()[0, 0]


def output_side(n: int, stride: int, padding: int, dilation: int, k: int = 3) -> int:
    """⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1."""
    return (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1


def _test_pictures() -> dict[str, np.ndarray]:
    """9 × 9 pixels of 0 and 1: one thing to see in each."""
    row, column = np.indices((9, 9))
    dot = (row == 4) & (column == 4)
    shapes = {"flat": row >= 0, "upright edge": column > 4, "level edge": row > 4, "slanted edge": row + column > 8}
    return {name: shape.astype(float) for name, shape in (shapes | {"dot": dot}).items()}


PATTERNS = _test_pictures()


def compute_kernel(state: KernelState) -> KernelResult:
    photo, kernel = grey_photo(state.photo), kernel_of(state)
    padded, d = np.pad(photo, state.padding), state.dilation
    output = correlate(photo, kernel, state.stride, state.padding, d)
    place = divmod(min(state.position, output.size - 1), len(output))
    top, left = (state.stride * at for at in place)
    patch = padded[top : top + 2 * d + 1 : d, left : left + 2 * d + 1 : d]
    maps = {name: correlate(picture, kernel).ravel() for name, picture in PATTERNS.items()}
    answers = {name: float(values[np.abs(values).argmax()]) for name, values in maps.items()}
    same = correlate(photo, kernel, padding=1)
    error = float(np.abs(same[:, 1:] - photo[:, :-1]).mean())
    return KernelResult(padded, kernel, output, place, (top, left), patch, patch * kernel, answers, error)


def judged(state: KernelState, result: KernelResult) -> tuple[str, str, bool]:
    """The task in full, how far it is done, and whether it is."""
    size = {name: abs(value) for name, value in result.answers.items()}
    upright, level, slanted, dot, flat = (
        size[name] for name in ("upright edge", "level edge", "slanted edge", "dot", "flat")
    )
    edges, told = max(upright, level, slanted), f"flat {small(flat)}, upright {small(upright)}, level {small(level)}"
    told += f", slanted {small(slanted)}, dot {small(dot)}"
    dull, kernel = flat < 1e-9, result.kernel
    if state.task == TASKS[0]:
        words = "Make a detector of upright edges: at least 1 for them, 0 for flat and for level ones."
        return words, f"Answers: {told}.", dull and level < 1e-9 and upright >= 1
    if state.task == TASKS[1]:
        words = "Make one kernel that answers to every edge: at least 1 for each of the three, 0 for flat."
        return words, f"Answers: {told}.", dull and min(upright, level, slanted) >= 1 - 1e-9
    if state.task == TASKS[2]:
        words = "Make a detector of dots: its answer at least twice that to any edge, and 0 for flat."
        return words, f"Answers: {told}.", dull and dot > 0 and dot >= 2 * edges - 1e-9
    if state.task == TASKS[3]:
        words = "Blur: no weight below 0, a flat picture stays as bright, a dot keeps at most 0.25 in one place."
        same = abs(result.answers["flat"] - 1) < 1e-9
        return words, f"Answers: flat {small(flat)}, dot {small(dot)}.", same and kernel.min() >= 0 and dot <= 0.25
    if state.task == TASKS[4]:
        words = "Move the whole photo one pixel to the right, with one weight that is not 0."
        return words, f"Mean difference to the moved photo: {small(result.error)}.", result.error < 1e-9
    words = "Choose stride and padding so that 64 × 64 pixels become 32 × 32."
    return words, f"The output has {result.side} × {result.side} pixels.", result.side == SIDE // 2
