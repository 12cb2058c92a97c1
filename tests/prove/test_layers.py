"""Layers: what is proved of BatchNorm, its derived backward pass, mutants that are refuted, layers that cannot be."""

import re

import pytest
import sympy

from stepsmith.codegen.analysis.backprop import backward, gradient_symbol, normal, on_batch, reverse, smallest_batch
from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.check import check
from stepsmith.codegen.claims.layers import LayerClaim
from stepsmith.codegen.load import SpecError, load, select
from stepsmith.codegen.prove import prove
from stepsmith.codegen.replay import replay
from stepsmith.codegen.spec import average
from stepsmith.codegen.spec.symbols import arrays, channels
from tests.conftest import spec_of, thorough

x, x_hat, dy = arrays("x x_hat dy")
mean, var, gamma, beta = channels("mean var gamma beta")


@pytest.mark.fast
def test_the_derived_backward_pass_is_the_compact_one():
    layer = spec_of("batch_norm_torch").layer
    (eps,) = (h for h in layer.hypers if h.name == "eps")
    found = backward(layer)
    compact = gamma / sympy.sqrt(var + eps) * (dy - average(dy) - x_hat * average(dy * x_hat))
    assert sympy.expand(found[arrays("dx")] - compact) == 0


@pytest.mark.parametrize("size", [2, 3])
def test_the_backward_pass_is_the_derivative_of_explicit_sums(size):
    """Nothing of the toolkit differentiates here: the sums are written out and SymPy takes the derivative."""
    layer = spec_of("batch_norm_torch").layer
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
    assert [smallest_batch(spec.layer) for spec in load(select(["batchnorm"]))] == [2, 2, 1, 1]


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
        ("{'gamma': 1}", "its at is 'gamma', which is no symbol", "without quotes"),
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


def test_a_wrong_derivation_is_refuted(monkeypatch):
    """The automatic claim, with a simplification that drops a term."""
    wrong = {gradient_symbol(x): gamma * (dy - average(dy)) / sympy.sqrt(var + 1)}
    monkeypatch.setattr("stepsmith.codegen.prove.layers.backward", lambda layer: wrong)
    result = next(prove(spec_of("batch_norm_torch")))
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
