"""Exercises and quiz of chapter 01, representation learning."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function, whole
from dlcourse.exercises.judging import judge


def check_flat_index(answer):
    cases = ((5, 12, 50), (0, 7, 8), (3, 0, 10), (99, 49, 50), (2, 2, 3), (0, 0, 4))
    judge(answer, cases, "row column width", lambda row, column, width: row * width + column, (
        ("Row and column are exchanged: a whole row of `width` numbers comes before the next row.", lambda r, c, w: c * w + r),
        ("You count from 1; rows, columns and the index are counted from 0.", lambda r, c, w: r * w + c + 1),
        ("Row 5 has five rows before it, 0 to 4: multiply by row, not by row − 1.", lambda r, c, w: (r - 1) * w + c),
        ("Each row that lies before holds `width` numbers, not one.", lambda r, c, w: r + c),
        ("This is where the row begins; go `column` pixels further.", lambda r, c, w: r * w),
    ), "The index", take=whole)  # fmt: skip


def check_rgb(answer):
    cases = [(code,) for code in (0xFF7F00, 0x008040, 0x0000FF, 0x123456, 0, 0xFFFFFF, 0x00FF01, 0x010000)]
    judge(answer, cases, "code", lambda code: (code >> 16, code >> 8 & 255, code & 255), (
        ("The order is reversed: the first two hexadecimal digits are red, the last two blue.", lambda c: (c & 255, c >> 8 & 255, c >> 16)),
        ("The colour is right, the scale is not: whole numbers from 0 to 255 are asked for.", lambda c: ((c >> 16) / 255, (c >> 8 & 255) / 255, (c & 255) / 255)),
        ("You cut the decimal digits. Two hexadecimal digits are a factor of 256.", lambda c: (c // 10000, c // 100 % 100, c % 100)),
        ("Green still holds red: take the remainder modulo 256.", lambda c: (c // 256**2, c // 256, c % 256)),
        ("There are 256 values from 0 to 255: divide by 256, not by 255.", lambda c: (c // 255**2, c // 255 % 255, c % 255)),
    ), ("The red", "The green", "The blue"), take=whole)  # fmt: skip


def check_one_hot(answer):
    cases = [
        (np.array(labels), classes)
        for labels, classes in (([2, 0, 1], 4), ([1, 1, 0, 2, 3], 5), ([0], 2), ([2, 1, 2], 3))
    ]

    def rows(labels, classes):
        return np.eye(classes)[labels]

    judge(answer, cases, "labels classes", rows, (
        ("This is transposed: one row for each label, one column for each class.", lambda y, n: rows(y, n).T),
        ("A class that does not occur here still has its column: there are `classes` columns.", lambda y, n: rows(y, y.max() + 1)),
        ("The 1 stands one column too far to the right: class 0 has column 0.", lambda y, n: np.roll(rows(y, n), 1, axis=1)),
        ("The 1 stands one column too far to the left: class 0 has column 0.", lambda y, n: np.roll(rows(y, n), -1, axis=1)),
        ("The place says which class; what stands there is always 1, not the label.", lambda y, n: rows(y, n) * y[:, None]),
        ("Ones and zeros are exchanged.", lambda y, n: 1 - rows(y, n)),
    ), "The result")  # fmt: skip


def check_text_vector(answer):
    rng = np.random.default_rng(0)
    cases = [
        (np.array(words), rng.normal(size=(6, 5)).round(1))
        for words in ([3, 1, 4, 1], [0, 2], [4, 4, 4], [2], [0, 1, 3, 3, 3])
    ]
    judge(answer, cases, "indices table", lambda words, table: table[words].mean(axis=0), (
        ("This is the sum: a text twice as long would have a vector twice as long. Take the mean.", lambda i, t: t[i].sum(axis=0)),
        ("A word's embedding is a row of the table; you took columns.", lambda i, t: t[:, i].mean(axis=1)),
        ("A word that occurs twice counts twice.", lambda i, t: t[np.unique(i)].mean(axis=0)),
        ("You took the mean of the whole table; only the words of the text count.", lambda i, t: t.mean(axis=0)),
        ("Take the mean over the words (axis 0), so that one number is left for each of the E columns.", lambda i, t: t[i].mean(axis=1)),
        ("Take the mean over the words only (axis 0): the vector has E numbers.", lambda i, t: t[i].mean()),
    ), "The vector of the text")  # fmt: skip


def check_hand_features(answer):
    rng = np.random.default_rng(1)
    cases = [(rng.uniform(size=(*size, 3)),) for size in ((2, 8, 6), (5, 4, 4), (1, 20, 10), (3, 2, 4))]

    def halves(images):
        rows, columns = images.shape[1] // 2, images.shape[2] // 2
        cut = (images[:, :rows], images[:, rows:], images[:, :, :columns], images[:, :, columns:])
        return [half.mean(axis=(1, 2)) for half in cut]

    def side_by_side(*numbers):
        return lambda images: np.concatenate([halves(images)[n] for n in numbers], axis=1)

    def by_colour(images):
        return np.stack(halves(images)[:2], axis=2).reshape(len(images), 6)

    judge(answer, cases, "images", side_by_side(0, 1), (
        ("The upper and the lower half are exchanged: row 0 is the top of a picture.", side_by_side(1, 0)),
        ("You cut into left and right; the rows are the second axis, (N, rows, columns, 3).", side_by_side(2, 3)),
        ("The order is R, G, B of the upper half, then R, G, B of the lower half.", by_colour),
        ("The six numbers are right. Put those of a picture into a single row: shape (N, 6).", lambda x: np.stack(halves(x)[:2], axis=1)),
        ("These are the means of whole pictures. Take those of the upper half and of the lower half.", lambda x: x.mean((1, 2))),
        ("These are sums over the pixels; take the means.", lambda x: side_by_side(0, 1)(x) * (x.shape[1] // 2 * x.shape[2])),
    ))  # fmt: skip


def _nearest(k, rows, distance):
    far = [np.inf if row == k else distance(rows[row], rows[k]) for row in range(len(rows))]
    return int(np.argmin(far))


def _length(v):
    return np.sqrt((v**2).sum(axis=-1))


def check_neighbour(answer):
    rng = np.random.default_rng(2)
    cases = [
        (k, rng.normal(size=shape) * 3)
        for k, shape in ((0, (8, 3)), (4, (6, 2)), (11, (12, 4)), (1, (9, 2)), (5, (9, 3)))
    ]

    def nearest(distance):
        return lambda k, rows: _nearest(k, rows, distance)

    judge(answer, cases, "k table", nearest(lambda a, b: _length(a - b)), (
        ("You found the row itself: its distance to itself is 0. Leave it out.", lambda k, t: k),
        ("This is the row furthest away.", lambda k, t: int(_length(t - t[k]).argmax())),
        ("The largest product favours long rows; take the smallest distance.", nearest(lambda a, b: -(a @ b))),
        ("You compare directions (the cosine); take the distance, the length of the difference.", nearest(lambda a, b: -(a @ b) / _length(a) / _length(b))),
        ("You add the absolute differences; the distance is the length of the difference: square, add, take the root.", nearest(lambda a, b: abs(a - b).sum())),
        ("You count from 1; the rows are counted from 0.", lambda k, t: nearest(lambda a, b: _length(a - b))(k, t) + 1),
        ("You left row k out, and the rows behind it have moved up by one: return the number in the whole table.", lambda k, t: int(_length(np.delete(t, k, 0) - t[k]).argmin())),
        ("This is the distance; return the number of the row.", lambda k, t: np.sort(_length(t - t[k]))[1]),
        ("This is the row itself; return its number.", lambda k, t: t[nearest(lambda a, b: _length(a - b))(k, t)]),
    ), "The number of the row", take=whole)  # fmt: skip


def _clusters(rng, centres, number):
    y = rng.permutation(np.resize(np.arange(len(centres)), number))
    return np.array(centres)[y] + rng.normal(scale=0.4, size=(number, 2)), y


def _scores(x, targets, others, bias: bool = True):
    widen = (lambda h: np.c_[h, np.ones(len(h))]) if bias else (lambda h: h)
    return widen(others) @ np.linalg.lstsq(widen(x), targets, rcond=None)[0]


def check_probe(answer):
    f = function(answer)
    rng = np.random.default_rng(3)
    boxes = [
        (_clusters(rng, centres, n), _clusters(rng, centres, m))
        for centres, n, m in (
            ([[4.0, 0.0], [4.0, 3.0], [7.0, 0.0]], 60, 45),
            ([[4.0, 0.0], [4.0, 3.0], [7.0, 0.0]], 36, 50),
            ([[2.0, 5.0], [5.0, 2.0], [5.0, 5.0], [2.0, 2.0]], 80, 30),
        )
    ]
    crossed, even = _clusters(rng, [[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]], 80)
    parity = np.isin(even, (1, 2)).astype(int)  # no straight line parts them
    boxes.append(((crossed[:50], parity[:50]), (crossed[50:], parity[50:])))
    results = [call(f, x, y, others) for (x, y), (others, _) in boxes]
    if all(
        as_it_came(r).shape == (len(truth), y.max() + 1) for r, ((_, y), (_, truth)) in zip(results, boxes, strict=True)
    ):
        raise Wrong("These are scores, one per class. Return the class of the largest score in each row.")
    got = [
        array(r, truth.shape, "What your function returns") for r, (_, (_, truth)) in zip(results, boxes, strict=True)
    ]
    shares = [(g == truth).mean() for g, (_, (_, truth)) in zip(got, boxes, strict=True)]
    if min(shares[:3]) >= 0.95:
        if shares[3] > 0.85:
            raise Wrong(
                "You separate even what no straight line separates, so this is no linear probe: fit a linear layer."
            )
        return
    for words, mistake in (
        ("Without a bias every boundary passes through the origin: add a column of ones.", lambda x, y, o: _scores(x, np.eye(y.max() + 1)[y], o, bias=False).argmax(axis=1)),
        ("You fitted the class number, as if class 1 lay between 0 and 2. Fit one-hot targets.", lambda x, y, o: _scores(x, y.astype(float), o)),
        ("You fitted the class number, as if class 1 lay between 0 and 2. Fit one-hot targets.", lambda x, y, o: _scores(x, y.astype(float), o).round()),
        ("You count the classes from 1; they are counted from 0.", lambda x, y, o: _scores(x, np.eye(y.max() + 1)[y], o).argmax(axis=1) + 1),
    ):  # fmt: skip
        if all(close(g, mistake(x, y, others)) for g, ((x, y), (others, _)) in zip(got, boxes, strict=True)):
            raise Wrong(words)
    if all((g == g[0]).all() for g in got):
        raise Wrong("You return the same class for every row; the class must depend on the row of `others`.")
    raise Wrong(
        f"{min(shares[:3]):.0%} of the rows of `others` get their class; a linear probe reaches more than 95% here."
    )


EXERCISES = (
    Exercise(
        "01.1", "Where a pixel goes", "flat_index", check_flat_index,
        (
            "Before the pixel lie whole rows, and then some pixels of its own row.",
            "`row` whole rows of `width` pixels each lie before it: a product, and then a sum.",
            "Begin with before = row * width, the pixels in the whole rows above it.",
        ),
        "def flat_index(row, column, width):\n    return row * width + column",
        "answer = lambda row, column, width: np.arange((row + 1) * width).reshape(-1, width)[row, column]",
        (
            ("answer = lambda row, column, width: column * width + row", "exchanged"),
            ("answer = lambda row, column, width: row * width + column + 1", "count from 1"),
            ("answer = lambda row, column, width: (row - 1) * width + column", "not by row − 1"),
            ("answer = lambda row, column, width: row + column", "not one"),
            ("answer = lambda row, column, width: row * width", "where the row begins"),
        ),
    ),
    Exercise(
        "01.2", "A colour is one number", "rgb", check_rgb,
        (
            "Two hexadecimal digits are a number from 0 to 255: the code is red · 256² + green · 256 + blue.",
            "// divides without a remainder, % gives the remainder.",
            "Begin with blue = code % 256 and rest = code // 256; red and green are in the rest.",
        ),
        "def rgb(code):\n    return code // 65536, code // 256 % 256, code % 256",
        "answer = lambda code: list(code.to_bytes(3, 'big'))",
        (
            ("answer = lambda code: (code % 256, code // 256 % 256, code // 65536)", "order is reversed"),
            ("answer = lambda code: (code // 65536 / 255, code // 256 % 256 / 255, code % 256 / 255)", "the scale is not"),
            ("answer = lambda code: (code // 10000, code // 100 % 100, code % 100)", "cut the decimal"),
            ("answer = lambda code: (code // 65536, code // 256, code % 256)", "still holds red"),
            ("answer = lambda code: (0, 128, 64)", "For code = 16744192"),
        ),
    ),
    Exercise(
        "01.3", "One hot", "one_hot_rows", check_one_hot,
        (
            "One row per label, one column per class; a single 1 in each row.",
            "np.eye(classes) already holds the row for every class.",
            "Begin with all_rows = np.eye(classes): row 2 belongs to class 2. An array of labels is a list of rows to pick.",
        ),
        "def one_hot_rows(labels, classes):\n    return np.eye(classes)[labels]",
        "answer = lambda labels, classes: (labels[:, None] == np.arange(classes)).astype(int)",
        (
            ("answer = lambda labels, classes: np.eye(classes)[labels].T", "transposed"),
            ("answer = lambda labels, classes: np.eye(labels.max() + 1)[labels]", "still has its column"),
            ("answer = lambda labels, classes: np.roll(np.eye(classes)[labels], 1, axis=1)", "too far to the right"),
            ("answer = lambda labels, classes: np.eye(classes)[labels] * labels[:, None]", "always 1"),
            ("answer = lambda labels, classes: 1 - np.eye(classes)[labels]", "exchanged"),
            ("answer = lambda labels, classes: np.zeros((len(labels), classes))", "entry [0, 2]"),
        ),
    ),
    Exercise(
        "01.4", "A text as one vector", "text_vector", check_text_vector,
        (
            "An embedding is a table; the index of a word names its row.",
            "An array of indices in square brackets picks one row for each word of the text; then take a mean.",
            "Begin with rows = table[indices], of shape (words, E); which axis has to go?",
        ),
        "def text_vector(indices, table):\n    return table[indices].mean(axis=0)  # (words, E) -> (E,)",
        "answer = lambda indices, table: np.bincount(indices, minlength=len(table)) @ table / len(indices)",
        (
            ("answer = lambda indices, table: table[indices].sum(axis=0)", "the sum"),
            ("answer = lambda indices, table: table[:, indices].mean(axis=1)", "took columns"),
            ("answer = lambda indices, table: table[np.unique(indices)].mean(axis=0)", "counts twice"),
            ("answer = lambda indices, table: table.mean(axis=0)", "whole table"),
            ("answer = lambda indices, table: table[indices].max(axis=0)", "entry [0] of the vector"),
        ),
    ),
    Exercise(
        "01.5", "Features by hand", "features_by_hand", check_hand_features,
        (
            "images has the axes (picture, row, column, colour): cut the rows in two halves.",
            "images[:, :half] is the upper half; take the mean over rows and columns; np.concatenate joins arrays.",
            "Begin with half = images.shape[1] // 2 and upper = images[:, :half].mean(axis=(1, 2)), of shape (N, 3).",
        ),
        "def features_by_hand(images):\n    half = images.shape[1] // 2\n"
        "    upper, lower = images[:, :half].mean(axis=(1, 2)), images[:, half:].mean(axis=(1, 2))  # (N, 3) each\n"
        "    return np.concatenate([upper, lower], axis=1)",
        "answer = lambda images: images.reshape(len(images), 2, -1, 3).mean(axis=2).reshape(len(images), 6)",
        (
            (
                "def answer(images):\n    half = images.shape[1] // 2\n"
                "    return np.concatenate([images[:, half:].mean((1, 2)), images[:, :half].mean((1, 2))], axis=1)",
                "upper and the lower half are exchanged",
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
            ("answer = lambda images: images.mean((1, 2))", "means of whole pictures"),
            ("answer = lambda images: images.reshape(len(images), 2, -1, 3).mean(axis=2)", "into a single row"),
            ("answer = lambda images: np.tile(images.mean((1, 2)), 2)", "entry [0, 0]"),
        ),
    ),
    Exercise(
        "01.6", "The nearest other picture", "neighbour", check_neighbour,
        (
            "Subtract row k from all rows; the length of each difference is the distance.",
            "Row k itself has the distance 0: set it to infinity before you look for the smallest.",
            "Begin with differences = table - table[k]; np.linalg.norm(…, axis=1) gives one length per row.",
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
            ("answer = lambda k, table: (k + 2) % len(table)", "number of the row should be"),
            ("answer = lambda k, table: sorted(range(len(table)), key=lambda i: abs(table[i] - table[k]).sum())[1]", "absolute differences"),
            ("answer = lambda k, table: np.linalg.norm(np.delete(table, k, 0) - table[k], axis=1).argmin()", "moved up"),
        ),
    ),
    Exercise(
        "01.7", "A linear probe", "my_probe", check_probe,
        (
            "A linear layer from the features to one score per class: one-hot targets, least squares.",
            "A further feature that is always 1 gives the bias. np.linalg.lstsq fits; argmax reads the class of the largest score.",
            "Begin with inputs = np.c_[x, np.ones(len(x))] and targets = np.eye(y.max() + 1)[y]; np.linalg.lstsq fits the weights.",
        ),
        "def my_probe(x, y, others):\n    with_one = lambda h: np.c_[h, np.ones(len(h))]\n"
        "    W = np.linalg.lstsq(with_one(x), np.eye(y.max() + 1)[y], rcond=None)[0]\n"
        "    return (with_one(others) @ W).argmax(axis=1)",
        "def answer(x, y, others):\n    mean = x.mean(axis=0)\n    targets = np.eye(y.max() + 1)[y]\n"
        "    W = np.linalg.solve((x - mean).T @ (x - mean), (x - mean).T @ (targets - targets.mean(axis=0)))\n"
        "    return np.argmax((others - mean) @ W + targets.mean(axis=0), axis=1)",
        (
            (
                "def answer(x, y, others):\n    W = np.linalg.lstsq(x, np.eye(y.max() + 1)[y], rcond=None)[0]\n"
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
                "    return one(others) @ np.linalg.lstsq(one(x), np.eye(y.max() + 1)[y], rcond=None)[0]",
                "These are scores",
            ),
            ("answer = lambda x, y, others: np.zeros(len(others))", "same class for every row"),
            ("answer = lambda x, y, others: np.arange(len(others)) % 3", "get their class"),
            (
                "def answer(x, y, others):\n    return y[np.linalg.norm(others[:, None] - x, axis=2).argmin(axis=1)]",
                "no linear probe",
            ),
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
        ("It learns as well as before", "It learns nothing", "It learns only the colours, not the shapes"), 0,
        (
            "Each weight belongs to one pixel, wherever it lies: shuffled pixels get shuffled weights. It never knew who "
            "is whose neighbour.",
            "So it would be for us. The network gets 64 numbers, and their order means nothing to it.",
            "Every pixel is still there with its number; only the order has changed.",
        ),
    ),
    Question(
        "The classes cat, dog, car are written as 1, 2, 3 instead of one-hot. What does a linear model believe then?",
        ("Nothing special: the numbers are only names for it", "That a dog lies half-way between cat and car", "That cars matter most"), 1,
        (
            "A linear model adds and multiplies them: order and distance begin to mean something.",
            "(1 + 3)/2 = 2. One-hot vectors are all equally far from one another, so nothing of the kind is said.",
            "It is not about weight but about the order and the distances that the numbers bring in.",
        ),
    ),
    Question(
        "A linear probe reads 52% from the pixels and 82% from the third hidden layer. What has the network done?",
        (
            "Added information that the pixels lack", "Made linearly separable what the pixels hold",
            "Memorised the class of every single test picture",
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
