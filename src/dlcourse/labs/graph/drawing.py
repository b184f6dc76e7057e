"""How a graph is drawn: where its boxes stand, their outlines, and the wires between them. Pixels, y downwards."""

from functools import lru_cache

import numpy as np

from dlcourse.labs.graph.walk import Node
from dlcourse.labs.palette import PAPER

BOX = (60.0, 32.0)  # width and height of a node
_LEAF = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
_OPERATION = np.array([(-1, -0.5), (-0.86, -1), (0.86, -1), (1, -0.5), (1, 0.5), (0.86, 1), (-0.86, 1), (-1, 0.5)])
_ARC = 46  # how far a wire makes way for a box


def places(nodes: list[Node], area, box=BOX) -> np.ndarray:
    """Where the nodes stand: (N, 2), in the middle of area = (left, top, width, height)."""
    grid = np.array(layout(tuple(node.inputs for node in nodes)))
    most = grid.max(axis=0)
    room = np.array([area[2] - box[0] - 4, area[3] - box[1] - 40])
    pitch = np.minimum(room / np.maximum(most, 1), (box[0] + 90, 96))
    return area[:2] + (np.array(area[2:]) - most * pitch) / 2 + grid * pitch


def outline(node: Node, place, box=BOX) -> np.ndarray:
    """Corners of a node's box: a leaf is a rectangle, an operation has its corners cut."""
    return (_LEAF if node.operation is None else _OPERATION) * (np.array(box) / 2) + place


def fill(node: Node) -> str:
    """The colour of a node's box."""
    return "#EAF3F9" if node.operation is None else PAPER


def wire(where: np.ndarray, source: int, target: int, box=BOX) -> np.ndarray:
    """From the right side of one box to the left side of another, leaving and arriving level: (15, 2).

    Two wires reach a box above and below its middle; a wire that would run behind a third box goes round it.
    """
    start, end = where[source] + (box[0] / 2, 0), where[target] - (box[0] / 2, 0)
    s = np.linspace(0, 1, 15)
    between = (where[:, 0] > start[0]) & (where[:, 0] < end[0])
    passing = np.interp(where[:, 0], [start[0], end[0]], [start[1], end[1]])
    arc = _ARC if (between & (np.abs(where[:, 1] - passing) < box[1])).any() else 0
    port = 6 * np.sign(start[1] - end[1]) if not arc else -6
    y = start[1] + s * s * (3 - 2 * s) * (end[1] + port - start[1]) - arc * np.sin(np.pi * s) ** 2
    return np.stack([start[0] + s * (end[0] - start[0]), y], axis=1)


@lru_cache(maxsize=64)
def layout(inputs: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, float], ...]:
    """A place (column, row) for each node, given the inputs of each; rows are at least 1 apart within a column.

    An operation stands one column right of its last input, a leaf one column left of its first use. Leaves at the left
    edge are ordered by the middle of their uses (the barycentre rule of layered drawings, Sugiyama 1981); from there
    to the right every node wishes to be at the middle of its inputs, a later leaf beside what it is combined with.
    """
    nodes = range(len(inputs))
    users = [[n for n in nodes if i in inputs[n]] for i in nodes]
    columns = _columns(inputs, users)
    row = [float(n) for n in nodes]  # the order of the walk, in which what belongs together is together
    first = [n for n in nodes if columns[n] == 0]
    for place, n in enumerate(sorted(first, key=lambda n: (np.mean([row[m] for m in users[n] or [n]]), n))):
        row[n] = float(place)
    for c in range(1, max(columns) + 1):
        members = [n for n in nodes if columns[n] == c]
        for n in (n for n in members if inputs[n]):
            row[n] = float(np.mean([row[m] for m in inputs[n]]))
        for n in (n for n in members if not inputs[n]):
            beside = [m for m in inputs[users[n][0]] if m != n and (inputs[m] or columns[m] < c)]
            row[n] = row[beside[0]] - 0.01 if beside else row[n]
        members.sort(key=lambda n: (row[n], n))
        for n, place in zip(members, _apart([row[n] for n in members]), strict=True):
            row[n] = place
    top = min(row)
    return tuple((c, r - top) for c, r in zip(columns, row, strict=True))


def _columns(inputs, users) -> list[int]:
    columns = [0] * len(inputs)
    for n, before in enumerate(inputs):
        columns[n] = 1 + max((columns[i] for i in before), default=-1)
    for n, before in enumerate(inputs):
        if not before and users[n]:
            columns[n] = min(columns[user] for user in users[n]) - 1
    return columns


def _apart(wishes: list[float]) -> list[float]:
    """The places nearest to the sorted wishes (least squares) that are at least 1 apart: neighbours that are too close
    form a block, which stands where its members wish on average."""
    blocks: list[list[float]] = []  # wishes less the place within the column; equal ones are one block
    for n, wish in enumerate(wishes):
        blocks.append([wish - n])
        while len(blocks) > 1 and np.mean(blocks[-2]) >= np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    shifts = [float(np.mean(block)) for block in blocks for _ in block]
    return [shift + n for n, shift in enumerate(shifts)]
