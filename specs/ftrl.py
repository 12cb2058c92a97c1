"""FTRL-Proximal: the weights that would have been best so far, with L1 and L2 penalties; L1 makes them exactly 0."""

from stepsmith.codegen.claims import fails, fixed_point, monotone, nonnegative, scales, series
from stepsmith.codegen.spec import Max, Min, Optimizer, Step, arrays, hyper, new, scalars, sqrt

w, g, z, n_, sigma, shrunk, curvature = arrays("w g z n_ sigma shrunk curvature")
t = scalars("t")
lr = hyper("lr", default="0.1", domain="> 0", doc="alpha of the paper: learning rate")
beta = hyper("beta", default="1", domain="> 0", doc="least denominator of the learning rate")
l1 = hyper("l1", default="0", domain=">= 0", doc="lambda1 of the paper: weight of the L1 penalty")
l2 = hyper("l2", default="0", domain=">= 0", doc="lambda2 of the paper: weight of the L2 penalty")
lr_keras = hyper("lr", default="0.001", domain="> 0", doc="learning rate")
lr_power = hyper("lr_power", default="-0.5", domain="<= 0", doc="power of n_ with which the learning rate falls")
initial_accumulator = hyper("initial_accumulator", default="0.1", domain="> 0", doc="n_ at first")
beta_keras = hyper("beta", default="0", domain=">= 0", doc="added to the root of n_")
l2_shrinkage = hyper("l2_shrinkage", default="0", domain=">= 0", doc="weight of an L2 penalty through the gradient")

_PROXIMAL = Step(new(w), (Min(Max(new(z), -l1), l1) - new(z)) / curvature, "0 where z is at most l1 in size")

FTRL = Optimizer(
    name="FTRL",
    source="McMahan et al. (2013), Algorithm 1, doi:10.1145/2487575.2488200",
    summary="follow the regularized leader, with a learning rate per weight",
    state={z: 0, n_: 0},
    steps=(
        Step(new(n_), n_ + g**2, "sum of squares"),
        Step(sigma, (sqrt(new(n_)) - sqrt(n_)) / lr, "growth of the curvature"),
        Step(new(z), z + g - sigma * w, "sum of gradients, less what the weights had of the curvature"),
        Step(curvature, (beta + sqrt(new(n_))) / lr + l2),
        _PROXIMAL,
    ),
    claims=(
        series(n_, of=g**2),
        series(z, of=g - sigma * w),
        monotone(n_),
        nonnegative(n_),
        fails(fixed_point(), "it starts from 0 in its first step, whatever the weights were"),
        scales({"lr": w, "beta": g, "l1": g, "l2": g / w, "z": g, "n_": g**2}),
    ),
)

FTRL_KERAS = Optimizer(
    name="FTRLKeras",
    source="McMahan et al. (2013), doi:10.1145/2487575.2488200, as in keras.optimizers.Ftrl: l2 counts twice",
    summary="FTRL with a power of its own, a first sum of squares, and a second L2 penalty",
    state={z: 0, n_: initial_accumulator},
    steps=(
        Step(new(n_), n_ + g**2, "sum of squares"),
        Step(sigma, (new(n_) ** (-lr_power) - n_ ** (-lr_power)) / lr_keras, "growth of the curvature"),
        Step(shrunk, g + 2 * l2_shrinkage * w, "gradient with its penalty"),
        Step(new(z), z + shrunk - sigma * w, "sum of gradients, less what the weights had of the curvature"),
        Step(curvature, (beta_keras + new(n_) ** (-lr_power)) / lr_keras + 2 * l2),
        _PROXIMAL,
    ),
    claims=(
        series(z, of=shrunk - sigma * w),
        monotone(n_),
        fails(fixed_point(), "it starts from 0 in its first step, whatever the weights were"),
    ),
)
