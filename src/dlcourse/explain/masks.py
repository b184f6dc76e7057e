"""Which features are switched off: masks of 0 and 1, one row a sample, the first row all ones."""

import numpy as np

SAMPLING = ("paired", "independent", "exact")
MOST_EXACT = 12  # 2¹² = 4,096 samples


def sample_masks(features: int, samples: int, sampling: str = "paired", seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Masks (N, features) of uint8 and groups (N,): masks that were drawn together carry the same number.

    "independent": each feature is on with probability 1/2, as in marcotcr/lime. "paired": each mask is followed by its
    complement; what the fit cannot say of a mask and of its complement tends to cancel, so that the same error needs
    fewer samples. "exact": all 2^features masks once; `samples` and `seed` are not used.
    """
    if sampling not in SAMPLING:
        raise ValueError(f"LIME: sampling must be one of {', '.join(SAMPLING)}; got {sampling!r}.")
    if features < 1:
        raise ValueError(f"LIME: there must be at least one feature to switch off; got {features}.")
    if sampling == "exact":
        masks = all_masks(features)
        return masks, np.zeros(len(masks), int)
    if samples < 2:
        raise ValueError(f"LIME: samples must be at least 2, the instance and one more; got {samples}.")
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
    if not 1 <= features <= MOST_EXACT:
        raise ValueError(
            f"LIME: exact needs at most {MOST_EXACT} features, because it tries all 2^features masks; got {features}; "
            "merge segments or sample."
        )
    numbers = np.arange(2**features)[::-1, None]
    return (numbers >> np.arange(features) & 1).astype(np.uint8)


def banzhaf(outputs: np.ndarray) -> np.ndarray:
    """The Banzhaf value of each feature from the outputs of all masks, (2^d, …) in the order of `all_masks` -> (d, …).

    The mean, over all choices of the others, of the output with the feature minus that without (Banzhaf 1965). It is
    what LIME finds with every mask, equal weights and no ridge: the columns of all masks are orthogonal.
    """
    outputs = np.asarray(outputs, float)
    features = len(outputs).bit_length() - 1
    if len(outputs) != 2**features:
        raise ValueError(f"banzhaf: expected the outputs of all 2^d masks; got {len(outputs)}, no power of 2.")
    masks = all_masks(features).astype(bool)
    return np.stack([outputs[column].mean(axis=0) - outputs[~column].mean(axis=0) for column in masks.T])
