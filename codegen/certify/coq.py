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
_BEGINS = re.compile(r"^(Axioms:|Closed under the global context)$", re.MULTILINE)
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
    """What Coq has answered to a file: which line it refuses, if one, why, and what each theorem before it assumes.

    The line is 0 if it was ended for the time that it took.
    """

    line: int | None
    why: str
    assumed: list[set[str]]


def _asked(theorems: Sequence[Theorem], library: Path) -> dict[str, Certificate]:
    found: dict[str, Certificate] = {}
    pending = list(theorems)
    while pending:
        texts = [f"{theorem.text}Print Assumptions {theorem.name}.\n" for theorem in pending]
        said = _compiled(HEAD + "\n".join(texts), library)
        for theorem, axioms in zip(pending, said.assumed, strict=False):
            found[theorem.name] = _judged(theorem, axioms)
        if said.line is None:
            break
        done = len(said.assumed)  # each theorem that is accepted tells what it assumes, so this is the one that is not
        if said.line == 0 and done:  # it may have been slow because of those before it
            pending = pending[done:]
            continue
        theorem = pending[done]
        first = HEAD.count("\n") + sum(text.count("\n") + 1 for text in texts[:done]) + 1
        of_witness = said.line - first >= theorem.text[: theorem.text.index(f"Module {theorem.witness}.")].count("\n")
        found[theorem.name] = Certificate(NOT_CLOSED, f"its witness: {said.why}" if of_witness else said.why)
        pending = pending[done + 1 :]
    return found


def _judged(theorem: Theorem, axioms: set[str]) -> Certificate:
    more = sorted(axioms - AXIOMS)
    if more:
        return Certificate(NOT_CLOSED, f"it rests on {', '.join(more)}, which is no axiom of the real numbers")
    return Certificate(CERTIFIED, theorem=theorem.name)


def _compiled(text: str, library: Path) -> _Said:
    with tempfile.TemporaryDirectory(prefix="stepsmith-coq-") as folder:
        path = Path(folder) / "theorems.v"
        path.write_text(text)
        limited = ["sh", "-c", f'ulimit -t {_SECONDS}; exec coqc "$@"', "coqc"]
        options = ["-q", "-Q", str(library), "", str(path)]
        done = subprocess.run([*limited, *options], capture_output=True, text=True, check=False, cwd=folder)
    starts = [match.start() for match in _BEGINS.finditer(done.stdout)]
    blocks = [done.stdout[a:b] for a, b in zip(starts, [*starts[1:], None], strict=False)]
    assumed = [set(re.findall(r"^([\w.']+)(?= :|$)", block, re.MULTILINE)) - {"Axioms"} for block in blocks]
    if done.returncode == 0:
        return _Said(None, "", assumed)
    places = _PLACE.findall(done.stderr)
    if done.returncode < 0 or not places:
        return _Said(0, f"nothing is found in {_SECONDS} s of the processor", assumed)
    return _Said(int(places[-1]), " ".join(done.stderr.split("Error:")[-1].split())[:300], assumed)


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
