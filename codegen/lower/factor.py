"""Pull scalar factors out of array expressions: what is the same for all elements is multiplied once a step.

    equations -> equations with fewer operations over arrays, and those that they take in

    w - lr * (m_new / c1) / (sqrt(v_new / c2) + eps)
        = w - (lr * sqrt(c2) / c1) * m_new / (sqrt(v_new) + eps * sqrt(c2))

An expression is carried as a scalar factor and a core. Products and quotients merge factors; a root, an absolute
value, a sign or an extreme lets those out of which the sign is known; a sum those that its terms share. What is
pulled out is not formed again unless that takes fewer operations than the equation as it is declared; then it
stays as it is. An equation for something that is not kept is taken in where it is used, if that saves operations.

Each rule is an equality wherever both sides are defined, for all values in the domains, and both are defined at
the same points; `readback` proves what has come of it. Floating point keeps its range: a scalar summand is divided
by a factor of at least one only (`eps / (1 / sqrt(c2))`, which is `eps * sqrt(c2)`), and only in a denominator;
powers, exponentials and logarithms keep their factors; what may be zero is not moved into a quotient on the host.
A numerator is multiplied before it is divided, and factors are multiplied with each other, as where one equation
has them all: that overflows in float32 only if a learning rate or a moment is beyond 1e30 already.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..expr.tree import ONE, Call, Name, Negative, Node, Number, Power, Product, Sum, Where, children, with_children
from ..expr.tree import names as names_in
from ..spec.domain import FROM_ONE, Domain
from .ranges import range_of

_MOST_TAKEN_IN = 5  # equations that may be taken in; of more, the first are tried, since all choices are
_ZERO = Number(0)
_BELOW_ONE = Domain(Fraction(0), Fraction(1), False, True)


@dataclass(frozen=True)
class Factored:
    """`target = value`, the targets of the equations that it takes in, and whether `value` is not the spec's."""

    target: str
    value: Node
    inlined: tuple[str, ...] = ()
    changed: bool = False


def operations(node: Node) -> int:
    """How many operations over arrays `node` takes, if whatever depends on scalars alone is formed beforehand."""
    if not node.array:
        return 0
    own = sum(map(operations, children(node)))
    match node:
        case Sum(terms):
            arrays = [sign for sign, term in terms if term.array]
            alone = len(terms) - len(arrays)  # several become one, the last
            first = arrays[0] if alone > 1 else terms[0][0]
            return own + len(arrays) + min(alone, 1) - 1 + (first < 0)
        case Product(above, below):
            upper, lower = (sum(f.array for f in factors) for factors in (above, below))
            scalars = len([f for f in (*above, *below) if not f.array and f != ONE])
            if scalars > 1:  # they become one factor above
                return own + upper + max(lower - 1, 0) + (lower > 0)
            return own + len(above) - 1 + max(len(below) - 1, 0) + (len(below) > 0)
        case Power(_, exponent):
            return own + (2 if exponent == Number(3) else 1)
        case Where(_, left, right, _, _):
            return own + 1 + (left.array or right.array)  # a choice, and a comparison if not of scalars
        case Negative() | Call():
            return own + 1
    return own


@dataclass(frozen=True)
class _Factor:
    """sign * above / below, each of scalars."""

    sign: int = 1
    above: tuple[Node, ...] = ()
    below: tuple[Node, ...] = ()

    @classmethod
    def of(cls, scalar: Node) -> _Factor:
        match scalar:
            case Negative(of):
                found = cls.of(of)
                return replace(found, sign=-found.sign)
            case Product(above, below):
                found = cls()
                for factor in above:
                    found = found * cls.of(factor)
                for factor in below:
                    found = found * cls.of(factor).inverse()
                return found
        return cls() if scalar == ONE else cls(above=(scalar,))

    def __mul__(self, other: _Factor) -> _Factor:
        return _Factor(self.sign * other.sign, self.above + other.above, self.below + other.below)

    def inverse(self) -> _Factor:
        return _Factor(self.sign, self.below, self.above)

    def without(self, other: _Factor) -> _Factor:
        """What is left if `other`, whose parts are all among those of this, is taken away."""
        return _Factor(self.sign * other.sign, _less(self.above, other.above), _less(self.below, other.below))

    @property
    def parts(self) -> bool:
        return bool(self.above or self.below)


def _less(factors: Sequence[Node], taken: Sequence[Node]) -> tuple[Node, ...]:
    left = list(factors)
    for factor in taken:
        left.remove(factor)
    return tuple(left)


def _shared(factors: Sequence[_Factor]) -> _Factor:
    """The parts that all of `factors` have, without their sign."""
    first, *others = factors
    found = []
    for place in ("above", "below"):
        shared = list(getattr(first, place))
        for other in others:
            left, both = list(getattr(other, place)), []
            for factor in shared:
                if factor in left:
                    left.remove(factor)
                    both.append(factor)
            shared = both
        found.append(tuple(shared))
    return _Factor(1, *found)


_Scaled = tuple[_Factor, Node]


class _Factorizer:
    """`known` says where each scalar lies."""

    def __init__(self, known: Mapping[str, Domain]) -> None:
        self.known = known
        self.shortest: dict[Node, tuple[Node, int]] = {}

    def shorten(self, node: Node) -> tuple[Node, int]:
        """The right-hand side of an equation with factors pulled out, and how many operations it takes."""
        if node not in self.shortest:
            short = self(node)
            self.shortest[node] = short, operations(short)
        return self.shortest[node]

    def __call__(self, node: Node) -> Node:
        """`node` with factors pulled out, if that takes fewer operations; else as it is."""
        return self._cheaper(node, self.pull(node)) if node.array else node

    def _cheaper(self, node: Node, scaled: _Scaled) -> Node:
        found = _formed(*scaled)
        return found if operations(found) < operations(node) else node

    def pull(self, node: Node, dividing: bool = False) -> _Scaled:
        """`node` as a factor and a core; `dividing`, if it stands in a denominator."""
        if not node.array:
            return _Factor.of(node), ONE
        if self.may_divide_by_zero(node):
            return _Factor(), node
        match node:
            case Negative(of):
                factor, core = self.pull(of, dividing)
                return replace(factor, sign=-factor.sign), core
            case Product(above, below):
                return self._product(above, below, dividing)
            case Sum(terms):
                return self._sum(terms, dividing)
            case Call("sqrt", (argument,)):
                factor, core = self.pull(argument, dividing)
                out, left = self._positive(factor) if factor.sign > 0 else (_Factor(), factor)
                roots = (tuple(Call("sqrt", (f,)) for f in factors) for factors in (out.above, out.below))
                return _Factor(1, *roots), Call("sqrt", (_formed(left, core),))
            case Call("abs", (argument,)):
                factor, core = self.pull(argument)
                out, left = self._positive(factor)
                return out, Call("abs", (_formed(replace(left, sign=1), core),))
            case Call("sign", (argument,)):
                factor, core = self.pull(argument)
                _, left = self._positive(factor)
                return _Factor(factor.sign), Call("sign", (_formed(replace(left, sign=1), core),))
            case Call("maximum" | "minimum" as function, (left, right)):
                pair = [self.pull(side) for side in (left, right)]
                if any(factor.sign < 0 for factor, _ in pair):
                    return _Factor(), Call(function, (self(left), self(right)))
                shared, _ = self._positive(self._common([left, right], pair))
                return shared, Call(
                    function, tuple(_rest(n, s, shared) for n, s in zip((left, right), pair, strict=True))
                )
            case Where(comparison, left, right, then, otherwise):
                pair = [self.pull(side) for side in (then, otherwise)]
                shared = self._common([then, otherwise], pair)
                chosen = (_rest(n, s, shared) for n, s in zip((then, otherwise), pair, strict=True))
                return shared, Where(comparison, self(left), self(right), *chosen)
        return _Factor(), with_children(node, tuple(map(self, children(node))))

    def _product(self, above: Sequence[Node], below: Sequence[Node], dividing: bool) -> _Scaled:
        factor, upper, lower = _Factor(), [], []
        for node in above:
            own, core = self.pull(node, dividing)
            factor *= own
            upper += [core] if core != ONE else []
        for node in below:
            own, core = self.pull(node, dividing=True)
            if core != ONE:  # what is divided by must not vanish where it did not
                out, left = self._positive(own)
                core, own = _formed(replace(left, sign=1), core), replace(out, sign=own.sign)
            factor *= own.inverse()
            lower += [core] if core != ONE else []
        return self._cancelled(factor), quotient(upper, lower)

    def _cancelled(self, factor: _Factor) -> _Factor:
        """`factor` without what it has both above and below, if that is no zero."""
        above, below = list(factor.above), list(factor.below)
        for part in factor.above:
            if part in below and self.is_positive(part):
                above.remove(part)
                below.remove(part)
        return _Factor(factor.sign, tuple(above), tuple(below))

    def _sum(self, terms: Sequence[tuple[int, Node]], dividing: bool) -> _Scaled:
        scaled = [self.pull(term, dividing) for _, term in terms]
        shared = _shared([factor for factor, _ in scaled])
        if dividing and not shared.parts:
            # summands that are scalars are divided by the factor: it has to be one that does not make them larger
            among = _shared([f for (f, _), (_, term) in zip(scaled, terms, strict=True) if term.array])
            shared = _Factor(1, self._within(among.above, FROM_ONE), self._within(among.below, _BELOW_ONE))
        signs = [sign * factor.sign for (sign, _), (factor, _) in zip(terms, scaled, strict=True)]
        turned = all(sign < 0 for sign in signs)
        if not shared.parts and not turned:
            shorter = (self._cheaper(t, p) if t.array else t for (_, t), p in zip(terms, scaled, strict=True))
            return shared, Sum(tuple(_summand(s, term) for (s, _), term in zip(terms, shorter, strict=True)))
        rest = []
        for sign, (factor, core), (_, term) in zip(signs, scaled, terms, strict=True):
            lacks = not term.array and _shared([shared, factor]) != shared
            left = factor * shared.inverse() if lacks else factor.without(shared)
            rest.append((1 if turned else sign, _formed(replace(left, sign=1), core)))
        return replace(shared, sign=-1 if turned else 1), Sum(tuple(rest))

    def _common(self, nodes: Sequence[Node], scaled: Sequence[_Scaled]) -> _Factor:
        """What values share between which one is chosen: zero has any factor."""
        factors = [factor for node, (factor, _) in zip(nodes, scaled, strict=True) if node != _ZERO]
        return _shared(factors) if factors else _Factor()

    def _within(self, factors: Sequence[Node], domain: Domain) -> tuple[Node, ...]:
        return tuple(factor for factor in factors if domain.covers(range_of(factor, self.known)))

    def _positive(self, factor: _Factor) -> tuple[_Factor, _Factor]:
        """The parts of `factor` that are known to be above zero, and the others with its sign."""
        out = _Factor(1, *(tuple(filter(self.is_positive, parts)) for parts in (factor.above, factor.below)))
        return out, factor.without(out)

    def is_positive(self, scalar: Node) -> bool:
        return range_of(scalar, self.known).positive

    def may_divide_by_zero(self, node: Node) -> bool:
        """Whether arrays in it are divided by a scalar alone that may be zero.

        By their arithmetic that is infinity or no number; on the host, with other scalars, it would be an error.
        """
        if any(map(self.may_divide_by_zero, children(node))):
            return True
        if not isinstance(node, Product) or not node.array:
            return False
        alone = [f for f in (*node.above, *node.below) if not f.array and f != ONE]
        return len(alone) == 1 and alone[0] in node.below and not self.is_positive(alone[0])


def _rest(node: Node, scaled: _Scaled, shared: _Factor) -> Node:
    factor, core = scaled
    return node if node == _ZERO else _formed(factor.without(shared), core)


def _formed(factor: _Factor, core: Node) -> Node:
    """The product of `factor` and `core`: the factor goes into a sum if that has numbers in front of its terms."""
    positive = replace(factor, sign=1)
    found = quotient((*positive.above, core), positive.below) if positive.parts else core
    if positive.parts and (spread := _spread(positive, core)) is not None and operations(spread) < operations(found):
        found = spread
    return found if factor.sign > 0 else _negative(found)


def _negative(node: Node) -> Node:
    return node.of if isinstance(node, Negative) else Negative(node)


def _summand(sign: int, node: Node) -> tuple[int, Node]:
    return (-sign, node.of) if isinstance(node, Negative) else (sign, node)


def _spread(factor: _Factor, core: Node) -> Node | None:
    """`factor * core` with the factor inside the first sum above."""
    match core:
        case Sum(terms):
            return Sum(tuple((sign, quotient((*factor.above, term), factor.below)) for sign, term in terms))
        case Product((Sum() as first, *others), below):
            inner = _spread(factor, first)
            assert inner is not None
            return quotient((inner, *others), below)
    return None


def quotient(above: Sequence[Node], below: Sequence[Node] = ()) -> Node:
    """The product of `above` divided by that of `below`, with products in it multiplied out and scalars first."""
    upper: list[Node] = []
    lower: list[Node] = []
    for factor in above:
        if isinstance(factor, Product):
            upper += factor.above
            lower += factor.below
        else:
            upper.append(factor)
    for factor in below:
        lower += factor.above if isinstance(factor, Product) and not factor.below else [factor]
    upper = [f for f in upper if f != ONE]
    for factors in (upper, lower):
        factors.sort(key=lambda f: (not isinstance(f, Number), f.array))
    if not lower and len(upper) == 1:
        return upper[0]
    return Product(tuple(upper) or (ONE,), tuple(lower)) if upper or lower else ONE


def factor_scalars(
    equations: Mapping[str, Node], kept: Collection[str], known: Mapping[str, Domain]
) -> tuple[Factored, ...]:
    """The array `equations` of a rule with the fewest operations: what is in `kept` is computed, the rest if it pays.

    `known` says where the scalars lie. Of what costs the same, the one that is nearest to the spec is taken.
    """
    pull = _Factorizer(known)
    used = {name.name for value in equations.values() for name in names_in(value)} - set(kept)
    free = [t for t, v in equations.items() if t in used and not isinstance(v, Name) and not pull.may_divide_by_zero(v)]
    best: tuple[Factored, ...] = ()
    least = None
    free = free[:_MOST_TAKEN_IN]
    for taken in itertools.chain.from_iterable(itertools.combinations(free, n) for n in range(len(free) + 1)):
        found, cost = _without(equations, frozenset(taken), pull)
        if least is None or cost < least:
            best, least = found, cost
    return best


def _without(
    equations: Mapping[str, Node], taken: frozenset[str], pull: _Factorizer
) -> tuple[tuple[Factored, ...], int]:
    """The equations after those of `taken` have been put in where they are used, and what they take."""
    inner: dict[str, tuple[Node, tuple[str, ...]]] = {}
    found, cost = [], 0
    for target, value in equations.items():
        used = [name.name for name in names_in(value) if name.name in inner]
        inlined = tuple(dict.fromkeys(t for name in used for t in (*inner[name][1], name)))
        whole = _put_in(value, {name: inner[name][0] for name in used}) if used else value
        if target in taken:
            inner[target] = (whole, inlined)
            continue
        short, own = pull.shorten(whole)
        cost += own
        found.append(Factored(target, short, inlined, changed=short != value))
    return tuple(found), cost


def _put_in(node: Node, values: Mapping[str, Node]) -> Node:
    if isinstance(node, Name):
        return values.get(node.name, node)
    new = tuple(_put_in(child, values) for child in children(node))
    if isinstance(node, Product):
        return quotient(new[: len(node.above)], new[len(node.above) :])
    return with_children(node, new)
