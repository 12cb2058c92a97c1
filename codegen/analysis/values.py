"""Where the steps of a rule have values, as conditions on what they divide by and take roots of, step by step.

`analysis.defined` finds conditions on hyperparameters that suffice. A bound holds wherever there is a step at all, so
here a demand that is not known to be met is the condition itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..spec.rules import Optimizer
from . import defined
from .demands import Demand, asked
from .derive import inlined


def conditions(rule: Optimizer, assumptions: Assumptions) -> Iterator[sympy.Basic]:
    """What has to hold for the steps to have values, but for what `assumptions` say of hyperparameters and old states.

    It is `false` where no step has a value.
    """
    whole, guarded = inlined(rule), False
    for demand in asked(rule):
        if demand.is_guarded or _met(demand, demand.value.xreplace(whole), assumptions):
            continue
        if demand.guards:
            guarded = True
        else:
            yield demand.condition
    if guarded:  # what a branch demands that is not always taken
        yield from defined.conditions(rule)


def _met(demand: Demand, value: sympy.Expr, assumptions: Assumptions) -> bool:
    if demand.sign == ">=":
        return nonnegative(assumptions.assume(value))
    if _positive(assumptions.assume(value), assumptions):
        return True
    return demand.sign == "!=" and assumptions.nonzero(value)


def _positive(expr: sympy.Expr, assumptions: Assumptions) -> bool:
    match expr:
        case sympy.Add():
            return all(map(nonnegative, expr.args)) and any(_positive(term, assumptions) for term in expr.args)
        case sympy.Mul():
            return all(_positive(factor, assumptions) for factor in expr.args)
        case sympy.Pow(base=base, exp=exponent) if exponent.is_real:
            return _positive(base, assumptions)
        case sympy.Max():
            return any(_positive(argument, assumptions) for argument in expr.args)
    return assumptions.positive(expr)
