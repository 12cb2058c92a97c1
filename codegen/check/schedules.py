"""What is checked of a schedule."""

from __future__ import annotations

from collections.abc import Iterator

from ..load import Problem, ScheduleSpec
from ..spec.symbols import STEP, Scalar
from .clashes import place_of
from .common import of_hypers, of_names, of_rule
from .expressions import by_name, of_expression


def of_schedule(spec: ScheduleSpec) -> Iterator[Problem]:
    schedule = spec.schedule
    place = place_of(schedule.location, schedule.name or spec.key)
    yield from of_rule(spec)
    yield from of_names([(symbol, schedule.location, "value") for symbol in by_name(schedule.value.free_symbols)])
    yield from of_hypers(spec)
    yield from of_expression(schedule.value, place, "scalar")
    for symbol in by_name(s for s in schedule.value.free_symbols if isinstance(s, Scalar) and s.name != STEP):
        yield Problem(place, f"{symbol} is not known", "a schedule is made of t and hyperparameters")
