"""The bound on a step: what it is, what it goes to, what reaches it; or that there is none."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import mpmath
import sympy

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.points import samples
from ..algebra.shorten import shorten
from ..analysis.closed import default_values
from ..analysis.derive import transition
from ..analysis.limits import Limits, NoLimitError
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, prove_claim, substitute
from ..analysis.weights import NoBoundError, at_zero
from ..claims import rules as claims
from ..result import PROVED, REFUTED, TESTED, UNDECIDED, Outcome, Result
from ..spec.rules import Optimizer
from ..statement import Runs, Said, Statement, Steps, Tends
from .step_bounds import MOMENTS, StepBound, step_bound


@prove_claim.register
def _(claim: claims.StepBound, rule: Optimizer) -> Iterator[Result]:
    yield from bounds(rule)


def bounds(rule: Optimizer) -> Iterator[Result]:
    """The bound on the step, what it goes to, and whether it is reached; or that there is none."""
    label, spell = "step bound", Formatter(rule)
    try:
        bound = step_bound(rule)
    except NoBoundError as error:
        statement = Statement(Runs(rule), Said("abs(w[t] - w[t-1]) has a bound that holds for all gradients"))
        if (found := _unbounded(rule)) is not None:
            yield Outcome(REFUTED, "limit of the first step", counterexample=found).of(label, statement)
        else:
            yield Outcome(UNDECIDED, reason=str(error)).of(label, statement)
        return
    methods = dict.fromkeys(line.because.split(",")[0] for line in bound.lines)
    method = ", ".join(("closed forms", *methods)) if methods else "size of a sign"
    yield Outcome(PROVED, method, derivation=bound.lines).of(label, bound.statement)
    if bound.late is not None:
        yield Outcome(PROVED, "limits").of("step bound, late", _late(bound, bound.late, spell))
    if bound.reached_first:
        yield _attained(bound, spell)


def _attained(bound: StepBound, spell: Formatter) -> Result:
    """The bound is reached. What is exact was reached by equality in an inequality; else it is seen in a few runs."""
    rule = bound.rule
    zero = at_zero(rule)
    at = f"at {', '.join(f'{name} = 0' for name in zero)} " if zero else ""
    by = _worst_text(bound, spell) if bound.reached else "any g[1] != 0, at t = 1"
    words = Said(f"the bound is attained {at}by {by}")
    statement = replace(bound.statement, relation=words, runs=replace(bound.statement.runs, steps=Steps.ALL))
    if bound.exact:
        return Outcome(PROVED, "equality in the inequality").of("step bound attained", statement)
    moments = ", ".join(map(str, MOMENTS if bound.reached else MOMENTS[:1]))
    reason = f"run at the other defaults up to t = {moments}"
    return Outcome(TESTED, "runs at the defaults", reason=reason).of("step bound attained", statement)


def _late(bound: StepBound, late: Statement, spell: Formatter) -> Statement:
    assert isinstance(late.relation, Tends)
    assert bound.limit is not None
    text = str(bound.limit) if bound.limit in (sympy.oo, -sympy.oo) else spell(bound.limit)
    defaults = {name: reference.number(value) for name, value in default_values(bound.rule).items()}
    lr = bound.limit / sympy.Symbol("lr", nonnegative=True) if bound.limit.is_finite is not False else sympy.oo
    at = ""
    if lr.is_finite is not False and not any(s.name == "lr" for s in lr.free_symbols) and lr.free_symbols:
        at = f", {mpmath.nstr(reference.evaluate(lr, defaults), 6)} * lr at the defaults"
    return replace(late, relation=Told(late.relation.limits, f"as t -> oo the bound goes to {text}{at}"))


@dataclass(frozen=True)
class Told(Tends):
    """The limit of the bound, in words that do not spell out the bound again."""

    words: str

    def text(self, runs: Runs) -> str:
        return self.words


def _worst_text(bound: StepBound, spell: Formatter) -> str:
    first, last = bound.worst if isinstance(bound.worst, tuple) else (bound.worst, bound.worst)
    age = sympy.Symbol("t", real=True) - sympy.Symbol("i", real=True)
    swap = {s: age for s in first.free_symbols if s.name == "k"}
    if first == last and not swap:
        return "constant gradients other than 0"
    scale = ONE
    if not swap and first == 0:
        return "g[i] = 0 for i < t, and any g[t] != 0"
    if sympy.cancel(first.xreplace(dict.fromkeys(swap, ZERO)) - last) == 0:
        scale = last
        text = spell(shorten(first.xreplace(swap) / scale))
        return f"g[i] = {text}"
    return f"g[i] = {spell(first.xreplace(swap))} for i < t and g[t] = {spell(last)}"


def _unbounded(rule: Optimizer) -> dict[str, str] | None:
    """Hyperparameters at which the first step grows beyond all bounds with the gradient, or with its negative."""
    assumptions = Assumptions.of(rule)
    names = [h.name for h in rule.hypers]
    own = transition(rule)
    w = next(s for s in own if s.name == "w")
    first = substitute(own[w].xreplace(dict(rule.state)), {"t": ONE})
    g = sympy.Symbol("g", positive=True)
    for point, sign in itertools.product(itertools.islice(samples(names, assumptions), 12), (1, -1)):
        if any(value not in assumptions.domains[name] for name, value in point.items()):
            continue
        values = {name: sympy.Rational(v) for name, v in point.items()}
        try:
            moved = substitute(first, {**values, "w": ZERO, "g": sign * g})
            limit = Limits(Assumptions(), Premises(rule), {}, variable="g")(moved)
        except (NoLimitError, TypeError, ValueError, ZeroDivisionError):
            continue
        if limit in (sympy.oo, -sympy.oo):
            to = "oo" if sign == 1 else "-oo"
            return {**{n: str(v) for n, v in point.items()}, "w[1] - w[0]": f"{limit} as g[1] -> {to}"}
    return None
