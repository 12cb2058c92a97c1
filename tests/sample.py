"""Which rules the tests that run one after the other are about: few, and each kind of code among them.

The others are in the thorough tests, and where a family has several, in the exhaustive ones. What makes a kind is read
off the generated NumPy code, which is there without loading any spec.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations

import pytest

from stepsmith.codegen.load import GENERATED, Entry


def by_kind(entries: Iterable[Entry], value: str = "key", *, together: int = 2) -> list:
    """Parameters of a test: rules that have between them every pair of features; `sgd` is fast.

    Of the other rules the first of each family is thorough, the rest exhaustive. Of what is no rule the first of each
    family is taken, the others are thorough. `value` is the attribute of the entries that is asked for. With
    `together` = 1, for tests that take long, the rules have between them every feature.
    """
    entries = list(entries)
    chosen = covering([entry for entry in entries if entry.kind == "optimizer"], together)
    families: set[str] = set()
    found = []
    for entry in entries:
        first = entry.family not in families
        among = entry.key in chosen if entry.kind == "optimizer" else first
        families.add(entry.family)
        beyond = pytest.mark.thorough if first or entry.kind != "optimizer" else pytest.mark.exhaustive
        marks = (pytest.mark.fast,) if entry.key == "sgd" else () if among else (beyond,)
        found.append(pytest.param(getattr(entry, value), id=entry.key, marks=marks))
    return found


def covering(entries: Sequence[Entry], together: int = 2) -> set[str]:
    """Keys of few rules that have every pair of features that any of them has; the first of equals is taken.

    Not pairs but as many features as `together` says.
    """
    sets = {entry.key: {frozenset(some) for some in combinations(_features(entry), together)} for entry in entries}
    left: set[frozenset[str]] = set().union(*sets.values())
    chosen: set[str] = set()
    while left:
        best = max(sets, key=lambda key: len(sets[key] & left))
        chosen.add(best)
        left -= sets[best]
    return chosen


@cache
def has_powers(name: str) -> bool:
    """Whether NumPy raises to powers in the module of the class of this name.

    With AVX-512 its powers are not those of C, nor at the end of an array, bit for bit, those in the middle.
    """
    import stepsmith.numpy

    return "np.power(" in inspect.getsource(sys.modules[getattr(stepsmith.numpy, name).__module__])


@cache
def _features(entry: Entry) -> frozenset[str]:
    """What the code of a rule consists of: ufuncs, functions of scalars, states of either kind, what its class says."""
    text = (GENERATED / "numpy" / f"{entry.family}.py").read_text()
    update = _part(text, rf"def {entry.key}_update\(")
    rule = _part(text, rf"class {entry.name}\(")
    states = re.search(r"_states: ClassVar = \((.*?)\)", rule)
    number = len([name for name in states[1].split(",") if name.strip()]) if states else 0
    return frozenset(
        [
            *re.findall(r"np\.(\w+)\(", update),
            *re.findall(r"^    (_\w+): ClassVar", rule, re.MULTILINE),
            *re.findall(r"\b(max|min|sqrt|if)\b", update.partition("    with ")[0] + rule.partition('"""\n')[2]),
            *(["step number"] if re.search(r"\bt\b", rule.partition("def _scalars")[2]) else []),
            *(["scalar state"] if "_initial_scalars" in rule else []),
            f"{number} states",
        ]
    )


def _part(text: str, start: str) -> str:
    """What stands in a module from the line that begins so to the next at its margin."""
    found = re.search(rf"^{start}.*?(?=^(?:class|def|@)|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, start
    return found[0]
