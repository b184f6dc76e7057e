"""The picture of LimeLab: the photo, the probabilities, the coefficients with whiskers and seeds, the numbers."""

import numpy as np
from matplotlib.collections import LineCollection

from dlcourse.explain.kernels import exponential
from dlcourse.labs.base import View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.lime.answers import SIDE, centres
from dlcourse.labs.lime.painting import covered, outline, tinted
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import BLUE, GREY, INK, NORMAL, ORANGE, PAPER, SMALL
from dlcourse.labs.pixels import Pixels
from dlcourse.labs.rounding import signed
from dlcourse.labs.words import Word, Words

SHOWN = 9  # coefficients in the chart
LEAST, MOST = -0.22, 0.38  # of the chart
PHOTO_BOX, CHART_BOX, KERNEL_BOX = (14, 28, 256, 256), (372, 28, 256, 300), (684, 262, 140, 100)
CLASS_TOP, CLASS_LEFT, CLASS_WIDE = 312, 120, 118  # pixels: the bars of the three classes
NUMBERS_LEFT = 660
NUMBERS = (
    "intercept", "+ all coefficients", "= local prediction", "network", "R²", "held-out R²", "effective samples",
)  # fmt: skip


class LimeView(View):
    size = (840, 404)

    def __init__(self, figure):
        self.photo_axes = axes_at(figure, PHOTO_BOX, (0, SIDE), (0, SIDE), "Photo")
        self.photo_axes.set(xticks=[], yticks=[])
        self.photo = Pixels(self.photo_axes)
        self.numbers_on_photo = Words(self.photo_axes)
        page = blank_axes(figure, (0, 0, *self.size))
        self.class_bars = list(page.barh([0] * 3, [0] * 3, height=12, left=CLASS_LEFT, color=BLUE, zorder=2))
        for row, bar in enumerate(self.class_bars):
            bar.set_y(CLASS_TOP + 26 * row - 6)
        page.set(xlim=(0, self.size[0]), ylim=(self.size[1], 0))
        self._make_chart(figure)
        self._make_kernel(figure)
        self._make_headings(page)
        self.classes, self.rows, self.numbers = (Words(page) for _ in range(3))  # apart: a smaller area to paint
        self.moving = [self.photo, self.numbers_on_photo, *self.class_bars, *self.bars, self.whiskers, self.seeds]
        self.moving += [self.kernel, self.here, self.classes, self.rows, self.numbers]

    def _make_headings(self, page):
        left, top, _, _ = CHART_BOX
        style = {"fontsize": SMALL, "color": GREY, "va": "center"}
        page.text(left - 52, top - 10, "superpixel", ha="right", **style)
        page.text(left - 6, top - 10, "worth", ha="right", **style)
        for row, name in enumerate(NUMBERS):
            page.text(NUMBERS_LEFT, 46 + 24 * row, name, fontsize=NORMAL, color=INK, va="center")

    def _make_chart(self, figure):
        title = "Largest coefficients, ± 2 standard errors"
        self.chart = axes_at(figure, CHART_BOX, (LEAST, MOST), (SHOWN - 0.5, -0.5), title)
        self.chart.set_yticks([])
        self.chart.axvline(0, color=GREY, linewidth=1, zorder=3)
        self.chart.set_xlabel("change of the probability; dots: ten seeds", fontsize=NORMAL, color=INK)
        self.bars = list(self.chart.barh(range(SHOWN), [0] * SHOWN, height=0.5, edgecolor=PAPER, linewidth=0, zorder=2))
        self.whiskers = LineCollection([], colors=INK, linewidths=1.4, zorder=4)
        self.chart.add_collection(self.whiskers, autolim=False)
        self.seeds = self.chart.scatter([], [], s=9, facecolor=PAPER, edgecolor=INK, linewidth=0.7, zorder=5)

    def _make_kernel(self, figure):
        self.kernel_axes = axes_at(figure, KERNEL_BOX, (0, 1), (0, 1.08), "Weight by distance", "distance 1 − √(k/d)")
        self.kernel_axes.set(xticks=[0, 0.5, 1], yticks=[0, 1])
        (self.kernel,) = self.kernel_axes.plot([], [], color=BLUE, linewidth=1.8, zorder=2)
        style = {"markersize": 8, "color": ORANGE, "markeredgecolor": INK, "markeredgewidth": 1.2}
        (self.here,) = self.kernel_axes.plot([], [], "D", zorder=3, clip_on=False, **style)

    def update(self, state, result):
        self._update_photo(state, result)
        for bar, share in zip(self.class_bars, result.shown, strict=True):
            bar.set_width(CLASS_WIDE * share)
        order = np.argsort(-np.abs(result.coefficients), kind="stable")[:SHOWN]
        self._update_chart(result, order)
        distances = np.linspace(0, 1, 60)
        self.kernel.set_data(distances, exponential(distances, state.width))
        self.here.set_data([result.distance], [result.weight])
        self.classes.update(_classes(state, result))
        self.rows.update(_rows(result, order))
        self.numbers.update(_numbers(result))

    def _update_photo(self, state, result):
        case = state.photo, state.segments, state.fill
        explaining = state.show == "the explanation"
        if explaining:
            rgb = tinted(*case, result.coefficients, result.sure, max(np.abs(result.coefficients).max(), 1e-9))
        else:
            rgb = covered(*case, result.mask)
        if state.show == "by hand":
            rgb[outline(state.photo, state.segments, min(state.at, len(result.mask) - 1))] = _CURSOR
        self.photo.show(rgb)
        few = np.argsort(-np.abs(result.coefficients), kind="stable")[:SHOWN] if explaining else ()
        places = centres(state.photo, state.segments)
        self.numbers_on_photo.update([Word(*places[number], str(number), size=SMALL) for number in few])

    def _update_chart(self, result, order):
        lines, dots = [], []
        for row, bar in enumerate(self.bars):
            value = result.coefficients[order[row]] if row < len(order) else 0.0
            bar.set_width(np.clip(value, LEAST, MOST))
            bar.set_facecolor(ORANGE if value > 0 else BLUE)
            bar.set_hatch("//" if value > 0 else "\\\\")
            if row < len(order):
                reach = 2 * result.errors[order[row]]
                lines.append([(max(value - reach, LEAST), row), (min(value + reach, MOST), row)])
                dots += [(np.clip(one, LEAST, MOST), row + 0.38) for one in result.seeds[:, order[row]]]
        self.whiskers.set_segments(lines)
        self.seeds.set_offsets(np.array(dots))

    def handles(self, state, result):
        at = min(state.at, len(result.mask) - 1)
        x, y = centres(state.photo, state.segments)[at]
        words = f"superpixel {at}, {'off' if at in result.off else 'on'}; Space switches it"
        return [Handle("superpixels", self.photo_axes, x, y, "superpixels", words, kind="brush", step=(12.0, 12.0))]


_CURSOR = np.array([int(ORANGE[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)


def _classes(state, result):
    """Beside the bars of the classes their names and probabilities."""
    for row, (name, share) in enumerate(zip(result.names, result.shown, strict=True)):
        y = CLASS_TOP + 26 * row
        mark = "▸ " if row == state.rank - 1 else ""
        yield Word(CLASS_LEFT - 8, y, f"{mark}{name}", size=NORMAL, align="right")
        yield Word(CLASS_LEFT + CLASS_WIDE * share + 5, y, f"{share:.3f}", size=NORMAL, align="left")


def _rows(result, order):
    """Beside the chart which superpixel a row is, and its coefficient."""
    left, top, _, height = CHART_BOX
    for row, number in enumerate(order):
        y = top + height * (row + 0.5) / SHOWN
        yield Word(left - 60, y, f"{number}", size=NORMAL, align="right")
        yield Word(left - 6, y, with_sign(result.coefficients[number]), size=NORMAL, align="right")


def with_sign(value: float) -> str:
    """+0.21 or −0.10."""
    return f"{value:+.2f}".replace("-", "−")


def _known(value: float) -> str:
    return "too few" if np.isnan(value) else signed(value)


def _numbers(result):
    """The values of NUMBERS."""
    model = result.model
    values = (
        with_sign(model.intercept), with_sign(float(result.coefficients.sum())), signed(model.local_prediction),
        signed(model.prediction), signed(model.r2), _known(model.held_out_r2), f"{model.effective_samples:.0f}",
    )  # fmt: skip
    for row, value in enumerate(values):
        yield Word(826, 46 + 24 * row, value, align="right")
