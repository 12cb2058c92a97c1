# generated from specs/sign.py; regenerate with: python cli.py generate sign
"""Steps that look at signs: of the gradient, of a momentum, of two gradients in a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer, sign_of

__all__ = [
    "Lion",
    "Rprop",
    "RpropClamped",
    "SignSGD",
    "Signum",
    "lion_elements",
    "lion_scalars",
    "rprop_clamped_elements",
    "rprop_clamped_scalars",
    "rprop_elements",
    "rprop_scalars",
    "sign_sgd_elements",
    "sign_sgd_scalars",
    "signum_elements",
    "signum_scalars",
]


def sign_sgd_scalars(
    t: int,
    *,
    lr: float = 0.001,
) -> tuple[float, ...]:
    """What all elements share in a step of SignSGD: the last arguments of `sign_sgd_elements`.

    t is the number of the step, from 1.
    """
    return (lr,)


def sign_sgd_elements(
    w: Array,
    g: Array,
    lr: float,
) -> tuple[Array, ...]:
    """A step of SignSGD for each element; returns w after it.

        w_new  = w - lr * sign(g)  descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_new = w - lr * sign_of(g)  # descent
    return (w_new,)


class SignSGD(TorchOptimizer):
    """SignSGD: a step of one length for every weight.

    Source: Bernstein et al. (2018), Algorithm 1, arXiv:1802.04434.
    The equations are in `sign_sgd_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr  lr >= 0  learning rate
    """

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
    }
    _scalars = staticmethod(sign_sgd_scalars)
    _elements = staticmethod(sign_sgd_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def lion_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.99,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of Lion: the last arguments of `lion_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, weight_decay)


def lion_elements(
    w: Array,
    m: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of Lion for each element; returns w, m after it.

        u      = sign(beta1 * m + (1 - beta1) * g)  direction
        m_new  = beta2 * m + (1 - beta2) * g        momentum
        w_new  = w - lr * (u + weight_decay * w)    descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = sign_of(beta1 * m + one_minus_beta1 * g)  # direction
    m_new = beta2 * m + one_minus_beta2 * g  # momentum
    w_new = w - lr * (u + weight_decay * w)  # descent
    return (w_new, m_new)


class Lion(TorchOptimizer):
    """Lion: the sign of a momentum that looks ahead, with decoupled weight decay.

    Source: Chen et al. (2023), Algorithm 2, arXiv:2302.06675.
    The equations are in `lion_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     share of the momentum in the step
        beta2         0 <= beta2 < 1     decay of the momentum
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(lion_scalars)
    _elements = staticmethod(lion_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.99,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


def signum_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of Signum: the last arguments of `signum_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta = 1 - beta
    return (beta, one_minus_beta, lr)


def signum_elements(
    w: Array,
    m: Array,
    g: Array,
    beta: float,
    one_minus_beta: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of Signum for each element; returns w, m after it.

        m_new  = beta * m + (1 - beta) * g  momentum
        w_new  = w - lr * sign(m_new)       descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta * m + one_minus_beta * g  # momentum
    w_new = w - lr * sign_of(m_new)  # descent
    return (w_new, m_new)


class Signum(TorchOptimizer):
    """Signum: a step of one length in the direction of the momentum's signs.

    Source: Bernstein et al. (2018), Algorithm 2, arXiv:1802.04434.
    The equations are in `signum_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of the momentum
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
    }
    _scalars = staticmethod(signum_scalars)
    _elements = staticmethod(signum_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


def rprop_scalars(
    t: int,
    *,
    lr: float = 0.01,
    grow: float = 1.2,
    shrink: float = 0.6,
) -> tuple[float, ...]:
    """What all elements share in a step of Rprop: the last arguments of `rprop_elements`.

    t is the number of the step of this parameter, from 1. States:

        a     = lr before the first step
        last  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    return (grow, shrink, t_above_one)


def rprop_elements(
    w: Array,
    a: Array,
    last: Array,
    g: Array,
    grow: float,
    shrink: float,
    t_above_one: float,
) -> tuple[Array, ...]:
    """A step of Rprop for each element; returns w, a, last after it.

        factor    = where(last * g > 0, grow, shrink)  agreement of two gradients
        a_new     = where(t > 1, a * factor, a)        step length
        last_new  = g
        w_new     = w - a_new * sign(g)                descent

    w, a, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    factor = torch.where(last * g > 0, grow, shrink)  # agreement of two gradients
    a_new = torch.where(t_above_one != 0, a * factor, a)  # step length
    last_new = g
    w_new = w - a_new * sign_of(g)  # descent
    return (w_new, a_new, last_new)


class Rprop(TorchOptimizer):
    """Rprop: a step length of its own for every weight, fitted to the signs of its gradients.

    Source: Riedmiller & Braun (1993), doi:10.1109/ICNN.1993.298623, without backtracking.
    The equations are in `rprop_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr      lr >= 0          first step length of every weight
        grow    grow >= 1        factor after two gradients of one sign
        shrink  0 < shrink <= 1  factor after a change of sign, or a gradient of zero
    """

    _states: ClassVar = ("a", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "grow": ("grow >= 1", lambda grow: grow >= 1),
        "shrink": ("0 < shrink <= 1", lambda shrink: 0 < shrink <= 1),
    }
    _own_t: ClassVar = True
    _starts_late: ClassVar = True
    _scalars = staticmethod(rprop_scalars)
    _elements = staticmethod(rprop_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        grow: Hyper = 1.2,
        shrink: Hyper = 0.6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, grow=grow, shrink=shrink)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["lr"]), torch.zeros_like(w))


def rprop_clamped_scalars(
    t: int,
    *,
    lr: float = 0.01,
    grow: float = 1.2,
    shrink: float = 0.5,
    longest: float = 50.0,
    shortest: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of RpropClamped: the last arguments of `rprop_clamped_elements`.

    t is the number of the step of this parameter, from 1. States:

        a     = lr before the first step
        last  = 0 before the first step
    """
    return (grow, shrink, shortest, longest)


def rprop_clamped_elements(
    w: Array,
    a: Array,
    last: Array,
    g: Array,
    grow: float,
    shrink: float,
    shortest: float,
    longest: float,
) -> tuple[Array, ...]:
    """A step of RpropClamped for each element; returns w, a, last after it.

        factor    = where(last * g > 0, grow, where(last * g < 0, shrink, 1))  agreement of two gradients
        a_new     = minimum(maximum(a * factor, shortest), longest)            step length
        used      = where(last * g < 0, 0, g)                                  no step after a change of sign
        last_new  = used
        w_new     = w - a_new * sign(used)                                     descent

    w, a, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    factor = torch.where(last * g > 0, grow, torch.where(last * g < 0, shrink, 1))  # agreement of two gradients
    a_new = torch.minimum(torch.maximum(a * factor, shortest), longest)  # step length
    used = torch.where(last * g < 0, 0, g)  # no step after a change of sign
    last_new = used
    w_new = w - a_new * sign_of(used)  # descent
    return (w_new, a_new, last_new)


class RpropClamped(TorchOptimizer):
    """RpropClamped: Rprop with bounds on the step, and no step after a change of sign.

    Source: Riedmiller & Braun (1993), doi:10.1109/ICNN.1993.298623, as in torch.optim.Rprop.
    The equations are in `rprop_clamped_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0         first step length of every weight
        grow      grow > 1        factor after two gradients of one sign
        shrink    0 < shrink < 1  factor after a change of sign
        longest   longest > 0     longest step
        shortest  shortest >= 0   shortest step
    """

    _states: ClassVar = ("a", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "grow": ("grow > 1", lambda grow: grow > 1),
        "shrink": ("0 < shrink < 1", lambda shrink: 0 < shrink < 1),
        "longest": ("longest > 0", lambda longest: longest > 0),
        "shortest": ("shortest >= 0", lambda shortest: shortest >= 0),
    }
    _own_t: ClassVar = True
    _starts_late: ClassVar = True
    _scalars = staticmethod(rprop_clamped_scalars)
    _elements = staticmethod(rprop_clamped_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        grow: Hyper = 1.2,
        shrink: Hyper = 0.5,
        longest: Hyper = 50.0,
        shortest: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, grow=grow, shrink=shrink, longest=longest, shortest=shortest)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["lr"]), torch.zeros_like(w))
