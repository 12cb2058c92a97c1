"""keras.optimizers as of Keras 3: learning_rate, rho, beta_1, epsilon; weight decay is decoupled.

The names of the optimizers and ema_momentum, ema_overwrite_frequency without use_ema have no effect.
"""

from __future__ import annotations

from typing import Any

from ._options import refuse


def SGD(
    params: Any,
    learning_rate: Any = 0.01,
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
) -> Any:
    """keras.optimizers.SGD: the learning rate is part of the velocity."""
    refuse(
        "keras.SGD",
        weight_decay=weight_decay,
        clipnorm=clipnorm,
        clipvalue=clipvalue,
        global_clipnorm=global_clipnorm,
        use_ema=use_ema,
        loss_scale_factor=loss_scale_factor,
        gradient_accumulation_steps=gradient_accumulation_steps,
    )
    from .. import SGD as Plain
    from .. import HeavyBall, NesterovVelocity

    if not momentum:
        return Plain(params, lr=learning_rate)
    return (NesterovVelocity if nesterov else HeavyBall)(params, lr=learning_rate, rho=momentum)


def RMSprop(
    params: Any,
    learning_rate: Any = 0.001,
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
) -> Any:
    """keras.optimizers.RMSprop: epsilon inside the root, the learning rate inside the momentum."""
    refuse(
        "keras.RMSprop",
        weight_decay=weight_decay,
        clipnorm=clipnorm,
        clipvalue=clipvalue,
        global_clipnorm=global_clipnorm,
        use_ema=use_ema,
        loss_scale_factor=loss_scale_factor,
        gradient_accumulation_steps=gradient_accumulation_steps,
    )
    from .. import (
        RMSpropCenteredEpsInside,
        RMSpropEpsInside,
        RMSpropGraves,
        RMSpropMomentumEpsInside,
    )

    if momentum:
        rule = RMSpropGraves if centered else RMSpropMomentumEpsInside
        return rule(params, lr=learning_rate, rho=rho, eps=epsilon, momentum=momentum)
    rule = RMSpropCenteredEpsInside if centered else RMSpropEpsInside
    return rule(params, lr=learning_rate, rho=rho, eps=epsilon)


def Adam(
    params: Any,
    learning_rate: Any = 0.001,
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
) -> Any:
    """keras.optimizers.Adam: epsilon added before the correction ("epsilon hat"). With weight_decay it is AdamW."""
    refuse(
        "keras.Adam",
        clipnorm=clipnorm,
        clipvalue=clipvalue,
        global_clipnorm=global_clipnorm,
        use_ema=use_ema,
        loss_scale_factor=loss_scale_factor,
        gradient_accumulation_steps=gradient_accumulation_steps,
    )
    if weight_decay:
        return AdamW(params, learning_rate, weight_decay, beta_1, beta_2, epsilon, amsgrad)
    from .. import AdamEpsHat, AMSGradEpsHat

    rule = AMSGradEpsHat if amsgrad else AdamEpsHat
    return rule(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon)


def AdamW(
    params: Any,
    learning_rate: Any = 0.001,
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
) -> Any:
    """keras.optimizers.AdamW."""
    refuse(
        "keras.AdamW",
        clipnorm=clipnorm,
        clipvalue=clipvalue,
        global_clipnorm=global_clipnorm,
        use_ema=use_ema,
        loss_scale_factor=loss_scale_factor,
        gradient_accumulation_steps=gradient_accumulation_steps,
    )
    from .. import AdamWEpsHat, AMSGradWEpsHat

    rule = AMSGradWEpsHat if amsgrad else AdamWEpsHat
    return rule(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon, weight_decay=weight_decay or 0.0)


def Adadelta(
    params: Any,
    learning_rate: Any = 0.001,
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
) -> Any:
    """keras.optimizers.Adadelta."""
    refuse(
        "keras.Adadelta",
        weight_decay=weight_decay,
        clipnorm=clipnorm,
        clipvalue=clipvalue,
        global_clipnorm=global_clipnorm,
        use_ema=use_ema,
        loss_scale_factor=loss_scale_factor,
        gradient_accumulation_steps=gradient_accumulation_steps,
    )
    from .. import Adadelta as Rule

    return Rule(params, lr=learning_rate, rho=rho, eps=epsilon)


def Adagrad(
    params: Any,
    learning_rate: Any = 0.001,
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
) -> Any:
    """keras.optimizers.Adagrad: epsilon inside the root."""
    refuse(
        "keras.Adagrad",
        weight_decay=weight_decay,
        clipnorm=clipnorm,
        clipvalue=clipvalue,
        global_clipnorm=global_clipnorm,
        use_ema=use_ema,
        loss_scale_factor=loss_scale_factor,
        gradient_accumulation_steps=gradient_accumulation_steps,
    )
    from .. import AdagradEpsInside

    return AdagradEpsInside(params, lr=learning_rate, initial_accumulator=initial_accumulator_value, eps=epsilon)


def Adamax(
    params: Any,
    learning_rate: Any = 0.001,
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
) -> Any:
    """keras.optimizers.Adamax."""
    refuse(
        "keras.Adamax",
        weight_decay=weight_decay,
        clipnorm=clipnorm,
        clipvalue=clipvalue,
        global_clipnorm=global_clipnorm,
        use_ema=use_ema,
        loss_scale_factor=loss_scale_factor,
        gradient_accumulation_steps=gradient_accumulation_steps,
    )
    from .. import Adamax as Rule

    return Rule(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon)


def Nadam(
    params: Any,
    learning_rate: Any = 0.001,
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
) -> Any:
    """keras.optimizers.Nadam, whose momentum schedule is that of torch with momentum_decay=1."""
    refuse(
        "keras.Nadam",
        weight_decay=weight_decay,
        clipnorm=clipnorm,
        clipvalue=clipvalue,
        global_clipnorm=global_clipnorm,
        use_ema=use_ema,
        loss_scale_factor=loss_scale_factor,
        gradient_accumulation_steps=gradient_accumulation_steps,
    )
    from .. import NAdamKeras

    return NAdamKeras(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon)


def Lion(
    params: Any,
    learning_rate: Any = 0.001,
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
) -> Any:
    """keras.optimizers.Lion."""
    refuse(
        "keras.Lion",
        clipnorm=clipnorm,
        clipvalue=clipvalue,
        global_clipnorm=global_clipnorm,
        use_ema=use_ema,
        loss_scale_factor=loss_scale_factor,
        gradient_accumulation_steps=gradient_accumulation_steps,
    )
    from .. import Lion as Rule

    return Rule(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, weight_decay=weight_decay or 0.0)
