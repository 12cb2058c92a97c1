"""LARS: momentum whose step is, for each array, in proportion to the norm of the weights over that of the gradient."""

from stepsmith.codegen.claims import identity, series
from stepsmith.codegen.spec import Optimizer, Step, array_sum, arrays, hyper, new, norm, scalars, where

w, g, v, update = arrays("w g v update")
of_weights, of_gradient, ratio = scalars("of_weights of_gradient ratio")
lr = hyper("lr", default="0.1", domain=">= 0", doc="learning rate")
momentum = hyper("momentum", default="0.9", domain="[0, 1)", doc="decay of the velocity")
weight_decay = hyper("weight_decay", default="0.0001", domain=">= 0", doc="weight decay")
trust = hyper("trust_coefficient", default="0.001", domain="> 0", doc="share of the norm of the weights to a step")
eps = hyper("eps", default="0", domain=">= 0", doc="added to the norm of the gradient")

LARS = Optimizer(
    name="LARS",
    source="You, Gitman & Ginsburg (2017), Algorithm 1, arXiv:1708.03888, as in optax.lars",
    summary="momentum whose step is in proportion to the norm of the weights over that of the gradient, array by array",
    state={v: 0},
    steps=(
        Step(update, g + weight_decay * w, "gradient with decay"),
        Step(of_weights, norm(w), "norm of this array"),
        Step(of_gradient, norm(update), "norm of its gradient with decay"),
        Step(
            ratio,
            where(of_gradient > 0, where(of_weights > 0, trust * of_weights / (of_gradient + eps), 1), 1),
            "trust ratio",
        ),
        Step(new(v), momentum * v + lr * ratio * update, "velocity"),
        Step(new(w), w - new(v), "descent"),
    ),
    claims=(
        series(v, of=lr * ratio * update, decay=momentum),
        identity(array_sum((new(v) - momentum * v) ** 2), (lr * ratio) ** 2 * array_sum(update**2)),
    ),
)

_DENOMINATOR = of_gradient + weight_decay * of_weights
_RATIO = where(of_weights > 0, where(_DENOMINATOR > 0, trust * of_weights / _DENOMINATOR, 1), 1)

LARS_SUM_OF_NORMS = Optimizer(
    name="LARSSumOfNorms",
    source="You, Gitman & Ginsburg (2017), Algorithm 1, arXiv:1708.03888, with the learning rate of torch",
    summary="LARS that divides by the norm of the gradient plus that of its decay, not by the norm of their sum",
    state={v: 0},
    steps=(
        *LARS.steps[:2],
        Step(of_gradient, norm(g), "norm of its gradient"),
        Step(ratio, _RATIO, "trust ratio"),
        Step(new(v), momentum * v + ratio * update, "velocity"),
        Step(new(w), w - lr * new(v), "descent"),
    ),
    claims=(
        series(v, of=ratio * update, decay=momentum),
        identity(array_sum((new(w) - w + lr * momentum * v) ** 2), (lr * ratio) ** 2 * array_sum(update**2)),
    ),
)
