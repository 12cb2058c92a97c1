"""With which hyperparameters a rule contracts quadratics of all curvatures between two bounds, and which do best.

That a rate is attained is shown for any rule whose polynomial is of degree one or two with coefficients that are
linear in h: so are the conditions that |z| <= rate for its roots z, and they need to hold at both ends alone. That no
hyperparameters do better is shown for three shapes of the polynomial, in which all of the rule is in c and q.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import mpmath
import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.exact import UndecidableError, UndefinedError
from ..algebra.points import samples, shown
from ..algebra.quadratics import contracts
from ..algebra.shorten import shorten
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, Proof, denominators, prove_claim
from ..analysis.stability import Linear, NotLinearError, linear, positive
from ..claims.dynamics import Best, h, h_max, h_min
from ..result import UNDECIDED, Line, Outcome, Result
from ..spec.domain import POSITIVE
from ..spec.rules import Optimizer
from ..spec.symbols import Hyper
from ..statement import Statement
from ..statement.motion import LargestRoot
from .stability import assumed_of, conditions_of, radius

_METHOD = "roots of the characteristic polynomial"
_B, _D = (sympy.Symbol(name, positive=True) for name in "bd")
_BELOW, _ABOVE = Fraction(999_999, 1_000_000), Fraction(1_000_001, 1_000_000)
_OWN = {"b": POSITIVE, "d": POSITIVE, "r": POSITIVE}

# What h_min and h_max are called so that no root is left, the first for a sum of roots, the second for
# sqrt(3 h_max + h_min); every pair with h_min < h_max is one of these for positive b and d.
_ENDS = (
    {h_min: _B**2, h_max: (_B + _D) ** 2},
    {h_min: _B**2, h_max: ((2 * _B + _D) ** 2 - _B**2) / 3},
)


@dataclass(frozen=True)
class Shape:
    """A polynomial in c and q: of a step along the gradient, of a ball, or of one whose gradient is taken ahead."""

    kind: str
    step: sympy.Expr
    product: sympy.Expr

    def made(self, c: sympy.Expr, q: sympy.Expr) -> list[sympy.Expr]:
        """The coefficients of the polynomial, the highest power first."""
        found = {
            "descent": [ONE, c * h - 1],
            "ball": [ONE, c * h - 1 - q, q],
            "ahead": [ONE, -(1 + q) * (1 - c * h), q * (1 - c * h)],
        }
        return found[self.kind]

    @property
    def text(self) -> str:
        found = {
            "descent": "p(z) = z - 1 + c * h",
            "ball": "p(z) = (z - 1) * (z - q) + c * h * z",
            "ahead": "p(z) = z * (z - 1) + (z - (z - 1) * q) * c * h - (z - 1) * q",
        }
        return found[self.kind]

    @property
    def best(self) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
        """c, q and the rate that are the best."""
        a, b = sympy.sqrt(h_max), sympy.sqrt(h_min)
        if self.kind == "descent":
            return 2 / (h_max + h_min), ZERO, (h_max - h_min) / (h_max + h_min)
        if self.kind == "ball":
            return 4 / (a + b) ** 2, ((a - b) / (a + b)) ** 2, (a - b) / (a + b)
        a = sympy.sqrt(3 * h_max + h_min)
        return 4 / (3 * h_max + h_min), (a - 2 * b) / (a + 2 * b), 1 - 2 * b / a


def shape(model: Linear) -> Shape | None:
    """The shape of the polynomial, if it is one of those for which the best is known."""
    _, *rest = model.polynomial
    while rest and rest[-1] == 0:
        rest.pop()
    last = rest[-1].xreplace({h: ZERO}) if len(rest) == 2 else ZERO
    slope = sympy.diff(rest[0], h) if rest else ZERO
    kinds = {1: ["descent"], 2: ["ball", "ahead"]}.get(len(rest), [])
    for kind in kinds:
        found = Shape(kind, shorten(slope / (1 + last) if kind == "ahead" else slope), shorten(last))
        if h in found.step.free_symbols:
            continue
        made = found.made(found.step, found.product)
        if all(sympy.cancel(a - b) == 0 for a, b in zip(made[1:], rest, strict=True)):
            return found
    return None


@prove_claim.register
def _(claim: Best, rule: Optimizer) -> Iterator[Result]:
    """That the rate is attained and, if it is claimed to be the best, that it bounds all others from below."""
    spell = Formatter(rule)
    relation = LargestRoot(claim.at, claim.rate, claim.least)
    try:
        model = linear(rule)
    except NotLinearError as error:
        statement = Premises(rule).statement(relation)
        yield Outcome(UNDECIDED, _METHOD, reason=str(error)).of(claim.label, statement)
        return
    assumed = _assumed(model, claim)
    statement = assumed.statement(relation)
    if reason := _meaningless(claim, model):
        yield Outcome(UNDECIDED, _METHOD, reason=reason).of(claim.label, statement)
        return
    proof = Proof(model.assumptions.also(**_OWN))
    coefficients = [sympy.cancel(c.xreplace(dict(claim.at))) for c in model.polynomial]
    ends = next((e for e in _ENDS if not _has_roots(e, *coefficients, claim.rate)), _ENDS[0])
    found = shape(model) if claim.least else None
    if claim.least and found is None:
        proof.failed = Outcome(UNDECIDED, reason="no bound from below is known for this polynomial")
    if proof.failed is None:
        _attained(proof, coefficients, claim.rate, ends, spell)
        _allowed(proof, claim, ends, spell)
    if found is not None:
        _least(proof, found, model.assumptions, claim.rate, spell)
    yield proof.result(claim.label, statement, _METHOD, lambda: _worse(claim, model, statement))


def _assumed(model: Linear, claim: Best) -> Premises:
    assumed = assumed_of(model, chosen=claim.at)
    assumed.domain(h_min.name, POSITIVE)
    for condition in (sympy.Lt(h_min, h_max), sympy.Le(h_min, h), sympy.Le(h, h_max)):
        assumed.holds(condition)
    # what divides may depend on what is chosen
    assumed.nonzero(*(d for value in (*claim.at.values(), claim.rate) for d in _divided(value, model)))
    return assumed


def _divided(value: sympy.Expr, model: Linear) -> list[sympy.Expr]:
    """What `value` divides by that may be zero, curvatures left out, which are positive."""
    assumptions = model.assumptions.also(h_min=POSITIVE, h_max=POSITIVE)
    inner = [d for d in denominators([value]) if not {s.name for s in d.free_symbols} & {h_min.name, h_max.name}]
    return [d for d in inner if not assumptions.nonzero(d)]


def _meaningless(claim: Best, model: Linear) -> str:
    """Why the claim says nothing of the model; nothing if it does."""
    values = sympy.Tuple(*claim.at.values(), claim.rate)
    known = {h_min.name, h_max.name, *(s.name for s in (*model.rule.hypers, *model.frozen))}
    known -= {x.name for x in claim.at}
    others = sorted({s.name for s in values.free_symbols} - known)
    if others:
        return f"{' and '.join(others)} cannot be part of what is chosen once for all curvatures"
    if sympy.false in conditions_of(model, claim.at):
        return "the step has no value with what is chosen"
    foreign = sorted({x.name for x in claim.at} - {x.name for x in model.rule.hypers})
    return f"{' and '.join(foreign)} is no hyperparameter" if foreign else ""


def _allowed(proof: Proof, claim: Best, ends: Mapping[sympy.Symbol, sympy.Expr], spell: Formatter) -> None:
    """The hyperparameters that are chosen lie in their domains."""
    for x, value in claim.at.items():
        allowed, settled = x.allowed, sympy.cancel(_at(value, ends))
        text = f"{x.condition} for {x} = {spell(value)}"
        sides = [] if allowed.low is None else [(settled - sympy.Rational(allowed.low), allowed.low_closed)]
        sides += [] if allowed.high is None else [(sympy.Rational(allowed.high) - settled, allowed.high_closed)]
        inside = all(
            nonnegative(sympy.factor(proof.assumptions.assume(side))) if closed else positive(side, proof.assumptions)
            for side, closed in ((sympy.cancel(side), closed) for side, closed in sides)
        )
        if inside and (not allowed.integer or settled.is_integer):
            proof.given(text, "its domain")
        else:
            proof.failed = proof.failed or Outcome(UNDECIDED, reason=f"{text} is not known")


def best_lines(model: Linear, spell: Formatter) -> tuple[list[Line], str]:
    """The proof of the best hyperparameters and what they are, of a rule that claims nothing; empty if unknown."""
    found = shape(model)
    if found is None:
        return [], ""
    c, q, rate = found.best
    proof = Proof(model.assumptions.also(**_OWN))
    if not nonnegative(sympy.factor(proof.assumptions.assume(found.step))):
        return [], ""  # where it is negative, no learning rate makes it c
    _attained(proof, found.made(c, q), rate, _ENDS[found.kind == "ahead"], spell)
    _least(proof, found, model.assumptions, rate, spell)
    if proof.failed is not None:
        return [], ""
    at = [f"{spell(found.step)} = {spell(c)}"]
    at += [f"{spell(found.product)} = {spell(q)}"] if found.kind != "descent" else []
    return proof.lines, f"the best rate is {spell(rate)}, with {' and '.join(at)}"


def _has_roots(ends: Mapping[sympy.Symbol, sympy.Expr], *values: sympy.Expr) -> bool:
    powers = (p for v in values for p in _at(v, ends).atoms(sympy.Pow))
    return any(not p.exp.is_integer and p.base.has(_B, _D) for p in powers)


def _at(expr: sympy.Expr, values: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    """`expr` with perfect squares taken out of their roots."""
    found = sympy.sympify(expr).xreplace(dict(values))
    return found.replace(
        lambda e: e.is_Pow and e.exp.is_Rational and not e.exp.is_integer, lambda e: sympy.factor(e.base) ** e.exp
    )


def _not_negative(proof: Proof, value: sympy.Expr, text: str, because: str) -> None:
    """Add the line `text`, which says that `value >= 0`."""
    settled = sympy.factor(proof.assumptions.assume(value))
    if nonnegative(settled):
        proof.given(text, because)
    else:
        proof.failed = proof.failed or Outcome(UNDECIDED, reason=f"{text}: the sign of {settled} is not known")


def _is_convex(coefficients: list[sympy.Expr]) -> bool:
    """Whether all roots being within a circle at both ends says the same of every curvature between."""
    kept = list(coefficients)
    while kept and kept[-1] == 0:
        kept.pop()
    try:
        return len(kept) <= 3 and all(sympy.Poly(sympy.expand(c), h).degree() <= 1 for c in kept)
    except sympy.PolynomialError:
        return False


def _attained(
    proof: Proof,
    coefficients: list[sympy.Expr],
    rate: sympy.Expr,
    ends: Mapping[sympy.Symbol, sympy.Expr],
    spell: Formatter,
) -> None:
    """All roots are at most as large as `rate` for every curvature between the ends, and for one they are as large."""
    values = list(coefficients)
    while values and values[-1] == 0:
        values.pop()  # a root at zero
    if taken := sorted({s.name for c in (*values, rate) for s in c.free_symbols} & {*_OWN, "c", "q"}):
        proof.failed = Outcome(UNDECIDED, reason=f"{' and '.join(taken)} are names of the proof's own")
        return
    if not _is_convex(values) or len(values) not in (2, 3):
        proof.failed = Outcome(UNDECIDED, reason="the polynomial is not linear in h or of a degree above two")
        return
    r = _at(rate, ends)
    if not positive(r, proof.assumptions):
        proof.failed = Outcome(UNDECIDED, reason=f"the sign of {spell(rate)} is not known")
        return
    if len(values) == 2:
        conditions = {"r - a >= 0": r - values[1], "r + a >= 0": r + values[1]}
        proof.given("|z| <= r for the root of z + a exactly if abs(a) <= r", "the root is -a")
    else:
        _, a, b = values
        conditions = {"r**2 - b >= 0": r**2 - b, "r**2 + a * r + b >= 0": r**2 + a * r + b}
        conditions["r**2 - a * r + b >= 0"] = r**2 - a * r + b
        proof.given(f"|z| <= r for both roots of z**2 + a * z + b exactly if {' and '.join(conditions)}", "Schur-Cohn")
    proof.given(f"with r = {spell(rate)} each of these is linear in h", "so that it holds between the ends if at both")
    reached = []
    h_of = {end: spell(value) for end, value in ends.items()}
    proof.given(f"let h_min = {h_of[h_min]}, h_max = {h_of[h_max]} with b > 0 and d > 0", "so that no root is left")
    for text, condition in conditions.items():
        for end in (h_min, h_max):
            value = sympy.cancel(_at(condition, {h: ends[end]} | dict(ends)))
            if value == 0:
                reached.append(f"{text.replace('>=', '=')} at {end}")
            _not_negative(proof, value, f"{text} at h = {end}", f"it is {spell(sympy.factor(value))}")
    if reached:
        proof.given(f"{' and '.join(reached)}", "so that a root is as large as r: attained")
    else:
        proof.failed = proof.failed or Outcome(UNDECIDED, reason="no root is as large as the rate")


def _least(proof: Proof, found: Shape, assumptions: Assumptions, rate: sympy.Expr, spell: Formatter) -> None:
    """If no root is larger than r at both ends then r >= rate, whatever c and q are."""
    ends = _ENDS[found.kind == "ahead"]
    given = f"c = {spell(found.step)}" + ("" if found.kind == "descent" else f", q = {spell(found.product)}")
    proof.given(f"{found.text} with {given}", "characteristic polynomial")
    proof.equal(_at(rate, ends), _at(found.best[2], ends), f"the rate is {spell(found.best[2])}", "the bound of below")
    if found.kind == "descent":
        _least_of_descent(proof, ends)
    elif found.kind == "ball":
        _least_of_ball(proof, ends)
    else:
        for name, value in (("c", found.step), ("q", found.product)):
            if not nonnegative(assumptions.assume(value)):
                proof.failed = Outcome(UNDECIDED, reason=f"the sign of {name} = {spell(value)} is not known")
        _least_ahead(proof, ends)


def _least_of_descent(proof: Proof, ends: Mapping) -> None:
    low, high = ends[h_min], ends[h_max]
    r, c = proof.assumptions.symbol("r"), sympy.Symbol("c", real=True)
    proof.given("if |z| <= r at both ends: r - 1 + c h_min >= 0 and r + 1 - c h_max >= 0", "lower bound")
    sides = high * (r - 1 + c * low) + low * (r + 1 - c * high)
    rate = (high - low) / (high + low)
    text = "h_max times the first and h_min times the second add up to (h_max + h_min) (r - rate) >= 0"
    proof.equal(sides, (high + low) * (r - rate), text, "whatever c is, so r >= rate")


def _least_of_ball(proof: Proof, ends: Mapping) -> None:
    """With a = sqrt(h_max) and b = sqrt(h_min)."""
    low, high = ends[h_min], ends[h_max]
    b, a = sympy.sqrt(low), _B + _D
    r, (c, q) = proof.assumptions.symbol("r"), sympy.symbols("c q", real=True)
    proof.given(
        "if |z| <= r < 1 for all roots z: p(r) >= 0 at h_min, p(-r) >= 0 at h_max, q <= r**2",
        "lower bound: a monic polynomial has no sign change beyond its roots, and q is their product",
    )

    def sides(product: sympy.Expr) -> sympy.Expr:
        return high * (r - 1) * (r - product) + low * (1 + r) * (r + product)

    first = (r - 1) * (r - q) + c * low * r
    second = (-r - 1) * (-r - q) - c * high * r
    proof.equal(
        high * first + low * second,
        sides(q),
        "h_max p(r) + h_min p(-r) = E(q) = h_max (r - 1) (r - q) + h_min (1 + r) (r + q) >= 0",
        "whatever c is",
    )
    proof.equal(
        sides(r**2) - sides(q),
        (r**2 - q) * (high * (1 - r) + low * (1 + r)),
        "E(r**2) - E(q) = (r**2 - q) (h_max (1 - r) + h_min (1 + r)) >= 0",
        "so E(r**2) >= 0, too",
    )
    proof.equal(
        sides(r**2),
        r * (b * (1 + r) - a * (1 - r)) * (b * (1 + r) + a * (1 - r)),
        "E(r**2) = r (b (1 + r) - a (1 - r)) (b (1 + r) + a (1 - r)) with a = sqrt(h_max), b = sqrt(h_min)",
        "so b (1 + r) >= a (1 - r), if r > 0; r = 0 asks for h_min = h_max",
    )
    proof.equal(
        b * (1 + r) - a * (1 - r),
        (a + b) * (r - (a - b) / (a + b)),
        "b (1 + r) - a (1 - r) = (a + b) (r - rate), so r >= rate",
        "the best rate",
    )


def _least_ahead(proof: Proof, ends: Mapping) -> None:
    """With a = sqrt(3 h_max + h_min) and b = sqrt(h_min), for c > 0 and q >= 0.

    The rate is that of Lessard, Recht & Packard (2016), Proposition 1, arXiv:1408.3595.
    """
    low, high = ends[h_min], ends[h_max]
    b, a = sympy.sqrt(low), 2 * _B + _D
    r, (c, q) = proof.assumptions.symbol("r"), sympy.symbols("c q", real=True)
    proof.equal(3 * high + low, a**2, "let a = sqrt(3 h_max + h_min), b = sqrt(h_min)", "names")
    proof.given(
        "if |z| <= r < 1 for all roots z: A = p(r) >= 0 and B = r**2 - q (1 - c h_min) >= 0 at h_min, "
        "C = p(-r) >= 0 at h_max",
        "lower bound: a monic polynomial has no sign change beyond its roots, and r**2 - B is their product",
    )
    above = r + q * (1 + r)
    first = r**2 - (1 - c * low) * (r - q * (1 - r))
    second = r**2 - q * (1 - c * low)
    third = r**2 + (1 - c * high) * above
    gap, inner = 4 * low - (1 - r) ** 2 * (3 * high + low), c * low * above * (3 - r) - 3 * (1 - r) ** 2 * (r + q)
    proof.equal(
        c * above * gap,
        (1 + r) * inner + 3 * (1 - r) ** 2 * third,
        "c (r + q (1 + r)) F = (1 + r) G + 3 (1 - r)**2 C with F = 4 h_min - (1 - r)**2 (3 h_max + h_min) "
        "and G = c h_min (r + q (1 + r)) (3 - r) - 3 (1 - r)**2 (r + q)",
        "c = 0 leaves a root at 1, so F >= 0 if G >= 0",
    )
    proof.equal(
        inner,
        (3 - r) * first + 2 * (3 - r) * second + 4 * r * (q * (2 - r) - r),
        "if q (2 - r) >= r: G = (3 - r) A + 2 (3 - r) B + 4 r (q (2 - r) - r) >= 0",
        "much momentum",
    )
    proof.equal(
        (2 - r) * (r - q * (1 - r)),
        r + (1 - r) * (r - q * (2 - r)),
        "else (2 - r) (r - q (1 - r)) = r + (1 - r) (r - q (2 - r)) > 0",
        "little momentum",
    )
    proof.equal(
        (r - q * (1 - r)) * inner,
        (3 - r) * above * first + 2 * r * (1 - r) * (r - q * (2 - r)) * (r + 2 * q),
        "and (r - q (1 - r)) G = (3 - r) (r + q (1 + r)) A + 2 r (1 - r) (r - q (2 - r)) (r + 2 q) >= 0",
        "so G >= 0 here, too",
    )
    proof.equal(
        gap,
        (2 * b - (1 - r) * a) * (2 * b + (1 - r) * a),
        "F = (2 b - (1 - r) a) (2 b + (1 - r) a) >= 0",
        "so 2 b >= (1 - r) a, if r > 0; r = 0 asks for h_min = h_max",
    )
    proof.equal(2 * b - (1 - r) * a, a * (r - (1 - 2 * b / a)), "2 b - (1 - r) a = a (r - rate), so r >= rate", "end")


# Numbers.


def _worse(claim: Best, model: Linear, statement: Statement) -> dict[str, str] | None:
    """Curvatures at which the claimed rate is not that of the hyperparameters, or at which others are better."""
    used = {s.name for s in model.matrix.free_symbols.union(*(c.free_symbols for c in model.conditions))}
    names = sorted(used - {"h", *(x.name for x in claim.at)})
    for low, high in ((1, 4), (1, 16), (1, 9), (4, 9), (1, 100)):
        for point in samples(names, model.assumptions):
            values = {n: v**2 if n in model.signed else v for n, v in point.items()}
            values |= {h_min.name: Fraction(low), h_max.name: Fraction(high)}
            try:
                if found := _worse_at(claim, model, statement, values):
                    return found
            except (UndefinedError, UndecidableError, OverflowError, mpmath.libmp.NoConvergence):
                continue
            if not names:
                break
    return None


def _worse_at(
    claim: Best, model: Linear, statement: Statement, values: Mapping[str, Fraction]
) -> dict[str, str] | None:
    """As `_worse`, for these curvatures and values of what is not chosen."""
    at = {x.name: exact.evaluate(value, values) for x, value in claim.at.items()}
    shared = {n: str(v) for n, v in values.items()} | {n: exact.shown(v) for n, v in at.items()}
    for x in claim.at:
        if _outside(x, at[x.name]):
            return {**shared, "outside": f"{x.name} = {exact.shown(at[x.name])}, where {x.condition}"}
    spectrum = _Spectrum(model, {**values, **at})
    if not all(exact.evaluate(c, {**values, **at, "h": values[h_min.name]}) for c in statement.conditions):
        return None
    claimed = exact.evaluate(claim.rate, values)
    if claimed < 0 or spectrum.reaches(claimed * _ABOVE) or spectrum.stays_below(claimed * _BELOW):
        return {**shared, "rate claimed": f"{float(claimed):.12g}", "rate": shown(spectrum.rate)}
    for x in claim.at if claim.least else ():
        for percent in (99, 101, 90, 110):
            # of nothing there is no percentage
            tried = at[x.name] * Fraction(percent, 100) if at[x.name] != 0 else Fraction(percent - 89, 100)
            better = _Spectrum(model, {**values, **at, x.name: tried})
            if not _outside(x, tried) and better.stays_below(claimed * _BELOW):
                other = f"rate at {percent} percent of {x.name}" if at[x.name] != 0 else f"rate at {x.name} = {tried}"
                return {**shared, "rate": shown(spectrum.rate), other: shown(better.rate)}
    return None


def _outside(x: Hyper, value: exact.Number) -> bool:
    """Whether `value` is certainly not in the domain of `x`."""
    allowed = x.allowed
    if isinstance(value, Fraction):
        return value not in allowed
    above = allowed.low is None or value > allowed.low
    return not (above and (allowed.high is None or value < allowed.high))


@dataclass(frozen=True)
class _Spectrum:
    """The roots over all curvatures between the ends, with these values of all else."""

    model: Linear
    values: Mapping[str, exact.Number]

    def polynomial(self, place: exact.Number) -> list[exact.Number]:
        return [exact.evaluate(c, {**self.values, "h": place}) for c in self.model.polynomial]

    @property
    def places(self) -> list[exact.Number]:
        """Both ends and nine curvatures between."""
        low, high = self.values[h_min.name], self.values[h_max.name]
        return [low + (high - low) * k / 10 for k in range(11)]

    def reaches(self, size: exact.Number) -> bool:
        """Whether a root is at least of this size, for one of the curvatures that are looked at."""
        size = max(size, 1 - _BELOW) if isinstance(size, Fraction) else size
        return any(not contracts(self.polynomial(place), size) for place in self.places)

    def stays_below(self, size: exact.Number) -> bool:
        """Whether all roots are certainly smaller, for every curvature between the ends."""
        if not size > 0 or not _is_convex([c.xreplace(self._numbers()) for c in self.model.polynomial]):
            return False
        return all(contracts(self.polynomial(place), size) for place in (self.places[0], self.places[-1]))

    def _numbers(self) -> dict[sympy.Symbol, sympy.Expr]:
        """Something in place of all but h, of which only the degrees are asked."""
        names = {s for c in self.model.polynomial for s in c.free_symbols if s.name != h.name}
        return {s: sympy.Dummy(s.name, positive=True) for s in names}

    @property
    def rate(self) -> mpmath.mpf:
        """The largest root that is seen, rounded."""
        rounded = {name: mpmath.mpf(float(value)) for name, value in self.values.items()}
        return max(radius(self.model, {**rounded, "h": mpmath.mpf(float(place))}) for place in self.places)
