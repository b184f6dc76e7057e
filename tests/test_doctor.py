"""The doctor, by giving it each illness in turn."""

import errno
import io
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import jupyter_core.paths
import pytest
from jupyter_client import kernelspec
from matplotlib import font_manager
from packaging.specifiers import SpecifierSet

from dlcourse import command_line, console, doctor
from dlcourse.doctor import Finding, Report
from tests.exercises.test_store import without_a_home


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path / "progress"))


def only(findings) -> Finding:
    """The one finding of a check."""
    [finding] = findings
    return finding


# The environment that the tests run in is healthy.


def test_the_environment_of_the_tests_is_healthy():
    report = doctor.doctor()
    assert report.healthy, repr(report)
    assert repr(report).endswith("All that the course needs is in order.")


def test_every_direct_dependency_has_a_line():
    found = {finding.what: finding.found for finding in doctor.packages()}
    assert {"numpy", "torch", "ipywidgets", "anywidget", "jupyterlab", "ipykernel", "pillow"} <= set(found)
    assert found["numpy"] == metadata.version("numpy")
    assert not {"pytest", "ruff"} & set(found)  # a learner needs no test tools


# Python and packages.


def test_an_old_python_is_found(monkeypatch):
    monkeypatch.setattr(doctor.platform, "python_version", lambda: "3.9.1")
    finding = only(doctor.python())
    assert finding.state == "wrong"
    assert finding.found.startswith("3.9.1 at ")
    assert "needs Python >=3.11" in finding.mend


def test_a_missing_package_is_found():
    finding = doctor.package("dlcourse-without-this", SpecifierSet(">=1"))
    assert (finding.state, finding.found) == ("wrong", "is not installed")
    assert "pip install -c constraints.txt dlcourse-without-this" in finding.mend


@pytest.mark.parametrize("range_", [">=99", "<1", f"!={metadata.version('numpy')}"])
def test_a_package_of_another_version_is_found(range_):
    finding = doctor.package("numpy", SpecifierSet(range_))
    assert finding.state == "wrong"
    assert f"tested with {range_}" in finding.found


def test_a_local_build_counts_as_its_version(monkeypatch):
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "2.13.0+cpu")
    assert doctor.package("numpy", SpecifierSet("==2.13.0")).state == "ok"


def test_a_package_that_cannot_be_imported_is_found(monkeypatch):
    def broken(name):
        raise OSError("libscipy.so is too short")

    monkeypatch.setattr(doctor.importlib, "import_module", broken)
    finding = doctor.package("scipy", SpecifierSet(">=1"))
    assert finding.state == "wrong"
    assert "import fails: OSError: libscipy.so is too short" in finding.found
    assert "--force-reinstall" in finding.mend


def test_pillow_is_imported_by_the_name_of_its_module(monkeypatch):
    imported = []
    monkeypatch.setattr(doctor.importlib, "import_module", imported.append)
    doctor.package("pillow", SpecifierSet(">=1"))
    doctor.package("scikit-learn", SpecifierSet(">=1"))
    assert imported == ["PIL", "sklearn"]


def test_a_check_that_fails_itself_is_a_finding(monkeypatch):
    def not_installed(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor.metadata, "requires", not_installed)
    finding = only(doctor._guarded(doctor.packages))
    assert (finding.what, finding.state) == ("packages", "wrong")
    assert "could not be checked: PackageNotFoundError" in finding.found
    assert "pip install -c constraints.txt -e ." in finding.mend


# The device.


def pretend_device(monkeypatch, cuda=False, mps=False, nvidia=False):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "a GPU")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    monkeypatch.setattr(doctor.shutil, "which", lambda name: "/bin/nvidia-smi" if nvidia else None)


@pytest.mark.parametrize(
    ("computer", "state", "words"),
    [
        ({}, "ok", "cpu"),
        ({"cuda": True, "nvidia": True}, "ok", "cuda (a GPU)"),
        ({"mps": True}, "ok", "mps (Apple)"),
        ({"nvidia": True}, "note", "cpu, although this computer seems to have an NVIDIA GPU"),
    ],
)
def test_the_device_is_named(monkeypatch, computer, state, words):
    pretend_device(monkeypatch, **computer)
    finding = only(doctor.device())
    assert (finding.state, finding.found) == (state, words)
    assert ("pytorch.org" in finding.mend) == (state == "note")


# The kernel and the widgets' front ends, with files as a wrong installation leaves them.


def write_kernel(folder: Path, program: str) -> None:
    place = folder / "kernels" / "python3"
    place.mkdir(parents=True)
    spec = {"argv": [program, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "Python 3"}
    (place / "kernel.json").write_text(json.dumps(spec | {"language": "python"}), encoding="utf-8")


@pytest.mark.parametrize("program", ["python", "python3", sys.executable])
def test_a_kernel_that_runs_this_python_is_fine(monkeypatch, tmp_path, program):
    write_kernel(tmp_path, program)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    finding = only(doctor.kernel())
    assert finding.state == "ok"
    assert str(tmp_path) in finding.found


@pytest.mark.parametrize("program", ["/opt/other/bin/python", "python2", "julia"])
def test_a_kernel_of_another_python_is_found(monkeypatch, tmp_path, program):
    write_kernel(tmp_path, program)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    finding = only(doctor.kernel())
    assert finding.state == "wrong"
    assert f"runs {program!r}, not {sys.executable}" in finding.found
    python = console.command("python")
    assert finding.mend.startswith(
        f"Run {python} -m jupyter kernelspec remove python3, then {python} -m ipykernel install"
    )


def test_a_second_environment_of_the_same_python_is_another_python(monkeypatch, tmp_path):
    other = tmp_path / "other" / "python"
    other.parent.mkdir()
    try:
        other.symlink_to(Path(sys.executable).resolve())
    except OSError:
        pytest.skip("this system lets us make no links")
    write_kernel(tmp_path, str(other))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert only(doctor.kernel()).state == "wrong"


def test_a_missing_kernel_is_found(monkeypatch):
    def none(self, name):
        raise kernelspec.NoSuchKernel(name)

    monkeypatch.setattr(kernelspec.KernelSpecManager, "get_kernel_spec", none)
    finding = only(doctor.kernel())
    assert (finding.state, finding.found) == ("wrong", "there is none")
    assert finding.mend == f"Run {console.command('python')} -m ipykernel install --sys-prefix --name python3"


def write_front_end(folder: Path, extension: str, version: str) -> None:
    place = folder / "labextensions" / extension
    place.mkdir(parents=True)
    (place / "package.json").write_text(json.dumps({"name": extension, "version": version}), encoding="utf-8")


@pytest.mark.parametrize(("distribution", "extension"), doctor.FRONT_ENDS.items())
def test_an_older_front_end_that_hides_the_installed_one_is_found(monkeypatch, tmp_path, distribution, extension):
    write_front_end(tmp_path, extension, "0.0.1")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    finding = doctor.front_end(distribution, extension)
    assert finding.state == "wrong"
    assert "0.0.1 in " in finding.found
    assert "hides" in finding.found
    assert "Remove that folder" in finding.mend


@pytest.mark.parametrize(("distribution", "extension"), doctor.FRONT_ENDS.items())
def test_a_missing_front_end_is_found(monkeypatch, distribution, extension):
    monkeypatch.setattr(jupyter_core.paths, "jupyter_path", lambda *names: [])
    finding = doctor.front_end(distribution, extension)
    assert finding.state == "wrong"
    assert finding.found == f"JupyterLab does not find {extension}"
    assert f"--force-reinstall {distribution}" in finding.mend


def test_widgets_that_do_not_fit_ipywidgets_are_found(monkeypatch):
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: ["jupyterlab_widgets~=1.0", "traitlets>=4"])
    findings = {finding.what: finding for finding in doctor.widgets()}
    assert findings["jupyterlab_widgets"].state == "wrong"
    assert "tested with ~=1.0" in findings["jupyterlab_widgets"].found
    assert "traitlets" not in findings


# Fonts, progress and Chromium.


def pretend_fonts(monkeypatch, *names):
    entries = [font_manager.FontEntry(name=name) for name in names]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", entries)


def test_a_korean_font_is_optional(monkeypatch):
    pretend_fonts(monkeypatch, "DejaVu Sans", "Arial")
    font, korean = doctor.fonts()
    assert (font.state, korean.state) == ("ok", "note")
    assert "fonts-noto-cjk" in korean.mend


@pytest.mark.parametrize("name", ["NanumGothic", "Noto Sans CJK JP", "Malgun Gothic"])
def test_a_korean_font_is_found(monkeypatch, name):
    pretend_fonts(monkeypatch, "DejaVu Sans", name)
    assert [(f.state, f.found) for f in doctor.fonts()] == [("ok", "DejaVu Sans"), ("ok", name)]


def test_the_font_of_the_pictures_is_required(monkeypatch):
    pretend_fonts(monkeypatch, "NanumGothic")
    font, _ = doctor.fonts()
    assert font.state == "wrong"
    assert "does not find its own DejaVu Sans" in font.found


def test_a_folder_that_cannot_be_written_to_is_found(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path / "file"))
    finding = only(doctor.progress())
    assert finding.state == "wrong"
    assert "cannot be written to" in finding.found
    assert "Set DLCOURSE_DATA_DIR" in finding.mend


def test_a_full_disk_is_found(monkeypatch):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", lambda **_: Full())
    finding = only(doctor.progress())
    assert finding.state == "wrong"
    assert "cannot be written to (No space left on device)" in finding.found


@pytest.mark.parametrize("given", [None, "~/progress", "~nobody-of-this-name/progress"])
def test_a_user_without_a_home_is_told_what_to_set(monkeypatch, given):
    without_a_home(monkeypatch, given)
    finding = only(doctor.progress())
    assert finding.state == "wrong"
    assert "no home folder is known for this user" in finding.found
    assert "Set DLCOURSE_DATA_DIR" in finding.mend


def test_the_check_of_the_folder_leaves_nothing_in_it(tmp_path):
    assert only(doctor.progress()).state == "ok"
    assert list((tmp_path / "progress").iterdir()) == []


def test_chromium_is_optional(monkeypatch):
    monkeypatch.delenv("DLCOURSE_CHROMIUM", raising=False)
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    finding = only(doctor.browser())
    assert (finding.state, finding.found) == ("note", "none found")
    assert "apt install chromium" in finding.mend


def test_chromium_is_found_by_the_variable(monkeypatch, tmp_path):
    program = tmp_path / "chromium"
    monkeypatch.setenv("DLCOURSE_CHROMIUM", str(program))
    assert "is no file" in only(doctor.browser()).found
    program.touch()
    assert only(doctor.browser()) == Finding("Chromium", "ok", str(program))


# The report and the command line.


def test_the_report_says_what_to_mend_and_in_which_order():
    findings = (Finding("a", "ok", "1"), Finding("b", "wrong", "2", "Run x"), Finding("c", "note", "3", "Perhaps y"))
    report = Report((*findings, Finding("d", "wrong", "4", "Run z")))
    assert not report.healthy
    lines = repr(report).splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["ok", "WRONG", "Run"]
    assert lines[-1].startswith("To be mended, in the folder of the course and from the top: b, d.")


def test_in_brief_it_names_the_device_and_what_is_wrong():
    findings = (Finding("a", "ok", "1"), Finding("device", "ok", "cpu"), Finding("b", "wrong", "2", "Run x"))
    lines = Report(findings).brief.splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [["ok", "device"], ["WRONG", "b"]]
    assert "Run x" in lines[2]
    assert lines[-1].startswith("To be mended")
    healthy = Report(findings[:2]).brief.splitlines()
    assert len(healthy) == 3
    assert healthy[-1] == "All that the course needs is in order."


def test_notes_alone_are_healthy():
    assert Report((Finding("c", "note", "3", "Perhaps y"),)).healthy


@pytest.mark.parametrize(("state", "status"), [("ok", 0), ("note", 0), ("wrong", 1)])
def test_the_exit_status_tells(monkeypatch, capsys, state, status):
    monkeypatch.setattr(doctor, "CHECKS", (lambda: [Finding("a thing", state, "seen")],))
    assert command_line.main(["doctor"]) == status
    assert "a thing" in capsys.readouterr().out


def test_alone_the_command_line_prints_help(capsys):
    assert command_line.main([]) == 0
    assert "doctor" in capsys.readouterr().out


def test_an_unknown_command_exits_with_2_in_words(capsys):
    with pytest.raises(SystemExit, match="2"):
        command_line.main(["dokter"])
    said = capsys.readouterr().err
    assert "dokter" in said
    assert "doctor" in said


def test_the_doctor_itself_imports_nothing_heavy():
    code = "import sys, dlcourse.doctor, dlcourse.command_line; print(*{n.split('.')[0] for n in sys.modules})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert not {"numpy", "torch", "matplotlib", "ipywidgets", "packaging"} & set(result.stdout.split())
