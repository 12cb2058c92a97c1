"""Functions that came later, through everything: rules, a stage, schedules, a monitor and a layer with them."""

import pytest
import sympy

from stepsmith.codegen.algebra.assumptions import Assumptions
from stepsmith.codegen.algebra.tactics import decide
from stepsmith.codegen.analysis.defined import conditions
from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.check import check
from stepsmith.codegen.files import changes, write
from stepsmith.codegen.load import load
from stepsmith.codegen.readback import readback
from stepsmith.codegen.render import render
from stepsmith.codegen.spec.domain import parse
from stepsmith.codegen.spec.symbolic import log1p
from stepsmith.codegen.verify import verify
from tests.conftest import SPECS, refused, rules, spoil, thorough

FILES = sorted(SPECS.glob("squashed*.py"))


@pytest.mark.parametrize("path", [*FILES[:2], *thorough(FILES[2:])], ids=lambda path: path.stem)
def test_everything_is_proved_and_tested(path):
    """Claims, read-back for every backend, numbers against 50 digits, compilers where there are some."""
    specs = load([(path.resolve(), None)])
    check(specs)
    results = list(verify(specs, tuple(BACKENDS), None))
    wrong = [result for result in results if result.status in ("refuted", "undecided")]
    assert not wrong
    assert {r.spec for r in results if r.status == "proved"} >= {spec.key for spec in specs}


TAMPERED = [
    ("numpy", "math.tanh(t / scale)", "math.tanh(scale / t)", "lr_t = "),
    ("numpy", "math.tanh(t / scale)", "math.log1p(t / scale)", "lr_t = "),
    ("numpy", "np.tanh(s0, out=s0)", "np.sign(s0, out=s0)", "m_new = "),
    ("numpy", "np.tanh(s0, out=s0)", "np.tan(s0, out=s0)", ""),
    ("numpy", "np.log1p(v_new, out=s0)", "np.log(v_new, out=s0)", "u = "),
    ("cupy", "* tanh(g / scale);", "* exp(g / scale);", "m_new = "),
    ("cupy", "(log1p(v_new) + 1);", "log1p(v_new + 1);", "u = "),
    ("numba", "np.tanh(g[i] / scale)", "np.tanh(scale / g[i])", "m_new = "),
    ("numba", "np.log1p(v_new)", "np.log(v_new)", "u = "),
]


@pytest.mark.parametrize(("backend", "old", "new", "equation"), TAMPERED)
def test_a_file_with_another_function_is_refused(backend, old, new, equation, tmp_path):
    """With the equation that the file does not compute; what no generated file has is not understood."""
    spec = rules(str(SPECS / "squashed.py"))["tanh_momentum"]
    write(changes(render([spec], (backend,), tmp_path)))
    spoil(tmp_path / backend / "squashed.py", old, new)
    found, *_ = (result for result in readback(spec, backend, tmp_path) if result.status != "proved")
    assert refused(found)
    assert equation in str(found.counterexample)


def test_a_logarithm_asks_for_more_than_minus_one(declare):
    text = 'RULE = Optimizer(name="Rule", source="-", state={{}}, steps=(Step(new(w), w - lr * log1p({})),))'
    anything, size, least = (
        declare(text.format(of), name).optimizer for of, name in (("g", "any"), ("g**2", "size"), ("-beta", "least"))
    )
    assert [str(c) for c in conditions(anything)] == ["g + 1 > 0"]
    assert conditions(size) == conditions(least) == ()


@pytest.mark.parametrize(
    ("left", "right", "status"),
    [
        ("log1p(x)", "log(1 + x)", "undecided"),  # no tactic knows it, and nothing refutes it
        ("tanh(2 * x)", "2 * tanh(x) / (1 + tanh(x)**2)", "undecided"),
        ("tanh(-x)", "-tanh(x)", "proved"),
        ("Abs(tanh(p))", "tanh(p)", "proved"),
        ("tanh(x)", "x", "refuted"),
        ("log1p(p)", "p", "refuted"),
        ("log1p(2 * p)", "2 * log1p(p)", "refuted"),
    ],
)
def test_what_is_known_of_them_and_what_is_not(left, right, status):
    names = {"x": sympy.Symbol("x", real=True), "p": sympy.Symbol("p", real=True)}
    names |= {"tanh": sympy.tanh, "log": sympy.log, "log1p": log1p, "Abs": sympy.Abs}
    assumptions = Assumptions({"x": parse("real"), "p": parse("> 0")})
    assert decide(*(eval(side, dict(names)) for side in (left, right)), assumptions).status == status
