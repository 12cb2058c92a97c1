"""What the host calls where plain arithmetic of doubles would fail, by the names in `_runtime/scalars.py`.

Each comes with what it is over symbols: the expression that it computes, wherever that has a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy

from .symbolic import log1p


def _power(base: Any, exponent: Any) -> sympy.Expr:
    return sympy.sympify(base) ** exponent


def _average_length(decay: Any, t: Any) -> sympy.Expr:
    return 2 / (1 - decay) - 1 - 2 * t * decay**t / (1 - decay**t)


#: Functions that are in the table, too, and here have a value for every number.
TOTAL: Mapping[str, Callable[..., Any]] = {"exp": sympy.exp, "log": sympy.log, "log1p": log1p, "sqrt": sympy.sqrt}

STAND_INS: Mapping[str, Callable[..., Any]] = {
    "average_length": _average_length,
    "divided": lambda above, below: sympy.sympify(above) / below,
    "one_minus_power": lambda base, exponent: 1 - _power(base, exponent),
    "power": _power,
    **TOTAL,
}
