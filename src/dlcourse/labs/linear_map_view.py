"""The picture of LinearMapLab: the moving grid on the left, the numbers of the map on the right."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon

from dlcourse.labs.base import View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.linear_map_algebra import TINY, determinant
from dlcourse.labs.linear_map_words import AT_A, AT_BA, pair_text, place_text
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, LARGE, NORMAL, ORANGE, ORANGE_TEXT, SMALL
from dlcourse.labs.rounding import trimmed
from dlcourse.labs.words import Word, Words

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
        self.labels = Words(self.plane, halo=3)
        self._make_eigenlines()
        self._make_test()
        self._make_numbers(figure)
        self.moving = [
            self.title, self.grid, self.image_axes, self.outline, self.basis, self.origin, *self.lines, self.test,
            *self.sides, self.gap, self.sum, self.labels, self.matrices, self.bar, self.bar_text, self.values,
        ]  # fmt: skip

    def _arrows(self, count, colours, width, zorder):
        zeros = np.zeros(count)
        return self.plane.quiver(
            zeros, zeros, zeros, zeros, color=colours, angles="xy", scale_units="xy", scale=1, width=width,
            zorder=zorder,
        )  # fmt: skip

    def _make_eigenlines(self):
        """Two lines: those of the eigenvectors, or the axes of the ellipse."""
        styles = ("-", (0, (5, 2)))
        self.lines = [self.plane.plot([], [], color=INK, linewidth=2, linestyle=s, zorder=2)[0] for s in styles]

    def _make_test(self):
        self.test = self._arrows(3, [GREY, GREY, INK], 0.009, 2.5)
        self.sides = [
            self.plane.plot([], [], color=GREY, linewidth=1, linestyle=(0, (3, 3)), zorder=2)[0] for _ in range(2)
        ]
        (self.gap,) = self.plane.plot([], [], color=ORANGE_TEXT, linewidth=3, zorder=2.6)
        (self.sum,) = self.plane.plot(
            [], [], "s", markersize=11, markerfacecolor="none", markeredgecolor=ORANGE_TEXT, zorder=2.7
        )

    def _make_numbers(self, figure):
        axes = blank_axes(figure, (424, 30, 410, 90))
        self.matrices = Words(axes)
        for place, (name, words) in enumerate(
            (("A", ""), ("B", ""), ("BA", "first A, then B"), ("AB", "first B, then A"))
        ):
            x = 50 + 102 * place
            axes.text(x, 2, name, fontsize=LARGE, color=INK, ha="center", va="center")
            axes.text(x, 78, words, fontsize=SMALL, color=GREY, ha="center", va="center")
            for side in (-44, 44):
                tick = side - np.sign(side) * 5
                axes.plot([x + tick, x + side, x + side, x + tick], [14, 14, 62, 62], color=GREY, linewidth=1.2)
        self._make_gauge(figure)
        axes = blank_axes(figure, (424, 216, 410, 190))
        labels = ["eigenvalues λ", "stay on their line", "singular values", "origin f(0)"]
        labels += ["f(u) + f(v)", "f(u + v)", "difference"]
        for row, label in enumerate(labels):
            axes.text(6, 14 + 25 * row, label, fontsize=NORMAL, color=GREY, va="center")
        self.values = Words(axes)

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
        names = [
            _beyond(sign.format(i), tip, result.origin, colour)
            for i, tip, colour in zip("₁₂", result.places[:2], (ORANGE_TEXT, BLUE), strict=True)
        ]
        self._update_outline(state, result)
        self.labels.update([*names, *self._update_lines(state, result), *self._update_test(state, result)])
        self._update_numbers(state, result)

    def _point(self, arrows, tail, tips):
        arrows.set_offsets(np.broadcast_to(tail, tips.shape))
        arrows.set_UVC(*(tips - tail).T)

    def _update_outline(self, state, result):
        self.outline.set_visible(state.view in ("unit square", "letter F", "circle"))
        self.outline.set_xy(result.outline)
        over = result.det < -TINY and state.after not in ("ReLU", "tanh")
        self.outline.set_facecolor((*_rgb(BLUE if over else ORANGE), 0.35))
        self.outline.set_hatch("//" if over else None)

    def _update_lines(self, state, result) -> list[Word]:
        """Eigenlines, or the axes of the ellipse; returns their names."""
        straight, d = state.after == "nothing", result.eigen.directions
        lines, names = [], []
        if straight and state.view == "eigenlines":
            lines = [2 * LIMIT * np.stack([-along, along]) for along in d]
            names = [(f"λ = {trimmed(v)}", 0.82 * LIMIT * a) for v, a in zip(result.eigen.values, d, strict=False)]
            if not lines:
                every = "every" if result.eigen.kind == "every" else "no"
                names = [(f"{every} direction stays on its line", np.array([0, 0.9 * LIMIT]))]
        elif straight and state.view == "circle":
            axes = list(zip(result.sigma, result.axes, strict=True))
            lines = [size * np.stack([-along, along]) for size, along in axes]
            names = [(f"σ = {trimmed(size)}", -(size + 0.35) * along) for size, along in axes]
        for i, line in enumerate(self.lines):
            line.set_data(*(lines[i].T if i < len(lines) else ([], [])))
        return [_inside(text, place, 0.5) for text, place in names]

    def _update_test(self, state, result) -> list[Word]:
        """The arrows of u, v and u + v; returns their names."""
        shown = state.view == "u, v and u + v"
        for artist in (self.test, *self.sides, self.gap, self.sum):
            artist.set_visible(shown)
        fu, fv, both = result.places[2:]
        self._point(self.test, np.zeros(2), result.places[2:])
        for line, start in zip(self.sides, (fu, fv), strict=True):
            line.set_data(*np.stack([start, fu + fv]).T)
        self.gap.set_data(*np.stack([fu + fv, both]).T)
        self.sum.set_data(*(fu + fv)[:, None])
        names = ("u", "v", "u + v") if state.moment == 0 else ("f(u)", "f(v)", "f(u + v)")
        pairs = zip(names, (fu, fv, both), strict=True) if shown else ()
        return [_beyond(name, tip, np.zeros(2)) for name, tip in pairs]

    def _update_numbers(self, state, result):
        self.matrices.update(
            Word(50 + 102 * place + dx, 38 + dy, trimmed(matrix[row, column]), colour)
            for place, matrix in enumerate((result.a, result.b, result.b @ result.a, result.a @ result.b))
            for column, (dx, colour) in enumerate(((-20, ORANGE_TEXT), (22, BLUE)))
            for row, dy in enumerate((-12, 12))
        )
        bent = state.after in ("ReLU", "tanh")
        det = 0.0 if bent else result.det
        self.bar.set_width(np.clip(det, -GAUGE, GAUGE))
        self.bar.set_facecolor(BLUE if det < 0 else ORANGE)
        self.bar_text.set_text("differs by place" if bent else trimmed(det))
        fu, fv, both = result.places[2:]
        words = _matrix_words(result) if not bent else ["a curved map has no matrix", "", ""]
        words[0] += "  (the matrix alone)" * state.after.startswith("shift")
        words += [pair_text(result.origin), pair_text(fu + fv), pair_text(both)]
        words.append(f"{pair_text(result.gap)}  {'= 0 ✓' if result.linear else '≠ 0: not linear'}")
        self.values.update(Word(126, 14 + 25 * row, text, align="left") for row, text in enumerate(words))

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


def _beyond(text: str, tip, tail, colour: str = INK) -> Word:
    """A word a little beyond the tip of an arrow."""
    along = tip - tail
    return _inside(text, tip + 0.32 * along / max(np.hypot(*along), 0.2), 0.25, colour)


def _inside(text: str, place, margin: float, colour: str = INK) -> Word:
    """A word at a place, moved into the plane if it is outside."""
    return Word(*np.clip(place, margin - LIMIT, LIMIT - margin), text, colour)


def _matrix_words(result) -> list[str]:
    """Eigenvalues, directions that stay put and singular values, as words."""
    found = result.eigen
    if found.kind == "none":
        real, imaginary = trimmed(found.values[0].real), trimmed(abs(found.values[0].imag))
        words = [f"{real} ± {imaginary} i", "no direction"]
    elif found.kind == "every":
        words = [trimmed(found.values[0]), "every direction"]
    else:
        words = ["  and  ".join(map(trimmed, found.values)), "  and  ".join(map(pair_text, found.directions))]
    return [*words, "  and  ".join(map(trimmed, result.sigma))]


def _rgb(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
