"""What the tests of the labs share: the browser's half of a widget message, pictures as arrays, cells that are run."""

import contextlib
import io

import numpy as np
from PIL import Image

from dlcourse import labs

LABS = (
    labs.TenTangerinesLab,
    labs.ThresholdLab,
    labs.FollowPixelLab,
    labs.PaintDigitLab,
    labs.LayerLab,
    labs.GatesLab,
    labs.LearningRuleLab,
    labs.LinearMapLab,
    labs.ComposedGatesLab,
    labs.XorLab,
    labs.SeedsLab,
    labs.ActivationLab,
    labs.DepthLab,
    labs.SameStartLab,
    labs.GraphLab,
    labs.LossLab,
    labs.AccuracyLab,
    labs.RobustFitLab,
    labs.PlaygroundLab,
    labs.OptimizerRaceLab,
    labs.StabilityLab,
    labs.MinibatchNoiseLab,
    labs.UnrolledLab,
    labs.ProductLab,
    labs.LstmGateLab,
    labs.TextGradientLab,
    labs.ClustersLab,
    labs.WordMapLab,
    labs.FourLeversLab,
    labs.GhostFitsLab,
    labs.DropoutLab,
    labs.KernelLab,
    labs.ChannelsLab,
    labs.ShiftLab,
    labs.ReceptiveFieldLab,
    labs.TransferLab,
    labs.ForgettingLab,
    labs.LimeLab,
    labs.StepTimeLab,
    labs.BitterLessonLab,
    labs.BanditLab,
    labs.GridWorldLab,
)
ENGINES = {"reference": "import dlcourse.reference as engine", "torch": "import torch as engine"}


def from_browser(widget, **state) -> None:
    """What happens when a front end has changed `state` of a widget: its message, as the comm delivers it."""
    message = {"method": "update", "state": state, "buffer_paths": []}
    widget._handle_msg({"content": {"data": message}, "buffers": []})


def drag(lab, handle: str, x: float, y: float, done: bool = True, path=()) -> None:
    """A finger or an arrow key moved a handle of the lab to (x, y)."""
    number = lab.live.gesture.get("number", 0) + 1
    gesture = {"handle": handle, "x": x, "y": y, "done": done, "path": [list(p) for p in path], "number": number}
    from_browser(lab.live, gesture=gesture)


def handles(lab) -> dict[str, dict]:
    """The handles that the browser shows now, by name."""
    return {spec["name"]: spec for spec in lab.live.handles["specs"]}


def decoded(png: bytes) -> np.ndarray:
    """A PNG as (height, width, 3) uint8."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def shown(lab) -> np.ndarray:
    """The picture that was sent to the browser last."""
    return decoded(lab.live.picture)


def buttons(widget) -> dict:
    """Every button below a widget, by its label."""
    found = {widget.description: widget} if hasattr(widget, "click") else {}
    for child in getattr(widget, "children", ()):
        found |= buttons(child)
    return found


def words(artists) -> list[str]:
    """The texts of some text artists."""
    return [artist.get_text() for artist in artists]


def run_cell(code: str, engine: str = "reference") -> tuple[dict, str]:
    """Run the cell of `as_code()` on an engine; its variables and what it printed."""
    first, rest = code.split("\n", 1)
    assert first.startswith(ENGINES["reference"])
    assert ENGINES["torch"] in first  # the one line that a learner changes
    scope, output = {}, io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(f"{ENGINES[engine]}\n{rest}", "<cell>", "exec"), scope)
    return scope, output.getvalue()


def numbers(tensor) -> np.ndarray:
    """A tensor of either engine as an array of float64."""
    return np.asarray(tensor.detach().numpy(), float)
