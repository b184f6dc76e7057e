"""What the statements of random programs work on: names, numbers, indices, masks that fit a tensor.

s is the scene (generate.Scene): s.pick(options) chooses, s.tensor() names a tensor, s[name] is its value on torch.
"""

import torch

NUMBERS = ["2", "0.5", "-1", "3.0", "0", "1.5", "True"]


def anything(tensor) -> bool:
    return True


def exact(tensor) -> bool:
    """Whether all numbers are small multiples of 1/64, free of rounding: jumps (//, floor, ==) come out alike."""
    numbers = tensor.detach()
    if not numbers.is_floating_point():
        return True
    return bool((numbers * 64 == (numbers * 64).round()).all() and (numbers.abs() < 1e4).all())


def any_kernel(tensor) -> bool:
    """Not without elements: torch then refuses no number type, because it computes nothing."""
    return tensor.numel() > 0 or tensor.is_floating_point()


def has_axes(tensor) -> bool:
    return tensor.dim() > 0


def changeable(tensor) -> bool:
    """No leaf that requires a gradient."""
    return not tensor.requires_grad or tensor.grad_fn is not None


def computed(tensor) -> bool:
    """With a graph behind it, and no view of a leaf, so that it may be changed in place."""
    base = tensor._base
    return tensor.requires_grad and tensor.grad_fn is not None and (base is None or not base.is_leaf)


def partner(s, a: str, wanted=anything) -> str:
    """A number, or the name of a tensor that broadcasts with a; seldom one that does not."""
    if s.chance(3):
        return s.pick(NUMBERS)
    if s.chance(12):
        return s.tensor(wanted)
    return s.tensor(lambda t: wanted(t) and _broadcasts(t.shape, s[a].shape))


def alike(s, a: str) -> str | None:
    """Another tensor of a's shape; a itself if there is none, and seldom."""
    names = s.names(lambda t: t.shape == s[a].shape and t is not s[a])
    return s.pick(names) if names else a if s.chance(4) else None


def target(s) -> str:
    """What is changed in place: seldom a leaf that requires a gradient while that is recorded, which is refused."""
    if s.chance(2) and s.names(computed):
        return s.tensor(computed)
    return s.tensor(changeable if torch.is_grad_enabled() and not s.chance(8) else anything)


def value(s, place) -> str:
    """A number or tensor that fits into a place of that shape and type; seldom one that does not."""
    if s.chance(3):
        return s.pick(NUMBERS)
    names = s.names(lambda t: _fits(t, place))
    return s.pick(names) if names and not s.chance(12) else s.pick(["1.5", "2", "True", "0", s.tensor()])


def unpromised(s, number: str, written) -> bool:
    """Whether it is left open what writing that number does: it shares the memory, so that the result depends on the
    order of the writing, or it brings a gradient into whole numbers, which torch then takes for differentiable."""
    if number in NUMBERS:
        return False
    return _share_memory(s[number], written) or (s[number].requires_grad and not written.is_floating_point())


def index(s, tensor, distinct: bool = False) -> str:
    """What stands between the brackets: one entry per axis, from the first or after an ellipsis. distinct: no place
    twice, because the order of two writes into one place is not promised."""
    if not tensor.dim():
        return s.pick(["...", "None", "0"])
    masks = s.names(lambda t: _masks(t, tensor))
    if masks and s.chance(2):
        return s.pick(masks)
    places = s.names(lambda t: _indexes(t, tensor, distinct))
    if places and s.chance(3):
        return s.pick(places)
    entries = [_entry(s, size) for size in tensor.shape[: s.pick(range(1, tensor.dim() + 1))]]
    if s.chance(6):
        entries.insert(s.pick(range(len(entries) + 1)), s.pick(["None", "...", "None"]))
    elif len(entries) == 1 and tensor.dim() > 1 and s.chance(3):
        entries = ["...", _entry(s, tensor.shape[-1])]
    return ", ".join(entries)


def mask(s, a: str) -> str:
    """A condition of a's shape."""
    masks = s.names(lambda t: t.dtype == torch.bool and t.shape == s[a].shape)
    return s.pick(masks) if masks else f"({a} > 0)" if exact(s[a]) else f"({a} == {a})"


def labels(s, a: str) -> str:
    """Class numbers for the rows of a."""
    names = s.names(lambda t: t.dtype == torch.int64 and s[a].dim() > 1 and t.shape == s[a].shape[:1])
    return s.pick(names) if names else "e.tensor([1, 0])"


def _broadcasts(first, second) -> bool:
    return all(m == n or 1 in (m, n) for m, n in zip(reversed(first), reversed(second), strict=False))


def _fits(tensor, place) -> bool:
    sizes = zip(reversed(tensor.shape), reversed(place.shape), strict=False)
    return (
        tensor.dim() <= place.dim()
        and all(n in (1, m) for n, m in sizes)
        and (place.is_floating_point() or not tensor.is_floating_point())
    )


def _masks(mask, tensor) -> bool:
    fits = mask.dtype == torch.bool and mask.dim() > 0 and mask.shape == tensor.shape[: mask.dim()]
    return fits and mask is not tensor and not _share_memory(mask, tensor)


def _indexes(places, tensor, distinct: bool) -> bool:
    size = tensor.shape[0]
    if places.dtype != torch.int64 or places.dim() not in (1, 2) or not places.numel() or _share_memory(places, tensor):
        return False
    twice = size and (places % size).unique().numel() < places.numel()
    return bool(-size <= places.min() and places.max() < size) and not (distinct and twice)


def _share_memory(first, second) -> bool:
    return first.numel() > 0 and first.untyped_storage().data_ptr() == second.untyped_storage().data_ptr()


def _entry(s, size: int) -> str:
    last = max(size - 1, 0)
    some = ["[0]", f"[{last}]", f"e.tensor([{last}])"]
    if size > 1:
        some += [f"[0, {last}]", f"[{last}, 0]", "[-1, 0]"]
    if size in (2, 3):
        some += ["[True, False]" if size == 2 else "[True, False, True]"]
    single, part = ["0", str(last), "-1", f"e.tensor({last})"], ["1:", ":", ":-1", "::2", "0:1", f"{last}:", ":", "1:"]
    return s.pick([*single, *part, *some, *single[:3], *part, s.pick([str(size), "::-1", "0", ":", "0"])])
