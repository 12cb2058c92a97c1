"""On a quadratic with noise in the gradient: where the second moments settle, and when they vanish."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import sympy

from ..algebra.shorten import shorten
from ..analysis.derive import transition
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, Proof, prove_claim
from ..analysis.stability import Linear, UnsolvedError, positive, solve
from ..claims.dynamics import NoiseFloor, Quiet, h, sigma
from ..replay import replay
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import NON_NEGATIVE, POSITIVE
from ..spec.rules import Optimizer
from ..statement import Gradients, Statement
from ..statement.motion import Quiets, SettlesAt
from .regimes import modelled, refuted_or_open
from .stability import assumed_of, conditions_of, lines

_METHOD = "fixed point of the second moments, Schur-Cohn conditions"


@prove_claim.register
def _(claim: NoiseFloor, rule: Optimizer) -> Iterator[Result]:
    """The moments M of w and the states obey M_new = A M A' + sigma**2 b b'; where all roots of A shrink, so does
    what any start adds to the only fixed point.
    """
    model, assumed, reason = modelled(rule)
    found = _noisy(model) if model is not None else None
    if model is not None and found is None:
        reason = "a step is a sum of multiples of states and gradient only in a limit, or where states are frozen"
    elif model is not None and len(model.polynomial) <= len(model.variables):
        reason = "w does not see all of the roots"
    bound = None
    if model is not None and not reason:
        try:
            bound = solve(model, claim.of.name)
        except UnsolvedError as error:
            reason = str(error)
    if model is None or found is None or bound is None:
        yield Outcome(UNDECIDED, _METHOD, reason=reason).of(claim.label, _said(assumed, claim, sympy.oo))
        return
    below = sympy.oo if bound.below is None else sympy.factor_terms(bound.below)
    moments, assumed = _fixed_point(model.matrix, found), assumed_of(model, bound)
    # where all roots shrink there is one fixed point, so that what it divides by is not zero
    assumed.spoken(claim.value, assumptions=model.assumptions, over=ONE if moments is None else moments[0, 0])
    statement = _said(assumed, claim, below)
    proof, spell = Proof(model.assumptions.also(sigma=NON_NEGATIVE)), Formatter(rule)
    for line in lines(model, bound, spell):
        proof.given(line.text, line.because)
    if moments is None:
        proof.failed = Outcome(UNDECIDED, reason="the second moments have no single fixed point")
    else:
        _settled(proof, model, found, moments, spell)
        value = moments[0, 0]
        proof.equal(value, claim.value, f"{spell(value)} = {spell(claim.value)}", "that of w")
    yield refuted_or_open(claim.label, statement, proof, _METHOD)


def _said(assumed: Premises, claim: NoiseFloor, below: sympy.Expr) -> Statement:
    assumed.gradients(Gradients.NOISY)
    assumed.domain(sigma.name, NON_NEGATIVE)
    return assumed.statement(SettlesAt(claim.of.name, below, claim.value))


def _noisy(model: Linear) -> sympy.Matrix | None:
    """What a step adds of the gradient to each variable, if it is a sum of multiples with the same factors always."""
    if model.frozen or model.late:
        return None
    own = transition(model.rule.runnable)
    g = next((s for v in own.values() for s in v.free_symbols if s.name == "g"), None)
    if g is None:
        return None
    known, slopes = [*model.variables, g], []
    origin = dict.fromkeys(known, ZERO)
    for variable in model.variables:
        value = own[variable]
        if not value.is_polynomial(*known) or sympy.Poly(value, *known).total_degree() > 1:
            return None
        if sympy.cancel(value.xreplace(origin)) != 0:
            return None
        slopes.append(sympy.cancel(sympy.diff(value, g)))
    return sympy.Matrix(slopes)


def _fixed_point(matrix: sympy.Matrix, slopes: sympy.Matrix) -> sympy.Matrix | None:
    """The only symmetric M with M = A M A' + sigma**2 b b', whatever the symbols are; None if there is none."""
    size = matrix.rows
    unknowns = {(i, j): sympy.Dummy(f"m{i}{j}") for i in range(size) for j in range(i, size)}
    moments = sympy.Matrix(size, size, lambda i, j: unknowns[min(i, j), max(i, j)])
    residual = moments - matrix * moments * matrix.T - sigma**2 * slopes * slopes.T
    equations = [sympy.expand(residual[place]) for place in unknowns]
    solved = next(iter(sympy.linsolve(equations, *unknowns.values())), None)
    if solved is None or any(u in v.free_symbols for v in solved for u in unknowns.values()):
        return None
    values = {u: shorten(sympy.factor(sympy.cancel(v))) for u, v in zip(unknowns.values(), solved, strict=True)}
    return moments.xreplace(values)


def _settled(proof: Proof, model: Linear, slopes: sympy.Matrix, moments: sympy.Matrix, spell: Formatter) -> None:
    names = [str(v) for v in model.variables]
    added = [f"{spell.product(b, 'noise')} in {name}" for name, b in zip(names, slopes, strict=True) if b != 0]
    proof.given(f"the noise adds {', '.join(added)}", "the step is linear in the gradient")
    proof.given("E[x x'] becomes A E[x x'] A' + sigma**2 b b'", "noise of mean 0, independent of all that was before")
    after = model.matrix * moments * model.matrix.T + sigma**2 * slopes * slopes.T
    for i, j in itertools.combinations_with_replacement(range(len(names)), 2):
        text = f"E[{names[i]} * {names[j]}] = {spell(moments[i, j])} stays"
        proof.equal(after[i, j], moments[i, j], text, "fixed point")
    proof.given(
        "what a start differs from it by, D, becomes A**t D A'**t, which goes to 0", "all roots of A are inside"
    )


# Learning rates that change.


@prove_claim.register
def _(claim: Quiet, rule: Optimizer) -> Iterator[Result]:
    """For V = E[w**2] and a = of[t]: V_new = (1 - k a)**2 V + (b sigma a)**2, with k > 0 and b other than 0."""
    model, assumed, reason = modelled(rule)
    found = _noisy(model) if model is not None else None
    assumed = _of_sequences(rule, claim, assumed, model)
    statement = assumed.statement(Quiets(claim.of.name, claim.squares))
    lines = None
    if model is not None:
        lines = _descent(claim, model, found, Formatter(rule)) if found is not None and len(found) == 1 else None
        reason = f"a step is not w less {claim.of} times a multiple of the gradient"
    if lines is None:
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, statement)
    elif claim.squares:
        broken = {**(replay(statement).broken or {}), "sum of squares": "it diverges"}
        yield Outcome(REFUTED, "simulation", counterexample=broken, derivation=lines).of(claim.label, statement)
    else:
        yield Outcome(PROVED, "inequalities between neighbours", derivation=lines).of(claim.label, statement)


def _of_sequences(rule: Optimizer, claim: Quiet, assumed: Premises, model: Linear | None) -> Premises:
    """`of` changes from step to step and is positive; all else that the step depends on stays."""
    own = Premises(rule, gradients=Gradients.NOISY, start=assumed.runs.start)
    for name, values in assumed.runs.domains:
        own.domain(name, values)
    own.constant(*(x.name for x in rule.hypers if x.name in assumed.runs.constant and x.name != claim.of.name))
    own.domain(claim.of.name, POSITIVE)
    own.domain(h.name, POSITIVE)
    own.domain(sigma.name, POSITIVE)
    for condition in conditions_of(model, {}) if model is not None else ():
        own.holds(condition)
    return own


def _pull(claim: Quiet, model: Linear) -> sympy.Expr:
    return sympy.factor(sympy.cancel((1 - model.matrix[0, 0]) / claim.of))


def _descent(claim: Quiet, model: Linear, slopes: sympy.Matrix, spell: Formatter) -> tuple[Line, ...] | None:
    of, pull, push = claim.of, _pull(claim, model), sympy.factor(sympy.cancel(slopes[0] / claim.of))
    assumptions = model.assumptions.also(**{of.name: POSITIVE})
    if of in pull.free_symbols | push.free_symbols or not positive(pull, assumptions) or not assumptions.nonzero(push):
        return None
    k, b = spell(pull), spell(push)
    return (
        Line(f"V_new = (1 - k a)**2 V + (b sigma a)**2 for V = E[w**2], a = {of}, k = {k}, b = {b}", "noise of mean 0"),
        Line("V_new >= (b sigma a)**2", f"so V -> 0 only if {of} -> 0; a constant one never does"),
        Line(
            f"if sum({of}) converges, V stays above a multiple of what it is at a late step, which is positive",
            "the product of (1 - k a)**2 over all later steps is positive",
        ),
        Line(
            "if a -> 0: let e > 0; at all late steps k a <= 1 and a (b sigma)**2 <= k e, so "
            "V_new - e <= (1 - k a) (V - e) where V > e, and V_new <= e where not",
            "(1 - k a)**2 <= 1 - k a",
        ),
        Line(f"if sum({of}) diverges, the product of 1 - k a is 0, so V ends at or below e", "for every e > 0"),
        Line(f"if sum({of}**2) converges, {of} -> 0", "so the conditions of Robbins and Monro are enough"),
        Line("1 / (k sqrt(t)) goes to 0, its sum diverges, and that of its squares does, too", "but not needed"),
    )
