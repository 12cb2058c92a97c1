"""Steps that mind the sign of the gradient, or of the weight: cautious ones, cautious decay, Grams."""

from stepsmith.codegen.claims import at_most, ema, equals, fails, first_step, reduces_to, step_bound, unbiased
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sign, sqrt, where

from .adam import ADAM
from .adamw import ADAMW
from .sign import LION, SIGN_SGD

w, g, m, v, m_hat, v_hat, u, kept = arrays("w g m v m_hat v_hat u kept")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0.01", domain=">= 0", doc="decay of the weights, times lr")
share = hyper("beta1", default="0.9", domain="[0, 1)", doc="share of the momentum in the step")
decay = hyper("beta2", default="0.99", domain="[0, 1)", doc="decay of the momentum")
lion_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay")

_MOMENTS = (*ADAM.steps[:-1], Step(u, m_hat / (sqrt(v_hat) + eps), "direction"))
_KEPT = Step(kept, u * where(u * g > 0, 1, 0), "what agrees with the gradient")

CAUTIOUS_ADAMW = Optimizer(
    name="CautiousAdamWUnscaled",
    source="Liang et al. (2024), Algorithm 1, arXiv:2411.16085, of AdamW: where u * g > 0, without the factor of the "
    "mask's mean",
    summary="AdamW that moves no weight against its gradient",
    state={m: 0, v: 0},
    steps=(*_MOMENTS, _KEPT, Step(new(w), w - lr * weight_decay * w - lr * kept, "decay and descent")),
    claims=(
        ema(m, of=g, decay=beta1),
        # what moves a weight has the sign of its gradient
        at_most(0, kept * g),
        reduces_to(ADAMW, at={beta1: 0}),
        fails(equals(ADAMW), "a momentum against the gradient moves nothing"),
    ),
)

CAUTIOUS_LION = Optimizer(
    name="CautiousLionUnscaled",
    source="Liang et al. (2024), Algorithm 1, arXiv:2411.16085, of Lion: where u * g > 0, without the factor of the "
    "mask's mean",
    summary="Lion that moves no weight against its gradient",
    state={m: 0},
    steps=(
        Step(u, sign(share * m + (1 - share) * g), "direction"),
        _KEPT,
        Step(new(m), decay * m + (1 - decay) * g, "momentum"),
        Step(new(w), w - lr * (kept + lion_decay * w), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=decay),
        step_bound(),
        at_most(0, kept * g),
        reduces_to(SIGN_SGD, at={share: 0, lion_decay: 0}),
        fails(equals(LION), "a momentum against the gradient moves nothing"),
    ),
)

CAUTIOUS_DECAY = Optimizer(
    name="AdamWCautiousDecay",
    source="Chen et al. (2025), Algorithm 1, arXiv:2510.12402, over Adam",
    summary="AdamW whose weights decay only where the step takes them towards zero, too",
    state={m: 0, v: 0},
    steps=(
        *_MOMENTS,
        Step(kept, w * where(u * w < 0, 0, 1), "what the step makes smaller"),
        Step(new(w), w - lr * (u + weight_decay * kept), "decay and descent"),
    ),
    claims=(
        unbiased(m_hat, of=g),
        reduces_to(ADAM, at={weight_decay: 0}),
        fails(equals(ADAMW), "a weight that the step makes larger does not decay"),
    ),
)

GRAMS = Optimizer(
    name="Grams",
    source="Cao et al. (2024), Algorithm 1, arXiv:2412.17107, with the weight decay of AdamW",
    summary="a step of the size of Adam's in the direction of the gradient",
    state={m: 0, v: 0},
    steps=(
        *ADAM.steps[:-1],
        Step(u, Abs(m_hat) / (sqrt(v_hat) + eps), "size of the step"),
        Step(new(w), w - lr * weight_decay * w - lr * u * sign(g), "decay and descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(v_hat, of=g**2),
        first_step(-lr * weight_decay * w - lr * g / (Abs(g) + eps)),
        reduces_to(ADAMW, at={beta1: 0}),
        fails(equals(ADAMW), "the momentum has no say in the direction"),
    ),
)
