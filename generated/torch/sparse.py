# generated from specs/sparse.py; regenerate with: python cli.py generate sparse
"""Adam that leaves alone what a mask leaves out, as the rows of an embedding that a batch does not look up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "SparseAdam",
    "sparse_adam_elements",
    "sparse_adam_scalars",
]


def sparse_adam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of SparseAdam: the last arguments of `sparse_adam_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps)


def sparse_adam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    mask: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of SparseAdam for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                                        bias of the first moment
        c2     = 1 - beta2**t                                        bias of the second moment
        m_new  = where(mask > 0, beta1 * m + (1 - beta1) * g, m)     first moment
        v_new  = where(mask > 0, beta2 * v + (1 - beta2) * g**2, v)  second moment
        w_new  = where(mask > 0, w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps)), w)  descent

    w, m, v, g, mask are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and mask are only read.
    """
    m_new = torch.where(mask > 0, beta1 * m + one_minus_beta1 * g, m)  # first moment
    v_new = torch.where(mask > 0, beta2 * v + one_minus_beta2 * g**2, v)  # second moment
    w_new = torch.where(mask > 0, w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps), w)  # descent
    return (w_new, m_new, v_new)


class SparseAdam(TorchOptimizer):
    """SparseAdam: Adam for the elements that a mask names; the others keep weight and moments.

    Source: torch.optim.SparseAdam, the sparse gradient as a dense one with a mask.
    The equations are in `sparse_adam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    A step is step(mask=mask):

        mask  tensors, one for each parameter  1 where the gradient has an element, 0 where it has none

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _inputs: ClassVar = ("mask",)
    _scalars = staticmethod(sparse_adam_scalars)
    _elements = staticmethod(sparse_adam_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
