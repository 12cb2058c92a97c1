"""Where a rule comes to rest on a quadratic, and where it does not: exactly below a bound, with one state or none."""

from __future__ import annotations

from fractions import Fraction

import sympy

from ..algebra.quadratics import frozen_rule
from ..analysis.derive import transition
from ..analysis.stability import Linear, NotLinearError, linear
from ..spec.domain import Domain
from ..spec.symbols import GRADIENT
from ..statement import Steps
from ..statement.motion import Converges
from . import theorem_of
from .cases import Case
from .printing import Binding
from .runs import NOW, bounded, identifier, literal, meeting
from .theorem import Hypothesis, InexpressibleError, Theorem, Variable


@theorem_of.register
def _(relation: Converges, case: Case) -> Theorem:
    try:
        model = linear(case.course.rule)
    except NotLinearError as error:
        raise InexpressibleError(str(error)) from error
    if model.ahead:
        raise InexpressibleError("a gradient that is taken elsewhere")
    if case.runs.steps is Steps.LATE:
        raise InexpressibleError("limits")
    if model.matrix.rows > 2:
        raise InexpressibleError("steps that keep more than one state")
    return _Matrix(case, relation, model).theorem()


class _Matrix:
    """A rule as the matrix of its step, and the bound on one of its hyperparameters."""

    def __init__(self, case: Case, relation: Converges, model: Linear) -> None:
        self.case, self.relation, self.model, self.course = case, relation, model, case.course
        kept = [v.name for v in model.variables]
        self.course.kept = dict.fromkeys(kept)  # what is frozen is a number
        self.names = [identifier(name) for name in kept]
        stepped = transition(frozen_rule(case.course.rule, [s.name for s in model.frozen]))
        found = model.matrix.free_symbols | relation.below.free_symbols
        h = next((s for s in found if s.name == "h"), sympy.Symbol("h", real=True))
        w = model.variables[0]
        self.steps: dict[str, sympy.Expr] = {}
        for s, value in stepped.items():
            if s.name in kept:
                self.steps[s.name] = value.xreplace({g: h * w for g in value.free_symbols if g.name == GRADIENT})
        self.course.steps = {}
        spoken = (*self.steps.values(), *model.matrix, relation.below, *case.statement.conditions)
        free = {s.name: s for e in spoken for s in e.free_symbols if s.name not in kept}
        self.free = {name: free[name] for name in sorted(free)}

    def said(self, expr: sympy.Expr, binding: Binding = Binding.ATOM) -> str:
        return self.course.said(expr, NOW, binding)

    def theorem(self) -> Theorem:
        of, below = identifier(self.relation.of), self.said(self.relation.below, Binding.SUM)
        steps = [f"(forall t, {identifier(n)} (S t) = {self.said(v, Binding.CHOICE)})" for n, v in self.steps.items()]
        goal = (
            f"(forall {' '.join(self.names)} : nat -> R,\n    {' -> '.join(steps)} -> Un_cv w 0)\n  <-> {of} < {below}"
        )
        values = self._values()
        held = [Hypothesis(f"{n}_domain", text, "") for n in values if (text := self._domain(n))]
        for number, condition in enumerate(self.case.statement.conditions, start=1):
            held.append(Hypothesis(f"condition_{number}", self.course.print.comparison(condition, NOW), ""))
        names = " ".join(map(identifier, values))
        held = [Hypothesis(h.name, h.text, f"cbv beta iota zeta delta [{names}]; meets") for h in held]
        variables = tuple(Variable(identifier(n), "R") for n in values)
        runs = tuple(f"Definition {identifier(n)} : R := {literal(v)}." for n, v in values.items())
        about = self.case.statement.text
        return Theorem(self.case.name, about, variables, tuple(held), goal, self._script(), runs)

    def _domain(self, name: str) -> str:
        allowed, own = self.case.runs.domain_of(name) or Domain(), identifier(name)
        if allowed.integer:
            raise InexpressibleError(f"{name}, a whole number,")
        return bounded(own, allowed)

    def _values(self) -> dict[str, Fraction]:
        domains = {n: self.case.runs.domain_of(n) or Domain() for n in self.free}
        return meeting(domains, self.case.statement.conditions)

    # The proof.

    def _script(self) -> str:
        of = self.free[self.relation.of]
        above, under = sympy.fraction(sympy.together(self.relation.below))
        room = above - of * under  # positive exactly below the bound
        size = self.model.matrix.rows
        entries = [self.said(e) for e in self.model.matrix]
        matrix = self.model.matrix
        trace, det = (matrix.trace(), matrix.det()) if size == 2 else (matrix[0, 0], sympy.S.Zero)
        at_minus_one = 1 + trace + det
        texts = {"under": self.said(under), "above": self.said(above), "room": self.said(room)}
        edge = self._factored(at_minus_one, room)
        t, q = self.said(trace), self.said(det)
        equations = [f"{n}_is" for n in map(identifier, self.steps)]
        grown = {1: f"grows_1 {entries[0]}", 2: f"grows_2 {' '.join(entries)}"}[size]
        opened = {1: "(w & w_is & no)", 2: f"({self.names[0]} & {self.names[-1]} & w_is & {self.names[-1]}_is & no)"}[
            size
        ]
        rewritten = ", ".join(f"?{e}" for e in equations)
        room_text, bound, edge_text = texts["room"], self.said(self.relation.below), self.said(at_minus_one)
        put = f"replace ({bound} * {texts['under']}) with {texts['above']}"
        seen = {
            1: f"[replace {entries[0]} with ({edge_text} - 1) by same; lra|]",
            2: "[first [left; apart | right; sign] "
            f"| match goal with |- ?x <= 0 => replace x with {edge_text} by same; exact edge end|]",
        }[size]
        lines = [
            "intros; split",
            "- intro all; apply Rnot_le_lt; intro far",
            f"  assert (room : {room_text} <= 0) by "
            f"(apply (Rmult_le_compat_r {texts['under']}) in far; [{put} in far by same; lra | sign])",
            f"  assert (edge : {edge_text} <= 0) by (replace {edge_text} with {edge} by same; below_zero)",
            f"  destruct ({grown}) as {opened}; {seen}",
            f"  apply no; apply (all {' '.join(self.names)}); intro t; rewrite {rewritten}; same",
            f"- intros near {' '.join(self.names)} {' '.join(equations)}",
            f"  assert (room : 0 < {room_text}) by "
            f"(apply (Rmult_lt_compat_r {texts['under']}) in near; [{put} in near by same; lra | sign])",
            f"  assert (edge : 0 < {edge_text}) by (replace {edge_text} with {edge} by same; over)",
        ]
        if size == 1:
            less, factored = self.said(1 - trace), self.said(sympy.factor(1 - trace))
            lines += [
                f"  assert (less : 0 < {less}) by (first [replace {less} with {factored} by same; over | nra])",
                f"  apply (contracts_1 {t}); [intro t; rewrite {rewritten}; same | split; lra]",
            ]
        else:
            for name, value in (("first", 1 - det), ("second", 1 + det), ("third", 1 - trace + det)):
                lines.append(
                    f"  assert ({name} : 0 < {self.said(value)}) by (first [replace {self.said(value)} with "
                    f"{self._factored(value, room)} by same; over | replace {self.said(value)} with "
                    f"{self.said(sympy.factor(value))} by same; first [over | nra] | nra])"
                )
            put = f"rewrite !w_is, !{self.names[1]}_is"
            lines.append(f"  apply (contracts_2 {t} {q}); [intro t; {put}; same | split; lra | split; lra]")
        return ".\n  ".join(lines)

    def _factored(self, value: sympy.Expr, room: sympy.Expr) -> str:
        """`value` as a multiple of `room`."""
        ratio = sympy.factor(sympy.cancel(value / room))
        return f"({self.said(ratio)} * {self.said(room)})"
