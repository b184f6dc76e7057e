"""The settings of a lab: a frozen dataclass whose fields know their range, so that one declaration serves the check of
a value, the slider that changes it and the sentence that refuses it.

    @dataclass(frozen=True)
    class GatesState(State):
        w1: float = number(0.5, low=-2, high=2, step=0.05, label="w₁")
"""

import dataclasses
import math
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any


@dataclass(frozen=True)
class Setting:
    """What every kind of setting has: the label beside its control and one sentence of help."""

    label: str
    help: str = ""


@dataclass(frozen=True)
class Number(Setting):
    low: float = 0.0
    high: float = 1.0
    step: float = 0.1

    expected = property(lambda self: f"a number from {self.low:g} to {self.high:g}")

    def clean(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise ValueError
        value = round(float(value), 10) + 0.0  # 0.1 + 0.2 is 0.3 on a slider; -0.0 is 0
        if not self.low <= value <= self.high:
            raise ValueError
        return value

    def nearest(self, value: float) -> float:
        """The value that the slider can show nearest to `value`: what a dragged handle snaps to."""
        value = min(max(value, self.low), self.high)
        steps = round((value - self.low) / self.step)
        return self.clean(min(self.low + steps * self.step, self.high))


@dataclass(frozen=True)
class Integer(Setting):
    low: int = 0
    high: int = 10
    play: bool = False  # a play button beside the slider

    expected = property(lambda self: f"a whole number from {self.low} to {self.high}")

    def clean(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, Integral) or not self.low <= value <= self.high:
            raise ValueError
        return int(value)


@dataclass(frozen=True)
class Choice(Setting):
    options: tuple = ()
    slider: bool = False  # a slider in place of a list: for options that are an order

    expected = property(lambda self: "one of " + ", ".join(map(repr, self.options)))

    def clean(self, value: Any) -> Any:
        if isinstance(value, bool) or value not in self.options:
            raise ValueError
        return self.options[self.options.index(value)]


@dataclass(frozen=True)
class Switch(Setting):
    expected = property(lambda self: "True or False")

    def clean(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value


@dataclass(frozen=True)
class Text(Setting):
    """A line of text that the learner types: 1 to `most` characters, all of them in `alphabet`, capitals made small."""

    most: int = 60
    alphabet: str = "abcdefghijklmnopqrstuvwxyz "

    expected = property(lambda self: f"a text of 1 to {self.most} characters from {self.alphabet!r}")

    def clean(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError
        value = value.lower()
        if not 1 <= len(value) <= self.most or not set(value) <= set(self.alphabet):
            raise ValueError
        return value


@dataclass(frozen=True)
class Rows(Setting):
    """A table of numbers, such as points drawn by hand: a tuple of rows, each of `width` numbers. It has no control."""

    width: int = 2
    low: float = -math.inf
    high: float = math.inf
    most: int = 500

    expected = property(
        lambda self: f"at most {self.most} rows of {self.width} numbers from {self.low:g} to {self.high:g}"
    )

    def clean(self, value: Any) -> tuple[tuple[float, ...], ...]:
        if isinstance(value, (str, bytes)):
            raise ValueError
        try:
            rows = tuple(tuple(float(v) for v in row) for row in value)
        except TypeError:
            raise ValueError from None
        right = all(len(row) == self.width and all(self.low <= v <= self.high for v in row) for row in rows)
        if not right or len(rows) > self.most:
            raise ValueError
        return rows


def _field(default: Any, setting: Setting) -> Any:
    return dataclasses.field(default=setting.clean(default), metadata={"setting": setting})


def number(default: float, *, low: float, high: float, step: float, label: str, help: str = "") -> Any:
    """A real number with a slider from low to high."""
    return _field(default, Number(label, help, low, high, step))


def integer(default: int, *, low: int, high: int, label: str, help: str = "", play: bool = False) -> Any:
    """A whole number with a slider from low to high; `play` adds a button that counts up."""
    return _field(default, Integer(label, help, low, high, play))


def choice(default: Any, options, *, label: str, help: str = "", slider: bool = False) -> Any:
    """One of `options`, from a list, or from a `slider` if they are in order."""
    return _field(default, Choice(label, help, tuple(options), slider))


def switch(default: bool, *, label: str, help: str = "") -> Any:
    """On or off."""
    return _field(default, Switch(label, help))


def text(default: str, *, alphabet: str, most: int, label: str, help: str = "") -> Any:
    """A line to type in."""
    return _field(default, Text(label, help, most, alphabet))


def rows(default, *, width: int, label: str, help: str = "", low: float = -math.inf, high: float = math.inf) -> Any:
    """A table of numbers that is changed in the picture, not by a control."""
    return _field(default, Rows(label, help, width, low, high))


@dataclass(frozen=True)
class State:
    """Base of every lab's settings. Each value is checked when a state is made; a wrong one is a ValueError that names
    the lab, what was expected and what came."""

    def __post_init__(self) -> None:
        for name, setting in self.settings().items():
            value = getattr(self, name)
            try:
                object.__setattr__(self, name, setting.clean(value))
            except (ValueError, OverflowError):  # 10**400 is no float
                message = f"{self.lab_name()}: {name} must be {setting.expected}; got {_short(value)}."
                raise ValueError(message) from None

    @classmethod
    def lab_name(cls) -> str:
        return cls.__name__.removesuffix("State") + "Lab"

    @classmethod
    def settings(cls) -> dict[str, Setting]:
        """Name -> setting, in the order in which the controls are shown."""
        return {field.name: field.metadata["setting"] for field in dataclasses.fields(cls)}

    def changed(self, /, **changes: Any) -> "State":
        """The state with some settings changed; an unknown name is a ValueError that lists the known ones."""
        known = self.settings()
        for name in changes:
            if name not in known:
                raise ValueError(f"{self.lab_name()}: no setting is called {name!r}; there are {', '.join(known)}.")
        return dataclasses.replace(self, **changes)

    @classmethod
    def nearest(cls, **values: float) -> dict[str, float]:
        """The values that the sliders can show nearest to `values`, which may lie outside their ranges."""
        return {name: cls.settings()[name].nearest(value) for name, value in values.items()}

    def differences(self) -> dict[str, Any]:
        """The settings that differ from the defaults."""
        default = type(self)()
        return {name: getattr(self, name) for name in self.settings() if getattr(self, name) != getattr(default, name)}


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
