"""Every line of the cheat sheet holds, on both engines; its expressions are read from the page itself."""

import re
from math import prod
from pathlib import Path

import numpy as np
import pytest
import torch

import dlcourse.reference as reference

PAGE = Path(__file__).resolve().parents[2] / "notebooks" / "cheat-sheet.md"
TEXT = PAGE.read_text(encoding="utf-8")
ENGINES = {"numpy": reference, "torch": torch}
SIZES = {"N": 5, "D": 7, "K": 3, "C": 4, "M": 6, "H": 11, "W": 9, "L": 8, "I": 2, "k": 3, "s": 2, "p": 1, "d": 2}
RATES = {"lr": 0.1, "b1": 0.8, "l2": 0.05}


def lines(heading: str) -> list[tuple[str, ...]]:
    """The lines of the table under a heading, cell by cell, without the marks of code."""
    table = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    return [tuple(cell.strip().strip("`") for cell in row.strip("|").split(" | ")) for row in rows]


def calculate(expression: str, **names):
    return eval(expression.replace("·", "*"), {"np": np}, SIZES | RATES | names)


def engine_function(engine, name: str):
    """F.relu; torch itself holds what its functional module deprecates."""
    short = name.removeprefix("F.")
    return getattr(engine if short in ("sigmoid", "tanh") else engine.nn.functional, short)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(("layer", "given", "made", "parameters", "chapter"), lines("Layers"))
def test_a_layer_has_these_shapes_and_parameters(engine, layer, given, made, parameters, chapter):
    module = calculate(f"nn.{layer}", nn=engine.nn)
    output = module(engine.tensor(np.random.default_rng(0).normal(size=calculate(given)).astype(np.float32)))
    output = output[0] if isinstance(output, tuple) else output
    assert tuple(output.shape) == calculate(made)
    assert sum(prod(weight.shape) for weight in module.parameters()) == calculate(parameters)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(("function", "value", "slope", "chapter"), lines("Activations"))
def test_an_activation_has_this_value_and_slope(engine, function, value, slope, chapter):
    z = np.random.default_rng(0).normal(size=50) * 2
    net = engine.tensor(z, requires_grad=True)
    output = engine_function(engine, function)(net)
    output.sum().backward()
    np.testing.assert_allclose(output.detach().numpy(), calculate(value, z=z), rtol=1e-9)
    np.testing.assert_allclose(net.grad.numpy(), calculate(slope, z=z, y=calculate(value, z=z)), rtol=1e-9)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(("call", "value", "gradient", "chapter"), lines("Losses"))
def test_a_loss_has_this_value_and_gradient(engine, call, value, gradient, chapter):
    name, first = re.fullmatch(r"(F\.\w+)\((\w), t\)", call).groups()
    rng, shape = np.random.default_rng(0), (SIZES["N"], SIZES["C"]) if "cross_entropy(" in call else (SIZES["N"],)
    given, target = 2 * rng.normal(size=shape), rng.dirichlet(np.ones(SIZES["C"]), SIZES["N"])
    target = target if len(shape) == 2 else target[:, 0]
    tensor = engine.tensor(given, requires_grad=True)
    loss = engine_function(engine, name)(tensor, engine.tensor(target))
    loss.backward()
    names = {first: given, "t": target}
    np.testing.assert_allclose(loss.item(), calculate(value, **names), rtol=1e-9)
    np.testing.assert_allclose(tensor.grad.numpy(), calculate(gradient, **names), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(("call", "step", "chapter"), lines("Optimizers"))
def test_an_optimizer_takes_this_step(engine, call, step, chapter):
    start, gradients = np.array([1.0, -2.0, 3.0]), np.random.default_rng(0).normal(size=(6, 3))
    weight = engine.nn.Parameter(engine.tensor(start.copy()))
    optimizer = calculate(f"optim.{call.replace('(', '([weight], ')}", optim=engine.optim, weight=weight)
    ours = RATES | {"np": np, "w": start, "m": 0.0, "v": 0.0}
    for n, g in enumerate(gradients, start=1):
        weight.grad = engine.tensor(g)
        optimizer.step()
        exec(step, ours | {"g": g, "n": n}, ours)
        np.testing.assert_allclose(weight.detach().numpy(), ours["w"], rtol=1e-9)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(("activation", "name", "deviation", "chapter"), lines("First weights"))
def test_first_weights_have_this_standard_deviation(engine, activation, name, deviation, chapter):
    engine.manual_seed(0)
    sizes = {"D": 300, "K": 500}
    weight = engine.nn.Linear(sizes["D"], sizes["K"]).weight
    calculate(name, nn=engine.nn)(weight)
    np.testing.assert_allclose(weight.detach().numpy().std(), calculate(deviation, **sizes), rtol=0.01)


def test_the_limits_of_stability():
    rate, b1, shown = (
        0.3,
        0.8,
        "gradient descent converges for `0 < lr * c < 2`, with momentum for `0 < lr * c < 2 + 2 * b1`",
    )
    assert shown in TEXT
    for momentum, limit in ((0.0, 2.0), (b1, 2 + 2 * b1)):
        for share, converges in ((0.99, True), (1.01, False)):
            w, m, curvature = 1.0, 0.0, share * limit / rate
            for _ in range(4000):
                m = momentum * m + curvature * w
                w = w - rate * m
                if abs(w) > 1e6:
                    break
            assert (abs(w) < 1e-3) == converges


@pytest.mark.parametrize("heading", ["Layers", "Activations", "Losses", "Optimizers", "First weights"])
def test_each_line_links_its_chapter(heading):
    for line in lines(heading):
        number, file = re.fullmatch(r"\[(\d\d)\]\((.+)\)", line[-1]).groups()
        assert file.startswith(number)
        assert (PAGE.parent / file).exists()


def test_a_step_of_training_as_written():
    code = TEXT.split("```python\n")[1].split("```")[0]
    for engine in ENGINES.values():
        x, y = engine.tensor(np.eye(4, dtype=np.float32)), engine.tensor(np.array([0, 1, 0, 1]))
        model, functional = engine.nn.Linear(4, 2), engine.nn.functional
        optimizer = engine.optim.SGD(model.parameters(), lr=1.0)
        names = {"optimizer": optimizer, "model": model, "x": x, "y": y, "F": functional}
        exec(code, names)
        assert functional.cross_entropy(model(x), y).item() < names["loss"].item()
