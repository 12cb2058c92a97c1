"""Runs that a statement ranges over, chosen to break it: ends of domains, changing hyperparameters, zeros, ties, signs.

Nothing here knows how a statement was proved. A run that leaves what the statement assumes is left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

import sympy

from ..algebra import exact
from ..spec.domain import Domain
from ..spec.enclosure import Enclosure, UndecidableError, UndefinedError
from ..statement import Gradients, Runs, Start, Steps

_MOST_CHOICES = 5000
STEPS = 4  # of runs with ordinary hyperparameters; others have one less
MANY = 9  # of a few: what changes late
_HALF = Fraction(1, 2)

#: Gradients of the first steps; the last one goes on. Zeros, one sign, the other, ties, large beside small.
_PATTERNS: tuple[tuple[Fraction, ...], ...] = tuple(
    tuple(Fraction(g) for g in pattern)
    for pattern in (
        ("1", "-2", "3", "1/2"),
        ("0", "0", "1", "0"),
        ("-1", "-2", "-1/3", "-3"),
        ("1", "1", "1", "1"),
        ("100", "1/100", "-100", "0"),
        ("-1/2", "2", "0", "-7"),
    )
)
_STARTS = (Fraction(1), Fraction(0), Fraction(-3), Fraction(10))


@dataclass(frozen=True)
class Setting:
    """One run: hyperparameters at each step, gradients, where `w` and the states start, from which step."""

    hyper: Callable[[int], Mapping[str, Fraction]] = field(repr=False)
    gradients: tuple[Fraction, ...]
    w: Fraction = Fraction(1)
    state: Mapping[str, Fraction] | None = None
    noise: tuple[Fraction | Enclosure, ...] = ()

    def shown(self, t: int) -> dict[str, str]:
        """What a contradiction says of the run."""
        names = sorted(self.hyper(1))
        values = {name: [self.hyper(k)[name] for k in range(1, t + 1)] for name in names}
        found = {name: ", ".join(map(str, of if len(set(of)) > 1 else of[:1])) for name, of in values.items()}
        start = {f"{name}[0]": str(value) for name, value in (self.state or {}).items()}
        return {
            "t": str(t),
            "gradients": ", ".join(map(str, self.gradients[:t])),
            "w[0]": str(self.w),
            **found,
            **start,
        }


@lru_cache(256)
def values_in(allowed: Domain) -> tuple[Fraction, ...]:
    """Numbers of a domain, the most ordinary first, its closed ends and what lies close to the open ones among them."""
    low, high = allowed.low, allowed.high
    if allowed.integer:
        first = int(low) if low is not None else -2
        found = [Fraction(first + k) for k in (1, 0, 2, 5)]
    elif low is not None and high is not None:
        found = [
            low + (high - low) * share for share in (_HALF, Fraction(0), Fraction(9, 10), Fraction(1), Fraction(1, 50))
        ]
        found.append(low + (high - low) * Fraction(999, 1000))
    elif low is not None:
        found = [low + Fraction(v) for v in ("1/2", "0", "2", "1/100", "10")]
    elif high is not None:
        found = [high - Fraction(v) for v in ("1/2", "0", "2", "1/100")]
    else:
        found = [Fraction(v) for v in ("1/2", "-1", "0", "3")]
    inside = tuple(dict.fromkeys(v for v in found if v in allowed))
    return inside or tuple(end for end in (low, high) if end is not None)[:1]


def hypers(runs: Runs, extra: Sequence[str] = ()) -> Iterator[Callable[[int], Mapping[str, Fraction]]]:
    """Hyperparameters, and symbols that a relation brings, at each step: ordinary ones, then ends, one at a time."""
    names = [h.name for h in runs.rule.hypers if h.name not in runs.fixed] + [n for n, _ in runs.domains]
    names = list(dict.fromkeys([*names, *extra]))
    options = {name: values_in(runs.domain_of(name) or Domain()) for name in names}
    bound = {*runs.constant, *(n for n, _ in runs.domains), *extra} - {h.name for h in runs.rule.hypers}
    still = {*runs.constant, *bound}

    def at(pick: Mapping[str, Sequence[Fraction]]) -> Callable[[int], Mapping[str, Fraction]]:
        @lru_cache(64)
        def found(t: int) -> Mapping[str, Fraction]:
            values = {name: of[0] if name in still else of[(t - 1) % len(of)] for name, of in pick.items()}
            return values | {name: exact.evaluate(v, values) for name, v in runs.at}

        return found

    def strided(offset: int) -> dict[str, Sequence[Fraction]]:
        # another stride for each name, so that no relation between them holds at every step
        return {
            name: [of[(offset + place + k * (place % 2 + 1)) % len(of)] for k in range(len(of))]
            for place, (name, of) in enumerate(options.items())
        }

    yield at({name: of[:1] for name, of in options.items()})
    yield at(strided(0))
    for name, of in options.items():
        for value in of[1:]:
            yield at({other: [value] if other == name else values[:1] for other, values in options.items()})
    yield at({name: [min(of)] for name, of in options.items()})
    yield at({name: [max(of)] for name, of in options.items()})
    yield at(strided(1))
    yield at(strided(3))


def choices(runs: Runs, conditions: Sequence[sympy.Basic]) -> Iterator[bool]:
    """Whether hyperparameters of many sizes meet all `conditions` on them, choice by choice.

    A hyperparameter that is said to be equal to something is given that value. An equation that does not say it in
    this way is taken to hold for some.
    """
    fixed = dict(runs.at)
    given = {c.lhs.name: c.rhs for c in conditions if isinstance(c, sympy.Eq) and isinstance(c.lhs, sympy.Symbol)}
    if any(isinstance(c, sympy.Eq) and not isinstance(c.lhs, sympy.Symbol) for c in conditions):
        yield True
        return
    names = sorted({s.name for c in conditions for s in c.free_symbols} - {*given, *fixed})
    domains = {name: runs.domain_of(name) or Domain() for name in {*names, *given}}
    options = [_of_all_sizes(domains[name]) for name in names]
    for picked in itertools.islice(itertools.product(*options), _MOST_CHOICES):
        values = dict(zip(names, picked, strict=True))
        try:
            values |= {name: exact.evaluate(value, values) for name, value in fixed.items()}
            values |= {name: exact.evaluate(value, values) for name, value in given.items()}
            inside = all(not isinstance(values[n], Fraction) or values[n] in domains[n] for n in given)
            yield inside and all(exact.evaluate(c, values) for c in conditions)
        except UndefinedError:
            yield False
        except (UndecidableError, KeyError):
            yield True


def _of_all_sizes(allowed: Domain) -> list[Fraction]:
    """Numbers of a domain: also large ones, and close to its ends."""
    low, high, found = allowed.low, allowed.high, list(values_in(allowed))
    for size in (Fraction(10) ** k for k in range(-12, 7, 3)):
        found += [low + size if low is not None else -size, high - size if high is not None else size]
    return [v for v in dict.fromkeys(found) if v in allowed]


def gradients(runs: Runs, long: bool = False) -> tuple[tuple[Fraction, ...], ...]:
    """Gradients of the kind that the statement is about."""
    steps = {Steps.FIRST: 1, Steps.TWO: 2}.get(runs.steps, MANY if long else STEPS)
    match runs.gradients:
        case Gradients.ZERO:
            found: Sequence[tuple[Fraction, ...]] = [(Fraction(0),)]
        case Gradients.CONSTANT:
            found = [(Fraction(v),) for v in ("1", "-2", "0", "1/3")]
        case Gradients.POSITIVE:
            found = [(Fraction(v),) for v in ("1", "1/3", "20")]
        case _:
            found = _PATTERNS
    return tuple(tuple(p[k % len(p)] if len(p) > 1 else p[0] for k in range(steps)) for p in found)


def settings(runs: Runs, extra: Sequence[str] = (), most: int = 36) -> Iterator[Setting]:
    """Runs that the statement is about, at most so many."""
    patterns, count, starts = gradients(runs), 0, _STARTS
    few = 2 if len(runs.rule.hypers) < 3 else 1
    for number, hyper in enumerate(hypers(runs, extra)):
        # with ordinary hyperparameters all gradients, with changing ones half of them, at each end some
        some = [patterns[(number + k) % len(patterns)] for k in range(few)]
        chosen = patterns if number == 0 else patterns[::2] if number == 1 else some
        chosen = chosen if number < 2 else [pattern[: STEPS - 1] for pattern in chosen]
        for place, pattern in enumerate(dict.fromkeys(chosen)):
            if count >= most:
                return
            count += 1
            noise = tuple(Fraction(n) for n in ("1/2", "-1", "2", "0"))[: len(pattern)] if runs.noisy else ()
            begun = count % 2 and runs.start is Start.ANY
            state = (
                {s.name: Fraction(k + 2, 2) for k, s in enumerate(getattr(runs.rule, "state", ()))} if begun else None
            )
            yield Setting(hyper, pattern, starts[(number + place) % len(starts)], state, noise)
    if runs.steps is Steps.ALL:
        (first, *_), (long, *_) = hypers(runs, extra), gradients(runs, long=True)
        noise = tuple(Fraction(k % 3 - 1) for k in range(len(long))) if runs.noisy else ()
        yield Setting(first, long, starts[0], noise=noise)
