"""What files compute, as theorems for Coq: each file of a rule is certified, and a file with a change in it is not."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.certify import certified, coq, exported
from stepsmith.codegen.certify.emitted import _Agreement, agreement
from stepsmith.codegen.certify.nodes import agree
from stepsmith.codegen.load import GENERATED, Spec
from stepsmith.codegen.readback import readback
from stepsmith.codegen.readback.rules import computed
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED
from stepsmith.codegen.statement.emitted import Emitted
from tests.certify.conftest import with_coq
from tests.conftest import OPTIMIZERS, spec_of, thorough
from tests.mutate import file_mutants
from tests.sample import covering

#: Rules whose code has between them every feature, and some of them.
MANY, FEW = sorted(covering(OPTIMIZERS, 1)), ("cocob", "diffgrad", "sophia")


def read_back(key: str) -> list:
    return [result for backend in BACKENDS for result in readback(spec_of(key), backend, GENERATED)]


def test_a_theorem_has_the_equations_and_the_operations_of_the_file():
    (theorem,) = exported("sgd", read_back("sgd")[:1]).theorems.values()
    assert theorem.text.startswith(
        "(* sgd_update in generated/numpy/sgd.py computes the equations of specs/sgd.py *)\n"
        "Theorem sgd_readback_numpy :\n"
        "  forall (w lr g w_new w_new_read : R)\n"
        "    (lr_domain : 0 <= lr)\n"
        "    (w_new_is : w_new = w - lr * g)\n"
        "    (w_new_read_is : w_new_read = w - lr * g),\n"
        "  w_new_read = w_new.\n"
    )


def test_files_that_compute_alike_share_a_theorem():
    found = exported("adam", read_back("adam"))
    assert len(found.theorems) == len(BACKENDS)
    assert len(found.different) < len(BACKENDS)


@with_coq
def test_each_file_of_adam_is_certified(kept):
    found = certified("adam", read_back("adam"), kept)
    said = {r.claim: r.certificate.status for r in found if r.certificate}
    assert said == {f"readback {backend}": CERTIFIED for backend in BACKENDS}


def differs(emitted: Emitted) -> bool:
    """Whether at some point something else is left than the equations say."""
    found = _Agreement(emitted)
    return any(not agree(found._at_points(node), found.known[target]) for target, node in found.left.items())


def closing(spec: Spec, backend: str, each: slice, folder: Path, kept: Path) -> tuple[list[str], int]:
    """The mutants of a file whose theorems Coq closes though they compute something else, of how many."""
    text = (GENERATED / backend / f"{spec.family}.py").read_text()
    path = folder / backend / f"{spec.family}.py"
    path.parent.mkdir(exist_ok=True)
    theorems = {}
    for mutant in [one for one in file_mutants(spec, backend, text) if not one.structural][each]:
        path.write_text(mutant.content(text))
        try:
            emitted = computed(spec, backend, path)
            theorem = agreement(emitted)
        except Exception:  # many are no code, or do not run
            continue
        if differs(emitted):
            theorems[f"spoiled_{len(theorems)}"] = theorem, mutant.text
    said = coq.checked([replace(theorem, name=name) for name, (theorem, _) in theorems.items()], kept)
    wrong = [text for name, (_, text) in theorems.items() if said[name].status != NOT_CLOSED]
    return wrong, len(theorems)


def beyond(names: Iterable[str], some: Collection[str]) -> list:
    """All names: `some` are thorough, the others exhaustive."""
    marks = {True: pytest.mark.thorough, False: pytest.mark.exhaustive}
    return [pytest.param(name, marks=marks[name in some]) for name in names]


@pytest.fixture
def hasty(monkeypatch):
    """Of what is false most takes Coq all the time that it is given."""
    monkeypatch.setattr(coq, "_SECONDS", 3)


@with_coq
@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("backend", ["numpy", *thorough(b for b in BACKENDS if b != "numpy")])
def test_a_file_with_a_change_in_it_is_not(backend, kept, tmp_path):
    wrong, tried = closing(spec_of("adam"), backend, slice(7, None, 40), tmp_path, kept)
    assert wrong == []
    assert tried > 0


@with_coq
@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("key", beyond(MANY, FEW))
def test_no_spoiled_file_closes(key, kept, tmp_path):
    spec = spec_of(key).runnable
    for backend in BACKENDS:
        wrong, _ = closing(spec, backend, slice(3, None, 50), tmp_path, kept)
        assert wrong == []


@with_coq
@pytest.mark.parametrize(
    "family", beyond(sorted({entry.family for entry in OPTIMIZERS}), {spec_of(key).family for key in MANY})
)
def test_every_file_is_certified_and_its_theorems_pass_coqchk(family, kept, tmp_path):
    """Another program than the one that has accepted them, which takes nothing from it but what it has written."""
    shutil.copy(coq.LIBRARY, tmp_path)
    compiled(coq.LIBRARY.name, tmp_path)
    modules = [coq.LIBRARY.stem]
    for entry in (one for one in OPTIMIZERS if one.family == family):
        found = certified(entry.key, read_back(entry.key), kept)
        assert {r.certificate.status for r in found if r.certificate} == {CERTIFIED}
        modules.append(f"{entry.key}_files")
        text = "\n".join(theorem.text for theorem in exported(entry.key, found).different)
        (tmp_path / f"{modules[-1]}.v").write_text(coq.HEAD + text)
        compiled(f"{modules[-1]}.v", tmp_path)
    checked = [argument for module in modules for argument in ("-norec", module)]  # the library of Coq is another's
    subprocess.run(["coqchk", "-silent", "-Q", ".", "", *checked], cwd=tmp_path, check=True)


def compiled(name: str, folder: Path) -> None:
    subprocess.run(["coqc", "-q", "-Q", ".", "", name], cwd=folder, check=True)
