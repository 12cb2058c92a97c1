"""What a row of the comparison with pytorch_optimizer says, and what many rows have in common."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

STEPS = 300

Rng = np.random.Generator
Draw = Callable[[Rng], float]
Hypers = Mapping[str, float]


def between(least: float, most: float) -> Draw:
    return lambda rng: float(rng.uniform(least, most))


def size(least: float, most: float) -> Draw:
    """Numbers of all sizes between two."""
    return lambda rng: float(np.exp(rng.uniform(np.log(least), np.log(most))))


def or_zero(draw: Draw) -> Draw:
    return lambda rng: draw(rng) if rng.random() < 0.5 else 0.0


#: What is drawn for a hyperparameter of that name, unless a row says otherwise.
DRAWS: dict[str, Draw] = {
    "lr": size(1e-3, 5e-2),
    "nu1": between(0, 1),
    "nu2": between(0, 1),
    "beta": between(0, 0.97),
    "beta1": between(0, 0.97),
    "beta2": between(0.5, 0.9999),
    "beta3": between(0.5, 0.9999),
    "mu": between(0.1, 0.97),
    "rho": between(0.5, 0.99),
    "nu": between(0, 1),
    "eps": size(1e-10, 1e-3),
    "weight_decay": or_zero(size(1e-3, 1e-1)),
}


@dataclass(frozen=True)
class Row:
    """A rule here, a class of pytorch_optimizer, and its arguments for hyperparameters of the rule."""

    rule: str
    theirs: str
    arguments: Callable[[Hypers], dict[str, Any]]
    draws: Mapping[str, Draw] = field(default_factory=dict)
    #: What the rule here is given in place of what was drawn, where the class there means something else by it.
    ours: Callable[[Hypers], dict[str, Any]] = lambda h: {}
    #: What its group of parameters says there.
    group: Mapping[str, Any] = field(default_factory=dict)
    #: Whether gradients keep away from 0: for classes that add 1e-15 to each second moment.
    away: bool = False
    #: Whether the learning rate stays what it was.
    constant: bool = False
    #: For rules that are given a Hessian: in every how many-th step.
    hessian: int = 0
    #: How large gradients are: for classes that clip their norms at 1.
    scale: float = 1.0
    #: Whether a step there is told the loss.
    loss: bool = False
    #: Whether arrays have one element each: for classes that divide by the share of those that move.
    single: bool = False
    #: The shapes that arrays have: for classes that do something else with others.
    shapes: tuple[tuple[int, ...], ...] = ()


def adam(h: Hypers) -> dict[str, Any]:
    return {"lr": h["lr"], "betas": (h["beta1"], h["beta2"]), "eps": h["eps"]}


def decoupled(h: Hypers) -> dict[str, Any]:
    return {"weight_decay": h["weight_decay"], "weight_decouple": True}


def three(h: Hypers) -> dict[str, Any]:
    return adam(h) | {"betas": (h["beta1"], h["beta2"], h["beta3"])}


def eps_hat(h: Hypers) -> dict[str, Any]:
    """Epsilon that is added before the second moment is corrected."""
    return {"eps": lambda t: h["eps"] / math.sqrt(1 - h["beta2"] ** t)}
