"""readback: what is proved of the files on disk, and what is not."""

import pytest

from codegen.backends import BACKENDS
from codegen.files import GENERATED, changes, write
from codegen.load import MonitorSpec, ScheduleSpec
from codegen.readback import readback
from codegen.render import render
from tests.conftest import SPECS, all_rules, rules, spoil

ADAM, AMSGRAD, MOMENTUM = "adam", "amsgrad", "momentum"


def files():
    """Each rule with each backend that has a file of it; of schedules and monitors one file serves all."""
    for spec in all_rules().values():
        for backend in ("",) if isinstance(spec, ScheduleSpec | MonitorSpec) else BACKENDS:
            yield pytest.param(spec, backend, id=f"{spec.key}-{backend}".strip("-"))


@pytest.mark.parametrize(("spec", "backend"), list(files()))
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
    ("numpy", ADAM, "adam", "c2 = 1 - beta2**t", "c2 = 2 - beta2**t", "readback", "c2 = "),
    ("numpy", ADAM, "adam", "c1 = 1 - beta1**t", "c1 = 1 + beta1**t", "readback", "c1 = "),
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
    ("numpy", ADAM, "adam", "lr: Hyper = 0.001", "lr: Hyper = 0.002", "class", ""),
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
]


@pytest.mark.parametrize(("backend", "family", "key", "old", "new", "claim", "equation"), EDITS)
def test_a_changed_file_is_refuted(copied, backend, family, key, old, new, claim, equation):
    spoil(copied / backend / f"{family}.py", old, new)
    found = {result.claim: result for result in readback(rules(key)[key], backend, copied)}
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
    path.write_text("".join([*lines[:start], move, *lines[start:]]))
    (result, _) = readback(rules("heavy_ball")["heavy_ball"], "numpy", copied)
    assert result.status == "refuted"
    assert "w_new = w + v_new" in result.counterexample["equation"]


def test_a_missing_file_is_undecided(copied):
    (copied / "numpy" / "adam.py").unlink()
    for result in readback(rules("adam")["adam"], "numpy", copied):
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
    for result in readback(rules("adam")["adam"], "cupy", copied):
        assert result.status == "proved"
