"""What every step keeps: states that rest, signs, values that never fall; by induction over all steps."""

from __future__ import annotations

import sympy

from ..analysis import defined
from ..analysis.invariants import invariants
from ..spec.symbols import PARAMETER, New
from ..statement import Holds, T
from ..statement.terms import at
from .cases import Case
from .first import oriented
from .lines import Lines
from .printing import Binding, Step
from .runs import NOW
from .series import AFTER, unrolled
from .theorem import InexpressibleError, Theorem

_ATOM = Binding.ATOM


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
        f"  [ intro k; induction k as [|k IH]; [repeat split; {base}rests | {_opened('IH', held)}; at_step k; "
        f"{unrolled(case, relation.left, relation.right)}; rewrite ?g_zero, {equations}; repeat split; rests]\n"
        f"  | {_opened('(rest t)', held)}; rewrite {equations}; {base}rests ]"
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
    course, sides = case.course, (relation.left, relation.right)
    left, right = (course.said(side, NOW) for side in sides)
    known = signs(case, *sides)
    where = f"{course.print.comparison(course.known(relation.where), NOW)} -> " if relation.where is not None else ""
    lines = Lines(case, "t", set(course.within(map(course.known, sides))))
    gap = course.known(relation.left - relation.right).replace(at, of_step)
    opened = {s.name: v for s, v in lines.defined.items()}
    gaps = list(dict.fromkeys((lines.tidy(gap, lines.values), lines.tidy(gap, {**lines.values, **opened}))))
    if relation.sign == "=":
        ends = ["alone; finish", f"{lines.open}; alone; finish"]
    else:
        lemma, sign = ("ge_by", 1) if relation.sign in (">=", ">") else ("le_by", -1)
        hints = [course.said(oriented(sign * of), NOW, _ATOM) for of in reversed(gaps)]
        by = [f"apply ({lemma} {hint}); [seen | equal]" for hint in hints]
        ends = [f"{put}alone; {end}" for put in (f"{lines.open}; ", "") for end in ["seen", *by]]
        ends += [f"{lines.open}; alone; bound", "alone; bound"]
    tries = " | ".join(f"solve [{end}]" for end in ends)
    script = ";\n  ".join(filter(None, ["intros", known, "at_step t", *lines.lines, f"{lines.put}; first [{tries}]"]))
    return case.theorem(f"forall t, {where}{left} {relation.sign} {right}", script, *sides)


def of_step(of: sympy.Expr, step: sympy.Expr) -> sympy.Expr:
    """A term at this step or the one before it, in the symbols of the step."""
    if step == T:
        return of
    if step == T - 1 and all(isinstance(s, New) for s in of.free_symbols):
        return of.xreplace({s: s.of for s in of.free_symbols})
    return at(of, step)
