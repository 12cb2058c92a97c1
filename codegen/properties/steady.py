"""Where states and steps go under a constant gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sympy

from ..algebra.shorten import normalize_sign, shorten
from ..algebra.signs import known_sign
from ..analysis.closed import closed_form
from ..analysis.derive import transition
from ..analysis.invariants import invariants
from ..analysis.limits import NoLimitError
from ..analysis.linear import in_symbols_of, linear_in
from ..analysis.proof import ONE, ZERO, Formatter, denominators
from ..analysis.values import conditions
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.rules import Optimizer
from ..spec.symbols import Hyper, new
from ..statement import Gradients, Runs, Said, Statement, T, Tends, after
from ..statement import at as statement_at
from .constant_gradient import ConstantGradient
from .cycles import find_cycle


class Steady(ConstantGradient):
    """The limits of the states and of the step, each from those that are known already."""

    def states(self) -> None:
        """Limits of the states, each from those that are known already."""
        names = list(self.start)
        self.after = self.over_new["w"]  # over the new states, whose limits are those of the old ones
        w = self.symbol("w")
        parts = linear_in(self.after, w)
        if parts is None:
            raise NoLimitError("the step is not linear in w")
        self.slope = sympy.cancel(parts[0])
        if self.slope != 1:
            names.append("w")
            self.values["w"] = self.after
        reasons: dict[str, str] = {}
        pending = names
        while pending:
            before = list(pending)
            for name in before:
                try:
                    self.found[name], because = self._limit_of(name)
                except NoLimitError as error:
                    reasons[name] = str(error)
                    continue
                pending = [n for n in pending if n != name]
                self.limits.known[self.symbol(name)] = self.found[name]
                self.limits.known[self.symbol(f"{name}_new")] = self.found[name]
                self.lines.append(Line(f"{name}[t] -> {spell_limit(self.spell, self.found[name])}", because))
            if pending == before:
                if "w" in pending and self._steps_alike():
                    pending.remove("w")
                    continue
                raise NoLimitError("; ".join(f"{name}: {reasons[name]}" for name in pending))

    def _steps_alike(self) -> bool:
        """Whether every step is the same now that some states are known, so that `w` goes where it points."""
        w, value = self.symbol("w"), self._with_late(self.over_old)
        step = sympy.expand(value - w)
        if step == 0 or not self._constant(step):
            return False
        self.after, self.slope = w + step, sympy.Integer(1)
        self.limits.known[w] = self.limits.sign(step) * sympy.oo
        self.lines.append(Line(f"w[t] - w[t-1] = {self.spell(step)}", "from some step on the same"))
        return True

    def _limit_of(self, name: str) -> tuple[sympy.Expr, str]:
        own, value = self.symbol(name), self._with_late(self.values[name])
        if (found := self._set_at_once(name, own, value) or self._sampled(own, value)) is not None:
            return found
        if (goal := self._averaged(own, value)) is not None:
            return goal, "a mean of what stays the same, whose weights add up to infinity"
        everything = [*self.start, "w", *(f"{n}_new" for n in self.start)]
        others = {self.symbol(n) for n in everything} - {own} - set(self.limits.known)
        if not value.has(sympy.Max, sympy.Min) and linear_in(value, own) is None:
            value = self._with_late(self.over_new[name])  # it may be linear in itself beside the other new states
        if others & value.free_symbols:
            raise NoLimitError("it depends on what is not known yet")
        start = self._started(name)
        if (solved := self._solved(name)) is not None:
            self._keep(name, solved, whole=True)
            goal = self.limits(solved)
            return goal if goal in (sympy.oo, -sympy.oo) else shorten(goal), "its closed form"
        if isinstance(value, sympy.Max) and (found := self._largest(name, own, value, start)) is not None:
            return found
        if (found := self._clamped(name, own, value)) is not None:
            return found
        if own not in value.free_symbols:
            return self._plain(name, value), "the limits of what it is made of"
        parts = linear_in(self._settled(value), own)
        if parts is None:
            raise NoLimitError("it is not linear in itself")
        return self._linear(name, *parts, start, self._is_whole(name, value))

    def _solved(self, name: str) -> sympy.Expr | None:
        """The state after t steps from its closed form, if it sums up constants."""
        if name != "w" and linear_in(self.values[name], self.symbol(name)) is None:
            return None
        form = (
            closed_form(self.rule, next((s for s in self.rule.state if s.name == name), None)) if name != "w" else None
        )
        if form is None or form.start is None:
            return None
        total = form.start * self.rule.state[form.state]
        for array, coefficient in form.terms:
            weights = form.sum_of_weights(coefficient)
            if weights is None or any(s.name != "g" and not isinstance(s, Hyper) for s in array.free_symbols):
                return None
            total += weights * array
        solved = self._assumed(total)
        if solved.has(sympy.nan, sympy.zoo) or not self._constant(solved.xreplace({self.t: ONE})):
            return None
        for denominator in denominators([normalize_sign(solved)]):
            if not denominator.is_Symbol:  # of a power of a hyperparameter with t the limit tells
                self.limits.nonzero(denominator)
        return solved

    def _linear(
        self, name: str, factor: sympy.Expr, fed: sympy.Expr, start: sympy.Expr, whole: bool
    ) -> tuple[sympy.Expr, str]:
        """s[t] = factor * s[t-1] + fed from some step on, and in every step if `whole`."""
        a, x = sympy.cancel(self.limits(factor)), self.limits(fed)
        constant = self._constant(factor, fed)
        if a == 1:
            if not constant:
                raise NoLimitError("what it adds up changes")
            if fed == 0 and not whole:
                raise NoLimitError("it stays where the first steps leave it")
            if fed == 0:
                self._keep(name, start, whole)
                return start, "it stays"
            if whole:
                self._keep(name, start + fed * self.t, whole)
            return self.limits.sign(fed) * sympy.oo, "the same is added in every step"
        if constant and fed == 0 and self._stays_positive(name) and self._above_one(a):
            return sympy.oo, "it grows by a factor above 1"
        if a in (sympy.oo, -sympy.oo) or not self._contracts(a):
            raise NoLimitError(f"the factor {a} is not known to be below 1")
        if x in (sympy.oo, -sympy.oo):
            if known_sign(factor) != 1:
                raise NoLimitError("the factor may be negative, and what is added has no bound")
            return x, "what is added grows beyond all bounds, and of the rest nothing is taken away"
        goal = shorten(x / (1 - a))
        if constant and whole:
            self._keep(name, goal + (start - goal) * factor**self.t, whole)
        return goal, "a[t] -> a with abs(a) < 1 and x[t] -> x give s[t] = a[t] * s[t-1] + x[t] -> x / (1 - a)"

    def _set_at_once(self, name: str, own: sympy.Symbol, value: sympy.Expr) -> tuple[sympy.Expr, str] | None:
        """What is set in the first step, and later kept or set to the same."""
        if not isinstance(value, sympy.Piecewise):
            return None
        others = {v for v, _ in value.args} - {own}
        if len(others) != 1 or value.xreplace({self.t: ONE}) not in others:
            return None
        (goal,) = others
        if not self._constant(goal):
            return None
        self._keep(name, goal, whole=True)
        return goal, "it is set in the first step, and later kept or set to the same"

    def _sampled(self, own: sympy.Symbol, value: sympy.Expr) -> tuple[sympy.Expr, str] | None:
        """What is taken over every k steps and kept in between goes where that goes."""
        if not (isinstance(value, sympy.Piecewise) and len(value.args) == 2):
            return None
        (kept, condition), (taken, _) = value.args
        every = condition.lhs if isinstance(condition, sympy.StrictGreaterThan) and condition.rhs == 0 else None
        if kept != own or own in taken.free_symbols or not isinstance(every, sympy.Mod):
            return None
        count, modulus = every.args
        offset = sympy.expand(count - self.t)
        if not (modulus.is_integer and modulus.is_positive and offset.is_integer and self._constant(modulus, offset)):
            return None
        unknown = {self.symbol(n) for n in (*self.start, "w")} - {own} - set(self.limits.known)
        return None if unknown & taken.free_symbols else (self.limits(taken), "what it takes over every k steps")

    def _averaged(self, own: sympy.Symbol, value: sympy.Expr) -> sympy.Expr | None:
        """The limit of s[t] = (1 - r[t]) * s[t-1] + r[t] * goal with r[t] in [0, 1] and the sum of r[t] infinite.

        It is if 1 / r is linear in a state that gains at most one in every step, since 1/t has no sum.
        """
        parts = linear_in(value, own)
        if parts is None:
            return None
        share = ONE - parts[0]
        states = [s for s in share.free_symbols if s.name in self.start]
        if len(states) != 1 or self.t in share.free_symbols:
            return None
        goal = sympy.cancel(parts[1] / share)
        if not self._constant(goal):
            return None
        (state,), inverse = states, sympy.cancel(1 / share)
        slope = sympy.diff(inverse, state)
        held = invariants(self.rule)
        assumptions = held.assumptions(self.assumptions)
        gained = assumptions.assume(self.over_new[state.name] - state)
        shares = (assumptions.assume(share), assumptions.assume(ONE - share))
        bounded = (
            slope.is_Rational
            and slope > 0
            and all(held.nonnegative_value(e, assumptions) for e in (*shares, ONE - gained))
        )
        return goal if bounded else None

    def _plain(self, name: str, value: sympy.Expr) -> sympy.Expr:
        if self._constant(value):
            self._keep(name, value, whole=self._is_whole(name, value))
        return self.limits(value)

    def _largest(
        self, name: str, own: sympy.Symbol, value: sympy.Max, start: sympy.Expr
    ) -> tuple[sympy.Expr, str] | None:
        """The largest so far: of what never falls, the last; of what fades, the new."""
        mine = [argument for argument in value.args if own in argument.free_symbols]
        rest = sympy.Max(*(argument for argument in value.args if argument not in mine))
        if len(mine) != 1:
            return None
        factor = sympy.cancel(mine[0] / own)
        if not self._constant(factor) or not (factor == 1 or self._contracts(factor)):
            return None
        if factor != 1:
            if known_sign(factor) != 1 or known_sign(rest) != 1:
                raise NoLimitError(f"{rest} may be negative")
            return self.limits(rest), "what fades falls below what is new"
        if not self._constant(rest.xreplace({self.t: ONE})):
            raise NoLimitError("what it is the largest of may fall")
        # as a function of q = b**(t-1) for each b, which the next step multiplies by b
        n = sympy.Symbol("n", integer=True, nonnegative=True)
        shifted = sympy.expand_power_exp(rest.xreplace({self.t: n + 1}))
        powers = {p: sympy.Dummy(nonnegative=True) for p in shifted.atoms(sympy.Pow) if p.exp == n}
        current = sympy.cancel(shifted.xreplace(powers))
        if n in current.free_symbols or not all(known_sign(p.base) == 1 for p in powers):
            raise NoLimitError("what it is the largest of is no sum of powers")
        rest = current.xreplace({q: p.base ** (self.t - 1) for p, q in powers.items()})
        rise = sympy.factor(current.xreplace({q: p.base * q for p, q in powers.items()}) - current)
        if known_sign(rise) != 1:
            raise NoLimitError("it is not known that what it is the largest of never falls")
        if self._constant(rest):
            self._keep(name, sympy.Max(start, rest), whole=False)
        goal = self.limits(rest)
        goal = goal if start == 0 and known_sign(goal) == 1 else sympy.Max(start, goal)
        return goal, "the largest of what never falls goes where that goes"

    def step(self) -> sympy.Expr:
        """The limit of the step, in which new states have the limits of the old ones."""
        w = self.symbol("w")
        if w in self.slope.free_symbols:
            raise NoLimitError("the step is not linear in w")
        still = self._settled(self.after.xreplace({w: ZERO}))
        if self.slope == 1:
            step = self.limits(still)
        else:
            if self.found["w"] in (sympy.oo, -sympy.oo):
                raise NoLimitError("w grows beyond all bounds, and the step depends on it")
            step = self.limits(still) + (self.limits(self.slope) - 1) * self.found["w"]
        return step if step in (sympy.oo, -sympy.oo) else shorten(step)

    def use_values(self, step: sympy.Expr) -> None:
        """Use that the steps have values, and that the limits do not divide by zero."""
        for condition in conditions(_placed(self.rule, self.at), self.assumptions):
            if condition == sympy.false:
                raise NoLimitError("no step has a value")
            self.assumed.holds(condition)
        finite = [normalize_sign(value) for value in (*self.found.values(), step) if value.is_finite is not False]
        for denominator in denominators(finite):
            self.limits.nonzero(denominator)

    def _clamped(self, name: str, own: sympy.Symbol, value: sympy.Expr) -> tuple[sympy.Expr, str] | None:
        """What grows by a factor above 1 until it is held."""
        value = self._decided(value)
        if not isinstance(value, sympy.Min):
            return None
        mine = [argument for argument in value.args if own in argument.free_symbols]
        cap = sympy.Min(*(argument for argument in value.args if argument not in mine))
        if len(mine) != 1 or not isinstance(mine[0], sympy.Max) or not self._constant(cap) or not cap.is_positive:
            return None
        grown = [argument for argument in mine[0].args if own in argument.free_symbols]
        factor = sympy.cancel(grown[0] / own) if len(grown) == 1 else own
        if not self._stays_positive(name) or not self._above_one(factor):
            return None
        return cap, "it grows by a factor above 1 until it is held"


def steady(rule: Optimizer) -> Result:
    """Limits of the states and of the step for g[t] = g > 0."""
    result = _steady(rule, {})
    if result.status == UNDECIDED:
        # what is switched off by default is left off
        off = {h: ZERO for h in rule.hypers if h.value == 0}
        other = _steady(rule, off) if off else result
        result = other if other.status == PROVED else result
    return result


def _steady(rule: Optimizer, at: Mapping[sympy.Symbol, sympy.Expr]) -> Result:
    found, label = Steady(rule, at), "steady state"
    words = Said("under a constant gradient the states and the steps converge, or grow beyond all bounds")
    open_statement = Statement(Runs(rule, gradients=Gradients.POSITIVE), words)
    try:
        found.states()
        step = found.step()
        found.use_values(step)
    except NoLimitError as error:
        if cycle := find_cycle(rule):
            method = "a cycle in exact numbers"
            return Outcome(REFUTED, method, counterexample=cycle).of(label, open_statement)
        return Outcome(UNDECIDED, reason=f"{error}, and no cycle was found").of(label, open_statement)
    own = {s.name: s for s in rule.state} | {"w": next(s for s in transition(rule) if s.name == "w")}
    limits = [(after(own[name]), in_symbols_of(rule, value)) for name, value in found.found.items()]
    limits.append((statement_at(new(own["w"]) - own["w"], T), in_symbols_of(rule, step)))
    statement = found.assumed.statement(Tends(tuple(limits)))
    return Outcome(PROVED, "limits", derivation=tuple(found.lines)).of(label, statement)


def _placed(rule: Optimizer, at: Mapping[sympy.Symbol, sympy.Expr]) -> Optimizer:
    """The rule with hyperparameters fixed."""
    steps = tuple(replace(step, value=step.value.xreplace(dict(at))) for step in rule.steps)
    return replace(rule, steps=steps) if at else rule


def spell_limit(spell: Formatter, value: sympy.Expr) -> str:
    return str(value) if value in (sympy.oo, -sympy.oo) else spell(value)
