"""Statements about schedules: where they start and end, and whether their sums converge.

What a series does is settled by its tail: `eventually` follows maxima, minima and comparisons to the
branch that holds from some step on. Then the first of the `SERIES` tactics that applies decides. Each
returns whether the series converges and what shows it; None means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from codegen import domain
from codegen.claims.schedules import EndsAt, RobbinsMonro, ScheduleClaim, StartsAt
from codegen.prove.base import ONE, ZERO, Speller, domains_of, prove_claim, substitute
from codegen.prove.pacing import Shape
from codegen.result import PROVED, REFUTED, UNDECIDED, Line, Result
from codegen.spec import Schedule
from codegen.tactics import BelowOne, Facts, Verdict, decide, nonnegative

Shown = tuple[bool, str]  # whether the series converges, and why

_NOT_SMOOTH = (sympy.floor, sympy.Mod, sympy.Max, sympy.Min, sympy.Piecewise, sympy.Abs, sympy.sign)


@prove_claim.register
def _(claim: StartsAt, schedule: Schedule) -> Iterator[Result]:
    first = substitute(schedule.value, {"t": ONE})
    yield _equal(claim, schedule, first, claim.value, f"a[1] = {Speller(schedule)(claim.value)}", Facts.of(schedule))


@prove_claim.register
def _(claim: EndsAt, schedule: Schedule) -> Iterator[Result]:
    """The steps from `at` on are `at + k` with whole k >= 0."""
    facts, spell = Facts.of(schedule).also(k=domain.parse("integer >= 0")), Speller(schedule)
    later = substitute(schedule.value, {"t": claim.at + sympy.Symbol("k", real=True)})
    statement = f"a[t] = {spell(claim.value)} for t >= {spell(claim.at)}"
    yield _equal(claim, schedule, later, claim.value, statement, facts)


def _equal(
    claim: ScheduleClaim, schedule: Schedule, left: sympy.Expr, right: sympy.Expr, statement: str, facts: Facts
) -> Result:
    verdict = decide(left, right, facts)
    if verdict.status == UNDECIDED and Shape(facts).least_is(facts.assume(left), facts.assume(right)):
        verdict = Verdict(PROVED, "structure, linear inequalities")
    assumptions = domains_of(schedule, left, right)
    return Result(
        "", claim.label, verdict.status, statement, verdict.method, assumptions, verdict.point, verdict.reason
    )


@prove_claim.register
def _(claim: RobbinsMonro, schedule: Schedule) -> Iterator[Result]:
    """Two results: one for the sum, one for the sum of squares."""
    narrowed = {h.name: domain.parse(text) for h, text in claim.domains.items()}
    facts, spell = Facts.of(schedule).also(**narrowed), Speller(schedule)
    t = facts.symbol("t")
    tail, since = eventually(facts.assume(schedule.value.xreplace(dict(claim.at))), t)
    after = f" for t > {' and '.join(map(spell, since))}" if since else ""
    used = {symbol.name for symbol in schedule.value.free_symbols}
    fixed = [f"{h} = {v}" for h, v in claim.at.items()]
    domains = {h.name: facts.domains[h.name].condition(h.name) for h in schedule.hypers if h not in claim.at}
    assumptions = (*fixed, *(text for name, text in domains.items() if name in used), "real arithmetic")
    for term, name, converges in ((tail, "a[t]", not claim.diverges), (tail**2, "a[t]**2", claim.square_summable)):
        verb = "converges" if converges else "diverges"
        label = f"sum of {name} {verb}{claim.where}"
        statement = f"sum({name}, t=1..oo) {verb}{claim.where}"
        lines = (Line(f"a[t] = {spell(tail)}{after}", "what holds in the end; finitely many terms change nothing"),)
        yield _judged(label, statement, converges, decide_series(term, t, facts, spell), assumptions, lines)


def _judged(
    label: str,
    statement: str,
    converges: bool,
    found: tuple[str, Shown] | None,
    assumptions: tuple[str, ...],
    lines: tuple[Line, ...],
) -> Result:
    tail = lines[0].text
    if found is None:
        reason = f"no tactic ({', '.join(SERIES)}) decides the series of {tail}"
        return Result("", label, UNDECIDED, statement, reason=reason, derivation=lines)
    tactic, (does, why) = found
    lines += (Line(why, tactic),)
    if does is converges:
        return Result("", label, PROVED, f"{statement}: {why}", tactic, assumptions, derivation=lines)
    shown = {"tail": tail, "fact": f"it {'converges' if does else 'diverges'}: {why}"}
    return Result("", label, REFUTED, statement, tactic, assumptions, shown, derivation=lines)


def decide_series(
    term: sympy.Expr, t: sympy.Symbol, facts: Facts, spell: Callable[[sympy.Expr], str]
) -> tuple[str, Shown] | None:
    """The tactic that decides the series of `term`, over assumed symbols, and what it found."""
    for name, tactic in SERIES.items():
        if found := tactic(term, t, facts, spell):
            return name, found
    return None


# What holds from some step on.


def eventually(expr: sympy.Expr, t: sympy.Symbol) -> tuple[sympy.Expr, list[sympy.Expr]]:
    """What `expr` is for large `t`, and the numbers that `t` has to exceed for that."""
    since: list[sympy.Expr] = []
    return _follow(expr, t, since), since


def _follow(expr: sympy.Basic, t: sympy.Symbol, since: list[sympy.Expr]) -> sympy.Basic:
    if expr == t or t not in expr.free_symbols:
        return expr
    if isinstance(expr, sympy.Piecewise):
        for value, condition in expr.args:
            holds = _follow(condition, t, since)
            if holds == sympy.true:
                return _follow(value, t, since)
            if holds != sympy.false:
                return expr
    arguments = [_follow(argument, t, since) for argument in expr.args]
    if isinstance(expr, sympy.Max | sympy.Min):
        best, *others = arguments
        for other in others:
            sign = _final_sign(best - other, t, since)
            if sign is None:
                return expr.func(*arguments)
            best = best if (sign > 0) == isinstance(expr, sympy.Max) else other
        return best
    if isinstance(expr, Relational):
        sign = _final_sign(arguments[0] - arguments[1], t, since)
        return expr if sign is None else expr.func(sign, 0)
    return expr.func(*arguments)


def _final_sign(difference: sympy.Expr, t: sympy.Symbol, since: list[sympy.Expr]) -> int | None:
    """The sign, for large `t`, of something linear in `t`, or of something without it; never zero."""
    slope = sympy.expand(sympy.diff(difference, t))
    if t in slope.free_symbols:
        return None
    deciding = slope if slope != 0 else difference
    sign = 1 if deciding.is_positive else -1 if deciding.is_negative else None
    if sign is not None and slope != 0:
        start = sympy.expand(t - difference / slope)
        since.extend([start] if start not in since else [])
    return sign


# Series with terms that are positive in the end.


def _finite_sum(term: sympy.Expr, t: sympy.Symbol, facts: Facts, spell: Callable) -> Shown | None:
    return (True, "all further terms are 0") if sympy.expand(term) == 0 else None


def _bounded_below(term: sympy.Expr, t: sympy.Symbol, facts: Facts, spell: Callable) -> Shown | None:
    """Terms that are a positive constant, or that and something non-negative."""
    constant, rest = sympy.expand(term).as_independent(t, as_Add=True)
    if not (constant.is_positive and nonnegative(rest)):
        return None
    return False, f"all further terms are {'' if rest == 0 else 'at least '}{spell(constant)} > 0"


def _recurrence(term: sympy.Expr, t: sympy.Symbol, facts: Facts, spell: Callable) -> Shown | None:
    """A value that comes back every `period` steps: where t - start is a multiple of it."""
    for node in sorted(term.atoms(sympy.Mod), key=sympy.default_sort_key):
        phase, period = node.args
        start = sympy.expand(t - phase)
        value = term.xreplace({node: ZERO})
        repeats = period.is_integer and period.is_positive and start.is_integer
        if repeats and t not in (start.free_symbols | period.free_symbols | value.free_symbols) and value.is_positive:
            return (
                False,
                f"the term of t = {spell(start)} + k * {spell(period)} is {spell(value)} > 0 for every whole k",
            )
    return None


def _limit_comparison(term: sympy.Expr, t: sympy.Symbol, facts: Facts, spell: Callable) -> Shown | None:
    """Compare with t**-p, where p is the limit of -t * a'(t) / a(t), if the quotient has a limit above 0."""
    if term.has(*_NOT_SMOOTH) or t not in term.free_symbols:
        return None
    x = sympy.Dummy("x", positive=True)
    smooth = term.xreplace({t: x})
    p = _limit(sympy.simplify(-x * sympy.diff(smooth, x) / smooth), x)
    if p is None or not p.is_finite:
        return None
    quotient = _limit(sympy.simplify(smooth * x**p), x)
    if quotient is None or not (quotient.is_positive and quotient.is_finite):
        return None
    converges = _above_one(p, facts)
    if converges is None:
        return None
    side = "> 1" if converges else "<= 1"
    return converges, f"the terms times t**p tend to {spell(quotient)} > 0 for p = {spell(p)} {side}"


def _ratio(term: sympy.Expr, t: sympy.Symbol, facts: Facts, spell: Callable) -> Shown | None:
    """The quotient of terms that are some steps apart tends to a number below one."""
    term = term.replace(sympy.floor, lambda argument: sympy.floor(sympy.expand(argument)))
    lags = [ONE, *sorted({1 / sympy.diff(f.args[0], t) for f in term.atoms(sympy.floor)}, key=sympy.default_sort_key)]
    for lag in lags:
        if not (lag.is_integer and lag.is_positive):
            continue
        moved = term.xreplace({t: t + lag})
        moved = moved.replace(sympy.floor, lambda argument: sympy.floor(sympy.expand(argument)))
        ratio = sympy.powsimp(sympy.expand_power_exp(moved) / sympy.expand_power_exp(term))
        ratio = sympy.cancel(ratio)
        if ratio.has(*_NOT_SMOOTH):
            continue
        limit = _limit(ratio, t) if t in ratio.free_symbols else ratio
        if limit is not None and _below_one(limit):
            apart = "" if lag == 1 else f" {spell(lag)} steps apart"
            return True, f"the quotient of terms{apart or ' that follow each other'} tends to {spell(limit)} < 1"
    return None


SERIES: dict[str, Callable[..., Shown | None]] = {
    "finite sum": _finite_sum,
    "positive lower bound": _bounded_below,
    "recurring value": _recurrence,
    "limit comparison with a p-series": _limit_comparison,
    "ratio test": _ratio,
}


def _limit(expr: sympy.Expr, x: sympy.Symbol) -> sympy.Expr | None:
    # SymPy cannot assume b < 1, but it knows that exp(-c) is below one for a positive c
    below = {b: sympy.Dummy(positive=True) for b in expr.free_symbols if isinstance(b, BelowOne) and b.is_positive}
    try:
        found = sympy.limit(expr.xreplace({b: sympy.exp(-c) for b, c in below.items()}), x, sympy.oo)
    except (NotImplementedError, ValueError):
        return None
    if isinstance(found, sympy.Limit | sympy.AccumBounds) or x in found.free_symbols:
        return None
    return sympy.powsimp(sympy.expand_power_exp(found.xreplace({c: -sympy.log(b) for b, c in below.items()})))


def _above_one(p: sympy.Expr, facts: Facts) -> bool | None:
    """Whether `p`, a number or a positive multiple of a hyperparameter, exceeds one; None if it depends."""
    if p.is_Rational:
        return bool(p > 1)
    factor, symbol = p.as_coeff_Mul()
    if not (symbol.is_Symbol and factor.is_Rational and factor > 0):
        return None
    found, edge = facts.domains[symbol.name], 1 / Fraction(factor.p, factor.q)
    if found.low is not None and (found.low > edge or (found.low == edge and not found.low_closed)):
        return True
    return False if found.high is not None and found.high <= edge else None


def _below_one(value: sympy.Expr) -> bool:
    """Whether `value` is a product of numbers of [0, 1) and positive powers of them."""
    powers = (factor.as_base_exp() for factor in sympy.Mul.make_args(value))
    return all(
        exponent.is_positive and (isinstance(base, BelowOne) or (base.is_Rational and 0 <= base < 1))
        for base, exponent in powers
    )
