"""Rules with sums over arrays: what holds of an element whatever numbers the sums are, and what sums have to be for it.

Where a relation speaks of no sum, or of those that the rule is formed of, its theorem is one of any numbers in their
place, which are not negative where their terms are not: it holds of the sums, and of more.
"""

from __future__ import annotations

from dataclasses import replace

from ..analysis.sums import opened, with_numbers
from ..spec.rules import Optimizer
from ..spec.symbolic import Reduction
from ..statement import Holds, Statement


def over_numbers(statement: Statement) -> Statement:
    """The statement with a number in place of each sum, which may be another one in each step.

    One that speaks of a sum that no step computes is left as it is.
    """
    rule, relation = statement.runs.rule, statement.relation
    if not isinstance(rule, Optimizer) or not rule.reductions or not isinstance(relation, Holds):
        return statement
    sides = [relation.left, relation.right, *statement.conditions]
    sides += [] if relation.where is None else [relation.where]
    known = {one.value for one in rule.reductions} | {one.value**2 for one in rule.reductions if one.how == "norm"}
    if not {total for side in sides for total in side.atoms(Reduction)} <= known:
        return statement
    left, right, *others = (with_numbers(side, rule) for side in sides)
    where = others.pop() if relation.where is not None else None
    return replace(
        statement,
        runs=replace(statement.runs, rule=opened(rule)),
        relation=replace(relation, left=left, right=right, where=where),
        conditions=tuple(others),
    )
