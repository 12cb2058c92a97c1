"""Where states and steps go under a constant gradient."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import sympy

from codegen import reference
from codegen.derive import inlined, transition
from codegen.domain import Domain
from codegen.facts.choices import replaced
from codegen.facts.closed import closed_form, default_values
from codegen.facts.limits import Limits, NoLimitError
from codegen.invariants import invariants
from codegen.neat import neat, upright
from codegen.prove.base import ONE, ZERO, Speller, domains_of, nonzero_denominators, substitute
from codegen.result import PROVED, REFUTED, UNDECIDED, Line, Result
from codegen.spec import Hyper, Optimizer, new
from codegen.tactics import POSITIVE, BelowOne, Facts, candidates, known_sign, points, shown

_LONG = 60


class Steady:
    def __init__(self, rule: Optimizer, at: Mapping[sympy.Symbol, sympy.Expr]) -> None:
        self.rule, self.at = rule, at
        self.facts = Facts.of(rule).also(g=POSITIVE)
        self.values = {s.name: self._assumed(v) for s, v in transition(rule).items()}
        self.over_old = self.values["w"]
        keep = frozenset(new(s) for s in rule.state)
        over_new = {s.of.name: v for s, v in inlined(rule, keep).items() if s in keep or s.name == "w_new"}
        self.over_new = {name: self._assumed(v) for name, v in over_new.items()}
        self.start = {s.name: self._assumed(v) for s, v in rule.state.items()}
        self.limits = Limits(self.facts, Speller(rule), default_values(rule))
        self.t = self.facts.symbol("t")
        self.exact: dict[str, sympy.Expr] = {}  # the value after step t, for t >= 0
        self.found: dict[str, sympy.Expr] = {}
        self.lines: list[Line] = []

    def _assumed(self, expr: sympy.Expr) -> sympy.Expr:
        return self.facts.assume(expr.xreplace(dict(self.at)))

    def symbol(self, name: str) -> sympy.Symbol:
        return self.facts.symbol(name)

    def states(self) -> None:
        """Limits of the states, each from those that are known already."""
        names = list(self.start)
        self.after = self.over_new["w"]  # over the new states, whose limits are those of the old ones
        w = self.symbol("w")
        self.slope = sympy.cancel(sympy.diff(self.after, w))
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
                self.lines.append(Line(f"{name}[t] -> {spell_limit(self.limits.spell, self.found[name])}", because))
            if pending == before:
                if "w" in pending and self._steps_alike():
                    pending.remove("w")
                    continue
                raise NoLimitError("; ".join(f"{name}: {reasons[name]}" for name in pending))

    def _steps_alike(self) -> bool:
        """Whether every step is the same now that some states are known, so that `w` goes where it points."""
        w, value = self.symbol("w"), self._with_exact(self.over_old)
        step = sympy.expand(value - w)
        if step == 0 or step.free_symbols - {self.symbol(h.name) for h in self.rule.hypers} - {self.symbol("g")}:
            return False
        self.after, self.slope = w + step, sympy.Integer(1)
        self.limits.known[w] = self.limits.sign(step) * sympy.oo
        self.lines.append(Line(f"w[t] - w[t-1] = {self.limits.spell(step)}", "in every step the same"))
        return True

    def _limit_of(self, name: str) -> tuple[sympy.Expr, str]:
        own, value = self.symbol(name), self._with_exact(self.values[name])
        if (found := self._set_at_once(name, own, value) or self._sampled(own, value)) is not None:
            return found
        if (goal := self._averaged(own, value)) is not None:
            return goal, "a mean of what stays the same, whose weights add up to infinity"
        everything = [*self.start, "w", *(f"{n}_new" for n in self.start)]
        others = {self.symbol(n) for n in everything} - {own} - set(self.limits.known)
        if not value.has(sympy.Max, sympy.Min) and own in sympy.diff(value, own).free_symbols:
            value = self._with_exact(self.over_new[name])  # it may be linear in itself beside the other new states
        if others & value.free_symbols:
            raise NoLimitError("it depends on what is not known yet")
        start = self.start.get(name, self.symbol("w"))
        if (solved := self._solved(name)) is not None:
            self.exact[name] = solved
            goal = self.limits(solved)
            return goal if goal in (sympy.oo, -sympy.oo) else neat(goal), "its closed form"
        if isinstance(value, sympy.Max) and (found := self._largest(name, own, value, start)) is not None:
            return found
        if (found := self._clamped(own, value)) is not None:
            return found
        if own not in value.free_symbols:
            return self._plain(name, value), "the limits of what it is made of"
        factor = sympy.diff(self._settled(value), own)
        if own in factor.free_symbols:
            raise NoLimitError("it is not linear in itself")
        fed = self._settled(value).xreplace({own: ZERO})
        return self._linear(name, factor, fed, start)

    def _solved(self, name: str) -> sympy.Expr | None:
        """The state after t steps from its closed form, if it sums up constants."""
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
        return None if any(s.name in (*self.start, "w") for s in solved.free_symbols) else solved

    def _settled(self, value: sympy.Expr) -> sympy.Expr:
        """`value` at late steps: comparisons of t with a number are over."""
        later = sympy.Symbol("late", integer=True, positive=True)

        def branch(e: sympy.Piecewise) -> sympy.Expr:
            for v, c in e.args:
                settled = c.xreplace({self.t: later + 1})
                if settled == sympy.true:
                    return v
                if settled != sympy.false:
                    return e
            return e

        return value.replace(lambda e: isinstance(e, sympy.Piecewise), branch)

    def _linear(self, name: str, factor: sympy.Expr, fed: sympy.Expr, start: sympy.Expr) -> tuple[sympy.Expr, str]:
        a, x = sympy.cancel(self.limits(factor)), self.limits(fed)
        constant = self.t not in (factor.free_symbols | fed.free_symbols) and not any(
            s in self.limits.known for s in factor.free_symbols | fed.free_symbols
        )
        if a == 1:
            if not constant:
                raise NoLimitError("what it adds up changes")
            if fed == 0:
                return start, "it stays"
            self.exact[name] = start + fed * self.t
            return self.limits.sign(fed) * sympy.oo, "the same is added in every step"
        low = self.facts.domains.get(a.name, Domain()).low if isinstance(a, sympy.Symbol) else None
        if low is not None and low >= 1 and x == 0 and start.is_nonnegative:
            self.limits.sign(start)
            return sympy.oo, "it grows by a factor above 1"
        if not self._contracts(a):
            raise NoLimitError(f"the factor {a} is not known to be below 1")
        goal = neat(x / (1 - a))
        if constant:
            self.exact[name] = goal + (start - goal) * factor**self.t
        return goal, "a[t] -> a with abs(a) < 1 and x[t] -> x give s[t] = a[t] * s[t-1] + x[t] -> x / (1 - a)"

    def _contracts(self, a: sympy.Expr) -> bool:
        rest = sympy.factor(1 - a)
        if known_sign(a) == 1 and known_sign(rest) == 1 and rest != 0:
            if not self.facts.nonzero(rest):
                above, _ = sympy.fraction(rest)
                needed = [f for f in sympy.Mul.make_args(above) if not self.facts.nonzero(f)]
                self.limits.assumptions.update(dict.fromkeys(f"{self.limits.spell(f)} != 0" for f in needed))
            return True
        return self.limits.below_one(a)

    def _with_exact(self, value: sympy.Expr) -> sympy.Expr:
        known = {self.symbol(n): v.xreplace({self.t: self.t - 1}) for n, v in self.exact.items()}
        return replaced(value, known) if value.has(sympy.Piecewise) else value.xreplace(known)

    def _set_at_once(self, name: str, own: sympy.Symbol, value: sympy.Expr) -> tuple[sympy.Expr, str] | None:
        """What is set in the first step, and later kept or set to the same."""
        if not isinstance(value, sympy.Piecewise):
            return None
        others = {v for v, _ in value.args} - {own}
        if len(others) != 1 or value.xreplace({self.t: ONE}) not in others:
            return None
        (goal,) = others
        if any(s in (self.t, self.symbol("w")) or s.name in self.start for s in goal.free_symbols):
            return None
        self.exact[name] = goal
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
        if not (modulus.is_integer and modulus.is_positive and sympy.diff(count, self.t) == 1):
            return None
        unknown = {self.symbol(n) for n in (*self.start, "w")} - {own} - set(self.limits.known)
        return None if unknown & taken.free_symbols else (self.limits(taken), "what it takes over every k steps")

    def _averaged(self, own: sympy.Symbol, value: sympy.Expr) -> sympy.Expr | None:
        """The limit of s[t] = (1 - r[t]) * s[t-1] + r[t] * goal with r[t] in [0, 1] and the sum of r[t] infinite.

        It is if 1 / r is linear in a state that gains at most one in every step, since 1/t has no sum.
        """
        share = ONE - sympy.diff(value, own)
        states = [s for s in share.free_symbols if s.name in self.start]
        if len(states) != 1 or own in share.free_symbols or self.t in share.free_symbols:
            return None
        goal = sympy.cancel(value.xreplace({own: ZERO}) / share)
        if any(s in (self.t, self.symbol("w")) or s.name in self.start for s in goal.free_symbols):
            return None
        (state,), inverse = states, sympy.cancel(1 / share)
        slope = sympy.diff(inverse, state)
        held = invariants(self.rule)
        facts = held.facts(self.facts)
        gained = facts.assume(self.over_new[state.name] - state)
        shares = (facts.assume(share), facts.assume(ONE - share))
        bounded = (
            slope.is_Rational and slope > 0 and all(held.nonnegative_value(e, facts) for e in (*shares, ONE - gained))
        )
        return goal if bounded else None

    def _plain(self, name: str, value: sympy.Expr) -> sympy.Expr:
        if self.t not in value.free_symbols and not any(s in self.limits.known for s in value.free_symbols):
            self.exact[name] = value  # from the first step on
        return self.limits(value)

    def _largest(self, name: str, own: sympy.Symbol, value: sympy.Max, start: sympy.Expr):
        """The largest so far: of what never falls, the last; of what fades, the new."""
        mine = [argument for argument in value.args if own in argument.free_symbols]
        rest = sympy.Max(*(argument for argument in value.args if argument not in mine))
        if len(mine) != 1:
            return None
        factor = sympy.cancel(mine[0] / own)
        if own in factor.free_symbols or not (factor == 1 or self._contracts(factor)):
            return None
        if factor != 1:
            if known_sign(rest) != 1:
                raise NoLimitError(f"{rest} may be negative")
            return self.limits(rest), "what fades falls below what is new"
        # as a function of q = b**(t-1) for each b, which the next step multiplies by b
        n = sympy.Symbol("n", integer=True, nonnegative=True)
        shifted = sympy.expand_power_exp(rest.xreplace({self.t: n + 1}))
        powers = {p: sympy.Dummy(nonnegative=True) for p in shifted.atoms(sympy.Pow) if p.exp == n}
        current = sympy.cancel(shifted.xreplace(powers))
        if n in current.free_symbols:
            raise NoLimitError("what it is the largest of is no sum of powers")
        rest = current.xreplace({q: p.base ** (self.t - 1) for p, q in powers.items()})
        rise = sympy.factor(current.xreplace({q: p.base * q for p, q in powers.items()}) - current)
        if known_sign(rise) != 1:
            raise NoLimitError("it is not known that what it is the largest of never falls")
        if self.t not in rest.free_symbols and not any(s in self.limits.known for s in rest.free_symbols):
            self.exact[name] = sympy.Max(start, rest)
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
            step = self.limits(still) + (self.limits(self.slope) - 1) * self.found["w"]
        return step if step in (sympy.oo, -sympy.oo) else neat(step)

    def _clamped(self, own: sympy.Symbol, value: sympy.Expr):
        """What grows by a factor above 1 until it is held."""
        value = self._decided(value)
        if not isinstance(value, sympy.Min):
            return None
        mine = [argument for argument in value.args if own in argument.free_symbols]
        if len(mine) != 1 or not isinstance(mine[0], sympy.Max):
            return None
        grown = [argument for argument in mine[0].args if own in argument.free_symbols]
        factor = sympy.cancel(grown[0] / own) if len(grown) == 1 else own
        low = self.facts.domains.get(getattr(factor, "name", ""), Domain()).low
        start = self.start[own.name]
        if own in factor.free_symbols or low is None or low < 1 or not start.is_nonnegative:
            return None
        self.limits.sign(start)
        return sympy.Min(*(a for a in value.args if a not in mine)), "it grows by a factor above 1 until it is held"

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
        off = {h: ZERO for h in rule.hypers if sympy.sympify(str(h.default)) == 0}
        other = _steady(rule, off) if off else result
        result = other if other.status == PROVED else result
    return result


def _steady(rule: Optimizer, at: Mapping[sympy.Symbol, sympy.Expr]) -> Result:
    found = Steady(rule, at)
    statement = "under a constant gradient the states and the steps converge, or grow beyond all bounds"
    try:
        found.states()
        step = found.step()
    except NoLimitError as error:
        if cycle := _cycle(rule):
            return Result("", "steady state", REFUTED, statement, "a cycle in exact numbers", counterexample=cycle)
        return Result("", "steady state", UNDECIDED, statement, reason=f"{error}, and no cycle was found")
    spell = found.limits.spell
    parts = [f"{name}[t] -> {spell_limit(spell, value)}" for name, value in found.found.items()]
    parts.append(f"w[t] - w[t-1] -> {spell_limit(spell, step)}")
    nonzero = nonzero_denominators([upright(step)], found.facts)
    off = "".join(f", {h} = {v}" for h, v in at.items())
    statement = f"if every gradient is g > 0{off}: {', '.join(parts)}"
    used = domains_of(rule, step, *found.found.values())
    assumptions = (*dict.fromkeys((*nonzero, *found.limits.assumptions)), *used)
    return Result("", "steady state", PROVED, statement, "limits", assumptions, derivation=tuple(found.lines))


def spell_limit(spell: Speller, value: sympy.Expr) -> str:
    return str(value) if value in (sympy.oo, -sympy.oo) else spell(value)


def _cycle(rule: Optimizer) -> dict[str, str] | None:
    """A run with g = 1 in which something repeats itself, and changes on the way: it goes on like this for ever.

    What repeats is a state that depends on itself alone, or all states and the step.
    """
    facts = Facts.of(rule)
    names = [h.name for h in rule.hypers]
    modulus = sorted({str(m.args[1]) for step in rule.steps for m in step.value.atoms(sympy.Mod)})
    own = {s.name: v.replace(sympy.Mod, lambda *_: sympy.Dummy(real=True)) for s, v in transition(rule).items()}
    along = {s.name for s, v in rule.state.items() if v.is_Symbol and v.name == "w"}
    first = {n: candidates(facts.domains.get(n, Domain()))[0] for n in names}
    shares = {n: Fraction(0) for n in names if isinstance(facts.symbol(n), BelowOne) and 0 in facts.domains[n]}
    settings = [first, *points(names, facts)]
    for setting in [*settings, *({**setting, **shares} for setting in settings if shares)]:
        hyper = {**setting, **{name: Fraction(3) for name in modulus if name in setting}}
        gone = {n: ZERO for n, v in hyper.items() if v == 0}  # an average that forgets at once does not depend on t
        groups = _groups(
            {name: substitute(v, gone).replace(_is_power_of_zero, lambda _: ZERO) for name, v in own.items()}
        )
        try:
            trace = reference.run(rule, [1] * _LONG, lambda t, hyper=hyper: hyper)
        except (ZeroDivisionError, ValueError, OverflowError):
            continue
        for group, watched in groups:
            if found := _repeats(trace, group, along, watched, [int(hyper[n]) for n in modulus if n in hyper]):
                return {"g": "1", **{n: str(v) for n, v in hyper.items()}, **found}
    return None


def _is_power_of_zero(expr: sympy.Expr) -> bool:
    """Whether it is 0**t, with t from 1."""
    return expr.is_Pow and expr.base == 0 and expr.exp.is_Symbol and expr.exp.name == "t"


def _groups(own: Mapping[str, sympy.Expr]) -> list[tuple[list[str], str]]:
    """What may change for ever, each with what is watched.

    That is a state by itself; or they all do, if nothing depends on t but through its remainder.
    """
    moving = {"w", *own}
    groups = [
        ([name], name)
        for name in own
        if name != "w" and {s.name for s in own[name].free_symbols} & {*moving, "t"} == {name}
    ]
    if all("t" not in {s.name for s in value.free_symbols} for value in own.values()):
        groups.append(([name for name in own if name != "w"], "w"))
    return groups


def _repeats(trace: list, group: list[str], along: set[str], watched: str, moduli: list[int]) -> dict[str, str] | None:
    seen: dict[tuple, int] = {}
    for t, values in enumerate(trace, start=1):
        state = tuple(str(values[name] - (values["w"] if name in along else 0)) for name in group)
        key = (*state, *(t % m for m in moduli))
        if key in seen:
            last = range(seen[key], t)
            changes = [trace[k][watched] - (trace[k - 1][watched] if watched == "w" else 0) for k in last]
            what = "steps" if watched == "w" else watched
            return (
                {f"{what} from t = {seen[key] + 1}, over and over": ", ".join(map(shown, changes))}
                if len({str(change) for change in changes}) > 1
                else None
            )
        seen[key] = t
    return None
