# generated from specs/stopping.py; regenerate with: python cli.py generate stopping
"""When to stop and what to keep: the best of a metric so far, reports without a new best, the gap to training.

A report is made once an epoch. The metric is to fall; of one that is to rise, report its negative,
which is exact: -a < -b - d and a > b + d are the same comparison.
"""

from __future__ import annotations

import math
from typing import ClassVar

from ._runtime.monitor import Monitor

__all__ = [
    "Best",
    "EarlyStopping",
    "EarlyStoppingBaseline",
    "TrainValidGap",
]


class Best(Monitor):
    """Best: whether a metric is lower than ever before.

        improved_new  = where(best > metric, 1, 0)             lower than ever?
        best_new      = where(improved_new > 0, metric, best)
        best_at_new   = where(improved_new > 0, t, best_at)    the report that was best

    Then best, best_at, improved take the new values. Before the first report:

        best      = inf
        best_at   = 0
        improved  = 0

    Source: a running minimum; what keras.callbacks.ModelCheckpoint(save_best_only=True) asks before it saves.
    """

    best: float
    best_at: float
    improved: bool

    _states: ClassVar = ("best", "best_at", "improved")
    _flags: ClassVar = ("improved",)
    _domains: ClassVar = {
    }

    def __init__(
        self,
    ) -> None:
        super().__init__(
        )

    def _start(self) -> tuple[float, ...]:
        return (math.inf, 0, 0)

    def _next(
        self,
        best: float,
        best_at: float,
        improved: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        improved_new = 1 if best > metric else 0  # lower than ever?
        best_new = metric if improved_new > 0 else best
        best_at_new = t if improved_new > 0 else best_at  # the report that was best
        return (best_new, best_at_new, improved_new)

    def _value(
        self,
        best: float,
        best_at: float,
        improved: float,
    ) -> bool:
        return bool(improved)


class EarlyStopping(Monitor):
    """EarlyStopping: whether a metric has not fallen for so long that training should end.

        heard         = where(start_from < t, 1, 0)
        better        = where(best > metric + min_delta, heard, 0)
        improved_new  = better                                         does it count?
        best_new      = where(better > 0, metric, best)                best so far
        bad_new       = where(better > 0, 0, bad + heard)              reports without improvement
        due           = where(patience <= bad_new, heard - better, 0)  is patience over?
        stopped_new   = where(t > 1, maximum(stopped, due), stopped)   never at the first report

    Then best, bad, improved, stopped take the new values. Before the first report:

        best      = inf
        bad       = 0
        improved  = 0
        stopped   = 0

    Source: keras.callbacks.EarlyStopping, mode min, without baseline.

        start_from  integer start_from >= 0  reports at the start that are not heard
        min_delta   min_delta >= 0           improvement that counts
        patience    integer patience >= 0    reports without improvement before the end
    """

    start_from: int
    min_delta: float
    patience: int
    best: float
    bad: float
    improved: bool
    stopped: bool

    _states: ClassVar = ("best", "bad", "improved", "stopped")
    _flags: ClassVar = ("improved", "stopped")
    _domains: ClassVar = {
        "start_from": ("integer start_from >= 0", lambda start_from: start_from >= 0 and start_from % 1 == 0),
        "min_delta": ("min_delta >= 0", lambda min_delta: min_delta >= 0),
        "patience": ("integer patience >= 0", lambda patience: patience >= 0 and patience % 1 == 0),
    }

    def __init__(
        self,
        *,
        start_from: int = 0,
        min_delta: float = 0.0,
        patience: int = 0,
    ) -> None:
        super().__init__(
            start_from=start_from,
            min_delta=min_delta,
            patience=patience,
        )

    def _start(self) -> tuple[float, ...]:
        return (math.inf, 0, 0, 0)

    def _next(
        self,
        best: float,
        bad: float,
        improved: float,
        stopped: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        heard = 1 if self.start_from < t else 0
        better = heard if best > metric + self.min_delta else 0
        improved_new = better  # does it count?
        best_new = metric if better > 0 else best  # best so far
        bad_new = 0 if better > 0 else bad + heard  # reports without improvement
        due = heard - better if self.patience <= bad_new else 0  # is patience over?
        stopped_new = max(stopped, due) if t > 1 else stopped  # never at the first report
        return (best_new, bad_new, improved_new, stopped_new)

    def _value(
        self,
        best: float,
        bad: float,
        improved: float,
        stopped: float,
    ) -> bool:
        return bool(stopped)


class EarlyStoppingBaseline(Monitor):
    """EarlyStoppingBaseline: as EarlyStopping, but patience starts anew only if the metric is also better than a baseline.

        heard         = where(start_from < t, 1, 0)
        better        = where(best > metric + min_delta, heard, 0)
        beaten        = where(baseline > metric + min_delta, better, 0)  the baseline, too?
        improved_new  = better                                           does it count?
        best_new      = where(better > 0, metric, best)                  best so far
        bad_new       = where(beaten > 0, 0, bad + heard)                reports without improvement
        due           = where(patience <= bad_new, heard - better, 0)    is patience over?
        stopped_new   = where(t > 1, maximum(stopped, due), stopped)     never at the first report

    Then best, bad, improved, stopped take the new values. Before the first report:

        best      = inf
        bad       = 0
        improved  = 0
        stopped   = 0

    Source: keras.callbacks.EarlyStopping, mode min, with baseline.

        start_from  integer start_from >= 0  reports at the start that are not heard
        min_delta   min_delta >= 0           improvement that counts
        baseline    baseline is finite       a metric that is to be reached
        patience    integer patience >= 0    reports without improvement before the end
    """

    start_from: int
    min_delta: float
    baseline: float
    patience: int
    best: float
    bad: float
    improved: bool
    stopped: bool

    _states: ClassVar = ("best", "bad", "improved", "stopped")
    _flags: ClassVar = ("improved", "stopped")
    _domains: ClassVar = {
        "start_from": ("integer start_from >= 0", lambda start_from: start_from >= 0 and start_from % 1 == 0),
        "min_delta": ("min_delta >= 0", lambda min_delta: min_delta >= 0),
        "baseline": ("baseline is finite", lambda baseline: True),
        "patience": ("integer patience >= 0", lambda patience: patience >= 0 and patience % 1 == 0),
    }

    def __init__(
        self,
        *,
        start_from: int = 0,
        min_delta: float = 0.0,
        baseline: float = 1.0,
        patience: int = 0,
    ) -> None:
        super().__init__(
            start_from=start_from,
            min_delta=min_delta,
            baseline=baseline,
            patience=patience,
        )

    def _start(self) -> tuple[float, ...]:
        return (math.inf, 0, 0, 0)

    def _next(
        self,
        best: float,
        bad: float,
        improved: float,
        stopped: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        heard = 1 if self.start_from < t else 0
        better = heard if best > metric + self.min_delta else 0
        beaten = better if self.baseline > metric + self.min_delta else 0  # the baseline, too?
        improved_new = better  # does it count?
        best_new = metric if better > 0 else best  # best so far
        bad_new = 0 if beaten > 0 else bad + heard  # reports without improvement
        due = heard - better if self.patience <= bad_new else 0  # is patience over?
        stopped_new = max(stopped, due) if t > 1 else stopped  # never at the first report
        return (best_new, bad_new, improved_new, stopped_new)

    def _value(
        self,
        best: float,
        bad: float,
        improved: float,
        stopped: float,
    ) -> bool:
        return bool(stopped)


class TrainValidGap(Monitor):
    """TrainValidGap: by how much a metric is higher on validation data, and whether that is too little or too much.

        gap_new           = metric - training            of the validation data, above that of the training data
        underfitting_new  = where(low > gap_new, 1, 0)   no gap?
        overfitting_new   = where(high < gap_new, 1, 0)  a big gap?

    Then gap, underfitting, overfitting take the new values. Before the first report:

        gap           = 0
        underfitting  = 0
        overfitting   = 0

    Source: lecture 001: no gap between training and validation is underfitting, a big gap is overfitting.

        low   low is finite   gap below which the model underfits
        high  high is finite  gap above which the model overfits
    """

    low: float
    high: float
    gap: float
    underfitting: bool
    overfitting: bool

    _states: ClassVar = ("gap", "underfitting", "overfitting")
    _flags: ClassVar = ("underfitting", "overfitting")
    _hears: ClassVar = ("metric", "training")
    _domains: ClassVar = {
        "low": ("low is finite", lambda low: True),
        "high": ("high is finite", lambda high: True),
    }

    def __init__(
        self,
        *,
        low: float = 0.05,
        high: float = 0.5,
    ) -> None:
        super().__init__(
            low=low,
            high=high,
        )

    def _start(self) -> tuple[float, ...]:
        return (0, 0, 0)

    def _next(
        self,
        gap: float,
        underfitting: float,
        overfitting: float,
        metric: float,
        training: float,
        t: int,
    ) -> tuple[float, ...]:
        gap_new = metric - training  # of the validation data, above that of the training data
        underfitting_new = 1 if self.low > gap_new else 0  # no gap?
        overfitting_new = 1 if self.high < gap_new else 0  # a big gap?
        return (gap_new, underfitting_new, overfitting_new)

    def _value(
        self,
        gap: float,
        underfitting: float,
        overfitting: float,
    ) -> float:
        return gap
