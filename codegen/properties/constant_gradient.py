"""What is known of the states of a rule under a constant gradient, while their limits are found one after the other."""

from __future__ import annotations

from collections.abc import Mapping

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.signs import known_sign
from ..analysis.choices import replaced
from ..analysis.closed import default_values
from ..analysis.derive import inlined, transition
from ..analysis.limits import Limits, NoLimitError
from ..analysis.premises import Premises
from ..analysis.proof import ZERO, Formatter
from ..result import Line
from ..spec.domain import NON_NEGATIVE, POSITIVE, Domain
from ..spec.rules import Optimizer
from ..spec.symbols import new
from ..statement import Gradients

#: Where `w` starts, which is not where it is.
_W0 = "w[0]"


class ConstantGradient:
    """Runs under a constant gradient g > 0, with hyperparameters that are constant; those in `at` have a value.

    `late` are values of states that hold from some step on, as functions of t; those in `whole` hold from t = 0 on.
    """

    def __init__(self, rule: Optimizer, at: Mapping[sympy.Symbol, sympy.Expr]) -> None:
        self.rule, self.at = rule, at
        fixed = Assumptions.of(rule).also(g=POSITIVE, **{_W0: Domain()})
        self.assumptions = fixed.also(**dict.fromkeys(self._never_negative(fixed), NON_NEGATIVE))
        self.values = {s.name: self._assumed(v) for s, v in transition(rule).items()}
        self.over_old = self.values["w"]
        keep = frozenset(new(s) for s in rule.state)
        over_new = {s.of.name: v for s, v in inlined(rule, keep).items() if s in keep or s.name == "w_new"}
        self.over_new = {name: self._assumed(v) for name, v in over_new.items()}
        begun = {s: sympy.Symbol(_W0, real=True) for v in rule.state.values() for s in v.free_symbols if s.name == "w"}
        self.start = {s.name: self._assumed(v.xreplace(begun)) for s, v in rule.state.items()}
        self.start_of_w = self.symbol(_W0)
        self.assumed = Premises(rule, at=at, gradients=Gradients.POSITIVE)
        self.assumed.constant(*(h.name for h in rule.hypers))
        self.limits = Limits(fixed, self.assumed, default_values(rule))
        self.spell = Formatter(rule)
        self.t = self.assumptions.symbol("t")
        self.late: dict[str, sympy.Expr] = {}
        self.whole: set[str] = set()
        self.found: dict[str, sympy.Expr] = {}
        self.lines: list[Line] = []

    def _never_negative(self, assumptions: Assumptions) -> list[str]:
        """The states that are at least zero, by induction over all of them together."""
        values = {s.name: v.xreplace(dict(self.at)) for s, v in transition(self.rule).items()}
        names = [s.name for s, v in self.rule.state.items() if nonnegative(assumptions.assume(v))]
        while True:
            held = assumptions.also(**dict.fromkeys(names, NON_NEGATIVE))
            kept = [name for name in names if nonnegative(held.assume(values[name]))]
            if kept == names:
                return names
            names = kept

    def _assumed(self, expr: sympy.Expr) -> sympy.Expr:
        return self.assumptions.assume(expr.xreplace(dict(self.at)))

    def symbol(self, name: str) -> sympy.Symbol:
        return self.assumptions.symbol(name)

    def _constant(self, *expressions: sympy.Expr) -> bool:
        """Whether the expressions are made of hyperparameters, g and where `w` starts: nothing that may change."""
        fixed = {self.symbol(n) for n in (*(h.name for h in self.rule.hypers), "g", _W0)}
        return all(e.free_symbols <= fixed for e in expressions)

    def _keep(self, name: str, value: sympy.Expr, whole: bool) -> None:
        """From some step on the state is `value`; from t = 0 on if that is where it starts and `whole` says so."""
        self.late[name] = value
        if whole and sympy.cancel(value.xreplace({self.t: ZERO}) - self._started(name)) == 0:
            self.whole.add(name)

    def _started(self, name: str) -> sympy.Expr:
        return self.start_of_w if name == "w" else self.start[name]

    def _is_whole(self, name: str, value: sympy.Expr) -> bool:
        """Whether what was put in for other states holds in every step."""
        used = {s.name for s in (self.values[name].free_symbols | self.over_new.get(name, ZERO).free_symbols)}
        return used & self.late.keys() <= self.whole and self._settled(value) == value

    def _settled(self, value: sympy.Expr) -> sympy.Expr:
        """`value` at late steps: comparisons of t with a number are over."""
        later = sympy.Symbol("(late)", integer=True, positive=True)

        def branch(e: sympy.Piecewise) -> sympy.Expr:
            for v, c in e.args:
                settled = c.xreplace({self.t: later + 1})
                if settled == sympy.true:
                    return v
                if settled != sympy.false:
                    return e
            return e

        return value.replace(lambda e: isinstance(e, sympy.Piecewise), branch)

    def _with_late(self, value: sympy.Expr) -> sympy.Expr:
        known = {self.symbol(n): v.xreplace({self.t: self.t - 1}) for n, v in self.late.items()}
        return replaced(value, known) if value.has(sympy.Piecewise) else value.xreplace(known)

    def _above_one(self, a: sympy.Expr) -> bool:
        """Whether `a` is a hyperparameter that is larger than one; if it may be one, that it is not is assumed."""
        found = self.assumptions.domains.get(a.name, Domain()) if isinstance(a, sympy.Symbol) else Domain()
        if found.low is None or found.low < 1:
            return False
        if found.low == 1 and found.low_closed:
            self.limits.nonzero(a - 1)
        return True

    def _contracts(self, a: sympy.Expr) -> bool:
        rest = sympy.factor(1 - a)
        if known_sign(a) == 1 and known_sign(rest) == 1 and rest != 0:
            self.limits.nonzero(rest)
            return True
        return self.limits.below_one(a)

    def _stays_positive(self, name: str) -> bool:
        """Whether a state that starts above zero, or, which is assumed then, not at zero, is positive for ever."""
        if name not in self.start or not self.start[name].is_nonnegative:
            return False
        assumptions = self.assumptions.also(**{name: POSITIVE})

        def positive(expr: sympy.Expr) -> bool:
            match expr:
                case sympy.Piecewise():
                    return all(positive(v) for v, _ in expr.args)
                case sympy.Min():
                    return all(map(positive, expr.args))
                case sympy.Max():
                    return any(map(positive, expr.args))
            return assumptions.positive(expr)

        if not positive(sympy.piecewise_fold(assumptions.assume(self.values[name]))):
            return False
        self.limits.sign(self.start[name])
        return True

    def _decided(self, value: sympy.Expr) -> sympy.Expr:
        """`value` with comparisons settled that known limits, reached after the first step, settle."""
        try:
            return value.replace(lambda e: isinstance(e, sympy.Piecewise), self.limits._branch)
        except NoLimitError:
            return value
