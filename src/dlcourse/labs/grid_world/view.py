"""The picture of GridWorldLab: the map with values and ways, what each episode earned, the last update in numbers."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from dlcourse.data import MOVES, TWO_WAYS
from dlcourse.labs.base import View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.grid_world.learning import EPISODES
from dlcourse.labs.grid_world.walks import FREE, HEIGHT, WIDTH
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import BLUE, GREY, INK, LARGE, NORMAL, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.pixels import Pixels, signed_rgb
from dlcourse.labs.rounding import signed
from dlcourse.labs.words import Word, Words

CELL = 74  # pixels
BASE = np.array([[(0, -0.36), (0.11, -0.2), (-0.11, -0.2)]])  # a dart upwards, from the middle of a cell
TURN = np.array([[0, 1], [-1, 0]])
DARTS = np.concatenate([BASE @ np.linalg.matrix_power(TURN, k) for k in range(4)])  # (4, 3, 2), clockwise
CENTRES = np.array([(state % WIDTH, state // WIDTH) for state in range(WIDTH * HEIGHT)], float)
SIGNS = {
    "G": ("goal", LARGE, -0.32),
    "P": ("pit", LARGE, -0.32),
    "C": ("coin", SMALL, -0.42),
    "#": ("wall", NORMAL, 0.0),
}
SIGN_WORDS = [
    Word(x, y + SIGNS[sign][2], SIGNS[sign][0], INK, SIGNS[sign][1])
    for (x, y), sign in zip(CENTRES, "".join(TWO_WAYS), strict=True)
    if sign in SIGNS
]


class GridWorldView(View):
    size = (840, 400)

    def __init__(self, figure):
        box = (16, 34, CELL * WIDTH, CELL * HEIGHT)
        title = "Value of each cell; the dark dart is the best move"
        self.map = axes_at(figure, box, (-0.5, WIDTH - 0.5), (HEIGHT - 0.5, -0.5), title)
        self.map.set(xticks=[], yticks=[])
        self.field = Pixels(self.map)
        across = [[(-0.5, y - 0.5), (WIDTH - 0.5, y - 0.5)] for y in range(1, HEIGHT)]
        down = [[(x - 0.5, -0.5), (x - 0.5, HEIGHT - 0.5)] for x in range(1, WIDTH)]
        self.lines = LineCollection(across + down, colors=PAPER, linewidths=1.2, zorder=0.7)
        self.darts = PolyCollection([], zorder=2, linewidth=0)
        self.way = LineCollection([], colors=ORANGE_TEXT, linewidths=2.2, linestyles=(0, (2, 1.4)), zorder=3)
        self.walk = LineCollection([], colors=INK, linewidths=1.6, zorder=3.2)
        for artist in (self.lines, self.darts, self.way, self.walk):
            self.map.add_collection(artist, autolim=False)
        (self.agent,) = self.map.plot([], [], "o", color=BLUE, markeredgecolor=PAPER, markersize=15, zorder=5)
        self.values = Words(self.map, halo=1)
        self._make_chart(figure)
        self.words = Words(blank_axes(figure, (486, 226, 350, 168)))
        key = blank_axes(figure, (16, 338, 460, 58))
        key.plot([2, 30], [18, 18], color=INK, linewidth=1.6)
        key.text(38, 18, "this walk", fontsize=NORMAL, color=INK, va="center")
        key.plot([112, 140], [18, 18], color=ORANGE_TEXT, linewidth=2.2, linestyle=(0, (2, 1.4)))
        key.text(148, 18, "what it would do now, never curious", fontsize=NORMAL, color=ORANGE_TEXT, va="center")
        key.text(2, 42, "blue: negative, orange: positive; drag the start to another cell", fontsize=SMALL,
                 color=GREY, va="center")  # fmt: skip
        self.moving = [
            self.field, self.lines, self.darts, self.way, self.walk, self.agent, self.values, self.dots, self.smooth,
            self.best, self.now, self.words,
        ]  # fmt: skip

    def _make_chart(self, figure):
        self.chart = axes_at(
            figure, (532, 34, 292, 140), (0, EPISODES), (-3.2, 2.2), "Earned in each episode, from −3 to 2", "episode"
        )
        (self.dots,) = self.chart.plot([], [], ".", color=GREY, markersize=3, zorder=2)
        (self.smooth,) = self.chart.plot([], [], color=BLUE, linewidth=2, zorder=3)
        (self.best,) = self.chart.plot([], [], color=ORANGE_TEXT, linewidth=1.4, linestyle=(0, (5, 2)), zorder=1)
        self.now = self.chart.axvline(0, color=INK, linewidth=1)

    def update(self, state, result):
        world, best = result.training.world, result.q.max(axis=1)
        shown = best.copy()
        for cell, sign in enumerate(world.text):
            if sign in "GP":
                shown[cell] = world.pay[cell]
        pixels = signed_rgb(shown, 1.4)
        pixels[[sign == "#" for sign in world.text]] = 200
        self.field.show(pixels.reshape(HEIGHT, WIDTH, 3))
        self._update_darts(result.q)
        self.way.set_segments([CENTRES[result.way]])
        self.walk.set_segments([self._spread(result.walked)])
        self.agent.set_data(*(CENTRES[[result.walked[-1]]].T))
        self.values.update(
            [
                Word(*(CENTRES[cell] + (0.0, 0.39)), signed(shown[cell]), INK, SMALL)
                for cell, sign in enumerate(world.text) if sign != "#"
            ] + SIGN_WORDS + [Word(*(CENTRES[FREE[state.start]] + (-0.26, -0.42)), "start", INK, SMALL)]
        )  # fmt: skip
        self._update_chart(state, result)
        self._update_words(state, result)

    def _update_darts(self, q):
        verts, colours = [], []
        for cell in FREE:
            spread = np.ptp(q[cell])
            for action in range(4):
                share = (q[cell, action] - q[cell].min()) / spread if spread > 0 else 0.5
                verts.append(CENTRES[cell] + DARTS[action] * (0.72 + 0.28 * share))
                colours.append(INK if share == 1 else "#AEB7C0")
        self.darts.set_verts(verts)
        self.darts.set_facecolor(colours)

    @staticmethod
    def _spread(cells):
        """The walk, a little beside the middle: the second visit to a cell lies beside the first."""
        shift = 0.05 * (np.arange(len(cells)) % 4 - 1.5)
        return CENTRES[cells] + shift[:, None]

    def _update_chart(self, state, result):
        episodes = np.arange(1, EPISODES + 1)
        upto = state.episode - (result.moment < result.training.firsts[state.episode])
        sums = np.clip(result.sums[:upto], -3.1, 2.1)
        self.dots.set_data(episodes[:upto], sums)
        width = 10
        mean = np.convolve(sums, np.ones(width) / width, "valid") if upto >= width else []
        self.smooth.set_data(episodes[width - 1 : upto] if upto >= width else [], mean)
        ends = result.training.world.ends[result.way[-1]]
        self.best.set_data([0, EPISODES], [float(np.clip(result.promised, -3.1, 2.1)) if ends else np.nan] * 2)
        self.now.set_xdata([state.episode] * 2)

    def _update_words(self, state, result):
        training, moment = result.training, result.moment
        lines = [(f"Episode {state.episode}, step {len(result.walked) - 1} of {result.length}", INK, LARGE)]
        if len(result.walked) > 1:
            t = moment - 1
            action, reward, target = MOVES[training.actions[t]], training.rewards[t], training.targets[t]
            ahead = (target - reward) / state.gamma
            new = training.values[t]
            lines += [
                (f"moved {action}, was paid r = {signed(reward)}", INK, NORMAL),
                (f"expected from there: {signed(ahead)}", INK, NORMAL),
                (f"target = {signed(reward)} + {state.gamma:g} · {_bracket(ahead)} = {signed(target)}", INK, NORMAL),
                (f"Q: {signed(result.before)} + {state.alpha:g} · {_bracket(target - result.before)} = {signed(new)}",
                 BLUE, NORMAL),
            ]  # fmt: skip
        else:
            lines.append(("It stands at the start; nothing has been paid yet.", INK, NORMAL))
        lines.append((f"- - it would go {result.outcome}", ORANGE_TEXT, NORMAL))
        self.words.update(
            Word(2, 12 + 25 * row, text, colour, size, "left") for row, (text, colour, size) in enumerate(lines)
        )

    def handles(self, state, result):
        cell = FREE[state.start]
        x, y = CENTRES[cell]
        words = f"row {cell // WIDTH + 1}, column {cell % WIDTH + 1}"
        return [Handle("start", self.map, x, y, "start of every walk", words, step=(1, 1))]


def _bracket(value: float) -> str:
    text = signed(value)
    return f"({text})" if text.startswith("−") else text
