"""The presets against what torch, Keras and optax computed (record_trajectories.py recorded it)."""

import collections
import importlib
import inspect
import json
import operator
import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stepsmith.codegen.backends import those_in_place
from stepsmith.codegen.load import ROOT

RECORDED = json.loads((Path(__file__).parent / "trajectories.json").read_text())
GRADIENTS = np.array(RECORDED["gradients"], dtype=np.float64)
#: How many of the recorded runs the presets cover, so that none is lost unseen.
COVERED = {"torch": 90, "keras": 92, "optax": 120}

#: Runs of which the preset is deliberately another rule: optax's rprop takes the step of the gradient before,
#: its yogi starts the moments at 1e-6 and corrects them as if they had started at 0.
NOT_IMITATED = {("optax", "rprop"), ("optax", "yogi")}


LIBRARIES = ("torch", "keras", "optax", "chainer")
BACKENDS_HERE = ("numpy", "numba")


def presets(library: str, backend: str = "numpy"):
    return importlib.import_module(f"stepsmith.{backend}.presets.{library}")


EVERY = [
    (library, name)
    for library in LIBRARIES
    for name, preset in vars(presets(library)).items()
    if inspect.isfunction(preset) and "params" in inspect.signature(preset).parameters and not name.startswith("_")
]


def trajectory(run: dict) -> np.ndarray | None:
    """The weights after each recorded step as the preset computes them; None if it refuses the options.

    With a recorded average, that of the weights stands beside them.
    """
    presets = importlib.import_module(f"stepsmith.numpy.presets.{run['library']}")
    try:
        preset = operator.attrgetter(run["optimizer"])(presets)
    except AttributeError:
        return None
    arguments = dict(run["arguments"])
    if "clip_grad_norm" in run:
        arguments["pipeline"] = [presets.clip_grad_norm_(**run["clip_grad_norm"])]
    if "lr" in run:
        rates = run["lr"]
        first = 1 if run["library"] == "torch" else 0  # what the library calls with in the first step
        arguments["lr" if run["library"] == "torch" else "learning_rate"] = lambda t: rates[t - first]
    w = np.array(RECORDED["start"], dtype=np.float64)
    try:
        if "inside" in run:
            inside = getattr(presets, run["inside"]["optimizer"])(**run["inside"]["arguments"])
            opt = preset(inside, **arguments).optimizer(w)
        else:
            opt = preset(w, **arguments)
    except NotImplementedError:
        return None
    history = {}
    for t, g in enumerate(GRADIENTS, start=1):
        opt.step(g)
        history[t] = np.hstack([w, opt.pipeline[-1].state("average")[""]]) if "average" in run else w.copy()
    return np.array([history[t] for t in RECORDED["recorded_steps"]])


def test_every_recorded_run_is_covered():
    assert [described(run) for run in RECORDED["runs"] if trajectory(run) is None] == []


def described(run: dict) -> str:
    options = ", ".join(f"{k}={v}" for k, v in run["arguments"].items())
    return f"{run['library']}.{run['optimizer']}({options}){' around ' + str(run['inside']) if 'inside' in run else ''}"


def test_recorded_trajectories_are_reproduced(shown):
    worst: dict[tuple[str, str], float] = collections.defaultdict(float)
    covered: collections.Counter[str] = collections.Counter()
    for run in RECORDED["runs"]:
        name = (run["library"], run["optimizer"])
        found = None if name in NOT_IMITATED else trajectory(run)
        if found is None:
            continue
        covered[run["library"]] += 1
        expected = np.array([[float(x) for x in row] for row in run["w"]])
        start = np.array(RECORDED["start"])
        if "average" in run:
            expected, start = np.hstack([expected, run["average"]]), np.hstack([start, start])
        np.testing.assert_array_equal(np.isnan(found), np.isnan(expected), err_msg=described(run))
        scale = np.maximum(np.nanmax(np.abs(expected), axis=0, initial=0), np.abs(start))
        error = np.nanmax(np.abs(found - expected) / scale)
        worst[name] = max(worst[name], error)
        assert error <= 1e-12, (described(run), error)
    lines = ["worst relative difference to the recorded trajectories, 60 steps in float64:"]
    lines += [f"  {library:6} {optimizer:9} {error:.1e}" for (library, optimizer), error in sorted(worst.items())]
    shown("\n".join(lines))
    assert dict(covered) == COVERED


def test_a_library_bug_is_not_imitated():
    """optax.rprop steps by the gradient before; the preset's trajectory is that of torch with the same options."""
    runs = {(r["library"], r["optimizer"], json.dumps(r["arguments"])): r for r in RECORDED["runs"]}
    theirs = np.array(runs["optax", "rprop", '{"learning_rate": 0.01}']["w"])
    torch = np.array(runs["torch", "Rprop", "{}"]["w"])
    ours = trajectory(runs["optax", "rprop", '{"learning_rate": 0.01}'])
    np.testing.assert_allclose(ours, torch, rtol=1e-12)
    assert np.abs(ours - theirs).max() > 1e-3
    np.testing.assert_array_equal(theirs[0], RECORDED["start"])  # their first step is none


def test_a_yogi_that_moves_without_a_gradient_is_not_imitated():
    """Element 1 has gradients of zero for five steps: there optax's yogi moves, and the preset does not. Elements
    with gradients of normal size and larger hardly feel where the moments started."""
    run = next(r for r in RECORDED["runs"] if (r["optimizer"], r["arguments"]) == ("yogi", {"learning_rate": 0.01}))
    theirs, ours, start = np.array(run["w"]), trajectory(run), RECORDED["start"]
    at = RECORDED["recorded_steps"].index(5)
    assert (ours[: at + 1, 1] == start[1]).all()
    # m_hat / (sqrt(v_hat) + eps) of the first step, with moments of 1e-6 that only fade
    m, v, moved = 1e-6, 1e-6, 0.0
    for t in range(1, 6):
        m *= 0.9
        moved += 0.01 * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-3)
    assert start[1] - theirs[at, 1] == pytest.approx(moved, rel=1e-9)
    np.testing.assert_allclose(ours[:, [0, 4, 5]], theirs[:, [0, 4, 5]], rtol=1e-2)
    np.testing.assert_allclose(ours[:, 3], theirs[:, 3], rtol=1e-10)


@pytest.mark.fast
@pytest.mark.parametrize(
    ("library", "name", "options", "message"),
    [
        ("optax", "adam", {"learning_rate": 0.1, "mu_dtype": "bfloat16"}, "optax.adam: mu_dtype='bfloat16'"),
        ("optax", "adadelta", {}, "learning_rate=None goes uphill in optax"),
        ("optax", "radam", {"learning_rate": 0.1, "threshold": 4.0, "nesterov": True}, "keep threshold=5.0"),
        ("optax", "nadam", {"learning_rate": 0.1, "eps_root": 1e-4}, "eps_root=0.0001"),
        ("optax", "amsgrad", {"learning_rate": 1, "eps_root": 0.1, "bias_correction_mu": False}, "eps_root=0.1"),
        ("optax", "rmsprop", {"learning_rate": 1, "bias_correction": True, "centered": True}, "centered=True"),
        ("optax", "rmsprop", {"learning_rate": 1, "eps_in_sqrt": False, "initial_scale": 1.0}, "initial_scale=1.0"),
        ("chainer", "Adam", {"weight_decay_rate": 0.1, "amsgrad": True}, "amsgrad=True"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(library, name, options, message):
    preset = getattr(importlib.import_module(f"stepsmith.numpy.presets.{library}"), name)
    with pytest.raises(NotImplementedError, match=message):
        preset(np.ones(2), **options)


def test_an_unknown_option_is_an_error():
    from stepsmith.numpy.presets import keras

    with pytest.raises(TypeError, match="unexpected keyword argument 'lr'"):
        keras.Adam(np.ones(2), lr=0.1)


def test_chainer_defaults():
    from stepsmith.numpy.presets import chainer

    assert (
        repr(chainer.Adam(np.ones(1)))
        == "<AdamEpsHat(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-08) of 1 array, 1 element, after 0 steps>"
    )
    assert (
        repr(chainer.AdaDelta(np.ones(1)))
        == "<Adadelta(lr=1.0, rho=0.95, eps=1e-06) of 1 array, 1 element, after 0 steps>"
    )
    adamw = chainer.AdamW(np.ones(1), alpha=0.1, eta=0.5, weight_decay_rate=0.01)
    assert (adamw.lr, adamw.weight_decay) == (0.05, 0.005)
    bound = chainer.AMSBound(np.ones(1), alpha=lambda t: 1 / t, eta=0.5)
    assert (bound.lr(2), bound.final_lr(1), bound.final_lr(2)) == (0.25, 0.05, 0.025)
    adabound = "<AdaBound(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-08, final_lr=0.1, gamma=0.001)"
    adabound += " of 1 array, 1 element, after 0 steps>"
    assert sorted(repr(chainer.Adam(np.ones(1), adabound=True))) == sorted(adabound)
    assert repr(chainer.SMORMS3(np.ones(1))) == "<SMORMS3(lr=0.001, eps=1e-16) of 1 array, 1 element, after 0 steps>"
    assert chainer.AMSGrad(np.ones(1), alpha=lambda t: 1 / t, eta=0.5).lr(2) == 0.25
    graves = "<RMSpropGraves(lr=0.0001, momentum=0.9, rho=0.95, eps=0.0001) of 1 array, 1 element, after 0 steps>"
    assert sorted(repr(chainer.RMSpropGraves(np.ones(1)))) == sorted(graves)


@pytest.mark.fast
def test_chainers_rules_step_as_its_formulas_do():
    """Of Chainer no runs are recorded; these are the formulas of its update rules, on the recorded gradients."""
    from stepsmith.numpy.presets import chainer

    start = np.array(RECORDED["start"])
    eta, alpha, b1, b2, rate, eps = 0.5, 0.1, 0.9, 0.999, 0.01, 1e-8
    names = ("AdamW", "AMSGrad", "AdaBound", "AMSBound", "SMORMS3", "MSVAG")
    w, ours = ({n: start.copy() for n in names} for _ in range(2))
    opts = {
        "AdamW": chainer.AdamW(ours["AdamW"], alpha, eta=eta, weight_decay_rate=rate),
        "AMSGrad": chainer.AMSGrad(ours["AMSGrad"], alpha, eta=eta),
        "AdaBound": chainer.AdaBound(ours["AdaBound"], alpha, eta=eta),
        "AMSBound": chainer.AMSBound(ours["AMSBound"], alpha, eta=eta),
        "SMORMS3": chainer.SMORMS3(ours["SMORMS3"], 0.1),
        "MSVAG": chainer.MSVAG(ours["MSVAG"], alpha, b1, eta, rate),
    }
    m, v, v_max, a, s, square = (np.zeros(6) for _ in range(6))
    memory = np.ones(6)
    for t, g in enumerate(GRADIENTS, start=1):
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
        v_max = np.maximum(v_max, v)
        alpha_t = alpha * np.sqrt(1 - b2**t) / (1 - b1**t)
        bounds = 0.1 * (1 - 1 / (1e-3 * t + 1)), 0.1 * (1 + 1 / (1e-3 * t))
        w["AdamW"] -= eta * (alpha_t * m / (np.sqrt(v) + eps) + rate * w["AdamW"])
        w["AMSGrad"] -= eta * alpha_t * m / (np.sqrt(v_max) + eps)
        w["AdaBound"] -= eta * np.clip(alpha_t / (np.sqrt(v) + eps), *bounds) * m
        w["AMSBound"] -= eta * np.clip(alpha_t / (np.sqrt(v_max) + eps), *bounds) * m
        r = 1 / (memory + 1)
        a, s = (1 - r) * a + r * g, (1 - r) * s + r * g**2
        x = a**2 / (s + 1e-16)
        w["SMORMS3"] -= g * np.minimum(x, 0.1) / (np.sqrt(s) + 1e-16)
        memory = 1 + memory * (1 - x)
        square = b1 * square + (1 - b1) * g**2
        mean, second, power = m / (1 - b1**t), square / (1 - b1**t), b1**t
        rho = min((1 - b1) ** 2 * (1 - power**2) / ((1 - power) ** 2 * (1 - b1**2)), 0.9999)
        among = mean**2 + rho * (second - mean**2) / (1 - rho)
        share = np.clip(np.divide(mean**2, among, out=np.zeros(6), where=among != 0), 0, 1)
        w["MSVAG"] -= eta * (alpha * mean * share + rate * w["MSVAG"])
        for name, opt in opts.items():
            opt.step(g)
            np.testing.assert_allclose(ours[name], w[name], rtol=1e-11, atol=1e-15, err_msg=f"{name} at t = {t}")


@pytest.mark.parametrize("library", LIBRARIES)
def test_presets_stand_once_and_take_the_rules_of_the_backend_that_they_are_imported_from(library):
    of_numpy, of_numba = presets(library), presets(library, "numba")
    assert of_numpy.__file__ == of_numba.__file__ == str(ROOT / "generated" / "_presets" / f"{library}.py")
    name = "sgd" if library == "optax" else "SGD"
    for module, root in ((of_numpy, "stepsmith.numpy"), (of_numba, "stepsmith.numba")):
        preset = getattr(module, name)
        assert (preset.__module__, preset.__doc__) == (f"{root}.presets.{library}", getattr(of_numpy, name).__doc__)
        assert pickle.loads(pickle.dumps(preset)) is preset
        assert f"{root}.sgd" in {base.__module__ for base in type(preset(np.ones(2), 0.1)).__mro__}


def test_type_checkers_see_every_preset():
    for library, name in EVERY:
        for backend in those_in_place():
            text = (ROOT / "generated" / backend / "presets" / f"{library}.pyi").read_text()
            text = re.sub(r"import \(\s+(.*?),?\s+\)", r"import \1", text)  # a long line is wrapped
            assert f"from ..._presets.{library} import {name} as {name}\n" in text


def test_presets_need_no_sympy():
    code = "import sys; from generated.numpy.presets import torch, keras, optax, chainer; print('sympy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_what_a_library_refuses_is_refused():
    from stepsmith.numpy.presets import keras, torch

    with pytest.raises(ValueError, match="only one of clipnorm, clipvalue and global_clipnorm can be set"):
        keras.Adam(np.ones(1), clipnorm=1.0, clipvalue=1.0)
    with pytest.raises(NotImplementedError, match=r"norm_type=3.0 is not supported; take 1, 2 or inf"):
        torch.clip_grad_norm_(1.0, norm_type=3.0)


@pytest.mark.parametrize("mask", [{"a": True, "b": [False]}, lambda path, w: path == "a"])
def test_a_mask_of_optax(mask):
    from stepsmith.numpy.presets import optax

    for preset in (optax.adamw, optax.nadamw, optax.adamaxw, optax.lion, optax.adadelta):
        w = {"a": np.ones(1), "b": [np.ones(1)]}
        name = "weight_decay_mask" if preset is optax.adadelta else "mask"
        opt = preset(w, learning_rate=1.0, weight_decay=0.5, **{name: mask})
        opt.step({"a": np.zeros(1), "b": [np.zeros(1)]})
        assert w["a"] < 1, preset.__name__
        assert w["b"][0] == 1, preset.__name__


def arguments(preset, value) -> dict[str, dict]:
    """For each argument that is a number: a call that has only this one wrong."""
    found = {}
    parameters = inspect.signature(preset).parameters
    required = {name: 0.1 for name, p in parameters.items() if p.default is p.empty and name != "params"}
    for name, parameter in parameters.items():
        if str(parameter.annotation).startswith(("float", "int")) or name in ("lr", "learning_rate", "alpha"):
            found[name] = {**required, name: value}
        elif str(parameter.annotation).startswith("tuple[float"):
            found |= {f"{name}[{k}]": {**required, name: _with(parameter.default, k, value)} for k in (0, 1)}
    return found


def _with(pair: tuple, place: int, value) -> tuple:
    return tuple(value if k == place else entry for k, entry in enumerate(pair))


@pytest.mark.parametrize("backend", BACKENDS_HERE)
@pytest.mark.parametrize("wrong", [True, False, np.True_, "0.1"])
def test_what_is_no_number_is_refused_by_the_name_that_the_user_wrote(wrong, backend):
    for library, name in EVERY:
        preset = getattr(presets(library, backend), name)
        for argument, call in arguments(preset, wrong).items():
            with pytest.raises(TypeError, match=rf"^{library}\.\w+: {re.escape(argument)} is "):
                preset(np.zeros(2), **call)


@pytest.mark.parametrize(("library", "name"), EVERY)
def test_a_number_that_is_not_allowed_is_named_as_the_user_wrote_it(library, name):
    """Where -1 is refused at all, the message speaks of the argument, and of no name that the library does not have."""
    preset = getattr(presets(library), name)
    known = inspect.signature(preset).parameters
    for argument, call in arguments(preset, -1.0).items():
        told = refusal(preset, call)
        if told and "Nesterov momentum requires" not in told:
            assert told.startswith(f"{library}.")
            assert told.partition(": ")[2].startswith(f"{argument} = -1.0 is not allowed; it needs ")
            assert set(re.findall(r"[a-z_][a-z_0-9]*(?=\[| [<>=])", told)) <= known.keys()


def refusal(preset, call: dict) -> str:
    """What is said of a number that is not allowed; nothing if it is."""
    try:
        preset(np.zeros(2), **call)
    except ValueError as error:
        return str(error)
    except NotImplementedError:  # an option that there is no rule for
        return ""
    return ""


@pytest.mark.fast
@pytest.mark.parametrize(
    ("library", "call", "message"),
    [
        ("keras", lambda k, w: k.SGD(w, momentum=True), "keras.SGD: momentum is True; it has to be a number"),
        ("keras", lambda k, w: k.SGD(w, 0.1, True), "keras.SGD: momentum is True"),
        (
            "keras",
            lambda k, w: k.SGD(w, momentum=2),
            r"keras.SGD: momentum = 2.0 is not allowed; it needs 0 <= momentum",
        ),
        ("keras", lambda k, w: k.Adam(w, clipnorm=-1), "keras.Adam: clipnorm = -1.0 is not allowed; it needs clipnorm"),
        (
            "torch",
            lambda k, w: k.SGD(w, momentum=1.5),
            "torch.SGD: momentum = 1.5 is not allowed; it needs 0 <= momentum",
        ),
        ("torch", lambda k, w: k.Adam(w, betas=(0.9,)), r"torch.Adam: betas = \(0.9,\) is not allowed; it needs two"),
        ("torch", lambda k, w: k.AdamW(w, betas=0.9), "torch.AdamW: betas = 0.9 is not allowed; it needs two numbers"),
        ("torch", lambda k, w: k.Rprop(w, etas=None), "torch.Rprop: etas = None is not allowed; it needs two numbers"),
        ("torch", lambda k, w: k.Adam(w, betas=(0.9, 1)), r"torch.Adam: betas\[1\] = 1.0 .* needs 0 <= betas\[1\] < 1"),
        ("optax", lambda k, w: k.sgd(w, 0.1, True), "optax.sgd: momentum is True"),
        ("optax", lambda k, w: k.adam(w, 0.1, b1=2), "optax.adam: b1 = 2.0 is not allowed; it needs 0 <= b1 < 1"),
        ("chainer", lambda k, w: k.Adam(w, alpha=-1), "chainer.Adam: alpha = -1.0 is not allowed; it needs alpha >= 0"),
        ("keras", lambda k, w: k.Adam(w, lr=1), "keras.Adam got an unexpected .* 'lr'; did you mean learning_rate?"),
        ("chainer", lambda k, w: k.Adam(w, learning_rate=1), "chainer.Adam got an .* 'learning_rate'; .* mean alpha?"),
        (
            "optax",
            lambda k, w: k.adam(w, 0.1, betas=(0.9, 0.99)),
            "optax.adam got .* 'betas'; did you mean b1 and b2?",
        ),
        ("keras", lambda k, w: k.Adam(1e-3, 0.8), r"keras.Adam: 0.001 is in .*: keras.Adam\(params, 0.001, 0.8\)"),
        ("optax", lambda k, w: k.sgd(w), "optax.sgd: missing a required argument: 'learning_rate'"),
        ("keras", lambda k, w: k.Lion(w, 0.1, learning_rate=0.1), "keras.Lion: multiple values for argument"),
    ],
)
def test_errors_name_what_the_user_wrote(library, call, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        call(presets(library), np.zeros(2))


def test_natively_true_is_no_number_either():
    from stepsmith.numpy import HeavyBall

    with pytest.raises(TypeError, match="HeavyBall: rho is True; it has to be a number"):
        HeavyBall(np.zeros(2), rho=True)
