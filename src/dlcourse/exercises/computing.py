"""Exercises and quiz of chapter 15, from NumPy to CUDA, and the bitter lesson."""

from itertools import pairwise

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, function, several


def check_flops(answer):
    f = function(answer)
    for sizes, batch in (([64, 32, 10], 1), ([3, 5], 7), ([8, 16, 16, 4], 100)):
        products = sum(a * b for a, b in pairwise(sizes))
        got = float(array(call(f, sizes, batch), (), "The number of operations"))
        if close(got, 6 * batch * products):
            continue
        if close(got, 2 * batch * products):
            raise Wrong(
                "This is the forward pass alone. Backward there are two more products of the same size a layer."
            )
        if close(got, 3 * batch * products):
            raise Wrong("A multiplication comes with an addition: count two operations for each.")
        if close(got, 6 * products) and batch > 1:
            raise Wrong("This is one sample; every one of the batch needs as much.")
        if close(got, 6 * batch * sum(sizes)) or close(got, 6 * batch * np.prod(sizes)):
            raise Wrong("A layer has n_in · n_out weights; add these up over the layers.")
        raise Wrong(f"For sizes {sizes} and a batch of {batch} it should be {6 * batch * products:,}, not {got:,.0f}.")


def check_memory(answer):
    f = function(answer)
    for weights, kept in ((1000, 0), (61_706, 2), (1_000_000, 1)):
        got = float(array(call(f, weights, kept), (), "The number of bytes"))
        if close(got, 4 * weights * (2 + kept)):
            continue
        if close(got, weights * (2 + kept)):
            raise Wrong("These are numbers, not bytes: a float32 has four bytes.")
        if close(got, 4 * weights * (1 + kept)):
            raise Wrong("Something is missing that is as large as the weights: the gradients.")
        if close(got, 8 * weights) and kept:
            raise Wrong("The optimizer keeps numbers of its own for each weight: `kept` of them.")
        if close(got, 8 * weights * (2 + kept)):
            raise Wrong("Eight bytes are a float64. Networks are trained in float32.")
        raise Wrong(f"For {weights:,} weights and {kept} kept it should be {4 * weights * (2 + kept):,} bytes.")


def check_roof(answer):
    f = function(answer)
    intensity, peak, bandwidth = np.array([[0.5, 100, 10], [50, 100, 10], [10, 100, 10], [3, 20, 8], [0.1, 20, 8]]).T
    got = np.array([
        float(array(call(f, *map(float, case)), (), "The operations a second"))
        for case in zip(intensity, peak, bandwidth, strict=True)
    ])  # fmt: skip
    memory = intensity * bandwidth
    if close(got, np.minimum(peak, memory)):
        return
    if close(got, np.maximum(peak, memory)):
        raise Wrong("The larger of the two cannot be reached: the scarcer of memory and arithmetic decides.")
    if close(got, peak):
        raise Wrong("You forgot the memory: each byte that arrives brings `intensity` operations.")
    if close(got, memory):
        raise Wrong("More than the peak cannot be computed, however many bytes arrive.")
    if close(got, np.minimum(peak, bandwidth / intensity)):
        raise Wrong("Bytes a second times operations a byte are operations a second: multiply.")
    wrong = int(np.flatnonzero(~np.isclose(got, np.minimum(peak, memory)))[0])
    case = f"{intensity[wrong]:g} operations a byte, a peak of {peak[wrong]:g} and {bandwidth[wrong]:g} bytes a second"
    raise Wrong(f"For {case} it should be {min(peak[wrong], memory[wrong]):g}.")


def check_amdahl(answer):
    f = function(answer)
    for share, processes in ((0.5, 2), (0.9, 10), (0.95, 64), (1.0, 8), (0.0, 8)):
        expected = 1 / (1 - share + share / processes)
        got = float(array(call(f, share, processes), (), "The speed-up"))
        if close(got, expected):
            continue
        if close(got, 1 / expected):
            raise Wrong("This is the time that is left; the speed-up is the old time divided by it.")
        if close(got, processes):
            raise Wrong("Only a share can be divided among the processes; the rest takes as long as before.")
        if close(got, share * processes + 1 - share):
            raise Wrong("Add times, not speeds: the serial time and the divided time.")
        if share and close(got, processes / share):
            raise Wrong("Divide the time of the parallel share by the processes, and add the rest of the time.")
        raise Wrong(
            f"For a share of {share} and {processes} processes it should be {expected:.3f}; you have {got:.3f}."
        )


def check_joined(answer):
    f = function(answer)
    rng = np.random.default_rng(1)
    for rows in ([4, 4], [3, 5], [1, 2, 9], [7]):
        gradients, rows = rng.normal(size=(len(rows), 6)), np.array(rows)
        expected = rows @ gradients / rows.sum()
        got = array(call(f, gradients, rows), (6,), "The joined gradient")
        if close(got, expected):
            continue
        if close(got, gradients.mean(axis=0)):
            raise Wrong("A process with few rows counts as much as one with many. Weigh each mean by its rows.")
        if close(got, rows @ gradients):
            raise Wrong("These are sums over rows. The gradient of the mean loss divides by all the rows together.")
        if close(got, gradients.sum(axis=0)):
            raise Wrong("You add means: with more processes the step would become longer and longer.")
        if close(got, rows @ gradients / len(rows)):
            raise Wrong("You divide by the number of processes; it is the number of rows that was added up.")
        raise Wrong(f"For parts of {rows.tolist()} rows it is not the gradient of the joined batch.")


def check_gradient(answer):
    f = function(answer)
    rng = np.random.default_rng(2)
    for count, features, classes in ((5, 4, 3), (8, 2, 6), (1, 3, 2)):
        x, y = rng.normal(size=(count, features)), rng.integers(classes, size=count)
        p = rng.dirichlet(np.ones(classes), count)
        delta = p - np.eye(classes)[y]
        expected = delta.T @ x / count
        got = array(call(f, x, p, y), (classes, features), "The gradient")
        if close(got, expected):
            continue
        if close(got, expected * count):
            raise Wrong("This is the gradient of the sum; the loss is the mean over the batch.")
        if close(got, -expected):
            raise Wrong("The sign is turned round: it is p minus the one-hot answer.")
        if close(got, p.T @ x / count):
            raise Wrong("The true class is missing: subtract 1 from its probability.")
        if close(got, delta.T @ x / (count * classes)):
            raise Wrong("You divide by the classes, too. The mean is over the samples alone.")
        raise Wrong(f"For {count} samples, {features} features and {classes} classes it is not (p − t)ᵀx / N.")


def check_two_parts(answer):
    f = function(answer)
    rng = np.random.default_rng(3)
    for fixed, each in ((0.02, 0.001), (1.5, 0.2), (0.0, 3.0)):
        batches = np.array([1.0, 2, 8, 32, 128])
        seconds = fixed + each * batches + 1e-3 * each * rng.normal(size=5)
        expected = np.polyfit(batches, seconds, 1)[::-1]
        got = np.array(several(call(f, batches, seconds), ("overhead", "time a sample"), ()))
        if np.allclose(got, expected, rtol=1e-4, atol=1e-6):
            continue
        if np.allclose(got, expected[::-1], rtol=1e-4, atol=1e-6):
            raise Wrong("They are swapped: first what a step costs anyway, then what each sample adds.")
        if np.allclose(got[1], np.mean(seconds / batches), rtol=1e-4):
            raise Wrong("Time divided by batch mixes both parts: a batch of 1 carries all of the overhead.")
        if np.allclose(got, [0, batches @ seconds / (batches @ batches)], rtol=1e-4, atol=1e-6):
            raise Wrong("Your line goes through 0: give it an intercept, which is what we look for.")
        if np.allclose(got[0], seconds[0], rtol=1e-6):
            raise Wrong("A batch of 1 takes the overhead and one sample; the intercept lies below it.")
        raise Wrong(f"For these times it should be {expected[0]:.4f} and {expected[1]:.4f}.")


_FLOPS = "answer = lambda sizes, batch: {} * batch * sum(a * b for a, b in zip(sizes, sizes[1:]))"

EXERCISES = (
    Exercise(
        "15.1", "The arithmetic of a step", "operations", check_flops,
        (
            "How many weights has a layer from n_in to n_out units? Leave the biases and activations out.",
            "Forward each weight is used in one multiplication and one addition a sample.",
            "Backward there are two products of that size, for the weights and for the inputs: 6 in all.",
        ),
        "def operations(sizes, batch):\n    weights = sum(a * b for a, b in zip(sizes[:-1], sizes[1:]))\n"
        "    return 3 * 2 * batch * weights",
        "def answer(sizes, batch):\n    forward = 2 * batch * np.dot(sizes[:-1], sizes[1:])\n    return forward + 2 * forward",
        (
            (_FLOPS.format(2), "forward pass alone"), (_FLOPS.format(3), "comes with an addition"),
            ("answer = lambda sizes, batch: 6 * sum(a * b for a, b in zip(sizes, sizes[1:]))", "every one of the batch")
            , ("answer = lambda sizes, batch: 6 * batch * sum(sizes)", "n_in · n_out"),
        ),
    ),
    Exercise(
        "15.2", "The memory of a training", "training_bytes", check_memory,
        (
            "Which numbers exist once for each weight while a network is trained?",
            "The weights, their gradients, and what the optimizer keeps: none for SGD, 1 with momentum, 2 for Adam.",
            "Each is a float32 of four bytes: 4 · weights · (1 + 1 + kept).",
        ),
        "def training_bytes(weights, kept):\n    return 4 * weights * (2 + kept)",
        "def answer(weights, kept):\n    arrays = [np.zeros(1, np.float32)] * (2 + kept)\n"
        "    return weights * sum(array.nbytes for array in arrays)",
        (
            ("answer = lambda n, k: n * (2 + k)", "not bytes"), ("answer = lambda n, k: 4 * n * (1 + k)", "the gradients."),
            ("answer = lambda n, k: 8 * n", "numbers of its own"), ("answer = lambda n, k: 8 * n * (2 + k)", "float64"),
        ),
    ),
    Exercise(
        "15.3", "Under the roof", "attainable", check_roof,
        (
            "Two things limit a device: how fast it computes, and how fast bytes arrive.",
            "With `bandwidth` bytes a second and `intensity` operations a byte, how many operations a second is that?",
            "The smaller of peak and intensity · bandwidth.",
        ),
        "def attainable(intensity, peak, bandwidth):\n    return min(peak, intensity * bandwidth)",
        "def answer(intensity, peak, bandwidth):\n    ridge = peak / bandwidth\n"
        "    return peak if intensity >= ridge else peak * intensity / ridge",
        (
            ("answer = lambda i, p, b: max(p, i * b)", "cannot be reached"), ("answer = lambda i, p, b: p", "forgot the memory"),
            ("answer = lambda i, p, b: i * b", "More than the peak"), ("answer = lambda i, p, b: min(p, b / i)", ": multiply"),
        ),
    ),
    Exercise(
        "15.4", "Amdahl's law", "amdahl", check_amdahl,
        (
            "Let the whole take 1 second. What takes as long as before, and what becomes shorter?",
            "(1 − share) seconds stay; share / processes are left of the rest.",
            "1 / (1 − share + share / processes).",
        ),
        "def amdahl(share, processes):\n    return 1 / (1 - share + share / processes)",
        "def answer(share, processes):\n    return processes / (processes * (1 - share) + share)",
        (
            ("answer = lambda s, p: 1 - s + s / p", "time that is left"), ("answer = lambda s, p: p", "Only a share"),
            ("answer = lambda s, p: s * p + 1 - s", "Add times"),
            ("answer = lambda s, p: p / s if s else 1.0", "Divide the time of the parallel"),
        ),
    ),
    Exercise(
        "15.5", "The gradient of two processes", "joined", check_joined,
        (
            "`gradients` holds for each process the mean over its own rows.",
            "Mean times rows is the sum over the rows. Add up the sums.",
            "rows @ gradients / rows.sum().",
        ),
        "def joined(gradients, rows):\n    return rows @ gradients / rows.sum()",
        "def answer(gradients, rows):\n    return np.average(gradients, axis=0, weights=rows)",
        (
            ("answer = lambda g, n: g.mean(axis=0)", "few rows counts"), ("answer = lambda g, n: n @ g", "sums over rows"),
            ("answer = lambda g, n: g.sum(axis=0)", "You add means"), ("answer = lambda g, n: n @ g / len(n)", "number of processes"),
        ),
    ),
    Exercise(
        "15.6", "Without a loop", "weight_gradient", check_gradient,
        (
            "For one sample the gradient of the weights is the outer product of (p − t) and x; t is the one-hot answer.",
            "A sum of outer products over the batch is one matrix product.",
            "delta = p.copy(); delta[np.arange(len(y)), y] -= 1; then delta.T @ x / len(x).",
        ),
        "def weight_gradient(x, p, y):\n    delta = p.copy()\n    delta[np.arange(len(y)), y] -= 1\n"
        "    return delta.T @ x / len(x)",
        "def answer(x, p, y):\n    t = np.eye(p.shape[1])[y]\n    return np.einsum('nc,nf->cf', p - t, x) / len(y)",
        (
            ("answer = lambda x, p, y: (p - np.eye(p.shape[1])[y]).T @ x", "gradient of the sum"),
            ("answer = lambda x, p, y: (np.eye(p.shape[1])[y] - p).T @ x / len(x)", "sign is turned"),
            ("answer = lambda x, p, y: p.T @ x / len(x)", "true class is missing"),
            ("answer = lambda x, p, y: (p - np.eye(p.shape[1])[y]).T @ x / p.size", "samples alone"),
        ),
    ),
    Exercise(
        "15.7", "Overhead and work", "two_parts", check_two_parts,
        (
            "seconds ≈ overhead + batch · time a sample: a straight line.",
            "The intercept is the overhead, the slope the time a sample. Least squares finds both (chapter 02).",
            "np.polyfit(batches, seconds, 1) returns the slope first.",
        ),
        "def two_parts(batches, seconds):\n    slope, intercept = np.polyfit(batches, seconds, 1)\n"
        "    return intercept, slope",
        "def answer(batches, seconds):\n    b, s = batches - batches.mean(), seconds - seconds.mean()\n"
        "    each = (b @ s) / (b @ b)\n    return seconds.mean() - each * batches.mean(), each",
        (
            ("answer = lambda b, s: tuple(np.polyfit(b, s, 1))", "swapped"),
            ("answer = lambda b, s: (0.0, np.mean(s / b))", "mixes both"),
            ("answer = lambda b, s: (0.0, (b @ s) / (b @ b))", "through 0"),
            ("answer = lambda b, s: (s[0], np.polyfit(b, s, 1)[0])", "lies below it"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A loop over samples in NumPy becomes one matrix product. Which of these falls?",
        ("The number of multiplications", "The number of calls from Python", "The error of the gradient"), 1,
        (
            "Each sample still needs the same ones. What falls is what lies around them.",
            "One call for a thousand rows instead of a thousand: the arithmetic is the same, the waiting is not.",
            "Both compute the same sum, up to rounding.",
        ),
    ),
    Question(
        "A network of 64 units takes longer on a GPU than on the CPU. Why?",
        (
            "GPUs compute less exactly", "Starting each call costs more than its arithmetic", "The GPU is too old for it",
        ), 1,
        (
            "In float32 both round alike, to about seven figures.",
            "A few microseconds for each of some dozens of calls; the arithmetic would take less than one.",
            "Newer ones compute faster still; starting a call has hardly become shorter.",
        ),
    ),
    Question(
        "Two processes share each batch and average their gradients. What must be equal to the training by one?",
        ("The weights, up to rounding", "Half of each weight", "Only the final accuracy"), 0,
        (
            "The mean over both parts is the gradient of the joined batch, so every step is the same step.",
            "Gradients are averaged, not added up, and each process holds all the weights.",
            "Much more: the weights after every step.",
        ),
    ),
    Question(
        "What does the bitter lesson say?",
        (
            "Knowledge about a problem is useless", "Methods that make use of growing data and compute win in the end",
            "Learned features win, however few the data",
        ), 1,
        (
            "With little data it was worth more than anything else, as we measured.",
            "Knowledge helps once, and stays where it is; data and compute go on growing.",
            "With few data they lose by far.",
        ),
    ),
)  # fmt: skip
