"""The first step, exactly, and what is known of the denominators: their sign, a lower bound, whether they can fall."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.shorten import shorten
from ..algebra.tactics import decide
from ..analysis.derive import inlined, transition
from ..analysis.invariants import invariants, rises
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, denominators, has_arrays, key_named, prove_claim
from ..analysis.traces import Found, Trace, negative, search
from ..claims.moves import Descends
from ..prove.moves import first_move
from ..prove.properties import undefined
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.rules import Optimizer
from ..spec.symbols import new
from ..statement import Holds, Statement, Steps, T, after, at


def first_step(rule: Optimizer) -> Result:
    """What the first step adds to `w`, in the shortest form that is found and proved equal."""
    assumed, moved = Premises(rule, steps=Steps.FIRST), first_move(rule)
    assumptions, w = assumed.assumptions, key_named(transition(rule), "w")
    given = assumptions.assume(moved)
    inner = {r: shorten(r.base) ** r.exp for r in given.atoms(sympy.Pow) if r.exp.is_Rational and r.exp.q == 2}
    short = shorten(given.xreplace(inner))
    verdict = decide(moved, short, assumptions)
    found = short if verdict.status == PROVED else moved
    # in the symbols of the rule, which know their roles
    own = {s.name: s for e in (*inlined(rule).values(), *rule.state.values()) for s in e.free_symbols}
    found = found.xreplace({s: own[s.name] for s in found.free_symbols if s.name in own})
    assumed.defined(w, found)
    statement = assumed.statement(Holds(after(w, ONE) - after(w, ZERO), "=", found))
    none = undefined("first step", statement)
    return none or Outcome(PROVED, verdict.method or "substitution").of("first step", statement)


def descent(rule: Optimizer) -> Result:
    """Whether the first step goes down, from whatever weight."""
    (result,) = prove_claim(Descends(), rule)
    return result


def denominators_of(rule: Optimizer) -> Iterator[Result]:
    """The sign of each denominator that depends on the element, and whether it never falls."""
    found: dict[sympy.Expr, None] = {}
    for step in rule.steps:
        for d in denominators([step.value]):
            if has_arrays(d):
                found.setdefault(d)
    for d in found:
        yield _sign_of(rule, d)
        yield _monotone(rule, d)


def _sign_of(rule: Optimizer, d: sympy.Expr) -> Result:
    assumed, held = Premises(rule), invariants(rule)
    assumptions = held.assumptions(assumed.assumptions)
    keep = frozenset(new(s) for s in rule.state)
    over_new = d.xreplace({t: v for t, v in inlined(rule, keep).items() if t not in keep})
    value = assumptions.assume(over_new)
    label = f"denominator {Formatter(rule)(d)}"
    assumed.defined(d)
    if nonnegative(value):
        least = _least(rule, value, assumptions)
        inner = least.base if isinstance(least, sympy.Pow) else least
        so = "" if least == 0 else f"so that it is positive if {inner} is"
        statement = assumed.statement(Holds(at(d, T), ">=", least, so=so))
        return Outcome(PROVED, "signs").of(label, statement)
    statement = assumed.statement(Holds(at(d, T), ">=", ZERO))
    return _searched(label, statement, negative(d, Formatter(rule)(d)), "no tactic shows its sign")


def _searched(label: str, statement: Statement, broken: Callable[[Trace], Found | None], reason: str) -> Result:
    if trace := search(statement, broken):
        return Outcome(REFUTED, "simulation", counterexample=trace).of(label, statement)
    return Outcome(UNDECIDED, reason=f"{reason}, and no trace refutes it").of(label, statement)


def _least(rule: Optimizer, value: sympy.Expr, assumptions: Assumptions) -> sympy.Expr:
    """A hyperparameter, or the root of one, below which `value` does not fall; else 0."""
    for h in rule.hypers:
        symbol = assumptions.symbol(h.name)
        if symbol in value.free_symbols and symbol.is_nonnegative:
            if nonnegative(value - symbol):
                return h
            if value.is_Pow and value.exp == sympy.Rational(1, 2) and nonnegative(value.base - symbol):
                return sympy.sqrt(h)
    return ZERO


def _monotone(rule: Optimizer, d: sympy.Expr) -> Result:
    """It never falls if it is built from what never falls, by what does not turn the order around."""
    label, assumed = f"monotone {Formatter(rule)(d)}", Premises(rule)
    assumed.defined(d)
    used = rises(rule, d)
    assumed.constant(*(used or ()))
    statement = assumed.statement(Holds(at(d, T), ">=", at(d, T - 1), where=sympy.Gt(T, 1), so="it never falls"))
    if used is not None:
        return Outcome(PROVED, "signs").of(label, statement)
    of = exact.function(d)

    def broken(trace: Trace) -> Found | None:
        values = [(t, of(row)) for t, row in enumerate(trace.rows, start=1)]
        for (s, one), (t, two) in itertools.pairwise(values):
            if two < one:
                return {**trace.told(t), f"at t = {s}": exact.decimal(one), f"at t = {t}": exact.decimal(two)}
        return None

    return _searched(label, statement, broken, "no tactic shows it")
