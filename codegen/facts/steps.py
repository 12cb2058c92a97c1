"""The largest step that any sequence of gradients can make, by the inequalities of Cauchy, Schwarz and Hoelder.

A step is a ratio. What is above is linear in the gradients, with the weights a[k] of the gradient k steps ago;
what is below is at least the root of a sum of their squares with the weights b[k], or their largest. Then

    (sum a[k] * h[k])**2 <= sum a[k]**2 / b[k] * sum b[k] * h[k]**2,    equal for h[k] ~ a[k] / b[k]
    abs(sum a[k] * h[k]) <= sum abs(a[k]) / b[k] * max b[k] * abs(h[k]),    equal for h[k] ~ sign(a[k]) / b[k]

The weights are those of the closed forms. Where more than one ratio adds up, so do their bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import mpmath
import sympy

from codegen import reference
from codegen.domain import Domain, parse
from codegen.facts.choices import replaced
from codegen.facts.closed import default_values
from codegen.facts.limits import Limits, NoLimitError
from codegen.facts.norms import NoBoundError, Norm, Norms
from codegen.neat import neat
from codegen.prove.base import ONE, ZERO, Proof, domains_of
from codegen.result import Line
from codegen.spec import Optimizer
from codegen.tactics import known_sign, nonnegative

MOMENTS = (1, 2, 3, 7, 20)  # the steps at which it is tried whether the bound is reached


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
    bound.reached = _is_reached(bound, MOMENTS)
    bound.reached_first = bound.reached or _is_reached(bound, MOMENTS[:1])
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
