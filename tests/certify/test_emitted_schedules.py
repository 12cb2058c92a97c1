"""What classes of schedules compute, as theorems for Coq: each is certified, and one with a change in it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stepsmith.codegen.certify import certified, coq
from stepsmith.codegen.certify.emitted import agreement
from stepsmith.codegen.load import GENERATED
from stepsmith.codegen.readback.schedules import computed, readback
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED
from tests.certify.conftest import with_coq
from tests.conftest import catalog, spec_of, spoil

pytestmark = with_coq

SCHEDULES = [entry.key for entry in catalog() if entry.kind == "schedule"]
#: Changes in the file: a coefficient, a sign, a step, a condition, an operation.
CHANGES = {
    "cosine": ("(1 + math.cos(", "(1 - math.cos("),
    "step_decay": ("math.floor((t - 1) / self.period)", "math.floor(t / self.period)"),
    "inverse": ("self.lr / t", "self.lr / (t + 1)"),
}
MORE_CHANGES = {
    "warmup_step_decay": ("max(0, t - self.warmup_steps) / self.period", "max(0, t - self.period) / self.period"),
    "warmup_cosine_restarts": ("min(self.warmup_steps, t) / self", "max(self.warmup_steps, t) / self"),
    "cosine_restarts": ("((t - 1) % self.period)", "(t % self.period)"),
    "inverse_sqrt": ("math.sqrt(1 + t)", "math.sqrt(t)"),
    "halving": ("(1 / 2) ** t", "(1 / 2) ** (t - 1)"),
}


def is_certified(key: str, kept) -> None:
    found = certified(key, readback(spec_of(key), GENERATED), kept)
    assert [r.certificate.status for r in found if r.claim == "readback"] == [CERTIFIED]


@pytest.mark.parametrize("key", ["cosine", "warmup_step_decay"])
def test_what_a_schedule_computes_is_certified(key, kept):
    is_certified(key, kept)


@pytest.mark.thorough
@pytest.mark.parametrize("key", [key for key in SCHEDULES if key not in ("cosine", "warmup_step_decay")])
def test_what_each_schedule_computes_is_certified(key, kept):
    is_certified(key, kept)


def stay_open(changes, copied, kept, monkeypatch) -> None:
    """Each change is made in the class of that schedule, where its value is computed."""
    monkeypatch.setattr(coq, "_SECONDS", 4)
    path = copied / "schedules.py"
    text = path.read_text()
    theorems = {}
    for key, (old, new) in changes.items():
        before, head, body = text.partition(f"class {spec_of(key).schedule.name}(")
        doc, at, value = body.partition("    def _at(")
        assert old in value
        spoil(path, path.read_text(), before + head + doc + at + value.replace(old, new, 1))
        theorems[key] = agreement(computed(spec_of(key), path))
    said = coq.checked([replace(theorem, name=f"{key}_spoiled") for key, theorem in theorems.items()], kept)
    assert {one.status for one in said.values()} == {NOT_CLOSED}


def test_what_a_spoiled_schedule_computes_is_not(copied, kept, monkeypatch):
    stay_open(CHANGES, copied, kept, monkeypatch)


@pytest.mark.thorough
def test_what_other_spoiled_schedules_compute_is_not(copied, kept, monkeypatch):
    stay_open(MORE_CHANGES, copied, kept, monkeypatch)
