"""The largest that the step of a rule can be, whatever the gradients are."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from fractions import Fraction

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.shorten import shorten
from ..algebra.signs import AtMostOne, BelowOne, known_sign
from ..analysis.linear import linear_in
from ..analysis.proof import ONE, ZERO
from ..analysis.weights import NoBoundError
from ..result import Line
from ..spec import functions
from ..spec.domain import NON_NEGATIVE, POSITIVE, Domain, magnitude
from ..spec.rules import Optimizer
from .ratios import Ratios, size


class Largest(Ratios):
    """The search for a bound: `largest` of the step, and what was used on the way."""

    def __init__(self, rule: Optimizer) -> None:
        super().__init__(rule)
        self.behind: dict[sympy.Symbol, sympy.Expr] = {}  # how far `w` may be from a state that starts there

    def largest(self, expr: sympy.Expr) -> sympy.Expr:
        if not self.array(expr):
            return size(expr)
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
        return self._greatest([size(high)] if known_sign(low) == 1 else [size(high), size(low)])

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
        return size(self.start[name])

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


def _of_known(of: type, ends: Sequence[sympy.Expr | None]) -> sympy.Expr | None:
    known = [end for end in ends if end is not None]
    return of(*known) if known else None


def _of_all(of: type, ends: Sequence[sympy.Expr | None]) -> sympy.Expr | None:
    return None if None in ends else of(*ends)
