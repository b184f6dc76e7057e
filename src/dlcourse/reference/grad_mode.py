"""Whether operations are remembered: no_grad and its kin."""

import contextlib
import functools
import inspect
import threading


class _Recording(threading.local):
    """Whether operations are remembered. Each thread has its own, because a slider's callback runs on another thread
    than the cell that trains meanwhile."""

    def __init__(self):
        self.enabled = True
        self.outer = []  # what it was outside each open `with` block


recording = _Recording()


class set_grad_enabled(contextlib.ContextDecorator):
    """Switch the remembering of operations on or off, at once and until the end of a `with` block."""

    def __init__(self, mode: bool):
        self.previous = is_grad_enabled()
        self._mode = mode
        _set(mode)

    def __enter__(self) -> None:
        _set(self._mode)

    def __exit__(self, *exception) -> None:
        _set(self.previous)


class no_grad(contextlib.ContextDecorator):
    """`with no_grad():` operations are computed but not remembered. Also a decorator."""

    _mode = False

    def __enter__(self) -> None:
        recording.outer.append(recording.enabled)
        _set(self._mode)

    def __exit__(self, *exception) -> None:
        _set(recording.outer.pop())

    def __call__(self, function):
        """As a decorator; of a generator, whose body runs in pieces, for each piece."""
        if not inspect.isgeneratorfunction(function):
            return super().__call__(function)

        @functools.wraps(function)
        def generator(*arguments, **options):
            running, sent = function(*arguments, **options), None
            while True:
                try:
                    with type(self)():
                        value = running.send(sent)
                except StopIteration as end:
                    return end.value
                sent = yield value

        return generator


class enable_grad(no_grad):
    """`with enable_grad():` inside `no_grad`, operations are remembered again."""

    _mode = True


def is_grad_enabled() -> bool:
    """Whether operations are remembered now, on this thread."""
    return recording.enabled


def _set(mode: bool) -> None:
    recording.enabled = mode
