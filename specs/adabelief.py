"""AdaBelief: a step scaled by how far the gradients are from what their average lets one expect."""

from stepsmith.codegen.claims import descends, ema, equals, fails, first_step, fixed_point, unbiased
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM
from .nadam import NADAM_SIMPLE

w, g, m, s, m_hat, s_hat, m_bar = arrays("w g m s m_hat s_hat m_bar")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-16", domain=">= 0", doc="keeps the division from zero")
eps_root = hyper("eps_root", default="1e-16", domain=">= 0", doc="added to the variance at every step")

_C1, _C2, _M, _, _M_HAT, _, _ = ADAM.steps
_S = Step(new(s), beta2 * s + (1 - beta2) * (g - new(m)) ** 2 + eps_root, "variance about the first moment")
_S_HAT = Step(s_hat, new(s) / c2, "variance, corrected")

# what is added at every step adds up to eps_root / (1 - beta2) in the end
_AVERAGE = ema(s, of=(g - new(m)) ** 2 + eps_root / (1 - beta2), decay=beta2)

ADABELIEF = Optimizer(
    name="AdaBelief",
    source="Zhuang et al. (2020), Algorithm 2, arXiv:2010.07468v2, its two epsilons apart as in optax.adabelief",
    summary="Adam with the variance about the first moment in place of the second moment",
    state={m: 0, s: 0},
    steps=(
        _C1,
        _C2,
        _M,
        _S,
        _M_HAT,
        _S_HAT,
        Step(new(w), w - lr * m_hat / (sqrt(s_hat) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        _AVERAGE,
        unbiased(m_hat, of=g),
        first_step(-lr * g / (sqrt(beta1**2 * g**2 + eps_root / (1 - beta2)) + eps)),
        fails(equals(ADAM, state={"v": s}), "what is averaged is not the square of the gradient"),
        descends(),
        fixed_point(),
    ),
)

ADABELIEF_NESTEROV = Optimizer(
    name="AdaBeliefNesterov",
    source="Zhuang et al. (2020), Algorithm 2, arXiv:2010.07468v2, as in optax.adabelief(nesterov=True)",
    summary="AdaBelief with Nesterov's momentum",
    state={m: 0, s: 0},
    steps=(
        _C2,
        _M,
        _S,
        next(step for step in NADAM_SIMPLE.steps if step.target == m_bar),
        _S_HAT,
        Step(new(w), w - lr * m_bar / (sqrt(s_hat) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        _AVERAGE,
        fails(equals(ADABELIEF), "looking a step ahead makes it another rule"),
        descends(),
        fixed_point(),
    ),
)
