"""Module: a part of a network that knows its parameters, its buffers and its own parts."""

from collections.abc import Mapping
from typing import NamedTuple

from dlcourse.reference import dtypes
from dlcourse.reference.autograd import no_grad
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.operands import must_be_tensor


class Parameter(Tensor):
    """A tensor that is learned; set as an attribute of a Module, it becomes one of its parameters."""

    __slots__ = ()

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True):
        must_be_tensor("Parameter", data=data)
        super().__init__(*(() if data is None else (data,)))
        self.requires_grad_(requires_grad)
        if data is not None:
            self._version = data._version

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()


_KINDS = {
    "_parameters": ("parameter", "Parameter"),
    "_buffers": ("buffer", "Tensor"),
    "_modules": ("child module", "Module"),
}


class IncompatibleKeys(NamedTuple):
    """The names that load_state_dict(strict=False) found on one side only."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


class Module:
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
        return self.forward(*inputs, **options)

    # -- registration -----------------------------------------------------------------------------------------------

    def __setattr__(self, name: str, value) -> None:
        table = "_parameters" if isinstance(value, Parameter) else "_modules" if isinstance(value, Module) else None
        if "_parameters" not in self.__dict__:
            if table is None:
                return object.__setattr__(self, name, value)
            raise AttributeError(f"cannot assign {name} before Module.__init__() call")
        if table is None:
            for kind, (what, wanted) in _KINDS.items():
                if name in self.__dict__[kind]:
                    if not (value is None or (kind == "_buffers" and isinstance(value, Tensor))):
                        raise TypeError(f"cannot assign '{type(value).__name__}' as {what} '{name}' ({wanted} or None)")
                    self.__dict__[kind][name] = value
                    return None
            return object.__setattr__(self, name, value)
        for other in ("_parameters", "_buffers", "_modules"):
            self.__dict__[other].pop(name, None)
        self.__dict__.pop(name, None)
        self.__dict__[table][name] = value
        return None

    def __getattr__(self, name: str):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name: str) -> None:
        for table in _KINDS:
            if name in self.__dict__[table]:
                del self.__dict__[table][name]
                return
        object.__delattr__(self, name)

    def _register(self, kind: str, name: str, value, wanted: type) -> None:
        what = _KINDS[kind][0].removeprefix("child ")
        if "." in name:
            raise KeyError(f'{what} name can\'t contain "."; got {name!r}')
        if not (value is None or isinstance(value, wanted)):
            if kind == "_modules":
                raise TypeError(f"{type(value).__name__} is not a Module subclass")
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
        if not persistent:
            self.__dict__.setdefault("_transient", set()).add(name)

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

    def to(self, dtype: dtypes.dtype):
        """All real parameters and buffers as another type."""
        if not isinstance(dtype, dtypes.dtype) or not dtype.is_floating_point:
            raise TypeError(f"to: expected float32 or float64, because this engine knows the CPU only; got {dtype!r}.")
        for tensor in [*self.parameters(), *self.buffers()]:
            if tensor.is_floating_point():
                tensor._array = tensor._array.astype(dtype.numpy)
                tensor.grad = None
        return self

    def float(self):
        """All real parameters and buffers as float32."""
        return self.to(dtypes.float32)

    def double(self):
        """All real parameters and buffers as float64."""
        return self.to(dtypes.float64)

    # -- saving -------------------------------------------------------------------------------------------------------

    def _saved(self, prefix: str = "") -> dict[str, Tensor]:
        """Every parameter and saved buffer; a part that is used twice appears under both names, as in torch."""
        transient = self.__dict__.get("_transient", ())
        saved = {
            prefix + name: value
            for table in (self._parameters, self._buffers)
            for name, value in table.items()
            if value is not None and name not in transient
        }
        for name, part in self._modules.items():
            saved |= {} if part is None else part._saved(f"{prefix}{name}.")
        return saved

    def state_dict(self) -> dict[str, Tensor]:
        """Name -> tensor of every parameter and saved buffer; the tensors share the module's memory."""
        return {name: value.detach() for name, value in self._saved().items()}

    def load_state_dict(self, state_dict: dict[str, Tensor], strict: bool = True):
        """Copy numbers into parameters and buffers. All names and shapes are checked before anything is changed."""
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        own = self._saved()
        missing = [name for name in own if name not in state_dict]
        unexpected = [name for name in state_dict if name not in own]
        problems = []
        if strict and unexpected:
            problems.append("Unexpected key(s) in state_dict: " + ", ".join(f'"{n}"' for n in unexpected) + ".")
        if strict and missing:
            problems.append("Missing key(s) in state_dict: " + ", ".join(f'"{n}"' for n in missing) + ".")
        for name in own.keys() & state_dict.keys():
            if not isinstance(state_dict[name], Tensor):
                problems.append(
                    f'expected a Tensor for "{name}"; got {type(state_dict[name]).__name__}; make one with tensor(…).'
                )
                continue
            came, wanted = tuple(state_dict[name].shape), tuple(own[name].shape)
            if came != wanted:
                problems.append(f"size mismatch for {name}: the module has {wanted}; got {came}.")
        if problems:
            raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}:\n\t" + "\n\t".join(problems))
        for name in own.keys() & state_dict.keys():
            value = state_dict[name]
            with no_grad():
                own[name].copy_(value)
        return IncompatibleKeys(missing, unexpected)

    # -- printing -----------------------------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """The settings shown between the parentheses."""
        return ""

    def __repr__(self) -> str:
        parts = [f"({name}): " + repr(part).replace("\n", "\n  ") for name, part in self._modules.items()]
        extra = self.extra_repr()
        if not parts:
            return f"{type(self).__name__}({extra})"
        lines = ([extra] if extra else []) + parts
        return f"{type(self).__name__}(\n  " + "\n  ".join(lines) + "\n)"
