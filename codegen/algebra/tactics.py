"""Decide whether two expressions are equal: close the residual by a named tactic, or find a point that refutes it.

A tactic answers whether it closed the residual; "no" means nothing. Only a point refutes, evaluated in
exact numbers. What is neither stays undecided.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import mpmath
import sympy
from sympy.core.relational import Relational

from ..result import PROVED, REFUTED, UNDECIDED, Outcome
from ..spec.domain import FROM_ONE, Domain
from ..spec.language import AnyRule
from . import exact

_SMALL = 200  # operations; below it multiplying out costs less than looking for a point that refutes
_TOO_LARGE = 3000  # operations; beyond it a tactic is not tried
_MOST_CASES = 3**5
_EXACT = (Fraction, exact.Enclosure)
_TOLERANCE = mpmath.mpf(10) ** -30
_KEPT = 2**14  # answers; proofs ask the same of the same expression many times over


class BelowOne(sympy.Symbol):
    """A number of [0, 1). SymPy cannot assume `b < 1`, so the type says it."""


class AtMostOne(sympy.Symbol):
    """A number of [0, 1]."""


@dataclass(frozen=True)
class Assumptions:
    """What may be assumed of the symbols, by name. A symbol without an entry is any real number."""

    domains: Mapping[str, Domain] = field(default_factory=dict)
    integer: bool = True  # whether symbols carry that they are whole numbers

    @classmethod
    def of(cls, *rules: AnyRule) -> Assumptions:
        """The domains of the hyperparameters, and that `t` counts from 1."""
        hypers = [hyper for rule in rules for hyper in rule.hypers]
        domains = {hyper.name: hyper.allowed for hyper in hypers}
        return cls({**domains, "t": FROM_ONE})

    def also(self, **domains: Domain) -> Assumptions:
        return replace(self, domains={**self.domains, **domains})

    def symbol(self, name: str) -> sympy.Symbol:
        """A symbol of which SymPy knows what it can use of the domain."""
        found = self.domains.get(name, Domain())
        if not self.integer:
            found = replace(FROM_ONE if name == "t" else found, integer=False)
        elif name == "t" or (found.integer and found.positive):
            return sympy.Symbol(name, integer=True, positive=True)
        if found.integer:
            return sympy.Symbol(name, integer=True, nonnegative=True if found.nonnegative else None)
        if found.nonnegative and found.high == 1 and not found.high_closed:
            return BelowOne(name, positive=True) if found.positive else BelowOne(name, nonnegative=True)
        if found.nonnegative and found.high == 1:
            return AtMostOne(name, positive=True) if found.positive else AtMostOne(name, nonnegative=True)
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

    def positive(self, expr: sympy.Expr) -> bool:
        """Whether `expr` is known to be above zero."""
        return nonnegative(self.assume(expr)) and self.nonzero(expr)

    def _factor_nonzero(self, factor: sympy.Expr) -> bool:
        if factor.is_nonzero:
            return True
        base, exponent = factor.as_base_exp()
        if exponent != 1 and exponent.is_real:
            return self._factor_nonzero(base)
        # 1 - b**k with 0 <= b < 1 and k >= 1 is positive; SymPy has no way to know b < 1
        if is_bias_factor(factor):
            return True
        whole, part = factor.as_coeff_Add()
        if not whole.is_positive:
            return False
        taken = _largest(sympy.factor_terms(-part, sign=False))  # 1 - b + b * p is 1 - b * (1 - p)
        return _known_nonnegative(part, {}) or (taken is not None and _below(taken, whole))


@dataclass(frozen=True)
class Obligation:
    """What a tactic has closed, over assumed symbols: `left relation right`, where the relation is = or >=."""

    left: sympy.Expr
    relation: str
    right: sympy.Expr


_recorded: ContextVar[list[Obligation] | None] = ContextVar("recorded", default=None)


@contextmanager
def recording() -> Iterator[list[Obligation]]:
    """Collects what is closed inside, so that somebody else can check it again."""
    found: list[Obligation] = []
    token = _recorded.set(found)
    try:
        yield found
    finally:
        _recorded.reset(token)


def _record(left: sympy.Expr, relation: str, right: sympy.Expr) -> None:
    found = _recorded.get()
    if found is not None:
        found.append(Obligation(left, relation, right))


def decide(left: sympy.Expr, right: sympy.Expr, assumptions: Assumptions) -> Outcome:
    """Whether `left = right` for all real values within `assumptions`, wherever both are defined."""
    if left != right:  # else nothing need be assumed
        if _extremes_deep(left - right) > 2:
            # SymPy 1.14 takes Min(2, Max(k, Min(1/2, x))) for 2 if k is a positive integer
            assumptions = replace(assumptions, integer=False)
        left, right = assumptions.assume(left), assumptions.assume(right)
    for side in (left, right):
        if side.has(sympy.nan, sympy.zoo):  # a tactic takes what has no value in one case for settled there
            return Outcome(UNDECIDED, reason=f"{side} has no value")
    if left == right:
        return Outcome(PROVED, "identical")
    residual = left - right
    size = int(sympy.count_ops(residual))
    cheapest, *others = TACTICS
    if size < _SMALL and (method := closed(left, right, [cheapest])):
        return Outcome(PROVED, method)
    if point := counterexample(left, right, assumptions):
        return Outcome(REFUTED, "evaluation at a point", point)
    if size > _TOO_LARGE:
        return Outcome(UNDECIDED, reason=f"the residual has {size} operations, tactics stop at {_TOO_LARGE}")
    if method := closed(left, right, others if size < _SMALL else TACTICS):
        return Outcome(PROVED, method)
    text = str(residual)
    shown = text if len(text) < 200 else text[:200] + "..."
    tried = ", ".join(TACTICS)
    return Outcome(UNDECIDED, reason=f"no tactic ({tried}) closes {shown}, and no point refutes it")


def closed(left: sympy.Expr, right: sympy.Expr, tactics: Iterable[str] = ()) -> str:
    """The tactic, of those named or of all, that proves `left = right` over assumed symbols; nothing if none does."""
    if left == right:
        return "identical"
    residual = left - right
    if residual.has(sympy.nan, sympy.zoo):
        return ""  # a tactic takes what has no value in one case for settled there
    for name in tactics or TACTICS:
        if _closes(TACTICS[name], residual):
            _record(left, "=", right)
            return name
    return ""


def _extremes_deep(expr: sympy.Basic) -> int:
    """How deep maxima and minima stand in one another."""
    own = int(isinstance(expr, sympy.Max | sympy.Min))
    return own + max(map(_extremes_deep, expr.args), default=0)


def _closes(tactic: Callable[[sympy.Expr], bool], residual: sympy.Expr) -> bool:
    """Whether `tactic` closes `residual`. What SymPy cannot do to it is no reason to end."""
    try:
        return tactic(residual)
    except (TypeError, ValueError, NotImplementedError, RecursionError, sympy.PolynomialError):
        return False


def closes_by_expand(residual: sympy.Expr) -> bool:
    """Multiply out, and split powers with sums in the exponent."""
    return bool(sympy.expand(residual) == 0)


def closes_by_cancel(residual: sympy.Expr) -> bool:
    """Bring every argument of a root or function, then the whole, into the form of one fraction."""
    return bool(sympy.expand(_one_fraction(residual)) == 0)


def closes_by_positive_factors(residual: sympy.Expr) -> bool:
    """Name every `1 - b**k` that is known to be positive, so that roots of products can be split.

    And every positive sum of which there is a whole power: multiplied out, it would be no factor any more.
    """
    factors = [a for a in residual.atoms(sympy.Add) if a.is_positive is None and is_bias_factor(a)]
    powers = [power for power in residual.atoms(sympy.Pow) if power.base.is_Add and power.exp.is_Integer]
    factors += [power.base for power in powers if power.base.is_positive]
    if not factors:
        return False
    names = {factor: sympy.Dummy(positive=True) for factor in factors}
    named = residual.xreplace(names)
    return closes_by_expand(sympy.expand_power_base(named)) or closes_by_cancel(named)


@lru_cache(_KEPT)
def is_bias_factor(expr: sympy.Expr) -> bool:
    """Whether `expr` is c - x where x is known to be in [0, c), as in 1 - b**k, and in 2 - b * p for a share p."""
    whole, part = expr.as_coeff_Add()
    if not whole.is_positive:
        return False
    found = _largest(-part)
    return found is not None and _below(found, whole)


def _below(found: tuple[sympy.Rational, bool], whole: sympy.Expr) -> bool:
    bound, strict = found
    return bool(bound < whole or (bound == whole and strict))


def _largest(expr: sympy.Expr) -> tuple[sympy.Rational, bool] | None:
    """A bound on `expr` and whether it stays below it, if it is known to be at least zero; else None."""
    match expr:
        case BelowOne():
            return sympy.S.One, True
        case AtMostOne():
            return sympy.S.One, False
        case sympy.Rational():
            return (expr, False) if expr >= 0 else None
        case sympy.Pow(base=base, exp=exponent):
            if base.is_Rational and base > 1:  # SymPy writes 2**(-k) for (1/2)**k
                base, exponent = 1 / base, -exponent
            inner = _largest(base) if exponent.is_nonnegative else None
            if inner is None or inner[0] > 1:
                return None
            return sympy.S.One, bool(exponent.is_positive and (inner[1] or inner[0] < 1))
        case sympy.Mul():
            found = [part for factor in expr.args if (part := _largest(factor)) is not None]
            if len(found) < len(expr.args):
                return None
            return sympy.Mul(*(bound for bound, _ in found)), any(below for _, below in found)
        case sympy.Add():
            whole, part = expr.as_coeff_Add()
            inner = _largest(-part) if whole.is_positive else None
            if inner is None or inner[0] > whole:
                return None
            return whole, bool(part.is_negative)
    return None


def closes_by_cases(residual: sympy.Expr) -> bool:
    """Split on every sign and comparison; close each case on its own."""
    if not _splits(residual):
        return False
    try:
        return all(_closes_within(resolved, case) for resolved, case in _cases(residual))
    except _TooManyCasesError:
        return False


TACTICS: dict[str, Callable[[sympy.Expr], bool]] = {
    "expand": closes_by_expand,
    "positive factors": closes_by_positive_factors,
    "cancel": closes_by_cancel,
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
            arguments = [sympy.factor_terms(_one_fraction(argument)) for argument in node.args]
            if isinstance(node, sympy.Pow) and node.exp.is_Rational:
                arguments[0] = _squared(arguments[0])
            inner[node] = node.func(*arguments)
    return sympy.expand_power_base(sympy.cancel(sympy.together(expr.xreplace(inner))))


def _squared(expr: sympy.Expr) -> sympy.Expr:
    """A sum that is the square of another as that square, of which the root is known."""
    if not expr.is_Add or not expr.is_polynomial() or sympy.count_ops(expr) > _SMALL // 2:
        return expr
    factored = sympy.factor(expr)
    return factored if factored.is_Pow or (factored.is_Mul and any(f.is_Pow for f in factored.args)) else expr


class _TooManyCasesError(Exception):
    """More cases than anybody would go through by hand."""


# The sign of a difference in a case: 2 above zero, 1 at least zero, 0 zero, and so on below.
_NOT_BELOW, _NOT_ABOVE, _ABOVE, _BELOW = 1, -1, 2, -2


def _cases(expr: sympy.Expr) -> Iterator[tuple[sympy.Basic, dict[sympy.Expr, int]]]:
    """`expr` in every combination of signs that its comparisons, maxima, absolute values and signs can have.

    Where only maxima, minima and absolute values depend on a difference, it is at least or at most zero,
    since both branches agree at zero; signs and comparisons need zero as a case of its own.
    """
    pending: list[tuple[sympy.Basic, dict[sympy.Expr, int]]] = [(expr, {})]
    for _ in range(_MOST_CASES):
        if not pending:
            return
        current, case = pending.pop()
        splits = _splits(current)
        if not splits:
            yield current, case
            continue
        difference = next(d for d in splits if not _splits(d))  # what lies inside is settled first
        known = case.get(difference)
        if known not in (None, _NOT_BELOW, _NOT_ABOVE):
            raise _TooManyCasesError  # it is settled, and still stands there
        strict = known is not None or difference in _splits(current, only_strict=True)
        low = known == _NOT_BELOW or _known_nonnegative(difference, {})
        high = known == _NOT_ABOVE or _known_nonnegative(-difference, {})
        every: tuple[int, ...] = (_BELOW, 0, _ABOVE) if strict else (_NOT_ABOVE, _NOT_BELOW)
        options = tuple(o for o in every if not (low and o < 0) and not (high and o > 0)) or (0,)
        for sign in options:
            extended = {**case, difference: sign}
            if not _contradicts(extended):
                zero = _vanishing(difference) if sign == 0 else {}
                pending.append((_resolve(current, extended).xreplace(zero), extended))
    if pending:
        raise _TooManyCasesError


def _vanishing(difference: sympy.Expr) -> dict[sympy.Symbol, sympy.Expr]:
    """The symbols that are zero where a sum is of which no term is negative."""
    terms = sympy.Add.make_args(difference)
    if not all(known_sign(term) == 1 for term in terms):
        return {}
    roots = (term.as_coeff_Mul()[1].as_base_exp() for term in terms)
    return {base: sympy.Integer(0) for base, exponent in roots if base.is_Symbol and exponent.is_positive}


@lru_cache(_KEPT)
def _key(difference: sympy.Expr) -> tuple[sympy.Expr, int]:
    """The same expression for `difference`, its negative and its positive multiples, and the sign between them."""
    numerator, denominator = sympy.fraction(sympy.together(difference))
    if not denominator.is_number and known_sign(denominator) == 1:
        difference = numerator  # where it is defined, the denominator is positive
    # positive factors say nothing about the sign
    difference = sympy.factor_terms(difference)
    difference = sympy.Mul(*(f for f in sympy.Mul.make_args(difference) if not (f.is_positive and not f.is_number)))
    difference = sympy.expand(difference).primitive()[1]
    return (-difference, -1) if difference.could_extract_minus_sign() else (difference, 1)


def _splits(expr: sympy.Basic, only_strict: bool = False) -> list[sympy.Expr]:
    """The differences whose sign decides a comparison, maximum, absolute value or sign in `expr`."""
    found: dict[sympy.Expr, None] = {}
    for node in expr.atoms(sympy.sign, Relational, *(() if only_strict else (sympy.Abs,))):
        found.setdefault(_key(node.args[0] if not isinstance(node, Relational) else node.lhs - node.rhs)[0])
    for node in () if only_strict else expr.atoms(sympy.Max, sympy.Min):
        for first, second in itertools.combinations(node.args, 2):
            found.setdefault(_key(first - second)[0])
    return sorted((d for d in found if not d.is_number), key=sympy.default_sort_key)


def _contradicts(case: Mapping[sympy.Expr, int]) -> bool:
    """Whether differences have signs that cannot be.

    Three add up to zero, as (a - b) + (b - c) - (a - c), and all have one sign; or two, made non-negative by
    their signs, add up to something negative, as (g - c) and -(g + c) do for positive c.
    """
    for first, second in itertools.combinations(case, 2):
        pairs = itertools.product(*((_direction(case[d]),) if case[d] else (1, -1) for d in (first, second)))
        if any(sympy.expand(-s * first - r * second).is_positive for s, r in pairs):
            return True
    for triple in itertools.combinations(case, 3):
        for signs in itertools.product((1, -1), repeat=2):
            factors = (1, *signs)
            if sympy.expand(sum(f * d for f, d in zip(factors, triple, strict=True))) == 0:
                found = [f * case[d] for f, d in zip(factors, triple, strict=True)]
                if any(found) and (min(found) >= 0 or max(found) <= 0):
                    return True
    return False


def _resolve(expr: sympy.Basic, case: Mapping[sympy.Expr, int]) -> sympy.Basic:
    """`expr` with everything settled that the signs in `case` settle."""
    if not expr.args:
        return expr
    arguments = [_resolve(argument, case) for argument in expr.args]

    def sign_of(difference: sympy.Expr) -> int | None:
        key, direction = _key(difference)
        if key.is_number:
            return direction * _sign_of_number(key)
        return direction * case[key] if key in case else None

    def exact_sign_of(difference: sympy.Expr) -> int | None:
        sign = sign_of(difference)
        return None if sign in (None, _NOT_BELOW, _NOT_ABOVE) else _direction(sign)

    match expr:
        case sympy.Abs():
            sign = sign_of(arguments[0])
            if sign is not None:
                return _direction(sign) * arguments[0]
        case sympy.sign():
            sign = exact_sign_of(arguments[0])
            if sign is not None:
                return sympy.Integer(sign)
        case sympy.Max() | sympy.Min():
            better = 1 if isinstance(expr, sympy.Max) else -1
            kept: list[sympy.Expr] = []
            for argument in arguments:
                signs = [sign_of(argument - other) for other in kept]
                if not any(s is not None and s * better <= 0 for s in signs):
                    kept = [other for other, s in zip(kept, signs, strict=True) if s is None] + [argument]
            return expr.func(*kept)
        case Relational():
            sign = exact_sign_of(arguments[0] - arguments[1])
            if sign is not None:
                return sympy.sympify(bool(_HOLDS[expr.rel_op](sign)))
    try:
        return expr.func(*arguments)
    except (TypeError, ValueError):
        return expr  # the root or logarithm of what is negative here cannot be compared: left as it is


def _direction(sign: int) -> int:
    """1, 0 or -1."""
    return (sign > 0) - (sign < 0)


def _sign_of_number(number: sympy.Expr) -> int:
    """2, 0 or -2 for a number whose sign is certain."""
    if number.is_zero:
        return 0
    if not (number.is_positive or number.is_negative):
        raise NotImplementedError(f"the sign of {number}")
    return _ABOVE if number.is_positive else _BELOW


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
    if residual.has(sympy.oo, -sympy.oo):
        return False
    if residual.has(sympy.nan, sympy.zoo):
        return True  # one side has no value here, and nothing is claimed where it has none
    return closes_by_expand(residual) or closes_by_cancel(residual)


def _eliminate(expr: sympy.Expr, zero: sympy.Expr) -> sympy.Expr:
    """`expr` with one symbol replaced by what it is where `zero`, a power of something linear in it, vanishes."""
    base, exponent = zero.as_base_exp()
    zero = base if exponent.is_positive else zero
    for symbol in sorted(zero.free_symbols, key=lambda s: s.name):
        slope = sympy.diff(zero, symbol)
        if slope.is_number and slope != 0:
            return expr.xreplace({symbol: sympy.expand(symbol - zero / slope)})
    return expr


# Inequalities.


def nonnegative(expr: sympy.Expr) -> bool:
    """Whether `expr`, over assumed symbols, is known to be at least zero, whatever the case."""
    if _nonnegative(expr):
        _record(expr, ">=", sympy.Integer(0))
        return True
    return False


def _nonnegative(expr: sympy.Expr) -> bool:
    if _known_nonnegative(expr, {}):
        return True
    if not _splits(expr):
        return False
    try:
        return all(isinstance(e, sympy.Expr) and _known_nonnegative(e, case) for e, case in _cases(expr))
    except _TooManyCasesError:
        return False


def _known_nonnegative(expr: sympy.Expr, case: Mapping[sympy.Expr, int]) -> bool:
    return _known_in(expr, tuple(case.items()))


@lru_cache(_KEPT)
def _known_in(expr: sympy.Expr, signs_of: tuple[tuple[sympy.Expr, int], ...]) -> bool:
    case = dict(signs_of)
    key, direction = _key(expr)
    if key == 0 or (key in case and direction * case[key] >= 0):
        return True
    factored = sympy.factor(expr) if expr.is_polynomial(*expr.free_symbols) else expr
    factors = sympy.Mul.make_args(factored)
    signs = [known_sign(factor) for factor in factors]
    if case and sum(not factor.is_number for factor in factors) > 1:  # fewer parts than the whole has
        signs = [_sign_within(f, case) if s is None else s for f, s in zip(factors, signs, strict=True)]
    if None not in signs:
        return bool(sympy.prod(signs) >= 0)
    for symbol in sorted((s for s in expr.free_symbols if s.is_nonnegative), key=str):
        # linear in something non-negative: coefficient and rest have to be
        slope = sympy.diff(expr, symbol) if expr.is_polynomial(symbol) else symbol
        if symbol not in slope.free_symbols:
            rest = expr.xreplace({symbol: sympy.Integer(0)})
            if _known_nonnegative(slope, case) and _known_nonnegative(rest, case):
                return True
            # linear between 0 and 1: it is enough to look at both ends
            if isinstance(symbol, BelowOne | AtMostOne) and all(
                _known_nonnegative(expr.xreplace({symbol: sympy.Integer(end)}), case) for end in (0, 1)
            ):
                return True
    return any(_known_nonnegative(rest, others) for rest, others in _without_known(expr, case))


def _sign_within(factor: sympy.Expr, case: Mapping[sympy.Expr, int]) -> int | None:
    """As `known_sign`, in this case."""
    if _known_nonnegative(factor, case):
        return 1
    return -1 if _known_nonnegative(-factor, case) else None


def _without_known(
    expr: sympy.Expr, case: Mapping[sympy.Expr, int]
) -> Iterator[tuple[sympy.Expr, Mapping[sympy.Expr, int]]]:
    """What is left of a sum without a difference that the case says is not negative, if that is shorter."""
    for difference, sign in case.items():
        rest = expr - _direction(sign) * difference
        if sign and len(sympy.Add.make_args(rest)) < max(2, len(sympy.Add.make_args(expr))):
            yield rest, {d: s for d, s in case.items() if d != difference}


@lru_cache(_KEPT)
def known_sign(expr: sympy.Expr) -> int | None:
    """1 if `expr`, where it is defined, is at least zero, -1 if at most, None if that is not known."""
    if expr.is_nonnegative or is_bias_factor(expr):
        return 1
    if expr.is_nonpositive or is_bias_factor(-expr):
        return -1
    match expr:
        case sympy.Pow(base=base, exp=exponent) if exponent.is_Rational:
            even_root = exponent.q % 2 == 0  # real only where it is not negative
            return 1 if even_root or exponent.p % 2 == 0 else known_sign(base)
        case sympy.Mul():
            signs = [known_sign(factor) for factor in expr.args]
            return None if None in signs else sympy.prod(signs)
        case sympy.Add():
            found = {known_sign(term) for term in expr.args}
            return found.pop() if len(found) == 1 else None
        case sympy.Max():
            return 1 if 1 in {known_sign(argument) for argument in expr.args} else None
        case sympy.Min():
            return 1 if {known_sign(argument) for argument in expr.args} == {1} else None
    return None


# Points that refute.

_VALUES = tuple(Fraction(v) for v in ("1", "1/2", "2", "-1", "3", "1/3", "-2", "9/10", "1/10", "0", "5", "-1/2"))
_MOST_POINTS = 32
_EARLY, _LATE = (1, 2, 3), (20, 7, 100)  # steps; some choices fall the other way only later, as in RAdam


def candidates(found: Domain) -> list[Fraction]:
    """Simple numbers inside a domain, the simplest first."""
    inside = [value for value in _VALUES if value in found]
    if inside:
        return inside
    low, high = found.low, found.high
    if found.integer:
        tried = [end + step for end in (low, high) if end is not None for step in (0, 1, -1)]
        tried = [Fraction(rounded(value)) for value in tried for rounded in (math.ceil, math.floor)]
    elif low is not None and high is not None:
        tried = [(low + high) / 2]
    else:
        tried = [low + 1] if low is not None else [high - 1] if high is not None else []
    return [value for value in dict.fromkeys(tried) if value in found]


def samples(names: list[str], assumptions: Assumptions) -> Iterator[dict[str, Fraction]]:
    """Assignments of simple numbers to `names`, no two symbols alike at first."""
    yield from _samples(names, assumptions, _EARLY)


def _samples(names: list[str], assumptions: Assumptions, steps: tuple[int, ...]) -> Iterator[dict[str, Fraction]]:
    choices = [
        [Fraction(t) for t in steps] if name == "t" else candidates(assumptions.domains.get(name, Domain()))
        for name in names
    ]
    for number in range(_MOST_POINTS):
        # a different stride for each symbol, so that no relation between them holds at every point
        yield {
            name: options[(number * (2 * place + 1) + place + number // len(options)) % len(options)]
            for place, (name, options) in enumerate(zip(names, choices, strict=True))
        }


def counterexample(
    left: sympy.Expr,
    right: sympy.Expr,
    assumptions: Assumptions,
    meaning: Mapping[sympy.Symbol, sympy.Expr] | None = None,
    beside: Iterable[Mapping[str, Fraction]] = (),
) -> dict[str, str] | None:
    """A point at which `left` and `right` differ, with both values.

    `meaning` says of symbols what they stand for, if they are not free. Points `beside` the usual ones are tried last.
    """
    parts, symbols = [left, right], set[sympy.Symbol]()
    for part in parts:  # grows while it is walked
        parts += [meaning[s] for s in part.free_symbols - symbols if s in meaning] if meaning else []
        symbols |= part.free_symbols
    defined = {s.name: exact.function(meaning[s]) for s in symbols if s in meaning} if meaning else {}
    names = sorted({symbol.name for symbol in symbols} - defined.keys())
    sides = [exact.function(expr) for expr in (left, right)]
    late = (
        _samples(names, assumptions, _LATE)
        if "t" in names and any(part.has(sympy.Piecewise, sympy.Max, sympy.Min) for part in parts)
        else ()
    )
    others = ({name: point[name] for name in names} for point in beside if set(names) <= point.keys())
    for point in itertools.chain(samples(names, assumptions), late, others):
        values = _Values(point, defined)
        try:
            first, second = (side(values) for side in sides)
            if not exact.differ(first, second):
                continue
        except ArithmeticError:  # it has no value there, or an enclosure cannot tell
            continue
        return {
            **{name: str(value) for name, value in point.items()},
            "left": exact.decimal(first),
            "right": exact.decimal(second),
        }
    return None


class _Values(dict[str, Any]):
    """The values of symbols, of which some are computed from others when they are asked for."""

    def __init__(self, given: Mapping[str, Any], defined: Mapping[str, exact.Evaluator]) -> None:
        super().__init__(given)
        self.defined = defined

    def __missing__(self, name: str) -> Any:
        self[name] = self.defined[name](self)
        return self[name]


def differ(first: Any, second: Any) -> bool:
    """Whether two numbers are apart: exact ones certainly, those with 50 digits by more than their rounding."""
    if isinstance(first, _EXACT) or isinstance(second, _EXACT):
        return exact.differ(first, second)
    return bool(abs(first - second) > _TOLERANCE * max(1, abs(first), abs(second)))


def shown(value: Any) -> str:
    return exact.decimal(value) if isinstance(value, _EXACT) else mpmath.nstr(value, 12)
