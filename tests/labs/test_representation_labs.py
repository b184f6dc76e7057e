"""FollowPixelLab, PaintDigitLab and LayerLab: indices, scores, strokes, probes and neighbours by hand."""

import numpy as np
import pytest

from dlcourse import data
from dlcourse.labs import FollowPixelLab, LayerLab, PaintDigitLab, plots
from dlcourse.labs import digit_networks as networks
from dlcourse.labs import layer_space as space
from dlcourse.labs.follow_pixel import FollowPixelState, compute_follow_pixel
from dlcourse.labs.layers import LayerState, compute_layers
from dlcourse.labs.paint_digit import EMPTY, THREE, PaintDigitState, compute_paint_digit
from dlcourse.labs.painting import BRUSHES, cell_at, stroke, toggled
from tests.labs.lab_tools import ENGINES, drag, handles, numbers, run_cell

DOT = [(3.0, 4.0)]  # column 3, row 3


# -- networks -------------------------------------------------------------------------------------------------------


def test_both_networks_read_nearly_all_digits():
    x, y = networks.digit_images()
    w, b = networks.scorer()
    assert ((x @ w.T + b).argmax(axis=1) == y).mean() > 0.95
    assert (networks.read(x)[1].argmax(axis=1) == y).mean() > 0.95
    assert networks.read(x[:7])[1].sum(axis=1) == pytest.approx(np.ones(7), abs=1e-5)


def test_pixels_that_are_shuffled_get_weights_that_are_shuffled():
    (w, b), (w_shuffled, b_shuffled) = networks.scorer(), networks.scorer(True)
    assert w_shuffled == pytest.approx(w[:, networks.shuffled_order()], abs=1e-4)
    assert b_shuffled == pytest.approx(b, abs=1e-4)
    assert np.abs(w_shuffled - w).max() > 0.5


def test_five_places_move_the_ink_and_lose_it_at_the_edge():
    x = np.zeros((1, 8, 8), np.float32)
    x[0, 3, 0], x[0, 7, 5] = 0.5, 1
    same, right, left, down, up = networks.five_places(x.reshape(1, 64)).reshape(5, 8, 8)
    assert (same == x[0]).all()
    assert (right[3, 1], right[7, 6], right.sum()) == (0.5, 1, 1.5)
    assert (left[7, 4], left.sum()) == (1, 1)
    assert (down[4, 0], down.sum()) == (0.5, 0.5)
    assert (up[2, 0], up[6, 5], up.sum()) == (0.5, 1, 1.5)


# -- follow this pixel ----------------------------------------------------------------------------------------------


def test_a_pixel_by_hand():
    result = compute_follow_pixel(FollowPixelState(picture=3, row=2, column=3, unit=7))
    picture, w, b = data.digits().x[3], *networks.scorer()
    assert result.index == 2 * 8 + 3 == 19
    assert result.ink.tolist() == picture.tolist()
    assert result.shares[19] == pytest.approx(picture[19] / 16 * w[7, 19])
    assert result.shares.sum() + b[7] == pytest.approx(result.scores[7])
    assert result.scores == pytest.approx(w @ (picture / 16) + b)
    assert result.probabilities == pytest.approx(np.exp(result.scores) / np.exp(result.scores).sum())


@pytest.mark.parametrize(("change", "ink"), [(2, 15), (16, 16), (-5, 8), (-16, 0)])
def test_added_ink_is_clipped_and_moves_the_scores_by_the_weight(change, ink):
    before, after = (compute_follow_pixel(FollowPixelState(change=c)) for c in (0, change))
    assert before.ink[19] == 13
    assert after.ink[19] == ink
    w, _ = networks.scorer()
    assert after.scores - before.scores == pytest.approx((ink - 13) / 16 * w[:, 19])


def test_shuffled_pixels_have_the_same_scores():
    plain, shuffled = (compute_follow_pixel(FollowPixelState(shuffled=s)) for s in (False, True))
    assert sorted(shuffled.ink) == sorted(plain.ink)
    assert (shuffled.ink != plain.ink).any()
    assert shuffled.scores == pytest.approx(plain.scores, abs=1e-3)


def test_the_ring_in_the_picture_and_the_ring_in_the_vector_are_one_cursor():
    lab = FollowPixelLab(row=2, column=7)
    assert (handles(lab)["pixel"]["x"], handles(lab)["pixel"]["y"]) == (7, 5)
    assert handles(lab)["index"]["x"] == 23
    drag(lab, "index", 24, 0.5)
    assert (lab.state.row, lab.state.column) == (3, 0)
    drag(lab, "pixel", 4.4, 7.0)
    assert (lab.state.row, lab.state.column, lab.result.index) == (0, 4, 4)
    assert "row 0, column 4, index 4" in handles(lab)["index"]["text"]


def test_the_task_is_done_at_the_loudest_pixel_of_the_right_unit():
    lab = FollowPixelLab(row=2, column=3)
    assert not lab.goal.reached
    row, column = divmod(lab.result.loudest, 8)
    lab.set(row=row, column=column)
    assert lab.goal.reached
    lab.set(unit=8)
    assert not lab.goal.reached
    assert "the picture is a 3" in lab.goal.verdict


def test_the_presets_show_what_their_names_say():
    found = {}
    for name, settings in FollowPixelLab.presets.items():
        found[name.split(":")[0]] = compute_follow_pixel(FollowPixelState(**settings))
    assert found["The end of a row"].index % 8 == 7
    silent = found["No ink, no say"]
    assert silent.ink[silent.index] == silent.shares[silent.index] == 0
    against = found["Ink that speaks against"]
    assert against.shares[against.index] < -0.3
    flipped = found["One pixel changes the answer"]
    before = compute_follow_pixel(FollowPixelState(picture=37))
    assert (before.said, flipped.said) == (before.label, 5)
    assert before.label != 5


def test_the_numbers_in_the_table_are_those_of_the_picture():
    lab = FollowPixelLab()
    assert lab.view.numbers.texts == [f"{ink:.0f}" for ink in lab.result.ink]
    assert lab.view.score_words.texts == [f"{p:.0%}" for p in lab.result.probabilities]
    assert "index = row · 8 + column = 2 · 8 + 3 = 19;  x[19] = 13/16 = 0.81" in lab.view.strip_words.texts[0]


# -- painting -------------------------------------------------------------------------------------------------------


def test_a_dot_of_each_brush_by_hand():
    thick, fine = (np.array(stroke(EMPTY, DOT, brush)) for brush in ("thick pen", "fine pen"))
    assert (thick[3, 3], thick[3, 4], thick[2, 3]) == (16, 8, 8)  # 16 · (1.5 − distance)
    assert thick[2, 2] == round(16 * (1.5 - np.sqrt(2))) == 1
    assert thick.sum() == 16 + 4 * 8 + 4 * 1
    assert fine.sum() == fine[3, 3] == 16


def test_the_eraser_takes_away_what_a_pen_would_leave():
    full = ((16.0,) * 8,) * 8
    erased = np.array(stroke(full, DOT, "eraser"))
    assert erased[3, 3] == 0
    assert erased.sum() == 16 * 63
    assert stroke(EMPTY, DOT, "eraser") == EMPTY


def test_a_fast_stroke_leaves_no_gaps_and_ink_never_fades():
    line = np.array(stroke(EMPTY, [(0.0, 7.0), (7.0, 7.0)], "fine pen"))
    assert line[0].tolist() == [16] * 8
    assert line.sum() == 16 * 8
    again = np.array(stroke(tuple(map(tuple, line)), DOT, "thick pen"))
    assert (again >= line).all()


@pytest.mark.parametrize(
    ("place", "cell"),
    [((0, 7), (0, 0)), ((7, 0), (7, 7)), ((2.4, 5.6), (1, 2)), ((-9, 99), (0, 0)), ((1e6, -1), (7, 7))],
)
def test_the_cell_at_a_place(place, cell):
    assert cell_at(*place) == cell


def test_space_fills_an_empty_cell_and_empties_a_full_one():
    once = toggled(EMPTY, 1, 6)
    assert once[1][6] == 16
    assert toggled(once, 1, 6) == EMPTY
    lab = PaintDigitLab(ink=EMPTY)
    drag(lab, "brush", 6, 6, path=[])  # an arrow key
    assert (lab.state.row, lab.state.column, lab.state.ink) == (1, 6, EMPTY)
    drag(lab, "brush", 6, 6, path=[(6, 6)])  # Space
    assert lab.state.ink == once
    lab.touch()
    assert lab.state.ink == EMPTY


def test_a_finger_paints_while_it_moves_and_ends_where_it_was_lifted():
    lab = PaintDigitLab(ink=EMPTY, brush="fine pen")
    drag(lab, "brush", 3, 4, done=False, path=[(3, 4)])
    assert lab.state.ink == stroke(EMPTY, DOT, "fine pen")
    drag(lab, "brush", 3, 0, done=True, path=[(3, 4), (3, 0)])
    assert [row[3] for row in lab.state.ink] == [0, 0, 0, 16, 16, 16, 16, 16]
    assert (lab.state.row, lab.state.column) == (7, 3)
    lab.clear()
    assert lab.state.ink == EMPTY


def test_a_click_does_not_take_its_own_dot_away():
    lab = PaintDigitLab(ink=EMPTY, brush="fine pen")
    drag(lab, "brush", 3, 4, done=False, path=[(3, 4)])
    drag(lab, "brush", 3, 4, done=True, path=[(3, 4), (3, 4)])
    assert lab.state.ink[3][3] == 16


def test_a_painting_that_is_a_digit_of_the_data_is_its_own_nearest():
    x, y = networks.digit_images()
    result = compute_paint_digit(PaintDigitState(ink=THREE))
    assert (x[13].reshape(8, 8) * 16).tolist() == np.array(THREE).tolist()
    assert (y[13], result.said) == (3, 3)
    assert result.near_pixels[0] == result.near_hidden[0] == 13
    assert len(set(result.near_pixels)) == 5


def test_moved_by_two_columns_the_hidden_numbers_still_find_threes():
    _, y = networks.digit_images()
    name = "Two columns further: the pixels get lost, the hidden numbers do not"
    result = compute_paint_digit(PaintDigitState(**PaintDigitLab.presets[name]))
    assert (y[result.near_pixels] == 3).sum() <= 1
    assert (y[result.near_hidden] == 3).sum() >= 4


def test_the_presets_of_the_sheet_show_what_their_names_say():
    said = [
        compute_paint_digit(PaintDigitState(**settings)).probabilities for settings in PaintDigitLab.presets.values()
    ]
    assert said[0][8] < 0.1  # not an 8 yet
    assert said[2][1] > 0.9
    assert said[3].argmax() != 3
    assert said[3].max() > 0.8
    assert said[4][3] > 0.9


def test_an_8_is_painted_into_the_3():
    lab = PaintDigitLab()
    assert not lab.goal.reached
    drag(lab, "brush", 2, 1, path=[(1.6, 5.5), (2, 3.5), (1.6, 1.5)])
    assert lab.result.probabilities[8] > lab.result.probabilities[3]
    lab.set(wanted=3, ink=THREE)
    assert lab.goal.reached


@pytest.mark.parametrize("ink", [EMPTY[:7], (*EMPTY, EMPTY[0])])
def test_a_sheet_has_eight_rows(ink):
    with pytest.raises(ValueError, match=r"PaintDigitLab: ink must be 8 rows of 8 numbers; got [79] rows\."):
        PaintDigitState(ink=ink)


def test_every_brush_is_named_where_it_is():
    for brush in BRUSHES:
        text = handles(PaintDigitLab(brush=brush, row=4, column=1))["brush"]["text"]
        assert text.startswith(f"{brush} at row 4, column 1, ink 0 of 16")


# -- layer by layer -------------------------------------------------------------------------------------------------


def test_every_digit_lies_whole_somewhere_on_its_board():
    x, y = space.board_digits()
    boards = x.reshape(-1, 10, 10)
    sheets = {row.tobytes(): int(label) for row, label in zip(data.digits().x / 16, data.digits().y, strict=True)}
    places = set()
    for board, label in zip(boards[:200], y[:200], strict=True):
        found = [
            (i, j)
            for i in range(3)
            for j in range(3)
            if sheets.get(board[i : i + 8, j : j + 8].tobytes()) == label
            and board[i : i + 8, j : j + 8].sum() == board.sum()
        ]
        assert found
        places |= set(found)
    assert len(places) == 9


def test_a_probe_on_three_points_by_hand():
    train, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
    assert space.probe(train, y, np.array([[-1.0], [1.4], [1.6], [9.0]]), np.array([0, 0, 1, 1]), 2) == 1
    assert space.probe(train, y, np.array([[-1.0], [1.4]]), np.array([1, 0]), 2) == 0.5
    middle = np.array([0, 1, 1, 0])  # no line has the middle on one side
    assert space.probe(train, middle, train, middle, 2) == 0.5


def test_the_probe_is_the_same_in_both_forms():
    rng = np.random.default_rng(0)
    train, others = rng.normal(size=(20, 19)), rng.normal(size=(50, 19))
    y, y_others = rng.integers(0, 3, 20), rng.integers(0, 3, 50)
    widened = [np.c_[h, np.zeros(len(h))] for h in (train, others)]  # 21 columns with the ones: fewer rows than columns
    scaled = np.sqrt(20 / 19)  # a column of zeros shrinks the deviation of all
    narrow = space.probe(train, y, others, y_others, 3)
    wide = space.probe(widened[0] * scaled, y, widened[1] * scaled, y_others, 3)
    assert abs(narrow - wide) <= 0.02


def test_turning_like_before_keeps_all_distances():
    before = np.random.default_rng(0).uniform(-0.6, 0.6, (30, 2))
    turn = np.array([[0.6, -0.8], [0.8, 0.6]]) @ np.diag([1, -1])
    assert space.turned_like(before @ turn, before) == pytest.approx(before)


def test_flat_keeps_the_longest_directions():
    h = np.zeros((5, 4))
    h[:, 2], h[:, 0] = [-2, -1, 0, 1, 2], [0.1, -0.1, 0, 0.1, -0.1]
    assert np.abs(space.flat(h)[:, 0]) == pytest.approx(np.abs(h[:, 2]) / 2 * 0.92, abs=0.06)


def test_learning_makes_the_digits_plain_and_random_layers_lose_them():
    learned, random = (space.training("the ten digits")[epochs].probes for epochs in (40, 0))
    assert learned[0] == random[0] == pytest.approx(0.52, abs=0.01)
    assert learned[3] > 0.78
    assert random[1] > random[2] > random[3] > random[4]


def test_a_representation_is_good_for_what_it_was_taught():
    parity = space.training("odd or even")[40]
    y = space.board_digits()[1]
    assert parity.probes[3] < 0.4
    assert (parity.features[-1].argmax(axis=1) == y[space.TRAIN :] % 2).mean() > 0.85
    assert space.training("random labels")[40].probes[3] < 0.4


@pytest.mark.parametrize(("moment", "layer"), [(0, 0), (4, 0), (5, 1), (30, 3), (34, 3), (36, 4), (40, 4)])
def test_the_moment_is_a_place_between_two_layers(moment, layer):
    result = compute_layers(LayerState(moment=moment))
    places = space.training("the ten digits")[10].places
    before, share = divmod(moment, 10)
    after = places[min(before + 1, 4)]
    assert result.layer == layer
    assert result.places == pytest.approx((1 - share / 10) * places[before] + share / 10 * after)


def test_neighbours_are_the_nearest_others_with_all_their_numbers():
    result = compute_layers(LayerState(picture=43, epochs=40, moment=30))
    h = space.training("the ten digits")[40].features[3]
    distances = np.linalg.norm(h - h[43], axis=1)
    assert result.neighbours.tolist() == np.argsort(distances)[1:6].tolist()
    assert result.alike(43) == 5
    assert compute_layers(LayerState(picture=43)).alike(43) <= 2


def test_the_ring_goes_to_the_nearest_digit_and_by_key_to_the_next():
    lab = LayerLab()
    x, y = lab.result.places[100]
    drag(lab, "picture", x + 1e-3, y - 1e-3)
    assert np.allclose(lab.result.places[lab.state.picture], [x, y], atol=0.01)


def test_an_arrow_key_leaves_even_a_lonely_digit_and_a_finger_that_hardly_moved_does_not():
    lab = LayerLab()
    places = lab.result.places
    gaps = np.linalg.norm(places[:, None] - places[None], axis=2) + 9 * np.eye(len(places))
    lonely = int(gaps.min(axis=1).argmax())
    assert gaps[lonely].min() > 0.11  # after one step of 0.05 it is still the nearest
    (x, y), inwards = places[lonely], -np.sign(places[lonely][0])
    lab.set(picture=lonely)
    drag(lab, "picture", x + 0.03, y + 0.02)
    assert lab.state.picture == lonely
    drag(lab, "picture", x + 0.05 * inwards, y)
    assert lab.state.picture != lonely
    assert (lab.result.places[lab.state.picture][0] - x) * inwards > 0


def test_at_the_edge_a_key_leads_nowhere():
    lab = LayerLab()
    last = int(lab.result.places[:, 0].argmax())
    lab.set(picture=last)
    drag(lab, "picture", lab.result.places[last][0] + 0.05, lab.result.places[last][1])
    assert lab.state.picture == last


def test_the_task_needs_a_network_that_has_learned_the_digits():
    assert not LayerLab(epochs=0, moment=30).goal.reached
    assert not LayerLab(epochs=40, moment=0).goal.reached
    assert LayerLab(epochs=40, moment=30).goal.reached
    assert not LayerLab(task="odd or even", epochs=40, moment=30).goal.reached


# -- cells ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FollowPixelLab.presets)
def test_the_cell_of_a_pixel_ends_with_the_scores(name, engine):
    lab = FollowPixelLab()
    lab.preset(name)
    scope, _ = run_cell(lab.as_code(), engine)
    assert numbers(scope["output"]) == pytest.approx(lab.result.scores, abs=0.05)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_cell_of_a_painting_ends_with_the_probabilities(engine):
    lab = PaintDigitLab(ink=stroke(EMPTY, [(3, 1), (3, 6)], "thick pen"))
    scope, _ = run_cell(lab.as_code(), engine)
    assert numbers(scope["output"])[0] == pytest.approx(lab.result.probabilities, abs=0.02)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("epochs", "moment"), [(0, 20), (3, 40), (10, 10), (10, 0)])
def test_the_cell_of_the_layers_ends_with_the_picture_in_its_layer(epochs, moment, engine):
    lab = LayerLab(epochs=epochs, moment=moment, picture=5)
    scope, _ = run_cell(lab.as_code(), engine)
    want = space.training("the ten digits")[epochs].features[moment // 10][5]
    assert numbers(scope["output"]) == pytest.approx(want, abs=0.02)


# -- pictures and patches -------------------------------------------------------------------------------------------


def test_four_ways_want_1280_numbers():
    photo = np.zeros((4, 4, 3))
    assert "One flower four ways" in repr(plots.four_ways(photo, {"a": 1.5}, {"b": 1}, np.ones(1280)))
    with pytest.raises(ValueError, match=r"four_ways: embedding must have shape \(1280,\), drawn as 32 × 40; got"):
        plots.four_ways(photo, {}, {}, np.ones(24))
