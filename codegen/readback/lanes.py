"""Several elements at once: what a file is proved to do to one, it does to each, from that one's values alone.

The function of a rule is run over free terms: what an operation gives is made of its name and its operands, and two
values are one term only if they are computed alike from the same. It is run over arrays of several elements that
have nothing in common, in tiles of which the last is shorter, and then over each element alone. Each of them has to
come to the same term both times: then no element is left out, none is stepped twice, none sees another.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..analysis.sums import named as named_sums
from ..backends import BACKENDS
from ..execution.modules import BrokenError, call, execute, member
from ..execution.terms import Operations, Row, Term, named
from ..load import Spec
from ..spec.language import Input

ELEMENTS = 5
_FUNCTIONS = {
    "max": partial(Term, "max"),
    "min": partial(Term, "min"),
    "abs": partial(Term, "abs"),
    "_choose": partial(Term, "choose"),
    "_compare": Term,
    "_integer": int,
    "_bind": lambda value: value,
    "float": lambda value: value,
}


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one term, or one number, as a state is that is set to a constant."""
    return one is other or (type(one) is type(other) and not isinstance(one, Term) and one == other)


def check(spec: Spec, backend: str, path: Path) -> None:
    """Raises BrokenError if the function of a rule does not do to each element what it does to one alone."""
    Term._made.clear()
    optimizer = spec.optimizer.runnable
    entry = BACKENDS[backend]
    given, mathematics = entry.rules.over_terms(), Operations(named, pi=Term("pi"))
    helpers = {**given.helpers, **dict.fromkeys(entry.sum_helpers, lambda *_, **__: None)}
    module = execute(path, entry.library, given.library, helpers, mathematics, _FUNCTIONS, symbolic=True)
    function = member(module, spec.function)
    names = ("w", "g", *(array.name for array in optimizer.inputs), *(s.name for s in optimizer.array_state))
    scalars = [Term(name) for name in (*(s.name for s in optimizer.scalar_state), *named_sums(optimizer), "t")]
    hypers = {h.name: Term(h.name) for h in optimizer.hypers if not isinstance(h, Input)}

    def run(elements: Sequence[int]) -> dict[str, Row]:
        rows = {name: Row.of(name, elements) for name in names}
        call(path, function, *rows.values(), *scalars, **hypers)
        return rows

    together = run(range(ELEMENTS))
    for k in range(ELEMENTS):
        alone = run([k])
        for name in names:
            if not _same(together[name][k], alone[name][0]):
                raise BrokenError(
                    f"{spec.function} leaves something else in element {k} of {name} when there are {ELEMENTS} "
                    "elements than when it is alone"
                )
