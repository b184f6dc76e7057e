"""Running what a learner wrote: on copies, for some seconds, in silence, with an exception's own line of the source."""

import copy
import ctypes
import io
import linecache
import signal
import sysconfig
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np

from dlcourse.exercises.words import Wrong, error_words, kind, short

SECONDS = 5.0
PATIENCE, AGAIN = 0.2, 0.02  # seconds until an answer that was interrupted and goes on is interrupted again, and again
NOT_THE_LEARNERS = (str(Path(__file__).parents[1]), *(sysconfig.get_path(p) for p in ("stdlib", "purelib", "platlib")))


class TimeOver(BaseException):
    """Raised inside an answer that does not end; no Exception, so that `except Exception` in its loop does not stop it."""


def function(answer: Any) -> Callable:
    """The answer as a function."""
    if not callable(answer):
        raise Wrong(f"A function is asked for; this is {kind(answer)}. Pass its name without calling it.")
    return answer


def call(answer: Callable, *arguments: Any) -> Any:
    """The learner's function on deep copies of the arguments; its exception becomes feedback, and so does changing them."""
    given = copy.deepcopy(arguments)
    try:
        result = answer(*given)
    except (KeyboardInterrupt, TimeOver, Wrong):
        raise
    except BaseException as error:  # SystemExit, too
        shown = ", ".join(map(short, arguments))
        raise Wrong(f"Your function raised {error_words(error)} – for the arguments {shown}.{_line(error)}") from None
    if not _same(arguments, given):
        raise Wrong("Your function changes its arguments in place; make new arrays or lists instead (x = x + 1, not x += 1).")
    if result is None or result is ...:
        raise Wrong("Your function returns nothing; does it end with `return`?")
    if isinstance(result, (types.GeneratorType, map, filter, zip)):
        raise Wrong(f"Your function returns a {type(result).__name__}, which holds no values yet; return a list or an array.")
    return result


def guarded(work: Callable[[], None], seconds: float = SECONDS) -> None:
    """Run a check of an answer: whatever happens in it but KeyboardInterrupt becomes Wrong, an endless loop too.

    What the answer prints is dropped: a check calls it many times.
    """
    try:
        with redirect_stdout(_Silence()), _limit(seconds):
            work()
    except (KeyboardInterrupt, Wrong):
        raise
    except TimeOver as error:
        raise Wrong(
            f"Your answer was stopped because it had not ended after {seconds:g} seconds. Is there a loop that never ends?"
            f"{_line(error)}"
        ) from None
    except BaseException as error:  # an answer may be any object, and a check may have met what nobody thought of
        raise Wrong(f"Your answer could not be checked: {error_words(error)}.{_line(error)}") from None


class _Silence(io.TextIOBase):
    """A place to print to that keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """TimeOver in this thread, whichever it is, after so many seconds; a second thread watches, and has ended at the end.

    Python hands the exception over between two of its own instructions, so a call into C code, such as one product of
    huge matrices, ends first. A sleep of the main thread is woken by the signal of Ctrl-C where there is one (not on Windows).
    """
    gate, me, late = threading.Lock(), threading.get_ident(), []
    gate.acquire()

    def watch() -> None:
        if gate.acquire(timeout=seconds):
            return
        late.append(True)
        _interrupt(me, TimeOver)
        if gate.acquire(timeout=PATIENCE):
            return
        while not gate.acquire(timeout=AGAIN):  # it sleeps, or it has swallowed the exception
            _interrupt(me, TimeOver)
            _wake(me)

    def stop() -> None:
        if gate.locked():  # one call into C: nothing can come between
            gate.release()
        watcher.join()
        _interrupt(me, None)  # what has been asked for and not yet raised

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        try:
            yield
        finally:
            stop()
    except (TimeOver, KeyboardInterrupt) as error:  # the former may have been raised in the midst of `stop`
        stop()
        if late and isinstance(error, KeyboardInterrupt):
            raise TimeOver().with_traceback(error.__traceback__) from None
        raise


def _interrupt(thread: int, exception: type[BaseException] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception) if exception else None)


def _wake(thread: int) -> None:
    """Ctrl-C for the main thread, if nobody has set another meaning for it."""
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if usual and thread == threading.main_thread().ident and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(thread, signal.SIGINT)


def _same(before: Any, after: Any) -> bool:
    """Whether arguments are what they were, at any depth. What cannot be compared, such as a random generator, may change."""
    if isinstance(before, np.ndarray):
        if before.shape != after.shape or before.dtype != after.dtype:
            return False
        return np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, dict):
        return list(before) == list(after) and all(map(_same, before.values(), after.values()))
    if hasattr(before, "detach"):  # a tensor of either engine
        return _same(np.asarray(before.detach()), np.asarray(after.detach()))
    if isinstance(before, (set, bytearray)):
        return before == after
    return True


def _line(error: BaseException) -> str:
    """The line of the learner's source in which an exception was raised, as a sentence; "" if there is none."""
    trace, found = error.__traceback__, ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith(NOT_THE_LEARNERS) and not name.startswith("<frozen"):
            source = linecache.getline(name, trace.tb_lineno).strip()
            found = f" It happened in line {trace.tb_lineno}{f': {source}' if source else ''}"
        trace = trace.tb_next
    return found
