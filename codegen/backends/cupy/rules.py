"""Rules as elementwise kernels: the states are outputs, which a kernel reads before it writes them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ...execution.cells import CONSTRUCTORS, Cell, Log, check_stages, store, value_of
from ...execution.language import TUPLE, OutsideError
from ...execution.modules import BrokenError, Library
from ...execution.shapes import launched, strings
from ...execution.terms import INTEGER, Operations, Term, each, named
from ...expr.printing import Library as LibraryText
from ...expr.printing import Text, tuple_text
from ...expr.tree import Call, Name, Node, Number, children, with_children
from ...lower.program import Program
from ...spec.functions import TABLE
from .. import RuleLines, StandIns, Summed
from ..numpy.sums import called, first_two
from .body import SYMBOLIC, Algebra, Body, Run, kernel_parameters
from .printer import Cuda, CudaDouble

#: See `Rules`.
packs_sums = False
#: See `Rules`.
goes_ahead = False


def lines(program: Program, function: str) -> RuleLines:
    """See `Rules`."""
    scalars = list(program.kernel_scalars)
    # what is formed of sums comes in double, and may be an array without dimensions: it stays on the device
    wide = [name for name in scalars if name in program.reduced_in_time]
    given = (f"float64 {name}_double" if name in wide else f"T {name}" for name in scalars)
    before = [
        f"_{function} = cp.ElementwiseKernel(",
        f'    in_params="{", ".join([*(f"T {name}" for name in program.read), *given])}",',
        f'    out_params="{parameters(program.written)}",',
        '    operation="""',
        *(f"    const T {name} = {name}_double;" for name in wide),
        *(f"    {line}" for line in body_lines(program)),
        '    """,',
        f'    name="{function}",',
        ")",
    ]
    arguments = [f"_{function}", tuple_text(program.read), tuple_text(scalars), tuple_text(program.written), "stages"]
    return RuleLines(before, ["launch(", *(f"    {argument}," for argument in arguments), ")"])


def sum_lines(program: Program, arrays: Sequence[str], function: str) -> RuleLines:
    """See `Rules`."""
    spell = CudaDouble()
    before = [
        f"_{function} = Sums(",
        f'    arrays="{", ".join(arrays)}",',
        f'    scalars="{", ".join(program.summed_scalars)}",',
        "    maps=(",
        *(f'        "{spell(one.value)}",' for one in program.reductions),
        "    ),",
        f'    name="{function}",',
        ")",
    ]
    return RuleLines(before, called(arrays, program, function))


def spelling(program: Program, *, kept: bool) -> Text:
    """See `Rules`."""
    return LibraryText("cp", program.reduced_in_time)


def met(value: str) -> str:
    """See `Rules`: as it is, on the device."""
    return value


def parameters(names: Iterable[str]) -> str:
    """Parameters of a kernel, all of its type."""
    return ", ".join(f"T {name}" for name in names)


def body_lines(program: Program) -> list[str]:
    """The statements of a kernel, which compute one element."""
    spell = Cuda()
    body = []
    for assign in program.arrays:
        value, named = _named_operands(assign.value, assign.target)
        body += [f"const T {name} = {spell(node)};" for name, node in named]
        body.append(f"const T {assign.target} = {spell(value)};{f'  // {assign.note}' if assign.note else ''}")
    return [*body, *(f"{commit.target} = {commit.value};" for commit in program.commits)]


def _named_operands(value: Node, target: str) -> tuple[Node, list[tuple[str, Node]]]:
    """`value` with a name for each operand that C has to read several times, and what the names stand for."""
    named: list[tuple[str, Node]] = []

    def walk(node: Node) -> Node:
        node = with_children(node, tuple(map(walk, children(node))))
        if isinstance(node, Call) and TABLE[node.function].spelled(Cuda.column).repeats:
            return Call(node.function, tuple(map(name, node.arguments)))
        return node

    def name(operand: Node) -> Node:
        if isinstance(operand, Name | Number):
            return operand
        named.append((f"{target}_{len(named) + 1}", operand))
        return Name(named[-1][0], array=True)

    return walk(value), named


_ELEMENTWISE = ["in_params", "out_params", "operation", "name"]
_REDUCTION = ["in_params", "out_params", "map_expr", "reduce_expr", "post_map_expr", "identity", "name", "reduce_type"]


def own_statement(node: ast.stmt, taken: set[str]) -> None:
    """See `Rules`: a kernel, all of whose parts are texts."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(func=ast.Name(id="Sums"), args=[], keywords=[arrays, scalars, maps, own]),
        ) if [one.arg for one in (arrays, scalars, maps, own)] == ["arrays", "scalars", "maps", "name"]:
            assert isinstance(maps.value, ast.Tuple)
            strings([arrays.value, scalars.value, *maps.value.elts, own.value])
            if f"_{ast.literal_eval(own.value)}" == name:
                return
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function, args=[], keywords=given)):
            wanted = {"cp.ElementwiseKernel": _ELEMENTWISE, "cp.ReductionKernel": _REDUCTION}
            if [one.arg for one in given] == wanted.get(ast.unparse(function)):
                strings([one.value for one in given])
                own = next(ast.literal_eval(one.value) for one in given if one.arg == "name")
                if f"_{own}" == name:
                    return
    raise OutsideError(node, "is not a kernel that is written out")


def last_statement(node: ast.stmt, function: str, taken: Collection[str]) -> None:
    """See `Rules`."""
    launched(node, rf"launch\(_{function}, {TUPLE}, {TUPLE}, {TUPLE}, stages\)", f"launch of _{function}")


def over_symbols(log: Log) -> StandIns:
    """See `Rules`: kernels are parsed and carried out."""
    algebra = SYMBOLIC
    if values := log.values:
        functions = {**SYMBOLIC.functions, "fabs": values.absolute}
        algebra = replace(SYMBOLIC, functions=functions, select=values.choice, compare=values.compare)

    class Kernel:
        def __init__(self, in_params: str, out_params: str, operation: str, name: str) -> None:
            self.inputs, self.outputs = kernel_parameters(in_params), kernel_parameters(out_params)
            self.body, self.name = Body.parse(operation), name

        def run(self, inputs: list[Any], outputs: list[Cell]) -> Run:
            if len(inputs) != len(self.inputs) or len(outputs) != len(self.outputs):
                raise BrokenError(f"the kernel {self.name} is launched with another number of arguments than it has")
            for cell, parameter in zip(outputs, self.outputs, strict=True):
                if not isinstance(cell, Cell) or not cell.writable:
                    raise BrokenError(f"{parameter} is not an array that may be written")
            before = {p: cell.value for p, cell in zip(self.outputs, outputs, strict=True)}
            given = dict(zip(self.inputs, map(value_of, inputs), strict=True))
            run = self.body.run(given, before, algebra, log.fold)
            home = dict(zip(self.outputs, outputs, strict=True))
            for name in run.commits:
                store(home[name], run.outputs[name], log)
            return run

    def launch(kernel: Kernel, read: tuple, scalars: tuple, written: tuple, stages: Any = ()) -> None:
        check_stages(stages)
        for cell in read:
            cell.writable = False
        kernel.run([*read, *scalars], list(written))

    return StandIns(Library(ElementwiseKernel=Kernel, **CONSTRUCTORS), {"launch": launch})


#: Kernels over terms.
TERMS = Algebra(
    functions={name: named(name) for name in SYMBOLIC.functions},
    select=partial(Term, "choose"),
    either=partial(Term, "or"),
    compare=Term,
    literal=partial(Term, INTEGER),
)


def over_terms() -> StandIns:
    """See `Rules`."""

    class Kernel:
        def __init__(self, in_params: str, out_params: str, operation: str, name: str) -> None:
            self.inputs, self.outputs = kernel_parameters(in_params), kernel_parameters(out_params)
            self.body = Body.parse(operation)

    def launch(kernel: Kernel, read: tuple, scalars: tuple, written: tuple, stages: Any = ()) -> None:
        for place in range(written[0].size):
            given = (each(one, place) for one in (*read, *scalars))
            before = dict(zip(kernel.outputs, (row[place] for row in written), strict=True))
            found = kernel.body.run(dict(zip(kernel.inputs, given, strict=True)), before, TERMS).outputs
            for name, row in zip(kernel.outputs, written, strict=True):
                row[place] = found[name]

    return StandIns(Operations(named, ElementwiseKernel=Kernel), {"launch": launch})


def sums_over_symbols() -> Mapping[str, Any]:
    """See `Rules`: what one element adds, parsed and carried out."""

    def sums(arrays: str, scalars: str, maps: tuple[str, ...], name: str) -> tuple[list[str], list[str], Any]:
        return arrays.split(", "), [one for one in scalars.split(", ") if one], maps

    def summed(of: Any, arrays: tuple, scalars: tuple, hows: tuple, stages: Any = ()) -> tuple[Summed, ...]:
        check_stages(stages)
        first_two(arrays)
        names, numbers, maps = of
        if names[:2] != ["w", "g"] or len(set(names + numbers)) != len(names + numbers):
            raise BrokenError(f"the first arrays are {names[:2]}, which have to be w and g, or a name is there twice")
        given = dict(zip([*names, *numbers], map(value_of, (*arrays, *scalars)), strict=True))
        # of all real types, the same over symbols
        bodies = [Body.parse(f"return {text.replace('(double)', '(T)')};") for text in maps]
        return tuple(Summed(how, body.returned(given, SYMBOLIC)) for how, body in zip(hows, bodies, strict=True))

    return {"Sums": sums, "summed": summed}
