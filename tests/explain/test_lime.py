"""What an explanation must keep, whatever is explained: reproducible, honest about its fit, exact where it can be."""

import numpy as np
import pytest

from dlcourse.explain import all_masks, banzhaf, compact, cover, explain_image, explain_row, explain_text, sample_masks
from dlcourse.explain.kernels import cosine_distance, effective_samples, exponential
from dlcourse.explain.lime import fit_local
from dlcourse.explain.lime_tabular import Background
from dlcourse.explain.segmentation import METHODS, segment
from dlcourse.explain.selection import METHODS as SELECTIONS

D = 8
PHOTO = np.random.default_rng(0).random((16, 32, 3))
SEGMENTS = np.arange(16)[:, None] // 8 * 4 + np.arange(32) // 8  # 2 × 4 squares of 8 × 8
TRUE = np.array([0.4, -0.3, 0.0, 0.1, 0.0, 0.2, -0.05, 0.0])


def on(photos):
    """(N, 8): which segments are not black."""
    squares = np.asarray(photos).reshape(-1, 2, 8, 4, 8, 3)
    return (squares.max((2, 4, 5)) > 0).reshape(-1, D).astype(float)


def linear(photos):
    return 0.25 + on(photos) @ TRUE


def crossed(photos):
    z = on(photos)
    return 0.2 + 0.5 * z[:, 0] * z[:, 1] - 0.3 * z[:, 2] * z[:, 3] + 0.1 * z[:, 4] + 0.2 * z[:, 5] * z[:, 6]


def explained(predict, **options):
    return explain_image(PHOTO, predict, SEGMENTS, [0], **{"fill": 0.0, "samples": 300} | options)


# -- kernel and distance, by hand -----------------------------------------------------------------------------------


def test_distances_and_weights_by_hand():
    masks = np.array([[1, 1, 1, 1], [1, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 0]])
    distances = cosine_distance(masks)
    np.testing.assert_allclose(distances, [0, 0.5, 1, 1 - np.sqrt(0.75)])
    np.testing.assert_allclose(exponential(distances, 0.25)[:3], [1, np.exp(-2), np.exp(-8)])


def test_effective_samples_by_hand():
    assert effective_samples([1, 1, 1, 1]) == 4
    assert effective_samples([1, 0, 0]) == 1
    assert effective_samples([2, 1, 1]) == pytest.approx(16 / 6)


# -- masks ----------------------------------------------------------------------------------------------------------


def test_paired_masks_are_complements_and_share_a_group():
    masks, groups = sample_masks(D, 41, "paired", seed=1)
    assert masks.shape == (41, D)
    assert (masks[0] == 1).all()
    assert (masks[0:40:2] + masks[1:41:2] == 1).all()
    assert groups.tolist() == [i // 2 for i in range(41)]
    assert abs(masks.mean() - 0.5) < 0.02


def test_independent_masks():
    masks, groups = sample_masks(D, 2000, "independent", seed=1)
    assert (masks[0] == 1).all()
    assert (abs(masks.mean(axis=0) - 0.5) < 0.05).all()
    assert len(set(groups)) == 2000


def test_all_masks_by_hand():
    assert all_masks(2).tolist() == [[1, 1], [0, 1], [1, 0], [0, 0]]
    assert len(np.unique(all_masks(6), axis=0)) == 64


@pytest.mark.parametrize("features", [0, 13])
def test_exact_is_for_few_features(features):
    with pytest.raises(ValueError, match=f"all_masks: features must be from 1 to 12.*got {features}"):
        all_masks(features)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((3, 10, "random"), "sampling must be"),
        ((0, 10), "features must be at least 1"),
        ((3, 1), "samples must be at least 2"),
    ],
)
def test_wrong_sampling_is_told(arguments, words):
    with pytest.raises(ValueError, match=f"sample_masks: {words}"):
        sample_masks(*arguments)


# -- reproducible ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sampling", ["paired", "independent"])
def test_same_seed_same_answer_and_another_seed_another(sampling):
    first = explained(crossed, sampling=sampling, seed=5)
    np.random.default_rng(1).random(100)
    np.random.seed(7)
    again = explained(crossed, sampling=sampling, seed=5)
    other = explained(crossed, sampling=sampling, seed=6)
    np.testing.assert_array_equal(first.rows, again.rows)
    np.testing.assert_array_equal(first.coefficients(), again.coefficients())
    assert (first.coefficients() != other.coefficients()).any()


def test_the_global_generator_is_left_alone():
    np.random.seed(3)
    before = np.random.get_state()[1].copy()
    explained(crossed)
    explain_row(np.zeros(3), lambda x: x[:, 0], Background(np.random.default_rng(0).normal(size=(50, 3))), samples=50)
    explain_text("a b c", lambda texts: np.array([len(t) for t in texts], float), samples=50)
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_batches_make_no_difference_and_are_never_larger():
    sizes = []

    def seen(photos):
        sizes.append(len(photos))
        return crossed(photos)

    small = explained(seen, batch=7, samples=50)
    assert max(sizes) == 7
    assert sum(sizes) == 50
    np.testing.assert_array_equal(small.coefficients(), explained(crossed, batch=50, samples=50).coefficients())


# -- what is true must come out ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("sampling", ["paired", "independent", "exact"])
def test_a_linear_model_is_found_exactly(sampling):
    model = explained(linear, sampling=sampling, ridge_alpha=0.0)
    np.testing.assert_allclose(model.coefficients(), TRUE, atol=1e-12)
    first = model.first
    assert first.intercept == pytest.approx(0.25)
    assert (first.r2, first.held_out_r2) == (pytest.approx(1), pytest.approx(1))
    assert first.local_prediction == pytest.approx(first.prediction)
    np.testing.assert_allclose(model.standard_errors(), 0, atol=1e-12)
    assert "follows" in first.words


@pytest.mark.parametrize("sampling", ["paired", "independent", "exact"])
@pytest.mark.parametrize("selection", SELECTIONS)
def test_a_constant_model_has_nothing_to_explain(selection, sampling):
    explanation = explained(lambda photos: np.full(len(photos), 0.1), selection=selection, sampling=sampling)
    assert (explanation.coefficients() == 0).all()
    assert (explanation.standard_errors() == 0).all()
    assert np.isnan(explanation.first.r2)
    assert np.isnan(explanation.first.held_out_r2)
    assert explanation.first.intercept == pytest.approx(0.1)
    assert explanation.first.words == "Every sample gives 0.1: nothing here matters, and R² is undefined."


def test_exact_gives_the_banzhaf_value():
    explanation = explained(crossed, sampling="exact")
    values = banzhaf(crossed(cover(PHOTO, 0 * PHOTO, SEGMENTS, all_masks(D))))
    np.testing.assert_allclose(explanation.coefficients(), values, atol=1e-12)
    # By hand: a product of two features is worth half its factor to each of them.
    np.testing.assert_allclose(values, [0.25, 0.25, -0.15, -0.15, 0.1, 0.1, 0.1, 0.0], atol=1e-12)
    assert (explanation.standard_errors() == 0).all()
    assert len(explanation.rows) == 256


def test_banzhaf_needs_every_mask():
    with pytest.raises(ValueError, match=r"banzhaf: outputs must be those of all 2\^d masks.*; got 7"):
        banzhaf(np.zeros(7))


def test_selection_keeps_what_matters():
    for selection in ("forward_selection", "highest_weights", "lasso_path"):
        model = explained(linear, selection=selection, features=2, ridge_alpha=0.0).first
        assert sorted(model.features.tolist()) == [0, 1], selection


def test_highest_weights_counts_the_value_of_the_instance():
    """The second coefficient is larger, but the instance's value there is small."""
    rows = np.random.default_rng(0).normal(size=(200, 3))
    rows[0] = [2.0, 0.1, 0.0]
    outputs = (rows @ [1.0, 3.0, 2.0])[:, None]
    distances = np.linalg.norm(rows - rows[0], axis=1)
    model = fit_local(rows, outputs, distances, 0, kernel_width=10.0, features=1, selection="highest_weights")
    assert model.features.tolist() == [0]


def test_forward_selection_looks_at_what_is_left():
    """The second column alone explains more than the third, but nothing that the first does not explain already."""
    rng = np.random.default_rng(0)
    first, third = rng.normal(size=(2, 300))
    rows = np.column_stack([first, first + 0.1 * rng.normal(size=300), third])
    outputs = (2 * first + 0.5 * third)[:, None]
    options = {"kernel_width": np.inf, "features": 2, "selection": "forward_selection", "ridge_alpha": 0.0}
    assert sorted(fit_local(rows, outputs, np.zeros(300), 0, **options).features) == [0, 2]


# -- how far to believe it --------------------------------------------------------------------------------------------


def test_a_model_without_single_effects_is_not_believed():
    """The parity of four segments: no segment matters by itself."""
    model = explained(lambda photos: on(photos)[:, :4].sum(axis=1) % 2, samples=600, kernel_width=5.0).first
    assert model.held_out_r2 < 0.05
    assert model.words.startswith("Do not believe it")


def test_held_out_r2_is_lower_where_there_are_few_samples():
    few, many = (explained(crossed, samples=n).first for n in (24, 1000))
    assert few.r2 - few.held_out_r2 > 0.1
    assert abs(many.r2 - many.held_out_r2) < 0.02


def test_samples_that_were_drawn_together_are_held_out_together():
    """Twins with outputs of pure chance: who has seen one twin knows the other, and would seem to predict."""
    rng = np.random.default_rng(3)
    rows, chance = rng.normal(size=(60, 50)), rng.normal(size=60)
    twins = np.repeat(np.arange(60), 2)
    options = {"kernel_width": np.inf, "ridge_alpha": 1e-3}
    together = fit_local(rows[twins], chance[twins], np.zeros(120), 0, **options, groups=twins)
    apart = fit_local(rows[twins], chance[twins], np.zeros(120), 0, **options)
    assert together.held_out_r2 < 0 < 0.5 < apart.held_out_r2


def test_too_few_samples_hold_none_out():
    model = explained(crossed, samples=10).first
    assert np.isnan(model.held_out_r2)
    assert "too few" in model.words


@pytest.mark.parametrize("sampling", ["paired", "independent"])
def test_standard_errors_are_the_scatter_over_seeds(sampling):
    runs = [explained(crossed, sampling=sampling, seed=seed, samples=200) for seed in range(150)]
    scatter = np.std([run.coefficients() for run in runs], axis=0)
    said = np.mean([run.standard_errors() for run in runs], axis=0)
    np.testing.assert_allclose(said / scatter, 1, atol=0.25)


def test_pairs_lower_the_error_at_equal_cost():
    truth = banzhaf(crossed(cover(PHOTO, 0 * PHOTO, SEGMENTS, all_masks(D))))

    def error(sampling):
        runs = [explained(crossed, sampling=sampling, seed=s, samples=200, kernel_width=np.inf) for s in range(60)]
        return np.sqrt(np.mean([(run.coefficients() - truth) ** 2 for run in runs]))

    assert error("paired") < 0.9 * error("independent")


# -- segments -------------------------------------------------------------------------------------------------------


def test_gaps_in_the_numbers_of_segments_are_closed():
    gaps = SEGMENTS * 7 + 3
    assert compact(gaps).tolist() == SEGMENTS.tolist()
    found = explain_image(PHOTO, crossed, gaps, [0], fill=0.0, samples=100)
    np.testing.assert_array_equal(found.coefficients(), explained(crossed, samples=100).coefficients())
    np.testing.assert_array_equal(found.heat()[SEGMENTS == 5], found.coefficients()[5])


@pytest.mark.parametrize("method", METHODS)
def test_segments_are_numbered_without_gaps_and_about_as_many_as_asked(method):
    from dlcourse.data import photo

    small = photo("coffee")[::4, ::4]
    segments = segment(small, 20, method)
    assert segments.shape == small.shape[:2]
    count = segments.max() + 1
    np.testing.assert_array_equal(np.unique(segments), np.arange(count))
    assert 8 <= count <= 40
    np.testing.assert_array_equal(segments, segment(small, 20, method))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((np.zeros((4, 4)), 5), "photo must be numbers of shape"),
        ((PHOTO, 0), "count must be at least 1"),
        ((PHOTO, 5, "watershed"), "method must be one of"),
    ],
    ids=["grey", "count", "method"],
)
def test_wrong_wishes_for_segments_are_told(arguments, words):
    with pytest.raises(ValueError, match=f"segment: {words}"):
        segment(*arguments)


# -- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"selection": "best"}, "explain_image: selection must be one of auto, none"),
        ({"kernel_width": 0}, "explain_image: kernel_width must be above 0"),
        ({"kernel_width": float("nan")}, "explain_image: kernel_width must be above 0"),
        ({"features": 0}, "explain_image: features must be at least 1"),
        ({"ridge_alpha": -1}, "explain_image: ridge_alpha must be at least 0"),
        ({"batch": 0}, "explain_image: batch must be at least 1"),
        ({"fill": "red"}, "explain_image: fill must be 'mean', .*, a number"),
        ({"fill": np.zeros((2, 2))}, "explain_image: fill must be .*for a colour, .* for a photo"),
        ({"masks": np.ones((4, 3))}, r"explain_image: masks must be numbers of shape \(N, 8\)"),
        ({"masks": np.zeros((4, 8))}, "explain_image: masks must hold 0 and 1, and the first row must be all ones"),
        ({"masks": np.full((4, 8), 2)}, "explain_image: masks must hold 0 and 1"),
        ({"sampling": "all"}, "explain_image: sampling must be"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_wrong_options_are_told(options, words):
    with pytest.raises(ValueError, match=words):
        explained(crossed, **options)


@pytest.mark.parametrize("labels", [[1], (0, 1), np.array([7])])
def test_a_label_beyond_the_one_output_is_told(labels):
    for shape in ((-1,), (-1, 1)):
        with pytest.raises(ValueError, match="explain_image: labels must be 0, the model's one output; got"):
            explain_image(PHOTO, lambda photos, shape=shape: linear(photos).reshape(shape), SEGMENTS, labels)


def test_unknown_options_are_not_swallowed():
    with pytest.raises(TypeError, match="kernel_widht"):
        explained(crossed, kernel_widht=0.3)


@pytest.mark.parametrize(
    ("predict", "words"),
    [
        (lambda photos: np.zeros((3, 2)), r"predict must return 32 rows of class probabilities.*got shape \(3, 2\)"),
        (lambda photos: np.zeros((len(photos), 2, 2)), "predict must return 32 rows"),
        (lambda photos: np.where(np.arange(len(photos)) == 4, np.nan, 0.5), "finite numbers; sample 4 has nan"),
    ],
    ids=["rows", "axes", "nan"],
)
def test_a_wrong_answer_of_the_model_is_told(predict, words):
    with pytest.raises(ValueError, match=f"explain_image: .*{words}"):
        explained(predict)


def test_a_label_that_is_not_there_is_told():
    with pytest.raises(ValueError, match="fit_local: label must be from 0 to 1, the outputs' columns; got 2"):
        fit_local(np.eye(3), np.zeros((3, 2)), np.zeros(3), 2, kernel_width=1.0)


def test_segments_of_another_shape_are_told():
    with pytest.raises(ValueError, match=r"segments must have shape \(16, 32\), the photo's; got \(4, 4\)"):
        explain_image(PHOTO, crossed, np.zeros((4, 4), int))


@pytest.mark.parametrize("segments", [np.zeros((2, 2, 2), int), np.zeros((2, 2)), np.zeros((0, 2), int)])
def test_segments_that_are_none_are_told(segments):
    with pytest.raises((ValueError, TypeError), match="compact: segments must be whole numbers"):
        compact(segments)


def test_distances_and_weights_below_0_are_told():
    rows, outputs = np.eye(3), np.zeros((3, 1))
    with pytest.raises(ValueError, match="fit_local: distances must be at least 0; got -1"):
        fit_local(rows, outputs, np.array([0, -1, 2.0]), 0, kernel_width=1.0)
    with pytest.raises(ValueError, match="fit_local: kernel must return weights of at least 0; got -2"):
        fit_local(rows, outputs, np.array([0, 1, 2.0]), 0, kernel_width=1.0, kernel=lambda d, width: -d)


def test_cover_needs_segments_from_0_and_masks_of_0_and_1():
    with pytest.raises(ValueError, match="cover: segments must be numbered from 0; got -1"):
        cover(PHOTO, 0 * PHOTO, SEGMENTS - 1, np.ones((1, D)))
    with pytest.raises(ValueError, match=r"cover: masks must hold 0 and 1"):
        cover(PHOTO, 0 * PHOTO, SEGMENTS, np.full((1, D), 0.5))


def test_a_grey_photo_is_explained_alike_in_every_shape():
    """(H, W), (H, W, 1), (H, W, 3) of one photo."""
    grey = PHOTO[:, :, 0]

    def bright(photos):
        return np.asarray(photos).reshape(len(photos), 16, 32, -1)[:, :8, :8].mean((1, 2, 3))

    forms = (grey, grey[:, :, None], np.repeat(grey[:, :, None], 3, axis=2))
    first, *others = (explain_image(form, bright, SEGMENTS, samples=100).coefficients() for form in forms)
    assert first.argmax() == 0
    for other in others:
        np.testing.assert_allclose(other, first, atol=1e-12)


def test_one_segment_has_nothing_to_be_compared_with():
    found = explain_image(PHOTO, linear, np.zeros((16, 32), int), samples=50, fill="mean")
    assert np.isfinite(found.coefficients()).all()
    assert found.first.words


def test_a_kernel_too_narrow_for_any_sample_is_told():
    with pytest.raises(ValueError, match="every weight is 0 with kernel_width"):
        fit_local(np.eye(3), np.zeros((3, 1)), np.full(3, 5.0), 0, kernel_width=0.01)
