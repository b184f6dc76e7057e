"""Random numbers: the same stream as torch's CPU generator for the same seed.

Both engines draw 32-bit words from the Mersenne Twister MT19937 (Matsumoto & Nishimura 1998), seeded alike, and turn
them into numbers alike. `manual_seed(0)` therefore gives a model the same first weights on NumPy and on PyTorch:
uniform numbers bit for bit, normal ones up to the rounding of log, sin and cos.
"""

import numpy as np


class Generator:
    """A seeded source of random numbers."""

    def __init__(self):
        self.manual_seed(67280421310721)  # torch's default seed

    def manual_seed(self, seed: int) -> "Generator":
        """Start the stream of `seed` (0 … 2⁶⁴−1, of which the low 32 bits count, as in torch)."""
        if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
            raise TypeError(f"manual_seed: expected a whole number; got {seed!r}.")
        self._words = np.random.RandomState(int(seed) & 0xFFFFFFFF)
        self._spare_normal = None
        return self

    def words(self, count: int) -> np.ndarray:
        """The next `count` 32-bit words."""
        return self._words.randint(0, 1 << 32, size=count, dtype=np.uint32)

    def _double_words(self, count: int) -> np.ndarray:
        """The next `count` 64-bit words, each from two, the first in front."""
        words = self.words(2 * count).astype(np.uint64)
        return (words[0::2] << np.uint64(32)) | words[1::2]

    def uniform(self, shape, dtype: np.dtype) -> np.ndarray:
        """Numbers in [0, 1): the low 24 bits of one word for float32, 53 bits of two words for float64."""
        count = int(np.prod(shape))
        if dtype == np.float32:
            return ((self.words(count) & 0xFFFFFF).astype(np.float32) * np.float32(2**-24)).reshape(shape)
        bits = self._double_words(count) & np.uint64(2**53 - 1)
        return (bits.astype(np.float64) * 2.0**-53).reshape(shape)

    def normal(self, shape, dtype: np.dtype) -> np.ndarray:
        """Standard normal numbers by Box & Muller (1958), in torch's two ways: blocks of 16, or pairs below 16."""
        count = int(np.prod(shape))
        if count < 16:
            return np.array([self._next_normal() for _ in range(count)], dtype).reshape(shape)
        values = self.uniform(count, dtype)
        whole = count - count % 16
        values[:whole] = _box_muller_blocks(values[:whole])
        if count % 16:
            values[-16:] = _box_muller_blocks(self.uniform(16, dtype))
        return values.reshape(shape)

    def _next_normal(self) -> float:
        if self._spare_normal is not None:
            value, self._spare_normal = self._spare_normal, None
            return value
        angle, radius = self.uniform(2, np.dtype(np.float64))
        radius = np.sqrt(-2 * np.log1p(-radius))
        self._spare_normal = radius * np.sin(2 * np.pi * angle)
        return radius * np.cos(2 * np.pi * angle)

    def permutation(self, n: int) -> np.ndarray:
        """0 … n−1 shuffled by Fisher & Yates: position i is swapped with one of the positions i … n−1."""
        order = np.arange(n)
        if n > 1:
            shifts = self.words(n - 1) % np.arange(n, 1, -1)
            for i, shift in enumerate(shifts):
                order[i], order[i + shift] = order[i + shift], order[i]
        return order

    def integers(self, low: int, high: int, shape) -> np.ndarray:
        """Whole numbers in [low, high): the rest of one word, of two for a range from 2²⁸."""
        if low >= high:
            raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
        count = int(np.prod(shape))
        if high - low < 1 << 28:
            words = self.words(count).astype(np.uint64)
        else:
            words = self._double_words(count)
        return (words % np.uint64(high - low)).astype(np.int64).reshape(shape) + low


def _box_muller_blocks(uniform: np.ndarray) -> np.ndarray:
    """Each block of 16 uniform numbers becomes 8 cosines and 8 sines."""
    blocks = uniform.reshape(-1, 2, 8)
    radius = np.sqrt(-2 * np.log(1 - blocks[:, 0]))
    angle = blocks[:, 1] * uniform.dtype.type(2 * np.pi)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)


default_generator = Generator()


def manual_seed(seed: int) -> Generator:
    """Start the engine's stream of random numbers anew."""
    return default_generator.manual_seed(seed)
