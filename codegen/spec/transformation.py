"""A stage as a rule by itself: what hands on other changes than it is given, as a gradient transformation does.

To what is handed from one transformation to the next `w` is added in the end. So a stage before the rule, which gives
`new(g)`, is the rule whose new `w` is `w + new(g)`. One after the rule is given what will be added to `w`, and works
on their sum.
"""

from __future__ import annotations

import sympy

from .rules import Optimizer, Stage, Step, placed
from .symbols import GRADIENT, NOISE, PARAMETER, RATE, Array, New, inputs, new, signals


def transformation(stage: Stage) -> Optimizer | None:
    """The rule by itself; None if there is none, since the stage ends steps, or moves `w` before the rule."""
    if stage.halts is not None or stage.moves:
        return None
    w, g = Array(PARAMETER), Array(GRADIENT)
    written = next((step.target for step in stage.steps if _writes(step.target)), None)
    if not stage.after and any(written in step.value.free_symbols for step in stage.steps):
        return None
    reached = Array("reached")
    given: dict[sympy.Symbol, sympy.Expr] = {w: reached} if stage.after else {}
    for step in stage.steps:
        for symbol in step.value.free_symbols:
            if symbol.name == RATE:
                given[symbol] = signals(RATE, "the learning rate of the rule")
            elif symbol.name == NOISE:
                given[symbol] = inputs(NOISE, "independent standard normal numbers")
    steps, change, last = [Step(reached, w + g, "weights after the rule")] if stage.after else [], g, stage.steps[-1]
    for step in stage.steps:
        value = step.value
        if step.target == written:
            moved = sympy.piecewise_fold(value - w) if stage.after else value
            last, change = step, moved.xreplace(given) + (g if stage.after else 0)
        else:
            steps.append(placed(step, value=value.xreplace(given)))
    steps.append(placed(last, target=new(w), value=w + change, note="w and what is handed on"))
    rule = Optimizer(
        name=stage.name,
        source=stage.source,
        summary=stage.summary,
        state=stage.state,
        steps=tuple(steps),
        own_t=stage.own_t,
    )
    object.__setattr__(rule, "location", stage.location)
    return rule


def _writes(target: sympy.Symbol) -> bool:
    return isinstance(target, New) and target.of.name in (PARAMETER, GRADIENT)
