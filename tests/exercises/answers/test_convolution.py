"""Chapter 10: right answers in other words, and wrong ones with words of their feedback."""

import math
from fractions import Fraction

import numpy as np
import torch
import torch.nn.functional as F

import dlcourse.reference as reference
from tests.exercises.answers.judged import both_tables


def side_by_torch(n, k, s, p, d):
    return F.conv2d(torch.zeros(1, 1, n, n), torch.zeros(1, 1, k, k), stride=s, padding=p, dilation=d).shape[-1]


def correlate(image, kernel):
    (H, W), (h, w) = image.shape, kernel.shape
    return [[(image[r : r + h, c : c + w] * kernel).sum() for c in range(W - w + 1)] for r in range(H - h + 1)]


def pool(x):
    return [[max(x[r, c], x[r, c + 1], x[r + 1, c], x[r + 1, c + 1]) for c in range(0, x.shape[1], 2)] for r in range(0, len(x), 2)]  # fmt: skip


def field(layers):
    return 1 + sum(d * (k - 1) * math.prod(s for _, s, _ in layers[:n]) for n, (k, _, d) in enumerate(layers))


def layer(x, w, b):
    return [sum(np.array(correlate(x[c], w[m, c])) for c in range(len(x))) + b[m] for m in range(len(w))]


def pixels(box):
    top, left, height, width = box
    return {(r, c) for r in range(top, top + height) for c in range(left, left + width)}


def overlap(a, b):
    return len(pixels(a) & pixels(b)) / len(pixels(a) | pixels(b))


RIGHT = {
    "10.1": [
        side_by_torch,
        lambda n, k, s, p, d: math.floor((n + 2 * p - (d * (k - 1) + 1)) / s + 1),
        lambda n, k, s, p, d: np.floor((n + 2 * p - d * k + d - 1) / s) + 1,
        lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) + s - 1) // s,
        lambda n, k, s, p, d: torch.tensor([len(range(d * (k - 1), n + 2 * p, s))]),
        lambda n, k, s, p, d: Fraction(side_by_torch(n, k, s, p, d)),
    ],
    "10.2": [
        np.float32([[-1 / 3, -2 / 3, -1], [0, 0, 0], [1 / 3, 2 / 3, 1]]),
        torch.tensor([[-3.0, -10, -3], [0, 0, 0], [3, 10, 3]]) / 32,
        reference.tensor([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]]),
        [[0, 0, 0], [-1, -1, -1], [1, 1, 1]],
        [[0, -1, 0], [0, 0, 0], [0, 1, 0]],
        ([Fraction(-1, 7)] * 3, [0] * 3, [Fraction(1, 7)] * 3),
        np.outer([-1, -1, 2], [0.1, 0.2, 0.1]),
        1e-6 * np.outer([-1, 0, 1], [1, 1, 1]),
    ],
    "10.3": [
        lambda c_in, c_out, k: sum(p.numel() for p in torch.nn.Conv2d(c_in, c_out, k).parameters()),
        lambda c_in, c_out, k: k**2 * c_in * c_out + c_out,
        lambda c_in, c_out, k: float(sum(c_in * k * k + 1 for _ in range(c_out))),
        lambda c_in, c_out, k: [np.int32(c_out * (k * c_in * k + 1))],
        lambda c_in, c_out, k: reference.tensor(float(c_out + c_out * c_in * k**2)),
    ],
    "10.4": [
        correlate,
        lambda x, k: F.conv2d(torch.tensor(x)[None, None], torch.tensor(k)[None, None])[0, 0],
        lambda x, k: reference.nn.functional.conv2d(reference.tensor(x[None, None]), reference.tensor(k[None, None]))[0, 0],
        lambda x, k: np.tensordot(np.lib.stride_tricks.sliding_window_view(x, k.shape), k, 2).astype(np.float32),
        lambda image, kernel: np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(image, kernel.shape), kernel),
    ],
    "10.5": [
        pool,
        lambda x: F.max_pool2d(torch.tensor(x)[None], 2)[0],
        lambda x: reference.nn.functional.max_pool2d(reference.tensor(x[None, None]), 2)[0, 0],
        lambda x: np.stack([x[i::2, j::2] for i in (0, 1) for j in (0, 1)]).max(0),
        lambda x: np.float32(np.maximum(np.maximum(x[::2], x[1::2])[:, ::2], np.maximum(x[::2], x[1::2])[:, 1::2])),
        lambda x: np.lib.stride_tricks.sliding_window_view(x, (2, 2))[::2, ::2].max((2, 3)).tolist(),
    ],
    "10.6": [
        field,
        lambda layers: float(field(layers)),
        lambda layers: torch.tensor(field(layers)),
        lambda layers: [np.int64(field(tuple(layers)))],
        lambda layers: (lambda go: go(go, layers))(lambda go, rest: 1 if not rest else (go(go, rest[1:]) - 1) * rest[0][1] + rest[0][2] * (rest[0][0] - 1) + 1),
    ],
    "10.7": [
        layer,
        lambda x, w, b: F.conv2d(*(torch.tensor(a) for a in (x[None], w, b)))[0],
        lambda x, w, b: reference.nn.functional.conv2d(*(reference.tensor(a) for a in (x[None], w, b)))[0],
        lambda x, w, b: np.array(layer(x, w, b), np.float32),
        lambda x, w, b: np.tensordot(w, np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], (1, 2)), ((1, 2, 3), (0, 3, 4))) + b.reshape(-1, 1, 1),
    ],
    "10.8": [
        overlap,
        lambda a, b: Fraction(len(pixels(a) & pixels(b)), len(pixels(a) | pixels(b))),
        lambda a, b: torch.tensor([overlap(a, b)]),
        lambda a, b: np.float32(overlap(b, a)),
        lambda a, b: 1 - len(pixels(a) ^ pixels(b)) / len(pixels(a) | pixels(b)),
        lambda a, b: len(pixels(a) & pixels(b)) / (a[2] * a[3] + b[2] * b[3] - len(pixels(a) & pixels(b))),
    ],
}  # fmt: skip
WRONG = {
    "10.1": [
        (lambda n, k, s, p, d: 28, "For n = 64, k = 3, s = 1, p = 0, d = 1: the side should be 62; you have 28"), (lambda n, k, s, p, d: n, "should be"), (lambda n, k, s, p, d: (n - k) // s + 1, "should be"),
        (lambda n, k, s, p, d: side_by_torch(n, k, s, p, d) ** 2, "should be"), (lambda n, k, s, p, d: [side_by_torch(n, k, s, p, d)] * 2, "must be one number"), (lambda n, k, s, p, d: n // s, "should be"),
        (lambda n, k, s, p, d: round((n + 2 * p - d * (k - 1) - 1) / s + 1), "should be"), (lambda n, k, s, p, d: side_by_torch(n, k, s, p, d) + 1, "should be"),
        (lambda n, k, s, p, d: (n + 2 * p - d * (k - 1)) // s, "should be"),
    ],
    "10.2": [
        ([[1, 0, -1], [2, 0, -2], [1, 0, -1]], "This kernel finds vertical edges"), ([[1, 1, 1], [0, 0, 0], [-1, -1, -1]], "exchange the upper and the lower row"), (np.ones((3, 3)), "For a flat picture of ones the output is 9"),
        ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], "every column"), ([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]], "grow from top to bottom"), ([[1, -2, 1], [0, 0, 0], [-1, 2, -1]], "every row adds up to 0"),
        ([-1, 0, 1], "must be 3 rows of 3 numbers"), ([[-1], [0], [1]], "must be 3 rows of 3 numbers"), ([[-1, -1], [1, 1]], "must be 3 rows of 3 numbers"), ([[-1, -2, -1], [0, 0, 0], [1, 2, 1.01]], "For a flat picture"),
        (lambda: 1, "must be 3 rows"), ([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], "vertical edges"),
    ],
    "10.3": [
        (lambda c_in, c_out, k: 2416, "the number should be 156; you have 2,416"), (lambda c_in, c_out, k: k * k + 1, "should be"), (lambda c_in, c_out, k: (c_in * k * k, 1), "must be one number"),
        (lambda c_in, c_out, k: c_in * (c_out * k * k + 1), "each input channel"), (lambda c_in, c_out, k: c_out * (c_in * k * k + 2), "should be"), (lambda c_in, c_out, k: c_out * (c_in + k * k + 1), "should be"),
        (lambda c_in, c_out, k: c_out * c_in, "should be"), (lambda c_in, c_out, k: (c_out + 1) * c_in * k * k, "should be"), (lambda c_in, c_out, k: c_out * (c_in * k * k + 1) + 0.4, "whole number"),
    ],
    "10.4": [
        (lambda x, k: np.array(correlate(x, k)).T, "must be"), (lambda x, k: np.array(correlate(x, k))[0, 0], "must be"), (lambda x, k: np.array(correlate(x, k)).ravel(), "must be"), (lambda x, k: np.round(correlate(x, k), 1), "should be"),
        (lambda x, k: np.abs(correlate(x, k)), "should be"), (lambda x, k: correlate(k, x), "must be"), (lambda x, k: np.array(correlate(x, k))[::-1], "should be"), (lambda x, k: np.maximum(correlate(x, k), 0), "should be"),
        (lambda x, k: np.array(correlate(x, k)) / k.sum(), "should be"), (lambda x, k: np.pad(np.array(correlate(x, k))[:-1], ((0, 1), (0, 0))), "should be"),
    ],
    "10.5": [
        (lambda x: np.max(x), "must be"), (lambda x: x.max(axis=1), "must be"), (lambda x: np.array(pool(x)).T, "must be"), (lambda x: np.abs(pool(x)), "should be"), (lambda x: np.round(pool(x)), "should be"),
        (lambda x: x[1::2, 1::2], "should be"), (lambda x: np.sort(pool(x)), "should be"), (lambda x: pool(x - 1), "should be"), (lambda x: np.repeat(np.repeat(pool(x), 2, 0), 2, 1), "must be"),
        (lambda x: np.maximum(x[::2, ::2], x[1::2, 1::2]), "should be"), (lambda x: np.maximum(x[::2, ::2], x[::2, 1::2]), "should be"),
    ],
    "10.6": [
        (lambda layers: 1 + 10 * len(layers), "should be 5; you have 21"), (lambda layers: sum(k for k, _, _ in layers), "should be"), (lambda layers: 1, "should be"), (lambda layers: field(layers[::-1]), "should be"),
        (lambda layers: field(layers[:-1]), "should be"), (lambda layers: [field(layers[: n + 1]) for n in range(len(layers))], "must be"), (lambda layers: field(layers) if layers else 0, "should be 1; you have 0"),
        (lambda layers: math.prod(k for k, _, _ in layers), "should be"), (lambda layers: field([(k, 1, 1) for k, _, _ in layers]), "should be"), (lambda layers: max([k for k, _, _ in layers], default=1), "should be"),
        (lambda layers: 1 if not layers else layers.pop() and field(layers), "changes its arguments"),
    ],
    "10.7": [
        (lambda x, w, b: np.sum(layer(x, w, b), axis=0), "must be"), (lambda x, w, b: layer(x, w, b[::-1]), "should be"), (lambda x, w, b: layer(x, w[::-1], b), "should be"), (lambda x, w, b: layer(x, w, 0 * b + b[0]), "should be"),
        (lambda x, w, b: np.moveaxis(layer(x, w, b), 0, -1), "must be"), (lambda x, w, b: [layer(x, w, b)], "must be"), (lambda x, w, b: layer(x[:1], w[:, :1], b), "Only the first channel"),
        (lambda x, w, b: np.round(layer(x, w, b), 1), "should be"), (lambda x, w, b: np.array(layer(x, w, b)) / len(x), "should be"), (lambda x, w, b: np.zeros(np.shape(layer(x, w, b))), "should be"),
    ],
    "10.8": [
        (lambda a, b: 0.1, "should be"), (lambda a, b: overlap(a, b) ** 0.5, "should be"), (lambda a, b: float(a == b), "should be"), (lambda a, b: round(overlap(a, b), 2), "should be"), (lambda a, b: 100 * overlap(a, b), "should be"),
        (lambda a, b: len(pixels(a) & pixels(b)) / (a[2] * a[3] + b[2] * b[3] - len(pixels(a) & pixels(b)) + 1), "should be"), (lambda a, b: (len(pixels(a) & pixels(b)), len(pixels(a) | pixels(b))), "must be one number"),
        (lambda a, b: len(pixels(a) | pixels(b)), "should be"), (lambda a, b: overlap((0, 0, *a[2:]), (0, 0, *b[2:])), "should be"), (lambda a, b: overlap([a[1], a[0], a[2], a[3]], [b[1], b[0], b[2], b[3]]), "should be"),
        (lambda a, b: len(pixels(a) & pixels(b)) // len(pixels(a) | pixels(b)), "should be"),
    ],
}  # fmt: skip

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
