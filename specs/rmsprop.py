"""RMSprop: every weight's step is divided by the root of a running average of its squared gradients."""

from stepsmith.codegen.claims import (
    additive,
    descends,
    ema,
    equals,
    fails,
    first_step,
    fixed_point,
    nonnegative,
    reduces_to,
    series,
    slip,
    step_bound,
    unbiased,
)
from stepsmith.codegen.claims.dynamics import h, stable
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .sign import SIGN_SGD

w, g, v, a, b, u, variance, v_hat = arrays("w g v a b u variance v_hat")
t, r, c = scalars("t r c")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
rho = hyper("rho", default="0.9", domain="[0, 1)", doc="decay of the averages")
eps = hyper("eps", default="1e-7", domain=">= 0", doc="keeps the division from zero")
momentum = hyper("momentum", default="0.9", domain="[0, 1)", doc="momentum coefficient")
initial_accumulator = hyper("initial_accumulator", default="0", domain=">= 0", doc="first value of the average")
lr_graves = hyper("lr", default="1e-4", domain=">= 0", doc="learning rate")
rho_graves = hyper("rho", default="0.95", domain="[0, 1)", doc="decay of the averages")
eps_graves = hyper("eps", default="1e-4", domain=">= 0", doc="keeps the root from zero")

_AVERAGE = Step(new(v), rho * v + (1 - rho) * g**2, "average of squares")
_MEAN = Step(new(a), rho * a + (1 - rho) * g, "average")
# the variance is not negative in exact arithmetic (claimed below), but may round below zero
_VARIANCE = Step(variance, Max(new(v) - new(a) ** 2, 0), "variance, guarded against rounding")

_RMSPROP_AS_QUOTIENT = Optimizer(
    name="RMSpropAsQuotient",
    source="lecture 001: w' = w - lr grad L / grad L",
    summary="a step of one length in one direction",
    state={},
    steps=(
        Step(u, g, "what should be its magnitude"),
        Step(new(w), w - lr * g / u, "descent"),
    ),
)

RMSPROP = Optimizer(
    name="RMSprop",
    source="Tieleman & Hinton (2012), Neural Networks for Machine Learning, lecture 6.5, epsilon outside the root",
    summary="a step divided by the root of an average of squared gradients",
    state={v: 0},
    steps=(_AVERAGE, Step(new(w), w - lr * g / (sqrt(new(v)) + eps), "descent")),
    claims=(
        ema(v, of=g**2, decay=rho),
        first_step(-lr * g / (sqrt(1 - rho) * Abs(g) + eps)),
        reduces_to(SIGN_SGD, at={rho: 0, eps: 0}),
        fails(additive(), "steps over the parts of a batch do not add up to the step over the batch"),
        additive(common=new(v)),
        descends(),
        step_bound(),
        fixed_point(),
        stable(2 * (sqrt(v) + eps) / h),
        slip(_RMSPROP_AS_QUOTIENT, first_step(-lr)),
        slip(_RMSPROP_AS_QUOTIENT, fails(equals(SIGN_SGD), "a gradient over itself is 1: the sign is lost")),
        slip(_RMSPROP_AS_QUOTIENT, fails(descends(), "where the gradient is negative, it climbs")),
    ),
)

RMSPROP_EPS_INSIDE = Optimizer(
    name="RMSpropEpsInside",
    source="Tieleman & Hinton (2012), lecture 6.5, epsilon inside the root as in keras.optimizers.RMSprop",
    summary="RMSprop with epsilon inside the root",
    state={v: initial_accumulator},
    steps=(_AVERAGE, Step(new(w), w - lr * g / sqrt(new(v) + eps), "descent")),
    claims=(
        ema(v, of=g**2, decay=rho),
        first_step(-lr * g / sqrt(rho * initial_accumulator + (1 - rho) * g**2 + eps)),
        reduces_to(RMSPROP, at={eps: 0, initial_accumulator: 0}),
        fails(equals(RMSPROP), "epsilon inside the root is not epsilon outside it"),
        descends(),
        fixed_point(),
    ),
)

RMSPROP_CENTERED = Optimizer(
    name="RMSpropCentered",
    source="Graves (2013), equations 38 to 40, arXiv:1308.0850, without momentum, epsilon outside the root",
    summary="RMSprop that divides by the deviation of the gradients",
    state={v: 0, a: 0},
    steps=(_AVERAGE, _MEAN, _VARIANCE, Step(new(w), w - lr * g / (sqrt(variance) + eps), "descent")),
    claims=(
        ema(v, of=g**2, decay=rho),
        ema(a, of=g, decay=rho),
        nonnegative(v - a**2),
        fixed_point(),
    ),
)

RMSPROP_CENTERED_EPS_INSIDE = Optimizer(
    name="RMSpropCenteredEpsInside",
    source="Graves (2013), arXiv:1308.0850, without momentum, as in keras.optimizers.RMSprop(centered=True)",
    summary="centered RMSprop with epsilon inside the root",
    state={v: initial_accumulator, a: 0},
    steps=(_AVERAGE, _MEAN, _VARIANCE, Step(new(w), w - lr * g / sqrt(variance + eps), "descent")),
    claims=(
        ema(a, of=g, decay=rho),
        nonnegative(v - a**2),
        first_step(-lr * g / sqrt(rho * initial_accumulator + rho * (1 - rho) * g**2 + eps)),
        reduces_to(RMSPROP_CENTERED, at={eps: 0, initial_accumulator: 0}),
        fixed_point(),
    ),
)

RMSPROP_MOMENTUM = Optimizer(
    name="RMSpropMomentum",
    source="torch.optim.RMSprop(momentum=...), learning rate outside the buffer",
    summary="RMSprop with momentum, the learning rate outside the buffer",
    state={v: 0, b: 0},
    steps=(
        _AVERAGE,
        Step(new(b), momentum * b + g / (sqrt(new(v)) + eps), "buffer"),
        Step(new(w), w - lr * new(b), "descent"),
    ),
    claims=(
        ema(v, of=g**2, decay=rho),
        reduces_to(RMSPROP, at={momentum: 0}),
        step_bound(),
        fixed_point(),
        stable(2 * (1 + momentum) * (sqrt(v) + eps) / h),
    ),
)

RMSPROP_MOMENTUM_LR_INSIDE = Optimizer(
    name="RMSpropMomentumLrInside",
    source="RMSprop with momentum and the learning rate inside the buffer, epsilon outside the root",
    summary="RMSprop with momentum, the learning rate inside the buffer",
    state={v: 0, b: 0},
    steps=(
        _AVERAGE,
        Step(new(b), momentum * b + lr * g / (sqrt(new(v)) + eps), "buffer"),
        Step(new(w), w - new(b), "descent"),
    ),
    claims=(
        equals(RMSPROP_MOMENTUM, state={"b": b / lr}, constant=(lr,)),
        reduces_to(RMSPROP, at={momentum: 0}),
        fixed_point(),
    ),
)

RMSPROP_MOMENTUM_EPS_INSIDE = Optimizer(
    name="RMSpropMomentumEpsInside",
    source="keras.optimizers.RMSprop(momentum=...), learning rate inside the buffer, epsilon inside the root",
    summary="RMSprop with momentum, learning rate inside the buffer, epsilon inside the root",
    state={v: initial_accumulator, b: 0},
    steps=(
        _AVERAGE,
        Step(new(b), momentum * b + lr * g / sqrt(new(v) + eps), "buffer"),
        Step(new(w), w - new(b), "descent"),
    ),
    claims=(
        ema(v, of=g**2, decay=rho),
        reduces_to(RMSPROP_EPS_INSIDE, at={momentum: 0}),
        fixed_point(),
    ),
)

RMSPROP_CENTERED_MOMENTUM = Optimizer(
    name="RMSpropCenteredMomentum",
    source="torch.optim.RMSprop(centered=True, momentum=...), learning rate outside the buffer",
    summary="centered RMSprop with momentum, the learning rate outside the buffer, epsilon outside the root",
    state={v: 0, a: 0, b: 0},
    steps=(
        _AVERAGE,
        _MEAN,
        _VARIANCE,
        Step(new(b), momentum * b + g / (sqrt(variance) + eps), "buffer"),
        Step(new(w), w - lr * new(b), "descent"),
    ),
    claims=(
        nonnegative(v - a**2),
        reduces_to(RMSPROP_CENTERED, at={momentum: 0}),
        fixed_point(),
    ),
)

RMSPROP_GRAVES = Optimizer(
    name="RMSpropGraves",
    source="Graves (2013), equations 38 to 45, arXiv:1308.0850",
    summary="centered RMSprop with momentum, as first published",
    state={v: 0, a: 0, b: 0},
    steps=(
        Step(new(v), rho_graves * v + (1 - rho_graves) * g**2, "average of squares"),
        Step(new(a), rho_graves * a + (1 - rho_graves) * g, "average"),
        _VARIANCE,
        Step(new(b), momentum * b - lr_graves * g / sqrt(variance + eps_graves), "buffer"),
        Step(new(w), w + new(b), "move"),
    ),
    claims=(
        nonnegative(v - a**2),
        series(b, of=lr_graves * g / sqrt(variance + eps_graves), decay=momentum, weight=-1),
        reduces_to(RMSPROP_CENTERED_EPS_INSIDE, at={momentum: 0}, hyper={"initial_accumulator": 0}),
        fixed_point(),
    ),
)

RMSPROP_NESTEROV = Optimizer(
    name="RMSpropNesterov",
    source="optax.rmsprop(momentum=..., nesterov=True), learning rate inside the buffer, epsilon inside the root",
    summary="RMSprop with Nesterov's momentum",
    state={v: initial_accumulator, b: 0},
    steps=(
        _AVERAGE,
        Step(u, lr * g / sqrt(new(v) + eps), "step of RMSprop"),
        Step(new(b), momentum * b + u, "buffer"),
        Step(new(w), w - u - momentum * new(b), "descent"),
    ),
    claims=(
        ema(v, of=g**2, decay=rho),
        series(b, of=u, decay=momentum),
        reduces_to(RMSPROP_EPS_INSIDE, at={momentum: 0}),
        fails(equals(RMSPROP_MOMENTUM_EPS_INSIDE), "looking a step ahead makes it another rule"),
        descends(),
        fixed_point(),
    ),
)

RMSPROP_CENTERED_NESTEROV = Optimizer(
    name="RMSpropCenteredNesterov",
    source="optax.rmsprop(centered=True, momentum=..., nesterov=True), epsilon inside the root",
    summary="centered RMSprop with Nesterov's momentum",
    state={v: initial_accumulator, a: 0, b: 0},
    steps=(
        _AVERAGE,
        _MEAN,
        _VARIANCE,
        Step(u, lr * g / sqrt(variance + eps), "step of centered RMSprop"),
        Step(new(b), momentum * b + u, "buffer"),
        Step(new(w), w - u - momentum * new(b), "descent"),
    ),
    claims=(
        nonnegative(v - a**2),
        series(b, of=u, decay=momentum),
        reduces_to(RMSPROP_CENTERED_EPS_INSIDE, at={momentum: 0}),
        fixed_point(),
    ),
)

RMSPROP_CORRECTED = Optimizer(
    name="RMSpropCorrected",
    source="optax.rmsprop(bias_correction=True), epsilon inside the root",
    summary="RMSprop with the bias correction of Adam",
    state={v: 0},
    steps=(
        Step(c, 1 - rho**t, "bias of the average"),
        _AVERAGE,
        Step(v_hat, new(v) / c, "average, corrected"),
        Step(new(w), w - lr * g / sqrt(v_hat + eps), "descent"),
    ),
    claims=(
        ema(v, of=g**2, decay=rho),
        unbiased(v_hat, of=g**2),
        first_step(-lr * g / sqrt(g**2 + eps)),
        fails(
            equals(RMSPROP_EPS_INSIDE, hyper={"initial_accumulator": 0}),
            "without the correction the first steps are larger",
        ),
        descends(),
        fixed_point(),
    ),
)

RMSPROP_WARM = Optimizer(
    name="RMSpropWarm",
    source="RMSprop whose average starts at the first squared gradient: v_1 = g_0**2 with gradients counted from 0",
    summary="RMSprop started at the first squared gradient",
    own_t=True,
    state={v: 0},
    steps=(
        Step(r, where(t > 1, rho, 0), "decay, none before the second step"),
        Step(new(v), r * v + (1 - r) * g**2, "average of squares"),
        Step(new(w), w - lr * g / (sqrt(new(v)) + eps), "descent"),
    ),
    claims=(
        first_step(-lr * g / (Abs(g) + eps)),
        fails(equals(RMSPROP), "the start of the average matters"),
        fixed_point(),
    ),
)
