"""Rules beside those of pytorch_optimizer: the same hyperparameters, the same gradients, the same weights.

ROWS says which rule here is which class there. A rule that is added gets a row: what is drawn for its hyperparameters
(by their names here), and what the class there is called with for these.
"""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np
import pytorch_optimizer
import torch

from . import Trial
from .collection_more import MORE
from .phases import sam
from .rows import DRAWS, STEPS, Draw, Hypers, Rng, Row, adam, between, decoupled, eps_hat, or_zero, size, three


def _squared_norm(groups: list[dict[str, Any]], device: Any = None) -> torch.Tensor:
    return torch.stack([p.grad.norm() ** 2 for group in groups for p in group["params"]]).sum().reshape(1)


# what is computed in float32 there, even of gradients in float64
for _module in ("alig", "dadapt", "adagc"):
    importlib.import_module(f"pytorch_optimizer.optimizer.{_module}").get_global_gradient_norm = _squared_norm

_SHAPES = [(), (1,), (3,), (2, 2), (1, 4)]


def _mars(h: Hypers) -> dict[str, Any]:
    return {"lr": h["lr"], "gamma": h["gamma"], "optimize_1d": True, **decoupled(h)}


def _schedule_free(h: Hypers) -> dict[str, Any]:
    return {name: h[name] for name in ("lr", "weight_decay", "r", "weight_lr_power")}


_FREE: dict[str, Draw] = {
    "beta": between(0.1, 0.97),
    "beta1": between(0.1, 0.97),
    "r": or_zero(between(0, 2)),
    "weight_lr_power": between(0, 3),
    "warmup": lambda rng: int(rng.integers(0, STEPS)),
}

ROWS = (
    Row("QHM", "QHM", lambda h: {"lr": h["lr"], "momentum": h["beta"], "nu": h["nu"]}),
    Row(
        "Signum",
        "SignSGD",
        lambda h: {"lr": h["lr"], "momentum": h["beta"]},
        {"beta": between(0.1, 0.97)},
    ),
    Row(
        "Lion",
        "Lion",
        lambda h: {"lr": h["lr"], "betas": (h["beta1"], h["beta2"]), **decoupled(h)},
    ),
    Row("QHAdam", "QHAdam", lambda h: adam(h) | {"nus": (h["nu1"], h["nu2"])}),
    Row(
        "AggMo",
        "AggMo",
        lambda h: {"lr": h["lr"], "betas": (h["beta1"], h["beta2"], h["beta3"])},
    ),
    Row(
        "PID",
        "PID",
        lambda h: {"lr": h["lr"], "momentum": h["mu"], "integral": h["integral"], "derivative": h["derivative"]},
        {"integral": between(0, 10), "derivative": between(0, 20)},
    ),
    # the learning rate stands inside the average there, and epsilon counts before the second moment is corrected
    Row(
        "LaProp",
        "LaProp",
        lambda h: {"lr": h["lr"], "betas": (h["mu"], h["nu"]), "eps": h["eps"]},
        {"nu": between(0.5, 0.9999)},
        lambda h: {"eps": lambda t: h["eps"] / math.sqrt(1 - h["nu"] ** t)},
        away=True,
        constant=True,
    ),
    Row("DiffGrad", "DiffGrad", adam, ours=eps_hat, away=True),
    # there the correction of the first moment is in the step sizes that are averaged
    Row(
        "AdaMod",
        "AdaMod",
        lambda h: adam(h) | {"betas": (h["beta1"], h["beta2"], h["beta3"])},
        {"beta1": lambda rng: 0.0},
        eps_hat,
    ),
    Row("AdaModCorrected", "AdaMod", lambda h: adam(h) | {"betas": (h["beta1"], h["beta2"], h["beta3"])}),
    Row(
        "AdamC",
        "AdamC",
        lambda h: adam(h) | decoupled(h) | {"lr": h["lr_max"]},
        {"lr": lambda rng: 0.02, "lr_max": lambda rng: 0.02},
        ours=eps_hat,
        away=True,
        group={"normalized": True},
    ),
    Row(
        "PNM",
        "PNM",
        lambda h: {"lr": h["lr"], "betas": (h["beta1"], h["beta0"])},
        {"beta0": between(0, 1)},
    ),
    Row(
        "AdaPNM",
        "AdaPNM",
        lambda h: adam(h) | {"betas": (h["beta1"], h["beta2"], h["beta0"])},
        {"beta0": between(0, 1)},
        eps_hat,
        away=True,
    ),
    Row(
        "AdaHessian",
        "AdaHessian",
        lambda h: adam(h) | decoupled(h) | {"hessian_power": h["hessian_power"]},
        {"hessian_power": between(0.1, 1), "lr": size(1e-3, 2e-2)},
        hessian=1,
    ),
    # there the curvature has no scale
    Row(
        "Sophia",
        "SophiaH",
        lambda h: adam(h) | decoupled(h) | {"p": 1.0, "update_period": 10**9},
        {"gamma": lambda rng: 1.0, "eps": size(1e-6, 1e-2)},
        hessian=3,
    ),
    Row("Tiger", "Tiger", lambda h: {"lr": h["lr"], "beta": h["beta"], **decoupled(h)}),
    Row("MSVAG", "MSVAG", lambda h: {"lr": h["lr"], "beta": h["beta"]}),
    Row(
        "AccSGD",
        "AccSGD",
        lambda h: {"lr": h["lr"], "kappa": h["kappa"], "xi": h["xi"], "constant": h["small"]},
        {"kappa": size(10, 1000), "xi": between(1, 10), "small": between(0.3, 0.9)},
    ),
    # its decay is apart from the learning rate
    Row(
        "SGDW",
        "SGDW",
        lambda h: {"lr": h["lr"], "momentum": h["beta1"], **decoupled(h)},
        {"eta": lambda rng: 1.0, "beta1": between(0.1, 0.97)},
        lambda h: {"weight_decay": h["lr"] * h["weight_decay"]},
        constant=True,
    ),
    Row(
        "SGDWBuffer",
        "SGDW",
        lambda h: {"lr": h["lr"], "momentum": h["mu"], "dampening": h["dampening"], **decoupled(h)},
        {"dampening": or_zero(between(0, 1))},
    ),
    Row(
        "SGDWNesterov",
        "SGDW",
        lambda h: {"lr": h["lr"], "momentum": h["mu"], "nesterov": True, **decoupled(h)},
    ),
    Row("EXAdam", "EXAdam", adam),
    Row(
        "GrokfastAdamW",
        "GrokFastAdamW",
        lambda h: (
            adam(h) | decoupled(h) | {"grokfast_alpha": h["alpha"], "grokfast_lamb": h["lamb"], "normalize_lr": False}
        ),
        {"alpha": between(0.5, 0.99), "lamb": between(0, 4)},
    ),
    Row("ADOPTUnclipped", "ADOPT", lambda h: adam(h) | {"clip_lambda": None}),
    # there the clipping value is that of t, which is 2 in the first step that moves the weights
    Row(
        "ADOPT",
        "ADOPT",
        lambda h: adam(h) | {"clip_lambda": lambda t: (t - 1) ** h["growth"]},
        {"growth": between(0.1, 0.5)},
    ),
    Row("AdanProximal", "Adan", lambda h: three(h) | {"weight_decay": h["weight_decay"]}),
    Row("Adan", "Adan", lambda h: three(h) | decoupled(h)),
    Row("AdEMAMix", "AdEMAMix", lambda h: three(h) | decoupled(h) | {"alpha": h["alpha"]}, {"alpha": between(0, 8)}),
    Row(
        "AdEMAMixScheduled",
        "AdEMAMix",
        lambda h: three(h) | decoupled(h) | {"alpha": h["alpha"], "t_alpha_beta3": h["warmup"]},
        {
            "alpha": between(0, 8),
            "beta1": between(0.1, 0.9),
            "beta3": between(0.95, 0.9999),
            "beta_start": between(0.1, 0.9),
            "warmup": lambda rng: int(rng.integers(1, 2 * STEPS)),
        },
        lambda h: {"beta_start": h["beta1"]},
    ),
    Row(
        "MADGRADEpsInLr",
        "MADGRAD",
        lambda h: {name: h[name] for name in ("lr", "momentum", "eps")},
        {"momentum": or_zero(between(0.1, 0.95)), "eps": size(1e-8, 1e-3)},
    ),
    Row(
        "MADGRAD",
        "MADGRAD",
        lambda h: {"lr": h["lr"] - h["eps"], "momentum": h["momentum"], "eps": h["eps"]},
        {"momentum": or_zero(between(0.1, 0.95)), "eps": size(1e-8, 1e-4)},
        constant=True,
    ),
    Row(
        "KATE",
        "Kate",
        lambda h: {"lr": h["lr"], "delta": h["eta"], "eps": h["eps"]},
        {"eta": or_zero(size(1e-4, 0.1))},
    ),
    Row(
        "FTRL",
        "FTRL",
        lambda h: {"lr": h["lr"], "beta": h["beta"], "lambda_1": h["l1"], "lambda_2": h["l2"]},
        {"lr": size(1e-2, 1), "beta": size(1e-2, 1), "l1": or_zero(between(0, 2)), "l2": or_zero(between(0, 2))},
    ),
    Row("Grams", "Grams", lambda h: adam(h) | decoupled(h)),
    # for one element, the factor of the mask's mean is one half
    Row(
        "CautiousLionUnscaled",
        "Lion",
        lambda h: {
            "lr": 2 * h["lr"],
            "betas": (h["beta1"], h["beta2"]),
            "weight_decay": h["weight_decay"] / 2,
            "weight_decouple": True,
        },
        group={"cautious": True},
        constant=True,
        single=True,
    ),
    Row(
        "MARSAdamW",
        "MARS",
        lambda h: _mars(h) | adam(h) | {"mars_type": "adamw"},
        {"gamma": between(0, 0.05)},
        eps_hat,
        away=True,
        scale=0.05,
    ),
    Row(
        "MARSLion",
        "MARS",
        lambda h: _mars(h) | {"betas": (h["beta"], 0.99), "mars_type": "lion"},
        {"gamma": between(0, 0.05)},
        away=True,
        scale=0.05,
    ),
    Row(
        "ScheduleFreeSGDWeighted",
        "ScheduleFreeSGD",
        lambda h: _schedule_free(h) | {"momentum": h["beta"], "warmup_steps": h["warmup"]},
        _FREE,
    ),
    Row(
        "ScheduleFreeAdamW",
        "ScheduleFreeAdamW",
        lambda h: _schedule_free(h) | adam(h) | {"warmup_steps": h["warmup"]},
        _FREE,
        away=True,
    ),
    Row("ScheduleFreeRAdam", "ScheduleFreeRAdam", lambda h: _schedule_free(h) | adam(h), _FREE, away=True),
    Row("PadamCorrected", "PAdam", lambda h: adam(h) | {"partial": h["partial"]}, {"partial": between(0, 0.5)}),
    *MORE,
)


def drawn(row: Row, rng: Rng) -> dict[str, float]:
    """Hyperparameters of the rule of a row, by their names here."""
    domains = getattr(importlib.import_module("stepsmith.numpy"), row.rule)._domains
    return {name: (row.draws.get(name) or DRAWS[name])(rng) for name in domains}


def made(row: Row, hypers: Hypers, params: list[torch.nn.Parameter], *gradients: torch.Tensor) -> Any:
    """The optimizer there, with its states made: in float64 those, too, that are always in float32 there."""
    group = {"params": params, **row.group}
    optimizer = getattr(pytorch_optimizer, row.theirs)([group], **row.arguments(hypers), foreach=False)
    for p, g in zip(params, gradients, strict=True):
        p.grad = g
    for group in optimizer.param_groups:
        optimizer.init_group(group, clip_global_grad_norm=1.0)  # as Adan's step does
    for state in optimizer.state.values():
        for name, value in state.items():
            if torch.is_tensor(value) and value.dtype == torch.float32:
                state[name] = value.double()
    return optimizer


def _noise(rng: Rng, shape: tuple[int, ...], row: Row) -> np.ndarray:
    if row.away:
        return rng.uniform(0.3, 2.0, (STEPS, *shape)) * rng.choice([-1.0, 1.0], (STEPS, *shape), p=[0.35, 0.65])
    noise = rng.normal(0.3, 1.0, (STEPS, *shape))
    return noise * (rng.random((STEPS, *shape)) < rng.choice([1.0, 0.8]))


def trial(seed: int) -> Trial:
    """One draw for the rule of the row that has this number, or this number less that of all rows, and so on.

    Now and then one of two gradients.
    """
    rng = np.random.default_rng(seed)
    if seed % 23 == 22:
        return sam(rng)
    row = ROWS[seed % len(ROWS)]
    hypers = drawn(row, rng)
    among = row.shapes or (_SHAPES[:2] if row.single else _SHAPES)
    arrays = [np.asarray(rng.normal(size=among[k])) for k in rng.integers(len(among), size=rng.integers(1, 4))]
    tensors = [torch.nn.Parameter(torch.tensor(w)) for w in arrays]
    make = getattr(importlib.import_module("stepsmith.numpy"), row.rule)
    ours = make(arrays, **{**hypers, **row.ours(hypers)})
    changes = {} if row.constant else {int(rng.integers(1, STEPS)): DRAWS["lr"](rng) for _ in range(2)}
    noise = [_noise(rng, w.shape, row) for w in arrays]
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        first = [torch.tensor(_gradient(row, n[0], w)) for n, w in zip(noise, arrays, strict=True)]
        theirs = made(row, hypers, tensors, *first)
        for t in range(STEPS):
            if t in changes:
                ours.lr = theirs.param_groups[0]["lr"] = changes[t]
            gradients = [_gradient(row, n[t], w) for n, w in zip(noise, arrays, strict=True)]
            for p, g in zip(tensors, gradients, strict=True):
                p.grad = torch.tensor(g)
            given: dict[str, Any] = {}
            if row.hessian and t % row.hessian == 0:
                given["hessian"] = [np.asarray(rng.normal(0.5, 1.0, w.shape)) for w in arrays]
            there = {name: [torch.tensor(h) for h in found] for name, found in given.items()}
            if row.loss:
                loss = given["loss"] = float(rng.uniform(0, 3))
                there["closure"] = lambda loss=loss: loss
            theirs.step(**there)
            ours.step(gradients, **given)
    finally:
        torch.set_default_dtype(before)
    return Trial(f"{row.rule}({hypers})", _difference(arrays, tensors))


def _gradient(row: Row, noise: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.asarray(row.scale * (noise + 0.1 * w * (not row.away)))


def _difference(arrays: list[np.ndarray], tensors: list[torch.nn.Parameter]) -> float:
    """The largest difference relative to the largest weight; NaN if there is one."""
    both = [(w, p.detach().numpy()) for w, p in zip(arrays, tensors, strict=True)]
    largest = max(float(np.abs(w).max()) for w, _ in both)
    apart = np.array([np.abs(w - p).max() for w, p in both])
    return float(apart.max()) / max(largest, 1e-300)
