"""Operations that take many numbers to one: over all axes (dim=None), one or several."""

import numpy as np

from dlcourse.reference.graph import RESULT, Function


def spread(values: np.ndarray, shape: tuple, axes, keepdims: bool) -> np.ndarray:
    """A reduced array broadcast back over the axes that were reduced (a read-only view)."""
    if axes is not None and not keepdims:
        values = np.expand_dims(values, axes)
    return np.broadcast_to(values, shape)


class _Reduction(Function):
    """What reductions share: the shape they came from and torch's name, which for some counts over how many axes."""

    of_some_axes = 0  # the number in torch's name of the node when only some axes are reduced

    def remember_shape(self, x, axes, keepdims):
        self.shape, self.axes, self.keepdims = x.shape, axes, keepdims

    def name(self) -> str:
        return f"{type(self).__name__}Backward{self.of_some_axes if self.__dict__.get('axes') else 0}"

    def spread(self, values):
        return spread(values, self.shape, self.axes, self.keepdims)


class Sum(_Reduction):
    """y = Σ x;  g to each."""

    of_some_axes = 1

    def forward(self, x, axes=None, keepdims=False):
        self.remember_shape(x, axes, keepdims)
        return x.sum(axis=axes, keepdims=keepdims)

    def backward(self, g):
        return (self.spread(g),)


class Mean(_Reduction):
    """y = Σ x / n;  g/n to each."""

    of_some_axes = 1

    def forward(self, x, axes=None, keepdims=False):
        self.remember_shape(x, axes, keepdims)
        with np.errstate(invalid="ignore", divide="ignore"):
            total = x.sum(axis=axes, keepdims=keepdims)
            self.count = x.size / max(total.size, 1)
            return total / x.dtype.type(self.count)

    def backward(self, g):
        return (self.spread(g / g.dtype.type(self.count)),)


class Var(_Reduction):
    """y = Σ (x − x̄)² / (n − correction);  g·2(x − x̄)/(n − correction)."""

    keeps = ((0, (0,)),)

    def forward(self, x, axes=None, keepdims=False, correction=1):
        self.remember_shape(x, axes, keepdims)
        self.centred = x - x.mean(axis=axes, keepdims=True)
        total = (self.centred**2).sum(axis=axes, keepdims=keepdims)
        self.freedom = max(x.size / max(total.size, 1) - correction, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return total / x.dtype.type(self.freedom)

    def backward(self, g):
        return (self.spread(g) * g.dtype.type(np.float64(2) / self.freedom) * self.centred,)


class Std(Var):
    """y = √(Σ (x − x̄)² / (n − correction));  g·(x − x̄)/((n − correction)·y), and 0 where y is 0, as in torch."""

    keeps = ((0, (0, RESULT)),)

    def forward(self, x, axes=None, keepdims=False, correction=1):
        with np.errstate(divide="ignore", invalid="ignore"):
            self.y = np.sqrt(super().forward(x, axes, keepdims, correction))
        return self.y

    def backward(self, g):
        return super().backward(_unless_zero(self.y, g, 2 * self.y))


class Norm(_Reduction):
    """y = √Σ x², the Euclidean length;  g·x/y, and 0 where y is 0: the subgradient that torch takes."""

    keeps = ((0, (0, RESULT)),)

    def forward(self, x, axes=None, keepdims=False):
        self.remember_shape(x, axes, keepdims)
        self.x = x
        with np.errstate(over="ignore"):
            self.y = np.sqrt(np.square(x).sum(axis=axes, keepdims=keepdims))
        return self.y

    def name(self) -> str:
        return "LinalgVectorNormBackward0"

    def backward(self, g):
        return (self.x * self.spread(_unless_zero(self.y, g, self.y)),)


def _unless_zero(y: np.ndarray, g: np.ndarray, divisor: np.ndarray) -> np.ndarray:
    """g/divisor, and 0 where y is 0."""
    return np.where(y == 0, g.dtype.type(0), g / divisor)


class Amax(_Reduction):
    """y = max x over axes;  g shared equally by the elements that attain it (torch's amax and max over all)."""

    keeps = ((0, (0, RESULT)),)

    find = staticmethod(np.max)

    def forward(self, x, axes=None, keepdims=False):
        self.remember_shape(x, axes, keepdims)
        y = self.find(x, axis=axes, keepdims=keepdims)
        self.attained = x == self.spread(y)
        return y

    def backward(self, g):
        count = self.attained.sum(axis=self.axes, keepdims=True)
        return ((self.spread(g) * self.attained / count).astype(g.dtype),)


class Amin(Amax):
    """y = min x over axes;  g shared equally by the elements that attain it."""

    find = staticmethod(np.min)


class MaxOfAll(Amax):
    """y = max x over all;  g shared equally by the elements that attain it, exactly 0 to the others."""

    def name(self) -> str:
        return f"{type(self).__name__[:3]}Backward1"

    def backward(self, g):
        return (np.where(self.attained, (g / self.attained.sum()).astype(g.dtype), g.dtype.type(0)),)


class MinOfAll(MaxOfAll):
    """y = min x over all;  g shared equally by the elements that attain it."""

    find = staticmethod(np.min)


class Max(Function):
    """y = x at the largest element along one axis;  g to the first such element (torch's max(dim))."""

    saves = True
    find = staticmethod(np.argmax)

    def forward(self, x, dim, keepdims=False):
        self.shape, self.dim, self.keepdims = x.shape, dim, keepdims
        self.index = np.expand_dims(type(self).find(x, axis=dim), dim)
        y = np.take_along_axis(x, self.index, axis=dim)
        return y if keepdims else y.squeeze(dim)

    def backward(self, g):
        grad = np.zeros(self.shape, g.dtype)
        np.put_along_axis(grad, self.index, g if self.keepdims else np.expand_dims(g, self.dim), axis=self.dim)
        return (grad,)


class Min(Max):
    """y = x at the smallest element along one axis;  g to the first such element."""

    find = staticmethod(np.argmin)


class Logsumexp(_Reduction):
    """y = ln Σ eˣ = m + ln Σ e^{x−m} with m = max x, which cannot overflow;  g·e^{x−y}."""

    keeps = ((0, (0, RESULT)),)

    def forward(self, x, axes, keepdims=False):
        self.remember_shape(x, axes, keepdims)
        m = x.max(axis=axes, keepdims=True)
        m = np.where(np.isfinite(m), m, 0)
        with np.errstate(divide="ignore"):
            y = m + np.log(np.exp(x - m).sum(axis=axes, keepdims=True))
        self.share = np.exp(x - y)
        return y if keepdims else y.squeeze(axes)

    def backward(self, g):
        return (self.spread(g) * self.share,)


class Softmax(Function):
    """y = eˣ / Σ eˣ along one axis, from x − max x;  y·(g − Σ g·y)."""

    keeps = ((0, (RESULT,)),)

    def forward(self, x, dim):
        self.dim = dim
        e = np.exp(x - x.max(axis=dim, keepdims=True, initial=-np.inf))
        self.y = e / e.sum(axis=dim, keepdims=True)
        return self.y

    def backward(self, g):
        return (self.y * (g - (g * self.y).sum(axis=self.dim, keepdims=True)),)


class LogSoftmax(Function):
    """y = x − ln Σ eˣ along one axis, from x − max x;  g − eʸ·Σ g."""

    keeps = ((0, (RESULT,)),)

    def forward(self, x, dim):
        self.dim = dim
        shifted = x - x.max(axis=dim, keepdims=True, initial=-np.inf)
        self.y = shifted - np.log(np.exp(shifted).sum(axis=dim, keepdims=True))
        return self.y

    def backward(self, g):
        return (g - np.exp(self.y) * g.sum(axis=self.dim, keepdims=True),)


class Prod(Function):
    """y = Π x along one axis;  g·(Π of the others), which is right where an element is 0, too."""

    keeps = ((0, (0, RESULT)),)

    def forward(self, x, dim, keepdims):
        self.x, self.dim, self.keepdims = x, dim, keepdims
        return x.prod(axis=dim, keepdims=keepdims)

    def backward(self, g):
        g = g if self.keepdims else np.expand_dims(g, self.dim)
        x = np.moveaxis(self.x, self.dim, 0)
        others = np.ones_like(x)
        others[1:] = np.cumprod(x, axis=0)[:-1]
        others[:-1] *= np.cumprod(x[::-1], axis=0)[-2::-1]
        return (g * np.moveaxis(others, 0, self.dim),)


class Cumsum(Function):
    """y[i] = x[0] + … + x[i] along one axis;  g[i] + … + g[n − 1]."""

    def forward(self, x, dim):
        self.dim = dim
        return x.cumsum(axis=dim)

    def backward(self, g):
        return (np.flip(np.flip(g, self.dim).cumsum(axis=self.dim), self.dim),)
