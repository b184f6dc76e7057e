"""Learners' functions are run on copies, in silence, for some seconds, and whatever they do is told in words."""

import linecache
import os
import signal
import threading
import time

import numpy as np
import pytest
import torch

from dlcourse.exercises import desk, running
from dlcourse.exercises.core import Exercise, Wrong, call
from dlcourse.exercises.desk import check
from dlcourse.exercises.running import TimeOver, guarded


@pytest.fixture(autouse=True)
def impatient(monkeypatch, tmp_path):
    monkeypatch.setattr(running, "SECONDS", 0.1)
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path))


@pytest.fixture
def cell():
    """Run a source as a notebook's cell: its lines can be looked up, as IPython's can."""
    name = "/tmp/ipykernel_1/123.py"

    def run(source, wanted="f"):
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        scope = {"np": np, "time": time}
        exec(compile(source, name, "exec"), scope)
        return scope[wanted]

    yield run
    linecache.cache.pop(name, None)


def words(work) -> str:
    with pytest.raises(Wrong) as told:
        work()
    return str(told.value)


# Exceptions.


def test_an_exception_comes_with_its_type_message_arguments_and_line(cell):
    f = cell("def f(a, b):\n    half = a / 2\n    return half / b\n")
    assert words(lambda: call(f, 1, 0)) == (
        "Your function raised ZeroDivisionError: float division by zero – for the arguments 1, 0. "
        "It happened in line 3: return half / b"
    )


def test_the_line_is_the_learners_even_if_numpy_raises(cell):
    f = cell("def g(x):\n    return np.linalg.inv(x)\n\ndef f(x):\n    return g(x)\n")
    assert words(lambda: call(f, np.zeros((2, 2)))).endswith("It happened in line 2: return np.linalg.inv(x)")


def test_a_lambda_that_wraps_the_learners_function_in_a_check_is_not_the_line(cell):
    f = cell("def f(x):\n    return x.nothing\n")
    check_of_ours = eval(compile("lambda f: lambda x: f(x)", running.__file__, "eval"))
    assert "line 2: return x.nothing" in words(lambda: call(check_of_ours(f), 1))


@pytest.mark.parametrize(
    "error", [SystemExit(2), StopIteration(), MemoryError(), RecursionError("deep"), GeneratorExit()]
)
def test_no_exception_gets_through(error):
    def f():
        raise error

    assert type(error).__name__ in words(lambda: call(f))
    assert f"could not be checked: {type(error).__name__}" in words(lambda: guarded(f))


def test_ctrl_c_interrupts():
    def f(*arguments):
        raise KeyboardInterrupt

    for work in (lambda: call(f), lambda: guarded(f), lambda: check("03.3", f)):
        with pytest.raises(KeyboardInterrupt):
            work()


def test_an_error_in_a_check_is_caught_at_the_door(monkeypatch):
    def broken(answer):
        raise ValueError("operands could not be broadcast")

    monkeypatch.setitem(desk.EXERCISES, "99.1", Exercise("99.1", "", "f", broken, ("", "", ""), "", "", ()))
    verdict = check("99.1", 1)
    assert verdict.state == "wrong"
    assert verdict.words.startswith("not yet. Your answer could not be checked: ValueError: operands could not")


def test_an_answer_that_lies_about_its_class_is_wrong_in_words():
    class Liar:
        @property
        def __class__(self):
            raise RuntimeError("who asks?")

    assert check("03.1", Liar()).state == "wrong"


# Arguments.


def _dict(d):
    d["a"][0][0] = 5
    return 1


MEDDLING = {
    "an array": (lambda x: x.sort() or 1, np.array([2, 1])),
    "a list": (lambda x: x.pop(), [1, 2]),
    "a list within a tuple": (lambda x: x[1].reverse() or 1, (0, [1, 2])),
    "an array within a list": (lambda x: x[0].fill(3) or 1, [np.ones(2)]),
    "a dict": (lambda d: d.pop("a"), {"a": 1}),
    "a list within a dict": (_dict, {"a": [[1], [2]]}),
    "a set": (lambda s: s.pop(), {1, 2}),
    "a tensor": (lambda t: t.add_(1), torch.ones(2)),
    "an array with nan": (lambda x: x.fill(0) or 1, np.array([np.nan])),
    "a shape": (lambda x: x.resize((1, 4), refcheck=False) or 1, np.zeros(4)),
}


@pytest.mark.parametrize("kind", MEDDLING)
def test_changed_arguments_are_told(kind):
    f, argument = MEDDLING[kind]
    before = repr(argument)
    assert "changes its arguments in place" in words(lambda: call(f, argument))
    assert repr(argument) == before


@pytest.mark.parametrize(
    "argument", [np.array([np.nan, 1]), [np.nan], {"a": (np.array(["x"]), {1})}, "text", None, abs]
)
def test_arguments_that_stay_are_no_trouble(argument):
    assert call(lambda x: 1, argument) == 1


def test_a_generator_may_be_drawn_from():
    assert call(lambda rng: rng.normal(), np.random.default_rng(0)) == np.random.default_rng(0).normal()


@pytest.mark.parametrize(
    ("f", "told"),
    [
        (lambda: None, "returns nothing"),
        (lambda: ..., "returns nothing"),
        (lambda: (i for i in [1]), "returns a generator"),
        (lambda: map(abs, [1]), "returns a map"),
        (lambda: zip([1], strict=True), "returns a zip"),
    ],
)
def test_no_value_is_told(f, told):
    assert told in words(lambda: call(f))


def test_what_an_answer_prints_is_dropped(capsys):
    def f(x, w, b):
        print("called")
        return (x @ w + b > 0) * 1

    assert check("03.3", f).right
    assert capsys.readouterr().out == ""
    print("afterwards")
    assert capsys.readouterr().out == "afterwards\n"


# Time.

ENDLESS = {
    "a loop": "while True:\n    pass",
    "a loop that catches Exception": "while True:\n    try:\n        abs(1)\n    except Exception:\n        pass",
    "a loop that catches everything": "while True:\n    try:\n        abs(1)\n    except:\n        pass",
    "printing": "while True:\n    print('again')",
    "NumPy": "while True:\n    np.linalg.inv(np.eye(50))",
    "short sleeps": "while True:\n    time.sleep(0.01)",
    "two loops": "for i in iter(int, 1):\n    for j in range(10):\n        i + j",
}


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("main", [True, False])
def test_what_never_ends_is_stopped_in_words_in_any_thread_and_nothing_runs_on(cell, kind, main):
    body = ENDLESS[kind].replace("\n", "\n    ")
    f = cell(f"def f(x, w, b):\n    {body}\n")
    found, before = [], threading.active_count()
    if main:
        found.append(check("03.3", f))
    else:
        thread = threading.Thread(target=lambda: found.append(check("03.3", f)))
        thread.start()
        thread.join()
    assert "was stopped because it had not ended after 0.1 seconds" in found[0].words
    assert "It happened in line" in found[0].words
    assert threading.active_count() == before
    assert sum(range(1000)) == 499500  # no interruption is left over


@pytest.fixture
def ctrl_c():
    """Ctrl-C as a notebook's kernel has it: a suite that was started in the background has it switched off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="Windows cannot wake a sleeping thread")
def test_a_long_sleep_of_the_main_thread_is_woken(cell, ctrl_c):
    f = cell("def f(x, w, b):\n    time.sleep(30)\n")
    assert "line 2: time.sleep(30)" in check("03.3", f).words


def test_an_interruption_is_no_exception_that_an_answer_would_catch():
    assert not issubclass(TimeOver, Exception)


def test_many_quick_checks_leave_neither_threads_nor_interruptions():
    before = threading.active_count()
    for _ in range(300):
        guarded(lambda: None)
    assert threading.active_count() == before


def test_an_answer_that_ends_at_the_last_moment_never_breaks_what_follows(monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.005)
    outcomes = set()
    for spin in range(150):
        until = time.perf_counter() + 0.0045 + spin % 10 * 1e-4

        def work(until=until):
            while time.perf_counter() < until:
                pass

        try:
            guarded(work)
            outcomes.add("ended")
        except Wrong:
            outcomes.add("stopped")
        sum(range(2000))
    assert outcomes <= {"ended", "stopped"}


def test_the_learners_own_files_are_told_from_ours():
    ours = (running.__file__, os.__file__, np.__file__)
    assert all(name.startswith(running.NOT_THE_LEARNERS) for name in ours)
    assert not __file__.startswith(running.NOT_THE_LEARNERS)
