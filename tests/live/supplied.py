"""What optax computes of more than gradients beside its presets, which are handed what optax computes for itself."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from stepsmith.numpy.presets import optax as ours

from . import Trial

STEPS = 60
_SHAPES = {"a": (3, 2), "b": (2,), "c": ()}


def _handed_on() -> optax.GradientTransformationExtraArgs:
    """In the place of an estimate of the Hessian: the one that is handed over."""

    def update(updates: Any, state: Any, params: Any = None, hessian: Any = None, **extra: Any) -> Any:
        return hessian, state

    return optax.GradientTransformationExtraArgs(lambda params: optax.EmptyState(), update)


def sophia(rng: np.random.Generator) -> Trial:
    """contrib.sophia, as an optimizer or by init and update."""
    options: dict[str, Any] = {
        "learning_rate": float(10 ** rng.uniform(-3, -1)),
        "b1": float(rng.uniform(0, 0.98)),
        "b2": float(rng.uniform(0.5, 0.999)),
        "eps": float(10 ** rng.uniform(-8, -3)),
        "weight_decay": float(rng.choice([0.0, 10 ** rng.uniform(-3, -1)])),
        "weight_decay_mask": [None, {"a": True, "b": False, "c": True}][rng.integers(2)],
        "gamma": float(10 ** rng.uniform(-2, 1)),
        "clip_threshold": float(10 ** rng.uniform(-1, 1)),
    }
    start = {name: rng.normal(size=shape) for name, shape in _SHAPES.items()}
    noise = [{name: rng.normal(size=shape) for name, shape in _SHAPES.items()} for _ in range(2 * STEPS)]
    theirs = optax.contrib.sophia(**options, hessian_diagonal_fn=_handed_on())
    update = jax.jit(theirs.update)
    params = jax.tree.map(jnp.asarray, start)
    state = theirs.init(params)
    mine = jax.tree.map(np.array, start)
    by_update = rng.random() < 0.3
    tx = ours.contrib.sophia(**options)
    opt = None if by_update else ours.contrib.sophia(mine, **options)
    kept = tx.init(mine) if by_update else None
    for step in range(STEPS):
        grads, hessian = noise[2 * step], noise[2 * step + 1]
        updates, state = update(grads, state, params, hessian=hessian)
        params = optax.apply_updates(params, updates)
        given = {"hessian": hessian} if step % 10 == 0 else {}
        if opt is not None:
            opt.step(grads, **given)
        else:
            changes, kept = tx.update(grads, kept, mine, **given, value=1.0)
            mine = ours.apply_updates(mine, changes)
    largest = max(float(np.abs(w).max()) for w in mine.values())
    apart = max(float(np.abs(np.asarray(params[name]) - w).max()) for name, w in mine.items())
    return Trial(f"contrib.sophia {options}", apart / max(largest, 1.0))


def polyak(rng: np.random.Generator) -> Trial:
    """polyak_sgd on a quadratic whose least value is guessed, more or less."""
    options: dict[str, Any] = {
        "max_learning_rate": float(10 ** rng.uniform(-2, 1)),
        "scaling": float(10 ** rng.uniform(-1, 0)),
        "f_min": float(rng.choice([0.0, rng.normal()])),
        "eps": float(rng.choice([0.0, 10 ** rng.uniform(-6, 0)])),
        "variant": str(rng.choice(["sps", "sps+"])),
    }
    return _of_losses(rng, "polyak_sgd", options)


def momo(rng: np.random.Generator) -> Trial:
    """contrib.momo and momo_adam on a quadratic whose least value is guessed, or estimated from such a guess."""
    options: dict[str, Any] = {
        "learning_rate": float(10 ** rng.uniform(-2, 0)),
        "lower_bound": float(rng.choice([0.0, rng.normal()])),
        "weight_decay": float(rng.choice([0.0, 10 ** rng.uniform(-3, -1)])),
        "adapt_lower_bound": bool(rng.random() < 0.5),
    }
    if rng.random() < 0.5:
        return _of_losses(rng, "contrib.momo", {**options, "beta": float(rng.uniform(0, 0.98))})
    betas = {"b1": float(rng.uniform(0, 0.98)), "b2": float(rng.uniform(0.5, 0.999))}
    return _of_losses(rng, "contrib.momo_adam", {**options, **betas, "eps": float(10 ** rng.uniform(-8, -3))})


def _of_losses(rng: np.random.Generator, name: str, options: dict[str, Any]) -> Trial:
    """An optimizer that is given the loss of a quadratic, beside a gradient that is a little off."""
    start = {key: rng.normal(size=shape) for key, shape in _SHAPES.items()}
    theirs, make = (attrgetter(name)(module) for module in (optax, ours))
    theirs = theirs(**options)
    update, params = jax.jit(theirs.update), jax.tree.map(jnp.asarray, start)
    state, mine = theirs.init(params), jax.tree.map(np.array, start)
    by_update = rng.random() < 0.3
    tx = make(**options)
    opt, kept = (None, tx.init(mine)) if by_update else (make(mine, **options), None)
    for _ in range(STEPS):
        noise = {key: rng.normal(size=shape) for key, shape in _SHAPES.items()}
        grads = {key: np.asarray(w + 0.1 * noise[key]) for key, w in mine.items()}
        value = 0.5 * float(sum((w**2).sum() for w in mine.values()))
        updates, state = update(grads, state, params, value=value)
        params = optax.apply_updates(params, updates)
        if opt is not None:
            opt.step(grads, loss=value)
        else:
            changes, kept = tx.update(grads, kept, mine, value=value)
            mine = ours.apply_updates(mine, changes)
    largest = max(float(np.abs(w).max()) for w in mine.values())
    apart = max(float(np.abs(np.asarray(params[key]) - w).max()) for key, w in mine.items())
    return Trial(f"{name} {options}", apart / max(largest, 1.0))
