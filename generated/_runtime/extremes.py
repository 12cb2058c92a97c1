"""Hyperparameters that are so small or so large that what is formed of them leaves the dtype of a step.

`eps * sqrt(c2)` may be 0 in float32 where `eps` is not, and 0 / 0 is then not a number. Which products a rule forms is
its own business: where a hyperparameter is extreme, a step is tried on a few numbers before the real one is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from .hyper import is_extreme
from .summing import Summing

_TRIED = 4
#: Steps after the next one that are tried when hyperparameters are set.
_AHEAD = (0, 1, 5, 10, 100)


#: What is kept once for all arrays, and for the one that is tried.
Kept = tuple[Mapping[str, Any], Mapping[str, Any]]


class Extremes(Summing):
    """Tries a step before it is taken, if any hyperparameter is extreme."""

    _advance: ClassVar[Callable[..., tuple[float, ...]]]

    def _ordinary(self, like: Any) -> tuple[list[Any], dict[str, float]]:
        """Inputs as large as `like`, and signals, with which a step may be tried."""
        return [], {}

    def _try_next(self) -> None:
        """Try the next step, unless the optimizer is being made or its state is being restored."""
        if "_missed" in self.__dict__ and not self._loading:
            t = self._t + 1
            hyper = [group._hyper_at(t) for group in self._groups]
            # numbers stay what they are: a rule that waits with its second moment divides by it later
            given = (
                *(getattr(self, name) for name in self._domains),
                *(v for g in self._groups for v in g._own.values()),
            )
            changing = any(map(callable, given))
            for later in _AHEAD[: 1 if changing else None]:
                self._try_out(t + later, hyper)

    def _try_out(self, t: int, hyper: Sequence[Mapping[str, float]]) -> None:
        """Raise ValueError, and change nothing, if an extreme hyperparameter is what makes step `t` fail.

        It fails if it raises, or if NaN comes of finite numbers. Where it would with moderate hyperparameters, too,
        as without any epsilon, arithmetic takes its course.
        """
        tried = set()
        for number, (path, w) in enumerate(zip(self._paths, self._checks.held, strict=True)):
            group = self._number(path)
            own_t = t - self._missed[number] if self._own_t else t
            kind = (group, str(self._computed(w)), own_t)
            if kind not in tried and any(map(is_extreme, hyper[group].values())):
                tried.add(kind)
                own = self._own_numbers[number] if self._per_array else {}
                self._try_one(w, own_t, hyper[group], (self._scalars[number if self._own_t else group], own))

    def _try_one(self, w: Any, t: int, hyper: Mapping[str, float], scalars: Kept) -> None:
        if not self._fails(w, t, hyper, scalars):
            return
        extreme = [name for name, value in hyper.items() if is_extreme(value)]
        # one alone, if that is enough, else all of them
        for names in (*([name] for name in extreme), extreme):
            works = self._nearest(w, t, hyper, scalars, names)
            if works is not None:
                raise ValueError(
                    f"{self._rule}: {names[0]} = {hyper[names[0]]!r} is not allowed here: what step {t} forms of it "
                    f"leaves {self._computed(w)}, in which these parameters are computed, and what comes of it is not "
                    f"a number; a value that works is {works!r}"
                )

    def _nearest(self, w: Any, t: int, hyper: Mapping[str, float], scalars: Kept, names: Sequence[str]) -> float | None:
        """A value of the first of `names` with which step `t` does not fail, the others moved as far; None if none."""
        for power in range(1, 330):
            moved = {name: _milder(hyper[name], power) for name in names}
            if not all(self._domains[name][1](value) for name, value in moved.items()):
                return None
            if not self._fails(w, t, {**hyper, **moved}, scalars):
                return moved[names[0]]
            if not any(map(is_extreme, moved.values())):
                return None
        return None

    def _fails(self, w: Any, t: int, hyper: Mapping[str, float], scalars: Kept) -> bool:
        """Whether a step of parameters and gradients 0 and 1 raises an error of arithmetic, or gives NaN."""
        parameter, gradient = self._empty(_TRIED, w), self._empty(_TRIED, w)
        parameter[...] = gradient[...] = 0
        parameter[_TRIED // 2 :] = 1
        gradient[1::2] = 1
        try:
            states = self._initial(parameter, hyper)
            inputs, signals = self._ordinary(parameter)
            known = {**signals, **hyper}
            shared, own = (tuple(kept.values()) for kept in scalars)
            sums: tuple[Any, ...] = ()
            if self._reductions:
                sums = self._sums(parameter, gradient, *inputs, *states, *shared, *own, t, **known)
            overall = (one for one, (_, _, together) in zip(sums, self._reductions, strict=True) if together)
            after = self._advance(*shared, *overall, t, **known) if shared else ()
            after += self._advance_own(*shared, *own, *sums, t, **known) if own else ()
            self._update(parameter, gradient, *inputs, *states, *shared, *own, *sums, t, **known)
        except (ArithmeticError, ValueError):
            return True
        arrays = [self._saved(array).tolist() for array in (parameter, *states)]
        return any(value != value for values in (*arrays, after) for value in values)  # noqa: PLR0124 - NaN


def _milder(value: float, power: int) -> float:
    """`value` nearer to 1 by so many powers of ten; in two steps, since 10**330 is no double."""
    near = power // 2
    if abs(value) < 1:
        return value * 10.0**near * 10.0 ** (power - near)
    return value / 10.0**near / 10.0 ** (power - near)
