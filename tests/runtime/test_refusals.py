"""Whatever is refused changes nothing: parameters, states, step number and hyperparameters stay bit for bit the same.

A line of REFUSED says which optimizer it is done to, what is done, and what the error says. Each is tried in every
backend, before the first step and after two, without a warning.
"""

import importlib
import math
import warnings

import numpy as np
import pytest

from stepsmith import numba as compiled
from stepsmith import numpy as optimizers
from tests import emulated_cupy

as_strided = np.lib.stride_tricks.as_strided


class Trial:
    """An optimizer of one backend, with its gradients."""

    def __init__(self, name, module, there):
        self.name, self.module, self.there = name, module, there

    def ones(self, *shape, dtype=float):
        return self.there(np.ones(shape, dtype))

    def make(self, kind):
        self.kind, self.p = kind, {"a": self.ones(2, 3), "b": self.ones(2)}
        self.held = list(self.p.values())
        self.opt = MADE[kind](self.module, self.p)
        return self

    def g(self, **others):
        """Gradients in the structure of the parameters; those of a and b, or others under these names."""
        g = {"a": self.there(np.full((2, 3), 0.5)), "b": self.there(np.full(2, -1.0)), **others}
        return [g["a"], {"b": g["b"]}] if self.kind in ("groups", "torch") else g

    def saved(self, **changed):
        """What `state_dict` returns, with other values for some keys, in which a dot is written as __."""
        rule = type(self.opt).__name__
        return self.flat() | {f"{rule}.{key.replace('__', '.')}": value for key, value in changed.items()}

    def flat(self):
        return self.opt.state_dict(flat=True) if self.kind == "torch" else self.opt.state_dict()

    def everything(self):
        """The bits of all that an error must leave alone."""
        opt = self.opt
        numbers = [{name: getattr(one, name) for name in one._domains} for one in (opt, *opt.pipeline)]
        numbers += [dict(group._own) for group in opt.groups]
        numbers += [dict(scalars) for scalars in (*opt._scalars, *(stage._scalars for stage in opt.pipeline))]
        kept = {key: (np.asarray(value).dtype.str, np.asarray(value).tobytes()) for key, value in self.flat().items()}
        if self.kind == "torch":
            numbers += [{k: v for k, v in group.items() if k != "params"} for group in opt.param_groups]
            numbers += [len(opt.state), [stage._rule for stage in opt.pipeline]]
        return [np.asarray(w).tobytes() for w in self.held], kept, repr(numbers), opt.t


@pytest.fixture(params=["numpy", "numba", "cupy"])
def trial(request):
    if request.param == "cupy":
        with emulated_cupy.installed():
            yield Trial("cupy", emulated_cupy.generated(), lambda array: array.view(emulated_cupy.ndarray))
    else:
        module = {"numpy": optimizers, "numba": compiled}[request.param]
        yield Trial(request.param, module, lambda array: array)


def staged(module, p):
    stages = [
        module.DynamicLossScale(initial_scale=2.0),
        module.Accumulate(every=2),
        module.ClipByGlobalNorm(max_norm=1.0),
        module.GaussianNoise(eta=0.1),
        module.WeightEMA(decay=0.9),
    ]
    return module.Adam(p, pipeline=stages)


def preset(library, make):
    """What `make` makes of the module of presets of a library, and of the parameters."""
    return lambda module, p: make(importlib.import_module(f"{module.__name__}.presets.{library}"), p)


def hooked(chainer, p):
    opt = chainer.Adam(p, amsgrad=True)
    opt.add_hook(chainer.WeightDecay(0.1))
    return opt


#: What is around a step of Keras.
KERAS = {"clipnorm": 1.0, "gradient_accumulation_steps": 2, "use_ema": True, "weight_decay": 0.1}
MADE = {
    "torch": preset(
        "torch",
        lambda torch, p: torch.RMSprop(
            [{"params": p["a"]}, {"params": {"b": p["b"]}, "lr": 0.1, "weight_decay": 0.2}], momentum=0.9
        ),
    ),
    "keras": preset("keras", lambda keras, p: keras.Adam(p, lambda: 0.1, **KERAS)),
    "optax": preset(
        "optax",
        lambda optax, p: optax.chain(optax.clip(1.0), optax.adamw(0.1, mask={"a": True, "b": False})).optimizer(p),
    ),
    "chainer": preset("chainer", hooked),
    "plain": lambda module, p: module.Adam(p),
    "stages": staged,
    # NAdam keeps a number for each group
    "groups": lambda module, p: module.NAdam(
        [module.Group(p["a"], lr=0.1), module.Group({"b": p["b"]}, beta1=lambda t: 0.5)]
    ),
}


def setting(**attributes):
    def do(t):
        for name, value in attributes.items():
            setattr(t.opt, name, value)

    return do


def nonsense(value):
    """A callable that is sound twice, and then returns `value`; it is called once more to see that nothing changes."""

    def do(t):
        t.opt.lr = lambda number: 0.1 if number <= t.opt.t else value
        t.opt.step(t.g())

    return do


def of(owner, name, value):
    """The hyperparameter of a stage or of a group is set, and a step is taken."""

    def do(t):
        setattr(owner(t.opt), name, value)
        t.opt.step(t.g())

    return do


def option(name, value):
    """An option of the second group of torch."""
    return lambda t: t.opt.param_groups[1].__setitem__(name, value)


def checkpoint(change):
    """What torch saves is changed and loaded."""

    def do(t):
        saved = t.opt.state_dict()
        t.opt.load_state_dict(change(saved) or saved)

    return do


def gradient(make):
    """A step with another gradient of b."""
    return lambda t: t.opt.step(t.g(b=make(t)))


def replaced(make):
    """A step after another array has taken the place of the parameter b."""

    def do(t):
        before = t.p["b"]
        t.p["b"] = make(t)
        try:
            t.opt.step(t.g())
        finally:
            t.p["b"] = before

    return do


def loading(**changed):
    return lambda t: t.opt.load_state_dict(t.saved(**{k: v(t) if callable(v) else v for k, v in changed.items()}))


def read_only(t):
    array = np.ones(2)  # on a GPU there is no such array
    array.flags.writeable = False
    return array


def masked(t):
    return np.ma.masked_array([1.0, 2.0], [True, False])


TORCH = ("torch",)
ANY, DICT = ("plain", "stages", "groups"), ("plain", "stages")
REFUSED = {
    # gradients
    "of another shape": (ANY, gradient(lambda t: t.ones(3)), "reshape it"),
    "of another dtype": (ANY, gradient(lambda t: t.ones(2, dtype=np.float32)), "use g.astype"),
    "whole numbers": (ANY, gradient(lambda t: t.ones(2, dtype=int)), r"make it one with .astype\('float64'\)"),
    "complex numbers": (ANY, gradient(lambda t: t.ones(2, dtype=complex)), "pass .real and .imag"),
    "objects": (ANY, gradient(lambda t: np.ones(2, object)), "if all are numbers|an array of NumPy"),
    "a record": (("plain",), gradient(lambda t: t.there(np.zeros(2, [("x", float)]))), "fields as arrays of their own"),
    "a mask": (ANY, gradient(masked), r"pass g.filled\(0\)|an array of NumPy"),
    "text": (ANY, gradient(lambda t: "12"), "is of type str"),
    "a number": (ANY, gradient(lambda t: 1.0), "is of type float; make it an array with"),
    "a list of numbers": (("plain",), gradient(lambda t: [1.0, 2.0]), "has no gradient"),
    "a function": (ANY, lambda t: t.opt.step(lambda: 1.0), "no function is called"),
    "a missing one": (DICT, lambda t: t.opt.step({"a": t.ones(2, 3)}), "b has no gradient; pass None"),
    "one too many": (DICT, lambda t: t.opt.step({**t.g(), "c": t.ones(2)}), "belongs to no parameter"),
    "the gradients in a list": (DICT, lambda t: t.opt.step(list(t.g().values())), "nest the gradients"),
    "one gradient for all": (("plain",), lambda t: t.opt.step(t.ones(2, 3)), "nest the gradients"),
    "the parameter itself": (ANY, gradient(lambda t: t.p["b"]), "share memory"),
    # parameters that have been replaced
    "a read-only parameter": (("plain",), replaced(read_only), "read-only|an array of NumPy"),
    "a parameter of stride 0": (
        DICT,
        replaced(lambda t: t.there(as_strided(np.ones(1), (2,), (0,)))),
        "elements that share memory",
    ),
    "a matrix": (("plain",), replaced(lambda t: np.ones(2).view(np.matrix)), "a matrix|an array of NumPy"),
    "a parameter of another shape": (DICT, replaced(lambda t: t.ones(5)), "now has shape"),
    "a parameter of another dtype": (DICT, replaced(lambda t: t.ones(2, dtype="f4")), "now has shape"),
    "a masked parameter": (("plain",), replaced(masked), "masked array|an array of NumPy"),
    # hyperparameters
    "lr below 0": (ANY, setting(lr=-1.0), "it needs lr >= 0"),
    "lr NaN": (ANY, setting(lr=math.nan), "is not allowed"),
    "lr a text": (ANY, setting(lr="0.1"), "has to be a number or a callable"),
    "lr True": (ANY, setting(lr=True), "has to be a number or a callable"),
    "no such hyperparameter": (ANY, setting(learning_rate=0.1), "lr"),
    "t": (ANY, setting(t=7), "."),
    "beta1 of a group": (("groups",), lambda t: setattr(t.opt.groups[1], "beta1", 1.0), "beta1 < 1"),
    "a stage's": (("stages",), of(lambda opt: opt.pipeline[1], "every", 0.5), "integer every >= 1"),
    # callables
    "lr is NaN in mid-run": (DICT, nonsense(math.nan), "is not allowed"),
    "lr is None in mid-run": (DICT, nonsense(None), "has to be a number"),
    "lr is negative in mid-run": (DICT, nonsense(-1), "it needs lr >= 0"),
    "lr is an array in mid-run": (DICT, nonsense(np.ones(2)), "pass one number"),
    # saved states
    "nothing saved": (ANY, lambda t: t.opt.load_state_dict({}), "is of nothing"),
    "of another rule": (ANY, lambda t: t.opt.load_state_dict({"SGD.t": 1}), "is of SGD"),
    "another format": (ANY, loading(format=np.array(7)), "format"),
    "t of half a step": (ANY, loading(t=np.array(1.5)), "whole number"),
    "t NaN": (ANY, loading(t=np.array(math.nan)), "whole number"),
    "t below 0": (ANY, loading(t=np.array(-1)), "whole number"),
    "more steps missed than were taken": (("stages",), loading(missed__b=np.array(9)), "no more than"),
    "no state": (ANY, lambda t: t.opt.load_state_dict(None), "load what state_dict"),
    "another key": (ANY, loading(z=np.array(1)), "there is no place for"),
    "lr out of its domain": (ANY, loading(lr=np.array(-1.0)), "it needs lr >= 0"),
    "a state of another shape": (DICT, loading(m__b=np.ones(3)), "shape"),
    "a state of another dtype": (DICT, loading(m__b=np.ones(2, np.float32)), "dtype"),
    "a masked state": (DICT, loading(m__b=masked), r"pass g.filled\(0\)"),
    "a list for a state": (DICT, loading(m__b=[1.0, 2.0]), "here it is an array"),
    "an array for a number": (
        ("stages",),
        loading(pipeline__1__Accumulate__count=np.ones(2)),
        "number|no place",
    ),
    # presets: torch
    "an option below 0": (TORCH, option("lr", -1), r"torch.RMSprop: lr = -1.0 is not allowed; it needs lr >= 0"),
    "an option that is text": (TORCH, option("alpha", "0.9"), "torch.RMSprop: alpha is '0.9'"),
    "the decay below 0": (TORCH, option("weight_decay", -0.5), "torch.RMSprop: weight_decay"),
    "an option of the rule": (TORCH, option("centered", True), "make another optimizer with centered=True"),
    "a misspelt option": (TORCH, option("learning_rate", 0.1), "in torch it is called lr"),
    "other params": (TORCH, option("params", []), "add_param_group"),
    "other param_groups": (TORCH, setting(param_groups=[]), "write into a group"),
    "a group is appended": (TORCH, lambda t: t.opt.param_groups.append({}), "add_param_group"),
    "a group is added twice": (
        TORCH,
        lambda t: t.opt.add_param_group({"params": [t.p["b"]]}),
        "give it once, and the sum of both gradients",
    ),
    "a group with a bad option": (
        TORCH,
        lambda t: t.opt.add_param_group({"params": [t.ones(2)], "alpha": 2}),
        "alpha",
    ),
    "a list for a group of one array": (
        TORCH,
        lambda t: t.opt.step([[t.ones(2, 3)], t.g()[1]]),
        "one array without a list",
    ),
    "more gradients than groups": (TORCH, lambda t: t.opt.step([*t.g(), t.ones(2)]), "an entry for each group"),
    "a closure": (TORCH, lambda t: t.opt.step(lambda: 1.0), "call it yourself"),
    "a checkpoint of more": (TORCH, checkpoint(lambda s: {"optimizer": s}), r"pass saved\['optimizer'\]"),
    "a checkpoint of something": (TORCH, checkpoint(lambda s: [1]), "what state_dict returned"),
    "a checkpoint without params": (TORCH, checkpoint(lambda s: s["param_groups"][0].pop("params") and None), "broken"),
    "a checkpoint of fewer groups": (TORCH, checkpoint(lambda s: s["param_groups"].pop() and None), "groups"),
    "a checkpoint with half a step": (TORCH, checkpoint(lambda s: s["state"].update({0: {"step": 1.5}})), "whole"),
    "a checkpoint with a bad option": (
        TORCH,
        checkpoint(lambda s: s["param_groups"][1].update(lr=0.5, weight_decay=-1)),
        "weight_decay",
    ),
    "a checkpoint with another shape": (
        TORCH,
        checkpoint(lambda s: s["state"].update({0: {"step": 0, "square_avg": np.ones(7)}})),
        "shape",
    ),
    "a checkpoint with a number": (
        TORCH,
        checkpoint(lambda s: s["state"].update({0: {"step": 0, "square_avg": 1.0}})),
        "it is an array",
    ),
    "a checkpoint with t of text": (TORCH, checkpoint(lambda s: s["stepsmith"].update(t="2")), "the saved t"),
    # presets: Keras
    "a name of Keras out of its domain": (("keras",), setting(beta_1=1.0), "keras.Adam: beta_1 = 1.0"),
    "clipnorm below 0": (("keras",), setting(clipnorm=-1.0), "keras.Adam: clipnorm"),
    "clipnorm is taken away": (("keras",), setting(clipnorm=None), "make it so from the start"),
    "another cycle": (("keras",), setting(gradient_accumulation_steps=3), "make it so from the start"),
    "a learning rate of text": (("keras",), setting(learning_rate="0.1"), "keras.Adam: learning_rate is '0.1'"),
    "no learning rate": (("keras",), setting(learning_rate=None), "keras.Adam: learning_rate is None"),
    "an array twice": (("keras",), lambda t: t.opt.apply([t.ones(2)] * 2, [t.p["b"]] * 2), "pass it once"),
    "one name for a list": (("keras",), lambda t: t.opt.exclude_from_weight_decay(None, "a"), r"a list: \['a'\]"),
    "no expression": (("keras",), lambda t: t.opt.exclude_from_weight_decay(None, ["("]), "no regular expression"),
    "too few gradients": (("keras",), lambda t: t.opt.apply([t.ones(2)]), "1 gradients of 2 parameters"),
    "gradients in another order": (("keras",), lambda t: t.opt.apply([t.ones(2), t.ones(2, 3)]), "shape"),
    "no gradient at all": (("keras",), lambda t: t.opt.apply([None, None]), "leave out this step"),
    "a gradient of another array": (
        ("keras",),
        lambda t: t.opt.apply_gradients([(t.ones(2), t.ones(2))]),
        "none of the parameters",
    ),
    "an array that is excluded": (("keras",), lambda t: t.opt.exclude_from_weight_decay([t.ones(2)]), "none of the"),
    # presets: Chainer, optax
    "no eta": (("chainer",), setting(eta=None), "chainer.Adam: eta is None"),
    "alpha below 0": (("chainer",), setting(alpha=-1.0), "chainer.Adam: alpha"),
    "no amsgrad any more": (("chainer",), setting(amsgrad=False), "make it so from the start"),
    "a hook that is none": (("chainer",), lambda t: t.opt.add_hook(5), "is not supported; there are WeightDecay"),
    "a hook that is not there": (("chainer",), lambda t: t.opt.remove_hook("Lasso"), "no hook Lasso"),
    "another link": (("chainer",), lambda t: t.opt.setup({}), "those that it was made of"),
    "an option of optax": (("optax",), setting(learning_rate=0.1), "lr"),
    "a hyperparameter of optax": (("optax",), setting(beta1=1.0), "beta1 < 1"),
    "a gradient in optax": (("optax",), gradient(lambda t: t.ones(3)), "reshape it"),
}


def attempts():
    return [pytest.param(kind, *line[1:], id=f"{what}, {kind}") for what, line in REFUSED.items() for kind in line[0]]


@pytest.mark.parametrize(("kind", "do", "message"), attempts())
def test_what_is_refused_changes_nothing(trial, kind, do, message):
    trial.make(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for steps in (0, 2):
            for _ in range(steps):
                trial.opt.step(trial.g())
            lr = trial.opt.lr
            before = trial.everything()
            with pytest.raises((TypeError, ValueError, AttributeError, KeyError, NotImplementedError), match=message):
                do(trial)
            trial.opt.lr = lr
            assert trial.everything() == before
        trial.opt.step(trial.g())
