"""Statements about layers: moments, gradients, running averages, conventions.

A proof treats averages as opaque and linear, so it holds for every batch of every size. What refutes is
a concrete batch, evaluated with 50 digits; a gradient is held against differences of the forward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from codegen import reference
from codegen.claims.layers import ConvertsTo, Gradient, Holds, LayerClaim, RunningAverage
from codegen.derive import inlined
from codegen.domain import Domain
from codegen.layers.calculus import (
    M,
    Steps,
    adjoints,
    backward,
    equal,
    gradient_symbol,
    on_batch,
    opaque,
    per_element,
    reverse,
    run,
    smallest_batch,
    varies,
)
from codegen.prove.base import (
    Proof,
    Speller,
    T,
    domains_of,
    nonzero_denominators,
    prove_claim,
    substitute,
    symbol_in,
)
from codegen.result import PROVED, REFUTED, UNDECIDED, Line, Result
from codegen.spec import Layer, Step, new
from codegen.tactics import NON_NEGATIVE, Facts, differ, points, shown

#: Batches tried in search of a counterexample, each with the gradient of the loss by its output.
_BATCHES = (((0, 1), (1, 0)), ((1, 3), (1, 2)), ((0, 1, 5), (1, 0, -1)), ((-1, 2, 4), (2, -1, 3)))
_STEP = sympy.Rational(1, 10**20)


@dataclass(frozen=True)
class Derivation(LayerClaim):
    """The backward pass that is generated is the derivative of the forward pass."""

    @property
    def label(self) -> str:
        return "backward"


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
    """Whether `left = right` once the gradients in `raw` and the steps are put in."""
    facts, spell, values = facts_of(rule), Speller(rule), {}
    for side in (left, right):
        values |= {s: raw[s] for s in side.free_symbols if s in raw}
    inner = inlined(rule)
    first, second = (side.xreplace(values).xreplace(inner).xreplace(dict(at)) for side in (left, right))
    verdict = equal(first, second, facts)
    given = "".join(f", if {h} = {v}" for h, v in at.items())
    statement = f"{spell(left)} = {spell(right)}{given}"
    used = domains_of(rule, first, second)
    reached = _reached(rule, left.free_symbols | right.free_symbols, bool(values))
    divisors = (left, right, *(step.value for step in rule.steps if step.target in reached))
    assumptions = (*nonzero_denominators([v.xreplace(dict(at)) for v in divisors], facts), *used)
    if verdict.status == PROVED:
        method = ", ".join(dict.fromkeys((because, verdict.method)))
        backwards = adjoints(rule) if values else {}
        lines = (Line(f"{spell(s)} = {spell(v)}", "reverse mode") for s, v in backwards.items())
        closing = Line(statement, f"averages multiplied out ({verdict.method})")
        return Result("", label, PROVED, statement, method, assumptions, derivation=(*lines, closing))
    if found := _search(rule, left, right, at):
        return Result("", label, REFUTED, statement, "evaluation on a batch", assumptions, counterexample=found)
    return Result(
        "", label, UNDECIDED, statement, reason=f"{verdict.reason or 'it is not closed'}; no batch refutes it"
    )


def facts_of(rule: Layer) -> Facts:
    """The domains of the hyperparameters, and that `m` counts elements."""
    return Facts.of(rule).also(m=Domain(Fraction(1), low_closed=True, whole=True))


def _reached(rule: Layer, symbols: set[sympy.Symbol], with_gradient: bool) -> set[sympy.Symbol]:
    """The symbols and what they are computed from; a gradient is computed from what the output is."""
    reached = {*symbols, *([rule.output] if with_gradient else [])}
    for step in reversed(rule.steps):
        if step.target in reached:
            reached |= step.value.free_symbols
    return reached


def settings(rule: Layer, at: Mapping) -> Iterator[dict[str, Any]]:
    """Batches with simple numbers for everything that a layer reads."""
    names = [h.name for h in rule.hypers if h not in at]
    fixed = {h.name: reference.number(v) for h, v in at.items()}
    for x, dy in _BATCHES:
        for number, hyper in enumerate(points(names, Facts.of(rule))):
            if number == 6:
                break
            others = {s.name: reference.number(k + 2) for k, s in enumerate((*rule.parameters, *rule.state))}
            batch = {rule.input.name: x, f"d{rule.output}": dy}
            numbers = {name: reference.number(value) for name, value in hyper.items()}
            lists = {name: list(map(reference.number, values)) for name, values in batch.items()}
            yield {**numbers, **fixed, **others, **lists}


def _search(rule: Layer, left: sympy.Expr, right: sympy.Expr, at: Mapping) -> dict[str, str] | None:
    """A batch for which the two sides differ."""
    elementwise = varies(left) or varies(right)
    needed = [s for s in (rule.input, *rule.parameters) if gradient_symbol(s) in left.free_symbols | right.free_symbols]
    for values in settings(rule, at):
        try:
            with reference.more_digits():
                known = run(rule.steps, values)
                known |= {f"d{s}": difference(rule, values, s) for s in needed}
                first, second = (on_batch(side, known, elementwise) for side in (left, right))
        except (ZeroDivisionError, ValueError):
            continue
        pairs = list(zip(first, second, strict=True)) if elementwise else [(first, second)]
        if any(differ(a, b) for a, b in pairs):
            sides = {"left": [a for a, _ in pairs], "right": [b for _, b in pairs]}
            return {n: _text(v) for n, v in {**values, **sides}.items() if n not in map(str, rule.state)}
    return None


def _text(value: Any) -> str:
    return ", ".join(map(shown, value)) if isinstance(value, list) else shown(value)


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
    return [at(lambda by, k=k: [v + by * (j == k) for j, v in enumerate(old)]) for k in range(len(old))]


@prove_claim.register
def _(claim: RunningAverage, rule: Layer) -> Iterator[Result]:
    """By induction over the batches; the sum over the past is one opaque symbol."""
    facts, spell = Facts.of(rule).also(age=NON_NEGATIVE), Speller(rule)
    s, d, x = claim.state.name, claim.decay, claim.of
    of, power, times = spell(x), f"({spell(d)})" if d.is_Add else spell(d), spell.product(d, "")
    total = spell.product(1 - d, f"sum({power}**(t-i) * {of}[i], i=1..t)")
    statement = f"{s}[t] = {power}**t * {s}[0] + {total}"
    constant = tuple(f"{name} constant" for name in sorted(n.name for n in d.free_symbols))
    after, x = opaque(inlined(rule, keep=frozenset(claim.of.free_symbols))[new(claim.state)], claim.of)
    old, past, start = symbol_in(after, s), sympy.Symbol("S", real=True), sympy.Symbol(f"{s}_0", real=True)
    age = sympy.Symbol("age", real=True)
    proof = Proof(facts)
    proof.given(f"let S[t] = sum({power}**(t-i) * {of}[i], i=1..t)", "definition")
    proof.equal(d ** (age + 1), d * d**age, f"S[t+1] = {times}S[t] + {of}[t+1]", "each past term gains a factor")
    proof.equal(d**0 * start + (1 - d) * 0, start, f"t = 0: {s}[0] = {s}[0]", "base case: the sum is empty")
    proof.equal(
        after.xreplace({old: d**T * start + (1 - d) * past}),
        d ** (T + 1) * start + (1 - d) * (d * past + x),
        f"t -> t+1: {spell(after)} with {s} = {s}[t] is {s}[t+1]",
        "induction step",
    )

    def trace() -> dict[str, str] | None:
        for values in settings(rule, {}):
            try:
                with reference.more_digits():
                    known = run(rule.steps, values)
                    decay = reference.evaluate(d, values)
                    claimed = decay * values[s] + (1 - decay) * on_batch(claim.of, known, False)
            except (ZeroDivisionError, ValueError):
                continue
            if differ(known[f"{s}_new"], claimed):
                first = {f"{s}[0]": values[s], f"{s}[1]": known[f"{s}_new"], "claimed": claimed}
                hyper = {h.name: values[h.name] for h in rule.hypers}
                batch = {rule.input.name: values[rule.input.name]}
                return {name: _text(value) for name, value in {**batch, **hyper, **first}.items()}
        return None

    yield proof.result(claim.label, statement, "induction", (*constant, *domains_of(rule, d)), trace)
    if proof.failed is None:
        weights = Proof(facts)
        weights.given(f"W[t] = sum({power}**(t-i) * ({spell(1 - d)}), i=1..t)", "definition")
        weights.equal((1 - d) * 0, 1 - d**0, "t = 0: W[0] = 0 = 1 - 1", "base case")
        weights.equal(d * (1 - d**T) + 1 - d, 1 - d ** (T + 1), "t -> t+1: W[t+1] = 1 - decay**(t+1)", "induction step")
        total = f"the weights of {s}[t] sum to 1 - {power}**t"
        yield weights.result(f"weights {s}", total, "induction", (*constant, *domains_of(rule, d)), lambda: None)


@prove_claim.register
def _(claim: ConvertsTo, rule: Layer) -> Iterator[Result]:
    """The steps of `other` with its hyperparameters and the given values put in, against this layer's."""
    other, facts, spell = claim.other, facts_of(rule), Speller(rule)
    named = {h.name: claim.hyper[h.name] if h.name in claim.hyper else _own(rule, h.name) for h in other.hypers}

    def moved(steps: tuple[Step, ...]) -> list[Step]:
        return [Step(p.target, substitute(p.value, named)) for p in steps]

    theirs = [Step(p.target, claim.given.get(p.target.name, p.value)) for p in moved(other.steps)]
    pairs = [("output", rule.output, list(rule.steps), moved(other.steps))]
    pairs += [("output in inference", rule.output, list(rule.inference), moved(other.inference))]
    pairs += [(s.name, new(s), list(rule.steps), theirs) for s in rule.state]
    least = max(map(smallest_batch, (rule, other)))
    larger = (f"m >= {least}",) if least > 1 else ()
    maps = ", ".join(f"its {name} = {spell(value)}" for name, value in claim.hyper.items())
    for what, target, own, their in pairs:
        read = {s.name for p in their if p.target == target for s in p.value.free_symbols}
        given = {name: v for name, v in claim.given.items() if their is theirs and name in read and str(v) != name}
        extra = "".join(f", its {name} = {spell(value)}" for name, value in given.items())
        statement = f"the {what} is that of {other.name} with {maps}{extra}"
        # what is given is in the symbols of this layer, so both are carried out together
        first = _composed(own, target)
        second = _composed(their, target).xreplace(inlined(rule))
        label, assumptions = f"{claim.label}: {what}", domains_of(rule, first, second)
        if M in (first - second).free_symbols:
            assumptions += larger
        verdict = equal(*(side.xreplace({M: M + least - 1}) for side in (first, second)), facts)
        if verdict.status == PROVED:
            yield Result("", label, PROVED, statement, f"substitution, {verdict.method}", assumptions)
            continue
        found = apart(rule, first, second, per_element(target))
        status = REFUTED if found else UNDECIDED
        yield Result("", label, status, statement, "evaluation on a batch", assumptions, found, verdict.reason)


def _own(rule: Layer, name: str) -> sympy.Symbol:
    return next(h for h in rule.hypers if h.name == name)


def _composed(steps: list[Step], target: sympy.Symbol) -> sympy.Expr:
    """The value of `target` in terms of what is there before the steps."""
    return inlined(Steps(tuple(steps)))[target]


def apart(rule: Layer, first: sympy.Expr, second: sympy.Expr, elementwise: bool) -> dict[str, str] | None:
    """A batch for which two expressions, in what is there before the steps, differ."""
    for values in settings(rule, {}):
        try:
            with reference.more_digits():
                sides = [on_batch(side, values, elementwise) for side in (first, second)]
        except (ZeroDivisionError, ValueError):
            continue
        if any(differ(a, b) for a, b in zip(*([s] if not isinstance(s, list) else s for s in sides), strict=True)):
            return {name: _text(value) for name, value in {**values, "left": sides[0], "right": sides[1]}.items()}
    return None
