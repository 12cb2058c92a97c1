"""The stages for torch: the numbers of NumPy's around a rule, whatever is missing; what is kept, saved and refused."""

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


@pytest.mark.parametrize("engine", ["eager", "numpy"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
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
