# generated from specs/pid.py; regenerate with: python cli.py generate pid
"""PID: a step by the gradient, by the sum of all gradients that fades, and by how the gradient changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "PID",
    "pid_update",
]


def pid_update(
    w: Array,
    g: Array,
    v: Array,
    d: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.001,
    mu: float = 0.9,
    derivative: float = 10.0,
    integral: float = 5.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of PID on one array, in place.

        v_new     = g + mu * v                                            sum of the gradients
        change    = where(t > 1, g - last, 0)                             change of the gradient
        d_new     = mu * d + (1 - mu) * change                            average of the changes
        last_new  = g
        w_new     = w - lr * (g + integral * v_new + derivative * d_new)  descent

    Then v, d, last, w take the new values.

    w, v, d, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        v     = 0 before the first step
        d     = 0 before the first step
        last  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    one_minus_mu = 1 - mu

    for tile in tiles((w, v, d, last), (g,), scratch=2, stages=stages):
        w, v, d, last, g, s0, s1 = tile
        # v_new = g + mu * v  (sum of the gradients)
        np.multiply(mu, v, out=v)
        v_new = np.add(g, v, out=v)
        # change = where(t > 1, g - last, 0)  (change of the gradient)
        np.subtract(g, last, out=s0)
        np.copyto(s1, 0)
        np.copyto(s1, s0, where=t_above_one != 0)
        change = s1
        # d_new = mu * d + (1 - mu) * change  (average of the changes)
        np.multiply(mu, d, out=d)
        np.multiply(one_minus_mu, change, out=s1)
        d_new = np.add(d, s1, out=d)
        # last_new = g
        np.copyto(last, g)
        # w_new = w - lr * (g + integral * v_new + derivative * d_new)  (descent)
        np.multiply(integral, v_new, out=s0)
        np.add(g, s0, out=s0)
        np.multiply(derivative, d_new, out=s1)
        np.add(s0, s1, out=s0)
        np.multiply(lr, s0, out=s0)
        np.subtract(w, s0, out=w)


class PID(NumpyOptimizer):
    """PID: momentum that also looks at the gradient itself and at its change.

    Source: An et al. (2018), A PID controller approach for stochastic optimization, CVPR, as in the authors' code.
    The equations are in `pid_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr          lr >= 0          learning rate
        mu          0 <= mu < 1      momentum coefficient
        derivative  derivative >= 0  weight of the change
        integral    integral >= 0    weight of the sum
    """

    lr: Hyper
    mu: Hyper
    derivative: Hyper
    integral: Hyper

    _states: ClassVar = ("v", "d", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
        "derivative": ("derivative >= 0", lambda derivative: derivative >= 0),
        "integral": ("integral >= 0", lambda integral: integral >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(pid_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        mu: Hyper = 0.9,
        derivative: Hyper = 10.0,
        integral: Hyper = 5.0,
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
            mu=mu,
            derivative=derivative,
            integral=integral,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))
