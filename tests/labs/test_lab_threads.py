"""Labs that are moved on other threads while a cell draws: every picture is the one drawn alone.

JupyterLab delivers a slider's message on a thread of its own while the cell that runs goes on on the main thread.
"""

import io
import sys
import threading
import time

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.labs import ComposedGatesLab, GatesLab, XorLab
from dlcourse.labs.live import DRAWING
from dlcourse.labs.picture import Picture
from tests.labs.lab_tools import decoded, drag, from_browser

pytestmark = pytest.mark.pixels

MOVES = 15
WALKS = {
    GatesLab: lambda lab, n: from_browser(lab.controls["w1"].input, value=round(-1.0 + 0.05 * n, 2)),
    ComposedGatesLab: lambda lab, n: lab.set(first="own", b=round(-1.0 + 0.1 * (n % 20), 1), w1=0.5),
    XorLab: lambda lab, n: drag(lab, "h₁ line", 0.04 * n, 0.5),
}


def walk(kind) -> list[bytes]:
    """The pictures of a lab that is moved step by step."""
    lab, pictures = kind(), []
    for n in range(MOVES):
        WALKS[kind](lab, n)
        assert lab.last_error is None
        pictures.append(lab.live.picture)
    return pictures


def plot(n: int) -> np.ndarray:
    """What a learner's own cell draws, with pyplot and without any lock of ours."""
    figure, axes = plt.subplots(figsize=(4, 3), dpi=80)
    x = np.linspace(0, 7, 200)
    axes.plot(x, np.sin(x + 0.1 * n), label=f"step {n}")
    axes.scatter(x[::10], np.cos(x[::10]), c=x[::10])
    axes.set(title=f"Picture {n}", xlabel="x₁", ylabel="$w_1$")
    axes.legend()
    buffer = io.BytesIO()
    figure.savefig(buffer)
    plt.close(figure)
    return decoded(buffer.getvalue())


def course_picture(n: int) -> bytes:
    """What a cell of the course shows: a static Picture, drawn under the lock of the labs."""
    picture = Picture("a curve", 320, 200)
    axes = picture.figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.plot([0, 1, 2], [0, n, 1])
    axes.set_title(f"Picture {n}")
    return picture.png()


@pytest.fixture(autouse=True)
def agg():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # threads take turns five hundred times more often than they usually do
    before = plt.get_backend()
    plt.switch_backend("agg")
    yield
    assert plt.get_fignums() == []
    plt.switch_backend(before)
    sys.setswitchinterval(interval)


def in_threads(*works):
    """Run the works at once, each in a thread; their results, or the first error."""
    results, errors = [None] * len(works), []
    gate = threading.Barrier(len(works) + 1)

    def run(place, work):
        gate.wait()
        try:
            results[place] = work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    gate.wait()
    return threads, results, errors


def finish(threads, errors):
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    if errors:
        raise errors[0]


def test_labs_on_threads_and_a_cell_that_plots_draw_what_they_draw_alone():
    alone = {kind: walk(kind) for kind in WALKS}
    plots = [plot(n) for n in range(8)]
    threads, results, errors = in_threads(*(lambda kind=kind: walk(kind) for kind in WALKS))
    rounds = 0
    while any(thread.is_alive() for thread in threads) or rounds == 0:
        for n, want in enumerate(plots):
            assert (plot(n) == want).all()
        rounds += 1
    finish(threads, errors)
    for kind, pictures in zip(WALKS, results, strict=True):
        assert pictures == alone[kind], kind.__name__


def test_static_pictures_are_the_same_while_labs_move():
    want = [course_picture(n) for n in range(6)]
    alone = walk(GatesLab)
    threads, results, errors = in_threads(lambda: walk(GatesLab), lambda: [course_picture(n) for n in range(6)])
    got = [course_picture(n) for n in range(6)]
    finish(threads, errors)
    assert got == want
    assert results == [alone, want]


def test_one_lab_moved_from_several_threads_ends_in_one_whole_state(monkeypatch):
    changed = GatesLab.State.changed

    def slowly(self, /, **changes):
        state = changed(self, **changes)
        time.sleep(0.001)  # here another thread would come between, were it not for the lock
        return state

    monkeypatch.setattr(GatesLab.State, "changed", slowly)
    lab = GatesLab()

    def moves(name):
        for n in range(MOVES):
            lab.set(**{name: round(-1 + 0.05 * n, 2)})
            with DRAWING:  # the lab is never seen half changed
                assert lab.live.status == lab.status
                assert lab.controls[name].input.value == getattr(lab.state, name)

    threads, _, errors = in_threads(*(lambda name=name: moves(name) for name in ("w1", "w2", "b")))
    finish(threads, errors)
    last = round(-1 + 0.05 * (MOVES - 1), 2)
    assert (lab.state.w1, lab.state.w2, lab.state.b) == (last, last, last)  # no thread undid another's change
    assert lab.live.picture == GatesLab(w1=last, w2=last, b=last).live.picture
    assert lab.last_error is None


def test_labs_can_be_made_and_closed_on_several_threads():
    want = [kind().live.picture for kind in WALKS]

    def make():
        pictures = []
        for kind in WALKS:
            lab = kind()
            pictures.append(lab.live.picture)
            lab.close()
        return pictures

    threads, results, errors = in_threads(make, make, make)
    finish(threads, errors)
    assert results == [want] * 3
