"""Stages as the texts of kernels, which are put together with that of a rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sympy

from ...execution.cells import CONSTRUCTORS
from ...execution.language import library as library_of
from ...execution.modules import BrokenError
from ...execution.shapes import Member, literal
from ...execution.terms import Operations, named
from ...expr.printing import Kept, Library, Text
from ...lower.program import Program, Reduce
from ...spec.symbols import GRADIENT, PARAMETER
from .. import StageLines, StandIns
from .body import SYMBOLIC, Body
from .printer import CudaDouble
from .rules import TERMS, body_lines

#: See `Stages`.
copied, numbers = "w.copy()", library_of("cp")


def lines(program: Program) -> StageLines:
    """See `Stages`."""
    attributes = _texts("_body", body_lines(program))
    return StageLines(attributes + (_texts("_maps", map(_map, program.reductions)) if program.reductions else []))


def spelling(program: Program, *, kept: bool) -> Text:
    """See `Stages`."""
    return (Kept if kept else Library)("cp", program.reduced)


def _texts(name: str, values: Iterable[str]) -> list[str]:
    return [f"{name}: ClassVar = (", *(f'    "{value}",' for value in values), ")"]


def _map(reduction: Reduce) -> str:
    """What a reduction takes of one element, in double: a sum of floats loses what is small."""
    text = CudaDouble()(reduction.value)
    return f"isfinite({text}) ? 0 : 1" if reduction.how == "overflow" else text


def members(taken: Collection[str]) -> tuple[Mapping[str, Member], Mapping[str, Member]]:
    """See `Stages`."""
    return {"_body": literal}, {"_maps": literal}


def over_symbols() -> StandIns:
    """See `Stages`."""
    return StandIns(CONSTRUCTORS, {})


def reductions(made: Any, w: sympy.Expr, g: sympy.Expr, hows: Sequence[str]) -> Iterable[tuple[str, sympy.Expr, Any]]:
    """See `Stages`."""
    return [(how, _mapped(text, w, g, how), None) for text, how in zip(made._maps, hows, strict=True)]


def _mapped(text: str, w: sympy.Expr, g: sympy.Expr, how: str) -> sympy.Expr:
    """What the text of a map takes of an element."""
    if how == "overflow":
        inner, _, rest = text.removeprefix("isfinite(").partition(") ? ")
        if rest != "0 : 1" or not text.startswith("isfinite("):
            raise BrokenError(f"{text} does not ask whether anything is not finite")
    else:
        inner = text
    body = Body.parse(f"return {inner.replace('(double)', '(T)')};")  # of all real types, the same over symbols
    return body.returned({PARAMETER: w, GRADIENT: g}, SYMBOLIC)


def elements(
    made: Any, values: Mapping[str, sympy.Expr], noise: Sequence[str], factors: Sequence[sympy.Expr]
) -> Mapping[str, sympy.Expr]:
    """See `Stages`."""
    outputs = {name: value for name, value in values.items() if name not in noise}
    inputs = dict(zip(made._names, factors, strict=True)) | {name: values[name] for name in noise}
    return Body.parse("\n".join(made._body)).run(inputs, outputs, SYMBOLIC).outputs


def over_terms() -> StandIns:
    """See `Stages`."""
    return StandIns(Operations(named), {})


def terms(made: Any, values: Mapping[str, Any], written: int, factors: Sequence[Any]) -> Mapping[str, Any]:
    """See `Stages`."""
    outputs = {name: values[name] for name in [*values][:written]}
    inputs = {name: values[name] for name in [*values][written:]} | dict(zip(made._names, factors, strict=True))
    return Body.parse("\n".join(made._body)).run(inputs, outputs, TERMS).outputs
