"""Small language models over letters, trained on Python's help texts when they are first asked for: seconds each."""

import re
from functools import cache
from types import SimpleNamespace

import numpy as np

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.models import char_rnn

ALPHABET = " abcdefghijklmnopqrstuvwxyz.,()"
KINDS = ("RNN", "GRU", "LSTM")
HIDDEN, EMBEDDING = 32, 12
WINDOW, BATCH, UPDATES = 32, 24, 250


@cache
def corpus() -> np.ndarray:
    """All help texts as (N,) int64 into ALPHABET: small letters; what is not in it divides words as a space does."""
    text = " ".join(data.python_topics().values()).lower()
    return encode(re.sub(f"[^{re.escape(ALPHABET[1:])}]+", " ", text))


def encode(text: str) -> np.ndarray:
    """A text over ALPHABET as (L,) int64."""
    return np.array([ALPHABET.index(letter) for letter in text], np.int64)


def empty_model(kind: str):
    """A char_rnn without weights worth the name, and without drawing random numbers: a lab leaves the generator of the
    learner's cells alone."""
    names = ("Embedding", "Linear", *KINDS)
    idle = {name: type(name, (getattr(engine.nn, name),), {"reset_parameters": lambda self: None}) for name in names}
    return char_rnn(SimpleNamespace(nn=SimpleNamespace(**vars(engine.nn) | idle)), **sizes(kind))


def filled(kind: str, weights: dict[str, np.ndarray]):
    """A char_rnn with these weights."""
    model = empty_model(kind)
    model.load_state_dict({name: engine.tensor(value) for name, value in weights.items()})
    return model


def start(kind: str) -> dict[str, np.ndarray]:
    """First weights by torch's rules: the embedding normal, all else uniform in ±1/√HIDDEN."""
    rng, bound = np.random.default_rng(11), 1 / np.sqrt(HIDDEN)
    found = {}
    for name, value in empty_model(kind).state_dict().items():
        shape = tuple(value.shape)
        draws = rng.normal(size=shape) if name.startswith("embedding") else rng.uniform(-bound, bound, shape)
        found[name] = draws.astype(np.float32)
    return found


def sizes(kind: str) -> dict:
    """The arguments of `char_rnn`."""
    return {"characters": len(ALPHABET), "hidden": HIDDEN, "embedding": EMBEDDING, "kind": kind}


@cache
def trained(kind: str, updates: int = UPDATES) -> dict[str, np.ndarray]:
    """The weights after so many updates of Adam at rate 0.01 on random windows of the help texts, clipped at 1."""
    model = filled(kind, start(kind))
    optimizer = engine.optim.Adam(model.parameters(), lr=0.01)
    rng, letters = np.random.default_rng(5), corpus()
    for _ in range(updates):
        rows = letters[rng.integers(0, len(letters) - WINDOW, (BATCH, 1)) + np.arange(WINDOW + 1)]  # (BATCH, WINDOW+1)
        logits, _ = model(engine.tensor(rows[:, :-1]))
        loss = engine.nn.functional.cross_entropy(logits.flatten(0, 1), engine.tensor(rows[:, 1:].reshape(-1)))
        optimizer.zero_grad()
        loss.backward()
        engine.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return {name: value.numpy().copy() for name, value in model.state_dict().items()}
