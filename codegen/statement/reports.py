"""What a statement says of a monitor's reports.

A report is any number, infinite or NaN, or two of them, unless conditions say otherwise. A comparison with NaN does not
hold. Two values are the same if both are NaN.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import sympy

from ..spec.rules import Monitor
from ..spec.symbols import METRIC, TRAINING, Scalar
from .relations import Relation
from .runs import Runs


@dataclass(frozen=True)
class AtReports(Relation):
    """`condition` holds at every report; if it is `kept`, about states alone, before the first report as well."""

    condition: sympy.Basic
    kept: bool

    def text(self, runs: Runs) -> str:
        return f"{self.condition} at {'all times' if self.kept else 'every report'}"

    def symbols(self) -> set[sympy.Symbol]:
        return self.condition.free_symbols


@dataclass(frozen=True)
class LeastReport(Relation):
    """After every report the state is the least of the reports that are not NaN; oo where there is none."""

    state: Scalar

    def text(self, runs: Runs) -> str:
        return f"{self.state}[t] = min(metric[1], ..., metric[t]), reports of NaN left out"


@dataclass(frozen=True)
class Course(Relation):
    """If every report is `metric`, the states after report `first + k * length + j` are `after`, 0 <= j < length.

    If `length` depends on k, `k * length` is the sum of the lengths before.
    """

    after: Mapping[Scalar, sympy.Expr] = field(hash=False)
    length: sympy.Expr
    metric: sympy.Expr
    first: int
    training: sympy.Expr | None = None

    @property
    def grows(self) -> bool:
        """Whether the lengths are not all the same."""
        return "k" in {s.name for s in self.length.free_symbols}

    def text(self, runs: Runs) -> str:
        after = ", ".join(f"{s} = {e}" for s, e in self.after.items())
        listens = f"if every report is {self.metric}, a finite number, " if runs.monitor.listens else ""
        if self.training is not None:
            listens = f"if every report is {self.metric} with {self.training} of the training data, finite numbers, "
        return f"{listens}after report {self._number()}: {after}"

    def symbols(self) -> set[sympy.Symbol]:
        heard = (self.metric, *([] if self.training is None else [self.training]))
        return self.length.free_symbols.union(
            *(e.free_symbols for e in heard), *(e.free_symbols for e in self.after.values())
        )

    def _number(self) -> str:
        """The number of a report, in j and k."""
        length = str(self.length)
        parts = [str(self.first)] if self.first else []
        if self.grows:
            of_i = re.sub(r"\bk\b", "i", length)
            parts.append(f"sum({of_i}, i=0..k-1)")
        else:
            parts.append("k" if length == "1" else f"({length}) * k")
        return " + ".join(parts if length == "1" else [*parts, "j"])


@dataclass(frozen=True)
class AfterNan(Relation):
    """A report of NaN leaves the states as in `after`, whatever the reports before it were."""

    after: Mapping[Scalar, sympy.Expr] = field(hash=False)

    def text(self, runs: Runs) -> str:
        of = "NaN" if TRAINING not in runs.monitor.hears else "NaN for one or both of its metrics"
        return f"after a report of {of}, {', '.join(f'{s} becomes {e}' for s, e in self.after.items())}"

    def symbols(self) -> set[sympy.Symbol]:
        return set().union(*(e.free_symbols for e in self.after.values()))


@dataclass(frozen=True)
class Agreement(Relation):
    """`other` tells the same at all times, if it hears `metric` in place of the metric, and `relation` holds.

    `hyper` gives the hyperparameters of `other` that are not those of the same name.
    """

    says_at: ClassVar[bool] = False

    other: Monitor = field(repr=False)
    hyper: Mapping[str, sympy.Expr] = field(hash=False)
    metric: sympy.Expr
    relation: sympy.Basic

    def text(self, runs: Runs) -> str:
        pairs = ", ".join(f"{name}={value}" for name, value in self.hyper.items())
        heard = "" if self.metric.is_Symbol and self.metric.name == METRIC else f" hearing {self.metric}"
        return f"{runs.rule.name} tells what {self.other.name}({pairs}){heard} tells; {self.relation}"

    def symbols(self) -> set[sympy.Symbol]:
        return set().union(*(e.free_symbols for e in self.hyper.values()))
