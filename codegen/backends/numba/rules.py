"""Rules as loops over the elements, which are compiled."""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy

from ...execution.cells import CONSTRUCTORS, Cell, Log, check_stages, store, ufuncs, value_of
from ...execution.language import (
    NAME,
    TUPLE,
    TYPED,
    UFUNCS,
    Dialect,
    OutsideError,
    apart,
    bound,
    fresh,
    names_in,
    value,
)
from ...execution.modules import BrokenError, Library
from ...execution.shapes import body_of, header, launched
from ...execution.terms import Operations, PerArray, Row, named
from ...expr.printing import Text, parameters_text, tuple_text
from ...lower.ahead import ahead
from ...lower.program import Program
from ...spec.row import Binding
from ...spec.symbols import PARAMETER
from .. import RuleLines, StandIns, Summed
from ..numpy.language import SPREAD
from ..numpy.rules import spelling as as_numpy
from ..numpy.sums import called, first_two, of_parameter
from .printer import Element, ElementDouble

#: What each element of a norm is multiplied by, so that its square neither overflows nor vanishes.
SCALE = "rescale"
#: Whether states have taken their new values already, when the sums were taken.
AHEAD = "ahead"
#: An element in the loop.
ELEMENT = Dialect(frozenset({*(f"np.{name}" for name in UFUNCS), "real"}), atoms=rf"np\.pi|math\.pi|{NAME}\[i\]")


#: See `Rules`.
packs_sums = True
#: See `Rules`.
goes_ahead = True


def lines(program: Program, function: str) -> RuleLines:
    """See `Rules`."""
    written, scalars = program.written, list(program.kernel_scalars)
    element = Element([*written, *program.read])
    early = ahead(program)
    there = {one.target: state for state, one in early.states.items()} if early else {}
    body: list[str] = []
    for a in program.arrays:
        value = element(a.value)
        if a.target in there:
            value = f"{element.name(there[a.target])} if {AHEAD} != 0 else {value}"
        body.append(f"{a.target} = {value}{f'  # {a.note}' if a.note else ''}")
    body += [f"{element.name(commit.target)} = {element.name(commit.value)}" for commit in program.commits]
    scalars += [AHEAD] if early else []
    before = ["@loop", f"def _{function}({parameters_text([*written, *program.read], scalars)}) -> None:"]
    before += ["    real = w.dtype.type"] if any("real(" in line for line in body) else []
    before += ["    for i in prange(w.size):", *(f"        {line}" for line in body or ["pass"])]
    beside = f", beside={tuple_text(program.inputs)}" if program.inputs else ""
    return RuleLines(before, [f"sweep(_{function}, {tuple_text(written)}, g, {tuple_text(scalars)}, stages{beside})"])


def sum_lines(program: Program, arrays: Sequence[str], function: str) -> RuleLines:
    """See `Rules`."""
    element, early = ElementDouble(arrays), ahead(program)
    stepped = list(early.states) if early else []
    arrays = [*(name for name in arrays if name not in stepped), *stepped]
    given = parameters_text(arrays, [*program.summed_scalars, SCALE])
    before = ["@summing", f"def _{function}({given}) -> tuple[float, ...]:", "    real = np.float64"]
    before += [f"    {one.target} = 0.0" for one in program.reductions]
    before.append("    for i in prange(w.size):")
    for state, assign in early.states.items() if early else ():  # run again to rescale, it finds them stepped
        before.append(f"        {assign.target} = {element(assign.value)} if {SCALE} == 1 else {element.name(state)}")
    for one in early.reductions if early else program.reductions:
        value = element(one.value)
        if one.how == "norm":
            before.append(f"        {one.target}_part = {SCALE} * {element.inside(one.value, Binding.PRODUCT)}")
            value = f"{one.target}_part * {one.target}_part"
        before.append(f"        {one.target} += {value}")
    before += [f"        {state}[i] = {assign.target}" for state, assign in early.states.items()] if early else []
    before.append(f"    return {tuple_text([one.target for one in program.reductions])}")
    more = [f"stepped={tuple_text(stepped)}", f"{AHEAD}={AHEAD}"] if stepped else []
    return RuleLines(before, called(arrays[: len(arrays) - len(stepped)], program, function, after=more))


def spelling(program: Program, *, kept: bool) -> Text:
    """See `Rules`."""
    return as_numpy(program, kept=kept)


def met(value: str) -> str:
    """See `Rules`: where arrays that each have sums of their own take a step together, a number for each of them."""
    return f"{SPREAD}({value}, {PARAMETER})"


def own_statement(node: ast.stmt, taken: set[str]) -> None:
    """See `Rules`: the loop of a rule, or that of its sums."""
    if isinstance(node, ast.FunctionDef) and [ast.unparse(d) for d in node.decorator_list] == ["summing"]:
        _summing(node, taken)
        return
    if not isinstance(node, ast.FunctionDef):
        raise OutsideError(node, "has no place in a generated module")
    parameters = header(node, TYPED, "None", taken, ["loop"])
    body, inner = list(node.body), {*taken, *parameters, "i"}
    if body and ast.unparse(body[0]) == "real = w.dtype.type":
        fresh(body.pop(0), ["real"], inner)
    if len(body) != 1:
        raise OutsideError(body[1] if body else node, "is not in the one loop over all elements")
    _element_loop(body[0], parameters, inner)


def _element_loop(node: ast.stmt, parameters: Collection[str], taken: set[str]) -> None:
    """The loop over all elements: each line binds a name of its own, or writes the loop's element of one array."""
    match node:
        case ast.For(target=ast.Name(id="i"), iter=size, body=body, orelse=[]) if ast.unparse(size) == "prange(w.size)":
            for line in body:
                _element_line(line, parameters, taken)
            apart(body, {*parameters, "i"})
        case _:
            raise OutsideError(node, "is not the loop over all elements")


def _summing(node: ast.FunctionDef, taken: set[str]) -> None:
    """A loop each of whose lines adds to one sum, or binds a name of its own that the next line adds the square of."""
    parameters = header(node, rf"{TYPED}, {SCALE}: float", "tuple[float, ...]", taken, ["summing"])
    first, *body = body_of(node)
    if ast.unparse(first) != "real = np.float64":
        raise OutsideError(first)
    *starts, loop, last = body
    sums = [ast.unparse(one).removesuffix(" = 0.0") for one in starts]
    inner = {*taken, *parameters, "i", "real"}
    fresh(node, sums, inner)
    if any(ast.unparse(one) != f"{name} = 0.0" for one, name in zip(starts, sums, strict=True)):
        raise OutsideError(node, "does not start its sums from 0")
    if ast.unparse(last) != f"return {tuple_text(sums)}":
        raise OutsideError(last, "does not return what was summed up")
    match loop:
        case ast.For(target=ast.Name(id="i"), iter=ast.expr() as size, body=lines, orelse=[]) if (
            ast.unparse(size) == "prange(w.size)"
        ):
            left = list(sums)
            for line in lines:
                match line:
                    case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=given) if name == left[:1][0]:
                        value(given, ELEMENT)
                        if names_in(given) & set(sums):
                            raise OutsideError(line, "adds what another round has summed up")
                        left.pop(0)
                    case _:
                        _element_line(line, parameters, inner)
                        if names_in(line) & set(sums):
                            raise OutsideError(line, "reads what another round has summed up")
            if left:
                raise OutsideError(loop, f"does not add anything to {left[0]}")
            apart([line for line in lines if not isinstance(line, ast.AugAssign)], {*parameters, *sums, "i"})
        case _:
            raise OutsideError(loop, "is not the loop over all elements")


def _element_line(line: ast.stmt, parameters: Collection[str], taken: set[str]) -> None:
    match line:
        case ast.Pass():
            return
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id="i"))], value=given) if (
            name in parameters
        ):
            value(given, ELEMENT)
        case _:
            fresh(line, [bound(line, ELEMENT)], taken)


def last_statement(node: ast.stmt, function: str, taken: Collection[str]) -> None:
    """See `Rules`."""
    launched(node, rf"sweep\(_{function}, {TUPLE}, g, {TUPLE}, stages(?:, beside={TUPLE})?\)", f"sweep of _{function}")


@dataclass(frozen=True)
class _Index:
    """The number of any element."""


class _Column:
    """An array in a loop over its elements, each of them alone: what stands at the index is the cell."""

    size = _Index()
    dtype = types.SimpleNamespace(type=sympy.sympify)

    def __init__(self, cell: Cell, log: Log) -> None:
        self.cell, self.log = cell, log

    def __getitem__(self, index: Any) -> Any:
        self._at(index)
        return self.cell.value

    def __setitem__(self, index: Any, value: Any) -> None:
        self._at(index)
        store(self.cell, sympy.sympify(value), self.log)

    def _at(self, index: Any) -> None:
        if not isinstance(index, _Index):
            raise BrokenError(f"{self.cell.name} is read or written at {index}, which is not the element of the loop")


def over_symbols(log: Log) -> StandIns:
    """See `Rules`."""

    def prange(size: Any) -> tuple[_Index, ...]:
        if not isinstance(size, _Index):
            raise BrokenError(f"a loop runs over {size}, not over the elements")
        return (size,)

    def sweep(
        loop: Callable[..., None], written: tuple, g: Cell, scalars: tuple, stages: Any = (), beside: tuple = ()
    ) -> None:
        check_stages(stages)
        for cell in (g, *beside):
            cell.writable = False
        numbers = [int(one) if isinstance(one, bool) else one for one in scalars]  # whether states went ahead
        loop(*(_Column(cell, log) for cell in (*written, g, *beside)), *map(value_of, numbers))

    functions = {name: lambda *operands, f=f: f(*map(value_of, operands)) for name, f in ufuncs(log.values).items()}
    helpers = {"loop": lambda function: function, "prange": prange, "sweep": sweep}
    return StandIns(Library(**functions, **CONSTRUCTORS), helpers)


def over_terms() -> StandIns:
    """See `Rules`."""

    def sweep(
        loop: Callable[..., None], written: tuple, g: Row, scalars: tuple, stages: Any = (), beside: tuple = ()
    ) -> None:
        rows = (*written, g, *beside)
        if not written[0].parts:
            loop(*rows, *scalars)
            return
        for k, places in enumerate(written[0].parts):
            own = (one[k] if isinstance(one, list) else one for one in scalars)
            loop(*(row.tile(places) for row in rows), *own)

    def spread(value: Any, w: Row) -> Any:
        return list(value.values) if isinstance(value, PerArray) else value

    helpers = {"loop": lambda function: function, "prange": range, "sweep": sweep, SPREAD: spread}
    return StandIns(Operations(named), helpers)


def sums_over_symbols() -> Mapping[str, Any]:
    """See `Rules`: over one element. What a norm adds is a square, also of what each element is multiplied by."""

    def summing(function: Callable[..., tuple]) -> Callable[..., tuple]:
        return function

    def summed(
        loop: Callable[..., tuple],
        arrays: tuple,
        scalars: tuple,
        hows: tuple,
        stages: Any = (),
        stepped: tuple = (),
        ahead: Any = False,
    ) -> tuple[Summed, ...]:
        check_stages(stages)
        first_two(arrays)
        cells = stepped if ahead else tuple(replace(cell, writable=True) for cell in stepped)

        def run(scale: sympy.Expr) -> list[sympy.Expr]:
            columns = [_Column(cell, Log()) for cell in (*arrays, *cells)]
            return list(map(sympy.sympify, loop(*columns, *map(value_of, scalars), scale)))

        first = run(sympy.Integer(1))
        after = [cell.value for cell in cells]
        again = run(_RESCALED)
        if [cell.value for cell in cells] != after:
            raise BrokenError("run again to rescale what it squares, it steps the states again")
        return tuple(_one_of(*sums) for sums in zip(hows, first, again, strict=True))

    return {"summing": summing, "summed": summed, SPREAD: of_parameter}


#: A scale of which nothing is known but that it is not 1: a file can spell no other number that makes up for it.
_RESCALED = sympy.EulerGamma


def _one_of(how: str, added: sympy.Expr, again: sympy.Expr) -> Summed:
    """What is summed up, of which `added` is added at first, and `again` rescaled."""
    if how == "sum":
        if again != added:
            raise BrokenError("it rescales a sum")
        return Summed(how, added)
    if how != "norm":
        raise BrokenError(f"it adds {added} for a {how}")
    if sympy.expand(again - _RESCALED**2 * added) != 0:
        raise BrokenError(f"it adds {again} for a norm, which is not the square of a multiple of {SCALE}")
    return Summed(how, sympy.sqrt(added))
