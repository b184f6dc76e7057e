"""Operations that move numbers without changing them; the gradient moves back."""

import numpy as np

from dlcourse.reference.autograd import Function, unbroadcast


class View(Function):
    """The same numbers in another shape;  g in the old shape."""

    def forward(self, x, shape):
        self.shape = x.shape
        return x.reshape(shape)

    def backward(self, g):
        return (g.reshape(self.shape),)


class Permute(Function):
    """Axes in another order;  g in the old order."""

    def forward(self, x, dims):
        self.dims = dims
        return x.transpose(dims)

    def backward(self, g):
        return (g.transpose(np.argsort(self.dims)),)


class Expand(Function):
    """Repeated along axes of size 1 (a view);  g summed over the repetitions."""

    def forward(self, x, shape):
        self.shape = x.shape
        return np.broadcast_to(x, shape)

    def backward(self, g):
        return (unbroadcast(g, self.shape),)


class Index(Function):
    """y = x[key];  g added at the places it came from (a place taken twice gets both)."""

    def forward(self, x, key):
        self.shape, self.key = x.shape, key
        return x[key]

    def backward(self, g):
        grad = np.zeros(self.shape, g.dtype)
        parts = self.key if isinstance(self.key, tuple) else (self.key,)
        if any(isinstance(part, np.ndarray) and part.dtype != np.bool_ for part in parts):
            np.add.at(grad, self.key, g)  # counts repeated places
        else:
            grad[self.key] = g
        return (grad,)


class Gather(Function):
    """y = x taken along one axis at `index`;  g added at the places it came from."""

    def forward(self, x, dim, index):
        places = list(np.indices(index.shape, sparse=True))
        places[dim] = index
        self.shape, self.places = x.shape, tuple(places)
        return x[self.places]

    def backward(self, g):
        grad = np.zeros(self.shape, g.dtype)
        np.add.at(grad, self.places, g)
        return (grad,)


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
