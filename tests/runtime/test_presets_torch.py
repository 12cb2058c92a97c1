"""presets.torch: what torch.optim takes, counts, shows and saves. Its formulas stand here: torch is not needed."""

import copy
import importlib
import inspect
import pickle
import sys
import types

import numpy as np
import pytest

from tests import emulated_cupy

pytestmark = pytest.mark.fast

BACKENDS = ("numpy", "numba")
GRADIENTS = np.random.default_rng(5).normal(size=(12, 3))
OPTIMIZERS = ("SGD", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Rprop")


@pytest.fixture(params=BACKENDS)
def torch(request):
    return importlib.import_module(f"stepsmith.{request.param}.presets.torch")


def everything(opt) -> tuple:
    """All that an error must leave as it was."""
    arrays = {k: v.tobytes() for k, v in opt.state_dict(flat=True).items()}
    params = [w.tobytes() for group in opt.param_groups for w in group["params"]]
    groups = [{k: v for k, v in group.items() if k != "params"} for group in opt.param_groups]
    return type(opt), arrays, params, repr(groups), opt.t, repr(opt.pipeline), dict(opt.defaults)


def sgd(w, grads, lr, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False, maximize=False):
    """torch.optim.SGD, whose buffer is None before the first gradient."""
    w, buffer = w.copy(), None
    for g in grads:
        if g is None:
            continue
        d = (-g if maximize else g) + weight_decay * w
        if momentum:
            buffer = d.copy() if buffer is None else momentum * buffer + (1 - dampening) * d
            d = d + momentum * buffer if nesterov else buffer
        w = w - lr * d
    return w


@pytest.mark.parametrize(
    "options",
    [
        {"dampening": 0.5},
        {"dampening": 0.5, "weight_decay": 0.1, "maximize": True},
        {"momentum": 0.9, "dampening": 0.5},
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
        {"momentum": 0.9},
    ],
)
@pytest.mark.parametrize("late", [0, 4])
def test_sgd_looks_at_dampening_where_there_is_momentum_and_takes_the_first_gradient_whole(torch, options, late):
    grads = [None] * late + list(GRADIENTS[late:])
    w, other = np.ones(3), np.ones(3)
    opt = torch.SGD([w, other], lr=0.1, **options)
    for g, other_g in zip(grads, GRADIENTS, strict=True):
        opt.step([g, other_g])
    np.testing.assert_allclose(w, sgd(np.ones(3), grads, 0.1, **options), rtol=1e-13)
    np.testing.assert_allclose(other, sgd(np.ones(3), GRADIENTS, 0.1, **options), rtol=1e-13)


def test_momentum_that_comes_late_goes_and_comes_back(torch):
    """Torch makes the buffer in the first step with momentum, and leaves it alone while there is none."""
    w = np.ones(3)
    opt = torch.SGD([w], lr=0.1)
    expected, buffer = np.ones(3), None
    for t, g in enumerate(GRADIENTS):
        momentum = 0.9 if 2 <= t < 5 or t >= 8 else 0.0
        opt.param_groups[0]["momentum"] = momentum
        opt.param_groups[0]["dampening"] = 0.5
        opt.step([g])
        d = g
        if momentum:
            buffer = g.copy() if buffer is None else momentum * buffer + 0.5 * g
            d = buffer
        expected = expected - 0.1 * d
        np.testing.assert_allclose(w, expected, rtol=1e-13, err_msg=str(t))
        assert (opt.state_dict()["state"] == {}) == (buffer is None)
    assert set(opt.state[0]) == {"momentum_buffer"}


def test_steps_are_counted_for_each_parameter(torch):
    early, late = np.ones(2), np.ones(2)
    opt = torch.Adam({"early": early, "late": late}, lr=0.1)
    for t in range(50):
        opt.step({"early": np.ones(2), "late": np.ones(2) if t == 49 else None})
    np.testing.assert_allclose(late, 0.9, rtol=1e-7)  # the first step of Adam is lr long
    assert [opt.state[k]["step"] for k in (0, 1)] == [50.0, 1.0]
    assert opt.t == 50


def test_the_product_of_nadam_is_that_of_the_steps_of_the_parameter(torch):
    opt = torch.NAdam([np.ones(2), np.ones(2)], betas=(0.9, 0.99))
    for t in range(5):
        opt.step([np.ones(2), np.ones(2) if t > 2 else None])
    products = [np.prod([0.9 * (1 - 0.5 * 0.96 ** (t * 4e-3)) for t in range(1, n + 1)]) for n in (5, 2)]
    np.testing.assert_allclose([opt.state[k]["mu_product"] for k in (0, 1)], products, rtol=1e-14)


def test_the_first_step_of_rprop_is_the_rate_at_that_time(torch):
    a, b = np.zeros(1), np.zeros(1)
    opt = torch.Rprop([a, b], lr=0.1)
    opt.param_groups[0]["lr"] = 0.01
    opt.step([np.ones(1), None])
    opt.param_groups[0]["lr"] = 0.3
    opt.step([np.ones(1), np.ones(1)])
    np.testing.assert_allclose([a[0], b[0]], [-0.01 - 0.012, -0.3], rtol=1e-14)


def test_param_groups_with_options_of_their_own(torch):
    w = [np.ones(3) for _ in range(3)]
    own = [{"weight_decay": 0.1, "lr": 0.2}, {"momentum": 0.0}, {"maximize": True, "dampening": 0.4}]
    groups = [{"params": [each], **options} for each, options in zip(w, own, strict=True)]
    opt = torch.SGD(groups, lr=0.1, momentum=0.9, weight_decay=0.0, dampening=0.2)
    for g in GRADIENTS:
        opt.step([[g], [g], [g]])
    for each, options in zip(w, own, strict=True):
        defaults = {"lr": 0.1, "momentum": 0.9, "dampening": 0.2}
        np.testing.assert_allclose(each, sgd(np.ones(3), GRADIENTS, **{**defaults, **options}), rtol=1e-13)
    assert [g["lr"] for g in opt.param_groups] == [g.lr for g in opt.groups] == [0.2, 0.1, 0.1]
    assert [g["weight_decay"] for g in opt.param_groups] == [0.1, 0.0, 0.0]
    assert list(groups[0]) == ["params", "weight_decay", "lr"]  # what was passed is as it was


def test_a_weight_decay_that_comes_and_goes(torch):
    w, expected = np.ones(3), np.ones(3)
    opt = torch.SGD([{"params": w}], lr=0.1)
    for g, decay, uphill in zip(GRADIENTS, [0, 0, 0.5, 0.1, 0, 0.2] * 2, [False, True, True] * 4, strict=True):
        opt.param_groups[0]["weight_decay"], opt.param_groups[0]["maximize"] = decay, uphill
        opt.step([g])
        expected = expected - 0.1 * ((-g if uphill else g) + decay * expected)
        np.testing.assert_allclose(w, expected, rtol=1e-13)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_option_of_a_group_can_be_read_and_set(torch, name):
    preset = getattr(torch, name)
    opt = preset([{"params": [np.ones(2)]}, {"params": [np.ones(2)], "lr": 0.5}])
    options = {k: p.default for k, p in inspect.signature(preset).parameters.items() if k not in ("params", "pipeline")}
    for group in opt.param_groups:
        expected = {**options, "lr": group["lr"]}
        assert {k: group[k] for k in expected} == expected
        assert {*group} - {*expected, "params"} <= {"decoupled_weight_decay"}
        for key, value in expected.items():
            group[key] = value
    opt.step([[np.ones(2)], [np.ones(2)]])
    opt.param_groups[1]["lr"] = 0.25
    assert (opt.param_groups[0]["lr"], opt.param_groups[1]["lr"], opt.groups[1].lr) == (options["lr"], 0.25, 0.25)


def test_a_single_group_and_the_optimizer_are_one(torch):
    opt = torch.Adam([np.ones(2)], 1e-3, (0.9, 0.999))
    opt.param_groups[0]["lr"] = 1e-4
    opt.param_groups[0]["betas"] = (0.8, 0.9)
    assert (opt.lr, opt.beta1, opt.beta2) == (1e-4, 0.8, 0.9)
    opt.lr = 1e-2
    assert opt.param_groups[0]["lr"] == 1e-2
    opt.param_groups[0].setdefault("initial_lr", 0.7)
    opt.param_groups[0].update({"eps": 1e-6, "name": "all"})
    assert (opt.eps, opt.param_groups[0]["initial_lr"], opt.param_groups[0]["name"]) == (1e-6, 0.7, "all")
    del opt.param_groups[0]["name"]
    assert "name" not in opt.param_groups[0]
    opt.lr = lambda t: 1 / t
    assert opt.param_groups[0]["lr"] == 1.0
    opt.step([np.ones(2)])
    assert opt.param_groups[0]["lr"] == 0.5
    assert opt.zero_grad() is None
    assert opt.zero_grad(set_to_none=False) is None


def test_a_rate_that_is_an_array_without_dimensions(torch):
    for rate in (np.float32(0.25), np.array(0.25)):
        opt = torch.Adam([{"params": [np.ones(2)], "eps": rate}], lr=rate)
        opt.param_groups[0]["betas"] = (rate, rate)
        assert [type(opt.param_groups[0][name]) for name in ("lr", "eps")] == [float, float]
        assert opt.param_groups[0]["betas"] == (0.25, 0.25)
    with pytest.raises(
        TypeError, match=r"torch.Adam: lr is an array of shape \(1,\); pass one number, such as its .item"
    ):
        opt.param_groups[0]["lr"] = np.array([0.25])


def test_parameters_as_generators_values_and_pairs(torch):
    arrays = {"a": np.ones(2), "b": np.ones(3)}
    for params in ((w for w in arrays.values()), arrays.values(), list(arrays.values()), tuple(arrays.values())):
        opt = torch.SGD(params, lr=0.1)
        opt.step(np.ones_like(w) for w in arrays.values())
    np.testing.assert_allclose(arrays["a"], 0.6)
    for params in (arrays.items(), list(arrays.items()), ((n, w) for n, w in arrays.items())):
        opt = torch.SGD(params, lr=0.1)
        assert opt.param_groups[0]["param_names"] == ["a", "b"]
        opt.step({name: np.ones_like(w) for name, w in arrays.items()})
    np.testing.assert_allclose(arrays["a"], 0.3)
    opt = torch.SGD([{"params": (w for w in arrays.values())}], lr=0.1)
    opt.step([[np.ones(2), np.ones(3)]])
    np.testing.assert_allclose(arrays["b"], 0.2)


def test_a_group_that_is_added(torch):
    a, b = np.ones(3), np.ones(3)
    opt = torch.SGD([{"params": [a]}], lr=0.1, momentum=0.9)
    for g in GRADIENTS[:4]:
        opt.step([[g]])
    opt.add_param_group({"params": [b], "lr": 0.2, "weight_decay": 0.1, "dampening": 0.5})
    for g in GRADIENTS[4:]:
        opt.step([[g], [g]])
    np.testing.assert_allclose(a, sgd(np.ones(3), GRADIENTS, 0.1, 0.9), rtol=1e-13)
    np.testing.assert_allclose(b, sgd(np.ones(3), GRADIENTS[4:], 0.2, 0.9, 0.5, 0.1), rtol=1e-13)
    assert [len(group["params"]) for group in opt.param_groups] == [1, 1]


def made(torch, name: str, **options):
    params = [{"params": [np.ones(3), np.ones((2, 2))]}, {"params": [np.ones(1)], "lr": 0.02}]
    return getattr(torch, name)(params, **options)


def run(opt, first: int, last: int) -> None:
    for g in GRADIENTS[first:last]:
        opt.step([[g, np.full((2, 2), g[0]) if g[1] > 0 else None], [g[:1]]])


@pytest.mark.parametrize(
    ("name", "options", "keys"),
    [
        ("SGD", {}, set()),
        ("SGD", {"momentum": 0.9, "dampening": 0.1}, {"momentum_buffer"}),
        ("SGD", {"momentum": 0.9, "nesterov": True}, {"momentum_buffer"}),
        ("Adagrad", {"initial_accumulator_value": 0.1}, {"step", "sum"}),
        ("RMSprop", {}, {"step", "square_avg"}),
        ("RMSprop", {"momentum": 0.9, "centered": True}, {"step", "square_avg", "momentum_buffer", "grad_avg"}),
        ("Adadelta", {}, {"step", "square_avg", "acc_delta"}),
        ("Adam", {"weight_decay": 0.1}, {"step", "exp_avg", "exp_avg_sq"}),
        ("Adam", {"amsgrad": True}, {"step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"}),
        ("AdamW", {"amsgrad": True}, {"step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"}),
        ("Adamax", {}, {"step", "exp_avg", "exp_inf"}),
        ("NAdam", {}, {"step", "mu_product", "exp_avg", "exp_avg_sq"}),
        ("RAdam", {"decoupled_weight_decay": True}, {"step", "exp_avg", "exp_avg_sq"}),
        ("Rprop", {}, {"step", "prev", "step_size"}),
    ],
)
def test_a_checkpoint_has_the_layout_of_torch_and_the_run_goes_on(torch, name, options, keys):
    opt, other = made(torch, name, **options), made(torch, name) if not options else made(torch, name, **options)
    run(opt, 0, 6)
    saved = pickle.loads(pickle.dumps(opt.state_dict()))
    assert set(saved) == {"state", "param_groups", "stepsmith"}
    assert [group["params"] for group in saved["param_groups"]] == [[0, 1], [2]]
    assert all(set(state) == keys for state in saved["state"].values())
    assert (list(saved["state"]) == [0, 1, 2]) == bool(keys)
    assert saved["param_groups"][1]["lr"] == 0.02
    for of_torch in (False, True):
        if of_torch:  # which has no place for what is ours, and other numbers for parameters
            del saved["stepsmith"]
            numbers = {0: "a", 1: "b", 2: "c"}
            saved["state"] = {numbers[k]: v for k, v in saved["state"].items()}
            for group in saved["param_groups"]:
                group["params"] = [numbers[k] for k in group["params"]]
        other = made(torch, name, **options)
        for group, theirs in zip(other.param_groups, opt.param_groups, strict=True):
            for w, value in zip(group["params"], theirs["params"], strict=True):
                w[...] = value
        other.load_state_dict(saved)
        twin = copy.deepcopy(opt)
        run(twin, 6, 12)
        run(other, 6, 12)
        mine, its = ([w.tobytes() for g in o.param_groups for w in g["params"]] for o in (twin, other))
        assert mine == its
    flat = opt.state_dict(flat=True)
    again = made(torch, name, **options)
    again.load_state_dict(flat)
    assert {k: v.tobytes() for k, v in again.state_dict(flat=True).items()} == {k: v.tobytes() for k, v in flat.items()}


def test_a_buffer_that_torch_has_not_made_yet(torch):
    """A checkpoint of torch.optim.SGD: one parameter has had no gradient, so its first is taken whole."""
    a, b = np.ones(3), np.ones(3)
    opt = torch.SGD([a, b], lr=0.1, momentum=0.9, dampening=0.5)
    buffer = np.array([1.0, 2.0, 3.0])
    group = {"lr": 0.2, "momentum": 0.9, "dampening": 0.5, "weight_decay": 0, "nesterov": False, "params": [0, 1]}
    opt.load_state_dict(
        {"state": {0: {"momentum_buffer": buffer}, 1: {"momentum_buffer": None}}, "param_groups": [group]}
    )
    assert opt.lr == 0.2
    opt.step([GRADIENTS[0], GRADIENTS[0]])
    np.testing.assert_allclose(a, 1 - 0.2 * (0.9 * buffer + 0.5 * GRADIENTS[0]), rtol=1e-14)
    np.testing.assert_allclose(b, 1 - 0.2 * GRADIENTS[0], rtol=1e-14)


def test_the_keys_of_a_dict_are_numbered_as_they_come(torch):
    """As in named_parameters(), and not as in the alphabet."""
    params = {"weight": np.ones(3), "bias": np.ones(1)}
    for given in (params, params.items(), [{"params": params.items()}]):
        opt = torch.Adam(given)
        assert [w.shape for w in opt.param_groups[0]["params"]] == [(3,), (1,)]
        grads = {"bias": np.ones(1), "weight": GRADIENTS[0]}
        opt.step([grads] if isinstance(given, list) else grads)
        saved = opt.state_dict()
        np.testing.assert_allclose(saved["state"][0]["exp_avg"], 0.1 * GRADIENTS[0])
        saved["state"][0]["exp_avg"][...] = 7.0
        opt.load_state_dict(saved)
        np.testing.assert_array_equal(opt.state[0]["exp_avg"], np.full(3, 7.0))
        np.testing.assert_allclose(opt.state[params["bias"]]["exp_avg"], 0.1)


def test_stages_of_the_pipeline_are_in_a_checkpoint(torch):
    mean = importlib.import_module(torch.__name__.rpartition(".presets")[0]).WeightMean
    w, v = np.ones(3), np.ones(3)
    opt, other = torch.Adam([w], pipeline=[mean()]), torch.Adam([v], pipeline=[mean()])
    for g in GRADIENTS[:4]:
        opt.step([g])
    v[...] = w
    other.load_state_dict(opt.state_dict())
    for one in (opt, other):
        one.step([GRADIENTS[4]])
    np.testing.assert_array_equal(opt.pipeline[0].state("average")["0"], other.pipeline[0].state("average")["0"])
    assert other.t == 5


def test_a_schedule_that_is_a_callable_stays_when_a_checkpoint_is_loaded(torch):
    opt = torch.Adam([np.ones(3)], lr=lambda t: 1 / t)
    opt.step([GRADIENTS[0]])
    saved = opt.state_dict()
    assert saved["param_groups"][0]["lr"] == 0.5
    other = torch.Adam([np.ones(3)], lr=lambda t: 2 / t)
    other.load_state_dict(saved)
    assert (other.t, other.param_groups[0]["lr"]) == (1, 1.0)


def test_states_are_read_by_number_by_array_and_by_their_name_here(torch):
    w = np.ones(3)
    opt = torch.Adam([w, np.ones(2)])
    assert (len(opt.state), opt.state[0], w in opt.state) == (0, {}, False)
    opt.step([GRADIENTS[0], None])
    assert list(opt.state) == [0]
    np.testing.assert_allclose(opt.state[w]["exp_avg"], 0.1 * GRADIENTS[0])
    opt.state[0]["exp_avg"][...] = 0.0  # no copy
    assert not opt.state("m")["0"].any()
    with pytest.raises(KeyError, match="no parameter"):
        opt.state[np.ones(3)]


@pytest.fixture
def scheduler(monkeypatch):
    """What torch's LRScheduler does with an optimizer when it is made."""

    class Optimizer:
        pass

    monkeypatch.setitem(sys.modules, "torch.optim", types.SimpleNamespace(Optimizer=Optimizer))

    def attach(opt) -> None:
        if not isinstance(opt, Optimizer):
            raise TypeError(f"{type(opt).__name__} is not an Optimizer")
        function = opt.step.__func__

        def wrapper(*args, **kwargs):
            opt._opt_called = True
            return function.__get__(opt, opt.__class__)(*args, **kwargs)

        wrapper._wrapped_by_lr_sched = True
        opt.step = wrapper
        for group in opt.param_groups:
            group.setdefault("initial_lr", group["lr"])

    return attach


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_scheduler_of_torch_takes_it_for_an_optimizer(torch, scheduler, name):
    opt = made(torch, name)
    scheduler(opt)
    run(opt, 0, 3)
    assert hasattr(opt.step, "_wrapped_by_lr_sched")
    assert opt._opt_called
    assert isinstance(opt, type(opt).__bases__[1])
    for again in (copy.deepcopy(opt), pickle.loads(pickle.dumps(opt))):
        assert type(again) is type(opt)
        assert not hasattr(again.step, "_wrapped_by_lr_sched")
        assert everything(again) == everything(opt)
        twin = copy.deepcopy(opt)
        run(again, 3, 6)
        run(twin, 3, 6)
        assert everything(again) == everything(twin)


def test_without_torch_it_is_what_it_is(torch):
    opt = torch.Adam(np.ones(2))
    if "torch.optim" not in sys.modules:
        assert opt.__class__ is type(opt)
    assert repr(opt) == "<Adam(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-08) of 1 array, 2 elements, after 0 steps>"


def test_on_cupy_a_checkpoint_is_of_numpy_arrays_and_of_torch_too():
    with emulated_cupy.installed() as cupy:
        backend = emulated_cupy.generated()
        torch = importlib.import_module(f"{backend.__name__}.presets.torch")
        w, v = cupy.asarray(np.ones(3)), cupy.asarray(np.ones(3))
        opt, other = torch.SGD([w], lr=0.1, momentum=0.9), torch.SGD([{"params": [v]}], lr=0.3)
        for g in GRADIENTS[:6]:
            opt.step([cupy.asarray(g)])
        saved = opt.state_dict()
        assert type(saved["state"][0]["momentum_buffer"]) is np.ndarray
        v[...] = w
        other.load_state_dict(saved)
        for t, g in enumerate(GRADIENTS[6:]):
            opt.step([cupy.asarray(g)])
            other.step([[cupy.asarray(g)]])
            if t == 2:
                for group in (*opt.param_groups, *other.param_groups):
                    group["momentum"] = 0.0
                saved = other.state_dict()
                other.load_state_dict(saved)
            if t == 4:
                for group in (*opt.param_groups, *other.param_groups):
                    group["momentum"] = 0.5
        assert cupy.asnumpy(w).tobytes() == cupy.asnumpy(v).tobytes()
