"""Module: a part of a network that knows its parameters, its buffers and its own parts."""

from dlcourse.reference import dtypes
from dlcourse.reference.nn.hooks import Hooks
from dlcourse.reference.nn.parameter import Parameter
from dlcourse.reference.nn.saving import Saving
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.operands import type_wanted

_KINDS = {
    "_parameters": ("parameter", "Parameter"),
    "_buffers": ("buffer", "Tensor"),
    "_modules": ("child module", "Module"),
}


class Module(Hooks, Saving):
    """Base of all layers, losses and networks. A subclass assigns its parameters and parts in __init__ and computes in
    `forward`; calling the module calls it."""

    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def forward(self, *inputs):
        """What the module computes; a subclass writes it."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def __call__(self, *inputs, **options):
        if self._forward_hooks is None:
            return self.forward(*inputs, **options)
        return self._forward_with_hooks(inputs, options)

    # -- registration -----------------------------------------------------------------------------------------------

    def __setattr__(self, name: str, value) -> None:
        table = "_parameters" if isinstance(value, Parameter) else "_modules" if isinstance(value, Module) else None
        if "_parameters" not in self.__dict__:
            if table is None:
                return object.__setattr__(self, name, value)
            raise AttributeError(f"cannot assign {name} before Module.__init__() call")
        if table is None or (table == "_modules" and name in self._parameters):
            for kind, (what, wanted) in _KINDS.items():
                if name in self.__dict__[kind]:
                    if not (value is None or (kind == "_buffers" and isinstance(value, Tensor))):
                        raise TypeError(f"cannot assign '{type(value).__name__}' as {what} '{name}' ({wanted} or None)")
                    self.__dict__[kind][name] = value
                    return None
            return object.__setattr__(self, name, value)
        if name not in self.__dict__[table]:  # what is replaced by its like keeps its place in the order
            self._forget(name)
        self.__dict__[table][name] = value
        return None

    def _forget(self, name: str) -> bool:
        """Take a name out of the table where it is; whether it was in one."""
        self.__dict__.get("_transient", set()).discard(name)
        for place in (*(self.__dict__[table] for table in _KINDS), self.__dict__):
            if name in place:
                del place[name]
                return True
        return False

    def __getattr__(self, name: str):
        for table in _KINDS:
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name: str) -> None:
        if not self._forget(name):
            object.__delattr__(self, name)  # for its words

    def _register(self, kind: str, name: str, value, wanted: type) -> None:
        what = _KINDS[kind][0].removeprefix("child ")
        if kind not in self.__dict__:
            raise AttributeError(f"cannot assign {what} {name!r} before Module.__init__() call")
        if not isinstance(name, str):
            raise TypeError(f"{what} name should be a string. Got {type(name).__name__}")
        if name == "" or "." in name:
            wrong = 'contain "."' if name else 'be empty string ""'
            raise KeyError(f"{what} name can't {wrong}; got {name!r}")
        if name not in self.__dict__[kind] and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")
        if not (value is None or isinstance(value, wanted)):
            if kind == "_modules":
                hint = f"; call the class: {value.__name__}()" if isinstance(value, type) else ""
                raise TypeError(f"{type(value).__name__} is not a Module subclass{hint}")
            raise TypeError(
                f"cannot assign '{type(value).__name__}' object to {what} '{name}' ({_KINDS[kind][1]} or None)"
            )
        self.__dict__[kind][name] = value

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Name a parameter, or say with None that it is absent (bias=False)."""
        self._register("_parameters", name, param, Parameter)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """State that is saved but not learned, such as BatchNorm's running mean. Not persistent: not saved, either."""
        self._register("_buffers", name, tensor, Tensor)
        transient = self.__dict__.setdefault("_transient", set())
        (transient.discard if persistent else transient.add)(name)

    def add_module(self, name: str, module: "Module | None") -> None:
        """Make a module a part of this one, under a name."""
        self._register("_modules", name, module, Module)

    # -- walking ------------------------------------------------------------------------------------------------------

    def named_modules(self, *, prefix: str = ""):
        """This module and all below it, with dotted names, each once."""
        seen, stack = set(), [(prefix, self)]
        while stack:
            name, module = stack.pop()
            if module in seen:
                continue
            seen.add(module)
            yield name, module
            below = [
                (f"{name}.{key}" if name else key, part) for key, part in module._modules.items() if part is not None
            ]
            stack += below[::-1]

    def modules(self):
        """This module and all below it, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self):
        """The parts directly below, each once, by its first name."""
        first = {part: name for name, part in reversed(self._modules.items()) if part is not None}
        return ((name, part) for name, part in self._modules.items() if part is not None and first[part] == name)

    def children(self):
        """The parts directly below."""
        return (part for _, part in self.named_children())

    def named_parameters(self, prefix: str = "", recurse: bool = True):
        """(dotted name, parameter) of this module and, unless recurse is False, of all below it."""
        return self._named("_parameters", prefix, recurse)

    def parameters(self, recurse: bool = True):
        """What is learned: the parameters of this module and of all below it."""
        return (value for _, value in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix: str = "", recurse: bool = True):
        """(dotted name, buffer), as named_parameters."""
        return self._named("_buffers", prefix, recurse)

    def buffers(self, recurse: bool = True):
        """The buffers of this module and of all below it."""
        return (value for _, value in self.named_buffers(recurse=recurse))

    def _named(self, table: str, prefix: str, recurse: bool):
        seen = set()
        for path, module in self.named_modules(prefix=prefix) if recurse else [(prefix, self)]:
            for name, value in module.__dict__[table].items():
                if value is not None and id(value) not in seen:
                    seen.add(id(value))
                    yield (f"{path}.{name}" if path else name), value

    def apply(self, fn):
        """Call fn on every module, parts first."""
        for part in self.children():
            part.apply(fn)
        fn(self)
        return self

    # -- modes and types ----------------------------------------------------------------------------------------------

    def train(self, mode: bool = True):
        """Training mode: Dropout drops, BatchNorm uses the batch."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self):
        """Evaluation mode."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True):
        """Switch the learning of all parameters on or off (freezing)."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad.detach_().zero_()

    def to(self, *args, device=None, dtype: dtypes.dtype | None = None):
        """All real parameters and buffers, with their gradients, as another type: to(float64), to("cpu"),
        to("cpu", float64), or to(tensor), whose type is taken.

        TypeError for another device and for a type that is not real.
        """
        dtype = type_wanted((*args, device), dtype)
        if dtype is None:
            return self
        if not dtype.is_floating_point:
            raise TypeError(f"to: expected float32 or float64, because weights are real numbers; got {dtype!r}.")
        for tensor in [*self.parameters(), *self.buffers()]:
            if tensor.is_floating_point() and tensor.dtype is not dtype:
                tensor._array = tensor._array.astype(dtype.numpy)
                tensor.grad = None if tensor.grad is None else tensor.grad.to(dtype)
        return self

    def cpu(self):
        """The module itself: there is no device but the CPU."""
        return self

    def float(self):
        """All real parameters and buffers as float32."""
        return self.to(dtypes.float32)

    def double(self):
        """All real parameters and buffers as float64."""
        return self.to(dtypes.float64)

    # -- printing -----------------------------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """The settings shown between the parentheses."""
        return ""

    def __repr__(self) -> str:
        parts = [f"({name}): " + repr(part).replace("\n", "\n  ") for name, part in self._modules.items()]
        extra = self.extra_repr().split("\n") if self.extra_repr() else []
        if not parts and len(extra) < 2:
            return f"{type(self).__name__}({''.join(extra)})"
        lines = extra + parts
        return f"{type(self).__name__}(\n  " + "\n  ".join(lines) + "\n)"
