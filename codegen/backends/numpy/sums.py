"""What is summed up over a tile: passes that write in place into scratch, and a number that each comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...execution.cells import Cell
from ...execution.modules import BrokenError
from ...expr.printing import Text, tuple_text
from ...expr.tree import Name, Node, Number
from ...lower.instructions import Instruction, schedule
from ...lower.program import Assign, Program
from ...spec.symbols import GRADIENT, PARAMETER
from .language import AT, NORM, NORMS, SUMS, WIDE, line_of


def reductions(program: Program, *, parts: bool = False) -> tuple[list[str], list[str], list[str]]:
    """The lines that reduce one tile, or each of its parts, the scratch and the masks that they need."""
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
        if parts and reduction.how == "norm":
            lines.append(f"{reduction.target} = {NORMS}({found}, {WIDE}, {AT})")
        elif reduction.how == "norm":  # it squares the elements in a buffer of its own
            scratch = (*scratch, f"s{len(scratch)}")
            lines.append(f"{reduction.target} = {NORM}({found}, {scratch[-1]})")
        elif parts:
            assert reduction.how == "sum"  # of the sums of rules, the others are norms
            lines.append(f"{reduction.target} = {SUMS}({found}, {AT})")
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


def hows(program: Program) -> str:
    """How each sum is taken, as a tuple."""
    return tuple_text([f'"{one.how}"' for one in program.reductions])


def called(arrays: Sequence[str], program: Program, function: str, *more: str, after: Sequence[str] = ()) -> list[str]:
    """The statement that sums up over arrays and gives the sums."""
    given = [tuple_text(arrays), tuple_text(program.summed_scalars), hows(program), *more, "stages", *after]
    return [f"return summed({', '.join([f'_{function}', *given])})"]


def checked_sums(found: tuple[Any, ...], hows: Sequence[str]) -> tuple[Any, ...]:
    """What a function sums up, if it puts the parts of each sum together as it takes them."""
    if [getattr(one, "how", None) for one in found] != list(hows):
        raise BrokenError(f"it puts parts together as {', '.join(hows)}, and gives {found}")
    return found


def first_two(arrays: Sequence[Cell]) -> None:
    """The first arrays are the parameter and its gradient, as the stages leave them."""
    if [cell.name for cell in arrays[:2]] != [PARAMETER, GRADIENT]:
        raise BrokenError(f"it sums up over {', '.join(cell.name for cell in arrays)}; w and g come first")


def of_parameter(value: Any, w: Any) -> Any:
    """What a number is to elements of the parameter, over symbols."""
    if not isinstance(w, Cell) or w.name != PARAMETER:
        raise BrokenError(f"it takes {value} for a number that meets {w}, which is not {PARAMETER}")
    return value
