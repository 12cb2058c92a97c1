"""Momentum: the step remembers the steps before it. Its forms, and when they are one."""

from stepsmith.codegen.claims import (
    additive,
    descends,
    ema,
    equals,
    fails,
    first_step,
    fixed_point,
    identity,
    reduces_to,
    series,
    slip,
)
from stepsmith.codegen.claims.dynamics import best, damping, follows, h, h_max, h_min, noise_floor, sigma, stable
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .sgd import SGD

w, g, v, m, b, velocity = arrays("w g v m b velocity")
t, keep = scalars("t keep")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
rho = hyper("rho", default="0.9", domain="[0, 1)", doc="momentum coefficient")
nu = hyper("nu", default="0.7", domain="[0, 1]", doc="share of the average in the step")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay of the average")
mu = hyper("mu", default="0.9", domain="[0, 1)", doc="momentum coefficient")
dampening = hyper("dampening", default="0", domain="[0, 1]", doc="share of each later gradient that is lost")
mass = hyper("mass", default="1", domain="> 0", doc="mass of the ball")
friction = hyper("friction", default="1", domain=">= 0", doc="friction coefficient gamma")
dt = hyper("dt", default="0.1", domain="> 0", doc="time step")

# Newton's law for a ball with friction, and how momentum reads as its steps in time
_BALL = {w: velocity, velocity: (-g - friction * velocity) / mass}
_KEPT = 1 - friction * dt / mass

# Polyak (1964): the best learning rate and momentum for curvatures between two bounds, and what a step leaves
_RATE = (sqrt(h_max) - sqrt(h_min)) / (sqrt(h_max) + sqrt(h_min))
_BEST_LR = 4 / (sqrt(h_max) + sqrt(h_min)) ** 2

MOMENTUM_BUFFER = Optimizer(
    name="MomentumBuffer",
    source="Sutskever et al. (2013), proceedings.mlr.press/v28/sutskever13.html, as in torch.optim.SGD",
    summary="momentum with the learning rate outside the buffer",
    state={b: 0},
    steps=(
        Step(new(b), mu * b + g, "buffer"),
        Step(new(w), w - lr * new(b), "descent"),
    ),
    claims=(
        series(b, of=g, decay=mu),
        reduces_to(SGD, at={mu: 0}),
        first_step(-lr * g),
        additive(),
        descends(),
        fixed_point(),
        # where the gradient is zero, it moves on
        identity(new(w) - w, -lr * mu * b, given={g: 0}),
        stable(2 * (1 + mu) / h),
        damping(mu),
        noise_floor(lr * sigma**2 * (1 + mu) / (h * (1 - mu) * (2 * (1 + mu) - lr * h)), of=lr),
        best({lr: _BEST_LR, mu: _RATE**2}, rate=_RATE),
        follows(_BALL, dt=dt, hyper={lr: dt**2 / mass, mu: _KEPT}, state={b: -mass * velocity / dt}),
    ),
)

MOMENTUM_DAMPENED = Optimizer(
    name="MomentumDampened",
    source="torch.optim.SGD, whose first step takes the gradient whole",
    summary="momentum that takes in only a share of every gradient but the first",
    own_t=True,
    state={b: 0},
    steps=(
        Step(keep, where(t > 1, 1 - dampening, 1), "share of the gradient"),
        Step(new(b), mu * b + keep * g, "buffer"),
        Step(new(w), w - lr * new(b), "descent"),
    ),
    claims=(
        reduces_to(MOMENTUM_BUFFER, at={dampening: 0}),
        first_step(-lr * g),
        fails(
            equals(MOMENTUM_BUFFER, hyper={"lr": (1 - dampening) * lr}, state={"b": b / (1 - dampening)}),
            "the whole first gradient stays in the buffer, so no learning rate makes up for the dampening",
        ),
        fixed_point(),
        identity(new(w) - w, -lr * mu * b, given={g: 0}),
        stable(2 * (1 + mu) / ((1 - dampening) * h)),
    ),
)

# a discretisation of the ball in which the friction has the wrong sign and w moves by the old velocity
_MOMENTUM_AS_PRINTED = Optimizer(
    name="MomentumAsPrinted",
    source="lecture 001: v' = -a grad L(w) - b v, w' = w + v",
    summary="momentum with friction that turns the velocity around, a step late",
    state={v: 0},
    steps=(
        Step(new(v), -lr * g - rho * v, "velocity"),
        Step(new(w), w + v, "move"),
    ),
)

HEAVY_BALL = Optimizer(
    name="HeavyBall",
    source="Polyak (1964), doi:10.1016/0041-5553(64)90137-5, in the form of Rumelhart et al. (1986)",
    summary="momentum as a velocity, with the learning rate inside it",
    state={v: 0},
    steps=(
        Step(new(v), rho * v - lr * g, "velocity"),
        Step(new(w), w + new(v), "move"),
    ),
    claims=(
        series(v, of=lr * g, decay=rho, weight=-1),
        equals(MOMENTUM_BUFFER, hyper={"mu": rho}, state={"b": -v / lr}, constant=(lr,)),
        reduces_to(SGD, at={rho: 0}),
        descends(),
        fixed_point(),
        # where the gradient is zero, it moves on
        identity(new(w) - w, rho * v, given={g: 0}),
        stable(2 * (1 + rho) / h),
        damping(rho),
        noise_floor(lr * sigma**2 * (1 + rho) / (h * (1 - rho) * (2 * (1 + rho) - lr * h)), of=lr),
        best({lr: _BEST_LR, rho: _RATE**2}, rate=_RATE),
        follows(_BALL, dt=dt, hyper={lr: dt**2 / mass, rho: _KEPT}, state={v: dt * velocity}),
        slip(_MOMENTUM_AS_PRINTED, first_step(0)),
        slip(_MOMENTUM_AS_PRINTED, fails(reduces_to(SGD, at={rho: 0}), "w moves by the velocity of the step before")),
        slip(_MOMENTUM_AS_PRINTED, fails(series(v, of=lr * g, decay=rho, weight=-1), "friction turns v around")),
        slip(_MOMENTUM_AS_PRINTED, stable((1 + rho) / h)),
        slip(_MOMENTUM_AS_PRINTED, fails(stable(2 * (1 + rho) / h), "half of that is too much already")),
    ),
)

_MOMENTUM_UPHILL = Optimizer(
    name="MomentumUphill",
    source="lecture 004: V = b V + (1 - b) grad L, w' = w + lr V",
    summary="momentum as an average of the gradient, added to the weights",
    state={m: 0},
    steps=(
        Step(new(m), beta * m + (1 - beta) * g, "average"),
        Step(new(w), w + lr * new(m), "ascent"),
    ),
)

MOMENTUM_EMA = Optimizer(
    name="MomentumEMA",
    source="Ma & Yarats (2019), equations 1 and 2, arXiv:1810.06801",
    summary="momentum as an exponential moving average of the gradient",
    state={m: 0},
    steps=(
        Step(new(m), beta * m + (1 - beta) * g, "average"),
        Step(new(w), w - lr * new(m), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta),
        fails(ema(m, of=w, decay=beta), "it is an average of gradients, not of the weights"),
        equals(
            MOMENTUM_BUFFER, hyper={"mu": beta, "lr": (1 - beta) * lr}, state={"b": m / (1 - beta)}, constant=(beta,)
        ),
        equals(HEAVY_BALL, hyper={"rho": beta, "lr": (1 - beta) * lr}, state={"v": -lr * m}, constant=(lr,)),
        reduces_to(SGD, at={beta: 0}),
        descends(),
        fixed_point(),
        identity(new(w) - w, -lr * beta * m, given={g: 0}),
        stable(2 * (1 + beta) / ((1 - beta) * h)),
        damping(beta),
        noise_floor(lr * sigma**2 * (1 + beta) / (h * (2 * (1 + beta) - (1 - beta) * lr * h)), of=lr),
        best({lr: _BEST_LR / (1 - _RATE**2), beta: _RATE**2}, rate=_RATE),
        follows(_BALL, dt=dt, hyper={lr: dt / friction, beta: _KEPT}, state={m: -friction * velocity}),
        slip(_MOMENTUM_UPHILL, first_step(lr * (1 - beta) * g)),
        slip(_MOMENTUM_UPHILL, fails(descends(), "the sign is lost: it climbs")),
        slip(_MOMENTUM_UPHILL, fails(reduces_to(SGD, at={beta: 0}), "without momentum, it climbs as well")),
    ),
)

QHM = Optimizer(
    name="QHM",
    source="Ma & Yarats (2019), equations 3 and 4, arXiv:1810.06801",
    summary="quasi-hyperbolic momentum: a step between that of the gradient and that of its average",
    state={m: 0},
    steps=(
        Step(new(m), beta * m + (1 - beta) * g, "average"),
        Step(new(w), w - lr * ((1 - nu) * g + nu * new(m)), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta),
        reduces_to(MOMENTUM_EMA, at={nu: 1}),
        first_step(-lr * (1 - nu * beta) * g),
        descends(),
        stable(2 * (1 + beta) / ((1 + beta - 2 * beta * nu) * h), of="lr"),
        fixed_point(),
        identity(new(w) - w, -lr * nu * beta * m, given={g: 0}),
    ),
)

DAMPED_BALL = Optimizer(
    name="DampedBall",
    source="m dv/dt = -gradient - gamma v, dx/dt = v, in steps of dt; the new v moves x",
    summary="a ball that rolls down with friction, in steps of time",
    state={v: 0},
    steps=(
        Step(new(v), v + dt * (-g - friction * v) / mass, "Newton's law"),
        Step(new(w), w + dt * new(v), "move"),
    ),
    claims=(
        equals(
            HEAVY_BALL,
            hyper={"lr": dt**2 / mass, "rho": 1 - friction * dt / mass},
            state={"v": dt * v},
            constant=(dt,),
            where=(friction * dt <= mass,),
        ),
        fixed_point(),
        identity(new(w) - w, dt * (1 - friction * dt / mass) * v, given={g: 0}),
        stable((sqrt(friction**2 + 4 * mass * h) - friction) / h, of="dt"),
        damping(1 - friction * dt / mass),
        noise_floor(
            dt * sigma**2 * (2 * mass - friction * dt) / (h * friction * (4 * mass - 2 * friction * dt - h * dt**2)),
            of=dt,
        ),
        follows({w: v, v: (-g - friction * v) / mass}, dt=dt),
        fails(
            follows({w: v, v: (-g - friction * v) / mass}, dt=dt, order=2),
            "a step of dt is wrong by terms of dt**2, as Euler's is",
        ),
    ),
)
