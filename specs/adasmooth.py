"""AdaSmooth: RMSprop whose decay depends on how straight the way of a weight has been."""

from stepsmith.codegen.claims import (
    equals,
    fails,
    first_step,
    fixed_point,
    nonnegative,
    reduces_to,
    series,
)
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, hyper, new, sqrt

from .rmsprop import RMSPROP_EPS_INSIDE

w, g, last, s, way, v, moved, c = arrays("w g last s way v moved c")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.5", domain="[0, 1)", doc="decay where the way is straight")
beta2 = hyper("beta2", default="0.99", domain="[0, 1)", doc="decay where the weight comes back")
eps = hyper("eps", default="1e-6", domain="> 0", doc="keeps the divisions from zero")

ADASMOOTH = Optimizer(
    name="AdaSmooth",
    source="Lu (2022), Algorithm 1, arXiv:2204.00825, over all steps so far, as in pytorch_optimizer",
    summary="RMSprop that forgets faster the straighter the way of the weight has been",
    state={last: w, s: 0, way: 0, v: 0},
    steps=(
        Step(moved, w - last, "the step before"),
        Step(new(last), w),
        Step(new(s), s + moved, "way from the start"),
        Step(new(way), way + Abs(moved), "length of the way"),
        Step(c, (beta2 - beta1) * Abs(new(s)) / (new(way) + eps) + 1 - beta2, "smoothing, by the effective ratio"),
        Step(new(v), Max(1 - c**2, 0) * v + c**2 * g**2, "second moment; c is at most 1"),
        Step(new(w), w - lr * g / sqrt(new(v) + eps), "descent"),
    ),
    claims=(
        series(s, of=moved),
        nonnegative(way),
        # with one decay, it is RMSprop with another
        reduces_to(
            RMSPROP_EPS_INSIDE,
            at={beta1: beta2},
            hyper={"rho": 1 - (1 - beta2) ** 2, "initial_accumulator": 0},
        ),
        fails(
            equals(RMSPROP_EPS_INSIDE, hyper={"rho": beta2, "initial_accumulator": 0}),
            "the decay is squared, and varies",
        ),
        first_step(-lr * g / sqrt((1 - beta2) ** 2 * g**2 + eps)),
        fixed_point(),
    ),
)
