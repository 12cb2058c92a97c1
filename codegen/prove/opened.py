"""Claims of rules with sums over arrays, proved of rules without: see `analysis.sums`.

A claim that says something of all runs is proved of the rule with any numbers in place of the sums; it is refuted by
a run of one parameter of one element. Of what lies between nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import sympy

from ..analysis.proof import prove_claim
from ..analysis.sums import alone, opened, with_numbers
from ..claims.base import Claim
from ..claims.rules import Fails, Identity, Monotone, NonNegative, StepBound
from ..claims.states import MaxSeries, Series, Unbiased
from ..faults import replayed
from ..result import CONTRADICTED, PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.language import Optimizer
from ..spec.symbolic import Reduction
from .properties import Defined

#: What says something of every run, whatever the numbers are that it is formed of.
_OF_ALL_RUNS: tuple[type[Claim], ...] = (
    Series,
    MaxSeries,
    Unbiased,
    NonNegative,
    Monotone,
    Identity,
    Defined,
    StepBound,
)
_ANY_NUMBERS = "sums over arrays stand for any numbers, in each step others"
_ALONE = "one parameter of one element"


def of_rule_with_sums(claim: Claim, rule: Optimizer) -> Iterator[Result]:
    """The results of a claim, replayed in exact numbers."""
    if isinstance(claim, Fails):
        yield from _fails(claim, rule)
        return
    found: list[Result] = []
    if isinstance(claim, Identity):  # sums are taken apart where they stand
        found = _told(claim, rule)
        if found and all(one.status in (PROVED, CONTRADICTED) for one in found):
            yield from found
            return
    named_so = over_numbers(claim, rule)
    if isinstance(claim, _OF_ALL_RUNS) and named_so is not None:
        found = [_assuming(one) for one in _told(named_so, opened(rule))]
        if found and all(one.status in (PROVED, CONTRADICTED) for one in found):
            yield from found
            return
    yield from _refuted_or_open(claim, rule, found)


def _told(claim: Claim, rule: Optimizer) -> list[Result]:
    return [replayed(one) for one in prove_claim(claim, rule)]


def over_numbers(claim: Claim, rule: Optimizer) -> Claim | None:
    """The claim with the numbers that stand in place of sums, or None if it has sums that the rule has not."""
    if not _has_sums(claim):
        return claim
    known = {one.value for one in rule.reductions} | {one.value**2 for one in rule.reductions if one.how == "norm"}
    values = {field.name: getattr(claim, field.name) for field in fields(claim)}
    if any(sum_ not in known for value in claim.expressions() for sum_ in value.atoms(Reduction)):
        return None
    changed = {n: with_numbers(v, rule) for n, v in values.items() if isinstance(v, sympy.Basic) and v.has(Reduction)}
    found = replace(claim, **changed)
    return None if _has_sums(found) else found


def _has_sums(claim: Claim) -> bool:
    return any(expr.has(Reduction) for expr in claim.expressions())


def _assuming(result: Result) -> Result:
    return replace(result, assumptions=(*result.assumptions, _ANY_NUMBERS))


def _refuted_or_open(claim: Claim, rule: Optimizer, found: list[Result]) -> Iterator[Result]:
    single = [] if _has_sums(claim) or not isinstance(claim, _OF_ALL_RUNS) else _told(claim, alone(rule))
    refuted = [one for one in single if one.status == REFUTED]
    if refuted:
        for one in refuted:
            yield replace(one, counterexample={**(one.counterexample or {}), "of": _ALONE})
        return
    if not isinstance(claim, _OF_ALL_RUNS):
        reason = f"{claim.label} is not looked into for rules with sums over arrays"
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, claim.label)
        return
    for one in found or single:
        reason = f"nothing shows it for any numbers in place of the sums, and no run of {_ALONE} refutes it"
        yield replace(one, status=UNDECIDED, counterexample=None, reason=reason)


def _fails(claim: Fails, rule: Optimizer) -> Iterator[Result]:
    """What fails for one parameter of one element, fails."""
    if _has_sums(claim.claim) or not isinstance(claim.claim, _OF_ALL_RUNS):
        reason = f"{claim.claim.label} is not looked into for rules with sums over arrays"
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, claim.label)
        return
    for one in _told(claim, alone(rule)):
        yield replace(one, assumptions=(*one.assumptions, f"a run of {_ALONE}")) if one.status == PROVED else one
