"""MoMo: momentum with the step length at which a model of the loss, averaged as the momentum is, reaches its bound."""

from sympy import Rational

from stepsmith.codegen.claims import ema, identity, nonnegative
from stepsmith.codegen.spec import (
    Max,
    Min,
    Optimizer,
    Step,
    arrays,
    global_sum,
    hyper,
    new,
    scalars,
    signals,
    sqrt,
    where,
)

w, g, m, v, p = arrays("w g m v p")
t, b, c1, c2, value, along, total, inner, gap, length, least, cap, low = scalars(
    "t b c1 c2 value along total inner gap length least cap low"
)
loss = signals("loss", doc="the loss at w, of which g is the gradient")
lr = hyper("lr", default="1", domain=">= 0", doc="largest step length")
lr_adam = hyper("lr", default="0.01", domain=">= 0", doc="largest step length")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the momentum, and of the averages of the loss")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")
lower_bound = hyper("lower_bound", default="0", domain="real", doc="a lower bound of the loss")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="weight decay")

_LEAST = Rational(1, 2**52)
_PAPER = "Schaipp et al. (2024), arXiv:2305.07583"

# MoMo


def _averages(decay):
    return (
        Step(new(value), decay * value + (1 - decay) * loss, "average of the losses"),
        Step(new(m), decay * m + (1 - decay) * g, "momentum"),
        Step(new(along), decay * along + (1 - decay) * global_sum(g * w), "average of gradients along the weights"),
    )


_NORM = Step(total, global_sum(new(m) ** 2), "squared norm of the momentum")
_INNER = Step(inner, global_sum(new(m) * w), "momentum along the weights")
_SHRUNK = 1 + lr * weight_decay
_WEIGHT = Step(b, where(t > 1, beta1, 0), "the averages start from the first step")
_LENGTH = Step(length, where(total <= _LEAST, 0, Min(lr, gap / total)), "step length")
_DESCENT = Step(new(w), w - lr * weight_decay / _SHRUNK * w - length * new(m), "decay, descent")
_MOVED = identity(w / _SHRUNK - new(w), length * new(m))

MOMO = Optimizer(
    name="MoMo",
    source=f"{_PAPER}, Algorithm 1, with the weight decay of optax.contrib.momo",
    summary="momentum with the step length at which a model of the loss reaches a bound of it, at most lr",
    state={m: 0, value: 0, along: 0},
    steps=(
        _WEIGHT,
        *_averages(b),
        _NORM,
        _INNER,
        Step(gap, Max(_SHRUNK * (new(value) - lower_bound - new(along)) + inner, 0), "model of the loss above it"),
        _LENGTH,
        _DESCENT,
    ),
    claims=(nonnegative(length), _MOVED),
)

_CAP = Step(cap, _SHRUNK * (new(value) - new(along)) + inner, "model of the loss at w")
_LOWERED = Step(
    least, where(cap < _SHRUNK * low, Max(cap / (2 * _SHRUNK), lower_bound), low), "bound, lowered if w is below it"
)

MOMO_STAR = Optimizer(
    name="MoMoStar",
    source=f"{_PAPER}, with the estimate of the bound as in optax.contrib.momo(adapt_lower_bound=True)",
    summary="MoMo that estimates the least loss as it goes",
    state={m: 0, value: 0, along: 0, low: lower_bound},
    steps=(
        _WEIGHT,
        *_averages(b),
        _NORM,
        _INNER,
        _CAP,
        _LOWERED,
        Step(gap, Max(cap - _SHRUNK * least, 0), "model of the loss above it"),
        _LENGTH,
        Step(new(low), Max(new(value) + inner - new(along) - length * total / 2, lower_bound), "bound of the loss"),
        _DESCENT,
    ),
    claims=(nonnegative(length),),
)

# MoMo-Adam

_SHRUNK_ADAM = 1 + lr_adam * weight_decay
_ADAM = (
    Step(c1, 1 - beta1**t, "bias of the averages"),
    Step(c2, 1 - beta2**t, "bias of the second moment"),
    *_averages(beta1),
    Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
    Step(p, eps + sqrt(new(v) / c2), "preconditioner"),
    Step(total, global_sum(new(m) ** 2 / p), "squared norm of the momentum, preconditioned"),
    _INNER,
)
_LENGTH_ADAM = Step(length, where(total <= _LEAST, 0, Min(lr_adam / c1, gap / total)), "step length")
_DESCENT_ADAM = Step(new(w), w - lr_adam * weight_decay / _SHRUNK_ADAM * w - length * new(m) / p, "decay, descent")

MOMO_ADAM = Optimizer(
    name="MoMoAdam",
    source=f"{_PAPER}, Algorithm 2, with the weight decay of optax.contrib.momo_adam",
    summary="MoMo with the preconditioner of Adam",
    state={m: 0, v: 0, value: 0, along: 0},
    steps=(
        *_ADAM,
        Step(
            gap,
            Max(_SHRUNK_ADAM * (new(value) - c1 * lower_bound - new(along)) + inner, 0),
            "model of the loss above its bound",
        ),
        _LENGTH_ADAM,
        _DESCENT_ADAM,
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        ema(value, of=loss, decay=beta1),
        ema(along, of=global_sum(g * w), decay=beta1),
    ),
)

MOMO_ADAM_STAR = Optimizer(
    name="MoMoAdamStar",
    source=f"{_PAPER}, with the estimate of the bound as in optax.contrib.momo_adam(adapt_lower_bound=True)",
    summary="MoMoAdam that estimates the least loss as it goes",
    state={m: 0, v: 0, value: 0, along: 0, low: lower_bound},
    steps=(
        *_ADAM,
        Step(cap, _SHRUNK_ADAM * (new(value) - new(along)) + inner, "model of the loss at w"),
        Step(
            least,
            where(cap < _SHRUNK_ADAM * c1 * low, Max(cap / (2 * c1 * _SHRUNK_ADAM), lower_bound), low),
            "bound, lowered if w is below it",
        ),
        Step(gap, Max(cap - _SHRUNK_ADAM * c1 * least, 0), "model of the loss above its bound"),
        _LENGTH_ADAM,
        Step(
            new(low), Max((new(value) + inner - new(along) - length * total / 2) / c1, lower_bound), "bound of the loss"
        ),
        _DESCENT_ADAM,
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        ema(value, of=loss, decay=beta1),
        ema(along, of=global_sum(g * w), decay=beta1),
    ),
)
