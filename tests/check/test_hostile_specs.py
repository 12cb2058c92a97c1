"""Hostile specs: a clear error or correct code, within a time limit, never broken output."""

import ast
import time

import pytest

from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.check import check, limits
from stepsmith.codegen.load import SpecError, load
from stepsmith.codegen.render import render
from tests.conftest import started
from tests.random_specs import declared, problems

LIMIT = 120.0  # what should not be tried takes hours, on any machine
HEAD = '''"""A hostile spec."""
import sympy
from sympy import Rational
from stepsmith.codegen.spec import *
w, g, m, a, b = arrays("w g m a b")
t, c = scalars("t c")
lr = hyper("lr", default="0.1", domain=">= 0")
'''


def rule(steps="Step(new(w), w - lr * g)", before="", state="{}", **texts):
    texts = {"name": "Rule", "source": "a test", "summary": "", **texts}
    given = ", ".join(f"{key}={value!r}" for key, value in texts.items())
    return f"{HEAD}{before}\nRULE = Optimizer({given}, state={state}, steps=({steps},))\n"


def hyper(**options) -> str:
    given = {"default": "0.1", "domain": ">= 0", **options}
    return rule("Step(new(w), w - k * g)", f"k = hyper('k', {', '.join(f'{k}={v!r}' for k, v in given.items())})")


def note(text) -> str:
    return rule(f"Step(a, g * 2, {text!r}), Step(new(w), w - lr * a)")


NESTED = "e = g\nfor k in range({n}):\n    e = {step}"
REFUSED = {
    "a number of 4,000 digits": (rule("Step(new(w), w - lr * g * Rational(1, 3)**10000)"), "too long for a double"),
    "a number beyond double": (rule("Step(new(w), w - lr * g * 10**400)"), "too long for a double"),
    "a huge exponent": (rule("Step(new(w), w - lr * g**(10**9))"), "the exponent 1000000000 is beyond 64"),
    "an exponent of many digits": (rule("Step(new(w), w - lr * g**(10**299))"), "the exponent of 300 digits is beyond"),
    "a power that nobody multiplies out": (
        rule("Step(new(m), m + g), Step(new(w), w - lr * (g + w + m + m**2)**60)", state="{m: 0}"),
        "multiplied out it has 39712 terms",
    ),
    "an enormous sum": (rule("Step(new(w), w - lr * sympy.Add(*[exp(-k * g) for k in range(1, 5000)]))"), "2000 parts"),
    "deep nesting": (rule("Step(new(w), w - lr * e)", NESTED.format(n=42, step="Abs(e - 1)")), "more than 40 deep"),
    "deep choices": (rule("Step(new(w), w - lr * e)", NESTED.format(n=60, step="where(g > k, e, k)")), "40 deep"),
    "choices in comparisons": (
        rule("Step(new(w), w - lr * e)", NESTED.format(n=5, step="where(e > w, e * 2, g)")),
        "a comparison with a choice in it",
    ),
    "thousands of steps": (
        rule("*s, Step(new(w), w - lr * x)", "s, x = [], g\nfor k in range(2000):\n"
             "    y = arrays(f'x{k}'); s.append(Step(y, x + w)); x = y"),
        "it has 2001 steps",
    ),
    "steps that double": (
        rule("*s, Step(new(w), w - lr * x)", "s, x = [], g\nfor k in range(60):\n"
             "    y = arrays(f'x{k}'); s.append(Step(y, x * (x + 1))); x = y"),
        "more than 100000 parts",
    ),
    "a file that does not end": (rule(before="while True: pass"), "it was still running"),
    "a file that ends the program": (rule(before="raise SystemExit(0)"), "the file does not run: SystemExit"),
    "a file that calls itself": (rule(before="def f(): return f()\nf()"), "RecursionError"),
    "a step that is none": (rule("3, Step(new(w), w - lr * g)"), "step 1 is not a step"),
    "a target that is a number": (rule("Step(3, g), Step(new(w), w - lr * g)"), "step 1 is not a step"),
    "a class in the way": (rule(name="NumpyOptimizer"), "the name NumpyOptimizer belongs to the generated modules"),
    "a class name with code in it": (rule(name="X: pass\nimport os"), "the invisible character"),
    "a name of 10,000 letters": (rule(name="A" * 10_000), "its name has 10000 characters"),
    "a symbol of 10,000 letters": (
        rule("Step(k, g), Step(new(w), w - lr * k)", "k = arrays('k' * 10000)"), "has 10000 characters"
    ),
    "a homoglyph": (rule("Step(k, g), Step(new(w), w - lr * k)", "k = arrays('\u0430')"), "is not a name"),
    "a quote in a name": (rule("Step(k, g), Step(new(w), w - lr * k)", "k = arrays('k\"\"\"')"), "is not a name"),
    "a keyword": (rule("Step(k, g), Step(new(w), w - lr * k)", "k = arrays('lambda')"), "belongs to Python"),
    "a source that is missing": (rule(source=None), "which is no text"),
    "a source that ends the docstring": (rule(source='x"""\nimport os'), "its source has"),
    "a source with a lone surrogate": (
        rule(source="x").replace("source='x'", "source='x\\ud800'"),
        "invisible character",
    ),
    "a summary that turns the text around": (rule(summary="x \u202e y"), "the invisible character '\\u202e'"),
    "a summary with a NUL": (rule(summary="x\0y"), "the invisible character '\\x00'"),
    "a summary that never ends": (rule(summary="x" * 10**6), "its summary has 1000000 characters"),
    "a note that ends its comment": (note("x\nimport os; os.abort()"), "its note has the invisible character"),
    "a note that ends a string": (note('x"""'), "a quote that would end it"),
    "a note that goes on in the next line": (note("x \\"), "its note has a backslash"),
    "a note that is a number": (note(7), "its note is 7, which is no text"),
    "a hyperparameter's doc with code in it": (hyper(doc='x"""\nimport os'), "its doc has"),
    "a default with code in it": (hyper(default="1; import os"), "is not a decimal string"),
    "a default of a billion digits": (hyper(default="1e999999999"), "is not a decimal string"),
    "a default beyond double": (hyper(default="1e400"), "is inf in double"),
    "a default below double": (hyper(default="1e-400"), "is 0.0 in double"),
    "a default in other digits": (hyper(default="\u0661.5"), "is not a decimal string"),
    "a domain in other digits": (hyper(domain="> \u0661"), "its domain cannot be read"),
    "a domain of a million digits": (hyper(domain=">= " + "1" * 10**6), "its domain cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "fact"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_in_time(tmp_path, text, fact):
    path = tmp_path / "hostile.py"
    path.write_text(text, encoding="utf-8")
    start = time.process_time()
    with pytest.raises(SpecError) as error:
        check(load([(path.resolve(), None)]))
    assert time.process_time() - start < LIMIT
    assert fact in str(error.value)
    assert len(str(error.value)) < 2000
    for problem in error.value.problems:
        assert problem.place.startswith("hostile.py")
        assert problem.remedy


ACCEPTED = {
    "template code": rule(source="{{ 7 * 7 }} {% raise %} {# x #}", summary="{{ self }} */ // ' # %s {0}"),
    "template code in a note": note("{{ x }} {% endfor %} */ abort(); // ' # %s {0} ??/"),
    "template code in a hyperparameter's doc": hyper(doc="{{ x }} */ ' # %s {0}"),
    "powers": rule("Step(new(w), w - lr * (g / (1 + Abs(g)))**16)"),
    "nesting as deep as it may be": rule(
        "Step(new(w), w - lr * e)", NESTED.format(n=9, step="sqrt(Abs(e - Rational(1, 3)))")
    ),
    "scalars nested as deep as it may be": rule(
        "Step(c, e), Step(new(w), w - lr * c * g)",
        NESTED.format(n=9, step="sqrt(Abs(e - Rational(1, 3)))").replace("e = g", "e = t"),
    ),
    "forty steps": rule(
        "*s, Step(new(w), w - lr * x)",
        "s, x = [], g\nfor k in range(40):\n    y = arrays(f'x{k}'); s.append(Step(y, x / 2 + w)); x = y",
    ),
    "a long name": rule("Step(k, g), Step(new(w), w - lr * k)", f"k = arrays('{'k' * limits.NAME}')"),
    "a whole number with a point": hyper(default="1.0", domain="integer >= 1"),
    "a whole number with an exponent": hyper(default="1e3", domain="integer >= 1"),
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_what_can_be_is_correct_in_time(tmp_path, text):
    start = time.process_time()
    spec = declared(text, tmp_path, "hostile")
    for path, code in render([spec], BACKENDS, tmp_path / "out").items():
        ast.parse(code, str(path))
    assert time.process_time() - start < LIMIT
    assert list(problems(spec, tmp_path, prove=True)) == []


@pytest.mark.fast
def test_a_docstring_with_code_in_it(tmp_path):
    for doc, fact in (
        ('x\\"""\nimport os', "its docstring has"),
        ("x\u202ey", "its docstring has"),
        ("x {{ 7*7 }}\n'# %", None),
    ):
        path = tmp_path / "hostile.py"
        path.write_text(rule().replace('"""A hostile spec."""', f"'''{doc}'''" if "'" not in doc else f'"""{doc}"""'))
        specs = load([(path.resolve(), None)])
        if fact:
            with pytest.raises(SpecError, match=fact):
                check(specs)
        else:
            check(specs)
            for target, code in render(specs, BACKENDS, tmp_path / "out").items():
                ast.parse(code, str(target))


def test_the_command_line_says_it_and_exits_with_two(tmp_path):
    (tmp_path / "hostile.py").write_text(REFUSED["a note that ends its comment"][0])
    run = started("generate", "hostile.py", "--out", "out", cwd=tmp_path)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "out").exists()
