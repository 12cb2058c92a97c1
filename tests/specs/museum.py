"""The museum: rules as libraries shipped them, each beside the property that its authors meant it to have.

Every claim here is false. None was written for the mistake: each is one that the rule's sound sibling in
`specs/` makes of itself, or could.
"""

from sympy import Rational

from stepsmith.codegen.claims import descends, ema, equals, first_step, fixed_point, monotone, nonnegative, unbiased
from stepsmith.codegen.claims.dynamics import h, stable
from stepsmith.codegen.spec import Abs, Max, Min, sign, sqrt
from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new, scalars, where
from stepsmith.specs.adabelief import ADABELIEF
from stepsmith.specs.adadelta import ADADELTA
from stepsmith.specs.adam import ADAM
from stepsmith.specs.adan import ADAN, ADAN_OPTAX
from stepsmith.specs.amsgrad import AMSGRAD
from stepsmith.specs.nadam import NADAM, NADAM_KERAS
from stepsmith.specs.nesterov import NESTEROV_VELOCITY
from stepsmith.specs.radam import RADAM
from stepsmith.specs.schedule_free import SCHEDULE_FREE_ADAMW_KERAS
from stepsmith.specs.sign import RPROP_CLAMPED, first, longest, shortest
from stepsmith.specs.yogi import YOGI

w, g, u, v, m, s = arrays("w g u v m s")
a, used, late, v_max, largest, m_hat, v_hat, total, decayed = arrays(
    "a used late v_max largest m_hat v_hat total decayed"
)
t, c1, c2, k, count = scalars("t c1 c2 k count")
lr = hyper("lr", default="0.01", domain=">= 0")
mu = hyper("mu", default="0.9", domain="[0, 1)")
lr_adam, beta1, beta2, eps = ADAM.hypers
weight_decay = hyper("weight_decay", default="0.01", domain=">= 0")
every = hyper("every", default="4", domain="integer >= 1")

_M = ADAM.steps[2]


def instead(rule: Optimizer, *steps: Step, before: dict | None = None) -> tuple[Step, ...]:
    """The steps of `rule`, with `steps` in place of those that have their targets, and new ones `before` a target."""
    own, early = {step.target: step for step in steps}, before or {}
    return tuple(s for step in rule.steps for s in (early.get(step.target), own.get(step.target, step)) if s)


# 0. With its default lr=None the transformation is the step itself, without the sign.
OPTAX_ADADELTA = Optimizer(
    name="OptaxAdadelta",
    source="optax.adadelta() with its default lr=None, 0.2.8",
    state=ADADELTA.state,
    steps=instead(ADADELTA, Step(new(w), w + u)),
    claims=(descends(),),
)

# 1. The formula is that of Bengio et al. (2013), in which v is the old velocity; by then it has been overwritten.
CHAINER_NESTEROV = Optimizer(
    name="ChainerNesterov",
    source="chainer.optimizers.NesterovAG, chainer#4274",
    state={v: 0},
    steps=(
        Step(new(v), mu * v - lr * g),
        Step(new(w), w + mu**2 * new(v) - (1 + mu) * lr * g),
    ),
    claims=(equals(NESTEROV_VELOCITY, hyper={"rho": mu}), stable(2 * (1 + mu) / ((1 + 2 * mu) * h))),
)

# 2. What is returned is what the step before had computed.
OPTAX_RPROP = Optimizer(
    name="OptaxRprop",
    source="optax.rprop 0.2.8, optax#1725",
    state={**RPROP_CLAMPED.state, late: 0},
    steps=instead(RPROP_CLAMPED, Step(new(w), w + late), before={new(w): Step(new(late), -new(a) * sign(used))}),
    claims=(first_step(-Min(Max(first, shortest), longest) * sign(g)), equals(RPROP_CLAMPED)),
)

# 3. The number of the step goes up twice in a step.
THINC_RADAM = Optimizer(
    name="ThincRAdam",
    source="thinc.optimizers.RAdam, thinc 9.1.1",
    state=RADAM.state,
    steps=tuple(Step(step.target, step.value.xreplace({t: 2 * t})) for step in RADAM.steps),
    claims=(unbiased(m_hat, of=g), first_step(-RADAM.hypers[0] * g)),
)

# 4. Both moments start at a millionth, and are corrected as if they had started at zero.
OPTAX_YOGI = Optimizer(
    name="OptaxYogi",
    source="optax.yogi 0.2.8, optax#288",
    state=dict.fromkeys(YOGI.state, Rational(1, 10**6)),
    steps=YOGI.steps,
    claims=(fixed_point(),),
)

# 6. The schedule of the momentum lost its factor 0.004.
KERAS_NADAM = Optimizer(
    name="KerasNadam",
    source="keras.optimizers.Nadam, Keras 3",
    state=NADAM_KERAS.state,
    steps=NADAM_KERAS.steps,
    claims=(equals(NADAM, hyper={"momentum_decay": Rational(4, 1000)}),),
)

# 7. The epsilon goes into the average that is kept, and adds up there.
OPTAX_ADABELIEF = Optimizer(
    name="OptaxAdaBelief",
    source="optax.adabelief 0.2.8",
    state=ADABELIEF.state,
    steps=ADABELIEF.steps,
    claims=(ema(s, of=(g - new(m)) ** 2, decay=beta2),),
)

# 8. The maximum was used and not stored.
TORCH_AMSGRAD = Optimizer(
    name="TorchAMSGrad",
    source="torch.optim._multi_tensor.Adam, pytorch#78807",
    state=AMSGRAD.state,
    steps=instead(
        AMSGRAD,
        Step(new(v_max), v_max),
        Step(v_hat, largest / c2),
        before={v_hat: Step(largest, Max(v_max, new(v)))},
    ),
    claims=(equals(AMSGRAD), monotone(largest)),
)

# 12. g * g where g times its conjugate was meant: of an imaginary gradient i g that is -g**2.
TORCH_COMPLEX = Optimizer(
    name="TorchComplexAdam",
    source="torch.optim.Adam on complex parameters, here on imaginary gradients i g, pytorch#59998",
    state={m: 0, v: 0},
    steps=(
        _M,
        Step(new(v), beta2 * v + (1 - beta2) * -(g**2)),
        Step(new(w), w - lr_adam * new(m) / (sqrt(Abs(new(v))) + eps)),
    ),
    claims=(nonnegative(v),),
)


# 14. The weights shrink at every gradient, also where it is only added to the others.
def _accumulated(name: str, source: str, after, claims: tuple = ()) -> Optimizer:
    mean = new(total) / every
    return Optimizer(
        name=name,
        source=source,
        state={total: 0, count: 0},
        steps=(
            Step(new(count), where(count + 1 >= every, 0, count + 1)),
            Step(new(total), where(count > 0, total, 0) + g),
            Step(decayed, w - lr * weight_decay * w),
            Step(new(w), where(new(count) > 0, after, decayed - lr * mean)),
        ),
        claims=claims,
    )


ACCUMULATED = _accumulated("Accumulated", "one step with the mean of the gradients, keras#19998", w)
KERAS_ACCUMULATED = _accumulated("KerasAccumulated", "keras#19990", decayed, (equals(ACCUMULATED),))

# 16. A counter of its own, which goes up twice.
COUNTED_TWICE = Optimizer(
    name="CountedTwice",
    source="geoopt#164, DiffSharp#292, dynet#77: a counter that every parameter of two advances",
    state={**ADAM.state, k: 0},
    steps=(
        Step(new(k), k + 2),
        Step(c1, 1 - beta1 ** new(k)),
        Step(c2, 1 - beta2 ** new(k)),
        *ADAM.steps[2:],
    ),
    claims=(unbiased(m_hat, of=g), equals(ADAM)),
)

# 18. It decays with b2 = 0.92, as in the code of the rule's authors, and shares 1 - b2, as in their paper, where
# b2 is 0.08.
_root = next(hyper for hyper in ADAN_OPTAX.hypers if hyper.name == "eps_root")
OPTAX_ADAN = Optimizer(
    name="OptaxAdan",
    source="optax.adan 0.2.8",
    own_t=True,
    state=ADAN_OPTAX.state,
    steps=tuple(Step(step.target, step.value.xreplace({_root: 0})) for step in ADAN_OPTAX.steps),
    claims=(equals(ADAN),),
)

# 19. What is kept as the old iterate is the same tensor as the new one, which has been written over it.
*_before, _mean, _new, _point = SCHEDULE_FREE_ADAMW_KERAS.steps
_z = next(state for state in SCHEDULE_FREE_ADAMW_KERAS.state if state.name == "z")
KERAS_SCHEDULE_FREE = Optimizer(
    name="KerasScheduleFreeAdamW",
    source="keras.optimizers.ScheduleFreeAdamW, Keras 3.15 on its torch backend",
    state=SCHEDULE_FREE_ADAMW_KERAS.state,
    steps=(*_before, _new, Step(_mean.target, _mean.value.xreplace({_z: new(_z)})), _point),
    claims=(equals(SCHEDULE_FREE_ADAMW_KERAS),),
)
