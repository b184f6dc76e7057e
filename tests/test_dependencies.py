"""The three lists of dependencies agree: pyproject.toml (ranges), constraints.txt (pins), environment.yml (conda)."""

import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def ranges(project: dict) -> dict[str, SpecifierSet]:
    """Name -> range of each direct dependency, those of the tests included."""
    texts = [*project["dependencies"], *(t for group in project["optional-dependencies"].values() for t in group)]
    requirements = [Requirement(text) for text in texts]
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in requirements}


def pins(text: str) -> dict[str, Version]:
    """Name -> version of each line of constraints.txt."""
    found = {}
    for line in filter(None, (line.partition("#")[0].strip() for line in text.splitlines())):
        requirement = Requirement(line)
        exact = [s.version for s in requirement.specifier if s.operator == "==" and not s.version.endswith("*")]
        name = canonicalize_name(requirement.name)
        if len(exact) != 1 or len(requirement.specifier) != 1:
            raise ValueError(f"constraints.txt: {line} does not pin one version")
        if name in found:
            raise ValueError(f"constraints.txt: {name} is pinned twice")
        found[name] = Version(exact[0])
    return found


def disagreements(ranges: dict[str, SpecifierSet], pins: dict[str, Version]) -> list[str]:
    """What is wrong between ranges and pins, in words."""
    missing = [f"{name} is not pinned" for name in ranges if name not in pins]
    outside = [f"{n}=={pins[n]} is outside {r}" for n, r in ranges.items() if n in pins and pins[n] not in r]
    return missing + outside


def open_ended(ranges: dict[str, SpecifierSet]) -> list[str]:
    """Dependencies without a lower bound or without an upper bound."""
    operators = {name: {specifier.operator for specifier in range_} for name, range_ in ranges.items()}
    return [name for name, found in operators.items() if not (">=" in found and "<" in found)]


def conda_mistakes(environment: dict, requires_python: str) -> list[str]:
    """environment.yml gives Python and leaves all the rest to pip and the two other lists."""
    *names, last = environment["dependencies"]
    pip = last.get("pip", []) if isinstance(last, dict) else []
    mistakes = [] if pip == ["-c constraints.txt", "-e .[test]"] else [f"pip is given {pip}"]
    wanted = [f"python{requires_python}", "pip"]
    return mistakes + ([] if names == wanted else [f"conda is given {names}, not {wanted}"])


def careless_installs(text: str) -> list[str]:
    """Lines that install the course without the pins."""
    lines = [line.strip() for line in text.splitlines() if "pip install" in line and "-e " in line]
    return [line for line in lines if "-c constraints.txt" not in line]


# What is in the checkout.


def test_every_direct_dependency_is_pinned_within_its_range():
    assert disagreements(ranges(PROJECT), pins(CONSTRAINTS)) == []


def test_every_range_has_two_ends():
    assert open_ended(ranges(PROJECT)) == []


def test_conda_uses_the_same_lists():
    assert conda_mistakes(ENVIRONMENT, PROJECT["requires-python"]) == []


def test_the_tests_run_with_what_is_pinned():
    pinned, groups = pins(CONSTRAINTS), {"test": PROJECT["optional-dependencies"]["test"]}
    needed = ranges(PROJECT | {"optional-dependencies": groups})
    installed = {name: Version(metadata.version(name)) for name in needed}
    other = {name: str(version) for name, version in installed.items() if Version(version.public) != pinned[name]}
    assert other == {}, "install with: python -m pip install -c constraints.txt -e '.[test]'"


def test_torch_is_pinned_and_the_blank_ipywidgets_is_excluded():
    assert pins(CONSTRAINTS)["torch"] == Version("2.13.0")
    assert "8.1.9" not in ranges(PROJECT)["ipywidgets"]
    assert "8.1.8" in ranges(PROJECT)["ipywidgets"]


@pytest.mark.parametrize("name", ["Makefile", "README.md", ".ci/run", ".github/workflows/test.yml"])
def test_every_installation_uses_the_pins(name):
    assert careless_installs((ROOT / name).read_text(encoding="utf-8")) == []


def test_make_installs_with_the_pins():
    assert "-c constraints.txt -e '.[test]'" in (ROOT / "Makefile").read_text(encoding="utf-8")


# The reader finds what is wrong.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "numpy is not pinned"),
        ("numpy==1.26.4", "numpy==1.26.4 is outside <3,>=2.0"),
        ("numpy==3.0", "numpy==3.0 is outside <3,>=2.0"),
    ],
)
def test_a_missing_or_wrong_pin_is_found(text, words):
    assert disagreements({"numpy": SpecifierSet(">=2.0,<3")}, pins(text)) == [words]


def test_an_excluded_version_is_found():
    assert disagreements({"ipywidgets": SpecifierSet("!=8.1.9,>=8")}, pins("ipywidgets==8.1.9")) != []


@pytest.mark.parametrize("line", ["numpy>=2.0", "numpy", "numpy==2.*", "numpy==2.0,<3"])
def test_a_line_that_pins_nothing_is_found(line):
    with pytest.raises(ValueError, match="does not pin one version"):
        pins(line)


def test_a_name_pinned_twice_is_found_in_any_spelling():
    with pytest.raises(ValueError, match="scikit-learn is pinned twice"):
        pins("scikit-learn==1.9.1\nscikit_learn==1.9.0")


@pytest.mark.parametrize("range_", ["", ">=1", "<2", "==1.0"])
def test_an_open_range_is_found(range_):
    assert open_ended({"numpy": SpecifierSet(range_)}) == ["numpy"]


@pytest.mark.parametrize(
    "dependencies",
    [
        ["python>=3.11", "pip"],
        ["python>=3.11", "pip", {"pip": ["-e .[test]"]}],
        ["python>=3.10", "pip", {"pip": ["-c constraints.txt", "-e .[test]"]}],
        ["python>=3.11", "numpy", "pip", {"pip": ["-c constraints.txt", "-e .[test]"]}],
    ],
)
def test_an_environment_that_differs_is_found(dependencies):
    assert conda_mistakes({"dependencies": dependencies}, ">=3.11") != []


def test_an_installation_without_pins_is_found():
    good, bad = "python -m pip install -c constraints.txt -e .", "python -m pip install -e '.[test]'"
    assert careless_installs(f"{good}\n  {bad}\npip install something-else") == [bad]
