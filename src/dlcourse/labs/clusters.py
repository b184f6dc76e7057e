"""ClustersLab: drag the centres of k-means, step Lloyd's algorithm, and see how much hangs on where it starts."""

from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgb
from PIL import Image

from dlcourse.data import CLUSTER_SETS, cluster_set
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Handle
from dlcourse.labs.lloyd import HOWS, LONGEST, STARTS, Run, best_inertia, corners, first_centres, lloyd, points_of, runs
from dlcourse.labs.palette import BLUE, GREEN, GREY, INK, LARGE, ORANGE, PAPER, SMALL
from dlcourse.labs.rounding import signed
from dlcourse.labs.settings import State, choice, integer, rows
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

MOST = 6
TRAPPED = 1.3


@dataclass(frozen=True)
class ClustersState(State):
    """centres: the start by hand, (x, y) in the picture from 0 to 1; where there are fewer than k, the rest come from
    the seed. Half-step 0 shows the start, odd ones have just assigned the points, even ones have just moved the
    centres."""

    points: str = choice("three blobs", CLUSTER_SETS, label="points")
    k: int = integer(3, low=1, high=MOST, label="groups k")
    start: str = choice("random points", (*HOWS, "by hand"), label="start from")
    seed: int = integer(0, low=0, high=STARTS - 1, label="seed", help="One of the twenty starts")
    centres: tuple = rows((), width=2, low=0, high=1, label="centres by hand")
    step: int = integer(0, low=0, high=LONGEST, label="half-step", help="Assign, move, assign, …", play=True)


@dataclass(frozen=True)
class ClustersResult:
    step: int  # the one shown: no later than the last
    run: Run
    others: tuple[Run, ...]  # the twenty starts
    best: float

    @property
    def ratio(self) -> float:
        """The inertia at the end of this run, in multiples of the best known."""
        return float(self.run.inertia[-1]) / self.best

    @property
    def found(self) -> np.ndarray:
        """(20,) bool: the starts that end within one per cent of the best."""
        return np.array([run.inertia[-1] <= 1.01 * self.best for run in self.others])


def compute_clusters(state: ClustersState) -> ClustersResult:
    how = HOWS[0] if state.start == "by hand" else state.start
    others = runs(state.points, state.k, how)
    run = others[state.seed] if state.start in HOWS else lloyd(points_of(state.points), by_hand(state))
    return ClustersResult(min(state.step, run.last), run, others, best_inertia(state.points, state.k))


def by_hand(state: ClustersState) -> np.ndarray:
    """The k centres set by hand, in the units of the data."""
    low, high = corners(state.points)
    placed = low + np.array(state.centres).reshape(-1, 2)[: state.k] * (high - low)
    return np.concatenate([placed, first_centres(points_of(state.points), state.k, HOWS[0], state.seed)[len(placed) :]])


def in_picture(name: str, points: np.ndarray) -> np.ndarray:
    """Points (…, 2) in the units of the data, as places from 0 to 1 in the picture."""
    low, high = corners(name)
    return (points - low) / (high - low)


# -- view -----------------------------------------------------------------------------------------------------------

COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#56B4E9", INK)
MARKERS = ("o", "s", "^", "D", "v", "P")
TILE, GAP, LEFT, TOP = 44, 52, 466, 206  # pixels
PLANE = (16, 30, 424, 346)


class Tiles(Artist):
    """The twenty ends as small pictures of the points, painted by NumPy: three thousand markers would be too slow."""

    def __init__(self, axes, corners_of_tiles):
        super().__init__()
        self._corners, self._image = corners_of_tiles, None
        axes.add_artist(self)

    def update(self, places: np.ndarray, groups) -> None:
        """places: (N, 2) from 0 to 1; groups: for each tile (N,)."""
        width, height = 7 * GAP, 3 * 68
        image = np.full((height, width, 3), 255, np.uint8)
        colours = (255 * np.array([to_rgb(colour) for colour in COLOURS])).round().astype(np.uint8)
        x, y = np.round(1 + places * (TILE - 5)).astype(int).T
        for (left, top), group in zip(self._corners, groups, strict=True):
            tile = image[top - TOP : top - TOP + TILE, left - LEFT : left - LEFT + TILE]
            tile[[0, -1]] = tile[:, [0, -1]] = [216, 222, 228]
            for dx, dy in ((0, 0), (0, 1), (1, 0), (1, 1)):
                tile[TILE - 3 - y + dy, x + dx] = colours[group]
        self._image = Image.fromarray(image).convert("RGBA")

    def draw(self, renderer) -> None:
        scale = self.axes.figure.dpi / 100
        size = [round(side * scale) for side in self._image.size]
        gc = renderer.new_gc()
        bottom = renderer.height - round(TOP * scale) - size[1]
        image = np.asarray(self._image.resize(size, Image.Resampling.NEAREST))
        renderer.draw_image(gc, round(LEFT * scale), bottom, image[::-1])
        gc.restore()


class ClustersView(View):
    size = (840, 416)

    def __init__(self, figure):
        self.plane = axes_at(figure, PLANE, (0, 1), (0, 1))
        self.plane.set(xticks=[], yticks=[])
        page = blank_axes(figure, (0, 0, *self.size))
        tiles = [(LEFT + GAP * (i % 7), TOP + 68 * (i // 7)) for i in range(STARTS)]
        title = "Inertia / best, at each half-step"
        self.curve_axes = axes_at(figure, (LEFT + 34, 30, 322, 100), (0, 30), (0.9, 3.1), title)
        self.curve_axes.set_yticks([1, 2, 3])
        self.curve_axes.axhline(1, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
        [self.curve] = self.curve_axes.plot([], [], color=BLUE, linewidth=1.6, marker=".", markersize=4)
        [self.now] = self.curve_axes.plot([], [], color=ORANGE, marker="o", markersize=8, linestyle="", zorder=4)
        self._points(self.plane)
        self.tiles, self.corners_of_tiles = Tiles(page, tiles), tiles
        [self.frame] = page.plot([], [], color=INK, linewidth=2)
        self.words = Words(page)
        self.moving = [
            *self.trails, self.free, *self.groups, *self.middles,
            self.curve, self.now, self.tiles, self.frame, self.words,
        ]  # fmt: skip

    def _points(self, plane) -> None:
        def scatter(size, marker, colour, edge, z, width=0.8):
            look = {"marker": marker, "facecolor": colour, "edgecolor": edge, "linewidth": width, "zorder": z}
            return plane.scatter([], [], s=size, **look)

        looks = list(zip(MARKERS, COLOURS, strict=True))
        self.free = scatter(22, "o", "#9AA3AB", PAPER, 2)
        self.groups = [scatter(26, marker, colour, PAPER, 2) for marker, colour in looks]
        self.middles = [scatter(190, marker, colour, INK, 5, 2) for marker, colour in looks]
        self.trails = [plane.plot([], [], color=colour, linewidth=1.4, zorder=3)[0] for colour in COLOURS]

    def update(self, state, result):
        places, run, t = in_picture(state.points, points_of(state.points)), result.run, result.step
        centres, groups = in_picture(state.points, run.centres[: t + 1]), run.groups[t]
        self.free.set_offsets(places[groups < 0])
        for g in range(MOST):
            self.groups[g].set_offsets(places[groups == g])
            shown = g < state.k
            self.middles[g].set_offsets(centres[-1:, g] if shown else np.empty((0, 2)))
            self.trails[g].set_data(*(centres[:, g].T if shown else ([], [])))
        relative = np.minimum(run.inertia / result.best, 3)
        self.curve.set_data(np.arange(run.last + 1), relative)
        self.now.set_data([min(t, 30)], [relative[t]])
        self.tiles.update(places, [other.groups[-1] for other in result.others])
        left, top = self.corners_of_tiles[state.seed]
        x, y = (left, left + TILE), (top, top + TILE)
        framed = state.start in HOWS
        self.frame.set_data(*([x[0], x[1], x[1], x[0], x[0]], [y[0], y[0], y[1], y[1], y[0]]) if framed else ([], []))
        self.words.update([*self._tile_words(result), *self._axis_words(state)])

    def _tile_words(self, result) -> list[Word]:
        words = [
            Word(left + TILE / 2, top + TILE + 9, "✓" if found else f"{run.inertia[-1] / result.best:.2f}", size=SMALL)
            for (left, top), run, found in zip(self.corners_of_tiles, result.others, result.found, strict=True)
        ]
        total = f"{int(result.found.sum())} of 20 starts reach the best"
        return [*words, Word(LEFT, TOP - 20, total, size=LARGE, align="left")]

    def _axis_words(self, state) -> list[Word]:
        table, points = cluster_set(state.points), points_of(state.points)
        low, high = points.min(axis=0), points.max(axis=0)
        texts = [
            f"{name}: {signed(low[i], 1)} to {signed(high[i], 1)} {unit}".strip()
            for i, (name, unit) in enumerate(zip(table.feature_names, table.units, strict=True))
        ]
        left, top, width, height = PLANE
        return [
            Word(left, top - 12, f"↑ {texts[1]}", GREY, align="left"),
            Word(left + width, top + height + 14, f"{texts[0]} →", GREY, align="right"),
        ]

    def handles(self, state, result):
        centres = in_picture(state.points, result.run.centres[result.step])
        return [
            Handle(f"c{g}", self.plane, x, y, f"centre {g + 1}", f"at {x:.2f}, {y:.2f}", step=(0.02, 0.02))
            for g, (x, y) in enumerate(np.clip(centres, 0, 1))
        ]


# -- lab ------------------------------------------------------------------------------------------------------------


class ClustersLab(Lab):
    """k-means by hand: drag the centres, assign, move, and compare with twenty starts."""

    title = "k-means, half a step at a time"
    State, View, compute = ClustersState, ClustersView, staticmethod(compute_clusters)
    presets = {
        "Iris: nobody named the species": {"points": "iris petals", "step": LONGEST},
        "A bad start: one group cut in two": {"points": "three blobs", "seed": 4, "step": LONGEST},
        "k-means++: starts far apart": {"points": "three blobs", "start": "k-means++", "step": LONGEST},
        "Unequal sizes: the wide group is cut": {"points": "unequal blobs", "step": LONGEST},
        "Not round: moons are cut across": {"points": "two moons", "k": 2, "step": LONGEST},
        "Wrong units: kilograms shout down metres": {"points": "unequal units", "k": 2, "step": LONGEST},
        "No groups: it finds three all the same": {"points": "no groups", "step": LONGEST},
    }

    def describe(self, state, result):
        t, run = result.step, result.run
        what = "the start"
        if t:
            what = "each point goes to its nearest centre" if t % 2 else "each centre goes to the mean of its points"
        start = "by hand" if state.start == "by hand" else f"{state.start}, seed {state.seed}"
        how = HOWS[0] if state.start == "by hand" else state.start
        return (
            f"Half-step {t} of {run.last} ({state.points}, k = {state.k}, {start}): {what}; inertia "
            f"{run.inertia[t]:.4g}. {int(result.found.sum())} of 20 starts ({how}) reach the best, {result.best:.4g}."
        )

    def judge(self, state, result):
        task = f"Trap it: find a start from which it ends with at least {TRAPPED} times the best inertia."
        words = f"This start ends with {result.run.inertia[-1]:.4g}, {result.ratio:.2f} times the best."
        return Goal(task, words, result.ratio >= TRAPPED)

    def moved(self, gesture):
        """The centres where they are now, the dragged one at the finger, become the new start."""
        now = in_picture(self.state.points, self.result.run.centres[self.result.step])
        now[int(gesture.handle[1:])] = gesture.x, gesture.y
        places = tuple(map(tuple, np.clip(now, 0, 1).round(4).tolist()))
        return {"start": "by hand", "centres": places, "step": 1}

    def limits(self, state, result):
        return {"step": (0, result.run.last)}

    def code(self, state):
        result = self.result if state == self.state else compute_clusters(state)
        moves = (result.step + 1) // 2
        return (
            f"from dlcourse import data\n\n"
            f"x = engine.tensor(data.cluster_set({state.points!r}).x).double()\n"
            f"centres = engine.tensor({result.run.centres[0].tolist()}, dtype=engine.float64)\n"
            f"for _ in range({result.step // 2}):  # two half-steps each\n"
            f"    group = ((x.unsqueeze(1) - centres) ** 2).sum(2).argmin(1)\n"
            f"    members = engine.nn.functional.one_hot(group, {state.k}).double()\n"
            f"    size = members.sum(0).unsqueeze(1)\n"
            f"    centres = engine.where(size > 0, members.T @ x / size.clamp(min=1), centres)\n"
            f"{_CODE_END[0] if moves * 2 == result.step and moves else _CODE_END[1]}"
            f"print(output)"
        )


_CODE_END = (
    "output = ((x - centres[group]) ** 2).sum()\n",  # the groups are those from before the move
    "output = ((x.unsqueeze(1) - centres) ** 2).sum(2).amin(1).sum()\n",
)
