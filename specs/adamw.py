"""AdamW and its kin: the weights decay beside the step, not through the gradient. Three laws of how much."""

from stepsmith.codegen.claims import (
    ema,
    equals,
    fails,
    first_step,
    identity,
    max_series,
    monotone,
    reduces_to,
    unbiased,
)
from stepsmith.codegen.claims.dynamics import h, stable
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM, ADAM_EPS_HAT
from .adamax import ADAMAX_EPS_INSIDE
from .amsgrad import AMSGRAD, AMSGRAD_EPS_HAT
from .nadam import NADAM, NADAM_SIMPLE
from .radam import RADAM_EPS_HAT

w, g, m, v, v_max, m_hat, v_hat, u, stepped = arrays("w g m v v_max m_hat v_hat u stepped")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0.01", domain=">= 0", doc="decay of the weights, times lr")
rate = hyper("weight_decay", default="1e-5", domain="[0, 1)", doc="decay of the weights, whatever lr is")

_MOMENTS = ADAM.steps[:-1]
_U = Step(u, m_hat / (sqrt(v_hat) + eps), "direction")

ADAMW = Optimizer(
    name="AdamW",
    source="Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, decay times lr as in torch.optim.AdamW",
    summary="Adam with decoupled weight decay",
    state={m: 0, v: 0},
    steps=(*_MOMENTS, _U, Step(new(w), w - lr * weight_decay * w - lr * u, "decay and descent")),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        first_step(-lr * weight_decay * w - lr * g / (Abs(g) + eps)),
        reduces_to(ADAM, at={weight_decay: 0}),
        stable(2 * (1 + beta1) / ((1 - beta1) * h / (sqrt(v) + eps) + (1 + beta1) * weight_decay)),
    ),
)

ADAMW_EPS_HAT = Optimizer(
    name="AdamWEpsHat",
    source="Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, epsilon as in keras.optimizers.AdamW",
    summary="AdamW with epsilon added before the second moment is corrected",
    state={m: 0, v: 0},
    steps=(
        *_MOMENTS[:4],
        Step(u, sqrt(c2) / c1 * new(m) / (sqrt(new(v)) + eps), "direction"),
        Step(new(w), w - lr * weight_decay * w - lr * u, "decay and descent"),
    ),
    claims=(
        ema(v, of=g**2, decay=beta2),
        equals(ADAMW, hyper={"eps": eps / sqrt(1 - beta2**t)}),
        reduces_to(ADAM_EPS_HAT, at={weight_decay: 0}),
    ),
)

ADAMW_UNSCALED = Optimizer(
    name="AdamWUnscaled",
    source="Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, decay apart from lr as printed there",
    summary="Adam with a weight decay that does not depend on the learning rate",
    state={m: 0, v: 0},
    steps=(*_MOMENTS, _U, Step(new(w), w - rate * w - lr * u, "decay and descent")),
    claims=(
        unbiased(m_hat, of=g),
        first_step(-rate * w - lr * g / (Abs(g) + eps)),
        equals(ADAMW, hyper={"weight_decay": rate / lr}),
        fails(equals(ADAMW), "the decay of the one is multiplied by the learning rate"),
        reduces_to(ADAM, at={rate: 0}),
        stable((2 - rate) * (1 + beta1) * (sqrt(v) + eps) / ((1 - beta1) * h)),
    ),
)

ADAMW_UNSCALED_EPS_HAT = Optimizer(
    name="AdamWUnscaledEpsHat",
    source="Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, as in chainer.optimizers.Adam",
    summary="AdamWUnscaled with epsilon added before the second moment is corrected",
    state={m: 0, v: 0},
    steps=(*ADAMW_EPS_HAT.steps[:-1], Step(new(w), w - rate * w - lr * u, "decay and descent")),
    claims=(
        ema(v, of=g**2, decay=beta2),
        equals(ADAMW_UNSCALED, hyper={"eps": eps / sqrt(1 - beta2**t)}),
        equals(ADAMW_EPS_HAT, hyper={"weight_decay": rate / lr}),
        reduces_to(ADAM_EPS_HAT, at={rate: 0}),
        stable((2 - rate) * (1 + beta1) * (sqrt(v) + eps) / ((1 - beta1) * h)),
    ),
)

ADAMW_AFTER = Optimizer(
    name="AdamWAfter",
    source="AdamW with the decay after the step",
    summary="Adam whose weights decay after the step",
    state={m: 0, v: 0},
    steps=(
        *_MOMENTS,
        _U,
        Step(stepped, w - lr * u, "descent"),
        Step(new(w), stepped - lr * weight_decay * stepped, "decay"),
    ),
    claims=(
        unbiased(m_hat, of=g),
        # what the order of the two is worth
        identity(new(w), w - lr * weight_decay * w - lr * u + lr**2 * weight_decay * u),
        fails(equals(ADAMW), "decay before the step is not decay after it"),
        reduces_to(ADAM, at={weight_decay: 0}),
        # of lr there may be a stable range, an unstable one above it, and a stable one again
        stable(
            (2 - lr * weight_decay) * (1 + beta1) * (sqrt(v) + eps) / (lr * (1 - lr * weight_decay) * (1 - beta1)),
            of="h",
        ),
    ),
)


def decayed(rule: Optimizer) -> tuple[Step, ...]:
    """The steps of `rule`, with the weights decaying beside the last."""
    *steps, descent = rule.steps
    return (*steps, Step(new(w), descent.value - rule.hypers[0] * weight_decay * w, "decay and descent"))


AMSGRADW = Optimizer(
    name="AMSGradW",
    source="AMSGrad with the weight decay of Loshchilov & Hutter (2019), as in torch.optim.AdamW(amsgrad=True)",
    summary="AMSGrad with decoupled weight decay",
    state=AMSGRAD.state,
    steps=decayed(AMSGRAD),
    claims=(
        monotone(v_max),
        first_step(-lr * weight_decay * w - lr * g / (Abs(g) + eps)),
        reduces_to(AMSGRAD, at={weight_decay: 0}),
        fails(equals(ADAMW), "the largest second moment is not the present one"),
    ),
)

AMSGRADW_EPS_HAT = Optimizer(
    name="AMSGradWEpsHat",
    source="AMSGrad with the weight decay of Loshchilov & Hutter (2019), as in keras.optimizers.AdamW(amsgrad=True)",
    summary="AMSGradW with epsilon added before the second moment is corrected",
    state=AMSGRAD_EPS_HAT.state,
    steps=decayed(AMSGRAD_EPS_HAT),
    claims=(
        monotone(v_max),
        equals(AMSGRADW, hyper={"eps": eps / sqrt(1 - beta2**t)}),
        reduces_to(AMSGRAD_EPS_HAT, at={weight_decay: 0}),
    ),
)

NADAMW = Optimizer(
    name="NAdamW",
    source="NAdam with the weight decay of Loshchilov & Hutter (2019), as in torch.optim.NAdam",
    summary="NAdam with decoupled weight decay",
    state=NADAM.state,
    steps=decayed(NADAM),
    claims=(unbiased(v_hat, of=g**2), reduces_to(NADAM, at={weight_decay: 0})),
)

NADAMW_SIMPLE = Optimizer(
    name="NAdamWSimple",
    source="NAdamSimple with the weight decay of Loshchilov & Hutter (2019), as in optax.nadamw",
    summary="NAdam with decoupled weight decay and no schedule of the momentum",
    state=NADAM_SIMPLE.state,
    steps=decayed(NADAM_SIMPLE),
    claims=(
        unbiased(v_hat, of=g**2),
        reduces_to(NADAM_SIMPLE, at={weight_decay: 0}),
        fails(equals(ADAMW), "looking a step ahead makes it another rule"),
    ),
)

ADAMAXW = Optimizer(
    name="AdamaxW",
    source="Adamax with the weight decay of Loshchilov & Hutter (2019), as in optax.adamaxw",
    summary="Adamax with decoupled weight decay",
    state=ADAMAX_EPS_INSIDE.state,
    steps=decayed(ADAMAX_EPS_INSIDE),
    claims=(
        unbiased(m_hat, of=g),
        max_series(u, of=Abs(g) + eps, decay=ADAMAX_EPS_INSIDE.hypers[2]),
        reduces_to(ADAMAX_EPS_INSIDE, at={weight_decay: 0}),
    ),
)

RADAMW = Optimizer(
    name="RAdamW",
    source="RAdam with the weight decay of Loshchilov & Hutter (2019), as in torch.optim.RAdam",
    summary="RAdam with decoupled weight decay, epsilon added before the second moment is corrected",
    state=RADAM_EPS_HAT.state,
    steps=decayed(RADAM_EPS_HAT),
    claims=(
        unbiased(m_hat, of=g),
        first_step(-lr * weight_decay * w - lr * g),
        reduces_to(RADAM_EPS_HAT, at={weight_decay: 0}),
    ),
)
