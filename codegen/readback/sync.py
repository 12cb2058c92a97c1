"""Whether a file is exactly what `generate` writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..files import Change, shown_file
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result


def in_sync(found: list[Change], files: list[Path], spec: str, command: str) -> Iterator[Result]:
    """For each file of `files`, whether it is on disk what `generate` writes; `command` writes those that are not."""
    changed = {change.path: change for change in found}
    for path in files:
        name = shown_file(path)
        statement = f"{name} is byte for byte what generate writes"
        change = changed.get(path)
        if change is None:
            yield Outcome(PROVED, "comparison").of(f"in sync {name}", statement, spec)
        elif change.kind == "missing":
            reason = f"{name} is not there; {command} writes it"
            yield Outcome(UNDECIDED, reason=reason).of(f"in sync {name}", statement, spec)
        else:
            lines = [line for line in change.diff().splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
            shown = {"on disk" if line[0] == "-" else "from the spec": line[1:].strip() for line in reversed(lines)}
            reason = f"{command} writes it anew"
            yield Outcome(REFUTED, "comparison", counterexample=shown, reason=reason).of(
                f"in sync {name}", statement, spec
            )
