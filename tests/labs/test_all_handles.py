"""Handles of every lab: those that its text promises, dragged anywhere, with words that follow."""

import numpy as np
import pytest

from tests.labs.lab_tools import LABS, drag, handles
from tests.labs.soundness import assert_alike, assert_like_new, assert_sound

#: The kinds of handles that the text of a lab promises when it opens.
HANDLES = {
    "TenTangerinesLab": {"line"},
    "ThresholdLab": {"line"},
    "FollowPixelLab": {"point"},
    "PaintDigitLab": {"brush"},
    "LayerLab": {"point"},
    "GatesLab": {"line", "vector", "point"},
    "LearningRuleLab": set(),
    "ComposedGatesLab": {"point"},
    "LinearMapLab": {"vector"},
    "XorLab": {"line", "vector"},
    "SeedsLab": set(),
    "ActivationLab": {"point"},
    "DepthLab": {"point", "brush"},
    "SameStartLab": set(),
    "GraphLab": {"point"},
    "LossLab": {"point"},
    "AccuracyLab": {"point", "line"},
    "RobustFitLab": {"point"},
    "PlaygroundLab": {"brush"},
    "MinibatchNoiseLab": set(),
    "ClustersLab": {"point"},
    "WordMapLab": set(),
    "FourLeversLab": {"line"},
    "GhostFitsLab": {"line"},
    "DropoutLab": {"point", "line"},
    "StabilityLab": {"point"},
    "OptimizerRaceLab": {"point"},
    "KernelLab": {"point"},
    "ChannelsLab": set(),
    "ShiftLab": {"point"},
    "ReceptiveFieldLab": {"point"},
    "UnrolledLab": {"point"},
    "ProductLab": {"point"},
    "LstmGateLab": {"point"},
    "TextGradientLab": {"point"},
    "StepTimeLab": {"line"},
    "BitterLessonLab": {"line", "point"},
    "TransferLab": {"line"},
    "ForgettingLab": {"line"},
    "LimeLab": {"brush"},
    "BanditLab": set(),
    "GridWorldLab": {"point"},
}
PLACES = [(0.3, 0.6), (-0.9, 1.7), (0.0, 0.0), (1e-9, -1e-9), (1e9, -1e9), (-1e300, 1e300), (90.0, 0.5)]
NO_PLACES = [(np.nan, 0.5), (0.5, np.nan), (np.inf, 0), (None, None)]


def opened(kind):
    """A new lab, with points to drag if there can be some."""
    return kind(**({"data": "own points"} if kind.__name__ == "PlaygroundLab" else {}))


@pytest.mark.parametrize("kind", LABS)
def test_each_lab_has_the_handles_that_its_text_promises(kind):
    specs = opened(kind).live.handles["specs"]
    assert {spec["kind"] for spec in specs} == HANDLES[kind.__name__]
    for spec in specs:
        assert len(spec["label"]) > 5  # for a screen reader
        assert len(spec["text"]) > 5


@pytest.mark.parametrize("kind", LABS)
def test_every_handle_can_be_dragged_anywhere(kind):
    lab, twin = opened(kind), opened(kind)
    for name in list(handles(lab)):
        for x, y in PLACES:
            lab.reset()
            drag(lab, name, x, y, path=[(x, y)])
            assert_sound(lab)
        assert_alike(lab, twin)
    assert_like_new(lab)
    for name in list(handles(lab)):
        lab.reset()
        before = lab.state, lab.live.picture
        for x, y in NO_PLACES:
            drag(lab, name, x, y)
            assert_sound(lab)
        assert (lab.state, lab.live.picture) == before


@pytest.mark.parametrize("kind", LABS)
def test_a_handle_that_moves_changes_what_it_says(kind):
    lab = opened(kind)
    for name, spec in handles(lab).items():
        said = set()
        for up in (-0.3, 0.3):  # at the end of its range it can go one way only
            lab.reset()
            drag(lab, name, spec["x"] + 0.9, spec["y"] + up, path=[(0.1, 0.1)])
            said.add(handles(lab)[name]["text"])
        assert said != {spec["text"]}
