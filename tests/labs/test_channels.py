"""ChannelsLab: three kernels and their sum by hand, both tasks, the cell."""

import numpy as np
import pytest

from dlcourse.labs import ChannelsLab
from dlcourse.labs.channels import ChannelsState, compute_channels, flower_head, overlap, weights_of
from dlcourse.labs.pixels import CROPS, Pixels, grey_photo, grey_rgb, signed_rgb, small_photo
from tests.labs.lab_tools import numbers, run_cell


def test_a_pixel_is_the_weighted_sum_of_its_three_colours():
    result = compute_channels(ChannelsState(red=1.5, green=-0.5, blue=2.0, bias=-0.3))
    pixel = small_photo("flower")[10, 20]
    assert result.output[10, 20] == pytest.approx(1.5 * pixel[0] - 0.5 * pixel[1] + 2 * pixel[2] - 0.3)
    np.testing.assert_allclose(result.parts.sum(axis=0) - 0.3, result.output)


def test_relu_cuts_and_the_bias_is_added_once():
    plain = compute_channels(ChannelsState(bias=-1.0)).output
    cut = compute_channels(ChannelsState(bias=-1.0, relu=True)).output
    assert plain.min() < -0.5
    np.testing.assert_array_equal(cut, np.maximum(plain, 0))


def test_the_kernel_is_repeated_for_every_channel():
    weights = weights_of(ChannelsState(kernel="upright edge", red=2.0, green=0.0, blue=-1.0))
    assert weights.shape == (3, 3, 3)
    assert weights[0].tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert weights[1].tolist() == np.zeros((3, 3)).tolist()
    assert weights[2].tolist() == (-weights[0] / 2).tolist()


def test_overlap_by_hand():
    a, b = np.zeros((2, 4), bool), np.zeros((2, 4), bool)
    assert overlap(a, b) == 0
    a[0], b[:, 0] = True, True
    assert overlap(a, b) == pytest.approx(1 / 5)
    assert overlap(a, a) == 1


def test_the_head_is_where_red_is_far_above_blue():
    photo, head = small_photo("flower"), flower_head()
    assert 0.4 < head.mean() < 0.6
    assert (photo[..., 0] - photo[..., 2])[head].mean() > 0.4 > 0 > (photo[..., 0] - photo[..., 2])[~head].mean()


def test_the_first_task_needs_the_flower():
    lab = ChannelsLab(red=1.0, green=0.0, blue=-0.8, bias=-0.1)
    assert lab.goal.reached
    lab.set(photo="coffee")
    assert not lab.goal.reached
    assert "Choose the photo" in lab.goal.verdict
    assert not ChannelsLab().goal.reached
    assert not ChannelsLab(red=0.0, green=0.0, blue=0.0).goal.reached


@pytest.mark.parametrize(
    ("changes", "reached"),
    [
        ({"red": 1.0, "green": 0.0, "blue": -1.0}, True),
        ({"red": 1.0, "green": 0.0, "blue": -1.0, "kernel": "blur"}, True),
        ({"red": 1.0, "green": 0.0, "blue": -0.9}, False),
        ({"red": 1.0, "green": 0.0, "blue": -1.0, "bias": 0.1}, False),
        ({"red": 0.1, "green": 0.0, "blue": -0.1}, False),
        ({"red": 1.0, "green": 1.0, "blue": 1.0, "kernel": "upright edge"}, False),
        ({"red": 2.0, "green": -1.0, "blue": -1.0, "kernel": "upright edge"}, True),
    ],
)
def test_the_second_task_wants_weights_that_cancel(changes, reached):
    assert ChannelsLab(task="colour, not brightness", photo="astronaut", **changes).goal.reached == reached


def test_the_disc_is_shown_for_its_task_only():
    lab = ChannelsLab()
    assert lab.view.head.get_visible()
    for changes in ({"photo": "coffee"}, {"task": "colour, not brightness", "photo": "flower"}):
        lab.set(**changes)
        assert not lab.view.head.get_visible()


def test_the_status_says_how_many_pixels_answer():
    assert ChannelsLab(red=0.0, green=0.0, blue=0.0, bias=0.5).status.endswith("100% of the pixels are above 0.")
    assert "bias −0.5. The answers run from −0.50 to −0.50; 0%" in ChannelsLab(red=0, green=0, blue=0, bias=-0.5).status


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_computes_the_map_of_three_channels(engine):
    lab = ChannelsLab()
    odd = {"kernel": "upright edge", "photo": "chelsea", "red": -1.3, "bias": 0.7, "relu": True}
    for changes in (odd, *ChannelsLab.presets.values()):
        lab.set(**vars(ChannelsState()) | changes)
        scope, printed = run_cell(lab.as_code(), engine)
        np.testing.assert_allclose(numbers(scope["output"]), lab.result.output, atol=1e-12)
        assert "weights make one map (64, 64)" in printed


# -- pixels ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CROPS)
def test_small_photos_are_means_of_squares(name):
    photo = small_photo(name)
    assert photo.shape == (64, 64, 3)
    assert 0 <= photo.min() < 0.4 < photo.max() <= 1
    np.testing.assert_allclose(grey_photo(name), photo.mean(axis=2))
    with pytest.raises(ValueError, match="read-only"):
        photo[0, 0, 0] = 1


def test_an_unknown_photo_is_refused():
    with pytest.raises(ValueError, match=r"small_photo: expected one of chelsea, .*got 'dog'"):
        small_photo("dog")


def test_colours_of_numbers():
    assert grey_rgb(np.array([[0.0, 0.5, 1.0, 7.0]])).tolist() == [[[0] * 3, [128] * 3, [255] * 3, [255] * 3]]
    blue, white, orange = signed_rgb(np.array([[-2.0, 0.0, 9.0]]), 2.0)[0].tolist()
    assert (blue, white, orange) == ([0, 0x72, 0xB2], [255] * 3, [0xE6, 0x9F, 0])
    assert signed_rgb(np.zeros((1, 1)), 0.0).tolist() == [[[255] * 3]]


def test_the_first_row_of_an_image_is_the_upper_one():
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(0.4, 0.4), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    Pixels(axes).show(grey_rgb(np.array([[0.0, 1.0], [1.0, 1.0]])))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    shown = np.asarray(canvas.buffer_rgba())[..., 0]
    assert shown[10, 10] == 0
    assert shown[30, 10] == shown[10, 30] == shown[30, 30] == 255
