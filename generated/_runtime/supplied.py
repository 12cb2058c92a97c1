"""What a step is given beside the gradients: arrays for each parameter (inputs), and numbers (signals)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from .buckets import Bucket
from .checks import called
from .extremes import Extremes
from .number import as_float, to_number


@dataclass(frozen=True)
class Supplies:
    """Inputs and signals of one step by name. An input that is not given is None; `numbers` say so of it, too."""

    arrays: Mapping[str, Sequence[Any] | None]
    numbers: Mapping[str, float]


class Supplying(Extremes):
    """Takes inputs and signals, and hands them to the rule.

    Of an input that may be left out the rule is told whether it is there, as `h_given`; without it the rule is given
    an array of any content in its place, which it does not look at.
    """

    #: The names of arrays and of numbers that a step is given, and of those that it may be without.
    _inputs: ClassVar[tuple[str, ...]] = ()
    _signals: ClassVar[tuple[str, ...]] = ()
    _optional: ClassVar[tuple[str, ...]] = ()
    _takes: ClassVar[bool] = False

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        cls._takes = bool(cls._inputs or cls._signals)

    def _taken(self, given: Mapping[str, Any], gradients: Sequence[Any]) -> Supplies:
        """What a step is given, once it is in order. Nothing is changed."""
        names = (*self._inputs, *self._signals)
        call = f"step({', '.join(['grads', *(f'{name}={name}' for name in names)])})"
        for name in given:
            if name not in names:
                takes = f"takes {' and '.join(names)} beside the gradients" if names else "takes gradients alone"
                raise TypeError(f"{self._rule}: a step takes no {name}; it {takes}: {call}")
        there = {name: given[name] for name in names if given.get(name) is not None}
        for name in names:
            if name not in there and name not in self._optional:
                what = "an array for each parameter" if name in self._inputs else "a number"
                raise TypeError(f"{self._rule}: a step needs {name}, {what}, beside the gradients: {call}")
        checked = self._checks.inputs
        arrays = {name: checked(name, there[name], gradients) if name in there else None for name in self._inputs}
        numbers = {
            name: as_float(to_number(f"{self._rule}: {name}", there[name])) if name in there else 0.0
            for name in self._signals
        }
        return Supplies(arrays, numbers | {f"{name}_given": float(name in there) for name in self._optional})

    def _with_signals(
        self, hyper: Sequence[Mapping[str, float]], supplied: Supplies, buckets: Sequence[Bucket]
    ) -> list[Mapping[str, float]]:
        """The numbers that the rule is called with, once it is clear that each parameter that steps has its inputs.

        A stage that gathers gradients may step one that has none in this call.
        """
        for name, arrays in supplied.arrays.items():
            for number in (n for bucket in buckets for n in bucket.numbers):
                if arrays is not None and arrays[number] is None:
                    raise ValueError(
                        f"{called('parameter', self._paths[number])} takes a step with gradients that were gathered "
                        f"before, and has no {name}; pass one"
                    )
        return [{**values, **supplied.numbers} for values in hyper]

    def _brought(self, bucket: Bucket, supplied: Supplies, g: Any) -> list[Any]:
        """The inputs of a bucket, as its gradient `g` is."""
        found = []
        for name, arrays in supplied.arrays.items():
            if bucket.rows is None:
                array = g if arrays is None else arrays[bucket.numbers[0]]
                found.append(array if bucket.master is None else self._to_compute_dtype(array))
                continue
            if name not in bucket.beside:
                of = bucket.of(self._checks.held)
                bucket.beside[name] = self._empty(sum(w.size for w in of), of[0])
            if arrays is not None:
                self._gather(bucket.of(arrays), bucket.beside[name])
            found.append(bucket.beside[name])
        return found

    def _ordinary(self, like: Any) -> tuple[list[Any], dict[str, float]]:
        """Inputs as large as `like`, and signals, with which a step may be tried."""
        inputs = [self._empty(like.size, like) for _ in self._inputs]
        for array in inputs:
            array[...] = 1
        flags = (f"{name}_given" for name in self._optional)
        return inputs, dict.fromkeys((*self._signals, *flags), 1.0)
