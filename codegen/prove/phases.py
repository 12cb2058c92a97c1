"""Steps in phases: that the parameter is back where it was before the rule steps."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..analysis.derive import inlined
from ..analysis.premises import Premises
from ..analysis.proof import ZERO, Proof, prove_claim
from ..claims.stages import Returns
from ..replay import replay
from ..result import Result
from ..spec.rules import Stage
from ..spec.symbols import new
from ..statement.stages import ReturnsHome
from .series import without_sums


@prove_claim.register
def _(claim: Returns, rule: Stage) -> Iterator[Result]:
    """By induction over the calls of a step, of which none has to know what the others found."""
    home, phase = rule.home, rule.phase
    assert home is not None  # as `problems` and `check` say
    assert phase is not None
    whole = {target: without_sums(value) for target, value in inlined(rule).items()}
    assumed, after = Premises(rule), {target.name: value for target, value in whole.items()}
    w = next(target.of for target in whole if target.name == "w_new")
    assumed.defined(new(w), new(home), new(phase))
    kept, there, left = after[f"{home}_new"], after["w_new"], after[f"{phase}_new"]
    read = {s.name for step in rule.steps for s in step.value.free_symbols}
    relation = ReturnsHome(frozenset(h for h in rule.hypers if h.name in read), home, phase)
    proof = Proof(assumed.assumptions)
    proof.equal(rule.state[phase], ZERO, f"{phase} = 0 before the first call", "the initial state")
    proof.equal(
        _where(kept - w, sympy.Le(phase, 0)), ZERO, f"{home}_new = w where {phase} <= 0", "base case: the first phase"
    )
    proof.equal(
        _where(kept - home, sympy.Gt(phase, 0)), ZERO, f"{home}_new = {home} where {phase} > 0", "induction step"
    )
    proof.equal(
        _where(there - kept, sympy.Le(left, 0)), ZERO, f"w_new = {home}_new where {phase}_new <= 0", "the step goes on"
    )
    statement = assumed.statement(relation)
    yield proof.result(claim.label, statement, "induction", lambda: replay(statement).broken)


def _where(value: sympy.Expr, condition: sympy.Basic) -> sympy.Expr:
    return sympy.Piecewise((value, condition), (ZERO, True))
