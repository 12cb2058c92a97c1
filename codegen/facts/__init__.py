"""Facts of a rule: what follows from its equations without anybody having claimed it.

Each is an answer to a question that can be asked of every rule: proved, with what was assumed; refuted, with a
counterexample, which says as much about the rule; or undecided, with how far it got.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from codegen.claims.rules import FixedPoint
from codegen.facts.bounds import bounds
from codegen.facts.closed import closed_forms
from codegen.facts.cost import cost
from codegen.facts.signs import denominators_of, descent, first_step
from codegen.facts.steady import steady
from codegen.facts.symmetry import gradient_scaled, mirrored, translation, units
from codegen.load import Spec
from codegen.prove.base import prove_claim
from codegen.result import Result
from codegen.spec import Optimizer


def facts(spec: Spec) -> Iterator[Result]:
    """All facts of a checked rule, each with the time that it took."""
    start = time.perf_counter()
    for result in _facts(spec.optimizer):
        now = time.perf_counter()
        yield replace(result, spec=spec.key, seconds=now - start)
        start = now


def _facts(rule: Optimizer) -> Iterator[Result]:
    yield from closed_forms(rule)
    yield from prove_claim(FixedPoint(), rule)
    yield first_step(rule)
    yield descent(rule)
    yield steady(rule)
    yield from bounds(rule)
    yield from gradient_scaled(rule)
    yield mirrored(rule)
    yield translation(rule)
    yield from units(rule)
    yield from denominators_of(rule)
    yield from cost(rule)
