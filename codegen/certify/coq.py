"""Run Coq on theorems, and keep what it has said by their content.

Coq is told one theorem after the other, and goes on where it refuses one. A theorem that is accepted has a proof that
the kernel has checked, a witness, and no assumption but those of the library's real numbers, of which Coq is asked.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from queue import Empty, Queue
from typing import Any

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
#: Of the processor, for a theorem or its witness. What closes takes a tenth of it: a slower machine says the same.
_SECONDS = 15
_LOOK = 0.1  # seconds between two looks at the time
_LOOKS = 600  # in which Coq is to have begun
#: What ends each thing that Coq is told, and what it answers to that.
_MARK, _MARKED = "Check tt.", "     : unit\n"


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
    """What Coq says of each theorem, by name; `kept` is the folder in which that is kept. Coq has to be there.

    A theorem's answer is kept by its own text: others may come and go around it.
    """
    answers = {theorem.name: kept / f"{_hash(theorem.text)}.json" for theorem in theorems}
    found = {name: Certificate(**json.loads(path.read_text())) for name, path in answers.items() if path.is_file()}
    pending = [theorem for theorem in theorems if theorem.name not in found]
    if pending:
        new = _asked(pending, _library(kept))
        for name, one in new.items():
            _write(answers[name], json.dumps(vars(one), indent=1))
        found |= new
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(f"{version()}\n{_lemmas()}\n{HEAD}\n{text}".encode()).hexdigest()[:32]


@cache
def _lemmas() -> str:
    return LIBRARY.read_text()


class _StuckError(Exception):
    """Coq did not stop when it was told to, or ended."""


class _Session:
    """Coq as it listens: what it is told it takes on, or refuses, and goes on with the next."""

    def __init__(self, library: Path) -> None:
        command = ["coqtop", "-q", "-Q", str(library.resolve()), ""]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self._folder = tempfile.mkdtemp(prefix="stepsmith-coq-")  # tactics keep what they find where Coq runs
        self._coq = subprocess.Popen(command, cwd=self._folder, encoding="utf-8", errors="replace", **pipes)
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        said, _ = self.tell(HEAD)
        if _refusal(said):
            raise RuntimeError(f"Coq does not take on the lemmas: {_refusal(said)}")

    def __enter__(self) -> _Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._coq.kill()
        self._reader.join()
        with suppress(OSError):  # what is left to be written to it
            self._coq.__exit__(None, None, None)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self) -> None:
        assert self._coq.stdout is not None
        for line in self._coq.stdout:
            self._lines.put(line)
        self._lines.put("")

    def tell(self, text: str) -> tuple[str, bool]:
        """What Coq answers, and whether it was stopped for the time that it took."""
        assert self._coq.stdin is not None
        begin, stopped, looks = _used(self._coq.pid), False, 0
        said: list[str] = []
        try:
            self._coq.stdin.write(f"{text}\n{_MARK}\n")
            self._coq.stdin.flush()
        except OSError as error:
            raise _StuckError from error
        while True:
            try:
                line = self._lines.get(timeout=_LOOK)
            except Empty:
                used, looks = _used(self._coq.pid) - begin, looks + 1
                if used > 2 * _SECONDS or (looks > _LOOKS and used < _LOOK):  # or it waits for the end of a sentence
                    raise _StuckError from None
                if used > _SECONDS and not stopped:
                    stopped = True
                    self._coq.send_signal(signal.SIGINT)
                continue
            if not line:
                raise _StuckError
            if line == _MARKED:
                return "".join(said), stopped
            said.append(line)

    def ask(self, theorem: Theorem) -> Certificate | None:
        """Why it is not accepted; None if it is, with its witness."""
        begin = theorem.text.index(f"Module {theorem.witness}.")
        for part, name in ((theorem.text[:begin], ""), (theorem.text[begin:], "its witness: ")):
            said, stopped = self.tell(part)
            if why := _refusal(said):
                self.tell(f"Abort All.\nEnd {theorem.witness}.")
                slow = f"nothing is found in {_SECONDS} s of the processor"
                return Certificate(NOT_CLOSED, name + (slow if stopped else why))
        return None

    def judge(self, theorems: Sequence[Theorem]) -> dict[str, Certificate]:
        """What is said of theorems by what they rest on. To find that out takes long: it is asked of all at once."""
        together = f"{theorems[0].name}_and_{len(theorems)}_in_all"
        names = [one.name for one in theorems]
        names += [f"{one.witness}.met" for one in theorems if "\nDefinition met := " in one.text]
        defined, slow = self.tell(f"Definition {together} := ({', '.join(names)}).")
        said, late = self.tell(f"Print Assumptions {together}.")
        why = _refusal(defined + said)
        _, axioms, listed = said.partition("Axioms:\n")
        if not (why or axioms or slow or late or "Closed under the global context" in said):
            raise RuntimeError(f"Coq does not say what theorems rest on, but: {said[-300:]}")
        more = sorted({*re.findall(r"^([\w.']+)(?= :|$)", listed, re.MULTILINE)} - AXIOMS)
        if not (why or more or slow or late):
            return {one.name: Certificate(CERTIFIED, theorem=one.name) for one in theorems}
        if len(theorems) > 1:
            half = len(theorems) // 2
            return self.judge(theorems[:half]) | self.judge(theorems[half:])
        rests = f"it rests on {', '.join(more)}, which is no axiom of the real numbers"
        return {theorems[0].name: Certificate(NOT_CLOSED, rests if more else why or "what it rests on is not found")}


def _refusal(said: str) -> str:
    """The first thing that Coq says against what it is told; empty if there is none."""
    _, error, rest = said.partition("Error:")
    return " ".join(rest.partition("\n\n")[0].split())[:300] or "an error" if error else ""


def _used(process: int) -> float:
    """The seconds that a process has had of the processor; where that is not told, those of the clock."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _asked(theorems: Sequence[Theorem], library: Path) -> dict[str, Certificate]:
    """What Coq says of each. One that it cannot be stopped at is left out, and the others are asked without it."""
    found: dict[str, Certificate] = {}
    theorem = theorems[0]
    try:
        with _Session(library) as session:
            for theorem in theorems:
                if refused := session.ask(theorem):
                    found[theorem.name] = refused
            if accepted := [one for one in theorems if one.name not in found]:
                found |= session.judge(accepted)
    except _StuckError:
        found[theorem.name] = Certificate(NOT_CLOSED, f"Coq is stuck for {2 * _SECONDS} s of the processor, or ends")
        if rest := [one for one in theorems if one.name not in found]:
            found |= _asked(rest, library)
    return found


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
