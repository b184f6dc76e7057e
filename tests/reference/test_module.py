"""Modules know their parameters, buffers and parts as torch's do, and save, load and print them alike."""

import copy

import pytest
import torch

from dlcourse import reference
from tests.reference.parity import float64_by_default

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])


def net(engine):
    """A network with a shared part, an absent bias, buffers, and settings that are no tensors."""
    nn = engine.nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(engine.ones(2))
            self.first = nn.Linear(3, 2)
            self.rest = nn.Sequential(nn.Linear(2, 2, bias=False), nn.ModuleList([self.first, nn.Dropout(0.5)]))
            self.register_buffer("count", engine.zeros(1))
            self.register_buffer("scratch", engine.zeros(1), persistent=False)
            self.register_buffer("absent", None)
            self.name = "a setting"

        def forward(self, x):
            return self.first(x) * self.scale

    return Net()


def _names(pairs) -> list[str]:
    return [name for name, _ in pairs]


def test_names_and_their_order_are_torchs():
    ours, theirs = net(reference), net(torch)
    for table in ("named_parameters", "named_buffers", "named_modules", "named_children"):
        assert _names(getattr(ours, table)()) == _names(getattr(theirs, table)())
        if table != "named_children":
            assert _names(getattr(ours, table)(prefix="a")) == _names(getattr(theirs, table)(prefix="a"))
    assert _names(ours.named_parameters(recurse=False)) == ["scale"]
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert len(list(ours.parameters())) == 4
    assert [len(list(m.modules())) for m in (ours, theirs)] == [len(list(ours.modules()))] * 2
    assert len(list(ours.children())) == 2
    assert len(list(ours.buffers())) == 2
    assert repr(ours) == repr(theirs)


@ENGINES
def test_attributes_can_be_replaced(engine):
    module = net(engine)
    module.first = engine.nn.Linear(3, 5)
    module.scale = engine.nn.Parameter(engine.zeros(2))
    module.count = engine.ones(1)
    module.absent = engine.ones(3)
    assert module.first.weight.shape == (5, 3)
    assert module.state_dict()["scale"].tolist() == [0, 0]
    assert module.state_dict()["count"].tolist() == [1]
    assert "absent" in module.state_dict()
    module.first = None
    assert "first.weight" not in _names(module.named_parameters())
    assert "first.weight" not in module.state_dict()
    with pytest.raises(AttributeError, match="'Net' object has no attribute 'missing'"):
        _ = module.missing


@ENGINES
def test_attributes_can_be_deleted(engine):
    module = net(engine)
    del module.scale, module.count, module.first, module.name
    assert list(module.state_dict()) == ["rest.0.weight", "rest.1.0.weight", "rest.1.0.bias"]
    with pytest.raises(AttributeError):
        del module.missing


@ENGINES
def test_a_tensor_that_is_no_parameter_stays_out(engine):
    module = net(engine)
    module.plain = engine.ones(2)
    assert "plain" not in module.state_dict()
    with pytest.raises(TypeError, match=r"cannot assign .* as parameter 'scale'"):
        module.scale = engine.ones(2)


@ENGINES
def test_training_and_evaluation_mode(engine):
    module = net(engine)
    assert all(part.training for part in module.modules())
    assert module.eval() is module
    assert not any(part.training for part in module.modules())
    assert module.train() is module
    module.rest.train(False)
    assert [part.training for part in (module, module.rest, module.first)] == [True, False, False]


@ENGINES
def test_apply_visits_parts_first(engine):
    seen = []
    assert net(engine).apply(lambda part: seen.append(type(part).__name__))
    assert seen == ["Linear", "Linear", "Linear", "Dropout", "ModuleList", "Sequential", "Net"]


@ENGINES
def test_types_of_all_parameters_and_buffers(engine):
    module = net(engine)
    module.register_buffer("steps", engine.tensor(3))
    parameter = module.scale
    assert module.double() is module
    kinds = {name: value.dtype for name, value in module.state_dict().items()}
    assert kinds.pop("steps") == engine.int64
    assert set(kinds.values()) == {engine.float64}
    assert module.scale is parameter
    assert module.float().scale.dtype == engine.float32
    assert module.to(engine.float64).scale.dtype == engine.float64


@ENGINES
def test_gradients_are_forgotten_and_frozen(engine):
    module = net(engine)
    module(engine.ones(4, 3)).sum().backward()
    assert module.rest[0].weight.grad is None
    module.zero_grad(set_to_none=False)
    assert module.scale.grad.tolist() == [0, 0]
    module.zero_grad()
    assert module.scale.grad is None
    assert module.requires_grad_(False) is module
    assert not module(engine.ones(4, 3)).requires_grad
    assert not any(p.requires_grad for p in module.parameters())


@ENGINES
def test_what_is_replaced_keeps_its_place(engine):
    """The order decides in state_dict, in optimizers and in what Sequential computes."""
    nn, module = engine.nn, net(engine)
    before = [list(module.state_dict()), _names(module.named_parameters()), _names(module.named_children())]
    module.scale = module.scale
    module.first.weight = nn.Parameter(module.first.weight)
    module.first = module.first
    module.count = engine.ones(1)
    module.rest[0] = nn.Linear(2, 2, bias=False)
    assert [list(module.state_dict()), _names(module.named_parameters()), _names(module.named_children())] == before
    module.register_buffer("extra", engine.ones(1))
    module.extra = nn.Parameter(engine.ones(1))  # of another kind: a new name in another table
    assert _names(module.named_parameters(recurse=False)) == ["scale", "extra"]
    assert "extra" not in _names(module.named_buffers())
    with pytest.raises(TypeError, match=r"cannot assign .* as parameter 'extra'"):
        module.extra = nn.Tanh()
    module.first = nn.Parameter(engine.ones(1))
    assert _names(module.named_children()) == ["rest"]


@ENGINES
def test_a_buffer_is_saved_again_once_it_is_registered_so(engine):
    module = net(engine)
    module.register_buffer("scratch", engine.ones(1))
    assert "scratch" in module.state_dict()
    module.register_buffer("scratch", engine.ones(1), persistent=False)
    assert "scratch" not in module.state_dict()
    del module.scratch
    module.scratch = engine.nn.Parameter(engine.ones(1))
    assert "scratch" in module.state_dict()


@ENGINES
def test_places_and_types(engine):
    module = engine.nn.Linear(2, 1)
    weight, x = module.weight, engine.ones(1, 2)
    for same in (module.to("cpu"), module.cpu(), module.to(device="cpu"), module.to(x), module.to(x.device)):
        assert same is module
    assert module.to("cpu", engine.float64).weight.dtype == engine.float64
    assert module.to(dtype=engine.float32).weight.dtype == engine.float32
    assert module.to(x.double()).bias.dtype == engine.float64
    assert module.weight is weight


@ENGINES
def test_gradients_change_their_type_with_the_parameters(engine):
    module = engine.nn.Linear(2, 1)
    module(engine.ones(3, 2)).sum().backward()
    grad = module.weight.grad
    assert module.float().weight.grad is grad
    assert module.double().weight.grad.dtype == engine.float64
    assert module.weight.grad.tolist() == [[3, 3]]


@ENGINES
def test_a_copy_is_independent_and_shares_what_was_shared(engine):
    module = net(engine)
    module.plain, module.tied = engine.ones(2), module.scale
    module(engine.ones(4, 3)).sum().backward()
    twin = copy.deepcopy(module)
    assert list(twin.state_dict()) == list(module.state_dict())
    assert twin.tied is twin.scale
    assert twin.rest[1][0] is twin.first
    assert twin.scale is not module.scale
    assert twin.scale.grad is None
    assert module.scale.grad is not None
    with engine.no_grad():
        twin.scale.add_(1)
        twin.plain += 1
        twin.count += 1
    assert [module.scale.tolist(), module.plain.tolist(), module.count.tolist()] == [[1, 1], [1, 1], [0]]
    assert repr(twin) == repr(module)


@ENGINES
def test_buffers_can_be_changed_in_place(engine):
    norm = engine.nn.BatchNorm1d(2)
    mean = norm.running_mean
    norm.running_mean += 1
    with engine.no_grad():
        norm.running_var.mul_(4)
        norm.num_batches_tracked += 5
    assert norm.running_mean is mean
    assert [norm.running_mean.tolist(), norm.running_var.tolist()] == [[1, 1], [4, 4]]
    norm(engine.ones(3, 2))
    assert norm.num_batches_tracked.item() == 6
    assert norm.state_dict()["running_mean"].tolist() == pytest.approx([1, 1])


# -- containers --------------------------------------------------------------------------------------------------------


@ENGINES
def test_sequential_is_a_list_of_parts(engine):
    nn = engine.nn
    parts = [nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)]
    model = nn.Sequential(*parts)
    assert (len(model), model[0], model[-1], list(model)) == (3, parts[0], parts[2], parts)
    assert list(model[1:]) == parts[1:]
    assert type(model[:2]) is nn.Sequential
    named = nn.Sequential({"hidden": parts[0], "out": parts[2]}) if engine is reference else None
    if named is not None:
        assert _names(named.named_children()) == ["hidden", "out"]
        assert named.hidden is parts[0]
    for index in (3, -4):
        with pytest.raises(IndexError, match="out of range"):
            model[index]


@ENGINES
def test_module_list(engine):
    nn = engine.nn
    parts = [nn.Linear(2, 3), nn.Linear(3, 1)]
    listed = nn.ModuleList(parts[:1])
    assert listed.append(parts[1]) is listed
    assert (len(listed), listed[1], listed[-1], list(listed)) == (2, parts[1], parts[1], parts)
    assert list(nn.ModuleList()) == []
    assert _names(listed.named_parameters()) == ["0.weight", "0.bias", "1.weight", "1.bias"]


def test_reprs_are_torchs():
    def build(engine):
        nn = engine.nn
        return [nn.Sequential(), nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Dropout(0.2))),
                nn.ModuleList([nn.Linear(1, 1, bias=False)]), nn.Flatten(1, 2), nn.Softmax(dim=1), nn.Identity(),
                nn.CrossEntropyLoss(), nn.ModuleList(), nn.ModuleList([nn.ReLU(), nn.ReLU(), nn.Tanh()])]  # fmt: skip

    assert list(map(repr, build(reference))) == list(map(repr, build(torch)))


# -- errors ------------------------------------------------------------------------------------------------------------


@ENGINES
def test_what_a_subclass_forgot_is_named(engine):
    class NoForward(engine.nn.Module):
        pass

    class NoInit(engine.nn.Module):
        def __init__(self):
            self.layer = engine.nn.Linear(1, 1)

    with pytest.raises(NotImplementedError, match=r'Module \[NoForward\] is missing the required "forward" function'):
        NoForward()(engine.ones(1))
    with pytest.raises(AttributeError, match=r"cannot assign .* before Module.__init__\(\) call"):
        NoInit()


@ENGINES
@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda e: e.nn.Sequential(e.nn.Tanh), TypeError, "Tanh|type"),
        (lambda e: e.nn.Sequential(e.nn.Tanh(), 3), TypeError, "int"),
        (lambda e: e.nn.ModuleList([3]), TypeError, "int is not a Module subclass"),
        (lambda e: e.nn.Module().add_module("part", 3), TypeError, "int is not a Module subclass"),
        (lambda e: e.nn.Module().register_parameter("w", 3), TypeError, "cannot assign 'int'|'int'"),
        (lambda e: e.nn.Module().register_buffer("w", 3), TypeError, "cannot assign 'int'"),
        (lambda e: e.nn.Module().register_buffer("a.b", e.ones(1)), KeyError, r'buffer name can.+t contain "\."'),
        (lambda e: e.nn.Module().add_module("a.b", e.nn.Tanh()), KeyError, r'module name can.+t contain "\."'),
        (lambda e: e.nn.Linear(2, 1)(e.ones(3, 4)), RuntimeError, "1|4"),
        (lambda e: e.nn.Linear(2, 1).load_state_dict(3), TypeError, "Expected state_dict to be dict-like, got"),
        (lambda e: e.nn.Linear(2.5, 1), TypeError, "float|in_features"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_errors_on_both_engines(engine, call, error, words):
    with pytest.raises(error, match=words):
        call(engine)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda nn: nn.Sequential(nn.Tanh), TypeError, r"Sequential: expected modules; got type at place 0.*Tanh\(\)"),
        (lambda nn: nn.Linear(2, 1)(reference.ones(3, 4)), RuntimeError, r"must have shape \(…, 2\).*got \(3, 4\)"),
        (
            lambda nn: nn.Linear(0.5, 1),
            TypeError,
            r"Linear: in_features and out_features must be whole numbers; got 0\.5 and 1",
        ),
        (lambda nn: nn.Linear(-1, 1), ValueError, "must be whole numbers from 0; got -1 and 1"),
        (
            lambda nn: nn.Linear(2, 1).to("cuda"),
            TypeError,
            "to: expected a dtype such as float64, because .* CPU only; got 'cuda'. To use a GPU",
        ),
        (lambda nn: nn.Linear(2, 1).to(reference.int64), TypeError, "to: expected float32 or float64"),
        (lambda nn: nn.Linear(2, 1)([1.0, 2.0]), TypeError, "linear: argument 'input' must be Tensor, not list"),
    ],
)
def test_the_words_of_this_engine(call, error, words):
    with pytest.raises(error, match=words):
        call(reference.nn)


def test_parameters():
    with float64_by_default():
        assert reference.nn.Parameter().shape == (0,)
        parameter = reference.nn.Parameter(reference.ones(2))
    assert parameter.dtype is reference.float64
    assert parameter.is_leaf
    assert parameter.requires_grad
    assert isinstance(parameter, reference.Tensor)
    assert not reference.nn.Parameter(reference.ones(2), requires_grad=False).requires_grad
