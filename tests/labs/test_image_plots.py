"""Rows of images: their pixels, boxes, captions and refusals."""

import numpy as np
import pytest

from dlcourse.labs import plots
from tests.labs.lab_tools import decoded


def test_rows_of_grey_signed_and_coloured_images():
    grey, signed = np.array([[0.0, 1.0]]), np.array([[-1.0, 2.0]])
    colour = np.zeros((1, 2, 3))
    colour[0, 1] = (1, 0, 0)
    picture = plots.images("Six pixels", {"grey": [grey], "others": [("signed", signed), ("colour", colour)]}, size=40)
    shown = decoded(picture.png(1.0))
    assert picture.alt == "Six pixels"
    top = 26 + 20  # the middle of the first row's images
    assert shown[top, 20].tolist() == [0, 0, 0]
    assert shown[top, 44].tolist() == [255, 255, 255]
    below = 26 + 40 + 26 + 20
    np.testing.assert_allclose(shown[below, 20], [0x7F, 0xB8, 0xD9], atol=6)  # half of blue
    np.testing.assert_allclose(shown[below, 44], [0xE6, 0x9F, 0x00], atol=6)
    np.testing.assert_allclose(shown[below, 92], [255, 0, 0], atol=6)


def test_boxes_stand_where_they_are_told():
    image = np.ones((10, 10))
    boxes = {"page": [[(2, 3, 4, 5, "7")], []]}
    picture = plots.images("A box", {"page": [image, image]}, size=100, boxes=boxes)
    patches = [axes.patches for axes in picture.figure.axes if axes.patches]
    assert len(patches) == 1
    assert {(p.get_x(), p.get_y(), p.get_width(), p.get_height()) for p in patches[0]} == {(3, 2, 5, 4)}
    texts = [text.get_text() for axes in picture.figure.axes for text in axes.texts]
    assert "7" in texts


@pytest.mark.parametrize("rows", [{}, {"empty": []}])
def test_nothing_to_show_is_refused(rows):
    with pytest.raises(ValueError, match="images: expected at least one row with at least one image"):
        plots.images("", rows)


@pytest.mark.parametrize("shape", [(3,), (4, 4, 4), (1, 2, 3, 3)])
def test_what_is_no_image_is_refused(shape):
    with pytest.raises(ValueError, match=r"images: an image must have shape \(H, W\) or \(H, W, 3\); got"):
        plots.images("", {"row": [np.zeros(shape)]})
