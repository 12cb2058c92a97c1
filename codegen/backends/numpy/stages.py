"""Stages as methods that run ufuncs in place over one tile, one for what is summed up, one for the elements."""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sympy

from ...execution.cells import Cell, Log, spare, store, value_of
from ...execution.language import TYPED
from ...execution.language import library as library_of
from ...execution.modules import BrokenError
from ...execution.shapes import Member, body_of, header, literal
from ...execution.terms import Row, named
from ...expr.printing import Kept, Library, Text, parameters_text
from ...expr.tree import names
from ...lower.instructions import schedule
from ...lower.program import Program
from ...spec.symbols import GRADIENT, NOISE, PARAMETER
from .. import StageLines, StandIns
from . import rules
from .language import NORM, passes, reducing
from .rules import body_lines
from .sums import reductions as reductions_of

#: See `Stages`.
copied, numbers = "w.copy()", library_of("np")


def lines(program: Program) -> StageLines:
    """See `Stages`."""
    plan = schedule(program)
    states = [commit.target for commit in program.commits if commit.target not in (PARAMETER, GRADIENT)]
    arrays = [PARAMETER, GRADIENT, *states, *_noise(program), *plan.scratch, *plan.masks]
    attributes = [f"_buffers: ClassVar = ({len(plan.scratch)}, {len(plan.masks)})"]
    methods: list[str] = []
    reduce_lines, scratch, masks = reductions_of(program)
    if reduce_lines:
        attributes.append(f"_reduce_buffers: ClassVar = ({len(scratch)}, {len(masks)})")
        given = parameters_text([PARAMETER, GRADIENT, *scratch, *masks])
        methods += _method(f"_reduce({given}) -> tuple[Any, ...]", reduce_lines)
    given = parameters_text(arrays, program.kernel_scalars)
    return StageLines(attributes, methods + _method(f"_apply({given}) -> None", body_lines(program, plan)))


def spelling(program: Program, *, kept: bool) -> Text:
    """See `Stages`."""
    return (Kept if kept else Library)("np", program.reduced)


def _method(head: str, body: Sequence[str]) -> list[str]:
    return ["", "@staticmethod", f"def {head}:", *(f"    {line}" for line in body)]


def _noise(program: Program) -> list[str]:
    used = {name.name for assign in program.arrays for name in names(assign.value)}
    return [NOISE] if NOISE in used else []


def members(taken: Collection[str]) -> tuple[Mapping[str, Member], Mapping[str, Member]]:
    """See `Stages`."""
    must: dict[str, Member] = {"_buffers": literal, "_apply": lambda line: _passes(line, taken)}
    may: dict[str, Member] = {
        "_reduce_buffers": literal,
        "_reduce": lambda line: reducing(line, taken, ["staticmethod"]),
    }
    return must, may


def _passes(node: ast.stmt, taken: Collection[str]) -> None:
    """A method that goes over all elements of a tile."""
    inner = header(node, TYPED, "None", taken, ["staticmethod"])
    passes(list(body_of(node)), inner)


def over_symbols() -> StandIns:
    """See `Stages`: functions that write in place, and those that reduce an array to one number."""
    reduced = {
        "sum": lambda cell, initial=0: ("sum", value_of(cell), initial),
        "max": lambda cell, initial: ("max", value_of(cell), initial),  # without it NumPy refuses what is empty
        "inf": sympy.oo,
        "isfinite": lambda cell: types.SimpleNamespace(all=lambda: _Finite(value_of(cell))),
    }
    return StandIns({**vars(rules.over_symbols(Log()).library), **reduced}, {NORM: _norm})


def _norm(cell: Cell, buffer: Cell) -> tuple[str, sympy.Expr, int]:
    """`norm_of` over symbols: it leaves in `buffer` what nothing may read, and `cell` as it is."""
    value = value_of(cell)
    store(buffer, sympy.Dummy("what norm_of leaves", real=True), Log())
    if buffer is cell:
        raise BrokenError(f"{NORM} writes over {cell.name}, of which it takes the norm")
    return "norm", value, 0


class _Finite:
    """`np.isfinite(x).all()` over symbols: all that is done with it is to take it from 1."""

    def __init__(self, value: sympy.Expr) -> None:
        self.value = value

    def __rsub__(self, one: sympy.Expr) -> tuple[str, sympy.Expr, None]:
        return ("overflow" if one == 1 else "finite", self.value, None)


def reductions(made: Any, w: sympy.Expr, g: sympy.Expr, hows: Sequence[str]) -> Iterable[tuple[str, sympy.Expr, Any]]:
    """See `Stages`."""
    cells = [Cell(PARAMETER, w, writable=False), Cell(GRADIENT, g, writable=False)]
    return made._reduce(*cells, *spare(*made._reduce_buffers))


def elements(
    made: Any, values: Mapping[str, sympy.Expr], noise: Sequence[str], factors: Sequence[sympy.Expr]
) -> Mapping[str, sympy.Expr]:
    """See `Stages`."""
    cells = {name: Cell(name, value, writable=name not in noise) for name, value in values.items()}
    takes = list(inspect.signature(made._apply).parameters)
    if takes[len(takes) - len(made._names) :] != list(made._names):
        raise BrokenError(
            f"{type(made).__name__}._apply takes {' '.join(takes)}, not the scalars {made._names} at its end"
        )
    made._apply(*cells.values(), *spare(*made._buffers), *factors)
    return {name: cell.value for name, cell in cells.items()}


def over_terms() -> StandIns:
    """See `Stages`."""
    given = rules.over_terms()
    return StandIns(given.library, {**given.helpers, NORM: named(NORM)})


def terms(made: Any, values: Mapping[str, Any], written: int, factors: Sequence[Any]) -> Mapping[str, Any]:
    """See `Stages`."""
    rows = {name: Row([value]) for name, value in values.items()}
    buffers = [Row.of(f"scratch {k}", [0]) for k in range(sum(made._buffers))]
    made._apply(*rows.values(), *buffers, *factors)
    return {name: rows[name][0] for name in [*values][:written]}
