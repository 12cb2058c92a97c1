"""Layers as statements over whole arrays."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import sympy

from ...execution.language import library
from ...execution.language import value as value_of
from ...execution.modules import Library
from ...execution.shapes import no_statement
from ...expr.printing import Library as Arrays
from ...expr.printing import noted
from ...lower.layers import AVERAGE, Function
from ...spec.functions import called
from .. import LayerLines, StandIns

own_statement = no_statement
decorators = ("np.errstate(all='ignore')",)


def lines(function: Function) -> LayerLines:
    """See `Layers`."""
    spell, body = Arrays("np"), []
    for s in function.statements:
        text = spell(s.value)
        body.append(f"{s.target} = {f'average({text}, axis)' if s.tier == AVERAGE else text}{noted(s.note)}")
    return LayerLines(body, decorators=['@np.errstate(all="ignore")'])


def value(node: ast.expr) -> None:
    """See `Layers`: arrays and numbers, and the average of some."""
    match node:
        case ast.Call(func=ast.Name(id="average"), args=[inner, ast.Name(id="axis")], keywords=[]):
            value_of(inner, library("np"))
        case _:
            value_of(node, library("np"))


def over_symbols(average: Callable[[Any, Any], sympy.Expr]) -> StandIns:
    """See `Layers`."""
    functions = {name: row.written for name, row in called("ufunc").items()}
    return StandIns(Library(errstate=lambda **_: lambda function: function, **functions), {"average": average})
