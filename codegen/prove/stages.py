"""Statements about stages of a pipeline: when they do nothing, in which order they may stand, what they average."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import sympy

from codegen.claims.stages import Commutes, CycleMean, Moments, Neutral, Repeats, WeightedMean
from codegen.derive import by_name, inlined, transition
from codegen.prove.base import (
    ZERO,
    Proof,
    Speller,
    T,
    decay_factor,
    domains_of,
    key_named,
    prove_claim,
    substitute,
    symbol_in,
)
from codegen.prove.sums import compare
from codegen.result import REFUTED, UNDECIDED, Result
from codegen.spec import GRADIENT, NOISE, PARAMETER, Optimizer, Stage
from codegen.tactics import Facts

_OTHER = "other_"


def _after(stage: Optimizer, g: sympy.Expr, w: sympy.Expr) -> dict[str, sympy.Expr]:
    """What the stage makes of this gradient and this parameter."""
    given = {GRADIENT: g, PARAMETER: w}
    return {**given, **{name: substitute(value, given) for name, value in by_name(transition(stage)).items()}}


def _given(stage: Optimizer) -> tuple[sympy.Expr, sympy.Expr]:
    """The symbols g and w of a stage."""
    values = sympy.Tuple(*transition(stage).values())
    return symbol_in(values, GRADIENT), symbol_in(values, PARAMETER)


def _shared(stage: Stage, g: sympy.Expr, w: sympy.Expr, pairs: Mapping[str, tuple], facts: Facts, result: Result):
    """`result`, proved if all pairs are equal."""
    methods: list[str] = []
    for name, (left, right) in pairs.items():
        verdict = compare(left, right, facts)
        if verdict.status != "proved":
            point = verdict.point and {"of": name, **verdict.point}
            return replace(
                result, status=verdict.status, method=verdict.method, counterexample=point, reason=verdict.reason
            )
        methods += [verdict.method] if verdict.method not in methods else []
    return replace(result, status="proved", method=", ".join(methods))


@prove_claim.register
def _(claim: Neutral, rule: Stage) -> Iterator[Result]:
    spell, (g, w) = Speller(rule), _given(rule)
    after = {name: value.xreplace(claim.at) for name, value in _after(rule, g, w).items() if name in rule.writes}
    statement = ", ".join(f"{name}_new = {name}" for name in sorted(after))
    pairs = {name: (value, {GRADIENT: g, PARAMETER: w}[name]) for name, value in after.items()}
    if claim.when is not None:
        condition = claim.when.xreplace(inlined(rule))
        left, right = (spell(side) for side in claim.when.args)
        statement += f" where {left} {claim.when.rel_op} {right}"
        pairs = {
            name: (sympy.Piecewise((found - wanted, condition), (ZERO, True)), ZERO)
            for name, (found, wanted) in pairs.items()
        }
    else:
        statement += f" if {', '.join(f'{s} = {spell(v)}' for s, v in claim.at.items())}"
    yield _shared(
        rule, g, w, pairs, Facts.of(rule), Result("", claim.label, "", statement, "", domains_of(rule, *after.values()))
    )


@prove_claim.register
def _(claim: Repeats, rule: Stage) -> Iterator[Result]:
    g, w = _given(rule)
    once = _after(rule, g, w)
    twice = _after(rule, once[GRADIENT], once[PARAMETER])
    wanted = {GRADIENT: g, PARAMETER: w} if claim.involution else once
    statement = f"two runs give what {'none gives' if claim.involution else 'one gives'}"
    pairs = {name: (twice[name], wanted[name]) for name in rule.writes}
    yield _shared(
        rule, g, w, pairs, Facts.of(rule), Result("", claim.label, "", statement, "", domains_of(rule, *once.values()))
    )


@prove_claim.register
def _(claim: Commutes, rule: Stage) -> Iterator[Result]:
    g, w = _given(rule)
    spell = Speller(rule)
    clash = {h.name for h in rule.hypers}
    renamed = {h: sympy.Symbol(f"{_OTHER}{h.name}", real=True) for h in claim.other.hypers if h.name in clash}
    domains = {k.name: d for k, d in ((renamed[h], Facts.of(claim.other).domains[h.name]) for h in renamed)}
    facts = Facts.of(rule, claim.other).also(**domains)

    def other(g: sympy.Expr, w: sympy.Expr) -> dict[str, sympy.Expr]:
        symbols = _given(claim.other)
        after = {name: value.xreplace(renamed) for name, value in _after(claim.other, *symbols).items()}
        given = {GRADIENT: g, PARAMETER: w}
        return {name: substitute(value, given) for name, value in after.items()}

    first = _after(rule, g, w)
    first = other(first[GRADIENT], first[PARAMETER])
    second = other(g, w)
    second = _after(rule, second[GRADIENT], second[PARAMETER])
    difference = {s.name: v for s, v in claim.difference.items()}
    own, others = rule.name, claim.other.name
    said = [f"{name} by {spell(value)}" for name, value in difference.items()]
    statement = f"{own} before {others} is {others} before {own}"
    statement = f"{own} before {others} differs from {others} before {own} in {', '.join(said)}" if said else statement
    pairs = {name: (first[name] - second[name], difference.get(name, ZERO)) for name in rule.writes}
    yield _shared(
        rule, g, w, pairs, facts, Result("", claim.label, "", statement, "", domains_of(rule, *first.values()))
    )


@prove_claim.register
def _(claim: Moments, rule: Stage) -> Iterator[Result]:
    facts, spell = Facts.of(rule), Speller(rule)
    value = inlined(rule)[claim.value]
    noise = symbol_in(value, NOISE)
    statement = f"E[{claim.value}] = {spell(claim.mean)}, Var[{claim.value}] = {spell(claim.variance)}"
    assumptions = ("the noise is standard normal and independent of g", *domains_of(rule, value, claim.variance))
    slope = sympy.diff(value, noise)
    if noise in slope.free_symbols:
        yield Result("", claim.label, UNDECIDED, statement, reason=f"{claim.value} is not linear in the noise")
        return
    proof = Proof(facts)
    proof.given("E[noise] = 0, Var[noise] = 1", "standard normal")
    proof.equal(
        value.xreplace({noise: ZERO}),
        claim.mean,
        f"E[{claim.value}] = {spell(claim.mean)}",
        "it is linear in the noise",
    )
    proof.equal(
        slope**2, claim.variance, f"Var[{claim.value}] = {spell(claim.variance)}", "the square of the noise's factor"
    )
    yield proof.result(claim.label, statement, "linearity of the mean", assumptions, lambda: _failed_at(proof))


@prove_claim.register
def _(claim: WeightedMean, rule: Optimizer) -> Iterator[Result]:
    facts, spell = Facts.of(rule), Speller(rule)
    old, name = claim.state, claim.state.name
    new = by_name(transition(rule))[name]
    old = symbol_in(new, name)
    total, d, c = claim.total, claim.decay, claim.weight
    after = {"t": T + 1}
    spelled, decay, of = spell(total), spell(d), spell(claim.of)
    weights = f"{spell(c)} * {decay_factor(decay)}"
    statement = f"{name}[t] = sum({weights}{of}[i], i=1..t) / ({spelled}), and the weights add up to {spelled}"
    constant = tuple(f"{s} constant" for s in sorted(s.name for s in d.free_symbols | c.free_symbols))
    proof = Proof(facts)
    proof.equal(substitute(total, {"t": ZERO}), ZERO, f"{spelled} = 0 for t = 0", "base case: the sum is empty")
    proof.equal(
        substitute(total, after),
        d * total + c,
        f"t -> t+1: {spelled} becomes {decay} times itself + {spell(c)}",
        "induction step of the weights: all past ones shrink, one is added",
    )
    proof.equal(
        substitute(total * new, after),
        d * total * old + c * claim.of,
        f"t -> t+1: ({spelled}) * {name} becomes {decay} times itself + {spell(c * claim.of)}",
        "induction step of the sum",
    )
    assumptions = (*constant, *domains_of(rule, d, c, total))
    yield proof.result(claim.label, statement, "induction", assumptions, lambda: _failed_at(proof))


@prove_claim.register
def _(claim: CycleMean, rule: Stage) -> Iterator[Result]:
    facts, spell = Facts.of(rule), Speller(rule)
    values = by_name(transition(rule))
    state, count, over = claim.state.name, claim.count.name, claim.over
    g = symbol_in(values[state], GRADIENT)
    total, at = symbol_in(values[state], state), symbol_in(values[state], count)
    k = spell(over)
    statement = f"the stage ends every step but each {k}th, and lets (g[1] + ... + g[{k}]) / {k} through there"
    position = sympy.Symbol("position", integer=True, positive=True)
    facts = facts.also(position=facts.domains["t"])
    halts = inlined(rule)[key_named(inlined(rule), f"{count}_new")]
    proof = Proof(facts)
    proof.equal(
        values[state].xreplace({at: ZERO}), g, f"{state}_new = g where {count} = 0", "base case: the first gradient"
    )
    proof.equal(
        values[state].xreplace({at: position}),
        total + g,
        f"{state}_new = {state} + g where {count} > 0",
        "induction step: the sum of one gradient more",
    )
    proof.equal(
        sympy.Piecewise((halts - at - 1, sympy.Lt(at + 1, over)), (ZERO, True)),
        ZERO,
        f"{count}_new = {count} + 1 while that is below {k}",
        "induction step of the count",
    )
    proof.equal(halts.xreplace({at: over - 1}), ZERO, f"{count}_new = 0 where {count} = {k} - 1", "the cycle closes")
    proof.equal(values[GRADIENT], values[state] / over, f"g_new = {state}_new / {k}", "the mean")
    wanted = rule.halts is not None and rule.halts == sympy.Gt(key_named(inlined(rule), f"{count}_new"), 0)
    if not wanted:
        point = {"halts": str(rule.halts), "it has to be": f"{count}_new > 0"}
        yield Result("", claim.label, REFUTED, statement, "comparison", counterexample=point)
        return
    proof.given(f"the step ends where {count}_new > 0", "halts")
    yield proof.result(claim.label, statement, "induction", domains_of(rule, over), lambda: _failed_at(proof))


def _failed_at(proof: Proof) -> dict[str, str] | None:
    """The point that refutes the line at which a proof failed."""
    point = proof.failed and proof.failed.point
    return dict(point) if point else None
