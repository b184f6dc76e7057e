"""Exercises and quiz of chapter 08, optimizers."""

import numpy as np

from dlcourse.exercises.cases import by_cases
from dlcourse.exercises.core import Question

_rng = np.random.default_rng(8)
_EPOCHS = ((1348, 32, 5), (1000, 20, 10), (7, 10, 2), (1000, 1000, 3), (1_281_167, 256, 90), (50, 7, 1))
_CURVATURES = tuple(
    (np.array(values), beta)
    for values, beta in (([0.5, 4.0, 2.0], 0.9), ([1.0, 50.0], 0.0), ([8.0, 3.0, 0.1, 7.0], 0.5), ([0.2], 0.3))
)  # fmt: skip
_STEPS = tuple(
    (*_rng.normal(size=(3, n)).round(1), lr, beta) for n, lr, beta in ((4, 0.2, 0.9), (3, 0.3, 0.5), (1, 2.0, 0.0))
)
_RANGES = ((1.0, 100.0), (0.5, 2.0), (1.0, 25.0), (3.0, 3.0))
_ADAM_STEPS = tuple(
    tuple(np.array(a) if isinstance(a, list) else a for a in case)
    for case in (
        ([1.0, 2.0, -1.0], [2.0, -0.3, 0.01], [0.1, 0.2, 0.0], [0.02, 0.01, 0.0], 3, 0.1),
        ([0.5, -0.2, 0.3, 0.1], [0.4, -3.0, 1e-8, 0.0], [0.0] * 4, [0.0] * 4, 1, 0.5),
        ([0.3, -0.4], [0.0, 0.1], [0.3, -0.2], [0.5, 0.04], 20, 0.2),
    )
)  # fmt: skip
_TIMES = tuple(
    (t, steps, lr)
    for steps, lr in ((7, 2.0), (100, 0.1), (1, 0.3))
    for t in sorted({0, 1, 2, steps // 3, steps // 2, steps - 1, steps})
    if t <= steps
)


def _bowl(w):
    return np.array([1.0, 10.0, 3.0]) * w


def _uneven(w):
    return 4 * w**3 - np.cos(w)


_STARTS = (
    (_bowl, np.array([1.0, -2.0, 0.5]), 0.1, 0.5, 6), (_uneven, np.array([0.3, -0.8]), 0.05, 0.9, 4),
    (_bowl, np.array([0.2, 1.0, -1.0]), 0.05, 0.0, 3), (_uneven, np.array([0.7]), 0.1, 0.3, 0),
)  # fmt: skip

_UPDATES = "answer = lambda n, b, e: {}"
_RATE = "answer = lambda c, b: {}"
_MOMENTUM = "def answer(w, g, m, lr, beta):\n    new = {}\n    return {}, new"
_POINT = "def answer(small, large):\n    a, b = np.sqrt([small, large])\n    return {}, {}"
_BEST_RATE, _BEST_BETA = "(2 / (a + b)) ** 2", "((b - a) / (b + a)) ** 2"
_ADAM = "def answer(w, g, m, v, t, lr):\n    m, v = {m}, {v}\n    M, V = m / (1 - 0.9**t), v / (1 - 0.999**t)\n    return {w}, {rest}"
_COSINE = "answer = lambda t, n, lr: lr * ({})"
_DESCEND = "def answer(gradient, w, lr, beta, steps):\n    m, path = 0 * w, [w]\n    for _ in range(steps):\n        {step}\n        path.append(w)\n    return np.array({path})"


def _adam(
    w="w - lr * M / (np.sqrt(V) + 1e-8)", rest="m, v", m="0.9 * m + 0.1 * g", v="0.999 * v + 0.001 * g**2"
) -> str:
    return _ADAM.format(m=m, v=v, w=w, rest=rest)


def _descend(step: str, path: str = "path") -> str:
    return _DESCEND.format(step=step, path=path)


EXERCISES = (
    by_cases(
        "08.1", "Epochs, batches, updates", "updates", _EPOCHS,
        (
            "How many batches are needed to see every sample once?",
            "If the samples do not divide evenly, the last batch is smaller, and still an update.",
            "Begin with the batches of one epoch: samples / batch_size, rounded up with math.ceil.",
        ),
        "import math\n\ndef updates(samples, batch_size, epochs):\n    return math.ceil(samples / batch_size) * epochs",
        "answer = lambda n, b, e: sum(1 for _ in range(e) for _ in range(0, n, b))",
        (
            (_UPDATES.format("n // b * e"), "The last batch of an epoch may be smaller, but it is also an update: round up."),
            (_UPDATES.format("-(-n // b)"), "These are the updates of one epoch; all epochs are asked for."),
            (_UPDATES.format("n * e"), "You count samples; one update uses a whole batch of them."),
            (_UPDATES.format("n / b * e"), "There is no fraction of an update; an epoch has a whole number of them."),
            (_UPDATES.format("-(-n * e // b)"), "A batch does not reach into the next epoch; round up in each epoch."),
            (_UPDATES.format("(n // b + 1) * e"), "If the samples divide evenly, there is no further batch: round up only what is no whole number."),
        ),
        "The number of updates", counts=True,
    ),
    by_cases(
        "08.2", "The largest rate that converges", "largest_rate", _CURVATURES,
        (
            "Each direction converges for 0 < αλ < 2 + 2β.",
            "All directions must converge at once. Which one is the first to fail?",
            "Solve αλ < 2 + 2β for α; then choose the λ that allows the smallest α.",
        ),
        "def largest_rate(curvatures, beta):\n    return (2 + 2 * beta) / np.max(curvatures)",
        "answer = lambda curvatures, beta: min((2 + 2 * beta) / c for c in curvatures)",
        (
            (_RATE.format("2 / c.max()"), "This is the limit without momentum; momentum moves it from 2 to 2 + 2β."),
            (_RATE.format("(2 - 2 * b) / c.max()"), "Momentum makes the limit larger, not smaller: 2 + 2β."),
            (_RATE.format("(1 + b) / c.max()"), "Only half of the limit: it is 2 + 2β, twice 1 + β."),
            (_RATE.format("(2 + 2 * b) / c.min()"), "The smallest curvature allows large rates; the steepest direction diverges first."),
            (_RATE.format("(2 + 2 * b) / c.mean()"), "The mean hides the steepest direction, and that one diverges first."),
            (_RATE.format("(2 + 2 * b) / c.sum()"), "You add the curvatures up; each direction has its own limit, and the smallest limit counts."),
            (_RATE.format("(2 + 2 * b) * c.max()"), "αλ < 2 + 2β has to be solved for α: divide by λ."),
            (_RATE.format("(2 + 2 * b) / c"), "These are the limits of all directions; one rate must suit them all."),
            (_RATE.format("(2 + 2 * b) / c[-1]"), "You take the last curvature; the largest may stand anywhere."),
        ),
        "The rate",
    ),
    by_cases(
        "08.3", "One step with momentum", "momentum_step", _STEPS,
        (
            "First the memory: it fades by β and takes the new gradient in.",
            "Then the step: along the new memory, times the rate.",
            "Begin with the new m, β·m + g. Make new arrays and return both.",
        ),
        "def momentum_step(w, g, m, lr, beta):\n    m = beta * m + g\n    return w - lr * m, m",
        "def answer(w, g, m, lr, beta):\n    new = np.add(g, np.multiply(m, beta))\n    return np.subtract(w, np.multiply(new, lr)), new",
        (
            (_MOMENTUM.format("beta * m + lr * g", "w - new"), "You put the rate into m, as some books do. Here, as in PyTorch, it stays outside: w − lr·m."),
            (_MOMENTUM.format("beta * m - lr * g", "w + new"), "Your m is the step itself, rate and minus included; in PyTorch m holds gradients alone: β·m + g."),
            (_MOMENTUM.format("beta * m + (1 - beta) * g", "w - lr * new"), "That is a running mean, as in Adam; momentum adds the whole gradient: β·m + g."),
            (_MOMENTUM.format("m + beta * g", "w - lr * new"), "β fades the memory, not the gradient: β·m + g."),
            (_MOMENTUM.format("beta * m + g", "w - lr * m"), "m is right, but w moved along the old m; use the new one."),
            (_MOMENTUM.format("beta * m + g", "w + lr * new"), "m is right, but w went uphill: subtract."),
            (_MOMENTUM.format("beta * m + g", "w - lr * g"), "m is right, but w moved along g alone; the step is lr·m."),
            (_MOMENTUM.format("beta * m + g", "w - new"), "m is right, but the rate is missing in the step of w."),
            (_MOMENTUM.format("beta * m + g", "w - lr * (g + beta * new)"), "m is right, but this is Nesterov's step; plain momentum moves w by lr·m."),
            ("def answer(w, g, m, lr, beta):\n    new = beta * m + g\n    return new, w - lr * new", "Both are right but exchanged: w first, then m."),
        ),
        ("The new w", "The new m"),
    ),
    by_cases(
        "08.4", "The best rate and momentum", "best_rate_and_momentum", _RANGES,
        (
            "Without momentum the best rate is 2/(λ₁ + λ₂). With momentum roots take the place of the λ.",
            "The rate is the square of 2/(√λ₁ + √λ₂).",
            "Begin with root = np.sqrt(large / small), which is √κ. The momentum is the square of (√κ − 1)/(√κ + 1).",
        ),
        "def best_rate_and_momentum(small, large):\n    root = np.sqrt(large / small)\n    rate = (2 / (np.sqrt(small) + np.sqrt(large))) ** 2\n    return rate, ((root - 1) / (root + 1)) ** 2",
        "def answer(small, large):\n    beta = ((large**0.5 - small**0.5) / (large**0.5 + small**0.5)) ** 2\n    return (1 + beta**0.5) ** 2 / large, beta",
        (
            (_POINT.format("2 / (small + large)", _BEST_BETA), "2/(λ₁ + λ₂) is the best rate without momentum; with it the roots of λ₁ and λ₂ count."),
            (_POINT.format("2 / (small + large)", "0"), "This is the best rate without momentum; choose both together."),
            (_POINT.format("2 / (a + b)", _BEST_BETA), "The rate is the square of 2/(√λ₁ + √λ₂)."),
            (_POINT.format("4 / (small + large)", _BEST_BETA), "You square each root on its own: (√λ₁ + √λ₂)² is not λ₁ + λ₂."),
            (_POINT.format(_BEST_RATE, "(b - a) / (b + a)"), "(√κ − 1)/(√κ + 1) is the factor of each step; the momentum is its square."),
            (_POINT.format(_BEST_RATE, "((large - small) / (large + small)) ** 2"), "The momentum also needs the roots: √κ, not κ."),
            (_POINT.format(_BEST_BETA, _BEST_RATE), "Both are right but exchanged: the rate first, then the momentum."),
        ),
        ("The rate", "The momentum"),
    ),
    by_cases(
        "08.5", "One step of Adam", "adam_step", _ADAM_STEPS,
        (
            "Two running means: m of g with 0.9, v of g² with 0.999.",
            "Both begin at 0 and are too small at first: divide by 1 − 0.9ᵗ and 1 − 0.999ᵗ, for the step only.",
            "Begin with the new m and v; the corrected ones get names of their own, and ε is added to the root of v̂.",
        ),
        "def adam_step(w, g, m, v, t, lr):\n    m = 0.9 * m + 0.1 * g\n    v = 0.999 * v + 0.001 * g**2\n"
        "    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)\n    return w - lr * m_hat / (np.sqrt(v_hat) + 1e-8), m, v",
        "def answer(w, g, m, v, t, lr):\n    m = m + 0.1 * (g - m)\n    v = v + 0.001 * (g * g - v)\n    rate = lr / (1 - 0.9**t)\n"
        "    return w - rate * m / (v**0.5 / (1 - 0.999**t) ** 0.5 + 1e-8), m, v",
        (
            (_adam("w - lr * m / (np.sqrt(v) + 1e-8)"), "The correction of the start is missing: m/(1 − 0.9ᵗ) and v/(1 − 0.999ᵗ)."),
            (_adam("w - lr * M / (np.sqrt(v) + 1e-8)"), "m is corrected, but v is not: divide it by 1 − 0.999ᵗ in the step."),
            (_adam("w - lr * m / (np.sqrt(V) + 1e-8)"), "v is corrected, but m is not: divide it by 1 − 0.9ᵗ in the step."),
            (_adam("w - lr * M / np.sqrt(V + 1e-8)"), "ε stands outside the root: √v̂ + ε."),
            (_adam("w - lr * M / np.sqrt(V)"), "ε is missing: where all gradients have been 0, you divide 0 by 0."),
            (_adam("w - lr * M / (V + 1e-8)"), "Divide by the root of v̂: only then the size of the gradient cancels."),
            (_adam("w + lr * M / (np.sqrt(V) + 1e-8)"), "m and v are right, but w went uphill: subtract."),
            (_adam("w - lr * g / (np.sqrt(V) + 1e-8)"), "The step goes along m̂, not along the gradient g."),
            (_adam("w - M / (np.sqrt(V) + 1e-8)"), "The rate lr is missing in the step."),
            (_adam(v="0.999 * v + 0.001 * g"), "v is the running mean of the squares g², not of g."),
            (_adam(v="0.999 * v + 0.001 * np.abs(g)"), "v is the running mean of the squares g², not of |g|."),
            (_adam(m="0.9 * m + g"), "Adam's m is a running mean: the new gradient counts 1 − 0.9."),
            (_adam(m="0.1 * m + 0.9 * g", v="0.001 * v + 0.999 * g**2"), "The shares are exchanged: 0.9 and 0.999 belong to what was there before."),
            (_adam(rest="M, V"), "Return m and v as they are: the corrected ones serve the step and are then forgotten."),
        ),
        ("The new w", "The new m", "The new v"),
    ),
    by_cases(
        "08.6", "A cosine schedule", "cosine", _TIMES,
        (
            "cos goes from 1 to −1 while its argument goes from 0 to π.",
            "(1 + cos)/2 goes from 1 to 0.",
            "Begin with angle = np.pi * t / steps, which is 0 at the start and π at the end.",
        ),
        "def cosine(t, steps, lr):\n    return lr * (1 + np.cos(np.pi * t / steps)) / 2",
        "answer = lambda t, steps, lr: lr * np.cos(np.pi * t / steps / 2) ** 2",
        (
            (_COSINE.format("1 + np.cos(180 * t / n)") + " / 2", "np.cos wants radians: half a turn is π, not 180."),
            (_COSINE.format("1 - np.cos(np.pi * t / n)") + " / 2", "Yours rises; the rate begins at lr and ends at 0."),
            (_COSINE.format("np.cos(np.pi * t / n / 2)"), "That is a quarter of a wave; half a wave, from 1 to −1, is lifted and halved: (1 + cos)/2."),
            (_COSINE.format("np.cos(np.pi * t / n)"), "The cosine alone ends at −lr; lift it by 1 and halve it."),
            (_COSINE.format("1 + np.cos(np.pi * t / n)"), "The half is missing: at step 0 the rate would be 2·lr."),
            (_COSINE.format("1 + np.cos(2 * np.pi * t / n)") + " / 2", "That is a whole wave, which comes back up to lr; half a wave is wanted."),
            (_COSINE.format("1 - t / n"), "That is a straight line; the cosine is flat at both ends."),
            ("answer = lambda t, n, lr: (1 + np.cos(np.pi * t / n)) / 2", "lr is missing: at step 0 the rate should be lr, not 1."),
        ),
        "The rate",
    ),
    by_cases(
        "08.7", "Build it: gradient descent with momentum", "descend", _STARTS,
        (
            "Begin with m = 0 and a list that holds the start.",
            "In each step: m ← β·m + gradient(w), then w ← w − lr·m; make new arrays, do not change old ones.",
            "Append every w; np.array(path) has steps + 1 rows.",
        ),
        _descend("m = beta * m + gradient(w); w = w - lr * m").replace("answer(gradient, w,", "descend(gradient, start,").replace("m, path = 0 * w, [w]", "w, m, path = start, np.zeros_like(start), [start]").replace("; w = ", "\n        w = "),
        "def answer(gradient, start, lr, beta, steps):\n    path = np.empty((steps + 1, len(start)))\n    path[0], before = start, start\n    for t in range(steps):\n"
        "        path[t + 1] = path[t] - lr * gradient(path[t]) + beta * (path[t] - before)\n        before = path[t]\n    return path",
        (
            (_descend("m = beta * m + gradient(w); w = w - lr * m", "path[1:]"), "The start is missing: steps + 1 rows, the start first."),
            (_descend("m = beta * m + gradient(w); w = w - lr * m", "path[:-1]"), "The last point is missing: steps + 1 rows, the start first."),
            (_descend("m = beta * m + gradient(w); w = w - lr * m", "path[-1]"), "You return the end alone; the whole path is asked for."),
            (
                _descend("m = beta * m + gradient(w); w -= lr * m").replace("m, path", "w = w.copy(); m, path"),
                "All rows are the same: the list holds one array many times, changed in place. Append a copy.",
            ),
            (_descend("w = w - lr * gradient(w)"), "No momentum in it yet: m ← β·m + gradient(w)."),
            (_descend("m = beta * m + gradient(w); w = w + lr * m"), "It climbs: subtract lr·m."),
            (_descend("m = beta * m + (1 - beta) * gradient(w); w = w - lr * m"), "Your m is a running mean, as in Adam; momentum adds the whole gradient."),
            (_descend("w, m = w - lr * m, beta * m + gradient(w)"), "You move w along the old m; compute the new m first."),
            (_descend("m = beta * m + gradient(w); w = w - lr * (gradient(w) + beta * m)"), "This is Nesterov's step; plain momentum moves w by lr·m."),
        ),
        "The path",
        about=lambda gradient, start, lr, beta, steps: f"For start = {start.tolist()}, lr = {lr}, beta = {beta}, steps = {steps}",
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "1,000 samples, batches of 20, ten epochs. How many updates?",
        ("50", "500", "10,000"), 1,
        (
            "That is one epoch: 1,000 / 20.",
            "50 updates see every sample once; ten epochs take ten times as many.",
            "This is how many samples are seen, but 20 of them share an update.",
        ),
    ),
    Question(
        "Plain gradient descent swings across a ravine and hardly moves along it. What helps most?",
        ("A larger rate", "Momentum", "Larger batches"), 1,
        (
            "The rate is at its limit across the ravine already; a larger one diverges.",
            "The swings cancel in the memory, the small steps along the ravine add up, and the limit grows to 2 + 2β.",
            "The swinging comes from the curvature, not from noise: all rows at once swing just as much.",
        ),
    ),
    Question(
        "Two optimizers were compared at the same learning rate, and one was much better. What follows?",
        ("It is the better one", "Little: each needs its own best rate", "The other one has a bug, since the data are the same"), 1,
        (
            "Look at the sweep strip: the same rate is too small for one and right for the other.",
            "A rate means something different to each; a race is fair when each runs at its own best.",
            "No bug is needed: a rate of 0.01 is large for Adam and small for SGD.",
        ),
    ),
    Question(
        "What does AdamW change in Adam?",
        (
            "It corrects the start of the two running means", "It shrinks the weights apart from the gradient",
            "It keeps the largest v so far",
        ), 1,
        (
            "Adam does that already, and RMSprop does not.",
            "In Adam the decay is part of g and is divided by √v̂, so that weights with large gradients hardly decay.",
            "That is AMSGrad, the answer to the counterexample.",
        ),
    ),
)  # fmt: skip
