"""Decide whether two expressions are equal: close the residual by a named tactic, or find a point that refutes it.

A tactic answers whether it closed the residual; "no" means nothing. Only a point, evaluated with 50
digits, refutes. What is neither stays undecided.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import mpmath
import sympy
from sympy.core.relational import Relational

from codegen import domain, reference
from codegen.domain import Domain
from codegen.spec import Optimizer, Schedule

_TOO_LARGE = 3000  # operations; beyond it a tactic is not tried
_MOST_CASES = 3**5
_TOLERANCE = mpmath.mpf(10) ** -30

NON_NEGATIVE = Domain(low=Fraction(0), low_closed=True)
POSITIVE = Domain(low=Fraction(0))
STEPS = Domain(low=Fraction(1), low_closed=True)


class BelowOne(sympy.Symbol):
    """A number of [0, 1). SymPy cannot assume `b < 1`, so the type says it."""


@dataclass(frozen=True)
class Facts:
    """What may be assumed of the symbols, by name. A symbol without an entry is any real number."""

    domains: Mapping[str, Domain] = field(default_factory=dict)

    @classmethod
    def of(cls, *rules: Optimizer | Schedule) -> Facts:
        """The domains of the hyperparameters, and that `t` counts from 1."""
        hypers = [hyper for rule in rules for hyper in rule.hypers]
        domains = {hyper.name: domain.parse(str(hyper.domain)) for hyper in hypers}
        return cls({**domains, "t": STEPS})

    def also(self, **domains: Domain) -> Facts:
        return Facts({**self.domains, **domains})

    def symbol(self, name: str) -> sympy.Symbol:
        """A symbol of which SymPy knows what it can use of the domain."""
        found = self.domains.get(name, Domain())
        if name == "t" or (found.whole and found.positive):
            return sympy.Symbol(name, integer=True, positive=True)
        if found.whole:
            return sympy.Symbol(name, integer=True, nonnegative=True if found.nonnegative else None)
        if found.nonnegative and found.high == 1 and not found.high_closed:
            return BelowOne(name, positive=True) if found.positive else BelowOne(name, nonnegative=True)
        if found.positive:
            return sympy.Symbol(name, positive=True)
        return sympy.Symbol(name, nonnegative=True) if found.nonnegative else sympy.Symbol(name, real=True)

    def assume(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` over symbols that carry what is known of them."""
        return expr.xreplace({symbol: self.symbol(symbol.name) for symbol in expr.free_symbols})

    def nonzero(self, expr: sympy.Expr) -> bool:
        """Whether `expr` is known not to vanish."""
        expr = sympy.factor_terms(self.assume(expr))
        return all(self._factor_nonzero(factor) for factor in sympy.Mul.make_args(expr))

    def _factor_nonzero(self, factor: sympy.Expr) -> bool:
        if factor.is_nonzero:
            return True
        base, exponent = factor.as_base_exp()
        if exponent != 1 and exponent.is_real:
            return self._factor_nonzero(base)
        # 1 - b**k with 0 <= b < 1 and k >= 1 is positive; SymPy has no way to know b < 1
        return _bias_factor(factor)


@dataclass(frozen=True)
class Verdict:
    """`status` is proved, refuted or undecided; `method` the tactic, `point` what refutes."""

    status: str
    method: str = ""
    point: Mapping[str, str] | None = None
    reason: str = ""


def decide(left: sympy.Expr, right: sympy.Expr, facts: Facts) -> Verdict:
    """Whether `left = right` for all real values within `facts`, wherever both are defined."""
    left, right = facts.assume(left), facts.assume(right)
    if left == right:
        return Verdict("proved", "identical")
    if point := counterexample(left, right, facts):
        return Verdict("refuted", "evaluation at a point", point)
    residual = left - right
    size = int(sympy.count_ops(residual))
    if size > _TOO_LARGE:
        return Verdict("undecided", reason=f"the residual has {size} operations, tactics stop at {_TOO_LARGE}")
    for name, tactic in TACTICS.items():
        if tactic(residual):
            return Verdict("proved", name)
    text = str(residual)
    shown = text if len(text) < 200 else text[:200] + "..."
    tried = ", ".join(TACTICS)
    return Verdict("undecided", reason=f"no tactic ({tried}) closes {shown}, and no point refutes it")


def closes_by_expand(residual: sympy.Expr) -> bool:
    """Multiply out, and split powers with sums in the exponent."""
    return sympy.expand(residual) == 0


def closes_by_cancel(residual: sympy.Expr) -> bool:
    """Bring every argument of a root or function, then the whole, into the form of one fraction."""
    return sympy.expand(_one_fraction(residual)) == 0


def closes_by_positive_factors(residual: sympy.Expr) -> bool:
    """Name every `1 - b**k` that is known to be positive, so that roots of products can be split."""
    factors = [a for a in residual.atoms(sympy.Add) if a.is_positive is None and _bias_factor(a)]
    if not factors:
        return False
    names = {factor: sympy.Dummy(positive=True) for factor in factors}
    named = residual.xreplace(names)
    return closes_by_expand(sympy.expand_power_base(named)) or closes_by_cancel(named)


def _bias_factor(expr: sympy.Expr) -> bool:
    """Whether `expr` is 1 - b**k where b carries the assumption that it is below one."""
    base, exponent = sympy.expand(1 - expr).as_base_exp()
    return isinstance(base, BelowOne) and bool((exponent - 1).is_nonnegative)


def closes_by_cases(residual: sympy.Expr) -> bool:
    """Split on every sign and comparison; close each case on its own."""
    splits = _splits(residual)
    if not splits or 3 ** len(splits) > _MOST_CASES:
        return False
    for case in _cases(residual, splits):
        closed = _resolve(residual, case)
        if closed is None or not _closes_within(closed, case):
            return False
    return True


def _cases(expr: sympy.Expr, splits: list[sympy.Expr]) -> Iterator[dict[sympy.Expr, int]]:
    """The signs that the differences can have together.

    Where only maxima, minima and absolute values depend on a difference, 1 stands for >= 0 and -1 for
    <= 0, since both branches agree at zero; signs and comparisons need zero as a case of its own.
    """
    strict = set(_splits(expr, only_strict=True))
    relations = _relations(splits)
    choices = []
    for difference in splits:
        options = (-1, 0, 1) if difference in strict else (-1, 1)
        low, high = _known_nonnegative(difference, {}), _known_nonnegative(-difference, {})
        choices.append([o for o in options if not (low and o < 0) and not (high and o > 0)] or [0])
    for signs in itertools.product(*choices):
        case = dict(zip(splits, signs, strict=True))
        if not any(_impossible([factor * case[d] for factor, d in relation]) for relation in relations):
            yield case


TACTICS: dict[str, Callable[[sympy.Expr], bool]] = {
    "expand": closes_by_expand,
    "cancel": closes_by_cancel,
    "positive factors": closes_by_positive_factors,
    "cases": closes_by_cases,
}


def _one_fraction(expr: sympy.Expr) -> sympy.Expr:
    expr = sympy.expand_power_exp(expr)
    inner: dict[sympy.Expr, sympy.Expr] = {}
    for node in expr.atoms(sympy.Pow, sympy.Function):
        if isinstance(node, sympy.Piecewise):
            continue
        if isinstance(node, sympy.Function) or not node.exp.is_Integer:
            # common factors stand apart, so that a root of a product with a positive factor is split
            inner[node] = node.func(*(sympy.factor_terms(_one_fraction(argument)) for argument in node.args))
    return sympy.expand_power_base(sympy.cancel(sympy.together(expr.xreplace(inner))))


def _key(difference: sympy.Expr) -> tuple[sympy.Expr, int]:
    """The same expression for `difference` and its negative, and the sign between them."""
    difference = sympy.expand(difference)
    return (-difference, -1) if difference.could_extract_minus_sign() else (difference, 1)


def _splits(expr: sympy.Expr, only_strict: bool = False) -> list[sympy.Expr]:
    """The differences whose sign decides a comparison, maximum, absolute value or sign in `expr`."""
    found: dict[sympy.Expr, None] = {}
    for node in expr.atoms(sympy.sign, Relational, *(() if only_strict else (sympy.Abs,))):
        found.setdefault(_key(node.args[0] if not isinstance(node, Relational) else node.lhs - node.rhs)[0])
    for node in () if only_strict else expr.atoms(sympy.Max, sympy.Min):
        for first, second in itertools.combinations(node.args, 2):
            found.setdefault(_key(first - second)[0])
    return sorted((d for d in found if not d.is_number), key=sympy.default_sort_key)


def _relations(splits: list[sympy.Expr]) -> list[tuple[tuple[int, sympy.Expr], ...]]:
    """Triples of differences that add up to zero, such as (a - b) + (b - c) - (a - c)."""
    return [
        tuple(zip((1, *signs), triple, strict=True))
        for triple in itertools.combinations(splits, 3)
        for signs in itertools.product((1, -1), repeat=2)
        if sympy.expand(triple[0] + signs[0] * triple[1] + signs[1] * triple[2]) == 0
    ]


def _impossible(signs: list[int]) -> bool:
    """Whether three numbers of these signs cannot add up to zero."""
    return any(signs) and (min(signs) >= 0 or max(signs) <= 0)


def _resolve(expr: sympy.Basic, case: Mapping[sympy.Expr, int]) -> sympy.Basic | None:
    """`expr` where the signs of the differences are as `case` says; None if it does not say enough."""
    if not expr.args:
        return expr
    arguments = []
    for argument in expr.args:
        resolved = _resolve(argument, case)
        if resolved is None:
            return None
        arguments.append(resolved)

    def sign_of(difference: sympy.Expr) -> int | None:
        key, direction = _key(difference)
        if key.is_number:
            return direction * int(sympy.sign(key))
        return direction * case[key] if key in case else None

    if isinstance(expr, sympy.Abs | sympy.sign):
        sign = sign_of(arguments[0])
        if sign is None:
            return None
        return sign * arguments[0] if isinstance(expr, sympy.Abs) else sympy.Integer(sign)
    if isinstance(expr, sympy.Max | sympy.Min):
        best = arguments[0]
        for other in arguments[1:]:
            sign = sign_of(best - other)
            if sign is None:
                return None
            keep = sign >= 0 if isinstance(expr, sympy.Max) else sign <= 0
            best = best if keep else other
        return best
    if isinstance(expr, Relational):
        sign = sign_of(arguments[0] - arguments[1])
        return None if sign is None else sympy.sympify(bool(_HOLDS[expr.rel_op](sign)))
    return expr.func(*arguments)


_HOLDS: dict[str, Callable[[int], bool]] = {
    "<": lambda s: s < 0,
    "<=": lambda s: s <= 0,
    ">": lambda s: s > 0,
    ">=": lambda s: s >= 0,
    "==": lambda s: s == 0,
    "!=": lambda s: s != 0,
}


def _closes_within(residual: sympy.Basic, case: Mapping[sympy.Expr, int]) -> bool:
    """Whether the residual vanishes in this case; where a difference is zero, one symbol is eliminated."""
    if not isinstance(residual, sympy.Expr):
        return False
    for difference, sign in case.items():
        if sign == 0:
            residual = _eliminate(residual, difference)
    if residual.has(sympy.nan, sympy.zoo, sympy.oo):
        return True  # one side has no value here, and nothing is claimed where it has none
    return closes_by_expand(residual) or closes_by_cancel(residual)


def _eliminate(expr: sympy.Expr, zero: sympy.Expr) -> sympy.Expr:
    """`expr` with one symbol replaced by what it is where `zero`, linear in it, vanishes."""
    for symbol in sorted(zero.free_symbols, key=lambda s: s.name):
        slope = sympy.diff(zero, symbol)
        if slope.is_number and slope != 0:
            return expr.xreplace({symbol: sympy.expand(symbol - zero / slope)})
    return expr


# Inequalities.


def nonnegative(expr: sympy.Expr) -> bool:
    """Whether `expr`, over assumed symbols, is known to be at least zero, whatever the case."""
    splits = _splits(expr)
    if not splits:
        return _known_nonnegative(expr, {})
    if 3 ** len(splits) > _MOST_CASES:
        return False
    for case in _cases(expr, splits):
        resolved = _resolve(expr, case)
        if not isinstance(resolved, sympy.Expr) or not _known_nonnegative(resolved, case):
            return False
    return True


def _known_nonnegative(expr: sympy.Expr, case: Mapping[sympy.Expr, int]) -> bool:
    key, direction = _key(expr)
    if key == 0 or (key in case and direction * case[key] >= 0):
        return True
    factored = sympy.factor(expr) if expr.is_polynomial(*expr.free_symbols) else expr
    signs = [_sign(factor) for factor in sympy.Mul.make_args(factored)]
    if None not in signs:
        return sympy.prod(signs) >= 0
    for symbol in sorted((s for s in expr.free_symbols if s.is_nonnegative), key=str):
        # linear in something non-negative: coefficient and rest have to be
        slope = sympy.diff(expr, symbol)
        if symbol not in slope.free_symbols:
            rest = expr.xreplace({symbol: sympy.Integer(0)})
            if _known_nonnegative(slope, case) and _known_nonnegative(rest, case):
                return True
    return False


def _sign(factor: sympy.Expr) -> int | None:
    """1 if `factor` is at least zero, -1 if at most, None if that is not known."""
    if factor.is_nonnegative or _bias_factor(factor):
        return 1
    return -1 if factor.is_nonpositive or _bias_factor(-factor) else None


# Points that refute.

_VALUES = tuple(Fraction(v) for v in ("1", "1/2", "2", "-1", "3", "1/3", "-2", "9/10", "1/10", "0", "5", "-1/2"))
_MOST_POINTS = 48


def candidates(found: Domain) -> list[Fraction]:
    """Simple numbers inside a domain, the simplest first."""
    inside = [value for value in _VALUES if value in found]
    if not inside and found.low is not None:
        inside = [found.low + 1] if found.high is None else [(found.low + found.high) / 2]
    return inside or [Fraction(1)]


def points(names: list[str], facts: Facts) -> Iterator[dict[str, Fraction]]:
    """Assignments of simple numbers to `names`, no two symbols alike at first."""
    choices = [
        [Fraction(1), Fraction(2), Fraction(3)] if name == "t" else candidates(facts.domains.get(name, Domain()))
        for name in names
    ]
    for number in range(_MOST_POINTS):
        # a different stride for each symbol, so that no relation between them holds at every point
        yield {
            name: options[(number * (2 * place + 1) + place) % len(options)]
            for place, (name, options) in enumerate(zip(names, choices, strict=True))
        }


def counterexample(left: sympy.Expr, right: sympy.Expr, facts: Facts) -> dict[str, str] | None:
    """A point at which `left` and `right` differ, with both values."""
    names = sorted({symbol.name for symbol in left.free_symbols | right.free_symbols})
    for point in points(names, facts):
        values = {name: reference.number(value) for name, value in point.items()}
        values |= {"t": int(point["t"])} if "t" in point else {}
        try:
            first, second = (reference.stable(expr, values) for expr in (left, right))
        except (ZeroDivisionError, ValueError, OverflowError):
            continue
        if differ(first, second):
            return {
                **{name: str(value) for name, value in point.items()},
                "left": shown(first),
                "right": shown(second),
            }
    return None


def differ(first: mpmath.mpf, second: mpmath.mpf) -> bool:
    """Whether two numbers with 50 digits are apart by more than their rounding."""
    return bool(abs(first - second) > _TOLERANCE * max(1, abs(first), abs(second)))


def shown(value: mpmath.mpf) -> str:
    return mpmath.nstr(value, 12)
