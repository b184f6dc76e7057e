"""Exercises and quiz of chapter 01, representation learning."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, function


def check_flat_index(answer):
    f = function(answer)
    for row, column, width in ((5, 12, 50), (0, 7, 8), (3, 0, 10), (99, 49, 50)):
        got = float(array(call(f, row, column, width), (), "The index"))
        right = row * width + column
        if got == right:
            continue
        if got == column * width + row:
            raise Wrong("Row and column are exchanged: a whole row of `width` numbers comes before the next row.")
        if got == right + 1:
            raise Wrong("You count from 1; rows, columns and the index are counted from 0.")
        if got == (row - 1) * width + column:
            raise Wrong("Row 5 has five rows before it, 0 to 4: multiply by row, not by row − 1.")
        if got == row + column:
            raise Wrong("Each row that lies before holds `width` numbers, not one.")
        raise Wrong(f"Row {row}, column {column} of a picture {width} wide has the index {right}; you have {got:g}.")


def check_rgb(answer):
    f = function(answer)
    for code in (0x008040, 0xFF7F00, 0x0000FF, 0x123456, 0):
        got = array(call(f, code), (3,), f"The colour of {code}")
        right = np.array([code >> 16, code >> 8 & 255, code & 255])
        if close(got, right):
            continue
        if close(got, right[::-1]):
            raise Wrong("The order is turned round: the first two hexadecimal digits are red, the last two blue.")
        if close(got, right / 255):
            raise Wrong("Right colour, other scale: whole numbers from 0 to 255 are asked for.")
        if close(got, np.array([code // 10000, code // 100 % 100, code % 100])):
            raise Wrong("You cut the decimal digits. Two hexadecimal digits are a factor of 256.")
        if close(got, np.array([code // 256**2, code // 256, code % 256])):
            raise Wrong("Green still holds red: take the rest modulo 256.")
        raise Wrong(f"#{code:06X} is {tuple(right.tolist())}; you have {tuple(got.tolist())}.")


def check_one_hot(answer):
    f = function(answer)
    for labels, classes in (([2, 0, 1], 4), ([1, 1, 0, 2, 3], 5), ([0], 2)):
        labels = np.array(labels)
        result = call(f, labels, classes)
        right, shape = np.eye(classes)[labels], getattr(result, "shape", None)
        if shape == right.T.shape != right.shape and close(array(result, shape), right.T):
            raise Wrong("This is transposed: one row for each label, one column for each class.")
        if shape == (len(labels), labels.max() + 1):
            raise Wrong("A class that does not occur here still has its column: there are `classes` columns.")
        got = array(result, right.shape, "What your function returns")
        if close(got, right):
            continue
        if close(got, np.roll(right, 1, axis=1)) or close(got, np.roll(right, -1, axis=1)):
            raise Wrong("The 1 stands one column away: class 0 has column 0.")
        if close(got, right * labels[:, None]):
            raise Wrong("The place says which class; what stands there is always 1, not the label.")
        if close(got, 1 - right):
            raise Wrong("Ones and zeros are exchanged.")
        raise Wrong(f"For labels {labels.tolist()} and {classes} classes the rows are {right.astype(int).tolist()}.")


def check_text_vector(answer):
    f = function(answer)
    rng = np.random.default_rng(0)
    for indices in ([3, 1, 4, 1], [0, 2], [4, 4, 4]):
        table = rng.normal(size=(5, 5))
        got = array(call(f, np.array(indices), table), (5,), "The vector of the text")
        rows = table[indices]
        if close(got, rows.mean(axis=0)):
            continue
        if close(got, rows.sum(axis=0)):
            raise Wrong("This is the sum: a text twice as long would have a vector twice as long. Take the mean.")
        if close(got, table[:, indices].mean(axis=1)):
            raise Wrong("A word's embedding is a row of the table; you took columns.")
        if close(got, table[sorted(set(indices))].mean(axis=0)):
            raise Wrong("A word that occurs twice counts twice.")
        if close(got, table.mean(axis=0)):
            raise Wrong("You took the mean of the whole table; only the words of the text count.")
        raise Wrong("It should be the mean of the rows of the table that the indices name.")


def check_hand_features(answer):
    f = function(answer)
    rng = np.random.default_rng(1)
    for n, height, width in ((2, 8, 6), (5, 4, 4), (1, 100, 50)):
        images = rng.uniform(size=(n, height, width, 3))
        half = height // 2
        right = np.concatenate([images[:, :half].mean((1, 2)), images[:, half:].mean((1, 2))], axis=1)
        got = array(call(f, images), (n, 6), "What your function returns")
        if close(got, right):
            continue
        if close(got, np.roll(right, 3, axis=1)):
            raise Wrong("Upper and lower part are exchanged: row 0 is the top of a picture.")
        sides = [images[:, :, : width // 2].mean((1, 2)), images[:, :, width // 2 :].mean((1, 2))]
        if close(got, np.concatenate(sides, axis=1)):
            raise Wrong("You cut into left and right; the rows are the second axis, (N, rows, columns, 3).")
        if close(got, np.stack([right[:, :3], right[:, 3:]], axis=2).reshape(n, 6)):
            raise Wrong("The order is R, G, B of the upper part, then R, G, B of the lower part.")
        raise Wrong("Expected for each picture: mean R, G, B of the upper half of the rows, then of the lower half.")


def check_neighbour(answer):
    f = function(answer)
    rng = np.random.default_rng(2)
    for k in (0, 4, 7):
        table = rng.normal(size=(8, 3)) * [1, 1, 3]
        got = float(array(call(f, k, table), (), "The row"))
        distances = np.hypot.reduce(table - table[k], axis=1)
        others = np.where(np.arange(8) == k, np.inf, distances)
        if got == others.argmin():
            continue
        if got == k:
            raise Wrong("You found the row itself: its distance to itself is 0. Leave it out.")
        if got == distances.argmax():
            raise Wrong("This is the row furthest away.")
        if got == np.where(np.arange(8) == k, -np.inf, table @ table[k]).argmax():
            raise Wrong("The largest product favours long rows; take the smallest distance.")
        raise Wrong(f"The row nearest to row {k} is row {others.argmin()}; you have {got:g}.")


def _probe_data(rng):
    centres = np.array([[4.0, 0.0], [4.0, 3.0], [7.0, 0.0]])
    y = np.repeat([0, 1, 2], 20)
    return centres[y] + rng.normal(scale=0.4, size=(60, 2)), y


def _least_squares(x, targets, others, bias: bool = True):
    widen = (lambda h: np.c_[h, np.ones(len(h))]) if bias else (lambda h: h)
    return widen(others) @ np.linalg.lstsq(widen(x), targets, rcond=None)[0]


def check_probe(answer):
    f = function(answer)
    rng = np.random.default_rng(3)
    for _ in range(3):
        (x, y), (others, truth) = _probe_data(rng), _probe_data(rng)
        result = call(f, x, y, others)
        if getattr(result, "shape", None) == (len(others), 3):
            raise Wrong("These are scores, one a class. Return the class of the largest score in each row.")
        got = array(result, (len(others),), "What your function returns")
        shares = [(got == truth).mean(), (got == truth[::-1]).mean()]
        if shares[0] >= 0.95:
            continue
        plain = _least_squares(x, np.eye(3)[y], others, bias=False).argmax(axis=1)
        if (got == plain).mean() > 0.98:
            raise Wrong("Without a bias every boundary passes through the origin: add a column of ones.")
        number = _least_squares(x, y.astype(float), others)
        if close(got, number) or (got == number.round()).mean() > 0.98:
            raise Wrong("You fitted the class number: that says class 1 lies between 0 and 2. Fit one-hot targets.")
        if shares[1] >= 0.95 or (got == got[0]).all():
            raise Wrong("The answers do not follow the rows of `others`.")
        raise Wrong(f"{shares[0]:.0%} of the others are read; a linear probe reads more than 95% here.")


EXERCISES = (
    Exercise(
        "01.1", "Where a pixel goes", "flat_index", check_flat_index,
        (
            "Before the pixel lie whole rows, and then some pixels of its own row.",
            "`row` whole rows of `width` pixels each, then `column` pixels.",
            "row * width + column.",
        ),
        "def flat_index(row, column, width):\n    return row * width + column",
        "answer = lambda row, column, width: np.arange((row + 1) * width).reshape(-1, width)[row, column]",
        (
            ("answer = lambda row, column, width: column * width + row", "exchanged"),
            ("answer = lambda row, column, width: row * width + column + 1", "count from 1"),
            ("answer = lambda row, column, width: (row - 1) * width + column", "not by row − 1"),
            ("answer = lambda row, column, width: row + column", "not one"),
            ("answer = lambda row, column, width: row * width", "has the index 262"),
        ),
    ),
    Exercise(
        "01.2", "A colour is one number", "rgb", check_rgb,
        (
            "Two hexadecimal digits are a number from 0 to 255: the code is red · 256² + green · 256 + blue.",
            "// divides without rest, % gives the rest.",
            "code // 65536, code // 256 % 256, code % 256.",
        ),
        "def rgb(code):\n    return code // 65536, code // 256 % 256, code % 256",
        "answer = lambda code: list(code.to_bytes(3, 'big'))",
        (
            ("answer = lambda code: (code % 256, code // 256 % 256, code // 65536)", "turned round"),
            ("answer = lambda code: (code // 65536 / 255, code // 256 % 256 / 255, code % 256 / 255)", "other scale"),
            ("answer = lambda code: (code // 10000, code // 100 % 100, code % 100)", "cut the decimal"),
            ("answer = lambda code: (code // 65536, code // 256, code % 256)", "still holds red"),
            ("answer = lambda code: (0, 128, 64)", "#FF7F00 is"),
        ),
    ),
    Exercise(
        "01.3", "One hot", "one_hot_rows", check_one_hot,
        (
            "One row a label, one column a class; a single 1 in each row.",
            "np.eye(classes) holds the row for every class already.",
            "np.eye(classes)[labels].",
        ),
        "def one_hot_rows(labels, classes):\n    return np.eye(classes)[labels]",
        "answer = lambda labels, classes: (labels[:, None] == np.arange(classes)).astype(int)",
        (
            ("answer = lambda labels, classes: np.eye(classes)[labels].T", "transposed"),
            ("answer = lambda labels, classes: np.eye(labels.max() + 1)[labels]", "still has its column"),
            ("answer = lambda labels, classes: np.roll(np.eye(classes)[labels], 1, axis=1)", "one column away"),
            ("answer = lambda labels, classes: np.eye(classes)[labels] * labels[:, None]", "always 1"),
            ("answer = lambda labels, classes: 1 - np.eye(classes)[labels]", "exchanged"),
            ("answer = lambda labels, classes: np.zeros((len(labels), classes))", "the rows are"),
        ),
    ),
    Exercise(
        "01.4", "A text as one vector", "text_vector", check_text_vector,
        (
            "An embedding is a table; the index of a word names its row.",
            "table[indices] holds one row for each word of the text.",
            "table[indices].mean(axis=0).",
        ),
        "def text_vector(indices, table):\n    return table[indices].mean(axis=0)  # (words, E) -> (E,)",
        "answer = lambda indices, table: np.bincount(indices, minlength=len(table)) @ table / len(indices)",
        (
            ("answer = lambda indices, table: table[indices].sum(axis=0)", "the sum"),
            ("answer = lambda indices, table: table[:, indices].mean(axis=1)", "took columns"),
            ("answer = lambda indices, table: table[np.unique(indices)].mean(axis=0)", "counts twice"),
            ("answer = lambda indices, table: table.mean(axis=0)", "whole table"),
            ("answer = lambda indices, table: table[indices].max(axis=0)", "mean of the rows"),
        ),
    ),
    Exercise(
        "01.5", "Features by hand", "features_by_hand", check_hand_features,
        (
            "images has the axes (picture, row, column, colour): cut the rows in two halves.",
            "images[:, :half] is the upper half; take the mean over rows and columns, axes 1 and 2.",
            "np.concatenate([images[:, :half].mean((1, 2)), images[:, half:].mean((1, 2))], axis=1).",
        ),
        "def features_by_hand(images):\n    half = images.shape[1] // 2\n"
        "    upper, lower = images[:, :half].mean(axis=(1, 2)), images[:, half:].mean(axis=(1, 2))  # (N, 3) each\n"
        "    return np.concatenate([upper, lower], axis=1)",
        "answer = lambda images: images.reshape(len(images), 2, -1, 3).mean(axis=2).reshape(len(images), 6)",
        (
            (
                "def answer(images):\n    half = images.shape[1] // 2\n"
                "    return np.concatenate([images[:, half:].mean((1, 2)), images[:, :half].mean((1, 2))], axis=1)",
                "Upper and lower",
            ),
            (
                "def answer(images):\n    half = images.shape[2] // 2\n"
                "    return np.concatenate([images[:, :, :half].mean((1, 2)), images[:, :, half:].mean((1, 2))], axis=1)",
                "left and right",
            ),
            (
                "def answer(images):\n    parts = images.reshape(len(images), 2, -1, 3).mean(axis=2)\n"
                "    return parts.transpose(0, 2, 1).reshape(len(images), 6)",
                "The order is R, G, B",
            ),
            ("answer = lambda images: images.mean((1, 2))", "must be 2 rows of 6 numbers"),
            ("answer = lambda images: np.tile(images.mean((1, 2)), 2)", "Expected for each picture"),
        ),
    ),
    Exercise(
        "01.6", "The nearest other picture", "neighbour", check_neighbour,
        (
            "Subtract row k from all rows; the length of each difference is the distance.",
            "Row k itself has the distance 0: set it to infinity before you look for the smallest.",
            "d = np.linalg.norm(table - table[k], axis=1); d[k] = np.inf; d.argmin().",
        ),
        "def neighbour(k, table):\n    distances = np.linalg.norm(table - table[k], axis=1)\n"
        "    distances[k] = np.inf\n    return distances.argmin()",
        "answer = lambda k, table: sorted(range(len(table)), key=lambda i: ((table[i] - table[k]) ** 2).sum())[1]",
        (
            ("answer = lambda k, table: np.linalg.norm(table - table[k], axis=1).argmin()", "the row itself"),
            ("answer = lambda k, table: np.linalg.norm(table - table[k], axis=1).argmax()", "furthest"),
            (
                "def answer(k, table):\n    products = table @ table[k]\n    products[k] = -np.inf\n"
                "    return products.argmax()",
                "favours long rows",
            ),
            ("answer = lambda k, table: (k + 2) % len(table)", "The row nearest to row"),
        ),
    ),
    Exercise(
        "01.7", "A linear probe", "my_probe", check_probe,
        (
            "A linear layer from the features to one score a class: one-hot targets, least squares.",
            "A column of ones behind the features gives the bias: np.c_[x, np.ones(len(x))].",
            "W = np.linalg.lstsq(inputs, np.eye(classes)[y], rcond=None)[0]; then argmax of the others' scores.",
        ),
        "def my_probe(x, y, others):\n    with_one = lambda h: np.c_[h, np.ones(len(h))]\n"
        "    W = np.linalg.lstsq(with_one(x), np.eye(y.max() + 1)[y], rcond=None)[0]\n"
        "    return (with_one(others) @ W).argmax(axis=1)",
        "def answer(x, y, others):\n    mean = x.mean(axis=0)\n    targets = np.eye(y.max() + 1)[y]\n"
        "    W = np.linalg.solve((x - mean).T @ (x - mean), (x - mean).T @ (targets - targets.mean(axis=0)))\n"
        "    return np.argmax((others - mean) @ W + targets.mean(axis=0), axis=1)",
        (
            (
                "def answer(x, y, others):\n    W = np.linalg.lstsq(x, np.eye(3)[y], rcond=None)[0]\n"
                "    return (others @ W).argmax(axis=1)",
                "column of ones",
            ),
            (
                "def answer(x, y, others):\n    one = lambda h: np.c_[h, np.ones(len(h))]\n"
                "    return (one(others) @ np.linalg.lstsq(one(x), y, rcond=None)[0]).round()",
                "class number",
            ),
            (
                "def answer(x, y, others):\n    one = lambda h: np.c_[h, np.ones(len(h))]\n"
                "    return one(others) @ np.linalg.lstsq(one(x), np.eye(3)[y], rcond=None)[0]",
                "These are scores",
            ),
            ("answer = lambda x, y, others: np.zeros(len(others))", "do not follow the rows"),
            ("answer = lambda x, y, others: np.arange(len(others)) % 3", "of the others are read"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A picture of 100 × 50 pixels is flattened row by row. Where is the pixel right below the one with index 120?",
        ("At 121", "At 170", "At 220"), 1,
        (
            "That is its neighbour on the right: within a row the index grows by 1.",
            "One row further down is one width further: 120 + 50.",
            "100 is the height. A row holds as many pixels as the picture is wide, 50.",
        ),
    ),
    Question(
        "We shuffle the pixels of all pictures in the same way and train a fully connected network anew. What happens?",
        ("It learns as well as before", "It learns nothing", "It learns only the colours"), 0,
        (
            "Each weight belongs to one pixel, wherever it lies: shuffled pixels get shuffled weights. It never knew who "
            "is whose neighbour.",
            "So it would be for us. The network sees 64 numbers, and their order means nothing to it.",
            "Every pixel is still there with its number; only the order has changed.",
        ),
    ),
    Question(
        "The classes cat, dog, car are written as 1, 2, 3 instead of one-hot. What does a linear model believe then?",
        ("Nothing special, numbers are numbers", "That a dog lies half-way between cat and car", "That cars matter most"), 1,
        (
            "A linear model adds and multiplies them: order and distance begin to mean something.",
            "(1 + 3)/2 = 2. One-hot vectors are all equally far from one another, so nothing of the kind is said.",
            "It is not about weight but about the order and the distances that the numbers bring in.",
        ),
    ),
    Question(
        "A linear probe reads 52% from the pixels and 82% from the third hidden layer. What has the network done?",
        (
            "Added information that the pixels lack", "Made plain for a line what was in the pixels already",
            "Learned the test pictures by heart",
        ), 1,
        (
            "The hidden layer is computed from the pixels: nothing can be in it that was not in them.",
            "The information was there, but tangled; afterwards a linear layer can read it.",
            "The probe is counted on pictures that neither network nor probe was fitted to.",
        ),
    ),
    Question(
        "A network is trained to tell odd digits from even ones. What does its last hidden layer do to 2 and 8?",
        ("Keeps them well apart", "Lets them fall together", "Nothing, they were not its task"), 1,
        (
            "It has no reason to: telling 2 from 8 does not help with its task.",
            "Both are even. A representation is good for a task; for another one it may be worse than the pixels.",
            "They were in the training, both with the answer “even”: that is what draws them together.",
        ),
    ),
)  # fmt: skip
