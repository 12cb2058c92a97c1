"""A rule on a quadratic: the matrix of a step, and the hyperparameters for which it contracts.

With g = h * w a rule that is linear in its state multiplies the vector of `w` and the states by a matrix. Where
it is not linear, as in the second moment of Adam, states are frozen, which means taken as constants, as they
nearly are after many steps. What depends on the step number is taken at its limit.

    rule -> linear -> polynomial -> conditions (Schur, Cohn, Jury) -> solve for one hyperparameter

Only what `w` sees counts: a state that never reaches `w` may do what it likes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache

import sympy
from sympy.core.relational import GreaterThan, Relational, StrictGreaterThan

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.signs import BelowOne
from ..claims.dynamics import h
from ..spec.domain import POSITIVE, Domain
from ..spec.functions import asked
from ..spec.rules import Optimizer
from ..spec.symbols import New, new
from .demands import demands
from .derive import inlined, transition
from .invariants import invariants

Z = sympy.Symbol("z")
ZERO = sympy.Integer(0)
_BELOW_ONE = Domain(low=Fraction(0), high=Fraction(1), low_closed=True)


class NotLinearError(Exception):
    """Why a rule has no characteristic polynomial."""


class UnsolvedError(Exception):
    """Why the conditions cannot be solved for a hyperparameter."""


@dataclass(frozen=True, eq=False)  # there is one of each rule
class Linear:
    """A step on a quadratic: the vector of `variables`, `w` first, is multiplied by `matrix`.

    The variables are `w` and the states that reach it, the `frozen` ones left out. `signed` are those of these that are
    known not to be negative. If it is `late`, what depends on t is taken at its limit; if `ahead`, `w` is where the
    gradient is taken.
    """

    rule: Optimizer
    variables: tuple[sympy.Symbol, ...]
    matrix: sympy.Matrix
    frozen: tuple[sympy.Symbol, ...]
    assumptions: Assumptions
    conditions: tuple[sympy.Basic, ...]
    signed: tuple[str, ...] = ()
    late: bool = False
    ahead: bool = False

    @cached_property
    def _visible(self) -> tuple[list[sympy.Expr], sympy.Expr]:
        # SymPy sorts factors, and stumbles over what is no rational function, such as a minimum: it gets a name
        names: dict[sympy.Expr, sympy.Dummy] = {}
        named = self.matrix.applyfunc(lambda e: e if e.is_rational_function() else names.setdefault(e, sympy.Dummy()))
        back = {name: entry for entry, name in names.items()}
        found, minor = visible(named)
        return [sympy.factor(sympy.cancel(c.xreplace(back))) for c in found], sympy.factor(minor.xreplace(back))

    @property
    def polynomial(self) -> list[sympy.Expr]:
        """The coefficients of the polynomial whose roots are all that `w` sees, from the highest power, which is 1."""
        return self._visible[0]

    @property
    def seen(self) -> sympy.Expr:
        """Where this is not zero, `w` sees every root of the polynomial."""
        return self._visible[1]


def visible(matrix: sympy.Matrix) -> tuple[list[sympy.Expr], sympy.Expr]:
    """The polynomial q of least degree for which the first row of q(matrix) is zero, and a minor.

    Where the minor is zero, one of less degree may do.
    The first component of `matrix**t * x` goes to zero from every x exactly if all roots of q are inside the circle.
    """
    size = matrix.rows
    rows = [sympy.Matrix([[1, *[0] * (size - 1)]])]
    while len(rows) < size:
        rows.append((rows[-1] * matrix).applyfunc(sympy.cancel))
    if (minor := sympy.cancel(sympy.Matrix.vstack(*rows).det())) != 0:
        return named_charpoly(matrix), minor
    for degree in range(1, size):
        above = sympy.Matrix.vstack(*rows[:degree])
        kernel = sympy.Matrix.vstack(above, rows[degree]).T.nullspace(simplify=sympy.cancel)
        if kernel:
            relation = kernel[0] / kernel[0][-1]
            choices = itertools.combinations(range(size), degree)
            minors = (sympy.cancel(above[:, list(columns)].det()) for columns in choices)
            return [sympy.cancel(c) for c in reversed(list(relation))], next(m for m in minors if m != 0)
    raise AssertionError("the last row depends on those before it")


def named_charpoly(matrix: sympy.Matrix) -> list[sympy.Expr]:
    """The coefficients of the characteristic polynomial, that of the highest power, which is 1, first."""
    return matrix.charpoly(Z, simplify=sympy.cancel).all_coeffs()


@dataclass(frozen=True)
class Condition:
    """`value > 0`, which holds for a hyperparameter that is below `below`; always, if that is None."""

    value: sympy.Expr
    below: sympy.Expr | None


@dataclass(frozen=True)
class StabilityBound:
    """The roots are inside the unit circle exactly if `hyper` > 0 is below `below` (always, if that is None)."""

    hyper: sympy.Symbol
    below: sympy.Expr | None
    conditions: tuple[Condition, ...]
    assumed: tuple[sympy.Basic, ...]


# From the rule to a matrix.


@lru_cache(256)
def linear(rule: Optimizer) -> Linear:
    """The step of `rule` on a quadratic. Raises NotLinearError with the reason if there is none.

    Frozen are as few states as will do; if several sets of states would, the first in their order.
    """
    ahead, rule = rule.gradient_at is not None, rule.runnable
    if any(s.name == h.name for s in (*rule.hypers, *rule.state)):
        raise NotLinearError("it has an h of its own, which is not the curvature")
    w = next(target for target in transition(rule) if target.name == "w")
    limits = _Limits(rule)
    for size in range(len(rule.array_state) + 1):
        for frozen in itertools.combinations(rule.array_state, size):
            rows = _reaching(w, {s: limits(value) for s, value in _rows(rule, w, frozen).items()})
            if _is_linear(rows):
                return replace(_linear(rule, frozen, rows, limits), ahead=ahead)
    if any(s.name == "t" for s in limits(_rows(rule, w, rule.array_state)[w]).free_symbols):
        raise NotLinearError("its step depends on t, of which no limit is known here")
    raise NotLinearError("its step is not linear in w, whichever states are frozen")


def _reaching(w: sympy.Symbol, rows: dict[sympy.Symbol, sympy.Expr]) -> dict[sympy.Symbol, sympy.Expr]:
    """The rows of `w` and of the states on which it depends, also through others."""
    needed, pending = {w}, [w]
    while pending:
        found = rows[pending.pop()].free_symbols & rows.keys() - needed
        needed |= found
        pending += found
    return {s: value for s, value in rows.items() if s in needed}


def _linear(
    rule: Optimizer, frozen: tuple[sympy.Symbol, ...], rows: dict[sympy.Symbol, sympy.Expr], limits: _Limits
) -> Linear:
    matrix = sympy.Matrix([[sympy.cancel(sympy.diff(row, variable)) for variable in rows] for row in rows.values()])
    used = {s.name for s in matrix.free_symbols}
    if left := sorted(used & {"t", *(s.name for s in rule.scalar_state)}):
        raise NotLinearError(f"its step depends on {' and '.join(left)}, of which no limit is known here")
    signed = tuple(_positive_states(rule, frozen))
    assumptions = Assumptions.of(rule).also(h=POSITIVE, **dict.fromkeys(signed, POSITIVE))
    # where a share of one is allowed, as in dampening, all but one is looked at
    shares = [
        n for n, d in assumptions.domains.items() if n in used and d.nonnegative and d.high == 1 and d.high_closed
    ]
    assumptions = assumptions.also(**{name: replace(assumptions.domains[name], high_closed=False) for name in shares})
    conditions = [sympy.Lt(x, 1) for x in rule.hypers if x.name in shares] + limits.conditions
    divisors = [d for row in rows.values() for d in _divisors(row)] + _asked(rule, frozen, limits, _divisors)
    roots = _asked(rule, frozen, limits, _roots)
    conditions += [sympy.Ne(d, 0) for d in dict.fromkeys(divisors) if not assumptions.nonzero(d)]
    conditions += [sympy.Ge(r, 0) for r in dict.fromkeys(roots) if not nonnegative(assumptions.assume(r))]
    used |= {s.name for value in (*divisors, *roots) for s in value.free_symbols}
    frozen = tuple(s for s in frozen if s.name in used)
    return Linear(rule, tuple(rows), matrix, frozen, assumptions, tuple(dict.fromkeys(conditions)), signed, limits.late)


def _divisors(expr: sympy.Expr) -> list[sympy.Expr]:
    """The factors by which `expr` divides, and those of which it takes a logarithm."""
    powers = sorted(expr.atoms(sympy.Pow), key=sympy.default_sort_key)
    bases = [p.base for p in powers if p.exp.could_extract_minus_sign()]
    nodes = sorted(expr.atoms(sympy.Function), key=sympy.default_sort_key)
    bases += [value for node in nodes for value, sign in asked(node) if sign == ">"]
    return [factor for base in bases for factor in sympy.Mul.make_args(sympy.factor_terms(base))]


def _roots(expr: sympy.Expr) -> list[sympy.Expr]:
    """What `expr` takes roots or logarithms of."""
    return [demand.value for demand in demands(expr) if demand.sign != "!="]


def _asked(
    rule: Optimizer,
    frozen: tuple[sympy.Symbol, ...],
    limits: _Limits,
    asked: Callable[[sympy.Expr], list[sympy.Expr]],
) -> list[sympy.Expr]:
    """What is `asked` of the steps, also where it cancels; not where it depends on what is not frozen."""
    keep = {s.target: s.target.of for s in rule.steps if isinstance(s.target, New) and s.target.of in frozen}
    values = inlined(rule, frozenset(keep))
    moving = {"w", "g", "t", *(s.name for s in rule.state)} - {s.name for s in frozen}
    settled = [limits(e.xreplace(values).xreplace(keep)) for step in rule.steps for e in asked(step.value)]
    return [e for e in settled if moving.isdisjoint(s.name for s in e.free_symbols)]


def _rows(rule: Optimizer, w: sympy.Symbol, frozen: tuple[sympy.Symbol, ...]) -> dict[sympy.Symbol, sympy.Expr]:
    """The new values of `w` and of the states that are not frozen, on a quadratic."""
    keep = {s.target: s.target.of for s in rule.steps if isinstance(s.target, New) and s.target.of in frozen}
    values = {target.of: v for target, v in inlined(rule, frozenset(keep)).items() if isinstance(target, New)}
    rows = {}
    for variable in (w, *(s for s in rule.array_state if s not in frozen)):
        value = values[variable].xreplace(keep)
        rows[variable] = value.xreplace({s: h * w for s in value.free_symbols if s.name == "g"})
    return rows


def _is_linear(rows: dict[sympy.Symbol, sympy.Expr]) -> bool:
    """Whether every row is a sum of multiples of the variables."""
    origin = dict.fromkeys(rows, ZERO)
    for row in rows.values():
        if not row.is_polynomial(*rows) or sympy.Poly(row, *rows).total_degree() > 1:
            return False
        if sympy.cancel(row.xreplace(origin)) != 0:
            return False
    return True


class _Limits:
    """Expressions for t to infinity: b**(k t) with 0 <= b < 1 and k > 0 is gone, and `t > number` holds.

    A comparison of hyperparameters goes the way that it goes at their defaults. What had to be assumed is in
    `conditions`, and that a limit was taken in `late`.
    """

    def __init__(self, rule: Optimizer) -> None:
        self.rule = rule
        self.assumptions = Assumptions.of(rule)
        self.conditions: list[sympy.Basic] = []
        self.late = False
        self.ended: dict[sympy.Symbol, sympy.Expr] = {}
        own = transition(rule)
        for state in rule.scalar_state:
            # a product of factors below one goes to zero
            if own[state].xreplace({state: ZERO}) != 0:
                continue
            factor = self.assumptions.assume(sympy.cancel(self(own[state]) / state))
            still = state.name in {s.name for s in factor.free_symbols}
            if not still and nonnegative(factor) and positive(1 - factor, self.assumptions):
                self.ended |= {state: ZERO, new(state): ZERO}

    def __call__(self, expr: sympy.Expr) -> sympy.Expr:
        """The limit of `expr`; where that is not found, `t` is still in it."""
        changed: dict[sympy.Basic, sympy.Basic] = dict(self.ended)
        if any(s.name == "t" for node in expr.atoms(sympy.exp) for s in node.free_symbols):
            return expr  # an exponential may grow faster than anything vanishes
        dated = [n for n in expr.atoms(sympy.Pow, Relational) if any(s.name == "t" for s in n.free_symbols)]
        for node in sorted(dated, key=sympy.default_sort_key):
            t = next(s for s in node.free_symbols if s.name == "t")
            if isinstance(node, sympy.Pow):
                if t not in node.base.free_symbols and self._vanishes(node, t):
                    changed[node] = ZERO
            elif isinstance(node, StrictGreaterThan | GreaterThan) and node.lhs == t and node.rhs.is_number:
                changed[node] = sympy.true
        for node in dated:
            left = node.xreplace(changed)
            if isinstance(left, sympy.Pow) and any(s.name == "t" for s in left.free_symbols):
                return expr  # beside what may grow, what vanishes says nothing
        value = expr.xreplace(changed)
        if value != expr:
            self.late = True
        return self._decided(value)

    def _vanishes(self, power: sympy.Pow, t: sympy.Symbol) -> bool:
        base, speed = self.assumptions.assume(power.base), self.assumptions.assume(sympy.diff(power.exp, t))
        if not (nonnegative(base) and positive(1 - base, self.assumptions) and nonnegative(speed)):
            return False
        if not positive(speed, self.assumptions):
            self._assume(sympy.Gt(sympy.diff(power.exp, t), 0))
        return True

    def _decided(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` without the comparisons of hyperparameters in it."""
        defaults = {x: sympy.Rational(x.value) for x in self.rule.hypers}
        choices: dict[sympy.Basic, sympy.Basic] = {}
        for node in sorted(expr.atoms(Relational), key=sympy.default_sort_key):
            if node.free_symbols and node.free_symbols <= set(defaults):
                holds = bool(node.xreplace(defaults))
                choices[node] = sympy.sympify(holds)
                self._assume(node if holds else node.negated)
        return expr.xreplace(choices) if choices else expr

    def _assume(self, condition: sympy.Basic) -> None:
        if condition not in self.conditions:
            self.conditions.append(condition)


def _positive_states(rule: Optimizer, frozen: tuple[sympy.Symbol, ...]) -> list[str]:
    """The frozen states that are never negative, by induction. That they are not zero either is assumed."""
    held = invariants(rule).nonnegative if frozen else ()
    return [s.name for s in frozen if s.name in held]


# From the polynomial to conditions.


def conditions(coefficients: list[sympy.Expr]) -> list[sympy.Expr]:
    """What has to be positive for all roots to be inside the unit circle, after Schur and Cohn (1918) and Jury (1964).

    A polynomial p of degree n with coefficients from `lead` > 0 to `last` has all roots inside exactly if
    |last| < lead, and the polynomial (lead * p(z) - last * z**n * p(1/z)) / z, of one degree less, has.
    """
    return [*_conditions(tuple(coefficients))]


@lru_cache(256)  # the same for whatever hyperparameter a bound is looked for
def _conditions(coefficients: tuple[sympy.Expr, ...]) -> tuple[sympy.Expr, ...]:
    found: list[sympy.Expr] = []
    p = list(coefficients)
    while len(p) > 1 and p[-1] == 0:
        p.pop()  # a root at zero
    while len(p) > 1:
        lead, last = p[0], p[-1]
        found += [lead - last, lead + last]
        if len(p) == 3:
            p = [lead + last, p[1]]  # both coefficients divided by lead - last, which is positive by now
        else:
            p = [lead * a - last * b for a, b in zip(p, reversed(p), strict=True)][:-1]
        p = [sympy.cancel(c) for c in p]
    return tuple(sympy.factor(sympy.cancel(value)) for value in found)


# From conditions to a bound.


def positive(expr: sympy.Expr, assumptions: Assumptions) -> bool:
    """Whether `expr` is known to be above zero."""
    factored = sympy.factor(sympy.cancel(assumptions.assume(expr)))
    if not nonnegative(factored):
        return False
    return not _perhaps_zero(factored, assumptions) or _positive_between(factored, assumptions)


def _positive_between(expr: sympy.Expr, assumptions: Assumptions) -> bool:
    """Whether `expr` is linear in a number of [0, 1), positive at 0 and not negative at 1."""
    for share in sorted((s for s in expr.free_symbols if isinstance(s, BelowOne)), key=str):
        if expr.is_polynomial(share) and sympy.degree(expr, share) == 1:
            at_zero, at_one = (sympy.factor(expr.xreplace({share: sympy.Integer(end)})) for end in (0, 1))
            if nonnegative(at_zero) and not _perhaps_zero(at_zero, assumptions) and nonnegative(at_one):
                return True
    return False


def _perhaps_zero(expr: sympy.Expr, assumptions: Assumptions) -> list[sympy.Expr]:
    """The factors of `expr` that are not known to differ from zero."""
    factors = sympy.Mul.make_args(sympy.factor(sympy.cancel(assumptions.assume(expr))))
    return [f for f in factors if not (assumptions.nonzero(f) or assumptions.nonzero(sympy.expand(-f)))]


def _coefficients(condition: sympy.Expr, x: sympy.Symbol, assumptions: Assumptions) -> list[sympy.Expr]:
    """The polynomial in `x`, lowest power first, that has the sign of `condition`."""
    above, below = sympy.fraction(sympy.together(assumptions.assume(condition)))
    x = assumptions.symbol(x.name)
    if not nonnegative(below):
        if not nonnegative(-below):
            raise UnsolvedError(f"the sign of {below} is not known")
        above = -above
    try:
        found = sympy.Poly(sympy.expand(above), x).all_coeffs()[::-1]
    except sympy.PolynomialError as error:
        raise UnsolvedError(f"{condition} is no polynomial in {x}") from error
    if any(x in c.free_symbols for c in found) or len(found) > 3:
        raise UnsolvedError(f"{condition} is no quadratic polynomial in {x}")
    return [sympy.factor(c) for c in found] + [ZERO] * (3 - len(found))


def _implies(first: list[sympy.Expr], second: list[sympy.Expr]) -> bool:
    """Whether the first condition, with positive constant term, can hold only where the second does."""
    return all(nonnegative(sympy.factor(first[0] * b - second[0] * a)) for a, b in zip(first, second, strict=True))


def _root(c: list[sympy.Expr]) -> sympy.Expr:
    """The only positive root of c0 + c1 x + c2 x**2 with c0 > 0 and c1, c2 <= 0."""
    if c[2] != 0:
        return 2 * c[0] / (-c[1] + sympy.sqrt(sympy.factor(c[1] ** 2 - 4 * c[0] * c[2])))
    above, below = sympy.fraction(sympy.factor(-c[0] / c[1]))
    # in one product, or SymPy multiplies a number into a sum
    return sympy.Mul(*_upright(sympy.factor(above)), *(1 / factor for factor in _upright(below)))


def _upright(product: sympy.Expr) -> list[sympy.Expr]:
    """The factors of `product`, with 1 - b in place of b - 1."""
    found = []
    for factor in sympy.Mul.make_args(product):
        found += [sympy.Integer(-1), sympy.expand(-factor)] if nonnegative(-factor) else [factor]
    return found


@lru_cache(256)
def solve(model: Linear, name: str) -> StabilityBound:
    """The largest value of the hyperparameter of this name, or of the curvature for "h".

    Where no sign is known otherwise, a product of two hyperparameters that is below one at their defaults, such as
    lr * weight_decay, is taken to be so. Raises UnsolvedError with the reason if the bound is not found.
    """
    try:
        return _solve(model, name, model.polynomial, model.assumptions)
    except UnsolvedError:
        for first, second in _shares(model, name):
            share = sympy.Symbol(f"({first} * {second})", real=True)
            assumptions = model.assumptions.also(**{first.name: POSITIVE, share.name: _BELOW_ONE})
            polynomial = [sympy.cancel(c.xreplace({second: share / first})) for c in model.polynomial]
            try:
                found = _solve(model, name, polynomial, assumptions)
            except UnsolvedError:
                continue
            back = {share: first * second}
            steps = tuple(
                Condition(*(v if v is None else v.xreplace(back) for v in (c.value, c.below))) for c in found.conditions
            )
            below = None if found.below is None else found.below.xreplace(back)
            assumed = (sympy.Gt(first, 0), sympy.Lt(first * second, 1), *(c.xreplace(back) for c in found.assumed))
            return StabilityBound(found.hyper, below, steps, tuple(dict.fromkeys(assumed)))
        raise


def _shares(model: Linear, name: str) -> Iterator[tuple[sympy.Symbol, sympy.Symbol]]:
    """Pairs of hyperparameters without upper bound whose product is below one at the defaults."""
    used = {s.name for s in model.matrix.free_symbols} - {name}
    open_ = [x for x in model.rule.hypers if x.name in used and model.assumptions.domains[x.name].high is None]
    for first, second in itertools.combinations(open_, 2):
        if first.value * second.value < 1:
            yield first, second


def _solve(model: Linear, name: str, polynomial: list[sympy.Expr], assumptions: Assumptions) -> StabilityBound:
    """Each condition is c0 + c1 x + c2 x**2 > 0 with c0 >= 0. Where no coefficient is negative, x > 0 is
    all that it asks for. Where c1 and c2 are not positive, it asks for x below its only positive root; of
    two such conditions one follows from the other if c0 times the other less the other's c0 times this one is
    never negative.
    """
    x = next(s for s in (*model.rule.hypers, h) if s.name == name)
    assumptions = assumptions.also(**{name: POSITIVE})
    own = {assumptions.symbol(s.name): s for s in (*model.rule.hypers, *model.frozen, h)}
    own |= {assumptions.symbol(n): sympy.Symbol(n, real=True) for n in assumptions.domains if n.startswith("(")}
    assumed = [sympy.Gt(x, 0)]
    found: list[tuple[sympy.Expr, list[sympy.Expr] | None]] = []

    def needs(values: list[sympy.Expr]) -> None:
        """One of `values`, none of which is negative, has to be positive."""
        if not any(positive(v, assumptions) for v in values):
            value = next((v for v in values if v != 0), None)
            if value is None:
                raise UnsolvedError("a root is on the unit circle whatever the hyperparameters are")
            assumed.extend(sympy.Ne(factor.xreplace(own), 0) for factor in _perhaps_zero(value, assumptions))

    for value in conditions(polynomial):
        c = _coefficients(value, x, assumptions)
        if all(nonnegative(k) for k in c):
            needs(c)
            found.append((value, None))
        elif nonnegative(c[0]) and all(nonnegative(-k) for k in c[1:]):
            needs(c[:1])
            found.append((value, c))
        else:
            raise UnsolvedError(f"the sign of {value} is not known")
    binding = [c for _, c in found if c is not None]
    for c in list(binding):
        if any(other is not c and _implies(other, c) for other in binding):
            binding = [other for other in binding if other is not c]
    for c in binding:
        needs([-k for k in c[1:]])  # or it is no boundary
    below = sympy.Min(*(_root(c) for c in binding)).xreplace(own) if binding else None
    steps = tuple(Condition(value, None if c is None else _root(c).xreplace(own)) for value, c in found)
    return StabilityBound(x, below, steps, tuple(dict.fromkeys(assumed)))
