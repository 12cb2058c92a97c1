"""Functions of a spec that SymPy does not have, and the two extremes as they stand."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy

#: What a comparison says of two numbers, by its sign.
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class log1p(sympy.Function):  # noqa: N801 - it is written like the functions of SymPy
    """`log(1 + x)`, computed without forming `1 + x`, in which a small `x` is lost. SymPy knows that it is real."""

    nargs = 1
    is_real = True

    @classmethod
    def eval(cls, of: sympy.Expr) -> sympy.Expr | None:
        """Of a number it is the logarithm itself."""
        return sympy.log(1 + of) if of.is_Rational else None

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / (1 + self.args[0])

    def _eval_is_positive(self) -> Any:
        return self.args[0].is_positive

    def _eval_is_negative(self) -> Any:
        return self.args[0].is_negative

    def _eval_is_nonnegative(self) -> Any:
        return self.args[0].is_nonnegative

    def _eval_is_zero(self) -> Any:
        return self.args[0].is_zero

    def _eval_rewrite_as_tractable(self, of: sympy.Expr, **hints: object) -> sympy.Expr:
        return sympy.log(1 + of)  # what SymPy takes limits of


class average(sympy.Function):  # noqa: N801
    """The average of a value per element over the `m` elements of its channel. SymPy knows only that it is real."""

    nargs = 1
    is_real = True


class Reduction(sympy.Function):
    """A number that a whole gradient makes: one value for an array, or for all arrays (`overall`)."""

    nargs = 1
    is_real = True
    is_number = False  # that of 1 is the number of elements: SymPy would compare it with others
    how = "sum"
    overall = False

    @classmethod
    def eval(cls, of: sympy.Expr) -> sympy.Expr | None:
        """Of a number, where the number of elements does not matter."""
        if of.is_Number and cls.how == "overflow":
            return sympy.Integer(0)
        return of if of == 0 or (of.is_Number and cls.how == "max") else None


class array_sum(Reduction):  # noqa: N801
    """The sum over the elements of one array."""


class global_sum(Reduction):  # noqa: N801
    """The sum over the elements of all gradients."""

    overall = True


class array_max(Reduction):  # noqa: N801
    """The largest element of one array."""

    how = "max"


class global_max(Reduction):  # noqa: N801
    """The largest element of all gradients."""

    how, overall = "max", True


class global_overflow(Reduction):  # noqa: N801
    """1 if any element of any gradient is not finite, else 0. Over the real numbers it is 0."""

    how, overall = "overflow", True


@dataclass(frozen=True)
class Reduced:
    """A number of whole gradients as it is computed: what `how` says of `of`, which is `value` in the equations.

    The root of a sum of squares is a norm. It is computed as one, since the sum may overflow, or vanish, where the
    root does not.
    """

    how: str
    overall: bool
    of: sympy.Expr
    value: sympy.Expr


def reduced(expr: sympy.Basic) -> list[Reduced]:
    """What of whole gradients has to be known to compute `expr`, in an order that does not depend on SymPy."""
    found: dict[sympy.Expr, Reduced] = {}

    def look(node: sympy.Basic) -> None:
        match node:
            case Reduction():
                found[node] = Reduced(node.how, node.overall, node.args[0], node)
            case sympy.Pow(base=array_sum() | global_sum() as total, exp=sympy.Rational(q=2, p=p)) if (
                of := _root(total.args[0])
            ) is not None:
                norm = sympy.sqrt(total)
                found[norm] = Reduced("norm", total.overall, of, norm)
                if abs(p) > 1:  # a power of the sum beside its root
                    look(total)
            case _:
                for argument in node.args:
                    look(argument)

    look(expr)
    return [found[value] for value in sorted(found, key=str)]


def _root(square: sympy.Expr) -> sympy.Expr | None:
    """What `square` is the square of, if it is one as it is written."""
    roots = [_root_of_factor(factor) for factor in sympy.Mul.make_args(square)]
    known = [root for root in roots if root is not None]
    return sympy.Mul(*known) if len(known) == len(roots) and square.free_symbols else None


def _root_of_factor(factor: sympy.Expr) -> sympy.Expr | None:
    if isinstance(factor, sympy.Pow) and factor.exp.is_Integer and factor.exp % 2 == 0:
        return factor.base ** (factor.exp / 2)
    root = sympy.sqrt(factor)
    return root if factor.is_Rational and root.is_Rational else None


def maximum(*arguments: Any) -> sympy.Expr:
    """`sympy.Max` as it stands: SymPy compares all arguments in pairs to drop some, which takes most of its time."""
    return extreme(sympy.Max, arguments)


def minimum(*arguments: Any) -> sympy.Expr:
    """As `maximum`."""
    return extreme(sympy.Min, arguments)


def extreme(kind: type[sympy.Max | sympy.Min], arguments: Iterable[Any]) -> sympy.Expr:
    """The `kind` of the arguments, those that are such an extreme themselves taken apart."""
    given = [sympy.sympify(argument) for argument in arguments]
    flat = {part for one in given for part in (one.args if isinstance(one, kind) else (one,))}
    if sum(part.is_number for part in flat) > 1:
        return kind(*given)
    return kind(*flat, evaluate=False) if len(flat) > 1 else flat.pop()


def outermost(expr: sympy.Basic, kind: type) -> Iterator[sympy.Basic]:
    """The parts of `expr` of this kind that stand in no other."""
    if isinstance(expr, kind):
        yield expr
    else:
        for argument in expr.args:
            yield from outermost(argument, kind)
