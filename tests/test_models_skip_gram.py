"""models.skip_gram: two tables, and the same on either engine."""

import numpy as np
import pytest
import torch

import dlcourse.reference as reference
from dlcourse import models

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])
CENTRE, CONTEXT = np.array([0, 4, 4]), np.array([[1, 2, 3, 3], [0, 0, 5, 2], [6, 1, 1, 1]])


def filled(engine):
    model, rng = models.skip_gram(engine, 7, 3).double(), np.random.default_rng(2)
    state = {name: engine.tensor(rng.normal(size=(7, 3))) for name in ("centre.weight", "context.weight")}
    model.load_state_dict(state)
    return model


@ENGINES
def test_scores_are_products_of_the_rows(engine):
    model = filled(engine)
    tables = [table.weight.detach().numpy() for table in (model.centre, model.context)]
    scores = model(engine.tensor(CENTRE), engine.tensor(CONTEXT)).detach().numpy()
    np.testing.assert_allclose(scores, np.einsum("nd,ncd->nc", tables[0][CENTRE], tables[1][CONTEXT]), rtol=1e-12)


@ENGINES
def test_it_starts_as_word2vec_does(engine):
    engine.manual_seed(0)
    model = models.skip_gram(engine, 500, 8)
    centre = model.centre.weight.detach().numpy()
    assert not model.context.weight.detach().numpy().any()
    assert 0.99 * 0.5 / 8 < np.abs(centre).max() <= 0.5 / 8
    assert centre.std() == pytest.approx(1 / 8 / np.sqrt(12), rel=0.05)


def test_the_same_seed_gives_the_same_start():
    found = []
    for engine in (reference, torch):
        engine.manual_seed(3)
        found.append(models.skip_gram(engine, 20, 5).centre.weight.detach().numpy())
    np.testing.assert_array_equal(*found)


def test_twenty_updates_are_the_same():
    found = []
    for engine in (reference, torch):
        model = filled(engine)
        optimizer = engine.optim.Adam(model.parameters(), lr=0.05)
        for _ in range(20):
            scores = model(engine.tensor(CENTRE), engine.tensor(CONTEXT))
            logsigmoid = engine.nn.functional.logsigmoid
            loss = -(logsigmoid(scores[:, 0]) + logsigmoid(-scores[:, 1:]).sum(1)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        found.append([table.weight.detach().numpy() for table in (model.centre, model.context)])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-11)


@ENGINES
@pytest.mark.parametrize(("name", "value"), [("words", 0), ("words", 2.5), ("dimension", True)])
def test_wrong_sizes_are_named(engine, name, value):
    with pytest.raises(ValueError, match=f"skip_gram: {name} must be a whole number from 1; got {value}"):
        models.skip_gram(engine, **{"words": 5, "dimension": 2} | {name: value})
