"""Gradient descent: a step against the gradient."""

from stepsmith.codegen.claims import (
    additive,
    averages,
    batch_variance,
    descends,
    drift,
    fails,
    first_step,
    fixed_point,
    identity,
    parts_drift,
    scales,
    series,
    slip,
)
from stepsmith.codegen.claims.dynamics import best, follows, h, h_max, h_min, noise_floor, quiet, regimes, sigma, stable
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, scalars

w, g, g1, h2, c = arrays("w g g1 h2 c")
dt = scalars("dt")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")

# on a quadratic whose minimum is 0, the loss is g * w / 2
_SGD_BY_THE_LOSS = Optimizer(
    name="SGDByTheLoss",
    source="lecture 003: w' = w - lr L, the loss in place of its gradient",
    summary="a step that subtracts the loss",
    state={},
    steps=(Step(new(w), w - lr * (g * w / 2), "descent"),),
)

weight_decay = hyper("weight_decay", default="0.01", domain=">= 0", doc="weight decay")
_SGD_WITH_DECAY = Optimizer(
    name="SGDWithDecay",
    source="lecture 000: weight_decay as a gradual decrease of the learning rate",
    summary="SGD with weight decay",
    state={},
    steps=(Step(new(w), w - lr * weight_decay * w - lr * g, "decay and descent"),),
)

SGD = Optimizer(
    name="SGD",
    source="Robbins & Monro (1951), Annals of Mathematical Statistics 22(3), doi:10.1214/aoms/1177729586",
    summary="stochastic gradient descent",
    state={},
    steps=(Step(new(w), w - lr * g, "descent"),),
    claims=(
        series(w, of=lr * g, weight=-1),
        first_step(-lr * g),
        additive(),
        averages(),
        batch_variance(),
        # what the sum of steps over the parts of a batch leaves out, if the weights move in between
        drift(lr**2 * h2 * g1),
        parts_drift(lr),
        scales({"lr": w / g}),
        descends(),
        fixed_point(),
        # the best step is the first derivative over the second: on h (w - c)**2 / 2 it ends in the minimum
        identity(new(w), c, given={g: h * (w - c), lr: 1 / h}),
        identity(new(w) - w, 0, given={g: 0}),
        stable(2 / h),
        regimes(lr, lands=1 / h, cycles=2 / h),
        noise_floor(lr * sigma**2 / (h * (2 - lr * h)), of=lr),
        quiet(lr),
        fails(quiet(lr, squares=True), "in the mean square, the second condition of Robbins and Monro is not needed"),
        best({lr: 2 / (h_max + h_min)}, rate=(h_max - h_min) / (h_max + h_min)),
        follows({w: -g}, dt=dt, hyper={lr: dt}),
        slip(_SGD_BY_THE_LOSS, fails(scales({"lr": w / g}), "a loss has the unit of a gradient times a weight")),
        # weight decay is the gradient of weight_decay / 2 * w**2, and moves w where SGD rests, whatever its rate
        slip(_SGD_WITH_DECAY, identity(new(w), w - lr * (g + weight_decay * w))),
        slip(_SGD_WITH_DECAY, fails(fixed_point(), "no learning rate moves w where the gradient is zero")),
        slip(_SGD_BY_THE_LOSS, fails(descends(), "where the weight is negative, it climbs")),
    ),
)
