"""Forward hooks see and change what passes through a module, as torch's do, and can be taken off again."""

import copy

import pytest
import torch

from dlcourse import reference

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])


@ENGINES
def test_a_hook_sees_module_inputs_and_output_until_it_is_removed(engine):
    layer, seen = engine.nn.Linear(2, 1), []
    handle = layer.register_forward_hook(lambda *told: seen.append(told))
    x = engine.ones(3, 2)
    y = layer(x)
    assert len(seen) == 1
    module, inputs, output = seen[0]
    assert module is layer
    assert isinstance(inputs, tuple)
    assert inputs[0] is x
    assert output is y
    handle.remove()
    handle.remove()
    layer(x)
    assert len(seen) == 1


@ENGINES
def test_activations_of_every_layer_are_recorded(engine):
    model, shapes = engine.nn.Sequential(engine.nn.Linear(4, 3), engine.nn.ReLU(), engine.nn.Linear(3, 2)), {}
    for name, part in model.named_children():
        part.register_forward_hook(lambda module, args, output, name=name: shapes.update({name: tuple(output.shape)}))
    model(engine.ones(5, 4))
    assert shapes == {"0": (5, 3), "1": (5, 3), "2": (5, 2)}


@ENGINES
def test_what_hooks_return_replaces_inputs_and_outputs_in_order(engine):
    class Sum(engine.nn.Module):
        def forward(self, x, y=0.0, *, factor=1.0):
            return (x + y) * factor

    module, one = Sum(), engine.ones(1)
    module.register_forward_pre_hook(lambda m, args: args[0] + 1)
    assert module(one).item() == 2
    module.register_forward_pre_hook(lambda m, args: (args[0], args[0]))
    assert module(one).item() == 4
    module.register_forward_pre_hook(lambda m, args: None)
    module.register_forward_hook(lambda m, args, output: None)
    module.register_forward_hook(lambda m, args, output: output * 10 + len(args))
    module.register_forward_hook(lambda m, args, output: output + 0.5)
    assert module(one).item() == 42.5
    assert module(one, factor=2.0).item() == 82.5


@ENGINES
def test_gradients_flow_through_what_a_hook_computes(engine):
    layer, x = engine.nn.Identity(), engine.ones(2, requires_grad=True)
    layer.register_forward_hook(lambda m, args, output: output * 3)
    layer(x).sum().backward()
    assert x.grad.tolist() == [3, 3]


@ENGINES
def test_a_with_block_takes_the_hook_off(engine):
    layer, seen = engine.nn.Tanh(), []
    with layer.register_forward_pre_hook(lambda m, args: seen.append(len(args))):
        layer(engine.ones(1))
    layer(engine.ones(1))
    assert seen == [1]


@ENGINES
def test_a_hook_may_remove_itself(engine):
    layer, seen = engine.nn.Tanh(), []
    handle = layer.register_forward_hook(lambda m, args, output: (seen.append("first"), handle.remove())[1])
    layer.register_forward_hook(lambda m, args, output: seen.append("second"))
    layer(engine.ones(1))
    layer(engine.ones(1))
    assert seen == ["first", "second", "second"]


@ENGINES
def test_hooks_belong_to_one_module_and_to_its_copies(engine):
    hooked, other = engine.nn.Identity(), engine.nn.Identity()
    handle = hooked.register_forward_hook(lambda m, args, output: output + 1)
    twin = copy.deepcopy(hooked)
    assert [module(engine.ones(1)).item() for module in (hooked, other, twin)] == [2, 1, 2]
    handle.remove()
    assert [module(engine.ones(1)).item() for module in (hooked, other, twin)] == [1, 1, 2]


def test_a_hook_must_be_a_function():
    layer = reference.nn.Tanh()
    with pytest.raises(TypeError, match="register_forward_hook: expected a function; got str"):
        layer.register_forward_hook("print")
    with pytest.raises(TypeError, match="register_forward_pre_hook: expected a function; got NoneType"):
        layer.register_forward_pre_hook(None)
