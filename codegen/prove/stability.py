"""On a quadratic: where a rule converges."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import mpmath
import sympy

from ..algebra import exact, reference
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.exact import Number, UndecidableError, UndefinedError
from ..algebra.points import samples, shown
from ..algebra.quadratics import CurvedError, Matrix, contracts, frozen_rule, matrix, visible
from ..algebra.tactics import decide
from ..analysis.derive import transition
from ..analysis.premises import Premises
from ..analysis.proof import ZERO, Formatter, Proof, prove_claim
from ..analysis.stability import Linear, NotLinearError, StabilityBound, UnsolvedError, linear, positive, solve
from ..claims.dynamics import Stable, h
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import POSITIVE, Domain
from ..spec.rules import Optimizer
from ..statement import Gradients, Start, Statement, Steps
from ..statement.motion import Converges

AHEAD = "w is where the gradient is taken"
_METHOD = "characteristic polynomial, Schur-Cohn conditions"


@prove_claim.register
def _(claim: Stable, rule: Optimizer) -> Iterator[Result]:
    relation = Converges(claim.of, claim.below)

    def undecided(statement: Statement, reason: str) -> Result:
        return Outcome(UNDECIDED, _METHOD, reason=reason).of(claim.label, statement)

    try:
        model = linear(rule)
    except NotLinearError as error:
        yield undecided(Premises(rule, start=Start.ANY).statement(relation), str(error))
        return
    if claim.of in {s.name for s in claim.below.free_symbols}:
        yield undecided(assumed_of(model).statement(relation), f"the bound on {claim.of} depends on {claim.of}")
        return
    try:
        bound = solve(model, claim.of)
    except UnsolvedError as error:
        statement = assumed_of(model).statement(relation)
        trace = _off_the_boundary(statement, model, None)
        yield _refuted(claim, statement, trace) if trace else undecided(statement, str(error))
        return
    assumed = assumed_of(model, bound)
    proof = Proof(model.assumptions.also(**{claim.of: POSITIVE}))
    spell = Formatter(rule)
    for line in lines(model, bound, spell):
        proof.given(line.text, line.because)
    for condition in bound.conditions:
        if condition.below is not None:
            at = condition.value.xreplace({bound.hyper: condition.below})
            text = f"{spell(condition.value)} = 0 at {claim.of} = {spell(condition.below)}"
            proof.equal(at, ZERO, text, "the boundary of a condition")
    if bound.below is None:
        statement = assumed.statement(relation)
        trace = _off_the_boundary(statement, model, None)
        reason = f"every condition holds for all {claim.of} > 0"
        yield _refuted(claim, statement, trace) if trace else undecided(statement, reason)
        return
    proof.equal(bound.below, claim.below, f"{spell(bound.below)} = {spell(claim.below)}", "the least boundary")
    assumed.spoken(claim.below, assumptions=proof.assumptions, over=bound.below)
    _all_is_seen(proof, model, bound, assumed, spell)
    statement = assumed.statement(relation)
    # a run may refute what algebra has proved: then one of the two is wrong
    trace = _off_the_boundary(statement, model, bound, most=2 if proof.failed is None else 32)
    if trace:
        yield _refuted(claim, statement, trace)
    else:
        yield proof.result(claim.label, statement, _METHOD, lambda: None)


def _refuted(claim: Stable, statement: Statement, trace: Mapping[str, str]) -> Result:
    return Outcome(REFUTED, "roots in exact numbers", counterexample=trace).of(claim.label, statement)


def assumed_of(
    model: Linear, bound: StabilityBound | None = None, chosen: Mapping[sympy.Symbol, sympy.Expr] | None = None
) -> Premises:
    """What is assumed where a rule is taken for a matrix, and where its conditions are solved.

    Of hyperparameters that are `chosen` the domains are no part of it: whoever chooses them shows that they are inside.
    """
    steps = Steps.LATE if model.late else Steps.ALL
    assumed = Premises(model.rule, gradients=Gradients.QUADRATIC, start=Start.ANY, steps=steps)
    if model.ahead:
        assumed.noted(AHEAD)
    assumed.domain(h.name, POSITIVE)
    assumed.frozen(*model.frozen)
    for name in model.signed:
        assumed.domain(name, POSITIVE)
    stepped = {s.name for value in transition(model.rule).values() for s in value.free_symbols}
    assumed.constant(*(x.name for x in model.rule.hypers if x.name in stepped))
    for x in model.rule.hypers:
        if x in model.matrix.free_symbols and x not in (chosen or {}):
            assumed.domain(x.name, x.allowed)
    for condition in (*conditions_of(model, chosen or {}), *(bound.assumed if bound else ())):
        if condition.rhs == 0 and condition.rel_op == ">" and condition.lhs in model.rule.hypers:
            allowed = condition.lhs.allowed
            own = POSITIVE if allowed.low is None or allowed.low < 0 else replace(allowed, low_closed=allowed.low > 0)
            assumed.domain(condition.lhs.name, replace(own, high=allowed.high, high_closed=allowed.high_closed))
        elif not (condition.rhs == 0 and condition.rel_op == ">" and condition.lhs == h):
            assumed.holds(condition)
    return assumed


def conditions_of(model: Linear, chosen: Mapping[sympy.Symbol, sympy.Expr]) -> list[sympy.Basic]:
    """What the model assumes, with values for the hyperparameters that are chosen."""
    found = [
        c for c in model.conditions if c != sympy.true and not (c.lhs in chosen and c.rel_op == "<" and c.rhs == 1)
    ]
    return [value for c in found if (value := c.xreplace(dict(chosen))) != sympy.true]


def _all_is_seen(proof: Proof, model: Linear, bound: StabilityBound, assumed: Premises, spell: Formatter) -> None:
    """Where `of` is not below the bound, `w` sees the root that does not shrink: a minor is not zero.

    Where a factor of it may be, the rule is looked at once more with this factor at zero.
    """
    assumptions = model.assumptions.also(**{bound.hyper.name: POSITIVE})
    above, _ = sympy.fraction(sympy.together(model.seen))
    for power in sympy.Mul.make_args(sympy.factor(above)):
        factor = power.as_base_exp()[0]
        if _differs_from_zero(factor, assumptions) or _shrinks_unseen(model, assumptions, factor):
            continue
        if not any(_settled(model, bound, assumptions, s, factor) for s in sorted(factor.free_symbols, key=str)):
            assumed.holds(sympy.Ne(factor, 0))
            proof.given(f"{spell(factor)} != 0", "so that w sees every root")


def _differs_from_zero(expr: sympy.Expr, assumptions: Assumptions) -> bool:
    return any(assumptions.nonzero(e) or positive(e, assumptions) for e in (expr, sympy.expand(-expr)))


def _shrinks_unseen(model: Linear, assumptions: Assumptions, factor: sympy.Expr) -> bool:
    """Whether the one state beside `w`, where w does not depend on it because `factor` is zero, shrinks."""
    if model.matrix.rows != 2:
        return False
    own = model.matrix[1, 1]
    if positive(1 - own, assumptions) and positive(1 + own, assumptions):
        return True
    above, _ = sympy.fraction(sympy.together(own))
    return sympy.rem(sympy.expand(above), sympy.expand(factor), *sorted(factor.free_symbols, key=str)) == 0


def _settled(
    model: Linear, bound: StabilityBound, assumptions: Assumptions, symbol: sympy.Symbol, factor: sympy.Expr
) -> bool:
    """Whether the bound holds where `symbol` is such that `factor` is zero."""
    slope = sympy.diff(factor, symbol)
    if symbol in slope.free_symbols or not _differs_from_zero(slope, assumptions):
        return False
    value = sympy.cancel(symbol - factor / slope)
    if symbol == bound.hyper:
        # below the bound all roots shrink, seen or not; and what is not above zero is left out
        return positive(bound.below - value, assumptions) or nonnegative(sympy.factor(assumptions.assume(-value)))
    allowed = assumptions.domains.get(symbol.name, Domain())
    if not value.is_Rational:
        return False
    if Fraction(value) not in allowed:
        return True
    special = replace(model, matrix=model.matrix.xreplace({symbol: value}).applyfunc(sympy.cancel))
    try:
        found = solve(special, bound.hyper.name)
    except UnsolvedError:
        return False
    above, _ = sympy.fraction(sympy.together(special.seen))
    hidden = [f for f in sympy.Mul.make_args(sympy.factor(above)) if not _differs_from_zero(f, assumptions)]
    if found.below is None or bound.below is None or hidden or not set(found.assumed) <= set(bound.assumed):
        return False
    claimed = bound.below.xreplace({symbol: value})
    return decide(found.below, claimed, assumptions).status == PROVED


def lines(model: Linear, bound: StabilityBound | None, spell: Formatter) -> list[Line]:
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


def polynomial_text(model: Linear, spell: Formatter) -> str:
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


def _off_the_boundary(
    statement: Statement, model: Linear, bound: StabilityBound | None, most: int = 32
) -> dict[str, str] | None:
    """Values at which the statement promises the wrong thing: convergence where there is none, or the other way."""
    relation = statement.relation
    assert isinstance(relation, Converges)
    used = {s.name for s in model.matrix.free_symbols | relation.below.free_symbols} - {relation.of}
    used |= {x.name for c in statement.conditions for x in c.free_symbols} - {relation.of}
    points_ = itertools.islice(samples(sorted(used), model.assumptions), most)
    for point in points_:
        values = {**_defaults(model.rule), **_squared(point, model)}
        try:
            claimed = exact.evaluate(relation.below, values)
            true = None if bound is None or bound.below is None else exact.evaluate(bound.below, values)
            for tried in _between(claimed, true):
                if found := _wrong(statement, model, {**values, relation.of: tried}, relation.of, claimed, used):
                    return found
        except (UndefinedError, UndecidableError, OverflowError, CurvedError):
            continue
    return None


def _squared(point: Mapping[str, Fraction], model: Linear) -> dict[str, Fraction]:
    """The point, with frozen states whose roots are fractions."""
    return {n: v**2 if n in model.signed else v for n, v in point.items()}


def _between(claimed: Number, true: Number | None) -> list[Fraction]:
    """Short numbers to try: between the bound that is claimed and the true one, and on either side of the first."""
    middle = [] if true is None else [(claimed + true) * Fraction(1, 2), true * Fraction(1, 2)]
    beside = [claimed * Fraction(n, 100) for n in (99, 101, 50, 200)]
    return [Fraction(mpmath.nstr(mpmath.mpf(float(value)), 6)) for value in (*middle, *beside)]


def _wrong(
    statement: Statement, model: Linear, values: Mapping[str, Fraction], of: str, claimed: Number, used: set[str]
) -> dict[str, str] | None:
    """What is said of values at which the statement is wrong."""
    allowed = statement.runs.domain_of(of)
    if values[of] <= 0 or (allowed is not None and values[of] not in allowed):
        return None
    if not all(exact.evaluate(c, values) for c in statement.conditions):
        return None
    seen = visible(_numbers(model, values))
    inside, promised = contracts(seen), bool(values[of] < claimed)
    if inside == promised:
        return None
    size = max(
        (abs(root) for root in mpmath.polyroots([float(c) for c in seen], maxsteps=500, extraprec=400)), default=0
    )
    found = {n: str(values[n]) for n in sorted(used)} | {of: str(values[of]), "largest root": shown(size)}
    return found | {"bound claimed": f"{float(claimed):.12g}"}


def _numbers(model: Linear, values: Mapping[str, Fraction]) -> Matrix:
    """The matrix with these values; what a run makes of it, unless it is a limit that no run reaches."""
    if model.late:
        return [[exact.evaluate(entry, values) for entry in row] for row in model.matrix.tolist()]
    rule = frozen_rule(model.rule, [s.name for s in model.frozen])
    return matrix(rule, values, [v.name for v in model.variables])


def _defaults(rule: Optimizer) -> dict[str, Fraction]:
    return {x.name: x.value for x in rule.hypers}
