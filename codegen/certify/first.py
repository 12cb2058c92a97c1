"""What is said of the first step: each line of it has a value that SymPy has found, and Coq checks line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.signs import known_sign
from ..spec.symbolic import extreme
from ..spec.symbols import New
from ..statement import Holds
from ..statement.terms import T, at
from .cases import Case
from .printing import Binding
from .runs import FIRST
from .theorem import Theorem

_ATOM = Binding.ATOM
_SMALL = 150  # operations; what is larger is left as it is
_WHOLE = (sympy.Piecewise, sympy.Max, sympy.Min)


def first(case: Case, relation: Holds) -> Theorem:
    """A relation in the first step, from the declared start."""
    found = _Lines(case, relation)
    left, right = (case.course.said(side, FIRST) for side in (relation.left, relation.right))
    if relation.sign == "=":
        end = "finish"
    else:
        lemma, gap = ("le_by", found.gap) if relation.sign in ("<=", "<") else ("ge_by", -found.gap)
        hints = [case.course.said(of, FIRST, _ATOM) for of in hints_of(gap, found.assumptions)]
        tries = " | ".join(f"solve [apply ({lemma} {hint}); [first [sign | seen] | equal]]" for hint in hints)
        end = f"first [seen | {tries} | bound]"
    script = ";\n  ".join(["intros; at_step 0%nat", *found.lines, f"{found.put()}; alone; {end}"])
    return case.theorem(f"{left} {relation.sign} {right}", script, relation.left, relation.right)


class _Lines:
    """The values of the first step on which a relation depends: `lines` assert them one after the other."""

    def __init__(self, case: Case, relation: Holds) -> None:
        self.course = case.course
        self.assumptions = Assumptions.of(self.course.rule).also(**dict(case.runs.domains))
        self.lines: list[str] = []
        self.values = {n: self.course.known(v) for n, v in self.course.kept.items() if v is not None}
        self.starts = [f"{self.course.sequence(name)}_start" for name in self.values]
        self.roots: list[str] = []
        self.equations: list[str] = []
        changing = {*self.course.steps, *self.course.kept}
        numbered = enumerate(case.statement.conditions, start=1)
        self.conditions = [f"condition_{k}" for k, c in numbered if changing & {s.name for s in c.free_symbols}]
        self.symbols = {
            s.name: s for v in (*self.course.steps.values(), *case.runs.rule.hypers) for s in v.free_symbols
        }
        for name in self.starts:
            self._in_conditions(name)
        for target in self.course.within([self.course.known(s) for s in (relation.left, relation.right)]):
            self._step(target, self.course.known(self.course.steps[target]))
        for side in (relation.left, relation.right):
            self._roots(self.course.known(side))
        self.gap = self._value(self.course.known(relation.right - relation.left))

    def put(self) -> str:
        """The tactic that puts in all that is known."""
        names = [*self.starts, *self.roots, *reversed(self.equations)]
        return f"rewrite {', '.join(f'?{name}' for name in names)}" if names else "idtac"

    def _step(self, target: str, value: sympy.Expr) -> None:
        own = self.course.sequence(self.course.named(target))
        self._roots(value)
        for below in divisors(value, self._value):
            self.lines.append(f"try (assert ({self.course.said(below, FIRST)} <> 0) by (facts; apart))")
        self.values[target] = self._value(value)
        said = self.course.said(self.values[target], FIRST)
        self.lines.append(
            f"assert (E_{own} : {own} 1%nat = {said}) by (rewrite {own}_step; {self.put()}; alone; finish)"
        )
        self.equations.append(f"E_{own}")
        self._in_conditions(f"E_{own}")

    def _roots(self, value: sympy.Expr) -> None:
        """What the roots in a value are, the innermost first."""
        for word, inner, of in roots(value):
            said = f"{word} {self.course.said(inner, FIRST, _ATOM)}"
            found = self.course.said(self._value(of(self._value(inner))), FIRST)
            if found == said or any(f": {said} =" in line for line in self.lines):
                continue
            name = f"R_{len(self.roots)}"
            self.lines.append(tried(name, f"{said} = {found}", f"{self.put()}; alone; root"))
            self.roots.append(name)
            self._in_conditions(name)

    def _in_conditions(self, name: str) -> None:
        self.lines += [f"try rewrite {name} in {condition}" for condition in self.conditions]

    def _value(self, value: sympy.Expr) -> sympy.Expr:
        """An expression in the first step, put into a short form, in the symbols of the rule."""
        found = value.replace(at, lambda of, step: of if step != 0 else _before(of))
        found = found.xreplace({s: self.values[s.name] for s in found.free_symbols if s.name in self.values})
        found = found.xreplace({s: sympy.S.One for s in found.free_symbols if s.name == T.name})
        found = tidy(found, self.assumptions)
        return found.xreplace({s: self.symbols[s.name] for s in found.free_symbols if s.name in self.symbols})


def roots(value: sympy.Expr) -> Iterator[tuple[str, sympy.Expr, Callable[[sympy.Expr], sympy.Expr]]]:
    """The roots and absolute values in `value`, the innermost first: the word of Coq, of what, and as a function."""
    for part in dict.fromkeys(sympy.postorder_traversal(value)):
        if isinstance(part, sympy.Abs):
            yield "Rabs", part.args[0], sympy.Abs
        elif part.is_Pow and part.exp.is_Rational and part.exp.q == 2:
            yield "sqrt", part.base, sympy.sqrt


def tried(name: str, said: str, script: str) -> str:
    """An assertion, or in its place an equation that changes nothing, if it is not seen to hold."""
    return f"first [assert ({name} : {said}) by ({script}) | pose proof (eq_refl true) as {name}]"


def hints_of(gap: sympy.Expr, assumptions: Assumptions) -> list[sympy.Expr]:
    """Forms of the difference of two sides in which it may be seen to have a sign."""
    found = [tidy(gap, assumptions)]
    if sympy.count_ops(found[0]) < _SMALL:
        whole = {part: sympy.Dummy(real=True) for part in found[0].atoms(*_WHOLE)}
        back = {name: part for part, name in whole.items()}
        found.append(sympy.factor(found[0].xreplace(whole)).xreplace(back))
        if found[0].has(sympy.Piecewise):
            folded = sympy.piecewise_fold(found[0])
            if isinstance(folded, sympy.Piecewise):
                found.append(sympy.Piecewise(*((oriented(sympy.factor(of)), where) for of, where in folded.args)))
    return list(dict.fromkeys(map(oriented, found)))


def _before(expr: sympy.Expr) -> sympy.Expr:
    """What is kept as it was before the step."""
    return expr.xreplace({s: s.of for s in expr.free_symbols if isinstance(s, New)})


def tidy(expr: sympy.Expr, assumptions: Assumptions) -> sympy.Expr:
    """The shortest form of `expr` that is found, over symbols that carry what is known of them."""
    return short(assumptions.assume(expr))


def short(expr: sympy.Expr) -> sympy.Expr:
    """The shortest form of `expr` that is found."""
    expr = expr.replace(sympy.Max, partial(_largest, 1)).replace(sympy.Min, partial(_largest, -1))
    forms = [expr]
    if not expr.has(*_WHOLE) and sympy.count_ops(expr) < _SMALL:
        forms += [form(expr) for form in (sympy.cancel, sympy.factor)]
    return min(forms, key=sympy.count_ops)


def _largest(sign: int, *sides: sympy.Expr) -> sympy.Expr:
    """A maximum, or for -1 a minimum, without the sides of which it is known that others are beyond them."""
    left = list(sides)
    for one in sides:
        if any(other is not one and known_sign(sign * (other - one)) == 1 for other in left):
            left.remove(one)
    return extreme(sympy.Max if sign > 0 else sympy.Min, left)


def divisors(value: sympy.Expr, put_in: Callable[[sympy.Expr], sympy.Expr]) -> Iterator[sympy.Expr]:
    """What `value` divides by, as products, if it is a sum of which Coq has to be told that it does not vanish."""
    bases = {p.base for p in value.atoms(sympy.Pow) if p.exp.could_extract_minus_sign()}
    for base in sorted(bases, key=sympy.default_sort_key):
        above, _ = sympy.fraction(sympy.together(put_in(base)))
        if above.is_Mul or (above.is_Add and len(above.args) > 2):
            yield sympy.factor(above) if sympy.count_ops(above) < _SMALL and not above.has(*_WHOLE) else above


def oriented(expr: sympy.Expr) -> sympy.Expr:
    """A product whose factors are turned so that none is negative, as far as that is known."""
    sign, found = 1, []
    for factor in sympy.Mul.make_args(expr):
        base, exponent = factor.as_base_exp()
        if not factor.is_number and exponent.is_Integer and known_sign(base) == -1:
            sign *= (-1) ** int(exponent)
            base = sympy.expand(-base)
        found.append(base**exponent)
    return sign * sympy.Mul(*found)
