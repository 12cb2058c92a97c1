"""What files compute, as theorems for Coq: each file of a rule is certified, and a file with a change in it is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.certify import certified, coq, exported
from stepsmith.codegen.certify.emitted import agreement
from stepsmith.codegen.load import GENERATED
from stepsmith.codegen.readback import readback
from stepsmith.codegen.readback.rules import computed
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED
from tests.conftest import spec_of

with_coq = pytest.mark.skipif(coq.version() is None, reason="Coq is not installed (package coq)")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("coq")


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


@with_coq
@pytest.mark.parametrize(
    ("backend", "old", "new"),
    [
        ("numpy", "math.sqrt(c2)", "c2"),
        ("cupy", "sqrt(v_new) + eps_sqrt_c2", "sqrt(v_new + eps_sqrt_c2)"),
        ("torch", "= 1 - beta1", "= 1 - beta2"),
    ],
)
def test_a_file_with_a_change_in_it_is_not(backend, old, new, kept, tmp_path):
    spec = spec_of("adam")
    text = (GENERATED / backend / "adam.py").read_text()
    assert old in text
    path = tmp_path / backend / "adam.py"
    path.parent.mkdir()
    path.write_text(text.replace(old, new))
    theorem = replace(agreement(computed(spec, backend, path)), name="spoiled")
    assert coq.checked([theorem], kept)[theorem.name].status == NOT_CLOSED
