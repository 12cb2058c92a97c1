"""ADOPT: the gradient is divided by the second moment of the steps before, then averaged."""

from stepsmith.codegen.claims import at_most, ema, equals, fails, first_step, fixed_point, nonnegative, scales
from stepsmith.codegen.spec import Abs, Max, Min, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

w, g, m, v, u, clipped = arrays("w g m v u clipped")
t, c = scalars("t c")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.9999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-6", domain="> 0", doc="least root of the second moment")
growth = hyper("growth", default="0.25", domain="> 0", doc="power with which the clipping value grows")

# the first gradient only starts the second moment
_NORMALIZED = Step(u, where(t > 1, g / Max(sqrt(v), eps), 0), "gradient over the second moment of the past")
_V = Step(new(v), where(t > 1, beta2 * v + (1 - beta2) * g**2, g**2), "second moment, from the first gradient on")
_DESCENT = Step(new(w), w - lr * new(m), "descent")

ADOPT_UNCLIPPED = Optimizer(
    name="ADOPTUnclipped",
    source="Taniguchi et al. (2024), Algorithm 1, arXiv:2411.02853, with m = 0 at first, as in "
    "github.com/iShohei220/adopt with clip_lambda=None",
    summary="an average of gradients over the second moment of the steps before",
    own_t=True,
    state={m: 0, v: 0},
    steps=(_NORMALIZED, Step(new(m), beta1 * m + (1 - beta1) * u, "first moment"), _V, _DESCENT),
    claims=(
        ema(m, of=u, decay=beta1),
        nonnegative(v),
        first_step(0),
        fixed_point(),
        scales({"lr": w, "v": g**2, "eps": g}),
    ),
)

ADOPT = Optimizer(
    name="ADOPT",
    source="Taniguchi et al. (2024), Algorithm 2, arXiv:2411.02853, as in github.com/iShohei220/adopt: clipped at "
    "(t - 1)**0.25, the first gradient being that of step 0 there",
    summary="an average of clipped gradients over the second moment of the steps before",
    own_t=True,
    state={m: 0, v: 0},
    steps=(
        _NORMALIZED,
        Step(c, (t - 1) ** growth, "clipping value"),
        Step(clipped, Min(Max(u, -c), c)),
        Step(new(m), beta1 * m + (1 - beta1) * clipped, "first moment"),
        _V,
        _DESCENT,
    ),
    claims=(
        ema(m, of=clipped, decay=beta1),
        at_most(Abs(clipped), c),
        nonnegative(v),
        first_step(0),
        fixed_point(),
        fails(equals(ADOPT_UNCLIPPED), "large gradients are clipped"),
        scales({"lr": w, "v": g**2, "eps": g}),
    ),
)
