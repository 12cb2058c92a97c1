# generated from specs/curriculum.py; regenerate with: python cli.py generate curriculum
"""Curriculum that counts or listens: more of the data, sorted by difficulty, from time to time or on a metric."""

from __future__ import annotations

from typing import ClassVar

from ._runtime.monitor import Monitor

__all__ = [
    "AdvanceOnMetric",
    "ExponentialPacing",
    "VariedExponentialPacing",
]


class ExponentialPacing(Monitor):
    """ExponentialPacing: the fraction of the data that grows by a factor after every period.

        over          = where(period <= 1 + phase, 1, 0)                          is the period over?
        phase_new     = where(over > 0, 0, 1 + phase)                             steps since the last growth
        fraction_new  = where(over > 0, minimum(1, fraction * growth), fraction)

    Then fraction, phase take the new values. Before the first report:

        fraction  = start
        phase     = 0

    Source: Hacohen & Weinshall (2019), fixed exponential pacing, arXiv:1904.03626.

        period  integer period >= 1  number of steps between two growths
        growth  growth > 1           factor by which the fraction grows
        start   0 < start <= 1       fraction of the data at the start, the easiest
    """

    period: int
    growth: float
    start: float
    fraction: float
    phase: float

    _states: ClassVar = ("fraction", "phase")
    _hears: ClassVar = ()
    _domains: ClassVar = {
        "period": ("integer period >= 1", lambda period: period >= 1 and period % 1 == 0),
        "growth": ("growth > 1", lambda growth: growth > 1),
        "start": ("0 < start <= 1", lambda start: 0 < start <= 1),
    }

    def __init__(
        self,
        *,
        period: int = 100,
        growth: float = 2.0,
        start: float = 0.1,
    ) -> None:
        super().__init__(
            period=period,
            growth=growth,
            start=start,
        )

    def _start(self) -> tuple[float, ...]:
        return (self.start, 0)

    def _next(
        self,
        fraction: float,
        phase: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        over = 1 if self.period <= 1 + phase else 0  # is the period over?
        phase_new = 0 if over > 0 else 1 + phase  # steps since the last growth
        fraction_new = min(1, fraction * self.growth) if over > 0 else fraction
        return (fraction_new, phase_new)

    def _value(
        self,
        fraction: float,
        phase: float,
    ) -> float:
        return fraction


class VariedExponentialPacing(Monitor):
    """VariedExponentialPacing: ExponentialPacing whose first period has a length of its own.

        over          = where(length <= 1 + phase, 1, 0)                          is the period over?
        phase_new     = where(over > 0, 0, 1 + phase)                             steps since the last growth
        length_new    = where(over > 0, period, length)
        fraction_new  = where(over > 0, minimum(1, fraction * growth), fraction)

    Then fraction, phase, length take the new values. Before the first report:

        fraction  = start
        phase     = 0
        length    = first_period

    Source: Hacohen & Weinshall (2019), varied exponential pacing, arXiv:1904.03626, with two lengths of periods.

        period        integer period >= 1        number of steps between two growths
        growth        growth > 1                 factor by which the fraction grows
        start         0 < start <= 1             fraction of the data at the start, the easiest
        first_period  integer first_period >= 1  number of steps before the first growth
    """

    period: int
    growth: float
    start: float
    first_period: int
    fraction: float
    phase: float
    length: float

    _states: ClassVar = ("fraction", "phase", "length")
    _hears: ClassVar = ()
    _domains: ClassVar = {
        "period": ("integer period >= 1", lambda period: period >= 1 and period % 1 == 0),
        "growth": ("growth > 1", lambda growth: growth > 1),
        "start": ("0 < start <= 1", lambda start: 0 < start <= 1),
        "first_period": ("integer first_period >= 1", lambda first_period: first_period >= 1 and first_period % 1 == 0),
    }

    def __init__(
        self,
        *,
        period: int = 100,
        growth: float = 2.0,
        start: float = 0.1,
        first_period: int = 200,
    ) -> None:
        super().__init__(
            period=period,
            growth=growth,
            start=start,
            first_period=first_period,
        )

    def _start(self) -> tuple[float, ...]:
        return (self.start, 0, self.first_period)

    def _next(
        self,
        fraction: float,
        phase: float,
        length: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        over = 1 if length <= 1 + phase else 0  # is the period over?
        phase_new = 0 if over > 0 else 1 + phase  # steps since the last growth
        length_new = self.period if over > 0 else length
        fraction_new = min(1, fraction * self.growth) if over > 0 else fraction
        return (fraction_new, phase_new, length_new)

    def _value(
        self,
        fraction: float,
        phase: float,
        length: float,
    ) -> float:
        return fraction


class AdvanceOnMetric(Monitor):
    """AdvanceOnMetric: the fraction of the data that grows when a metric is good enough, several times in a row.

        good          = where(goal >= metric, 1 + held, 0)  good reports in a row
        ready         = where(patience <= good, 1, 0)
        advanced_new  = where(fraction < 1, ready, 0)       is there more to take?
        held_new      = where(ready > 0, 0, good)
        fraction_new  = where(advanced_new > 0, minimum(1, fraction * growth), fraction)

    Then fraction, held, advanced take the new values. Before the first report:

        fraction  = start
        held      = 0
        advanced  = 0

    Source: Hacohen & Weinshall (2019), section 2, arXiv:1904.03626, with a metric in place of the step number.

        goal      goal is finite         metric at or below which more data are taken
        patience  integer patience >= 1  good reports in a row that are asked for
        growth    growth > 1             factor by which the fraction grows
        start     0 < start <= 1         fraction of the data at the start, the easiest
    """

    goal: float
    patience: int
    growth: float
    start: float
    fraction: float
    held: float
    advanced: bool

    _states: ClassVar = ("fraction", "held", "advanced")
    _flags: ClassVar = ("advanced",)
    _domains: ClassVar = {
        "goal": ("goal is finite", lambda goal: True),
        "patience": ("integer patience >= 1", lambda patience: patience >= 1 and patience % 1 == 0),
        "growth": ("growth > 1", lambda growth: growth > 1),
        "start": ("0 < start <= 1", lambda start: 0 < start <= 1),
    }

    def __init__(
        self,
        *,
        goal: float = 0.5,
        patience: int = 1,
        growth: float = 2.0,
        start: float = 0.1,
    ) -> None:
        super().__init__(
            goal=goal,
            patience=patience,
            growth=growth,
            start=start,
        )

    def _start(self) -> tuple[float, ...]:
        return (self.start, 0, 0)

    def _next(
        self,
        fraction: float,
        held: float,
        advanced: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        good = 1 + held if self.goal >= metric else 0  # good reports in a row
        ready = 1 if self.patience <= good else 0
        advanced_new = ready if fraction < 1 else 0  # is there more to take?
        held_new = 0 if ready > 0 else good
        fraction_new = min(1, fraction * self.growth) if advanced_new > 0 else fraction
        return (fraction_new, held_new, advanced_new)

    def _value(
        self,
        fraction: float,
        held: float,
        advanced: float,
    ) -> float:
        return fraction
