"""PID: a step by the gradient, by the sum of all gradients that fades, and by how the gradient changes."""

from stepsmith.codegen.claims import (
    additive,
    descends,
    first_step,
    fixed_point,
    reduces_to,
    scales,
    series,
)
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, scalars, where

from .momentum import QHM
from .nesterov import NESTEROV
from .sgd import SGD

w, g, v, d, last, change = arrays("w g v d last change")
t = scalars("t")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
mu = hyper("mu", default="0.9", domain="[0, 1)", doc="momentum coefficient")
integral = hyper("integral", default="5", domain=">= 0", doc="weight of the sum")
derivative = hyper("derivative", default="10", domain=">= 0", doc="weight of the change")

PID = Optimizer(
    name="PID",
    source="An et al. (2018), A PID controller approach for stochastic optimization, CVPR, as in the authors' code",
    summary="momentum that also looks at the gradient itself and at its change",
    own_t=True,
    state={v: 0, d: 0, last: 0},
    steps=(
        Step(new(v), mu * v + g, "sum of the gradients"),
        Step(change, where(t > 1, g - last, 0), "change of the gradient"),
        Step(new(d), mu * d + (1 - mu) * change, "average of the changes"),
        Step(new(last), g),
        Step(new(w), w - lr * (g + integral * new(v) + derivative * new(d)), "descent"),
    ),
    claims=(
        series(v, of=g, decay=mu),
        reduces_to(SGD, at={integral: 0, derivative: 0}),
        reduces_to(NESTEROV, at={integral: mu, derivative: 0}, state={"b": v}),
        reduces_to(
            QHM,
            at={derivative: 0},
            hyper={
                "lr": lr * (1 + integral / (1 - mu)),
                "nu": integral / (1 - mu + integral),
                "beta": mu,
            },
            state={"m": (1 - mu) * v},
            constant=(mu,),
        ),
        first_step(-lr * (1 + integral) * g),
        additive(),
        descends(),
        scales({"v": g, "d": g, "last": g, "lr": w / g}),
        fixed_point(),
    ),
)
