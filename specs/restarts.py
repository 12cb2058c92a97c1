"""Cosine restarts whose periods grow: a learning rate that follows from how often it was asked to go on.

The step at which the k-th period starts is a geometric sum, so that a formula in the step number needs
floor(log(...)), and that is wrong at the very steps at which a period starts: math.log(125, 5) is
3.0000000000000004, math.log(243, 3) is 4.999999999999999. Counting is exact.
"""

from sympy import And, Eq, Or

from stepsmith.codegen.claims import always, cycle, invariant
from stepsmith.codegen.spec import Monitor, Step, cos, hyper, new, pi, scalars, where

phase, length, over, j, k = scalars("phase length over j k")
lr = hyper("lr", default="0.1", domain="> 0", doc="learning rate at each restart")
end = hyper("end", default="0", domain=">= 0", doc="learning rate that is approached")
period = hyper("period", default="10", domain="integer >= 1", doc="number of steps before the first restart")
growth = hyper("growth", default="2", domain="integer >= 1", doc="factor of the period at each restart")

_RATE = end + (lr - end) * (1 + cos(pi * phase / length)) / 2

COSINE_GROWING_RESTARTS = Monitor(
    name="CosineGrowingRestarts",
    source="Loshchilov & Hutter (2017), equation 5 and T_mult, arXiv:1608.03983",
    summary="a learning rate that falls along half a wave and starts anew, each time for longer",
    state={phase: 0, length: period},
    steps=(
        Step(over, where(phase + 1 >= length, 1, 0), "is the period over?"),
        Step(new(phase), where(over > 0, 0, phase + 1), "steps since the restart"),
        Step(new(length), where(over > 0, growth * length, length)),
    ),
    value=_RATE,
    claims=(
        cycle({phase: j, length: period * growth**k}, length=period * growth**k, first=0),
        invariant(And(phase >= 0, phase <= length - 1, length >= period, length >= 1)),
        invariant(And(phase >= 0, length >= 1, Or(phase > 0, Eq(_RATE, lr)))),
        always(new(length) >= length, knowing=(length >= 1,)),
    ),
)
