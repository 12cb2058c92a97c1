"""Runs in which two rules part, searched for and shown in exact numbers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.points import candidates, samples
from ..spec.domain import Domain
from ..spec.rules import Optimizer
from ..spec.symbols import PARAMETER, STEP, Hyper
from .inside import contains

#: Gradients tried in search of a run, the simplest first; the last ones for what happens late or at a change of sign.
GRADIENTS: tuple[tuple[Fraction, ...], ...] = tuple(
    tuple(Fraction(g) for g in gradients.split())
    for gradients in (
        "1 0 0",
        "1 1 1",
        "1 -1 2",
        "2 -1 3",
        "1/2 3 -2",
        "0 0 1",
        "1 1 1 1 1 1 1 1 1 1 1 1",
        "1 -2 0 3 -1 0 0 2 -1 1 1 1",
    )
)
_MOST_SETTINGS = 12

Values = Mapping[str, Fraction]


def shown(value: exact.Number) -> str:
    """A hyperparameter, as the fraction that it is."""
    return str(value) if isinstance(value, Fraction) else exact.shown(value)


def settings(names: Sequence[str], assumptions: Assumptions) -> Iterator[dict[str, Fraction]]:
    """Simple hyperparameters, each inside its domain, the simplest first."""
    first = {name: candidates(assumptions.domains.get(name, Domain()))[0] for name in names}
    free = [name for name in names if assumptions.domains.get(name, Domain()) == Domain()]
    turned = [{**first, name: Fraction(sign)} for name in free for sign in (-1, 0)]
    for values in itertools.islice((first, *turned, *samples(list(names), assumptions)), _MOST_SETTINGS + len(turned)):
        if all(value in assumptions.domains.get(name, Domain()) for name, value in values.items()):
            yield values


def changing(values: Values, varied: Sequence[str], assumptions: Assumptions) -> Callable[[int], dict[str, Fraction]]:
    """Hyperparameters by step, of which those that are `varied` take other values of their domains in turn."""
    choices = {}
    for name in varied:
        allowed = assumptions.domains.get(name, Domain())
        others = [v for v in (values[name] / 2, *candidates(allowed)) if v in allowed and v != values[name]]
        choices[name] = [values[name], *others[:1]]
    return lambda t: {n: choices[n][(t - 1) % len(choices[n])] if n in choices else v for n, v in values.items()}


def mapped(
    maps: Mapping[str, sympy.Expr], values: Mapping[str, exact.Number], t: int, other: Assumptions
) -> dict[str, exact.Number]:
    """What the `maps` make of hyperparameters in step `t`. Raises ArithmeticError where it is outside a domain."""
    given = {**values, STEP: Fraction(t)}
    found = {name: exact.evaluate(value, given) for name, value in maps.items()}
    for name, value in found.items():
        if not contains(other.domains[name], value):
            raise exact.UndefinedError(f"{name} = {exact.shown(value)} is outside of its domain")
    return found


def parted(
    rules: tuple[Optimizer, Optimizer],
    gradients: Sequence[Fraction | int],
    hyper: tuple[Callable[[int], Mapping], Callable[[int], Mapping]],
    w: int = 0,
) -> tuple[int, exact.Number, exact.Number] | None:
    """The first step after which the two certainly have different weights, and these; None if there is none.

    Raises ArithmeticError where a rule has no value.
    """
    first, second = (exact.run(rule, gradients, given, w) for rule, given in zip(rules, hyper, strict=True))
    for t, (a, b) in enumerate(zip(first, second, strict=True), start=1):
        if exact.differ(a[PARAMETER], b[PARAMETER]):
            return t, a[PARAMETER], b[PARAMETER]
    return None


def starts(*rules: Optimizer) -> tuple[int, ...]:
    """First weights worth trying."""
    read = {s.name for rule in rules for step in rule.steps for s in step.value.free_symbols}
    read |= {s.name for rule in rules for value in rule.state.values() for s in value.free_symbols}
    return (0, 1) if PARAMETER in read else (0,)


def variations(hypers: Sequence[Hyper]) -> Iterator[tuple[str, ...]]:
    """Which of the hyperparameters change from step to step: none, each, all."""
    names = [h.name for h in hypers]
    yield ()
    yield from ((name,) for name in names)
    if len(names) > 1:
        yield tuple(names)
