"""One way to say a thing: what is read, named or limited in one place of the source is so nowhere else in it."""

import ast
import re
import time
from contextlib import suppress
from fractions import Fraction

import pytest

from stepsmith.codegen.files import ROOT
from stepsmith.codegen.load import Spec
from stepsmith.codegen.report.show import text
from stepsmith.codegen.result import STATUSES
from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new
from stepsmith.codegen.timeouts import SlowError, limited

SOURCES = sorted((ROOT / "codegen").rglob("*.py"))


def test_a_status_is_a_constant():
    sources = [path for path in SOURCES if path.stem != "result"]
    constants = ((p, n) for p in sources for n in ast.walk(ast.parse(p.read_text())) if isinstance(n, ast.Constant))
    assert not [(path, node.lineno) for path, node in constants if node.value in STATUSES]


def test_the_domain_and_the_default_of_a_hyperparameter_are_read_by_it_alone():
    again = re.compile(r"(parse|Fraction|Rational|sympify|number|float)\((str\()?\w+\.(domain|default)\b")
    assert not [path for path in SOURCES if path.stem != "symbols" and again.search(path.read_text())]


def test_a_hyperparameter_knows_its_numbers():
    beta = hyper("beta", default="0.9", domain="[0, 1)")
    assert (beta.value, beta.condition, Fraction(1) in beta.allowed) == (Fraction(9, 10), "0 <= beta < 1", False)
    for wrong in (hyper("beta", default="many", domain="few"), hyper("beta")):
        for read in ("allowed", "value"):
            with pytest.raises(ValueError, match=r"write one of|Invalid literal"):
                getattr(wrong, read)


def test_an_integer_is_shown_as_one(tmp_path):
    w, g = arrays("w g")
    every = hyper("every", default="1e1", domain="integer >= 1", doc="steps")
    rule = Optimizer("Every", "nowhere", {}, (Step(new(w), w - g / every),))
    shown = text(Spec("every", "every", tmp_path / "every.py", "", rule))
    assert re.search(r"every +10 +integer every >= 1 +steps", shown)


def test_a_time_limit_goes_on_after_one_inside_it():
    found = []
    with suppress(SlowError), limited(0.3):
        try:
            with limited(0.05):
                spin()
        except SlowError as error:
            found.append(str(error))
        spin()
    assert found == ["it was still running after 0.05 s"]


def spin() -> None:
    end = time.process_time() + 5
    while time.process_time() < end:
        pass
    raise AssertionError("nothing ended it")
