"""Statements about one rule: identities, fixed points, first steps, inequalities, units."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import sympy

from codegen import domain, reference
from codegen.claims.base import Claim
from codegen.claims.rules import (
    Additive,
    Averages,
    Descends,
    Drift,
    Fails,
    FirstStep,
    FixedPoint,
    Identity,
    Monotone,
    NonNegative,
    Scales,
)
from codegen.derive import by_name, inlined, transition
from codegen.prove.base import (
    ONE,
    ZERO,
    Proof,
    Speller,
    denominators,
    domains_of,
    key_named,
    nonzero_denominators,
    prove_claim,
    search,
    setting,
    substitute,
    symbol_in,
    undefined,
)
from codegen.prove.sums import compare
from codegen.result import PROVED, REFUTED, UNDECIDED, Line, Result
from codegen.spec import Monitor, Optimizer
from codegen.tactics import NON_NEGATIVE, POSITIVE, Facts, Verdict, decide, differ, nonnegative, shown

_SMALL = 100  # operations; bringing more into one fraction takes longer than it is worth


@prove_claim.register
def _(claim: Identity, rule: Optimizer) -> Iterator[Result]:
    facts, spell = Facts.of(rule), Speller(rule)
    values = inlined(rule)
    left, right = claim.left.xreplace(values), claim.right.xreplace(values)
    for symbol, value in claim.given.items():
        left, right = left.xreplace({symbol: value}), right.xreplace({symbol: value})
    verdict = compare(left, right, facts)
    given = tuple(f"{symbol} = {spell(value)}" for symbol, value in claim.given.items())
    nonzero = nonzero_denominators([claim.left, claim.right], facts) if given else ()
    yield Result(
        "",
        claim.label,
        verdict.status,
        f"{spell(claim.left)} = {spell(claim.right)}",
        verdict.method,
        (*given, *nonzero, *domains_of(rule, left, right)),
        counterexample=verdict.point,
        reason=verdict.reason,
    )


@prove_claim.register
def _(claim: FixedPoint, rule: Optimizer) -> Iterator[Result]:
    facts = Facts.of(rule)
    g = {s: ZERO for v in transition(rule).values() for s in v.free_symbols if s.name == "g"}
    stepped = {s: v.xreplace(g) for s, v in transition(rule).items()}
    w = key_named(stepped, "w")
    # states that start at 0, or at w, and stay there
    still = {s: v for s, v in rule.state.items() if v in (ZERO, w)}
    while moving := [s for s, v in still.items() if decide(stepped[s].xreplace(still), v, facts).status != PROVED]:
        still = {s: v for s, v in still.items() if s not in moving}
    proof = Proof(facts)
    spell = Speller(rule)
    at = ", ".join(["g = 0", *(f"{s} = {v}" for s, v in still.items())])
    for state, value in still.items():
        text = f"t -> t+1: {at} give {state}_new = {value}"
        proof.equal(stepped[state].xreplace(still), value, text, "induction step, from the initial value")
    proof.equal(stepped[w].xreplace(still), w, f"t -> t+1: {at} give w_new = w", "induction step")
    values = [v.xreplace(g).xreplace(still) for v in denominators(stepped.values())]
    values = [v for v in dict.fromkeys(map(sympy.cancel, values)) if not v.has(sympy.nan, sympy.zoo)]
    nonzero = tuple(f"{spell(v)} != 0" for v in values if not facts.nonzero(v))

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        for values in reference.run(rule, (0, 0, 0), lambda t: hyper, w=1):
            if differ(values["w"], reference.number(1)):
                return {**setting(hyper, (0, 0, 0), values["t"]), "w[0]": "1", f"w[{values['t']}]": shown(values["w"])}
        return None

    statement = "if every gradient is zero, w[t] = w[0]"
    yield proof.result(claim.label, statement, "induction", (*nonzero, "t >= 1"), lambda: search(rule, disagree))


@prove_claim.register
def _(claim: FirstStep, rule: Optimizer) -> Iterator[Result]:
    facts, spell = Facts.of(rule), Speller(rule)
    moved = _first_move(rule)
    nonzero = nonzero_denominators([claim.by], facts)
    verdict = decide(moved, claim.by, facts)
    if verdict.status == UNDECIDED and (point := undefined(rule, claim.by)):
        verdict = Verdict(REFUTED, "simulation", point)
    statement = f"w[1] - w[0] = {spell(claim.by)}"
    assumptions = (*nonzero, *domains_of(rule, moved, claim.by))
    yield Result("", claim.label, verdict.status, statement, verdict.method, assumptions, verdict.point, verdict.reason)


@prove_claim.register
def _(claim: Additive, rule: Optimizer) -> Iterator[Result]:
    moved = _first_move(rule)
    g = symbol_in(moved, "g")
    first, second = sympy.symbols("g1 g2", real=True)
    parts = moved.xreplace({g: first}) + moved.xreplace({g: second})
    verdict = decide(moved.xreplace({g: first + second}), parts, Facts.of(rule))
    statement = "at a frozen point, step(g1 + g2) = step(g1) + step(g2)"
    assumptions = ("the first step",)
    yield Result("", claim.label, verdict.status, statement, verdict.method, assumptions, verdict.point, verdict.reason)


@prove_claim.register
def _(claim: Averages, rule: Optimizer) -> Iterator[Result]:
    """An additive step is homogeneous for whole numbers; the second line shows it for the parts of any batch."""
    moved, proof = _first_move(rule), Proof(Facts.of(rule).also(n=domain.parse("integer >= 1")))
    g = symbol_in(moved, "g")
    first, second, n = sympy.symbols("g1 g2 n", real=True)

    def step(gradient: sympy.Expr) -> sympy.Expr:
        return moved.xreplace({g: gradient})

    proof.equal(step(first + second), step(first) + step(second), "step(g1 + g2) = step(g1) + step(g2)", "additive")
    proof.equal(step(g / n), step(g) / n, "step(g / n) = step(g) / n", "homogeneous")
    statement = "at a frozen point, the step of the mean of n gradients is the mean of their n steps"
    if proof.failed is not None and proof.failed.point is not None:
        yield Result("", claim.label, REFUTED, statement, "evaluation at a point", counterexample=proof.failed.point)
    else:
        yield proof.result(claim.label, statement, "induction on n", ("the first step",), lambda: None)


@prove_claim.register
def _(claim: Drift, rule: Optimizer) -> Iterator[Result]:
    own = by_name(transition(rule))
    w, first, second, curvature = sympy.symbols("w g1 g2 h2", real=True)

    def after(t: int, values: Mapping[str, sympy.Expr], gradient: sympy.Expr) -> dict[str, sympy.Expr]:
        known = {**values, "g": gradient, "t": sympy.Integer(t)}
        return {name: substitute(value, known) for name, value in own.items()}

    once = after(1, {**{s.name: value for s, value in rule.state.items()}, "w": w}, first)
    frozen = after(2, once, second)["w"]
    moving = after(2, once, second + curvature * (once["w"] - w))["w"]
    verdict = decide(moving - frozen, claim.by, Facts.of(rule))
    statement = f"two steps in a row end {Speller(rule)(claim.by)} from two steps with the gradients of a frozen point"
    assumptions = (
        "the first two steps",
        "quadratic losses: g2 becomes g2 + h2 * (w[1] - w[0])",
        *domains_of(rule, moving),
    )
    yield Result("", claim.label, verdict.status, statement, verdict.method, assumptions, verdict.point, verdict.reason)


@prove_claim.register
def _(claim: Descends, rule: Optimizer) -> Iterator[Result]:
    facts, moved = Facts.of(rule), _first_move(rule)
    g = symbol_in(moved, "g")
    statement = "(w[1] - w[0]) * g[1] <= 0"
    assumptions = domains_of(rule, moved)
    moves_alike = not any(s.name == "w" for s in moved.free_symbols)

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        for start, gradient in itertools.product((0,) if moves_alike else (0, 10, -10), (1, -1)):
            (values,) = reference.run(rule, (gradient,), lambda t: hyper, w=start)
            if (values["w"] - start) * gradient > 0:
                return {**setting(hyper, (gradient,), 1), "w[0]": str(start), "w[1]": shown(values["w"])}
        return None

    found = _searched(claim, rule, statement, disagree, "no tactic shows that it descends") if not moves_alike else None
    if found is not None and found.status == REFUTED:  # what decays is large, and this is soon found
        yield found
    elif _never_negative(facts.assume(-moved * g)):
        yield Result("", claim.label, PROVED, statement, "signs", assumptions)
    else:
        yield found or _searched(claim, rule, statement, disagree, "no tactic shows that it descends")


def _never_negative(expr: sympy.Expr) -> bool:
    """Whether `expr` is at least zero, in every branch of it, whatever decides between them."""
    choice = next((e for e in sympy.postorder_traversal(expr) if isinstance(e, sympy.Piecewise)), None)
    if choice is None:
        if nonnegative(expr) or nonnegative(sympy.factor_terms(expr, clear=False)):
            return True
        return sympy.count_ops(expr) < _SMALL and nonnegative(sympy.cancel(expr))
    return all(_never_negative(expr.xreplace({choice: value})) for value, _ in choice.args)


def _first_move(rule: Optimizer) -> sympy.Expr:
    """What the first step adds to `w`."""
    own = transition(rule)
    w = key_named(own, "w")
    return substitute(own[w].xreplace(dict(rule.state)), {"t": ONE}) - w


@prove_claim.register
def _(claim: Monotone, rule: Optimizer) -> Iterator[Result]:
    facts, name = Facts.of(rule), claim.value.name
    statement = f"{name}[t+1] >= {name}[t]"
    values = by_name(transition(rule))
    if name in values and nonnegative(facts.assume(values[name] - claim.value)):
        yield Result("", claim.label, PROVED, statement, "induction, signs", domains_of(rule, values[name]))
        return

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        for before, after in itertools.pairwise(reference.run(rule, gradients, lambda t: hyper, w=1)):
            if after[name] < before[name] and differ(after[name], before[name]):
                t = after["t"]
                found = {f"{name}[{t - 1}]": shown(before[name]), f"{name}[{t}]": shown(after[name])}
                return {**setting(hyper, gradients, t), **found}
        return None

    yield _searched(claim, rule, statement, disagree, "no tactic shows that it cannot decrease")


@prove_claim.register
def _(claim: NonNegative, rule: Optimizer) -> Iterator[Result]:
    """By induction on the value D: the new D is a sum of non-negative terms in the old one and the rest."""
    facts, spell = Facts.of(rule).also(D=NON_NEGATIVE), Speller(rule)
    statement = f"{spell(claim.value)} >= 0 after every step"
    start = claim.value.xreplace(dict(rule.state))
    after = claim.value.xreplace(transition(rule))
    d = sympy.Symbol("D", real=True)
    linear = [s for s in claim.value.free_symbols if sympy.diff(claim.value, s) in (1, -1)]
    for symbol in sorted(linear, key=str):
        old = sympy.solve(claim.value - d, symbol)[0]
        value = sympy.expand(after.xreplace({symbol: old}))
        if nonnegative(facts.assume(start)) and nonnegative(facts.assume(value)):
            squares = spell(sympy.collect(value, d, sympy.factor))
            lines = (
                Line(f"t = 0: {spell(claim.value)} = {spell(start)} >= 0", "base case"),
                Line(f"t -> t+1: with D = {spell(claim.value)} >= 0 it becomes {squares} >= 0", "signs"),
            )
            assumptions = domains_of(rule, after)
            yield Result("", claim.label, PROVED, statement, "induction, signs", assumptions, derivation=lines)
            return

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        for values in reference.run(rule, gradients, lambda t: hyper, w=1):
            if (value := reference.evaluate(claim.value, values)) < 0 and differ(value, reference.number(0)):
                return {**setting(hyper, gradients, values["t"]), spell(claim.value): shown(value)}
        return None

    yield _searched(claim, rule, statement, disagree, "no tactic shows that it cannot be negative")


def _searched(claim: Claim, rule: Optimizer, statement: str, disagree: Callable, reason: str) -> Result:
    """Refuted by a trace, or undecided."""
    if trace := search(rule, disagree):
        return Result("", claim.label, REFUTED, statement, "simulation", counterexample=trace)
    return Result("", claim.label, UNDECIDED, statement, reason=f"{reason}, and no trace refutes it")


@prove_claim.register
def _(claim: Scales, rule: Optimizer) -> Iterator[Result]:
    """Multiply everything by its unit, the units of weights and gradients being free positive numbers."""
    facts = Facts.of(rule).also(W=POSITIVE, G=POSITIVE)
    units = {"w": sympy.Symbol("W", real=True), "g": sympy.Symbol("G", real=True)}
    factor = {name: substitute(value, units) for name, value in claim.factors.items()} | units
    own = {s: v.xreplace(dict(claim.at)) for s, v in transition(rule).items()}
    proof = Proof(facts)
    for symbol, value in own.items():
        scaled = value.xreplace({s: factor.get(s.name, ONE) * s for s in value.free_symbols})
        text = f"{symbol}_new has the unit {factor.get(symbol.name, ONE)}"
        proof.equal(scaled, factor.get(symbol.name, ONE) * value, text, "in every term of it")
    given = ", ".join(f"[{name}] = {unit}" for name, unit in factor.items() if unit != 1)
    at = "".join(f", at {h} = {v}" for h, v in claim.at.items())
    statement = f"the units agree: {given}, all else without unit{at}"
    if proof.failed is not None and proof.failed.point is not None:
        yield Result("", claim.label, REFUTED, statement, "evaluation at a point", counterexample=proof.failed.point)
    else:
        yield proof.result(claim.label, statement, "substitution", domains_of(rule, *own.values()), lambda: None)


@prove_claim.register
def _(claim: Fails, rule: Optimizer | Monitor) -> Iterator[Result]:
    inner = next(iter(prove_claim(claim.claim, rule)))
    statement = f"{claim.because}: it is false that {inner.statement}"
    if inner.status == REFUTED:
        yield Result("", claim.label, PROVED, statement, "a counterexample", counterexample=inner.counterexample)
    elif inner.status == PROVED:
        found = {"claim": inner.statement, "proved by": inner.method}
        yield Result("", claim.label, REFUTED, statement, inner.method, counterexample=found)
    else:
        yield Result("", claim.label, UNDECIDED, statement, reason=inner.reason)
