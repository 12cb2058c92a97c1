"""Polyak's step length: the loss above its minimum over the squared norm of the gradient, at most so much."""

from sympy import Rational

from stepsmith.codegen.claims import identity, nonnegative
from stepsmith.codegen.spec import Max, Min, Optimizer, Step, arrays, global_sum, hyper, new, scalars, signals, where

w, g = arrays("w g")
gap, total, length = scalars("gap total length")
loss = signals("loss", doc="the loss at w, of which g is the gradient")
lr = hyper("lr", default="1", domain=">= 0", doc="factor of every step")
longest = hyper("max_length", default="1", domain="> 0", doc="largest step length, before that factor")
least = hyper("f_min", default="0", domain="real", doc="the least value of the loss, or a guess of it")
eps = hyper("eps", default="0", domain=">= 0", doc="added to the squared norm")

_TOTAL = Step(total, global_sum(g**2) + eps, "squared norm of all gradients")
_LENGTH = Step(length, where(total <= Rational(1, 2**52), 0, Min(gap / total, longest)), "step length")
_MOVED = identity(global_sum((new(w) - w) ** 2), (lr * length) ** 2 * (total - eps))
_DESCENT = Step(new(w), w - lr * length * g, "descent")

POLYAK_SGD = Optimizer(
    name="PolyakSGD",
    source="Loizou et al. (2021), SPS_max with c = 1, arXiv:2002.10542, as optax.polyak_sgd is documented",
    summary="descent by the length that would reach the minimum, if the loss were as steep all the way down",
    state={},
    steps=(Step(gap, loss - least, "the loss above its minimum"), _TOTAL, _LENGTH, _DESCENT),
    claims=(_MOVED,),
)

POLYAK_SGD_PLUS = Optimizer(
    name="PolyakSGDPlus",
    source="Garrigos et al. (2023), SPS+, arXiv:2307.14528, as optax.polyak_sgd with variant='sps+' is documented",
    summary="Polyak's step length, which is 0 where the loss is below the minimum that is supposed",
    state={},
    steps=(Step(gap, Max(loss - least, 0), "the loss above its minimum"), _TOTAL, _LENGTH, _DESCENT),
    claims=(_MOVED, nonnegative(length)),
)

_SCALED = Step(total, global_sum((lr * g) ** 2) + eps, "squared norm of all gradients, each times its factor")
_OF_SCALED = identity(global_sum((new(w) - w) ** 2), length**2 * (total - eps))
_AS_CODED = (
    "as optax.polyak_sgd computes it: with scaling s the length is gap / (s**2 * norm**2 + eps), where the text there, "
    "as the paper, has gap / (norm**2 + eps)"
)

POLYAK_SGD_SCALED = Optimizer(
    name="PolyakSGDScaled",
    source=f"Loizou et al. (2021), SPS_max with c = 1, arXiv:2002.10542, {_AS_CODED}",
    summary="Polyak's step length for the gradient times a factor, which is PolyakSGD where that is 1",
    state={},
    steps=(POLYAK_SGD.steps[0], _SCALED, _LENGTH, _DESCENT),
    claims=(_OF_SCALED,),
)

POLYAK_SGD_PLUS_SCALED = Optimizer(
    name="PolyakSGDPlusScaled",
    source=f"Garrigos et al. (2023), SPS+, arXiv:2307.14528, {_AS_CODED}",
    summary="Polyak's step length for the gradient times a factor, which is PolyakSGDPlus where that is 1",
    state={},
    steps=(POLYAK_SGD_PLUS.steps[0], _SCALED, _LENGTH, _DESCENT),
    claims=(_OF_SCALED, nonnegative(length)),
)
