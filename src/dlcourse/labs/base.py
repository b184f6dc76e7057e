"""Lab: what every interactive picture of the course can do.

A lab is a file in three parts: the settings and a pure function that computes what they mean; a View that draws the
result; and a Lab that says in words what is seen. State is the one truth: sliders and handles are both views of it.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import ipywidgets

from dlcourse.labs import sharing
from dlcourse.labs.cells import replace_labs_of_this_cell
from dlcourse.labs.controls import button, close_all, controls, hear_in_order
from dlcourse.labs.live import DRAWING, Gesture, Handle, LiveFigure
from dlcourse.labs.picture import bundle
from dlcourse.labs.settings import State

_NO_PRESET = "choose …"


@dataclass(frozen=True)
class Goal:
    """What the learner is to achieve, how far they are, and whether they are there."""

    task: str
    verdict: str
    reached: bool


class View:
    """Owns the artists of a lab's figure.

    A subclass sets `size` (CSS pixels), makes its artists in __init__ and lists in `moving` those that `update`
    changes; all others are drawn once. Axes limits stay fixed. No pyplot, no `cla`, no mathtext in moving text.
    """

    size: ClassVar[tuple[int, int]] = (640, 400)
    moving: list

    def update(self, state: Any, result: Any) -> None:
        """Bring the artists to the result, with set_data, set_offsets, set_text."""
        raise NotImplementedError

    def handles(self, state: Any, result: Any) -> list[Handle]:
        """What can be dragged, where it is now."""
        return []


class Lab:
    """Base of the labs. A subclass gives the class attributes and the four methods below them."""

    title: ClassVar[str]
    State: ClassVar[type[State]]
    View: ClassVar[type[View]]
    compute: ClassVar[Callable[[Any], Any]]
    presets: ClassVar[dict[str, dict[str, Any]]] = {}  # name -> settings that differ from the defaults
    actions: ClassVar[dict[str, str]] = {}  # label of a button -> name of the method it calls
    known: ClassVar[dict[str, type["Lab"]]] = {}

    def describe(self, state: Any, result: Any) -> str:
        """What the picture shows, in words."""
        raise NotImplementedError

    def judge(self, state: Any, result: Any) -> Goal:
        """The task and how far it is done."""
        raise NotImplementedError

    def moved(self, gesture: Gesture) -> dict[str, Any]:
        """The settings to change because a handle was moved."""
        return {}

    def code(self, state: Any) -> str:
        """Lines that compute the same with `engine` (either one) and leave what they computed in `output`."""
        raise NotImplementedError

    def limits(self, state: Any, result: Any) -> dict[str, tuple[int, int]]:
        """Ends of integer settings that depend on the result, such as the last step of a trajectory."""
        return {}

    # -- what a learner calls -----------------------------------------------------------------------------------------

    def __init_subclass__(cls) -> None:
        Lab.known[cls.__name__] = cls

    def __init__(self, /, **settings: Any):
        self.state = self.State().changed(**settings)
        self.last_error: Exception | None = None
        self._start = self.state
        self._closed = False
        self._build()
        self._show(self.state)
        replace_labs_of_this_cell(self)

    def set(self, /, **changes: Any) -> None:
        """Change some settings at once, drawing once. A wrong value is a ValueError and changes nothing."""
        self._must_be_open()
        with DRAWING:
            self._show(self.state.changed(**changes))

    def reset(self) -> None:
        """Back to the settings that the lab was made with."""
        self._must_be_open()
        with DRAWING:
            self._show(self._start)

    def preset(self, name: str) -> None:
        """Show a named setting; `presets` lists them."""
        self._must_be_open()
        if name not in self.presets:
            known = "; ".join(self.presets)
            raise ValueError(f"{type(self).__name__}: no preset is called {name!r}; there are: {known}.")
        with DRAWING:
            self._show(self.State().changed(**self.presets[name]))

    @property
    def goal(self) -> Goal:
        """The task, the verdict in words and whether it is reached."""
        return self.judge(self.state, self.result)

    @property
    def status(self) -> str:
        """What the picture shows, in words."""
        return self.describe(self.state, self.result)

    def share(self) -> str:
        """The settings as a short string; `Lab.from_share` opens the same lab from it."""
        return sharing.encode(type(self).__name__, self.state.differences())

    @classmethod
    def from_share(cls, text: str) -> "Lab":
        """The lab that `share()` described. ValueError if the string is damaged or of another lab."""
        name, settings = sharing.decode(text)
        lab = Lab.known.get(name)
        if lab is None:
            words = f"expected a lab of this course; got {name!r}; it may come from a newer version of the course"
            raise ValueError(f"Share string: {words}.")
        if not issubclass(lab, cls):
            raise ValueError(f"Share string: expected {cls.__name__}; got {name!r}; open it with Lab.from_share.")
        return lab(**settings)

    def as_code(self) -> str:
        """A cell that computes what the lab shows, on the NumPy engine or on PyTorch by changing its first line."""
        return f"import dlcourse.reference as engine  # on PyTorch: import torch as engine\n\n{self.code(self.state)}"

    def close(self) -> None:
        """Take the lab off the page and free what it holds."""
        with DRAWING:
            if not self._closed:
                self._closed = True
                close_all(self.widget)

    def __repr__(self) -> str:
        if self._closed:
            return f"{type(self).__name__}: closed."
        return f"{type(self).__name__}: {self.goal.verdict} {self.status}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        if self._closed:
            return {"text/plain": repr(self)}, {}
        with DRAWING:
            data, metadata = bundle(self.live.encode_for_file(), self.live.alt, self.live.size, repr(self))
        mime = "application/vnd.jupyter.widget-view+json"
        data[mime] = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        return data, metadata

    # -- how it works -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        with DRAWING:
            self.live = LiveFigure(self.View.size, self._handle_moved)
            self.view = self.View(self.live.figure)
            self.live.keep_background(self.view.moving)
        self.controls = controls(self.State.settings(), self.state, self._control_moved)
        self._presets = ipywidgets.Dropdown(
            options=[_NO_PRESET, *self.presets],
            description="Show",
            style={"description_width": "92px"},
            layout={"width": "300px"},
        )
        self._presets.observe(self._preset_chosen, "value")
        self._text = ipywidgets.Textarea(layout={"display": "none", "width": "98%", "height": "150px"})
        self.widget = self.arrange()
        hear_in_order(self.widget)

    def arrange(self) -> ipywidgets.Widget:
        """The page: the picture, beside or below it the controls, and under them the buttons."""
        inputs = [control.widget for control in self.controls.values()]
        if self.presets:
            inputs.insert(0, self._presets)
        panel = ipywidgets.Box(inputs, layout={"display": "flex", "flex_flow": "row wrap", "max_width": "100%"})
        return ipywidgets.VBox([self.live, panel, self._buttons(), self._text], layout={"max_width": "100%"})

    def _buttons(self) -> ipywidgets.Widget:
        def action(label: str, method: str) -> ipywidgets.Button:
            return button(label, lambda: self._try(getattr(self, method)), getattr(type(self), method).__doc__ or "")

        own = [action(label, method) for label, method in self.actions.items()]
        common = [
            button("Reset", lambda: self._try(self.reset), "Back to the settings of the cell"),
            button("Share", lambda: self._try(lambda: self._show_text(self.share())), "The settings as a short text"),
            button("Show as code", lambda: self._try(lambda: self._show_text(self.as_code())), "The same as a cell"),
        ]
        return ipywidgets.Box([*own, *common], layout={"display": "flex", "flex_flow": "row wrap"})

    def _show(self, state: State) -> None:
        """Compute and show a state; only when all of it worked does it become the lab's state."""
        with DRAWING:
            result = type(self).compute(state)
            self.view.update(state, result)
            goal, status = self.judge(state, result), self.describe(state, result)
            self.state, self.result = state, result
            with self.live.hold_sync():
                self.live.task, self.live.status, self.live.error = goal.task, status, ""
                self.live.verdict = f"✓ {goal.verdict}" if goal.reached else goal.verdict
                self.live.alt = f"{self.title}. {goal.verdict} {status}"
                self.live.refresh(self.view.handles(state, result))
            self.last_error = None
            self._show_controls()

    def _show_controls(self) -> None:
        self._syncing = True
        try:
            for name, (low, high) in self.limits(self.state, self.result).items():
                self.controls[name].limit(low, high)
            for name, control in self.controls.items():
                control.show(getattr(self.state, name))
            self._presets.value = _NO_PRESET
        finally:
            self._syncing = False

    _syncing = False  # read and written under DRAWING only

    def _control_moved(self, name: str, value: Any) -> None:
        with DRAWING:
            if not self._syncing:
                self._try(lambda: self.set(**{name: value}))

    def _preset_chosen(self, change: Any) -> None:
        with DRAWING:
            if not self._syncing and change.new != _NO_PRESET:
                self._try(lambda: self.preset(change.new))

    def _handle_moved(self, gesture: Gesture) -> None:
        self._try(lambda: self.set(**self.moved(gesture)))

    def _show_text(self, text: str) -> None:
        self._text.value = text
        self._text.layout.display = "block"

    def _try(self, act: Callable[[], None]) -> None:
        with self._reporting():
            act()

    @contextlib.contextmanager
    def _reporting(self) -> Iterator[None]:
        """A widget callback's exception is lost in most front ends: keep it, show it, and show the true state again."""
        try:
            yield
        except Exception as error:
            with DRAWING:
                try:
                    if not self._closed:
                        self._show(self.state)
                finally:
                    self.last_error = error
                    self.live.error = f"{type(error).__name__}: {error}"

    def _must_be_open(self) -> None:
        if self._closed:
            raise RuntimeError(f"{type(self).__name__}: it is closed; run its cell again to open a new one.")
