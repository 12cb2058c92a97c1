"""LAMB: the step of Adam with decay, as long for each array as the learning rate times the norm of the weights."""

from stepsmith.codegen.claims import ema, identity, nonnegative
from stepsmith.codegen.spec import Min, Optimizer, Step, array_sum, arrays, hyper, new, norm, scalars, sqrt, where

w, g, m, v, m_hat, v_hat, update = arrays("w g m v m_hat v_hat update")
t, c1, c2, of_weights, of_update, ratio = scalars("t c1 c2 of_weights of_update ratio")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-6", domain=">= 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0.01", domain=">= 0", doc="weight decay")
clamp = hyper("clamp", default="10", domain="> 0", doc="largest norm of the weights that counts")

LAMB = Optimizer(
    name="LAMB",
    source="You et al. (2020), Algorithm 2, arXiv:1904.00962, with phi the identity, as in optax.lamb",
    summary="the step of Adam with decay, as long for each array as the learning rate times the norm of the weights",
    state={m: 0, v: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(m), beta1 * m + (1 - beta1) * g, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(m_hat, new(m) / c1, "first moment, corrected"),
        Step(v_hat, new(v) / c2, "second moment, corrected"),
        Step(update, m_hat / (sqrt(v_hat) + eps) + weight_decay * w, "step of Adam with decay"),
        Step(of_weights, norm(w), "norm of this array"),
        Step(of_update, norm(update), "norm of its step"),
        Step(ratio, where(of_update > 0, where(of_weights > 0, of_weights / of_update, 1), 1), "trust ratio"),
        Step(new(w), w - lr * ratio * update, "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        nonnegative(v),
        identity(array_sum((new(w) - w) ** 2), (lr * ratio * of_update) ** 2),
    ),
)

_RATIO = where(of_update > 0, where(of_weights > 0, of_weights / (of_update + eps), 1), 1)

LAMB_UNCORRECTED = Optimizer(
    name="LAMBUncorrected",
    source="You et al. (2020), arXiv:1904.00962, moments uncorrected as in its third version",
    summary="LAMB of uncorrected moments; norms of weights count up to a bound, and epsilon joins that of the step",
    state={m: 0, v: 0},
    steps=(
        *LAMB.steps[2:4],
        Step(update, new(m) / (sqrt(new(v)) + eps) + weight_decay * w, "step of Adam with decay"),
        Step(of_weights, Min(norm(w), clamp), "norm of this array, bounded"),
        LAMB.steps[8],
        Step(ratio, _RATIO, "trust ratio"),
        LAMB.steps[10],
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        nonnegative(v),
        identity(array_sum((new(w) - w) ** 2), (lr * ratio * of_update) ** 2),
    ),
)
