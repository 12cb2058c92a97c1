"""BatchNorm: every channel of a batch gets mean 0 and variance 1, then a scale and an offset that are learned."""

from stepsmith.codegen.claims import batch_mean, converts_to, fails, gradient, holds, running_average
from stepsmith.codegen.spec import Layer, Max, Step, arrays, average, channels, hyper, new, scalars, sqrt

x, x_hat, y, dx, dy = arrays("x x_hat y dx dy")
gamma, beta, dgamma, dbeta = channels("gamma beta dgamma dbeta")
mean, var, var_unbiased, running_mean, running_var = channels("mean var var_unbiased running_mean running_var")
m = scalars("m")

MOMENTS = (
    Step(mean, average(x), "of the batch"),
    Step(var, average((x - mean) ** 2), "of the batch, biased"),
)


def normalized(center, spread, eps):
    """The output, given a mean and a variance."""
    return (
        Step(x_hat, (x - center) / sqrt(spread + eps), "normalised"),
        Step(y, gamma * x_hat + beta, "scaled and moved"),
    )


def assumptions(eps):
    """What is so whatever the running statistics are: the moments of the output, the backward pass."""
    root = sqrt(var + eps)
    return (
        holds(average(x_hat), 0),
        holds(average(x_hat**2), var / (var + eps)),
        holds(average(x_hat**2), 1, at={eps: 0}),
        fails(holds(average(x_hat**2), 1), because="eps takes a part of the variance"),
        holds(average(y), beta),
        holds(average((y - beta) ** 2), gamma**2 * var / (var + eps)),
        holds(y, x, at={gamma: root, beta: mean}),
        gradient(x, gamma / root * (dy - average(dy) - x_hat * average(dy * x_hat))),
        gradient(gamma, m * average(dy * x_hat)),
        gradient(beta, m * average(dy)),
        holds(average(dx), 0),
        holds(average(dx * x_hat), 0, at={eps: 0}),
    )


momentum = hyper("momentum", default="0.1", domain="[0, 1]", doc="weight of the new value in the running statistics")
eps = hyper("eps", default="1e-5", domain=">= 0", doc="keeps the division from zero")

BATCH_NORM_TORCH = Layer(
    name="BatchNormTorch",
    source="Ioffe & Szegedy (2015), Algorithms 1 and 2, arXiv:1502.03167; running statistics of torch.nn.BatchNorm",
    summary="normalised by the biased variance; the running variance is of the unbiased one",
    input=x,
    output=y,
    parameters={gamma: 1, beta: 0},
    state={running_mean: 0, running_var: 1},
    steps=(
        *MOMENTS,
        *normalized(mean, var, eps),
        Step(var_unbiased, m / (m - 1) * var, "unbiased"),
        Step(new(running_mean), (1 - momentum) * running_mean + momentum * mean),
        Step(new(running_var), (1 - momentum) * running_var + momentum * var_unbiased),
    ),
    inference=normalized(running_mean, running_var, eps),
    claims=(
        *assumptions(eps),
        running_average(running_mean, of=mean, decay=1 - momentum),
        running_average(running_var, of=var_unbiased, decay=1 - momentum),
    ),
)

batches = channels("batches")

BATCH_NORM_CUMULATIVE = Layer(
    name="BatchNormCumulative",
    source="Ioffe & Szegedy (2015), Algorithm 2, arXiv:1502.03167; running statistics of torch.nn.BatchNorm with "
    "momentum=None",
    summary="BatchNormTorch whose running statistics are the plain means over all batches so far",
    input=x,
    output=y,
    parameters={gamma: 1, beta: 0},
    state={running_mean: 0, running_var: 1, batches: 0},
    steps=(
        *MOMENTS,
        *normalized(mean, var, eps),
        Step(var_unbiased, m / (m - 1) * var, "unbiased"),
        Step(new(batches), batches + 1, "batches so far"),
        Step(new(running_mean), running_mean + (mean - running_mean) / new(batches)),
        Step(new(running_var), running_var + (var_unbiased - running_var) / new(batches)),
    ),
    inference=normalized(running_mean, running_var, eps),
    claims=(
        *assumptions(eps),
        batch_mean(running_mean, of=mean, count=batches),
        batch_mean(running_var, of=var_unbiased, count=batches),
    ),
)

momentum = hyper("momentum", default="0.99", domain="[0, 1]", doc="weight of the old value in the running statistics")
eps = hyper("eps", default="0.001", domain=">= 0", doc="keeps the division from zero")

BATCH_NORM_KERAS = Layer(
    name="BatchNormKeras",
    source="Ioffe & Szegedy (2015), Algorithm 1, arXiv:1502.03167; running statistics of keras BatchNormalization",
    summary="the biased variance everywhere, channels last",
    input=x,
    output=y,
    parameters={gamma: 1, beta: 0},
    state={running_mean: 0, running_var: 1},
    steps=(
        *MOMENTS,
        *normalized(mean, var, eps),
        Step(new(running_mean), momentum * running_mean + (1 - momentum) * mean),
        Step(new(running_var), momentum * running_var + (1 - momentum) * var),
    ),
    inference=normalized(running_mean, running_var, eps),
    axis=-1,
    claims=(
        *assumptions(eps),
        running_average(running_mean, of=mean, decay=momentum),
        running_average(running_var, of=var, decay=momentum),
        converts_to(BATCH_NORM_TORCH, hyper={"momentum": 1 - momentum}, given={"var_unbiased": var}),
    ),
)

decay = hyper("decay", default="0.9", domain="[0, 1]", doc="weight of the old value in the running statistics")
eps = hyper("eps", default="2e-5", domain=">= 0", doc="keeps the division from zero")

BATCH_NORM_CHAINER = Layer(
    name="BatchNormChainer",
    source="Ioffe & Szegedy (2015), Algorithm 1, arXiv:1502.03167; running statistics of chainer BatchNormalization",
    summary="normalised by the biased variance; the running variance is unbiased and takes one element, too",
    input=x,
    output=y,
    parameters={gamma: 1, beta: 0},
    state={running_mean: 0, running_var: 1},
    steps=(
        *MOMENTS,
        *normalized(mean, var, eps),
        Step(var_unbiased, m / Max(m - 1, 1) * var, "unbiased"),
        Step(new(running_mean), decay * running_mean + (1 - decay) * mean),
        Step(new(running_var), decay * running_var + (1 - decay) * var_unbiased),
    ),
    inference=normalized(running_mean, running_var, eps),
    claims=(
        *assumptions(eps),
        running_average(running_mean, of=mean, decay=decay),
        running_average(running_var, of=var_unbiased, decay=decay),
        converts_to(BATCH_NORM_TORCH, hyper={"momentum": 1 - decay}),
        converts_to(BATCH_NORM_KERAS, hyper={"momentum": decay}, given={"var": m / Max(m - 1, 1) * var}),
    ),
)
