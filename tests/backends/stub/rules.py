"""Rules as functions of the values of one element, which return the new ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection
from typing import Any

from stepsmith.codegen.backends import RuleLines, StandIns
from stepsmith.codegen.execution.cells import CONSTRUCTORS, Cell, Log, check_stages, store, value_of
from stepsmith.codegen.execution.language import HOST, NAMES, TUPLE, OutsideError, scalars
from stepsmith.codegen.execution.modules import Library
from stepsmith.codegen.execution.shapes import body_of, header, launched
from stepsmith.codegen.execution.terms import Operations, Row, named
from stepsmith.codegen.expr.printing import Python, tuple_text
from stepsmith.codegen.lower.program import Program

#: See `Rules`.
packs_sums = False
#: See `Rules`.
goes_ahead = False


def lines(program: Program, function: str) -> RuleLines:
    """See `Rules`."""
    spell, kept = Python(), list(program.kernel_scalars)
    new = {commit.target: commit.value for commit in program.commits}
    before = [f"def _{function}({', '.join([*program.written, 'g', *kept])}):"]
    before += [f"    {assign.target} = {spell(assign.value)}" for assign in program.arrays]
    before += [f"    return {tuple_text([new[name] for name in program.written])}"]
    return RuleLines(before, [f"each(_{function}, {tuple_text(program.written)}, g, {tuple_text(kept)}, stages)"])


def own_statement(node: ast.stmt, taken: set[str]) -> None:
    """See `Rules`."""
    inner = {*taken, *header(node, NAMES, None, taken)}
    *body, last = body_of(node)
    scalars(body, HOST, inner)
    if not re.fullmatch(rf"return {TUPLE}", ast.unparse(last)):
        raise OutsideError(last, "does not return the new values")


def last_statement(node: ast.stmt, function: str, taken: Collection[str]) -> None:
    """See `Rules`."""
    launched(node, rf"each\(_{function}, {TUPLE}, g, {TUPLE}, stages\)", f"use of _{function}")


def over_symbols(log: Log) -> StandIns:
    """See `Rules`."""

    def each(function: Callable[..., Any], written: tuple, g: Cell, scalars: tuple, stages: Any) -> None:
        check_stages(stages)
        (w, *states), (new, *others) = written, function(*map(value_of, (*written, g, *scalars)))
        for cell, value in zip((*states, w), (*others, new), strict=True):
            store(cell, value, log)

    return StandIns(Library(**CONSTRUCTORS), {"each": each})


def over_terms() -> StandIns:
    """See `Rules`."""

    def each(function: Callable[..., Any], written: tuple, g: Row, scalars: tuple, stages: Any) -> None:
        for place in range(g.size):
            new = function(*(row[place] for row in (*written, g)), *scalars)
            for row, value in zip(written, new, strict=True):
                row[place] = value

    return StandIns(Operations(named), {"each": each})


def sum_lines(program: Program, arrays: Any, function: str) -> RuleLines:
    """See `Rules`: it has none."""
    raise NotImplementedError("the stub sums up nothing")


def spelling(program: Program, *, kept: bool) -> Python:
    """See `Rules`."""
    return Python()


def met(value: str) -> str:
    """See `Rules`."""
    return value


def sums_over_symbols() -> dict[str, Any]:
    """See `Rules`."""
    return {}
