"""What a linear recurrence has summed up, and the weights of an average."""

from __future__ import annotations

import sympy

from ..statement import I, T
from ..statement.series import Weights
from ..statement.terms import past_sum
from . import theorem_of
from .cases import Case
from .printing import Binding, Step
from .runs import NOW
from .theorem import InexpressibleError, Theorem

_ATOM = Binding.ATOM
AFTER = Step("t")  # said of the state after t steps, from none on


def decay_of(weight: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """A weighted term as the base of its powers of T - I, and the rest."""
    decay, rest = sympy.S.One, sympy.S.One
    for factor in sympy.Mul.make_args(weight):
        base, exponent = factor.as_base_exp()
        if exponent == T - I:
            decay *= base
        elif exponent == I - T and base.is_Rational:
            decay /= base
        else:
            rest *= factor
    return decay, rest


def series(case: Case, left: sympy.Expr, right: sympy.Expr) -> Theorem:
    """`left`, a state after each step, is its start times a power, and a sum over the past."""
    course, sums = case.course, right.atoms(past_sum)
    if len(sums) != 1:
        raise InexpressibleError("several sums over the past")
    (total,) = sums
    weight = sympy.expand(right).coeff(total) if right.is_Add else right.as_independent(total)[0]
    weight = sympy.factor_terms(weight) if weight != 0 else right.coeff(total)
    decay, term = decay_of(total.args[0])
    state = next(iter(left.free_symbols - {T}))
    d, c = (course.said(part, NOW, _ATOM) for part in (decay, weight))
    variable, own = course.indices[I], course.sequence(state.of.name)
    x = course.print.text(course.known(term), {T: AFTER, I: Step(variable)})[0]
    closed = f"past_sum (fun {variable} => {d} ^ (t - {variable}) * ({x})) t"
    goal = f"forall t, {course.said(left, AFTER)} = {course.said(right, AFTER)}"
    step = f"rewrite {own}_step; first [close | {unrolled(case, left, right)}; close]"
    script = (
        f"intros; transitivity ({d} ^ t * {own} 0%nat + {c} * {closed});\n"
        f"  [ apply (series {d} {c} {own} (fun {variable} => {x})); intro k; cbv beta; simpl pred; {step}\n"
        f"  | replace ({course.said(total, AFTER)}) with ({closed})\n"
        "      by (apply past_sum_ext; intros; rewrite ?pow1; close); rewrite ?pow1; close ]"
    )
    return case.theorem(goal, script, left, right)


def unrolled(case: Case, *expressions: sympy.Basic) -> str:
    """The tactic that puts the equations of the steps in place of what they compute, the last step first."""
    course = case.course
    names = [course.sequence(course.named(t)) for t in course.targets(map(course.known, expressions))]
    return f"rewrite {', '.join(f'?{name}_step' for name in reversed(names))}" if names else "idtac"


@theorem_of.register
def _(relation: Weights, case: Case) -> Theorem:
    course = case.course
    decay, _ = decay_of(relation.weight)
    d, variable = course.said(decay, NOW, _ATOM), course.indices[I]
    total = course.said(past_sum(relation.weight), AFTER)
    goal = f"forall t, {total} = {course.said(relation.total, AFTER)}"
    script = (
        f"intros; transitivity (past_sum (fun {variable} => {d} ^ (t - {variable}) * (1 - {d})) t); "
        "[apply past_sum_ext; intros; close | rewrite weights; close]"
    )
    return case.theorem(goal, script, relation.weight, relation.total)
