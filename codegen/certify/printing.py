"""Terms of a statement as reals of Coq: each symbol at its step, in the order of the algorithm box.

Powers have natural numbers as exponents, a root is `sqrt`, a choice is one that the reals decide. Numbers are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from typing import Protocol

import sympy
from sympy.core.relational import Relational

from ..expr.tree import Call, Constant, Name, Negative, Node, Number, Power, Product, Sum, Where, arrange
from ..spec.symbolic import Reduction
from ..spec.symbols import Array, New, Scalar
from ..statement.terms import I, J, T, Term, at, expected, later_product, past_max, past_sum, product
from .theorem import InexpressibleError


class Binding(IntEnum):
    """How tightly a text binds in Coq: a function and its argument bind more tightly than a power."""

    CHOICE = 0
    SUM = 1
    PRODUCT = 2
    POWER = 3
    APPLIED = 4
    ATOM = 5


_CHOICE, _SUM, _PRODUCT, _POWER, _APPLIED, _ATOM = Binding
Text = tuple[str, Binding]

_FUNCTIONS = {
    "sqrt": "sqrt",
    "abs": "Rabs",
    "sign": "sgn",
    "maximum": "Rmax",
    "minimum": "Rmin",
    "exp": "exp",
    "log": "ln",
    "cos": "cos",
    "tanh": "tanh",
}
_TESTS = {"<": "Rlt_dec", "<=": "Rle_dec", ">": "Rgt_dec", ">=": "Rge_dec", "==": "Req_EM_T"}
_SIGNS = {"==": "=", "!=": "<>"}
#: Which function sums up, over steps that go by which index.
_OVER = {past_sum: ("past_sum", I), past_max: ("past_max", I), product: ("product", J), later_product: ("product", J)}


@dataclass(frozen=True)
class Step:
    """The number of a step: a variable of Coq, or none, and how many steps after it."""

    variable: str = ""
    plus: int = 0

    @property
    def text(self) -> Text:
        """It as a natural number."""
        if not self.variable:
            return f"{self.plus}%nat", _ATOM
        if self.plus < 0:
            return f"pred {self.variable}", _APPLIED
        text = self.variable
        for number in range(self.plus):
            text = f"S {text}" if number == 0 else f"S ({text})"
        return text, _APPLIED if self.plus else _ATOM

    @property
    def before(self) -> Step:
        """The step before this one."""
        if self.plus < (0 if self.variable else 1):
            raise InexpressibleError("a step before the first")
        return Step(self.variable, self.plus - 1)


def inside(text: Text, binding: Binding) -> str:
    """The text, in parentheses if it binds less tightly than that."""
    return text[0] if text[1] >= binding else f"({text[0]})"


def applied(function: str, *arguments: Text) -> Text:
    """A function of Coq and its arguments."""
    return " ".join([function, *(inside(argument, _ATOM) for argument in arguments)]), _APPLIED


class Names(Protocol):
    """What says how a symbol is spelled in a step."""

    @property
    def rank(self) -> Mapping[str, int]:
        """The place of each name in the algorithm box."""

    @property
    def indices(self) -> Mapping[sympy.Symbol, str]:
        """The names of the steps over which is summed up."""

    def dated(self, symbol: sympy.Symbol, step: Step) -> Text:
        """The value that the symbol has in the step."""

    def natural(self, symbol: sympy.Symbol, step: Step) -> str:
        """The same as a natural number. Raises InexpressibleError if it is none."""


class Printer:
    """Spells terms at a step. `indices` are the steps of sums around what is spelled."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def __call__(self, term: sympy.Expr, step: Step, binding: Binding = _CHOICE) -> str:
        """`term` with the values of `step`, as a real number."""
        return inside(self.text(term, {T: step}), binding)

    def natural(self, expr: sympy.Expr, step: Step) -> str:
        """What is made of natural numbers, as one."""
        return self._natural(expr, {T: step})

    def comparison(self, condition: sympy.Basic, step: Step) -> str:
        """A comparison, or several, as a proposition."""
        return self._proposition(condition, {T: step})

    def _proposition(self, condition: sympy.Basic, steps: Mapping[sympy.Symbol, Step]) -> str:
        match condition:
            case Relational():
                left, right = (inside(self.text(side, steps), _SUM) for side in condition.args)
                return f"{left} {_SIGNS.get(condition.rel_op, condition.rel_op)} {right}"
            case sympy.And():
                parts = sorted(condition.args, key=sympy.default_sort_key)
                return " /\\ ".join(self._proposition(part, steps) for part in parts)
        raise InexpressibleError(f"the condition {condition}")

    def text(self, term: sympy.Expr, steps: Mapping[sympy.Symbol, Step]) -> Text:
        """`term` where each index is a step."""
        found: dict[str, Text] = {}
        named = self._named(term, steps, found)
        return spelled(arrange(named, _Ranks(self.names.rank)), found)

    def _named(self, term: sympy.Basic, steps: Mapping[sympy.Symbol, Step], found: dict[str, Text]) -> sympy.Basic:
        """`term` with a name for all that is said of a step; `found` has the text of each."""

        def name(of: str, text: Text, array: bool = False) -> sympy.Symbol:
            key = f"{of}[{len(found)}]"
            found[key] = text
            return (Array if array else Scalar)(key)

        match term:
            case at():
                index = self._step(term.args[1], steps)
                return self._named(term.args[0], {**steps, T: index}, found)
            case Term():
                return name("", self._over(term, steps), True)
            case Reduction():
                raise InexpressibleError("a sum over an array")
            case sympy.Symbol() if term in steps:
                step = steps[term]
                if not step.variable:
                    return sympy.Integer(step.plus)
                return name(term.name, applied("INR", step.text))
            case sympy.Symbol():
                of = term.of if isinstance(term, New) else term
                return name(of.name, self.names.dated(term, steps[T]), isinstance(of, Array))
            case sympy.Pow(base=base, exp=exponent) if not exponent.is_number:
                if base.is_Rational and exponent.could_extract_minus_sign():
                    base, exponent = 1 / base, -exponent  # some releases of SymPy write (24/25)**t as (25/24)**(-t)
                inner = inside(self.text(base, steps), _APPLIED)
                if not self._is_natural(exponent, steps):
                    array = any(isinstance(s, Array) for s in base.free_symbols)
                    return name("", applied("rpow", self.text(base, steps), self.text(exponent, steps)), array)
                above, below = self._exponents(exponent, steps)
                powers = [f"{inner} ^ {e}" for e in (above, below) if e]
                if below:
                    return name("", (" / ".join(["1", *powers][-2:]), _PRODUCT))
                return name("", (powers[0], _POWER), any(isinstance(s, Array) for s in base.free_symbols))
            case sympy.Mod():
                first, second = (self._factor(argument, steps) for argument in term.args)
                return name("", applied("INR", (f"{first} mod {second}", _SUM)))
        if not term.args:
            return term
        arguments = [self._named(argument, steps, found) for argument in term.args]
        return term if all(a is b for a, b in zip(arguments, term.args, strict=True)) else term.func(*arguments)

    def _over(self, term: Term, steps: Mapping[sympy.Symbol, Step]) -> Text:
        """A sum, a maximum or a product over past steps, or an expectation over outcomes."""
        if isinstance(term, expected):
            return applied("E", (f"fun o => {self.text(term.args[0], steps)[0]}", _CHOICE))
        if type(term) not in _OVER:
            raise InexpressibleError(f"{type(term).__name__} inside another term")
        function, index = _OVER[type(term)]
        variable = self.names.indices[index]
        body, _ = self.text(term.args[0], {**steps, index: Step(variable)})
        first = [steps[I].text] if isinstance(term, later_product) else []
        function = "later_product" if first else function
        return applied(function, (f"fun {variable} => {body}", _CHOICE), *first, steps[T].text)

    def _step(self, index: sympy.Expr, steps: Mapping[sympy.Symbol, Step]) -> Step:
        """The step that an index names."""
        if index.is_Integer:
            return Step("", int(index))
        plus, symbol = index.as_coeff_Add()
        if symbol not in steps or not plus.is_Integer:
            raise InexpressibleError(f"the step {index}")
        step = steps[symbol]
        found = Step(step.variable, step.plus + int(plus))
        if found.plus < (-1 if found.variable else 0):
            raise InexpressibleError(f"the step {index}")
        return found

    # Natural numbers.

    def _exponents(self, exponent: sympy.Expr, steps: Mapping[sympy.Symbol, Step]) -> tuple[str, str]:
        """An exponent as the difference of two natural numbers, either empty if it is zero.

        An index of a sum over the past is at most the step, so that their difference is one.
        """
        found = {1: sympy.Integer(0), -1: sympy.Integer(0)}
        for factor, part in ((c, p) for p, c in sympy.expand(exponent).as_coefficients_dict().items()):
            if not factor.is_Integer:
                raise InexpressibleError(f"the exponent {exponent}")
            found[1 if factor > 0 else -1] += abs(factor) * part
        past = {s for s in found[-1].free_symbols if s in (I, J)}
        if found[-1] == 0 or (past and found[-1] in past and T in found[1].free_symbols):
            return _parenthesised(self._natural(exponent, steps)), ""
        whole = self._constant(exponent, steps)
        if whole is not None:
            return _parenthesised(whole), ""
        above, below = (self._natural(found[sign], steps) if found[sign] != 0 else "" for sign in (1, -1))
        return _parenthesised(above), _parenthesised(below)

    def _constant(self, exponent: sympy.Expr, steps: Mapping[sympy.Symbol, Step]) -> str | None:
        """T - 1 and the like, where that is a step."""
        plus, symbol = exponent.as_coeff_Add()
        if symbol in steps and plus.is_Integer and steps[symbol].plus + plus >= 0:
            step = Step(steps[symbol].variable, steps[symbol].plus + int(plus))
            return step.text[0].removesuffix("%nat")
        return None

    def _natural(self, expr: sympy.Expr, steps: Mapping[sympy.Symbol, Step]) -> str:
        """What is made of steps and of natural numbers, as one.

        What Coq subtracts from a smaller number leaves 0: that is `Max(0, .)`, and nothing else may be subtracted but
        a past step from a later one.
        """
        match expr:
            case sympy.Max(args=(sympy.Integer(p=0), sympy.Add() as difference)):
                return self._difference(difference, steps)
            case sympy.floor(args=(quotient,)):
                above, below = sympy.fraction(sympy.together(quotient))
                return f"{self._factor(above, steps)} / {self._factor(below, steps)}"
            case sympy.Integer() if expr >= 0:
                return str(expr)
            case sympy.Symbol() if expr in steps:
                return steps[expr].text[0].removesuffix("%nat")
            case sympy.Symbol():
                return self.names.natural(expr, steps[T])
            case sympy.Add():
                if (whole := self._constant(expr, steps)) is not None:
                    return whole
                if any(_is_negative(p) and p not in (-I, -J) for p in expr.args):
                    raise InexpressibleError(f"{expr}, which may be negative,")
                return self._difference(expr, steps)
            case sympy.Mul():
                return " * ".join(self._factor(part, steps) for part in expr.args)
            case sympy.Max() | sympy.Min():
                parts = [self._factor(part, steps) for part in sorted(expr.args, key=sympy.default_sort_key)]
                return reduce(lambda one, other: f"Nat.{type(expr).__name__.lower()} {one} ({other})", parts)
        raise InexpressibleError(f"{expr} as a natural number")

    def _difference(self, expr: sympy.Expr, steps: Mapping[sympy.Symbol, Step]) -> str:
        """A sum of natural numbers less others, 0 if these are more."""
        parts = sorted(expr.args, key=lambda p: (_is_negative(p), str(p)))
        first, *rest = ((-1 if _is_negative(p) else 1, p) for p in parts)
        if first[0] < 0:
            raise InexpressibleError(f"{expr}, which is negative,")
        text = self._natural(first[1], steps)
        for sign, part in rest:
            text += f" {'+' if sign > 0 else '-'} {self._factor(sign * part, steps)}"
        return text

    def _is_natural(self, exponent: sympy.Expr, steps: Mapping[sympy.Symbol, Step]) -> bool:
        """Whether an exponent is a natural number, or a difference of two."""
        try:
            self._exponents(exponent, steps)
        except InexpressibleError:
            return False
        return True

    def _factor(self, expr: sympy.Expr, steps: Mapping[sympy.Symbol, Step]) -> str:
        return _parenthesised(self._natural(expr, steps))


def _is_negative(part: sympy.Expr) -> bool:
    return bool(part.as_coeff_Mul()[0] < 0)


def _parenthesised(text: str) -> str:
    return f"({text})" if " " in text else text


class _Ranks(dict[str, int]):
    """The place of each name in the algorithm box, whatever its step."""

    def get(self, name: str, default: int | None = None) -> int | None:  # type: ignore[override]
        return super().get(name.split("[", maxsplit=1)[0], default)


def spelled(node: Node, found: Mapping[str, Text]) -> Text:
    """A tree as a real number; `found` has the text of each name."""

    def within(of: Node, binding: Binding) -> str:
        return inside(spelled(of, found), binding)

    match node:
        case Name(name):
            return found[name]
        case Number(value):
            return str(value), _ATOM
        case Constant("pi"):
            return "PI", _ATOM
        case Negative(of):
            return f"- {within(of, _PRODUCT)}", _SUM
        case Sum(((sign, first), *rest)):
            text = within(first, _SUM) if sign > 0 else f"- {within(first, _PRODUCT)}"
            for sign, term in rest:
                text += f" {'+' if sign > 0 else '-'} {within(term, _PRODUCT)}"
            return text, _SUM
        case Product((first, *above), below):
            text = " * ".join([within(first, _PRODUCT), *(within(factor, _POWER) for factor in above)])
            if len(below) == 1:
                return f"{text} / {within(below[0], _POWER)}", _PRODUCT
            if below:
                return f"{text} / ({' * '.join(within(factor, _POWER) for factor in below)})", _PRODUCT
            return text, _PRODUCT
        case Power(base, Number(exponent)):
            return f"{within(base, _APPLIED)} ^ {exponent}", _POWER
        case Call("log1p", (of,)):
            return applied("ln", (f"1 + {within(of, _PRODUCT)}", _SUM))
        case Call(function, arguments) if function in _FUNCTIONS:
            return applied(_FUNCTIONS[function], *(spelled(argument, found) for argument in arguments))
        case Where("!=", left, right, then, otherwise):
            return spelled(Where("==", left, right, otherwise, then), found)
        case Where(comparison, left, right, then, otherwise):
            test = f"{_TESTS[comparison]} {within(left, _ATOM)} {within(right, _ATOM)}"
            return f"if {test} then {within(then, _SUM)} else {within(otherwise, _SUM)}", _CHOICE
        case Call(function, _):
            raise InexpressibleError(f"the function {function}")
    raise InexpressibleError("a power whose exponent is no natural number")
