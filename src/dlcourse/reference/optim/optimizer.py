"""What all optimizers share: groups of parameters with their settings, and a memory for each parameter."""

import numbers
import warnings
from collections.abc import Callable

import numpy as np

from dlcourse.reference.grad_mode import enable_grad
from dlcourse.reference.graph import wrap
from dlcourse.reference.tensor import Tensor


class Optimizer:
    """Base of the optimizers. A subclass gives `update(parameter, grad, memory, group)`, working on arrays in place.

    params: tensors, (name, tensor) pairs as named_parameters() gives them, or dicts {"params": …, setting: value, …}
    where a group has settings of its own. Names are kept in the group's "param_names".
    """

    def __init__(self, params, defaults: dict):
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, but got Tensor; "
                "put it into a list."
            )
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        self.defaults = defaults
        self.param_groups = []
        self.state: dict[Tensor, dict] = {}
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, param_group: dict) -> None:
        """Add parameters that are to be learned, too."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group).__name__}")
        given = param_group["params"]
        if isinstance(given, set):
            raise TypeError("optimizer parameters need to be in an ordered collection, such as a list; got a set.")
        params = [given] if isinstance(given, Tensor) else list(given)
        names = [pair[0] for pair in params if isinstance(pair, tuple)]
        self._must_all_have_names(names, params)
        params = [pair[1] for pair in params] if names else params
        if len({id(parameter) for parameter in params}) < len(params):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters: each steps twice", stacklevel=3
            )
        known = {id(parameter) for group in self.param_groups for parameter in group["params"]}
        for parameter in params:
            if not isinstance(parameter, Tensor):
                raise TypeError(
                    f"optimizer can only optimize Tensors, but one of the params is {type(parameter).__name__}"
                )
            if not parameter.is_leaf:
                raise ValueError("can't optimize a non-leaf Tensor")
            if id(parameter) in known:
                raise ValueError("some parameters appear in more than one parameter group")
        named = {"param_names": names} if names else {}
        self.param_groups.append({**self.defaults, **param_group, "params": params, **named})

    def _must_all_have_names(self, names: list[str], params: list) -> None:
        """ValueError if some of the parameters, here or in the groups so far, have a name and others have none."""
        if names and len(names) < len(params):
            raise ValueError("all optimizer params should be with/without names. Some param names are missing")
        if any(("param_names" in group) != bool(names) for group in self.param_groups):
            raise ValueError(
                "all optimizer param groups should be with/without names. cannot add param group "
                f"{'with' if names else 'without'} names to the optimizer"
            )

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients: `backward` adds to what is there."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if set_to_none:
                    parameter.grad = None
                elif parameter.grad is not None:
                    parameter.grad.detach_().zero_()

    def step(self, closure: Callable | None = None):
        """Move every parameter that has a gradient.

        closure: a function that computes the loss anew, with its gradients; it is called first, its loss returned.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    grad = parameter.grad._array
                    memory = self.state.setdefault(parameter, {})
                    self.update(parameter._array, -grad if group["maximize"] else grad, memory, group)
                    parameter._version[0] += 1
        return loss

    def update(self, parameter: np.ndarray, grad: np.ndarray, memory: dict, group: dict) -> None:
        raise NotImplementedError

    def state_dict(self) -> dict:
        """The memories and the settings, with parameters as numbers: what is needed to go on after a pause."""
        places = {parameter: i for i, parameter in enumerate(self._parameters())}
        state = {places[parameter]: _of_tensors(memory) for parameter, memory in self.state.items()}
        groups = [{**group, "params": [places[p] for p in group["params"]]} for group in self.param_groups]
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict) -> None:
        """Go on from a state_dict of an optimizer with as many parameters in as many groups (copied)."""
        sizes = [
            [len(group["params"]) for group in groups] for groups in (self.param_groups, state_dict["param_groups"])
        ]
        if len(sizes[0]) != len(sizes[1]):
            raise ValueError(
                f"loaded state dict has a different number of parameter groups: expected {len(sizes[0])}; "
                f"got {len(sizes[1])}."
            )
        if sizes[0] != sizes[1]:
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group: "
                f"expected {sizes[0]} parameters; got {sizes[1]}."
            )
        for group, saved in zip(self.param_groups, state_dict["param_groups"], strict=True):
            group.update({key: value for key, value in saved.items() if key != "params"})
        parameters = self._parameters()
        self.state = {parameters[i]: _of_arrays(memory) for i, memory in state_dict["state"].items()}

    def _parameters(self) -> list[Tensor]:
        return [parameter for group in self.param_groups for parameter in group["params"]]

    def __repr__(self) -> str:
        text = f"{type(self).__name__} ("
        for i, group in enumerate(self.param_groups):
            text += f"\nParameter Group {i}\n"
            text += "".join(f"    {key}: {group[key]}\n" for key in sorted(group) if key != "params")
        return text + ")"


def _of_tensors(memory: dict) -> dict:
    return {key: wrap(value) if isinstance(value, np.ndarray) else value for key, value in memory.items()}


def _of_arrays(memory: dict) -> dict:
    """A memory of its own, arrays again."""
    return {key: np.array(value._array) if isinstance(value, Tensor) else value for key, value in memory.items()}


def must_not_be_negative(**settings: float) -> None:
    """ValueError naming the first setting that is negative."""
    names = {
        "lr": "learning rate",
        "eps": "epsilon value",
        "weight_decay": "weight_decay value",
        "momentum": "momentum value",
    }
    for name, value in settings.items():
        if not isinstance(value, numbers.Real):
            raise TypeError(f"optimizer: {names.get(name, name)} must be a number; got {value!r}")
        if not value >= 0:
            raise ValueError(f"Invalid {names.get(name, name)}: {value}")
