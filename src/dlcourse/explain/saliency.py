"""Three other answers to "where did the network look?", to set beside LIME.

The two gradient methods need the inside of the network. They call only what both engines of the course have: tensors
with `requires_grad`, `backward()` and `grad`.
"""

from collections.abc import Callable

import numpy as np

from dlcourse.explain.lime import ask
from dlcourse.explain.lime_image import filled


def occlusion(
    photo: np.ndarray,
    predict: Callable[[np.ndarray], np.ndarray],
    label: int,
    size: int = 16,
    stride: int = 8,
    fill: float = 0.5,
    batch: int = 32,
) -> np.ndarray:
    """Cover one square at a time and see how far the output falls (Zeiler & Fergus 2014); (H, W).

    photo (H, W, C); a square of `size` pixels moves by `stride` and is painted with `fill`. Each pixel gets the mean
    drop, output of the photo − output of the covered photo, of the squares that covered it.
    """
    height, width = photo.shape[:2]
    if not (1 <= stride <= size <= min(height, width)):
        raise ValueError(
            f"occlusion: expected 1 <= stride <= size <= {min(height, width)}, so that every pixel is covered; "
            f"got size {size}, stride {stride}."
        )
    hidden = filled(photo, np.zeros((height, width), int), fill)
    corners = [(top, left) for top in _starts(height, size, stride) for left in _starts(width, size, stride)]
    whole = ask(predict, photo[None])[0, label]
    total, covered = np.zeros((height, width)), np.zeros((height, width))
    for first in range(0, len(corners), batch):
        part = corners[first : first + batch]
        photos = np.repeat(photo[None], len(part), axis=0)
        for number, (top, left) in enumerate(part):
            square = np.s_[top : top + size, left : left + size]
            photos[number][square] = hidden[square]
        for (top, left), output in zip(part, ask(predict, photos, first)[:, label], strict=True):
            total[top : top + size, left : left + size] += whole - output
            covered[top : top + size, left : left + size] += 1
    return total / covered


def gradient_times_input(model: Callable, x, label: int) -> np.ndarray:
    """∂score/∂x · x, summed over channels (Shrikumar et al. 2016): x (1, C, H, W), a tensor of either engine -> (H, W).

    model(x) -> scores (1, classes), before softmax. For a linear model it is each pixel's part of the score, exactly.
    """
    x = x.detach().clone().requires_grad_()
    model(x)[0, label].backward()
    return (x.grad * x.detach()).sum(1)[0].numpy()


def grad_cam(front: Callable, back: Callable, x, label: int) -> np.ndarray:
    """max(0, Σ_k α_k A_k), α_k the mean of ∂score/∂A_k over all places (Selvaraju et al. 2017); (h, w).

    front(x (1, C, H, W)) -> A (1, K, h, w), the maps of a convolutional layer; back(A) -> scores (1, classes). Positive
    evidence only, and as coarse as the maps: h × w.
    """
    maps = front(x).detach().clone().requires_grad_()
    back(maps)[0, label].backward()
    alpha, maps = maps.grad.numpy()[0].mean((1, 2)), maps.detach().numpy()[0]  # (K,), (K, h, w)
    return np.maximum(np.einsum("k,khw->hw", alpha, maps), 0)


def _starts(length: int, size: int, stride: int) -> list[int]:
    """Where the squares begin along one axis; the last one ends at the edge."""
    starts = list(range(0, length - size + 1, stride))
    return starts if starts[-1] == length - size else [*starts, length - size]
