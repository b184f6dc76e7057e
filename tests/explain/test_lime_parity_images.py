"""LIME for images gives the numbers of the authors' package from the same segments, masks and outputs."""

import numpy as np
import pytest
from lime.lime_image import LimeImageExplainer
from skimage import data as photos
from skimage.transform import resize

from dlcourse.explain import explain_image, filled, segment
from dlcourse.explain.segmentation import METHODS as SEGMENTATIONS
from tests.explain.authors import METHODS, assert_same, dense

FILLS = {"mean": None, "black": 0}


@pytest.fixture(scope="module")
def photo():
    return resize(photos.chelsea(), (48, 64), anti_aliasing=True)  # (48, 64, 3) float64


def predict(batch):
    """Three classes with products in them, so that no linear model is exact."""
    batch = np.asarray(batch)
    a, b, c = batch[:, :24, :30, 0].mean((1, 2)), batch[:, 10:, 30:, 1].mean((1, 2)), batch[..., 2].std((1, 2))
    logits = np.stack([8 * a * b, 3 * b - 4 * c * a, 5 * c + a * a], axis=1)
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


class Recording(LimeImageExplainer):
    """Keeps the masks that it draws and the photos that it shows."""

    def data_labels(self, image, fudged_image, segments, classifier_fn, num_samples, batch_size=10):
        self.covered = []

        def seen(batch):
            self.covered.extend(batch)
            return classifier_fn(batch)

        masks, outputs = super().data_labels(image, fudged_image, segments, seen, num_samples, batch_size)
        self.masks = masks
        return masks, outputs


@pytest.mark.parametrize("label", [0, 2])
@pytest.mark.parametrize("selection", METHODS)
@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("method", SEGMENTATIONS)
def test_equal_to_the_authors(photo, method, fill, selection, label):
    segments = segment(photo, 14, method)
    theirs = Recording(feature_selection=selection, random_state=3)
    found = theirs.explain_instance(
        photo, predict, labels=(label,), hide_color=FILLS[fill], top_labels=None, num_features=5, num_samples=120,
        segmentation_fn=lambda image: segments, random_seed=0,
    )  # fmt: skip
    ours = explain_image(
        photo, predict, segments, [label], masks=theirs.masks, fill="mean" if fill == "mean" else 0.0,
        selection=selection, features=5,
    )  # fmt: skip
    coefficients = dense(found.local_exp[label], segments.max() + 1)
    assert_same(ours[label], coefficients, found.intercept[label], found.score, found.local_pred[0])
    order = [feature for feature, _ in found.local_exp[label]]
    assert ours[label].features.tolist() == order


@pytest.mark.parametrize("width", [0.1, 0.25, 2.0])
def test_equal_for_every_kernel_width(photo, width):
    segments = segment(photo, 14, "grid")
    theirs = Recording(kernel_width=width, random_state=0)
    found = theirs.explain_instance(
        photo, predict, (0,), top_labels=None, num_samples=90, segmentation_fn=lambda image: segments, random_seed=0
    )
    ours = explain_image(photo, predict, segments, [0], masks=theirs.masks, kernel_width=width)
    assert_same(
        ours[0], dense(found.local_exp[0], segments.max() + 1), found.intercept[0], found.score, found.local_pred[0]
    )


def test_equal_for_a_kernel_of_ones_own(photo):
    def triangle(distances, kernel_width):
        return np.maximum(1 - distances / kernel_width, 0)

    segments = segment(photo, 14, "grid")
    theirs = Recording(kernel_width=0.8, kernel=triangle, random_state=0)
    found = theirs.explain_instance(
        photo, predict, (0,), top_labels=None, num_samples=90, segmentation_fn=lambda image: segments, random_seed=0
    )
    ours = explain_image(photo, predict, segments, [0], masks=theirs.masks, kernel_width=0.8, kernel=triangle)
    assert_same(
        ours[0], dense(found.local_exp[0], segments.max() + 1), found.intercept[0], found.score, found.local_pred[0]
    )


@pytest.mark.parametrize("fill", FILLS)
def test_the_covered_photos_are_theirs(photo, fill):
    segments, shown = segment(photo, 14, "slic"), []
    theirs = Recording(random_state=1)
    theirs.explain_instance(
        photo, predict, (0,), hide_color=FILLS[fill], top_labels=None, num_samples=30,
        segmentation_fn=lambda image: segments, random_seed=0,
    )  # fmt: skip

    def seen(batch):
        shown.extend(batch)
        return predict(batch)

    explain_image(photo, seen, segments, masks=theirs.masks, fill="mean" if fill == "mean" else 0.0, batch=7)
    np.testing.assert_allclose(shown, theirs.covered, rtol=0, atol=1e-12)


def test_the_likeliest_labels_are_theirs(photo):
    segments = segment(photo, 14, "grid")
    theirs = Recording(random_state=1)
    found = theirs.explain_instance(
        photo, predict, top_labels=2, num_samples=40, segmentation_fn=lambda image: segments, random_seed=0
    )
    ours = explain_image(photo, predict, segments, top=2, masks=theirs.masks)
    assert list(ours.models) == [int(label) for label in found.top_labels]


def test_every_label_has_its_own_r2_which_theirs_loses(photo):
    ours = explain_image(photo, predict, segment(photo, 14, "grid"), [0, 1, 2], samples=100)
    assert len({ours[label].r2 for label in (0, 1, 2)}) == 3


def test_mean_fill_of_grey_and_whole_numbers():
    grey = np.array([[0, 1, 10], [2, 3, 20]], np.uint8)
    segments = np.array([[0, 0, 1], [0, 0, 1]])
    np.testing.assert_array_equal(filled(grey, segments), [[1, 1, 15], [1, 1, 15]])
