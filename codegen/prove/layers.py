"""Statements about layers: moments, gradients, running averages, conventions.

A proof treats averages as opaque and linear, so it holds for every batch of every size. What refutes is
a concrete batch in exact numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.inequalities import constraint, impossible
from ..analysis.backprop import (
    M,
    Steps,
    adjoints,
    backward,
    equal,
    gradient_symbol,
    kinks,
    opaque,
    reverse,
    run,
    smallest_batch,
)
from ..analysis.demands import demands
from ..analysis.derive import inlined
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, Proof, T, prove_claim, substitute, symbol_in
from ..claims.layers import BatchMean, ConvertsTo, Gradient, Holds, LayerClaim, RunningAverage
from ..replay import replay
from ..replay.layers import unlike
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import NON_NEGATIVE, POSITIVE_INTEGER, Domain
from ..spec.rules import Layer, Step
from ..spec.symbolic import average
from ..spec.symbols import new
from ..statement import Statement
from ..statement.layers import MeanOfBatches, OnBatch, RunningMean, SameLayer, WeightsOf
from .series import AGE, PAST, START

_STEP = sympy.Rational(1, 10**20)


@dataclass(frozen=True)
class Derivation(LayerClaim):
    """The backward pass that is generated is the derivative of the forward pass."""

    label: ClassVar[str] = "backward"


@prove_claim.register
def _(claim: Derivation, rule: Layer) -> Iterator[Result]:
    raw = reverse(rule)
    for symbol, value in backward(rule).items():
        yield _decided(f"backward {symbol}", symbol, value, rule, raw, {}, "reverse mode through the steps")


@prove_claim.register
def _(claim: Gradient, rule: Layer) -> Iterator[Result]:
    yield _decided(claim.label, gradient_symbol(claim.of), claim.value, rule, reverse(rule), {}, "reverse mode")


@prove_claim.register
def _(claim: Holds, rule: Layer) -> Iterator[Result]:
    raw = reverse(rule)
    yield _decided(claim.label, claim.left, claim.right, rule, raw, claim.at, "averages are linear")


def _decided(
    label: str, left: sympy.Expr, right: sympy.Expr, rule: Layer, raw: Mapping, at: Mapping, because: str
) -> Result:
    """Whether `left = right` once the gradients in `raw` and the steps are put in.

    Parameters that `at` fixes are put in last: what they are fixed at does not depend on them.
    """
    fixed = {s: value for s, value in at.items() if s in rule.parameters}
    numbers = {s: value for s, value in at.items() if s not in fixed}
    assumed, spell = Premises(rule, at=numbers), Formatter(rule)
    values = {s: raw[s] for side in (left, right) for s in side.free_symbols if s in raw}
    inner = inlined(rule)
    whole = {s: value.xreplace(inner) for s, value in fixed.items()}
    first, second = (side.xreplace(values).xreplace(inner).xreplace(whole).xreplace(numbers) for side in (left, right))
    read = left.free_symbols.union(right.free_symbols, *(value.free_symbols for value in fixed.values()))
    reached = _reached(rule, read, bool(values))
    steps = [step.value for step in rule.steps if step.target in reached]
    spoken = (left, right, *fixed.values(), *steps)
    assume_values(assumed, rule, [value.xreplace(fixed).xreplace(numbers) for value in spoken])
    for condition in kinks(rule) if values else ():
        assumed.holds(condition)
    behind = first.free_symbols.union(second.free_symbols, *(value.free_symbols for value in whole.values()))
    statement = assumed.statement(OnBatch(left, right, frozenset(h for h in rule.hypers if h in behind), fixed))
    verdict = equal(first, second, assumptions_of(rule))
    if verdict.status == PROVED:
        method = ", ".join(dict.fromkeys((because, verdict.method)))
        backwards = adjoints(rule) if values else {}
        lines = (Line(f"{spell(s)} = {spell(v)}", "reverse mode") for s, v in backwards.items())
        closing = Line(statement.text, f"averages multiplied out ({verdict.method})")
        return Outcome(PROVED, method, derivation=(*lines, closing)).of(label, statement)
    if found := replay(statement).broken:
        return Outcome(REFUTED, "evaluation on a batch", counterexample=found).of(label, statement)
    reason = f"{verdict.reason or 'it is not closed'}; no batch refutes it"
    return Outcome(UNDECIDED, reason=reason).of(label, statement)


def assume_values(
    assumed: Premises, rule: Layer, expressions: Iterable[sympy.Expr], assumptions: Assumptions | None = None
) -> None:
    """Assume that `expressions`, in the values of the steps, have a value: no division by zero, no root of less."""
    inner, conditions = inlined(rule), {}
    for demand in dict.fromkeys(d for e in expressions for d in demands(e)):
        averages = _Averages(assumptions or assumptions_of(rule))
        whole = averages(demand.value.xreplace(inner))
        above = averages.at_least_zero(whole)
        if not (averages.assumptions.nonzero(whole) or (demand.sign == ">=" and above)):
            conditions[sympy.Ne(demand.value, 0) if above else demand.condition] = demand
        elif not above and demand.sign != "!=":
            conditions[sympy.Ge(demand.value, 0)] = demand
    for condition, demand in conditions.items():
        if sympy.Gt(demand.value, 0) in {c for c in conditions if c != condition}:
            continue  # the other says more
        assumed.holds(condition)


class _Averages:
    """Takes averages for numbers, which are at least zero if that of which they are the average is."""

    def __init__(self, assumptions: Assumptions) -> None:
        self.assumptions = assumptions

    def __call__(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` with a symbol for each average, an inner one first."""
        return expr.replace(lambda node: isinstance(node, average), self._named)

    def _named(self, node: average) -> sympy.Expr:
        name = f"average {node.args[0]}"
        self.assumptions = self.assumptions.also(
            **{name: NON_NEGATIVE if self.at_least_zero(node.args[0]) else Domain()}
        )
        return sympy.Symbol(name, real=True)

    def at_least_zero(self, expr: sympy.Expr) -> bool:
        """Whether that is known of `expr`."""
        return nonnegative(self.assumptions.assume(expr))


def assumptions_of(rule: Layer) -> Assumptions:
    """The domains of the hyperparameters, and that `m` counts elements."""
    return Assumptions.of(rule).also(m=POSITIVE_INTEGER)


def _reached(rule: Layer, symbols: set[sympy.Symbol], with_gradient: bool) -> set[sympy.Symbol]:
    """The symbols and what they are computed from; a gradient is computed from what the output is."""
    reached = {*symbols, *([rule.output] if with_gradient else [])}
    for step in reversed(rule.steps):
        if step.target in reached:
            reached |= step.value.free_symbols
    return reached


def difference(rule: Layer, values: Mapping[str, Any], symbol: sympy.Symbol) -> Any:
    """The derivative of sum(dy * y) by `symbol`: central differences of the forward pass."""
    step = reference.number(_STEP)

    def loss(moved: Mapping[str, Any]) -> Any:
        y = run(rule.steps, moved)[rule.output.name]
        return sum(a * b for a, b in zip(values[f"d{rule.output}"], y, strict=True))

    def at(change: Callable[[Any], Any]) -> Any:
        return (loss({**values, symbol.name: change(step)}) - loss({**values, symbol.name: change(-step)})) / (2 * step)

    old = values[symbol.name]
    if not isinstance(old, list):
        return at(lambda by: old + by)

    def moving(k: int) -> Callable[[Any], list[Any]]:
        return lambda by: [v + by * (j == k) for j, v in enumerate(old)]

    return [at(moving(k)) for k in range(len(old))]


@prove_claim.register
def _(claim: RunningAverage, rule: Layer) -> Iterator[Result]:
    """By induction over the batches; the sum over the past is one opaque symbol."""
    assumptions, spell = assumptions_of(rule).also(**{AGE.name: NON_NEGATIVE}), Formatter(rule)
    s, d = claim.state.name, claim.decay
    assumed = Premises(rule)
    assumed.constant(d)
    reached = _reached(rule, {new(claim.state), *claim.of.free_symbols}, with_gradient=False)
    assume_values(assumed, rule, (claim.of, *(step.value for step in rule.steps if step.target in reached)))
    statement = assumed.statement(RunningMean(claim.state, claim.of, d))
    of, power, times = spell(claim.of), f"({spell(d)})" if d.is_Add else spell(d), spell.product(d, "")
    after, x = opaque(inlined(rule, keep=frozenset(claim.of.free_symbols))[new(claim.state)], claim.of)
    old, past, start = symbol_in(after, s), PAST, START
    proof = Proof(assumptions)
    proof.given(f"let S[t] = sum({power}**(t-i) * {of}[i], i=1..t)", "definition")
    proof.equal(d ** (AGE + 1), d * d**AGE, f"S[t+1] = {times}S[t] + {of}[t+1]", "each past term gains a factor")
    proof.equal(d**0 * start + (1 - d) * 0, start, f"t = 0: {s}[0] = {s}[0]", "base case: the sum is empty")
    proof.equal(
        after.xreplace({old: d**T * start + (1 - d) * past}),
        d ** (T + 1) * start + (1 - d) * (d * past + x),
        f"t -> t+1: {spell(after)} with {s} = {s}[t] is {s}[t+1]",
        "induction step",
    )
    yield _judged(claim.label, statement, proof)
    if proof.failed is None:
        weights = Proof(assumptions)
        weights.given(f"W[t] = sum({power}**(t-i) * ({spell(1 - d)}), i=1..t)", "definition")
        weights.equal((1 - d) * 0, 1 - d**0, "t = 0: W[0] = 0 = 1 - 1", "base case")
        weights.equal(d * (1 - d**T) + 1 - d, 1 - d ** (T + 1), "t -> t+1: W[t+1] = 1 - decay**(t+1)", "induction step")
        total = Premises(rule)
        total.constant(d)
        yield _judged(f"weights {s}", total.statement(WeightsOf(claim.state, d)), weights)


@prove_claim.register
def _(claim: BatchMean, rule: Layer) -> Iterator[Result]:
    """By induction over the batches: their number first, then the mean; the sum over the past is one opaque symbol."""
    assumptions = assumptions_of(rule).also(t=POSITIVE_INTEGER)
    s, count, spell = claim.state, claim.count, Formatter(rule)
    reached = _reached(rule, {new(s), new(count), *claim.of.free_symbols}, with_gradient=False)
    number = {new(count): T, count: T - 1}
    assumed = Premises(rule)
    values = [claim.of, *(step.value for step in rule.steps if step.target in reached)]
    assume_values(assumed, rule, [value.xreplace(number) for value in values], assumptions)
    statement = assumed.statement(MeanOfBatches(s, claim.of, count))
    steps = inlined(rule, keep=frozenset(claim.of.free_symbols))
    after, x = opaque(steps[new(s)], claim.of)
    old, past, start = symbol_in(after, s.name), PAST, START
    counted = symbol_in(after, count.name)
    proof = Proof(assumptions)
    proof.equal(rule.state[count], ZERO, f"{count}[0] = 0", "as declared")
    proof.equal(steps[new(count)], count + 1, f"{count}[t+1] = {count}[t] + 1, so {count}[t] = t", "induction")
    proof.given(f"let S[t] = sum({spell(claim.of)}[i], i=1..t)", "definition")
    proof.equal(
        after.xreplace({counted: ZERO, old: start}), x, f"t = 1: {s}[1] = S[1] / 1, whatever {s}[0] is", "base case"
    )
    proof.equal(
        after.xreplace({counted: T, old: past / T}),
        (past + x) / (T + 1),
        f"t -> t+1: {spell(after)} with {s} = S[t] / t is S[t+1] / (t+1)",
        "induction step",
    )
    proof.equal(T * (ONE / T), ONE, "each batch weighs 1/t, and the weights of t batches add up to 1", "consequence")
    yield _judged(claim.label, statement, proof)


def _judged(label: str, statement: Statement, proof: Proof) -> Result:
    """Proved if every line was; refuted if a run of batches shows it; else undecided."""
    if proof.failed is None:
        method = ", ".join(("induction", *proof.methods))
        return Outcome(PROVED, method, derivation=tuple(proof.lines)).of(label, statement)
    if found := replay(statement).broken:
        return Outcome(REFUTED, "simulation", counterexample=found).of(label, statement)
    reason = proof.failed.reason or f"{proof.lines[-1].text} is not closed"
    return Outcome(UNDECIDED, reason=f"no batches refute it, but {reason}").of(label, statement)


@prove_claim.register
def _(claim: ConvertsTo, rule: Layer) -> Iterator[Result]:
    """The steps of `other` with its hyperparameters and the given values put in, against this layer's."""
    other, assumptions = claim.other, assumptions_of(rule)
    named = {h.name: claim.hyper[h.name] if h.name in claim.hyper else _own(rule, h.name) for h in other.hypers}

    def moved(steps: tuple[Step, ...]) -> list[Step]:
        return [Step(p.target, substitute(p.value, named)) for p in steps]

    theirs = [Step(p.target, claim.given.get(p.target.name, p.value)) for p in moved(other.steps)]
    pairs = [("output", rule.output, list(rule.steps), moved(other.steps))]
    pairs += [("output in inference", rule.output, list(rule.inference), moved(other.inference))]
    pairs += [(s.name, new(s), list(rule.steps), theirs) for s in rule.state]
    least = max(map(smallest_batch, (rule, other)))
    outside = [
        name for name, value in named.items() if not _stays(value, Assumptions.of(other).domains[name], assumptions)
    ]
    for what, target, own, their in pairs:
        read = {s.name for p in their if p.target == target for s in p.value.free_symbols}
        given = {name: v for name, v in claim.given.items() if their is theirs and name in read}
        training = what != "output in inference"
        assumed = Premises(rule)
        # what is given is in the symbols of this layer, so both are carried out together
        first = _composed(own, target)
        second = _composed(their, target).xreplace(inlined(rule))
        used = frozenset(h for h in rule.hypers if h in first.free_symbols | second.free_symbols)
        if M in (first - second).free_symbols and least > 1:
            assumed.holds(sympy.Ge(M, least))
        assume_values(assumed, rule, (p.value for p in (*own, *their) if p.target in _behind(own + their, target)))
        relation = SameLayer(other, what, target, training, dict(claim.hyper), given, used)
        label, statement = f"{claim.label}: {what}", assumed.statement(relation)
        from_one = {M: M + least - 1}
        verdict = equal(first.xreplace(from_one), second.xreplace(from_one), assumptions)
        if verdict.status == PROVED and not outside:
            yield Outcome(PROVED, f"substitution, {verdict.method}").of(label, statement)
        elif found := replay(statement).broken:
            yield Outcome(REFUTED, "evaluation on a batch", counterexample=found).of(label, statement)
        else:
            reason = f"it is not known that {outside[0]} is in its domain" if outside else verdict.reason
            yield Outcome(UNDECIDED, reason=f"{reason}, and no batch refutes it").of(label, statement)


def _stays(value: sympy.Expr, allowed: Domain, assumptions: Assumptions) -> bool:
    """Whether `value` lies in a domain for all hyperparameters."""
    whole = not allowed.integer or bool(assumptions.assume(value).is_integer)
    beyond = []
    if allowed.low is not None:
        beyond.append(constraint("<" if allowed.low_closed else "<=", value, sympy.Rational(allowed.low)))
    if allowed.high is not None:
        beyond.append(constraint(">" if allowed.high_closed else ">=", value, sympy.Rational(allowed.high)))
    return whole and all(impossible((one,), assumptions) for one in beyond)


def _behind(steps: list[Step], target: sympy.Symbol) -> set[sympy.Symbol]:
    """The targets on which `target` depends."""
    found = {target}
    for step in reversed(steps + steps):
        if step.target in found:
            found |= step.value.free_symbols
    return found


def _own(rule: Layer, name: str) -> sympy.Symbol:
    return next(h for h in rule.hypers if h.name == name)


def _composed(steps: list[Step], target: sympy.Symbol) -> sympy.Expr:
    """The value of `target` in terms of what is there before the steps."""
    return inlined(Steps(tuple(steps)))[target]


def apart(rule: Layer, first: sympy.Expr, second: sympy.Expr, elementwise: bool) -> dict[str, str] | None:
    """A batch for which two expressions, in what is there before the steps, differ."""
    return unlike(rule, first, second)
