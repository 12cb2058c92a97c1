"""The presets beside the libraries whose names they have: the same options, the same gradients, the same weights.

    python -m tests.live torch              1,000 draws; also optax, keras
    python -m tests.live torch 200 --seed 7
    python -m tests.live collection 200     rules beside those of pytorch_optimizer

`record` keeps short runs of the collection for tests elsewhere. Each other module is a library and has `trial(seed)`,
which draws options, schedules, groups, masks and missing gradients, and takes 300 steps of both in float64.
"""

from __future__ import annotations

from dataclasses import dataclass

#: How far weights may be apart after all steps, relative to the largest of them.
ALLOWED = 1e-10


@dataclass(frozen=True)
class Trial:
    """One draw: what was drawn, and how far apart the weights came to be, or why a preset refused it."""

    drawn: str
    difference: float = 0.0
    refused: str | None = None
