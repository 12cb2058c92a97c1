"""Equations and inequalities: each form goes to what knows how to lead Coq to it."""

from __future__ import annotations

from ..spec.symbolic import Reduction
from ..statement import Gradients, Holds, Steps
from ..statement.moves import OfStage
from ..statement.terms import expected, later_product, past_max, past_sum, product
from . import theorem_of
from .cases import Case
from .elements import of_elements
from .expectations import expectation
from .first import first
from .kept import at_each_step, resting
from .series import series
from .theorem import InexpressibleError, Theorem


@theorem_of.register
def _(relation: Holds, case: Case) -> Theorem:
    if type(relation) not in (Holds, OfStage):  # what says more than its equation has a function of its own
        raise InexpressibleError(f"statements of the kind {type(relation).__name__}")
    if relation.left.has(Reduction) or relation.right.has(Reduction):
        return of_elements(case, relation)
    if relation.left.has(expected) or relation.right.has(expected):
        return expectation(case, relation)
    if relation.right.has(past_sum) and relation.sign == "=":
        return series(case, relation.left, relation.right)
    if any(side.has(past_sum, past_max, product, later_product) for side in (relation.left, relation.right)):
        raise InexpressibleError("sums and maxima over the past of this form")
    if case.runs.steps is Steps.FIRST:
        return first(case, relation)
    if case.runs.gradients is Gradients.ZERO and relation.sign == "=":
        return resting(case, relation)
    return at_each_step(case, relation)
