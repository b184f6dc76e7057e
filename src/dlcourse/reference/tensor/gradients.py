"""What a tensor knows of gradients: whether it needs one, where it came from, and what arrived."""

import weakref

from dlcourse.reference import autograd
from dlcourse.reference.graph import node_of
from dlcourse.reference.handle import RemovableHandle
from dlcourse.reference.ops import view
from dlcourse.reference.tensor.operands import is_tensor, must_be_tensor


class Gradients:
    """The part of a Tensor that belongs to autograd."""

    __slots__ = ()

    @property
    def requires_grad(self) -> bool:
        """Whether operations with this tensor are remembered. A view does if its base does."""
        return self._requires_grad or (self._view is not None and self._view.root._requires_grad)

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if not isinstance(value, bool):
            raise RuntimeError("requires_grad must be a bool")
        if not self.is_leaf:
            raise RuntimeError("you can only change requires_grad flags of leaf variables; use detach()")
        self.requires_grad_(value)

    @property
    def grad_fn(self):
        """The node of the operation this tensor came from, None for a leaf; of a view whose memory was written since,
        the node that it would come from now."""
        lies = self._view
        if lies is not None and lies.version != self._version[0] and lies.root.requires_grad:
            retaining = self._grad_fn.retaining if self._grad_fn is not None else ()
            self._grad_fn, lies.version = lies.nodes(), self._version[0]
            self._grad_fn.retaining = retaining
        return self._grad_fn

    @property
    def is_leaf(self) -> bool:
        """Whether it came from no remembered operation; only leaves keep a gradient unless retain_grad is called."""
        return self.grad_fn is None

    @property
    def grad(self):
        """The gradient that backward has added up so far, None before. May be set to a tensor of the same shape."""
        return self._grad

    @grad.setter
    def grad(self, value) -> None:
        if value is not None:
            if not is_tensor(value):
                raise TypeError(
                    f"assigned grad expected to be a Tensor or None but got grad of type {type(value).__name__}"
                )
            if value is self:
                raise RuntimeError("can't assign Variable as its own grad; assign a clone() of it.")
            if value._array.shape != self._array.shape:
                raise RuntimeError(
                    f"attempting to assign a gradient of size '{list(value.shape)}' to a tensor of size "
                    f"'{list(self.shape)}'. Please ensure that the gradient and the tensor are the same size."
                )
            if value._array.dtype != self._array.dtype:
                raise RuntimeError(
                    f"attempting to assign a gradient with dtype {value.dtype} to a tensor of {self.dtype}; "
                    "convert it with .to()."
                )
        self._grad = value

    @property
    def data(self):
        """The same memory without the graph, and without its watch: a change by this way is not noticed by backward.
        Setting it gives the tensor the memory of another."""
        view.contiguous(self)
        return view.sharing(self._array)

    @data.setter
    def data(self, value) -> None:
        if not is_tensor(value):
            raise TypeError(
                f"Variable data has to be a tensor, but got {type(value).__name__}; make one with tensor(…)."
            )
        if self.requires_grad and not value.is_floating_point():
            raise RuntimeError("data set to a tensor that requires gradients must be floating point")
        self._array = value._array

    def backward(self, gradient=None, retain_graph: bool | None = None) -> None:
        """Add the derivative of this tensor, times `gradient`, to `.grad` of every leaf it was computed from."""
        must_be_tensor("backward", gradient=gradient)
        autograd.backward((self,), [autograd.upstream_of(self, gradient)], bool(retain_graph))

    def requires_grad_(self, requires_grad: bool = True):
        """Switch the remembering of gradients for this tensor, in place."""
        if requires_grad and not self.is_floating_point():
            raise RuntimeError("only Tensors of floating point dtype can require gradients")
        if not requires_grad and not self.is_leaf:
            raise RuntimeError("you can only change requires_grad flags of leaf variables; use detach()")
        self._requires_grad = requires_grad
        return self

    def retain_grad(self) -> None:
        """Keep the gradient of this intermediate result, too."""
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        if not self.is_leaf and all(tensor() is not self for tensor in self._grad_fn.retaining):
            self._grad_fn.retaining = (*self._grad_fn.retaining, weakref.ref(self))

    def register_hook(self, hook) -> RemovableHandle:
        """Call hook(gradient) when a gradient of this tensor is computed; what it returns, if not None, replaces it.

        The handle that is returned takes the hook away again: handle.remove().
        """
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        node = node_of(self)
        if node is None:  # a view made under no_grad
            raise RuntimeError("cannot register a hook on a tensor that has no part in a graph")
        if not node.hooks:
            node.hooks = {}
        return RemovableHandle(node.hooks, hook)

    def detach_(self):
        """Become a leaf that needs no gradient."""
        if self._view is not None and not self._view.outside:
            raise RuntimeError("Can't detach views in-place. Use detach() instead.")
        if self._grad_fn is not None:
            self._version[0] += 1  # a graph that kept this tensor has lost its way from here
        self._grad_fn, self._requires_grad = None, False
        return self
