"""PlaygroundLab: the training is the one that its own cell does, on either engine; everything shown is real."""

import numpy as np
import pytest

from dlcourse.labs import Lab, PlaygroundLab
from dlcourse.labs import playground_training as run
from dlcourse.labs.playground import GRID, PLANE, PlaygroundState, compute_playground, recipe_of
from tests.labs.lab_tools import buttons, drag, from_browser, handles, numbers, run_cell, shown, words

CORNERS = ((-1.0, -1.0, 0.0), (1.0, 1.0, 0.0), (-1.0, 1.0, 1.0), (1.0, -1.0, 1.0))


def compute(**settings):
    return compute_playground(PlaygroundState(**settings))


# -- the same training as the cell ----------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"data": "moons", "noise": 0.2, "activation": "ReLU", "optimizer": "SGD", "rate": 0.1, "batch": "50"},
        {
            "data": "xor",
            "activation": "sigmoid",
            "optimizer": "momentum",
            "loss": "squared",
            "batch": "all",
            "rate": 0.3,
        },
        {"data": "gaussians", "layers": 0, "activation": "identity", "batch": "10", "epochs": 5, "tick": 2},
        {"data": "spirals", "layers": 3, "units": 5, "seed": 7},
        {"data": "circles", "features": "+ squares, product", "layers": 2, "units": 2},
        {"data": "circles", "features": "+ sines", "units": 3},
        {"data": "own points", "own": CORNERS, "units": 3, "seed": 3},
    ],
    ids=lambda s: " ".join(map(str, s.values()))[:30] if isinstance(s, dict) else s,
)
def test_the_cell_trains_to_the_weights_of_the_lab(engine, settings):
    lab = PlaygroundLab(**{"tick": 6, **settings})
    scope, printed = run_cell(lab.as_code(), engine)
    for got, want in zip(scope["model"].parameters(), lab.result.snapshot.parameters, strict=True):
        np.testing.assert_allclose(numbers(got), want, atol=3e-4)
    right = ((numbers(scope["output"]) > 0) == (numbers(scope["y"]) > 0.5)).sum()
    assert f": {right} of {len(scope['y'])} training points correct" in lab.status
    assert printed.startswith(f"History({lab.state.tick * lab.state.epochs} epochs, ")


def test_the_cell_of_a_run_with_penalties_or_dropout_says_what_it_leaves_out():
    for extra in ({"l1": 0.001}, {"l2": 0.001}, {"dropout": 0.5}):
        assert "# The lab adds L1, L2 or dropout to this." in PlaygroundLab(**extra).as_code()
    assert "adds" not in PlaygroundLab().as_code()


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_without_points_runs_and_says_so(engine):
    lab = PlaygroundLab(data="own points", tick=3)
    scope, _ = run_cell(lab.as_code(), engine)
    assert tuple(scope["output"].shape) == (0, 1)
    assert "no points yet" in lab.as_code()
    assert "no points yet: click into the picture" in lab.status


def test_no_training_is_the_start_itself():
    start = compute(seed=5)
    scope, _ = run_cell(PlaygroundLab(seed=5).as_code())
    for got, want in zip(scope["model"].parameters(), start.snapshot.parameters, strict=True):
        assert numbers(got).tolist() == want.astype(float).tolist()
    assert start.snapshot.gradients.tolist() == [0, 0]


def test_the_learner_s_own_random_numbers_are_left_alone():
    import dlcourse.reference as engine

    engine.manual_seed(1)
    want = engine.rand(3).tolist()
    engine.manual_seed(1)
    compute(tick=2, dropout=0.3, seed=9)
    assert engine.rand(3).tolist() == want


# -- each setting does what it says ---------------------------------------------------------------------------------


def by_hand_loss(result, rows) -> float:
    hidden = result.x[rows]
    weights = result.snapshot.parameters
    for weight, bias in zip(weights[0:-2:2], weights[1:-2:2], strict=True):
        hidden = np.tanh(hidden @ weight.T + bias)
    p = 1 / (1 + np.exp(-(hidden @ weights[-2].T + weights[-1])[:, 0]))
    return float(-np.log(np.where(result.y[rows], p, 1 - p)).mean())


def test_both_losses_are_those_of_the_weights_shown():
    result = compute(data="moons", tick=5, layers=2)
    assert result.train_losses[-1] == pytest.approx(by_hand_loss(result, result.train), rel=1e-4)
    assert result.test_losses[-1] == pytest.approx(by_hand_loss(result, ~result.train), rel=1e-4)
    assert (result.train.sum(), (~result.train).sum()) == (120, 80)


def test_the_field_is_the_probability_at_each_point_of_the_plane():
    result = compute(data="xor", layers=0, tick=3)
    weight, bias = result.snapshot.parameters
    want = 1 / (1 + np.exp(-(PLANE @ weight.T + bias)[:, 0]))
    np.testing.assert_allclose(result.field.ravel(), want, atol=1e-5)
    assert PLANE[61] == pytest.approx([GRID[1], GRID[1]])  # the first row of the field is the lower edge


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_a_penalty_makes_the_weights_smaller(penalty):
    def size(**settings):
        return sum(np.abs(p).sum() for p in compute(tick=30, units=8, **settings).snapshot.parameters[0::2])

    assert size(**{penalty: 0.01}) < 0.8 * size()


def test_the_penalties_are_the_formulas():
    """One update of SGD on all points: w − α·∂(loss + l1·Σ|w| + l2·Σw²)/∂w."""
    one = {"layers": 0, "optimizer": "SGD", "rate": 0.1, "batch": "all", "tick": 1}
    start, plain = compute(**{**one, "tick": 0}), compute(**one)
    weight, step = start.snapshot.parameters[0], plain.snapshot.parameters[0]
    l1, l2 = (compute(**one, **{name: 0.01}).snapshot.parameters for name in ("l1", "l2"))
    np.testing.assert_allclose(l1[0], step - 0.1 * 0.01 * np.sign(weight), atol=1e-7)
    np.testing.assert_allclose(l2[0], step - 0.1 * 0.01 * 2 * weight, atol=1e-7)
    np.testing.assert_allclose(l1[1], plain.snapshot.parameters[1], atol=1e-7)  # the bias bears no penalty


def test_dropout_is_inverted_and_only_in_training():
    training = run.Training(recipe_of(PlaygroundState(dropout=0.5, units=8, activation="identity")))
    whole = training.model(training.features).detach().numpy()
    draws = np.stack([training._forward(training.features).detach().numpy() for _ in range(400)])
    bias = training.parameters[-1].item()
    hidden = (draws.mean(axis=0) - bias) @ (whole - bias).T / ((whole - bias) ** 2).sum()
    assert np.trace(hidden) == pytest.approx(1, abs=0.1)  # the mean over masks is the whole network
    assert draws.std(axis=0).max() > 0.1
    assert compute(dropout=0.5, tick=0).train_losses[-1] == compute(tick=0).train_losses[-1]
    assert compute(dropout=0.5, tick=4).train_losses[-1] != compute(tick=4).train_losses[-1]


@pytest.mark.parametrize(
    ("features", "by_hand"),
    [
        ("x₁, x₂", [0.5, -2]),
        ("+ squares", [0.5, -2, 0.25, 4]),
        ("+ squares, product", [0.5, -2, 0.25, 4, -1]),
        ("+ sines", [0.5, -2, np.sin(1.5), np.sin(-6)]),
    ],
)
def test_the_features_by_hand(features, by_hand):
    recipe = recipe_of(PlaygroundState(features=features))
    got = run.featurise(recipe, np.array([[0.5, -2]]))
    np.testing.assert_allclose(got, [by_hand], rtol=1e-6)
    assert compute(features=features).snapshot.parameters[0].shape == (4, len(by_hand))


def test_layers_and_units_are_the_network():
    shapes = [p.shape for p in compute(layers=3, units=5).snapshot.parameters]
    assert shapes == [(5, 2), (5,), (5, 5), (5,), (5, 5), (5,), (1, 5), (1,)]
    assert [p.shape for p in compute(layers=0).snapshot.parameters] == [(1, 2), (1,)]


def test_noise_and_seed_change_the_points_and_the_rest_does_not():
    plain = compute(data="moons").x
    assert (compute(data="moons", rate=0.1, units=7, tick=3).x == plain).all()
    assert (compute(data="moons", noise=0.2).x - plain).std() == pytest.approx(0.2, rel=0.1)
    assert (compute(data="moons", seed=1).x != plain).any()


def test_speed_is_epochs_a_moment():
    slow, fast = compute(tick=10, epochs=1), compute(tick=2, epochs=5)
    for a, b in zip(slow.snapshot.parameters, fast.snapshot.parameters, strict=True):
        assert (a == b).all()
    assert PlaygroundLab(tick=2, epochs=5).status.startswith("Epoch 10: ")


def test_dead_units_are_those_with_one_output_for_all():
    lab = PlaygroundLab()
    lab.preset("ReLUs die at a high rate")
    (dead,) = lab.result.dead
    weight, bias = lab.result.snapshot.parameters[:2]
    outputs = np.maximum(lab.result.x[lab.result.train] @ weight.T + bias, 0)
    assert dead.tolist() == (np.ptp(outputs, axis=0) < 1e-6).tolist()
    assert 0 < dead.sum() < 8
    assert lab.status.endswith(f" {dead.sum()} units are dead.")
    assert [mark == "dead" for mark in words(lab.view.dead_marks)[:8]] == dead.tolist()
    assert "dead" not in words(lab.view.dead_marks)[8:]


def test_the_bars_are_the_mean_gradient_of_each_layer():
    lab = PlaygroundLab(layers=2, tick=1, batch="all", optimizer="SGD", rate=0.1)
    start = compute(layers=2, batch="all", optimizer="SGD", rate=0.1).snapshot.parameters[0::2]
    steps = [(a - b) / 0.1 for a, b in zip(start, lab.result.snapshot.parameters[0::2], strict=True)]
    np.testing.assert_allclose(lab.result.snapshot.gradients, [np.abs(step).mean() for step in steps], rtol=1e-3)
    widths = [bar.get_width() for bar in lab.view.bars]
    assert widths[:3] == pytest.approx(np.log10(lab.result.snapshot.gradients) + 7)
    assert widths[3:] == [0, 0]


# -- live training --------------------------------------------------------------------------------------------------


def test_play_trains_and_scrubbing_back_shows_the_past():
    lab = PlaygroundLab()
    play = lab.controls["tick"].play
    losses, pictures = [], []
    for tick in range(1, 6):
        play.value = tick
        losses.append(lab.result.train_losses[-1])
        pictures.append(lab.live.picture)
    assert lab.result.train_losses[1:].tolist() == losses
    lab.controls["tick"].input.value = 3
    assert lab.result.train_losses[-1] == losses[2]
    assert lab.live.picture == pictures[2]
    assert play.value == 3  # play goes on from here
    assert lab.last_error is None


def test_step_trains_one_moment_and_stops_at_the_last():
    lab = PlaygroundLab(layers=0, batch="all", tick=299)
    step = buttons(lab.widget)["Step"]
    for _ in range(3):
        step.click()
        assert lab.state.tick == 300
    assert lab.last_error is None


def test_a_change_of_the_run_starts_it_anew_and_stops_play():
    lab = PlaygroundLab(tick=7)
    play = lab.controls["tick"].play
    play.playing = True
    from_browser(lab.controls["units"].input, value=6)
    assert (lab.state.tick, lab.controls["tick"].input.value, play.playing) == (0, 0, False)
    lab.set(tick=7)
    play.playing = True
    from_browser(lab.controls["show_test"].input, value=True)
    from_browser(lab.controls["new_class"].input, index=0)
    assert (lab.state.tick, play.playing) == (7, True)  # what only concerns the view goes on


@pytest.mark.pixels
def test_a_run_that_diverges_says_so_and_goes_grey():
    lab = PlaygroundLab(layers=4, units=8, optimizer="momentum", rate=3.0, activation="identity", tick=60)
    assert lab.status.endswith("the training has diverged: choose a lower rate.")
    assert np.isnan(lab.result.field).all()
    red, green, blue = shown(lab)[36, 46].astype(int)
    assert red == green == blue
    lab.set(rate=0.01, tick=5)
    assert "diverged" not in lab.status
    assert lab.last_error is None


def test_every_weight_is_shown_as_a_number():
    lab = PlaygroundLab(layers=1, units=2, tick=3)
    buttons(lab.widget)["All weights"].click()
    first, *rest = lab._text.value.split("\n")
    assert first == "layer 1: weights 2 × 2, then the bias"
    weight, bias = lab.result.snapshot.parameters[:2]
    assert [float(n) for n in rest[0].split()] == pytest.approx([*weight[0], bias[0]], abs=6e-4)
    assert [float(n) for n in rest[1].split()] == pytest.approx([*weight[1], bias[1]], abs=6e-4)
    assert rest[2] == "layer 2: weights 1 × 2, then the bias"


def test_test_points_are_shown_on_request():
    lab = PlaygroundLab(data="moons")
    assert len(lab.view.test.get_xdata()) == 0
    lab.set(show_test=True)
    assert len(lab.view.test.get_xdata()) == 80


def test_the_pictures_of_the_units_are_theirs():
    lab = PlaygroundLab(layers=2, units=3, tick=4)
    assert [picture.shape for picture in lab.result.units] == [(20, 20, 3), (20, 20, 3)]
    weight, bias = lab.result.snapshot.parameters[:2]
    unit = np.tanh(PLANE @ weight[1] + bias[1]).reshape(60, 60)[::3, ::3]
    np.testing.assert_allclose(lab.result.units[0][:, :, 1], 0.5 + unit / (2 * np.abs(unit).max()), atol=1e-5)
    assert words(lab.view.layer_names) == ["layer 1", "layer 2", "", ""]


# -- the lessons of the presets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "reached"),
    [
        ("No hidden layer: a line", False),
        ("XOR with four units", True),
        ("Circles need three units", True),
        ("Features instead of a layer", True),
        ("Spirals need depth or width", True),
        ("Sigmoids lose the gradient", False),
        ("ReLUs die at a high rate", False),
        ("Noise is learned by heart", False),
    ],
)
def test_each_preset_shows_what_its_name_says(preset, reached):
    lab = PlaygroundLab()
    lab.preset(preset)
    assert lab.goal.reached == reached, lab.goal.verdict
    assert lab.goal.reached == (float(lab.goal.verdict.split(": ")[1].split("%")[0]) >= 95)
    assert set(PlaygroundLab.presets) >= {preset}
    if preset == "Noise is learned by heart":
        assert lab.result.test_losses[-1] > 2 * lab.result.train_losses[-1]
        assert lab.result.test_losses[-1] > lab.result.test_losses.min()
    if preset == "Sigmoids lose the gradient":
        early = compute_playground(lab.state.changed(tick=1)).snapshot.gradients
        assert early[0] < early[-1] / 30


# -- own points -----------------------------------------------------------------------------------------------------


def test_clicks_add_points_of_the_chosen_class():
    lab = PlaygroundLab(data="own points")
    brush = handles(lab)["own"]
    assert (brush["kind"], brush["text"]) == ("brush", "0 points; arrows move the brush, Space adds a point of class 1")
    drag(lab, "own", 0.5, 0.25, done=False, path=[(0.4, 0.2), (0.5, 0.25)])
    assert lab.state.own == ()  # the finger is still down
    drag(lab, "own", 0.5, 0.25, path=[(0.4, 0.2), (0.5, 0.25)])
    lab.set(new_class=0)
    drag(lab, "own", -1.0, -0.3333333, path=[(-1.0, -0.3333333)])
    assert lab.state.own == ((0.5, 0.25, 1.0), (-1.0, -0.333, 0.0))
    np.testing.assert_allclose(lab.result.x, [[0.5, 0.25], [-1, -0.333]], rtol=1e-6)
    assert lab.result.y.tolist() == [1, 0]
    assert handles(lab)["own"]["text"].startswith("2 points; ")
    assert lab.last_error is None


def test_the_brush_that_only_hovers_adds_nothing():
    lab = PlaygroundLab(data="own points", tick=4)
    drag(lab, "own", 0.5, 0.25, done=True, path=[])
    assert (lab.state.own, lab.state.tick) == ((), 4)


def test_a_click_beyond_the_picture_lands_on_its_edge():
    lab = PlaygroundLab(data="own points")
    drag(lab, "own", 9, -9, path=[(9, -9)])
    assert lab.state.own == ((1.5, -1.5, 1.0),)
    assert lab.last_error is None


def test_own_points_are_learned_and_can_be_removed():
    lab = PlaygroundLab(data="own points", own=CORNERS, batch="all", tick=100)
    assert lab.goal.verdict == "own points: 100% of the points correct."
    assert lab.goal.reached
    buttons(lab.widget)["Clear own points"].click()
    assert (lab.state.own, lab.state.tick) == ((), 0)
    assert not lab.goal.reached
    assert lab.last_error is None


def test_other_data_sets_have_no_brush_and_keep_the_own_points():
    lab = PlaygroundLab(data="own points", own=CORNERS)
    lab.set(data="xor")
    assert handles(lab) == {}
    assert lab.state.own == CORNERS
    assert len(lab.result.x) == 200


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ([[0, 0, 0.5]], r"PlaygroundLab: own must be rows \(x₁, x₂, class 0 or 1\); got \(0\.0, 0\.0, 0\.5\)"),
        ([[0, 0, -1]], "class 0 or 1"),
        ([[0, 0]], r"own must be at most 500 rows of 3 numbers from -1\.5 to 1\.5; got \[\[0, 0\]\]"),
        ([[2, 0, 1]], "rows of 3 numbers from -1.5 to 1.5"),
        ([[float("nan"), 0, 1]], "rows of 3 numbers from -1.5 to 1.5"),
        ("points", "rows of 3 numbers from -1.5 to 1.5; got 'points'"),
    ],
)
def test_wrong_points_are_told(own, message):
    with pytest.raises(ValueError, match=message):
        PlaygroundLab(data="own points", own=own)


def test_the_five_hundred_and_first_point_is_told_and_the_rest_stay():
    lab = PlaygroundLab(data="own points", own=[[0, 0, 1]] * 500)
    drag(lab, "own", 0, 0, path=[(0.1, 0.1)])
    assert "at most 500 rows" in lab.live.error
    assert len(lab.state.own) == 500


def test_the_share_string_brings_the_very_run_to_a_friend():
    lab = PlaygroundLab(data="spirals", noise=0.05, layers=2, units=6, dropout=0.1, l2=0.001, seed=11, tick=8)
    twin = Lab.from_share(lab.share())
    assert twin.state == lab.state
    assert twin.live.picture == lab.live.picture


def test_a_slider_never_asks_for_more_than_about_a_second_of_training():
    lab = PlaygroundLab(epochs=10, batch="10")  # 12 updates an epoch, 120 a moment
    assert lab.controls["tick"].input.max == 2000 // 120
    lab.controls["tick"].input.value = 300
    assert lab.state.tick == 16
    assert lab.controls["tick"].input.max == 16 + 16
    assert PlaygroundLab().controls["tick"].input.max == 300
