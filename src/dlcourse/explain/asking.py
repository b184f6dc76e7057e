"""Asking the model that is to be explained, and checking what it says."""

from collections.abc import Callable

import numpy as np

from dlcourse.explain.checks import as_numpy, got

_LARGEST = 1e150  # the square is still a number


def ask(who: str, predict: Callable, batch, first: int = 0) -> np.ndarray:
    """predict(batch) as float64 (N, C), checked; numbers without a class axis become one column.

    A tensor of either engine counts as its numbers, whether it requires a gradient or not. who: the function that the
    learner called; first: number of the batch's first sample, both for the message.
    """
    try:
        answer = predict(batch)
    except Exception as error:
        kind = f"an array of shape {batch.shape}" if isinstance(batch, np.ndarray) else f"a list of {len(batch)} texts"
        error.add_note(f"{who}: predict was called with {kind}, and this error came out of it.")
        raise
    try:
        outputs = np.asarray(as_numpy(answer))
        outputs = outputs.astype(float) if outputs.dtype.kind in "biufO" else None
    except (TypeError, ValueError):
        outputs = None
    if outputs is None:
        raise TypeError(f"{who}: predict must return numbers, one row per sample; {got(answer)}.")
    outputs = outputs[:, None] if outputs.ndim == 1 else outputs
    if outputs.ndim != 2 or len(outputs) != len(batch) or not outputs.shape[1]:
        raise ValueError(
            f"{who}: predict must return {len(batch)} rows of class probabilities, one row per sample; "
            f"got shape {outputs.shape}."
        )
    usable = (np.abs(outputs) < _LARGEST).all(axis=1)
    if not usable.all():
        row = int(np.flatnonzero(~usable)[0])
        raise ValueError(
            f"{who}: predict must return finite numbers; sample {first + row} has nan, infinity, or more than "
            f"{_LARGEST:g}{_why(batch[row])}."
        )
    return outputs


def _why(sample) -> str:
    gap = isinstance(sample, np.ndarray) and sample.dtype.kind == "f" and np.isnan(sample).any()
    return "; a value of the sample is missing (nan), and the model must be able to take that" if gap else ""
