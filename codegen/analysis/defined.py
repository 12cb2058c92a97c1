"""Where the steps of a rule have values: what suffices for each of their demands.

A demand is shown from the domains and from what holds of the states after every step; else from a condition, the
simplest that suffices.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache, reduce

import sympy
from sympy.core.relational import Relational

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.inequalities import Constraint, constraint, impossible
from ..algebra.intervals import interval
from ..algebra.tactics import decide
from ..result import PROVED
from ..spec.domain import ANY, NON_NEGATIVE, POSITIVE, Domain, high, low, point, within
from ..spec.rules import Optimizer
from ..spec.symbols import GRADIENT, PARAMETER, STEP, Hyper, New, new
from .demands import Demand, asked, domain_of, stripped
from .derive import inlined, needed, transition
from .invariants import invariants
from .proof import ZERO

_MOST = 2  # conditions on hyperparameters that are tried together


def conditions(
    rule: Optimizer,
    *expressions: sympy.Expr,
    gradients: str = "any",
    steps: str = "all",
    at: Mapping[str, sympy.Expr] | None = None,
) -> tuple[sympy.Basic, ...]:
    """Comparisons under which every step that `expressions` depend on, or every step, has a value; `false` if none has.

    The expressions have to have values themselves. `gradients` may be "zero", for runs in which all are, and `steps`
    "first"; `at` fixes hyperparameters. A condition is to hold at every step.
    Most are about hyperparameters; one that speaks of anything else is what is left of a demand that nothing meets.
    """
    names = needed(rule, frozenset(s.name for e in expressions for s in e.free_symbols)) if expressions else None
    placed = _with_values(rule, tuple(sorted((at or {}).items())))
    return _conditions(placed, names, tuple(expressions), gradients == "zero", steps == "first")


def ranges(rule: Optimizer, held: tuple[sympy.Basic, ...] = ()) -> tuple[Mapping[str, Domain], Mapping[str, str]]:
    """Where what a rule computes and keeps lies, by name, where the conditions `held` hold, as its demands need it.

    With it the states that are at least the square of another, each with that.
    """
    prover = _Prover(rule, zero=False, first=False, held=held)
    plain = prover.known(helped=False)
    if all(_holds(d, plain) or any(_never(guard, plain) for guard in d.guards) for d in asked(rule)):
        return plain, {}
    return prover.known(helped=True), invariants(rule).above_square


@lru_cache(256)
def _with_values(rule: Optimizer, at: tuple[tuple[str, sympy.Expr], ...]) -> Optimizer:
    """The rule with hyperparameters fixed."""
    if not at:
        return rule
    known = {h: value for h in rule.hypers for name, value in at if h.name == name}
    steps = tuple(replace(step, value=step.value.xreplace(known)) for step in rule.steps)
    return replace(rule, steps=steps, state={s: v.xreplace(known) for s, v in rule.state.items()}, claims=())


@lru_cache(256)
def resting(rule: Optimizer) -> Mapping[sympy.Symbol, sympy.Expr]:
    """The states, and `w`, that zero gradients leave where they start, of those that start at 0 or at `w`."""
    assumptions = Assumptions.of(rule)
    stepped = {s: without_gradient(v) for s, v in transition(rule).items()}
    w = next((s for s in stepped if s.name == PARAMETER), None)
    still = {s: v for s, v in rule.state.items() if v == 0 or (w is not None and v == w)}
    still |= {w: w} if w is not None else {}

    def stays(state: sympy.Symbol) -> bool:
        after = put_in(stepped[state], still)
        return not after.has(sympy.nan, sympy.zoo) and decide(after, still[state], assumptions).status == PROVED

    while moving := [s for s in still if not stays(s)]:
        still = {s: v for s, v in still.items() if s not in moving}
    return still


def without_gradient(expr: sympy.Expr) -> sympy.Expr:
    """`expr` at g = 0."""
    return expr.xreplace({s: ZERO for s in expr.free_symbols if s.name == GRADIENT})


def put_in(expr: sympy.Basic, values: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Basic:
    """`expr` with `values` in it. Of a choice that they settle nothing else is looked at, which may have no value."""
    if not expr.args:
        return values.get(expr, expr)
    if isinstance(expr, sympy.Piecewise):
        pairs: list[tuple[sympy.Basic, sympy.Basic]] = []
        for value, condition in expr.args:
            held = put_in(condition, values)
            if held is sympy.nan:
                return sympy.nan
            if held == sympy.true and not pairs:
                return put_in(value, values)
            if held != sympy.false:
                pairs.append((put_in(value, values), held))
            if held == sympy.true:
                break
        return sympy.Piecewise(*pairs) if pairs else sympy.nan
    parts = [put_in(part, values) for part in expr.args]
    if sympy.nan in parts or sympy.zoo in parts:  # SymPy makes no maximum and no comparison of it
        return sympy.nan
    return expr if all(a is b for a, b in zip(parts, expr.args, strict=True)) else expr.func(*parts)


@lru_cache(1024)
def _conditions(
    rule: Optimizer, names: frozenset[str] | None, expressions: tuple[sympy.Expr, ...], zero: bool, first: bool
) -> tuple[sympy.Basic, ...]:
    prover = _Prover(rule, zero, first)
    found: dict[sympy.Basic, None] = {}
    for demand in asked(rule, names, expressions):
        if not prover.under(tuple(found)).shows(demand):
            found.update(dict.fromkeys(_sufficient(prover, demand, tuple(found))))
    return (sympy.false,) if sympy.false in found else tuple(c for c in found if c != sympy.true)


def _sufficient(prover: _Prover, demand: Demand, before: tuple[sympy.Basic, ...]) -> Iterator[sympy.Basic]:
    """The simplest conditions under which `demand` is met, beside those `before`."""
    hypers = dict.fromkeys([*_own(demand.value), *prover.hypers_behind(demand.value)])
    options = [c for h in hypers for c in _open_ends(h)]
    options += [c for c in prover.starts if c not in options]
    for count in range(1, _MOST + 1):
        for chosen in itertools.combinations(options, count):
            if prover.under((*before, *chosen)).shows(demand):
                yield from chosen
                return
    yield from prover.left_of(demand)


def _own(expr: sympy.Expr) -> list[Hyper]:
    """The hyperparameters that stand in `expr`, those that are added to something first."""
    hypers = sorted((s for s in expr.free_symbols if isinstance(s, Hyper)), key=lambda s: s.name)
    added = {s for part in expr.atoms(sympy.Add) for s in part.args}
    return sorted(hypers, key=lambda h: h not in added)


def _open_ends(hyper: Hyper) -> Iterator[sympy.Basic]:
    """That a hyperparameter is not at a closed end of its domain."""
    allowed = domain_of(hyper)
    if allowed.integer:
        return
    if allowed.low_closed:
        yield sympy.Ne(hyper, 0) if allowed.low == 0 else sympy.Gt(hyper, sympy.Rational(allowed.low))
    if allowed.high_closed:
        yield sympy.Ne(hyper, 0) if allowed.high == 0 else sympy.Lt(hyper, sympy.Rational(allowed.high))


class _Prover:
    """What is known of the values of a rule in a class of runs, under conditions on its hyperparameters."""

    def __init__(self, rule: Optimizer, zero: bool, first: bool, held: tuple[sympy.Basic, ...] = ()) -> None:
        self.rule, self.zero, self.first, self.held = rule, zero, first, held
        self._under: dict[tuple, _Prover] = {}
        self._known: dict[bool, dict[str, Domain]] = {}

    def under(self, held: tuple[sympy.Basic, ...]) -> _Prover:
        """The same with these conditions."""
        key = tuple(c for c in held if c not in (sympy.true, sympy.false))
        if key == self.held:
            return self
        if key not in self._under:
            self._under[key] = _Prover(self.rule, self.zero, self.first, key)
        return self._under[key]

    @property
    def starts(self) -> list[sympy.Basic]:
        """That states do not start below zero, where that depends on hyperparameters."""
        known = self.known(helped=False)
        values = [v for v in self.rule.state.values() if v.free_symbols and v.free_symbols <= {*self.rule.hypers}]
        return [_solved(v) for v in values if not interval(v, known).nonnegative]

    def hypers_behind(self, expr: sympy.Expr) -> list[Hyper]:
        """The hyperparameters on which `expr` depends, within a step and through the states."""
        names, pending = set(), [s.name for s in expr.free_symbols]
        values = {step.target.name: step.value for step in self.rule.steps}
        values |= {f"{s.name}": v for s, v in self.rule.state.items()}
        while pending:
            name = pending.pop()
            if name not in names:
                names.add(name)
                pending += [s.name for s in values[name].free_symbols] if name in values else []
        return [h for h in self.rule.hypers if h.name in names]

    def known(self, helped: bool) -> dict[str, Domain]:
        """Where each name lies; `helped` by what tactics know of the rule."""
        if helped not in self._known:
            self._known[helped] = _known(self.rule, self.held, self.zero, self.first, helped)
        return self._known[helped]

    def shows(self, demand: Demand) -> bool:
        """Whether the demand is met in all runs."""
        for helped in (False, True):
            known = self.known(helped)
            if any(_never(guard, known) for guard in demand.guards):
                return True
            if helped:
                demand = replace(demand, value=_above_squares(self.rule, demand.value))
            if _holds(demand, known) or self._follows(demand, known):
                return True
        return False

    def left_of(self, demand: Demand) -> Iterator[sympy.Basic]:
        """The demand as a condition, without what is known to be met."""
        known = self.known(helped=True)
        value = without_gradient(demand.value) if self.zero else demand.value
        found = interval(demand.value, known)
        if found.low == found.high == 0 and demand.sign != ">=":
            yield sympy.false if not demand.guards else Demand(value, demand.sign).condition
        elif demand.sign != "!=":
            yield Demand(value, demand.sign).condition
        else:
            for factor in sympy.Mul.make_args(sympy.factor_terms(value)):
                if not _holds(Demand(factor, "!=", demand.guards), known):
                    yield sympy.Ne(stripped(factor), 0)

    def _follows(self, demand: Demand, known: Mapping[str, Domain]) -> bool:
        """Whether the opposite contradicts the guards of the branch, and how a value lies to another."""
        guards = tuple(g for g in demand.guards if isinstance(g, Relational))
        if not guards or demand.value.is_number:
            return False
        return _apart(self.rule, demand.value, demand.sign, guards, tuple(sorted(known.items())))


@lru_cache(1024)
def _apart(rule: Optimizer, value: sympy.Expr, sign: str, guards: tuple, known: tuple[tuple[str, Domain], ...]) -> bool:
    """Whether each factor of `value` has this sign where the guards hold."""
    if isinstance(value, sympy.Mul | sympy.Pow):
        parts = value.args if isinstance(value, sympy.Mul) else value.args[:1]
        if all(_holds(Demand(p, sign), dict(known)) or _apart(rule, p, sign, guards, known) for p in parts):
            return True
    if value.is_number:
        return False
    opposite = {"!=": sympy.Eq, ">": sympy.Le, ">=": sympy.Lt}[sign](value, 0)
    symbols = frozenset(s for e in (value, *guards) for s in e.free_symbols)
    return _excludes([*guards, *_lemmas(rule, symbols), opposite], Assumptions(dict(known)))


def _holds(demand: Demand, known: Mapping[str, Domain]) -> bool:
    """Whether the demand follows from where its value lies, or is what a guard says."""
    if demand.is_guarded:
        return True
    found = interval(demand.value, known)
    if demand.sign == "!=":
        return 0 not in found
    return found.positive if demand.sign == ">" else found.nonnegative


def _never(guard: sympy.Basic, known: Mapping[str, Domain]) -> bool:
    """Whether a branch is never taken."""
    if not isinstance(guard, Relational):
        return guard == sympy.false
    found = interval(guard.lhs - guard.rhs, known)
    (below, with_below), (above, with_above) = low(found), high(found)
    match guard.rel_op:
        case ">":
            return above <= 0
        case ">=":
            return above < 0 or (above == 0 and not with_above)
        case "<":
            return below >= 0
        case "<=":
            return below > 0 or (below == 0 and not with_below)
        case "==":
            return 0 not in found
    return below == above == 0


@lru_cache(2048)
def _known(rule: Optimizer, held: tuple[sympy.Basic, ...], zero: bool, first: bool, helped: bool) -> dict[str, Domain]:
    """Intervals of all names: of states what the start has and every step keeps."""
    given = {**_narrowed(Assumptions.of(rule), held).domains}
    given[STEP] = point(Fraction(1)) if first else Domain(low=Fraction(1), low_closed=True)
    if zero:
        given[GRADIENT] = point(Fraction(0))
    help_of = _from_tactics(rule) if helped else {}
    starts = {s.name: interval(v, given) for s, v in rule.state.items()}
    numbers = {s.name: Fraction(v) for s, v in rule.state.items() if v.is_Rational}
    if first:
        return _step(rule, help_of | given | starts, help_of)
    kept = {n: [b for b in _bounds(n, numbers) if b.covers(d)] for n, d in starts.items()}
    while True:
        states = {n: reduce(within, bounds, help_of.get(n, ANY)) for n, bounds in kept.items()}
        found = _step(rule, help_of | given | states, help_of)
        still = {n: [b for b in bounds if b.covers(found.get(f"{n}_new", ANY))] for n, bounds in kept.items()}
        if still == kept:
            return found
        kept = still


def _bounds(name: str, numbers: Mapping[str, Fraction]) -> list[Domain]:
    """What may be kept of a state: that it lies on one side of 0, 1 or where it starts."""
    one = Fraction(1)
    found = [NON_NEGATIVE, POSITIVE, Domain(high=Fraction(0), high_closed=True), Domain(high=one, high_closed=True)]
    found += [Domain(high=one), Domain(low=one, low_closed=True)]
    if name in numbers:
        start = numbers[name]
        found += [Domain(low=start, low_closed=True), Domain(high=start, high_closed=True)]
    return found


def _step(rule: Optimizer, known: Mapping[str, Domain], help_of: Mapping[str, Domain]) -> dict[str, Domain]:
    """`known` with where each step of the rule leads."""
    found = dict(known)
    for step in rule.steps:
        name, value = step.target.name, interval(step.value, found)
        found[name] = within(value, help_of[name]) if name in help_of else value
    return found


@lru_cache(256)
def _from_tactics(rule: Optimizer) -> dict[str, Domain]:
    """The states and values that tactics show to be at least zero, and intervals do not."""
    held = invariants(rule)
    assumptions = held.assumptions(Assumptions.of(rule))
    keep = frozenset(new(s) for s in rule.state)
    over_new = inlined(rule, keep)
    found = dict.fromkeys(held.nonnegative, NON_NEGATIVE)
    found |= {f"{n}_new": NON_NEGATIVE for n in held.nonnegative}
    if held.above_square:
        found |= {_above(f"{n}{end}"): NON_NEGATIVE for n in held.above_square for end in ("", "_new")}
        for target, value in over_new.items():
            if target not in keep and held.nonnegative_value(assumptions.assume(value), assumptions):
                found[target.name] = NON_NEGATIVE
    return found


def _above(name: str) -> str:
    """The name of what a state has above the square of another."""
    return f"{name} above"


def _above_squares(rule: Optimizer, expr: sympy.Expr) -> sympy.Expr:
    """`expr` with each state that is at least a square as that square and the rest."""
    squares = invariants(rule).above_square
    found = {}
    for symbol in (s for s in expr.free_symbols if s.name.removesuffix("_new") in squares):
        name = symbol.name.removesuffix("_new")
        other = next(s for s in rule.state if s.name == squares[name])
        square = (new(other) if isinstance(symbol, New) else other) ** 2
        found[symbol] = square + sympy.Symbol(_above(symbol.name), real=True)
    return expr.xreplace(found)


@lru_cache(1024)
def _lemmas(rule: Optimizer, symbols: frozenset[sympy.Symbol]) -> tuple[sympy.Basic, ...]:
    """How values of this step lie to others of them, as far as the sign of their difference is known."""
    assumptions, targets, found = Assumptions.of(rule), {step.target for step in rule.steps}, []
    for target in sorted(symbols & targets, key=lambda s: s.name):
        value = next(step.value for step in rule.steps if step.target == target)
        for other in sorted(value.free_symbols & targets, key=lambda s: s.name):
            apart = assumptions.assume(inlined(rule, frozenset({other}))[target] - other)
            if nonnegative(apart):
                found.append(sympy.Ge(target, other))
            elif nonnegative(-apart):
                found.append(sympy.Le(target, other))
    return tuple(found)


def _excludes(comparisons: list[sympy.Basic], assumptions: Assumptions) -> bool:
    """Whether the comparisons cannot all hold."""
    if sympy.false in comparisons:
        return True
    found: list[Constraint] = []
    for c in comparisons:
        if isinstance(c, Relational) and c.rel_op != "!=":
            found.append(constraint(c.rel_op, c.lhs, c.rhs))
    return impossible(found, assumptions)


def _narrowed(assumptions: Assumptions, held: tuple[sympy.Basic, ...]) -> Assumptions:
    """`assumptions` with the conditions that say of a hyperparameter that it is not at an end, or below a number."""
    for condition in held:
        hyper, bound = condition.args[:2]
        if not isinstance(hyper, Hyper) or not bound.is_Rational:
            continue
        allowed = assumptions.domains[hyper.name]
        if condition.rel_op in ("!=", ">") and allowed.low == bound:
            allowed = replace(allowed, low_closed=False)
        elif condition.rel_op == "<" and allowed.high == bound:
            allowed = replace(allowed, high_closed=False)
        elif condition.rel_op == "<=" and (allowed.high is None or allowed.high > bound):
            allowed = replace(allowed, high=Fraction(bound), high_closed=True)
        elif condition.rel_op == ">=" and (allowed.low is None or allowed.low < bound):
            allowed = replace(allowed, low=Fraction(bound), low_closed=True)
        assumptions = assumptions.also(**{hyper.name: allowed})
    return assumptions


def _solved(start: sympy.Expr) -> sympy.Basic:
    """That a start is at least zero, as a comparison of a hyperparameter with a number where it is one."""
    found = sympy.Ge(start, 0)
    symbols = sorted(start.free_symbols, key=lambda s: s.name)
    if len(symbols) == 1:
        slope = sympy.diff(start, symbols[0])
        if slope.is_Rational and slope != 0:
            bound = sympy.expand(symbols[0] - start / slope)
            return (sympy.Ge if slope > 0 else sympy.Le)(symbols[0], bound)
    return found
