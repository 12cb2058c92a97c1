"""Stages as methods that run ufuncs in place over one tile, one for what is summed up, one for the elements."""

from __future__ import annotations

import ast
import inspect
import re
import types
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sympy

from ...execution.cells import Cell, Log, spare, store, value_of
from ...execution.language import TUPLE, TYPED, OutsideError
from ...execution.modules import BrokenError
from ...execution.shapes import Member, body_of, header, literal
from ...expr.printing import Text, parameters_text, tuple_text
from ...expr.tree import Name, Node, Number, names
from ...lower.instructions import Instruction, schedule
from ...lower.program import Assign, Program
from ...spec.language import GRADIENT, NOISE, PARAMETER
from .. import StageLines, StandIns
from . import rules
from .language import NORM, passes
from .rules import body_lines, line_of


def lines(program: Program) -> StageLines:
    """See `Stages`."""
    plan = schedule(program)
    states = [commit.target for commit in program.commits if commit.target not in (PARAMETER, GRADIENT)]
    arrays = [PARAMETER, GRADIENT, *states, *_noise(program), *plan.scratch, *plan.masks]
    attributes = [f"_buffers: ClassVar = ({len(plan.scratch)}, {len(plan.masks)})"]
    methods: list[str] = []
    reduce_lines, scratch, masks = _reductions(program)
    if reduce_lines:
        attributes.append(f"_reduce_buffers: ClassVar = ({len(scratch)}, {len(masks)})")
        given = parameters_text([PARAMETER, GRADIENT, *scratch, *masks])
        methods += _method(f"_reduce({given}) -> tuple[Any, ...]", reduce_lines)
    given = parameters_text(arrays, program.kernel_scalars)
    return StageLines(attributes, methods + _method(f"_apply({given}) -> None", body_lines(program, plan)))


def _method(head: str, body: Sequence[str]) -> list[str]:
    return ["", "@staticmethod", f"def {head}:", *(f"    {line}" for line in body)]


def _reductions(program: Program) -> tuple[list[str], list[str], list[str]]:
    """The lines that reduce one tile, the scratch and the masks that they need."""
    lines: list[str] = []
    spare: list[str] = []
    masks: list[str] = []
    for reduction in program.reductions:
        lines.append(f"# {reduction.target}: {reduction.how} of {Text()(reduction.value)}")
        if reduction.how == "overflow":
            lines.append(f"{reduction.target} = 1 - np.isfinite({_only_name(reduction.value)}).all()")
            continue
        alone = Program((), (), (), (Assign(reduction.target, reduction.value),), (), (), None)
        plan = schedule(alone)
        (group,) = plan.groups
        passes, scratch = group.instructions, plan.scratch
        if isinstance(reduction.value, Number):  # the same for all elements: there is nothing to compute
            passes, scratch = (Instruction("copy", (str(reduction.value.value),), "s0"),), ("s0",)
        lines += [line_of(replace(one, name=None)) for one in passes if one.ufunc != "alias"]
        found = passes[-1].out if passes else _only_name(reduction.value)
        if reduction.how == "norm":  # it squares the elements in a buffer of its own
            scratch = (*scratch, f"s{len(scratch)}")
            lines.append(f"{reduction.target} = {NORM}({found}, {scratch[-1]})")
        else:
            # without a number to start from, NumPy refuses the maximum of what is empty
            start = ", initial=-np.inf" if reduction.how == "max" else ""
            lines.append(f"{reduction.target} = np.{reduction.how}({found}{start})")
        spare += [name for name in scratch if name not in spare]
        masks += [name for name in plan.masks if name not in masks]
    lines += [f"return {tuple_text([r.target for r in program.reductions])}"] if lines else []
    return lines, spare, masks


def _only_name(node: Node) -> str:
    assert isinstance(node, Name)  # checked: overflow is asked of an array as it is
    return node.name


def _noise(program: Program) -> list[str]:
    used = {name.name for assign in program.arrays for name in names(assign.value)}
    return [NOISE] if NOISE in used else []


def members(taken: Collection[str]) -> tuple[Mapping[str, Member], Mapping[str, Member]]:
    """See `Stages`."""
    must: dict[str, Member] = {"_buffers": literal, "_apply": lambda line: _passes(line, taken)}
    may: dict[str, Member] = {"_reduce_buffers": literal, "_reduce": lambda line: _passes(line, taken, reduced=True)}
    return must, may


def _passes(node: ast.stmt, taken: Collection[str], *, reduced: bool = False) -> None:
    """A method that goes over all elements of a tile."""
    inner = header(node, TYPED, "tuple[Any, ...]" if reduced else "None", taken, ["staticmethod"])
    found = list(body_of(node))
    if reduced:
        last = found.pop()
        if not re.fullmatch(rf"return {TUPLE}", ast.unparse(last)):
            raise OutsideError(last, "does not return what was summed up")
    passes(found, inner, reduced=reduced)


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
