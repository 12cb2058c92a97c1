"""What surrounds a rule: the gradient before it, the weights before and after it, stage by stage.

An optimizer runs its stages in the order in which it is given them:

    Adam(params, lr=1e-3, pipeline=[ClipByGlobalNorm(max_norm=1.0), DecoupledDecay(weight_decay=0.01)])

They run inside the rule's own pass over the arrays. Only norms and noise cost a pass of their own. Where
two stages do not commute, the claims say what their order is worth.
"""

from stepsmith.codegen.claims import (
    commutes,
    cycle_mean,
    ema,
    fails,
    idempotent,
    identity,
    involution,
    moments,
    neutral,
    nonnegative,
    of_other,
    weighted_mean,
)
from stepsmith.codegen.spec import (
    Abs,
    Max,
    Min,
    Mod,
    Stage,
    Step,
    array_sum,
    arrays,
    global_max,
    global_overflow,
    global_sum,
    hyper,
    new,
    scalars,
    sqrt,
    where,
)

w, g, noise, total, average, kept = arrays("w g noise total average kept")
t, lr, length, factor, sigma, rate, due = scalars("t lr length factor sigma rate due")
count, draws, scale, good, less, more = scalars("count draws scale good less more")
errors, total_errors, left_out = scalars("errors total_errors left_out")
once_more, nothing = scalars("once_more nothing")
max_norm = hyper("max_norm", default="1", domain="> 0", doc="largest norm that is let through")
max_value = hyper("max_value", default="1", domain="> 0", doc="largest magnitude that is let through")
weight_decay = hyper("weight_decay", default="0.01", domain=">= 0", doc="weight decay")
loss_scale = hyper("loss_scale", default="1024", domain="> 0", doc="what the loss was multiplied by")
initial = hyper("initial_scale", default="65536", domain="> 0", doc="scale before the first step")
growth = hyper("growth", default="2", domain=">= 1", doc="factor after interval steps without overflow")
backoff = hyper("backoff", default="0.5", domain="(0, 1)", doc="factor after an overflow")
interval = hyper("interval", default="2000", domain="integer >= 1", doc="steps between two growths")
# the largest and the smallest power of two that float32 has without loss
largest = hyper(
    "largest_scale", default="170141183460469231731687303715884105728", domain="> 0", doc="what the scale stays below"
)
smallest = hyper("smallest_scale", default="1.1754943508222875e-38", domain="> 0", doc="what the scale stays above")
max_errors = hyper(
    "max_consecutive_errors", default="5", domain="integer >= 0", doc="steps that are left out in a row, at most"
)
every = hyper("every", default="4", domain="integer >= 1", doc="gradients to a step")
eta = hyper("eta", default="0.01", domain=">= 0", doc="variance of the noise, before it decays")
gamma = hyper("gamma", default="0.55", domain=">= 0", doc="power of the decay of the noise")
decay = hyper("decay", default="0.999", domain="[0, 1)", doc="decay of the average")
overwrite = hyper("overwrite_every", default="100", domain="integer >= 1", doc="steps between two overwritings")

eps = hyper("eps", default="1e-6", domain="> 0", doc="added to the norm")

overflow = global_overflow(g)
# a step of any rule, to say what it is worth to do something after it instead of before
update = arrays("update")
_STEP = Step(new(w), w - lr * update)

# Signs and scales.

MAXIMIZE = Stage(
    name="Maximize",
    source="maximize=True of torch.optim",
    summary="the rule goes uphill",
    steps=(Step(new(g), -g),),
    claims=(involution(),),
)

LOSS_SCALE = Stage(
    name="LossScale",
    source="Micikevicius et al. (2018), section 3.2, arXiv:1710.03740",
    summary="undoes that the loss was multiplied by a constant",
    steps=(Step(new(g), g / loss_scale),),
    claims=(neutral(at={loss_scale: 1}), identity(new(g) * loss_scale, g), commutes(MAXIMIZE)),
)


def _between(value):  # the smallest holds if the two contradict each other
    return Max(Min(value, largest), smallest)


DYNAMIC_LOSS_SCALE = Stage(
    name="DynamicLossScale",
    source="torch.amp.GradScaler",
    summary="undoes a loss scale that falls when a gradient overflows, and grows when none did for long",
    state={scale: _between(initial), good: 0},
    steps=(
        Step(new(g), g / scale),
        Step(rate, where(good + 1 >= interval, growth, 1), "growth that is due"),
        Step(less, _between(scale * backoff), "scale after an overflow"),
        Step(more, _between(scale * rate), "scale without one"),
        Step(new(scale), where(overflow > 0, less, more), "scale of the next loss"),
        Step(
            new(good), where(overflow > 0, 0, where(good + 1 >= interval, 0, good + 1)), "steps since the last change"
        ),
    ),
    halts=overflow > 0,
    claims=(
        identity(new(g) * scale, g),
        identity(Max(new(scale), smallest), new(scale)),
        identity(Min(new(scale), Max(largest, smallest)), new(scale)),
        nonnegative(scale),
        nonnegative(good),
    ),
)

APPLY_IF_FINITE = Stage(
    name="ApplyIfFinite",
    source="optax.apply_if_finite",
    summary="leaves out a step whose gradients are not all finite, unless too many in a row were left out",
    state={errors: 0, total_errors: 0},
    steps=(
        Step(new(errors), where(overflow > 0, errors + 1, 0), "steps in a row with a gradient that is not finite"),
        Step(new(total_errors), where(overflow > 0, total_errors + 1, total_errors), "all such steps"),
        Step(left_out, where(new(errors) <= max_errors, new(errors), 0), "those in a row that are left out"),
    ),
    halts=left_out > 0,
    claims=(
        neutral(at={errors: 0}),
        identity(Max(left_out, max_errors), max_errors),
        nonnegative(errors),
        nonnegative(total_errors),
    ),
)

ACCUMULATE = Stage(
    name="Accumulate",
    source="gradient_accumulation_steps of keras.optimizers",
    summary="the rule takes a step once in a while, with the mean of the gradients since the last one",
    state={total: 0, count: 0},
    steps=(
        Step(new(count), where(count + 1 >= every, 0, count + 1), "gradients since the last step"),
        Step(new(total), where(count > 0, total, 0) + g, "their sum"),
        Step(new(g), new(total) / (count + 1), "mean"),
    ),
    gathers=True,
    halts=new(count) > 0,
    claims=(cycle_mean(total, count=count, over=every), neutral(at={every: 1, count: 0})),
)

# what is multiplied by 0 stays if it is not finite, and a mean takes in an infinite gradient as one that is NaN
_EMPTIED = (ACCUMULATE.steps[0], Step(kept, where(count > 0, 1, 0) * total, "0 at the first gradient"))

ACCUMULATE_OPTAX = Stage(
    name="AccumulateOptax",
    source="optax.MultiSteps, which empties what it keeps by multiplying it by 0",
    summary="Accumulate as a running mean that keeps what is not finite once it got there",
    state=ACCUMULATE.state,
    steps=(
        *_EMPTIED,
        Step(new(total), kept + (g - kept) / (count + 1), "their mean"),
        Step(new(g), new(total)),
    ),
    gathers=True,
    halts=ACCUMULATE.halts,
    claims=(identity((count + 1) * new(total), count * kept + g), neutral(at={every: 1, count: 0})),
)

ACCUMULATE_SUM_OPTAX = Stage(
    name="AccumulateSumOptax",
    source="optax.MultiSteps with use_grad_mean=False",
    summary="the rule takes a step once in a while, with the sum of the gradients since the last one",
    state=ACCUMULATE.state,
    steps=(*_EMPTIED, Step(new(total), kept + g, "their sum"), Step(new(g), new(total))),
    gathers=True,
    halts=ACCUMULATE.halts,
    claims=(neutral(at={every: 1, count: 0}), fails(cycle_mean(total, count=count, over=every), "no mean")),
)

# Noise.

GAUSSIAN_NOISE = Stage(
    name="GaussianNoise",
    source="Neelakantan et al. (2015), equation 1, arXiv:1511.06807",
    summary="adds noise whose variance decays",
    state={draws: 0},
    steps=(
        Step(new(draws), draws + 1, "runs so far"),
        Step(sigma, sqrt(eta / (1 + t) ** gamma), "standard deviation"),
        Step(new(g), g + sigma * noise),
    ),
    claims=(moments(new(g), mean=g, variance=eta / (1 + t) ** gamma), neutral(at={eta: 0})),
)

GAUSSIAN_NOISE_FROM_ONE = Stage(
    name="GaussianNoiseFromOne",
    source="optax.add_noise, which counts from 0 in the formula of Neelakantan et al. (2015)",
    summary="adds noise whose variance is eta in the first step, and decays",
    state={draws: 0},
    steps=(
        Step(new(draws), draws + 1, "runs so far"),
        Step(sigma, sqrt(eta / t**gamma), "standard deviation"),
        Step(new(g), g + sigma * noise),
    ),
    claims=(moments(new(g), mean=g, variance=eta / t**gamma), neutral(at={eta: 0})),
)

# Clipping.

_SMALL = "it bounds large gradients and leaves small ones as they are: it normalises none"

CLIP_BY_VALUE = Stage(
    name="ClipByValue",
    source="clipvalue of keras.optimizers",
    summary="no element is larger than max_value",
    steps=(Step(new(g), Max(Min(g, max_value), -max_value)),),
    claims=(
        identity(Max(Abs(new(g)), max_value), max_value),
        neutral(when=Abs(g) <= max_value),
        idempotent(),
        commutes(MAXIMIZE),
        fails(identity(Abs(new(g)), max_value), _SMALL),
    ),
)

# which way round they are compared matters: NaN is not <=, so that the factor is NaN, too
_CLIP = (
    Step(factor, where(length <= max_norm, 1, max_norm / length)),
    Step(new(g), factor * g),
)
_CLIPPED = (
    identity(Max(factor * length, max_norm), max_norm),
    neutral(when=length <= max_norm),
    idempotent(),
    commutes(MAXIMIZE),
)

CLIP_BY_NORM = Stage(
    name="ClipByNorm",
    source="clipnorm of keras.optimizers",
    summary="the gradient of no array is longer than max_norm",
    steps=(Step(length, sqrt(array_sum(g**2)), "norm of this gradient"), *_CLIP),
    claims=(
        identity(array_sum(new(g) ** 2), (factor * length) ** 2),
        *_CLIPPED,
        fails(identity(array_sum(new(g) ** 2), max_norm**2), _SMALL),
    ),
)

CLIP_BY_GLOBAL_NORM = Stage(
    name="ClipByGlobalNorm",
    source="Pascanu, Mikolov & Bengio (2013), Algorithm 1, arXiv:1211.5063",
    summary="all gradients together are no longer than max_norm",
    steps=(Step(length, sqrt(global_sum(g**2)), "norm of all gradients"), *_CLIP),
    claims=(
        identity(global_sum(new(g) ** 2), (factor * length) ** 2),
        *_CLIPPED,
        fails(identity(global_sum(new(g) ** 2), max_norm**2), _SMALL),
    ),
)

CLIP_BY_GLOBAL_NORM_KERAS = Stage(
    name="ClipByGlobalNormKeras",
    source="global_clipnorm of keras.optimizers",
    summary="all gradients together are no longer than max_norm; if their norm is infinite, all become NaN",
    steps=(
        Step(length, sqrt(global_sum(g**2)), "norm of all gradients"),
        Step(once_more, length),
        Step(nothing, length - once_more, "0; NaN if the norm is infinite"),
        Step(factor, where(length <= max_norm, 1, max_norm / length) + nothing),
        Step(new(g), factor * g),
    ),
    claims=(identity(global_sum(new(g) ** 2), (factor * length) ** 2), *_CLIPPED),
)

CLIP_BY_GLOBAL_NORM1 = Stage(
    name="ClipByGlobalNorm1",
    source="Pascanu, Mikolov & Bengio (2013), Algorithm 1, arXiv:1211.5063, with the sum of magnitudes",
    summary="the magnitudes of all gradients add up to max_norm at most",
    steps=(Step(length, global_sum(Abs(g)), "1-norm of all gradients"), *_CLIP),
    claims=(identity(global_sum(Abs(new(g))), factor * length), *_CLIPPED),
)

CLIP_BY_GLOBAL_MAX = Stage(
    name="ClipByGlobalMax",
    source="Pascanu, Mikolov & Bengio (2013), Algorithm 1, arXiv:1211.5063, with the largest magnitude",
    summary="no element of any gradient is larger than max_norm; other than ClipByValue it keeps the direction",
    steps=(Step(length, global_max(Abs(g)), "largest magnitude"), *_CLIP),
    claims=(identity(global_max(Abs(new(g))), factor * length), *_CLIPPED),
)

NORMALIZE = Stage(
    name="Normalize",
    source="optax.contrib.normalize, which makes NaN of gradients that are all zero",
    summary="all gradients together are of length 1; zero stays zero",
    steps=(
        Step(length, sqrt(global_sum(g**2)), "norm of all gradients"),
        Step(factor, where(length <= 0, 0, 1 / length)),
        Step(new(g), factor * g),
    ),
    claims=(
        identity(global_sum(new(g) ** 2), (factor * length) ** 2),
        identity(factor * length, where(length <= 0, 0, 1)),
        commutes(MAXIMIZE),
    ),
)

# torch adds epsilon to the length, so that what was clipped is a little shorter than max_norm
_CLIP_TORCH = (
    Step(factor, Min(max_norm / (length + eps), 1)),
    Step(new(g), factor * g),
)
_CLIPPED_TORCH = (
    identity(Max(factor * length, max_norm), max_norm),
    neutral(when=length + eps <= max_norm),
    fails(idempotent(), "what was clipped to nearly max_norm is clipped again, by epsilon"),
    commutes(MAXIMIZE),
)

CLIP_GRAD_NORM = Stage(
    name="ClipGradNorm",
    source="torch.nn.utils.clip_grad_norm_",
    summary="all gradients together are shorter than max_norm, as torch has it",
    steps=(Step(length, sqrt(global_sum(g**2)), "norm of all gradients"), *_CLIP_TORCH),
    claims=(identity(global_sum(new(g) ** 2), (factor * length) ** 2), *_CLIPPED_TORCH),
)

CLIP_GRAD_NORM1 = Stage(
    name="ClipGradNorm1",
    source="torch.nn.utils.clip_grad_norm_ with norm_type=1",
    summary="the magnitudes of all gradients add up to less than max_norm, as torch has it",
    steps=(Step(length, global_sum(Abs(g)), "1-norm of all gradients"), *_CLIP_TORCH),
    claims=(identity(global_sum(Abs(new(g))), factor * length), *_CLIPPED_TORCH),
)

CLIP_GRAD_MAX = Stage(
    name="ClipGradMax",
    source="torch.nn.utils.clip_grad_norm_ with norm_type=inf",
    summary="every element of every gradient is smaller than max_norm, as torch has it",
    steps=(Step(length, global_max(Abs(g)), "largest magnitude"), *_CLIP_TORCH),
    claims=(identity(global_max(Abs(new(g))), factor * length), *_CLIPPED_TORCH),
)

# Weight decay.

L2_DECAY = Stage(
    name="L2Decay",
    source="weight_decay of torch.optim.SGD",
    summary="adds the gradient of weight_decay / 2 * w**2",
    steps=(Step(new(g), g + weight_decay * w),),
    claims=(
        neutral(at={weight_decay: 0}),
        commutes(MAXIMIZE, difference={g: -2 * weight_decay * w}),
        commutes(LOSS_SCALE, difference={g: weight_decay * w * (1 / loss_scale - 1)}),
    ),
)

DECOUPLED_DECAY = Stage(
    name="DecoupledDecay",
    source="Loshchilov & Hutter (2019), arXiv:1711.05101, as in torch.optim.AdamW",
    summary="the weights shrink by the share lr * weight_decay before the step",
    steps=(Step(new(w), w - lr * weight_decay * w),),
    claims=(
        neutral(at={weight_decay: 0}),
        commutes(MAXIMIZE),
        commutes(LOSS_SCALE),
        commutes(L2_DECAY, difference={g: -lr * weight_decay * of_other(weight_decay) * w}),
    ),
)

UNSCALED_DECAY = Stage(
    name="UnscaledDecay",
    source="Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101",
    summary="the weights shrink by the share weight_decay before the step, whatever the learning rate",
    steps=(Step(new(w), w - weight_decay * w),),
    claims=(neutral(at={weight_decay: 0}), commutes(MAXIMIZE), commutes(DECOUPLED_DECAY)),
)

DECOUPLED_DECAY_AFTER = Stage(
    name="DecoupledDecayAfter",
    source="thinc.optimizers.Optimizer with L2_is_weight_decay",
    summary="the weights shrink by the share lr * weight_decay after the step",
    after=True,
    steps=(Step(new(w), w - lr * weight_decay * w),),
    claims=(
        neutral(at={weight_decay: 0}),
        commutes(
            Stage(name="the step", source="any rule", steps=(_STEP,)),
            difference={w: -(lr**2) * weight_decay * update},
        ),
    ),
)

# Averages of the weights.

WEIGHT_EMA = Stage(
    name="WeightEMA",
    source="Polyak & Juditsky (1992), doi:10.1137/0330046, with geometric weights, as in tf.train",
    summary="keeps an exponential moving average of the weights, which starts at the first weights",
    after=True,
    state={average: w},
    steps=(Step(new(average), decay * average + (1 - decay) * w),),
    claims=(ema(average, of=w, decay=decay),),
)

WEIGHT_EMA_DEBIASED = Stage(
    name="WeightEMADebiased",
    source="optax.ema with debias=True, of the weights",
    summary="keeps an exponential moving average of the weights after the steps, corrected for its start at 0",
    after=True,
    own_t=True,
    state={average: 0},
    steps=(
        Step(rate, (1 - decay) / (1 - decay**t), "share of the newest weights"),
        Step(new(average), average + rate * (w - average)),
    ),
    claims=(weighted_mean(average, of=w, decay=decay, weight=1 - decay, total=1 - decay**t),),
)

# Keras counts the calls of a step, and averages in each of them, also while gradients are accumulated
_KERAS_EMA = (
    Step(rate, where(t > 1, decay, 0), "the first weights are taken as they are"),
    Step(new(average), rate * average + (1 - rate) * w),
)
_TOWARDS_WEIGHTS = identity(new(average) - w, rate * (average - w))

WEIGHT_EMA_KERAS = Stage(
    name="WeightEMAKeras",
    source="use_ema of keras.optimizers",
    summary="keeps an exponential moving average of the weights, which starts at those after the first step",
    after=True,
    always=True,
    state={average: w},
    steps=_KERAS_EMA,
    claims=(_TOWARDS_WEIGHTS,),
)

WEIGHT_EMA_KERAS_OVERWRITING = Stage(
    name="WeightEMAKerasOverwriting",
    source="use_ema of keras.optimizers with ema_overwrite_frequency",
    summary="keeps an exponential moving average of the weights, and sets the weights to it once in a while",
    after=True,
    always=True,
    state={average: w},
    steps=(
        *_KERAS_EMA,
        Step(due, where(Mod(t, overwrite) > 0, 0, 1), "whether the weights are set"),
        Step(new(w), where(due > 0, new(average), w)),
    ),
    claims=(_TOWARDS_WEIGHTS, neutral(when=due <= 0)),
)

WEIGHT_MEAN = Stage(
    name="WeightMean",
    source="Polyak & Juditsky (1992), equation 3, doi:10.1137/0330046",
    summary="keeps the mean of the weights after all steps",
    after=True,
    own_t=True,
    state={average: 0},
    steps=(Step(new(average), average + (w - average) / t),),
    claims=(weighted_mean(average, of=w, decay=1, weight=1, total=t),),
)
