"""presets.torch: what is refused, by name and with what to write, and what an error leaves as it was."""

import copy
import importlib
import types

import numpy as np
import pytest

from .test_presets_torch import BACKENDS, everything

pytestmark = pytest.mark.fast


@pytest.fixture(params=BACKENDS)
def torch(request):
    return importlib.import_module(f"stepsmith.{request.param}.presets.torch")


class Tensor:
    """What looks like a tensor of torch."""

    dtype, shape, requires_grad = "torch.float32", (2,), True

    def __init__(self, device="cpu", dtype="torch.float32"):
        self.device, self.dtype = types.SimpleNamespace(type=device), dtype


Tensor.__module__ = "torch"


class Model:
    def parameters(self):
        return iter([Tensor()])

    def __call__(self):
        return None


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda t: t.Adam([Tensor()]), TypeError, r"parameter 0 is a tensor of torch.*p\.detach\(\)\.numpy\(\)"),
        (lambda t: t.Adam(Model().parameters()), TypeError, r"gradients \[p\.grad\.numpy\(\) for p in"),
        (lambda t: t.Adam(Tensor()), TypeError, "the parameter is a tensor of torch"),
        (lambda t: t.Adam([("a", Tensor())]), TypeError, "the parameter a is a tensor"),
        (lambda t: t.Adam([{"params": [Tensor("cuda")]}]), TypeError, r"stepsmith.cupy, and pass cupy.from_dlpack"),
        (lambda t: t.Adam([Tensor(dtype="torch.bfloat16")]), TypeError, r"view\(ml_dtypes.bfloat16\)"),
        (lambda t: t.Adam(Model()), TypeError, "torch.Adam: this is a model; pass its parameters as arrays"),
        (lambda t: t.Adam(Model().parameters), TypeError, "the parameters are a function; call it"),
        (lambda t: t.Adam({1.0, 2.0}), TypeError, "a set has no order"),
        (lambda t: t.Adam({"params": [np.ones(2)], "lr": 0.1}), TypeError, r"put it into a list"),
        (lambda t: t.Adam([{"params": [np.ones(2)]}, np.ones(2)]), TypeError, "entry 1 of the list is no dict with"),
        (lambda t: t.Adam([("a", np.ones(2)), np.ones(2)]), TypeError, "some parameters have names and some"),
        (lambda t: t.Adam([("a", np.ones(2)), ("a", np.ones(2))]), ValueError, "two parameters have one name"),
        (lambda t: t.Adam([{"params": np.ones(2), "learning_rate": 1}]), TypeError, "in torch it is called lr"),
        (lambda t: t.Adam([{"params": np.ones(2), "weigth_decay": 1}]), TypeError, "called weight_decay"),
        (lambda t: t.Adam([{"params": np.ones(2), "betas": 0.9}]), ValueError, "betas = 0.9 .* needs two numbers"),
        (lambda t: t.Adam([{"params": np.ones(2), "betas": (0.9, 1)}]), ValueError, r"torch.Adam: betas\[1\] = 1.0"),
        (lambda t: t.Adam([{"params": np.ones(2), "lr": True}]), TypeError, "torch.Adam: lr is True"),
        (
            lambda t: t.Adam([{"params": np.ones(2), "amsgrad": True}, {"params": np.ones(2)}]),
            NotImplementedError,
            "torch.Adam: amsgrad cannot differ between groups; make an optimizer for",
        ),
        (
            lambda t: t.SGD([{"params": np.ones(2), "dampening": 0.1}], momentum=0.9, nesterov=True),
            ValueError,
            "requires zero dampening",
        ),
        (lambda t: t.SGD(np.ones(2), nesterov=True), ValueError, "Nesterov momentum requires a momentum"),
        (lambda t: t.SGD(np.ones(2), momentum=0.9, dampening=0.1, nesterov=True), ValueError, "zero dampening"),
        (lambda t: t.LBFGS, AttributeError, "presets.torch: LBFGS is not here; there is no line search"),
        (lambda t: t.AveragedModel, AttributeError, r"SGD\(params, pipeline=\[WeightMean\(\)\]\)"),
        (lambda t: t.sparseadam, AttributeError, "did you mean SparseAdam"),
        (lambda t: t.Adafactor, AttributeError, "take AdamW"),
        (lambda t: t.Muon, AttributeError, "take AdamW"),
        (lambda t: t.AveragedModel, AttributeError, "WeightMean"),
        (lambda t: t.GradScaler, AttributeError, r"pipeline=\[DynamicLossScale\(\)\]"),
        (lambda t: t.StepLR, AttributeError, r"torch.optim.lr_scheduler.StepLR\(opt, ...\)"),
        (lambda t: t.RMSProp, AttributeError, "did you mean RMSprop"),
        (lambda t: t.AdaGrad, AttributeError, "did you mean Adagrad"),
        (lambda t: t.adam, AttributeError, "did you mean Adam"),
        (lambda t: t.clip_grad_norm, AttributeError, r"pipeline=\[clip_grad_norm_\(1.0\)\]"),
        (lambda t: t.nothing_alike, AttributeError, "there are ASGD, Adadelta, Adagrad"),
    ],
)
def test_what_is_refused_says_what_to_write(torch, make, error, message):
    with pytest.raises(error, match=message):
        make(torch)


@pytest.mark.parametrize(
    ("do", "error", "message"),
    [
        (lambda o: o.step(), TypeError, r"torch.RMSprop: step needs the gradients.*opt.step\(grads\)"),
        (lambda o: o.step(lambda: 1.0), TypeError, r"loss = closure\(\); opt.step\(grads\)"),
        (lambda o: o.step(closure=lambda: 1.0), TypeError, r"loss = closure\(\); opt.step\(grads\)"),
        (lambda o: o.step([np.ones(2)] * 3), ValueError, "there are 3 gradients and 2 groups; pass an entry for each"),
        (lambda o: o.step([[np.ones(2)], [np.ones(3)]]), ValueError, "has shape"),
        (lambda o: o.param_groups[0].update(lr=-1), ValueError, "torch.RMSprop: lr = -1.0 is not allowed"),
        (lambda o: o.param_groups[0].update(lr="fast"), TypeError, "torch.RMSprop: lr is 'fast'; it has to be a"),
        (lambda o: o.param_groups[0].update(alpha=1.0), ValueError, "torch.RMSprop: alpha = 1.0 is not allowed"),
        (lambda o: o.param_groups[1].update(momentum=1.5), ValueError, "torch.RMSprop: momentum = 1.5 is not allowed"),
        (lambda o: o.param_groups[1].update(weight_decay=-1), ValueError, "torch.RMSprop: weight_decay = -1.0 is not"),
        (lambda o: o.param_groups[0].update(weight_decay=-1), ValueError, "torch.RMSprop: weight_decay = -1.0 is not"),
        (lambda o: o.param_groups[0].update(centered=True), NotImplementedError, "centered cannot be changed .*=True"),
        (lambda o: o.param_groups[0].update(momentum=0.5), NotImplementedError, "make the optimizer with momentum"),
        (lambda o: o.param_groups[0].update(learning_rate=1), TypeError, "in torch it is called lr"),
        (lambda o: o.param_groups[0].update(params=[]), TypeError, "write into the arrays, or add"),
        (lambda o: o.param_groups[0].pop("lr"), TypeError, "lr cannot be deleted"),
        (lambda o: setattr(o, "lr", -1), ValueError, "torch.RMSprop: lr = -1.0 is not allowed"),
        (lambda o: setattr(o, "param_groups", []), AttributeError, r'opt.param_groups\[0\]\["lr"\] = 1e-4'),
        (lambda o: setattr(o, "state", {}), AttributeError, "load_state_dict"),
        (lambda o: o.add_param_group([np.ones(2)]), TypeError, "a param group is a dict with params"),
        (lambda o: o.add_param_group({"params": [np.ones(2)], "lr": -1}), ValueError, "torch.RMSprop: lr = -1.0"),
        (lambda o: o.add_param_group({"params": [np.ones(2)], "weight_decay": -1}), ValueError, "weight_decay = -1.0"),
        (lambda o: o.add_param_group({"params": [np.ones(2)], "betas": (1, 2), "eps": -1}), ValueError, "eps = -1.0"),
        (lambda o: o.add_param_group({"params": [np.ones(2)], "centered": True}), NotImplementedError, "differ"),
        (lambda o: o.add_param_group({"params": [o.param_groups[0]["params"][0]]}), ValueError, "share memory"),
        (lambda o: o.add_param_group({"params": [np.ones(2, int)], "momentum": 0.4}), TypeError, "int64"),
        (lambda o: o.load_state_dict(changed(o, lambda s: s["param_groups"].pop())), ValueError, "groups of"),
        (lambda o: o.load_state_dict(changed(o, lambda s: s["param_groups"][1].update(lr=-1))), ValueError, "lr = -1"),
        (lambda o: o.load_state_dict(changed(o, lambda s: s["state"][0].pop("step"))), ValueError, "without a step"),
        (lambda o: o.load_state_dict(changed(o, lambda s: s["state"][0].update(step=0.5))), ValueError, "step 0.5"),
        (lambda o: o.load_state_dict(changed(o, lambda s: s["state"][0].update(step=99))), ValueError, "more steps"),
        (
            lambda o: o.load_state_dict(changed(o, lambda s: s["state"][1].pop("square_avg"))),
            ValueError,
            "torch.RMSprop: parameter 1 was saved without square_avg",
        ),
        (
            lambda o: o.load_state_dict(changed(o, lambda s: s["state"][1].update(square_avg=np.ones(5)))),
            ValueError,
            r"square_avg of parameter 1 was saved with shape \(5,\), here it has \(2,\)",
        ),
        (lambda o: o.load_state_dict(changed(o, lambda s: s["state"][1].update(exp_avg=1))), ValueError, "exp_avg"),
        (lambda o: o.load_state_dict(changed(o, lambda s: s["state"].update({7: {}}))), ValueError, "a state of 7"),
        (lambda o: o.load_state_dict(changed(o, lambda s: s["stepsmith"].update(format=9))), ValueError, "format"),
        (lambda o: o.load_state_dict(changed(o, lambda s: s["stepsmith"].update(other=9))), ValueError, "other"),
        (
            lambda o: o.load_state_dict(changed(o, lambda s: s["param_groups"][0].update(centered=True))),
            NotImplementedError,
            "centered",
        ),
        (lambda o: o.load_state_dict({}), ValueError, "this is no saved state of it, but has nothing"),
    ],
)
@pytest.mark.parametrize("backend", BACKENDS)
def test_after_an_error_all_is_as_it_was(backend, do, error, message):
    torch = importlib.import_module(f"stepsmith.{backend}.presets.torch")
    mean = importlib.import_module(f"stepsmith.{backend}").WeightMean()
    params = [{"params": [np.ones(2)]}, {"params": [np.ones(2)], "weight_decay": 0.1, "momentum": 0.5}]
    opt = torch.RMSprop(params, pipeline=[mean])
    for _ in range(3):
        opt.step([[np.ones(2)], [np.ones(2)]])
    before, twin = everything(opt), copy.deepcopy(opt)
    with pytest.raises(error, match=message):
        do(opt)
    assert everything(opt) == before
    for one in (opt, twin):
        one.step([[np.full(2, 0.5)], [np.ones(2)]])
    assert everything(opt) == everything(twin)


def changed(opt, change) -> dict:
    """A checkpoint of `opt` that has been changed."""
    saved = copy.deepcopy(opt.state_dict())
    change(saved)
    return saved
