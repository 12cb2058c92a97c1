"""Hyperparameters: numbers or callables of the step number, checked when they are set."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar, Self

from .hints import Hinted, advice
from .number import as_float, fits, to_number

Schedule = Callable[[int], float]
Hyper = float | Schedule
IntHyper = int | Callable[[int], int]
Domain = tuple[str, Callable[[float], bool]]


class Hyperparameters(Hinted):
    """What has hyperparameters: an optimizer, a stage, a group of parameters.

    `_domains` says for each what it may be, in words and as a test. Attributes that are not
    hyperparameters begin with an underscore, so that a misspelt one is an error.
    """

    _domains: ClassVar[dict[str, Domain]] = {}
    #: Whether there are parameters that are computed in float32, into which every number has to fit.
    _narrow = False
    #: Whether a number has been extreme; whether a saved state is being restored.
    _extreme = False
    _loading = False
    _t: int
    _grouped: bool
    #: The hyperparameters of every step, if all of them are numbers. None: one has been set since they were asked for.
    _constant: dict[str, float] | None = None

    if not TYPE_CHECKING:  # which would take any name for known

        def __setattr__(self, name: str, value: Any) -> None:
            if not name.startswith("_"):
                self._check_name(name)
                if not callable(value):
                    value = self._check_hyper(name, value)
                self._constant = None
                if self._extreme:
                    self._set_and_try(name, value)
                    return
            object.__setattr__(self, name, value)

    def _set_and_try(self, name: str, value: Any) -> None:
        """Set a hyperparameter, if with it a step can be taken."""
        known, unset = vars(self).get(name), name not in vars(self)
        object.__setattr__(self, name, value)
        try:
            self._try_next()
        except BaseException:
            self._constant = None
            object.__setattr__(self, name, value if unset else known)
            raise

    def _try_next(self) -> None:
        """Raise ValueError if an extreme hyperparameter is what makes the next step fail. A stage takes none."""

    def _check_name(self, name: str) -> None:
        if name not in self._domains:
            raise AttributeError(f"{self._rule} has no hyperparameter {name}; {advice(type(self), name)}")

    @property
    def _rule(self) -> str:
        return type(self).__name__

    def _check_hyper(self, name: str, value: Any, *, fixed: bool = True) -> float:
        """`value` as a float, or as an int if the domain is one of integers.

        What a callable gave is not `fixed`: it may fade away until float32 takes it for 0.
        """
        condition, holds = self._domains[name]
        number = to_number(f"{self._rule}: {name}", value, "it has to be a number or a callable of the step number t")
        if not fits(number) or not holds(number):
            raise ValueError(f"{self._rule}: {name} = {as_float(number)!r} is not allowed; it needs {condition}")
        if self._narrow and fixed:
            self._check_float32(name, number)
        if is_extreme(number):
            self._extreme = True
        return int(number) if condition.startswith("integer ") else float(number)

    def _check_float32(self, name: str, number: float) -> None:
        """Refuse a number that float32 takes for another one: 0, or an end of its domain that is excluded."""
        condition, holds = self._domains[name]
        try:
            rounded = struct.unpack("f", struct.pack("f", number))[0]
        except OverflowError:
            rounded = math.inf
        if math.isinf(rounded):
            remedy = f"float32 holds numbers up to {_LARGEST!r}"
        elif number != 0 and rounded == 0:
            remedy = f"a value that works is {_SMALLEST!r}"
        elif not holds(rounded):
            up = rounded > number
            remedy = f"the {'largest' if up else 'smallest'} value that works is {_beside(rounded, not up)!r}"
        else:
            return
        raise ValueError(
            f"{self._rule}: {name} = {number!r} is {rounded!r} in float32, in which these parameters are computed; "
            f"it needs {condition}, and {remedy}"
        )

    def _handed(self) -> Iterable[Any]:
        """What was handed over and is not copied with this object: parameters, and what holds them."""
        return ()

    def __copy__(self) -> Self:
        """A copy that shares what was handed over, the parameters, and nothing else: states, stages are its own."""
        return deepcopy(self, {id(one): one for one in self._handed()})

    def _compute_in_float32(self) -> None:
        """From now on, numbers have to fit into float32; those that are there are checked."""
        for name in self._numbers():
            self._check_float32(name, getattr(self, name))
        self._narrow = True

    def _numbers(self) -> Iterator[str]:
        return (name for name in self._domains if not callable(getattr(self, name)))

    def _hyper_at(self, t: int) -> dict[str, float]:
        """The hyperparameters of step `t`; not to be changed."""
        if self._constant is not None:
            return self._constant
        values = {name: getattr(self, name) for name in self._domains}
        if not any(map(callable, values.values())):
            self._constant = values
            return values
        return {name: self._check_hyper(name, v(t), fixed=False) if callable(v) else v for name, v in values.items()}

    def _shown(self) -> str:
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in self._domains)


_LARGEST = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]
_SMALLEST = struct.unpack("<f", b"\x00\x00\x80\x00")[0]  # what is formed of smaller ones may be 0


def is_extreme(value: float) -> bool:
    """Whether products of a few such numbers may vanish in float32, or be too large for it, though none does alone."""
    return value != 0 and not 1e-20 <= abs(value) <= 1e20


def _beside(value: float, above: bool) -> float:
    """The float32 next to `value`, a positive float32."""
    (bits,) = struct.unpack("I", struct.pack("f", value))
    (number,) = struct.unpack("f", struct.pack("I", bits + (1 if above else -1)))
    return float(number)
