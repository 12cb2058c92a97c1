"""Whether each field of a rule holds the kind of thing that belongs there, so that everything after may rely on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy

from ..claims.base import Claim
from ..load import AnySpec, Problem, shown
from ..spec import domain
from ..spec.rules import AnyRule, Step
from ..spec.symbols import Array, Hyper
from ..words import kind_of
from . import limits
from .clashes import place_of
from .limits import Fault

_TUPLES = {
    "steps": "steps=(Step(new(w), w - lr * g),)",
    "inference": "inference=(Step(y, x),)",
    "claims": "claims=(fixed_point(),)",
    "flags": "flags=(stop,)",
}
_MAPPINGS = {"state": "state={m: 0}", "parameters": "parameters={gamma: 1}"}
_OTHERS: dict[str, tuple[Any, str]] = {
    "axis": (int, "axis=1"),
    "after": (bool, "after=True"),
    "always": (bool, "always=True"),
    "gathers": (bool, "gathers=True"),
    "home": (Array | None, "home=kept"),
    "input": (Array, "input=arrays('x')"),
    "output": (Array, "output=arrays('y')"),
}


def of_fields(rule: Any) -> Iterator[Fault]:
    """The fields of a `rule` that hold something else than they should: the fact and the remedy of each."""
    for name, example in _TUPLES.items():
        value = getattr(rule, name, ())
        if not isinstance(value, tuple | list):
            one = isinstance(value, Mapping | str) or value is None
            fact = f"its {name} {'are' if name.endswith('s') else 'is'} {kind_of(value)}, not a tuple"
            yield fact, f"write {example}" if one else f"write a comma after a single one: {example}"
    for name, example in _MAPPINGS.items():
        value = getattr(rule, name, {})
        if not isinstance(value, Mapping):
            yield f"its {name} {'are' if name.endswith('s') else 'is'} {kind_of(value)}, not a dict", f"write {example}"
    for name, (kind, example) in _OTHERS.items():
        value = getattr(rule, name, None)
        if hasattr(rule, name) and not (isinstance(value, kind) and isinstance(value, bool) == (kind is bool)):
            yield f"its {name} is {kind_of(value)}", f"write {example}"


def unused(beside: Mapping[str, object], file: str) -> Iterator[Hyper]:
    """The hyperparameters that a `file` declares and that no rule uses, of the names in it and what they stand for."""
    rules = [value for value in beside.values() if isinstance(value, AnyRule) and not [*of_fields(value)]]
    rules += [other for rule in rules for claim in rule.claims for other in _compared_with(claim)]
    used = {hyper for rule in rules for hyper in rule.hypers}
    for value in beside.values():
        if isinstance(value, Hyper) and value.location.file == file and value not in used:
            yield value


def _compared_with(claim: object) -> Iterator[AnyRule]:
    """The rules that a claim speaks of beside its own, also within the claim that it denies."""
    for value in vars(claim).values() if isinstance(claim, Claim) else ():
        if isinstance(value, AnyRule):
            yield value
        else:
            yield from _compared_with(value)


def unfit(spec: AnySpec) -> Iterator[Problem]:
    """What keeps a spec from being looked at any further."""
    rule = spec.rule
    here = place_of(rule.location, spec.key)
    yield from (Problem(here, *fault) for what in ("name", "source", "summary")
                for fault in limits.of_text(what, getattr(rule, what)))  # fmt: skip
    yield from (Problem(shown(spec.path), *fault) for fault in limits.of_text("docstring", spec.doc, lines=True))
    if isinstance(rule.name, str) and len(rule.name) > limits.NAME:
        yield Problem(here, f"its name has {len(rule.name)} characters", f"use at most {limits.NAME}")
    if misfits := [Problem(here, *fault) for fault in of_fields(rule)]:
        yield from misfits
        return
    steps = (*getattr(rule, "steps", ()), *getattr(rule, "inference", ()))
    if len(steps) > limits.STEPS:
        yield Problem(here, f"it has {len(steps)} steps", f"make do with {limits.STEPS}")
    values = [(here, rule.value)] if hasattr(rule, "value") else []
    single = (getattr(rule, name, None) for name in ("gradient_at", "halts"))
    values += [(here, value) for value in single if value is not None]
    for kept in (getattr(rule, "state", {}), getattr(rule, "parameters", {})):
        values += [(here, expr) for pair in kept.items() for expr in pair]
    sound = True
    for number, step in enumerate(steps, start=1):
        if not isinstance(step, Step) or not isinstance(step.target, sympy.Symbol):
            sound = False
            yield Problem(
                here, f"step {number} is not a step with a symbol as its target", "write Step(new(w), w - ...)"
            )
            continue
        place = place_of(step.location, f"step {number}")
        yield from (Problem(place, *fault) for fault in limits.of_text("note", step.note))
        values += [(place, step.target), (place, step.value)]
    faults = [Problem(place, *fault) for place, value in values for fault in limits.of_expression(value)]
    yield from faults
    if faults or not sound:
        return
    for part in (getattr(rule, "steps", ()), getattr(rule, "inference", ())):
        pairs = [(step.target, step.value) for step in part]
        yield from (Problem(here, *fault) for fault in limits.of_whole(pairs))
    for hyper in rule.hypers:
        place = place_of(hyper.location, f"hyperparameter {hyper.name:.60}")
        yield from (Problem(place, *fault) for fault in limits.of_text("doc", hyper.doc))
        text = hyper.domain
        if text is not None and not (isinstance(text, str) and text.isascii() and len(text) <= limits.NAME):
            yield Problem(place, "its domain cannot be read", domain.REMEDY)
        if hyper.default is not None:
            whole = isinstance(text, str) and text.startswith("integer ")
            yield from (Problem(place, *fault) for fault in limits.of_default(hyper.default, whole))
