"""LIME for texts, words everywhere and words in their places, against the authors' package."""

import numpy as np
import pytest
from lime.lime_text import IndexedString, LimeTextExplainer

from dlcourse.explain import SplitText, explain_text
from dlcourse.explain.kernels import cosine_distance
from dlcourse.explain.lime import fit_local
from dlcourse.explain.lime_text import word_masks
from tests.explain.authors import METHODS, assert_same, dense

TEXT = "The cat, the other cat and I: we don't like the rain – but we like 3 cats!"
TEXTS = [TEXT, "one", "one one", " leading and trailing ", "a-b_c d's", "…"]


def predict(texts):
    counts = np.array([[t.count("cat"), t.count("like"), t.count("rain") * t.count("The"), len(t) / 40] for t in texts])
    p = 1 / (1 + np.exp(-(counts @ [0.5, -0.8, 1.2, 0.4] - 0.5)))
    return np.stack([1 - p, p], axis=1)


class Recording(LimeTextExplainer):
    """Keeps the samples that it draws."""

    def _LimeTextExplainer__data_labels_distances(self, *arguments, **options):
        self.drawn = super()._LimeTextExplainer__data_labels_distances(*arguments, **options)
        return self.drawn


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("selection", METHODS)
@pytest.mark.parametrize("positions", [False, True], ids=["words", "positions"])
def test_equal_to_the_authors(positions, selection, label):
    theirs = Recording(bow=not positions, feature_selection=selection, random_state=4)
    found = theirs.explain_instance(TEXT, predict, labels=(label,), num_features=4, num_samples=150)
    masks, outputs, distances = theirs.drawn
    np.testing.assert_allclose(100 * cosine_distance(masks), distances, atol=1e-9)
    split = SplitText(TEXT, positions=positions)
    np.testing.assert_array_equal(predict([split.without(mask) for mask in masks]), outputs)
    ours = fit_local(masks, outputs, distances, label, kernel_width=25, features=4, selection=selection)
    coefficients = dense(found.local_exp[label], masks.shape[1])
    assert_same(ours, coefficients, found.intercept[label], found.score, found.local_pred[0])


@pytest.mark.parametrize("positions", [False, True], ids=["words", "positions"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_divided_and_put_together_as_theirs(text, positions):
    ours, theirs = SplitText(text, positions=positions), IndexedString(text, bow=not positions)
    assert [str(word) for word in theirs.inverse_vocab] == ours.words
    rng = np.random.default_rng(0)
    for _ in range(20):
        mask = rng.integers(0, 2, len(ours.words))
        gone = np.flatnonzero(mask == 0)
        assert ours.without(mask) == (theirs.inverse_removing(gone) if len(gone) else text)


def test_one_word_taken_out_by_hand():
    assert SplitText("to be or not to be").without(np.array([1, 0, 1, 1])) == "to  or not to "
    split = SplitText("to be or not to be", positions=True)
    assert split.without(np.array([1, 0, 1, 1, 1, 1])) == "to UNKWORDZ or not to be"


def test_a_sample_loses_one_to_all_words_each_number_as_often():
    masks = word_masks(5, 5001, seed=0)
    assert (masks[0] == 1).all()
    lost = np.bincount(5 - masks[1:].sum(axis=1), minlength=6)
    assert lost[0] == 0
    assert (abs(lost[1:] - 1000) < 120).all()
    assert (abs(masks[1:].mean(axis=0) - 0.4) < 0.03).all()


def test_the_word_that_decides_is_found():
    explanation = explain_text(TEXT, lambda texts: np.array(["rain" in t for t in texts], float), samples=600)
    assert explanation.listed()[0][0] == "rain"
    assert explanation.listed()[0][1] > 0.9
    assert explanation.first.held_out_r2 > 0.95


@pytest.mark.parametrize("text", ["", " … "])
def test_a_text_without_words_is_told(text):
    with pytest.raises(ValueError, match="explain_text: text must have at least one word"):
        explain_text(text, predict)


def test_too_few_samples_are_told():
    with pytest.raises(ValueError, match="explain_text: samples must be at least 2"):
        explain_text(TEXT, predict, samples=1)
