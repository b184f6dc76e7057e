"""TransferLab: weights and multiplications counted from the network itself, the curves of the file, cut and handles."""

import numpy as np
import pytest

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.data.transfer_curves import SHOTS, SOURCES
from dlcourse.labs import TransferLab, plots
from dlcourse.labs.transfer import CUTS, PRODUCTS, UPDATES, WAYS, WEIGHTS, trained_weights, work
from dlcourse.models import lenet
from tests.labs.lab_tools import drag, handles, numbers, run_cell

State, compute = TransferLab.State, TransferLab.compute


def network():
    return lenet(engine, 12, classes=5, activation="ReLU", pool="MaxPool2d")


def test_weights_and_multiplications_are_those_of_the_network():
    x, weights, products = engine.zeros(1, 1, 12, 12), [], []
    for layer in network():
        x = layer(x)
        parameters = list(layer.parameters())
        if parameters:
            weights.append(sum(p.numel() for p in parameters))
            places = x.shape[2] * x.shape[3] if x.ndim == 4 else 1
            products.append(places * parameters[0].numel())
    np.testing.assert_array_equal(WEIGHTS, weights)
    np.testing.assert_array_equal(PRODUCTS, products)


@pytest.mark.parametrize(("number", "cut"), list(enumerate(CUTS)))
def test_cuts_of_the_list_of_layers(number, cut):
    model = network()
    kept = [layer for layer in model[:cut] if list(layer.parameters())]
    assert len(kept) == number
    if cut:
        assert not list(model[cut - 1].parameters())  # activation and pooling go with their layer
        assert type(model[cut]).__name__ not in ("ReLU", "MaxPool2d")


def test_what_is_trained_and_how_much_is_multiplied():
    np.testing.assert_array_equal(trained_weights(2), [15201, 12629, 15201])
    np.testing.assert_array_equal(trained_weights(0), [15201] * 3)
    whole = 3 * UPDATES * 10 * 43620
    np.testing.assert_array_equal(work(2, 2), [whole, 10 * 31200 + 3 * UPDATES * 10 * 12420, whole])
    np.testing.assert_array_equal(work(0, 2), [whole] * 3)


def test_curves_are_those_of_the_file_at_the_cut():
    known = data.transfer_curves(SOURCES[1])
    result = compute(State(source=SOURCES[1], shots=7, cut=3))
    for found, expected in zip(result.shares, (known.scratch, known.frozen[2], known.tuned[2]), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert result.means.shape == (3, len(SHOTS))


def test_nothing_kept_is_three_times_the_same():
    lab = TransferLab(cut=0)
    shares = lab.result.shares
    assert (shares[0] == shares[1]).all()
    assert (shares[0] == shares[2]).all()
    assert "all are alike" in lab.status


def test_goal_needs_the_right_cut_and_few_examples():
    assert TransferLab(shots=10, cut=2).goal.reached
    assert not TransferLab(shots=10, cut=1).goal.reached
    many = TransferLab(shots=50, cut=2).goal
    assert not many.reached
    assert "But these are more than 10." in many.verdict
    assert not TransferLab(shots=10, cut=2, source=SOURCES[2]).goal.reached


def test_words_say_where_frozen_layers_lead():
    assert "Frozen reads more than scratch up to 7 examples" in TransferLab(cut=3).status
    assert "Frozen reads more to the end" in TransferLab(cut=1).status
    assert "Frozen never reads more than scratch" in TransferLab(cut=4, source=SOURCES[2]).status
    assert "1 example a class, 2 layers taken over" in TransferLab(shots=1, cut=2).status


def test_picture_shows_the_means_and_what_is_new():
    lab = TransferLab(shots=15, cut=3)
    result = lab.result
    for line, mean in zip(lab.view.lines, result.means, strict=True):
        np.testing.assert_array_equal(line.get_ydata(), mean)
    assert lab.view.numbers.texts == [f"{mean:.0%}" for mean in result.means[:, 6]]
    assert [bar.get_height() for bar in lab.view.boxes] == [0, 0, 0, 1, 1]
    assert lab.view.amounts[0].texts == ["15,201", "10,589", "15,201"]
    outline = lab.view.bands.get_paths()[0].vertices
    deviation = result.shares[0].std(axis=1)
    np.testing.assert_allclose(outline[: len(SHOTS), 1], result.means[0] - deviation)
    assert len(lab.view.bars) == 2 * len(WAYS)


def test_handles_snap_to_a_number_of_examples_and_to_a_cut():
    lab = TransferLab()
    drag(lab, "shots", 6.6, 0.3)
    drag(lab, "cut", 2.6, 0.3)
    assert (lab.state.shots, lab.state.cut) == (20, 3)
    assert handles(lab)["shots"]["text"] == "20 examples a class"
    drag(lab, "cut", 99, 0)
    assert lab.state.cut == 4


@pytest.mark.parametrize("engine_name", ["reference", "torch"])
@pytest.mark.parametrize(("source", "near"), [(SOURCES[0], 0.08), (SOURCES[1], 0.1)], ids=["digits", "shuffled"])
def test_the_cell_comes_to_what_the_file_says_of_seed_0(engine_name, source, near):
    """The engines part in the last digits; 500 updates make that a few of the 288 test digits."""
    lab = TransferLab(source=source, shots=5, cut=2)
    scope, printed = run_cell(lab.as_code(), engine_name)
    np.testing.assert_allclose(numbers(scope["output"]), lab.result.shares[:, 3, 0], atol=near)
    assert printed.startswith("[0.")


@pytest.mark.parametrize("engine_name", ["reference", "torch"])
def test_the_cell_with_random_labels(engine_name):
    """What is learned of random labels hangs on the last digit of every sum: only part of it can be compared."""
    lab = TransferLab(source=SOURCES[2], shots=5, cut=2)
    scope, _ = run_cell(lab.as_code(), engine_name)
    true = data.moving_digits(range(5), copies=6).train.y
    np.testing.assert_array_equal(np.bincount(scope["y"]), np.bincount(true))
    assert 0.75 < (scope["y"] != true).mean() < 0.85
    assert numbers(scope["output"])[0] == pytest.approx(lab.result.shares[0, 3, 0], abs=0.05)
    assert numbers(scope["output"])[1] < 0.45


def test_few_shots_draws_means_and_bands_and_refuses_what_it_cannot():
    shares = np.array([[0.2, 0.4], [0.5, 0.9]])
    picture = plots.few_shots("Two points", (1, 10), {"a": shares, "b": shares / 2}, 0.25)
    axes = picture.figure.axes[0]
    lines = [line for line in axes.lines if line.get_label() in "ab"]
    np.testing.assert_allclose([line.get_ydata() for line in lines], [[0.3, 0.7], [0.15, 0.35]])
    band = axes.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(0.2)
    assert band[:, 1].max() == pytest.approx(0.9)
    with pytest.raises(ValueError, match="few_shots: expected 1 to 4 lines, because more are not told apart; got 0"):
        plots.few_shots("", (1,), {}, 0.5)
    with pytest.raises(ValueError, match=r"few_shots: a must have shape \(3, seeds\); got \(2, 2\)"):
        plots.few_shots("", (1, 2, 3), {"a": shares}, 0.5)
