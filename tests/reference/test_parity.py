"""Every module equals torch's: outputs, gradients, buffers, names, shapes and repr."""

import pytest

from tests.reference.parity import Case, assert_parity, fixed, real, whole

MODULES = [
    Case("Linear", lambda e: e.nn.Linear(4, 3), real(5, 4)),
    Case("Linear without bias", lambda e: e.nn.Linear(4, 3, bias=False), real(5, 4)),
    Case("Linear of one sample", lambda e: e.nn.Linear(4, 3), real(4)),
    Case("Linear of a sequence", lambda e: e.nn.Linear(4, 3), real(5, 2, 4)),
    Case("Linear of four axes", lambda e: e.nn.Linear(4, 3), real(5, 2, 6, 4)),
    Case("Linear of no sample", lambda e: e.nn.Linear(4, 3), real(0, 4)),
    Case("Identity", lambda e: e.nn.Identity(54, unused=True), real(5, 4)),
    Case("Flatten", lambda e: e.nn.Flatten(), real(5, 2, 3, 4)),
    Case("Flatten of inner axes", lambda e: e.nn.Flatten(start_dim=1, end_dim=2), real(5, 2, 3, 4)),
    Case("Flatten of all axes", lambda e: e.nn.Flatten(0), real(5, 2, 3)),
    Case("Tanh", lambda e: e.nn.Tanh(), real(5, 4)),
    Case("Tanh far out", lambda e: e.nn.Tanh(), fixed([-800.0, -20.0, 0.0, 20.0, 800.0])),
    Case("Sigmoid", lambda e: e.nn.Sigmoid(), real(5, 4)),
    Case("Sigmoid far out", lambda e: e.nn.Sigmoid(), fixed([-800.0, -40.0, 0.0, 40.0, 800.0])),
    Case("ReLU", lambda e: e.nn.ReLU(), real(5, 4)),
    Case("ReLU at its corner", lambda e: e.nn.ReLU(), fixed([-1.0, -0.0, 0.0, 1.0])),
    Case("Softmax", lambda e: e.nn.Softmax(dim=1), real(5, 4, 3)),
    Case("Softmax of the last axis", lambda e: e.nn.Softmax(-1), real(5, 4, 3)),
    Case("Softmax of huge numbers", lambda e: e.nn.Softmax(0), fixed([1000.0, -1000.0, 999.0])),
    Case("LogSoftmax", lambda e: e.nn.LogSoftmax(dim=0), real(5, 4)),
    Case("LogSoftmax of huge numbers", lambda e: e.nn.LogSoftmax(0), fixed([1000.0, -1000.0, 999.0])),
    Case("Dropout in evaluation", lambda e: e.nn.Dropout(0.3), real(5, 4), train=False),
    Case("Dropout of nothing", lambda e: e.nn.Dropout(p=0.0), real(5, 4)),
    Case("Dropout of everything", lambda e: e.nn.Dropout(p=1.0), real(5, 4)),
]

CONTAINERS = [
    Case("Sequential", lambda e: e.nn.Sequential(e.nn.Linear(4, 3), e.nn.Tanh(), e.nn.Linear(3, 2)), real(5, 4)),
    Case("Sequential of nothing", lambda e: e.nn.Sequential(), real(5, 4)),
    Case("Sequential in Sequential",
         lambda e: e.nn.Sequential(e.nn.Sequential(e.nn.Linear(4, 3), e.nn.ReLU()), e.nn.Linear(3, 2)), real(5, 4)),
    Case("a shared layer", lambda e: e.nn.Sequential(*[e.nn.Linear(4, 4)] * 2, e.nn.Sigmoid()), real(5, 4)),
    Case("ModuleList", lambda e: _skip(e)(), real(5, 4)),
]  # fmt: skip


def _skip(engine):
    """A network with a ModuleList, a parameter and buffers of its own, and a skip connection."""

    class Skip(engine.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = engine.nn.ModuleList([engine.nn.Linear(4, 4), engine.nn.Linear(4, 4, bias=False)])
            self.scale = engine.nn.Parameter(engine.ones(4))
            self.register_buffer("offset", engine.zeros(4))
            self.register_buffer("scratch", engine.zeros(4), persistent=False)

        def forward(self, input):
            for layer in self.layers:
                input = input + self.scale * layer(input).tanh()
            return input - self.offset * self.scratch, input.mean(0)

    return Skip


CLASSES = whole(5, below=4)  # class numbers of 5 samples
SOME_IGNORED = fixed([2, -100, 0, -100, 3])
CHANCES = real(5, 4, low=0.05, high=0.95)


def _losses(reduction: str) -> list[Case]:
    def case(name, build, *inputs):
        return Case(f"{name}, {reduction}", build, *inputs)

    return [
        case("MSELoss", lambda e: e.nn.MSELoss(reduction=reduction), real(5, 4), real(5, 4)),
        case("L1Loss", lambda e: e.nn.L1Loss(reduction=reduction), real(5, 4), real(5, 4)),
        case("L1Loss at its corner", lambda e: e.nn.L1Loss(reduction=reduction), fixed([1.0, 2.0]), fixed([1.0, 5.0])),
        case("BCELoss", lambda e: e.nn.BCELoss(reduction=reduction), CHANCES, CHANCES),
        case("BCELoss, weight", lambda e: e.nn.BCELoss(e.ones(4), reduction=reduction), CHANCES, CHANCES),
        case("BCELoss at 0 and 1", lambda e: e.nn.BCELoss(reduction=reduction),
             fixed([0.0, 1.0, 0.0, 1.0]), fixed([0.0, 1.0, 1.0, 0.0], grad=False)),
        case("BCEWithLogits", lambda e: e.nn.BCEWithLogitsLoss(reduction=reduction), real(5, 4), CHANCES),
        case("BCEWithLogits far out", lambda e: e.nn.BCEWithLogitsLoss(reduction=reduction),
             fixed([-800.0, -30.0, 0.0, 30.0, 800.0]), fixed([1.0, 0.0, 0.3, 1.0, 0.0])),
        case("BCEWithLogits, weight", lambda e: e.nn.BCEWithLogitsLoss(e.ones(4), reduction=reduction),
             real(5, 4), CHANCES),
        case("BCEWithLogits, pos_weight", lambda e: e.nn.BCEWithLogitsLoss(pos_weight=e.ones(4), reduction=reduction),
             real(5, 4), CHANCES),
        case("BCEWithLogits, both weights",
             lambda e: e.nn.BCEWithLogitsLoss(e.ones(5, 1), reduction=reduction, pos_weight=e.ones(4)),
             real(5, 4), CHANCES),
        case("BCEWithLogits, pos_weight, far out",
             lambda e: e.nn.BCEWithLogitsLoss(pos_weight=e.ones(1), reduction=reduction),
             fixed([-800.0, -30.0, 30.0, 800.0]), fixed([1.0, 0.0, 1.0, 0.0])),
        case("NLLLoss", lambda e: e.nn.NLLLoss(reduction=reduction), real(5, 4), CLASSES),
        case("NLLLoss, weight", lambda e: e.nn.NLLLoss(weight=e.ones(4), reduction=reduction), real(5, 4), CLASSES),
        case("NLLLoss, ignored", lambda e: e.nn.NLLLoss(e.ones(4), reduction=reduction), real(5, 4), SOME_IGNORED),
        case("NLLLoss, ignore_index", lambda e: e.nn.NLLLoss(ignore_index=2, reduction=reduction),
             real(5, 4), fixed([2, 1, 0, 2, 3])),
        case("NLLLoss of pictures", lambda e: e.nn.NLLLoss(e.ones(4), reduction=reduction),
             real(5, 4, 3, 2), whole(5, 3, 2, below=4)),
        case("NLLLoss of one sample", lambda e: e.nn.NLLLoss(reduction=reduction), real(4), fixed(2)),
        *_cross_entropies(case, reduction),
    ]  # fmt: skip


def _cross_entropies(case, reduction: str) -> list[Case]:
    options = {
        "": lambda e: {},
        ", weight": lambda e: {"weight": e.ones(4)},
        ", smoothing": lambda e: {"label_smoothing": 0.2},
        ", weight and smoothing": lambda e: {"weight": e.ones(4), "label_smoothing": 0.2},
    }
    targets = {
        "classes": (real(5, 4), CLASSES),
        "ignored": (real(5, 4), SOME_IGNORED),
        "one sample": (real(4), fixed(3)),
        "pictures": (real(5, 4, 3, 2), whole(5, 3, 2, below=4)),
        "probabilities": (real(5, 4), CHANCES),
        "probabilities of one sample": (real(4), real(4, low=0, high=1)),
        "probabilities of pictures": (real(5, 4, 3, 2), real(5, 4, 3, 2, low=0, high=1)),
        "huge logits": (fixed([[1000.0, -1000.0, 999.0, 0.0]]), fixed([1])),
    }
    return [
        case(f"CrossEntropy, {target}{option}",
             lambda e, make=make: e.nn.CrossEntropyLoss(**make(e), reduction=reduction), *inputs)
        for option, make in options.items()
        for target, inputs in targets.items()
    ]  # fmt: skip


LOSSES = [case for reduction in ("mean", "sum", "none") for case in _losses(reduction)]


@pytest.mark.parametrize("case", [*MODULES, *CONTAINERS, *LOSSES], ids=str)
def test_module_equals_torch(case):
    assert_parity(case)


def test_mean_over_nothing_is_nan_on_both_engines():
    ignored = fixed([-100, -100])
    assert_parity(Case("all ignored", lambda e: e.nn.CrossEntropyLoss(), real(2, 4, grad=False), ignored))
