# generated from specs/accsgd.py; regenerate with: python cli.py generate accsgd
"""AccSGD: a short step and a long one, averaged, as accelerated for stochastic gradients; it is QHM by another name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AccSGD",
    "accsgd_elements",
    "accsgd_scalars",
]


def accsgd_scalars(
    t: int,
    *,
    lr: float = 0.01,
    kappa: float = 1000.0,
    small: float = 0.7,
    xi: float = 10.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AccSGD: the last arguments of `accsgd_elements`.

    t is the number of the step, from 1. States:

        w_bar  = w before the first step
    """
    alpha = 1 - xi * small**2 / kappa  # memory
    share = small / (1 + small - alpha)  # share of the short step
    one_minus_alpha = 1 - alpha
    lr_kappa_over_small = lr * kappa / small
    one_minus_share = 1 - share
    return (one_minus_alpha, lr_kappa_over_small, alpha, share, lr, one_minus_share)


def accsgd_elements(
    w: Array,
    w_bar: Array,
    g: Array,
    one_minus_alpha: float,
    lr_kappa_over_small: float,
    alpha: float,
    share: float,
    lr: float,
    one_minus_share: float,
) -> tuple[Array, ...]:
    """A step of AccSGD for each element; returns w, w_bar after it.

        alpha      = 1 - xi * small**2 / kappa                                   memory
        share      = small / (1 + small - alpha)                                 share of the short step
        w_bar_new  = (1 - alpha) * (w - lr * kappa * g / small) + alpha * w_bar  long step
        w_new      = share * (w - lr * g) + (1 - share) * w_bar_new              average

    w, w_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_bar_new = one_minus_alpha * (w - lr_kappa_over_small * g) + alpha * w_bar  # long step
    w_new = share * (w - lr * g) + one_minus_share * w_bar_new  # average
    return (w_new, w_bar_new)


class AccSGD(TorchOptimizer):
    """AccSGD: accelerated SGD: the average of a short step and of a long one that remembers.

    Source: Kidambi et al. (2018), Algorithm 3, arXiv:1803.05591.
    The equations are in `accsgd_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0        short step
        kappa  kappa >= 1     long step over short step
        small  0 < small < 1  the constant 0.7 of the paper
        xi     xi > 0         statistical advantage, at most the root of kappa
    """

    _states: ClassVar = ("w_bar",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "kappa": ("kappa >= 1", lambda kappa: kappa >= 1),
        "small": ("0 < small < 1", lambda small: 0 < small < 1),
        "xi": ("xi > 0", lambda xi: xi > 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(accsgd_scalars)
    _elements = staticmethod(accsgd_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        kappa: Hyper = 1000.0,
        small: Hyper = 0.7,
        xi: Hyper = 10.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, kappa=kappa, small=small, xi=xi)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(),)
