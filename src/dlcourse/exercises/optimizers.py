"""Exercises and quiz of chapter 08, optimizers."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function, several


def check_updates(answer):
    f = function(answer)
    for samples, batch, epochs in ((1000, 20, 10), (1000, 1000, 3), (1348, 32, 5), (7, 10, 2)):
        an_epoch = -(-samples // batch)
        got = float(array(call(f, samples, batch, epochs), (), "The number of updates"))
        words = f"For {samples} samples in batches of {batch}, {epochs} epochs"
        if got == an_epoch * epochs:
            continue
        if got == an_epoch:
            raise Wrong(f"{words}: these are the updates of one epoch; all epochs are asked for.")
        if got == samples * epochs:
            raise Wrong(f"{words}: you count samples; one update uses a whole batch of them.")
        if got == samples // batch * epochs:
            raise Wrong(f"{words}: the last batch of an epoch may be smaller, but it is an update, too: round up.")
        if got == samples / batch * epochs:
            raise Wrong(f"{words}: there is no fraction of an update; an epoch has a whole number of them.")
        if got == -(-samples * epochs // batch):
            raise Wrong(f"{words}: a batch does not reach into the next epoch; round up in each epoch.")
        raise Wrong(f"{words} there are {an_epoch * epochs} updates; you have {got:g}.")


def check_largest_rate(answer):
    f = function(answer)
    for values, beta in ((np.array([0.5, 4.0, 2.0]), 0.9), (np.array([1.0, 50.0]), 0.0), (np.array([3.0, 8.0]), 0.5)):
        got = float(array(call(f, values, beta), (), "The rate"))
        limit = 2 + 2 * beta
        if close(got, limit / values.max()):
            continue
        if close(got, 2 / values.max()):
            raise Wrong("This is the limit without momentum; momentum moves it from 2 to 2 + 2β.")
        if close(got, limit / values.min()):
            raise Wrong("The smallest curvature is the patient one; the steepest direction diverges first.")
        if close(got, limit / values.mean()):
            raise Wrong("The mean hides the steepest direction, and that one diverges first.")
        if close(got, limit * values.max()):
            raise Wrong("αλ < 2 + 2β has to be solved for α: divide by λ.")
        raise Wrong(
            f"For curvatures {values.tolist()} and β = {beta} the limit is {limit / values.max():g}, not {got:g}."
        )


def check_momentum_step(answer):
    f = function(answer)
    rng = np.random.default_rng(8)
    for lr, beta in ((0.2, 0.9), (0.3, 0.5)):
        w, g, m = rng.normal(size=(3, 4))
        new_w, new_m = several(call(f, w, g, m, lr, beta), ("w", "m"), (4,))
        right = beta * m + g
        if close(new_m, right) and close(new_w, w - lr * right):
            continue
        if close(new_m, beta * m + lr * g) or close(new_m, beta * m - lr * g):
            raise Wrong("You put the rate into m, as some books do. Ours, as in torch, keeps it outside: w − lr·m.")
        if close(new_m, beta * m + (1 - beta) * g):
            raise Wrong("That is a running mean, as in Adam; momentum adds the whole gradient: β·m + g.")
        if close(new_m, m + beta * g):
            raise Wrong("β fades the memory, not the gradient: β·m + g.")
        if close(new_m, right) and close(new_w, w - lr * m):
            raise Wrong("m is right, but w moved along the old m; use the new one.")
        if close(new_m, right) and close(new_w, w + lr * right):
            raise Wrong("m is right, but w went uphill: subtract.")
        if close(new_m, right) and close(new_w, w - lr * g):
            raise Wrong("m is right, but w moved along g alone; the step is lr·m.")
        raise Wrong("The step is m ← β·m + g, then w ← w − lr·m; return w and m.")


def check_best_point(answer):
    f = function(answer)
    for small, large in ((1.0, 100.0), (0.5, 2.0), (1.0, 25.0)):
        rate, beta = several(call(f, small, large), ("The rate", "The momentum"), ())
        a, b = np.sqrt(small), np.sqrt(large)
        right_rate, right_beta = (2 / (a + b)) ** 2, ((b - a) / (b + a)) ** 2
        if close(rate, right_rate) and close(beta, right_beta):
            continue
        if close(rate, 2 / (small + large)):
            raise Wrong("2/(λ₁ + λ₂) is the best rate without momentum; with it the roots of λ₁ and λ₂ count.")
        if close(rate, 2 / (a + b)):
            raise Wrong("The rate is the square of 2/(√λ₁ + √λ₂).")
        if close(beta, np.sqrt(right_beta)):
            raise Wrong("(√κ − 1)/(√κ + 1) is the factor a step; the momentum is its square.")
        if close(beta, ((large - small) / (large + small)) ** 2):
            raise Wrong("In the momentum, too, the roots count: √κ, not κ.")
        raise Wrong(f"For λ from {small:g} to {large:g} the best is ({right_rate:.4f}, {right_beta:.4f}).")


def check_adam_step(answer):
    f = function(answer)
    g = np.array([2.0, -0.3, 1e-4])
    for t in (3, 1):
        w, m, v = np.array([1.0, 2.0, -1.0]), np.array([0.1, 0.2, 0.0]) * (t > 1), np.array([0.02, 0.01, 0.0]) * (t > 1)
        got = several(call(f, w, g, m, v, t, 0.01), ("w", "m", "v"), (3,))
        new_m, new_v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        fixed_m, fixed_v = new_m / (1 - 0.9**t), new_v / (1 - 0.999**t)
        if close(got[2], 0.999 * v + 0.001 * g) or close(got[2], 0.999 * v + 0.001 * np.abs(g)):
            raise Wrong("v is the running mean of the squares g², not of g.")
        if close(got[1], 0.9 * m + g):
            raise Wrong("Adam's m is a running mean: the new gradient counts 1 − 0.9.")
        if close(got[1], fixed_m) and not close(fixed_m, new_m):
            raise Wrong("Return m as it is: the corrected one is used for the step and then forgotten.")
        if not (close(got[1], new_m) and close(got[2], new_v)):
            raise Wrong("m ← 0.9·m + 0.1·g and v ← 0.999·v + 0.001·g²; return (w, m, v).")
        if close(got[0], w - 0.01 * fixed_m / (np.sqrt(fixed_v) + 1e-8)):
            continue
        if close(got[0], w - 0.01 * new_m / (np.sqrt(new_v) + 1e-8)):
            raise Wrong("The correction of the start is missing: m/(1 − 0.9ᵗ) and v/(1 − 0.999ᵗ).")
        if close(got[0], w - 0.01 * fixed_m / np.sqrt(fixed_v + 1e-8)):
            raise Wrong("ε stands outside the root: √v̂ + ε.")
        if close(got[0], w - 0.01 * fixed_m / (fixed_v + 1e-8)):
            raise Wrong("Divide by the root of v̂: only then the size of the gradient cancels.")
        raise Wrong("m and v are right; the step is lr·m̂/(√v̂ + ε), subtracted from w.")


def check_cosine(answer):
    f = function(answer)
    for steps, lr in ((100, 0.1), (7, 2.0)):
        t = np.arange(steps + 1)
        got = np.array([float(array(call(f, int(k), steps, lr), (), f"The rate at step {k} of {steps}")) for k in t])
        right = lr * (1 + np.cos(np.pi * t / steps)) / 2
        if close(got, right):
            continue
        if close(got, lr * (1 + np.cos(180 * t / steps)) / 2):
            raise Wrong("np.cos wants radians: half a turn is π, not 180.")
        if close(got, right[::-1]):
            raise Wrong("Yours rises; the rate begins at lr and ends at 0.")
        if close(got, lr * np.cos(np.pi * t / steps / 2)):
            raise Wrong("That is a quarter of a wave; half a wave, from 1 to −1, is lifted and halved: (1 + cos)/2.")
        if close(got, lr * np.cos(np.pi * t / steps)):
            raise Wrong("The cosine alone ends at −lr; lift it by 1 and halve it.")
        if close(got, lr * (1 - t / steps)):
            raise Wrong("That is a straight line; the cosine is flat at both ends.")
        raise Wrong(f"Half-way the rate is lr/2, at the end 0; yours begins {np.round(got[:3], 4).tolist()}.")


def check_descend(answer):
    f = function(answer)
    curvature = np.array([1.0, 10.0, 3.0])

    def gradient(w):
        return curvature * w

    for lr, beta, steps in ((0.1, 0.5, 6), (0.05, 0.0, 3)):
        start = np.array([1.0, -2.0, 0.5])
        right, plain = _path(gradient, start, lr, beta, steps), _path(gradient, start, lr, 0.0, steps)
        result = call(f, gradient, start, lr, beta, steps)
        numbers = as_it_came(result)
        if numbers.shape == (steps, 3) and close(numbers, right[1:]):
            raise Wrong("The start is missing: steps + 1 rows, the start first.")
        got = array(result, right.shape, "The path")
        if close(got, right):
            continue
        if close(got, np.tile(got[-1], (steps + 1, 1))):
            raise Wrong("All rows are the same: the list holds one array many times, changed in place. Append a copy.")
        if close(got, plain):
            raise Wrong("No momentum in it yet: m ← β·m + g.")
        if close(got, _path(lambda w: -gradient(w), start, lr, beta, steps)):
            raise Wrong("It climbs: subtract lr·m.")
        row = int(np.flatnonzero(~np.isclose(got, right).all(axis=1))[0])
        raise Wrong(
            f"Row {row} of the path is {got[row].round(4).tolist()}; it should be {right[row].round(4).tolist()}."
        )


def _path(gradient, start, lr, beta, steps):
    w, m, path = start, np.zeros_like(start), [start]
    for _ in range(steps):
        m = beta * m + gradient(w)
        w = w - lr * m
        path.append(w)
    return np.array(path)


_ADAM = "def answer(w, g, m, v, t, lr):\n    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g\n"

EXERCISES = (
    Exercise(
        "08.1", "Epochs, batches, updates", "updates", check_updates,
        (
            "How many batches are needed to see every sample once?",
            "If the samples do not divide evenly, the last batch is smaller, and still an update.",
            "Round samples / batch_size up, then multiply by the epochs.",
        ),
        "import math\n\ndef updates(samples, batch_size, epochs):\n    return math.ceil(samples / batch_size) * epochs",
        "answer = lambda n, b, e: sum(1 for _ in range(e) for _ in range(0, n, b))",
        (
            ("answer = lambda n, b, e: n // b * e", "round up."), ("answer = lambda n, b, e: -(-n // b)", "updates of one epoch"),
            ("answer = lambda n, b, e: n * e", "you count samples"), ("answer = lambda n, b, e: n / b * e", "fraction of an update"),
            ("answer = lambda n, b, e: -(-n * e // b)", "into the next epoch"),
        ),
    ),
    Exercise(
        "08.2", "The largest rate that converges", "largest_rate", check_largest_rate,
        (
            "Each direction converges for 0 < αλ < 2 + 2β.",
            "All directions must converge at once. Which one is the first to fail?",
            "(2 + 2β) divided by the largest λ.",
        ),
        "def largest_rate(curvatures, beta):\n    return (2 + 2 * beta) / np.max(curvatures)",
        "answer = lambda curvatures, beta: min((2 + 2 * beta) / c for c in curvatures)",
        (
            ("answer = lambda c, b: 2 / c.max()", "without momentum"), ("answer = lambda c, b: (2 + 2 * b) / c.min()", "smallest curvature"),
            ("answer = lambda c, b: (2 + 2 * b) / c.mean()", "The mean hides"), ("answer = lambda c, b: (2 + 2 * b) * c.max()", "divide by λ"),
        ),
    ),
    Exercise(
        "08.3", "One step with momentum", "momentum_step", check_momentum_step,
        (
            "First the memory: it fades by β and takes the new gradient in.",
            "Then the step, along the new memory, times the rate.",
            "m ← β·m + g; w ← w − lr·m. Compute new arrays and return both.",
        ),
        "def momentum_step(w, g, m, lr, beta):\n    m = beta * m + g\n    return w - lr * m, m",
        "def answer(w, g, m, lr, beta):\n    new = np.add(g, np.multiply(m, beta))\n    return np.subtract(w, np.multiply(new, lr)), new",
        (
            ("def answer(w, g, m, lr, beta):\n    m = beta * m + lr * g\n    return w - m, m", "rate into m"),
            ("def answer(w, g, m, lr, beta):\n    m = beta * m + (1 - beta) * g\n    return w - lr * m, m", "a running mean, as in Adam"),
            ("def answer(w, g, m, lr, beta):\n    m = m + beta * g\n    return w - lr * m, m", "fades the memory"),
            ("def answer(w, g, m, lr, beta):\n    return w - lr * m, beta * m + g", "the old m"),
            ("def answer(w, g, m, lr, beta):\n    m = beta * m + g\n    return w + lr * m, m", "uphill"),
            ("def answer(w, g, m, lr, beta):\n    return w - lr * g, beta * m + g", "along g alone"),
        ),
    ),
    Exercise(
        "08.4", "The best rate and momentum", "best_rate_and_momentum", check_best_point,
        (
            "Without momentum the best rate is 2/(λ₁ + λ₂). With momentum roots take the place of the λ.",
            "α = (2/(√λ₁ + √λ₂))².",
            "β = ((√κ − 1)/(√κ + 1))² with κ = λ₂/λ₁.",
        ),
        "def best_rate_and_momentum(small, large):\n    root = np.sqrt(large / small)\n    rate = (2 / (np.sqrt(small) + np.sqrt(large))) ** 2\n    return rate, ((root - 1) / (root + 1)) ** 2",
        "def answer(small, large):\n    beta = ((large**0.5 - small**0.5) / (large**0.5 + small**0.5)) ** 2\n    return (1 + beta**0.5) ** 2 / large, beta",
        (
            ("answer = lambda a, b: (2 / (a + b), ((b**0.5 - a**0.5) / (b**0.5 + a**0.5)) ** 2)", "without momentum"),
            ("answer = lambda a, b: (2 / (a**0.5 + b**0.5), ((b**0.5 - a**0.5) / (b**0.5 + a**0.5)) ** 2)", "square of 2/"),
            ("answer = lambda a, b: ((2 / (a**0.5 + b**0.5)) ** 2, (b**0.5 - a**0.5) / (b**0.5 + a**0.5))", "the momentum is its square"),
            ("answer = lambda a, b: ((2 / (a**0.5 + b**0.5)) ** 2, ((b - a) / (b + a)) ** 2)", "√κ, not κ"),
        ),
    ),
    Exercise(
        "08.5", "One step of Adam", "adam_step", check_adam_step,
        (
            "Two running means: m of g with 0.9, v of g² with 0.999.",
            "Both begin at 0 and are too small at first: divide by 1 − 0.9ᵗ and 1 − 0.999ᵗ, for the step only.",
            "w − lr·m̂/(√v̂ + 1e-8); return (w, m, v) with m and v uncorrected.",
        ),
        "def adam_step(w, g, m, v, t, lr):\n    m = 0.9 * m + 0.1 * g\n    v = 0.999 * v + 0.001 * g**2\n"
        "    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)\n    return w - lr * m_hat / (np.sqrt(v_hat) + 1e-8), m, v",
        "def answer(w, g, m, v, t, lr):\n    m = m + 0.1 * (g - m)\n    v = v + 0.001 * (g * g - v)\n    rate = lr / (1 - 0.9**t)\n"
        "    return w - rate * m / (v**0.5 / (1 - 0.999**t) ** 0.5 + 1e-8), m, v",
        (
            (_ADAM + "    return w - lr * m / (np.sqrt(v) + 1e-8), m, v", "correction of the start"),
            (_ADAM + "    return w - lr * m / (1 - 0.9**t) / np.sqrt(v / (1 - 0.999**t) + 1e-8), m, v", "outside the root"),
            (_ADAM + "    return w - lr * m / (1 - 0.9**t) / (v / (1 - 0.999**t) + 1e-8), m, v", "root of v̂"),
            ("def answer(w, g, m, v, t, lr):\n    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g\n    return w - lr * m, m, v", "squares g²"),
            ("def answer(w, g, m, v, t, lr):\n    m, v = 0.9 * m + g, 0.999 * v + 0.001 * g * g\n    return w - lr * m, m, v", "a running mean"),
            (_ADAM + "    m, v = m / (1 - 0.9**t), v / (1 - 0.999**t)\n    return w - lr * m / (np.sqrt(v) + 1e-8), m, v", "then forgotten"),
        ),
    ),
    Exercise(
        "08.6", "A cosine schedule", "cosine", check_cosine,
        (
            "cos goes from 1 to −1 while its argument goes from 0 to π.",
            "(1 + cos)/2 goes from 1 to 0.",
            "lr · (1 + cos(π·t/steps))/2.",
        ),
        "def cosine(t, steps, lr):\n    return lr * (1 + np.cos(np.pi * t / steps)) / 2",
        "answer = lambda t, steps, lr: lr * np.cos(np.pi * t / steps / 2) ** 2",
        (
            ("answer = lambda t, n, lr: lr * (1 + np.cos(180 * t / n)) / 2", "radians"),
            ("answer = lambda t, n, lr: lr * (1 - np.cos(np.pi * t / n)) / 2", "Yours rises"),
            ("answer = lambda t, n, lr: lr * np.cos(np.pi * t / n / 2)", "quarter of a wave"),
            ("answer = lambda t, n, lr: lr * np.cos(np.pi * t / n)", "ends at −lr"),
            ("answer = lambda t, n, lr: lr * (1 - t / n)", "straight line"),
        ),
    ),
    Exercise(
        "08.7", "Build it: gradient descent with momentum", "descend", check_descend,
        (
            "Begin with m = 0 and a list that holds the start.",
            "In each step: m ← β·m + gradient(w), then w ← w − lr·m; make new arrays, do not change old ones.",
            "Append every w; np.array(path) has steps + 1 rows.",
        ),
        "def descend(gradient, start, lr, beta, steps):\n    w, m, path = start, np.zeros_like(start), [start]\n    for _ in range(steps):\n"
        "        m = beta * m + gradient(w)\n        w = w - lr * m\n        path.append(w)\n    return np.array(path)",
        "def answer(gradient, start, lr, beta, steps):\n    path = np.empty((steps + 1, len(start)))\n    path[0], before = start, start\n    for t in range(steps):\n"
        "        path[t + 1] = path[t] - lr * gradient(path[t]) + beta * (path[t] - before)\n        before = path[t]\n    return path",
        (
            ("def answer(gradient, w, lr, beta, steps):\n    m, path = 0, []\n    for _ in range(steps):\n        m = beta * m + gradient(w)\n        w = w - lr * m\n        path.append(w)\n    return np.array(path)", "The start is missing"),
            ("def answer(gradient, start, lr, beta, steps):\n    w, m = start.copy(), 0\n    path = [w]\n    for _ in range(steps):\n        m = beta * m + gradient(w)\n        w -= lr * m\n        path.append(w)\n    return np.array(path)", "All rows are the same"),
            ("def answer(gradient, w, lr, beta, steps):\n    path = [w]\n    for _ in range(steps):\n        w = w - lr * gradient(w)\n        path.append(w)\n    return np.array(path)", "No momentum"),
            ("def answer(gradient, w, lr, beta, steps):\n    m, path = 0, [w]\n    for _ in range(steps):\n        m = beta * m - gradient(w)\n        w = w - lr * m\n        path.append(w)\n    return np.array(path)", "climbs"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "1,000 samples, batches of 20, ten epochs. How many updates?",
        ("50", "500", "10,000"), 1,
        (
            "That is one epoch: 1,000 / 20.",
            "50 updates see every sample once; ten times that.",
            "That many samples are seen, but 20 of them share an update.",
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
        ("It is the better one", "Little: each must be tried at its own best rate", "The other one has a bug"), 1,
        (
            "Look at the sweep strip: the same rate is too small for one and right for the other.",
            "A rate means something different to each; a race is fair when each runs at its own best.",
            "No bug is needed: a rate of 0.01 is large for Adam and small for SGD.",
        ),
    ),
    Question(
        "What does AdamW change in Adam?",
        (
            "It corrects the start of the running means", "It shrinks the weights apart from the gradient",
            "It keeps the largest v so far",
        ), 1,
        (
            "Adam does that already, and RMSprop does not.",
            "In Adam the decay is part of g and is divided by √v̂, so that weights with large gradients hardly decay.",
            "That is AMSGrad, the answer to the counterexample.",
        ),
    ),
)  # fmt: skip
