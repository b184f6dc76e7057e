"""What must hold of a lab after whatever was done to it, and what every test of all labs needs to do it."""

import numpy as np
import pytest

from dlcourse.labs.settings import Choice, Integer, Number, Switch, Text

#: Settings in which every other setting can be seen.
REVEALING = {
    "ThresholdLab": {"features": "diameter and colour", "step": 5},
    "LearningRuleLab": {"data": "iris", "step": 10},
    "ComposedGatesLab": {"first": "own"},
    "GraphLab": {"expression": "2-2-1 network", "step": 27},
    "PlaygroundLab": {"tick": 3, "layers": 2, "units": 4},
    "SameStartLab": {"tick": 4},
    "LimeLab": {"show": "the machine's samples", "sample": 5},
    "ProductLab": {"w": 1.5, "inputs": "noise"},
    "LstmGateLab": {"forget": "0.9"},
    "ForgettingLab": {"rehearsal": 0.2},
    "WordMapLab": {"show": "a − b + c"},
}


def ends(setting) -> list:
    """Every value of a small setting; both ends and the middle of a range."""
    match setting:
        case Number(low=low, high=high):
            return [low, setting.nearest((low + high) / 2), high]
        case Integer(low=low, high=high):
            return [low, (low + high) // 2, high]
        case Choice(options=options):
            return list(options)
        case Switch():
            return [False, True]
        case Text(alphabet=alphabet, most=most):
            return [alphabet[0], (alphabet * most)[:most]]
    raise TypeError(setting)


def expected_of(lab) -> dict:
    """What each control must show: the state, within the ends that can be reached now."""
    shown = {name: getattr(lab.state, name) for name in lab.controls}
    for name, (low, high) in lab.limits(lab.state, lab.result).items():
        shown[name] = min(max(shown[name], low), high)
    return shown


def assert_sound(lab) -> None:
    """No error, and the controls, the words and the picture are those of the state."""
    assert lab.last_error is None
    assert lab.live.error == ""
    for name, value in expected_of(lab).items():
        control = lab.controls[name]
        assert control.input.value == (pytest.approx(value) if isinstance(value, float) else value), name
        if control.play:
            assert control.play.value == value
    assert lab.live.status == lab.status
    assert lab.live.verdict.removeprefix("✓ ") == lab.goal.verdict
    assert lab.live.verdict.startswith("✓") == lab.goal.reached
    assert "nan" not in lab.status
    for spec in lab.live.handles["specs"]:
        assert np.isfinite([spec["x"], spec["y"], *spec["step"], *spec["tail"], *spec["direction"]]).all()


def assert_same_view(lab, other) -> None:
    """Two labs of the same state: the same picture, words and handles."""
    assert other.state == lab.state
    assert other.live.picture == lab.live.picture
    assert other.live.alt == lab.live.alt
    assert other.live.handles["specs"] == lab.live.handles["specs"]


def assert_like_new(lab) -> None:
    """A fresh lab with the same state looks the same."""
    fresh = type(lab)(**vars(lab.state))
    assert_same_view(lab, fresh)
    fresh.close()


def assert_alike(lab, twin) -> None:
    """Another lab of the kind, which has been elsewhere, looks the same once it has the same state."""
    twin.set(**vars(lab.state))
    assert_same_view(lab, twin)
