# generated from specs/ftrl.py; regenerate with: python cli.py generate ftrl
"""FTRL-Proximal: the weights that would have been best so far, with L1 and L2 penalties; L1 makes them exactly 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "FTRL",
    "FTRLKeras",
    "ftrl_elements",
    "ftrl_keras_elements",
    "ftrl_keras_scalars",
    "ftrl_scalars",
]


def ftrl_scalars(
    t: int,
    *,
    lr: float = 0.1,
    beta: float = 1.0,
    l2: float = 0.0,
    l1: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of FTRL: the last arguments of `ftrl_elements`.

    t is the number of the step, from 1. States:

        z   = 0 before the first step
        n_  = 0 before the first step
    """
    minus_l1 = -l1
    return (lr, beta, l2, minus_l1, l1)


def ftrl_elements(
    w: Array,
    z: Array,
    n_: Array,
    g: Array,
    lr: float,
    beta: float,
    l2: float,
    minus_l1: float,
    l1: float,
) -> tuple[Array, ...]:
    """A step of FTRL for each element; returns w, z, n_ after it.

        n__new     = n_ + g**2                                               sum of squares
        sigma      = (sqrt(n__new) - sqrt(n_)) / lr                          growth of the curvature
        z_new      = z + g - w * sigma                                       sum of gradients, less what the weights had of the curvature
        curvature  = (sqrt(n__new) + beta) / lr + l2
        w_new      = (minimum(maximum(z_new, -l1), l1) - z_new) / curvature  0 where z is at most l1 in size

    w, z, n_ and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    n__new = n_ + g**2  # sum of squares
    sigma = (torch.sqrt(n__new) - torch.sqrt(n_)) / lr  # growth of the curvature
    z_new = z + g - w * sigma  # sum of gradients, less what the weights had of the curvature
    curvature = (torch.sqrt(n__new) + beta) / lr + l2
    w_new = (torch.minimum(torch.maximum(z_new, minus_l1), l1) - z_new) / curvature  # 0 where z is at most l1 in size
    return (w_new, z_new, n__new)


class FTRL(TorchOptimizer):
    """FTRL: follow the regularized leader, with a learning rate per weight.

    Source: McMahan et al. (2013), Algorithm 1, doi:10.1145/2487575.2488200.
    The equations are in `ftrl_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr    lr > 0    alpha of the paper: learning rate
        beta  beta > 0  least denominator of the learning rate
        l2    l2 >= 0   lambda2 of the paper: weight of the L2 penalty
        l1    l1 >= 0   lambda1 of the paper: weight of the L1 penalty
    """

    _states: ClassVar = ("z", "n_")
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "beta": ("beta > 0", lambda beta: beta > 0),
        "l2": ("l2 >= 0", lambda l2: l2 >= 0),
        "l1": ("l1 >= 0", lambda l1: l1 >= 0),
    }
    _scalars = staticmethod(ftrl_scalars)
    _elements = staticmethod(ftrl_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta: Hyper = 1.0,
        l2: Hyper = 0.0,
        l1: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta, l2=l2, l1=l1)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def ftrl_keras_scalars(
    t: int,
    *,
    lr: float = 0.001,
    lr_power: float = -0.5,
    l2_shrinkage: float = 0.0,
    beta: float = 0.0,
    l2: float = 0.0,
    l1: float = 0.0,
    initial_accumulator: float = 0.1,
) -> tuple[float, ...]:
    """What all elements share in a step of FTRLKeras: the last arguments of `ftrl_keras_elements`.

    t is the number of the step, from 1. States:

        z   = 0 before the first step
        n_  = initial_accumulator before the first step
    """
    two_l2_shrinkage = 2 * l2_shrinkage
    two_l2 = 2 * l2
    minus_l1 = -l1
    return (lr_power, lr, two_l2_shrinkage, beta, two_l2, minus_l1, l1)


def ftrl_keras_elements(
    w: Array,
    z: Array,
    n_: Array,
    g: Array,
    lr_power: float,
    lr: float,
    two_l2_shrinkage: float,
    beta: float,
    two_l2: float,
    minus_l1: float,
    l1: float,
) -> tuple[Array, ...]:
    """A step of FTRLKeras for each element; returns w, z, n_ after it.

        n__new     = n_ + g**2                                               sum of squares
        sigma      = (1 / n__new**lr_power - 1 / n_**lr_power) / lr          growth of the curvature
        shrunk     = g + 2 * l2_shrinkage * w                                gradient with its penalty
        z_new      = z + shrunk - w * sigma                                  sum of gradients, less what the weights had of the curvature
        curvature  = (1 / n__new**lr_power + beta) / lr + 2 * l2
        w_new      = (minimum(maximum(z_new, -l1), l1) - z_new) / curvature  0 where z is at most l1 in size

    w, z, n_ and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    n__new = n_ + g**2  # sum of squares
    sigma = (1 / n__new**lr_power - 1 / n_**lr_power) / lr  # growth of the curvature
    shrunk = g + two_l2_shrinkage * w  # gradient with its penalty
    z_new = z + shrunk - w * sigma  # sum of gradients, less what the weights had of the curvature
    curvature = (1 / n__new**lr_power + beta) / lr + two_l2
    w_new = (torch.minimum(torch.maximum(z_new, minus_l1), l1) - z_new) / curvature  # 0 where z is at most l1 in size
    return (w_new, z_new, n__new)


class FTRLKeras(TorchOptimizer):
    """FTRLKeras: FTRL with a power of its own, a first sum of squares, and a second L2 penalty.

    Source: McMahan et al. (2013), doi:10.1145/2487575.2488200, as in keras.optimizers.Ftrl: l2 counts twice.
    The equations are in `ftrl_keras_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr > 0                   learning rate
        lr_power             lr_power <= 0            power of n_ with which the learning rate falls
        l2_shrinkage         l2_shrinkage >= 0        weight of an L2 penalty through the gradient
        beta                 beta >= 0                added to the root of n_
        l2                   l2 >= 0                  lambda2 of the paper: weight of the L2 penalty
        l1                   l1 >= 0                  lambda1 of the paper: weight of the L1 penalty
        initial_accumulator  initial_accumulator > 0  n_ at first
    """

    _states: ClassVar = ("z", "n_")
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "lr_power": ("lr_power <= 0", lambda lr_power: lr_power <= 0),
        "l2_shrinkage": ("l2_shrinkage >= 0", lambda l2_shrinkage: l2_shrinkage >= 0),
        "beta": ("beta >= 0", lambda beta: beta >= 0),
        "l2": ("l2 >= 0", lambda l2: l2 >= 0),
        "l1": ("l1 >= 0", lambda l1: l1 >= 0),
        "initial_accumulator": ("initial_accumulator > 0", lambda initial_accumulator: initial_accumulator > 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(ftrl_keras_scalars)
    _elements = staticmethod(ftrl_keras_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        lr_power: Hyper = -0.5,
        l2_shrinkage: Hyper = 0.0,
        beta: Hyper = 0.0,
        l2: Hyper = 0.0,
        l1: Hyper = 0.0,
        initial_accumulator: Hyper = 0.1,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, lr_power=lr_power, l2_shrinkage=l2_shrinkage, beta=beta, l2=l2, l1=l1, initial_accumulator=initial_accumulator)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.full_like(w, hyper["initial_accumulator"]))
