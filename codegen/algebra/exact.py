"""A spec run in exact numbers: fractions, and enclosures where roots, powers and exponentials have no fraction.

What refutes has to hold here, and what is proved is tried here, so it shares no code with the tactics, with the
reference of 50 digits or with lowering. A step that certainly has no value raises `UndefinedError`; where an enclosure
cannot tell which way a choice falls it raises `UndecidableError`, and the run says nothing.

Numbers are `Fraction`, `Enclosure`, or, in monitors and where a gradient overflowed, a float that is infinite or NaN.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.numbers import ComplexInfinity, Exp1, ImaginaryUnit, Infinity, NaN, NegativeInfinity, Pi
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from ..spec import enclosure, functions
from ..spec.enclosure import Enclosure, Number, UndecidableError, UndefinedError, decimal, differ, inverse, root, shown
from ..spec.rules import Monitor, Optimizer, Stage, by_name
from ..spec.symbolic import COMPARISONS, Reduction
from ..spec.symbols import GRADIENT, NOISE, PARAMETER, RATE, STEP, New, Scalar

__all__ = [
    "HALTED",
    "Enclosure",
    "Number",
    "Row",
    "UndecidableError",
    "UndefinedError",
    "decimal",
    "differ",
    "evaluate",
    "function",
    "number",
    "run",
    "run_elements",
    "run_monitor",
    "shown",
]

Values = Mapping[str, Any]
Evaluator = Callable[[Values], Any]

HALTED = "(halted)"  # in a trace: whether the stage ended the step; no symbol has this name
_LONG = 4096  # bits; a fraction that is longer goes on as an enclosure


def number(value: Any) -> Number:
    """`value` (an int, a fraction, a decimal string, a float, a SymPy number) exactly as it is."""
    if isinstance(value, Fraction | Enclosure):
        return value
    if isinstance(value, sympy.Basic) and not isinstance(value, sympy.Rational):
        found: Number = evaluate(value, {})
        return found
    if isinstance(value, float) and not math.isfinite(value):
        return value
    return Fraction(value)


def evaluate(expr: sympy.Basic, values: Values) -> Any:
    """`expr` with `values` for its symbols, by name."""
    return function(expr)(values)


@functools.lru_cache(2**14)
def function(expr: sympy.Basic) -> Evaluator:
    """`expr` as a function of the exact values of its symbols, by name."""
    return _compile(expr)


# Runs.


class Row(dict[str, Any]):
    """The values of one step. To read one that does not exist raises what kept it from existing.

    A choice may pass over it: of `where(d > 0, x / d, 0)` nobody asks what x / d is at d = 0, wherever it was formed.
    """

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.missing: dict[str, ArithmeticError] = {}

    def __missing__(self, name: str) -> Any:
        raise self.missing.get(name, KeyError(name))

    def __or__(self, others: Values) -> Row:  # type: ignore[override] # what is known goes on, whatever is added
        both = Row({**self, **others})
        both.missing = self.missing
        return both

    def compute(self, name: str, value: Evaluator) -> None:
        """Enter what `value` is here. The new value of a state, or of `w`, has to exist."""
        try:
            self[name] = _shortened(value(self))
        except (UndefinedError, UndecidableError) as error:
            if name.endswith("_new"):
                raise
            self.missing[name] = error


def run(
    rule: Optimizer,
    gradients: Sequence[Any],
    hyper: Callable[[int], Values],
    w: Any = 0,
    state: Values | None = None,
    first: int = 1,
    noise: Sequence[Any] = (),
) -> list[Row]:
    """Every value of every step on one element, by name: intermediates, and states and `w` after the step.

    `hyper(t)` gives the hyperparameters of step t. What a step found stands under `s` as the new value, under
    `s_new` as well where the rule gives one. `state` replaces the initial state, `first` the number of the first
    step. A gradient may be a function of the values before the step.
    """
    (trace,) = run_elements(rule, [gradients], hyper, [w], state, first, [noise])
    return trace


def run_elements(
    rule: Optimizer,
    gradients: Sequence[Sequence[Any]],
    hyper: Callable[[int], Values],
    w: Sequence[Any],
    state: Mapping[str, Any] | None = None,
    first: int = 1,
    noise: Sequence[Sequence[Any]] = (),
    arrays: Sequence[int] | None = None,
) -> list[list[Row]]:
    """As `run`, for several elements with a sequence of gradients each, of which `arrays` names the array of each.

    Without `arrays` all are elements of one. Sums over an array, and scalars that are formed from them, are a number
    per array. Of a stage, the trace says under `HALTED` whether it ended the step; then `t` does not count.
    """
    steps = [
        (step.target.name, isinstance(_root_of(step.target), Scalar), _with_sums(step.value)) for step in rule.steps
    ]
    ends = _with_sums(rule.halts) if isinstance(rule, Stage) and rule.halts is not None else None
    members = _members(arrays or [0] * len(w))
    kept = [s.name for s in rule.state]
    elements: list[dict[str, Any]] = []
    given = {name: number(value) for name, value in hyper(first).items()}
    for start in map(number, w):
        own = {s.name: function(value)({**given, PARAMETER: start}) for s, value in rule.state.items()}
        own |= {name: number(value) for name, value in (state or {}).items()}
        elements.append({PARAMETER: start, **own})
    # what a stage is given, if nothing else is said
    outside = {RATE: Fraction(1, 2), NOISE: Fraction(1)} if isinstance(rule, Stage) else {}
    traces: list[list[Row]] = [[] for _ in elements]
    t = first
    for place in range(len(gradients[0])):
        given = {name: number(value) for name, value in hyper(t).items()} | {STEP: t}
        rows = [Row({**outside, **given, **element}) for element in elements]
        for index, row in enumerate(rows):
            gradient = gradients[index][place]
            row[GRADIENT] = gradient(row) if callable(gradient) else number(gradient)
            if noise and noise[index]:
                row[NOISE] = number(noise[index][place])
        for name, scalar, value in steps:
            _assign(name, scalar, value, rows, members)
        halted = False
        if ends is not None:
            _assign(HALTED, True, ends, rows, members)
            halted = any(row[HALTED] for row in rows)
        for index, row in enumerate(rows):
            # a stage may leave w as it is
            elements[index] = {name: row.get(f"{name}_new", row[name]) for name in (PARAMETER, *kept)}
            row.update(elements[index])
            traces[index].append(row)
        t += not halted
    return traces


def run_monitor(
    monitor: Monitor, metrics: Sequence[Any], hyper: Values, state: Values | None = None
) -> list[dict[str, Any]]:
    """Every value of every report of a monitor, by name; before the first report only states, under `s_new`.

    `metrics` may be infinite or NaN, or pairs of such, the second of the training data. `state` replaces the
    initial state.
    """
    given = {name: number(value) for name, value in hyper.items()}
    steps = [(step.target.name, function(step.value)) for step in monitor.steps]
    current = {s.name: function(value)(given) for s, value in monitor.state.items()}
    current |= {name: number(value) for name, value in (state or {}).items()}
    trace = [{**given, **{f"{name}_new": value for name, value in current.items()}}]
    for t, metric in enumerate(metrics, start=1):
        heard = {name: number(value) for name, value in by_name(metric).items()}
        values = Row({**given, **current, **heard, STEP: t})
        for name, value in steps:
            values.compute(name, value)
        current = {name: values[f"{name}_new"] for name in current}
        trace.append(values)
    return trace


def _root_of(target: sympy.Symbol) -> sympy.Symbol:
    return target.of if isinstance(target, New) else target


def _members(arrays: Sequence[int]) -> list[list[int]]:
    """The elements of each array."""
    return [[i for i, own in enumerate(arrays) if own == array] for array in dict.fromkeys(arrays)]


@functools.lru_cache(2**12)
def _with_sums(expr: sympy.Basic) -> tuple[Evaluator, list[tuple[str, Reduction, Evaluator]]]:
    """`expr` with its sums over whole arrays as names of their own, and what is summed up under each."""
    found = sorted(expr.atoms(Reduction), key=str)
    names = {r: sympy.Symbol(f"({r})") for r in found}
    return function(expr.xreplace(names)), [(names[r].name, r, function(r.args[0])) for r in found]


def _assign(
    name: str,
    scalar: bool,
    value: tuple[Evaluator, list[tuple[str, Reduction, Evaluator]]],
    rows: list[Row],
    members: list[list[int]],
) -> None:
    """Give every row the value of one step."""
    compute, sums = value
    for place, reduction, inner in sums:
        parts = [[inner(rows[i]) for i in array] for array in members]
        totals = [_reduced(reduction, [*itertools.chain(*parts)])] * len(members) if reduction.overall else None
        totals = totals or [_reduced(reduction, part) for part in parts]
        for array, total in zip(members, totals, strict=True):
            for i in array:
                rows[i][place] = total
    if not scalar:
        for row in rows:
            row.compute(name, compute)
        return
    for first, *others in members:
        rows[first].compute(name, compute)
        for row in (rows[i] for i in others):
            if name in rows[first]:
                row[name] = rows[first][name]
            else:
                row.missing[name] = rows[first].missing[name]


def _reduced(reduction: Reduction, parts: list[Number]) -> Number:
    match reduction.how:
        case "sum":
            return sum(parts, Fraction(0))
        case "max":
            return enclosure.largest(parts)
        case "overflow":
            return Fraction(any(isinstance(part, float) for part in parts))
    raise NotImplementedError(f"nothing is known of {reduction.func}")


def _shortened(value: Any) -> Any:
    """A fraction that has grown too long as an enclosure."""
    if isinstance(value, Fraction) and _bits(value) > _LONG:
        return Enclosure.of(value)
    return value


def _bits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


# Expressions.


def _compile(expr: sympy.Basic) -> Evaluator:
    match expr:
        case sympy.Symbol():
            return operator.itemgetter(expr.name)
        case sympy.Rational():
            return _constant(Fraction(expr))
        case Infinity() | NegativeInfinity():
            return _constant(math.inf if expr == sympy.oo else -math.inf)
        case NaN() | ComplexInfinity():
            return _raising("it divides by zero, whatever the values")
        case ImaginaryUnit():
            return _raising("it is not real, whatever the values")
        case Pi():
            return _constant(enclosure.pi())
        case Exp1():
            return _constant(enclosure.exp(Fraction(1)))
        case BooleanAtom():
            return _constant(bool(expr))
        case sympy.Add():
            return _chained(operator.add, expr.args)
        case sympy.Mul():
            return _chained(operator.mul, expr.args)
        case sympy.Pow(base=base, exp=exponent):
            return _compile_power(base, exponent)
        case sympy.cos():
            return _compile_cosine(expr.args[0])
        case sympy.Piecewise():
            branches = [(function(condition), function(value)) for value, condition in expr.args]
            return functools.partial(_chosen, branches)
        case Relational():
            left, right, holds = function(expr.lhs), function(expr.rhs), COMPARISONS[expr.rel_op]
            return lambda values: holds(left(values), right(values))
    applied = _FUNCTIONS[expr.func]
    arguments = [function(argument) for argument in expr.args]
    return lambda values: applied(*(argument(values) for argument in arguments))


def _constant(value: Any) -> Evaluator:
    return lambda values: value


def _raising(text: str) -> Evaluator:
    def fail(values: Values) -> Number:
        raise UndefinedError(text)

    return fail


def _chosen(branches: Iterable[tuple[Evaluator, Evaluator]], values: Values) -> Any:
    for condition, value in branches:
        if condition(values):
            return value(values)
    raise UndefinedError("no case of a choice holds")


def _chained(operation: Callable[[Any, Any], Any], args: Sequence[sympy.Expr]) -> Evaluator:
    parts = [function(part) for part in args]
    if len(parts) == 2:
        first, second = parts
        return lambda values: operation(first(values), second(values))
    return lambda values: functools.reduce(operation, [part(values) for part in parts])


def _compile_power(base: sympy.Expr, exponent: sympy.Expr) -> Evaluator:
    below = function(base)
    if exponent == -1:
        return lambda values: inverse(below(values))
    if exponent == sympy.Rational(1, 2):
        return lambda values: root(below(values))
    above = function(exponent)
    return lambda values: _power(below(values), above(values))


def _compile_cosine(argument: sympy.Expr) -> Evaluator:
    """Of a multiple of pi the cosine is known exactly if the multiple is that of a half or a third."""
    turns = function(sympy.expand(argument / sympy.pi) if argument.has(sympy.pi) else argument / sympy.pi)
    inner = function(argument)
    half = Fraction(1, 2)
    known = {Fraction(0): Fraction(1), Fraction(1, 3): half, half: Fraction(0), Fraction(2, 3): -half}

    def cosine(values: Values) -> Number:
        found = turns(values)
        if isinstance(found, Fraction):
            whole = found % 2
            apart = whole if whole <= 1 else 2 - whole
            if apart in known or apart == 1:
                return known.get(apart, Fraction(-1))
        return enclosure.cos(inner(values))

    return cosine


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(base, float) or isinstance(exponent, float):
        return _float_power(base, exponent)
    if isinstance(exponent, Fraction | int):
        if exponent.denominator == 1:
            return _whole_power(base, exponent.numerator)
        return _fractional_power(base, exponent)
    if isinstance(base, Fraction | int) and base in (0, 1):
        if base == 0 and enclosure.sign(exponent) < 0:
            raise UndefinedError("it divides by zero")
        return base
    if enclosure.sign(base) < 0:
        raise UndefinedError(f"{shown(base)} has no power with the exponent {exponent}")
    return enclosure.exp(exponent * enclosure.log(Enclosure.of(base)))


def _whole_power(base: Number, exponent: int) -> Number:
    if exponent < 0:
        return _whole_power(inverse(base), -exponent)
    if (
        isinstance(base, Fraction | int)
        and (base.numerator.bit_length() + base.denominator.bit_length()) * exponent > _LONG
    ):
        base = base if abs(base) in (0, 1) else Enclosure.of(base)
    return base**exponent


def _fractional_power(base: Number, exponent: Fraction) -> Number:
    """To the power of a fraction that is no integer, which a negative number has not."""
    if enclosure.sign(base) == 0:
        if exponent < 0:
            raise UndefinedError("it divides by zero")
        return Fraction(0)
    if enclosure.sign(base) < 0:
        raise UndefinedError(f"{shown(base)} to the power of {exponent} is not real")
    if exponent.denominator == 2:
        return _whole_power(root(base), exponent.numerator)
    if isinstance(base, Fraction | int) and exponent.denominator <= 64:
        roots = [sympy.integer_nthroot(part, exponent.denominator) for part in (base.numerator, base.denominator)]
        if all(whole for _, whole in roots):
            return _whole_power(Fraction(int(roots[0][0]), int(roots[1][0])), exponent.numerator)
    return enclosure.exp(exponent * enclosure.log(Enclosure.of(base)))


def _float_power(base: Number, exponent: Number) -> Number:
    """Where one of them is infinite or NaN, as IEEE arithmetic has it."""
    if any(isinstance(x, float) and math.isnan(x) for x in (base, exponent)):
        return math.nan
    found = float(base) ** float(exponent)
    return found if not math.isfinite(found) else Fraction(found)


def _sum_of_unknown(value: Number) -> Number:
    raise UndecidableError("a sum over elements that are not there")


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    **{row.kind: row.exact for row in functions.numeric() if row.kind},
    # conditions, which SymPy combines when choices are nested
    sympy.And: lambda *conditions: all(conditions),
    sympy.Or: lambda *conditions: any(conditions),
    sympy.Not: operator.not_,
    sympy.ITE: lambda test, then, otherwise: then if test else otherwise,
    # the values of one element do not tell what a sum over all of them is
    **dict.fromkeys(Reduction.__subclasses__(), _sum_of_unknown),
}
