"""The word vectors of a lab: skip-gram with negative sampling on Python's help texts, trained when first asked for."""

from functools import cache, lru_cache
from types import SimpleNamespace

import numpy as np

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.models import skip_gram

LEAST, DIMENSION, WINDOW, NEGATIVES = 10, 32, 5, 5
EPOCHS, BATCH, RATE, EVERY = 6, 2048, 0.02, 25


@cache
def corpus() -> data.Corpus:
    """The help texts, 842 words that occur ten times at least."""
    return data.corpus(least=LEAST)


@cache
def snapshots() -> tuple[np.ndarray, ...]:
    """The embedding (V, 32) float32 before training and after every 25 updates of Adam at rate 0.02: a few seconds."""
    model, text = _untrained(), corpus()
    optimizer = engine.optim.Adam(model.parameters(), lr=RATE)
    kept, updates = [model.centre.weight.detach().numpy().copy()], 0
    for epoch in range(EPOCHS):
        pairs = text.pairs(WINDOW, seed=epoch)
        noise = text.noise((len(pairs), NEGATIVES), seed=epoch)
        for start in range(0, len(pairs) - BATCH + 1, BATCH):
            rows = slice(start, start + BATCH)
            contexts = np.concatenate([pairs[rows, 1:], noise[rows]], axis=1)
            optimizer.zero_grad()
            negative_sampling_loss(model(engine.tensor(pairs[rows, 0]), engine.tensor(contexts))).backward()
            optimizer.step()
            updates += 1
            if updates % EVERY == 0:
                kept.append(model.centre.weight.detach().numpy().copy())
    return tuple(kept)


def negative_sampling_loss(scores):
    """−log σ(s₀) − Σ log σ(−s_j), the mean over the rows: scores (N, 1 + K), the true context first."""
    logsigmoid = engine.nn.functional.logsigmoid
    return -(logsigmoid(scores[:, 0]) + logsigmoid(-scores[:, 1:]).sum(1)).mean()


def _untrained():
    """A skip_gram with word2vec's start, from a generator of its own: the learner's stays alone."""
    idle = type("Embedding", (engine.nn.Embedding,), {"reset_parameters": lambda self: None})
    keep = SimpleNamespace(uniform_=lambda *_: None, zeros_=lambda *_: None)
    nn = SimpleNamespace(**vars(engine.nn) | {"Embedding": idle, "init": keep})
    model = skip_gram(SimpleNamespace(nn=nn), len(corpus().words), DIMENSION)
    start = np.random.default_rng(12).uniform(-0.5, 0.5, (len(corpus().words), DIMENSION)) / DIMENSION
    weights = {"centre.weight": start.astype(np.float32), "context.weight": np.zeros_like(start, np.float32)}
    model.load_state_dict({name: engine.tensor(value) for name, value in weights.items()})
    return model


@lru_cache(maxsize=64)
def vectors_at(moment: int) -> data.WordVectors:
    """The words with their vectors at a snapshot, 0 before training; moments beyond the last are the last."""
    kept = snapshots()
    return data.WordVectors(corpus().words, kept[min(moment, len(kept) - 1)])


@cache
def plane() -> tuple[np.ndarray, np.ndarray, float]:
    """The PCA plane of the trained directions: mean (32,), two unit vectors (2, 32), share of the variance in it."""
    directions = vectors_at(len(snapshots()) - 1).directions.astype(np.float64)
    mean = directions.mean(axis=0)
    _, s, vt = np.linalg.svd(directions - mean, full_matrices=False)
    signs = np.where(vt[:2].sum(axis=1) < 0, -1.0, 1.0)  # SVD leaves the sign open
    return mean, signs[:, None] * vt[:2], float((s[:2] ** 2).sum() / (s**2).sum())
