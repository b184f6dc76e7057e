"""Modules made of modules."""

from itertools import groupby

from dlcourse.reference.nn.module import Module


class Sequential(Module):
    """Modules called one after the other; named "0", "1", …, or by the keys of a dict."""

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
        modules = list(self._modules.values())
        return Sequential(*modules[index]) if isinstance(index, slice) else modules[index]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())


class ModuleList(Module):
    """A list of modules whose parameters are known."""

    def __init__(self, modules=None):
        super().__init__()
        for module in modules or ():
            self.append(module)

    def append(self, module: Module) -> "ModuleList":
        self.add_module(str(len(self)), module)
        return self

    def __getitem__(self, index: int) -> Module:
        return list(self._modules.values())[index]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())

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
