"""keras.optimizers as of Keras 3: learning_rate, rho, beta_1, epsilon; weight decay is decoupled.

With use_ema, the average is kept by the last stage of `opt.pipeline`, as `.state("average")`.
The names of the optimizers and ema_momentum, ema_overwrite_frequency without use_ema have no effect.
"""

from __future__ import annotations

from typing import Any

from ._options import Hyper, Stage, preset, rules

_preset = preset(
    "keras",
    {
        "lr": "learning_rate",
        "beta1": "beta_1",
        "beta2": "beta_2",
        "eps": "epsilon",
        "initial_accumulator": "initial_accumulator_value",
        "HeavyBall.rho": "momentum",
        "NesterovVelocity.rho": "momentum",
        "LossScale.loss_scale": "loss_scale_factor",
        "Accumulate.every": "gradient_accumulation_steps",
        "ClipByNorm.max_norm": "clipnorm",
        "ClipByGlobalNorm.max_norm": "global_clipnorm",
        "ClipByValue.max_value": "clipvalue",
        "WeightEMAKeras.decay": "ema_momentum",
        "WeightEMAKerasOverwriting.decay": "ema_momentum",
        "WeightEMAKerasOverwriting.overwrite_every": "ema_overwrite_frequency",
    },
)


def _around(
    weight_decay: float | None,
    clipnorm: float | None,
    clipvalue: float | None,
    global_clipnorm: float | None,
    use_ema: bool,
    ema_momentum: float,
    ema_overwrite_frequency: int | None,
    loss_scale_factor: float | None,
    gradient_accumulation_steps: int | None,
) -> list[Stage]:
    """What Keras does around every rule, in its order."""
    if sum(option is not None for option in (clipnorm, clipvalue, global_clipnorm)) > 1:
        raise ValueError("only one of clipnorm, clipvalue and global_clipnorm can be set")
    stages: list[Stage] = []
    stages += [rules.LossScale(loss_scale=loss_scale_factor)] if loss_scale_factor else []
    stages += [rules.Accumulate(every=gradient_accumulation_steps)] if gradient_accumulation_steps else []
    stages += [rules.ClipByNorm(max_norm=clipnorm)] if clipnorm else []
    stages += [rules.ClipByGlobalNorm(max_norm=global_clipnorm)] if global_clipnorm else []
    stages += [rules.ClipByValue(max_value=clipvalue)] if clipvalue else []
    stages += [rules.DecoupledDecay(weight_decay=weight_decay)] if weight_decay else []
    if use_ema and ema_overwrite_frequency:
        stages += [rules.WeightEMAKerasOverwriting(decay=ema_momentum, overwrite_every=ema_overwrite_frequency)]
    elif use_ema:
        stages += [rules.WeightEMAKeras(decay=ema_momentum)]
    return stages


@_preset
def SGD(
    params: Any,
    learning_rate: Hyper = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    name: str = "sgd",
) -> rules.SGD | rules.HeavyBall | rules.NesterovVelocity:
    """keras.optimizers.SGD: the learning rate is part of the velocity."""
    stages = _around(
        weight_decay,
        clipnorm,
        clipvalue,
        global_clipnorm,
        use_ema,
        ema_momentum,
        ema_overwrite_frequency,
        loss_scale_factor,
        gradient_accumulation_steps,
    )

    if not momentum:
        return rules.SGD(params, lr=learning_rate, pipeline=stages)
    return (rules.NesterovVelocity if nesterov else rules.HeavyBall)(
        params, lr=learning_rate, rho=momentum, pipeline=stages
    )


@_preset
def RMSprop(
    params: Any,
    learning_rate: Hyper = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    name: str = "rmsprop",
) -> rules.RMSpropEpsInside | rules.RMSpropCenteredEpsInside | rules.RMSpropMomentumEpsInside | rules.RMSpropGraves:
    """keras.optimizers.RMSprop: epsilon inside the root, the learning rate inside the momentum."""
    stages = _around(
        weight_decay,
        clipnorm,
        clipvalue,
        global_clipnorm,
        use_ema,
        ema_momentum,
        ema_overwrite_frequency,
        loss_scale_factor,
        gradient_accumulation_steps,
    )

    if momentum:
        moving = rules.RMSpropGraves if centered else rules.RMSpropMomentumEpsInside
        return moving(params, lr=learning_rate, rho=rho, eps=epsilon, momentum=momentum, pipeline=stages)
    rule = rules.RMSpropCenteredEpsInside if centered else rules.RMSpropEpsInside
    return rule(params, lr=learning_rate, rho=rho, eps=epsilon, pipeline=stages)


@_preset
def Adam(
    params: Any,
    learning_rate: Hyper = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    name: str = "adam",
) -> rules.AdamEpsHat | rules.AMSGradEpsHat:
    """keras.optimizers.Adam. With weight_decay it is AdamW.

    Keras adds epsilon before the second moment is corrected: "epsilon hat" of Kingma & Ba (2015), before section 2.1,
    `AdamEpsHat` here. What is printed as Adam is mostly their Algorithm 1, which adds it afterwards: `Adam` here.
    Algorithm 1 with epsilon / sqrt(1 - beta_2**t) in step t is what Keras computes: 31.6 times epsilon in the first
    step with the default beta_2, and no constant epsilon makes them equal.
    """
    stages = _around(
        weight_decay,
        clipnorm,
        clipvalue,
        global_clipnorm,
        use_ema,
        ema_momentum,
        ema_overwrite_frequency,
        loss_scale_factor,
        gradient_accumulation_steps,
    )
    rule = rules.AMSGradEpsHat if amsgrad else rules.AdamEpsHat
    return rule(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon, pipeline=stages)


@_preset
def AdamW(
    params: Any,
    learning_rate: Hyper = 0.001,
    weight_decay: float = 0.004,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    name: str = "adamw",
) -> rules.AdamEpsHat | rules.AMSGradEpsHat:
    """keras.optimizers.AdamW."""
    stages = _around(
        weight_decay,
        clipnorm,
        clipvalue,
        global_clipnorm,
        use_ema,
        ema_momentum,
        ema_overwrite_frequency,
        loss_scale_factor,
        gradient_accumulation_steps,
    )
    rule = rules.AMSGradEpsHat if amsgrad else rules.AdamEpsHat
    return rule(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon, pipeline=stages)


@_preset
def Adadelta(
    params: Any,
    learning_rate: Hyper = 0.001,
    rho: float = 0.95,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    name: str = "adadelta",
) -> rules.Adadelta:
    """keras.optimizers.Adadelta."""
    stages = _around(
        weight_decay,
        clipnorm,
        clipvalue,
        global_clipnorm,
        use_ema,
        ema_momentum,
        ema_overwrite_frequency,
        loss_scale_factor,
        gradient_accumulation_steps,
    )
    return rules.Adadelta(params, lr=learning_rate, rho=rho, eps=epsilon, pipeline=stages)


@_preset
def Adagrad(
    params: Any,
    learning_rate: Hyper = 0.001,
    initial_accumulator_value: float = 0.1,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    name: str = "adagrad",
) -> rules.AdagradEpsInside:
    """keras.optimizers.Adagrad: epsilon inside the root."""
    stages = _around(
        weight_decay,
        clipnorm,
        clipvalue,
        global_clipnorm,
        use_ema,
        ema_momentum,
        ema_overwrite_frequency,
        loss_scale_factor,
        gradient_accumulation_steps,
    )
    return rules.AdagradEpsInside(
        params, lr=learning_rate, initial_accumulator=initial_accumulator_value, eps=epsilon, pipeline=stages
    )


@_preset
def Adamax(
    params: Any,
    learning_rate: Hyper = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    name: str = "adamax",
) -> rules.Adamax:
    """keras.optimizers.Adamax."""
    stages = _around(
        weight_decay,
        clipnorm,
        clipvalue,
        global_clipnorm,
        use_ema,
        ema_momentum,
        ema_overwrite_frequency,
        loss_scale_factor,
        gradient_accumulation_steps,
    )
    return rules.Adamax(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon, pipeline=stages)


@_preset
def Nadam(
    params: Any,
    learning_rate: Hyper = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    name: str = "nadam",
) -> rules.NAdamKeras:
    """keras.optimizers.Nadam, whose momentum schedule is that of torch with momentum_decay=1."""
    stages = _around(
        weight_decay,
        clipnorm,
        clipvalue,
        global_clipnorm,
        use_ema,
        ema_momentum,
        ema_overwrite_frequency,
        loss_scale_factor,
        gradient_accumulation_steps,
    )
    return rules.NAdamKeras(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon, pipeline=stages)


@_preset
def Lion(
    params: Any,
    learning_rate: Hyper = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.99,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    name: str = "lion",
) -> rules.Lion:
    """keras.optimizers.Lion."""
    stages = _around(
        weight_decay,
        clipnorm,
        clipvalue,
        global_clipnorm,
        use_ema,
        ema_momentum,
        ema_overwrite_frequency,
        loss_scale_factor,
        gradient_accumulation_steps,
    )
    return rules.Lion(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, weight_decay=0, pipeline=stages)
