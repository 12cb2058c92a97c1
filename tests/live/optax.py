"""The presets of optax beside optax: one configuration, written once and made of either module.

Optax computes under jit, in one scan over all steps. There XLA may round a schedule in float32 in another way than
step by step, so that optax is given the rates that the schedule has step by step; the preset is given the schedule.
Not compared: noise, which comes from other generators, rprop and yogi, which are other rules on purpose (their
docstrings say how), and roots of a variance that rounding makes negative.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np

from . import Trial

os.environ.setdefault("JAX_PLATFORMS", "cpu")
# each trial compiles another program and runs it once
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true")

import jax
import jax.numpy as jnp
import optax as theirs

import cli  # noqa: F401  # binds stepsmith to this checkout
from stepsmith.numpy.presets import optax as ours

from .supplied import momo, polyak, sophia

jax.config.update("jax_enable_x64", True)


class _InDouble:
    """jax.numpy for a module of optax that takes the root of a count, which JAX does in float32."""

    def __getattr__(self, name: str) -> Any:
        return getattr(jnp, name)

    def sqrt(self, value: Any) -> Any:
        return jnp.sqrt(jnp.asarray(value, jnp.float64))


# what these compute in float32, even of weights in float64
theirs.contrib._madgrad.jnp = _InDouble()
theirs.contrib._schedule_free._schedule.warmup_constant_schedule = lambda init_value, peak_value, warmup_steps: (
    lambda count: peak_value * jnp.minimum(jnp.asarray(count, jnp.float64) / warmup_steps, 1.0)
)

STEPS = 300
_SHAPES = {"body": {"W": (3, 2), "b": (2,)}, "layers": [(2,), (2, 2)], "head": (3,)}


def _is_shape(entry: Any) -> bool:
    return isinstance(entry, tuple) and all(isinstance(n, int) for n in entry)


def _tree(make: Callable[[tuple[int, ...]], Any], shapes: Any = _SHAPES) -> Any:
    return jax.tree.map(make, shapes, is_leaf=_is_shape)


@dataclass
class Draw:
    """What one trial is made of: text that says it, and functions that take the module that it is made of."""

    rng: np.random.Generator
    text: list[str] = field(default_factory=list)
    #: For theirs: the rates of each schedule, by the schedule.
    tables: dict[int, Any] = field(default_factory=dict)

    def any(self, *choices: Any) -> Any:
        return choices[self.rng.integers(len(choices))]

    def maybe(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def log(self, low: float, high: float) -> float:
        return float(10 ** self.rng.uniform(low, high))

    def schedule(self, value: float) -> Any:
        """A schedule of optax, with its rates for the side that is compiled."""
        v, n = value, int(self.rng.integers(10, STEPS))
        name, arguments = self.any(
            ("constant_schedule", (v,)),
            ("linear_schedule", (v, 0.1 * v, n, int(self.rng.integers(20)))),
            ("polynomial_schedule", (0.2 * v, v, self.any(1, 2, 3), n)),
            ("cosine_decay_schedule", (v, n, float(self.rng.uniform(0, 0.5)), float(self.rng.uniform(0.5, 2)))),
            ("exponential_decay", (v, 20, 0.8, int(self.rng.integers(10)), self.maybe(0.5), 0.3 * v)),
            ("piecewise_constant_schedule", (v, {n // 2: 0.5, n: 0.3})),
            ("warmup_cosine_decay_schedule", (0.0, v, 9, 9 + n, 0.1 * v)),
            ("warmup_exponential_decay_schedule", (0.1 * v, v, 9, 20, 0.9)),
            ("linear_onecycle_schedule", (n + 20, v)),
            ("cosine_onecycle_schedule", (n + 20, v)),
        )
        self.text.append(f"{name}{arguments}")
        schedule = getattr(theirs, name)(*arguments)
        if name != "constant_schedule":
            schedule = jax.jit(schedule)
        rates = jnp.array([float(schedule(jnp.int32(count))) for count in range(STEPS)])
        self.tables[id(schedule)] = (schedule, lambda count: rates[count])
        return schedule

    def of(self, module: Any, value: Any) -> Any:
        """An option as `module` is given it."""
        if module is theirs and id(value) in self.tables:
            return self.tables[id(value)][1]
        return value[module is theirs] if isinstance(value, Both) else value

    def mask(self) -> Any:
        """A mask in one of the forms that optax takes, or the form of a stage here."""
        w, b, first, head = (self.maybe(0.5) for _ in range(4))
        full = {"body": {"W": w, "b": b}, "layers": [first, np.bool_(head)], "head": np.bool_(head)}

        def by_shape(params: Any) -> Any:
            return jax.tree.map(lambda one: one.ndim > 1, params)

        mask = self.any(
            None,
            True,
            False,
            full,
            {"body": w, "layers": b, "head": np.bool_(head)},
            {"body": {"W": w, "b": b}, "layers": False, "head": head},
            lambda params: full,
            lambda params: {"body": w, "layers": [b, first], "head": head},
            by_shape,
            Both(lambda path, array: array.ndim > 1, by_shape),
        )
        self.text.append(f"mask={mask if not callable(mask) else 'function'}")
        return mask


class Both(tuple):
    """What the preset is given, and what optax is."""

    def __new__(cls, here: Any, there: Any) -> Both:
        return super().__new__(cls, (here, there))


def _betas(draw: Draw) -> dict[str, Any]:
    return {"b1": float(draw.rng.uniform(0, 0.98)), "b2": float(draw.rng.uniform(0.9, 0.9999))}


def _adam(draw: Draw) -> dict[str, Any]:
    roots = {"eps_root": draw.any(0.0, 0.0, draw.log(-8, -2))}
    return {**_betas(draw), "eps": draw.log(-8, -2), **roots, "mu_dtype": draw.any(None, None, jnp.float64, "float64")}


def _decay(draw: Draw, share: float = 0.3) -> dict[str, Any]:
    value = draw.any(0.0, draw.log(-4, -1), draw.log(-4, -1))
    return {"weight_decay": draw.schedule(value or 0.1) if draw.maybe(share) else value, "mask": draw.mask()}


def _rmsprop(draw: Draw) -> dict[str, Any]:
    return {
        "decay": float(draw.rng.uniform(0.5, 0.99)),
        "eps": draw.log(-8, -2),
        "initial_scale": draw.any(0.0, 0.0, 1.0, 0.3),
        "eps_in_sqrt": draw.maybe(0.6),
        "centered": draw.maybe(0.3),
        "momentum": draw.any(None, None, 0.0, 0.5, 0.9),
        "nesterov": draw.maybe(0.3),
        "bias_correction": draw.maybe(0.2),
    }


def _adadelta(draw: Draw) -> dict[str, Any]:
    decay = _decay(draw)
    mask = {"weight_decay": decay["weight_decay"], "weight_decay_mask": decay["mask"]}
    return {"rho": float(draw.rng.uniform(0.5, 0.99)), "eps": draw.log(-8, -2), **mask}


_OPTIONS: dict[str, Callable[[Draw], dict[str, Any]]] = {
    "sgd": lambda draw: {
        "momentum": draw.any(None, 0.0, 0.5, 0.95),
        "nesterov": draw.maybe(0.4),
        "accumulator_dtype": draw.any(None, "float64"),
    },
    "adagrad": lambda draw: {"initial_accumulator_value": draw.any(0.0, 0.1, 1.0), "eps": draw.any(0.0, 1e-7, 1e-3)},
    "rmsprop": _rmsprop,
    "adadelta": _adadelta,
    "adam": lambda draw: {**_adam(draw), "nesterov": draw.maybe(0.3)},
    "nadam": _adam,
    "adamw": lambda draw: {**_adam(draw), **_decay(draw), "nesterov": draw.maybe(0.3)},
    "nadamw": lambda draw: {**_adam(draw), **_decay(draw)},
    "adamax": lambda draw: {**_betas(draw), "eps": draw.log(-8, -2)},
    "adamaxw": lambda draw: {**_betas(draw), "eps": draw.log(-8, -2), **_decay(draw)},
    "amsgrad": lambda draw: {
        **_adam(draw),
        "bias_correction_mu": draw.maybe(0.6),
        "bias_correction_nu": draw.maybe(0.6),
    },
    "radam": lambda draw: {
        **_betas(draw),
        "eps": draw.log(-8, -2),
        "threshold": draw.any(5.0, 5.0, float(draw.rng.uniform(4.1, 8))),
        "nesterov": draw.maybe(0.3),
    },
    "lion": lambda draw: {
        "b1": float(draw.rng.uniform(0, 0.99)),
        "b2": float(draw.rng.uniform(0, 0.99)),
        **_decay(draw),
    },
    "optimistic_gradient_descent": lambda draw: {
        "alpha": float(draw.rng.uniform(0, 2)),
        "beta": float(draw.rng.uniform(0, 2)),
    },
    "optimistic_adam": lambda draw: {
        **_adam(draw),
        "learning_rate": draw.log(-3, -1),
        "optimism": draw.any(None, draw.log(-3, -1)),
        "nesterov": draw.maybe(0.5),
    },
    "optimistic_adam_v2": lambda draw: {
        **_adam(draw),
        "alpha": float(draw.rng.uniform(0, 2)),
        "beta": float(draw.rng.uniform(0, 2)),
        "nesterov": draw.maybe(0.5),
    },
    "lamb": lambda draw: {**_betas(draw), "eps": draw.log(-10, -3), "weight_decay": draw.any(0.0, draw.log(-4, -1))},
    "lars": lambda draw: {
        "weight_decay": draw.any(0.0, draw.log(-4, -1)),
        "trust_coefficient": draw.log(-3, 0),
        "eps": draw.any(0.0, draw.log(-6, -2)),
        "momentum": float(draw.rng.uniform(0, 0.99)),
    },
    "fromage": lambda draw: {"min_norm": draw.log(-8, -2)},
    "novograd": lambda draw: {
        "b1": float(draw.rng.uniform(0, 0.99)),
        "b2": float(draw.rng.uniform(0, 0.99)),
        "eps": draw.log(-8, -2),
        "weight_decay": draw.any(0.0, draw.log(-4, -1)),
    },
    "contrib.prodigy": lambda draw: {
        "betas": (float(draw.rng.uniform(0, 0.99)), float(draw.rng.uniform(0.5, 0.999))),
        "eps": draw.log(-10, -3),
        "estim_lr0": draw.log(-6, -2),
        "weight_decay": draw.any(0.0, draw.log(-4, -1)),
    },
    "contrib.dog": lambda draw: {
        "init_step": ("heuristic", draw.log(-6, -2)),
        "eps": draw.log(-10, -3),
        "weight_decay": draw.any(None, draw.log(-4, -1)),
        "mask": draw.mask(),
    },
    "contrib.dowg": lambda draw: {
        "init_estim_sq_dist": draw.any(None, draw.log(-6, 0)),
        "eps": draw.log(-8, -3),
        "weight_decay": draw.any(None, draw.log(-4, -1)),
        "mask": draw.mask(),
    },
    "contrib.dadapt_adamw": lambda draw: {
        "betas": (float(draw.rng.uniform(0, 0.99)), float(draw.rng.uniform(0.5, 0.999))),
        "eps": draw.log(-10, -3),
        "estim_lr0": draw.log(-6, -2),
        "weight_decay": draw.any(0.0, draw.log(-4, -1)),
    },
    "contrib.acprop": lambda draw: {
        **_betas(draw),
        "eps": draw.log(-10, -3),
        "eps_root": draw.log(-10, -4),
        **_decay(draw),
    },
    "adan": lambda draw: {
        **_betas(draw),
        "b3": 0.97,
        "eps": draw.log(-8, -3),
        "eps_root": draw.any(0.0, 1e-8),
        **_decay(draw),
    },
    "contrib.adopt": lambda draw: {
        **_betas(draw),
        "eps": draw.log(-8, -3),
        "use_clipping": draw.maybe(0.7),
        "mu_dtype": draw.any(None, "float64"),
    },
    "contrib.ademamix": lambda draw: {
        **_betas(draw),
        "b3": draw.any(0.99, draw.schedule(0.99)),
        "alpha": draw.any(0.0, 5.0, draw.schedule(5.0)),
        "eps": draw.log(-8, -3),
        **_decay(draw, 0),
    },
    "contrib.simplified_ademamix": lambda draw: {
        **_betas(draw),
        "alpha": draw.any(0.0, 5.0, draw.schedule(5.0)),
        "eps": draw.log(-8, -3),
        **_decay(draw, 0),
    },
    "contrib.madgrad": lambda draw: {
        "momentum": draw.any(0.0, 0.5, 0.95),
        "weight_decay": draw.any(0.0, 1e-2),
        "eps": draw.log(-8, -3),
    },
    "contrib.cocob": lambda draw: {
        "learning_rate": draw.any(1.0, 0.3),
        "alpha": draw.log(0, 2),
        "eps": draw.log(-8, -3),
        **_decay(draw, 0),
    },
    "contrib.schedule_free_sgd": lambda draw: {
        "learning_rate": draw.log(-2, -1),
        "b1": float(draw.rng.uniform(0.1, 0.98)),
        "warmup_steps": draw.any(None, 1, 10, 100),
        "weight_decay": draw.any(None, 0.0, 1e-2),
        "weight_lr_power": draw.any(0.0, 2.0, 1.3),
    },
    "contrib.schedule_free_adamw": lambda draw: {
        "learning_rate": draw.log(-3, -1),
        "b1": float(draw.rng.uniform(0.1, 0.98)),
        "b2": float(draw.rng.uniform(0.9, 0.9999)),
        "eps": draw.log(-8, -3),
        "warmup_steps": draw.any(None, 1, 10, 100),
        "weight_decay": draw.any(0.0, 1e-2),
        "weight_lr_power": draw.any(0.0, 2.0, 1.3),
    },
    "sign_sgd": lambda draw: {},
    "signum": lambda draw: {"beta": float(draw.rng.uniform(0, 0.99))},
    "adabelief": lambda draw: {
        **_betas(draw),
        "eps": draw.log(-10, -3),
        "eps_root": draw.log(-16, -4),
        "nesterov": draw.maybe(0.3),
    },
}

#: Directions of optax whose rules stand above, with the arguments that they have.
_DIRECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "scale_by_adam": ("adam", ("b1", "b2", "eps", "eps_root", "nesterov")),
    "scale_by_amsgrad": ("amsgrad", ("b1", "b2", "eps", "bias_correction_mu", "bias_correction_nu")),
    "scale_by_adamax": ("adamax", ("b1", "b2", "eps")),
    "scale_by_belief": ("adabelief", ("b1", "b2", "eps", "eps_root", "nesterov")),
    "scale_by_radam": ("radam", ("b1", "b2", "eps", "threshold")),
    "scale_by_lion": ("lion", ("b1", "b2")),
    "scale_by_rms": ("rmsprop", ("decay", "eps", "initial_scale", "eps_in_sqrt", "bias_correction")),
    "scale_by_stddev": ("rmsprop", ("decay", "eps", "initial_scale", "eps_in_sqrt")),
    "scale_by_rss": ("adagrad", ("initial_accumulator_value", "eps")),
    "scale_by_adadelta": ("adadelta", ("rho", "eps")),
    "scale_by_sign": ("sign_sgd", ()),
}

_Part = Callable[[Any], Any]  # of a module


def _rule(draw: Draw) -> tuple[_Part, dict[str, Any] | None, str]:
    """The optimizer: of a module, and its name and options if it is an alias by itself."""
    rate = draw.schedule(draw.log(-3, -1)) if draw.maybe(0.5) else draw.log(-3, -1)
    if draw.maybe(0.2):
        return _scaled_direction(draw, rate), None, ""
    name = str(draw.any(*_OPTIONS))
    options = {"learning_rate": rate, **_OPTIONS[name](draw)}
    options = {key: value for key, value in options.items() if key == "learning_rate" or draw.maybe(0.8)}
    if name == "adadelta":
        options["learning_rate"] = rate
    injected = draw.maybe(0.15)
    if injected and "b1" in options and draw.maybe(0.5):
        options["b1"] = draw.schedule(0.9)
    draw.text.append(f"{'inject_hyperparams ' * injected}{name} {options}")
    static = tuple(key for key in options if "mask" in key or "dtype" in key)

    def made(module: Any) -> Any:
        alias = attrgetter(name)(module)
        alias = module.inject_hyperparams(alias, static_args=static) if injected else alias
        return alias(**{key: draw.of(module, value) for key, value in options.items()})

    return made, None if injected else options, name


def _scaled_direction(draw: Draw, rate: Any) -> _Part:
    name, (alias, taken) = list(_DIRECTIONS.items())[draw.rng.integers(len(_DIRECTIONS))]
    options = {key: value for key, value in _OPTIONS[alias](draw).items() if key in taken}
    decay = _decay(draw) if draw.maybe(0.5) else None
    form = draw.any("learning_rate", "schedule")
    draw.text.append(f"{name} {options} decay {decay} rate {rate} by {form}")

    def made(module: Any) -> Any:
        parts = [getattr(module, name)(**options)]
        if decay is not None:
            parts.append(module.add_decayed_weights(*(draw.of(module, value) for value in decay.values())))
        value = draw.of(module, rate)
        if form == "learning_rate":
            return module.chain(*parts, module.scale_by_learning_rate(value))
        if callable(value):
            return module.chain(*parts, module.scale_by_schedule(value), module.scale(-1.0))
        return module.chain(*parts, module.scale(-value))

    return made


def _before(draw: Draw) -> list[_Part]:
    found: list[_Part] = []
    for _ in range(draw.any(0, 0, 1, 2, 3)):
        kind = draw.any("clip", "global", "decay", "scale", "masked", "normalize")
        size, mask = draw.log(-1, 1), draw.mask() if kind in ("decay", "masked") else None
        weight = draw.schedule(0.01) if draw.maybe(0.3) else 0.02
        draw.text.append(f"{kind} {size} {weight}")
        parts: dict[str, _Part] = {
            "clip": lambda m, s=size: m.clip(s),
            "global": lambda m, s=size: m.clip_by_global_norm(s),
            "decay": lambda m, v=weight, k=mask: m.add_decayed_weights(draw.of(m, v), draw.of(m, k)),
            "scale": lambda m, s=size: m.scale(s),
            "normalize": lambda m: m.contrib.normalize(),
            "masked": lambda m, s=size, k=mask: m.masked(
                m.clip_by_global_norm(s), True if k is None else draw.of(m, k)
            ),
        }
        found.append(parts[kind])
    return found


def _multi_steps(inner: _Part, every: Any, mean: bool) -> _Part:
    def made(module: Any) -> Any:
        multi = module.MultiSteps(inner(module), every, use_grad_mean=mean, accumulator_dtype=jnp.float64)
        return multi.gradient_transformation()

    return made


def _if_finite(inner: _Part, errors: int) -> _Part:
    return lambda module: module.apply_if_finite(inner(module), errors)


def _around(draw: Draw, whole: _Part) -> tuple[_Part, bool]:
    """MultiSteps and apply_if_finite around the whole; whether gradients are all finite."""
    finite = True
    for _ in range(2):
        if draw.maybe(0.15):
            k, mean, growing = draw.any(1, 2, 3, 5), draw.maybe(0.8), draw.maybe(0.2)
            draw.text.append(f"MultiSteps {k} mean={mean} growing={growing}")
            whole = _multi_steps(whole, (lambda step, k=k: k + (step > 20)) if growing else k, mean)
        if draw.maybe(0.15):
            errors = draw.any(0, 2, 5)
            if re.search(r"^MultiSteps ([^1]|.*growing=True)|^sam", draw.text[-1]):
                errors = STEPS  # after one too many, optax has NaN before the step is due: see the presets
            draw.text.append(f"apply_if_finite {errors}")
            whole, finite = _if_finite(whole, errors), False
    return whole, finite


def _uphill(draw: Draw, inner: _Part) -> _Part:
    """Steps whose gradients are taken uphill, by a way of this length or by a multiple of the gradient."""
    rho, period, normalized = draw.log(-2, 0), draw.any(2, 2, 3), draw.maybe(0.7)
    draw.text.append(f"sam {rho} {period} normalized={normalized}")

    def made(module: Any) -> Any:
        up = module.sgd(rho)
        up = module.chain(module.contrib.normalize(), up) if normalized else up
        return module.contrib.sam(inner(module), up, sync_period=period)

    return made


def _free(draw: Draw) -> _Part:
    """Schedule-Free around an optimizer, by a rate of its own."""
    rate, weight = draw.log(-3, -1), draw.log(-3, -1)
    rates: Any = draw.schedule(rate) if draw.maybe(0.5) else rate
    options = {"b1": float(draw.rng.uniform(0.1, 0.98)), "weight_lr_power": draw.any(0.0, 2.0, 1.3)}
    name = draw.any("sgd", "adam", "adamw")
    inner = {} if name == "sgd" else {"b1": 0.0, "b2": float(draw.rng.uniform(0.9, 0.9999)), "eps": draw.log(-8, -3)}
    draw.text.append(f"schedule_free {name} {rate} {inner} {weight} {options}")

    def made(module: Any) -> Any:
        return module.contrib.schedule_free(getattr(module, name)(draw.of(module, rates), **inner), weight, **options)

    return made


def _mechanic(draw: Draw) -> _Part:
    """A factor that is found for the steps of an optimizer."""
    rate: Any = draw.any(1.0, draw.log(-2, 1))
    rates: Any = draw.schedule(rate) if draw.maybe(0.5) else rate
    options = {"weight_decay": draw.any(0.0, draw.log(-3, -1)), "eps": draw.log(-9, -6), "s_init": draw.log(-6, -2)}
    name = draw.any("sgd", "adam", "adamw")
    inner: dict[str, Any] = {**_betas(draw), "eps": draw.log(-8, -3)}
    if name == "sgd":
        inner = {"momentum": draw.any(None, 0.0, 0.9), "accumulator_dtype": draw.any(None, "float64")}
    if name == "adamw":
        inner["weight_decay"] = draw.any(0.0, draw.log(-4, -1))
    draw.text.append(f"mechanize {name} {rate} {inner} {options}")

    def made(module: Any) -> Any:
        return module.contrib.mechanize(getattr(module, name)(draw.of(module, rates), **inner), **options)

    return made


def _times(inner: _Part, factor: float) -> _Part:
    return lambda module: module.chain(inner(module), module.scale(factor))


def _configuration(draw: Draw) -> tuple[_Part, bool, Any]:
    """The whole as a transformation of a module, whether gradients are finite, and the alias with parameters.

    That is None if there is more around it than its pipeline can have.
    """
    rule, options, name = _rule(draw)
    before = _before(draw)

    def chained(module: Any) -> Any:
        return module.chain(*(part(module) for part in before), rule(module)) if before else rule(module)

    def direct(params: Any) -> Any:
        given = {key: draw.of(ours, value) for key, value in (options or {}).items()}
        return attrgetter(name)(ours)(params, **given, pipeline=[part(ours) for part in before])

    whole: _Part = chained
    if draw.maybe(0.1):
        whole = _uphill(draw, chained)
    elif draw.maybe(0.05):
        whole = _free(draw)
    elif draw.maybe(0.05):
        whole = _mechanic(draw)
    elif draw.maybe(0.2):
        factor = draw.any(0.5, 2.0)
        draw.text.append(f"times {factor}")
        whole = _times(whole, factor)
    around, finite = _around(draw, whole)
    return around, finite, direct if options is not None and around is chained else None


def trial(seed: int) -> Trial:
    """One configuration, 300 steps of it; now and then a rule that is given more than gradients."""
    if seed % 20 == 19:
        return (sophia, polyak, momo)[seed // 20 % 3](np.random.default_rng(seed))
    draw = Draw(np.random.default_rng(seed))
    whole, finite, direct = _configuration(draw)
    rng, size = draw.rng, draw.log(-1, 1)
    start = _tree(lambda shape: rng.normal(size=shape))
    aim = _tree(lambda shape: rng.normal(size=shape))
    pushes = _tree(lambda shape: size * rng.normal(size=(STEPS, *shape)))
    if not finite:
        for step in np.flatnonzero(rng.random(STEPS) < 0.1):
            pushes["body"]["W"][step, 0, 1] = draw.any(np.nan, np.inf, -np.inf)
    drawn = "; ".join(draw.text)
    try:
        found = _stepped(draw, whole, direct, start, aim, pushes)
    except NotImplementedError as error:
        return Trial(drawn, refused=re.sub(r"=-?[\d.e-]+", "=...", str(error)))
    expected = _scanned(whole(theirs), start, aim, pushes)
    if not np.array_equal(np.isfinite(found), np.isfinite(expected)):
        return Trial(drawn, difference=np.inf)
    apart = np.abs(np.where(np.isfinite(found), found - expected, 0.0)).max()
    return Trial(
        drawn, difference=float(apart / np.abs(np.where(np.isfinite(expected), expected, 0.0)).max(initial=1.0))
    )


def _gradient(push: Any, w: Any, aim: Any) -> Any:
    return push + 0.1 * (w - aim)


def _stepped(draw: Draw, whole: _Part, direct: Any, start: Any, aim: Any, pushes: Any) -> np.ndarray:
    """The weights after all steps here: of an optimizer in place, or by init and update."""
    params = jax.tree.map(np.copy, start)
    functional = direct is None and draw.maybe(0.2)
    tx = whole(ours) if direct is None or draw.maybe(0.3) else None
    state = tx.init(params) if functional and tx else None
    opt = None if functional else tx.optimizer(params) if tx else direct(params)
    with np.errstate(all="ignore"):
        for step in range(STEPS):
            here = jax.tree.map(lambda push, number=step: push[number], pushes)
            grads = jax.tree.map(_gradient, here, params, aim)
            if opt is not None:
                opt.step(grads)
            else:
                updates, state = tx.update(grads, state, params)
                params = ours.apply_updates(params, updates)
    return np.concatenate([w.ravel() for w in jax.tree.leaves(params)])


def _scanned(tx: Any, start: Any, aim: Any, pushes: Any) -> np.ndarray:
    def step(carry: Any, push: Any) -> Any:
        params, state = carry
        grads = jax.tree.map(_gradient, push, params, aim)
        updates, state = tx.update(grads, state, params)
        return (theirs.apply_updates(params, updates), state), None

    params = jax.tree.map(jnp.asarray, start)
    (params, _), _ = jax.jit(lambda carry, all_pushes: jax.lax.scan(step, carry, all_pushes))(
        (params, tx.init(params)), pushes
    )
    return np.concatenate([np.asarray(w).ravel() for w in jax.tree.leaves(params)])
