"""Statements about the first steps: what they add to the weights, whether they go down, whether moves add up."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.signs import known_sign
from ..algebra.tactics import decide
from ..analysis.derive import by_name, inlined, transition
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, Proof, key_named, prove_claim, substitute, symbol_in
from ..analysis.traces import Found, Trace, run, search
from ..claims.base import Claim
from ..claims.moves import Additive, Averages, BatchVariance, Descends, Drift, FirstStep, PartsDrift
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.domain import POSITIVE_INTEGER
from ..spec.enclosure import certainly_less
from ..spec.rules import Optimizer
from ..spec.symbols import new
from ..statement import Holds, Relation, Statement, Steps, after
from ..statement.moves import AddUp, BatchSpread, Gain, PartsGain
from .properties import searched, undefined

_SMALL = 100  # operations; bringing more into one fraction takes longer than it is worth
_STARTS = tuple(map(Fraction, (0, 10, -10)))
#: Symbols of the proofs, by names that no hyperparameter has: two gradients, and how many there are.
_GRADIENTS = tuple(sympy.Symbol(name, real=True) for name in ("g[1]", "g[2]"))
_MANY = "number of gradients"
_PAIRS = tuple(
    (Fraction(one), Fraction(two))
    for one, two in (("1", "1"), ("1", "-1"), ("2", "3"), ("-2", "1/2"), ("0", "5"), ("-1", "-7"), ("0", "0"))
)


def first_move(rule: Optimizer) -> sympy.Expr:
    """What the first step adds to `w`."""
    own = transition(rule)
    w = key_named(own, "w")
    return _at_start(own[w], rule) - w


def _at_start(expr: sympy.Expr, rule: Optimizer) -> sympy.Expr:
    """`expr`, over what is there before the first step, in that step."""
    return substitute(expr.xreplace(dict(rule.state)), {"t": ONE})


@prove_claim.register
def _(claim: FirstStep, rule: Optimizer) -> Iterator[Result]:
    assumed = Premises(rule, steps=Steps.FIRST)
    w = key_named(transition(rule), "w")
    assumed.defined(w, claim.by)
    statement = assumed.statement(Holds(after(w, ONE) - after(w, ZERO), "=", claim.by))
    if none := undefined(claim.label, statement):
        yield none
        return
    by = _at_start(claim.by.xreplace(inlined(rule)), rule)
    verdict = decide(first_move(rule), by, assumed.assumptions)
    if verdict.status == PROVED:
        yield verdict.of(claim.label, statement)
        return
    claimed = exact.function(claim.by)

    def broken(trace: Trace) -> Found | None:
        for row in trace.rows:
            found = row["w_new"] - row["w"], claimed(row)
            if exact.differ(*found):
                left, right = map(exact.decimal, found)
                return {**trace.told(1), "left": left, "right": right}
        return None

    yield _refuted_or_open(claim, statement, verdict, search(statement, broken, _STARTS))


def _refuted_or_open(claim: Claim, statement: Statement, verdict: Outcome, trace: Found | None) -> Result:
    """Refuted by a run; else undecided, with what kept the proof from closing."""
    if trace:
        return Outcome(REFUTED, "simulation", counterexample=trace).of(claim.label, statement)
    reason = verdict.reason or f"it fails at {dict(verdict.counterexample or {})}, and no run shows it"
    return Outcome(UNDECIDED, reason=reason).of(claim.label, statement)


@prove_claim.register
def _(claim: Descends, rule: Optimizer) -> Iterator[Result]:
    assumed, moved = Premises(rule, steps=Steps.FIRST), first_move(rule)
    w, g = key_named(transition(rule), "w"), symbol_in(moved, "g")
    assumed.defined(w)
    statement = assumed.statement(Holds((after(w, ONE) - after(w, ZERO)) * g, "<=", ZERO))
    if none := undefined(claim.label, statement):
        yield none
        return

    def broken(trace: Trace) -> Found | None:
        for row in trace.rows:
            if (row["w_new"] - row["w"]) * row["g"] > 0:
                return {**trace.told(1), "w[1]": exact.decimal(row["w_new"])}
        return None

    assumptions = assumed.assumptions
    # what decays is large, and this is soon found
    trace = search(statement, broken, _STARTS) if w in moved.free_symbols else None
    if trace:
        yield Outcome(REFUTED, "simulation", counterexample=trace).of(claim.label, statement)
    elif _never_negative(assumptions.assume(-moved * g)) or _signs_alone(assumptions.assume(moved), assumptions):
        yield Outcome(PROVED, "signs").of(claim.label, statement)
    else:
        yield searched(claim, statement, broken, "no tactic shows that it descends", _STARTS)


def _never_negative(expr: sympy.Expr) -> bool:
    """Whether `expr` is at least zero, in every branch of it, whatever decides between them."""
    choice = next((e for e in sympy.postorder_traversal(expr) if isinstance(e, sympy.Piecewise)), None)
    if choice is None:
        if nonnegative(expr) or nonnegative(sympy.factor_terms(expr, clear=False)):
            return True
        return sympy.count_ops(expr) < _SMALL and nonnegative(sympy.cancel(expr))
    return all(_never_negative(expr.xreplace({choice: value})) for value, _ in choice.args)


def _signs_alone(moved: sympy.Expr, assumptions: Assumptions) -> bool:
    """Whether a step that takes signs goes down: the sign of a product is that of the factors of unknown sign."""
    if not moved.has(sympy.sign):
        return False

    def shorter(of: sympy.Expr) -> sympy.Expr:
        kept, sign = ONE, 1
        for factor in sympy.Mul.make_args(sympy.factor(of)):
            known = known_sign(factor)
            if known is not None and (assumptions.nonzero(factor) or assumptions.nonzero(-factor)):
                sign *= known
            else:
                kept *= factor
        return sign * sympy.sign(kept)

    return nonnegative(sympy.expand(-moved.replace(sympy.sign, shorter) * assumptions.symbol("g")))


# Sums and means.


@prove_claim.register
def _(claim: Additive, rule: Optimizer) -> Iterator[Result]:
    step = _stepping(rule, claim.common)
    g1, g2 = _GRADIENTS
    assumed, statement = _adding(rule, AddUp(False, claim.common))
    if none := undefined(claim.label, statement):
        yield none
        return
    proof = Proof(assumed.assumptions)
    proof.equal(step(g1 + g2), step(g1) + step(g2), "step(g1 + g2) = step(g1) + step(g2)", "additive")
    yield proof.result(claim.label, statement, "induction on n", lambda: _unlike(statement, claim.common, ONE))


@prove_claim.register
def _(claim: Averages, rule: Optimizer) -> Iterator[Result]:
    """Without what it adds at g = 0, the step is additive; then it is homogeneous for the parts of any batch."""
    step = _stepping(rule)
    (g1, g2), n = _GRADIENTS, sympy.Symbol(_MANY, real=True)
    assumed, statement = _adding(rule, AddUp(True))
    if none := undefined(claim.label, statement):
        yield none
        return

    def rest(gradient: sympy.Expr) -> sympy.Expr:
        return step(gradient) - step(ZERO)

    proof = Proof(assumed.assumptions.also(**{_MANY: POSITIVE_INTEGER}))
    said = "step" if step(ZERO) == 0 else "(step - step(0))"
    proof.equal(rest(g1 + g2), rest(g1) + rest(g2), f"{said}(g1 + g2) = {said}(g1) + {said}(g2)", "additive")
    proof.equal(rest(g1 / n), rest(g1) / n, f"{said}(g / n) = {said}(g) / n", "homogeneous")
    half = sympy.Rational(1, 2)
    yield proof.result(claim.label, statement, "induction on n", lambda: _unlike(statement, (), half))


def _stepping(rule: Optimizer, common: tuple[sympy.Symbol, ...] = ()) -> Callable[[sympy.Expr], sympy.Expr]:
    """The first step as a function of its gradient; the values that are `common` to several stay as they are."""
    w = key_named(transition(rule), "w")
    moved = _at_start(inlined(rule, frozenset(common))[new(w)] - w, rule)
    g = symbol_in(moved, "g")
    return lambda gradient: moved.xreplace({g: gradient})


def _adding(rule: Optimizer, relation: Relation) -> tuple[Premises, Statement]:
    assumed = Premises(rule, steps=Steps.FIRST)
    assumed.defined(key_named(transition(rule), "w"))
    return assumed, assumed.statement(relation)


def _unlike(statement: Statement, common: Iterable[sympy.Symbol], share: sympy.Rational) -> Found | None:
    """Two gradients whose step together, `share` of their sum, is not that share of their steps."""
    part = Fraction(share)
    rule = statement.runs.optimizer

    def broken(trace: Trace) -> Found | None:
        for pair in _PAIRS:
            whole = run(rule, (part * sum(pair),), trace.hyper, trace.w)
            if not whole.rows:
                continue
            shared = {symbol: whole.rows[0][symbol.name] for symbol in common}
            moves = _moves(rule, trace, (part * sum(pair), *pair), shared)
            if moves is None:
                continue
            left, right = moves[0], part * (moves[1] + moves[2])
            if exact.differ(left, right):
                told = {**trace.told(1), "gradients": ", ".join(map(str, pair))}
                return {**told, "left": exact.decimal(left), "right": exact.decimal(right)}
        return None

    return search(statement, broken, _STARTS)


def _moves(
    rule: Optimizer, trace: Trace, gradients: Iterable[Fraction], shared: Mapping[sympy.Symbol, exact.Number]
) -> list[Any] | None:
    """What the first step adds to `w` for each gradient, with other values of the steps in `shared`.

    None if one of them has no value.
    """
    names = {symbol.name: sympy.Symbol(f"common {symbol}", real=True) for symbol in shared}
    steps = tuple(replace(s, value=names[s.target.name]) if s.target.name in names else s for s in rule.steps)
    given: Mapping[str, Any] = {names[symbol.name].name: value for symbol, value in shared.items()}
    changed = replace(rule, steps=steps, claims=()) if shared else rule
    runs = [run(changed, (g,), lambda t: {**trace.hyper(t), **given}, trace.w) for g in gradients]
    return [one.rows[0]["w_new"] - trace.w for one in runs] if all(one.rows for one in runs) else None


@prove_claim.register
def _(claim: BatchVariance, rule: Optimizer) -> Iterator[Result]:
    """The step is affine in the gradient, a * g + b with neither a nor b depending on it: then so are its moments."""
    step = _stepping(rule)
    (g, _), k, variance = _GRADIENTS, sympy.Symbol(_MANY, real=True), sympy.Symbol("Var[g]", real=True)
    assumed, statement = _adding(rule, BatchSpread())
    if none := undefined(claim.label, statement):
        yield none
        return
    slope = step(ONE) - step(ZERO)
    proof = Proof(assumed.assumptions.also(**{_MANY: POSITIVE_INTEGER}))
    proof.equal(step(g), step(ZERO) + slope * g, "step(g) = step(0) + g * (step(1) - step(0))", "affine")
    proof.given("Var[g1 + ... + gK] = K * Var[g]", "independent gradients of one distribution")
    proof.equal(
        (slope / k) ** 2 * k * variance,
        slope**2 * variance / k,
        "Var[step((g1 + ... + gK) / K)] = (slope / K)**2 * K * Var[g] = Var[step(g1)] / K",
        "the variance of what is affine",
    )
    yield proof.result(claim.label, statement, "moments", lambda: _other_spread(statement))


def _other_spread(statement: Statement) -> Found | None:
    """Two values of one weight each, and a batch of some of them whose step varies otherwise."""
    rule = statement.runs.optimizer

    def variance(moves: list) -> exact.Number:
        share = Fraction(1, len(moves))
        mean = share * sum(moves, Fraction(0))
        return share * sum(((move - mean) * (move - mean) for move in moves), Fraction(0))

    def broken(trace: Trace) -> Found | None:
        for values in _PAIRS:
            for size in (2, 3):
                means = [sum(batch, Fraction(0)) / size for batch in itertools.product(values, repeat=size)]
                batches, single = (_moves(rule, trace, some, {}) for some in (means, values))
                if batches is None or single is None:
                    continue
                left, right = variance(batches), variance(single) * Fraction(1, size)
                if exact.differ(left, right):
                    told = {
                        **trace.told(1),
                        "gradients": ", ".join(map(str, values)),
                        "gradients in a batch": str(size),
                    }
                    return {**told, "left": exact.decimal(left), "right": exact.decimal(right)}
        return None

    return search(statement, broken, _STARTS)


# Two steps.


@prove_claim.register
def _(claim: Drift, rule: Optimizer) -> Iterator[Result]:
    own = by_name(transition(rule))
    w, first, second, curvature = sympy.symbols("w g1 g2 h2", real=True)

    def after_step(t: int, values: Mapping[str, sympy.Expr], gradient: sympy.Expr) -> dict[str, sympy.Expr]:
        known = {**values, "g": gradient, "t": sympy.Integer(t)}
        return {name: substitute(value, known) for name, value in own.items()}

    once = after_step(1, {**{s.name: value for s, value in rule.state.items()}, "w": w}, first)
    frozen = after_step(2, once, second)["w"]
    moving = after_step(2, once, second + curvature * (once["w"] - w))["w"]
    assumed = Premises(rule, steps=Steps.TWO)
    assumed.constant(moving - frozen, claim.by)
    assumed.defined(key_named(transition(rule), "w"))
    assumed.noted("quadratic losses: g2 becomes g2 + h2 * (w[1] - w[0])")
    statement = assumed.statement(Gain(claim.by))
    if none := undefined(claim.label, statement):
        yield none
        return
    verdict = decide(moving - frozen, claim.by, assumed.assumptions)
    if verdict.status == PROVED:
        yield verdict.of(claim.label, statement)
        return
    yield _refuted_or_open(claim, statement, verdict, _not_gained(statement, claim.by))


def _not_gained(statement: Statement, by: sympy.Expr) -> Found | None:
    """Two steps that do not gain what is claimed."""
    rule, claimed = statement.runs.optimizer, exact.function(by)

    def broken(trace: Trace) -> Found | None:
        g1, g2 = trace.gradients
        for h2 in (Fraction(1), Fraction(-1), Fraction(1, 2)):
            once = run(rule, (g1,), trace.hyper, trace.w)
            if not once.rows:
                return None
            moved = g2 + h2 * (once.rows[0]["w_new"] - trace.w)
            ends = [_end(run(rule, (g1, g), trace.hyper, trace.w).rows) for g in (moved, g2)]
            if any(end is None for end in ends):
                continue
            gained, said = ends[0] - ends[1], claimed({**trace.hyper(2), "g1": g1, "h2": h2})
            if certainly_less(gained, said) or certainly_less(said, gained):
                left, right = exact.decimal(gained), exact.decimal(said)
                return {**trace.told(2), "g1": str(g1), "g2": str(g2), "h2": str(h2), "left": left, "right": right}
        return None

    return search(statement, broken)


def _end(rows: Sequence[exact.Row]) -> Any:
    return rows[1]["w_new"] if len(rows) > 1 else None


# Any number of steps.


@prove_claim.register
def _(claim: PartsDrift, rule: Optimizer) -> Iterator[Result]:
    """By induction on the steps, with D what the steps are off so far, and F where those at the frozen point are.

    A step of the moving point w takes the gradient g + h * (w - w[0]) of a quadratic, with w - w[0] = F + D.
    """
    assumed = Premises(rule, steps=Steps.ALL)
    own = transition(rule)
    w = key_named(own, "w")
    assumed.defined(w)
    assumed.noted("quadratic losses: g[i] becomes g[i] + h[i] * (w[i-1] - w[0])")
    statement = assumed.statement(PartsGain(claim.rate))
    if none := undefined(claim.label, statement):
        yield none
        return
    start, off, frozen, fed, curvature = sympy.symbols("w[0] D F g[t] h[t]", real=True)
    g, rate, moved = symbol_in(own[w], "g"), claim.rate, own[w] - w
    proof = Proof(assumed.assumptions)
    said = f"w_new - w = -{Formatter(rule)(rate)} * g"
    proof.equal(moved, -rate * g, said, "the step of the spec, from whatever state")
    at_point = fed + curvature * (frozen + off)
    proof.equal(
        off + moved.xreplace({g: at_point, w: start + frozen + off}) - moved.xreplace({g: fed, w: start + frozen}),
        (1 - rate * curvature) * off - rate * curvature * frozen,
        "D[t] = (1 - rate * h[t]) * D[t-1] - rate * h[t] * F[t-1], with F[t-1] = -sum(rate[i] * g[i], i=1..t-1)",
        "one step more",
    )
    past, kept = sympy.symbols("rate[i]*g[i] prod", real=True)
    proof.equal(
        (1 - rate * curvature) * past * (1 - kept) + rate * curvature * past,
        past * (1 - (1 - rate * curvature) * kept),
        "the term i of the sum gains the factor 1 - rate * h[t] in its product",
        "induction step, term by term; the term i = t is 0, since its product is empty",
    )
    proof.given(
        "1 - prod(1 - rate[j] * h[j], j=i+1..t) = sum(rate[j] * h[j], j=i+1..t) but for products of curvatures",
        "multiplied out",
    )
    yield proof.result(claim.label, statement, "induction", lambda: _other_gain(statement, rate))


def _other_gain(statement: Statement, rate: sympy.Expr) -> Found | None:
    """Steps over parts that do not gain what is claimed."""
    rule, claimed = statement.runs.optimizer, exact.function(rate)

    def broken(trace: Trace) -> Found | None:
        for curvatures in ((Fraction(1), Fraction(1, 2), Fraction(-1)), (Fraction(2), Fraction(-1), Fraction(3))):
            at, gradients, said = trace.w, [], Fraction(0)
            frozen = run(rule, trace.gradients, trace.hyper, trace.w).rows
            for t, (g, h) in enumerate(zip(trace.gradients, itertools.cycle(curvatures), strict=False), start=1):
                if len(frozen) < t:
                    return None
                gradients.append(g + h * (at - trace.w))
                rows = run(rule, tuple(gradients), trace.hyper, trace.w).rows
                if len(rows) < t:
                    break
                far = Fraction(0)  # where the frozen steps have led by the rate that is claimed
                for k in range(1, t):
                    far -= claimed({**trace.hyper(k), "t": Fraction(k)}) * trace.gradients[k - 1]
                now = claimed({**trace.hyper(t), "t": Fraction(t)})
                said = (1 - now * h) * said - now * h * far
                at = rows[-1]["w_new"]
                gained = at - frozen[t - 1]["w_new"]
                if certainly_less(gained, said) or certainly_less(said, gained):
                    told = {**trace.told(t), "curvatures": ", ".join(map(str, curvatures))}
                    return {**told, "left": exact.decimal(gained), "right": exact.decimal(said)}
        return None

    return search(statement, broken)
