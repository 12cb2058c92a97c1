"""Two runs side by side, of which one is told by the other after every step: the same rule in other words or units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy

from ..spec.symbols import PARAMETER, STEP, Hyper, New, new
from ..statement import SameRun, T, Under
from ..statement.terms import at
from . import theorem_of
from .cases import Case
from .kept import signs
from .lines import Expressions, Lines
from .printing import Binding, Step
from .runs import NOW, Course, bounded
from .series import AFTER
from .theorem import Hypothesis, InexpressibleError, Theorem


@theorem_of.register
def _(relation: SameRun, case: Case) -> Theorem:
    own = {*case.course.kept, *case.course.steps}
    if any(s.name in own for value in relation.hyper.values() for s in value.free_symbols):
        raise InexpressibleError("a hyperparameter that is made of states")
    other = case.beside(relation.other, dict(relation.hyper))
    maps = {PARAMETER: sympy.Symbol(PARAMETER, real=True), **relation.state}
    return _pair(case, other, maps, "w 0%nat", "1", list(_within(case, relation)))


def _within(case: Case, relation: SameRun) -> Iterator[str]:
    """That the other rule is run with hyperparameters that lie in their domains."""
    for hyper in relation.other.hypers:
        value = case.course.known(relation.hyper.get(hyper.name, hyper))
        same = isinstance(value, Hyper) and value.name in case.course.hypers
        if same and case.course.domain(value.name) == hyper.allowed:
            continue  # as is supposed of it
        if hyper.allowed.integer:
            raise InexpressibleError(f"{value} in place of a whole number")
        if text := bounded(case.course.said(value, NOW, Binding.SUM), hyper.allowed):
            yield text


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


def _pair(case: Case, other: Course, maps: Expressions, start: str, begins: str, within: Sequence[str] = ()) -> Theorem:
    """`maps` says what the states of the other run are after every step, in the states of the first.

    What is `within` holds of each step, too.
    """
    course = case.course
    maps = {name: course.known(maps[name]) for name in other.kept if name in maps}
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
    if within:
        goal = " /\\ ".join([f"({goal})", *within])
        script = f"intros; split; [ {script}\n  | in_step t; repeat split; sign ]"
    return case.theorem(f"forall t, {goal}", script, *every, more=[began])


def _after(course: Course, value: sympy.Expr) -> sympy.Expr:
    """A term in states, as one in the states after the step."""
    return value.xreplace({s: new(s) for s in value.free_symbols if s.name in course.kept and not isinstance(s, New)})


class _Lines(Lines):
    """The step of both runs: that of the other with what the maps say of its states."""

    def __init__(self, case: Case, other: Course, maps: Expressions) -> None:
        super().__init__(case, "k", set(case.course.steps), tuple(f"I{k}" for k, _ in enumerate(maps)))
        self.other = other
        for value in (*other.steps.values(), *maps.values()):
            self.symbols = {s.name: s for s in value.free_symbols} | self.symbols
        self.after = {name: _after(self.course, v) for name, v in maps.items() if name != PARAMETER}
        theirs = {name: self._past(value) for name, value in maps.items()}
        for target, value in self.other.steps.items():
            self._their(target, other.known(value), theirs)

    @property
    def script(self) -> str:
        """The tactic that leaves nothing open of the step."""
        put = f"repeat split; {self.put}"
        return ";\n    ".join([*self.lines, f"{put}; first [solve [alone; finish] | {self.open}; alone; finish]"])

    def _their(self, target: str, value: sympy.Expr, values: dict[str, sympy.Expr]) -> None:
        self.prepare(value, self.other, values)
        found = self.tidy(value, values)
        mapped = self.after.get(self.other.named(target))
        if mapped is not None and self.tidy(found - mapped.xreplace(self.defined), {}) == 0:
            self.seen.setdefault(found, mapped)
        values[target] = self.seen.get(found, found)
        self.line(self.other, target, values[target])

    def _past(self, value: sympy.Expr) -> sympy.Expr:
        """A map before the step, with the hyperparameters of the step before."""
        changing = {s for s in value.free_symbols if isinstance(s, Hyper) and not self.course.is_constant(s.name)}
        found = value.xreplace({s: at(s, T - 1) for s in changing})
        return found.xreplace({s: T - 1 for s in found.free_symbols if s.name == STEP})
