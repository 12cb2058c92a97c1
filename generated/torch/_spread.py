"""Tensors that are spread over processes: each process steps the part that it has."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

__all__ = ["gathered", "is_spread", "local", "spread_as"]


def is_spread(tensor: Any) -> bool:
    """Whether a tensor is a DTensor. Where their module is not loaded there are none, and to load it takes a second."""
    module = sys.modules.get("torch.distributed.tensor")
    return module is not None and isinstance(tensor, module.DTensor)


def local(tensor: Any) -> Tensor:
    """The part of a tensor that this process has."""
    return tensor.to_local() if is_spread(tensor) else tensor


def spread_as(g: Any, w: Any) -> Tensor:
    """A gradient, or an input, spread as its parameter. Raises TypeError if only one of the two is spread."""
    if is_spread(g) != is_spread(w):
        one, other = ("is", "is not") if is_spread(w) else ("is not", "is")
        raise TypeError(
            f"a parameter of shape {tuple(w.shape)} {one} spread over processes, and its gradient or input {other}; "
            "spread it with torch.distributed.tensor.distribute_tensor, or take full_tensor() of the parameter"
        )
    if is_spread(w) and g.placements != w.placements:
        return g.redistribute(w.device_mesh, w.placements)
    return g


def gathered(tensors: Sequence[Any], sums: Sequence[Sequence[float]]) -> list[list[Sequence[float]]]:
    """For each tensor the sums over each of its parts, those of other processes among them."""
    found: list[list[Sequence[float]]] = [[one] for one in sums]
    for at, tensor in enumerate(tensors):
        if not is_spread(tensor):
            continue
        for dimension, placement in enumerate(tensor.placements):
            if placement.is_shard():
                found[at] = _of_all(tensor.device_mesh.get_group(dimension), tensor.device_mesh.device_type, found[at])
    return found


def _of_all(group: Any, device: str, rows: Sequence[Sequence[float]]) -> list[Sequence[float]]:
    mine = torch.tensor([list(row) for row in rows], dtype=torch.float64, device=device)
    others = [torch.empty_like(mine) for _ in range(torch.distributed.get_world_size(group))]
    torch.distributed.all_gather(others, mine, group=group)
    return [row for one in others for row in one.tolist()]
