"""Learning-rate schedules: the step size as a function of the step number.

Each is ready to be an optimizer's learning rate: SGD(params, lr=Cosine(lr=0.1, steps=1000)).
What is said to happen over `steps` starts at t = 1 and is over at t = steps + 1; from there on
nothing changes.
"""

import sympy

from stepsmith.codegen.claims import ends_at, fails, partial_sum, robbins_monro, starts_at, sums_to
from stepsmith.codegen.spec import Max, Min, Mod, Schedule, cos, floor, hyper, pi, scalars, sqrt

t = scalars("t")
lr = hyper("lr", default="0.1", domain="> 0", doc="learning rate")
end = hyper("end", default="0", domain=">= 0", doc="learning rate after the last step")
gamma = hyper("gamma", default="0.99", domain="(0, 1)", doc="factor of each drop")
power = hyper("power", default="1", domain="> 0", doc="power of the decay")
exponent = hyper("power", default="0.75", domain="> 0", doc="power of the step number")
steps = hyper("steps", default="1000", domain="integer >= 1", doc="number of steps of the decay")
period = hyper("period", default="100", domain="integer >= 1", doc="number of steps between two drops, or restarts")
warmup_steps = hyper("warmup_steps", default="100", domain="integer >= 1", doc="step at which the warm-up is over")


def warmup(value: sympy.Expr) -> sympy.Expr:
    """`value` after a linear warm-up.

    It rises by equal amounts to the first value of `value`, which it has at t = warmup_steps, and goes
    on from there as `value` goes on from t = 1.
    """
    return Min(t, warmup_steps) / warmup_steps * value.xreplace({t: Max(t - warmup_steps, 0) + 1})


# The two conditions of Robbins & Monro: noise dies out, and yet every point can be reached.
_BOTH = (robbins_monro(diverges=True, square_summable=True),)
_TOO_LARGE = (robbins_monro(diverges=True, square_summable=False),)
_TOO_SMALL = (robbins_monro(diverges=False, square_summable=True),)
_BY_END = (
    robbins_monro(diverges=False, square_summable=True, at={end: 0}),
    robbins_monro(diverges=True, square_summable=False, domains={end: "> 0"}),
)
_BY_POWER = (
    robbins_monro(diverges=True, square_summable=False, domains={exponent: "(0, 0.5]"}),
    robbins_monro(diverges=True, square_summable=True, domains={exponent: "(0.5, 1]"}),
    robbins_monro(diverges=False, square_summable=True, domains={exponent: "> 1"}),
)

CONSTANT = Schedule(
    name="Constant",
    source="Bottou, Curtis & Nocedal (2018), Theorem 4.6, arXiv:1606.04838",
    summary="the same learning rate at every step",
    value=lr,
    claims=(*_TOO_LARGE, starts_at(lr), partial_sum(lr * t)),
)

INVERSE = Schedule(
    name="Inverse",
    source="Robbins & Monro (1951), Annals of Mathematical Statistics 22(3), doi:10.1214/aoms/1177729586",
    summary="a learning rate that falls as 1 / t",
    value=lr / t,
    claims=(*_BOTH, starts_at(lr)),
)

INVERSE_SQUARE = Schedule(
    name="InverseSquare",
    source="what the conditions of Robbins & Monro (1951) exclude, doi:10.1214/aoms/1177729586",
    summary="a learning rate that falls as 1 / t**2: too fast to reach every point",
    value=lr / t**2,
    claims=(*_TOO_SMALL, starts_at(lr), sums_to(lr * pi**2 / 6)),
)

INVERSE_SQRT = Schedule(
    name="InverseSqrt",
    source="Zinkevich (2003), Online convex programming, ICML, Theorem 1, with t + 1 for t",
    summary="a learning rate that falls as 1 / sqrt(t): too slowly for noise to die out",
    value=lr / sqrt(t + 1),
    claims=(*_TOO_LARGE, starts_at(lr / sqrt(2))),
)

INVERSE_SQRT_FROM_ONE = Schedule(
    name="InverseSqrtFromOne",
    source="Zinkevich (2003), Online convex programming, ICML, Theorem 1; lr / sqrt(t + 1) with t counted from 0",
    summary="a learning rate that falls as 1 / sqrt(t) from lr on: too slowly for noise to die out",
    value=lr / sqrt(t),
    claims=(
        *_TOO_LARGE,
        starts_at(lr),
        fails(robbins_monro(diverges=True, square_summable=True), "unlike those of 1 / t, its squares have no sum"),
    ),
)

INVERSE_POWER = Schedule(
    name="InversePower",
    source="Polyak & Juditsky (1992), SIAM Journal on Control and Optimization 30(4), doi:10.1137/0330046",
    summary="a learning rate that falls as a power of t",
    value=lr / t**exponent,
    claims=(*_BY_POWER, starts_at(lr), sums_to(lr * pi**2 / 6, at={exponent: 2})),
)

HALVING = Schedule(
    name="Halving",
    source="what the conditions of Robbins & Monro (1951) exclude, doi:10.1214/aoms/1177729586",
    summary="a learning rate that is halved at every step",
    value=lr / 2**t,
    claims=(*_TOO_SMALL, starts_at(lr / 2), sums_to(lr), partial_sum(lr - lr / 2**t)),
)

STEP_DECAY = Schedule(
    name="StepDecay",
    source="torch.optim.lr_scheduler.StepLR",
    summary="a learning rate that is multiplied by gamma after every period",
    value=lr * gamma ** floor((t - 1) / period),
    claims=(*_TOO_SMALL, starts_at(lr), sums_to(period * lr / (1 - gamma))),
)

EXPONENTIAL = Schedule(
    name="Exponential",
    source="torch.optim.lr_scheduler.ExponentialLR",
    summary="a learning rate that is multiplied by gamma after every step",
    value=lr * gamma ** (t - 1),
    claims=(*_TOO_SMALL, starts_at(lr), sums_to(lr / (1 - gamma)), partial_sum(lr * (1 - gamma**t) / (1 - gamma))),
)

POLYNOMIAL = Schedule(
    name="Polynomial",
    source="keras.optimizers.schedules.PolynomialDecay",
    summary="a learning rate that falls as a power of the steps that are left",
    value=end + (lr - end) * (1 - Min(t - 1, steps) / steps) ** power,
    claims=(*_BY_END, starts_at(lr), ends_at(end, at=steps + 1), sums_to(lr * (steps + 1) / 2, at={end: 0, power: 1})),
)

COSINE = Schedule(
    name="Cosine",
    source="Loshchilov & Hutter (2017), equation 5, arXiv:1608.03983, without restarts",
    summary="a learning rate that falls along half a wave",
    value=end + (lr - end) * (1 + cos(pi * Min(t - 1, steps) / steps)) / 2,
    claims=(*_BY_END, starts_at(lr), ends_at(end, at=steps + 1), sums_to(lr * (steps + 1) / 2, at={end: 0})),
)

COSINE_RESTARTS = Schedule(
    name="CosineRestarts",
    source="Loshchilov & Hutter (2017), equation 5, arXiv:1608.03983, with T_mult = 1",
    summary="a learning rate that falls along half a wave and starts anew, again and again",
    value=end + (lr - end) * (1 + cos(pi * Mod(t - 1, period) / period)) / 2,
    claims=(*_TOO_LARGE, starts_at(lr)),
)

# Warm-up changes neither condition: only finitely many steps differ, and the rest are those of before.

WARMUP_CONSTANT = Schedule(
    name="WarmupConstant",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Constant",
    summary="Constant after a linear warm-up",
    value=warmup(CONSTANT.value),
    claims=(*_TOO_LARGE, starts_at(lr / warmup_steps)),
)

WARMUP_INVERSE = Schedule(
    name="WarmupInverse",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Inverse",
    summary="Inverse after a linear warm-up",
    value=warmup(INVERSE.value),
    claims=(*_BOTH, starts_at(lr / warmup_steps)),
)

WARMUP_INVERSE_SQUARE = Schedule(
    name="WarmupInverseSquare",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before InverseSquare",
    summary="InverseSquare after a linear warm-up",
    value=warmup(INVERSE_SQUARE.value),
    claims=(*_TOO_SMALL, starts_at(lr / warmup_steps), sums_to(lr * (pi**2 / 6 + (warmup_steps - 1) / 2))),
)

WARMUP_INVERSE_SQRT = Schedule(
    name="WarmupInverseSqrt",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before InverseSqrt",
    summary="InverseSqrt after a linear warm-up",
    value=warmup(INVERSE_SQRT.value),
    claims=(*_TOO_LARGE, starts_at(lr / (sqrt(2) * warmup_steps))),
)

WARMUP_INVERSE_SQRT_FROM_ONE = Schedule(
    name="WarmupInverseSqrtFromOne",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before InverseSqrtFromOne",
    summary="InverseSqrtFromOne after a linear warm-up",
    value=warmup(INVERSE_SQRT_FROM_ONE.value),
    claims=(*_TOO_LARGE, starts_at(lr / warmup_steps)),
)

WARMUP_INVERSE_POWER = Schedule(
    name="WarmupInversePower",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before InversePower",
    summary="InversePower after a linear warm-up",
    value=warmup(INVERSE_POWER.value),
    claims=(
        *_BY_POWER,
        starts_at(lr / warmup_steps),
        sums_to(lr * (pi**2 / 6 + (warmup_steps - 1) / 2), at={exponent: 2}),
    ),
)

WARMUP_HALVING = Schedule(
    name="WarmupHalving",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Halving",
    summary="Halving after a linear warm-up",
    value=warmup(HALVING.value),
    claims=(*_TOO_SMALL, starts_at(lr / (2 * warmup_steps)), sums_to(lr * (warmup_steps + 3) / 4)),
)

WARMUP_STEP_DECAY = Schedule(
    name="WarmupStepDecay",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before StepDecay",
    summary="StepDecay after a linear warm-up",
    value=warmup(STEP_DECAY.value),
    claims=(*_TOO_SMALL, starts_at(lr / warmup_steps), sums_to(lr * (period / (1 - gamma) + (warmup_steps - 1) / 2))),
)

WARMUP_EXPONENTIAL = Schedule(
    name="WarmupExponential",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Exponential",
    summary="Exponential after a linear warm-up",
    value=warmup(EXPONENTIAL.value),
    claims=(*_TOO_SMALL, starts_at(lr / warmup_steps), sums_to(lr * (1 / (1 - gamma) + (warmup_steps - 1) / 2))),
)

WARMUP_POLYNOMIAL = Schedule(
    name="WarmupPolynomial",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Polynomial",
    summary="Polynomial after a linear warm-up",
    value=warmup(POLYNOMIAL.value),
    claims=(
        *_BY_END,
        starts_at(lr / warmup_steps),
        ends_at(end, at=warmup_steps + steps),
        sums_to(lr * (steps + warmup_steps) / 2, at={end: 0, power: 1}),
    ),
)

WARMUP_COSINE = Schedule(
    name="WarmupCosine",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Cosine",
    summary="Cosine after a linear warm-up",
    value=warmup(COSINE.value),
    claims=(
        *_BY_END,
        starts_at(lr / warmup_steps),
        ends_at(end, at=warmup_steps + steps),
        sums_to(lr * (steps + warmup_steps) / 2, at={end: 0}),
    ),
)

WARMUP_COSINE_RESTARTS = Schedule(
    name="WarmupCosineRestarts",
    source="Goyal et al. (2017), section 2.2, arXiv:1706.02677, before CosineRestarts",
    summary="CosineRestarts after a linear warm-up",
    value=warmup(COSINE_RESTARTS.value),
    claims=(*_TOO_LARGE, starts_at(lr / warmup_steps)),
)
