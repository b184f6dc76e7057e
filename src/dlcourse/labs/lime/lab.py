"""LimeLab: which parts of a photo make the network say "Egyptian cat"?

Switch superpixels off and watch the probability; look over the machine's shoulder while it does the same at random; and
see what the linear model makes of it, how sure it is, and whether ten seeds agree. The network is EfficientNet-Lite0 on
128 × 128 pixels; its answers to the machine's samples are kept in a file, what you try is asked at once.
"""

from dataclasses import dataclass

import numpy as np

from dlcourse.data.photo_answers import COUNTS, FILLS, SEEDS
from dlcourse.explain.kernels import cosine_distance, exponential
from dlcourse.explain.lime import LocalModel
from dlcourse.labs.base import Goal, Lab
from dlcourse.labs.lime.answers import SAMPLES, SIDE, answers, centres, coefficients, drawn, fitted, probabilities
from dlcourse.labs.lime.view import LimeView, with_sign
from dlcourse.labs.live import Gesture
from dlcourse.labs.settings import State, choice, integer, number, rows

# -- state and computation ------------------------------------------------------------------------------------------

BY_HAND, MACHINE, EXPLANATION = "by hand", "the machine's samples", "the explanation"
MOST_HIDDEN, LOW = 3, 0.2  # the task: so few superpixels off, so low a probability
MOST_SEGMENTS = 60


@dataclass(frozen=True)
class LimeState(State):
    """rank: which of the photo's three likeliest classes is explained; hidden: rows (superpixel,) that you switched
    off; at: the superpixel of the cursor; sample: which of the machine's samples is shown."""

    photo: str = choice("chelsea", ("chelsea", "coffee"), label="photo")
    show: str = choice(BY_HAND, (BY_HAND, MACHINE, EXPLANATION), label="view")
    rank: int = integer(1, low=1, high=3, label="class by rank", help="1 is the network's first choice")
    segments: int = choice(20, COUNTS, label="superpixels", help="About so many")
    fill: str = choice(FILLS[0], FILLS, label="off means", help="What a superpixel that is off shows")
    width: float = number(0.25, low=0.05, high=1.0, step=0.05, label="kernel σ", help="Weight: exp(−d²/2σ²)")
    samples: int = integer(SAMPLES, low=20, high=SAMPLES, label="samples N")
    seed: int = integer(0, low=0, high=SEEDS - 1, label="seed", help="Draws the samples")
    at: int = integer(3, low=0, high=MOST_SEGMENTS, label="superpixel", help="The cursor; the button switches it")
    sample: int = integer(0, low=0, high=SAMPLES - 1, label="sample", play=True)
    hidden: tuple = rows((), width=1, low=0, high=MOST_SEGMENTS, label="off", help="Clicked in the picture")


@dataclass(frozen=True)
class LimeResult:
    names: tuple[str, ...]  # the three classes
    mask: np.ndarray  # (d,) what is shown: 1 on, 0 off
    shown: tuple[float, ...]  # probabilities of the classes for it
    whole: float  # the explained class's probability for the whole photo
    yours: float  # and with what you switched off
    off: tuple[int, ...]  # what you switched off
    model: LocalModel
    coefficients: np.ndarray  # (d,)
    errors: np.ndarray  # (d,) standard errors
    seeds: np.ndarray  # (10, d) coefficients of all seeds
    distance: float  # of the mask shown from the photo
    weight: float  # and how much it counts

    @property
    def sure(self) -> np.ndarray:
        """(d,): the coefficient is at least twice its standard error."""
        return np.abs(self.coefficients) > 2 * self.errors


def compute_lime(state: LimeState) -> LimeResult:
    case = state.photo, state.segments, state.fill
    known = answers(*case)
    d, label = known.masks.shape[2], state.rank - 1
    off = tuple(sorted({int(number) for (number,) in state.hidden if number < d}))
    mask = np.ones(d, np.uint8)
    shown = yours = probabilities(*case, off)
    if state.show == MACHINE:
        masks, outputs = drawn(*case, state.seed, state.samples)
        place = min(state.sample, state.samples - 1)
        mask, shown = masks[place], tuple(outputs[place])
    elif state.show == BY_HAND:
        mask[list(off)] = 0
    else:
        shown = probabilities(*case, ())
    options = state.samples, label, state.width
    model = fitted(*case, state.seed, *options)
    distance = float(cosine_distance(np.stack([np.ones(d), mask]))[1])
    return LimeResult(
        known.class_names, mask, shown, probabilities(*case, ())[label], yours[label], off, model,
        _dense(model.features, model.coefficients, d), _dense(model.features, model.standard_errors, d),
        np.stack([coefficients(*case, seed, *options) for seed in range(SEEDS)]),
        distance, float(exponential(distance, state.width)),
    )  # fmt: skip


def _dense(places, values, d: int) -> np.ndarray:
    found = np.zeros(d)
    found[places] = values
    return found


# -- lab ------------------------------------------------------------------------------------------------------------


class LimeLab(Lab):
    """Click on superpixels, or move to one by arrow keys and press Space, and watch the probability."""

    title = "LIME: what made the network say it?"
    State, View, compute = LimeState, LimeView, staticmethod(compute_lime)
    presets = {
        "Try it by hand": {"hidden": ((0.0,), (1.0,))},
        "The machine tries it, 200 times": {"show": MACHINE, "sample": 6},
        "What LIME makes of it": {"show": EXPLANATION},
        "Twenty samples: ten seeds disagree": {"show": EXPLANATION, "samples": 20},
        "A narrow kernel: hardly a sample counts": {"show": EXPLANATION, "width": 0.05},
        "Black instead of mean colour: another answer": {"show": EXPLANATION, "fill": "black"},
        "Fifty superpixels: small pieces are worth little": {"show": EXPLANATION, "segments": 50},
        "Low R²: do not believe the coffee": {"photo": "coffee", "show": EXPLANATION},
        "The same pixels against another class": {"show": EXPLANATION, "rank": 2},
    }
    actions = {"Switch on or off": "switch_one", "All on": "all_on", "Switch LIME's best three off": "best_off"}

    def switch_one(self) -> None:
        """Switch the superpixel under the cursor on or off."""
        self.set(show=BY_HAND, hidden=self._toggled([self._at()]))

    def all_on(self) -> None:
        """Switch every superpixel on again."""
        self.set(show=BY_HAND, hidden=())

    def best_off(self) -> None:
        """Switch the three superpixels off that LIME says speak most for the class."""
        best = np.argsort(-self.result.coefficients, kind="stable")[:MOST_HIDDEN]
        self.set(show=BY_HAND, hidden=tuple((float(number),) for number in sorted(best)))

    def _at(self) -> int:
        return min(self.state.at, len(self.result.mask) - 1)

    def _toggled(self, numbers):
        """The first superpixel of a stroke decides whether the stroke switches on or off."""
        off = set(self.result.off)
        off = off - set(numbers) if numbers[0] in off else off | set(numbers)
        return tuple((float(number),) for number in sorted(off))

    def moved(self, gesture: Gesture):
        if not gesture.done:
            return {}
        if not gesture.path:
            return {"at": self._neighbour(gesture.x, gesture.y)}
        segments = answers(self.state.photo, self.state.segments, self.state.fill).segments
        rows_columns = [(int(SIDE - y), int(x)) for x, y in gesture.path]
        numbers = [int(segments[min(r, SIDE - 1), min(c, SIDE - 1)]) for r, c in rows_columns if r >= 0 and c >= 0]
        numbers = list(dict.fromkeys(numbers))
        return {"hidden": self._toggled(numbers), "at": numbers[-1], "show": BY_HAND} if numbers else {}

    def _neighbour(self, x: float, y: float) -> int:
        """The nearest superpixel in the direction in which an arrow key moved the cursor; the same if there is none."""
        at, places = self._at(), centres(self.state.photo, self.state.segments)
        step = np.array([x, y]) - places[at]
        axis = int(np.argmax(np.abs(step)))
        along = (places[:, axis] - places[at, axis]) * np.sign(step[axis])
        across = np.abs(places[:, 1 - axis] - places[at, 1 - axis])
        far = np.where(along > 1, along + 2 * across, np.inf)
        return at if np.isinf(far).all() else int(far.argmin())

    def describe(self, state, result):
        name, d = result.names[state.rank - 1], len(result.mask)
        on = int(result.mask.sum())
        if state.show == EXPLANATION:
            return _explained(name, result)
        said = f"{on} of {d} superpixels on: {name} {result.shown[state.rank - 1]:.2f}, whole photo {result.whole:.2f}."
        if state.show == MACHINE:
            place = min(state.sample, state.samples - 1) + 1
            words = f"Sample {place} of {state.samples}: {said} Its distance is {result.distance:.2f}"
            return f"{words}, its weight {result.weight:.2f}."
        at = self._at_of(state, d)
        return f"{said} The cursor is on superpixel {at}, which is {'off' if at in result.off else 'on'}."

    @staticmethod
    def _at_of(state, d: int) -> int:
        return min(state.at, d - 1)

    def judge(self, state, result):
        name = result.names[state.rank - 1]
        task = f"By hand: switch at most {MOST_HIDDEN} superpixels off, so that {name} falls below {LOW:.0%}."
        count = len(result.off)
        verdict = f"{count} off: {name} {result.yours:.0%}."
        return Goal(task, verdict, 0 < count <= MOST_HIDDEN and result.yours < LOW <= result.whole)

    def limits(self, state, result):
        return {"at": (0, len(result.mask) - 1), "sample": (0, state.samples - 1)}

    def code(self, state):
        return "\n".join(_lines(state))


def _explained(name: str, result) -> str:
    best = np.argsort(-np.abs(result.coefficients), kind="stable")[0]
    worth = f"{with_sign(result.coefficients[best])} ± {2 * result.errors[best]:.2f}"
    words = f"LIME for {name}: superpixel {best} is worth {worth}"
    agree = int((np.abs(result.seeds).argmax(axis=1) == best).sum())
    words += f" and comes first with {agree} of {len(result.seeds)} seeds; {int(result.sure.sum())} of "
    return f"{words}{len(result.mask)} stand out of their error. {result.model.words}"


def _lines(state):
    """The explanation as a cell; `output` holds what the linear model says of every sample."""
    yield "import numpy as np\n\nfrom dlcourse import data, explain"
    yield "from dlcourse.explain.kernels import cosine_distance"
    yield f"\nknown = data.photo_answers({state.photo!r}, {state.segments}, {state.fill!r})"
    if state.segments == COUNTS[0]:
        yield "d = known.masks.shape[2]"
        yield f'masks, groups = explain.sample_masks(d, {state.samples}, "paired", {state.seed})'
        yield "places = 2**d - 1 - masks.astype(int) @ (1 << np.arange(d))  # in the file of all masks"
        yield "outputs = known.probabilities[0, places]"
    else:
        yield f"masks = known.masks[{state.seed}, :{state.samples}]"
        yield f"outputs = known.probabilities[{state.seed}, :{state.samples}]"
        yield f"groups = np.arange({state.samples}) // 2  # a mask and its complement"
    yield "model = explain.fit_local("
    yield f"    masks, outputs, cosine_distance(masks), {state.rank - 1}, kernel_width={state.width},"
    yield '    selection="none", groups=groups,\n)'
    yield "print(model)"
    yield "rows = engine.tensor(masks[:, model.features].astype(float))"
    yield "output = rows @ engine.tensor(model.coefficients) + model.intercept"
    yield "print(output[0])  # of the whole photo"
