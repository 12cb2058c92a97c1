"""Lookahead: every k steps, slow weights take a part of the way that the fast ones have gone."""

from codegen.claims import descends, equals, fails, fixed_point, reduces_to
from codegen.spec import Mod, Optimizer, Step, arrays, hyper, new, scalars, where
from specs.adam import ADAM
from specs.sgd import SGD

w, slow, fast = arrays("w slow fast")
t, phase = scalars("t phase")
alpha = hyper("alpha", default="0.5", domain="[0, 1]", doc="part of the way that the slow weights take")
k = hyper("k", default="5", domain=">= 1", doc="steps of the fast weights to one of the slow")


def lookahead(rule: Optimizer) -> tuple[Step, ...]:
    """The steps of `rule`, then those of Lookahead; the new w of `rule` is the fast weight."""
    inner = tuple(Step(fast if step.target == new(w) else step.target, step.value, step.note) for step in rule.steps)
    return (
        *inner,
        Step(phase, Mod(t, k), "0 when the slow weights step"),
        Step(new(slow), where(phase > 0, slow, slow + alpha * (fast - slow)), "slow weights"),
        Step(new(w), where(phase > 0, fast, new(slow)), "fast weights, back at the slow ones"),
    )


LOOKAHEAD_SGD = Optimizer(
    name="LookaheadSGD",
    source="Zhang et al. (2019), Algorithm 1, arXiv:1907.08610, over SGD",
    summary="Lookahead over stochastic gradient descent",
    state={slow: w},
    steps=lookahead(SGD),
    claims=(
        reduces_to(SGD, at={alpha: 1}),
        fails(equals(SGD), "the slow weights go a part of the way only"),
        descends(),
        fixed_point(),
    ),
)

LOOKAHEAD_ADAM = Optimizer(
    name="LookaheadAdam",
    source="Zhang et al. (2019), Algorithm 1, arXiv:1907.08610, over Adam",
    summary="Lookahead over Adam",
    state={**ADAM.state, slow: w},
    steps=lookahead(ADAM),
    claims=(
        reduces_to(ADAM, at={alpha: 1}),
        fails(equals(ADAM), "the slow weights go a part of the way only"),
    ),
)
