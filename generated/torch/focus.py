# generated from specs/focus.py; regenerate with: python cli.py generate focus
"""FOCUS: signs of a momentum, and a pull towards the average of the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, sign_of

__all__ = [
    "FOCUS",
    "focus_elements",
    "focus_scalars",
]


def focus_scalars(
    t: int,
    *,
    lr: float = 0.01,
    beta2: float = 0.999,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    gamma: float = 0.1,
) -> tuple[float, ...]:
    """What all elements share in a step of FOCUS: the last arguments of `focus_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        w_bar  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the average of the weights
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    return (beta1, one_minus_beta1, one_minus_beta2, beta2, c2, lr_weight_decay, gamma, lr)


def focus_elements(
    w: Array,
    m: Array,
    w_bar: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    one_minus_beta2: float,
    beta2: float,
    c2: float,
    lr_weight_decay: float,
    gamma: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of FOCUS for each element; returns w, m, w_bar after it.

        c2         = 1 - beta2**t                                 bias of the average of the weights
        m_new      = beta1 * m + (1 - beta1) * g                  momentum
        w_bar_new  = (1 - beta2) * w + beta2 * w_bar              average of the weights
        w_hat      = w_bar_new / c2                               the same, corrected
        decayed    = w - lr * weight_decay * w_hat                decay
        u          = sign(m_new) + gamma * sign(decayed - w_hat)  direction and pull
        w_new      = decayed - lr * u                             descent

    w, m, w_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # momentum
    w_bar_new = one_minus_beta2 * w + beta2 * w_bar  # average of the weights
    w_hat = w_bar_new / c2  # the same, corrected
    decayed = w - lr_weight_decay * w_hat  # decay
    u = sign_of(m_new) + gamma * sign_of(decayed - w_hat)  # direction and pull
    w_new = decayed - lr * u  # descent
    return (w_new, m_new, w_bar_new)


class FOCUS(TorchOptimizer):
    """FOCUS: Signum that is pulled towards the average of the weights, all by signs.

    Source: Liu, Liu & Gore (2025), Algorithm 1, arXiv:2501.12243, with the decay first, as in pytorch_optimizer.
    The equations are in `focus_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the average of the weights
        beta1         0 <= beta1 < 1     decay of the momentum
        weight_decay  weight_decay >= 0  decay by the average of the weights, times lr
        gamma         0 <= gamma < 1     strength of the pull
    """

    _states: ClassVar = ("m", "w_bar")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "gamma": ("0 <= gamma < 1", lambda gamma: 0 <= gamma < 1),
    }
    _scalars = staticmethod(focus_scalars)
    _elements = staticmethod(focus_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        weight_decay: Hyper = 0.0,
        gamma: Hyper = 0.1,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, weight_decay=weight_decay, gamma=gamma)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
