"""What takes a step in one go: a parameter, or many small ones whose states lie in a row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any


@dataclass(frozen=True, eq=False)
class Bucket:
    """One parameter, or several of one group through the same stages of the pipeline.

    Of several, `states`, `master` and the states in `stages` are arrays of one dimension, in which those of one
    parameter come after those of another. The elements of the parameters and of their gradients are brought into
    the first two of `rows`. `results` are what a step leaves to be written over each parameter; the third of `rows`,
    if no master is kept.
    """

    numbers: tuple[int, ...]
    group: int
    states: tuple[Any, ...]
    #: By the place of a stage in the pipeline.
    stages: Mapping[int, tuple[Any, ...]]
    #: The parameter in the dtype in which it is computed, if it is kept in that, too.
    master: Any = None
    rows: tuple[Any, Any, Sequence[Any]] | None = None
    results: Sequence[Any] = ()
    #: Rows into which inputs are gathered, by name, made when they are first given.
    beside: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def of(self) -> Callable[[Sequence[Any]], Sequence[Any]]:
        """Picks what belongs to this bucket from a list of all parameters or gradients."""
        return itemgetter(*self.numbers) if len(self.numbers) > 1 else lambda every: (every[self.numbers[0]],)


def bucket_by(kinds: Sequence[Hashable | None], sizes: Sequence[int], most: int) -> list[list[int]]:
    """Numbers whose kind is the same together, but no more than `most` elements; those of the kind None alone."""
    found: list[list[int]] = []
    filling: dict[Hashable, tuple[list[int], int]] = {}
    for number, (kind, size) in enumerate(zip(kinds, sizes, strict=True)):
        bucket, filled = filling.get(kind, ([], 0))
        if kind is None or not bucket or filled + size > most:
            bucket, filled = [], 0
            found.append(bucket)
        bucket.append(number)
        filling[kind] = bucket, filled + size
    return found
