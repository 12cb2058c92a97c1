"""What stages compute, as theorems for Coq: each is certified in each library, and one with a change in it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stepsmith.codegen.backends import staged_backend
from stepsmith.codegen.certify import certified, coq
from stepsmith.codegen.certify.emitted import agreement
from stepsmith.codegen.load import GENERATED
from stepsmith.codegen.readback.stages import computed, readback
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED
from tests.certify.conftest import with_coq
from tests.conftest import catalog, spec_of, spoil

pytestmark = with_coq

STAGES = [entry.key for entry in catalog() if entry.kind == "stage"]
BACKENDS = ("numpy", "cupy", "torch")
SOME = ("clip_by_norm", "accumulate")
#: A coefficient, a sign, a comparison that ends the step, a number that is kept.
CHANGES = [
    ("numpy", "loss_scale", "np.divide(g, loss_scale", "np.multiply(g, loss_scale"),
    ("torch", "l2_decay", "g + ", "g - "),
    ("numpy", "accumulate", "bool(count_new > 0)", "bool(count_new > 1)"),
    ("cupy", "accumulate", "else 1 + count", "else 2 + count"),
]


def is_certified(key: str, kept) -> None:
    found = [r for backend in BACKENDS for r in readback(spec_of(key), backend, GENERATED)]
    said = {r.claim: r.certificate.status for r in certified(key, found, kept) if r.claim.startswith("readback")}
    assert said == {f"readback {backend}": CERTIFIED for backend in BACKENDS}


@pytest.mark.parametrize("key", SOME)
def test_what_a_stage_computes_is_certified(key, kept):
    is_certified(key, kept)


@pytest.mark.thorough
@pytest.mark.parametrize("key", [key for key in STAGES if key not in SOME])
def test_what_each_stage_computes_is_certified(key, kept):
    is_certified(key, kept)


def test_what_a_spoiled_stage_computes_is_not(copied, kept, monkeypatch):
    monkeypatch.setattr(coq, "_SECONDS", 4)
    theorems = {}
    for number, (backend, key, old, new) in enumerate(CHANGES):
        spec, path = spec_of(key), copied / backend / "pipeline.py"
        text = path.read_text()
        _, head, body = text.partition(f"class {spec.stage.name}(Stage)")
        _, _, inside = body.partition('"""')[2].partition('"""')  # after the docstring
        assert old in inside.partition("\nclass ")[0]
        spoil(path, head + body, head + body.replace(inside, inside.replace(old, new, 1)))
        found = agreement(computed(spec.stage, staged_backend(backend), path))
        theorems[number] = replace(found, name=f"spoiled_{number}")
        spoil(path, path.read_text(), text)
    said = coq.checked([*theorems.values()], kept)
    assert {one.status for one in said.values()} == {NOT_CLOSED}
