"""Exercises and quiz of chapter 05, backpropagation."""

import numpy as np

from dlcourse.exercises.comparing import differs, digits
from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, epsilon, function, several
from dlcourse.exercises.judging import judge


def check_chain(answer):
    got = np.array(several(answer, ("∂f/∂a", "∂f/∂b", "∂f/∂c"), verb="Give"))
    for numbers, words in (
        (
            (1, 1, -1),
            "The sum passes its upstream gradient on, and that is not 1: upstream × local, and upstream is c.",
        ),
        ((4, 4, 4), "A product gives each factor the other factor: by what is c multiplied?"),
        ((-12, 8, -1), "a and b are added, not multiplied: the local derivative of a sum is 1 for both."),
        ((4, -4, -1), "b is added, so its local derivative is 1, although its value is negative."),
        ((4, 4, 5), "b is −3, so the sum is a + b = 2 − 3."),
        ((4, 4, 1), "c is multiplied by a + b = −1: the sign is part of the derivative."),
        ((-1, 4, 4), "The order is reversed: ∂f/∂a comes first, ∂f/∂c last."),
    ):
        if close(got, np.array(numbers)):
            raise Wrong(words)
    if not close(got, np.array([4, 4, -1])):
        raise Wrong("Forward first: s = a + b = −1 and f = s·c. Then back: ∂f/∂s, ∂f/∂c, and from ∂f/∂s to a and b.")


def check_twice(answer):
    got = np.array(several(answer, ("∂f/∂x", "∂f/∂w"), verb="Give"))
    for numbers, words in (
        ((2, 3), "x is used twice. What arrives by the sum and what arrives by the product must be added."),
        ((3, 3), "x is used twice. What arrives by the sum and what arrives by the product must be added."),
        ((6, 3), "That is the derivative of x² alone; f is x² + w·x."),
        ((3, 5), "The order is reversed: first ∂f/∂x, then ∂f/∂w."),
        ((5, 6), "∂f/∂x is right. The value of f is 6; ∂f/∂w asks how f changes with w."),
    ):
        if close(got, np.array(numbers)):
            raise Wrong(words)
    if not close(got, np.array([5, 3])):
        raise Wrong("Multiply out, f = x² + w·x, to see both derivatives; then follow them through the graph.")


_SLIDE_X, _SLIDE_W, _SLIDE_T = np.array([0.4, 0.3, 0.1]), np.array([0.1, 0.3, 0.2]), 0.2
_FOUR_DECIMALS = 6e-5  # half a unit of the fourth, and a little for new weights that were rounded to four


def check_slide(answer):
    got = np.array(several(answer, ("the new output", "the new error"), verb="Give"))

    def are(numbers, off=_FOUR_DECIMALS):
        return np.allclose(got, numbers, rtol=0, atol=off)

    if are((0.1625, 0.0375)):
        return
    for numbers, words in (
        (
            (0.18416, 0.01584),
            "This is what the slide prints. Write down the three products: which input belongs to which weight?",
        ),
        ((0.15, 0.05), "These are the numbers before the weights were changed."),
        ((0.1625, -0.0375), "The output is right. The error is target − output, and the target lies above it."),
        ((0.0375, 0.1625), "The order is reversed: first the output, then the error."),
        (
            (0.1625, 0.0125),
            "The output is right. 0.0125 is how far it moved; the error is how far it still is from 0.2.",
        ),
    ):
        if are(numbers):
            raise Wrong(words)
    if are((0.1625, 0.0375), off=6e-3):
        raise Wrong("Nearly: give four decimals, and round only at the end.")
    if abs(got[0] - 0.1625) < _FOUR_DECIMALS:
        raise Wrong("The output is right; the error that is left is 0.2 minus this output.")
    raise Wrong("The new weights are 0.1083, 0.325, 0.2167; the inputs are 0.4, 0.3, 0.1. Multiply pairwise and add.")


def check_hit(answer):
    f = function(answer)
    rng = np.random.default_rng(3)
    cases = [(_SLIDE_X, _SLIDE_W, _SLIDE_T)]
    cases += [(*rng.normal(size=(2, n)).round(1), t) for n, t in ((2, 1.5), (5, -0.75), (1, 2.0), (3, 0.0))]
    got = [array(call(f, *case), case[1].shape, "The new w") for case in cases]
    along = [close(new, w + (t - w @ x) * x / (x @ x)) for new, (x, w, t) in zip(got, cases, strict=True)]
    if not all(along) and all(close(new @ x, np.array(t)) for new, (x, w, t) in zip(got, cases, strict=True)):
        raise Wrong("The output is the target, but another change that gets there is shorter: go straight along x.")

    def moved(change):
        return lambda x, w, t: w + (t - w @ x) * change(x, w)

    judge(answer, cases, "x w t", moved(lambda x, w: x / (x @ x)), (
        ("This shares the error by the weights, as the slide does: its output is not the target.", moved(lambda x, w: w / w.sum())),
        ("The direction is right, the length is not: how far does the output move when w moves by s·x?", moved(lambda x, w: x)),
        ("The direction is right. Divide by x·x, not by its root, the length of x.", moved(lambda x, w: x / np.sqrt(x @ x))),
        ("The sign is reversed: the error t − w·x must become smaller, not larger.", moved(lambda x, w: -x / (x @ x))),
        ("Shared by the inputs, but the changes add up to the error; it is the output that must.", moved(lambda x, w: x / x.sum())),
        ("This is the change alone. Return the new w, which is w plus this change.", lambda x, w, t: (t - w @ x) * x / (x @ x)),
        ("The error is what is missing, t − w·x, not the whole target.", lambda x, w, t: w + t * x / (x @ x)),
    ), "The new w")  # fmt: skip


_SLOPES = (
    ("exp(x)·sin(x)", lambda x: np.exp(x) * np.sin(x), lambda x: np.exp(x) * (np.sin(x) + np.cos(x))),
    ("x³", lambda x: x**3, lambda x: 3 * x**2),
    ("1/x", lambda x: 1 / x, lambda x: -1 / x**2),
)


def check_complex_step(answer):
    f, complex_used, results = function(answer), [], []
    for name, g, slope in _SLOPES:
        for x in (0.7, -1.3, 25.0):

            def watched(z, g=g):
                complex_used.append(np.iscomplexobj(z))
                return g(z)

            result = call(f, watched, x)
            slack = max(2e-13, 2 * epsilon(result))  # a float32 cannot hold more digits
            got, right = float(array(result, (), "The slope")), slope(x)
            results.append((f"f = {name} at x = {x}", got, right, float(g(x)), abs(got - right) <= slack * abs(right)))
    _, got, right, value, hit = (np.array(column) for column in zip(*results, strict=True))
    if hit.all() and any(complex_used):
        return
    if close(got, value):
        raise Wrong("The real part is the value of the function; the slope is in the imaginary part.")
    if (abs(got) < 1e-6 * abs(right)).all():
        raise Wrong("Divide the imaginary part by h: what is left is the slope.")
    if close(got, -right):
        raise Wrong("The sign is reversed: step to x + 1j·h and divide the imaginary part by h.")
    if np.allclose(got, right, rtol=1e-3):
        if any(complex_used):
            raise Wrong(
                "Nearly, but digits are lost: choose a smaller h. Nothing is subtracted here, so h may be 1e-20."
            )
        raise Wrong(
            "Nearly, but a difference loses digits. Step to the complex number x + 1j·h: there, nothing is subtracted."
        )
    where, have, want, _, _ = next(result for result in results if not result[-1])
    shown = digits(want, have)
    raise Wrong(f"For {where} it should be {shown[0]}; you have {shown[1]}.")


def check_numeric(answer):
    f = function(answer)
    rng = np.random.default_rng(4)
    got, want, steps = [], [], []
    for shape in ((3,), (2, 4), (2, 1, 3), (1,)):
        a, x = rng.normal(size=shape), rng.normal(size=shape)

        def smooth(v, a=a):
            return float(np.sum(a * v**2) + np.sin(v).sum() * v.flat[0])

        gradient = 2 * a * x + np.cos(x) * x.flat[0]
        gradient.flat[0] += np.sin(x).sum()
        got.append(array(call(f, smooth, x), shape, "The gradient"))
        want.append(gradient)
        steps.append(0)
    a, x = np.array([2.0, -3.0, 1.0, 4.0]), np.array([0.0, 1.5, -2.0, 0.0])
    got.append(array(call(f, lambda v: float(np.sum(a * abs(v))), x), (4,), "The gradient"))
    want.append(a * np.sign(x))  # at a corner the central difference is the mean of both slopes, here 0
    steps.append(a * (x == 0))

    def are(factor=1.0, side=0, off=1e-3):
        return all(
            np.allclose(g, factor * w + side * s, rtol=off, atol=off) for g, w, s in zip(got, want, steps, strict=True)
        )

    if all(map(close, got, want)):
        return
    if are(factor=2):
        raise Wrong("Twice too large: from x − h to x + h it is 2h.")
    if are(factor=-1):
        raise Wrong("The sign is reversed: the value at x + h minus the value at x − h.")
    if are(side=1) or are(side=-1):
        raise Wrong("This is a one-sided difference, with an error of size h. Step to both sides, x + h and x − h.")
    if are():
        raise Wrong(
            "Nearly, but digits are lost: h is too large, or so small that nearly everything cancels. 1e-5 is good."
        )
    if all(np.allclose(g, w.sum(), rtol=1e-3, atol=1e-3) for g, w in zip(got, want, strict=True)):
        raise Wrong("All components are equal: move one component at a time, not all of x at once.")
    for g, w in zip(got, want, strict=True):
        if not close(g, w):
            raise Wrong(f"For an x of shape {g.shape}: {differs(w, g)} Does each component start from the unchanged x?")


def check_layer(answer):
    rng = np.random.default_rng(5)

    def case(samples, inputs, outputs):
        return tuple(rng.normal(size=s).round(1) for s in ((samples, inputs), (outputs, inputs), (samples, outputs)))

    def layer(dx=lambda x, w, g: g @ w, dw=lambda x, w, g: g.T @ x, db=lambda x, w, g: g.sum(axis=0)):
        return lambda *a: (dx(*a), dw(*a), db(*a))

    names = ("dx", "dW", "db")
    # Squares first: there even a forgotten transpose gives numbers, and can be named.
    judge(answer, [case(2, 3, 3), case(5, 2, 2)], "x W g", layer(), (
        ("dW has the shape of W, (outputs, inputs): transpose the other factor.", layer(dw=lambda x, w, g: x.T @ g)),
        ("dx: W[k, d] leads from input d to output k, so the way back is g @ W, without a transpose.", layer(dx=lambda x, w, g: g @ w.T)),
        ("db is a sum over the samples, not a mean: the bias is used once in every row, and gradients add.", layer(db=lambda x, w, g: g.mean(axis=0))),
        ("The bias is used in every row: add g over the rows to get db.", layer(db=lambda x, w, g: g)),
        ("The bias is used in every row: add g over all rows to get db, not only the first.", layer(db=lambda x, w, g: g[0])),
        ("db has one number per output: add over the rows (axis 0), not over the outputs.", layer(db=lambda x, w, g: g.sum(axis=1))),
        ("Do not divide dW by the number of samples: if the loss is a mean, that division is already in g.", layer(dw=lambda x, w, g: g.T @ x / len(x))),
        ("Do not divide by the number of samples: if the loss is a mean, that division is already in g.", layer(dw=lambda x, w, g: g.T @ x / len(x), db=lambda x, w, g: g.mean(axis=0))),
        ("dx and dW are exchanged: the order is dx, dW, db.", lambda x, w, g: (g.T @ x, g @ w, g.sum(axis=0))),
    ), names)  # fmt: skip
    judge(answer, [case(4, 3, 2), case(1, 2, 5), case(6, 1, 3)], "x W g", layer(), (
        ("dW has the shape of W, (outputs, inputs): transpose the other factor.", layer(dw=lambda x, w, g: x.T @ g)),
    ), names)  # fmt: skip


def network_gradients(x, y, w1, w2, scale=None, sign=1, slope=lambda h, z: 1 - h**2, residual=lambda r: r):
    """Gradients of mean((tanh(x W1ᵀ) W2ᵀ − y)²); by the other arguments, those of typical mistakes."""
    z = x @ w1.T
    h = np.tanh(z)
    g = sign * (2 / y.size if scale is None else scale(y)) * residual(h @ w2.T - y)
    return (g @ w2 * slope(h, z)).T @ x, g.T @ h


def check_network(answer):
    rng = np.random.default_rng(6)
    cases = [
        tuple(rng.normal(size=s).round(1) for s in ((n, i), (n, o), (h, i), (o, h)))
        for n, i, h, o in ((5, 2, 4, 2), (3, 4, 2, 3), (4, 1, 3, 1), (1, 3, 2, 2))
    ]

    def slip(**named):
        return lambda *a: network_gradients(*a, **named)

    judge(answer, cases, "x y W1 W2", network_gradients, (
        ("Half of it: the derivative of a square is 2 times what was squared.", slip(scale=lambda y: 1 / y.size)),
        ("The loss is a mean over all samples and outputs: divide by their number.", slip(scale=lambda y: 2)),
        ("The mean is over samples and outputs: divide by y.size, not by the number of samples alone.", slip(scale=lambda y: 2 / len(y))),
        ("The sign is reversed: output − y, not y − output.", slip(sign=-1)),
        ("W2 is right. The way back to W1 leads through tanh: multiply by its slope, 1 − h².", slip(slope=lambda h, z: 1)),
        ("W2 is right. The slope of tanh is 1 − h² with h its output, not its input.", slip(slope=lambda h, z: 1 - z**2)),
        ("W2 is right. h·(1 − h) is the slope of the sigmoid; that of tanh is 1 − h².", slip(slope=lambda h, z: h * (1 - h))),
        ("W2 is right. The slope of tanh is 1 − h², not h itself.", slip(slope=lambda h, z: h)),
        ("This is the gradient of the squared mean; the loss is the mean of the squares.", slip(residual=lambda r: np.full_like(r, r.mean()))),
        ("The order is reversed: first the gradient of W1, then that of W2.", lambda *a: network_gradients(*a)[::-1]),
    ), ("The gradient of W1", "The gradient of W2"))  # fmt: skip


_TRY = "answer = lambda x, y, W1, W2: (lambda h: (lambda g: ({d1}, {d2}))({g}))(np.tanh(x @ W1.T))"
_G, _D1, _D2 = "2 * (h @ W2.T - y) / y.size", "(g @ W2 * (1 - h ** 2)).T @ x", "g.T @ h"
_EACH = "def answer(f, x, h=1e-5):\n    g = np.zeros(x.shape)\n    for i in np.ndindex(x.shape):\n        e = np.zeros(x.shape)\n        e[i] = h\n"

EXERCISES = (
    Exercise(
        "05.1", "Three gradients through a sum and a product", "three_gradients", check_chain,
        (
            "Give the sum a name: s = a + b, f = s·c. Compute s first.",
            "A product: ∂f/∂s = c and ∂f/∂c = s.",
            "Begin with s = 2.0 + -3.0. A sum passes on what it gets: ∂f/∂a = ∂f/∂s · 1.",
        ),
        "s = 2.0 + -3.0  # forward\nthree_gradients = (4.0, 4.0, s)  # c · 1, c · 1, and the other factor", "answer = np.array([4, 4, -1])",
        (
            ("answer = (1, 1, -1)", "upstream is c"), ("answer = (4, 4, 4)", "by what is c"),
            ("answer = (-12, 8, -1)", "not multiplied"), ("answer = (-1, -1, 4)", "Forward first"), ("answer = (4, 4, 5)", "b is −3"), ("answer = (4, 4, 1)", "the sign is part"),
        ),
    ),
    Exercise(
        "05.2", "A node that is used twice", "used_twice", check_twice,
        (
            "x reaches f by two ways: through the sum, and directly as a factor.",
            "Directly: the other factor, x + w. Through the sum: x · 1.",
            "Begin with x, w = 3.0, -1.0. The two ways are added; w has only one.",
        ),
        "x, w = 3.0, -1.0\nused_twice = ((x + w) + x, x)  # two ways are added", "answer = [2 * 3 - 1, 3]",
        (
            ("answer = (2, 3)", "must be added"), ("answer = (6, 3)", "x² alone"), ("answer = (3, 5)", "order is reversed"),
            ("answer = (5, 2)", "Multiply out"),
        ),
    ),
    Exercise(
        "05.3", "The slide's first mistake: its arithmetic", "slide", check_slide,
        (
            "Take the three new weights as they are and compute the output yourself.",
            "The output is the sum of three products, weight · input. Compare each product with the slide's.",
            "Begin with 0.4 · 0.1083 = 0.0433. In one of its products the slide took the wrong input.",
        ),
        "x, w = np.array([0.4, 0.3, 0.1]), np.array([0.1, 0.3, 0.2])\nw = w + 0.05 * w / w.sum()\n"
        "slide = (w @ x, 0.2 - w @ x)", "answer = (0.1625, 0.0375)",
        (
            ("answer = (0.18416, 0.01584)", "slide prints"), ("answer = (0.15, 0.05)", "before the weights"),
            ("answer = (0.1625, -0.0375)", "target lies above"), ("answer = (0.1625, 0.05)", "minus this output"),
            ("answer = (0.16, 0.04)", "four decimals"), ("answer = (0.0375, 0.1625)", "first the output"),
            ("answer = (0.2, 0.0)", "Multiply pairwise"),
        ),
    ),
    Exercise(
        "05.4", "The slide's second mistake: share by the inputs", "hit_the_target", check_hit,
        (
            "Which weight changes the output most when it moves a little: one with a large weight, or one with a large input?",
            "∂(w·x)/∂w = x. So move along x: w + s·x for some number s.",
            "Begin with error = t - w @ x. A step s·x moves the output by s·(x·x); this must be the error.",
        ),
        "def hit_the_target(x, w, t):\n    return w + (t - w @ x) * x / (x @ x)  # on the slide the weights change as 4 : 3 : 1, its inputs",
        "answer = lambda x, w, t: w + np.linalg.pinv(x[None]) @ np.array([t - w @ x])",
        (
            ("answer = lambda x, w, t: w + (t - w @ x) * w / w.sum()", "as the slide does"),
            ("answer = lambda x, w, t: w + (t - w @ x) * x", "length is not"),
            ("answer = lambda x, w, t: w - (t - w @ x) * x / (x @ x)", "sign is reversed"),
            ("answer = lambda x, w, t: w + (t - w @ x) * x / x.sum()", "the changes add up"),
            ("answer = lambda x, w, t: w + (t - w @ x) / x / len(x)", "another change"),
            ("answer = lambda x, w, t: (t - w @ x) * x / (x @ x)", "change alone"),
            ("answer = lambda x, w, t: w + (t - w @ x) * x / np.linalg.norm(x)", "not by its root"),
        ),
    ),
    Exercise(
        "05.5", "The slope by a complex step", "complex_slope", check_complex_step,
        (
            "f(x + ih) ≈ f(x) + i·h·f′(x) for a very small h.",
            "1j is i in Python, and z.imag is the imaginary part of z. Divide it by h.",
            "Begin with h = 1e-20 and z = f(x + 1j * h): nothing is subtracted, so nothing cancels.",
        ),
        "def complex_slope(f, x, h=1e-20):\n    return f(x + 1j * h).imag / h",
        "answer = lambda f, x: np.imag(f(complex(x, 1e-30))) * 1e30",
        (
            ("answer = lambda f, x: f(x + 1e-20j).real", "real part"), ("answer = lambda f, x: f(x + 1e-20j).imag", "Divide"),
            ("answer = lambda f, x: (f(x + 1e-6) - f(x - 1e-6)) / 2e-6", "a difference loses digits"),
            ("answer = lambda f, x: f(x + 1e-4j).imag / 1e-4", "a smaller h"),
            ("answer = lambda f, x: -f(x + 1e-20j).imag / 1e-20", "sign is reversed"),
            ("answer = lambda f, x: f(2 * x + 1e-20j).imag / 1e-20", "it should be"),
        ),
    ),
    Exercise(
        "05.6", "The gradient of any function by central differences", "numeric_gradient", check_numeric,
        (
            "One component at a time: a step up, a step down, everything else as it was.",
            "np.ndindex(x.shape) goes through the places of an array of any shape.",
            "Begin with g = np.zeros(x.shape) and h = 1e-5, then for i in np.ndindex(x.shape): … e is zero except for h at place i.",
        ),
        f"{_EACH}        g[i] = (f(x + e) - f(x - e)) / (2 * h)\n    return g".replace("answer", "numeric_gradient"),
        "def answer(f, x):\n    steps = 1e-5 * np.eye(x.size).reshape(x.size, *x.shape)\n"
        "    return np.array([f(x + e) - f(x - e) for e in steps]).reshape(x.shape) / 2e-5",
        (
            (f"{_EACH}        g[i] = (f(x + e) - f(x - e)) / h\n    return g", "Twice too large"),
            (f"{_EACH}        g[i] = (f(x + e) - f(x)) / h\n    return g", "one-sided"),
            ("answer = lambda f, x: np.full(x.shape, (f(x + 1e-5) - f(x - 1e-5)) / 2e-5)", "one component at a time"),
            ("def answer(f, x):\n    x, g = x.copy(), np.zeros(x.shape)\n    for i in np.ndindex(x.shape):\n        x[i] += 1\n"
             "        up = f(x)\n        x[i] -= 2\n        g[i] = (up - f(x)) / 2\n    return g", "unchanged x"),
            (f"{_EACH}        g[i] = (f(x - e) - f(x + e)) / (2 * h)\n    return g", "sign is reversed"),
            (f"{_EACH}        g[i] = (f(x + 1e7 * e) - f(x - 1e7 * e)) / (2e7 * h)\n    return g".replace("1e7", "3e3").replace("2e7", "6e3"), "h is too large"),
        ),
    ),
    Exercise(
        "05.7", "Backward through a linear layer", "backward_linear", check_layer,
        (
            "Forward: z[n, k] = Σ_d x[n, d] W[k, d] + b[k]. Which z does x[n, d] reach, and by which factor?",
            "The shapes decide nearly all: dx (N, D) from g (N, K) and W (K, D); dW (K, D) from g and x (N, D).",
            "Begin with dx = g @ W, of shape (N, D). dW (K, D) adds over the rows, and so does db (K,).",
        ),
        "def backward_linear(x, W, g):\n    return g @ W, g.T @ x, g.sum(axis=0)",
        "answer = lambda x, W, g: (np.einsum('nk,kd->nd', g, W), np.einsum('nk,nd->kd', g, x), np.ones(len(g)) @ g)",
        (
            ("answer = lambda x, W, g: (g @ W, x.T @ g, g.sum(0))", "transpose the other"),
            ("answer = lambda x, W, g: (g @ W, g.T @ x, g.mean(0))", "not a mean"),
            ("answer = lambda x, W, g: (g @ W, g.T @ x / len(x), g.sum(0))", "Do not divide dW"),
            ("answer = lambda x, W, g: (g @ W, g.T @ x, g[0])", "not only the first"),
            ("answer = lambda x, W, g: (g @ W, g.T @ x, g)", "add g over the rows"),
            ("answer = lambda x, W, g: (-(g @ W), g.T @ x, g.sum(0))", "entry [0, 0] of dx should be"),
            ("answer = lambda x, W, g: (g.T @ x, g @ W, g.sum(0))", "exchanged"),
        ),
    ),
    Exercise(
        "05.8", "Backpropagation through a whole network", "network_gradients", check_network,
        (
            "Forward: h = tanh(x W1ᵀ), o = h W2ᵀ. Begin at the end: the slope of mean((o − y)²) with respect to o.",
            "That slope is 2 (o − y) / y.size; that of tanh is 1 − h². Both layers go back as in 05.7.",
            "Begin with h = np.tanh(x @ W1.T) and g = 2 * (h @ W2.T - y) / y.size.",
        ),
        "def network_gradients(x, y, W1, W2):\n    h = np.tanh(x @ W1.T)\n    g = 2 * (h @ W2.T - y) / y.size\n"
        "    g_hidden = g @ W2 * (1 - h ** 2)\n    return g_hidden.T @ x, g.T @ h",
        "import dlcourse.reference as engine\n\ndef answer(x, y, W1, W2):\n"
        "    A, B = (engine.tensor(w, requires_grad=True) for w in (W1, W2))\n"
        "    h = (engine.tensor(x) @ A.T).tanh()\n    ((h @ B.T - engine.tensor(y)) ** 2).mean().backward()\n"
        "    return A.grad.numpy(), B.grad.numpy()",
        (
            (_TRY.format(g=_G, d1="(g @ W2).T @ x", d2=_D2), "leads through tanh"),
            (_TRY.format(g=_G, d1="(g @ W2 * (1 - (x @ W1.T) ** 2)).T @ x", d2=_D2), "not its input"),
            (_TRY.format(g="(h @ W2.T - y) / y.size", d1=_D1, d2=_D2), "Half of it"),
            (_TRY.format(g="2 * (h @ W2.T - y)", d1=_D1, d2=_D2), "is a mean"),
            (_TRY.format(g="2 * (y - h @ W2.T) / y.size", d1=_D1, d2=_D2), "output − y"),
            (_TRY.format(g="2 * (h @ W2.T - y) / len(x)", d1=_D1, d2=_D2), "number of samples alone"),
            (_TRY.format(g=_G, d1="(g @ W2 * h * (1 - h)).T @ x", d2=_D2), "of the sigmoid"),
            (_TRY.format(g="2 * (h @ W2.T - y).mean() / y.size * np.ones(y.shape)", d1=_D1, d2=_D2), "squared mean"),
            (_TRY.format(g=_G, d1=_D1, d2="g.T @ (1 - h ** 2)"), "entry [0, 0] of the gradient of W2"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A value is used by two operations. What is its gradient?",
        ("The larger of the two that arrive", "Their sum", "Their mean", "The one that arrives last"), 1,
        (
            "Both ways change the result when the value moves; neither hides the other.",
            "A small change goes both ways, and the two effects on the result add up.",
            "A mean would halve the effect of a value that is used twice; wiggle it in the lab and see.",
            "That is the bug “forgot to add”: the gradient check in the lab turns it down.",
        ),
    ),
    Question(
        "A network has a million weights. How many backward passes give all their gradients?",
        ("A million", "Two million", "One", "One per layer"), 2,
        (
            "That is what wiggling needs: at least one forward pass per weight. Reverse mode shares the work.",
            "Central differences need two forward passes per weight; backpropagation needs none of them.",
            "One walk from the loss to the leaves meets every weight, and costs about as much as two forward passes.",
            "The layers are visited one after the other, but in one and the same walk.",
        ),
    ),
    Question(
        "You forget zero_grad. What happens at the second step?",
        ("An error is raised", "The weights do not move", "The old gradient is added to the new one", "Nothing, it is harmless as long as the loss falls"), 2,
        (
            "No error: adding is what backward() is made for. That is why the mistake is hard to see.",
            "They move, by the sum of both gradients.",
            "backward() adds to what is there. The step is made of all gradients so far, as with a momentum that never fades.",
            "The step has the wrong length and direction, and it gets worse with every step.",
        ),
    ),
    Question(
        "ReLU has a corner at 0 and a step function has a jump. Why does ReLU train and the step not?",
        (
            "The corner of ReLU is rounded off in the code of every library",
            "The slope of a step is 0 wherever it exists",
            "ReLU is faster to compute than a step",
        ), 1,
        (
            "It is not rounded: at exactly 0 the engine takes the slope 0, and everywhere else there is no question.",
            "Almost everywhere both have a derivative. That of ReLU is 0 or 1 and says something; that of the step is always 0.",
            "It is, but that is not why it can be trained: the step is faster still.",
        ),
    ),
    Question(
        "Your gradient differs from the numeric one in the third digit. The numbers are float32 and h = 1e-5. What now?",
        ("The gradient is wrong", "Repeat it in float64", "Make h smaller"), 1,
        (
            "Perhaps, but you cannot tell: float32 keeps 7 digits, and the difference of two nearly equal numbers few of them.",
            "In float64 with h = 1e-5 the numeric gradient is good to about ten digits. Then a difference means a mistake.",
            "That makes it worse: the two values become more nearly equal, and more digits cancel.",
        ),
    ),
)  # fmt: skip
