"""How notebooks show what a spec declares."""

import re

import pytest

from stepsmith.codegen.expr.printing import Latex
from stepsmith.codegen.expr.tree import arrange
from stepsmith.codegen.load import catalog, load
from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import Flag, arrays, hyper, new

RULES = {spec.rule.name: spec.rule for spec in load({(entry.path, None): None for entry in catalog()})}


@pytest.mark.parametrize("name", RULES)
def test_what_is_declared_is_shown(name):
    rule = RULES[name]
    html, latex = rule._repr_html_(), rule._repr_latex_()
    assert html.startswith(f"<div><b>{name}</b>: ")
    for tag in ("div", "table", "tr", "td", "b", "math", "mrow", "mi", "mo", "mn", "mfrac", "msup", "msub"):
        assert len(re.findall(f"<{tag}[ >]", html)) == html.count(f"</{tag}>")
    assert all(f">{hyper.name}</td>" in html for hyper in rule.hypers if not isinstance(hyper, Flag))
    assert ("For each element" in html) == isinstance(rule, Optimizer)
    assert latex.startswith(r"$\displaystyle \begin{aligned}")
    for opening, closing in (("{", "}"), (r"\begin", r"\end"), (r"\left", r"\right")):
        assert latex.count(opening) == latex.count(closing)


def test_adam():
    html = RULES["Adam"]._repr_html_()
    assert "0 &lt;= beta1 &lt; 1" in html
    assert "<msubsup><mi>β</mi><mrow><mn>1</mn></mrow><mi>t</mi></msubsup>" in html
    assert "8 bytes in float32, 16 in float64" in html  # m and v
    assert r"m_{t} &= \beta_{1} \, m_{t-1} + (1 - \beta_{1}) \, g_{t}" in RULES["Adam"]._repr_latex_()


def test_each_kind_has_what_it_is_made_of():
    assert "a_t &= " in RULES["Cosine"]._repr_latex_()
    assert "what it tells" in RULES["Best"]._repr_html_()
    assert "Before the first report" in RULES["Best"]._repr_html_()
    assert "backward, derived from training" in RULES["BatchNormTorch"]._repr_html_()
    assert "g'_{t} &= " in RULES["LossScale"]._repr_latex_()


def test_a_base_in_fractions_and_a_single_numerator():
    g = arrays("g")
    x = hyper("x", "1/2", "x > 0")
    spell = Latex((), ())
    assert spell(arrange((x + 1) / g, {})) == r"\frac{1 + x}{g_{t}}"
    assert RULES["NAdam"]._repr_latex_().count(r"\left(\frac{24}{25}\right)^") == 2


def test_what_cannot_be_spelled_is_left_to_its_repr():
    w = arrays("w")
    rule = Optimizer("Broken", "nowhere", {}, (Step(new(w), w * 2), "no step"))
    assert rule._repr_html_() is None
    assert rule._repr_latex_() is None
    assert "Broken" in repr(rule)
