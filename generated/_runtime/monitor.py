"""What all generated monitors share: hyperparameters that are checked, reports, the saved state.

The equations are in the modules beside this one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from .given import saved_of
from .hints import Hinted, advice
from .number import as_float, fits, to_number

_WORDS = {"metric": "metric", "training": "metric of the training data"}


class Monitor(Hinted):
    """Base class: hears a metric, or two, now and then, keeps a few numbers, and tells one.

    A subclass says which numbers are kept, how they start, what a report makes of them and what is
    told. They can be read as attributes. What is told is also what a call with a step number returns,
    so that a monitor can be an optimizer's learning rate.
    """

    _what: ClassVar[str] = "monitor"
    _states: ClassVar[tuple[str, ...]] = ()
    _flags: ClassVar[tuple[str, ...]] = ()
    _hears: ClassVar[tuple[str, ...]] = ("metric",)
    _domains: ClassVar[dict[str, tuple[str, Callable[[float], bool]]]] = {}
    _t: int
    _kept: dict[str, float]

    def __init__(self, **hyper: float) -> None:
        for name, value in hyper.items():
            setattr(self, name, value)
        self._keep(0, self._start())

    # What a subclass provides.

    def _start(self) -> tuple[float, ...]:
        """The states before the first report."""
        raise NotImplementedError

    def _next(self, *given: Any, **_: Any) -> tuple[float, ...]:
        """The states after a report, from the states before it, what is heard and the number of the report."""
        raise NotImplementedError

    def _value(self, *states: Any, **_: Any) -> float | bool:
        """What is told."""
        raise NotImplementedError

    # What users call.

    @property
    def t(self) -> int:
        """How many reports have been made."""
        return self._t

    @property
    def value(self) -> float | bool:
        """What the monitor tells now."""
        return self._value(*self._kept.values())

    def __call__(self, t: int | None = None) -> float | bool:
        """What the monitor tells now, whatever the step number `t` of an optimizer."""
        return self.value

    def step(self, metric: Any = None, training: Any = None) -> float | bool:
        """Report `metric`, and return what the monitor tells from now on.

        `metric` is a number, or an array of any library with one element. It may be infinite or NaN;
        NaN compares with nothing, so that it is never an improvement. `training` is the same metric of
        the training data, for a monitor that compares the two. A monitor that only counts takes no metric.
        """
        rule, given = type(self).__name__, {"metric": metric, "training": training}
        if [name for name, value in given.items() if value is not None] != list(self._hears):
            what = ("takes no metric", "report a metric", "report both metrics")[len(self._hears)]
            call = f"step({', '.join(self._hears)})"
            raise TypeError(f"{rule}: {f'{what}: {call}' if self._hears else f'{call} {what}'}")
        named = [(f"{rule}: the {_WORDS[name]}", given[name]) for name in self._hears]
        heard = [float(to_number(what, value, single=True)) for what, value in named] or [math.nan]
        self._keep(self._t + 1, self._next(*self._kept.values(), *heard, self._t + 1))
        return self.value

    def state_dict(self) -> dict[str, float]:
        """The number of reports, the hyperparameters and the states: `Rule.t`, `Rule.patience`, `Rule.best`."""
        names = {"t": self._t, **{name: getattr(self, name) for name in self._domains}, **self._kept}
        return {f"{type(self).__name__}.{name}": value for name, value in names.items()}

    def load_state_dict(self, saved: Mapping[str, float]) -> None:
        """Continue from what `state_dict` returned: whatever is reported next, the answers are the same.

        Raises ValueError or TypeError, and changes nothing, if `saved` is not of this rule.
        """
        rule = type(self).__name__
        saved = saved_of(rule, saved)
        expected = [f"{rule}.{name}" for name in ("t", *self._domains, *self._states)]
        if set(saved) != set(expected):
            wrong = ", ".join(sorted(set(saved) ^ set(expected)))
            raise ValueError(f"{rule}: the saved state has other names than {rule} keeps: {wrong}")
        numbers = [to_number(key, saved[key]) for key in expected]
        t, *rest = numbers
        if not (t >= 0 and t % 1 == 0 and t != math.inf):
            raise ValueError(f"{rule}.t = {t!r} is not a number of reports")
        hyper = dict(zip(self._domains, rest, strict=False))
        for name, value in hyper.items():
            self._check(name, value)
        for name, value in hyper.items():
            setattr(self, name, value)
        self._keep(int(t), tuple(rest[len(hyper) :]))

    # How it works.

    def _keep(self, t: int, states: tuple[float, ...]) -> None:
        kept = dict(zip(self._states, map(float, states), strict=True))
        vars(self).update(_t=t, _kept=kept)

    if not TYPE_CHECKING:  # which would take any name for known

        def __getattr__(self, name: str) -> float | bool:
            kept = vars(self).get("_kept", {})
            if name in kept:
                return bool(kept[name]) if name in self._flags else kept[name]
            return super().__getattr__(name)

        def __setattr__(self, name: str, value: float) -> None:
            if name not in self._domains:
                raise AttributeError(f"{type(self).__name__}: {name} cannot be set; {advice(type(self), name)}")
            vars(self)[name] = self._check(name, value)

    def _check(self, name: str, value: float) -> float:
        rule = type(self).__name__
        condition, holds = self._domains[name]
        number = to_number(f"{rule}: {name}", value)
        if not fits(number) or not holds(number):
            raise ValueError(f"{rule}: {name} = {as_float(number)!r} is not allowed; it needs {condition}")
        return int(number) if condition.startswith("integer ") else float(number)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._domains)})"
