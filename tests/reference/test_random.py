"""The same seed gives torch's random numbers: uniform ones bit for bit, normal ones up to the last bits of log, sin
and cos."""

import numpy as np
import pytest
import torch

from dlcourse import reference
from tests.reference.parity import float64_by_default

SEEDS = [0, 1, 42, 2**31, 2**32 - 1, 2**32 + 5, 2**63]
SIZES = [(), (1,), (7,), (15,), (16,), (17,), (31,), (32,), (1000,), (3, 5), (4, 3, 2), (0,)]
TYPES = ["float32", "float64"]


def _draws(draw) -> tuple:
    """What draw(engine) returns on either engine, as arrays."""
    return tuple(draw(engine).detach().numpy() for engine in (reference, torch))


def _seeded(draw, seed: int) -> tuple:
    def seeded(engine):
        engine.manual_seed(seed)
        return draw(engine)

    return _draws(seeded)


def assert_same_bits(draw, seed: int = 0) -> None:
    ours, theirs = _seeded(draw, seed)
    assert ours.dtype == theirs.dtype
    np.testing.assert_array_equal(ours, theirs, strict=True)


def assert_same_normals(draw, seed: int = 0) -> None:
    ours, theirs = _seeded(draw, seed)
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    epsilon = np.finfo(ours.dtype).eps
    np.testing.assert_allclose(ours, theirs, rtol=100 * epsilon, atol=100 * epsilon)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", TYPES)
def test_every_seed(seed, kind):
    assert_same_bits(lambda e: e.rand(5, 3, dtype=getattr(e, kind)), seed)
    assert_same_bits(lambda e: e.randperm(10), seed)
    assert_same_bits(lambda e: e.randint(0, 10, (7,)), seed)
    assert_same_normals(lambda e: e.randn(5, dtype=getattr(e, kind)), seed)
    assert_same_normals(lambda e: e.randn(40, dtype=getattr(e, kind)), seed)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("kind", TYPES)
def test_every_size(size, kind):
    assert_same_bits(lambda e: e.rand(size, dtype=getattr(e, kind)))
    assert_same_normals(lambda e: e.randn(size, dtype=getattr(e, kind)))
    assert_same_bits(lambda e: e.randint(-3, 8, size))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 100, 20_000])
def test_permutations(n):
    assert_same_bits(lambda e: e.randperm(n))
    reference.manual_seed(0)
    assert sorted(reference.randperm(n).tolist()) == list(range(n))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 2), (-5, 5), (10, 1000), (0, 2**31)])
def test_whole_numbers(low, high):
    assert_same_bits(lambda e: e.randint(low, high, (50,)))


def test_a_mixed_sequence_keeps_in_step():
    """Normal numbers below 16 come in pairs, of which the second waits for the next call."""

    def draw(engine):
        parts = [engine.randn(3, dtype=engine.float64), engine.rand(2, dtype=engine.float64)]
        parts += [engine.randn(1, dtype=engine.float64), engine.randn(20, dtype=engine.float64)]
        parts += [engine.randperm(5).double(), engine.randn(5, dtype=engine.float64), engine.rand(1).double()]
        return engine.cat(parts)

    assert_same_normals(draw)


INITIALISERS = {
    "uniform_": lambda e, w: e.nn.init.uniform_(w),
    "uniform_ in a range": lambda e, w: e.nn.init.uniform_(w, -0.3, b=0.7),
    "normal_": lambda e, w: e.nn.init.normal_(w),
    "normal_ elsewhere": lambda e, w: e.nn.init.normal_(w, mean=2.0, std=0.3),
    "constant_": lambda e, w: e.nn.init.constant_(w, 0.3),
    "zeros_": lambda e, w: e.nn.init.zeros_(w),
    "ones_": lambda e, w: e.nn.init.ones_(w),
    "xavier_uniform_": lambda e, w: e.nn.init.xavier_uniform_(w),
    "xavier_uniform_, gain": lambda e, w: e.nn.init.xavier_uniform_(w, gain=5 / 3),
    "xavier_normal_": lambda e, w: e.nn.init.xavier_normal_(w, 2.0),
    "kaiming_uniform_": lambda e, w: e.nn.init.kaiming_uniform_(w),
    "kaiming_uniform_, a": lambda e, w: e.nn.init.kaiming_uniform_(w, a=5**0.5, mode="fan_out"),
    "kaiming_normal_": lambda e, w: e.nn.init.kaiming_normal_(w, nonlinearity="relu"),
    "kaiming_normal_, tanh": lambda e, w: e.nn.init.kaiming_normal_(w, mode="fan_out", nonlinearity="tanh"),
}


@pytest.mark.parametrize("shape", [(3, 2), (4, 7), (5, 3, 2, 2)], ids=str)
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("name", INITIALISERS)
def test_initialisers(name, kind, shape):
    def draw(engine):
        weight = engine.nn.Parameter(engine.full(shape, 9.0, dtype=getattr(engine, kind)))
        result = INITIALISERS[name](engine, weight)
        assert result is weight
        assert weight.requires_grad
        assert weight.is_leaf
        return weight

    assert_same_normals(draw)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sizes", [(2, 8), (4, 3), (64, 10)])
def test_linear_starts_bit_for_bit_alike(seed, sizes):
    assert_same_bits(lambda e: e.nn.Linear(*sizes).weight, seed)
    assert_same_bits(lambda e: e.nn.Linear(*sizes).bias, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_linear_in_float64_starts_alike_to_the_last_bit(seed):
    """torch may compute x·(b − a) + a with one rounding (a fused multiply-add), NumPy with two."""
    with float64_by_default():
        ours, theirs = _seeded(lambda e: e.nn.Linear(64, 10).weight, seed)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=np.finfo(np.float64).eps / 8)  # |weight| < 1/8


GAINS = [("linear", None), ("conv1d", None), ("conv2d", None), ("sigmoid", None), ("tanh", None), ("relu", None),
         ("leaky_relu", None), ("leaky_relu", 0.2), ("leaky_relu", 0)]  # fmt: skip


@pytest.mark.parametrize(("name", "param"), GAINS)
def test_gains(name, param):
    assert reference.nn.init.calculate_gain(name, param) == torch.nn.init.calculate_gain(name, param)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: reference.manual_seed("0"), TypeError, "manual_seed: expected a whole number; got '0'"),
        (lambda: reference.manual_seed(1.5), TypeError, "manual_seed: expected a whole number; got 1.5"),
        (lambda: reference.nn.init.calculate_gain("softplus"), ValueError, "Unsupported nonlinearity softplus"),
        (lambda: reference.nn.init.kaiming_normal_(reference.ones(2, 2), mode="fan"), ValueError,
         r"Mode fan not supported, please use one of \['fan_in', 'fan_out'\]"),
        (lambda: reference.nn.init.xavier_uniform_(reference.ones(2)), ValueError, "fewer than 2 dimensions"),
        (lambda: reference.randint(5, 5, (2,)), RuntimeError, "random_ expects 'from' to be less than 'to', but got"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_a_generator_of_its_own_leaves_the_shared_one_alone():
    reference.manual_seed(0)
    expected = reference.rand(4).tolist()
    reference.manual_seed(0)
    reference.Generator().manual_seed(7).uniform((3,), np.dtype(np.float32))
    assert reference.rand(4).tolist() == expected
