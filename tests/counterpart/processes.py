"""Starting dlcourse in processes of its own."""

import os
import subprocess
import sys

ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "default"}
for _name in ("RANK", "LOCAL_RANK", "WORLD_SIZE"):
    ENVIRONMENT.pop(_name, None)
LIMIT = 300  # seconds; only a hanging process comes near


def start(*arguments) -> subprocess.Popen:
    """python <arguments> in a new process, its output kept."""
    command = [sys.executable, *map(str, arguments)]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def run(*arguments) -> str:
    """The same to its end, which must be a good one; returns what it printed."""
    process = start(*arguments)
    try:
        output, _ = process.communicate(timeout=LIMIT)
    finally:
        process.kill()
    if process.returncode:
        raise AssertionError(f"{arguments} ended with {process.returncode}:\n{output}")
    return output


def torchrun(count: int, *arguments) -> str:
    """The same as `count` processes that know of each other."""
    return run("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", count, *arguments)
