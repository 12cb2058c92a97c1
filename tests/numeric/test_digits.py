"""Real input: every generated optimizer trains a network on scanned digits, and resumes to the last bit."""

import functools
import importlib
import sys
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pytest

from stepsmith.codegen.execution.imports import package
from tests.conftest import OPTIMIZERS, SPECS, cli, started
from tests.digits import accuracy, data, network, train
from tests.sample import by_kind

# hyperparameters for each rule, and the held-out accuracy to reach in twenty epochs; a rule that is not here, nor in
# FOUND, gets the learning rate that does best on the images that it is trained with
RUNS = {
    "A2GradExp": ({"lips": 2.0, "beta": 1.0}, 0.95),
    "A2GradInc": ({"lips": 1.0, "beta": 0.1}, 0.95),
    "A2GradUni": ({"lips": 2.0, "beta": 1.0}, 0.95),
    "BCOS": ({"lr": 0.01}, 0.95),
    "DAdaptAdaGrad": ({"lr": 1.0, "growth_rate": 2.0}, 0.95),
    "DAdaptLion": ({"lr": 0.03, "d0": 1e-3}, 0.8),
    "DAdaptSGD": ({"lr": 1.0, "d0": 1.0}, 0.95),
    "InvAdam": ({"lr": 10.0}, 0.95),
    "DoG": ({"lr": 1.0, "reps_rel": 1e-3}, 0.9),
    "LAMB": ({"lr": 0.03}, 0.7),
    "LARS": ({"lr": 10.0}, 0.9),
    "Prodigy": ({"d0": 1e-3}, 0.9),
    "AMSBound": ({"lr": 0.003}, 0.95),
    "AMSGrad": ({"lr": 0.003}, 0.95),
    "AMSGradCorrected": ({"lr": 0.003}, 0.95),
    "AMSGradEpsHat": ({"lr": 0.003}, 0.95),
    "AMSGradEpsRoot": ({"lr": 0.003, "eps_root": 1e-8}, 0.95),
    "AMSGradFirstCorrected": ({"lr": 0.003}, 0.95),
    "AMSGradSecondCorrected": ({"lr": 0.003}, 0.95),
    "AMSGradUncorrected": ({"lr": 0.003}, 0.95),
    "AMSGradW": ({"lr": 0.003}, 0.95),
    "AMSGradWEpsHat": ({"lr": 0.003}, 0.95),
    "AdaBelief": ({"lr": 0.003}, 0.95),
    "AdaBeliefNesterov": ({"lr": 0.003}, 0.95),
    "AdaBound": ({"lr": 0.003}, 0.95),
    "Adadelta": ({"lr": 10.0}, 0.95),
    "AdadeltaUnitFirst": ({"lr": 0.01}, 0.95),
    "AdadeltaUnitStart": ({"lr": 0.01}, 0.95),
    "Adagrad": ({"lr": 0.05}, 0.95),
    "AdagradDecay": ({"lr": 0.05, "lr_decay": 1e-4}, 0.95),
    "AdagradEpsInside": ({"lr": 0.05}, 0.95),
    "AdagradGuarded": ({"lr": 0.05, "initial_accumulator": 0, "eps": 0}, 0.95),
    "AdagradRMS": ({"lr": 0.05}, 0.95),
    "Adam": ({"lr": 0.003}, 0.95),
    "AdamEpsHat": ({"lr": 0.003}, 0.95),
    "AdamEpsInside": ({"lr": 0.003}, 0.95),
    "AdamEpsRoot": ({"lr": 0.003, "eps_root": 1e-8}, 0.95),
    "AdamUncorrected": ({"lr": 0.003}, 0.95),
    "AdamUncorrectedEpsInside": ({"lr": 0.003}, 0.95),
    "AdamW": ({"lr": 0.003}, 0.95),
    "AdamWAfter": ({"lr": 0.003}, 0.95),
    "AdamWEpsHat": ({"lr": 0.003}, 0.95),
    "AdamWUnscaled": ({"lr": 0.003}, 0.95),
    "AdamWUnscaledEpsHat": ({"lr": 0.003}, 0.95),
    "Adamax": ({"lr": 0.005}, 0.95),
    "AdamaxEpsInside": ({"lr": 0.005}, 0.95),
    "AdamaxW": ({"lr": 0.005}, 0.95),
    "COCOB": ({"alpha": 100.0}, 0.95),
    "DampedBall": ({"dt": 0.3}, 0.95),
    # in its first step it forgets the weights that it starts from, but for what the first gradient is above beta
    "FTRL": ({"lr": 0.1, "beta": 1e-3}, 0.95),
    "HeavyBall": ({"lr": 0.1}, 0.95),
    "Lion": ({"lr": 0.001, "weight_decay": 0.01}, 0.95),
    "LookaheadAdam": ({"lr": 0.003}, 0.95),
    "LookaheadAdjusted": ({"lr": 1.0}, 0.95),
    "LookaheadSGD": ({"lr": 1.0}, 0.95),
    "MomentumBuffer": ({"lr": 0.1}, 0.95),
    "MomentumDampened": ({"lr": 0.1, "dampening": 0.1}, 0.95),
    "MomentumEMA": ({"lr": 1.0}, 0.95),
    "NAdam": ({"lr": 0.003}, 0.95),
    "NAdamKeras": ({"lr": 0.003}, 0.95),
    "NAdamSimple": ({"lr": 0.003}, 0.95),
    "NAdamW": ({"lr": 0.003}, 0.95),
    "NAdamWSimple": ({"lr": 0.003}, 0.95),
    "Nesterov": ({"lr": 0.1}, 0.95),
    "NesterovLookahead": ({"lr": 0.1}, 0.95),
    "NesterovVelocity": ({"lr": 0.1}, 0.95),
    "RAdam": ({"lr": 0.01}, 0.95),
    "RAdamEpsHat": ({"lr": 0.01}, 0.95),
    "RAdamNesterov": ({"lr": 0.01}, 0.95),
    "RAdamThreshold": ({"lr": 0.01}, 0.95),
    "RAdamW": ({"lr": 0.01}, 0.95),
    "RMSprop": ({"lr": 0.002}, 0.95),
    "RMSpropCentered": ({"lr": 0.002}, 0.95),
    "RMSpropCenteredEpsInside": ({"lr": 0.002}, 0.95),
    "RMSpropCenteredMomentum": ({"lr": 0.0005}, 0.95),
    "RMSpropCenteredNesterov": ({"lr": 0.0005}, 0.95),
    "RMSpropCorrected": ({"lr": 0.002}, 0.95),
    "RMSpropEpsInside": ({"lr": 0.002}, 0.95),
    "RMSpropGraves": ({"lr": 0.001}, 0.95),
    "RMSpropMomentum": ({"lr": 0.0005}, 0.95),
    "RMSpropMomentumEpsInside": ({"lr": 0.0005}, 0.95),
    "RMSpropMomentumLrInside": ({"lr": 0.0005}, 0.95),
    "RMSpropNesterov": ({"lr": 0.0005}, 0.95),
    "RMSpropWarm": ({"lr": 0.002}, 0.95),
    # made for whole batches: a sign that changes with the batch shortens the step for nothing
    "Rprop": ({"lr": 0.001, "grow": 1.02, "shrink": 0.9}, 0.9),
    "RpropClamped": ({"lr": 0.001, "grow": 1.02, "shrink": 0.9, "longest": 0.01}, 0.9),
    "SGD": ({"lr": 0.5}, 0.95),
    "SMORMS3": ({"lr": 0.003}, 0.95),
    "SignSGD": ({"lr": 0.001}, 0.95),
    "Signum": ({"lr": 0.001}, 0.95),
    "Yogi": ({"lr": 0.01}, 0.95),
    "YogiUncorrected": ({"lr": 0.01}, 0.95),
}
RATES = (0.0003, 0.003, 0.03, 0.3)
#: For rules that are not listed: which of them does best, as to try all takes each process ten seconds.
FOUND = {
    0.0003: "KATE",
    0.003: "AdaTAM EXAdam FOCUS SimplifiedAdEMAMix Sophia SophiaDelayed",
    0.03: """
        ACProp ADOPT ADOPTUnclipped AdEMAMix AdEMAMixScheduled AdaGC AdaNorm AdaPNM AdaShift AdaSmooth AdamC
        AdamS AdamWCautiousDecay Adan AdanOptax AdanProximal Aida Amos Ano Anolog Apollo BCOSGradient
        BCOSMomentum CautiousAdamWUnscaled CautiousLionUnscaled DiffGrad Fromage GrokfastAdamW LAMBUncorrected
        LaProp MADGRAD MADGRADEpsInLr MARSAdamW MARSLion MoMoAdam MoMoAdamStar NovoGrad NovoGradW OptimisticAdam
        OptimisticNAdam PID QHAdam SGDSaI ScheduleFreeAdamW ScheduleFreeAdamWKeras ScheduleFreeAdamWOptax
        ScheduleFreeAdamWPrinted ScheduleFreeAdamWTwoRates SparseAdam StableAdamW Tiger VSGD
    """,
    0.3: """
        ASGD AccSGD AdaHessian AdaMod AdaModCorrected Adai AdamG AggMo AliG DAdaptAdamW DoWG DualAdam FTRLKeras
        Grams LARSSumOfNorms MSVAG MSVAGW MechanicAdamW MechanicSGD MoMo MoMoStar OptimisticGD PNM Padam
        PadamCorrected PolyakSGD PolyakSGDPlus PolyakSGDPlusScaled PolyakSGDScaled QHM Ranger SGDW SGDWBuffer
        SGDWNesterov SRMM ScheduleFreeRAdam ScheduleFreeSGD ScheduleFreeSGDMean ScheduleFreeSGDOptax
        ScheduleFreeSGDTwoRates ScheduleFreeSGDWeighted TAM
    """,
}
RUNS |= {name: ({"lr": lr}, 0.9) for lr, names in FOUND.items() for name in names.split()}
RUNS |= {entry.name: (None, 0.9) for entry in OPTIMIZERS if entry.name not in RUNS}


@functools.cache
def hyperparameters(name: str) -> Mapping[str, float]:
    """What to train the rule with: as listed, or the best of some learning rates in three epochs."""
    if RUNS[name][0] is not None:
        return MappingProxyType(RUNS[name][0])

    def learnt(lr: float) -> float:
        p = network()
        train(make(name)(p, lr=lr), p, range(3))
        x, y, *_ = data(np.float64)
        return accuracy(p, x, y)

    return MappingProxyType({"lr": max(RATES, key=learnt)})


def make(name: str):
    return getattr(importlib.import_module("stepsmith.numpy"), name)


@pytest.mark.parametrize("name", by_kind(OPTIMIZERS, "name"))
def test_a_network_learns_the_digits(name):
    p = network()
    assert train(make(name)(p, **hyperparameters(name)), p, range(20)) >= RUNS[name][1]


@pytest.mark.parametrize("name", by_kind(OPTIMIZERS, "name"))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_resuming_in_the_middle_changes_no_bit(name, dtype):
    given = hyperparameters(name)
    rate = "lr" if "lr" in make(name)._domains else next(iter(given))
    base = given.get(rate) or getattr(make(name)(network(dtype)), rate)
    hyper = {**given, rate: lambda t: base / t**0.5}
    whole = network(dtype)
    train(make(name)(whole, **hyper), whole, range(4), dtype)

    first = network(dtype)
    opt = make(name)(first, **hyper)
    train(opt, first, range(2), dtype)
    saved, weights = opt.state_dict(), {key: value.copy() for key, value in first.items()}
    train(opt, first, range(2, 3), dtype)  # going on does not touch what was saved

    resumed = make(name)(weights, **hyper)
    resumed.load_state_dict(saved)
    train(resumed, weights, range(2, 4), dtype)
    for key, value in whole.items():
        assert value.tobytes() == weights[key].tobytes()


def test_a_users_rule_is_verified_generated_and_trains(tmp_path):
    """Ten lines of equations in a file of one's own, and nothing else."""
    spec = tmp_path / "sign_momentum.py"
    spec.write_text((SPECS / "sign_momentum.py").read_text())
    verified = started("verify", "sign_momentum.py", cwd=tmp_path)
    assert verified.returncode == 0, verified.stdout
    assert cli("generate", "sign_momentum.py", "--out", "optim", cwd=tmp_path).returncode == 0
    assert cli("verify", "sign_momentum.py", "--backend", "numpy", "--out", "optim", cwd=tmp_path).returncode == 0
    name = package(tmp_path / "optim")
    opt = importlib.import_module(f"{name}.numpy").SignMomentum
    p = network()
    assert train(opt(p, lr=lambda t: 0.003 / (1 + t / 100)), p, range(20)) >= 0.94
    for module in [module for module in sys.modules if module.startswith(name)]:
        del sys.modules[module]
