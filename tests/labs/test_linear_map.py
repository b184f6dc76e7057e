"""LinearMapLab: 2 × 2 matrices by hand, the way I → A → BA, tasks, handles and words."""

import numpy as np
import pytest

from dlcourse.labs import LinearMapLab, plots
from dlcourse.labs.linear_map import AFTER, GRID, VIEWS, LinearMapState, compute_linear_map
from dlcourse.labs.linear_map_algebra import determinant, eigen, part_way, singular, turned
from dlcourse.labs.linear_map_words import TASKS, judged, place_text, stays
from tests.labs.lab_tools import drag, handles, numbers, run_cell

SHEAR, MIRROR = np.array([[1.0, 1], [0, 1]]), np.array([[-1.0, 0], [0, 1]])
QUARTER, FLAT = np.array([[0.0, -1], [1, 0]]), np.array([[1.0, 2], [0.5, 1]])
SHIFTED = AFTER[1]
RANDOM = np.random.default_rng(2).uniform(-3, 3, (40, 2, 2))


def entries(a, b=None) -> dict:
    """Settings for the matrices A and B."""
    found = dict(zip(("a11", "a12", "a21", "a22"), np.ravel(a).tolist(), strict=True))
    return found | ({} if b is None else dict(zip(("b11", "b12", "b21", "b22"), np.ravel(b).tolist(), strict=True)))


def preset(name):
    return LinearMapState().changed(**LinearMapLab.presets[name])


# -- algebra --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("matrix", "det"), [(SHEAR, 1), (MIRROR, -1), (QUARTER, 1), (FLAT, 0), ([[2, 3], [4, 5]], -2)])
def test_determinants_by_hand(matrix, det):
    assert determinant(np.array(matrix, float)) == det


@pytest.mark.parametrize(
    ("matrix", "kind", "values", "directions"),
    [
        (SHEAR, "one", (1,), [[1, 0]]),
        (MIRROR, "two", (1, -1), [[0, 1], [1, 0]]),
        (QUARTER, "none", (1j, -1j), []),
        (FLAT, "two", (2, 0), [[1, 0.5], [1, -0.5]]),
        ([[2, 0], [0, 2]], "every", (2,), []),
        ([[0, 0], [0, 0]], "every", (0,), []),
        ([[1.5, -0.5], [-0.5, 1.5]], "two", (2, 1), [[1, -1], [1, 1]]),
        ([[1, -2], [0.5, -1]], "one", (0,), [[1, 0.5]]),
    ],
)
def test_eigenvalues_and_directions_by_hand(matrix, kind, values, directions):
    found = eigen(np.array(matrix, float))
    assert found.kind == kind
    assert found.values == pytest.approx(values)
    assert found.directions == pytest.approx(np.array(directions, float).reshape(-1, 2))


@pytest.mark.parametrize("matrix", RANDOM)
def test_eigenvectors_stay_on_their_lines_and_numpy_agrees(matrix):
    found = eigen(matrix)
    assert sorted(found.values, key=np.imag) == pytest.approx(sorted(np.linalg.eigvals(matrix), key=np.imag)) or sorted(
        found.values
    ) == pytest.approx(sorted(np.linalg.eigvals(matrix).real))
    for value, direction in zip(found.values, found.directions, strict=False):
        assert matrix @ direction == pytest.approx(value * direction)
        assert np.abs(direction).max() == pytest.approx(1)


@pytest.mark.parametrize("matrix", [*RANDOM, SHEAR, MIRROR, FLAT, np.zeros((2, 2))])
def test_singular_values_are_the_half_axes_of_the_ellipse(matrix):
    sigma, axes = singular(matrix)
    assert sigma == pytest.approx(np.linalg.svd(matrix)[1], abs=1e-12)
    angles = np.linspace(0, np.pi, 20001)
    circle = np.stack([np.cos(angles), np.sin(angles)])
    longest = (matrix @ circle)[:, np.hypot(*(matrix @ circle)).argmax()]
    assert abs(axes[0] @ longest) == pytest.approx(sigma[0], abs=1e-6)
    assert axes @ axes.T == pytest.approx(np.eye(2))


@pytest.mark.parametrize("matrix", [*RANDOM, SHEAR, MIRROR, QUARTER, -np.eye(2)])
def test_the_way_begins_at_the_identity_and_ends_at_the_matrix(matrix):
    assert part_way(matrix, 0.0) == pytest.approx(np.eye(2))
    assert part_way(matrix, 1.0).tolist() == matrix.tolist()


def test_an_eigenvector_stays_on_its_line_all_the_way():
    half = part_way(np.array([[1.5, -0.5], [-0.5, 1.5]]), 0.5)
    assert half @ [1, -1] == pytest.approx([1.5, -1.5])  # half-way between 1 and λ = 2
    assert part_way(SHEAR, 0.5).tolist() == [[1, 0.5], [0, 1]]


def test_a_turn_turns_and_does_not_shrink():
    assert part_way(QUARTER, 0.5) == pytest.approx(turned(np.pi / 4))
    assert part_way(-np.eye(2), 0.5) == pytest.approx(QUARTER)
    assert part_way(2 * QUARTER, 0.5) == pytest.approx(1.5 * turned(np.pi / 4))
    assert part_way(np.diag([-1.0, -3.0]), 0.5) == pytest.approx(QUARTER @ np.diag([1, 2]))


@pytest.mark.parametrize("matrix", [m for m in RANDOM if determinant(m) > 0])
def test_no_matrix_of_positive_determinant_collapses_on_the_way(matrix):
    assert min(determinant(part_way(matrix, share)) for share in np.linspace(0, 1, 31)) > 0


def test_a_mirror_has_to_pass_through_the_flat():
    assert determinant(part_way(MIRROR, 0.5)) == 0


# -- computation ----------------------------------------------------------------------------------------------------


def test_the_columns_are_where_the_basis_lands_and_the_product_is_one_after_the_other():
    result = compute_linear_map(LinearMapState(**entries(SHEAR, QUARTER), u1=1.0, u2=2.0, v1=-1.0, v2=0.5, moment=60))
    assert result.stages[0].tolist() == [[1, 0], [0, 1], [1, 2], [-1, 0.5], [0, 2.5]]
    assert result.stages[1].tolist() == [[1, 0], [1, 1], [3, 2], [-0.5, 0.5], [2.5, 2.5]]
    assert result.stages[2].tolist() == [[0, 1], [-1, 1], [-2, 3], [-0.5, -0.5], [-2.5, 2.5]]
    assert result.matrix.tolist() == (QUARTER @ SHEAR).tolist() == [[0, -1], [1, 1]]
    assert result.places.tolist() == result.stages[2].tolist()
    assert result.linear


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize(("moment", "stage"), [(0, 0), (30, 1), (60, 2)])
def test_the_three_moments_are_the_three_stages(after, moment, stage):
    result = compute_linear_map(LinearMapState(after=after, moment=moment))
    assert result.places == pytest.approx(result.stages[stage], abs=1e-12)


@pytest.mark.parametrize(("moment", "det"), [(0, 1), (15, 0), (30, -1), (45, -1.5), (60, -2)])
def test_the_determinant_along_the_way(moment, det):
    state = LinearMapState(**entries(MIRROR, [[2, 0], [0, 1]]), moment=moment)
    assert compute_linear_map(state).det == pytest.approx(det)


def test_the_grid_is_the_full_plane_and_goes_where_the_matrix_sends_it():
    assert GRID.min() == -12
    assert GRID.max() == 12
    assert GRID.shape == (50, 61, 2)
    result = compute_linear_map(LinearMapState(**entries(QUARTER)))
    assert result.grid == pytest.approx(GRID @ QUARTER.T)


def test_a_shift_moves_the_origin_and_is_not_additive():
    result = compute_linear_map(LinearMapState(after=SHIFTED, **entries(SHEAR)))
    assert result.origin.tolist() == [1, 0.5]
    assert result.gap.tolist() == [-1, -0.5]
    assert not result.linear
    assert result.matrix.tolist() == SHEAR.tolist()


def test_relu_and_tanh_by_hand():
    state = {**entries([[1, -1], [0, 1]], SHEAR), "u1": 1.0, "u2": 0.0, "v1": 0.0, "v2": 1.0}
    relu = compute_linear_map(LinearMapState(after="ReLU", **state))
    assert relu.stages[1][2:].tolist() == [[1, 0], [0, 1], [0, 1]]  # (1, 0), (−1, 1) and (0, 1) without the negatives
    assert relu.gap.tolist() == [-1, 0]
    tanh = compute_linear_map(LinearMapState(after="tanh", moment=60, **state))
    inner = np.tanh([1.0, 0.0])
    assert tanh.places[0] == pytest.approx(np.tanh([inner[0] + inner[1], inner[1]]))
    assert tanh.linear  # these u and v are no witnesses: tanh is odd, and the first layer sends v to (−1, 1)
    assert not compute_linear_map(LinearMapState(after="tanh", **state | {"v1": 1.0, "v2": 0.0})).linear


def test_with_a_mirror_the_letter_lies_on_the_other_side():
    letter = compute_linear_map(LinearMapState(view="letter F", **entries(MIRROR))).outline
    assert letter[:, 0].min() == pytest.approx(-1.3)
    assert letter[:, 0].max() == pytest.approx(0)
    assert letter[:, 1].max() == pytest.approx(2)


# -- presets and tasks ----------------------------------------------------------------------------------------------


def test_each_preset_shows_what_its_name_says():
    results = {name: compute_linear_map(preset(name)) for name in LinearMapLab.presets}
    by_word = lambda word: next(result for name, result in results.items() if word in name)  # noqa: E731
    assert by_word("area stays").det == 1
    assert by_word("Mirror").det == -1
    assert by_word("Quarter").eigen.kind == "none"
    assert by_word("det = 0").det == 0
    assert by_word("ellipse").sigma[0] > 1.5 * by_word("ellipse").sigma[1]
    assert by_word("First turn").matrix.tolist() == (SHEAR @ QUARTER).tolist()
    assert by_word("First shear").matrix.tolist() == (QUARTER @ SHEAR).tolist()
    assert by_word("Undo").det == 1
    assert by_word("shift").gap.tolist() == [-1, -0.5]
    assert not by_word("ReLU").linear
    assert not by_word("tanh").linear
    assert len(results) == 11


I2 = np.eye(2)


@pytest.mark.parametrize(
    ("task", "a", "b", "words", "reached"),
    [
        ("det A = −1", MIRROR, I2, "det A = −1.", True),
        ("det A = −1", SHEAR, I2, "det A = 1.", False),
        ("(1, 1) with λ = 2", [[3, -1], [0.5, 1.5]], I2, "to (2, 2)", True),
        ("(1, 1) with λ = 2", [[2, 1], [1, 1]], I2, "to (3, 2)", False),
        ("undo A", [[2, 1], [1, 1]], [[1, -1], [-1, 2]], "columns (1, 0) and (0, 1)", True),
        ("undo A", [[2, 1], [1, 1]], I2, "columns (2, 1) and (1, 1)", False),
        ("undo A", I2, I2, "columns (1, 0) and (0, 1)", False),
        ("undo A", FLAT, I2, "cannot be taken apart", False),
        ("flatten the plane", FLAT, I2, "det A = 0.", True),
        ("flatten the plane", 0 * I2, I2, "det A = 0.", False),
        ("flatten the plane", [[0.1, 0], [0, 0.1]], I2, "det A = 0.01.", False),
        ("no direction stays", QUARTER, I2, "No direction stays", True),
        ("no direction stays", SHEAR, I2, "Only one line stays: (1, 0), λ = 1.", False),
        ("AB = BA", QUARTER, [[1, -1], [1, 1]], "differ by at most 0 ", True),
        ("AB = BA", SHEAR, QUARTER, "differ by at most 1 ", False),
        ("AB = BA", SHEAR, 2 * I2, "a multiple of I", False),
    ],
)
def test_every_task_knows_when_it_is_done(task, a, b, words, reached):
    lab = LinearMapLab(task=task, **entries(a, b))
    assert words in lab.goal.verdict
    assert lab.goal.reached == reached
    assert judged(task, np.array(a, float), np.array(b, float))[0] == lab.live.task


def test_no_task_is_done_at_the_start():
    assert [LinearMapLab(task=task).goal.reached for task in TASKS] == [False] * 6


# -- words and picture ----------------------------------------------------------------------------------------------


def test_numbers_moments_and_lines_in_words():
    assert [place_text(m) for m in (0, 15, 30, 33, 60)] == [
        "At I",
        "50% of the way from I to A",
        "At A",
        "10% of the way from A to BA",
        "At BA",
    ]
    assert stays(eigen(MIRROR)) == "On their lines stay (0, 1), λ = 1, and (1, 0), λ = −1."
    assert stays(eigen(2 * I2)) == "Every direction stays on its line, λ = 2."


def test_the_status_says_what_is_seen():
    assert LinearMapLab(**entries(MIRROR)).status == (
        "At A: e₁ is at (−1, 0), e₂ at (0, 1). Areas are multiplied by 1 and turned over. "
        "On their lines stay (0, 1), λ = 1, and (1, 0), λ = −1."
    )
    assert "the origin is at (1, 0.5)" in LinearMapLab(after=SHIFTED).status
    assert "ReLU bends the grid" in LinearMapLab(after="ReLU").status


def test_a_negative_area_is_blue_and_hatched():
    lab = LinearMapLab(**entries(MIRROR))
    assert lab.view.outline.get_hatch() == "//"
    lab.set(**entries(SHEAR))
    assert lab.view.outline.get_hatch() is None
    assert lab.view.bar.get_width() == 1


def test_the_matrices_are_written_column_by_column():
    lab = LinearMapLab(**entries(SHEAR, QUARTER))
    numbers = lab.view.matrices.texts
    a, b, ba, ab = (numbers[start : start + 4] for start in (0, 4, 8, 12))  # two numbers of a column, then the next
    assert a == ["1", "0", "1", "1"]
    assert b == ["0", "1", "−1", "0"]
    assert ba == ["0", "1", "−1", "1"]
    assert ab == ["1", "1", "−1", "0"]


def test_eigenlines_are_drawn_or_the_picture_says_that_there_are_none():
    lab = LinearMapLab(view="eigenlines")
    assert lab.view.labels.texts == ["Ae₁", "Ae₂", "λ = 2", "λ = 1"]
    assert lab.view.lines[0].get_xydata().tolist() == [[-8, 8], [8, -8]]
    lab.set(**entries(QUARTER))
    assert lab.view.labels.texts[2:] == ["no direction stays on its line"]
    lab.set(moment=0)
    assert lab.view.labels.texts[2:] == ["every direction stays on its line"]
    assert lab.view.lines[0].get_xydata().size == 0


def test_the_ellipse_has_its_half_axes():
    lab = LinearMapLab(view="circle", **entries([[3, 0], [0, 0.5]]))
    assert lab.view.labels.texts[2:] == ["σ = 3", "σ = 0.5"]
    assert lab.view.lines[0].get_xydata() == pytest.approx(np.array([[-3, 0], [3, 0]]))


def test_the_gap_of_the_test_is_drawn_from_the_sum_to_the_image_of_the_sum():
    lab = LinearMapLab(view="u, v and u + v", after=SHIFTED, **entries(I2))
    assert lab.view.gap.get_xydata().tolist() == [[2, 2.5], [1, 2]]
    assert lab.view.sum.get_xydata().tolist() == [[2, 2.5]]
    assert lab.view.gap.get_visible()
    assert lab.view.labels.texts[2:] == ["f(u)", "f(v)", "f(u + v)"]
    lab.set(view=VIEWS[0])
    assert not lab.view.gap.get_visible()
    assert len(lab.view.labels.texts) == 2


# -- handles --------------------------------------------------------------------------------------------------------


def test_the_tips_of_a_are_its_columns():
    lab = LinearMapLab()
    drag(lab, "Ae1", 2.04, -1.0)
    drag(lab, "Ae2", 0.5, 9.0)
    assert lab.result.a.tolist() == [[2, 0.5], [-1, 3]]
    assert handles(lab)["Ae1"]["text"] == "at (2, −1)"


def test_at_ba_the_tips_move_b_and_undo_a():
    lab = LinearMapLab()
    lab.preset("Undo this matrix")
    drag(lab, "BAe1", 1.0, 0.0)
    assert lab.result.a.tolist() == [[2, 1], [1, 1]]
    assert lab.result.places[:2].tolist() == [[1, 0], [1, 1]]  # the other tip stays
    drag(lab, "BAe2", 0.0, 1.0)
    assert lab.result.b.tolist() == [[1, -1], [-1, 2]]
    assert lab.goal.reached


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, {"Ae1", "Ae2"}),
        ({"moment": 29}, set()),
        ({"moment": 0}, set()),
        ({"moment": 0, "view": "u, v and u + v"}, {"u", "v"}),
        ({"moment": 60, **entries(SHEAR, I2)}, {"BAe1", "BAe2"}),
        ({"moment": 60, **entries(FLAT, I2)}, set()),  # nothing can be taken apart again
        ({"moment": 60, **entries([[3, 0], [0, 1]], [[3, 0], [0, 3]])}, {"BAe2"}),  # (9, 0) is off the picture
        ({"after": "ReLU"}, set()),
    ],
)
def test_what_can_be_dragged(settings, names):
    assert set(handles(LinearMapLab(**settings))) == names


def test_u_and_v_follow_the_finger():
    lab = LinearMapLab(moment=0, view="u, v and u + v")
    drag(lab, "u", -1.52, 5.0)
    drag(lab, "v", 0.3, -0.4)
    assert (lab.state.u1, lab.state.u2, lab.state.v1, lab.state.v2) == (-1.5, 2, 0.3, -0.4)
    assert handles(lab)["u"]["text"] == "at (−1.5, 2)"


# -- the static pictures --------------------------------------------------------------------------------------------


def test_a_plane_a_map():
    picture = plots.planes("two planes", {"x": lambda x: x, "−x": lambda x: -x})
    first, second = (axes.collections[0].get_segments() for axes in picture.figure.axes)
    assert len(first) == 26
    assert second[3] == pytest.approx(-first[3])


def test_seen_points_curves_and_their_names():
    picture = plots.fits("a line", [0, 1, 2], [0, 2, 4], [True, True, False], {"line": lambda x: 2 * x})
    axes = picture.figure.axes[0]
    assert [len(points.get_offsets()) for points in axes.collections] == [2, 1]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["seen", "not seen", "line"]
    x, y = axes.lines[0].get_data()
    assert y == pytest.approx(2 * x)


@pytest.mark.parametrize("count", [0, 5])
def test_too_many_or_no_pictures_are_refused(count):
    maps = {str(n): np.asarray for n in range(count)}
    with pytest.raises(ValueError, match=f"planes: expected 1 to 4 maps.*got {count}"):
        plots.planes("", maps)
    with pytest.raises(ValueError, match=f"fits: expected 1 to 4 curves.*got {count}"):
        plots.fits("", [0, 1], [0, 1], [True, False], maps)


def test_functions_are_drawn_in_three_ways_and_three_shapes():
    for picture in (plots.function_views(), plots.function_shapes()):
        assert len(picture.figure.axes) == 3
        assert len(picture.alt) > 60


# -- as code --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_computes_all_three_stages(engine):
    lab = LinearMapLab()
    own = {"a12": 0.7, "b21": -1.3, "u1": -0.6, "v2": 1.7}
    for changes in (*({"after": after, **own} for after in AFTER), *LinearMapLab.presets.values()):
        lab.set(**vars(LinearMapState()) | changes)
        scope, printed = run_cell(lab.as_code(), engine)
        assert numbers(scope["output"]) == pytest.approx(lab.result.stages, abs=1e-5)
        assert printed.startswith("det A ")
