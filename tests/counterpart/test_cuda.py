"""On an NVIDIA GPU: the same training as on the CPU, in bfloat16 too, and checkpoints that go from one to the other."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from dlcourse.counterpart import Checkpoints, choose, evaluate, fit, tasks

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU and a CUDA build of PyTorch"),
]


@pytest.fixture(autouse=True)
def exact(monkeypatch):
    """Convolutions in float32 also where the GPU would round to TF32."""
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)


def _fit(device, epochs=5, batch_size=None, model="mlp", folder=None, how=("momentum", 0.05), **options):
    task = tasks.load("digits")
    torch.manual_seed(0)
    network = tasks.build(model, task).to(choose(device))
    optimizer = tasks.optimizer(how[0], network, how[1])
    checkpoints = Checkpoints(folder) if folder else None
    history = fit(network, cross_entropy, optimizer, *task.parts.train, epochs=epochs, batch_size=batch_size,
                  validation=task.parts.validation, checkpoints=checkpoints, **options)  # fmt: skip
    return network, history


def _weights(model):
    return torch.cat([value.flatten().cpu() for value in model.state_dict().values()])


@pytest.mark.parametrize("model", ["mlp", "lenet", "bidirectional_gru"])
def test_cuda_trains_as_the_cpu_does(model):
    (ours, one), (theirs, two) = (_fit(device, model=model) for device in ("cuda", "cpu"))
    assert next(ours.parameters()).is_cuda
    torch.testing.assert_close(_weights(ours), _weights(theirs), rtol=1e-2, atol=1e-3)
    assert one.loss == pytest.approx(two.loss, rel=1e-3)
    assert one.validation_accuracy == pytest.approx(two.validation_accuracy, abs=0.02)


@pytest.mark.parametrize("options", [{"bf16": True}, {"compile": True}, {"bf16": True, "compile": True}])
def test_the_fast_ways_learn_as_well(options):
    plain, fast = (_fit("cuda", 20, 32, "lenet", how=("adam", 0.002), **chosen)[1] for chosen in ({}, options))
    assert fast.validation_accuracy[-1] > 0.93
    assert fast.validation_accuracy[-1] == pytest.approx(plain.validation_accuracy[-1], abs=0.04)


def test_the_order_is_drawn_on_the_device_and_seeded():
    histories = [_fit("cuda", 3, 32, seed=seed)[1].loss for seed in (0, 0, 1)]
    assert histories[0] == pytest.approx(histories[1], rel=1e-5)
    assert not np.allclose(histories[0], histories[2], rtol=1e-5)


@pytest.mark.parametrize(("first", "second"), [("cuda", "cpu"), ("cpu", "cuda"), ("cuda", "cuda")])
def test_a_checkpoint_goes_from_one_device_to_another(tmp_path, first, second):
    """With whole batches the order is the same everywhere, so the run must be the same, too."""
    _fit(first, 3, folder=tmp_path)
    network, history = _fit(second, 6, folder=tmp_path)
    straight, whole = _fit(second, 6)
    assert next(network.parameters()).device.type == second
    torch.testing.assert_close(_weights(network), _weights(straight), rtol=1e-2, atol=1e-3)
    assert history.loss == pytest.approx(whole.loss, rel=1e-3)


def test_data_already_on_the_device_are_not_copied():
    task = tasks.load("moons")
    x, y = (torch.as_tensor(values, device="cuda") for values in task.parts.train)
    network = tasks.build("mlp", task).to("cuda")
    loss, accuracy = evaluate(network, cross_entropy, x, y)
    torch.cuda.synchronize()
    before = torch.cuda.memory_allocated()
    assert evaluate(network, cross_entropy, x, y) == (loss, accuracy)
    assert torch.cuda.memory_allocated() == before
