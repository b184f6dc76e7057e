"""Where PyTorch computes: an NVIDIA GPU (cuda), an Apple GPU (mps) or the processor (cpu)."""

import os

import torch

DEVICES = ("auto", "cuda", "mps", "cpu")


def choose(device: str = "auto") -> torch.device:
    """The device called `device`; "auto" takes the first of cuda, mps, cpu that is there and prints which and why.

    Behind torchrun every process on a machine gets a GPU of its own, cuda:0, cuda:1, … by LOCAL_RANK. Asking for what
    is not there is a ValueError and never a silent change to the CPU.
    """
    if device not in DEVICES:
        raise ValueError(f"choose: device must be one of {', '.join(DEVICES)}; got {device!r}.")
    there = available()
    chosen = there[0] if device == "auto" else device
    if chosen not in there:
        raise ValueError(f"choose: device {device!r} was asked for, but {_why_not(device)}; use 'cpu' or 'auto'.")
    if device == "auto" and int(os.environ.get("RANK", 0)) == 0:
        print(f"Device: {_described(chosen)}.")
    return torch.device("cuda", _own_gpu()) if chosen == "cuda" else torch.device(chosen)


def available() -> tuple[str, ...]:
    """The devices that are there, the fastest first; "cpu" always is."""
    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return (*found, "cpu")


def check_bf16(device: torch.device) -> None:
    """ValueError if `device` cannot compute in bfloat16: 8 bits of exponent as float32, but 8 of precision, not 24."""
    if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        name = torch.cuda.get_device_name(device)
        raise ValueError(f"check_bf16: {name} has no bfloat16 (it came with NVIDIA's Ampere, 2020); leave bf16 out.")


def _own_gpu() -> int:
    number, count = int(os.environ.get("LOCAL_RANK", 0)), torch.cuda.device_count()
    if number >= count:
        raise ValueError(
            f"choose: process {number} of this machine needs a GPU of its own, but there are {count}; "
            f"start at most {count} (--nproc-per-node {count})."
        )
    return number


def _why_not(device: str) -> str:
    if device == "cuda" and torch.version.cuda is None:
        return (
            f"this PyTorch ({torch.__version__}) was built without CUDA; "
            "install a CUDA build from https://pytorch.org/get-started/locally/"
        )
    if device == "cuda":
        return "PyTorch sees no NVIDIA GPU; look at nvidia-smi and the driver"
    return "PyTorch sees no Apple GPU (a Mac with Apple silicon and macOS 14 or newer has one)"


def _described(device: str) -> str:
    if device == "cuda":
        return f"cuda ({torch.cuda.get_device_name()}), the first that auto found"
    if device == "mps":
        return "mps (Apple), since auto found no cuda"
    return "cpu, since auto found no cuda and no mps"
