# generated from specs/amsgrad.py; regenerate with: python cli.py generate amsgrad
"""AMSGrad: Adam that never forgets the largest second moment. The order of maximum and correction matters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AMSGrad",
    "AMSGradCorrected",
    "AMSGradEpsHat",
    "AMSGradEpsRoot",
    "AMSGradFirstCorrected",
    "AMSGradSecondCorrected",
    "AMSGradUncorrected",
    "amsgrad_corrected_elements",
    "amsgrad_corrected_scalars",
    "amsgrad_elements",
    "amsgrad_eps_hat_elements",
    "amsgrad_eps_hat_scalars",
    "amsgrad_eps_root_elements",
    "amsgrad_eps_root_scalars",
    "amsgrad_first_corrected_elements",
    "amsgrad_first_corrected_scalars",
    "amsgrad_scalars",
    "amsgrad_second_corrected_elements",
    "amsgrad_second_corrected_scalars",
    "amsgrad_uncorrected_elements",
    "amsgrad_uncorrected_scalars",
]


def amsgrad_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGrad: the last arguments of `amsgrad_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def amsgrad_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AMSGrad for each element; returns w, m, v, v_max after it.

        c1         = 1 - beta1**t                          bias of the first moment
        c2         = 1 - beta2**t                          bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g           first moment
        v_new      = beta2 * v + (1 - beta2) * g**2        second moment
        v_max_new  = maximum(v_max, v_new)                 largest second moment
        m_hat      = m_new / c1                            first moment, corrected
        v_hat      = v_max_new / c2                        corrected
        w_new      = w - lr * m_hat / (sqrt(v_hat) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_max_new) + eps_sqrt_c2)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = torch.maximum(v_max, v_new)  # largest second moment
    w_new = w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_max_new) + eps_sqrt_c2)  # descent
    return (w_new, m_new, v_new, v_max_new)


class AMSGrad(TorchOptimizer):
    """AMSGrad: Adam with the largest second moment so far, corrected afterwards.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, maximum before the correction as in torch.optim.Adam.
    The equations are in `amsgrad_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_scalars)
    _elements = staticmethod(amsgrad_elements)

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
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def amsgrad_eps_hat_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradEpsHat: the last arguments of `amsgrad_eps_hat_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps)


def amsgrad_eps_hat_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradEpsHat for each element; returns w, m, v, v_max after it.

        c1         = 1 - beta1**t                                                bias of the first moment
        c2         = 1 - beta2**t                                                bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                                 first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                              second moment
        v_max_new  = maximum(v_max, v_new)                                       largest second moment
        w_new      = w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_max_new) + eps))  descent

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = torch.maximum(v_max, v_new)  # largest second moment
    w_new = w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_max_new) + eps)  # descent
    return (w_new, m_new, v_new, v_max_new)


class AMSGradEpsHat(TorchOptimizer):
    """AMSGradEpsHat: AMSGrad with epsilon added before the second moment is corrected.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, epsilon as in keras.optimizers.Adam(amsgrad=True).
    The equations are in `amsgrad_eps_hat_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_eps_hat_scalars)
    _elements = staticmethod(amsgrad_eps_hat_elements)

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
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def amsgrad_corrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradCorrected: the last arguments of `amsgrad_corrected_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr_over_c1, eps)


def amsgrad_corrected_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    lr_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradCorrected for each element; returns w, m, v, v_max after it.

        c1         = 1 - beta1**t                              bias of the first moment
        c2         = 1 - beta2**t                              bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        m_hat      = m_new / c1                                first moment, corrected
        v_hat      = v_new / c2                                second moment, corrected
        v_max_new  = maximum(v_max, v_hat)                     largest corrected second moment
        w_new      = w - lr * m_hat / (sqrt(v_max_new) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (sqrt(v_max_new) + eps)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2  # second moment, corrected
    v_max_new = torch.maximum(v_max, v_hat)  # largest corrected second moment
    w_new = w - lr_over_c1 * m_new / (torch.sqrt(v_max_new) + eps)  # descent
    return (w_new, m_new, v_new, v_max_new)


class AMSGradCorrected(TorchOptimizer):
    """AMSGradCorrected: Adam with the largest corrected second moment so far.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, correction before the maximum as in optax.amsgrad.
    The equations are in `amsgrad_corrected_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_corrected_scalars)
    _elements = staticmethod(amsgrad_corrected_elements)

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
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def amsgrad_uncorrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradUncorrected: the last arguments of `amsgrad_uncorrected_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, eps)


def amsgrad_uncorrected_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradUncorrected for each element; returns w, m, v, v_max after it.

        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        v_max_new  = maximum(v_max, v_new)                     largest second moment
        w_new      = w - lr * m_new / (sqrt(v_max_new) + eps)  descent

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = torch.maximum(v_max, v_new)  # largest second moment
    w_new = w - lr * m_new / (torch.sqrt(v_max_new) + eps)  # descent
    return (w_new, m_new, v_new, v_max_new)


class AMSGradUncorrected(TorchOptimizer):
    """AMSGradUncorrected: AMSGrad without bias correction.

    Source: Reddi, Kale & Kumar (2018), Algorithm 2, arXiv:1904.09237, without bias correction as printed there.
    The equations are in `amsgrad_uncorrected_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_uncorrected_scalars)
    _elements = staticmethod(amsgrad_uncorrected_elements)

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
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def amsgrad_first_corrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradFirstCorrected: the last arguments of `amsgrad_first_corrected_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_c1, eps)


def amsgrad_first_corrected_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradFirstCorrected for each element; returns w, m, v, v_max after it.

        c1         = 1 - beta1**t                              bias of the first moment
        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        m_hat      = m_new / c1                                first moment, corrected
        v_max_new  = maximum(v_max, v_new)                     largest second moment
        w_new      = w - lr * m_hat / (sqrt(v_max_new) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (sqrt(v_max_new) + eps)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = torch.maximum(v_max, v_new)  # largest second moment
    w_new = w - lr_over_c1 * m_new / (torch.sqrt(v_max_new) + eps)  # descent
    return (w_new, m_new, v_new, v_max_new)


class AMSGradFirstCorrected(TorchOptimizer):
    """AMSGradFirstCorrected: AMSGrad with bias correction of the first moment alone.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, as in optax.amsgrad(bias_correction_nu=False).
    The equations are in `amsgrad_first_corrected_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_first_corrected_scalars)
    _elements = staticmethod(amsgrad_first_corrected_elements)

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
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def amsgrad_second_corrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradSecondCorrected: the last arguments of `amsgrad_second_corrected_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr, eps)


def amsgrad_second_corrected_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradSecondCorrected for each element; returns w, m, v, v_max after it.

        c2         = 1 - beta2**t                              bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        v_hat      = v_new / c2                                second moment, corrected
        v_max_new  = maximum(v_max, v_hat)                     largest corrected second moment
        w_new      = w - lr * m_new / (sqrt(v_max_new) + eps)  descent

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2  # second moment, corrected
    v_max_new = torch.maximum(v_max, v_hat)  # largest corrected second moment
    w_new = w - lr * m_new / (torch.sqrt(v_max_new) + eps)  # descent
    return (w_new, m_new, v_new, v_max_new)


class AMSGradSecondCorrected(TorchOptimizer):
    """AMSGradSecondCorrected: AMSGrad with bias correction of the second moment alone.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, as in optax.amsgrad(bias_correction_mu=False).
    The equations are in `amsgrad_second_corrected_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta2  0 <= beta2 < 1  decay of the second moment
        beta1  0 <= beta1 < 1  decay of the first moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_second_corrected_scalars)
    _elements = staticmethod(amsgrad_second_corrected_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def amsgrad_eps_root_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradEpsRoot: the last arguments of `amsgrad_eps_root_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr_over_c1, eps_root, eps)


def amsgrad_eps_root_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    lr_over_c1: float,
    eps_root: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradEpsRoot for each element; returns w, m, v, v_max after it.

        c1         = 1 - beta1**t                                         bias of the first moment
        c2         = 1 - beta2**t                                         bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                          first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                       second moment
        m_hat      = m_new / c1                                           first moment, corrected
        v_hat      = v_new / c2                                           second moment, corrected
        v_max_new  = maximum(v_max, v_hat)                                largest corrected second moment
        w_new      = w - lr * m_hat / (sqrt(v_max_new + eps_root) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (sqrt(v_max_new + eps_root) + eps)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2  # second moment, corrected
    v_max_new = torch.maximum(v_max, v_hat)  # largest corrected second moment
    w_new = w - lr_over_c1 * m_new / (torch.sqrt(v_max_new + eps_root) + eps)  # descent
    return (w_new, m_new, v_new, v_max_new)


class AMSGradEpsRoot(TorchOptimizer):
    """AMSGradEpsRoot: AMSGradCorrected with one epsilon inside the root and one outside.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, with both epsilons as in optax.amsgrad(eps_root=...).
    The equations are in `amsgrad_eps_root_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        eps       eps >= 0        keeps the division from zero
        eps_root  eps_root >= 0   keeps the root from zero
    """

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
    }
    _scalars = staticmethod(amsgrad_eps_root_scalars)
    _elements = staticmethod(amsgrad_eps_root_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        eps_root: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, eps_root=eps_root)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
