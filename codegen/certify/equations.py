"""Equations and inequalities: each form goes to what knows how to lead Coq to it."""

from __future__ import annotations

from ..statement import Holds
from ..statement.terms import expected, past_sum
from . import theorem_of
from .cases import Case
from .series import series
from .theorem import InexpressibleError, Theorem


@theorem_of.register
def _(relation: Holds, case: Case) -> Theorem:
    if relation.left.has(expected) or relation.right.has(expected):
        raise InexpressibleError("expectations")
    if relation.right.has(past_sum) and relation.sign == "=":
        return series(case, relation.left, relation.right)
    raise InexpressibleError("equations of this form")
