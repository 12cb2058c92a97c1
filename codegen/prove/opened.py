"""Claims of rules with sums over arrays, proved of rules without: see `analysis.sums`.

A claim that says something of all runs is proved of the rule with any numbers in place of the sums; it is refuted by
a run of one parameter of one element. Of what lies between nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..analysis.proof import prove_claim
from ..analysis.sums import alone, opened
from ..claims.base import Claim
from ..claims.rules import Fails, Identity, NonNegative, StepBound
from ..claims.states import MaxSeries, Series, Unbiased
from ..faults import replayed
from ..result import CONTRADICTED, PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.language import Optimizer
from ..spec.symbolic import Reduction
from .properties import Defined

#: What says something of every run, whatever the numbers are that it is formed of.
_OF_ALL_RUNS: tuple[type[Claim], ...] = (Series, MaxSeries, Unbiased, NonNegative, Identity, Defined, StepBound)
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
    if isinstance(claim, _OF_ALL_RUNS) and not _has_sums(claim):
        found = [_assuming(one) for one in _told(claim, opened(rule))]
        if found and all(one.status in (PROVED, CONTRADICTED) for one in found):
            yield from found
            return
    yield from _refuted_or_open(claim, rule, found)


def _told(claim: Claim, rule: Optimizer) -> list[Result]:
    return [replayed(one) for one in prove_claim(claim, rule)]


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
