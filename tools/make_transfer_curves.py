"""Move small networks from the digits 0–4 to 5–9, five thousand times: python tools/make_transfer_curves.py

Writes data/transfer_curves.npz, so that the transfer lab answers at once; ten minutes on one core. It holds how many
of the `tested` test digits each network reads: scratch (shots, seeds), frozen and tuned (sources, cuts, shots, seeds).
"""

import io
import os
from pathlib import Path

import numpy as np

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.data.transfer_curves import SEEDS, SHOTS, SOURCES
from dlcourse.models import lenet
from dlcourse.training import evaluate, fit

TARGET = Path(__file__).parents[1] / "data" / "transfer_curves.npz"
CUTS = (3, 6, 9, 11)  # where to cut the list of layers so that 1, 2, 3 or 4 of those with weights are taken over
OLD, NEW = data.moving_digits(range(5), copies=6), data.moving_digits(range(5, 10))
LOSS = engine.nn.functional.cross_entropy


def network(seed: int):
    engine.manual_seed(seed)
    return lenet(engine, 12, classes=5, activation="ReLU", pool="MaxPool2d")


def pretrained(source: str, seed: int):
    """A network that has learned the source task for eight epochs."""
    (x, y), rng = OLD.train, np.random.default_rng(seed)
    if source == "shuffled pixels":
        x = x.reshape(len(x), -1)[:, rng.permutation(144)].reshape(x.shape)
    if source == "random labels":
        y = rng.permutation(y)
    model = network(seed)
    optimizer = engine.optim.Adam(model.parameters(), lr=0.003)
    fit(engine, model, LOSS, optimizer, x, y, epochs=8, batch_size=50, seed=seed)
    return model


def moved(source, cut: int, frozen: bool, shots: int, seed: int) -> int:
    """How many test digits a new network reads that took over source[:cut] and saw `shots` examples a class."""
    model = network(1000 + seed)
    model[:cut].load_state_dict(source[:cut].state_dict())
    x, y = examples(shots, seed)
    trained = model[cut:] if frozen else model
    if frozen:
        x = model[:cut](engine.tensor(x)).detach()
    fit(engine, trained, LOSS, engine.optim.Adam(trained.parameters(), lr=0.005), x, y, epochs=60)
    return round(evaluate(engine, model, LOSS, *NEW.test)[1] * len(NEW.test.y))


def examples(shots: int, seed: int) -> data.Part:
    """The first `shots` of each class in an order of the training digits; more shots keep those of fewer."""
    order = np.random.default_rng(seed).permutation(len(NEW.train.y))
    rows = np.concatenate([order[NEW.train.y[order] == label][:shots] for label in range(5)])
    return data.Part(NEW.train.x[rows], NEW.train.y[rows])


def curves() -> dict[str, np.ndarray]:
    shape = len(SOURCES), len(CUTS), len(SHOTS), SEEDS
    found = {"scratch": np.zeros(shape[2:], np.uint16), "tested": np.array(len(NEW.test.y))}
    found |= {way: np.zeros(shape, np.uint16) for way in ("frozen", "tuned")}
    for seed in range(SEEDS):
        for k, shots in enumerate(SHOTS):
            found["scratch"][k, seed] = moved(network(0), 0, False, shots, seed)
        for s, source in enumerate(SOURCES):
            learned = pretrained(source, seed)
            for c, cut in enumerate(CUTS):
                for k, shots in enumerate(SHOTS):
                    found["frozen"][s, c, k, seed] = moved(learned, cut, True, shots, seed)
                    found["tuned"][s, c, k, seed] = moved(learned, cut, False, shots, seed)
        print("seed", seed, flush=True)
    return found


def main() -> None:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **curves())
    temporary = TARGET.with_suffix(".tmp")
    temporary.write_bytes(buffer.getvalue())
    os.replace(temporary, TARGET)


if __name__ == "__main__":
    main()
