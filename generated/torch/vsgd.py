# generated from specs/vsgd.py; regenerate with: python cli.py generate vsgd
"""VSGD: descent by the gradient that is inferred from the noisy ones, and the variances that are inferred with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "VSGD",
    "vsgd_elements",
    "vsgd_scalars",
]


def vsgd_scalars(
    t: int,
    *,
    lr: float = 0.1,
    tau1: float = 0.81,
    tau2: float = 0.9,
    gamma: float = 1e-8,
    k_g: float = 30.0,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of VSGD: the last arguments of `vsgd_elements`.

    t is the number of the step, from 1. States:

        mu     = 0 before the first step
        b_g    = 2 * gamma / (1 / 10000 + 2 * gamma) before the first step
        b_hat  = 2 * gamma * k_g / (1 / 10000 + 2 * gamma) before the first step
    """
    rho1 = 1 / power(t, tau1)  # weight of what this step says of the gradient
    rho2 = 1 / power(t, tau2)  # weight of what it says of the noise
    two_gamma = 2 * gamma
    c10001_over_c10000_plus_two_gamma = 10001 / 10000 + 2 * gamma
    two_gamma_k_g = 2 * gamma * k_g
    one_minus_rho1 = 1 - rho1
    one_minus_rho2 = 1 - rho2
    return (two_gamma, c10001_over_c10000_plus_two_gamma, two_gamma_k_g, rho1, one_minus_rho1, one_minus_rho2, rho2, lr, eps)


def vsgd_elements(
    w: Array,
    mu: Array,
    b_g: Array,
    b_hat: Array,
    g: Array,
    two_gamma: float,
    c10001_over_c10000_plus_two_gamma: float,
    two_gamma_k_g: float,
    rho1: float,
    one_minus_rho1: float,
    one_minus_rho2: float,
    rho2: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of VSGD for each element; returns w, mu, b_g, b_hat after it.

        rho1       = 1 / t**tau1                                               weight of what this step says of the gradient
        rho2       = 1 / t**tau2                                               weight of what it says of the noise
        s_g        = (b_g + 2 * gamma) / (10001 / 10000 + 2 * gamma)           variance of the gradient from step to step
        s_hat      = (b_hat + 2 * gamma * k_g) / (10001 / 10000 + 2 * gamma)   variance of the noise
        mu_new     = (mu * s_hat + s_g * g) / (s_g + s_hat)                    gradient, inferred
        unsure     = s_g * s_hat / (s_g + s_hat)                               its variance
        b_g_new    = rho1 * (unsure + (mu_new - mu) ** 2) + (1 - rho1) * b_g   changes of the gradient
        b_hat_new  = (1 - rho2) * b_hat + rho2 * (unsure + (mu_new - g) ** 2)  noise
        w_new      = w - lr * mu_new / (sqrt(unsure + mu_new**2) + eps)        descent

    w, mu, b_g, b_hat and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    s_g = (b_g + two_gamma) / c10001_over_c10000_plus_two_gamma  # variance of the gradient from step to step
    s_hat = (b_hat + two_gamma_k_g) / c10001_over_c10000_plus_two_gamma  # variance of the noise
    mu_new = (mu * s_hat + s_g * g) / (s_g + s_hat)  # gradient, inferred
    unsure = s_g * s_hat / (s_g + s_hat)  # its variance
    b_g_new = rho1 * (unsure + (mu_new - mu) ** 2) + one_minus_rho1 * b_g  # changes of the gradient
    b_hat_new = one_minus_rho2 * b_hat + rho2 * (unsure + (mu_new - g) ** 2)  # noise
    w_new = w - lr * mu_new / (torch.sqrt(unsure + mu_new**2) + eps)  # descent
    return (w_new, mu_new, b_g_new, b_hat_new)


class VSGD(TorchOptimizer):
    """VSGD: descent by a gradient that is inferred from the noisy ones, over the root of its second moment.

    Source: Chen et al. (2024), Algorithm 1, arXiv:2404.06549, with the prior of the authors' code; b_g and b_hat are what the paper's are above those of the prior.
    The equations are in `vsgd_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        tau1   0 <= tau1 <= 1  how fast the variance of the gradient comes to rest
        tau2   0 <= tau2 <= 1  how fast the variance of the noise comes to rest
        gamma  gamma > 0       strength of the prior
        k_g    k_g > 0         variance of the noise over that of the gradient, before the first
        eps    eps > 0         keeps the division from zero
    """

    _states: ClassVar = ("mu", "b_g", "b_hat")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "tau1": ("0 <= tau1 <= 1", lambda tau1: 0 <= tau1 <= 1),
        "tau2": ("0 <= tau2 <= 1", lambda tau2: 0 <= tau2 <= 1),
        "gamma": ("gamma > 0", lambda gamma: gamma > 0),
        "k_g": ("k_g > 0", lambda k_g: k_g > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(vsgd_scalars)
    _elements = staticmethod(vsgd_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        tau1: Hyper = 0.81,
        tau2: Hyper = 0.9,
        gamma: Hyper = 1e-8,
        k_g: Hyper = 30.0,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, tau1=tau1, tau2=tau2, gamma=gamma, k_g=k_g, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.full_like(w, 2 * hyper["gamma"] / (1 / 10000 + 2 * hyper["gamma"])), torch.full_like(w, 2 * hyper["gamma"] * hyper["k_g"] / (1 / 10000 + 2 * hyper["gamma"])))
