"""What an array library has to provide, so that the optimizers can be classes of its arrays."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from operator import attrgetter
from typing import Any, ClassVar

from .hyper import Hyperparameters
from .pipeline import Stage, StageCall


class Library(Hyperparameters):
    """The operations on arrays that differ from library to library."""

    # Checks.

    def _refusal(self, array: Any, *, written: bool) -> str | None:
        """Why `array` cannot be a parameter (or, if not `written`, a gradient), and the remedy."""
        raise NotImplementedError

    def _place(self, array: Any) -> Any:
        """The device that holds `array`, where there are several."""
        return None

    def _overlap(self, a: Any, b: Any) -> bool:
        raise NotImplementedError

    def _extent(self, array: Any) -> tuple[int, int]:
        """The addresses between which the elements of `array` lie."""
        raise NotImplementedError

    #: What decides whether an array passes the checks, the class of the array among it.
    _fields: ClassVar[attrgetter[Any]]

    def _signature(self, arrays: Sequence[Any]) -> Any:
        """What a quick look shows of `arrays`: others of the same signature pass the same checks.

        But for what shares memory. None if some are no arrays. A look at many arrays is fastest through `map`.
        """
        try:
            return list(map(self._fields, arrays))
        except AttributeError:
            return None

    def _own(self, signature: Any) -> bool:
        """Whether the signature shows that each array owns its memory."""
        return False

    def _owners(self, arrays: Sequence[Any]) -> list[Any] | None:
        """The objects that own the memory of each of `arrays`, and that of no other object; None if that is unclear."""
        return None

    # Dtypes.

    def _computed(self, array: Any) -> Any:
        """The dtype in which `array` is computed, and in which its states are kept."""
        raise NotImplementedError

    def _to_compute_dtype(self, array: Any) -> Any:
        """`array` in the dtype in which it is computed; not always a copy."""
        raise NotImplementedError

    def _round_into(self, arrays: Sequence[Any], wide: Sequence[Any]) -> None:
        """Write each of `wide` over one of `arrays`, rounded to its dtype."""
        raise NotImplementedError

    def _take_over(self, arrays: Sequence[Any], masters: Sequence[Any]) -> None:
        """Bring what has been written to each of `arrays` into what is kept of it in the dtype of computation.

        What is kept stays where the array is what it comes to when it is rounded.
        """
        raise NotImplementedError

    def _zeros_like(self, array: Any) -> Any:
        """Zeros in the shape and dtype of `array`, to stand for its gradient."""
        raise NotImplementedError

    def _added(self, arrays: Sequence[Any]) -> Any:
        """The sum of arrays of one shape and dtype, taken in the dtype of computation."""
        raise NotImplementedError

    # Saved states.

    def _saved(self, value: Any) -> Any:
        """A copy of `value`, an array or a number, as a NumPy array on the host."""
        raise NotImplementedError

    def _overwrite(self, array: Any, saved: Any) -> None:
        """Write the NumPy array `saved` over `array`."""
        raise NotImplementedError

    # Stages.

    def _reduce(self, stage: Stage, w: Any, g: Any, before: Sequence[StageCall]) -> tuple[Any, ...]:
        """What `stage` wants to know about a whole gradient, as the stages `before` it leave it."""
        raise NotImplementedError

    def _combine(self, how: str, parts: Sequence[Any]) -> Any:
        """The sum of numbers, or of arrays without dimensions, the root of that of their squares, or the largest.

        It is NaN if any is NaN.
        """
        raise NotImplementedError

    def _keep(self, w: Any, g: Any, stages: Sequence[StageCall], *, moved: bool) -> None:
        """Run the stages of a step that ends early: those before the rule change their states, and `w` if `moved`."""
        raise NotImplementedError

    def _noise(self, w: Any, seed: tuple[int, ...]) -> Any:
        """Standard normal numbers in the shape of `w` and the dtype in which it is computed, the same for a seed."""
        raise NotImplementedError

    def _placed(self, state: Any) -> Any:
        """`state`, or a copy of it that a step gets through faster."""
        return state

    # Small arrays in a row.

    #: Elements that are put in a row at most.
    _row = 0

    def _packable(self, array: Any, *, master: bool) -> Hashable | None:
        """What `array` has in common with those beside which it can be put in a row; None if it had better be alone.

        With `master`, it is kept in the dtype in which it is computed, too.
        """
        return None

    def _staging(self, arrays: Sequence[Any], spare: dict[Any, Any]) -> tuple[Any, Any, Sequence[Any]]:
        """The rows into which the parameters `arrays` and their gradients are gathered.

        The third is what a step leaves to be written over `arrays`. `spare` is kept for all rows of an optimizer.
        """
        raise NotImplementedError

    #: Whether arrays of a rule with sums can be put in a row: then each sum is an array with one for each of them.
    _sums_in_rows: ClassVar[bool] = False

    def _in_parts(self, row: Any, arrays: Sequence[Any]) -> Any:
        """The row of parameters `arrays`; if each of them has sums of its own, it knows where each begins."""
        return row

    def _gather(self, arrays: Sequence[Any], row: Any) -> None:
        """Bring the elements of `arrays`, one array after another, into `row`."""
        raise NotImplementedError

    def _empty(self, size: int, like: Any) -> Any:
        """An array of one dimension in the dtype of `like`, whose elements may be anything."""
        raise NotImplementedError

    @staticmethod
    def _cut(row: Any, arrays: Sequence[Any]) -> list[Any]:
        """Views of `row` in the shapes of `arrays`, one after another."""
        views, start = [], 0
        for array in arrays:
            views.append(row[start : start + array.size].reshape(array.shape))
            start += array.size
        return views
