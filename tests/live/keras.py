"""presets.keras beside keras.optimizers, in Keras's NumPy backend unless KERAS_BACKEND names another.

Where gradients are accumulated, its JAX backend keeps what a parameter without a gradient at the end has collected;
the preset drops it, as the others do. That is not drawn with JAX.
"""

from __future__ import annotations

import functools
import os
import sys
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import Trial

os.environ.setdefault("KERAS_BACKEND", "numpy")

import keras

from stepsmith.numpy.presets import keras as ours

_STEPS = 300
_JAX = keras.backend.backend() == "jax"
keras.config.set_floatx("float64")
if _JAX:
    import jax

    jax.config.update("jax_enable_x64", True)
dtypes = keras.src.backend.common.dtypes
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"  # Keras makes float32 of it otherwise, in all backends but one
if not _JAX:
    # half of a step is spent on finding out, again and again, that float64 and float64 make float64
    for name, function in {
        "result_type": dtypes.result_type,
        "standardize_dtype": keras.backend.standardize_dtype,
    }.items():
        remembering = functools.cache(function)
        for module in [module for known, module in sys.modules.items() if known.startswith("keras.src")]:
            if getattr(module, name, None) is function:
                setattr(module, name, remembering)

_MOMENTS = {"beta_1": (0.5, 0.95), "beta_2": (0.9, 0.9999), "epsilon": (1e-8, 1e-2)}
#: The options of each optimizer: the ends of a number, or what there is to choose from.
_OWN: dict[str, dict[str, Any]] = {
    "SGD": {"momentum": (0.1, 0.95), "nesterov": [True, False]},
    "RMSprop": {"rho": (0.5, 0.99), "momentum": (0.1, 0.95), "epsilon": (1e-7, 1e-2), "centered": [True, False]},
    "Adam": {**_MOMENTS, "amsgrad": [True, False]},
    "AdamW": {**_MOMENTS, "amsgrad": [True, False]},
    "Adadelta": {"rho": (0.5, 0.99), "epsilon": (1e-7, 1e-2)},
    "Adagrad": {"initial_accumulator_value": (0.0, 1.0), "epsilon": (1e-7, 1e-2)},
    "Adamax": _MOMENTS,
    "Nadam": _MOMENTS,
    "Lamb": _MOMENTS,
    "Lion": {"beta_1": (0.5, 0.95), "beta_2": (0.9, 0.999)},
    "Ftrl": {
        "learning_rate_power": (-0.9, 0.0),
        "initial_accumulator_value": (0.01, 1.0),
        "l1_regularization_strength": (0.0, 1.0),
        "l2_regularization_strength": (0.0, 1.0),
        "l2_shrinkage_regularization_strength": (0.0, 0.1),
        "beta": (0.0, 1.0),
    },
    "ScheduleFreeAdamW": {**_MOMENTS, "warmup_steps": [0, 1, 10, 100]},
}
_UNSUPPORTED = ("Adafactor", "Muon")
#: What may be set between two steps.
_SETTABLE = ("momentum", "rho", "beta_1", "beta_2", "epsilon", "weight_decay", "clipnorm", "clipvalue", "ema_momentum")


@dataclass
class _Draw:
    """What is drawn: an optimizer with its options, what is around it, and what happens between steps."""

    rng: np.random.Generator
    name: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    rate: str = ""
    route: str = ""
    excluded: dict[str, Any] = field(default_factory=dict)
    dynamic: dict[str, Any] | None = None
    changes: dict[int, tuple[str, float]] = field(default_factory=dict)
    missing: float = 0.0
    through: str = ""

    def often(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def number(self, low: float, high: float) -> float:
        return float(round(self.rng.uniform(low, high), 6))

    def __str__(self) -> str:
        around = f"{self.rate}, {self.route}, {self.through}, missing {self.missing}, excluded {self.excluded}"
        return f"keras.{self.name}({self.options}), {around}, dynamic {self.dynamic}, changes {self.changes}"


def trial(seed: int) -> Trial:
    draw = _drawn(seed)
    if draw.name in _UNSUPPORTED:
        try:
            getattr(ours, draw.name)
        except NotImplementedError as error:
            return Trial(str(draw), refused=str(error))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _run(draw)


def _drawn(seed: int) -> _Draw:
    draw = _Draw(np.random.default_rng(seed))
    rng = draw.rng
    draw.name = str(rng.choice([*_OWN, *_UNSUPPORTED] if draw.often(0.05) else [*_OWN]))
    for option, among in _OWN.get(draw.name, {}).items():
        if draw.often(0.6):
            draw.options[option] = rng.choice(among).item() if isinstance(among, list) else draw.number(*among)
    draw.rate = str(rng.choice(["number", *_RATES]))
    if draw.name == "Ftrl" and draw.rate == "custom":  # which begins with 0, by which Ftrl divides
        draw.rate = "cosine"
    draw.route = str(rng.choice(["call", "get", "from_config"]))
    draw.through = str(rng.choice(["step", "apply", "apply_gradients"]))
    draw.options |= _around(draw)
    if draw.often(0.4):
        how = rng.choice(["var_list", "var_names", "both"])
        draw.excluded |= {"var_list": [int(rng.integers(3))]} if how != "var_names" else {}
        draw.excluded |= {"var_names": [str(rng.choice(["bias", "ern", "k|b", "none"]))]} if how != "var_list" else {}
    if draw.often(0.15):
        draw.dynamic = {
            "initial_scale": 2.0 ** int(rng.integers(0, 20)),
            "dynamic_growth_steps": int(rng.choice([3, 50])),
        }
    draw.missing = float(rng.choice([0.0, 0.0, 0.1, 0.6]))
    if _JAX and draw.options.get("gradient_accumulation_steps"):
        draw.missing = 0.0
    settable = [name for name in _SETTABLE if draw.options.get(name)]
    settable += ["learning_rate"] if draw.rate == "number" else []
    for step in rng.choice(_STEPS, 4, replace=False) if settable and draw.often(0.5) else ():
        name = str(rng.choice(settable))
        draw.changes[int(step)] = (name, _base(draw) if name == "learning_rate" else draw.number(0.9, 0.95))
    return draw


def _around(draw: _Draw) -> dict[str, Any]:
    rng, options = draw.rng, {}
    if draw.often(0.5):
        options["weight_decay"] = float(rng.choice([0.0, 0.004, 0.1]))
    if draw.often(0.4):
        options[str(rng.choice(["clipnorm", "clipvalue", "global_clipnorm"]))] = float(rng.choice([0.0, 0.3, 1.0]))
    if draw.often(0.4):
        options |= {"use_ema": True, "ema_momentum": float(rng.choice([0.0, 0.5, 0.9, 0.99]))}
        if draw.often(0.6):
            options["ema_overwrite_frequency"] = int(rng.choice([1, 3, 7, 50]))
    if draw.often(0.2):
        options["loss_scale_factor"] = float(rng.choice([0.5, 3.0, 1024.0]))
    if draw.often(0.35):
        options["gradient_accumulation_steps"] = int(rng.choice([2, 3, 7]))
    return options


def _base(draw: _Draw) -> float:
    """A learning rate at which the optimizer stays in a region where differences do not grow."""
    high = {"Adadelta": 1.0, "Adagrad": 0.2, "SGD": 0.05}.get(draw.name, 0.01)
    return draw.number(0.1 * high, high)


class _Custom(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule as users write them, which takes a power of the step."""

    def __init__(self, lr: float) -> None:
        self.lr = lr

    def __call__(self, step: Any) -> Any:
        step = keras.ops.cast(step, "float64")
        return self.lr * keras.ops.minimum(step**-0.5, step * 20**-1.5)


class _Current:
    """A callable without arguments, which gives another rate each time."""

    def __init__(self, lr: float) -> None:
        self.lr = lr

    def __call__(self) -> float:
        return self.lr


_schedules = keras.optimizers.schedules
_RATES = {
    "exponential": lambda lr, n: _schedules.ExponentialDecay(lr, n, 0.7),
    "staircase": lambda lr, n: _schedules.ExponentialDecay(lr, n, 0.7, staircase=True),
    "piecewise": lambda lr, n: _schedules.PiecewiseConstantDecay([n, 3 * n], [lr, lr / 2, lr / 10]),
    "polynomial": lambda lr, n: _schedules.PolynomialDecay(lr, 2 * n, lr / 10, power=2.0),
    "cycle": lambda lr, n: _schedules.PolynomialDecay(lr, n, lr / 10, cycle=True),
    "inverse": lambda lr, n: _schedules.InverseTimeDecay(lr, n, 0.5),
    "cosine": lambda lr, n: _schedules.CosineDecay(lr, 3 * n, alpha=0.1),
    "warmup": lambda lr, n: _schedules.CosineDecay(lr / 10, 2 * n, warmup_target=lr, warmup_steps=n),
    "restarts": lambda lr, n: _schedules.CosineDecayRestarts(lr, n, t_mul=1.5, m_mul=0.9, alpha=0.01),
    "custom": lambda lr, n: _Custom(lr),
    "callable": lambda lr, n: _Current(lr),
}
_SHAPES = {"layer.bias": (3,), "layer.kernel": (2, 2), "scale": ()}


def _run(draw: _Draw) -> Trial:
    rng = draw.rng
    lr = _base(draw)
    rate: Any = lr if draw.rate == "number" else _RATES[draw.rate](lr, int(rng.integers(5, 120)))
    start = {path: rng.normal(size=shape) + 1 for path, shape in _SHAPES.items()}
    variables = [keras.Variable(w, name=path.rpartition(".")[2]) for path, w in start.items()]
    weights = {"layer": {"bias": start["layer.bias"].copy(), "kernel": start["layer.kernel"].copy()}}
    weights |= {"scale": np.array(start["scale"])}
    arrays = [weights["layer"]["bias"], weights["layer"]["kernel"], weights["scale"]]
    options = {**draw.options, "learning_rate": rate}
    theirs = getattr(keras.optimizers, draw.name)(**options)
    inner = theirs
    try:
        mine = _made(draw, weights, options)
        if draw.dynamic is not None:
            mine = ours.LossScaleOptimizer(mine, **draw.dynamic)
            theirs = keras.optimizers.LossScaleOptimizer(theirs, **draw.dynamic)
    except (NotImplementedError, ValueError, TypeError) as error:
        return Trial(str(draw), refused=str(error))
    names = draw.excluded.get("var_names")
    if draw.excluded:
        chosen = draw.excluded.get("var_list", ())
        inner.exclude_from_weight_decay(var_list=[variables[k] for k in chosen], var_names=names)
        mine.exclude_from_weight_decay(var_list=[arrays[k] for k in chosen], var_names=names)
    theirs.build(variables)
    for step in range(_STEPS):
        if step in draw.changes:
            name, value = draw.changes[step]
            setattr(inner, name, value)
            setattr(mine, name, value)
        if draw.rate == "callable":
            rate.lr = lr * (1 + step % 5)
        _step(draw, theirs, mine, variables, arrays)
    return Trial(str(draw), difference=_difference(draw, inner, mine, variables, arrays))


def _made(draw: _Draw, weights: Any, options: dict[str, Any]) -> Any:
    preset = getattr(ours, draw.name)
    if draw.route == "call":
        return preset(weights, **options)
    if draw.route == "from_config":
        return preset.from_config(weights, options)
    return ours.get(weights, {"class_name": draw.name, "config": options})


def _step(draw: _Draw, theirs: Any, mine: Any, variables: list[Any], arrays: list[Any]) -> None:
    """One step of both, each with the gradients of a mild quadratic at its own weights, and the same noise."""
    rng = draw.rng
    noise = [rng.normal(size=w.shape) for w in arrays]
    there = [rng.random() >= draw.missing for _ in arrays]
    if not any(there):
        there[int(rng.integers(3))] = True
    scale = 1.0 if draw.dynamic is None else float(mine.pipeline[0].scale)
    if draw.dynamic is not None and rng.random() < 0.05:
        noise[there.index(True)] = noise[there.index(True)] * np.inf
    both = []
    for values in ([np.asarray(v.value) for v in variables], arrays):
        grads = [(0.1 * w + n) * scale if given else None for w, n, given in zip(values, noise, there, strict=True)]
        both.append(grads)
    theirs.apply([None if g is None else keras.ops.convert_to_tensor(g) for g in both[0]])
    bias, kernel, factor = (None if g is None else np.asarray(g) for g in both[1])
    if draw.through == "step":
        mine.step({"layer": {"bias": bias, "kernel": kernel}, "scale": factor})
    elif draw.through == "apply":
        mine.apply([bias, kernel, factor])
    else:
        mine.apply_gradients((g, w) for g, w in zip((bias, kernel, factor), arrays, strict=True) if g is not None)


def _difference(draw: _Draw, theirs: Any, mine: Any, variables: list[Any], arrays: list[Any]) -> float:
    """How far the weights, the averages and the learning rates of the next step are apart."""
    if int(theirs.iterations) != mine.iterations:
        return float("inf")
    pairs = [(np.asarray(v.value), w) for v, w in zip(variables, arrays, strict=True)]
    largest = max(np.abs(w).max() for _, w in pairs)
    worst = max(np.abs(a - b).max() for a, b in pairs) / largest
    if draw.options.get("use_ema"):
        theirs.finalize_variable_values(variables)
        mine.finalize_variable_values()
        worst = max(worst, *(np.abs(a - b).max() / largest for a, b in pairs_of(variables, arrays)))
    rates = float(theirs.learning_rate), mine.learning_rate
    return float(max(worst, abs(rates[0] - rates[1])))


def pairs_of(variables: list[Any], arrays: list[Any]) -> list[tuple[Any, Any]]:
    return [(np.asarray(v.value), w) for v, w in zip(variables, arrays, strict=True)]
