"""The quick network for explanations is the pretrained one, its parts can be differentiated, wrong photos are told."""

import numpy as np
import pytest
import torch

from dlcourse.counterpart.photo_classifier import PhotoClassifier
from dlcourse.counterpart.pretrained import crop, efficientnet_lite0, scale_pixels
from dlcourse.data import photo


@pytest.fixture(scope="module")
def classifier():
    return PhotoClassifier()


@pytest.mark.parametrize("size", [64, 128, 224])
def test_it_answers_as_the_network_without_shortcuts(classifier, size):
    photos = np.stack([crop(photo(name), size) for name in ("chelsea", "coffee")])
    network = efficientnet_lite0()
    with torch.no_grad():
        maps = network.head(network.blocks(network.stem(scale_pixels(photos))))
        expected = network.classifier(maps.mean((2, 3))).softmax(1).numpy()
    np.testing.assert_allclose(classifier(photos), expected, atol=2e-4)
    np.testing.assert_allclose(classifier(photos).sum(axis=1), 1, atol=1e-5)


def test_front_and_back_make_the_whole(classifier):
    x = scale_pixels(crop(photo("chelsea"), 128)[None]).requires_grad_()
    maps = classifier.front(x)
    assert maps.shape == (1, 1280, 4, 4)
    classifier.back(maps)[0, 285].backward()
    assert x.grad.abs().sum() > 0
    assert torch.allclose(classifier.back(maps), classifier.logits(x), atol=1e-4)


def test_a_crop_is_the_middle_square():
    picture = np.zeros((256, 512, 3), np.uint8)
    picture[:, 256 - 112 : 256 + 112] = 255  # 224 of the 256 pixels of height, in the middle
    square = crop(picture, 32)
    assert square.shape == (32, 32, 3)
    assert square.min() > 0.9


@pytest.mark.parametrize("shape", [(128, 128, 3), (1, 3, 128, 128), (1, 100, 128, 3), (1, 128, 100, 3)])
def test_photos_of_another_shape_are_told(classifier, shape):
    with pytest.raises(ValueError, match=r"PhotoClassifier: photos must have shape \(N, H, W, 3\), H and W multiples"):
        classifier(np.zeros(shape, np.float32))


def test_a_photo_of_bytes_is_the_same_photo(classifier):
    fractions = np.round(255 * crop(photo("chelsea"), 64)) / 255
    said = classifier(fractions[None])
    np.testing.assert_allclose(classifier(np.round(255 * fractions).astype(np.uint8)[None]), said, atol=1e-5)


@pytest.mark.parametrize(
    "photos",
    [
        np.full((1, 64, 64, 3), 200.0), np.full((1, 64, 64, 3), -0.5), np.full((1, 64, 64, 3), np.nan),
        np.full((1, 64, 64, 3), 40000, np.uint16), np.full((1, 64, 64, 3), 200), np.ones((1, 64, 64, 3), bool),
        np.full((1, 64, 64, 3), "0"),
    ],
    ids=["to 255", "standardised", "nan", "uint16", "int64", "bool", "text"],
)  # fmt: skip
def test_photos_on_another_scale_are_told(classifier, photos):
    with pytest.raises(ValueError, match=r"PhotoClassifier: photos must be floats from 0 to 1, or uint8.*; divide"):
        classifier(photos)
