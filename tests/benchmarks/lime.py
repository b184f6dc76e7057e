"""LIME beside the authors' package lime: chelsea, EfficientNet-Lite0, 50 segments, the same function to ask.

Time at equal samples; and, since more samples buy less error, the time to the same error of the coefficients. The error
is the root mean square distance from the coefficients of 5,000 samples, drawn independently with another seed. Memory
is the peak of NumPy's own arrays while 250 and 1,000 samples are explained.
"""

import io
import tracemalloc
from contextlib import redirect_stderr

import numpy as np
from lime.lime_image import LimeImageExplainer

from dlcourse import data
from dlcourse.counterpart.photo_classifier import SIZE, PhotoClassifier
from dlcourse.counterpart.pretrained import crop
from dlcourse.explain import explain_image, segment
from tests.benchmarks.timing import milliseconds, table

SEEDS, SAMPLES, REFERENCE, BATCH = 8, 300, 5000, 32


def main() -> None:
    photo, predict = crop(data.photo("chelsea"), SIZE), PhotoClassifier()
    segments = segment(photo, 50)
    label = int(predict(photo[None])[0].argmax())
    print(f"LIME: {segments.max() + 1} segments, {SAMPLES} samples, {SEEDS} seeds, photos of {SIZE} × {SIZE}")
    reference = ours(photo, predict, segments, label, REFERENCE, 1000, "independent")
    ways = {"lime 0.2.0.1": theirs, "dlcourse": ours}
    times, errors = ({name: [] for name in ways} for _ in range(2))
    for seed in range(SEEDS):  # in turn, so that a busy moment hits both
        for name, way in ways.items():
            found = []
            times[name].append(milliseconds(lambda way=way, seed=seed, found=found: found.append(
                way(photo, predict, segments, label, SAMPLES, seed))))  # fmt: skip
            errors[name].append(((found[0] - reference) ** 2).mean())
    report({n: float(np.median(t)) for n, t in times.items()}, {n: float(np.mean(e)) for n, e in errors.items()})
    peaks = [peak_megabytes(photo, segments, samples) for samples in (250, 1000)]
    print(f"Peak memory beside the model's own: {peaks[0]:.1f} MB for 250 samples, {peaks[1]:.1f} MB for 1,000")


def report(times: dict[str, float], squares: dict[str, float]) -> None:
    """The error falls with 1/√samples: to the error of the first, the second needs its share of squares of its time."""
    (first, time), (second, other) = times.items()
    same_error = other * squares[second] / squares[first] / time
    rows = [[name, f"{times[name] / 1000:.2f}", f"{1000 * squares[name] ** 0.5:.2f}"] for name in times]
    print(table(["", "s", "error / 1000"], rows))
    print(f"Time at equal samples {other / time:.2f} (target 1), to the same error {same_error:.2f} (target 0.75)")


def theirs(photo, predict, segments, label, samples, seed) -> np.ndarray:
    explainer = LimeImageExplainer(feature_selection="none", random_state=seed)
    with redirect_stderr(io.StringIO()):  # its progress bar
        found = explainer.explain_instance(
            photo, lambda photos: predict(np.stack(photos)), labels=(label,), top_labels=None, num_samples=samples,
            batch_size=BATCH, segmentation_fn=lambda image: segments, random_seed=0,
        )  # fmt: skip
    coefficients = np.zeros(segments.max() + 1)
    for number, coefficient in found.local_exp[label]:
        coefficients[number] = coefficient
    return coefficients


def ours(photo, predict, segments, label, samples, seed, sampling="paired") -> np.ndarray:
    return explain_image(
        photo, predict, segments, [label], samples=samples, seed=seed, sampling=sampling, selection="none", batch=BATCH
    ).coefficients()


def peak_megabytes(photo, segments, samples: int) -> float:
    """The model stands aside: it answers with two numbers a photo."""
    tracemalloc.start()
    explain_image(photo, lambda photos: photos.mean((1, 2))[:, :2], segments, samples=samples, batch=BATCH)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6
