"""Arrays of one element, which is a SymPy expression; what is written to them, and by which operations of arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import sympy
from sympy.logic.boolalg import Boolean

from ..spec.functions import called
from ..spec.symbols import New
from .choices import compare, select
from .modules import BrokenError

if TYPE_CHECKING:
    from ..readback.values import Values


@dataclass
class Cell:
    """An array of one element, which is a SymPy expression."""

    name: str
    value: Any
    writable: bool = True
    mask: bool = False  # whether it holds truth values, not numbers

    def copy(self) -> Cell:
        return Cell("initial", self.value)

    clone = copy


@dataclass
class Log:
    """What happens while a module runs over symbols: which equations it has computed, which results it has
    then copied to where they belong.

    A value that is proved equal to the right-hand side of an equation is replaced by the equation's
    symbol. So each equation is compared on its own, and what is missing can be named. Without `values` nothing is.
    """

    values: Values | None = None
    found: dict[sympy.Symbol, str] = field(default_factory=dict)
    inside: dict[sympy.Symbol, sympy.Symbol] = field(default_factory=dict)  # what is only part of another equation
    order: list[sympy.Symbol] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)

    def fold(self, value: Any) -> Any:
        """`value` over the symbols of `values`, or the symbol of the equation that it is proved to compute."""
        values = self.values
        if values is None or not isinstance(value, sympy.Expr):
            return value
        given, value = value, values.flat(value)
        if value in values.targets and not given.is_Symbol:
            return self._computed(value, "identical")
        if value.is_number or (value.is_Symbol and (value in values.targets or value not in values.meaning)):
            return value
        alike = [(t, values.meaning[t]) for t in values.targets if not values.apart(value, t)]
        # the same text first: that cos(2 * pi * t) is 1 for whole t is proved, too
        for target, expected in sorted(alike, key=lambda one: one[1] != value):
            if target in self.found and target in values.below(value):
                continue  # |f| is f where f is positive, but it is not what computes f
            if (same := values.same(value, expected)) is None:
                continue
            if same.method != "identical" and self.found.keys() & values.below(value) - values.below(target):
                continue  # made of equations that this one has nothing to do with
            taken = same.written & values.targets.keys()
            self.inside |= {s: target for s in taken if s not in self.found and s not in self.inside}
            return self._computed(target, same.method)
        return value

    def _computed(self, target: sympy.Symbol, method: str) -> sympy.Symbol:
        self.found.setdefault(target, method)
        self.order.append(target)
        return target

    def select(self, condition: Any, then: Any, otherwise: Any) -> Any:
        """The choice of a value."""
        return (self.values.choice if self.values else select)(condition, then, otherwise)


def value_of(operand: Any) -> Any:
    """What an operand is, as an expression."""
    return operand.value if isinstance(operand, Cell) else sympy.sympify(operand)


_COMPARISONS = {
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}
UFUNCS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": sympy.Pow,
    "negative": lambda a: -a,
    "square": lambda a: a**2,
    **{name: row.stand_in for name, row in called("ufunc").items()},
    **{name: partial(compare, relation) for name, relation in _COMPARISONS.items()},
}


def ufuncs(values: Values | None) -> Mapping[str, Callable[..., Any]]:
    """The functions of arrays, over the symbols of `values` if there are any."""
    if values is None:
        return UFUNCS
    own: dict[str, Callable[..., Any]] = {"absolute": values.absolute, "sign": values.sign}
    own |= {"maximum": values.maximum, "minimum": values.minimum}
    own |= {name: partial(values.compare, relation) for name, relation in _COMPARISONS.items()}
    return {**UFUNCS, **own}


def spare(scratch: int, masks: int) -> list[Cell]:
    """Buffers of which nothing is known: for numbers, then for truth values."""
    values = [sympy.Symbol(f"uninitialised_{k}", real=True) for k in range(scratch + masks)]
    return [Cell(f"scratch {k}", value, mask=k >= scratch) for k, value in enumerate(values)]


def in_place(function: Callable[..., Any], log: Log) -> Callable[..., Cell]:
    """The function as one that writes to `out`."""

    def call(*operands: Any, out: Cell) -> Cell:
        return store(out, function(*map(value_of, operands)), log, computed=True)

    return call


def store(out: Any, value: Any, log: Log, computed: bool = False) -> Cell:
    """Write `value` to `out`. That is a commit if a result is copied to where it belongs, not if it is `computed`."""
    if not isinstance(out, Cell) or not out.writable:
        raise BrokenError(f"it writes to {getattr(out, 'name', out)}, which is only to be read")
    if isinstance(value, Boolean) != out.mask and not isinstance(value, sympy.Symbol):  # SymPy's symbols are both
        kinds = ("a truth value", "numbers") if not out.mask else ("a number", "truth values")
        raise BrokenError(f"it writes {kinds[0]} to {out.name}, which is for {kinds[1]}")
    if not computed and log.values is not None and value in log.values.targets:
        target = log.values.targets[value].target
        if isinstance(target, New) and target.of.name == out.name:
            log.commits.append(out.name)
    out.value = log.fold(value)
    return out


#: What stands for the stages while a rule is read back: it has to come through as it is.
STAGES = object()


def check_stages(stages: Any) -> None:
    """The stages have come through."""
    if stages is not STAGES:
        raise BrokenError("it does not pass its stages on")


CONSTRUCTORS: dict[str, Callable[..., Cell]] = {
    "zeros_like": lambda w: Cell("initial", sympy.Integer(0)),
    "full_like": lambda w, value: Cell("initial", value_of(value)),
}
