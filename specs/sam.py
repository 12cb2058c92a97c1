"""Gradients taken elsewhere than where the rule steps: uphill from the weights (SAM), or a step ahead of them.

A step has two phases, or more, of which each takes a gradient. These are stages, so that any rule may step:

    opt = Adam(params, lr=1e-3, pipeline=[SAM(rho=0.05)])
    opt.step(gradients)  # gradients() at the parameters as they are when it is called, once in each phase

or `opt.step(grads)` with the gradients of each phase, one call after the other.
"""

from stepsmith.codegen.claims import fails, identity, neutral, returns
from stepsmith.codegen.spec import Stage, Step, array_sum, arrays, global_sum, hyper, new, scalars, sqrt, where

w, g, kept = arrays("w g kept")
climbed, ahead, length, rate, lr = scalars("climbed ahead length rate lr")
rho = hyper("rho", default="0.05", domain=">= 0", doc="length of the ascent")
rho_asam = hyper("rho", default="0.5", domain=">= 0", doc="length of the ascent, each weight being a unit of its own")
rho_usam = hyper("rho", default="0.05", domain=">= 0", doc="rate of the ascent")
ascents = hyper("ascents", default="1", domain="integer >= 1", doc="ascents to a step of the rule")

_COUNT = Step(new(climbed), where(climbed + 1 > ascents, 0, climbed + 1), "ascents so far; 0 when the rule steps")
_HOME = Step(new(kept), where(climbed > 0, kept, w), "weights that the rule steps from")
_PHASES = {"state": {kept: 0, climbed: 0}, "halts": new(climbed) > 0, "home": kept}


def _moved(way, rate=rate):
    return Step(new(w), where(new(climbed) > 0, w + rate * way, new(kept)), "uphill, in the end back")


def _climb(rho):
    """An ascent of this length. What has no length has no direction; one that is NaN is passed on."""
    return Step(rate, where(length <= 0, 0, rho / length))


# w + rate * g is as far from w as rho says
_LENGTH = identity(rate * length, where(length <= 0, 0, rho))
_STILL = fails(neutral(at={rho: 0}), "also with a way of 0 a step takes two gradients, the second of which counts")

SAM = Stage(
    name="SAM",
    source="Foret et al. (2021), Algorithm 1, arXiv:2010.01412",
    summary="the rule takes the gradient that is found a way of length rho uphill",
    steps=(
        Step(length, sqrt(global_sum(g**2)), "norm of all gradients"),
        _climb(rho),
        _COUNT,
        _HOME,
        _moved(g),
    ),
    claims=(returns(), identity(global_sum((rate * g) ** 2), (rate * length) ** 2), _LENGTH, _STILL),
    **_PHASES,
)

SAM_BY_ARRAY = Stage(
    name="SAMByArray",
    source="Foret et al. (2021), Algorithm 1, arXiv:2010.01412, for each array by itself",
    summary="the rule takes the gradient that is found a way of length rho uphill in each array",
    steps=(Step(length, sqrt(array_sum(g**2)), "norm of this gradient"), *SAM.steps[1:]),
    claims=(returns(), identity(array_sum((rate * g) ** 2), (rate * length) ** 2), _LENGTH, _STILL),
    **_PHASES,
)

ASAM = Stage(
    name="ASAM",
    source="Kwon et al. (2021), arXiv:2102.11600, element by element, with eta = 0",
    summary="SAM whose way is measured in sizes of weights, so that it stays the same where weights are rescaled",
    steps=(
        Step(length, sqrt(global_sum((w * g) ** 2)), "norm of all gradients times sizes"),
        _climb(rho_asam),
        _COUNT,
        _HOME,
        _moved(w**2 * g),
    ),
    claims=(returns(), identity(rate * length, where(length <= 0, 0, rho_asam))),
    **_PHASES,
)

USAM = Stage(
    name="USAM",
    source="Andriushchenko & Flammarion (2022), equation 4, arXiv:2206.06232",
    summary="SAM whose way is rho times the gradient",
    steps=(_COUNT, _HOME, _moved(g, rho_usam)),
    claims=(returns(),),
    **_PHASES,
)

EXTRAGRADIENT = Stage(
    name="Extragradient",
    source="Korpelevich (1976), The extragradient method for finding saddle points, with the rate of the rule",
    summary="the rule takes the gradient that is found a step of gradient descent ahead; for games and saddle points",
    state={kept: 0, ahead: 0},
    steps=(
        Step(new(ahead), where(ahead > 0, 0, 1), "1 while the parameter is a step ahead"),
        Step(new(kept), where(ahead > 0, kept, w), "weights that the rule steps from"),
        Step(new(w), where(new(ahead) > 0, w - lr * g, new(kept)), "ahead, then back"),
    ),
    halts=new(ahead) > 0,
    home=kept,
    claims=(returns(),),
)
