"""The larger networks: the same on either engine, with the parameters their papers count, and training alike."""

import numpy as np
import pytest
import torch

from dlcourse import models, reference
from tests.reference.parity import Case, assert_parity, float64_by_default, real, whole

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])

BUILD = {
    "lenet": (lambda e: models.lenet(e, 12, channels=2, classes=3), real(4, 2, 12, 12)),
    "lenet of today": (lambda e: models.lenet(e, 12, activation="ReLU", pool="MaxPool2d"), real(4, 1, 12, 12)),
    "residual_mlp": (lambda e: models.residual_mlp(e, 7, 5, 3), real(4, 7)),
    "conv1d_net": (lambda e: models.conv1d_net(e, 18, 4, 3), real(5, 18)),
    "bidirectional_gru": (lambda e: models.bidirectional_gru(e, 6, 4, 3), real(5, 6)),
    "char_rnn RNN": (lambda e: models.char_rnn(e, 7, 5, 3, "RNN"), whole(4, 6, below=7)),
    "char_rnn LSTM": (lambda e: models.char_rnn(e, 7, 5, 3, "LSTM", 2), whole(4, 6, below=7)),
    "char_rnn GRU": (lambda e: models.char_rnn(e, 7, 5, 3, "GRU"), whole(4, 6, below=7)),
    "autoencoder": (lambda e: models.autoencoder(e, [6, 4, 2]), real(5, 6)),
}


@pytest.mark.parametrize("name", BUILD)
def test_it_is_the_same_on_either_engine(name):
    build, inputs = BUILD[name]
    assert_parity(Case(name, build, inputs))


@pytest.mark.parametrize("name", BUILD)
def test_the_same_seed_gives_the_same_weights(name):
    states = []
    for engine in (reference, torch):
        engine.manual_seed(3)
        states.append({key: value.numpy() for key, value in BUILD[name][0](engine).state_dict().items()})
    assert list(states[0]) == list(states[1])
    for key, ours in states[0].items():
        # Embedding starts normal: equal up to the rounding of log, sin and cos
        np.testing.assert_allclose(ours, states[1][key], rtol=1e-5 if "embedding" in key else 0, atol=0, err_msg=key)


@pytest.mark.parametrize("name", BUILD)
def test_twenty_steps_of_training_are_the_same(name):
    found = []
    with float64_by_default():
        for engine in (reference, torch):
            engine.manual_seed(0)
            model = BUILD[name][0](engine)
            state = {key: engine.tensor(_start(value)) for key, value in sorted(model.state_dict().items())}
            model.load_state_dict(state)
            found.append(_train(engine, model, BUILD[name][1]))
    (losses, weights), (wanted_losses, wanted_weights) = found
    np.testing.assert_allclose(losses, wanted_losses, rtol=1e-9)
    assert losses[-1] < losses[0]
    for key, ours in weights.items():
        np.testing.assert_allclose(ours, wanted_weights[key], rtol=1e-8, atol=1e-11, err_msg=key)


def _start(value) -> np.ndarray:
    random = np.random.default_rng(value.numel())
    return random.uniform(-0.15, 0.15, tuple(value.shape))


def _train(engine, model, inputs) -> tuple[list, dict]:
    x = engine.tensor(inputs.draw(np.random.default_rng(5)))
    optimizer = engine.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(20):
        output = model(x)
        output = output[0].flatten(0, 1) if isinstance(output, tuple) else output
        target = engine.tensor(np.arange(len(output)) % output.shape[1])
        loss = engine.nn.functional.cross_entropy(output, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, {key: value.numpy() for key, value in model.state_dict().items()}


@ENGINES
@pytest.mark.parametrize(
    ("build", "count"),
    [
        (models.lenet, 61_706),
        (lambda e: models.mlp(e, [40, 10]), 410),
        (models.residual_mlp, 15_210),
        (models.conv1d_net, 5_210),
        (models.bidirectional_gru, 5_134),
    ],
)
def test_the_papers_numbers_of_parameters(engine, build, count):
    assert sum(parameter.numel() for parameter in build(engine).parameters()) == count


@ENGINES
def test_lenets_shapes(engine):
    x, shapes = engine.zeros(2, 1, 28, 28), []
    for layer in models.lenet(engine):
        x = layer(x)
        if type(layer).__name__ in ("Conv2d", "AvgPool2d", "Linear"):
            shapes.append(tuple(x.shape[1:]))
    assert shapes == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120,), (84,), (10,)]


@ENGINES
def test_the_residual_mlp_has_its_shortcut(engine):
    """With the second layer's weights at zero the first layer's units reach the last as they are."""
    model, x = models.residual_mlp(engine, 3, 4, 2), engine.ones(1, 3)
    with engine.no_grad():
        model.second.weight.zero_()
        model.second.bias.zero_()
        wanted = model.last(engine.relu(model.first(x)))
        assert model(x).tolist() == wanted.tolist()
        model.second.bias.fill_(1.0)
        assert model(x).tolist() != wanted.tolist()


@ENGINES
def test_a_char_rnn_goes_on_from_its_state(engine):
    """Symbol by symbol it says what it says of the whole text."""
    engine.manual_seed(0)
    model = models.char_rnn(engine, 7, 5, 3)
    text = engine.tensor([[1, 5, 2, 6]])
    whole_text, _ = model(text)
    state = None
    for place in range(4):
        logits, state = model(text[:, place : place + 1], state)
        np.testing.assert_allclose(logits[0, 0].detach(), whole_text[0, place].detach(), rtol=1e-5, atol=1e-6)


@ENGINES
def test_an_autoencoders_code(engine):
    model = models.autoencoder(engine, [6, 4, 2])
    assert tuple(model.encoder(engine.zeros(3, 6)).shape) == (3, 2)
    assert [tuple(part.weight.shape) for part in model.decoder if hasattr(part, "weight")] == [(4, 2), (6, 4)]


@ENGINES
@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda e: models.lenet(e, 8), "lenet: size must be a multiple of 4, at least 12; got 8; enlarge or pad"),
        (lambda e: models.lenet(e, 30), "lenet: size must be a multiple of 4, at least 12; got 30"),
        (lambda e: models.lenet(e, channels=0), "lenet: channels must be a whole number from 1; got 0"),
        (lambda e: models.lenet(e, pool="Pool"), "lenet: expected the name of a class of engine.nn.*got 'Pool'"),
        (lambda e: models.residual_mlp(e, hidden=2.5), "residual_mlp: hidden must be a whole number from 1; got 2.5"),
        (lambda e: models.conv1d_net(e, 4), "conv1d_net: length must be at least 5.*got 4"),
        (lambda e: models.bidirectional_gru(e, classes=True), "bidirectional_gru: classes must be.*got True"),
        (lambda e: models.char_rnn(e, 0), "char_rnn: characters must be a whole number from 1; got 0"),
        (lambda e: models.char_rnn(e, 5, kind="lstm"), "char_rnn: kind must be 'RNN', 'LSTM' or 'GRU'; got 'lstm'"),
        (lambda e: models.autoencoder(e, [3]), "mlp: sizes must be at least two whole numbers"),
    ],
)
def test_wrong_arguments_are_named(engine, build, words):
    with pytest.raises(ValueError, match=words):
        build(engine)
