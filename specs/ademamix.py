"""AdEMAMix: Adam with a second, slow average of the gradient."""

from stepsmith.codegen.claims import ema, first_step, reduces_to, scales, series, unbiased
from stepsmith.codegen.spec import Abs, Min, Optimizer, Step, arrays, exp, hyper, log, new, scalars, sqrt

from .adam import ADAM
from .adamw import ADAMW

w, g, m, slow, v, m_hat, v_hat, u = arrays("w g m slow v m_hat v_hat u")
t, c1, c2, share, alpha_t, beta3_t, from_log, to_log = scalars("t c1 c2 share alpha_t beta3_t from_log to_log")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
beta3 = hyper("beta3", default="0.9999", domain="[0, 1)", doc="decay of the slow average")
beta3_end = hyper("beta3", default="0.9999", domain="(0, 1)", doc="decay that the slow average comes to have")
beta_start = hyper("beta_start", default="0.9", domain="(0, 1)", doc="decay from which that of the slow average rises")
alpha = hyper("alpha", default="5", domain=">= 0", doc="weight of the slow average")
warmup = hyper("warmup", default="1000", domain="integer >= 1", doc="steps until alpha and beta3 are reached")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay")
beta_sum = hyper("beta1", default="0.99", domain="[0, 1)", doc="decay of the sum of gradients")
beta2_simplified = hyper("beta2", default="0.95", domain="[0, 1)", doc="decay of the second moment")
alpha_now = hyper("alpha", default="0", domain=">= 0", doc="weight of the gradient")

# of a sum of gradients that decay: what it is of their mean
_LENGTH = (1 - beta_sum**t) / (1 - beta_sum)
_C1, _C2, _M, _V, _M_HAT, _V_HAT, _ = ADAM.steps

ADEMAMIX = Optimizer(
    name="AdEMAMix",
    source="Pagliardini et al. (2024), Algorithm 1, arXiv:2409.03137, without schedulers, as in "
    "github.com/apple/ml-ademamix",
    summary="AdamW with a fast and a slow average of the gradient",
    state={m: 0, slow: 0, v: 0},
    steps=(
        _C1,
        _C2,
        _M,
        Step(new(slow), beta3 * slow + (1 - beta3) * g, "slow average"),
        _V,
        _M_HAT,
        _V_HAT,
        Step(u, (m_hat + alpha * new(slow)) / (sqrt(v_hat) + eps), "direction"),
        Step(new(w), w - lr * (u + weight_decay * w), "decay and descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(slow, of=g, decay=beta3),
        unbiased(v_hat, of=g**2),
        reduces_to(ADAMW, at={alpha: 0}),
        first_step(-lr * ((1 + alpha * (1 - beta3)) * g / (Abs(g) + eps) + weight_decay * w)),
        scales({"m": g, "slow": g, "v": g**2, "lr": w, "eps": g, "weight_decay": 1 / w}),
    ),
)

ADEMAMIX_SCHEDULED = Optimizer(
    name="AdEMAMixScheduled",
    source="Pagliardini et al. (2024), Algorithm 1, arXiv:2409.03137, with the schedulers of alpha and beta3; "
    "github.com/apple/ml-ademamix adds 1e-8 to the decays whose half-lives it forms",
    summary="AdEMAMix whose slow average grows in",
    state={m: 0, slow: 0, v: 0},
    steps=(
        _C1,
        _C2,
        Step(share, Min(t / warmup, 1)),
        Step(alpha_t, share * alpha, "weight of the slow average"),
        Step(from_log, log(beta_start)),
        Step(to_log, log(beta3_end)),
        Step(
            beta3_t,
            Min(exp(from_log * to_log / ((1 - share) * to_log + share * from_log)), beta3_end),
            "decay of the slow average, with a half-life that rises linearly",
        ),
        _M,
        Step(new(slow), beta3_t * slow + (1 - beta3_t) * g, "slow average"),
        _V,
        _M_HAT,
        _V_HAT,
        Step(u, (m_hat + alpha_t * new(slow)) / (sqrt(v_hat) + eps), "direction"),
        Step(new(w), w - lr * (u + weight_decay * w), "decay and descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(v_hat, of=g**2),
        reduces_to(ADAMW, at={alpha: 0}),
        reduces_to(ADEMAMIX, at={warmup: 1}),
    ),
)

SIMPLIFIED_ADEMAMIX = Optimizer(
    name="SimplifiedAdEMAMix",
    source="Morwani et al. (2025), arXiv:2502.02431, as in optax.contrib.simplified_ademamix",
    summary="a sum of gradients and the gradient itself over the root of the second moment",
    state={m: 0, v: 0},
    steps=(
        Step(c2, 1 - beta2_simplified**t, "correction of the second moment"),
        Step(new(m), beta_sum * m + g, "sum of gradients"),
        Step(new(v), beta2_simplified * v + (1 - beta2_simplified) * g**2, "second moment"),
        _V_HAT,
        Step(u, (new(m) + alpha_now * g) / (sqrt(v_hat) + eps), "direction"),
        Step(new(w), w - lr * (u + weight_decay * w), "decay and descent"),
    ),
    claims=(
        series(m, of=g, decay=beta_sum),
        unbiased(v_hat, of=g**2),
        first_step(-lr * ((1 + alpha_now) * g / (Abs(g) + eps) + weight_decay * w)),
        reduces_to(
            ADAMW,
            at={alpha_now: 0},
            hyper={
                "lr": lr * (1 - beta_sum**t) / (1 - beta_sum),
                "weight_decay": weight_decay * (1 - beta_sum) / (1 - beta_sum**t),
            },
            state={"m": (1 - beta_sum) * m},
            constant=(beta_sum,),
        ),
        scales({"m": g, "v": g**2, "lr": w, "eps": g, "weight_decay": 1 / w}),
    ),
)
