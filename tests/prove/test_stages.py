"""Stages: claims and their mutants, what a spec of a stage may not be, generated files that lie."""

import pytest

from stepsmith.codegen.check import check
from stepsmith.codegen.claims.stages import StageClaim
from stepsmith.codegen.load import SpecError, load, select
from stepsmith.codegen.prove import prove
from stepsmith.codegen.readback import readback
from tests.conftest import overwrite, refused, spoil

HEAD = """
c = hyper("c", default="1", domain="> 0")
k = hyper("k", default="3", domain="integer >= 1")
noise, a = arrays("noise a")
count, f, draws, length, lr = scalars("count f draws length lr")
OTHER = None
"""


def stage(steps: str, claims: str, more: str = "") -> str:
    return f'{HEAD}STAGE = Stage(name="Tried", source="a test", steps=({steps},), claims=({claims},), {more})'


SCALED = 'Stage(name="Scaled", source="a test", steps=(Step(new(g), g / c),))'
CLIP = "Step(length, sqrt(array_sum(g**2))), Step(f, where(length > c, c / length, 1)), Step(new(g), f * g)"
NOISE = "Step(new(draws), draws + 1), Step(new(g), g + c * noise)"
CYCLE = (
    "Step(new(count), where(count + 1 >= k, 0, count + 1)), "
    "Step(new(a), where(count > 0, a, 0) + g), Step(new(g), new(a) / k)"
)
PHASES = (
    "Step(new(count), where(count + 1 >= k, 0, count + 1)), Step(new(a), where(count > 0, a, w)), "
    "Step(new(w), where(new(count) > 0, w + c * g, new(a)))"
)
MEAN = "Step(new(a), a + (w - a) / t)"
EMA = "Step(new(a), a + (1 - beta) / (1 - beta**t) * (w - a))"

# kind, steps, a true claim, other arguments, mutants of the steps of which it is false
CASES = [
    ("Neutral", "Step(new(g), g / c)", "neutral(at={c: 1})", "", [("g / c", "g / (c + 1)"), ("g / c", "-g / c")]),
    ("Neutral", CLIP, "neutral(when=length <= c)", "", [("length, 1)", "length, c)"), ("f * g", "f * g**2")]),
    ("Repeats", CLIP, "idempotent()", "", [("c / length", "c / length**2"), ("length, 1)", "length, beta)")]),
    ("Repeats", "Step(new(g), -g)", "involution()", "", [("-g", "-2 * g"), ("-g", "-Abs(g)")]),
    ("Identity", CLIP, "identity(array_sum(new(g)**2), (f * length)**2)", "", [("f * g", "f * g + g"), ("f * g", "g")]),
    (
        "Identity",
        CLIP,
        "identity(Max(f * length, c), c)",
        "",
        [("c / length", "2 * c / length"), ("length > c", "c > length")],
    ),
    ("Commutes", "Step(new(g), 2 * g)", f"commutes({SCALED})", "", [("2 * g", "2 * g + w"), ("2 * g", "sqrt(Abs(g))")]),
    (
        "Commutes",
        "Step(new(g), g + beta * w)",
        f"commutes({SCALED}, difference={{g: beta * w * (1 / of_other(c) - 1)}})".replace("of_other(c)", "c"),
        "",
        [("+ beta", "- beta"), ("beta * w", "beta * w**2")],
    ),
    (
        "Moments",
        NOISE,
        "moments(new(g), mean=g, variance=c**2)",
        "state={draws: 0}",
        [("c * noise", "sqrt(c) * noise"), ("g + c", "2 * g + c")],
    ),
    (
        "Returns",
        PHASES,
        "returns()",
        "state={a: 0, count: 0}, halts=new(count) > 0, home=a",
        [
            ("count > 0, a, w", "count > 1, a, w"),
            ("count > 0, a, w", "count > 0, w, a"),
            ("w + c * g, new(a)", "w + c * g, w"),
            ("new(count) > 0, w + c", "count > 0, w + c"),
        ],
    ),
    (
        "CycleMean",
        CYCLE,
        "cycle_mean(a, count=count, over=k)",
        "state={a: 0, count: 0}, halts=new(count) > 0",
        [("count + 1 >= k", "count >= k"), ("count > 0, a, 0", "count > 1, a, 0"), ("new(a) / k", "new(a) / (k + 1)")],
    ),
    (
        "WeightedMean",
        MEAN,
        "weighted_mean(a, of=w, decay=1, weight=1, total=t)",
        "state={a: 0}, after=True",
        [("/ t", "/ (t + 1)"), ("(w - a)", "(w + a)")],
    ),
    (
        "WeightedMean",
        EMA,
        "weighted_mean(a, of=w, decay=beta, weight=1 - beta, total=1 - beta**t)",
        "state={a: 0}, after=True",
        [("beta**t", "beta**(t + 1)"), ("(1 - beta) /", "beta /")],
    ),
]


@pytest.mark.parametrize(
    ("kind", "steps", "claim", "more", "mutants"), CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)]
)
def test_true_of_the_stage_and_false_of_its_mutants(declare, kind, steps, claim, more, mutants):
    spec = declare(stage(steps, claim, more))
    check([spec])
    for proved in prove(spec):
        assert proved.status == "proved", proved
    for number, (old, new) in enumerate(mutants):
        assert old in steps
        *_, result = prove(declare(stage(steps.replace(old, new), claim, more), f"mutant{number}"))
        assert result.status == "refuted", (old, new, result)
        assert result.counterexample


@pytest.mark.fast
def test_every_kind_of_claim_has_mutants():
    assert {kind.__name__ for kind in StageClaim.__subclasses__()} <= {case[0] for case in CASES}


def test_a_sum_is_not_refuted_by_numbers_that_no_gradient_has(declare):
    """|g| <= its norm: true of every array, and not for the tactics to find; so it is not refuted."""
    claim = "identity(Max(Abs(g), length), length)"
    *_, result = prove(declare(stage(CLIP, claim)))
    assert result.status == "undecided"
    assert "no small gradient refutes it" in result.reason


@pytest.mark.fast
@pytest.mark.parametrize(
    ("steps", "more", "message"),
    [
        ("Step(u, g * 2)", "", "neither g nor w is ever updated"),
        ("Step(new(g), g * array_sum(g * c))", "", "sums are over g and w alone"),
        ("Step(new(g), g * global_overflow(g**2))", "", r"write global_overflow\(g\)"),
        ("Step(new(g), g + noise)", "", "keep the scalar state draws"),
        ("Step(new(g), g * 2)", "after=True", "it changes g after the rule has read it"),
        ("Step(new(w), w * array_sum(g))", "after=True", "leave after=True out"),
        ("Step(new(g), g * 2)", "halts=c > 0", "it halts without a scalar state"),
        (PHASES, "state={a: 0, count: 0}, halts=new(count) > 0, home=a", r"add returns\(\) to claims"),
        (PHASES, "state={a: 0, count: 0}, halts=new(count) > k, home=a", r"write halts=new\(phase\) > 0"),
        (PHASES, "state={a: 0, count: 0}, home=a", r"write halts=new\(phase\) > 0"),
        (PHASES, "state={a: w, count: 0}, halts=new(count) > 0, home=a", "write a: 0"),
        (PHASES, "state={a: 0, count: 0}, halts=new(count) > 0, home=count", "its home is"),
        (PHASES, "state={a: 0, count: 0}, halts=new(count) > 0, home=noise", "its home noise is no state"),
        (PHASES, "state={a: 0, count: 0}, halts=new(count) > 0, home=a, gathers=True", "before it in the pipeline"),
        (CYCLE, "state={a: 0, count: 0}, halts=new(count) > 0, home=a", "moves no parameter before the rule"),
        ("Step(new(g), g * sympy.Float(0.5))", "", "has rounding in it"),
        ("Step(g, g * 2)", "", r"write new\(g\) for its new value"),
    ],
)
def test_what_a_stage_may_not_be(declare, steps, more, message):
    with pytest.raises(SpecError, match=message):
        check([declare(stage(steps, "", more).replace("claims=(,), ", ""))])


@pytest.mark.fast
def test_a_claim_about_stages_is_not_said_of_an_optimizer(declare):
    steps = "steps=(Step(new(w), w - lr * g),), claims=(idempotent(),)"
    text = f'RULE = Optimizer(name="R", source="a test", state={{}}, {steps})'
    with pytest.raises(SpecError, match="idempotent is not said of an optimizer"):
        check([declare(text)])


LIES = [
    ("numpy", "L2Decay", "np.add(g, s0, out=g)", "np.subtract(g, s0, out=g)"),
    ("numpy", "ClipByNorm", "norm2 = norm_of(g, s0)", "norm2 = norm_of(w, s0)"),
    ("numpy", "ClipByNorm", "norm2 = norm_of(g, s0)", "norm2 = np.sum(g)"),
    ("numpy", "ClipByNorm", "norm2 = norm_of(g, s0)", "np.absolute(g, out=s0)\n        norm2 = np.sum(s0)"),
    ("numpy", "ClipByNorm", "norm2 = norm_of(g, s0)", "np.square(g, out=s0)\n        norm2 = norm_of(s0, s0)"),
    ("numpy", "ClipByNorm", "norm2 = norm_of(g, s0)", "np.add(g, g, out=s0)\n        norm2 = norm_of(s0, s0)"),
    ("numpy", "ClipByNorm", "norm2 = norm_of(g, s0)", "norm2 = norm_of(g, g)"),
    ("numpy", "ClipByNorm", "norm2 = norm_of(g, s0)", "norm2 = norm_of(s0, g)"),
    ("numpy", "ClipByNorm", '("norm2", "norm", False)', '("norm2", "norm", True)'),
    ("numpy", "ClipByNorm", '("norm2", "norm", False)', '("norm2", "sum", False)'),
    ("numpy", "ClipByNorm", "length = norm2", "length = np.sqrt(norm2)"),
    ("numpy", "ClipByNorm", "np.where(max_norm >= length", "np.where(max_norm < length"),
    ("cupy", "ClipByNorm", '("norm2", "norm", False)', '("norm2", "sum", False)'),
    ("numpy", "ClipByGlobalMax", "np.max(s0", "np.sum(s0"),
    ("numpy", "ClipByGlobalMax", "initial=-np.inf", "initial=1"),
    ("numpy", "DynamicLossScale", "1 - np.isfinite(g).all()", "np.isfinite(g).all()"),
    ("numpy", "DynamicLossScale", "bool(overflowed > 0)", "bool(overflowed < 0)"),
    ("numpy", "DynamicLossScale", "scale * backoff))  #", "scale / backoff))  #"),
    ("numpy", "DynamicLossScale", "more = max(smallest_scale, min(", "more = max(smallest_scale, max("),
    (
        "numpy",
        "DynamicLossScale",
        "less = max(smallest_scale, min(largest_scale, scale * backoff))",
        "less = scale * backoff",
    ),
    ("numpy", "DynamicLossScale", 'min(hyper["largest_scale"], hyper["initial_scale"])', 'hyper["initial_scale"]'),
    ("numpy", "ApplyIfFinite", "bool(left_out > 0)", "bool(errors_new > 0)"),
    ("numpy", "ApplyIfFinite", "if max_consecutive_errors >= errors_new", "if max_consecutive_errors > errors_new"),
    ("numpy", "ApplyIfFinite", "1 + errors if", "errors if"),
    ("numpy", "ClipByGlobalNormKeras", "nothing = length - once_more", "nothing = length + once_more"),
    ("numpy", "Accumulate", '"count": 0', '"count": 1'),
    ("numpy", "Accumulate", "np.zeros_like(w)", "w.copy()"),
    ("numpy", "Accumulate", "bool(count_new > 0)", "False"),
    ("numpy", "GaussianNoise", "_noisy: ClassVar = True", "_noisy: ClassVar = False"),
    ("numpy", "GaussianNoise", "seed: int = 0", "seed: int = 1"),
    ("numpy", "GaussianNoise", "gamma=gamma, seed=seed", "gamma=gamma, seed=0"),
    ("numpy", "WeightMean", "_after: ClassVar = True", "_after: ClassVar = False"),
    ("numpy", "DecoupledDecay", "_uses_lr: ClassVar = True", "_uses_lr: ClassVar = False"),
    ("numpy", "LossScale", "lambda loss_scale: loss_scale > 0", "lambda loss_scale: loss_scale >= 0"),
    ("numpy", "LossScale", "super().__init__(where=where,", "super().__init__(where=None,"),
    ("numpy", "LossScale", "        *,\n", ""),
    ("numpy", "LossScale", '_names: ClassVar = ("loss_scale",)', '_names: ClassVar = ("g",)'),
    ("numpy", "L2Decay", "_buffers: ClassVar = (1, 0)", "_buffers: ClassVar = (0, 1)"),
    ("numpy", "ClipByNorm", "_reduce_buffers: ClassVar = (1, 0)", "_reduce_buffers: ClassVar = (1, 1)"),
    ("numpy", "SAM", '_home: ClassVar = "kept"', '_home: ClassVar = ""'),
    ("numpy", "SAM", '_phase: ClassVar = "climbed"', '_phase: ClassVar = "rho"'),
    ("numpy", "SAM", "_moves: ClassVar = True", "_moves: ClassVar = False"),
    ("numpy", "SAM", "np.copyto(s1, kept_new)", "np.copyto(s1, w)"),
    ("numpy", "SAM", "return (climbed_new,)", "return (climbed,)"),
    ("numpy", "SAM", "if ascents < 1 + climbed else", "if ascents <= 1 + climbed else"),
    ("numpy", "Extragradient", "np.subtract(w, s1, out=w)", "np.add(w, s1, out=w)"),
    ("cupy", "SAM", '_home: ClassVar = "kept"', '_home: ClassVar = "w"'),
    ("cupy", "SAM", "? w + rate * g :", "? w - rate * g :"),
    ("cupy", "L2Decay", "= g + weight_decay * w;", "= g - weight_decay * w;"),
    ("cupy", "ClipByNorm", '"(double)g"', '"(double)g * (double)g"'),
    ("cupy", "ClipByNorm", '"(double)g"', '"(double)w"'),
    ("cupy", "ClipByValue", "? g : max_value);", "? g : 2 * max_value);"),
    ("cupy", "DynamicLossScale", "isfinite((double)g) ? 0 : 1", "isfinite((double)g) ? 1 : 0"),
    ("cupy", "WeightEMA", '"average = average_new;"', '"w = average_new;"'),
    ("cupy", "Accumulate", "(count_above_zero, one_plus_count)", "(one_plus_count, count_above_zero)"),
]


@pytest.mark.parametrize(("backend", "name", "old", "new"), LIES)
def test_a_file_that_lies_is_refuted(copied, backend, name, old, new):
    (spec,) = (s for s in load(select(["pipeline", "sam/"])) if s.rule.name == name)
    path = copied / backend / f"{spec.family}.py"
    before, after = path.read_text().split(f"class {name}(Stage)")
    overwrite(path, after)
    spoil(path, old, new)
    overwrite(path, f"{before}class {name}(Stage){path.read_text()}")
    results = list(readback(spec, backend, copied))
    assert any(map(refused, results)), results
    assert all(r.counterexample for r in results if r.status == "refuted")


@pytest.mark.parametrize(
    ("line", "wrong"), [("    L2Decay,\n", ""), ("    L2Decay,\n", "    DecoupledDecay as L2Decay,\n")]
)
def test_stages_that_are_taken_over_are_those_of_the_other_backend(copied, line, wrong):
    (spec,) = (s for s in load(select(["pipeline"])) if s.rule.name == "L2Decay")
    (result,) = readback(spec, "numba", copied)
    assert result.status == "proved"
    spoil(copied / "numba" / "pipeline.py", line, wrong)
    (result,) = readback(spec, "numba", copied)
    assert refused(result)
