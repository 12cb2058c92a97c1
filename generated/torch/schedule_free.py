# generated from specs/schedule_free.py; regenerate with: python cli.py generate schedule_free
"""Schedule-Free: the gradient is taken between an iterate and the mean of all iterates, which is what is evaluated.

In all of them `w` is y of the paper, where the gradient is taken: what is trained. What is evaluated is the state `x`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import average_length, one_minus_power, power, sqrt
from ._arrays import Array, Hyper, IntHyper, Stage, TorchOptimizer

__all__ = [
    "ScheduleFreeAdamW",
    "ScheduleFreeAdamWKeras",
    "ScheduleFreeAdamWOptax",
    "ScheduleFreeAdamWPrinted",
    "ScheduleFreeAdamWTwoRates",
    "ScheduleFreeRAdam",
    "ScheduleFreeSGD",
    "ScheduleFreeSGDMean",
    "ScheduleFreeSGDOptax",
    "ScheduleFreeSGDTwoRates",
    "ScheduleFreeSGDWeighted",
    "schedule_free_adamw_elements",
    "schedule_free_adamw_keras_elements",
    "schedule_free_adamw_keras_scalars",
    "schedule_free_adamw_optax_elements",
    "schedule_free_adamw_optax_scalars",
    "schedule_free_adamw_optax_shared",
    "schedule_free_adamw_printed_elements",
    "schedule_free_adamw_printed_scalars",
    "schedule_free_adamw_printed_shared",
    "schedule_free_adamw_scalars",
    "schedule_free_adamw_shared",
    "schedule_free_adamw_two_rates_elements",
    "schedule_free_adamw_two_rates_scalars",
    "schedule_free_adamw_two_rates_shared",
    "schedule_free_radam_elements",
    "schedule_free_radam_scalars",
    "schedule_free_radam_shared",
    "schedule_free_sgd_elements",
    "schedule_free_sgd_mean_elements",
    "schedule_free_sgd_mean_scalars",
    "schedule_free_sgd_optax_elements",
    "schedule_free_sgd_optax_scalars",
    "schedule_free_sgd_optax_shared",
    "schedule_free_sgd_scalars",
    "schedule_free_sgd_two_rates_elements",
    "schedule_free_sgd_two_rates_scalars",
    "schedule_free_sgd_two_rates_shared",
    "schedule_free_sgd_weighted_elements",
    "schedule_free_sgd_weighted_scalars",
    "schedule_free_sgd_weighted_shared",
]


def schedule_free_sgd_scalars(
    t: int,
    *,
    lr: float = 1.0,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeSGD: the last arguments of `schedule_free_sgd_elements`.

    t is the number of the step, from 1. States:

        z  = w before the first step
        x  = w before the first step
    """
    c = 1 / t  # weight of the newest iterate
    one_minus_c = 1 - c
    one_minus_beta = 1 - beta
    return (lr, one_minus_c, c, one_minus_beta, beta)


def schedule_free_sgd_elements(
    w: Array,
    z: Array,
    x: Array,
    g: Array,
    lr: float,
    one_minus_c: float,
    c: float,
    one_minus_beta: float,
    beta: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeSGD for each element; returns w, z, x after it.

        c      = 1 / t                              weight of the newest iterate
        z_new  = z - lr * g                         iterate
        x_new  = (1 - c) * x + c * z_new            mean of the iterates: what is evaluated
        w_new  = (1 - beta) * z_new + beta * x_new  y: where the gradient is taken next

    w, z, x and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    z_new = z - lr * g  # iterate
    x_new = one_minus_c * x + c * z_new  # mean of the iterates: what is evaluated
    w_new = one_minus_beta * z_new + beta * x_new  # y: where the gradient is taken next
    return (w_new, z_new, x_new)


class ScheduleFreeSGD(TorchOptimizer):
    """ScheduleFreeSGD: descent whose mean is evaluated; w is where the gradient is taken, and x is the mean.

    Source: Defazio et al. (2024), equations 3 to 5, arXiv:2405.15682.
    The equations are in `schedule_free_sgd_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr    lr >= 0         gamma of the paper: learning rate
        beta  0 <= beta <= 1  share of the mean where the gradient is taken
    """

    _states: ClassVar = ("z", "x")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta <= 1", lambda beta: 0 <= beta <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_sgd_scalars)
    _elements = staticmethod(schedule_free_sgd_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), w.clone())


def schedule_free_sgd_mean_scalars(
    t: int,
    *,
    lr: float = 1.0,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeSGDMean: the last arguments of `schedule_free_sgd_mean_elements`.

    t is the number of the step, from 1. States:

        z      = w before the first step
        own_w  = w before the first step
    """
    c = 1 / t  # weight of the newest iterate
    one_minus_c = 1 - c
    one_minus_beta = 1 - beta
    return (lr, one_minus_c, c, one_minus_beta, beta)


def schedule_free_sgd_mean_elements(
    w: Array,
    z: Array,
    own_w: Array,
    g: Array,
    lr: float,
    one_minus_c: float,
    c: float,
    one_minus_beta: float,
    beta: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeSGDMean for each element; returns w, z, own_w after it.

        c          = 1 / t                                  weight of the newest iterate
        z_new      = z - lr * g                             iterate
        own_w_new  = (1 - c) * own_w + c * z_new            mean of the iterates: what is evaluated
        w_new      = (1 - beta) * z_new + beta * own_w_new  where the gradient is taken next

    w, z, own_w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    w is the point at which the gradient is taken, beta * w + (1 - beta) * z in the paper's variables.
    The paper's w is the state own_w: after training, that is to be used.
    """
    z_new = z - lr * g  # iterate
    own_w_new = one_minus_c * own_w + c * z_new  # mean of the iterates: what is evaluated
    w_new = one_minus_beta * z_new + beta * own_w_new  # where the gradient is taken next
    return (w_new, z_new, own_w_new)


class ScheduleFreeSGDMean(TorchOptimizer):
    """ScheduleFreeSGDMean: ScheduleFreeSGD in the paper's variables: its w is the mean x, and the gradient is taken at y.

    Source: Defazio et al. (2024), equations 3 to 5, arXiv:2405.15682.
    The equations are in `schedule_free_sgd_mean_elements`.
    w is the point at which the gradient is taken, beta * w + (1 - beta) * z in the paper's variables.
    The paper's w is the state own_w: after training, that is to be used.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr    lr >= 0         gamma of the paper: learning rate
        beta  0 <= beta <= 1  share of the mean where the gradient is taken
    """

    _states: ClassVar = ("z", "own_w")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta <= 1", lambda beta: 0 <= beta <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_sgd_mean_scalars)
    _elements = staticmethod(schedule_free_sgd_mean_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), w.clone())


def schedule_free_sgd_weighted_scalars(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 1.0,
    warmup: int = 0,
    r: float = 0.0,
    weight_lr_power: float = 2.0,
    weight_decay: float = 0.0,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeSGDWeighted: the last arguments of `schedule_free_sgd_weighted_elements`.

    t is the number of the step, from 1. States:

        z           = w before the first step
        x           = w before the first step
        lr_max      = 0 before the first step
        weight_sum  = 0 before the first step
    """
    lr_t = lr * min(1, t / max(1, warmup))  # learning rate, warmed up
    lr_max_new = max(lr_max, lr * min(1, t / max(1, warmup)))  # largest learning rate
    weight = power(lr_max_new, weight_lr_power) * power(t, r)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    c = weight / weight_sum_new if weight_sum_new > 0 else 0  # its share, none while all weights are 0
    one_minus_c = 1 - c
    one_minus_beta = 1 - beta
    return (weight_decay, lr_t, one_minus_c, c, one_minus_beta, beta)


def schedule_free_sgd_weighted_elements(
    w: Array,
    z: Array,
    x: Array,
    g: Array,
    weight_decay: float,
    lr_t: float,
    one_minus_c: float,
    c: float,
    one_minus_beta: float,
    beta: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeSGDWeighted for each element; returns w, z, x after it.

        lr_t            = lr * minimum(1, t / maximum(1, warmup))                   learning rate, warmed up
        lr_max_new      = maximum(lr_max, lr * minimum(1, t / maximum(1, warmup)))  largest learning rate
        weight          = lr_max_new**weight_lr_power * t**r                        weight of this iterate
        weight_sum_new  = weight_sum + weight
        c               = where(weight_sum_new > 0, weight / weight_sum_new, 0)     its share, none while all weights are 0
        u               = g + weight_decay * w                                      gradient with its decay
        z_new           = z - lr_t * u                                              iterate
        x_new           = (1 - c) * x + c * z_new                                   mean of the iterates: what is evaluated
        w_new           = (1 - beta) * z_new + beta * x_new                         y: where the gradient is taken next

    w, z, x and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = g + weight_decay * w  # gradient with its decay
    z_new = z - lr_t * u  # iterate
    x_new = one_minus_c * x + c * z_new  # mean of the iterates: what is evaluated
    w_new = one_minus_beta * z_new + beta * x_new  # y: where the gradient is taken next
    return (w_new, z_new, x_new)


def schedule_free_sgd_weighted_shared(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 1.0,
    warmup: int = 0,
    r: float = 0.0,
    weight_lr_power: float = 2.0,
    weight_decay: float = 0.0,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    lr_max_new = max(lr_max, lr * min(1, t / max(1, warmup)))  # largest learning rate
    weight = power(lr_max_new, weight_lr_power) * power(t, r)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    return (lr_max_new, weight_sum_new)


class ScheduleFreeSGDWeighted(TorchOptimizer):
    """ScheduleFreeSGDWeighted: ScheduleFreeSGD with warm-up, decay, and iterates that count by their learning rates.

    Source: Defazio et al. (2024), arXiv:2405.15682, as SGDScheduleFree of github.com/facebookresearch/schedule_free.
    The equations are in `schedule_free_sgd_weighted_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr               lr > 0                gamma of the paper: learning rate
        warmup           integer warmup >= 0   steps in which the learning rate rises
        r                0 <= r <= 16          power of the step number that weights an iterate
        weight_lr_power  weight_lr_power >= 0  power of the learning rate that weights an iterate
        weight_decay     weight_decay >= 0     weight decay where the gradient is taken
        beta             0 <= beta <= 1        share of the mean where the gradient is taken
    """

    _states: ClassVar = ("z", "x")
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "warmup": ("integer warmup >= 0", lambda warmup: warmup >= 0 and warmup % 1 == 0),
        "r": ("0 <= r <= 16", lambda r: 0 <= r <= 16),
        "weight_lr_power": ("weight_lr_power >= 0", lambda weight_lr_power: weight_lr_power >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "beta": ("0 <= beta <= 1", lambda beta: 0 <= beta <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_sgd_weighted_scalars)
    _elements = staticmethod(schedule_free_sgd_weighted_elements)
    _advance = staticmethod(schedule_free_sgd_weighted_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        warmup: IntHyper = 0,
        r: Hyper = 0.0,
        weight_lr_power: Hyper = 2.0,
        weight_decay: Hyper = 0.0,
        beta: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, warmup=warmup, r=r, weight_lr_power=weight_lr_power, weight_decay=weight_decay, beta=beta)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), w.clone())

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"lr_max": 0, "weight_sum": 0}


def schedule_free_sgd_optax_scalars(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 1.0,
    warmup: int = 0,
    weight_lr_power: float = 2.0,
    weight_decay: float = 0.0,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeSGDOptax: the last arguments of `schedule_free_sgd_optax_elements`.

    t is the number of the step, from 1. States:

        z           = w before the first step
        x           = w before the first step
        lr_max      = 0 before the first step
        weight_sum  = 0 before the first step
    """
    lr_t = lr * (min(1, (t - 1) / max(1, warmup)) if warmup > 0 else 1)  # learning rate, warmed up
    lr_max_new = max(lr_max, lr * min(1, t / max(1, warmup)))  # largest learning rate
    weight = power(lr_max_new, weight_lr_power)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    c = weight / weight_sum_new if weight_sum_new > 0 else 0  # its share, none while all weights are 0
    one_minus_c = 1 - c
    one_minus_beta = 1 - beta
    return (weight_decay, lr_t, one_minus_c, c, one_minus_beta, beta)


def schedule_free_sgd_optax_elements(
    w: Array,
    z: Array,
    x: Array,
    g: Array,
    weight_decay: float,
    lr_t: float,
    one_minus_c: float,
    c: float,
    one_minus_beta: float,
    beta: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeSGDOptax for each element; returns w, z, x after it.

        lr_t            = lr * where(warmup > 0, minimum(1, (t - 1) / maximum(1, warmup)), 1)  learning rate, warmed up
        lr_max_new      = maximum(lr_max, lr * minimum(1, t / maximum(1, warmup)))  largest learning rate
        weight          = lr_max_new**weight_lr_power                               weight of this iterate
        weight_sum_new  = weight_sum + weight
        c               = where(weight_sum_new > 0, weight / weight_sum_new, 0)     its share, none while all weights are 0
        u               = g + weight_decay * w                                      gradient with its decay
        z_new           = z - lr_t * u                                              iterate
        x_new           = (1 - c) * x + c * z_new                                   mean of the iterates: what is evaluated
        w_new           = (1 - beta) * z_new + beta * x_new                         y: where the gradient is taken next

    w, z, x and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = g + weight_decay * w  # gradient with its decay
    z_new = z - lr_t * u  # iterate
    x_new = one_minus_c * x + c * z_new  # mean of the iterates: what is evaluated
    w_new = one_minus_beta * z_new + beta * x_new  # y: where the gradient is taken next
    return (w_new, z_new, x_new)


def schedule_free_sgd_optax_shared(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 1.0,
    warmup: int = 0,
    weight_lr_power: float = 2.0,
    weight_decay: float = 0.0,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    lr_max_new = max(lr_max, lr * min(1, t / max(1, warmup)))  # largest learning rate
    weight = power(lr_max_new, weight_lr_power)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    return (lr_max_new, weight_sum_new)


class ScheduleFreeSGDOptax(TorchOptimizer):
    """ScheduleFreeSGDOptax: ScheduleFreeSGDWeighted whose warm-up starts with a rate of zero.

    Source: optax.contrib.schedule_free_sgd, after Defazio et al. (2024), arXiv:2405.15682.
    The equations are in `schedule_free_sgd_optax_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr               lr > 0                gamma of the paper: learning rate
        warmup           integer warmup >= 0   steps in which the learning rate rises
        weight_lr_power  weight_lr_power >= 0  power of the learning rate that weights an iterate
        weight_decay     weight_decay >= 0     weight decay where the gradient is taken
        beta             0 <= beta <= 1        share of the mean where the gradient is taken
    """

    _states: ClassVar = ("z", "x")
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "warmup": ("integer warmup >= 0", lambda warmup: warmup >= 0 and warmup % 1 == 0),
        "weight_lr_power": ("weight_lr_power >= 0", lambda weight_lr_power: weight_lr_power >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "beta": ("0 <= beta <= 1", lambda beta: 0 <= beta <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_sgd_optax_scalars)
    _elements = staticmethod(schedule_free_sgd_optax_elements)
    _advance = staticmethod(schedule_free_sgd_optax_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        warmup: IntHyper = 0,
        weight_lr_power: Hyper = 2.0,
        weight_decay: Hyper = 0.0,
        beta: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, warmup=warmup, weight_lr_power=weight_lr_power, weight_decay=weight_decay, beta=beta)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), w.clone())

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"lr_max": 0, "weight_sum": 0}


def schedule_free_sgd_two_rates_scalars(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 1.0,
    weight_lr: float = 1.0,
    weight_lr_power: float = 2.0,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeSGDTwoRates: the last arguments of `schedule_free_sgd_two_rates_elements`.

    t is the number of the step, from 1. States:

        z           = w before the first step
        x           = w before the first step
        lr_max      = 0 before the first step
        weight_sum  = 0 before the first step
    """
    lr_max_new = max(lr_max, weight_lr)  # largest learning rate
    weight = power(lr_max_new, weight_lr_power)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    c = weight / weight_sum_new if weight_sum_new > 0 else 0  # its share, none while all weights are 0
    one_minus_c = 1 - c
    one_minus_beta = 1 - beta
    return (lr, one_minus_c, c, one_minus_beta, beta)


def schedule_free_sgd_two_rates_elements(
    w: Array,
    z: Array,
    x: Array,
    g: Array,
    lr: float,
    one_minus_c: float,
    c: float,
    one_minus_beta: float,
    beta: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeSGDTwoRates for each element; returns w, z, x after it.

        lr_max_new      = maximum(lr_max, weight_lr)                             largest learning rate
        weight          = lr_max_new**weight_lr_power                            weight of this iterate
        weight_sum_new  = weight_sum + weight
        c               = where(weight_sum_new > 0, weight / weight_sum_new, 0)  its share, none while all weights are 0
        z_new           = z - lr * g                                             iterate
        x_new           = (1 - c) * x + c * z_new                                mean of the iterates: what is evaluated
        w_new           = (1 - beta) * z_new + beta * x_new                      y: where the gradient is taken next

    w, z, x and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    z_new = z - lr * g  # iterate
    x_new = one_minus_c * x + c * z_new  # mean of the iterates: what is evaluated
    w_new = one_minus_beta * z_new + beta * x_new  # y: where the gradient is taken next
    return (w_new, z_new, x_new)


def schedule_free_sgd_two_rates_shared(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 1.0,
    weight_lr: float = 1.0,
    weight_lr_power: float = 2.0,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    lr_max_new = max(lr_max, weight_lr)  # largest learning rate
    weight = power(lr_max_new, weight_lr_power)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    return (lr_max_new, weight_sum_new)


class ScheduleFreeSGDTwoRates(TorchOptimizer):
    """ScheduleFreeSGDTwoRates: ScheduleFreeSGD whose iterates count by a learning rate that need not be that of the step.

    Source: optax.contrib.schedule_free around sgd, after Defazio et al. (2024), arXiv:2405.15682.
    The equations are in `schedule_free_sgd_two_rates_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr               lr >= 0               gamma of the paper: learning rate
        weight_lr        weight_lr > 0         learning rate that weights an iterate
        weight_lr_power  weight_lr_power >= 0  power of the learning rate that weights an iterate
        beta             0 <= beta <= 1        share of the mean where the gradient is taken
    """

    _states: ClassVar = ("z", "x")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "weight_lr": ("weight_lr > 0", lambda weight_lr: weight_lr > 0),
        "weight_lr_power": ("weight_lr_power >= 0", lambda weight_lr_power: weight_lr_power >= 0),
        "beta": ("0 <= beta <= 1", lambda beta: 0 <= beta <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_sgd_two_rates_scalars)
    _elements = staticmethod(schedule_free_sgd_two_rates_elements)
    _advance = staticmethod(schedule_free_sgd_two_rates_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        weight_lr: Hyper = 1.0,
        weight_lr_power: Hyper = 2.0,
        beta: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, weight_lr=weight_lr, weight_lr_power=weight_lr_power, beta=beta)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), w.clone())

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"lr_max": 0, "weight_sum": 0}


def schedule_free_adamw_scalars(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 0.0025,
    warmup: int = 0,
    r: float = 0.0,
    weight_lr_power: float = 2.0,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeAdamW: the last arguments of `schedule_free_adamw_elements`.

    t is the number of the step, from 1. States:

        z           = w before the first step
        x           = w before the first step
        v           = 0 before the first step
        lr_max      = 0 before the first step
        weight_sum  = 0 before the first step
    """
    lr_t = lr * min(1, t / max(1, warmup))  # learning rate, warmed up
    lr_max_new = max(lr_max, lr * min(1, t / max(1, warmup)))  # largest learning rate
    weight = power(lr_max_new, weight_lr_power) * power(t, r)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    c = weight / weight_sum_new if weight_sum_new > 0 else 0  # its share, none while all weights are 0
    c2 = one_minus_power(beta2, t)  # correction of the second moment
    one_minus_beta2 = 1 - beta2
    one_minus_c = 1 - c
    one_minus_beta1 = 1 - beta1
    return (beta2, one_minus_beta2, c2, weight_decay, eps, lr_t, one_minus_c, c, one_minus_beta1, beta1)


def schedule_free_adamw_elements(
    w: Array,
    z: Array,
    x: Array,
    v: Array,
    g: Array,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    weight_decay: float,
    eps: float,
    lr_t: float,
    one_minus_c: float,
    c: float,
    one_minus_beta1: float,
    beta1: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeAdamW for each element; returns w, z, x, v after it.

        lr_t            = lr * minimum(1, t / maximum(1, warmup))                   learning rate, warmed up
        lr_max_new      = maximum(lr_max, lr * minimum(1, t / maximum(1, warmup)))  largest learning rate
        weight          = lr_max_new**weight_lr_power * t**r                        weight of this iterate
        weight_sum_new  = weight_sum + weight
        c               = where(weight_sum_new > 0, weight / weight_sum_new, 0)     its share, none while all weights are 0
        c2              = 1 - beta2**t                                              correction of the second moment
        v_new           = beta2 * v + (1 - beta2) * g**2                            second moment
        v_hat           = v_new / c2
        u               = weight_decay * w + g / (sqrt(v_hat) + eps)                direction
        z_new           = z - lr_t * u                                              iterate
        x_new           = (1 - c) * x + c * z_new                                   mean of the iterates: what is evaluated
        w_new           = (1 - beta1) * z_new + beta1 * x_new                       y: where the gradient is taken next

    w, z, x, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2
    u = weight_decay * w + g / (torch.sqrt(v_hat) + eps)  # direction
    z_new = z - lr_t * u  # iterate
    x_new = one_minus_c * x + c * z_new  # mean of the iterates: what is evaluated
    w_new = one_minus_beta1 * z_new + beta1 * x_new  # y: where the gradient is taken next
    return (w_new, z_new, x_new, v_new)


def schedule_free_adamw_shared(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 0.0025,
    warmup: int = 0,
    r: float = 0.0,
    weight_lr_power: float = 2.0,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    lr_max_new = max(lr_max, lr * min(1, t / max(1, warmup)))  # largest learning rate
    weight = power(lr_max_new, weight_lr_power) * power(t, r)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    return (lr_max_new, weight_sum_new)


class ScheduleFreeAdamW(TorchOptimizer):
    """ScheduleFreeAdamW: Adam without momentum, whose mean is evaluated.

    Source: Defazio et al. (2024), arXiv:2405.15682, as AdamWScheduleFree of github.com/facebookresearch/schedule_free since it divides the second moment, and no longer the learning rate, by the correction.
    The equations are in `schedule_free_adamw_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr               lr > 0                gamma of the paper: learning rate
        warmup           integer warmup >= 0   steps in which the learning rate rises
        r                0 <= r <= 16          power of the step number that weights an iterate
        weight_lr_power  weight_lr_power >= 0  power of the learning rate that weights an iterate
        beta2            0 <= beta2 < 1        decay of the second moment
        eps              eps >= 0              keeps the division from zero
        weight_decay     weight_decay >= 0     weight decay where the gradient is taken
        beta1            0 <= beta1 <= 1       share of the mean where the gradient is taken
    """

    _states: ClassVar = ("z", "x", "v")
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "warmup": ("integer warmup >= 0", lambda warmup: warmup >= 0 and warmup % 1 == 0),
        "r": ("0 <= r <= 16", lambda r: 0 <= r <= 16),
        "weight_lr_power": ("weight_lr_power >= 0", lambda weight_lr_power: weight_lr_power >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "beta1": ("0 <= beta1 <= 1", lambda beta1: 0 <= beta1 <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_adamw_scalars)
    _elements = staticmethod(schedule_free_adamw_elements)
    _advance = staticmethod(schedule_free_adamw_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.0025,
        warmup: IntHyper = 0,
        r: Hyper = 0.0,
        weight_lr_power: Hyper = 2.0,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        beta1: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, warmup=warmup, r=r, weight_lr_power=weight_lr_power, beta2=beta2, eps=eps, weight_decay=weight_decay, beta1=beta1)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), w.clone(), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"lr_max": 0, "weight_sum": 0}


def schedule_free_adamw_printed_scalars(
    weight_sum: float,
    t: int,
    *,
    lr: float = 0.0025,
    beta2: float = 0.999,
    warmup: int = 0,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeAdamWPrinted: the last arguments of `schedule_free_adamw_printed_elements`.

    t is the number of the step, from 1. States:

        z           = w before the first step
        x           = w before the first step
        v           = 0 before the first step
        weight_sum  = 0 before the first step
    """
    lr_t = lr * math.sqrt(one_minus_power(beta2, t)) * min(1, t / max(1, warmup))  # learning rate, corrected and warmed up
    weight = power(lr_t, 2)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    c = weight / weight_sum_new if weight_sum_new > 0 else 0  # its share, none while all weights are 0
    one_minus_beta2 = 1 - beta2
    lr_t_weight_decay = lr_t * weight_decay
    one_minus_c = 1 - c
    one_minus_beta1 = 1 - beta1
    return (beta2, one_minus_beta2, lr_t_weight_decay, lr_t, eps, one_minus_c, c, one_minus_beta1, beta1)


def schedule_free_adamw_printed_elements(
    w: Array,
    z: Array,
    x: Array,
    v: Array,
    g: Array,
    beta2: float,
    one_minus_beta2: float,
    lr_t_weight_decay: float,
    lr_t: float,
    eps: float,
    one_minus_c: float,
    c: float,
    one_minus_beta1: float,
    beta1: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeAdamWPrinted for each element; returns w, z, x, v after it.

        lr_t            = lr * sqrt(1 - beta2**t) * minimum(1, t / maximum(1, warmup))  learning rate, corrected and warmed up
        v_new           = beta2 * v + (1 - beta2) * g**2                                second moment
        z_new           = z - lr_t * weight_decay * w - lr_t * g / (sqrt(v_new) + eps)  iterate
        weight          = lr_t**2                                                       weight of this iterate
        weight_sum_new  = weight_sum + weight
        c               = where(weight_sum_new > 0, weight / weight_sum_new, 0)         its share, none while all weights are 0
        x_new           = (1 - c) * x + c * z_new                                       mean of the iterates: what is evaluated
        w_new           = (1 - beta1) * z_new + beta1 * x_new                           y: where the gradient is taken next

    w, z, x, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    z_new = z - lr_t_weight_decay * w - lr_t * g / (torch.sqrt(v_new) + eps)  # iterate
    x_new = one_minus_c * x + c * z_new  # mean of the iterates: what is evaluated
    w_new = one_minus_beta1 * z_new + beta1 * x_new  # y: where the gradient is taken next
    return (w_new, z_new, x_new, v_new)


def schedule_free_adamw_printed_shared(
    weight_sum: float,
    t: int,
    *,
    lr: float = 0.0025,
    beta2: float = 0.999,
    warmup: int = 0,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    lr_t = lr * math.sqrt(one_minus_power(beta2, t)) * min(1, t / max(1, warmup))  # learning rate, corrected and warmed up
    weight = power(lr_t, 2)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    return (weight_sum_new,)


class ScheduleFreeAdamWPrinted(TorchOptimizer):
    """ScheduleFreeAdamWPrinted: ScheduleFreeAdamW with the bias correction in the learning rate, which then weights the iterates.

    Source: Defazio et al. (2024), Algorithm 1, arXiv:2405.15682.
    The equations are in `schedule_free_adamw_printed_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr > 0               gamma of the paper: learning rate
        beta2         0 <= beta2 < 1       decay of the second moment
        warmup        integer warmup >= 0  steps in which the learning rate rises
        eps           eps >= 0             keeps the division from zero
        weight_decay  weight_decay >= 0    weight decay where the gradient is taken
        beta1         0 <= beta1 <= 1      share of the mean where the gradient is taken
    """

    _states: ClassVar = ("z", "x", "v")
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "warmup": ("integer warmup >= 0", lambda warmup: warmup >= 0 and warmup % 1 == 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "beta1": ("0 <= beta1 <= 1", lambda beta1: 0 <= beta1 <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_adamw_printed_scalars)
    _elements = staticmethod(schedule_free_adamw_printed_elements)
    _advance = staticmethod(schedule_free_adamw_printed_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.0025,
        beta2: Hyper = 0.999,
        warmup: IntHyper = 0,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        beta1: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, warmup=warmup, eps=eps, weight_decay=weight_decay, beta1=beta1)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), w.clone(), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"weight_sum": 0}


def schedule_free_adamw_optax_scalars(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 0.0025,
    warmup: int = 0,
    weight_lr_power: float = 2.0,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeAdamWOptax: the last arguments of `schedule_free_adamw_optax_elements`.

    t is the number of the step, from 1. States:

        z           = w before the first step
        x           = w before the first step
        v           = 0 before the first step
        lr_max      = 0 before the first step
        weight_sum  = 0 before the first step
    """
    lr_t = lr * (min(1, (t - 1) / max(1, warmup)) if warmup > 0 else 1)  # learning rate, warmed up
    lr_max_new = max(lr_max, lr * min(1, t / max(1, warmup)))  # largest learning rate
    weight = power(lr_max_new, weight_lr_power)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    c = weight / weight_sum_new if weight_sum_new > 0 else 0  # its share, none while all weights are 0
    c2 = one_minus_power(beta2, t)  # correction of the second moment
    one_minus_beta2 = 1 - beta2
    one_minus_c = 1 - c
    one_minus_beta1 = 1 - beta1
    return (beta2, one_minus_beta2, c2, weight_decay, eps, lr_t, one_minus_c, c, one_minus_beta1, beta1)


def schedule_free_adamw_optax_elements(
    w: Array,
    z: Array,
    x: Array,
    v: Array,
    g: Array,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    weight_decay: float,
    eps: float,
    lr_t: float,
    one_minus_c: float,
    c: float,
    one_minus_beta1: float,
    beta1: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeAdamWOptax for each element; returns w, z, x, v after it.

        lr_t            = lr * where(warmup > 0, minimum(1, (t - 1) / maximum(1, warmup)), 1)  learning rate, warmed up
        lr_max_new      = maximum(lr_max, lr * minimum(1, t / maximum(1, warmup)))  largest learning rate
        weight          = lr_max_new**weight_lr_power                               weight of this iterate
        weight_sum_new  = weight_sum + weight
        c               = where(weight_sum_new > 0, weight / weight_sum_new, 0)     its share, none while all weights are 0
        c2              = 1 - beta2**t                                              correction of the second moment
        v_new           = beta2 * v + (1 - beta2) * g**2                            second moment
        v_hat           = v_new / c2
        u               = weight_decay * w + g / (sqrt(v_hat) + eps)                direction
        z_new           = z - lr_t * u                                              iterate
        x_new           = (1 - c) * x + c * z_new                                   mean of the iterates: what is evaluated
        w_new           = (1 - beta1) * z_new + beta1 * x_new                       y: where the gradient is taken next

    w, z, x, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2
    u = weight_decay * w + g / (torch.sqrt(v_hat) + eps)  # direction
    z_new = z - lr_t * u  # iterate
    x_new = one_minus_c * x + c * z_new  # mean of the iterates: what is evaluated
    w_new = one_minus_beta1 * z_new + beta1 * x_new  # y: where the gradient is taken next
    return (w_new, z_new, x_new, v_new)


def schedule_free_adamw_optax_shared(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 0.0025,
    warmup: int = 0,
    weight_lr_power: float = 2.0,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    lr_max_new = max(lr_max, lr * min(1, t / max(1, warmup)))  # largest learning rate
    weight = power(lr_max_new, weight_lr_power)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    return (lr_max_new, weight_sum_new)


class ScheduleFreeAdamWOptax(TorchOptimizer):
    """ScheduleFreeAdamWOptax: ScheduleFreeAdamW whose warm-up starts with a rate of zero.

    Source: optax.contrib.schedule_free_adamw, after Defazio et al. (2024), arXiv:2405.15682.
    The equations are in `schedule_free_adamw_optax_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr               lr > 0                gamma of the paper: learning rate
        warmup           integer warmup >= 0   steps in which the learning rate rises
        weight_lr_power  weight_lr_power >= 0  power of the learning rate that weights an iterate
        beta2            0 <= beta2 < 1        decay of the second moment
        eps              eps >= 0              keeps the division from zero
        weight_decay     weight_decay >= 0     weight decay where the gradient is taken
        beta1            0 <= beta1 <= 1       share of the mean where the gradient is taken
    """

    _states: ClassVar = ("z", "x", "v")
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "warmup": ("integer warmup >= 0", lambda warmup: warmup >= 0 and warmup % 1 == 0),
        "weight_lr_power": ("weight_lr_power >= 0", lambda weight_lr_power: weight_lr_power >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "beta1": ("0 <= beta1 <= 1", lambda beta1: 0 <= beta1 <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_adamw_optax_scalars)
    _elements = staticmethod(schedule_free_adamw_optax_elements)
    _advance = staticmethod(schedule_free_adamw_optax_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.0025,
        warmup: IntHyper = 0,
        weight_lr_power: Hyper = 2.0,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        beta1: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, warmup=warmup, weight_lr_power=weight_lr_power, beta2=beta2, eps=eps, weight_decay=weight_decay, beta1=beta1)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), w.clone(), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"lr_max": 0, "weight_sum": 0}


def schedule_free_adamw_two_rates_scalars(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 0.0025,
    weight_lr: float = 1.0,
    weight_lr_power: float = 2.0,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeAdamWTwoRates: the last arguments of `schedule_free_adamw_two_rates_elements`.

    t is the number of the step, from 1. States:

        z           = w before the first step
        x           = w before the first step
        v           = 0 before the first step
        lr_max      = 0 before the first step
        weight_sum  = 0 before the first step
    """
    lr_max_new = max(lr_max, weight_lr)  # largest learning rate
    weight = power(lr_max_new, weight_lr_power)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    c = weight / weight_sum_new if weight_sum_new > 0 else 0  # its share, none while all weights are 0
    c2 = one_minus_power(beta2, t)  # correction of the second moment
    one_minus_beta2 = 1 - beta2
    one_minus_c = 1 - c
    one_minus_beta1 = 1 - beta1
    return (beta2, one_minus_beta2, c2, weight_decay, eps, lr, one_minus_c, c, one_minus_beta1, beta1)


def schedule_free_adamw_two_rates_elements(
    w: Array,
    z: Array,
    x: Array,
    v: Array,
    g: Array,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    weight_decay: float,
    eps: float,
    lr: float,
    one_minus_c: float,
    c: float,
    one_minus_beta1: float,
    beta1: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeAdamWTwoRates for each element; returns w, z, x, v after it.

        lr_max_new      = maximum(lr_max, weight_lr)                             largest learning rate
        weight          = lr_max_new**weight_lr_power                            weight of this iterate
        weight_sum_new  = weight_sum + weight
        c               = where(weight_sum_new > 0, weight / weight_sum_new, 0)  its share, none while all weights are 0
        c2              = 1 - beta2**t                                           correction of the second moment
        v_new           = beta2 * v + (1 - beta2) * g**2                         second moment
        v_hat           = v_new / c2
        u               = weight_decay * w + g / (sqrt(v_hat) + eps)             direction
        z_new           = z - lr * u                                             iterate
        x_new           = (1 - c) * x + c * z_new                                mean of the iterates: what is evaluated
        w_new           = (1 - beta1) * z_new + beta1 * x_new                    y: where the gradient is taken next

    w, z, x, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2
    u = weight_decay * w + g / (torch.sqrt(v_hat) + eps)  # direction
    z_new = z - lr * u  # iterate
    x_new = one_minus_c * x + c * z_new  # mean of the iterates: what is evaluated
    w_new = one_minus_beta1 * z_new + beta1 * x_new  # y: where the gradient is taken next
    return (w_new, z_new, x_new, v_new)


def schedule_free_adamw_two_rates_shared(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 0.0025,
    weight_lr: float = 1.0,
    weight_lr_power: float = 2.0,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    lr_max_new = max(lr_max, weight_lr)  # largest learning rate
    weight = power(lr_max_new, weight_lr_power)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    return (lr_max_new, weight_sum_new)


class ScheduleFreeAdamWTwoRates(TorchOptimizer):
    """ScheduleFreeAdamWTwoRates: ScheduleFreeAdamW whose iterates count by a learning rate that need not be that of the step.

    Source: optax.contrib.schedule_free around adamw, after Defazio et al. (2024), arXiv:2405.15682.
    The equations are in `schedule_free_adamw_two_rates_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr               lr >= 0               gamma of the paper: learning rate
        weight_lr        weight_lr > 0         learning rate that weights an iterate
        weight_lr_power  weight_lr_power >= 0  power of the learning rate that weights an iterate
        beta2            0 <= beta2 < 1        decay of the second moment
        eps              eps >= 0              keeps the division from zero
        weight_decay     weight_decay >= 0     weight decay where the gradient is taken
        beta1            0 <= beta1 <= 1       share of the mean where the gradient is taken
    """

    _states: ClassVar = ("z", "x", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "weight_lr": ("weight_lr > 0", lambda weight_lr: weight_lr > 0),
        "weight_lr_power": ("weight_lr_power >= 0", lambda weight_lr_power: weight_lr_power >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "beta1": ("0 <= beta1 <= 1", lambda beta1: 0 <= beta1 <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_adamw_two_rates_scalars)
    _elements = staticmethod(schedule_free_adamw_two_rates_elements)
    _advance = staticmethod(schedule_free_adamw_two_rates_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.0025,
        weight_lr: Hyper = 1.0,
        weight_lr_power: Hyper = 2.0,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        beta1: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, weight_lr=weight_lr, weight_lr_power=weight_lr_power, beta2=beta2, eps=eps, weight_decay=weight_decay, beta1=beta1)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), w.clone(), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"lr_max": 0, "weight_sum": 0}


def schedule_free_adamw_keras_scalars(
    t: int,
    *,
    lr: float = 0.0025,
    warmup: int = 0,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeAdamWKeras: the last arguments of `schedule_free_adamw_keras_elements`.

    t is the number of the step, from 1. States:

        z  = w before the first step
        v  = 0 before the first step
    """
    lr_t = lr * min(1, t / max(1, warmup))  # learning rate, warmed up
    c2 = one_minus_power(beta2, t)  # correction of the second moment
    one_minus_beta2 = 1 - beta2
    lr_t_sqrt_c2 = lr_t * math.sqrt(c2)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    beta1_one_minus_one_over_t_over_beta1 = beta1 * (1 - 1 / t) / beta1
    one_minus_beta1 = 1 - beta1
    beta1_over_t = beta1 / t
    return (beta2, one_minus_beta2, lr_t_sqrt_c2, eps_sqrt_c2, beta1_one_minus_one_over_t_over_beta1, one_minus_beta1, beta1_over_t)


def schedule_free_adamw_keras_elements(
    w: Array,
    z: Array,
    v: Array,
    g: Array,
    beta2: float,
    one_minus_beta2: float,
    lr_t_sqrt_c2: float,
    eps_sqrt_c2: float,
    beta1_one_minus_one_over_t_over_beta1: float,
    one_minus_beta1: float,
    beta1_over_t: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeAdamWKeras for each element; returns w, z, v after it.

        lr_t   = lr * minimum(1, t / maximum(1, warmup))  learning rate, warmed up
        c2     = 1 - beta2**t                             correction of the second moment
        v_new  = beta2 * v + (1 - beta2) * g**2           second moment
        v_hat  = v_new / c2
        x_old  = (w - (1 - beta1) * z) / beta1            mean of the iterates so far
        z_new  = z - lr_t * g / (sqrt(v_hat) + eps)       iterate
        w_new  = beta1 * ((1 - 1 / t) * x_old + z_new / t) + (1 - beta1) * z_new  y

    What is computed comes to the same with fewer operations for each element:

        lr_t_sqrt_c2                           = lr_t * sqrt(c2)
        eps_sqrt_c2                            = eps * sqrt(c2)
        beta1_one_minus_one_over_t_over_beta1  = beta1 * (1 - 1 / t) / beta1
        one_minus_beta1                        = 1 - beta1
        beta1_over_t                           = beta1 / t
        z_new                                  = z - lr_t_sqrt_c2 * g / (sqrt(v_new) + eps_sqrt_c2)
        w_new                                  = beta1_one_minus_one_over_t_over_beta1 * (w - one_minus_beta1 * z) + beta1_over_t * z_new + one_minus_beta1 * z_new

    w, z, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    z_new = z - lr_t_sqrt_c2 * g / (torch.sqrt(v_new) + eps_sqrt_c2)  # iterate
    w_new = beta1_one_minus_one_over_t_over_beta1 * (w - one_minus_beta1 * z) + beta1_over_t * z_new + one_minus_beta1 * z_new  # y
    return (w_new, z_new, v_new)


class ScheduleFreeAdamWKeras(TorchOptimizer):
    """ScheduleFreeAdamWKeras: ScheduleFreeAdamW with iterates that count alike; x = (w - (1 - beta1) z) / beta1 is evaluated.

    Source: keras.optimizers.ScheduleFreeAdamW, after Defazio et al. (2024), arXiv:2405.15682.
    The equations are in `schedule_free_adamw_keras_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr      lr >= 0              gamma of the paper: learning rate
        warmup  integer warmup >= 0  steps in which the learning rate rises
        beta2   0 <= beta2 < 1       decay of the second moment
        beta1   0 < beta1 <= 1       share of the mean where the gradient is taken
        eps     eps >= 0             keeps the division from zero
    """

    _states: ClassVar = ("z", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "warmup": ("integer warmup >= 0", lambda warmup: warmup >= 0 and warmup % 1 == 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 < beta1 <= 1", lambda beta1: 0 < beta1 <= 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_adamw_keras_scalars)
    _elements = staticmethod(schedule_free_adamw_keras_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.0025,
        warmup: IntHyper = 0,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, warmup=warmup, beta2=beta2, beta1=beta1, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), torch.zeros_like(w))


def schedule_free_radam_scalars(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 0.0025,
    beta2: float = 0.999,
    r: float = 0.0,
    weight_lr_power: float = 2.0,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of ScheduleFreeRAdam: the last arguments of `schedule_free_radam_elements`.

    t is the number of the step, from 1. States:

        z           = w before the first step
        x           = w before the first step
        v           = 0 before the first step
        lr_max      = 0 before the first step
        weight_sum  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # correction of the second moment
    longest = 2 / (1 - beta2) - 1  # length of the average in the end
    length = average_length(beta2, t)  # length of the average so far
    lr_t = lr * sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))) if length > 4 else 0  # learning rate, rectified
    lr_max_new = max(lr_max, lr_t)  # largest learning rate
    weight = power(lr_max_new, weight_lr_power) * power(t, r)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    c = weight * (1 / weight_sum_new if weight_sum_new > 0 else 1) if lr_max_new > 0 else 0  # its share
    one_minus_beta2 = 1 - beta2
    one_minus_c = 1 - c
    one_minus_beta1 = 1 - beta1
    return (beta2, one_minus_beta2, c2, weight_decay, eps, lr_t, one_minus_c, c, one_minus_beta1, beta1)


def schedule_free_radam_elements(
    w: Array,
    z: Array,
    x: Array,
    v: Array,
    g: Array,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    weight_decay: float,
    eps: float,
    lr_t: float,
    one_minus_c: float,
    c: float,
    one_minus_beta1: float,
    beta1: float,
) -> tuple[Array, ...]:
    """A step of ScheduleFreeRAdam for each element; returns w, z, x, v after it.

        c2              = 1 - beta2**t                                 correction of the second moment
        v_new           = beta2 * v + (1 - beta2) * g**2               second moment
        v_hat           = v_new / c2
        longest         = 2 / (1 - beta2) - 1                          length of the average in the end
        length          = longest - 2 * t * beta2**t / (1 - beta2**t)  length of the average so far
        lr_t            = where(length > 4, lr * sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))), 0)  learning rate, rectified
        lr_max_new      = maximum(lr_max, lr_t)                        largest learning rate
        weight          = lr_max_new**weight_lr_power * t**r           weight of this iterate
        weight_sum_new  = weight_sum + weight
        c               = where(lr_max_new > 0, weight * where(weight_sum_new > 0, 1 / weight_sum_new, 1), 0)  its share
        u               = weight_decay * w + g / (sqrt(v_hat) + eps)   direction
        z_new           = z - lr_t * u                                 iterate
        x_new           = (1 - c) * x + c * z_new                      mean of the iterates: what is evaluated
        w_new           = (1 - beta1) * z_new + beta1 * x_new          y: where the gradient is taken next

    w, z, x, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2
    u = weight_decay * w + g / (torch.sqrt(v_hat) + eps)  # direction
    z_new = z - lr_t * u  # iterate
    x_new = one_minus_c * x + c * z_new  # mean of the iterates: what is evaluated
    w_new = one_minus_beta1 * z_new + beta1 * x_new  # y: where the gradient is taken next
    return (w_new, z_new, x_new, v_new)


def schedule_free_radam_shared(
    lr_max: float,
    weight_sum: float,
    t: int,
    *,
    lr: float = 0.0025,
    beta2: float = 0.999,
    r: float = 0.0,
    weight_lr_power: float = 2.0,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    longest = 2 / (1 - beta2) - 1  # length of the average in the end
    length = average_length(beta2, t)  # length of the average so far
    lr_t = lr * sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))) if length > 4 else 0  # learning rate, rectified
    lr_max_new = max(lr_max, lr_t)  # largest learning rate
    weight = power(lr_max_new, weight_lr_power) * power(t, r)  # weight of this iterate
    weight_sum_new = weight_sum + weight
    return (lr_max_new, weight_sum_new)


class ScheduleFreeRAdam(TorchOptimizer):
    """ScheduleFreeRAdam: ScheduleFreeAdamW that rests until its second moment can be used, and needs no warm-up.

    Source: RAdamScheduleFree of github.com/facebookresearch/schedule_free, after arXiv:2405.15682, silent at first.
    The equations are in `schedule_free_radam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr               lr > 0                gamma of the paper: learning rate
        beta2            0 <= beta2 < 1        decay of the second moment
        r                0 <= r <= 16          power of the step number that weights an iterate
        weight_lr_power  weight_lr_power >= 0  power of the learning rate that weights an iterate
        eps              eps >= 0              keeps the division from zero
        weight_decay     weight_decay >= 0     weight decay where the gradient is taken
        beta1            0 <= beta1 <= 1       share of the mean where the gradient is taken
    """

    _states: ClassVar = ("z", "x", "v")
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "r": ("0 <= r <= 16", lambda r: 0 <= r <= 16),
        "weight_lr_power": ("weight_lr_power >= 0", lambda weight_lr_power: weight_lr_power >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "beta1": ("0 <= beta1 <= 1", lambda beta1: 0 <= beta1 <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(schedule_free_radam_scalars)
    _elements = staticmethod(schedule_free_radam_elements)
    _advance = staticmethod(schedule_free_radam_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.0025,
        beta2: Hyper = 0.999,
        r: Hyper = 0.0,
        weight_lr_power: Hyper = 2.0,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        beta1: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, r=r, weight_lr_power=weight_lr_power, eps=eps, weight_decay=weight_decay, beta1=beta1)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), w.clone(), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"lr_max": 0, "weight_sum": 0}
