"""Many moves leave nothing behind: no figure, artist, widget, comm, callback or memory."""

import gc
import sys
import tracemalloc
import types
from collections import Counter

import comm
import ipywidgets
import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from dlcourse.labs import GatesLab, Lab
from tests.labs.lab_tools import LABS, drag, from_browser, handles

KINDS = {
    "figures": Figure,
    "artists": Artist,
    "widgets": ipywidgets.Widget,
    "comms": comm.DummyComm,
    "labs": Lab,
    "callbacks": (types.FunctionType, types.MethodType),
}


def census() -> dict[str, int]:
    """How many there are of what a lab makes."""
    gc.collect()
    found = Counter(map(type, gc.get_objects()))
    counts = {name: sum(found[type] for type in found if issubclass(type, kind)) for name, kind in KINDS.items()}
    counts["registered widgets"] = len(ipywidgets.widgets.widget._instances)
    counts["blocks of memory"] = sys.getallocatedblocks()
    return counts


def growth(move, moves: int, first: int = 80) -> dict[str, int]:
    """What `moves` calls of move(n) leave behind, after `first` calls in which caches may fill."""
    for n in range(first):
        move(n)
    before = census()
    for n in range(moves):
        move(n)
    after = census()
    return {name: after[name] - before[name] for name in before}


def assert_nothing_left(grown: dict[str, int], most_blocks: float) -> None:
    """most_blocks: since caches fill up slowly; an artist or a widget for each move would be many times that."""
    assert grown.pop("blocks of memory") < most_blocks
    assert grown == dict.fromkeys(grown, 0)


def mover(lab):
    """move(n): by turns a slider, a handle and a direct change, through 40 different states."""
    sliders = (ipywidgets.FloatSlider, ipywidgets.IntSlider, ipywidgets.SelectionSlider)
    names = [name for name, control in lab.controls.items() if isinstance(control.input, sliders)]

    def move(n):
        state = n % 40
        name = names[state % len(names)]
        if state % 3 == 0 and handles(lab):
            spec = list(handles(lab).values())[state % len(handles(lab))]
            drag(lab, spec["name"], 0.02 * state, 1 - 0.03 * state)
        else:
            _step(lab.controls[name].input, state)
        assert lab.last_error is None

    return move


def _step(slider, state: int) -> None:
    """Move a slider in the browser to one of its places."""
    if isinstance(slider, ipywidgets.SelectionSlider):
        from_browser(slider, index=state % len(slider.options))
    else:
        value = min(slider.min + (state % 5) * slider.step, slider.max)
        from_browser(slider, value=int(value) if isinstance(slider.value, int) else value)


@pytest.mark.parametrize("kind", LABS)
def test_forty_moves_leave_nothing_behind(kind):
    assert_nothing_left(growth(mover(kind()), 40), most_blocks=1020)


@pytest.mark.pixels
def test_a_thousand_moves_leave_nothing_behind():
    assert_nothing_left(growth(mover(GatesLab()), 1000), most_blocks=1500)


@pytest.mark.slow
@pytest.mark.pixels
@pytest.mark.parametrize("kind", LABS)
def test_a_thousand_moves_of_every_lab(kind):
    assert_nothing_left(growth(mover(kind()), 1000), most_blocks=1500)


@pytest.mark.pixels
def test_many_moves_do_not_make_the_memory_grow():
    move = mover(GatesLab())
    for n in range(80):
        move(n)
    tracemalloc.start()
    try:
        move(0)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for n in range(1, 41):
            move(n)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 40 * 5_000  # bytes; a picture has 30,000


def test_opening_and_closing_labs_leaves_nothing_behind():
    grown = growth(lambda n: LABS[n % len(LABS)]().close(), 2 * len(LABS), first=len(LABS))
    assert_nothing_left(grown, most_blocks=3000)


@pytest.mark.pixels
def test_opening_and_closing_a_lab_that_is_shown_on_a_page_leaves_nothing_behind():
    def open_and_close(n):
        lab = GatesLab()
        lab._repr_mimebundle_()
        lab.close()

    assert_nothing_left(growth(open_and_close, 20, first=10), most_blocks=700)


# -- the census itself: it finds each kind of leak ------------------------------------------------------------------

KEPT = []
LEAKS = {
    "figures": lambda lab: KEPT.append(Figure()),
    "artists": lambda lab: KEPT.append(lab.view.plane.plot([0], [0])),
    "widgets": lambda lab: ipywidgets.Label(),
    "registered widgets": lambda lab: ipywidgets.Label(),
    "comms": lambda lab: KEPT.append(comm.DummyComm()),
    "callbacks": lambda lab: lab.live.observe(lambda change: None, "alt"),
    "blocks of memory": lambda lab: KEPT.append([[] for _ in range(40)]),
}


@pytest.mark.parametrize("what", LEAKS)
def test_a_leak_is_found(what):
    lab = GatesLab()
    try:
        grown = growth(lambda n: LEAKS[what](lab), 40)
        assert grown[what] >= 40
        with pytest.raises(AssertionError):
            assert_nothing_left(grown, most_blocks=1020)
    finally:
        KEPT.clear()
