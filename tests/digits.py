"""A small network on the 1,797 scanned digits that ship with scikit-learn, for tests of whole runs."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

BATCH, HIDDEN = 64, 48


@cache
def data(dtype: Any = np.float64) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Training images and labels, held-out images and labels: 1,437 and 360, shuffled once."""
    # the file itself: to import scikit-learn takes two seconds
    (place,) = find_spec("sklearn").submodule_search_locations
    digits = np.loadtxt(Path(place) / "datasets" / "data" / "digits.csv.gz", delimiter=",")
    order = np.random.default_rng(0).permutation(len(digits))
    x, y = (digits[order, :-1] / 16).astype(dtype), digits[order, -1].astype(int)
    for array in (x, y):
        array.flags.writeable = False  # read once for all tests
    return x[:1437], y[:1437], x[1437:], y[1437:]


def network(dtype: Any = np.float64) -> dict[str, np.ndarray]:
    """The weights of 64 -> 48 -> 10."""
    random = np.random.default_rng(1)
    return {
        "W1": (random.standard_normal((64, HIDDEN)) / 8).astype(dtype),
        "b1": np.zeros(HIDDEN, dtype),
        "W2": (random.standard_normal((HIDDEN, 10)) / np.sqrt(HIDDEN)).astype(dtype),
        "b2": np.zeros(10, dtype),
    }


def gradients(p: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    """Back-propagation by hand through tanh and the softmax cross-entropy, averaged over the batch."""
    hidden = np.tanh(x @ p["W1"] + p["b1"])
    score = hidden @ p["W2"] + p["b2"]
    error = np.exp(score - score.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    error[np.arange(len(y)), y] -= 1
    error /= len(y)
    back = (error @ p["W2"].T) * (1 - hidden**2)
    return {"W1": x.T @ back, "b1": back.sum(axis=0), "W2": hidden.T @ error, "b2": error.sum(axis=0)}


def accuracy(p: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray) -> float:
    """The share of images that the network names rightly."""
    return float(np.mean((np.tanh(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]).argmax(axis=1) == y))


def loss(p: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray) -> float:
    """The mean softmax cross-entropy."""
    score = np.tanh(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
    score -= score.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(score).sum(axis=1)) - score[np.arange(len(y)), y]))


def beside(
    opt: Any, p: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray, grads: dict[str, np.ndarray]
) -> dict[str, Any]:
    """The inputs and signals of a step, by name: estimates of the Hessian, a mask, the loss."""
    given: dict[str, Any] = {}
    if "hessian" in opt._inputs:
        signs = {name: np.where(np.random.default_rng(2).random(w.shape) < 0.5, -1, 1) for name, w in p.items()}
        moved = {name: (w + 1e-4 * signs[name]).astype(w.dtype) for name, w in p.items()}
        there = gradients(moved, x, y)
        given["hessian"] = {name: ((there[name] - g) * signs[name] / 1e-4).astype(g.dtype) for name, g in grads.items()}
    if "mask" in opt._inputs:
        given["mask"] = {name: (g != 0).astype(g.dtype) for name, g in grads.items()}
    if "loss" in opt._signals:
        given["loss"] = loss(p, x, y)
    return given


def train(opt: Any, p: dict[str, np.ndarray], epochs: range, dtype: Any = np.float64) -> float:
    """Train `p` with `opt` over `epochs` (each with its own fixed order) and return the held-out accuracy."""
    x, y, held_x, held_y = data(dtype)
    for epoch in epochs:
        order = np.random.default_rng(epoch).permutation(len(y))
        for start in range(0, len(y) - BATCH + 1, BATCH):
            batch = order[start : start + BATCH]
            grads = gradients(p, x[batch], y[batch])
            opt.step(grads, **beside(opt, p, x[batch], y[batch], grads))
    return accuracy(p, held_x, held_y)
