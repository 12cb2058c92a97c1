"""The reference: a spec interpreted with 50 digits, step by step, one element at a time.

It shares no code with lowering or printing, so that it cannot share their mistakes.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mpmath
import sympy

from codegen.spec import Optimizer

DIGITS = 50
Number = mpmath.mpf
Evaluator = Callable[[Mapping[str, Any]], Any]

_context = mpmath.mp.clone()
_context.dps = DIGITS


def number(value: Any) -> Number:
    """`value` (a float, an int, a decimal string, a fraction or a SymPy number) as it is, to 50 digits."""
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
) -> list[dict[str, Number]]:
    """Every value of every step on one element: states, `w` and intermediates by name.

    `hyper(t)` gives the hyperparameters of step t, from 1. `state` replaces the initial state. Raises
    ZeroDivisionError or ValueError where the rule leaves the real numbers.
    """
    steps = [(step.target, _compile(step.value)) for step in optimizer.steps]
    at_start = {name: number(value) for name, value in hyper(1).items()}
    at_start["w"] = number(w)
    current = {s.name: _compile(value)(at_start) for s, value in optimizer.state.items()}
    current |= {name: number(value) for name, value in (state or {}).items()}
    current["w"] = number(w)
    trace = []
    for t, gradient in enumerate(gradients, start=1):
        values = {**current, **{name: number(value) for name, value in hyper(t).items()}}
        values |= {"g": number(gradient), "t": t}
        for target, evaluate in steps:
            values[target.name] = evaluate(values)
        current = {name: values[f"{name}_new"] for name in current}
        trace.append({**values, **current, "t": t})
    return trace


def evaluate(expr: sympy.Expr, values: Mapping[str, Any]) -> Number:
    """`expr` with `values` for its symbols, by name."""
    return _compile(expr)(values)


def more_digits():
    """A context in which everything here is computed with twice as many digits."""
    return _context.workdps(2 * DIGITS)


def stable(expr: sympy.Expr, values: Mapping[str, Any]) -> Number:
    """`expr` as `evaluate` gives it, if twice as many digits give the same; else a ValueError.

    Where a difference that is zero was divided by, 50 digits of noise look like a number.
    """
    found = evaluate(expr, values)
    with more_digits():
        again = evaluate(expr, values)
    if abs(found - again) > _context.mpf(10) ** (-DIGITS // 2) * max(1, abs(found)):
        raise ValueError("the value is lost in rounding")
    return found


def _compile(expr: sympy.Basic) -> Evaluator:
    """`expr` as a function of the values of its symbols."""
    match expr:
        case sympy.Symbol():
            name = expr.name
            return lambda values: values[name]
        case sympy.Rational():
            constant = _context.mpf(expr.p) / expr.q
            return lambda values: constant
        case sympy.core.numbers.Pi():
            return lambda values: +_context.pi  # with the digits of the moment
        case sympy.Add():
            terms = [_compile(term) for term in expr.args]
            return lambda values: functools.reduce(operator.add, [term(values) for term in terms])
        case sympy.Mul():
            factors = [_compile(factor) for factor in expr.args]
            return lambda values: functools.reduce(operator.mul, [factor(values) for factor in factors])
        case sympy.Pow(base=base, exp=exponent):
            return _compile_power(_compile(base), exponent)
        case sympy.Piecewise():
            branches = [(_compile(condition), _compile(value)) for value, condition in expr.args]
            return lambda values: next(value(values) for condition, value in branches if condition(values))
        case sympy.core.relational.Relational():
            left, right, compare = _compile(expr.lhs), _compile(expr.rhs), _COMPARISONS[expr.rel_op]
            return lambda values: compare(left(values), right(values))
        case sympy.logic.boolalg.BooleanAtom():
            truth = bool(expr)
            return lambda values: truth
    function = _FUNCTIONS[expr.func]
    arguments = [_compile(argument) for argument in expr.args]
    return lambda values: function(*(argument(values) for argument in arguments))


def _compile_power(base: Evaluator, exponent: sympy.Expr) -> Evaluator:
    if exponent == sympy.Rational(1, 2):
        return lambda values: _root(base(values))
    if exponent.is_Integer:
        whole = int(exponent)
        # t is an int, whose reciprocal would be a double
        return lambda values: _context.mpf(base(values)) ** whole
    power = _compile(exponent)
    return lambda values: _real(_context.power(base(values), power(values)))


def _root(value: Number) -> Number:
    if value < 0:
        raise ValueError(f"the square root of {mpmath.nstr(value, 5)} is not real")
    return _context.sqrt(value)


def _real(value: Any) -> Number:
    if isinstance(value, _context.mpc):
        raise ValueError("a power is not real")
    return value


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    sympy.Abs: abs,
    sympy.sign: lambda x: _context.mpf((x > 0) - (x < 0)),
    sympy.Max: max,
    sympy.Min: min,
    sympy.exp: _context.exp,
    sympy.log: lambda x: _real(_context.log(x)),
    sympy.Mod: lambda a, b: a % b,
    sympy.floor: _context.floor,
    sympy.cos: _context.cos,
    # conditions, which SymPy combines when choices are nested
    sympy.And: lambda *conditions: all(conditions),
    sympy.Or: lambda *conditions: any(conditions),
    sympy.Not: lambda condition: not condition,
    sympy.ITE: lambda test, then, otherwise: then if test else otherwise,
}
_COMPARISONS: dict[str, Callable[[Number, Number], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}

__all__ = ["DIGITS", "evaluate", "number", "run"]
