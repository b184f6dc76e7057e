"""Exercises and quiz of chapter 15, from NumPy to CUDA, and the bitter lesson."""

import numpy as np

from dlcourse.exercises.cases import by_cases
from dlcourse.exercises.core import Question

_rng = np.random.default_rng(15)
_NETWORKS = (([3, 5], 7), ([64, 32, 10], 1), ([8, 16, 16, 4], 100), ([5, 1, 2], 3))
_TRAININGS = ((61_706, 2), (1000, 0), (1_000_000, 1), (3, 5))
_DEVICES = ((0.5, 100.0, 10.0), (50.0, 100.0, 10.0), (10.0, 100.0, 10.0), (3.0, 20.0, 8.0), (0.1, 20.0, 8.0))
_SHARES = ((0.9, 10), (0.5, 2), (0.95, 64), (0.7, 1), (1.0, 8), (0.0, 8))
_PROCESSES = tuple(
    (_rng.normal(size=(len(rows), 6)).round(2), np.array(rows)) for rows in ([3, 5], [4, 4], [1, 2, 9], [7])
)


def _batch(count, features, classes):
    p = _rng.dirichlet(np.ones(classes), count).round(3)
    return (
        _rng.normal(size=(count, features)).round(1),
        p / p.sum(axis=1, keepdims=True),
        _rng.integers(classes, size=count),
    )


def _measured(fixed, each, batches):
    batches = np.array(batches, float)
    return batches, fixed + each * batches * (1 + 0.05 * _rng.normal(size=len(batches)))


_BATCHES = (_batch(5, 4, 3), _batch(8, 2, 6), _batch(1, 3, 2))
_TIMES = (_measured(0.02, 0.001, [1, 2, 8, 32, 128]), _measured(1.5, 0.2, [64, 4, 16]), _measured(0, 3, [2, 3, 5, 7]))

_FLOPS = "answer = lambda sizes, batch: {} * batch * sum(a * b for a, b in zip(sizes, sizes[1:]))"
_BYTES = "answer = lambda n, k: {}"
_ROOF = "answer = lambda i, p, b: {}"
_SPEED = "answer = lambda s, p: {}"
_JOIN = "answer = lambda g, n: {}"
_LAST = "answer = lambda x, p, y: {}"
_DELTA = "(p - np.eye(p.shape[1])[y])"
_LINE = "answer = lambda b, s: {}"

EXERCISES = (
    by_cases(
        "15.1", "The arithmetic of a step", "operations", _NETWORKS,
        (
            "How many weights has a layer from n_in to n_out units? Leave the biases and activations out.",
            "In the forward pass each weight is used in one multiplication and one addition per sample; the backward pass needs two products of that size in each layer, for the weights and for the inputs.",
            "zip(sizes[:-1], sizes[1:]) gives the two sizes of each layer: begin with the number of all weights.",
        ),
        "def operations(sizes, batch):\n    weights = sum(a * b for a, b in zip(sizes[:-1], sizes[1:]))\n    return 3 * 2 * batch * weights",
        "def answer(sizes, batch):\n    forward = 2 * batch * np.dot(sizes[:-1], sizes[1:])\n    return forward + 2 * forward",
        (
            (_FLOPS.format(2), "This is the forward pass alone. The backward pass needs two more products of the same size in each layer."),
            (_FLOPS.format(4), "One of three products in each layer is missing: one forward, one for the gradient of the weights, one for that of the inputs."),
            (_FLOPS.format(3), "A multiplication comes with an addition: count two operations for each."),
            ("answer = lambda sizes, batch: 6 * sum(a * b for a, b in zip(sizes, sizes[1:]))", "This is one sample; each one of the batch needs as much."),
            ("answer = lambda sizes, batch: 6 * batch * sum(sizes)", "You add up the units. A layer has n_in · n_out weights; add these up over the layers."),
            ("answer = lambda sizes, batch: 6 * batch * int(np.prod(sizes))", "You multiply all sizes. Each layer has n_in · n_out weights; add these up over the layers."),
            ("answer = lambda sizes, batch: 6 * batch * sum(a * b for a, b in zip(sizes, sizes[1:])) - 2 * batch * sizes[0] * sizes[1]", "You leave out the gradient at the input of the first layer; here it is counted, as in every other layer."),
        ),
        "The number of operations", counts=True,
    ),
    by_cases(
        "15.2", "The memory of a training", "training_bytes", _TRAININGS,
        (
            "Which numbers exist once for each weight while a network is trained?",
            "The weights, their gradients, and what the optimizer keeps: none for SGD, 1 with momentum, 2 for Adam. Each is a float32 of four bytes.",
            "Begin with the number of numbers for each weight: 2 + kept.",
        ),
        "def training_bytes(weights, kept):\n    return 4 * weights * (2 + kept)",
        "def answer(weights, kept):\n    arrays = [np.zeros(1, np.float32)] * (2 + kept)\n    return weights * sum(array.nbytes for array in arrays)",
        (
            (_BYTES.format("n * (2 + k)"), "These are numbers, not bytes: a float32 has four bytes."),
            (_BYTES.format("4 * n * (1 + k)"), "Four bytes per weight are missing: there are the weights, as many gradients, and what the optimizer keeps."),
            (_BYTES.format("8 * n"), "The optimizer keeps numbers of its own for each weight: `kept` of them."),
            (_BYTES.format("4 * n * k"), "That is the memory of the optimizer alone; add the weights and their gradients."),
            (_BYTES.format("8 * n * (2 + k)"), "Eight bytes are a float64; here everything is float32."),
            (_BYTES.format("32 * n * (2 + k)"), "These are bits; eight of them are one byte."),
            (_BYTES.format("4 * n * (3 + k)"), "You count one number too many for each weight: there are the weight, its gradient, and `kept` numbers more."),
        ),
        "The number of bytes", counts=True,
    ),
    by_cases(
        "15.3", "Under the roof", "attainable", _DEVICES,
        (
            "Two things limit a device: how fast it computes, and how fast bytes arrive.",
            "With `bandwidth` bytes per second and `intensity` operations per byte, how many operations per second can begin? The scarcer of the two decides.",
            "Begin with from_memory = intensity * bandwidth.",
        ),
        "def attainable(intensity, peak, bandwidth):\n    return min(peak, intensity * bandwidth)",
        "def answer(intensity, peak, bandwidth):\n    ridge = peak / bandwidth\n    return peak if intensity >= ridge else peak * intensity / ridge",
        (
            (_ROOF.format("max(p, i * b)"), "The larger of the two cannot be reached: the scarcer of memory and arithmetic decides."),
            (_ROOF.format("p"), "The memory is missing: each byte that arrives allows `intensity` operations."),
            (_ROOF.format("i * b"), "The peak is missing: however many bytes arrive, no more than that can be computed."),
            (_ROOF.format("min(p, b / i)"), "Bytes per second times operations per byte are operations per second: multiply."),
            (_ROOF.format("min(p, i / b)"), "You divide by the bandwidth; operations per byte times bytes per second are operations per second."),
            (_ROOF.format("min(p, b)"), "`intensity` is missing: with each byte so many operations are done."),
            (_ROOF.format("1 / (1 / p + 1 / (i * b))"), "You add the times of memory and arithmetic; at best they overlap, and the slower one decides."),
        ),
        "The operations per second",
    ),
    by_cases(
        "15.4", "Amdahl's law", "amdahl", _SHARES,
        (
            "Let the whole take 1 second. What takes as long as before, and what becomes shorter?",
            "1 − share seconds stay, the other share is divided among the processes; the speed-up is the old time divided by the new.",
            "Begin with the new time, and write down its serial part: 1 - share.",
        ),
        "def amdahl(share, processes):\n    return 1 / (1 - share + share / processes)",
        "def answer(share, processes):\n    return processes / (processes * (1 - share) + share)",
        (
            (_SPEED.format("1 - s + s / p"), "This is the time that is left; the speed-up is the old time divided by it."),
            (_SPEED.format("p"), "Only a share can be divided among the processes; the rest takes as long as before."),
            (_SPEED.format("s * p + 1 - s"), "You add speeds; add times: the serial time and the divided time."),
            (_SPEED.format("1 / (s + (1 - s) / p)"), "The two shares are exchanged: `share` is what can be divided."),
            (_SPEED.format("s * p"), "The serial part is missing, and a speed-up is a ratio of times: the old one divided by the new one."),
            (_SPEED.format("1 / (1 - s + s / p) - 1"), "That is what is gained; the speed-up is 1 if nothing becomes faster."),
            (_SPEED.format("1 / (1 - s + s / (p + 1))"), "You count one process too many."),
        ),
        "The speed-up",
    ),
    by_cases(
        "15.5", "The gradient of two processes", "joined", _PROCESSES,
        (
            "`gradients` holds for each process the mean over its own rows.",
            "Mean times rows is the sum over the rows. Add up the sums, and divide by the number of all rows.",
            "Begin with the sums: gradients * rows[:, None].",
        ),
        "def joined(gradients, rows):\n    sums = gradients * rows[:, None]\n    return sums.sum(axis=0) / rows.sum()",
        "def answer(gradients, rows):\n    return np.average(gradients, axis=0, weights=rows)",
        (
            (_JOIN.format("g.mean(axis=0)"), "In yours a process with few rows counts as much as one with many. Weigh each mean by its rows."),
            (_JOIN.format("n @ g"), "These are sums over rows. The gradient of the mean loss divides by the number of all rows."),
            (_JOIN.format("g.sum(axis=0)"), "You add means: with more processes the step would become longer and longer."),
            (_JOIN.format("n @ g / len(n)"), "You divide by the number of processes; divide by the number of rows that were added up."),
            (_JOIN.format("(1 / n) @ g / (1 / n).sum()"), "In yours a process with many rows counts less; multiply by the rows."),
            (_JOIN.format("n**2 @ g / (n**2).sum()"), "The rows count twice: each mean is multiplied by its rows once."),
        ),
        "The joined gradient",
    ),
    by_cases(
        "15.6", "Build it: without a loop", "weight_gradient", _BATCHES,
        (
            "For one sample the gradient of the weights is the outer product of p − t and x; t is the one-hot row of the true class.",
            "A sum of outer products over the batch is one matrix product, of a transposed array with another. The mean divides by N.",
            "Begin with delta = p.copy(), and subtract 1 at the true class of each row.",
        ),
        "def weight_gradient(x, p, y):\n    delta = p.copy()\n    delta[np.arange(len(y)), y] -= 1\n    return delta.T @ x / len(x)",
        "def answer(x, p, y):\n    t = np.eye(p.shape[1])[y]\n    return np.einsum('nc,nf->cf', p - t, x) / len(y)",
        (
            (_LAST.format(f"{_DELTA}.T @ x"), "This is the gradient of the sum; the loss is the mean over the batch."),
            (_LAST.format(f"-{_DELTA}.T @ x / len(x)"), "The sign is wrong: it is p minus the one-hot row."),
            (_LAST.format("p.T @ x / len(x)"), "The true class is missing: subtract 1 from its probability."),
            (_LAST.format(f"{_DELTA}.T @ x / p.size"), "You divide by the number of classes, too; the mean is over the samples alone."),
            (_LAST.format(f"{_DELTA}.T @ x / x.size"), "You divide by the number of features, too; the mean is over the samples alone."),
            (_LAST.format(f"x.T @ {_DELTA} / len(x)"), "Rows and columns are swapped: one row for each class, one column for each input."),
            (_LAST.format("(p - 1).T @ x / len(x)"), "You subtract 1 from every probability; subtract it at the true class only."),
            (_LAST.format("-(np.eye(p.shape[1])[y] / p).T @ x / len(x)"), "That is the slope with respect to the probabilities; through the softmax it becomes p minus the one-hot row."),
        ),
        "The gradient",
    ),
    by_cases(
        "15.7", "Overhead and work", "two_parts", _TIMES,
        (
            "seconds ≈ overhead + batch · time per sample: a straight line.",
            "The intercept is the overhead, the slope is the time per sample. np.polyfit with degree 1 finds both by least squares (chapter 02).",
            "np.polyfit returns the slope first: slope, intercept = …",
        ),
        "def two_parts(batches, seconds):\n    slope, intercept = np.polyfit(batches, seconds, 1)\n    return intercept, slope",
        "def answer(batches, seconds):\n    b, s = batches - batches.mean(), seconds - seconds.mean()\n    each = (b @ s) / (b @ b)\n    return seconds.mean() - each * batches.mean(), each",
        (
            (_LINE.format("tuple(np.polyfit(b, s, 1))"), "They are in the wrong order: first what a step costs anyway, then what each sample adds."),
            (_LINE.format("(0.0, np.mean(s / b))"), "Time divided by batch mixes both parts: a batch of 1 carries all of the overhead."),
            (_LINE.format("(0.0, (b @ s) / (b @ b))"), "Your line goes through 0: give it an intercept, which is the overhead."),
            (_LINE.format("(s[0], np.polyfit(b, s, 1)[0])"), "Your overhead is the first measured time, which holds the work of its samples, too; the intercept lies below it."),
            (_LINE.format("(s.min(), np.polyfit(b, s, 1)[0])"), "Your overhead is the shortest measured time, which holds the work of its samples, too; the intercept lies below it."),
            (_LINE.format("(s[0] - b[0] * (s[-1] - s[0]) / (b[-1] - b[0]), (s[-1] - s[0]) / (b[-1] - b[0]))"), "Your line goes through the first and the last point alone; least squares takes all of them into account."),
            (_LINE.format("tuple(np.polyfit(s, b, 1)[::-1])"), "Batches and seconds are exchanged: the time depends on the batch."),
        ),
        ("the overhead", "the time per sample"),
        also=_LINE.format("tuple(np.polyfit(b, s, 1, w=1 / s)[::-1])"),  # as the notebook does: relative errors count alike
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A loop over samples in NumPy becomes one matrix product. Which of these falls?",
        ("The number of multiplications and additions", "The number of calls from Python", "The error of the gradient"), 1,
        (
            "Each sample still needs the same ones. What falls is the overhead around them.",
            "One call for a thousand rows instead of a thousand: the arithmetic is the same, the overhead is not.",
            "Both compute the same sum, up to rounding.",
        ),
    ),
    Question(
        "A network of 64 units takes longer on a GPU than on the CPU. Why?",
        (
            "GPUs compute less exactly", "Starting each call costs more than its arithmetic", "The network does not fit into the memory of the GPU",
        ), 1,
        (
            "In float32 both round alike, to about seven figures.",
            "Each of some dozens of calls takes a few microseconds to start; the arithmetic takes less than one.",
            "A network of 64 units needs some kilobytes; a GPU has gigabytes.",
        ),
    ),
    Question(
        "Two processes share each batch and average their gradients. What must be equal to a training by one process?",
        ("The weights, up to rounding", "Half of each weight", "Only the final accuracy"), 0,
        (
            "The mean over both parts is the gradient of the joined batch, so every step is the same step.",
            "Gradients are averaged, not added up, and each process holds all the weights.",
            "More than that is equal: the weights after every step.",
        ),
    ),
    Question(
        "What does the bitter lesson say?",
        (
            "Knowledge about a problem is useless once a machine can learn", "In the end, methods that use more data and compute win",
            "Learned features win, however few the data",
        ), 1,
        (
            "With little data it was worth more than anything else, as measured in this chapter.",
            "Knowledge helps once; data and compute continue to grow.",
            "With few data they lose by a wide margin.",
        ),
    ),
)  # fmt: skip
