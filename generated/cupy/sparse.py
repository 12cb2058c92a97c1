# generated from specs/sparse.py; regenerate with: python cli.py generate sparse
"""Adam that leaves alone what a mask leaves out, as the rows of an embedding that a batch does not look up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "SparseAdam",
    "sparse_adam_update",
]


_sparse_adam_update = cp.ElementwiseKernel(
    in_params="T g, T mask, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = (mask > 0 ? beta1 * m + one_minus_beta1 * g : m);  // first moment
    const T v_new = (mask > 0 ? beta2 * v + one_minus_beta2 * (g * g) : v);  // second moment
    const T w_new = (mask > 0 ? w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps) : w);  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="sparse_adam_update",
)


def sparse_adam_update(
    w: Array,
    g: Array,
    mask: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of SparseAdam on one array, in place.

        c1     = 1 - beta1**t                                        bias of the first moment
        c2     = 1 - beta2**t                                        bias of the second moment
        m_new  = where(mask > 0, beta1 * m + (1 - beta1) * g, m)     first moment
        v_new  = where(mask > 0, beta2 * v + (1 - beta2) * g**2, v)  second moment
        w_new  = where(mask > 0, w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps)), w)  descent

    Then m, v, w take the new values.

    w, m, v, g, mask are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and mask are only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1

    launch(
        _sparse_adam_update,
        (g, mask),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps),
        (w, m, v),
        stages,
    )


class SparseAdam(CupyOptimizer):
    """SparseAdam: Adam for the elements that a mask names; the others keep weight and moments.

    Source: torch.optim.SparseAdam, the sparse gradient as a dense one with a mask.
    The equations are in `sparse_adam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    A step is step(grads, mask=mask):

        mask  arrays, nested as the gradients  1 where the gradient has an element, 0 where it has none

    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _inputs: ClassVar = ("mask",)
    _update = staticmethod(sparse_adam_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
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
            beta1=beta1,
            beta2=beta2,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))
