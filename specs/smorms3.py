"""SMORMS3: RMSprop that forgets the faster, the less its gradients agree, and takes smaller steps then."""

from stepsmith.codegen.claims import descends, fails, first_step, fixed_point, scales
from stepsmith.codegen.claims.dynamics import stable
from stepsmith.codegen.spec import Abs, Min, Optimizer, Step, arrays, hyper, new, sqrt

w, g, a, v, memory, r, x = arrays("w g a v memory r x")
lr = hyper("lr", default="0.001", domain=">= 0", doc="largest rate")
eps = hyper("eps", default="1e-16", domain=">= 0", doc="keeps the divisions from zero")

SMORMS3 = Optimizer(
    name="SMORMS3",
    source="Funk (2015), RMSprop loses to SMORMS3, sifter.org/~simon/journal/20150420.html, as in Chainer",
    summary="a step scaled by the root of the squared gradients and by how far the gradients agree",
    state={a: 0, v: 0, memory: 1},
    steps=(
        Step(r, 1 / (memory + 1), "share of the new gradient"),
        Step(new(a), (1 - r) * a + r * g, "average"),
        Step(new(v), (1 - r) * v + r * g**2, "average of squares"),
        Step(x, new(a) ** 2 / (new(v) + eps), "agreement of the gradients, at most 1"),
        Step(new(memory), 1 + memory * (1 - x), "number of steps to remember"),
        Step(new(w), w - Min(x, lr) * g / (sqrt(new(v)) + eps), "descent"),
    ),
    claims=(
        first_step(-Min(g**2 / 4 / (g**2 / 2 + eps), lr) * g / (Abs(g) / sqrt(2) + eps)),
        fails(scales({"a": g, "v": g**2, "lr": w}, at={eps: 0}), "the learning rate is compared with a pure number"),
        descends(),
        fixed_point(),
        stable(2 * (sqrt(v) + eps) / Min(lr, a**2 / (v + eps)), of="h"),
    ),
)
