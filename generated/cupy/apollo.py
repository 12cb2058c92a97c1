# generated from specs/apollo.py; regenerate with: python cli.py generate apollo
"""Apollo: a diagonal quasi-Newton method whose curvature is that of the way the average gradient changed along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, Sums, launch, summed

__all__ = [
    "Apollo",
    "apollo_sums",
    "apollo_update",
]


_apollo_update = cp.ElementwiseKernel(
    in_params="T g, T one_minus_share, T share, float64 missed_double, T rebound, T lr",
    out_params="T w, T m, T b, T d",
    operation="""
    const T missed = missed_double;
    const T m_new = one_minus_share * m + share * g;  // average gradient
    const T b_new = b - missed * (d * d);  // curvature
    const T d_new_1 = fabs(b_new);
    const T d_new = m_new / (d_new_1 >= rebound || d_new_1 != d_new_1 ? d_new_1 : rebound);  // direction
    const T w_new = w - lr * d_new;  // descent
    m = m_new;
    b = b_new;
    d = d_new;
    w = w_new;
    """,
    name="apollo_update",
)


_apollo_sums = Sums(
    arrays="w, g, m, b, d",
    scalars="one_minus_share, share",
    maps=(
        "pow((double)d, (double)4)",
        "(double)d * ((double)one_minus_share * (double)m + (double)share * (double)g - (double)m) + (double)b * ((double)d * (double)d)",
    ),
    name="apollo_sums",
)


def apollo_update(
    w: Array,
    g: Array,
    m: Array,
    b: Array,
    d: Array,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.9,
    eps: float = 0.01,
    rebound: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Apollo on one array, in place.

        share   = (1 - beta) / (1 - beta**t)                         share of the gradient, corrected
        m_new   = (1 - share) * m + share * g                        average gradient
        length  = eps + array_sum(d**4) ** (1 / 4)                   length of the last direction
        missed  = array_sum(d * (m_new - m) + b * d**2) / length**4  what the curvature missed of the change along it
        b_new   = b - missed * d**2                                  curvature
        d_new   = m_new / maximum(abs(b_new), rebound)               direction
        w_new   = w - lr * d_new                                     descent

    Then m, b, d, w take the new values.

    w, m, b, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        b  = 0 before the first step
        d  = 0 before the first step

    total, second_total: what `apollo_sums` gives.
    """
    share = (1 - beta) / one_minus_power(beta, t)  # share of the gradient, corrected
    length = eps + total ** (1 / 4)  # length of the last direction
    missed = second_total / length**4  # what the curvature missed of the change along it
    one_minus_share = 1 - share

    launch(
        _apollo_update,
        (g,),
        (one_minus_share, share, missed, rebound, lr),
        (w, m, b, d),
        stages,
    )


def apollo_sums(
    w: Array,
    g: Array,
    m: Array,
    b: Array,
    d: Array,
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.9,
    eps: float = 0.01,
    rebound: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of Apollo sums up over one array, in double; nothing is written.

        total         = array_sum(d**4)
        second_total  = array_sum(d * (m_new - m) + b * d**2)

    The arguments are those of `apollo_update`, whose next arguments the results are.
    """
    share = (1 - beta) / one_minus_power(beta, t)  # share of the gradient, corrected
    one_minus_share = 1 - share
    return summed(_apollo_sums, (w, g, m, b, d), (one_minus_share, share), ("sum", "sum"), stages)


class Apollo(CupyOptimizer):
    """Apollo: average gradient over a diagonal Hessian that the weak secant equation corrects, kept above rebound.

    Source: Ma (2020), Algorithm 1, arXiv:2009.13586.
    The equations are in `apollo_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr       lr >= 0        learning rate
        beta     0 <= beta < 1  decay of the average gradient
        eps      eps > 0        keeps the division by the 4-norm of the last step from zero
        rebound  rebound > 0    least curvature
    """

    lr: Hyper
    beta: Hyper
    eps: Hyper
    rebound: Hyper

    _states: ClassVar = ("m", "b", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "rebound": ("rebound > 0", lambda rebound: rebound > 0),
    }
    _own_t: ClassVar = True
    _reductions: ClassVar = (("total", "sum", False), ("second_total", "sum", False))
    _update = staticmethod(apollo_update)
    _sums = staticmethod(apollo_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta: Hyper = 0.9,
        eps: Hyper = 0.01,
        rebound: Hyper = 0.01,
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
            eps=eps,
            rebound=rebound,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))
