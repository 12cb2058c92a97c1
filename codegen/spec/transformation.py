"""A stage as a rule by itself: what hands on other changes than it is given, as a gradient transformation does.

To what is handed from one transformation to the next `w` is added in the end. So a stage before the rule, which gives
`new(g)`, is the rule whose new `w` is `w + new(g)`. One after the rule is given what will be added to `w`, and works
on their sum.

A stage that moves `w` before the rule, or ends steps, is put around a transformation, which has the rest of the step.
The one is a rule as it is: it hands on how far `w` moves. The other has a state more, `ended`, which is 1 where the
step ends.
"""

from __future__ import annotations

import sympy

from .rules import Optimizer, Stage, Step, placed
from .symbols import GRADIENT, NOISE, PARAMETER, RATE, Array, New, Scalar, inputs, new, signals, where

#: The state of a stage that ends steps: whether the last one has ended.
ENDED = "ended"


def surrounds(stage: Stage | None) -> bool:
    """Whether a stage is put around a transformation."""
    return stage is not None and (stage.moves or stage.halts is not None)


def transformation(stage: Stage) -> Optimizer | None:
    """The rule by itself; None if there is none: the stage ends steps after the rule, or changes two things at once."""
    w, g = Array(PARAMETER), Array(GRADIENT)
    written = [step.target for step in stage.steps if _writes(step.target)]
    if len(written) > 1 or (stage.after and stage.halts is not None):
        return None
    target = written[0] if written else None
    if not stage.after and any(target in step.value.free_symbols for step in stage.steps):
        return None
    reached = Array("reached")
    given: dict[sympy.Symbol, sympy.Expr] = {w: reached} if stage.after else {}
    for step in stage.steps:
        for symbol in step.value.free_symbols:
            if symbol.name == RATE:
                given[symbol] = signals(RATE, "the learning rate of the rule")
            elif symbol.name == NOISE:
                given[symbol] = inputs(NOISE, "independent standard normal numbers")
    steps, after, last = [Step(reached, w + g, "weights after the rule")] if stage.after else [], w + g, stage.steps[-1]
    for step in stage.steps:
        if step.target != target:
            steps.append(placed(step, value=step.value.xreplace(given)))
            continue
        last, value = step, step.value
        if stage.after:
            after = w + sympy.piecewise_fold(value - w).xreplace(given) + g
        else:
            after = value.xreplace(given) if stage.moves else w + value.xreplace(given)
    state = dict(stage.state)
    if stage.halts is not None:
        ended = Scalar(ENDED)
        state[ended] = sympy.Integer(0)
        steps.append(placed(last, target=new(ended), value=where(stage.halts, 1, 0), note="1 where the step ends here"))
    note = last.note if stage.moves else "w and what is handed on"
    steps.append(placed(last, target=new(w), value=after, note=note))
    rule = Optimizer(
        name=stage.name,
        source=stage.source,
        summary=stage.summary,
        state=state,
        steps=tuple(steps),
        own_t=stage.own_t,
    )
    object.__setattr__(rule, "location", stage.location)
    return rule


def _writes(target: sympy.Symbol) -> bool:
    return isinstance(target, New) and target.of.name in (PARAMETER, GRADIENT)
