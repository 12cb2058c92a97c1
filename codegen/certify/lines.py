"""The step of a run, line by line: what each line is over the states before it, as SymPy finds it and Coq checks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.signs import is_bias_factor
from ..analysis.invariants import invariants
from ..spec.symbols import PARAMETER, STEP, New, new
from ..statement import T
from .cases import Case
from .first import divisors, roots, short, tried
from .printing import Binding, Step
from .runs import Course

_ATOM = Binding.ATOM
_CHOICES = (sympy.Piecewise, sympy.Max, sympy.Min)
_SMALL = 120  # operations of a value that is put in where it is used

Expressions = Mapping[str, sympy.Expr]


class Lines:
    """The step from `before` to the one after it, as assertions.

    What the run keeps after the step, and what it computes by choices, stays a name; all else is written out. `held`
    are equations that are put in, too.
    """

    def __init__(self, case: Case, before: str, names: set[str], held: tuple[str, ...] = ()) -> None:
        self.course, self.step = case.course, Step(before, 1)
        rule = self.course.rule
        signs = invariants(rule)
        self.assumptions = signs.assumptions(Assumptions.of(rule).also(**dict(case.runs.domains)))
        values = (*self.course.steps.values(), *rule.state)
        self.symbols = {s.name: s for v in values for s in v.free_symbols}
        self.symbols[STEP] = T
        self.symbols |= {s.name: s for state in rule.state for s in (state, new(state))}
        self.symbols |= {step.target.name: step.target for step in rule.steps}
        self.held = held
        self.roots: list[str] = []
        self.known: list[str] = []
        self.lines: list[str] = []
        self.seen: dict[sympy.Expr, sympy.Symbol] = {}
        self.values: dict[str, sympy.Expr] = {}
        self.defined: dict[sympy.Symbol, sympy.Expr] = {}
        for target in [s.target for s in rule.steps if s.target.name in names]:
            self._own(target)

    def _own(self, target: sympy.Symbol) -> None:
        value = self.course.known(self.course.steps[target.name])
        self.prepare(value, self.course, self.values)
        found = self.tidy(value, self.values)
        kept = isinstance(target, New) and target.of.name != PARAMETER
        if kept or found.has(*_CHOICES) or sympy.count_ops(found) > _SMALL:
            self.seen.setdefault(found, target)
            self.defined[target] = found
            return
        self.values[target.name] = found
        self.line(self.course, target.name, found)

    def line(self, course: Course, target: str, found: sympy.Expr) -> None:
        """What a step computes is this."""
        own = course.sequence(course.named(target))
        said = self.course.said(found, self.step)
        put = f"rewrite {own}_step; {self.put}"
        close = f"{put}; first [solve [alone; finish] | {self.open}; alone; finish]"
        self.lines.append(f"assert (E_{own} : {own} ({self.step.text[0]}) = {said}) by ({close})")
        self.known.append(f"E_{own}")

    def prepare(self, value: sympy.Expr, course: Course, values: Expressions) -> None:
        """What the roots in a value are, the innermost first, and that what it divides by does not vanish."""
        for word, inner, of in roots(value):
            said = f"{word} {course.print(inner, self.step, _ATOM)}"
            found = self.course.said(self.tidy(inner, values, of), self.step)
            if found == said or any(f": {said} =" in line for line in self.lines):
                continue
            name = f"R_{len(self.roots)}"
            self.lines.append(tried(name, f"{said} = {found}", f"{self.put}; alone; root"))
            self.roots.append(name)
        for below in divisors(value, lambda base: self.tidy(base, values)):
            line = f"try (assert ({self.course.said(below, self.step)} <> 0) by (facts; apart))"
            self.lines += [line] if line not in self.lines else []

    @property
    def put(self) -> str:
        """The tactic that puts in all that is known."""
        names = [*self.roots, *reversed(self.known), *self.held]
        return f"rewrite {', '.join(f'?{name}' for name in names)}" if names else "idtac"

    @property
    def open(self) -> str:
        """The tactic that opens what stays a name otherwise."""
        kept = [self.course.sequence(self.course.named(s.name)) for s in self.defined]
        steps = ", ".join(f"?{name}_step" for name in reversed(kept))
        return f"{self.put}; repeat progress (rewrite {steps}; {self.put})" if kept else "idtac"

    def tidy(
        self,
        value: sympy.Expr,
        values: Expressions,
        then: Callable[[sympy.Expr], sympy.Expr] = lambda value: value,
    ) -> sympy.Expr:
        """What `then` makes of an expression with what is known put in, in a short form, in the symbols of the rule."""
        found = value.xreplace({s: values[s.name] for s in value.free_symbols if s.name in values})
        found = self.assumptions.assume(found)
        factors = {a: sympy.Dummy(positive=True) for a in found.atoms(sympy.Add) if is_bias_factor(a)}
        found = short(then(short(found.xreplace(factors))))
        found = found.xreplace({name: factor for factor, name in factors.items()})
        return found.xreplace({s: self.symbols[s.name] for s in found.free_symbols if s.name in self.symbols})
