"""SRMM: averages of gradients and of weights over a window that starts anew every so many steps."""

from stepsmith.codegen.claims import equals, fails, fixed_point, identity, reduces_to
from stepsmith.codegen.spec import Mod, Optimizer, Step, arrays, hyper, new, scalars

from .sgd import SGD

w, g, g_bar, w_bar = arrays("w g g_bar w_bar")
t, share = scalars("t share")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
beta = hyper("beta", default="0.5", domain="[0, 1]", doc="how fast the weight of what is new falls")
memory = hyper("memory", default="100", domain="integer >= 1", doc="steps after which that starts anew")

SRMM = Optimizer(
    name="SRMM",
    source="Lyu (2023), Algorithm 1, arXiv:2201.01652, with proximal surrogates, from zero as in pytorch_optimizer",
    summary="descent from the average of the weights along the average of the gradients, over a growing window",
    state={g_bar: 0, w_bar: 0},
    steps=(
        Step(share, (Mod(t, memory) + 1) ** (-beta), "weight of what is new"),
        Step(new(g_bar), (1 - share) * g_bar + share * g, "average of the gradients"),
        Step(new(w_bar), (1 - share) * w_bar + share * w - lr * new(g_bar), "average of the weights, after its step"),
        Step(new(w), new(w_bar)),
    ),
    claims=(
        reduces_to(SGD, at={beta: 0}),
        reduces_to(SGD, at={memory: 1}),
        fails(equals(SGD), "weights and gradients are averaged"),
        identity(new(w), new(w_bar)),
        fails(fixed_point(), "the average of the weights starts from 0, which draws them in"),
    ),
)
