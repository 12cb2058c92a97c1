"""The theorems that the README shows: they are there, and Coq's kernel accepts them."""

from __future__ import annotations

import re

import pytest

from stepsmith.codegen.certify import coq, exported
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import prove_only
from stepsmith.codegen.result import CERTIFIED
from tests.certify.conftest import with_coq
from tests.conftest import ROOT

SECTION = (ROOT / "README.md").read_text().split("## Certified")[1].split("\n## ")[0]
SHOWN = [tuple(name.split(" ", 1)) for name in re.findall(r"^\| `([^`]+)` \|", SECTION, re.MULTILINE)]

pytestmark = with_coq


def test_some_are_shown():
    assert len(SHOWN) > 9


@pytest.mark.thorough
@pytest.mark.parametrize("key", dict(SHOWN))
def test_what_the_readme_shows_is_certified(key, kept):
    (spec,) = (spec for spec in load(select([key])) if spec.key == key)
    claims = [claim for of, claim in SHOWN if of == key]
    found = [result for result in prove_only(spec, claims) if result.claim in claims]
    export = exported(key, found)
    assert not export.left_out
    assert {found[place].claim for place in export.theorems} == {*claims}
    said = coq.checked(export.different, kept)
    assert {answer.status for answer in said.values()} == {CERTIFIED}
