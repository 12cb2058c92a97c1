"""Record short runs of pytorch_optimizer for the rules of `collection`, of gradients alone: python -m tests.live.record

It writes tests/runtime/rules.json, which tests compare the rules with where pytorch_optimizer is not installed. The
gradients are given and keep away from zero. A hyperparameter that changes from step to step is a list.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .collection import ROWS, drawn, made
from .rows import Row

STEPS = 60
RECORDED = (1, 2, 3, 10, 30, 60)
OUT = Path(__file__).parents[1] / "runtime" / "rules.json"


def _run(row: Row, seed: int, start: np.ndarray, gradients: np.ndarray) -> dict[str, Any]:
    hypers = drawn(row, np.random.default_rng(seed))
    given = {**hypers, **row.ours(hypers)}
    shape = (2, 3) if row.shapes and len(row.shapes[0]) == 2 else (6,)
    gradients = gradients.reshape(STEPS, *shape)
    p = torch.nn.Parameter(torch.tensor(start.reshape(shape)))
    optimizer = made(row, hypers, [p], torch.tensor(gradients[0]))
    rows = []
    for t in range(1, STEPS + 1):
        p.grad = torch.tensor(gradients[t - 1])
        optimizer.step()
        if t in RECORDED:
            rows.append(p.detach().numpy().ravel().tolist())
    told = {n: [v(t) for t in range(1, STEPS + 1)] if callable(v) else v for n, v in given.items()}
    return {"rule": row.rule, "theirs": row.theirs, "hyper": told, "w": rows}


def main() -> None:
    torch.set_default_dtype(torch.float64)
    rng = np.random.default_rng(0)
    start = rng.normal(size=6)
    gradients = rng.uniform(0.3, 2.0, (STEPS, 6)) * rng.choice([-1.0, 1.0], (STEPS, 6), p=[0.35, 0.65])
    head = {
        "versions": {name: version(name) for name in ("torch", "pytorch_optimizer")},
        "recorded_steps": RECORDED,
        "start": start.tolist(),
        "gradients": gradients.tolist(),
    }
    alone = [not (row.hessian or row.loss or row.single) and row.scale == 1 for row in ROWS]
    runs = [_run(row, seed, start, gradients) for seed, row in enumerate(ROWS) if alone[seed]]
    with OUT.open("w", encoding="ascii", newline="\n") as file:
        file.write(json.dumps({**head, "runs": []})[:-2] + "\n" + ",\n".join(map(json.dumps, runs)) + "\n]}\n")


if __name__ == "__main__":
    main()
