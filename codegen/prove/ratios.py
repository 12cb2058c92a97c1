"""Bounds on ratios by the inequalities of Cauchy, Schwarz and Hoelder.

What is above is linear in the gradients, with the weights a[k] of the gradient k steps ago; what is below is at least
the root of a sum of their squares with the weights b[k], or their largest. Then

    (sum a[k] * h[k])**2 <= sum a[k]**2 / b[k] * sum b[k] * h[k]**2,    equal for h[k] ~ a[k] / b[k]
    abs(sum a[k] * h[k]) <= sum abs(a[k]) / b[k] * max b[k] * abs(h[k]),    equal for h[k] ~ sign(a[k]) / b[k]

The weights are those of the closed forms. Where more than one ratio adds up, so do their bounds.
"""

from __future__ import annotations

import sympy

from ..algebra.shorten import shorten
from ..algebra.signs import known_sign
from ..analysis.norms import Norm, Norms
from ..analysis.proof import ONE, ZERO, Proof
from ..analysis.weights import NoBoundError
from ..result import Line
from ..spec.rules import Optimizer


class Ratios(Norms):
    """The search for bounds on ratios, and what was used on the way."""

    def __init__(self, rule: Optimizer) -> None:
        super().__init__(rule)
        self.lines: list[Line] = []
        self.worst: list[sympy.Expr | tuple[sympy.Expr, sympy.Expr] | None] = []
        self.exact = True

    def largest(self, expr: sympy.Expr) -> sympy.Expr:
        """A bound on `abs(expr)`."""
        raise NotImplementedError

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
        a, b = self._weights(above, norm.driver), norm.weights
        if a.size != 0 or norm.kind == "spread":
            self.kept(*norm.from_series)
        k = sympy.Symbol("k", real=True)
        if norm.last_only and a.size != 0:
            raise NoBoundError("only the weight of the last gradient is known")
        if b.size + b.extra == 0:
            raise NoBoundError("the weight of the last gradient vanishes")
        at_last = a.size + a.extra
        if norm.kind == "largest":
            ratio = shorten(size(a.ratio) / b.ratio) if a.size != 0 else ZERO
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


def size(expr: sympy.Expr) -> sympy.Expr:
    found = known_sign(expr)
    return sympy.Abs(expr) if found is None else found * expr
