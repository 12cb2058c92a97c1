"""What a file computes, as nodes: how Coq has them, which of them are never negative, and their values at a point."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from ..expr.tree import (
    Call,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Where,
    children,
    names,
    with_children,
)
from ..spec.domain import Domain
from ..spec.symbols import STEP
from .printing import Binding, Text, applied, inside, spelled
from .runs import identifier
from .theorem import InexpressibleError

#: What a node is at some points; None where it has no value.
Values = tuple[float | None, ...]
NEAR = 1e-9  # up to which two numbers are taken for the same


class Spelling:
    """Nodes as real numbers of Coq. `domains` say what is given, and `equations` what names stand for."""

    def __init__(self, domains: Mapping[str, Domain], equations: Mapping[str, Node]) -> None:
        self.domains, self.equations = domains, equations

    def __call__(self, node: Node, binding: Binding = Binding.CHOICE) -> str:
        """A value as a real number of Coq."""
        return inside(self._text(node), binding)

    def _text(self, node: Node) -> Text:
        found: dict[str, Text] = {}
        return spelled(self._named(node, found), found)

    def _named(self, node: Node, found: dict[str, Text]) -> Node:
        """`node` with names for what has a text of its own."""

        def name(text: Text) -> Node:
            key = f"[{len(found)}]"
            found[key] = text
            return Name(key, node.array)

        match node:
            case Name(of) if of == STEP:
                return name(("INR (S t)", Binding.APPLIED))
            case Name(of):
                text = identifier(of)
                return name((f"INR {text}", Binding.APPLIED) if self.is_natural(of) else (text, Binding.ATOM))
            case Power(base, exponent):
                return name(self._power(base, exponent))
            case Call("mod", (a, b)):
                parts = self.natural(a), self.natural(b)
                if None in parts:
                    raise InexpressibleError("the remainder of what is no natural number")
                return name(applied("INR", (f"{closed(parts[0])} mod {closed(parts[1])}", Binding.SUM)))
        inner = children(node)
        return with_children(node, tuple(self._named(one, found) for one in inner)) if inner else node

    def _power(self, base: Node, exponent: Node) -> Text:
        if isinstance(exponent, Negative):
            return f"/ {inside(self._power(base, exponent.of), Binding.APPLIED)}", Binding.PRODUCT
        if exponent == Product((Number(1),), (Number(2),)):
            return applied("sqrt", self._text(base))
        if (natural := self.natural(exponent)) is not None:
            return f"{self(base, Binding.APPLIED)} ^ {closed(natural)}", Binding.POWER
        return applied("Rpower", self._text(base), self._text(exponent))

    def is_natural(self, name: str) -> bool:
        allowed = self.domains.get(name, Domain())
        return name == STEP or (allowed.integer and allowed.nonnegative)

    def natural(self, node: Node) -> str | None:
        """What is made of natural numbers, as one; None if it is none."""
        match node:
            case Number(value):
                return str(value)
            case Name(name) if name == STEP:
                return "S t"
            case Name(name) if self.is_natural(name):
                return identifier(name)
            case Sum(((1, Name(name)), (-1, Number(1)))) if name == STEP:
                return "t"
            case Sum(terms) if all(sign > 0 for sign, _ in terms):
                parts = [self.natural(term) for _, term in terms]
                return None if None in parts else " + ".join(map(closed, parts))
            case Product(above, ()):
                parts = [self.natural(factor) for factor in above]
                return None if None in parts else " * ".join(map(closed, parts))
            case Call("mod", (a, b)):
                parts = [self.natural(a), self.natural(b)]
                return None if None in parts else " mod ".join(map(closed, parts))
            case Call("floor", (Product((a,), (b,)),)):
                parts = [self.natural(a), self.natural(b)]
                return None if None in parts else " / ".join(map(closed, parts))
            case Call("maximum", (Number(0), Sum() as difference)):
                more = [self.natural(term) for sign, term in difference.terms if sign > 0]
                less = [self.natural(term) for sign, term in difference.terms if sign < 0]
                if None in (*more, *less) or not more:
                    return None
                return " - ".join([" + ".join(map(closed, more)), *map(closed, less)])  # 0 where that is less
        return None

    def holds(self, sign: str, node: Node) -> bool:
        """Whether that is so for all numbers in the domains."""
        low = self.least(node)
        return low == 2 or (low == 1 and sign == "<=") or (isinstance(node, Number) and node.value > 0)

    def least(self, node: Node) -> int:
        """2 of what is positive, 1 of what is not negative, 0 of anything else, as far as that is plain to see."""
        match node:
            case Number(value):
                return 2 if value > 0 else 1
            case Constant("pi"):
                return 2
            case Name(name) if name == STEP:
                return 2
            case Name(name) if name in self.equations:
                return self.least(self.equations[name])
            case Name(name):
                allowed = self.domains.get(name, Domain())
                return 2 if allowed.positive else int(allowed.nonnegative)
            case Sum(((1, Number(1)), (-1, Name(name)))) | Sum(
                ((1, Number(1)), (-1, Power(Name(name), Name("t")))),
            ) if (allowed := self.domains.get(name, Domain())).nonnegative and allowed.high == 1:
                return 1 if allowed.high_closed else 2
            case Sum(terms) if all(s > 0 for s, _ in terms):
                parts = [self.least(term) for _, term in terms]
                return max(parts) if min(parts) else 0
            case Product(above, below):
                return min(map(self.least, above + below))
            case Power(base, Number(n)):
                return max(self.least(base), int(n % 2 == 0))
            case Power(base, _):
                return self.least(base)
            case Call("exp", _):
                return 2
            case Call("sqrt", (of,)):
                return max(1, self.least(of))
            case Call("abs", _):
                return 1
            case Call("maximum", arguments):
                return max(map(self.least, arguments))
            case Call("minimum", arguments):
                return min(map(self.least, arguments))
        return 0


def put_in_all(node: Node, values: Mapping[str, Node]) -> Node:
    """`node` with these values in place of names, also in the values."""
    while any(one.name in values for one in names(node)):
        node = put_in(node, values)
    return node


def put_in(node: Node, values: Mapping[str, Node]) -> Node:
    """`node` with these values in place of names."""
    if isinstance(node, Name):
        return values.get(node.name, node)
    inner = children(node)
    if not inner:
        return node
    new = tuple(put_in(one, values) for one in inner)
    return node if new == inner else with_children(node, new)


def closed(text: str | None) -> str:
    assert text is not None
    return f"({text})" if " " in text else text


def agree(one: Values, other: Values) -> bool:
    """Whether two have the same value at all points, and one at some point."""
    seen = False
    for a, b in zip(one, other, strict=True):
        if a is None or b is None:
            if a is not b:
                return False
        elif abs(a - b) > NEAR * max(abs(a), abs(b), 1e-4):
            return False
        else:
            seen = True
    return seen


COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_CALLED: Mapping[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "abs": abs,
    "sign": lambda a: (a > 0) - (a < 0),
    "maximum": max,
    "minimum": min,
    "exp": math.exp,
    "log": math.log,
    "log1p": math.log1p,
    "cos": math.cos,
    "tanh": math.tanh,
    "mod": lambda a, b: a % b,
    "floor": math.floor,
}


def value_at(node: Node, values: Mapping[str, float]) -> float | None:
    """What `node` is at a point, about; None if it has no value there."""
    try:
        return float(_evaluated(node, values))
    except (ArithmeticError, ValueError, KeyError, TypeError):
        return None


def _evaluated(node: Node, values: Mapping[str, float]) -> float:
    def of(one: Node) -> float:
        return _evaluated(one, values)

    match node:
        case Name(name):
            return values[name]
        case Number(value):
            return value
        case Constant("pi"):
            return math.pi
        case Negative(one):
            return -of(one)
        case Sum(terms):
            return sum(sign * of(term) for sign, term in terms)
        case Product(above, below):
            return math.prod(map(of, above)) / math.prod(map(of, below))
        case Power(base, exponent):
            return of(base) ** of(exponent)
        case Call(function, arguments):
            return _CALLED[function](*map(of, arguments))
        case Where(comparison, left, right, then, otherwise):
            return of(then) if COMPARED[comparison](of(left), of(right)) else of(otherwise)
    raise ValueError(node)
