"""COCOB: bets on the outcome of coins, whose winnings are the step. It has no learning rate."""

from stepsmith.codegen.claims import fixed_point, identity, monotone, nonnegative, series
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, hyper, new, scalars

w, g, largest, total, reward, theta, start = arrays("w g largest total reward theta start")
t = scalars("t")
alpha = hyper("alpha", default="100", domain="> 0", doc="bound on the first bets")
eps = hyper("eps", default="1e-8", domain="> 0", doc="first bound of the gradient")

COCOB = Optimizer(
    name="COCOB",
    source="Orabona & Tommasi (2017), Algorithm 2, arXiv:1705.07795, with L = eps at first as in optax.contrib.cocob",
    summary="continuous coin betting: a step per weight that needs no learning rate",
    state={largest: eps, total: 0, reward: 0, theta: 0, start: w},
    steps=(
        Step(new(largest), Max(largest, Abs(g)), "L: largest gradient"),
        Step(new(total), total + Abs(g), "G: sum of sizes"),
        Step(new(reward), Max(reward - (w - start) * g, 0), "winnings"),
        Step(new(theta), theta - g, "sum of outcomes"),
        Step(new(start), start, "first weights"),
        Step(
            new(w),
            # (L + reward) / L of the paper, which does not square L where it is small
            start
            + new(theta) / Max(new(total) + new(largest), alpha * new(largest)) * (1 + new(reward) / new(largest)),
            "bet",
        ),
    ),
    claims=(
        series(total, of=Abs(g)),
        series(theta, of=g, weight=-1),
        monotone(largest),
        nonnegative(reward),
        nonnegative(total - theta),
        nonnegative(total + theta),
        identity(new(start), start),
        fixed_point(),
    ),
)
