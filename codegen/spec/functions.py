"""What is known of each function that a rule may apply: one row, from which everything else reads it.

A row says how a function is written in a spec, in Python, C, LaTeX and for arrays, how it is computed with 50 digits
and in exact numbers, what rounding does to it, where its values lie, what it asks of its arguments, and how it
changes. To add a function, add a row to `ROWS`, with what `codegen.spec.row` says of it. All of a row has to be there:
what is missing raises when this module is imported, and a function without a row raises wherever one is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy

from . import enclosure
from .domain import ANY, NON_NEGATIVE, POSITIVE, UNIT, Domain, larger, magnitude, negated, side, smaller
from .row import Binding, Function, Row, Spelling, Spread, Whole, call, latex
from .symbolic import array_max, array_sum, average, global_max, global_overflow, global_sum, log1p, maximum, minimum

# Where values lie.


def rising(image: Domain, points: Mapping[int, int]) -> Callable[[Domain], Domain]:
    """Where a function lies that rises strictly, has its values in `image` and is known at some points."""

    def found(of: Domain) -> Domain:
        low, high = (image.low, image.low_closed), (image.high, image.high_closed)
        for at, value in sorted(points.items()):
            if of.low is not None and of.low >= at:
                low = Fraction(value), of.low == at and of.low_closed
        for at, value in sorted(points.items(), reverse=True):
            if of.high is not None and of.high <= at:
                high = Fraction(value), of.high == at and of.high_closed
        return Domain(low[0], high[0], low[1], high[1])

    return found


def _total(of: Domain) -> Domain:
    """Where a sum lies, over any number of elements from one on."""
    if of.nonnegative:
        return POSITIVE if of.positive else NON_NEGATIVE
    return negated(NON_NEGATIVE) if negated(of).nonnegative else ANY


# What errors of the arguments do.


def lipschitz(ufunc: str) -> Spread:
    """The derivative lies between -1 and 1."""
    return lambda np, least, a: (getattr(np, ufunc)(a.value), a.error)


def _of_extreme(ufunc: str) -> Spread:
    return lambda np, least, a, b: (getattr(np, ufunc)(a.value, b.value), np.maximum(a.error, b.error))


def _of_root(np: Any, least: float, a: Any) -> tuple[Any, Any]:
    root = np.sqrt(np.maximum(a.value, 0))
    relative = a.error / np.where(root > 0, root, np.inf)
    return root, np.where(root > 0, np.minimum(relative, np.sqrt(a.error)), np.sqrt(a.error))


def _of_exponential(np: Any, least: float, a: Any) -> tuple[Any, Any]:
    value = np.exp(a.value)
    return value, value * np.expm1(a.error)


def _of_logarithm(ufunc: str, shift: int) -> Spread:
    """The derivative of `log(x + shift)` is largest where `x` is smallest."""

    def spread(np: Any, least: float, a: Any) -> tuple[Any, Any]:
        margin = np.maximum(a.value - a.error, least) + shift
        return getattr(np, ufunc)(a.value), np.where(margin > 0, a.error / np.where(margin > 0, margin, 1), np.inf)

    return spread


def _of_sign(np: Any, least: float, a: Any) -> tuple[Any, Any]:
    return np.sign(a.value), np.where((a.error > 0) & (np.abs(a.value) <= a.error), 2.0, 0.0)


# The table.

_SUM, _PRODUCT, _POWER, _ATOM = Binding.SUM, Binding.PRODUCT, Binding.POWER, Binding.ATOM


def _c_extreme(comparison: str) -> Spelling:
    """NaN comes through, which `fmax` and `fmin` swallow."""
    return Spelling(f"({{0}} {comparison} {{1}} || {{0}} != {{0}} ? {{0}} : {{1}})", (_ATOM, _ATOM))


#: In half units of the last place: what no standard makes exact (CUDA documents 2 at most).
_LIBRARY = 4

ROWS: tuple[Row, ...] = (
    Function(
        name="sqrt",
        written=sympy.sqrt,
        python=call("math.sqrt"),
        c=call("sqrt"),
        ufunc=call("sqrt"),
        latex=Spelling(r"\sqrt{{{0}}}"),
        marked=Spelling("<msqrt>{0}</msqrt>"),
        digits=lambda context: context.sqrt,
        exact=enclosure.root,
        range=rising(NON_NEGATIVE, {0: 0, 1: 1}),
        half_ulps=1,
        spread=_of_root,
        over=NON_NEGATIVE,
        rises=True,
        slope=lambda x, value: 1 / (2 * value),
        opaque=False,
        mutant="abs",
    ),
    Function(
        name="exp",
        written=sympy.exp,
        python=call("math.exp"),
        c=call("exp"),
        ufunc=call("exp"),
        latex=latex(r"\exp"),
        digits=lambda context: context.exp,
        exact=enclosure.exp,
        range=rising(POSITIVE, {0: 1}),
        half_ulps=_LIBRARY,
        spread=_of_exponential,
        rises=True,
        slope=lambda x, value: value,
        opaque=False,
        mutant="log",
    ),
    Function(
        name="log",
        written=sympy.log,
        python=call("math.log"),
        c=call("log"),
        ufunc=call("log"),
        latex=latex(r"\log"),
        digits=lambda context: context.log,
        exact=enclosure.log,
        range=rising(ANY, {1: 0}),
        half_ulps=_LIBRARY,
        spread=_of_logarithm("log", 0),
        over=POSITIVE,
        rises=True,
        slope=lambda x, value: 1 / x,
        opaque=False,
        mutant="exp",
    ),
    Function(
        name="log1p",
        written=log1p,
        python=call("math.log1p"),
        c=call("log1p"),
        ufunc=call("log1p"),
        latex=Spelling(r"\log\left(1 + {0}\right)", (Binding.PRODUCT,)),
        marked=Spelling("<mi>log</mi><mo>(</mo><mn>1</mn><mo>+</mo>{0}<mo>)</mo>", (Binding.PRODUCT,)),
        digits=lambda context: context.log1p,
        exact=enclosure.log1p,
        range=rising(ANY, {0: 0}),
        half_ulps=_LIBRARY,
        spread=_of_logarithm("log1p", 1),
        over=Domain(low=Fraction(-1)),
        rises=True,
        slope=lambda x, value: 1 / (1 + x),
        mutant="log",
    ),
    Function(
        name="tanh",
        written=sympy.tanh,
        python=call("math.tanh"),
        c=call("tanh"),
        ufunc=call("tanh"),
        latex=latex(r"\tanh"),
        digits=lambda context: context.tanh,
        exact=enclosure.tanh,
        range=rising(Domain(Fraction(-1), Fraction(1)), {0: 0}),
        half_ulps=_LIBRARY,
        spread=lipschitz("tanh"),
        rises=True,
        parity=-1,
        slope=lambda x, value: 1 - value * value,
        mutant="exp",
    ),
    Function(
        name="abs",
        written=sympy.Abs,
        python=call("abs"),
        c=call("fabs"),
        ufunc=call("absolute"),
        latex=Spelling(r"\left|{0}\right|"),
        marked=Spelling("<mo>|</mo>{0}<mo>|</mo>"),
        digits=lambda context: abs,
        exact=abs,
        range=magnitude,
        half_ulps=0,
        spread=lipschitz("absolute"),
        parity=1,
        kinks=True,
        mutant="sign",
    ),
    Function(
        name="sign",
        written=sympy.sign,
        python=Spelling("1 if {0} > 0 else -1 if {0} < 0 else 0", (_SUM,), Binding.CHOICE),
        # x itself where it is neither: zero stays zero and NaN stays NaN
        c=Spelling("({0} > 0 ? 1 : {0} < 0 ? -1 : {0})", (_ATOM,)),
        ufunc=call("sign"),
        latex=latex(r"\operatorname{{sign}}"),
        digits=lambda context: lambda x: context.mpf((x > 0) - (x < 0)),
        exact=enclosure.signum,
        range=side,
        half_ulps=0,
        spread=_of_sign,
        rises=True,
        parity=-1,
        kinks=True,
        mutant="abs",
    ),
    Function(
        name="maximum",
        written=sympy.Max,
        python=call("max", 2),
        c=_c_extreme(">="),
        ufunc=call("maximum", 2),
        latex=Spelling(r"\max\left({0}, {1}\right)"),
        marked=Spelling("<mi>max</mi><mo>(</mo>{0}<mo>,</mo>{1}<mo>)</mo>"),
        digits=lambda context: max,
        exact=lambda *values: enclosure.largest(values),
        range=larger,
        half_ulps=0,
        spread=_of_extreme("maximum"),
        rises=True,
        kinks=True,
        stand_in=maximum,
        mutant="minimum",
    ),
    Function(
        name="minimum",
        written=sympy.Min,
        python=call("min", 2),
        c=_c_extreme("<="),
        ufunc=call("minimum", 2),
        latex=Spelling(r"\min\left({0}, {1}\right)"),
        marked=Spelling("<mi>min</mi><mo>(</mo>{0}<mo>,</mo>{1}<mo>)</mo>"),
        digits=lambda context: min,
        exact=lambda *values: enclosure.least(values),
        range=smaller,
        half_ulps=0,
        spread=_of_extreme("minimum"),
        rises=True,
        kinks=True,
        stand_in=minimum,
        mutant="maximum",
    ),
    Function(
        name="mod",
        written=sympy.Mod,
        # % binds like *, from the left: as a factor it needs parentheses, a * (b % c)
        python=Spelling("{0} % {1}", (_PRODUCT, _POWER), _SUM),
        c=None,
        ufunc=call("mod", 2),
        latex=Spelling(r"{0} \bmod {1}", (Binding.PRODUCT, Binding.POWER), _SUM),
        marked=Spelling("{0}<mo>mod</mo>{1}", (Binding.PRODUCT, Binding.POWER), _SUM),
        digits=lambda context: lambda a, b: a % b,
        exact=enclosure.mod,
        range=lambda a, b: NON_NEGATIVE if b.nonnegative else ANY,
        half_ulps=0,
        spread=lambda np, least, a, b: (np.mod(a.value, b.value), 0.0),  # of whole numbers, exact
        divides=True,
        kinks=True,
        elements=False,
        mutant="maximum",
    ),
    Function(
        name="floor",
        written=sympy.floor,
        python=call("math.floor"),
        c=None,
        ufunc=call("floor"),
        latex=Spelling(r"\left\lfloor {0} \right\rfloor"),
        marked=Spelling("<mo>⌊</mo>{0}<mo>⌋</mo>"),
        digits=lambda context: context.floor,
        exact=enclosure.floor,
        range=lambda a: NON_NEGATIVE if a.nonnegative else ANY,
        half_ulps=0,
        spread=lambda np, least, a: (np.floor(a.value), 0.0),  # of a quotient of whole numbers, exact
        rises=True,
        kinks=True,
        elements=False,
        mutant="exp",
    ),
    Function(
        name="cos",
        written=sympy.cos,
        python=call("math.cos"),
        c=None,
        ufunc=call("cos"),
        latex=latex(r"\cos"),
        digits=lambda context: context.cos,
        exact=enclosure.cos,
        range=lambda a: Domain(Fraction(-1), Fraction(1), True, True),
        half_ulps=_LIBRARY,
        spread=lipschitz("cos"),
        parity=1,
        elements=False,
        mutant="exp",
    ),
    Whole(name="average", written=average, latex=Spelling(r"\overline{{{0}}}"), range=lambda of: of),
    Whole(name="array_sum", written=array_sum, latex=latex(r"\operatorname{{sum}}"), range=_total),
    Whole(name="global_sum", written=global_sum, latex=latex(r"\operatorname{{sum}}_{{\text{{all}}}}"), range=_total),
    Whole(name="array_max", written=array_max, latex=latex(r"\max"), range=lambda of: of),
    Whole(name="global_max", written=global_max, latex=latex(r"\max_{{\text{{all}}}}"), range=lambda of: of),
    Whole(
        name="global_overflow",
        written=global_overflow,
        latex=latex(r"\operatorname{{overflow}}"),
        range=lambda of: UNIT,
    ),
)

TABLE: dict[str, Row] = {}
_BY_KIND: dict[type, Row] = {}


def add(row: Row) -> None:
    """Put a row into the table, before any module is imported that reads it."""
    TABLE[row.name] = row
    if row.kind is not None:
        _BY_KIND[row.kind] = row


for _row in ROWS:
    add(_row)


def specs() -> list[str]:
    """The names that a spec writes."""
    return sorted(row.spec for row in TABLE.values())


def find(expr: sympy.Basic) -> Row | None:
    """The row of the function that `expr` is an application of, if it is one."""
    return _BY_KIND.get(expr.func)


def of(expr: sympy.Basic) -> Row:
    """The row of the function that `expr` is an application of. Raises NotImplementedError if there is none."""
    if (row := _BY_KIND.get(expr.func)) is None:
        raise NotImplementedError(f"{expr.func.__name__} has no row in codegen.spec.functions")
    return row


def asked(expr: sympy.Basic) -> list[tuple[sympy.Expr, str]]:
    """What the function that `expr` applies demands of its arguments; nothing if it applies none."""
    row = find(expr)
    return row.asks(*expr.args) if isinstance(row, Function) else []


def image(expr: sympy.Basic) -> Domain:
    """Where `expr` lies, whatever the arguments are of the function that it applies; anywhere if it applies none."""
    row = find(expr)
    return row.image if isinstance(row, Function) else ANY


def rises(expr: sympy.Basic) -> bool:
    """Whether `expr` applies a function that never falls in any argument."""
    row = find(expr)
    return isinstance(row, Function) and row.rises


def numeric() -> list[Function]:
    """The rows of functions of numbers."""
    return [row for row in TABLE.values() if isinstance(row, Function)]


def called(column: str) -> dict[str, Function]:
    """The functions that are called in a column (`python`, `c`, `ufunc`), each by the name that is called."""
    spelled = ((getattr(row, column), row) for row in numeric())
    return {spelling.callee: row for spelling, row in spelled if spelling is not None and spelling.callee}


def kinds(holds: Callable[[Function], object] = lambda row: True) -> tuple[type[Any], ...]:
    """The classes of the functions of numbers of which something holds."""
    return tuple(row.kind for row in numeric() if row.kind is not None and holds(row))
