"""presets.torch beside torch.optim: options, param groups, schedulers, missing gradients, checkpoints both ways."""

from __future__ import annotations

import copy
import importlib
import math
import pickle
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from . import Trial

STEPS = 300
_SHAPES = [(), (1,), (3,), (2, 2), (1, 4), (2, 3, 1)]

Rng = np.random.Generator


def _sometimes(rng: Rng, value: Any, otherwise: Any, share: float = 0.5) -> Any:
    return value if rng.random() < share else otherwise


def _betas(rng: Rng) -> tuple[float, float]:
    return float(rng.uniform(0.0, 0.97)), float(rng.uniform(0.5, 0.9999))


def _numbers(rng: Rng, name: str) -> dict[str, Any]:
    """Options that may differ between groups."""
    found: dict[str, Any] = {
        "lr": float(10 ** rng.uniform(-3, -1.3)),
        "maximize": bool(rng.random() < 0.2),
    }
    decay = {"weight_decay": float(_sometimes(rng, 10 ** rng.uniform(-3, -1), 0))}
    match name:
        case "SGD":
            found |= decay | {"momentum": float(_sometimes(rng, rng.uniform(0.1, 0.95), 0))}
            found["dampening"] = float(_sometimes(rng, rng.uniform(0, 0.9), 0, 0.3))
        case "Adagrad":
            found |= decay | {"lr_decay": float(_sometimes(rng, 0.01, 0)), "eps": float(10 ** rng.uniform(-10, -2))}
        case "RMSprop":
            found |= decay | {"alpha": float(rng.uniform(0.5, 0.999)), "eps": float(10 ** rng.uniform(-8, -2))}
            found["momentum"] = float(_sometimes(rng, rng.uniform(0.1, 0.9), 0))
        case "Adadelta":
            found |= decay | {"rho": float(rng.uniform(0.5, 0.99)), "eps": float(10 ** rng.uniform(-6, -2))}
            found["lr"] *= 10
        case "ASGD":
            found |= decay | {"lambd": float(10 ** rng.uniform(-4, -1)), "alpha": float(rng.uniform(0.3, 1))}
            found["t0"] = float(_sometimes(rng, rng.integers(0, STEPS), 1e6))
        case "Rprop":
            found["etas"] = (float(rng.uniform(0.3, 0.9)), float(rng.uniform(1.05, 1.3)))
            found["step_sizes"] = (float(10 ** rng.uniform(-6, -4)), float(10 ** rng.uniform(-1, 1)))
        case _:
            found |= decay | {"betas": _betas(rng), "eps": float(10 ** rng.uniform(-9, -3))}
            if name == "SparseAdam":
                del found["weight_decay"]
            if name == "NAdam":
                found["momentum_decay"] = float(10 ** rng.uniform(-3, -1))
    return found


def _whole(rng: Rng, name: str) -> dict[str, Any]:
    """Options that are the same in all groups."""
    match name:
        case "SGD":
            return {"nesterov": bool(rng.random() < 0.3)}
        case "Adagrad":
            return {"initial_accumulator_value": float(_sometimes(rng, 0.1, 0))}
        case "RMSprop":
            return {"centered": bool(rng.random() < 0.4)}
        case "Adam":
            flags = ("amsgrad", "decoupled_weight_decay")
        case "AdamW":
            flags = ("amsgrad",)
        case "NAdam" | "RAdam":
            flags = ("decoupled_weight_decay",)
        case _:
            flags = ()
    return {flag: bool(rng.random() < 0.4) for flag in flags}


def _options(rng: Rng, name: str, whole: dict[str, Any]) -> dict[str, Any]:
    found = {**_numbers(rng, name), **whole}
    if whole.get("nesterov"):
        found["dampening"] = 0.0
        found["momentum"] = found["momentum"] or 0.9
    return found


def _scheduler(rng: Rng, optimizer: str, with_cycle: bool) -> tuple[str, Callable[[Any], Any]]:
    """The name of a class of lr_scheduler, and what makes one for an optimizer."""
    make = torch.optim.lr_scheduler
    factor, period = float(rng.uniform(0.3, 0.99)), int(rng.integers(2, 60))
    cycles = {"cycle_momentum": bool(with_cycle and rng.random() < 0.5)}
    top = {"max_lr": 0.05, "total_steps": STEPS + 1, "pct_start": 0.3, **cycles}
    chained = [lambda o: make.StepLR(o, period, factor), lambda o: make.LinearLR(o, 0.5, 1.0, period)]
    offered: dict[str, Callable[[Any], Any]] = {
        "LambdaLR": lambda o: make.LambdaLR(o, lambda epoch: 1 / (1 + epoch / period)),
        "MultiplicativeLR": lambda o: make.MultiplicativeLR(o, lambda epoch: 0.99 + 0.01 * (epoch % 2)),
        "StepLR": lambda o: make.StepLR(o, period, factor),
        "MultiStepLR": lambda o: make.MultiStepLR(o, [period, 2 * period, 5 * period], factor),
        "ConstantLR": lambda o: make.ConstantLR(o, factor, period),
        "LinearLR": lambda o: make.LinearLR(o, factor, 1.0, period),
        "ExponentialLR": lambda o: make.ExponentialLR(o, 1 - factor / 100),
        "PolynomialLR": lambda o: make.PolynomialLR(o, 250, 1 + factor),
        "CosineAnnealingLR": lambda o: make.CosineAnnealingLR(o, period, 1e-4),
        "CosineAnnealingWarmRestarts": lambda o: make.CosineAnnealingWarmRestarts(o, period, 2),
        "OneCycleLR": lambda o: make.OneCycleLR(o, **top),
        "CyclicLR": lambda o: make.CyclicLR(o, 1e-3, 0.03, period, mode="exp_range", gamma=0.999, **cycles),
        "ReduceLROnPlateau": lambda o: make.ReduceLROnPlateau(o, factor=factor, patience=period // 5, threshold=1e-2),
        "SequentialLR": lambda o: make.SequentialLR(o, [each(o) for each in chained], [period]),
        "ChainedScheduler": lambda o: make.ChainedScheduler([each(o) for each in chained], o),
        "SWALR": lambda o: torch.optim.swa_utils.SWALR(o, 0.01, period),
    }
    name = str(rng.choice(list(offered)))
    return name, offered[name]


@dataclass
class Pair:
    """One optimizer of torch and the preset of it, and their parameters: groups of the same arrays."""

    ours: Any
    theirs: Any
    arrays: list[list[np.ndarray]]
    tensors: list[list[torch.Tensor]]
    grouped: bool
    names: list[str] | None = None
    noise: list[list[np.ndarray]] = field(default_factory=list)
    there: list[list[np.ndarray]] = field(default_factory=list)
    sparse: bool = False

    def draw(self, rng: Rng, missing: float) -> None:
        """What the gradients of all steps are, but for what depends on the parameters."""
        self.noise = [[rng.normal(0.3, 1.0, (STEPS, *w.shape)) for w in group] for group in self.arrays]
        self.there = [[rng.random(STEPS) >= missing for _ in group] for group in self.arrays]

    def step(self, t: int, clip: Callable[[Any], None] | None, *, follows: bool) -> None:
        gradients: list[list[np.ndarray | None]] = []
        given = []
        for k, (group, arrays) in enumerate(zip(self.theirs.param_groups, self.arrays, strict=True)):
            pull = 0.1 * follows * (-1.0 if group["maximize"] else 1.0)
            found = zip(self.there[k], self.noise[k], arrays, strict=True)
            gradients.append([np.asarray(noise[t] + pull * w) if there[t] else None for there, noise, w in found])
            for p, g in zip(self.tensors[k], gradients[-1], strict=True):
                p.grad = None if g is None else torch.tensor(g)
                if g is not None and self.sparse:  # some of it is left out
                    g[np.sin(1e3 * g) > 0.2] = 0
                    p.grad = torch.tensor(g).to_sparse()
                given += [] if g is None else [p]
        if clip is not None and given:
            clip(given)
        self.theirs.step()
        self.ours.step(self._nested(gradients), **({"mask": self._nested(_masks(gradients))} if self.sparse else {}))

    def _nested(self, arrays: list[list[np.ndarray | None]]) -> Any:
        """Gradients, or what goes with them, in the structure of the parameters."""
        named = dict(zip(self.names, arrays[0], strict=True)) if self.names else None
        return arrays if self.grouped else named or arrays[0]

    def add(self, rng: Rng, options: dict[str, Any]) -> None:
        w = rng.normal(size=(2, 2))
        p = torch.nn.Parameter(torch.tensor(w))
        self.arrays.append([w])
        self.tensors.append([p])
        self.theirs.add_param_group({"params": [p], **options})
        self.ours.add_param_group({"params": [w], **options})
        self.noise.append([rng.normal(0.3, 1.0, (STEPS, 2, 2))])
        self.there.append([rng.random(STEPS) >= 0.2])

    def exchange(self) -> None:
        """Each goes on from what the other has saved."""
        of_torch, of_ours = copy.deepcopy(self.theirs.state_dict()), copy.deepcopy(self.ours.state_dict())
        self.theirs.load_state_dict(of_ours)
        self.ours.load_state_dict(of_torch)

    def change(self, rng: Rng, options: dict[str, Any]) -> None:
        """Set an option of a group to another number."""
        number = int(rng.integers(len(self.arrays)))
        name = str(rng.choice([option for option in options if option not in ("step_sizes", "etas")]))
        for optimizer in (self.theirs, self.ours):
            optimizer.param_groups[number][name] = options[name]

    def copied(self, how: str) -> None:
        """Go on with a copy of the preset, whose parameters are copies, too."""
        self.ours, self.arrays = (
            copy.deepcopy((self.ours, self.arrays))
            if how == "deepcopy"
            else pickle.loads(pickle.dumps((self.ours, self.arrays)))
        )

    def difference(self) -> float:
        worst = 0.0
        largest = max(float(np.abs(w).max()) for group in self.arrays for w in group)
        for arrays, tensors in zip(self.arrays, self.tensors, strict=True):
            for w, p in zip(arrays, tensors, strict=True):
                apart = float(np.abs(w - p.detach().numpy()).max())
                worst = apart if math.isnan(apart) else max(worst, apart)
                if math.isnan(worst):
                    return worst
        return worst / max(largest, 1e-300)


def _masks(gradients: list[list[np.ndarray | None]]) -> list[list[np.ndarray | None]]:
    """Where gradients have elements."""
    return [[None if g is None else np.asarray(g != 0, g.dtype) for g in group] for group in gradients]


def _clip(rng: Rng, presets: Any) -> tuple[str, list[Any], Callable[[Any], None] | None]:
    kind = rng.choice(["none", "none", "norm", "value"])
    if kind == "norm":
        most, power = float(rng.uniform(0.5, 3)), float(rng.choice([1.0, 2.0, math.inf]))
        stage = presets.clip_grad_norm_(most, power)
        return f"norm {power}", [stage], lambda tensors: torch.nn.utils.clip_grad_norm_(tensors, most, power)
    if kind == "value":
        most = float(rng.uniform(0.5, 2))
        return "value", [presets.clip_grad_value_(most)], lambda t: torch.nn.utils.clip_grad_value_(t, most)
    return "none", [], None


def _pair(rng: Rng, presets: Any, name: str, whole: dict[str, Any], stages: list[Any]) -> Pair:
    count = int(rng.choice([1, 1, 2, 2, 3]))
    least = int(name == "SparseAdam")  # of a number, torch has no sparse gradient
    shapes = [[_SHAPES[k] for k in rng.integers(least, len(_SHAPES), size=rng.integers(1, 3))] for _ in range(count)]
    arrays = [[np.asarray(rng.normal(size=shape)) for shape in group] for group in shapes]
    tensors = [[torch.nn.Parameter(torch.tensor(w)) for w in group] for group in arrays]
    options = _options(rng, name, whole)
    grouped = count > 1 or rng.random() < 0.3
    given: Any
    names = None
    if grouped:
        own = [_own(rng, name, whole) for _ in arrays]
        theirs = [{"params": group, **mine} for group, mine in zip(tensors, own, strict=True)]
        given = [{"params": group, **mine} for group, mine in zip(arrays, own, strict=True)]
    else:
        theirs, given = tensors[0], arrays[0]
        if rng.random() < 0.4:  # their order is not that of the alphabet
            names = ["weight", "bias"][: len(given)]
            theirs, given = list(zip(names, theirs, strict=True)), list(zip(names, given, strict=True))
    optimizer = getattr(torch.optim, name)(theirs, **options)
    ours = getattr(presets, name)(given, **options, pipeline=stages)
    return Pair(ours, optimizer, arrays, tensors, grouped, names, sparse=name == "SparseAdam")


def _own(rng: Rng, name: str, whole: dict[str, Any]) -> dict[str, Any]:
    """Some options for one group."""
    drawn = _options(rng, name, whole)
    chosen = [option for option in drawn if option not in whole and rng.random() < 0.4]
    if whole.get("nesterov"):
        chosen = [option for option in chosen if option != "dampening"]
    return {option: drawn[option] for option in chosen}


def trial(seed: int) -> Trial:
    """One draw: the same run by torch and by the preset."""
    rng = np.random.default_rng(seed)
    presets = importlib.import_module("stepsmith.numpy.presets.torch")
    names = ["SGD", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Rprop"]
    names += ["SparseAdam", "ASGD"]
    name = str(rng.choice(names))
    whole = _whole(rng, name)
    missing = float(_sometimes(rng, rng.uniform(0.05, 0.6), 0))
    clipped, stages, clip = _clip(rng, presets) if name != "SparseAdam" else ("none", [], None)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # in which torch counts steps, and keeps the product of NAdam's momenta
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pair = _pair(rng, presets, name, whole, stages)
            drawn = f"{name} of {len(pair.arrays)} groups, missing {missing:.2f}, clip {clipped}, {pair.ours!r}"
            told = _run(rng, pair, name, whole, missing, clip)
    except NotImplementedError as error:
        return Trial(name, refused=str(error))
    finally:
        torch.set_default_dtype(before)
    return Trial(f"{drawn}, {told}", pair.difference())


def _run(rng: Rng, pair: Pair, name: str, whole: dict[str, Any], missing: float, clip: Any) -> str:
    """Take the steps, with what happens on the way; what that was."""
    cycles = bool({"momentum", "betas"} & pair.theirs.defaults.keys())
    scheduled = rng.random() < 0.6
    called, make = _scheduler(rng, name, cycles) if scheduled else ("", None)
    schedulers = [make(pair.theirs), make(pair.ours)] if make is not None else []
    kinds = ["change", "exchange", "add", "pickle", "deepcopy"]
    events = {int(rng.integers(1, STEPS)): str(rng.choice(kinds)) for _ in range(4)}
    pair.draw(rng, missing)
    for t in range(STEPS):
        match events.get(t):
            case "change":
                numbers = _numbers(rng, name)
                pair.change(rng, {"lr": 0.01, "weight_decay": 0.02} if whole.get("nesterov") else numbers)
            case "exchange":
                pair.exchange()
            case "pickle" | "deepcopy" as how if not schedulers:
                pair.copied(how)
            case "add" if pair.grouped and not schedulers:
                pair.add(rng, _own(rng, name, whole))
        pair.step(t, clip, follows=name != "Rprop")
        metric = (float(rng.normal()),) if called == "ReduceLROnPlateau" else ()
        for scheduler in schedulers:
            scheduler.step(*metric)
    return f"{called}, {events}"
