"""TextGradientLab: how far back a prediction looks. The learner's own text, each letter shaded by its gradient.

A network that was trained on Python's help texts reads the text and says which letter comes at one place. The shade of
an earlier letter s is ‖∂ log p / ∂e_s‖, the length of the gradient at its embedding e_s, as a share of the largest.
"""

from dataclasses import dataclass

import numpy as np

import dlcourse.reference as engine
from dlcourse.labs import text_models
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, GREY, INK, LARGE, NORMAL, ORANGE, ORANGE_TEXT, SMALL
from dlcourse.labs.pixels import Pixels, signed_rgb
from dlcourse.labs.settings import State, choice, integer, switch, text
from dlcourse.labs.text_models import ALPHABET, KINDS
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

MOST = 60
DECADES = 4  # the shade ends at 10⁻⁴ of the strongest
FELT = 1e-3  # a letter is felt from this share on
FAR = 20
GUESSES = 5


@dataclass(frozen=True)
class TextGradientState(State):
    """place: the letter that is predicted, counted from 1; one after the last is a letter not written yet. truncate:
    gradients go back so many steps and no further. trained: after 250 updates, or with its first weights."""

    text: str = text("the value of the attribute is returned by the function.", alphabet=ALPHABET, most=MOST,
                     label="your text", help="Up to 60 letters, spaces and . , ( )")  # fmt: skip
    kind: str = choice("LSTM", KINDS, label="network")
    trained: bool = switch(True, label="trained")
    truncate: int = integer(MOST, low=1, high=MOST, label="steps back", help="Truncated backpropagation through time")
    place: int = integer(53, low=2, high=MOST + 1, label="place", help="The letter that is predicted", play=True)


@dataclass(frozen=True)
class TextGradientResult:
    place: int  # of the predicted letter, within the text
    letter: str  # the one whose probability is looked at: what stands there, or the likeliest
    gradient: np.ndarray  # (place − 1,) lengths at the letters read, the first in front
    probabilities: np.ndarray  # (31,) of the letter at `place`

    @property
    def share(self) -> np.ndarray:
        """The gradient as a share of the largest; nothing but zeros if there is none."""
        most = self.gradient.max()
        return self.gradient / most if most > 0 else self.gradient

    @property
    def reach(self) -> int:
        """How many steps back the farthest letter stands that is felt."""
        felt = np.flatnonzero(self.share >= FELT)
        return int(len(self.share) - felt[0]) if len(felt) else 0


def compute_text_gradient(state: TextGradientState) -> TextGradientResult:
    place = last_place(state)
    weights = text_models.trained(state.kind, text_models.UPDATES if state.trained else 0)
    model = text_models.filled(state.kind, weights)
    read = model.embedding(engine.tensor(text_models.encode(state.text[: place - 1])[None])).detach()  # (1, L, E)
    early, late = read[:, : -state.truncate], read[:, -state.truncate :].clone()
    late.requires_grad = True
    memory = None
    if early.shape[1]:
        with engine.no_grad():
            _, memory = model.recurrent(early)  # what was read before the cut is known, but sends no gradient
    output, _ = model.recurrent(late, memory)
    logs = engine.nn.functional.log_softmax(model.last(output)[0, -1], dim=0)
    written = state.text[place - 1 : place]
    target = ALPHABET.index(written) if written else int(logs.argmax().item())
    logs[target].backward()
    lengths = np.linalg.norm(late.grad.numpy()[0].astype(float), axis=1)
    gradient = np.concatenate([np.zeros(early.shape[1]), lengths])
    return TextGradientResult(place, ALPHABET[target], gradient, np.exp(logs.detach().numpy()))


def last_place(state: TextGradientState) -> int:
    """The place looked at: never beyond the one after the last letter."""
    return max(2, min(state.place, len(state.text) + 1))


# -- view -----------------------------------------------------------------------------------------------------------

COLUMNS, WIDE, HIGH = 31, 26, 42
LEFT, TOPS = 17, (32, 84)


def box_of(place: int) -> tuple[float, float]:
    """Centre of the box of a letter, counted from 1, in pixels of the page."""
    row, column = divmod(place - 1, COLUMNS)
    return LEFT + (column + 0.5) * WIDE, TOPS[row] + HIGH / 2


class TextGradientView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.shades = [Pixels(axes_at(figure, (LEFT, top, COLUMNS * WIDE, HIGH), (0, 1), (0, 1))) for top in TOPS]
        for shade in self.shades:
            shade.axes.set_axis_off()
        self.page = blank_axes(figure, (0, 0, 840, 400))
        title = "The darker a letter, the more the boxed one feels it. Each step of shade is a factor of ten."
        self.page.text(LEFT, 16, title, fontsize=NORMAL, color=INK, va="center")
        self.letters = Words(self.page)
        edge = (
            HIGH / 2 / (TOPS[1] - TOPS[0])
        )  # in this plane x counts columns; y is 1 in the first row, 0 in the second
        self.places = axes_at(
            figure, (LEFT, TOPS[0], COLUMNS * WIDE, TOPS[1] + HIGH - TOPS[0]), (0.5, COLUMNS + 0.5), (-edge, 1 + edge)
        )
        self.places.set_axis_off()
        (self.box,) = self.page.plot([], [], color=INK, linewidth=2, zorder=5)
        self.chart = axes_at(
            figure, (60, 172, 470, 178), (MOST + 1, 0), (-9, 0.6), "Gradient by distance", "steps back"
        )
        self.chart.set_yticks([-9, -6, -3, 0], ["10⁻⁹", "10⁻⁶", "10⁻³", "1"])
        self.chart.axhline(np.log10(FELT), color=GREY, linewidth=1, linestyle=(0, (4, 3)))
        self.chart.text(MOST, np.log10(FELT) + 0.25, "felt above", fontsize=SMALL, color=GREY)
        (self.line,) = self.chart.plot([], [], color=ORANGE_TEXT, linewidth=1.4, marker="o", markersize=4)
        (self.cut,) = self.chart.plot([], [], color=INK, linewidth=1.2, linestyle=(0, (5, 3)))
        self.guess = axes_at(
            figure, (600, 172, 210, 178), (0, 1), (GUESSES - 0.5, -0.5), "What comes at the box?", "probability"
        )
        self.guess.set_yticks([])
        self.bars = self.guess.barh(range(GUESSES), np.zeros(GUESSES), color=BLUE, height=0.62)
        self.names = Words(self.guess)
        self.moving = [*self.shades, self.letters, self.box, self.line, self.cut, *self.bars, self.names]

    def update(self, state, result):
        self._show_text(state, result)
        back = len(result.gradient) - np.arange(len(result.gradient))
        with np.errstate(divide="ignore"):
            self.line.set_data(back, np.where(result.share > 0, np.log10(result.share), np.nan))
        cut = state.truncate + 0.5 if state.truncate < len(result.gradient) else np.nan
        self.cut.set_data([cut, cut], [-9, 0.6])
        best = np.argsort(-result.probabilities, kind="stable")[:GUESSES]
        words = []
        for row, (bar, index) in enumerate(zip(self.bars, best, strict=True)):
            p = float(result.probabilities[index])
            bar.set_width(p)
            bar.set_facecolor(ORANGE if ALPHABET[index] == result.letter else BLUE)
            words.append(Word(-0.06, row, shown(ALPHABET[index]), INK, LARGE))
            words.append(Word(min(p, 0.82) + 0.03, row, f"{p:.0%}", INK, NORMAL, "left"))
        self.names.update(words)

    def _show_text(self, state, result):
        strength = np.zeros(2 * COLUMNS)
        with np.errstate(divide="ignore"):
            logs = np.log10(result.share)
        strength[: len(logs)] = np.clip(1 + np.floor(logs) / (DECADES + 1), 0, 1)
        for row, shade in enumerate(self.shades):
            part = strength[row * COLUMNS : (row + 1) * COLUMNS]
            shade.show(signed_rgb(0.75 * part[None], 1.0))
        words = []
        for place, letter in enumerate(state.text.ljust(result.place), 1):
            ahead = place > result.place or place > len(state.text)
            words.append(Word(*box_of(place), shown(letter) if not ahead or letter != " " else "·",
                              GREY if place > result.place else INK, LARGE + 3))  # fmt: skip
        self.letters.update(words)
        x, y = box_of(result.place)
        w, h = WIDE / 2, HIGH / 2 - 3
        self.box.set_data([x - w, x + w, x + w, x - w, x - w], [y - h, y - h, y + h, y + h, y - h])

    def handles(self, state, result):
        row, column = divmod(result.place - 1, COLUMNS)
        words = f"place {result.place}, {result.letter!r}"
        return [Handle("place", self.places, column + 1, 1 - row, "predicted letter", words, step=(1, 1))]


def shown(letter: str) -> str:
    return "␣" if letter == " " else letter


# -- lab ------------------------------------------------------------------------------------------------------------


class TextGradientLab(Lab):
    """Type a text: which of its letters does the prediction of one of them feel, and how far back?"""

    title = "Gradient through time, on your own text"
    State, View, compute = TextGradientState, TextGradientView, staticmethod(compute_text_gradient)
    presets = {
        "An LSTM feels the last few letters most": {},
        "The same text, a plain RNN": {"kind": "RNN"},
        "Before training: it fades step by step": {"kind": "RNN", "trained": False},
        "Is a bracket remembered until it must close?": {"text": "the method is called (by the object", "place": 36},
        "Truncated: nothing beyond eight steps": {"truncate": 8},
    }  # fmt: skip

    def describe(self, state, result):
        p = result.probabilities[ALPHABET.index(result.letter)]
        what = f"{shown(result.letter)!r} at place {result.place} has probability {p:.0%}"
        how = "trained" if state.trained else "untrained"
        strongest = len(result.gradient) - int(result.gradient.argmax())
        return (
            f"{state.kind}, {how}: {what}. Most felt is the letter {strongest} back; a thousandth of that or more "
            f"reaches {result.reach} back."
        )

    def judge(self, state, result):
        task = f"Find a text, a place and a network that feel a letter {FAR} steps back or more."
        return Goal(task, f"The prediction feels {result.reach} steps back.", bool(result.reach >= FAR))

    def limits(self, state, result):
        return {"place": (2, max(2, len(state.text) + 1))}

    def moved(self, gesture: Gesture):
        column = int(np.clip(round(gesture.x), 1, COLUMNS))
        place = column + (COLUMNS if gesture.y < 0.5 else 0)
        return {"place": int(np.clip(place, 2, len(self.state.text) + 1))}

    def code(self, state):
        result = compute_text_gradient(state)
        letters = text_models.encode(state.text[: result.place - 1]).tolist()
        updates = text_models.UPDATES if state.trained else 0
        sizes = ", ".join(f"{name}={value!r}" for name, value in text_models.sizes(state.kind).items())
        return (
            "from dlcourse.labs.text_models import trained\nfrom dlcourse.models import char_rnn\n\n"
            f"model = char_rnn(engine, {sizes})\n"
            f"weights = trained({state.kind!r}, updates={updates})\n"
            "model.load_state_dict({name: engine.tensor(value) for name, value in weights.items()})\n"
            f"read = model.embedding(engine.tensor([{letters}])).detach()\n"
            f"early, late = read[:, :-{state.truncate}], read[:, -{state.truncate}:].clone()\n"
            "late.requires_grad = True\n"
            "memory = model.recurrent(early)[1] if early.shape[1] else None\n"
            "output, _ = model.recurrent(late, memory)\n"
            "logs = engine.nn.functional.log_softmax(model.last(output)[0, -1], dim=0)\n"
            f"logs[{ALPHABET.index(result.letter)}].backward()\n"
            "output = (late.grad[0] ** 2).sum(dim=1).sqrt()\n"
            f"print('the strongest gradient is', len(output) - int(output.argmax()), 'steps back')"
        )
