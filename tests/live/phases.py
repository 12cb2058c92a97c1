"""Steps of two gradients beside those of pytorch_optimizer: SAM and ASAM around several rules of torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytorch_optimizer
import torch
from pytorch_optimizer.optimizer import sam as their_sam

import cli  # noqa: F401  # binds stepsmith to this checkout
from stepsmith import numpy as rules

from . import Trial

_STEPS = 100
_SHAPES = [(), (1,), (3,), (2, 2)]


def _squared(groups: Any, *, weight_adaptive: bool) -> torch.Tensor:
    """The square of the norm of all gradients, which is taken in float32 there, also of weights in float64."""
    found = [
        p.grad * (p if weight_adaptive and group["adaptive"] else 1.0) for group in groups for p in group["params"]
    ]
    return torch.stack([(one.detach() ** 2).sum() for one in found]).sum().reshape(1)


their_sam.get_global_gradient_norm = _squared


def _slope(w: np.ndarray, push: np.ndarray) -> np.ndarray:
    return np.asarray(push + np.sin(3 * w) + 0.1 * w)


def sam(rng: np.random.Generator) -> Trial:
    """One draw: two calls here, two there."""
    adaptive, rho, lr = bool(rng.random() < 0.5), float(10 ** rng.uniform(-2, 0)), float(10 ** rng.uniform(-3, -1))
    rule, theirs, options = [
        ("SGD", torch.optim.SGD, {}),
        ("MomentumBuffer", torch.optim.SGD, {"momentum": 0.9}),
        ("Adam", torch.optim.Adam, {}),
    ][int(rng.integers(3))]
    arrays = [np.asarray(rng.normal(size=_SHAPES[k])) for k in rng.integers(len(_SHAPES), size=rng.integers(1, 5))]
    tensors = [torch.nn.Parameter(torch.tensor(w)) for w in arrays]
    mu: dict[str, Any] = {"mu": 0.9} if options else {}
    stage = rules.ASAM(rho=rho) if adaptive else rules.SAM(rho=rho)
    ours = getattr(rules, rule)(arrays, lr=lr, **mu, pipeline=[stage])
    other = pytorch_optimizer.SAM(
        tensors, theirs, rho=rho, adaptive=adaptive, perturb_eps=0.0, foreach=False, lr=lr, **options
    )
    for _ in range(_STEPS):
        for phase in (other.first_step, other.second_step):
            push = [rng.normal(size=w.shape) for w in arrays]
            ours.step([_slope(w, one) for w, one in zip(arrays, push, strict=True)])
            for p, one in zip(tensors, push, strict=True):
                p.grad = torch.tensor(_slope(p.detach().numpy(), one))
            phase()
    apart = max(np.abs(w - p.detach().numpy()).max() for w, p in zip(arrays, tensors, strict=True))
    largest = max(np.abs(w).max() for w in arrays)
    return Trial(f"{rule} {type(stage).__name__} {rho} {lr}", float(apart / max(largest, 1.0)))
