"""The bound on the step as a claim: derived by `codegen.facts.bounds`."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.claims.rules import StepBound
from codegen.prove.base import prove_claim
from codegen.result import Result
from codegen.spec import Optimizer


@prove_claim.register
def _(claim: StepBound, rule: Optimizer) -> Iterator[Result]:
    from codegen.facts.bounds import bounds  # it is built on the proofs itself

    yield from bounds(rule)
