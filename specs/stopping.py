"""When to stop and what to keep: the best of a metric so far, reports without a new best, the gap to training.

A report is made once an epoch. The metric is to fall; of one that is to rise, report its negative,
which is exact: -a < -b - d and a > b + d are the same comparison.
"""

from sympy import And, Or

from stepsmith.codegen.claims import always, cycle, fails, flag, invariant, on_nan, running_minimum
from stepsmith.codegen.spec import Max, Monitor, Step, hyper, new, oo, scalars, where

t, metric, best, best_at, bad, improved, stopped = scalars("t metric best best_at bad improved stopped")
heard, better, beaten, due, level, k = scalars("heard better beaten due level k")
min_delta = hyper("min_delta", default="0", domain=">= 0", doc="improvement that counts")
patience = hyper("patience", default="0", domain="integer >= 0", doc="reports without improvement before the end")
start_from = hyper("start_from", default="0", domain="integer >= 0", doc="reports at the start that are not heard")
baseline = hyper("baseline", default="1", domain="real", doc="a metric that is to be reached")

BEST = Monitor(
    name="Best",
    source="a running minimum; what keras.callbacks.ModelCheckpoint(save_best_only=True) asks before it saves",
    summary="whether a metric is lower than ever before",
    state={best: oo, best_at: 0, improved: 0},
    steps=(
        Step(new(improved), where(metric < best, 1, 0), "lower than ever?"),
        Step(new(best), where(new(improved) > 0, metric, best)),
        Step(new(best_at), where(new(improved) > 0, t, best_at), "the report that was best"),
    ),
    value=improved,
    flags=(improved,),
    claims=(
        running_minimum(best),
        flag(improved),
        cycle({best: level, best_at: 1, improved: where(k > 0, 0, 1)}, length=1),
        on_nan({improved: 0, best: best, best_at: best_at}),
    ),
)

_ENDS = (
    always(new(stopped) >= stopped, knowing=(And(stopped >= 0, stopped <= 1),)),
    always(Or(new(stopped) <= stopped, new(bad) >= Max(patience, 1)), knowing=(And(stopped >= 0, bad >= 0),)),
    flag(improved),
    flag(stopped),
    running_minimum(best, at={min_delta: 0, start_from: 0}),
    fails(running_minimum(best, at={start_from: 0}), because="less than min_delta lower is not a new best"),
    on_nan({improved: 0, best: best}),
)

EARLY_STOPPING = Monitor(
    name="EarlyStopping",
    source="keras.callbacks.EarlyStopping, mode min, without baseline",
    summary="whether a metric has not fallen for so long that training should end",
    state={best: oo, bad: 0, improved: 0, stopped: 0},
    steps=(
        Step(heard, where(t > start_from, 1, 0)),
        Step(better, where(metric + min_delta < best, heard, 0)),
        Step(new(improved), better, "does it count?"),
        Step(new(best), where(better > 0, metric, best), "best so far"),
        Step(new(bad), where(better > 0, 0, bad + heard), "reports without improvement"),
        Step(due, where(new(bad) >= patience, heard - better, 0), "is patience over?"),
        Step(new(stopped), where(t > 1, Max(stopped, due), stopped), "never at the first report"),
    ),
    value=stopped,
    flags=(improved, stopped),
    claims=(
        *_ENDS,
        cycle(
            {best: level, bad: k, improved: where(k > 0, 0, 1), stopped: where(k >= Max(patience, 1), 1, 0)},
            length=1,
            at={start_from: 0},
        ),
        invariant(bad >= 0),
    ),
)

EARLY_STOPPING_BASELINE = Monitor(
    name="EarlyStoppingBaseline",
    source="keras.callbacks.EarlyStopping, mode min, with baseline",
    summary="as EarlyStopping, but patience starts anew only if the metric is also better than a baseline",
    state={best: oo, bad: 0, improved: 0, stopped: 0},
    steps=(
        Step(heard, where(t > start_from, 1, 0)),
        Step(better, where(metric + min_delta < best, heard, 0)),
        Step(beaten, where(metric + min_delta < baseline, better, 0), "the baseline, too?"),
        Step(new(improved), better, "does it count?"),
        Step(new(best), where(better > 0, metric, best), "best so far"),
        Step(new(bad), where(beaten > 0, 0, bad + heard), "reports without improvement"),
        Step(due, where(new(bad) >= patience, heard - better, 0), "is patience over?"),
        Step(new(stopped), where(t > 1, Max(stopped, due), stopped), "never at the first report"),
    ),
    value=stopped,
    flags=(improved, stopped),
    claims=(
        *_ENDS,
        cycle(
            {best: level, bad: k, improved: where(k > 0, 0, 1), stopped: where(k >= Max(patience, 1), 1, 0)},
            length=1,
            given=(level + min_delta < baseline,),
            at={start_from: 0},
        ),
        cycle(
            {best: level, bad: k + 1, improved: where(k > 0, 0, 1), stopped: where(k >= Max(patience - 1, 1), 1, 0)},
            length=1,
            given=(level + min_delta >= baseline,),
            at={start_from: 0},
        ),
    ),
)

gap, underfitting, overfitting, training, wide = scalars("gap underfitting overfitting training wide")
low = hyper("low", default="0.05", domain="real", doc="gap below which the model underfits")
high = hyper("high", default="0.5", domain="real", doc="gap above which the model overfits")

_NOT_BOTH = Or(new(underfitting) <= 0, new(overfitting) <= 0)
_GAP = {gap: wide, underfitting: where(wide < low, 1, 0), overfitting: where(wide > high, 1, 0)}

TRAIN_VALID_GAP = Monitor(
    name="TrainValidGap",
    source="lecture 001: no gap between training and validation is underfitting, a big gap is overfitting",
    summary="by how much a metric is higher on validation data, and whether that is too little or too much",
    state={gap: 0, underfitting: 0, overfitting: 0},
    steps=(
        Step(new(gap), metric - training, "of the validation data, above that of the training data"),
        Step(new(underfitting), where(new(gap) < low, 1, 0), "no gap?"),
        Step(new(overfitting), where(new(gap) > high, 1, 0), "a big gap?"),
    ),
    value=gap,
    flags=(underfitting, overfitting),
    claims=(
        flag(underfitting),
        flag(overfitting),
        always(_NOT_BOTH, given=(low <= high,)),
        fails(always(_NOT_BOTH), because="a gap may be below low and above high if low is above high"),
        always(new(underfitting) >= 1, given=(metric - training < low,)),
        always(new(overfitting) >= 1, given=(metric - training > high,)),
        always(
            And(new(underfitting) <= 0, new(overfitting) <= 0),
            given=(metric - training >= low, metric - training <= high),
        ),
        cycle(_GAP, length=1, metric=level + wide, training=level),
        on_nan({underfitting: 0, overfitting: 0}),
    ),
)
