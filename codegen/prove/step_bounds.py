"""The largest step that any sequence of gradients can make, the run that reaches it, and its limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import mpmath
import sympy

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.shorten import normalize_sign, shorten
from ..analysis.closed import default_values
from ..analysis.limits import Limits, NoLimitError
from ..analysis.linear import linear_in
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, denominators
from ..analysis.values import conditions
from ..analysis.weights import NoBoundError, at_zero, own_w
from ..result import Line
from ..spec.rules import Optimizer
from ..statement import Holds, Runs, Statement, T, Tends, at, spelling
from .largest import Largest
from .ratios import size
from .set_back import step_behind

MOMENTS = (1, 2, 3, 7, 20)  # the steps at which it is tried whether the bound is reached


@dataclass(frozen=True)
class StepAtMost(Holds):
    """`left <= right`, where `left` is the size of a step, in the order in which one writes it."""

    kept: sympy.Expr = ONE

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        before = "w[t-1]" if self.kept == 1 else f"{spell(at(self.kept, T), 2)} * w[t-1]"
        return f"abs(w[t] - {before}) <= {spell(self.right)}"


@dataclass
class StepBound:
    """`abs(w[t] - kept * w[t-1]) <= value`. `worst` gives the gradients that reach it: of earlier steps, the last."""

    rule: Optimizer
    kept: sympy.Expr
    value: sympy.Expr
    worst: sympy.Expr | None
    exact: bool
    statement: Statement
    lines: tuple[Line, ...]
    limit: sympy.Expr | None = None
    late: Statement | None = None
    reached: bool = False
    reached_first: bool = False


def step_bound(rule: Optimizer) -> StepBound:
    """The bound on the steps of `rule`. Raises NoBoundError if none was found."""
    search = Largest(rule)
    w = search.symbol("w")
    value = search.own["w"]
    parts = linear_in(value, w)
    if isinstance(value, sympy.Piecewise) and (parts is None or parts[0] != 1):
        kept, moved = ONE, step_behind(search)
    elif parts is None or search.array(kept := sympy.cancel(parts[0])):
        raise NoBoundError("the step is not linear in w")
    else:
        moved = sympy.factor_terms(value.xreplace({w: ZERO}))
    found = _factored(search.largest(moved))
    if found.has(sympy.nan, sympy.zoo, sympy.oo):
        raise NoBoundError("what was found has no value")
    worst = search.worst[0] if len(search.worst) == 1 else None
    _use_defined(search, found)
    step, limit = at(search.written(own_w(rule) - kept * w), T), at(search.written(found), T)
    statement = search.assumed.statement(StepAtMost(sympy.Abs(step), "<=", limit, kept=search.written(kept)))
    bound = StepBound(rule, kept, found, worst, search.exact, statement, tuple(search.lines))
    _add_limit(bound, search)
    bound.reached = _is_reached(bound, MOMENTS)
    bound.reached_first = bound.reached or _is_reached(bound, MOMENTS[:1])
    return bound


def _use_defined(search: Largest, found: sympy.Expr) -> None:
    """Use that the steps have values, and that the bound does not divide by zero."""
    known = Assumptions.of(search.rule)
    for condition in conditions(search.rule, search.assumptions):
        if condition == sympy.false:
            raise NoBoundError("no step has a value")
        search.assumed.holds(condition)
    for base in denominators([normalize_sign(found)]):
        for factor in sympy.Mul.make_args(sympy.factor_terms(base)):
            if not (known.nonzero(factor) or known.nonzero(-factor) or search.is_assumed(factor)):
                search.assumed.holds(sympy.Ne(search.written(factor), 0))


def _factored(expr: sympy.Expr) -> sympy.Expr:
    expr = expr.replace(sympy.Abs, size)
    return expr if expr.has(sympy.Piecewise, sympy.Max, sympy.Min) else sympy.factor_terms(expr)


def _add_limit(bound: StepBound, search: Largest) -> None:
    assumed = Premises(bound.rule)
    limits = Limits(Assumptions.of(bound.rule), assumed, default_values(bound.rule))
    for state in bound.rule.scalar_state:
        old, new = search.symbol(state.name), search.symbol(f"{state.name}_new")
        parts = linear_in(search.own[state.name], old)
        try:
            if parts is not None and parts[1] == 0 and limits.below_one(limits(parts[0])):
                limits.known[new] = limits.known[old] = ZERO
                assumed.constant(parts[0])
        except NoLimitError:
            continue
    try:
        value = limits(bound.value)
    except NoLimitError:
        return
    assumed.constant(bound.value)
    for condition in bound.statement.conditions:  # where the bound has a value
        if {s.name for s in condition.free_symbols} <= search.names:
            assumed.holds(condition)
    bound.limit = value if value in (sympy.oo, -sympy.oo) else _factored(shorten(value))
    bound.late = assumed.statement(Tends(((at(search.written(bound.value), T), search.written(bound.limit)),)))


def worst_gradients(bound: StepBound, t: int, hyper: Mapping[str, mpmath.mpf]) -> list:
    """The gradients 1..t that reach the bound at step t."""
    if not isinstance(bound.worst, tuple):
        first = last = bound.worst
    else:
        first, last = bound.worst
    values = {**hyper, "t": t, "g": reference.number(1)}
    return [
        reference.evaluate(last if i == t else first, {**values, "k": reference.number(t - i), "i": i})
        for i in range(1, t + 1)
    ]


def _is_reached(bound: StepBound, moments: tuple[int, ...]) -> bool:
    """Whether the run over the worst gradients has the step that the bound allows, at a few t, at the defaults."""
    if bound.worst is None:
        return False
    hyper = reached_at(bound.rule)
    try:
        for t in moments:
            step, allowed = worst_step(bound, t, hyper)
            if abs(abs(step) - allowed) > mpmath.mpf(10) ** -25 * abs(allowed):
                return False
    except (ZeroDivisionError, ValueError, OverflowError, KeyError, TypeError):
        return False
    return True


def reached_at(rule: Optimizer) -> dict[str, mpmath.mpf]:
    """The defaults, with zero for what keeps divisions from zero."""
    zero = at_zero(rule)
    return {name: reference.number(0 if name in zero else value) for name, value in default_values(rule).items()}


def worst_step(bound: StepBound, t: int, hyper: Mapping[str, mpmath.mpf]) -> tuple[mpmath.mpf, mpmath.mpf]:
    """The step t of the run over the worst gradients, and the bound on it."""
    gradients = worst_gradients(bound, t, hyper)
    trace = reference.run(bound.rule, gradients, lambda _: hyper)
    return last_step(bound, trace, hyper)


def last_step(
    bound: StepBound, trace: Sequence[Mapping], hyper: Mapping[str, mpmath.mpf]
) -> tuple[mpmath.mpf, mpmath.mpf]:
    t = len(trace)
    values = {**trace[-1], **hyper, "t": t}
    before = trace[-2]["w"] if t > 1 else reference.number(0)
    step = trace[-1]["w"] - reference.evaluate(bound.kept, values) * before
    return step, reference.evaluate(bound.value, values)
