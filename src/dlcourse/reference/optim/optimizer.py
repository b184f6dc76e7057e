"""What all optimizers share: groups of parameters with their settings, and a memory for each parameter."""

import numpy as np

from dlcourse.reference.tensor import Tensor


class Optimizer:
    """Base of the optimizers. A subclass gives `update(parameter, grad, memory, group)`, working on arrays in place.

    params: tensors, or dicts {"params": tensors, setting: value, …} where a group has settings of its own.
    """

    def __init__(self, params, defaults: dict):
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
        given = param_group["params"]
        params = [given] if isinstance(given, Tensor) else list(given)
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
        self.param_groups.append(
            {"params": params, **self.defaults, **{k: v for k, v in param_group.items() if k != "params"}}
        )

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients: `backward` adds to what is there."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if set_to_none:
                    parameter.grad = None
                elif parameter.grad is not None:
                    parameter.grad = Tensor(np.zeros_like(parameter._array))

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    grad = parameter.grad._array
                    memory = self.state.setdefault(parameter, {})
                    self.update(parameter._array, -grad if group["maximize"] else grad, memory, group)

    def update(self, parameter: np.ndarray, grad: np.ndarray, memory: dict, group: dict) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        text = f"{type(self).__name__} ("
        for i, group in enumerate(self.param_groups):
            text += f"\nParameter Group {i}\n"
            text += "".join(f"    {key}: {group[key]}\n" for key in sorted(group) if key != "params")
        return text + ")"


def must_not_be_negative(**settings: float) -> None:
    """ValueError naming the first setting that is negative."""
    names = {
        "lr": "learning rate",
        "eps": "epsilon value",
        "weight_decay": "weight_decay value",
        "momentum": "momentum value",
    }
    for name, value in settings.items():
        if not value >= 0:
            raise ValueError(f"Invalid {names.get(name, name)}: {value}")
