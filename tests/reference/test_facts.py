"""Facts that are easily got wrong, each shown by small numbers worked out by hand, on the engine and on torch."""

import math

import pytest
import torch

from dlcourse import reference

pytestmark = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])


def tensor(engine, values, **options):
    return engine.tensor(values, dtype=engine.float64, **options)


def set_weights(engine, module, **values):
    module.double()
    with engine.no_grad():
        for name, value in values.items():
            getattr(module, name).copy_(tensor(engine, value).reshape(tuple(getattr(module, name).shape)))
    return module


def one_step(engine, optimizer, *gradients, start=0.0, **options):
    """Where a weight goes from `start` under these gradients."""
    weight = tensor(engine, [start], requires_grad=True)
    stepper = getattr(engine.optim, optimizer)([weight], **options)
    for gradient in gradients:
        weight.grad = tensor(engine, [gradient])
        stepper.step()
    return weight.item()


def test_convolution_is_a_cross_correlation(engine):
    """The kernel (1, 10) is not turned round: 1·1 + 2·10, not 1·10 + 2·1."""
    y = engine.nn.functional.conv1d(tensor(engine, [[[1, 2, 3]]]), tensor(engine, [[[1, 10]]]))
    assert y.tolist() == [[[21, 32]]]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_same_padding_puts_the_odd_place_behind(engine):
    x, kernel = tensor(engine, [[[1, 2, 3]]]), tensor(engine, [[[1, 10]]])
    assert engine.nn.functional.conv1d(x, kernel, padding="same").tolist() == [[[21, 32, 3]]]


def test_max_pooling_pads_with_minus_infinity(engine):
    """A zero in the padding would win against negative numbers."""
    assert engine.nn.MaxPool1d(2, padding=1)(tensor(engine, [[[-3, -2, -1, -4]]])).tolist() == [[[-3, -1, -4]]]


def test_average_pooling_counts_the_padding(engine):
    x = tensor(engine, [[[4, 6]]])
    assert engine.nn.AvgPool1d(2, padding=1)(x).tolist() == [[[2, 3]]]
    assert engine.nn.AvgPool1d(2, padding=1, count_include_pad=False)(x).tolist() == [[[4, 6]]]


def test_the_gradient_of_a_tie_goes_to_the_first(engine):
    x = tensor(engine, [[[5, 5, 1, 5, 5, 5]]], requires_grad=True)
    engine.nn.MaxPool1d(3)(x).backward(tensor(engine, [[[7, 9]]]))
    assert x.grad.tolist() == [[[7, 0, 0, 9, 0, 0]]]


def test_batch_norm_normalises_by_the_biased_variance(engine):
    """(−1, 1): Σ(x − μ)²/2 = 1 leaves them as they are; divided by 1 they would shrink to ±0.707."""
    y = engine.nn.BatchNorm1d(1, eps=1e-12).double()(tensor(engine, [[-1], [1]]))
    assert y.flatten().tolist() == pytest.approx([-1, 1])


def test_batch_norm_stores_the_unbiased_variance_and_momentum_weighs_the_new(engine):
    """running ← 0.9·running + 0.1·batch, from mean 0 and variance 1, with batch mean 5 and Σ(x − μ)²/(2 − 1) = 2."""
    norm = engine.nn.BatchNorm1d(1, momentum=0.1).double()
    norm(tensor(engine, [[4], [6]]))
    assert norm.running_mean.item() == pytest.approx(0.5)
    assert norm.running_var.item() == pytest.approx(0.9 + 0.1 * 2)
    assert norm.num_batches_tracked.item() == 1


def test_lstm_rows_are_input_forget_candidate_output_and_there_are_two_biases(engine):
    """Biases of ±large open or close one gate at a time: with c = 3, f open and i closed the cell stays at 3."""
    cell = engine.nn.LSTMCell(1, 1)
    h, c, x = tensor(engine, [0.0]), tensor(engine, [3.0]), tensor(engine, [1.0])
    zeros = {"weight_ih": [0.0] * 4, "weight_hh": [0.0] * 4}
    set_weights(engine, cell, **zeros, bias_ih=[-50, 50, 0.7, 50], bias_hh=[0.0, 0, 0, 0])  # i f g o
    h1, c1 = cell(x, (h, c))
    assert (h1.item(), c1.item()) == pytest.approx((math.tanh(3), 3))
    set_weights(engine, cell, **zeros, bias_ih=[50, -50, 0.3, 50], bias_hh=[0.0, 0, 0.4, 0])
    assert cell(x, (h, c))[1].item() == pytest.approx(math.tanh(0.7))  # both biases count
    set_weights(engine, cell, **zeros, bias_ih=[50, -50, 0.7, -50], bias_hh=[0.0, 0, 0, 0])
    assert cell(x, (h, c))[0].item() == pytest.approx(0)


def test_gru_rows_are_reset_update_candidate_and_the_reset_acts_after_the_product(engine):
    """r = σ(0) = 1/2, z = 0: n = tanh(½·(w h + b_hn)), the bias inside; before the product it would be ½·w h + b_hn."""
    cell = engine.nn.GRUCell(1, 1)
    set_weights(
        engine, cell, weight_ih=[0.0] * 3, weight_hh=[0, 0, 2], bias_ih=[0.0, -50, 0], bias_hh=[0, 0, 0.6]
    )  # r z n
    x, h = tensor(engine, [1.0]), tensor(engine, [0.4])
    assert cell(x, h).item() == pytest.approx(math.tanh(0.5 * (2 * 0.4 + 0.6)))
    set_weights(engine, cell, bias_ih=[0.0, 50, 0])
    assert cell(x, h).item() == pytest.approx(0.4)  # z = 1 keeps the old state


def test_the_last_state_of_the_backward_direction_belongs_to_the_first_step(engine):
    rnn = engine.nn.RNN(1, 1, bidirectional=True).double()
    output, last = rnn(tensor(engine, [[1.0], [2], [3]]))
    assert last[1, 0].item() == output[0, 1].item()
    assert last[0, 0].item() == output[2, 0].item()


def test_batch_first_does_not_turn_the_states(engine):
    _, (h, c) = engine.nn.LSTM(3, 4, num_layers=2, batch_first=True)(engine.zeros(5, 6, 3))
    assert (tuple(h.shape), tuple(c.shape)) == ((2, 5, 4), (2, 5, 4))


def test_sgds_first_step_with_momentum_ignores_dampening(engine):
    """v₁ = g = 1, v₂ = 0.5·1 + (1 − 0.8)·1."""
    settings = {"lr": 1.0, "momentum": 0.5, "dampening": 0.8}
    assert one_step(engine, "SGD", 1.0, **settings) == pytest.approx(-1)
    assert one_step(engine, "SGD", 1.0, 1.0, **settings) == pytest.approx(-1.7)


def test_adams_eps_is_outside_the_root_and_after_the_bias_correction(engine):
    """m̂ = g = 2 and √v̂ = 2: the step is 2/(2 + eps)."""
    assert one_step(engine, "Adam", 2.0, lr=1.0, eps=0.5) == pytest.approx(-2 / 2.5)


def test_rmsprops_eps_is_outside_the_root(engine):
    assert one_step(engine, "RMSprop", 1.0, lr=1.0, alpha=0.99, eps=0.3) == pytest.approx(-1 / 0.4)


def test_adamw_shrinks_the_weight_and_leaves_the_gradient_alone(engine):
    """w = 10 becomes 10·(1 − 0.1·0.5) − 0.1·1; in Adam the decay would only change the direction, by ±0.1."""
    assert one_step(engine, "AdamW", 3.0, start=10.0, lr=0.1, weight_decay=0.5) == pytest.approx(9.4)
    assert one_step(engine, "Adam", 3.0, start=10.0, lr=0.1, weight_decay=0.5) == pytest.approx(9.9)


def test_softplus_returns_x_above_20(engine):
    y = engine.nn.Softplus()(tensor(engine, [19.0, 21.0]))
    assert y[1].item() == 21.0  # the formula would add 7.6e-10
    assert y[0].item() - 19 == pytest.approx(math.log1p(math.exp(-19)), rel=1e-5)


def test_binary_cross_entropy_cuts_each_logarithm_off_at_minus_100(engine):
    losses = engine.nn.BCELoss(reduction="none")(tensor(engine, [0.0, 1.0]), tensor(engine, [1.0, 0.0]))
    assert losses.tolist() == [100, 100]


def test_kl_div_takes_log_probabilities_and_batchmean_is_the_divergence(engine):
    """KL((½, ½) ‖ (¼, ¾)) = ½·ln 2 + ½·ln(2/3)."""
    x, t = tensor(engine, [[0.25, 0.75]]).log(), tensor(engine, [[0.5, 0.5]])
    divergence = engine.nn.KLDivLoss(reduction="batchmean")(x, t)
    assert divergence.item() == pytest.approx(0.5 * math.log(2) + 0.5 * math.log(2 / 3))
    with pytest.warns(UserWarning, match="'batchmean' divides only by the batch size"):
        assert engine.nn.KLDivLoss()(x, t).item() == pytest.approx(divergence.item() / 2)


def test_weighted_cross_entropy_divides_by_the_sum_of_the_weights(engine):
    """Losses ln 2 with weights 1 and 3: the mean is ln 2, not (1 + 3)·ln 2/2."""
    loss = engine.nn.CrossEntropyLoss(weight=tensor(engine, [1, 3]))
    assert loss(engine.zeros(2, 2).double(), engine.tensor([0, 1])).item() == pytest.approx(math.log(2))


def test_hubers_loss_is_delta_times_smooth_l1(engine):
    x, t = tensor(engine, [0.5, 4]), tensor(engine, [0.0, 0])
    assert engine.nn.HuberLoss(reduction="none", delta=2.0)(x, t).tolist() == pytest.approx([0.125, 6])
    assert engine.nn.SmoothL1Loss(reduction="none", beta=2.0)(x, t).tolist() == pytest.approx([0.0625, 3])


def test_the_row_padding_idx_starts_at_0_and_is_not_learned(engine):
    table = engine.nn.Embedding(3, 2, padding_idx=1)
    assert table.weight[1].tolist() == [0, 0]
    table(engine.tensor([2, 1, 0, 1, 2])).sum().backward()
    assert table.weight.grad.tolist() == [[1, 1], [0, 0], [2, 2]]  # row 2 was taken twice


def test_dropout_divides_what_is_kept_by_its_probability(engine):
    engine.manual_seed(0)
    y = engine.nn.Dropout(0.25)(engine.ones(4000))
    assert sorted(set(y.tolist())) == pytest.approx([0, 4 / 3])
    assert (y == 0).double().mean().item() == pytest.approx(0.25, abs=0.03)


def test_channel_dropout_drops_whole_channels(engine):
    engine.manual_seed(0)
    for layer, shape in (("Dropout1d", (50, 8, 5)), ("Dropout2d", (50, 8, 5, 2))):
        y = getattr(engine.nn, layer)(0.5)(engine.ones(*shape)).reshape(400, -1)
        assert bool((y == y[:, :1]).all())
        assert (y[:, 0] == 0).double().mean().item() == pytest.approx(0.5, abs=0.1)
