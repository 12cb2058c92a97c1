"""The largest step that any sequence of gradients can make, by the inequalities of Cauchy, Schwarz and Hoelder.

A step is a ratio. What is above is linear in the gradients, with the weights a[k] of the gradient k steps ago;
what is below is at least the root of a sum of their squares with the weights b[k], or their largest. Then

    (sum a[k] * h[k])**2 <= sum a[k]**2 / b[k] * sum b[k] * h[k]**2,    equal for h[k] ~ a[k] / b[k]
    abs(sum a[k] * h[k]) <= sum abs(a[k]) / b[k] * max b[k] * abs(h[k]),    equal for h[k] ~ sign(a[k]) / b[k]

The weights are those of the closed forms. Where more than one ratio adds up, so do their bounds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import mpmath
import sympy

from codegen import reference
from codegen.derive import inlined, transition
from codegen.domain import Domain, parse
from codegen.facts.choices import replaced
from codegen.facts.closed import ClosedForm, closed_form, default_values
from codegen.facts.limits import Limits, NoLimitError
from codegen.invariants import Invariants, invariants
from codegen.neat import neat
from codegen.prove.base import ONE, ZERO, Proof, Speller, domains_of, substitute
from codegen.result import PROVED, REFUTED, TESTED, UNDECIDED, Line, Result
from codegen.spec import Optimizer, new
from codegen.tactics import Facts, known_sign, nonnegative, points

_MOMENTS = (1, 2, 3, 7, 20)  # the steps at which it is tried whether the bound is reached


class NoBoundError(Exception):
    """No bound was found."""


@dataclass(frozen=True)
class Weights:
    """`size * ratio**k + (extra if k = 0)`: the weight of what was put in k steps ago, k = 0..t-1."""

    size: sympy.Expr = ZERO
    ratio: sympy.Expr = ZERO
    extra: sympy.Expr = ZERO


@dataclass(frozen=True)
class Norm:
    """`kind` is "squares" (the root of a sum of squares), "spread" (the same less the square of the sum) or "largest".

    `driver` is what is summed up, an expression in `g` and old states; `exact` whether nothing but
    hyperparameters, which may be zero, was left out of what it is at most.
    """

    kind: str
    weights: Weights
    driver: sympy.Expr
    last_only: bool = False
    exact: bool = True

    def times(self, factor: sympy.Expr) -> Norm:
        b = self.weights
        return replace(self, weights=Weights(factor * b.size, b.ratio, factor * b.extra))


@dataclass
class StepBound:
    """`abs(w[t] - kept * w[t-1]) <= value`. `worst` gives the gradients that reach it: of earlier steps, the last."""

    rule: Optimizer
    kept: sympy.Expr
    value: sympy.Expr
    worst: sympy.Expr | None
    exact: bool
    assumptions: tuple[str, ...]
    lines: tuple[Line, ...]
    limit: sympy.Expr | None = None
    limit_assumptions: tuple[str, ...] = ()
    reached: bool = False
    reached_first: bool = False


@dataclass
class _Search:
    rule: Optimizer
    facts: Facts = field(init=False)
    held: Invariants = field(init=False)
    lines: list[Line] = field(default_factory=list)
    assumptions: dict[str, None] = field(default_factory=dict)
    worst: list[sympy.Expr | None] = field(default_factory=list)
    exact: bool = True

    def __post_init__(self) -> None:
        rule = self.rule
        self.held = invariants(rule)
        self.facts = self.held.facts(Facts.of(rule)).also(i=Domain(low=Fraction(1), low_closed=True))
        keep = frozenset(new(s) for s in rule.state)
        self.own = {s.of.name: self.facts.assume(v) for s, v in inlined(rule, keep).items() if s in (*keep, _w(rule))}
        self.forms: dict[str, ClosedForm | None] = {s.name: closed_form(rule, s) for s in rule.state}
        self.start = {s.name: self.facts.assume(v) for s, v in rule.state.items()}
        self.arrays = {s.name for s in rule.array_state} | {"g", "w"}
        self.arrays |= {f"{n}_new" for n in self.arrays}
        self.t = self.facts.symbol("t")
        self.spell = Speller(rule)
        self.deep: tuple[str, ...] = ()
        self.behind: dict[sympy.Symbol, sympy.Expr] = {}  # how far `w` may be from a state that starts there

    def symbol(self, name: str) -> sympy.Symbol:
        return self.facts.symbol(name)

    def array(self, expr: sympy.Basic) -> bool:
        return any(s.name in self.arrays for s in expr.free_symbols)

    # The largest that an expression can be.

    def largest(self, expr: sympy.Expr) -> sympy.Expr:
        """A bound on `abs(expr)`."""
        if not self.array(expr):
            found = known_sign(expr)
            return sympy.Abs(expr) if found is None else found * expr
        match expr:
            case sympy.Symbol():
                return self._state(expr)
            case sympy.Add():
                self.worst.append(None)
                return sympy.Add(*map(self.largest, expr.args))
            case sympy.sign():
                self.worst.append(sympy.Symbol("g", positive=True))
                return ONE
            case sympy.Abs():
                return self.largest(expr.args[0])
            case sympy.Max():
                return sympy.Max(*map(self.largest, expr.args))
            case sympy.Min():
                return self._least(expr)
            case sympy.Piecewise():
                return self._choice(expr)
            case sympy.Mul() | sympy.Pow():
                return self._ratio(expr)
        raise NoBoundError(f"nothing is known of {expr}")

    def _least(self, expr: sympy.Min) -> sympy.Expr:
        if not all(nonnegative(argument) for argument in expr.args):
            raise NoBoundError(f"{expr} may be negative")
        found = [argument for argument in expr.args if not self.array(argument)]
        self.exact = False
        if found:
            return sympy.Min(*found)
        raise NoBoundError(f"nothing bounds {expr}")

    def _choice(self, expr: sympy.Piecewise) -> sympy.Expr:
        values = [self.largest(value) for value, _ in expr.args]
        if any(self.array(condition) for _, condition in expr.args):
            return self._greatest(values)
        return sympy.Piecewise(*((v, c) for v, (_, c) in zip(values, expr.args, strict=True)))

    def _greatest(self, values: list[sympy.Expr]) -> sympy.Expr:
        """The maximum, without those that are known to be below others."""
        kept = [
            a
            for k, a in enumerate(values)
            if not any(self._above(b, a) and (not self._above(a, b) or j < k) for j, b in enumerate(values) if j != k)
        ]
        return sympy.Max(*kept)

    def _above(self, first: sympy.Expr, second: sympy.Expr) -> bool:
        if known_sign(first - second) == 1:
            return True
        # through a number in between
        lows = {s.name: self.facts.domains.get(s.name, Domain()) for s in (first.free_symbols | second.free_symbols)}
        if first.is_Symbol and (low := lows[first.name].low) is not None:
            high = second if second.is_Rational else lows[second.name].high if second.is_Symbol else None
            return high is not None and low >= Fraction(str(high))
        return False

    def _state(self, symbol: sympy.Symbol) -> sympy.Expr:
        """A state that gains a bounded amount and keeps a bounded part of itself."""
        if symbol in self.behind:
            self.worst.append(None)
            return self.behind[symbol]
        name = symbol.name.removesuffix("_new")
        if name not in self.own or name == "w" or name in self.deep:
            raise NoBoundError(f"{symbol} is not bounded")
        self.worst.append(None)
        self.deep = (*self.deep, name)
        own, value = self.symbol(name), self.own[name]
        free = _held(value)
        if free is not None and not self.array(free):
            bound = free
        else:
            slope = sympy.diff(value, own)
            if own in slope.free_symbols:
                raise NoBoundError(f"{name} is not linear in itself")
            fed = value.xreplace({own: ZERO})
            factor = ONE if self._share(slope) else neat(self.largest(slope))
            gain = neat(self.largest(fed)) if fed != 0 else ZERO
            bound = self._summed(name, factor, gain)
        self.deep = self.deep[:-1]
        at = "t"
        if symbol.name == name:
            bound, at = bound.subs(self.t, self.t - 1), "t-1"  # the value before the step
        self.lines.append(Line(f"{name}[{at}] <= {self.spell(bound)}", "by induction, from the bounds of its parts"))
        return bound

    def _share(self, expr: sympy.Expr) -> bool:
        """Whether `expr`, which depends on the element, is in [0, 1]."""
        both = (expr, ONE - expr)
        return self.array(expr) and all(self.held.nonnegative_value(e, self.facts) for e in both)

    def _summed(self, name: str, factor: sympy.Expr, gain: sympy.Expr) -> sympy.Expr:
        start = self.start[name]
        start = start if known_sign(start) == 1 else sympy.Abs(start)
        later = sympy.Symbol("late", integer=True, positive=True)
        if isinstance(factor, sympy.Piecewise):
            settled = factor.subs(self.t, later + 1)
            if later in settled.free_symbols or gain != 0:
                raise NoBoundError(f"the factor of {name} changes with t")
            return start * factor.subs(self.t, ONE) * settled ** (self.t - 1)
        if self.t in factor.free_symbols:
            raise NoBoundError(f"the factor of {name} changes with t")
        if self.t in gain.free_symbols and not self._rises(gain):
            raise NoBoundError(f"what {name} gains may fall with t")
        if factor == 1:
            return start + gain * self.t
        self.assume_not(factor, ONE)
        return start * factor**self.t + gain * (1 - factor**self.t) / (1 - factor)

    def _rises(self, expr: sympy.Expr) -> bool:
        n = sympy.Symbol("n", integer=True, nonnegative=True)
        square = sympy.expand_power_exp(sympy.expand_power_base((expr**2).xreplace({self.t: n + 1}), force=True))
        bases = {p.base for p in square.atoms(sympy.Pow) if n in p.exp.free_symbols}
        names = {b: sympy.Dummy(positive=True) for b in bases}
        current = square.replace(
            lambda e: e.is_Pow and e.base in names and e.exp in (n, -n), lambda e: names[e.base] ** (e.exp / n)
        )
        if n in current.free_symbols:
            return False
        rise = sympy.factor(current.xreplace({q: b * q for b, q in names.items()}) - current)
        return known_sign(rise) == 1

    def step_behind(self) -> sympy.Expr:
        """The step over the distance of `w` from a state that starts there and that it is set back to every k steps.

        In between the distance gains what `w` does, so that it is at most k - 1 times the largest of that.
        """
        starts = [s for s, v in self.rule.state.items() if v.is_Symbol and v.name == "w"]
        whole = {self.symbol(f"{s.name}_new"): self.own[s.name] for s in starts}
        moved = self.own["w"].xreplace(whole)
        choices = {c for c in moved.atoms(sympy.StrictGreaterThan) if isinstance(c.lhs, sympy.Mod) and c.rhs == 0}
        if len(starts) != 1 or len(choices) != 1:
            raise NoBoundError("the step is not linear in w")
        (choice,), slow, w = choices, self.symbol(starts[0].name), self.symbol("w")
        count, every = choice.lhs.args
        if count != self.t or not (every.is_integer and every.is_positive):
            raise NoBoundError(f"{choice} is not known to hold in all but each k-th step")
        distance = sympy.Symbol(f"(w - {slow})", real=True)
        self.arrays.add(distance.name)
        steps, kept = [], []
        for holds in (sympy.true, sympy.false):
            at = {choice: holds}
            after, before = (replaced(e, at).xreplace({w: slow + distance}) for e in (moved, self.own[slow.name]))
            steps.append(self._in(distance, after - slow - distance))
            kept.append(self._in(distance, after - before))
        gain = kept[0] - distance
        if kept[1] != 0 or distance in gain.free_symbols | steps[0].free_symbols:
            raise NoBoundError("w is not set back to where it started")
        if any(slow in e.free_symbols for e in (*steps, gain)):
            raise NoBoundError(f"the step depends on {slow}")
        most = self._peak(self.largest(sympy.factor_terms(gain)))
        self.behind[distance] = (every - 1) * most
        text = f"abs(w[t-1] - {slow}[t-1]) <= {self.spell(self.behind[distance])}"
        self.lines.append(Line(text, f"by induction over Mod(t, {every}), which is at most {every} - 1"))
        return sympy.Piecewise((steps[0], choice), (steps[1], True))

    def _in(self, symbol: sympy.Symbol, expr: sympy.Expr) -> sympy.Expr:
        """`expr` as a multiple of `symbol` and a rest."""
        slope = neat(sympy.diff(expr, symbol))
        if symbol in slope.free_symbols:
            raise NoBoundError(f"the step is not linear in {symbol}")
        return slope * symbol + sympy.factor_terms(expr.xreplace({symbol: ZERO}))

    def _peak(self, expr: sympy.Expr) -> sympy.Expr:
        """A bound on `expr`, which is not negative, for all t: 1 - b**t is in [1 - b, 1]."""
        if self.t not in expr.free_symbols:
            return expr
        if expr.is_Mul or expr.is_Pow:
            exponent = expr.exp if expr.is_Pow else ONE
            factors = sympy.Mul.make_args(expr.base if expr.is_Pow else expr)
            if expr.is_Pow and len(factors) == 1:
                return self._peak_of_rest(expr.base, exponent)
            return sympy.Mul(*(self._peak(factor**exponent) for factor in factors))
        return self._peak_of_rest(expr, ONE)

    def _peak_of_rest(self, rest: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
        power = ONE - rest
        base = power.xreplace({self.t: ONE})
        limits = Limits(self.facts, self.spell, default_values(self.rule))
        if self.t in exponent.free_symbols or sympy.powsimp(base**self.t / power) != 1 or not limits.below_one(base):
            raise NoBoundError(f"nothing bounds {self.spell(rest)} for all t")
        self.assumptions.update(limits.assumptions)
        return ONE if exponent.is_positive else (ONE - base) ** exponent

    def assume_not(self, left: sympy.Expr, right: sympy.Expr) -> None:
        if not self.facts.nonzero(left - right) and not self.facts.nonzero(right - left):
            self.assumptions.setdefault(f"{self.spell(neat(left))} != {self.spell(right)}")

    # A ratio.

    def _ratio(self, expr: sympy.Expr) -> sympy.Expr:
        front, others = ONE, []
        linear: list[tuple[sympy.Expr, int]] = []
        below: list[tuple[sympy.Expr, sympy.Expr]] = []
        for factor in sympy.Mul.make_args(expr):
            base, exponent = factor.as_base_exp()
            if not self.array(factor):
                front *= self.largest(factor)
            elif exponent.is_negative:
                below.append((base, -exponent))
            elif exponent.is_Integer and self._is_linear(base):
                linear.append((base, int(exponent)))
            elif exponent == sympy.Rational(1, 2):
                others.append(sympy.sqrt(self.largest(base)))
            elif exponent == 1:
                others.append(self.largest(base))
            elif exponent.is_Integer:
                others.append(self.largest(base) ** exponent)
            else:
                raise NoBoundError(f"nothing is known of {factor}")
        for factor in others:
            front *= factor
        if not below:
            return front * sympy.Mul(*(self.largest(base) ** power for base, power in linear))
        if len(linear) != 1 or len(below) != 1:
            linear_text = " * ".join(self.spell(b) for b, _ in linear) or "1"
            below_text = " * ".join(self.spell(b) for b, _ in below) or "1"
            raise NoBoundError(f"no inequality is known for {linear_text} over {below_text}")
        (above, power), (base, exponent) = linear[0], below[0]
        # x**2 over X is the square of x over the root of X
        norm = self._norm(base) if exponent == power else self._root(base) if 2 * exponent == power else None
        if norm is None:
            raise NoBoundError(f"{self.spell(base)} is not known to be at least a norm of the gradients")
        bound = front * self._holder(above, norm) ** power
        return self.largest(bound) if self.array(bound) else bound

    def _is_linear(self, expr: sympy.Expr) -> bool:
        symbols = [s for s in expr.free_symbols if s.name in self.arrays]
        return expr.is_polynomial(*symbols) and sympy.Poly(expr, *symbols).total_degree() == 1 if symbols else False

    def _holder(self, above: sympy.Expr, norm: Norm) -> sympy.Expr:
        a, b = self._weights(above, norm), norm.weights
        k = sympy.Symbol("k", real=True)
        if norm.last_only and a.size != 0:
            raise NoBoundError("only the weight of the last gradient is known")
        if b.size + b.extra == 0:
            raise NoBoundError("the weight of the last gradient vanishes")
        at_last = a.size + a.extra
        if norm.kind == "largest":
            ratio = neat(a.ratio / b.ratio) if a.size != 0 else ZERO
            # all weights have one sign, or the sum of their absolute values is no geometric series
            if known_sign(a.size) is None or (
                a.extra != 0 and known_sign(a.extra) != known_sign(a.size) and a.size != 0
            ):
                raise NoBoundError("the weights may differ in sign")
            total = (
                sympy.Abs(a.size) / b.size * self._geometric(ratio)
                + sympy.Abs(at_last) / b.size
                - sympy.Abs(a.size) / b.size
            )
            worst = (b.ratio ** (-k), ONE)
            name = "Hoelder"
        else:
            ratio = neat(a.ratio**2 / b.ratio) if a.size != 0 else ZERO
            total = a.size**2 / b.size * self._geometric(ratio) if a.size != 0 else ZERO
            total += neat((at_last**2 - a.size**2) / (b.size + b.extra))
            worst = a.size / b.size * (a.ratio / b.ratio) ** k if a.size != 0 else ZERO
            worst = (worst, at_last / (b.size + b.extra))
            if norm.kind == "spread":
                weight = 1 - b.size * self._geometric(b.ratio)
                sum_a = (a.size * self._geometric(a.ratio) if a.size != 0 else ZERO) + a.extra
                total += sum_a**2 / neat(weight)
                worst = tuple(x + sum_a / neat(weight) for x in worst)
            total, name = sympy.sqrt(neat(total)), "Cauchy-Schwarz"
        self.exact = self.exact and norm.exact
        self.worst.append(worst if norm.driver == self.symbol("g") else None)
        text = f"abs({self.spell(above)}) <= {self.spell(total)} times what is below"
        self.lines.append(Line(text, f"{name}, with the weights of the closed forms"))
        return total

    def _geometric(self, ratio: sympy.Expr) -> sympy.Expr:
        """`sum(ratio**k, k=0..t-1)`."""
        if ratio == 0:
            return ONE
        if ratio == 1:
            return self.t
        self.assume_not(ratio, ONE)
        proof = Proof(self.facts)
        r = sympy.Symbol("r", real=True)
        total = (1 - r**self.t) / (1 - r)
        proof.equal(total.xreplace({self.t: ONE}), ONE, "one term", "base case")
        proof.equal(total.xreplace({self.t: self.t + 1}), 1 + r * total, "one more", "induction step")
        if proof.failed is not None:
            raise NoBoundError("the geometric series")
        return (1 - ratio**self.t) / (1 - ratio)

    def _weights(self, above: sympy.Expr, norm: Norm) -> Weights:
        """The weights of the drivers of `norm` in the linear expression `above`."""
        found = Weights()
        g, h = self.symbol("g"), sympy.Dummy("h")
        symbols = sorted((s for s in above.free_symbols if s.name in self.arrays), key=str)
        if above.xreplace(dict.fromkeys(symbols, ZERO)) != 0:
            raise NoBoundError(f"{self.spell(above)} has a constant part")
        slope = sympy.diff(norm.driver, g)
        if self.array(slope) or slope == 0:
            raise NoBoundError("the driver is not linear in the gradient")
        gradient = sympy.expand((h - norm.driver.xreplace({g: ZERO})) / slope)  # g in terms of the driver
        for symbol in symbols:
            coefficient = above.coeff(symbol) if above.is_Add else sympy.diff(above, symbol)
            for part, factor in self._driven(symbol, gradient, h):
                found = _plus(found, part, coefficient * factor)
        return found

    def _driven(
        self, symbol: sympy.Symbol, gradient: sympy.Expr, h: sympy.Symbol
    ) -> Iterator[tuple[Weights, sympy.Expr]]:
        if symbol.name == "g":
            for state in sorted(gradient.free_symbols - {h}, key=str):
                if state.name in self.own:
                    yield from ((w, f * sympy.diff(gradient, state)) for w, f in self._before(state, gradient, h))
            yield Weights(extra=ONE), sympy.diff(gradient, h)
            return
        if not symbol.name.endswith("_new"):
            yield from self._before(symbol, gradient, h)
            return
        factor, gain = self._recurrence(symbol.name.removesuffix("_new"), gradient, h)
        yield Weights(ONE, factor), gain

    def _before(
        self, state: sympy.Symbol, gradient: sympy.Expr, h: sympy.Symbol
    ) -> Iterator[tuple[Weights, sympy.Expr]]:
        """An old state: the new one without its last term, which is one factor younger."""
        factor, gain = self._recurrence(state.name, gradient, h)
        if factor == 0:
            raise NoBoundError(f"{state} before the step")
        yield Weights(ONE, factor, -ONE), gain / factor

    def _recurrence(self, name: str, gradient: sympy.Expr, h: sympy.Symbol) -> tuple[sympy.Expr, sympy.Expr]:
        own, g = self.symbol(name), self.symbol("g")
        value = sympy.expand(self.own[name].xreplace({g: gradient}))
        factor, gain = neat(sympy.diff(value, own)), neat(sympy.diff(value, h))
        rest = sympy.cancel(value - factor * own - gain * h)
        if rest != 0 or self.start[name] != 0 or any(self.array(e) or self.t in e.free_symbols for e in (factor, gain)):
            raise NoBoundError(f"{name} is no geometric series of the gradients")
        return factor, gain

    # What is at least a norm of the gradients.

    def _norm(self, expr: sympy.Expr) -> Norm | None:
        """`expr` is at least this."""
        match expr:
            case sympy.Add() | sympy.Max():
                return self._one_of(expr, self._norm)
            case sympy.Mul():
                return self._multiple(expr, self._norm, 2)
            case sympy.Pow(base=base, exp=exponent) if exponent == sympy.Rational(1, 2):
                return self._root(base)
            case sympy.Abs() if self._is_linear(expr.args[0]):
                return Norm("largest", Weights(ONE, ZERO), expr.args[0], last_only=True)
            case sympy.Symbol() if expr.name.endswith("_new"):
                return self._fading(expr.name.removesuffix("_new"))
        return None

    def _one_of(self, expr: sympy.Expr, of) -> Norm | None:
        for term in sorted(expr.args, key=sympy.default_sort_key):
            if (found := of(term)) is None:
                continue
            others = [other for other in expr.args if other != term]
            if isinstance(expr, sympy.Add) and not all(nonnegative(other) for other in others):
                continue
            vanish = all(not self.array(o) and any(s.name != "t" for s in o.free_symbols) for o in others)
            # a maximum of which the rest is zero, or hyperparameters that may be
            exact = found.exact and (vanish or all(o == 0 for o in others))
            return replace(found, exact=exact)
        return None

    def _multiple(self, expr: sympy.Mul, of, power: int) -> Norm | None:
        arrays = [factor for factor in expr.args if self.array(factor)]
        front = sympy.Mul(*(factor for factor in expr.args if not self.array(factor)))
        if len(arrays) != 1 or known_sign(front) != 1 or (found := of(arrays[0])) is None:
            return None
        return found.times(front**power if found.kind != "largest" else front)

    def _root(self, expr: sympy.Expr) -> Norm | None:
        """The root of `expr` is at least this; the weights are those of the squares."""
        match expr:
            case sympy.Add():
                return self._spread(expr) or self._one_of(expr, self._root)
            case sympy.Max():
                return self._one_of(expr, self._root)
            case sympy.Mul():
                return self._multiple(expr, self._root, 1)
            case sympy.Symbol() if expr.name.endswith("_new"):
                return self._squares(expr.name.removesuffix("_new"))
        return None

    def _squares(self, name: str) -> Norm | None:
        form, value = self.forms[name], self.own[name]
        if name in self.deep:
            return None
        if form is None:
            self.deep = (*self.deep, name)
            found = self._one_of(value, self._root) if isinstance(value, sympy.Max) else self._compared(name, value)
            self.deep = self.deep[:-1]
            return replace(found, exact=False) if found else None
        start = self.start[name]
        own = self.symbol(name)
        slope = sympy.diff(value, own)
        fed = (
            sympy.piecewise_fold(value.xreplace({own: ZERO}))
            if value.has(sympy.Piecewise)
            else value.xreplace({own: ZERO})
        )
        if known_sign(start) != 1 or own in slope.free_symbols or not self._at_least_zero(slope):
            return None
        if isinstance(fed, sympy.Piecewise):
            return self._last_of(fed)
        for term in sympy.Add.make_args(sympy.factor_terms(fed)):
            weight, driver = self._square(term)
            if driver is None or known_sign(weight) != 1:
                continue
            rest = sympy.expand(fed - term)
            if not (rest == 0 or nonnegative(rest)):
                continue
            exact = not self.array(rest) and not self.array(start) and not self.array(weight)
            steady = not self.array(slope) and not self.array(weight)
            steady = steady and self.t not in slope.free_symbols | weight.free_symbols
            if steady and slope != 0:
                return Norm("squares", Weights(weight, slope), driver, exact=exact)
            return Norm("squares", Weights(weight), driver, last_only=True, exact=exact)
        return None

    def _at_least_zero(self, expr: sympy.Expr) -> bool:
        if isinstance(expr, sympy.Piecewise):
            return all(self._at_least_zero(value) for value, _ in expr.args)
        return known_sign(expr) == 1 or self.held.nonnegative_value(sympy.cancel(expr), self.facts)

    def _last_of(self, fed: sympy.Piecewise) -> Norm | None:
        """What is put in differs from step to step: only the weight of the last gradient is known."""
        found = [(*self._square(value), condition) for value, condition in fed.args]
        drivers = {driver for _, driver, _ in found}
        if len(drivers) != 1 or None in drivers or any(self.array(c) or known_sign(b) != 1 for b, _, c in found):
            return None
        weight = sympy.Piecewise(*((b, c) for b, _, c in found))
        return Norm("squares", Weights(weight), drivers.pop(), last_only=True)

    def _square(self, term: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr | None]:
        """`term` as a weight times a square of what is linear in the gradient; old states may be in the weight."""
        weight, driver = ONE, None
        g = self.symbol("g")
        for factor in sympy.Mul.make_args(term):
            base, exponent = factor.as_base_exp()
            base = self._inlined(base)
            if not self.array(factor) or (exponent != 2 and g not in base.free_symbols):
                weight *= factor
            elif exponent == 2 and driver is None and self._is_linear(base):
                content, driver = sympy.factor_terms(sympy.expand(base)).as_independent(
                    *(s for s in base.free_symbols if s.name in self.arrays), as_Add=False
                )
                weight *= content**2
            else:
                return weight, None
        return weight, driver

    def _inlined(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` over old states."""
        return expr.xreplace({self.symbol(f"{n}_new"): v for n, v in self.own.items()})

    def _spread(self, expr: sympy.Add) -> Norm | None:
        """The mean of squares less the square of the mean, with the same weights."""
        for square in expr.args:
            mean, exponent = (-square).as_base_exp()
            if exponent != 2 or not mean.is_Symbol:
                continue
            for other in expr.args:
                if (
                    not other.is_Symbol
                    or other == square
                    or (found := self._squares(other.name.removesuffix("_new"))) is None
                ):
                    continue
                rest = expr - square - other
                driver = found.driver
                try:
                    weights = self._weights(mean, found)
                except NoBoundError:
                    continue
                same = weights == Weights(found.weights.size, found.weights.ratio)
                below_one = neat(found.weights.size / (1 - found.weights.ratio)) == 1
                if same and below_one and not found.last_only and (rest == 0 or nonnegative(rest)):
                    return Norm("spread", found.weights, driver, exact=found.exact and not self.array(rest))
        return None

    def _compared(self, name: str, value: sympy.Expr) -> Norm | None:
        """A state that gains or loses by a sign: it is at least the geometric series that would lose in both cases."""
        own, g = self.symbol(name), self.symbol("g")
        signs = value.atoms(sympy.sign)
        if len(signs) != 1 or self.start[name] != 0:
            return None
        (decided,) = signs
        difference = decided.args[0]
        if sympy.expand(difference - (own - g**2)) != 0:
            return None
        high, low = (sympy.expand(value.xreplace({decided: sympy.Integer(s)})) for s in (1, -1))
        weight = neat(sympy.diff(low, g, 2) / 2)
        keep = neat(sympy.diff(high, own) + sympy.diff(high, g, 2) / 2 - weight)
        claimed = keep * own + weight * g**2
        d, v = sympy.Symbol("d", nonnegative=True), own
        # above: own = g**2 + d; below: g**2 = own + d; with 0 <= keep, which is assumed where it is not known
        cases = (
            sympy.factor(sympy.expand((high - claimed).xreplace({own: g**2 + d}))),
            sympy.factor(sympy.expand((low - claimed).subs(g**2, v + d))),
        )
        if any(case != 0 and known_sign(case) != 1 and not nonnegative(sympy.expand(case)) for case in cases):
            return None
        if known_sign(keep) != 1:
            self.assumptions.setdefault(f"{self.spell(keep)} > 0")
        return Norm("squares", Weights(weight, keep), g, exact=False)

    def _fading(self, name: str) -> Norm | None:
        """A largest value that fades: `max(b * s, abs(h), ...)`."""
        value, own = self.own[name], self.symbol(name)
        if not isinstance(value, sympy.Max) or self.start[name] != 0:
            return None
        kept = [argument for argument in value.args if own in argument.free_symbols]
        rest = [argument for argument in value.args if own not in argument.free_symbols]
        if len(kept) != 1 or self.array(ratio := sympy.cancel(kept[0] / own)) or known_sign(ratio) != 1:
            return None
        for argument in rest:
            found = self._norm(argument)
            if found is not None and found.kind == "largest":
                return replace(found, weights=Weights(found.weights.size, ratio), last_only=False)
        return None


def _w(rule: Optimizer) -> sympy.Symbol:
    return next(step.target for step in rule.steps if step.target.name == "w_new")


def _plus(a: Weights, b: Weights, factor: sympy.Expr) -> Weights:
    if a.size != 0 and b.size != 0 and a.ratio != b.ratio:
        raise NoBoundError("two series with different ratios")
    ratio = a.ratio if a.size != 0 else b.ratio
    return Weights(neat(a.size + factor * b.size), ratio, neat(a.extra + factor * b.extra))


def _held(value: sympy.Expr) -> sympy.Expr | None:
    """What a state is held below, whatever it was."""
    if isinstance(value, sympy.Min):
        free = [a for a in value.args if not a.has(sympy.Max) and a.is_Symbol]
        return free[0] if free else None
    return None


def step_bound(rule: Optimizer) -> StepBound:
    """The bound on the steps of `rule`. Raises NoBoundError if none was found."""
    search = _Search(rule)
    w = search.symbol("w")
    value = search.own["w"]
    kept = sympy.cancel(sympy.diff(value, w))
    if isinstance(value, sympy.Piecewise) and kept != 1:
        kept, moved = ONE, search.step_behind()
    elif search.array(kept):
        raise NoBoundError("the step is not linear in w")
    else:
        moved = sympy.factor_terms(value.xreplace({w: ZERO}))
    found = _factored(search.largest(moved))
    # where a decay vanishes, so may a weight that is divided by
    for h in rule.hypers:
        decay = search.symbol(h.name)
        if not decay.is_positive and Fraction(0) in parse(str(h.domain)) and _undefined(found, decay):
            search.assumptions.setdefault(f"{h} != 0")
    worst = search.worst[0] if len(search.worst) == 1 else None
    bound = StepBound(
        rule, kept, found, worst, search.exact, (*search.assumptions, *domains_of(rule, found)), tuple(search.lines)
    )
    _add_limit(bound, search)
    bound.reached = _is_reached(bound, _MOMENTS)
    bound.reached_first = bound.reached or _is_reached(bound, _MOMENTS[:1])
    return bound


def _undefined(expr: sympy.Expr, zero: sympy.Symbol) -> bool:
    """Whether something is divided by `zero` or a power of it."""
    negative = (p for p in expr.atoms(sympy.Pow) if p.base == zero)
    return any(
        p.exp.is_negative or p.exp.subs(sympy.Symbol("t", integer=True, positive=True), 10**6).is_negative
        for p in negative
    )


def _factored(expr: sympy.Expr) -> sympy.Expr:
    def size(of: sympy.Expr) -> sympy.Expr:
        found = known_sign(of)
        return sympy.Abs(of) if found is None else found * of

    expr = expr.replace(sympy.Abs, size)
    return expr if expr.has(sympy.Piecewise, sympy.Max, sympy.Min) else sympy.factor_terms(expr)


def _add_limit(bound: StepBound, search: _Search) -> None:
    limits = Limits(search.facts, search.spell, default_values(bound.rule))
    for state in bound.rule.scalar_state:
        symbol = search.symbol(f"{state.name}_new")
        if symbol in bound.value.free_symbols:
            try:
                factor = limits(sympy.diff(search.own[state.name], search.symbol(state.name)))
            except NoLimitError:
                return
            if search.own[state.name].xreplace({search.symbol(state.name): ZERO}) == 0 and limits.below_one(factor):
                limits.known[symbol] = limits.known[search.symbol(state.name)] = ZERO
    try:
        value = limits(bound.value)
    except NoLimitError:
        return
    bound.limit = value if value in (sympy.oo, -sympy.oo) else _factored(neat(value))
    bound.limit_assumptions = tuple(limits.assumptions)


def at_zero(rule: Optimizer) -> tuple[str, ...]:
    """The hyperparameters that are zero where a bound is reached: those that only make a denominator larger."""
    found = []
    for h in rule.hypers:
        d = parse(str(h.domain))
        if Fraction(0) in d and d.high is None and h.name not in ("lr",) and _only_below(rule, h):
            found.append(h.name)
    return tuple(found)


def _only_below(rule: Optimizer, h: sympy.Symbol) -> bool:
    """Whether `h` is added to something, and does nothing else."""
    uses = [e for step in rule.steps for e in sympy.preorder_traversal(step.value) if h in e.args]
    starts = [v for v in rule.state.values() if h in v.free_symbols]
    return all(isinstance(e, sympy.Add | sympy.Max) for e in uses) and all(v == h for v in starts)


def worst_gradients(bound: StepBound, t: int, hyper: Mapping[str, mpmath.mpf]) -> list:
    """The gradients 1..t that reach the bound at step t."""
    if not isinstance(bound.worst, tuple):
        first = last = bound.worst
    else:
        first, last = bound.worst
    values = {**hyper, "t": t, "g": reference.number(1)}
    return [
        reference.evaluate(last if i == t else first, {**values, "k": reference.number(t - i), "i": i})
        for i in range(1, t + 1)
    ]


def _is_reached(bound: StepBound, moments: tuple[int, ...]) -> bool:
    """Whether the run over the worst gradients has the step that the bound allows, at a few t, at the defaults."""
    if bound.worst is None:
        return False
    hyper = reached_at(bound.rule)
    try:
        for t in moments:
            step, allowed = worst_step(bound, t, hyper)
            if abs(abs(step) - allowed) > mpmath.mpf(10) ** -25 * abs(allowed):
                return False
    except (ZeroDivisionError, ValueError, OverflowError, KeyError, TypeError):
        return False
    return True


def reached_at(rule: Optimizer) -> dict[str, mpmath.mpf]:
    """The defaults, with zero for what keeps divisions from zero."""
    zero = at_zero(rule)
    return {name: reference.number(0 if name in zero else value) for name, value in default_values(rule).items()}


def worst_step(bound: StepBound, t: int, hyper: Mapping[str, mpmath.mpf]) -> tuple[mpmath.mpf, mpmath.mpf]:
    """The step t of the run over the worst gradients, and the bound on it."""
    gradients = worst_gradients(bound, t, hyper)
    trace = reference.run(bound.rule, gradients, lambda _: hyper)
    return last_step(bound, trace, hyper)


def last_step(bound: StepBound, trace: list, hyper: Mapping[str, mpmath.mpf]) -> tuple[mpmath.mpf, mpmath.mpf]:
    t = len(trace)
    values = {**trace[-1], **hyper, "t": t}
    before = trace[-2]["w"] if t > 1 else reference.number(0)
    step = trace[-1]["w"] - reference.evaluate(bound.kept, values) * before
    return step, reference.evaluate(bound.value, values)


def bounds(rule: Optimizer) -> Iterator[Result]:
    """The bound on the step, what it goes to, and whether it is reached; or that there is none."""
    label, spell = "step bound", Speller(rule)
    try:
        bound = step_bound(rule)
    except NoBoundError as error:
        statement = "abs(w[t] - w[t-1]) has a bound that holds for all gradients"
        if (found := _unbounded(rule)) is not None:
            yield Result("", label, REFUTED, statement, "limit of the first step", counterexample=found)
        else:
            yield Result("", label, UNDECIDED, statement, reason=str(error))
        return
    step = "w[t] - w[t-1]" if bound.kept == 1 else f"w[t] - {spell.product(bound.kept, 'w[t-1]')}"
    statement = f"abs({step}) <= {spell(bound.value)}"
    constant = tuple(f"{h.name} constant" for h in rule.hypers if h.name in {s.name for s in bound.value.free_symbols})
    methods = dict.fromkeys(line.because.split(",")[0] for line in bound.lines)
    method = ", ".join(("closed forms", *methods)) if methods else "size of a sign"
    assumptions = (*bound.assumptions, *constant, "t >= 1")
    yield Result("", label, PROVED, statement, method, assumptions, derivation=bound.lines)
    if bound.limit is not None:
        yield Result("", "step bound, late", PROVED, _late(bound, spell), "limits", bound.limit_assumptions)
    if bound.reached_first:
        zero = at_zero(rule)
        at = f"at {', '.join(f'{name} = 0' for name in zero)} " if zero else ""
        by = _worst_text(bound, spell) if bound.reached else "any g[1], at t = 1"
        statement = f"the bound is attained {at}by {by}"
        how = "equality in the inequality" if bound.exact else "runs at the defaults"
        moments = ", ".join(map(str, _MOMENTS if bound.reached else _MOMENTS[:1]))
        status = PROVED if bound.exact else TESTED
        reason = "" if bound.exact else f"run at the other defaults up to t = {moments}"
        yield Result("", "step bound attained", status, statement, how, reason=reason)


def _late(bound: StepBound, spell: Speller) -> str:
    text = str(bound.limit) if bound.limit in (sympy.oo, -sympy.oo) else spell(bound.limit)
    defaults = {name: reference.number(value) for name, value in default_values(bound.rule).items()}
    lr = bound.limit / sympy.Symbol("lr", nonnegative=True) if bound.limit.is_finite is not False else sympy.oo
    at = ""
    if lr.is_finite is not False and not any(s.name == "lr" for s in lr.free_symbols) and lr.free_symbols:
        at = f", {mpmath.nstr(reference.evaluate(lr, defaults), 6)} * lr at the defaults"
    return f"as t -> oo the bound goes to {text}{at}"


def _worst_text(bound: StepBound, spell: Speller) -> str:
    first, last = bound.worst if isinstance(bound.worst, tuple) else (bound.worst, bound.worst)
    age = sympy.Symbol("t", real=True) - sympy.Symbol("i", real=True)
    swap = {s: age for s in first.free_symbols if s.name == "k"}
    if first == last and not swap:
        return "constant gradients"
    scale = ONE
    if not swap and first == 0:
        return "g[i] = 0 for i < t, and any g[t]"
    if sympy.cancel(first.xreplace(dict.fromkeys(swap, ZERO)) - last) == 0:
        scale = last
        text = spell(neat(first.xreplace(swap) / scale))
        return f"g[i] = {text}"
    return f"g[i] = {spell(first.xreplace(swap))} for i < t and g[t] = {spell(last)}"


def _unbounded(rule: Optimizer) -> dict[str, str] | None:
    """Hyperparameters at which the first step grows beyond all bounds with the gradient."""
    facts = Facts.of(rule)
    names = [h.name for h in rule.hypers]
    own = transition(rule)
    w = next(s for s in own if s.name == "w")
    for point in itertools.islice(points(names, facts), 12):
        values = {name: sympy.Rational(v.numerator, v.denominator) for name, v in point.items()}
        first = substitute(own[w].xreplace(dict(rule.state)), {"t": ONE})
        try:
            moved = substitute(first, {**values, "w": ZERO})
            g = sympy.Symbol("g", positive=True)
            moved = moved.xreplace(dict.fromkeys(moved.free_symbols, g))
            limit = Limits(facts, Speller(rule), {}, variable="g")(moved)
        except (NoLimitError, TypeError, ZeroDivisionError):
            continue
        if limit in (sympy.oo, -sympy.oo):
            return {**{n: str(v) for n, v in point.items()}, "w[1] - w[0]": f"{limit} as g[1] -> oo"}
    return None
