"""Run Coq on theorems, and keep what it has said by their content.

A theorem that Coq refuses is left out, and the others are asked without it. A theorem that is accepted has a proof that
the kernel has checked, a witness, and no assumption but those of the library's real numbers, of which Coq is asked.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..result import CERTIFIED, NOT_CLOSED, Certificate
from .theorem import Theorem

#: What is to be installed where there is no Coq.
PACKAGE = "coq"
LIBRARY = Path(__file__).with_name("Stepsmith.v")
HEAD = "Require Import Stepsmith Reals Lra Lia.\nOpen Scope R_scope.\n\n"
#: What the real numbers of Coq's library assume: that they are complete and decidable, and two laws of logic.
AXIOMS = frozenset(
    [
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    ]
)
_SECONDS = 30  # of the processor, for a theorem alone; the slowest takes a tenth
#: What Coq prints where it has accepted a theorem.
_ACCEPTED = "accepted"
_PLACE = re.compile(r'^File "[^"]*", line (\d+), characters', re.MULTILINE)


@cache
def version() -> str | None:
    """Of the Coq that is installed; None if there is none."""
    if shutil.which("coqc") is None:
        return None
    return subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, check=True).stdout.strip()


def kept_by_default() -> Path:
    """The folder in which answers are kept, unless another is named."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stepsmith" / "coq"


def checked(theorems: Sequence[Theorem], kept: Path) -> dict[str, Certificate]:
    """What Coq says of each theorem, by name; `kept` is the folder in which that is kept. Coq has to be there."""
    if not theorems:
        return {}
    text = "\n".join(theorem.text for theorem in theorems)
    answer = kept / f"{_hash(text)}.json"
    if answer.is_file():
        return {name: Certificate(**one) for name, one in json.loads(answer.read_text()).items()}
    found = _asked(theorems, _library(kept))
    _write(answer, json.dumps({name: vars(one) for name, one in found.items()}, indent=1))
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(f"{version()}\n{LIBRARY.read_text()}\n{HEAD}\n{text}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class _Said:
    """What Coq has answered to a file: how many theorems it accepts, which line it refuses, if one, and why.

    The line is 0 if it was ended for the time that it took. What all theorems together assume it tells if it accepts
    all of them.
    """

    accepted: int
    line: int | None
    why: str
    assumed: set[str]


def _asked(theorems: Sequence[Theorem], library: Path) -> dict[str, Certificate]:
    found: dict[str, Certificate] = {}
    accepted: list[Theorem] = []
    pending = list(theorems)
    while pending:
        said = _compiled(pending, library)
        done = said.accepted  # so this is the one that is not
        accepted += pending[:done]
        if said.line is None or done == len(pending):
            break
        if said.line == 0 and done:  # it may have been slow because of those before it
            pending = pending[done:]
            continue
        theorem = pending[done]
        first = HEAD.count("\n") + sum(_marked(one).count("\n") + 1 for one in pending[:done]) + 1
        of_witness = said.line - first >= theorem.text[: theorem.text.index(f"Module {theorem.witness}.")].count("\n")
        found[theorem.name] = Certificate(NOT_CLOSED, f"its witness: {said.why}" if of_witness else said.why)
        pending = pending[done + 1 :]
    if said.line is None and said.accepted == len(theorems) and said.assumed <= AXIOMS:
        return {one.name: Certificate(CERTIFIED, theorem=one.name) for one in theorems}
    return found | _judged(accepted, library)


def _judged(accepted: Sequence[Theorem], library: Path) -> dict[str, Certificate]:
    """What is said of the theorems by what they rest on. That takes long to find out: it is asked of all at once."""
    if not accepted:
        return {}
    said = _compiled(accepted, library)
    more = sorted(said.assumed - AXIOMS)
    if said.line is None and not more:
        return {one.name: Certificate(CERTIFIED, theorem=one.name) for one in accepted}
    if len(accepted) > 1:
        half = len(accepted) // 2
        return _judged(accepted[:half], library) | _judged(accepted[half:], library)
    why = said.why if said.line is not None else f"it rests on {', '.join(more)}, which is no axiom of the real numbers"
    return {accepted[0].name: Certificate(NOT_CLOSED, why)}


def _marked(theorem: Theorem) -> str:
    return f'{theorem.text}Goal True. idtac "{_ACCEPTED}". Abort.\n'


def _compiled(theorems: Sequence[Theorem], library: Path) -> _Said:
    together = f"Definition all_of_them := ({', '.join(theorem.name for theorem in theorems)}).\n"
    text = HEAD + "\n".join([*map(_marked, theorems), together, "Print Assumptions all_of_them.\n"])
    with tempfile.TemporaryDirectory(prefix="stepsmith-coq-") as folder:
        path = Path(folder) / "theorems.v"
        path.write_text(text)
        limited = ["sh", "-c", f'ulimit -t {_SECONDS}; exec coqc "$@"', "coqc"]
        options = ["-q", "-Q", str(library), "", str(path)]
        done = subprocess.run([*limited, *options], capture_output=True, text=True, check=False, cwd=folder)
    accepted = done.stdout.splitlines().count(_ACCEPTED)
    if done.returncode == 0:
        _, axioms, listed = done.stdout.partition("\nAxioms:\n")
        if not axioms and "Closed under the global context" not in done.stdout:
            raise RuntimeError(f"Coq does not say what theorems rest on, but: {done.stdout[-300:]}")
        return _Said(accepted, None, "", set(re.findall(r"^([\w.']+)(?= :|$)", listed, re.MULTILINE)))
    places = _PLACE.findall(done.stderr)
    if done.returncode < 0 or not places:
        return _Said(accepted, 0, f"nothing is found in {_SECONDS} s of the processor", set())
    return _Said(accepted, int(places[-1]), " ".join(done.stderr.split("Error:")[-1].split())[:300], set())


def _library(kept: Path) -> Path:
    """The folder with the compiled lemmas. Two that compile them at once come to the same."""
    folder = kept / f"library-{_hash('')}"
    if (folder / "Stepsmith.vo").is_file():
        return folder
    kept.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="library-", dir=kept))
    shutil.copy(LIBRARY, made)
    subprocess.run(["coqc", "-q", "Stepsmith.v"], cwd=made, check=True)
    try:
        made.rename(folder)
    except OSError:
        shutil.rmtree(made)
    return folder


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(text)
    half.replace(path)
