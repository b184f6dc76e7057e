"""The handle that registering a hook returns: on a tensor's gradient, or on a module."""

from collections.abc import Callable


class RemovableHandle:
    """What registering a hook returns: `handle.remove()`, or the end of its `with` block, takes the hook off again."""

    def __init__(self, hooks: dict, hook: Callable):
        self._hooks = hooks
        hooks[self] = hook

    def remove(self) -> None:
        """Take the hook off; a second call does nothing."""
        self._hooks.pop(self, None)

    def __enter__(self) -> "RemovableHandle":
        return self

    def __exit__(self, *exception) -> None:
        self.remove()
