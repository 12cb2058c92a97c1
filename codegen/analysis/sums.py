"""Rules with sums over arrays, as rules without: the sums are numbers of their own, or those of a single element.

With numbers in place of the sums a rule is elementwise. What holds for it, whatever these numbers are from step to
step, holds for the rule, too; what fails need not. For one parameter of one element a sum is its only term: what
fails there, fails.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

import sympy

from ..algebra.cases import nonnegative
from ..spec.rules import Optimizer, Step
from ..spec.symbolic import Reduced, Reduction, array_sum, global_sum
from ..spec.symbols import STEP, Array, Location, New, Scalar, Supplied
from .derive import inlined

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
#: How the text about a number begins that stands for a sum.
IN_PLACE_OF = "in place of"
_NAMES = {"sum": "total", "max": "largest", "norm": "norm2", "overflow": "overflowed"}


def _nth(k: int) -> str:
    """A word for all but the first; a compiler may number the versions of a name at its end."""
    return _ORDINALS[k] if k < len(_ORDINALS) else f"nr{k + 1}"


def elementwise(symbol: sympy.Symbol) -> bool:
    """Whether a symbol has a value for each element."""
    return isinstance(symbol.of if isinstance(symbol, New) else symbol, Array)


@lru_cache(maxsize=256)
def named(rule: Optimizer) -> Mapping[str, Reduced]:
    """The sums of a rule, each under a name that it has for nothing else, in the order in which they are read."""
    taken = {"w", "g", STEP, *(s.name for s in rule.state), *(step.target.name for step in rule.steps)}
    taken |= {h.name for h in rule.hypers} | {f"{s.name}_new" for s in rule.state}
    found: dict[str, Reduced] = {}
    for one in rule.reductions:
        stem = _NAMES[one.how]
        name = next(n for k in itertools.count() if (n := stem if k == 0 else f"{_nth(k)}_{stem}") not in taken)
        taken.add(name)
        found[name] = one
    return found


def summands(rule: Optimizer) -> Mapping[str, sympy.Expr]:
    """What each sum is over, in terms of what is there before the step, and of scalars."""
    scalars = frozenset(step.target for step in rule.steps if not elementwise(step.target))
    values = {target: value for target, value in inlined(rule, scalars).items() if elementwise(target)}
    return {name: one.of.xreplace(values) for name, one in named(rule).items()}


def _without(
    expr: sympy.Basic, made: Callable[[Reduced], sympy.Expr], sums: Mapping[sympy.Expr, Reduced]
) -> sympy.Basic:
    """`expr` with what `made` gives in place of each sum; roots of sums of squares are norms."""
    if isinstance(expr, sympy.Pow) and isinstance(expr.base, array_sum | global_sum) and expr.exp.is_Rational:
        norm = sums.get(sympy.sqrt(expr.base))
        if expr.exp.q == 2 and norm is not None:
            return made(norm) ** expr.exp.p
    if isinstance(expr, Reduction):
        norm = sums.get(sympy.sqrt(expr))
        return made(sums[expr]) if expr in sums or norm is None else made(norm) ** 2
    if not expr.args or not expr.has(Reduction):
        return expr
    return expr.func(*(_without(argument, made, sums) for argument in expr.args))


def _rewritten(rule: Optimizer, made: Callable[[Reduced], sympy.Expr]) -> Optimizer:
    sums = {one.value: one for one in rule.reductions}
    steps = []
    for step in rule.steps:
        steps.append(Step(step.target, _without(step.value, made, sums), step.note))
        object.__setattr__(steps[-1], "location", step.location)
    found = replace(rule, steps=tuple(steps), claims=())
    object.__setattr__(found, "location", rule.location)
    return found


@lru_cache(maxsize=256)
def opened(rule: Optimizer) -> Optimizer:
    """The rule with a number in place of each sum, which may be another one in each step, as what a step is given."""
    return _rewritten(rule, _numbers(rule).__getitem__) if rule.reductions else rule


def with_numbers(expr: sympy.Expr, rule: Optimizer) -> sympy.Expr:
    """`expr`, whose sums are those of the rule, with the numbers that `opened` has in their place."""
    sums = {one.value: one for one in rule.reductions}
    return _without(expr, _numbers(rule).__getitem__, sums)


@lru_cache(maxsize=256)
def _numbers(rule: Optimizer) -> Mapping[Reduced, sympy.Expr]:
    symbols = {}
    for name, one in named(rule).items():
        positive = one.how in ("norm", "overflow") or nonnegative(one.of)
        domain = "integer >= 1" if one.how == "sum" and one.of == 1 else ">= 0" if positive else "real"
        symbols[one] = Supplied(name, default="1", domain=domain, doc=f"{IN_PLACE_OF} {one.value}")
        symbols[one].location = Location(rule.location.file, rule.location.line)
    return symbols


@lru_cache(maxsize=256)
def alone(rule: Optimizer) -> Optimizer:
    """The rule for one parameter of one element."""
    if not rule.reductions:
        return rule
    found, arrays = _of_one_element(rule), _spread(rule)
    if not arrays:
        return found
    steps = []
    for step in found.steps:
        steps.append(Step(arrays.get(step.target, step.target), step.value.xreplace(arrays), step.note))
        object.__setattr__(steps[-1], "location", step.location)
    state = {arrays.get(s, s): value for s, value in found.state.items()}
    again = replace(found, steps=tuple(steps), state=state)
    object.__setattr__(again, "location", rule.location)
    return again


def _of_one_element(rule: Optimizer) -> Optimizer:
    return _rewritten(rule, lambda one: sympy.Abs(one.of) if one.how == "norm" else one.of)


@lru_cache(maxsize=256)
def _spread(rule: Optimizer) -> Mapping[sympy.Symbol, sympy.Symbol]:
    """The scalars of `alone` that are formed of the one element, as the values of that element which they are."""
    found = _of_one_element(rule)
    values = [step.target for step in found.steps if not elementwise(step.target)]
    spread = [t for t in values if any(map(elementwise, _read(found, t)))]
    arrays = {t: New(t.name, of=Array(t.of.name)) if isinstance(t, New) else Array(t.name) for t in spread}
    return arrays | {t.of: Array(t.of.name) for t in spread if isinstance(t, New)}


def alone_in(claim: Any, rule: Optimizer) -> Any:
    """A claim of `rule`, or one that holds such a claim, as one of `alone`."""
    arrays = _spread(rule)

    def changed(value: Any) -> Any:
        match value:
            case sympy.Basic():
                return value.xreplace(arrays)
            case Mapping():
                return {changed(key): changed(inner) for key, inner in value.items()}
            case Optimizer():
                return value
        return alone_in(value, rule) if is_dataclass(value) and not isinstance(value, type) else value

    return replace(claim, **{field.name: changed(getattr(claim, field.name)) for field in fields(claim) if field.init})


def _read(rule: Optimizer, target: sympy.Symbol) -> set[sympy.Symbol]:
    """All that a target depends on within a step, and states that are kept of such."""
    values = {step.target: step.value for step in rule.steps}
    seen: set[sympy.Symbol] = set()
    pending = [target]
    while pending:
        symbol = pending.pop()
        if symbol in seen:
            continue
        seen.add(symbol)
        pending += values[symbol].free_symbols if symbol in values else ()
        if isinstance(symbol, Scalar) and symbol in rule.state:
            pending.append(next((t for t in values if isinstance(t, New) and t.of == symbol), symbol))
    return seen
