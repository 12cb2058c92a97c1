"""A layer with a hyperbolic tangent and a logarithm, of which the backward pass is derived."""

from stepsmith.codegen.claims import fails, gradient
from stepsmith.codegen.spec import average, log1p, tanh
from stepsmith.codegen.spec.rules import Layer, Step
from stepsmith.codegen.spec.symbols import arrays, channels, hyper, new, scalars

x, h, y, dy = arrays("x h y dy")
gamma, beta, mean, running_mean = channels("gamma beta mean running_mean")
m = scalars("m")
decay = hyper("decay", default="0.9", domain="[0, 1)", doc="decay of the average")

TANH_LAYER = Layer(
    name="TanhLayer",
    source="written for the tests",
    summary="centred, scaled and squashed, with a logarithm of the size added",
    input=x,
    output=y,
    parameters={gamma: 1, beta: 0},
    state={running_mean: 0},
    steps=(
        Step(mean, average(x), "of the batch"),
        Step(h, tanh(gamma * (x - mean)), "squashed"),
        Step(y, h + beta * log1p(x**2), "with the size"),
        Step(new(running_mean), decay * running_mean + (1 - decay) * mean),
    ),
    inference=(Step(h, tanh(gamma * (x - running_mean))), Step(y, h + beta * log1p(x**2))),
    claims=(
        gradient(beta, m * average(dy * log1p(x**2))),
        gradient(gamma, m * average(dy * (1 - h**2) * (x - mean))),
        fails(gradient(gamma, m * average(dy * (x - mean))), because="the tangent is flatter away from zero"),
    ),
)
