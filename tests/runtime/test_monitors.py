"""Monitors: they do what the libraries do, and are used, saved and resumed as they should be."""

import math

import numpy as np
import pytest

from stepsmith.codegen.load import catalog
from stepsmith.curriculum import AdvanceOnMetric, ExponentialPacing, VariedExponentialPacing
from stepsmith.keeping import KeepBest
from stepsmith.numpy import SGD
from stepsmith.plateau import (
    ReduceOnPlateau,
    ReduceOnPlateauAbsolute,
    ReduceOnPlateauKeras,
    ReduceOnPlateauMax,
)
from stepsmith.restarts import CosineGrowingRestarts
from stepsmith.stopping import Best, EarlyStopping, EarlyStoppingBaseline

KEYS = [entry.key for entry in catalog() if entry.kind == "monitor"]
NAN = math.nan


# What the libraries do, written down once more from their documentation.


class Torch:
    """torch.optim.lr_scheduler.ReduceLROnPlateau."""

    def __init__(self, lr, mode="min", relative=True, **options):
        self.lr, self.mode, self.relative = lr, mode, relative
        self.options = {"factor": 0.1, "patience": 10, "threshold": 1e-4, "cooldown": 0, "min_lr": 0.0, "eps": 1e-8}
        self.options |= options
        self.best = math.inf if mode == "min" else -math.inf
        self.bad = self.resting = 0

    def better(self, a):
        sign, threshold = (-1 if self.mode == "min" else 1), self.options["threshold"]
        edge = self.best * (1 + sign * threshold) if self.relative else self.best + sign * threshold
        return a < edge if self.mode == "min" else a > edge

    def step(self, a):
        if self.better(a):
            self.best, self.bad = a, 0
        else:
            self.bad += 1
        if self.resting > 0:
            self.resting -= 1
            self.bad = 0
        if self.bad > self.options["patience"]:
            lower = max(self.lr * self.options["factor"], self.options["min_lr"])
            if self.lr - lower > self.options["eps"]:
                self.lr = lower
            self.resting, self.bad = self.options["cooldown"], 0
        return self.lr


class Keras:
    """keras.callbacks.ReduceLROnPlateau."""

    def __init__(self, lr, factor=0.1, patience=10, min_delta=1e-4, cooldown=0, min_lr=0.0):
        self.lr, self.factor, self.patience = lr, factor, patience
        self.min_delta, self.cooldown, self.min_lr = min_delta, cooldown, min_lr
        self.best, self.wait, self.resting = math.inf, 0, 0

    def step(self, a):
        if self.resting > 0:
            self.resting -= 1
            self.wait = 0
        if a < self.best - self.min_delta:
            self.best, self.wait = a, 0
        elif self.resting <= 0:
            self.wait += 1
            if self.wait >= self.patience and self.lr > self.min_lr:
                self.lr = max(self.lr * self.factor, self.min_lr)
                self.resting, self.wait = self.cooldown, 0
        return self.lr


def stop_epoch(losses, min_delta=0.0, patience=0, baseline=None, start_from=0):
    """The epoch, from 1, at which keras.callbacks.EarlyStopping stops; None if it does not."""
    best, wait = math.inf, 0
    for epoch, loss in enumerate(losses):
        if epoch < start_from:
            continue
        wait += 1
        if loss + min_delta < best:
            best = loss
            if baseline is None or loss + min_delta < baseline:
                wait = 0
        elif wait >= patience and epoch > 0:
            return epoch + 1
    return None


def noisy(seed, length=120):
    """A loss that falls, stays, jumps, and sometimes is NaN or infinite."""
    random = np.random.default_rng(seed)
    loss = np.cumsum(random.normal(-0.02, 0.05, length)) + random.choice([-3, 0.5, 3])
    loss[random.random(length) < 0.2] = loss[0]
    loss[random.random(length) < 0.05] = NAN
    loss[random.random(length) < 0.02] = random.choice([math.inf, -math.inf])
    return loss.tolist()


def drops(monitor, reports=10):
    """The reports of a flat loss at which the learning rate falls."""
    rates = [monitor.value, *(monitor.step(1.0) for _ in range(reports))]
    return [t for t in range(1, reports + 1) if rates[t] < rates[t - 1]]


def test_a_flat_loss_drops_the_rate_where_the_libraries_do():
    assert drops(ReduceOnPlateau(patience=2)) == [4, 7, 10]
    assert drops(ReduceOnPlateauAbsolute(patience=2)) == [4, 7, 10]
    assert drops(ReduceOnPlateauMax(patience=2)) == [4, 7, 10]
    assert drops(ReduceOnPlateauKeras(patience=2)) == [3, 5, 7, 9]
    assert drops(ReduceOnPlateauKeras(patience=0)) == drops(ReduceOnPlateauKeras(patience=1)) == list(range(2, 11))


OPTIONS = [
    {},
    {"patience": 2, "factor": 0.5},
    {"patience": 0, "cooldown": 1},
    {"patience": 1, "cooldown": 3, "min_lr": 0.004},
    {"patience": 3, "min_lr": 0.2},
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("seed", range(4))
def test_the_learning_rates_of_the_libraries(options, seed):
    losses = noisy(seed)
    pairs = [
        (ReduceOnPlateau(lr=0.1, **options), Torch(0.1, **options)),
        (ReduceOnPlateau(lr=0.1, threshold=0.1, eps=1e-3), Torch(0.1, threshold=0.1, eps=1e-3)),
        (ReduceOnPlateauMax(lr=0.1, **options), Torch(0.1, mode="max", **options)),
        (
            ReduceOnPlateauAbsolute(lr=0.1, threshold=0.05, **options),
            Torch(0.1, relative=False, threshold=0.05, **options),
        ),
        (ReduceOnPlateauKeras(lr=0.1, **options), Keras(0.1, **options)),
        (ReduceOnPlateauKeras(lr=0.1, min_delta=0.1, **options), Keras(0.1, min_delta=0.1, **options)),
    ]
    for ours, theirs in pairs:
        assert [ours.step(loss) for loss in losses] == [theirs.step(loss) for loss in losses]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("patience", [0, 1, 3])
@pytest.mark.parametrize("cooldown", [0, 1, 4])
def test_keras_is_torch_with_one_less_of_patience_and_of_cooldown(seed, patience, cooldown):
    losses = noisy(seed)
    keras = ReduceOnPlateauKeras(patience=patience, cooldown=cooldown, min_delta=0.05, min_lr=1e-3, factor=0.5)
    torch = ReduceOnPlateauAbsolute(
        patience=max(patience - 1, 0), cooldown=max(cooldown - 1, 0), threshold=0.05, min_lr=1e-3, factor=0.5, eps=0
    )
    assert [keras.step(loss) for loss in losses] == [torch.step(loss) for loss in losses]


def test_with_the_same_cooldown_the_two_differ():
    keras = ReduceOnPlateauKeras(patience=2, cooldown=2, min_delta=0)
    torch = ReduceOnPlateauAbsolute(patience=1, cooldown=2, threshold=0)
    assert drops(keras) == [3, 6, 9]
    assert drops(torch) == [3, 7]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("options", [{}, {"patience": 3}, {"patience": 2, "min_delta": 0.1, "start_from": 5}])
def test_early_stopping_is_that_of_keras(seed, options):
    losses = noisy(seed)
    for stopping, wanted in (
        (EarlyStopping(**options), stop_epoch(losses, **options)),
        (EarlyStoppingBaseline(baseline=0.25, **options), stop_epoch(losses, baseline=0.25, **options)),
    ):
        stops = [t for t, loss in enumerate(losses, start=1) if stopping.step(loss)]
        assert (stops[0] if stops else None) == wanted
        assert stops == list(range(wanted, len(losses) + 1) if wanted else [])


def test_nan_is_never_an_improvement():
    for monitor in (Best(), EarlyStopping(patience=9), ReduceOnPlateau(), ReduceOnPlateauMax(), ReduceOnPlateauKeras()):
        start = monitor.best
        monitor.step(NAN)
        assert (monitor.best, monitor.improved) == (start, False)
        monitor.step(2.0)
        monitor.step(NAN)
        assert (monitor.best, monitor.improved) == (2.0, False)
    assert drops(ReduceOnPlateau(patience=2), 3) == []
    plateau = ReduceOnPlateau(patience=2)
    assert [plateau.step(NAN) for _ in range(3)][-1] == pytest.approx(0.01)


def test_restarts_are_at_the_sums_of_the_periods():
    """Where a formula in the step number is wrong: floor(log(125, 5)) is 3, but floor(log(243, 3)) is 4."""
    assert math.floor(math.log(243, 3)) == 4
    restarts = CosineGrowingRestarts(lr=1, period=1, growth=3)
    values = [restarts.value, *(restarts.step() for _ in range(400))]
    assert [t for t, value in enumerate(values) if value == 1] == [0, 1, 4, 13, 40, 121, 364]
    half = CosineGrowingRestarts(lr=1, end=0.5, period=2, growth=1)
    assert [half.value, half.step(), half.step()] == pytest.approx([1, 0.75, 1])


def test_curriculum():
    pacing = ExponentialPacing(start=0.2, growth=2, period=2)
    assert [pacing.value, *(pacing.step() for _ in range(6))] == [0.2, 0.2, 0.4, 0.4, 0.8, 0.8, 1.0]
    varied = VariedExponentialPacing(start=0.2, growth=2, period=1, first_period=3)
    assert [varied.value, *(varied.step() for _ in range(6))] == [0.2, 0.2, 0.2, 0.4, 0.8, 1.0, 1.0]
    listens = AdvanceOnMetric(start=0.5, growth=1.5, goal=1, patience=2)
    assert [listens.step(m) for m in (1, 2, 1, 1, NAN, 0, 0)] == [0.5, 0.5, 0.5, 0.75, 0.75, 0.75, 1.0]
    assert listens.advanced is True


# Use.


def test_a_plateau_is_a_learning_rate():
    w = np.zeros(2)
    plateau = ReduceOnPlateau(lr=0.5, factor=0.5, patience=0)
    opt = SGD(w, lr=plateau)
    opt.step(np.ones(2))
    assert w.tolist() == [-0.5, -0.5]
    assert [plateau.step(loss) for loss in (1.0, 1.0)] == [0.5, 0.25]
    opt.step(np.ones(2))
    assert w.tolist() == [-0.75, -0.75]
    assert plateau(t=7) == plateau.value == plateau.rate == 0.25


def test_keep_best_and_last():
    params = {"a": np.zeros(2), "b": [np.zeros(1), np.ones((2, 2))]}
    keep = KeepBest(params, Best())
    with pytest.raises(RuntimeError, match=r"no report was an improvement yet"):
        keep.restore_best()
    for loss, value in ((2.0, 1.0), (1.0, 2.0), (3.0, 3.0), (NAN, 4.0)):
        params["a"][:] = value
        params["b"][1][:] = -value
        keep.step(loss)
    a = params["a"]
    keep.restore_best()
    keep.restore_best()
    assert a.tolist() == [2, 2]
    assert params["b"][1].tolist() == [[-2, -2], [-2, -2]]
    keep.restore_last()
    keep.restore_last()
    assert a is params["a"]
    assert a.tolist() == [4, 4]
    with pytest.raises(ValueError, match="does not say what an improvement is"):
        KeepBest(params, CosineGrowingRestarts())


@pytest.mark.parametrize("spec", KEYS, indirect=True)
@pytest.mark.parametrize("moment", [0, 1, 7, 23])
def test_saving_and_resuming_is_exact(spec, moment):
    import importlib

    cls = getattr(importlib.import_module(f"stepsmith.{spec.family}"), spec.monitor.name)
    losses = noisy(1, 60)

    def go(monitor, values):
        return [monitor.step(*(v, v / 2)[: len(spec.monitor.hears)]) for v in values]

    first = cls()
    go(first, losses[:moment])
    second = cls()
    second.load_state_dict(first.state_dict())
    assert second.t == moment
    assert repr(second) == repr(first)
    assert repr(go(second, losses[moment:])) == repr(go(first, losses[moment:]))
    assert repr(second.state_dict()) == repr(first.state_dict())


def test_what_is_refused():
    plateau = ReduceOnPlateau()
    saved = plateau.state_dict()
    with pytest.raises(ValueError, match="other names than Best keeps"):
        Best().load_state_dict(saved)
    with pytest.raises(ValueError, match="needs 0 < factor < 1"):
        plateau.load_state_dict({**saved, "ReduceOnPlateau.lr": 7, "ReduceOnPlateau.factor": 2})
    assert plateau.state_dict() == saved
    with pytest.raises(ValueError, match=r"patience = 1\.5 is not allowed"):
        ReduceOnPlateau(patience=1.5)
    with pytest.raises(AttributeError, match="best cannot be set; there are lr"):
        plateau.best = 1
    with pytest.raises(AttributeError, match="ReduceOnPlateau has no bets"):
        plateau.bets  # noqa: B018 - reading it is the test
    with pytest.raises(TypeError, match="the metric is 'low'; it has to be a number"):
        plateau.step("low")
    with pytest.raises(TypeError, match="report a metric"):
        plateau.step()
    with pytest.raises(TypeError, match="takes no metric"):
        CosineGrowingRestarts().step(1.0)
    assert plateau.step(np.float32(0.5)) == 0.1
