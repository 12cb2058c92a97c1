"""The bound on a step as facts: what it is, what it goes to, what reaches it; or that there is none."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import mpmath
import sympy

from codegen import reference
from codegen.derive import transition
from codegen.facts.closed import default_values
from codegen.facts.limits import Limits, NoLimitError
from codegen.facts.norms import NoBoundError
from codegen.facts.steps import MOMENTS, StepBound, at_zero, step_bound
from codegen.neat import neat
from codegen.prove.base import ONE, ZERO, Speller, substitute
from codegen.result import PROVED, REFUTED, TESTED, UNDECIDED, Result
from codegen.spec import Optimizer
from codegen.tactics import Facts, points


def bounds(rule: Optimizer) -> Iterator[Result]:
    """The bound on the step, what it goes to, and whether it is reached; or that there is none."""
    label, spell = "step bound", Speller(rule)
    try:
        bound = step_bound(rule)
    except NoBoundError as error:
        statement = "abs(w[t] - w[t-1]) has a bound that holds for all gradients"
        if (found := _unbounded(rule)) is not None:
            yield Result("", label, REFUTED, statement, "limit of the first step", counterexample=found)
        else:
            yield Result("", label, UNDECIDED, statement, reason=str(error))
        return
    step = "w[t] - w[t-1]" if bound.kept == 1 else f"w[t] - {spell.product(bound.kept, 'w[t-1]')}"
    statement = f"abs({step}) <= {spell(bound.value)}"
    constant = tuple(f"{h.name} constant" for h in rule.hypers if h.name in {s.name for s in bound.value.free_symbols})
    methods = dict.fromkeys(line.because.split(",")[0] for line in bound.lines)
    method = ", ".join(("closed forms", *methods)) if methods else "size of a sign"
    assumptions = (*bound.assumptions, *constant, "t >= 1")
    yield Result("", label, PROVED, statement, method, assumptions, derivation=bound.lines)
    if bound.limit is not None:
        yield Result("", "step bound, late", PROVED, _late(bound, spell), "limits", bound.limit_assumptions)
    if bound.reached_first:
        zero = at_zero(rule)
        at = f"at {', '.join(f'{name} = 0' for name in zero)} " if zero else ""
        by = _worst_text(bound, spell) if bound.reached else "any g[1], at t = 1"
        statement = f"the bound is attained {at}by {by}"
        how = "equality in the inequality" if bound.exact else "runs at the defaults"
        moments = ", ".join(map(str, MOMENTS if bound.reached else MOMENTS[:1]))
        status = PROVED if bound.exact else TESTED
        reason = "" if bound.exact else f"run at the other defaults up to t = {moments}"
        yield Result("", "step bound attained", status, statement, how, reason=reason)


def _late(bound: StepBound, spell: Speller) -> str:
    text = str(bound.limit) if bound.limit in (sympy.oo, -sympy.oo) else spell(bound.limit)
    defaults = {name: reference.number(value) for name, value in default_values(bound.rule).items()}
    lr = bound.limit / sympy.Symbol("lr", nonnegative=True) if bound.limit.is_finite is not False else sympy.oo
    at = ""
    if lr.is_finite is not False and not any(s.name == "lr" for s in lr.free_symbols) and lr.free_symbols:
        at = f", {mpmath.nstr(reference.evaluate(lr, defaults), 6)} * lr at the defaults"
    return f"as t -> oo the bound goes to {text}{at}"


def _worst_text(bound: StepBound, spell: Speller) -> str:
    first, last = bound.worst if isinstance(bound.worst, tuple) else (bound.worst, bound.worst)
    age = sympy.Symbol("t", real=True) - sympy.Symbol("i", real=True)
    swap = {s: age for s in first.free_symbols if s.name == "k"}
    if first == last and not swap:
        return "constant gradients"
    scale = ONE
    if not swap and first == 0:
        return "g[i] = 0 for i < t, and any g[t]"
    if sympy.cancel(first.xreplace(dict.fromkeys(swap, ZERO)) - last) == 0:
        scale = last
        text = spell(neat(first.xreplace(swap) / scale))
        return f"g[i] = {text}"
    return f"g[i] = {spell(first.xreplace(swap))} for i < t and g[t] = {spell(last)}"


def _unbounded(rule: Optimizer) -> dict[str, str] | None:
    """Hyperparameters at which the first step grows beyond all bounds with the gradient."""
    facts = Facts.of(rule)
    names = [h.name for h in rule.hypers]
    own = transition(rule)
    w = next(s for s in own if s.name == "w")
    for point in itertools.islice(points(names, facts), 12):
        values = {name: sympy.Rational(v.numerator, v.denominator) for name, v in point.items()}
        first = substitute(own[w].xreplace(dict(rule.state)), {"t": ONE})
        try:
            moved = substitute(first, {**values, "w": ZERO})
            g = sympy.Symbol("g", positive=True)
            moved = moved.xreplace(dict.fromkeys(moved.free_symbols, g))
            limit = Limits(facts, Speller(rule), {}, variable="g")(moved)
        except (NoLimitError, TypeError, ZeroDivisionError):
            continue
        if limit in (sympy.oo, -sympy.oo):
            return {**{n: str(v) for n, v in point.items()}, "w[1] - w[0]": f"{limit} as g[1] -> oo"}
    return None
