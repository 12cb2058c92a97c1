"""scale, ranges: factors go to the host where that is an equality and saves operations, and nowhere else."""

import contextlib
import functools
import itertools
from fractions import Fraction

import numpy as np
import pytest
import sympy

from stepsmith.codegen.algebra import reference
from stepsmith.codegen.expr.printing import Text
from stepsmith.codegen.expr.tree import Call, Name, Negative, Number, Power, Product, Sum, Where, arrange
from stepsmith.codegen.files import changes, write
from stepsmith.codegen.lower.factor import Factored, factor_scalars
from stepsmith.codegen.lower.instructions import schedule
from stepsmith.codegen.lower.program import lower
from stepsmith.codegen.lower.ranges import range_of
from stepsmith.codegen.readback import readback
from stepsmith.codegen.render import render
from stepsmith.codegen.spec.domain import parse
from stepsmith.codegen.spec.functions import TABLE
from tests.conftest import OPTIMIZERS, rules, spec_of, spoil
from tests.sample import by_kind


def computed(optimizer) -> list[str]:
    """What is computed of each element."""
    return [f"{assign.target} = {Text()(assign.value)}" for assign in lower(optimizer).arrays]


@pytest.mark.parametrize(
    ("rule", "last", "passes"),
    [
        ("adam", "w_new = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)", 12),
        ("adam_eps_inside", "w_new = w - lr_sqrt_c2_over_c1 * m_new / sqrt(v_new + eps_c2)", 12),
        (
            "adam_eps_root",
            "w_new = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new + eps_root_c2) + eps_sqrt_c2)",
            13,
        ),
        (
            "adamw",
            "w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)",
            14,
        ),
        ("nadam", "w_new = w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)", 14),
        ("adamax", "w_new = w - lr_over_c1 * m_new / (u_new + eps)", 10),
        ("amsgrad_corrected", "w_new = w - lr_over_c1 * m_new / (sqrt(v_max_new) + eps)", 14),
        ("qhm", "w_new = w - (lr_nu * m_new + lr_one_minus_nu * g)", 7),
        # nothing would be saved: as in the paper
        ("rmsprop", "w_new = w - lr * g / (sqrt(v_new) + eps)", 9),
        ("nesterov", "w_new = w - lr * (g + mu * b_new)", 6),
        ("heavy_ball", "w_new = w + v_new", 4),
    ],
)
def test_factors_are_pulled_out(rule, last, passes):
    optimizer = rules(rule)[rule].optimizer
    assert computed(optimizer)[-1] == last
    plan = schedule(lower(optimizer))
    assert sum(p.ufunc != "alias" for group in plan.groups for p in group.instructions) + len(plan.commits) == passes


@pytest.mark.fast
def test_a_value_that_is_kept_is_computed():
    """v_hat of AMSGradCorrected goes into the maximum that is a state: it cannot be scaled."""
    assert "v_hat = v_new / c2" in computed(spec_of("amsgrad_corrected").optimizer)


A = 'a = hyper("a", default="2", domain="{}")\n'
B = 'b = hyper("b", default="2", domain="{}")\n'
ONE_STEP = 'RULE = Optimizer(name="Rule", source="x", state={{}}, steps=(Step(new(w), {}),))'
PULLED = [
    # domain of a, of b, last step, what is computed of it
    ("> 0", "real", "w - lr * Abs(a * g)", "w - lr_a * abs(g)"),
    ("real", "real", "w - lr * Abs(a * g)", "w - lr * abs(a * g)"),
    ("> 0", "real", "w - sign(a * g)", "w - sign(g)"),
    (">= 0", "real", "w - sign(a * g)", "w - sign(a * g)"),
    ("> 0", "real", "w - lr * sqrt(a * g)", "w - lr_sqrt_a * sqrt(g)"),
    (">= 0", "real", "w - lr * sqrt(a * g)", "w - lr * sqrt(a * g)"),
    ("> 0", "real", "w - lr * Max(a * g, a * w)", "w - lr_a * maximum(w, g)"),
    ("real", "real", "w - lr * Max(a * g, a * w)", "w - lr * maximum(a * w, a * g)"),
    ("> 0", "real", "w - lr * Max(a * g, 0)", "w - lr_a * maximum(g, 0)"),
    (">= 0", "real", "w - lr * Max(a * g, b)", "w - lr * maximum(a * g, b)"),
    ("> 0", "real", "w - lr * exp(a * g)", "w - lr * exp(a * g)"),
    ("> 0", "real", "w - lr * (a * g)**2", None),
    ("real", "real", "w - lr * (a * g + a * w)", "w - lr_a * (w + g)"),
    ("real", "real", "w - lr * (a * g + b * w)", "w - (lr_b * w + lr_a * g)"),
    # a scalar summand is divided by what is at least one, in a denominator, and by nothing else
    (">= 1", "real", "w - lr / (a * Abs(g) + b)", "w - lr_over_a / (abs(g) + b_over_a)"),
    ("> 0", "real", "w - lr / (a * Abs(g) + b)", "w - lr / (a * abs(g) + b)"),
    (">= 1", "real", "w - lr * (a * Abs(g) + b)", None),
    ("(0, 1]", "real", "w - lr / (Abs(g) / a + b)", "w - lr_a / (abs(g) + b_a)"),
    ("> 0", "real", "w - lr / (Abs(g) / a + b)", "w - lr / (abs(g) / a + b)"),
    # what is above and below alike is gone, if it is no zero
    (">= 1", "real", "w - a * g / (a * Abs(g) + 1)", "w - g / (abs(g) + one_over_a)"),
    ("> 0", "real", "w - 2 * g / (2 * Abs(g) + a)", "w - g / (abs(g) + a_over_two)"),
    # what may be zero is not divided by on the host
    ("> 0", "real", "w - lr * Max(g / a, 0)", "w - lr_over_a * maximum(g, 0)"),
    ("real", "real", "w - lr * exp(g / a) / b", None),
]


@pytest.mark.parametrize(("a", "b", "step", "last"), PULLED)
def test_only_what_is_known_is_pulled_out(declare, tmp_path, a, b, step, last):
    spec = declare(A.format(a) + B.format(b) + ONE_STEP.format(step))
    found = computed(spec.optimizer)[-1]
    assert last is None or found == f"w_new = {last}"
    write(changes(render([spec], ["numpy", "cupy", "numba"], tmp_path / "out")))
    for backend in ("numpy", "cupy", "numba"):
        (result, _) = readback(spec, backend, tmp_path / "out")
        assert result.status == "proved", result


@pytest.mark.parametrize(
    ("domain", "step", "old", "new"),
    [
        ("real", "w - lr * Abs(a * g)", "w - lr * fabs(a * g)", "w - lr * a * fabs(g)"),
        ("real", "w - sign(a * g)", "(w_new_1 > 0 ? 1 : w_new_1 < 0 ? -1 : w_new_1)", "(g > 0 ? 1 : g < 0 ? -1 : g)"),
        ("real", "w - lr * Max(a * g, a * w)", "const T w_new_1 = a * w;", "const T w_new_1 = a * g;"),
        (">= 1", "w - lr / (a * Abs(g) + lr)", "lr_over_a / (fabs(g) + lr_over_a)", "lr_over_a / (fabs(g) + lr)"),
    ],
)
def test_a_factor_of_unknown_sign_that_is_pulled_out_is_refuted(declare, tmp_path, domain, step, old, new):
    spec = declare(A.format(domain) + ONE_STEP.format(step))
    write(changes(render([spec], ["cupy"], tmp_path / "out")))
    spoil(tmp_path / "out" / "cupy" / "written.py", old, new)
    (result, _) = readback(spec, "cupy", tmp_path / "out")
    assert result.status == "refuted", result


def test_a_quotient_by_what_may_be_zero_stays_with_the_arrays(declare):
    """Division by zero is infinity in an array, and an error on the host."""
    steps = "Step(m_hat, g / a), Step(new(w), w - lr * m_hat)"
    text = f'RULE = Optimizer(name="Rule", source="x", state={{}}, steps=({steps}))'
    assert computed(declare(A.format(">= 0") + text).optimizer) == ["m_hat = g / a", "w_new = w - lr * m_hat"]
    assert computed(declare(A.format("> 0") + text, "positive").optimizer) == ["w_new = w - lr_over_a * g"]


def test_of_a_long_chain_the_first_equations_are_taken_in():
    """All choices among five are tried; the later ones are left as they are."""
    chain = {f"x{k}": Product((Name("a", array=False), Name(f"x{k - 1}", array=True))) for k in range(1, 10)}
    found = factor_scalars(chain, {"x9"}, {"a": parse("> 0")})
    assert [equation.target for equation in found] == ["x6", "x7", "x8", "x9"]
    assert found[0].inlined == ("x1", "x2", "x3", "x4", "x5")


p, q, t = sympy.symbols("p q t")
KNOWN = {"p": "[0, 1)", "q": ">= 0", "t": "integer >= 1"}
RANGES = [
    (1 - p**t, "(0, 1]"),
    (sympy.sqrt(1 - p**t), "(0, 1]"),
    (p**t, "[0, 1)"),
    (p**q, "[0, 1]"),
    (1 - p**q, "[0, 1]"),
    (q * t, ">= 0"),
    (q + t, ">= 1"),
    (1 / (q + t), "(0, 1]"),
    (1 / q, "real"),
    (q - t, "real"),
    ((q - t) ** 2, ">= 0"),
    ((q - t) ** 3, "real"),
    (sympy.sqrt(t + 3), "> 1"),
    (sympy.Max(p, t), ">= 1"),
    (sympy.Min(p, t), "[0, 1)"),
    (sympy.Min(p, q - t), "< 1"),
    (sympy.Max(p, q - t), ">= 0"),
    (sympy.exp(q - t), "> 0"),
    (sympy.Piecewise((p, q > t), (t, True)), ">= 0"),
    (sympy.Piecewise((p, q > t), (1 - p, True)), "[0, 1]"),
    (sympy.sign(p), "[0, 1]"),
    (1 - 2 * p, "real"),
    (t - p, "real"),  # it is positive, but no tactic shows it
]


@pytest.mark.fast
@pytest.mark.parametrize(("expr", "domain"), RANGES, ids=str)
def test_ranges(expr, domain):
    known = {name: parse(text) for name, text in KNOWN.items()}
    found = range_of(arrange(expr, {}), known)
    assert found == parse(domain)
    # and no value lies outside
    for values in itertools.product((0, Fraction(1, 3), Fraction(99, 100)), (0, Fraction(1, 2), 7), (1, 2, 30)):
        point = dict(zip(("p", "q", "t"), values, strict=True))
        with contextlib.suppress(ZeroDivisionError):
            value = reference.evaluate(expr, {name: reference.number(v) for name, v in point.items()})
            assert Fraction(str(value)) in found, point


EXTREMES = {
    "> 0": [1e-8, 0.1, 10],
    ">= 0": [0, 1e-30, 1e-8, 1e-3, 1],
    "[0, 1)": [0, 0.5, 0.999, 1 - 2.0**-23],
}
VALUES = np.array([0, 1e-40, 1e-30, 1e-20, 1e-8, 1, 1e4, 1e15, 1e18], np.float32)


def one_step(program, hyper, arrays):
    """The new parameter in float32, and the scalars in double."""
    values = {name: np.float64(value) for name, value in hyper.items()}
    for assign in program.scalars:
        values[assign.target] = np.float64(evaluated(assign.value, values, np.float64))
    values = {name: np.float32(value) for name, value in values.items()} | arrays
    for assign in program.arrays:
        values[assign.target] = evaluated(assign.value, values, np.float32)
    return values["w_new"]


def evaluated(node, values, real):
    """The value of a tree, each operation rounded."""

    def inner(child):
        return evaluated(child, values, real)

    match node:
        case Name(name):
            return values[name]
        case Number(value):
            return real(value)
        case Sum(terms):
            return functools.reduce(np.add, [inner(term) if sign > 0 else -inner(term) for sign, term in terms])
        case Product(above, below):
            product = functools.reduce(np.multiply, map(inner, above))
            return product / functools.reduce(np.multiply, map(inner, below)) if below else product
        case Negative(of):
            return -inner(of)
        case Power(base, exponent):
            return np.square(inner(base)) if exponent == Number(2) else inner(base) ** inner(exponent)
        case Where(comparison, left, right, then, otherwise):
            holds = {"<": np.less, "<=": np.less_equal, ">": np.greater, "!=": np.not_equal}[comparison](
                inner(left), inner(right)
            )
            return np.where(holds, inner(then), inner(otherwise))
        case Call(function, arguments):
            return getattr(np, TABLE[function].ufunc.callee)(*map(inner, arguments))
    raise AssertionError(node)


@pytest.mark.parametrize("spec", by_kind(OPTIMIZERS), indirect=True)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_finite_stays_finite(spec, monkeypatch):
    """Extreme hyperparameters, states and gradients in float32, among them beta = 0, eps = 0 and betas next to one.

    The states are those that gradients can lead to without their squares overflowing.
    """
    short = lower(spec.optimizer)
    if not any(assign.changed for assign in short.arrays):
        pytest.skip("nothing of it is computed another way than it is written")
    as_declared = lambda equations, kept, known: tuple(Factored(t, v) for t, v in equations.items())  # noqa: E731
    monkeypatch.setattr("stepsmith.codegen.lower.program.factor_scalars", as_declared)
    declared, random = lower.__wrapped__(spec.optimizer), np.random.default_rng(0)
    finite = 0
    for _ in range(60):
        hyper = {h.name: random.choice(EXTREMES.get(str(h.domain), [float(h.value)])) for h in spec.optimizer.hypers}
        hyper |= {"t": random.choice([1, 2, 10, 1000, 10**6])}
        hyper |= {state.name: random.choice([0.1, 0.5, 0.9]) for state in spec.optimizer.scalar_state}
        hyper |= {one.target: random.choice([0.1, 0.5, 0.9]) for one in short.reductions}
        arrays = {
            name: random.choice(VALUES, 1000)
            for name in ("w", "g", *(s.name for s in spec.optimizer.runnable.array_state))
        }
        for name in {"w", "g", "m"} & set(arrays):
            arrays[name] = arrays[name] * random.choice([-1, 1], 1000).astype(np.float32)
        before, after = (one_step(program, hyper, arrays) for program in (declared, short))
        well = np.isfinite(before)
        assert np.isfinite(after[well]).all(), hyper
        finite += well.sum()
    assert finite > 10_000
