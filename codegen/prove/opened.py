"""Claims of rules with sums over arrays, proved of rules without: see `analysis.sums`.

A claim that says something of all runs is proved of the rule with any numbers in place of the sums, and then run
with the sums of some arrays. It is refuted by such a run, or by one of a single element. Of what lies between nothing
is said. Nothing is proved by holding a sum constant: that is no choice of whoever runs the rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import sympy

from ..analysis.derive import needed
from ..analysis.proof import prove_claim
from ..analysis.sums import alone, alone_in, named, opened, with_numbers
from ..claims.base import Claim
from ..claims.equivalence import Equals
from ..claims.moves import Descends, FirstStep
from ..claims.order import AtMost
from ..claims.rules import Fails, FixedPoint, Identity, Monotone, NonNegative, StepBound
from ..claims.states import MaxSeries, Series, Unbiased
from ..faults import replayed
from ..replay import replay
from ..replay.run import told_of_elements
from ..replay.sums import replay_with_sums
from ..result import CONTRADICTED, PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.rules import Optimizer
from ..spec.symbolic import Reduction
from ..spec.symbols import New
from ..statement import Statement
from ..statement.moves import OfStage
from .properties import Defined
from .step_bounds import StepAtMost

#: What says something of every run, whatever the numbers are that it is formed of.
_OF_ALL_RUNS: tuple[type[Claim], ...] = (
    Series,
    MaxSeries,
    Unbiased,
    NonNegative,
    Monotone,
    Identity,
    AtMost,
    FixedPoint,
    FirstStep,
    Descends,
    Equals,
    Defined,
    StepBound,
)
_ANY_NUMBERS = "whatever numbers the sums over arrays are"
_ALONE = "one parameter of one element"
_ONLY_IF = "it is shown only if"


def of_rule_with_sums(claim: Claim, rule: Optimizer) -> Iterator[Result]:
    """The results of a claim, replayed in exact numbers."""
    if isinstance(claim, Fails):
        yield from _fails(claim, rule)
        return
    found: list[Result] = []
    if isinstance(claim, Identity):  # sums are taken apart where they stand
        found = _told(claim, rule)
        if _settled(found):
            yield from found
            return
    named_so = over_numbers(claim, rule)
    if _is_of_all_runs(claim) and named_so is not None:
        told = _told(named_so, opened(rule))
        # that a bound is reached is not shown by numbers that no gradient may make
        found = [_with_sums(one, rule) for one in told if one.claim != "step bound attained"]
        if _settled(found):
            yield from found
            return
    yield from _refuted_or_open(claim, rule, found)


def _is_of_all_runs(claim: Claim) -> bool:
    """Whether it is looked into; of two rules with sums nothing is known."""
    return isinstance(claim, _OF_ALL_RUNS) and not (isinstance(claim, Equals) and claim.other.reductions)


def _told(claim: Claim, rule: Optimizer) -> list[Result]:
    return [replayed(one) for one in prove_claim(claim, rule)]


def _settled(found: list[Result]) -> bool:
    return bool(found) and all(one.status in (PROVED, CONTRADICTED) for one in found)


def over_numbers(claim: Claim, rule: Optimizer) -> Claim | None:
    """The claim with the numbers that stand in place of sums; None if that says something else, or cannot be said.

    It cannot if the claim has sums that the rule has not, or means something else by the names of the numbers.
    A value of a run is one after the step, where the sums of the rule are taken before: they are of other weights.
    An expected value is over gradients, of which sums are made.
    """
    numbers = named(rule)
    if claim.extra_symbols() & numbers.keys():
        return None
    known = {one.value for one in rule.reductions} | {one.value**2 for one in rule.reductions if one.how == "norm"}
    sums = {sum_ for value in claim.expressions() for sum_ in value.atoms(Reduction)}
    if not sums <= known or (isinstance(claim, Unbiased) and _is_made_of_sums(claim, rule)):
        return None
    if isinstance(claim, NonNegative | Monotone) and any(_of_before(sum_, rule) for sum_ in sums):
        return None
    values = {field.name: getattr(claim, field.name) for field in fields(claim)}
    changed = {n: with_numbers(v, rule) for n, v in values.items() if isinstance(v, sympy.Basic) and v.has(Reduction)}
    found = replace(claim, **changed)
    return None if _has_sums(found) else found


def over_one_element(claim: Claim) -> Claim | None:
    """The claim for one parameter of one element, where a sum is its only term; None if it has others than sums."""
    if any(one.how != "sum" for value in claim.expressions() for one in value.atoms(Reduction)):
        return None
    values = {field.name: getattr(claim, field.name) for field in fields(claim)}
    changed = {n: _only_term(v) for n, v in values.items() if isinstance(v, sympy.Basic) and v.has(Reduction)}
    found = replace(claim, **changed)
    return None if _has_sums(found) else found


def _only_term(expr: sympy.Basic) -> sympy.Basic:
    """`expr` with the term of each sum in its place; a root of the square of a term is its size."""
    found = expr.replace(Reduction, lambda of: of)
    return found.replace(lambda e: e.is_Pow and e.exp == sympy.Rational(1, 2) and e.base.is_Pow, _size)


def _size(root: sympy.Pow) -> sympy.Expr:
    return sympy.Abs(root.base.base) if root.base.exp == 2 else root


def _is_made_of_sums(claim: Claim, rule: Optimizer) -> bool:
    """Whether a value of the claim depends on a sum of this step or of an earlier one."""
    free, numbers = opened(rule), named(rule).keys()
    names = frozenset(s.name for expr in claim.expressions() for s in with_numbers(expr, rule).free_symbols)
    steps = {step.target.name: step.value for step in free.steps}
    read = {s.name for target in needed(free, names) for s in steps[target].free_symbols}
    return bool(numbers & (names | read))


def _of_before(sum_: sympy.Expr, rule: Optimizer) -> bool:
    """Whether a sum is over weights or states, of which a value in a run is that after the step."""
    kept = {"w", *(s.name for s in rule.state)}
    return any(s.name in kept for s in sum_.free_symbols if not isinstance(s, New))


def _values(rule: Optimizer) -> dict[str, sympy.Expr]:
    """What the numbers stand for, by their names."""
    return {name: one.value for name, one in named(rule).items()}


def _has_sums(claim: Claim) -> bool:
    return any(expr.has(Reduction) for expr in claim.expressions())


def _with_sums(result: Result, rule: Optimizer) -> Result:
    """A result about the rule with numbers, as one about the rule: with what they stand for, and run with the sums."""
    if result.status != PROVED or not isinstance(result.statement, Statement):
        return result
    values, statement = _values(rule), result.statement
    used = {s.name for s in statement.relation.symbols().union(*(c.free_symbols for c in statement.conditions))}
    held = [name for name in values if name in statement.runs.constant or name in statement.runs.fixed]
    bounded = [name for name in values if isinstance(statement.relation, StepAtMost) and name in used]
    if held or bounded:
        name = (held or bounded)[0]
        reason = f"{_ONLY_IF} {values[name]} {'is constant' if held else 'has a bound'}"
        return replace(result, status=UNDECIDED, reason=reason)
    found = replay_with_sums(statement, rule, values)
    noted = tuple(f"{name} = {values[name]}" for name in values if name in used)
    result = replace(result, statement=replace(statement, noted=(*statement.noted, *noted, _ANY_NUMBERS)))
    if found.broken:
        reason = f"proved by {result.method}, and a run of several elements contradicts it"
        return replace(result, status=CONTRADICTED, counterexample=found.broken, reason=reason)
    return replace(result, runs=result.runs + found.runs)


def _refuted_or_open(claim: Claim, rule: Optimizer, found: list[Result]) -> Iterator[Result]:
    if not _is_of_all_runs(claim):
        reason = f"{claim.label} is not looked into for rules with sums over arrays"
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, claim.label)
        return
    of_one = over_one_element(claim)
    single = [] if of_one is None else _told(alone_in(of_one, rule), alone(rule))
    refuted = [_of_one(one) for one in single if one.status == REFUTED]
    refuted = refuted or [one for one in (_of_several(open_, rule) for open_ in found) if one is not None]
    if refuted:
        yield from refuted
        return
    reason = f"nothing shows it for any numbers in place of the sums, and no run of {_ALONE}, or of some, refutes it"
    for one in found or single:
        told = one.reason if one.reason.startswith(_ONLY_IF) else reason
        yield replace(one, status=UNDECIDED, counterexample=None, reason=told)
    if not (found or single):
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, claim.label)


def _of_one(result: Result) -> Result:
    return replace(result, counterexample={**(result.counterexample or {}), "of": _ALONE})


def _of_several(result: Result, rule: Optimizer) -> Result | None:
    """What is open, refuted by a run of several elements, if one does."""
    statement = result.statement
    if not isinstance(statement, Statement):
        return None
    if isinstance(statement.relation, OfStage):
        found = replay(statement).broken
    else:
        found = replay_with_sums(statement, rule, _values(rule)).broken
    if not found:
        return None
    runs = replace(statement.runs, constant=tuple(n for n in statement.runs.constant if n not in named(rule)))
    shown = {"of": told_of_elements(), **found}
    said = replace(statement, runs=runs)
    return replace(result, status=REFUTED, statement=said, method="simulation", counterexample=shown, reason="")


def _fails(claim: Fails, rule: Optimizer) -> Iterator[Result]:
    """What fails for one parameter of one element, fails. What holds for one, may fail for others."""
    inner, of_one = claim.claim, over_one_element(claim.claim)
    if of_one is None or not _is_of_all_runs(inner):
        reason = f"{inner.label} is not looked into for rules with sums over arrays"
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, claim.label)
        return
    for one in _told(alone_in(replace(claim, claim=of_one), rule), alone(rule)):
        if one.status == PROVED:
            yield replace(one, assumptions=(*one.assumptions, f"a run of {_ALONE}"))
        elif one.status == REFUTED:
            yield _of_all(one, list(of_rule_with_sums(inner, rule)))
        else:
            yield one


def _of_all(result: Result, inner: list[Result]) -> Result:
    """What is said of a claim that holds for one element, by what becomes of it for any."""
    if refuted := next((one for one in inner if one.status == REFUTED), None):
        return replace(result, status=PROVED, method="a counterexample", counterexample=refuted.counterexample)
    if _settled(inner):
        return result
    reason = f"it holds for {_ALONE}, and nothing tells whether it does for several"
    return replace(result, status=UNDECIDED, counterexample=None, reason=reason)
