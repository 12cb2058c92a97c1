"""Several elements at once: what a file is proved to do to one, it does to each, from that one's values alone.

The function of a rule is run over free terms: what an operation gives is made of its name and its operands, and two
values are one term only if they are computed alike from the same. It is run over arrays of several elements that
have nothing in common, in tiles of which the last is shorter, and then over each element alone. Each of them has to
come to the same term both times: then no element is left out, none is stepped twice, none sees another.

Where arrays that each have sums of their own may lie in a row, it is run over such a row, too, with terms for each
array in place of the sums. Each element has to come to what it comes to alone with the sums of its own array.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..analysis.sums import named as named_sums
from ..backends import BACKENDS, Functional, InPlace, functional_backend, in_place_backend
from ..backends.functional import ELEMENTS, SCALARS, over_terms
from ..execution.modules import BrokenError, call, execute, member
from ..execution.terms import INTEGER, Operations, PerArray, Row, Term, named, of_array
from ..load import Spec
from ..spec.rules import Optimizer
from ..spec.symbols import Input

ELEMENT_COUNT = 5
#: Two arrays in a row.
_PARTS = (range(2), range(2, ELEMENT_COUNT))


def _one_number(name: str) -> Callable[..., Any]:
    """What Python does with numbers, and not with a number for each of several arrays."""

    def make(*operands: Any) -> Any:
        if any(isinstance(one, PerArray) for one in operands):
            raise BrokenError(f"it takes {name} of what is another number for each array in a row")
        return Term(name, *operands)

    return make


#: What a module over terms calls beside its libraries.
FUNCTIONS = {
    "max": _one_number("max"),
    "min": _one_number("min"),
    "abs": partial(Term, "abs"),
    "float": _one_number("float"),
    "_choose": _one_number("choose"),
    "_compare": Term,
    "_integer": partial(Term, INTEGER),
    "_bind": lambda value: value,
}


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one term, or one number, as a state is that is set to a constant."""
    return one is other or (type(one) is type(other) and not isinstance(one, Term) and one == other)


def check(spec: Spec, backend: str, path: Path) -> dict[str, Any]:
    """What the function of a rule leaves of an element, as terms, by the names of the arrays.

    Raises BrokenError if it does not do to each element what it does to one alone.
    """
    Term._made.clear()
    if BACKENDS[backend].in_place:
        alone = _check_in_place(spec, in_place_backend(backend), path)
    else:
        alone = _check_functional(spec, functional_backend(backend), path)
    return {name: row[0] for name, row in alone.items()}


def _arrays(rule: Optimizer) -> tuple[str, ...]:
    """What is given as arrays, in the order in which functions that write to arrays take them."""
    return ("w", "g", *(array.name for array in rule.inputs), *(s.name for s in rule.array_state))


def _numbers(rule: Optimizer) -> tuple[list[Term], list[Term], dict[str, Term]]:
    """The numbers that are kept, the sums, and hyperparameters with signals."""
    hypers = {h.name: Term(h.name) for h in rule.hypers if not isinstance(h, Input)}
    return [Term(s.name) for s in rule.scalar_state], [Term(name) for name in named_sums(rule)], hypers


def _check_functional(spec: Spec, entry: Functional, path: Path) -> dict[str, Row]:
    rule = spec.optimizer.runnable
    module = _functional(entry, path)
    scalars, elements = (member(module, f"{spec.key}_{what}") for what in (SCALARS, ELEMENTS))
    kept, sums, hypers = _numbers(rule)
    alike = call(path, scalars, *kept, *sums, Term("t"), **hypers)
    written = ["w", *(s.name for s in rule.array_state)]
    names = [*written, *(name for name in _arrays(rule) if name not in written)]

    def run(numbers: Sequence[int]) -> dict[str, Row]:
        rows = [PerArray([Term(f"{name}[{k}]") for k in numbers]) for name in names]
        found = call(path, elements, *rows, *alike)
        return {
            name: Row([of_array(one, k) for k in range(len(numbers))]) for name, one in zip(written, found, strict=True)
        }

    together = run(range(ELEMENT_COUNT))
    alone = [run([k]) for k in range(ELEMENT_COUNT)]
    for k, row in enumerate(alone):
        _compare(spec, k, together, row, f"when there are {ELEMENT_COUNT} elements")
    return alone[0]


def _functional(entry: Functional, path: Path) -> dict[str, Any]:
    """The names of a module whose values are terms."""
    given, mathematics = over_terms(entry.helpers), Operations(named, pi=Term("pi"))
    functions = {**FUNCTIONS, **{name: named(name) for name in ("max", "min", "float")}}
    return execute(path, entry.library, given.library, given.helpers, mathematics, functions, symbolic=True)


def _in_place(entry: InPlace, path: Path) -> dict[str, Any]:
    """The names of a module whose values are terms."""
    given, mathematics = entry.rules.over_terms(), Operations(named, pi=Term("pi"))
    helpers = {**dict.fromkeys(entry.sum_helpers, lambda *_, **__: None), **given.helpers}
    return execute(path, entry.library, given.library, helpers, mathematics, FUNCTIONS, symbolic=True)


def over_terms_of(backend: str, path: Path) -> dict[str, Any]:
    """The names of a module of rules whose values are terms."""
    if BACKENDS[backend].in_place:
        return _in_place(in_place_backend(backend), path)
    return _functional(functional_backend(backend), path)


def _check_in_place(spec: Spec, entry: InPlace, path: Path) -> dict[str, Row]:
    optimizer = spec.optimizer.runnable
    module = _in_place(entry, path)
    function = member(module, spec.function)
    names, (kept, everywhere, hypers), sums = _arrays(optimizer), _numbers(optimizer), named_sums(optimizer)

    def run(elements: Sequence[int], found: Sequence[Any], parts: Sequence[range] = ()) -> dict[str, Row]:
        rows = {name: Row.of(name, elements) for name in names}
        for row in rows.values():
            row.parts = parts
        call(path, function, *rows.values(), *kept, *found, Term("t"), **hypers)
        return rows

    together = run(range(ELEMENT_COUNT), everywhere)
    alone = [run([k], everywhere) for k in range(ELEMENT_COUNT)]
    for k, rows in enumerate(alone):
        _compare(spec, k, together, rows, f"when there are {ELEMENT_COUNT} elements")
    if entry.rules.packs_sums and sums and not optimizer.own_state:
        own = [
            [Term(name if one.overall else f"{name} of array {k}") for name, one in sums.items()]
            for k in range(len(_PARTS))
        ]
        found = [
            first if one.overall else PerArray([values[n] for values in own])
            for n, (first, one) in enumerate(zip(own[0], sums.values(), strict=True))
        ]
        together = run(range(ELEMENT_COUNT), found, _PARTS)
        for values, places in zip(own, _PARTS, strict=True):
            for k in places:
                _compare(spec, k, together, run([k], values), "in a row of arrays that have sums of their own")
    return alone[0]


def _compare(spec: Spec, k: int, together: dict[str, Row], alone: dict[str, Row], where: str) -> None:
    for name, row in together.items():
        if not _same(row[k], alone[name][0]):
            raise BrokenError(
                f"{spec.function} leaves something else in element {k} of {name} {where} than when it is alone"
            )
