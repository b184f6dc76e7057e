"""What the network says of a photo with superpixels off: from the file of answers, or asked at once."""

from functools import cache, lru_cache

import numpy as np

from dlcourse import data, explain
from dlcourse.data.photo_answers import COUNTS, FILLS, fill_of
from dlcourse.explain.kernels import cosine_distance, exponential
from dlcourse.explain.lime import LocalModel, fit_local
from dlcourse.explain.regression import ridge

SAMPLES = 200  # masks a seed in the file
SIDE = 128  # pixels of a photo


def answers(photo: str, count: int, fill: str) -> data.PhotoAnswers:
    return data.photo_answers(photo, count, fill)


def drawn(photo: str, count: int, fill: str, seed: int, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """The first `samples` masks (N, d) of a seed and the probabilities (N, 3) of the photo's three classes."""
    known = answers(photo, count, fill)
    if len(known.masks) > 1:
        return known.masks[seed, :samples], known.probabilities[seed, :samples]
    masks, _ = explain.sample_masks(known.masks.shape[2], samples, "paired", seed)
    return masks, known.probabilities[0, _places(masks)]


def _places(masks: np.ndarray) -> np.ndarray:
    """Where masks stand in explain.all_masks."""
    d = masks.shape[1]
    return 2**d - 1 - masks.astype(int) @ (1 << np.arange(d))


@lru_cache(maxsize=512)
def coefficients(photo: str, count: int, fill: str, seed: int, samples: int, label: int, width: float) -> np.ndarray:
    """(d,): only the coefficients that LIME finds with one seed."""
    masks, outputs = drawn(photo, count, fill, seed, samples)
    return ridge(masks, outputs[:, label], exponential(cosine_distance(masks), width), 1.0)[0]


@lru_cache(maxsize=512)
def fitted(photo: str, count: int, fill: str, seed: int, samples: int, label: int, width: float) -> LocalModel:
    """All that LIME finds with one seed."""
    masks, outputs = drawn(photo, count, fill, seed, samples)
    groups = np.arange(samples) // 2  # pairs
    return fit_local(masks, outputs, cosine_distance(masks), label, kernel_width=width, selection="none", groups=groups)


@lru_cache(maxsize=4096)
def probabilities(photo: str, count: int, fill: str, hidden: tuple[int, ...]) -> tuple[float, ...]:
    """Of the photo's three classes, with these superpixels off: from the file if it knows, else from the network."""
    known = answers(photo, count, fill)
    mask = np.ones(known.masks.shape[2], np.uint8)
    mask[list(hidden)] = 0
    if len(known.masks) == 1:
        return tuple(known.probabilities[0, _places(mask[None])[0]])
    if mask.all() or not mask.any():
        return tuple(known.probabilities[0, 0 if mask.all() else 1])  # the first pair of every seed
    covered = explain.cover(picture(photo), covering(photo, count, fill), known.segments, mask[None])
    predict, names = _network()
    outputs = predict(covered)[0]
    return tuple(float(outputs[names.index(name)]) for name in known.class_names)


@cache
def _network():
    """The network and the first name of each of its classes."""
    from dlcourse.counterpart.photo_classifier import PhotoClassifier
    from dlcourse.counterpart.pretrained import class_names

    return PhotoClassifier(), [name.split(",")[0] for name in class_names()]


def picture(photo: str) -> np.ndarray:
    """(128, 128, 3) from 0 to 1, as the network sees it."""
    return answers(photo, COUNTS[0], FILLS[0]).photo


@cache
def covering(photo: str, count: int, fill: str) -> np.ndarray:
    """(128, 128, 3): what shows where a superpixel is off."""
    whole = picture(photo)
    return explain.filled(whole, answers(photo, count, fill).segments, fill_of(fill, whole))


@cache
def centres(photo: str, count: int) -> np.ndarray:
    """(d, 2): of each superpixel its pixel nearest to its centre, x to the right and y upwards."""
    segments = answers(photo, count, FILLS[0]).segments
    found = []
    for number in range(segments.max() + 1):
        places = np.argwhere(segments == number) + 0.5
        row, column = places[((places - places.mean(axis=0)) ** 2).sum(axis=1).argmin()]
        found.append((column, SIDE - row))
    return np.array(found)
