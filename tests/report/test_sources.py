"""From a lecture note to its rule: each formula of a note has a line, and each line is decided by results."""

import hashlib
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from stepsmith.codegen.check import check
from stepsmith.codegen.load import ROOT, SpecError, UsageError, load, select
from stepsmith.codegen.prove import claims_of, prove
from stepsmith.codegen.report.sources import (
    CORRECTED,
    OPEN,
    READBACK,
    REMARK,
    Backing,
    Line,
    decided,
    lines,
    places,
    sources,
)
from stepsmith.codegen.result import PROVED, TESTED
from tests.conftest import cli

#: The notes themselves are not part of the project; where they are at hand, the table is held to their text.
NOTES = Path(os.environ.get("STEPSMITH_NOTES", ROOT.parent / "shared" / "sources"))
LINES = lines()


@pytest.mark.fast
@pytest.mark.parametrize("source", sources(), ids=lambda source: source.key)
def test_each_formula_of_a_note_has_a_line(source):
    told = [number for line in LINES if line.source == source.key for number in line.formulas]
    assert sorted(set(told)) == list(range(1, source.formulas + 1))


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.key)
def test_the_table_knows_the_text_of_the_notes(source):
    (path,) = NOTES.glob(f"{source.key}_*.txt") if NOTES.is_dir() else [None]
    if path is None:
        pytest.skip(f"there is no {NOTES}")
    text = path.read_bytes()
    assert hashlib.sha256(text).hexdigest() == source.sha256
    assert len(re.findall(r"\$\$(.+?)\$\$", text.decode(), re.DOTALL)) == source.formulas


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.source} {line.printed[:40]}")
def test_each_line_names_what_verify_proves(line):
    """That all claims of all rules are proved is held elsewhere."""
    assert line.backings or line.remark
    assert line.remark or not line.denied, "what is wrong as printed says what is right"
    for backing in line.backings:
        (spec,) = load(select([backing.entry]))
        assert backing.claim in {READBACK, *(claim.label for claim in claims_of(spec.rule))}


@pytest.mark.parametrize(
    ("shown", "denied", "remark", "status"),
    [
        (("sgd: additive", "sgd: readback numpy"), (), "", PROVED),
        ((), (), "notation", REMARK),
        ((), (), "", OPEN),
        (("sgd: additive",), ("sign_sgd: not additive",), "", CORRECTED),
        ((), ("sign_sgd: not additive",), "", "refuted"),
        (("sgd: no such claim",), (), "", OPEN),
        (("no_such_rule: additive",), (), "", OPEN),
    ],
)
def test_the_status_comes_from_the_results(shown, denied, remark, status):
    of = [tuple(Backing(*text.split(": ", 1)) for text in side) for side in (shown, denied)]
    (found,) = decided([Line("000", "here", "as printed", shown=of[0], denied=of[1], remark=remark)])
    assert found.status == status
    assert all(result.status in (PROVED, TESTED) for result in found.results)


@pytest.mark.fast
def test_an_entry_knows_its_places():
    assert "000 Adam" in places("adam")
    assert places("no_such_rule") == []
    with pytest.raises(UsageError, match="there are 000, 001, 002, 003 and 004"):
        lines("005")


def test_the_command_line_lists_the_lines_of_a_note():
    run = cli("list", "--source", "005")
    assert (run.returncode, run.stdout) == (2, "")
    assert "there are 000, 001, 002, 003 and 004" in run.stderr
    assert "lectures: 000 Nesterov" in cli("show", "nesterov_lookahead").stdout
    rows = json.loads(cli("list", "--source", "000", "--json").stdout)["lines"]
    assert {row["status"] for row in rows} <= {PROVED, CORRECTED, "refuted", REMARK}
    assert [row["printed"] for row in rows] == [line.printed for line in lines("000")]


SLIP = """
_PRINTED = Optimizer(name="Printed", source="x", state={STATE}, steps=(STEPS,))
RULE = Optimizer(
    name="Rule", source="x", state={}, steps=(Step(new(w), w - lr * g),), claims=(slip(_PRINTED, CLAIM),)
)
"""


def printed(steps: str, claim: str, state: str = "") -> str:
    return SLIP.replace("STEPS", steps).replace("CLAIM", claim).replace("STATE", state)


@pytest.mark.fast
@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("first_step(lr * g)", PROVED),
        ("first_step(-lr * g)", "refuted"),
        ('fails(descends(), "it climbs")', PROVED),
        ("descends()", "refuted"),
    ],
)
def test_a_slip_is_judged_as_it_is_printed(declare, claim, status):
    spec = declare(printed("Step(new(w), w + lr * g)", claim))
    check([spec])
    assert spec.key == "rule", "what begins with an underscore is no entry"
    (result,) = prove(spec)
    assert result.status == status
    assert result.claim.startswith("slip Printed: ")


@pytest.mark.fast
@pytest.mark.parametrize(
    ("steps", "claim", "state", "fact"),
    [
        ("Step(new(w), w + lr * c)", "descends()", "", "c"),
        ("Step(new(w), w + 0.5 * g)", "descends()", "", "0.5"),
        ("Step(new(w), w + g)", "ema(m, of=g, decay=beta)", "", "the rule has no"),
        ("Step(new(w), w + g)", "descends()", "v: 0", "the state v is never updated"),
        ("Step(new(w), w + g)", "starts_at(lr)", "", "is not said of"),
    ],
)
def test_what_is_wrong_with_a_slip_is_said(declare, steps, claim, state, fact):
    with pytest.raises(SpecError, match=re.escape(fact)):
        check([declare(printed(steps, claim, state))])


@pytest.mark.thorough
def test_no_line_is_open_and_the_readme_counts_them():
    found = Counter(one.status for one in decided(LINES))
    assert set(found) == {PROVED, CORRECTED, "refuted", REMARK}
    text = " ".join((ROOT / "README.md").read_text().split())
    lead = f"Of {len(LINES)} lines {found[PROVED]} are proved as they are printed, {found[CORRECTED]} are corrected"
    assert lead in text
    assert (found["refuted"], found[REMARK]) == (1, 5), "one is refuted; five say nothing that could be proved"
