"""The ladder: every rung ends with the same weights, and one update is what is worked out by hand."""

import subprocess
from dataclasses import replace

import numpy as np
import pytest
import torch

from dlcourse import reference
from dlcourse.counterpart import ladder

TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def job():
    return replace(ladder.digits_job(), epochs=8)


@pytest.fixture(scope="module")
def first(job):
    return ladder.sample_by_sample(job)


def little_job(epochs=1):
    """One hidden unit, one sample: x = (1, 2), h = 0.5·1 + 0.25·2 = 1, z = (1, −1)."""
    start = {"0.weight": [[0.5, 0.25]], "0.bias": [0.0], "2.weight": [[1.0], [-1.0]], "2.bias": [0.0, 0.0]}
    arrays = {name: np.array(value, np.float32) for name, value in start.items()}
    return ladder.Job(np.array([[1, 2]], np.float32), np.array([0]), arrays, epochs, 1.0)


def test_one_update_by_hand():
    rung = ladder.sample_by_sample(little_job())
    q = 1 / (1 + np.exp(2))  # of class 1; so delta = (−q, q), and the hidden unit gets −2q
    assert rung.loss == pytest.approx(np.log(1 + np.exp(-2)), rel=1e-6)
    assert rung.weights["2.weight"] == pytest.approx(np.array([[1 + q], [-1 - q]]), rel=1e-6)
    assert rung.weights["2.bias"] == pytest.approx([q, -q], rel=1e-6)
    assert rung.weights["0.weight"] == pytest.approx(np.array([[0.5 + 2 * q, 0.25 + 4 * q]]), rel=1e-6)
    assert rung.weights["0.bias"] == pytest.approx([2 * q], rel=1e-6)


RUNGS = {
    "reference": lambda job: ladder.batched(job, reference, "NumPy"),
    "torch": lambda job: ladder.batched(job, torch, "torch"),
    "fit": lambda job: ladder.on_device(job, "fit"),
}


@pytest.mark.parametrize("name", RUNGS)
def test_the_rungs_on_one_cpu_end_with_the_same_weights(job, first, name):
    rung = RUNGS[name](job)
    assert set(rung.weights) == set(first.weights) == set(job.start)
    assert rung.difference(first) < TOLERANCE
    assert rung.loss == pytest.approx(first.loss, rel=1e-5)
    assert 0 < rung.seconds < 60


def test_the_weights_have_moved_and_the_start_has_not(job, first):
    start = {name: array.copy() for name, array in job.start.items()}
    again = RUNGS["fit"](job)
    assert ladder.Rung("start", job.start, 0.0, 0.0).difference(again) > 0.01
    assert all((job.start[name] == start[name]).all() for name in start)
    assert first.loss < ladder.sample_by_sample(replace(job, epochs=1)).loss


def test_bfloat16_is_near_and_not_the_same(job, first):
    assert TOLERANCE < ladder.on_device(job, "bf16", bf16=True).difference(first) < 5e-3


def test_the_difference_is_that_of_the_farthest_weight():
    one, two = ({"a": np.array([1.0, 2.0]), "b": np.array([x])} for x in (0.5, -1.0))
    assert ladder.Rung("1", one, 0, 0).difference(ladder.Rung("2", two, 0, 0)) == 1.5


@pytest.mark.slow
@pytest.mark.skipif(ladder.compiler() is None, reason="torch.compile needs a C++ compiler on the CPU")
@pytest.mark.filterwarnings("default")
def test_compiled_ends_with_the_same_weights(job, first):
    assert ladder.on_device(job, "compiled", compile=True).difference(first) < TOLERANCE


def test_the_command_line_ends_with_the_same_weights_in_two_processes(job, first):
    rung = ladder.command_line(job, 2)
    assert rung.name == "2 processes"
    assert rung.difference(first) < TOLERANCE
    assert rung.loss == pytest.approx(first.loss, rel=1e-5)


def test_the_command_knows_nothing_of_other_processes_and_has_a_limit(job, monkeypatch):
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "7")
    seen = {}

    def run(words, **options):
        seen.update(options, words=words)
        return subprocess.CompletedProcess(words, 3, "", "first line\nno such thing")

    with pytest.raises(
        RuntimeError, match=r"--nproc-per-node 2 -m dlcourse train .* failed:\nfirst line\nno such thing"
    ):
        ladder.command_line(job, 2, run=run)
    assert not {"RANK", "WORLD_SIZE"} & set(seen["env"])
    assert seen["env"]["OMP_NUM_THREADS"] == "1"
    assert seen["timeout"] == ladder.LIMIT
    assert seen["words"][1:5] == ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]


def test_alone_the_line_needs_no_torchrun(job):
    line = ladder.train_line(job, 1, "cpu", "runs/b")
    assert line[:4] == ["dlcourse", "train", "--data", "digits"]
    assert line[-6:] == ["--batch-size", "1150", "--device", "cpu", "--out", "runs/b"]


def test_a_job_of_any_size():
    job = ladder.random_job([5, 7, 3], rows=11)
    assert job.sizes == [5, 7, 3]
    assert job.x.shape == (11, 5)
    assert set(job.y) <= {0, 1, 2}
    assert RUNGS["fit"](job).difference(RUNGS["reference"](job)) < TOLERANCE


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU and a CUDA build of PyTorch")
@pytest.mark.parametrize(("bf16", "tolerance"), [(False, 1e-4), (True, 5e-3)])
def test_cuda_ends_with_the_same_weights(job, first, bf16, tolerance):
    assert ladder.on_device(job, "CUDA", "cuda", bf16=bf16).difference(first) < tolerance
