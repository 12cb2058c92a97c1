"""A statement as data: over which runs, under which conditions, which relation.

    Statement(
        Runs(ADAM, constant=("beta1",)),
        Holds(after(m), "=", beta1**T * after(m, 0) + (1 - beta1) * past_sum(beta1 ** (T - I) * at(g, I))),
    )

says that in every run of Adam in which beta1 keeps its value, whatever the gradients and the other hyperparameters are,
m[t] is this sum at every t. Text, LaTeX and JSON are derived from it, and `replay` runs it in exact numbers. A
tactic is given a statement and answers. What the answer needs is noted by the function that uses it, in
`analysis.assumptions`, and becomes part of the statement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sympy

from ..expr.prose import about
from ..spec.domain import Domain
from ..spec.rules import Layer, Monitor, Schedule
from .relations import All, Holds, Not, Relation, Said, SameRun, Split, Tends, Under, spelling
from .runs import Gradients, Runs, Start, Steps
from .terms import I, J, T, after, at, expected, later_product, past_max, past_sum, product

__all__ = [
    "All",
    "Gradients",
    "Holds",
    "I",
    "J",
    "Not",
    "Relation",
    "Runs",
    "Said",
    "SameRun",
    "Split",
    "Start",
    "Statement",
    "Steps",
    "T",
    "Tends",
    "Under",
    "after",
    "at",
    "expected",
    "later_product",
    "past_max",
    "past_sum",
    "product",
    "spelling",
]


@dataclass(frozen=True)
class Statement:
    """`relation` holds in all `runs` in which the `conditions` hold.

    A condition is a comparison in the symbols of the rule that holds at every step, as `Ne(eps, 0)` does, or one that
    only words can say (`noted`), as that arrays do not overlap.
    """

    runs: Runs
    relation: Relation
    conditions: tuple[sympy.Basic, ...] = ()
    noted: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """The relation, and what hyperparameters are fixed at."""
        text = self.relation.text(self.runs)
        if self.runs.at and not self.relation.says_at:
            spell = spelling(self.runs)
            text += f" if {', '.join(f'{name} = {spell(value)}' for name, value in self.runs.at)}"
        return text

    @property
    def latex(self) -> str:
        """The text for a paper: words, and formulas between dollars."""
        return about(self.runs.rule).read(self.text)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the runs have in common, and the conditions, in words."""
        runs, spell = self.runs, spelling(self.runs)
        found = [*self.noted]
        found += [runs.gradients.value] if runs.gradients.value and not self.relation.says_gradients else []
        found += [f"{' and '.join(runs.frozen)} frozen"] if runs.frozen else []
        found += [runs.steps.value] if runs.steps not in (Steps.ALL,) else []
        found += [f"{name} constant" for name in runs.constant]
        found += [f"{spell(c.lhs)} {c.rel_op.replace('==', '=')} {spell(c.rhs)}" for c in self.conditions]
        found += [d.condition(name) for name, d in self._domains().items() if d != Domain()]
        if runs.steps is Steps.ALL and not isinstance(runs.rule, Layer | Schedule | Monitor):
            found += [runs.steps.value]
        return tuple(dict.fromkeys(found))

    def _domains(self) -> dict[str, Domain]:
        """The domains of all that the statement speaks of, hyperparameters in their order, then the others."""
        used = self.relation.symbols().union(*(c.free_symbols for c in self.conditions))
        spoken = {s.name for s in used}.union(self.runs.constant)
        names = [h.name for h in self.runs.rule.hypers if h.name in spoken and h.name not in self.runs.fixed]
        names += [name for name, _ in self.runs.domains if name not in names]
        found = {name: self.runs.domain_of(name) for name in dict.fromkeys(names)}
        return {name: d for name, d in found.items() if d is not None}

    def as_json(self) -> dict[str, Any]:
        """The parts of the statement as what JSON has."""
        runs = self.runs
        return {
            "gradients": runs.gradients.name.lower(),
            "start": runs.start.name.lower(),
            "steps": runs.steps.name.lower(),
            "constant": list(runs.constant),
            "at": {name: str(value) for name, value in runs.at},
            "frozen": list(runs.frozen),
            "conditions": [str(c) for c in self.conditions],
            "relation": type(self.relation).__name__,
        }
