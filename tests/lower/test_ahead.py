"""States that take their new values while sums are taken: which may, and what that saves."""

import pytest

from stepsmith.codegen.lower.ahead import ahead
from stepsmith.codegen.lower.program import lower
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, norm, scalars, sqrt
from tests.conftest import spec_of

w, g, m, v, u = arrays("w g m v u")
r = scalars("r")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay")
FIRST = Step(new(m), beta * m + (1 - beta) * g, "first moment")
SECOND = Step(new(v), beta * v + (1 - beta) * g**2, "second moment")
TRUST = Step(r, norm(u), "norm of the step")


def rule(*steps):
    states = {step.target.of: 0 for step in steps if step.target in (new(m), new(v))}
    return Optimizer(name="Tried", source="a test", state=states, steps=steps)


@pytest.mark.parametrize(("name", "states", "saved"), [("lamb", ["m", "v"], 1), ("lamb_uncorrected", ["m", "v"], 1)])
def test_the_moments_of_lamb_go_ahead(name, states, saved):
    found = ahead(lower(spec_of(name).optimizer))
    assert list(found.states) == states
    assert found.saved == saved


# sums over all arrays; sums of old states alone; numbers kept of sums; as many words; states that are formed of sums
@pytest.mark.parametrize("name", ["dog", "lars", "novograd", "stable_adamw", "tam", "fromage", "adam"])
def test_other_states_stay(name):
    assert ahead(lower(spec_of(name).optimizer)) is None


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        ((FIRST, SECOND, Step(u, new(m) / sqrt(new(v)), ""), TRUST, Step(new(w), w - r * u, "")), ["m", "v"]),
        # the old state is read once more: in the step, and in what is summed up
        ((FIRST, SECOND, Step(u, new(m) / sqrt(new(v)), ""), TRUST, Step(new(w), w - r * u * m, "")), None),
        ((FIRST, SECOND, Step(u, new(m) * m / sqrt(new(v)), ""), TRUST, Step(new(w), w - r * u, "")), None),
        # the gradient, too, is read in the step, so that nothing is saved
        ((FIRST, Step(u, new(m), ""), TRUST, Step(new(w), w - r * u * g, "")), None),
    ],
)
def test_a_state_goes_ahead_if_nothing_else_reads_its_old_value_and_words_are_saved(steps, states):
    found = ahead(lower(rule(*steps)))
    assert (found and list(found.states)) == states
