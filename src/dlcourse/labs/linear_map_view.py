"""The picture of LinearMapLab: the moving grid on the left, the numbers of the map on the right."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon

from dlcourse.labs.base import View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.linear_map_algebra import TINY, determinant
from dlcourse.labs.linear_map_words import AT_A, AT_BA, number_text, pair_text, place_text
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, LARGE, NORMAL, ORANGE, ORANGE_TEXT, PAPER, SMALL

LIMIT = 4.0  # the plane shown
GAUGE = 6.0  # largest determinant on the gauge


class LinearMapView(View):
    size = (840, 420)

    def __init__(self, figure):
        box, limits = (34, 30, 366, 366), (-LIMIT, LIMIT)
        self.plane = axes_at(figure, box, limits, limits)
        self.plane.set(xticks=range(-4, 5, 2), yticks=range(-4, 5, 2))
        for at in range(-3, 4):
            self.plane.axvline(at, color=FAINT, linewidth=0.8, zorder=0.5)
            self.plane.axhline(at, color=FAINT, linewidth=0.8, zorder=0.5)
        self.title = self.plane.text(-LIMIT, LIMIT + 0.14, "", fontsize=LARGE, color=INK)
        self.grid = LineCollection([], colors=GREY, linewidths=0.7, alpha=0.75, zorder=1)
        self.image_axes = LineCollection([], colors=[BLUE, ORANGE_TEXT], linewidths=1.4, alpha=0.8, zorder=1.2)
        for lines in (self.grid, self.image_axes):
            self.plane.add_collection(lines, autolim=False)
        self.outline = Polygon(np.zeros((3, 2)), linewidth=1.6, edgecolor=INK, zorder=1.5)
        self.plane.add_patch(self.outline)
        self.basis = self._arrows(2, [ORANGE, BLUE], 0.014, 3)
        (self.origin,) = self.plane.plot([0], [0], "o", markersize=5, color=INK, zorder=3.2)
        self.names = [self._label(colour) for colour in (ORANGE_TEXT, BLUE)]
        self._make_eigenlines()
        self._make_test()
        self._make_numbers(figure)
        self.moving = [
            self.title, self.grid, self.image_axes, self.outline, self.basis, self.origin, *self.names, *self.lines,
            *self.line_names, self.test, *self.test_names, *self.sides, self.gap, self.sum, *self.columns,
            self.bar, self.bar_text, *self.values,
        ]  # fmt: skip

    def _arrows(self, count, colours, width, zorder):
        zeros = np.zeros(count)
        return self.plane.quiver(
            zeros, zeros, zeros, zeros, color=colours, angles="xy", scale_units="xy", scale=1, width=width,
            zorder=zorder,
        )  # fmt: skip

    def _label(self, colour):
        box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.75, "pad": 1}
        return self.plane.text(0, 0, "", fontsize=NORMAL, color=colour, ha="center", va="center", bbox=box, zorder=4)

    def _make_eigenlines(self):
        """Two lines: those of the eigenvectors, or the axes of the ellipse."""
        styles = ("-", (0, (5, 2)))
        self.lines = [self.plane.plot([], [], color=INK, linewidth=2, linestyle=s, zorder=2)[0] for s in styles]
        self.line_names = [self._label(INK) for _ in range(2)]

    def _make_test(self):
        self.test = self._arrows(3, [GREY, GREY, INK], 0.009, 2.5)
        self.test_names = [self._label(INK) for _ in range(3)]
        self.sides = [
            self.plane.plot([], [], color=GREY, linewidth=1, linestyle=(0, (3, 3)), zorder=2)[0] for _ in range(2)
        ]
        (self.gap,) = self.plane.plot([], [], color=ORANGE_TEXT, linewidth=3, zorder=2.6)
        (self.sum,) = self.plane.plot(
            [], [], "s", markersize=11, markerfacecolor="none", markeredgecolor=ORANGE_TEXT, zorder=2.7
        )

    def _make_numbers(self, figure):
        axes = blank_axes(figure, (424, 30, 410, 90))
        self.columns = []
        for place, (name, words) in enumerate(
            (("A", ""), ("B", ""), ("BA", "first A, then B"), ("AB", "first B, then A"))
        ):
            x = 50 + 102 * place
            axes.text(x, 2, name, fontsize=LARGE, color=INK, ha="center", va="center")
            axes.text(x, 78, words, fontsize=SMALL, color=GREY, ha="center", va="center")
            for side in (-44, 44):
                tick = side - np.sign(side) * 5
                axes.plot([x + tick, x + side, x + side, x + tick], [14, 14, 62, 62], color=GREY, linewidth=1.2)
            style = {"fontsize": NORMAL, "ha": "center", "va": "center", "linespacing": 1.7}
            for dx, colour in ((-20, ORANGE_TEXT), (22, BLUE)):
                self.columns.append(axes.text(x + dx, 38, "", color=colour, **style))
        self._make_gauge(figure)
        axes = blank_axes(figure, (424, 216, 410, 190))
        labels = ["eigenvalues λ", "stay on their line", "singular values", "origin f(0)"]
        labels += ["f(u) + f(v)", "f(u + v)", "difference"]
        for row, label in enumerate(labels):
            axes.text(6, 14 + 25 * row, label, fontsize=NORMAL, color=GREY, va="center")
        self.values = [axes.text(126, 14 + 25 * row, "", fontsize=NORMAL, color=INK, va="center") for row in range(7)]

    def _make_gauge(self, figure):
        axes = axes_at(figure, (430, 152, 280, 18), (-GAUGE, GAUGE), (0, 1), "Determinant: signed area of the square")
        axes.set(yticks=[], xticks=[-6, -4, -2, -1, 0, 1, 2, 4, 6])
        axes.axvline(0, color=GREY, linewidth=1)
        self.bar = axes.barh([0.5], [0.0], height=0.62, color=ORANGE, edgecolor=INK, linewidth=0.8)[0]
        self.bar_text = figure.text(722 / 840, 1 - 161 / 420, "", fontsize=NORMAL, color=INK, va="center")

    # -- one frame ----------------------------------------------------------------------------------------------------

    def update(self, state, result):
        self.title.set_text(place_text(state.moment) + {"nothing": ""}.get(state.after, f", {state.after} after each"))
        self.grid.set_segments(list(result.grid))
        middle = len(result.grid) // 4
        self.image_axes.set_segments([result.grid[middle], result.grid[middle + len(result.grid) // 2]])
        self.origin.set_data([result.origin[0]], [result.origin[1]])
        self._point(self.basis, result.origin, result.places[:2])
        curved = state.after != "nothing"
        sign = "f(e{})" if curved and state.moment else ("e{}", "Ae{}", "BAe{}")[-(-state.moment // AT_A)]
        for i, (label, name) in enumerate(zip(self.names, ("₁", "₂"), strict=True)):
            self._place(label, sign.format(name), result.places[i], result.origin)
        self._update_outline(state, result)
        self._update_lines(state, result)
        self._update_test(state, result)
        self._update_numbers(state, result)

    def _point(self, arrows, tail, tips):
        arrows.set_offsets(np.broadcast_to(tail, tips.shape))
        arrows.set_UVC(*(tips - tail).T)

    def _place(self, label, words, tip, tail):
        """A label a little beyond the tip of an arrow, and always inside the plane."""
        along = tip - tail
        place = tip + 0.32 * along / max(np.hypot(*along), 0.2)
        label.set_text(words)
        label.set_position(np.clip(place, 0.25 - LIMIT, LIMIT - 0.25))

    def _update_outline(self, state, result):
        self.outline.set_visible(state.view in ("unit square", "letter F", "circle"))
        self.outline.set_xy(result.outline)
        over = result.det < -TINY and state.after not in ("ReLU", "tanh")
        self.outline.set_facecolor((*_rgb(BLUE if over else ORANGE), 0.35))
        self.outline.set_hatch("//" if over else None)

    def _update_lines(self, state, result):
        straight = state.after == "nothing"
        lines, names = [], []
        if straight and state.view == "eigenlines":
            lines = [2 * LIMIT * np.stack([-d, d]) for d in result.eigen.directions]
            names = [f"λ = {number_text(v)}" for v, _ in zip(result.eigen.values, lines, strict=False)]
            places = [0.82 * LIMIT * d for d in result.eigen.directions]
        elif straight and state.view == "circle":
            lines = [s * np.stack([-d, d]) for s, d in zip(result.sigma, result.axes, strict=True)]
            names = [f"σ = {number_text(s)}" for s in result.sigma]
            places = [-(s + 0.35) * d for s, d in zip(result.sigma, result.axes, strict=True)]
        for i, (line, label) in enumerate(zip(self.lines, self.line_names, strict=True)):
            shown = i < len(lines)
            line.set_data(*(lines[i].T if shown else ([], [])))
            label.set_text(names[i] if shown else "")
            label.set_position(np.clip(places[i], 0.5 - LIMIT, LIMIT - 0.5) if shown else (0, 0))
        if straight and state.view == "eigenlines" and not lines:
            words = f"{'every' if result.eigen.kind == 'every' else 'no'} direction stays on its line"
            self.line_names[0].set_text(words)
            self.line_names[0].set_position((0, 0.9 * LIMIT))

    def _update_test(self, state, result):
        shown = state.view == "u, v and u + v"
        for artist in (self.test, *self.test_names, *self.sides, self.gap, self.sum):
            artist.set_visible(shown)
        fu, fv, both = result.places[2:]
        self._point(self.test, np.zeros(2), result.places[2:])
        names = ("u", "v", "u + v") if state.moment == 0 else ("f(u)", "f(v)", "f(u + v)")
        for label, name, tip in zip(self.test_names, names, (fu, fv, both), strict=True):
            self._place(label, name, tip, np.zeros(2))
        for line, start in zip(self.sides, (fu, fv), strict=True):
            line.set_data(*np.stack([start, fu + fv]).T)
        self.gap.set_data(*np.stack([fu + fv, both]).T)
        self.sum.set_data(*(fu + fv)[:, None])

    def _update_numbers(self, state, result):
        for place, matrix in enumerate((result.a, result.b, result.b @ result.a, result.a @ result.b)):
            for text, column in zip(self.columns[2 * place : 2 * place + 2], matrix.T, strict=True):
                text.set_text("\n".join(map(number_text, column)))
        bent = state.after in ("ReLU", "tanh")
        det = 0.0 if bent else result.det
        self.bar.set_width(np.clip(det, -GAUGE, GAUGE))
        self.bar.set_facecolor(BLUE if det < 0 else ORANGE)
        self.bar_text.set_text("differs by place" if bent else number_text(det))
        fu, fv, both = result.places[2:]
        words = _matrix_words(result) if not bent else ["a curved map has no matrix", "", ""]
        words[0] += "  (the matrix alone)" * state.after.startswith("shift")
        words += [pair_text(result.origin), pair_text(fu + fv), pair_text(both)]
        words.append(f"{pair_text(result.gap)}  {'= 0 ✓' if result.linear else '≠ 0: not linear'}")
        for text, value in zip(self.values, words, strict=True):
            text.set_text(value)

    # -- what can be dragged ------------------------------------------------------------------------------------------

    def handles(self, state, result):
        if state.moment == 0 and state.view == "u, v and u + v":
            return [self._tip(n, f"vector {n}", p, p) for n, p in zip("uv", result.places[2:4], strict=True)]
        if state.after != "nothing" or state.moment not in (AT_A, AT_BA):
            return []
        if state.moment == AT_BA and abs(determinant(result.a)) < TINY:
            return []  # no B could bring the tips of a flat A to any other place
        name, moves = ("A", "A") if state.moment == AT_A else ("BA", "B")
        tips = [
            self._tip(f"{name}e{i}", f"tip of {name}e{i}, moves {moves}", tip, result.matrix[:, i - 1])
            for i, tip in enumerate(result.places[:2], 1)
        ]
        return [tip for tip in tips if max(abs(tip.x), abs(tip.y)) <= LIMIT]

    def _tip(self, name, label, place, numbers):
        return Handle(name, self.plane, *place, label, f"at {pair_text(numbers)}", "vector", (0.1, 0.1))


def _matrix_words(result) -> list[str]:
    """Eigenvalues, directions that stay put and singular values, as words."""
    found = result.eigen
    if found.kind == "none":
        real, imaginary = number_text(found.values[0].real), number_text(abs(found.values[0].imag))
        words = [f"{real} ± {imaginary} i", "no direction"]
    elif found.kind == "every":
        words = [number_text(found.values[0]), "every direction"]
    else:
        words = ["  and  ".join(map(number_text, found.values)), "  and  ".join(map(pair_text, found.directions))]
    return [*words, "  and  ".join(map(number_text, result.sigma))]


def _rgb(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
