"""RAdam: Adam that waits with its second moment until there is enough to estimate it from."""

from stepsmith.codegen.claims import ema, equals, fails, first_step, fixed_point, reduces_to, unbiased
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .adam import ADAM
from .nadam import NADAM_SIMPLE

w, g, m, v, m_hat, m_bar, v_hat, u = arrays("w g m v m_hat m_bar v_hat u")
t, c1, c2, longest, length, r = scalars("t c1 c2 longest length r")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
threshold = hyper("threshold", default="4", domain=">= 4", doc="length above which the second moment is used")

_C1, _C2, _M, _V, _M_HAT, _V_HAT, _ = ADAM.steps


def _lengths(threshold) -> tuple[Step, ...]:
    return (
        Step(longest, 2 / (1 - beta2) - 1, "length of the average in the end"),
        Step(length, longest - 2 * t * beta2**t / c2, "length of the average so far"),
        Step(
            r,
            where(
                length > threshold,
                sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)),
                0,
            ),
            "rectification of the variance",
        ),
    )


RADAM = Optimizer(
    name="RAdam",
    source="Liu et al. (2020), Algorithm 2, arXiv:1908.03265, with the threshold 5, as in optax.radam",
    summary="Adam with a rectified second moment",
    state={m: 0, v: 0},
    steps=(
        _C1,
        _C2,
        *_lengths(5),
        _M,
        _V,
        _M_HAT,
        _V_HAT,
        Step(u, where(length > 5, r * m_hat / (sqrt(v_hat) + eps), m_hat), "direction"),
        Step(new(w), w - lr * u, "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        first_step(-lr * g),
        fixed_point(),
    ),
)

RADAM_EPS_HAT = Optimizer(
    name="RAdamEpsHat",
    source="Liu et al. (2020), Algorithm 2, arXiv:1908.03265, epsilon as in torch.optim.RAdam",
    summary="RAdam with epsilon added before the second moment is corrected",
    state={m: 0, v: 0},
    steps=(
        _C1,
        _C2,
        *_lengths(5),
        _M,
        _V,
        _M_HAT,
        Step(u, where(length > 5, r * sqrt(c2) * m_hat / (sqrt(new(v)) + eps), m_hat), "direction"),
        Step(new(w), w - lr * u, "descent"),
    ),
    claims=(
        unbiased(m_hat, of=g),
        equals(RADAM, hyper={"eps": eps / sqrt(1 - beta2**t)}),
        fixed_point(),
    ),
)

RADAM_THRESHOLD = Optimizer(
    name="RAdamThreshold",
    source="Liu et al. (2020), Algorithm 2, arXiv:1908.03265, with any threshold; it is 4 there",
    summary="RAdam that says when there is enough to estimate the second moment from",
    state={m: 0, v: 0},
    steps=(
        _C1,
        _C2,
        *_lengths(threshold),
        _M,
        _V,
        _M_HAT,
        _V_HAT,
        Step(u, where(length > threshold, r * m_hat / (sqrt(v_hat) + eps), m_hat), "direction"),
        Step(new(w), w - lr * u, "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(v_hat, of=g**2),
        reduces_to(RADAM, at={threshold: 5}),
        fixed_point(),
    ),
)

RADAM_NESTEROV = Optimizer(
    name="RAdamNesterov",
    source="Liu et al. (2020), Algorithm 2, arXiv:1908.03265, as in optax.radam(nesterov=True)",
    summary="RAdam with Nesterov's momentum",
    state={m: 0, v: 0},
    steps=(
        _C2,
        *_lengths(5),
        _M,
        _V,
        next(step for step in NADAM_SIMPLE.steps if step.target == m_bar),
        _V_HAT,
        Step(u, where(length > 5, r * m_bar / (sqrt(v_hat) + eps), m_bar), "direction"),
        Step(new(w), w - lr * u, "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(v_hat, of=g**2),
        first_step(-lr * (beta1 * (1 - beta1) / (1 - beta1**2) + 1) * g),
        fails(equals(RADAM), "looking a step ahead makes it another rule"),
        fixed_point(),
    ),
)
