# generated from specs/plateau.py; regenerate with: python cli.py generate plateau
"""Reduce on plateau: the learning rate falls when a metric has stopped improving.

A report is made once an epoch. The learning rate falls after so many reports in a row that were no
improvement, and then there may be a pause. What an improvement is, and when patience is over, differs
from library to library. The metric is to fall; of one that is to rise, report its negative, or take
the rule that is named Max.
"""

from __future__ import annotations

import math
from typing import ClassVar

from ._runtime.monitor import Monitor

__all__ = [
    "ReduceOnPlateau",
    "ReduceOnPlateauAbsolute",
    "ReduceOnPlateauKeras",
    "ReduceOnPlateauMax",
]


class ReduceOnPlateau(Monitor):
    """ReduceOnPlateau: a learning rate that drops when a metric has not fallen by a part of its best for a while.

        improved_new  = where(metric < best * (1 - threshold), 1, 0)  does it count?
        best_new      = where(improved_new > 0, metric, best)         best so far
        counted       = where(improved_new > 0, 0, 1 + bad)           reports without improvement
        waited        = where(pause > 0, 0, counted)                  none of them in a pause
        rested        = maximum(0, pause - 1)
        small         = maximum(min_lr, rate * factor)
        lower         = where(eps < rate - small, small, rate)        the next lower rate
        rate_new      = where(patience < waited, lower, rate)         drop
        pause_new     = where(patience < waited, cooldown, rested)
        bad_new       = where(patience < waited, 0, waited)

    Then best, rate, bad, pause, improved take the new values. Before the first report:

        best      = inf
        rate      = lr
        bad       = 0
        pause     = 0
        improved  = 0

    Source: torch.optim.lr_scheduler.ReduceLROnPlateau, mode min, threshold_mode rel.

        lr         lr > 0                 learning rate at the start
        threshold  0 <= threshold < 1     improvement that counts, in parts of the best
        factor     0 < factor < 1         factor of each drop
        min_lr     min_lr >= 0            learning rate below which it does not fall
        eps        eps >= 0               a smaller change of the learning rate is not made
        patience   integer patience >= 0  reports without improvement that are borne
        cooldown   integer cooldown >= 0  reports after a drop that do not count
    """

    lr: float
    threshold: float
    factor: float
    min_lr: float
    eps: float
    patience: int
    cooldown: int
    best: float
    rate: float
    bad: float
    pause: float
    improved: bool

    _states: ClassVar = ("best", "rate", "bad", "pause", "improved")
    _flags: ClassVar = ("improved",)
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "threshold": ("0 <= threshold < 1", lambda threshold: 0 <= threshold < 1),
        "factor": ("0 < factor < 1", lambda factor: 0 < factor < 1),
        "min_lr": ("min_lr >= 0", lambda min_lr: min_lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "patience": ("integer patience >= 0", lambda patience: patience >= 0 and patience % 1 == 0),
        "cooldown": ("integer cooldown >= 0", lambda cooldown: cooldown >= 0 and cooldown % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        threshold: float = 1e-4,
        factor: float = 0.1,
        min_lr: float = 0.0,
        eps: float = 1e-8,
        patience: int = 10,
        cooldown: int = 0,
    ) -> None:
        super().__init__(
            lr=lr,
            threshold=threshold,
            factor=factor,
            min_lr=min_lr,
            eps=eps,
            patience=patience,
            cooldown=cooldown,
        )

    def _start(self) -> tuple[float, ...]:
        return (math.inf, self.lr, 0, 0, 0)

    def _next(
        self,
        best: float,
        rate: float,
        bad: float,
        pause: float,
        improved: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        improved_new = 1 if metric < best * (1 - self.threshold) else 0  # does it count?
        best_new = metric if improved_new > 0 else best  # best so far
        counted = 0 if improved_new > 0 else 1 + bad  # reports without improvement
        waited = 0 if pause > 0 else counted  # none of them in a pause
        rested = max(0, pause - 1)
        small = max(self.min_lr, rate * self.factor)
        lower = small if self.eps < rate - small else rate  # the next lower rate
        rate_new = lower if self.patience < waited else rate  # drop
        pause_new = self.cooldown if self.patience < waited else rested
        bad_new = 0 if self.patience < waited else waited
        return (best_new, rate_new, bad_new, pause_new, improved_new)

    def _value(
        self,
        best: float,
        rate: float,
        bad: float,
        pause: float,
        improved: float,
    ) -> float:
        return rate


class ReduceOnPlateauMax(Monitor):
    """ReduceOnPlateauMax: a learning rate that drops when a metric has not risen by a part of its best for a while.

        improved_new  = where(metric > best * (1 + threshold), 1, 0)  does it count?
        best_new      = where(improved_new > 0, metric, best)         best so far
        counted       = where(improved_new > 0, 0, 1 + bad)           reports without improvement
        waited        = where(pause > 0, 0, counted)                  none of them in a pause
        rested        = maximum(0, pause - 1)
        small         = maximum(min_lr, rate * factor)
        lower         = where(eps < rate - small, small, rate)        the next lower rate
        rate_new      = where(patience < waited, lower, rate)         drop
        pause_new     = where(patience < waited, cooldown, rested)
        bad_new       = where(patience < waited, 0, waited)

    Then best, rate, bad, pause, improved take the new values. Before the first report:

        best      = -inf
        rate      = lr
        bad       = 0
        pause     = 0
        improved  = 0

    Source: torch.optim.lr_scheduler.ReduceLROnPlateau, mode max, threshold_mode rel.

        lr         lr > 0                 learning rate at the start
        threshold  0 <= threshold < 1     improvement that counts, in parts of the best
        factor     0 < factor < 1         factor of each drop
        min_lr     min_lr >= 0            learning rate below which it does not fall
        eps        eps >= 0               a smaller change of the learning rate is not made
        patience   integer patience >= 0  reports without improvement that are borne
        cooldown   integer cooldown >= 0  reports after a drop that do not count
    """

    lr: float
    threshold: float
    factor: float
    min_lr: float
    eps: float
    patience: int
    cooldown: int
    best: float
    rate: float
    bad: float
    pause: float
    improved: bool

    _states: ClassVar = ("best", "rate", "bad", "pause", "improved")
    _flags: ClassVar = ("improved",)
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "threshold": ("0 <= threshold < 1", lambda threshold: 0 <= threshold < 1),
        "factor": ("0 < factor < 1", lambda factor: 0 < factor < 1),
        "min_lr": ("min_lr >= 0", lambda min_lr: min_lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "patience": ("integer patience >= 0", lambda patience: patience >= 0 and patience % 1 == 0),
        "cooldown": ("integer cooldown >= 0", lambda cooldown: cooldown >= 0 and cooldown % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        threshold: float = 1e-4,
        factor: float = 0.1,
        min_lr: float = 0.0,
        eps: float = 1e-8,
        patience: int = 10,
        cooldown: int = 0,
    ) -> None:
        super().__init__(
            lr=lr,
            threshold=threshold,
            factor=factor,
            min_lr=min_lr,
            eps=eps,
            patience=patience,
            cooldown=cooldown,
        )

    def _start(self) -> tuple[float, ...]:
        return (-math.inf, self.lr, 0, 0, 0)

    def _next(
        self,
        best: float,
        rate: float,
        bad: float,
        pause: float,
        improved: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        improved_new = 1 if metric > best * (1 + self.threshold) else 0  # does it count?
        best_new = metric if improved_new > 0 else best  # best so far
        counted = 0 if improved_new > 0 else 1 + bad  # reports without improvement
        waited = 0 if pause > 0 else counted  # none of them in a pause
        rested = max(0, pause - 1)
        small = max(self.min_lr, rate * self.factor)
        lower = small if self.eps < rate - small else rate  # the next lower rate
        rate_new = lower if self.patience < waited else rate  # drop
        pause_new = self.cooldown if self.patience < waited else rested
        bad_new = 0 if self.patience < waited else waited
        return (best_new, rate_new, bad_new, pause_new, improved_new)

    def _value(
        self,
        best: float,
        rate: float,
        bad: float,
        pause: float,
        improved: float,
    ) -> float:
        return rate


class ReduceOnPlateauAbsolute(Monitor):
    """ReduceOnPlateauAbsolute: a learning rate that drops when a metric has not fallen by an amount for a while.

        improved_new  = where(metric < best - threshold, 1, 0)      does it count?
        best_new      = where(improved_new > 0, metric, best)       best so far
        counted       = where(improved_new > 0, 0, 1 + bad)         reports without improvement
        waited        = where(pause > 0, 0, counted)                none of them in a pause
        rested        = maximum(0, pause - 1)
        small         = maximum(min_lr, rate * factor)
        lower         = where(eps < rate - small, small, rate)      the next lower rate
        rate_new      = where(patience < waited, lower, rate)       drop
        pause_new     = where(patience < waited, cooldown, rested)
        bad_new       = where(patience < waited, 0, waited)

    Then best, rate, bad, pause, improved take the new values. Before the first report:

        best      = inf
        rate      = lr
        bad       = 0
        pause     = 0
        improved  = 0

    Source: torch.optim.lr_scheduler.ReduceLROnPlateau, mode min, threshold_mode abs.

        lr         lr > 0                 learning rate at the start
        threshold  threshold >= 0         improvement that counts
        factor     0 < factor < 1         factor of each drop
        min_lr     min_lr >= 0            learning rate below which it does not fall
        eps        eps >= 0               a smaller change of the learning rate is not made
        patience   integer patience >= 0  reports without improvement that are borne
        cooldown   integer cooldown >= 0  reports after a drop that do not count
    """

    lr: float
    threshold: float
    factor: float
    min_lr: float
    eps: float
    patience: int
    cooldown: int
    best: float
    rate: float
    bad: float
    pause: float
    improved: bool

    _states: ClassVar = ("best", "rate", "bad", "pause", "improved")
    _flags: ClassVar = ("improved",)
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "threshold": ("threshold >= 0", lambda threshold: threshold >= 0),
        "factor": ("0 < factor < 1", lambda factor: 0 < factor < 1),
        "min_lr": ("min_lr >= 0", lambda min_lr: min_lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "patience": ("integer patience >= 0", lambda patience: patience >= 0 and patience % 1 == 0),
        "cooldown": ("integer cooldown >= 0", lambda cooldown: cooldown >= 0 and cooldown % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        threshold: float = 1e-4,
        factor: float = 0.1,
        min_lr: float = 0.0,
        eps: float = 1e-8,
        patience: int = 10,
        cooldown: int = 0,
    ) -> None:
        super().__init__(
            lr=lr,
            threshold=threshold,
            factor=factor,
            min_lr=min_lr,
            eps=eps,
            patience=patience,
            cooldown=cooldown,
        )

    def _start(self) -> tuple[float, ...]:
        return (math.inf, self.lr, 0, 0, 0)

    def _next(
        self,
        best: float,
        rate: float,
        bad: float,
        pause: float,
        improved: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        improved_new = 1 if metric < best - self.threshold else 0  # does it count?
        best_new = metric if improved_new > 0 else best  # best so far
        counted = 0 if improved_new > 0 else 1 + bad  # reports without improvement
        waited = 0 if pause > 0 else counted  # none of them in a pause
        rested = max(0, pause - 1)
        small = max(self.min_lr, rate * self.factor)
        lower = small if self.eps < rate - small else rate  # the next lower rate
        rate_new = lower if self.patience < waited else rate  # drop
        pause_new = self.cooldown if self.patience < waited else rested
        bad_new = 0 if self.patience < waited else waited
        return (best_new, rate_new, bad_new, pause_new, improved_new)

    def _value(
        self,
        best: float,
        rate: float,
        bad: float,
        pause: float,
        improved: float,
    ) -> float:
        return rate


class ReduceOnPlateauKeras(Monitor):
    """ReduceOnPlateauKeras: a learning rate that drops when a metric has not fallen by an amount for a while, as in Keras.

        rested        = maximum(0, pause - 1)                                   the last report of a pause counts
        improved_new  = where(metric < best - min_delta, 1, 0)                  does it count?
        best_new      = where(improved_new > 0, metric, best)                   best so far
        waited        = where(pause > 0, 0, bad)                                reports without improvement before this one
        counted       = where(rested + improved_new > 0, 0, 1 + waited)         and with it
        due           = where(counted >= maximum(1, patience), 1, 0)            is patience over? 0 counts as 1
        drops         = where(min_lr < rate, due, 0)
        rate_new      = where(drops > 0, maximum(min_lr, rate * factor), rate)  drop
        pause_new     = where(drops > 0, cooldown, rested)
        bad_new       = where(drops > 0, 0, counted)

    Then best, rate, bad, pause, improved take the new values. Before the first report:

        best      = inf
        rate      = lr
        bad       = 0
        pause     = 0
        improved  = 0

    Source: keras.callbacks.ReduceLROnPlateau, mode min.

        lr         lr > 0                 learning rate at the start
        min_delta  min_delta >= 0         improvement that counts
        patience   integer patience >= 0  reports without improvement before a drop
        min_lr     min_lr >= 0            learning rate below which it does not fall
        factor     0 < factor < 1         factor of each drop
        cooldown   integer cooldown >= 0  reports after a drop that do not count
    """

    lr: float
    min_delta: float
    patience: int
    min_lr: float
    factor: float
    cooldown: int
    best: float
    rate: float
    bad: float
    pause: float
    improved: bool

    _states: ClassVar = ("best", "rate", "bad", "pause", "improved")
    _flags: ClassVar = ("improved",)
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "min_delta": ("min_delta >= 0", lambda min_delta: min_delta >= 0),
        "patience": ("integer patience >= 0", lambda patience: patience >= 0 and patience % 1 == 0),
        "min_lr": ("min_lr >= 0", lambda min_lr: min_lr >= 0),
        "factor": ("0 < factor < 1", lambda factor: 0 < factor < 1),
        "cooldown": ("integer cooldown >= 0", lambda cooldown: cooldown >= 0 and cooldown % 1 == 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        min_delta: float = 1e-4,
        patience: int = 10,
        min_lr: float = 0.0,
        factor: float = 0.1,
        cooldown: int = 0,
    ) -> None:
        super().__init__(
            lr=lr,
            min_delta=min_delta,
            patience=patience,
            min_lr=min_lr,
            factor=factor,
            cooldown=cooldown,
        )

    def _start(self) -> tuple[float, ...]:
        return (math.inf, self.lr, 0, 0, 0)

    def _next(
        self,
        best: float,
        rate: float,
        bad: float,
        pause: float,
        improved: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        rested = max(0, pause - 1)  # the last report of a pause counts
        improved_new = 1 if metric < best - self.min_delta else 0  # does it count?
        best_new = metric if improved_new > 0 else best  # best so far
        waited = 0 if pause > 0 else bad  # reports without improvement before this one
        counted = 0 if rested + improved_new > 0 else 1 + waited  # and with it
        due = 1 if counted >= max(1, self.patience) else 0  # is patience over? 0 counts as 1
        drops = due if self.min_lr < rate else 0
        rate_new = max(self.min_lr, rate * self.factor) if drops > 0 else rate  # drop
        pause_new = self.cooldown if drops > 0 else rested
        bad_new = 0 if drops > 0 else counted
        return (best_new, rate_new, bad_new, pause_new, improved_new)

    def _value(
        self,
        best: float,
        rate: float,
        bad: float,
        pause: float,
        improved: float,
    ) -> float:
        return rate
