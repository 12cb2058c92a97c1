"""Schedules, step by step: where they start and end, between what they stay, whether they fall."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import singledispatch
from typing import Any

import sympy

from ..algebra import exact
from ..spec.enclosure import UndecidableError, UndefinedError
from ..statement import Statement
from ..statement.schedules import Between, Course, NeverFalls, SumOver, Total, TotalUpTo, ValueAt
from . import Found, outcomes
from .adversary import hypers
from .totals import added, following

_EARLY, _LATE = range(1, 13), (20, 100, 1001)
_JUST = (0, 1, 2, 7, 100)  # steps after the one from which a value is kept

_ADDED = (1, 5, 12, 100)  # after how many terms a sum is looked at, and bounds of all that follow are added
_MANY = 100  # terms that are added up at most

At = Callable[[sympy.Expr, int], Any]  # the value of an expression at a step


@outcomes.register
def _(relation: Course, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    for hyper in hypers(statement.runs):

        def at(expr: sympy.Expr, t: int, hyper: Callable[[int], Mapping[str, Any]] = hyper) -> Any:
            return exact.evaluate(expr, {**hyper(1), "t": Fraction(t)})

        if all(_holds(condition, at) for condition in statement.conditions):
            for t in (*_EARLY, *_LATE):
                yield _looked_at(relation, t, at, hyper(1))


def _holds(condition: sympy.Basic, at: At) -> bool:
    try:
        return all(at(condition, t) for t in (*_EARLY, *_LATE))
    except (UndecidableError, UndefinedError):
        return False


def _looked_at(relation: Course, t: int, at: At, hyper: Mapping[str, Any]) -> tuple[int, Found | None]:
    try:
        found = broken(relation, t, at)
    except UndecidableError:
        return 0, None
    except UndefinedError as error:
        found = {"a[t]": f"no value: {error}"}
    return 1, found and {"t": str(t), **{name: exact.shown(value) for name, value in hyper.items()}, **found}


@singledispatch
def broken(relation: Course, t: int, at: At) -> Found | None:
    """What breaks the relation at step `t`."""
    raise NotImplementedError(type(relation).__name__)


@broken.register
def _(relation: ValueAt, t: int, at: At) -> Found | None:
    step = at(relation.step, t)
    first = max(1, math.ceil(step)) if isinstance(step, Fraction) else 10**6
    steps = [first + k for k in _JUST] if relation.on else [first] if first == step else []
    for k in steps:
        value, wanted = at(relation.schedule, k), at(relation.value, k)
        if exact.differ(value, wanted):
            return {"at step": str(k), "value": exact.shown(value), "claimed": exact.shown(wanted)}
    return None


@broken.register
def _(relation: Between, t: int, at: At) -> Found | None:
    value, low, high = (at(e, t) for e in relation.expressions())
    if value <= low or value > high:
        return {"low": exact.shown(low), "a[t]": exact.shown(value), "high": exact.shown(high)}
    return None


@broken.register
def _(relation: NeverFalls, t: int, at: At) -> Found | None:
    now, later = at(relation.schedule, t), at(relation.schedule, t + 1)
    return {"a[t]": exact.shown(now), "a[t+1]": exact.shown(later)} if later < now else None


@broken.register
def _(relation: SumOver, t: int, at: At) -> Found | None:
    at(relation.schedule, t)  # no finite part of a series breaks it, unless a term has no value
    return None


@broken.register
def _(relation: Total, t: int, at: At) -> Found | None:
    """The first `t` terms and bounds of all that follow, beside the value that the sum should have."""
    if t not in _ADDED:
        return None
    low, high = (added(relation.schedule, t, at) + end for end in following(relation.schedule, t, at))
    value = at(relation.value, t)
    if value < low or value > high:
        return {"sum at least": exact.shown(low), "sum at most": exact.shown(high), "claimed": exact.shown(value)}
    return None


@broken.register
def _(relation: TotalUpTo, t: int, at: At) -> Found | None:
    if t > _MANY:
        return None
    value, wanted = added(relation.schedule, t, at), at(relation.value, t)
    if exact.differ(value, wanted):
        return {"sum up to t": exact.shown(value), "claimed": exact.shown(wanted)}
    return None
