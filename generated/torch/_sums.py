"""Sums over whole tensors, in double."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from .._runtime.pipeline import STARTS

__all__ = ["joined", "numbers_of", "summed"]


def summed(
    summands: Callable[..., Sequence[Tensor]], arrays: Sequence[Tensor], scalars: Sequence[float], hows: Sequence[str]
) -> tuple[Tensor, ...]:
    """What is summed up over tensors of one shape: `summands` gives elements, and `hows` say what is taken of each.

    Everything is computed in double. Each result is a tensor without dimensions.
    """
    wide = [array.detach().to(torch.float64) for array in arrays]
    numbers = torch.tensor(list(scalars), dtype=torch.float64, device=wide[0].device).unbind()
    found = [torch.as_tensor(one, dtype=torch.float64, device=wide[0].device) for one in summands(*wide, *numbers)]
    return tuple(_TAKEN[how](one.expand_as(wide[0])) for one, how in zip(found, hows, strict=True))


def _norm(x: Tensor) -> Tensor:
    """The root of the sum of squares. It overflows, or vanishes, only where its value does."""
    if not x.numel():
        return x.new_zeros(())
    largest = x.abs().amax()
    scale = torch.where(torch.isfinite(largest) & (largest > 0), largest, torch.ones_like(largest))
    return scale * (x / scale).square().sum().sqrt()


def _largest(x: Tensor) -> Tensor:
    return x.amax() if x.numel() else x.new_full((), STARTS["max"])


def _overflow(x: Tensor) -> Tensor:
    return (~torch.isfinite(x).all()).to(x.dtype)


_TAKEN: dict[str, Callable[[Tensor], Tensor]] = {
    "sum": torch.sum,
    "norm": _norm,
    "max": _largest,
    "overflow": _overflow,
}


def numbers_of(found: Sequence[Sequence[Any]]) -> list[tuple[float, ...]]:
    """Sums as numbers of the host: those of tensors are fetched all at once."""
    if not found or not isinstance(found[0][0], Tensor):
        return [tuple(map(float, sums)) for sums in found]
    device = found[0][0].device
    rows = torch.stack([torch.stack([one.to(device) for one in sums]) for sums in found]).tolist()
    return [tuple(row) for row in rows]


def joined(how: str, parts: Sequence[float]) -> float:
    """What is taken over parts as what is taken over all."""
    if any(map(math.isnan, parts)):
        return math.nan
    if len(parts) == 1:
        return parts[0]
    if how == "norm":
        return math.hypot(*parts)
    return max(parts, default=STARTS[how]) if how in ("max", "overflow") else float(sum(parts))
