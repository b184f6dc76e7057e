"""What GraphLab says: names of nodes, and each step of the two passes in words."""

from dlcourse.labs.graph.passes import LEAVES, Passes, Share
from dlcourse.labs.rounding import signed

PRETTY = {name: name[0] + {"1": "₁", "2": "₂", "3": "₃", "4": "₄"}.get(name[1:], "") for name in LEAVES}

RULES = {
    "Add": "Local of a sum: 1 for both.",
    "Sub": "Local of a difference: 1 and −1.",
    "Mul": "Local of a product: the other factor.",
    "Pow": "Local of a square: 2 × what came in.",
    "Tanh": "Local of y = tanh: 1 − y².",
    "Sigmoid": "Local of y = σ: y (1 − y).",
    "Relu": "Local: 1 if above 0 came in, else 0.",
}


def headline(now: Passes) -> str:
    """The step in a few words."""
    half = now.steps // 2
    if now.phase == "start":
        return "the leaves"
    if now.phase == "seed":
        return "backward begins with ∂f/∂f = 1"
    name = now.nodes[now.current].operation.name()
    if now.phase == "forward":
        return f"forward, operation {now.step} of {half} ({name.removesuffix('Backward0')})"
    return f"backward, operation {now.step - half - 1} of {half} ({name})"


def explain(now: Passes) -> list[str]:
    """The arithmetic of the step, line by line."""
    if now.phase == "start":
        return ["Nothing is computed yet: only the leaves", "have values. Press play or move the step."]
    if now.phase == "seed":
        return ["The result depends on itself with slope 1.", "From here we walk back to the leaves."]
    node = now.nodes[now.current]
    if now.phase == "forward":
        operands = [signed(now.nodes[i].tensor.item()) for i in node.inputs]
        if len(operands) == 2:
            return [f"{operands[0]} {node.symbol} {_bracket(operands[1])} = {signed(node.tensor.item())}"]
        return [f"{node.symbol} of {operands[0]} is {signed(node.tensor.item())}"]
    lines = [RULES[type(node.operation).__name__], "upstream × local = downstream"]
    upstream = signed(now.gradients[now.current], 3)
    for share in now.shares:
        product = f"{upstream} × {_bracket(signed(share.local, 3))} = {signed(share.downstream, 3)}"
        lines.append(f"{product}  to {called(now, share.node)}")
        if share.before is not None:
            lines.append(f"    {_met(share)}")
    return lines


def _met(share: Share) -> str:
    """What happens where a second gradient arrives."""
    if share.added:
        return f"added to {signed(share.before, 3)}: {signed(share.after, 3)}"
    return f"overwrites {signed(share.before, 3)}!"


def called(now: Passes, n: int) -> str:
    """A node by its name, an operation by its symbol and value."""
    node = now.nodes[n]
    return PRETTY.get(node.name) or f"{node.symbol} ({signed(node.tensor.item())})"


def _bracket(number: str) -> str:
    return f"({number})" if number.startswith("−") else number
