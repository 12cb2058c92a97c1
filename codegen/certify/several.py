"""In which order stages may stand, and what they do when they run twice; over all elements where they sum."""

from __future__ import annotations

from collections.abc import Iterable

from ..spec.rules import Stage
from ..spec.symbolic import Reduction
from ..spec.symbols import Array
from ..statement.stages import InEitherOrder, RunTwice
from . import theorem_of
from .cases import Case
from .elements import Elements
from .stages import Moment, unconditional
from .theorem import InexpressibleError, Theorem


@theorem_of.register
def _(relation: RunTwice, case: Case) -> Theorem:
    stage, moment = case.runs.stage, _several(case, case.runs.stage)
    wanted = _values(moment, stage.writes)
    moment.run(stage, "_1")
    if not relation.none:
        wanted = _values(moment, stage.writes)
    moment.run(stage, "_2")
    found = _values(moment, stage.writes)
    return moment.theorem(" /\\ ".join(f"{found[n]} = {wanted[n]}" for n in stage.writes if found[n] != wanted[n]))


@theorem_of.register
def _(relation: InEitherOrder, case: Case) -> Theorem:
    stage, other = case.runs.stage, relation.other
    moment = _several(case, stage, other)
    _values(moment, stage.writes)
    start = {name: moment.values[name] for name in stage.writes}
    moment.run(stage, "_1")
    moment.run(other, "_12", relation.renamed)
    first = _values(moment, stage.writes)
    moment.values |= start
    moment.run(other, "_2", relation.renamed)
    moment.run(stage, "_21")
    second = _values(moment, stage.writes)
    moment.values |= start
    says = []
    for name in stage.writes:
        if name in relation.difference:
            says.append(f"{first[name]} - {second[name]} = {moment.said(relation.difference[name])}")
        elif first[name] != second[name]:
            says.append(f"{first[name]} = {second[name]}")
    return moment.theorem(" /\\ ".join(says))


def _values(moment: Moment, names: Iterable[str]) -> dict[str, str]:
    """What g and w are now."""
    return {name: moment.said(Array(name)) for name in names}


def _several(case: Case, *stages: Stage) -> Moment:
    """Raises InexpressibleError for a stage whose second run depends on more than g, w and hyperparameters."""
    for stage in stages:
        if stage.state or stage.halts is not None or stage.noisy:
            raise InexpressibleError("several runs of stages with states, ends or noise")
    found = unconditional(case)
    if any(step.value.has(Reduction) for stage in stages for step in stage.steps):
        return Elements(case)
    return found
