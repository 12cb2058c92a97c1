"""How optimizers are shown, and that nothing is shown unasked."""

import ast
import warnings

import numpy as np
import pytest

from stepsmith import numpy as module
from stepsmith._runtime.formulas import equations
from stepsmith.numpy import SGD, Adam, ClipByGlobalNorm, Group, WeightEMA
from stepsmith.schedules import Cosine
from tests.conftest import OPTIMIZERS, beside

pytestmark = pytest.mark.fast

RULES = [entry.name for entry in OPTIMIZERS]


def test_one_line():
    opt = Adam({"a": np.ones((30, 50)), "b": np.ones(2)}, lr=Cosine(lr=0.1, steps=9), pipeline=[ClipByGlobalNorm()])
    assert repr(opt) == (
        "<Adam(lr=Cosine(lr=0.1, end=0.0, steps=9), beta1=0.9, beta2=0.999, eps=1e-08, "
        "pipeline=[ClipByGlobalNorm(max_norm=1.0)]) of 2 arrays, 1,502 elements, after 0 steps>"
    )
    opt = SGD([Group(np.ones(2), lr=0.5), Group(np.ones(1))], lr=abs)
    assert repr(opt) == "<SGD(lr=abs) of 2 groups (lr=0.5; -), 2 arrays, 3 elements, after 0 steps>"


@pytest.mark.parametrize("name", RULES)
def test_every_equation_of_every_rule_is_spelled(name):
    opt = getattr(module, name)(np.ones(2))
    lines = list(equations(opt._update))
    assert lines[-1][0] == "w_new" or any(line[0] == "w_new" for line in lines)
    for _, expression, _ in lines:
        ast.parse(expression, mode="eval")
    text = opt._repr_latex_()
    assert "texttt" not in text
    assert text.count(r"\begin") == text.count(r"\end")
    assert text.count("{") == text.count("}")
    assert all(f"<code>{one}</code>" in opt._repr_html_() for one in ("w_new",))


def test_latex_of_adam():
    text = Adam(np.ones(2))._repr_latex_()
    assert r"m_{t} &= \beta_{1} \, m_{t-1} + \left(1 - \beta_{1}\right) \, g_{t}" in text
    assert r"w_{t} &= w_{t-1} - \frac{\eta \, \hat{m}_{t}}{\sqrt{\hat{v}_{t}} + \varepsilon}" in text


def test_html_has_bytes_and_is_escaped():
    opt = Adam([Group(np.ones(4), lr=lambda t: 0.1)], pipeline=[WeightEMA(decay=0.5)])
    text = opt._repr_html_()
    assert "<lambda>" not in text
    assert "0 &lt;= beta1 &lt; 1" in text
    assert text.count("32 bytes") == 4  # parameters, m, v, the average
    assert "<script" not in SGD(np.ones(1), lr=type("<script>", (), {"__call__": lambda self, t: 0.1})())._repr_html_()


@pytest.mark.parametrize("name", RULES)
def test_nothing_is_shown_unasked(name, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for dtype in (np.float64, np.float16):
            w = {"a": np.zeros(3, dtype), "b": np.ones((2, 2), dtype)}
            opt = getattr(module, name)(w, pipeline=[ClipByGlobalNorm(), WeightEMA()])
            for g in (0, 1, np.inf, np.nan, 0):
                grads = {key: np.full_like(one, g) for key, one in w.items()}
                opt.step(grads, **beside(opt, grads))
            opt.load_state_dict(opt.state_dict())
    assert capfd.readouterr() == ("", "")
