"""Figures, by enclosures: the steps of a factor one by one, and all later ones at once; one run, step by step."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import sympy

from codegen import exact
from codegen.assumptions import Assumptions
from codegen.claims.figures import Ends, Transient
from codegen.domain import exact as decimal
from codegen.enclosure import Enclosure, Number, UndecidableError, UndefinedError, certainly_less
from codegen.prove.base import prove_claim
from codegen.result import PROVED, REFUTED, UNDECIDED, Result
from codegen.spec import PARAMETER, STEP, Hyper, Optimizer
from codegen.statement.figures import EndsNear, Passes, Rounded

_MOST_STEPS = 20_000
_EXACT_STEPS = 64  # powers are fractions up to there
_INVERSE = sympy.Symbol("1/t", positive=True)

Found = dict[str, str]


class _BrokenError(Exception):
    """A step at which what is claimed does not hold."""

    def __init__(self, found: Found) -> None:
        super().__init__()
        self.found = found


@prove_claim.register
def _(claim: Transient, rule: Optimizer) -> Iterator[Result]:
    used = sorted((s for s in claim.value.free_symbols if isinstance(s, Hyper)), key=str)
    at = {h: _rational(decimal(str(h.default))) for h in used}
    assumed = Assumptions(rule, at=at)
    (peak, most), (bound, since) = claim.peak, claim.below
    passes = Passes(claim.value, Rounded(claim.first), peak, Rounded(most), decimal(bound), since)
    statement = assumed.statement(passes)
    told = {h.name: str(v) for h, v in at.items()}
    try:
        method = _passes(passes, {h.name: Fraction(v.p, v.q) for h, v in at.items()})
    except _BrokenError as error:
        found = {**error.found, **told}
        yield Result("", claim.label, REFUTED, statement, "evaluation at a step", counterexample=found)
    except (UndecidableError, UndefinedError) as error:
        yield Result("", claim.label, UNDECIDED, statement, reason=str(error))
    else:
        yield Result("", claim.label, PROVED, statement, method)


def _passes(said: Passes, given: Mapping[str, Fraction]) -> str:
    """How it is proved. Raises what a step shows, or what an enclosure cannot tell."""
    if said.since > _MOST_STEPS:
        raise UndecidableError(f"the steps up to {said.since} are more than {_MOST_STEPS}")
    of, wide = exact.function(said.value), {name: enclosed(value) for name, value in given.items()}

    def at(t: int) -> Number:
        return of({**(given if t < _EXACT_STEPS else wide), STEP: Fraction(t)})

    top = at(said.peak)
    for t, found, wanted in ((1, at(1), said.first), (said.peak, top, said.most)):
        if certainly_less(found, wanted.low) or certainly_less(wanted.high, found):
            raise _BrokenError({"t": str(t), "value": exact.decimal(found), "claimed": wanted.text})
        _sure(wanted.low <= found <= wanted.high)
    for t in range(1, said.since):
        _at_step(said, t, at(t), top)
    last = _last_by_itself(said, given, at)
    for t in range(said.since, last):
        _at_step(said, t, at(t), top)
    return f"enclosures of the steps up to {last - 1}, and of all from {last} on"


def _at_step(said: Passes, t: int, found: Number, top: Number) -> None:
    """The value at one step is no larger than the `top`, and on its side of the bound."""
    shown = {"t": str(t), "value": exact.decimal(found)}
    if t != said.peak and certainly_less(top, found):
        raise _BrokenError({**shown, f"value at t = {said.peak}": exact.decimal(top)})
    if (found < said.bound) != (t >= said.since):  # raises where it cannot be told
        raise _BrokenError({**shown, "bound": str(said.bound)})
    _sure(t == said.peak or found <= top)


def _sure(holds: bool) -> None:
    if not holds:
        raise UndecidableError("an enclosure is too wide")


def _last_by_itself(said: Passes, given: Mapping[str, Fraction], at: Callable[[int], Number]) -> int:
    """The first step from which on an enclosure of all later ones shows that they are below bound and peak.

    Where nothing shows it, some late steps may refute it.
    """
    value = said.value.xreplace({s: _rational(given[s.name]) for s in said.value.free_symbols if s.name in given})
    step = said.since
    while step <= _MOST_STEPS:
        try:
            if certainly_less(_from(value, step), min(said.bound, said.most.low)):
                return step
        except (UndecidableError, UndefinedError):
            pass
        step *= 2
    for t in (*range(said.since, said.since + 50), *(k * said.since for k in (2, 10, 1000))):
        found = at(t)
        if not found < said.bound:
            raise _BrokenError({"t": str(t), "value": exact.decimal(found), "bound": str(said.bound)})
    raise UndecidableError("no enclosure of all late steps shows that they stay below the bound")


def _from(value: sympy.Expr, first: int) -> Number:
    """All that `value` can be from the step `first` on: powers that fall with t lie between 0 and what they are there.

    So does 1 / t. What depends on t in another way cannot be enclosed.
    """
    ranges: dict[sympy.Symbol, Number] = {_INVERSE: _up_to(Fraction(1, first))}
    named = {}
    for place, power in enumerate(sorted(value.atoms(sympy.Pow), key=sympy.default_sort_key)):
        t = next((s for s in power.exp.free_symbols if s.name == STEP), None)
        slope = sympy.diff(power.exp, t) if t is not None else None
        if slope is None or not power.base.is_Rational or not slope.is_Rational:
            continue
        if power.base > 0 and (power.base - 1) * slope < 0:
            symbol = sympy.Symbol(f"power {place}", nonnegative=True)
            named[power] = symbol
            ranges[symbol] = _up_to(exact.evaluate(power, {STEP: Fraction(first)}))
    over = value.xreplace(named)
    over = over.xreplace({s: 1 / _INVERSE for s in over.free_symbols if s.name == STEP})
    return exact.evaluate(over, {s.name: r for s, r in ranges.items()})


def _up_to(value: Number) -> Enclosure:
    """The numbers from 0 to `value`."""
    return Enclosure((Enclosure.of(Fraction(0)).ends[0], Enclosure.of(value).ends[1]))


def enclosed(value: Number) -> Number:
    """A fraction as an enclosure of few bits, which a long run needs; one that has no more bits as it is."""
    short = isinstance(value, Fraction) and value.denominator & (value.denominator - 1) == 0
    return value if short else Enclosure.of(value)


def _rational(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


# One run.


@prove_claim.register
def _(claim: Ends, rule: Optimizer) -> Iterator[Result]:
    assumed = Assumptions(rule, at=claim.at)
    gradients, start, within = _numbers(claim)
    near = Rounded(claim.near)
    statement = assumed.statement(EndsNear(near, claim.steps, gradients, start, within))
    if claim.steps > _MOST_STEPS:
        yield Result("", claim.label, UNDECIDED, statement, reason=f"more than {_MOST_STEPS} steps")
        return
    try:
        w = _end(rule, claim.at, claim.steps, gradients, start, within)
        if certainly_less(w, near.low) or certainly_less(near.high, w):
            found = {f"w[{claim.steps}]": exact.decimal(w), "claimed": near.text}
            yield Result("", claim.label, REFUTED, statement, "the run", counterexample=found)
            return
        _sure(near.low <= w <= near.high)
    except (UndecidableError, UndefinedError) as error:
        yield Result("", claim.label, UNDECIDED, statement, reason=str(error))
        return
    yield Result("", claim.label, PROVED, statement, "the run in enclosures")


def _numbers(claim: Ends) -> tuple[tuple[Fraction, ...], Fraction, tuple[Fraction, Fraction] | None]:
    gradients = tuple(Fraction(g.p, g.q) for g in claim.gradients)
    within = tuple(Fraction(end.p, end.q) for end in claim.within) if claim.within else None
    return gradients, Fraction(claim.start.p, claim.start.q), within


def _end(
    rule: Optimizer,
    at: Mapping[Hyper, sympy.Expr],
    steps: int,
    gradients: tuple[Fraction, ...],
    start: Fraction,
    within: tuple[Fraction, Fraction] | None,
) -> Number:
    """Where the run ends. The projection is a part of the last step."""
    hypers = {h.name: exact.function(value) for h, value in at.items()}

    def hyper(t: int) -> Mapping[str, Number]:
        return {name: enclosed(value({STEP: Fraction(t)})) for name, value in hypers.items()}

    if within:
        low, high = map(_rational, within)
        last = next(step for step in reversed(rule.steps) if step.target.name == f"{PARAMETER}_new")
        kept = replace(last, value=sympy.Max(low, sympy.Min(high, last.value)))
        rule = replace(rule, steps=tuple(kept if step is last else step for step in rule.steps), claims=())
    trace = exact.run(rule, tuple(itertools.islice(itertools.cycle(gradients), steps)), hyper, w=start)
    return trace[-1][PARAMETER]
