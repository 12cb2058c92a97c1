"""Gradient descent: a step against the gradient."""

from codegen.claims import (
    additive,
    averages,
    batch_variance,
    descends,
    drift,
    first_step,
    fixed_point,
    parts_drift,
    scales,
    series,
)
from codegen.claims.dynamics import best, follows, h, h_max, h_min, stable
from codegen.spec import Optimizer, Step, arrays, hyper, new, scalars

w, g, g1, h2 = arrays("w g g1 h2")
dt = scalars("dt")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")

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
        stable(2 / h),
        best({lr: 2 / (h_max + h_min)}, rate=(h_max - h_min) / (h_max + h_min)),
        follows({w: -g}, dt=dt, hyper={lr: dt}),
    ),
)
