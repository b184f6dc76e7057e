"""Parameter: a tensor that is learned."""

from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.operands import must_be_tensor


class Parameter(Tensor):
    """A tensor that is learned; set as an attribute of a Module, it becomes one of its parameters."""

    __slots__ = ()

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True):
        must_be_tensor("Parameter", data=data)
        super().__init__(*(() if data is None else (data,)))
        self.requires_grad_(requires_grad)
        if data is not None:
            self._version = data._version

    def __deepcopy__(self, memo):
        twin = super().__deepcopy__(memo)
        twin.grad = None  # torch copies the gradient of a tensor, but not that of a parameter
        return twin

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()
