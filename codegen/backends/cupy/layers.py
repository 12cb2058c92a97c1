"""Layers as kernels: one for each average, and an elementwise one for each run of statements of one tier."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable
from typing import Any

import sympy

from ...execution.language import HOST, NAME, NAMES
from ...execution.language import value as value_of
from ...execution.modules import BrokenError, Library
from ...expr.printing import noted
from ...expr.tree import names
from ...lower.layers import AVERAGE, Function, Statement
from .. import LayerLines, StandIns
from .body import SYMBOLIC, Algebra, Body, kernel_parameters
from .printer import Cuda
from .rules import own_statement as _kernel
from .rules import parameters

own_statement = _kernel
decorators = ()
_LONGEST = 110
#: The parameter of a reduction that says how many elements there are.
_ELEMENTS = ", float64 elements"


def lines(function: Function) -> LayerLines:
    """See `Layers`."""
    kernels: list[list[str]] = []
    body: list[str] = []
    groups: list[list[Statement]] = []
    taken: set[str] = set()
    for statement in function.statements:
        tier = groups[-1][0].tier if groups else AVERAGE
        if statement.tier != AVERAGE and statement.tier == tier:
            groups[-1].append(statement)
        else:
            groups.append([statement])
    for number, group in enumerate(groups):
        targets = {s.target for s in group}
        later = {n.name for g in groups[number + 1 :] for s in g for n in names(s.value)} | set(function.outputs)
        written = [s.target for s in group if s.target in later]
        read = list(dict.fromkeys(n for s in group for n in names(s.value) if n.name not in targets))
        arrays, scalars = ([n.name for n in read if n.array == kind] for kind in (True, False))
        # what is per element comes first: its shape and its device are those of the result
        arrays.sort(key=lambda name: name not in function.elements)
        own = written[0] if group[0].tier == AVERAGE else f"{group[0].tier}s"
        name = next(n for k in itertools.count(1) if (n := f"{function.name}_{own}{k if k > 1 else ''}") not in taken)
        taken.add(name)
        called = ", ".join((f"_{name}", *arrays, *scalars))
        if group[0].tier == AVERAGE:
            kernels.append(_reduction(name, [*arrays, *scalars], group[0]))
            body.append(f"{written[0]} = average({called}, axis=axis)")
        else:
            kernels.append(_elementwise(name, [*arrays, *scalars], written, group))
            line = f"{', '.join(written)} = elementwise({called})"
            long = [f"{', '.join(written)} = elementwise(", *(f"    {a}," for a in called.split(", ")), ")"]
            body += [line] if len(line) <= _LONGEST else long
    return LayerLines(body, kernels)


def _reduction(name: str, read: list[str], s: Statement) -> list[str]:
    return [
        f"_{name} = cp.ReductionKernel(",
        f'    in_params="{parameters(read)}{_ELEMENTS}",',
        f'    out_params="T {s.target}",',
        f'    map_expr="{Cuda()(s.value)}",{noted(s.note)}',
        '    reduce_expr="a + b",',
        f'    post_map_expr="{s.target} = a / elements",',
        '    identity="0",',
        f'    name="{name}",',
        '    reduce_type="double",',
        ")",
    ]


def _elementwise(name: str, read: list[str], written: list[str], group: list[Statement]) -> list[str]:
    spell = Cuda()
    lines = []
    for s in group:
        kind = "" if s.target in written else "const T "
        note = f"  // {s.note}" if s.note else ""
        lines.append(f"    {kind}{s.target} = {spell(s.value)};{note}")
    return [
        f"_{name} = cp.ElementwiseKernel(",
        f'    in_params="{parameters(read)}",',
        f'    out_params="{parameters(written)}",',
        '    operation="""',
        *lines,
        '    """,',
        f'    name="{name}",',
        ")",
    ]


_LAUNCHED = rf"(?:average\(_{NAME}, {NAMES}, axis=axis\)|elementwise\(_{NAME}, {NAMES}\))"


def value(node: ast.expr) -> None:
    """See `Layers`: what a kernel gives, and numbers of the host."""
    if not re.fullmatch(_LAUNCHED, ast.unparse(node)):
        value_of(node, HOST)


def kernels(algebra: Algebra, number: Callable[[Any], Any]) -> tuple[type, type]:
    """Stand-ins for the two kinds of kernels, whose bodies are parsed and carried out."""

    class Elementwise:
        def __init__(self, in_params: str, out_params: str, operation: str, name: str) -> None:
            self.inputs, self.outputs = kernel_parameters(in_params), kernel_parameters(out_params)
            self.body = Body.parse(operation)

        def __call__(self, *arguments: Any) -> Any:
            given = dict(zip(self.inputs, map(number, arguments), strict=True))
            found = self.body.run(given, dict.fromkeys(self.outputs), algebra).outputs
            values = tuple(found[name] for name in self.outputs)
            if any(value is None for value in values):
                raise BrokenError(f"a kernel leaves {', '.join(self.outputs)} as they are")
            return values if len(values) > 1 else values[0]

    class Reduction:
        def __init__(self, *, in_params: str, out_params: str, map_expr: str, **rest: str) -> None:
            (self.output,) = kernel_parameters(out_params)
            rest.pop("name")
            mean = {
                "reduce_expr": "a + b",
                "post_map_expr": f"{self.output} = a / elements",
                "identity": "0",
                "reduce_type": "double",
            }
            if rest != mean or not in_params.endswith(_ELEMENTS):
                raise BrokenError(f"the kernel of {self.output} is no average: {rest}")
            self.map = Elementwise(in_params.removesuffix(_ELEMENTS), "T mapped", f"mapped = {map_expr};", "")

    return Elementwise, Reduction


def over_symbols(average: Callable[[Any, Any], sympy.Expr]) -> StandIns:
    """See `Layers`."""
    elementwise, reduction = kernels(SYMBOLIC, sympy.sympify)
    helpers = {
        "average": lambda kernel, *arrays, axis: average(kernel.map(*arrays), axis),
        "elementwise": lambda kernel, *arguments: kernel(*arguments),
    }
    return StandIns(Library(ElementwiseKernel=elementwise, ReductionKernel=reduction), helpers)
