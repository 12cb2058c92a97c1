"""Adam: a step scaled by running estimates of the gradient's first two moments."""

from sympy import Rational

from stepsmith.codegen.claims import (
    descends,
    ema,
    ends,
    equals,
    fails,
    first_step,
    fixed_point,
    periods,
    reduces_to,
    scales,
    slip,
    step_bound,
    transient,
    unbiased,
)
from stepsmith.codegen.claims.dynamics import h, stable
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .momentum import MOMENTUM_EMA
from .rmsprop import RMSPROP, RMSPROP_CORRECTED, RMSPROP_EPS_INSIDE

w, g, m, v, m_hat, v_hat, first = arrays("w g m v m_hat v_hat first")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
eps_root = hyper("eps_root", default="0", domain=">= 0", doc="keeps the root from zero")

#: A step without bias correction divided by one with it, if eps is 0: that many times larger the first steps are.
UNCORRECTED = (1 - beta1**t) / sqrt(1 - beta2**t)

#: Reddi, Kale & Kumar (2018), arXiv:1904.09237, Theorem 1: the losses C w, -w, -w with C = 3; in [-1, 1], -1 is best.
REDDI = {"gradients": (3, -1, -1), "at": {lr: 1, beta1: 0, beta2: Rational(1, 1 + 3**2), eps: 0}}
#: The same with a learning rate that falls, and w kept in [-1, 1].
REDDI_RUN = {
    "gradients": REDDI["gradients"],
    "at": {**REDDI["at"], lr: Rational(19, 100) / sqrt(t)},
    "steps": 310,
    "within": (-1, 1),
}

_ADAM_OF_THE_FIRST_GRADIENT = Optimizer(
    name="AdamOfTheFirstGradient",
    source="lecture 003: m_t = beta_1 m_{t-1} + (1 - beta_1) g_1, v_t = beta_2 v_{t-1} + (1 - beta_2) g_1**2",
    summary="Adam that looks at no gradient but the first",
    state={first: 0, m: 0, v: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(first), where(t > 1, first, g), "the first gradient"),
        Step(new(m), beta1 * m + (1 - beta1) * new(first), "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * new(first) ** 2, "second moment"),
        Step(m_hat, new(m) / c1, "first moment, corrected"),
        Step(v_hat, new(v) / c2, "second moment, corrected"),
        Step(new(w), w - lr * m_hat / (sqrt(v_hat) + eps), "descent"),
    ),
)

ADAM = Optimizer(
    name="Adam",
    source="Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980",
    summary="a step scaled by running estimates of the first two moments of the gradient",
    state={m: 0, v: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(m), beta1 * m + (1 - beta1) * g, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(m_hat, new(m) / c1, "first moment, corrected"),
        Step(v_hat, new(v) / c2, "second moment, corrected"),
        Step(new(w), w - lr * m_hat / (sqrt(v_hat) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        first_step(-lr * g / (Abs(g) + eps)),
        scales({"m": g, "v": g**2, "lr": w, "eps": g}),
        descends(),
        step_bound(),
        fixed_point(),
        stable(2 * (1 + beta1) / (1 - beta1) * (sqrt(v) + eps) / h),
        # it climbs where the losses of a period add up to w
        periods("up", **REDDI),
        ends("0.989", **REDDI_RUN),
        slip(_ADAM_OF_THE_FIRST_GRADIENT, ema(m, of=new(first), decay=beta1)),
        slip(_ADAM_OF_THE_FIRST_GRADIENT, fails(ema(m, of=g, decay=beta1), "all gradients but the first are lost")),
        slip(_ADAM_OF_THE_FIRST_GRADIENT, fails(ema(v, of=g**2, decay=beta2), "all but the first are lost here, too")),
    ),
)

# the variants below differ in the last steps alone
_C1, _C2, _M, _V, _M_HAT, _V_HAT, _ = ADAM.steps

ADAM_EPS_HAT = Optimizer(
    name="AdamEpsHat",
    source="Kingma & Ba (2015), end of section 2, arXiv:1412.6980, as in keras.optimizers.Adam",
    summary="Adam with epsilon added before the second moment is corrected",
    state={m: 0, v: 0},
    steps=(
        _C1,
        _C2,
        _M,
        _V,
        Step(new(w), w - lr * sqrt(c2) / c1 * new(m) / (sqrt(new(v)) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        equals(ADAM, hyper={"eps": eps / sqrt(1 - beta2**t)}),
        fails(equals(ADAM), "its epsilon is that of Algorithm 1 divided by sqrt(1 - beta2**t)"),
        first_step(-lr * g / (Abs(g) + eps / sqrt(1 - beta2))),
        descends(),
        fixed_point(),
    ),
)

ADAM_EPS_INSIDE = Optimizer(
    name="AdamEpsInside",
    source="Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, with epsilon inside the root",
    summary="Adam with epsilon inside the root",
    state={m: 0, v: 0},
    steps=(_C1, _C2, _M, _V, _M_HAT, _V_HAT, Step(new(w), w - lr * m_hat / sqrt(v_hat + eps), "descent")),
    claims=(
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        first_step(-lr * g / sqrt(g**2 + eps)),
        reduces_to(ADAM, at={eps: 0}),
        reduces_to(RMSPROP_CORRECTED, at={beta1: 0}, hyper={"rho": beta2}),
        scales({"m": g, "v": g**2, "lr": w, "eps": g**2}),
        fails(equals(ADAM), "epsilon inside the root is not epsilon outside it"),
        descends(),
        fixed_point(),
    ),
)

ADAM_EPS_ROOT = Optimizer(
    name="AdamEpsRoot",
    source="Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, with both epsilons as in optax.adam(eps_root=...)",
    summary="Adam with one epsilon inside the root and one outside",
    state={m: 0, v: 0},
    steps=(
        _C1,
        _C2,
        _M,
        _V,
        _M_HAT,
        _V_HAT,
        Step(new(w), w - lr * m_hat / (sqrt(v_hat + eps_root) + eps), "descent"),
    ),
    claims=(
        unbiased(v_hat, of=g**2),
        first_step(-lr * g / (sqrt(g**2 + eps_root) + eps)),
        reduces_to(ADAM, at={eps_root: 0}),
        reduces_to(ADAM_EPS_INSIDE, at={eps: 0}, hyper={"eps": eps_root}),
        scales({"m": g, "v": g**2, "lr": w, "eps": g, "eps_root": g**2}),
        fails(equals(ADAM), "the epsilon inside the root is felt beside the one outside"),
        descends(),
        fixed_point(),
    ),
)

ADAM_UNCORRECTED = Optimizer(
    name="AdamUncorrected",
    source="Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, without its bias correction",
    summary="Adam without bias correction",
    state={m: 0, v: 0},
    steps=(_M, _V, Step(new(w), w - lr * new(m) / (sqrt(new(v)) + eps), "descent")),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        first_step(-lr * (1 - beta1) * g / (sqrt(1 - beta2) * Abs(g) + eps)),
        equals(ADAM, hyper={"lr": lr * UNCORRECTED, "eps": eps / sqrt(1 - beta2**t)}),
        transient(UNCORRECTED, first="3.16", peak=(12, "6.57"), below=("1.1", 1751)),
        fails(unbiased(new(m), of=g), "the moments lag behind, because they start at zero"),
        reduces_to(RMSPROP, at={beta1: 0}, hyper={"rho": beta2}),
        fails(equals(MOMENTUM_EMA, hyper={"beta": beta1}), "the second moment changes the step"),
        descends(),
        step_bound(),
        fixed_point(),
    ),
)

ADAM_UNCORRECTED_EPS_INSIDE = Optimizer(
    name="AdamUncorrectedEpsInside",
    source="Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, as averages alone: EMA(g) / sqrt(EMA(g**2) + eps)",
    summary="Adam without bias correction, with epsilon inside the root",
    state={m: 0, v: 0},
    steps=(_M, _V, Step(new(w), w - lr * new(m) / sqrt(new(v) + eps), "descent")),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        first_step(-lr * (1 - beta1) * g / sqrt((1 - beta2) * g**2 + eps)),
        fails(unbiased(new(m), of=g), "the moments lag behind, because they start at zero"),
        reduces_to(ADAM_UNCORRECTED, at={eps: 0}),
        reduces_to(RMSPROP_EPS_INSIDE, at={beta1: 0}, hyper={"rho": beta2, "initial_accumulator": 0}),
        # what the correction is: other hyperparameters in every step
        equals(
            ADAM_EPS_INSIDE,
            hyper={"lr": lr * (1 - beta1**t) / sqrt(1 - beta2**t), "eps": eps / (1 - beta2**t)},
        ),
        fails(equals(ADAM_EPS_INSIDE), "without the correction the first steps are larger"),
        fails(equals(ADAM_UNCORRECTED), "epsilon inside the root is not epsilon outside it"),
        fails(equals(ADAM), "it has neither the correction nor the epsilon of Algorithm 1"),
        scales({"m": g, "v": g**2, "lr": w, "eps": g**2}),
        descends(),
        step_bound(),
        fixed_point(),
        stable(2 * (1 + beta1) / (1 - beta1) * sqrt(v + eps) / h),
    ),
)
