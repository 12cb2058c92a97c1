"""The folder of theorems that `export` writes: a file for each rule, and what Coq needs to compile them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..backends import BACKENDS
from ..load import GENERATED, SPECS, AnySpec, Spec
from ..prove import prove, values
from ..readback import readback
from ..result import CERTIFIED, Result
from . import Exported, coq, exported

_LEFT_OUT = "not_exported.txt"


def export(specs: Sequence[AnySpec], folder: Path, kept: Path, started: Callable[[str, str], None]) -> tuple[int, int]:
    """Write the theorems of `specs` into `folder`. Returns how many there are, and how many statements are none.

    Where Coq is installed it is asked first, and a theorem that it does not close is left out. `kept` is the folder
    in which its answers are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / coq.LIBRARY.name).write_text(coq.LIBRARY.read_text())
    files, left_out, written = [coq.LIBRARY.name], [], 0
    for spec in specs:
        results = [*prove(spec, partial(started, spec.key)), *values(spec), *_read_back(spec)]
        found = _closed(exported(spec.key, results), kept)
        left_out += [f"{spec.key}: {results[p].claim}: {why}" for p, why in sorted(found.left_out.items())]
        if not found.theorems:
            continue
        head = f"(* What is proved of {spec.rule.name}: {spec.rule.source} *)\n{coq.HEAD}"
        files.append(f"{spec.key}.v")
        (folder / files[-1]).write_text(head + "\n".join(theorem.text for theorem in found.different))
        written += len(found.different)
    (folder / "_CoqProject").write_text("\n".join(["-R . Stepsmith", *files, ""]))
    (folder / _LEFT_OUT).write_text("\n".join([*left_out, ""]) if left_out else "")
    return written, len(left_out)


def _read_back(spec: AnySpec) -> Iterator[Result]:
    """What is proved of the files of the project's own rules."""
    if isinstance(spec, Spec) and spec.path.parent == SPECS:
        for backend in BACKENDS:
            yield from readback(spec, backend, GENERATED)


def _closed(found: Exported, kept: Path) -> Exported:
    """Without the theorems that Coq does not close, where it can be asked."""
    if coq.version() is None:
        return found
    said = coq.checked(found.different, kept)
    refused = {p: said[t.name] for p, t in found.theorems.items() if said[t.name].status != CERTIFIED}
    theorems = {p: theorem for p, theorem in found.theorems.items() if p not in refused}
    reasons = {p: f"{one.status}: {one.reason}" for p, one in refused.items()}
    return replace(found, theorems=theorems, left_out={**found.left_out, **reasons})
