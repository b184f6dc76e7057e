"""Functions that are called whenever a module is: to look at what passes through it, or to change it."""

from collections.abc import Callable

from dlcourse.reference.handle import RemovableHandle


class Hooks:
    """The part of Module that keeps and calls hooks, in the order in which they were registered."""

    _forward_pre_hooks = _forward_hooks = None  # dicts of an instance that has had one

    def register_forward_pre_hook(self, hook: Callable) -> RemovableHandle:
        """Call hook(module, args) before forward; args are the positional inputs, a tuple.

        What it returns, unless None, replaces them: a tuple of inputs, or the one input.
        """
        return self._register_hook("_forward_pre_hooks", hook)

    def register_forward_hook(self, hook: Callable) -> RemovableHandle:
        """Call hook(module, args, output) after forward. What it returns, unless None, replaces the output."""
        return self._register_hook("_forward_hooks", hook)

    def _register_hook(self, kind: str, hook: Callable) -> RemovableHandle:
        if not callable(hook):
            raise TypeError(f"register{kind[:-1]}: expected a function; got {type(hook).__name__}.")
        for name in ("_forward_pre_hooks", "_forward_hooks"):
            self.__dict__.setdefault(name, {})
        return RemovableHandle(self.__dict__[kind], hook)

    def _forward_with_hooks(self, inputs: tuple, options: dict):
        for hook in list(self._forward_pre_hooks.values()):
            replaced = hook(self, inputs)
            if replaced is not None:
                inputs = replaced if isinstance(replaced, tuple) else (replaced,)
        output = self.forward(*inputs, **options)
        for hook in list(self._forward_hooks.values()):
            replaced = hook(self, inputs, output)
            if replaced is not None:
                output = replaced
        return output
