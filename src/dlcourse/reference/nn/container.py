"""Modules made of modules."""

import operator
from collections.abc import Iterable, Mapping
from itertools import chain, groupby

from dlcourse.reference.nn.module import Module
from dlcourse.reference.tensor import Tensor


class Numbered(Module):
    """A list of parts under the names "0", "1", …, kept in one of Module's tables."""

    table = "_modules"

    def __len__(self) -> int:
        return len(self.__dict__[self.table])

    def __iter__(self):
        return iter(list(self.__dict__[self.table].values()))

    def _key(self, index: int) -> str:
        """The name of the part at this place; IndexError if there is none."""
        place, size = operator.index(index), len(self)
        if not -size <= place < size:
            raise IndexError(f"index {index} is out of range: {type(self).__name__} has {size} parts")
        return list(self.__dict__[self.table])[place]

    def __getitem__(self, index):
        parts = self.__dict__[self.table]
        return type(self)(list(parts.values())[index]) if isinstance(index, slice) else parts[self._key(index)]

    def __setitem__(self, index: int, part) -> None:
        setattr(self, self._key(index), part)

    def _extended(self, parts):
        if not isinstance(parts, Iterable) or isinstance(parts, Tensor):
            raise TypeError(
                f"{type(self).__name__}.extend should be called with an iterable, but got {type(parts).__name__}"
            )
        for part in list(parts):
            self.append(part)
        return self


class _Modules(Numbered):
    """What Sequential and ModuleList share."""

    def __delitem__(self, index) -> None:
        parts = list(self)
        if not isinstance(index, slice):
            self._key(index)
        del parts[index]
        self._number(parts)

    def _number(self, parts: list) -> None:
        """Hold these parts, numbered from 0."""
        self.__dict__[self.table] = {str(place): part for place, part in enumerate(parts)}

    def append(self, module: Module):
        """Add a part at the end; returns the container."""
        self.add_module(str(len(self)), module)
        return self

    def pop(self, key):
        """Take the part at this place out and return it; what follows moves up."""
        part = self[key]
        del self[key]
        return part

    def _inserted(self, index: int, module: Module) -> None:
        parts = list(self)
        if not -len(parts) <= index <= len(parts):
            raise IndexError(f"Index out of range: {index}: {type(self).__name__} has {len(parts)} parts")
        self.append(module)  # which checks it
        parts.insert(index, module)
        self._number(parts)


class Sequential(_Modules):
    """Modules called one after the other; named "0", "1", …, or by the keys of a dict.

    A list of parts: model[0], model[-1], model[:2] (a Sequential of the same modules), model[1] = …, del model[2],
    append, insert, extend, first + second.
    """

    def __init__(self, *args):
        super().__init__()
        named = args[0].items() if len(args) == 1 and isinstance(args[0], dict) else enumerate(args)
        for name, module in named:
            if not isinstance(module, Module):
                raise TypeError(
                    f"Sequential: expected modules; got {type(module).__name__} at place {name}; "
                    "a class becomes a module by calling it, as in Tanh()."
                )
            self.add_module(str(name), module)

    def forward(self, input):
        for module in self._modules.values():
            input = module(input)
        return input

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(dict(list(self._modules.items())[index]))  # under the same names
        return super().__getitem__(index)

    def insert(self, index: int, module: Module) -> "Sequential":
        """Put a part before the one at this place; returns the container."""
        self._inserted(index, module)
        return self

    def extend(self, sequential) -> "Sequential":
        """Add the parts of another container at the end; returns the container."""
        return self._extended(sequential)

    __iadd__ = extend

    def __add__(self, other: "Sequential") -> "Sequential":
        return Sequential(*self, *other) if isinstance(other, Sequential) else NotImplemented


class ModuleList(_Modules):
    """A list of modules whose parameters are known: indices, slices, [i] = …, del, append, insert, extend, pop, +."""

    def __init__(self, modules=None):
        super().__init__()
        self.extend(() if modules is None else modules)

    def insert(self, index: int, module: Module) -> None:
        """Put a module before the one at this place."""
        self._inserted(index, module)

    def extend(self, modules) -> "ModuleList":
        """Add modules at the end; returns the list."""
        return self._extended(modules)

    __iadd__ = extend

    def __add__(self, other) -> "ModuleList":
        return ModuleList(chain(self, other))

    def __repr__(self) -> str:
        """Neighbours that look alike share a line, as in torch: (0-1): 2 x ReLU()."""
        if not len(self):
            return "ModuleList()"
        lines = []
        for text, group in groupby(enumerate(self), key=lambda pair: repr(pair[1])):
            places = [place for place, _ in group]
            label = f"({places[0]})" if len(places) == 1 else f"({places[0]}-{places[-1]})"
            count = "" if len(places) == 1 else f"{len(places)} x "
            lines.append(f"{label}: {count}{text}".replace("\n", "\n  "))
        return "ModuleList(\n  " + "\n  ".join(lines) + "\n)"


class Named(Module):
    """A dict of parts under names of one's own, kept in one of Module's tables."""

    table = "_modules"

    def __len__(self) -> int:
        return len(self.__dict__[self.table])

    def __iter__(self):
        return iter(self.__dict__[self.table])

    def __contains__(self, key: str) -> bool:
        return key in self.__dict__[self.table]

    def __getitem__(self, key: str):
        return self.__dict__[self.table][key]

    def __setitem__(self, key: str, part) -> None:
        self.add_module(key, part)

    def __delitem__(self, key: str) -> None:
        del self.__dict__[self.table][key]

    def keys(self):
        """The names, in the order in which they came."""
        return self.__dict__[self.table].keys()

    def values(self):
        """The parts."""
        return self.__dict__[self.table].values()

    def items(self):
        """(name, part) of each."""
        return self.__dict__[self.table].items()

    def pop(self, key: str):
        """Take the part of this name out and return it."""
        return self.__dict__[self.table].pop(key)

    def clear(self) -> None:
        """Take all parts out."""
        self.__dict__[self.table].clear()

    def _updated(self, parts) -> None:
        pairs = parts.items() if isinstance(parts, (Mapping, Named)) else parts
        if not isinstance(pairs, Iterable):
            raise TypeError(
                f"{type(self).__name__}.update should be called with a dict or an iterable of key/value pairs, but got "
                f"{type(parts).__name__}"
            )
        for key, part in pairs:
            self[key] = part


class ModuleDict(Named):
    """A dict of modules whose parameters are known, in the order in which they were put in."""

    def __init__(self, modules=None):
        super().__init__()
        self.update({} if modules is None else modules)

    def update(self, modules) -> None:
        """Put in what a dict, another ModuleDict or (name, module) pairs hold; equal names are replaced."""
        self._updated(modules)
