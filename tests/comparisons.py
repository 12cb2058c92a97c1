"""What the rules of a family are to each other, all pairs of them.

python -m tests.comparisons [FAMILY ...] [--seconds N]
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from stepsmith.codegen.compare.compose import named
from stepsmith.codegen.compare.rules import Comparison, compare
from stepsmith.codegen.load import Spec, load, select
from stepsmith.codegen.result import UNDECIDED
from stepsmith.codegen.timeouts import COMPARE

#: The pairs of the families of which all pairs are decided, in about a minute.
TABLE = Path(__file__).parent / "comparisons.txt"


def keys(family: str) -> list[str]:
    """The rules of a family, whose name one of them may have."""
    path = select([family])[0][0]
    return [spec.key for spec in load([(path, None)]) if isinstance(spec, Spec)]


def families() -> list[str]:
    """All families of optimizers."""
    return list(dict.fromkeys(spec.family for spec in load(select(())) if isinstance(spec, Spec)))


def comparisons(family: str, seconds: float = COMPARE) -> Iterator[Comparison]:
    """All pairs of a family, on all processors; `seconds` of a processor for each."""
    with ProcessPoolExecutor() as pool:
        pairs = list(itertools.combinations(keys(family), 2))
        yield from pool.map(_compared, *zip(*pairs, strict=True), itertools.repeat(seconds)) if pairs else ()


def _compared(left: str, right: str, seconds: float) -> Comparison:
    found = compare(named(left), named(right), seconds)
    return replace(found, results=tuple(result.printed() for result in found.results))  # what a process may hand over


def line(found: Comparison) -> str:
    """A row of the table."""
    return f"{found.left} | {found.right} | {found.verdict}" + "".join(f" | {c}" for c in found.conditions)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.comparisons", description=__doc__.split("\n\n")[0])
    parser.add_argument("families", metavar="FAMILY", nargs="*", help="all if none")
    parser.add_argument("--seconds", metavar="N", type=float, default=COMPARE, help="of the processor for a pair")
    options = parser.parse_args()
    undecided = altered = 0
    table = {tuple(row.split(" | ")[:2]): row for row in TABLE.read_text().splitlines()}
    for family in options.families or families():
        for found in comparisons(family, options.seconds):
            print(line(found), flush=True)
            print(f"  {found.seconds:.1f} s", file=sys.stderr)
            undecided += found.verdict == UNDECIDED
            if (row := table.get((found.left, found.right), line(found))) != line(found):
                print(f"  {TABLE.name} has: {row}", file=sys.stderr)
                altered += 1
    print(f"{undecided} undecided, {altered} not as in {TABLE.name}", file=sys.stderr)
    return int(undecided + altered > 0)


if __name__ == "__main__":
    sys.exit(main())
