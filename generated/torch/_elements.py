"""What the functions of rules call where those of torch, or of Python, would not do."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["nan_max", "nan_min", "scalar_like", "sign_of"]


def scalar_like(value: float, like: Tensor) -> Tensor:
    """A tensor without dimensions, of the dtype in which the elements of `like` are computed."""
    return torch.full((), value, dtype=like.dtype, device=like.device)


def sign_of(x: Tensor) -> Tensor:
    """The sign of each element; of NaN it is NaN, for which torch has 0."""
    return torch.where(torch.isnan(x), x, torch.sign(x))


def nan_max(one: float, other: float) -> float:
    """The larger of two numbers; NaN if one of them is."""
    return one if one >= other or one != one else other  # noqa: PLR0124 - NaN


def nan_min(one: float, other: float) -> float:
    """The smaller of two numbers; NaN if one of them is."""
    return one if one <= other or one != one else other  # noqa: PLR0124 - NaN
