"""Two runs side by side, of which one is told by the other after every step: the same rule in other words or units."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.signs import is_bias_factor
from ..analysis.invariants import invariants
from ..spec.symbols import PARAMETER, STEP, Hyper, New, new
from ..statement import SameRun, T, Under
from ..statement.terms import at
from . import theorem_of
from .cases import Case
from .first import short
from .kept import signs
from .printing import Binding, Step
from .runs import Course
from .series import AFTER
from .theorem import Hypothesis, InexpressibleError, Theorem

_ATOM = Binding.ATOM
_LATER = Step("k", 1)
_CHOICES = (sympy.Piecewise, sympy.Max, sympy.Min)
_SMALL = 120  # operations of a value that is put in where it is used

Expressions = Mapping[str, sympy.Expr]


@theorem_of.register
def _(relation: SameRun, case: Case) -> Theorem:
    own = {*case.course.kept, *case.course.steps}
    if any(s.name in own for value in relation.hyper.values() for s in value.free_symbols):
        raise InexpressibleError("a hyperparameter that is made of states")
    other = case.beside(relation.other, dict(relation.hyper))
    return _pair(case, other, {PARAMETER: sympy.Symbol(PARAMETER, real=True), **relation.state}, "w 0%nat", "1")


@theorem_of.register
def _(relation: Under, case: Case) -> Theorem:
    other = case.beside(case.course.rule, {n: v for n, v in relation.change.items() if n != PARAMETER})
    w = relation.change.get(PARAMETER, sympy.Symbol(PARAMETER, real=True))
    start = case.course.said(w, Step("", 1))
    begins = case.course.said(w.xreplace({s: sympy.S.One for s in w.free_symbols if s.name == PARAMETER}), Step("", 1))
    return _pair(case, other, {n: v.replace(at, _of) for n, v in relation.effect.items()}, start, begins)


def _of(of: sympy.Expr, step: sympy.Expr) -> sympy.Expr:
    """A state after a step, as the state."""
    return of.of if isinstance(of, New) else of


def _pair(case: Case, other: Course, maps: Expressions, start: str, begins: str) -> Theorem:
    """`maps` says what the states of the other run are after every step, in the states of the first."""
    course = case.course
    maps = {name: course.known(value) for name, value in maps.items()}
    whole = [new(s) for s in (*course.rule.state,)]
    every = [*(step.target for step in course.rule.steps), *whole]
    other.begins[PARAMETER] = begins
    said = {n: f"{other.sequence(n)} t = {course.said(_after(course, v), AFTER)}" for n, v in maps.items()}
    goal = " /\\ ".join(said.values())
    names = [f"I{k}" for k, _ in enumerate(maps)]
    opened = f"destruct IH as ({' & '.join(names)})" if len(names) > 1 else f"pose proof IH as {names[0]}"
    known = signs(case, *every)
    for run in (course, other):
        for target in run.steps:
            run.equation(target)
    lines = _Lines(case, other, maps)
    names = [*case.starts(), f"{other.sequence(PARAMETER)}_start", *case.starts()]
    starts = f"rewrite {', '.join(f'?{name}' for name in names)}"
    induction = (
        f"induction t as [|k IH];\n"
        f"  [ at_step 0%nat; {starts}; numbers; repeat split; finish\n"
        f"  | {opened}; at_step k;\n    {lines.script} ]"
    )
    script = ";\n  ".join(filter(None, ["intros; revert t", known, f"intro t; {induction}"]))
    began = Hypothesis(f"{other.sequence(PARAMETER)}_start", f"w' 0%nat = {start}", "meets")
    return case.theorem(f"forall t, {goal}", script, *every, more=[began])


def _after(course: Course, value: sympy.Expr) -> sympy.Expr:
    """A term in states, as one in the states after the step."""
    return value.xreplace({s: new(s) for s in value.free_symbols if s.name in course.kept and not isinstance(s, New)})


class _Lines:
    """The step from k to S k of both runs: what each line of it is, over the states of the first run.

    What the first run keeps after the step, and what it computes by choices, stays a name; all else is written out,
    that of the other run with what the maps say of its states.
    """

    def __init__(self, case: Case, other: Course, maps: Expressions) -> None:
        self.course, self.other = case.course, other
        held = invariants(self.course.rule)
        self.assumptions = held.assumptions(Assumptions.of(self.course.rule).also(**dict(case.runs.domains)))
        values = (*self.course.steps.values(), *other.steps.values(), *maps.values())
        self.symbols = {s.name: s for v in values for s in v.free_symbols}
        self.symbols[STEP] = T
        self.symbols |= {s.name: s for state in self.course.rule.state for s in (state, new(state))}
        self.roots: list[str] = []
        self.known: list[str] = []
        self.lines: list[str] = []
        self.seen: dict[sympy.Expr, sympy.Symbol] = {}
        self.defined: dict[sympy.Symbol, sympy.Expr] = {}
        self.after = {other.sequence(n): _after(self.course, v) for n, v in maps.items()}
        self.values: dict[str, sympy.Expr] = {}
        self.maps = [f"I{k}" for k, _ in enumerate(maps)]
        for target in [s.target for s in self.course.rule.steps if s.target.name in self.course.steps]:
            self._own(target)
        theirs = {name: self._past(value) for name, value in maps.items()}
        for target, value in self.other.steps.items():
            self._their(target, other.known(value), theirs)

    @property
    def script(self) -> str:
        put = f"repeat split; {self._put()}"
        return ";\n    ".join([*self.lines, f"{put}; first [solve [alone; finish] | {self._open()}; alone; finish]"])

    def _own(self, target: sympy.Symbol) -> None:
        value = self.course.known(self.course.steps[target.name])
        self._roots(value, self.course, self.values)
        found = self._tidy(value, self.values)
        kept = isinstance(target, New) and target.of.name != PARAMETER
        if kept or found.has(*_CHOICES) or sympy.count_ops(found) > _SMALL:
            self.seen.setdefault(found, target)
            self.defined[target] = found
            return
        self.values[target.name] = found
        self._line(self.course, target.name, found)

    def _their(self, target: str, value: sympy.Expr, values: dict[str, sympy.Expr]) -> None:
        self._roots(value, self.other, values)
        found = self._tidy(value, values)
        name = self.other.named(target)
        mapped = self.after.get(self.other.sequence(name)) if name != PARAMETER else None
        if mapped is not None and self._tidy(found - mapped.xreplace(self.defined), {}) == 0:
            self.seen.setdefault(found, mapped)
        values[target] = self.seen.get(found, found)
        self._line(self.other, target, values[target])

    def _line(self, course: Course, target: str, found: sympy.Expr) -> None:
        own = course.sequence(course.named(target))
        said = self.course.said(found, _LATER)
        put = f"rewrite {own}_step; {self._put()}"
        close = f"{put}; first [solve [alone; finish] | {self._open()}; alone; finish]"
        self.lines.append(f"assert (E_{own} : {own} (S k) = {said}) by ({close})")
        self.known.append(f"E_{own}")

    def _roots(self, value: sympy.Expr, course: Course, values: Expressions) -> None:
        powers = [p for p in sympy.postorder_traversal(value) if p.is_Pow and p.exp.is_Rational and p.exp.q == 2]
        for base in dict.fromkeys(p.base for p in powers):
            said = course.said(base, _LATER, _ATOM)
            found = self.course.said(self._tidy(base, values, sympy.sqrt), _LATER)
            if found == f"sqrt {said}" or any(f": sqrt {said} =" in line for line in self.lines):
                continue
            name = f"R_{len(self.roots)}"
            self.lines.append(f"assert ({name} : sqrt {said} = {found}) by ({self._put()}; alone; root)")
            self.roots.append(name)

    def _put(self) -> str:
        return f"rewrite {', '.join(f'?{name}' for name in [*self.roots, *reversed(self.known), *self.maps])}"

    def _open(self) -> str:
        """The tactic that opens what the first run keeps after the step."""
        kept = [self.course.sequence(self.course.named(t)) for t in self.course.steps if t not in self.values]
        return f"rewrite {', '.join(f'?{name}_step' for name in reversed(kept))}" if kept else "idtac"

    def _past(self, value: sympy.Expr) -> sympy.Expr:
        """A map before the step, with the hyperparameters of the step before."""
        changing = {s for s in value.free_symbols if isinstance(s, Hyper) and not self.course.is_constant(s.name)}
        found = value.xreplace({s: at(s, T - 1) for s in changing})
        return found.xreplace({s: T - 1 for s in found.free_symbols if s.name == STEP})

    def _tidy(
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
