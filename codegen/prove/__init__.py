"""Prove the claims of a spec.

Statements about every t are proved by induction: a base case at t = 0, and a step from t to t + 1 in
which the sum over the past is one opaque symbol. Each case is a residual that `codegen.tactics`
reduces to zero. A claim that fails is run on simple numbers, so that `refuted` comes with a trace.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from codegen.load import AnySpec
from codegen.prove import (  # noqa: F401 - each proves its claims
    best,
    bias,
    equivalence,
    flow,
    layers,
    monitors,
    pacing,
    properties,
    schedules,
    series,
    stability,
    stages,
    steps,
)
from codegen.prove.base import prove_claim
from codegen.prove.equivalence import ChangeOfVariables
from codegen.prove.layers import Derivation
from codegen.result import Result
from codegen.spec import Layer, Optimizer


def prove(spec: AnySpec, started: Callable[[str], None] = lambda claim: None) -> Iterator[Result]:
    """The results of all claims of `spec`, in their order. `started` is told of each claim before it."""
    rule = spec.rule
    moved = (ChangeOfVariables(),) if isinstance(rule, Optimizer) and rule.gradient_at is not None else ()
    moved = (Derivation(),) if isinstance(rule, Layer) else moved
    for claim in (*moved, *rule.claims):
        started(claim.label)
        start = time.perf_counter()
        for result in prove_claim(claim, rule):
            now = time.perf_counter()
            yield replace(result, spec=spec.key, seconds=now - start)
            start = now
