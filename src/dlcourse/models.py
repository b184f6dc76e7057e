"""The networks of the course, each written once: `engine` is `dlcourse.reference` or `torch`."""

from itertools import pairwise


def mlp(engine, sizes, activation: str = "Tanh"):
    """A multilayer perceptron: Linear, activation, Linear, …, Linear, with no activation after the last.

    sizes: numbers of units [inputs, hidden …, outputs], at least two. activation: a class of `engine.nn`, such as
    "ReLU", "Tanh", "Sigmoid" or "Identity". Returns an `engine.nn.Sequential`.
    """
    sizes = list(sizes)
    if len(sizes) < 2 or any(isinstance(n, bool) or not isinstance(n, int) or n < 1 for n in sizes):
        raise ValueError(f"mlp: sizes must be at least two whole numbers from 1, [inputs, …, outputs]; got {sizes}.")
    make = getattr(engine.nn, activation, None) if isinstance(activation, str) else None
    if make is None:
        raise ValueError(
            f"mlp: activation must name a class of engine.nn, such as 'ReLU' or 'Tanh'; got {activation!r}."
        )
    layers = []
    for n_in, n_out in pairwise(sizes):
        layers += [engine.nn.Linear(n_in, n_out), make()]
    return engine.nn.Sequential(*layers[:-1])
