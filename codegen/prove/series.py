"""Geometric series: what a linear recurrence sums, proved by induction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.points import differ, shown
from ..analysis.closed import held, start_of, unclocked
from ..analysis.derive import at_step, inlined, settled
from ..analysis.invariants import invariants
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, Proof, prove_claim, search, setting
from ..claims.states import MaxSeries, Series
from ..result import PROVED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import NON_NEGATIVE
from ..spec.rules import Optimizer
from ..spec.symbolic import Reduction
from ..spec.symbols import New, new
from ..statement import Holds, I, Start, T, after, at, past_max, past_sum, spelling
from ..statement.series import NormLimit, Weights

#: Symbols of the proofs, by names that no spec can have: start and past, the age of a term, the new input.
START, PAST, AGE, FED = (sympy.Symbol(name, real=True) for name in ("s[0]", "S[t]", "t - i", "x[t+1]"))


@prove_claim.register
def _(claim: Series, rule: Optimizer) -> Iterator[Result]:
    assumed = Premises(rule, start=start_of(rule, new(claim.state), claim.of))
    spell, s = Formatter(rule), claim.state
    d, c = (constant_or_itself(rule, part) for part in (claim.decay, claim.weight))
    total = past_sum(d ** (T - I) * at(claim.of, I))
    closed = Holds(after(s), "=", d**T * after(s, ZERO) + c * total)
    update, fed = _update(claim, rule)
    if reason := unsettled(rule, decay=d, weight=c) or unclocked(assumed, update, fed):
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, assumed.statement(closed))
        return
    d, c = held(assumed, d, c)
    assumed.defined(new(s), claim.of, d, c)
    text = spelling(assumed.runs)
    newest, gained = text(at(claim.of, T + 1)), spell.product(d, f"{s}[t]")
    proof = Proof(assumed.assumptions.also(**{AGE.name: NON_NEGATIVE}))
    proof.given(f"let S[t] = {text(total)}", "definition")
    proof.equal(
        d ** (AGE + 1),
        d * d**AGE,
        f"S[t+1] = {spell.product(d, 'S[t]')} + {newest}",
        f"each past term gains a factor {spell(d)}, and the term i = t+1 has {spell(d)}**0 = 1",
    )
    proof.equal(d**0 * PAST + c * 0, PAST, f"t = 0: {s}[0] = {s}[0]", "base case: the sum is empty")
    proof.equal(
        update,
        d * old_in(update, s) + c * fed,
        f"{s}[t+1] = {gained} + {spell.product(c, newest)}",
        "the step t+1 of the spec, whatever the state",
    )
    proof.equal(
        d * (d**T * START + c * PAST) + c * FED,
        d ** (T + 1) * START + c * (d * PAST + FED),
        f"t -> t+1: that is {text(d ** (T + 1) * after(s, ZERO))} + {spell.product(c, 'S[t+1]')}",
        f"induction step: the formula for t in place of {s}[t]",
    )
    yield proof.result(claim.label, assumed.statement(closed), "induction", lambda: _series_trace(claim, assumed))
    if claim.name == "ema" and proof.failed is None:
        yield _weights(s, d, c, rule)


def constant_or_itself(rule: Optimizer, part: sympy.Expr) -> sympy.Expr:
    """`part` over hyperparameters, if it is made of them; else as it stands."""
    found = settled(rule, part)
    return part if found is None else found


def unsettled(rule: Optimizer, **parts: sympy.Expr) -> str:
    """Why there is no series, if one of `parts` changes from step to step by itself."""
    spell = Formatter(rule)
    changing = [f"the {name} {spell(part)}" for name, part in parts.items() if settled(rule, part) is None]
    return f"{' and '.join(changing)} changes from step to step, and a series has constants there" if changing else ""


def old_in(update: sympy.Expr, state: sympy.Symbol) -> sympy.Symbol:
    """The state as it was before the step, as it stands in its `update`."""
    return next((symbol for symbol in update.free_symbols if symbol.name == state.name), state)


def _update(claim: Series | MaxSeries, rule: Optimizer) -> tuple[sympy.Expr, sympy.Expr]:
    """The new value of the state and what is taken in, both at one step.

    A step that the claim names stays a symbol, whatever goes into it, if the new value is made of all that it names.
    """
    target = next(p.target for p in rule.steps if isinstance(p.target, New) and p.target.of.name == claim.state.name)
    whole = inlined(rule)
    named = frozenset(s for s in claim.of.free_symbols if s in whole)
    kept = inlined(rule, keep=named)[target]
    if target not in named and named <= kept.free_symbols:
        return without_sums(kept), without_sums(claim.of)
    return without_sums(whole[target]), without_sums(claim.of.xreplace(whole))


def without_sums(expr: sympy.Expr) -> sympy.Expr:
    """`expr` with a symbol for each sum over whole arrays: nothing has to be known of it."""
    return expr.xreplace({r: sympy.Symbol(str(r), real=True) for r in expr.atoms(Reduction)})


def _weights(state: sympy.Symbol, d: sympy.Expr, c: sympy.Expr, rule: Optimizer) -> Result:
    """The weights of an average sum to `1 - decay**t`."""
    assumed, spell = Premises(rule, start=Start.ANY), Formatter(rule)
    assumed.defined(d, c)
    proof = Proof(assumed.assumptions)
    d, c = held(assumed, d, c)
    proof.given(f"W[t] = {spelling(assumed.runs)(past_sum(d ** (T - I) * c))}", "definition")
    proof.equal(c * 0, 1 - d**0, "t = 0: W[0] = 0 = 1 - 1", "base case")
    proof.equal(
        d * (1 - d**T) + c,
        1 - d ** (T + 1),
        f"t -> t+1: {spell(d)} * W[t] + {spell(c)} = 1 - {spell(d)}**(t+1)",
        "induction step",
    )
    statement = assumed.statement(Weights(state, d ** (T - I) * c, 1 - d**T))
    return proof.result(f"weights {state}", statement, "induction", lambda: None)


def _series_trace(claim: Series, assumed: Premises) -> dict[str, str] | None:
    """Simple numbers for which the state is not the claimed sum."""
    rule = assumed.runs.optimizer
    # from 1, where every start is meant, so that a wrong factor of the initial state shows, too
    state = {s.name: Fraction(1) for s in rule.state} if assumed.runs.start is Start.ANY else None

    def find_counterexample(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        trace = reference.run(rule, gradients, lambda t: hyper, w=1, state=state)
        start = begun(rule, trace[0]) if state is None else state
        first, total = {"w": 1, **start}[claim.state.name], reference.number(0)
        for values in trace:
            decay = reference.evaluate(claim.decay, values)
            total = decay * total + reference.evaluate(claim.of, before(values, trace, start))
            claimed = decay ** values["t"] * first + reference.evaluate(claim.weight, values) * total
            if differ(values[claim.state.name], claimed):
                return {
                    **setting(hyper, gradients, values["t"]),
                    **{f"{name}[0]": str(value) for name, value in (state or {}).items()},
                    f"{claim.state}[{values['t']}]": shown(values[claim.state.name]),
                    "claimed": shown(claimed),
                }
        return None

    return search(rule, find_counterexample)


def begun(rule: Optimizer, values: Mapping) -> dict:
    """Where the states start, if the weights start from 1; `values` has the hyperparameters of the first step."""
    return {s.name: reference.evaluate(value, {**values, "w": 1}) for s, value in rule.state.items()}


def before(values: Mapping, trace: Sequence[Mapping], start: Mapping) -> dict:
    """The values of a step with the states, and the weights, as they were before it; they start from `start` and 1."""
    t, names = values["t"], (*start, "w")
    first = {"w": 1, **start}
    old = {name: trace[t - 2][name] if t > 1 else reference.number(first[name]) for name in names}
    return {**values, **old}


# The maximum in place of the sum.


@prove_claim.register
def _(claim: MaxSeries, rule: Optimizer) -> Iterator[Result]:
    assumed, spell = Premises(rule), Formatter(rule)
    s, d = claim.state, constant_or_itself(rule, claim.decay)
    term = d ** (T - I) * at(claim.of, I)
    largest = Holds(after(s), "=", past_max(term))
    update, fed = _update(claim, rule)
    if reason := unsettled(rule, decay=d) or unclocked(assumed, update, fed):
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, assumed.statement(largest))
        return
    old = old_in(update, s)
    start = next((v for state, v in rule.state.items() if state.name == s.name), old)  # w starts anywhere
    d, start = held(assumed, d, start if old in update.free_symbols else ZERO)
    assumed.defined(new(s), claim.of, d)
    assumptions = _signs(claim.of, rule, assumed.assumptions)
    grows = nonnegative(assumptions.assume(fed))
    assumptions = assumptions.also(**{AGE.name: NON_NEGATIVE}, **({PAST.name: NON_NEGATIVE} if grows else {}))
    text = spelling(assumed.runs)
    proof = Proof(assumptions)
    proof.given(f"let M[t] = {text(past_max(term))}" + ("; M[t] >= 0" if grows else ""), "definition")
    first = {old: start}
    proof.equal(
        at_step(update.xreplace(first), ONE),
        at_step(fed.xreplace(first), ONE),
        f"t = 1: from {s}[0] = {spell(start)}, {s}[1] = {text(at(claim.of, ONE))} = M[1]",
        "base case",
    )
    proof.equal(
        d ** (AGE + 1),
        d * d**AGE,
        f"M[t+1] = max({spell(d)} * M[t], {text(at(claim.of, T + 1))})",
        f"{spell(d)} >= 0 moves into the maximum, and the term i = t+1 has {spell(d)}**0 = 1",
    )
    later, hypothesis = at_step(update, T + 1), {old: PAST}
    proof.equal(
        later.xreplace(hypothesis),
        sympy.Max(d * PAST, at_step(fed, T + 1).xreplace(hypothesis)),
        f"t -> t+1: {s}[t+1] = M[t+1]",
        "induction step",
    )
    if not nonnegative(assumptions.assume(d)):
        proof.failed = proof.failed or Outcome(UNDECIDED, reason=f"{spell(d)} is not known to be non-negative")
    yield proof.result(claim.label, assumed.statement(largest), "induction", lambda: _max_trace(claim, rule))
    if proof.failed is None and grows:
        yield _p_norm(s, term, text(term), assumed)


def _signs(of: sympy.Expr, rule: Optimizer, assumptions: Assumptions) -> Assumptions:
    """`assumptions` with the signs of the states, from the declared start on, and of the steps that `of` names."""
    held, whole = invariants(rule), inlined(rule)
    known = held.assumptions(assumptions)
    named = (s for s in sorted(of.free_symbols, key=str) if s in whole)
    found = {s.name: NON_NEGATIVE for s in named if held.nonnegative_value(known.assume(whole[s]), known)}
    return known.also(**found)


def _max_trace(claim: MaxSeries, rule: Optimizer) -> dict[str, str] | None:
    """Simple numbers for which the state is not the claimed maximum; gradients that begin with -1 are tried, too."""

    def find_counterexample(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        for run in (gradients, tuple(-g for g in gradients)):
            trace = reference.run(rule, run, lambda t: hyper, w=1)
            start = begun(rule, trace[0])
            largest: Any = None
            for values in trace:
                term = reference.evaluate(claim.of, before(values, trace, start))
                largest = term if largest is None else max(reference.evaluate(claim.decay, values) * largest, term)
                found = values[claim.state.name]
                if differ(found, largest):
                    numbers = {claim.state.name: shown(found), "claimed": shown(largest)}
                    return {**setting(hyper, run, values["t"]), **numbers}
        return None

    return search(rule, find_counterexample)


def _p_norm(state: sympy.Symbol, term: sympy.Expr, spelled: str, assumed: Premises) -> Result:
    """A maximum of t non-negative terms is the limit of their p-norms: M**p <= sum <= t * M**p."""
    t, p = sympy.Symbol("t", positive=True), sympy.Symbol("p", positive=True)
    limit = sympy.limit(t ** (1 / p), p, sympy.oo)
    norm = f"sum(({spelled})**p, i=1..t)**(1/p)"
    lines = (
        Line(f"M = max({spelled}, i=1..t)", "definition"),
        Line(f"M <= {norm} <= t**(1/p) * M", "the sum has the largest term in it, and at most t of its size"),
        Line(f"t**(1/p) -> {limit} as p -> oo", "limit"),
    )
    status = PROVED if limit == 1 else UNDECIDED
    statement = assumed.statement(NormLimit(state, term))
    return Outcome(status, "squeeze, limit", derivation=lines).of(f"p-norm {state}", statement)
