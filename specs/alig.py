"""ALI-G: Polyak's step length for losses whose least value is zero, at most a learning rate, with momentum."""

from stepsmith.codegen.claims import identity, series
from stepsmith.codegen.spec import Min, Optimizer, Step, arrays, global_sum, hyper, new, scalars, signals

w, g, v, u = arrays("w g v u")
total, length = scalars("total length")
loss = signals("loss", doc="the loss at w, of which g is the gradient")
lr = hyper("lr", default="0.1", domain=">= 0", doc="largest step length")
momentum = hyper("momentum", default="0.9", domain="[0, 1)", doc="decay of the velocity")
eps = hyper("eps", default="1e-6", domain="> 0", doc="added to the squared norm")

_LENGTH = (
    Step(total, global_sum(g**2) + eps, "squared norm of all gradients"),
    Step(length, Min(loss / total, lr), "step length"),
)

ALIG = Optimizer(
    name="AliG",
    source="Berrada, Zisserman & Kumar (2020), Algorithm 1, arXiv:1906.05661, with the Nesterov momentum of its code",
    summary="descent by the length that would reach a loss of zero, at most a learning rate, with Nesterov momentum",
    state={v: 0},
    steps=(
        *_LENGTH,
        Step(u, length * g, "step"),
        Step(new(v), momentum * v - u, "velocity"),
        Step(new(w), w - u + momentum * new(v), "descent, look ahead"),
    ),
    claims=(
        series(v, of=-u, decay=momentum),
        identity(global_sum((new(v) - momentum * v) ** 2), length**2 * (total - eps)),
        identity(new(w) - w, momentum**2 * v - (1 + momentum) * u),
    ),
)
