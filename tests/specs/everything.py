"""Every operation that a spec may use, once."""

from stepsmith.codegen.spec import Abs, Max, Min, exp, log, log1p, sign, sqrt, tanh
from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new, scalars, where

w, g, m, v, last, a, b, c, d, e, f = arrays("w g m v last a b c d e f")
t, r, q, z = scalars("t r q z")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
p = hyper("p", default="0.75", domain="(0, 1)", doc="power")
k = hyper("k", default="2.5", domain="real", doc="a real number")

EVERYTHING = Optimizer(
    name="Everything",
    source="nobody: it only uses everything once",
    state={m: 0, v: p / 2, last: 0},
    steps=(
        Step(r, Max(sqrt(t), exp(-t), log(t) / 2) - Min(p, Abs(k)) + log1p(p) * tanh(k), "every scalar function"),
        Step(q, where(t > 3, sign(k), k**3)),
        Step(z, (1 + p) / (3 * q**2 + t) * r),
        Step(a, Abs(g) + sqrt(v + 1) ** 3),
        Step(b, Max(g, m, last) - Min(a, 2 * m / 3)),
        Step(c, sign(g * last) * exp(-(g**2)) - log(1 + a) + tanh(g - last) * log1p(v)),
        Step(d, where(g * last >= 0, m, -g)),
        Step(e, (v**2 + 1) ** p / (1 + g**2) ** 4 + a**3 - 1 / a),
        Step(f, lr * p * b * z / (k * a * (q + 2)) + where(b < c, p - t, e)),
        Step(new(m), m / 2 + d * (1 - p) - m * p**t),
        Step(new(v), last**2 / (1 + a) + p),
        Step(new(last), m),
        Step(new(w), -lr * f - c * lr / 2 + w),
    ),
)
