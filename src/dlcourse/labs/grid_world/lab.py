"""GridWorldLab: what can be set, said and asked."""

import numpy as np

from dlcourse.labs.base import Goal, Lab
from dlcourse.labs.grid_world.learning import METHODS, MOST
from dlcourse.labs.grid_world.view import CENTRES, GridWorldView
from dlcourse.labs.grid_world.walks import FREE, GridWorldState, compute_grid_world
from dlcourse.labs.live import Gesture
from dlcourse.labs.rounding import signed


class GridWorldLab(Lab):
    """Say by rewards what you want, and watch Q-learning or SARSA find out what you said."""

    title = "A world of rewards"
    State, View, compute = GridWorldState, GridWorldView, staticmethod(compute_grid_world)
    presets = {
        "The first walk knows nothing": {"episode": 1},
        "After ten walks the goal's value has crept back": {"episode": 10},
        "A slippery floor: the long way is the better one": {"slip": 0.2},
        "Every step hurts: the pit is a way out": {"each": -1.0},
        "Each step pays: why ever arrive?": {"each": 0.06},
        "A coin as a lure: it never leaves": {"coin": 0.2},
        "Short-sighted: the goal is out of sight": {"gamma": 0.5, "slip": 0.2},
        "Never curious": {"epsilon": 0.0},
    }

    def moved(self, gesture: Gesture):
        distances = ((CENTRES[list(FREE)] - np.clip((gesture.x, gesture.y), -9, 9)) ** 2).sum(axis=1)
        return {"start": int(distances.argmin())}

    def limits(self, state, result):
        return {"step": (0, result.length)}

    def describe(self, state, result):
        last = result.training.world.text[result.walked[-1]]
        ended = {"G": "arrives", "P": "falls into a pit"}.get(last, "is still under way")
        steps = len(result.walked) - 1
        earned = result.training.rewards[result.moment - steps : result.moment].sum() if steps else 0.0
        value, best = result.q[result.walked[0]].max(), result.best
        return (
            f"{state.method}, episode {state.episode}: after {steps} step{'s' * (steps != 1)} it {ended}, "
            f"having earned {signed(earned)}. It would now go {result.outcome}. The start is thought to be worth "
            f"{signed(value)}; with the best moves it is {signed(best)}."
        )

    def judge(self, state, result):
        task = "On a dry floor (slip 0) and without the coin, make it learn to go over the top, from the start cell S."
        at_start = FREE[state.start] == result.training.world.start
        reached = result.outcome == "over the top to the goal" and not state.slip and not state.coin and at_start
        reasons = {
            "the floor slips": state.slip > 0,
            "the coin pays": state.coin > 0,
            "it starts elsewhere": not at_start,
        }
        verdict = f"It would go {result.outcome}."
        if result.outcome.startswith("over") and not reached:
            verdict += f" But {' and '.join(reason for reason, holds in reasons.items() if holds)}."
        return Goal(task, verdict, reached)

    def code(self, state):
        ahead = "max(Q[new])" if state.method == METHODS[0] else "Q[new][following]"
        rewards = f"{state.goal}, {state.pit}, {state.each}, {state.coin}, {state.slip}"
        steps = min(state.step, compute_grid_world(state).length)
        return (
            "import numpy as np\n\nfrom dlcourse import data\n\n"
            f"world = data.GridWorld(data.TWO_WAYS, {rewards})\n"
            f"rng = np.random.default_rng({state.seed})\n"
            "Q = engine.zeros(world.states, 4, dtype=engine.float64).tolist()\n\n\n"
            "def choose(row):\n"
            f"    if rng.random() < {state.epsilon}:\n        return int(4 * rng.random())\n"
            "    equal = [action for action in range(4) if row[action] == max(row)]\n"
            "    return equal[int(len(equal) * rng.random())] if len(equal) > 1 else equal[0]\n\n\n"
            f"for episode in range(1, {state.episode} + 1):\n"
            f"    state, over, count = {FREE[state.start]}, False, 0\n    action = choose(Q[state])\n"
            f"    most = {MOST} if episode < {state.episode} else {steps}\n"
            "    while not over and count < most:\n"
            "        new, reward, over = world.step(state, action, rng)\n"
            "        following = choose(Q[new])\n"
            f"        target = reward + {state.gamma} * {ahead}\n"
            f"        Q[state][action] += {state.alpha} * (target - Q[state][action])\n"
            "        state, action, count = new, following, count + 1\n\n"
            "output = engine.tensor(Q)\n"
            "print([round(value, 2) for value in output.max(dim=1).values.tolist()])"
        )
