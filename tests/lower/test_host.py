"""How scalars are spelled that the host forms: plain where nothing can go wrong, else by a function that is total."""

import importlib
import math

import pytest
import sympy

from stepsmith._runtime import scalars as runtime
from stepsmith.codegen.backends.jax.rules import Traced
from stepsmith.codegen.check import check
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.expr.tree import arrange
from stepsmith.codegen.files import changes, write
from stepsmith.codegen.lower.host import Host, called_in
from stepsmith.codegen.lower.program import lower
from stepsmith.codegen.readback import readback
from stepsmith.codegen.render import render
from stepsmith.codegen.render.text import scalar_lines
from stepsmith.codegen.spec.domain import FROM_ONE, parse
from stepsmith.codegen.spec.host import STAND_INS
from tests.conftest import refused, spec_of, spoil

beta, eps, any_number, small, t = sympy.symbols("beta eps any_number small t", real=True)
KNOWN = {"beta": parse("[0, 1)"), "eps": parse("> 0"), "small": parse("< 0"), "t": FROM_ONE}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (beta**t, "beta**t"),
        (beta ** (t - 1), "beta ** (t - 1)"),
        (1 - beta**t, "one_minus_power(beta, t)"),
        (1 - beta ** (t + 1), "one_minus_power(beta, 1 + t)"),
        (1 - beta**2, "1 - beta**2"),
        (1 - beta, "1 - beta"),
        (t**2, "t**2"),
        (eps**2, "power(eps, 2)"),
        (t**eps, "power(t, eps)"),
        (1 / t**eps, "1 / power(t, eps)"),
        (beta**any_number, "power(beta, any_number)"),
        (sympy.exp(t), "exp(t)"),
        (sympy.exp(small), "math.exp(small)"),
        (sympy.log(eps), "log(eps)"),
        (sympy.log(t), "math.log(t)"),
        (sympy.sqrt(t), "math.sqrt(t)"),
        (sympy.sqrt(any_number), "sqrt(any_number)"),
        (sympy.cos(any_number), "math.cos(any_number)"),
    ],
)
def test_plain_where_nothing_can_go_wrong(value, text):
    assert Host(KNOWN)(arrange(value, {"t": 9})) == text


def test_numbers_that_are_traced_have_one_minus_power_only_where_the_exponent_is_from_0():
    assert Traced(KNOWN)(arrange(1 - beta**t, {"t": 9})) == "one_minus_power(beta, t)"
    assert Traced(KNOWN)(arrange(1 - beta**any_number, {"t": 9})) == "1 - power(beta, any_number)"


def test_the_names_are_those_of_the_module_that_is_copied():
    assert set(STAND_INS) == set(runtime.__all__)
    assert called_in("a = power(b, c) + math.sqrt(d) + cp.exp(e)") == ["power"]


def test_the_stand_ins_are_what_the_functions_compute():
    for name, stand_in in STAND_INS.items():
        values = (0.75,) if name in ("exp", "log", "log1p", "sqrt") else (0.75, 3.0)
        assert float(stand_in(*map(sympy.Float, values))) == pytest.approx(getattr(runtime, name)(*values), rel=1e-13)


def test_the_length_of_an_average_is_found():
    program = lower(spec_of("radam").optimizer)
    lines = scalar_lines(program, program.scalars)
    assert "length = average_length(beta2, t)  # length of the average so far" in lines
    assert "c2 = one_minus_power(beta2, t)  # bias of the second moment" in lines


GROWING = """
from stepsmith.codegen.claims import starts_at
rate = hyper("rate", default="0.1", domain="> 0")
speed = hyper("speed", default="2", domain="> 0")
power = hyper("exponent", default="3", domain="> 0")
RULE = Schedule(
    name="Rule",
    source="a test",
    value=rate / (1 + exp(speed * (t - 1)) + speed**2 + t**power),
    claims=(starts_at(rate / (3 + speed**2)),),
)
"""


def test_a_schedule_of_a_user_has_a_value_at_every_step(declare, tmp_path):
    spec = declare(GROWING)
    check([spec])
    out = tmp_path / "out"
    write(changes(render([spec], [], out)))
    rule = importlib.import_module(f"{package(out)}.written").Rule
    for options in ({}, {"speed": 1e200}, {"exponent": 1e5}, {"speed": 1e300, "exponent": 1e300}):
        for moment in (1, 2, 10, 10**4, 10**7, 2**53):
            assert 0 <= rule(**options)(moment) < math.inf
    assert all(result.status == "proved" for result in readback(spec, "numpy", out))
    spoil(out / "written.py", "power(t, self.exponent)", "power(self.exponent, t)")
    assert any(refused(result) for result in readback(spec, "numpy", out))
