"""Where a rule comes to rest on a quadratic, and where it does not: exactly below a bound, with one state or none.

Below the bound a form that is never negative falls by a square in each step. At the bound and above it runs along an
eigenvector do not come to rest or, if those are complex, two runs span no less area in each step.
"""

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
        held = [
            Hypothesis(h.name, h.text, f"cbv beta iota zeta delta [{names}]; first [lra | sign | meets]") for h in held
        ]
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
        plain, of = _Plain(self), self.free[self.relation.of]
        matrix = self.model.matrix.applyfunc(plain.named)
        size = matrix.rows
        trace, det = (matrix.trace(), matrix.det()) if size == 2 else (matrix[0, 0], sympy.S.Zero)
        above, under = sympy.fraction(sympy.together(plain.named(self.relation.below)))
        room = sympy.expand(above - of * under)  # positive exactly below the bound
        t, q = plain.said(trace), plain.said(det)
        # all roots are inside the unit circle exactly if these are positive: the values at -1 and 1, and one more
        sides = {"edge": 1 + trace + det, "less": 1 - trace + det, "round": 1 - det}
        texts = {"edge": f"1 + {t} + {q}", "less": f"1 - {t} + {q}", "round": f"1 - {q}"}
        signs = {name: plain.sign(value) for name, value in sides.items()}
        binding = next((name for name in ("edge", "round") if signs[name] is None), "edge")
        up, down, bound = plain.said(above), plain.said(under), self.said(self.relation.below)
        room_is = f"{up} - {identifier(of.name)} * {down}"
        shown = {
            name: f"replace ({texts[name]}) with ({signs[name] or plain.multiple(value, room, room_is)}) by same_rooted"
            for name, value in sides.items()
        }
        undivided = "first [same | symmetry; exact (undivided _ _ scale)]"
        put = f"[replace ({bound} * {down}) with {up}"
        rewritten = ", ".join(f"?{identifier(name)}_is" for name in self.steps)
        lines = [
            f"intros; assert (scale : 0 < {down}) by (replace {down} with ({plain.sign(under)}) by same; over)",
            *plain.roots(),
            "split",
            "- intro all; apply Rnot_le_lt; intro far",
            f"  assert (room : {room_is} <= 0) by "
            f"(apply (Rmult_le_compat_r {down}) in far; {put} in far by {undivided}; lra | lra])",
            f"  assert ({binding} : {texts[binding]} <= 0) by ({shown[binding]}; below_zero)",
            *(self._leaving(plain, matrix, binding, rewritten) if size == 2 else [
                f"  destruct (grows_1 {t}) as (w & w_is & no); [lra|]",
                f"  apply no; apply (all w); intro t; rewrite {rewritten}; same",
            ]),
            f"- intros near {' '.join([*self.names, *(f'{identifier(name)}_is' for name in self.steps)])}",
            f"  assert (room : 0 < {room_is}) by "
            f"(apply (Rmult_lt_compat_r {down}) in near; {put} in near by {undivided}; lra | lra])",
            *(f"  assert ({name} : 0 < {texts[name]}) by ({how}; over)" for name, how in shown.items()),
        ]  # fmt: skip
        if size == 1:
            lines.append(f"  apply (contracts_1 {t}); [intro t; rewrite {rewritten}; same | split; lra]")
        else:
            put = f"rewrite !w_is, !{self.names[1]}_is"
            lines.append(f"  apply (contracts_2 {t} {q}); [intro t; {put}; same | split; lra | split; lra]")
        return ".\n  ".join(lines)

    def _leaving(self, plain: _Plain, matrix: sympy.Matrix, binding: str, rewritten: str) -> list[str]:
        """That some run does not come to rest."""
        entries = [plain.said(e) for e in matrix]
        w, s = self.names
        a, b, c, d = entries
        to_all = f"apply (all {w} {s}); intro t; rewrite {rewritten}; same"
        trace, det = plain.said(matrix.trace()), plain.said(matrix.det())
        if binding == "round":
            told = f"replace (1 - ({a} * {d} - {b} * {c})) with (1 - {det}) by same; exact round"
            return [
                f"  apply (grows_2_around {' '.join(entries)}); [apart | {told} |]",
                f"  intros {w} {s} {w}_is {s}_is; {to_all}",
            ]
        told = f"replace (1 + ({a} + {d}) + ({a} * {d} - {b} * {c})) with (1 + {trace} + {det}) by same; exact edge"
        turns = "right; sign"
        if (share := plain.sign(sympy.cancel(matrix[0, 1] / matrix[1, 1]))) is not None:
            turns = (
                f"right; assert (at_rest : {d} = 0) by (apply (Rmult_eq_reg_l ({share})); "
                f"[replace ({share} * {d}) with {b} by same; lra | apart]); lra"
            )
        met = "first [left; apart | right; sign "
        met += f"| destruct (Req_EM_T {b} 0) as [none | some]; [{turns} | left; exact some]]"
        return [
            f"  destruct (grows_2 {' '.join(entries)}) as ({w} & {s} & {w}_is & {s}_is & no); [{met} | {told} |]",
            f"  apply no; {to_all}",
        ]


class _Plain:
    """Terms as polynomials, with names for the roots and choices in them, and spelled so that their sign is seen."""

    def __init__(self, of: _Matrix) -> None:
        self.of = of
        self.names: dict[sympy.Expr, sympy.Symbol] = {}
        self.squares: dict[sympy.Symbol, sympy.Expr] = {}  # of the roots that had to be multiplied out
        domains = {name: of.case.runs.domain_of(name) or Domain() for name in of.free}
        self.known = {name for name, allowed in domains.items() if allowed.nonnegative}
        self.shares = [of.free[name] for name in sorted(self.known) if domains[name].high == 1]

    def named(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` with a name for each root and each choice."""
        nodes = sorted(expr.atoms(sympy.Pow, sympy.Min, sympy.Max), key=lambda n: (-sympy.count_ops(n), str(n)))
        for node in nodes:
            if not isinstance(node, sympy.Pow):
                expr = expr.xreplace({node: self._name(node)})
            elif not node.exp.is_Integer:
                expr = expr.xreplace({node: self._name(sympy.sqrt(node.base)) ** (2 * node.exp)})
        return expr

    def _name(self, node: sympy.Expr) -> sympy.Symbol:
        return self.names.setdefault(node, sympy.Symbol(f"({len(self.names)})", positive=True))

    def said(self, expr: sympy.Expr) -> str:
        return self.of.said(expr.xreplace({name: node for node, name in self.names.items()}))

    def roots(self) -> list[str]:
        """What the roots are roots of, where they have to be multiplied out."""
        found = [(self.said(root), self.said(square)) for root, square in self.squares.items()]
        return [f"assert (root_{k} : {s} * {s} = {of}) by (apply sqrt_sqrt; low)" for k, (s, of) in enumerate(found)]

    def multiple(self, value: sympy.Expr, room: sympy.Expr, room_is: str) -> str:
        """`value` as something positive times `room`."""
        ratio = sympy.cancel(value / room)
        share = self.sign(ratio)
        for node, root in self.names.items():
            if share is None and isinstance(node, sympy.Pow) and root in room.free_symbols:
                square, other = self.named(node.base), room.xreplace({root: -root})
                product = sympy.rem(sympy.expand(room * other), root**2 - square, root)
                share = self.sign(sympy.cancel(value / product) * other)
                self.squares[root] = square
        return f"{share or self.said(ratio)} * ({room_is})"  # of a bound that is wrong Coq does not see it

    def sign(self, value: sympy.Expr) -> str | None:
        """`value` as a product of what is seen to be positive; None if it is not seen."""
        turned, texts = False, []
        for product in sympy.fraction(sympy.factor(sympy.together(value))):
            factors = []
            for factor in sympy.Mul.make_args(product):
                base, power = factor.as_base_exp()
                form = self._form(base)
                if form is None:
                    form, turned = self._form(sympy.expand(-base)), turned ^ bool(power % 2)
                if form is None:
                    return None
                factors.append(f"({form})" if power == 1 else f"({form}) ^ {power}")
            texts.append(" * ".join(factors))
        return None if turned else f"({texts[0]}) / ({texts[1]})" if texts[1] != "(1)" else f"({texts[0]})"

    def _form(self, value: sympy.Expr) -> str | None:
        """A polynomial as a sum in which nothing is negative: of its values at both ends of a share, weighted."""
        symbols = sorted(value.free_symbols, key=str)
        poly = sympy.Poly(value, *symbols) if symbols else None
        if poly is None:
            return self.said(value) if value > 0 else None
        if all(c > 0 for c in poly.coeffs()):
            seen = all(s.name in self.known or s in self.squares or s in self.names.values() for s in symbols)
            return self.said(value) if seen else None
        for share in self.shares:
            if share in symbols and poly.degree(share) == 1:
                low, high = (sympy.expand(value.xreplace({share: sympy.Integer(end)})) for end in (0, 1))
                forms = [self._form(end) if end != 0 else "0" for end in (low, high)]
                if None not in forms:
                    x = self.said(share)
                    parts = [f"(1 - {x}) * ({forms[0]})", f"{x} * ({forms[1]})"]
                    return " + ".join(p for p, f in zip(parts, forms, strict=True) if f != "0")
        return None
