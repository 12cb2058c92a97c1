"""Reduce on plateau: the learning rate falls when a metric has stopped improving.

A report is made once an epoch. The learning rate falls after so many reports in a row that were no
improvement, and then there may be a pause. What an improvement is, and when patience is over, differs
from library to library. The metric is to fall; of one that is to rise, report its negative, or take
the rule that is named Max.
"""

import sympy
from sympy import And, Eq, Or

from stepsmith.codegen.claims import agrees, always, cycle, fails, flag, invariant, on_nan, running_minimum, theirs
from stepsmith.codegen.spec import Max, Min, Monitor, Step, hyper, new, oo, scalars, where

metric, rate, best, bad, pause, improved = scalars("metric rate best bad pause improved")
counted, waited, rested, small, lower = scalars("counted waited rested small lower")
due, drops, level, j, k = scalars("due drops level j k")
lr = hyper("lr", default="0.1", domain="> 0", doc="learning rate at the start")
factor = hyper("factor", default="0.1", domain="(0, 1)", doc="factor of each drop")
patience = hyper("patience", default="10", domain="integer >= 0", doc="reports without improvement that are borne")
threshold = hyper("threshold", default="1e-4", domain="[0, 1)", doc="improvement that counts, in parts of the best")
amount = hyper("threshold", default="1e-4", domain=">= 0", doc="improvement that counts")
min_delta = hyper("min_delta", default="1e-4", domain=">= 0", doc="improvement that counts")
wait = hyper("patience", default="10", domain="integer >= 0", doc="reports without improvement before a drop")
cooldown = hyper("cooldown", default="0", domain="integer >= 0", doc="reports after a drop that do not count")
min_lr = hyper("min_lr", default="0", domain=">= 0", doc="learning rate below which it does not fall")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="a smaller change of the learning rate is not made")

_STATE = {rate: lr, bad: 0, pause: 0, improved: 0}


def _torch(improvement: sympy.Basic) -> tuple[Step, ...]:
    """The steps of torch's scheduler, to which a report is an improvement under a condition."""
    return (
        Step(new(improved), where(improvement, 1, 0), "does it count?"),
        Step(new(best), where(new(improved) > 0, metric, best), "best so far"),
        Step(counted, where(new(improved) > 0, 0, bad + 1), "reports without improvement"),
        Step(waited, where(pause > 0, 0, counted), "none of them in a pause"),
        Step(rested, Max(pause - 1, 0)),
        Step(small, Max(rate * factor, min_lr)),
        Step(lower, where(rate - small > eps, small, rate), "the next lower rate"),
        Step(new(rate), where(waited > patience, lower, rate), "drop"),
        Step(new(pause), where(waited > patience, cooldown, rested)),
        Step(new(bad), where(waited > patience, 0, waited)),
    )


_FALLS = (
    always(new(rate) <= rate),
    invariant(And(rate > 0, rate >= Min(lr, min_lr))),
    invariant(And(bad >= 0, bad <= patience, pause >= 0, pause <= cooldown)),
    flag(improved),
    on_nan({improved: 0, best: best}),
)
_PLAIN = {eps: 0, cooldown: 0}
_FLAT = {best: level, rate: Max(min_lr, lr * factor**k), bad: j, pause: 0, improved: where(j + k > 0, 0, 1)}

REDUCE_ON_PLATEAU = Monitor(
    name="ReduceOnPlateau",
    source="torch.optim.lr_scheduler.ReduceLROnPlateau, mode min, threshold_mode rel",
    summary="a learning rate that drops when a metric has not fallen by a part of its best for a while",
    state={best: oo, **_STATE},
    steps=_torch(metric < best * (1 - threshold)),
    value=rate,
    flags=(improved,),
    claims=(
        *_FALLS,
        cycle(_FLAT, length=patience + 1, given=(lr >= min_lr, level >= 0), at=_PLAIN),
        fails(
            cycle(_FLAT, length=patience + 1, given=(lr >= min_lr,), at=_PLAIN),
            because="of a negative metric, even the same is an improvement",
        ),
        running_minimum(best, at={threshold: 0}),
        always(new(best) <= best, knowing=(best >= 0,), given=(metric >= 0,)),
        fails(always(new(best) <= best), because="of a negative metric a little more counts as an improvement"),
    ),
)

REDUCE_ON_PLATEAU_MAX = Monitor(
    name="ReduceOnPlateauMax",
    source="torch.optim.lr_scheduler.ReduceLROnPlateau, mode max, threshold_mode rel",
    summary="a learning rate that drops when a metric has not risen by a part of its best for a while",
    state={best: -oo, **_STATE},
    steps=_torch(metric > best * (1 + threshold)),
    value=rate,
    flags=(improved,),
    claims=(
        *_FALLS,
        agrees(
            REDUCE_ON_PLATEAU,
            metric=-metric,
            relation=And(*(Eq(theirs(s), s) for s in (rate, bad, pause)), Eq(theirs(best), -best)),
            at={threshold: 0},
        ),
        fails(
            agrees(
                REDUCE_ON_PLATEAU,
                metric=-metric,
                relation=And(*(Eq(theirs(s), s) for s in (rate, bad, pause)), Eq(theirs(best), -best)),
            ),
            because="a part of a negative number points the other way",
        ),
    ),
)

REDUCE_ON_PLATEAU_ABSOLUTE = Monitor(
    name="ReduceOnPlateauAbsolute",
    source="torch.optim.lr_scheduler.ReduceLROnPlateau, mode min, threshold_mode abs",
    summary="a learning rate that drops when a metric has not fallen by an amount for a while",
    state={best: oo, **_STATE},
    steps=_torch(metric < best - amount),
    value=rate,
    flags=(improved,),
    claims=(
        *_FALLS,
        cycle(_FLAT, length=patience + 1, given=(lr >= min_lr,), at=_PLAIN),
        running_minimum(best, at={amount: 0}),
        always(new(best) <= best),
        agrees(
            REDUCE_ON_PLATEAU,
            relation=And(*(Eq(theirs(s), s) for s in (rate, best, bad, pause))),
            at={amount: 0},
        ),
    ),
)

REDUCE_ON_PLATEAU_KERAS = Monitor(
    name="ReduceOnPlateauKeras",
    source="keras.callbacks.ReduceLROnPlateau, mode min",
    summary="a learning rate that drops when a metric has not fallen by an amount for a while, as in Keras",
    state={best: oo, **_STATE},
    steps=(
        Step(rested, Max(pause - 1, 0), "the last report of a pause counts"),
        Step(new(improved), where(metric < best - min_delta, 1, 0), "does it count?"),
        Step(new(best), where(new(improved) > 0, metric, best), "best so far"),
        Step(waited, where(pause > 0, 0, bad), "reports without improvement before this one"),
        Step(counted, where(new(improved) + rested > 0, 0, waited + 1), "and with it"),
        Step(due, where(counted >= Max(wait, 1), 1, 0), "is patience over? 0 counts as 1"),
        Step(drops, where(rate > min_lr, due, 0)),
        Step(new(rate), where(drops > 0, Max(rate * factor, min_lr), rate), "drop"),
        Step(new(pause), where(drops > 0, cooldown, rested)),
        Step(new(bad), where(drops > 0, 0, counted)),
    ),
    value=rate,
    flags=(improved,),
    claims=(
        always(new(rate) <= rate, knowing=(rate > 0,)),
        invariant(And(rate > 0, rate >= Min(lr, min_lr))),
        invariant(And(bad >= 0, pause >= 0, pause <= cooldown)),
        flag(improved),
        on_nan({improved: 0, best: best}),
        running_minimum(best, at={min_delta: 0}),
        cycle({**_FLAT, rate: lr * factor**k}, length=Max(wait, 1), at={min_lr: 0, cooldown: 0}),
        agrees(
            REDUCE_ON_PLATEAU_ABSOLUTE,
            hyper={"patience": Max(wait - 1, 0), "cooldown": Max(cooldown - 1, 0), "threshold": min_delta, "eps": 0},
            relation=And(
                And(rate > 0, bad >= 0, pause >= 0, Or(pause <= 0, Eq(bad, 0))),
                Eq(theirs(rate), rate),
                Eq(theirs(best), best),
                Or(rate <= min_lr, And(Eq(theirs(bad), bad), Eq(theirs(pause), Max(pause - 1, 0)))),
            ),
        ),
    ),
)
