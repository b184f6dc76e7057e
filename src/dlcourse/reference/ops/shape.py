"""Operations that move numbers without changing them, into memory of their own; the gradient moves back."""

import numpy as np

from dlcourse.reference.graph import Function, unbroadcast


def add_at(shape: tuple, key, g: np.ndarray) -> np.ndarray:
    """Zeros with g added at x[key]; a place that is named twice gets both."""
    grad = np.zeros(shape, g.dtype)
    if any(isinstance(part, np.ndarray) and part.dtype != np.bool_ for part in key):
        np.add.at(grad, key, g)  # counts repeated places
    else:
        grad[key] = g
    return grad


class Index(Function):
    """y = x[key] where the key holds arrays;  g added at the places it came from (a place taken twice gets both)."""

    saves = True

    def forward(self, x, key):
        self.shape, self.key = x.shape, key
        return np.ascontiguousarray(x[key])

    def backward(self, g):
        return (add_at(self.shape, self.key, g),)


class IndexPut(Function):
    """x with t at x[key];  g with 0 at those places, g[key] to t."""

    saves = True

    def forward(self, x, t, key):
        self.key, self.shape = key, t.shape
        y = x.copy(order="K")
        y[key] = t
        return y

    def backward(self, g):
        rest = g.copy()
        rest[self.key] = 0
        return rest, unbroadcast(g[self.key], self.shape)


class Gather(Function):
    """y = x taken along one axis at `index`;  g added at the places it came from."""

    saves = True

    def forward(self, x, dim, index):
        places = list(np.indices(index.shape, sparse=True))
        places[dim] = index
        self.shape, self.places = x.shape, tuple(places)
        return x[self.places]

    def backward(self, g):
        return (add_at(self.shape, self.places, g),)


class Cat(Function):
    """Several tensors one after the other along an axis;  g cut at the same places."""

    def forward(self, *arrays, dim=0):
        self.dim, self.cuts = dim, np.cumsum([array.shape[dim] for array in arrays])[:-1]
        return np.concatenate(arrays, axis=dim)

    def backward(self, g):
        return tuple(np.split(g, self.cuts, axis=self.dim))


class Stack(Function):
    """Several tensors of one shape along a new axis;  g taken apart."""

    def forward(self, *arrays, dim=0):
        self.dim = dim
        return np.stack(arrays, axis=dim)

    def backward(self, g):
        return tuple(np.moveaxis(g, self.dim, 0))


class Flip(Function):
    """y = x with the order along some axes reversed;  g reversed back."""

    def forward(self, x, axes):
        self.axes = axes
        return np.flip(x, axes).copy()

    def backward(self, g):
        return (np.flip(g, self.axes),)
