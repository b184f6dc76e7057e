"""The ipywidgets controls of a lab, made from the settings of its state."""

import math
from collections.abc import Callable
from typing import Any

import ipywidgets
import traitlets

from dlcourse.labs.settings import Choice, Integer, Number, Rows, Setting, Switch, Text

_LABEL = {"description_width": "92px"}
_WIDTH = "300px"


def _as_the_browser_counts(value: float, slider: "NumberSlider") -> float:
    """The float that noUiSlider, the slider of ipywidgets, makes of a value: it goes by per cent, to the next step.

    Told −0.2, it makes −0.19999999999999996 of it and reports that as if a person had moved it. When the report comes,
    the lab may have gone on, and is taken back: the last key press is lost. Told its own float, it reports nothing.
    """
    low, span = slider.min, slider.max - slider.min
    step = slider.step * 100 / span
    distance = value + abs(low) if low < 0 else value - low
    per_cent = math.floor(distance * 100 / span / step + 0.5) * step
    if value >= slider.max or per_cent >= 100:
        return slider.max
    return max(per_cent, 0.0) * span / 100 + low


class NumberSlider(ipywidgets.FloatSlider):
    """A FloatSlider that never moves by itself: the browser is told its own floats, the state hears decimal ones."""

    value = traitlets.CFloat(0.0).tag(
        sync=True,
        to_json=lambda value, slider: slider._told(value),
        from_json=lambda value, slider: slider._heard(value),
    )
    _browsers_own = math.nan  # the last value that came from a browser

    def _heard(self, value: Any) -> Any:
        if not isinstance(value, float):
            return value
        self._browsers_own = value
        return round(value, 10)

    def _told(self, value: float) -> float:
        same = math.isclose(self._browsers_own, value, abs_tol=1e-9)
        return self._browsers_own if same else _as_the_browser_counts(value, self)


class Control:
    """One setting as a widget. `widget` is shown; `value` is read and written; `on_change(value)` is called by a
    person's change only, never by `show`."""

    def __init__(self, setting: Setting, value: Any, on_change: Callable[[Any], None]):
        self.setting = setting
        self.input = _input(setting, value)
        self.play = _play(setting, value)
        self.widget = ipywidgets.HBox([self.play, self.input]) if self.play else self.input
        self.input.observe(lambda change: on_change(change.new), "value")
        if self.play:
            self.play.observe(lambda change: on_change(change.new), "value")

    def show(self, value: Any) -> None:
        """Show a value of the state. What the browser shows already is not sent back: the answer to one key press would
        undo the next ones."""
        for widget in filter(None, (self.input, self.play)):
            widget.value = value

    def limit(self, low: int, high: int) -> None:
        """Narrow the ends of an integer's slider (what can be reached now), within the setting's own."""
        for widget in filter(None, (self.input, self.play)):
            if (widget.min, widget.max) != (low, high):
                widget.min, widget.max = min(low, widget.value), max(high, widget.value)
                widget.value = min(max(widget.value, low), high)
                widget.min, widget.max = low, high

    def stop(self) -> None:
        """Stop the play button."""
        if self.play:
            self.play.playing = False


def controls(settings: dict[str, Setting], values, on_change: Callable[[str, Any], None]) -> dict[str, Control]:
    """A Control for each setting that has one, in order; on_change(name, value)."""

    def make(name: str, setting: Setting) -> Control:
        return Control(setting, getattr(values, name), lambda value: on_change(name, value))

    return {name: make(name, setting) for name, setting in settings.items() if not isinstance(setting, Rows)}


def button(label: str, on_click: Callable[[], None], help: str = "") -> ipywidgets.Button:
    widget = ipywidgets.Button(description=label, tooltip=help or label, layout={"width": "auto"})
    widget.on_click(lambda _: on_click())
    return widget


def _input(setting: Setting, value: Any) -> ipywidgets.Widget:
    common = {"description": setting.label, "style": _LABEL, "layout": {"width": _WIDTH}, "tooltip": setting.help}
    match setting:
        case Number(low=low, high=high, step=step):
            decimals = max(0, len(f"{step:.10f}".rstrip("0").split(".")[1]))
            return NumberSlider(value, min=low, max=high, step=step, readout_format=f".{decimals}f", **common)
        case Integer(low=low, high=high):
            return ipywidgets.IntSlider(value, min=low, max=high, **common)
        case Choice(options=options, slider=True):
            return ipywidgets.SelectionSlider(options=options, value=value, **common)
        case Choice(options=options):
            return ipywidgets.Dropdown(options=options, value=value, **common)
        case Switch():
            return ipywidgets.Checkbox(value, indent=True, **common)
        case Text():  # the lab follows when Enter is pressed or the line is left
            return ipywidgets.Text(value, continuous_update=False, **common)
    raise TypeError(f"no control for a {type(setting).__name__}")


def _play(setting: Setting, value: Any) -> ipywidgets.Play | None:
    if not (isinstance(setting, Integer) and setting.play):
        return None
    return ipywidgets.Play(value=value, min=setting.low, max=setting.high, interval=120, show_repeat=False)


def hear_in_order(widget: ipywidgets.Widget) -> None:
    """Have the messages of a widget and all below it handled one after the other, as the person made them.

    JupyterLab sends them to one thread of the kernel, its subshell. ipykernel 7.4 diverts a message to whichever
    thread spoke last for that widget; for a button that is always the main one. Reset then waits behind a running cell,
    or is heard after a key that was pressed after it; and a message to the main thread while an async cell runs is
    never reported as done, so that ipywidgets keeps back all that follow. Labs are safe on any thread.
    """
    for child in getattr(widget, "children", ()):
        hear_in_order(child)
    widget.comm._reply_subshell_for = lambda data, chosen_by_page: chosen_by_page


def close_all(widget: ipywidgets.Widget) -> None:
    """Close a widget with all below it, their layouts and styles: `Widget.close` alone leaves those in memory."""
    for child in getattr(widget, "children", ()):
        close_all(child)
    for part in (getattr(widget, "style", None), getattr(widget, "layout", None)):
        if isinstance(part, ipywidgets.Widget):
            part.close()
    widget.unobserve_all()
    widget.close()
