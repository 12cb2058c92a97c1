"""What a page says of a rule, as data: its templates lay it out, and nothing is read out of a text again."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sympy

from ...backends import names as backends
from ...faults import fault
from ...load import SPECS, AnySpec, MonitorSpec, Spec, SpecError, UsageError, catalog
from ...prove import prove
from ...render.text import default, supplied_rows, where_w_is
from ...result import CERTIFIED, PROVED, REFUTED, STATUSES, Result
from ...spec.rules import AnyRule, Layer, Optimizer, Schedule, settings
from ...statement import SameRun, Statement
from ...verify import read_back
from ..derivations import derivations
from ..laws import check_chain
from ..libraries import names as in_libraries
from ..notebook import parts
from ..show import properties_of
from ..sources import places
from .code import folder_of, highlighted, of_rule
from .statements import derivation, equations_of, statement_of, value_of


def top(rule: AnyRule) -> dict[str, Any]:
    """The head of a page, which notebooks show, too: equations, hyperparameters, start, what a step costs."""
    sections = [(title, equations_of(rule, lines)) for title, lines in parts(rule)]
    starts = [] if isinstance(rule, Schedule) else _starts(rule)
    return {
        "name": rule.name,
        "summary": rule.summary,
        "source": rule.source,
        "equations": sections,
        "where": where_w_is(rule) if isinstance(rule, Optimizer) else [],
        "hypers": [(h.name, default(h), h.condition, h.doc) for h in settings(rule)],
        "supplied": supplied_rows(rule) if isinstance(rule, Optimizer) else [],
        "starts": starts,
        "first": "report" if hasattr(rule, "flags") else "step",
        "costs": _costs(rule),
    }


def _starts(rule: Any) -> list[tuple[str, Any]]:
    starts = {**getattr(rule, "parameters", {}), **getattr(rule, "runnable", rule).state}
    return [(symbol.name, value_of(value)) for symbol, value in starts.items()]


def _costs(rule: AnyRule) -> list[tuple[str, str]]:
    if not isinstance(rule, Optimizer):
        return []
    from ...properties.cost import counted

    cost = counted(rule)
    words = {"kept in states": len(cost.state), "read and written in a step": cost.words}
    return [(what, f"{4 * count} bytes in float32, {8 * count} in float64") for what, count in words.items()]


class Content:
    """Everything on the page of one rule. What breaks is named in `broken`, and the rest is there all the same."""

    def __init__(self, spec: AnySpec, linked: frozenset[str], command: str) -> None:
        self.spec, self.linked, self.command = spec, linked, command
        self.broken: list[str] = []

    def whole(self) -> dict[str, Any]:
        spec = self.spec
        with folder_of(spec) as folder:
            code = self._or_nothing("code", lambda: self._code(folder))
            files = self._or_nothing("readback", lambda: self._files(folder))
        claims = self._or_nothing("claims", lambda: list(prove(spec)))
        facts = self._or_nothing("facts", lambda: properties_of(spec))
        chains = self._or_nothing("derivation", self._chains)
        results = [*claims, *facts, *files]
        covered = {label for chain, whole in chains if whole for label in chain["covers"]}
        return {
            **top(spec.rule),
            "key": spec.key,
            "family": spec.family,
            "kind": _kind(spec),
            "path": spec.shown_path,
            "lectures": places(spec.key) if spec.path.parent == SPECS else [],
            "libraries": in_libraries(spec.rule.name),
            "badges": _badges(results),
            "facts": [_fact(r) for r in (*claims, *facts) if r.status != REFUTED],
            REFUTED: [_fact(r) for r in (*claims, *facts) if r.status == REFUTED],
            "files": [_fact(r) for r in files],
            "derivations": [chain for chain, _ in chains],
            "proofs": [_proof(r) for r in claims if r.derivation and r.claim not in covered],
            "relations": list(self._relations(claims)),
            "siblings": self._siblings(),
            "code": code,
            "broken": self.broken,
            "versions": versions(),
            "command": self.command,
        }

    def _or_nothing(self, what: str, make: Callable[[], list]) -> list:
        try:
            return make()
        except (SpecError, UsageError):
            raise
        except Exception as error:
            self.broken.append(f"{what}: {fault(self.spec.key, what, error).reason}")
            return []

    def _code(self, folder: Path) -> list[tuple[str, Any]]:
        return [(title, highlighted(text)) for title, text in of_rule(self.spec, folder)]

    def _files(self, folder: Path) -> list[Result]:
        """That the files compute the equations."""
        return list(read_back(self.spec, tuple(backends()), folder, lambda key, what: None))

    def _chains(self) -> list[tuple[dict, bool]]:
        if not isinstance(self.spec, Spec):
            return []
        found = []
        for chain in derivations(self.spec.rule):
            verdicts = check_chain(chain)
            whole = all(verdict.status == PROVED for verdict in verdicts)
            found.append(({**derivation(chain, verdicts), "covers": chain.covers}, whole))
        return found

    def _relations(self, claims: list[Result]) -> Iterator[dict[str, Any]]:
        """Other rules with which this one makes the same runs, proved."""
        known = {entry.name: entry.key for entry in catalog()}
        for result in claims:
            if isinstance(result.statement, Statement) and isinstance(result.statement.relation, SameRun):
                other = known.get(result.statement.relation.other.name, "")
                yield {**_fact(result), "other": other if other in self.linked else ""}

    def _siblings(self) -> list[dict[str, Any]]:
        """The other rules of the file."""
        return [
            {"key": e.key, "name": e.name, "summary": e.summary, "linked": e.key in self.linked}
            for e in catalog(self.spec.path)
            if e.key != self.spec.key
        ]


def _kind(spec: AnySpec) -> str:
    if isinstance(spec, MonitorSpec):
        return "monitor"
    return "layer" if isinstance(spec.rule, Layer) else type(spec.rule).__name__.lower()


def _badges(results: list[Result]) -> list[tuple[str, int]]:
    """How many results there are of each status."""
    counts = [(status, sum(r.status == status for r in results)) for status in STATUSES]
    certified = sum(r.certificate is not None and r.certificate.status == CERTIFIED for r in results)
    return [(status, count) for status, count in (*counts, (CERTIFIED, certified)) if count]


def _fact(result: Result) -> dict[str, Any]:
    return {
        "claim": result.claim,
        "status": result.status,
        "statement": statement_of(result),
        "assumptions": list(result.assumed) if result.status == PROVED else [],
        "method": result.method,
        "reason": result.reason,
        "run": list(result.counterexample.items()) if result.counterexample else [],
    }


def _proof(result: Result) -> dict[str, Any]:
    return {"claim": result.claim, "lines": [(line.text, line.because) for line in result.derivation]}


def versions() -> list[tuple[str, str]]:
    """What made the page."""
    from ...cli.options import version

    return [("Stepsmith", version()), ("Python", platform.python_version()), ("SymPy", sympy.__version__)]
