"""The stages for torch: the numbers of NumPy's around a rule, whatever is missing; what is kept, saved and refused."""

import pickle

import numpy as np
import pytest

from stepsmith import numpy as natively
from stepsmith.codegen.load import StageSpec, load, select

torch = pytest.importorskip("torch")
from stepsmith import torch as there  # noqa: E402

STAGES = {spec.stage.name: spec.stage for spec in load(select(())) if isinstance(spec, StageSpec)}
SHAPES = ((3, 2), (5,), (), (0,), (2, 1, 2))
#: Hyperparameters with which a stage does something in a few steps.
GIVEN = {
    "DynamicLossScale": {"interval": 2, "initial_scale": 8.0},
    "ApplyIfFinite": {"max_consecutive_errors": 1},
    "Accumulate": {"every": 3},
    "AccumulateOptax": {"every": 3},
    "AccumulateSumOptax": {"every": 3},
    "WeightEMAKerasOverwriting": {"overwrite_every": 3, "decay": 0.9},
    "SAM": {"ascents": 2},
    "ClipByValue": {"max_value": 0.3},
}
STEPS = 12


def drawn(k, t):
    return 10.0 ** (t % 3 - 2) * np.random.default_rng([k, t]).standard_normal(SHAPES[k])


def gradient(w, k, t):
    """Depends on the parameter, so that it matters where it is taken; some are missing, some are not finite."""
    if (t + k) % 4 == 0 and k != 1:
        return None
    g = 0.3 * w + drawn(k, t)
    if t in (5, 6, 9) and k == 1:
        g[2] = np.nan if t == 9 else np.inf
    return g


def starts(dtype):
    return [np.asarray(np.random.default_rng(k).standard_normal(shape), dtype) for k, shape in enumerate(SHAPES)]


def ours(rule, arrays, **options):
    """The optimizer for torch over two groups of copies, and those."""
    params = [torch.tensor(array) for array in arrays]
    groups = [{"params": params[:2]}, {"params": params[2:], "lr": 0.02}]
    return rule(groups, lr=0.05, **options), params


def theirs(rule, arrays, **options):
    groups = [natively.Group(arrays[:2]), natively.Group(arrays[2:], lr=0.02)]
    return rule(groups, lr=0.05, **options)


def step_both(opt, params, other, arrays, t):
    for k, w in enumerate(params):
        g = gradient(w.detach().numpy().copy(), k, t)
        w.grad = None if g is None else torch.tensor(np.asarray(g, arrays[k].dtype))
    opt.step()
    grads = [gradient(w.copy(), k, t) for k, w in enumerate(arrays)]
    grads = [None if g is None else np.asarray(g, w.dtype) for g, w in zip(grads, arrays, strict=True)]
    with np.errstate(all="ignore"):
        other.step([grads[:2], grads[2:]])


def same_noise(monkeypatch):
    """NumPy's noise for the torch optimizers."""

    def noise(self, way, params, stage, number):
        group, at = (0, way.numbers[0]) if way.numbers[0] < 2 else (1, way.numbers[0] - 2)
        words = stage._seed(number, f"{group}.{at}")
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(words)))
        dtype = str(way.w.dtype).removeprefix("torch.")
        return torch.tensor(np.asarray(generator.standard_normal(tuple(way.w.shape), dtype=dtype)))

    monkeypatch.setattr(there.Adam, "_noise_of", noise)


@pytest.mark.parametrize(("dtype", "engine"), [("float64", "eager"), ("float32", "numpy")])
@pytest.mark.parametrize("name", STAGES)
def test_the_numbers_of_numpy(name, dtype, engine, monkeypatch):
    same_noise(monkeypatch)
    arrays, given = starts(dtype), GIVEN.get(name, {})
    stage, own = getattr(there, name)(**given), getattr(natively, name)(**given)
    opt, params = ours(there.Adam, arrays, pipeline=[stage], engine=engine)
    other = theirs(natively.Adam, arrays, pipeline=[own])
    within = {"rtol": 1e-12, "atol": 1e-14} if dtype == "float64" else {"rtol": 2e-5, "atol": 2e-6}
    for t in range(1, STEPS + 1):
        step_both(opt, params, other, arrays, t)
        assert opt.t == other.t
        assert stage._scalars == pytest.approx(own._scalars, nan_ok=True)
        assert [*stage._given.values()] == [*own._given.values()]
        for w, array in zip(params, arrays, strict=True):
            np.testing.assert_allclose(w.numpy(), array, **within)
        for kept in STAGES[name].array_state:
            pairs = zip(stage.state(kept.name).values(), own.state(kept.name).values(), strict=True)
            for found, wanted in pairs:
                assert str(found.dtype) == f"torch.{dtype}"
                np.testing.assert_allclose(found.numpy(), wanted, **within)


def _matrices(path, w):
    return w.ndim > 1


PIPELINES = {
    "as trained": lambda of: [
        of.Accumulate(every=2),
        of.ClipByGlobalNorm(max_norm=0.5),
        of.L2Decay(weight_decay=0.1, where=_matrices),
        of.DecoupledDecay(weight_decay=0.05),
        of.WeightEMA(decay=0.9),
    ],
    "scaled": lambda of: [
        of.DynamicLossScale(interval=2, initial_scale=4.0),
        of.ClipByNorm(max_norm=0.5),
        of.WeightEMAKerasOverwriting(overwrite_every=4, decay=0.8),
        of.DecoupledDecayAfter(weight_decay=0.2),
    ],
    "in phases": lambda of: [of.ApplyIfFinite(), of.SAM(rho=0.1), of.ClipGradMax(max_norm=0.3), of.WeightMean()],
    "averages": lambda of: [of.Maximize(), of.WeightEMADebiased(decay=0.7), of.WeightEMAKeras(decay=0.6)],
}


@pytest.mark.parametrize("dtype", ["float64", "float16"])
@pytest.mark.parametrize("rule", ["SGD", "LAMB", "DoG", "ScheduleFreeSGD", "NAdam"])
@pytest.mark.parametrize("which", PIPELINES)
def test_several_stages_around_rules(which, rule, dtype):
    """Rules with sums, with numbers of their own, with states that start from the parameter, as NumPy's take them."""
    arrays, options = starts(dtype), {}
    opt, params = ours(getattr(there, rule), arrays, pipeline=PIPELINES[which](there), **options)
    other = theirs(getattr(natively, rule), arrays, pipeline=PIPELINES[which](natively), **options)
    within = {"rtol": 1e-11, "atol": 1e-13} if dtype == "float64" else {"rtol": 2e-3, "atol": 2e-3}
    for t in range(1, STEPS + 1 if dtype == "float64" else 5):
        step_both(opt, params, other, arrays, t)
        assert opt.t == other.t
        for w, array in zip(params, arrays, strict=True):
            np.testing.assert_allclose(w.numpy(), array, **within)


def driven(opt, params, steps):
    """Steps with gradients that depend on the parameters; gives a copy of what comes of them."""
    for t in steps:
        for k, w in enumerate(params):
            g = gradient(w.detach().numpy().copy(), k, t)
            w.grad = None if g is None else torch.tensor(g)
        opt.step()
    return [w.detach().clone() for w in params]


def same(found, wanted):
    return all(torch.equal(one, other) for one, other in zip(found, wanted, strict=True))


def made(pipeline, **options):
    return ours(there.Adam, starts("float64"), pipeline=pipeline, **options)


@pytest.mark.parametrize("t", [3, 4])
@pytest.mark.parametrize("which", PIPELINES)
def test_what_is_saved_goes_on_to_the_bit(which, t, tmp_path):
    opt, params = made(PIPELINES[which](there))
    driven(opt, params, range(1, t + 1))
    other, others = made(PIPELINES[which](there))
    driven(other, others, range(1, 3))
    torch.save((opt.state_dict(), [w.detach() for w in params]), tmp_path / "saved.pt")
    saved, values = torch.load(tmp_path / "saved.pt", weights_only=True)
    for w, value in zip(others, values, strict=True):
        w.copy_(value)
    other.load_state_dict(saved)
    pickled, (same_params, _) = pickle.loads(pickle.dumps((opt, (params, None))))
    rest = range(t + 1, STEPS + 1)
    wanted = driven(opt, params, rest)
    finite = [torch.nan_to_num(w, nan=7.0) for w in wanted]
    assert same([torch.nan_to_num(w, nan=7.0) for w in driven(other, others, rest)], finite)
    assert same([torch.nan_to_num(w, nan=7.0) for w in driven(pickled, same_params, rest)], finite)


def test_hyperparameters_of_stages_are_saved():
    opt, params = made([there.ClipByGlobalNorm(max_norm=0.25), there.GaussianNoise(seed=5)])
    driven(opt, params, [1, 2])
    other, _ = made([there.ClipByGlobalNorm(), there.GaussianNoise()])
    other.load_state_dict(opt.state_dict())
    assert other.pipeline[0].max_norm == 0.25
    assert (other.pipeline[1].draws, other.pipeline[1]._fixed) == (2.0, {"seed": 5})


@pytest.mark.parametrize(
    ("pipeline", "message"),
    [
        ([], r"Adam: the saved state has pipeline\.0\.WeightEMA\.decay; it is of another pipeline"),
        ([there.DynamicLossScale()], r"has pipeline\.0\.WeightEMA\.decay"),
        (
            [there.WeightEMA(), there.DynamicLossScale()],
            r"has no pipeline\.1\.DynamicLossScale\.scale; it is of another",
        ),
        ([there.WeightEMA(where=lambda path, w: w.ndim)], r"what is saved of a parameter is .*; load it with"),
    ],
)
def test_what_another_pipeline_has_saved_is_refused(pipeline, message):
    opt, params = made([there.WeightEMA()])
    driven(opt, params, [1, 2])
    other, others = made(pipeline)
    before = driven(other, others, [1, 2, 3])
    kept = {key: str(value) for key, value in other.state_dict().items()}
    with pytest.raises(ValueError, match=message):
        other.load_state_dict(opt.state_dict())
    assert {key: str(value) for key, value in other.state_dict().items()} == kept
    assert same(others, before)


def test_a_group_that_comes_later():
    """It goes through the stages from then on, as NumPy's does."""
    average, own = (of.WeightEMA(decay=0.9) for of in (there, natively))
    arrays = starts("float64")
    params = [torch.tensor(array) for array in arrays]
    opt = there.Adam([{"params": params[:2]}], pipeline=[there.Accumulate(every=2), average])
    other = natively.Adam([natively.Group(arrays[:2])], pipeline=[natively.Accumulate(every=2), own])
    for t in range(1, 9):
        if t == 4:
            opt.add_param_group({"params": params[2:], "lr": 0.02})
            other.add_group(arrays[2:], lr=0.02)
        grads = [np.asarray(drawn(k, t)) for k in range(len(arrays))]
        for w, g in zip(params, grads, strict=True):
            w.grad = torch.tensor(g)
        opt.step()
        other.step([grads[:2], grads[2:]] if t >= 4 else [grads[:2]])
    for w, array in zip(params, arrays, strict=True):
        np.testing.assert_allclose(w.numpy(), array, rtol=1e-12)
    pairs = zip(average.state("average").values(), own.state("average").values(), strict=True)
    assert all(np.allclose(one.numpy(), array, rtol=1e-12) for one, array in pairs)
    with pytest.raises(ValueError, match="more than one parameter group"):
        opt.add_param_group({"params": params[:1]})


def test_parameters_go_by_their_names():
    net = torch.nn.Linear(2, 3)
    average = there.WeightEMA(where=lambda path, w: path == "bias")
    opt = there.SGD(net.named_parameters(), pipeline=[average])
    assert list(average.state("average")) == ["bias"]
    assert opt.pipeline == (average,)
    assert "pipeline.0.WeightEMA.average" in opt.state[net.bias]
    with pytest.raises(KeyError, match="WeightEMA has no state m; it keeps average"):
        average.state("m")


# Phases.


def test_a_closure_is_called_in_each_phase():
    w, target = torch.nn.Parameter(torch.tensor([1.0, -2.0], dtype=torch.float64)), torch.tensor([0.5, 0.5])
    arrays = w.detach().numpy().copy()
    opt = there.SGD([w], lr=0.1, pipeline=[there.SAM(rho=0.2)])
    other = natively.SGD(arrays, lr=0.1, pipeline=[natively.SAM(rho=0.2)])

    def closure():
        opt.zero_grad()
        loss = ((w - target) ** 4).sum()
        loss.backward()
        return loss

    for _ in range(3):
        before = ((w.detach() - target) ** 4).sum()
        assert torch.equal(opt.step(closure).detach(), before)
        other.step(lambda: 4 * (arrays - 0.5) ** 3)
    np.testing.assert_allclose(w.detach().numpy(), arrays, rtol=1e-12)


def test_a_closure_that_fails_leaves_all_as_it_was():
    w = torch.nn.Parameter(torch.ones(3))
    stage = there.SAM(rho=0.2)
    opt = there.Adam([w], pipeline=[stage])

    def closure():
        if stage.climbed:
            raise RuntimeError("out of data")
        w.grad = torch.ones(3)

    before = str(opt.state_dict())
    with pytest.raises(RuntimeError, match="out of data"):
        opt.step(closure)
    assert torch.equal(w.detach(), torch.ones(3))
    assert str(opt.state_dict()) == before


# Noise.


def test_noise_follows_from_the_seed_and_the_name():
    def noises(seed):
        w = {name: torch.nn.Parameter(torch.zeros(2000)) for name in "ab"}
        opt = there.SGD(w.items(), lr=1.0, pipeline=[there.GaussianNoise(eta=4.0, gamma=0.0, seed=seed)])
        found = []
        for _ in range(2):
            for one in w.values():
                one.grad, one.data = torch.zeros(2000), torch.zeros(2000)
            opt.step()
            found += [one.detach().clone() for one in w.values()]
        return found

    first, again, other = noises(0), noises(0), noises(1)
    assert same(first, again)
    assert not any(torch.equal(one, two) for one, two in zip(first, other, strict=True))
    assert len({float(one[0]) for one in first}) == 4
    assert all(abs(one.mean()) < 0.2 and abs(one.std() - 2) < 0.2 for one in first)


# Errors.


def test_an_error_changes_nothing():
    arrays = starts("float64")
    opt, params = made([there.Accumulate(every=2), there.DecoupledDecay(), there.WeightEMA()])
    before, kept = driven(opt, params, [1]), str(opt.state_dict())
    for w, array in zip(params, arrays, strict=True):
        w.grad = torch.tensor(array)
    params[-1].grad = params[-1].grad.to_sparse()
    with pytest.raises(TypeError, match="sparse"):
        opt.step()
    assert same(params, before)
    assert str(opt.state_dict()) == kept


def test_an_input_that_a_gathered_step_lacks_is_asked_for():
    params = [torch.nn.Parameter(torch.ones(2)) for _ in range(2)]
    opt = there.Sophia(params, pipeline=[there.Accumulate(every=2)])
    h = [torch.ones(2), torch.ones(2)]
    for w in params:
        w.grad = torch.ones(2)
    opt.step(hessian=h)
    params[1].grad = None
    kept = str(opt.state_dict())
    with pytest.raises(ValueError, match="parameter 1 takes a step with gradients that were gathered before, and has"):
        opt.step(hessian=[h[0], None])
    assert str(opt.state_dict()) == kept
    opt.step(hessian=h)
    assert all(not torch.equal(w.detach(), torch.ones(2)) for w in params)


def test_what_is_no_pipeline_is_refused():
    w, stage = torch.nn.Parameter(torch.ones(2)), there.WeightEMA()
    with pytest.raises(TypeError, match="Adam: the pipeline is a stage; put it into a list"):
        there.Adam([w], pipeline=stage)
    with pytest.raises(TypeError, match="no stage of a pipeline"):
        there.Adam([w], pipeline=[natively.WeightEMA()])
    with pytest.raises(ValueError, match="where chooses none"):
        there.Adam([w], pipeline=[stage, there.L2Decay(where=lambda path, w: False)])
    opt = there.Adam([w], pipeline=[stage])
    with pytest.raises(ValueError, match="this WeightEMA belongs to another Adam"):
        there.Adam([torch.nn.Parameter(torch.ones(2))], pipeline=[stage])
    assert list(stage.state("average")) == ["0"]
    assert opt.state[w]["pipeline.0.WeightEMA.average"] is stage.state("average")["0"]
    with pytest.raises(TypeError, match="DecoupledDecay multiplies by lr, and COCOB has none"):
        there.COCOB([w], pipeline=[there.DecoupledDecay()])
    with pytest.raises(ValueError, match=r"weight_decay = 1e-60 is 0\.0 in float32"):
        there.Adam([w], pipeline=[there.L2Decay(weight_decay=1e-60)])
