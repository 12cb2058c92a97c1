"""Expectations of estimates: all that is used of an expectation is that it is linear."""

from __future__ import annotations

import sympy

from ..claims.states import Unbiased
from ..prove.bias import MEAN, Moment, moment_of
from ..spec.rules import Optimizer
from ..spec.symbols import New, new
from ..statement import Gradients, Holds, I
from ..statement.terms import at, expected, past_sum
from .cases import Case
from .first import short
from .printing import Binding, Step
from .runs import NOW
from .series import AFTER, decay_of, unrolled
from .theorem import InexpressibleError, Theorem

_ATOM = Binding.ATOM


def expectation(case: Case, relation: Holds) -> Theorem:
    """The expectation of an estimate, where gradients are identically distributed, or what is left where not."""
    estimate, of = _parts(relation)
    rule = case.course.rule
    claim = Unbiased(estimate, of)
    found = moment_of(claim, rule) if isinstance(rule, Optimizer) else "it is no optimizer"
    if isinstance(found, str):
        raise InexpressibleError(f"an expectation of which {found}")
    case.course.takes_chance()
    proof = _Proof(case, found, estimate, of)
    left, right = (case.course.said(side, NOW) for side in (relation.left, relation.right))
    script = proof.unbiased() if case.runs.gradients is Gradients.STATIONARY else proof.residual(relation)
    symbols = [new(found.state), *(new(s) for s in rule.state if s.name == estimate.name), estimate, of]
    return case.theorem(f"forall t, {left} = {right}", script, *symbols)


def _parts(relation: Holds) -> tuple[sympy.Symbol, sympy.Expr]:
    """The estimate, and what it is one of."""
    if relation.right.has(past_sum):
        parts = [term for term in relation.left.args if isinstance(term, expected)]
        rest = [-term for term in relation.left.args if isinstance(-term, expected)]
        if len(parts) != 1 or len(rest) != 1:
            raise InexpressibleError("expectations of this form")
        left, right = parts[0], rest[0]
    else:
        left, right = relation.left, relation.right
    if not all(isinstance(side, expected) and isinstance(side.args[0], at) for side in (left, right)):
        raise InexpressibleError("expectations of this form")
    estimate, of = left.args[0].args[0], right.args[0].args[0]
    return (estimate.of if isinstance(estimate, New) else estimate), of


class _Proof:
    """How an estimate is made of a state, and that of gradients, told to Coq."""

    def __init__(self, case: Case, moment: Moment, estimate: sympy.Symbol, of: sympy.Expr) -> None:
        self.case, self.moment, self.estimate, self.of = case, moment, estimate, of
        course = self.course = case.course
        whole = next((s for s in course.rule.state if s.name == estimate.name), None)
        self.target = new(whole) if whole is not None else estimate
        self.s = course.sequence(moment.state.name)
        self.steps = unrolled(case, self.target, new(moment.state), of)

    def _text(self, expr: sympy.Expr, step: Step = NOW) -> str:
        return self.course.said(expr, step, _ATOM)

    def _affine(self, expr: sympy.Expr, step: Step) -> str:
        """What is linear in the mean, as text."""
        level = short(sympy.diff(expr, MEAN))
        offset = short(expr.xreplace({MEAN: sympy.S.Zero}))
        return f"{self._text(level, step)} * M + {self._text(offset, step)}"

    def unbiased(self) -> str:
        m, text = self.moment, self._text
        base, first = text(m.base), text(m.base, Step("", 1))
        x = f"(fun t o => {text(m.base, Step('t'))})"
        g = self.course.sequence("g")
        f = self.course.said(m.base, NOW).replace(f"{g} (S t) o", "y")
        wanted = self._affine(m.expectation(MEAN), AFTER)
        wanted_now = self._affine(m.expectation(MEAN), NOW)
        start = text(m.initial, Step("", 1))
        factor, weight, drift = map(text, (m.factor, m.weight, m.drift))
        share, rest, level, offset, scale = map(text, (m.share, m.rest, m.level, m.offset, m.scale))
        made = f"(fun o => {scale} * {self.s} (S t) o + {share} * {base} + {rest})"
        same = "(expected_same _ _ E_linear)"
        return (
            f"intros; revert t; set (M := E (fun o => {first}));\n"
            f"  assert (mean : forall t, E (fun o => {base}) = M) by (intro; exact ({g}_same (fun y => {f}) t));\n"
            f"  assert (state : forall t, E ({self.s} t) = {wanted});\n"
            f"  [ apply (expected_recurrence _ _ E_linear {self.s} {x} (fun t => {factor}) (fun t => {weight}) "
            f"(fun t => {drift}) (fun t => {wanted}) M);\n"
            f"    [ intros k o; at_domains k; {self.steps}; numbers; finish | exact mean\n"
            f"    | transitivity (E (fun _ => {start})); [apply {same}; intro; rewrite {self.s}_start; reflexivity | "
            f"rewrite (expected_constant _ _ E_linear); clearbody M; {self._scalar_starts()}finish]\n"
            f"    | intro k; clearbody M; at_domains k; {self._scalars()}rewrite <- ?tech_pow_Rmult; finish ]\n"
            f"  | intro t; transitivity (E {made});\n"
            f"    [ apply {same}; intro; at_domains t; {self.steps}; finish\n"
            f"    | transitivity ({scale} * ({wanted_now}) + {share} * M + {rest});\n"
            f"      [ exact (expected_is _ _ E_linear _ _ _ _ _ _ _ (state (S t)) (mean t))\n"
            f"      | transitivity ({level} * M + {offset});\n"
            f"        [ clearbody M; at_domains t; {self._scalars()}finish\n"
            f"        | symmetry; transitivity (E (fun o => {level} * {base} + 0 * {base} + {offset}));\n"
            f"          [ apply {same}; intro; at_domains t; {self.steps}; finish\n"
            f"          | transitivity ({level} * M + 0 * M + {offset}); "
            f"[exact (expected_is _ _ E_linear _ _ _ _ _ _ _ (mean t) (mean t)) | ring] ] ] ] ] ]"
        )

    def _scalar_starts(self) -> str:
        names = [self.course.sequence(s.name) for s in self.course.rule.state if not self.course.by_chance(s.name)]
        names = [n for n in names if n in {self.course.sequence(u) for u in self.course.used}]
        return f"rewrite {', '.join(f'?{name}_start' for name in names)}; " if names else ""

    def _scalars(self) -> str:
        """The tactic that opens the steps that no gradient has a part in."""
        course = self.course
        names = [course.named(t) for t in course.steps if not course.by_chance(course.named(t))]
        own = [course.sequence(n) for n in names if n in course.used]
        return f"rewrite {', '.join(f'?{name}_step' for name in reversed(own))}; " if own else ""

    def residual(self, relation: Holds) -> str:
        m, text = self.moment, self._text
        (total,) = relation.right.atoms(past_sum)
        decay, _ = decay_of(total.args[0])
        weight = short(sympy.cancel(m.weight / m.level))
        d, c, scale, share, rest = map(text, (decay, weight, m.scale, short(m.share / m.level), m.rest))
        of, variable = text(self.of), self.course.indices[I]
        x = f"(fun t o => {text(self.of, Step('t'))})"
        made = f"(fun o => {scale} * {self.s} (S t) o + {share} * {of} + {rest})"
        start = text(m.initial, Step("", 1))
        goal = text(self.target)
        power = f"(fun {variable} => {d} ^ (S t - {variable}))" if decay != 1 else "(fun _ : nat => 1)"
        mean = f"(fun {variable} => E (fun o => {text(self.of, Step(variable))}))"
        said = self.course.said(total)
        apart = f"past_sum (fun {variable} => {power} {variable} * ({mean} {variable} - E (fun o => {of}))) (S t)"
        count = f"rewrite (powers_are {d} (S t)) by (at_domains t; first [lra | apart])"
        count = "rewrite ones" if decay == 1 else count
        opened, s, linear = f"at_domains t; {self.steps}; finish", self.s, "_ _ E_linear"
        return (
            f"intros; assert (state : forall t, E ({s} t) = {d} ^ t * E ({s} 0%nat) "
            f"+ {c} * past_sum (fun {variable} => {d} ^ (t - {variable}) * {mean} {variable}) t)\n"
            f"  by (apply (expected_series {linear} {s} {x} {d} {c});\n"
            f"    intros k o; at_domains k; {self.steps}; finish);\n"
            f"  rewrite (expected_same {linear} (fun o => {goal}) {made}) by (intro; {opened});\n"
            f"  rewrite (expected_made {linear}); change (fun o => {s} (S t) o) with ({s} (S t));\n"
            f"  rewrite (state (S t)), (expected_same {linear} ({s} 0%nat) (fun _ => {start}))\n"
            f"    by (intro; rewrite {s}_start; reflexivity);\n"
            f"  rewrite (expected_constant {linear});\n"
            f"  replace ({said}) with ({apart}) by (apply past_sum_ext; intros; rewrite ?pow1; ring);\n"
            f"  rewrite (past_sum_apart {power} {mean}); {count}; {self._scalars()}rewrite ?pow1; cbv beta;\n"
            f"  try set (P := past_sum _ (S t)) in *; set (z := E (fun o => {of})) in *; "
            "clearbody P z; clear state; at_domains t; finish"
        )
