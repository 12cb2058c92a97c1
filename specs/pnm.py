"""PNM: two momenta in turn, one of which is taken away from the other, so that the noise is larger than the mean."""

from stepsmith.codegen.claims import (
    additive,
    ema,
    first_step,
    fixed_point,
    monotone,
    nonnegative,
    reduces_to,
    scales,
)
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .amsgrad import AMSGRAD
from .momentum import MOMENTUM_EMA
from .sgd import SGD

w, g, m, before, v, v_max, m_hat, v_hat = arrays("w g m before v v_max m_hat v_hat")
t, c1, c2, size = scalars("t c1 c2 size")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of a momentum in one step")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
beta0 = hyper("beta0", default="1", domain="> -1", doc="how much the noise is magnified")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")

_SIZE = Step(size, sqrt((1 + beta0) ** 2 + beta0**2), "of the two weights")
_M = Step(new(m), beta1**2 * before + (1 - beta1**2) * g, "momentum of this step and every second before")
_BEFORE = Step(new(before), m, "momentum of the step before")
#: With this weight of the two, they are one average.
_OF_MOMENTUM = -beta1 / (1 + beta1)

PNM = Optimizer(
    name="PNM",
    source="Xie et al. (2021), Algorithm 1, arXiv:2103.17182",
    summary="positive-negative momentum: more than this momentum less that of the step before",
    state={m: 0, before: 0},
    steps=(
        _SIZE,
        _M,
        _BEFORE,
        Step(new(w), w - lr / size * ((1 + beta0) * new(m) - beta0 * m), "descent"),
    ),
    claims=(
        reduces_to(
            MOMENTUM_EMA,
            at={beta0: _OF_MOMENTUM},
            hyper={"beta": beta1, "lr": lr / sqrt((1 + _OF_MOMENTUM) ** 2 + _OF_MOMENTUM**2)},
            state={"m": (m + beta1 * before) / (1 + beta1)},
            constant=(beta1,),
        ),
        reduces_to(SGD, at={beta0: 0, beta1: 0}),
        first_step(-lr * (1 - beta1**2) * (1 + beta0) / sqrt((1 + beta0) ** 2 + beta0**2) * g),
        additive(),
        scales({"m": g, "before": g, "lr": w / g}),
        fixed_point(),
    ),
)

ADAPNM = Optimizer(
    name="AdaPNM",
    source="Xie et al. (2021), Algorithm 2, arXiv:2103.17182, epsilon outside the root as in Adam",
    summary="AMSGrad with positive-negative momentum",
    state={m: 0, before: 0, v: 0, v_max: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        _SIZE,
        _M,
        _BEFORE,
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(new(v_max), Max(v_max, new(v)), "largest second moment"),
        Step(m_hat, ((1 + beta0) * new(m) - beta0 * m) / c1, "positive-negative momentum, corrected"),
        Step(v_hat, new(v_max) / c2, "corrected"),
        Step(new(w), w - lr / size * m_hat / (sqrt(v_hat) + eps), "descent"),
    ),
    claims=(
        ema(v, of=g**2, decay=beta2),
        monotone(v_max),
        nonnegative(v_max - v),
        reduces_to(
            AMSGRAD,
            at={beta0: _OF_MOMENTUM},
            hyper={"lr": lr / sqrt((1 + _OF_MOMENTUM) ** 2 + _OF_MOMENTUM**2)},
            state={"m": (m + beta1 * before) / (1 + beta1)},
            constant=(beta1,),
        ),
        first_step(
            -lr * (1 - beta1**2) / (1 - beta1) * (1 + beta0) / sqrt((1 + beta0) ** 2 + beta0**2) * g / (Abs(g) + eps)
        ),
        scales({"m": g, "before": g, "v": g**2, "v_max": g**2, "lr": w, "eps": g}),
        fixed_point(),
    ),
)
