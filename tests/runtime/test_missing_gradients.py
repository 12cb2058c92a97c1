"""A parameter without a gradient is left alone, by the rule and by every stage, whatever else goes on."""

import importlib
import pickle
from contextlib import nullcontext

import numpy as np
import pytest

from stepsmith import numpy as optimizers
from tests import emulated_cupy
from tests.conftest import STEPPED
from tests.numeric.test_digits import hyperparameters
from tests.sample import by_kind

BACKENDS = ["numpy", "numba", "cupy"]


@pytest.fixture(params=BACKENDS)
def backend(request):
    with emulated_cupy.installed() if request.param == "cupy" else nullcontext() as library:
        if request.param == "cupy":
            yield emulated_cupy.generated(), library.asarray
        else:
            yield importlib.import_module(f"stepsmith.{request.param}"), np.array


def gradient(step, of, shape=3):
    return np.random.default_rng([step, of]).standard_normal(shape)


def missing(step, of):
    """Whether a parameter has no gradient: the first ones, then now and then; that of 0 is always there."""
    return of > 0 and (step <= of or (7 * step + of) % 5 == 0)


def apart(entry):
    """Whether what the rule keeps is kept for each parameter, or could be."""
    rule = getattr(optimizers, entry.name)
    return not any(overall for *_, overall in rule._reductions)


@pytest.mark.parametrize("name", by_kind(filter(apart, STEPPED), "name"))
def test_where_each_parameter_counts_its_steps_it_goes_as_if_it_were_alone(name):
    own = type(name, (getattr(optimizers, name),), {"_own_t": True})
    together = [gradient(0, of) for of in range(4)]
    alone = [w.copy() for w in together]
    hyper = hyperparameters(name)
    opt, each = own(together, **hyper), [getattr(optimizers, name)(w, **hyper) for w in alone]
    for step in range(1, 25):
        opt.step([None if missing(step, of) else gradient(step, of) for of in range(4)])
        for of, one in enumerate(each):
            if not missing(step, of):
                one.step(gradient(step, of))
    assert [w.tobytes() for w in together] == [w.tobytes() for w in alone]
    assert opt.t == each[0].t > each[1].t


@pytest.mark.parametrize("name", by_kind(STEPPED, "name"))
def test_a_step_leaves_a_parameter_without_a_gradient_and_its_states_alone(name):
    params = {"a": gradient(0, 0), "b": gradient(0, 1)}
    opt = getattr(optimizers, name)(params, **hyperparameters(name))

    def kept():
        return params["b"].tobytes(), [opt.state(state)["b"].tobytes() for state in opt._states]

    for step in range(1, 6):
        before = kept()
        opt.step({"a": gradient(step, 0), "b": None})
        assert kept() == before
        opt.step({"a": gradient(step, 2), "b": gradient(step, 1)})
        assert kept() != before


def collected(every, steps):
    """What SGD with lr = 1 makes of the means over cycles, for four parameters, by loops."""
    weights = [np.zeros(3) for _ in range(4)]
    sums, given, count = [np.zeros(3) for _ in range(4)], [False] * 4, 0
    for step in range(1, steps + 1):
        for of in range(4):
            if not missing(step, of):
                sums[of] += gradient(step, of)
                given[of] = True
        count += 1
        if count >= every(step):
            for of in range(4):
                if given[of]:
                    weights[of] -= sums[of] / count
            sums, given, count = [np.zeros(3) for _ in range(4)], [False] * 4, 0
    return weights


@pytest.mark.parametrize(
    "every", [lambda _: 1, lambda _: 2, lambda _: 3, lambda k: 4 if k < 10 else 2, lambda k: 1 + k % 5]
)
def test_a_cycle_takes_the_mean_of_what_was_added(every, backend):
    module, there = backend
    params = [there(np.zeros(3)) for _ in range(4)]
    stage = module.Accumulate(every=1)
    opt = module.SGD(params, lr=1.0, pipeline=[stage])
    for step in range(1, 31):
        stage.every = every(step)
        opt.step([None if missing(step, of) else there(gradient(step, of)) for of in range(4)])
        if step % 7 == 3:
            again = module.SGD(params, lr=1.0, pipeline=[module.Accumulate(every=1)])
            again.load_state_dict(opt.state_dict())
            opt, (stage,) = again, again.pipeline
    for w, expected in zip(params, collected(every, 30), strict=True):
        np.testing.assert_allclose(np.asarray(getattr(w, "get", lambda w=w: w)()), expected, rtol=0, atol=1e-14)


def test_what_comes_before_a_cycle_sees_no_gradient_that_is_not_there():
    """L2 decay before the mean adds w to the gradients that there are; after it, to the mean."""
    for stages, expected in (
        ([optimizers.L2Decay(weight_decay=0.5), optimizers.Accumulate(every=2)], 2 - (3 + 1) / 2),
        ([optimizers.Accumulate(every=2), optimizers.L2Decay(weight_decay=0.5)], 2 - (3 / 2 + 1)),
    ):
        w = {"a": np.zeros(1), "b": np.full(1, 2.0)}
        opt = optimizers.SGD(w, lr=1.0, pipeline=stages)
        opt.step({"a": np.ones(1), "b": np.full(1, 3.0)})
        opt.step({"a": np.ones(1), "b": None})
        assert w["b"] == expected


def test_a_norm_after_a_cycle_is_that_of_what_was_collected():
    w = {"a": np.zeros(1), "b": np.zeros(1), "c": np.zeros(1)}
    opt = optimizers.SGD(
        w, lr=1.0, pipeline=[optimizers.Accumulate(every=2), optimizers.ClipByGlobalNorm(max_norm=1.0)]
    )
    opt.step({"a": np.full(1, 6.0), "b": None, "c": None})
    opt.step({"a": None, "b": np.full(1, 8.0), "c": None})
    np.testing.assert_allclose([w["a"][0], w["b"][0], w["c"][0]], [-0.6, -0.8, 0], rtol=1e-15)


def test_cycles_of_cycles():
    w = [np.zeros(1), np.zeros(1)]
    opt = optimizers.SGD(w, lr=1.0, pipeline=[optimizers.Accumulate(every=2), optimizers.Accumulate(every=2)])
    for b in (None, 4.0, None, None):
        opt.step([np.ones(1), None if b is None else np.full(1, b)])
    np.testing.assert_array_equal(w, [[-1.0], [-1.0]])
    assert opt.t == 1


def test_a_cycle_over_some_parameters_ends_the_steps_of_all():
    w = {"a": np.zeros(1), "b": np.zeros(1)}
    stage = optimizers.Accumulate(every=2, where=lambda path, w: path == "a")
    opt = optimizers.SGD(w, lr=1.0, pipeline=[stage])
    opt.step({"a": np.ones(1), "b": np.ones(1)})
    opt.step({"a": None, "b": None})
    assert (w["a"], w["b"]) == (-0.5, 0.0)


@pytest.mark.parametrize("stage", ["WeightMean", "WeightEMADebiased", "WeightEMA"])
def test_an_average_knows_the_steps_that_it_has_seen(stage, backend):
    module, there = backend
    w = {"a": there(np.ones(2)), "b": there(np.full(2, 5.0))}
    kept = getattr(module, stage)()
    opt = module.SGD(w, lr=1.0, pipeline=[kept])
    for step in range(5):
        opt.step({"a": there(gradient(step, 0, 2)), "b": None if step in (0, 2) else there(np.zeros(2))})
    np.testing.assert_allclose(np.asarray(kept.state("average")["b"].tolist()), [5.0, 5.0], rtol=1e-15)


@pytest.mark.parametrize("stage", ["WeightMean", "WeightEMADebiased", "WeightEMA"])
def test_an_average_sees_the_step_of_what_was_collected_wherever_it_stands(stage):
    def make(w, *order):
        stages = [optimizers.Accumulate(every=2), getattr(optimizers, stage)()]
        return optimizers.SGD(w, lr=1.0, pipeline=[stages[number] for number in order])

    params = [[np.ones(2), np.ones(2)] for _ in range(2)]
    opts = [make(w, *order) for w, order in zip(params, ((0, 1), (1, 0)), strict=True)]
    for b in (2.0, None, None, None, None, 3.0):
        for opt in opts:
            opt.step([np.ones(2), None if b is None else np.full(2, b)])
    first, second = (opts[0].pipeline[1].state("average"), opts[1].pipeline[0].state("average"))
    assert {path: a.tobytes() for path, a in first.items()} == {path: a.tobytes() for path, a in second.items()}


def test_the_average_of_keras_takes_in_all_parameters():
    w = {"a": np.ones(1), "b": np.full(1, 5.0)}
    kept = optimizers.WeightEMAKeras(decay=0.5)
    opt = optimizers.SGD(w, lr=1.0, pipeline=[optimizers.Accumulate(every=2), kept])
    for _ in range(3):
        opt.step({"a": np.ones(1), "b": None})
        w["b"] += 1
    # the first two runs are those of step 1, in which the weights are taken as they are
    assert kept.state("average")["b"] == (6.0 + 7.0) / 2


def test_dampening_takes_the_first_gradient_whole():
    w = {"a": np.zeros(1), "b": np.zeros(1)}
    opt = optimizers.MomentumDampened(w, lr=1.0, mu=0.5, dampening=0.75)
    for b in (None, None, 1.0, 1.0):
        opt.step({"a": np.ones(1), "b": None if b is None else np.full(1, b)})
    assert w["b"] == -1 - (0.5 + 0.25)


@pytest.mark.parametrize("name", ["LookaheadSGD", "RpropClamped", "Adagrad", "NAdam"])
def test_resuming_with_missing_gradients_changes_no_bit(name):
    make = getattr(optimizers, name)
    whole, parts = ([gradient(0, of) for of in range(4)] for _ in range(2))
    stages = lambda: [optimizers.Accumulate(every=2), optimizers.WeightMean(), optimizers.WeightEMA()]  # noqa: E731
    one, two = (make(w, pipeline=stages(), **hyperparameters(name)) for w in (whole, parts))
    for step in range(1, 30):
        g = [None if missing(step, of) else gradient(step, of) for of in range(4)]
        one.step(g)
        two.step(g)
        resumed = make(parts, pipeline=stages(), **hyperparameters(name))
        resumed.load_state_dict(two.state_dict())
        two = pickle.loads(pickle.dumps(resumed)) if step % 2 else resumed
        parts = two._params
    assert [w.tobytes() for w in whole] == [w.tobytes() for w in parts]
    first, second = one.state_dict(), two.state_dict()
    assert {key: value.tobytes() for key, value in first.items()} == {k: v.tobytes() for k, v in second.items()}


def test_a_state_that_was_saved_without_counts_goes_on():
    def make():
        return optimizers.MomentumDampened(
            [np.zeros(2), np.zeros(2)], lr=1.0, pipeline=[optimizers.Accumulate(every=2)]
        )

    first, second = make(), make()
    first.step([np.ones(2), np.ones(2)])
    saved = {k: v for k, v in first.state_dict().items() if ".missed." not in k and ".given." not in k}
    second.load_state_dict(saved)
    second.step([np.ones(2), None])
    np.testing.assert_array_equal(second._params, [[-1.0, -1.0], [-0.5, -0.5]])
    with pytest.raises(ValueError, match=r"has no MomentumDampened.missed.1|has no missed.1"):
        second.load_state_dict({k: v for k, v in first.state_dict().items() if not k.endswith("missed.1")})


def test_the_keys_of_a_saved_state_follow_from_how_an_optimizer_was_made():
    def make():
        groups = [optimizers.Group([np.ones(2)]), optimizers.Group([np.ones(3)], lr=0.5)]
        return optimizers.Adam(groups, pipeline=[optimizers.Accumulate(every=2), optimizers.WeightMean()])

    opt, keys = make(), set(make().state_dict())
    for step in range(6):
        opt.groups[0].lr, opt.groups[1].eps, opt.beta1 = 0.1 / (1 + step), 1e-3, 0.5
        opt.step([[gradient(step, 0, 2)], [None if step < 3 else gradient(step, 1)]])
    assert set(opt.state_dict()) == keys
    fresh = make()
    fresh.load_state_dict(opt.state_dict())
    assert [group.hyper() for group in fresh.groups] == [group.hyper() for group in opt.groups]
    fresh.beta1 = 0.25
    assert fresh.groups[0].beta1 == 0.25  # what no group has changed is still that of the optimizer
