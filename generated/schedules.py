# generated from specs/schedules.py; regenerate with: python cli.py generate schedules
"""Learning-rate schedules: the step size as a function of the step number.

Each is ready to be an optimizer's learning rate: SGD(params, lr=Cosine(lr=0.1, steps=1000)).
What is said to happen over `steps` starts at t = 1 and is over at t = steps + 1; from there on
nothing changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from ._runtime.hints import Hinted, advice
from ._runtime.number import as_float, fits, step_number, to_number
from ._runtime.scalars import power

__all__ = [
    "Constant",
    "Cosine",
    "CosineRestarts",
    "Exponential",
    "Halving",
    "Inverse",
    "InversePower",
    "InverseSqrt",
    "InverseSqrtFromOne",
    "InverseSquare",
    "Polynomial",
    "StepDecay",
    "WarmupConstant",
    "WarmupCosine",
    "WarmupCosineRestarts",
    "WarmupExponential",
    "WarmupHalving",
    "WarmupInverse",
    "WarmupInversePower",
    "WarmupInverseSqrt",
    "WarmupInverseSqrtFromOne",
    "WarmupInverseSquare",
    "WarmupPolynomial",
    "WarmupStepDecay",
]


class _Schedule(Hinted):
    """A function of the step number t, from 1. Its hyperparameters are checked when they are set."""

    _what: ClassVar[str] = "schedule"
    _domains: ClassVar[dict[str, tuple[str, Callable[[float], bool]]]] = {}

    def __init__(self, **hyper: float) -> None:
        for name, value in hyper.items():
            setattr(self, name, value)

    def __call__(self, t: int) -> float:
        number = t if type(t) is int and t >= 1 else step_number(type(self).__name__, t)
        try:
            value = self._at(number)
        except (ArithmeticError, ValueError) as error:
            raise self._nowhere(t, str(error)) from None
        if math.isnan(value):
            raise self._nowhere(t, "it is not a number")
        return value

    def _at(self, t: Any) -> float:
        raise NotImplementedError

    def _nowhere(self, t: Any, fact: str) -> ValueError:
        return ValueError(f"{self!r} has no value at t = {t}: {fact}; choose other hyperparameters")

    if not TYPE_CHECKING:  # which would take any name for known

        def __setattr__(self, name: str, value: Any) -> None:
            rule = type(self).__name__
            if name not in self._domains:
                raise AttributeError(f"{rule} has no hyperparameter {name}; {advice(type(self), name)}")
            condition, holds = self._domains[name]
            number = to_number(f"{rule}: {name}", value)
            if not fits(number) or not holds(number):
                raise ValueError(f"{rule}: {name} = {as_float(number)!r} is not allowed; it needs {condition}")
            super().__setattr__(name, int(number) if condition.startswith("integer ") else float(number))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._domains)})"


class Constant(_Schedule):
    """Constant: the same learning rate at every step.

        a[t] = lr

    Source: Bottou, Curtis & Nocedal (2018), Theorem 4.6, arXiv:1606.04838.

        lr  lr > 0  learning rate
    """

    lr: float

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
    ) -> None:
        super().__init__(
            lr=lr,
        )

    def _at(self, t: float) -> float:
        return self.lr


class Inverse(_Schedule):
    """Inverse: a learning rate that falls as 1 / t.

        a[t] = lr / t

    Source: Robbins & Monro (1951), Annals of Mathematical Statistics 22(3), doi:10.1214/aoms/1177729586.

        lr  lr > 0  learning rate
    """

    lr: float

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
    ) -> None:
        super().__init__(
            lr=lr,
        )

    def _at(self, t: float) -> float:
        return self.lr / t


class InverseSquare(_Schedule):
    """InverseSquare: a learning rate that falls as 1 / t**2: too fast to reach every point.

        a[t] = lr / t**2

    Source: what the conditions of Robbins & Monro (1951) exclude, doi:10.1214/aoms/1177729586.

        lr  lr > 0  learning rate
    """

    lr: float

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
    ) -> None:
        super().__init__(
            lr=lr,
        )

    def _at(self, t: float) -> float:
        return self.lr / t**2


class InverseSqrt(_Schedule):
    """InverseSqrt: a learning rate that falls as 1 / sqrt(t): too slowly for noise to die out.

        a[t] = lr / sqrt(1 + t)

    Source: Zinkevich (2003), Online convex programming, ICML, Theorem 1, with t + 1 for t.

        lr  lr > 0  learning rate
    """

    lr: float

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
    ) -> None:
        super().__init__(
            lr=lr,
        )

    def _at(self, t: float) -> float:
        return self.lr / math.sqrt(1 + t)


class InverseSqrtFromOne(_Schedule):
    """InverseSqrtFromOne: a learning rate that falls as 1 / sqrt(t) from lr on: too slowly for noise to die out.

        a[t] = lr / sqrt(t)

    Source: Zinkevich (2003), Online convex programming, ICML, Theorem 1; lr / sqrt(t + 1) with t counted from 0.

        lr  lr > 0  learning rate
    """

    lr: float

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
    ) -> None:
        super().__init__(
            lr=lr,
        )

    def _at(self, t: float) -> float:
        return self.lr / math.sqrt(t)


class InversePower(_Schedule):
    """InversePower: a learning rate that falls as a power of t.

        a[t] = lr / t**power

    Source: Polyak & Juditsky (1992), SIAM Journal on Control and Optimization 30(4), doi:10.1137/0330046.

        lr     lr > 0     learning rate
        power  power > 0  power of the step number
    """

    lr: float
    power: float

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "power": ("power > 0", lambda power: power > 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        power: float = 0.75,
    ) -> None:
        super().__init__(
            lr=lr,
            power=power,
        )

    def _at(self, t: float) -> float:
        return self.lr / power(t, self.power)


class Halving(_Schedule):
    """Halving: a learning rate that is halved at every step.

        a[t] = lr * (1 / 2) ** t

    Source: what the conditions of Robbins & Monro (1951) exclude, doi:10.1214/aoms/1177729586.

        lr  lr > 0  learning rate
    """

    lr: float

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
    ) -> None:
        super().__init__(
            lr=lr,
        )

    def _at(self, t: float) -> float:
        return self.lr * (1 / 2) ** t


class StepDecay(_Schedule):
    """StepDecay: a learning rate that is multiplied by gamma after every period.

        a[t] = lr * gamma ** floor((t - 1) / period)

    Source: torch.optim.lr_scheduler.StepLR.

        lr      lr > 0               learning rate
        gamma   0 < gamma < 1        factor of each drop
        period  integer period >= 1  number of steps between two drops, or restarts
    """

    lr: float
    gamma: float
    period: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "gamma": ("0 < gamma < 1", lambda gamma: 0 < gamma < 1),
        "period": ("integer period >= 1", lambda period: period >= 1 and period % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        gamma: float = 0.99,
        period: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            gamma=gamma,
            period=period,
        )

    def _at(self, t: float) -> float:
        return self.lr * self.gamma ** math.floor((t - 1) / self.period)


class Exponential(_Schedule):
    """Exponential: a learning rate that is multiplied by gamma after every step.

        a[t] = lr * gamma ** (t - 1)

    Source: torch.optim.lr_scheduler.ExponentialLR.

        lr     lr > 0         learning rate
        gamma  0 < gamma < 1  factor of each drop
    """

    lr: float
    gamma: float

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "gamma": ("0 < gamma < 1", lambda gamma: 0 < gamma < 1),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        gamma: float = 0.99,
    ) -> None:
        super().__init__(
            lr=lr,
            gamma=gamma,
        )

    def _at(self, t: float) -> float:
        return self.lr * self.gamma ** (t - 1)


class Polynomial(_Schedule):
    """Polynomial: a learning rate that falls as a power of the steps that are left.

        a[t] = end + (lr - end) * (1 - minimum(steps, t - 1) / steps) ** power

    Source: keras.optimizers.schedules.PolynomialDecay.

        lr     lr > 0              learning rate
        end    end >= 0            learning rate after the last step
        power  power > 0           power of the decay
        steps  integer steps >= 1  number of steps of the decay
    """

    lr: float
    end: float
    power: float
    steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "end": ("end >= 0", lambda end: end >= 0),
        "power": ("power > 0", lambda power: power > 0),
        "steps": ("integer steps >= 1", lambda steps: steps >= 1 and steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        end: float = 0.0,
        power: float = 1.0,
        steps: int = 1000,
    ) -> None:
        super().__init__(
            lr=lr,
            end=end,
            power=power,
            steps=steps,
        )

    def _at(self, t: float) -> float:
        return self.end + (self.lr - self.end) * power(1 - min(self.steps, t - 1) / self.steps, self.power)


class Cosine(_Schedule):
    """Cosine: a learning rate that falls along half a wave.

        a[t] = end + (lr - end) * (1 + cos(pi * minimum(steps, t - 1) / steps)) / 2

    Source: Loshchilov & Hutter (2017), equation 5, arXiv:1608.03983, without restarts.

        lr     lr > 0              learning rate
        end    end >= 0            learning rate after the last step
        steps  integer steps >= 1  number of steps of the decay
    """

    lr: float
    end: float
    steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "end": ("end >= 0", lambda end: end >= 0),
        "steps": ("integer steps >= 1", lambda steps: steps >= 1 and steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        end: float = 0.0,
        steps: int = 1000,
    ) -> None:
        super().__init__(
            lr=lr,
            end=end,
            steps=steps,
        )

    def _at(self, t: float) -> float:
        return self.end + (self.lr - self.end) * (1 + math.cos(math.pi * min(self.steps, t - 1) / self.steps)) / 2


class CosineRestarts(_Schedule):
    """CosineRestarts: a learning rate that falls along half a wave and starts anew, again and again.

        a[t] = end + (lr - end) * (1 + cos(pi * mod(t - 1, period) / period)) / 2

    Source: Loshchilov & Hutter (2017), equation 5, arXiv:1608.03983, with T_mult = 1.

        lr      lr > 0               learning rate
        end     end >= 0             learning rate after the last step
        period  integer period >= 1  number of steps between two drops, or restarts
    """

    lr: float
    end: float
    period: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "end": ("end >= 0", lambda end: end >= 0),
        "period": ("integer period >= 1", lambda period: period >= 1 and period % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        end: float = 0.0,
        period: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            end=end,
            period=period,
        )

    def _at(self, t: float) -> float:
        return self.end + (self.lr - self.end) * (1 + math.cos(math.pi * ((t - 1) % self.period) / self.period)) / 2


class WarmupConstant(_Schedule):
    """WarmupConstant: Constant after a linear warm-up.

        a[t] = lr * minimum(warmup_steps, t) / warmup_steps

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Constant.

        lr            lr > 0                     learning rate
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return self.lr * min(self.warmup_steps, t) / self.warmup_steps


class WarmupInverse(_Schedule):
    """WarmupInverse: Inverse after a linear warm-up.

        a[t] = lr * minimum(warmup_steps, t) / (warmup_steps * (1 + maximum(0, t - warmup_steps)))

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Inverse.

        lr            lr > 0                     learning rate
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return self.lr * min(self.warmup_steps, t) / (self.warmup_steps * (1 + max(0, t - self.warmup_steps)))


class WarmupInverseSquare(_Schedule):
    """WarmupInverseSquare: InverseSquare after a linear warm-up.

        a[t] = lr * minimum(warmup_steps, t) / (warmup_steps * (1 + maximum(0, t - warmup_steps)) ** 2)

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before InverseSquare.

        lr            lr > 0                     learning rate
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return self.lr * min(self.warmup_steps, t) / (self.warmup_steps * power(1 + max(0, t - self.warmup_steps), 2))


class WarmupInverseSqrt(_Schedule):
    """WarmupInverseSqrt: InverseSqrt after a linear warm-up.

        a[t] = lr * minimum(warmup_steps, t) / (warmup_steps * sqrt(2 + maximum(0, t - warmup_steps)))

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before InverseSqrt.

        lr            lr > 0                     learning rate
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return self.lr * min(self.warmup_steps, t) / (self.warmup_steps * math.sqrt(2 + max(0, t - self.warmup_steps)))


class WarmupInverseSqrtFromOne(_Schedule):
    """WarmupInverseSqrtFromOne: InverseSqrtFromOne after a linear warm-up.

        a[t] = lr * minimum(warmup_steps, t) / (warmup_steps * sqrt(1 + maximum(0, t - warmup_steps)))

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before InverseSqrtFromOne.

        lr            lr > 0                     learning rate
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return self.lr * min(self.warmup_steps, t) / (self.warmup_steps * math.sqrt(1 + max(0, t - self.warmup_steps)))


class WarmupInversePower(_Schedule):
    """WarmupInversePower: InversePower after a linear warm-up.

        a[t] = lr * minimum(warmup_steps, t) / (warmup_steps * (1 + maximum(0, t - warmup_steps)) ** power)

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before InversePower.

        lr            lr > 0                     learning rate
        power         power > 0                  power of the step number
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    power: float
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "power": ("power > 0", lambda power: power > 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        power: float = 0.75,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            power=power,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return self.lr * min(self.warmup_steps, t) / (self.warmup_steps * power(1 + max(0, t - self.warmup_steps), self.power))


class WarmupHalving(_Schedule):
    """WarmupHalving: Halving after a linear warm-up.

        a[t] = lr * minimum(warmup_steps, t) * (1 / 2) ** (1 + maximum(0, t - warmup_steps)) / warmup_steps

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Halving.

        lr            lr > 0                     learning rate
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return self.lr * min(self.warmup_steps, t) * (1 / 2) ** (1 + max(0, t - self.warmup_steps)) / self.warmup_steps


class WarmupStepDecay(_Schedule):
    """WarmupStepDecay: StepDecay after a linear warm-up.

        a[t] = lr * gamma ** floor(maximum(0, t - warmup_steps) / period) * minimum(warmup_steps, t) / warmup_steps

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before StepDecay.

        lr            lr > 0                     learning rate
        gamma         0 < gamma < 1              factor of each drop
        period        integer period >= 1        number of steps between two drops, or restarts
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    gamma: float
    period: int
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "gamma": ("0 < gamma < 1", lambda gamma: 0 < gamma < 1),
        "period": ("integer period >= 1", lambda period: period >= 1 and period % 1 == 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        gamma: float = 0.99,
        period: int = 100,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            gamma=gamma,
            period=period,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return self.lr * self.gamma ** math.floor(max(0, t - self.warmup_steps) / self.period) * min(self.warmup_steps, t) / self.warmup_steps


class WarmupExponential(_Schedule):
    """WarmupExponential: Exponential after a linear warm-up.

        a[t] = lr * gamma ** maximum(0, t - warmup_steps) * minimum(warmup_steps, t) / warmup_steps

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Exponential.

        lr            lr > 0                     learning rate
        gamma         0 < gamma < 1              factor of each drop
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    gamma: float
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "gamma": ("0 < gamma < 1", lambda gamma: 0 < gamma < 1),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        gamma: float = 0.99,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            gamma=gamma,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return self.lr * self.gamma ** max(0, t - self.warmup_steps) * min(self.warmup_steps, t) / self.warmup_steps


class WarmupPolynomial(_Schedule):
    """WarmupPolynomial: Polynomial after a linear warm-up.

        a[t] = (end + (lr - end) * (1 - minimum(steps, maximum(0, t - warmup_steps)) / steps) ** power) * minimum(warmup_steps, t) / warmup_steps

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Polynomial.

        lr            lr > 0                     learning rate
        end           end >= 0                   learning rate after the last step
        power         power > 0                  power of the decay
        steps         integer steps >= 1         number of steps of the decay
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    end: float
    power: float
    steps: int
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "end": ("end >= 0", lambda end: end >= 0),
        "power": ("power > 0", lambda power: power > 0),
        "steps": ("integer steps >= 1", lambda steps: steps >= 1 and steps % 1 == 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        end: float = 0.0,
        power: float = 1.0,
        steps: int = 1000,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            end=end,
            power=power,
            steps=steps,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return (self.end + (self.lr - self.end) * power(1 - min(self.steps, max(0, t - self.warmup_steps)) / self.steps, self.power)) * min(self.warmup_steps, t) / self.warmup_steps


class WarmupCosine(_Schedule):
    """WarmupCosine: Cosine after a linear warm-up.

        a[t] = (end + (lr - end) * (1 + cos(pi * minimum(steps, maximum(0, t - warmup_steps)) / steps)) / 2) * minimum(warmup_steps, t) / warmup_steps

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before Cosine.

        lr            lr > 0                     learning rate
        end           end >= 0                   learning rate after the last step
        steps         integer steps >= 1         number of steps of the decay
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    end: float
    steps: int
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "end": ("end >= 0", lambda end: end >= 0),
        "steps": ("integer steps >= 1", lambda steps: steps >= 1 and steps % 1 == 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        end: float = 0.0,
        steps: int = 1000,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            end=end,
            steps=steps,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return (self.end + (self.lr - self.end) * (1 + math.cos(math.pi * min(self.steps, max(0, t - self.warmup_steps)) / self.steps)) / 2) * min(self.warmup_steps, t) / self.warmup_steps


class WarmupCosineRestarts(_Schedule):
    """WarmupCosineRestarts: CosineRestarts after a linear warm-up.

        a[t] = (end + (lr - end) * (1 + cos(pi * mod(maximum(0, t - warmup_steps), period) / period)) / 2) * minimum(warmup_steps, t) / warmup_steps

    Source: Goyal et al. (2017), section 2.2, arXiv:1706.02677, before CosineRestarts.

        lr            lr > 0                     learning rate
        end           end >= 0                   learning rate after the last step
        period        integer period >= 1        number of steps between two drops, or restarts
        warmup_steps  integer warmup_steps >= 1  step at which the warm-up is over
    """

    lr: float
    end: float
    period: int
    warmup_steps: int

    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "end": ("end >= 0", lambda end: end >= 0),
        "period": ("integer period >= 1", lambda period: period >= 1 and period % 1 == 0),
        "warmup_steps": ("integer warmup_steps >= 1", lambda warmup_steps: warmup_steps >= 1 and warmup_steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        end: float = 0.0,
        period: int = 100,
        warmup_steps: int = 100,
    ) -> None:
        super().__init__(
            lr=lr,
            end=end,
            period=period,
            warmup_steps=warmup_steps,
        )

    def _at(self, t: float) -> float:
        return (self.end + (self.lr - self.end) * (1 + math.cos(math.pi * (max(0, t - self.warmup_steps) % self.period) / self.period)) / 2) * min(self.warmup_steps, t) / self.warmup_steps
