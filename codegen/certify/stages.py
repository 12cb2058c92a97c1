"""What stages of a pipeline leave alone, in which order they may stand, and what they do when they run twice.

That is said of one step from whatever state, at one element: what goes in is a number, and so is what each step of a
stage computes, in each of its runs. A sum over whole gradients is any number that is not negative if its terms are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sympy

from ..expr.tree import ranks
from ..spec.domain import NON_NEGATIVE, Domain
from ..spec.rules import Optimizer, Stage
from ..spec.symbolic import Reduction, outermost
from ..spec.symbols import STEP, Array, Scalar
from ..statement.stages import Untouched
from . import theorem_of
from .cases import Case
from .printing import Binding, Printer, Step, Text, applied
from .runs import identifier, literal, meeting
from .schedules import within
from .theorem import Hypothesis, InexpressibleError, Theorem, Variable

_NOW = Step(STEP)


class Moment:
    """One step of the stages of a statement. `values` has the name, in Coq, of what stands for each name now."""

    indices: Mapping[sympy.Symbol, str] = {}

    def __init__(self, case: Case) -> None:
        self.case, self.runs = case, case.runs
        self.rank: Mapping[str, int] = ranks(case.runs.rule)
        self.print = Printer(self)
        self.values: dict[str, str] = {}
        self.given: dict[str, Domain] = {}
        self.computed: dict[str, str] = {}
        self.inside: dict[str, str] = {}  # what stands for each name in the last run
        self._of_others: dict[str, Domain] = {}

    # Names.

    def dated(self, symbol: sympy.Symbol, step: Step) -> Text:
        text = self._raw(symbol)
        return applied("INR", text) if self._is_natural(text[0]) else text

    def natural(self, symbol: sympy.Symbol, step: Step) -> str:
        text = self._raw(symbol)[0]
        if not self._is_natural(text):
            raise InexpressibleError(f"{symbol}, which is no natural number,")
        return text

    def _is_natural(self, own: str) -> bool:
        allowed = self.given.get(own, Domain())
        return allowed.integer and allowed.nonnegative

    def _raw(self, symbol: sympy.Symbol) -> Text:
        own = self.values.setdefault(symbol.name, identifier(symbol.name))
        if own not in self.computed and own not in self.given:
            self.given[own] = self.runs.domain_of(symbol.name) or self._of_others.get(symbol.name, Domain())
        return own, Binding.ATOM

    def said(self, expr: sympy.Expr) -> str:
        """An expression in the values of now."""
        fixed = self.runs.fixed
        known = expr.xreplace({s: fixed[s.name] for s in expr.free_symbols if s.name in fixed})
        return self.print(known, _NOW, Binding.SUM)

    # Runs.

    def run(self, stage: Optimizer, mark: str, renamed: Mapping[str, str] | None = None) -> None:
        """One run of a stage; what it computes goes by names with a `mark`."""
        renamed = renamed or {}
        outside = dict(self.values)
        self.values |= {name: self.values.get(other, identifier(other)) for name, other in renamed.items()}
        self._of_others = {h.name: h.allowed for h in stage.hypers}
        for name, other in renamed.items():
            self.given.setdefault(identifier(other), self._of_others.get(name, Domain()))
        for step in stage.steps:
            own = f"{identifier(step.target.name)}{mark}"
            self.compute(own, step.target, step.value, mark)
            self.values[step.target.name] = own
        for step in stage.steps:  # the next run finds what this one has left
            name = step.target.name
            if name.endswith("_new"):
                outside[name.removesuffix("_new")] = self.values[name]
        self.inside, self.values = self.values, outside

    def compute(self, own: str, target: sympy.Symbol, value: sympy.Expr, mark: str) -> None:
        """What a step of the stage computes goes by the name `own`."""
        self.computed[own] = self.said(self._abstract(value, mark))

    def _abstract(self, expr: sympy.Expr, mark: str) -> sympy.Expr:
        found = {}
        for node in outermost(expr, Reduction):
            name = f"sum{mark}_{len(self.given)}"
            self.given[name] = NON_NEGATIVE if node.args[0].is_nonnegative else Domain()
            self.values[name] = name
            found[node] = Scalar(name) if node.how != "overflow" else sympy.Integer(0)
        return expr.xreplace(found)

    def halts(self, stage: Stage) -> Iterator[str]:
        """That the step goes on, in the names after the last run."""
        if stage.halts is not None:
            before, self.values = self.values, self.inside
            yield f"~ {self.print.comparison(stage.halts, _NOW)}"
            self.values = before

    # The theorem.

    def theorem(
        self, goal: str, script: str = "intros; subst; one_step", conditions: Sequence[sympy.Basic] = ()
    ) -> Theorem:
        """The theorem that `goal` follows from what the runs compute, and from conditions on that."""
        held = [self.print.comparison(c, _NOW) for c in conditions]
        about = [c for c in conditions if {s.name for s in c.free_symbols} <= {*self.given}]
        numbers = meeting(self.given, about)
        domains = [Hypothesis("t_domain", "(1 <= t)%nat", "meets")]
        domains += [h for own, allowed in self.given.items() if (h := within(own, allowed))]
        names = ", ".join(["t", *self.given])
        found = [Hypothesis(h.name, h.text, f"unfold {names} in *; meets") for h in domains]
        found += [Hypothesis(f"{own}_is", f"{own} = {text}", "reflexivity") for own, text in self.computed.items()]
        opened = f"unfold {', '.join([*reversed(self.computed), names])}; choices; first [exfalso; lra | meets]"
        found += [Hypothesis(f"condition_{k}", text, opened) for k, text in enumerate(held, start=1)]
        kinds = {own: "nat" if self._is_natural(own) else "R" for own in self.given}
        variables = [Variable("t", "nat"), *(Variable(own, kind) for own, kind in kinds.items())]
        variables += [Variable(own, "R") for own in self.computed]
        runs = ["Definition t : nat := 1."]
        runs += [f"Definition {own} : {kinds[own]} := {literal(numbers[own])}." for own in self.given]
        runs += [f"Definition {own} : R := {text}." for own, text in self.computed.items()]
        return Theorem(
            self.case.name, self.case.statement.text, tuple(variables), tuple(found), goal, script, tuple(runs),
        )  # fmt: skip


@theorem_of.register
def _(relation: Untouched, case: Case) -> Theorem:
    stage, moment = case.runs.stage, unconditional(case)
    before = {name: moment.said(Array(name)) for name in relation.names}
    moment.run(stage, "_1")
    says = [f"{moment.values[n]} = {before[n]}" for n in relation.names if moment.values[n] != before[n]]
    goal = " /\\ ".join([*says, *moment.halts(stage)])
    if relation.where is not None:
        moment.values = moment.inside
        goal = f"{moment.print.comparison(relation.where, _NOW)} -> {goal}"
    return moment.theorem(goal)


def unconditional(case: Case) -> Moment:
    """Raises InexpressibleError where there are conditions: it is not said of which of the runs they speak."""
    if case.statement.conditions:
        raise InexpressibleError("stages under conditions")
    return Moment(case)
