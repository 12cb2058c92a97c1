"""readback: what is proved of the files on disk, and what is not."""

import ast

import pytest

from stepsmith.codegen.backends import BACKENDS, those_in_place, those_with_stages
from stepsmith.codegen.backends.numba.rules import ELEMENT
from stepsmith.codegen.execution.language import HOST, OutsideError, apart, domain_test, scalars, value
from stepsmith.codegen.execution.modules import BrokenError
from stepsmith.codegen.files import changes, write
from stepsmith.codegen.load import GENERATED, catalog
from stepsmith.codegen.readback import lanes, readback
from stepsmith.codegen.render import render
from tests.conftest import SPECS, overwrite, rules, spec_of, spoil
from tests.sample import covering

ADAM, AMSGRAD, MOMENTUM = "adam", "amsgrad", "momentum"


def files():
    """Each rule with each backend that has a file of it; of schedules and monitors one file serves all."""
    chosen = covering([entry for entry in catalog() if entry.kind == "optimizer"])
    for entry in catalog():
        marks = (pytest.mark.thorough,) if entry.kind == "optimizer" and entry.key not in chosen else ()
        of_kind = those_with_stages(BACKENDS, alone=False) if entry.kind == "stage" else those_in_place()
        backends = BACKENDS if entry.kind == "optimizer" else of_kind
        for backend in ("",) if entry.kind in ("schedule", "monitor") else backends:
            yield pytest.param(entry.key, backend, id=f"{entry.key}-{backend}".strip("-"), marks=marks)


@pytest.mark.parametrize(("spec", "backend"), list(files()), indirect=["spec"])
def test_the_files_on_disk_compute_the_specs(spec, backend):
    found = list(readback(spec, backend, GENERATED))
    assert found
    for result in found:
        assert result.status == "proved", result


@pytest.mark.parametrize("name", ["everything", "sign_momentum"])
def test_every_operation_is_read_back(name, tmp_path):
    spec = rules(str(SPECS / f"{name}.py"))[name]
    write(changes(render([spec], BACKENDS, tmp_path)))
    for backend in BACKENDS:
        for result in readback(spec, backend, tmp_path):
            assert result.status == "proved", result


EDITS = [
    # backend, family, rule, what stands there, what it becomes, the claim that fails, the equation that is named
    ("numpy", ADAM, "adam", "np.multiply(beta1, m", "np.multiply(beta2, m", "readback", "m_new = "),
    ("numpy", ADAM, "adam", "c2 = one_minus_power(beta2, t)", "c2 = 2 - beta2**t", "readback", "c2 = "),
    ("numpy", ADAM, "adam", "c1 = one_minus_power(beta1, t)", "c1 = 1 + beta1**t", "readback", "c1 = "),
    ("numpy", ADAM, "adam", "one_minus_beta2 = 1 - beta2", "one_minus_beta2 = 1 - beta1", "readback", "v_new = "),
    ("numpy", ADAM, "adam", "np.square(g", "np.sqrt(g", "readback", "v_new = "),
    ("numpy", ADAM, "adam", "np.subtract(w, s0", "np.add(w, s0", "readback", "w_new = "),
    (
        "numpy",
        ADAM,
        "adam",
        "np.add(s1, eps_sqrt_c2, out=s1)",
        "np.add(s0, eps_sqrt_c2, out=s1)",
        "readback",
        "w_new = ",
    ),
    ("numpy", AMSGRAD, "amsgrad_corrected", "np.divide(v_new, c2", "np.divide(v_new, c1", "readback", "v_hat = "),
    # what is pulled out of an equation, and not what it is in the spec
    ("numpy", ADAM, "adam", "eps * math.sqrt(c2)", "eps * c2", "readback", "w_new = "),
    ("numpy", ADAM, "adam", "eps * math.sqrt(c2)", "eps", "readback", "w_new = "),
    ("numpy", ADAM, "adam", "lr * math.sqrt(c2) / c1", "lr / c1", "readback", "w_new = "),
    ("numpy", ADAM, "adam", "lr * math.sqrt(c2) / c1", "lr * math.sqrt(c2)", "readback", "w_new = "),
    ("numpy", ADAM, "adam", "np.sqrt(v_new, out=s1)", "np.copyto(s1, v_new)", "readback", "w_new = "),
    ("cupy", ADAM, "adam_eps_inside", "sqrt(v_new + eps_c2)", "(sqrt(v_new) + eps_c2)", "readback", "w_new = "),
    (
        "numba",
        ADAM,
        "adam_eps_root",
        "eps_root_c2 = eps_root * c2",
        "eps_root_c2 = eps_root * math.sqrt(c2)",
        "readback",
        "w_new = ",
    ),
    ("numpy", ADAM, "adam", "np.square(g, out=s0)", "np.square(g, out=g)", "readback", ""),
    ("numpy", ADAM, "adam", "scratch=2", "scratch=3", "readback", ""),
    ("numpy", MOMENTUM, "heavy_ball", "np.add(w, v_new", "np.add(w, s0", "readback", "w_new = "),
    ("numpy", ADAM, "adam", 'ClassVar = ("m", "v")', 'ClassVar = ("v", "m")', "class", ""),
    ("numpy", ADAM, "adam", "eps: float = 1e-8", "eps: float = 1e-7", "readback", ""),
    *((backend, ADAM, "adam", "lr: Hyper = 0.001", "lr: Hyper = 0.002", "class", "") for backend in BACKENDS),
    ("numpy", ADAM, "adam", "beta2: 0 <= beta2 < 1", "beta2: 0 <= beta2 <= 1", "class", ""),
    ("numpy", ADAM, "adam", "beta1=beta1,", "beta1=beta2,", "class", ""),
    ("numpy", ADAM, "adam", "(np.zeros_like(w), ", "(np.full_like(w, 1), ", "class", ""),
    ("cupy", ADAM, "adam", "beta2 * v + one", "beta2 * v - one", "readback", "v_new = "),
    ("cupy", ADAM, "adam", "(g * g)", "(g + g)", "readback", "v_new = "),
    ("cupy", ADAM, "adam", "(sqrt(v_new) + eps_sqrt_c2)", "sqrt(v_new + eps_sqrt_c2)", "readback", "w_new = "),
    (
        "cupy",
        ADAM,
        "adam",
        "lr_sqrt_c2_over_c1, eps_sqrt_c2),",
        "eps_sqrt_c2, lr_sqrt_c2_over_c1),",
        "readback",
        "w_new = ",
    ),
    (
        "cupy",
        ADAM,
        "adam",
        "T lr_sqrt_c2_over_c1, T eps_sqrt_c2",
        "T eps_sqrt_c2, T lr_sqrt_c2_over_c1",
        "readback",
        "w_new = ",
    ),
    ("cupy", ADAM, "adam", "    w = w_new;\n", "", "readback", "w_new = "),
    ("cupy", ADAM, "adam", "eps_sqrt_c2)", "eps_sqrt_c3)", "readback", ""),
    ("cupy", MOMENTUM, "heavy_ball", "rho * v - lr", "rho * v + lr", "readback", "v_new = "),
    # the order of two commits, of two equations
    ("cupy", ADAM, "adam", "m = m_new;\n    v = v_new;", "v = v_new;\n    m = m_new;", "readback", "m_new = "),
    (
        "cupy",
        MOMENTUM,
        "heavy_ball",
        "v = v_new;\n    w = w_new;",
        "w = w_new;\n    v = v_new;",
        "readback",
        "v_new = ",
    ),
    ("jax", ADAM, "adam", "m_new = beta1 * m", "m_new = beta2 * m", "readback", "m_new = "),
    ("jax", ADAM, "adam", "one_minus_power(beta2, t)", "one_minus_power(beta1, t)", "readback", "c2 = "),
    ("jax", ADAM, "adam", "return (w_update, m_new, v_new)", "return (w_update, v_new, m_new)", "readback", ""),
    ("jax", ADAM, "adam", "w_update = -lr", "w_update = lr", "readback", "w_new = "),
    ("jax", ADAM, "adam", "    g: Array,\n    beta1: float", "    h: Array,\n    beta1: float", "readback", ""),
    ("jax", ADAM, "adam", "Adam(lr=lr, beta1=beta1", "Adam(lr=lr, beta1=beta2", "class", ""),
    ("jax", ADAM, "adam", "_elements = staticmethod(adam_e", "_elements = staticmethod(adam_eps_hat_e", "class", ""),
    ("jax", ADAM, "adam", "    m: Any\n    v: Any\n", "    v: Any\n    m: Any\n", "class", ""),
    ("jax", ADAM, "adam", "return (jnp.zeros_like(w), jnp", "return (w, jnp", "class", ""),
    (
        "jax",
        "adamw",
        "adamw",
        "    _State = AdamWState\n",
        "    _State = AdamWState\n    _reads_w: ClassVar = False\n",
        "class",
        "",
    ),
    ("jax", "lamb", "lamb", "    norm2 = w\n", "    norm2 = g\n", "readback", ""),
    ("jax", "lamb", "lamb", '("norm", "norm"))', '("sum", "norm"))', "readback", ""),
    ("jax", "dog", "dog", '("norm2", "norm", True)', '("norm2", "norm", False)', "class", ""),
]


@pytest.mark.parametrize(("backend", "family", "key", "old", "new", "claim", "equation"), EDITS)
def test_a_changed_file_is_refuted(copied, backend, family, key, old, new, claim, equation):
    spoil(copied / backend / f"{family}.py", old, new)
    found = {result.claim: result for result in readback(spec_of(key), backend, copied)}
    result = found[f"{claim} {backend}"]
    assert result.status == "refuted"
    assert result.counterexample
    if equation:
        assert f"specs/{family}.py:" in result.counterexample["equation"]
        assert f": {equation}" in result.counterexample["equation"]


def test_two_equations_in_another_order(copied):
    path = copied / "numpy" / "momentum.py"
    lines = path.read_text().splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if "# v_new = rho * v - lr * g" in line)
    end = next(i for i, line in enumerate(lines) if "np.add(w, v_new, out=w)" in line)
    move = lines.pop(end).replace("v_new", "v")
    overwrite(path, "".join([*lines[:start], move, *lines[start:]]))
    (result, _) = readback(spec_of("heavy_ball"), "numpy", copied)
    assert result.status == "refuted"
    assert "w_new = w + v_new" in result.counterexample["equation"]


@pytest.mark.fast
def test_a_missing_file_is_undecided(copied):
    (copied / "numpy" / "adam.py").unlink()
    for result in readback(spec_of("adam"), "numpy", copied):
        assert result.status == "undecided"
        assert "generate adam" in result.reason


def test_rewriting_that_keeps_the_value_is_proved(copied):
    """Read-back looks at meaning: another spelling of the same equation passes."""
    spoil(
        copied / "cupy" / "adam.py",
        "const T w_new = w - lr_sqrt_c2_over_c1 * m_new",
        "const T w_new = w + -m_new * lr_sqrt_c2_over_c1",
    )
    spoil(copied / "cupy" / "adam.py", "beta1 * m + one_minus_beta1 * g", "m - one_minus_beta1 * (m - g)")
    for result in readback(spec_of("adam"), "cupy", copied):
        assert result.status == "proved"


@pytest.mark.fast
def test_every_statement_of_a_file_counts_for_every_rule_in_it(copied):
    """What stands after the class of one rule may change the class of another."""
    path = copied / "numpy" / "adam.py"
    overwrite(path, f"{path.read_text()}\n\nAdam.step = lambda self, grads: None\n")
    for key in ("adam", "adam_eps_hat"):
        assert {result.status for result in readback(spec_of(key), "numpy", copied)} == {"undecided"}


def test_a_file_is_read_as_python_reads_it(copied):
    """A comment at the top of a file may say that its bytes are other characters."""
    path = copied / "numpy" / "sgd.py"
    overwrite(path, b"# coding: latin-1\n" + path.read_bytes().replace(b'"""Gradient', b'"""\xe9 Gradient', 1))
    assert {result.status for result in readback(spec_of("sgd"), "numpy", copied)} == {"proved"}


@pytest.mark.parametrize("backend", BACKENDS)
def test_elements_that_are_not_alone_are_told_from_those_that_are(copied, backend):
    """The loop over elements by itself, without the grammar before it."""
    spoil(
        copied / "numba" / "adam.py",
        "        m[i] = m_new\n",
        "        m[i] = m_new\n    for i in prange(w.size):\n",
    )
    spoil(
        copied / "numpy" / "adam.py",
        "scratch=2, stages=stages):\n",
        "scratch=2, stages=stages):\n        if t: break\n",
    )
    spoil(copied / "cupy" / "adam.py", "_adam_update,\n        (g,)", "_adam_update,\n        (w,)")
    adam = spec_of("adam")
    lanes.check(adam, backend, GENERATED / backend / "adam.py")
    if backend == "numba":
        with pytest.raises(BrokenError, match="something else in element 0 of w when there are 5 elements"):
            lanes.check(adam, backend, copied / backend / "adam.py")


def test_a_term_is_made_once_and_is_neither_true_nor_false():
    x, y = lanes.Term("x"), lanes.Term("y")
    assert x + y is lanes.Term("x") + lanes.Term("y")
    assert x + y is not y + x
    assert 1 - x is not x - 1
    with pytest.raises(Exception, match="is not known"):
        bool(x)


@pytest.mark.parametrize(
    "text",
    ["x if y > 0 else 1", "-x**2 / (1 + y) % 3", "max(0, x, y)", "math.sqrt(x) * math.pi", "0.5", "1e-8 - x"],
)
def test_values_of_the_host(text):
    value(ast.parse(text, mode="eval").body, HOST)


@pytest.mark.parametrize(
    "text",
    [
        "x if y else 1", "x and y", "not x", "x in (1, 2)", "x if y is 0 else 1", "x if 0 < y < 1 else 2", "(x := 1)",
        "lambda: x", "[x]", "(x, y)", "x[0]", "x.real", "x()", "math.tan(x)", "max(x, key=y)", "max(*x)", "'x'", "True",
        "None", "1j", "x // 2", "x @ y", "x | y", "~x", "+x", "f'{x}'", "x < y", "[z for z in x][0]", "await x",
        "math.sqrt.__call__(x)", "__import__('os')",
    ],
)  # fmt: skip
def test_what_is_no_value_of_the_host(text):
    with pytest.raises((OutsideError, SyntaxError)):
        value(ast.parse(text, mode="eval").body, HOST)


def test_a_value_of_an_element_is_that_of_the_loop():
    value(ast.parse("w[i] - lr * np.sign(g[i]) + real(2)", mode="eval").body, ELEMENT)
    for text in ("w[0]", "w[i + 1]", "w[-i]", "w[:]", "w[i, 0]", "w[i][i]", "w", "w.sum()", "math.sqrt(w[i])"):
        if text != "w":  # an array as a whole: what is made of it is told in a run
            with pytest.raises(OutsideError):
                value(ast.parse(text, mode="eval").body, ELEMENT)


def test_rounds_of_a_loop_have_nothing_from_each_other():
    apart(ast.parse("a = x\nb = a\nm[i] = b").body, {"x"})
    with pytest.raises(OutsideError, match="reads a of the round before it"):
        apart(ast.parse("b = a\na = x").body, {"x"})
    with pytest.raises(OutsideError, match="changes x for the rounds of the loop after it"):
        apart(ast.parse("a = y\nx = a").body, {"x", "y"})
    with pytest.raises(OutsideError, match="binds a, which is something else already"):
        scalars(ast.parse("a = 1\na = 2").body, HOST, set())


@pytest.mark.parametrize("text", ["x >= 0", "0 <= x < 1", "x >= 1 and x % 1 == 0", "True", "-1.5 < x"])
def test_tests_of_domains(text):
    domain_test(ast.parse(text, mode="eval").body, "x")


@pytest.mark.parametrize(
    "text", ["x >= y", "x or x > 0", "not x > 0", "x * x > 1", "x % 2 == 0", "x % 1 != 0", "x", "f(x)"]
)
def test_what_is_no_test_of_a_domain(text):
    with pytest.raises(OutsideError):
        domain_test(ast.parse(text, mode="eval").body, "x")


# Maxima.


@pytest.mark.parametrize(
    ("key", "start", "status"),
    [
        ("clip_by_global_max", "-np.inf", "proved"),
        ("clip_by_global_max", "0", "proved"),  # no magnitude is below it
        ("clip_by_global_max", "1", "refuted"),
        ("by_max", "-np.inf", "proved"),
        ("by_max", "0", "refuted"),
        ("by_max", "-1", "refuted"),
    ],
)
def test_a_maximum_starts_below_every_element(tmp_path, declare, key, start, status):
    if key == "by_max":
        spec = declare('BY_MAX = Stage(name="ByMax", source="own", steps=(Step(c, array_max(g)), Step(new(g), g * c)))')
    else:
        spec = spec_of(key)
    write(changes(render([spec], ["numpy"], tmp_path)))
    path = tmp_path / "numpy" / f"{spec.family}.py"
    overwrite(path, path.read_text().replace("initial=-np.inf", f"initial={start}"))
    (result, _) = readback(spec, "numpy", tmp_path)
    assert result.status == status, result
