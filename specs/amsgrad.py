"""AMSGrad: Adam that never forgets the largest second moment. The order of maximum and correction matters."""

from stepsmith.codegen.claims import (
    descends,
    ema,
    ends,
    equals,
    fails,
    first_step,
    fixed_point,
    max_series,
    monotone,
    nonnegative,
    periods,
    reduces_to,
    slip,
    step_bound,
    transient,
    unbiased,
)
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .adam import ADAM, REDDI, REDDI_RUN, UNCORRECTED

w, g, m, v, v_max, m_hat, v_hat, first = arrays("w g m v v_max m_hat v_hat first")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
eps_root = hyper("eps_root", default="0", domain=">= 0", doc="keeps the root from zero")

_C1, _C2, _M, _V, _M_HAT, _V_HAT, _ = ADAM.steps

AMSGRAD = Optimizer(
    name="AMSGrad",
    source="Reddi, Kale & Kumar (2018), arXiv:1904.09237, maximum before the correction as in torch.optim.Adam",
    summary="Adam with the largest second moment so far, corrected afterwards",
    state={m: 0, v: 0, v_max: 0},
    steps=(
        _C1,
        _C2,
        _M,
        _V,
        Step(new(v_max), Max(v_max, new(v)), "largest second moment"),
        _M_HAT,
        Step(v_hat, new(v_max) / c2, "corrected"),
        Step(new(w), w - lr * m_hat / (sqrt(v_hat) + eps), "descent"),
    ),
    claims=(
        ema(v, of=g**2, decay=beta2),
        unbiased(m_hat, of=g),
        max_series(v_max, of=new(v), decay=1),
        # never below the moment of Adam and RMSprop: it makes steps shorter, and limits no large moment
        nonnegative(v_max - v),
        fails(nonnegative(v - v_max), "the maximum is no limit from above"),
        monotone(v_max),
        fails(monotone(v_hat), "the correction undoes what the maximum is there for"),
        first_step(-lr * g / (Abs(g) + eps)),
        descends(),
        step_bound(),
        fixed_point(),
        periods("down", **REDDI),
        ends("-0.854", **REDDI_RUN),
    ),
)

AMSGRAD_EPS_HAT = Optimizer(
    name="AMSGradEpsHat",
    source="Reddi, Kale & Kumar (2018), arXiv:1904.09237, epsilon as in keras.optimizers.Adam(amsgrad=True)",
    summary="AMSGrad with epsilon added before the second moment is corrected",
    state={m: 0, v: 0, v_max: 0},
    steps=(
        _C1,
        _C2,
        _M,
        _V,
        Step(new(v_max), Max(v_max, new(v)), "largest second moment"),
        Step(new(w), w - lr * sqrt(c2) / c1 * new(m) / (sqrt(new(v_max)) + eps), "descent"),
    ),
    claims=(
        monotone(v_max),
        equals(AMSGRAD, hyper={"eps": eps / sqrt(1 - beta2**t)}),
        first_step(-lr * g / (Abs(g) + eps / sqrt(1 - beta2))),
        fixed_point(),
    ),
)

AMSGRAD_CORRECTED = Optimizer(
    name="AMSGradCorrected",
    source="Reddi, Kale & Kumar (2018), arXiv:1904.09237, correction before the maximum as in optax.amsgrad",
    summary="Adam with the largest corrected second moment so far",
    state={m: 0, v: 0, v_max: 0},
    steps=(
        _C1,
        _C2,
        _M,
        _V,
        _M_HAT,
        _V_HAT,
        Step(new(v_max), Max(v_max, v_hat), "largest corrected second moment"),
        Step(new(w), w - lr * m_hat / (sqrt(new(v_max)) + eps), "descent"),
    ),
    claims=(
        unbiased(v_hat, of=g**2),
        max_series(v_max, of=v_hat, decay=1),
        nonnegative(v_max - v_hat),
        monotone(v_max),
        first_step(-lr * g / (Abs(g) + eps)),
        fails(equals(AMSGRAD), "maximum and correction do not commute"),
        fixed_point(),
    ),
)

_AMSGRAD_OF_THE_FIRST_GRADIENT = Optimizer(
    name="AMSGradOfTheFirstGradient",
    source="lecture 003: m_t = beta_1 m_{t-1} + (1 - beta_1) g_1, v_t = beta_2 v_{t-1} + (1 - beta_2) g_1**2",
    summary="AMSGrad that looks at no gradient but the first",
    state={first: 0, m: 0, v: 0, v_max: 0},
    steps=(
        Step(new(first), where(t > 1, first, g), "the first gradient"),
        Step(new(m), beta1 * m + (1 - beta1) * new(first), "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * new(first) ** 2, "second moment"),
        Step(new(v_max), Max(v_max, new(v)), "largest second moment"),
        Step(new(w), w - lr * new(m) / (sqrt(new(v_max)) + eps), "descent"),
    ),
)

AMSGRAD_UNCORRECTED = Optimizer(
    name="AMSGradUncorrected",
    source="Reddi, Kale & Kumar (2018), Algorithm 2, arXiv:1904.09237, without bias correction as printed there",
    summary="AMSGrad without bias correction",
    state={m: 0, v: 0, v_max: 0},
    steps=(
        _M,
        _V,
        Step(new(v_max), Max(v_max, new(v)), "largest second moment"),
        Step(new(w), w - lr * new(m) / (sqrt(new(v_max)) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        max_series(v_max, of=new(v), decay=1),
        nonnegative(v_max - v),
        ema(v, of=g**2, decay=beta2),
        monotone(v_max),
        first_step(-lr * (1 - beta1) * g / (sqrt(1 - beta2) * Abs(g) + eps)),
        # what the correction is needed for: without it the first steps are those of a larger learning rate
        fails(equals(AMSGRAD), "without the correction the first steps are larger"),
        equals(AMSGRAD, hyper={"lr": lr * UNCORRECTED, "eps": eps / sqrt(1 - beta2**t)}),
        transient(UNCORRECTED, first="3.16", peak=(12, "6.57"), below=("1.1", 1751)),
        fixed_point(),
        slip(_AMSGRAD_OF_THE_FIRST_GRADIENT, ema(m, of=new(first), decay=beta1)),
        slip(_AMSGRAD_OF_THE_FIRST_GRADIENT, fails(ema(m, of=g, decay=beta1), "all gradients but the first are lost")),
        slip(_AMSGRAD_OF_THE_FIRST_GRADIENT, fails(ema(v, of=g**2, decay=beta2), "all but the first are lost")),
    ),
)

AMSGRAD_FIRST_CORRECTED = Optimizer(
    name="AMSGradFirstCorrected",
    source="Reddi, Kale & Kumar (2018), arXiv:1904.09237, as in optax.amsgrad(bias_correction_nu=False)",
    summary="AMSGrad with bias correction of the first moment alone",
    state={m: 0, v: 0, v_max: 0},
    steps=(
        _C1,
        _M,
        _V,
        _M_HAT,
        Step(new(v_max), Max(v_max, new(v)), "largest second moment"),
        Step(new(w), w - lr * m_hat / (sqrt(new(v_max)) + eps), "descent"),
    ),
    claims=(
        unbiased(m_hat, of=g),
        monotone(v_max),
        # 1 / sqrt(1 - beta2) is 31.6 at the defaults
        first_step(-lr * g / (sqrt(1 - beta2) * Abs(g) + eps)),
        equals(AMSGRAD_UNCORRECTED, hyper={"lr": lr / (1 - beta1**t)}),
        fixed_point(),
    ),
)

AMSGRAD_SECOND_CORRECTED = Optimizer(
    name="AMSGradSecondCorrected",
    source="Reddi, Kale & Kumar (2018), arXiv:1904.09237, as in optax.amsgrad(bias_correction_mu=False)",
    summary="AMSGrad with bias correction of the second moment alone",
    state={m: 0, v: 0, v_max: 0},
    steps=(
        _C2,
        _M,
        _V,
        _V_HAT,
        Step(new(v_max), Max(v_max, v_hat), "largest corrected second moment"),
        Step(new(w), w - lr * new(m) / (sqrt(new(v_max)) + eps), "descent"),
    ),
    claims=(
        unbiased(v_hat, of=g**2),
        monotone(v_max),
        first_step(-lr * (1 - beta1) * g / (Abs(g) + eps)),
        equals(AMSGRAD_CORRECTED, hyper={"lr": lr * (1 - beta1**t)}),
        fixed_point(),
    ),
)

AMSGRAD_EPS_ROOT = Optimizer(
    name="AMSGradEpsRoot",
    source="Reddi, Kale & Kumar (2018), arXiv:1904.09237, with both epsilons as in optax.amsgrad(eps_root=...)",
    summary="AMSGradCorrected with one epsilon inside the root and one outside",
    state={m: 0, v: 0, v_max: 0},
    steps=(
        *AMSGRAD_CORRECTED.steps[:-1],
        Step(new(w), w - lr * m_hat / (sqrt(new(v_max) + eps_root) + eps), "descent"),
    ),
    claims=(
        monotone(v_max),
        first_step(-lr * g / (sqrt(g**2 + eps_root) + eps)),
        reduces_to(AMSGRAD_CORRECTED, at={eps_root: 0}),
        fixed_point(),
    ),
)
