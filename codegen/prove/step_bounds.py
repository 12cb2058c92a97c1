"""The largest step that any sequence of gradients can make, by the inequalities of Cauchy, Schwarz and Hoelder.

A step is a ratio. What is above is linear in the gradients, with the weights a[k] of the gradient k steps ago;
what is below is at least the root of a sum of their squares with the weights b[k], or their largest. Then

    (sum a[k] * h[k])**2 <= sum a[k]**2 / b[k] * sum b[k] * h[k]**2,    equal for h[k] ~ a[k] / b[k]
    abs(sum a[k] * h[k]) <= sum abs(a[k]) / b[k] * max b[k] * abs(h[k]),    equal for h[k] ~ sign(a[k]) / b[k]

The weights are those of the closed forms. Where more than one ratio adds up, so do their bounds.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import mpmath
import sympy

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.shorten import normalize_sign, shorten
from ..algebra.signs import AtMostOne, BelowOne, known_sign
from ..analysis.choices import replaced
from ..analysis.closed import default_values
from ..analysis.limits import Limits, NoLimitError
from ..analysis.linear import linear_in
from ..analysis.norms import NoBoundError, Norm, Norms, at_zero, own_w
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Proof, denominators
from ..analysis.values import conditions
from ..result import Line
from ..spec import functions
from ..spec.domain import NON_NEGATIVE, POSITIVE, Domain, magnitude
from ..spec.language import Optimizer
from ..statement import Holds, Runs, Statement, T, Tends, at, spelling

MOMENTS = (1, 2, 3, 7, 20)  # the steps at which it is tried whether the bound is reached


@dataclass(frozen=True)
class StepAtMost(Holds):
    """`left <= right`, where `left` is the size of a step, in the order in which one writes it."""

    kept: sympy.Expr = ONE

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        before = "w[t-1]" if self.kept == 1 else f"{spell(at(self.kept, T), 2)} * w[t-1]"
        return f"abs(w[t] - {before}) <= {spell(self.right)}"


@dataclass
class StepBound:
    """`abs(w[t] - kept * w[t-1]) <= value`. `worst` gives the gradients that reach it: of earlier steps, the last."""

    rule: Optimizer
    kept: sympy.Expr
    value: sympy.Expr
    worst: sympy.Expr | None
    exact: bool
    statement: Statement
    lines: tuple[Line, ...]
    limit: sympy.Expr | None = None
    late: Statement | None = None
    reached: bool = False
    reached_first: bool = False


class _Search(Norms):
    """The search for a bound: `largest` of the step, and what was used on the way."""

    def __init__(self, rule: Optimizer) -> None:
        super().__init__(rule)
        self.lines: list[Line] = []
        self.worst: list[sympy.Expr | None] = []
        self.exact = True
        self.behind: dict[sympy.Symbol, sympy.Expr] = {}  # how far `w` may be from a state that starts there

    # The largest that an expression can be.

    def largest(self, expr: sympy.Expr) -> sympy.Expr:
        """A bound on `abs(expr)`."""
        if not self.array(expr):
            return _size(expr)
        match expr:
            case sympy.Symbol():
                return self._state(expr)
            case sympy.Add():
                self.worst.append(None)
                return sympy.Add(*map(self.largest, expr.args))
            case sympy.sign():
                self.exact = self.exact and self._above_zero(expr.args[0])
                self.worst.append(sympy.Symbol("g", positive=True))
                return ONE
            case sympy.Abs():
                return self.largest(expr.args[0])
            case sympy.Max() | sympy.Min():
                self.exact = False
                return self._extreme(expr)
            case sympy.Piecewise():
                return self._choice(expr)
            case sympy.Mul() | sympy.Pow():
                return self._ratio(expr)
        image = magnitude(functions.image(expr))
        if image.high is None:
            raise NoBoundError(f"nothing is known of {expr}")
        self.exact = False
        self.worst.append(None)
        return sympy.Rational(image.high)

    def _above_zero(self, expr: sympy.Expr) -> bool:
        """Whether `expr` is positive in every step if all gradients are, by induction over all states at once."""
        nonnegative_states = {n: NON_NEGATIVE for name in self.own for n in (name, f"{name}_new") if name != "w"}
        assumptions = Assumptions.of(self.rule).also(g=POSITIVE, **nonnegative_states)
        held = all(nonnegative(assumptions.assume(v)) for n, v in self.own.items() if n != "w")
        if not held or not all(nonnegative(assumptions.assume(v)) for v in self.rule.state.values()):
            return False
        terms = sympy.Add.make_args(assumptions.assume(self._inlined(expr)))
        return all(map(nonnegative, terms)) and any(assumptions.nonzero(term) for term in terms)

    def _extreme(self, expr: sympy.Max | sympy.Min) -> sympy.Expr:
        """A maximum or minimum is held from both sides, or it is no larger than what it is made of."""
        if isinstance(expr, sympy.Max):
            found = [self._attempt(argument) for argument in expr.args]
            if None not in found:
                return sympy.Max(*found)
        elif all(nonnegative(argument) for argument in expr.args):
            if found := [argument for argument in expr.args if not self.array(argument)]:
                return sympy.Min(*found)
            if found := [f for f in map(self._attempt, expr.args) if f is not None]:
                return sympy.Min(*found)
        low, high = self._range(expr)
        if low is None or high is None:
            raise NoBoundError(f"nothing bounds {self.spell(expr)} from {'below' if low is None else 'above'}")
        return self._greatest([_size(high)] if known_sign(low) == 1 else [_size(high), _size(low)])

    def _range(self, expr: sympy.Expr) -> tuple[sympy.Expr | None, sympy.Expr | None]:
        """What `expr` is at least and at most, of both what is found, as scalars."""
        if not self.array(expr):
            return expr, expr
        if isinstance(expr, sympy.Max | sympy.Min | sympy.Piecewise):
            parts = [v for v, _ in expr.args] if isinstance(expr, sympy.Piecewise) else expr.args
            lows, highs = zip(*map(self._range, parts), strict=True)
            # it is at least what one of them is, or at least what all of them are
            low = _of_known(sympy.Max, lows) if isinstance(expr, sympy.Max) else _of_all(sympy.Min, lows)
            high = _of_known(sympy.Min, highs) if isinstance(expr, sympy.Min) else _of_all(sympy.Max, highs)
            return low, high
        size = self._attempt(expr)
        if nonnegative(expr):
            return ZERO, size
        return (None, None) if size is None else (-size, size)

    def _attempt(self, expr: sympy.Expr) -> sympy.Expr | None:
        """A bound on `abs(expr)`; None, and nothing kept of the attempt, if there is none."""
        kept = ("lines", "worst", "exact", "deep", "apart")
        before = {name: copy.copy(getattr(self, name)) for name in kept} | {"assumed": self.assumed.copy()}
        try:
            return self.largest(expr)
        except NoBoundError:
            vars(self).update(before)
            return None

    def _choice(self, expr: sympy.Piecewise) -> sympy.Expr:
        values = [self.largest(value) for value, _ in expr.args]
        if any(self.array(condition) for _, condition in expr.args):
            self.exact = False
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
        lows = {
            s.name: self.assumptions.domains.get(s.name, Domain()) for s in (first.free_symbols | second.free_symbols)
        }
        if first.is_Symbol and (low := lows[first.name].low) is not None:
            high = second if second.is_Rational else lows[second.name].high if second.is_Symbol else None
            return high is not None and low >= Fraction(high)
        return False

    def _state(self, symbol: sympy.Symbol) -> sympy.Expr:
        """A state that is held between bounds, or gains a bounded amount and keeps a bounded part of itself."""
        self.worst.append(None)
        if symbol in self.behind:
            return self.behind[symbol]
        name = symbol.name.removesuffix("_new")
        if name not in self.start or name in self.deep:
            raise NoBoundError(f"{symbol} is not bounded")
        self.deep = (*self.deep, name)
        value = self.own[name]
        held = self._attempt(value) if isinstance(value, sympy.Max | sympy.Min | sympy.Piecewise) else None
        if symbol.name != name:
            bound = held if held is not None else self._summed(name, self.t)
        elif held is not None:
            bound = self._held_before(name, held)
        else:
            bound = self._summed(name, self.t - 1)
        self.deep = self.deep[:-1]
        at = "t-1" if symbol.name == name else "t"
        line = f"abs({name}[{at}]) <= {self.spell(bound)}"
        self.lines.append(Line(line, "by induction, from the bounds of its parts"))
        return bound

    def _started(self, name: str) -> sympy.Expr:
        """How large a state is before the first step."""
        if not self.kept(self.start[name]):
            raise NoBoundError(f"{name} starts from {self.spell(self.start[name])}")
        return _size(self.start[name])

    def _held_before(self, name: str, bound: sympy.Expr) -> sympy.Expr:
        """What a state was before the step: in the first step where it starts, and later held by `bound`."""
        most = self._most(self._without_scalars(bound))
        if most is None or not self.kept(most, but_for="t"):
            raise NoBoundError(f"what holds {name} may change")
        return self._greatest([self._started(name), most])

    def _most(self, expr: sympy.Expr) -> sympy.Expr | None:
        """What `expr`, which is not negative, is at most in all steps up to t; None if that is not seen."""
        if self.t not in expr.free_symbols:
            return expr
        turning = self._turning(expr)
        return None if turning is None else expr if turning == 1 else expr.xreplace({self.t: ONE})

    def _without_scalars(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` with bounds in place of scalar states, which change from step to step."""
        for state in self.rule.scalar_state:
            for symbol in (self.symbol(state.name), self.symbol(f"{state.name}_new")):
                if symbol not in expr.free_symbols:
                    continue
                place = sympy.Dummy(nonnegative=True)
                parts = linear_in(expr.xreplace({sympy.Abs(symbol): place, symbol: place}), place)
                if parts is None or known_sign(parts[0]) != 1:
                    raise NoBoundError(f"{symbol} changes from step to step")
                expr = parts[0] * self._state(symbol) + parts[1]
        return expr

    def _share(self, expr: sympy.Expr) -> bool:
        """Whether `expr`, which depends on the element, is in [0, 1]."""
        both = (expr, ONE - expr)
        return self.array(expr) and all(self.held.nonnegative_value(e, self.assumptions) for e in both)

    def _summed(self, name: str, steps: sympy.Expr) -> sympy.Expr:
        """A bound on a state after t or t - 1 `steps`, of which each keeps a part of it and gains at most so much."""
        parts = linear_in(self.own[name], self.symbol(name))
        if parts is None:
            raise NoBoundError(f"{name} is not linear in itself")
        slope, fed = parts
        factor = ONE if self._share(slope) else shorten(self.largest(slope))
        gain = shorten(self._without_scalars(self.largest(fed))) if fed != 0 else ZERO
        if steps == self.t and factor == 0:
            return gain
        start = self._started(name)
        if not self.kept(factor, gain, but_for="t"):
            raise NoBoundError(f"what {name} keeps and gains may change")
        if factor.has(sympy.Piecewise) or gain.has(sympy.Piecewise):
            return self._summed_from(name, steps, factor, gain)
        if self.t in factor.free_symbols:
            raise NoBoundError(f"the factor of {name} changes with t")
        if (gain := self._most(gain)) is None:
            raise NoBoundError(f"what {name} gains may rise and fall with t")
        return self._repeated(start, factor, gain, steps)

    def _repeated(self, start: sympy.Expr, factor: sympy.Expr, gain: sympy.Expr, steps: sympy.Expr) -> sympy.Expr:
        """What becomes of `start` in so many steps with the same factor and gain."""
        if factor == 0:
            return self._greatest([start, gain])
        if factor == 1:
            return start + gain * steps
        self.assume_not(factor, ONE)
        return start * factor**steps + gain * (1 - factor**steps) / (1 - factor)

    def _summed_from(self, name: str, steps: sympy.Expr, factor: sympy.Expr, gain: sympy.Expr) -> sympy.Expr:
        """As `_summed`, where the first step has another factor and gain than all others."""
        later = sympy.Symbol("(late)", integer=True, positive=True)
        late_factor, late_gain = (e.xreplace({self.t: later + 1}) for e in (factor, gain))
        if later in late_factor.free_symbols | late_gain.free_symbols:
            raise NoBoundError(f"the factor of {name} changes with t")
        start = self._started(name)
        first = start * factor.xreplace({self.t: ONE}) + gain.xreplace({self.t: ONE})
        after = self._repeated(first, late_factor, late_gain, steps - 1)
        # before the first step it is where it starts
        return after if steps == self.t else sympy.Piecewise((after, self.t > 1), (start, True))

    def _turning(self, expr: sympy.Expr) -> int | None:
        """1 if `expr`, which is not negative, never falls from t = 1 on, -1 if it never rises; else None."""
        n = sympy.Symbol("n", integer=True, nonnegative=True)
        for power in (expr, expr**2):
            current = sympy.expand_power_exp(sympy.expand_power_base(power.xreplace({self.t: n + 1})))
            bases = {p.base for p in current.atoms(sympy.Pow) if n in p.exp.free_symbols}
            if not all(known_sign(base) == 1 and n not in base.free_symbols for base in bases):
                continue
            names = {
                b: AtMostOne(f"({b}**n)", positive=True) if isinstance(b, BelowOne) else sympy.Dummy(positive=True)
                for b in bases
            }
            current = current.replace(
                lambda e, names=names: e.is_Pow and e.base in names and e.exp in (n, -n),
                lambda e, names=names: names[e.base] ** (e.exp / n),
            )
            if any(n in p.exp.free_symbols for p in current.atoms(sympy.Pow)) or current.has(
                sympy.Piecewise, sympy.Mod
            ):
                continue
            later = current.xreplace({n: n + 1, **{q: b * q for b, q in names.items()}})
            if (found := known_sign(sympy.factor(later - current))) is not None:
                return found
        return None

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
        if not self.kept(every, most):
            raise NoBoundError(f"what w gains over {slow} may change")
        self.behind[distance] = (every - 1) * most
        text = f"abs(w[t-1] - {slow}[t-1]) <= {self.spell(self.behind[distance])}"
        self.lines.append(Line(text, f"by induction over Mod(t, {every}), which is at most {every} - 1"))
        return sympy.Piecewise((steps[0], choice), (steps[1], True))

    def _in(self, symbol: sympy.Symbol, expr: sympy.Expr) -> sympy.Expr:
        """`expr` as a multiple of `symbol` and a rest."""
        slope = shorten(sympy.diff(expr, symbol))
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
        limits = Limits(Assumptions.of(self.rule), self.assumed, default_values(self.rule))
        is_power = self.t not in exponent.free_symbols and sympy.powsimp(base**self.t / power) == 1
        if not is_power or known_sign(base) != 1 or not limits.below_one(base):
            raise NoBoundError(f"nothing bounds {self.spell(rest)} for all t")
        return ONE if exponent.is_positive else (ONE - base) ** exponent

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

    def _holder(self, above: sympy.Expr, norm: Norm) -> sympy.Expr:
        a, b = self._weights(above, norm), norm.weights
        if a.size != 0 or norm.kind == "spread":
            self.kept(*norm.from_series)
        k = sympy.Symbol("k", real=True)
        if norm.last_only and a.size != 0:
            raise NoBoundError("only the weight of the last gradient is known")
        if b.size + b.extra == 0:
            raise NoBoundError("the weight of the last gradient vanishes")
        at_last = a.size + a.extra
        if norm.kind == "largest":
            ratio = shorten(_size(a.ratio) / b.ratio) if a.size != 0 else ZERO
            # all weights have one sign, or the sum of their absolute values is no geometric series
            self.exact = self.exact and (a.size == 0 or known_sign(a.ratio) == 1)
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
            ratio = shorten(a.ratio**2 / b.ratio) if a.size != 0 else ZERO
            total = a.size**2 / b.size * self._geometric(ratio) if a.size != 0 else ZERO
            total += shorten((at_last**2 - a.size**2) / (b.size + b.extra))
            worst = a.size / b.size * (a.ratio / b.ratio) ** k if a.size != 0 else ZERO
            worst = (worst, at_last / (b.size + b.extra))
            if norm.kind == "spread":
                weight = 1 - b.size * self._geometric(b.ratio)
                sum_a = (a.size * self._geometric(a.ratio) if a.size != 0 else ZERO) + a.extra
                total += sum_a**2 / shorten(weight)
                worst = tuple(x + sum_a / shorten(weight) for x in worst)
            total, name = sympy.sqrt(shorten(total)), "Cauchy-Schwarz"
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
        proof = Proof(self.assumptions)
        r = sympy.Symbol("r", real=True)
        total = (1 - r**self.t) / (1 - r)
        proof.equal(total.xreplace({self.t: ONE}), ONE, "one term", "base case")
        proof.equal(total.xreplace({self.t: self.t + 1}), 1 + r * total, "one more", "induction step")
        if proof.failed is not None:
            raise NoBoundError("the geometric series")
        return (1 - ratio**self.t) / (1 - ratio)


def _size(expr: sympy.Expr) -> sympy.Expr:
    found = known_sign(expr)
    return sympy.Abs(expr) if found is None else found * expr


def _of_known(of: type, ends: Sequence[sympy.Expr | None]) -> sympy.Expr | None:
    known = [end for end in ends if end is not None]
    return of(*known) if known else None


def _of_all(of: type, ends: Sequence[sympy.Expr | None]) -> sympy.Expr | None:
    return None if None in ends else of(*ends)


def step_bound(rule: Optimizer) -> StepBound:
    """The bound on the steps of `rule`. Raises NoBoundError if none was found."""
    search = _Search(rule)
    w = search.symbol("w")
    value = search.own["w"]
    parts = linear_in(value, w)
    if isinstance(value, sympy.Piecewise) and (parts is None or parts[0] != 1):
        kept, moved = ONE, search.step_behind()
    elif parts is None or search.array(kept := sympy.cancel(parts[0])):
        raise NoBoundError("the step is not linear in w")
    else:
        moved = sympy.factor_terms(value.xreplace({w: ZERO}))
    found = _factored(search.largest(moved))
    if found.has(sympy.nan, sympy.zoo, sympy.oo):
        raise NoBoundError("what was found has no value")
    worst = search.worst[0] if len(search.worst) == 1 else None
    _use_defined(search, found)
    step, limit = at(search.written(own_w(rule) - kept * w), T), at(search.written(found), T)
    statement = search.assumed.statement(StepAtMost(sympy.Abs(step), "<=", limit, kept=search.written(kept)))
    bound = StepBound(rule, kept, found, worst, search.exact, statement, tuple(search.lines))
    _add_limit(bound, search)
    bound.reached = _is_reached(bound, MOMENTS)
    bound.reached_first = bound.reached or _is_reached(bound, MOMENTS[:1])
    return bound


def _use_defined(search: _Search, found: sympy.Expr) -> None:
    """Use that the steps have values, and that the bound does not divide by zero."""
    known = Assumptions.of(search.rule)
    for condition in conditions(search.rule, search.assumptions):
        if condition == sympy.false:
            raise NoBoundError("no step has a value")
        search.assumed.holds(condition)
    for base in denominators([normalize_sign(found)]):
        for factor in sympy.Mul.make_args(sympy.factor_terms(base)):
            if not (known.nonzero(factor) or known.nonzero(-factor) or search.is_assumed(factor)):
                search.assumed.holds(sympy.Ne(search.written(factor), 0))


def _factored(expr: sympy.Expr) -> sympy.Expr:
    expr = expr.replace(sympy.Abs, _size)
    return expr if expr.has(sympy.Piecewise, sympy.Max, sympy.Min) else sympy.factor_terms(expr)


def _add_limit(bound: StepBound, search: _Search) -> None:
    assumed = Premises(bound.rule)
    limits = Limits(Assumptions.of(bound.rule), assumed, default_values(bound.rule))
    for state in bound.rule.scalar_state:
        old, new = search.symbol(state.name), search.symbol(f"{state.name}_new")
        parts = linear_in(search.own[state.name], old)
        try:
            if parts is not None and parts[1] == 0 and limits.below_one(limits(parts[0])):
                limits.known[new] = limits.known[old] = ZERO
                assumed.constant(parts[0])
        except NoLimitError:
            continue
    try:
        value = limits(bound.value)
    except NoLimitError:
        return
    assumed.constant(bound.value)
    for condition in bound.statement.conditions:  # where the bound has a value
        if {s.name for s in condition.free_symbols} <= search.names:
            assumed.holds(condition)
    bound.limit = value if value in (sympy.oo, -sympy.oo) else _factored(shorten(value))
    bound.late = assumed.statement(Tends(((at(search.written(bound.value), T), search.written(bound.limit)),)))


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


def last_step(
    bound: StepBound, trace: Sequence[Mapping], hyper: Mapping[str, mpmath.mpf]
) -> tuple[mpmath.mpf, mpmath.mpf]:
    t = len(trace)
    values = {**trace[-1], **hyper, "t": t}
    before = trace[-2]["w"] if t > 1 else reference.number(0)
    step = trace[-1]["w"] - reference.evaluate(bound.kept, values) * before
    return step, reference.evaluate(bound.value, values)
