"""The device that was asked for, or words; never silently another."""

import re

import pytest
import torch

from dlcourse.counterpart.device import available, check_bf16, choose


@pytest.fixture
def machine(monkeypatch):
    """Pretend a machine: machine(cuda=2, mps=False)."""

    def pretend(cuda=0, mps=False, build="12.9", bf16=True):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda device=None: "GeForce")
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: bf16)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.setattr(torch.version, "cuda", build)
        for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE"):
            monkeypatch.delenv(name, raising=False)

    return pretend


@pytest.mark.parametrize(
    ("there", "kind", "words"),
    [
        ({"cuda": 1, "mps": True}, "cuda", r"Device: cuda \(GeForce\), the first that auto found"),
        ({"mps": True}, "mps", r"Device: mps \(Apple\), since auto found no cuda"),
        ({}, "cpu", "Device: cpu, since auto found no cuda and no mps"),
    ],
)
def test_auto_takes_the_fastest_and_says_what_and_why(machine, capsys, there, kind, words):
    machine(**there)
    assert choose().type == kind
    assert re.match(words, capsys.readouterr().out)
    assert available()[0] == kind
    assert available()[-1] == "cpu"


@pytest.mark.parametrize("kind", ["cuda", "mps", "cpu"])
def test_what_is_asked_for_is_taken_without_a_word(machine, capsys, kind):
    machine(cuda=1, mps=True)
    assert choose(kind).type == kind
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("there", "asked", "words"),
    [
        ({"build": None}, "cuda", r"device 'cuda' was asked for, but this PyTorch .* was built without CUDA; install"),
        ({}, "cuda", "device 'cuda' was asked for, but PyTorch sees no NVIDIA GPU; look at nvidia-smi .*; use 'cpu'"),
        ({"cuda": 1}, "mps", "device 'mps' was asked for, but PyTorch sees no Apple GPU"),
        ({"cuda": 1}, "gpu", "choose: device must be one of auto, cuda, mps, cpu; got 'gpu'"),
        ({"cuda": 1}, None, "got None"),
    ],
)
def test_what_is_not_there_is_an_error_in_words(machine, there, asked, words):
    machine(**there)
    with pytest.raises(ValueError, match=words):
        choose(asked)


def test_behind_torchrun_each_process_gets_a_gpu_of_its_own(machine, monkeypatch, capsys):
    machine(cuda=2)
    for number in (0, 1):
        monkeypatch.setenv("RANK", str(number))
        monkeypatch.setenv("LOCAL_RANK", str(number))
        assert choose("auto") == torch.device("cuda", number)
    assert capsys.readouterr().out.count("Device:") == 1  # only the first process says it
    monkeypatch.setenv("LOCAL_RANK", "2")
    with pytest.raises(
        ValueError, match=r"process 2 of this machine needs a GPU of its own, but there are 2; start at"
    ):
        choose("cuda")


def test_bf16_where_there_is_none(machine):
    machine(cuda=1, bf16=False)
    with pytest.raises(ValueError, match="check_bf16: GeForce has no bfloat16"):
        check_bf16(torch.device("cuda", 0))
    check_bf16(torch.device("cpu"))
    machine(cuda=1, bf16=True)
    check_bf16(torch.device("cuda", 0))
