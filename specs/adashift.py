"""AdaShift: an average of the last gradients over a second moment that knows nothing of them."""

from sympy import Symbol

from stepsmith.codegen.claims import ema, equals, fails, nonnegative
from stepsmith.codegen.spec import Max, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .adam import ADAM_UNCORRECTED

_KEPT = 10
w, g, m, v, oldest, u = arrays("w g m v oldest u")
g1, g2, g3, g4, g5, g6, g7, g8, g9, g10 = _QUEUE = arrays("g1 g2 g3 g4 g5 g6 g7 g8 g9 g10")
t, c2, total = scalars("t c2 total")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the weights of the last gradients")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-10", domain="> 0", doc="keeps the division from zero")

_SUM: Symbol = sum((beta1**k for k in range(1, _KEPT)), start=1)

ADASHIFT = Optimizer(
    name="AdaShift",
    source="Zhou et al. (2019), Algorithm 3, arXiv:1810.00143, of ten gradients, by elements: max-AdaShift takes the "
    "largest of an array",
    summary="a weighted mean of the last ten gradients over the root of the second moment of those before",
    own_t=True,
    state={m: 0, v: 0, **dict.fromkeys(_QUEUE, 0)},
    steps=(
        Step(c2, 1 - beta2 ** Max(t - _KEPT, 1), "bias of the second moment"),
        Step(total, _SUM, "sum of the weights"),
        Step(oldest, g10, "gradient of ten steps ago"),
        *(Step(new(after), before) for after, before in zip(_QUEUE[:0:-1], _QUEUE[-2::-1], strict=True)),
        Step(new(g1), g),
        Step(new(m), beta1 * (m - beta1 ** (_KEPT - 1) / total * oldest) + g / total, "mean of the last ten"),
        Step(new(v), beta2 * v + (1 - beta2) * oldest**2, "second moment of those before"),
        Step(u, new(m) / (sqrt(new(v) / c2) + eps)),
        Step(new(w), w - lr * where(t > _KEPT, u, 0), "descent, once there is a second moment"),
    ),
    claims=(
        ema(v, of=oldest**2, decay=beta2),
        nonnegative(v),
        fails(equals(ADAM_UNCORRECTED, state={"m": m, "v": v}), "the second moment comes ten steps later"),
    ),
)
