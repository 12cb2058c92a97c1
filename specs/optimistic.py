"""Optimistic steps: the gradient of tomorrow is guessed to change as that of today did."""

from stepsmith.codegen.claims import additive, descends, ema, equals, fails, first_step, reduces_to, scales, unbiased
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .adam import ADAM
from .nadam import NADAM_SIMPLE
from .sgd import SGD

w, g, last, u, m, v, m_hat, v_hat, r = arrays("w g last u m v m_hat v_hat r")
t, c1, c2, c3 = scalars("t c1 c2 c3")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
alpha = hyper("alpha", default="1", domain=">= 0", doc="weight of the gradient")
beta = hyper("beta", default="1", domain=">= 0", doc="weight of its change")
optimism = hyper("optimism", default="0.001", domain=">= 0", doc="rate of the change of the step")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")

OPTIMISTIC_GD = Optimizer(
    name="OptimisticGD",
    source="Mokhtari, Ozdaglar & Pattathil (2019), arXiv:1901.08511, as in optax.optimistic_gradient_descent",
    summary="gradient descent that adds how the gradient changed; for games, where descent goes round in circles",
    own_t=True,
    state={last: 0},
    steps=(
        Step(u, where(t > 1, last, g), "gradient of the step before, in the first that of this"),
        Step(new(last), g),
        Step(new(w), w - lr * ((alpha + beta) * g - beta * u), "descent"),
    ),
    claims=(
        first_step(-lr * alpha * g),
        reduces_to(SGD, at={alpha: 1, beta: 0}),
        fails(equals(SGD), "it looks at how the gradient changed"),
        additive(),
        descends(),
        scales({"last": g, "lr": w / g}),
    ),
)

_MOMENTS = ADAM.steps[:-1]
_LAST = Step(u, where(t > 1, last, r), "direction of the step before, in the first that of this")
_DESCENT = Step(new(w), w - lr * r - optimism * (r - u), "descent")

OPTIMISTIC_ADAM = Optimizer(
    name="OptimisticAdam",
    source="Daskalakis et al. (2018), Algorithm 1, arXiv:1711.00141, as in optax.optimistic_adam(nesterov=False)",
    summary="Adam that adds how its direction changed",
    own_t=True,
    state={m: 0, v: 0, last: 0},
    steps=(*_MOMENTS, Step(r, m_hat / (sqrt(v_hat) + eps), "direction"), _LAST, Step(new(last), r), _DESCENT),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        first_step(-lr * g / (Abs(g) + eps)),
        reduces_to(ADAM, at={optimism: 0}),
        fails(equals(ADAM), "it looks at how the direction changed"),
        descends(),
        scales({"m": g, "v": g**2, "lr": w, "optimism": w, "eps": g}),
    ),
)

_M_BAR = NADAM_SIMPLE.steps[3].target

OPTIMISTIC_NADAM = Optimizer(
    name="OptimisticNAdam",
    source="Daskalakis et al. (2018), arXiv:1711.00141, over NAdam, as by default in optax.optimistic_adam",
    summary="NAdam without a schedule of the momentum that adds how its direction changed",
    own_t=True,
    state={m: 0, v: 0, last: 0},
    steps=(
        *NADAM_SIMPLE.steps[:-1],
        Step(r, _M_BAR / (sqrt(v_hat) + eps), "direction"),
        _LAST,
        Step(new(last), r),
        _DESCENT,
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(v_hat, of=g**2),
        reduces_to(NADAM_SIMPLE, at={optimism: 0}),
        fails(equals(OPTIMISTIC_ADAM), "the momentum looks a step ahead"),
        scales({"m": g, "v": g**2, "lr": w, "optimism": w, "eps": g}),
    ),
)
