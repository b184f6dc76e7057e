"""Lists and dicts of modules and of parameters change as torch's do: their parts, names, order and text."""

import pytest
import torch

from dlcourse import reference

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])


def layers(engine, *sizes):
    """Layers that can be told apart by their sizes."""
    return [engine.nn.Linear(size, 1) for size in sizes]


def described(value):
    """What can be compared between the engines."""
    if isinstance(value, (reference.nn.Module, torch.nn.Module)):
        return type(value).__name__, repr(value), list(value.state_dict()), [n for n, _ in value.named_parameters()]
    if isinstance(value, (reference.Tensor, torch.Tensor)):
        return value.tolist()
    return [described(part) for part in value] if isinstance(value, (list, tuple)) else value


def of_lists(kind: str) -> dict:
    """Scenes of Sequential and ModuleList: a container of parts of sizes 2, 3, 4, 5 and what is done with it."""

    def scene(change):
        def play(engine):
            parts = layers(engine, 2, 3, 4, 5)
            container = getattr(engine.nn, kind)(*([parts] if kind == "ModuleList" else parts))
            result = change(engine, container)
            return [container, len(container), list(container), result]

        return play

    new = lambda e: layers(e, 9)[0]  # noqa: E731
    return {
        f"{kind}: {name}": scene(change)
        for name, change in {
            "places": lambda e, c: [c[0], c[-1], c[1]],
            "slices": lambda e, c: [c[1:3], c[-2:], c[:0], c[::2], c[::-1]],
            "append": lambda e, c: c.append(new(e)) is c,
            "extend": lambda e, c: c.extend(layers(e, 7, 8)) is c,
            "extended by itself": lambda e, c: len(c.extend(list(c))),
            "insert": lambda e, c: [c.insert(1, new(e)), None][1],
            "insert at the end": lambda e, c: [c.insert(4, new(e)), None][1],
            "set": lambda e, c: c.__setitem__(1, new(e)),
            "set from the end": lambda e, c: c.__setitem__(-1, new(e)),
            "delete": lambda e, c: c.__delitem__(1),
            "delete from the end": lambda e, c: c.__delitem__(-1),
            "delete a slice": lambda e, c: c.__delitem__(slice(0, 3, 2)),
            "delete nothing": lambda e, c: c.__delitem__(slice(3, 3)),
            "pop": lambda e, c: [c.pop(1), c.pop(-1)],
            "sum": lambda e, c: c + type(c)(*([layers(e, 7)] if kind == "ModuleList" else layers(e, 7))),
            "the same part twice": lambda e, c: c.append(c[0]),
        }.items()
    }


def named(engine):
    return engine.nn.ModuleDict({"b": layers(engine, 2)[0], "a": layers(engine, 3)[0]})


def tables(engine):
    return [engine.ones(2, 3), engine.nn.Parameter(engine.zeros(4)), engine.ones(1, dtype=engine.float64)]


def replaced(engine, name, make):
    """A dict of parts with one replaced."""
    container = make(engine)
    container[name] = (
        engine.nn.Parameter(engine.ones(7)) if "Parameter" in type(container).__name__ else engine.nn.Tanh()
    )
    return container


def grown(container):
    """A list in another module, grown by +=."""
    container += list(container)
    return container


def plist(engine):
    return engine.nn.ParameterList(tables(engine))


def pdict(engine):
    return engine.nn.ParameterDict({"b": tables(engine)[0], "a": tables(engine)[1]})


SCENES = of_lists("Sequential") | of_lists("ModuleList") | {
    "ModuleDict": lambda e: [named(e), len(named(e)), list(named(e)), list(named(e).values()), "b" in named(e)],
    "ModuleDict: pairs": lambda e: e.nn.ModuleDict(list(named(e).items())),
    "ModuleDict: items": lambda e: [list(pair) for pair in named(e).items()],
    "ModuleDict: replaced in place": lambda e: replaced(e, "b", named),
    "ModuleDict: new": lambda e: replaced(e, "c", named),
    "ModuleDict: updated": lambda e: (m := named(e), m.update({"b": e.nn.ReLU(), "c": named(e)}))[0],
    "ModuleDict: pop": lambda e: (m := named(e), m.pop("b")),
    "ModuleDict: delete": lambda e: (m := named(e), m.__delitem__("b"))[0],
    "ModuleDict: clear": lambda e: (m := named(e), m.clear())[0],
    "ModuleDict: empty": lambda e: e.nn.ModuleDict(),
    "ParameterList": lambda e: [plist(e), len(plist(e)), list(plist(e)), plist(e)[-1], plist(e)[:2]],
    "ParameterList: of one": lambda e: e.nn.ParameterList([e.ones(2)]),
    "ParameterList: empty": lambda e: e.nn.ParameterList(),
    "ParameterList: in a module": lambda e: e.nn.Sequential(plist(e), e.nn.Tanh()),
    "ParameterList: append": lambda e: plist(e).append(e.zeros(1, 1)),
    "ParameterList: extend": lambda e: plist(e).extend(tables(e)),
    "ParameterList: +=": lambda e: grown(plist(e)),
    "ParameterList: set": lambda e: (p := plist(e), p.__setitem__(1, e.ones(9)))[0],
    "ModuleList: +=": lambda e: grown(e.nn.ModuleList(layers(e, 2, 3))),
    "ParameterDict": lambda e: [pdict(e), list(pdict(e)), list(pdict(e).values()), pdict(e)["a"]],
    "ParameterDict: pairs": lambda e: e.nn.ParameterDict([("b", e.ones(2)), ("a", e.ones(3))]),
    "ParameterDict: replaced in place": lambda e: replaced(e, "a", pdict),
    "ParameterDict: pop": lambda e: (p := pdict(e), p.pop("a")),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_scene_goes_as_with_torch(name):
    assert described(SCENES[name](reference)) == described(SCENES[name](torch))


@ENGINES
def test_what_is_put_in_is_the_very_same_part(engine):
    first, second, third = layers(engine, 2, 3, 4)
    for container in (engine.nn.Sequential(first, second), engine.nn.ModuleList([first, second])):
        container[0] = third
        container.insert(1, first)
        assert list(container) == [third, first, second]
        assert container[1:][0] is first
    table = engine.nn.Parameter(engine.ones(2))
    assert engine.nn.ParameterList([table])[0] is table


@ENGINES
def test_a_slice_of_named_parts_keeps_the_names_and_runs(engine):
    model = engine.nn.Sequential()
    for name, layer in zip("abc", layers(engine, 1, 1, 1), strict=True):
        model.add_module(name, layer)
    assert [name for name, _ in model[1:].named_children()] == ["b", "c"]
    model[0] = engine.nn.Tanh()
    assert [name for name, _ in model.named_children()] == ["a", "b", "c"]
    assert model[:2](engine.ones(4, 1)).shape == (4, 1)


CONTAINER = {
    "Sequential": lambda e: e.nn.Sequential(e.nn.Tanh(), e.nn.ReLU()),
    "ModuleList": lambda e: e.nn.ModuleList([e.nn.Tanh(), e.nn.ReLU()]),
    "ParameterList": lambda e: e.nn.ParameterList([e.ones(1), e.ones(2)]),
}


@ENGINES
@pytest.mark.parametrize("kind", CONTAINER)
@pytest.mark.parametrize("index", [2, -3])
def test_a_place_that_is_not_there(engine, kind, index):
    container = CONTAINER[kind](engine)
    with pytest.raises(IndexError, match=f"index {index} is out of range"):
        container[index]
    with pytest.raises(IndexError, match=f"index {index} is out of range"):
        container[index] = container[0]
    if kind != "ParameterList":
        with pytest.raises(IndexError, match=f"index {index} is out of range"):
            del container[index]


@ENGINES
@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda e: CONTAINER["Sequential"](e).insert(3, e.nn.Tanh()), IndexError, "Index out of range: 3"),
        (lambda e: CONTAINER["Sequential"](e).append(3), TypeError, "int is not a Module subclass"),
        (lambda e: CONTAINER["ModuleList"](e).extend(3), TypeError, "ModuleList.extend .* iterable, but got int"),
        (lambda e: CONTAINER["ModuleList"](e).__setitem__(0, 3), TypeError, "cannot assign '?int"),
        (lambda e: CONTAINER["ParameterList"](e).extend(e.ones(2)), TypeError, "iterable, but got Tensor"),
        (lambda e: named(e)["z"], KeyError, "z"),
        (lambda e: replaced(e, "keys", named), KeyError, "attribute 'keys' already exists"),
        (lambda e: replaced(e, "a.b", named), KeyError, r'module name can.+t contain "\."'),
        (lambda e: e.nn.ModuleDict(3), TypeError, "ModuleDict.update should be called with .*but got int"),
        (lambda e: e.nn.Module().register_parameter("", None), KeyError, 'parameter name can.+t be empty string ""'),
        (lambda e: e.nn.Linear(1, 1).register_buffer("weight", None), KeyError, "attribute 'weight' already exists"),
        (lambda e: e.nn.Linear(1, 1).add_module("forward", None), KeyError, "attribute 'forward' already exists"),
        (lambda e: e.nn.Module().register_parameter(3, None), TypeError, "parameter name should be a string. Got "),
    ],
)  # fmt: skip
def test_wrong_parts_and_names_are_errors_on_both_engines(engine, call, error, words):
    with pytest.raises(error, match=words):
        call(engine)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda nn: nn.ModuleList([nn.Tanh]), r"type is not a Module subclass; call the class: Tanh\(\)"),
        (lambda nn: nn.ParameterList([[1.0]]), "ParameterList: argument 'values' must be Tensor, not list"),
        (lambda nn: nn.ParameterDict({"a": 1.0}), "ParameterDict: argument 'values' must be Tensor, not float"),
        (lambda nn: nn.Sequential(nn.Tanh()).insert(0, nn.Tanh), "type is not a Module subclass"),
    ],
)
def test_the_words_of_this_engine(call, words):
    with pytest.raises(TypeError, match=words):
        call(reference.nn)
