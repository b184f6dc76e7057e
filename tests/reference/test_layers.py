"""Convolution, pooling, normalisation, embedding and recurrent layers: gradients without torch, drawn shapes, words."""

import threading

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlcourse import reference
from dlcourse.reference import autograd
from dlcourse.reference.autograd import gradcheck
from tests.reference.parity import Case, assert_parity, function, real

nn, F = reference.nn, reference.nn.functional


def draw(*shape, seed=0):
    """Numbers that are all different, so that no maximum is a tie and no corner is near."""
    values = np.random.default_rng(seed).permutation(int(np.prod(shape))).reshape(shape)
    return reference.tensor((values - values.mean() + 0.3) / max(values.max(), 1), requires_grad=True)


GRADIENTS = {
    "conv1d": (lambda x, w, b: F.conv1d(x, w, b, 2, 1, 2, 2), (2, 4, 8), (6, 2, 3), (6,)),
    "conv2d": (lambda x, w, b: F.conv2d(x, w, b, (2, 1), (1, 2), 2), (2, 2, 5, 4), (3, 2, 2, 3), (3,)),
    "max_pool2d": (lambda x: F.max_pool2d(x, 2, 1, 1), (2, 2, 3, 4)),
    "avg_pool2d": (lambda x: F.avg_pool2d(x, 3, 2, 1, True, False), (2, 2, 4, 5)),
    "adaptive_avg_pool2d": (lambda x: F.adaptive_avg_pool2d(x, (2, 3)), (2, 2, 5, 4)),
    "batch_norm": (lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True), (5, 3), (3,), (3,)),
    "layer_norm": (lambda x, w, b: F.layer_norm(x, (3, 2), w, b), (2, 3, 2), (3, 2), (3, 2)),
    "embedding": (lambda w: F.embedding(reference.tensor([[0, 2], [2, 1]]), w), (4, 3)),
    "leaky_relu, elu": (lambda x: F.leaky_relu(x, 0.2) * F.elu(x, 0.7), (3, 4)),
    "gelu": (lambda x: F.gelu(x) + F.gelu(x, approximate="tanh") ** 2, (3, 4)),
    "silu, logsigmoid": (lambda x: F.silu(x) * F.logsigmoid(x), (3, 4)),
    "huber, smooth l1": (lambda x, t: F.huber_loss(x, t, delta=0.4) * F.smooth_l1_loss(x, t, beta=0.2), (3, 4), (3, 4)),
    "kl_div": (lambda x, t: F.kl_div(x, t.exp(), reduction="sum"), (3, 4), (3, 4)),
}  # fmt: skip


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_agree_with_differences(name):
    compute, *shapes = GRADIENTS[name]
    assert gradcheck(compute, [draw(*shape, seed=i) for i, shape in enumerate(shapes)])


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_gradients_through_time_agree_with_differences(kind):
    layer = getattr(nn, kind)(2, 3, num_layers=2, bidirectional=True).double()
    states = tuple(draw(4, 2, 3, seed=i) for i in range(2 if kind == "LSTM" else 1))

    def run(x, *rest):
        """Input, first states and weights in; output and last states out."""
        for name, value in zip([n for n, _ in layer.named_parameters()], rest[len(states) :], strict=True):
            layer._parameters[name] = value
        output, last = layer(x, rest[: len(states)] if kind == "LSTM" else rest[0])
        return [output, *last] if kind == "LSTM" else [output, last]

    weights = [draw(*parameter.shape, seed=5) for parameter in layer.parameters()]
    assert gradcheck(run, [draw(3, 2, 2), *states, *weights])


SIZE, AXES = st.integers(1, 4), st.sampled_from([1, 2])


@settings(max_examples=60, deadline=None)
@given(st.data(), AXES)
def test_convolution_of_any_shape_equals_torchs(data, axes):
    per_axis = st.tuples(*[SIZE] * axes)
    kernel, stride, dilation, padding = (data.draw(per_axis) for _ in range(4))
    groups, each, out, n = (data.draw(SIZE) for _ in range(4))
    sizes = data.draw(st.tuples(*[st.integers(1, 9)] * axes))
    fits = zip(sizes, padding, dilation, kernel, strict=True)
    assume(all(s + 2 * p >= d * (k - 1) + 1 for s, p, d, k in fits))

    def compute(e, x, w, b):
        return getattr(e.nn.functional, f"conv{axes}d")(x, w, b, stride, padding, dilation, groups)

    inputs = real(n, groups * each, *sizes), real(groups * out, each, *kernel), real(groups * out)
    assert_parity(function(f"conv {kernel} {stride} {dilation} {padding} {sizes}", compute, *inputs))


@settings(max_examples=60, deadline=None)
@given(st.data(), AXES, st.sampled_from(["max", "avg"]))
def test_pooling_of_any_shape_equals_torchs(data, axes, kind):
    per_axis = st.tuples(*[SIZE] * axes)
    kernel, stride = data.draw(per_axis), data.draw(per_axis)
    padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
    sizes = data.draw(st.tuples(*[st.integers(1, 9)] * axes))
    assume(all(s + 2 * p >= k for s, p, k in zip(sizes, padding, kernel, strict=True)))
    options = {"ceil_mode": data.draw(st.booleans())}
    if kind == "avg":
        options["count_include_pad"] = data.draw(st.booleans())

    def compute(e, x):
        return getattr(e.nn.functional, f"{kind}_pool{axes}d")(x, kernel, stride, padding, **options)

    assert_parity(function(f"{kind} {kernel} {stride} {padding} {sizes} {options}", compute, real(2, 3, *sizes)))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(1, 15))
def test_adaptive_pooling_to_any_size_equals_torchs(size, wanted):
    assert_parity(Case(f"{size} to {wanted}", lambda e: e.nn.AdaptiveAvgPool1d(wanted), real(2, 3, size)))


def test_the_result_does_not_depend_on_the_layout_of_the_input():
    """A view in another memory order gives the same numbers."""
    conv, x = nn.Conv2d(2, 3, 3), reference.randn(2, 5, 6, 4)
    turned = x.permute(3, 0, 1, 2)
    copied = reference.tensor(np.ascontiguousarray(turned.numpy()))
    assert reference.equal(conv(turned), conv(copied))


def test_two_threads_do_not_disturb_each_other():
    """The columns of a convolution are kept in memory that every thread has for itself."""
    x, w = reference.randn(8, 4, 20, 20), reference.randn(8, 4, 5, 5)
    wanted = F.conv2d(x, w).numpy().copy()
    wrong = []

    def work(scale):
        for _ in range(60):
            if not np.array_equal(F.conv2d(x * scale, w).numpy(), wanted * scale):
                wrong.append(scale)

    threads = [threading.Thread(target=work, args=(scale,)) for scale in (1.0, 2.0, 4.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_graph_can_be_walked_twice():
    """retain_graph: no kept value is overwritten by backward."""
    x = reference.randn(2, 3, 6, 6).requires_grad_()
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.MaxPool2d(2), nn.Flatten(1, 2), nn.LSTM(2, 5))
    parts = [*model.parameters(), x]
    y = model(x)[0]
    grads = []
    for _ in range(2):
        y.backward(reference.ones_like(y), retain_graph=True)
        grads.append([part.grad for part in parts])
        for part in parts:
            part.grad = None
    assert all(reference.equal(first, second) for first, second in zip(*grads, strict=True))


def zeros(*shape):
    return reference.zeros(*shape)


WORDS = [
    (lambda: nn.Conv2d(3, 8, 3)(zeros(8, 1, 28, 28)),
     ValueError, r"Conv2d: input must have shape \(N, 3, H, W\), or \(3, H, W\) for one sample, because in_channels=3; "
                 r"got \(8, 1, 28, 28\)"),
    (lambda: nn.Conv1d(3, 8, 3)(zeros(3)), ValueError, r"Conv1d: input must have shape \(N, 3, L\).*got \(3,\)"),
    (lambda: nn.Conv2d(3, 8, 3)(zeros(1, 3, 2, 9)), RuntimeError, r"Conv2d: the window must fit.*input of \(2, 9\)"),
    (lambda: nn.Conv2d(3, 8, 3).double()(zeros(1, 3, 9, 9)),
     RuntimeError, r"Conv2d: input and weight must have the same dtype.*float32 != torch.float64; convert the input"),
    (lambda: nn.Conv2d(3, 8, 3)(reference.tensor(np.zeros((1, 3, 9, 9), int))), RuntimeError, "int64"),
    (lambda: nn.Conv2d(3, 8, 3, groups=2), ValueError, "must be divisible by groups; got 3, 8 and groups=2"),
    (lambda: nn.Conv2d(3, 8, 3, groups=0), ValueError, "groups=0"),
    (lambda: nn.Conv2d(3, 8, 3, padding="some"), ValueError, "Invalid padding string 'some'"),
    (lambda: nn.Conv2d(3, 8, 3, stride=2, padding="same"), ValueError, "padding='same' is not supported for strided"),
    (lambda: nn.Conv2d(3, 8, (3, 3, 3)), RuntimeError, r"a list of 2 values; got \(3, 3, 3\)"),
    (lambda: nn.MaxPool2d(2)(zeros(5, 5)), ValueError, r"MaxPool2d: input must have shape \(N, C, H, W\), or"),
    (lambda: nn.MaxPool2d(2, padding=2)(zeros(1, 1, 5, 5)), RuntimeError, "pad should be at most half of effec"),
    (lambda: nn.MaxPool1d(9)(zeros(1, 1, 5)), RuntimeError, r"MaxPool1d: the window must fit into the input.*\(5,\)"),
    (lambda: nn.Conv1d(3, 8, 2, padding=-1)(zeros(1, 3, 5)), RuntimeError, "and padding at least 0; got"),
    (lambda: nn.AvgPool2d(2, stride=0)(zeros(1, 1, 5, 5)), RuntimeError, "stride and dilation must be at least 1"),
    (lambda: F.avg_pool2d(zeros(1, 1, 5, 5), 2, divisor_override=0), RuntimeError, "divisor must be not zero"),
    (lambda: nn.AdaptiveAvgPool2d(2)(zeros(4, 4)), ValueError, r"AdaptiveAvgPool2d: input must have shape.*\(4, 4\)"),
    (lambda: nn.BatchNorm1d(3)(zeros(4, 5)),
     ValueError, r"BatchNorm1d: input must have shape \(N, 3\) or \(N, 3, L\) because num_features=3; got \(4, 5\)"),
    (lambda: nn.BatchNorm2d(3)(zeros(4, 3)), ValueError, r"BatchNorm2d: input must have shape \(N, 3, H, W\)"),
    (lambda: nn.BatchNorm1d(3)(zeros(1, 3)), ValueError, "Expected more than 1 value per channel when training"),
    (lambda: nn.BatchNorm1d(3, eps=0)(zeros(2, 3)), ValueError, "eps must be positive during training"),
    (lambda: F.batch_norm(zeros(2, 3), None, None), RuntimeError, "expected running_mean and running_var"),
    (lambda: nn.LayerNorm((3, 4))(zeros(2, 4, 3)), RuntimeError, r"LayerNorm: input must have shape \(…, 3, 4\)"),
    (lambda: nn.Embedding(5, 2)(reference.tensor([5])), IndexError, "the table has rows 0 to 4; got 5 to 5"),
    (lambda: nn.Embedding(5, 2)(zeros(2)), RuntimeError, "embedding: input must hold whole numbers.*use .long()"),
    (lambda: nn.Embedding(5, 2, padding_idx=5), ValueError, "padding_idx must be within num_embeddings=5; got 5"),
    (lambda: nn.Unflatten(1, (2, 2))(zeros(3, 6)), RuntimeError, r"must be 6, the size of axis 1; got \(2, 2\)"),
    (lambda: nn.Dropout2d(1.5), ValueError, "dropout probability has to be between 0 and 1, but got 1.5"),
    (lambda: F.gelu(zeros(2), approximate="fast"), RuntimeError, "either none or tanh; got 'fast'"),
    (lambda: nn.LSTM(3, 4)(zeros(5, 2, 4)),
     ValueError, r"LSTM: input must have shape \(L, N, 3\), or \(L, 3\) for one sequence, because input_size=3; got"),
    (lambda: nn.GRU(3, 4, batch_first=True)(zeros(4)), ValueError, r"GRU: input must have shape \(N, L, 3\)"),
    (lambda: nn.RNN(3, 4)(zeros(0, 2, 3)), RuntimeError, "RNN: expected sequence length to be larger than 0"),
    (lambda: nn.RNN(3, 4)(zeros(5, 2, 3), zeros(1, 3, 4)),
     ValueError, r"RNN: the state h must have shape \(1, 2, 4\); got \(1, 3, 4\)"),
    (lambda: nn.LSTM(3, 4)(zeros(5, 2, 3), zeros(1, 2, 4)), TypeError, r"must be a pair \(h, c\) of Tensors; got Te"),
    (lambda: nn.LSTM(3, 4)(zeros(5, 2, 3), (zeros(1, 2, 4), zeros(1, 2, 5))), ValueError, "the state c must have"),
    (lambda: nn.LSTM(3, 4).double()(zeros(5, 2, 3)), RuntimeError, "LSTM: input and weight must have the same dtype"),
    (lambda: nn.GRU(3, 4)(zeros(5, 2, 3), zeros(1, 2, 4).double()), RuntimeError, "the state h and weight must have"),
    (lambda: nn.RNN(3, 4, nonlinearity="elu"), ValueError, "Unknown nonlinearity 'elu'"),
    (lambda: nn.RNNCell(3, 4, nonlinearity="elu"), ValueError, "Unknown nonlinearity 'elu'"),
    (lambda: nn.GRU(3, 0), ValueError, "GRU: hidden_size must be a whole number from 1; got 0"),
    (lambda: nn.GRU(3, 4, 0), ValueError, "GRU: num_layers must be a whole number from 1; got 0"),
    (lambda: nn.GRU(3, 4, 2, dropout=2), ValueError, r"dropout should be a number in range \[0, 1\]"),
    (lambda: nn.LSTMCell(3, 4)(zeros(2, 5)), ValueError, r"LSTMCell: input must have shape \(N, 3\), or \(3,\)"),
    (lambda: nn.GRUCell(3, 4)(zeros(2, 3), zeros(3, 4)), ValueError, r"GRUCell: the state h must have shape \(2, 4\)"),
    (lambda: F.huber_loss(zeros(2), zeros(2), delta=0), RuntimeError, "non-positive values for delta; got 0"),
    (lambda: F.smooth_l1_loss(zeros(2), zeros(2), beta=-1), RuntimeError, "negative values for beta; got -1"),
    (lambda: F.smooth_l1_loss(zeros(2), zeros(3)), ValueError, "smooth_l1_loss: input and target must have the same"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "words"), WORDS, ids=[words[:40] for _, _, words in WORDS])
def test_an_error_says_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_dropout_in_a_single_recurrent_layer_is_warned_of():
    for engine in (reference, torch):
        with pytest.warns(UserWarning, match="non-zero dropout expects num_layers greater than 1"):
            engine.nn.GRU(3, 4, dropout=0.5)


def test_dropout_acts_between_layers_in_training_only():
    reference.manual_seed(0)
    layer, x = nn.GRU(3, 4, num_layers=2, dropout=0.5), reference.randn(5, 2, 3)
    assert not reference.equal(layer(x)[0], layer(x)[0])
    layer.eval()
    assert reference.equal(layer(x)[0], layer(x)[0])


KEEP_FLOAT32 = {
    "Conv1d": (lambda: nn.Conv1d(4, 4, 3, padding="same"), (2, 4, 6)),
    "pooling": (lambda: nn.Sequential(nn.MaxPool1d(2, 1), nn.AvgPool1d(2, 1, 1), nn.AdaptiveAvgPool1d(2)), (2, 4, 6)),
    "normalisation": (lambda: nn.Sequential(nn.BatchNorm1d(4), nn.LayerNorm(6)), (2, 4, 6)),
    "activations": (lambda: nn.Sequential(nn.ELU(), nn.GELU(), nn.GELU("tanh"), nn.SiLU(), nn.LeakyReLU()), (2, 4)),
    "Softplus, LogSigmoid": (lambda: nn.Sequential(nn.Softplus(), nn.LogSigmoid(), nn.Dropout(0.5)), (2, 4)),
    "RNNCell": (lambda: nn.RNNCell(4, 3), (2, 4)),
    "LSTM": (lambda: nn.Sequential(nn.LSTM(4, 3), First(), nn.Linear(3, 2)), (5, 2, 4)),
    "GRU": (lambda: nn.Sequential(nn.GRU(4, 3, num_layers=2, dropout=0.5), First()), (5, 2, 4)),
}  # fmt: skip


class First(nn.Module):
    def forward(self, pair):
        return pair[0]


@pytest.mark.parametrize("name", KEEP_FLOAT32)
def test_float32_stays_float32(name, monkeypatch):
    """A constant of another type inside a formula would make everything after it float64, and slow."""
    build, shape = KEEP_FLOAT32[name]
    model, x = build(), reference.randn(*shape).requires_grad_()
    output = model(x)
    assert output.dtype is reference.float32
    arrived = set()  # before `.grad` takes the type of its tensor
    monkeypatch.setattr(autograd, "_accumulate", lambda tensor, grad: arrived.add(grad.dtype))
    output.backward(reference.ones_like(output))
    assert arrived == {np.dtype(np.float32)}


# -- a table of known vectors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("freeze", [True, False])
def test_known_vectors_are_held_as_torch_holds_them(freeze):
    told = []
    for engine in (reference, torch):
        engine.manual_seed(3)
        vectors = engine.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
        table = engine.nn.Embedding.from_pretrained(vectors, freeze, padding_idx=-1)
        y = table(engine.tensor([1, 2, 1]))
        if not freeze:
            y.sum().backward()
        grad = table.weight.grad
        vectors[0] = 7.0  # the memory is shared
        told.append([repr(table), table.weight.requires_grad, y.tolist(), table.weight.tolist(), table.padding_idx,
                     list(table.state_dict()), table.num_embeddings, table.embedding_dim,
                     None if grad is None else grad.tolist(), engine.randn(3).tolist()])  # fmt: skip
        assert type(table.weight) is engine.nn.Parameter
    assert told[0][:-1] == told[1][:-1]
    assert told[0][-1] == pytest.approx(told[1][-1])  # no random number was used


@pytest.mark.parametrize(
    ("vectors", "error", "words"),
    [
        ([[1.0]], TypeError, "Embedding.from_pretrained: argument 'embeddings' must be Tensor, not list"),
        (reference.ones(3), ValueError, r"must have shape \(num_embeddings, embedding_dim\); got \(3,\)"),
    ],
)
def test_vectors_that_make_no_table(vectors, error, words):
    with pytest.raises(error, match=words):
        nn.Embedding.from_pretrained(vectors)


# -- settings by name --------------------------------------------------------------------------------------------------

LOSSES = ["MSELoss", "L1Loss", "SmoothL1Loss", "KLDivLoss"]


@pytest.mark.parametrize("name", LOSSES)
def test_a_reduction_by_position_is_refused_in_words(name):
    words = rf"{name}: give settings by name, as in reduction='mean'; PyTorch takes 'mean' at this place for its old"
    with pytest.raises(TypeError, match=words):
        getattr(nn, name)("mean")
    assert getattr(nn, name)(reduction="sum").reduction == "sum"


@pytest.mark.parametrize("name", ["BCELoss", "BCEWithLogitsLoss", "NLLLoss", "CrossEntropyLoss"])
def test_a_reduction_after_the_weight_is_refused_in_words(name):
    with pytest.raises(TypeError, match=rf"{name}: give settings by name, as in reduction='sum'; PyTorch takes False"):
        getattr(nn, name)(None, False)


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "smooth_l1_loss", "kl_div"])
def test_a_function_refuses_a_reduction_by_position(name):
    with pytest.raises(TypeError, match=rf"{name}: give settings by name, as in reduction='none'"):
        getattr(F, name)(reference.ones(2), reference.ones(2), "none")
