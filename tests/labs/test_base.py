"""Lab: one truth for sliders, handles, picture and words; errors that are seen; an end that frees everything."""

import base64
import gc
import subprocess
import sys
import types
import weakref

import ipywidgets
import numpy as np
import pytest

from dlcourse.labs import GatesLab, Lab, LearningRuleLab, PlaygroundLab, XorLab
from tests.labs.lab_tools import buttons, decoded, drag, from_browser, shown

pytestmark = pytest.mark.pixels


def updates(messages, widget) -> list[dict]:
    """What the kernel told a widget in the browser, message by message."""
    id = widget.comm.comm_id
    return [data for to, _, data in messages if to == id and data.get("method") == "update"]


def sent_values(messages, widget) -> list:
    """The values that the kernel told a control in the browser."""
    return [data["state"]["value"] for data in updates(messages, widget) if "value" in data["state"]]


# -- settings, controls and picture say the same --------------------------------------------------------------------


def test_a_new_lab_starts_with_the_settings_of_its_cell():
    lab = GatesLab(gate="OR", w1=1.0)
    assert (lab.state.gate, lab.state.w1, lab.state.b) == ("OR", 1.0, -0.2)
    assert lab.controls["gate"].input.value == "OR"
    assert lab.last_error is None
    with pytest.raises(ValueError, match="GatesLab: gate must be one of 'AND'"):
        GatesLab(gate="MAYBE")


def test_a_slider_moves_state_picture_and_words():
    lab = GatesLab()
    before = shown(lab)
    from_browser(lab.controls["w2"].input, value=0.5)
    assert lab.state.w2 == 0.5
    assert (shown(lab) != before).any()
    assert lab.live.status == lab.status
    assert lab.live.status.startswith("Fires if 0.50·x₁ + 0.50·x₂ − 0.20 > 0.")


def test_set_moves_the_controls():
    lab = GatesLab()
    lab.set(w1=-1.25, gate="XOR", threshold=True)
    shown_now = {name: control.input.value for name, control in lab.controls.items()}
    assert shown_now == {name: getattr(lab.state, name) for name in lab.state.settings()}
    assert shown_now["w1"] == -1.25


def test_a_handle_moves_the_controls():
    lab = GatesLab()
    drag(lab, "weights", 0.4, 0.2)
    assert (lab.controls["w1"].input.value, lab.controls["w2"].input.value) == (1.0, 0.5)


def test_the_browser_s_own_value_is_not_sent_back_to_it(messages):
    lab = GatesLab()
    slider = lab.controls["w1"].input
    messages.clear()
    from_browser(slider, value=0.5500000000000003)
    assert lab.state.w1 == slider.value == 0.55
    assert sent_values(messages, slider) == []
    lab.set(w1=0.6)
    assert sent_values(messages, slider) == [pytest.approx(0.6)]


@pytest.mark.parametrize(
    "change",
    [
        lambda lab: lab.set(w1=1.0, w2=1.0, b=-1.0, gate="OR"),
        lambda lab: lab.preset("NAND: every sign of AND flipped"),
        lambda lab: from_browser(lab._presets, index=5),
        lambda lab: from_browser(lab.controls["w1"].input, value=0.75),
        lambda lab: drag(lab, "dot", 45.0, -0.35),
    ],
    ids=["set", "preset", "preset chosen", "slider", "handle"],
)
def test_a_change_of_several_settings_is_drawn_and_sent_once_and_so_is_reset(messages, monkeypatch, change):
    lab, drawn = GatesLab(), []
    draw = lab.live.draw
    monkeypatch.setattr(lab.live, "draw", lambda: drawn.append(1) or draw())
    for act in (change, lambda lab: lab.reset()):
        messages.clear()
        drawn.clear()
        act(lab)
        assert len(drawn) == 1
        (message,) = updates(messages, lab.live)  # picture, words and handles in one: never half of them new
        assert ["picture"] in message["buffer_paths"]
        assert {"status", "alt", "handles"} <= set(message["state"])


def test_reset_goes_back_to_the_settings_of_the_cell():
    lab = GatesLab(w1=1.5)
    picture = lab.live.picture
    lab.set(w1=-1.5, gate="NOR")
    buttons(lab.widget)["Reset"].click()
    assert lab.state == GatesLab.State(w1=1.5)
    assert lab.live.picture == picture


def test_a_preset_starts_from_the_defaults():
    lab = GatesLab(gate="XOR", scale=4.0)
    lab.preset("AND with θ = 0.8")
    assert lab.state == GatesLab.State(w1=0.5, w2=0.5, b=-0.8)


def test_the_list_of_presets_shows_one_and_is_ready_for_the_next():
    lab = GatesLab()
    for _ in range(2):
        lab._presets.value = "AND with θ = 0.7"
        assert lab.state.b == -0.7
        assert lab._presets.value == "choose …"
        lab.reset()


def test_an_unknown_preset_is_told_with_the_known_ones():
    lab = LearningRuleLab()
    with pytest.raises(ValueError, match=r"^LearningRuleLab: no preset is called 'OR'; there are: AND is learned; XOR"):
        lab.preset("OR")


@pytest.mark.parametrize("changes", [{"w1": 9}, {"w1": "0.5"}, {"w9": 1}, {"w1": 0.1, "b": np.nan}])
def test_a_wrong_value_changes_nothing(changes):
    lab = GatesLab()
    state, picture = lab.state, lab.live.picture
    with pytest.raises(ValueError, match=r"^GatesLab: "):
        lab.set(**changes)
    assert (lab.state, lab.live.picture) == (state, picture)


def test_the_ends_of_a_slider_follow_what_can_be_reached():
    lab = LearningRuleLab(data="AND", step=24)
    both = (lab.controls["step"].input, lab.controls["step"].play)
    assert [(w.value, w.max) for w in both] == [(24, 24)] * 2
    lab.set(data="loans")
    assert [w.max for w in both] == [600] * 2
    lab.set(step=600)
    lab.set(data="XOR")
    assert [(w.value, w.max) for w in both] == [(12, 12)] * 2
    assert lab.last_error is None


# -- the goal in words ----------------------------------------------------------------------------------------------


def test_goal_and_verdict_are_words_beside_the_picture():
    lab = GatesLab()
    assert lab.goal.task == lab.live.task == "Make AND: all four rows correct."
    assert lab.live.verdict == lab.goal.verdict == "AND: 2 of 4 correct."
    assert not lab.goal.reached
    lab.preset("AND with θ = 0.7")
    assert lab.goal.reached
    assert lab.live.verdict == "✓ AND: 4 of 4 correct."
    assert lab.live.alt == f"A perceptron as a logic gate. AND: 4 of 4 correct. {lab.status}"
    assert repr(lab) == f"GatesLab: AND: 4 of 4 correct. {lab.status}"


# -- buttons --------------------------------------------------------------------------------------------------------


def test_share_and_code_are_shown_as_text():
    lab = GatesLab(w1=1.0)
    assert lab._text.layout.display == "none"
    buttons(lab.widget)["Share"].click()
    assert lab._text.layout.display == "block"
    assert Lab.from_share(lab._text.value).state == lab.state
    buttons(lab.widget)["Show as code"].click()
    assert lab._text.value == lab.as_code()


@pytest.mark.parametrize("kind", [GatesLab, XorLab, PlaygroundLab])
def test_every_button_says_what_it_does_and_works(kind):
    lab = kind()
    for label, button in buttons(lab.widget).items():
        button.click()
        assert lab.last_error is None, label
        assert len(button.tooltip) > 10


# -- errors ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch):
    """A lab whose computation fails for w1 = 2, as if the author had made a mistake."""

    def compute(state):
        if state.w1 == 2:
            raise ZeroDivisionError("a mistake of the author")
        return right(state)

    right = GatesLab.compute
    monkeypatch.setattr(GatesLab, "compute", staticmethod(compute))
    return GatesLab()


def test_an_error_in_a_callback_is_shown_and_kept_and_the_true_state_is_shown(failing):
    state, picture = failing.state, failing.live.picture
    from_browser(failing.controls["w1"].input, value=2.0)
    assert isinstance(failing.last_error, ZeroDivisionError)
    assert failing.live.error == "ZeroDivisionError: a mistake of the author"
    assert failing.state == state
    assert failing.controls["w1"].input.value == state.w1
    assert failing.live.picture == picture


def test_the_next_change_that_works_takes_the_error_away(failing):
    from_browser(failing.controls["w1"].input, value=2.0)
    from_browser(failing.controls["w1"].input, value=1.0)
    assert failing.last_error is None
    assert failing.live.error == ""
    assert failing.state.w1 == 1.0


def test_an_error_behind_a_handle_a_preset_or_a_button_is_kept(failing, monkeypatch):
    acts = {
        "handle": lambda: drag(failing, "weights", 0.8, 0.2),
        "preset": lambda: setattr(failing._presets, "value", "broken"),
        "button": buttons(failing.widget)["Show as code"].click,
    }
    monkeypatch.setitem(failing.presets, "broken", {"w1": 2.0})
    failing._presets.options = ["choose …", "broken"]
    monkeypatch.setattr(failing, "code", lambda state: 1 / 0)
    for act in acts.values():
        failing.set(w2=0.5)
        assert failing.last_error is None
        act()
        assert isinstance(failing.last_error, ZeroDivisionError)
        assert failing.live.error.startswith("ZeroDivisionError: ")


def test_an_error_of_a_direct_call_is_raised_there(failing):
    with pytest.raises(ZeroDivisionError, match="a mistake of the author"):
        failing.set(w1=2.0)
    assert failing.state.w1 == 0.5


def test_callbacks_print_nothing(capsys):
    lab = GatesLab()
    from_browser(lab.controls["w1"].input, value=1.0)
    drag(lab, "line", 0.3, 0.3)
    for button in buttons(lab.widget).values():
        button.click()
    assert capsys.readouterr() == ("", "")


# -- a page without a kernel ----------------------------------------------------------------------------------------


def test_the_saved_page_has_picture_alternative_text_and_a_sentence():
    lab = GatesLab()
    data, metadata = lab._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain", "application/vnd.jupyter.widget-view+json"}
    assert decoded(base64.b64decode(data["image/png"])).shape == (600, 1260, 3)  # 400 × 840 at 1.5
    assert metadata == {"image/png": {"alt": lab.live.alt, "width": 840, "height": 400}}
    assert data["text/plain"] == repr(lab)
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == lab.widget.model_id


def test_the_saved_page_is_the_same_for_the_same_lab():
    bundles = [GatesLab(gate="OR")._repr_mimebundle_() for _ in range(2)]
    for key in ("image/png", "text/plain"):
        assert bundles[0][0][key] == bundles[1][0][key]
    assert bundles[0][1] == bundles[1][1]
    assert "0x" not in bundles[0][0]["text/plain"]


def test_saving_does_not_move_the_live_picture():
    lab = GatesLab()
    before = lab.live.picture
    lab._repr_mimebundle_()
    lab.set()
    assert lab.live.picture == before


def test_labs_draw_without_pyplot_and_load_neither_it_nor_torch():
    program = (
        "import sys, dlcourse.labs as labs\n"
        "lab = labs.GatesLab(); lab.set(w1=1.0); lab._repr_mimebundle_(); labs.XorLab(); labs.PlaygroundLab(tick=1)\n"
        "print([name for name in ('matplotlib.pyplot', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "[]"


# -- the end of a lab -----------------------------------------------------------------------------------------------


def test_closing_frees_widgets_and_memory():
    count = len(ipywidgets.widgets.widget._instances)
    lab = PlaygroundLab()
    figure, reference = weakref.ref(lab.live.figure), weakref.ref(lab)
    lab.close()
    assert len(ipywidgets.widgets.widget._instances) == count
    del lab
    gc.collect()
    assert figure() is None
    assert reference() is None


def test_a_closed_lab_says_so():
    lab = GatesLab()
    lab.close()
    lab.close()
    assert repr(lab) == "GatesLab: closed."
    assert lab._repr_mimebundle_() == ({"text/plain": "GatesLab: closed."}, {})
    for act in (lambda: lab.set(w1=1.0), lab.reset, lambda: lab.preset("AND with θ = 0.7")):
        with pytest.raises(RuntimeError, match=r"^GatesLab: it is closed; run its cell again to open a new one\.$"):
            act()


@pytest.fixture
def cell(monkeypatch):
    """run(id, text): as if the cell ran now in IPython."""
    shell = types.SimpleNamespace(execution_count=0, parent={})
    shell.get_parent = lambda: shell.parent
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr("dlcourse.labs.cells._made", {})

    def run(id=None, text="GatesLab()"):
        shell.execution_count += 1
        shell.parent = {"metadata": {"cellId": id} if id else {}, "content": {"code": text}}

    return run


def is_open(lab) -> bool:
    return "closed" not in repr(lab)


def test_running_a_cell_again_closes_what_it_made_before(cell):
    cell("gates-lab")
    first, second = GatesLab(), XorLab()
    assert is_open(first)  # two labs of one run live side by side
    cell("another")
    elsewhere = GatesLab()
    cell("gates-lab")
    again = GatesLab()
    assert [is_open(lab) for lab in (first, second, elsewhere, again)] == [False, False, True, True]


def test_a_front_end_without_cell_ids_is_known_by_the_text(cell):
    cell(text="GatesLab()")
    first = GatesLab()
    cell(text="GatesLab(gate='OR')")
    other = GatesLab()
    cell(text="GatesLab()")
    GatesLab()
    assert [is_open(lab) for lab in (first, other)] == [False, True]


def test_a_cell_that_is_run_for_the_first_time_closes_nothing(cell):
    labs = []
    for id in "abc":
        cell(id)
        labs.append(GatesLab())
    assert all(is_open(lab) for lab in labs)


def test_outside_ipython_nothing_is_closed():
    labs = [GatesLab() for _ in range(2)]
    assert all(is_open(lab) for lab in labs)


def test_a_lab_that_cannot_be_made_does_not_close_the_earlier_one(cell):
    cell("gates-lab")
    first = GatesLab()
    cell("gates-lab")
    with pytest.raises(ValueError, match="w1"):
        GatesLab(w1=9)
    assert is_open(first)
