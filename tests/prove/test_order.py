"""What is larger: bounds on values, and what a larger gradient does, also in runs of generated code."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import sympy

from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.claims import at_most, fails, falls, rises
from stepsmith.codegen.claims.order import AtMost, Ordered
from stepsmith.codegen.claims.rules import Fails
from stepsmith.codegen.prove import prove
from stepsmith.codegen.replay import checked
from stepsmith.codegen.result import PROVED, REFUTED
from stepsmith.codegen.spec import Abs, Max, sign, sqrt
from stepsmith.codegen.spec.symbols import new, where
from stepsmith.numpy import Adadelta, Adagrad
from tests.conftest import spec_of
from tests.trial.kit import beta, eps, g, lr, m, rate, rule, t, u, v, w

MOVED = Abs(new(w) - w)


def first(claim, about):
    return checked(next(iter(prove_claim(claim, about))))


@cache
def said(key: str) -> dict:
    """The results of a rule of the project, those of the kinds that are looked at here."""
    spec = spec_of(key)
    few = tuple(c for c in spec.optimizer.claims if isinstance(c, Fails | AtMost | Ordered))
    return {result.claim: result for result in prove(replace(spec, optimizer=replace(spec.optimizer, claims=few)))}


PLAIN = rule("Plain", {}, (new(w), w - rate * g))
BALL = rule("Ball", {m: 0}, (new(m), beta * m + g), (new(w), w - rate * new(m)))
SCALED = rule("Scaled", {v: 0}, (new(v), v + g**2), (new(w), w - rate * g / (sqrt(new(v)) + eps)))


def test_a_sudden_gradient_in_adadelta():
    """Fifty gradients of 1, one of 1000, then 1 again: .004, .0129, then 2e-5, within the bound of the claim."""
    assert said("adadelta")["bounded Abs(w - w_new)"].status == PROVED
    w, sizes, bounds = np.zeros(1), [], []
    opt = Adadelta(w)
    for gradient in (*[1.0] * 50, 1000.0, 1.0):
        before, d = w.copy(), float(opt.state_dict()["Adadelta.d"][0]) if sizes else 0.0
        opt.step(np.array([gradient]))
        sizes.append(abs(w - before)[0])
        bounds.append(np.sqrt(d + 1e-6) / np.sqrt(0.1))
    assert sizes[49] == pytest.approx(0.004, abs=1e-4)
    assert sizes[50] == pytest.approx(0.0129, abs=5e-5)
    assert sizes[51] == pytest.approx(2e-5, abs=2e-6)
    assert (np.array(sizes) <= np.array(bounds) * (1 + 1e-12)).all()
    assert sizes[50] == pytest.approx(bounds[50], rel=1e-5)  # and it is reached


def test_adagrads_step_rises_with_the_gradient():
    found = said("adagrad")
    assert found["rises Abs(w - w_new)"].status == found["not falls Abs(w - w_new)"].status == PROVED
    moves = []
    for gradient in (0.0, 1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3):
        w = np.zeros(1)
        opt = Adagrad(w, lr=0.1)
        opt.step(np.ones(1))
        before = w.copy()
        opt.step(np.array([gradient]))
        moves.append(abs(w - before)[0])
    assert moves[0] == 0
    assert (np.diff(moves) > 0).all()
    assert moves[-1] < 0.1


DELTA = rule(
    "Delta",
    {v: 0, m: 0},
    (new(v), beta * v + (1 - beta) * g**2),
    (u, sqrt(m + eps) * g / sqrt(new(v) + eps)),
    (new(m), beta * m + (1 - beta) * u**2),
    (new(w), w - lr * u),
)

BOUNDS = [
    (DELTA, MOVED, lr * sqrt(m + eps) / sqrt(1 - beta), PROVED),
    (DELTA, MOVED, lr * sqrt(m + eps), REFUTED),
    (DELTA, MOVED, lr * sqrt(m) / sqrt(1 - beta), REFUTED),
    (DELTA, Abs(u), sqrt(m + eps) / sqrt(1 - beta), PROVED),
    (SCALED, MOVED, rate, PROVED),
    (SCALED, MOVED, rate / 2, REFUTED),
    (PLAIN, MOVED, rate, REFUTED),
    (PLAIN, g, Abs(g), PROVED),
    (PLAIN, Abs(g), g, REFUTED),
    (PLAIN, sympy.Integer(0), sympy.Integer(-1), REFUTED),
    (PLAIN, -Abs(g), sympy.Integer(0), PROVED),
    (PLAIN, MOVED**2, rate**2 * g**2, PROVED),
    (BALL, Abs(new(m)), beta * Abs(m) + Abs(g), PROVED),
    (BALL, Abs(new(m)), Abs(g), REFUTED),
    (SCALED, v, new(v), PROVED),
    (SCALED, new(v), v, REFUTED),
    (PLAIN, t, 7, REFUTED),
    (PLAIN, 1 / t, 1, PROVED),
]


@pytest.mark.parametrize(("about", "left", "right", "status"), BOUNDS)
def test_one_value_is_at_most_another(about, left, right, status):
    assert first(at_most(left, right), about).status == status


ORDERS = [
    (SCALED, rises(MOVED), PROVED),
    (SCALED, falls(MOVED), REFUTED),
    (SCALED, rises(new(v)), PROVED),
    (PLAIN, rises(MOVED), PROVED),
    (PLAIN, rises(new(w) - w), REFUTED),
    (PLAIN, falls(MOVED), REFUTED),
    (rule("Sign", {}, (new(w), w - rate * sign(g))), rises(MOVED), PROVED),
    (rule("Sign", {}, (new(w), w - rate * sign(g))), falls(MOVED), REFUTED),
    (rule("Cap", {}, (new(w), w - rate * g / (1 + g**2))), rises(MOVED), REFUTED),
    (rule("Pole", {}, (new(w), w - rate / (1 + g**2))), falls(MOVED), PROVED),
    (rule("Jump", {}, (new(w), w - rate * (1 - sign(g) ** 2))), falls(MOVED), PROVED),
    (rule("Jump", {}, (new(w), w - rate * (1 - sign(g) ** 2))), rises(MOVED), REFUTED),
    (rule("Break", {}, (new(w), w - where(Abs(g) > 2, 0, rate) * g)), rises(MOVED), REFUTED),
    (rule("Clip", {}, (new(w), w - Max(-1, g))), rises(MOVED), REFUTED),
    (rule("Through", {}, (new(w), w - rate / (g**2 - 4))), falls(MOVED), REFUTED),
    (BALL, rises(MOVED), REFUTED),
]


@pytest.mark.parametrize(("about", "claim", "status"), ORDERS)
def test_what_a_larger_gradient_does(about, claim, status):
    assert first(claim, about).status == status


@pytest.mark.fast
def test_what_does_not_fall_is_worth_saying():
    found = first(fails(falls(MOVED), "small gradients make small steps"), SCALED)
    assert found.status == PROVED
    assert found.counterexample["with g"]
    assert first(fails(rises(MOVED), "they do not"), SCALED).status == REFUTED
