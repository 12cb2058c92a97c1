"""Rules as ufuncs that write in place, in a loop over the tiles of all arrays."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from typing import Any

from ...execution.cells import CONSTRUCTORS, Cell, Log, check_stages, in_place, spare, store, ufuncs, value_of
from ...execution.modules import Library
from ...execution.shapes import no_statement
from ...execution.terms import TILE, Operations, Row, Term, each
from ...expr.printing import Text, tuple_text
from ...lower.instructions import Instruction, Plan, schedule
from ...lower.program import Program
from .. import RuleLines, StandIns
from .language import tile_loop

own_statement = no_statement


def lines(program: Program, function: str) -> RuleLines:
    """See `Rules`."""
    plan = schedule(program)
    buffers = [*program.written, *program.read, *plan.scratch, *plan.masks]
    wanted = f", scratch={len(plan.scratch)}" if plan.scratch else ""
    wanted += f", masks={len(plan.masks)}" if plan.masks else ""
    loop = f"for tile in tiles({tuple_text(program.written)}, {tuple_text(program.read)}{wanted}, stages=stages):"
    body = [f"{', '.join(buffers)} = tile", *body_lines(program, plan)]
    return RuleLines([], [loop, *(f"    {line}" for line in body)])


def body_lines(program: Program, plan: Plan) -> list[str]:
    """The passes over one tile, with the equations that they compute as comments."""
    body: list[str] = []
    equations, told = {equation.target: equation for equation in program.equations}, set()
    for group, assign in zip(plan.groups, program.arrays, strict=True):
        for target in (*assign.inlined, group.target):
            equation = equations[target]
            note = f"  ({equation.note})" if equation.note else ""
            body += [] if target in told else [f"# {target} = {Text()(equation.value)}{note}"]
            told.add(target)
        if assign.changed:
            body.append(f"# {' ' * len(group.target)} = {Text()(assign.value)}")
        body += map(line_of, group.instructions)
    body += map(line_of, plan.commits)
    if all(line.startswith("#") for line in body):
        body.append("pass")
    return body


def line_of(one: Instruction) -> str:
    """A pass as a statement."""
    match one:
        case Instruction("alias", (source,), _, name):
            return f"{name} = {source}"
        case Instruction("copy", (source,), out):
            return f"np.copyto({out}, {source})"
        case Instruction("select", (mask, source), out):
            return f"np.copyto({out}, {source}, where={mask})"
    call = f"np.{one.ufunc}({', '.join(one.inputs)}, out={one.out})"
    return f"{one.name} = {call}" if one.name else call


def last_statement(node: ast.stmt, function: str, taken: Collection[str]) -> None:
    """See `Rules`."""
    tile_loop(node, taken)


def over_symbols(log: Log) -> StandIns:
    """See `Rules`."""

    def copyto(out: Cell, source: Any, where: Any = None) -> None:
        value = value_of(source)
        if where is not None:
            value = log.select(value_of(where), value, out.value)
        store(out, value, log, computed=not isinstance(source, Cell))

    def tiles(written: tuple, read: tuple, *, scratch: int = 0, masks: int = 0, stages: Any = ()) -> Iterator[tuple]:
        check_stages(stages)
        for cell in read:
            cell.writable = False
        yield (*written, *read, *spare(scratch, masks))

    functions = {name: in_place(function, log) for name, function in ufuncs(log.values).items()}
    return StandIns(Library(copyto=copyto, **functions, **CONSTRUCTORS), {"tiles": tiles})


def over_terms() -> StandIns:
    """See `Rules`."""

    def of_rows(name: str) -> Callable[..., Row]:
        def run(*operands: Any, out: Row) -> Row:
            for place in range(out.size):
                out[place] = Term(name, *(each(operand, place) for operand in operands))
            return out

        return run

    def copyto(out: Row, source: Any, where: Any = None) -> None:
        for place in range(out.size):
            value = each(source, place)
            out[place] = value if where is None else Term("choose", each(where, place), value, out[place])

    def tiles(written: tuple, read: tuple, *, scratch: int = 0, masks: int = 0, stages: Any = ()) -> Iterator[tuple]:
        size = written[0].size
        spare = [Row.of(f"scratch {k}", [-1] * TILE) for k in range(scratch + masks)]  # the same for all tiles
        for start in range(0, size, TILE):
            places = range(start, min(start + TILE, size))
            buffers = [buffer.tile(range(len(places))) for buffer in spare]
            yield (*(row.tile(places) for row in (*written, *read)), *buffers)

    return StandIns(Operations(of_rows, copyto=copyto), {"tiles": tiles})
