"""What three logits mean: probabilities, cross-entropy, squared error and their gradients, in either of two forms.

The stable form is what libraries compute; the printed form is the formula as books print it, in float32.
"""

from dataclasses import dataclass

import numpy as np

import dlcourse.reference as engine
from dlcourse.labs.settings import State, choice, number, switch

CLASSES = ("class 1", "class 2", "class 3")
SOFTMAX, SIGMOID = "softmax: one of three", "sigmoid: three times yes or no"
REACH = 8.0  # logits run from −8 to 8


def _logit(default: float, which: int):
    return number(default, low=-REACH, high=REACH, step=0.1, label=f"logit z{'₁₂₃'[which]}", help="Net value; no unit")


def _target(default: float, which: int):
    words = "Share of this class; softmax brings the three to a sum of 1"
    return number(default, low=0, high=1, step=0.01, label=f"target t{'₁₂₃'[which]}", help=words)


@dataclass(frozen=True)
class LossState(State):
    """Logits from −8 to 8 and temperature T from 0.01 to 10 have no unit. Targets from 0 to 1: for softmax the shares
    of the three classes, for the sigmoid three answers of their own. smoothing is the share ε of the target that is
    spread evenly over all answers, 0 to 0.9. `stable` off computes by the formula as it is printed, in float32."""

    z1: float = _logit(2.0, 0)
    z2: float = _logit(1.0, 1)
    z3: float = _logit(0.1, 2)
    t1: float = _target(1.0, 0)
    t2: float = _target(0.0, 1)
    t3: float = _target(0.0, 2)
    output: str = choice(SOFTMAX, (SOFTMAX, SIGMOID), label="output")
    smoothing: float = number(0.0, low=0, high=0.9, step=0.01, label="smoothing ε", help="Label smoothing")
    temperature: float = number(
        1.0, low=0.01, high=10, step=0.01, label="T (temp.)", help="Temperature: divides the logits"
    )
    stable: bool = switch(True, label="stable form", help="Subtract the largest before exp; never take log of p")

    @property
    def logits(self) -> list[float]:
        return [self.z1, self.z2, self.z3]

    @property
    def given(self) -> np.ndarray:
        """(3,) the targets before smoothing; softmax's have the sum 1, and no target at all is 1/3 each."""
        given = np.array([self.t1, self.t2, self.t3])
        if self.output == SIGMOID:
            return given
        return given / given.sum() if given.sum() else np.full(3, 1 / 3)

    @property
    def answers(self) -> int:
        """How many answers share what smoothing spreads: 3 classes, or yes and no."""
        return 3 if self.output == SOFTMAX else 2


@dataclass(frozen=True)
class LossResult:
    """Everything in float32, as the engines compute it; nan and inf are shown as they come."""

    u: np.ndarray  # (3,) z / T
    powers: np.ndarray  # (3,) exp(u − max u), or exp(u) in the printed form; exp(−u) for the sigmoid
    p: np.ndarray  # (3,)
    t: np.ndarray  # (3,)
    cross_entropy: float
    entropy: float  # of the target: what cross-entropy cannot go below
    squared: float  # ½ Σ (p − t)²
    right: bool
    cross_entropy_gradient: np.ndarray  # (3,) with respect to u
    squared_gradient: np.ndarray  # (3,)

    @property
    def pulls(self) -> tuple[float, float]:
        """The largest gradient of cross-entropy and of the squared error."""
        return tuple(float(np.abs(g).max()) for g in (self.cross_entropy_gradient, self.squared_gradient))

    @property
    def finite(self) -> bool:
        return bool(np.isfinite([self.cross_entropy, *self.pulls]).all())


def targets(state: LossState) -> np.ndarray:
    """t (3,): what is given, mixed with ε/K for each of K answers."""
    return state.given * (1 - state.smoothing) + state.smoothing / state.answers


def targets_with(state: LossState, which: int, value: float) -> np.ndarray:
    """The targets t1, t2, t3 for which target `which` is `value` after smoothing; with softmax the two others share
    what is left, in the proportion that they had."""
    share = np.clip((value - state.smoothing / state.answers) / (1 - state.smoothing), 0, 1)
    given = state.given
    if state.output == SOFTMAX:
        others = np.delete(given, which)
        others = others / others.sum() if others.sum() else np.full(2, 0.5)
        return np.insert(others * (1 - share), which, share)
    given[which] = share
    return given


@np.errstate(over="ignore", invalid="ignore")  # inf, and inf · 0, which the printed form is here to show
def compute_loss(state: LossState) -> LossResult:
    t, logits = targets(state), np.array(state.logits)
    goal = engine.tensor(t, dtype=engine.float32)
    u = (engine.tensor(logits, dtype=engine.float32) / state.temperature).requires_grad_()
    powers, _, loss = cross_entropy_of(state, u, goal)
    loss.backward()
    v = u.detach().clone().requires_grad_()
    _, p, _ = cross_entropy_of(state, v, goal)
    squared = ((p - goal) ** 2).sum() / 2
    squared.backward()
    entropy = -sum(x * np.log(x) for x in (t if state.output == SOFTMAX else [*t, *(1 - t)]) if x > 0)
    return LossResult(
        u.detach().numpy(), powers.detach().numpy(), p.detach().numpy(), t, loss.item(), float(entropy), squared.item(),
        is_right(state, logits, t), u.grad.numpy(), v.grad.numpy(),
    )  # fmt: skip


def is_right(state: LossState, logits: np.ndarray, t: np.ndarray) -> bool:
    """Whether the one largest logit is that of a largest target; for the sigmoid, whether all three answers are right.
    A tie is no answer."""
    if state.output == SIGMOID:
        return bool(((logits > 0) == (t > 0.5)).all())
    answer = logits.argmax()
    return bool((np.delete(logits, answer) < logits[answer]).all() and np.isclose(t[answer], t.max()))


def cross_entropy_of(state: LossState, u, t):
    """(powers, p, loss): the exponentials, the probabilities and the cross-entropy of scaled logits u (3,)."""
    functional = engine.nn.functional
    if state.output == SOFTMAX:
        powers = (u - u.detach().max()).exp() if state.stable else u.exp()
        p = powers / powers.sum()
        return powers, p, functional.cross_entropy(u, t) if state.stable else -(t * p.log()).sum()
    powers = (-u).exp()
    if state.stable:
        return powers, u.sigmoid(), functional.binary_cross_entropy_with_logits(u, t, reduction="sum")
    p = 1 / (1 + powers)
    return powers, p, -(t * p.log() + (1 - t) * (1 - p).log()).sum()
