"""Facts of a rule: what follows from its equations without anybody having claimed it.

Each is an answer to a question that can be asked of every rule: proved, with what was assumed; refuted, with a
counterexample, which says as much about the rule; or undecided, with how far it got.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ..analysis.closed import closed_forms
from ..analysis.proof import prove_claim
from ..analysis.sums import opened
from ..claims.rules import FixedPoint
from ..faults import guarded, replayed
from ..load import Spec, StageSpec
from ..prove.bounds import bounds
from ..prove.properties import Defined
from ..result import Result
from ..spec.rules import Optimizer
from .cost import cost
from .dimensions import units
from .signs import denominators_of, descent, first_step
from .split import split
from .steady import steady
from .symmetry import gradient_scaled, mirrored, translation

#: Each question, with the name under which its answer is listed if there is none.
_QUESTIONS: tuple[tuple[str, Callable[[Optimizer], Iterable[Result]]], ...] = (
    ("closed form", closed_forms),
    (Defined().label, lambda rule: prove_claim(Defined(), opened(rule))),
    (FixedPoint().label, lambda rule: prove_claim(FixedPoint(), rule)),
    ("first step", lambda rule: [first_step(rule)]),
    ("descends", lambda rule: [descent(rule)]),
    ("steady state", lambda rule: [steady(rule)]),
    ("step bound", bounds),
    ("gradient scaled", gradient_scaled),
    ("gradient mirrored", lambda rule: [mirrored(rule)]),
    ("weights moved", lambda rule: [translation(rule)]),
    ("units", units),
    ("denominator", denominators_of),
    ("split", split),
    ("cost", cost),
)


def properties(spec: Spec | StageSpec) -> Iterator[Result]:
    """All facts of a checked rule, each with the time that it took; of a stage, whether it may be taken in parts.

    If an argument breaks, its fact says so, and the others are derived all the same.
    """
    start = time.perf_counter()
    questions = _QUESTIONS
    if isinstance(spec, StageSpec):
        questions = (("split", split),)
    elif spec.optimizer.reductions:  # of a rule with sums over arrays, of which more is known only where it is claimed
        questions = tuple((label, asked) for label, asked in _QUESTIONS if label in (Defined().label, "split", "cost"))
    for label, question in questions:
        for result in guarded(spec.key, label, _answers, question, spec.optimizer):
            now = time.perf_counter()
            yield replace(result, spec=spec.key, seconds=now - start)
            start = now


def _answers(question: Callable[[Optimizer], Iterable[Result]], rule: Optimizer) -> Iterator[Result]:
    return map(replayed, question(rule))
