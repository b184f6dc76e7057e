"""The command line as a program: on every console, in every folder, at every moment words and the right exit status."""

import io
import itertools
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlcourse import command_line, console, counterpart, doctor

LIMIT = 300  # seconds; only a hanging process comes near
PYTHON = (sys.executable, "-c")
TRAIN = ["train", "--data", "iris", "--epochs", "2", "--batch-size", "64", "--device", "cpu"]
STATUSES = {0, 1, 2, 130}
NO_WINDOWS = pytest.mark.skipif(os.name == "nt", reason="signals, pipes and folders are POSIX here")


def environment(**changes) -> dict[str, str]:
    """The tests' environment with other variables."""
    own = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUTF8": "0"} | changes
    return {name: value for name, value in own.items() if name not in ("RANK", "WORLD_SIZE")}


def process(*line, cwd=None, **changes) -> subprocess.CompletedProcess:
    """A program to its end; its output as bytes."""
    ended = subprocess.run([*map(str, line)], capture_output=True, cwd=cwd, env=environment(**changes), timeout=LIMIT)
    assert b"Traceback" not in ended.stdout + ended.stderr, ended.stderr.decode(errors="replace")
    assert b"Exception ignored" not in ended.stderr, ended.stderr
    return ended


def run(*words, encoding="utf-8") -> tuple[int, str]:
    """dlcourse with these words in this process, on a console of this encoding: exit status and all that it says."""
    handler, streams = signal.getsignal(signal.SIGINT), (sys.stdout, sys.stderr)
    content = io.BytesIO()
    sys.stdout, sys.stderr = (io.TextIOWrapper(content, encoding=encoding, write_through=True) for _ in streams)
    try:
        with pytest.raises(SystemExit) as end:
            console.run(lambda: command_line.main([*map(str, words)]), "dlcourse")
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.detach()
        sys.stdout, sys.stderr = streams
        signal.signal(signal.SIGINT, handler)
    return end.value.code, content.getvalue().decode(encoding)


# Consoles of every code page.

CONSOLES = ("utf-8", "ascii", "cp1252", "cp437", "cp949", "utf-16-le")
COMMANDS = [
    (0, ["--help"]),
    (0, ["train", "--help"]),
    (0, ["evaluate", "--help"]),
    (0, ["doctor", "--help"]),
    (0, [*TRAIN, "--out", "새 실험…"]),
    (0, ["evaluate", "--device", "cpu", "--run", "새 실험…"]),
    (1, [*TRAIN, "--out", "새 실험…"]),
    (1, ["evaluate", "--run", "없음"]),
    (1, ["evaluate", "--image", "고양이.png"]),
    (2, ["train", "--out", "새", "--epochs", "셋"]),
    (2, ["가르치다"]),
]


@pytest.mark.parametrize("encoding", CONSOLES)
def test_every_command_is_readable_on_every_console(tmp_path, monkeypatch, encoding):
    (tmp_path / "한글 폴더").mkdir()
    monkeypatch.chdir(tmp_path / "한글 폴더")
    for status, words in COMMANDS:
        found, said = run(*words, encoding=encoding)
        assert found == status, (words, said)
        assert re.search(r"dlcourse|Test: loss", said)
        ours = re.sub(r"[가-힣…█-▏]|\\u[0-9a-f]{4}", "", said)  # without the learner's own words, and the bar
        assert ours.isascii(), (words, ours)
    assert (tmp_path / "한글 폴더" / "새 실험…" / "run.json").is_file()


def test_the_doctor_shows_a_path_in_letters_that_the_console_lacks(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "CHECKS", (doctor.progress,))
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path / "학습"))
    status, said = run("doctor", encoding="ascii")
    assert status == 0
    assert r"\ud559\uc2b5" in said


def test_training_into_a_file_ends_well_and_the_path_is_readable(tmp_path):
    line = [sys.executable, "-m", "dlcourse", *TRAIN, "--out", "실험"]
    with (tmp_path / "log").open("wb") as log:
        ended = subprocess.run(line, cwd=tmp_path, stdout=log, stderr=log, env=environment(PYTHONIOENCODING="cp1252"))
    said = (tmp_path / "log").read_text("cp1252")
    assert ended.returncode == 0, said
    assert "\\uc2e4\\ud5d8" in said
    assert "Traceback" not in said


# Lines that can be pasted.

FOLDERS = ("runs/a", "my first run", "첫 실험", "it's", 'a "b" c', "$HOME `x` !", "a&b;c|d", "back\\slash", "-x", "*")


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Runs a line in a shell that finds a program dlcourse; gives the words that this was called with."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "dlcourse").write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n')
    (programs / "dlcourse").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    return lambda line: process("sh", "-c", line).stdout.decode().split("\0")[:-1]


@NO_WINDOWS
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_printed_line_does_in_a_shell_what_it_says(tmp_path, monkeypatch, shell, folder):
    monkeypatch.chdir(tmp_path)
    status, said = run(*TRAIN, f"--out={folder}")
    line = re.search(r"Open the test set when you are done choosing: (dlcourse .+)", said)[1]
    words = shell(line)
    assert words[:2] == ["evaluate", "--run"]
    assert Path(words[2]) == Path(folder)
    status, said = run(*words, "--device", "cpu")
    assert (status, said.splitlines()[0]) == (0, "mlp on iris after 2 of 2 epochs")


@NO_WINDOWS
def test_the_printed_line_works_in_a_fresh_shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    line = re.search("choosing: (.+)", run(*TRAIN, "--out", "내 'first' run")[1])[1]
    ended = process("sh", "-c", line, cwd=tmp_path)
    assert ended.returncode == 0
    assert b"mlp on iris after 2 of 2 epochs" in ended.stdout


def test_windows_quotes_in_its_own_way(monkeypatch):
    words = ("evaluate", "--run", Path("my first run"))
    assert console.quoted(*words) == "evaluate --run 'my first run'"
    monkeypatch.setattr(console.os, "name", "nt")
    assert console.quoted("evaluate", "--run", "my first run") == 'evaluate --run "my first run"'


@NO_WINDOWS
@pytest.mark.parametrize("name", ["python", "dlcourse", "torchrun"])
def test_a_program_is_called_as_this_shell_finds_it(tmp_path, monkeypatch, name):
    programs = tmp_path / "my env" / "bin"
    programs.mkdir(parents=True)
    for program in ("python", name):
        (programs / program).write_text("#!/bin/sh\n")
        (programs / program).chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    assert console.command(name) == f"'my env/bin/{name}'"
    monkeypatch.chdir("/")
    assert console.command(name) == f"'{programs / name}'"
    monkeypatch.setenv("PATH", str(programs))
    assert console.command(name) == name
    if name != "python":
        (programs / name).unlink()
        assert console.command(name) == f"'{programs / 'python'}' -m {console.MODULES[name]}"


# Control+C.

INTERRUPTED = "import sys; from dlcourse import __main__; print('begun', flush=True); __main__.program()"


def interrupted(*words, after: float) -> tuple[int, str]:
    """Exit status and output of dlcourse, which gets Control+C `after` seconds after its beginning."""
    line = [sys.executable, "-c", INTERRUPTED, *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "env": environment()}
    # A suite that was started in the background hands on that Control+C is switched off.
    started = subprocess.Popen(line, **pipes, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert started.stdout.readline() == "begun\n"
    time.sleep(after)
    started.send_signal(signal.SIGINT)
    said, _ = started.communicate(timeout=LIMIT)
    return started.returncode, said


MOMENTS = (0.02, 0.3, 1.0, 2.5)


@NO_WINDOWS
@pytest.mark.parametrize("after", [*MOMENTS, *(pytest.param(n / 8, marks=pytest.mark.slow) for n in range(60))])
def test_control_c_ends_in_words_at_every_moment(tmp_path, after):
    out = tmp_path / "run"
    status, said = interrupted(
        "train", "--data", "moons", "--epochs", 9999, "--device", "cpu", "--out", out, after=after
    )
    assert status == 130, said
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert re.search(r"^dlcourse(: stopped\.| train: stopped)", said, re.MULTILINE)
    going_on = re.search(r"stopped; (\d+) epochs are saved. To go on: (.+)", said)
    assert bool(going_on) == bool(_saved(out))
    if going_on:
        assert int(going_on[1]) == _saved(out)
        assert going_on[2].endswith(f"train --resume --out {out}")


def _saved(out) -> int:
    return max((int(path.name[6:12]) for path in out.glob("checkpoints/epoch-*.pt")), default=0)


STOPPED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background hands on that it is off
from dlcourse.counterpart import Checkpoints, command
def stop(*_, **__):
    os.kill(os.getpid(), signal.SIGINT)
{moment}
from dlcourse.__main__ import program
program()
"""


@NO_WINDOWS
@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("command.fit = stop", "stopped before the first epoch was saved. Nothing was saved; you may begin anew"),
        ("command._farewell = stop", "stopped; 2 epochs are saved. To go on: .* train --resume --out "),
    ],
)
def test_control_c_promises_no_more_than_was_saved(tmp_path, moment, words):
    ended = process(*PYTHON, STOPPED.format(moment=moment), *TRAIN, "--out", tmp_path / "run")
    assert ended.returncode == 130
    assert re.search(words, ended.stderr.decode())
    assert run(*TRAIN, *(["--resume"] if "resume" in words else []), "--out", tmp_path / "run")[0] == 0


@NO_WINDOWS
def test_an_interrupt_that_the_shell_ignores_stays_ignored():
    code = "import signal, sys; from dlcourse import console\n"
    code += "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    code += "console.run(lambda: signal.raise_signal(signal.SIGINT) or 0, 'dlcourse')"
    assert process(*PYTHON, code).returncode == 0


def test_elsewhere_control_c_stays_what_it_is():
    before = signal.getsignal(signal.SIGINT)
    console.at_stop(lambda: "words")
    assert signal.getsignal(signal.SIGINT) is before


# Output that cannot be written, folders that are gone: a program that only speaks.

SPEAKS = shlex.join(
    [*PYTHON, "from dlcourse import console; console.run(lambda: print('words ' * 99) or 0, 'dlcourse')"]
)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_a_full_disk_below_the_output_is_told():
    ended = process("sh", "-c", f"{SPEAKS} > /dev/full")
    assert (ended.returncode, ended.stderr) == (
        1,
        b"dlcourse: the output cannot be written (No space left on device).\n",
    )
    assert process("sh", "-c", f"{SPEAKS} > /dev/full 2>&1").returncode == 1


@NO_WINDOWS
@pytest.mark.parametrize("end", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_a_closed_stream_is_no_hindrance(end):
    assert process("sh", "-c", f"{SPEAKS} {end}").returncode == 0


@NO_WINDOWS
def test_a_closed_pipe_is_told_and_no_traceback():
    ended = process("bash", "-c", f"sleep 1 | ({SPEAKS}; echo $? >&2) | true; sleep 1")
    assert ended.stderr.splitlines()[-1] in (b"0", b"1")  # 0 if it was quicker


@NO_WINDOWS
def test_a_folder_that_was_deleted_meanwhile_is_told(tmp_path):
    (tmp_path / "gone").mkdir()
    ended = process("sh", "-c", f"cd gone && rmdir ../gone && {SPEAKS}", cwd=tmp_path)
    assert ended.returncode == 1
    assert b"The current folder cannot be used (No such file or directory); cd to another one." in ended.stderr


# Words that make no sense: every option with every kind of value.

VALUES = (
    *(
        "0",
        "-1",
        "1e400",
        "nan",
        "inf",
        "-inf",
        "9" * 20,
        "9" * 5000,
        "٣",
        "²",
        "½",
        "",
        " ",
        "1_0",
        "0x10",
        "1.5",
        "+1",
    ),
    *(
        "true",
        "None",
        "[1]",
        "~",
        "~nobody/x",
        "é",
        "\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "ignore"),
    ),
    *("a" * 300, "/dev/null", "/proc/x", ".", "/", "--", "-", "a\nb"),
)
OPTIONS = (
    *("--out", "--epochs", "--batch-size", "--lr", "--seed", "--model", "--data", "--optimizer", "--schedule"),
    *("--device", "--resume", "--nonsense"),
)


def lines():
    """Many command lines: each option of train with each value, and those of evaluate."""
    for option, value in itertools.product(OPTIONS, VALUES):
        yield [*TRAIN, "--epochs", "1", "--out", "out", f"{option}={value}"]
    for option, value in itertools.product(("--run", "--image", "--device"), VALUES):
        yield ["evaluate", f"{option}={value}", *(["--image", "dog"] if option == "--device" else [])]
    yield from ([], ["doctor", "more"], ["train"], ["evaluate"], ["evaluate", "--run", "a", "--image", "b"])


def test_no_argument_makes_a_traceback(tmp_path, monkeypatch, capsys):
    """One process for all: `main` returns or exits with a known status and raises nothing else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for number, line in enumerate(lines()):
        if "--out=/" in line:
            continue  # it would be allowed
        (tmp_path / str(number)).mkdir()
        monkeypatch.chdir(tmp_path / str(number))
        try:
            status = command_line.main(line)
        except SystemExit as end:
            status = end.code
        said = "".join(capsys.readouterr())
        assert status in STATUSES, line
        assert "shows where" not in said, (line, said)
        assert "Traceback" not in said, (line, said)
        assert len(said) < 3000 or line[-1].startswith(("--nonsense", "--resume")), line  # argparse repeats these
        assert status == 0 or "dlcourse" in said, (line, said)


def test_a_broken_installation_is_told(monkeypatch):
    monkeypatch.delattr(counterpart, "command", raising=False)
    monkeypatch.setitem(sys.modules, "dlcourse.counterpart.command", None)  # an import of it fails
    status, said = run("train", "--out", "runs/a")
    assert status == 1
    assert re.fullmatch(
        r"dlcourse train: a package cannot be loaded \(.+\); .*dlcourse doctor tells how to fix it\.\n", said
    )


@pytest.mark.parametrize("value", ["", " "])
@pytest.mark.parametrize("words", [[*TRAIN, "--out"], ["evaluate", "--run"], ["evaluate", "--image"]])
def test_a_path_without_a_name_is_refused(capsys, words, value):
    with pytest.raises(SystemExit, match="2"):
        command_line.main([*words, value])
    assert f"expected a name, got {value!r}" in capsys.readouterr().err


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert command_line.main([*TRAIN, "--out=~/runs/a"]) == 0
    assert (tmp_path / "home" / "runs" / "a" / "run.json").is_file()
    assert not (tmp_path / "~").exists()
    assert command_line.main(["evaluate", "--device", "cpu", "--run=~/runs/a"]) == 0
