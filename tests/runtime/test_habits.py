"""What is called as another library calls it is told what to write here, and that works."""

import re
import sys
from types import ModuleType

import numpy as np
import pytest

from stepsmith import numpy as module
from stepsmith import plateau, restarts, schedules, stopping
from stepsmith._runtime.habits import ATTRIBUTES, CLASSES, ELSEWHERE, OPTIONS, SYNONYMS
from stepsmith._runtime.hints import submodule
from stepsmith._runtime.optimizer import Optimizer
from stepsmith._runtime.pipeline import Stage
from stepsmith.keeping import KeepBest
from stepsmith.numpy import SGD, Adam, BatchNormTorch, ClipByGlobalNorm, ClipByNorm, Group, WeightEMA
from tests.conftest import STEPPED

pytestmark = pytest.mark.fast

RULES = [getattr(module, entry.name) for entry in STEPPED]
STAGES = [one for name in module.__all__ if isinstance(one := getattr(module, name), type) and issubclass(one, Stage)]
OTHERS = [getattr(m, name) for m in (schedules, plateau, restarts, stopping) for name in m.__all__]
WORDS = sorted(
    {word for words in [*SYNONYMS.values(), *(row[0] for row in ELSEWHERE), *OPTIONS] for word in words.split()}
)
CODE = re.compile(r"\w+=\[\w+\(.*?\)\]|\w+\(.*?\)|\w+=[^ ,]+(?:, beta2=[^ ,]+)?")


def names():
    return {**{name: getattr(module, name) for name in module.__all__}, "params": np.ones(2), "np": np}


def works(cls, code):
    """Whether what is to be written for an option can be written."""
    inside = code if re.match(r"\w+\(", code) and not re.match(r"\w+=", code) else None
    first = {"optimizer": "params, ", "layer": "3, "}.get(cls._what, "")
    text = inside or f"{cls.__name__}({first}{code})"
    scope = names() | {cls.__name__: cls}
    if re.search("(where|pipeline|channels|master_weights)=0.5", text):  # no number
        return True
    for value in (None, "1", "2", "0.01", "1.5"):  # one that is in the domain
        try:
            eval(text if value is None else text.replace("0.5", value), scope)
        except (ValueError, TypeError):
            continue
        return True
    return False


@pytest.mark.parametrize("cls", [*RULES, *STAGES, *OTHERS, BatchNormTorch], ids=lambda cls: cls.__name__)
def test_every_option_of_another_library_is_answered_with_what_works(cls):
    first = {"optimizer": (np.ones(2),), "layer": (3,)}.get(cls._what, ())
    for word in WORDS:
        if word in cls.__init__.__code__.co_varnames:
            continue
        with pytest.raises(TypeError, match=f"{cls.__name__} takes no {word}; ") as caught:
            cls(*first, **{word: 0.5})
        _, _, answer = str(caught.value).partition("; ")
        if not answer.startswith("write "):
            continue
        codes = CODE.findall(answer)
        assert codes, answer
        for code in codes:
            assert works(cls, code), (word, answer, code)


def messages():
    ema, clip, best = WeightEMA(decay=0.5), ClipByNorm(max_norm=1.0), stopping.EarlyStopping()
    w = np.ones(2)
    return {
        "betas": (lambda: Adam(w, betas=(0.8, 0.99)), "Adam takes no betas; write beta1=0.8, beta2=0.99"),
        "learning_rate": (lambda: Adam(w, learning_rate=0.5), "write lr=0.5"),
        "alpha": (lambda: SGD(w, alpha=0.5), "write lr=0.5"),
        "alpha of RMSprop": (lambda: module.RMSprop(w, alpha=0.5), "write rho=0.5"),
        "rho of Adam": (lambda: Adam(w, rho=0.5), "write beta2=0.5"),
        "momentum of SGD": (lambda: SGD(w, momentum=0.9), r"write MomentumBuffer\(params, mu=0.9\)"),
        "momentum of HeavyBall": (lambda: module.HeavyBall(w, momentum=0.9), "write rho=0.9"),
        "momentum of RMSprop": (
            lambda: module.RMSprop(w, momentum=0.9),
            r"write RMSpropMomentum\(params, momentum=0.9\)",
        ),
        "weight_decay": (
            lambda: Adam(w, weight_decay=0.1),
            r"write AdamW\(params, weight_decay=0.1\) for decay beside the gradient, "
            r"or pipeline=\[L2Decay\(weight_decay=0.1\)\] for decay added to it",
        ),
        "weight_decay of SGD": (lambda: SGD(w, weight_decay=0.1), r"pipeline=\[DecoupledDecay\(weight_decay=0.1\)\]"),
        "nesterov": (lambda: SGD(w, nesterov=True), r"write Nesterov\(params, mu=0.9\)"),
        "nesterov=False": (lambda: SGD(w, nesterov=False), "leave it out"),
        "amsgrad": (lambda: Adam(w, amsgrad=True), r"write AMSGrad\(params\)"),
        "clipnorm": (lambda: Adam(w, clipnorm=1.0), r"write pipeline=\[ClipByNorm\(max_norm=1.0\)\]"),
        "epsilon": (lambda: Adam(w, epsilon=1e-7), "write eps=1e-07"),
        "max_iter": (lambda: Adam(w, max_iter=100), r"one call of step\(grads\) is one step"),
        "fused": (lambda: Adam(w, fused=True), "leave it out"),
        "nonsense": (lambda: Adam(w, zzz=1), "there are lr, beta1, beta2, eps"),
        "a slip": (lambda: Adam(w, bets1=0.5), "did you mean beta1"),
        "lr by position": (
            lambda: Adam(w, 1e-3),
            r"as keywords: Adam\(params, lr=0.001\); the others are beta1, beta2, eps",
        ),
        "a stage by position": (lambda: ClipByGlobalNorm(1.0), r"ClipByGlobalNorm\(max_norm=1.0\)"),
        "a schedule by position": (lambda: schedules.Cosine(0.1, 100), r"Cosine\(lr=0.1\); the others are end, steps"),
        "a monitor of torch": (lambda: plateau.ReduceOnPlateau(Adam(w)), r"given to one: lr=ReduceOnPlateau\(...\)"),
        "a group by position": (lambda: Group(w, 0.1), r"Group\(params, lr=0.1\)"),
        "a group of torch": (lambda: Adam([Group(w, learning_rate=0.1)]), "no hyperparameter learning_rate; write lr"),
        "clipnorm of a stage": (lambda: ClipByNorm(clipnorm=1), "write max_norm=1"),
        "T_max": (lambda: schedules.Cosine(T_max=100), "write steps=100"),
        "eta_min": (lambda: schedules.Cosine(eta_min=0.01), "write end=0.01"),
        "mode": (lambda: stopping.EarlyStopping(mode="max"), "report the negative"),
        "num_features": (lambda: BatchNormTorch(num_features=3), "write channels=3"),
        "epsilon of a layer": (lambda: BatchNormTorch(3, epsilon=0.1), "write eps=0.1"),
        "a stage for the pipeline": (
            lambda: Adam(w, pipeline=clip),
            r"put it into a list: pipeline=\[ClipByNorm\(max_norm=1.0\)\]",
        ),
        "a class for the pipeline": (lambda: Adam(w, pipeline=ClipByNorm), "it takes a list of stages"),
        "a class in the pipeline": (lambda: Adam(w, pipeline=[ClipByNorm]), r"write ClipByNorm\(...\)"),
        "a text in the pipeline": (lambda: Adam(w, pipeline=["clip"]), "'clip' is no stage of a pipeline"),
        "zero_grad": (lambda: Adam(w).zero_grad(), "none has to be zeroed"),
        "update": (lambda: Adam(w).update(w), r"step\(grads\) takes gradients"),
        "apply_gradients": (lambda: Adam(w).apply_gradients([]), r"step\(grads\)"),
        "minimize": (lambda: Adam(w).minimize(None), r"step\(grads\)"),
        "param_groups": (lambda: Adam(w).param_groups[0], "write groups"),
        "init": (lambda: Adam(w).init(w), "nothing has to be initialized"),
        "learning_rate, read": (lambda: Adam(w).learning_rate, "write lr"),
        "learning_rate, set": (lambda: setattr(Adam(w), "learning_rate", 0.1), "write lr"),
        "betas, read": (lambda: Adam(w).betas, "write beta1 and beta2"),
        "iterations": (lambda: Adam(w).iterations, "write t"),
        "step without gradients": (lambda: Adam(w).step(), r"the gradient is missing; .*step\(grads\)"),
        "step with a closure": (lambda: Adam([w]).step(lambda: 1.0), "no function is called"),
        "state_dict of a stage": (lambda: ema.state_dict, r"opt.state_dict\(\)"),
        "step of a schedule": (lambda: schedules.Cosine().step(), "give it as lr"),
        "get_last_lr": (lambda: plateau.ReduceOnPlateau().get_last_lr(), "write value"),
        "stop": (lambda: best.should_stop, "write value"),
        "weight of a layer": (lambda: BatchNormTorch(3).weight, "write gamma"),
        "eval of a layer": (lambda: BatchNormTorch(3).eval(), "write forward"),
        "where is no function": (lambda: ClipByNorm(where={"a": True}), "where=lambda path, w: "),
        "an optimizer to be kept": (
            lambda: KeepBest(Adam(w), stopping.Best()),
            "KeepBest: the parameter is an optimizer; hand over the arrays themselves",
        ),
    }


@pytest.mark.parametrize("what", messages())
def test_messages(what):
    do, message = messages()[what]
    with pytest.raises((TypeError, AttributeError), match=message):
        do()


def test_parameters_that_are_missing_are_pythons_own_error():
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'params'"):
        Adam(lr=0.1)
    with pytest.raises(TypeError, match=r"0.001 is a number; write Adam\(params, lr=0.001\)"):
        Adam(0.001)


NAMES = {
    "AdaGrad": "write Adagrad",
    "RMSProp": "write RMSprop",
    "Adam_W": "write AdamW",
    "ADAMW": "write AdamW",
    "AdamOptimizer": "write Adam",
    "Momentum": "write MomentumBuffer or HeavyBall",
    "NAG": "write Nesterov",
    "GradScaler": "write DynamicLossScale",
    "clip_by_global_norm": "write ClipByGlobalNorm",
    "ReduceLROnPlateau": "write ReduceOnPlateau from stepsmith.plateau",
    "Cosine": "write Cosine from stepsmith.schedules",
    "CosineAnnealingLR": "write Cosine from stepsmith.schedules",
    "KeepBest": "write KeepBest from stepsmith.keeping",
    "BatchNorm2d": "write BatchNormTorch or BatchNormKeras",
    "Adamm": "did you mean Adam",
    "Zzz": "stepsmith.numpy.__all__ names what it has",
}


@pytest.mark.parametrize(("name", "message"), NAMES.items())
def test_a_class_that_is_called_otherwise_elsewhere(name, message):
    with pytest.raises(AttributeError, match=f"module stepsmith.numpy has no {name}; {message}"):
        getattr(module, name)
    with pytest.raises(ImportError, match=f"module stepsmith.numpy has no {name}; {message}"):
        exec(f"from stepsmith.numpy import {name}")
    assert not hasattr(module, name)


@pytest.mark.parametrize(
    ("name", "remedy"),
    {"adamw": r"write AdamW\(...\)", "sign": "it has the classes Lion, ", "pipeline": "it has"}.items(),
)
def test_a_module_that_is_called_names_its_class(name, remedy):
    found = getattr(module, name)
    assert isinstance(found, ModuleType)
    with pytest.raises(TypeError, match=f"^{name} is a module of stepsmith.numpy; {remedy}"):
        found(np.ones(2), lr=0.1)


def test_every_class_of_the_tables_is_there():
    there = {
        *module.__all__,
        *(name for m in (schedules, plateau, restarts, stopping) for name in m.__all__),
        "KeepBest",
    }
    assert {one for ours in CLASSES.values() for one in ours.split()} <= there
    assert {needed for *_, needed, _ in ELSEWHERE if "{" not in needed} <= there
    assert set(ATTRIBUTES) == {"optimizer", "stage", "schedule", "monitor", "layer"}


def test_a_subclass_takes_what_its_own_constructor_takes():
    class Mine(Adam):
        def __init__(self, params, rate, *, warm=3):
            super().__init__(params, lr=rate)
            self._warm = warm

    assert Mine(np.ones(2), 0.5, warm=2).lr == 0.5
    with pytest.raises(TypeError, match="Mine takes no learning_rate; "):
        Mine(np.ones(2), 0.5, learning_rate=0.1)

    class Open(Adam):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)

    with pytest.raises((TypeError, AttributeError), match="learning_rate"):
        Open(np.ones(2), learning_rate=0.1)


def test_signatures_are_those_of_the_constructors():
    import inspect

    assert list(inspect.signature(Adam).parameters)[:3] == ["params", "lr", "beta1"]
    assert list(inspect.signature(ClipByNorm).parameters) == ["max_norm", "where"]
    assert issubclass(Adam, Optimizer)


def test_a_library_that_is_not_installed_is_named_with_what_to_install(monkeypatch):
    for name in ("adam", "_arrays"):
        monkeypatch.delitem(sys.modules, f"stepsmith.numba.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(ModuleNotFoundError, match=r"^stepsmith.numba needs numba, .*pip install 'stepsmith\[numba\]'$"):
        submodule("stepsmith.numba", "adam")
