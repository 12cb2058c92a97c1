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
        "write global_sum(g**2), or keep a number for each array: d = per_array('d')",
    ),
    "one array's number kept for all": (
        "{k: 0, d: 0}",
        f"Step(new(k), k + norm(g)), Step(new(d), d + new(k)), Step(c, new(d)), {MOVE}",
        "d is kept once for all arrays, but k, on which that depends",
    ),
    "a count of one array kept for all": (
        "{k: 0, d: 0}",
        f"Step(new(k), k + 1), Step(new(d), d + k), Step(c, new(d)), {MOVE}",
        "keep a number for each array: d = per_array('d')",
    ),
    "a number from an array": (
        "{k: 0}",
        f"Step(new(k), k + g), Step(c, new(k)), {MOVE}",
        "a scalar cannot be computed from the array g",
    ),
    "a number that starts from the weights": (
        "{k: w}",
        f"Step(new(k), k + 1), Step(c, new(k)), {MOVE}",
        "w is not known",
    ),
    "a number that is not kept": ("{}", f"Step(k, norm(g)), Step(c, k), {MOVE}", "or declare it with scalars('k')"),
    "a scalar for each element": ("{}", f"Step(c, u), {MOVE}", "a scalar cannot be computed from the array"),
    "overflow": ("{}", f"Step(c, 1 - global_overflow(g)), {MOVE}", "put a stage before the rule that halts"),
    "the largest": ("{}", f"Step(c, array_max(g)), {MOVE}", "sums and norms"),
    "the same for all": ("{}", f"Step(c, norm(lr)), {MOVE}", "(lr**2) * size"),
    "the same by a name": ("{}", f"Step(m, 2 * lr), Step(c, array_sum(m)), {MOVE}, Step(u, m * g)", "(m) * size"),
    "the same in all arrays": ("{}", f"Step(c, global_sum(lr)), {MOVE}", "(lr) * global_size"),
    "not elementwise": ("{}", f"Step(c, array_sum(cos(g))), {MOVE}", "cos(g) is for scalars"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_sums_cannot_be_is_said(declare, what):
    state, steps, said = WRONG[what]
    symbols = 'd, k = scalars("d"), per_array("k")'
    rule = f'RULE = Optimizer(name="Rule", source="a test", state={state}, steps=({steps},))'
    spec = declare(f"{symbols}\n{rule}")
    with pytest.raises(SpecError) as error:
        check([spec])
    assert said in str(error.value)
