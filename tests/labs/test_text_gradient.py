"""TextGradientLab: gradients against differences, truncation, and what the picture says of them."""

import numpy as np
import pytest

import dlcourse.reference as engine
from dlcourse.labs import TextGradientLab, text_models
from dlcourse.labs.text_gradient import FELT, MOST
from tests.labs.lab_tools import drag, handles, numbers, run_cell

State, compute = TextGradientLab.State, TextGradientLab.compute
SHORT = {"kind": "RNN", "text": "the name of b", "place": 13}


def test_training_leaves_the_random_numbers_of_the_learner_alone():
    engine.manual_seed(3)
    expected = engine.rand(4).tolist()
    engine.manual_seed(3)
    text_models.trained("RNN", updates=2)
    assert engine.rand(4).tolist() == expected


def test_training_lowers_the_cost_of_the_next_letter():
    letters = text_models.corpus()[5000:5400].reshape(8, 50)
    costs = []
    for updates in (0, 40):
        model = text_models.filled("RNN", text_models.trained("RNN", updates))
        logits, _ = model(engine.tensor(letters[:, :-1]))
        target = engine.tensor(letters[:, 1:].reshape(-1))
        costs.append(engine.nn.functional.cross_entropy(logits.flatten(0, 1), target).item())
    assert costs[0] == pytest.approx(np.log(31), abs=0.25)
    assert costs[1] < costs[0] - 0.5


def test_the_corpus_holds_letters_of_the_alphabet_only():
    letters = text_models.corpus()
    assert letters.min() == 0
    assert letters.max() == len(text_models.ALPHABET) - 1
    assert not ((letters[1:] == 0) & (letters[:-1] == 0)).any()  # a single space between words


def test_the_lengths_are_those_of_differences():
    state = State(**SHORT, trained=False)
    result = compute(state)
    model = text_models.filled("RNN", text_models.trained("RNN", 0)).double()
    read = model.embedding(engine.tensor(text_models.encode(state.text[:12])[None])).detach().numpy()

    def log_probability(read):
        logits = model.last(model.recurrent(engine.tensor(read))[0])[0, -1]
        return engine.nn.functional.log_softmax(logits, dim=0)[text_models.ALPHABET.index("b")].item()

    for s in (0, 7, 11):
        slopes = []
        for unit in range(read.shape[2]):
            sides = [read.copy(), read.copy()]
            sides[0][0, s, unit] += 1e-5
            sides[1][0, s, unit] -= 1e-5
            slopes.append((log_probability(sides[0]) - log_probability(sides[1])) / 2e-5)
        assert result.gradient[s] == pytest.approx(np.linalg.norm(slopes), rel=1e-2)
    assert result.letter == "b"


def test_truncation_cuts_the_gradient_and_not_the_prediction():
    whole, cut = compute(State(**SHORT)), compute(State(**SHORT, truncate=4))
    assert (cut.gradient[:8] == 0).all()
    np.testing.assert_allclose(cut.gradient[8:], whole.gradient[8:], rtol=1e-4)
    np.testing.assert_allclose(cut.probabilities, whole.probabilities, rtol=1e-4)
    assert cut.reach <= 4


def test_after_the_last_letter_the_likeliest_one_is_looked_at():
    result = compute(State(kind="RNN", text="the functio", place=MOST))
    assert result.place == 12
    assert result.letter == text_models.ALPHABET[result.probabilities.argmax()]
    assert result.probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_the_reach_is_the_farthest_letter_that_is_felt():
    result = compute(State(**SHORT))
    felt = [back for back, share in enumerate(result.share[::-1], 1) if share >= FELT]
    assert result.reach == max(felt)
    assert result.share.max() == 1


def test_repeated_letters_reach_the_goal_and_words_do_not():
    assert TextGradientLab(kind="GRU", text="." * 40, place=41).goal.reached
    assert not TextGradientLab(**SHORT).goal.reached


def test_the_box_is_dragged_over_two_rows_and_stays_in_the_text():
    lab = TextGradientLab(kind="RNN", text="a" * 40, place=3)
    drag(lab, "place", 5.2, 0.9)
    assert lab.state.place == 5
    drag(lab, "place", 2.0, 0.1)
    assert lab.state.place == 33
    drag(lab, "place", 31.0, -0.2)
    assert lab.state.place == 41
    assert (handles(lab)["place"]["x"], handles(lab)["place"]["y"]) == (10, 0)


def test_a_shorter_text_draws_the_place_in():
    lab = TextGradientLab(kind="RNN", place=50)
    lab.controls["text"].input.value = "short"
    assert lab.result.place == 6
    assert lab.controls["place"].input.max == 6
    assert lab.last_error is None


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("settings", [SHORT, SHORT | {"truncate": 3, "kind": "GRU"}, {"trained": False}])
def test_the_cell_computes_the_same_lengths(settings, engine):
    lab = TextGradientLab(**settings)
    scope, printed = run_cell(lab.as_code(), engine)
    shown = lab.result.gradient[-len(numbers(scope["output"])) :]
    np.testing.assert_allclose(numbers(scope["output"]), shown, rtol=1e-3, atol=1e-6)
    assert "steps back" in printed
