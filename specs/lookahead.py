"""Lookahead: every k steps, slow weights take a part of the way that the fast ones have gone."""

from stepsmith.codegen.claims import descends, equals, fails, fixed_point, identity, reduces_to
from stepsmith.codegen.spec import Abs, Max, Min, Mod, Optimizer, Step, arrays, hyper, new, scalars, where

from .adam import ADAM
from .sgd import SGD

w, g, slow, fast, start, gap, best, alpha_now = arrays("w g slow fast start gap best alpha_now")
t, phase, begun = scalars("t phase begun")
alpha = hyper("alpha", default="0.5", domain="[0, 1]", doc="part of the way that the slow weights take")
k = hyper("k", default="5", domain="integer >= 1", doc="steps of the fast weights to one of the slow")
k_whole = hyper("k", default="5", domain="integer >= 2", doc="steps of the fast weights to one of the slow")
alpha_low = hyper("alpha_low", default="0.2", domain="[0, 1]", doc="least part of the way that the slow weights take")
(lr,) = SGD.hypers
# of a quadratic, its curvature, its lowest point, and the part of the error that a step of SGD leaves
h, c, left = arrays("h c left")


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
        # on a quadratic each step leaves the part 1 - lr h of the error, so that after k of them the weight
        # 1 / (1 - (1 - lr h)**k), the best one by Proposition 1, takes the slow weights to the lowest point
        identity(fast - c, (1 - lr * h) * (w - c), given={g: h * (w - c)}),
        identity(
            slow + (fast - slow) / (1 - left**k),
            c,
            given={g: h * (w - c), w: c + left**k / left * (slow - c), h: (1 - left) / lr},
        ),
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

LOOKAHEAD_ADJUSTED = Optimizer(
    name="LookaheadAdjusted",
    source="Zhang et al. (2019), Proposition 1, arXiv:1907.08610, over SGD; the curvature from two gradients",
    summary="Lookahead with the weight that is best on a quadratic, one for every element",
    state={slow: w, start: 0},
    steps=(
        Step(fast, SGD.steps[0].value, "descent"),
        Step(begun, Mod(t - 1, k_whole), "0 when the fast weights start from the slow"),
        Step(phase, Mod(t, k_whole), "0 when the slow weights step"),
        Step(new(start), where(begun > 0, start, g), "gradient at the slow weights"),
        Step(gap, (start - g) * (slow - fast)),
        Step(best, start * (slow - w) / gap, "weight that leads to where the gradient vanishes on a line"),
        Step(alpha_now, where(Abs(gap) > 0, Min(Max(best, alpha_low), 1), 1), "the same within bounds"),
        Step(new(slow), where(phase > 0, slow, slow + alpha_now * (fast - slow)), "slow weights"),
        Step(new(w), where(phase > 0, fast, new(slow)), "fast weights, back at the slow ones"),
    ),
    claims=(
        identity(slow + best * (fast - slow), c, given={start: h * (slow - c), g: h * (w - c)}),
        reduces_to(SGD, at={alpha_low: 1}),
        fails(equals(SGD), "the slow weights go a part of the way only"),
        descends(),
        fixed_point(),
    ),
)
