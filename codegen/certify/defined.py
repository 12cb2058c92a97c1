"""That every step has a value: nothing is divided by zero, and no root or logarithm is taken where there is none.

Division and roots are total in Coq, so that this is not asked by writing a step down: the theorem says it of each
demand of the steps. On the way the states are shown to lie where every step keeps them, by induction, and what a step
computes to lie where interval arithmetic has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy

from ..analysis.defined import ranges
from ..analysis.demands import Demand, asked
from ..spec.domain import Domain
from ..spec.symbols import new
from ..statement.moves import HasValues
from . import theorem_of
from .cases import Case
from .printing import Binding, Step
from .runs import literal
from .series import unrolled
from .theorem import InexpressibleError, Theorem

_SIGNS = {"!=": "<>"}


@theorem_of.register
def _(relation: HasValues, case: Case) -> Theorem:
    wanted = asked(case.course.rule)
    if not wanted:
        raise InexpressibleError("steps that divide by nothing and take no root")
    spoken = [part for demand in wanted for part in (demand.value, *demand.guards)]
    goal = " /\\\n    ".join(f"({_said(case, demand)})" for demand in wanted)
    end = f"repeat split; intros; first [sign | {unrolled(case, *spoken)}; sign]"
    return case.theorem(f"forall t,\n    {goal}", led(case, spoken, end), *spoken)


def _said(case: Case, demand: Demand) -> str:
    """What is demanded, where the guards hold."""
    course = case.course
    guards = [course.print.comparison(course.known(guard), case.now) for guard in demand.guards]
    value = course.said(demand.value, case.now, Binding.SUM)
    return " -> ".join([*guards, f"{value} {_SIGNS.get(demand.sign, demand.sign)} 0"])


def led(case: Case, spoken: Sequence[sympy.Basic], end: str) -> str:
    """A script for what is said of the step `S t`, for all t: `end` is told where all that it depends on lies."""
    kept, starts, moves = invariant(case, spoken, "k")
    chain = ["in_step t", *_computed(case, spoken, "t")]
    if not kept:
        return ".\n  ".join(["intros", *chain, end])
    names = _pattern([f"kept_{k}" for k in range(1, len(kept) + 1)])
    held = " /\\ ".join(one.format(step="k") for one in kept)
    put = ", ".join(f"?{name}" for name in starts)
    step = ".\n      ".join(["in_step k", *moves, "repeat split; first [assumption | sign]"])
    return f"""intros.
  assert (kept : forall k, {held}).
  {{ intro k; induction k as [|k now].
    - in_step O; repeat split; rewrite {put}; sign.
    - pose proof now as {names}.
      {step}. }}
  """ + ".\n  ".join([f"pose proof (kept t) as {names}; clear kept", *chain, end])


def invariant(case: Case, spoken: Sequence[sympy.Basic], step: str) -> tuple[list[str], list[str], list[str]]:
    """Where the states behind what is spoken of stay: propositions about a `{step}`, and how Coq is led to them.

    That is where they start, by the names of what is supposed, and sentences on what the step after `step` computes.
    """
    states = _states(case, spoken)
    moved = [new(s) for s in case.course.rule.state if s.name in states]
    starts = [f"{case.course.sequence(s)}_start" for s in states]
    return list(_kept(case, spoken)), starts, list(_computed(case, moved, step))


def _states(case: Case, spoken: Sequence[sympy.Basic]) -> list[str]:
    """The states that are kept on the way to what is spoken of."""
    course = case.course
    reached = course.targets(map(course.known, spoken))
    read = {s.name for name in reached for s in course.steps[name].free_symbols}
    read |= {s.name for part in spoken for s in part.free_symbols}
    return [
        n for n, start in course.kept.items() if start is not None and (n in read or f"{n}_new" in {*reached, *read})
    ]


def _kept(case: Case, spoken: Sequence[sympy.Basic]) -> Iterator[str]:
    """What every step keeps of the states, as propositions about a `step`."""
    known, squares = ranges(case.course.rule, case.statement.conditions)
    states = _states(case, spoken)
    for name in states:
        own = case.course.sequence(name)
        yield from (one.format(f"{own} {{step}}") for one in _bounds(known.get(name, Domain())))
        if squares.get(name) in states:
            other = f"{case.course.sequence(squares[name])} {{step}}"
            yield f"{other} * {other} <= {own} {{step}}"


def _computed(case: Case, spoken: Sequence[sympy.Basic], t: str) -> Iterator[str]:
    """Sentences that say where what the step computes lies, each from those before it."""
    course = case.course
    known, squares = ranges(course.rule, case.statement.conditions)
    states = _states(case, spoken)
    for target in course.targets(map(course.known, spoken)):
        own = course.sequence(course.named(target))
        for one in _bounds(known.get(target, Domain())):
            yield f"try assert ({one.format(f'{own} (S {t})')}) by (rewrite {own}_step; sign)"
        for other in _beside(course.known(course.steps[target])):
            said = course.said(other, Step(t, 1))
            for sign in ("<=", ">="):
                yield f"try assert ({own} (S {t}) {sign} {said}) by (rewrite {own}_step; sign)"
        name = course.named(target)
        if squares.get(name) in states:
            other = course.sequence(squares[name])
            above = f"{other} (S {t}) * {other} (S {t}) <= {own} (S {t})"
            yield f"try assert ({above}) by (rewrite ?{own}_step, ?{other}_step; sign)"


def _beside(value: sympy.Expr) -> list[sympy.Symbol]:
    """What a sum adds something to, which may be known to have a sign."""
    return [term for term in value.args if term.is_Symbol] if value.is_Add else []


def _bounds(allowed: Domain) -> Iterator[str]:
    """That something lies there, as propositions."""
    if allowed.low is not None:
        yield f"{literal(allowed.low)} {'<=' if allowed.low_closed else '<'} {{}}"
    if allowed.high is not None:
        yield f"{{}} {'<=' if allowed.high_closed else '<'} {literal(allowed.high)}"


def _pattern(names: Sequence[str]) -> str:
    """A conjunction, taken apart."""
    return names[0] if len(names) == 1 else f"[{names[0]} {_pattern(names[1:])}]"
