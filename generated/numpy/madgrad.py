# generated from specs/madgrad.py; regenerate with: python cli.py generate madgrad
"""MADGRAD: dual averaging from the first weights on, over the cube root of a sum of squares, with momentum."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "MADGRAD",
    "MADGRADEpsInLr",
    "madgrad_eps_in_lr_update",
    "madgrad_update",
]


def madgrad_update(
    w: Array,
    g: Array,
    s: Array,
    v: Array,
    x0: Array,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-6,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MADGRAD on one array, in place.

        lamb    = lr * sqrt(t)                           weight of this gradient
        s_new   = s + lamb * g                           sum of gradients
        v_new   = v + lamb * g**2                        sum of squares
        x0_new  = x0                                     first weights
        z       = x0 - s_new / (v_new ** (1 / 3) + eps)  dual average
        w_new   = momentum * w + (1 - momentum) * z      momentum

    Then s, v, x0, w take the new values.

    w, s, v, x0 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        s   = 0 before the first step
        v   = 0 before the first step
        x0  = w before the first step
    """
    lamb = lr * math.sqrt(t)  # weight of this gradient
    one_over_three = 1 / 3
    one_minus_momentum = 1 - momentum

    for tile in tiles((w, s, v, x0), (g,), scratch=1, stages=stages):
        w, s, v, x0, g, s0 = tile
        # s_new = s + lamb * g  (sum of gradients)
        np.multiply(lamb, g, out=s0)
        s_new = np.add(s, s0, out=s)
        # v_new = v + lamb * g**2  (sum of squares)
        np.square(g, out=s0)
        np.multiply(lamb, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # x0_new = x0  (first weights)
        # z = x0 - s_new / (v_new ** (1 / 3) + eps)  (dual average)
        np.power(v_new, one_over_three, out=s0)
        np.add(s0, eps, out=s0)
        np.divide(s_new, s0, out=s0)
        z = np.subtract(x0, s0, out=s0)
        # w_new = momentum * w + (1 - momentum) * z  (momentum)
        np.multiply(momentum, w, out=w)
        np.multiply(one_minus_momentum, z, out=s0)
        np.add(w, s0, out=w)


class MADGRAD(NumpyOptimizer):
    """MADGRAD: dual averaging over the cube root of a sum of squares, with momentum.

    Source: Defazio & Jelassi (2021), Algorithm 1, arXiv:2101.11075, with momentum 1 - c as in its authors' code.
    The equations are in `madgrad_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        eps       eps > 0            keeps the division from zero
        momentum  0 <= momentum < 1  1 - c of the paper: share of w that is kept
    """

    lr: Hyper
    eps: Hyper
    momentum: Hyper

    _states: ClassVar = ("s", "v", "x0")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(madgrad_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-6,
        momentum: Hyper = 0.9,
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
            eps=eps,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), w.copy())


def madgrad_eps_in_lr_update(
    w: Array,
    g: Array,
    s: Array,
    v: Array,
    x0: Array,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-6,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MADGRADEpsInLr on one array, in place.

        lamb    = (lr + eps) * sqrt(t)                   weight of this gradient
        s_new   = s + lamb * g                           sum of gradients
        v_new   = v + lamb * g**2                        sum of squares
        x0_new  = x0                                     first weights
        z       = x0 - s_new / (v_new ** (1 / 3) + eps)  dual average
        w_new   = momentum * w + (1 - momentum) * z      momentum

    Then s, v, x0, w take the new values.

    w, s, v, x0 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        s   = 0 before the first step
        v   = 0 before the first step
        x0  = w before the first step
    """
    lamb = (lr + eps) * math.sqrt(t)  # weight of this gradient
    one_over_three = 1 / 3
    one_minus_momentum = 1 - momentum

    for tile in tiles((w, s, v, x0), (g,), scratch=1, stages=stages):
        w, s, v, x0, g, s0 = tile
        # s_new = s + lamb * g  (sum of gradients)
        np.multiply(lamb, g, out=s0)
        s_new = np.add(s, s0, out=s)
        # v_new = v + lamb * g**2  (sum of squares)
        np.square(g, out=s0)
        np.multiply(lamb, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # x0_new = x0  (first weights)
        # z = x0 - s_new / (v_new ** (1 / 3) + eps)  (dual average)
        np.power(v_new, one_over_three, out=s0)
        np.add(s0, eps, out=s0)
        np.divide(s_new, s0, out=s0)
        z = np.subtract(x0, s0, out=s0)
        # w_new = momentum * w + (1 - momentum) * z  (momentum)
        np.multiply(momentum, w, out=w)
        np.multiply(one_minus_momentum, z, out=s0)
        np.add(w, s0, out=w)


class MADGRADEpsInLr(NumpyOptimizer):
    """MADGRADEpsInLr: MADGRAD with eps added to the learning rate, too.

    Source: Defazio & Jelassi (2021), arXiv:2101.11075, with eps added to lr as in its authors' code and in optax.
    The equations are in `madgrad_eps_in_lr_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        eps       eps > 0            keeps the division from zero
        momentum  0 <= momentum < 1  1 - c of the paper: share of w that is kept
    """

    lr: Hyper
    eps: Hyper
    momentum: Hyper

    _states: ClassVar = ("s", "v", "x0")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(madgrad_eps_in_lr_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-6,
        momentum: Hyper = 0.9,
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
            eps=eps,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), w.copy())
