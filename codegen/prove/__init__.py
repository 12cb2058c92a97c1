"""Prove the claims of a spec.

Statements about every t are proved by induction: a base case at t = 0, and a step from t to t + 1 in
which the sum over the past is one opaque symbol. Each case is a residual that `algebra.tactics`
reduces to zero. A claim that fails is run on simple numbers, so that `refuted` comes with a trace.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

from ..analysis.proof import prove_claim
from ..claims.base import Claim
from ..faults import fault, guarded, replayed
from ..load import AnySpec
from ..result import UNDECIDED, Outcome, Result
from ..spec.rules import AnyRule, Layer, Optimizer, Stage
from ..timeouts import CLAIM, SlowError, limited
from .equivalence import ChangeOfVariables
from .layers import Derivation
from .opened import of_rule_with_sums
from .properties import Defined

for _module in iter_modules(__path__):  # each registers the claims that it proves
    import_module(f"{__name__}.{_module.name}")


def prove(spec: AnySpec, started: Callable[[str], None] = lambda claim: None) -> Iterator[Result]:
    """The results of all claims of `spec`, in their order. `started` is told of each claim before it.

    Each statement is replayed in exact numbers. If a proof breaks, the result of its claim says so, and the other
    claims are proved all the same.
    """
    yield from _proved(spec, claims_of(spec.rule), started)


def prove_only(
    spec: AnySpec, labels: Collection[str], started: Callable[[str], None] = lambda claim: None
) -> Iterator[Result]:
    """The results of the claims with these labels, and of `defined` if that is one of them."""
    claims = (*claims_of(spec.rule), *((Defined(),) if isinstance(spec.rule, Optimizer) else ()))
    yield from _proved(spec, tuple(claim for claim in claims if claim.label in labels), started)


def claims_of(rule: AnyRule) -> tuple[Claim, ...]:
    """What is claimed of a rule, and what is said of all rules of its kind."""
    if isinstance(rule, Layer):
        return (Derivation(), *rule.claims)
    moved = isinstance(rule, Optimizer) and rule.gradient_at is not None
    return (*((ChangeOfVariables(),) if moved else ()), *rule.claims)


def values(spec: AnySpec) -> Iterator[Result]:
    """Whether every step has a value, which nobody has to claim."""
    if isinstance(spec.rule, Optimizer):
        yield from _proved(spec, (Defined(),), lambda claim: None)


def _proved(spec: AnySpec, claims: tuple[Claim, ...], started: Callable[[str], None]) -> Iterator[Result]:
    rule = spec.rule
    for claim in claims:
        try:
            label = claim.label
        except Exception as error:
            yield fault(spec.key, type(claim).__name__, error)
            continue
        started(label)
        yield from _in_time(spec.key, label, claim, rule)


def _in_time(key: str, label: str, claim: Claim, rule: AnyRule) -> list[Result]:
    """The results of a claim, as far as they are found in the time that a claim may take."""
    found: list[Result] = []
    start = time.perf_counter()
    try:
        with limited(CLAIM):
            for result in guarded(key, label, _results, claim, rule):
                now = time.perf_counter()
                found.append(replace(result, spec=key, seconds=now - start))
                start = now
    except SlowError:
        reason = f"nothing was found in {CLAIM} s of the processor; leave the claim out, or claim something simpler"
        seconds = time.perf_counter() - start
        found.append(Outcome(UNDECIDED, reason=reason).of(label, label, key, seconds=seconds))
    return found


def _results(claim: Claim, rule: AnyRule) -> Iterator[Result]:
    if isinstance(rule, Optimizer) and not isinstance(rule, Stage) and rule.reductions:
        return of_rule_with_sums(claim, rule)
    return map(replayed, prove_claim(claim, rule))
