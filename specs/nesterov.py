"""Nesterov's accelerated gradient: the gradient is taken where the velocity will have carried the weights."""

from stepsmith.codegen.claims import (
    additive,
    descends,
    equals,
    fails,
    first_step,
    fixed_point,
    identity,
    reduces_to,
    series,
    slip,
)
from stepsmith.codegen.claims.dynamics import (
    best,
    contracts,
    damping,
    follows,
    h,
    h_max,
    h_min,
    noise_floor,
    sigma,
    stable,
)
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, sqrt

from .momentum import HEAVY_BALL, dt, friction, mass, velocity
from .sgd import SGD

w, g, v, b = arrays("w g v b")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
rho = hyper("rho", default="0.9", domain="[0, 1)", doc="momentum coefficient")
mu = hyper("mu", default="0.9", domain="[0, 1)", doc="momentum coefficient")

# to first order in the length of a step in time, it is the ball of the heavy ball
_BALL = {w: velocity, velocity: (-g - friction * velocity) / mass}
_KEPT = 1 - friction * dt / mass

# Lessard, Recht & Packard (2016), Proposition 1, arXiv:1408.3595: what is usual, and what is best on quadratics
_USUAL = (sqrt(h_max) - sqrt(h_min)) / (sqrt(h_max) + sqrt(h_min))
_USUAL_RATE = 1 - sqrt(h_min) / sqrt(h_max)
_ENDS = sqrt(3 * h_max + h_min)
_BEST_LR, _BEST = 4 / _ENDS**2, (_ENDS - 2 * sqrt(h_min)) / (_ENDS + 2 * sqrt(h_min))
_BEST_RATE = 1 - 2 * sqrt(h_min) / _ENDS


def _floor(rho):
    """What noise of variance sigma**2 in the gradient leaves of w**2."""
    above = 1 + rho + (1 + 2 * rho) * rho * lr * h
    return lr * sigma**2 * above / (h * (1 - rho + rho * lr * h) * (2 * (1 + rho) - (1 + 2 * rho) * lr * h))


# a discretisation of the ball in which the friction has the wrong sign and the gradient is taken a whole v ahead
_NESTEROV_AS_PRINTED = Optimizer(
    name="NesterovAsPrinted",
    source="lecture 001: v' = -a grad L(w + v) - b v, w' = w + v'",
    summary="Nesterov's step with friction that turns the velocity around",
    state={v: 0},
    gradient_at=w + v,
    steps=(
        Step(new(v), -lr * g - rho * v, "velocity"),
        Step(new(w), w + new(v), "move"),
    ),
)

NESTEROV_LOOKAHEAD = Optimizer(
    name="NesterovLookahead",
    source="Sutskever et al. (2013), proceedings.mlr.press/v28/sutskever13.html, equations 3 and 4",
    summary="momentum with the gradient taken at w + rho v",
    state={v: 0},
    gradient_at=w + rho * v,
    steps=(
        Step(new(v), rho * v - lr * g, "velocity"),
        Step(new(w), w + new(v), "move"),
    ),
    claims=(
        series(v, of=lr * g, decay=rho, weight=-1),
        reduces_to(SGD, at={rho: 0}),
        fixed_point(),
        identity(new(w) - w, rho * v, given={g: 0}),
        stable(2 * (1 + rho) / ((1 + 2 * rho) * h)),
        # the heavy ball's is rho: Nesterov's overshoots less
        damping(rho * (1 - lr * h)),
        noise_floor(_floor(rho), of=lr),
        best({lr: _BEST_LR, rho: _BEST}, rate=_BEST_RATE),
        contracts({lr: 1 / h_max, rho: _USUAL}, rate=_USUAL_RATE),
        follows(_BALL, dt=dt, hyper={lr: dt**2 / mass, rho: _KEPT}, state={v: dt * velocity}),
        slip(_NESTEROV_AS_PRINTED, stable(2 * (1 - rho) / (3 * h))),
        slip(
            _NESTEROV_AS_PRINTED,
            fails(stable(2 * (1 + rho) / ((1 + 2 * rho) * h)), "the more momentum, the smaller the learning rate"),
        ),
    ),
)

NESTEROV_VELOCITY = Optimizer(
    name="NesterovVelocity",
    source="keras.optimizers.SGD(nesterov=True), velocity form",
    summary="Nesterov's step at the point of the gradient, with the learning rate in the velocity",
    state={v: 0},
    steps=(
        Step(new(v), rho * v - lr * g, "velocity"),
        Step(new(w), w + rho * new(v) - lr * g, "move"),
    ),
    claims=(
        equals(NESTEROV_LOOKAHEAD),
        first_step(-lr * g * (1 + rho)),
        fails(equals(HEAVY_BALL), "it is not the heavy ball"),
        descends(),
        fixed_point(),
        identity(new(w) - w, rho**2 * v, given={g: 0}),
        stable(2 * (1 + rho) / ((1 + 2 * rho) * h)),
        damping(rho * (1 - lr * h)),
        noise_floor(_floor(rho), of=lr),
        best({lr: _BEST_LR, rho: _BEST}, rate=_BEST_RATE),
        contracts({lr: 1 / h_max, rho: _USUAL}, rate=_USUAL_RATE),
        follows(_BALL, dt=dt, hyper={lr: dt**2 / mass, rho: _KEPT}, state={v: dt * velocity}),
    ),
)

NESTEROV = Optimizer(
    name="Nesterov",
    source="torch.optim.SGD(nesterov=True) and optax.sgd(nesterov=True), buffer form",
    summary="Nesterov's step at the point of the gradient, with the learning rate outside the buffer",
    state={b: 0},
    steps=(
        Step(new(b), mu * b + g, "buffer"),
        Step(new(w), w - lr * (g + mu * new(b)), "descent"),
    ),
    claims=(
        series(b, of=g, decay=mu),
        equals(NESTEROV_VELOCITY, hyper={"rho": mu}, state={"v": -lr * b}, constant=(lr,)),
        reduces_to(SGD, at={mu: 0}),
        additive(),
        descends(),
        fixed_point(),
        identity(new(w) - w, -lr * mu**2 * b, given={g: 0}),
        stable(2 * (1 + mu) / ((1 + 2 * mu) * h)),
        damping(mu * (1 - lr * h)),
        noise_floor(_floor(mu), of=lr),
        best({lr: _BEST_LR, mu: _BEST}, rate=_BEST_RATE),
        contracts({lr: 1 / h_max, mu: _USUAL}, rate=_USUAL_RATE),
        follows(_BALL, dt=dt, hyper={lr: dt**2 / mass, mu: _KEPT}, state={b: -mass * velocity / dt}),
    ),
)
