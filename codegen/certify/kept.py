"""What every step keeps: states that rest, signs, values that never fall; by induction over all steps."""

from __future__ import annotations

import sympy

from ..analysis import defined
from ..analysis.invariants import invariants
from ..spec.symbols import PARAMETER
from ..statement import Holds
from .cases import Case
from .printing import Step
from .runs import NOW
from .series import AFTER, unrolled
from .theorem import InexpressibleError, Theorem

_START = Step("", 0)


def resting(case: Case, relation: Holds) -> Theorem:
    """With gradients of zero, what rests from the start on."""
    course = case.course
    still = {s.name: course.known(v) for s, v in defined.resting(course.rule).items()}
    if PARAMETER not in still:
        raise InexpressibleError("a fixed point in which something moves")
    names = [n for n in (course.named(t) for t in course.targets([relation.left, relation.right])) if n in still]
    names += [n for n in still if n not in names and n == PARAMETER]
    said = {n: _rest(case, n, still[n]) for n in names}
    kept = " /\\ ".join(said.values())
    equations = ", ".join(f"?I{k}" for k, _ in enumerate(names))
    held = " & ".join(f"I{k}" for k, _ in enumerate(names))
    for target in course.targets([relation.left, relation.right]):
        course.equation(target)
    starts = ", ".join(f"?{name}" for name in case.starts())
    base = f"rewrite {starts}; " if starts else ""
    left, right = (course.said(side, AFTER) for side in (relation.left, relation.right))
    script = (
        f"intros; assert (rest : forall t, {kept});\n"
        f"  [ intro k; induction k as [|k IH]; [repeat split; {base}finish | {_opened('IH', held)}; at_step k; "
        f"{unrolled(case, relation.left, relation.right)}; rewrite ?g_zero, {equations}; repeat split; finish]\n"
        f"  | {_opened('(rest t)', held)}; rewrite {equations}; {base}finish ]"
    )
    return case.theorem(f"forall t, {left} = {right}", script, relation.left, relation.right)


def _rest(case: Case, name: str, value: sympy.Expr) -> str:
    course = case.course
    own = course.sequence(name)
    if name == PARAMETER:
        return f"{own} t = {own} 0%nat"
    of = value.xreplace({s: s for s in value.free_symbols})
    return f"{own} t = {course.said(of, Step('', 1)) if of.free_symbols else of}"


def signs(case: Case, *expressions: sympy.Expr) -> str:
    """The tactic that asserts which states are never negative, from the declared start on; empty if none is."""
    course = case.course
    held = invariants(course.rule)
    reached = list(dict.fromkeys(course.named(t) for t in course.targets([course.known(e) for e in expressions])))
    parts = [f"0 <= {course.sequence(n)} t" for n in held.nonnegative if n in reached]
    parts += [
        f"{course.sequence(b)} t * {course.sequence(b)} t <= {course.sequence(a)} t"
        for a, b in held.above_square.items()
        if a in reached and b in reached
    ]
    if not parts or case.runs.start.name != "DECLARED":
        return ""
    starts = ", ".join(f"?{course.sequence(n)}_start" for n in reached if n in course.kept and n != PARAMETER)
    names = [f"I{k}" for k, _ in enumerate(parts)]
    opened = " & ".join(names)
    steps, base = unrolled(case, *expressions), f"rewrite {starts}; " if starts else ""
    said = " /\\ ".join(parts)
    return (
        f"assert (signs : forall t, {said});\n"
        f"  [ intro k; induction k as [|k IH]; [at_step 0%nat; {base}repeat split; bound "
        f"| {_opened('IH', opened)}; at_step k; {steps}; repeat split; bound] | ]"
    )


def _opened(proof: str, names: str) -> str:
    """The tactic that takes a conjunction apart."""
    return f"destruct {proof} as ({names})" if "&" in names else f"pose proof {proof} as {names}"


def at_each_step(case: Case, relation: Holds) -> Theorem:
    """A relation of the values of one step, or of the states before and after it."""
    course = case.course
    left, right = (course.said(side, NOW) for side in (relation.left, relation.right))
    known = signs(case, relation.left, relation.right)
    where = f"{course.print.comparison(course.known(relation.where), NOW)} -> " if relation.where is not None else ""
    close = "finish" if relation.sign == "=" else "bound"
    steps = unrolled(case, relation.left, relation.right)
    script = ";\n  ".join(filter(None, ["intros", known, f"at_step t; {steps}; {close}"]))
    return case.theorem(f"forall t, {where}{left} {relation.sign} {right}", script, relation.left, relation.right)
