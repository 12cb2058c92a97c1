"""From a statement to a theorem: what is supposed of its runs, and numbers that meet all of that."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy

from ..analysis.sums import IN_PLACE_OF
from ..spec.rules import Optimizer
from ..spec.symbols import GRADIENT, PARAMETER, New
from ..statement import Gradients, Start, Statement, Steps
from ..statement.terms import Term
from .printing import Binding, Step, Text
from .runs import FIRST, NOW, Course, bounded, literal, meeting
from .theorem import Hypothesis, InexpressibleError, Theorem, Variable


class Case:
    """A statement on its way to a theorem. `course` is the run of its rule, and `others` are runs beside it."""

    def __init__(self, name: str, statement: Statement) -> None:
        self.name, self.statement, self.runs = name, statement, statement.runs
        if not isinstance(self.runs.rule, Optimizer):
            raise InexpressibleError(f"a {type(self.runs.rule).__name__.lower()}")
        self.course = Course(self.runs.rule, self.runs)
        self.others: list[Course] = []
        #: The step that is spoken of.
        self.now = FIRST if self.runs.steps is Steps.FIRST else NOW

    def beside(self, rule: Optimizer, values: dict[str, sympy.Expr]) -> Course:
        """A second run, with the gradients and hyperparameters of the first, or with what `values` make of them."""
        other = Course(rule, self.runs, "'", values)
        self.others.append(other)
        return other

    def theorem(self, goal: str, script: str, *expressions: sympy.Basic, more: Sequence[Hypothesis] = ()) -> Theorem:
        """The theorem that `goal` holds. It depends on `expressions`, and on all that the runs beside it compute.

        `more` is supposed beside what the statement assumes.
        """
        if self.runs.frozen:
            raise InexpressibleError("frozen states")
        if self.runs.steps is Steps.LATE:
            raise InexpressibleError("limits")
        conditions = [c for c in self.statement.conditions if c not in (sympy.true, True)]
        if sympy.false in conditions:
            raise InexpressibleError("a condition that nothing meets")
        if any(c.has(Term) for c in conditions):
            raise InexpressibleError("a condition on the steps before")
        held = [self._condition(number, c) for number, c in enumerate(conditions, start=1)]
        steps = self.course.supposed([self.course.known(e) for e in (*expressions, *conditions)], self.runs.start)
        for other in self.others:
            steps += other.supposed([step.target for step in other.rule.steps], self.runs.start)
        steps = [*self._chance(), *self._gradients(), *steps]
        values = self._values(conditions)
        before = [*self._domains(), *steps, *more]
        held = [self._by_steps(one, condition, before) for one, condition in zip(held, conditions, strict=True)]
        hypotheses = [*before, *held]
        return Theorem(
            self.name, self._about, self._variables(values), tuple(map(self._with_names, hypotheses)), goal,
            script, (*self._chosen(values), *self._definitions()),
        )  # fmt: skip

    def starts(self) -> list[str]:
        """The names of what is supposed of the starts of states, to be called once all that is said is known."""
        courses = (self.course, *self.others)
        found = [f"{c.sequence(n)}_start" for c in courses for n in c.kept if n in c.used and n != PARAMETER]
        return found if self.runs.start is Start.DECLARED else []

    @property
    def _about(self) -> str:
        """What the theorem says, and which numbers stand for sums."""
        numbers = [h for h in self.course.rule.hypers if h.doc.startswith(IN_PLACE_OF) and h.name in self.course.used]
        return ", ".join([self.statement.text, *(f"{h.name} {h.doc}" for h in numbers)])

    # What is supposed.

    @property
    def _given(self) -> list[str]:
        """What the runs have from outside: hyperparameters, gradients, symbols of the relation."""
        names = dict.fromkeys(name for course in (self.course, *self.others) for name in course.used)
        return [n for n in names if not any(n in c.steps or n in c.kept for c in (self.course, *self.others))]

    def _condition(self, number: int, condition: sympy.Basic) -> Hypothesis:
        course, condition = self.course, self.course.known(condition)
        text = course.print.comparison(condition, self.now)
        if self.now == NOW and not all(course.is_constant(s.name) for s in condition.free_symbols):
            if any(course.by_chance(s.name) for s in condition.free_symbols):
                raise InexpressibleError("a condition on chance")
            if all(s.name in course.hypers for s in condition.free_symbols):
                text = course.print.comparison(condition, NOW.before)  # as their domains, at all times
            text = f"forall t, {text}"
        return Hypothesis(f"condition_{number}", text, "meets")

    def _domains(self) -> list[Hypothesis]:
        found = []
        for name in self._given:
            allowed, constant = self.course.domain(name), self.course.is_constant(name)
            own = self.course.sequence(name)
            text = bounded(own if constant else f"{own} t", allowed)
            text = text if constant or not text else f"forall t, {text}"
            if self.course.is_natural(name):
                if allowed.low != 0 or allowed.high is not None:
                    found.append(Hypothesis(f"{own}_domain", f"({text})%nat", "meets"))
            elif allowed.integer:
                raise InexpressibleError(f"{name}, a whole number that may be negative,")
            elif text:
                found.append(Hypothesis(f"{own}_domain", text, "meets"))
        return found

    def _chance(self) -> list[Hypothesis]:
        return [Hypothesis("E_linear", "expectation E", "exact of_one_outcome")] if self.course.chance else []

    def _gradients(self) -> list[Hypothesis]:
        g = self.course.sequence(GRADIENT)
        if GRADIENT not in self._given or self.runs.gradients is Gradients.ANY:
            return []
        match self.runs.gradients:
            case Gradients.STATIONARY:
                text = f"forall (f : R -> R) t, E (fun o => f ({g} (S t) o)) = E (fun o => f ({g} 1%nat o))"
                return [Hypothesis(f"{g}_same", text, "reflexivity")]
            case Gradients.ZERO:
                return [Hypothesis(f"{g}_zero", f"forall t, {g} t = 0", "meets")]
            case Gradients.CONSTANT:
                return [Hypothesis(f"{g}_same", f"forall t, {g} t = {g} 1%nat", "meets")]
            case Gradients.POSITIVE:
                same = Hypothesis(f"{g}_same", f"forall t, {g} t = {g} 1%nat", "meets")
                return [same, Hypothesis(f"{g}_positive", f"0 < {g} 1%nat", "meets")]
        raise InexpressibleError(f"runs in which {self.runs.gradients.value}")

    # The witness.

    def _values(self, conditions: Sequence[sympy.Basic]) -> dict[str, Fraction]:
        """A number for all that is given from outside, so that what is said of those alone holds."""
        own = [c for c in map(self.course.known, conditions) if {s.name for s in c.free_symbols} <= {*self._given}]
        gradient = Fraction(0) if self.runs.gradients is Gradients.ZERO else Fraction(1)
        first = {GRADIENT: gradient} if GRADIENT in self._given else {}
        return meeting({name: self.course.domain(name) for name in self._given}, own, first)

    def _variables(self, values: dict[str, Fraction]) -> tuple[Variable, ...]:
        """All that the theorem ranges over, constants first."""
        found = []
        for name in values:
            kind = "nat" if self.course.is_natural(name) else "R"
            constant = self.course.is_constant(name)
            own = self.course.sequence(name)
            found.append(Variable(own, kind if constant else f"nat -> {self._outcome(name)}{kind}"))
        found.sort(key=lambda v: v.type.startswith("nat ->"))
        for course in (self.course, *self.others):
            own_names = [n for n in course.used if n in course.steps or n in course.kept]
            found += [Variable(course.sequence(n), f"nat -> {self._outcome(n)}R") for n in own_names]
        if self.course.chance:
            found = [Variable("Omega", "Type"), Variable("E", "(Omega -> R) -> R"), *found]
        return tuple(found)

    def _outcome(self, name: str) -> str:
        return "Omega -> " if self.course.by_chance(name) else ""

    def _chosen(self, values: dict[str, Fraction]) -> list[str]:
        """The numbers as definitions, which what is computed refers to."""
        found = []
        if self.course.chance:
            found += ["Definition Omega := unit.", "Definition E (X : Omega -> R) := X tt."]
        for variable in self._variables(values):
            name = next((n for n in values if self.course.sequence(n) == variable.name), None)
            if name is None:
                continue
            of = " (t : nat)" if variable.type.startswith("nat ->") else ""
            of += " (o : Omega)" if self.course.by_chance(name) else ""
            kind = "nat" if variable.type.endswith("nat") else "R"
            found.append(f"Definition {variable.name}{of} : {kind} := {literal(values[name])}.")
        return found

    def _with_names(self, hypothesis: Hypothesis) -> Hypothesis:
        """The names of the numbers are opened where a number has to be seen."""
        if hypothesis.proof != "meets":
            return hypothesis
        names = " ".join(self.course.sequence(n) for n in self._given)
        computed = [c.sequence(n) for c in (self.course, *self.others) for n in c.used if n in c.steps or n in c.kept]
        opened = f"intros; cbv beta iota zeta delta [{names}]; meets" if names else "meets"
        if hypothesis.name.startswith(("condition_", "w'_")) and computed:
            whole = f"intros; cbv beta iota zeta delta [{names} {' '.join(computed)}]; meets"
            by_form = f"intros; cbv beta iota zeta delta [{names}]; first [apart | apply Rlt_gt; over]"
            opened = f"first [solve [{by_form}] | solve [{whole}] | {opened}]"
        return Hypothesis(hypothesis.name, hypothesis.text, opened)

    def _by_steps(self, held: Hypothesis, condition: sympy.Basic, before: Sequence[Hypothesis]) -> Hypothesis:
        """A condition on what steps compute, with a way to show it of all of them: by what is supposed before it."""
        from .kept import step_from  # which is about cases

        if not held.text.startswith("forall t") or not any(s.name in self._changing for s in condition.free_symbols):
            return held
        way = [f"assert ({one.name} : {one.text}) by ({self._with_names(one).proof})" for one in before]
        values = self._values([])
        for name in self._given:
            own, value = self.course.sequence(name), literal(values[name])
            if not self.course.is_constant(name) and not self.course.is_natural(name):
                lies = f"forall t, {value} <= {own} t <= {value}"
                way.append(f"assert ({own}_is : {lies}) by (intro; unfold {own}; lra)")
        way += ["intro t", step_from(self, condition)]
        return Hypothesis(held.name, held.text, f"first [{self._with_names(held).proof} | {'; '.join(way)}]")

    @property
    def _changing(self) -> set[str]:
        """What steps compute and keep."""
        return {n for c in (self.course, *self.others) for n in (*c.steps, *c.kept)}

    def _definitions(self) -> list[str]:
        """What of the runs changes by itself, as functions that compute it."""
        courses = [(_Now(course), course) for course in (self.course, *self.others)]
        found, kept = [], [(i, c, n) for i, c in courses for n in c.kept if n in c.used]
        for number, (inner, course, name) in enumerate(kept):
            own, o = course.sequence(name), course.at_all(name)
            lets = [line for one, _ in courses for line in one.lets(bool(o) or not course.chance)]
            word, of = "with" if number else "Fixpoint", f" (t : nat){' (o : Omega)' if o else ''}"
            found.append(f"{word} {own}{of} {{struct t}} : R := match t with O => {inner.began(name)} | S t =>")
            found += [f"  {let}" for let in lets]
            end = "." if number == len(kept) - 1 else ""
            moved = f"{name}_new" in course.told
            found.append(f"  {own}_now end{end}" if moved else f"  {own} t{o} end{end}")
        for _, course in courses:
            for name in (n for n in course.used if n in course.steps and n not in course.kept):
                own, o = course.sequence(name), course.at_all(name)
                lets = [line for one, _ in courses for line in one.lets(bool(o) or not course.chance)]
                of = f" (t : nat){' (o : Omega)' if o else ''}"
                found.append(f"Definition {own}{of} : R := match t with O => 0 | S t =>")
                found += [*(f"  {let}" for let in lets), f"  {own}_now end."]
        return found


class _Now(Course):
    """A run inside the function that computes it: what the step has computed goes by the name of a number."""

    def __init__(self, of: Course) -> None:
        super().__init__(of.rule, of.runs, of.prime, of.fixed)
        self.of, self.chance = of, of.chance

    def lets(self, whole: bool) -> list[str]:
        """The steps of the theorem, each as a number; if not `whole`, those in which there is no chance."""
        chosen = [target for target in self.steps if target in self.of.told]
        chosen = [target for target in chosen if whole or not self.by_chance(self.named(target))]
        return [f"let {self.sequence(self.named(t))}_now := {self.said(self.steps[t])} in" for t in chosen]

    def began(self, name: str) -> str:
        """Where a state starts: anywhere, if that is not said."""
        value = self.kept[name]
        if name in self.of.begins:
            return self.of.begins[name]
        return "1" if value is None or self.runs.start is not Start.DECLARED else self.said(value, FIRST)

    def _raw(self, symbol: sympy.Symbol, step: Step) -> Text:
        text, binding = super()._raw(symbol, step)
        if step == NOW and (isinstance(symbol, New) or symbol.name in self.steps):
            return f"{text.split(' ')[0]}_now", Binding.ATOM
        if symbol.name in self.kept and step == FIRST:
            return f"({self.began(symbol.name)})", Binding.ATOM
        return text, binding
