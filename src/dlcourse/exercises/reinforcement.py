"""Exercises and quiz of chapter 16, learning from reward."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function, several


def check_update(answer):
    f = function(answer)
    for q, r, alpha in ((0.5, 1.0, 0.1), (2.0, -1.0, 0.25), (0.8, 0.0, 0.5), (0.0, 3.0, 1.0)):
        got = array(call(f, q, r, alpha), (), "The new value")
        words = f"For q = {q}, r = {r}, alpha = {alpha}"
        if close(got, q + alpha * (r - q)):
            continue
        if close(got, q + alpha * r):
            raise Wrong(f"{words}: the value grows for ever; what was expected must be taken off the reward first.")
        if close(got, q - alpha * (r - q)):
            raise Wrong(f"{words}: the wrong direction; a reward above the value must raise it.")
        if close(got, alpha * (r - q)):
            raise Wrong(f"{words}: that is the change only; add it to the old value.")
        if close(got, alpha * q + (1 - alpha) * r):
            raise Wrong(f"{words}: the two weights are exchanged; alpha belongs to the new reward.")
        raise Wrong(f"{words} the new value is {q + alpha * (r - q):g}; yours is {float(got):g}.")


def check_return(answer):
    f = function(answer)
    for rewards, gamma in (([1.0, 2.0, 4.0], 0.5), ([0.0, 0.0, 10.0, -1.0], 0.9), ([3.0], 0.8), ([1.0] * 5, 1.0)):
        got = array(call(f, rewards, gamma), (), "The return")
        numbers, powers = np.array(rewards), gamma ** np.arange(len(rewards))
        right = numbers @ powers
        words = f"For the rewards {rewards} and gamma = {gamma}"
        if close(got, right):
            continue
        if close(got, gamma * right):
            raise Wrong(f"{words}: the first reward is paid now; its factor is gamma to the power of 0, which is 1.")
        if close(got, numbers[::-1] @ powers):
            raise Wrong(f"{words}: you have begun at the far end; the *last* reward is discounted most.")
        if close(got, numbers.sum()):
            raise Wrong(f"{words}: nothing has been discounted.")
        if close(got, numbers[0] + gamma * numbers[1:].sum()):
            raise Wrong(f"{words}: every later reward has the same factor; one more gamma for each step.")
        raise Wrong(f"{words} the return is {right:g}; yours is {float(got):g}.")


def check_probabilities(answer):
    f = function(answer)
    for q, epsilon in (([0.2, 0.7, 0.1, 0.5], 0.1), ([3.0, -1.0], 0.4), ([0.0, 1.0, 2.0], 0.0), ([5.0, 1.0, 2.0], 1.0)):
        q = np.array(q)
        got = array(call(f, q, epsilon), q.shape, "The probabilities")
        best = np.eye(len(q))[q.argmax()]
        words = f"For q = {q.tolist()} and epsilon = {epsilon}"
        if close(got, (1 - epsilon) * best + epsilon / len(q)):
            continue
        if close(got, (1 - epsilon) * best + epsilon * (1 - best) / (len(q) - 1)):
            raise Wrong(f"{words}: the curious press hits the best lever, too: epsilon is shared among *all* levers.")
        if close(got, (1 - epsilon) * np.eye(len(q))[q.argmin()] + epsilon / len(q)):
            raise Wrong(f"{words}: you prefer the lever with the *smallest* value.")
        if close(got, epsilon * best + (1 - epsilon) / len(q)):
            raise Wrong(f"{words}: epsilon is the share of the curious presses, 1 − epsilon that of the greedy ones.")
        if close(got, (1 - epsilon) * best + epsilon):
            raise Wrong(f"{words}: these add up to {got.sum():g}; divide epsilon by the number of levers.")
        if close(got, best):
            raise Wrong(f"{words}: that one is never curious.")
        raise Wrong(f"{words} the probabilities are {((1 - epsilon) * best + epsilon / len(q)).round(3).tolist()}.")


def check_state_values(answer):
    f = function(answer)
    rng = np.random.default_rng(16)
    for states, gamma in ((3, 0.9), (5, 0.5), (2, 0.95)):
        p = rng.random((states, states))
        p, r = p / p.sum(axis=1, keepdims=True), rng.normal(size=states)
        p[-1] = 0  # the last one is an end
        right = np.linalg.solve(np.eye(states) - gamma * p, r)
        got = array(call(f, p, r, gamma), (states,), "The values")
        if close(got, right):
            continue
        if close(got, r):
            raise Wrong("That is only what is paid at once; what follows is missing.")
        if close(got, r + gamma * p @ r):
            raise Wrong(
                "Two steps only: V stands on both sides of the equation, so solve it, or repeat until it rests."
            )
        if close(got, np.linalg.solve(np.eye(states) - gamma * p.T, r)):
            raise Wrong("P is turned: row s holds the probabilities of what follows s.")
        if close(got, np.linalg.solve(np.eye(states) + gamma * p, r)):
            raise Wrong("A sign: V = R + γPV gives (I − γP)V = R.")
        raise Wrong(
            f"V must be equal to R + gamma * P @ V; yours is off by {np.abs(r + gamma * p @ got - got).max():.3g}."
        )


def check_targets(answer):
    f = function(answer)
    cases = (
        (1.0, 0.5, [2.0, 4.0, 0.0, -1.0], 0, False), (-0.1, 0.9, [1.0, -3.0, 0.5, 0.0], 1, False),
        (10.0, 0.9, [3.0, 2.0, 1.0, 5.0], 2, True), (0.5, 0.8, [-2.0, -1.0, -4.0, -3.0], 2, False),
    )  # fmt: skip
    for r, gamma, row, following, over in cases:
        row = np.array(row)
        parts = several(call(f, r, gamma, row, following, over), ("the target of Q-learning", "that of SARSA"), ())
        got = np.array([float(part) for part in parts])
        ahead = np.array([row.max(), row[following]])
        right = r + gamma * ahead * (not over)
        words = f"For r = {r}, gamma = {gamma}, row = {row.tolist()}, following = {following}, over = {over}"
        if close(got, right):
            continue
        if over and close(got, r + gamma * ahead):
            raise Wrong(f"{words}: the episode has ended; nothing follows, so both targets are r.")
        if close(got, right[::-1]):
            raise Wrong(f"{words}: exchanged. Q-learning takes the largest value, SARSA that of the action taken.")
        if close(got, [right[0]] * 2):
            raise Wrong(f"{words}: both use the largest value; SARSA expects row[following].")
        if close(got, r + ahead * (not over)):
            raise Wrong(f"{words}: what follows comes tomorrow; multiply it by gamma.")
        if close(got, [r + gamma * row.mean() * (not over), right[1]]):
            raise Wrong(f"{words}: Q-learning takes the largest of the row, not its mean.")
        raise Wrong(f"{words} the targets are {right.round(4).tolist()}; yours are {got.round(4).tolist()}.")


def check_best_values(answer):
    f = function(answer)
    rng = np.random.default_rng(61)
    for states, actions, gamma in ((4, 2, 0.9), (3, 3, 0.5), (6, 4, 0.95)):
        p = rng.random((states, actions, states)) ** 3
        p, r = p / p.sum(axis=2, keepdims=True), rng.normal(size=(states, actions))
        p[-1], r[-1] = 0, 0  # the last one is an end
        right = _iterated(p, r, gamma, 2000)
        came = call(f, p, r, gamma)
        if as_it_came(came).shape == (states,) and close(as_it_came(came), right.max(axis=1)):
            raise Wrong("These are the values of the states; return Q, one number for each state and action.")
        got = array(came, r.shape, "The values")
        if np.allclose(got, right, atol=2e-6):
            continue
        if close(got, r):
            raise Wrong("That is one round from Q = 0; it must be repeated.")
        if np.allclose(got, _iterated(p, r, gamma, 2000, lambda q: q.mean(axis=1)), atol=1e-5):
            raise Wrong(
                "You take the mean over the actions: that is the value of pressing at random. Take the largest."
            )
        if np.allclose(got, _iterated(p, r, gamma, 2000, lambda q: q.min(axis=1)), atol=1e-5):
            raise Wrong("You take the smallest value of each row: the world is not your enemy. Take the largest.")
        if np.allclose(got, _iterated(p, gamma * r, gamma, 2000), atol=1e-5):
            raise Wrong("The reward of the step itself is discounted; only what follows is.")
        error = np.abs(r + gamma * p @ got.max(axis=1) - got).max()
        if error < 0.1:
            raise Wrong(f"Not at rest yet: one more round would change it by {error:.2g}. Repeat until less than 1e-8.")
        raise Wrong(f"Q must be R + gamma * P @ Q.max(axis=1); yours is off by {error:.3g}.")


def _iterated(p, r, gamma, rounds, over_actions=lambda q: q.max(axis=1)):
    q = np.zeros_like(r)
    for _ in range(rounds):
        q = r + gamma * p @ over_actions(q)
    return q


def _code(name: str, arguments: str, *lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"def {name}({arguments}):\n{body}"


_TARGETS = "answer = lambda r, gamma, row, following, over: "
_VALUES = "P, R, gamma"

EXERCISES = (
    Exercise(
        "16.1", "A value moves by surprise", "updated", check_update,
        (
            "How far was the reward from what was expected?",
            "That difference times alpha is the change.",
            "q + alpha * (r - q).",
        ),
        _code("updated", "q, r, alpha", "return q + alpha * (r - q)"),
        "answer = lambda q, r, alpha: (1 - alpha) * q + alpha * r",
        (
            ("answer = lambda q, r, alpha: q + alpha * r", "grows for ever"),
            ("answer = lambda q, r, alpha: q - alpha * (r - q)", "the wrong direction"),
            ("answer = lambda q, r, alpha: alpha * (r - q)", "the change only"),
            ("answer = lambda q, r, alpha: alpha * q + (1 - alpha) * r", "weights are exchanged"),
        ),
    ),
    Exercise(
        "16.2", "The return", "discounted", check_return,
        (
            "Each reward has a factor: 1, gamma, gamma squared, …",
            "Go from the end to the beginning: G = r + gamma * G.",
            "sum(r * gamma**t for t, r in enumerate(rewards)).",
        ),
        _code("discounted", "rewards, gamma", "return sum(r * gamma**t for t, r in enumerate(rewards))"),
        _code(
            "answer", "rewards, gamma", "total = 0.0", "for r in reversed(rewards):",
            "    total = r + gamma * total", "return total",
        ),
        (
            ("answer = lambda rewards, gamma: sum(r * gamma ** (t + 1) for t, r in enumerate(rewards))", "paid now"),
            ("answer = lambda rewards, gamma: sum(r * gamma**t for t, r in enumerate(rewards[::-1]))", "the far end"),
            ("answer = lambda rewards, gamma: sum(rewards)", "nothing has been discounted"),
            ("answer = lambda rewards, gamma: rewards[0] + gamma * sum(rewards[1:])", "the same factor"),
        ),
    ),
    Exercise(
        "16.3", "What an ε-greedy agent does", "press_probabilities", check_probabilities,
        (
            "Begin with the curious presses: what does each lever get of them?",
            "Every lever gets epsilon / A; the best one gets the rest on top.",
            "p = np.full(len(q), epsilon / len(q)), then add 1 - epsilon at q.argmax().",
        ),
        _code(
            "press_probabilities", "q, epsilon", "p = np.full(len(q), epsilon / len(q))",
            "p[q.argmax()] += 1 - epsilon", "return p",
        ),
        "answer = lambda q, epsilon: [epsilon / len(q) + (1 - epsilon) * (v == max(q)) for v in q]",
        (
            (
                "answer = lambda q, epsilon: np.where(q == q.max(), 1 - epsilon, epsilon / (len(q) - 1))",
                "shared among *all* levers",
            ),
            ("answer = lambda q, epsilon: epsilon / len(q) + (1 - epsilon) * (q == q.min())", "the *smallest* value"),
            ("answer = lambda q, epsilon: (1 - epsilon) / len(q) + epsilon * (q == q.max())", "share of the curious"),
            ("answer = lambda q, epsilon: epsilon + (1 - epsilon) * (q == q.max())", "divide epsilon by"),
            ("answer = lambda q, epsilon: 1.0 * (q == q.max())", "never curious"),
        ),
    ),
    Exercise(
        "16.4", "The Bellman equation, solved", "state_values", check_state_values,
        (
            "Bring V to one side.",
            "(I − γP) V = R is a linear system.",
            "np.linalg.solve(np.eye(len(R)) - gamma * P, R).",
        ),
        _code("state_values", _VALUES, "return np.linalg.solve(np.eye(len(R)) - gamma * P, R)"),
        _code(
            "answer", _VALUES, "V = np.zeros(len(R))", "for _ in range(2000):",
            "    V = R + gamma * P @ V", "return V",
        ),
        (
            ("answer = lambda P, R, gamma: R", "paid at once"),
            ("answer = lambda P, R, gamma: R + gamma * P @ R", "Two steps only"),
            ("answer = lambda P, R, gamma: np.linalg.solve(np.eye(len(R)) - gamma * P.T, R)", "P is turned"),
            ("answer = lambda P, R, gamma: np.linalg.solve(np.eye(len(R)) + gamma * P, R)", "A sign"),
        ),
    ),
    Exercise(
        "16.5", "Two targets", "two_targets", check_targets,
        (
            "Both are r plus gamma times something of the row.",
            "The largest of the row for Q-learning, row[following] for SARSA; nothing if it is over.",
            "ahead = 0 if over; else row.max() and row[following].",
        ),
        _code(
            "two_targets", "r, gamma, row, following, over", "if over:", "    return r, r",
            "return r + gamma * row.max(), r + gamma * row[following]",
        ),
        _TARGETS + "[r + gamma * (not over) * ahead for ahead in (max(row), row[following])]",
        (
            (_TARGETS + "(r + gamma * row.max(), r + gamma * row[following])", "both targets are r"),
            (_TARGETS + "(r, r) if over else (r + gamma * row[following], r + gamma * row.max())", "exchanged"),
            (_TARGETS + "(r, r) if over else (r + gamma * row.max(),) * 2", "both use the largest"),
            (_TARGETS + "(r, r) if over else (r + row.max(), r + row[following])", "multiply it by gamma"),
            (_TARGETS + "(r, r) if over else (r + gamma * row.mean(), r + gamma * row[following])", "not its mean"),
        ),
    ),
    Exercise(
        "16.6", "Value iteration", "best_values", check_best_values,
        (
            "Begin with Q = 0 and repeat one line until nothing changes.",
            "The value of a state is the largest of its row; P @ that is what follows.",
            "Q = R + gamma * P @ Q.max(axis=1), a thousand times.",
        ),
        _code(
            "best_values", _VALUES, "Q = np.zeros_like(R)", "for _ in range(1000):",
            "    Q = R + gamma * P @ Q.max(axis=1)", "return Q",
        ),
        _code(
            "answer", _VALUES, "V = np.zeros(len(R))", "while True:",
            "    Q = R + gamma * np.einsum('ijk,k->ij', P, V)", "    if np.abs(Q.max(axis=1) - V).max() < 1e-10:",
            "        return Q", "    V = Q.max(axis=1)",
        ),
        (
            ("answer = lambda P, R, gamma: R", "one round"),
            (
                _code("answer", _VALUES, "Q = 0 * R", "for _ in range(999):", "    Q = R + gamma * P @ Q.mean(axis=1)", "return Q"),
                "the mean over the actions",
            ),
            (
                _code("answer", _VALUES, "Q = 0 * R", "for _ in range(999):", "    Q = R + gamma * P @ Q.min(axis=1)", "return Q"),
                "not your enemy",
            ),
            (
                _code(
                    "answer", _VALUES, "Q = 0 * R", "for _ in range(999):", "    Q = gamma * (R + P @ Q.max(axis=1))", "return Q"
                ),
                "reward of the step itself",
            ),
            (
                _code(
                    "answer", _VALUES, "Q = 0 * R", "for _ in range(30):", "    Q = R + gamma * P @ Q.max(axis=1)", "return Q"
                ),
                "Not at rest yet",
            ),
            (
                _code(
                    "answer", _VALUES, "Q = 0 * R", "for _ in range(999):", "    Q = R + gamma * P @ Q.max(axis=1)",
                    "return Q.max(axis=1)",
                ),
                "values of the states",
            ),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A machine without curiosity has Q = 0.4 for lever A and has never pressed B, whose Q is 0. What will it do?",
        ("Press A for ever", "Press B after a while", "Press both equally often"), 0,
        (
            "As long as A's value stays above 0, B is never tried, even if it pays every time.",
            "Why should it? Nothing but a press can change B's value, and A's stays above 0.",
            "That is what ε = 1 would do.",
        ),
    ),
    Question(
        "Two agents learn beside a cliff, both 10% curious. Who falls more often while learning?",
        ("SARSA", "Q-learning", "Both alike"), 1,
        (
            "SARSA reckons with its own curious moves, and keeps away from the edge.",
            "It learns the value of the best way, along the edge, and is still curious there.",
            "They have the same ε, but they do not walk in the same place.",
        ),
    ),
    Question(
        "Every step costs 1, the goal pays 1 and is twenty steps away, a pit costs 3. What will the agent learn?",
        ("To walk to the goal", "To jump into the pit", "To stand still"), 1,
        (
            "That costs about 19 in all; the pit costs 3.",
            "It ends a costly life: that is what the reward says, whatever was meant.",
            "Standing still is a step, too, and costs 1 each time.",
        ),
    ),
    Question(
        "What does a supervised example tell that a reward does not?",
        ("What the right answer would have been", "How good the answer was", "Nothing; it is the same"), 0,
        (
            "A reward judges the answer that was given, and is silent about all the others.",
            "That is just what a reward does tell.",
            "In the digits it took several times as many pictures without being told.",
        ),
    ),
)  # fmt: skip
