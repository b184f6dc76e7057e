"""What a 2 × 2 matrix does to the plane, in closed form: determinant, directions that stay put, longest and shortest
stretch, and a path from the identity to it."""

from dataclasses import dataclass

import numpy as np

TINY = 1e-9
IDENTITY = np.eye(2)


def determinant(matrix: np.ndarray) -> float:
    """ad − bc: the signed area of the parallelogram on the columns."""
    (a, b), (c, d) = matrix
    return float(a * d - b * c)


@dataclass(frozen=True)
class Eigen:
    """Eigenvalues and eigenvectors, M v = λ v.

    kind: "two" directions stay put, "one", "every", or "none" (then the values are the complex pair).
    values: as many λ as there are directions, largest size first. directions: (K, 2), largest component 1.
    """

    kind: str
    values: tuple
    directions: np.ndarray


def eigen(matrix: np.ndarray) -> Eigen:
    """λ = t ± √(t² − det) with t half the trace; no real λ where the root is of a negative number."""
    (a, b), (c, d) = matrix
    half = (a + d) / 2
    square = ((a - d) / 2) ** 2 + b * c  # t² − det without cancellation
    scale = TINY * max(1.0, float(np.abs(matrix).max()) ** 2)
    if square < -scale:
        root = np.sqrt(-square)
        return Eigen("none", (complex(half, root), complex(half, -root)), np.zeros((0, 2)))
    if square <= scale and np.abs(matrix - half * IDENTITY).max() < np.sqrt(scale):
        return Eigen("every", (float(half),), np.zeros((0, 2)))
    if square <= scale:
        return Eigen("one", (float(half),), np.array([_direction(matrix, half)]))
    values = sorted((half + np.sqrt(square), half - np.sqrt(square)), key=abs, reverse=True)
    return Eigen("two", tuple(map(float, values)), np.array([_direction(matrix, value) for value in values]))


def _direction(matrix: np.ndarray, value: float) -> np.ndarray:
    """The direction that M − λ sends to 0: at right angles on the longer of its rows."""
    rows = matrix - value * IDENTITY
    row = rows[np.argmax(np.hypot(*rows.T))]
    direction = np.array([-row[1], row[0]])
    return direction / direction[np.argmax(np.abs(direction).round(9))] + 0.0  # −0.0 is 0


def singular(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Half axes of the ellipse that the unit circle becomes: lengths σ₁ ≥ σ₂ ≥ 0 and unit directions (2, 2), as rows.

    M is a turn and a stretch of size q = ½|(a + d, c − b)| together with a mirror and a stretch of size r = ½|(a − d,
    c + b)|: they add up in one direction and work against each other in the other, σ = q + r and |q − r|.
    """
    (a, b), (c, d) = matrix
    q, r = np.hypot(a + d, c - b) / 2, np.hypot(a - d, c + b) / 2
    squares = matrix @ matrix.T
    angle = np.arctan2(2 * squares[0, 1], squares[0, 0] - squares[1, 1]) / 2
    first = np.array([np.cos(angle), np.sin(angle)])
    return np.array([q + r, abs(q - r)]), np.array([first, [-first[1], first[0]]])


def turned(angle: float) -> np.ndarray:
    """The matrix of a turn by `angle` radians against the clock."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def part_way(matrix: np.ndarray, share: float) -> np.ndarray:
    """The matrix `share` of the way (0 … 1) from the identity to `matrix`.

    Straight, (1 − s)·I + s·M, so that eigenvectors stay on their lines all the way. But a matrix of positive
    determinant that keeps the sense of no direction, such as a quarter turn, would shrink or collapse on that way: it
    turns while it stretches, R(s·θ)·((1 − s)·I + s·S), where M = R(θ)·S with a symmetric S.
    """
    (a, b), (c, d) = matrix
    found = eigen(matrix)
    if share == 1 or determinant(matrix) <= TINY or (found.kind != "none" and max(found.values) > 0):
        return (1 - share) * IDENTITY + share * matrix
    angle = np.arctan2(c - b, a + d)
    stretch = turned(-angle) @ matrix
    return turned(share * angle) @ ((1 - share) * IDENTITY + share * stretch)
