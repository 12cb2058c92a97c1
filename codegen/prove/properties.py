"""Statements about one rule at every step: values, identities, fixed points, what never falls, units, what fails."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..analysis import defined
from ..analysis.demands import demands
from ..analysis.derive import by_name, inlined, needed, transition
from ..analysis.invariants import invariants, rises
from ..analysis.premises import Premises
from ..analysis.proof import ONE, Formatter, Proof, key_named, prove_claim, substitute
from ..analysis.traces import Found, Trace, negative, run, search, traces, wrong
from ..claims.base import Claim
from ..claims.rules import Fails, FixedPoint, Identity, Monotone, NonNegative, Scales, Slip
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import NON_NEGATIVE, POSITIVE
from ..spec.rules import Monitor, Optimizer, Stage
from ..spec.symbolic import Reduction
from ..spec.symbols import Hyper, New, Supplied, new
from ..statement import All, Gradients, Holds, Not, Start, Statement, T, Under, after, at
from ..statement.moves import Conditional, HasValues, OfStage
from .sums import compare_sums

_STARTS = tuple(map(Fraction, (1, 0, 10, -10)))
_OLD = "D[t]"  # the value before a step, by a name that no hyperparameter has
_ANYWHERE = (Fraction(1, 4), Fraction(4), Fraction(9))  # states with roots


def undefined(claim: str, statement: Statement) -> Result | None:
    """Refuted, if the conditions leave no run at all: a step has no value in any."""
    if sympy.false not in statement.conditions:
        return None
    open_to_all = Statement(statement.runs, statement.relation)
    found = search(open_to_all, _no_value)
    if found is None:
        return Outcome(UNDECIDED, reason="no run has a value at every step").of(claim, open_to_all)
    return Outcome(REFUTED, "simulation", counterexample=found).of(claim, open_to_all)


def _no_value(trace: Trace) -> Found | None:
    t = len(trace.rows) + 1
    return {**trace.told(t), "value": f"none: {trace.missing}"} if trace.missing else None


def searched(
    claim: Claim,
    statement: Statement,
    broken: Callable[[Trace], Found | None],
    reason: str,
    starts: Sequence[Fraction] = _STARTS[:1],
) -> Result:
    """Refuted by a run, or undecided."""
    if trace := search(statement, broken, starts):
        return Outcome(REFUTED, "simulation", counterexample=trace).of(claim.label, statement)
    return Outcome(UNDECIDED, reason=f"{reason}, and no trace refutes it").of(claim.label, statement)


# Values.


@dataclass(frozen=True)
class Defined(Claim):
    """Every step has a value, for all gradients, from the start on. It is said of every rule."""

    label: ClassVar[str] = "defined"


@prove_claim.register
def _(claim: Defined, rule: Optimizer) -> Iterator[Result]:
    assumed, left = Premises(rule), []
    for condition in defined.conditions(rule):
        symbols = condition.free_symbols
        # what is given to a step is no more chosen than its gradient
        if symbols and all(isinstance(s, Hyper) and not isinstance(s, Supplied) for s in symbols):
            assumed.holds(condition)
        else:
            left.append(condition)
    statement = assumed.statement(HasValues())
    if not left:
        yield Outcome(PROVED, "intervals, invariants").of(claim.label, statement)
        return
    found = next(filter(None, map(_no_value, _inner_traces(statement))), None)
    if found:
        yield Outcome(REFUTED, "simulation", counterexample=found).of(claim.label, statement)
        return
    spell = Formatter(rule)
    open_ = ", ".join(f"{spell(c.lhs)} {c.rel_op} {spell(c.rhs)}" for c in left if hasattr(c, "lhs"))
    reason = f"nothing shows that {open_ or 'it has'}, and no run is without a value"
    yield Outcome(UNDECIDED, reason=reason).of(claim.label, statement)


def _inner_traces(statement: Statement) -> Iterator[Trace]:
    """Runs whose hyperparameters are at no end of their domains, so that no condition on them would help."""
    assumptions = Assumptions.of(statement.runs.rule)

    def inside(values: Mapping[str, Fraction]) -> bool:
        return all(
            value not in (assumptions.domains[n].low, assumptions.domains[n].high) for n, value in values.items()
        )

    for trace in traces(statement, _STARTS):
        if all(inside(trace.hyper(t)) for t in range(1, len(trace.gradients) + 1)):
            yield trace


def _kind(rule: Optimizer) -> type[Holds]:
    return OfStage if isinstance(rule, Stage) or rule.reductions else Holds


# Identities.


@prove_claim.register
def _(claim: Identity, rule: Optimizer) -> Iterator[Result]:
    if claim.given:
        yield _conditional(claim, rule)
        return
    assumed, values = Premises(rule), inlined(rule)
    assumed.defined(claim.left, claim.right)
    statement = assumed.statement(_kind(rule)(claim.left, "=", claim.right))
    if none := undefined(claim.label, statement):
        yield none
        return
    left, right = claim.left.xreplace(values), claim.right.xreplace(values)
    verdict = compare_sums(left, right, assumed.assumptions)
    if verdict.status == REFUTED and (left.has(Reduction) or right.has(Reduction)):
        yield verdict.of(claim.label, statement)
        return
    if verdict.status != PROVED:  # of the states that the rule has, more may be true than of all others
        held = invariants(rule)
        again = compare_sums(left, right, held.assumptions(assumed.assumptions))
        verdict = again if again.status == PROVED else verdict
    if verdict.status == PROVED:
        yield verdict.of(claim.label, statement)
        return
    broken = wrong(claim.left, claim.right, exact.differ)
    reason = verdict.reason or f"it fails at {dict(verdict.counterexample or {})}, which need not be reached"
    yield searched(claim, statement, broken, reason, _STARTS)


def _conditional(claim: Identity, rule: Optimizer) -> Result:
    """From whatever state, with what is given: a point refutes."""
    assumed = Premises(rule)
    values = inlined(rule)
    left, right = claim.left.xreplace(values), claim.right.xreplace(values)
    for symbol, value in claim.given.items():
        left, right = left.xreplace({symbol: value}), right.xreplace({symbol: value})
    names = needed(rule, frozenset(s.name for e in (claim.left, claim.right) for s in e.free_symbols))
    steps = [step.value for step in rule.steps if step.target.name in names]
    for demand in (d for e in (*steps, claim.left, claim.right, *claim.given.values()) for d in demands(e)):
        if demand.sign == "!=":
            assumed.nonzero(demand.value)
        elif not nonnegative(assumed.assumptions.assume(demand.value)):
            assumed.holds(demand.condition)
    statement = assumed.statement(Conditional(claim.left, claim.right, claim.given))
    verdict = compare_sums(left, right, assumed.assumptions)
    return verdict.of(claim.label, statement)


# What is kept.


@prove_claim.register
def _(claim: FixedPoint, rule: Optimizer) -> Iterator[Result]:
    assumed = Premises(rule, gradients=Gradients.ZERO)
    stepped = {s: defined.without_gradient(v) for s, v in transition(rule).items()}
    w = key_named(stepped, "w")
    assumed.defined(w)
    statement = assumed.statement(Holds(after(w), "=", after(w, sympy.Integer(0))))
    if none := undefined(claim.label, statement):
        yield none
        return
    # states that start at 0, or at w, and stay there
    still = {s: v for s, v in defined.resting(rule).items() if s != w}
    proof, at_rest = Proof(assumed.assumptions), ", ".join(["g = 0", *(f"{s} = {v}" for s, v in still.items())])
    for state, value in still.items():
        text = f"t -> t+1: {at_rest} give {state}_new = {value}"
        proof.equal(defined.put_in(stepped[state], still), value, text, "induction step, from the initial value")
    proof.equal(defined.put_in(stepped[w], still), w, f"t -> t+1: {at_rest} give w_new = w", "induction step")

    def broken(trace: Trace) -> Found | None:
        for t, row in enumerate(trace.rows, start=1):
            if exact.differ(row["w_new"], trace.w):
                return {**trace.told(t), f"w[{t}]": exact.decimal(row["w_new"])}
        return None

    yield proof.result(claim.label, statement, "induction", lambda: search(statement, broken, _STARTS))


@prove_claim.register
def _(claim: Monotone, rule: Optimizer) -> Iterator[Result]:
    """A state never falls if no step lowers it; another value if it is built from what never falls."""
    value = claim.value.of if isinstance(claim.value, New) else claim.value
    name, values = value.name, by_name(transition(rule))
    target = f"{name}_new" if name in values else name
    assumed = Premises(rule)
    assumed.defined(claim.value)
    relation = Holds(after(value), ">=", after(value, T - 1)) if name in values else _later(value)
    held = invariants(rule)
    assumptions, method = held.assumptions(assumed.assumptions), ""
    if name in values:
        rise = assumptions.assume(values[name] - value)
        method = "induction, signs" if held.nonnegative_value(rise, assumptions) else ""
    elif (used := rises(rule, value)) is not None:
        assumed.constant(*used)
        method = "signs"
    statement = assumed.statement(relation)
    if none := undefined(claim.label, statement):
        yield none
    elif method:
        yield Outcome(PROVED, method).of(claim.label, statement)
    else:
        yield searched(
            claim, statement, lambda trace: _falls(trace, name, target), "no tactic shows that it cannot decrease"
        )


def _later(value: sympy.Expr) -> Holds:
    return Holds(at(value, T), ">=", at(value, T - 1), where=sympy.Gt(T, 1))


def _falls(trace: Trace, name: str, target: str) -> Found | None:
    seen = [(t, row[target]) for t, row in enumerate(trace.rows, start=1)]
    if target != name and trace.rows:
        seen = [(0, trace.rows[0][name]), *seen]
    for (_, one), (t, two) in itertools.pairwise(seen):
        if two < one:
            return {**trace.told(t), f"{name}[{t - 1}]": exact.decimal(one), f"{name}[{t}]": exact.decimal(two)}
    return None


@prove_claim.register
def _(claim: NonNegative, rule: Optimizer) -> Iterator[Result]:
    """By induction on the value D; first for hyperparameters that change, then for constant ones."""
    w = key_named(transition(rule), "w") if any(s.name == "w" for s in transition(rule)) else None
    value = claim.value.xreplace({s: new(s) for s in (*rule.state, w) if s is not None})
    hypers = [h for h in rule.hypers if h in claim.value.free_symbols]
    relation = _kind(rule)(at(value, T), ">=", sympy.Integer(0))
    for constant in [False, True] if hypers else [False]:
        assumed = Premises(rule)
        assumed.defined(value)
        if none := undefined(claim.label, assumed.statement(relation)):
            yield none
            return
        changing = assumed.statement(relation)
        lines = _from_invariants(value, rule) or _by_induction(claim.value, rule, assumed, constant)
        lines = lines or _in_one_step(value, rule)
        if lines is not None:
            yield Outcome(PROVED, "induction, signs", derivation=lines).of(claim.label, assumed.statement(relation))
            return
    yield searched(
        claim,
        changing,
        negative(value, Formatter(rule)(claim.value)),
        "no tactic shows that it cannot be negative",
        _STARTS,
    )


def _by_induction(value: sympy.Expr, rule: Optimizer, assumed: Premises, constant: bool) -> tuple[Line, ...] | None:
    """The new D is a sum of non-negative terms in the old one and the rest.

    What the old D has of the step before, its number, its gradient, its hyperparameters, has other symbols.
    """
    own, spell, d = transition(rule), Formatter(rule), sympy.Symbol(_OLD, real=True)
    names = {step.target.name for step in rule.steps}
    others = {s for s in value.free_symbols if s not in own and not isinstance(s, Hyper)}
    if any(s.name in names for s in others):
        return None  # a value of a step is none of a state
    past = value.xreplace({h: assumed.before(h, constant) for h in rule.hypers if h in value.free_symbols})
    past = past.xreplace({s: sympy.Symbol(f"{s.name}[t-1]", real=True) for s in others if s.name != "t"})
    later, starts = value.xreplace(own), dict(rule.state)
    if others:  # the old value is that of step t, the new one of step t + 1
        first = substitute(later.xreplace(starts), {"t": ONE})
        later = later.xreplace({s: s + 1 for s in later.free_symbols if s.name == "t"})
    else:
        first = value.xreplace(starts)
    assumptions = invariants(rule).assumptions(assumed.assumptions).also(**{_OLD: NON_NEGATIVE})
    if not nonnegative(assumptions.assume(first)):
        return None
    for symbol in sorted((s for s in value.free_symbols if s in rule.state), key=str):
        slope = sympy.diff(past, symbol)
        if slope not in (1, -1):
            continue
        old = sympy.expand(symbol + (d - past) / slope)
        becomes = sympy.expand(later.xreplace({symbol: old}))
        if symbol not in old.free_symbols and nonnegative(assumptions.assume(becomes)):
            squares = spell(sympy.collect(becomes, d, sympy.factor))
            base = "t = 1" if others else "t = 0"
            return (
                Line(f"{base}: {spell(value)} = {spell(first)} >= 0", "base case"),
                Line(f"t -> t+1: with {_OLD} = {spell(value)} >= 0 it becomes {squares} >= 0", "signs"),
            )
    return None


def _from_invariants(value: sympy.Expr, rule: Optimizer) -> tuple[Line, ...] | None:
    """It is made of states of which the sign is known after every step."""
    held = invariants(rule)
    assumptions, keep = held.assumptions(Assumptions.of(rule)), frozenset(new(s) for s in rule.state)
    over_new = value.xreplace({t: v for t, v in inlined(rule, keep).items() if t not in keep})
    if held.nonnegative_value(assumptions.assume(over_new), assumptions):
        names = " and ".join(held.nonnegative)
        line = Line(f"{Formatter(rule)(value)} >= 0{f', since {names} are' if names else ''}", "induction, signs")
        return (line,)
    return None


def _in_one_step(value: sympy.Expr, rule: Optimizer) -> tuple[Line, ...] | None:
    """It is not negative after a step from any states of the known signs.

    One of the values that it names may stay a symbol, of which only the sign is known: what is a maximum of it is not
    below it.
    """
    held, whole, spell = invariants(rule), inlined(rule), Formatter(rule)
    assumptions = held.assumptions(Assumptions.of(rule))
    named = sorted(value.free_symbols & whole.keys(), key=str)
    for keep in (*(frozenset([symbol]) for symbol in named), frozenset()):
        signs = {
            s.name: NON_NEGATIVE for s in keep if held.nonnegative_value(assumptions.assume(whole[s]), assumptions)
        }
        known = assumptions.also(**signs)
        over = value.xreplace({target: v for target, v in inlined(rule, keep).items() if target not in keep})
        if held.nonnegative_value(known.assume(over), known):
            return (Line(f"{spell(value)} = {spell(over)} >= 0", "signs"),)
    return None


# Units.


@prove_claim.register
def _(claim: Scales, rule: Optimizer) -> Iterator[Result]:
    """Multiply everything by its unit, the units of weights and gradients being free positive numbers."""
    assumed = Premises(rule, at=dict(claim.at))
    assumed.domain("W", POSITIVE)
    assumed.domain("G", POSITIVE)
    units = {"w": sympy.Symbol("W", real=True), "g": sympy.Symbol("G", real=True)}
    factor = {name: substitute(value, units) for name, value in claim.factors.items()} | units
    own = {s: v.xreplace(dict(claim.at)) for s, v in transition(rule).items()}
    assumed.defined(key_named(own, "w"))
    proof = Proof(assumed.assumptions)

    def scaled(value: sympy.Expr) -> sympy.Expr:
        return value.xreplace({s: factor.get(s.name, ONE) * s for s in value.free_symbols})

    for symbol, value in own.items():
        unit = factor.get(symbol.name, ONE)
        proof.equal(scaled(value), unit * value, f"{symbol}_new has the unit {unit}", "in every term of it")
    for symbol, value in rule.state.items():
        start, unit = value.xreplace(dict(claim.at)), factor.get(symbol.name, ONE)
        if start != 0:
            proof.equal(scaled(start), unit * start, f"{symbol} starts with the unit {unit}", "the initial value")
    given = ", ".join(f"[{name}] = {unit}" for name, unit in factor.items() if unit != 1)
    places = "".join(f", at {h} = {v}" for h, v in claim.at.items())
    words = f"the units agree: {given}, all else without unit{places}"
    kept = {*own, *rule.state}
    symbols = {s.name: s for e in (*own.values(), *rule.state.values()) for s in e.free_symbols} | {"w": T}
    changed = [n for n in factor if n in symbols and n not in {s.name for s in rule.state}]
    change = {n: factor[n] * (key_named(own, "w") if n == "w" else symbols[n]) for n in changed}
    effect = {s.name: factor.get(s.name, ONE) * after(s) for s in kept}
    statement = assumed.statement(Under(change, effect, words))
    result = proof.result(claim.label, statement, "substitution", lambda: _unlike(statement, factor))
    if result.status == UNDECIDED and (found := _unlike(statement, factor, anywhere=True)):
        statement = replace(statement, runs=replace(statement.runs, start=Start.ANY))
        result = Outcome(REFUTED, "simulation", counterexample=found).of(claim.label, statement)
    yield result


def _unlike(statement: Statement, factor: Mapping[str, sympy.Expr], anywhere: bool = False) -> Found | None:
    """Two runs, one of them in other units, that are not the same in their units, from the start or from `anywhere`."""
    rule = statement.runs.optimizer
    for weight, gradient in (("2", "3"), ("3", "1/2"), ("1/4", "9")):
        sizes = {"W": Fraction(weight), "G": Fraction(gradient)}
        of = {n: exact.evaluate(e, sizes) for n, e in factor.items()}

        def broken(trace: Trace, of: Mapping[str, Any] = of, sizes: Mapping[str, Fraction] = sizes) -> Found | None:
            def hyper(t: int) -> Mapping[str, Any]:
                return {n: v * of.get(n, 1) for n, v in trace.hyper(t).items()}

            states = (
                dict(zip((s.name for s in rule.state), itertools.cycle(_ANYWHERE), strict=False)) if anywhere else {}
            )
            one = run(rule, trace.gradients, trace.hyper, trace.w, states) if anywhere else trace
            start = {n: v * of.get(n, 1) for n, v in states.items()}
            two = run(rule, tuple(g * of["g"] for g in trace.gradients), hyper, trace.w * of["w"], start)
            for t, (here, there) in enumerate(zip(one.rows, two.rows, strict=False), start=1):
                for name in ("w", *(s.name for s in rule.state)):
                    left, right = there[f"{name}_new"], here[f"{name}_new"] * of.get(name, 1)
                    if exact.differ(left, right):
                        told = {f"{n}[0]": str(v) for n, v in states.items()}
                        told |= {**{n: str(size) for n, size in sizes.items()}, "of": name}
                        return {**trace.told(t), **told, "left": exact.decimal(left), "right": exact.decimal(right)}
            return None

        if found := search(statement, broken):
            return found
    return None


# What is false.


@prove_claim.register
def _(claim: Fails, rule: Optimizer | Monitor) -> Iterator[Result]:
    """A claim of several results fails if one of them is refuted."""
    inner = list(prove_claim(claim.claim, rule))
    refuted = next((result for result in inner if result.status == REFUTED), None)
    if refuted is not None:
        outcome = Outcome(PROVED, "a counterexample", refuted.counterexample, assumptions=_words(refuted))
        yield outcome.of(claim.label, _denied(claim, [refuted]))
    elif all(result.status == PROVED for result in inner):
        found = {"claim": ", ".join(result.text for result in inner), "proved by": inner[0].method}
        yield Outcome(REFUTED, inner[0].method, counterexample=found).of(claim.label, _denied(claim, inner))
    else:
        open_ = next(result for result in inner if result.status != PROVED)
        yield Outcome(UNDECIDED, reason=open_.reason).of(claim.label, _denied(claim, [open_]))


def _words(result: Result) -> tuple[str, ...]:
    return result.assumed if isinstance(result.statement, str) else ()


def _denied(claim: Fails, inner: list[Result]) -> Statement | str:
    """That what these results say is false."""
    said = [result.statement for result in inner if isinstance(result.statement, Statement)]
    if len(said) < len(inner):
        return f"{claim.because}: it is false that {', '.join(result.text for result in inner)}"
    first, *others = said
    parts = tuple(s.relation for s in said)
    relation = parts[0] if not others else All(parts)
    return Statement(first.runs, Not(relation, claim.because), first.conditions, first.noted)


@prove_claim.register
def _(claim: Slip, rule: Optimizer) -> Iterator[Result]:
    """Said of the rule as it is printed, whatever that of the entry is."""
    for result in prove_claim(claim.claim, claim.rule):
        yield replace(result, claim=f"slip {claim.rule.name}: {result.claim}")


__all__ = ["Defined", "searched", "undefined"]
