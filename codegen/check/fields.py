"""Whether each field of a rule holds the kind of thing that belongs there, so that everything after may rely on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..spec.language import AnyRule, Array, Hyper
from ..words import kind_of
from .limits import Fault

_TUPLES = {
    "steps": "steps=(Step(new(w), w - lr * g),)",
    "inference": "inference=(Step(y, x),)",
    "claims": "claims=(fixed_point(),)",
    "flags": "flags=(stop,)",
}
_MAPPINGS = {"state": "state={m: 0}", "parameters": "parameters={gamma: 1}"}
_OTHERS: dict[str, tuple[type, str]] = {
    "axis": (int, "axis=1"),
    "after": (bool, "after=True"),
    "always": (bool, "always=True"),
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
    rules += [
        rule for one in rules for claim in one.claims if isinstance(rule := getattr(claim, "rule", None), AnyRule)
    ]
    used = {hyper for rule in rules for hyper in rule.hypers}
    for value in beside.values():
        if isinstance(value, Hyper) and value.location.file == file and value not in used:
            yield value
