"""The data from easy to hard, and mini-batches of the easiest part: what the pacing of a curriculum is for.

Works on NumPy's and CuPy's arrays.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from ._runtime.given import foreign
from ._runtime.number import to_number, whole

__all__ = ["EasyFirst"]


class EasyFirst:
    """The indices of the data, sorted by `scores`, and mini-batches drawn from the first of them.

        pace, data = LinearCompetence(start=0.2, steps=1000), EasyFirst(scores)
        for t in range(1, 5001):
            rows = data.batch(32, pace(t))
            opt.step(gradient(x[rows], y[rows]))

    scores is an array of shape (N,), the lower the easier, such as the loss of a model that has been trained before.
    Equal scores stay in the order of the data; inf comes last. A score that is NaN says neither and is refused.

    `order` has all N indices. The part at a smaller fraction is a part of that at a larger one, so with a pacing that
    never falls, nothing that was drawn from is left out again.

    Source: Hacohen & Weinshall (2019), Algorithm 1, arXiv:1904.03626.

    Raises TypeError or ValueError if `scores` is no such array, or `seed` no integer from 0.
    """

    def __init__(self, scores: Any, *, seed: int = 0) -> None:
        library, _, remedy = foreign(scores) or ("NumPy", "", "")
        if library not in ("NumPy", "CuPy"):
            raise TypeError(
                f"EasyFirst: scores is an array of {library}; {remedy.format(make='np.asarray').replace('(g', '(scores')}"
            )
        if hasattr(scores, "mask"):
            raise TypeError(
                "EasyFirst: scores is a masked array; pass scores.filled(np.inf), what is masked comes last"
            )
        if isinstance(scores, type) or not (hasattr(scores, "argsort") and hasattr(scores, "dtype")):
            raise TypeError(
                f"EasyFirst: scores is of type {type(scores).__name__}; make it an array of one number for each "
                "sample: np.asarray(scores)"
            )
        if scores.dtype.kind not in "biuf":
            raise TypeError(f"EasyFirst: scores has dtype {scores.dtype}; it has to have real numbers")
        if len(scores.shape) != 1 or not scores.shape[0]:
            raise ValueError(f"EasyFirst: scores has shape {scores.shape}; it has to have one number for each sample")
        unordered = scores != scores  # noqa: PLR0124 - only NaN is not itself
        if unordered.any():
            where = int(unordered.argmax())
            raise ValueError(f"EasyFirst: scores[{where}] is NaN; give it a number, or inf if it is to come last")
        self._seed, self._draws = _whole("seed", seed, 0), 0
        self.order = scores.argsort(kind="stable")

    def __len__(self) -> int:
        return int(self.order.shape[0])

    def easiest(self, fraction: float) -> Any:
        """The indices of the easiest part, the easiest first: `fraction` of all, rounded, at least one.

        Raises ValueError unless 0 < fraction <= 1.
        """
        return self.order[: self._count(fraction)].copy()

    def batch(self, size: int, fraction: float) -> Any:
        """The indices of `size` different samples of the easiest part, each as likely as the others.

        All of that part, if it has no more than `size`. The same seed gives the same batches in turn.
        """
        size, count = _whole("size", size, 1), self._count(fraction)
        places = random.Random((self._seed << 64) + self._draws).sample(range(count), min(size, count))
        self._draws += 1
        return self.order[places]

    def state_dict(self) -> dict[str, int]:
        """The seed, how many batches have been drawn, and of how many samples: `EasyFirst.draws` and so on."""
        return {"EasyFirst.seed": self._seed, "EasyFirst.draws": self._draws, "EasyFirst.samples": len(self)}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Go on with the batch after the last one. The scores are those that were given here.

        Raises ValueError or TypeError, and changes nothing, if `saved` is of something else.
        """
        if set(saved) != set(self.state_dict()):
            wrong = ", ".join(sorted({str(key) for key in saved} ^ set(self.state_dict())))
            raise ValueError(f"EasyFirst: the saved state has other names than EasyFirst keeps: {wrong}")
        seed, draws, samples = (
            _whole(f"the saved {name}", saved[f"EasyFirst.{name}"], 0) for name in ("seed", "draws", "samples")
        )
        if samples != len(self):
            raise ValueError(f"EasyFirst: the saved state is of {samples} samples, here there are {len(self)}")
        self._seed, self._draws = seed, draws

    def _count(self, fraction: float) -> int:
        try:
            number = to_number("fraction", fraction, single=True)
            fits = 0 < number <= 1
        except TypeError:
            fits = False
        if not fits:
            raise ValueError(f"EasyFirst: fraction = {fraction!r} is not allowed; it needs 0 < fraction <= 1")
        return max(1, round(number * len(self)))


def _whole(name: str, value: Any, least: int) -> int:
    """`value` as an integer; it may be an array without dimensions, as `numpy.load` gives it."""
    condition = f"an integer >= {least}"
    try:
        return whole(f"EasyFirst: {name}", value, condition, least)
    except (TypeError, ValueError):
        raise ValueError(f"EasyFirst: {name} = {value!r} is not allowed; it needs {condition}") from None
