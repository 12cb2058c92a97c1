"""Figures, by enclosures: a factor step by step, and all later steps at once; one run, to its end or for ever."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import sympy

from ..algebra import exact
from ..analysis.derive import inlined
from ..analysis.premises import Premises
from ..analysis.proof import prove_claim
from ..claims.figures import Ends, Periods, Transient
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.domain import Domain
from ..spec.enclosure import Enclosure, Number, UndecidableError, UndefinedError, certainly_less
from ..spec.rules import Optimizer, Step
from ..spec.symbols import PARAMETER, STEP, Array, Hyper
from ..statement.figures import EachPeriod, EndsNear, Passes, Rounded

_MOST_STEPS = 20_000
_EXACT_STEPS = 64  # powers are fractions up to there
_PERIODS = 20  # of a run that are looked at one by one
_ROOM = Fraction(1, 2**40)
_INVERSE = sympy.Symbol("1/t", positive=True)

Found = dict[str, str]


class _BrokenError(Exception):
    """A step at which what is claimed does not hold."""

    def __init__(self, found: Found) -> None:
        super().__init__()
        self.found = found


@prove_claim.register
def _(claim: Transient, rule: Optimizer) -> Iterator[Result]:
    names = {s.name for s in claim.value.free_symbols}
    at = {h: sympy.Rational(h.value) for h in rule.hypers if h.name in names}
    assumed = Premises(rule, at=at)
    (peak, most), (bound, since) = claim.peak, claim.below
    passes = Passes(claim.value, Rounded(claim.first), peak, Rounded(most), bound, since)
    statement = assumed.statement(passes)
    told = {h.name: str(v) for h, v in at.items()}
    try:
        method = _passes(passes, {h.name: Fraction(v) for h, v in at.items()})
    except _BrokenError as error:
        found = {**error.found, **told}
        yield Outcome(REFUTED, "evaluation at a step", counterexample=found).of(claim.label, statement)
    except (UndecidableError, UndefinedError) as error:
        yield Outcome(UNDECIDED, reason=str(error)).of(claim.label, statement)
    else:
        yield Outcome(PROVED, method).of(claim.label, statement)


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


def _sure(holds: bool, reason: str = "an enclosure is too wide") -> None:
    if not holds:
        raise UndecidableError(reason)


def _last_by_itself(said: Passes, given: Mapping[str, Fraction], at: Callable[[int], Number]) -> int:
    """The first step from which on an enclosure of all later ones shows that they are below bound and peak.

    Where nothing shows it, some late steps may refute it.
    """
    value = said.value.xreplace({s: sympy.Rational(given[s.name]) for s in said.value.free_symbols if s.name in given})
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
    """All that `value` can be from the step `first` on."""
    over, ranges = _late(value, first)
    return exact.evaluate(over, ranges)


def _late(value: sympy.Expr, first: int) -> tuple[sympy.Expr, dict[str, Number]]:
    """`value` over symbols for what depends on t, and what these can be from the step `first` on.

    Powers that fall with t lie between 0 and what they are there. So does 1 / t. What depends on t in another way
    cannot be enclosed.
    """
    ranges: dict[str, Number] = {_INVERSE.name: _up_to(Fraction(1, first))}
    named = {}
    for power in value.atoms(sympy.Pow):
        if not power.base.is_Rational or [s.name for s in power.exp.free_symbols] != [STEP]:
            continue
        slope = sympy.diff(power.exp, *power.exp.free_symbols)
        if slope.is_Rational and power.base > 0 and (power.base - 1) * slope < 0:
            named[power] = sympy.Symbol(f"({power})", nonnegative=True)
            ranges[named[power].name] = _up_to(exact.evaluate(power, {STEP: Fraction(first)}))
    over = value.xreplace(named)
    return over.xreplace({s: 1 / _INVERSE for s in over.free_symbols if s.name == STEP}), ranges


def _up_to(value: Number) -> Enclosure:
    """The numbers from 0 to `value`."""
    return Enclosure((Enclosure.of(Fraction(0)).ends[0], Enclosure.of(value).ends[1]))


def _inside(value: Number, allowed: Domain) -> bool:
    """Whether a number is certainly in a domain."""
    if isinstance(value, Fraction):
        return value in allowed
    above = allowed.low is None or certainly_less(allowed.low, value)
    return above and (allowed.high is None or certainly_less(value, allowed.high)) and not allowed.integer


def enclosed(value: Number) -> Number:
    """A fraction as an enclosure of few bits, which a long run needs; one that has no more bits as it is."""
    short = isinstance(value, Fraction) and value.denominator & (value.denominator - 1) == 0
    return value if short else Enclosure.of(value)


# One run.


@prove_claim.register
def _(claim: Ends, rule: Optimizer) -> Iterator[Result]:
    assumed = Premises(rule, at=claim.at)
    start, gradients, near = Fraction(claim.start), tuple(map(Fraction, claim.gradients)), Rounded(claim.near)
    within = (Fraction(claim.within[0]), Fraction(claim.within[1])) if claim.within else None
    statement = assumed.statement(EndsNear(near, claim.steps, gradients, start, within))
    if claim.steps > _MOST_STEPS:
        yield Outcome(UNDECIDED, reason=f"more than {_MOST_STEPS} steps").of(claim.label, statement)
        return
    try:
        w = _run(_kept_in(claim.within, rule), claim.at, claim.steps, gradients, start)[-1][PARAMETER]
        if certainly_less(w, near.low) or certainly_less(near.high, w):
            found = {f"w[{claim.steps}]": exact.decimal(w), "claimed": near.text}
            yield Outcome(REFUTED, "the run", counterexample=found).of(claim.label, statement)
            return
        _sure(near.low <= w <= near.high)
    except (UndecidableError, UndefinedError) as error:
        yield Outcome(UNDECIDED, reason=str(error)).of(claim.label, statement)
        return
    yield Outcome(PROVED, "the run in enclosures").of(claim.label, statement)


def _kept_in(within: Sequence[sympy.Rational] | None, rule: Optimizer) -> Optimizer:
    """The rule with the projection as its last step."""
    if within is None:
        return rule
    low, high = within
    free = Array(f"{PARAMETER} that is not kept yet")  # what later steps make of the new w is made of this one
    moved = next(step.target for step in rule.steps if step.target.name == f"{PARAMETER}_new")
    steps = [
        replace(step, target=free if step.target == moved else step.target, value=step.value.xreplace({moved: free}))
        for step in rule.steps
    ]
    return replace(rule, steps=(*steps, Step(moved, sympy.Max(low, sympy.Min(high, free)))), claims=())


def _run(
    rule: Optimizer, at: Mapping[Hyper, sympy.Expr], steps: int, gradients: tuple[Fraction, ...], start: Fraction
) -> list[exact.Row]:
    """The values after each step."""
    hypers = {h.name: exact.function(value) for h, value in at.items()}

    def hyper(t: int) -> Mapping[str, Number]:
        found = {name: value({STEP: Fraction(t)}) for name, value in hypers.items()}
        for h in rule.hypers:
            _sure(_inside(found[h.name], h.allowed), f"{h} is not in its domain at t = {t}")
        return {name: enclosed(value) for name, value in found.items()}

    return exact.run(rule, tuple(itertools.islice(itertools.cycle(gradients), steps)), hyper, w=start)


# One run for ever.


@prove_claim.register
def _(claim: Periods, rule: Optimizer) -> Iterator[Result]:
    """The first periods one by one; then states that a period leads back into, and what it does from all of them."""
    assumed = Premises(rule, at=claim.at)
    gradients = tuple(map(Fraction, claim.gradients))
    statement, size = assumed.statement(EachPeriod(gradients, claim.up)), len(gradients)

    def wrong_way(moved: Number) -> bool:
        """Whether a move is none in the direction that is claimed. Raises where an enclosure cannot tell."""
        return not (moved > 0 if claim.up else moved < 0)

    try:
        trace = _run(rule, claim.at, _PERIODS * size, gradients, Fraction(0))
        places = [Fraction(0), *(row[PARAMETER] for row in trace[size - 1 :: size])]
        for number, (one, two) in enumerate(itertools.pairwise(places), start=1):
            if wrong_way(two - one):
                at = {f"w[{(number + k) * size}]": exact.decimal(w) for k, w in ((-1, one), (0, two))}
                yield Outcome(REFUTED, "the run", counterexample=at).of(claim.label, statement)
                return
        moved = _later_period(rule, claim.at, gradients, {s.name: trace[-1][s.name] for s in rule.state})
        _sure(not wrong_way(moved), f"a later period may move w by {moved}")
    except (UndecidableError, UndefinedError) as error:
        yield Outcome(UNDECIDED, reason=str(error)).of(claim.label, statement)
        return
    method = f"the first {_PERIODS} periods in enclosures, and all later ones from states that they do not leave"
    yield Outcome(PROVED, method).of(claim.label, statement)


def _later_period(
    rule: Optimizer, at: Mapping[Hyper, sympy.Expr], gradients: tuple[Fraction, ...], states: Mapping[str, Number]
) -> Number:
    """All that a period can move `w` by after those in which the states have become `states`.

    A box around the states that a period leads into itself holds them after all later periods. That is said of no
    particular `w`, on which nothing may depend.
    """
    first, steps, ranges = _PERIODS * len(gradients) + 1, [], {}
    for h, value in at.items():
        ranges[h.name] = _from(value, first)
        _sure(_inside(ranges[h.name], h.allowed), f"late, {h} may leave its domain")
    for step in rule.steps:
        value, known = _late(step.value.xreplace(dict(at)), first)
        steps.append(replace(step, value=value))
        ranges |= known
    if any(PARAMETER in {s.name for s in value.free_symbols} for value in rule.state.values()):
        raise UndecidableError("a state starts from w")
    for target, value in inlined(rule).items():  # what is made of the new w depends on w, too
        moved = value - target.of if target.name == f"{PARAMETER}_new" else value
        if PARAMETER in {s.name for s in sympy.expand(moved).free_symbols}:
            raise UndecidableError("a step depends on w")
    later = replace(rule, steps=tuple(steps), claims=())
    for room in (_ROOM, 1024 * _ROOM, 1024**2 * _ROOM):
        box = {name: _around(value, room) for name, value in states.items()}
        end = exact.run(later, gradients, lambda t: ranges, w=Fraction(0), state=box)[-1]
        if all(_covers(box[name], end[name]) for name in box):
            return end[PARAMETER]
    raise UndecidableError("no states were found that a period does not leave")


def _around(value: Number, room: Fraction) -> Enclosure:
    low, high = _ends(value)
    return Enclosure((Enclosure.of(low - room).ends[0], Enclosure.of(high + room).ends[1]))


def _covers(outer: Enclosure, inner: Number) -> bool:
    low, high = _ends(inner)
    return outer.low <= low and high <= outer.high


def _ends(value: Number) -> tuple[Fraction, Fraction]:
    if isinstance(value, float):
        raise UndecidableError("a value is infinite")
    return (value, value) if isinstance(value, Fraction) else (value.low, value.high)
