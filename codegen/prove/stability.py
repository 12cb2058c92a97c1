"""On a quadratic: where a rule converges, and with which hyperparameters fastest."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import mpmath
import sympy

from codegen import reference
from codegen.claims.dynamics import Best, Stable, h, h_max, h_min
from codegen.derive import transition
from codegen.prove.base import ZERO, Proof, Speller, domains_of, prove_claim
from codegen.result import REFUTED, UNDECIDED, Line, Result
from codegen.spec import Optimizer
from codegen.stability import Bound, Linear, NotLinearError, UnsolvedError, Z, linear, solve
from codegen.tactics import NON_NEGATIVE, POSITIVE, points, shown

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


# The best hyperparameters.


@prove_claim.register
def _(claim: Best, rule: Optimizer) -> Iterator[Result]:
    """A bound from below for all hyperparameters, and that it is attained.

    With a = sqrt(h_max) and b = sqrt(h_min), which are written as b + d and b.
    """
    spell = Speller(rule)
    at = ", ".join(f"{x} = {spell(v)}" for x, v in claim.at.items())
    statement = f"for curvatures from h_min to h_max, the rate {spell(claim.rate)} of {at} is the best"
    try:
        model = linear(rule)
    except NotLinearError as error:
        yield Result("", claim.label, UNDECIDED, statement, _METHOD, reason=str(error))
        return
    shape = _shape(model)
    if shape is None:
        trace = _worse(claim, model)
        reason = "it is proved only for p(z) = z - 1 + c h and p(z) = (z - 1) (z - r) + c h z"
        status = REFUTED if trace else UNDECIDED
        yield Result("", claim.label, status, statement, _METHOD, counterexample=trace, reason=reason)
        return
    step, product = shape
    proof = Proof(model.facts.also(b=POSITIVE, d=NON_NEGATIVE, r=POSITIVE, q=NON_NEGATIVE))
    b, d = (sympy.Symbol(name, real=True) for name in "bd")
    ends = {h_min: b**2, h_max: (b + d) ** 2}

    def settled(expr: sympy.Expr) -> sympy.Expr:
        return proof.facts.assume(expr.xreplace(dict(claim.at)).xreplace(ends))

    best_step, best_product, rate = settled(step), settled(product), settled(claim.rate)
    if len(model.variables) == 1:
        _first_order(proof, model, step, best_step, rate, ends, spell)
    else:
        _second_order(proof, model, shape, (best_step, best_product), rate, ends, spell)
    assumptions = (*model.assumptions, "0 < h_min <= h <= h_max", *(f"{x} constant" for x in claim.at))
    yield proof.result(
        claim.label, statement, "roots of the characteristic polynomial", assumptions, lambda: _worse(claim, model)
    )


def _shape(model: Linear) -> tuple[sympy.Expr, sympy.Expr] | None:
    """c and r of p(z) = z - 1 + c h or p(z) = (z - 1) (z - r) + c h z."""
    _, *rest = model.polynomial
    product = rest[-1] if len(rest) == 2 else ZERO
    step = sympy.cancel((rest[0] + 1 + product) / h)
    if len(rest) > 2 or h in step.free_symbols or h in product.free_symbols:
        return None
    return step, product


def _first_order(proof: Proof, model: Linear, step, best, rate, ends, spell: Speller) -> None:
    low, high = (proof.facts.assume(ends[end]) for end in (h_min, h_max))
    r, c = proof.facts.symbol("r"), sympy.Symbol("c", real=True)
    proof.equal(
        model.polynomial[1], step * h - 1, f"p(z) = z - 1 + c * h with c = {spell(step)}", "its root is 1 - c h"
    )
    proof.equal(1 - best * low, rate, "at h = h_min its root is the rate", "attained")
    proof.equal(
        1 - best * high, -rate, "at h = h_max its root is minus the rate; between them it lies between", "attained"
    )
    proof.given("if |root| <= r at both: r - 1 + c h_min >= 0 and r + 1 - c h_max >= 0", "lower bound")
    sides = high * (r - 1 + c * low) + low * (r + 1 - c * high)
    text = "h_max times the first and h_min times the second add up to (h_max + h_min) (r - rate) >= 0"
    proof.equal(sides, (high + low) * (r - rate), text, "whatever c is, so r >= rate")


def _second_order(proof: Proof, model: Linear, shape, best, rate, ends, spell: Speller) -> None:
    low, high = (proof.facts.assume(ends[end]) for end in (h_min, h_max))
    root_low, root_high = sympy.sqrt(low), sympy.factor(sympy.sqrt(high))
    r, q = (proof.facts.symbol(name) for name in "rq")
    c, curvature = sympy.symbols("c curvature", real=True)
    step, product = shape
    given = f"p(z) = (z - 1) * (z - q) + c * h * z with c = {spell(step)}, q = {spell(product)}"
    made = sympy.expand((Z - 1) * (Z - product) + step * h * Z)
    proof.equal(sympy.Poly(model.polynomial, Z).as_expr(), made, given, "characteristic polynomial")
    best_step, best_product = best
    proof.equal(best_product, rate**2, "q is the square of the rate", "the product of the roots")
    proof.equal(
        4 * best_product - (1 + best_product - best_step * curvature) ** 2,
        best_step**2 * (curvature - low) * (high - curvature),
        "4 q - (1 + q - c h)**2 = c**2 (h - h_min) (h_max - h) >= 0",
        "so both roots have the size sqrt(q), the rate: attained",
    )
    proof.given(
        "if |z| <= r < 1 for all roots z: p(r) >= 0 at h_min, p(-r) >= 0 at h_max, q <= r**2",
        "lower bound: a monic polynomial has no sign change beyond its roots, and q is their product",
    )

    def sides(product: sympy.Expr) -> sympy.Expr:
        return high * (r - 1) * (r - product) + low * (1 + r) * (r + product)

    first = (r - 1) * (r - q) + c * low * r
    second = (-r - 1) * (-r - q) - c * high * r
    proof.equal(
        high * first + low * second,
        sides(q),
        "h_max p(r) + h_min p(-r) = E(q) = h_max (r - 1) (r - q) + h_min (1 + r) (r + q) >= 0",
        "whatever c is",
    )
    proof.equal(
        sides(r**2) - sides(q),
        (r**2 - q) * (high * (1 - r) + low * (1 + r)),
        "E(r**2) - E(q) = (r**2 - q) (h_max (1 - r) + h_min (1 + r)) >= 0",
        "so E(r**2) >= 0, too",
    )
    proof.equal(
        sides(r**2),
        r * (root_low * (1 + r) - root_high * (1 - r)) * (root_low * (1 + r) + root_high * (1 - r)),
        "E(r**2) = r (b (1 + r) - a (1 - r)) (b (1 + r) + a (1 - r)) with a = sqrt(h_max), b = sqrt(h_min)",
        "so b (1 + r) >= a (1 - r), if r > 0; r = 0 asks for h_min = h_max, where the rate is 0",
    )
    proof.equal(
        root_low * (1 + r) - root_high * (1 - r),
        (root_low + root_high) * (r - rate),
        "b (1 + r) - a (1 - r) = (a + b) (r - rate), so r >= rate",
        "the best rate",
    )


def _worse(claim: Best, model: Linear) -> dict[str, str] | None:
    """Curvatures at which the claimed rate is not that of the hyperparameters, or at which others are better."""
    used = [s.name for s in sorted(model.matrix.free_symbols, key=lambda s: s.name)]
    names = [name for name in used if name not in {"h", *(x.name for x in claim.at)}]
    for low, high in ((1, 4), (1, 9), (4, 9), (1, 100)):
        for point in points(names, model.facts):
            values = {**point, "h_min": Fraction(low), "h_max": Fraction(high)}
            numbers = {name: reference.number(value) for name, value in values.items()}
            try:
                at = {x.name: reference.evaluate(value, numbers) for x, value in claim.at.items()}
                claimed, found = reference.evaluate(claim.rate, numbers), _rate(model, {**point, **at}, low, high)
                shared = {n: str(v) for n, v in values.items()} | {n: shown(v) for n, v in at.items()}
                if abs(found - claimed) > mpmath.mpf(10) ** -9:
                    return {**shared, "rate claimed": shown(claimed), "rate": shown(found)}
                for name, best in at.items():
                    for percent in (99, 101, 90, 110):
                        better = _rate(model, {**point, **at, name: best * percent / 100}, low, high)
                        if better < found - mpmath.mpf(10) ** -9:
                            other = f"rate at {percent} percent of {name}"
                            return {**shared, "rate": shown(found), other: shown(better)}
            except (ZeroDivisionError, ValueError, OverflowError, mpmath.libmp.NoConvergence):
                continue
            if not names:
                break
    return None


def _rate(model: Linear, values: Mapping[str, Fraction | mpmath.mpf], low: int, high: int) -> mpmath.mpf:
    """The largest root over the interval; it is looked for at its ends and at nine places between."""
    places = [Fraction(low) + Fraction(high - low) * k / 10 for k in range(11)]
    return max(radius(model, {**values, "h": place}) for place in places)
