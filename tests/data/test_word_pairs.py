"""Texts as numbers, and the pairs of skip-gram, by texts short enough to do by hand."""

import numpy as np
import pytest

from dlcourse.data import corpus

SHORT = ["b a b, c! a b", "c b d"]


def test_a_corpus_by_hand():
    text = corpus(SHORT, least=2)
    assert text.words == ("b", "a", "c")
    assert text.counts.tolist() == [4, 2, 2]
    assert [part.tolist() for part in text.texts] == [[0, 1, 0, 2, 1, 0], [2, 0]]
    assert repr(text) == "Corpus(2 texts, 8 words, 3 different)"


def test_the_help_texts():
    text = corpus()
    assert (len(text.texts), sum(map(len, text.texts)), len(text.words)) == (79, 60462, 1316)
    assert text.words[:3] == ("the", "a", "is")
    assert len(corpus(least=10).words) == 842
    assert sum(map(len, corpus(least=10).texts)) == corpus(least=10).counts.sum() == 57343


@pytest.mark.parametrize("window", [1, 2, 9])
def test_pairs_are_all_within_the_window_and_never_across_texts(window):
    text = corpus(SHORT, least=1)
    found = sorted(map(tuple, text.pairs(window, threshold=1.0).tolist()))
    right = sorted(
        (int(part[i]), int(part[j]))
        for part in text.texts
        for i in range(len(part))
        for j in range(len(part))
        if i != j and abs(i - j) <= window
    )
    assert found == right


def test_frequent_words_are_thinned_out_by_the_root_of_their_share():
    text = corpus(["often rare " * 1 + "often " * 3999 + "rare " * 999], least=1)
    pairs = np.concatenate([text.pairs(1, threshold=0.05, seed=seed) for seed in range(20)])
    often, rare = np.bincount(pairs[:, 0]) / 20
    # shares 0.8 and 0.2: √(0.05/0.8) = 1/4 and √(0.05/0.2) = 1/2 stay, and each of them is in two pairs
    assert often == pytest.approx(2 * 4000 / 4, rel=0.05)
    assert rare == pytest.approx(2 * 1000 / 2, rel=0.05)


def test_the_seed_decides_order_and_thinning():
    text = corpus(least=10)
    first, again, other = (text.pairs(2, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert len(first) != len(other)
    assert first.dtype == np.int64


def test_a_text_of_one_word_has_no_pairs():
    assert corpus(["alone"], least=1).pairs().shape == (0, 2)


def test_noise_goes_by_the_count_to_the_power_three_quarters():
    text = corpus(["a " * 16 + "b"], least=1)
    drawn = text.noise((200, 50), seed=1)
    assert drawn.shape == (200, 50)
    assert (drawn == 0).mean() == pytest.approx(8 / 9, abs=0.01)  # 16^¾ = 8; by the counts 16/17
    np.testing.assert_array_equal(drawn, text.noise((200, 50), seed=1))
    assert (drawn != text.noise((200, 50), seed=2)).any()


@pytest.mark.parametrize("least", [0, -1, 1.5, True, "2"])
def test_least_must_be_a_whole_number(least):
    with pytest.raises(ValueError, match=r"corpus: least must be a whole number from 1; got "):
        corpus(SHORT, least=least)


def test_a_text_that_is_too_short_is_told():
    with pytest.raises(ValueError, match=r"corpus: no word occurs 9 times; give more text or a smaller least\."):
        corpus(SHORT, least=9)


@pytest.mark.parametrize(("name", "value"), [("window", 0), ("window", 1.5), ("threshold", 0), ("threshold", np.nan)])
def test_window_and_threshold_are_checked(name, value):
    with pytest.raises(ValueError, match=rf"pairs: {name} must be "):
        corpus(SHORT, least=1).pairs(**{name: value})
