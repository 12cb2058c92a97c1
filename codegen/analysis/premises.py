"""The one door through which a proof assumes something: whoever uses it notes it, and it becomes part of the statement.

assumed = Premises(rule)
past = assumed.constant(decay)      # the past has the decay of the present: noted as `beta1 constant`
assumed.nonzero(denominator)        # noted as `eps != 0`, unless the domains say so already
assumed.statement(relation)
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..spec.domain import Domain
from ..spec.rules import AnyRule
from ..spec.symbols import Hyper
from ..statement import Gradients, Relation, Runs, Start, Statement, Steps
from .demands import demands

ONE = sympy.Integer(1)


class Premises:
    """What has been used so far about the runs of `rule`. Each method returns what it was given, now usable."""

    def __init__(
        self,
        rule: AnyRule,
        *,
        at: Mapping[sympy.Symbol, sympy.Expr] | None = None,
        gradients: Gradients = Gradients.ANY,
        start: Start = Start.DECLARED,
        steps: Steps = Steps.ALL,
    ) -> None:
        self.rule = rule
        self.assumptions = Assumptions.of(rule)
        self._at = tuple((h.name, value) for h, value in (at or {}).items())
        self._gradients, self._start, self._steps = gradients, start, steps
        self._constant: dict[str, None] = {}
        self._frozen: dict[str, None] = {}
        self._domains: dict[str, Domain] = {}
        self._conditions: dict[sympy.Basic, None] = {}
        self._noted: dict[str, None] = {}

    def copy(self) -> Premises:
        """What has been used so far, for a try that may come to nothing."""
        found = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, dict):
                setattr(found, name, dict(value))
        return found

    def constant(self, *used: sympy.Expr | str) -> None:
        """The hyperparameters in `used` keep their value from step to step."""
        names = {u for u in used if isinstance(u, str)}
        names |= {s.name for u in used if not isinstance(u, str) for s in u.free_symbols}
        fixed = dict(self._at)
        for hyper in self.rule.hypers:
            if hyper.name in names and hyper.name not in fixed:
                self._constant.setdefault(hyper.name)

    def before(self, hyper: Hyper, constant: bool = False) -> sympy.Symbol:
        """The symbol of a hyperparameter in the step before: another one, unless it is assumed to be constant."""
        if constant:
            self.constant(hyper)
            return hyper
        self.assumptions = self.assumptions.also(**{f"{hyper.name}[t-1]": self.assumptions.domains[hyper.name]})
        return sympy.Symbol(f"{hyper.name}[t-1]", real=True)

    def holds(self, condition: sympy.Basic) -> None:
        """`condition`, a comparison in the symbols of the rule, holds at every step."""
        if condition not in (sympy.true, True):
            self._conditions.setdefault(condition)

    def nonzero(self, *values: sympy.Expr) -> None:
        """None of `values` is zero; what the domains say of themselves is not noted."""
        for value in values:
            if not self.assumptions.nonzero(value) and not self.assumptions.nonzero(-value):
                self.holds(sympy.Ne(value, 0))

    def spoken(self, *expressions: sympy.Expr, assumptions: Assumptions | None = None, over: sympy.Expr = ONE) -> None:
        """What a claim speaks of has a value, as it is written. What `over` divides by is known not to be zero."""
        assumptions = assumptions or self.assumptions
        known = [f.as_base_exp()[0] for f in sympy.Mul.make_args(sympy.factor(sympy.fraction(sympy.together(over))[1]))]
        for demand in (d for e in expressions for d in demands(e)):
            for factor in sympy.Mul.make_args(sympy.factor(demand.value)) if demand.sign != ">=" else ():
                if not assumptions.nonzero(factor) and not any(sympy.cancel(factor / k).is_number for k in known):
                    self.nonzero(factor)
            if demand.sign != "!=" and not nonnegative(assumptions.assume(demand.value)):
                self.holds(sympy.Ge(demand.value, 0))

    def defined(self, *expressions: sympy.Expr) -> None:
        """The steps that `expressions` depend on have a value."""
        from . import defined

        for condition in defined.conditions(self.runs.optimizer, *expressions, at=dict(self._at), **self._kind()):
            self.holds(condition)

    def _kind(self) -> dict[str, str]:
        zero, first = self._gradients is Gradients.ZERO, self._steps is Steps.FIRST
        return {"gradients": "zero" if zero else "any", "steps": "first" if first else "all"}

    def gradients(self, kind: Gradients) -> None:
        """The gradients are of this kind."""
        self._gradients = kind

    def frozen(self, *states: sympy.Symbol) -> None:
        """The states are taken as constants."""
        self._frozen.update(dict.fromkeys(s.name for s in states))

    def domain(self, name: str, values: Domain) -> None:
        """A hyperparameter, or a symbol that the relation brings, lies in this domain."""
        self._domains[name] = values
        self.assumptions = self.assumptions.also(**{name: values})

    def noted(self, words: str) -> None:
        """What only words can say: nothing that a run could break."""
        self._noted.setdefault(words)

    @property
    def runs(self) -> Runs:
        """The runs that are left."""
        return Runs(
            self.rule,
            self._gradients,
            self._start,
            self._steps,
            tuple(h.name for h in self.rule.hypers if h.name in self._constant),
            self._at,
            tuple(self._domains.items()),
            tuple(self._frozen),
        )

    def statement(self, relation: Relation) -> Statement:
        """`relation` over the runs that are left."""
        return Statement(self.runs, relation, tuple(self._conditions), tuple(self._noted))
