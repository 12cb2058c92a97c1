"""What Coq's kernel has checked of what is proved, counted by kinds of statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ..result import CERTIFICATES, CERTIFIED, PROVED, Result

#: Kinds whose name is more than the first word of a claim.
_TWO_WORDS = ("first step", "fixed point", "step bound", "each period", "noise floor", "partial sums", "weighted mean")


def kind_of(label: str) -> str:
    """The kind of a claim by its label, which says what it is about, too."""
    if label.startswith("slip "):
        label = label.partition(": ")[2]
    return next((kind for kind in _TWO_WORDS if label.startswith(kind)), label.split()[0])


def table(results: Iterable[Result]) -> dict[str, Counter[str]]:
    """For each kind of statement how many are proved, certified, not expressible, not closed; the most first."""
    found: dict[str, Counter[str]] = {}
    for result in results:
        if result.certificate is not None:
            counts = found.setdefault(kind_of(result.claim), Counter())
            counts[PROVED] += 1
            counts[result.certificate.status] += 1
    return dict(sorted(found.items(), key=lambda row: (-row[1][PROVED], row[0])))


def certificates(results: Sequence[Result], verbose: bool = False) -> Iterator[str]:
    """The table as lines, and below it, if it is `verbose`, what is not certified and why."""
    rows = table(results)
    if not rows:
        return
    columns = (PROVED, *CERTIFICATES)
    width = max(map(len, rows))
    yield "  ".join([" " * width, *columns])
    total = sum(rows.values(), Counter[str]())
    for kind, counts in {**rows, "all": total}.items():
        yield "  ".join([f"{kind:{width}}", *(f"{counts[column]:{len(column)}}" for column in columns)])
    for result in results if verbose else ():
        if result.certificate is not None and result.certificate.status != CERTIFIED:
            yield f"{result.spec}: {result.claim}: {result.certificate.status}: {result.certificate.reason}"
