"""GraphLab: the engine's own graph, both passes by hand, the two bugs, the wiggle test and what is seen of them."""

import numpy as np
import pytest

import dlcourse.reference as engine
from dlcourse.labs import GraphLab, plots
from dlcourse.labs.graph import GraphState, compute_graph
from dlcourse.labs.graph.drawing import BOX, layout, outline, places, wire
from dlcourse.labs.graph.lab import LAST, NETWORK, RELU, SIGMOID, SILU, SUM, TWICE
from dlcourse.labs.graph.passes import EXPRESSIONS, evaluate, graph_of, passes, run
from dlcourse.labs.graph.walk import walk
from tests.labs.lab_tools import buttons, drag, handles, numbers, run_cell

NAMES = list(EXPRESSIONS)


def state(expression: str = TWICE, step: int = LAST, **changes) -> GraphState:
    return GraphState(expression=expression, step=step, **changes)


def gradients(expression: str = TWICE, **changes) -> dict:
    return compute_graph(state(expression, **changes)).gradients


# -- the walk over the engine's graph -------------------------------------------------------------------------------


def test_the_walk_finds_every_tensor_once_and_each_after_its_inputs():
    x, w = (engine.tensor(value, requires_grad=True) for value in (3.0, -1.0))
    total = x + w
    nodes = walk(total * x, {"x": x, "w": w})
    assert [(node.name, node.symbol, node.inputs) for node in nodes] == [
        ("x", "x", ()), ("w", "w", ()), ("leaf", "+", (0, 1)), ("leaf", "×", (2, 0)),
    ]  # fmt: skip
    assert nodes[2].tensor is total
    assert nodes[2].operation is total.grad_fn
    assert [node.place for node in nodes] == [0, 1, 2, 3]


def test_constants_and_data_are_no_part_of_the_graph():
    x, data = engine.tensor(3.0, requires_grad=True), engine.tensor(2.0)
    assert [node.symbol for node in walk((data * x) ** 2 * 5.0, {"x": x})] == ["x", "×", "square", "×"]


def test_a_result_that_remembers_nothing_is_turned_down():
    with pytest.raises(ValueError, match="graph: expected a result that needs a gradient"):
        walk(engine.tensor(1.0), {})


def test_a_graph_deeper_than_the_stack_is_walked():
    x = engine.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(3000):
        y = y + 1.0
    assert len(walk(y, {"x": x})) == 3001


def test_the_layout_goes_from_left_to_right_with_room_between():
    for name in NAMES:
        nodes = graph_of(EXPRESSIONS[name], state(name).values)
        grid = np.array(layout(tuple(node.inputs for node in nodes)))
        for n, node in enumerate(nodes):
            assert all(grid[i][0] < grid[n][0] for i in node.inputs)
        for column in set(grid[:, 0]):
            rows = np.sort(grid[grid[:, 0] == column][:, 1])
            assert (np.diff(rows) > 1 - 1e-9).all()
        assert grid.min() == 0


def test_the_layout_of_the_network_by_hand():
    inputs = tuple(node.inputs for node in graph_of(EXPRESSIONS[NETWORK], state(NETWORK).values))
    columns = [place[0] for place in layout(inputs)]
    assert max(columns) == 7  # product, sum, tanh, product, sum, difference, square after the leaves
    assert columns.count(0) == 6  # w₁ … w₄, x₁, x₂; the other leaves stand beside what they meet
    assert max(place[1] for place in layout(inputs)) == 5


def test_boxes_do_not_overlap_and_stay_in_the_picture():
    for name in NAMES:
        nodes = graph_of(EXPRESSIONS[name], state(name).values)
        where = places(nodes, (8, 26, 562, 388))
        assert where[:, 0].min() - BOX[0] / 2 >= 8
        assert where[:, 0].max() + BOX[0] / 2 <= 570
        assert where[:, 1].min() - 30 >= 26  # the name stands above the box
        assert where[:, 1].max() + 30 <= 414  # and the knob below
        gaps = np.abs(where[:, None] - where[None]) + 1e9 * np.eye(len(nodes))[..., None]
        assert ((gaps[..., 0] > BOX[0]) | (gaps[..., 1] >= 60)).all()


def test_a_wire_goes_round_a_box_that_is_in_its_way():
    where = np.array([[50.0, 100.0], [150.0, 100.0], [250.0, 100.0]])
    straight, round_it = wire(where, 0, 1), wire(where, 0, 2)
    assert (straight[0] == [80, 100]).all()
    assert (straight[-1] == [120, 100]).all()
    assert round_it[7, 1] < 100 - BOX[1]
    assert len(outline(graph_of(EXPRESSIONS[SUM], state(SUM).values)[0], where[0])) == 4


# -- both passes by hand --------------------------------------------------------------------------------------------


def test_the_gradients_of_a_sum_and_a_product_by_hand():
    result = compute_graph(state(SUM, x1=1.5, x2=-0.5, w1=2.0))
    assert result.value == 2.0
    assert result.gradients == {"x1": 2.0, "x2": 2.0, "w1": 1.0}


def test_a_leaf_that_is_used_twice_gets_the_sum():
    assert gradients(x1=1.5, w1=-1.0) == {"x1": 2.0, "w1": 1.5}  # f = x² + wx: 2x + w, x


def test_the_gradients_of_silu_by_hand():
    sigmoid = 1 / (1 + np.exp(-0.75))
    slope = sigmoid + 0.75 * sigmoid * (1 - sigmoid)
    assert gradients(SILU, x1=1.5, w1=0.5) == pytest.approx({"x1": 0.5 * slope, "w1": 1.5 * slope})


def test_the_gradients_of_the_network_by_hand():
    h1, h2 = np.tanh(0.4), np.tanh(0.3)
    upstream = 2 * (0.5 * h1 - h2 - 0.8)
    z1, z2 = upstream * 0.5 * (1 - h1**2), -upstream * (1 - h2**2)
    expected = {
        "x1": 0.6 * z1 - 0.2 * z2, "x2": -0.4 * z1 + z2, "w1": z1, "w2": 0.5 * z1, "w3": z2, "w4": 0.5 * z2,
        "v1": upstream * h1, "v2": upstream * h2, "t": -upstream,
    }  # fmt: skip
    assert gradients(NETWORK) == pytest.approx(expected)


@pytest.mark.parametrize("name", NAMES)
def test_the_passes_end_with_the_gradients_of_backward(name):
    expression, values = EXPRESSIONS[name], state(name, x1=-0.7, w1=1.3).values
    leaves = {n: engine.tensor(v, dtype=engine.float64, requires_grad=True) for n, v in values.items()}
    run(expression, leaves).backward()
    assert gradients(name, x1=-0.7, w1=1.3) == pytest.approx({n: t.grad.item() for n, t in leaves.items()})


def test_the_steps_go_forward_then_turn_then_back():
    nodes = graph_of(EXPRESSIONS[TWICE], {"x1": 3.0, "w1": -1.0})
    moments = [passes(nodes, step) for step in range(7)]
    assert [m.phase for m in moments] == ["start", "forward", "forward", "seed", "backward", "backward", "backward"]
    assert [m.current for m in moments] == [None, 2, 3, 3, 3, 2, 2]  # w, x, sum, product
    assert [sum(m.known) for m in moments] == [2, 3, 4, 4, 4, 4, 4]
    by_name = [dict(zip("wxsp", m.gradients, strict=True)) for m in moments]
    assert by_name[2] == dict.fromkeys("wxsp")
    assert by_name[3] == {"w": None, "x": None, "s": None, "p": 1.0}
    assert by_name[4] in ({"w": None, "x": 2.0, "s": 3.0, "p": 1.0}, {"w": 2.0, "x": None, "s": 3.0, "p": 1.0})
    assert [m.step for m in moments][-2:] == [5, 5]
    assert moments[5].done
    assert not moments[4].done


def test_each_share_is_upstream_times_local_and_says_what_was_there():
    nodes = graph_of(EXPRESSIONS[TWICE], {"x1": 3.0, "w1": -1.0})
    product, total = passes(nodes, 4).shares, passes(nodes, 5).shares
    x = next(n for n, node in enumerate(nodes) if node.name == "x1")
    assert [(s.local, s.downstream, s.before) for s in product] == [(3.0, 3.0, None), (2.0, 2.0, None)]
    by_node = {s.node: (s.local, s.downstream, s.before, s.after) for s in total}
    assert by_node.pop(x) == (1.0, 3.0, 2.0, 5.0)
    assert list(by_node.values()) == [(1.0, 3.0, None, 3.0)]
    assert not any(passes(nodes, 0, left_over=True).waiting)  # what is left over is no part of this pass
    assert passes(nodes, 4).waiting[x]
    assert not any(passes(nodes, 5).waiting)


# -- the bugs, the check and the wiggle -----------------------------------------------------------------------------


def test_forgot_to_add_keeps_the_last_part_only_and_the_check_sees_it():
    result = compute_graph(state(x1=1.5, w1=-1.0, overwrite=True))
    assert result.gradients == {"x1": 1.5, "w1": 1.5}
    assert result.agrees == {"x1": False, "w1": True}
    assert all(compute_graph(state(SUM, overwrite=True)).agrees.values())  # nothing is used twice there


def test_forgot_to_add_is_wrong_only_behind_a_node_that_is_used_twice():
    agrees = compute_graph(state(NETWORK, overwrite=True)).agrees
    assert [name for name, right in agrees.items() if not right] == ["x1", "x2"]
    assert not any(compute_graph(state(SILU, overwrite=True)).agrees.values())  # z itself is used twice


@pytest.mark.parametrize("name", NAMES)
def test_forgot_zero_grad_doubles_every_leaf(name):
    once, twice = gradients(name), gradients(name, left_over=True)
    assert twice == pytest.approx({leaf: 2 * gradient for leaf, gradient in once.items()})
    start = compute_graph(state(name, step=0, left_over=True)).gradients
    assert start == pytest.approx(once)  # left over before the first step


@pytest.mark.parametrize("name", NAMES)
def test_the_numeric_gradient_agrees(name):
    result = compute_graph(state(name))
    assert result.numeric == pytest.approx(result.gradients, abs=1e-8)
    assert all(result.agrees.values())


def test_the_wiggle_is_the_real_change():
    result = compute_graph(state(x1=1.5, w1=-1.0, epsilon=0.1))
    assert result.actual == pytest.approx({"x1": 1.6 * 0.6 - 0.75, "w1": 0.15})
    assert compute_graph(state(epsilon=0.0)).actual == {"x1": 0.0, "w1": 0.0}


def test_many_tries_at_once_are_the_tries_one_by_one():
    values, moves = state(NETWORK).values, np.random.default_rng(0).normal(size=(5, 9))
    together = evaluate(EXPRESSIONS[NETWORK], values, moves)
    for moved, f in zip(moves, together, strict=True):
        one = dict(zip(values, np.array(list(values.values())) + moved, strict=True))
        tensors = {name: engine.tensor(value, dtype=engine.float64) for name, value in one.items()}
        assert run(EXPRESSIONS[NETWORK], tensors).item() == pytest.approx(f)


def test_at_the_corner_of_relu_the_check_fails_and_the_words_say_why():
    lab = GraphLab()
    lab.preset("A corner: two slopes, and the engine takes 0")
    assert lab.result.gradients["w1"] == 0
    assert lab.result.numeric["w1"] == pytest.approx(-0.8, abs=1e-4)  # half of the slope 2·(−0.8) of one side
    assert lab.status.endswith("The ReLU stands on its corner, where two slopes meet.")


# -- what is seen ---------------------------------------------------------------------------------------------------


def test_values_and_gradients_appear_when_they_are_computed():
    lab = GraphLab(expression=SUM, x1=1.5, x2=-0.5, w1=2.0)
    assert "1.00" not in lab.view.words.texts  # the sum
    lab.set(step=1)
    assert "1.00" in lab.view.words.texts
    assert not any(text.startswith("∂ ") for text in lab.view.words.texts)
    lab.set(step=3)
    assert "∂ 1.00" in lab.view.words.texts
    lab.set(step=5)
    assert lab.view.words.texts.count("∂ 2.00") == 3  # the sum and both of its inputs


def test_a_part_that_has_arrived_is_marked_until_the_other_comes():
    lab = GraphLab(step=4)
    assert "∂ 1.60 + …" in lab.view.words.texts
    lab.set(step=5)
    assert "∂ 2.60" in lab.view.words.texts
    assert not any("…" in text for text in lab.view.words.texts)


def test_the_arithmetic_of_a_step_is_written_out():
    lab = GraphLab(step=5)
    assert "1.000 × 1.000 = 1.000  to x₁" in lab.view.words.texts
    assert "    added to 1.600: 2.600" in lab.view.words.texts
    lab.set(overwrite=True)
    assert "    overwrites 1.600!" in lab.view.words.texts
    assert lab.status.endswith("The gradient check fails for x₁.")


def test_the_table_checks_each_leaf_once_it_has_a_gradient():
    lab = GraphLab(step=0)
    assert [text for text in lab.view.words.texts if "✓" in text or "✗" in text] == []
    lab.set(step=5)
    assert [text for text in lab.view.words.texts if "✓" in text] == ["2.600 ✓", "1.000 ✓"]
    lab.set(overwrite=True)
    assert "2.600 ✗" in lab.view.words.texts
    assert "0.2700" in lab.view.words.texts  # 1.1 · 1.7 − 1.6


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        ("One node used twice: its two gradients are added", "All 2 gradients agree"),
        ("Forgot to add: the check fails", "The gradient check fails for x₁."),
        ("Forgot zero_grad: everything counts twice", "fails for x₁, x₂, w₁."),
        ("A 2-2-1 network, half way back", "Step 20 of 27"),
        ("A dead ReLU passes nothing back", "passes 0.000 to w₁ and 0.000 to x₁"),
        ("A saturated sigmoid passes little", "passes 0.013 to w₁"),
        ("A large wiggle: a slope is only local", "All 2 gradients agree"),
    ],
)
def test_each_preset_shows_what_its_name_says(preset, words):
    lab = GraphLab()
    lab.preset(preset)
    assert words in lab.status
    assert len(GraphLab.presets) == 8


def test_the_large_wiggle_is_not_what_the_gradient_predicts():
    lab = GraphLab()
    lab.preset("A large wiggle: a slope is only local")
    assert abs(0.5 * lab.result.gradients["w1"] - lab.result.actual["w1"]) > 0.04


@pytest.mark.parametrize(
    ("expression", "almost", "there"),
    [
        (SUM, {"x1": 0.5, "x2": -1.5, "w1": 1.9}, {"x1": 0.5, "x2": -1.5, "w1": 2.0}),
        (TWICE, {"x1": 0.5, "w1": -1.0}, {"x1": 1.0, "w1": -2.0}),
        (SILU, {"x1": 1.0, "w1": -1.0}, {"x1": 1.0, "w1": -1.28}),
        (SIGMOID, {"w1": 0.8}, {"w1": 1.6}),
        (RELU, {"w1": -1.0}, {"w1": 1.0}),
        (NETWORK, {"v2": -0.5}, {"v1": 2.0, "v2": 0.1}),
    ],
)
def test_each_task_is_reached_by_the_right_values_only(expression, almost, there):
    lab = GraphLab(expression=expression)
    lab.set(**almost)
    assert not lab.goal.reached
    lab.set(**there)
    assert lab.goal.reached


# -- changing it ----------------------------------------------------------------------------------------------------


def test_only_the_sliders_of_the_expression_are_shown():
    lab = GraphLab()

    def away():
        return [name for name in lab.controls if lab.controls[name].widget.layout.display == "none"]

    assert away() == ["x2", "w2", "w3", "w4", "v1", "v2", "t"]
    lab.set(expression=NETWORK)
    assert away() == []
    lab.set(expression=SIGMOID)
    assert away() == ["w3", "w4", "v1", "v2"]


def test_a_knob_is_dragged_to_a_value():
    lab = GraphLab()
    assert set(handles(lab)) == {"x1", "w1"}
    spec = handles(lab)["x1"]
    drag(lab, "x1", spec["x"] - BOX[0] / 2, spec["y"])  # the whole track is 4 wide
    assert lab.state.x1 == -1.0
    assert handles(lab)["x1"]["text"] == "x₁ = −1.00"
    assert handles(lab)["x1"]["x"] == pytest.approx(spec["x"] - BOX[0] / 2)
    drag(lab, "x1", 1e6, 0)
    assert lab.state.x1 == 2.0


def test_the_button_moves_the_weights_against_their_gradients():
    lab = GraphLab(expression=SIGMOID, step=3)
    before = lab.result.value
    slope = gradients(SIGMOID)
    buttons(lab.widget)["Change the weights"].click()
    assert (lab.state.w1, lab.state.w2) == pytest.approx((0.6 - 0.5 * slope["w1"], -0.4 - 0.5 * slope["w2"]), abs=0.006)
    assert (lab.state.x1, lab.state.x2, lab.state.t) == (1.0, 0.5, 0.8)
    assert lab.result.value < before
    assert lab.last_error is None


def test_some_presses_of_the_button_solve_the_network():
    lab = GraphLab(expression=NETWORK)
    for _ in range(20):
        lab.descend()
    assert lab.goal.reached


@pytest.mark.parametrize("kind", ["reference", "torch"])
@pytest.mark.parametrize("name", NAMES)
def test_the_cell_computes_the_gradients_bugs_included(name, kind):
    lab = GraphLab(expression=name, step=LAST, w1=-0.3)
    for bugs in ({}, {"overwrite": True}, {"left_over": True}, {"overwrite": True, "left_over": True}):
        lab.set(overwrite=False, left_over=False)
        lab.set(**bugs)
        scope, _ = run_cell(lab.as_code(), kind)
        expected = [lab.result.gradients[leaf] for leaf in EXPRESSIONS[name].leaves]
        assert numbers(scope["output"]) == pytest.approx(expected, abs=1e-5), bugs


def test_the_cell_shows_expression_and_values():
    code = GraphLab(x1=1.5, w1=-1.0).as_code()
    assert "x1, w1 = (engine.tensor(value, requires_grad=True) for value in (1.5, -1.0))" in code
    assert "f = (x1 + w1) * x1\n" in code


# -- the still picture ----------------------------------------------------------------------------------------------


def test_the_still_picture_names_operations_and_shows_numbers_and_shapes():
    engine.manual_seed(0)
    layer = engine.nn.Linear(2, 3)
    loss = layer(engine.ones(4, 2)).tanh().sum()
    loss.backward(retain_graph=True)
    picture = plots.graph("A layer, tanh and a sum", loss, dict(layer.named_parameters()))
    words = [text.get_text() for text in picture.figure.axes[0].texts]
    assert words.index("weight") + 1 == words.index("(3, 2)")
    assert {"AddmmBackward0", "TanhBackward0", "SumBackward0", "(4, 3)", "∂ (3, 2)", "bias", "∂ (3)"} <= set(words)
    assert f"{loss.item():.4g}".replace("-", "−") in words
    assert picture.alt == "A layer, tanh and a sum"
