"""ReceptiveFieldLab: which pixels can a unit see, how strongly, and how many weights does it take?

Layer by layer, with the jump j (pixels between neighbouring units): field += d·(k − 1)·j, then j ·= s. The drawing is
one row of a 32 × 32 image; the weights are counted for the whole of it.
"""

from dataclasses import dataclass, replace

import numpy as np
from matplotlib.collections import LineCollection

import dlcourse.reference as engine
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, NORMAL, ORANGE, PAPER, SMALL
from dlcourse.labs.settings import State, choice, integer
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

PIXELS = 32
NONE = "no layer"
KINDS = {  # name: kernel k, stride s, dilation d
    NONE: (1, 1, 1),
    "conv 1": (1, 1, 1),
    "conv 3": (3, 1, 1),
    "conv 5": (5, 1, 1),
    "conv 7": (7, 1, 1),
    "conv 3, stride 2": (3, 2, 1),
    "conv 3, dilation 2": (3, 1, 2),
    "conv 3, dilation 4": (3, 1, 4),
    "conv 3, dilation 8": (3, 1, 8),
    "pool 2": (2, 2, 1),
}
TASKS = ("5 pixels, cheaper than one conv 5", "see nearly all pixels", "see nearly all, lose no place")
MOST_WEIGHTS = 50  # a pair of maps, in the two larger tasks


def _layer(default: str, label: str):
    return choice(default, tuple(KINDS), label=label, help="Padded by d·(k − 1)/2; pooling is not")


@dataclass(frozen=True)
class ReceptiveFieldState(State):
    """channels: maps in and out of every layer; unit: place in the last layer, from 0."""

    task: str = choice(TASKS[0], TASKS, label="Task")
    first: str = _layer("conv 5", "layer 1")
    second: str = _layer(NONE, "layer 2")
    third: str = _layer(NONE, "layer 3")
    fourth: str = _layer(NONE, "layer 4")
    fifth: str = _layer(NONE, "layer 5")
    channels: int = integer(16, low=1, high=64, label="maps C", help="In and out of every layer")
    unit: int = integer(15, low=0, high=PIXELS - 1, label="unit", help="Which unit of the last layer", play=True)

    @property
    def kinds(self) -> list[str]:
        """The layers there are, first to last."""
        return [kind for kind in (self.first, self.second, self.third, self.fourth, self.fifth) if kind != NONE]


@dataclass(frozen=True)
class Row:
    """A row of units: the input, or what a layer makes of the row before."""

    kind: str
    places: int
    start: float  # pixel over which unit 0 stands
    jump: int  # pixels from unit to unit
    field: int  # pixels that a unit sees, were the image endless
    seen: frozenset[int]  # units on the way from the input to the chosen unit
    weights: int
    dense: int  # weights of a dense layer between the same maps


@dataclass(frozen=True)
class ReceptiveFieldResult:
    rows: tuple[Row, ...]  # the input first
    paths: np.ndarray  # (32,) ways from each pixel to the chosen unit: the gradient if all weights are 1
    unit: int

    @property
    def last(self) -> Row:
        return self.rows[-1]

    def total(self, name: str) -> int:
        return sum(getattr(row, name) for row in self.rows)


def padding_of(kind: str) -> int:
    kernel, _, dilation = KINDS[kind]
    return dilation * (kernel - 1) // 2 if kernel % 2 else 0


def forward(kinds, x):
    """A row of pixels (32,) through all layers, every weight 1; x is a tensor of the engine."""
    y = x.reshape(1, 1, PIXELS)
    for kind in kinds:
        kernel, stride, dilation = KINDS[kind]
        ones = engine.ones(1, 1, kernel, dtype=x.dtype)
        y = engine.nn.functional.conv1d(y, ones, None, stride, padding_of(kind), dilation)
    return y.flatten()


def compute_receptive_field(state: ReceptiveFieldState) -> ReceptiveFieldResult:
    x = engine.zeros(PIXELS, dtype=engine.float64, requires_grad=True)
    y = forward(state.kinds, x)
    unit = min(state.unit, len(y) - 1)
    y[unit].backward()
    rows = _rows(state)
    seen = {unit}
    marked = []
    for row, below in zip(rows[:0:-1], rows[-2::-1], strict=True):
        marked.append(seen)
        seen = {place for i in seen for place in inputs_of(row.kind, i, below.places)}
    marked.append(seen)
    rows = [replace(row, seen=frozenset(seen)) for row, seen in zip(rows, marked[::-1], strict=True)]
    return ReceptiveFieldResult(tuple(rows), x.grad.numpy(), unit)


def inputs_of(kind: str, unit: int, places: int) -> list[int]:
    """The units of the row below that a unit reads; what lies in the padding is left out."""
    kernel, stride, dilation = KINDS[kind]
    start = unit * stride - padding_of(kind)
    return [at for at in range(start, start + dilation * (kernel - 1) + 1, dilation) if 0 <= at < places]


def _rows(state: ReceptiveFieldState) -> list[Row]:
    """The rows without what depends on the unit."""
    rows, c = [Row("input", PIXELS, 0.0, 1, 1, frozenset(), 0, 0)], state.channels
    for kind in state.kinds:
        (kernel, stride, dilation), below = KINDS[kind], rows[-1]
        reach = dilation * (kernel - 1)
        places = (below.places + 2 * padding_of(kind) - reach - 1) // stride + 1
        start = below.start + (reach / 2 - padding_of(kind)) * below.jump
        learns = not kind.startswith("pool")
        weights = learns * (kernel**2 * c + 1) * c
        dense = learns * (below.places**2 * c + 1) * c * places**2
        row = Row(
            kind, places, start, below.jump * stride, below.field + reach * below.jump, frozenset(), weights, dense
        )
        rows.append(row)
    return rows


def judged(state: ReceptiveFieldState, result: ReceptiveFieldResult) -> tuple[str, str, bool]:
    """The task in full, how far it is done, and whether it is."""
    field, c = result.last.field, state.channels
    weights = result.total("weights")
    told = f"A unit sees {field} × {field} pixels; {weights:,} weights."
    if state.task == TASKS[0]:
        single = (25 * c + 1) * c
        task = f"See 5 × 5 pixels with fewer weights than one conv 5 has ({single:,})."
        return task, told, field == 5 and weights < single
    most = MOST_WEIGHTS * c * c
    task = f"See 31 × 31 pixels or more with at most {most:,} weights."
    reached = field >= 31 and weights <= most
    if state.task == TASKS[1]:
        return task, told, reached
    told += f" {result.last.places} of {PIXELS} places are left."
    return f"{task[:-1]}, and keep all 32 × 32 places.", told, reached and result.last.places == PIXELS


# -- view -----------------------------------------------------------------------------------------------------------

LEVEL, GROUND, BARS = 43, 250, 46  # pixels between rows, of the input row, height of the bars below it


class ReceptiveFieldView(View):
    size = (840, 420)

    def __init__(self, figure):
        box = (20, 14, 580, 326)
        self.stack = axes_at(figure, box, (-1, PIXELS), (326, 0))
        self.stack.set_axis_off()
        self.ways = LineCollection([], colors=ORANGE, linewidths=1.1, zorder=1)
        self.bars = LineCollection([], colors=BLUE, linewidths=9, zorder=1)
        for lines in (self.ways, self.bars):
            lines.set_capstyle("butt")
            self.stack.add_collection(lines, autolim=False)
        self.idle = self.stack.scatter([], [], s=38, facecolor=PAPER, edgecolor=GREY, linewidth=0.9, zorder=2)
        self.seen = self.stack.scatter(
            [], [], s=42, marker="s", facecolor=ORANGE, edgecolor=INK, linewidth=0.8, zorder=3
        )
        bottom = GROUND + 12 + BARS
        self.stack.plot([-0.5, PIXELS - 0.5], [bottom, bottom], color=FAINT, linewidth=1)
        caption = "bars: number of ways from a pixel to the unit, its weight in what the unit sees"
        self.stack.text(-0.5, bottom + 5, caption, fontsize=SMALL, color=GREY, va="top")
        self._make_counter(figure)
        page = blank_axes(figure, (0, 0, 840, 420))
        self.words = Words(page)
        self.moving = [self.ways, self.bars, self.idle, self.seen, *self.lengths, self.words]

    def _make_counter(self, figure):
        axes = axes_at(figure, (130, 350, 440, 40), (0, 12), (2, 0))
        axes.set(xticks=range(0, 13, 3), yticks=[])
        axes.set_xticklabels(["1", "10³", "10⁶", "10⁹", "10¹²"], fontsize=SMALL)
        for name in ("top", "right"):
            axes.spines[name].set_visible(False)
        self.lengths = axes.barh([0.5, 1.5], [0, 0], height=0.66, color=[ORANGE, FAINT], edgecolor=INK, linewidth=0.8)

    def update(self, state, result):
        idle, seen, ways = [], [], []
        for level, row in enumerate(result.rows):
            y = GROUND - LEVEL * level
            for i in range(row.places):
                (seen if i in row.seen else idle).append((row.start + i * row.jump, y))
            if level:
                below = result.rows[level - 1]
                ways += [
                    [(row.start + i * row.jump, y), (below.start + j * below.jump, y + LEVEL)]
                    for i in sorted(row.seen) for j in inputs_of(row.kind, i, below.places)
                ]  # fmt: skip
        self.idle.set_offsets(np.array(idle).reshape(-1, 2))
        self.seen.set_offsets(seen)
        self.ways.set_segments(ways)
        heights, bottom = BARS * result.paths / result.paths.max(), GROUND + 12 + BARS
        self.bars.set_segments([[(i, bottom), (i, bottom - h)] for i, h in enumerate(heights) if h])
        counts = [result.total("weights"), result.total("dense")]
        for bar, count in zip(self.lengths, counts, strict=True):
            bar.set_width(np.log10(max(count, 1)))
        self.words.update(self._words(result, counts))

    def _words(self, result, counts):
        texts = []
        for level, row in enumerate(result.rows):
            y = 14 + GROUND - LEVEL * level
            texts.append(Word(612, y - 8, row.kind, INK, NORMAL, "left"))
            more = f"{row.places} × {row.places}, field {row.field} × {row.field}"
            texts.append(Word(612, y + 8, more, GREY, SMALL, "left"))
        for y, name, count in zip((360, 380), ("convolutions", "dense layers"), counts, strict=True):
            texts.append(Word(122, y, name, INK, NORMAL, "right"))
            texts.append(Word(584, y, f"{count:,} weights", INK, NORMAL, "left"))
        return texts

    def handles(self, state, result):
        row = result.last
        x, y = row.start + result.unit * row.jump, GROUND - LEVEL * (len(result.rows) - 1)
        words = f"unit {result.unit} of {row.places}"
        return [Handle("unit", self.stack, x, y, "unit of the last layer", words, step=(row.jump, 1))]


# -- lab ------------------------------------------------------------------------------------------------------------


def _stack(*kinds: str, **others) -> dict:
    names = ("first", "second", "third", "fourth", "fifth")
    return dict(zip(names, [*kinds, *[NONE] * (5 - len(kinds))], strict=True)) | others


class ReceptiveFieldLab(Lab):
    """Stack up to five layers; see which pixels a unit reads, and what the stack costs. Drag the unit at the top."""

    title = "What a unit sees"
    State, View, compute = ReceptiveFieldState, ReceptiveFieldView, staticmethod(compute_receptive_field)
    presets = {
        "One conv 5": _stack("conv 5", unit=15),
        "Two conv 3 see as much, for less": _stack("conv 3", "conv 3", unit=15),
        "Five conv 3: the field grows by 2 a layer": _stack(*["conv 3"] * 5, unit=15, task=TASKS[1]),
        "Pooling doubles the steps": _stack("conv 3", "pool 2", "conv 3", "pool 2", "conv 3", unit=3, task=TASKS[1]),
        "Stride 2 five times: one unit sees all": _stack(*["conv 3, stride 2"] * 5, unit=0, task=TASKS[1]),
        "Dilation 2, 4, 8 keeps every place": _stack(
            "conv 3", *[f"conv 3, dilation {d}" for d in (2, 4, 8)], unit=15, task=TASKS[2]
        ),
        "Dilation 8 alone leaves holes": _stack("conv 3, dilation 8", unit=15, task=TASKS[2]),
        "At the edge a part of the field is padding": _stack(*["conv 3"] * 4, unit=0, task=TASKS[1]),
    }

    def describe(self, state, result):
        field, pixels = result.last.field, int((result.paths > 0).sum())
        text = f"Unit {result.unit} of {result.last.places} reaches back over {field} pixel{'s' * (field > 1)}"
        if pixels < field:
            text += f" and reads {pixels} of them: the others lie in holes or beyond the edge"
        weights, dense = result.total("weights"), result.total("dense")
        if not weights:
            return f"{text}. Nothing here learns."
        return f"{text}. {weights:,} weights; dense layers between the same maps would have {dense:,}."

    def judge(self, state, result):
        return Goal(*judged(state, result))

    def moved(self, gesture):
        row = self.result.last
        return {"unit": int(np.clip(round((gesture.x - row.start) / row.jump), 0, row.places - 1))}

    def limits(self, state, result):
        return {"unit": (0, result.last.places - 1)}

    def code(self, state):
        lines = [f"x = engine.zeros(1, 1, {PIXELS}, dtype=engine.float64, requires_grad=True)", "y = x"]
        for kind in state.kinds:
            kernel, stride, dilation = KINDS[kind]
            ones = f"engine.ones(1, 1, {kernel}, dtype=engine.float64)"
            options = f"stride={stride}, padding={padding_of(kind)}, dilation={dilation}"
            lines.append(f"y = engine.nn.functional.conv1d(y, {ones}, {options})  # {kind}")
        lines += [
            f"y[0, 0, {compute_receptive_field(state).unit}].backward()",
            "output = x.grad[0, 0]  # ways from each pixel to the unit",
            "print(int((output > 0).sum()), 'pixels are read')",
        ]
        return "\n".join(lines)
