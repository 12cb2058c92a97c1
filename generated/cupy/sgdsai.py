# generated from specs/sgdsai.py; regenerate with: python cli.py generate sgdsai
"""SGD-SaI: momentum with a learning rate for each array, from how its first gradient stands out from its noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, Sums, launch, summed

__all__ = [
    "SGDSaI",
    "sgdsai_per_array",
    "sgdsai_sums",
    "sgdsai_update",
]


_sgdsai_update = cp.ElementwiseKernel(
    in_params="T g, T momentum, T one_minus_momentum, T lr_weight_decay, float64 ratio_new_lr_double",
    out_params="T w, T m",
    operation="""
    const T ratio_new_lr = ratio_new_lr_double;
    const T m_new = momentum * m + one_minus_momentum * g;  // momentum
    const T w_new = w - lr_weight_decay * w - ratio_new_lr * m_new;  // decay and descent
    m = m_new;
    w = w_new;
    """,
    name="sgdsai_update",
)


_sgdsai_sums = Sums(
    arrays="w, g",
    scalars="",
    maps=(
        "(double)g",
        "(double)1",
        "(double)g",
        "(double)g * (double)g",
    ),
    name="sgdsai_sums",
)


def sgdsai_update(
    w: Array,
    g: Array,
    m: Array,
    ratio: float,
    norm2: float,
    total: float,
    second_total: float,
    third_total: float,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-8,
    momentum: float = 0.9,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of SGDSaI on one array, in place.

        of_gradient  = sqrt(array_sum(g**2))                               norm of this array's gradient
        count        = array_sum(1)                                        its elements
        deviation    = sqrt(maximum(0, array_sum(g**2) - array_sum(g) ** 2 / count)) / sqrt(maximum(1, count - 1))  standard deviation in it
        ratio_new    = where(t > 1, ratio, where(deviation > 0, of_gradient / (deviation + eps), of_gradient))  signal-to-noise ratio of the first
        m_new        = momentum * m + (1 - momentum) * g                   momentum
        w_new        = w - lr * weight_decay * w - ratio_new * lr * m_new  decay and descent

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m      = 0 before the first step
        ratio  = 0 before the first step, a number for each array

    norm2, total, second_total, third_total: what `sgdsai_sums` gives.
    """
    of_gradient = norm2  # norm of this array's gradient
    count = total  # its elements
    deviation = cp.sqrt(cp.maximum(0, third_total - second_total**2 / count)) / cp.sqrt(cp.maximum(1, count - 1))  # standard deviation in it
    ratio_new = ratio if t > 1 else cp.where(deviation > 0, of_gradient / (deviation + eps), of_gradient)  # signal-to-noise ratio of the first
    one_minus_momentum = 1 - momentum
    lr_weight_decay = lr * weight_decay
    ratio_new_lr = ratio_new * lr

    launch(
        _sgdsai_update,
        (g,),
        (momentum, one_minus_momentum, lr_weight_decay, ratio_new_lr),
        (w, m),
        stages,
    )


def sgdsai_sums(
    w: Array,
    g: Array,
    m: Array,
    ratio: float,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-8,
    momentum: float = 0.9,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of SGDSaI sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(g**2))
        total         = array_sum(1)
        second_total  = array_sum(g)
        third_total   = array_sum(g**2)

    The arguments are those of `sgdsai_update`, whose next arguments the results are.
    """
    return summed(_sgdsai_sums, (w, g), (), ("norm", "sum", "sum", "sum"), stages)


def sgdsai_per_array(
    ratio: float,
    norm2: float,
    total: float,
    second_total: float,
    third_total: float,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-8,
    momentum: float = 0.9,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    of_gradient = norm2  # norm of this array's gradient
    count = total  # its elements
    deviation = cp.sqrt(cp.maximum(0, third_total - second_total**2 / count)) / cp.sqrt(cp.maximum(1, count - 1))  # standard deviation in it
    ratio_new = ratio if t > 1 else cp.where(deviation > 0, of_gradient / (deviation + eps), of_gradient)  # signal-to-noise ratio of the first
    return (ratio_new,)


class SGDSaI(CupyOptimizer):
    """SGDSaI: momentum whose step is scaled, for each array, by the norm of its first gradient over the spread in it.

    Source: Xu et al. (2024), Algorithm 1, arXiv:2412.11768.
    The equations are in `sgdsai_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        eps           eps > 0            keeps the division from zero
        momentum      0 <= momentum < 1  decay of the momentum
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    lr: Hyper
    eps: Hyper
    momentum: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _per_array: ClassVar = ("ratio",)
    _reductions: ClassVar = (("norm2", "norm", False), ("total", "sum", False), ("second_total", "sum", False), ("third_total", "sum", False))
    _fed_by_sums: ClassVar = ("ratio",)
    _update = staticmethod(sgdsai_update)
    _advance_own = staticmethod(sgdsai_per_array)
    _sums = staticmethod(sgdsai_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-8,
        momentum: Hyper = 0.9,
        weight_decay: Hyper = 0.01,
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
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"ratio": 0}
