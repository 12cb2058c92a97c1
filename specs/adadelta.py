"""Adadelta: the step has the units of the weights, because it is scaled by the size of past steps."""

from stepsmith.codegen.claims import at_most, descends, ema, equals, fails, first_step, fixed_point, scales
from stepsmith.codegen.claims.dynamics import h, stable
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

w, g, v, d, u = arrays("w g v d u")
t = scalars("t")
lr = hyper("lr", default="1", domain=">= 0", doc="learning rate; 1 in the paper")
rho = hyper("rho", default="0.9", domain="[0, 1)", doc="decay of the averages")
eps = hyper("eps", default="1e-6", domain=">= 0", doc="sets the first step, and keeps the division from zero")

ADADELTA = Optimizer(
    name="Adadelta",
    source="Zeiler (2012), Algorithm 1, arXiv:1212.5701; lr is 1 there",
    summary="a step scaled by the size of past steps over that of past gradients",
    state={v: 0, d: 0},
    steps=(
        Step(new(v), rho * v + (1 - rho) * g**2, "average of squared gradients"),
        Step(u, sqrt(d + eps) * g / sqrt(new(v) + eps), "step"),
        Step(new(d), rho * d + (1 - rho) * u**2, "average of squared steps"),
        Step(new(w), w - lr * u, "descent"),
    ),
    claims=(
        ema(v, of=g**2, decay=rho),
        ema(d, of=u**2, decay=rho),
        first_step(-lr * sqrt(eps) * g / sqrt((1 - rho) * g**2 + eps)),
        scales({"v": g**2, "d": w**2}, at={eps: 0}),
        fails(scales({"v": g**2, "d": w**2}), "epsilon is added to two things of different units"),
        descends(),
        fixed_point(),
        # a sudden gradient, of any size, is in the denominator before past steps can grow
        at_most(Abs(new(w) - w), lr * sqrt(d + eps) / sqrt(1 - rho)),
        stable(2 * sqrt(v + eps) / (sqrt(d + eps) * h)),
    ),
)

ADADELTA_UNIT_START = Optimizer(
    name="AdadeltaUnitStart",
    source="Zeiler (2012), arXiv:1212.5701, with RMS[dw] = 1 before the first step",
    summary="Adadelta that starts as if past steps had had length one",
    state={v: 0, d: 1 - eps},
    steps=ADADELTA.steps,
    claims=(
        ema(d, of=u**2, decay=rho),
        first_step(-lr * g / sqrt((1 - rho) * g**2 + eps)),
        fails(equals(ADADELTA), "where the size of past steps starts is felt"),
        fixed_point(),
    ),
)

ADADELTA_UNIT_FIRST = Optimizer(
    name="AdadeltaUnitFirst",
    source="Zeiler (2012), arXiv:1212.5701, with 1 for RMS[dw] in the first step and the average from 0 in all others",
    summary="Adadelta whose first step is that of RMSprop",
    own_t=True,
    state={v: 0, d: 0},
    steps=(
        ADADELTA.steps[0],
        Step(u, where(t > 1, sqrt(d + eps), 1) * g / sqrt(new(v) + eps), "step"),
        *ADADELTA.steps[2:],
    ),
    claims=(
        ema(v, of=g**2, decay=rho),
        ema(d, of=u**2, decay=rho),
        first_step(-lr * g / sqrt((1 - rho) * g**2 + eps)),
        fails(equals(ADADELTA), "the first step is in the average, and fades out of it as rho**t"),
        fails(equals(ADADELTA_UNIT_START), "there the start is in the average as well, as rho**t * (1 - eps)"),
        descends(),
        fixed_point(),
    ),
)
