"""Steps that take gradients at several places: where those are, where the rule steps from, and what an error leaves."""

import importlib
import itertools
import pickle

import numpy as np
import pytest

from stepsmith import numpy as optimizers
from stepsmith.numpy import SAM, SGD, USAM, Accumulate, Adam, DynamicLossScale, Extragradient, Group, WeightEMA
from tests import emulated_cupy

#: What a stage adds to all parameters: from these and their gradients, flat, in double.
WAYS = {
    "SAM": lambda w, g: 0.3 * g / np.linalg.norm(g),
    "ASAM": lambda w, g: 0.3 * w**2 * g / np.linalg.norm(w * g),
    "USAM": lambda w, g: 0.3 * g,
}


def start(dtype=np.float64):
    rng = np.random.default_rng(0)
    shapes = {"a": (3, 2), "b": (5,), "empty": (0, 2)}
    return {path: rng.standard_normal(shape).astype(dtype) for path, shape in shapes.items()}


def slope(w, *without):
    """The gradients of a function that is not convex, without those of some parameters."""
    return {path: None if path in without else np.sin(3 * one) + 0.5 * one for path, one in w.items()}


def flat(tree):
    return np.concatenate([np.asarray(one, np.float64).ravel() for one in tree.values()])


def bits(opt, params):
    saved = {key: value.tobytes() for key, value in opt.state_dict().items()}
    return opt.t, saved, [np.asarray(w).tobytes() for w in params.values()]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("name", WAYS)
def test_the_second_gradient_is_taken_uphill_and_steps_the_weights_from_before(name, dtype):
    for module, master in itertools.product([optimizers, importlib.import_module("stepsmith.numba")], [False, True]):
        w, plain = start(dtype), start(dtype)
        opt = module.Adam(w, lr=0.1, master_weights=master, pipeline=[getattr(module, name)(rho=0.3)])
        alone = module.Adam(plain, lr=0.1, master_weights=master)
        for t in range(3):
            before, first = flat(w), slope(w)
            opt.step(first)
            assert opt.t == t
            np.testing.assert_allclose(
                flat(w) - before, WAYS[name](before, flat(first)), atol=4e-3 if dtype == np.float16 else 1e-6
            )
            second = slope(w)
            opt.step(second)
            alone.step(second)
            assert bits(opt, w)[2] == bits(alone, plain)[2]
        assert opt.t == alone.t == 3


def test_with_a_way_of_zero_it_is_the_rule_alone():
    w, plain = start(), start()
    opt, alone = Adam(w, pipeline=[SAM(rho=0)]), Adam(plain)
    for _ in range(4):
        opt.step(lambda: slope(w))
        alone.step(slope(plain))
    assert flat(w).tobytes() == flat(plain).tobytes()


@pytest.mark.parametrize(
    ("stages", "gradients"),
    [
        (lambda: [SAM()], 2),
        (lambda: [SAM(ascents=3)], 4),
        (lambda: [optimizers.ClipByGlobalNorm(), SAM(), WeightEMA(), optimizers.DecoupledDecay()], 2),
        (lambda: [optimizers.DecoupledDecay(), optimizers.SAMByArray()], 2),
        (lambda: [SAM(), SAM(rho=0.2)], 4),
        (lambda: [SAM(where=lambda path, w: path == "a")], 2),
    ],
)
def test_a_function_is_called_once_in_each_phase(stages, gradients):
    w, other = start(), start()
    opt, by_call = Adam(w, pipeline=stages()), Adam(other, pipeline=stages())
    called = []

    def found():
        called.append(opt.t)
        return slope(w)

    for _ in range(3):
        opt.step(found)
        for _ in range(gradients):
            by_call.step(slope(other))
    assert called == [t for t in range(3) for _ in range(gradients)]
    assert bits(opt, w) == bits(by_call, other)


@pytest.mark.parametrize("rule", ["LookaheadAdam", "LAMB", "DoG", "ScheduleFreeAdamW", "Prodigy"])
def test_states_and_sums_are_those_of_the_weights_from_before(rule):
    w, plain = start(), start()
    opt = getattr(optimizers, rule)(w, pipeline=[SAM(rho=0.5), WeightEMA(decay=0.5)])
    alone = getattr(optimizers, rule)(plain, pipeline=[WeightEMA(decay=0.5)])
    for _ in range(3):
        opt.step(slope(w))
        second = slope(w)
        opt.step(second)
        alone.step(second)
    assert bits(opt, w)[2] == bits(alone, plain)[2]
    for state in alone._states:
        assert flat(opt.state(state)).tobytes() == flat(alone.state(state)).tobytes()
    average, expected = (flat(one.pipeline[-1].state("average")) for one in (opt, alone))
    assert average.tobytes() == expected.tobytes()


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_a_parameter_without_a_gradient_is_back_and_left_alone(backend):
    """Whichever phase it has none in; one that has a gradient in the last phase takes the step."""
    module = importlib.import_module(f"stepsmith.{backend}")
    w, plain = start(), start()
    opt, alone = module.Adam(w, pipeline=[module.SAM(rho=0.5)]), module.Adam(plain)
    for first, last in [("a", "b"), ("b", "a"), ("", "a"), ("b", ""), ("ab", "a"), ("b", "ab"), ("ab", "ab"), ("", "")]:
        opt.step(slope(w, *first))
        for path in first:
            assert w[path].tobytes() == plain[path].tobytes()
        second = slope(w, *last)
        opt.step(second)
        alone.step(second)
        assert bits(opt, w)[2] == bits(alone, plain)[2]
        assert flat(opt.state("m")).tobytes() == flat(alone.state("m")).tobytes()


def test_on_emulated_cupy_the_weights_go_and_come_back():
    with emulated_cupy.installed() as library:
        module = emulated_cupy.generated()
        w = [library.asarray(np.full(2, start)) for start in (1.0, 2.0)]
        one = library.asarray(np.ones(2))
        opt = module.SGD(w, lr=0.5, pipeline=[module.USAM(rho=0.25)])
        found = []
        for gradients in ([one, None], [None, one], [one, one], [one, one]):
            opt.step(gradients)
            found.append([float(array.sum()) / 2 for array in w])
    assert found == [[1.25, 2.0], [1.0, 1.5], [1.25, 1.75], [0.5, 1.0]]


def test_what_is_not_a_number_in_a_parameter_without_a_gradient_does_not_count():
    w = start()
    w["b"][0] = np.nan
    opt = SGD(w, lr=0.1, pipeline=[optimizers.ASAM(rho=0.1)])
    opt.step(lambda: slope(w, "b"))
    assert np.isfinite(w["a"]).all()
    assert np.isnan(w["b"]).sum() == 1


@pytest.mark.parametrize(
    "wrong", [RuntimeError("no batch"), {"a": np.zeros(3)}, 3, {"a": np.zeros((3, 2)), "b": None}], ids=repr
)
def test_an_error_in_a_later_phase_leaves_all_as_it_was_before_the_step(wrong):
    w = start()
    stages = [optimizers.GaussianNoise(), optimizers.DecoupledDecay(), SAM(rho=0.5), WeightEMA()]
    opt = optimizers.LookaheadSGD(w, lr=0.1, pipeline=stages)
    for _ in range(2):
        answers = [slope(w), wrong]

        def found(answers=answers):
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        before = bits(opt, w)
        with pytest.raises((RuntimeError, ValueError, TypeError)):
            opt.step(found)
        assert bits(opt, w) == before
        opt.step(lambda: slope(w))


def test_an_error_in_a_call_leaves_all_as_it_was_before_the_call():
    w = start()
    opt = Adam(w, pipeline=[SAM(rho=0.5)])
    opt.step(slope(w))
    before = bits(opt, w)
    with pytest.raises(ValueError, match="has no gradient"):
        opt.step({"a": np.zeros((3, 2))})
    assert bits(opt, w) == before


def test_it_goes_on_from_what_was_saved_between_two_phases():
    w = start()
    opt = optimizers.LookaheadAdam(w, pipeline=[SAM(rho=0.5)])
    for calls in (1, 2):
        for _ in range(calls):
            opt.step(slope(w))
        other = {path: one.copy() for path, one in w.items()}
        again = optimizers.LookaheadAdam(other, pipeline=[SAM(rho=0.5)])
        again.load_state_dict(opt.state_dict())
        copied = pickle.loads(pickle.dumps(opt))
        second = slope(w)
        for one in (opt, again, copied):
            one.step(second)
        assert bits(opt, w) == bits(again, other)
        assert bits(copied, copied._params) == bits(opt, w)


def test_what_ends_a_phase_early_is_not_repeated_and_the_next_call_goes_on():
    w = start()
    opt = SGD(w, lr=0.1, pipeline=[DynamicLossScale(initial_scale=4), SAM(rho=0.5)])
    calls, steps = [], []

    def found():
        calls.append(opt.pipeline[0].scale)
        g = {path: one * opt.pipeline[0].scale for path, one in slope(w).items()}
        if len(calls) == 2:
            g["a"][0, 0] = np.inf
        return g

    for _ in range(3):
        opt.step(found)
        steps.append((opt.t, len(calls)))
    assert steps == [(0, 2), (1, 3), (2, 5)]
    assert calls == [4, 4, 2, 2, 2]


def test_each_phase_has_a_mean_of_gradients_where_a_stage_before_gathers_them():
    w, plain = start(), start()
    opt = SGD(w, lr=0.1, pipeline=[Accumulate(every=2), SAM(rho=0.5)])
    alone = SGD(plain, lr=0.1, pipeline=[SAM(rho=0.5)])
    for _ in range(2):
        for _ in range(2):
            opt.step(slope(w))
        alone.step(slope(plain))
    assert opt.t == alone.t == 1
    np.testing.assert_allclose(flat(w), flat(plain), rtol=1e-14)


def test_the_extragradient_method_comes_nearer_to_a_saddle_that_descent_goes_away_from():
    players = [[np.ones(1), np.ones(1)] for _ in range(2)]
    ahead, plain = SGD(players[0], lr=0.3, pipeline=[Extragradient()]), SGD(players[1], lr=0.3)
    for _ in range(50):
        ahead.step(lambda: [players[0][1].copy(), -players[0][0]])
        plain.step([players[1][1].copy(), -players[1][0]])
    assert np.abs(players[0]).max() < 0.2
    assert np.abs(players[1]).max() > 10


def test_zero_gradients_stay_and_those_that_are_not_finite_are_seen():
    w = start()
    opt = SGD(w, lr=0.1, pipeline=[SAM(rho=0.5)])
    opt.step({path: np.zeros_like(one) for path, one in w.items()})
    assert flat(w).tobytes() == flat(start()).tobytes()
    opt.step(slope(w))
    opt.step({path: np.full_like(one, np.nan) for path, one in w.items()})
    assert np.isnan(w["a"]).all()


def test_tied_parameters_take_both_gradients_in_each_phase():
    w, plain = np.ones(3), np.ones(3)
    opt, alone = SGD([w, w], lr=0.1, tied="sum", pipeline=[USAM(rho=0.5)]), SGD(plain, lr=0.1, pipeline=[USAM(rho=0.5)])
    opt.step(lambda: [w * 1, w * 2])
    alone.step(lambda: plain * 3)
    assert w.tobytes() == plain.tobytes()


def test_groups_have_one_norm_and_each_its_own_rate():
    w = [np.full(2, 3.0), np.full(2, 4.0)]
    opt = SGD([Group([w[0]], lr=0.5), Group([w[1]], lr=0.25)], pipeline=[SAM(rho=1.0)])
    opt.step([[w[0] * 1], [w[1] * 1]])
    np.testing.assert_allclose(np.concatenate(w) / np.repeat([3.0, 4.0], 2), 1 + 1 / np.sqrt(50))
    with pytest.raises(ValueError, match="once it has had its last gradient"):
        opt.add_group({"late": np.ones(2)})
    opt.step([[np.ones(2)], [np.ones(2)]])
    np.testing.assert_allclose(np.concatenate(w), [2.5, 2.5, 3.75, 3.75])
    opt.add_group([np.ones(2)], lr=0.1)
    opt.step(lambda: [[np.ones(2)], [np.ones(2)], [np.ones(2)]])


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        (lambda: [SAM(), optimizers.WeightEMAKeras()], "use one that works after steps, such as WeightEMA"),
        (lambda: [SAM(), Accumulate()], "put that one first"),
        (lambda: [SAM(), optimizers.ApplyIfFinite()], "put that one first"),
    ],
)
def test_what_cannot_stand_beside_phases(stages, message):
    with pytest.raises(TypeError, match=message):
        SGD(start(), lr=0.1, pipeline=stages())


def test_without_phases_no_function_is_called():
    with pytest.raises(TypeError, match="no function is called"):
        SGD(start(), lr=0.1, pipeline=[Accumulate(every=1)]).step(lambda: 1)


def test_a_rule_whose_gradient_is_taken_elsewhere_has_both_weights():
    """The parameter is where the gradient is taken, in training; the rule's own is kept, to be used afterwards."""
    w, plain = start(), start()
    opt = optimizers.ScheduleFreeSGDMean(w, lr=0.1, beta=0.75)
    alone = optimizers.ScheduleFreeSGD(plain, lr=0.1, beta=0.75)
    for _ in range(5):
        opt.step(slope(w))
        alone.step(slope(plain))
    np.testing.assert_allclose(flat(w), flat(plain), rtol=1e-12)
    np.testing.assert_allclose(flat(opt.state("own_w")), flat(alone.state("x")), rtol=1e-12)
    np.testing.assert_allclose(flat(w), 0.25 * flat(opt.state("z")) + 0.75 * flat(opt.state("own_w")), rtol=1e-12)
