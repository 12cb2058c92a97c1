"""Stages as static methods that are pure: one gives what is summed up, one the parameter, the gradient, the states."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sympy

from ...execution.cells import CONSTRUCTORS
from ...execution.language import TUPLE, TYPED, OutsideError, scalars
from ...execution.modules import BrokenError
from ...execution.shapes import Member, body_of, header
from ...expr.printing import Text, noted, parameters_text, tuple_text
from ...expr.tree import names
from ...lower.program import Program
from ...spec.symbols import GRADIENT, NOISE, PARAMETER
from .. import StageLines, StandIns
from ..functional import over_terms as over_terms_with
from . import rules

#: See `Stages`.
copied, numbers = rules.copied, rules.numbers


def lines(program: Program) -> StageLines:
    """See `Stages`."""
    states = [commit.target for commit in program.commits if commit.target not in (PARAMETER, GRADIENT)]
    read = {name.name for assign in program.arrays for name in names(assign.value)}
    arrays = [PARAMETER, GRADIENT, *states, *([NOISE] if NOISE in read else [])]
    after = {commit.target: commit.value for commit in program.commits}
    methods: list[str] = []
    if program.reductions:
        found = [f"{one.target} = {rules.elements(one.value)}" for one in program.reductions]
        methods += _method("_summands", parameters_text([PARAMETER, GRADIENT]), found, [*_targets(program)])
    found = [f"{one.target} = {rules.elements(one.value)}{noted(one.note)}" for one in program.arrays]
    given = parameters_text(arrays, program.kernel_scalars)
    returned = [after.get(name, name) for name in (PARAMETER, GRADIENT, *states)]
    return StageLines([], methods + _method("_elements", given, found, returned))


def _targets(program: Program) -> Iterable[str]:
    return (one.target for one in program.reductions)


def _method(name: str, given: str, body: Sequence[str], returned: Sequence[str]) -> list[str]:
    inner = [*body, f"return {tuple_text(returned)}"]
    head = f"def {name}({given}) -> tuple[Array, ...]:"
    return ["", "@staticmethod", head, *(f"    {line}" for line in inner)]


def spelling(program: Program, *, kept: bool) -> Text:
    """See `Stages`: sums are numbers of the host."""
    return rules.on_host(program)


def members(taken: Collection[str]) -> tuple[Mapping[str, Member], Mapping[str, Member]]:
    """See `Stages`."""

    def values(node: ast.stmt) -> None:
        inner = {*taken, *header(node, TYPED, "tuple[Array, ...]", taken, ["staticmethod"])}
        *found, last = body_of(node) or [node]
        scalars(found, rules.values, inner)
        if not re.fullmatch(f"return {TUPLE}", ast.unparse(last)):
            raise OutsideError(last, "does not return values of elements")

    return {"_elements": values}, {"_summands": values}


def over_symbols() -> StandIns:
    """See `Stages`."""
    return StandIns(CONSTRUCTORS, rules.stand_ins())


def reductions(made: Any, w: sympy.Expr, g: sympy.Expr, hows: Sequence[str]) -> Iterable[tuple[str, sympy.Expr, Any]]:
    """See `Stages`: `_sums.py` takes them."""
    found = made._summands(w, g)
    if len(found) != len(hows):
        raise BrokenError(f"{type(made).__name__}._summands gives {len(found)} arrays for {len(hows)} sums")
    return [(how, sympy.sympify(one), None) for how, one in zip(hows, found, strict=True)]


def elements(
    made: Any, values: Mapping[str, sympy.Expr], noise: Sequence[str], factors: Sequence[sympy.Expr]
) -> Mapping[str, sympy.Expr]:
    """See `Stages`."""
    takes, given = list(inspect.signature(made._elements).parameters), [*values, *made._names]
    if takes != given:
        raise BrokenError(f"{type(made).__name__}._elements takes {' '.join(takes)}; it is given {' '.join(given)}")
    written = [name for name in values if name not in noise]
    found = made._elements(*values.values(), *factors)
    if len(found) != len(written):
        raise BrokenError(f"{type(made).__name__}._elements gives {len(found)} arrays; there are {' '.join(written)}")
    return dict(zip(written, map(sympy.sympify, found), strict=True))


def over_terms() -> StandIns:
    """See `Stages`."""
    return over_terms_with(rules.FUNCTIONS)


def terms(made: Any, values: Mapping[str, Any], written: int, factors: Sequence[Any]) -> Mapping[str, Any]:
    """See `Stages`."""
    return dict(zip([*values][:written], made._elements(*values.values(), *factors), strict=True))
