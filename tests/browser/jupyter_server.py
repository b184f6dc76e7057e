"""A JupyterLab of the tests' own, with its default settings, on a free port."""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 180  # on a busy machine; it costs only when nothing comes


@dataclass(frozen=True)
class Server:
    url: str
    token: str
    root: Path  # the folder that JupyterLab shows
    log: Path

    def notebook_url(self, name: str) -> str:
        """A fresh workspace showing one notebook."""
        return f"{self.url}/lab/workspaces/{secrets.token_hex(4)}/tree/{name}?token={self.token}&reset"

    def kernel_is_ready(self, name: str) -> bool:
        """Whether the notebook's kernel is idle and the page is connected to it. (The page itself says "idle" before it
        has a kernel, and answers a cell run then with a dialogue.)"""
        kernels = self._kernels(name)
        return any(kernel["execution_state"] == "idle" and kernel["connections"] for kernel in kernels)

    def shut_down_kernel(self, name: str) -> None:
        for kernel in self._kernels(name):
            address = f"{self.url}/api/kernels/{kernel['id']}?token={self.token}"
            urllib.request.urlopen(urllib.request.Request(address, method="DELETE"), timeout=60).close()

    def _kernels(self, name: str) -> list[dict]:
        with urllib.request.urlopen(f"{self.url}/api/sessions?token={self.token}", timeout=60) as answer:
            return [s["kernel"] for s in json.load(answer) if s["path"] == name and s["kernel"]]


@contextlib.contextmanager
def jupyter_server(folder: Path):
    """Run JupyterLab on `folder/notebooks`; all its files stay below `folder`."""
    root = folder / "notebooks"
    root.mkdir(exist_ok=True)
    port, token, log = free_port(), secrets.token_hex(12), folder / "jupyter.log"
    command = ["jupyterlab", "--no-browser", f"--ServerApp.port={port}", f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.root_dir={root}", "--ServerApp.ip=127.0.0.1"]
    command += ["--allow-root"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    server = Server(f"http://127.0.0.1:{port}", token, root, log)
    with running(command, f"{server.url}/api?token={token}", log, env=_environment(folder)):
        yield server


@contextlib.contextmanager
def running(module: list[str], url: str, log: Path, **options):
    """Run `python -m *module` until the block ends, which begins once `url` answers; yields the process."""
    with log.open("w") as output:
        process = subprocess.Popen([sys.executable, "-m", *module], stdout=output, stderr=output, **options)
        try:
            _wait_until_up(process, url, log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _environment(folder: Path) -> dict[str, str]:
    """The machine's environment with Jupyter's folders moved."""
    settings = folder / "config" / "lab" / "user-settings"
    answer_the_news_question(settings)
    names = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
    folders = {name: str(folder / part) for name, part in (names | {"DLCOURSE_DATA_DIR": "progress"}).items()}
    return os.environ | folders | {"JUPYTERLAB_SETTINGS_DIR": str(settings)}


def answer_the_news_question(settings: Path) -> None:
    """JupyterLab would ask it over the notebook."""
    folder = settings / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "notification.jupyterlab-settings").write_text(json.dumps({"fetchNews": "false"}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_up(process: subprocess.Popen, url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{log.read_text()[-3000:]}")
