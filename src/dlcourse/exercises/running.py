"""Running what a learner wrote: on copies, for some seconds, in silence, with an exception's own line of the source."""

import copy
import ctypes
import io
import linecache
import signal
import sys
import sysconfig
import threading
import types
from collections.abc import Callable
from contextlib import redirect_stdout
from numbers import Number
from pathlib import Path
from typing import Any

import numpy as np

from dlcourse.exercises.words import Wrong, error_words, kind, short

SECONDS = 5.0
AGAIN = 0.05  # seconds until an answer that was interrupted and goes on is interrupted again
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
        raise Wrong(
            "Your function changes its arguments in place; make new arrays or lists instead (x = x + 1, not x += 1)."
        )
    if result is None or result is ...:
        raise Wrong("Your function returns nothing; does it end with `return`?")
    if isinstance(result, (types.GeneratorType, map, filter, zip)):
        raise Wrong(
            f"Your function returns a {type(result).__name__}, which holds no values yet; return a list or an array."
        )
    return result


def guarded(work: Callable[[], None]) -> None:
    """Run a check of an answer: whatever happens in it but KeyboardInterrupt becomes Wrong, an endless loop too.

    What the answer prints is dropped: a check calls it many times.
    """
    try:
        with redirect_stdout(_Silence()):
            _within(SECONDS, work)
    except (KeyboardInterrupt, Wrong):
        raise
    except TimeOver as error:
        raise Wrong(
            f"Your answer was stopped because it had not ended after {SECONDS:g} seconds. Is there a loop that never ends?"
            f"{_line(error)}"
        ) from None
    except BaseException as error:  # an answer may be any object, and a check may have met what nobody thought of
        raise Wrong(f"Your answer could not be checked: {error_words(error)}.{_line(error)}") from None


class _Silence(io.TextIOBase):
    """A place to print to that keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


def _within(seconds: float, work: Callable[[], None]) -> None:
    """Run work, and raise TimeOver in it after so many seconds, in whichever thread it is; a second thread watches.

    Python hands the exception over between two of its own instructions, so a call into C code, such as one product of
    huge matrices, ends first. A sleep of the main thread is woken by the signal of Ctrl-C where there is one (not on
    Windows). The watching thread has ended when this returns.
    """
    gate, me, running, late = threading.Lock(), threading.get_ident(), [], []
    gate.acquire()

    def run() -> None:
        running.append(sys._getframe())
        work()

    def watch() -> None:
        wait, last = seconds, None
        while not gate.acquire(timeout=wait):
            place = _place(me, running)
            if place is not None:  # nothing is interrupted but the work itself
                late.append(True)
                if place == last:  # in one call into C, a sleep perhaps
                    _wake(me)
                else:  # for the first time, or it has swallowed the exception
                    _interrupt(me, TimeOver)
            wait, last = AGAIN, place

    def stop() -> None:
        if gate.locked():  # one call into C: nothing can come between
            gate.release()
        watcher.join()
        _interrupt(me, None)  # what has been asked for and not yet raised

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        try:
            run()
        finally:
            stop()
    except (
        TimeOver,
        KeyboardInterrupt,
    ) as error:  # raised by the work, or in the midst of `stop`, and then for the last time
        stop()
        if late and isinstance(error, KeyboardInterrupt):
            raise TimeOver().with_traceback(error.__traceback__) from None
        raise
    finally:
        running.clear()


def _place(thread: int, running: list[types.FrameType]) -> tuple[int, int] | None:
    """The instruction at which a thread is, if it is within the running frame."""
    innermost = frame = sys._current_frames().get(thread)
    while frame is not None and frame not in running:
        frame = frame.f_back
    return None if frame is None else (id(innermost), innermost.f_lasti)


def _interrupt(thread: int, exception: type[BaseException] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), ctypes.py_object(exception) if exception else None
    )


def _wake(thread: int) -> None:
    """Ctrl-C for the main thread, if nobody has given it another meaning, in place of the exception that waits."""
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if usual and thread == threading.main_thread().ident and hasattr(signal, "pthread_kill"):
        _interrupt(thread, None)
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
    if isinstance(before, (Number, str, bytes, bytearray, set)):
        return before == after or (before != before and after != after)  # nan differs from itself
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
