"""Several processes train one model: torchrun starts them, DistributedDataParallel averages their gradients.

    torchrun --nproc-per-node 2 -m dlcourse train …

Each process holds the whole model and computes its share of every batch, on a GPU of its own (nccl) or on the CPU
(gloo). Without torchrun there is one process, and everything here does nothing.
"""

import contextlib
import os
from collections.abc import Iterator

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel


def rank() -> int:
    """The number of this process, from 0."""
    return int(os.environ.get("RANK", 0))


def leads() -> bool:
    """Whether this is the process that prints and writes."""
    return os.environ.get("RANK", "0") == "0"


def size() -> int:
    """How many processes there are."""
    return int(os.environ.get("WORLD_SIZE", 1))


@contextlib.contextmanager
def joined(device: torch.device) -> Iterator[None]:
    """Be one of the processes that torchrun started, until the block ends. `device`: this process's own."""
    if size() == 1:
        yield
        return
    if device.type == "mps":
        raise ValueError("joined: several processes need cuda or cpu; PyTorch joins none on mps.")
    if device.type == "cuda":
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield
        distributed.barrier()  # leave together: gloo aborts a process whose neighbour closes the connection too early
    finally:
        distributed.destroy_process_group()


def wrapped(model: torch.nn.Module) -> torch.nn.Module:
    """The model itself, or one whose backward() leaves the mean of all processes' gradients in every process.

    The wrapped model starts from the weights of process 0. BatchNorm would see only a process's own rows.
    """
    return DistributedDataParallel(model) if _several() else model


def share(rows: torch.Tensor) -> tuple[torch.Tensor, float]:
    """This process's part of the sample numbers `rows` (B,) of a batch, and the factor for its mean loss.

    The mean over processes of (factor × mean loss of the part) is the mean loss of the batch, also where B is not
    divisible: factor = part · processes / B. A process with no row left computes row 0 with factor 0, since all must
    take part in the averaging.
    """
    if not _several():
        return rows, 1.0
    part = rows[distributed.get_rank() :: distributed.get_world_size()]
    factor = len(part) * distributed.get_world_size() / len(rows)
    return (part, factor) if len(part) else (rows[:1], 0.0)


def total(values: torch.Tensor) -> torch.Tensor:
    """The sum of `values` over the processes, in every process."""
    if _several():
        distributed.all_reduce(values)
    return values


def wait_for_all() -> None:
    """Go on when every process has come here."""
    if _several():
        distributed.barrier()


def _several() -> bool:
    return distributed.is_available() and distributed.is_initialized() and distributed.get_world_size() > 1
