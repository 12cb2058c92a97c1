"""Steps in several phases, each with a gradient of its own, taken in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .supplied import Supplying


class Phases(Supplying):
    """Takes all phases of a step with a function that gives gradients."""

    _params: Any

    def step(self, grads: Any, **given: Any) -> None:
        """Take one step, or one phase of a step."""
        raise NotImplementedError

    def _step_through(self, gradients: Callable[[], Any], given: Mapping[str, Any]) -> None:
        """Take what is left of a step. After an error all is as it was before."""
        kept = [(array, array.copy()) for array in self._phase_arrays()]
        stages = [(s, s._scalars, dict(s._given), s._late, s._untouched) for s in self._pipeline]
        try:
            while True:
                before = self._phases()
                self.step(gradients(), **given)
                after = self._phases()
                if not any(after) or after == before:  # a phase that an earlier stage has ended might be so for ever
                    return
        except BaseException:
            for array, copy in kept:
                array[...] = copy
            for stage, scalars, having, late, untouched in stages:
                stage._scalars, stage._given, stage._late, stage._untouched = scalars, having, late, untouched
            raise

    def _phases(self) -> list[float]:
        """How far each stage is that takes a step in phases; all are 0 between two steps."""
        return [stage._scalars[stage._phase] for stage in self._phased]

    def _phase_arrays(self) -> Iterator[Any]:
        """What a call that does not end a step may write."""
        yield from self._checks.parameters(self._params)
        yield from self._master.values()
        for stage in self._pipeline:
            for state in stage._state.values():
                yield from state.values()
