"""Stages around a rule: any combination against the stages applied one after the other by hand."""

import importlib
import re

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from stepsmith.codegen.algebra.assumptions import Assumptions
from stepsmith.codegen.algebra.tactics import decide
from stepsmith.codegen.backends.cupy.body import SYMBOLIC, Body
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.load import GENERATED, load, select
from stepsmith.numpy import SGD, Adadelta, Adam, Group, HeavyBall, NAdam, pipeline
from tests import emulated_cupy

LR = 0.1


class ByHand:
    """The stages as anybody would write them with NumPy, in double; g and w are dicts of arrays."""

    def __init__(self, stages) -> None:
        self.stages = [(name, dict(options)) for name, options in stages]
        self.kept = [{} for _ in stages]

    def before(self, t, g, w):
        """The gradients and weights as the rule gets them; None for the gradients if there is no step."""
        for number, (name, o) in enumerate(self.stages):
            kept = self.kept[number]
            norms = {k: np.sqrt((v**2).sum()) for k, v in g.items()}
            everything = np.concatenate([v.ravel() for v in g.values()])
            match name:
                case "Maximize":
                    g = {k: -v for k, v in g.items()}
                case "LossScale":
                    g = {k: v / o["loss_scale"] for k, v in g.items()}
                case "DynamicLossScale":
                    scale = kept.setdefault("scale", o["initial_scale"])
                    g = {k: v / scale for k, v in g.items()}
                    kept["good"] = kept.get("good", 0) + 1
                    if not np.isfinite(everything).all():
                        kept.update(scale=scale * 0.5, good=0)
                        return None, w
                    if kept["good"] == o["interval"]:
                        kept.update(scale=scale * 2, good=0)
                case "Accumulate" | "AccumulateOptax" | "AccumulateSumOptax":
                    sums = kept.setdefault("sums", [])
                    sums.append(g)
                    if len(sums) < o["every"]:
                        return None, w
                    combined = np.sum if name == "AccumulateSumOptax" else np.mean
                    g = {k: combined([part[k] for part in sums], axis=0) for k in g}
                    kept["sums"] = []
                case "ClipByValue":
                    g = {k: np.clip(v, -o["max_value"], o["max_value"]) for k, v in g.items()}
                case "ClipByNorm":
                    g = {k: v * min(1, o["max_norm"] / norms[k]) for k, v in g.items()}
                case "ClipByGlobalNorm":
                    g = {k: v * min(1, o["max_norm"] / np.linalg.norm(everything)) for k, v in g.items()}
                case "Normalize":
                    g = {k: v / np.linalg.norm(everything) for k, v in g.items()}
                case "ClipByGlobalMax":
                    g = {k: v * min(1, o["max_norm"] / np.abs(everything).max()) for k, v in g.items()}
                case "ClipGradNorm1":
                    g = {k: v * min(1, o["max_norm"] / (np.abs(everything).sum() + 1e-6)) for k, v in g.items()}
                case "L2Decay":
                    g = {k: v + o["weight_decay"] * w[k] for k, v in g.items()}
                case "DecoupledDecay":
                    w = {k: v * (1 - LR * o["weight_decay"]) for k, v in w.items()}
                case "UnscaledDecay":
                    w = {k: v * (1 - o["weight_decay"]) for k, v in w.items()}
        return g, w

    def after(self, t, w, start):
        for number, (name, o) in enumerate(self.stages):
            kept = self.kept[number]
            match name:
                case "DecoupledDecayAfter":
                    w = {k: v * (1 - LR * o["weight_decay"]) for k, v in w.items()}
                case "WeightEMA":
                    old = kept.get("average", start)
                    kept["average"] = {k: o["decay"] * old[k] + (1 - o["decay"]) * v for k, v in w.items()}
                case "WeightMean":
                    kept.setdefault("all", []).append(w)
                    kept["average"] = {k: np.mean([past[k] for past in kept["all"]], axis=0) for k in w}
        return w


STAGES = {
    "Maximize": {},
    "LossScale": {"loss_scale": 4.0},
    "DynamicLossScale": {"initial_scale": 8.0, "interval": 3},
    "Accumulate": {"every": 2},
    "AccumulateOptax": {"every": 3},
    "AccumulateSumOptax": {"every": 2},
    "ClipByValue": {"max_value": 0.7},
    "ClipByNorm": {"max_norm": 0.9},
    "ClipByGlobalNorm": {"max_norm": 1.1},
    "ClipByGlobalMax": {"max_norm": 0.6},
    "Normalize": {},
    "ClipGradNorm1": {"max_norm": 1.3},
    "L2Decay": {"weight_decay": 0.05},
    "DecoupledDecay": {"weight_decay": 0.3},
    "UnscaledDecay": {"weight_decay": 0.01},
    "DecoupledDecayAfter": {"weight_decay": 0.2},
    "WeightEMA": {"decay": 0.8},
    "WeightMean": {},
}
#: Those that have no sums over gradients, no state and no halting: read back symbolically in every combination.
ELEMENTWISE = ["Maximize", "LossScale", "ClipByValue", "L2Decay", "DecoupledDecay", "UnscaledDecay"]
ELEMENTWISE += ["DecoupledDecayAfter"]
chains = st.lists(st.sampled_from(sorted(STAGES)), max_size=5, unique=True)


def gradients(steps):
    rng = np.random.default_rng(7)
    for t in range(steps):
        g = {"a": rng.standard_normal((3, 2)), "b": rng.standard_normal(5) * 3}
        if t == 3:
            g["b"][0] = np.inf if t % 2 else np.nan
        yield g


def overflows(g) -> bool:
    return not all(np.isfinite(v).all() for v in g.values())


def hold_against_by_hand(backend, module, rule, chain, options, dtype):
    start = {"a": np.linspace(-1, 1, 6).reshape(3, 2), "b": np.linspace(0.5, 2, 5)}
    params = {k: module.asarray(v.astype(dtype)) for k, v in start.items()}
    stages = [getattr(backend, name)(**STAGES[name]) for name in chain]
    opt = getattr(backend, rule)(params, lr=LR, **options, pipeline=stages)
    plain = {k: v.copy() for k, v in start.items()}
    alone = getattr(importlib.import_module("stepsmith.numpy"), rule)(plain, lr=LR, **options)
    hand = ByHand([(name, STAGES[name]) for name in chain])
    t, guard = 0, chain.index("DynamicLossScale") if "DynamicLossScale" in chain else None
    # what is emptied by a product with 0 never gets rid of what is not finite
    kept = {"AccumulateOptax", "AccumulateSumOptax"} & set(chain[:guard])
    for g in gradients(9):
        if overflows(g) and (guard is None or kept):
            continue
        opt.step({k: module.asarray(v.astype(dtype)) for k, v in g.items()})
        with np.errstate(all="ignore"):
            changed, w = hand.before(t + 1, g, {k: v.copy() for k, v in plain.items()})
        if changed is not None:
            t += 1
            for k, value in w.items():
                plain[k][...] = value
            alone.step(changed)
            for k, value in hand.after(t, {k: v.copy() for k, v in plain.items()}, start).items():
                plain[k][...] = value
        assert opt.t == t
        for k, expected in plain.items():
            np.testing.assert_allclose(params[k], expected, rtol=0, atol=200 * np.finfo(dtype).eps)
    for stage, kept in zip(opt.pipeline, hand.kept, strict=True):
        for k, average in kept.get("average", {}).items():
            np.testing.assert_allclose(stage.state("average")[k], average, rtol=0, atol=200 * np.finfo(dtype).eps)
        if "scale" in kept:
            assert stage.scale == kept["scale"]


class _NumPy:
    asarray = staticmethod(np.asarray)


RULES = st.sampled_from([("SGD", {}), ("HeavyBall", {}), ("Adam", {"eps": 0.1})])


@settings(max_examples=50, deadline=None, derandomize=True)
@given(rule=RULES, chain=chains, dtype=st.sampled_from([np.float64, np.float32]))
def test_any_combination_is_what_it_is_by_hand(rule, chain, dtype):
    backend = importlib.import_module("stepsmith.numpy")
    hold_against_by_hand(backend, _NumPy, rule[0], chain, rule[1], dtype)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(rule=RULES, chain=chains, dtype=st.sampled_from([np.float64, np.float32]))
def test_any_combination_on_emulated_cupy(rule, chain, dtype):
    with emulated_cupy.installed() as module:
        backend = importlib.import_module(f"{package(GENERATED)}.cupy")
        hold_against_by_hand(backend, module, rule[0], chain, rule[1], dtype)


@pytest.mark.fast
def test_one_launch_however_many_stages():
    with emulated_cupy.installed() as module:
        root = package(GENERATED)
        backend = importlib.import_module(f"{root}.cupy")
        stages = [getattr(backend, name)(**STAGES[name]) for name in ("ClipByValue", "L2Decay", "WeightEMA")]
        w = module.asarray(np.ones(4))
        opt = backend.Adam(w, pipeline=stages)
        opt.step(module.asarray(np.ones(4)))
        arrays = importlib.import_module(f"{root}.cupy._arrays")
        kernel = importlib.import_module(f"{root}.cupy.adam")._adam_update
        fused = arrays._fused(kernel, tuple(map(type, stages)), "float64", False)
        assert (kernel.launches, fused.launches) == (0, 1)
        # over many small arrays the same body runs, under the lines that find an element
        many = arrays._fused(kernel, tuple(map(type, stages)), "float64", True).operation.splitlines()
        assert many[5:] == fused.operation.splitlines()
        assert all("_array" in line for line in many[:5])


# Read back: the fused kernel, as text, over symbols.


def composed(rule, stages, assumptions_of):
    """What the stages and the rule leave in w, by substitution into the specs' own equations."""
    from stepsmith.codegen.analysis.derive import by_name, transition

    w, g = sympy.symbols("w g", real=True)
    values = {"w": w, "g": g}

    def apply(spec_rule, prefix):
        out = by_name(transition(spec_rule))
        hypers = {h.name: sympy.Symbol(f"{prefix}{h.name}", real=True) for h in spec_rule.hypers}
        for name, value in out.items():
            given = {**hypers, **values}
            out[name] = value.xreplace({s: given[s.name] for s in value.free_symbols if s.name in given})
        return {name: out[name] for name in ("w", "g") if name in out}

    for after in (False, True):
        for k, spec in enumerate(stages):
            if spec.stage.after is after:
                values |= apply(spec.stage, f"stage{k}_")
        if not after:
            values |= apply(rule.optimizer.runnable, "")
    return values["w"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    rule=st.sampled_from(["sgd", "heavy_ball", "nesterov_velocity"]),
    chain=st.lists(st.sampled_from(ELEMENTWISE), max_size=4),
)
def test_fused_kernels_are_read_back(rule, chain):
    specs = {spec.rule.name: spec for spec in load(select(["pipeline"]))}
    (spec,) = (s for s in load(select([rule])) if s.key == rule)
    stages = [specs[name] for name in chain]
    assumptions = Assumptions.of(spec.optimizer)
    for k, stage in enumerate(stages):
        domains = Assumptions.of(stage.stage).domains
        assumptions = assumptions.also(**{f"stage{k}_{h.name}": domains[h.name] for h in stage.stage.hypers})
    with emulated_cupy.installed():
        root = package(GENERATED)
        arrays, family, generated = (
            importlib.import_module(f"{root}.cupy.{module}") for module in ("_arrays", spec.family, "pipeline")
        )
        classes = tuple(getattr(generated, name) for name in chain)
        fused = arrays._fused(getattr(family, f"_{spec.function}"), classes, "float64", False)
        symbols = {
            p.name: sympy.Symbol(p.name.replace("_array", ""), real=True) for p in fused.in_params + fused.out_params
        }
        inputs = {p.name: symbols[p.name] for p in fused.in_params}
        for k, cls in enumerate(classes):  # scalars of the host, as the stage's own method computes them
            known = {n: sympy.Symbol(f"stage{k}_{n}", real=True) for n in cls._domains}
            known |= {"lr": sympy.Symbol("lr", real=True), "t": sympy.Symbol("t", real=True)}
            values = cls._factors(cls.__new__(cls), **known) if cls._names else ()
            inputs |= {f"stage{k}_{n}": v for n, v in zip(cls._names, values, strict=True)}
        outputs = {p.name: symbols[p.name] for p in fused.out_params}
        found = Body.parse(fused.operation).run(inputs, outputs, SYMBOLIC).outputs["w_array"]
    verdict = decide(found, composed(spec, stages, assumptions), assumptions)
    assert verdict.status == "proved", (chain, verdict)


# One stage at a time.


@pytest.mark.fast
def test_without_stages_nothing_changes():
    rng = np.random.default_rng(0)
    one, other = np.ones(1000, np.float32), np.ones(1000, np.float32)
    first, second = Adam(one), Adam(other, pipeline=[])
    neutral = np.ones(1000, np.float32)
    third = Adam(neutral, pipeline=[pipeline.L2Decay(weight_decay=0), pipeline.ClipByGlobalNorm(max_norm=1e6)])
    for _ in range(20):
        g = rng.standard_normal(1000).astype(np.float32)
        for opt in (first, second, third):
            opt.step(g)
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(one, neutral)


def test_micro_steps_equal_one_large_batch():
    rng = np.random.default_rng(1)
    parts = rng.standard_normal((4, 50))
    one, other = np.ones(50), np.ones(50)
    Adam(one).step(parts.mean(axis=0))
    opt = Adam(other, pipeline=[pipeline.Accumulate(every=4)])
    for number, part in enumerate(parts):
        assert (opt.t, other.std()) == (0, 0), number
        opt.step(part)
    np.testing.assert_allclose(other, one, rtol=1e-13)


@pytest.mark.fast
def test_noise_has_its_variance_and_its_seed():
    def noise(seed, steps=1, **options):
        w = np.zeros(100_000)
        opt = SGD(w, lr=1, pipeline=[pipeline.GaussianNoise(eta=2.0, gamma=1.0, seed=seed, **options)])
        seen = []
        for _ in range(steps):
            before = w.copy()
            opt.step(np.zeros_like(w))
            seen.append(before - w)
        return seen

    first, second = noise(0, steps=2)
    assert np.var(first) == pytest.approx(2 / 2, rel=0.02)
    assert np.var(second) == pytest.approx(2 / 3, rel=0.02)
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.02
    np.testing.assert_array_equal(noise(0)[0], first)
    assert abs(np.corrcoef(noise(1)[0], first)[0, 1]) < 0.02


def test_noise_differs_between_parameters_and_precedes_a_norm():
    w = {"a": np.zeros(1000), "b": np.zeros(1000)}
    stages = [pipeline.GaussianNoise(eta=1.0), pipeline.ClipByGlobalNorm(max_norm=0.5)]
    SGD(w, lr=1, pipeline=stages).step({"a": np.zeros(1000), "b": np.zeros(1000)})
    assert abs(np.corrcoef(w["a"], w["b"])[0, 1]) < 0.2
    assert np.sqrt((w["a"] ** 2).sum() + (w["b"] ** 2).sum()) == pytest.approx(0.5)


def test_dynamic_scale_skips_and_recovers():
    w = np.ones(3)
    stage = pipeline.DynamicLossScale(initial_scale=8, interval=2)
    opt = SGD(w, lr=1, pipeline=[stage])
    opt.step(np.array([np.inf, 1, 1]))
    assert (opt.t, stage.scale, w.tolist()) == (0, 4, [1, 1, 1])
    for scale in (4, 8, 8, 16):
        opt.step(np.full(3, stage.scale))
        assert stage.scale == scale
    assert w.tolist() == [-3, -3, -3]


def test_where_chooses_parameters():
    w = {"kernel": np.ones((2, 2)), "bias": np.ones(2)}
    opt = SGD(w, lr=1, pipeline=[pipeline.DecoupledDecay(weight_decay=0.5, where=lambda path, w: w.ndim > 1)])
    opt.step({k: np.zeros_like(v) for k, v in w.items()})
    assert (w["kernel"].max(), w["bias"].min()) == (0.5, 1)


def test_a_global_norm_is_over_all_groups_and_leaves_out_missing_gradients():
    a, b, c = np.zeros(1), np.zeros(1), np.zeros(1)
    opt = SGD([Group(a, lr=1.0), Group({"b": b, "c": c})], lr=2.0, pipeline=[pipeline.ClipByGlobalNorm(max_norm=1.0)])
    opt.step([np.array([3.0]), {"b": np.array([4.0]), "c": None}])
    np.testing.assert_allclose([a[0], b[0], c[0]], [-0.6, -1.6, 0])


def test_strided_and_empty_arrays():
    whole = np.arange(24.0).reshape(4, 6)
    view, expected = whole[::2, ::-2], whole[::2, ::-2].copy()
    chain = lambda: [pipeline.ClipByNorm(max_norm=1.0), pipeline.L2Decay(), pipeline.WeightEMA()]  # noqa: E731
    g = np.linspace(-1, 1, 6).reshape(2, 3)
    Adam(view, pipeline=chain()).step(g)
    Adam(expected, pipeline=chain()).step(g)
    np.testing.assert_array_equal(view, expected)
    Adam(np.zeros((0, 3)), pipeline=chain()).step(np.zeros((0, 3)))


def chain_with_everything():
    return [
        pipeline.DynamicLossScale(initial_scale=4.0, interval=2),
        pipeline.Accumulate(every=3),
        pipeline.GaussianNoise(eta=0.1, seed=5),
        pipeline.ClipByGlobalNorm(max_norm=1.0),
        pipeline.WeightEMA(decay=0.5),
        pipeline.WeightEMAKerasOverwriting(overwrite_every=2),
    ]


@pytest.mark.fast
def test_resuming_in_mid_cycle_is_exact():
    rng = np.random.default_rng(3)
    draws = rng.standard_normal((20, 4))
    w = np.ones(4)
    opt = NAdam(w, lr=0.1, pipeline=chain_with_everything())
    for g in draws[:7]:
        opt.step(g)
    saved, other = opt.state_dict(), w.copy()
    again = NAdam(other, lr=0.2, pipeline=[*chain_with_everything()])
    again.load_state_dict(saved)
    for g in draws[7:]:
        opt.step(g)
        again.step(g)
        np.testing.assert_array_equal(w, other)
    one, two = opt.state_dict(), again.state_dict()
    assert one.keys() == two.keys()
    for key, value in one.items():
        np.testing.assert_array_equal(value, two[key], err_msg=key)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: SGD(np.ones(1), pipeline=[3]),
            TypeError,
            "SGD: 3 is no stage of a pipeline; it takes a list of stages from the module pipeline",
        ),
        (lambda: pipeline.L2Decay(weight_decay=-1), ValueError, "L2Decay: weight_decay = -1.0 is not allowed"),
        (lambda: pipeline.Accumulate(every=1.5), ValueError, "every = 1.5 is not allowed; it needs integer every >= 1"),
        (
            lambda: Adadelta(np.ones(1), pipeline=[pipeline.L2Decay(where=lambda path, w: False)]),
            ValueError,
            "L2Decay: where chooses none of the parameters",
        ),
        (
            lambda: SGD(np.ones(2), pipeline=[pipeline.L2Decay(where=lambda path, w: w > 0)]),
            TypeError,
            "L2Decay: where returns an array for the parameter; it has to return one truth value",
        ),
        (lambda: SGD([Group(np.ones(1)), np.ones(1)]), TypeError, "some parameters are in a Group and some are not"),
        (lambda: SGD([Group(np.ones(1), betas=1)]), AttributeError, "SGD has no hyperparameter betas; there are lr"),
        (lambda: HeavyBall([Group(np.ones(1), lr=-1)]), ValueError, "HeavyBall: lr = -1.0 is not allowed"),
    ],
)
def test_what_cannot_be_is_refused(make, error, message):
    with pytest.raises(error, match=re.escape(message)):
        make()


def test_a_stage_belongs_to_one_optimizer():
    stage = pipeline.WeightMean()
    SGD(np.ones(1), pipeline=[stage])
    with pytest.raises(ValueError, match="this WeightMean belongs to another SGD; make a new one"):
        Adam(np.ones(1), pipeline=[stage])


def test_a_state_of_another_pipeline_is_refused():
    saved = SGD(np.ones(1), pipeline=[pipeline.WeightMean()]).state_dict()
    with pytest.raises(ValueError, match=r"pipeline\.0\.WeightMean"):
        SGD(np.ones(1)).load_state_dict(saved)
    with pytest.raises(ValueError, match=r"has no pipeline\.0\.WeightEMA\.average"):
        SGD(np.ones(1), pipeline=[pipeline.WeightEMA()]).load_state_dict(saved)


def test_an_error_leaves_stages_as_they_were():
    w, stage = np.ones(2), pipeline.Accumulate(every=2)
    opt = SGD(w, lr=lambda t: 1.0 if t == 1 else -1.0, pipeline=[stage])
    opt.step(np.ones(2))
    opt.step(np.ones(2))
    opt.state_dict()
    before = {k: v.copy() for k, v in opt.state_dict().items()}
    with pytest.raises(ValueError, match="lr = -1"):
        opt.step(np.ones(2))
    for key, value in opt.state_dict().items():
        np.testing.assert_array_equal(value, before[key])


def test_groups_have_their_own_hyperparameters_and_scalars():
    a, b = np.ones(2), np.ones(2)
    opt = NAdam([Group(a, lr=0.1, beta1=0.5), Group(b)], lr=0.01)
    alone_a, alone_b = np.ones(2), np.ones(2)
    one, two = NAdam(alone_a, lr=0.1, beta1=0.5), NAdam(alone_b, lr=0.01)
    for g in np.random.default_rng(0).standard_normal((5, 2)):
        opt.step([g, g])
        one.step(g)
        two.step(g)
    np.testing.assert_array_equal(a, alone_a)
    np.testing.assert_array_equal(b, alone_b)
    opt.groups[0].lr = 0.5
    opt.lr = 0.2
    assert [group.lr for group in opt.groups] == [0.5, 0.2]
    saved = opt.state_dict()
    again = NAdam([Group(a.copy(), lr=0.9, beta1=0.5), Group(b.copy())])
    again.load_state_dict(saved)
    assert [group.lr for group in again.groups] == [0.5, 0.2]


def test_every_stage_is_tested_by_hand_or_named_here():
    others = {"GaussianNoise", "GaussianNoiseFromOne", "ClipByGlobalNorm1", "ClipGradNorm", "ClipGradMax"}
    others |= {"WeightEMADebiased", "WeightEMAKeras", "WeightEMAKerasOverwriting"}
    others |= {"ApplyIfFinite", "ClipByGlobalNormKeras"}  # in test_overflows.py and test_norms.py
    assert {spec.rule.name for spec in load(select(["pipeline"]))} == set(STAGES) | others


def test_the_remaining_stages():
    w = np.array([1.0, 2.0])
    g = np.array([3.0, 4.0])

    def stepped(stage):
        x = w.copy()
        SGD(x, lr=1, pipeline=[stage]).step(g)
        return w - x

    np.testing.assert_allclose(stepped(pipeline.ClipByGlobalNorm1(max_norm=1.0)), g / 7)
    np.testing.assert_allclose(stepped(pipeline.ClipGradNorm(max_norm=1.0)), g / (5 + 1e-6), rtol=1e-14)
    np.testing.assert_allclose(stepped(pipeline.ClipGradMax(max_norm=1.0)), g / (4 + 1e-6), rtol=1e-14)
    stage, x = pipeline.WeightEMADebiased(decay=0.9), w.copy()
    opt = SGD(x, lr=0.1, pipeline=[stage])
    past = []
    for _ in range(5):
        opt.step(g)
        past.append(x.copy())
    weights = 0.9 ** np.arange(4, -1, -1)
    np.testing.assert_allclose(stage.state("average")[""], weights @ past / weights.sum(), rtol=1e-13)
