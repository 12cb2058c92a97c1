"""The optimizer that schedule_free and mechanize of optax are put around: what all of them take, and refuse."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ._optax_chain import _transformation
from ._optax_options import refuse_dtypes
from ._optax_transformation import GradientTransformation, Rate, resolved
from ._options import Hyper, Optimizer, Stage, refuse


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


class _Around:
    """A rule that is called as the presets are, and refused inside another one under the name of its preset."""

    def __init__(self, title: str, rule: type[Optimizer], dtypes: Mapping[str, Any]) -> None:
        self.title, self.rule, self.dtypes = title, rule, dtypes
        self.__name__ = title.removeprefix("optax.")

    def __call__(self, params: Any, lr: Hyper, *, pipeline: Sequence[Stage], **hyper: Any) -> Optimizer:
        refuse_dtypes(self.title, params, **self.dtypes)
        return self.rule(params, lr=lr, **hyper, pipeline=resolved(pipeline, params))


def around(
    whole: GradientTransformation,
    title: str,
    rule: type[Optimizer],
    hyper: dict[str, Any],
    dtypes: Mapping[str, Any],
) -> GradientTransformation:
    """`rule` in the place of the optimizer inside, with its learning rate and what stood before it."""
    stages, made = (*whole.stages, *whole.options.get("pipeline", ())), _Around(title, rule, dtypes)
    return replace(whole, title=title, stages=stages, rule=made, options=hyper, direction=False, whole=True)
