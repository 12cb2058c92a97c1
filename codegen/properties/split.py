"""Whether a step may be taken in parts, on several machines say, and what of the whole each part has to be given.

It may where every equation is of one element; each sum over an array, or over all of them, has to be there before.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..analysis.premises import Premises
from ..analysis.sums import elementwise
from ..replay import replay
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.rules import Optimizer, Stage
from ..spec.symbolic import Reduction, outermost
from ..spec.symbols import NOISE
from ..statement import Split


def split(rule: Optimizer) -> Iterator[Result]:
    """As it is, and, if that fails, with the sums of the whole."""
    rule = rule.runnable
    sums = tuple(dict.fromkeys(one for value in _values(rule) for one in _in_order(value)))
    assumed = Premises(rule)
    if any(s.name == NOISE for value in _values(rule) for s in value.free_symbols):
        assumed.noted("each element keeps its noise")
    if sums:
        statement = assumed.statement(Split())
        broken = replay(statement).broken
        unknown = Outcome(UNDECIDED, reason=f"{sums[0]} is over more than one element, but no run shows a difference")
        outcome = Outcome(REFUTED, "simulation", counterexample=broken) if broken else unknown
        yield outcome.of("split", statement)
    across = _across(rule, sums)
    reason = f"{across} is over more than one element" if across else ""
    outcome = Outcome(UNDECIDED, reason=reason) if reason else Outcome(PROVED, "every equation is of one element")
    yield outcome.of("split" if not sums else "split, given sums", assumed.statement(Split(sums)))


def _values(rule: Optimizer) -> tuple[sympy.Basic, ...]:
    halts = rule.halts.args if isinstance(rule, Stage) and rule.halts is not None else ()
    return (*(step.value for step in rule.steps), *halts)


def _in_order(value: sympy.Basic) -> list[Reduction]:
    return sorted(outermost(value, Reduction), key=str)


def _across(rule: Optimizer, sums: tuple[Reduction, ...]) -> sympy.Basic | None:
    """What an equation reads of more than one element, if it is given the `sums`; None if nothing."""
    given = {one: sympy.Dummy() for one in sums}
    for step in rule.steps:
        value = step.value.xreplace(given)
        if left := list(outermost(value, Reduction)):
            return min(left, key=str)
        if not elementwise(step.target) and (read := [s for s in value.free_symbols if elementwise(s)]):
            return min(read, key=str)
    return None
