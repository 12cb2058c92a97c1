"""What a file computes, as it stands there: the terms that it leaves as operations on real numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..analysis.paths import UnclearError
from ..analysis.sums import opened
from ..execution.modules import call, member
from ..execution.terms import INTEGER, Term
from ..expr.tree import Call, Constant, Name, Negative, Node, Number, Power, Product, Sum, Where
from ..load import Spec
from ..spec.functions import called
from ..spec.rules import Optimizer
from ..spec.symbols import GRADIENT, NOISE, Input, New
from ..statement.emitted import Emitted
from . import lanes


def _minus(a: Node, b: Node) -> Node:
    return Sum(((1, a), (-1, b)))


def _one_minus_power(base: Node, exponent: Node) -> Node:
    return _minus(Number(1), Power(base, exponent))


def _average_length(decay: Node, t: Node) -> Node:
    power = Power(decay, t)
    faded = Product((Number(2), t, power), (_minus(Number(1), power),))
    mean = Product((Number(2),), (_minus(Number(1), decay),))
    return Sum(((1, mean), (-1, Number(1)), (-1, faded)))


def _quotient(a: Node, b: Node) -> Node:
    return Product((a,), (b,))


#: What the operations of terms are: those of Python and of arrays, and the functions of `_runtime` and `_arrays.py`.
_OPERATIONS: dict[str, Callable[..., Node]] = {
    **dict.fromkeys(("add",), lambda a, b: Sum(((1, a), (1, b)))),
    **dict.fromkeys(("sub", "subtract"), _minus),
    **dict.fromkeys(("mul", "multiply"), lambda a, b: Product((a, b))),
    **dict.fromkeys(("truediv", "divide", "divided"), _quotient),
    **dict.fromkeys(("neg", "negative"), Negative),
    **dict.fromkeys(("pow", "power"), Power),
    "square": lambda a: Power(a, Number(2)),
    "one_minus_power": _one_minus_power,
    "average_length": _average_length,
    "nan_max": lambda a, b: Call("maximum", (a, b)),
    "nan_min": lambda a, b: Call("minimum", (a, b)),
    "sign_of": lambda a: Call("sign", (a,)),
}
#: What over the reals leaves a value as it is.
_SAME = ("real", "float", "scalar_like", "float64")
_COMPARISONS = {
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}


def emitted(
    spec: Spec, backend: str, path: Path, left: Mapping[str, Any], advancing: Mapping[str, tuple[list[str], list[str]]]
) -> Emitted:
    """What the file leaves, from the terms of one element and those of the numbers that it advances.

    `advancing` are functions by their names, with the names that each has values for and those that it is given.
    """
    rule = opened(spec.optimizer.runnable)
    module = lanes.over_terms_of(backend, path)
    hypers = {h.name: Term(h.name) for h in spec.optimizer.runnable.hypers if not isinstance(h, Input)}
    found = dict(left)
    for name, (kept, given) in advancing.items():
        after = call(path, member(module, f"{spec.key}_{name}"), *map(Term, given), **hypers)
        found |= dict(zip(kept, after, strict=True))
    targets = [step.target for step in rule.steps if isinstance(step.target, New)]
    return of_terms(rule, {t.name: found[t.of.name] for t in targets if t.of.name in found})


def of_terms(rule: Optimizer, left: Mapping[str, Any]) -> Emitted:
    """What is left, by the names of the equations of `rule`, from terms."""
    reading = _Reading(rule)
    values = {name: reading.value(one) for name, one in left.items()}
    return Emitted(rule, reading.operations, values)


class _Reading:
    """Terms as operations, each of which is there once."""

    def __init__(self, rule: Optimizer) -> None:
        arrays = (*rule.array_state, *rule.inputs)
        self.arrays = {*rule.writes, GRADIENT, NOISE, *(one.name for one in arrays)}
        self.operations: dict[str, Node] = {}
        self._known: dict[Any, Node] = {}

    def value(self, term: Any) -> Node:
        """A name for what the term comes to, or what has one already."""
        if term not in self._known:
            self._known[term] = self._made(term)
        return self._known[term]

    def _made(self, term: Any) -> Node:
        if not isinstance(term, Term):
            return _number(Fraction(term))
        operation, operands = term.of
        if operation == INTEGER:
            return _number(Fraction(*operands))
        if not operands:
            if operation == "pi":
                return Constant("pi")
            name = operation.partition("[")[0]
            return Name(name, name in self.arrays)
        if operation in _SAME:
            return self.value(operands[0])
        if operation in ("choose", "where"):
            return self._name(self._choice(operands[0], *map(self.value, operands[1:])))
        return self._name(_operation(operation)(*map(self.value, operands)))

    def _choice(self, test: Any, then: Node, otherwise: Node) -> Node:
        if isinstance(test, bool):
            return then if test else otherwise
        operation, operands = test.of
        if operation == "or":
            first, second = operands
            return self._choice(first, then, self._name(self._choice(second, then, otherwise)))
        left, right = map(self.value, operands)
        return Where(_COMPARISONS.get(operation, operation), left, right, then, otherwise)

    def _name(self, node: Node) -> Node:
        if isinstance(node, Name | Number):
            return node
        name = f"value {len(self.operations) + 1}"
        self.operations[name] = node
        return Name(name, node.array)


def _operation(name: str) -> Callable[..., Node]:
    if name in _OPERATIONS:
        return _OPERATIONS[name]
    for column in ("ufunc", "python", "c"):
        row = called(column).get(name) or called(column).get(f"math.{name}")
        if row is not None:
            return lambda *operands, of=row.name: Call(of, operands)
    raise UnclearError(f"nothing is known of the operation {name}")


def _number(value: Fraction) -> Node:
    whole = Number(abs(value.numerator))
    size = whole if value.denominator == 1 else Product((whole,), (Number(value.denominator),))
    return Negative(size) if value < 0 else size
