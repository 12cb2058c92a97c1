"""One step over all elements of arrays: arrays are functions of an element, and sums are those over a list of them.

SymPy says of a sum over what the step has computed which sums over what is there before it makes; Coq takes it apart
that way, as a sum is linear and a maximum gives out factors that are not negative.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..analysis.sums import elementwise
from ..prove.sums import Sums
from ..spec.domain import NON_NEGATIVE
from ..spec.symbolic import Reduction, outermost
from ..spec.symbols import STEP, Array, Scalar
from ..statement import Holds
from ..statement.moves import OfStage
from ..statement.terms import Term
from .cases import Case
from .printing import Binding, Step, Text, applied
from .runs import identifier, literal, meeting
from .schedules import within
from .stages import Moment
from .theorem import Hypothesis, InexpressibleError, Theorem, Variable

_NOW = Step(STEP)
_FUNCTIONS = {"sum": "sum_over", "max": "largest_of"}


class Elements(Moment):
    """One step of the stages of a statement, or of a rule with sums over arrays."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.arrays: set[str] = set()
        self.spelled: dict[str, Text] = {}
        #: What is computed, over symbols that have the names of Coq.
        self.meaning: dict[str, sympy.Expr] = {}
        self.kinds: set[bool] = set()
        self.assumed = Assumptions.of(case.runs.optimizer).also(**dict(case.runs.domains))
        self.lines: list[str] = []
        self.known: dict[Reduction, str] = {}
        self.roots: list[str] = []
        self.values_about: list[sympy.Expr] = []
        self.signed: set[str] = set()  # what is known not to be negative

    # How it is spelled.

    def _raw(self, symbol: sympy.Symbol) -> Text:
        if symbol.name in self.spelled:
            return self.spelled[symbol.name]
        own, binding = super()._raw(symbol)
        if elementwise(symbol):
            self.arrays.add(own)
        return applied(own, ("e", Binding.ATOM)) if own in self.arrays else (own, binding)

    def said(self, expr: sympy.Expr) -> str:
        found: dict[sympy.Basic, sympy.Expr] = {}
        for node in outermost(expr, Reduction):
            if node.how == "overflow":  # no real number overflows
                found[node] = sympy.Integer(0)
                continue
            self.kinds.add(node.overall)
            name = f"over_elements_{len(self.spelled)}"
            self.spelled[name] = self._over(node)
            found[node] = Scalar(name)
        return super().said(expr.xreplace(found))

    def _over(self, node: Reduction) -> Text:
        body = self.said(node.args[0])
        return applied(_FUNCTIONS[node.how], ("elements", Binding.ATOM), (f"fun e => {body}", Binding.CHOICE))

    def compute(self, own: str, target: sympy.Symbol, value: sympy.Expr, mark: str) -> None:
        if elementwise(target):
            self.arrays.add(own)
        self.computed[own] = self.said(value)
        self.meaning[own] = self.own(value)
        if own not in self.arrays and self._nonnegative(self.meaning[own]):
            self.assumed = self.assumed.also(**{own: NON_NEGATIVE})
            if self.meaning[own].has(Reduction) or self.signed & {s.name for s in self.meaning[own].free_symbols}:
                self.signed.add(own)
                self.lines.append(f"assert (P_{own} : 0 <= {own}) by (rewrite {own}_is; not_below_zero)")

    def own(self, expr: sympy.Expr) -> sympy.Expr:
        """An expression in the values of now, in symbols of their own."""
        fixed = self.runs.fixed
        expr = expr.xreplace({s: fixed[s.name] for s in expr.free_symbols if s.name in fixed})
        names = {s: self.values.get(s.name, identifier(s.name)) for s in expr.free_symbols if s.name != STEP}
        for name in names.values():
            if name in self.given:
                self.assumed = self.assumed.also(**{name: self.given[name]})
        return expr.xreplace({s: (Array if elementwise(s) else Scalar)(n) for s, n in names.items()})

    def _nonnegative(self, expr: sympy.Expr) -> bool:
        """Whether it is known to be at least zero, as sums are of what is."""
        sums = {n: sympy.Dummy(nonnegative=True) for n in outermost(expr, Reduction) if self._nonnegative(n.args[0])}
        found = expr.xreplace(sums)
        known = {s: self.assumed.symbol(s.name) for s in found.free_symbols if s not in sums.values()}
        return nonnegative(found.xreplace(known))

    # Sums.

    def take_apart(self, nodes: Iterable[Reduction], rounds: int = 1) -> None:
        """Lines that say what sums are of which computed arrays are part, over what these are made of."""
        found = {node: self._apart(node, rounds) for node in dict.fromkeys(nodes)}
        bases = {base for parts in found.values() if parts for base, _, _ in parts}
        for node, parts in found.items():
            if parts and node not in bases:
                self._line(node, parts)
        for base in dict.fromkeys([*bases, *(n for n in found if n in bases or not found[n])]):
            if self._nonnegative(base.args[0]):
                kind = "sum_nonneg" if base.how == "sum" else "largest_nonneg"
                text = self._spell(base)
                self.lines.append(f"assert (0 <= {text}) by (apply {kind}; intro; low)")
        for node, parts in found.items():
            if any(value.has(sympy.sqrt(node)) for value in self.values_about):
                self._root(node, parts)

    def _apart(self, node: Reduction, rounds: int) -> list[tuple[Reduction, sympy.Expr, sympy.Expr]]:
        """The sums that a sum is made of, their factors, and what they are over; none if it is made of itself."""
        of = node.args[0]
        for _ in range(rounds):
            made = {
                s: self.meaning[s.name] for s in of.free_symbols if s.name in self.meaning and s.name in self.arrays
            }
            if not made:
                break
            of = of.xreplace(made)
        if of == node.args[0]:
            return []
        symbols = {s.name: s for s in of.free_symbols}
        taken = Sums(self.assumed, frozenset(n for n, s in symbols.items() if elementwise(s)))
        result = sympy.expand(taken(type(node)(of)))
        parts = []
        for base, symbol in taken.symbols.items():
            mine = base.xreplace({s: symbols[s.name] for s in base.free_symbols})
            square = isinstance(base.args[0], sympy.Pow) and base.args[0].exp == 2
            front = result.coeff(symbol, 2 if square else 1)
            result -= front * symbol ** (2 if square else 1)
            parts.append((mine, front.xreplace({s: symbols[s.name] for s in front.free_symbols}), mine.args[0]))
        if sympy.expand(result) != 0 or (node.how == "max" and len(parts) != 1):
            raise InexpressibleError("a sum that is not taken apart into others")
        return parts

    def _spell(self, node: Reduction) -> str:
        before, self.values = self.values, {}
        text = self._over(node)[0]
        self.values = before
        return text

    def _plain(self, expr: sympy.Expr) -> str:
        before, self.values = self.values, {}
        text = self.said(expr)
        self.values = before
        return text

    def _line(self, node: Reduction, parts: list[tuple[Reduction, sympy.Expr, sympy.Expr]]) -> None:
        name = f"S_{len(self.known)}"
        body = " + ".join(f"({self._plain(front)}) * ({self._plain(of)})" for _, front, of in parts)
        says = " + ".join(f"({self._plain(front)}) * {self._spell(base)}" for base, front, _ in parts)
        rewritten = ", ".join(f"?{own}_is" for own in reversed(self.computed) if own in self.arrays)
        of = "sum" if node.how == "sum" else "largest"
        self.lines.append(
            f"assert ({name} : {self._spell(node)} = {says}) by (transitivity ({_FUNCTIONS[node.how]} elements "
            f"(fun e => {body})); [apply {of}_same; intro; rewrite {rewritten}; term_by_term | {of}_apart])"
        )
        self.known[node] = name

    def _root(self, node: Reduction, parts: list[tuple[Reduction, sympy.Expr, sympy.Expr]]) -> None:
        """What the root of a sum is that is a square times another one."""
        if node.how != "sum" or len(parts) != 1 or node not in self.known:
            return
        base, front, _ = parts[0]
        symbols = {s.name: s for s in front.free_symbols}
        root = sympy.sqrt(self.assumed.assume(front))
        if nonnegative(root) and self._nonnegative(base.args[0]) and not root.is_Pow:
            root = root.xreplace({s: symbols[s.name] for s in root.free_symbols})
            said = f"({self._plain(front)}) ({self._plain(root)}) ({self._spell(base)})"
            name = f"R_{len(self.roots)}"
            proofs = "ltac:(low) ltac:(assumption) ltac:(is_square)"
            self.lines.append(f"pose proof (root_apart {said} {proofs}) as {name}")
            self.roots.append(name)

    # The theorem.

    def theorem(
        self, goal: str, script: str = "over_elements", conditions: Sequence[sympy.Basic] = (),
        about: Sequence[sympy.Expr] = (), rounds: int = 1,
    ) -> Theorem:  # fmt: skip
        """The theorem that `goal` holds at every element; `script` is what follows after all that is known is put in.

        It is `about` terms over symbols of their own, of which a number for all elements is said once.
        """
        if len(self.kinds) > 1:
            raise InexpressibleError("sums over one array beside sums over all")
        self.values_about = [*self.meaning.values(), *about]
        self.take_apart([n for v in self.values_about for n in outermost(v, Reduction)], rounds)
        if not about or any(map(elementwise, set().union(*(_outside(side) for side in about)))):
            goal = f"forall e, {goal}"
        put = ", ".join(f"?{own}_is" for own in reversed(self.computed))
        apart = ", ".join([*(f"?{s}" for s in self.known.values())])
        known = [f"rewrite {apart}"] if apart else []
        known += [f"rewrite {', '.join(f'?{r}' for r in self.roots)}"] if self.roots else []
        proof = ";\n  ".join(["intros", *self.lines, *[*known, f"rewrite {put}"] * 2, script])
        domains = [Hypothesis("t_domain", "(1 <= t)%nat", "meets")]
        for own, allowed in self.given.items():
            if (h := within(f"{own} e" if own in self.arrays else own, allowed)) is not None:
                text = f"forall e, {h.text}" if own in self.arrays else h.text
                domains.append(Hypothesis(f"{own}_domain", text, "meets"))
        names = ", ".join(["t", *self.given])
        found = [Hypothesis(h.name, h.text, f"unfold {names} in *; meets") for h in domains]
        kinds = {own: "nat" if self._is_natural(own) else "R" for own in self.given} | dict.fromkeys(self.computed, "R")
        kinds = {own: f"Element -> {kind}" if own in self.arrays else kind for own, kind in kinds.items()}
        for own, text in self.computed.items():
            at, of = ("forall e, ", f"{own} e") if own in self.arrays else ("", own)
            found.append(Hypothesis(f"{own}_is", f"{at}{of} = {text}", "intros; reflexivity" if at else "reflexivity"))
        numbers = meeting(self.given, [c for c in conditions if {s.name for s in c.free_symbols} <= {*self.given}])
        if any(not {s.name for s in c.free_symbols} <= {*self.given} for c in conditions):
            raise InexpressibleError("a condition on what the step computes over all elements")
        for k, condition in enumerate(conditions, start=1):
            found.append(Hypothesis(f"condition_{k}", self.print.comparison(condition, _NOW), f"unfold {names}; meets"))
        variables = [Variable("Element", "Type"), Variable("elements", "list Element"), Variable("t", "nat")]
        variables += [Variable(own, kind) for own, kind in kinds.items()]
        runs = ["Definition Element := unit.", "Definition elements : list Element := (tt :: nil)%list."]
        runs += ["Definition t : nat := 1."]
        chosen = {**{own: literal(numbers[own]) for own in self.given}, **self.computed}
        for own, text in chosen.items():
            of = " (e : Element)" if own in self.arrays else ""
            runs.append(f"Definition {own}{of} : {kinds[own].removeprefix('Element -> ')} := {text}.")
        return Theorem(
            self.case.name, self.case.statement.text, tuple(variables), tuple(found), goal, proof, tuple(runs)
        )


def of_elements(case: Case, relation: Holds) -> Theorem:
    """An equation in one step, whatever the states before it are."""
    if (
        not isinstance(relation, OfStage)
        or relation.sign != "="
        or relation.where is not None
        or relation.left.has(Term)
        or relation.right.has(Term)
    ):
        raise InexpressibleError("a sum over an array in what is no equation of one step")
    found = Elements(case)
    found.run(case.runs.optimizer, "")
    found.values = found.inside
    goal = f"{found.said(relation.left)} = {found.said(relation.right)}"
    conditions = [c for c in case.statement.conditions if c not in (sympy.true, True)]
    return found.theorem(goal, conditions=conditions, about=[found.own(relation.left), found.own(relation.right)])


def _outside(expr: sympy.Expr) -> set[sympy.Basic]:
    """The symbols that stand in no sum."""
    return expr.xreplace(dict.fromkeys(outermost(expr, Reduction), sympy.S.One)).free_symbols
