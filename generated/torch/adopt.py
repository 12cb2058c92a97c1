# generated from specs/adopt.py; regenerate with: python cli.py generate adopt
"""ADOPT: the gradient is divided by the second moment of the steps before, then averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "ADOPT",
    "ADOPTUnclipped",
    "adopt_elements",
    "adopt_scalars",
    "adopt_unclipped_elements",
    "adopt_unclipped_scalars",
]


def adopt_unclipped_scalars(
    t: int,
    *,
    lr: float = 0.001,
    eps: float = 1e-6,
    beta1: float = 0.9,
    beta2: float = 0.9999,
) -> tuple[float, ...]:
    """What all elements share in a step of ADOPTUnclipped: the last arguments of `adopt_unclipped_elements`.

    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (t_above_one, eps, beta1, one_minus_beta1, beta2, one_minus_beta2, lr)


def adopt_unclipped_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    t_above_one: float,
    eps: float,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of ADOPTUnclipped for each element; returns w, m, v after it.

        u      = where(t > 1, g / maximum(sqrt(v), eps), 0)          gradient over the second moment of the past
        m_new  = beta1 * m + (1 - beta1) * u                         first moment
        v_new  = where(t > 1, beta2 * v + (1 - beta2) * g**2, g**2)  second moment, from the first gradient on
        w_new  = w - lr * m_new                                      descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = torch.where(t_above_one != 0, g / torch.maximum(torch.sqrt(v), eps), 0)  # gradient over the second moment of the past
    m_new = beta1 * m + one_minus_beta1 * u  # first moment
    v_new = torch.where(t_above_one != 0, beta2 * v + one_minus_beta2 * g**2, g**2)  # second moment, from the first gradient on
    w_new = w - lr * m_new  # descent
    return (w_new, m_new, v_new)


class ADOPTUnclipped(TorchOptimizer):
    """ADOPTUnclipped: an average of gradients over the second moment of the steps before.

    Source: Taniguchi et al. (2024), Algorithm 1, arXiv:2411.02853, with m = 0 at first, as in github.com/iShohei220/adopt with clip_lambda=None.
    The equations are in `adopt_unclipped_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        eps    eps > 0         least root of the second moment
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(adopt_unclipped_scalars)
    _elements = staticmethod(adopt_unclipped_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        eps: Hyper = 1e-6,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.9999,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, beta1=beta1, beta2=beta2)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def adopt_scalars(
    t: int,
    *,
    lr: float = 0.001,
    eps: float = 1e-6,
    growth: float = 0.25,
    beta1: float = 0.9,
    beta2: float = 0.9999,
) -> tuple[float, ...]:
    """What all elements share in a step of ADOPT: the last arguments of `adopt_elements`.

    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c = power(t - 1, growth)  # clipping value
    t_above_one = 1 if t > 1 else 0
    minus_c = -c
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (t_above_one, eps, minus_c, c, beta1, one_minus_beta1, beta2, one_minus_beta2, lr)


def adopt_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    t_above_one: float,
    eps: float,
    minus_c: float,
    c: float,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of ADOPT for each element; returns w, m, v after it.

        u        = where(t > 1, g / maximum(sqrt(v), eps), 0)          gradient over the second moment of the past
        c        = (t - 1) ** growth                                   clipping value
        clipped  = minimum(maximum(u, -c), c)
        m_new    = beta1 * m + (1 - beta1) * clipped                   first moment
        v_new    = where(t > 1, beta2 * v + (1 - beta2) * g**2, g**2)  second moment, from the first gradient on
        w_new    = w - lr * m_new                                      descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = torch.where(t_above_one != 0, g / torch.maximum(torch.sqrt(v), eps), 0)  # gradient over the second moment of the past
    clipped = torch.minimum(torch.maximum(u, minus_c), c)
    m_new = beta1 * m + one_minus_beta1 * clipped  # first moment
    v_new = torch.where(t_above_one != 0, beta2 * v + one_minus_beta2 * g**2, g**2)  # second moment, from the first gradient on
    w_new = w - lr * m_new  # descent
    return (w_new, m_new, v_new)


class ADOPT(TorchOptimizer):
    """ADOPT: an average of clipped gradients over the second moment of the steps before.

    Source: Taniguchi et al. (2024), Algorithm 2, arXiv:2411.02853, as in github.com/iShohei220/adopt: clipped at (t - 1)**0.25, the first gradient being that of step 0 there.
    The equations are in `adopt_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr      lr >= 0         learning rate
        eps     eps > 0         least root of the second moment
        growth  growth > 0      power with which the clipping value grows
        beta1   0 <= beta1 < 1  decay of the first moment
        beta2   0 <= beta2 < 1  decay of the second moment
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "growth": ("growth > 0", lambda growth: growth > 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(adopt_scalars)
    _elements = staticmethod(adopt_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        eps: Hyper = 1e-6,
        growth: Hyper = 0.25,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.9999,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, growth=growth, beta1=beta1, beta2=beta2)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
