"""What every step keeps: states that rest, signs, values that never fall; by induction over all steps."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..analysis import defined
from ..spec.symbols import PARAMETER, New, new
from ..statement import Holds, Start, T
from ..statement.terms import at
from .cases import Case
from .defined import invariant
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


def signs(case: Case, *expressions: sympy.Basic) -> str:
    """The tactic that asserts where states lie after every step, from the declared start on; empty if nowhere."""
    if case.runs.start is not Start.DECLARED:
        return ""
    kept, starts, chain = invariant(case, expressions, "k")
    if not kept:
        return ""
    moves = "; ".join(["in_step k", *chain, "repeat split; first [assumption | sign]"])
    put = f"rewrite {', '.join(f'?{name}' for name in starts)}; " if starts else ""
    said = " /\\ ".join(one.format(step="t") for one in kept)
    return (
        f"assert (signs : forall t, {said});\n"
        f"  [ intro k; induction k as [|k now]; [in_step O; repeat split; {put}sign\n"
        f"    | {_opened('now', ' & '.join(f'I{k}' for k, _ in enumerate(kept)))}; {moves}] | ]"
    )


def step_from(case: Case, *expressions: sympy.Basic) -> str:
    """The tactic that shows what is said of the step after t by what is known of the states, and of all it computes."""
    _, _, chain = invariant(case, expressions, "t")
    end = f"conjuncts; first [sign | {unrolled(case, *expressions)}; sign]"
    return "; ".join(filter(None, [signs(case, *expressions), "in_step t", *chain, end]))


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
        by = [f"apply ({lemma} {hint}); [first [sign | seen] | equal]" for hint in hints]
        ends = [f"{put}alone; {end}" for put in (f"{lines.open}; ", "") for end in ["seen", *by]]
        ends += [f"{lines.open}; alone; bound", "alone; bound"]
    tries = " | ".join(f"solve [{end}]" for end in ends)
    by_lines = ["at_step t", *lines.lines, f"{lines.put}; first [{tries}]"]
    ways = [by_lines]
    if relation.sign != "=":
        _, _, seen = invariant(case, sides, "t")
        ways = [["in_step t", *seen, f"first [sign | {unrolled(case, *sides)}; sign]"], *_held(case, relation), *ways]
    script = ";\n  ".join(filter(None, ["intros", known, _either(ways)]))
    return case.theorem(f"forall t, {where}{left} {relation.sign} {right}", script, *sides)


def _held(case: Case, relation: Holds) -> Iterator[list[str]]:
    """The way by induction on an inequality between states, which then goes along with what is known of them."""
    states = {*map(new, case.course.rule.state)}
    parts = sympy.Add.make_args(sympy.expand((relation.left - relation.right).replace(at, of_step)))
    if not {s for p in parts for s in p.free_symbols} <= states or case.runs.start is not Start.DECLARED:
        return
    sign = 1 if relation.sign in (">=", ">") else -1
    less = [-sign * p for p in parts if (sign * p).could_extract_minus_sign()]
    more = [sign * p for p in parts if not (sign * p).could_extract_minus_sign()]
    strict = "<" if relation.sign in ("<", ">") else "<="

    def said(step: Step) -> str:
        return f"{case.course.said(sympy.Add(*less), step)} {strict} {case.course.said(sympy.Add(*more), step)}"

    sides = (relation.left, relation.right)
    kept, starts, chain = invariant(case, sides, "k")
    held = " /\\ ".join([*(one.format(step="k") for one in kept), said(Step("k"))])
    put = f"rewrite {', '.join(f'?{name}' for name in starts)}; " if starts else ""
    end = f"repeat split; first [assumption | sign | {unrolled(case, *sides)}; sign]"
    moves = "; ".join(["in_step k", *chain, end])
    opened = _opened("now", " & ".join(f"I{k}" for k in range(len(kept) + 1)))
    yield [
        f"assert (along : forall k, {held})",
        f"[intro k; induction k as [|k now]; [in_step O; repeat split; {put}sign | {opened}; {moves}]"
        " | specialize (along (S t)); lra]",
    ]


def _either(ways: list[list[str]]) -> str:
    """The tactic that goes one of several ways to the end."""
    if len(ways) == 1:
        return ";\n  ".join(ways[0])
    return "first\n  [ " + "\n  | ".join("solve [" + ";\n    ".join(way) + "]" for way in ways) + " ]"


def of_step(of: sympy.Expr, step: sympy.Expr) -> sympy.Expr:
    """A term at this step or the one before it, in the symbols of the step."""
    if step == T:
        return of
    if step == T - 1 and all(isinstance(s, New) for s in of.free_symbols):
        return of.xreplace({s: s.of for s in of.free_symbols})
    return at(of, step)
