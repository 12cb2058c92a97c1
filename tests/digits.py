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


def train(opt: Any, p: dict[str, np.ndarray], epochs: range, dtype: Any = np.float64) -> float:
    """Train `p` with `opt` over `epochs` (each with its own fixed order) and return the held-out accuracy."""
    x, y, held_x, held_y = data(dtype)
    for epoch in epochs:
        order = np.random.default_rng(epoch).permutation(len(y))
        for start in range(0, len(y) - BATCH + 1, BATCH):
            batch = order[start : start + BATCH]
            opt.step(gradients(p, x[batch], y[batch]))
    return accuracy(p, held_x, held_y)
