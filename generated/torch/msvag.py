# generated from specs/msvag.py; regenerate with: python cli.py generate msvag
"""M-SVAG: momentum whose step is shortened where the gradients vary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, scalar_like

__all__ = [
    "MSVAG",
    "MSVAGW",
    "msvag_decay_elements",
    "msvag_decay_scalars",
    "msvag_elements",
    "msvag_scalars",
]


def msvag_scalars(
    t: int,
    *,
    lr: float = 0.1,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of MSVAG: the last arguments of `msvag_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c = one_minus_power(beta, t)  # bias of both moments
    rho = min(9999 / 10000, (1 - beta) ** 2 * one_minus_power(beta, 2 * t) / (c**2 * (1 - beta**2)))  # variance of the average over that of a gradient
    one_minus_beta = 1 - beta
    rho_over_one_minus_rho = rho / (1 - rho)
    return (beta, one_minus_beta, c, rho_over_one_minus_rho, lr)


def msvag_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta: float,
    one_minus_beta: float,
    c: float,
    rho_over_one_minus_rho: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of MSVAG for each element; returns w, m, v after it.

        c      = 1 - beta**t                                                  bias of both moments
        rho    = minimum(9999 / 10000, (1 - beta) ** 2 * (1 - beta ** (2 * t)) / (c**2 * (1 - beta**2)))  variance of the average over that of a gradient
        m_new  = beta * m + (1 - beta) * g                                    first moment
        v_new  = beta * v + (1 - beta) * g**2                                 second moment
        m_hat  = m_new / c                                                    first moment, corrected
        v_hat  = v_new / c                                                    second moment, corrected
        s      = (v_hat - m_hat**2) / (1 - rho)                               variance of the gradient
        base   = m_hat**2 + rho * s                                           second moment of the average
        gamma  = where(base > 0, minimum(maximum(m_hat**2 / base, 0), 1), 0)  share of the mean in it
        w_new  = w - lr * m_hat * gamma                                       descent

    What is computed comes to the same with fewer operations for each element:

        rho_over_one_minus_rho  = rho / (1 - rho)
        base                    = m_hat**2 + rho_over_one_minus_rho * (v_hat - m_hat**2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta * m + one_minus_beta * g  # first moment
    v_new = beta * v + one_minus_beta * g**2  # second moment
    m_hat = m_new / c  # first moment, corrected
    v_hat = v_new / c  # second moment, corrected
    base = m_hat**2 + rho_over_one_minus_rho * (v_hat - m_hat**2)  # second moment of the average
    gamma = torch.where(base > 0, torch.minimum(torch.maximum(m_hat**2 / base, scalar_like(0, w)), scalar_like(1, w)), 0)  # share of the mean in it
    w_new = w - lr * m_hat * gamma  # descent
    return (w_new, m_new, v_new)


class MSVAG(TorchOptimizer):
    """MSVAG: stochastic variance-adapted gradient with momentum.

    Source: Balles & Hennig (2018), Algorithm 2, arXiv:1705.07774, with the bounds of Chainer and pytorch_optimizer.
    The equations are in `msvag_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of both moments
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
    }
    _scalars = staticmethod(msvag_scalars)
    _elements = staticmethod(msvag_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def msvag_decay_scalars(
    t: int,
    *,
    lr: float = 0.1,
    beta: float = 0.9,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of MSVAGW: the last arguments of `msvag_decay_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c = one_minus_power(beta, t)  # bias of both moments
    rho = min(9999 / 10000, (1 - beta) ** 2 * one_minus_power(beta, 2 * t) / (c**2 * (1 - beta**2)))  # variance of the average over that of a gradient
    one_minus_beta = 1 - beta
    rho_over_one_minus_rho = rho / (1 - rho)
    return (beta, one_minus_beta, c, rho_over_one_minus_rho, weight_decay, lr)


def msvag_decay_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta: float,
    one_minus_beta: float,
    c: float,
    rho_over_one_minus_rho: float,
    weight_decay: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of MSVAGW for each element; returns w, m, v after it.

        c      = 1 - beta**t                                                  bias of both moments
        rho    = minimum(9999 / 10000, (1 - beta) ** 2 * (1 - beta ** (2 * t)) / (c**2 * (1 - beta**2)))  variance of the average over that of a gradient
        m_new  = beta * m + (1 - beta) * g                                    first moment
        v_new  = beta * v + (1 - beta) * g**2                                 second moment
        m_hat  = m_new / c                                                    first moment, corrected
        v_hat  = v_new / c                                                    second moment, corrected
        s      = (v_hat - m_hat**2) / (1 - rho)                               variance of the gradient
        base   = m_hat**2 + rho * s                                           second moment of the average
        gamma  = where(base > 0, minimum(maximum(m_hat**2 / base, 0), 1), 0)  share of the mean in it
        w_new  = w - weight_decay * w - lr * m_hat * gamma                    descent and decay

    What is computed comes to the same with fewer operations for each element:

        rho_over_one_minus_rho  = rho / (1 - rho)
        base                    = m_hat**2 + rho_over_one_minus_rho * (v_hat - m_hat**2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta * m + one_minus_beta * g  # first moment
    v_new = beta * v + one_minus_beta * g**2  # second moment
    m_hat = m_new / c  # first moment, corrected
    v_hat = v_new / c  # second moment, corrected
    base = m_hat**2 + rho_over_one_minus_rho * (v_hat - m_hat**2)  # second moment of the average
    gamma = torch.where(base > 0, torch.minimum(torch.maximum(m_hat**2 / base, scalar_like(0, w)), scalar_like(1, w)), 0)  # share of the mean in it
    w_new = w - weight_decay * w - lr * m_hat * gamma  # descent and decay
    return (w_new, m_new, v_new)


class MSVAGW(TorchOptimizer):
    """MSVAGW: MSVAG with a weight decay that does not depend on the learning rate.

    Source: Balles & Hennig (2018), Algorithm 2, arXiv:1705.07774, as in chainer.optimizers.MSVAG.
    The equations are in `msvag_decay_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of both moments
        weight_decay  weight_decay >= 0  decay of the weights, whatever lr is
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(msvag_decay_scalars)
    _elements = staticmethod(msvag_decay_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta: Hyper = 0.9,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
