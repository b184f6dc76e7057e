"""The statements of random programs. Each function draws one from what the scene holds; None if nothing suits.

In a template {a} is the tensor it is about, {b} a number or tensor that fits, {new} the name of the result. Numbers are
multiples of 1/4, so that most results are exact.
"""

import math

import torch

from tests.reference.programs import templates
from tests.reference.programs.operands import (
    NUMBERS,
    alike,
    any_kernel,
    anything,
    changeable,
    computed,
    exact,
    has_axes,
    index,
    labels,
    mask,
    partner,
    target,
    unpromised,
    value,
)

REALS = ["1.0", "2.0", "-1.0", "0.5", "0.0", "-0.5", "3.0", "-2.0", "1.5", "0.25"]
WHOLE = ["1", "2", "0", "-1", "3", "5"]
SHAPES = [(3,), (2, 3), (2,), (), (3, 2), (2, 2), (1, 3), (2, 1), (1,), (2, 2, 2), (0,), (3, 3)]


def create(s):
    """a = e.tensor([[1.0, 2.0], [0.5, 0.0]], requires_grad=True)"""
    shape = s.pick(SHAPES)
    form = s.pick(["real"] * 6 + ["whole", "whole", "bool", "double", "filled", "filled", "parameter"])
    if form == "filled":
        return f"{s.fresh()} = {s.pick(templates.FILLED).format(shape)}"
    numbers = {"whole": WHOLE, "bool": ["True", "False"]}.get(form, REALS)
    data = _nested([s.pick(numbers) for _ in range(math.prod(shape))], shape)
    if form in ("whole", "bool"):
        return f"{s.fresh()} = e.tensor({data})"
    if form == "parameter":
        return f"{s.fresh()} = e.nn.Parameter(e.tensor({data}))"
    dtype = ", dtype=e.float64" if form == "double" else ""
    return f"{s.fresh()} = e.tensor({data}{dtype}{s.pick([', requires_grad=True', ', requires_grad=True', ''])})"


def binary(s):
    """c = a * b"""
    sign = s.pick(["*", "+", "-", "/", "**", "@", "%", "//", "<", ">=", "==", "&", "*", "-"])
    wanted = exact if sign in ("%", "//", "<", ">=", "==") else anything
    a = s.tensor(lambda t: wanted(t) and (sign != "&" or t.dtype == torch.bool))
    b = partner(s, a, wanted)
    if not wanted(s[a]) or (b not in NUMBERS and not wanted(s[b])) or (sign == "**" and _truth(s, a, b)):
        return None
    if b in NUMBERS and s.chance(3) and (sign, b) != ("**", "True"):  # whose gradient is an internal error of torch
        a, b = b, a
    return f"{s.fresh()} = {a} {sign} {b}"


def result(s):
    """b = a * 2, which may be changed in place"""
    return _filled(s, s.pick(templates.RESULTS), s.tensor(lambda t: t.requires_grad))


def method(s):
    """c = a.exp()"""
    jumps = s.chance(4)
    wanted = exact if jumps else anything
    a = s.tensor(wanted)
    call = s.pick(templates.JUMPS if jumps else templates.METHODS)
    text = _filled(s, f"{{new}} = {{a}}.{call}", a, wanted) if wanted(s[a]) else None
    others = [name for name in s.names() if text and f"({name})" in text]
    return None if call.startswith("pow") and _truth(s, a, *others) else text


def reduction(s):
    """c = a.sum(dim=0)"""
    extreme = s.chance(3)
    a = s.tensor(lambda t: has_axes(t) and (not extreme or exact(t)))
    call = s.pick(templates.EXTREMES if extreme else templates.REDUCTIONS)
    if (extreme and not exact(s[a])) or not any_kernel(s[a]):
        return None
    dim, keep = s.pick(["0", "-1", "1", "(0, 1)"]), s.pick(["", ", keepdim=True"])
    name = "v" if call in ("item()", "tolist()") else s.fresh()
    return f"{name} = {a}.{call.format(d=dim, k=keep)}"


def view(s):
    """c = a.view(6)"""
    a = s.tensor()
    shape, n = tuple(s[a].shape), s[a].numel()
    call = s.pick(templates.VIEWS if len(shape) < 2 or s.chance(2) else templates.MATRIX_VIEWS)
    sizes, axes = ", ".join(map(str, shape)) or "1", ", ".join(map(str, reversed(range(len(shape)))))
    call = call.format(n=n, e=sizes, s=sizes, r=axes)
    return f"{s.fresh()} = {a}.{call}"


def read(s):
    """c = a[1:, 0]"""
    a = s.tensor(has_axes)
    return f"{s.fresh()} = {a}[{index(s, s[a])}]"


def write(s):
    """a[1:, 0] = b"""
    wanted = anything if s.chance(8) or not torch.is_grad_enabled() else changeable
    wanted = computed if s.chance(2) and s.names(computed) else wanted
    a = s.tensor(lambda t: has_axes(t) and wanted(t))
    key = index(s, s[a], distinct=True)
    try:
        place = eval(f"t[{key}]", {**s.space, "t": s[a]}).detach()
    except Exception:
        return f"{a}[{key}] = 1.0" if s.chance(4) else None
    if 0 in s[a].stride() and set(key) - set("0123456789:-., None"):
        return None  # places of repeated memory by lists: which write wins is left open
    sign, b = s.pick(["=", "=", "=", "+=", "*=", "-=", "/="]), value(s, place)
    return None if unpromised(s, b, s[a]) else f"{a}[{key}] {sign} {b}"


def operator(s):
    """a += b"""
    a, sign = target(s), s.pick(["+=", "*=", "-=", "/=", "**=", "%=", "//=", "+=", "*="])
    b = "2" if sign == "**=" else value(s, s[a])
    if sign in ("%=", "//=") and not (exact(s[a]) and (b in NUMBERS or exact(s[b]))):
        return None
    return None if b != a and unpromised(s, b, s[a]) else f"{a} {sign} {b}"


def in_place(s):
    """a.mul_(2)"""
    a = target(s)
    b = value(s, s[a])
    call = s.pick(templates.IN_PLACE)
    if ("{b}" in call and b != a and unpromised(s, b, s[a])) or (call == "copy_({b})" and b in NUMBERS):
        return None
    return f"{a}.{call.format(b=b, mask=mask(s, a))}"


def flag(s):
    """a.requires_grad_()"""
    return _filled(s, s.pick(templates.FLAGS), s.tensor())


def unrecorded(s):
    """with e.no_grad(): a -= 0.5 * a.grad"""
    with_gradient = s.names(lambda t: t.grad is not None)
    if with_gradient and s.chance(2):
        inner = _filled(s, s.pick(templates.STEPS), s.pick(with_gradient))
    else:
        with torch.no_grad():
            inner = s.pick([operator, in_place, write, view, read, binary, flag, operator, in_place])(s)
    return inner and s.pick(templates.WITHOUT).replace("{0}", inner)


def _replaced(s, text: str | None, a: str) -> str | None:
    """The statement; None if it gives a view, or a tensor of another shape or type, to a.data."""
    if text and f"{a}.data = " in text:
        try:
            with torch.no_grad():
                new = eval(text.split(".data = ")[1], dict(s.space))
        except Exception:
            return None
        fits = new.shape == s[a].shape and new.dtype == s[a].dtype and s[a].is_leaf and s[a]._base is None
        return text if fits or s.chance(12) else None
    return text


def gradient(s):
    """a.grad.zero_()"""
    held = s.names(lambda t: t.grad is not None)
    if not held and not s.chance(4):
        return None
    if not held:
        return _filled(s, s.pick(["{a}.grad.zero_()", "{a}.grad = {same}", "{a}.grad = e.ones_like({a})"]), s.tensor())
    a = s.pick(held)
    return _replaced(s, _filled(s, s.pick(templates.GRADIENTS), a), a)


def data(s):
    """a.data *= 2"""
    a = s.tensor()
    b = value(s, s[a])
    text = _filled(s, s.pick(templates.DATA).replace("{b}", b), a)
    return None if unpromised(s, b, s[a]) else _replaced(s, text, a)


def function(s):
    """c = e.cat([a, b])"""
    call = s.pick(templates.FUNCTIONS)
    a = s.tensor(exact if "round" in call else any_kernel)
    return _filled(s, f"{{new}} = {call}", a) if any_kernel(s[a]) else None


def layer(s):
    """layer = e.nn.Linear(3, 2), or a use of it"""
    if "layer" not in s.space:
        return f"layer = {s.pick(templates.MODULES).format(n=s.pick([3, 2]))}"
    size = s.space["layer"].weight.shape[-1]
    a = s.tensor(lambda t: t.dim() > 0 and t.dtype == torch.float32 and t.shape[-1] == size)
    return _replaced(s, _filled(s, s.pick(templates.LAYERS), a), "layer.weight")


def optimizer(s):
    """opt = e.optim.SGD([a], lr=0.5), then opt.step()"""
    if "opt" in s.space:
        text = "opt.step()" if s.chance(2) else s.pick(templates.SETTINGS)
        results = s.names(computed)
        return text.replace("{loss}", f"({s.pick(results)} ** 2).sum()") if results else "opt.step()"
    leaves = s.names(lambda t: t.requires_grad and t.is_leaf)
    parameters = [f"[{name}]" for name in leaves] + ["layer.parameters()"] * 3 * ("layer" in s.space)
    return f"opt = e.optim.{s.pick(templates.OPTIMIZERS).format(s.pick(parameters))}" if parameters else None


def everyday(s):
    """a[0], a[-1] = a[-1], a[0], and what else learners write"""
    short = s.chance(5)
    a = s.tensor(lambda t: exact(t) and (short or (has_axes(t) and (not s.chance(2) or computed(t)))))
    if not exact(s[a]):
        return None
    return _filled(s, s.pick(templates.SHORT if short else templates.EVERYDAY), a, apart=True)


def loop(s):
    """for i in range(3):\n    a[i] = b * i"""
    a = s.tensor(lambda t: has_axes(t) and (computed if s.chance(2) else changeable)(t))
    text = s.pick(templates.LOOPS).replace("{n}", str(len(s[a]) if has_axes(s[a]) else 2))
    new, b, other = s.fresh(), value(s, s[a]), s.tensor()
    if ("{b}" in text and unpromised(s, b, s[a])) or ("{other}" in text and unpromised(s, other, s[a])):
        return None
    return text.format(a=a, b=b, other=other, new=new)


def backward(s):
    """(c * c).sum().backward()"""
    needs = lambda t: t.requires_grad  # noqa: E731
    if not s.names(needs) and not s.chance(12):
        return None
    a = s.pick((not s.chance(8) and s.names(computed)) or s.names(needs) or s.names())
    option = s.pick(["", "", "retain_graph=True"])
    loss = s.pick(templates.LOSSES).format(a=a, also=s.tensor(needs))
    if s[a].numel() == 1 and s.chance(2):
        return f"{a}.backward({option})"
    if s.chance(6):
        return f"{a}.backward(e.ones_like({a}){option and ', ' + option})"
    return f"{loss}.backward({option})"


THEMES = {
    "values": {binary: 5, method: 4, reduction: 4, function: 5, read: 2, view: 1, operator: 1, create: 1, backward: 2,
               everyday: 4},
    "in place": {result: 3, operator: 4, in_place: 4, write: 6, view: 5, read: 4, binary: 2, method: 1, unrecorded: 2,
                 everyday: 5, loop: 2, backward: 2, flag: 1, data: 1},
    "graph": {result: 2, backward: 5, unrecorded: 4, gradient: 4, data: 2, flag: 3, binary: 4, view: 2, read: 1,
              write: 2, operator: 2, in_place: 2, method: 3, create: 1, everyday: 2},
    "learning": {layer: 6, optimizer: 6, backward: 5, unrecorded: 2, gradient: 2, binary: 2, write: 1, function: 2,
                 method: 1, in_place: 1, data: 1, view: 1},
}  # fmt: skip
OPENINGS = {"learning": [layer, optimizer]}
ALL = {maker: sum(theme.get(maker, 0) for theme in THEMES.values()) for theme in THEMES.values() for maker in theme}
KINDS = {"in place": {operator, in_place, write, loop, data}, "view": {view, read}, "backward": {backward}}


def _nested(numbers: list, shape: tuple) -> str:
    if not shape:
        return numbers[0]
    step = math.prod(shape[1:])
    return f"[{', '.join(_nested(numbers[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0]))}]"


def _truth(s, *names) -> bool:
    """Whether one holds truth values, whose powers torch refuses in some forms and in some on the way back."""
    return any(name == "True" or (name not in NUMBERS and s[name].dtype == torch.bool) for name in names)


def _filled(s, template: str, a: str, wanted=anything, apart: bool = False) -> str | None:
    """The template with a, and whatever else it names drawn to fit a; None if there is no such thing. apart: the
    others share no memory with a, which is written to."""
    fits = {
        "b": lambda: partner(s, a, wanted),
        "same": lambda: alike(s, a),
        "other": s.tensor,
        "mask": lambda: mask(s, a),
        "labels": lambda: labels(s, a),
        "new": s.fresh,
    }
    given = {name: draw() for name, draw in fits.items() if f"{{{name}}}" in template}
    others = [name for slot, name in given.items() if slot in ("b", "same", "other")]
    if None in given.values() or (apart and any(unpromised(s, other, s[a]) for other in others)):
        return None
    return template.format(a=a, **given)
