"""Tensors that are spread over processes: each process steps the part that it has.

A rule whose elements do not meet needs no more than that. What a rule sums up is summed over the parts of all.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ._sums import joined

__all__ = [
    "PLAIN",
    "check_replaced",
    "check_summable",
    "check_whole",
    "gathered",
    "is_spread",
    "local",
    "part_as",
    "place_of",
    "spread_alike",
]

#: What is no DTensor, and no other tensor with arithmetic of its own.
PLAIN = frozenset((Tensor, torch.nn.Parameter))


def is_spread(tensor: Any) -> bool:
    """Whether a tensor is a DTensor. Where their module is not loaded there are none, and to load it takes a second."""
    if type(tensor) in PLAIN:
        return False
    module = sys.modules.get("torch.distributed.tensor")
    return module is not None and isinstance(tensor, module.DTensor)


def local(tensor: Any) -> Tensor:
    """The part of a tensor that this process has."""
    if not is_spread(tensor):
        return tensor
    part = tensor.to_local()
    return part if type(part) in PLAIN else part.wait()  # for what another process is still to send


def place_of(tensor: Any) -> str:
    """Where the elements of a tensor are, in words."""
    return f"{tensor.device}, placed as {tensor.placements}" if is_spread(tensor) else str(tensor.device)


def spread_alike(one: Any, other: Any) -> bool:
    """Whether each process has the same elements of both."""
    if not (is_spread(one) and is_spread(other)):
        return is_spread(one) == is_spread(other)
    return bool(one.device_mesh == other.device_mesh and one.placements == other.placements)


def part_as(g: Any, w: Any, rule: str, name: str) -> Tensor:
    """The part of a gradient, or of an input, that goes with the part of its parameter here.

    To spread it as that is, all processes of the mesh have to be here. Raises TypeError if only one of the two is
    spread, ValueError if they are over different processes.
    """
    if spread_alike(g, w):
        return local(g)
    where = f"{rule}: {name} of a parameter of shape {tuple(w.shape)}"
    if is_spread(g) and not is_spread(w):
        raise TypeError(f"{where} is a DTensor, and the parameter a plain tensor; pass its full_tensor()")
    if is_spread(w) and not is_spread(g):
        raise TypeError(
            f"{where} is a plain tensor, and the parameter a DTensor; make it one, "
            "torch.distributed.tensor.distribute_tensor(g, w.device_mesh, w.placements)"
        )
    if g.device_mesh != w.device_mesh:
        raise ValueError(
            f"{where} is spread over {g.device_mesh}, and the parameter over {w.device_mesh}; take its full_tensor() "
            "and distribute_tensor it as the parameter is"
        )
    return local(g.redistribute(placements=w.placements))


def check_summable(rule: str, w: Any, *, sums: bool) -> None:
    """Raise an error for a parameter whose elements no process has, or not in the order that a rule with sums takes."""
    where = f"{rule}: a parameter of shape {tuple(w.shape)}"
    if is_spread(w) and any(placement.is_partial() for placement in w.placements):
        raise ValueError(
            f"{where} is placed as {w.placements}, in terms that are still to be added, and no rule steps those; make "
            "the parameter of w.redistribute(placements=...), to Shard or Replicate"
        )
    if sums and getattr(w, "_fsdp_flattened", False):
        raise NotImplementedError(
            f"{where} is a part of what FullyShardedDataParallel has flattened, and {rule} sums up over parameters; "
            "use torch.distributed.fsdp.fully_shard, under which sums are taken over all processes"
        )


def check_whole(rule: str) -> None:
    """Raise NotImplementedError for a rule with sums over all parameters where it is to have only some of them."""
    module = sys.modules.get("torch.distributed.optim.zero_redundancy_optimizer")
    frame = sys._getframe() if module is not None else None
    while frame is not None:
        if isinstance(frame.f_locals.get("self"), module.ZeroRedundancyOptimizer):  # type: ignore[union-attr]
            raise NotImplementedError(
                f"{rule} sums up over all parameters, and ZeroRedundancyOptimizer gives each process some of them; use "
                "torch.distributed.fsdp.fully_shard, under which sums are taken over all processes"
            )
        frame = frame.f_back


def check_replaced(rule: str, w: Any) -> None:
    """Raise ValueError for a parameter that `fully_shard` has replaced, so that it has no gradient any more.

    Recent releases of torch mark such a parameter; in others nothing tells it from one that is frozen.
    """
    if getattr(w, "_fsdp_orig_uid", None) is not None and not is_spread(w):
        raise ValueError(
            f"{rule}: a parameter of shape {tuple(w.shape)} was replaced by fully_shard after the optimizer was made; "
            "make the optimizer after it, with the parameters that the model has then"
        )


def gathered(tensors: Sequence[Any], sums: Sequence[Sequence[float]], hows: Sequence[str]) -> list[tuple[float, ...]]:
    """Sums over whole tensors, from those over the parts that are here; all processes have the same ones afterwards.

    Each of them has to come here with the same tensors: what is spread alike is sent at once.
    """
    found = [tuple(one) for one in sums]
    together: dict[Any, list[int]] = {}
    for at, tensor in enumerate(tensors):
        if is_spread(tensor):
            apart = tuple(d for d, placement in enumerate(tensor.placements) if not placement.is_replicate())
            together.setdefault((tensor.device_mesh, tensor.device, apart), []).append(at)
    for (mesh, device, dimensions), places in together.items():
        for dimension in dimensions:
            mine = torch.tensor([found[at] for at in places], dtype=torch.float64, device=device)
            others = [torch.empty_like(mine) for _ in range(mesh.size(dimension))]
            torch.distributed.all_gather(others, mine, group=mesh.get_group(dimension))
            for at, rows in zip(places, torch.stack(others, -1).tolist(), strict=True):
                found[at] = tuple(joined(how, parts) for how, parts in zip(hows, rows, strict=True))
    return found
