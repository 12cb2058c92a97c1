"""Carry a monitor's steps out over symbols, one path for each way in which its comparisons can go.

A value is an expression without choices, `oo` or `-oo` (nothing has been reported yet), or NAN. A path
carries what was assumed on its way; a way that contradicts what is known is not taken.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy
from sympy.core.relational import Relational

from codegen.domain import Domain
from codegen.inequalities import Constraint, constraint, impossible
from codegen.spec import METRIC, STEP, Monitor
from codegen.tactics import Facts

#: A number that is not one. It compares with nothing, and what is computed from it is NaN, too.
NAN = sympy.Dummy("nan")
WHOLE = Domain(whole=True)

_MOST_PATHS = 600
_FLIPPED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}

Values = Mapping[str, sympy.Expr]
Known = tuple[Constraint, ...]


class UnclearError(Exception):
    """What the machine does cannot be told: infinity minus infinity, or too many paths."""


@dataclass(frozen=True)
class Path:
    """One way through the steps: what was assumed, and the value of every name after them."""

    known: Known
    values: Values


def facts_of(*monitors: Monitor) -> Facts:
    """The domains of the hyperparameters, and which states are whole numbers."""
    facts = Facts.of(*monitors)
    return facts.also(**{name: WHOLE for monitor in monitors for name in whole_states(monitor)})


def whole_states(monitor: Monitor) -> set[str]:
    """The states that are whole numbers at every step, by induction over what can be assigned to them."""
    base = Facts.of(monitor)
    candidates = {s.name for s, v in monitor.state.items() if v.is_finite is not False}
    while True:
        facts = base.also(**dict.fromkeys(candidates, WHOLE))
        kinds = {METRIC: False}
        for step in monitor.steps:
            kinds[step.target.name] = _whole(step.value, facts, kinds)
        fine = {
            s.name
            for s, v in monitor.state.items()
            if s.name in candidates and _whole(v, facts, kinds) and kinds.get(f"{s.name}_new", False)
        }
        if fine == candidates:
            return fine
        candidates = fine


def _whole(expr: sympy.Expr, facts: Facts, kinds: Mapping[str, bool]) -> bool:
    if isinstance(expr, sympy.Piecewise):
        return all(_whole(value, facts, kinds) for value, _ in expr.args)
    if isinstance(expr, sympy.Max | sympy.Min):
        return all(_whole(value, facts, kinds) for value in expr.args)
    facts = facts.also(**{name: WHOLE for name, whole in kinds.items() if whole})
    return bool(facts.assume(expr).is_integer)


def starts(monitor: Monitor, fixed: Values) -> dict[str, sympy.Expr]:
    """The states before the first report, with the hyperparameters that are `fixed`."""
    given = {h: fixed[h.name] for h in monitor.hypers if h.name in fixed}
    return {symbol.name: value.xreplace(given) for symbol, value in monitor.state.items()}


def situations(monitor: Monitor) -> Iterator[dict[str, sympy.Expr]]:
    """All that the states can be: symbols, or still infinite where they start so."""
    names = [symbol.name for symbol in monitor.state]
    options = [(s, v) if v.is_infinite else (s,) for s, v in monitor.state.items()]
    for chosen in itertools.product(*options):
        yield dict(zip(names, chosen, strict=True))


class Machine:
    """Evaluates over symbols within `facts`."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def run(self, monitor: Monitor, state: Values, metric: sympy.Expr, t: sympy.Expr, known: Known) -> list[Path]:
        """All ways through one report of `metric`, the t-th, from `state`."""
        hypers = {h.name: state.get(h.name, h) for h in monitor.hypers}
        paths = [Path(known, {**hypers, **state, METRIC: metric, STEP: t})]
        for step in monitor.steps:
            paths = [
                Path(then, {**path.values, step.target.name: value})
                for path in paths
                for value, then in self.values(step.value, path.values, path.known)
            ]
            if len(paths) > _MOST_PATHS:
                raise UnclearError(f"there are more than {_MOST_PATHS} ways through its steps")
        return paths

    def values(self, expr: sympy.Expr, given: Values, known: Known) -> Iterator[tuple[sympy.Expr, Known]]:
        """What `expr` can be, and what that assumes."""
        if isinstance(expr, sympy.Symbol):
            yield given.get(expr.name, expr), known
        elif isinstance(expr, sympy.Piecewise):
            (then, condition), (otherwise, _) = expr.args
            for holds, after in self.branches(condition, given, known):
                yield from self.values(then if holds else otherwise, given, after)
        elif not expr.args:
            yield expr, known
        else:
            for arguments, after in self._all(expr.args, given, known):
                yield from self._applied(expr, arguments, after)

    def _all(self, exprs: tuple, given: Values, known: Known) -> Iterator[tuple[list[sympy.Expr], Known]]:
        if not exprs:
            yield [], known
            return
        for first, after in self.values(exprs[0], given, known):
            for rest, then in self._all(exprs[1:], given, after):
                yield [first, *rest], then

    def _applied(self, expr: sympy.Expr, arguments: list, known: Known) -> Iterator[tuple[sympy.Expr, Known]]:
        if isinstance(expr, sympy.Max | sympy.Min):
            if NAN in arguments:
                raise UnclearError("a maximum or minimum of NaN depends on the order of its arguments")
            yield from self._extreme(isinstance(expr, sympy.Max), arguments, known)
        elif NAN in arguments:
            yield NAN, known
        elif any(a.is_infinite for a in arguments):
            yield self._infinite(expr, arguments, known), known
        else:
            yield sympy.expand(expr.func(*arguments)), known

    def _extreme(self, largest: bool, arguments: list, known: Known) -> Iterator[tuple[sympy.Expr, Known]]:
        first, *rest = arguments
        if not rest:
            yield first, known
            return
        second, *others = rest
        for holds, after in self._compare(">=", first, second, known):
            yield from self._extreme(largest, [first if holds is largest else second, *others], after)

    def _infinite(self, expr: sympy.Expr, arguments: list, known: Known) -> sympy.Expr:
        """A sum or product with infinities in it."""
        if isinstance(expr, sympy.Add):
            infinite = {a for a in arguments if a.is_infinite}
            if len(infinite) == 1:
                return infinite.pop()
        elif isinstance(expr, sympy.Mul):
            sign = 1
            for factor in arguments:
                if factor.is_infinite:
                    sign *= 1 if factor == sympy.oo else -1
                elif self.excluded(("<=", factor), known):
                    continue
                elif self.excluded((">=", factor), known):
                    sign = -sign
                else:
                    raise UnclearError(f"{factor} times infinity depends on a sign that is not known")
            return sign * sympy.oo
        raise UnclearError(f"{expr} has no value where its states are infinite")

    def excluded(self, condition: tuple[str, sympy.Expr], known: Known) -> bool:
        """Whether `expr relation 0` cannot be."""
        relation, expr = condition
        return impossible((*known, constraint(relation, expr, sympy.Integer(0))), self.facts)

    def branches(self, condition: sympy.Basic, given: Values, known: Known) -> Iterator[tuple[bool, Known]]:
        """Whether `condition` holds, in every way in which that can be, and what each assumes."""
        match condition:
            case sympy.logic.boolalg.BooleanAtom():
                yield bool(condition), known
            case Relational():
                for (left, right), after in self._all((condition.lhs, condition.rhs), given, known):
                    yield from self._compare(condition.rel_op, left, right, after)
            case sympy.Not():
                for holds, after in self.branches(condition.args[0], given, known):
                    yield not holds, after
            case sympy.And() | sympy.Or():
                yield from self._in_turn(_parts(condition), isinstance(condition, sympy.Or), given, known)
            case _:
                raise UnclearError(f"{condition} is not a comparison")

    def _in_turn(self, conditions: tuple, stops: bool, given: Values, known: Known) -> Iterator[tuple[bool, Known]]:
        """The conditions of an or (which `stops` at the first that holds) or of an and, one after the other."""
        first, *rest = conditions
        for holds, after in self.branches(first, given, known):
            if holds is stops or not rest:
                yield holds, after
            else:
                yield from self._in_turn(tuple(rest), stops, given, after)

    def _compare(self, relation: str, left: Any, right: Any, known: Known) -> Iterator[tuple[bool, Known]]:
        if NAN in (left, right):
            yield relation == "!=", known
            return
        if left.is_infinite or right.is_infinite:
            # a symbol stands for a finite number
            sides = [0 if not s.is_infinite else 1 if s == sympy.oo else -1 for s in (left, right)]
            yield bool(sympy.Rel(*map(sympy.Integer, sides), relation)), known
            return
        taken = False
        if relation in ("==", "!="):
            ways = [("==", relation == "=="), ("<", relation == "!="), (">", relation == "!=")]
        else:
            ways = [(relation, True), (_FLIPPED[relation], False)]
        for number, (sign, holds) in enumerate(ways, start=1):
            added = constraint(sign, left, right)
            if added.expr.is_Rational:
                if _true(added):
                    yield holds, known
            elif number == len(ways) and not taken:  # what is left has to be
                yield holds, known
            elif not impossible((*known, added), self.facts):
                taken = True
                yield holds, known if added in known else (*known, added)

    def assuming(self, conditions, given: Values, known: Known) -> Iterator[Known]:
        """What is known where all `conditions` hold, in every way in which they can."""
        if not conditions:
            yield known
            return
        first, *rest = conditions
        for holds, after in self.branches(first, given, known):
            if holds:
                yield from self.assuming(rest, given, after)

    def failure(self, condition: sympy.Basic, given: Values, known: Known) -> Known | None:
        """A way in which `condition` might not hold, as what it assumes; None if it always does."""
        return next((after for holds, after in self.branches(condition, given, known) if not holds), None)


@cache
def _parts(condition: sympy.Basic) -> tuple[sympy.Basic, ...]:
    """What an and or an or is made of, in an order that does not depend on the run."""
    return tuple(sorted(condition.args, key=sympy.default_sort_key))


def _true(c: Constraint) -> bool:
    return bool({">": c.expr > 0, ">=": c.expr >= 0, "==": c.expr == 0}[c.sign])
