"""Exercises and quiz of chapter 05, backpropagation."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function


def check_chain(answer):
    got = array(answer, (3,), "(∂f/∂a, ∂f/∂b, ∂f/∂c)")
    if close(got, np.array([4.0, 4.0, -1.0])):
        return
    if close(got, np.array([1.0, 1.0, -1.0])):
        raise Wrong("The sum passes its upstream gradient on, and that is not 1: upstream × local, and upstream is c.")
    if close(got, np.array([4.0, 4.0, 4.0])):
        raise Wrong("A product gives each factor the other factor: what stands beside c?")
    if close(got, np.array([-12.0, 8.0, -1.0])):
        raise Wrong("a and b are added, not multiplied: the local derivative of a sum is 1 for both.")
    raise Wrong("Forward first: s = a + b = −1 and f = s·c. Then back: ∂f/∂s, ∂f/∂c, and from ∂f/∂s to a and b.")


def check_twice(answer):
    got = array(answer, (2,), "(∂f/∂x, ∂f/∂w)")
    if close(got, np.array([5.0, 3.0])):
        return
    if close(got[1:], np.array([3.0])) and got[0] in (2.0, 3.0):
        raise Wrong("x is used twice. What arrives by the sum and what arrives by the product must be added.")
    if close(got, np.array([6.0, 3.0])):
        raise Wrong("That is the derivative of x² alone; f is x² + w·x.")
    if close(got, np.array([3.0, 5.0])):
        raise Wrong("The order is turned round: first ∂f/∂x, then ∂f/∂w.")
    raise Wrong("Multiply out, f = x² + w·x, to see both derivatives; then follow them through the graph.")


_SLIDE_X, _SLIDE_W, _SLIDE_T = np.array([0.4, 0.3, 0.1]), np.array([0.1, 0.3, 0.2]), 0.2


def check_slide(answer):
    got = array(answer, (2,), "(new output, new error)")
    if np.allclose(got, (0.1625, 0.0375), atol=2e-4):
        return
    if np.allclose(got, (0.18416, 0.01584), atol=2e-4):
        raise Wrong(
            "This is what the slide prints. Write down the three products: which input belongs to which weight?"
        )
    if np.allclose(got, (0.15, 0.05), atol=2e-4):
        raise Wrong("These are the numbers before the weights were changed.")
    if np.allclose(got, (0.1625, -0.0375), atol=2e-4):
        raise Wrong("The output is right. The error is target − output, and the target lies above it.")
    if np.allclose(got[0], 0.1625, atol=2e-4):
        raise Wrong("The output is right; the error that is left is 0.2 minus this output.")
    raise Wrong("The new weights are 0.1083, 0.325, 0.2167; the inputs are 0.4, 0.3, 0.1. Multiply pairwise and add.")


def check_hit(answer):
    f = function(answer)
    cases = [(_SLIDE_X, _SLIDE_W, _SLIDE_T)]
    rng = np.random.default_rng(3)
    cases += [(rng.normal(size=n), rng.normal(size=n), float(rng.normal())) for n in (2, 5)]
    for x, w, t in cases:
        got = array(call(f, x, w, t), w.shape, "What your function returns")
        error, change = t - w @ x, got - w
        if close(change, error * x / (x @ x)):
            continue
        if close(change, error * w / w.sum()):
            raise Wrong("This shares the error by the weights, as the slide does: its output is not the target.")
        if close(change, error * x):
            raise Wrong("The direction is right, the length is not: how far does the output move when w moves by s·x?")
        if close(change, -error * x / (x @ x)):
            raise Wrong("The sign is turned round: the error t − w·x must become smaller, not larger.")
        if close(change, error * x / x.sum()):
            raise Wrong("Shared by the inputs, but the changes add up to the error; it is the output that must.")
        if close(got @ x, np.array(t)):
            raise Wrong("The output is the target, but another change that gets there is shorter: go straight along x.")
        raise Wrong(f"With x = {x.round(2).tolist()} the new output is {got @ x:.4f}; the target is {t:.4f}.")


def check_complex_step(answer):
    f = function(answer)
    cases = (
        ("exp(x)·sin(x)", lambda x: np.exp(x) * np.sin(x), lambda x: np.exp(x) * (np.sin(x) + np.cos(x))),
        ("x³", lambda x: x**3, lambda x: 3 * x**2),
        ("1/x", lambda x: 1 / x, lambda x: -1 / x**2),
    )
    for name, g, slope in cases:
        for x in (0.7, -1.3):
            got = array(call(f, g, x), (), "What your function returns")
            if abs(got - slope(x)) <= 1e-13 * abs(slope(x)):
                continue
            if close(got, np.array(np.real(g(x)))):
                raise Wrong("The real part is the value of the function; the slope sits in the imaginary part.")
            if abs(got) < 1e-15:
                raise Wrong("Divide the imaginary part by h: what is left is the slope.")
            if close(got, slope(x)):
                raise Wrong("Nearly, but digits are lost. Nothing is subtracted here, so h may be 1e-20; use x + 1j·h.")
            raise Wrong(f"For f = {name} at x = {x} it should be {slope(x):.6f}; you have {got:.6f}.")


def check_numeric(answer):
    f = function(answer)
    rng = np.random.default_rng(4)
    for shape in ((3,), (2, 4)):
        a, x = rng.normal(size=shape), rng.normal(size=shape)

        def g(v, a=a):
            return float(np.sum(a * v**2) + np.sin(v).sum() * v.flat[0])

        expected = 2 * a * x + np.cos(x) * x.flat[0]
        expected.flat[0] += np.sin(x).sum()
        got = array(call(f, g, x), shape, "The gradient")
        if np.allclose(got, expected, rtol=1e-7, atol=1e-7):
            continue
        if np.allclose(got, 2 * expected, rtol=1e-4, atol=1e-4):
            raise Wrong("Twice too large: from x − h to x + h it is 2h.")
        if np.allclose(got, expected, rtol=1e-3, atol=1e-3):
            raise Wrong("Nearly: a one-sided difference has an error of size h. Step to both sides, x + h and x − h.")
        if np.ptp(got) < 1e-9:
            raise Wrong("All components are equal: move one component at a time, not all of x at once.")
        raise Wrong("Some components are wrong. Does each one start from the unchanged x?")


def check_layer(answer):
    f = function(answer)
    rng = np.random.default_rng(5)
    for samples, inputs, outputs in ((4, 3, 2), (1, 2, 5), (3, 3, 3)):
        x, w, g = (rng.normal(size=s) for s in ((samples, inputs), (outputs, inputs), (samples, outputs)))
        result = call(f, x, w, g)
        if not isinstance(result, (tuple, list)) or len(result) != 3:
            raise Wrong("Return three things: dx, dW and db.")
        if samples != inputs != outputs and as_it_came(result[1]).shape == (inputs, outputs):
            raise Wrong("dW has the shape of W, (outputs, inputs): transpose the other factor.")
        dx, dw = array(result[0], x.shape, "dx"), array(result[1], w.shape, "dW")
        db = array(result[2], (outputs,), "db")
        if close(dx, g @ w) and close(dw, g.T @ x) and close(db, g.sum(axis=0)):
            continue
        if close(db, g.mean(axis=0)) and samples > 1:
            raise Wrong(
                "db is a sum over the samples, not a mean: the bias is used once in every row, and gradients add."
            )
        if not close(db, g.sum(axis=0)):
            raise Wrong("db is wrong: the bias is used once in every row.")
        if close(dw, g.T @ x / samples) and samples > 1:
            raise Wrong(
                "Do not divide dW by the number of samples: the loss did that, if it is a mean; here g says all."
            )
        if not close(dw, g.T @ x):
            raise Wrong("dW is wrong: W[k, d] is multiplied by x[n, d] in every row n, with upstream g[n, k].")
        raise Wrong("dx is wrong: x[n, d] reaches every output k by the weight W[k, d].")


def network_gradients(x, y, w1, w2):
    """Gradients of mean((tanh(x W1ᵀ) W2ᵀ − y)²)."""
    h = np.tanh(x @ w1.T)
    g = 2 * (h @ w2.T - y) / y.size
    return (g @ w2 * (1 - h**2)).T @ x, g.T @ h


def check_network(answer):
    f = function(answer)
    rng = np.random.default_rng(6)
    for samples, inputs, hidden, outputs in ((5, 2, 4, 1), (3, 4, 2, 3)):
        shapes = (samples, inputs), (samples, outputs), (hidden, inputs), (outputs, hidden)
        x, y, w1, w2 = (rng.normal(size=s) for s in shapes)
        result = call(f, x, y, w1, w2)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise Wrong("Return two things: the gradients of W1 and of W2.")
        d1, d2 = array(result[0], w1.shape, "The gradient of W1"), array(result[1], w2.shape, "The gradient of W2")
        right1, right2 = network_gradients(x, y, w1, w2)
        if close(d1, right1) and close(d2, right2):
            continue
        if close(2 * d2, right2):
            raise Wrong("Half of it: the derivative of a square is 2 times what was squared.")
        if close(d2, right2 * y.size):
            raise Wrong("The loss is a mean over all samples and outputs: divide by their number.")
        if close(d2, -right2):
            raise Wrong("The sign is turned round: output − y, not y − output.")
        if not close(d2, right2):
            raise Wrong("The gradient of W2 is wrong; it needs the upstream gradient of the output and h.")
        h = np.tanh(x @ w1.T)
        g = 2 * (h @ w2.T - y) / y.size
        if close(d1, (g @ w2).T @ x):
            raise Wrong("W2 is right. The way back to W1 leads through tanh: multiply by its slope, 1 − h².")
        if close(d1, (g @ w2 * (1 - (x @ w1.T) ** 2)).T @ x):
            raise Wrong("W2 is right. The slope of tanh is 1 − h² with h its output, not its input.")
        raise Wrong("W2 is right, W1 is not: upstream @ W2, times the slope of tanh, then as in a single layer with x.")


_TRY = "answer = lambda x, y, W1, W2: (lambda h: (lambda g: ({d1}, {d2}))({g}))(np.tanh(x @ W1.T))"
_G, _D1, _D2 = "2 * (h @ W2.T - y) / y.size", "(g @ W2 * (1 - h ** 2)).T @ x", "g.T @ h"
_EACH = "def answer(f, x, h=1e-5):\n    g = np.zeros(x.shape)\n    for i in np.ndindex(x.shape):\n        e = np.zeros(x.shape)\n        e[i] = h\n"

EXERCISES = (
    Exercise(
        "05.1", "Three gradients through a sum and a product", "three_gradients", check_chain,
        (
            "Give the sum a name: s = a + b, f = s·c. Compute s first.",
            "A product: ∂f/∂s = c and ∂f/∂c = s.",
            "A sum passes on what it gets: ∂f/∂a = ∂f/∂s · 1.",
        ),
        "s = 2.0 + -3.0  # forward\nthree_gradients = (4.0, 4.0, s)  # c · 1, c · 1, and the other factor", "answer = np.array([4, 4, -1])",
        (
            ("answer = (1, 1, -1)", "upstream is c"), ("answer = (4, 4, 4)", "beside c"),
            ("answer = (-12, 8, -1)", "not multiplied"), ("answer = (-1, -1, 4)", "Forward first"),
        ),
    ),
    Exercise(
        "05.2", "A node that is used twice", "used_twice", check_twice,
        (
            "x reaches f by two ways: through the sum, and directly as a factor.",
            "Directly: the other factor, x + w. Through the sum: x · 1.",
            "Add the two; w has only one way.",
        ),
        "x, w = 3.0, -1.0\nused_twice = ((x + w) + x, x)  # two ways are added", "answer = [2 * 3 - 1, 3]",
        (
            ("answer = (2, 3)", "must be added"), ("answer = (6, 3)", "x² alone"), ("answer = (3, 5)", "turned round"),
            ("answer = (5, 2)", "Multiply out"),
        ),
    ),
    Exercise(
        "05.3", "The slide's first mistake: its arithmetic", "slide", check_slide,
        (
            "Take the three new weights as they are and compute the output yourself.",
            "0.4 × 0.1083 + 0.3 × 0.325 + 0.1 × 0.2167. Compare each product with the slide's.",
            "The slide multiplied the third weight by 0.2 instead of by its input 0.1.",
        ),
        "x, w = np.array([0.4, 0.3, 0.1]), np.array([0.1, 0.3, 0.2])\nw = w + 0.05 * w / w.sum()\n"
        "slide = (w @ x, 0.2 - w @ x)", "answer = (0.1625, 0.0375)",
        (
            ("answer = (0.18416, 0.01584)", "slide prints"), ("answer = (0.15, 0.05)", "before the weights"),
            ("answer = (0.1625, -0.0375)", "target lies above"), ("answer = (0.1625, 0.05)", "minus this output"),
            ("answer = (0.2, 0.0)", "Multiply pairwise"),
        ),
    ),
    Exercise(
        "05.4", "The slide's second mistake: share by the inputs", "hit_the_target", check_hit,
        (
            "Which weight changes the output most when it moves a little: one with a large weight, or one with a large input?",
            "∂(w·x)/∂w = x. So move along x: w + s·x for some number s.",
            "w·x + s·(x·x) must be t. Solve for s.",
        ),
        "def hit_the_target(x, w, t):\n    return w + (t - w @ x) * x / (x @ x)  # on the slide the weights change as 4 : 3 : 1, its inputs",
        "answer = lambda x, w, t: w + np.linalg.pinv(x[None]) @ np.array([t - w @ x])",
        (
            ("answer = lambda x, w, t: w + (t - w @ x) * w / w.sum()", "as the slide does"),
            ("answer = lambda x, w, t: w + (t - w @ x) * x", "length is not"),
            ("answer = lambda x, w, t: w - (t - w @ x) * x / (x @ x)", "sign is turned"),
            ("answer = lambda x, w, t: w + (t - w @ x) * x / x.sum()", "the changes add up"),
            ("answer = lambda x, w, t: w + (t - w @ x) / x / len(x)", "another change"),
        ),
    ),
    Exercise(
        "05.5", "The slope by a complex step", "complex_slope", check_complex_step,
        (
            "f(x + ih) ≈ f(x) + i·h·f′(x) for a very small h.",
            "Take the imaginary part and divide it by h.",
            "x + 1j * h with h = 1e-20, then .imag / h: nothing is subtracted, so nothing cancels.",
        ),
        "def complex_slope(f, x, h=1e-20):\n    return f(x + 1j * h).imag / h",
        "answer = lambda f, x: np.imag(f(complex(x, 1e-30))) * 1e30",
        (
            ("answer = lambda f, x: f(x + 1e-20j).real", "real part"), ("answer = lambda f, x: f(x + 1e-20j).imag", "Divide"),
            ("answer = lambda f, x: (f(x + 1e-6) - f(x - 1e-6)) / 2e-6", "digits are lost"),
            ("answer = lambda f, x: -f(x + 1e-20j).imag / 1e-20", "it should be"),
        ),
    ),
    Exercise(
        "05.6", "The gradient of any function by central differences", "numeric_gradient", check_numeric,
        (
            "One component at a time: a step up, a step down, everything else as it was.",
            "np.ndindex(x.shape) goes through the places of an array of any shape.",
            "(f(x + e) − f(x − e)) / (2h), where e is zero but for h at one place; h = 1e-5.",
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
        ),
    ),
    Exercise(
        "05.7", "Backward through a linear layer", "backward_linear", check_layer,
        (
            "Forward: z[n, k] = Σ_d x[n, d] W[k, d] + b[k]. Which z does x[n, d] reach, and by which factor?",
            "The shapes decide nearly all: dx (N, D) from g (N, K) and W (K, D); dW (K, D) from g and x (N, D).",
            "dx = g @ W; dW = g.T @ x; db = the sum of g over the rows.",
        ),
        "def backward_linear(x, W, g):\n    return g @ W, g.T @ x, g.sum(axis=0)",
        "answer = lambda x, W, g: (np.einsum('nk,kd->nd', g, W), np.einsum('nk,nd->kd', g, x), np.ones(len(g)) @ g)",
        (
            ("answer = lambda x, W, g: (g @ W, x.T @ g, g.sum(0))", "transpose"),
            ("answer = lambda x, W, g: (g @ W, g.T @ x, g.mean(0))", "not a mean"),
            ("answer = lambda x, W, g: (g @ W, g.T @ x / len(x), g.sum(0))", "Do not divide dW"),
            ("answer = lambda x, W, g: (g @ W, g.T @ x, g[0])", "db is wrong"),
            ("answer = lambda x, W, g: (-(g @ W), g.T @ x, g.sum(0))", "dx is wrong"),
        ),
    ),
    Exercise(
        "05.8", "Backpropagation through a whole network", "network_gradients", check_network,
        (
            "Forward: h = tanh(x W1ᵀ), o = h W2ᵀ. Begin at the end: the slope of mean((o − y)²) with respect to o.",
            "g = 2 (o − y) / y.size. Then W2 as in 05.7: g.T @ h.",
            "To the hidden layer: g @ W2, times 1 − h² for tanh. Then W1 as in 05.7 with x.",
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
            (_TRY.format(g=_G, d1=_D1, d2="g.T @ (1 - h ** 2)"), "needs the upstream"),
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
        ("A million", "Two million", "One", "One a layer"), 2,
        (
            "That is what wiggling needs: at least one forward pass a weight. Reverse mode shares the work.",
            "Central differences need two forward passes a weight; backpropagation needs none of them.",
            "One walk from the loss to the leaves meets every weight, and costs about as much as two forward passes.",
            "The layers are visited one after the other, but in one and the same walk.",
        ),
    ),
    Question(
        "You forget zero_grad. What happens at the second step?",
        ("An error is raised", "The weights do not move", "The old gradient is added to the new one", "Nothing, it is harmless"), 2,
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
            "Because the corner of ReLU is rounded in code",
            "Because a step is flat wherever it has a slope: every gradient is 0",
            "Because ReLU is faster to compute",
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
