"""The symbols of a spec, which know their role, and the short words for what is often written with them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Self

import sympy
from sympy import Piecewise

from .domain import Domain, parse
from .symbolic import array_sum, global_sum

PARAMETER, GRADIENT, STEP = "w", "g", "t"

METRIC, TRAINING = "metric", "training"  # what a monitor hears: a metric, and the same of the training data

#: What a stage is given beside them: the rule's learning rate, and a standard normal number per element.
RATE, NOISE = "lr", "noise"


@dataclass(frozen=True)
class Location:
    """Where something was written."""

    file: str
    line: int


def caller(depth: int) -> Location:
    frame = sys._getframe(depth + 1)
    return Location(frame.f_code.co_filename, frame.f_lineno)


class _Role(sympy.Symbol):
    """A real symbol with a role. Two symbols are equal only if their roles are, too.

    SymPy's cache of symbols is passed over, because it knows nothing of the role.
    """

    def __new__(cls, name: str, **role: object) -> Self:
        self: Self = sympy.Symbol.__xnew__(cls, name, real=True)
        self.role = tuple(sorted(role.items(), key=lambda item: item[0]))
        self.__dict__.update(role)
        return self

    def _hashable_content(self) -> tuple[object, ...]:
        # the new value of an array is another symbol than that of a scalar of the same name
        kinds = (type(value).__name__ for _, value in self.role if isinstance(value, _Role))
        return (*super()._hashable_content(), *(str(value) for _, value in self.role), *kinds)


class Array(_Role):
    """A value per element of the parameter."""


class Channel(Array):
    """A value per channel of a layer, the same for all its elements."""


class Scalar(_Role):
    """A value per step, the same for every element; computed on the host in double."""


class PerArray(Scalar):
    """A number that is kept for each array: a value per step and array, computed as a scalar is."""


class Hyper(_Role):
    """A hyperparameter: `default` a decimal string, `domain` a string such as `> 0` or `[0, 1)`."""

    default: str | None
    domain: str | None
    doc: str
    location: Location

    @cached_property
    def allowed(self) -> Domain:
        """The numbers that it may be. Raises ValueError with the remedy if `domain` names none."""
        return parse(str(self.domain))

    @property
    def condition(self) -> str:
        """Its domain as a comparison, such as `0 <= beta1 < 1`."""
        return self.allowed.condition(self.name)

    @cached_property
    def value(self) -> Fraction:
        """The default, exactly. Raises ValueError if `default` is no number."""
        return Fraction(str(self.default))


class Supplied(Hyper):
    """What a step is given beside the gradient: any number, another one in every step.

    That is also what a proof knows of a hyperparameter that nothing holds constant, so it is one in all statements.
    """


class Input(Supplied, Array):
    """An array that a step is given for each parameter."""


class Signal(Supplied, Scalar):
    """A number that a step is given."""


class Flag(Signal):
    """1 in a step in which `of` is given, else 0."""

    of: Supplied


class New(_Role):
    """The value of a state, or of the parameter, after the step."""

    of: Array | Scalar


def _names(names: str) -> list[str]:
    return names.replace(",", " ").split()


def arrays(names: str) -> Any:
    """A symbol, or a tuple of symbols, per element: the parameter `w`, the gradient `g`, state, intermediates."""
    symbols = tuple(Array(name) for name in _names(names))
    return symbols[0] if len(symbols) == 1 else symbols


def channels(names: str) -> Any:
    """A symbol, or a tuple of symbols, per channel: parameters, running statistics, moments of the batch."""
    symbols = tuple(Channel(name) for name in _names(names))
    return symbols[0] if len(symbols) == 1 else symbols


def scalars(names: str) -> Any:
    """A symbol, or a tuple of symbols, per step: the step number `t` (from 1) and what is computed from it."""
    symbols = tuple(Scalar(name) for name in _names(names))
    return symbols[0] if len(symbols) == 1 else symbols


def per_array(names: str) -> Any:
    """A state, or a tuple of states, of which each array has a number of its own, such as the average of its norm.

    It is read, and given a new value, as a scalar is; sums over the array may stand in that. A state that is declared
    with `scalars` is one number for all arrays.
    """
    symbols = tuple(PerArray(name) for name in _names(names))
    return symbols[0] if len(symbols) == 1 else symbols


def hyper(name: str, default: str | None = None, domain: str | None = None, doc: str = "") -> Hyper:
    """A hyperparameter.

    `default` is a decimal string, so that it is exact. `domain` is `real`, a half-line (`> 0`,
    `>= 0`) or an interval (`[0, 1)`), or the whole numbers of one (`integer >= 1`). `doc` says in a
    few words what it is.
    """
    symbol = Hyper(name, default=default, domain=domain, doc=doc)
    symbol.location = caller(1)
    return symbol


def inputs(names: str, doc: str = "") -> Any:
    """An array, or a tuple of arrays, that a step is given beside the gradient, of the shape of the parameter.

    `inputs("h")` is given as `step(grads, h=...)`. `doc` says in a few words what it is.
    """
    return _supplied(Input, names, doc, caller(1))


def signals(names: str, doc: str = "") -> Any:
    """A number, or a tuple of numbers, that a step is given: `signals("loss")` as `step(grads, loss=...)`."""
    return _supplied(Signal, names, doc, caller(1))


def _supplied(kind: type[Supplied], names: str, doc: str, location: Location) -> Any:
    symbols = tuple(kind(name, default="1", domain="real", doc=doc) for name in _names(names))
    for symbol in symbols:
        symbol.location = location
    return symbols[0] if len(symbols) == 1 else symbols


def given(symbol: Supplied) -> sympy.Basic:
    """The comparison that holds in a step that is given the input or signal `symbol`, which may then be left out.

    `where(given(h), beta * m + (1 - beta) * h, m)` says what happens in a step without it; elsewhere it is not read.
    """
    if not isinstance(symbol, Supplied) or isinstance(symbol, Flag):
        raise TypeError(f"given({symbol}): only what inputs() or signals() declares may be given or not")
    flag = Flag(f"{symbol.name}_given", of=symbol, default="1", domain="integer [0, 1]", doc=f"1 if {symbol} is given")
    flag.location = symbol.location
    return sympy.Eq(flag, 1)


def new(symbol: sympy.Symbol) -> New:
    """The value that `symbol` (a state, or `w`) has after the step. Without it, the old value is meant."""
    return New(f"{symbol.name}_new", of=symbol)


def where(condition: sympy.Basic, then: sympy.Expr | int, otherwise: sympy.Expr | int) -> sympy.Expr:
    """`then` where the comparison `condition` holds, else `otherwise`."""
    return Piecewise((then, condition), (otherwise, True))


#: How many elements an array has, and all arrays that have a gradient in this step.
size = array_sum(sympy.Integer(1))
global_size = global_sum(sympy.Integer(1))


def norm(x: sympy.Expr) -> sympy.Expr:
    """The root of the sum of squares of what has a value for each element, over one array."""
    return sympy.sqrt(array_sum(x**2))


def global_norm(x: sympy.Expr) -> sympy.Expr:
    """As `norm`, over all arrays that have a gradient in this step."""
    return sympy.sqrt(global_sum(x**2))


def mean(x: sympy.Expr) -> sympy.Expr:
    """The mean of what has a value for each element, over one array. Of an array without elements it is NaN."""
    return array_sum(x) / size


def global_mean(x: sympy.Expr) -> sympy.Expr:
    """As `mean`, over all arrays that have a gradient in this step."""
    return global_sum(x) / global_size
