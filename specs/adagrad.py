"""Adagrad: every weight's step is divided by the root of all squared gradients it has seen."""

from sympy import Rational

from stepsmith.codegen.claims import (
    descends,
    equals,
    fails,
    falls,
    first_step,
    fixed_point,
    identity,
    monotone,
    nonnegative,
    reduces_to,
    rises,
    scales,
    series,
    slip,
    step_bound,
)
from stepsmith.codegen.claims.dynamics import h, stable
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

w, g, v, s, c = arrays("w g v s c")
t, clr = scalars("t clr")
sigma = arrays("sigma")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
eps = hyper("eps", default="1e-10", domain=">= 0", doc="keeps the division from zero")
eps_inside = hyper("eps", default="1e-7", domain=">= 0", doc="keeps the root from zero")
initial_accumulator = hyper("initial_accumulator", default="0", domain=">= 0", doc="first value of the sum")
initial_inside = hyper("initial_accumulator", default="0.1", domain=">= 0", doc="first value of the sum")
lr_decay = hyper("lr_decay", default="0", domain=">= 0", doc="decay of the learning rate")


def _first(epsilon):
    """The first step with this epsilon."""
    return -lr * g / (sqrt(initial_accumulator + g**2) + epsilon)


_ADAGRAD_EPS_AS_PRINTED = Optimizer(
    name="AdagradEpsAsPrinted",
    source="lecture 002: epsilon = 10e-8",
    summary="Adagrad with the epsilon that 10e-8 is",
    state={v: initial_accumulator},
    steps=(
        Step(new(v), v + g**2, "sum of squares"),
        Step(new(w), w - lr * g / (sqrt(new(v)) + 10 * Rational(1, 10**8)), "descent"),
    ),
)

ADAGRAD = Optimizer(
    name="Adagrad",
    source="Duchi, Hazan & Singer (2011), jmlr.org/papers/v12/duchi11a.html, epsilon outside the root",
    summary="a step divided by the root of the sum of squared gradients",
    state={v: initial_accumulator},
    steps=(
        Step(new(v), v + g**2, "sum of squares"),
        Step(new(w), w - lr * g / (sqrt(new(v)) + eps), "descent"),
    ),
    claims=(
        series(v, of=g**2),
        monotone(v),
        first_step(-lr * g / (sqrt(initial_accumulator + g**2) + eps)),
        descends(),
        step_bound(),
        fixed_point(),
        # what it divides by has the size of the curvature, so that a step does not depend on it
        identity(new(v), v + h**2 * (w - c) ** 2, given={g: h * (w - c)}),
        scales({"lr": w, "v": g**2, "initial_accumulator": g**2, "eps": g}),
        # "a gradient close to zero makes a big step" is wrong
        rises(Abs(new(w) - w)),
        fails(falls(Abs(new(w) - w)), "the smaller the gradient, the smaller the step"),
        identity(new(w) - w, 0, given={g: 0}),
        stable(2 * (sqrt(v) + eps) / h),
        slip(_ADAGRAD_EPS_AS_PRINTED, first_step(_first(Rational(1, 10**7)))),
        slip(_ADAGRAD_EPS_AS_PRINTED, fails(first_step(_first(Rational(1, 10**8))), "10e-8 is ten times 1e-8")),
    ),
)

ADAGRAD_EPS_INSIDE = Optimizer(
    name="AdagradEpsInside",
    source="Duchi, Hazan & Singer (2011), epsilon inside the root as in keras.optimizers.Adagrad and optax.adagrad",
    summary="Adagrad with epsilon inside the root",
    state={v: initial_inside},
    steps=(
        Step(new(v), v + g**2, "sum of squares"),
        Step(new(w), w - lr * g / sqrt(new(v) + eps_inside), "descent"),
    ),
    claims=(
        series(v, of=g**2),
        monotone(v),
        reduces_to(ADAGRAD, at={eps_inside: 0}),
        fails(equals(ADAGRAD), "epsilon inside the root is not epsilon outside it"),
        fixed_point(),
    ),
)

ADAGRAD_GUARDED = Optimizer(
    name="AdagradGuarded",
    source="Duchi, Hazan & Singer (2011), as in optax.adagrad, which rests as long as all gradients were zero",
    summary="AdagradEpsInside that needs no epsilon",
    state={v: initial_inside},
    steps=(
        Step(new(v), v + g**2, "sum of squares"),
        # times the gradient outside the choice: one that is not finite must not pass for one that is zero
        Step(new(w), w - lr * where(new(v) > 0, 1 / sqrt(new(v) + eps_inside), 0) * g, "descent, if there is a slope"),
    ),
    claims=(
        series(v, of=g**2),
        monotone(v),
        nonnegative(v),
        descends(),
        # where AdagradEpsInside has a value: with eps = 0 it has none as long as all gradients were zero
        equals(ADAGRAD_EPS_INSIDE),
        fixed_point(),
    ),
)

ADAGRAD_DECAY = Optimizer(
    name="AdagradDecay",
    source="Duchi, Hazan & Singer (2011), with the learning-rate decay of torch.optim.Adagrad",
    summary="Adagrad with a learning rate that falls with the step number",
    state={v: initial_accumulator},
    steps=(
        Step(clr, lr / (1 + (t - 1) * lr_decay), "decayed learning rate"),
        Step(new(v), v + g**2, "sum of squares"),
        Step(new(w), w - clr * g / (sqrt(new(v)) + eps), "descent"),
    ),
    claims=(
        series(v, of=g**2),
        equals(ADAGRAD, hyper={"lr": lr / (1 + (t - 1) * lr_decay)}),
        reduces_to(ADAGRAD, at={lr_decay: 0}),
        fixed_point(),
    ),
)

_ADAGRAD_BRACKET_OUTSIDE = Optimizer(
    name="AdagradBracketOutside",
    source="lecture 004: sigma = sqrt(1 / 2) (g_0**2 + g_1**2) in the second step",
    summary="Adagrad in which the root is taken of the number of steps alone",
    state={v: 0},
    steps=(
        Step(clr, lr / sqrt(t), "decayed learning rate"),
        Step(new(v), v + g**2, "sum of squares"),
        Step(sigma, sqrt(1 / t) * new(v), "what should be the root of their mean"),
        Step(new(w), w - clr * g / sigma, "descent"),
    ),
)

ADAGRAD_RMS = Optimizer(
    name="AdagradRMS",
    source="Adagrad as a root mean square with the learning rate lr/sqrt(t)",
    summary="Adagrad written with the mean of squared gradients",
    state={s: 0},
    steps=(
        Step(clr, lr / sqrt(t), "decayed learning rate"),
        Step(new(s), ((t - 1) * s + g**2) / t, "mean of squares"),
        Step(new(w), w - clr * g / (sqrt(new(s)) + eps), "descent"),
    ),
    claims=(
        equals(ADAGRAD, hyper={"eps": eps * sqrt(t), "initial_accumulator": 0}, state={"v": t * s}),
        first_step(-lr * g / (Abs(g) + eps)),
        scales({"s": g**2, "lr": w, "eps": g}),
        fixed_point(),
        slip(
            _ADAGRAD_BRACKET_OUTSIDE,
            fails(scales({"v": g**2, "sigma": g, "lr": w}), "sigma has the unit of a squared gradient"),
        ),
        slip(_ADAGRAD_BRACKET_OUTSIDE, scales({"v": g**2, "sigma": g**2, "lr": w * g})),
        slip(_ADAGRAD_BRACKET_OUTSIDE, first_step(-lr / g)),
    ),
)
