"""What is checked of sums over arrays in rules: each problem with a remedy."""

import pytest

from stepsmith.codegen.check import check
from stepsmith.codegen.load import SpecError

MOVE = "Step(new(w), w - lr * c * g)"
#: state, steps, what is said
WRONG = {
    "a sum in a sum": (
        "{}",
        f"Step(c, norm(g)), Step(u, c * g), Step(d, norm(u)), {MOVE}, Step(m, d * u)",
        "which is taken",
    ),
    "one array's kept for all": (
        "{d: 0}",
        f"Step(new(d), d + norm(g)), Step(c, new(d)), {MOVE}",
        "write global_sum(g**2)",
    ),
    "a scalar for each element": ("{}", f"Step(c, u), {MOVE}", "a scalar cannot be computed from the array"),
    "overflow": ("{}", f"Step(c, 1 - global_overflow(g)), {MOVE}", "put a stage before the rule that halts"),
    "the largest": ("{}", f"Step(c, array_max(g)), {MOVE}", "sums and norms"),
    "not elementwise": ("{}", f"Step(c, array_sum(cos(g))), {MOVE}", "cos(g) is for scalars"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_sums_cannot_be_is_said(declare, what):
    state, steps, said = WRONG[what]
    spec = declare(f'd = scalars("d")\nRULE = Optimizer(name="Rule", source="a test", state={state}, steps=({steps},))')
    with pytest.raises(SpecError) as error:
        check([spec])
    assert said in str(error.value)
