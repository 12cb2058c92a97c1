"""Steps that look at signs: of the gradient, of a momentum, of two gradients in a row."""

from stepsmith.codegen.claims import (
    additive,
    descends,
    ema,
    equals,
    fails,
    first_step,
    fixed_point,
    identity,
    reduces_to,
    scales,
    slip,
    step_bound,
)
from stepsmith.codegen.spec import Max, Min, Optimizer, Step, arrays, hyper, new, scalars, sign, where

w, g, m, a, last, factor, used, u = arrays("w g m a last factor used u")
t = scalars("t")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay of the momentum")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="share of the momentum in the step")
beta2 = hyper("beta2", default="0.99", domain="[0, 1)", doc="decay of the momentum")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay")
first = hyper("lr", default="0.01", domain=">= 0", doc="first step length of every weight")
grow = hyper("grow", default="1.2", domain=">= 1", doc="factor after two gradients of one sign")
shrink = hyper("shrink", default="0.6", domain="(0, 1]", doc="factor after a change of sign, or a gradient of zero")
# torch does not let them be 1
grow_torch = hyper("grow", default="1.2", domain="> 1", doc="factor after two gradients of one sign")
shrink_torch = hyper("shrink", default="0.5", domain="(0, 1)", doc="factor after a change of sign")
shortest = hyper("shortest", default="1e-6", domain=">= 0", doc="shortest step")
longest = hyper("longest", default="50", domain="> 0", doc="longest step")

_SIGN_OF_THE_WEIGHT = Optimizer(
    name="SignOfTheWeight",
    source="a step by sign(w), where the sign of the gradient is meant",
    summary="a step of one length towards zero",
    state={},
    steps=(Step(new(w), w - lr * sign(w), "descent"),),
)

SIGN_SGD = Optimizer(
    name="SignSGD",
    source="Bernstein et al. (2018), Algorithm 1, arXiv:1802.04434",
    summary="a step of one length for every weight",
    state={},
    steps=(Step(new(w), w - lr * sign(g), "descent"),),
    claims=(
        first_step(-lr * sign(g)),
        scales({"lr": w}),
        fails(additive(), "steps over the parts of a batch do not add up to the step over the batch"),
        descends(),
        step_bound(),
        fixed_point(),
        slip(_SIGN_OF_THE_WEIGHT, fails(fixed_point(), "it moves without any gradient")),
        slip(_SIGN_OF_THE_WEIGHT, fails(descends(), "the weight says nothing of the direction")),
    ),
)

LION = Optimizer(
    name="Lion",
    source="Chen et al. (2023), Algorithm 2, arXiv:2302.06675",
    summary="the sign of a momentum that looks ahead, with decoupled weight decay",
    state={m: 0},
    steps=(
        Step(u, sign(beta1 * m + (1 - beta1) * g), "direction"),
        Step(new(m), beta2 * m + (1 - beta2) * g, "momentum"),
        Step(new(w), w - lr * (u + weight_decay * w), "descent"),
    ),
    claims=(
        step_bound(),
        ema(m, of=g, decay=beta2),
        first_step(-lr * (sign(g) + weight_decay * w)),
        reduces_to(SIGN_SGD, at={beta1: 0, weight_decay: 0}),
    ),
)

SIGNUM = Optimizer(
    name="Signum",
    source="Bernstein et al. (2018), Algorithm 2, arXiv:1802.04434",
    summary="a step of one length in the direction of the momentum's signs",
    state={m: 0},
    steps=(
        Step(new(m), beta * m + (1 - beta) * g, "momentum"),
        Step(new(w), w - lr * sign(new(m)), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta),
        first_step(-lr * sign(g)),
        equals(LION, hyper={"beta1": beta, "beta2": beta, "weight_decay": 0}),
        reduces_to(SIGN_SGD, at={beta: 0}),
        scales({"lr": w, "m": g}),
        fixed_point(),
    ),
)

RPROP = Optimizer(
    name="Rprop",
    source="Riedmiller & Braun (1993), doi:10.1109/ICNN.1993.298623, without backtracking",
    summary="a step length of its own for every weight, fitted to the signs of its gradients",
    own_t=True,
    state={a: first, last: 0},
    steps=(
        Step(factor, where(g * last > 0, grow, shrink), "agreement of two gradients"),
        Step(new(a), where(t > 1, a * factor, a), "step length"),
        Step(new(last), g),
        Step(new(w), w - new(a) * sign(g), "descent"),
    ),
    claims=(
        first_step(-first * sign(g)),
        # a gradient of zero shrinks the step, too
        identity(factor, where(g * last <= 0, shrink, grow)),
        reduces_to(SIGN_SGD, at={grow: 1, shrink: 1}, constant=(first,)),
        fails(equals(SIGN_SGD, constant=(first,)), "the step length follows the signs"),
        descends(),
        fixed_point(),
    ),
)

RPROP_CLAMPED = Optimizer(
    name="RpropClamped",
    source="Riedmiller & Braun (1993), doi:10.1109/ICNN.1993.298623, as in torch.optim.Rprop",
    summary="Rprop with bounds on the step, and no step after a change of sign",
    own_t=True,
    state={a: first, last: 0},
    steps=(
        Step(
            factor, where(g * last > 0, grow_torch, where(g * last < 0, shrink_torch, 1)), "agreement of two gradients"
        ),
        Step(new(a), Min(Max(a * factor, shortest), longest), "step length"),
        Step(used, where(g * last < 0, 0, g), "no step after a change of sign"),
        Step(new(last), used),
        Step(new(w), w - new(a) * sign(used), "descent"),
    ),
    claims=(first_step(-Min(Max(first, shortest), longest) * sign(g)), fixed_point()),
)
