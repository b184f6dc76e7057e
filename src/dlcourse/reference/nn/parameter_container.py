"""Lists and dicts of parameters."""

from dlcourse.reference import dtypes
from dlcourse.reference.nn.container import Named, Numbered
from dlcourse.reference.nn.parameter import Parameter
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.operands import must_be_given


def _parameter(who: str, value) -> Parameter:
    must_be_given(who, values=value)
    return value if isinstance(value, Parameter) else Parameter(value)


def _described(name, parameter: Parameter, kind: str) -> str:
    size = "x".join(map(str, parameter.shape))
    return f"  ({name}): Parameter containing: [{kind} of size {size}]"


class ParameterList(Numbered):
    """A list of parameters that its module knows; tensors put in become parameters. As ModuleList, but for insert."""

    table = "_parameters"

    def __init__(self, values=None):
        super().__init__()
        self.extend(() if values is None else values)

    def __setitem__(self, index: int, param: Tensor) -> None:
        super().__setitem__(index, _parameter("ParameterList", param))

    def append(self, value: Tensor) -> "ParameterList":
        """Add a parameter at the end; returns the list."""
        self.register_parameter(str(len(self)), _parameter("ParameterList", value))
        return self

    def extend(self, values) -> "ParameterList":
        """Add parameters at the end; returns the list."""
        return self._extended(values)

    __iadd__ = extend

    def extra_repr(self) -> str:
        return "\n".join(_described(place, value, repr(value.dtype)) for place, value in enumerate(self))


class ParameterDict(Named):
    """A dict of parameters that its module knows; tensors put in become parameters. A plain dict comes in the order of
    its keys' alphabet, as in torch; pairs and ParameterDicts in their own."""

    table = "_parameters"
    kinds = {dtypes.float32: "FloatTensor", dtypes.float64: "DoubleTensor", dtypes.int64: "LongTensor"}

    def __init__(self, parameters=None):
        super().__init__()
        self.update({} if parameters is None else parameters)

    def __setitem__(self, key: str, value: Tensor) -> None:
        self.register_parameter(key, _parameter("ParameterDict", value))

    def update(self, parameters) -> None:
        """Put in what a dict, another ParameterDict or (name, tensor) pairs hold; equal names are replaced."""
        self._updated(sorted(parameters.items()) if type(parameters) is dict else parameters)

    def extra_repr(self) -> str:
        return "\n".join(_described(key, value, f"torch.{self.kinds[value.dtype]}") for key, value in self.items())
