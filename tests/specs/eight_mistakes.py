"""A spec with eight mistakes in it."""

import sympy

from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new, scalars

w, g, m, v, idle, double, lost, k = arrays("w g m v idle double lost k")
c = scalars("c")
lr = hyper("lr", domain="> 0")  # no default
beta = hyper("beta", default="0.9")  # no domain

EIGHT_MISTAKES = Optimizer(
    name="EightMistakes",
    source="nobody",
    state={m: 0, v: 0, idle: 0},  # idle is never updated (and never read)
    steps=(
        Step(new(m), 0.9 * m + (1 - beta) * g),  # a float
        Step(double, m * 2),  # a reserved name
        Step(new(v), v + sympy.Sum(g, (k, 0, 3)) + double),  # not elementwise
        Step(new(v), v + c),  # assigned twice; c is not defined
        Step(new(w), w - lr * lost),  # lost is not defined
    ),
)
