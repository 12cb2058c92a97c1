"""What an optimizer is of another one: the same, or its special case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

import sympy

from ..spec.domain import Domain
from ..spec.rules import Optimizer
from ..spec.symbols import GRADIENT, PARAMETER, STEP, Hyper, Supplied
from .base import Claim, Finding, still, sympified, unsaid

__all__ = ["equals", "reduces_to"]


@dataclass(frozen=True)
class Equals(Claim):
    """Every run of this rule is a run of `other`: the same `w` at every t.

    `hyper` and `state` give `other`'s hyperparameters and states, by name, in the symbols of this
    rule; what they leave out goes by the same name. `at` fixes hyperparameters of this rule, and says what its inputs
    are: numbers, or what the gradient makes of them.
    `constant` names those that may not change from step to step, `where` says of which others it is said.
    """

    of_steps: ClassVar[bool] = True

    other: Optimizer
    hyper: Mapping[str, sympy.Expr] = field(default_factory=dict)
    state: Mapping[str, sympy.Expr] = field(default_factory=dict)
    at: Mapping[Hyper, sympy.Expr] = field(default_factory=dict)
    constant: tuple[Hyper, ...] = ()
    where: tuple[sympy.Basic, ...] = ()

    @property
    def label(self) -> str:
        return f"equals {self.other.name}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        maps = (*self.hyper.values(), *self.state.values(), *self.at.values())
        return (*maps, *self.at, *self.constant, *self.where)

    def conditions(self) -> tuple[sympy.Basic, ...]:
        return self.where

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        yield from still(self, self.other)
        yield from self._out_of_place(optimizer)
        hypers, states = ({s.name for s in group} for group in (self.other.hypers, self.other.state))
        for given, known, what in ((self.hyper, hypers, "hyperparameter"), (self.state, states, "state")):
            for name in given:
                if name not in known:
                    yield (
                        f"{self.label}: {self.other.name} has no {what} {name}",
                        f"it has {' '.join(sorted(known)) or 'none'}",
                    )
        own = {s.name for s in (*optimizer.hypers, *optimizer.state)}
        yield from unsaid(self, self.other.name, ((hypers - set(self.hyper)) | (states - set(self.state))) - own)

    def _out_of_place(self, optimizer: Optimizer) -> Iterator[Finding]:
        """What a map reads that it cannot know, and numbers that hyperparameters cannot be."""
        own = {h.name: h for h in optimizer.hypers}
        known = {*own, STEP}
        maps = [*((name, v, known) for name, v in self.hyper.items()), *((str(c), c, set(own)) for c in self.where)]
        free = set(own) - {h.name for h in self.at}
        of_step = free | {GRADIENT}
        maps += [(str(h), v, of_step if isinstance(h, Supplied) else free) for h, v in self.at.items()]
        maps += [(name, v, {*known, PARAMETER, *(s.name for s in optimizer.state)}) for name, v in self.state.items()]
        for name, value, allowed in maps:
            for symbol in sorted({s.name for s in value.free_symbols} - allowed):
                yield f"{self.label}: {name} depends on {symbol}", f"write it with {' '.join(sorted(allowed))}"
        for hyper, value in self.at.items():
            found = own.get(hyper.name)
            if found is None:
                yield f"{self.label}: {hyper} is no hyperparameter of {optimizer.name}", "leave it out of `at`"
            elif value.is_Rational and Fraction(value) not in _domain(found):
                fact = f"{self.label}: {hyper} = {value} is outside of its domain, {found.domain}"
                yield fact, f"fix {hyper} at a number that {optimizer.name} allows"


def _domain(hyper: Hyper) -> Domain:
    """The domain of a hyperparameter; one that nobody can read, which is said elsewhere, excludes nothing."""
    try:
        return hyper.allowed
    except ValueError:
        return Domain()


def equals(
    other: Optimizer,
    *,
    hyper: Mapping[str, sympy.Expr] | None = None,
    state: Mapping[str, sympy.Expr] | None = None,
    constant: tuple[Hyper, ...] = (),
    where: tuple[sympy.Basic, ...] = (),
) -> Equals:
    """This rule and `other` are one algorithm under the map of hyperparameters and state.

    The names on the left are `other`'s, the expressions on the right are in this rule's symbols.
    With `constant`, those hyperparameters keep their value from step to step; then it is also shown
    that the condition is needed. The hyperparameters that the map gives have to lie in `other`'s domains;
    if they do so only for some of this rule, comparisons `where` say for which: `where=(beta <= alpha,)`.
    """
    return Equals(other, sympified(hyper), sympified(state), {}, constant, tuple(map(sympy.sympify, where)))


def reduces_to(
    other: Optimizer,
    at: Mapping[Hyper, sympy.Expr],
    *,
    hyper: Mapping[str, sympy.Expr] | None = None,
    state: Mapping[str, sympy.Expr] | None = None,
    constant: tuple[Hyper, ...] = (),
) -> Equals:
    """With the hyperparameters fixed as in `at`, this rule is `other`. The rest is as in `equals`."""
    return Equals(other, sympified(hyper), sympified(state), sympified(at), constant)
