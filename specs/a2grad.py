"""A2Grad: Nesterov's acceleration, with steps that mind how far gradients are from their mean."""

from stepsmith.codegen.claims import monotone, nonnegative, series
from stepsmith.codegen.spec import Max, Optimizer, Step, array_sum, arrays, hyper, new, per_array, scalars, sqrt, where

w, g, x, g_bar = arrays("w g x g_bar")
t, apart, alpha, alpha_last, length, root = scalars("t apart alpha alpha_last length root")
v = per_array("v")
v_bar = per_array("v_bar")
beta = hyper("beta", default="10", domain="> 0", doc="weight of the spread of the gradients")
lips = hyper("lips", default="10", domain="> 0", doc="Lipschitz constant of the gradient")
rho = hyper("rho", default="0.5", domain="[0, 1)", doc="decay of the spread")

_FROM = "Deng, Cheng & Lan (2018), arXiv:1810.00553"
_SPREAD = (
    Step(new(g_bar), where(t > 1, g_bar + (g - g_bar) / t, g), "mean of all gradients"),
    Step(apart, array_sum((g - new(g_bar)) ** 2), "squared distance from it, of this array"),
)


def _descent(root_value) -> tuple[Step, ...]:
    return (
        Step(root, root_value, "spread of the gradients"),
        Step(length, 1 / (2 * lips / (t + 1) + beta * root), "step length"),
        Step(alpha, 2 / (t + 3), "share of the long steps"),
        Step(alpha_last, where(t > 1, 2 / (t + 2), 1), "the same, of the step before"),
        Step(new(x), x - length * g, "long steps"),
        Step(
            new(w),
            (1 - alpha) * w + alpha * new(x) - (1 - alpha) * alpha_last * length * g,
            "short steps, drawn to the long ones",
        ),
    )


A2GRAD_UNI = Optimizer(
    name="A2GradUni",
    source=f"{_FROM}, with the uniform moving average",
    summary="accelerated descent whose step shrinks with the sum of the squared spreads",
    own_t=True,
    state={x: w, g_bar: 0, v: 0},
    steps=(*_SPREAD, Step(new(v), v + apart, "sum of the spreads"), *_descent(sqrt(new(v)))),
    claims=(nonnegative(v), monotone(v), series(v, of=apart)),
)

A2GRAD_INC = Optimizer(
    name="A2GradInc",
    source=f"{_FROM}, with the incremental moving average",
    summary="accelerated descent whose step shrinks with the spreads, the last of which count most",
    own_t=True,
    state={x: w, g_bar: 0, v: 0},
    steps=(
        *_SPREAD,
        Step(new(v), (t / (t + 1)) ** 2 * v + apart, "sum of the spreads"),
        *_descent(sqrt((t + 1) * new(v))),
    ),
    claims=(nonnegative(v),),
)

A2GRAD_EXP = Optimizer(
    name="A2GradExp",
    source=f"{_FROM}, with the exponential moving average",
    summary="accelerated descent whose step shrinks with the largest average of the spreads",
    own_t=True,
    state={x: w, g_bar: 0, v: 0, v_bar: 0},
    steps=(
        *_SPREAD,
        Step(new(v_bar), rho * v_bar + (1 - rho) * apart, "average of the spreads"),
        Step(new(v), Max(v, new(v_bar)), "the largest so far"),
        *_descent(sqrt((t + 1) * new(v))),
    ),
    claims=(nonnegative(v), monotone(v)),
)
