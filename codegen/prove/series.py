"""Geometric series: what a linear recurrence sums, proved by induction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import sympy

from codegen import reference
from codegen.claims.rules import MaxSeries, Series
from codegen.derive import by_name, inlined, transition
from codegen.prove.base import (
    ZERO,
    Proof,
    Speller,
    T,
    decay_factor,
    domains_of,
    has_arrays,
    indexed,
    prove_claim,
    search,
    setting,
    symbol_in,
)
from codegen.result import PROVED, UNDECIDED, Line, Result
from codegen.spec import Optimizer
from codegen.tactics import NON_NEGATIVE, Facts, Verdict, differ, nonnegative, shown


@prove_claim.register
def _(claim: Series, rule: Optimizer) -> Iterator[Result]:
    facts = Facts.of(rule).also(age=NON_NEGATIVE)
    s, d, c, x = claim.state.name, claim.decay, claim.weight, _input(claim, rule)
    spell = Speller(rule)
    closed = f"{_power(spell(d), 't')}{s}[0] {_weighted(spell(c), d, spell, indexed(claim.of, rule, 'i'))}"
    statement = f"{s}[t] = {closed}"
    constant = tuple(f"{name} constant" for name in sorted(n.name for n in d.free_symbols | c.free_symbols))
    assumptions = (*constant, *domains_of(rule, d, c, claim.of))

    proof = Proof(facts)
    start, past = sympy.Symbol(f"{s}_0", real=True), sympy.Symbol("S", real=True)
    # a step that the claim names stays a symbol, whatever goes into it
    new = next(v for target, v in inlined(rule, keep=_named(claim)).items() if target.name == f"{s}_new")
    old = symbol_in(new, s)
    if old in x.free_symbols or has_arrays(d) or has_arrays(c) or T in d.free_symbols | c.free_symbols:
        reason = f"{s} is no geometric series of {spell(claim.of)}: decay and weight have to be constants"
        yield Result("", claim.label, UNDECIDED, statement, reason=reason)
        return
    proof.given(f"let S[t] = sum({decay_factor(spell(d))}{indexed(claim.of, rule, 'i')}, i=1..t)", "definition")
    age = sympy.Symbol("age", real=True)  # t - i
    proof.equal(
        d ** (age + 1),
        d * d**age,
        f"S[t+1] = {_times(spell(d))}S[t] + {indexed(claim.of, rule, 't+1')}",
        f"each past term gains a factor {spell(d)}, and the term i = t+1 has {spell(d)}**0 = 1",
    )
    proof.equal(d**0 * start + c * 0, start, f"t = 0: {s}[0] = {s}[0]", "base case: the sum is empty")
    after = T + 1
    proof.equal(
        new.xreplace({old: d**T * start + c * past, T: after}),
        d**after * start + c * (d * past + x.xreplace({T: after})),
        f"t -> t+1: {spell(new)} with {s} = {s}[t] is {s}[t+1]",
        "induction step",
    )
    yield proof.result(claim.label, statement, "induction", assumptions, lambda: _series_trace(claim, rule))
    if claim.name == "ema" and proof.failed is None:
        yield _weights(claim, rule, facts, assumptions)


def _weights(claim: Series, rule: Optimizer, facts: Facts, assumptions: tuple[str, ...]) -> Result:
    """The weights of an average sum to `1 - decay**t`."""
    d, c, spell = claim.decay, claim.weight, Speller(rule)
    proof = Proof(facts)
    proof.given(f"W[t] = sum({decay_factor(spell(d))}({spell(c)}), i=1..t)", "definition")
    proof.equal(c * 0, 1 - d**0, "t = 0: W[0] = 0 = 1 - 1", "base case")
    proof.equal(
        d * (1 - d**T) + c,
        1 - d ** (T + 1),
        f"t -> t+1: {spell(d)} * W[t] + {spell(c)} = 1 - {spell(d)}**(t+1)",
        "induction step",
    )
    statement = f"the weights of {claim.state}[t] sum to 1 - {spell(d)}**t"
    return proof.result(f"weights {claim.state}", statement, "induction", assumptions, lambda: None)


def _input(claim: Series | MaxSeries, rule: Optimizer) -> sympy.Expr:
    """What is summed, in terms of what is there before the step and of the steps that the claim names."""
    keep = _named(claim)
    return claim.of.xreplace({t: v for t, v in inlined(rule, keep=keep).items() if t not in keep})


def _named(claim: Series | MaxSeries) -> frozenset[sympy.Symbol]:
    return frozenset(claim.of.free_symbols)


def _series_trace(claim: Series, rule: Optimizer) -> dict[str, str] | None:
    """Simple numbers for which the state is not the claimed sum."""

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        # from 1, so that a wrong factor of the initial state shows, too
        state = {symbol.name: Fraction(1) for symbol in rule.state}
        trace = reference.run(rule, gradients, lambda t: hyper, w=1, state=state)
        total = reference.number(0)
        for values in trace:
            decay = reference.evaluate(claim.decay, values)
            total = decay * total + reference.evaluate(claim.of, _before(values, trace, rule))
            claimed = decay ** values["t"] + reference.evaluate(claim.weight, values) * total
            if differ(values[claim.state.name], claimed):
                return {
                    **setting(hyper, gradients, values["t"]),
                    f"{claim.state}[0]": "1",
                    f"{claim.state}[{values['t']}]": shown(values[claim.state.name]),
                    "claimed": shown(claimed),
                }
        return None

    return search(rule, disagree)


def _before(values: Mapping, trace: list[dict], rule: Optimizer) -> dict:
    """The values of a step with the states as they were before it."""
    t = values["t"]
    names = [*(s.name for s in rule.state), "w"]
    old = {name: trace[t - 2][name] for name in names} if t > 1 else dict.fromkeys(names, reference.number(1))
    return {**values, **old}


def _power(base: str, exponent: str) -> str:
    return "" if base == "1" else f"{base}**{exponent} * "


def _times(factor: str) -> str:
    return "" if factor == "1" else f"{factor} * "


def _weighted(weight: str, decay: sympy.Expr, spell: Speller, of: str) -> str:
    total = f"sum({decay_factor(spell(decay))}{of}, i=1..t)"
    if weight == "1":
        return f"+ {total}"
    if weight == "-1":
        return f"- {total}"
    return f"+ ({weight}) * {total}"


# The maximum in place of the sum.


@prove_claim.register
def _(claim: MaxSeries, rule: Optimizer) -> Iterator[Result]:
    facts, spell = Facts.of(rule).also(M=NON_NEGATIVE, age=NON_NEGATIVE), Speller(rule)
    s, d = claim.state.name, claim.decay
    terms = f"{decay_factor(spell(d))}{indexed(claim.of, rule, 'i')}"
    statement = f"{s}[t] = max({terms}, i=1..t)"
    new, x = by_name(transition(rule))[s], _input(claim, rule)
    past, age = sympy.Symbol("M", real=True), sympy.Symbol("age", real=True)
    start = next(v for state, v in rule.state.items() if state.name == s)

    proof = Proof(facts)
    proof.given(f"let M[t] = max({terms}, i=1..t) and M[0] = 0; M[t] >= 0", "definition")
    proof.equal(start, ZERO, f"t = 0: {s}[0] = 0", "base case")
    proof.equal(
        d ** (age + 1),
        d * d**age,
        f"M[t+1] = max({spell(d)} * M[t], {indexed(claim.of, rule, 't+1')})",
        f"{spell(d)} >= 0 moves into the maximum, and the term i = t+1 has {spell(d)}**0 = 1",
    )
    proof.equal(
        new.xreplace({symbol_in(new, s): past}),
        sympy.Max(d * past, x),
        f"t -> t+1: {s}[t+1] = M[t+1]",
        "induction step",
    )
    if not (nonnegative(facts.assume(x)) and nonnegative(facts.assume(d))):
        reason = f"{spell(claim.of)} and {spell(d)} are not known to be non-negative"
        proof.failed = proof.failed or Verdict(UNDECIDED, reason=reason)
    assumptions = (*(f"{n} constant" for n in sorted(map(str, d.free_symbols))), *domains_of(rule, d))

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        largest = reference.number(0)
        for values in reference.run(rule, gradients, lambda t: hyper):
            largest = max(reference.evaluate(d, values) * largest, reference.evaluate(claim.of, values))
            if differ(values[s], largest):
                return {**setting(hyper, gradients, values["t"]), s: shown(values[s]), "claimed": shown(largest)}
        return None

    yield proof.result(claim.label, statement, "induction", assumptions, lambda: search(rule, disagree))
    if proof.failed is None:
        yield _p_norm(claim, terms)


def _p_norm(claim: MaxSeries, terms: str) -> Result:
    """A maximum of t non-negative terms is the limit of their p-norms: M**p <= sum <= t * M**p."""
    t, p = sympy.Symbol("t", positive=True), sympy.Symbol("p", positive=True)
    limit = sympy.limit(t ** (1 / p), p, sympy.oo)
    norm = f"sum(({terms})**p, i=1..t)**(1/p)"
    lines = (
        Line(f"M = max({terms}, i=1..t)", "definition"),
        Line(f"M <= {norm} <= t**(1/p) * M", "the sum has the largest term in it, and at most t of its size"),
        Line(f"t**(1/p) -> {limit} as p -> oo", "limit"),
    )
    status = PROVED if limit == 1 else UNDECIDED
    statement = f"{claim.state}[t] is the limit of {norm} as p -> oo"
    return Result("", f"p-norm {claim.state}", status, statement, "squeeze, limit", derivation=lines)
