"""UnrolledLab: one recurrent network, unrolled over twelve letters, read twice: as typed, and with one letter changed.

h_t = tanh(W x_t + U h_{t−1}), with x_t one-hot. All states before the changed letter are the same in both readings.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.collections import LineCollection

import dlcourse.reference as engine
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import FAINT, GREY, INK, LARGE, NORMAL, ORANGE, ORANGE_TEXT, SMALL, field_rgb
from dlcourse.labs.pixels import Pixels
from dlcourse.labs.settings import State, choice, integer, number, text
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

STEPS, UNITS = 12, 6
LETTERS = "abcdefghijklmnopqrstuvwxyz "
SPACE = "space"


@dataclass(frozen=True)
class UnrolledState(State):
    """text is filled up with spaces to twelve letters. strength: U is a turn of the six states times this number."""

    text: str = text("the cat sat", alphabet=LETTERS, most=STEPS, label="text", help="Up to twelve letters")
    place: int = integer(5, low=1, high=STEPS, label="place", help="Which letter is changed")
    letter: str = choice("r", (*LETTERS[:-1], SPACE), label="changed to")
    strength: float = number(0.9, low=0, high=1.5, step=0.05, label="strength of U", help="How much of h is passed on")


@dataclass(frozen=True)
class UnrolledResult:
    texts: tuple[str, str]  # as typed, and changed
    states: np.ndarray  # (2, 12, 6)

    @property
    def distance(self) -> np.ndarray:
        """(12,) length of the difference of the states; exactly 0 where nothing has changed."""
        return np.linalg.norm(self.states[1] - self.states[0], axis=1)

    @property
    def changed(self) -> int:
        return int((self.distance > 1e-6).sum())


@cache
def weights() -> tuple[np.ndarray, np.ndarray]:
    """W (6, 27) normal with deviation 0.5, and U (6, 6), orthogonal: at strength 1 it keeps every length."""
    rng = np.random.default_rng(3)
    return 0.5 * rng.normal(size=(UNITS, len(LETTERS))), np.linalg.qr(rng.normal(size=(UNITS, UNITS)))[0]


def compute_unrolled(state: UnrolledState) -> UnrolledResult:
    typed = state.text.ljust(STEPS)
    letter = " " if state.letter == SPACE else state.letter
    texts = typed, typed[: state.place - 1] + letter + typed[state.place :]
    x = np.eye(len(LETTERS))[[[LETTERS.index(c) for c in text] for text in texts]]  # (2, 12, 27)
    w, u = weights()
    rnn = engine.nn.RNN(len(LETTERS), UNITS, bias=False, batch_first=True).double()
    rnn.load_state_dict({"weight_ih_l0": engine.tensor(w), "weight_hh_l0": engine.tensor(state.strength * u)})
    with engine.no_grad():
        return UnrolledResult(texts, rnn(engine.tensor(x))[0].numpy())


# -- view -----------------------------------------------------------------------------------------------------------

LEFT, PITCH, WIDE = 88, 61, 44  # of the columns: first, from one to the next, width of a state
FARTHEST = 2.6
CENTRES = LEFT + PITCH * np.arange(STEPS) + WIDE / 2
BOXES = (90, 182)  # tops of the two rows of states
TALL = 72


class UnrolledView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.page = blank_axes(figure, (0, 0, 840, 400))
        self._legend()
        self.place = self.page.fill_betweenx([0, 1], [0, 0], [0, 0], color=FAINT, alpha=0.5, zorder=0.2, linewidth=0)
        self.letters = Words(self.page)
        first = 1 - WIDE / 2 / PITCH
        self.steps = axes_at(figure, (LEFT, 16, PITCH * STEPS, 64), (first, first + STEPS), (0, 1))  # x counts steps
        self.steps.set_axis_off()
        self.columns = [Pixels(axes_at(figure, (LEFT, top, PITCH * STEPS, TALL), (0, 1), (0, 1))) for top in BOXES]
        for field in self.columns:
            field.axes.set_axis_off()
        self.arrows = LineCollection([], linewidths=2.2, zorder=5)
        self.heads = self.page.scatter([], [], marker=">", s=34, zorder=5)
        self.page.add_collection(self.arrows, autolim=False)
        self.chart = axes_at(figure, (LEFT, 310, PITCH * STEPS, 58), (0, PITCH * STEPS), (0, FARTHEST))
        self.chart.set_xticks(CENTRES - LEFT, range(1, STEPS + 1))
        self.chart.set_xlabel("step t", fontsize=NORMAL, color=INK, labelpad=0)
        self.chart.set_yticks([])
        self.bars = self.chart.vlines(CENTRES - LEFT, 0, np.zeros(STEPS), color=ORANGE, linewidth=WIDE * 0.72)
        self.numbers = Words(self.chart)
        self.moving = [self.place, self.letters, *self.columns, self.arrows, self.heads, self.bars, self.numbers]

    def _legend(self) -> None:
        style = {"fontsize": NORMAL, "color": INK, "va": "center"}
        self.page.text(8, 34, "typed", **style)
        self.page.text(8, 64, "changed", **style)
        for top, words in zip(BOXES, ("typed", "changed"), strict=True):
            self.page.text(8, top + 26, "six states", **style)
            self.page.text(8, top + 46, f"h, {words}", fontsize=SMALL, color=GREY, va="center")
        self.page.text(8, 326, "difference", **style)
        self.page.text(8, 346, "of the states", fontsize=SMALL, color=GREY, va="center")
        self.page.text(LEFT, 272, "blue −1, white 0, orange +1", fontsize=SMALL, color=GREY, va="center")

    def update(self, state, result):
        here = CENTRES[state.place - 1]
        self.place.set_verts([[(here - 26, 16), (here + 26, 16), (here + 26, 80), (here - 26, 80)]])
        self.letters.update(self._letter_words(state, result))
        for field, states in zip(self.columns, result.states, strict=True):
            field.show(_boxes(states))
        self._show_arrows(result)
        distance = result.distance
        self.bars.set_segments([[(x, 0), (x, d)] for x, d in zip(CENTRES - LEFT, distance, strict=True)])
        self.numbers.update(
            Word(x, d + 0.33, f"{d:.2f}" if d else "0", ORANGE_TEXT if d else GREY, SMALL)
            for x, d in zip(CENTRES - LEFT, distance, strict=True)
        )

    def _letter_words(self, state, result) -> list[Word]:
        found = []
        for row, (y, written) in enumerate(zip((34, 64), result.texts, strict=True)):
            for t, letter in enumerate(written):
                other = row == 1 and letter != result.texts[0][t]
                colour = ORANGE_TEXT if other else INK if row == 0 else GREY
                shown = letter if letter != " " else "␣"
                found.append(Word(CENTRES[t], y, f"[{shown}]" if other else shown, colour, LARGE + 4))
        return found

    def _show_arrows(self, result) -> None:
        """From state to state; below, orange where what is passed on has changed."""
        lines, colours, heads = [], [], []
        for row, top in enumerate(BOXES):
            for t in range(STEPS - 1):
                right = CENTRES[t + 1] - WIDE / 2 - 3
                lines.append([(CENTRES[t] + WIDE / 2 + 2, top + TALL / 2), (right - 3, top + TALL / 2)])
                heads.append((right - 2, top + TALL / 2))
                colours.append(ORANGE_TEXT if row and result.distance[t] > 1e-6 else GREY)
        self.arrows.set_segments(lines)
        self.heads.set_offsets(heads)
        for artist in (self.arrows, self.heads):
            artist.set_color(colours)

    def handles(self, state, result):
        words = f"place {state.place}, {result.texts[0][state.place - 1]!r} becomes {state.letter!r}"
        return [Handle("place", self.steps, state.place, 0.25, "changed place", words, step=(1, 1))]


def _boxes(states: np.ndarray) -> np.ndarray:
    """(12, 6) states from −1 to 1 as (6, 12·PITCH, 3) pixels: a box for each step, white between."""
    rgb = np.repeat(field_rgb((states.T + 1) / 2), PITCH, axis=1)
    rgb[:, np.arange(STEPS * PITCH) % PITCH >= WIDE] = 255
    return rgb


# -- lab ------------------------------------------------------------------------------------------------------------


class UnrolledLab(Lab):
    """A recurrent network unrolled over twelve letters. Change one of them, and see which states notice."""

    title = "Twelve unrolled steps"
    State, View, compute = UnrolledState, UnrolledView, staticmethod(compute_unrolled)
    presets = {
        "The past does not know the future": {"place": 12, "letter": "x"},
        "The first letter reaches every state": {"place": 1, "letter": "s", "strength": 1.1},
        "A weak U forgets within three steps": {"place": 1, "letter": "s", "strength": 0.2},
        "U = 0: no memory at all": {"place": 5, "strength": 0.0},
        "Among equal letters: the trace fades": {"text": "aaaaaaaaaaaa", "place": 4, "letter": "b", "strength": 1.0},
    }

    def describe(self, state, result):
        if not result.changed:
            return f"{result.texts[0]!r} is read twice: no letter has changed, and no state."
        last = state.place + result.changed - 1
        return (
            f"{result.texts[0]!r} is read again as {result.texts[1]!r}: the {state.place - 1} states before "
            f"the change are equal, those of steps {state.place} to {last} are not. The difference is "
            f"{result.distance[state.place - 1]:.2f} at the change and {result.distance[-1]:.2f} at step 12."
        )

    def judge(self, state, result):
        task = "Change one letter so that exactly the last nine states notice, and step 12 by 0.5 or more."
        verdict = f"{result.changed} of 12 states have changed, the last by {result.distance[-1]:.2f}."
        return Goal(task, verdict, bool(result.changed == 9 and result.distance[-1] >= 0.5))

    def moved(self, gesture: Gesture):
        return {"place": int(np.clip(round(gesture.x), 1, STEPS))}

    def code(self, state):
        texts = list(compute_unrolled(state).texts)
        return (
            f"import numpy as np\n\nletters, rng = {LETTERS!r}, np.random.default_rng(3)\n"
            f"W = 0.5 * rng.normal(size=({UNITS}, {len(LETTERS)}))\n"
            f"U = {state.strength} * np.linalg.qr(rng.normal(size=({UNITS}, {UNITS})))[0]\n"
            f"rnn = engine.nn.RNN({len(LETTERS)}, {UNITS}, bias=False, batch_first=True).double()\n"
            'rnn.load_state_dict({"weight_ih_l0": engine.tensor(W), "weight_hh_l0": engine.tensor(U)})\n'
            f"x = np.eye({len(LETTERS)})[[[letters.index(c) for c in text] for text in {texts}]]\n"
            "output = rnn(engine.tensor(x))[0].detach()  # (2, 12, 6): typed, changed\n"
            "print([round(d, 2) for d in ((output[1] - output[0]) ** 2).sum(dim=1).sqrt().tolist()])"
        )
