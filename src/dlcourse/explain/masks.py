"""Which features are switched off: masks of 0 and 1, one row a sample, the first row all ones."""

import numpy as np

from dlcourse.explain import checks

SAMPLING = ("paired", "independent", "exact")
MOST_EXACT = 12  # 2¹² = 4,096 samples


def sample_masks(features: int, samples: int, sampling: str = "paired", seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Masks (N, features) of uint8 and groups (N,): masks that were drawn together carry the same number.

    "independent": each feature is on with probability 1/2, as in marcotcr/lime. "paired": each mask is followed by its
    complement; what the fit cannot say of a mask and of its complement tends to cancel, so that the same error needs
    fewer samples. "exact": all 2^features masks once; `samples` and `seed` are not used.
    """
    return draw_masks("sample_masks", checks.whole("sample_masks", "features", features, 1), samples, sampling, seed)


def draw_masks(who: str, features: int, samples: int, sampling: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What `sample_masks` returns, for the function that the learner called."""
    checks.choice(who, "sampling", sampling, SAMPLING)
    checks.whole(who, "samples", samples, 2, hint=", the instance and one more")
    checks.seed(who, seed)
    if sampling == "exact":
        if features > MOST_EXACT:
            raise ValueError(
                f"{who}: sampling='exact' needs at most {MOST_EXACT} features, because it tries all 2^features masks; "
                f"got {features}; merge segments, or sample."
            )
        masks = all_masks(features)
        return masks, np.zeros(len(masks), int)
    rng = np.random.default_rng(seed)
    if sampling == "independent":
        masks = rng.integers(0, 2, (samples, features), dtype=np.uint8)
        masks[0] = 1
        return masks, np.arange(samples)
    halves = rng.integers(0, 2, ((samples + 1) // 2, features), dtype=np.uint8)
    halves[0] = 1
    return with_complements(halves, samples)


def with_complements(halves: np.ndarray, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Each mask and its complement in turn, `samples` in all, and their groups."""
    masks = np.stack([halves, 1 - halves], axis=1).reshape(-1, halves.shape[1])[:samples]
    return masks, np.arange(samples) // 2


def all_masks(features: int) -> np.ndarray:
    """All 2^features masks, (2^features, features) of uint8; all ones first, all zeros last."""
    checks.whole("all_masks", "features", features, 1, MOST_EXACT, ", because there are 2^features masks")
    numbers = np.arange(2**features)[::-1, None]
    return (numbers >> np.arange(features) & 1).astype(np.uint8)


def banzhaf(outputs: np.ndarray) -> np.ndarray:
    """The Banzhaf value of each feature from the outputs of all masks, (2^d, …) in the order of `all_masks` -> (d, …).

    The mean, over all choices of the others, of the output with the feature minus that without (Banzhaf 1965). It is
    what LIME finds with every mask, equal weights and no ridge: the columns of all masks are orthogonal.
    """
    outputs = checks.array("banzhaf", "outputs", outputs, "(2^d, …), one for each of all masks", bool)
    features = len(outputs).bit_length() - 1
    if len(outputs) != 2**features or not 1 <= features <= MOST_EXACT:
        raise ValueError(
            f"banzhaf: outputs must be those of all 2^d masks, d from 1 to {MOST_EXACT}; got {len(outputs)} of them."
        )
    masks = all_masks(features).astype(bool)
    return np.stack([outputs[column].mean(axis=0) - outputs[~column].mean(axis=0) for column in masks.T])
