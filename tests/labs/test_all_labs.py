"""What every lab keeps: one state behind controls, picture and words; presets, share strings, pages in a file."""

import os
import subprocess
import sys

import pytest

from dlcourse.labs import Lab, PlaygroundLab, SeedsLab
from tests.labs.lab_tools import LABS, numbers, run_cell
from tests.labs.soundness import REVEALING, assert_alike, assert_like_new, assert_same_view, assert_sound, ends

ENGINES = ["reference", "torch"]
TRAINED = [(kind, name) for kind in (SeedsLab, PlaygroundLab) for name in kind.presets]  # others: in their own files
NEEDS = {"new_class": {"data": "own points"}, "dropout": {"tick": 3}, "step": {"data": "AND"}}

# -- every control, every preset ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LABS)
def test_every_control_at_both_ends_and_in_the_middle(kind):
    lab, twin = (kind(**REVEALING.get(kind.__name__, {})) for _ in range(2))
    for name in lab.controls:
        lab.reset()
        for value in ends(kind.State.settings()[name]):
            lab.controls[name].input.value = value
            assert_sound(lab)
            top = lab.limits(lab.state, lab.result).get(name, (None, value))[1]
            assert getattr(lab.state, name) == (min(value, top) if isinstance(top, int) else value), name
        assert_alike(lab, twin)
    assert_like_new(lab)


@pytest.mark.pixels
@pytest.mark.parametrize("kind", LABS)
def test_every_setting_makes_a_difference_that_is_seen(kind):
    lab = kind()
    for name in lab.controls:
        needs = {other: value for other, value in NEEDS.get(name, {}).items() if other in lab.controls}
        base = REVEALING.get(kind.__name__, {}) | needs
        values = ends(kind.State.settings()[name])
        seen = set()
        for value in (values[0], values[-1]):
            lab.set(**vars(kind.State()) | base | {name: value})
            seen.add((lab.live.picture, lab.live.task, str(lab.live.handles["specs"])))
        assert len(seen) == 2, name


@pytest.mark.parametrize("kind", LABS)
def test_every_preset_is_sound_and_comes_back_from_its_share_string(kind):
    lab = kind()
    for preset, changes in kind.presets.items():
        lab._presets.value = preset
        assert_sound(lab)
        assert lab.state == kind.State(**changes)
        friend = Lab.from_share(lab.share())
        assert type(friend) is kind
        assert_same_view(lab, friend)
        friend.close()


@pytest.mark.pixels
@pytest.mark.parametrize("kind", LABS)
def test_presets_show_different_pictures_the_same_to_the_pixel_whatever_was_there_before(kind):
    lab, twin, pictures = kind(), kind(), {}
    for preset in kind.presets:
        lab.preset(preset)
        pictures[preset] = lab.live.picture
    assert_like_new(lab)
    for preset in reversed(kind.presets):
        twin.preset(preset)
        assert twin.live.picture == pictures[preset]
    assert len(set(pictures.values())) == len(pictures) >= 4


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("kind", "preset"), TRAINED, ids=lambda v: getattr(v, "__name__", v))
def test_the_cell_of_a_training_ends_with_the_answers_of_the_lab(kind, preset, engine):
    lab = kind()
    lab.preset(preset)
    scope, printed = run_cell(lab.as_code(), engine)
    assert printed.startswith("History(")
    answers, right = numbers(scope["output"])[:, 0] > 0, numbers(scope["y"])[:, 0] > 0.5
    if kind is SeedsLab:
        assert (answers == right).all() == lab.result.solved[0]
    else:  # a long training in float32 parts in the last digits: two points of 120 may fall otherwise
        want = right ^ lab.result.wrong[lab.result.train]
        assert (answers != want).sum() <= 2


# -- words and pages ------------------------------------------------------------------------------------------------


def words_of_all_labs():
    """What every lab says when it is opened, and with its second preset, line by line."""
    for kind in LABS:
        lab = kind()
        yield f"{lab} {lab.live.alt}"
        lab.preset(list(kind.presets)[1])
        yield f"{lab} {lab.live.alt} {lab.share()} {lab.as_code()}"
        lab.close()


def test_the_words_are_the_same_in_another_process():
    program = (
        "import pytest\n"
        "from tests.labs import display_list, test_all_labs\n"
        "display_list.instead_of_pixels(pytest.MonkeyPatch())\n"
        "print(*test_all_labs.words_of_all_labs(), sep='\\n')"
    )
    another = {
        "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1",  # sets come in another order there
        "PYTHONPATH": os.pathsep.join(["", *sys.path]),
        "PYTHONIOENCODING": "utf-8",
    }
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, timeout=120, check=True, env=os.environ | another,
    ).stdout.strip()  # fmt: skip
    here = "\n".join(words_of_all_labs())
    assert here == elsewhere
    assert here.count("Lab: ") >= 2 * len(LABS)
    assert "0x" not in here


@pytest.mark.pixels
@pytest.mark.parametrize("kind", LABS)
def test_a_new_lab_has_its_picture_for_a_page_its_words_and_its_labels(kind):
    lab = kind()
    data, metadata = lab._repr_mimebundle_()
    assert len(data["image/png"]) < 140_000  # of a notebook's 400 kB
    assert metadata["image/png"]["alt"] == lab.live.alt
    assert (metadata["image/png"]["width"], metadata["image/png"]["height"]) == lab.View.size
    assert data["text/plain"].startswith(f"{kind.__name__}: ")
    assert kind.__doc__
    for name, control in lab.controls.items():
        assert control.input.description == lab.State.settings()[name].label != ""
