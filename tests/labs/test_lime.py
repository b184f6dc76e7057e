"""LimeLab: the file and the network say the same, gestures switch superpixels, words and picture follow."""

import numpy as np
import pytest

from dlcourse import explain
from dlcourse.counterpart.photo_classifier import PhotoClassifier
from dlcourse.data import photo_answers
from dlcourse.data.photo_answers import COUNTS, FILLS
from dlcourse.explain.lime_image import explain_image
from dlcourse.labs import LimeLab, plots
from dlcourse.labs.lime import answers
from dlcourse.labs.lime.lab import BY_HAND, EXPLANATION, MACHINE, LimeState, compute_lime
from dlcourse.labs.lime.painting import covered, outline, tint, tinted
from tests.labs.lab_tools import buttons, drag, handles, run_cell

CASE = ("chelsea", 20, FILLS[0])


@pytest.fixture(scope="module")
def predict():
    return PhotoClassifier()


def at(lab, number: int) -> tuple[float, float]:
    return tuple(answers.centres(lab.state.photo, lab.state.segments)[number])


# -- computation ----------------------------------------------------------------------------------------------------


def test_nothing_off_is_the_whole_photo_and_everything_off_the_empty_one():
    known = photo_answers(*CASE)
    assert answers.probabilities(*CASE, ()) == tuple(known.probabilities[0, 0])
    assert answers.probabilities(*CASE, tuple(range(17))) == tuple(known.probabilities[0, 1])


def test_what_is_not_in_the_file_is_asked_of_the_network(predict):
    known = photo_answers(*CASE)
    mask = np.ones((1, 17))
    mask[0, [5, 7, 8]] = 0
    shown = explain.cover(known.photo, explain.filled(known.photo, known.segments), known.segments, mask)
    cat = predict(shown)[0].max()
    assert answers.probabilities(*CASE, (5, 7, 8))[0] == pytest.approx(predict(shown)[0, 285], abs=1e-5)
    assert cat >= predict(shown)[0, 285]


def test_the_network_and_the_file_agree_on_a_sample_of_the_file():
    known = photo_answers(*CASE)
    off = tuple(np.flatnonzero(known.masks[3, 8] == 0))
    assert answers.probabilities(*CASE, off) == pytest.approx(known.probabilities[3, 8], abs=2e-3)


def test_with_few_superpixels_every_mask_is_found_in_the_file():
    known = photo_answers("chelsea", COUNTS[0], "black")
    masks, outputs = answers.drawn("chelsea", COUNTS[0], "black", seed=4, samples=50)
    for mask, output in zip(masks, outputs, strict=True):
        place = np.flatnonzero((known.masks[0] == mask).all(axis=1)).item()
        np.testing.assert_array_equal(output, known.probabilities[0, place])
        off = tuple(np.flatnonzero(mask == 0))
        assert answers.probabilities("chelsea", COUNTS[0], "black", off) == tuple(output)


def test_the_model_is_that_of_the_package(predict):
    known = photo_answers(*CASE)
    asked = []

    def kept(photos):
        asked.append(len(photos))
        return known.probabilities[2, sum(asked[:-1]) : sum(asked)]

    expected = explain_image(
        known.photo, kept, known.segments, [0], masks=known.masks[2, :80], selection="none", kernel_width=0.4
    )
    result = compute_lime(LimeState(seed=2, samples=80, width=0.4))
    np.testing.assert_allclose(result.coefficients, expected.coefficients(), rtol=1e-12)
    np.testing.assert_allclose(result.seeds[2], result.coefficients, rtol=1e-9)
    assert result.model.r2 == pytest.approx(expected.first.r2)


def test_errors_know_that_masks_come_in_pairs():
    known = photo_answers(*CASE)
    masks, outputs = known.masks[0], known.probabilities[0]
    options = {"kernel_width": 0.25, "selection": "none"}
    paired = explain.fit_local(
        masks, outputs, answers.cosine_distance(masks), 0, groups=np.arange(200) // 2, **options
    ).standard_errors
    alone = explain.fit_local(masks, outputs, answers.cosine_distance(masks), 0, **options).standard_errors
    result = compute_lime(LimeState())
    np.testing.assert_allclose(result.errors[result.model.features], paired)
    assert not np.allclose(paired, alone)


def test_what_is_shown_in_each_view():
    off = ((2.0,), (5.0,))
    assert np.flatnonzero(compute_lime(LimeState(hidden=off)).mask == 0).tolist() == [2, 5]
    assert compute_lime(LimeState(show=EXPLANATION, hidden=off)).mask.all()
    sample = compute_lime(LimeState(show=MACHINE, sample=7, seed=3, hidden=off))
    known = photo_answers(*CASE)
    np.testing.assert_array_equal(sample.mask, known.masks[3, 7])
    assert sample.shown == tuple(known.probabilities[3, 7])
    share = sample.mask.mean()
    assert sample.weight == pytest.approx(np.exp(-((1 - np.sqrt(share)) ** 2) / (2 * 0.25**2)))


def test_superpixels_that_are_not_there_are_ignored():
    assert compute_lime(LimeState(segments=8, hidden=((3.0,), (40.0,)))).off == (3,)


# -- gestures -------------------------------------------------------------------------------------------------------


def test_a_click_switches_a_superpixel_off_and_on_again():
    lab = LimeLab()
    x, y = at(lab, 7)
    drag(lab, "superpixels", x, y, path=[(x, y)])
    assert lab.state.hidden == ((7.0,),)
    assert lab.state.at == 7
    assert "7, which is off" in lab.status
    drag(lab, "superpixels", x, y, path=[(x, y)])
    assert lab.state.hidden == ()


def test_a_stroke_switches_all_it_meets_as_the_first():
    lab = LimeLab(hidden=((8,),))
    path = [at(lab, number) for number in (7, 8, 7)]
    drag(lab, "superpixels", *path[-1], path=path)
    assert lab.state.hidden == ((7.0,), (8.0,))


def test_a_stroke_that_has_not_ended_changes_nothing():
    lab = LimeLab()
    drag(lab, "superpixels", *at(lab, 7), done=False, path=[at(lab, 7)])
    assert lab.state.hidden == ()


def test_a_click_in_another_view_comes_back_to_the_hand():
    lab = LimeLab(show=EXPLANATION)
    drag(lab, "superpixels", *at(lab, 4), path=[at(lab, 4)])
    assert lab.state.show == BY_HAND


@pytest.mark.parametrize("count", COUNTS)
def test_arrow_keys_reach_every_superpixel(count):
    lab = LimeLab(segments=count)
    reached, open_ = {lab.state.at}, [lab.state.at]
    while open_:
        number = open_.pop()
        x, y = at(lab, number)
        for step in ((12, 0), (-12, 0), (0, 12), (0, -12)):
            lab.set(at=number)
            drag(lab, "superpixels", x + step[0], y + step[1])
            if lab.state.at not in reached:
                reached.add(lab.state.at)
                open_.append(lab.state.at)
    assert reached == set(range(len(lab.result.mask)))


def test_an_arrow_goes_where_it_points():
    lab = LimeLab(at=7)
    x, y = at(lab, 7)
    drag(lab, "superpixels", x + 12, y)
    assert at(lab, lab.state.at)[0] > x
    assert handles(lab)["superpixels"]["x"] == at(lab, lab.state.at)[0]


def test_buttons():
    lab = LimeLab(at=5)
    buttons(lab.widget)["Switch on or off"].click()
    assert lab.state.hidden == ((5.0,),)
    buttons(lab.widget)["Switch LIME's best three off"].click()
    best = np.argsort(-lab.result.coefficients)[:3]
    assert {int(n) for (n,) in lab.state.hidden} == set(best.tolist())
    buttons(lab.widget)["All on"].click()
    assert lab.state.hidden == ()


# -- words ----------------------------------------------------------------------------------------------------------


def test_the_task_wants_few_off_and_a_low_probability():
    assert not LimeLab().goal.reached
    assert LimeLab(hidden=((5,), (7,), (8,))).goal.reached
    everything = LimeLab(hidden=tuple((n,) for n in range(17)))
    assert everything.result.yours < 0.2
    assert not everything.goal.reached
    assert not LimeLab(rank=3, hidden=((2,),)).goal.reached  # it is below 20% from the start


def test_a_low_r2_is_said_in_words():
    assert "Do not believe it" in LimeLab(photo="coffee", show=EXPLANATION).status
    narrow = LimeLab(width=0.05, show=EXPLANATION)
    assert "effective samples for 17 features" in narrow.status
    assert "follows the samples" in LimeLab(show=EXPLANATION).status


def test_the_code_computes_the_local_prediction():
    for settings in ({}, {"segments": 8, "seed": 5, "rank": 2}):
        lab = LimeLab(**settings)
        scope, printed = run_cell(lab.as_code(), "reference")
        assert float(scope["output"].numpy()[0]) == pytest.approx(lab.result.model.local_prediction, abs=1e-6)
        assert "LocalModel" in printed


# -- pictures -------------------------------------------------------------------------------------------------------


def test_what_is_off_shows_the_fill_and_the_rest_the_photo():
    known = photo_answers(*CASE)
    mask = np.ones(17, np.uint8)
    mask[7] = 0
    shown, whole = covered(*CASE, mask), covered(*CASE, np.ones(17, np.uint8))
    large = known.segments.repeat(2, 0).repeat(2, 1)
    changed = (shown != whole).any(axis=2)
    assert not changed[large != 7].any()
    assert changed[large == 7].mean() > 0.5
    inside = shown[(large == 7) & changed]
    assert (inside == inside[0]).all()  # one mean colour


def test_for_is_orange_against_is_blue_and_unsure_stays_grey():
    values, sure = np.zeros(17), np.ones(17, bool)
    values[[3, 7, 10]] = [-0.2, 0.2, 0.2]
    sure[10] = False
    rgb = tinted(*CASE, values, sure, 0.2).astype(int)
    large = photo_answers(*CASE).segments.repeat(2, 0).repeat(2, 1)
    warmth = [np.median((rgb[..., 0] - rgb[..., 2])[large == number]) for number in (3, 7, 10)]
    assert warmth[0] < -30
    assert warmth[1] > 30
    assert warmth[2] == 0


def test_stripes_rise_for_and_fall_against():
    grey = np.full((32, 32, 3), 128, np.uint8)
    rising, falling = (tint(grey, np.full((32, 32), sign), 1.0)[..., 0].astype(int) for sign in (1.0, -1.0))
    rows, columns = np.mgrid[:32, :32]
    for rgb, place in ((rising, rows + columns), (falling, rows - columns)):
        assert len(np.unique(rgb[place % 8 < 2])) == 1
        assert rgb[place % 8 < 2][0] != rgb[place % 8 >= 2][0]


def test_the_outline_is_the_border_of_the_superpixel():
    ring = outline("chelsea", 20, 7)
    large = photo_answers(*CASE).segments.repeat(2, 0).repeat(2, 1)
    assert not ring[large != 7].any()
    assert 0 < ring[large == 7].mean() < 0.5


def test_a_heat_picture_and_a_coefficient_picture():
    photo = np.random.default_rng(0).random((16, 16, 3))
    heat = np.zeros((16, 16))
    heat[:8] = 1
    picture = plots.heat("Upper half", {"photo": photo, "heat": (photo[..., 0], heat)})
    shown = [axes.images[0].get_array() for axes in picture.figure.axes]
    assert [axes.get_title(loc="left") for axes in picture.figure.axes] == ["photo", "heat"]
    upper, lower = shown[1][:64].astype(int), shown[1][64:].astype(int)
    assert (upper[..., 0] > upper[..., 2]).all()
    assert (lower[..., 0] == lower[..., 2]).all()
    chart = plots.coefficients("Two", ["a", "b"], [0.5, -0.2], [0.1, 0.05])
    assert [bar.get_width() for bar in chart.figure.axes[0].patches] == [0.5, -0.2]
    assert [bar.get_hatch() for bar in chart.figure.axes[0].patches] == ["//", "\\\\"]
