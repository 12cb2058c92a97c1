# generated from specs/ftrl.py; regenerate with: python cli.py generate ftrl
"""FTRL-Proximal: the weights that would have been best so far, with L1 and L2 penalties; L1 makes them exactly 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "FTRL",
    "FTRLKeras",
    "ftrl_keras_update",
    "ftrl_update",
]


def ftrl_update(
    w: Array,
    g: Array,
    z: Array,
    n_: Array,
    t: int,
    *,
    lr: float = 0.1,
    beta: float = 1.0,
    l2: float = 0.0,
    l1: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of FTRL on one array, in place.

        n__new     = n_ + g**2                                               sum of squares
        sigma      = (sqrt(n__new) - sqrt(n_)) / lr                          growth of the curvature
        z_new      = z + g - w * sigma                                       sum of gradients, less what the weights had of the curvature
        curvature  = (sqrt(n__new) + beta) / lr + l2
        w_new      = (minimum(maximum(z_new, -l1), l1) - z_new) / curvature  0 where z is at most l1 in size

    Then z, n_, w take the new values.

    w, z, n_ and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        z   = 0 before the first step
        n_  = 0 before the first step
    """
    minus_l1 = -l1

    for tile in tiles((w, z, n_), (g,), scratch=3, stages=stages):
        w, z, n_, g, s0, s1, s2 = tile
        # n__new = n_ + g**2  (sum of squares)
        np.square(g, out=s0)
        n__new = np.add(n_, s0, out=s0)
        # sigma = (sqrt(n__new) - sqrt(n_)) / lr  (growth of the curvature)
        np.sqrt(n__new, out=s1)
        np.sqrt(n_, out=s2)
        np.subtract(s1, s2, out=s1)
        sigma = np.divide(s1, lr, out=s1)
        # z_new = z + g - w * sigma  (sum of gradients, less what the weights had of the curvature)
        np.add(z, g, out=z)
        np.multiply(w, sigma, out=s1)
        z_new = np.subtract(z, s1, out=z)
        # curvature = (sqrt(n__new) + beta) / lr + l2
        np.sqrt(n__new, out=s1)
        np.add(s1, beta, out=s1)
        np.divide(s1, lr, out=s1)
        curvature = np.add(s1, l2, out=s1)
        # w_new = (minimum(maximum(z_new, -l1), l1) - z_new) / curvature  (0 where z is at most l1 in size)
        np.maximum(z_new, minus_l1, out=w)
        np.minimum(w, l1, out=w)
        np.subtract(w, z_new, out=w)
        np.divide(w, curvature, out=w)
        np.copyto(n_, n__new)


class FTRL(NumpyOptimizer):
    """FTRL: follow the regularized leader, with a learning rate per weight.

    Source: McMahan et al. (2013), Algorithm 1, doi:10.1145/2487575.2488200.
    The equations are in `ftrl_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr    lr > 0    alpha of the paper: learning rate
        beta  beta > 0  least denominator of the learning rate
        l2    l2 >= 0   lambda2 of the paper: weight of the L2 penalty
        l1    l1 >= 0   lambda1 of the paper: weight of the L1 penalty
    """

    lr: Hyper
    beta: Hyper
    l2: Hyper
    l1: Hyper

    _states: ClassVar = ("z", "n_")
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "beta": ("beta > 0", lambda beta: beta > 0),
        "l2": ("l2 >= 0", lambda l2: l2 >= 0),
        "l1": ("l1 >= 0", lambda l1: l1 >= 0),
    }
    _update = staticmethod(ftrl_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta: Hyper = 1.0,
        l2: Hyper = 0.0,
        l1: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            lr=lr,
            beta=beta,
            l2=l2,
            l1=l1,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def ftrl_keras_update(
    w: Array,
    g: Array,
    z: Array,
    n_: Array,
    t: int,
    *,
    lr: float = 0.001,
    lr_power: float = -0.5,
    l2_shrinkage: float = 0.0,
    beta: float = 0.0,
    l2: float = 0.0,
    l1: float = 0.0,
    initial_accumulator: float = 0.1,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of FTRLKeras on one array, in place.

        n__new     = n_ + g**2                                               sum of squares
        sigma      = (1 / n__new**lr_power - 1 / n_**lr_power) / lr          growth of the curvature
        shrunk     = g + 2 * l2_shrinkage * w                                gradient with its penalty
        z_new      = z + shrunk - w * sigma                                  sum of gradients, less what the weights had of the curvature
        curvature  = (1 / n__new**lr_power + beta) / lr + 2 * l2
        w_new      = (minimum(maximum(z_new, -l1), l1) - z_new) / curvature  0 where z is at most l1 in size

    Then z, n_, w take the new values.

    w, z, n_ and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        z   = 0 before the first step
        n_  = initial_accumulator before the first step
    """
    two_l2_shrinkage = 2 * l2_shrinkage
    two_l2 = 2 * l2
    minus_l1 = -l1

    for tile in tiles((w, z, n_), (g,), scratch=3, stages=stages):
        w, z, n_, g, s0, s1, s2 = tile
        # n__new = n_ + g**2  (sum of squares)
        np.square(g, out=s0)
        n__new = np.add(n_, s0, out=s0)
        # sigma = (1 / n__new**lr_power - 1 / n_**lr_power) / lr  (growth of the curvature)
        np.power(n__new, lr_power, out=s1)
        np.divide(1, s1, out=s1)
        np.power(n_, lr_power, out=s2)
        np.divide(1, s2, out=s2)
        np.subtract(s1, s2, out=s1)
        sigma = np.divide(s1, lr, out=s1)
        # shrunk = g + 2 * l2_shrinkage * w  (gradient with its penalty)
        np.multiply(two_l2_shrinkage, w, out=s2)
        shrunk = np.add(g, s2, out=s2)
        # z_new = z + shrunk - w * sigma  (sum of gradients, less what the weights had of the curvature)
        np.add(z, shrunk, out=z)
        np.multiply(w, sigma, out=s1)
        z_new = np.subtract(z, s1, out=z)
        # curvature = (1 / n__new**lr_power + beta) / lr + 2 * l2
        np.power(n__new, lr_power, out=s1)
        np.divide(1, s1, out=s1)
        np.add(s1, beta, out=s1)
        np.divide(s1, lr, out=s1)
        curvature = np.add(s1, two_l2, out=s1)
        # w_new = (minimum(maximum(z_new, -l1), l1) - z_new) / curvature  (0 where z is at most l1 in size)
        np.maximum(z_new, minus_l1, out=w)
        np.minimum(w, l1, out=w)
        np.subtract(w, z_new, out=w)
        np.divide(w, curvature, out=w)
        np.copyto(n_, n__new)


class FTRLKeras(NumpyOptimizer):
    """FTRLKeras: FTRL with a power of its own, a first sum of squares, and a second L2 penalty.

    Source: McMahan et al. (2013), doi:10.1145/2487575.2488200, as in keras.optimizers.Ftrl: l2 counts twice.
    The equations are in `ftrl_keras_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr > 0                   learning rate
        lr_power             lr_power <= 0            power of n_ with which the learning rate falls
        l2_shrinkage         l2_shrinkage >= 0        weight of an L2 penalty through the gradient
        beta                 beta >= 0                added to the root of n_
        l2                   l2 >= 0                  lambda2 of the paper: weight of the L2 penalty
        l1                   l1 >= 0                  lambda1 of the paper: weight of the L1 penalty
        initial_accumulator  initial_accumulator > 0  n_ at first
    """

    lr: Hyper
    lr_power: Hyper
    l2_shrinkage: Hyper
    beta: Hyper
    l2: Hyper
    l1: Hyper
    initial_accumulator: Hyper

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
    _update = staticmethod(ftrl_keras_update)

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
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            lr=lr,
            lr_power=lr_power,
            l2_shrinkage=l2_shrinkage,
            beta=beta,
            l2=l2,
            l1=l1,
            initial_accumulator=initial_accumulator,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.full_like(w, hyper["initial_accumulator"]))
