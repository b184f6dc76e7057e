"""The graph of any result of the engine, as a still picture."""

from matplotlib.collections import LineCollection, PolyCollection

from dlcourse.labs.drawing import blank_axes
from dlcourse.labs.graph.drawing import fill, outline, places, wire
from dlcourse.labs.graph.walk import walk
from dlcourse.labs.palette import BLUE, GREY, INK, NORMAL, ORANGE_TEXT, SMALL
from dlcourse.labs.picture import Picture

_BOX = (104.0, 36.0)


def graph(alt: str, result, names: dict, width: int = 760, height: int = 300) -> Picture:
    """What the engine remembers of a `result` that needs a gradient: its operations by torch's names, and its leaves.

    names: leaf tensors by name. One number is shown itself, of more the shape; the gradient of a leaf once it has one.
    Call it before `backward()`, which frees the graph, or keep it with `retain_graph=True`.
    """
    nodes = walk(result, names)
    picture = Picture(alt, width, height)
    axes = blank_axes(picture.figure, (0, 0, width, height))
    where = places(nodes, (4, 0, width - 8, height), _BOX)
    wires = [wire(where, i, n, _BOX) for n, node in enumerate(nodes) for i in node.inputs]
    axes.add_collection(LineCollection(wires, colors=GREY, linewidths=1.2, zorder=1), autolim=False)
    boxes = [outline(node, place, _BOX) for node, place in zip(nodes, where, strict=True)]
    colours = [fill(node) for node in nodes]
    axes.add_collection(PolyCollection(boxes, facecolors=colours, edgecolors=GREY, zorder=2), autolim=False)
    for node, (x, y) in zip(nodes, where, strict=True):
        leaf = node.operation is None
        name = node.name if leaf else node.operation.name()
        _text(axes, x, y - 8, name, BLUE if leaf else INK, SMALL)
        _text(axes, x, y + 8, _shown(node.tensor), INK, NORMAL)
        if leaf and node.tensor.grad is not None:
            _text(axes, x, y + 27, f"∂ {_shown(node.tensor.grad)}", ORANGE_TEXT, NORMAL)
    return picture


def _text(axes, x: float, y: float, words: str, colour: str, size: float) -> None:
    axes.text(x, y, words, color=colour, fontsize=size, ha="center", va="center", zorder=3)


def _shown(tensor) -> str:
    if tensor.numel() == 1:
        return f"{tensor.item():.4g}".replace("-", "−")
    return "(" + ", ".join(map(str, tensor.shape)) + ")"
