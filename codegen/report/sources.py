"""From a lecture note to its rule: what each note states, where it is declared here, and what the prover says of it.

`specs/sources.toml` is the table. A line of it names results, and its status comes from them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from ..backends import REFERENCE
from ..load import GENERATED, SPECS, AnySpec, UsageError, catalog, load, select
from ..result import PROVED, REFUTED, TESTED, Result
from ..words import there_are

TABLE = SPECS / "sources.toml"
READBACK = f"readback {REFERENCE}"
OPEN, CORRECTED, REMARK = "open", "corrected", "remark"


@dataclass(frozen=True)
class Backing:
    """A result that `verify` produces: of which entry, and under which name."""

    entry: str
    claim: str

    def __str__(self) -> str:
        return f"{self.entry}: {self.claim}"


@dataclass(frozen=True)
class Line:
    """One statement of a source, in symbols.

    `formulas` are the numbers of the displayed formulas in the file that say it, from 1. The results in `shown` prove
    it, or what it should say; those in `denied` refute it as it is printed. `remark` says what was mended, or, where
    there is no result, why nothing is to be proved.
    """

    source: str
    place: str
    printed: str
    formulas: tuple[int, ...] = ()
    shown: tuple[Backing, ...] = ()
    denied: tuple[Backing, ...] = ()
    remark: str = ""

    @property
    def backings(self) -> tuple[Backing, ...]:
        return (*self.shown, *self.denied)


@dataclass(frozen=True)
class Source:
    """A lecture note: `formulas` is how many displayed formulas it has, `sha256` is of its text."""

    key: str
    title: str
    formulas: int
    sha256: str


@dataclass(frozen=True)
class Decided:
    """A line with the results of each claim that it names, and the status that follows from them."""

    line: Line
    status: str
    found: Mapping[Backing, Sequence[Result]] = field(default_factory=dict)

    @property
    def results(self) -> list[Result]:
        return [result for results in self.found.values() for result in results]


@cache
def _table() -> dict:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def sources() -> list[Source]:
    """The lecture notes."""
    return [Source(key, **of) for key, of in _table()["source"].items()]


def lines(key: str | None = None) -> list[Line]:
    """The lines of one source, or of all."""
    known = [source.key for source in sources()]
    if key is not None and key not in known:
        raise UsageError(f"{key}: there is no such source; {there_are(known)}")
    return [_line(row) for row in _table()["line"] if key in (None, row["source"])]


def _line(row: dict) -> Line:
    named = {side: tuple(Backing(*text.split(": ", 1)) for text in row.get(side, ())) for side in ("shown", "denied")}
    return Line(**{**row, **named, "formulas": tuple(row.get("formulas", ()))})


def places(entry: str) -> list[str]:
    """Where the sources speak of an entry: "001 Momentum"."""
    found = (f"{line.source} {line.place}" for line in lines() if any(b.entry == entry for b in line.backings))
    return list(dict.fromkeys(found))


def decided(
    chosen: Sequence[Line], started: Callable[[str, str], None] = lambda entry, claim: None
) -> Iterator[Decided]:
    """Each line after a run of the prover over what it names."""
    wanted: dict[str, dict[str, None]] = {}
    for backing in (b for line in chosen for b in line.backings):
        wanted.setdefault(backing.entry, {})[backing.claim] = None
    known = {entry.key for entry in catalog()}
    found: dict[Backing, list[Result]] = {}
    for line in chosen:
        for entry in dict.fromkeys(backing.entry for backing in line.backings):
            claims = wanted.pop(entry, {})  # all that is wanted of an entry, at once
            for spec in load(select([entry])) if claims and entry in known else ():
                for claim in claims:  # a claim may have several results, under names of their own
                    found[Backing(entry, claim)] = list(_results(spec, claim, started))
        yield _decided(line, found)


def _results(spec: AnySpec, claim: str, started: Callable[[str, str], None]) -> Iterator[Result]:
    from ..prove import prove_only
    from ..readback import readback

    yield from prove_only(spec, [claim], lambda claim: started(spec.key, claim))
    if claim == READBACK:
        started(spec.key, READBACK)
        yield from readback(spec, REFERENCE, GENERATED)


def _decided(line: Line, known: Mapping[Backing, Sequence[Result]]) -> Decided:
    found = {backing: known.get(backing, ()) for backing in line.backings}
    statuses = {result.status for results in found.values() for result in results}
    if not all(found.values()) or not statuses <= {PROVED, TESTED} or not (found or line.remark):
        status = OPEN
    elif not found:
        status = REMARK
    elif line.denied:
        status = CORRECTED if line.shown else REFUTED
    else:
        status = PROVED if PROVED in statuses else TESTED
    return Decided(line, status, found)
