"""BatchNorm: what is proved of it, the derived backward pass, the generated classes, what must be refuted."""

import importlib
import re

import numpy as np
import pytest
import sympy

from stepsmith.codegen.analysis.backprop import backward, gradient_symbol, normal, on_batch, reverse, smallest_batch
from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.check import check
from stepsmith.codegen.claims.layers import LayerClaim
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.files import changes, write
from stepsmith.codegen.load import GENERATED, SpecError, load, select
from stepsmith.codegen.numeric.layers import numeric
from stepsmith.codegen.prove import prove
from stepsmith.codegen.readback import readback
from stepsmith.codegen.render import render
from stepsmith.codegen.replay import replay
from stepsmith.codegen.spec.language import arrays, average, channels
from stepsmith.numpy import BatchNormChainer, BatchNormCumulative, BatchNormKeras, BatchNormTorch
from tests import emulated_cupy
from tests.conftest import cli, refused, spoil, started, thorough

ALL = {spec.key: spec for spec in load(select(["batchnorm"]))}
CLASSES = (BatchNormTorch, BatchNormCumulative, BatchNormKeras, BatchNormChainer)
x, x_hat, dy = arrays("x x_hat dy")
mean, var, gamma, beta = channels("mean var gamma beta")


def batch(*shape: int, seed: int = 0, dtype=np.float64) -> np.ndarray:
    return (3 + 2 * np.random.default_rng(seed).standard_normal(shape)).astype(dtype)


# Proofs.


@pytest.mark.fast
def test_the_derived_backward_pass_is_the_compact_one():
    layer = ALL["batch_norm_torch"].layer
    (eps,) = (h for h in layer.hypers if h.name == "eps")
    found = backward(layer)
    compact = gamma / sympy.sqrt(var + eps) * (dy - average(dy) - x_hat * average(dy * x_hat))
    assert sympy.expand(found[arrays("dx")] - compact) == 0


@pytest.mark.parametrize("size", [2, 3])
def test_the_backward_pass_is_the_derivative_of_explicit_sums(size):
    """Nothing of the toolkit differentiates here: the sums are written out and SymPy takes the derivative."""
    layer = ALL["batch_norm_torch"].layer
    eps = sympy.Symbol("eps", positive=True)
    xs, dys = sympy.symbols(f"x:{size}", real=True), sympy.symbols(f"dy:{size}", real=True)
    g, b = sympy.symbols("g b", real=True)
    mu = sum(xs) / size
    v = sum((a - mu) ** 2 for a in xs) / size
    hats = [(a - mu) / sympy.sqrt(v + eps) for a in xs]
    loss = sum(d * (g * h + b) for d, h in zip(dys, hats, strict=True))

    def written_out(expr, k):
        """`expr` for element k, with every average as a sum over the batch."""
        values = {"x": xs, "x_hat": hats, "dy": dys}
        numbers = {"mean": mu, "var": v, "gamma": g, "beta": b, "eps": eps, "m": sympy.Integer(size)}
        if isinstance(expr, average):
            return sum(written_out(expr.args[0], j) for j in range(size)) / size
        if expr.is_Symbol:
            return values[expr.name][k] if expr.name in values else numbers[expr.name]
        return expr.func(*(written_out(a, k) for a in expr.args)) if expr.args else expr

    point = {s: sympy.Rational(k * k + 1, k + 2) for k, s in enumerate((*xs, *dys, g, b, eps), start=1)}
    for found in (backward(layer), reverse(layer)):
        pairs = {symbol.name: expr for symbol, expr in found.items()}
        for k in range(size):
            assert sympy.simplify((written_out(pairs["dx"], k) - sympy.diff(loss, xs[k])).subs(point)) == 0
        assert sympy.simplify((written_out(pairs["dgamma"], 0) - sympy.diff(loss, g)).subs(point)) == 0
        assert sympy.simplify((written_out(pairs["dbeta"], 0) - sympy.diff(loss, b)).subs(point)) == 0


def test_averages_are_multiplied_out():
    assert normal(average((x - average(x)) ** 2)) == average(x**2) - average(x) ** 2
    assert normal(average(gamma * x + beta)) == gamma * average(x) + beta
    assert normal(average(x / sympy.sqrt(var + 1) + average(x))) == average(x) / sympy.sqrt(var + 1) + average(x)
    assert on_batch(average((x - average(x)) ** 2), {"x": [1, 2, 6]}, False) == pytest.approx(14 / 3)


def test_the_smallest_batch_follows_from_the_equations():
    assert [smallest_batch(spec.layer) for spec in ALL.values()] == [2, 2, 1, 1]


LAYER = """
x, x_hat, y, dx, dy = arrays("x x_hat y dx dy")
mean, var, gamma, beta, r, seen = channels("mean var gamma beta r seen")
m = scalars("m")
eps = hyper("eps", default="1e-5", domain=">= 0")
rate = hyper("rate", default="0.1", domain="[0, 1]")
root = sqrt(var + eps)
"""
OTHER = """
OTHER = Layer(name="Other", source="a test", input=x, output=y, parameters={gamma: 1, beta: 0}, state={r: 0}, steps=(
    Step(mean, average(x)), Step(var, average((x - mean)**2)), Step(x_hat, (x - mean) / root),
    Step(y, gamma * x_hat + beta), Step(new(r), (1 - rate) * r + rate * var)),
    inference=(Step(y, gamma * x / sqrt(r + eps) + beta),))
"""


def layer(claims: str, **changed: str) -> str:
    lines = {
        "mean": "average(x)",
        "var": "average((x - mean)**2)",
        "x_hat": "(x - mean) / root",
        "y": "gamma * x_hat + beta",
        "new(r)": "(1 - rate) * r + rate * var",
    } | {{"r": "new(r)", "seen": "new(seen)"}.get(name, name): value for name, value in changed.items()}
    lines["new(r)"] = lines.pop("new(r)")  # it may read the count
    start = "" if "seen" not in changed else ", seen: 1" if "from 1" in claims else ", seen: 0"
    steps = "".join(f"Step({name}, {value}), " for name, value in lines.items())
    return (
        f"{LAYER}{OTHER}\nRULE = Layer(name='Rule', source='a test', input=x, output=y, "
        f"parameters={{gamma: 1, beta: 0}}, state={{r: 0{start}}}, steps=({steps}), "
        f"inference=(Step(y, gamma * x / sqrt(r + eps) + beta),), claims=({claims},))"
    )


OWN = """\
'''Divided by the root of the mean square of each channel.'''

from stepsmith.codegen.claims import (holds, running_average)
from stepsmith.codegen.spec.language import (Layer, Step, arrays, average, channels, hyper, new, sqrt)

x, y_hat, y = arrays("x y_hat y")
size, gamma, running_size = channels("size gamma running_size")
rate = hyper("rate", default="0.1", domain="[0, 1]", doc="weight of the new value")
eps = hyper("eps", default="1e-6", domain="> 0", doc="keeps the division from zero")

RMS_NORM = Layer(
    name="RMSNorm",
    source="Zhang & Sennrich (2019), arXiv:1910.07467, over the batch",
    input=x,
    output=y,
    parameters={gamma: 1},
    state={running_size: 1},
    steps=(
        Step(size, average(x**2)),
        Step(y_hat, x / sqrt(size + eps)),
        Step(y, gamma * y_hat),
        Step(new(running_size), (1 - rate) * running_size + rate * size),
    ),
    inference=(Step(y, gamma * x / sqrt(running_size + eps)),),
    claims=(
        holds(average(y_hat**2), size / (size + eps)),
        running_average(running_size, of=size, decay=1 - rate),
    ),
)
"""

COUNTED = {"seen": "seen + 1", "r": "r + (var - r) / new(seen)"}
MUTANTS = [
    # claims that are wrong of a right layer
    ("holds(average(x_hat**2), 1)", {}),
    ("holds(average(x_hat**2), var / (var + eps)**2)", {}),
    ("holds(average(y), 0)", {}),
    ("holds(average(dx * x_hat), 0)", {}),
    ("gradient(x, gamma / root * dy)", {}),
    ("gradient(x, gamma / root * (dy - average(dy) + x_hat * average(dy * x_hat)))", {}),
    ("gradient(gamma, average(dy * x_hat))", {}),
    ("gradient(beta, m * average(dy * x_hat))", {}),
    ("running_average(r, of=var, decay=rate)", {}),
    ("running_average(r, of=mean, decay=1 - rate)", {}),
    ("converts_to(OTHER, hyper={'rate': 1 - rate})", {}),
    ("converts_to(OTHER, given={'var': m * var / (m - 1)})", {}),
    # layers that are not what the claim says
    ("holds(average(x_hat), 0)", {"mean": "average(x**2)"}),
    ("holds(average(x_hat), 0)", {"x_hat": "x / root"}),
    ("holds(average(x_hat**2), var / (var + eps))", {"x_hat": "(x - mean) / (sqrt(var) + eps)"}),
    ("holds(average(x_hat**2), 1, at={eps: 0})", {"var": "m * average((x - mean)**2) / (m - 1)"}),
    ("holds(average(dx), 0)", {"x_hat": "x / root"}),
    ("gradient(x, gamma / root * (dy - average(dy) - x_hat * average(dy * x_hat)))", {"var": "average(x**2)"}),
    ("running_average(r, of=var, decay=1 - rate)", {"r": "rate * r + (1 - rate) * var"}),
    ("running_average(r, of=var, decay=1 - rate)", {"r": "(1 - rate) * r + var"}),
    ("converts_to(OTHER)", {"r": "(1 - rate) * r + rate * m / (m - 1) * var"}),
    ("converts_to(OTHER)", {"y": "gamma * x_hat"}),
    ("holds(y, x, at={gamma: sqrt(var), beta: mean})", {}),
    ("holds(y, x, at={gamma: sqrt(var + eps)})", {}),
    ("holds(y, x, at={gamma: sqrt(var + eps), beta: mean})", {"x_hat": "(x - mean) / (sqrt(var) + eps)"}),
    ("holds(dx, dy, at={gamma: root, beta: mean})", {}),
    ("batch_mean(r, of=mean, count=seen)", COUNTED),
    ("batch_mean(r, of=var, count=seen)  # from 1\n", COUNTED),
    ("batch_mean(r, of=var, count=seen)", {"seen": "seen + 2", "r": COUNTED["r"]}),
    ("batch_mean(r, of=var, count=seen)", {"seen": "seen + 1", "r": "r + (var - r) / (seen + 2)"}),
    ("batch_mean(r, of=var, count=seen)", {"seen": "seen + 1", "r": "r + (var - r) / Max(seen + 1, 2)"}),
    ("batch_mean(r, of=var, count=seen)", {"seen": "seen + 1", "r": "r + (var - r) / Min(seen + 1, 2)"}),
    ("batch_mean(r, of=var, count=seen)", {"seen": "seen + 1", "r": "(1 - rate) * r + rate * var"}),
]


@pytest.mark.parametrize(("claim", "changed"), [*MUTANTS[::3], *thorough(MUTANTS[1::3]), *thorough(MUTANTS[2::3])])
def test_mutants_are_refuted_with_a_batch(declare, claim, changed):
    spec = declare(layer(claim, **changed))
    check([spec])
    # those of the backward pass are derived from the layer as it is, and stay proved
    results = [r for r in prove(spec) if not r.claim.startswith("backward")]
    refuted = [r for r in results if r.status == "refuted"]
    assert refuted, results
    assert all(r.counterexample and r.method for r in refuted)
    assert not [r for r in results if r.status == "undecided"]


def test_every_kind_of_claim_has_mutants():
    names = {kind.__name__ for kind in LayerClaim.__subclasses__()} - {"Derivation"}  # below, by itself
    snake = {re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower() for name in names}
    assert snake == {claim.partition("(")[0] for claim, _ in MUTANTS}


COUNTED_CLAIM = "batch_mean(r, of=var, count=seen)"


@pytest.mark.parametrize(
    ("claim", "changed"),
    [
        (COUNTED_CLAIM, COUNTED),
        (COUNTED_CLAIM, {"seen": "seen + 1", "r": "(seen * r + var) / (seen + 1)"}),
        ("batch_mean(r, of=m / (m - 1) * var, count=seen)", COUNTED | {"r": "r + (m / (m - 1) * var - r) / new(seen)"}),
        ("holds(y, x, at={gamma: root, beta: mean})", {}),
        ("holds(y, x_hat, at={gamma: 1, beta: 0})", {}),
        ("holds(y, 2 * x, at={gamma: 2 * sqrt(var), beta: 2 * mean, eps: 0})", {}),
        ("holds(dx, 0, at={gamma: 0})", {}),
    ],
)
def test_what_is_proved_of_batches_and_of_fixed_parameters(declare, claim, changed):
    spec = declare(layer(claim, **changed))
    check([spec])
    (result,) = prove_claim(spec.layer.claims[0], spec.layer)
    assert result.status == "proved", result
    found = replay(result.statement)
    assert found.broken is None
    assert found.runs


def test_a_mean_that_has_no_value_at_the_first_batch_is_not_proved(declare):
    spec = declare(layer(COUNTED_CLAIM, seen="seen + 1", r="r + (var - r) / seen"))
    (result,) = prove_claim(spec.layer.claims[0], spec.layer)
    assert result.status in ("refuted", "undecided")


@pytest.mark.parametrize(
    ("fixed", "fact", "remedy"),
    [
        ("{mean: 0}", "mean is neither hyperparameter nor parameter", "at={...} fixes beta eps gamma rate"),
        ("{x: 0}", "x is neither hyperparameter nor parameter", "at={...} fixes beta eps gamma rate"),
        ("{'gamma': 1}", "gamma is neither hyperparameter nor parameter", "at={...} fixes beta eps gamma rate"),
        ("{gamma: x}", "x is no value per channel, as gamma is", "name it in a step, as an average"),
        ("{gamma: gamma + 1}", "gamma follows from gamma itself", "fix it at what is known without it"),
        ("{gamma: y}", "y follows from gamma itself", "fix it at what is known without it"),
        ("{gamma: beta, beta: 1}", "beta follows from gamma itself", "fix it at what is known without it"),
        ("{gamma: scalars('late')}", "late is not known before gamma", "say it in beta eps m mean r"),
        ("{gamma: True}", "True is no value per channel", "name it in a step"),
        ("{eps: var}", "var is not in the domain of eps", "eps >= 0"),
        ("{eps: -1}", "-1 is not in the domain of eps", "eps >= 0"),
    ],
)
def test_what_cannot_be_fixed_is_refused(declare, fixed, fact, remedy):
    with pytest.raises(SpecError) as error:
        check([declare(layer(f"holds(y, x, at={fixed})"))])
    assert fact in str(error.value)
    assert remedy in str(error.value)


def test_a_batch_norm_that_undoes_itself():
    """With the deviation for a scale and the mean for an offset, the output is the input."""
    values, bn = 3 + 2 * batch(16, 3, 5), BatchNormTorch(3, dtype="float64")
    mu, v, _ = plain(values, 1, bn.eps)
    bn.gamma[:], bn.beta[:] = np.sqrt(v + bn.eps), mu
    np.testing.assert_allclose(bn.forward(values), values, rtol=1e-13)


def test_the_average_of_the_estimates_of_all_batches():
    """Torch's momentum=None: after t batches each weighs 1/t, wherever the statistics started."""
    bn, moments = BatchNormCumulative(3, dtype="float64"), []
    bn.running_mean[:], bn.running_var[:] = 7, 100
    for k in range(5):
        values = k + (1 + k) * batch(4 + k, 3, 2, seed=k)
        bn.forward(values)
        mu, v, _ = plain(values, 1, 0)
        n = values.size // 3
        moments.append((mu, v * n / (n - 1)))
        expected = np.mean(moments, axis=0)
        np.testing.assert_allclose((bn.running_mean, bn.running_var), expected, rtol=1e-13)
    assert bn.batches.tolist() == [5, 5, 5]


def test_a_wrong_derivation_is_refuted(monkeypatch):
    """The automatic claim, with a simplification that drops a term."""
    wrong = {gradient_symbol(x): gamma * (dy - average(dy)) / sympy.sqrt(var + 1)}
    monkeypatch.setattr("stepsmith.codegen.prove.layers.backward", lambda layer: wrong)
    result = next(prove(ALL["batch_norm_torch"]))
    assert result.claim == "backward dx"
    assert result.status == "refuted"
    assert result.counterexample


def test_the_same_claims_are_proved_of_the_right_layer(declare):
    claims = (
        "holds(average(x_hat), 0), holds(average(x_hat**2), 1, at={eps: 0}), holds(average(dx), 0), "
        "gradient(x, gamma / root * (dy - average(dy) - x_hat * average(dy * x_hat))), "
        "running_average(r, of=var, decay=1 - rate), converts_to(OTHER)"
    )
    assert {r.status for r in prove(declare(layer(claims)))} == {"proved"}


def test_other_layers_are_derived_too(declare):
    """Without centring, and with a gain inside the average."""
    claims = "gradient(x, gamma / root * (dy - x_hat * average(dy * x_hat)))"
    uncentred = declare(layer(claims, mean="average(x)", var="average(x**2)", x_hat="x / root", r="r + mean"))
    assert {r.status for r in prove(uncentred)} == {"proved"}
    nested = declare(layer("gradient(beta, m * average(dy))", var="average((gamma * x - average(gamma * x))**2)"))
    assert {r.status for r in prove(nested)} == {"proved"}


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"mean": "x"}, "mean has no value per element, but x has"),
        ({"mean": "average(gamma)"}, "gamma is the same for all elements"),
        ({"y": "gamma * x_hat + 0.5"}, "the float 0.5"),
        ({"y": "gamma * dy"}, "it reads dy, which no earlier step defines"),
        ({"x_hat": "sympy.erf(x)"}, "is not elementwise"),
    ],
)
def test_layers_that_cannot_be_are_refused(declare, changed, problem):
    with pytest.raises(SpecError, match=re.escape(problem)):
        check([declare(layer("holds(average(y), beta)", **changed))])


def test_all_problems_are_reported_at_once(declare):
    text = layer("ema(r, of=var, decay=rate), gradient(r, dy), holds(w, 0)")
    text = text.replace(
        "inference=(Step(y, gamma * x / sqrt(r + eps) + beta),), claims", "inference=(Step(var, average(x)),), claims"
    )
    with pytest.raises(SpecError) as error:
        check([declare(text)])
    assumptions = " ".join(problem.fact for problem in error.value.problems)
    for fact in (
        "inference takes no average",
        "inference does not compute y",
        "ema r is not said of a layer",
        "r is neither input nor parameter",
        "the layer has no w",
    ):
        assert fact in assumptions


def test_names_of_the_generated_code_are_refused(declare):
    text = layer("holds(average(y), beta)").replace('channels("mean var', 'channels("axis var')
    with pytest.raises(SpecError, match="the name axis belongs to the code of layers"):
        check([declare(text)])


# Files.


PLAIN = """
x, y = arrays("x y")
mean = channels("mean")
RULE = Layer(name="Centred", source="a test", input=x, output=y, parameters={}, state={}, steps=(
    Step(mean, average(x)), Step(y, x - mean)), inference=(Step(y, x),), claims=(holds(average(y), 0),))
"""


def test_a_layer_without_parameters_and_hyperparameters(declare, tmp_path):
    spec = declare(PLAIN)
    check([spec])
    assert {r.status for r in prove(spec)} == {"proved"}
    write(changes(render([spec], BACKENDS, tmp_path / "out")))
    for backend in (name for name in BACKENDS if not BACKENDS[name].extends):
        assert {r.status for r in readback(spec, backend, tmp_path / "out")} == {"proved"}
    module = importlib.import_module(f"{package(tmp_path / 'out')}.numpy.written")
    centred = module.Centred(3, dtype="float64")
    values = batch(4, 3)
    np.testing.assert_allclose(centred.forward(values), values - values.mean(axis=0))
    np.testing.assert_allclose(centred.backward(values), values - values.mean(axis=0))
    with pytest.raises(ValueError, match="it needs an axis of samples"):
        centred.forward(values[0])


def test_a_layer_of_ones_own(tmp_path):
    """An RMS normalisation in a file outside of the project: verified and generated without touching it."""
    path = tmp_path / "rms_norm.py"
    path.write_text(OWN)
    run = started("verify", str(path), "-v")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "dx = gamma * (dy - y_hat * average(dy * y_hat)) / sqrt(size + eps)" in run.stdout
    assert cli("generate", str(path), "--out", str(tmp_path / "out")).returncode == 0
    assert cli("verify", str(path), "--backend", "numpy", "--out", str(tmp_path / "out")).returncode == 0


EDITS = [
    ("numpy", "average((x - mean) ** 2, axis)", "average((x + mean) ** 2, axis)"),
    ("numpy", "np.sqrt(var + eps)", "np.sqrt(var) + eps"),
    ("numpy", "y = beta + gamma * x_hat", "y = beta + x_hat"),
    ("numpy", "m / (m - 1)", "(m - 1) / m"),
    ("numpy", "one_minus_momentum = 1 - momentum", "one_minus_momentum = momentum"),
    ("numpy", "dgamma = m * average_dy_x_hat", "dgamma = average_dy_x_hat"),
    ("numpy", "dy - average_dy -", "dy -"),
    ("numpy", "*flat(dgamma, dbeta)", "*flat(dbeta, dgamma)"),
    ("numpy", "*flat(dgamma, dbeta)", "dgamma, dbeta"),
    ("numpy", "gamma, beta, running_mean, running_var = spread(", "gamma, beta, running_var, running_mean = spread("),
    ("numpy", "count(x, axis, 2)", "count(x, axis, 1)"),
    ("numpy", "momentum: float = 0.1", "momentum: float = 0.9"),
    ("numpy", "axis: int = 1", "axis: int = -1"),
    ("cupy", "(x - mean) * (x - mean)", "x * x"),
    ("cupy", "sqrt(var + eps)", "(var + eps)"),
    ("cupy", 'reduce_expr="a + b"', 'reduce_expr="a - b"'),
    ("cupy", "mean = a / elements", "mean = a"),
    ("cupy", 'reduce_type="double"', 'reduce_type="float"'),
    ("cupy", "y = beta + gamma * x_hat;", "y = beta - gamma * x_hat;"),
    ("cupy", "T x, T mean, T var", "T x, T var, T mean"),
    ("cupy", "dbeta = m * average_dy;", "dbeta = m + average_dy;"),
    ("cupy", "    dbeta = m * average_dy;\n", ""),
    ("numpy", "    return beta + gamma * x_hat  # scaled and moved\n", ""),
    ("numpy", "    *,\n    axis: int = 1", "    axis: int = 1"),
]


@pytest.mark.parametrize(("backend", "old", "new"), EDITS)
def test_edits_of_the_functions_are_refuted(copied, backend, old, new):
    spoil(copied / backend / "batchnorm.py", old, new)
    (result, _) = readback(ALL["batch_norm_torch"], backend, copied)
    assert refused(result), result


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"gamma": 1.0', '"gamma": 0.0'),
        ('"running_var": 1.0', '"running_var": 0.0'),
        ('_saved: ClassVar = ("x_hat", "var")', '_saved: ClassVar = ("var", "x_hat")'),
        ("0 <= momentum <= 1)", "0 <= momentum < 1)"),
        ('    _kept: ClassVar = ("gamma",)\n', ""),
        ("        *,\n", ""),
        ("x, self.gamma, self.beta", "x, self.beta, self.gamma"),
        ("eps=self.eps", "eps=self.momentum"),
        ("dtype, eps=eps", "dtype, eps=momentum"),
    ],
)
def test_edits_of_the_class_are_refuted(copied, old, new):
    spoil(copied / "numpy" / "batchnorm.py", old, new)
    (_, result) = readback(ALL["batch_norm_torch"], "numpy", copied)
    assert refused(result), result


@pytest.mark.parametrize("spec", ALL.values(), ids=lambda spec: spec.key)
def test_the_numbers_are_those_of_the_reference(spec):
    results = list(numeric(spec, GENERATED, ("numpy", "cupy")))
    assert len(results) == 5
    assert {r.status for r in results[:3]} == {"tested"}, results
    assert all(r.status in ("tested", "skipped") for r in results)


def test_wrong_numbers_are_refuted(copied):
    spoil(copied / "numpy" / "_channels.py", "values.mean(", "0.99999 * values.mean(")
    results = {r.claim: r for r in numeric(ALL["batch_norm_torch"], copied, ("numpy",))}
    assert {r.status for r in results.values()} == {"refuted"}


def test_the_command_line_knows_layers():
    assert "batch_norm_keras" in cli("list").stdout
    shown = cli("show", "batch_norm_torch").stdout
    assert "dx      = gamma * (dy - average(dy) - x_hat * average(dy * x_hat)) / sqrt(var + eps)" in shown
    assert r"\overline{x}" in cli("show", "batch_norm_torch", "--latex").stdout
    assert "averages multiplied out" in cli("show", "batch_norm_torch", "--derivation").stdout
    run = started("verify", "batch_norm_chainer")
    assert run.returncode == 0, run.stdout


# Classes.


def plain(values: np.ndarray, axis: int, eps: float):
    """Mean, biased variance and normalised values, as a page of a textbook has them."""
    others = tuple(k for k in range(values.ndim) if k != axis % values.ndim)
    mu, v = values.mean(axis=others, keepdims=True), values.var(axis=others, keepdims=True)
    return mu.ravel(), v.ravel(), (values - mu) / np.sqrt(v + eps)


@pytest.mark.parametrize(("cls", "shape"), [(c, s) for c in CLASSES for s in ((8, 3), (4, 3, 5), (2, 3, 4, 5))])
def test_the_conventions(cls, shape):
    keras = cls is BatchNormKeras
    values = batch(*shape) if not keras else np.moveaxis(batch(*shape), 1, -1)
    axis = -1 if keras else 1
    bn = cls(3, dtype="float64")
    bn.gamma[:], bn.beta[:] = (1, 2, 3), (-1, 0, 1)
    mu, v, hat = plain(values, axis, bn.eps)
    n = values.size // 3
    kept = [1] * values.ndim
    kept[axis] = 3
    y = bn.forward(values)
    np.testing.assert_allclose(y, hat * bn.gamma.reshape(kept) + bn.beta.reshape(kept), rtol=1e-13, atol=1e-13)
    weight = {BatchNormTorch: 0.1, BatchNormCumulative: 1, BatchNormKeras: 1 - 0.99, BatchNormChainer: 1 - 0.9}[cls]
    factor = 1 if keras else n / (n - 1)
    np.testing.assert_allclose(bn.running_mean, weight * mu, rtol=1e-13)
    np.testing.assert_allclose(bn.running_var, 1 - weight + weight * factor * v, rtol=1e-13)
    at_rest = (values - bn.running_mean.reshape(kept)) / np.sqrt(bn.running_var.reshape(kept) + bn.eps)
    before = bn.state_dict()
    y = bn.forward(values, training=False)
    np.testing.assert_allclose(y, at_rest * bn.gamma.reshape(kept) + bn.beta.reshape(kept), rtol=1e-12, atol=1e-12)
    assert all(np.array_equal(value, before[name]) for name, value in bn.state_dict().items())


@pytest.mark.parametrize("cls", CLASSES)
def test_finite_differences(cls):
    values, weights = batch(4, 3, 2), batch(4, 3, 2, seed=1)
    bn = cls(3, axis=1, dtype="float64")
    bn.gamma[:], bn.beta[:] = (1, 2, 3), (-1, 0, 1)

    def loss(changed: np.ndarray) -> float:
        return float((bn.forward(changed) * weights).sum())

    def slope(array: np.ndarray) -> np.ndarray:
        found = np.empty_like(array)
        for index in np.ndindex(array.shape):
            old, sides = array[index], []
            for by in (1e-5, -1e-5):
                array[index] = old + by
                sides.append(loss(values))
            array[index] = old
            found[index] = (sides[0] - sides[1]) / 2e-5
        return found

    expected = slope(values), slope(bn.gamma), slope(bn.beta)
    bn.forward(values)
    dx = bn.backward(weights)
    for found, wanted in zip((dx, bn.dgamma, bn.dbeta), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(dx.sum(axis=(0, 2)), 0, atol=1e-12)


def test_the_moments_of_the_output():
    y = BatchNormTorch(4, eps=0, dtype="float64").forward(batch(64, 4))
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(y.var(axis=0), 1, rtol=1e-13)


@pytest.mark.fast
def test_averages_in_float32_are_summed_in_double():
    values = batch(200_000, 2, dtype=np.float32) + np.float32(1000)
    bn = BatchNormTorch(2, momentum=1)
    bn.forward(values)
    exact = values.astype(np.float64)
    np.testing.assert_allclose(bn.running_mean, exact.mean(axis=0), rtol=6.1e-8)
    np.testing.assert_allclose(bn.running_var, exact.var(axis=0, ddof=1), rtol=1e-6)
    assert bn.forward(values).dtype == np.float32


def test_any_strides_and_nothing_is_written_to_the_input():
    values = batch(6, 4, 3)
    view = values.transpose(2, 1, 0)[::-1]
    before = values.copy()
    one, other = (BatchNormTorch(4, dtype="float64") for _ in range(2))
    np.testing.assert_allclose(one.forward(view), other.forward(view.copy()), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(one.backward(view), other.backward(view.copy()), rtol=1e-13, atol=1e-13)
    np.testing.assert_array_equal(values, before)


def test_the_backward_pass_remembers_the_batch_as_it_was():
    values, dy_ = batch(5, 3), batch(5, 3, seed=1)
    one, other = (BatchNormTorch(3, dtype="float64") for _ in range(2))
    one.forward(values)
    other.forward(values)
    expected, held = one.backward(dy_), other.dgamma
    values *= 0
    other.gamma *= 5
    other.forward(batch(5, 3, seed=2), training=False)
    np.testing.assert_array_equal(other.backward(dy_), expected)
    assert held is other.dgamma
    np.testing.assert_array_equal(held, one.dgamma)


@pytest.mark.parametrize("cls", CLASSES)
def test_resuming_changes_no_bit(cls):
    whole, first, second = (cls(3, axis=1) for _ in range(3))
    batches = [batch(4, 3, 2, seed=k, dtype=np.float32) for k in range(6)]
    for part in batches:
        y = whole.forward(part)
    for part in batches[:3]:
        first.forward(part)
    first.gamma *= 2
    whole.gamma *= 2
    second.load_state_dict(first.state_dict())
    for part in batches[3:]:
        y2 = second.forward(part)
    assert whole.running_var.tobytes() == second.running_var.tobytes()
    np.testing.assert_array_equal(2 * y, y2)
    count = ["batches"] * (cls is BatchNormCumulative)
    assert list(second.state_dict()) == ["gamma", "beta", "running_mean", "running_var", *count]


ERRORS = [
    (lambda bn: bn.forward([[1.0]]), TypeError, "a list is no array; make it one with np.asarray"),
    (lambda bn: bn.forward(np.ones((4, 3), np.int64)), TypeError, "the dtype int64 cannot be normalised"),
    (lambda bn: bn.forward(np.ones((4, 3), np.float64)), TypeError, "the batch has dtype float64, a value per channel"),
    (lambda bn: bn.forward(np.ones(3, np.float32)), ValueError, "needs an axis of samples and one of channels"),
    (lambda bn: bn.forward(np.ones((3, 4), np.float32)), ValueError, "has 4 channels on axis 1"),
    (lambda bn: bn.forward(np.ones((1, 3), np.float32)), ValueError, "1 elements to a channel; at least 2 are needed"),
    (lambda bn: bn.forward(np.ones((0, 3), np.float32)), ValueError, "0 elements to a channel"),
    (lambda bn: bn.backward(np.ones((2, 3), np.float32)), ValueError, r"gradient has shape \(2, 3\), the batch \(4, 3"),
    (lambda bn: bn.backward("text"), TypeError, "a str is no array"),
    (lambda bn: setattr(bn, "momentum", 2), ValueError, "it needs 0 <= momentum <= 1"),
    (lambda bn: setattr(bn, "eps", "1"), TypeError, "it has to be a number"),
    (lambda bn: bn.load_state_dict({"gamma": np.ones(3)}), ValueError, "it needs gamma, beta, running_mean"),
    (
        lambda bn: bn.load_state_dict({**bn.state_dict(), "beta": np.zeros(2)}),
        ValueError,
        r"the saved beta has shape \(2,\)",
    ),
    (
        lambda bn: bn.load_state_dict({**bn.state_dict(), "gamma": np.zeros(3), "beta": np.zeros(3)}),
        ValueError,
        "dtype float64; it needs shape",
    ),
]


@pytest.mark.parametrize(("mistake", "error", "message"), ERRORS)
def test_errors_change_nothing(mistake, error, message):
    bn = BatchNormTorch(3)
    bn.forward(batch(4, 3, dtype=np.float32))
    before, hypers = bn.state_dict(), (bn.momentum, bn.eps)
    with pytest.raises(error, match=message):
        mistake(bn)
    assert all(np.array_equal(value, before[name]) for name, value in bn.state_dict().items())
    assert (bn.momentum, bn.eps) == hypers
    assert bn.backward(np.ones((4, 3), np.float32)).shape == (4, 3)


def test_more_errors():
    with pytest.raises(RuntimeError, match=r"BatchNormTorch: backward needs a forward\(x\) in training"):
        BatchNormTorch(3).backward(np.ones((4, 3), np.float32))
    with pytest.raises(ValueError, match="channels = 0 is not allowed"):
        BatchNormTorch(0)
    with pytest.raises(TypeError, match="dtype float16 cannot be normalised"):
        BatchNormTorch(3, dtype="float16")
    with pytest.raises(TypeError, match="axis is '1'"):
        BatchNormTorch(3, axis="1")
    with pytest.raises(ValueError, match="axis = 5 is not an axis"):
        BatchNormTorch(3, axis=5).forward(np.ones((4, 3), np.float32))
    assert repr(BatchNormKeras(3)) == "BatchNormKeras(3, axis=-1, eps=0.001, momentum=0.99, dtype='float32')"


def test_one_element_is_for_the_conventions_that_take_it():
    one = np.full((1, 3), 2, np.float32)
    assert BatchNormChainer(3).forward(one).tolist() == [[0, 0, 0]]
    assert BatchNormKeras(3).forward(one).tolist() == [[0, 0, 0]]
    assert BatchNormTorch(3).forward(one, training=False).shape == (1, 3)


def test_a_constant_channel_without_epsilon_is_nan_and_warns_of_nothing():
    assert np.isnan(BatchNormTorch(2, eps=0).forward(np.ones((4, 2), np.float32))).all()


# CuPy.


@pytest.fixture(params=["emulated", "gpu"])
def cupy(request):
    if request.param == "gpu":
        from tests.runtime.test_cupy import gpu

        yield gpu()
    else:
        with emulated_cupy.installed() as module:
            yield module


@pytest.mark.parametrize("name", [cls.__name__ for cls in CLASSES])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_cupy_agrees_with_numpy(cupy, name, dtype):
    module = importlib.import_module(f"{package(GENERATED)}.cupy.batchnorm")
    host = {cls.__name__: cls for cls in CLASSES}[name](3, axis=1, dtype=dtype)
    device = getattr(module, name)(3, axis=1, dtype=dtype)
    tolerance = 20 * np.finfo(dtype).eps
    for seed in range(3):
        part, dy_ = (batch(4, 3, 5, seed=k, dtype=dtype) for k in (seed, seed + 9))
        pairs = [(host.forward(part), device.forward(cupy.asarray(part)))]
        pairs += [(host.backward(dy_), device.backward(cupy.asarray(dy_)))]
        pairs += [(host.forward(part, training=False), device.forward(cupy.asarray(part), training=False))]
        pairs += [(getattr(host, n), getattr(device, n)) for n in ("dgamma", "dbeta", "running_mean", "running_var")]
        for ours, theirs in pairs:
            assert theirs.dtype == dtype
            np.testing.assert_allclose(cupy.asnumpy(theirs), ours, rtol=tolerance, atol=20 * tolerance)
    saved = device.state_dict()
    assert all(type(value) is np.ndarray for value in saved.values())
    other = getattr(module, name)(3, axis=1, dtype=dtype)
    other.load_state_dict(saved)
    assert cupy.asnumpy(other.running_var).tobytes() == saved["running_var"].tobytes()
    with pytest.raises(TypeError, match=r"a ndarray is no array; make it one with cp\.asarray"):
        other.forward(np.ones((4, 3), dtype))
