"""Exercises and quiz of chapter 00, the first steps: rules, data, learning."""

import numpy as np

from dlcourse import data
from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, function, near, several, texts
from dlcourse.exercises.judging import judge

KINDS = ("supervised", "unsupervised", "reinforcement")
GOOD = 80  # wrong of the 256 training tangerines, enough for a threshold chosen by hand


def training_box() -> tuple[np.ndarray, np.ndarray]:
    """Diameters in cm (256,) and ripeness (256,) of the training part."""
    part = data.split(data.tangerines()).train
    return part.x[:, 0].astype(float).round(1), part.y


def mistakes_of(threshold: float, size: np.ndarray, ripe: np.ndarray) -> int:
    """How many are sorted wrong; a threshold in float32 is meant as the size that it rounds."""
    on_it = size[near(threshold, size)]
    return int(((size > (on_it[0] if len(on_it) else threshold)) != ripe).sum())


def check_threshold(answer):
    threshold = float(array(answer, (), "The threshold"))
    size, ripe = training_box()
    wrong = mistakes_of(threshold, size, ripe)
    if wrong <= GOOD:
        return
    if not size.min() <= threshold < size.max():
        raise Wrong(f"{threshold:g} cm treats all tangerines alike; they measure {size.min()} to {size.max()} cm.")
    good = [t for t in np.unique(size) if mistakes_of(t, size, ripe) <= GOOD]
    side = "high: too many ripe ones are left" if threshold > max(good) else "low: too many unripe ones are sold"
    raise Wrong(f"{wrong} of {len(size)} are sorted wrong; at most {GOOD} may be. This threshold is too {side}.")


def check_sorter(answer):
    cases = (
        (np.array([6.8, 7.6, 5.1, 7.4, 9.3, 7.5]), 7.5),
        (np.array([6.8, 6.9, 15.2, 6.7, 3.0, 6.8, 7.2]), 6.8),
        (np.array([4.0]), 5.25),
        (np.array([5, 8, 6]), 6),
    )
    judge(answer, cases, "size threshold", lambda size, t: size > t, (
        ("On the threshold itself the rule is >: a tangerine of exactly that size is left on the tree.", lambda size, t: size >= t),
        ("This sells the small ones. 1 is for those above the threshold.", lambda size, t: size <= t),
        ("This sells the small ones. 1 is for those above the threshold.", lambda size, t: size < t),
        ("You always compare with 7.5; compare with the argument `threshold`.", lambda size, t: size > 7.5),
        ("These are the sizes that are sold. Return a 1 or a 0 for every size.", lambda size, t: size[size > t]),
        ("You count how many are sold. Return a 1 or a 0 for every size.", lambda size, t: (size > t).sum()),
    ))  # fmt: skip


def check_confusion(answer):
    cases = [
        (np.repeat([0, 0, 1, 1], [5, 3, 1, 2])[order], np.repeat([0, 1, 0, 1], [5, 3, 1, 2])[order])
        for order in (np.arange(11), np.random.default_rng(1).permutation(11)[:9])
    ]
    cases += [(np.array([1, 1, 1]), np.array([1, 0, 1])), (np.array([0, 1]), np.array([0, 0]))]

    def table(ripe, sold):
        return np.array([[np.sum((ripe == t) & (sold == a)) for a in (0, 1)] for t in (0, 1)])

    judge(answer, cases, "ripe sold", table, (
        ("Rows and columns are exchanged: one row per truth, one column per answer.", lambda r, s: table(r, s).T),
        ("The first row and the first column must be those of 0 (unripe, left); yours come last.", lambda r, s: table(r, s)[::-1, ::-1]),
        ("The rows are exchanged: the unripe ones (truth 0) come first.", lambda r, s: table(r, s)[::-1]),
        ("The columns are exchanged: those that are left (answer 0) come first.", lambda r, s: table(r, s)[:, ::-1]),
        ("These are shares. Counts are asked for.", lambda r, s: table(r, s) / len(r)),
        ("The four counts are right. Arrange them in two rows, an array of shape (2, 2).", lambda r, s: table(r, s).ravel()),
    ), "The table")  # fmt: skip


def check_parts(answer):
    parts = np.array(several(answer, ("The number for training", "for validation", "for the test"), verb="Give"))
    seen = (
        ((600, 200, 200), "The second 20% are taken from what is left, 800 rows, not from all 1,000."),
        ((640, 200, 160), "The first 20%, of all 1,000, are the test rows; the validation rows come second."),
        ((512, 128, 160), "You have put 20% aside three times; it is done twice."),
        ((64, 16, 20), "These are percentages. How many of the 1,000 rows are they?"),
        ((0.64, 0.16, 0.2), "These are shares. How many of the 1,000 rows are they?"),
        ((800, 160, 200), "160 of the 800 are put aside for validation, so they are no longer in the training part."),
    )
    right = np.array([640, 160, 200])
    if close(parts, right):
        return
    for numbers, words in seen:
        if close(parts, np.array(numbers)):
            raise Wrong(words)
    if close(np.sort(parts), np.sort(right)):
        raise Wrong("The three numbers are right, but not their order: training, validation, test.")
    total = "" if close(parts.sum(), 1000) else f"The three parts add up to {parts.sum():g}, not to 1,000. "
    raise Wrong(f"{total}Put 20% of 1,000 rows aside for the test, then 20% of the remaining rows for validation.")


def check_kinds(answer):
    right = ("supervised", "unsupervised", "reinforcement") * 2
    given = [kind.strip().lower().removesuffix("learning").strip() for kind in texts(answer, 6)]
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
    cases = ((1.5, -10.2), (0.5, -3.0), (-2.0, 9.0), (4.0, 2.0), (-30.0, -4.5))
    judge(answer, cases, "w b", lambda w, b: -b / w, (
        ("The sign is wrong: w·d + b = 0 gives d = −b/w.", lambda w, b: b / w),
        ("The sign is wrong, for a negative quotient only: a threshold may be negative.", lambda w, b: abs(b / w)),
        ("The fraction is upside down: divide by w, the number that multiplies d.", lambda w, b: -w / b),
        ("The fraction is upside down: divide by w, the number that multiplies d.", lambda w, b: w / b),
        ("This is right only for w = 1; w·d = −b must still be divided by w.", lambda w, b: -b),
        ("You solved z = 0.5. The probability is one half where z is 0, because σ(0) = 0.5.", lambda w, b: (0.5 - b) / w),
    ), "The threshold")  # fmt: skip
    judge(answer, ((2.0, 0.0),), "w b", lambda w, b: 0.0, names="The threshold")


def _step(w, b, x, y, rate, error=None):
    error = 1 / (1 + np.exp(-(w * x + b))) - y if error is None else error
    return np.array([np.mean(error * x), np.mean(error)])  # the slopes


def _w_first(w, b, x, y, rate):
    new = w - rate * _step(w, b, x, y, rate)[0]
    return new, b - rate * _step(new, b, x, y, rate)[1]


def check_step(answer):
    rng = np.random.default_rng(2)
    cases = [
        (float(w), float(b), rng.normal(size=n).round(1), (rng.uniform(size=n) < 0.5).astype(float), rate)
        for n, w, b, rate in ((5, 0.7, -0.4, 0.5), (12, -1.2, 0.3, 0.1), (3, 2.0, 1.5, 3.0))
    ]
    cases.append((0.5, -0.25, np.array([2.0]), np.array([1.0]), 0.5))

    def moved(change):
        return lambda w, b, x, y, rate: np.array([w, b]) + change(w, b, x, y, rate)

    judge(answer, cases, "w b x y rate", moved(lambda *a: -a[4] * _step(*a)), (
        ("This goes uphill: subtract the slope.", moved(lambda *a: a[4] * _step(*a))),
        ("The rate is missing: a step is rate · slope.", moved(lambda *a: -_step(*a))),
        ("You added the slopes of all samples; take their mean.", moved(lambda *a: -a[4] * len(a[2]) * _step(*a))),
        ("The sigmoid is missing: the error is p − y with p = σ(w·x + b).", moved(lambda *a: -a[4] * _step(*a, a[0] * a[2] + a[1] - a[3]))),
        ("w is right. The slope for b is the mean of p − y, without x.", moved(lambda *a: -a[4] * _step(*a)[0] * np.ones(2))),
        ("w is right. b must move as well; its slope is the mean of p − y.", moved(lambda *a: -a[4] * _step(*a) * [1, 0])),
        ("w is right. For b, use the p of the old w: compute p once, and then both new numbers.", _w_first),
        ("These are the slopes. Take a step: subtract rate · slope from w and from b.", lambda *a: _step(*a)),
        ("The order is reversed: first the new w, then the new b.", lambda *a: (np.array(a[:2]) - a[4] * _step(*a))[::-1]),
    ), ("The new w", "The new b"))  # fmt: skip


def check_search(answer):
    f = function(answer)
    rng = np.random.default_rng(3)
    boxes = [training_box(), (np.array([6.0, 7.5, 8.0, 5.0]), np.array([0, 1, 1, 0]))]
    for middle in (6.0, 7.3):
        size = rng.normal(7, 1, 60).round(1)
        boxes.append((size, (size + rng.normal(0, 0.6, 60) > middle).astype(int)))
    boxes.append((np.array([6.5, 6.5, 7, 7, 7, 7.5]), np.array([0, 1, 0, 1, 1, 1])))
    got = [float(array(call(f, size, ripe), (), "The threshold")) for size, ripe in boxes]
    counts = [{t: mistakes_of(t, *box) for t in (box[0].min() - 1, *np.unique(box[0]))} for box in boxes]
    mine = [mistakes_of(t, *box) for t, box in zip(got, boxes, strict=True)]
    least = [min(count.values()) for count in counts]
    if mine == least:
        return
    for words, mistake in (
        ("You return how many are wrong; return the threshold at which it happens.", lambda s, r, n: [min(n.values())]),
        ("This is a position in a list; return the threshold that stands there.", lambda s, r, n: [list(n.values())[1:].index(min(n.values()))]),
        ("This is a position in a list; return the threshold that stands there.", lambda s, r, n: [[n[t] for t in s].index(min(n.values()))]),
        ("This threshold gets the most wrong: look for the least.", lambda s, r, n: [t for t in s if n[t] == max(n[t] for t in s)]),
        ("You count with ≥; the sorter sells only what is larger than the threshold.", lambda s, r, n: _least_with_ties(s, r)),
        ("Half-way between the two means is a good guess, but not the least: try every threshold.", lambda s, r, n: [(s[r == 1].mean() + s[r == 0].mean()) / 2]),
    ):  # fmt: skip
        if all(near(g, mistake(*box, n)).any() for g, box, n in zip(got, boxes, counts, strict=True)):
            raise Wrong(words)
    for t, m, fewest, (size, _) in zip(got, mine, least, boxes, strict=True):
        if m != fewest:
            raise Wrong(f"In a box of {len(size)}, {t:g} cm sorts {m} wrong; there is a threshold with only {fewest}.")


def _least_with_ties(size, ripe):
    wrong = {t: ((size >= t) != ripe).sum() for t in size}
    return [t for t in wrong if wrong[t] == min(wrong.values())]


EXERCISES = (
    Exercise(
        "00.1", "A threshold better than 7.5 cm", "threshold", check_threshold,
        (
            "In the sorter, the lower picture shows the share of wrong decisions for every threshold. Where is it low?",
            "7.5 cm leaves too many ripe ones on the tree: choose a lower threshold.",
            "Write threshold = 7.2, check it, and go on in small steps as long as fewer are wrong.",
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
            "size > threshold gives one True or False per tangerine.",
            "Begin with sold = size > threshold; .astype(int) turns True into 1 and False into 0.",
        ),
        "def sort_by_size(size, threshold):\n    return (size > threshold).astype(int)",
        "answer = lambda size, threshold: np.array([1 if s > threshold else 0 for s in size])",
        (
            ("answer = lambda s, t: (s >= t) * 1", "On the threshold"), ("answer = lambda s, t: (s < t) * 1", "small ones"),
            ("answer = lambda s, t: (s > 7.5) * 1", "always compare with 7.5"),
            ("answer = lambda s, t: s[s > t]", "the sizes that are sold"), ("answer = lambda s, t: int((s > t).sum())", "count how many"),
        ),
    ),
    Exercise(
        "00.3", "The confusion table", "confusion_table", check_confusion,
        (
            "Four counts: for each truth (0, 1) and each answer (0, 1), how many fruits have both.",
            "np.sum((ripe == 0) & (sold == 1)) counts the unripe ones that were sold.",
            "Begin with table = np.zeros((2, 2)). Its rows are the truth: [[unripe left, unripe sold], [ripe left, ripe sold]].",
        ),
        "def confusion_table(ripe, sold):\n    return np.array([[np.sum((ripe == t) & (sold == a)) for a in (0, 1)] for t in (0, 1)])",
        "answer = lambda ripe, sold: np.bincount(2 * ripe + sold, minlength=4).reshape(2, 2)",
        (
            ("answer = lambda r, s: np.bincount(2 * s + r, minlength=4).reshape(2, 2)", "one row per truth"),
            ("answer = lambda r, s: np.bincount(3 - 2 * r - s, minlength=4).reshape(2, 2)", "yours come last"),
            ("answer = lambda r, s: np.bincount(2 * r + s, minlength=4).reshape(2, 2) / len(r)", "shares"),
            ("answer = lambda r, s: np.bincount(2 * (1 - r) + s, minlength=4).reshape(2, 2)", "The rows are"),
            ("answer = lambda r, s: np.bincount(2 * r + 1 - s, minlength=4).reshape(2, 2)", "The columns are"),
            ("answer = lambda r, s: np.bincount(2 * r + s, minlength=4)", "two rows"),
        ),
    ),
    Exercise(
        "00.4", "80/20, then again", "three_parts", check_parts,
        (
            "First the test part: 20% of 1,000.",
            "Then 20% of what is left, for validation.",
            "Begin with test = 0.2 * 1000. What is left after both cuts is for training, the first of the three numbers.",
        ),
        "three_parts = (640, 160, 200)", "answer = np.array([0.8 * 0.8, 0.8 * 0.2, 0.2]) * 1000",
        (
            ("answer = (600, 200, 200)", "what is left"), ("answer = (200, 160, 640)", "not their order"),
            ("answer = (640, 200, 160)", "The first 20%"), ("answer = (512, 128, 160)", "three times"),
            ("answer = (64, 16, 20)", "percentages"), ("answer = (800, 160, 200)", "no longer in"), ("answer = (700, 150, 200)", "add up to 1050"),
        ),
    ),
    Exercise(
        "00.5", "Which kind of learning?", "kinds", check_kinds,
        (
            "Ask of each: does somebody give the right answers? Does nobody say anything? Is there a reward after a try?",
            "Two of the six are supervised, two unsupervised, two reinforcement.",
            "Number 1 comes with a diagnosis for each picture, so the list begins with 'supervised'.",
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
            "The unit outputs p = σ(w·d + b). It is undecided at p = ½.",
            "σ(0) = ½, so we look for w·d + b = 0.",
            "Begin with w·d = −b. What must be done to both sides?",
        ),
        "def undecided(w, b):\n    return -b / w", "answer = lambda w, b: (0 - b) * w ** -1.0",
        (
            ("answer = lambda w, b: b / w", "The sign"), ("answer = lambda w, b: -w / b", "upside down"),
            ("answer = lambda w, b: -b", "only for w = 1"), ("answer = lambda w, b: (0.5 - b) / w", "solved z = 0.5"),
        ),
    ),
    Exercise(
        "00.7", "One step of learning", "one_step", check_step,
        (
            "First the probabilities p = σ(w·x + b) of all samples. Each weight then moves against its own slope.",
            "The slope for w is np.mean((p - y) * x), that for b is np.mean(p - y).",
            "Begin with p = 1 / (1 + np.exp(-(w * x + b))); compute both new numbers from this p.",
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
            ("def answer(w, b, x, y, r):\n    e = 1 / (1 + np.exp(-w * x - b)) - y\n    return w - r * (e * x).mean(), b", "b must move"),
            ("def answer(w, b, x, y, r):\n    w = w - r * ((1 / (1 + np.exp(-w * x - b)) - y) * x).mean()\n    return w, b - r * (1 / (1 + np.exp(-w * x - b)) - y).mean()", "p of the old w"),
            ("def answer(w, b, x, y, r):\n    e = 1 / (1 + np.exp(-w * x - b)) - y\n    return (e * x).mean(), e.mean()", "These are the slopes"),
        ),
    ),
    Exercise(
        "00.8", "A machine that finds its own threshold", "find_threshold", check_search,
        (
            "Try every diameter that occurs as a threshold, count the wrong ones, and keep the best.",
            "np.unique(size) lists the diameters; (size > t) != ripe is True where the threshold t is wrong.",
            "Begin with best, least = None, len(size) + 1, and loop over the thresholds: for t in np.unique(size): …",
        ),
        "def find_threshold(size, ripe):\n    return min(np.unique(size), key=lambda t: np.sum((size > t) != ripe))",
        "def answer(size, ripe):\n    best, least = None, len(size) + 1\n    for t in sorted(size):\n"
        "        wrong = sum(int(s > t) != r for s, r in zip(size, ripe))\n        if wrong < least:\n"
        "            best, least = t, wrong\n    return best",
        (
            ("answer = lambda s, r: max(np.unique(s), key=lambda t: np.sum((s > t) != r))", "the most wrong"),
            ("answer = lambda s, r: min(np.sum((s > t) != r) for t in np.unique(s))", "how many are wrong"),
            ("answer = lambda s, r: np.argmin([np.sum((s > t) != r) for t in np.unique(s)])", "position in a list"),
            ("answer = lambda s, r: (s[r == 1].mean() + s[r == 0].mean()) / 2", "Half-way"),
            ("answer = lambda s, r: min(np.unique(s), key=lambda t: np.sum((s >= t) != r))", "count with ≥"),
            ("answer = lambda s, r: np.median(s)", "In a box of 256"),
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
            "Artificial intelligence and machine learning mean the same",
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
            "It holds the fruit that are the most difficult to sort",
            "Sorting it takes too much time to be repeated",
            "A choice made by it would look too good",
        ), 2,
        (
            "It is drawn at random; nobody knows what it holds.",
            "Eighty tangerines are sorted in a moment.",
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
        ("Supervised learning, by examples", "Unsupervised learning, by similarity", "Reinforcement learning"), 2,
        (
            "Then somebody would have to tell it the right move.",
            "Then it would hear nothing at all.",
            "Nobody shows the right move; a reward follows the one that was tried.",
        ),
    ),
)  # fmt: skip
