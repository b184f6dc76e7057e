"""state_dict and load_state_dict: the numbers of a module by name, out and in."""

from collections.abc import Mapping
from typing import NamedTuple

from dlcourse.reference.grad_mode import no_grad
from dlcourse.reference.tensor import Tensor


class IncompatibleKeys(NamedTuple):
    """The names that load_state_dict(strict=False) found on one side only."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


class Saving:
    """The part of Module that saves and loads."""

    def _saved(self, prefix: str = "") -> dict[str, Tensor]:
        """Every parameter and saved buffer; a part that is used twice appears under both names, as in torch."""
        transient = self.__dict__.get("_transient", ())
        saved = {
            prefix + name: value
            for table in (self._parameters, self._buffers)
            for name, value in table.items()
            if value is not None and name not in transient
        }
        for name, part in self._modules.items():
            saved |= {} if part is None else part._saved(f"{prefix}{name}.")
        return saved

    def state_dict(self) -> dict[str, Tensor]:
        """Name -> tensor of every parameter and saved buffer; the tensors share the module's memory."""
        return {name: value.detach() for name, value in self._saved().items()}

    def load_state_dict(self, state_dict: dict[str, Tensor], strict: bool = True):
        """Copy numbers into parameters and buffers. All names and shapes are checked before anything is changed."""
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        own = self._saved()
        missing = [name for name in own if name not in state_dict]
        unexpected = [name for name in state_dict if name not in own]
        problems = []
        if strict and unexpected:
            problems.append("Unexpected key(s) in state_dict: " + ", ".join(f'"{n}"' for n in unexpected) + ".")
        if strict and missing:
            problems.append("Missing key(s) in state_dict: " + ", ".join(f'"{n}"' for n in missing) + ".")
        for name in own.keys() & state_dict.keys():
            if not isinstance(state_dict[name], Tensor):
                problems.append(
                    f'expected a Tensor for "{name}"; got {type(state_dict[name]).__name__}; make one with tensor(…).'
                )
                continue
            came, wanted = tuple(state_dict[name].shape), tuple(own[name].shape)
            if came != wanted:
                problems.append(f"size mismatch for {name}: the module has {wanted}; got {came}.")
        if problems:
            raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}:\n\t" + "\n\t".join(problems))
        for name in own.keys() & state_dict.keys():
            value = state_dict[name]
            with no_grad():
                own[name].copy_(value)
        return IncompatibleKeys(missing, unexpected)
