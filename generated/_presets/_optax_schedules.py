"""The schedules of optax as of 0.2: functions of the count of updates, which is 0 at the first.

They are computed in double, by the formulas of optax's documentation, and can be pickled.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ._options import bound, to_number

CountSchedule = Callable[[Any], float]
_Maker = TypeVar("_Maker", bound=Callable[..., Any])


#: What arguments have to be, by the beginnings of their annotations.
_KINDS = {
    "float": "a number",
    "int": "a number of steps",
    "bool": "True or False",
    "Mapping": "a dict of scales by numbers of steps",
    "Sequence": "a list",
    "Iterable": "a list",
    "str": "a text",
}


def _checked(make: _Maker) -> _Maker:
    """A maker of schedules that refuses by name what is not of the kind that its annotation says."""
    signature, title = inspect.signature(make), f"optax.{make.__name__}"
    kinds = {name: str(parameter.annotation) for name, parameter in signature.parameters.items()}

    @functools.wraps(make)
    def checked(*args: Any, **kwargs: Any) -> Any:
        call = bound(title, signature, args, kwargs)
        call.arguments.update({n: _taken(f"{title}: {n}", v, kinds[n]) for n, v in call.arguments.items()})
        return make(*call.args, **call.kwargs)

    return checked  # type: ignore[return-value]


def _taken(what: str, value: Any, kind: str) -> Any:
    """`value` as what an annotation says. Raises TypeError if it is something else."""
    wanted = next(f"it has to be {text}" for start, text in _KINDS.items() if kind.startswith(start))
    if value is None and kind.endswith("| None"):
        return None
    if kind.startswith(("float", "int")):
        return to_number(what, value, wanted)
    if kind.startswith(("Sequence", "Iterable")):
        fits = hasattr(value, "__iter__") and not isinstance(value, str | Mapping)
    elif kind == "bool":
        fits = value is not None and hasattr(value, "__bool__")
    else:
        fits = isinstance(value, Mapping if kind.startswith("Mapping") else str)
    if not fits:
        raise TypeError(f"{what} is {value!r}; {wanted}")
    return value


@dataclass(frozen=True)
class _Constant:
    value: float

    def __call__(self, count: Any) -> float:
        return float(self.value)


@dataclass(frozen=True)
class _Polynomial:
    init_value: float
    end_value: float
    power: float
    steps: int
    begin: int

    def __call__(self, count: Any) -> float:
        left = 1 - min(max(int(count) - self.begin, 0), self.steps) / self.steps
        return float((self.init_value - self.end_value) * left**self.power + self.end_value)


@dataclass(frozen=True)
class _PiecewiseConstant:
    init_value: float
    drops: tuple[tuple[int, float], ...]

    def __call__(self, count: Any) -> float:
        return float(self.init_value * math.prod(scale for boundary, scale in self.drops if count >= boundary))


@dataclass(frozen=True)
class _Exponential:
    init_value: float
    steps: int
    rate: float
    begin: int
    staircase: bool
    end_value: float | None

    def __call__(self, count: Any) -> float:
        since = max(int(count) - self.begin, 0)
        periods = since // self.steps if self.staircase else since / self.steps
        value = float(self.init_value * self.rate**periods)
        if self.end_value is None:
            return value
        return float(max(value, self.end_value) if self.rate < 1 else min(value, self.end_value))


@dataclass(frozen=True)
class _Cosine:
    init_value: float
    steps: int
    alpha: float
    exponent: float

    def __call__(self, count: Any) -> float:
        wave = (1 + math.cos(math.pi * min(int(count), self.steps) / self.steps)) / 2
        return float(self.init_value * ((1 - self.alpha) * wave**self.exponent + self.alpha))


@dataclass(frozen=True)
class _Interpolated:
    cosine: bool
    boundaries: tuple[int, ...]
    values: tuple[float, ...]

    def __call__(self, count: Any) -> float:
        pairs = zip(self.boundaries, self.boundaries[1:], self.values, self.values[1:], strict=False)
        for start, end, first, last in pairs:
            if start <= count < end:
                share = (int(count) - start) / (end - start)
                return float(first + (last - first) * ((1 - math.cos(math.pi * share)) / 2 if self.cosine else share))
        return float(self.values[-1])


@dataclass(frozen=True)
class _Joined:
    schedules: tuple[CountSchedule, ...]
    boundaries: tuple[int, ...]

    def __call__(self, count: Any) -> float:
        chosen, start = self.schedules[0], 0
        for boundary, schedule in zip(self.boundaries, self.schedules[1:], strict=False):
            if count >= boundary:
                chosen, start = schedule, boundary
        return float(chosen(int(count) - start))


@_checked
def constant_schedule(value: float) -> CountSchedule:
    """optax.constant_schedule."""
    return _Constant(value)


@_checked
def polynomial_schedule(
    init_value: float, end_value: float, power: float, transition_steps: int, transition_begin: int = 0
) -> CountSchedule:
    """optax.polynomial_schedule: from `init_value` to `end_value`, as a power of the share that is left."""
    if transition_steps <= 0:
        return _Constant(init_value)
    return _Polynomial(init_value, end_value, power, transition_steps, max(transition_begin, 0))


@_checked
def linear_schedule(
    init_value: float, end_value: float, transition_steps: int, transition_begin: int = 0
) -> CountSchedule:
    """optax.linear_schedule."""
    return polynomial_schedule(init_value, end_value, 1, transition_steps, transition_begin)


@_checked
def warmup_constant_schedule(init_value: float, peak_value: float, warmup_steps: int) -> CountSchedule:
    """optax.warmup_constant_schedule."""
    return linear_schedule(init_value, peak_value, warmup_steps)


@_checked
def piecewise_constant_schedule(
    init_value: float, boundaries_and_scales: Mapping[int, float] | None = None
) -> CountSchedule:
    """optax.piecewise_constant_schedule: multiplied by a scale at each boundary."""
    return _PiecewiseConstant(init_value, _drops("piecewise_constant_schedule", boundaries_and_scales))


@_checked
def exponential_decay(
    init_value: float,
    transition_steps: int,
    decay_rate: float,
    transition_begin: int = 0,
    staircase: bool = False,
    end_value: float | None = None,
) -> CountSchedule:
    """optax.exponential_decay."""
    if transition_steps <= 0 or decay_rate == 0:
        return _Constant(init_value)
    return _Exponential(init_value, transition_steps, decay_rate, max(transition_begin, 0), staircase, end_value)


@_checked
def cosine_decay_schedule(
    init_value: float, decay_steps: int, alpha: float = 0.0, exponent: float = 1.0
) -> CountSchedule:
    """optax.cosine_decay_schedule: half a wave down to `alpha * init_value`."""
    if not decay_steps > 0:
        raise ValueError(
            f"optax.cosine_decay_schedule: decay_steps = {decay_steps!r} is not allowed; it needs 1 or more"
        )
    return _Cosine(init_value, decay_steps, alpha, exponent)


@_checked
def piecewise_interpolate_schedule(
    interpolate_type: str, init_value: float, boundaries_and_scales: Mapping[int, float] | None = None
) -> CountSchedule:
    """optax.piecewise_interpolate_schedule: between the values at the boundaries along lines or half waves."""
    if interpolate_type not in ("linear", "cosine"):
        raise ValueError(
            f"optax.piecewise_interpolate_schedule: interpolate_type = {interpolate_type!r} is not allowed; "
            "it needs 'linear' or 'cosine'"
        )
    drops = _drops("piecewise_interpolate_schedule", boundaries_and_scales)
    values = [init_value]
    for _, scale in drops:
        values.append(values[-1] * scale)
    return _Interpolated(interpolate_type == "cosine", (0, *(boundary for boundary, _ in drops)), tuple(values))


@_checked
def linear_onecycle_schedule(
    transition_steps: int,
    peak_value: float,
    pct_start: float = 0.3,
    pct_final: float = 0.85,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> CountSchedule:
    """optax.linear_onecycle_schedule."""
    _check_steps("linear_onecycle_schedule", transition_steps)
    drops = {
        int(pct_start * transition_steps): div_factor,
        int(pct_final * transition_steps): 1 / div_factor,
        transition_steps: 1 / final_div_factor,
    }
    return piecewise_interpolate_schedule("linear", peak_value / div_factor, drops)


@_checked
def cosine_onecycle_schedule(
    transition_steps: int,
    peak_value: float,
    pct_start: float = 0.3,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> CountSchedule:
    """optax.cosine_onecycle_schedule."""
    _check_steps("cosine_onecycle_schedule", transition_steps)
    drops = {
        int(pct_start * transition_steps): div_factor,
        int(transition_steps): 1 / (div_factor * final_div_factor),
    }
    return piecewise_interpolate_schedule("cosine", peak_value / div_factor, drops)


@_checked
def join_schedules(schedules: Sequence[CountSchedule], boundaries: Sequence[int]) -> CountSchedule:
    """optax.join_schedules: each schedule counts from the boundary at which it begins."""
    made = tuple(schedules)
    for place, schedule in enumerate(made):
        if not callable(schedule):
            raise TypeError(
                f"optax.join_schedules: schedules[{place}] is {schedule!r}; it has to be a function of the count, "
                "such as optax.constant_schedule(value)"
            )
    starts = (
        _taken(f"optax.join_schedules: boundaries[{place}]", start, "int") for place, start in enumerate(boundaries)
    )
    return _Joined(made, tuple(starts))


@_checked
def warmup_cosine_decay_schedule(
    init_value: float,
    peak_value: float,
    warmup_steps: int,
    decay_steps: int,
    end_value: float = 0.0,
    exponent: float = 1.0,
) -> CountSchedule:
    """optax.warmup_cosine_decay_schedule; `decay_steps` counts the warm-up as well."""
    alpha = 0.0 if peak_value == 0 else end_value / peak_value
    warmup = linear_schedule(init_value, peak_value, warmup_steps)
    return join_schedules(
        [warmup, cosine_decay_schedule(peak_value, decay_steps - warmup_steps, alpha, exponent)], [warmup_steps]
    )


@_checked
def warmup_exponential_decay_schedule(
    init_value: float,
    peak_value: float,
    warmup_steps: int,
    transition_steps: int,
    decay_rate: float,
    transition_begin: int = 0,
    staircase: bool = False,
    end_value: float | None = None,
) -> CountSchedule:
    """optax.warmup_exponential_decay_schedule."""
    warmup = linear_schedule(init_value, peak_value, warmup_steps)
    decay = exponential_decay(peak_value, transition_steps, decay_rate, transition_begin, staircase, end_value)
    return join_schedules([warmup, decay], [warmup_steps])


@_checked
def sgdr_schedule(cosine_kwargs: Iterable[Mapping[str, Any]]) -> CountSchedule:
    """optax.sgdr_schedule: one warmup_cosine_decay_schedule after the other."""
    cycles = list(cosine_kwargs)
    ends = [sum(cycle["decay_steps"] for cycle in cycles[: k + 1]) for k in range(len(cycles))]
    return join_schedules([warmup_cosine_decay_schedule(**cycle) for cycle in cycles], ends[:-1])


def _drops(name: str, scales: Mapping[int, float] | None) -> tuple[tuple[int, float], ...]:
    """Boundaries and their scales, in order."""
    drops: dict[Any, float] = {}
    for boundary, scale in (scales or {}).items():
        at = to_number(f"optax.{name}: a boundary", boundary, f"it has to be {_KINDS['int']}")
        drops[at] = to_number(f"optax.{name}: the scale at {at}", scale, f"it has to be {_KINDS['float']}")
        if not scale >= 0:
            raise ValueError(f"optax.{name}: the scale {scale!r} at {at} is not allowed; it needs 0 or more")
    return tuple(sorted(drops.items()))


def _check_steps(name: str, steps: int) -> None:
    if not steps > 0:
        raise ValueError(f"optax.{name}: transition_steps = {steps!r} is not allowed; it needs 1 or more")
