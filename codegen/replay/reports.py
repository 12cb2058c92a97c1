"""Monitors, report by report."""

from __future__ import annotations

from collections.abc import Iterator

from ..spec.enclosure import UndecidableError, UndefinedError
from ..statement import Relation, Statement
from ..statement.reports import AfterNan, Agreement, AtReports, Course, LeastReport
from . import Found, monitors, outcomes

_RUNS = 25  # of a statement, spread over all that would refute it


@outcomes.register(AtReports)
@outcomes.register(LeastReport)
@outcomes.register(Course)
@outcomes.register(AfterNan)
@outcomes.register(Agreement)
def _(relation: Relation, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    every = list(monitors.trials(statement))
    for hyper, heard in every[:: max(1, len(every) // _RUNS)]:
        try:
            yield 1, monitors.broken(relation, statement, hyper, heard)
        except (UndefinedError, UndecidableError, OverflowError):
            yield 0, None
