"""The reference: a spec interpreted with 50 digits, step by step, one element at a time.

It shares no code with lowering or printing, so that it cannot share their mistakes. What 50 digits show may be their
rounding: `exactly` has the same runs made in exact numbers.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeAlias

import mpmath
import sympy

from ..spec.domain import ANY
from ..spec.functions import numeric
from ..spec.row import Function
from ..spec.rules import Monitor, Optimizer, by_name
from ..spec.symbolic import COMPARISONS, Reduction
from ..spec.symbols import STEP, New, Scalar
from . import exact

DIGITS = 50
Number: TypeAlias = mpmath.mpf  # inside `exactly` a number of `algebra.exact`
Evaluator = Callable[[Mapping[str, Any]], Any]

_context = mpmath.mp.clone()
_context.dps = DIGITS

_exact: ContextVar[bool] = ContextVar("exact", default=False)


@contextmanager
def exactly() -> Iterator[None]:
    """Inside, numbers, values and runs are those of `algebra.exact`, and what they cannot tell raises an error."""
    token = _exact.set(True)
    try:
        yield
    finally:
        _exact.reset(token)


def number(value: Any) -> Number:
    """`value` (a float, an int, a decimal string, a fraction or a SymPy number) as it is, to 50 digits."""
    if _exact.get():
        return exact.number(value)
    if isinstance(value, sympy.Rational):
        return _context.mpf(value.p) / value.q
    if isinstance(value, str) and "/" in value:
        above, below = value.split("/")
        return _context.mpf(above) / _context.mpf(below)
    if hasattr(value, "numerator") and hasattr(value, "denominator") and not isinstance(value, int | float):
        return _context.mpf(int(value.numerator)) / int(value.denominator)
    return _context.mpf(float(value) if hasattr(value, "dtype") else value)


def run(
    optimizer: Optimizer,
    gradients: Sequence[Any],
    hyper: Callable[[int], Mapping[str, Any]],
    w: Any = 0,
    state: Mapping[str, Any] | None = None,
) -> Sequence[dict[str, Number]]:
    """Every value of every step on one element: states, `w` and intermediates by name.

    `hyper(t)` gives the hyperparameters of step t, from 1. `state` replaces the initial state. Raises
    ZeroDivisionError or ValueError where the rule leaves the real numbers.
    """
    (trace,) = run_elements(optimizer, [gradients], hyper, [w], state)
    return trace


def run_elements(
    optimizer: Optimizer,
    gradients: Sequence[Sequence[Any]],
    hyper: Callable[[int], Mapping[str, Any]],
    w: Sequence[Any],
    state: Mapping[str, Any] | None = None,
    first: int = 1,
    *,
    arrays: Sequence[int] | None = None,
    inputs: Mapping[str, Sequence[Sequence[Any]]] | None = None,
) -> Sequence[Sequence[dict[str, Number]]]:
    """As `run`, for several elements with a sequence of gradients each; scalars are computed once a step.

    `first` is the number of the first step. With sums over arrays, `arrays` names the array of each element; without
    it, all are of one. `inputs` are sequences like the gradients, by name.
    """
    if _exact.get():
        return exact.run_elements(optimizer, gradients, hyper, w, state, first, arrays=arrays)
    if getattr(optimizer, "reductions", ()) or inputs or arrays:
        run = _Elements(optimizer, arrays or [0] * len(w), inputs or {})
        return run(gradients, hyper, w, state, first)
    compiled = [(step.target, _compile(step.value)) for step in optimizer.steps]
    scalars = [(target.name, value) for target, value in compiled if _is_scalar(target)]
    per_element = [(target.name, value) for target, value in compiled if not _is_scalar(target)]
    given = hyper(first)
    precise = {name: number(value) for name, value in given.items()}
    shared = {s.name: _compile(optimizer.state[s])(precise) for s in optimizer.scalar_state}
    elements = []
    for start in map(number, w):
        initial = {s.name: _compile(optimizer.state[s])({**precise, "w": start}) for s in optimizer.array_state}
        elements.append({**initial, "w": start})
    for name, value in (state or {}).items():
        for place in [shared] if name in shared else elements:
            place[name] = number(value)
    traces: list[list[dict[str, Number]]] = [[] for _ in elements]
    for t in range(first, first + len(gradients[0])):
        if (now := hyper(t)) is not given:
            given, precise = now, {name: number(value) for name, value in now.items()}
        common = {**shared, **precise, "t": t}
        for name, value in scalars:
            common[name] = value(common)
        shared = {name: common[f"{name}_new"] for name in shared}
        for index, element in enumerate(elements):
            values = {**common, **element, "g": number(gradients[index][t - first])}
            for name, value in per_element:
                values[name] = value(values)
            # a stage may leave w as it is
            elements[index] = {name: values.get(f"{name}_new", old) for name, old in element.items()}
            traces[index].append({**values, **elements[index], **shared})
    return traces


@dataclass(frozen=True)
class _Elements:
    """Runs of `rule`, one step of the algorithm box after the other, each for all elements.

    Sums, and scalars, are a number for each array, which is computed once; every element has the numbers of its own.
    """

    rule: Optimizer
    arrays: Sequence[int]
    inputs: Mapping[str, Sequence[Sequence[Any]]]

    def __call__(
        self,
        gradients: Sequence[Sequence[Any]],
        hyper: Callable[[int], Mapping[str, Any]],
        w: Sequence[Any],
        state: Mapping[str, Any] | None,
        first: int,
    ) -> list[list[dict[str, Number]]]:
        given = {name: number(value) for name, value in hyper(first).items()}
        elements = []
        for start in map(number, w):
            own = {s.name: _compile(value)({**given, "w": start}) for s, value in self.rule.state.items()}
            elements.append({"w": start, **own, **{name: number(value) for name, value in (state or {}).items()}})
        traces: list[list[dict[str, Number]]] = [[] for _ in elements]
        steps = [(step.target.name, _is_scalar(step.target), *_apart(step.value)) for step in self.rule.steps]
        for place in range(len(gradients[0])):
            given = {name: number(value) for name, value in hyper(first + place).items()} | {STEP: first + place}
            rows = [{**given, **one, **self._supplied(k, place, gradients)} for k, one in enumerate(elements)]
            for name, scalar, value, sums in steps:
                self._sum_up(rows, sums)
                if scalar:
                    self._share(rows, name, value)
                    continue
                for row in rows:
                    row[name] = value(row)
            for index, row in enumerate(rows):
                elements[index] = {name: row.get(f"{name}_new", old) for name, old in elements[index].items()}
                traces[index].append({**row, **elements[index]})
        return traces

    def _supplied(self, element: int, place: int, gradients: Sequence[Sequence[Any]]) -> dict[str, Number]:
        found = {name: number(values[element][place]) for name, values in self.inputs.items()}
        return found | {"g": number(gradients[element][place])}

    def _share(self, rows: list[dict[str, Number]], name: str, value: Evaluator) -> None:
        found: dict[int, Number] = {}
        for array, row in zip(self.arrays, rows, strict=True):
            if array not in found:
                found[array] = value(row)
            row[name] = found[array]

    def _sum_up(self, rows: list[dict[str, Number]], sums: list[tuple[str, bool, Evaluator]]) -> None:
        for name, overall, of in sums:
            arrays = [0] * len(rows) if overall else self.arrays
            totals: dict[int, Number] = {}
            for array, row in zip(arrays, rows, strict=True):
                totals[array] = totals[array] + of(row) if array in totals else of(row)
            for array, row in zip(arrays, rows, strict=True):
                row[name] = totals[array]


def _apart(expr: sympy.Expr) -> tuple[Evaluator, list[tuple[str, bool, Evaluator]]]:
    """`expr` as a function of its sums as well; of each its text, whether it is over all arrays, and what it sums."""
    sums = sorted(expr.atoms(Reduction), key=str)
    if any(one.how != "sum" for one in sums):
        raise NotImplementedError(f"of {sums} only sums are known here")
    named = {one: sympy.Symbol(str(one)) for one in sums}
    return _compile(expr.xreplace(named)), [(named[one].name, one.overall, _compile(one.args[0])) for one in sums]


def run_monitor(
    monitor: Monitor,
    metrics: Sequence[Any],
    hyper: Mapping[str, Any],
    state: Mapping[str, Any] | None = None,
) -> list[dict[str, Number]]:
    """Every value of every report of a monitor, by name; before the first report only states, under `s_new`.

    `metrics` may be infinite or NaN, or pairs of such, the second of the training data. `state` replaces the
    initial state.
    """
    if _exact.get():
        return exact.run_monitor(monitor, metrics, hyper, state)
    precise = {name: number(value) for name, value in hyper.items()}
    steps = [(step.target.name, _compile(step.value)) for step in monitor.steps]
    current = {s.name: _compile(value)(precise) for s, value in monitor.state.items()}
    current |= {name: number(value) for name, value in (state or {}).items()}
    trace = [{**precise, **{f"{name}_new": value for name, value in current.items()}}]
    for t, metric in enumerate(metrics, start=1):
        heard = {name: number(value) for name, value in by_name(metric).items()}
        values = {**precise, **current, **heard, STEP: t}
        for name, value in steps:
            values[name] = value(values)
        current = {name: values[f"{name}_new"] for name in current}
        trace.append(values)
    return trace


def _is_scalar(target: sympy.Symbol) -> bool:
    return isinstance(target.of if isinstance(target, New) else target, Scalar)


def evaluate(expr: sympy.Expr, values: Mapping[str, Any]) -> Number:
    """`expr` with `values` for its symbols, by name."""
    return exact.evaluate(expr, values) if _exact.get() else _compile(expr)(values)


def more_digits() -> AbstractContextManager[None]:
    """A context in which everything here is computed with twice as many digits."""
    found: AbstractContextManager[None] = _context.workdps(2 * DIGITS)
    return found


def function(expr: sympy.Expr) -> Evaluator:
    """`expr` as a function of the values of its symbols, by name, to the digits in force at the call."""
    with more_digits():
        return _compile(expr)


def _compile(expr: sympy.Basic) -> Evaluator:
    """`expr` as a function of the values of its symbols."""
    match expr:
        case sympy.Symbol():
            name = expr.name
            return lambda values: values[name]
        case sympy.Rational():
            constant = _context.mpf(expr.p) / expr.q
            return lambda values: constant
        case sympy.core.numbers.Infinity() | sympy.core.numbers.NegativeInfinity():
            infinite = _context.inf if expr == sympy.oo else -_context.inf
            return lambda values: infinite
        case sympy.core.numbers.NaN() | sympy.core.numbers.ComplexInfinity():
            return _nowhere
        case sympy.core.numbers.ImaginaryUnit():
            return _complex
        case sympy.core.numbers.Pi():
            return lambda values: +_context.pi  # with the digits of the moment
        case sympy.core.numbers.Exp1():  # no spec has it, but exp(min(x, 1)) does in some cases
            return lambda values: +_context.e
        case sympy.Add():
            return _chained(operator.add, [_compile(term) for term in expr.args])
        case sympy.Mul():
            if expr.args[0] == -1:
                positive = _compile(-expr)
                return lambda values: -positive(values)
            return _chained(operator.mul, [_compile(factor) for factor in expr.args])
        case sympy.Pow(base=base, exp=exponent):
            return _compile_power(_compile(base), exponent)
        case sympy.Piecewise():
            branches = [(_compile(condition), _compile(value)) for value, condition in expr.args]
            return lambda values: next(value(values) for condition, value in branches if condition(values))
        case sympy.core.relational.Relational():
            left, right, compare = _compile(expr.lhs), _compile(expr.rhs), COMPARISONS[expr.rel_op]
            return lambda values: compare(left(values), right(values))
        case sympy.logic.boolalg.BooleanAtom():
            truth = bool(expr)
            return lambda values: truth
    function = _FUNCTIONS[expr.func]
    arguments = [_compile(argument) for argument in expr.args]
    return lambda values: function(*(argument(values) for argument in arguments))


def _nowhere(values: Mapping[str, Any]) -> Number:
    raise ZeroDivisionError("the expression divides by zero, whatever the values")


def _complex(values: Mapping[str, Any]) -> Number:
    raise ValueError("the expression is not real, whatever the values")


def _chained(operation: Callable[[Any, Any], Any], parts: list[Evaluator]) -> Evaluator:
    """`operation` over all parts, from left to right; the common case of two without a loop."""
    if len(parts) == 2:
        first, second = parts
        return lambda values: operation(first(values), second(values))
    return lambda values: functools.reduce(operation, [part(values) for part in parts])


def _compile_power(base: Evaluator, exponent: sympy.Expr) -> Evaluator:
    if exponent == sympy.Rational(1, 2):
        return lambda values: _root(base(values))
    if exponent == -1:
        one = _context.mpf(1)  # the base may be t, an int, whose inverse would be a double
        return lambda values: one / base(values)
    if exponent.is_Integer:
        whole = int(exponent)
        if whole < 0:  # of t, which is an int, the power would be a double
            return lambda values: _context.mpf(base(values)) ** whole
        return lambda values: base(values) ** whole
    power = _compile(exponent)
    return lambda values: _real(_context.power(base(values), power(values)))


def _root(value: Number) -> Number:
    if value < 0:
        raise ValueError(f"the square root of {mpmath.nstr(value, 5)} is not real")
    return _context.sqrt(value)


def root(value: Number) -> Number:
    """The square root. Raises ValueError where it is not real."""
    return _root(value)


def _real(value: Any) -> Number:
    if isinstance(value, _context.mpc):
        raise ValueError("a power, or a logarithm, is not real")
    return value


def _in_reals(row: Function) -> Callable[..., Any]:
    """A function of the table with the digits of the context; where it is not defined everywhere, real numbers only."""
    found = row.digits(_context)
    return found if row.over == ANY else lambda x: _real(found(x))


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    **{row.kind: _in_reals(row) for row in numeric() if row.kind is not None},
    # conditions, which SymPy combines when choices are nested
    sympy.And: lambda *conditions: all(conditions),
    sympy.Or: lambda *conditions: any(conditions),
    sympy.Not: lambda condition: not condition,
    sympy.ITE: lambda test, then, otherwise: then if test else otherwise,
}

__all__ = ["DIGITS", "evaluate", "number", "run"]
