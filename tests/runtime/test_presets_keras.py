"""What a configuration of keras.optimizers does here, beside what Keras does, in a few lines of NumPy."""

import copy
import importlib
import inspect
import math
import pickle
import re

import numpy as np
import pytest

from stepsmith import schedules
from stepsmith.numpy.presets import keras
from tests import emulated_cupy

PRESETS = ("SGD", "RMSprop", "Adam", "AdamW", "Adadelta", "Adagrad", "Adamax", "Nadam", "Lion")
GRADIENTS = np.random.default_rng(0).normal(size=(40, 4))


def steps(opt, weights, gradients=GRADIENTS[:6, 0]):
    """The weights after each step."""
    history = []
    for g in gradients:
        opt.step(np.full_like(weights, g))
        history.append(float(weights[0]))
    return history


class LearningRateSchedule:
    """The name of Keras's base class, by which its schedules are known."""

    def __call__(self, step):
        raise NotImplementedError


class Halves(LearningRateSchedule):
    def __call__(self, step=None):
        return np.array(2.0**-step)  # a tensor without dimensions


# Schedules.


@pytest.mark.fast
@pytest.mark.parametrize("every", [None, 3])
@pytest.mark.parametrize(
    ("schedule", "rate"),
    [
        (Halves(), lambda calls: 2.0**-calls),
        (lambda step: 1.0 / (1 + step), lambda calls: 1.0 / (1 + calls)),
        (lambda: 0.25, lambda calls: 0.25),
        (lambda step=7: step / 10, lambda calls: 0.7),  # Keras gives a plain callable no argument
        (schedules.Inverse(lr=1.0), lambda calls: schedules.Inverse(lr=1.0)(calls + 1)),
    ],
)
def test_a_schedule_is_called_with_the_calls_of_a_step_from_0(schedule, rate, every):
    w = np.zeros(1)
    opt = keras.SGD(w, schedule, gradient_accumulation_steps=every)
    expected, calls = 0.0, 0
    for _ in range(4):
        for _ in range(every or 1):
            assert opt.learning_rate == rate(calls)
            opt.step(np.ones(1))
            calls += 1
        expected -= rate(calls - 1)
        assert w[0] == pytest.approx(expected, rel=1e-15)


def test_nothing_is_called_before_the_first_step_and_once_in_each():
    w = np.zeros(1)
    opt = keras.SGD(w, iter([1.0, 2.0, 4.0]).__next__, weight_decay=0.0)
    assert steps(opt, w, [1.0, 1.0, 1.0]) == [-1, -3, -7]
    with pytest.raises(StopIteration):
        opt.step(np.ones(1))
    assert (w[0], opt.t) == (-7, 3)


def test_what_a_callable_reads_counts_when_the_step_is_taken():
    rates = {"now": 1.0}
    w = np.zeros(1)
    opt = keras.SGD(w, lambda: rates["now"])
    rates["now"] = 0.5
    opt.step(np.ones(1))
    assert w[0] == -0.5


def test_a_schedule_of_keras_gets_a_tensor_of_keras(monkeypatch):
    class Ops:
        @staticmethod
        def convert_to_tensor(value, dtype):
            return np.array(value, dtype)

    class Transformer(LearningRateSchedule):
        def __call__(self, step):
            return np.minimum(step**-0.5, step * 0.1)  # 0**-0.5 is inf for a tensor, and an error for an int

    monkeypatch.setitem(importlib.sys.modules, "fakeras", type(importlib.sys)("fakeras"))
    importlib.sys.modules["fakeras"].ops = Ops
    monkeypatch.setattr(LearningRateSchedule, "__module__", "fakeras.src.schedules")
    w = np.zeros(1)
    opt = keras.SGD(w, Transformer())
    with np.errstate(divide="ignore"):
        assert steps(opt, w, [1.0, 1.0, 1.0]) == pytest.approx([0, -0.1, -0.3])


@pytest.mark.fast
def test_a_learning_rate_is_read_and_written_as_in_keras():
    w = np.zeros(1)
    opt = keras.SGD(w, 0.5)
    assert (opt.learning_rate, opt.learning_rate.numpy()) == (0.5, 0.5)
    opt.step(np.ones(1))
    opt.learning_rate = 0.25
    opt.step(np.ones(1))
    opt.learning_rate.assign(np.float32(0.125))
    opt.step(np.ones(1))
    assert w[0] == -0.875
    opt.learning_rate = Halves()  # the calls are counted from the first step
    opt.step(np.ones(1))
    assert w[0] == -1.0
    assert opt.learning_rate == 1 / 16
    with pytest.raises(ValueError, match=r"learning_rate = -1.0 is not allowed"):
        opt.learning_rate = -1
    assert opt.iterations == opt.t == 4


# What is around the rules.


class Reference:
    """keras.optimizers.Adam with all that is around it, as its sources have it, for a dict of arrays."""

    def __init__(self, weights, lr, *, steps=None, decay=None, clip=None, global_clip=None, ema=None, overwrite=None):
        self.w, self.lr, self.steps, self.decay, self.ema, self.overwrite = weights, lr, steps, decay, ema, overwrite
        self.clip, self.global_clip, self.calls = clip, global_clip, 0
        self.m, self.v, self.total, self.average = ({k: 0 * w for k, w in weights.items()} for _ in range(4))

    @property
    def iterations(self):
        return self.calls // (self.steps or 1)

    def apply(self, gradients):
        given = {k: g for k, g in gradients.items() if g is not None}
        if self.steps and (self.calls + 1) % self.steps:
            for k, g in given.items():
                self.total[k] = self.total[k] + g
        else:
            if self.steps:
                given = {k: (g + self.total[k]) / self.steps for k, g in given.items()}
                self.total = {k: 0 * w for k, w in self.w.items()}
            self.update(given)
        if self.ema is not None:
            for k, w in self.w.items():
                momentum = self.ema if self.iterations else 0.0
                self.average[k] = momentum * self.average[k] + (1 - momentum) * w
                if self.overwrite and (self.iterations + 1) % self.overwrite == 0:
                    w[...] = self.average[k]
        self.calls += 1

    def update(self, given):
        if self.global_clip:
            norm = math.sqrt(sum((g**2).sum() for g in given.values()))
            given = {k: g * min(1.0, self.global_clip / norm) for k, g in given.items()}
        t, lr = self.iterations + 1, self.lr(self.calls)
        if self.clip:
            given = {k: g * self.clip / max(np.linalg.norm(g), self.clip) for k, g in given.items()}
        for k, g in given.items():
            w = self.w[k]
            w -= w * lr * (self.decay(k) if self.decay else 0.0)
            self.m[k] += (g - self.m[k]) * 0.1
            self.v[k] += (g**2 - self.v[k]) * 0.001
            w -= lr * math.sqrt(1 - 0.999**t) / (1 - 0.9**t) * self.m[k] / (np.sqrt(self.v[k]) + 1e-7)


def both(reference, options, backend="numpy", excluded=None, missing=0.4):
    """The weights and averages of the reference and of the preset after 40 steps."""
    start = {"a": np.arange(3.0), "b": np.ones((2, 2)), "c": np.array(0.5)}
    theirs, mine = ({k: w.copy() for k, w in start.items()} for _ in range(2))
    expected = Reference(theirs, **reference)
    opt = importlib.import_module(f"stepsmith.{backend}.presets.keras").Adam(mine, **options)
    if excluded:
        opt.exclude_from_weight_decay(var_names=excluded)
    rng = np.random.default_rng(1)
    for _ in range(40):
        g = {k: rng.normal(size=w.shape) if rng.random() >= missing else None for k, w in start.items()}
        if any(each is not None for each in g.values()):
            expected.apply(g)
            opt.step({k: None if each is None else np.asarray(each) for k, each in g.items()})
    assert opt.iterations == expected.iterations
    return expected, theirs, opt, mine


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("steps", [None, 3])
@pytest.mark.parametrize(
    ("reference", "options"),
    [
        ({}, {}),
        ({"decay": lambda k: 0.1}, {"weight_decay": 0.1}),
        ({"clip": 0.3}, {"clipnorm": 0.3}),
        ({"global_clip": 0.3}, {"global_clipnorm": 0.3}),
        ({"ema": 0.9}, {"use_ema": True, "ema_momentum": 0.9}),
        ({"ema": 0.9, "overwrite": 4}, {"use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 4}),
        (
            {"decay": lambda k: 0.1, "clip": 0.3, "ema": 0.5, "overwrite": 3},
            {"weight_decay": 0.1, "clipnorm": 0.3, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 3},
        ),
    ],
)
def test_gradients_that_are_missing(reference, options, steps, backend):
    reference = {"lr": lambda calls: 0.1 / (1 + calls), "steps": steps, **reference}
    options = {"learning_rate": lambda step: 0.1 / (1 + step), "gradient_accumulation_steps": steps, **options}
    expected, theirs, opt, mine = both(reference, options, backend)
    for k, w in theirs.items():
        np.testing.assert_allclose(mine[k], w, rtol=1e-12)
        if "ema" in reference:
            np.testing.assert_allclose(opt.pipeline[-1].state("average")[k], expected.average[k], rtol=1e-12)


def test_what_was_collected_for_a_parameter_without_a_gradient_at_the_end_is_dropped():
    w = {"a": np.zeros(1), "b": np.zeros(1)}
    opt = keras.SGD(w, 1.0, gradient_accumulation_steps=2)
    for a, b in ((1, 5), (1, None), (1, None), (1, 1)):
        opt.step({"a": np.full(1, float(a)), "b": None if b is None else np.full(1, float(b))})
    assert (w["a"][0], w["b"][0]) == (-2, -0.5)


def test_a_step_without_any_gradient_is_refused_and_counts_for_nothing():
    w = {"a": np.ones(1), "b": np.ones(1)}
    opt = keras.Adam(w, use_ema=True, gradient_accumulation_steps=2)
    opt.step({"a": np.ones(1), "b": None})
    before = opt.state_dict()
    with pytest.raises(ValueError, match=r"keras.Adam: no parameter has a gradient, .*; leave out this step"):
        opt.step({"a": None, "b": None})
    assert {k: v.tobytes() for k, v in opt.state_dict().items()} == {k: v.tobytes() for k, v in before.items()}
    opt.apply([])  # in Keras this is no step
    assert opt.apply_gradients([(np.ones(1), w["b"])]) == 2
    assert opt.iterations == 1


def test_a_list_of_gradients_has_the_order_of_the_parameters_as_they_came():
    w = {"kernel": np.zeros(1), "bias": np.zeros(1)}
    keras.SGD(w, 1.0).apply([np.array([1.0]), np.array([2.0])])
    assert w == {"kernel": -1, "bias": -2}


@pytest.mark.parametrize("name", PRESETS)
def test_parameters_are_excluded_from_the_weight_decay(name):
    def moved(**excluded):
        w = {"dense": {"kernel": np.ones(2), "bias": np.ones(2)}, "out": [np.ones(2)]}
        opt = getattr(keras, name)(w, 1.0, weight_decay=0.5)
        arrays = {"kernel": w["dense"]["kernel"], "bias": w["dense"]["bias"], "out": w["out"][0]}
        if excluded:
            chosen = [arrays.get(v, v) for v in excluded.get("var_list", ())]
            opt.exclude_from_weight_decay(var_list=chosen, var_names=excluded.get("var_names"))
        opt.step({"dense": {"kernel": np.zeros(2), "bias": np.zeros(2)}, "out": [np.zeros(2)]})
        return sorted(key for key, array in arrays.items() if array[0] != 1)

    assert moved() == ["bias", "kernel", "out"]
    assert moved(var_names=["bias"]) == ["kernel", "out"]
    assert moved(var_names=["bias", "^out"]) == ["kernel"]
    assert moved(var_names=["dense"]) == ["out"]  # a name is a path here
    assert moved(var_list=["kernel"], var_names=["out"]) == ["bias"]
    assert moved(var_list=["dense.bias"]) == ["kernel", "out"]
    assert moved(var_names=["."]) == []


def test_the_last_exclusion_counts_and_lasts():
    w = {"a": np.ones(1), "b": np.ones(1)}
    opt = keras.SGD(w, 1.0, weight_decay=0.5)
    opt.exclude_from_weight_decay(var_names=["a"])
    opt.exclude_from_weight_decay(var_list=[w["b"]])
    other = copy.deepcopy(opt)
    opt.step({"a": np.zeros(1), "b": np.zeros(1)})
    assert (w["a"][0], w["b"][0]) == (0.5, 1.0)
    other.step({"a": np.zeros(1), "b": np.zeros(1)})
    assert other.state_dict().keys() == opt.state_dict().keys() == keras.SGD(w, weight_decay=0.1).state_dict().keys()
    with pytest.raises(ValueError, match=r"an array with shape \(1,\) is none of the parameters a, b; pass the array"):
        opt.exclude_from_weight_decay(var_list=[np.ones(1)])


def test_a_dynamic_loss_scale_leaves_out_steps():
    w = np.ones(2)
    opt = keras.LossScaleOptimizer(keras.SGD(w, 0.5, loss_scale_factor=3.0), initial_scale=8.0, dynamic_growth_steps=2)
    assert opt.scale_loss(2.0) == 16.0
    opt.step(np.full(2, 8.0))
    assert (w[0], opt.scale_loss(1.0), opt.iterations) == (0.5, 8.0, 1)
    opt.step(np.array([np.inf, 1.0]))
    assert (w[0], opt.scale_loss(1.0), opt.iterations) == (0.5, 4.0, 1)
    for _ in range(2):
        opt.step(np.full(2, 4.0))
    assert (w[0], opt.scale_loss(1.0), opt.iterations) == (-0.5, 8.0, 3)
    assert (opt.initial_scale, opt.dynamic_growth_steps, opt.loss_scale_factor) == (8.0, 2, None)


def test_a_step_that_a_loss_scale_leaves_out_counts_neither_for_averages_nor_for_schedules_nor_cycles():
    w, seen = np.ones(1), []
    opt = keras.Adam(w, lambda step: seen.append(step) or 0.1, use_ema=True, gradient_accumulation_steps=2)
    wrapped = keras.LossScaleOptimizer(opt, initial_scale=2.0)
    assert wrapped is opt
    for g in (2.0, np.inf, 1.0):
        opt.step(np.full(1, g))
    average = opt.pipeline[-1].state("average")[""].copy()
    assert (opt.iterations, average[0]) == (1, w[0])
    opt.step(np.full(1, np.nan))
    opt.learning_rate = 0.5
    assert opt.pipeline[-1].state("average")[""] == average


def test_averages_are_written_over_the_weights_in_the_end():
    w = {"a": np.zeros(1), "b": np.zeros(1)}
    opt = keras.SGD(w, 1.0, use_ema=True, ema_momentum=0.5)
    for _ in range(2):
        opt.step({"a": np.ones(1), "b": np.ones(1)})
    opt.finalize_variable_values([w["a"]])
    assert (w["a"][0], w["b"][0]) == (-1.5, -2)
    opt.finalize_variable_values()
    assert (w["a"][0], w["b"][0]) == (-1.5, -1.5)


# The options.


def numbers(preset) -> dict[str, float]:
    """A value for each argument that is a number."""
    given = {"ema_overwrite_frequency": 5, "gradient_accumulation_steps": 3, "clipnorm": 2.0, "loss_scale_factor": 4.0}
    known = inspect.signature(preset).parameters.values()
    found = {
        p.name: given.get(p.name, p.default or 0.25) for p in known if str(p.annotation).startswith(("float", "int"))
    }
    return {name: value for name, value in found.items() if name not in ("clipvalue", "global_clipnorm")}


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("name", PRESETS)
def test_every_option_is_an_attribute(name, backend):
    preset = getattr(importlib.import_module(f"stepsmith.{backend}.presets.keras"), name)
    options = {**numbers(preset), "use_ema": True}
    opt = preset(np.ones(2), **options)
    assert {option: getattr(opt, option) for option in options} == options
    config = opt.get_config()
    assert config == {**config, **options, "name": name.lower(), "learning_rate": opt.lr}
    assert config.keys() == inspect.signature(preset).parameters.keys() - {"params"}
    for option in options.keys() - {"use_ema", "gradient_accumulation_steps", "ema_overwrite_frequency"}:
        setattr(opt, option, 0.125)
        assert getattr(opt, option) == 0.125
        with pytest.raises(ValueError, match=rf"^keras.{name}: {option} = -1.0 is not allowed; it needs .*{option}"):
            setattr(opt, option, -1)
    opt.step(np.ones(2))
    again = preset(np.ones(2), **opt.get_config())
    again.load_state_dict(opt.state_dict())
    for other in (again, copy.deepcopy(opt), pickle.loads(pickle.dumps(opt))):
        assert other.get_config() == opt.get_config()


@pytest.mark.fast
def test_what_is_set_between_two_steps_counts():
    w = np.full(1, 4.0)
    opt = keras.SGD(w, 1.0, momentum=0.5, weight_decay=0.0, clipnorm=1.0)
    opt.step(np.full(1, 9.0))
    assert w[0] == 3.0
    opt.clipnorm, opt.weight_decay, opt.momentum = 2.0, 0.5, 0.25
    opt.step(np.full(1, 9.0))
    assert w[0] == 3.0 * 0.5 - 2.0 - 0.25
    opt.weight_decay = None
    assert opt.weight_decay == 0


@pytest.mark.parametrize("option", ["clipnorm", "clipvalue", "global_clipnorm"])
def test_clipping_by_0_is_none(option):
    w = np.zeros(2)
    keras.SGD(w, 1.0, **{option: 0.0}).step(np.array([3.0, 4.0]))
    assert w.tolist() == [-3, -4]


@pytest.mark.fast
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda w: keras.Adam(1e-3), r"keras.Adam: 0.001 is .*; they come first here: keras.Adam\(params, 0.001\)$"),
        (lambda w: keras.Adam(learning_rate=0.1), r"missing; .* here: keras.Adam\(params, learning_rate=0.1\)$"),
        (lambda w: keras.Adam(Halves()), "is in the place of the parameters"),
        (lambda w: keras.Adam(w, decay=0.1), "unexpected keyword argument 'decay'; Keras ignores it; leave it out, or"),
        (lambda w: keras.Adam(w, 0.1, clipnorm=1.0, clipvalue=1.0), "only one of clipnorm, clipvalue and global_clip"),
        (lambda w: keras.Adam(w, clipnorm=0.0, global_clipnorm=1.0), "only one of clipnorm, clipvalue and global_cl"),
        (lambda w: keras.Adam(w, gradient_accumulation_steps=1), "keras.Adam: gradient_accumulation_steps = 1 is not"),
        (lambda w: keras.Adam(w, loss_scale_factor=0.0), "loss_scale_factor = 0.0 is not allowed; it needs loss_scale"),
        (
            lambda w: keras.AdamW(w, weight_decay=None),
            "weight_decay is None; it has to be a number, or take keras.Adam",
        ),
        (lambda w: keras.AdamW(w, weight_decay=lambda: 0.1), "in Keras only the learning rate can be a callable. Pass"),
        (lambda w: keras.Lion(w, beta_1=0.0), "beta_1 = 0 is refused by Keras; take SignSGD"),
        (lambda w: keras.Adam(w, {"class_name": "CosineDecay"}), r"keras.optimizers.schedules.deserialize\(config\["),
        (lambda w: keras.Adam.from_config({}), r"the parameters are missing; write keras.Adam\(params, \*\*config\)"),
        (lambda w: keras.get("adam"), r"'adam' is in .* here: keras.get\(params, 'adam'\)"),
        (lambda w: keras.get(w, {"class_name": "Adam"}), "keys 'class_name' and 'config', .* has 'class_name'$"),
        (lambda w: keras.get(w, "adafactor"), "keras.Adafactor is not supported; take RMSprop"),
        (lambda w: keras.get(w, "adamm"), "keras has no adamm; did you mean Adam?"),
        (lambda w: keras.Muon, "keras.Muon is not supported; take SGD with momentum"),
        (lambda w: keras.RMSProp, "keras has no RMSProp; did you mean RMSprop?"),
        (lambda w: keras.LossScaleOptimizer(0.1), r"no optimizer of this .* keras.LossScaleOptimizer\(keras.Adam\(par"),
        (lambda w: keras.LossScaleOptimizer(keras.SGD(w), dynamic=False), "'dynamic'; set loss_scale_factor of the in"),
        (lambda w: keras.LossScaleOptimizer(keras.SGD(w), 0.0), "keras.LossScaleOptimizer: initial_scale = 0.0 is not"),
    ],
)
def test_what_is_refused_when_an_optimizer_is_made(call, message):
    w = np.ones(2)
    with pytest.raises((TypeError, ValueError, NotImplementedError, AttributeError), match=message):
        call(w)
    assert w.tolist() == [1, 1]


REFUSED_LATER = [
    (lambda o, w: o.apply_gradients([(np.ones(2), np.ones(2))]), "none of the parameters a, b; pass the array itself"),
    (lambda o, w: o.apply([np.ones(2)]), "keras.Adam: there are 1 gradients of 2 parameters"),
    (lambda o, w: o.apply(None), "keras.Adam.apply: the gradients are NoneType; they have to be a list"),
    (lambda o, w: o.apply(np.array(1.0)), "keras.Adam.apply: the gradients are ndarray; they have to be a list"),
    (lambda o, w: o.apply_gradients(None), r"list of pairs \(gradient, parameter\), such as zip\(grads, params\)"),
    (lambda o, w: o.build([np.ones(2)]), "none of the parameters"),
    (lambda o, w: o.minimize(None, None), r"keras.Adam has no minimize; take the gradients .* opt.step\(grads\)"),
    (lambda o, w: o.variables, r"keras.Adam has no variables; its arrays are opt.state_dict\(\)"),
    (lambda o, w: o.update_step(w, w, 0.1), r"keras.Adam has no update_step; write opt.step\(grads\)"),
    (lambda o, w: setattr(o, "clipvalue", 1.0), r"clipvalue is None and .* keras.Adam\(params, clipvalue=1.0\)"),
    (lambda o, w: setattr(o, "clipnorm", None), r"clipnorm is 1.0 and .* keras.Adam\(params, clipnorm=None\)"),
    (lambda o, w: setattr(o, "gradient_accumulation_steps", 3), "gradient_accumulation_steps is 2 and cannot become 3"),
    (lambda o, w: setattr(o, "amsgrad", True), "amsgrad is False and cannot become True any more"),
    (lambda o, w: setattr(o, "beta_1", 1.0), "keras.Adam: beta_1 = 1.0 is not allowed; it needs 0 <= beta_1 < 1"),
    (lambda o, w: setattr(o, "beta_1", abs), r"beta_1 is <built-in .* set opt.beta_1 when it is to change"),
    (lambda o, w: setattr(o, "learning_rate", "fast"), "keras.Adam: learning_rate is 'fast'; it has to be a number"),
    (lambda o, w: keras.LossScaleOptimizer(o), "has taken steps; make a new one around a new keras.Adam"),
    (lambda o, w: setattr(o, "rate", 1.0), "no hyperparameter rate"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED_LATER)
def test_what_is_refused_later_changes_nothing(call, message):
    w = {"a": np.ones(2), "b": np.ones(2)}
    opt = keras.Adam(w, 0.1, clipnorm=1.0, use_ema=True, gradient_accumulation_steps=2)
    for _ in range(3):
        opt.step({"a": np.ones(2), "b": np.full(2, 2.0)})
    before, weights = opt.state_dict(), copy.deepcopy(w)
    with pytest.raises((TypeError, ValueError, AttributeError), match=message):
        call(opt, w)
    assert {k: v.tobytes() for k, v in opt.state_dict().items()} == {k: v.tobytes() for k, v in before.items()}
    assert all((w[k] == weights[k]).all() for k in w)


def test_what_the_refusals_say_to_write_works():
    w = np.ones(2)
    opt = keras.Adam(w, 0.001)
    assert type(keras.Adam(w, learning_rate=0.1)) is type(keras.get(w, "adam")) is type(opt)
    config = {"learning_rate": 0.5, "beta_1": 0.5, "name": "adam", "use_ema": True}
    assert keras.Adam.from_config(w, config).beta_1 == keras.Adam(w, **config).beta1 == 0.5
    made = keras.get(w, {"module": "keras.optimizers", "class_name": "RMSprop", "config": {"rho": 0.5}})
    assert (type(made).__name__, made.rho) == ("RMSpropEpsInside", 0.5)
    inner = {"class_name": "SGD", "config": {"momentum": 0.5}}
    made = keras.get(
        w, {"class_name": "LossScaleOptimizer", "config": {"inner_optimizer": inner, "initial_scale": 4.0}}
    )
    assert (made.momentum, made.scale_loss(1.0)) == (0.5, 4.0)
    assert keras.optimizers.Adam is keras.Adam


def test_options_may_be_given_by_position_in_the_order_of_keras():
    opt = keras.SGD(np.ones(1), 0.1, 0.9, True, 0.01, None, 0.5, None, True, 0.9, 7, 2.0, 3, "mine")
    stages = "LossScale, Accumulate, ClipByValue, DecoupledDecay, WeightEMAKerasOverwriting"
    assert ", ".join(type(stage).__name__ for stage in opt.pipeline) == stages
    assert (opt.momentum, opt.weight_decay, opt.clipvalue, opt.ema_momentum) == (0.9, 0.01, 0.5, 0.9)
    assert (opt.ema_overwrite_frequency, opt.loss_scale_factor, opt.gradient_accumulation_steps) == (7, 2.0, 3)
    assert (opt.name, opt.nesterov, opt.use_ema) == ("mine", True, True)


def test_the_checkpoint_of_a_preset_is_that_of_its_rule():
    from stepsmith.numpy import AdamEpsHat

    preset, rule = keras.Adam(np.ones(2), 0.1), AdamEpsHat(np.ones(2), lr=0.1)
    for opt in (preset, rule):
        opt.step(np.ones(2))
    rule.load_state_dict(preset.state_dict())
    preset.load_state_dict(rule.state_dict())
    assert re.sub(r"eps=[^)]*", "", repr(preset)) == re.sub(r"eps=[^)]*", "", repr(rule))


def test_on_cupy_all_of_it_at_once_is_what_it_is_on_numpy():
    options = {"weight_decay": 0.1, "global_clipnorm": 0.5, "use_ema": True, "ema_momentum": 0.5}
    options |= {"ema_overwrite_frequency": 3, "gradient_accumulation_steps": 2, "learning_rate": Halves()}
    weights = []
    with emulated_cupy.installed() as cupy:
        presets = importlib.import_module(f"{emulated_cupy.generated().__name__}.presets.keras")
        for module, array in ((keras, np.asarray), (presets, cupy.asarray)):
            rng = np.random.default_rng(2)
            w = {"a": array(np.ones(3)), "b": array(np.ones((2, 2)))}
            opt = module.LossScaleOptimizer(module.Adam(w, **options), initial_scale=4.0)
            opt.exclude_from_weight_decay(var_list=[w["b"]])
            for t in range(20):
                g = {k: array(rng.normal(size=v.shape) * (np.inf if t == 7 else 1)) for k, v in w.items()}
                missing = {0: "a", 5: "b", 6: "a"}.get(t)
                opt.step({k: None if k == missing else each for k, each in g.items()})
            opt.apply_gradients([(array(np.ones(3)), w["a"])])
            opt.finalize_variable_values()
            weights.append({k: np.asarray(v) for k, v in w.items()} | {"t": opt.iterations})
    assert weights[0]["t"] == weights[1]["t"] == 10
    for k in ("a", "b"):
        np.testing.assert_allclose(weights[0][k], weights[1][k], rtol=1e-12)


def test_the_decay_of_lion_is_that_of_its_stage_alone():
    w = np.full(2, 3.0)
    opt = keras.Lion(w, learning_rate=0.5, weight_decay=0.25)
    for _ in range(2):
        opt.step(np.ones(2))
    np.testing.assert_array_equal(w, ((3 * 0.875 - 0.5) * 0.875 - 0.5))
