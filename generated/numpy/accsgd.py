# generated from specs/accsgd.py; regenerate with: python cli.py generate accsgd
"""AccSGD: a short step and a long one, averaged, as accelerated for stochastic gradients; it is QHM by another name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "AccSGD",
    "accsgd_update",
]


def accsgd_update(
    w: Array,
    g: Array,
    w_bar: Array,
    t: int,
    *,
    lr: float = 0.01,
    kappa: float = 1000.0,
    small: float = 0.7,
    xi: float = 10.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AccSGD on one array, in place.

        alpha      = 1 - xi * small**2 / kappa                                   memory
        share      = small / (1 + small - alpha)                                 share of the short step
        w_bar_new  = (1 - alpha) * (w - lr * kappa * g / small) + alpha * w_bar  long step
        w_new      = share * (w - lr * g) + (1 - share) * w_bar_new              average

    Then w_bar, w take the new values.

    w, w_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        w_bar  = w before the first step
    """
    alpha = 1 - xi * small**2 / kappa  # memory
    share = small / (1 + small - alpha)  # share of the short step
    one_minus_alpha = 1 - alpha
    lr_kappa_over_small = lr * kappa / small
    one_minus_share = 1 - share

    for tile in tiles((w, w_bar), (g,), scratch=1, stages=stages):
        w, w_bar, g, s0 = tile
        # w_bar_new = (1 - alpha) * (w - lr * kappa * g / small) + alpha * w_bar  (long step)
        np.multiply(lr_kappa_over_small, g, out=s0)
        np.subtract(w, s0, out=s0)
        np.multiply(one_minus_alpha, s0, out=s0)
        np.multiply(alpha, w_bar, out=w_bar)
        w_bar_new = np.add(s0, w_bar, out=w_bar)
        # w_new = share * (w - lr * g) + (1 - share) * w_bar_new  (average)
        np.multiply(lr, g, out=s0)
        np.subtract(w, s0, out=w)
        np.multiply(share, w, out=w)
        np.multiply(one_minus_share, w_bar_new, out=s0)
        np.add(w, s0, out=w)


class AccSGD(NumpyOptimizer):
    """AccSGD: accelerated SGD: the average of a short step and of a long one that remembers.

    Source: Kidambi et al. (2018), Algorithm 3, arXiv:1803.05591.
    The equations are in `accsgd_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0        short step
        kappa  kappa >= 1     long step over short step
        small  0 < small < 1  the constant 0.7 of the paper
        xi     xi > 0         statistical advantage, at most the root of kappa
    """

    lr: Hyper
    kappa: Hyper
    small: Hyper
    xi: Hyper

    _states: ClassVar = ("w_bar",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "kappa": ("kappa >= 1", lambda kappa: kappa >= 1),
        "small": ("0 < small < 1", lambda small: 0 < small < 1),
        "xi": ("xi > 0", lambda xi: xi > 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(accsgd_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        kappa: Hyper = 1000.0,
        small: Hyper = 0.7,
        xi: Hyper = 10.0,
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
            kappa=kappa,
            small=small,
            xi=xi,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(),)
