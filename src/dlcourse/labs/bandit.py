"""BanditLab: Skinner's box with four levers whose pay is hidden. Press them yourself, or let twenty machines play.

A machine keeps a value for each lever, Q ← Q + α (r − Q), presses the best one so far, and is sometimes curious.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.collections import LineCollection

from dlcourse import data
from dlcourse.labs.bandit_learning import Play, play, regret
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.settings import State, choice, integer, number, rows, switch
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

PRESSES, RUNS, LEVERS = 200, 20, "ABCD"
STOPS = PRESSES // 2  # the press after which, in extinction, the best lever pays no more
MACHINE, YOU = "the machine", "you"
RATES = {"1/N: the mean": None, "α = 0.1": 0.1, "α = 0.3": 0.3}
LAST = 50  # presses at the end by which is judged whether the best lever was found
LOW_REGRET, OWN_PRESSES = 12, 40


@dataclass(frozen=True)
class BanditState(State):
    """epsilon: share of curious presses; first: every Q before the first press; ucb: c in Q + c·√(ln t / N).

    box: which box, that is, which chances and which luck; own: the levers that the learner pressed, as rows of one.
    """

    who: str = choice(MACHINE, (MACHINE, YOU), label="who presses", help="The buttons are yours")
    epsilon: float = number(0.1, low=0, high=1, step=0.01, label="curious ε", help="Share of presses at random")
    first: float = number(0.0, low=0, high=2, step=0.1, label="first Q", help="What is expected before any press")
    ucb: float = number(0.0, low=0, high=2, step=0.1, label="bonus c", help="UCB: for levers that were pressed little")
    rate: str = choice("1/N: the mean", tuple(RATES), label="rate α", help="How far Q goes to a new reward")
    box: int = integer(1, low=1, high=20, label="box", help="Other chances, other luck")
    stops: bool = switch(False, label="extinction", help=f"After {STOPS} presses the best lever pays no more")
    reveal: bool = switch(False, label="show the truth", help="The hidden chances")
    press: int = integer(PRESSES, low=0, high=PRESSES, label="press", help="Presses made so far", play=True)
    own: tuple = rows((), width=1, low=0, high=len(LEVERS) - 1, label="your presses")


@dataclass(frozen=True)
class BanditResult:
    machines: Play  # twenty, each with luck of its own
    shown: Play  # the first of them, or the learner, whose luck is the same
    regrets: np.ndarray  # (20, T + 1)
    regret: np.ndarray  # (n + 1,) of the one that is shown
    chances: np.ndarray  # (T, 4) true ones at each press
    found: np.ndarray  # (20,) share of the best lever among the last 50 presses
    presses: int  # that have been made, at most the `press` of the state


@lru_cache
def chances(box: int) -> np.ndarray:
    """(4,) the true chances of a box, all at least 0.05 apart."""
    draw = np.random.default_rng([77, box])
    return np.round(draw.permutation([0.15, 0.35, 0.5, 0.7]) + draw.uniform(-0.05, 0.05, 4), 2)


def truth(box: int, stops: bool) -> np.ndarray:
    """(T, 4) the chances at each press."""
    known = np.tile(chances(box), (PRESSES, 1))
    if stops:
        known[STOPS:, chances(box).argmax()] = 0
    return known


@lru_cache(maxsize=16)
def machines(epsilon: float, first: float, ucb: float, rate: str, box: int, stops: bool) -> Play:
    return play(pay(box, stops), epsilon, RATES[rate], first, ucb, seed=box)


@lru_cache(maxsize=16)
def pay(box: int, stops: bool) -> np.ndarray:
    return data.lever_pay(chances(box), PRESSES, RUNS, box, STOPS if stops else None)


def compute_bandit(state: BanditState) -> BanditResult:
    how = state.box, state.stops
    all_runs, known = machines(state.epsilon, state.first, state.ucb, state.rate, *how), truth(*how)
    shown = all_runs
    if state.who == YOU:
        levers = np.array([int(lever) for (lever,) in state.own[:PRESSES]], int)
        table = pay(*how)[:1, : len(levers)]
        shown = play(table, alpha=RATES[state.rate], first=state.first, own=levers)
    done = min(state.press, shown.pressed.shape[1])
    best = known.argmax(axis=1)[-LAST:]
    return BanditResult(
        all_runs, shown, regret(all_runs.pressed, known), regret(shown.pressed[:1], known)[0], known,
        found=(all_runs.pressed[:, -LAST:] == best).mean(axis=1), presses=done,
    )  # fmt: skip


# -- view -----------------------------------------------------------------------------------------------------------

MOST_REGRET = 80
TILES = np.array([(column, row) for row in range(4) for column in range(5)], float)


class BanditView(View):
    size = (840, 410)

    def __init__(self, figure):
        self._make_levers(figure)
        self.presses = axes_at(
            figure, (382, 34, 440, 116), (-1, PRESSES), (3.6, -0.6), "Every press: orange square paid, ring did not"
        )
        self.presses.set_yticks(range(4), LEVERS)
        self.paid = self.presses.scatter([], [], s=20, marker="s", color=ORANGE, zorder=3)
        self.unpaid = self.presses.scatter([], [], s=14, facecolor="none", edgecolor=GREY, linewidth=0.9, zorder=2)
        self.curves = axes_at(
            figure, (382, 206, 262, 160), (0, PRESSES), (0, MOST_REGRET), "Regret: lost against the best", "press"
        )
        self.ghosts = LineCollection([], colors=[(0, 0.447, 0.698, 0.22)], linewidths=1, zorder=2)
        self.curves.add_collection(self.ghosts, autolim=False)
        (self.mean,) = self.curves.plot([], [], color=BLUE, linewidth=2.4, zorder=3)
        (self.one,) = self.curves.plot([], [], color=ORANGE_TEXT, linewidth=1.8, linestyle=(0, (5, 2)), zorder=4)
        self.now = self.curves.axvline(0, color=GREY, linewidth=1)
        self.legend = Words(self.curves, halo=2)
        self.tiles = axes_at(figure, (668, 206, 154, 152), (-0.5, 4.5), (3.5, -0.5), "Twenty machines")
        self.tiles.set_axis_off()
        self.boxes = self.tiles.scatter(*TILES.T, s=500, marker="s", edgecolor=FAINT, linewidth=0.8)
        self.tiles.text(-0.5, 3.85, f"% best lever, last {LAST}", fontsize=SMALL, color=GREY, va="center")
        self.shares = Words(self.tiles)
        self.moving = [
            self.bars, self.truths, self.bonus, self.numbers, self.paid, self.unpaid, self.ghosts, self.mean, self.one,
            self.now, self.legend, self.boxes, self.shares,
        ]  # fmt: skip

    def _make_levers(self, figure):
        self.levers = axes_at(figure, (36, 34, 190, 290), (0, 1.25), (3.6, -0.6), "What each lever seems worth", "Q")
        self.levers.set_yticks(range(4), LEVERS, fontsize=NORMAL + 2, color=INK)
        self.levers.set_xticks([0, 0.5, 1])
        self.bars = LineCollection([], colors=BLUE, linewidths=26, zorder=2, capstyle="butt")
        self.bonus = LineCollection([], colors=GREY, linewidths=2, linestyles=(0, (2, 1)), zorder=3)
        for lines in (self.bars, self.bonus):
            self.levers.add_collection(lines, autolim=False)
        style = {"marker": "D", "color": PAPER, "markeredgecolor": INK, "markersize": 8, "linestyle": "none"}
        (self.truths,) = self.levers.plot([], [], zorder=4, **style)
        self.numbers = Words(self.levers)

    def update(self, state, result):
        shown, n = result.shown, result.presses
        q, counts = shown.values[0, n], shown.counts[0, n]
        self.bars.set_segments([[(0, y), (min(value, 1.25), y)] for y, value in enumerate(q)])
        extra = state.ucb * np.sqrt(np.log(n + 1) / np.maximum(counts, 1e-9)) if state.who == MACHINE else 0 * q
        self.bonus.set_segments(
            [[(a, y), (min(a + b, 1.25), y)] for y, (a, b) in enumerate(zip(q, extra, strict=True))]
        )
        known = result.chances[max(n - 1, 0)]
        self.truths.set_data(known if state.reveal else [], range(4) if state.reveal else [])
        words = [
            Word(1.3, y - 0.16, f"Q = {value:.2f}", align="left") for y, value in enumerate(q)
        ] + [
            Word(1.3, y + 0.18, f"N = {count:.0f}", GREY, NORMAL, "left") for y, count in enumerate(counts)
        ]  # fmt: skip
        if state.reveal:
            words += [Word(1.3, y + 0.47, f"true {p:.2f}", ORANGE_TEXT, SMALL, "left") for y, p in enumerate(known)]
        self.numbers.update(words)
        self._update_presses(shown, n)
        self._update_regret(state, result)

    def _update_presses(self, shown, n):
        places = np.column_stack([np.arange(n), shown.pressed[0, :n]])
        paid = shown.paid[0, :n] > 0
        self.paid.set_offsets(places[paid])
        self.unpaid.set_offsets(places[~paid] + (0, 0.28))

    def _update_regret(self, state, result):
        n, x = result.presses, np.arange(PRESSES + 1)
        upto = PRESSES if state.who == YOU else n
        self.ghosts.set_segments([np.column_stack([x[: upto + 1], run[: upto + 1]]) for run in result.regrets])
        self.mean.set_data(x[: upto + 1], result.regrets.mean(axis=0)[: upto + 1])
        self.one.set_data(x[: n + 1], result.regret[: n + 1])
        self.now.set_xdata([n, n])
        name = "you" if state.who == YOU else "the one above"
        top = MOST_REGRET
        self.legend.update(
            [
                Word(5, 0.93 * top, "mean of twenty", BLUE, NORMAL, "left"),
                Word(5, 0.83 * top, f"- - {name}", ORANGE_TEXT, NORMAL, "left"),
            ]
        )
        found = result.found > 0.5
        self.boxes.set_facecolor(["#CFE3F0" if ok else PAPER for ok in found])
        marks = [Word(x, y - 0.24, "✓", INK, SMALL) for (x, y), ok in zip(TILES, found, strict=True) if ok]
        self.shares.update(
            marks
            + [
                Word(x, y + 0.18, f"{100 * share:.0f}", INK, SMALL)
                for (x, y), share in zip(TILES, result.found, strict=True)
            ]
        )


# -- lab ------------------------------------------------------------------------------------------------------------


class BanditLab(Lab):
    """Four levers of unknown pay. Explore too little and you miss the best one; too much, and you never use it."""

    title = "Levers and rewards"
    State, View, compute = BanditState, BanditView, staticmethod(compute_bandit)
    actions = {f"Lever {name}": f"press_{name.lower()}" for name in LEVERS}
    presets = {
        "Never curious: stuck with the first lucky lever": {"epsilon": 0.0, "box": 13, "reveal": True},
        "Always curious: it knows all and uses nothing": {"epsilon": 1.0, "reveal": True},
        "Great expectations: disappointed into exploring": {"epsilon": 0.0, "first": 2.0, "rate": "α = 0.1"},
        "A bonus for the unknown (UCB)": {"epsilon": 0.0, "ucb": 0.5},
        "Extinction: the mean clings to the past": {"stops": True, "reveal": True},
        "Extinction: a constant rate forgets": {"stops": True, "rate": "α = 0.3", "reveal": True},
        "Your turn": {"who": YOU, "press": 0},
    }

    def press_a(self):
        """Press lever A yourself"""
        self._press(0)

    def press_b(self):
        """Press lever B yourself"""
        self._press(1)

    def press_c(self):
        """Press lever C yourself"""
        self._press(2)

    def press_d(self):
        """Press lever D yourself"""
        self._press(3)

    def _press(self, lever: int) -> None:
        own = (*self.state.own, (lever,))[:PRESSES]
        self.set(who=YOU, own=own, press=len(own))

    def limits(self, state, result):
        return {"press": (0, result.shown.pressed.shape[1])}

    def describe(self, state, result):
        n, shown = result.presses, result.shown
        who = "You have" if state.who == YOU else "The first machine has"
        if not n:
            return f"{who} not pressed yet; every Q is {state.first:g}."
        counts = ", ".join(f"{name} {count:.0f}" for name, count in zip(LEVERS, shown.counts[0, n], strict=True))
        best = LEVERS[int(shown.values[0, n].argmax())]
        past = f" Lever {LEVERS[int(chances(state.box).argmax())]} pays no more." if state.stops and n > STOPS else ""
        return (
            f"{who} pressed {n} time{'s' * (n != 1)} ({counts}) and earned {shown.paid[0, :n].sum():.0f}; "
            f"lever {best} seems best, Q {shown.values[0, n].max():.2f}. Regret {result.regret[n]:.1f}.{past} "
            f"Of twenty machines {int((result.found > 0.5).sum())} found the best lever, "
            f"mean regret {result.regrets[:, -1].mean():.1f}."
        )

    def judge(self, state, result):
        if state.who == YOU:
            rival = int(result.machines.paid[0, :OWN_PRESSES].sum())
            earned = int(result.shown.paid[0, :OWN_PRESSES].sum())
            pressed = min(len(state.own), OWN_PRESSES)
            task = f"With {OWN_PRESSES} presses of your own earn at least what the machine earns with the same luck."
            verdict = f"{pressed} of {OWN_PRESSES} presses: you earned {earned}; the machine gets {rival} in all."
            return Goal(task, verdict, pressed == OWN_PRESSES and earned >= rival)
        task = f"Bring the mean regret of the twenty machines down to {LOW_REGRET}, without extinction."
        mean = result.regrets[:, -1].mean()
        verdict = f"Mean regret after {PRESSES} presses: {mean:.1f}."
        if state.stops:
            verdict += " But the best lever stops paying."
        return Goal(task, verdict, bool(mean <= LOW_REGRET) and not state.stops)

    def code(self, state):
        luck = f"data.lever_pay({chances(state.box).tolist()}, {PRESSES}, {RUNS}, seed={state.box}"
        luck += f", stops={STOPS})" if state.stops else ")"
        rate = "1 / N[lever]" if RATES[state.rate] is None else str(RATES[state.rate])
        head = f"import numpy as np\n\nfrom dlcourse import data\n\npay = {luck}[0]  # (presses, levers)\n"
        start = f"Q, N = engine.full((4,), {state.first}, dtype=engine.float64), np.zeros(4)\n"
        learn = f"    N[lever] += 1\n    Q[lever] += {rate} * (pay[t, lever] - Q[lever])\n"
        tail = "output = Q\nprint([round(q, 3) for q in output.tolist()], N)"
        if state.who == YOU:
            levers = [int(lever) for (lever,) in state.own][: state.press]
            return f"{head}{start}for t, lever in enumerate({levers}):\n{learn}{tail}"
        bonus = f" + {state.ucb} * np.sqrt(np.log(t + 1) / np.maximum(N, 1e-9))" if state.ucb else ""
        return (
            f"{head}rng, runs = np.random.default_rng({state.box}), {RUNS}  # the lab plays {RUNS}; this is the first\n"
            f"curious = rng.random(({PRESSES}, runs))[:, 0] < {state.epsilon}\n"
            f"anywhere = rng.integers(4, size=({PRESSES}, runs))[:, 0]\n"
            f"ties = 1e-6 * rng.random(({PRESSES}, runs, 4))[:, 0]\n{start}"
            f"for t in range({state.press}):\n"
            f"    best = (Q.numpy() + ties[t]{bonus}).argmax()\n"
            f"    lever = int(anywhere[t] if curious[t] else best)\n{learn}{tail}"
        )
