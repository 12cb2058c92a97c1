"""Adam that leaves alone what a mask leaves out, as the rows of an embedding that a batch does not look up."""

from stepsmith.codegen.claims import equals, fails, fixed_point, identity, nonnegative, reduces_to
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, inputs, new, scalars, sqrt, where

from .adam import ADAM_EPS_HAT

w, g, m, v = arrays("w g m v")
t, c1, c2 = scalars("t c1 c2")
mask = inputs("mask", doc="1 where the gradient has an element, 0 where it has none")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")

_STEP = lr * sqrt(c2) * new(m) / (c1 * (sqrt(new(v)) + eps))

SPARSE_ADAM = Optimizer(
    name="SparseAdam",
    source="torch.optim.SparseAdam, the sparse gradient as a dense one with a mask",
    summary="Adam for the elements that a mask names; the others keep weight and moments",
    state={m: 0, v: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(m), where(mask > 0, beta1 * m + (1 - beta1) * g, m), "first moment"),
        Step(new(v), where(mask > 0, beta2 * v + (1 - beta2) * g**2, v), "second moment"),
        Step(new(w), where(mask > 0, w - _STEP, w), "descent"),
    ),
    claims=(
        reduces_to(ADAM_EPS_HAT, at={mask: 1}),
        fails(equals(ADAM_EPS_HAT), "what the mask leaves out keeps its moments, which then count as if they were new"),
        identity(new(w), w, given={mask: 0}),
        identity(new(m), m, given={mask: 0}),
        nonnegative(v),
        fixed_point(),
    ),
)
