"""Three learners on one local JupyterHub: key press to changed pixels, one of them alone and all three at once.

The hub runs docs/jupyterhub/jupyterhub_config.py; the trial changes only who may come in (by a password of the trial,
not as users of the machine) and where the homes are (a temporary folder). Each learner has a Chromium of their own,
signs in, opens notebook 03 and moves w₁ of GatesLab. The three browsers share the cores with the hub, which is not so
in a real class: what is measured is the worse case.

Needs JupyterHub and its proxy beside the course (docs/teaching.md); without them it says so and measures nothing.
"""

import contextlib
import importlib.util
import json
import secrets
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.benchmarks.browser import WATCH
from tests.benchmarks.timing import table
from tests.browser.jupyter_server import Server, answer_the_news_question, free_port, running
from tests.browser.notebook_page import SECONDS, Browser, NotebookPage, chromium_path

CONFIGURATION = Path(__file__).parents[2] / "docs" / "jupyterhub" / "jupyterhub_config.py"
LEARNERS = ("ada", "blaise", "chiara")
NOTEBOOK, SETUP_CELL, LAB_CELL = "03-perceptron.ipynb", "setup-imports", "see-gates"
ROUNDS, ROUND_SECONDS = 3, 8
TRIAL = """
load_subconfig({name!r}, path={folder!r})
c = get_config()
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.Authenticator.admin_users = set()
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.args = [*c.Spawner.args, "--allow-root"]
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.services = [{{"name": "trial", "api_token": {token!r}}}]
scopes = ["access:servers", "admin:servers", "list:users"]
c.JupyterHub.load_roles = [{{"name": "trial", "scopes": scopes, "services": ["trial"]}}]
"""


@dataclass(frozen=True)
class Hub:
    url: str
    password: str
    token: str
    folder: Path
    process: subprocess.Popen

    def server(self, learner: str) -> "HubServer":
        return HubServer(f"{self.url}/user/{learner}", self.token, self.folder / learner, self.folder / "hub.log")

    def memory(self, learner: str) -> dict[str, float]:
        """Megabytes that are the learner's alone or a fair part of what is shared: of the server, of the kernels."""
        used = {"server": 0.0, "kernel": 0.0}
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if process.environ().get("JUPYTERHUB_USER") == learner:
                    part = "kernel" if "ipykernel_launcher" in " ".join(process.cmdline()) else "server"
                    used[part] += process.memory_full_info().pss / 2**20
        return used


class HubServer(Server):
    """A learner's server behind the hub, as the tests' pages expect a server."""

    def notebook_url(self, name: str) -> str:
        return f"{self.url}/lab/workspaces/{secrets.token_hex(4)}/tree/{name}?reset"

    def _kernels(self, name: str) -> list[dict]:
        request = urllib.request.Request(f"{self.url}/api/sessions", headers={"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return [s["kernel"] for s in json.load(answer) if s["path"] == name and s["kernel"]]


class Desk(Browser):
    """A learner's own Chromium."""

    def sign_in(self, hub: Hub, learner: str) -> NotebookPage:
        """Through the form, as a person; until the notebook is open."""
        page = self._browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{hub.url}/hub/login")
        page.fill("input[name=username]", learner)
        page.fill("input[name=password]", hub.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"**/user/{learner}/**", timeout=180 * SECONDS)
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90 * SECONDS)
        return NotebookPage(page, hub.server(learner), NOTEBOOK)


@dataclass
class Lesson:
    """What was measured of one learner: milliseconds of each press, seconds until the notebook was open, megabytes."""

    ready: float = 0.0
    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)


def main() -> None:
    missing = what_is_missing()
    if missing:
        print(f"Classroom: skipped, {missing} not found (docs/teaching.md says how to install it)")
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, hub(Path(folder)) as running:
        lessons = class_of_three(running)
    print(f"Milliseconds from key press to pixels, median of presses in {ROUNDS} rounds of {ROUND_SECONDS} s each")
    print(table(["", "presses", "ms", "95 of 100 below", "× alone (≤ 2)"], rows(lessons)))
    print(f"Signed in at once: the notebook is open after {', '.join(f'{lesson.ready:.0f}' for lesson in lessons)} s")
    for part in ("server", "kernel"):
        print(f"Memory of a learner's {part}: {', '.join(f'{lesson.memory[part]:.0f}' for lesson in lessons)} MB")


def what_is_missing() -> str:
    """In words, or nothing."""
    needed = {
        "JupyterHub": importlib.util.find_spec("jupyterhub"),
        "configurable-http-proxy": shutil.which("configurable-http-proxy"),
        "Chromium": chromium_path(),
    }
    return ", ".join(name for name, found in needed.items() if not found)


@contextlib.contextmanager
def hub(folder: Path):
    """JupyterHub with the documented configuration, in a temporary folder; all its files stay there."""
    port, hub_port, api_port = (free_port() for _ in range(3))
    url, password, token = f"http://127.0.0.1:{port}", secrets.token_hex(12), secrets.token_hex(24)
    values = {"name": CONFIGURATION.name, "folder": str(CONFIGURATION.parent), "homes": str(folder / "{username}")}
    values |= {"port": port, "hub_port": hub_port, "api_port": api_port, "password": password, "token": token}
    trial = folder / "trial_config.py"
    trial.write_text(TRIAL.format(**values))
    for learner in LEARNERS:
        answer_the_news_question(folder / learner / ".jupyter" / "lab" / "user-settings")
    command = ["jupyterhub", "-f", str(trial)]
    with running(command, f"{url}/hub/login", folder / "hub.log", cwd=folder) as process:
        yield Hub(url, password, token, folder, process)


def class_of_three(hub: Hub) -> list[Lesson]:
    """All come in at once; then, in turns, one moves the slider alone, and all three do."""
    meet = threading.Barrier(len(LEARNERS), timeout=300)
    with ThreadPoolExecutor(len(LEARNERS)) as room:
        return [done.result() for done in [room.submit(one_lesson, hub, name, meet) for name in LEARNERS]]


def one_lesson(hub: Hub, learner: str, meet: threading.Barrier) -> Lesson:
    """What one learner does. Whoever fails lets the others go home."""
    lesson = Lesson()
    try:
        with Desk() as desk:
            meet.wait()
            start = time.monotonic()
            page = desk.sign_in(hub, learner)
            lesson.ready = time.monotonic() - start
            slider = open_lab(page, hub.folder / learner / "deep-learning" / NOTEBOOK)
            for number in range(ROUNDS):
                meet.wait()
                if LEARNERS[number % len(LEARNERS)] == learner:
                    lesson.alone += press(page, slider)
                meet.wait()
                lesson.together += press(page, slider)
            lesson.memory = hub.memory(learner)
            meet.wait()
    except BaseException:
        meet.abort()
        raise
    return lesson


def open_lab(page: NotebookPage, notebook: Path):
    """Run the two cells that the lab needs; the knob of its first slider, watched."""
    ids = [cell["id"] for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]]
    for cell in (SETUP_CELL, LAB_CELL):
        page.run_cell(ids.index(cell))
        page.wait_for_kernel()
    page.lab(0)
    slider = page.slider("w₁")
    page.press(slider)
    page.page.evaluate(WATCH, ["w₁", ".dlc-picture"])
    return slider


def press(page: NotebookPage, slider) -> list[float]:
    """Press arrow keys for a round, each after the picture of the last one; the milliseconds that each took."""
    page.press(slider)
    page.page.evaluate("window.watch.taken = []")
    end, number = time.monotonic() + ROUND_SECONDS, 0
    while time.monotonic() < end:
        page.page.keyboard.press("ArrowRight" if number % 4 < 2 else "ArrowLeft")
        number += 1
        page.page.wait_for_function("n => window.watch.taken.length >= n", arg=number, timeout=20 * SECONDS)
        page.page.wait_for_timeout(60)
    return page.page.evaluate("window.watch.taken")


def rows(lessons: list[Lesson]) -> list[list[str]]:
    alone = [taken for lesson in lessons for taken in lesson.alone]
    together = [taken for lesson in lessons for taken in lesson.together]
    base = statistics.median(alone)

    def row(name: str, taken: list[float]) -> list[str]:
        median, high = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        return [name, f"{len(taken)}", f"{median:.0f}", f"{high:.0f}", f"{median / base:.2f}"]

    each = [row(f"  {name}", lesson.together) for name, lesson in zip(LEARNERS, lessons, strict=True)]
    return [row("one alone", alone), row("three at once", together), *each]
