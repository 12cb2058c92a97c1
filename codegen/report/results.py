"""Show results: lines for a terminal, one object for a program."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from ..load import Problem
from ..result import CONTRADICTED, PROVED, REFUTED, SKIPPED, STATUSES, TESTED, UNDECIDED, Result
from ..words import plural

if TYPE_CHECKING:
    from ..compare.rules import Comparison
    from .sources import Decided

SCHEMA = 1
_COLOURS = {
    PROVED: "32",
    TESTED: "36",
    SKIPPED: "33",
    REFUTED: "31;1",
    UNDECIDED: "35;1",
    CONTRADICTED: "31;7",
}
_WIDTH = 100
_INDENT = " " * 12
_FOUND = (REFUTED, UNDECIDED, CONTRADICTED)


def width() -> int:
    """The columns of the terminal that is written to; of what is none, the same everywhere."""
    return max(40, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _WIDTH


def row(start: str, text: str) -> str:
    """A row of a table; on a terminal, a long `text` goes on below its own beginning."""
    if not sys.stdout.isatty():
        return start + text
    return textwrap.fill(start + text, max(width(), len(start) + 20), subsequent_indent=" " * len(start))


def as_json(**parts: Any) -> str:
    return json.dumps({"schema": SCHEMA, **parts}, indent=2, sort_keys=True)


def results_json(results: Sequence[Result], problems: Iterable[Problem] = (), error: str = "") -> str:
    """The object that `verify --json` prints, also on failure."""
    parts: dict[str, Any] = {"summary": summary(results), "results": _rows(results)}
    if problems:
        parts["problems"] = [{"place": p.place, "fact": p.fact, "remedy": p.remedy} for p in problems]
    if error:
        parts["error"] = error
    return as_json(**parts)


def _rows(results: Iterable[Result]) -> list[dict[str, Any]]:
    return [
        {
            "spec": r.spec,
            "claim": r.claim,
            "status": r.status,
            "statement": r.text,
            "latex": r.latex,
            "about": r.about,
            "method": r.method,
            "assumptions": list(r.assumed),
            "counterexample": dict(r.counterexample) if r.counterexample else None,
            "reason": r.reason or None,
            "runs": r.runs,
            "certified": None if r.certificate is None else vars(r.certificate),
            "seconds": round(r.seconds, 4),
        }
        for r in results
    ]


def comparison_json(found: Comparison) -> str:
    """The object that `compare --json` prints."""
    return as_json(**found.rows(), results=_rows(found.results), seconds=round(found.seconds, 4))


def comparison_lines(found: Comparison, colour: bool = False) -> list[str]:
    """A comparison as lines: the verdict with its conditions, the smallest trace, how each statement is known."""
    lines = [f"{found.verdict}: {found.statement}", *(f"  if {condition}" for condition in found.conditions)]
    if found.trace:
        lead = "otherwise they part, as at " if found.conditions else "they part at "
        lines += _wrapped(lead + _listed(found.trace), "  ")
    return lines + [line for result in found.results for line in result_lines(result, colour)]


def summary(results: Iterable[Result]) -> dict[str, int]:
    statuses = [result.status for result in results]
    return {status: statuses.count(status) for status in STATUSES}


def holds(results: Sequence[Result], strict: bool) -> bool:
    """Whether all that was asked holds: something was checked, and nothing was found."""
    good = {PROVED, TESTED} if strict else {PROVED, TESTED, SKIPPED}
    return any(r.status in (PROVED, TESTED) for r in results) and all(r.status in good for r in results)


def sources_json(found: Iterable[Decided]) -> str:
    """The object that `list --source --json` prints."""
    rows = [
        {
            "source": one.line.source,
            "place": one.line.place,
            "printed": one.line.printed,
            "formulas": list(one.line.formulas),
            "status": one.status,
            "shown": list(map(str, one.line.shown)),
            "denied": list(map(str, one.line.denied)),
            "remark": one.line.remark or None,
            "results": _rows(one.results),
        }
        for one in found
    ]
    return as_json(lines=rows)


def line_of_source(found: Decided, colour: bool = False) -> list[str]:
    """A statement of a source: its status, where it stands, what decides it, and an example of where it fails."""
    line = found.line
    lines = [f"  {_coloured(found.status, colour)} {line.place}", *_wrapped(line.printed)]
    lines += _wrapped(line.remark) if line.remark else []
    for backing, results in found.found.items():
        word = "denied" if backing in line.denied else "shown"
        lines += _wrapped(f"{word} by {backing}{'' if results else ', which there is not'}")
        for result in results:
            if result.status not in (PROVED, TESTED):
                lines += result_lines(result, colour)
            elif word == "denied" and result.counterexample:
                lines += _wrapped(f"for example: {_listed(result.counterexample)}", " " * 14)
    return lines


class Terminal:
    """Prints results as they come, and progress on a line of its own that is wiped."""

    def __init__(self, out: TextIO | None = None, progress: TextIO | None = None) -> None:
        out, progress = out or sys.stdout, progress or sys.stderr
        self.out = out
        self.colour = out.isatty() and "NO_COLOR" not in os.environ
        self.progress = progress if progress.isatty() else None
        self.at = ""

    def started(self, spec: str, claim: str) -> None:
        self.at = f"{spec}: {claim}"
        if self.progress:
            self.progress.write(f"\r\x1b[K{f'{self.at} ...'[: shutil.get_terminal_size().columns - 1]}")
            self.progress.flush()

    def done(self) -> None:
        if self.progress:
            self.progress.write("\r\x1b[K")
            self.progress.flush()

    def show(self, lines: Iterable[str]) -> None:
        self.done()
        for line in lines:
            print(line, file=self.out)
        self.out.flush()


class Whole:
    """Every result in full, each below the heading of its rule."""

    def __init__(self, terminal: Terminal, headings: Mapping[str, str]) -> None:
        self.terminal, self.headings = terminal, headings
        self.spec = ""

    def result(self, result: Result) -> None:
        if result.spec != self.spec:
            self.spec = result.spec
            self.terminal.show([self.headings.get(result.spec, result.spec)])
        self.terminal.show(result_lines(result, self.terminal.colour))

    def end(self) -> None:
        """Nothing is left to be said."""


class Brief:
    """One line a rule, once all that belongs to it is known, and below it in full what was found against it.

    What is known of several rules only at the end, as what compilers say, is a line of its own.
    """

    _LATE = "compiled"

    def __init__(self, terminal: Terminal, names: Iterable[str]) -> None:
        self.terminal = terminal
        self.width = max(map(len, (*names, "files", self._LATE)))
        self.told: set[str] = set()
        self.name, self.group = "", list[Result]()
        self.skipped = Counter[str]()

    def result(self, result: Result) -> None:
        name = self._LATE if result.spec in self.told else result.spec
        if name != self.name:
            self._flush()
            self.name = name
        self.group.append(result)
        if result.status == SKIPPED:
            self.skipped[result.reason] += 1

    def end(self) -> None:
        """Print what is left, and why something was skipped."""
        self._flush()
        lines = (f"{count} skipped: {reason}" for reason, count in self.skipped.items())
        self.terminal.show(part for line in lines for part in _wrapped(line, ""))

    def _flush(self) -> None:
        if not self.group:
            return
        self.told.add(self.name)
        counts = ", ".join(f"{count} {self._word(status)}" for status, count in summary(self.group).items() if count)
        lines = [f"{self.name:{self.width}}  {counts}"]
        for result in self.group:
            if result.status in _FOUND:
                lines += [f"  of {result.spec}:"] if self.name == self._LATE else []
                lines += result_lines(result, self.terminal.colour)
        self.group = []
        self.terminal.show(lines)

    def _word(self, status: str) -> str:
        if status == PROVED and all(result.claim.startswith("in sync ") for result in self.group):
            return "in sync"
        code = _COLOURS[status] if self.terminal.colour and status in _FOUND else ""
        return f"\x1b[{code}m{status}\x1b[0m" if code else status


def result_lines(result: Result, colour: bool = False) -> list[str]:
    """A result as lines: status and claim, the statement, how it is known."""
    lines = [f"  {_coloured(result.status, colour)} {result.claim}", *_wrapped(result.text)]
    how = [f"by {result.method}"] if result.method else []
    how += [f"assumes {', '.join(result.assumed)}"] if result.status == PROVED and result.assumed else []
    if how:
        lines += _wrapped("; ".join(how))
    if result.reason:
        lines += _wrapped(result.reason)
    if result.counterexample:
        lines += _wrapped(f"for example: {_listed(result.counterexample)}")
    return lines


def _coloured(status: str, colour: bool) -> str:
    text = f"{status:9}"
    return f"\x1b[{_COLOURS[status]}m{text}\x1b[0m" if colour and status in _COLOURS else text


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _wrapped(text: str, indent: str = _INDENT) -> list[str]:
    return textwrap.wrap(
        text,
        width(),
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def summary_line(results: Sequence[Result]) -> str:
    counts: Mapping[str, int] = summary(results)
    line = ", ".join(f"{count} {status}" for status, count in counts.items() if count) or "nothing was checked"
    replayed = [result.runs for result in results if result.runs]
    return f"{line}; {len(replayed)} replayed, in {plural(sum(replayed), 'run')}" if replayed else line
