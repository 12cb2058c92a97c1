"""Carry a monitor's steps out over symbols, one path for each way in which its comparisons can go.

A value is an expression without choices, which stands for a finite number, `oo` or `-oo`, or NAN, and goes on as in
IEEE arithmetic. A path carries what was assumed on its way; a way that contradicts what is known is not taken.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import sympy
from sympy.core.relational import Relational

from ..algebra.assumptions import Assumptions
from ..algebra.inequalities import Constraint, constraint, impossible
from ..spec import functions
from ..spec.domain import Domain
from ..spec.row import Function
from ..spec.rules import Monitor
from ..spec.symbolic import COMPARISONS
from ..spec.symbols import METRIC, STEP, TRAINING

#: A number that is not one. It compares with nothing, and what is computed from it is NaN, too.
NAN = sympy.Dummy("nan")
WHOLE = Domain(integer=True)


_MOST_PATHS = 600
_ZERO = sympy.Integer(0)
_OPPOSITE = {"!=": "==", ">": "<=", ">=": "<"}
_FLIPPED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}

Values = Mapping[str, sympy.Expr]
Known = tuple[Constraint, ...]


def all_heard(monitor: Monitor) -> list[dict[str, sympy.Expr]]:
    """All that a monitor may hear: any number, which a symbol stands for, or one that is infinite, or NaN."""
    names = monitor.hears or (METRIC,)
    each = [(NAN, sympy.oo, -sympy.oo, sympy.Symbol(name, real=True)) for name in names]
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*each)]


class UnclearError(Exception):
    """What the machine does cannot be told: a division by what may be zero, or too many paths."""


@dataclass(frozen=True)
class Path:
    """One way through the steps: what was assumed, and the value of every name after them."""

    known: Known
    values: Values


def assumptions_of(*monitors: Monitor) -> Assumptions:
    """The domains of the hyperparameters, and which states are whole numbers."""
    assumptions = Assumptions.of(*monitors)
    return assumptions.also(**{name: WHOLE for monitor in monitors for name in whole_states(monitor)})


def whole_states(monitor: Monitor) -> set[str]:
    """The states that are whole numbers at every step, by induction over what can be assigned to them."""
    base = Assumptions.of(monitor)
    candidates = {s.name for s, v in monitor.state.items() if v.is_finite is not False}
    while True:
        assumptions = base.also(**dict.fromkeys(candidates, WHOLE))
        kinds = {METRIC: False, TRAINING: False}
        for step in monitor.steps:
            kinds[step.target.name] = _whole(step.value, assumptions, kinds)
        fine = {
            s.name
            for s, v in monitor.state.items()
            if s.name in candidates and _whole(v, assumptions, kinds) and kinds.get(f"{s.name}_new", False)
        }
        if fine == candidates:
            return fine
        candidates = fine


def _whole(expr: sympy.Expr, assumptions: Assumptions, kinds: Mapping[str, bool]) -> bool:
    if isinstance(expr, sympy.Piecewise):
        return all(_whole(value, assumptions, kinds) for value, _ in expr.args)
    if isinstance(expr, sympy.Max | sympy.Min):
        return all(_whole(value, assumptions, kinds) for value in expr.args)
    assumptions = assumptions.also(**{name: WHOLE for name, whole in kinds.items() if whole})
    return bool(assumptions.assume(expr).is_integer)


def situation(monitor: Monitor, states: Values) -> dict[str, sympy.Expr]:
    """`states`, by name, with a symbol for every number in place of it."""
    return {s.name: states[s.name] if is_special(states[s.name]) else s for s in monitor.state}


def is_special(value: sympy.Expr) -> bool:
    """Whether `value` is infinite or NaN."""
    return value == NAN or bool(value.is_infinite)


@cache
def situations(monitor: Monitor) -> tuple[dict[str, sympy.Expr], ...]:
    """All that the states can be, whatever is reported: symbols, or infinite or NaN where they can become so."""
    machine = Machine.of(monitor)
    found = Pending(situation(monitor, states) for states, _ in machine.starts(monitor, {}, ()))
    for current in found:
        for _, path in machine.reports(monitor, current, (), apart=False):
            found.add(situation(monitor, {s.name: path.values[f"{s.name}_new"] for s in monitor.state}))
    return tuple(found.seen)


class Pending:
    """Goes once through everything that is added, also while it goes."""

    def __init__(self, first: Iterable[dict] = ()) -> None:
        self.seen: list[dict] = []
        for one in first:
            self.add(one)

    def add(self, one: dict) -> None:
        if one not in self.seen:
            self.seen.append(one)

    def __iter__(self) -> Iterator[dict]:
        place = 0
        while place < len(self.seen):
            yield self.seen[place]
            place += 1


class Done:
    """What has been looked at: a result, and what was assumed on the way to it."""

    def __init__(self) -> None:
        self.seen: dict[tuple, list[frozenset[Constraint]]] = {}

    def adds(self, result: tuple, known: Known) -> bool:
        """Whether nothing that assumes less has come to the same result yet."""
        assumed, same = frozenset(known), self.seen.setdefault(result, [])
        if any(weaker <= assumed for weaker in same):
            return False
        same.append(assumed)
        return True


class Machine:
    """Evaluates over symbols within `assumptions`."""

    def __init__(self, assumptions: Assumptions) -> None:
        self.assumptions = assumptions
        self._impossible: dict[tuple[Known, Constraint], bool] = {}
        self._reports: dict[tuple, list[tuple[Values, Path]]] = {}

    @classmethod
    @cache
    def of(cls, monitor: Monitor) -> Machine:
        """The machine for one monitor, which remembers what it has found out."""
        return cls(assumptions_of(monitor))

    def contradicts(self, known: Known, added: Constraint) -> bool:
        """Whether `added` cannot hold beside what is known, as far as that speaks of the same symbols."""
        key = known, added
        if key not in self._impossible:
            self._impossible[key] = impossible((*_related(known, added), added), self.assumptions)
        return self._impossible[key]

    def starts(self, monitor: Monitor, fixed: Values, known: Known) -> Iterator[tuple[dict[str, sympy.Expr], Known]]:
        """The states before the first report, with the hyperparameters that are `fixed`."""
        for values, after in self._all(tuple(monitor.state.values()), fixed, known):
            yield dict(zip((s.name for s in monitor.state), values, strict=True)), after

    def run(self, monitor: Monitor, state: Values, heard: Values, t: sympy.Expr, known: Known) -> list[Path]:
        """All ways through one report, the t-th, in which this is `heard`, from `state`."""
        hypers = {h.name: state.get(h.name, h) for h in monitor.hypers}
        paths = [Path(known, {**hypers, **state, **heard, STEP: t})]
        for step in monitor.steps:
            paths = [
                Path(then, {**path.values, step.target.name: value})
                for path in paths
                for value, then in self.values(step.value, path.values, path.known)
            ]
            if len(paths) > _MOST_PATHS:
                raise UnclearError(f"there are more than {_MOST_PATHS} ways through its steps")
        return paths

    def reports(self, monitor: Monitor, state: Values, known: Known, apart: bool) -> list[tuple[Values, Path]]:
        """All ways through one report from `state`, each with what was heard.

        Unless they are to be kept `apart`, what a way does that assumes less stands for those that do the same.
        """
        key = monitor, tuple(state.items()), known, apart
        if key not in self._reports:
            found: list[tuple[Values, Path]] = []
            done = Done()
            for heard in all_heard(monitor):
                for path in self.run(monitor, state, heard, sympy.Symbol(STEP, real=True), known):
                    if done.adds(tuple(v for n, v in path.values.items() if apart or n not in heard), path.known):
                        found.append((heard, path))
            self._reports[key] = found
        return self._reports[key]

    def values(self, expr: sympy.Expr, given: Values, known: Known) -> Iterator[tuple[sympy.Expr, Known]]:
        """What `expr` can be, and what that assumes."""
        if isinstance(expr, sympy.Symbol):
            yield given.get(expr.name, expr), known
        elif isinstance(expr, sympy.Piecewise):
            yield from self._chosen(expr.args, given, known)
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

    def _chosen(self, cases: tuple, given: Values, known: Known) -> Iterator[tuple[sympy.Expr, Known]]:
        """The first of the `cases` whose condition holds."""
        if not cases:
            raise UnclearError("no case of a choice holds")
        (value, condition), *rest = cases
        for holds, after in self.branches(condition, given, known):
            if holds:
                yield from self.values(value, given, after)
            else:
                yield from self._chosen(tuple(rest), given, after)

    def _applied(self, expr: sympy.Expr, arguments: list, known: Known) -> Iterator[tuple[sympy.Expr, Known]]:
        special = any(map(is_special, arguments))
        match expr:
            case sympy.Max() | sympy.Min():
                if NAN in arguments:
                    raise UnclearError("a maximum or minimum of NaN depends on the order of its arguments")
                yield from self._extreme(isinstance(expr, sympy.Max), arguments, known)
            case sympy.Pow():
                base, exponent = arguments
                value = self._power(base, exponent, known)
                yield value, self._of_quotient(base, exponent, value, known)
            case sympy.Add() | sympy.Mul() if NAN in arguments:
                yield NAN, known
            case sympy.Add() if special:
                infinite = {a for a in arguments if a.is_infinite}
                yield infinite.pop() if len(infinite) == 1 else NAN, known
            case sympy.Mul() if special:
                for sign, after in self._sign(arguments, known):
                    yield sign * sympy.oo if sign else NAN, after
            case sympy.Add() | sympy.Mul():
                yield sympy.expand(expr.func(*arguments)), known
            case sympy.Abs() if not special:
                for sign, after in self._sign(arguments, known):
                    yield sympy.expand(sign * arguments[0]), after
            case sympy.sign() if not special:
                yield from ((sympy.Integer(sign), after) for sign, after in self._sign(arguments, known))
            case _:
                yield self._function(expr, arguments, known), known

    def _extreme(self, largest: bool, arguments: list, known: Known) -> Iterator[tuple[sympy.Expr, Known]]:
        first, *rest = arguments
        if not rest:
            yield first, known
            return
        second, *others = rest
        for holds, after in self._compare(">=", first, second, known):
            yield from self._extreme(largest, [first if holds is largest else second, *others], after)

    def _sign(self, factors: list, known: Known) -> Iterator[tuple[int, Known]]:
        """1, -1 or 0, the sign of a product, in every way in which it can be."""
        if not factors:
            yield 1, known
            return
        first, *rest = factors
        if first.is_infinite:
            ways = [(1 if first == sympy.oo else -1, known)]
        else:
            ways = [(own, w) for own, r in ((1, ">"), (-1, "<"), (0, "==")) for w in self._with(r, first, known)]
        for own, after in ways:
            yield from ((own * sign, then) for sign, then in self._sign(rest, after))

    def _with(self, relation: str, expr: sympy.Expr, known: Known) -> list[Known]:
        """What is known with `expr relation 0` as well, if that can be."""
        if self.excluded((relation, expr), known):
            return []
        added = constraint(relation, expr, _ZERO)
        return [known if added.expr.is_Rational or added in known else (*known, added)]

    def _power(self, base: sympy.Expr, exponent: sympy.Expr, known: Known) -> sympy.Expr:
        if not exponent.is_Rational:
            return self._unknown_power(base, exponent, known)
        if base == NAN:
            return NAN
        if base.is_infinite:
            if base == -sympy.oo and not exponent.is_Integer:
                raise UnclearError(f"{base}**{exponent} has no value")
            return _ZERO if exponent < 0 else base**exponent
        if exponent < 0 and not self.excluded(("==", base), known):
            raise UnclearError(f"it divides by {base}, which may be zero")
        if not exponent.is_Integer and not self.excluded(("<", base), known):
            raise UnclearError(f"it takes a root of {base}, which may be negative")
        return sympy.expand(base**exponent)

    def _of_quotient(self, base: sympy.Expr, exponent: sympy.Expr, value: sympy.Expr, known: Known) -> Known:
        """What is known, and that one over a number has its sign."""
        if exponent != -1 or is_special(base) or not value.free_symbols:
            return known
        sign = ">" if self.excluded(("<", base), known) else "<" if self.excluded((">", base), known) else None
        added = constraint(sign, value, _ZERO) if sign else None
        return known if added is None or added in known else (*known, added)

    def _unknown_power(self, base: sympy.Expr, exponent: sympy.Expr, known: Known) -> sympy.Expr:
        if is_special(base) or is_special(exponent):
            raise UnclearError(f"{base}**{exponent} is not known where one of them is not finite")
        counts = self.assumptions.assume(exponent).is_integer and self.excluded(("<", exponent), known)
        if not counts and not self.excluded(("<=", base), known):
            raise UnclearError(f"{base}**{exponent} may have no value")
        return sympy.expand(base**exponent)

    def _function(self, expr: sympy.Expr, arguments: list, known: Known) -> sympy.Expr:
        first = arguments[0]
        if any(map(is_special, arguments)):
            match expr:
                case sympy.Abs():
                    return NAN if first == NAN else sympy.oo
                case sympy.sign() if first != NAN:
                    return sympy.Integer(1 if first == sympy.oo else -1)
            row = functions.find(expr)
            if isinstance(row, Function) and row.slope is not None:
                if first == NAN:
                    return NAN
                found = row.exact(math.inf if first == sympy.oo else -math.inf)
                if not math.isnan(found):
                    return sympy.sympify(found) if isinstance(found, Fraction) else first
            raise UnclearError(f"{expr} is not known where it is not of finite numbers")
        for value, sign in functions.asked(expr):
            if not self.excluded((_OPPOSITE[sign], value), known):
                raise UnclearError(f"{expr} has a value only where {value} {sign} 0, which may not be so")
        return sympy.expand(expr.func(*arguments))

    def excluded(self, condition: tuple[str, sympy.Expr], known: Known) -> bool:
        """Whether `expr relation 0` cannot be."""
        relation, expr = condition
        return self.contradicts(known, constraint(relation, expr, _ZERO))

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
        if left.is_Rational and right.is_Rational:
            yield bool(COMPARISONS[relation](left, right)), known
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
            elif not self.contradicts(known, added):
                taken = True
                yield holds, known if added in known else (*known, added)

    def assuming(self, conditions: Sequence[sympy.Basic], given: Values, known: Known) -> Iterator[Known]:
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


def _related(known: Known, added: Constraint) -> Iterator[Constraint]:
    """What is known that shares symbols with `added`, also through others."""
    names, rest = set(_names(added.expr)), [(c, _names(c.expr)) for c in known]
    while found := [(c, own) for c, own in rest if not names.isdisjoint(own)]:
        yield from (c for c, _ in found)
        rest = [(c, own) for c, own in rest if names.isdisjoint(own)]
        names = names.union(*(own for _, own in found))


@lru_cache(maxsize=100_000)
def _names(expr: sympy.Expr) -> frozenset[str]:
    return frozenset(s.name for s in expr.free_symbols)


@cache
def _parts(condition: sympy.Basic) -> tuple[sympy.Basic, ...]:
    """What an and or an or is made of, comparisons first, in an order that does not depend on the run."""
    return tuple(sorted(condition.args, key=lambda c: (not isinstance(c, Relational), sympy.default_sort_key(c))))


def _true(c: Constraint) -> bool:
    return bool({">": c.expr > 0, ">=": c.expr >= 0, "==": c.expr == 0}[c.sign])
