"""What floating point may do to a rule: a bound on the error after every step, from the program's operations.

Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, section 3.3): each value
carries a bound on how far the computed one may be from the exact one. An operation passes the bounds of
its operands on and adds half a unit in the last place of its result for its own rounding. Scalars
are formed in double and rounded once where they meet an array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from codegen.lower import Program, lower
from codegen.spec import Optimizer
from codegen.tree import Call, Constant, Name, Negative, Node, Number, Power, Product, Sum, Where, arrange, ranks

#: Half-ulps allowed to exp, log, cos and pow, which no standard makes exact; CUDA documents 2 ulp for pow.
_FUNCTION_HALF_ULPS = 4


@dataclass(frozen=True)
class Bounded:
    """Values, and by how much at most the computed ones differ from the exact ones."""

    value: Any
    error: Any


@dataclass(frozen=True)
class _Rounding:
    """Arithmetic of one type: `unit` is half the gap between 1 and its successor, `tiny` the least number."""

    unit: float
    tiny: float

    @classmethod
    def of(cls, dtype: Any) -> _Rounding:
        info = np.finfo(dtype)
        return cls(float(info.eps) / 2, float(info.smallest_subnormal))

    def rounded(self, value: Any, error: Any, half_ulps: int = 1) -> Bounded:
        return Bounded(value, error + half_ulps * self.unit * (np.abs(value) + error) + self.tiny)

    def add(self, a: Bounded, b: Bounded, sign: int = 1) -> Bounded:
        return self.rounded(a.value + sign * b.value, a.error + b.error)

    def multiply(self, a: Bounded, b: Bounded) -> Bounded:
        error = np.abs(a.value) * b.error + np.abs(b.value) * a.error + a.error * b.error
        return self.rounded(a.value * b.value, error)

    def divide(self, a: Bounded, b: Bounded) -> Bounded:
        value = a.value / b.value
        margin = np.abs(b.value) - b.error
        error = np.where(margin > 0, (a.error + np.abs(value) * b.error) / np.where(margin > 0, margin, 1), np.inf)
        return self.rounded(value, error)

    def call(self, function: str, *arguments: Bounded) -> Bounded:
        a = arguments[0]
        match function:
            case "sqrt":
                root = np.sqrt(np.maximum(a.value, 0))
                relative = a.error / np.where(root > 0, root, np.inf)
                return self.rounded(root, np.where(root > 0, np.minimum(relative, np.sqrt(a.error)), np.sqrt(a.error)))
            case "abs":
                return Bounded(np.abs(a.value), a.error)
            case "maximum" | "minimum":
                b = arguments[1]
                return Bounded(getattr(np, function)(a.value, b.value), np.maximum(a.error, b.error))
            case "sign":
                return Bounded(np.sign(a.value), np.where((a.error > 0) & (np.abs(a.value) <= a.error), 2.0, 0.0))
            case "exp":
                value = np.exp(a.value)
                return self.rounded(value, value * np.expm1(a.error), _FUNCTION_HALF_ULPS)
            case "mod":
                return Bounded(np.mod(a.value, arguments[1].value), 0.0)  # of whole numbers, exact
            case "floor":
                return Bounded(np.floor(a.value), 0.0)  # of a quotient of whole numbers, exact
            case "cos":
                return self.rounded(np.cos(a.value), a.error, _FUNCTION_HALF_ULPS)
            case "log":
                margin = a.value - a.error
                error = np.where(margin > 0, a.error / np.where(margin > 0, margin, 1), np.inf)
                return self.rounded(np.log(a.value), error, _FUNCTION_HALF_ULPS)
        raise AssertionError(function)

    def power(self, base: Bounded, exponent: Bounded) -> Bounded:
        value = np.power(base.value, exponent.value)
        size = np.abs(base.value)
        # a power is monotone in its base and in its exponent: the corners are the extremes
        bases = (np.maximum(size - base.error, 0), size + base.error)
        exponents = (exponent.value - exponent.error, exponent.value + exponent.error)
        corners = [np.abs(np.power(b, e) - np.abs(value)) for b in bases for e in exponents]
        return self.rounded(value, np.maximum.reduce(corners), _FUNCTION_HALF_ULPS)


@dataclass
class _Evaluator:
    """Expressions over bounded values, in one arithmetic."""

    arithmetic: _Rounding
    names: dict[str, Bounded]

    def __call__(self, node: Node) -> Bounded:
        rounding = self.arithmetic
        match node:
            case Name(name):
                return self.names[name]
            case Number(value):
                return Bounded(float(value), 0.0)
            case Constant("pi"):
                return rounding.rounded(np.pi, 0.0)
            case Negative(of):
                inner = self(of)
                return Bounded(-inner.value, inner.error)
            case Sum(((sign, first), *rest)):
                total = self(first if sign > 0 else Negative(first))
                for sign, term in rest:
                    total = rounding.add(total, self(term), sign)
                return total
            case Product(above, below):
                product = self._multiply(above)
                return rounding.divide(product, self._multiply(below)) if below else product
            case Power(base, Number(exponent)) if exponent in (2, 3):
                return self._multiply((base,) * exponent)
            case Power(base, exponent):
                return rounding.power(self(base), self(exponent))
            case Call(function, arguments):
                return rounding.call(function, *map(self, arguments))
            case Where():
                return self._where(node)
        raise AssertionError(node)

    def _multiply(self, factors: Sequence[Node]) -> Bounded:
        product, *rest = map(self, factors)
        for factor in rest:
            product = self.arithmetic.multiply(product, factor)
        return product

    def _where(self, node: Where) -> Bounded:
        left, right, then, otherwise = map(self, (node.left, node.right, node.then, node.otherwise))
        holds = _COMPARE[node.comparison](left.value, right.value)
        # if rounding may turn the comparison, the other branch is as good
        doubt = np.abs(left.value - right.value) <= left.error + right.error
        doubt &= (left.error + right.error) > 0
        gap = np.abs(then.value - otherwise.value) + np.maximum(then.error, otherwise.error)
        error = np.where(holds, then.error, otherwise.error)
        return Bounded(np.where(holds, then.value, otherwise.value), np.where(doubt, gap, error))


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


def bounds(
    optimizer: Optimizer, dtype: Any, gradients: Sequence[Any], hyper: Callable[[int], Mapping[str, float]], w: Any
) -> Iterator[dict[str, Any]]:
    """After each step: by how much `w` and each state may differ from the exact ones, per element.

    `gradients` is one array a step and `w` the start, both exact in `dtype`.
    """
    program = lower(optimizer)
    double, arithmetic = _Rounding.of(np.float64), _Rounding.of(dtype)
    arrays = {"w": Bounded(np.asarray(w, np.float64), np.zeros(np.shape(w)))}
    start = _Evaluator(double, {name: Bounded(value, 0.0) for name, value in hyper(1).items()})
    start.names["w"] = arrays["w"]
    scalars = {s.name: start(arrange(optimizer.state[s], ranks(optimizer))) for s in optimizer.scalar_state}
    for state in optimizer.array_state:
        value = optimizer.state[state]
        first = _to_type(start(arrange(value, ranks(optimizer))), arithmetic)
        arrays[state.name] = Bounded(first.value + np.zeros(np.shape(w)), first.error + np.zeros(np.shape(w)))
    with np.errstate(all="ignore"):
        for t, gradient in enumerate(gradients, start=1):
            given = {name: Bounded(float(value), 0.0) for name, value in {**hyper(t), "t": t}.items()}
            arrays, scalars = _step(
                program, arrays, np.asarray(gradient, np.float64), {**given, **scalars}, double, arithmetic
            )
            yield {name: bounded.error for name, bounded in arrays.items()}


def bound(value: Node, given: Mapping[str, float]) -> float:
    """By how much `value`, formed in double from exact scalars, may differ from the exact one."""
    names = {name: Bounded(float(number), 0.0) for name, number in given.items()}
    with np.errstate(all="ignore"):
        return float(_Evaluator(_Rounding.of(np.float64), names)(value).error)


def _step(
    program: Program,
    arrays: Mapping[str, Bounded],
    gradient: Any,
    given: Mapping[str, Bounded],
    double: _Rounding,
    arithmetic: _Rounding,
) -> tuple[dict[str, Bounded], dict[str, Bounded]]:
    host = dict(given)
    for assign in program.scalars:
        host[assign.target] = _Evaluator(double, host)(assign.value)
    names = {name: _to_type(value, arithmetic) for name, value in host.items()}
    names |= {**arrays, "g": Bounded(gradient, np.zeros(gradient.shape))}
    for assign in program.arrays:
        names[assign.target] = _Evaluator(arithmetic, names)(assign.value)
    after = {commit.target: names[commit.value] for commit in program.commits}
    return after, {commit.target: host[commit.value] for commit in program.scalar_commits}


def _to_type(value: Bounded, arithmetic: _Rounding) -> Bounded:
    """A double where it meets an array: rounded once."""
    return arithmetic.rounded(value.value, value.error)
