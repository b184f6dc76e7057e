"""The activation functions of the course under the names that learners meet, each with its formulas in words.

A function takes the engine's `nn.functional` and a tensor of either engine, so that one table serves the labs, the
notebooks and the cells that "Show as code" writes.
"""

from dataclasses import dataclass

import numpy as np

import dlcourse.reference as engine


@dataclass(frozen=True)
class Activation:
    """code: how it is written with `engine` for a tensor z; formula, slope: f(z) and f′(z) in words of a formula."""

    code: str
    formula: str
    slope: str

    def of(self, z):
        """f(z) of a tensor of the reference engine."""
        return eval(self.code, {"engine": engine, "z": z})  # our own table below, never a learner's text


def _functional(name: str) -> str:
    return f"engine.nn.functional.{name}(z)"


ACTIVATIONS = {
    "step": Activation("(z > 0).to(z.dtype)", "1 where z > 0, else 0", "0, undefined at 0"),
    "identity": Activation("z * 1", "z", "1"),
    "sigmoid": Activation("engine.sigmoid(z)", "1 / (1 + e⁻ᶻ)", "f (1 − f)"),
    "tanh": Activation("engine.tanh(z)", "(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)", "1 − f²"),
    "ReLU": Activation("engine.relu(z)", "max(z, 0)", "1 where z > 0, else 0"),
    "leaky ReLU": Activation(_functional("leaky_relu"), "z where z > 0, else 0.01 z", "1 where z > 0, else 0.01"),
    "ELU": Activation(_functional("elu"), "z where z > 0, else eᶻ − 1", "1 where z > 0, else eᶻ"),
    "softplus": Activation(_functional("softplus"), "ln(1 + eᶻ)", "σ(z)"),
    "GELU": Activation(_functional("gelu"), "z Φ(z), Φ of the normal distribution", "Φ(z) + z φ(z)"),
    "SiLU": Activation(_functional("silu"), "z σ(z)", "σ(z) (1 + z (1 − σ(z)))"),
}


def value_and_slope(name: str, z) -> tuple[np.ndarray, np.ndarray]:
    """f(z) and f′(z), elementwise, by the engine's own backward pass; at a corner the slope that backward takes.

    z: numbers of any shape; a float32 array stays float32, everything else is computed in float64.
    """
    z = np.asarray(z)
    leaf = engine.tensor(z if z.dtype == np.float32 else z.astype(float), requires_grad=True)
    output = ACTIVATIONS[name].of(leaf)
    if output.requires_grad:
        output.backward(engine.ones_like(output))
        return output.detach().numpy(), leaf.grad.numpy()
    return output.numpy(), np.zeros_like(leaf.detach().numpy())  # the step: flat wherever it has a slope
