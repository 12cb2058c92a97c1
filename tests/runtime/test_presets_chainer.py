"""What a configuration of chainer.optimizers does here, beside Chainer's formulas, worked out by hand."""

import copy
import importlib
import pickle
import types

import numpy as np
import pytest

from stepsmith.numpy.presets import chainer

GRADIENTS = np.random.default_rng(0).normal(size=(30, 3))


@pytest.mark.fast
@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_a_missing_gradient_is_one_of_zeros(backend):
    presets = importlib.import_module(f"stepsmith.{backend}.presets.chainer")
    for name in ("MomentumSGD", "Adam", "RMSpropGraves", "SMORMS3"):
        runs = []
        for missing in (None, np.zeros(2)):
            w = {"a": np.ones(2), "b": np.ones(2)}
            opt = getattr(presets, name)(w)
            opt.add_hook(presets.WeightDecay(0.1))
            for t in range(6):
                opt.step({"a": np.ones(2), "b": np.ones(2) if t == 0 else missing})
            runs.append([*w.values(), opt.t])
        assert all(np.array_equal(a, b) for a, b in zip(*runs, strict=True))


def test_momentum_goes_on_without_a_gradient():
    w = {"a": np.zeros(1), "b": np.zeros(1)}
    opt = chainer.MomentumSGD(w, lr=1.0, momentum=0.5)
    opt.step({"a": np.ones(1), "b": np.ones(1)})
    opt.step({"a": np.ones(1), "b": None})
    assert (w["a"][0], w["b"][0]) == (-2.5, -1.5)


@pytest.mark.fast
def test_hooks_run_in_the_order_in_which_they_are_added():
    def run(*hooks):
        w = np.array([3.0, 4.0])
        opt = chainer.SGD(w, lr=1.0).setup(w)
        for hook in hooks:
            opt.add_hook(hook)
        opt.step(np.array([3.0, 4.0]))
        return w.tolist()

    decay, clipping, hard = chainer.WeightDecay, chainer.GradientClipping, chainer.GradientHardClipping
    assert run(decay(1.0), clipping(5.0)) == pytest.approx([0, 0])  # g = 2 w, clipped to length 5
    assert run(clipping(2.5), decay(1.0)) == pytest.approx([-1.5, -2])  # g = w / 2 + w
    assert run(hard(-1.0, 1.0)) == [2, 3]
    theirs = (
        types.SimpleNamespace(name="WeightDecay", rate=1.0),
        types.SimpleNamespace(name="GradientClipping", threshold=5.0),
    )
    assert run(*theirs) == pytest.approx([0, 0])


def test_hooks_are_added_and_removed_in_the_middle_of_a_run():
    w = np.array([1.0])
    opt = chainer.MomentumSGD(w, lr=1.0, momentum=0.0)
    opt.step(np.zeros(1))
    opt.add_hook(chainer.WeightDecay(0.5))
    opt.step(np.zeros(1))
    opt.remove_hook("WeightDecay")
    opt.step(np.zeros(1))
    assert (w[0], opt.t) == (0.5, 3)
    with pytest.raises(KeyError, match=r"chainer.MomentumSGD has no hook Lasso; there are none"):
        opt.remove_hook("Lasso")


@pytest.mark.parametrize("name", ["Adam", "AdamW", "AMSGrad", "AdaBound", "AMSBound"])
@pytest.mark.parametrize("eta", [1.0, 0.5])
def test_alpha_and_eta_are_set_between_two_steps(name, eta):
    """Chainer's Adam steps by eta * (alpha_t * m / (sqrt(v) + eps) + weight_decay_rate * w), with the values of now."""
    options = {"weight_decay_rate": 0.1} if name == "AdamW" else {}
    w, expected = np.ones(3), np.ones(3)
    opt = getattr(chainer, name)(w, alpha=0.1, eta=eta, **options)
    m, v, v_max, alpha, rate = np.zeros(3), np.zeros(3), np.zeros(3), 0.1, options.get("weight_decay_rate", 0.0)
    for t, g in enumerate(GRADIENTS, start=1):
        if t == 10:
            opt.alpha = alpha = 0.025
        if t == 15:
            opt.eta = eta = 2.0
        if t == 20 and options:
            opt.weight_decay_rate = rate = 0.2
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        v_max = np.maximum(v_max, v)
        second = np.sqrt(v_max if name.startswith("AMS") else v) + 1e-8
        rates = alpha * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) / second
        if name.endswith("Bound"):
            final = 0.1 * alpha / 0.1
            rates = np.clip(rates, final * (1 - 1 / (1e-3 * t + 1)), final * (1 + 1 / (1e-3 * t)))
        expected -= eta * (rates * m + rate * expected)
        opt.step(g)
        np.testing.assert_allclose(w, expected, rtol=1e-11)
    assert (opt.alpha, opt.eta) == (0.025, 2.0)
    for other in (copy.deepcopy(opt), pickle.loads(pickle.dumps(opt))):
        assert (other.alpha, other.eta, other.t) == (0.025, 2.0, 30)


def test_a_rate_is_set_by_the_name_that_chainer_has_for_it():
    for name, options in {"SGD": ["lr"], "MomentumSGD": ["lr", "momentum"], "RMSprop": ["alpha", "eps"]}.items():
        opt = getattr(chainer, name)(np.ones(1))
        for option in options:
            setattr(opt, option, 0.125)
            assert getattr(opt, option) == 0.125
    assert opt.rho == 0.125


REFUSED = [
    (lambda w, o: chainer.Adam(0.1), r"chainer.Adam: 0.1 is in .*; they come first here: chainer.Adam\(params, 0.1\)"),
    (lambda w, o: chainer.Adam(alpha=0.1), r"the parameters are missing; .*: chainer.Adam\(params, alpha=0.1\)"),
    (lambda w, o: chainer.Adam(w, lr=0.1), "unexpected keyword argument 'lr'; did you mean alpha?"),
    (lambda w, o: chainer.SGD(w, alpha=0.1), "unexpected keyword argument 'alpha'; did you mean lr?"),
    (lambda w, o: chainer.Adam(w, eta=-1.0), "eta = -1.0 is not allowed; it needs eta >= 0"),
    (lambda w, o: chainer.AdaGrd(w), "chainer has no AdaGrd; did you mean AdaGrad?"),
    (lambda w, o: chainer.WeightDecay(-1.0), "chainer.WeightDecay: rate = -1.0 is not allowed; it needs rate >= 0"),
    (lambda w, o: chainer.GradientHardClipping(0.0, 1.0), "bounds of one size, such as -1.0 and 1.0"),
    (
        lambda w, o: o.add_hook(types.SimpleNamespace(name="Lasso", rate=1.0)),
        "the hook 'Lasso' is not supported; ",
    ),
    (lambda w, o: o.setup(np.ones(2)), r"its parameters are those that it was made of; write chainer.Adam\(params\)"),
    (
        lambda w, o: o.update(),
        r"chainer.Adam has no update; take the gradients .* opt.step\(grads\)",
    ),
    (lambda w, o: setattr(o, "alpha", -1.0), "chainer.Adam: alpha = -1.0 is not allowed; it needs"),
    (lambda w, o: setattr(o, "eta", -1.0), "chainer.Adam: eta = -1.0 is not allowed; it needs eta >= 0"),
    (lambda w, o: setattr(o, "amsgrad", True), "amsgrad is False and cannot become True any more; make it so from the"),
    (
        lambda w, o: setattr(o, "weight_decay_rate", 0.1),
        r"from the start: chainer.Adam\(params, weight_decay_rate=",
    ),
    (lambda w, o: setattr(o, "rate", 0.1), "no hyperparameter rate"),
]


@pytest.mark.fast
@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_what_is_refused_changes_nothing(call, message):
    w = np.ones(2)
    opt = chainer.Adam(w, eta=0.5)
    opt.step(np.ones(2))
    before, weights = opt.state_dict(), w.copy()
    with pytest.raises((TypeError, ValueError, NotImplementedError, AttributeError), match=message):
        call(w, opt)
    assert {k: v.tobytes() for k, v in opt.state_dict().items()} == {k: v.tobytes() for k, v in before.items()}
    assert (w == weights).all()
    assert chainer.optimizers.Adam is chainer.Adam
