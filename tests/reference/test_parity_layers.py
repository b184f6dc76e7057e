"""Parity with torch: convolution, pooling, normalisation, embedding, recurrent layers, activations, further losses."""

import pytest
import torch

from tests.reference.parity import Case, assert_parity, fixed, function, real, whole


def conv(name, *sizes, **options):
    layer = f"Conv{len(sizes) - 2}d"
    return Case(f"{layer} {name}", lambda e: getattr(e.nn, layer)(4, 6, **{"kernel_size": 3} | options), real(*sizes))


CONVOLUTIONS = [
    conv("plain", 3, 4, 9),
    Case("Conv1d one sample", lambda e: e.nn.Conv1d(4, 6, 3), real(4, 9)),
    conv("stride 2", 3, 4, 9, stride=2),
    conv("stride beyond kernel", 3, 4, 11, stride=5),
    conv("padding 2", 3, 4, 9, padding=2),
    conv("same, even kernel", 3, 4, 9, kernel_size=4, padding="same"),
    conv("same, dilated", 3, 4, 9, kernel_size=3, padding="same", dilation=2),
    conv("valid", 3, 4, 9, padding="valid"),
    conv("dilation 3", 3, 4, 11, dilation=3),
    conv("groups 2", 3, 4, 9, groups=2),
    conv("no bias", 3, 4, 9, bias=False),
    conv("everything", 3, 4, 17, kernel_size=4, stride=3, padding=5, dilation=2, groups=2),
    conv("kernel 1", 3, 4, 9, kernel_size=1),
    conv("plain", 3, 4, 7, 9),
    Case("Conv2d one sample", lambda e: e.nn.Conv2d(4, 6, 3), real(4, 7, 9)),
    conv("stride (2, 3)", 3, 4, 7, 9, stride=(2, 3)),
    conv("padding (2, 1)", 3, 4, 7, 9, padding=(2, 1)),
    conv("kernel (2, 5)", 3, 4, 7, 9, kernel_size=(2, 5)),
    conv("same, kernel (2, 5), dilation (3, 1)", 3, 4, 7, 9, kernel_size=(2, 5), padding="same", dilation=(3, 1)),
    conv("dilation (2, 3)", 3, 4, 7, 9, dilation=(2, 3)),
    conv("groups 2", 3, 4, 7, 9, groups=2),
    conv("no bias", 3, 4, 7, 9, bias=False),
    conv("rows left over", 3, 4, 8, 10, stride=4),
    conv("everything", 2, 4, 13, 16, kernel_size=(2, 3), stride=(3, 2), padding=(1, 4), dilation=(2, 3), groups=2),
    conv("whole image", 3, 4, 3, 3),
    conv("no sample", 0, 4, 7, 9),
    Case("Conv2d depthwise", lambda e: e.nn.Conv2d(4, 8, 3, groups=4), real(3, 4, 7, 9)),
    function("conv1d", lambda e, x, w: e.nn.functional.conv1d(x, w, stride=2), real(2, 3, 8), real(5, 3, 2)),
    function("conv2d", lambda e, *t: e.nn.functional.conv2d(*t), real(2, 3, 6, 8), real(5, 3, 2, 4), real(5)),
]  # fmt: skip


def pool(layer, *args, shape=None, **options):
    name = f"{layer} {args} {options} {shape or ''}"
    shape = shape or ((3, 4, 11) if "1d" in layer else (2, 3, 8, 11))
    return Case(name, lambda e: getattr(e.nn, layer)(*args, **options), real(*shape))


POOLS = [
    *(
        pool(f"{kind}Pool{d}", *args, **options)
        for kind in ("Max", "Avg")
        for d in ("1d", "2d")
        for args, options in [
            ((3,), {}),
            ((2, 1), {}),
            ((2, 4), {}),
            ((4, 3, 2), {}),
            ((3, 2), {"ceil_mode": True}),
            ((4, 3, 2), {"ceil_mode": True}),
            ((2, 5, 1), {"ceil_mode": True}),
            ((1, 3), {"ceil_mode": True}),
        ]
    ),
    pool("MaxPool1d", 3, shape=(4, 11)),
    pool("MaxPool2d", 2, shape=(3, 8, 11)),
    pool("MaxPool1d", 3, 2, 1, 2),
    pool("MaxPool2d", (2, 3), (1, 2), (1, 0), (3, 1)),
    pool("MaxPool2d", 3, 3, 1, 2, ceil_mode=True),
    pool("MaxPool2d", 2, shape=(0, 3, 8, 11)),
    pool("AvgPool1d", 3, shape=(4, 11)),
    pool("AvgPool2d", (2, 3), (1, 2), (1, 0), shape=(3, 8, 11)),
    pool("AvgPool1d", 4, 3, 2, count_include_pad=False),
    pool("AvgPool1d", 4, 3, 2, ceil_mode=True, count_include_pad=False),
    pool("AvgPool2d", (3, 4), 2, (1, 2), count_include_pad=False),
    pool("AvgPool2d", (3, 4), (2, 3), 1, ceil_mode=True, count_include_pad=False),
    pool("AvgPool2d", 3, divisor_override=5),
    pool("AdaptiveAvgPool1d", 4),
    pool("AdaptiveAvgPool1d", 1),
    pool("AdaptiveAvgPool1d", 11),
    pool("AdaptiveAvgPool1d", 15),
    pool("AdaptiveAvgPool1d", 3, shape=(4, 11)),
    pool("AdaptiveAvgPool2d", 1),
    pool("AdaptiveAvgPool2d", (3, 5)),
    pool("AdaptiveAvgPool2d", (None, 7)),
    pool("AdaptiveAvgPool2d", 4, shape=(3, 8, 11)),
    Case("MaxPool1d ties", lambda e: e.nn.MaxPool1d(3, 2, 1), fixed([[[1.0, 1, 1, 0, 0, 1, 1, 0, 0]]])),
    Case("MaxPool2d ties", lambda e: e.nn.MaxPool2d(2, 1), fixed([[[[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]]])),
    Case("MaxPool1d inf", lambda e: e.nn.MaxPool1d(2), fixed([[[1.0, float("-inf"), float("inf"), 2.0]]])),
    function(
        "max_pool1d nan", lambda e, x: e.nn.functional.max_pool1d(x, 2), fixed([[[1.0, float("nan"), 2, 3]]], False)
    ),
    Case("AvgPool1d inf", lambda e: e.nn.AvgPool1d(2), fixed([[[1.0, float("inf"), 3.0, 2.0]]])),
    Case("AdaptiveAvgPool1d inf", lambda e: e.nn.AdaptiveAvgPool1d(2), fixed([[[1.0, float("inf"), 3, 2]]])),
]

NORMALIZATIONS = [
    Case("BatchNorm1d", lambda e: e.nn.BatchNorm1d(4), real(5, 4)),
    Case("BatchNorm1d of sequences", lambda e: e.nn.BatchNorm1d(4), real(5, 4, 3)),
    Case("BatchNorm2d", lambda e: e.nn.BatchNorm2d(4), real(5, 4, 2, 3)),
    Case("BatchNorm2d one image", lambda e: e.nn.BatchNorm2d(4), real(1, 4, 2, 3)),
    Case("BatchNorm1d momentum, eps", lambda e: e.nn.BatchNorm1d(4, eps=0.1, momentum=0.7), real(5, 4)),
    Case("BatchNorm1d plain mean", lambda e: e.nn.BatchNorm1d(4, momentum=None), real(5, 4)),
    Case("BatchNorm1d not affine", lambda e: e.nn.BatchNorm1d(4, affine=False), real(5, 4)),
    Case("BatchNorm1d no bias", lambda e: e.nn.BatchNorm1d(4, bias=False), real(5, 4)),
    Case("BatchNorm2d not tracked", lambda e: e.nn.BatchNorm2d(4, track_running_stats=False), real(5, 4, 2, 3)),
    Case("BatchNorm2d large numbers", lambda e: e.nn.BatchNorm2d(4), real(5, 4, 2, 3, low=1e4, high=1.1e4)),
    Case("BatchNorm1d equal numbers", lambda e: e.nn.BatchNorm1d(2), fixed([[1.0, 2], [1, 2], [1, 2]])),
    Case("LayerNorm", lambda e: e.nn.LayerNorm(4), real(5, 3, 4)),
    Case("LayerNorm of a vector", lambda e: e.nn.LayerNorm(4), real(4)),
    Case("LayerNorm two axes", lambda e: e.nn.LayerNorm((3, 4), eps=0.1), real(5, 3, 4)),
    Case("LayerNorm not affine", lambda e: e.nn.LayerNorm([4], elementwise_affine=False), real(5, 4)),
    Case("LayerNorm no bias", lambda e: e.nn.LayerNorm(4, bias=False), real(5, 4)),
    Case("LayerNorm no sample", lambda e: e.nn.LayerNorm(4), real(0, 4)),
    function(
        "batch_norm in training",
        lambda e, x, w: e.nn.functional.batch_norm(x, None, None, w, training=True),
        real(5, 4), real(4),
    ),
    function(
        "batch_norm in evaluation",
        lambda e, x, m, v: e.nn.functional.batch_norm(x, m, v, eps=0.01),
        real(5, 4, 3), real(4, grad=False), real(4, low=0.1, grad=False),
    ),
    function("layer_norm", lambda e, x, w, b: e.nn.functional.layer_norm(x, (4,), w, b), real(5, 4), real(4), real(4)),
]  # fmt: skip

TABLES = [
    Case("Embedding", lambda e: e.nn.Embedding(5, 3), whole(4, 6, below=5)),
    Case("Embedding one row", lambda e: e.nn.Embedding(5, 3), fixed(2)),
    Case("Embedding padding_idx", lambda e: e.nn.Embedding(5, 3, padding_idx=2), whole(4, 6, below=5)),
    Case("Embedding negative padding_idx", lambda e: e.nn.Embedding(5, 3, padding_idx=-1), whole(4, 6, below=5)),
    Case("Unflatten", lambda e: e.nn.Unflatten(1, (2, 3)), real(4, 6, 5)),
    Case("Unflatten one unknown", lambda e: e.nn.Unflatten(-1, (2, -1)), real(4, 6)),
    Case("Dropout1d", lambda e: e.nn.Dropout1d(0.3), real(4, 6, 5), train=False),
    Case("Dropout2d", lambda e: e.nn.Dropout2d(0.3), real(4, 6, 5, 2), train=False),
]


def recurrent(kind, name, *shape, state=(), **options):
    """state: the shape of the first h (and c)."""
    first = () if not state else ((real(*state), real(*state)),) if kind == "LSTM" else (real(*state),)
    return Case(f"{kind} {name}", lambda e: getattr(e.nn, kind)(3, 4, **options), real(*shape), *first)


RECURRENT = [
    case
    for kind in ("RNN", "LSTM", "GRU")
    for case in [
        recurrent(kind, "plain", 5, 2, 3),
        recurrent(kind, "one step", 1, 2, 3),
        recurrent(kind, "one sequence", 5, 3),
        recurrent(kind, "one sequence, first state", 5, 3, state=(1, 4)),
        recurrent(kind, "first state", 5, 2, 3, state=(1, 2, 4)),
        recurrent(kind, "no bias", 5, 2, 3, bias=False),
        recurrent(kind, "batch first", 2, 5, 3, batch_first=True, state=(1, 2, 4)),
        recurrent(kind, "two layers", 5, 2, 3, num_layers=2, state=(2, 2, 4)),
        recurrent(kind, "two directions", 5, 2, 3, bidirectional=True, state=(2, 2, 4)),
        recurrent(kind, "everything", 2, 5, 3, num_layers=3, bidirectional=True, batch_first=True, state=(6, 2, 4)),
        recurrent(kind, "everything, one sequence", 5, 3, num_layers=2, bidirectional=True, state=(4, 4), bias=False),
        Case(f"{kind} dropout", lambda e, k=kind: getattr(e.nn, k)(3, 4, 2, dropout=0.5), real(5, 2, 3), train=False),
        Case(f"{kind} large numbers", lambda e, k=kind: getattr(e.nn, k)(3, 4), real(5, 2, 3, low=-1e4, high=1e4)),
        recurrent(f"{kind}Cell", "plain", 2, 3),
        recurrent(f"{kind}Cell", "no bias", 2, 3, bias=False),
        recurrent(f"{kind}Cell", "one sample", 3),
    ]
]
RECURRENT += [
    recurrent("RNN", "relu", 5, 2, 3, nonlinearity="relu", num_layers=2, bidirectional=True, state=(4, 2, 4)),
    recurrent("RNNCell", "relu", 2, 3, nonlinearity="relu", state=(2, 4)),
    recurrent("RNNCell", "state", 2, 3, state=(2, 4)),
    recurrent("GRUCell", "state", 2, 3, state=(2, 4)),
    recurrent("GRUCell", "state, one sample", 3, state=(4,)),
    Case("LSTMCell state", lambda e: e.nn.LSTMCell(3, 4), real(2, 3), (real(2, 4), real(2, 4))),
    Case("LSTMCell state, one sample", lambda e: e.nn.LSTMCell(3, 4), real(3), (real(4), real(4))),
]

INF = float("inf")
EXTREME = fixed([-INF, -1e4, -800, -40.0, -20, -1, -1e-9, 0, 1e-9, 1, 20, 40, 800, 1e4, INF])
ORDINARY = real(4, 3)


def activation(name, *args, extreme=EXTREME, **options):
    def build(e):
        return getattr(e.nn, name)(*args, **options)

    inputs = {"": ORDINARY, "extreme": extreme, "empty": real(0, 3)}
    return [Case(f"{name} {args} {options} {kind}", build, values) for kind, values in inputs.items()]


FINITE = fixed([-1e4, -800, -40.0, -20, -1, -1e-9, 0, 1e-9, 1, 20, 40, 800, 1e4])
ACTIVATIONS = [
    *activation("LeakyReLU"),
    *activation("LeakyReLU", 0.2),
    *activation("ELU"),
    *activation("ELU", 0.5),
    *activation("GELU", extreme=FINITE),
    *activation("GELU", approximate="tanh", extreme=FINITE),
    *activation("SiLU", extreme=FINITE),
    *activation("Softplus"),
    *activation("Softplus", 2.0, 10.0),
    *activation("LogSigmoid"),
    function("leaky_relu", lambda e, x: e.nn.functional.leaky_relu(x, 0.3), ORDINARY),
    function("elu", lambda e, x: e.nn.functional.elu(x, 2.0), ORDINARY),
    function("gelu", lambda e, x: e.nn.functional.gelu(x, approximate="tanh"), ORDINARY),
    function("silu", lambda e, x: e.nn.functional.silu(x), ORDINARY),
    function("logsigmoid", lambda e, x: e.nn.functional.logsigmoid(x), ORDINARY),
]


def loss(name, low=-2.0, high=2.0, target_low=-2.0, **options):
    text = f"{name} {options}"
    inputs = real(4, 3, low=low, high=high), real(4, 3, low=target_low)
    return Case(text, lambda e: getattr(e.nn, name)(**options), *inputs)


LOSSES = [
    *(
        loss(name, reduction=reduction, **options)
        for name, options in [
            ("HuberLoss", {}),
            ("HuberLoss", {"delta": 0.4}),
            ("SmoothL1Loss", {}),
            ("SmoothL1Loss", {"beta": 0.4}),
            ("SmoothL1Loss", {"beta": 0.0}),
            ("KLDivLoss", {"target_low": 0.1}),
            ("KLDivLoss", {"log_target": True}),
        ]
        for reduction in ("mean", "sum", "none")
    ),
    loss("KLDivLoss", reduction="batchmean", target_low=0.1),
    loss("KLDivLoss", reduction="batchmean", log_target=True),
    Case("KLDivLoss of target 0", lambda e: e.nn.KLDivLoss(reduction="sum"), real(3), fixed([0.0, 0.4, 0.6], False)),
    Case("HuberLoss at the corner", lambda e: e.nn.HuberLoss(), fixed([1.0, -1, 0, 2]), fixed([0.0, 0, 0, 0], False)),
    function(
        "huber_loss weight",
        lambda e, x, t, w: e.nn.functional.huber_loss(x, t, weight=w, reduction="sum"),
        real(4, 3), real(4, 3), real(4, 3, low=0, grad=False),
    ),
    function("smooth_l1_loss", lambda e, x, t: e.nn.functional.smooth_l1_loss(x, t, beta=0.7), real(4, 3), real(4, 3)),
    function(
        "kl_div", lambda e, x, t: e.nn.functional.kl_div(x, t, reduction="batchmean"), real(4, 3), real(4, 3, low=0.1)
    ),
]  # fmt: skip

CASES = [*CONVOLUTIONS, *POOLS, *NORMALIZATIONS, *TABLES, *RECURRENT, *ACTIVATIONS, *LOSSES]


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("case", CASES, ids=str)
def test_parity(case):
    assert_parity(case)


def test_every_layer_of_these_files_is_in_the_table():
    from dlcourse.reference import nn
    from dlcourse.reference.nn import cell, convolution, dropout, normalization, pooling, recurrent, sparse

    files = {file.__name__ for file in (cell, convolution, dropout, normalization, pooling, recurrent, sparse)}
    public = {name for name in nn.__all__ if getattr(getattr(nn, name), "__module__", None) in files}
    named = {str(case).split()[0] for case in CASES}
    assert public - named == {"Dropout"}  # which test_parity.py holds
    assert all(hasattr(torch.nn, name) for name in public)
