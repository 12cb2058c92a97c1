"""Where states and steps go under a constant gradient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.points import candidates, samples
from ..algebra.shorten import normalize_sign, shorten
from ..algebra.signs import BelowOne, known_sign
from ..algebra.tactics import decide
from ..analysis.choices import replaced
from ..analysis.closed import closed_form, default_values
from ..analysis.derive import inlined, transition
from ..analysis.invariants import invariants
from ..analysis.limits import Limits, NoLimitError
from ..analysis.linear import in_symbols_of, linear_in
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, denominators, substitute
from ..analysis.traces import always
from ..analysis.values import conditions
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import NON_NEGATIVE, POSITIVE, Domain
from ..spec.language import Hyper, Optimizer, new
from ..statement import Gradients, Runs, Said, Statement, T, Tends, after
from ..statement import at as statement_at

_LONG = 60
#: Where `w` starts, which is not where it is.
_W0 = "w[0]"


class Steady:
    """Limits under a constant gradient g > 0, with hyperparameters that are constant; those in `at` have a value.

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
            if not self._falls(denominator):
                self.limits.nonzero(denominator)
        return solved

    def _falls(self, expr: sympy.Expr) -> bool:
        """Whether it is a hyperparameter, of which a power with t is divided by: the limit looks at it."""
        return expr.is_Symbol

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

    def _with_late(self, value: sympy.Expr) -> sympy.Expr:
        known = {self.symbol(n): v.xreplace({self.t: self.t - 1}) for n, v in self.late.items()}
        return replaced(value, known) if value.has(sympy.Piecewise) else value.xreplace(known)

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
        if cycle := _cycle(rule):
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


def _cycle(rule: Optimizer) -> dict[str, str] | None:
    """A run with g = 1 in which something repeats itself, and changes on the way: it goes on like this for ever.

    What repeats is a state that depends on itself alone, or all states and the step. It comes back exactly, in
    fractions: what comes back to so many digits may be on its way to a limit.
    """
    assumptions = Assumptions.of(rule)
    names = [h.name for h in rule.hypers]
    found = {m for value in transition(rule).values() for m in value.atoms(sympy.Mod)}
    if not all(_turns(m) for m in found):
        return None
    first = {n: candidates(assumptions.domains.get(n, Domain()))[0] for n in names}
    shares = {
        n: Fraction(0) for n in names if isinstance(assumptions.symbol(n), BelowOne) and 0 in assumptions.domains[n]
    }
    settings = [first, *samples(names, assumptions)]
    for setting in [*settings, *({**setting, **shares} for setting in settings if shares)]:
        hyper = {**setting, **{str(m.args[1]): Fraction(3) for m in found if str(m.args[1]) in setting}}
        if any(value not in assumptions.domains[name] for name, value in hyper.items()):
            continue
        moduli = sorted({int(m.args[1].xreplace({s: hyper[s.name] for s in m.args[1].free_symbols})) for m in found})
        try:
            trace = exact.run(rule, [1] * _LONG, always(hyper))
        except (exact.UndefinedError, exact.UndecidableError, ZeroDivisionError, ValueError, OverflowError):
            continue
        for group in _groups(rule, hyper):
            if (repeated := _repeats(trace, group, moduli)) is not None:
                return {"g": "1", **{n: str(v) for n, v in hyper.items()}, **repeated}
    return None


def _turns(mod: sympy.Mod) -> bool:
    """Whether it is the remainder of the step number by a whole number: it comes back after so many steps."""
    count, modulus = mod.args
    offset = sympy.expand(count - next((s for s in count.free_symbols if s.name == "t"), ZERO))
    whole = modulus.is_Integer or (isinstance(modulus, Hyper) and modulus.allowed.integer)
    return bool(offset.is_Integer) and whole


@dataclass(frozen=True)
class _Group:
    """What may change for ever: `states`, of which those in `along` count from `w`, and what is watched."""

    states: tuple[str, ...]
    along: frozenset[str]
    watched: str


def _groups(rule: Optimizer, hyper: Mapping[str, Fraction]) -> Iterator[_Group]:
    """A state by itself; or all of them, if nothing depends on t but through its remainder."""
    gone = {n: ZERO for n, v in hyper.items() if v == 0}  # an average that forgets at once does not depend on t
    own = {
        s.name: substitute(v.replace(sympy.Mod, lambda *_: sympy.Dummy(real=True)), gone).replace(
            _is_power_of_zero, lambda _: ZERO
        )
        for s, v in transition(rule).items()
    }
    moving = {"t", *own}
    for name, value in own.items():
        if name != "w" and {s.name for s in value.free_symbols} & moving == {name}:
            yield _Group((name,), frozenset(), name)
    if any("t" in {s.name for s in value.free_symbols} for value in own.values()):
        return
    states = tuple(name for name in own if name != "w")
    along = frozenset(s.name for s, v in rule.state.items() if v.is_Symbol and v.name == "w")
    if _moves_along(own, along, Assumptions.of(rule)):
        yield _Group(states, along, "w")
    else:
        yield _Group((*states, "w"), frozenset(), "w")


def _moves_along(own: Mapping[str, sympy.Expr], along: frozenset[str], assumptions: Assumptions) -> bool:
    """Whether a run from another weight is the same run, moved."""
    by = sympy.Dummy(real=True)
    for name, value in own.items():
        moved = value.xreplace({s: s + by for s in value.free_symbols if s.name in (*along, "w")})
        expected = value + by if name in (*along, "w") else value
        if decide(moved, expected, assumptions).status != PROVED:
            return False
    return True


def _is_power_of_zero(expr: sympy.Expr) -> bool:
    """Whether it is 0**t, with t from 1."""
    return expr.is_Pow and expr.base == 0 and expr.exp.is_Symbol and expr.exp.name == "t"


def _repeats(trace: list, group: _Group, moduli: list[int]) -> dict[str, str] | None:
    seen: dict[tuple, int] = {}
    for t, values in enumerate(trace, start=1):
        state = tuple(values[name] - (values["w"] if name in group.along else 0) for name in group.states)
        if not all(isinstance(value, Fraction) for value in state):
            return None
        key = (*state, *(t % m for m in moduli))
        if key in seen:
            last = range(seen[key], t)
            watched = group.watched
            changes = [trace[k][watched] - (trace[k - 1][watched] if watched == "w" else 0) for k in last]
            if not any(exact.differ(change, changes[0]) for change in changes):
                return None
            what = "steps" if watched == "w" else watched
            return {f"{what} from t = {seen[key] + 1}, over and over": ", ".join(map(exact.shown, changes))}
        seen[key] = t
    return None
