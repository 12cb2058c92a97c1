"""A stage that squashes gradients by a hyperbolic tangent and a logarithm."""

from stepsmith.codegen.spec import global_sum, log1p, sqrt, tanh
from stepsmith.codegen.spec.rules import Stage, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new, scalars

g = arrays("g")
length = scalars("length")
scale = hyper("scale", default="2", domain="> 0", doc="where gradients are large")

SQUASH = Stage(
    name="Squash",
    source="written for the tests",
    summary="squashes every gradient, and shrinks all by the logarithm of their length",
    steps=(
        Step(length, sqrt(global_sum(g**2))),
        Step(new(g), scale * tanh(g / scale) / (1 + log1p(length))),
    ),
)
