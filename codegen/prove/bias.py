"""Bias correction: the factor derived from the recurrence, and the expectation of the estimate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import sympy

from codegen import reference
from codegen.claims.rules import Unbiased
from codegen.derive import inlined, recurrence
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
)
from codegen.result import PROVED, REFUTED, UNDECIDED, Result
from codegen.spec import New, Optimizer
from codegen.tactics import Facts, differ, shown


@prove_claim.register
def _(claim: Unbiased, rule: Optimizer) -> Iterator[Result]:
    facts = Facts.of(rule)
    spell = Speller(rule)
    of = indexed(claim.of, rule, "t")
    estimate = f"{claim.estimate}[t]"
    statement = f"E[{estimate}] = E[{of}]"
    found = moment_of(claim, rule)
    if isinstance(found, str):
        trace = _bias_trace(claim, rule)
        yield Result("", claim.label, REFUTED if trace else UNDECIDED, statement, counterexample=trace, reason=found)
        return
    moment, scale, rest, decay, weight, initial = found
    mean, past = sympy.Symbol("mean", real=True), sympy.Symbol("S", real=True)
    total = T if decay == 1 else (1 - decay**T) / (1 - decay)
    d, m = spell(decay), moment.name
    summed = "t" if decay == 1 else f"(1 - {d}**t) / (1 - {d})"
    stationary = (
        f"g[1], g[2], ... identically distributed, so that E[{indexed(claim.of, rule, 'i')}] does not depend on i"
    )
    assumptions = (f"{d} constant", *domains_of(rule, decay), "t >= 1")

    proof = Proof(facts)
    proof.given(f"{m}[t] = {d} * {m}[t-1] + {spell.product(weight, of)}", "the recurrence of the spec")
    past_terms = f"sum({decay_factor(d)}{indexed(claim.of, rule, 'i')}, i=1..t)"
    powers = f"sum({d}**(t-i), i=1..t)"
    proof.given(f"{m}[t] = {d}**t * {m}[0] + {spell.product(weight, past_terms)}", "unrolled; the claim on the series")
    proof.given(f"E[{m}[t]] = {spell.product(weight, f'mean * {powers}')}", f"{m}[0] = {spell(initial)}; {stationary}")
    proof.equal(
        decay * total + 1,
        total.xreplace({T: T + 1}),
        f"{powers} = {summed}",
        "geometric series, by induction",
    )
    factor = sympy.cancel(weight * total)
    expected = decay**T * initial + weight * mean * total
    proof.equal(
        expected,
        decay**T * initial + mean * factor,
        f"E[{m}[t]] = {spell.product(factor, 'mean')}" + (f" + {d}**t * {spell(initial)}" if initial != 0 else ""),
        "the factor follows from the recurrence",
    )
    proof.equal(scale * expected + rest, mean, f"E[{estimate}] = mean", f"{claim.estimate} divides by that factor")
    result = proof.result(
        claim.label,
        statement,
        "expectation, geometric series",
        (stationary, *assumptions),
        lambda: _bias_trace(claim, rule),
    )
    yield result
    if result.status != PROVED:
        return

    now = sympy.Symbol("mean_t", real=True)
    proof = Proof(facts)
    inside = indexed(claim.of, rule, "i")
    deviations = f"sum({decay_factor(d)}(E[{inside}] - E[{of}]), i=1..t)"
    residual = f"{spell.product(weight, deviations)} / ({spell(factor)})"
    proof.given(f"let S = sum({decay_factor(d)}E[{inside}], i=1..t)", "definition")
    proof.equal(
        scale * (decay**T * initial + weight * past) + rest - now,
        scale * weight * (past - now * total),
        f"E[{estimate}] - E[{of}] = {residual}",
        "linearity, and the geometric series",
    )
    yield proof.result(
        f"residual {claim.estimate}",
        f"E[{estimate}] - E[{of}] = {residual}",
        "expectation, geometric series",
        ("any gradients", *assumptions),
        lambda: None,
    )


def moment_of(claim: Unbiased, rule: Optimizer):
    """The state that the estimate is made of, and how: `scale * state_t + rest`. Or why there is none."""
    states = frozenset(step.target for step in rule.steps if isinstance(step.target, New))
    value = inlined(rule, keep=states).get(claim.estimate, claim.estimate)
    used = [s for s in value.free_symbols if s in states]
    if len(used) != 1:
        return f"{claim.estimate} is not made of one state alone"
    moment = used[0].of
    scale = sympy.cancel(sympy.diff(value, used[0]))
    rest = value.xreplace({used[0]: ZERO})
    found = recurrence(rule, moment)
    if found is None or has_arrays(scale) or has_arrays(rest) or has_arrays(found.factor):
        return f"{claim.estimate} is not linear in {moment}, or {moment} is no linear recurrence"
    weight = sympy.cancel(found.input / claim.of.xreplace(inlined(rule)))
    if has_arrays(weight) or T in weight.free_symbols:
        return f"{moment} does not average {claim.of}"
    initial = next(v for s, v in rule.state.items() if s.name == moment.name)
    return moment, scale, rest, found.factor, weight, initial


def _bias_trace(claim: Unbiased, rule: Optimizer) -> dict[str, str] | None:
    """A constant gradient is a stationary one: the estimate has to be exact then."""

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        constant = (gradients[0],) * 3
        for values in reference.run(rule, constant, lambda t: hyper):
            expected = reference.evaluate(claim.of, values)
            if differ(values[claim.estimate.name], expected):
                t = values["t"]
                return {
                    **setting(hyper, constant, t),
                    f"{claim.estimate}[{t}]": shown(values[claim.estimate.name]),
                    "expected": shown(expected),
                }
        return None

    return search(rule, disagree)
