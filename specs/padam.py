"""Padam: Adam with the second moment to a smaller power than one half, between momentum and Adam."""

from sympy import Rational

from stepsmith.codegen.claims import (
    ema,
    first_step,
    fixed_point,
    max_series,
    monotone,
    reduces_to,
)
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM, ADAM_EPS_HAT
from .amsgrad import AMSGRAD_UNCORRECTED
from .momentum import MOMENTUM_EMA

w, g, m, v, v_max = arrays("w g m v v_max")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.1", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
partial = hyper("partial", default="0.125", domain="[0, 0.5]", doc="power of the second moment; 1/2 is that of Adam")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")

_C1, _C2, _M, _V, _, _, _ = ADAM.steps

PADAM = Optimizer(
    name="Padam",
    source="Chen et al. (2020), Algorithm 1, arXiv:1806.06763, with epsilon beside the root as in the authors' code",
    summary="AMSGrad with the largest second moment to a smaller power",
    state={m: 0, v: 0, v_max: 0},
    steps=(
        *AMSGRAD_UNCORRECTED.steps[:-1],
        Step(new(w), w - lr * new(m) / (sqrt(new(v_max)) + eps) ** (2 * partial), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        monotone(v_max),
        max_series(v_max, of=new(v), decay=1),
        reduces_to(AMSGRAD_UNCORRECTED, at={partial: Rational(1, 2)}),
        reduces_to(MOMENTUM_EMA, at={partial: 0}, hyper={"beta": beta1}),
        first_step(-lr * (1 - beta1) * g / (sqrt(1 - beta2) * Abs(g) + eps) ** (2 * partial)),
        fixed_point(),
    ),
)

PADAM_CORRECTED = Optimizer(
    name="PadamCorrected",
    source="Chen et al. (2020), arXiv:1806.06763, without the maximum and with the correction of pytorch_optimizer",
    summary="Adam with the second moment to a smaller power, but not the correction of its bias",
    state={m: 0, v: 0},
    steps=(
        _C1,
        _C2,
        _M,
        _V,
        Step(new(w), w - lr * sqrt(c2) / c1 * new(m) / (sqrt(new(v)) + eps) ** (2 * partial), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        reduces_to(ADAM_EPS_HAT, at={partial: Rational(1, 2)}),
        first_step(-lr * sqrt(1 - beta2) * g / (sqrt(1 - beta2) * Abs(g) + eps) ** (2 * partial)),
        fixed_point(),
    ),
)
