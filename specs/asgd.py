"""Averaged SGD: a learning rate that falls as a power of t, and the mean of the weights from some step on."""

from stepsmith.codegen.claims import fails, first_step, fixed_point, identity, reduces_to
from stepsmith.codegen.spec import Max, Optimizer, Step, arrays, hyper, new, scalars

from .sgd import SGD

w, g, ax = arrays("w g ax")
t, eta, mu = scalars("t eta mu")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
lambd = hyper("lambd", default="0.0001", domain=">= 0", doc="decay of the weights and of the learning rate")
alpha = hyper("alpha", default="0.75", domain=">= 0", doc="power with which the learning rate falls")
t0 = hyper("t0", default="1000000", domain=">= 0", doc="steps before the first that is averaged")

ASGD = Optimizer(
    name="ASGD",
    source="Polyak & Juditsky (1992), doi:10.1137/0330046, in the form of Bottou (2012) as in torch.optim.ASGD",
    summary="stochastic gradient descent beside the mean of its weights",
    own_t=True,
    state={ax: 0, eta: lr, mu: 1},
    steps=(
        Step(new(w), w - lambd * eta * w - eta * g, "decay and descent"),
        Step(new(ax), ax + mu * (new(w) - ax), "mean of the weights"),
        Step(new(eta), lr / (1 + lambd * lr * t) ** alpha, "learning rate of the next step"),
        Step(new(mu), 1 / Max(1, t - t0), "weight of the next step in the mean"),
    ),
    claims=(
        reduces_to(SGD, at={lambd: 0}, constant=(lr,)),
        first_step(-lr * (lambd * w + g)),
        fails(fixed_point(), "without a gradient the weights decay"),
        # before the averaging begins, the mean is the last weight
        identity(new(ax), new(w), given={mu: 1}),
    ),
)
