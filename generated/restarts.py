# generated from specs/restarts.py; regenerate with: python cli.py generate restarts
"""Cosine restarts whose periods grow: a learning rate that follows from how often it was asked to go on.

The step at which the k-th period starts is a geometric sum, so that a formula in the step number needs
floor(log(...)), and that is wrong at the very steps at which a period starts: math.log(125, 5) is
3.0000000000000004, math.log(243, 3) is 4.999999999999999. Counting is exact.
"""

from __future__ import annotations

import math
from typing import ClassVar

from ._runtime.monitor import Monitor

__all__ = [
    "CosineGrowingRestarts",
]


class CosineGrowingRestarts(Monitor):
    """CosineGrowingRestarts: a learning rate that falls along half a wave and starts anew, each time for longer.

        over        = where(length <= 1 + phase, 1, 0)          is the period over?
        phase_new   = where(over > 0, 0, 1 + phase)             steps since the restart
        length_new  = where(over > 0, length * growth, length)

    Then phase, length take the new values. Before the first report:

        phase   = 0
        length  = period

        it tells  = end + (1 + cos(pi * phase / length)) * (lr - end) / 2

    Source: Loshchilov & Hutter (2017), equation 5 and T_mult, arXiv:1608.03983.

        lr      lr > 0               learning rate at each restart
        growth  integer growth >= 1  factor of the period at each restart
        period  integer period >= 1  number of steps before the first restart
        end     end >= 0             learning rate that is approached
    """

    lr: float
    growth: int
    period: int
    end: float
    phase: float
    length: float

    _states: ClassVar = ("phase", "length")
    _hears: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr > 0", lambda lr: lr > 0),
        "growth": ("integer growth >= 1", lambda growth: growth >= 1 and growth % 1 == 0),
        "period": ("integer period >= 1", lambda period: period >= 1 and period % 1 == 0),
        "end": ("end >= 0", lambda end: end >= 0),
    }

    def __init__(
        self,
        *,
        lr: float = 0.1,
        growth: int = 2,
        period: int = 10,
        end: float = 0.0,
    ) -> None:
        super().__init__(
            lr=lr,
            growth=growth,
            period=period,
            end=end,
        )

    def _start(self) -> tuple[float, ...]:
        return (0, self.period)

    def _next(
        self,
        phase: float,
        length: float,
        metric: float,
        t: int,
    ) -> tuple[float, ...]:
        over = 1 if length <= 1 + phase else 0  # is the period over?
        phase_new = 0 if over > 0 else 1 + phase  # steps since the restart
        length_new = length * self.growth if over > 0 else length
        return (phase_new, length_new)

    def _value(
        self,
        phase: float,
        length: float,
    ) -> float:
        return self.end + (1 + math.cos(math.pi * phase / length)) * (self.lr - self.end) / 2
