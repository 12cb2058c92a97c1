# generated from specs/tam.py; regenerate with: python cli.py generate tam
"""Torque-aware momentum: gradients count by how well they agree with the momentum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, summed

__all__ = [
    "TAM",
    "AdaTAM",
    "adatam_elements",
    "adatam_scalars",
    "adatam_summands",
    "adatam_sums",
    "tam_elements",
    "tam_scalars",
    "tam_summands",
    "tam_sums",
]


def tam_scalars(
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.1,
    decay_rate: float = 0.9,
    eps: float = 1e-8,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of TAM: the last arguments of `tam_elements`.

    t is the number of the step of this parameter, from 1. States:

        s  = 0 before the first step
        m  = 0 before the first step

    norm2, second_norm2: what `tam_sums` gives.
    """
    of_momentum = nan_max(1 / 1000000000000, norm2)  # norm of this array's momentum
    of_gradient = nan_max(1 / 1000000000000, second_norm2)  # norm of its gradient
    t_above_one = 1 if t > 1 else 0
    factor = (1 - decay_rate) / (of_momentum * of_gradient)
    eps_plus_one_over_two = eps + 1 / 2
    return (t_above_one, decay_rate, factor, eps_plus_one_over_two, momentum, lr)


def tam_elements(
    w: Array,
    s: Array,
    m: Array,
    g: Array,
    t_above_one: float,
    decay_rate: float,
    factor: float,
    eps_plus_one_over_two: float,
    momentum: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of TAM for each element; returns w, s, m after it.

        m_old        = where(t > 1, m, g)                                     momentum, in the first step the gradient
        of_momentum  = maximum(1 / 1000000000000, sqrt(array_sum(m_old**2)))  norm of this array's momentum
        of_gradient  = maximum(1 / 1000000000000, sqrt(array_sum(g**2)))      norm of its gradient
        cosine       = m_old * g / (of_momentum * of_gradient)                what an element adds to the cosine between them
        s_new        = decay_rate * s + (1 - decay_rate) * cosine             agreement
        damped       = g * (s_new / 2 + eps + 1 / 2)                          gradient, by how it agrees
        m_new        = damped + momentum * m_old                              momentum
        w_new        = w - lr * m_new                                         descent

    What is computed comes to the same with fewer operations for each element:

        factor  = (1 - decay_rate) / (of_momentum * of_gradient)
        s_new   = decay_rate * s + factor * m_old * g

    w, s, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_old = torch.where(t_above_one != 0, m, g)  # momentum, in the first step the gradient
    s_new = decay_rate * s + factor * m_old * g  # agreement
    damped = g * (s_new / 2 + eps_plus_one_over_two)  # gradient, by how it agrees
    m_new = damped + momentum * m_old  # momentum
    w_new = w - lr * m_new  # descent
    return (w_new, s_new, m_new)


def tam_summands(
    w: Array,
    g: Array,
    m: Array,
    t_above_one: float,
) -> tuple[Array, ...]:
    """What a step of TAM sums up, for each element."""
    norm2 = torch.where(t_above_one != 0, m, g)
    second_norm2 = g
    return (norm2, second_norm2)


def tam_sums(
    w: Array,
    g: Array,
    s: Array,
    m: Array,
    t: int,
    *,
    lr: float = 0.1,
    decay_rate: float = 0.9,
    eps: float = 1e-8,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What a step of TAM sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(m_old**2))
        second_norm2  = sqrt(array_sum(g**2))

    The results are arguments of `tam_scalars`, before the step number.
    """
    t_above_one = 1 if t > 1 else 0
    return summed(tam_summands, (w, g, m), (t_above_one,), ("norm", "norm"))


class TAM(TorchOptimizer):
    """TAM: momentum in which gradients that point against it count less.

    Source: Malviya et al. (2024), Algorithm 1, arXiv:2412.18790, by elements, as in its code: the paper has one cosine for all.
    The equations are in `tam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr          lr >= 0              learning rate
        decay_rate  0 <= decay_rate < 1  decay of the agreement
        eps         eps > 0              least weight of a gradient
        momentum    0 <= momentum < 1    decay of the momentum
    """

    _states: ClassVar = ("s", "m")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "decay_rate": ("0 <= decay_rate < 1", lambda decay_rate: 0 <= decay_rate < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _own_t: ClassVar = True
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _scalars = staticmethod(tam_scalars)
    _elements = staticmethod(tam_elements)
    _sums = staticmethod(tam_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        decay_rate: Hyper = 0.9,
        eps: Hyper = 1e-8,
        momentum: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, decay_rate=decay_rate, eps=eps, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def adatam_scalars(
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.001,
    decay_rate: float = 0.9,
    eps: float = 1e-8,
    beta1: float = 0.9,
    beta2: float = 0.999,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaTAM: the last arguments of `adatam_elements`.

    t is the number of the step, from 1. States:

        s  = 0 before the first step
        m  = 0 before the first step
        v  = 0 before the first step

    norm2, second_norm2: what `adatam_sums` gives.
    """
    of_momentum = nan_max(1 / 1000000000000, norm2)  # norm of this array's momentum
    of_gradient = nan_max(1 / 1000000000000, second_norm2)  # norm of its gradient
    factor = (1 - decay_rate) / (of_momentum * of_gradient)
    eps_plus_one_over_two = eps + 1 / 2
    one_minus_beta2 = 1 - beta2
    return (decay_rate, factor, eps_plus_one_over_two, beta1, beta2, one_minus_beta2, lr, eps)


def adatam_elements(
    w: Array,
    s: Array,
    m: Array,
    v: Array,
    g: Array,
    decay_rate: float,
    factor: float,
    eps_plus_one_over_two: float,
    beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdaTAM for each element; returns w, s, m, v after it.

        m_old        = m                                                      momentum
        of_momentum  = maximum(1 / 1000000000000, sqrt(array_sum(m_old**2)))  norm of this array's momentum
        of_gradient  = maximum(1 / 1000000000000, sqrt(array_sum(g**2)))      norm of its gradient
        cosine       = m_old * g / (of_momentum * of_gradient)                what an element adds to the cosine between them
        s_new        = decay_rate * s + (1 - decay_rate) * cosine             agreement
        damped       = g * (s_new / 2 + eps + 1 / 2)                          gradient, by how it agrees
        m_new        = damped + beta1 * m                                     momentum, a sum
        v_new        = beta2 * v + (1 - beta2) * g**2                         second moment
        w_new        = w - lr * m_new / (sqrt(v_new) + eps)                   descent

    What is computed comes to the same with fewer operations for each element:

        factor  = (1 - decay_rate) / (of_momentum * of_gradient)
        s_new   = decay_rate * s + factor * m_old * g

    w, s, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_old = m  # momentum
    s_new = decay_rate * s + factor * m_old * g  # agreement
    damped = g * (s_new / 2 + eps_plus_one_over_two)  # gradient, by how it agrees
    m_new = damped + beta1 * m  # momentum, a sum
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr * m_new / (torch.sqrt(v_new) + eps)  # descent
    return (w_new, s_new, m_new, v_new)


def adatam_summands(
    w: Array,
    g: Array,
    m: Array,
) -> tuple[Array, ...]:
    """What a step of AdaTAM sums up, for each element."""
    norm2 = m
    second_norm2 = g
    return (norm2, second_norm2)


def adatam_sums(
    w: Array,
    g: Array,
    s: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    decay_rate: float = 0.9,
    eps: float = 1e-8,
    beta1: float = 0.9,
    beta2: float = 0.999,
) -> tuple[float, ...]:
    """What a step of AdaTAM sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(m_old**2))
        second_norm2  = sqrt(array_sum(g**2))

    The results are arguments of `adatam_scalars`, before the step number.
    """
    return summed(adatam_summands, (w, g, m), (), ("norm", "norm"))


class AdaTAM(TorchOptimizer):
    """AdaTAM: Adam in which gradients that point against the momentum count less.

    Source: Malviya et al. (2024), Algorithm 2, arXiv:2412.18790, by elements and uncorrected, as in its code.
    The equations are in `adatam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr          lr >= 0              learning rate
        decay_rate  0 <= decay_rate < 1  decay of the agreement
        eps         eps > 0              least weight of a gradient
        beta1       0 <= beta1 < 1       decay of the momentum
        beta2       0 <= beta2 < 1       decay of the second moment
    """

    _states: ClassVar = ("s", "m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "decay_rate": ("0 <= decay_rate < 1", lambda decay_rate: 0 <= decay_rate < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _scalars = staticmethod(adatam_scalars)
    _elements = staticmethod(adatam_elements)
    _sums = staticmethod(adatam_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        decay_rate: Hyper = 0.9,
        eps: Hyper = 1e-8,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, decay_rate=decay_rate, eps=eps, beta1=beta1, beta2=beta2)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
