"""What floating point may do to a rule: a bound on the error after every step, from the program's operations.

Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, section 3.3): each value
carries a bound on how far the computed one may be from the exact one. An operation passes the bounds of
its operands on and adds half a unit in the last place of its result for its own rounding. Scalars
are formed in double and rounded once where they meet an array.

This covers a GPU as well. A compiler may contract a product and a sum to one operation, which rounds once
where two operations round twice; CUDA's division and square root are correctly rounded unless fast
mathematics is asked for, which nothing here does. So two backends differ by twice the bound at most.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from typing import Any, NamedTuple

import numpy as np

from ..expr.tree import Call, Constant, Name, Negative, Node, Number, Power, Product, Sum, Where, arrange, ranks
from ..lower.program import Program, lower
from ..spec.domain import ANY, Domain
from ..spec.functions import TABLE
from ..spec.row import Function
from ..spec.rules import Optimizer

#: Half-ulps allowed to pow (CUDA documents 4 ulp in single precision); those of functions are in their rows.
_POWER_HALF_ULPS = 8


class Bounded(NamedTuple):
    """Values, and by how much at most the computed ones differ from the exact ones."""

    value: Any
    error: Any


@dataclass(frozen=True)
class _Rounding:
    """Arithmetic of a type: `unit` is half the gap between 1 and its successor, `tiny` the least number.

    What may exceed its `largest` may be infinite. For several types at once they are columns, and so is every bound.
    """

    unit: Any
    tiny: Any
    largest: Any

    @classmethod
    def of(cls, dtypes: Sequence[str]) -> _Rounding:
        infos = [np.finfo(dtype) for dtype in dtypes]
        unit, tiny, largest = (
            [[float(value)] for value in column]
            for column in zip(*((i.eps / 2, i.smallest_subnormal, i.max) for i in infos), strict=True)
        )
        return cls(np.array(unit), np.array(tiny), np.array(largest))

    def rounded(self, value: Any, error: Any, half_ulps: int = 1) -> Bounded:
        unit = self.unit if half_ulps == 1 else half_ulps * self.unit
        size = abs(value) + error
        # one over what is infinite is a number again: only here can it be told that it is a wrong one
        return Bounded(value, np.where(size > self.largest, np.inf, error + (unit * size + self.tiny)))

    def add(self, a: Bounded, b: Bounded, sign: int = 1) -> Bounded:
        return self.rounded(a.value + b.value if sign > 0 else a.value - b.value, a.error + b.error)

    def multiply(self, a: Bounded, b: Bounded) -> Bounded:
        error = abs(a.value) * b.error + (abs(b.value) + b.error) * a.error
        return self.rounded(a.value * b.value, error)

    def divide(self, a: Bounded, b: Bounded, least: float = 0.0) -> Bounded:
        """`a / b`, where neither the exact nor the computed `b` is below `least`, if that is positive."""
        value = a.value / b.value
        margin = np.maximum(abs(b.value) - b.error, least)
        if np.ndim(margin) == 0:
            return self.rounded(value, (a.error + abs(value) * b.error) / margin if margin > 0 else np.inf)
        error = np.where(margin > 0, (a.error + abs(value) * b.error) / np.where(margin > 0, margin, 1), np.inf)
        return self.rounded(value, error)

    def call(self, function: str, *arguments: Bounded, least: float = -math.inf) -> Bounded:
        """A function of the table; its first argument is known to be at least `least`."""
        row = TABLE[function]
        assert isinstance(row, Function)  # others have been reduced to numbers before
        value, error = row.spread(np, least, *arguments)
        return self.rounded(value, error, row.half_ulps) if row.half_ulps else Bounded(value, error)

    def power(self, base: Bounded, exponent: Bounded, least: float = 0.0) -> Bounded:
        value = np.power(base.value, exponent.value)
        size = np.abs(base.value)
        # a power is monotone in its base and in its exponent: the corners are the extremes
        bases = (np.maximum(size - base.error, least), size + base.error)
        exponents = [exponent.value]
        if np.any(exponent.error):
            exponents = [exponent.value - exponent.error, exponent.value + exponent.error]
        corners = [np.abs(np.power(b, e) - np.abs(value)) for b in bases for e in exponents]
        return self.rounded(value, np.maximum.reduce(corners), _POWER_HALF_ULPS)


Names = Mapping[str, Bounded]
Evaluator = Callable[[Names], Bounded]


def _compile(node: Node, rounding: _Rounding) -> Evaluator:
    """`node` as a function of the bounded values of its names, in one arithmetic."""

    def inner(child: Node) -> Evaluator:
        return _compile(child, rounding)

    match node:
        case Name(name):
            return lambda names: names[name]
        case Number(value):
            constant = Bounded(float(value), 0.0)
            return lambda names: constant
        case Constant("pi"):
            pi = rounding.rounded(np.pi, 0.0)
            return lambda names: pi
        case Negative(of):
            negated = inner(of)
            return lambda names: Bounded(-(found := negated(names)).value, found.error)
        case Sum(((sign, first), *rest)):
            start = inner(first if sign > 0 else Negative(first))
            terms = [(sign, inner(term)) for sign, term in rest]
            return lambda names: reduce(
                lambda total, term: rounding.add(total, term[1](names), term[0]), terms, start(names)
            )
        case Product(above, below):
            product = _compile_product(above, rounding)
            if not below:
                return product
            divisor, least = _compile_product(below, rounding), _positive(Product(below, ()))
            return lambda names: rounding.divide(product(names), divisor(names), least)
        case Power(base, Number(exponent)) if exponent in (2, 3):
            return _compile_product((base,) * exponent, rounding)
        case Power(base, exponent):
            root, power, least = inner(base), inner(exponent), _positive(base)
            return lambda names: rounding.power(root(names), power(names), least)
        case Call(function, arguments):
            given, least = [inner(argument) for argument in arguments], _with_margin(_least(arguments[0]))
            return lambda names: rounding.call(function, *(argument(names) for argument in given), least=least)
        case Where():
            return _compile_where(node, rounding)
    raise AssertionError(node)


def _positive(node: Node) -> float:
    """What `_least` knows, if it is positive, else 0."""
    return max(_with_margin(_least(node)), 0.0)


def _with_margin(least: float) -> float:
    """`least` less what the constants in it, and what is computed of them, may lose to rounding."""
    return least - abs(least) * 2**-10


def _least(node: Node) -> float:
    """A number that `node` is never below, whatever its names are, nor what is computed of it; -inf if none is seen.

    1 + |x| is at least 1 however large the error of x, and rounding is monotone.
    """
    match node:
        case Number(value):
            return float(value)
        case Call(function, arguments) if isinstance(row := TABLE[function], Function):
            return _least_of(row, [_least(argument) for argument in arguments])
        case Power(_, Number(exponent)) if exponent % 2 == 0:
            return 0.0
        case Power(base, Number(exponent)) if exponent > 0 and (least := _least(base)) >= 0:
            return float(least**exponent)
        case Sum(terms) if all(sign > 0 for sign, _ in terms):
            return sum(_least(term) for _, term in terms)
        case Product(above, below):
            ends, divisors = [_least(factor) for factor in above], [f.value for f in below if isinstance(f, Number)]
            if len(divisors) == len(below) and min(ends) >= 0:
                return math.prod(ends) / math.prod(divisors)
    return -math.inf


def _least_of(row: Function, least: Sequence[float]) -> float:
    """A number that the function is never below, if its arguments are not below `least`."""
    if row.rises and row.arity == 1 and row.elements:
        start = least[0] if row.over.low is None else max(least[0], float(row.over.low))
        with np.errstate(all="ignore"):
            return float(getattr(np, row.ufunc.callee)(start))
    lows = (Domain(low=Fraction(x), low_closed=True) if math.isfinite(x) else ANY for x in least)
    found = row.range(*lows).low
    return -math.inf if found is None else float(found)


def _compile_product(factors: Sequence[Node], rounding: _Rounding) -> Evaluator:
    first, *rest = (_compile(factor, rounding) for factor in factors)
    if not rest:
        return first
    return lambda names: reduce(lambda total, factor: rounding.multiply(total, factor(names)), rest, first(names))


def _compile_where(node: Where, rounding: _Rounding) -> Evaluator:
    parts = [_compile(child, rounding) for child in (node.left, node.right, node.then, node.otherwise)]
    compare = _COMPARE[node.comparison]

    def choose(names: Names) -> Bounded:
        left, right, then, otherwise = (part(names) for part in parts)
        holds = compare(left.value, right.value)
        # if rounding may turn the comparison, the other branch is as good
        margin = left.error + right.error
        doubt = (abs(left.value - right.value) <= margin) & (margin > 0)
        gap = abs(then.value - otherwise.value) + np.maximum(then.error, otherwise.error)
        error = np.where(holds, then.error, otherwise.error)
        return Bounded(np.where(holds, then.value, otherwise.value), np.where(doubt, gap, error))

    return choose


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


@dataclass(frozen=True)
class _Steps:
    """All steps of a run at once: errors before each step in, errors after it out.

    Arrays are steps x dtypes x elements. `values` are those before each step.
    """

    program: Program
    dtypes: Sequence[str]
    values: Mapping[str, Any]
    given: Mapping[str, Bounded]
    read: Mapping[str, Any]

    @cached_property
    def arithmetic(self) -> _Rounding:
        return _Rounding.of(self.dtypes)

    @cached_property
    def compiled(self) -> tuple[list[tuple[str, Evaluator]], list[tuple[str, Evaluator]]]:
        host = [(assign.target, _compile(assign.value, _DOUBLE)) for assign in self.program.scalars]
        return host, [(assign.target, _compile(assign.value, self.arithmetic)) for assign in self.program.arrays]

    def __call__(self, errors: Mapping[str, Any], rows: slice = slice(None)) -> dict[str, Any]:
        host, elementwise = self.compiled
        before = {name: Bounded(value[rows], errors[name]) for name, value in self.values.items()}
        names = {
            name: Bounded(*(part[rows] if np.ndim(part) else part for part in given))
            for name, given in self.given.items()
        }
        names |= {commit.target: before[commit.target] for commit in self.program.scalar_commits}
        for target, evaluate in host:
            names[target] = evaluate(names)
        after = {commit.target: names[commit.value] for commit in self.program.scalar_commits}
        # a double is rounded once where it meets an array
        names = {name: self._entering(names[name]) for name in self.program.kernel_scalars}
        names |= {commit.target: before[commit.target] for commit in self.program.commits}
        names |= {name: Bounded(array[rows], 0.0) for name, array in self.read.items()}
        for target, evaluate in elementwise:
            names[target] = evaluate(names)
        after |= {commit.target: names[commit.value] for commit in self.program.commits}
        shape = errors["w"].shape
        return {name: np.broadcast_to(after[name].error, shape) for name in self.values}

    def _entering(self, scalar: Bounded) -> Bounded:
        """A double where it meets an array. Every type holds 0 and 1, so that flags stay without doubt."""
        rounded = self.arithmetic.rounded(*scalar)
        kept = (np.asarray(scalar.error) == 0) & np.isin(scalar.value, (0.0, 1.0))
        return Bounded(rounded.value, np.where(kept, 0.0, rounded.error)) if kept.any() else rounded


_DOUBLE = _Rounding(2.0**-53, 2.0**-1074, float(np.finfo(np.float64).max))
_ATTEMPTS = 16
_FEW = 8  # states: each is one more evaluation of an attempt
_MARGIN = 1 + 2e-5  # of each step, so that what a step makes of a bound stays below the next


def bounds(
    optimizer: Optimizer,
    dtypes: Sequence[str],
    gradients: Any,
    hyper: Mapping[str, float],
    values: Mapping[str, Any],
    inputs: Mapping[str, Any] | None = None,
    signals: Mapping[str, Any] | None = None,
    sums: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """After each step: by how much `w` and each state may differ from the exact ones, steps x dtypes x elements.

    `gradients` is steps x elements, exact in every dtype. `values` are the exact ones of `w` and every
    state, scalars too, before the first step and after each: steps + 1 x elements. `inputs` are as gradients,
    `signals` a number, exact in double, for each step. `sums` are those of each step, which it is given as the nearest
    doubles.

    A sequence of bounds is right if every one of them covers what a step makes of the one before it.
    That is checked for all steps at once; where the sequence comes from does not matter. It comes from
    the steps linearised, again about what came of that, and so on, or, if that does not end, from one step after the
    other.
    """
    program, rank = lower(optimizer), ranks(optimizer)
    before = {name: np.asarray(value, np.float64)[:-1, None, :] for name, value in values.items()}
    number = np.arange(1, len(gradients) + 1, dtype=np.float64)[:, None, None]
    given = {name: Bounded(float(value), 0.0) for name, value in hyper.items()} | {"t": Bounded(number, 0.0)}
    given |= {n: Bounded(np.asarray(v, np.float64)[:, None, None], 0.0) for n, v in (signals or {}).items()}
    for name, value in (sums or {}).items():
        column = np.asarray(value, np.float64)[:, None, None]
        given[name] = Bounded(column, 2.0**-53 * abs(column) + 2.0**-1074)
    read = {name: np.asarray(v, np.float64)[:, None, :] for name, v in {"g": gradients, **(inputs or {})}.items()}
    steps = _Steps(program, dtypes, before, given, read)
    shape = (len(gradients), len(dtypes), np.shape(gradients)[1])
    with np.errstate(all="ignore"):
        first = _initial(optimizer, rank, given, before, steps.arithmetic, shape[1:])
        errors = {name: np.zeros(shape) for name in first}
        for _ in range(_ATTEMPTS if len(first) <= _FEW else min(_ATTEMPTS, 1)):
            found = _linearised(steps, first, errors)
            errors = {name: np.nan_to_num(error, posinf=0.0) for name, error in _shifted(found, first).items()}
            if _covered(found, steps(errors)):
                return found
        return _one_by_one(steps, first, shape)


def step_bounds(
    optimizer: Optimizer,
    dtypes: Sequence[str],
    gradients: Any,
    hyper: Mapping[str, float],
    values: Mapping[str, Any],
    inputs: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """By how much a single step may err, if what it starts from is exact: steps x dtypes x elements.

    As `bounds`, but `values` are those that were there before each step, and errors do not add up.
    """
    before = {name: np.asarray(value, np.float64)[:, None, :] for name, value in values.items()}
    number = np.arange(1, len(gradients) + 1, dtype=np.float64)[:, None, None]
    given = {name: Bounded(float(value), 0.0) for name, value in hyper.items()} | {"t": Bounded(number, 0.0)}
    read = {name: np.asarray(v, np.float64)[:, None, :] for name, v in {"g": gradients, **(inputs or {})}.items()}
    steps = _Steps(lower(optimizer), dtypes, before, given, read)
    shape = (len(gradients), len(dtypes), np.shape(gradients)[1])
    with np.errstate(all="ignore"):
        return steps({name: np.zeros(shape) for name in before})


def bound(value: Node, given: Mapping[str, float]) -> float:
    """By how much `value`, formed in double from exact scalars, may differ from the exact one."""
    names = {name: Bounded(float(number), 0.0) for name, number in given.items()}
    with np.errstate(all="ignore"):
        return float(_compile(value, _DOUBLE)(names).error)


def sum_bounds(
    program: Program, given: Mapping[str, float], columns: Mapping[str, Any], dtype: str
) -> dict[str, float]:
    """By how much the sums of one step may err, which are taken in double over the `columns`, exact as they are.

    In whatever order n numbers are added up, each is rounded n times at most. What norms are taken of may be computed
    in `dtype`, that of the arrays.
    """
    names = {name: Bounded(number, 0.0) for name, number in given.items()}
    names |= {name: Bounded(np.asarray(column, np.float64), 0.0) for name, column in columns.items()}
    found = {}
    with np.errstate(all="ignore"):
        for assign in program.scalars_for(program.summed_scalars):
            names[assign.target] = _compile(assign.value, _DOUBLE)(names)
        narrow = _Rounding.of([dtype])
        met = {name: narrow.rounded(*names[name]) for name in program.summed_scalars}
        for one in program.reductions:
            if one.how == "norm":
                part = Bounded(*map(np.ravel, _compile(one.value, narrow)({**names, **met})))
            else:
                part = _compile(one.value, _DOUBLE)(names)
            count = len(columns["w"])
            value, error = (np.broadcast_to(np.asarray(x, np.float64), (count,)) for x in part)
            if one.how == "norm":
                size = float(np.sqrt(np.sum(value**2)))
                # the norm of the errors, and of what squares, additions and the root are rounded by
                found[one.target] = float(np.sqrt(np.sum(error**2)) * (1 + 2.0**-20)) + (count + 4) * 2.0**-52 * size
            else:
                found[one.target] = float(np.sum(error)) + (count + 1) * 2.0**-52 * float(np.sum(abs(value) + error))
            found[one.target] += 2.0**-500
    return found


def _initial(optimizer: Optimizer, rank: Any, given: Names, before: Mapping, arithmetic: _Rounding, shape: Any) -> dict:
    """The errors before the first step: an initial value is formed in double and rounded once."""
    names = {**given, "w": Bounded(before["w"][0], 0.0)}
    errors = {"w": np.zeros(shape)}
    for state, value in optimizer.state.items():
        start = _compile(arrange(value, rank), _DOUBLE)(names)
        rounded = start if state in optimizer.scalar_state else arithmetic.rounded(*start)
        errors[state.name] = np.broadcast_to(rounded.error, shape)
    return {name: errors[name] for name in before}


def _shifted(errors: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    """The errors before each step, from those after it."""
    return {name: np.concatenate((first[name][None], error[:-1])) for name, error in errors.items()}


def _covered(found: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the bounds `found` cover `after`, what the steps make of those before them.

    Once one is infinite, so are all later ones of its element; the first has to come from its step.
    """
    ended, ends = (~np.all([np.isfinite(error) for error in group.values()], axis=0) for group in (found, after))
    first = ended & ~np.concatenate((np.zeros_like(ended[:1]), ended[:-1]))
    held = np.all([after[name] <= bound for name, bound in found.items()], axis=0)
    return bool(np.where(ended, ends | ~first, held).all())


def _linearised(steps: _Steps, first: Mapping[str, Any], errors: Mapping[str, Any]) -> dict[str, Any]:
    """Candidates: the errors after the steps, each taken as an affine function of those before it, about `errors`."""
    base, shape = steps(errors), errors["w"].shape
    slopes = []
    for source, error in errors.items():
        nudge = np.where(error > 0, error / 64, 8 * steps.arithmetic.unit * (abs(steps.values[source]) + 1e-30))
        moved = steps({**errors, source: error + nudge})
        slopes.append(np.stack([(moved[name] - base[name]) / nudge for name in errors], axis=-1))
    slope = np.nan_to_num(np.stack(slopes, axis=-1), posinf=0.0, neginf=0.0)  # ... x states after x states before
    start, about = (np.stack([*group.values()], axis=-1) for group in (base, errors))
    current, found = np.stack([*first.values()], axis=-1), np.empty((*shape, len(first)))
    for t in range(shape[0]):
        current = np.maximum(start[t] + (slope[t] @ (current - about[t])[..., None])[..., 0], 0.0) * _MARGIN
        found[t] = current
    found = np.where(np.isfinite(found).all(axis=-1, keepdims=True), found, np.inf)
    return {name: found[..., place] for place, name in enumerate(first)}


def _one_by_one(steps: _Steps, first: Mapping[str, Any], shape: Any) -> dict[str, Any]:
    found = {name: np.full(shape, np.inf) for name in first}
    current = {name: error[None] for name, error in first.items()}
    for t in range(shape[0]):
        current = steps(current, slice(t, t + 1))
        if not np.all([np.isfinite(error).all(axis=-1) for error in current.values()], axis=0).any():
            break  # in no type is anything compared from here on
        for name, error in current.items():
            found[name][t] = error[0]
    return found
