"""The museum's stages: what libraries did to a gradient that was still multiplied by the scale of the loss."""

from stepsmith.codegen.claims import commutes
from stepsmith.codegen.spec import Max, Min, array_sum, sign, sqrt
from stepsmith.codegen.spec.rules import Stage, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new, scalars, where
from stepsmith.specs.pipeline import LOSS_SCALE

w, g, noise = arrays("w g noise")
length, factor, draws = scalars("length factor draws")
weight_decay = hyper("weight_decay", default="0.01", domain=">= 0")
max_norm = hyper("max_norm", default="1", domain="> 0")
max_value = hyper("max_value", default="1", domain="> 0")

# 15. Hooks that see the gradient of the scaled loss. They had to come after the scale is undone.
_HOOKS = "chainer#7597, live at the level of the optimizer, too"
CHAINER_WEIGHT_DECAY = Stage(
    name="ChainerWeightDecay",
    source=f"chainer.optimizer_hooks.WeightDecay, {_HOOKS}",
    steps=(Step(new(g), g + weight_decay * w),),
    claims=(commutes(LOSS_SCALE),),
)
CHAINER_LASSO = Stage(
    name="ChainerLasso",
    source=f"chainer.optimizer_hooks.Lasso, {_HOOKS}",
    steps=(Step(new(g), g + weight_decay * sign(w)),),
    claims=(commutes(LOSS_SCALE),),
)
CHAINER_HARD_CLIPPING = Stage(
    name="ChainerHardClipping",
    source=f"chainer.optimizer_hooks.GradientHardClipping, {_HOOKS}",
    steps=(Step(new(g), Max(Min(g, max_value), -max_value)),),
    claims=(commutes(LOSS_SCALE),),
)
CHAINER_CLIPPING = Stage(
    name="ChainerClipping",
    source=f"chainer.optimizer_hooks.GradientClipping, {_HOOKS}",
    steps=(
        Step(length, sqrt(array_sum(g**2))),
        Step(factor, where(length > max_norm, max_norm / length, 1)),
        Step(new(g), factor * g),
    ),
    claims=(commutes(LOSS_SCALE),),
)
CHAINER_NOISE = Stage(
    name="ChainerNoise",
    source=f"chainer.optimizer_hooks.GradientNoise, {_HOOKS}",
    state={draws: 0},
    steps=(Step(new(draws), draws + 1), Step(new(g), g + weight_decay * noise)),
    claims=(commutes(LOSS_SCALE),),
)
