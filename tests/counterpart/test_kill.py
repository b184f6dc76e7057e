"""A run killed by `kill -9` at random moments and resumed ends with the same weights as one never disturbed."""

import random
import time

import pytest
import torch

from dlcourse.counterpart import Checkpoints, Metrics
from tests.counterpart.processes import LIMIT, run, start


def _command(folder, epochs):
    return ("-m", "dlcourse", "train", "--resume", "--model", "mlp", "--data", "moons", "--batch-size", 8,
            "--schedule", "cosine", "--seed", 3, "--device", "cpu", "--epochs", epochs, "--out", folder)  # fmt: skip


def _newest(folder) -> int:
    """The epoch of the newest checkpoint by its name, 0 without one."""
    return max((int(path.name[6:12]) for path in (folder / "checkpoints").glob("epoch-*.pt")), default=0)


def _kill_after(folder, epochs, more, pause):
    """Start or resume the run, and kill it soon after `more` epochs were saved; False if it ended first."""
    process = start(*_command(folder, epochs))
    goal, limit = _newest(folder) + more, time.monotonic() + LIMIT
    while _newest(folder) < goal and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.001)
    time.sleep(pause)
    process.kill()
    output, _ = process.communicate()
    assert process.returncode in (-9, 0), output
    return process.returncode == -9


def _same(one, two) -> bool:
    if isinstance(one, torch.Tensor):
        return torch.equal(one, two)
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(_same(one[key], two[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(two) and all(map(_same, one, two))
    return one == two


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_killed_and_resumed_ends_the_same(tmp_path, kills):
    epochs, moments = 15 * kills, random.Random(kills)
    run(*_command(tmp_path / "straight", epochs))
    done = sum(_kill_after(tmp_path / "killed", epochs, moments.randint(0, 5), moments.uniform(0, 0.08))
               for _ in range(kills))  # fmt: skip
    assert done == kills
    assert 0 < _newest(tmp_path / "killed") < epochs
    run(*_command(tmp_path / "killed", epochs))
    straight, killed = (Checkpoints(tmp_path / name / "checkpoints").load() for name in ("straight", "killed"))
    assert straight["epoch"] == epochs
    assert _same(straight, killed)  # weights, optimizer, schedule, history, RNG states, bit for bit
    rows = [[list(row.values())[:6] for row in Metrics(tmp_path / name).rows()] for name in ("straight", "killed")]
    assert rows[0] == rows[1]
    assert [row[0] for row in rows[1]] == list(range(1, epochs + 1))
