"""Occlusion, gradient × input and Grad-CAM against values worked out by hand, on both engines."""

import numpy as np
import pytest
import torch

import dlcourse.reference as reference
from dlcourse.explain import grad_cam, gradient_times_input, occlusion

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])


def corner(photos):
    """The mean of the upper left 4 × 4 pixels."""
    return np.asarray(photos)[:, :4, :4].mean((1, 2, 3))


def test_occlusion_finds_the_corner_that_counts():
    photo = np.ones((12, 16, 3))
    heat = occlusion(photo, corner, 0, size=4, stride=4, fill=0.0)
    assert heat.shape == (12, 16)
    np.testing.assert_allclose(heat[:4, :4], 1)
    np.testing.assert_allclose(heat[4:], 0)
    np.testing.assert_allclose(heat[:, 4:], 0)


def test_occlusion_averages_squares_that_overlap():
    heat = occlusion(np.ones((4, 8, 1)), corner, 0, size=4, stride=2, fill=0.0)
    # Squares begin at 0, 2 and 4; they hide all, half and none of the left half.
    np.testing.assert_allclose(heat[0], [1, 1, 0.75, 0.75, 0.25, 0.25, 0, 0])


def test_every_pixel_is_covered_when_the_stride_does_not_fit():
    heat = occlusion(np.ones((7, 9, 3)), corner, 0, size=4, stride=4, fill=0.0, batch=2)
    assert np.isfinite(heat).all()


@pytest.mark.parametrize(("size", "stride"), [(3, 4), (20, 4)])
def test_squares_that_leave_gaps_are_told(size, stride):
    with pytest.raises(ValueError, match="occlusion: size and stride must be 1 <= stride <= size <= 12"):
        occlusion(np.ones((12, 16, 3)), corner, 0, size, stride)


@ENGINES
def test_gradient_times_input_divides_the_score_of_a_linear_model(engine):
    engine.manual_seed(0)
    model = engine.nn.Sequential(engine.nn.Flatten(), engine.nn.Linear(2 * 3 * 4, 5))
    x = engine.randn(1, 2, 3, 4)
    heat = gradient_times_input(model, x, 3)
    assert heat.shape == (3, 4)
    score = float(model(x)[0, 3].detach()) - float(model[1].bias[3].detach())
    assert heat.sum() == pytest.approx(score, rel=1e-4)
    weight = model[1].weight.detach().numpy()[3].reshape(2, 3, 4)
    np.testing.assert_allclose(heat, (weight * x.numpy()[0]).sum(0), rtol=1e-4, atol=1e-6)
    assert x.grad is None


@ENGINES
def test_grad_cam_of_a_mean_and_a_linear_layer_by_hand(engine):
    """With back = W · mean over places, α is W/(h·w): the map is the class's own weighting of the maps."""
    engine.manual_seed(1)
    head = engine.nn.Linear(3, 2)

    def back(maps):
        return head(maps.mean((2, 3)))

    x = engine.randn(1, 3, 4, 5)
    heat = grad_cam(lambda maps: maps * 2, back, x, 1)
    weight = head.weight.detach().numpy()[1] / 20
    expected = np.maximum((weight[:, None, None] * 2 * x.numpy()[0]).sum(0), 0)
    np.testing.assert_allclose(heat, expected, rtol=1e-4, atol=1e-7)
    assert (heat == 0).any()
    assert (heat > 0).any()


@ENGINES
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": lambda e: e.zeros(2, 3, 4, 4)}, r"x must have shape \(1, C, H, W\), one photo; got \(2, 3, 4, 4\)"),
        ({"x": lambda e: e.zeros(3, 4, 4)}, r"x must have shape"),
        ({"x": lambda e: e.zeros(1, 3, 4, 4, dtype=e.int64)}, "x must hold finite floats"),
        ({"x": lambda e: e.full((1, 3, 4, 4), float("nan"))}, "x must hold finite floats"),
        ({"model": lambda e: lambda x: x.mean((2, 3)).detach()}, "model must be differentiable"),
        (
            {"model": lambda e: lambda x: x.sum()},
            r"model must return scores, .* shape \(1, classes\); got \(\)",
        ),
        ({"model": lambda e: lambda x: x.detach().numpy()}, "model must return scores, a tensor"),
        ({"label": lambda e: 3}, "label must be from 0 to 2, the columns of the scores; got 3"),
    ],
    ids=["batch", "no batch", "whole numbers", "nan", "detached", "number", "array", "label"],
)
def test_what_has_no_gradient_is_told(engine, change, words):
    right = {"model": lambda x: x.mean((2, 3)), "x": engine.randn(1, 3, 4, 4), "label": 1}
    assert gradient_times_input(**right).shape == (4, 4)
    wrong = right | {name: make(engine) for name, make in change.items()}
    with pytest.raises(ValueError, match=rf"^gradient_times_input: {words}"):
        gradient_times_input(**wrong)
    split = {"front": lambda x: x * 2, "back": wrong["model"], "x": wrong["x"], "label": wrong["label"]}
    with pytest.raises(ValueError, match=rf"^grad_cam: {words.replace('model', 'back')}"):
        grad_cam(**split)
