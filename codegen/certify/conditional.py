"""What a step does from a state of which something is said: the numbers that are given go before the step."""

from __future__ import annotations

import sympy

from ..spec.symbolic import Reduction
from ..statement.moves import Conditional
from . import theorem_of
from .cases import Case
from .runs import identifier
from .stages import Moment
from .theorem import InexpressibleError, Theorem


@theorem_of.register
def _(relation: Conditional, case: Case) -> Theorem:
    rule, moment = case.runs.optimizer, Moment(case)
    values = (*relation.given.values(), relation.left, relation.right)
    if rule.reductions or any(value.has(Reduction) for value in values):
        raise InexpressibleError("what is given beside a sum over an array")
    computed = {step.target.name for step in rule.steps}
    for symbol, value in reversed(list(relation.given.items())):  # each may speak of those after it
        if symbol.name in computed or computed & {s.name for s in value.free_symbols}:
            raise InexpressibleError("what is given of a value that the step computes")
        text, own = moment.said(value), identifier(symbol.name)
        if own in moment.given:
            raise InexpressibleError("what is given of one number twice")
        moment.computed[own] = text
        moment.values[symbol.name] = own
    moment.run(rule, "")
    moment.values |= moment.inside
    goal = f"{moment.said(relation.left)} = {moment.said(relation.right)}"
    conditions = [c for c in case.statement.conditions if c not in (sympy.true, True)]
    return moment.theorem(goal, "intros; subst; given", conditions)
