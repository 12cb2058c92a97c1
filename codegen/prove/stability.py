"""On a quadratic: where a rule converges."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import mpmath
import sympy

from codegen import reference
from codegen.claims.dynamics import Stable, h
from codegen.derive import transition
from codegen.prove.base import ZERO, Proof, Speller, domains_of, prove_claim
from codegen.result import REFUTED, UNDECIDED, Line, Result
from codegen.spec import Optimizer
from codegen.stability import Bound, Linear, NotLinearError, UnsolvedError, linear, solve
from codegen.tactics import POSITIVE, points, shown

_STEPS = 100  # of a run that shows a wrong bound
_METHOD = "characteristic polynomial, Schur-Cohn conditions"


@prove_claim.register
def _(claim: Stable, rule: Optimizer) -> Iterator[Result]:
    spell = Speller(rule)
    statement = f"w[t] -> 0 from every start exactly if {claim.of} < {spell(claim.below)}"
    try:
        model = linear(rule)
    except NotLinearError as error:
        yield Result("", claim.label, UNDECIDED, statement, _METHOD, reason=str(error))
        return
    try:
        bound = solve(model, claim.of)
    except UnsolvedError as error:
        trace = _off_the_boundary(claim, model, None)
        status = REFUTED if trace else UNDECIDED
        yield Result("", claim.label, status, statement, _METHOD, counterexample=trace, reason=str(error))
        return
    stepped = {s.name for value in transition(model.rule).values() for s in value.free_symbols}
    own = [x for x in model.rule.hypers if x.name in stepped]
    assumptions = (*model.assumptions, *bound.assumptions, *(f"{x} constant" for x in own))
    assumptions += domains_of(model.rule, *(sympy.Add(*model.matrix, claim.below).free_symbols - {bound.hyper}))
    proof = Proof(model.facts.also(**{claim.of: POSITIVE}))
    for line in lines(model, bound, spell):
        proof.given(line.text, line.because)
    for condition in bound.conditions:
        if condition.below is not None:
            at = condition.value.xreplace({bound.hyper: condition.below})
            text = f"{spell(condition.value)} = 0 at {claim.of} = {spell(condition.below)}"
            proof.equal(at, ZERO, text, "the boundary of a condition")
    if bound.below is None:
        proof.given(f"{claim.of} may be as large as it likes", "every condition holds")
        yield proof_of_no_bound(claim, model, statement)
        return
    proof.equal(bound.below, claim.below, f"{spell(bound.below)} = {spell(claim.below)}", "the least boundary")
    if proof.failed is None:  # numbers may refute what algebra has proved: then one of the two is wrong
        trace = _off_the_boundary(claim, model, None, most=2)
        if trace:
            yield Result("", claim.label, REFUTED, statement, "roots of the polynomial", counterexample=trace)
            return
    else:
        trace = _off_the_boundary(claim, model, bound)
    yield proof.result(claim.label, statement, _METHOD, tuple(dict.fromkeys(assumptions)), lambda: trace)


def proof_of_no_bound(claim: Stable, model: Linear, statement: str) -> Result:
    """A bound was claimed, and there is none."""
    trace = _off_the_boundary(claim, model, None)
    reason = f"every condition holds for all {claim.of} > 0"
    status = REFUTED if trace else UNDECIDED
    return Result("", claim.label, status, statement, _METHOD, counterexample=trace, reason=reason)


def lines(model: Linear, bound: Bound | None, spell: Speller) -> list[Line]:
    """The way from the step on a quadratic to the bound, as text."""
    found = []
    for variable, row in zip(model.variables, model.matrix.tolist(), strict=True):
        value = sum(slope * other for slope, other in zip(row, model.variables, strict=True))
        found.append(Line(f"{variable}_new = {spell(value)}", "the step with g = h * w"))
    if model.frozen:
        found.append(Line(f"{' and '.join(map(str, model.frozen))} constant", "frozen: the step is not linear in it"))
    found.append(Line(f"p(z) = {polynomial_text(model, spell)}", "characteristic polynomial of the step"))
    if bound is not None:
        for condition in bound.conditions:
            name = bound.hyper.name
            where = f"exactly if {name} < {spell(condition.below)}" if condition.below else f"for every {name} > 0"
            found.append(Line(f"{spell(condition.value)} > 0", f"Schur-Cohn; holds {where}"))
    return found


def polynomial_text(model: Linear, spell: Speller) -> str:
    """The characteristic polynomial, spelled."""
    coefficients = model.polynomial
    degree = len(coefficients) - 1
    terms = []
    for power, value in zip(range(degree, -1, -1), coefficients, strict=True):
        z = {0: "", 1: "z"}.get(power, f"z**{power}")
        if value != 0:
            terms.append(z if value == 1 and z else spell.product(value, z) if z else spell(value))
    return " + ".join(terms).replace(" + -", " - ")


# Numbers.


def radius(model: Linear, values: Mapping[str, Fraction | mpmath.mpf]) -> mpmath.mpf:
    """The size of the largest root, with these values of hyperparameters, curvature and frozen states."""
    with mpmath.workdps(reference.DIGITS):
        numbers = {name: reference.number(value) for name, value in values.items()}
        coefficients = [mpmath.mpf(reference.evaluate(c, numbers)) for c in model.polynomial]
        roots = mpmath.polyroots(coefficients, maxsteps=500, extraprec=400)
        return max(abs(root) for root in roots)


def simulated(rule: Optimizer, values: Mapping[str, Fraction], steps: int) -> mpmath.mpf:
    """`w` after `steps` steps of the rule itself from w = 1 with the gradient h * w."""
    w = next(step.target.of for step in rule.steps if step.target.name == "w_new")
    gradient = {s: h * w for step in rule.steps for s in step.value.free_symbols if s.name == "g"}
    closed = replace(rule, steps=tuple(replace(s, value=s.value.xreplace(gradient)) for s in rule.steps))
    return reference.run(closed, [0] * steps, lambda t: values, w=1)[-1]["w"]


def _off_the_boundary(claim: Stable, model: Linear, bound: Bound | None, most: int = 32) -> dict[str, str] | None:
    """Values at which the claim promises the wrong thing: convergence above the true bound, or none below it."""
    used = {s.name for s in model.matrix.free_symbols | claim.below.free_symbols} - {claim.of}
    for point in itertools.islice(points(sorted(used), model.facts), most):
        values = {name: reference.number(value) for name, value in point.items()}
        try:
            claimed = reference.evaluate(claim.below, values)
            true = None if bound is None else reference.evaluate(bound.below, values)
            between = [claimed * 99 / 100, claimed * 101 / 100] if true is None else [(claimed + true) / 2]
            for rate in between:
                tried = Fraction(mpmath.nstr(rate, 6))
                if tried <= 0:
                    continue
                size = radius(model, {**point, claim.of: tried})
                inside, promised = size < 1, reference.number(tried) < claimed
                if inside == promised or abs(size - 1) < mpmath.mpf(10) ** -9:
                    continue
                found = {**{n: str(v) for n, v in point.items()}, claim.of: str(tried), "largest root": shown(size)}
                found["bound claimed"] = shown(claimed)
                if not model.frozen:
                    end = simulated(model.rule, {**_defaults(model.rule), **point, claim.of: tried}, _STEPS)
                    found |= {"w[0]": "1", f"w[{_STEPS}]": shown(end)}
                return found
        except (ZeroDivisionError, ValueError, OverflowError, mpmath.libmp.NoConvergence):
            continue
    return None


def _defaults(rule: Optimizer) -> dict[str, Fraction]:
    return {x.name: Fraction(str(x.default)) for x in rule.hypers}
