"""The optimizer that schedule_free and mechanize of optax are put around: what all of them take, and refuse."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ._optax_chain import _transformation
from ._optax_transformation import GradientTransformation, Rate
from ._options import Optimizer, refuse


def inside(title: str, part: Any, take: str) -> tuple[GradientTransformation, str, dict[str, Any]]:
    """The optimizer inside: sgd, adam or adamw, with all of its options. `take` says what can be inside."""
    whole = _transformation(title, part)
    name = "sgd" if whole.rule is None else getattr(whole.rule, "__name__", "an optimizer")
    if whole.rule is None and whole.rate == Rate():
        raise NotImplementedError(f"{title}: around a part of an optimizer it is not supported; put it around all")
    if whole.ends:
        raise NotImplementedError(
            f"{title}: around {whole.title}, which ends steps early, it is not supported; put that around it"
        )
    if name not in ("sgd", "adam", "adamw"):
        raise NotImplementedError(f"{title}: around {name} it is not supported; {take}")
    parameters = {} if whole.rule is None else inspect.signature(whole.rule).parameters
    options = {key: one.default for key, one in parameters.items() if one.default is not one.empty} | {**whole.options}
    if whole.decays or options.get("mask") is not None:
        raise NotImplementedError(
            f"{title}: decay of some parameters, or after a direction, is not supported; take adamw(weight_decay=...)"
        )
    refuse(title, take, **{key: options[key] for key in ("nesterov", "eps_root") if key in options and name != "sgd"})
    return whole, name, options


def around(
    whole: GradientTransformation, title: str, rule: Callable[..., Optimizer], options: dict[str, Any]
) -> GradientTransformation:
    """`rule` in the place of the optimizer inside, with its learning rate and what stood before it."""
    stages = (*whole.stages, *whole.options.get("pipeline", ()))
    return replace(whole, title=title, stages=stages, rule=rule, options=options, direction=False, whole=True)
