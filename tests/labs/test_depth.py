"""DepthLab: moments and gradients against small cases and torch's backward pass, the laws, dead units, the picture."""

import numpy as np
import pytest
import torch

import dlcourse.reference as engine
from dlcourse.labs import DepthLab
from dlcourse.labs.depth import DepthState, compute_depth, signals
from dlcourse.labs.depth.lab import HE, NN_LINEAR
from dlcourse.labs.depth.signals import exact
from dlcourse.labs.depth.view import unit_at
from dlcourse.labs.rounding import brief
from tests.labs.lab_tools import drag, handles, numbers, run_cell

LAYER_5 = [(4, unit) for unit in range(64)]


def sent(name="ReLU", gain=2**0.5, bias=0.0, layers=10, x=None, seed=0, killed=()):
    x = signals.inputs("normal numbers") if x is None else x
    return signals.send(name, gain, bias, layers, x, seed, killed)


# -- computation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["identity", "sigmoid", "tanh", "ReLU", "leaky ReLU", "GELU"])
def test_moments_and_gradients_are_those_of_torch(name):
    from dlcourse.labs.activation_functions import ACTIVATIONS

    torch.manual_seed(3)
    weights = [torch.randn(64, 64) / 8 * 1.2 for _ in range(4)]
    torch.manual_seed(103)
    arriving = torch.randn(1000, 64)
    h, nets, moments = torch.tensor(signals.inputs("normal numbers"), requires_grad=True), [], []
    for w in weights:
        z = h @ w.T - 0.1
        z.retain_grad()
        nets.append(z)
        h = eval(ACTIVATIONS[name].code, {"engine": torch, "z": z})
        moments.append((h * h).mean().item())
    h.backward(arriving)
    result = sent(name, 1.2, -0.1, 4, seed=3)
    np.testing.assert_allclose(result.moments, moments, rtol=1e-3)
    gradients = [z.grad.pow(2).mean().sqrt().item() for z in nets]
    np.testing.assert_allclose(result.gradients, gradients, rtol=1e-3)


def test_weights_are_those_of_randn_after_manual_seed():
    engine.manual_seed(7)
    for got in signals.first_weights(7):
        np.testing.assert_array_equal(got, engine.randn(64, 64).numpy() / 8)


def test_the_lab_leaves_the_random_numbers_alone():
    engine.manual_seed(1)
    expected = engine.rand(3).numpy()
    engine.manual_seed(1)
    compute_depth(DepthState(seed=55))
    np.testing.assert_array_equal(engine.rand(3).numpy(), expected)


@pytest.mark.parametrize("name", signals.INPUTS)
def test_inputs_are_a_thousand_rows_of_mean_square_one(name):
    x = signals.inputs(name)
    assert x.shape == (1000, 64)
    assert np.square(x).mean() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(
    ("name", "gain", "law"),
    [
        ("identity", 3**-0.5, 1 / 3),
        ("identity", 1, 1),
        ("ReLU", 1, 1 / 2),
        ("ReLU", 2**0.5, 1),
        ("leaky ReLU", 1, 0.50005),
    ],
)
def test_the_law_of_the_second_moment(name, gain, law):
    assert signals.factor(name, gain) == pytest.approx(law)
    ratios = [sent(name, gain, layers=2, seed=seed).moments for seed in range(20)]
    assert np.mean([second / first for first, second in ratios]) == pytest.approx(law, rel=0.08)


def test_no_law_for_functions_that_bend_by_size_nor_with_a_bias():
    assert signals.factor("tanh", 1.0) is None
    assert compute_depth(DepthState(bias=0.1)).law is None
    assert compute_depth(DepthState(killed=((0.0, 1.0),))).law is None
    assert compute_depth(DepthState()).law == pytest.approx(0.5)


def test_measured_factor_and_what_is_kept():
    result = compute_depth(DepthState(function="identity", gain=1.3, layers=3))
    moments = result.signals.moments
    assert result.measured == pytest.approx((moments[2] / result.signals.input_moment) ** (1 / 3))
    assert result.signal_kept == pytest.approx((moments[2] / moments[0]) ** 0.5)
    assert result.gradient_kept == pytest.approx(result.signals.gradients[0] / result.signals.gradients[2])


def test_a_slider_at_a_mark_means_the_mark_exactly():
    """A browser's slider of step 0.01 shows √2 as 1.41 and sends that back: it must mean the same."""
    assert (exact(HE), exact(1.0), exact(NN_LINEAR)) == (2**0.5, 1.0, 3**-0.5)
    assert (exact(1.42), exact(1.4), exact(0.57)) == (1.42, 1.4, 0.57)
    shown, sent_back = DepthLab(gain=2**0.5), DepthLab(gain=1.41)
    assert shown.live.picture == sent_back.live.picture
    assert shown.result.law == pytest.approx(1)


def test_histograms_count_every_output_once_and_in_its_place():
    h = np.zeros((1000, 64), np.float32)
    h[:, 0] = 99.0
    h[:, 4] = -99.0
    shares = signals.histogram("ReLU", h)
    assert shares.sum() == pytest.approx(1)
    assert (shares[0], shares[20], shares[40]) == pytest.approx((1 / 16, 14 / 16, 1 / 16))


def test_flat_share_of_a_small_case():
    assert sent("identity", layers=2).flat.tolist() == [0, 0]
    np.testing.assert_allclose(sent("ReLU", layers=1).flat, [0.5], atol=0.02)
    assert sent("sigmoid", 0.1, layers=1).flat[0] == 0


def test_a_killed_unit_is_silent_for_every_sample_and_only_that_one():
    clean, killed = sent(layers=1), sent(layers=1, killed=[(0, 9)])
    assert np.flatnonzero(killed.dead[0]).tolist() == [9]
    assert np.flatnonzero(killed.active[0] != clean.active[0]).tolist() == [9]


def test_a_dead_layer_stops_relu_and_leaky_relu_lets_a_hundredth_through():
    assert sent(killed=LAYER_5).gradients[0] == 0
    assert sent(killed=LAYER_5).moments[4] == 0
    leaky = sent("leaky ReLU", killed=LAYER_5).gradients
    assert not sent("leaky ReLU", killed=LAYER_5).dead.any()
    assert leaky[4] / leaky[5] == pytest.approx(0.01, rel=0.5)


def test_a_low_bias_kills_and_a_lower_one_kills_more():
    dead = [int(sent(bias=bias).dead.sum()) for bias in (0.0, -0.5, -1.0)]
    assert dead == sorted(dead)
    assert dead[0] < 40 < 400 < dead[2]


# -- the lab --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "reached", "words"),
    [
        ({"function": "tanh"}, True, "both survive"),
        ({"gain": HE}, True, "both survive"),
        ({"gain": HE, "layers": 9}, False, "both survive"),
        ({}, False, "the signal vanishes and the gradient vanishes"),
        ({"gain": 2.5}, False, "the signal explodes and the gradient explodes"),
        ({"function": "sigmoid"}, False, "end to end: the gradient vanishes"),
        ({"gain": HE, "killed": LAYER_5}, False, "no gradient reaches layer 1"),
    ],
)
def test_the_verdict(settings, reached, words):
    lab = DepthLab(**settings)
    assert lab.goal.reached == reached
    assert words in lab.goal.verdict


def test_dragging_the_scale_snaps_to_the_marks():
    lab = DepthLab()
    drag(lab, "gain", 0.5, 1.405)
    assert lab.state.gain == HE
    assert handles(lab)["gain"]["text"] == "scale 1.41, He"
    drag(lab, "gain", 0.5, 0.58)
    assert lab.state.gain == NN_LINEAR
    drag(lab, "gain", 0.5, 2.344)
    assert lab.state.gain == 2.34


@pytest.mark.parametrize(
    ("x", "y", "unit"),
    [(0.06, 0.5, (0, 0)), (0.2, 0.5, (0, 1)), (0.06, 1.5, (0, 8)), (2.9, 7.9, (2, 63)), (0.99, 3, None), (-1, 3, None),
     (3, 8.5, None), (12.1, 1, None), (1e6, -1e6, None)],
)  # fmt: skip
def test_the_place_of_a_unit_on_the_map(x, y, unit):
    assert unit_at(x, y) == unit


def test_a_stroke_kills_and_the_same_stroke_revives():
    lab = DepthLab()
    path = [(0.06, 0.5), (0.2, 0.5), (0.21, 0.6), (0.2, 1.5)]
    drag(lab, "units", 0.2, 1.5, path=path)
    assert lab.state.killed == ((0.0, 0.0), (0.0, 1.0), (0.0, 9.0))
    assert lab.view.words.texts[2 * lab.state.layers] == "3"  # after the rows of sizes and of flat shares
    drag(lab, "units", 0.2, 0.5, path=[(0.2, 0.5)])
    assert lab.state.killed == ((0.0, 0.0), (0.0, 9.0))
    drag(lab, "units", 0.2, 0.5, done=False, path=[(0.3, 0.5)])  # a stroke acts when it ends
    assert len(lab.state.killed) == 2


def test_a_stroke_beyond_the_last_layer_does_nothing():
    lab = DepthLab(layers=3)
    drag(lab, "units", 3.1, 0.5, path=[(3.1, 0.5)])
    assert lab.state.killed == ()


def test_more_than_the_setting_holds_is_cut_not_refused():
    lab = DepthLab(layers=12, killed=[(layer, unit) for layer in range(7) for unit in range(64)])
    stroke = [(7.06 + column * 0.12, row + 0.5) for column in range(8) for row in range(8)]
    drag(lab, "units", 7.1, 0.5, path=stroke)
    assert lab.last_error is None
    assert len(lab.state.killed) == 500


def test_the_buttons_kill_a_layer_and_revive_all():
    lab = DepthLab(killed=[(1, 3)])
    lab.kill()
    lab.kill()
    assert len(lab.state.killed) == 65
    assert lab.result.signals.dead[4].all()
    lab.revive()
    assert lab.state.killed == ()


def test_the_words_name_both_ends_of_the_network_or_its_only_layer():
    words = "in layer 1 and 0.019 in layer 10; the gradient is 0.71 in layer 10 and 0.026 in layer 1."
    assert words in DepthLab().status
    assert "root mean square 0.70 in layer 1; the gradient is 0.71 in layer 1. " in DepthLab(layers=1).status


def test_the_law_stands_beside_what_is_measured():
    plain, biased = DepthLab(), DepthLab(bias=0.5)
    assert "in theory ×0.50" in plain.view.words.texts
    assert f"measured ×{plain.result.measured:.2f}" in plain.view.words.texts
    assert "in theory depends on z" in biased.view.words.texts


def test_the_picture_holds_the_numbers():
    lab = DepthLab(gain=HE, layers=3, killed=[(1, 0), (1, 63)])
    result = lab.result.signals
    sizes, flat = [brief(v) for v in np.sqrt(result.moments)], [f"{v:.0%}" for v in result.flat]
    dead, gradients = [str(v) for v in result.dead.sum(axis=1)], [brief(v) for v in result.gradients]
    assert lab.view.words.texts[:12] == [*sizes, *flat, *dead, *gradients]
    assert lab.view.words.texts[12:16] == ["≥ 3", "0", "≤ −3", "1.41: variance 2.00/64"]
    heights = [bar.get_height() for bar in lab.view.bars[:4]]
    np.testing.assert_allclose(heights, [*np.log10(result.gradients), 0], atol=1e-6)
    x, y = lab.view.crosses.get_data()
    assert len(x) == result.dead.sum()
    assert unit_at(x[0], y[0]) == (1, 0)
    assert len(lab.view.shapes.get_paths()) == 3


@pytest.mark.parametrize("kind", ["reference", "torch"])
@pytest.mark.parametrize("preset", DepthLab.presets)
def test_the_cell_measures_what_the_lab_shows(preset, kind):
    lab = DepthLab()
    lab.preset(preset)
    scope, _ = run_cell(lab.as_code(), kind)
    np.testing.assert_allclose(numbers(scope["output"]), np.sqrt(lab.result.signals.moments), rtol=5e-3, atol=1e-6)
