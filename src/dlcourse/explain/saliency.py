"""Three other answers to "where did the network look?", to set beside LIME.

The two gradient methods need the inside of the network. They call only what both engines of the course have: tensors
with `requires_grad`, `backward()` and `grad`.
"""

from collections.abc import Callable

import numpy as np

from dlcourse.explain import checks
from dlcourse.explain.asking import ask
from dlcourse.explain.fills import filled_for


def occlusion(
    photo: np.ndarray,
    predict: Callable[[np.ndarray], np.ndarray],
    label: int,
    size: int = 16,
    stride: int = 8,
    fill="grey",
    batch: int = 32,
) -> np.ndarray:
    """Cover one square at a time and see how far the output falls (Zeiler & Fergus 2014); (H, W).

    photo (H, W) or (H, W, C); a square of `size` pixels moves by `stride` and is painted with `fill`, see `filled`.
    Each pixel gets the mean drop, output of the photo − output of the covered photo, of the squares that covered it.
    """
    who = "occlusion"
    photo = checks.array(who, "photo", photo, "(H, W) or (H, W, C)", lambda shape: len(shape) in (2, 3))
    checks.function(who, "predict", predict, "photos (N, H, W, C)")
    for name, value, low in (("label", label, 0), ("size", size, 1), ("stride", stride, 1), ("batch", batch, 1)):
        checks.whole(who, name, value, low)
    height, width = photo.shape[:2]
    if not (1 <= stride <= size <= min(height, width)):
        raise ValueError(
            f"occlusion: size and stride must be 1 <= stride <= size <= {min(height, width)}, so that every pixel is "
            f"covered; got size {size}, stride {stride}."
        )
    hidden = filled_for(who, photo, np.zeros((height, width), int), fill)
    corners = [(top, left) for top in _starts(height, size, stride) for left in _starts(width, size, stride)]
    outputs = ask(who, predict, photo[None])
    checks.whole(who, "label", label, 0, outputs.shape[1] - 1, ", the outputs' columns")
    whole = outputs[0, label]
    total, covered = np.zeros((height, width)), np.zeros((height, width))
    for first in range(0, len(corners), batch):
        part = corners[first : first + batch]
        photos = np.repeat(photo[None], len(part), axis=0)
        for number, (top, left) in enumerate(part):
            square = np.s_[top : top + size, left : left + size]
            photos[number][square] = hidden[square]
        for (top, left), output in zip(part, ask(who, predict, photos, first)[:, label], strict=True):
            total[top : top + size, left : left + size] += whole - output
            covered[top : top + size, left : left + size] += 1
    return total / covered


def gradient_times_input(model: Callable, x, label: int) -> np.ndarray:
    """∂score/∂x · x, summed over channels (Shrikumar et al. 2016): x (1, C, H, W), a tensor of either engine -> (H, W).

    model(x) -> scores (1, classes), before softmax. For a linear model it is each pixel's part of the score, exactly.
    """
    who = "gradient_times_input"
    checks.function(who, "model", model, "x (1, C, H, W)")
    x = _leaf(who, "x", x, "(1, C, H, W)")
    _score(who, "model", model(x), label).backward()
    return (x.grad * x.detach()).sum(1)[0].numpy()


def grad_cam(front: Callable, back: Callable, x, label: int) -> np.ndarray:
    """max(0, Σ_k α_k A_k), α_k the mean of ∂score/∂A_k over all places (Selvaraju et al. 2017); (h, w).

    front(x (1, C, H, W)) -> A (1, K, h, w), the maps of a convolutional layer; back(A) -> scores (1, classes). Positive
    evidence only, and as coarse as the maps: h × w.
    """
    who = "grad_cam"
    checks.function(who, "front", front, "x (1, C, H, W)")
    checks.function(who, "back", back, "maps (1, K, h, w)")
    maps = _leaf(who, "what front returns", front(_leaf(who, "x", x, "(1, C, H, W)").detach()), "(1, K, h, w)")
    _score(who, "back", back(maps), label).backward()
    alpha, maps = maps.grad.numpy()[0].mean((1, 2)), maps.detach().numpy()[0]  # (K,), (K, h, w)
    return np.maximum(np.einsum("k,khw->hw", alpha, maps), 0)


def _leaf(who: str, name: str, x, shape: str):
    """A copy of a tensor that keeps its gradient."""
    if not (hasattr(x, "detach") and hasattr(x, "requires_grad")):
        raise TypeError(f"{who}: {name} must be a tensor of either engine, of shape {shape}; {checks.got(x)}.")
    if len(x.shape) != 4 or len(x) != 1 or 0 in x.shape:
        raise ValueError(f"{who}: {name} must have shape {shape}, one photo; got {tuple(x.shape)}.")
    if checks.as_numpy(x).dtype.kind != "f" or not np.isfinite(checks.as_numpy(x)).all():
        raise ValueError(f"{who}: {name} must hold finite floats, or there is no gradient; got {x.dtype}.")
    return x.detach().clone().requires_grad_()


def _score(who: str, name: str, scores, label: int):
    """The score of the label, checked."""
    checks.whole(who, "label", label, 0)
    if not hasattr(scores, "requires_grad") or len(scores.shape) != 2 or len(scores) != 1:
        came = tuple(scores.shape) if hasattr(scores, "shape") else type(scores).__name__
        raise ValueError(f"{who}: {name} must return scores, a tensor of shape (1, classes); got {came}.")
    if not scores.requires_grad:
        raise ValueError(f"{who}: {name} must be differentiable; its scores have no gradient (detach, no_grad?).")
    checks.whole(who, "label", label, 0, scores.shape[1] - 1, ", the columns of the scores")
    return scores[0, label]


def _starts(length: int, size: int, stride: int) -> list[int]:
    """Where the squares begin along one axis; the last one ends at the edge."""
    starts = list(range(0, length - size + 1, stride))
    return starts if starts[-1] == length - size else [*starts, length - size]
