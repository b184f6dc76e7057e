"""What one frame of each lab costs in the kernel: compute, draw (artists and canvas), encode (PNG)."""

import itertools

import dlcourse.labs
from dlcourse.labs import playground_training
from dlcourse.labs.base import Lab
from dlcourse.labs.settings import Choice, Integer, Number
from tests.benchmarks.timing import median_of_each, milliseconds, table

ROUNDS = 40
BUDGET, TRAINING_BUDGET = 30, 45  # milliseconds a frame


def main() -> None:
    labs = [getattr(dlcourse.labs, name) for name in dlcourse.labs.__all__]
    rows = [frame_cost(lab) for lab in labs if issubclass(lab, Lab) and lab is not Lab]
    rows.append(training_cost())
    print("Milliseconds a frame, median; a slider moves between each two")
    print(table(["lab", "slider", "compute", "draw", "encode", "sum", "budget", "new lab"], rows))


def frame_cost(kind: type[Lab]) -> list[str]:
    """Move the slider of the lab's play button, or else its first one, up and down."""
    made = milliseconds(lambda: kind().close())
    lab = kind()
    sliders = [item for item in lab.State.settings().items() if _has_slider(item[1])]
    name, setting = next((item for item in sliders if getattr(item[1], "play", False)), sliders[0])
    other = _next(setting, getattr(lab.state, name))
    states = itertools.cycle([lab.state.changed(**{name: other}), lab.state])
    return [kind.__name__, setting.label, *costs(lab, states, ROUNDS), str(BUDGET), f"{made:.0f}"]


def _has_slider(setting) -> bool:
    return isinstance(setting, (Number, Integer)) or (isinstance(setting, Choice) and setting.slider)


def _next(setting, value):
    """The value one step on, or one back at the upper end."""
    if isinstance(setting, Choice):
        place = setting.options.index(value)
        return setting.options[place + 1 if place + 1 < len(setting.options) else place - 1]
    step = setting.step if isinstance(setting, Number) else 1
    return value + step if value + step <= setting.high else value - step


def training_cost() -> list[str]:
    """The playground while it trains: each frame goes one moment on, colours its 60 × 60 field and all units."""
    lab = dlcourse.labs.PlaygroundLab(layers=2, units=6)
    states = (lab.state.changed(tick=tick) for tick in itertools.count(1))
    playground_training.training.cache_clear()
    return ["PlaygroundLab, training", "moment", *costs(lab, states, ROUNDS), str(TRAINING_BUDGET), ""]


def costs(lab: Lab, states, rounds: int) -> list[str]:
    """compute, draw, encode and their sum."""
    latest = {}

    def compute():
        latest["state"] = next(states)
        latest["result"] = type(lab).compute(latest["state"])

    def draw():
        lab.view.update(latest["state"], latest["result"])
        lab.live.draw()

    median = median_of_each({"compute": compute, "draw": draw, "encode": lab.live.encode}, rounds)
    lab.close()
    return [f"{value:.1f}" for value in (*median.values(), sum(median.values()))]
