"""Monitors, report by report."""

from __future__ import annotations

from collections.abc import Iterator

from codegen import monitor_runs
from codegen.enclosure import UndecidableError, UndefinedError
from codegen.replay import Found, outcomes
from codegen.statement import Statement
from codegen.statement.reports import AfterNan, Agreement, AtReports, Course, LeastReport

_RUNS = 25  # of a statement, spread over all that would refute it


@outcomes.register(AtReports)
@outcomes.register(LeastReport)
@outcomes.register(Course)
@outcomes.register(AfterNan)
@outcomes.register(Agreement)
def _(relation, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    every = list(monitor_runs.trials(statement))
    for hyper, heard in every[:: max(1, len(every) // _RUNS)]:
        try:
            yield 1, monitor_runs.broken(relation, statement, hyper, heard)
        except (UndefinedError, UndecidableError, OverflowError):
            yield 0, None
