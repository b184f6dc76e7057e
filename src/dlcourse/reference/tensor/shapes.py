"""Methods that show the same elements in another shape: views, which share memory, and copies where there is none."""

from itertools import pairwise

import numpy as np

from dlcourse.reference.ops import arithmetic, elementwise, view
from dlcourse.reference.ops import shape as ops
from dlcourse.reference.tensor import indexing
from dlcourse.reference.tensor.operands import axis_of, filling, must_be_given, sizes_of


class Shapes:
    """Shapes and places of a Tensor."""

    __slots__ = ()

    @property
    def T(self):
        """The transpose of a matrix."""
        return self.permute(*range(self.ndim)[::-1])

    mT = property(lambda self: self.transpose(-2, -1))

    def reshape(self, *shape):
        """The same elements in another shape; one size may be −1. A view where the memory's order allows it."""
        return view.Reshape.apply(self, shape=self._new_shape(shape))

    def view(self, *shape):
        """The same memory in another shape; RuntimeError where its order does not allow that."""
        wanted = self._new_shape(shape)
        view.contiguous(self)
        if self._array.size and not np.may_share_memory(self._array, self._array.reshape(wanted)):
            raise RuntimeError(
                "view size is not compatible with input tensor's size and stride (at least one dimension spans across "
                "two contiguous subspaces). Use .reshape(...) instead."
            )
        return view.Reshape.apply(self, shape=wanted)

    def _new_shape(self, shape) -> tuple[int, ...]:
        sizes = tuple(int(size) for size in sizes_of(shape))
        unknown = self._array.size // max(-int(np.prod(sizes)), 1) if -1 in sizes else 0
        wanted = tuple(unknown if size == -1 else size for size in sizes)
        if sizes.count(-1) > 1 or any(s < 0 for s in wanted) or int(np.prod(wanted)) != self._array.size:
            raise RuntimeError(f"shape '{list(sizes)}' is invalid for input of size {self._array.size}")
        if -1 in sizes and 0 in sizes:
            raise RuntimeError(f"cannot reshape tensor of 0 elements into shape {list(sizes)}: −1 can be any value")
        return wanted

    def flatten(self, start_dim: int = 0, end_dim: int = -1):
        """Axes start_dim … end_dim joined into one."""
        sizes = self._array.shape or (1,)
        start, end = axis_of(start_dim, len(sizes)), axis_of(end_dim, len(sizes))
        if start > end:
            raise RuntimeError(f"flatten() has invalid args: start_dim {start_dim} cannot come after end_dim {end_dim}")
        if start == end and self.ndim:
            return self
        return self.reshape(*sizes[:start], int(np.prod(sizes[start : end + 1])), *sizes[end + 1 :])

    def permute(self, *dims):
        """The axes in another order."""
        dims = tuple(axis_of(dim, self.ndim) for dim in sizes_of(dims))
        if sorted(dims) != list(range(self.ndim)):
            raise RuntimeError(f"permute: expected each of {self.ndim} axes once; got {dims}.")
        return view.Permute.apply(self, dims=dims)

    def transpose(self, dim0: int, dim1: int):
        """Two axes exchanged."""
        dims = list(range(self.ndim))
        dim0, dim1 = axis_of(dim0, self.ndim), axis_of(dim1, self.ndim)
        if dims:
            dims[dim0], dims[dim1] = dim1, dim0
        return view.Transpose.apply(self, dims=tuple(dims))

    def t(self):
        """The transpose of a matrix; a vector stays as it is."""
        if self.ndim > 2:
            raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {self.ndim}D; use .mT.")
        return view.T.apply(self, dims=tuple(range(self.ndim)[::-1]))

    def unsqueeze(self, dim: int):
        """A new axis of size 1 at `dim`."""
        shape = np.expand_dims(self._array, axis_of(dim, self.ndim + 1)).shape
        return view.Unsqueeze.apply(self, shape=shape)

    def squeeze(self, dim: int | None = None):
        """Without its axes of size 1, or without axis `dim` if that has size 1."""
        dims = range(self.ndim) if dim is None else [axis_of(dim, self.ndim)]
        kept = tuple(n for axis, n in enumerate(self._array.shape) if axis not in dims or n != 1)
        return view.Squeeze.apply(self, shape=kept, dim=dim)

    def expand(self, *sizes):
        """Axes of size 1 repeated to the sizes given; −1 keeps one."""
        sizes, own = sizes_of(sizes), self._array.shape
        padded = (1,) * (len(sizes) - len(own)) + own
        wanted = tuple(o if s == -1 else s for s, o in zip(sizes, padded, strict=False))
        if len(padded) != len(sizes) or any(o not in (1, s) for o, s in zip(padded, wanted, strict=True)):
            raise RuntimeError(f"expand: only an axis of size 1 can be repeated; got {own} for {sizes}.")
        return view.Expand.apply(self, shape=wanted)

    def expand_as(self, other):
        """Axes of size 1 repeated to the shape of another tensor."""
        must_be_given("expand_as", other=other)
        return self.expand(*other.shape)

    def view_as(self, other):
        """The same memory in the shape of another tensor."""
        must_be_given("view_as", other=other)
        return self.view(*other.shape)

    def flip(self, *dims):
        """A copy in which the order along some axes is reversed."""
        axes = {axis_of(dim, self.ndim) for dim in sizes_of(dims)}
        return ops.Flip.apply(self, axes=tuple(axes)) if self.ndim else self.clone()

    def repeat(self, *repeats):
        """A copy in which the tensor stands so many times along each axis, new ones in front."""
        times, own = sizes_of(repeats), self._array.shape
        if len(times) < len(own):
            raise RuntimeError(f"repeat: expected at least {len(own)} numbers, one for each axis; got {times}.")
        shape = (1,) * (len(times) - len(own)) + own
        spread = self.reshape(*(size for n in shape for size in (1, n)))
        spread = spread.expand(*(size for pair in zip(times, shape, strict=True) for size in pair))
        copy = spread.reshape(*(t * n for t, n in zip(times, shape, strict=True)))
        return copy.clone() if copy._view is not None else copy

    def split(self, split_size, dim: int = 0):
        """Views of parts of this size along `dim`, the last perhaps smaller; or of the sizes of a list."""
        axis = axis_of(dim, self.ndim)
        length = self._array.shape[axis]
        if not isinstance(split_size, (list, tuple)):
            sizes = [split_size] * max(-(-length // split_size), 1)
        elif sum(sizes := list(split_size)) != length:
            raise RuntimeError(f"split: the sizes must sum to {length}, the size of axis {dim}; got {sizes}.")
        ends, before = np.cumsum([0, *sizes]).tolist(), (slice(None),) * axis
        parts = (slice(a, min(b, length)) for a, b in pairwise(ends))
        return tuple(view.Split.apply(self, key=(*before, part)) for part in parts)

    def chunk(self, chunks: int, dim: int = 0):
        """At most so many views of equal parts along `dim`, the last perhaps smaller."""
        length = self._array.shape[axis_of(dim, self.ndim)]
        return self.split(max(-(-length // chunks), 1), dim)

    def masked_fill(self, mask, value):
        """A copy that holds `value`, a number or a tensor of one, wherever the bool tensor `mask` is true."""
        mask, value = filling("masked_fill", self, mask, value)
        x = self if mask.shape == self.shape else self.expand(*np.broadcast_shapes(mask.shape, self.shape))
        return indexing.noted(arithmetic.MaskedFill.apply(x, value, mask=mask._array), [mask])

    def gather(self, dim: int, index):
        """Along `dim`, the elements whose places `index` names."""
        must_be_given("gather", index=index)
        result = ops.Gather.apply(self, dim=axis_of(dim, self.ndim), index=index._array)
        return indexing.noted(result, [index])

    def unbind(self, dim: int = 0):
        """The parts along `dim`, as a tuple."""
        before = (slice(None),) * axis_of(dim, self.ndim)
        return tuple(view.Unbind.apply(self, key=(*before, i)) for i in range(self.size(dim)))

    def __getitem__(self, key):
        return indexing.get(self, key)

    def __setitem__(self, key, value) -> None:
        indexing.put(self, key, value)

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return len(self._array)

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind())

    def clone(self):
        """A copy, through which gradients flow."""
        return elementwise.Clone.apply(self)

    def contiguous(self):
        """The tensor itself if its elements lie in memory in the order of its indices, else a copy where they do."""
        view.contiguous(self)
        return self if self._array.flags.c_contiguous else elementwise.Contiguous.apply(self)

    def is_contiguous(self) -> bool:
        """Whether the elements lie in memory in the order of their indices."""
        view.contiguous(self)
        return self._array.flags.c_contiguous

    def detach(self):
        """The same memory without the graph. A change of it is noticed by a backward that needs the old values."""
        view.contiguous(self)
        result = view.sharing(self._array)
        result._version = self._version
        return result
