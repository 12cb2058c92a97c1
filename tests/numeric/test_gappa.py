"""The bounds on the rounding of a step beside those of Gappa, which proves its own."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pytest

from stepsmith.codegen.numeric import rounding
from stepsmith.codegen.numeric.rounding import step_bounds
from stepsmith.codegen.spec.rules import Optimizer
from tests.conftest import spec_of
from tests.numeric import gappa

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not gappa.installed(), reason=f"install the package {gappa.PACKAGE}"),
]

#: Where boxes begin; they end eight numbers of float32 further on.
STARTS = ({"w": 0.75, "g": 0.4, "m": 0.3, "v": 0.2, "b": 0.3}, {"w": -3.1, "g": 17.3, "m": -0.8, "v": 6.5, "b": 2.7})
RULES = (
    "sgd", "momentum_buffer", "momentum_ema", "heavy_ball", "nesterov", "rmsprop", "adagrad", "adam", "amsgrad",
    "adamax", "adabelief", "adamw", "lion",
)  # fmt: skip


def boxes(optimizer: Optimizer) -> list[dict[str, tuple[float, float]]]:
    """Narrow ones, with ends that are exact in float32."""
    found = []
    for start in STARTS:
        box = {}
        for name in ("w", "g", *(s.name for s in optimizer.state)):
            low = np.float32(start.get(name, 1.3))
            box[name] = (float(low), float(low + 8 * np.spacing(abs(low))))
        found.append(box)
    return found


def ours(optimizer: Optimizer, dtype: str, box: Mapping, hyper: Mapping[str, float], t: int) -> dict[str, float]:
    """The largest bound at the corners of the box."""
    corners = [*itertools.product(*box.values())]
    values = {name: np.array([[c[k] for c in corners]] * t) for k, name in enumerate(box)}
    gradients = values.pop("g")
    found = step_bounds(optimizer, [dtype], gradients, hyper, values)
    return {name: float(error[-1, 0].max()) for name, error in found.items()}


@pytest.mark.parametrize("key", RULES)
@pytest.mark.parametrize("dtype", gappa.ROUNDED)
def test_no_bound_of_a_step_is_below_that_of_gappa(key, dtype):
    """Gappa knows where in its binade a value lies, and takes no more than half a unit there: it is the sharper one."""
    optimizer, hyper = _settings(key)
    for box in boxes(optimizer):
        for t in (1, 5):
            theirs, mine = gappa.errors(optimizer, dtype, box, hyper, t), ours(optimizer, dtype, box, hyper, t)
            for name, error in theirs.items():
                assert error <= mine[name], f"{name} at {t=} in {box}: {mine[name]:.4g} / {float(error):.4g}"
            assert mine["w"] <= 4 * theirs["w"]


@pytest.mark.parametrize("key", ["sgd", "momentum_buffer", "adam", "lion"])
def test_bounds_that_are_too_small_are_below_those_of_gappa(key, monkeypatch):
    """Half of what a rounding may do: then our bounds are wrong, and that is seen."""
    optimizer, hyper = _settings(key)
    rounded = rounding._Rounding.rounded

    def half(self: rounding._Rounding, value: float, error: float, half_ulps: int = 1) -> rounding.Bounded:
        whole = rounded(self, value, error, half_ulps)
        return rounding.Bounded(value, (whole.error + error) / 2)

    monkeypatch.setattr(rounding._Rounding, "rounded", half)
    for box in boxes(optimizer):
        theirs, mine = gappa.errors(optimizer, "float32", box, hyper, 5), ours(optimizer, "float32", box, hyper, 5)
        assert mine["w"] < theirs["w"]


def test_a_choice_that_may_go_either_way_in_a_box_has_no_bound():
    optimizer, hyper = _settings("lion")
    box = {**boxes(optimizer)[0], "g": (-1.0, 0.5), "m": (-0.5, 1.0)}
    with pytest.raises(ValueError, match="not satisfied"):
        gappa.errors(optimizer, "float32", box, hyper, 1)


def _settings(key: str) -> tuple[Optimizer, dict[str, float]]:
    optimizer = spec_of(key).optimizer.runnable
    return optimizer, {h.name: float(h.value) for h in optimizer.hypers}
