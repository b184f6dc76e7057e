"""Two processes give the gradient of the joined batch, and the same run as one process."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from dlcourse.counterpart import Checkpoints, distributed
from dlcourse.counterpart.run_folder import RunFolder
from dlcourse.models import mlp
from tests.counterpart.processes import run, torchrun

SIZES = (8, 7, 1)  # divisible by two, not divisible, too small for a row each

GRADIENTS = """
import sys
import pytest
import torch
from torch.nn.functional import cross_entropy
from dlcourse.counterpart import distributed
from dlcourse.models import mlp

with distributed.joined(torch.device("cpu")):
    torch.manual_seed(distributed.rank())  # different first weights: those of process 0 count
    model = mlp(torch, [5, 4, 3])
    forward = distributed.wrapped(model)
    torch.manual_seed(1)
    x, y = torch.randn(8, 5), torch.randint(3, (8,))
    found = []
    for size in (8, 7, 1):
        rows, factor = distributed.share(torch.arange(size))
        model.zero_grad()
        (factor * cross_entropy(forward(x[rows]), y[rows])).backward()
        seen = distributed.total(torch.tensor([len(rows) if factor else 0]))
        found.append([seen, *(parameter.grad.clone() for parameter in model.parameters())])
    torch.save(found, f"{sys.argv[1]}/{distributed.rank()}.pt")
"""


def test_two_processes_give_the_gradient_of_the_joined_batch(tmp_path):
    script = tmp_path / "gradients.py"
    script.write_text(GRADIENTS)
    torchrun(2, script, tmp_path)
    torch.manual_seed(0)
    model = mlp(torch, [5, 4, 3])
    torch.manual_seed(1)
    x, y = torch.randn(8, 5), torch.randint(3, (8,))
    results = [torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in (0, 1)]
    for number, size in enumerate(SIZES):
        model.zero_grad()
        cross_entropy(model(x[:size]), y[:size]).backward()
        for seen, *gradients in (result[number] for result in results):
            assert seen.item() == size
            for gradient, parameter in zip(gradients, model.parameters(), strict=True):
                torch.testing.assert_close(gradient, parameter.grad, rtol=1e-5, atol=1e-7)


def test_the_command_line_gives_the_same_run_behind_torchrun(tmp_path):
    def command(name):  # 640 rows to train: the last batch of 29 leaves 2, of which each process takes one
        return ("-m", "dlcourse", "train", "--data", "circles", "--epochs", 3, "--batch-size", 29, "--device", "cpu",
                "--out", tmp_path / name)  # fmt: skip

    run(*command("one"))
    output = torchrun(2, *command("two"))
    one, two = (Checkpoints(tmp_path / name / "checkpoints").load() for name in ("one", "two"))
    for name, weights in one["model"].items():
        torch.testing.assert_close(two["model"][name], weights, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(two["history"], one["history"], rtol=1e-4, atol=1e-6)
    assert (
        output.count("; 2 processes.") == output.count("Validation after epoch 3:") == 1
    )  # only one speaks and writes
    names = [sorted(path.name[:12] for path in (tmp_path / name).rglob("*")) for name in ("one", "two")]
    assert names[0] == names[1]
    output = torchrun(2, *command("two"), "--resume", "--epochs", 4)
    assert Checkpoints(tmp_path / "two" / "checkpoints").load()["epoch"] == 4
    with RunFolder(tmp_path / "two", print).alone(), pytest.raises(AssertionError, match="is being trained by process"):
        torchrun(2, *command("two"), "--resume", "--epochs", 5)
    assert Checkpoints(tmp_path / "two" / "checkpoints").load()["epoch"] == 4


def test_alone_nothing_is_shared(monkeypatch):
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    model, rows = mlp(torch, [2, 2]), torch.arange(5)
    with distributed.joined(torch.device("cpu")):
        assert distributed.wrapped(model) is model
        assert distributed.share(rows) == (rows, 1.0)
        assert distributed.total(rows) is rows
        distributed.wait_for_all()
    assert (distributed.rank(), distributed.size()) == (0, 1)
