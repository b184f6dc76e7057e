"""Exercises and quiz of chapter 00, the first steps: rules, data, learning."""

import numpy as np

from dlcourse import data
from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, function

KINDS = ("supervised", "unsupervised", "reinforcement")
BEST, GOOD = 77, 80  # wrong of the 256 training tangerines at the best threshold, and enough for a hand


def training_box() -> tuple[np.ndarray, np.ndarray]:
    """Diameters in cm (256,) and ripeness (256,) of the training part."""
    part = data.split(data.tangerines()).train
    return part.x[:, 0].astype(float).round(1), part.y


def check_threshold(answer):
    threshold = float(array(answer, (), "The threshold"))
    size, ripe = training_box()
    wrong = int(((size > threshold) != ripe).sum())
    if wrong <= GOOD:
        return
    if not size.min() <= threshold <= size.max():
        raise Wrong(f"{threshold:g} cm treats all tangerines alike; they measure {size.min()} to {size.max()} cm.")
    left, sold = int(((size <= threshold) & (ripe == 1)).sum()), int(((size > threshold) & (ripe == 0)).sum())
    side = f"too high: {left} ripe ones are left" if left > sold else f"too low: {sold} unripe ones are sold"
    raise Wrong(f"{wrong} of 256 are wrong; {GOOD} are allowed. The threshold is {side}.")


def check_sorter(answer):
    f = function(answer)
    rng = np.random.default_rng(0)
    for threshold in (7.5, 6.8, 5.25):
        size = np.r_[rng.normal(7, 1, 20).round(1), threshold]
        sold = array(call(f, size, threshold), size.shape, "What your function returns")
        if close(sold, size > threshold):
            continue
        if close(sold, size >= threshold):
            raise Wrong("On the threshold itself our rule is >: a tangerine of just that size is left.")
        if close(sold, size <= threshold) or close(sold, size < threshold):
            raise Wrong("This sells the small ones. 1 is for those above the threshold.")
        if close(sold, size > 7.5):
            raise Wrong("You compare with 7.5 always; compare with the argument threshold.")
        raise Wrong(f"For the threshold {threshold} some answers are not right; 1 above it, else 0.")


def check_confusion(answer):
    f = function(answer)
    rng = np.random.default_rng(1)
    for share in (0.3, 0.6, 0.8):
        ripe, sold = (rng.uniform(size=(2, 40)) < [[share], [0.4]]).astype(int)
        want = np.array([[np.sum((ripe == t) & (sold == a)) for a in (0, 1)] for t in (0, 1)])
        got = array(call(f, ripe, sold), (2, 2), "What your function returns")
        if close(got, want):
            continue
        if close(got, want.T):
            raise Wrong("Rows and columns are exchanged: a row for each truth, a column for each answer.")
        if close(got, want[::-1, ::-1]):
            raise Wrong("Upside down: the first row and column are those of 0, unripe and left.")
        if close(got, want / 40):
            raise Wrong("These are shares. Counts are asked for.")
        raise Wrong(f"For one box it should be {want.tolist()}; you have {got.tolist()}.")


def check_parts(answer):
    parts = array(answer, (3,), "(training, validation, test)")
    if close(parts, np.array([640, 160, 200])):
        return
    if close(parts, np.array([600, 200, 200])):
        raise Wrong("The second 20% are taken from what is left, 800 rows, not from all 1,000.")
    if close(parts, np.array([640, 200, 160])):
        raise Wrong("The test rows are taken first, from all 1,000; validation comes second.")
    if close(np.sort(parts), np.array([160, 200, 640])):
        raise Wrong("The three numbers are right, but not their order: training, validation, test.")
    if close(parts, np.array([512, 128, 160])):
        raise Wrong("You have put 20% aside three times; it is done twice.")
    raise Wrong(f"They add up to {parts.sum():g}. Put 20% of 1,000 aside for the test, then 20% of the rest.")


def check_kinds(answer):
    right = ("supervised", "unsupervised", "reinforcement", "supervised", "unsupervised", "reinforcement")
    if not isinstance(answer, (tuple, list)) or len(answer) != 6 or not all(isinstance(kind, str) for kind in answer):
        raise Wrong(f"Give a list of six words, each one of {', '.join(KINDS)}.")
    given = [kind.strip().lower() for kind in answer]
    unknown = [kind for kind in given if kind not in KINDS]
    if unknown:
        raise Wrong(f"{unknown[0]!r} is none of the three words {', '.join(KINDS)}.")
    wrong = [number for number, (kind, want) in enumerate(zip(given, right, strict=True), 1) if kind != want]
    if not wrong:
        return
    reasons = {
        "supervised": "somebody has given the right answer to each example",
        "unsupervised": "there are examples, and nobody has said what they are",
        "reinforcement": "nobody shows the right move; a reward follows what was tried",
    }
    which = f"Number {wrong[0]} is not {given[wrong[0] - 1]}"
    raise Wrong(f"{which}: there, {reasons[right[wrong[0] - 1]]}. Right so far: {6 - len(wrong)} of 6.")


def check_crossing(answer):
    f = function(answer)
    for w, b in ((1.5, -10.2), (0.5, -3.0), (-2.0, 9.0), (4.0, 2.0)):
        got = array(call(f, w, b), (), "The threshold")
        if close(got, -b / w):
            continue
        if close(got, b / w):
            raise Wrong("The sign: w·d + b = 0 gives d = −b/w.")
        if close(got, -w / b) or close(got, w / b):
            raise Wrong("Turned over: divide by w, the number that stands before d.")
        if close(got, -b):
            raise Wrong("This is right for w = 1 only; w·d = −b must still be divided by w.")
        if close(got, (0.5 - b) / w):
            raise Wrong("You solved z = 0.5. The probability is one half where z is 0, because σ(0) = 0.5.")
        raise Wrong(f"For w = {w}, b = {b} the unit says one half at {-b / w:g} cm; you have {got:g}.")


def check_step(answer):
    f = function(answer)
    rng = np.random.default_rng(2)
    for _ in range(3):
        x, y = rng.normal(size=12), (rng.uniform(size=12) < 0.5).astype(float)
        w, b, rate = rng.normal(), rng.normal(), rng.uniform(0.1, 0.9)
        result = call(f, w, b, x, y, rate)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise Wrong("Return two things: the new w and the new b.")
        got = np.array([array(part, (), name) for part, name in zip(result, ("The new w", "The new b"), strict=True)])
        error, old = 1 / (1 + np.exp(-(w * x + b))) - y, np.array([w, b])
        slopes = np.array([np.mean(error * x), np.mean(error)])
        _compare_step(got, old, slopes, rate, np.mean((w * x + b - y) * x), len(x))


def _compare_step(got, old, slopes, rate, without_sigmoid, count):
    if close(got, old - rate * slopes):
        return
    if close(got, old + rate * slopes):
        raise Wrong("This goes uphill: subtract the slope.")
    if close(got, old - slopes):
        raise Wrong("The rate is missing: a step is rate · slope.")
    if close(got, old - rate * count * slopes):
        raise Wrong("You added the slopes of all samples; take their mean.")
    if close(got[0], old[0] - rate * without_sigmoid):
        raise Wrong("The sigmoid is missing: the error is p − y with p = σ(w·x + b).")
    if close(got[0], old[0] - rate * slopes[0]):
        raise Wrong("w is right. The slope for b is the mean of p − y, without x.")
    raise Wrong("w − rate · mean((p − y)·x) and b − rate · mean(p − y), both with the old p, are asked for.")


def check_search(answer):
    f = function(answer)
    rng = np.random.default_rng(3)
    boxes = [training_box()]
    for middle in (6.0, 7.3):
        size = rng.normal(7, 1, 60).round(1)
        boxes.append((size, (size + rng.normal(0, 0.6, 60) > middle).astype(int)))
    for size, ripe in boxes:
        got = float(array(call(f, size, ripe), (), "The threshold"))
        candidates = np.r_[size.min() - 1, np.unique(size)]
        wrong = np.array([((size > t) != ripe).sum() for t in candidates])
        mine = int(((size > got) != ripe).sum())
        if mine == wrong.min():
            continue
        if got == wrong.min():
            raise Wrong("You return how many are wrong; return the threshold at which it happens.")
        if got in range(len(candidates)) and got not in size:
            raise Wrong("This looks like the place in a list; return the threshold that stands there.")
        if mine == wrong.max():
            raise Wrong("This threshold gets the most wrong: look for the least.")
        if np.isclose(got, (size[ripe == 1].mean() + size[ripe == 0].mean()) / 2):
            raise Wrong("Half-way between the two means is a good guess, but not the least: try every threshold.")
        raise Wrong(f"With {got:g} cm {mine} of {len(size)} are wrong; there is a threshold with {wrong.min()}.")


EXERCISES = (
    Exercise(
        "00.1", "A threshold better than 7.5 cm", "threshold", check_threshold,
        (
            "In the sorter the lower picture shows the share wrong for every threshold. Where is it low?",
            "7.5 cm leaves 87 ripe ones on the tree: go down.",
            "Anything from 6.6 to 7 cm is worth a try.",
        ),
        "threshold = 6.8", "answer = np.array(6.75)",
        (
            ("answer = 7.5", "too high"), ("answer = 6.0", "too low"), ("answer = 68", "alike"),
        ),
    ),
    Exercise(
        "00.2", "The sorter as a function", "sort_by_size", check_sorter,
        (
            "A comparison of an array with a number compares each of its entries.",
            "size > threshold gives True and False.",
            ".astype(int) makes 1 and 0 of them.",
        ),
        "def sort_by_size(size, threshold):\n    return (size > threshold).astype(int)",
        "answer = lambda size, threshold: np.array([1 if s > threshold else 0 for s in size])",
        (
            ("answer = lambda s, t: (s >= t) * 1", "On the threshold"), ("answer = lambda s, t: (s < t) * 1", "small ones"),
            ("answer = lambda s, t: (s > 7.5) * 1", "7.5 always"),
        ),
    ),
    Exercise(
        "00.3", "The confusion table", "confusion_table", check_confusion,
        (
            "Four counts: for each truth (0, 1) and each answer (0, 1), how many fruits have both.",
            "np.sum((ripe == 0) & (sold == 1)) counts the unripe ones that were sold.",
            "Rows are the truth: [[unripe left, unripe sold], [ripe left, ripe sold]].",
        ),
        "def confusion_table(ripe, sold):\n    return np.array([[np.sum((ripe == t) & (sold == a)) for a in (0, 1)] for t in (0, 1)])",
        "answer = lambda ripe, sold: np.bincount(2 * ripe + sold, minlength=4).reshape(2, 2)",
        (
            ("answer = lambda r, s: np.bincount(2 * s + r, minlength=4).reshape(2, 2)", "exchanged"),
            ("answer = lambda r, s: np.bincount(3 - 2 * r - s, minlength=4).reshape(2, 2)", "Upside down"),
            ("answer = lambda r, s: np.bincount(2 * r + s, minlength=4).reshape(2, 2) / len(r)", "shares"),
        ),
    ),
    Exercise(
        "00.4", "80/20, then again", "three_parts", check_parts,
        (
            "First the test part: 20% of 1,000.",
            "Then 20% of what is left, for validation.",
            "The remainder is for training. Give (training, validation, test).",
        ),
        "three_parts = (640, 160, 200)", "answer = np.array([0.8 * 0.8, 0.8 * 0.2, 0.2]) * 1000",
        (
            ("answer = (600, 200, 200)", "what is left"), ("answer = (200, 160, 640)", "not their order"),
            ("answer = (640, 200, 160)", "taken first"), ("answer = (512, 128, 160)", "three times"),
        ),
    ),
    Exercise(
        "00.5", "Which kind of learning?", "kinds", check_kinds,
        (
            "Ask of each: does somebody give the right answers? Does nobody say anything? Is there a reward after a try?",
            "Two of the six are supervised, two unsupervised, two reinforcement.",
            "1 and 4 come with answers, 2 and 5 without any, 3 and 6 with a reward.",
        ),
        "kinds = ['supervised', 'unsupervised', 'reinforcement'] * 2",
        "answer = ('Supervised', 'Unsupervised', 'Reinforcement', 'Supervised', 'Unsupervised', 'Reinforcement')",
        (
            ("answer = ['supervised'] * 6", "Number 2 is not supervised"),
            ("answer = ['supervised', 'unsupervised'] * 3", "Number 3 is not supervised"),
            ("answer = ['unsupervised', 'supervised', 'reinforcement'] * 2", "Number 1 is not unsupervised"),
            ("answer = ['deep'] * 6", "none of the three words"),
        ),
    ),
    Exercise(
        "00.6", "The threshold of a unit", "undecided", check_crossing,
        (
            "The unit says p = σ(w·d + b). It is undecided at p = ½.",
            "σ(0) = ½, so we look for w·d + b = 0.",
            "Subtract b, divide by w.",
        ),
        "def undecided(w, b):\n    return -b / w", "answer = lambda w, b: (0 - b) * w ** -1.0",
        (
            ("answer = lambda w, b: b / w", "The sign"), ("answer = lambda w, b: -w / b", "Turned over"),
            ("answer = lambda w, b: -b", "w = 1 only"), ("answer = lambda w, b: (0.5 - b) / w", "solved z = 0.5"),
        ),
    ),
    Exercise(
        "00.7", "One step of learning", "one_step", check_step,
        (
            "First the probabilities of all samples: p = 1 / (1 + np.exp(-(w * x + b))).",
            "The slope for w is np.mean((p - y) * x), that for b is np.mean(p - y).",
            "Subtract rate · slope from each, and return both new numbers.",
        ),
        "def one_step(w, b, x, y, rate):\n    p = 1 / (1 + np.exp(-(w * x + b)))\n"
        "    return w - rate * np.mean((p - y) * x), b - rate * np.mean(p - y)",
        "def answer(w, b, x, y, rate):\n    error = 0.5 + 0.5 * np.tanh((w * x + b) / 2) - y\n"
        "    return [w - rate * (error @ x) / len(x), b - rate * error.sum() / len(x)]",
        (
            ("def answer(w, b, x, y, r):\n    e = 1 / (1 + np.exp(-w * x - b)) - y\n    return w + r * (e * x).mean(), b + r * e.mean()", "uphill"),
            ("def answer(w, b, x, y, r):\n    e = 1 / (1 + np.exp(-w * x - b)) - y\n    return w - (e * x).mean(), b - e.mean()", "rate is missing"),
            ("def answer(w, b, x, y, r):\n    e = 1 / (1 + np.exp(-w * x - b)) - y\n    return w - r * (e * x).sum(), b - r * e.sum()", "take their mean"),
            ("def answer(w, b, x, y, r):\n    e = w * x + b - y\n    return w - r * (e * x).mean(), b - r * e.mean()", "sigmoid is missing"),
            ("def answer(w, b, x, y, r):\n    e = 1 / (1 + np.exp(-w * x - b)) - y\n    return w - r * (e * x).mean(), b - r * (e * x).mean()", "without x"),
        ),
    ),
    Exercise(
        "00.8", "A machine that finds its own threshold", "find_threshold", check_search,
        (
            "Try every diameter that occurs as a threshold; np.unique(size) lists them.",
            "For each one count the wrong: np.sum((size > t) != ripe).",
            "min(candidates, key=...) gives the candidate with the smallest value of a function.",
        ),
        "def find_threshold(size, ripe):\n    return min(np.unique(size), key=lambda t: np.sum((size > t) != ripe))",
        "def answer(size, ripe):\n    best, least = None, len(size) + 1\n    for t in sorted(size):\n"
        "        wrong = sum(int(s > t) != r for s, r in zip(size, ripe))\n        if wrong < least:\n"
        "            best, least = t, wrong\n    return best",
        (
            ("answer = lambda s, r: max(np.unique(s), key=lambda t: np.sum((s > t) != r))", "the most wrong"),
            ("answer = lambda s, r: min(np.sum((s > t) != r) for t in np.unique(s))", "how many are wrong"),
            ("answer = lambda s, r: np.argmin([np.sum((s > t) != r) for t in np.unique(s)])", "place in a list"),
            ("answer = lambda s, r: (s[r == 1].mean() + s[r == 0].mean()) / 2", "Half-way"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "What makes a program a learning program?",
        ("It is very large", "Its rule is found from data", "It contains a neural network", "It is never wrong"), 1,
        (
            "The threshold finder is a single line, and it learns.",
            "A person chooses the kind of rule; the data choose its numbers.",
            "A network is one kind of model. A single threshold can be learned, too.",
            "No threshold was right for the whole box, and the machine still learned the best one.",
        ),
    ),
    Question(
        "Which statement is right?",
        (
            "All of machine learning is deep learning", "All deep learning is machine learning",
            "Artificial intelligence and machine learning are two words for the same",
        ), 1,
        (
            "Our threshold was learned without any deep network.",
            "Deep learning is the part that uses networks of many layers.",
            "A chess program made of rules by hand is artificial intelligence, and learns nothing.",
        ),
    ),
    Question(
        "Why is the test part kept closed until the very end?",
        (
            "It holds the most difficult fruit", "To save time",
            "Because whoever chooses a model by it makes it look better than it is",
        ), 2,
        (
            "It is drawn at random; nobody knows what it holds.",
            "Eighty tangerines are sorted in no time.",
            "The best of many tries on the same fruit was partly lucky; on other fruit the luck is gone.",
        ),
    ),
    Question(
        "The learning line starts at 9 cm instead of 7.5 cm. Where does it end?",
        ("Near 9 cm", "At the same place", "Somewhere else every time"), 1,
        (
            "Press play in the sorter from there: it moves on as long as the loss has a slope.",
            "This loss has only one lowest point. Networks in later chapters have many.",
            "Nothing here is drawn at random: the same start gives the same path.",
        ),
    ),
    Question(
        "A robot tries moves and hears only how many points it has made. What is this?",
        ("Supervised learning", "Unsupervised learning", "Reinforcement learning"), 2,
        (
            "Then somebody would have to tell it the right move.",
            "Then it would hear nothing at all.",
            "Nobody shows the right move; a reward follows the one that was tried.",
        ),
    ),
)  # fmt: skip
