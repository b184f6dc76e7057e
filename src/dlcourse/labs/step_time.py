"""StepTimeLab: where the time of a training step goes, and what a larger batch, a GPU or more processes change."""

from dataclasses import dataclass

import numpy as np

from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import Table, axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREEN, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, PAPER
from dlcourse.labs.rounding import trimmed
from dlcourse.labs.step_cost import CPU, DEVICES, GPU, StepTime, StepTimeState, step_time

ENOUGH, MOST_BATCH, MOST_WIDTH = 0.5, 128, 1024  # the task: this share of the GPU's arithmetic, by so small a network
PARTS = ("calls", "arithmetic", "memory", "talking")


@dataclass(frozen=True)
class StepTimeResult:
    """The step as it is set, and the samples a second for every batch on either device: name -> (17,)."""

    step: StepTime
    rates: dict[str, np.ndarray]


def compute_step(state: StepTimeState) -> StepTimeResult:
    def rate(device: str, n: int) -> float:
        return step_time(state.changed(device=device, batch=2**n)).rate

    return StepTimeResult(step_time(state), {name: np.array([rate(name, n) for n in range(17)]) for name in DEVICES})


# -- view -----------------------------------------------------------------------------------------------------------

BARS = dict(zip(PARTS, ((GREY, ""), (BLUE, ""), (ORANGE, "//"), (GREEN, "..")), strict=True))
LONGEST = 240  # pixels


class StepTimeView(View):
    size = (840, 380)

    def __init__(self, figure):
        title = "Samples a second, by the model"
        self.chart = axes_at(figure, (62, 30, 360, 290), (-0.4, 16.4), (-0.5, 9.9), title, "samples a step")
        self.chart.set_xticks(range(0, 17, 4), ["1", "16", "256", "4,096", "65,536"])
        self.chart.set_yticks(range(0, 10, 3), ["1", "1,000", "1 million", "1 billion"])
        self.chart.tick_params(axis="y", labelrotation=90)
        for label in self.chart.get_yticklabels():
            label.set_va("center")
        styles = {CPU: (BLUE, "-", "o"), GPU: (ORANGE_TEXT, (0, (5, 2)), "s")}
        self.lines = {
            name: self.chart.plot([], [], color=colour, linestyle=style, linewidth=2, zorder=3, label=name)[0]
            for name, (colour, style, _) in styles.items()
        }
        self.chart.legend(loc="upper left", frameon=False, fontsize=NORMAL, labelcolor=INK)
        self.dots = {
            name: self.chart.plot([], [], marker, color=colour, markersize=9, markeredgecolor=PAPER, zorder=5)[0]
            for name, (colour, _, marker) in styles.items()
        }
        self.now = self.chart.axvline(0, color=FAINT, linewidth=1.6, zorder=1)
        self._make_bars(figure)
        self.moving = [*self.lines.values(), *self.dots.values(), self.now, *self.bars.values(), *self.table.artists]

    def _make_bars(self, figure):
        axes = blank_axes(figure, (470, 30, 360, 130), "The time of one step")
        self.bars = {}
        for row, (name, (colour, hatch)) in enumerate(BARS.items()):
            y = 18 + 28 * row
            axes.text(0, y, name, fontsize=NORMAL, color=INK, va="center")
            (self.bars[name],) = axes.barh([y], [0], left=86, height=18, color=colour, hatch=hatch, edgecolor=PAPER)
        axes.text(86, 126, "the longest fills the width", fontsize=8, color=GREY, va="center")
        lower = blank_axes(figure, (470, 176, 360, 200))
        self.table = Table(lower, ("", "counted or modelled"), (100, 260), 8)

    def update(self, state, result):
        places = np.arange(17)
        for name, line in self.lines.items():
            line.set_data(places, np.log10(result.rates[name]))
            shown = name == state.device
            self.dots[name].set_data([state.log_batch] if shown else [], [np.log10(result.step.rate)] if shown else [])
        self.now.set_xdata([state.log_batch] * 2)
        step = result.step
        longest = max(getattr(step, name) for name in PARTS)
        for name, bar in self.bars.items():
            bar.set_width(LONGEST * getattr(step, name) / longest)
        self.table.update(_rows(state, step))

    def handles(self, state, result):
        words = f"batch of {state.batch:,}"
        return [Handle("batch", self.chart, state.log_batch, 0.0, "samples a step", words, "line", (1.0, 1.0),
                       direction=(0.0, 1.0))]  # fmt: skip


def _rows(state, step: StepTime):
    count = step.counts
    return [
        ["weights", f"{count.weights:,}"],
        ["operations a process", scaled(count.flops, ("", " k", " M", " G", " T"))],
        ["bytes moved", scaled(count.moved, (" B", " kB", " MB", " GB", " TB"))],
        ["operations a byte", trimmed(count.intensity, 1)],
        ["calls", str(count.calls)],
        ["bytes sent", scaled(count.sent, (" B", " kB", " MB", " GB", " TB"))],
        ["step", duration(step.seconds)],
        ["of the best arithmetic", percent(step.use)],
    ]


def scaled(value: float, units) -> str:
    """A large number in three figures and a unit: 12.3 M."""
    place = 0
    while value >= 999.5 and place < len(units) - 1:
        value, place = value / 1000, place + 1
    return f"{value:.3g}{units[place]}"


def duration(seconds: float) -> str:
    """Seconds in three figures: 34.1 µs, 2.5 ms, 12 s."""
    unit, size = next((pair for pair in (("s", 1.0), ("ms", 1e-3)) if seconds >= 0.9995 * pair[1]), ("µs", 1e-6))
    return f"{seconds / size:.3g} {unit}"


def percent(share: float) -> str:
    return f"{100 * share:.2g}%" if share < 0.0995 else f"{100 * share:.0f}%"


# -- lab ------------------------------------------------------------------------------------------------------------


class StepTimeLab(Lab):
    """Counted work and a model of its time: calls, arithmetic, memory, and talking between processes."""

    title = "Where the time of a training step goes"
    State, View, compute = StepTimeState, StepTimeView, staticmethod(compute_step)
    presets = {
        "One sample at a time: all calls": {"batch": 1},
        "A batch: the same calls for 1,024 samples": {"batch": 1024},
        "A small network does not need a GPU": {"batch": 32, "device": GPU},
        "A large one does": {"batch": 4096, "width": 4096, "device": GPU},
        "bfloat16: half the bytes, faster arithmetic": {"batch": 4096, "width": 4096, "device": GPU, "bf16": True},
        "One sample on a large network: memory": {"batch": 1, "width": 4096, "device": GPU},
        "64 processes for a small network: talk": {"batch": 1024, "processes": 64},
        "64 processes for a large one": {"batch": 65_536, "width": 4096, "processes": 64, "device": GPU},
    }

    def moved(self, gesture: Gesture):
        return {"batch": 2 ** round(min(max(gesture.x, 0), 16))}

    def describe(self, state, result):
        step = result.step
        several = f", {state.processes} of them" if state.processes > 1 else ""
        words = {"calls": "starting calls", "arithmetic": "arithmetic", "memory": "moving bytes",
                 "talking": "talking between processes"}[step.slowest]  # fmt: skip
        ratio = result.rates[GPU][state.log_batch] / result.rates[CPU][state.log_batch]
        factor = f"{ratio:.0f} times as fast as" if ratio >= 10 else f"{ratio:.1f} times as fast as"
        return (
            f"{state.width:,} units, a batch of {state.batch:,} on {state.device}{several}: a step takes "
            f"{duration(step.seconds)}, {scaled(step.rate, ('', ' thousand', ' million', ' billion'))} samples a "
            f"second. Most of it is {words}. At this batch the GPU is {factor} the core."
        )

    def judge(self, state, result):
        task = (
            f"On the GPU, reach at least half of its best arithmetic with a batch of {MOST_BATCH:,} or less "
            f"and a width of {MOST_WIDTH:,} or less."
        )
        verdict = f"{percent(result.step.use)} of the best arithmetic."
        if state.device != GPU:
            return Goal(task, f"{verdict} This is the CPU.", False)
        allowed = state.batch <= MOST_BATCH and state.width <= MOST_WIDTH
        if not allowed:
            verdict += " But batch or width is larger than allowed."
        return Goal(task, verdict, allowed and result.step.use >= ENOUGH)

    def code(self, state):
        count = "5" if state.fused else "11"
        device = DEVICES[state.device]
        peak = device.flops_bf16 if state.bf16 else device.flops
        return (
            f"batch, width, processes = {state.batch}, {state.width}, {state.processes}\n"
            f"rows, size, layers = -(-batch // processes), {2 if state.bf16 else 4}, 3\n"
            f"model = engine.nn.Sequential(*[engine.nn.Linear(64, 64, bias=False) for _ in range(layers)])\n"
            f"weights = sum(p.numel() for p in model.parameters()) * width**2 // 64**2\n"
            f"flops = 6 * rows * weights\n"
            f"moved = layers * 3 * (width**2 + 2 * rows * width) * size + 12 * weights\n"
            f"sent = 2 * (processes - 1) / processes * weights * 4\n"
            f"parts = engine.tensor([{count} * layers * {device.call}, flops / {peak}, moved / {device.bandwidth},\n"
            f"                       sent / {device.link} + 2 * (processes - 1) * {device.wait}])\n"
            f"calls, arithmetic, memory, talking = parts.tolist()\n"
            f"output = parts\n"
            f"print(f'{{calls + max(arithmetic, memory) + talking:.3g}} s')  # calls, arithmetic, memory, talking"
        )
