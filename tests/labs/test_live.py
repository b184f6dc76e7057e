"""LiveFigure: what is drawn again in a frame, what is sent to the browser, and what comes back from it."""

import gc
import threading
import time
import weakref

import numpy as np
import pytest
from matplotlib.lines import Line2D

from dlcourse.labs.drawing import axes_at
from dlcourse.labs.live import DRAWING, Gesture, Handle, LiveFigure
from tests.labs.lab_tools import decoded, from_browser

pytestmark = pytest.mark.pixels

SIZE = (200, 120)
BOX = (20, 10, 100, 80)  # left, top, width, height of the axes in CSS pixels


class Counted(Line2D):
    """A line that counts how often it is drawn."""

    drawn = 0

    def draw(self, renderer):
        self.drawn += 1
        super().draw(renderer)


class Scene:
    """A live figure with a line that stays and one that moves."""

    def __init__(self, on_gesture=None):
        self.live = LiveFigure(SIZE, on_gesture)
        self.axes = axes_at(self.live.figure, BOX, (0, 10), (0, 8))
        self.still = self.axes.add_line(Counted([0, 10], [1, 1], color="black"))
        self.mover = self.axes.add_line(Counted([2, 2], [3, 6], color="red", linewidth=3, zorder=5))
        self.live.keep_background([self.mover])
        self.live.refresh([self.handle()])

    def handle(self, **changes):
        return Handle(
            **{"name": "tip", "axes": self.axes, "x": 2.0, "y": 6.0, "label": "tip", "text": "at 2"} | changes
        )

    def move(self, x):
        self.mover.set_xdata([x, x])
        self.live.refresh()
        return decoded(self.live.picture)


@pytest.fixture
def heard():
    return []


@pytest.fixture
def scene(heard):
    return Scene(heard.append)


def test_the_picture_is_a_png_of_the_size_asked_for(scene):
    assert scene.live.picture.startswith(b"\x89PNG")
    picture = decoded(scene.live.picture)
    assert picture.shape == (120, 200, 3)
    assert (picture == scene.live.pixels()).all()


def test_only_moving_artists_are_drawn_in_a_frame(scene):
    still, moving = scene.still.drawn, scene.mover.drawn
    for x in range(5):
        scene.move(x)
    assert scene.still.drawn == still
    assert scene.mover.drawn == moving + 5


def test_a_frame_changes_no_pixel_outside_the_moving_artist_and_leaves_no_trail(scene):
    first = scene.move(2)
    second = scene.move(8)
    changed = (first != second).any(axis=2)
    columns = np.flatnonzero(changed.any(axis=0))
    rows = np.flatnonzero(changed.any(axis=1))
    near = [20 + 10 * x for x in (2, 8)]  # where the line stood and stands
    assert all(min(abs(column - place) for place in near) <= 3 for column in columns)
    assert {min(near, key=lambda place: abs(place - c)) for c in columns} == set(near)
    assert rows.min() >= 10 + 80 * (8 - 6) / 8 - 4
    assert rows.max() <= 10 + 80 * (8 - 3) / 8 + 4
    assert (scene.move(2) == first).all()


def test_moving_artists_are_drawn_by_their_zorder_not_by_their_place_in_the_list():
    live = LiveFigure(SIZE)
    axes = axes_at(live.figure, BOX, (0, 10), (0, 8))
    over = axes.add_line(Line2D([0, 10], [4, 4], color="#0000ff", linewidth=20, zorder=9))
    under = axes.add_line(Line2D([0, 10], [4, 4], color="#ff0000", linewidth=20, zorder=2))
    live.keep_background([over, under])
    live.refresh()
    assert tuple(live.pixels()[10 + 40, 20 + 50]) == (0, 0, 255)


def test_what_is_given_away_is_a_copy(scene):
    pixels = scene.live.pixels()
    before = pixels.copy()
    scene.move(7)
    assert (pixels == before).all()
    assert (scene.live.pixels() != before).any()


def test_a_frame_is_one_picture_on_its_way_to_the_browser(scene, messages):
    scene.move(4)
    pictures = [data for _, kind, data in messages if kind == "comm_msg" and data["method"] == "update"]
    assert sum("picture" in str(data.get("buffer_paths")) for data in pictures) == 1


def test_the_lock_of_all_pictures_is_held_while_one_is_drawn():
    seen = []

    class Asking(Line2D):
        def draw(self, renderer):
            entered = threading.Event()
            threading.Thread(target=enter, args=(entered,)).start()
            seen.append(entered.wait(0.05))
            super().draw(renderer)

    def enter(entered):
        with DRAWING:
            entered.set()

    live = LiveFigure(SIZE)
    axes = axes_at(live.figure, BOX, (0, 10), (0, 8))
    artists = [axes.add_line(Asking([0, 1], [0, 1])) for _ in range(2)]
    live.keep_background(artists[:1])
    live.refresh()
    live.encode_for_file()
    assert len(seen) >= 4
    assert not any(seen)


def test_the_lock_can_be_taken_again_by_the_thread_that_holds_it():
    with DRAWING, DRAWING:
        pass
    entered = threading.Event()
    thread = threading.Thread(target=lambda: DRAWING.__enter__() or entered.set() or DRAWING.__exit__())
    thread.start()
    assert entered.wait(5)  # and it is free again after as many exits
    thread.join()


def test_who_waits_for_the_lock_gets_it_next():
    waiting, order = threading.Event(), []

    def other():
        waiting.set()
        with DRAWING:
            order.append("other")

    with DRAWING:
        thread = threading.Thread(target=other)
        thread.start()
        waiting.wait()
        time.sleep(0.05)  # until it stands in the queue
    for _ in range(1000):
        with DRAWING:
            order.append("self")
    thread.join()
    assert order.index("other") <= 1


def test_a_handle_tells_the_browser_where_its_axes_are(scene):
    scene.live.refresh([scene.handle(kind="vector", step=(1, 2), tail=(3, 4), direction=(0, 1))])
    (spec,) = scene.live.handles["specs"]
    assert spec.pop("box") == pytest.approx(BOX)
    assert spec == {
        "name": "tip", "kind": "vector", "label": "tip", "text": "at 2", "x": 2.0, "y": 6.0, "xlim": [0.0, 10.0],
        "ylim": [0.0, 8.0], "step": [1.0, 2.0], "tail": [3.0, 4.0], "direction": [0.0, 1.0],
    }  # fmt: skip


def test_a_frame_without_handles_keeps_those_that_are_there(scene):
    scene.move(3)
    assert [spec["name"] for spec in scene.live.handles["specs"]] == ["tip"]
    scene.live.refresh([])
    assert scene.live.handles["specs"] == []


# -- what the browser says ------------------------------------------------------------------------------------------

GESTURE = {"handle": "tip", "x": 4, "y": 5.5, "done": False, "path": [[1, 2], [3.5, 4]], "number": 7}


def test_a_gesture_arrives_as_it_was_made(scene, heard):
    from_browser(scene.live, gesture=GESTURE)
    assert heard == [Gesture("tip", 4.0, 5.5, False, ((1.0, 2.0), (3.5, 4.0)))]


def test_the_next_frame_says_which_gesture_it_answers(scene):
    assert scene.live.handles["answered"] == 0
    from_browser(scene.live, gesture=GESTURE)
    scene.move(4)
    assert scene.live.handles["answered"] == 7


def test_the_same_gesture_twice_is_heard_twice_by_its_number(scene, heard):
    from_browser(scene.live, gesture=GESTURE)
    from_browser(scene.live, gesture={**GESTURE, "number": 8})
    assert len(heard) == 2


def test_a_gesture_far_outside_stays_a_number(scene, heard):
    from_browser(scene.live, gesture={**GESTURE, "x": 1e308, "y": -1e308, "path": [[-1e308, 1e308]]})
    (gesture,) = heard
    assert (gesture.x, gesture.y, gesture.path) == (1e6, -1e6, ((-1e6, 1e6),))


MALFORMED = {
    "empty": {},
    "no handle": {k: v for k, v in GESTURE.items() if k != "handle"},
    "no path": {k: v for k, v in GESTURE.items() if k != "path"},
    "unknown handle": {**GESTURE, "handle": "nose"},
    "handle is a list": {**GESTURE, "handle": ["tip"]},
    "x is nothing": {**GESTURE, "x": None},
    "y is text": {**GESTURE, "y": "5"},
    "x is not a number": {**GESTURE, "x": float("nan")},
    "x is infinite": {**GESTURE, "x": float("inf")},
    "x is a list": {**GESTURE, "x": [4]},
    "path of numbers": {**GESTURE, "path": [1, 2]},
    "path of triples": {**GESTURE, "path": [[1, 2, 3]]},
    "path is nothing": {**GESTURE, "path": None},
    "path with nan": {**GESTURE, "path": [[1, float("nan")]]},
    "a huge number": {**GESTURE, "x": 10**400},
}


@pytest.mark.parametrize("message", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_message_is_passed_over_and_the_next_one_is_heard(scene, heard, message):
    before = scene.live.picture
    from_browser(scene.live, gesture=message)
    assert heard == []
    assert scene.live.picture == before
    from_browser(scene.live, gesture={**GESTURE, "number": 8})
    assert len(heard) == 1


def test_gestures_that_the_newest_does_not_make_up_for_are_heard_first_and_once(scene, heard):
    strokes = [{**GESTURE, "x": number, "number": number} for number in range(1, 5)]
    from_browser(scene.live, gesture=strokes[0])
    from_browser(scene.live, gesture={**strokes[2], "earlier": strokes[:2]})
    from_browser(scene.live, gesture={**strokes[3], "earlier": [None, {"x": 5}, *strokes[1:3]]})
    assert [gesture.x for gesture in heard] == [1, 2, 3, 4]


def test_a_frame_drawn_while_a_gesture_waits_does_not_claim_to_answer_it(scene, heard):
    with DRAWING:
        thread = threading.Thread(target=from_browser, args=(scene.live,), kwargs={"gesture": GESTURE})
        thread.start()
        while scene.live.gesture != GESTURE:
            time.sleep(0.001)
        scene.move(3)
        assert scene.live.handles["answered"] == 0
        assert heard == []
    thread.join()
    scene.move(4)
    assert scene.live.handles["answered"] == 7


def test_a_handle_that_is_gone_moves_nothing_more(scene, heard):
    scene.live.refresh([])
    from_browser(scene.live, gesture=GESTURE)
    assert heard == []


def test_a_sharper_screen_gets_more_pixels_and_handles_in_the_same_places(scene):
    plain = decoded(scene.live.picture)
    from_browser(scene.live, pixel_ratio=2.0)
    sharp = decoded(scene.live.picture)
    assert sharp.shape == (240, 400, 3)
    assert scene.live.handles["specs"][0]["box"] == pytest.approx(BOX)
    halved = sharp.reshape(120, 2, 200, 2, 3).mean(axis=(1, 3))
    assert np.abs(halved - plain).mean() < 3  # the same picture, of 255
    from_browser(scene.live, pixel_ratio=1.0)
    assert (decoded(scene.live.picture) == plain).all()


@pytest.mark.parametrize(("ratio", "kept"), [(0, 1), (-3, 1), (1e9, 4), (float("nan"), 1), (float("inf"), 1)])
def test_a_senseless_sharpness_is_brought_to_a_sensible_one(scene, ratio, kept):
    from_browser(scene.live, pixel_ratio=ratio)
    assert scene.live.pixel_ratio == kept
    assert decoded(scene.live.picture).shape == (120 * kept, 200 * kept, 3)


# -- for files, and the end -----------------------------------------------------------------------------------------


def test_the_picture_for_a_file_is_sharper_small_and_leaves_the_live_one_alone(scene):
    before = scene.move(6)
    png = scene.live.encode_for_file(1.5)
    picture = decoded(png)
    assert picture.shape == (180, 300, 3)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) <= 256
    assert png == scene.live.encode_for_file(1.5)
    assert (scene.live.pixels() == before).all()
    assert (scene.move(6) == before).all()


def test_closing_lets_go_of_figure_and_listener():
    scene = Scene()
    figure, live = weakref.ref(scene.live.figure), scene.live
    live.close()
    del scene
    gc.collect()
    assert figure() is None
    assert live.comm is None


def test_what_arrives_after_closing_is_passed_over(scene, heard):
    scene.live.close()
    from_browser(scene.live, gesture=GESTURE)
    from_browser(scene.live, pixel_ratio=2.0)
    assert heard == []
