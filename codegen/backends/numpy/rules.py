"""Rules as ufuncs that write in place, in a loop over the tiles of all arrays."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import sympy

from ...execution.cells import CONSTRUCTORS, Cell, Log, check_stages, in_place, spare, store, ufuncs, value_of
from ...execution.modules import BrokenError, Library
from ...execution.terms import TILE, Operations, PerArray, Row, Term, each
from ...expr.printing import Kept, Text, parameters_text, tuple_text
from ...expr.printing import Library as LibraryText
from ...lower.instructions import Plan, schedule
from ...lower.program import Program
from ...spec.symbols import PARAMETER
from .. import RuleLines, StandIns, Summed
from .language import AT, NORMS, SPREAD, SUMS, WIDE, line_of, reducing, tile_loop
from .sums import called, checked_sums, first_two, of_parameter, reductions

#: See `Rules`.
packs_sums = True
#: See `Rules`.
goes_ahead = False


def lines(program: Program, function: str) -> RuleLines:
    """See `Rules`."""
    plan = schedule(program)
    buffers = [*program.written, *program.read, *plan.scratch, *plan.masks]
    wanted = f", scratch={len(plan.scratch)}" if plan.scratch else ""
    wanted += f", masks={len(plan.masks)}" if plan.masks else ""
    loop = f"for tile in tiles({tuple_text(program.written)}, {tuple_text(program.read)}{wanted}, stages=stages):"
    body = [f"{', '.join(buffers)} = tile", *body_lines(program, plan)]
    return RuleLines([], [loop, *(f"    {line}" for line in body)])


def sum_lines(program: Program, arrays: Sequence[str], function: str) -> RuleLines:
    """See `Rules`."""
    body, scratch, masks = reductions(program, parts=True)
    given = parameters_text([*arrays, *scratch, *masks, WIDE], program.summed_scalars)
    before = [f"def _{function}({given}, {AT}: Array) -> tuple[Any, ...]:", *(f"    {line}" for line in body)]
    return RuleLines(before, called(arrays, program, function, f"({len(scratch)}, {len(masks)})"))


def spelling(program: Program, *, kept: bool) -> Text:
    """See `Rules`."""
    several = not kept and any(not one.overall for one in program.reductions)
    return (LibraryText if several else Kept)("np", program.reduced_in_time)


def met(value: str) -> str:
    """See `Rules`: in a row of arrays that each have sums of their own, it is another number for each of them."""
    return f"{SPREAD}({value}, {PARAMETER})"


def own_statement(node: ast.stmt, taken: set[str]) -> None:
    """See `Rules`: what is summed up over a tile."""
    reducing(node, taken, in_parts=True)


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

    functions: dict[str, Any] = {name: in_place(function, log) for name, function in ufuncs(log.values).items()}
    return StandIns(Library(copyto=copyto, **functions, **CONSTRUCTORS), {"tiles": tiles})


def over_terms() -> StandIns:
    """See `Rules`."""

    def of_rows(name: str) -> Callable[..., Row]:
        def run(*operands: Any, out: Row | None = None) -> Any:
            if out is None:  # scalars
                return Term(name, *operands)
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
        most = size if written[0].parts else TILE  # a row of arrays is one tile
        spare = [Row.of(f"scratch {k}", [-1] * most) for k in range(scratch + masks)]  # the same for all tiles
        for start in range(0, size, most):
            places = range(start, min(start + most, size))
            buffers = [buffer.tile(range(len(places))) for buffer in spare]
            yield (*(row.tile(places) for row in (*written, *read)), *buffers)

    def spread(value: Any, w: Row) -> Any:
        return w.spread(value) if isinstance(value, PerArray) else value

    return StandIns(Operations(of_rows, copyto=copyto), {"tiles": tiles, SPREAD: spread})


def sums_over_symbols() -> Mapping[str, Any]:
    """See `Rules`: over a tile of one element."""
    found: list[Summed] = []
    at = object()

    def in_parts(given: Any) -> None:
        if given is not at:
            raise BrokenError(f"it sums up parts that begin at {given}; where they do is {AT}")

    def norms_of(cell: Cell, buffer: Cell, given: Any) -> Summed:
        in_parts(given)
        value = value_of(cell)
        if buffer is cell:
            raise BrokenError(f"{NORMS} writes over {cell.name}, of which it takes the norm")
        store(buffer, sympy.Dummy(f"what {NORMS} leaves", real=True), Log())
        found.append(Summed("norm", value))
        return found[-1]

    def sums_of(cell: Cell, given: Any) -> Summed:
        in_parts(given)
        return Summed("sum", value_of(cell))

    def summed(
        reduce: Callable[..., tuple], arrays: tuple, scalars: tuple, hows: tuple, buffers: tuple, stages: Any = ()
    ) -> tuple:
        check_stages(stages)
        first_two(arrays)
        given = reduce(*arrays, *spare(*buffers), *spare(1, 0), *scalars, at)
        return checked_sums(given, hows)

    return {NORMS: norms_of, SUMS: sums_of, SPREAD: of_parameter, "summed": summed}
