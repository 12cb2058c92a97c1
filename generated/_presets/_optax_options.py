"""Options that several optimizers of optax have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._optax_masks import chosen
from ._options import Hyper, Stage, leaves, rules


def decoupled(title: str, tree: Any, weight_decay: Hyper, mask: Any, pipeline: Sequence[Stage]) -> dict[str, Any]:
    """Decoupled decay as the rule has it; with a mask, as a stage for the parameters that the mask names."""
    if mask is None:
        return {"weight_decay": weight_decay, "pipeline": pipeline}
    return {
        "weight_decay": 0,
        "pipeline": [*pipeline, *decay_stages(rules.DecoupledDecay, title, tree, weight_decay, mask)],
    }


def decay_stages(stage: Any, title: str, tree: Any, weight_decay: Hyper, mask: Any) -> list[Stage]:
    """Decay as a stage; none if the mask names no parameter."""
    where = None if mask is None else chosen(title, mask, tree)
    return [stage(weight_decay=weight_decay, where=where)] if where is None or where.paths else []


def refuse_dtypes(title: str, tree: Any, **dtypes: Any) -> None:
    """Refuse a dtype of states that is not the one in which `tree` is computed."""
    for option, dtype in dtypes.items():
        if dtype is None:
            continue
        name = str(getattr(dtype, "name", getattr(dtype, "__name__", dtype)))
        for path, w in leaves(tree):
            stored = str(getattr(w, "dtype", name))
            computed = "float64" if stored == "float64" else "float32"
            if name != computed:
                at = f" of {path}" if path else ""
                raise NotImplementedError(
                    f"{title}: {option}={dtype!r} is not supported; the states{at} are {computed}, as {stored} "
                    "parameters are computed in that: leave it out"
                )


def with_eps_root(
    tree: Any, eps: float, eps_root: float, common: dict[str, Any]
) -> rules.AdamEpsInside | rules.AdamEpsRoot:
    if not eps:
        return rules.AdamEpsInside(tree, **common, eps=eps_root)
    return rules.AdamEpsRoot(tree, **common, eps=eps, eps_root=eps_root)
