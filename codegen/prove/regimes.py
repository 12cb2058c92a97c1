"""On a quadratic: what a learning rate does to a rule whose step is a multiple of `w`, and the product of roots."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, Proof, prove_claim
from ..analysis.stability import Linear, NotLinearError, linear, positive
from ..claims.dynamics import Damping, Regimes, h
from ..replay import replay
from ..result import REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import POSITIVE
from ..spec.rules import Optimizer
from ..statement import All, Gradients, Holds, Relation, Start, Statement, T, after
from ..statement.motion import Regime, RootProduct
from .stability import assumed_of, lines

_HALF = sympy.Rational(1, 2)
_SHARE = sympy.Symbol("(share)", real=True)


def modelled(rule: Optimizer) -> tuple[Linear | None, Premises, str]:
    """The step on a quadratic with what is assumed for it, or why there is none."""
    try:
        model = linear(rule)
    except NotLinearError as error:
        return None, at_every_step(rule), str(error)
    return model, assumed_of(model), ""


def at_every_step(rule: Optimizer) -> Premises:
    """What is assumed where no limit is taken and nothing is frozen."""
    assumed = Premises(rule, gradients=Gradients.QUADRATIC, start=Start.ANY)
    assumed.constant(*(x.name for x in rule.hypers))
    assumed.domain(h.name, POSITIVE)
    return assumed


def refuted_or_open(label: str, statement: Statement, proof: Proof, kind: str) -> Result:
    """As the proof ends, and refuted only by a run."""
    if proof.failed is not None and (found := replay(statement).broken):
        return Outcome(REFUTED, "simulation", counterexample=found).of(label, statement)
    return proof.result(label, statement, kind, lambda: None)


@prove_claim.register
def _(claim: Damping, rule: Optimizer) -> Iterator[Result]:
    model, assumed, reason = modelled(rule)
    assumed.spoken(claim.product, assumptions=model.assumptions if model is not None else None)
    statement = assumed.statement(RootProduct(claim.product))
    if model is None:
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, statement)
        return
    proof, spell = Proof(model.assumptions), Formatter(rule)
    for line in lines(model, None, spell):
        proof.given(line.text, line.because)
    found = sympy.factor(sympy.cancel(model.matrix.det()))
    proof.equal(found, claim.product, f"{spell(found)} = {spell(claim.product)}", "the determinant of the step")
    yield refuted_or_open(claim.label, statement, proof, "characteristic polynomial")


# Regimes.


@prove_claim.register
def _(claim: Regimes, rule: Optimizer) -> Iterator[Result]:
    """With `of = s * lands`, a step multiplies w by 1 - s: the regimes are those of s."""
    model, assumed, reason = modelled(rule)
    factor = model.matrix[0, 0] if model is not None else ONE
    w = next(step.target.of for step in rule.steps if step.target.name == "w_new")
    if model is not None and (model.frozen or model.late):
        assumed, reason = at_every_step(rule), "its step is a multiple of w only in a limit, or where states are frozen"
    elif model is not None and model.matrix.rows > 1:
        reason = f"{model.variables[1]} reaches w, so that w alone does not say where it goes"
    assumed.spoken(claim.lands, claim.cycles, assumptions=model.assumptions if model is not None else None)
    moved, start = after(w), after(w, ZERO)
    power = Holds(moved, "=", factor**T * start)
    loss = Holds(h * moved**2 * _HALF, "=", factor ** (2 * T) * h * start**2 * _HALF)
    relations: list[tuple[str, Relation]] = [("contraction", All((power, loss)))]
    relations += [(f"regime {name}", part) for name, part in _regimes(claim, w)]
    for label, relation in relations:
        own = assumed.copy()
        if label != "contraction":
            own.holds(sympy.Ne(start, 0))
        statement = own.statement(relation)
        proof = Proof(assumed.assumptions.also(**{_SHARE.name: POSITIVE}))
        if model is None or reason:
            proof.failed = Outcome(UNDECIDED, reason=reason)
        else:
            _multiplied(proof, claim, model, Formatter(rule), whole=label == "contraction")
        yield refuted_or_open(label, statement, proof, "powers of one factor")


def _regimes(claim: Regimes, w: sympy.Symbol) -> Iterator[tuple[str, Regime]]:
    new, old, of = after(w), after(w, T - 1), claim.of.name
    same, turned = Holds(new * old, ">", ZERO), Holds(new * old, "<", ZERO)
    closer, farther = Holds(new**2, "<", old**2), Holds(new**2, ">", old**2)
    lands, cycles = claim.lands, claim.cycles
    yield "falls", Regime(of, ZERO, lands, (same, closer), "w comes closer from one side")
    yield "lands", Regime(of, lands, None, (Holds(new, "=", ZERO),), "one step ends in the minimum")
    yield "oscillates", Regime(of, lands, cycles, (turned, closer), "w jumps to and fro and comes closer")
    yield "cycles", Regime(of, cycles, None, (Holds(new, "=", -old),), "w jumps to and fro, and the loss stays")
    yield "diverges", Regime(of, cycles, sympy.oo, (turned, farther), "w jumps to and fro, and the loss grows")


def _multiplied(proof: Proof, claim: Regimes, model: Linear, spell: Formatter, whole: bool) -> None:
    factor, of = model.matrix[0, 0], claim.of
    proof.lines += [Line(f"w_new = {spell.product(factor, 'w')}", "the step with g = h * w")]
    if whole:
        proof.given("w[t] = factor * w[t-1] for every t", "induction")
    if not any(positive(value, model.assumptions) for value in (claim.lands, 1 / claim.lands)):
        proof.failed = Outcome(UNDECIDED, reason=f"the sign of {spell(claim.lands)} is not known")
        return
    at = factor.xreplace({of: _SHARE * claim.lands})
    proof.equal(at, 1 - _SHARE, f"with {of} = s * ({spell(claim.lands)}) the factor is 1 - s", "for every s > 0")
    text = f"{spell(claim.cycles)} is s = 2"
    proof.equal(claim.cycles, 2 * claim.lands, text, "where 1 - s = -1; between 0 and 1 for s < 1")
