"""The first step, exactly, and what is known of the denominators: their sign, a lower bound, whether they can fall."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import sympy

from codegen import reference
from codegen.claims.rules import Descends
from codegen.derive import inlined, transition
from codegen.invariants import Invariants, invariants
from codegen.neat import neat
from codegen.prove.base import (
    ONE,
    Speller,
    denominators,
    domains_of,
    has_arrays,
    nonzero_denominators,
    prove_claim,
    search,
    setting,
    substitute,
)
from codegen.result import PROVED, REFUTED, UNDECIDED, Result
from codegen.spec import New, Optimizer, new
from codegen.tactics import Facts, decide, differ, known_sign, nonnegative, shown


def first_step(rule: Optimizer) -> Result:
    """What the first step adds to `w`, in the shortest form that is found and proved equal."""
    facts, spell = Facts.of(rule), Speller(rule)
    own = transition(rule)
    w = next(s for s in own if s.name == "w")
    moved = substitute(own[w].xreplace(dict(rule.state)), {"t": ONE}) - w
    assumed = facts.assume(moved)
    inner = {r: neat(r.base) ** r.exp for r in assumed.atoms(sympy.Pow) if r.exp.is_Rational and r.exp.q == 2}
    short = neat(assumed.xreplace(inner))
    verdict = decide(moved, short, facts)
    short = short if verdict.status == PROVED else moved
    nonzero = nonzero_denominators([short], facts)
    assumptions = (*nonzero, *domains_of(rule, short))
    return Result(
        "", "first step", PROVED, f"w[1] - w[0] = {spell(short)}", verdict.method or "substitution", assumptions
    )


def descent(rule: Optimizer) -> Result:
    """Whether the first step goes down, from whatever weight."""
    (result,) = prove_claim(Descends(), rule)
    if result.status != UNDECIDED:
        return result
    facts, own = Facts.of(rule), transition(rule)
    w = next(s for s in own if s.name == "w")
    moved = facts.assume(substitute(own[w].xreplace(dict(rule.state)), {"t": ONE}) - w)

    # the sign of a product is that of the factors whose sign is not known
    def shorter(of: sympy.Expr) -> sympy.Expr:
        kept, sign = ONE, 1
        for factor in sympy.Mul.make_args(sympy.factor(of)):
            known = known_sign(factor)
            if known is not None and (facts.nonzero(factor) or facts.nonzero(-factor)):
                sign *= known
            else:
                kept *= factor
        return sign * sympy.sign(kept)

    unknown = moved.replace(sympy.sign, shorter)
    if nonnegative(sympy.expand(-unknown * facts.symbol("g"))):
        return replace(result, status=PROVED, method="signs", assumptions=domains_of(rule, moved), reason="")
    return result


def denominators_of(rule: Optimizer) -> Iterator[Result]:
    """The sign of each denominator that depends on the element, and whether it never falls."""
    found: dict[sympy.Expr, str] = {}
    for step in rule.steps:
        for d in denominators([step.value]):
            if has_arrays(d):
                found.setdefault(d, step.target.name)
    held = invariants(rule) if found else None
    for d in found:
        yield _sign_of(rule, d, held)
        yield _monotone(rule, d, held)


def _over_new(rule: Optimizer, d: sympy.Expr) -> sympy.Expr:
    keep = frozenset(new(s) for s in rule.state)
    return d.xreplace({t: v for t, v in inlined(rule, keep).items() if t not in keep})


def _sign_of(rule: Optimizer, d: sympy.Expr, invariant: Invariants) -> Result:
    facts, spell = invariant.facts(Facts.of(rule)), Speller(rule)
    value = facts.assume(_over_new(rule, d))
    text, label = spell(d), f"denominator {spell(d)}"
    held = tuple(f"{n} >= 0 by induction" for n in invariant.nonnegative)
    if nonnegative(value):
        least = _least(rule, value, facts)
        statement = f"{text} >= {least}"
        positive = (
            "" if least == "0" else f", so that it is positive if {least.removeprefix('sqrt(').removesuffix(')')} is"
        )
        return Result("", label, PROVED, statement + positive, "signs", (*domains_of(rule, d), *held))

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        for values in reference.run(rule, gradients, lambda t: hyper, w=1):
            if (at := _value(d, values, rule)) < 0:
                return {**setting(hyper, gradients, values["t"]), text: shown(at)}
        return None

    if trace := search(rule, disagree):
        return Result("", label, REFUTED, f"{text} >= 0", "simulation", counterexample=trace)
    return Result("", label, UNDECIDED, f"{text} >= 0", reason="no tactic shows its sign, and no trace refutes it")


def _least(rule: Optimizer, value: sympy.Expr, facts: Facts) -> str:
    """A hyperparameter, or the root of one, below which `value` does not fall; else 0."""
    for h in rule.hypers:
        symbol = facts.symbol(h.name)
        if symbol in value.free_symbols and symbol.is_nonnegative:
            if nonnegative(value - symbol):
                return h.name
            if value.is_Pow and value.exp == sympy.Rational(1, 2) and nonnegative(value.base - symbol):
                return f"sqrt({h.name})"
    return "0"


def _value(d: sympy.Expr, values: Mapping, rule: Optimizer) -> object:
    return reference.evaluate(d, {**values, **{f"{s.name}_new": values[s.name] for s in rule.state}})


def _monotone(rule: Optimizer, d: sympy.Expr, invariant: Invariants) -> Result:
    """It never falls if it is built from what never falls, by what does not turn the order around."""
    facts, text = invariant.facts(Facts.of(rule)), Speller(rule)(d)
    label, statement = f"monotone {text}", f"{text} never falls from step to step"
    own = transition(rule)
    rising = {
        s.name
        for s in rule.state
        for v in [own[next(k for k in own if k.name == s.name)]]
        if nonnegative(facts.assume(v - s))
    }
    if _rises(_over_new(rule, d), rising, facts):
        return Result("", label, PROVED, statement, "signs", (*domains_of(rule, d), "hyperparameters constant"))

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        run = reference.run(rule, gradients, lambda t: hyper, w=1)
        for before, after in itertools.pairwise(run):
            one, two = _value(d, before, rule), _value(d, after, rule)
            if two < one and differ(one, two):
                t = after["t"]
                return {**setting(hyper, gradients, t), f"at t = {t - 1}": shown(one), f"at t = {t}": shown(two)}
        return None

    if trace := search(rule, disagree):
        return Result("", label, REFUTED, statement, "simulation", counterexample=trace)
    return Result("", label, UNDECIDED, statement, reason="no tactic shows it, and no trace refutes it")


def _rises(expr: sympy.Expr, rising: set[str], facts: Facts) -> bool:
    """Whether `expr` is non-decreasing in t."""
    symbols = {s for s in expr.free_symbols if s.name == "t" or has_arrays(s) or isinstance(s, New)}
    if not symbols:
        return True
    match expr:
        case sympy.Symbol():
            return expr.name.removesuffix("_new") in rising
        case sympy.Add() | sympy.Max() | sympy.Min():
            return all(_rises(term, rising, facts) for term in expr.args)
        case sympy.Mul():
            fixed = [f for f in expr.args if not (f.free_symbols & symbols)]
            return (
                len(expr.args) - len(fixed) == 1
                and all(nonnegative(facts.assume(f)) for f in fixed)
                and all(_rises(f, rising, facts) for f in expr.args)
            )
        case sympy.Pow(base=base, exp=exponent):
            return exponent.is_positive is True and nonnegative(facts.assume(base)) and _rises(base, rising, facts)
    return False
