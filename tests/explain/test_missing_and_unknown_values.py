"""A value that is missing, or that nobody named, is a reason of its own or is told, never taken for another."""

import numpy as np
import pytest

from dlcourse.explain import Background, explain_row

N = 600
RNG = np.random.default_rng(0)
AGE, SIZE, COLOUR = RNG.uniform(20, 80, N), RNG.normal(size=N), RNG.choice(3, N, p=[0.5, 0.3, 0.2]).astype(float)
GAPS = RNG.random(N) < 0.25
NAMES, COLOURS = ["age", "size", "colour"], ["red", "green", "blue"]
COMPLETE = np.column_stack([AGE, SIZE, COLOUR])


def with_gaps(*columns):
    training = COMPLETE.copy()
    for column in columns:
        training[np.roll(GAPS, 100 * column), column] = np.nan
    return training


def background(training=None, **options):
    training = with_gaps(0, 2) if training is None else training
    return Background(training, NAMES, categorical=options.pop("categorical", {2: COLOURS}), **options)


def likes_unknown(column):
    """A model that can take nan: 0.9 where the column is missing, 0.2 elsewhere."""
    return lambda rows: np.where(np.isnan(rows[:, column]), 0.9, 0.2)


# -- missing: a reason of its own -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "name"), [(0, "age missing"), (2, "colour missing")])
@pytest.mark.parametrize("discretizer", ["quartile", "decile"])
def test_a_missing_value_is_the_reason_and_has_its_own_name(column, name, discretizer):
    row = np.array([50.0, 0.1, 1.0])
    row[column] = np.nan
    found = explain_row(row, likes_unknown(column), background(discretizer=discretizer), samples=2000)
    assert found.listed()[0] == (name, pytest.approx(0.7, abs=0.02))
    assert max(abs(value) for _, value in found.listed()[1:]) < 0.02
    assert found.first.prediction == pytest.approx(0.9)
    assert "missing" not in " ".join(name for name, _ in found.listed()[1:])


@pytest.mark.parametrize("column", [0, 2])
def test_a_row_without_gaps_is_explained_against_neighbours_with_gaps(column):
    """Samples lose the value as often as the training rows do; that the row has it counts against "missing"."""
    row = np.array([50.0, 0.1, 1.0])
    drawn, inputs = background().draw(row, 8000, seed=1)
    share = np.isnan(with_gaps(0, 2)[:, column]).mean()
    assert np.isnan(inputs[1:, column]).mean() == pytest.approx(share, abs=0.02)
    assert not np.isnan(inputs[:, 1]).any()
    assert not np.isnan(drawn).any()
    assert (drawn[np.isnan(inputs[:, column]), column] == 0).all()


def test_bins_are_cut_from_the_known_values_only():
    known = AGE[~GAPS]
    bins = background(with_gaps(0)).bins[0]
    np.testing.assert_array_equal(bins.cuts, np.percentile(known, (25, 50, 75)))
    np.testing.assert_allclose(bins.shares, [*np.full(4, (1 - GAPS.mean()) / 4), GAPS.mean()], atol=0.01)
    assert (bins.mins[0], bins.maxs[-1]) == (known.min(), known.max())
    assert bins.name("age", int(bins.of(np.nan))) == "age missing"


@pytest.mark.parametrize("form", ["nan", "None", "masked", "float32"])
def test_missing_values_come_in_every_form(form):
    table, row = with_gaps(0, 2), np.array([np.nan, 0.1, 1.0])
    forms = {
        "nan": lambda x: x,
        "None": lambda x: np.where(np.isnan(x), None, x),
        "masked": lambda x: np.ma.masked_invalid(np.where(np.isnan(x), np.nan, x)),
        "float32": lambda x: x.astype(np.float32),
    }
    found = explain_row(forms[form](row), likes_unknown(0), background(forms[form](table)), samples=500)
    assert found.listed()[0][0] == "age missing"


def test_what_lies_under_a_mask_is_not_looked_at():
    masked = np.ma.array(COMPLETE, mask=np.isnan(with_gaps(0)))
    assert masked.data[GAPS, 0].min() > 0  # the mask hides real ages
    np.testing.assert_array_equal(background(masked).bins[0].cuts, background(with_gaps(0)).bins[0].cuts)
    row = np.ma.array([50.0, 0.1, 1.0], mask=[True, False, False])
    assert explain_row(row, likes_unknown(0), background(masked), samples=300).listed()[0][0] == "age missing"


def test_without_gaps_nothing_is_drawn_otherwise_than_before():
    rows, inputs = background(COMPLETE).draw(COMPLETE[3], 50, seed=4)
    rng = np.random.default_rng(4)
    rng.normal(size=(50, 3))
    drawn = rng.choice(4, 50, p=[0.25] * 4)
    np.testing.assert_array_equal(rows[1:, 0], (drawn == background(COMPLETE).bins[0].of(AGE[3]))[1:])
    assert np.isfinite(inputs).all()


# -- missing: told where it cannot be a reason ------------------------------------------------------------------------


@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_gap_that_no_training_row_has_is_told_by_the_name_of_the_column(column):
    row = COMPLETE[0].copy()
    row[column] = np.nan
    with pytest.raises(ValueError, match=rf"^explain_row: row must .*{NAMES[column]}.*missing.*fill the value in"):
        explain_row(row, lambda rows: rows[:, 1], background(COMPLETE))


@pytest.mark.parametrize(("training", "column"), [(with_gaps(0), "age"), (with_gaps(1), "size")])
def test_standard_units_have_no_place_for_a_gap(training, column):
    with pytest.raises(ValueError, match=rf"^Background: training .*discretizer=None, where {column} .*'quartile'"):
        background(training, discretizer=None)
    with pytest.raises(ValueError, match=r"explain_row: row must have a value for age"):
        explain_row([np.nan, 0, 1], lambda rows: rows[:, 1], background(COMPLETE, discretizer=None))


def test_in_standard_units_a_category_may_still_be_missing():
    found = explain_row(
        [50.0, 0.1, np.nan], likes_unknown(2), background(with_gaps(2), discretizer=None), samples=3000, features=None
    )
    assert dict(found.listed())["colour missing"] == pytest.approx(0.7, abs=0.02)


def test_a_column_without_any_value_is_told():
    training = COMPLETE.copy()
    training[:, 1] = np.nan
    with pytest.raises(ValueError, match=r"Background: training .*size is missing in every row"):
        background(training)


def test_a_model_that_cannot_take_a_gap_is_told_of_the_gap():
    with pytest.raises(ValueError, match=r"explain_row: predict must .*sample \d+ .*missing \(nan\)"):
        explain_row([50.0, 0.1, 1.0], lambda rows: rows.sum(axis=1), background())


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinity_is_neither_a_value_nor_a_gap(value):
    with pytest.raises(ValueError, match=r"explain_row: row must be numbers or nan; got -?inf at 1"):
        explain_row([50.0, value, 1.0], lambda rows: rows[:, 1], background())


# -- categories -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "first"),
    [((10, 20, 30), "10"), ((1, 2, 3), "3"), ((0, 1, 7), "7"), ((-1, 0, 1), "-1"), ((0, 0.5, 1), "0.5")],
)
def test_a_code_without_a_name_is_told_when_the_background_is_made(codes, first):
    training = COMPLETE.copy()
    training[:, 2] = np.array(codes)[COLOUR.astype(int)]
    with pytest.raises(ValueError, match=rf"^Background: categorical .*colour; it holds {first},.*0 \(red\).*mapping"):
        background(training)


@pytest.mark.parametrize("codes", [(10, 20, 30), (1, 2, 3), (-1, 0, 1), (0.5, 1.5, 2.5)])
def test_any_codes_may_be_named_one_by_one(codes):
    training = COMPLETE.copy()
    training[:, 2] = np.array(codes)[COLOUR.astype(int)]
    named = background(training, categorical={2: dict(zip(codes, COLOURS, strict=True))})
    row = np.array([50.0, 0.1, codes[2]])
    found = explain_row(row, lambda rows: (rows[:, 2] == codes[2]).astype(float), named, samples=1000)
    assert found.listed()[0] == ("colour=blue", pytest.approx(1, abs=0.02))


def test_yes_and_no_may_be_named_as_true_and_false():
    training = np.column_stack([AGE, AGE > 50])
    named = Background(training, ["age", "old"], categorical={1: {False: "no", True: "yes"}})
    assert named.feature_names([60.0, True])[1] == "old=yes"


def test_words_in_a_table_are_told_with_how_to_number_them():
    for words in (np.array([["a", "b"], ["c", "d"]]), [[1.0, "red"], [2.0, "blue"]], np.array([[1, "x"]] * 2, object)):
        with pytest.raises(TypeError, match=r"^Background: training must be numbers .*np.unique\(column"):
            Background(words)


@pytest.mark.parametrize("code", [5, 3, -1, 0.5, 1e9])
def test_a_row_with_a_code_without_a_name_is_told(code):
    with pytest.raises(ValueError, match=r"^explain_row: row must hold a named value of colour, one of 0 \(red\)"):
        explain_row([50.0, 0.1, code], lambda rows: rows[:, 1], background())


def test_a_category_that_no_training_row_has_is_told():
    training = COMPLETE[COLOUR != 2]
    with pytest.raises(ValueError, match=r"explain_row: row must hold .* occur.*colour=blue in no training row"):
        explain_row([50.0, 0.1, 2.0], lambda rows: rows[:, 1], background(training))
    assert background(training).feature_names([50.0, 0.1, 1.0])[2] == "colour=green"


@pytest.mark.parametrize(
    "values", ["red", 3, [], {}, None, {"red": 0}, {0: "red", 1: "green", np.nan: "blue"}, [["red"]] * 0]
)
def test_names_of_values_that_are_none_are_told(values):
    with pytest.raises((ValueError, TypeError), match=r"^Background: categorical"):
        background(categorical={2: values})


@pytest.mark.parametrize("column", [3, -1, 0.5, "colour", None])
def test_a_categorical_column_that_is_none_is_told(column):
    with pytest.raises((ValueError, TypeError), match=r"^Background: categorical must be"):
        background(categorical={column: COLOURS})


@pytest.mark.parametrize("names", ["abc", ["age"], [1, 2, 3], ["a", "b", None], 3])
def test_names_of_columns_that_are_none_are_told(names):
    with pytest.raises((ValueError, TypeError), match=r"^Background: names must be"):
        Background(COMPLETE, names)
