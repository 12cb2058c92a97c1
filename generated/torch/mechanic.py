# generated from specs/mechanic.py; regenerate with: python cli.py generate mechanic
"""Mechanic: a factor for all steps of another rule, found by betting on what they gained along the way from the start.

The factor is the sum of six, which forget the faster the smaller their decays: 0.9, 0.99, and so on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power, power, sqrt
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, nan_min, summed

__all__ = [
    "MechanicAdamW",
    "MechanicSGD",
    "mechanic_adamw_elements",
    "mechanic_adamw_scalars",
    "mechanic_adamw_shared",
    "mechanic_adamw_summands",
    "mechanic_adamw_sums",
    "mechanic_sgd_elements",
    "mechanic_sgd_scalars",
    "mechanic_sgd_shared",
    "mechanic_sgd_summands",
    "mechanic_sgd_sums",
]


def mechanic_sgd_scalars(
    reward_1: float,
    reward_2: float,
    reward_3: float,
    reward_4: float,
    reward_5: float,
    reward_6: float,
    largest_1: float,
    largest_2: float,
    largest_3: float,
    largest_4: float,
    largest_5: float,
    largest_6: float,
    squares_1: float,
    squares_2: float,
    squares_3: float,
    squares_4: float,
    squares_5: float,
    squares_6: float,
    factor_1: float,
    factor_2: float,
    factor_3: float,
    factor_4: float,
    factor_5: float,
    factor_6: float,
    second_total: float,
    third_total: float,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    s_decay: float = 0.01,
    momentum: float = 0.0,
    s_init: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of MechanicSGD: the last arguments of `mechanic_sgd_elements`.

    t is the number of the step, from 1. States:

        start      = w before the first step
        reward_1   = 0 before the first step
        reward_2   = 0 before the first step
        reward_3   = 0 before the first step
        reward_4   = 0 before the first step
        reward_5   = 0 before the first step
        reward_6   = 0 before the first step
        largest_1  = 0 before the first step
        largest_2  = 0 before the first step
        largest_3  = 0 before the first step
        largest_4  = 0 before the first step
        largest_5  = 0 before the first step
        largest_6  = 0 before the first step
        squares_1  = 0 before the first step
        squares_2  = 0 before the first step
        squares_3  = 0 before the first step
        squares_4  = 0 before the first step
        squares_5  = 0 before the first step
        squares_6  = 0 before the first step
        factor_1   = s_init before the first step
        factor_2   = s_init before the first step
        factor_3   = s_init before the first step
        factor_4   = s_init before the first step
        factor_5   = s_init before the first step
        factor_6   = s_init before the first step
        b          = 0 before the first step

    second_total, third_total, norm2, second_norm2: what `mechanic_sgd_sums` gives.
    """
    total = factor_1 + factor_2 + factor_3 + factor_4 + factor_5 + factor_6  # factor so far
    along_g = second_total  # gradient along the way from the start
    along_w = third_total  # weights along it
    pull = divided(total * s_decay * norm2, eps + second_norm2)  # decay
    h = divided(along_g + along_w * pull, total + eps)  # what a larger factor would have gained
    reward_1_new = 9 * reward_1 / 10 + factor_1 * nan_min(largest_1, nan_max(h, -largest_1))  # what was won, with decay 0.9
    largest_1_new = nan_max(9 * largest_1 / 10, eps + abs(h))  # the most that was at stake
    squares_1_new = 81 * squares_1 / 100 + power(h, 2)  # sum of squares
    factor_1_new = (nan_max(0, reward_1_new) + largest_1_new * s_init / 6) / (eps + sqrt(squares_1_new))  # factor
    reward_2_new = 99 * reward_2 / 100 + factor_2 * nan_min(largest_2, nan_max(h, -largest_2))  # what was won, with decay 0.99
    largest_2_new = nan_max(99 * largest_2 / 100, eps + abs(h))  # the most that was at stake
    squares_2_new = 9801 * squares_2 / 10000 + power(h, 2)  # sum of squares
    factor_2_new = (nan_max(0, reward_2_new) + largest_2_new * s_init / 6) / (eps + sqrt(squares_2_new))  # factor
    reward_3_new = 999 * reward_3 / 1000 + factor_3 * nan_min(largest_3, nan_max(h, -largest_3))  # what was won, with decay 0.999
    largest_3_new = nan_max(999 * largest_3 / 1000, eps + abs(h))  # the most that was at stake
    squares_3_new = 998001 * squares_3 / 1000000 + power(h, 2)  # sum of squares
    factor_3_new = (nan_max(0, reward_3_new) + largest_3_new * s_init / 6) / (eps + sqrt(squares_3_new))  # factor
    reward_4_new = 9999 * reward_4 / 10000 + factor_4 * nan_min(largest_4, nan_max(h, -largest_4))  # what was won, with decay 0.9999
    largest_4_new = nan_max(9999 * largest_4 / 10000, eps + abs(h))  # the most that was at stake
    squares_4_new = 99980001 * squares_4 / 100000000 + power(h, 2)  # sum of squares
    factor_4_new = (nan_max(0, reward_4_new) + largest_4_new * s_init / 6) / (eps + sqrt(squares_4_new))  # factor
    reward_5_new = 99999 * reward_5 / 100000 + factor_5 * nan_min(largest_5, nan_max(h, -largest_5))  # what was won, with decay 0.99999
    largest_5_new = nan_max(99999 * largest_5 / 100000, eps + abs(h))  # the most that was at stake
    squares_5_new = 9999800001 * squares_5 / 10000000000 + power(h, 2)  # sum of squares
    factor_5_new = (nan_max(0, reward_5_new) + largest_5_new * s_init / 6) / (eps + sqrt(squares_5_new))  # factor
    reward_6_new = 999999 * reward_6 / 1000000 + factor_6 * nan_min(largest_6, nan_max(h, -largest_6))  # what was won, with decay 0.999999
    largest_6_new = nan_max(999999 * largest_6 / 1000000, eps + abs(h))  # the most that was at stake
    squares_6_new = 999998000001 * squares_6 / 1000000000000 + power(h, 2)  # sum of squares
    factor_6_new = (nan_max(0, reward_6_new) + largest_6_new * s_init / 6) / (eps + sqrt(squares_6_new))  # factor
    scale = factor_1_new + factor_2_new + factor_3_new + factor_4_new + factor_5_new + factor_6_new  # factor
    total_plus_eps = total + eps
    return (momentum, total_plus_eps, lr, scale)


def mechanic_sgd_elements(
    w: Array,
    start: Array,
    b: Array,
    g: Array,
    momentum: float,
    total_plus_eps: float,
    lr: float,
    scale: float,
) -> tuple[Array, ...]:
    """A step of MechanicSGD for each element; returns w, start, b after it.

        total          = factor_1 + factor_2 + factor_3 + factor_4 + factor_5 + factor_6  factor so far
        along_g        = global_sum(g * (start - w))                          gradient along the way from the start
        along_w        = global_sum(w * (start - w))                          weights along it
        pull           = total * s_decay * sqrt(global_sum(g**2)) / (eps + sqrt(global_sum(w**2)))  decay
        h              = (along_g + along_w * pull) / (total + eps)           what a larger factor would have gained
        b_new          = g + momentum * b                                     momentum
        u              = b_new                                                direction
        reward_1_new   = 9 * reward_1 / 10 + factor_1 * minimum(largest_1, maximum(h, -largest_1))  what was won, with decay 0.9
        largest_1_new  = maximum(9 * largest_1 / 10, eps + abs(h))            the most that was at stake
        squares_1_new  = 81 * squares_1 / 100 + h**2                          sum of squares
        factor_1_new   = (maximum(0, reward_1_new) + largest_1_new * s_init / 6) / (eps + sqrt(squares_1_new))  factor
        reward_2_new   = 99 * reward_2 / 100 + factor_2 * minimum(largest_2, maximum(h, -largest_2))  what was won, with decay 0.99
        largest_2_new  = maximum(99 * largest_2 / 100, eps + abs(h))          the most that was at stake
        squares_2_new  = 9801 * squares_2 / 10000 + h**2                      sum of squares
        factor_2_new   = (maximum(0, reward_2_new) + largest_2_new * s_init / 6) / (eps + sqrt(squares_2_new))  factor
        reward_3_new   = 999 * reward_3 / 1000 + factor_3 * minimum(largest_3, maximum(h, -largest_3))  what was won, with decay 0.999
        largest_3_new  = maximum(999 * largest_3 / 1000, eps + abs(h))        the most that was at stake
        squares_3_new  = 998001 * squares_3 / 1000000 + h**2                  sum of squares
        factor_3_new   = (maximum(0, reward_3_new) + largest_3_new * s_init / 6) / (eps + sqrt(squares_3_new))  factor
        reward_4_new   = 9999 * reward_4 / 10000 + factor_4 * minimum(largest_4, maximum(h, -largest_4))  what was won, with decay 0.9999
        largest_4_new  = maximum(9999 * largest_4 / 10000, eps + abs(h))      the most that was at stake
        squares_4_new  = 99980001 * squares_4 / 100000000 + h**2              sum of squares
        factor_4_new   = (maximum(0, reward_4_new) + largest_4_new * s_init / 6) / (eps + sqrt(squares_4_new))  factor
        reward_5_new   = 99999 * reward_5 / 100000 + factor_5 * minimum(largest_5, maximum(h, -largest_5))  what was won, with decay 0.99999
        largest_5_new  = maximum(99999 * largest_5 / 100000, eps + abs(h))    the most that was at stake
        squares_5_new  = 9999800001 * squares_5 / 10000000000 + h**2          sum of squares
        factor_5_new   = (maximum(0, reward_5_new) + largest_5_new * s_init / 6) / (eps + sqrt(squares_5_new))  factor
        reward_6_new   = 999999 * reward_6 / 1000000 + factor_6 * minimum(largest_6, maximum(h, -largest_6))  what was won, with decay 0.999999
        largest_6_new  = maximum(999999 * largest_6 / 1000000, eps + abs(h))  the most that was at stake
        squares_6_new  = 999998000001 * squares_6 / 1000000000000 + h**2      sum of squares
        factor_6_new   = (maximum(0, reward_6_new) + largest_6_new * s_init / 6) / (eps + sqrt(squares_6_new))  factor
        scale          = factor_1_new + factor_2_new + factor_3_new + factor_4_new + factor_5_new + factor_6_new  factor
        delta          = (start - w) / (total + eps) + lr * u                 sum of the steps, without it
        w_new          = start - scale * delta                                descent from the start
        start_new      = start

    w, start, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    b_new = g + momentum * b  # momentum
    u = b_new  # direction
    delta = (start - w) / total_plus_eps + lr * u  # sum of the steps, without it
    w_new = start - scale * delta  # descent from the start
    start_new = start
    return (w_new, start_new, b_new)


def mechanic_sgd_summands(
    w: Array,
    g: Array,
    start: Array,
) -> tuple[Array, ...]:
    """What a step of MechanicSGD sums up, for each element."""
    second_total = g * (start - w)
    third_total = w * (start - w)
    norm2 = g
    second_norm2 = w
    return (second_total, third_total, norm2, second_norm2)


def mechanic_sgd_sums(
    w: Array,
    g: Array,
    start: Array,
    b: Array,
    reward_1: float,
    reward_2: float,
    reward_3: float,
    reward_4: float,
    reward_5: float,
    reward_6: float,
    largest_1: float,
    largest_2: float,
    largest_3: float,
    largest_4: float,
    largest_5: float,
    largest_6: float,
    squares_1: float,
    squares_2: float,
    squares_3: float,
    squares_4: float,
    squares_5: float,
    squares_6: float,
    factor_1: float,
    factor_2: float,
    factor_3: float,
    factor_4: float,
    factor_5: float,
    factor_6: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    s_decay: float = 0.01,
    momentum: float = 0.0,
    s_init: float = 1e-6,
) -> tuple[float, ...]:
    """What a step of MechanicSGD sums up over one array, in double; nothing is written.

        second_total  = global_sum(g * (start - w))
        third_total   = global_sum(w * (start - w))
        norm2         = sqrt(global_sum(g**2))
        second_norm2  = sqrt(global_sum(w**2))

    The results are arguments of `mechanic_sgd_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(mechanic_sgd_summands, (w, g, start), (), ("sum", "sum", "norm", "norm"))


def mechanic_sgd_shared(
    reward_1: float,
    reward_2: float,
    reward_3: float,
    reward_4: float,
    reward_5: float,
    reward_6: float,
    largest_1: float,
    largest_2: float,
    largest_3: float,
    largest_4: float,
    largest_5: float,
    largest_6: float,
    squares_1: float,
    squares_2: float,
    squares_3: float,
    squares_4: float,
    squares_5: float,
    squares_6: float,
    factor_1: float,
    factor_2: float,
    factor_3: float,
    factor_4: float,
    factor_5: float,
    factor_6: float,
    second_total: float,
    third_total: float,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    s_decay: float = 0.01,
    momentum: float = 0.0,
    s_init: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    total = factor_1 + factor_2 + factor_3 + factor_4 + factor_5 + factor_6  # factor so far
    along_g = second_total  # gradient along the way from the start
    along_w = third_total  # weights along it
    pull = divided(total * s_decay * norm2, eps + second_norm2)  # decay
    h = divided(along_g + along_w * pull, total + eps)  # what a larger factor would have gained
    reward_1_new = 9 * reward_1 / 10 + factor_1 * nan_min(largest_1, nan_max(h, -largest_1))  # what was won, with decay 0.9
    largest_1_new = nan_max(9 * largest_1 / 10, eps + abs(h))  # the most that was at stake
    squares_1_new = 81 * squares_1 / 100 + power(h, 2)  # sum of squares
    factor_1_new = (nan_max(0, reward_1_new) + largest_1_new * s_init / 6) / (eps + sqrt(squares_1_new))  # factor
    reward_2_new = 99 * reward_2 / 100 + factor_2 * nan_min(largest_2, nan_max(h, -largest_2))  # what was won, with decay 0.99
    largest_2_new = nan_max(99 * largest_2 / 100, eps + abs(h))  # the most that was at stake
    squares_2_new = 9801 * squares_2 / 10000 + power(h, 2)  # sum of squares
    factor_2_new = (nan_max(0, reward_2_new) + largest_2_new * s_init / 6) / (eps + sqrt(squares_2_new))  # factor
    reward_3_new = 999 * reward_3 / 1000 + factor_3 * nan_min(largest_3, nan_max(h, -largest_3))  # what was won, with decay 0.999
    largest_3_new = nan_max(999 * largest_3 / 1000, eps + abs(h))  # the most that was at stake
    squares_3_new = 998001 * squares_3 / 1000000 + power(h, 2)  # sum of squares
    factor_3_new = (nan_max(0, reward_3_new) + largest_3_new * s_init / 6) / (eps + sqrt(squares_3_new))  # factor
    reward_4_new = 9999 * reward_4 / 10000 + factor_4 * nan_min(largest_4, nan_max(h, -largest_4))  # what was won, with decay 0.9999
    largest_4_new = nan_max(9999 * largest_4 / 10000, eps + abs(h))  # the most that was at stake
    squares_4_new = 99980001 * squares_4 / 100000000 + power(h, 2)  # sum of squares
    factor_4_new = (nan_max(0, reward_4_new) + largest_4_new * s_init / 6) / (eps + sqrt(squares_4_new))  # factor
    reward_5_new = 99999 * reward_5 / 100000 + factor_5 * nan_min(largest_5, nan_max(h, -largest_5))  # what was won, with decay 0.99999
    largest_5_new = nan_max(99999 * largest_5 / 100000, eps + abs(h))  # the most that was at stake
    squares_5_new = 9999800001 * squares_5 / 10000000000 + power(h, 2)  # sum of squares
    factor_5_new = (nan_max(0, reward_5_new) + largest_5_new * s_init / 6) / (eps + sqrt(squares_5_new))  # factor
    reward_6_new = 999999 * reward_6 / 1000000 + factor_6 * nan_min(largest_6, nan_max(h, -largest_6))  # what was won, with decay 0.999999
    largest_6_new = nan_max(999999 * largest_6 / 1000000, eps + abs(h))  # the most that was at stake
    squares_6_new = 999998000001 * squares_6 / 1000000000000 + power(h, 2)  # sum of squares
    factor_6_new = (nan_max(0, reward_6_new) + largest_6_new * s_init / 6) / (eps + sqrt(squares_6_new))  # factor
    return (reward_1_new, reward_2_new, reward_3_new, reward_4_new, reward_5_new, reward_6_new, largest_1_new, largest_2_new, largest_3_new, largest_4_new, largest_5_new, largest_6_new, squares_1_new, squares_2_new, squares_3_new, squares_4_new, squares_5_new, squares_6_new, factor_1_new, factor_2_new, factor_3_new, factor_4_new, factor_5_new, factor_6_new)


class MechanicSGD(TorchOptimizer):
    """MechanicSGD: SGD with momentum, whose learning rate is found as it goes.

    Source: Cutkosky et al. (2023), Algorithm 1, arXiv:2306.00144, as in optax.contrib.mechanize around sgd.
    The equations are in `mechanic_sgd_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate of the rule whose steps are scaled
        eps       eps > 0            keeps the divisions from zero
        s_decay   s_decay >= 0       how far what is bet on leads back to zero
        momentum  0 <= momentum < 1  decay of the sum of gradients
        s_init    s_init > 0         factor before the first step
    """

    _states: ClassVar = ("start", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "s_decay": ("s_decay >= 0", lambda s_decay: s_decay >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "s_init": ("s_init > 0", lambda s_init: s_init > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("second_total", "sum", True), ("third_total", "sum", True), ("norm2", "norm", True), ("second_norm2", "norm", True))
    _fed_by_sums: ClassVar = ("reward_1", "reward_2", "reward_3", "reward_4", "reward_5", "reward_6", "largest_1", "largest_2", "largest_3", "largest_4", "largest_5", "largest_6", "squares_1", "squares_2", "squares_3", "squares_4", "squares_5", "squares_6", "factor_1", "factor_2", "factor_3", "factor_4", "factor_5", "factor_6")
    _scalars = staticmethod(mechanic_sgd_scalars)
    _elements = staticmethod(mechanic_sgd_elements)
    _advance = staticmethod(mechanic_sgd_shared)
    _sums = staticmethod(mechanic_sgd_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        eps: Hyper = 1e-8,
        s_decay: Hyper = 0.01,
        momentum: Hyper = 0.0,
        s_init: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, s_decay=s_decay, momentum=momentum, s_init=s_init)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"reward_1": 0, "reward_2": 0, "reward_3": 0, "reward_4": 0, "reward_5": 0, "reward_6": 0, "largest_1": 0, "largest_2": 0, "largest_3": 0, "largest_4": 0, "largest_5": 0, "largest_6": 0, "squares_1": 0, "squares_2": 0, "squares_3": 0, "squares_4": 0, "squares_5": 0, "squares_6": 0, "factor_1": hyper["s_init"], "factor_2": hyper["s_init"], "factor_3": hyper["s_init"], "factor_4": hyper["s_init"], "factor_5": hyper["s_init"], "factor_6": hyper["s_init"]}


def mechanic_adamw_scalars(
    reward_1: float,
    reward_2: float,
    reward_3: float,
    reward_4: float,
    reward_5: float,
    reward_6: float,
    largest_1: float,
    largest_2: float,
    largest_3: float,
    largest_4: float,
    largest_5: float,
    largest_6: float,
    squares_1: float,
    squares_2: float,
    squares_3: float,
    squares_4: float,
    squares_5: float,
    squares_6: float,
    factor_1: float,
    factor_2: float,
    factor_3: float,
    factor_4: float,
    factor_5: float,
    factor_6: float,
    second_total: float,
    third_total: float,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    s_decay: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps_adam: float = 1e-8,
    weight_decay: float = 0.0,
    s_init: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of MechanicAdamW: the last arguments of `mechanic_adamw_elements`.

    t is the number of the step, from 1. States:

        start      = w before the first step
        reward_1   = 0 before the first step
        reward_2   = 0 before the first step
        reward_3   = 0 before the first step
        reward_4   = 0 before the first step
        reward_5   = 0 before the first step
        reward_6   = 0 before the first step
        largest_1  = 0 before the first step
        largest_2  = 0 before the first step
        largest_3  = 0 before the first step
        largest_4  = 0 before the first step
        largest_5  = 0 before the first step
        largest_6  = 0 before the first step
        squares_1  = 0 before the first step
        squares_2  = 0 before the first step
        squares_3  = 0 before the first step
        squares_4  = 0 before the first step
        squares_5  = 0 before the first step
        squares_6  = 0 before the first step
        factor_1   = s_init before the first step
        factor_2   = s_init before the first step
        factor_3   = s_init before the first step
        factor_4   = s_init before the first step
        factor_5   = s_init before the first step
        factor_6   = s_init before the first step
        m          = 0 before the first step
        v          = 0 before the first step

    second_total, third_total, norm2, second_norm2: what `mechanic_adamw_sums` gives.
    """
    total = factor_1 + factor_2 + factor_3 + factor_4 + factor_5 + factor_6  # factor so far
    along_g = second_total  # gradient along the way from the start
    along_w = third_total  # weights along it
    pull = divided(total * s_decay * norm2, eps + second_norm2)  # decay
    h = divided(along_g + along_w * pull, total + eps)  # what a larger factor would have gained
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    reward_1_new = 9 * reward_1 / 10 + factor_1 * nan_min(largest_1, nan_max(h, -largest_1))  # what was won, with decay 0.9
    largest_1_new = nan_max(9 * largest_1 / 10, eps + abs(h))  # the most that was at stake
    squares_1_new = 81 * squares_1 / 100 + power(h, 2)  # sum of squares
    factor_1_new = (nan_max(0, reward_1_new) + largest_1_new * s_init / 6) / (eps + sqrt(squares_1_new))  # factor
    reward_2_new = 99 * reward_2 / 100 + factor_2 * nan_min(largest_2, nan_max(h, -largest_2))  # what was won, with decay 0.99
    largest_2_new = nan_max(99 * largest_2 / 100, eps + abs(h))  # the most that was at stake
    squares_2_new = 9801 * squares_2 / 10000 + power(h, 2)  # sum of squares
    factor_2_new = (nan_max(0, reward_2_new) + largest_2_new * s_init / 6) / (eps + sqrt(squares_2_new))  # factor
    reward_3_new = 999 * reward_3 / 1000 + factor_3 * nan_min(largest_3, nan_max(h, -largest_3))  # what was won, with decay 0.999
    largest_3_new = nan_max(999 * largest_3 / 1000, eps + abs(h))  # the most that was at stake
    squares_3_new = 998001 * squares_3 / 1000000 + power(h, 2)  # sum of squares
    factor_3_new = (nan_max(0, reward_3_new) + largest_3_new * s_init / 6) / (eps + sqrt(squares_3_new))  # factor
    reward_4_new = 9999 * reward_4 / 10000 + factor_4 * nan_min(largest_4, nan_max(h, -largest_4))  # what was won, with decay 0.9999
    largest_4_new = nan_max(9999 * largest_4 / 10000, eps + abs(h))  # the most that was at stake
    squares_4_new = 99980001 * squares_4 / 100000000 + power(h, 2)  # sum of squares
    factor_4_new = (nan_max(0, reward_4_new) + largest_4_new * s_init / 6) / (eps + sqrt(squares_4_new))  # factor
    reward_5_new = 99999 * reward_5 / 100000 + factor_5 * nan_min(largest_5, nan_max(h, -largest_5))  # what was won, with decay 0.99999
    largest_5_new = nan_max(99999 * largest_5 / 100000, eps + abs(h))  # the most that was at stake
    squares_5_new = 9999800001 * squares_5 / 10000000000 + power(h, 2)  # sum of squares
    factor_5_new = (nan_max(0, reward_5_new) + largest_5_new * s_init / 6) / (eps + sqrt(squares_5_new))  # factor
    reward_6_new = 999999 * reward_6 / 1000000 + factor_6 * nan_min(largest_6, nan_max(h, -largest_6))  # what was won, with decay 0.999999
    largest_6_new = nan_max(999999 * largest_6 / 1000000, eps + abs(h))  # the most that was at stake
    squares_6_new = 999998000001 * squares_6 / 1000000000000 + power(h, 2)  # sum of squares
    factor_6_new = (nan_max(0, reward_6_new) + largest_6_new * s_init / 6) / (eps + sqrt(squares_6_new))  # factor
    scale = factor_1_new + factor_2_new + factor_3_new + factor_4_new + factor_5_new + factor_6_new  # factor
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    eps_adam_sqrt_c2 = eps_adam * math.sqrt(c2)
    total_plus_eps = total + eps
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, weight_decay, sqrt_c2_over_c1, eps_adam_sqrt_c2, total_plus_eps, lr, scale)


def mechanic_adamw_elements(
    w: Array,
    start: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    weight_decay: float,
    sqrt_c2_over_c1: float,
    eps_adam_sqrt_c2: float,
    total_plus_eps: float,
    lr: float,
    scale: float,
) -> tuple[Array, ...]:
    """A step of MechanicAdamW for each element; returns w, start, m, v after it.

        total          = factor_1 + factor_2 + factor_3 + factor_4 + factor_5 + factor_6  factor so far
        along_g        = global_sum(g * (start - w))                          gradient along the way from the start
        along_w        = global_sum(w * (start - w))                          weights along it
        pull           = total * s_decay * sqrt(global_sum(g**2)) / (eps + sqrt(global_sum(w**2)))  decay
        h              = (along_g + along_w * pull) / (total + eps)           what a larger factor would have gained
        c1             = 1 - beta1**t                                         bias of the first moment
        c2             = 1 - beta2**t                                         bias of the second moment
        m_new          = beta1 * m + (1 - beta1) * g                          first moment
        v_new          = beta2 * v + (1 - beta2) * g**2                       second moment
        m_hat          = m_new / c1                                           first moment, corrected
        v_hat          = v_new / c2                                           second moment, corrected
        u              = weight_decay * w + m_hat / (sqrt(v_hat) + eps_adam)  direction
        reward_1_new   = 9 * reward_1 / 10 + factor_1 * minimum(largest_1, maximum(h, -largest_1))  what was won, with decay 0.9
        largest_1_new  = maximum(9 * largest_1 / 10, eps + abs(h))            the most that was at stake
        squares_1_new  = 81 * squares_1 / 100 + h**2                          sum of squares
        factor_1_new   = (maximum(0, reward_1_new) + largest_1_new * s_init / 6) / (eps + sqrt(squares_1_new))  factor
        reward_2_new   = 99 * reward_2 / 100 + factor_2 * minimum(largest_2, maximum(h, -largest_2))  what was won, with decay 0.99
        largest_2_new  = maximum(99 * largest_2 / 100, eps + abs(h))          the most that was at stake
        squares_2_new  = 9801 * squares_2 / 10000 + h**2                      sum of squares
        factor_2_new   = (maximum(0, reward_2_new) + largest_2_new * s_init / 6) / (eps + sqrt(squares_2_new))  factor
        reward_3_new   = 999 * reward_3 / 1000 + factor_3 * minimum(largest_3, maximum(h, -largest_3))  what was won, with decay 0.999
        largest_3_new  = maximum(999 * largest_3 / 1000, eps + abs(h))        the most that was at stake
        squares_3_new  = 998001 * squares_3 / 1000000 + h**2                  sum of squares
        factor_3_new   = (maximum(0, reward_3_new) + largest_3_new * s_init / 6) / (eps + sqrt(squares_3_new))  factor
        reward_4_new   = 9999 * reward_4 / 10000 + factor_4 * minimum(largest_4, maximum(h, -largest_4))  what was won, with decay 0.9999
        largest_4_new  = maximum(9999 * largest_4 / 10000, eps + abs(h))      the most that was at stake
        squares_4_new  = 99980001 * squares_4 / 100000000 + h**2              sum of squares
        factor_4_new   = (maximum(0, reward_4_new) + largest_4_new * s_init / 6) / (eps + sqrt(squares_4_new))  factor
        reward_5_new   = 99999 * reward_5 / 100000 + factor_5 * minimum(largest_5, maximum(h, -largest_5))  what was won, with decay 0.99999
        largest_5_new  = maximum(99999 * largest_5 / 100000, eps + abs(h))    the most that was at stake
        squares_5_new  = 9999800001 * squares_5 / 10000000000 + h**2          sum of squares
        factor_5_new   = (maximum(0, reward_5_new) + largest_5_new * s_init / 6) / (eps + sqrt(squares_5_new))  factor
        reward_6_new   = 999999 * reward_6 / 1000000 + factor_6 * minimum(largest_6, maximum(h, -largest_6))  what was won, with decay 0.999999
        largest_6_new  = maximum(999999 * largest_6 / 1000000, eps + abs(h))  the most that was at stake
        squares_6_new  = 999998000001 * squares_6 / 1000000000000 + h**2      sum of squares
        factor_6_new   = (maximum(0, reward_6_new) + largest_6_new * s_init / 6) / (eps + sqrt(squares_6_new))  factor
        scale          = factor_1_new + factor_2_new + factor_3_new + factor_4_new + factor_5_new + factor_6_new  factor
        delta          = (start - w) / (total + eps) + lr * u                 sum of the steps, without it
        w_new          = start - scale * delta                                descent from the start
        start_new      = start

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1   = sqrt(c2) / c1
        eps_adam_sqrt_c2  = eps_adam * sqrt(c2)
        u                 = weight_decay * w + sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_adam_sqrt_c2)

    w, start, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    u = weight_decay * w + sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_adam_sqrt_c2)  # direction
    delta = (start - w) / total_plus_eps + lr * u  # sum of the steps, without it
    w_new = start - scale * delta  # descent from the start
    start_new = start
    return (w_new, start_new, m_new, v_new)


def mechanic_adamw_summands(
    w: Array,
    g: Array,
    start: Array,
) -> tuple[Array, ...]:
    """What a step of MechanicAdamW sums up, for each element."""
    second_total = g * (start - w)
    third_total = w * (start - w)
    norm2 = g
    second_norm2 = w
    return (second_total, third_total, norm2, second_norm2)


def mechanic_adamw_sums(
    w: Array,
    g: Array,
    start: Array,
    m: Array,
    v: Array,
    reward_1: float,
    reward_2: float,
    reward_3: float,
    reward_4: float,
    reward_5: float,
    reward_6: float,
    largest_1: float,
    largest_2: float,
    largest_3: float,
    largest_4: float,
    largest_5: float,
    largest_6: float,
    squares_1: float,
    squares_2: float,
    squares_3: float,
    squares_4: float,
    squares_5: float,
    squares_6: float,
    factor_1: float,
    factor_2: float,
    factor_3: float,
    factor_4: float,
    factor_5: float,
    factor_6: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    s_decay: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps_adam: float = 1e-8,
    weight_decay: float = 0.0,
    s_init: float = 1e-6,
) -> tuple[float, ...]:
    """What a step of MechanicAdamW sums up over one array, in double; nothing is written.

        second_total  = global_sum(g * (start - w))
        third_total   = global_sum(w * (start - w))
        norm2         = sqrt(global_sum(g**2))
        second_norm2  = sqrt(global_sum(w**2))

    The results are arguments of `mechanic_adamw_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(mechanic_adamw_summands, (w, g, start), (), ("sum", "sum", "norm", "norm"))


def mechanic_adamw_shared(
    reward_1: float,
    reward_2: float,
    reward_3: float,
    reward_4: float,
    reward_5: float,
    reward_6: float,
    largest_1: float,
    largest_2: float,
    largest_3: float,
    largest_4: float,
    largest_5: float,
    largest_6: float,
    squares_1: float,
    squares_2: float,
    squares_3: float,
    squares_4: float,
    squares_5: float,
    squares_6: float,
    factor_1: float,
    factor_2: float,
    factor_3: float,
    factor_4: float,
    factor_5: float,
    factor_6: float,
    second_total: float,
    third_total: float,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    s_decay: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps_adam: float = 1e-8,
    weight_decay: float = 0.0,
    s_init: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    total = factor_1 + factor_2 + factor_3 + factor_4 + factor_5 + factor_6  # factor so far
    along_g = second_total  # gradient along the way from the start
    along_w = third_total  # weights along it
    pull = divided(total * s_decay * norm2, eps + second_norm2)  # decay
    h = divided(along_g + along_w * pull, total + eps)  # what a larger factor would have gained
    reward_1_new = 9 * reward_1 / 10 + factor_1 * nan_min(largest_1, nan_max(h, -largest_1))  # what was won, with decay 0.9
    largest_1_new = nan_max(9 * largest_1 / 10, eps + abs(h))  # the most that was at stake
    squares_1_new = 81 * squares_1 / 100 + power(h, 2)  # sum of squares
    factor_1_new = (nan_max(0, reward_1_new) + largest_1_new * s_init / 6) / (eps + sqrt(squares_1_new))  # factor
    reward_2_new = 99 * reward_2 / 100 + factor_2 * nan_min(largest_2, nan_max(h, -largest_2))  # what was won, with decay 0.99
    largest_2_new = nan_max(99 * largest_2 / 100, eps + abs(h))  # the most that was at stake
    squares_2_new = 9801 * squares_2 / 10000 + power(h, 2)  # sum of squares
    factor_2_new = (nan_max(0, reward_2_new) + largest_2_new * s_init / 6) / (eps + sqrt(squares_2_new))  # factor
    reward_3_new = 999 * reward_3 / 1000 + factor_3 * nan_min(largest_3, nan_max(h, -largest_3))  # what was won, with decay 0.999
    largest_3_new = nan_max(999 * largest_3 / 1000, eps + abs(h))  # the most that was at stake
    squares_3_new = 998001 * squares_3 / 1000000 + power(h, 2)  # sum of squares
    factor_3_new = (nan_max(0, reward_3_new) + largest_3_new * s_init / 6) / (eps + sqrt(squares_3_new))  # factor
    reward_4_new = 9999 * reward_4 / 10000 + factor_4 * nan_min(largest_4, nan_max(h, -largest_4))  # what was won, with decay 0.9999
    largest_4_new = nan_max(9999 * largest_4 / 10000, eps + abs(h))  # the most that was at stake
    squares_4_new = 99980001 * squares_4 / 100000000 + power(h, 2)  # sum of squares
    factor_4_new = (nan_max(0, reward_4_new) + largest_4_new * s_init / 6) / (eps + sqrt(squares_4_new))  # factor
    reward_5_new = 99999 * reward_5 / 100000 + factor_5 * nan_min(largest_5, nan_max(h, -largest_5))  # what was won, with decay 0.99999
    largest_5_new = nan_max(99999 * largest_5 / 100000, eps + abs(h))  # the most that was at stake
    squares_5_new = 9999800001 * squares_5 / 10000000000 + power(h, 2)  # sum of squares
    factor_5_new = (nan_max(0, reward_5_new) + largest_5_new * s_init / 6) / (eps + sqrt(squares_5_new))  # factor
    reward_6_new = 999999 * reward_6 / 1000000 + factor_6 * nan_min(largest_6, nan_max(h, -largest_6))  # what was won, with decay 0.999999
    largest_6_new = nan_max(999999 * largest_6 / 1000000, eps + abs(h))  # the most that was at stake
    squares_6_new = 999998000001 * squares_6 / 1000000000000 + power(h, 2)  # sum of squares
    factor_6_new = (nan_max(0, reward_6_new) + largest_6_new * s_init / 6) / (eps + sqrt(squares_6_new))  # factor
    return (reward_1_new, reward_2_new, reward_3_new, reward_4_new, reward_5_new, reward_6_new, largest_1_new, largest_2_new, largest_3_new, largest_4_new, largest_5_new, largest_6_new, squares_1_new, squares_2_new, squares_3_new, squares_4_new, squares_5_new, squares_6_new, factor_1_new, factor_2_new, factor_3_new, factor_4_new, factor_5_new, factor_6_new)


class MechanicAdamW(TorchOptimizer):
    """MechanicAdamW: AdamW whose learning rate is found as it goes.

    Source: Cutkosky et al. (2023), Algorithm 1, arXiv:2306.00144, as in optax.contrib.mechanize around adamw.
    The equations are in `mechanic_adamw_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate of the rule whose steps are scaled
        eps           eps > 0            keeps the divisions from zero
        s_decay       s_decay >= 0       how far what is bet on leads back to zero
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps_adam      eps_adam > 0       keeps the division of Adam from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, inside the step that is scaled
        s_init        s_init > 0         factor before the first step
    """

    _states: ClassVar = ("start", "m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "s_decay": ("s_decay >= 0", lambda s_decay: s_decay >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps_adam": ("eps_adam > 0", lambda eps_adam: eps_adam > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "s_init": ("s_init > 0", lambda s_init: s_init > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("second_total", "sum", True), ("third_total", "sum", True), ("norm2", "norm", True), ("second_norm2", "norm", True))
    _fed_by_sums: ClassVar = ("reward_1", "reward_2", "reward_3", "reward_4", "reward_5", "reward_6", "largest_1", "largest_2", "largest_3", "largest_4", "largest_5", "largest_6", "squares_1", "squares_2", "squares_3", "squares_4", "squares_5", "squares_6", "factor_1", "factor_2", "factor_3", "factor_4", "factor_5", "factor_6")
    _scalars = staticmethod(mechanic_adamw_scalars)
    _elements = staticmethod(mechanic_adamw_elements)
    _advance = staticmethod(mechanic_adamw_shared)
    _sums = staticmethod(mechanic_adamw_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        eps: Hyper = 1e-8,
        s_decay: Hyper = 0.01,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps_adam: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        s_init: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, s_decay=s_decay, beta1=beta1, beta2=beta2, eps_adam=eps_adam, weight_decay=weight_decay, s_init=s_init)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), torch.zeros_like(w), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"reward_1": 0, "reward_2": 0, "reward_3": 0, "reward_4": 0, "reward_5": 0, "reward_6": 0, "largest_1": 0, "largest_2": 0, "largest_3": 0, "largest_4": 0, "largest_5": 0, "largest_6": 0, "squares_1": 0, "squares_2": 0, "squares_3": 0, "squares_4": 0, "squares_5": 0, "squares_6": 0, "factor_1": hyper["s_init"], "factor_2": hyper["s_init"], "factor_3": hyper["s_init"], "factor_4": hyper["s_init"], "factor_5": hyper["s_init"], "factor_6": hyper["s_init"]}
