"""Which runs a statement is about: the rule, its gradients, its hyperparameters, its start, its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

import sympy

from ..spec.domain import Domain
from ..spec.rules import AnyRule, Layer, Monitor, Optimizer, Stage

_Rule = TypeVar("_Rule", Optimizer, Stage, Layer, Monitor)


class Gradients(Enum):
    """What the gradients of a run may be. The text is what a result says of it; of any gradients it says nothing."""

    ANY = ""
    ZERO = "every gradient is zero"
    CONSTANT = "every gradient is the same"
    POSITIVE = "every gradient is the same g > 0"
    STATIONARY = "g[1], g[2], ... identically distributed"
    QUADRATIC = "g = h * w"
    SMOOTH = "the gradient is smooth"
    NOISY = "g = h * w + noise of mean 0 and variance sigma**2, independent from step to step"


class Start(Enum):
    """Where the states begin."""

    DECLARED = ""
    ANY = "from every start"


class Steps(Enum):
    """The steps at which a relation holds."""

    ALL = "t >= 1"
    FIRST = "the first step"
    TWO = "the first two steps"
    LATE = "t so large that all that depends on it has its limit"


@dataclass(frozen=True)
class Runs:
    """All runs of `rule` that a statement ranges over.

    Gradients, and the hyperparameters that are not `constant`, may be others in every step. Hyperparameters range over
    their whole domains, closed ends included, or over the part that `domains` names; those in `at` have this value.
    `domains` also has those of symbols that a relation brings. States in `frozen` are taken as constants.
    """

    rule: AnyRule = field(repr=False)
    gradients: Gradients = Gradients.ANY
    start: Start = Start.DECLARED
    steps: Steps = Steps.ALL
    constant: tuple[str, ...] = ()
    at: tuple[tuple[str, sympy.Expr], ...] = ()
    domains: tuple[tuple[str, Domain], ...] = ()
    frozen: tuple[str, ...] = ()

    def domain_of(self, name: str) -> Domain | None:
        """Where the values of `name`, a hyperparameter or a symbol of the relation, lie; None if that is not said."""
        narrowed: Mapping[str, Domain] = dict(self.domains)
        if name in narrowed:
            return narrowed[name]
        return next((h.allowed for h in self.rule.hypers if h.name == name), None)

    @property
    def optimizer(self) -> Optimizer:
        """The rule, where the relation is one of optimizers. A stage is one in its form."""
        return self._rule(Optimizer)

    @property
    def stage(self) -> Stage:
        """The rule, where the relation is one of stages."""
        return self._rule(Stage)

    @property
    def layer(self) -> Layer:
        """The rule, where the relation is one of layers."""
        return self._rule(Layer)

    @property
    def monitor(self) -> Monitor:
        """The rule, where the relation is one of monitors."""
        return self._rule(Monitor)

    def _rule(self, kind: type[_Rule]) -> _Rule:
        if not isinstance(self.rule, kind):
            raise TypeError(f"{self.rule.name} is no {kind.__name__.lower()}")
        return self.rule

    @property
    def fixed(self) -> dict[str, sympy.Expr]:
        """The values of the hyperparameters that have one."""
        return dict(self.at)

    @property
    def noisy(self) -> bool:
        """Whether the runs have noise in them."""
        return isinstance(self.rule, Stage) and self.rule.noisy
