"""Check a spec before anything else is done with it: every problem at once, each with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from inspect import isfunction
from typing import Any

import sympy

from .. import timeouts
from ..load import AnySpec, LayerSpec, MonitorSpec, Problem, ScheduleSpec, Spec, SpecError, StageSpec
from ..spec import functions
from ..spec.rules import Optimizer
from .clashes import KIND_NAMES, clashes_among, clashes_in_the_project, place_of
from .expressions import ALLOWED
from .fields import unfit, unused
from .layers import of_layer
from .monitors import of_monitor
from .rules import of_steps
from .schedules import of_schedule


def check(specs: Iterable[AnySpec], folder: Callable[[AnySpec], Hashable] = lambda spec: None) -> None:
    """Raise `SpecError` with all problems of all `specs`, if there are any.

    `folder` says where the code of a spec goes: what goes to one folder shares the names of that.
    """
    specs = list(specs)
    problems: list[Problem] = []
    for spec in specs:
        try:
            with timeouts.limited(timeouts.SPEC):
                problems += _problems_of(spec)
        except timeouts.SlowError:
            place = place_of(spec.rule.location, spec.key)
            fact = f"checking it takes more than {timeouts.SPEC} s"
            problems.append(Problem(place, fact, "give the large expressions in it names, one step each"))
    if not problems:  # of rules that are not what they should be, it cannot be asked what they use
        problems += _of_unused(specs)
    problems += clashes_among(specs, folder)
    problems += clashes_in_the_project(specs)
    if problems:
        raise SpecError(list(dict.fromkeys(problems)))


def _problems_of(spec: AnySpec) -> list[Problem]:
    # of what is no expression, or too large, nothing else can be said
    return list(unfit(spec)) or [*_KINDS[type(spec)](spec), *_of_claims(spec)]


def _of_unused(specs: Iterable[AnySpec]) -> Iterator[Problem]:
    """A hyperparameter that is declared and used by no rule of its file."""
    for spec in {spec.path: spec for spec in specs}.values():
        for hyper in unused(spec.beside, spec.rule.location.file):
            place = place_of(hyper.location, f"hyperparameter {hyper}")
            yield Problem(place, f"no rule in {spec.path.name} uses it", "use it in a step, or drop it")


_KINDS: dict[type, Callable[[Any], Iterator[Problem]]] = {
    Spec: of_steps,
    StageSpec: of_steps,
    ScheduleSpec: of_schedule,
    LayerSpec: of_layer,
    MonitorSpec: of_monitor,
}


def _of_claims(spec: AnySpec) -> Iterator[Problem]:
    for claim in spec.rule.claims:
        yield from _of_claim(claim, spec)


def _of_claim(claim: object, spec: AnySpec) -> Iterator[Problem]:
    from ..claims.base import Claim, of_another_kind
    from ..claims.rules import Fails, Slip

    place = place_of(spec.rule.location, "claims")
    denied = claim.claim if isinstance(claim, Fails) else claim
    if not isinstance(claim, Claim) or not isinstance(denied, Claim):
        name, remedy = repr(denied), "use what stepsmith.codegen.claims offers: ema, unbiased, ..."
        if isfunction(denied):
            name, remedy = denied.__name__, f"call it: {denied.__name__}(...)"
        yield Problem(place, f"{name} is not a claim", remedy)
        return
    if isinstance(claim, Fails) and isinstance(denied, Slip):
        yield Problem(place, "it denies what is said of a slip", "write slip(rule, fails(claim, because=...))")
        return
    if isinstance(claim, Slip) and type(claim.rule) is not Optimizer:
        name = getattr(claim.rule, "name", repr(claim.rule))
        yield Problem(place, f"slip: {name} is not an optimizer", "give an optimizer as the source prints it")
        return
    if not (isinstance(spec, Spec) if isinstance(claim, Slip) else isinstance(spec.rule, denied.applies_to)):
        yield Problem(place, f"{claim.label} is not said of {KIND_NAMES[type(spec)]}", "drop it")
        return
    if mistaken := [Problem(place, fact, remedy) for fact, remedy in of_another_kind(denied)]:
        yield from mistaken
        return
    yield from (Problem(place, fact, remedy) for fact, remedy in claim.problems(spec.rule))
    for node in (n for expr in denied.expressions() for n in sympy.preorder_traversal(expr)):
        of_sympy = isinstance(node, sympy.Function) and type(node).__module__.startswith("sympy.")
        if of_sympy and not isinstance(node, (sympy.Piecewise, *functions.kinds())):
            fact = f"{denied.label}: nothing can be proved of {node}, a function that no rule may have"
            yield Problem(place, fact, f"use {ALLOWED}")
            break
    if isinstance(claim, Slip) and isinstance(spec, Spec):
        printed = replace(spec, optimizer=claim.rule)
        yield from _problems_of(printed)
        yield from _of_claim(claim.claim, printed)
