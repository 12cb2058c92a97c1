"""Statements about stages of a pipeline: when they do nothing, in which order they may stand, what they average."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import sympy

from ..algebra.assumptions import Assumptions
from ..analysis.derive import by_name, inlined
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, prove_claim, substitute, symbol_in
from ..claims.stages import Commutes, Moments, Neutral, Repeats, StageClaim
from ..replay import replay
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.rules import Stage
from ..spec.symbols import GRADIENT, NOISE, PARAMETER, Array, New, new
from ..statement import Statement
from ..statement.stages import InEitherOrder, NoiseMoments, RunTwice, Untouched
from .sums import compare_sums

_OTHER = "other_"
_MOMENTS = {0: 1, 2: 1, 4: 3, 6: 15, 8: 105}  # of the standard normal distribution; odd ones are 0

Pairs = dict[str, tuple[sympy.Expr, sympy.Expr]]


@dataclass(frozen=True)
class After:
    """What stages leave: g, w and their states by name, and the condition on which one has ended the step."""

    values: Mapping[str, sympy.Expr]
    ended: sympy.Basic = sympy.false

    def then(self, stage: Stage, renamed: Mapping[str, sympy.Symbol] | None = None) -> After:
        """After `stage`, too, whose own names are `renamed`; nothing follows on a step that has ended."""
        renamed, found = renamed or {}, by_name(inlined(stage))

        def now(expr: sympy.Basic) -> sympy.Basic:
            return substitute(substitute(expr, renamed), self.values)

        values = dict(self.values)
        for name in (*stage.writes, *(s.name for s in stage.state)):
            own = str(renamed.get(name, name))
            if f"{name}_new" in found:
                value = now(found[f"{name}_new"])
                values[own] = value if self.ended == sympy.false else _chosen(self.values[own], self.ended, value)
        halts = sympy.false if stage.halts is None else now(substitute(stage.halts, found))
        return After(values, sympy.Or(self.ended, halts))


def _chosen(then: sympy.Expr, condition: sympy.Basic, otherwise: sympy.Expr) -> sympy.Expr:
    return sympy.Piecewise((then, condition), (otherwise, True))


def _before(*stages: tuple[Stage, Mapping[str, sympy.Symbol]]) -> After:
    """What is there before the stages: g, w, and each state as it is."""
    values: dict[str, sympy.Expr] = {name: Array(name) for name in (GRADIENT, PARAMETER)}
    for stage, renamed in stages:
        values |= {str(s): s for s in (renamed.get(state.name, state) for state in stage.state)}
    return After(values)


def _same(first: After, second: After, names: Iterable[str]) -> Pairs:
    """What has to be equal for two outcomes to be the same in `names`; the gradient only if the step goes on."""
    pairs = {name: (first.values[name], second.values[name]) for name in names}
    if (first.ended, second.ended) != (sympy.false, sympy.false):
        pairs["the end of the step"] = (_chosen(ONE, first.ended, ZERO), _chosen(ONE, second.ended, ZERO))
        g = pairs[GRADIENT]
        pairs[GRADIENT] = (_chosen(ZERO, first.ended, g[0]), _chosen(ZERO, first.ended, g[1]))
    return pairs


def _closed(pairs: Pairs, assumptions: Assumptions) -> Outcome:
    """Proved if all pairs are equal, whatever the states are. What refutes may be a state that no run reaches."""
    methods: list[str] = []
    for name, (left, right) in pairs.items():
        verdict = compare_sums(left, right, assumptions)
        if verdict.status != PROVED:
            return replace(verdict, counterexample=verdict.counterexample and {"of": name, **verdict.counterexample})
        methods += [verdict.method] if verdict.method not in methods else []
    return Outcome(PROVED, ", ".join(methods))


def _result(claim: StageClaim, statement: Statement, verdict: Outcome, method: str = "") -> Result:
    """Proved if the tactics close it; refuted by a run in exact numbers that reaches it from the declared start."""
    if verdict.status == PROVED:
        method = ", ".join(filter(None, (method, verdict.method)))
        return Outcome(PROVED, method).of(claim.label, statement)
    if found := replay(statement).broken:
        return Outcome(REFUTED, "a run in exact numbers", counterexample=found).of(claim.label, statement)
    at = (
        f"; the tactics fail at {dict(verdict.counterexample)}, which is reached by no run that was tried"
        if verdict.counterexample
        else ""
    )
    reason = f"{verdict.reason}{at}".removeprefix("; ")
    return Outcome(UNDECIDED, reason=reason).of(claim.label, statement)


@prove_claim.register
def _(claim: Neutral, rule: Stage) -> Iterator[Result]:
    before = _before((rule, {}))
    after = before.then(rule)
    at = {symbol.name: value for symbol, value in claim.at.items()}
    own = {h: at[h.name] for h in rule.hypers if h.name in at}
    fixed = {h.name for h in own}
    here = [sympy.Eq(symbol, value) for symbol, value in claim.at.items() if symbol.name not in fixed]
    here += [claim.when] if claim.when is not None else []
    assumed = Premises(rule, at=own)
    assumed.defined(*map(new, _written(rule)))
    relation = Untouched(_read(rule), rule.writes, sympy.And(*here) if here else None)
    pairs = _same(after, before, rule.writes)
    if claim.when is not None:
        pairs = _where(pairs, substitute(claim.when, by_name(inlined(rule))))
    known = {n: (substitute(left, at), substitute(right, at)) for n, (left, right) in pairs.items()}
    yield _result(claim, assumed.statement(relation), _closed(known, assumed.assumptions))


def _written(rule: Stage) -> list[sympy.Symbol]:
    """What of g and w the stage gives a new value to."""
    return [
        step.target.of for step in rule.steps if isinstance(step.target, New) and step.target.of.name in rule.writes
    ]


def _read(rule: Stage, *values: sympy.Expr) -> frozenset[sympy.Symbol]:
    """The hyperparameters on which the outcome depends."""
    used = {s.name for v in (*values, *(step.value for step in rule.steps)) for s in v.free_symbols}
    return frozenset(h for h in rule.hypers if h.name in used)


def _where(pairs: Pairs, condition: sympy.Basic) -> Pairs:
    return {n: (_chosen(left - right, condition, ZERO), ZERO) for n, (left, right) in pairs.items()}


@prove_claim.register
def _(claim: Repeats, rule: Stage) -> Iterator[Result]:
    assumed, before = Premises(rule), _before((rule, {}))
    once = before.then(rule)
    twice = once.then(rule, {NOISE: Array(f"{NOISE}_of_the_second")})
    assumed.defined(*map(new, _written(rule)))
    pairs = _same(twice, before if claim.involution else once, rule.writes)
    statement = assumed.statement(RunTwice(_read(rule), claim.involution))
    yield _result(claim, statement, _closed(pairs, assumed.assumptions))


@prove_claim.register
def _(claim: Commutes, rule: Stage) -> Iterator[Result]:
    other = claim.other
    renamed = _apart(rule, other)
    assumed = Premises(rule)
    assumed.defined(*map(new, _written(rule)))
    for hyper in other.hypers:
        assumed.domain(str(renamed.get(hyper.name, hyper)), Assumptions.of(other).domains[hyper.name])
    before = _before((rule, {}), (other, renamed))
    first, second = before.then(rule).then(other, renamed), before.then(other, renamed).then(rule)
    difference = {s.name: v for s, v in claim.difference.items()}
    pairs = _same(first, second, rule.writes)
    for name, value in difference.items():
        pairs[name] = (pairs[name][0] - pairs[name][1], value)
    relation = InEitherOrder(_read(rule), other, difference, {n: str(s) for n, s in renamed.items()})
    verdict = _closed(pairs, assumed.assumptions)
    lasting = {name: (first.values[name], second.values[name]) for name in sorted(_felt(first, second))}
    if verdict.status == PROVED and _closed(lasting, assumed.assumptions).status != PROVED:
        verdict = Outcome(UNDECIDED, reason=f"the two orders leave other values of {' '.join(lasting)}")
    if verdict.status != PROVED and rule.after != other.after:
        verdict = replace(verdict, reason="one of them runs before the rule and the other after it, in every list")
    yield _result(claim, assumed.statement(relation), verdict)


def _apart(rule: Stage, other: Stage) -> dict[str, sympy.Symbol]:
    """New symbols for the names of `other` that mean something else in `rule`."""
    own = {*rule.given, *(h.name for h in rule.hypers), *(s.name for s in rule.state)}
    clash = [s for s in (*other.hypers, *other.state) if s.name in own]
    renamed = {s.name: type(s)(f"{_OTHER}{s.name}", **dict(s.role)) for s in clash}
    return renamed | {NOISE: Array(f"{_OTHER}{NOISE}")}


def _felt(first: After, second: After) -> set[str]:
    """The states on which the gradient, the weights or the end of a step depend, in this step or in a later one."""
    states = first.values.keys() - {GRADIENT, PARAMETER}
    read = {s.name for o in (first, second) for e in (o.ended, o.values[GRADIENT], o.values[PARAMETER])
            for s in e.free_symbols}  # fmt: skip
    while (
        more := {s.name for o in (first, second) for name in read & states for s in o.values[name].free_symbols} - read
    ):
        read |= more
    return read & states


@prove_claim.register
def _(claim: Moments, rule: Stage) -> Iterator[Result]:
    """Given all that came before, a polynomial in the noise has the moments that its coefficients give it."""
    found, assumed = by_name(inlined(rule)), Premises(rule)
    assumed.noted("the noise is standard normal and independent of g")
    assumed.defined(claim.value)
    mean, variance = (substitute(e, found) for e in (claim.mean, claim.variance))
    value = found.get(claim.value.name, claim.value)
    statement = assumed.statement(NoiseMoments(_read(rule), claim.value, claim.mean, claim.variance))
    noise = symbol_in(value, NOISE)
    first, second = _expected(value, noise), _expected(value**2, noise)
    if first is None or second is None:
        reason = f"{claim.value} is no polynomial of low degree in the noise"
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, statement)
        return
    pairs = {"the mean": (first, mean), "the variance": (sympy.expand(second - first**2), variance)}
    result = _result(claim, statement, _closed(pairs, assumed.assumptions), "linearity of the mean")
    once = _before((rule, {})).then(rule)
    fed = {s.name for s in rule.state if NOISE in {n.name for n in once.values[s.name].free_symbols}}
    if result.status == REFUTED and fed & {s.name for side in (first, second) for s in side.free_symbols}:
        reason = f"{' '.join(sorted(fed))} may have the noise of earlier steps in them"
        result = Outcome(UNDECIDED, reason=reason).of(claim.label, statement)
    if result.status == PROVED:
        spell = Formatter(rule)
        lines = (
            Line("E[noise**k] = 0, 1, 0, 3 for k = 1, 2, 3, 4", "standard normal"),
            Line(f"E[{claim.value}] = {spell(claim.mean)}", "linearity of the mean"),
            Line(
                f"Var[{claim.value}] = {spell(claim.variance)}", "the mean of the square, less the square of the mean"
            ),
        )
        result = replace(result, derivation=lines)
    yield result


def _expected(value: sympy.Expr, noise: sympy.Symbol) -> sympy.Expr | None:
    """The mean over the noise of a polynomial in it."""
    value = sympy.expand(value)
    if not value.is_polynomial(noise) or (degree := sympy.degree(value, noise)) > max(_MOMENTS):
        return None
    return sympy.Add(*(_MOMENTS.get(k, 0) * value.coeff(noise, k) for k in range(int(max(degree, 0)) + 1)))
