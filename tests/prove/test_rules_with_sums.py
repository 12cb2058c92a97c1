"""Claims of rules with sums over arrays: what they are in a run of several arrays, and what no sum may be taken for."""

import pytest
import sympy

from stepsmith.codegen.claims import (
    fails,
    identity,
    max_series,
    monotone,
    nonnegative,
    series,
    step_bound,
    unbiased,
)
from stepsmith.codegen.prove import prove_only
from stepsmith.codegen.prove.properties import Defined
from stepsmith.codegen.replay.sums import replay_with_sums
from stepsmith.codegen.result import PROVED, REFUTED, UNDECIDED
from stepsmith.codegen.spec import Abs, Max, array_sum, global_sum, sign, sqrt
from stepsmith.codegen.spec.symbols import global_mean, global_norm, mean, norm, scalars, size, where
from stepsmith.codegen.statement import Holds, Runs, Statement, T, at
from tests.trial.kit import beta, claimed, decay, eps, g, hat, lr, m, new, rule, t, tiny, u, v, w

c, tot, total, norm2 = scalars("c tot total norm2")


def result(of, claim):
    class Declared:
        rule, key = claimed(of, claim), "summed"

    return next(prove_only(Declared, [claim.label]))


def summed(value, *more, state=None, step=None):
    """A rule that forms the scalar c."""
    moved = (new(w), w - lr * c * g if step is None else w - step)
    return rule("Summed", state or {}, (c, value), *more, moved)


KEPT = rule(
    "Kept", {tot: 0}, (new(tot), tot + global_sum(g**2)), (new(w), w - lr * g / sqrt(new(tot) + tiny))
)  # fmt: skip
WEIGHED = summed(norm(g), (new(v), beta * v + c * g), state={v: 0}, step=lr * new(v))
BIASED = summed(norm(g), (new(m), beta * m + (1 - beta) * g), (hat, c * new(m) / (1 - beta**t)), state={m: 0})
OLD = rule("Old", {v: 0}, (new(v), array_sum(w) + 0 * v), (new(w), w - lr * g * v))
FREE = summed(norm(w), (new(m), beta * m + (1 - beta) * g), (hat, new(m) / (1 - beta**t)), state={m: 0}, step=c * hat)


@pytest.mark.parametrize(
    ("of", "claim", "status"),
    [
        (KEPT, nonnegative(tot), PROVED),
        (KEPT, monotone(tot), PROVED),
        (KEPT, series(tot, of=global_sum(g**2)), PROVED),
        (KEPT, nonnegative(tot - global_sum(g**2)), PROVED),
        (KEPT, nonnegative(1 - tot), REFUTED),
        (WEIGHED, series(v, of=c * g, decay=beta), PROVED),
        (WEIGHED, series(v, of=norm(g) * g, decay=beta), PROVED),
        # no norm is constant, nor zero or not by choice, nor bounded
        (WEIGHED, series(v, of=g, decay=beta, weight=c), REFUTED),
        (WEIGHED, series(v, of=g, decay=beta, weight=norm(g)), REFUTED),
        (summed(norm(g)), monotone(c), REFUTED),
        (summed(1 / norm(g)), Defined(), REFUTED),
        (summed(1 / (norm(g) + eps)), Defined(), PROVED),
        (summed(where(norm(g) > 0, 1 / norm(g), 0)), Defined(), PROVED),
        (summed(norm(w), step=lr * c * sign(g)), step_bound(), UNDECIDED),
        # one element is not several
        (summed(norm(g)), identity(c, Abs(g)), REFUTED),
        (summed(norm(g)), fails(identity(c, Abs(g)), "of several"), PROVED),
        (summed(norm(g)), nonnegative(c), PROVED),
        (summed(norm(g)), fails(nonnegative(c), "not so"), REFUTED),
        (summed(size), identity(c, 1), REFUTED),
        (summed(mean(g)), identity(c, global_mean(g)), REFUTED),
        (summed(array_sum(where(t > 1, g, 0))), identity(new(w), w - lr * g * where(t > 1, array_sum(g), 0)), PROVED),
        (summed(array_sum(where(t > 1, g, 0))), identity(new(w), w - lr * g * array_sum(g)), REFUTED),
        # an expected value is over gradients, of which the norm is made, too
        (BIASED, unbiased(hat, of=c * g), REFUTED),
        (BIASED, unbiased(hat, of=norm(g) * g), REFUTED),
        (FREE, unbiased(hat, of=g), PROVED),
        # the sum that a step takes is of the weights before it
        (OLD, nonnegative(v - array_sum(w)), REFUTED),
        (OLD, identity(new(v), array_sum(w)), PROVED),
        (OLD, identity(v, array_sum(w)), REFUTED),
        # a claim may bring a name that stands for a sum
        (summed(array_sum(g)), identity(c, total, given={g: total}), UNDECIDED),
        (summed(array_sum(g)), identity(c, 2 * array_sum(w), given={g: 2 * w}), PROVED),
    ],
)
def test_a_sum_is_what_it_is_in_a_run(of, claim, status):
    found = result(of, claim)
    assert found.status == status, found
    assert found.counterexample or status != REFUTED
    assert "norm2 constant" not in found.assumed or status == UNDECIDED


def test_what_is_proved_of_any_numbers_says_so_and_is_run_with_sums():
    found = result(KEPT, series(tot, of=global_sum(g**2)))
    assert {"total = global_sum(g**2)", "whatever numbers the sums over arrays are"} <= set(found.assumed)
    assert found.runs > 60


def test_a_run_of_several_arrays_breaks_what_is_false_of_sums():
    sums = {"norm2": norm(g)}
    made = summed(norm(g))
    for value, broken in ((c - norm2, False), (norm2 - Abs(g), True)):
        statement = Statement(Runs(made), Holds(at(value, T), "=", sympy.Integer(0)))
        found = replay_with_sums(statement, made, sums)
        assert found.runs
        assert (found.broken is not None) is broken


def test_the_largest_norm_of_all_steps():
    largest = rule("Largest", {tot: 0}, (new(tot), Max(tot, global_norm(w))), (new(w), w - lr * g * new(tot)))
    assert result(largest, max_series(tot, of=global_norm(w), decay=1)).status == PROVED
    assert result(largest, max_series(tot, of=global_norm(w), decay=decay)).status != PROVED
    assert result(rule("One", {u: 0}, (c, norm(g)), (new(u), Max(beta * u, c)), (new(w), w - lr * g * new(u))),
                  max_series(u, of=Abs(g), decay=beta)).status == REFUTED  # fmt: skip
