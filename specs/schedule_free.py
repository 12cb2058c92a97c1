"""Schedule-Free: the gradient is taken between an iterate and the mean of all iterates, which is what is evaluated.

In all of them `w` is y of the paper, where the gradient is taken: what is trained. What is evaluated is the state `x`.
"""

from stepsmith.codegen.claims import equals, fails, first_step, fixed_point, identity, nonnegative, reduces_to, unbiased
from stepsmith.codegen.spec import Abs, Max, Min, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .sgd import SGD

w, g, z, x, x_old, v, v_hat, u = arrays("w g z x x_old v v_hat u")
t, c2, lr_t, lr_c, lr_max, weight, weight_sum, c = scalars("t c2 lr_t lr_c lr_max weight weight_sum c")
longest, length = scalars("longest length")
lr = hyper("lr", default="1", domain=">= 0", doc="gamma of the paper: learning rate")
lr_weighted = hyper("lr", default="1", domain="> 0", doc="gamma of the paper: learning rate")
lr_adam = hyper("lr", default="0.0025", domain="> 0", doc="gamma of the paper: learning rate")
lr_keras = hyper("lr", default="0.0025", domain=">= 0", doc="gamma of the paper: learning rate")
beta = hyper("beta", default="0.9", domain="[0, 1]", doc="share of the mean where the gradient is taken")
beta1 = hyper("beta1", default="0.9", domain="[0, 1]", doc="share of the mean where the gradient is taken")
beta1_keras = hyper("beta1", default="0.9", domain="(0, 1]", doc="share of the mean where the gradient is taken")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="weight decay where the gradient is taken")
warmup = hyper("warmup", default="0", domain="integer >= 0", doc="steps in which the learning rate rises")
power = hyper("weight_lr_power", default="2", domain=">= 0", doc="power of the learning rate that weights an iterate")
weight_lr = hyper("weight_lr", default="1", domain="> 0", doc="learning rate that weights an iterate")
r = hyper("r", default="0", domain="[0, 16]", doc="power of the step number that weights an iterate")

_MEAN = Step(new(x), (1 - c) * x + c * new(z), "mean of the iterates: what is evaluated")


def _point(beta):
    return Step(new(w), (1 - beta) * new(z) + beta * new(x), "y: where the gradient is taken next")


SCHEDULE_FREE_SGD = Optimizer(
    name="ScheduleFreeSGD",
    source="Defazio et al. (2024), equations 3 to 5, arXiv:2405.15682",
    summary="descent whose mean is evaluated; w is where the gradient is taken, and x is the mean",
    state={z: w, x: w},
    steps=(
        Step(c, 1 / t, "weight of the newest iterate"),
        Step(new(z), z - lr * g, "iterate"),
        _MEAN,
        _point(beta),
    ),
    claims=(
        first_step(-lr * g),
        # without a share of the mean, the gradient is taken at the iterate, as SGD's is
        identity(new(w) - new(z), beta * (new(x) - new(z))),
        fails(equals(SGD), "the gradient is taken nearer to the mean"),
        fixed_point(),
    ),
)

# the same as the paper has it: a rule of the mean that is evaluated, with its gradient taken elsewhere
SCHEDULE_FREE_SGD_MEAN = Optimizer(
    name="ScheduleFreeSGDMean",
    source="Defazio et al. (2024), equations 3 to 5, arXiv:2405.15682",
    summary="ScheduleFreeSGD in the paper's variables: its w is the mean x, and the gradient is taken at y",
    state={z: w},
    gradient_at=(1 - beta) * z + beta * w,
    steps=(
        Step(c, 1 / t, "weight of the newest iterate"),
        Step(new(z), z - lr * g, "iterate"),
        Step(new(w), (1 - c) * w + c * new(z), "mean of the iterates: what is evaluated"),
    ),
    claims=(
        equals(SCHEDULE_FREE_SGD, state={"x": w}),
        first_step(-lr * g),
        fixed_point(),
    ),
)

_SECOND = (
    Step(c2, 1 - beta2**t, "correction of the second moment"),
    Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
    Step(v_hat, new(v) / c2),
)
_ADAM = Step(u, g / (sqrt(v_hat) + eps) + weight_decay * w, "direction")
_SGD = Step(u, g + weight_decay * w, "gradient with its decay")
_ITERATE = Step(new(z), z - lr_t * u, "iterate")
_RISING = Min(1, t / Max(warmup, 1))
# optax asks the warm-up for a rate with two counts: from 0 for the step, from 1 for the weight
_RISING_LATER = where(warmup > 0, Min(1, (t - 1) / Max(warmup, 1)), 1)


def _weights(value):
    """The weight of the newest iterate, which is `value`, in the mean of all."""
    return (
        Step(weight, value, "weight of this iterate"),
        Step(new(weight_sum), weight_sum + weight),
        Step(c, where(new(weight_sum) > 0, weight / new(weight_sum), 0), "its share, none while all weights are 0"),
    )


def _warmed(lr, share):
    """The learning rate of the step, and the largest of those that weights are made of."""
    return (
        Step(lr_t, lr * share, "learning rate, warmed up"),
        Step(new(lr_max), Max(lr_max, lr * _RISING), "largest learning rate"),
    )


SCHEDULE_FREE_SGD_WEIGHTED = Optimizer(
    name="ScheduleFreeSGDWeighted",
    source="Defazio et al. (2024), arXiv:2405.15682, as SGDScheduleFree of github.com/facebookresearch/schedule_free",
    summary="ScheduleFreeSGD with warm-up, decay, and iterates that count by their learning rates",
    state={z: w, x: w, lr_max: 0, weight_sum: 0},
    steps=(
        *_warmed(lr_weighted, _RISING),
        *_weights(t**r * new(lr_max) ** power),
        _SGD,
        _ITERATE,
        _MEAN,
        _point(beta),
    ),
    claims=(
        first_step(-lr_weighted * Min(1, 1 / Max(warmup, 1)) * (g + weight_decay * w)),
        fails(equals(SCHEDULE_FREE_SGD), "the iterates count by their learning rates"),
    ),
)

SCHEDULE_FREE_SGD_OPTAX = Optimizer(
    name="ScheduleFreeSGDOptax",
    source="optax.contrib.schedule_free_sgd, after Defazio et al. (2024), arXiv:2405.15682",
    summary="ScheduleFreeSGDWeighted whose warm-up starts with a rate of zero",
    state={z: w, x: w, lr_max: 0, weight_sum: 0},
    steps=(
        *_warmed(lr_weighted, _RISING_LATER),
        *_weights(new(lr_max) ** power),
        _SGD,
        _ITERATE,
        _MEAN,
        _point(beta),
    ),
    claims=(
        reduces_to(SCHEDULE_FREE_SGD_WEIGHTED, at={warmup: 0}, hyper={"r": 0}),
        fails(equals(SCHEDULE_FREE_SGD_WEIGHTED, hyper={"r": 0}), "the rate of a step is that of the step before it"),
    ),
)

# a schedule that counts steps from 0 for the step, and from 1 for the weight, is given twice
_LARGEST = Step(new(lr_max), Max(lr_max, weight_lr), "largest learning rate")

SCHEDULE_FREE_SGD_TWO_RATES = Optimizer(
    name="ScheduleFreeSGDTwoRates",
    source="optax.contrib.schedule_free around sgd, after Defazio et al. (2024), arXiv:2405.15682",
    summary="ScheduleFreeSGD whose iterates count by a learning rate that need not be that of the step",
    state={z: w, x: w, lr_max: 0, weight_sum: 0},
    steps=(
        _LARGEST,
        *_weights(new(lr_max) ** power),
        Step(new(z), z - lr * g, "iterate"),
        _MEAN,
        _point(beta),
    ),
    claims=(
        first_step(-lr * g),
        reduces_to(
            SCHEDULE_FREE_SGD_WEIGHTED,
            at={lr: weight_lr},
            hyper={"lr": weight_lr, "warmup": 0, "weight_decay": 0, "r": 0},
        ),
    ),
)

SCHEDULE_FREE_ADAMW = Optimizer(
    name="ScheduleFreeAdamW",
    source="Defazio et al. (2024), arXiv:2405.15682, as AdamWScheduleFree of github.com/facebookresearch/schedule_free "
    "since it divides the second moment, and no longer the learning rate, by the correction",
    summary="Adam without momentum, whose mean is evaluated",
    state={z: w, x: w, v: 0, lr_max: 0, weight_sum: 0},
    steps=(
        *_warmed(lr_adam, _RISING),
        *_weights(t**r * new(lr_max) ** power),
        *_SECOND,
        _ADAM,
        _ITERATE,
        _MEAN,
        _point(beta1),
    ),
    claims=(
        unbiased(v_hat, of=g**2),
        nonnegative(v),
        first_step(-lr_adam * Min(1, 1 / Max(warmup, 1)) * (g / (Abs(g) + eps) + weight_decay * w)),
        # what is evaluated can be told from what is trained
        identity(new(w) - (1 - beta1) * new(z), beta1 * new(x)),
    ),
)

SCHEDULE_FREE_ADAMW_PRINTED = Optimizer(
    name="ScheduleFreeAdamWPrinted",
    source="Defazio et al. (2024), Algorithm 1, arXiv:2405.15682",
    summary="ScheduleFreeAdamW with the bias correction in the learning rate, which then weights the iterates",
    state={z: w, x: w, v: 0, weight_sum: 0},
    steps=(
        Step(lr_t, lr_adam * sqrt(1 - beta2**t) * _RISING, "learning rate, corrected and warmed up"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(new(z), z - lr_t * g / (sqrt(new(v)) + eps) - lr_t * weight_decay * w, "iterate"),
        *_weights(lr_t**2),
        _MEAN,
        _point(beta1),
    ),
    claims=(
        nonnegative(v),
        fails(
            equals(SCHEDULE_FREE_ADAMW, hyper={"weight_lr_power": 2, "r": 0}, state={"lr_max": lr_adam}),
            "the correction weights the iterates, too",
        ),
    ),
)

SCHEDULE_FREE_ADAMW_OPTAX = Optimizer(
    name="ScheduleFreeAdamWOptax",
    source="optax.contrib.schedule_free_adamw, after Defazio et al. (2024), arXiv:2405.15682",
    summary="ScheduleFreeAdamW whose warm-up starts with a rate of zero",
    state={z: w, x: w, v: 0, lr_max: 0, weight_sum: 0},
    steps=(
        *_warmed(lr_adam, _RISING_LATER),
        *_weights(new(lr_max) ** power),
        *_SECOND,
        _ADAM,
        _ITERATE,
        _MEAN,
        _point(beta1),
    ),
    claims=(
        unbiased(v_hat, of=g**2),
        reduces_to(SCHEDULE_FREE_ADAMW, at={warmup: 0}, hyper={"r": 0}),
        fails(equals(SCHEDULE_FREE_ADAMW, hyper={"r": 0}), "the rate of a step is that of the step before it"),
    ),
)

SCHEDULE_FREE_ADAMW_TWO_RATES = Optimizer(
    name="ScheduleFreeAdamWTwoRates",
    source="optax.contrib.schedule_free around adamw, after Defazio et al. (2024), arXiv:2405.15682",
    summary="ScheduleFreeAdamW whose iterates count by a learning rate that need not be that of the step",
    state={z: w, x: w, v: 0, lr_max: 0, weight_sum: 0},
    steps=(
        _LARGEST,
        *_weights(new(lr_max) ** power),
        *_SECOND,
        _ADAM,
        Step(new(z), z - lr_keras * u, "iterate"),
        _MEAN,
        _point(beta1),
    ),
    claims=(
        unbiased(v_hat, of=g**2),
        nonnegative(v),
        first_step(-lr_keras * (g / (Abs(g) + eps) + weight_decay * w)),
    ),
)

SCHEDULE_FREE_ADAMW_KERAS = Optimizer(
    name="ScheduleFreeAdamWKeras",
    source="keras.optimizers.ScheduleFreeAdamW, after Defazio et al. (2024), arXiv:2405.15682",
    summary="ScheduleFreeAdamW with iterates that count alike; x = (w - (1 - beta1) z) / beta1 is evaluated",
    state={z: w, v: 0},
    steps=(
        Step(lr_t, lr_keras * _RISING, "learning rate, warmed up"),
        *_SECOND,
        Step(x_old, (w - (1 - beta1_keras) * z) / beta1_keras, "mean of the iterates so far"),
        Step(new(z), z - lr_t * g / (sqrt(v_hat) + eps), "iterate"),
        Step(new(w), (1 - beta1_keras) * new(z) + beta1_keras * ((1 - 1 / t) * x_old + new(z) / t), "y"),
    ),
    claims=(
        unbiased(v_hat, of=g**2),
        first_step(-lr_keras * Min(1, 1 / Max(warmup, 1)) * g / (Abs(g) + eps)),
        # it is the mean of all iterates, each with the same weight
        identity((new(w) - (1 - beta1_keras) * new(z)) / beta1_keras, x_old + (new(z) - x_old) / t),
        fixed_point(),
    ),
)

SCHEDULE_FREE_RADAM = Optimizer(
    name="ScheduleFreeRAdam",
    source="RAdamScheduleFree of github.com/facebookresearch/schedule_free, after arXiv:2405.15682, silent at first",
    summary="ScheduleFreeAdamW that rests until its second moment can be used, and needs no warm-up",
    state={z: w, x: w, v: 0, lr_max: 0, weight_sum: 0},
    steps=(
        *_SECOND,
        Step(longest, 2 / (1 - beta2) - 1, "length of the average in the end"),
        Step(length, longest - 2 * t * beta2**t / (1 - beta2**t), "length of the average so far"),
        Step(
            lr_t,
            where(
                length > 4,
                lr_adam * sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)),
                0,
            ),
            "learning rate, rectified",
        ),
        Step(new(lr_max), Max(lr_max, lr_t), "largest learning rate"),
        Step(weight, t**r * new(lr_max) ** power, "weight of this iterate"),
        Step(new(weight_sum), weight_sum + weight),
        Step(c, where(new(lr_max) > 0, weight / where(new(weight_sum) > 0, new(weight_sum), 1), 0), "its share"),
        _ADAM,
        _ITERATE,
        _MEAN,
        _point(beta1),
    ),
    claims=(
        unbiased(v_hat, of=g**2),
        # with the defaults of its authors, the first steps only fill the second moment
        first_step(0),
    ),
)
