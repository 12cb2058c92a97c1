"""The presets of optax: schedules, masks, chains and wrappers, with optax's numbers worked out by hand."""

import importlib
import inspect
import math
import pickle
import re

import numpy as np
import pytest

from stepsmith import schedules
from stepsmith.numpy import (
    AdamW,
    ClipByGlobalNorm,
    ClipByNorm,
    Group,
    LookaheadSGD,
    MechanicSGD,
    MomentumEMA,
    SophiaDelayed,
    WeightEMA,
)
from stepsmith.numpy.presets import optax
from stepsmith.plateau import ReduceOnPlateau
from tests.conftest import beside

ONE = np.ones(1)
EVERY = [
    name
    for name, preset in vars(optax).items()
    if inspect.isfunction(preset) and {"params", "pipeline"} <= inspect.signature(preset).parameters.keys()
]


def weights(opt, w, steps: int, g=ONE) -> list[float]:
    """The first weight of `w` after each step."""
    found = []
    for _ in range(steps):
        opt.step(g)
        found.append(float(w[0]))
    return found


def raised(call) -> str:
    """What is said of a call that is refused."""
    with pytest.raises((TypeError, ValueError, NotImplementedError, AttributeError)) as caught:
        call()
    return str(caught.value)


# Schedules.


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_a_schedule_is_called_with_the_count_from_zero(backend):
    presets = importlib.import_module(f"stepsmith.{backend}.presets.optax")
    asked = []
    w = np.zeros(1)
    opt = presets.sgd(w, lambda count: asked.append(count) or [0.5, 0.25, 0.125][count])
    assert weights(opt, w, 3) == [-0.5, -0.75, -0.875]
    assert sorted(set(asked)) == [0, 1, 2]


def test_a_schedule_counts_updates_when_gradients_are_accumulated():
    w = np.zeros(1)
    opt = optax.MultiSteps(optax.sgd(optax.linear_schedule(0.5, 0.0, 4)), 2).optimizer(w)
    assert weights(opt, w, 8) == [0, -0.5, -0.5, -0.875, -0.875, -1.125, -1.125, -1.25]


def test_a_schedule_of_the_decay_counts_from_zero_too():
    w, decay = np.ones(1), {"weight_decay": lambda count: [0.5, 0.0, 0.25][count]}
    assert weights(optax.adamw(w, 1.0, **decay), w, 3, np.zeros(1)) == [0.5, 0.5, 0.375]
    w = np.ones(1)
    assert weights(optax.adamw(w, 1.0, **decay, mask=True), w, 3, np.zeros(1)) == [0.5, 0.5, 0.375]
    w = np.ones(1)
    chain = optax.chain(optax.add_decayed_weights(**decay), optax.sgd(1.0))
    assert weights(chain.optimizer(w), w, 3, np.zeros(1)) == [0.5, 0.5, 0.375]


def test_a_schedule_of_ours_goes_on_to_count_from_one():
    """Both begin at their beginning."""
    ours, theirs = np.zeros(1), np.zeros(1)
    cosine = weights(optax.sgd(ours, schedules.Cosine(lr=0.5, steps=4)), ours, 4)
    assert cosine == pytest.approx(weights(optax.sgd(theirs, optax.cosine_decay_schedule(0.5, 4)), theirs, 4))
    assert cosine[0] == -0.5
    plateau = ReduceOnPlateau(lr=0.5, patience=0, factor=0.5, threshold=0.1)
    w = np.zeros(1)
    opt = optax.sgd(w, plateau)
    opt.step(ONE)
    plateau.step(1.0)
    plateau.step(1.0)
    opt.step(ONE)
    assert w == -0.75


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (optax.constant_schedule(0.1), {0: 0.1, 7: 0.1}),
        (optax.linear_schedule(1.0, 0.0, 4, 2), {0: 1, 2: 1, 3: 0.75, 6: 0, 9: 0}),
        (optax.linear_schedule(1.0, 0.0, 0), {0: 1, 9: 1}),
        (optax.polynomial_schedule(1.0, 0.5, 2, 4), {0: 1, 1: 0.5 + 0.5 * 0.75**2, 4: 0.5}),
        (optax.warmup_constant_schedule(0.0, 1.0, 4), {0: 0, 1: 0.25, 4: 1, 8: 1}),
        (optax.piecewise_constant_schedule(1.0, {5: 0.1, 3: 0.5}), {0: 1, 2: 1, 3: 0.5, 4: 0.5, 5: 0.05}),
        (optax.piecewise_constant_schedule(1.0), {0: 1, 9: 1}),
        (optax.exponential_decay(1.0, 2, 0.25, 1), {0: 1, 1: 1, 2: 0.5, 3: 0.25}),
        (optax.exponential_decay(1.0, 2, 0.25, 1, staircase=True, end_value=0.2), {2: 1, 3: 0.25, 4: 0.25, 5: 0.2}),
        (optax.exponential_decay(1.0, 2, 4.0, end_value=3.0), {0: 1, 1: 2, 2: 3}),
        (optax.exponential_decay(1.0, 2, 0.0), {0: 1, 5: 1}),
        (optax.cosine_decay_schedule(1.0, 4, 0.2), {0: 1, 2: 0.6, 4: 0.2, 5: 0.2}),
        (optax.cosine_decay_schedule(1.0, 3, 0.0, 2.0), {1: 0.75**2, 2: 0.25**2}),
        (optax.piecewise_interpolate_schedule("linear", 1.0, {2: 3.0, 4: 0.5}), {0: 1, 1: 2, 2: 3, 3: 2.25, 4: 1.5}),
        (
            optax.piecewise_interpolate_schedule("cosine", 1.0, {4: 3.0}),
            {0: 1, 1: 2 - math.sqrt(0.5), 2: 2, 4: 3, 9: 3},
        ),
        (optax.linear_onecycle_schedule(20, 1.0), {0: 0.04, 6: 1, 17: 0.04, 20: 4e-6}),
        (optax.cosine_onecycle_schedule(20, 1.0), {0: 0.04, 3: 0.52, 6: 1, 20: 4e-6}),
        (
            optax.join_schedules([lambda c: c, lambda c: 10 + c, lambda c: -c], [3, 5]),
            {2: 2, 3: 10, 4: 11, 5: 0, 6: -1},
        ),
        (optax.warmup_cosine_decay_schedule(0.0, 1.0, 2, 6, 0.5), {0: 0, 1: 0.5, 2: 1, 4: 0.75, 6: 0.5, 9: 0.5}),
        (optax.warmup_exponential_decay_schedule(0.0, 1.0, 2, 1, 0.5), {1: 0.5, 2: 1, 3: 0.5, 4: 0.25}),
        (
            optax.sgdr_schedule(
                [{"init_value": 0.0, "peak_value": p, "warmup_steps": 1, "decay_steps": 3} for p in (1, 2)]
            ),
            {0: 0, 1: 1, 2: 0.5, 3: 0, 4: 2, 5: 1, 6: 0},
        ),
    ],
)
def test_the_schedules_of_optax(schedule, expected):
    assert {count: schedule(count) for count in expected} == pytest.approx(expected, rel=1e-12, abs=1e-15)
    assert {count: schedule(np.int32(count)) for count in expected} == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_schedules_and_what_has_them_can_be_pickled():
    schedule = optax.warmup_cosine_decay_schedule(0.0, 1.0, 2, 6)
    assert pickle.loads(pickle.dumps(schedule)) == schedule
    opt = pickle.loads(pickle.dumps(optax.adam(np.ones(2), schedule)))
    assert opt.lr(2) == 0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: optax.cosine_decay_schedule(1.0, 0), "decay_steps = 0 is not allowed; it needs 1 or more"),
        (lambda: optax.piecewise_constant_schedule(1.0, {3: -1}), "the scale -1 at 3 is not allowed"),
        (lambda: optax.piecewise_interpolate_schedule("cubic", 1.0), "it needs 'linear' or 'cosine'"),
        (lambda: optax.linear_onecycle_schedule(0, 1.0), "transition_steps = 0 is not allowed"),
    ],
)
def test_values_that_the_schedules_of_optax_refuse(call, message):
    with pytest.raises(ValueError, match=f"optax.*{message}"):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: optax.constant_schedule(None), r"optax.constant_schedule: value is None; it has to be a number$"),
        (lambda: optax.exponential_decay(0.1, "10", 0.9), "transition_steps is '10'; it has to be a number of steps"),
        (lambda: optax.warmup_cosine_decay_schedule(0.0, None, 3, 9), "optax.warmup_.*: peak_value is None; it has to"),
        (lambda: optax.piecewise_constant_schedule(1.0, [3]), "it has to be a dict of scales by numbers of steps"),
        (lambda: optax.join_schedules(None, [1]), "optax.join_schedules: schedules is None; it has to be a list"),
        (lambda: optax.constant_schedule(np.ones(1)), r"value is an array of shape \(1,\); pass one number"),
        (lambda: optax.cosine_decay_schedule(1.0, decaysteps=3), "'decaysteps'; did you mean decay_steps"),
        (lambda: optax.join_schedules([0.1, abs], [3]), r"schedules\[0\] is 0.1; it has to be a function of the count"),
        (lambda: optax.join_schedules([abs, abs], [None]), r"boundaries\[0\] is None; it has to be a number of steps"),
        (lambda: optax.piecewise_constant_schedule(1.0, {3: None}), "the scale at 3 is None; it has to be a number"),
        (lambda: optax.piecewise_constant_schedule(1.0, {"3": 0.5}), "a boundary is '3'; it has to be a number of st"),
        (lambda: optax.linear_schedule(1.0), "optax.linear_schedule: missing a required argument: 'end_value'"),
    ],
)
def test_kinds_that_the_schedules_of_optax_refuse(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_other_schedules_go_through_inject_hyperparams():
    w = np.zeros(1)
    told = raised(lambda: optax.signum(w, 0.5, beta=lambda count: 0.0))
    assert "beta is a function; optax takes schedules of it through inject_hyperparams alone" in told
    # m = beta m + (1 - beta) g with beta 0.5, 1 / 3: 0.5, then (0.5 - 2 * 1) / 3 = -0.5
    for opt in (
        optax.inject_hyperparams(optax.signum)(w, 0.5, beta=lambda count: [0.5, 1 / 3][count]),
        optax.inject_hyperparams(optax.signum)(0.5, lambda count: [0.5, 1 / 3][count]).optimizer(w),
    ):
        w[:] = 0
        opt.step(ONE)
        assert w == -0.5
        opt.step(-ONE)
        assert w == 0
    made = optax.inject_hyperparams(lambda rate: optax.chain(optax.clip(0.5), optax.sgd(rate)))(rate=lambda c: 2.0**-c)
    w[:] = 0
    assert weights(made.optimizer(w), w, 3) == [-0.5, -0.75, -0.875]
    assert "static_args has rate" in raised(lambda: optax.inject_hyperparams(optax.adam, static_args="rate"))


# Masks.

WHERE = {"body": {"W": np.ones(2), "b": np.ones(1)}, "layers": [np.ones(1), np.ones((1, 1))], "head": np.ones(1)}


def decayed(mask) -> list[str]:
    """The parameters that shrink under `mask` without a gradient: the same for all that take one."""
    found = []
    for name in ("adamw", "nadamw", "adamaxw", "lion", "adadelta"):
        w = tree_of(np.copy)
        key = "weight_decay_mask" if name == "adadelta" else "mask"
        opt = getattr(optax, name)(w, 1.0, weight_decay=0.5, **{key: mask})
        opt.step(tree_of(np.zeros_like))
        found.append([path for path, one in paths(w) if (one < 1).all()])
    w = tree_of(np.copy)
    optax.sgd(w, 1.0, pipeline=[optax.add_decayed_weights(0.5, mask)]).step(tree_of(np.zeros_like))
    found.append([path for path, one in paths(w) if (one < 1).all()])
    assert all(one == found[0] for one in found)
    return found[0]


def tree_of(function) -> dict:
    layers = [function(one) for one in WHERE["layers"]]
    body = {name: function(one) for name, one in WHERE["body"].items()}
    return {"body": body, "layers": layers, "head": function(WHERE["head"])}


def paths(w) -> list:
    layers = [(f"layers.{k}", one) for k, one in enumerate(w["layers"])]
    return [("body.W", w["body"]["W"]), ("body.b", w["body"]["b"]), *layers, ("head", w["head"])]


ALL = ["body.W", "body.b", "layers.0", "layers.1", "head"]


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (None, ALL),
        (True, ALL),
        (np.True_, ALL),
        (False, []),
        ({"body": True, "layers": False, "head": False}, ["body.W", "body.b"]),
        ({"body": {"W": False, "b": True}, "layers": [True, False], "head": np.True_}, ["body.b", "layers.0", "head"]),
        ({"body": {"W": 0, "b": 1}, "layers": (False, True), "head": np.array(False)}, ["body.b", "layers.1"]),
        ({"body": False, "layers": [False, False], "head": False}, []),
        (lambda params: {"body": {"W": True, "b": False}, "layers": False, "head": False}, ["body.W"]),
        (lambda params: {**params, "body": False, "layers": [one.ndim > 1 for one in params["layers"]], "head": True},
         ["layers.1", "head"]),
        (lambda params: True, ALL),
        (lambda path, w: w.ndim > 1, ["layers.1"]),
        (lambda path, w: path.startswith("body"), ["body.W", "body.b"]),
    ],
)  # fmt: skip
def test_masks(mask, expected):
    assert decayed(mask) == expected


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        ({"body": True, "layers": True}, "the mask has nothing for head; give it True or False"),
        ({"body": {"W": True}, "layers": True, "head": True}, "the mask has nothing for body.b"),
        ({"body": {"W": True, "b": True, "c": True}, "layers": True, "head": True},
         "the mask has body.c, which is no parameter; there are body.W, body.b"),
        ({"body": True, "layers": [True], "head": True}, "the mask has nothing for layers.1"),
        ({"body": True, "layers": True, "head": {"W": True}}, "there is a parameter at head, where the mask has W"),
        ({"body": "no", "layers": True, "head": True}, "the mask has 'no' at body; it needs True or False"),
        ({"body": None, "layers": True, "head": True}, "the mask has None at body"),
        ({"body": np.ones(3, bool), "layers": True, "head": True}, "the mask has array(.*) at body"),
        ("all", "the mask has 'all'; it needs True or False"),
        (lambda: True, "a function takes the tree of parameters"),
        (lambda path, w: "yes", "the mask has 'yes' at body.W"),
    ],
)  # fmt: skip
def test_a_mask_that_does_not_fit_is_refused_by_name(mask, message):
    told = raised(lambda: optax.adamw(tree_of(np.copy), 1.0, mask=mask))
    assert re.match(f"optax.adamw: {message}", told)


def test_a_stage_is_as_it_was_after_a_mask_that_does_not_fit():
    stage = optax.add_decayed_weights(0.5, {"a": True})
    told = raised(lambda: optax.sgd({"b": np.ones(1)}, 1.0, pipeline=[stage]))
    assert told.startswith("optax.add_decayed_weights: the mask has nothing for b")
    w = {"a": np.ones(1)}
    optax.sgd(w, 1.0, pipeline=[stage]).step({"a": np.zeros(1)})
    assert w["a"] == 0.5
    told = raised(lambda: AdamW({"a": np.ones(1)}, pipeline=[stage]))
    assert "give a stage such as L2Decay a where=lambda path, w: ..." in told


def test_an_optimizer_with_a_mask_can_be_pickled_and_goes_on_the_same():
    w = tree_of(np.copy)
    opt = optax.adamw(w, 0.1, weight_decay=0.5, mask=lambda params: {"body": True, "layers": False, "head": False})
    opt.step(tree_of(np.ones_like))
    again = pickle.loads(pickle.dumps(opt))
    for one in (opt, again):
        one.step(tree_of(np.ones_like))
    np.testing.assert_array_equal(again._params["body"]["W"], w["body"]["W"])
    transformation = pickle.loads(pickle.dumps(optax.chain(optax.clip(1.0), optax.adamw(0.1, mask=True))))
    assert repr(transformation.optimizer(np.ones(1)).pipeline).startswith("(ClipByValue(max_value=1.0),")


def test_masks_of_groups():
    w = [np.ones(1), {"a": np.ones(1)}]
    groups = [Group(w[0]), Group(w[1], lr=0.5)]
    optax.adamw(groups, 1.0, weight_decay=0.5, mask=[False, {"a": True}]).step([np.zeros(1), {"a": np.zeros(1)}])
    assert (w[0], w[1]["a"]) == (1, 0.75)


def test_no_decay_under_a_mask():
    w = np.ones(1)
    optax.adamw(w, 1.0, weight_decay=0.0, mask=True).step(np.zeros(1))
    assert w == 1


# Options.


@pytest.mark.parametrize("nesterov", [True, False])
def test_no_momentum_and_momentum_zero(nesterov):
    for name, rate in (("sgd", 0.1), ("rmsprop", 0.01)):
        none, zero = np.ones(3), np.ones(3)
        g = np.array([1.0, -2.0, 0.5])
        for momentum, w in ((None, none), (0.0, zero)):
            opt = getattr(optax, name)(w, rate, momentum=momentum, nesterov=nesterov)
            for _ in range(3):
                opt.step(g)
        np.testing.assert_array_equal(none, zero)


def test_momentum_of_sgd_is_not_damped_and_nesterov_looks_ahead():
    w = np.zeros(1)
    assert weights(optax.sgd(w, 0.5, 0.5), w, 2) == [-0.5, -1.25]  # b = 1, 1.5
    w = np.zeros(1)
    assert weights(optax.sgd(w, 0.5, 0.5, True), w, 2) == [-0.75, -1.625]  # g + b / 2 = 1.5, 1.75


@pytest.mark.parametrize(("eps", "eps_root"), [(0.5, 3.0), (0.0, 3.0)])
def test_eps_root_of_adamw(eps, eps_root):
    """The first step: both corrected moments are 1 and 1, so u = 1 / (sqrt(1 + eps_root) + eps)."""
    for mask, decay in ((None, 0.25), (True, 0.25), (False, 0.0)):
        w = np.ones(1)
        optax.adamw(w, 0.5, eps=eps, eps_root=eps_root, weight_decay=0.25, mask=mask).step(ONE)
        assert w[0] == pytest.approx(1 - 0.5 * (1 / (2 + eps) + decay), rel=1e-14)


@pytest.mark.parametrize("name", ["adam", "nadam", "adamw", "nadamw", "amsgrad", "lion", "sgd", "signum"])
def test_a_dtype_of_states_is_taken_if_it_is_that_which_is_computed_in(name):
    option = "mu_dtype" if "mu_dtype" in inspect.signature(getattr(optax, name)).parameters else "accumulator_dtype"
    for stored, taken in ((np.float64, "float64"), (np.float32, np.float32), (np.float16, np.dtype("float32"))):
        getattr(optax, name)(np.ones(1, stored), 0.1, **{option: taken})
    with pytest.raises(
        NotImplementedError, match=rf"optax.\w+: {option}='bfloat16' is not supported; the states are float"
    ):
        getattr(optax, name)(np.ones(1), 0.1, **{option: "bfloat16"})


def test_inside_the_nested_presets_the_title_is_that_of_the_call():
    assert raised(lambda: optax.nadam(np.ones(1), 0.1, eps_root=0.1)).startswith("optax.nadam: eps_root=0.1 ")


@pytest.mark.parametrize("name", EVERY)
def test_every_optimizer_has_a_pipeline(name):
    """A first gradient of 1000, clipped to 2: the step is that of 2."""
    preset = getattr(optax, name)
    options = {"eta": 0.0} if name == "noisy_sgd" else {}
    clipped, small = np.ones(1), np.ones(1)
    for opt, g in (
        (preset(clipped, 0.1, **options, pipeline=[optax.clip(2.0)]), np.array([1000.0])),
        (preset(small, 0.1, **options), np.array([2.0])),
    ):
        opt.step(g, **beside(opt, g))
    np.testing.assert_array_equal(clipped, small)
    assert clipped != 1


def test_without_a_gradient_a_parameter_and_its_state_rest():
    w = {"a": np.zeros(1), "b": np.zeros(1)}
    opt = optax.sgd(w, optax.linear_schedule(1.0, 0.0, 2), momentum=0.5)
    opt.step({"a": ONE, "b": None})
    assert (w["a"], w["b"]) == (-1, 0)
    opt.step({"a": ONE, "b": ONE})  # the schedule has gone on, the momentum of b begins
    assert (w["a"], w["b"]) == (-1.75, -0.5)


# Transformations.


def test_without_parameters_there_is_a_transformation_with_init_and_update():
    params = {"w": np.ones(2), "b": (np.zeros(1),)}
    tx = optax.sgd(0.5, momentum=0.5)
    state = tx.init(params)
    updates, second = tx.update({"w": np.ones(2), "b": (ONE,)}, state, params)
    assert (params["w"] == 1).all()
    assert (updates["w"] == -0.5).all()
    assert isinstance(updates["b"], tuple)
    moved = optax.apply_updates(params, updates)
    assert (moved["w"] == 0.5).all()
    # the first state is what it was: the same update again
    again, _ = tx.update({"w": np.ones(2), "b": (ONE,)}, state, params)
    assert (again["w"] == -0.5).all()
    updates, _ = tx.update({"w": np.ones(2), "b": (ONE,)}, pickle.loads(pickle.dumps(second)), moved)
    assert (updates["w"] == -0.75).all()


@pytest.mark.parametrize("name", [name for name in EVERY if name != "noisy_sgd"])
def test_a_transformation_gives_the_trajectory_of_the_optimizer_in_place(name):
    preset, rng = getattr(optax, name), np.random.default_rng(3)
    params, w = np.ones(4), np.ones(4)
    tx, opt = preset(0.1), preset(w, 0.1)
    state = tx.init(params)
    for _ in range(5):
        g = rng.normal(size=4)
        given = beside(opt, g)
        updates, state = tx.update(g, state, params, **given)
        params = optax.apply_updates(params, updates)
        opt.step(g, **given)
    np.testing.assert_allclose(params, w, rtol=1e-14)


def test_what_update_refuses():
    tx = optax.adam(1e-3)
    state = tx.init({"w": np.ones(2)})
    assert "update needs the parameters, too" in raised(lambda: tx.update({"w": np.ones(2)}, state))
    told = raised(lambda: tx.update({"w": np.ones(3)}, state, {"w": np.ones(3)}))
    assert told == "optax.adam: these are not the parameters of init; there is another one at w"
    assert raised(lambda: tx.update({"w": np.ones(3)}, state, {"w": np.ones(2)}))
    assert state.optimizer.t == 0
    assert (state.optimizer._params["w"] == 1).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (optax.adam, "optax.adam: missing a required argument: 'learning_rate'"),
        (lambda: optax.adam(np.ones(1)), "optax.adam: missing a required argument: 'learning_rate'"),
        (
            lambda: optax.adam(1e-3, beta1=0.9),
            "optax.adam got an unexpected keyword argument 'beta1'; did you mean b1?",
        ),
        (lambda: optax.adam(True), "optax.adam: learning_rate is True; it has to be a number or a schedule"),
        (optax.adadelta, "optax.adadelta: learning_rate=None goes uphill in optax; pass learning_rate=1.0"),
        (lambda: optax.adam(1e-3, b1=2).optimizer(np.ones(1)), "optax.adam: b1 = 2.0 is not allowed"),
        (lambda: optax.adam(-1e-3).optimizer(np.ones(1)), "optax.adam: the updates .* go uphill"),
        (lambda: optax.rprop(np.ones(1), lambda count: 0.1), "optax.rprop: learning_rate is a function"),
        (lambda: optax.MultiSteps(optax.adam(1e-3), 0, use_grad_mean=False), "optax.MultiSteps: every_k_schedule = 0"),
        (lambda: optax.adam(1e-3).init(None), "optax.adam: init needs the parameters"),
        (lambda: optax.adam(1e-3).update(np.ones(1), (), np.ones(1)), ".*begin with what init"),
        (lambda: optax.adam(1e-3).step(np.ones(1)), r".*no step; make .* opt = \(...\).optimizer\(params\)"),
        (lambda: optax.adam(1e-3).init(np.ones(1)).hyperparams, ".*a hyperparameter is state.optimizer.lr"),
        (lambda: optax.adam([w := np.ones(1), w], 1e-3), ".*give it once, and the sum of both gradients"),
        (lambda: optax.flatten, ".*leave it out"),
    ],
)
def test_what_is_refused_without_parameters(call, message):
    assert re.match(message, raised(call))


def test_an_array_without_dimensions_that_is_alone_is_the_learning_rate():
    assert optax.adam(np.array(0.5), b1=0.8).optimizer(np.ones(1)).lr == 0.5
    assert optax.adam(np.array(0.5), learning_rate=0.1).lr == 0.1


# Chains.

G = np.array([3.0, 4.0])


def stepped(tx, g=G, steps: int = 1) -> np.ndarray:
    w = np.ones(2)
    opt = tx.optimizer(w)
    for _ in range(steps):
        opt.step(g)
    return w


@pytest.mark.parametrize(
    ("tx", "expected"),
    [
        # in front of the rule: on the gradient
        (optax.chain(optax.clip_by_global_norm(1.0), optax.sgd(0.5)), 1 - 0.5 * G / 5),
        (optax.chain(optax.clip(3.5), optax.sgd(0.5)), [1 - 1.5, 1 - 1.75]),
        (optax.chain(optax.clip(3.5), optax.clip_by_global_norm(1.0), optax.scale(-0.5)),
         1 - 0.5 * np.array([3.0, 3.5]) / math.hypot(3, 3.5)),
        (optax.chain(optax.add_decayed_weights(0.5), optax.sgd(0.5)), 1 - 0.5 * (G + 0.5)),
        (optax.chain(optax.scale(0.5), optax.clip(1.8), optax.scale(-1.0)), [1 - 1.5, 1 - 1.8]),
        (optax.chain(optax.scale(-2.0), optax.sgd(0.5)), 1 + G),
        (optax.chain(optax.scale(-1.0), optax.sign_sgd(0.5)), [1.5, 1.5]),
        (optax.chain(optax.masked(optax.clip(1.0), False), optax.sgd(1.0)), 1 - G),
        (optax.chain(optax.masked(optax.clip(1.0), True), optax.sgd(1.0)), [0, 0]),
        (optax.chain(optax.identity(), optax.sgd(1.0)), 1 - G),
        # decay of what is clipped, and clipping of what decay has added
        (optax.chain(optax.clip(1.0), optax.add_decayed_weights(0.5), optax.sgd(1.0)), [-0.5, -0.5]),
        (optax.chain(optax.add_decayed_weights(0.5), optax.clip(1.0), optax.sgd(1.0)), [0, 0]),
        # between the direction and its rate: decoupled
        (optax.chain(optax.scale_by_sign(), optax.add_decayed_weights(0.5), optax.scale(-0.1)), [1 - 0.15] * 2),
        (optax.chain(optax.add_decayed_weights(0.5), optax.scale_by_sign(), optax.scale(-0.1)), [0.9] * 2),
        (optax.chain(optax.trace(0.9), optax.add_decayed_weights(0.5, True), optax.scale_by_learning_rate(0.1)),
         1 - 0.1 * (G + 0.5)),
        (optax.chain(optax.scale_by_sign(), optax.add_decayed_weights(0.5, False), optax.scale(-0.1)), [0.9] * 2),
        (optax.chain(optax.scale_by_rss(0.0, 0.0), optax.scale_by_schedule(lambda c: 0.5), optax.scale(-0.5)),
         [0.75] * 2),
        (optax.chain(optax.scale_by_sign(), optax.scale_by_schedule(lambda c: -0.25)), [0.75] * 2),
        # behind the rate: a number
        (optax.chain(optax.sign_sgd(0.5), optax.scale(0.5)), [0.75] * 2),
        (optax.chain(optax.sign_sgd(lambda c: 0.5), optax.scale(0.5)), [0.75] * 2),
        (optax.chain(optax.chain(optax.clip(1.0), optax.scale(-0.5))), [0.5] * 2),
    ],
)  # fmt: skip
def test_chains(tx, expected):
    np.testing.assert_allclose(stepped(tx), expected, rtol=1e-15)
    np.testing.assert_allclose(stepped(tx), expected, rtol=1e-15)  # it can be used again
    params = np.ones(2)
    updates, _ = tx.update(G, tx.init(params), params)
    np.testing.assert_allclose(params + updates, expected, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize(
    ("direction", "alias"),
    [
        (optax.scale_by_adam(0.8, 0.9, 1e-4), optax.adam(0.1, 0.8, 0.9, 1e-4)),
        (optax.scale_by_adam(nesterov=True), optax.nadam(0.1)),
        (optax.scale_by_amsgrad(0.8), optax.amsgrad(0.1, 0.8)),
        (optax.scale_by_adamax(0.8), optax.adamax(0.1, 0.8)),
        (optax.scale_by_belief(0.8), optax.adabelief(0.1, 0.8)),
        (optax.scale_by_yogi(0.8), optax.yogi(0.1, 0.8)),
        (optax.scale_by_radam(0.8, threshold=4.5), optax.radam(0.1, 0.8, threshold=4.5)),
        (optax.scale_by_lion(0.8), optax.lion(0.1, 0.8, weight_decay=0.0)),
        (optax.scale_by_rms(0.8, 1e-3, 1.0), optax.rmsprop(0.1, 0.8, 1e-3, 1.0)),
        (optax.scale_by_rms(bias_correction=True), optax.rmsprop(0.1, bias_correction=True)),
        (optax.scale_by_stddev(0.8, eps_in_sqrt=False), optax.rmsprop(0.1, 0.8, eps_in_sqrt=False, centered=True)),
        (optax.scale_by_rss(0.5), optax.adagrad(0.1, 0.5)),
        (optax.scale_by_adadelta(0.8), optax.adadelta(0.1, 0.8)),
        (optax.trace(0.8, True), optax.sgd(0.1, 0.8, True)),
    ],
)
def test_a_direction_and_a_rate_are_the_optimizer(direction, alias):
    scaled = optax.chain(direction, optax.scale_by_learning_rate(0.1))
    np.testing.assert_array_equal(stepped(scaled, steps=3), stepped(alias, steps=3))


class OfTheLibrary:
    """As optax's own transformations, which are no part of a chain here."""

    init = update = None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: optax.chain(optax.adam(1e-3), optax.clip(1.0)), "ClipByValue after the rule would work on updates"),
        (
            lambda: optax.chain(optax.adam(1e-3), optax.add_decayed_weights(0.1)),
            "add_decayed_weights after the learning rate",
        ),
        (
            lambda: optax.chain(optax.adam(1e-3), optax.sgd(0.1)),
            "optax.sgd after optax.adam would be given the updates",
        ),
        (
            lambda: optax.chain(optax.scale_by_adam()).optimizer(np.ones(1)),
            "the updates are multiplied by 1.0 and go uphill",
        ),
        (lambda: optax.chain(optax.clip(1.0)).optimizer(np.ones(1)), "end the chain with scale_by_learning_rate"),
        (lambda: optax.chain(optax.adam(np.ones(1), 1e-3)), "Adam has its parameters and cannot be a part"),
        (lambda: optax.chain(OfTheLibrary()), "is of the library optax; take that of this module"),
        (lambda: optax.chain(1.0), "1.0 is no transformation"),
        (
            lambda: optax.chain(optax.scale_by_schedule(lambda c: 0.5), optax.adam(1e-3)),
            "a schedule in front of the rule",
        ),
        (
            lambda: optax.chain(optax.scale(0.0), optax.adam(1e-3)),
            r"scale\(0.0\) in front of the rule is not supported",
        ),
        (
            lambda: optax.chain(optax.rmsprop(1e-3, momentum=0.5), optax.scale_by_schedule(lambda c: 0.5)),
            "a schedule after",
        ),
        (
            lambda: optax.chain(optax.add_decayed_weights(lambda c: 0.5), optax.MultiSteps(optax.adam(1e-3), 2)),
            "a schedule",
        ),
        (lambda: optax.masked(optax.adam(1e-3), True), "of a whole optimizer it is not supported"),
        (lambda: optax.masked(optax.masked(optax.clip(1.0), True), True), "ClipByValue has a mask already"),
        (
            lambda: optax.MultiSteps(optax.adam(1e-3), 2, should_skip_update_fn=len),
            "should_skip_update_fn is not supported",
        ),
        (lambda: optax.apply_if_finite(optax.clip(1.0), 3), "around a part of an optimizer it is not supported"),
        (lambda: optax.add_noise(0.1, 0.5, 0.5), "it needs an integer from 0 on"),
    ],
)
def test_what_a_chain_refuses(call, message):
    assert re.search(rf"^optax\.\w+: .*{message}|^optax\.\w+: {message}", raised(call))


# Wrappers.


def test_multi_steps():
    w = np.zeros(1)
    opt = optax.MultiSteps(optax.sgd(1.0), every_k_schedule=lambda step: step + 1).optimizer(w)
    assert [float(w[0]) for g in (1.0, 1.0, 3.0, 1.0, 2.0, 3.0) if opt.step(np.array([g])) is None] == [
        -1,
        -1,
        -3,
        -3,
        -3,
        -5,
    ]
    w = np.zeros(1)
    multi = optax.MultiSteps(optax.chain(optax.clip(2.5), optax.sgd(1.0)), 2, use_grad_mean=False)
    opt = multi.gradient_transformation().optimizer(w)
    opt.step(ONE)
    opt.step(2 * ONE)  # the sum 3 is clipped
    assert w == -2.5
    w = np.zeros(1)
    opt = optax.MultiSteps(optax.sgd(1.0), lambda step: step + 1, use_grad_mean=False).optimizer(w)
    assert [float(w[0]) for g in (1.0, 1.0, 3.0) if opt.step(np.array([g])) is None] == [-1, -1, -5]


@pytest.mark.parametrize("mean", [True, False])
def test_multi_steps_do_not_get_rid_of_what_is_not_finite(mean):
    """As in optax, where what was added up is multiplied by 0."""
    w = np.zeros(1)
    steps = optax.MultiSteps(optax.chain(optax.clip(2.0), optax.sgd(1.0)), 1, use_grad_mean=mean)
    opt = optax.apply_if_finite(steps, 0).optimizer(w)
    opt.step(np.array([np.inf]))
    assert w == -2
    opt.step(ONE)
    assert np.isnan(w)


def test_multi_steps_says_whether_it_has_updated():
    multi, params = optax.MultiSteps(optax.adam(1e-3), 2), np.ones(1)
    state = multi.init(params)
    told = []
    for _ in range(4):
        updates, state = multi.update(ONE, state, params)
        told.append((multi.has_updated(state), bool(updates != 0)))
    assert told == [(False, False), (True, True)] * 2


def test_a_step_that_is_not_finite_is_left_out():
    w = {"a": np.zeros(1), "b": np.zeros(1)}
    opt = optax.apply_if_finite(optax.sgd(optax.linear_schedule(1.0, 0.0, 4), momentum=0.5), 1).optimizer(w)
    opt.step({"a": ONE, "b": ONE})
    opt.step({"a": np.array([np.nan]), "b": ONE})
    assert (w["a"], w["b"], opt.t) == (-1, -1, 1)
    opt.step({"a": ONE, "b": ONE})  # rate 0.75, momentum 1.5
    assert (w["a"], w["b"], opt.t) == (-2.125, -2.125, 2)
    opt.step({"a": np.array([np.inf]), "b": ONE})
    opt.step({"a": np.array([np.inf]), "b": ONE})  # the second in a row is one too many
    assert (np.isinf(w["a"]), opt.t) == (True, 3)


def test_global_norm():
    assert optax.global_norm({"a": np.array([3.0]), "b": [np.array([[4.0]], np.float32)]}) == 5.0


# What is not there: who follows the advice has what optax gives.


@pytest.mark.parametrize("name", ["adafactor", "lbfgs", "sm3", "multi_transform", "freeze", "l2_loss"])
def test_what_is_not_there_is_told_by_name(name):
    assert raised(lambda: getattr(optax, name)).startswith(f"optax.{name} is not supported: ")
    assert getattr(optax, "no_such_thing", None) is None


def test_the_advice_for_lookahead():
    """Slow weights from 0, fast steps of -1: after two, slow = 0.5 * -2, and the fast ones start from there."""
    assert "LookaheadSGD(params, lr=..., k=sync_period, alpha=slow_step_size)" in raised(lambda: optax.lookahead)
    w = np.zeros(1)
    assert weights(LookaheadSGD(w, lr=1.0, k=2, alpha=0.5), w, 4) == [-1, -1, -2, -2]


def test_the_advice_for_averages():
    assert "MomentumEMA(params, lr=..., beta=decay)" in raised(lambda: optax.ema)
    w = np.zeros(1)
    assert weights(MomentumEMA(w, lr=1.0, beta=0.5), w, 2) == [-0.5, -1.25]
    assert "WeightEMA(decay=1 - step_size)" in raised(lambda: optax.incremental_update)
    w = np.zeros(1)
    opt = optax.sgd(w, 1.0, pipeline=[WeightEMA(decay=1 - 0.25)])
    opt.step(ONE)
    assert opt.pipeline[0].state("average")[""] == 0.25 * -1


def test_the_advice_for_clipping_by_block():
    assert "ClipByNorm(max_norm=threshold * n ** 0.5" in raised(lambda: optax.clip_by_block_rms)
    w = np.zeros(4)
    g = np.array([3.0, 1.0, 1.0, 5.0])  # its mean square is 9
    optax.sgd(w, 1.0, pipeline=[ClipByNorm(max_norm=1.5 * 4**0.5)]).step(g)
    np.testing.assert_allclose(w, -g / 2)


def test_the_advice_for_parts():
    told = raised(lambda: optax.partition)
    assert "optax.adam([Group(body), Group(head, lr=0.1)], 1e-3)" in told
    body, head = np.zeros(1), np.zeros(1)
    optax.sign_sgd([Group(body), Group(head, lr=0.1)], 1e-3).step([ONE, ONE])
    assert (body, head) == (-1e-3, -0.1)


def test_clipping_native_and_by_the_preset_are_one():
    native, preset = np.ones(2), np.ones(2)
    optax.adam(native, 1e-3, pipeline=[ClipByGlobalNorm(max_norm=1.0)]).step(G)
    optax.chain(optax.clip_by_global_norm(1.0), optax.adam(1e-3)).optimizer(preset).step(G)
    np.testing.assert_array_equal(native, preset)


def test_after_any_refusal_a_step_goes_on_as_if_it_had_not_been():
    """A schedule that fails, a rate that is not allowed, a gradient that does not fit: nothing has changed."""
    rates = [0.5, math.nan]
    w = np.zeros(1)
    opt = optax.chain(optax.clip(2.0), optax.sgd(lambda count: rates[count], momentum=0.5)).optimizer(w)
    opt.step(ONE)
    before = pickle.dumps(opt.state_dict())
    assert "lr = nan is not allowed" in raised(lambda: opt.step(ONE))
    assert raised(lambda: opt.step(np.ones(3)))
    assert pickle.dumps(opt.state_dict()) == before
    assert w == -0.5
    rates[1] = 0.5
    opt.step(ONE)
    assert w == -1.25


def test_sophia_is_handed_the_hessian_that_optax_makes():
    one, other = {"a": np.ones(3)}, {"a": np.ones(3)}
    tx, opt = optax.contrib.sophia(0.1, clip_threshold=0.5), SophiaDelayed(other, lr=0.1, clip=0.5)
    state = tx.init(one)
    for step in range(3):
        grads, given = {"a": np.full(3, step + 1.0)}, {"hessian": {"a": np.full(3, 2.0)}} if step == 0 else {}
        updates, state = tx.update(grads, state, one, **given, value=0.5)  # what it does not take passes it by
        one = optax.apply_updates(one, updates)
        opt.step(grads, **given)
    np.testing.assert_allclose(one["a"], other["a"], rtol=1e-14)
    with pytest.raises(NotImplementedError, match=r"update_interval=5 is not supported; pass the estimate"):
        optax.contrib.sophia(np.ones(3), 0.1, update_interval=5)
    with pytest.raises(NotImplementedError, match="clip_threshold=None is not supported"):
        optax.contrib.sophia(np.ones(3), 0.1, clip_threshold=None)


def test_sam_takes_the_last_gradient_of_a_period_for_a_step_and_climbs_by_the_others():
    w, plain = {"a": np.array([3.0, 4.0])}, {"a": np.array([3.0, 4.0])}
    uphill = optax.chain(optax.contrib.normalize(), optax.sgd(0.5))
    opt = optax.contrib.sam(optax.sgd(0.1, 0.9), uphill, sync_period=3).optimizer(w)
    alone, where = optax.sgd(plain, 0.1, 0.9), []
    for step in range(6):
        grads = {"a": w["a"].copy()}
        if step % 3 == 2:
            alone.step(grads)
        opt.step(grads)
        where.append(float(np.linalg.norm(w["a"])))
    np.testing.assert_allclose(where[:2], [5.5, 6.0])
    assert w["a"].tobytes() == plain["a"].tobytes()
    assert opt.t == 2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda one: optax.contrib.sam(one, optax.adam(0.1)), r"take chain\(contrib.normalize\(\), sgd\(rho\)\)"),
        (lambda one: optax.contrib.sam(one, optax.sgd(0.1, 0.9)), "this adv_optimizer is not supported"),
        (lambda one: optax.contrib.sam(one, optax.sgd(lambda count: 0.1)), "with a number for rho"),
        (lambda one: optax.contrib.sam(one, one, 1), "it has to be 2 or more"),
        (lambda one: optax.contrib.sam(one, one, opaque_mode=True), "step with a function"),
        (lambda one: optax.contrib.sam(optax.MultiSteps(one, 2), one), "put that around sam"),
        (lambda one: optax.contrib.sam(optax.clip(1.0), one), "put it around all"),
        (lambda one: optax.chain(optax.contrib.sam(one, one), optax.scale(0.5)), "leave it out"),
        (lambda one: optax.contrib.sam(one, optax.sgd(-0.1)).optimizer(np.ones(2)), "it needs rho >= 0"),
    ],
)
def test_what_sam_does_not_take(make, message):
    assert re.search(message, raised(lambda: make(optax.sgd(0.1))))


# Around other optimizers.


@pytest.mark.parametrize(
    ("make", "same"),
    [
        (
            lambda: optax.contrib.schedule_free(optax.sgd(0.1), 0.1, b1=0.8),
            lambda w: optax.contrib.schedule_free_sgd(w, 0.1, b1=0.8),
        ),
        (
            lambda: optax.contrib.schedule_free(
                optax.chain(optax.add_decayed_weights(0.1), optax.sgd(optax.warmup_constant_schedule(0.0, 0.1, 4))),
                optax.warmup_constant_schedule(0.0, 0.1, 4),
                weight_lr_power=1.3,
            ),
            lambda w: optax.contrib.schedule_free_sgd(w, 0.1, 4, weight_decay=0.1, weight_lr_power=1.3),
        ),
        (
            lambda: optax.contrib.schedule_free(optax.adamw(0.1, b1=0.0, weight_decay=0.1), 0.1),
            lambda w: optax.contrib.schedule_free_adamw(w, 0.1, weight_decay=0.1),
        ),
    ],
)
def test_schedule_free_around_an_optimizer_is_the_optimizer_that_is_named_so(make, same):
    rng, w, v = np.random.default_rng(2), np.ones(3), np.ones(3)
    opt, named = make().optimizer(w), same(v)
    for _ in range(8):
        g = rng.normal(size=3)
        opt.step(g)
        named.step(g)
    np.testing.assert_allclose(w, v, rtol=1e-13)
    (mean,), (other,) = opt.state("x").values(), named.state("x").values()
    np.testing.assert_allclose(mean, other, rtol=1e-13)


def test_what_schedule_free_is_not_put_around():
    free = optax.contrib.schedule_free
    assert "momentum in the optimizer inside" in raised(lambda: free(optax.sgd(0.1, momentum=0.9), 0.1))
    assert "take sgd(rate), adam(rate, b1=0.0)" in raised(lambda: free(optax.adam(0.1), 0.1))
    assert "around lion it is not supported" in raised(lambda: free(optax.lion(0.1), 0.1))
    assert "decay of some parameters" in raised(lambda: free(optax.adamw(0.1, b1=0.0, mask=False), 0.1))
    assert "around a part of an optimizer" in raised(lambda: free(optax.clip(1.0), 0.1))


def test_mechanize_finds_the_factor_of_the_steps_inside():
    inner = optax.chain(optax.sgd(0.5), optax.scale(2.0))
    w, v = np.ones(3), np.ones(3)
    opt = optax.contrib.mechanize(inner, weight_decay=0.1, s_init=1e-3).optimizer(w)
    same = MechanicSGD(v, lr=1.0, s_decay=0.1, s_init=1e-3)
    for _ in range(8):
        before = w.copy()
        opt.step(before)
        same.step(before)
    assert (w == v).all()
    assert (w < 1).all()


def test_what_mechanize_is_not_put_around():
    made = optax.contrib.mechanize
    assert "num_betas=5 is not supported; leave it at 6" in raised(lambda: made(optax.sgd(1.0), num_betas=5))
    assert "around lion it is not supported; take sgd" in raised(lambda: made(optax.lion(1.0)))
    free = optax.contrib.schedule_free(optax.sgd(0.1), 0.1, state_dtype="bfloat16")
    assert "around contrib.schedule_free it is not supported" in raised(lambda: made(free))
    assert "state_dtype='bfloat16' is not supported" in raised(lambda: free.optimizer(np.ones(3)))
    assert "nesterov=True of sgd inside" in raised(lambda: made(optax.sgd(1.0, 0.9, nesterov=True)))
    assert "decay of some parameters" in raised(lambda: made(optax.adamw(1.0, mask=False)))
    assert "put it in front" in raised(lambda: made(optax.chain(optax.clip(1.0), optax.sgd(1.0))))
    assert "around a part of an optimizer" in raised(lambda: made(optax.clip(1.0)))
    assert "put that around it" in raised(lambda: made(optax.MultiSteps(optax.sgd(1.0), 2)))
    assert "optax takes schedules of it through" in raised(lambda: made(optax.sgd(1.0), eps=lambda count: 1e-8))
    assert "leave it out" in raised(lambda: optax.chain(made(optax.sgd(1.0)), optax.scale(0.5)))
