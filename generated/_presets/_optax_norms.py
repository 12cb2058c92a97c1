"""Rules of optax whose steps depend on norms of whole arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._optax_transformation import alias
from ._options import Hyper, Stage, refuse, rules

_EVERYWHERE = "it is taken everywhere; give those parameters an optimizer of their own"


@alias
def lamb(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-6,
    eps_root: float = 0.0,
    weight_decay: Hyper = 0.0,
    mask: Any = None,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.LAMB:
    """optax.lamb."""
    refuse("optax.lamb", eps_root=eps_root)
    refuse("optax.lamb", _EVERYWHERE, mask=mask)
    common: dict[str, Any] = {"beta1": b1, "beta2": b2, "eps": eps, "weight_decay": weight_decay}
    return rules.LAMB(params, lr=learning_rate, **common, pipeline=pipeline)


@alias
def lars(
    params: Any,
    learning_rate: Hyper,
    weight_decay: Hyper = 0.0,
    weight_decay_mask: Any = True,
    trust_coefficient: float = 0.001,
    eps: float = 0.0,
    trust_ratio_mask: Any = True,
    momentum: float = 0.9,
    nesterov: bool = False,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.LARS:
    """optax.lars."""
    for name, mask in (("weight_decay_mask", weight_decay_mask), ("trust_ratio_mask", trust_ratio_mask)):
        if mask is not True:
            raise NotImplementedError(f"optax.lars: {name}={mask!r} is not supported; {_EVERYWHERE}")
    refuse("optax.lars", nesterov=nesterov)
    common: dict[str, Any] = {"trust_coefficient": trust_coefficient, "eps": eps, "momentum": momentum}
    return rules.LARS(params, lr=learning_rate, weight_decay=weight_decay, **common, pipeline=pipeline)


@alias
def fromage(
    params: Any, learning_rate: Hyper, min_norm: float = 1e-6, *, pipeline: Sequence[Stage] = ()
) -> rules.Fromage:
    """optax.fromage."""
    return rules.Fromage(params, lr=learning_rate, min_norm=min_norm, pipeline=pipeline)


@alias
def novograd(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.25,
    eps: float = 1e-6,
    eps_root: float = 0.0,
    weight_decay: float = 0.0,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.NovoGrad:
    """optax.novograd."""
    refuse("optax.novograd", eps_root=eps_root)
    common: dict[str, Any] = {"beta1": b1, "beta2": b2, "eps": eps, "weight_decay": weight_decay}
    return rules.NovoGrad(params, lr=learning_rate, **common, pipeline=pipeline)
