# generated from specs/acprop.py; regenerate with: python cli.py generate acprop
"""ACProp: the gradient of today over the centred second moment of yesterday, so that beta2 may be anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "ACProp",
    "acprop_elements",
    "acprop_scalars",
]


def acprop_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    eps_root: float = 1e-16,
    beta1: float = 0.9,
    eps: float = 1e-16,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of ACProp: the last arguments of `acprop_elements`.

    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        s  = 0 before the first step
    """
    c2 = one_minus_power(beta2, max(1, t - 1))  # bias of the second moment of the step before
    t_above_one = 1 if t > 1 else 0
    one_minus_beta2 = 1 - beta2
    one_minus_beta1 = 1 - beta1
    return (t_above_one, c2, one_minus_beta2, beta2, eps_root, beta1, one_minus_beta1, lr, weight_decay, eps)


def acprop_elements(
    w: Array,
    m: Array,
    s: Array,
    g: Array,
    t_above_one: float,
    c2: float,
    one_minus_beta2: float,
    beta2: float,
    eps_root: float,
    beta1: float,
    one_minus_beta1: float,
    lr: float,
    weight_decay: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of ACProp for each element; returns w, m, s after it.

        c2     = 1 - beta2 ** maximum(1, t - 1)                         bias of the second moment of the step before
        s_hat  = where(t > 1, s / c2, 1)                                second moment of the step before, corrected
        s_new  = (1 - beta2) * (g - m) ** 2 + beta2 * s + eps_root      second moment about the average of before
        m_new  = beta1 * m + (1 - beta1) * g                            first moment
        w_new  = w - lr * (weight_decay * w + g / (sqrt(s_hat) + eps))  descent and decay

    w, m, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    s_hat = torch.where(t_above_one != 0, s / c2, 1)  # second moment of the step before, corrected
    s_new = one_minus_beta2 * (g - m) ** 2 + beta2 * s + eps_root  # second moment about the average of before
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    w_new = w - lr * (weight_decay * w + g / (torch.sqrt(s_hat) + eps))  # descent and decay
    return (w_new, m_new, s_new)


class ACProp(TorchOptimizer):
    """ACProp: asynchronous centred propagation: the denominator knows nothing of the gradient above it. The second moment is about the first of the step before, where the paper has that of this step; the first step is that of SGD.

    Source: Zhuang et al. (2021), Algorithm 2, arXiv:2110.05454, as in optax.contrib.acprop.
    The equations are in `acprop_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        eps_root      eps_root >= 0      added to the second moment in every step
        beta1         0 <= beta1 < 1     decay of the first moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    _states: ClassVar = ("m", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(acprop_scalars)
    _elements = staticmethod(acprop_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        eps_root: Hyper = 1e-16,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-16,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, eps_root=eps_root, beta1=beta1, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
