"""AdaBound: Adam whose step for each weight is held between bounds that close in on that of SGD."""

from stepsmith.codegen.claims import ema, equals, fails, fixed_point, identity, monotone
from stepsmith.codegen.spec import Max, Min, Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM, ADAM_EPS_HAT

w, g, m, v, v_max, rate = arrays("w g m v v_max rate")
t, c1, c2, lower, upper = scalars("t c1 c2 lower upper")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
final_lr = hyper("final_lr", default="0.1", domain=">= 0", doc="learning rate on which the bounds close in")
gamma = hyper("gamma", default="0.001", domain="> 0", doc="how fast the bounds close in")

_C1, _C2, _M, _V, _, _, _ = ADAM.steps
_LOWER = Step(lower, final_lr * (1 - 1 / (gamma * t + 1)), "lower bound, from 0 up")
_UPPER = Step(upper, final_lr * (1 + 1 / (gamma * t)), "upper bound, down from infinity")


def _rate(second_moment) -> Step:
    return Step(rate, Min(Max(lr * sqrt(c2) / c1 / (sqrt(second_moment) + eps), lower), upper), "rate within bounds")


_DESCENT = Step(new(w), w - rate * new(m), "descent")

# the lower bound is below the upper, and the rate, which is one of three, between them
_WITHIN = (identity(Max(lower, upper), upper), identity(Min(rate, upper), rate))

ADABOUND = Optimizer(
    name="AdaBound",
    source="Luo et al. (2019), Algorithm 2, arXiv:1902.09843, bias and bounds as in the authors' code and Chainer",
    summary="Adam with bounds on the rate of each weight that close in on one rate for all",
    state={m: 0, v: 0},
    steps=(_C1, _C2, _M, _V, _LOWER, _UPPER, _rate(new(v)), _DESCENT),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        *_WITHIN,
        fails(equals(ADAM_EPS_HAT), "the bounds are felt"),
        fixed_point(),
    ),
)

AMSBOUND = Optimizer(
    name="AMSBound",
    source="Luo et al. (2019), arXiv:1902.09843, AMSBound, bias and bounds as in the authors' code and Chainer",
    summary="AdaBound with the largest second moment so far",
    state={m: 0, v: 0, v_max: 0},
    steps=(
        _C1,
        _C2,
        _M,
        _V,
        Step(new(v_max), Max(v_max, new(v)), "largest second moment"),
        _LOWER,
        _UPPER,
        _rate(new(v_max)),
        _DESCENT,
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        monotone(v_max),
        *_WITHIN,
        fails(equals(ADABOUND), "the largest second moment is not the present one"),
        fixed_point(),
    ),
)
