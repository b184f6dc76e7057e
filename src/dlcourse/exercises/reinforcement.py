"""Exercises and quiz of chapter 16, learning from reward."""

import numpy as np

from dlcourse.exercises.cases import by_cases
from dlcourse.exercises.core import Question

_rng = np.random.default_rng(16)
_UPDATES = ((0.5, 1.0, 0.1), (2.0, -1.0, 0.25), (0.8, 0.0, 0.5), (0.0, 3.0, 1.0), (-2.0, -1.0, 0.2), (1.5, 4.0, 0.0))
_REWARDS = (
    ([1.0, 2.0, 4.0], 0.5), ([0.0, 0.0, 10.0, -1.0], 0.9), ([3.0], 0.8), ([1.0, -2.0, 1.0, 5.0], 1.0), ([2.0, 7.0], 0.0),
)  # fmt: skip
_LEVERS = tuple(
    (np.array(q), epsilon)
    for q, epsilon in (
        ([0.2, 0.7, 0.1, 0.5], 0.1), ([3.0, -1.0], 0.4), ([0.0, 1.0, 2.0], 0.0), ([5.0, 1.0, 2.0], 1.0),
        ([-4.0, -3.0, -0.5, -2.0, -1.0], 0.25),
    )
)  # fmt: skip


def _chain(states, gamma):
    p = _rng.random((states, states))
    p, r = p / p.sum(axis=1, keepdims=True), _rng.normal(size=states).round(1)
    p[-1] = 0  # the last state is an end
    return p, r, gamma


def _choices(states, actions, gamma):
    p = _rng.random((states, actions, states)) ** 3
    p, r = p / p.sum(axis=2, keepdims=True), _rng.normal(size=(states, actions)).round(1)
    p[-1], r[-1] = 0, 0  # the last state is an end
    return p, r, gamma


def _corridor(length, gamma):
    """Action 0 stays and pays a little at once; action 1 goes on, and only the last step of the way pays, much."""
    p, r = np.zeros((length, 2, length)), np.zeros((length, 2))
    for state in range(length - 1):
        p[state, 0, state] = p[state, 1, state + 1] = 1
        r[state, 0] = 0.1
    r[length - 2, 1] = 10.0
    return p, r, gamma


_CHAINS = (_chain(3, 0.9), _chain(5, 0.5), _chain(2, 0.95), _chain(4, 0.0))
_STEPS = tuple(
    (r, gamma, np.array(row), following, over)
    for r, gamma, row, following, over in (
        (1.0, 0.5, [2.0, 4.0, 0.0, -1.0], 0, False), (-0.1, 0.9, [1.0, -3.0, 0.5, 0.0], 1, False),
        (10.0, 0.9, [3.0, 2.0, 1.0, 5.0], 2, True), (0.5, 0.8, [-2.0, -1.0, -4.0, -3.0], 2, False),
        (2.0, 1.0, [0.5, 3.0], 1, False),
    )
)  # fmt: skip
_WORLDS = (_choices(4, 2, 0.9), _choices(3, 3, 0.5), _choices(6, 4, 0.95), _corridor(5, 0.9))

_UPDATE = "answer = lambda q, r, alpha: {}"
_RETURN = "answer = lambda rewards, gamma: {}"
_PRESS = "answer = lambda q, epsilon: {}"
_VALUES = "answer = lambda P, R, gamma: {}"
_TARGETS = "answer = lambda r, gamma, row, following, over: {}"
_ITERATION = (
    "def answer(P, R, gamma):\n    Q = 0 * R\n    for _ in range({rounds}):\n        Q = {step}\n    return {end}"
)


def _iterate(step="R + gamma * P @ Q.max(axis=1)", rounds=999, end="Q"):
    return _ITERATION.format(rounds=rounds, step=step, end=end)


EXERCISES = (
    by_cases(
        "16.1", "A value moves by surprise", "updated", _UPDATES,
        (
            "How far was the reward from what was expected?",
            "That difference times alpha is the change of the value.",
            "Begin with surprise = r - q.",
        ),
        "def updated(q, r, alpha):\n    surprise = r - q\n    return q + alpha * surprise",
        "answer = lambda q, r, alpha: (1 - alpha) * q + alpha * r",
        (
            (_UPDATE.format("q + alpha * r"), "In yours the value grows with every reward; subtract the expected reward q from r first."),
            (_UPDATE.format("q - alpha * (r - q)"), "The wrong direction: a reward above the value must raise it."),
            (_UPDATE.format("alpha * (r - q)"), "That is the change only; add it to the old value."),
            (_UPDATE.format("alpha * q + (1 - alpha) * r"), "The two weights are exchanged; alpha belongs to the new reward."),
            (_UPDATE.format("q + (r - q)"), "alpha is missing: the value moves only a part of the way to the reward."),
            (_UPDATE.format("(q + r) / 2"), "You take the middle between value and reward; alpha tells how far to go."),
            (_UPDATE.format("q + alpha * abs(r - q)"), "The surprise keeps its sign: a reward below the value lowers it."),
        ),
        "The new value",
    ),
    by_cases(
        "16.2", "The return", "discounted", _REWARDS,
        (
            "Each reward has a factor: 1, gamma, gamma squared, …",
            "enumerate(rewards) numbers the rewards from 0; or go from the end to the beginning with G = r + gamma * G.",
            "Begin with total = 0.0, and loop over reversed(rewards).",
        ),
        "def discounted(rewards, gamma):\n    return sum(r * gamma**t for t, r in enumerate(rewards))",
        "def answer(rewards, gamma):\n    total = 0.0\n    for r in reversed(rewards):\n        total = r + gamma * total\n    return total",
        (
            (_RETURN.format("sum(r * gamma ** (t + 1) for t, r in enumerate(rewards))"), "The first reward is paid now; its factor is gamma to the power of 0, which is 1."),
            (_RETURN.format("sum(r * gamma**t for t, r in enumerate(rewards[::-1]))"), "You have begun at the wrong end; the *last* reward is discounted most."),
            (_RETURN.format("sum(rewards)"), "Nothing has been discounted: each reward is multiplied by its power of gamma."),
            (_RETURN.format("rewards[0] + gamma * sum(rewards[1:])"), "In yours all later rewards have the same factor; multiply by gamma once more for each step."),
            (_RETURN.format("sum(r * gamma * t for t, r in enumerate(rewards))"), "You multiply by gamma · t; the factor is gamma to the power of t."),
            (_RETURN.format("sum(r * gamma**t for t, r in enumerate(rewards)) / len(rewards)"), "You take a mean; the return is a sum."),
            (_RETURN.format("rewards[-1] * gamma ** (len(rewards) - 1)"), "That is the last reward only; add all of them."),
        ),
        "The return",
    ),
    by_cases(
        "16.3", "What an ε-greedy agent does", "press_probabilities", _LEVERS,
        (
            "Begin with the presses at random: which share of them does each lever get?",
            "Every lever gets epsilon / A; q.argmax() is the best one, which gets the rest in addition.",
            "Begin with equal shares of epsilon, as many as there are levers: np.full(len(q), …).",
        ),
        "def press_probabilities(q, epsilon):\n    p = np.full(len(q), epsilon / len(q))\n    p[q.argmax()] += 1 - epsilon\n    return p",
        "answer = lambda q, epsilon: [epsilon / len(q) + (1 - epsilon) * (v == max(q)) for v in q]",
        (
            (_PRESS.format("np.where(q == q.max(), 1 - epsilon, epsilon / (len(q) - 1))"), "A press at random may hit the best lever, too: epsilon is shared among *all* levers."),
            (_PRESS.format("np.where(q == q.max(), 1 - epsilon, epsilon / len(q))"), "These do not add up to 1: the best lever gets its share of epsilon in addition to 1 − epsilon."),
            (_PRESS.format("epsilon / len(q) + (1 - epsilon) * (q == q.min())"), "You prefer the lever with the *smallest* value."),
            (_PRESS.format("(1 - epsilon) / len(q) + epsilon * (q == q.max())"), "epsilon is the share of the presses at random, 1 − epsilon that of the greedy ones; yours are exchanged."),
            (_PRESS.format("epsilon + (1 - epsilon) * (q == q.max())"), "These add up to more than 1; divide epsilon by the number of levers."),
            (_PRESS.format("1.0 * (q == q.max())"), "Yours always presses the best lever; with probability epsilon it should choose at random."),
            (_PRESS.format("np.exp(q) / np.exp(q).sum()"), "That is the softmax; for an ε-greedy agent only the best lever differs from the others."),
            (_PRESS.format("epsilon / len(q) + (1 - epsilon) * q / q.sum()"), "You share the greedy presses by the values; the best lever gets all of them."),
        ),
        "The list of probabilities",
    ),
    by_cases(
        "16.4", "The Bellman equation, solved", "state_values", _CHAINS,
        (
            "Bring all terms with V to one side.",
            "(I − γP) V = R is a linear system; np.linalg.solve solves it. Or repeat V = R + γPV until nothing changes.",
            "np.eye(len(R)) is I: begin with the matrix of the system.",
        ),
        "def state_values(P, R, gamma):\n    system = np.eye(len(R)) - gamma * P\n    return np.linalg.solve(system, R)",
        "def answer(P, R, gamma):\n    V = np.zeros(len(R))\n    for _ in range(2000):\n        V = R + gamma * P @ V\n    return V",
        (
            (_VALUES.format("R"), "That is only what is paid at once; what follows is missing."),
            (_VALUES.format("R + gamma * P @ R"), "You look two steps ahead only: V is on both sides of the equation, so solve it, or repeat until nothing changes."),
            (_VALUES.format("np.linalg.solve(np.eye(len(R)) - gamma * P.T, R)"), "P is transposed in yours: row s holds the probabilities of what follows s."),
            (_VALUES.format("np.linalg.solve(np.eye(len(R)) + gamma * P, R)"), "A sign is wrong: V = R + γPV gives (I − γP) V = R."),
            (_VALUES.format("np.linalg.pinv(np.eye(len(R)) - P) @ R"), "gamma is missing: what follows is discounted."),
            (_VALUES.format("gamma * np.linalg.solve(np.eye(len(R)) - gamma * P, R)"), "You discount the reward that is paid at once, too; only what follows is discounted."),
            (_VALUES.format("np.linalg.solve(np.eye(len(R)) - gamma * P, R) - R"), "That is what follows; add what is paid at once."),
        ),
        "The list of values", within=2e-5,
    ),
    by_cases(
        "16.5", "Two targets", "two_targets", _STEPS,
        (
            "Both are r plus gamma times one number of the row.",
            "Q-learning takes the largest number of the row, SARSA that of the action `following`; after the end nothing follows.",
            "Begin with the end: if over, both targets are r.",
        ),
        "def two_targets(r, gamma, row, following, over):\n    if over:\n        return r, r\n    return r + gamma * row.max(), r + gamma * row[following]",
        _TARGETS.format("[r + gamma * (not over) * ahead for ahead in (max(row), row[following])]"),
        (
            (_TARGETS.format("(r + gamma * row.max(), r + gamma * row[following])"), "When the episode is over nothing follows, so both targets are r."),
            (_TARGETS.format("(r, r) if over else (r + gamma * row[following], r + gamma * row.max())"), "They are exchanged: Q-learning, which comes first, takes the largest value, SARSA that of the action that will be taken."),
            (_TARGETS.format("(r, r) if over else (r + gamma * row.max(),) * 2"), "In yours both use the largest value; SARSA uses row[following]."),
            (_TARGETS.format("(r, r) if over else (r + gamma * row[following],) * 2"), "In yours both use row[following]; Q-learning uses the largest value."),
            (_TARGETS.format("(r, r) if over else (r + row.max(), r + row[following])"), "gamma is missing: what follows is discounted."),
            (_TARGETS.format("(r, r) if over else (gamma * (r + row.max()), gamma * (r + row[following]))"), "You discount the reward of the step, too; multiply only what follows by gamma."),
            (_TARGETS.format("(r, r) if over else (r + gamma * row.mean(), r + gamma * row[following])"), "Q-learning takes the largest of the row, not its mean."),
            (_TARGETS.format("(0, 0) if over else (r + gamma * row.max(), r + gamma * row[following])"), "When the episode is over, r itself is still paid; only what follows is missing."),
            (_TARGETS.format("(r, r) if over else (r + gamma * row.argmax(), r + gamma * row[following])"), "row.argmax() is the number of the best action; take its value."),
        ),
        ("the target of Q-learning", "the target of SARSA"),
    ),
    by_cases(
        "16.6", "Build it: value iteration", "best_values", _WORLDS,
        (
            "Begin with Q = 0 and repeat one line until nothing changes any more.",
            "The value of a state is the largest of its row, Q.max(axis=1); P @ these values is what follows each state and action. Discount it and add R.",
            "Begin with Q = np.zeros_like(R), and a loop of a thousand rounds.",
        ),
        "def best_values(P, R, gamma):\n    Q = np.zeros_like(R)\n    for _ in range(1000):\n        Q = R + gamma * P @ Q.max(axis=1)\n    return Q",
        "def answer(P, R, gamma):\n    V = np.zeros(len(R))\n    while True:\n        Q = R + gamma * np.einsum('ijk,k->ij', P, V)\n        if np.abs(Q.max(axis=1) - V).max() < 1e-10:\n            return Q\n        V = Q.max(axis=1)",
        (
            (_VALUES.format("R"), "That is one round from Q = 0; it must be repeated."),
            (_VALUES.format("R + gamma * P @ R.max(axis=1)"), "These are two rounds from Q = 0; rewards that come later are not yet in it. Repeat until nothing changes."),
            (_iterate(rounds=30), "Thirty rounds are not enough for six decimals: repeat until one more round changes less than 1e-8."),
            (_iterate(rounds=100), "A hundred rounds are not enough for six decimals if gamma is near 1: repeat until one more round changes less than 1e-8."),
            (_iterate("R + gamma * P @ Q.mean(axis=1)"), "You take the mean over the actions, which is the value of acting at random. Take the largest."),
            (_iterate("R + gamma * P @ Q.min(axis=1)"), "You take the smallest value of each row; the agent chooses the action with the largest."),
            (_iterate("gamma * (R + P @ Q.max(axis=1))"), "You discount the reward of the step itself, too; only what follows is discounted."),
            (_iterate("R + gamma * P @ Q[np.arange(len(R)), R.argmax(axis=1)]"), "Your agent always takes the action that pays most at once; the best one has the largest Q, so that later rewards count, too."),
            (_iterate(end="Q.max(axis=1)"), "These are the values of the states; return Q, one number for each state and action."),
        ),
        "The table of values", within=1e-6,
        about=lambda P, R, gamma: f"For {len(R)} states, {R.shape[1]} actions and gamma = {gamma}",
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A greedy agent, which never presses at random, has Q = 0.4 for lever A and has never pressed B, whose Q is 0. What will it do?",
        ("Press A forever", "Press B after a while", "Press both equally often"), 0,
        (
            "As long as A's value stays above 0, B is never tried, even if it pays every time.",
            "Only a press can change B's value, and as long as A's stays above 0, B is not pressed.",
            "That is what ε = 1 would do.",
        ),
    ),
    Question(
        "Two agents learn beside a cliff, both with ε = 0.1. Who falls more often while learning?",
        ("SARSA", "Q-learning", "Both alike"), 1,
        (
            "SARSA takes its own random moves into account, and keeps away from the edge.",
            "It learns the value of the best path, along the edge, and still moves at random there.",
            "They have the same ε, but their paths are not equally near to the edge.",
        ),
    ),
    Question(
        "Every step costs 1, the goal pays 1 and is twenty steps away, a pit costs 3. What will the agent learn?",
        ("To walk all the way to the goal", "To end the episode in the pit", "To stand still"), 1,
        (
            "That costs about 19 in total; the pit costs 3.",
            "That is the cheapest way to end the episode: the reward says so, whatever was meant.",
            "Standing still is a step, too, and costs 1 each time.",
        ),
    ),
    Question(
        "What does a supervised example tell that a reward does not?",
        ("What the right answer would have been", "How good the answer was, as a number", "Nothing; both tell the same"), 0,
        (
            "A reward judges the answer that was given, and tells nothing about all the others.",
            "That is exactly what a reward tells.",
            "They differ: with rewards alone, the digits needed several times as many pictures.",
        ),
    ),
)  # fmt: skip
