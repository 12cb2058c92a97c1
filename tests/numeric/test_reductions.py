"""Reductions over gradients, and stages that end a step: the generated code against NumPy by hand."""

import contextlib
import importlib
import math

import numpy as np
import pytest
import sympy

from stepsmith.codegen.check import check
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.files import changes, write
from stepsmith.codegen.load import SpecError, load, select
from stepsmith.codegen.readback import readback
from stepsmith.codegen.render import render
from tests import emulated_cupy
from tests.conftest import thorough, with_what_it_uses

HEAD = '''"""Stages of a test."""
from sympy import Eq, Ne, Rational
from stepsmith.codegen.spec import *
w, g, a, start = arrays("w g a start")
t, lr, s, top, kept, count = scalars("t lr s top kept count")
rho = hyper("rho", default="0.5", domain=">= 0", doc="radius")
limit = hyper("limit", default="2", domain="> 0", doc="limit")
'''


class Numpy:
    asarray = staticmethod(np.asarray)


@pytest.fixture
def written(tmp_path):
    """Generate the stages in a text, beside SGD, for NumPy and for CuPy, which is emulated."""

    def make(text, rules=("sgd",)):
        path = tmp_path / "tried.py"
        path.write_text(with_what_it_uses(HEAD + text + "\n"))
        specs = load([(path.resolve(), None)])
        check(specs)
        out = tmp_path / "out"
        write(changes(render([*load(select(rules)), *specs], ("numpy", "cupy"), out)))
        return specs, out

    return make


@contextlib.contextmanager
def backend(name, out):
    """The generated module of a backend, and its array library."""
    if name == "numpy":
        yield importlib.import_module(f"{package(out)}.numpy"), Numpy
        return
    with emulated_cupy.installed() as module:
        yield importlib.import_module(f"{package(out)}.cupy"), module


BOTH = pytest.mark.parametrize("name", ["numpy", "cupy"])


def moved(module, library, stages, w, g, dtype=np.float64, steps=1, **options):
    """The parameters after steps of SGD with a learning rate of 1, as float64."""
    params = [library.asarray(one.astype(dtype)) for one in w]
    opt = module.SGD(params, lr=1.0, pipeline=stages, **options)
    for _ in range(steps):
        opt.step([None if one is None else library.asarray(one.astype(dtype)) for one in g])
    return [np.array(p).astype(np.float64) for p in params]


def seen(module, library, stage, g, dtype=np.float64):
    """What a stage that replaces the gradient by a number makes of each array."""
    zeros = [np.zeros(3 if one is None else one.shape) for one in g]
    return [-p.ravel() for p in moved(module, library, [stage], zeros, g, dtype)]


MAXIMA = """
ARRAY = Stage(name="ByMax", source="a test", steps=(Step(top, array_max(g)), Step(new(g), 0 * w + top)))
EVERY = Stage(name="ByGlobalMax", source="a test", steps=(Step(top, global_max(g)), Step(new(g), top)))
KEPT = Stage(
    name="KeptMax", source="a test", state={kept: 0},
    steps=(Step(new(kept), Max(kept / 2, global_max(g))), Step(new(g), new(kept))),
)
"""


@BOTH
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_a_maximum_is_the_largest_element_whatever_the_signs(written, name, dtype):
    _, out = written(MAXIMA)
    # two tiles, of which each has a largest element of its own
    large = np.full(70000, -8.0)
    large[69999], large[3] = -0.5, -2.0
    g = [np.array([-1.0, -2.0]), np.array([[3.0, 0.0]]), large, np.zeros(0), np.array([-0.25])]
    with backend(name, out) as (module, library):
        own = seen(module, library, module.ByMax(), g, dtype)
        assert [set(one) for one in own] == [{-1.0}, {3.0}, {-0.5}, set(), {-0.25}]
        own = seen(module, library, module.ByGlobalMax(), [g[0], g[2], g[3]], dtype)
        assert [set(one) for one in own] == [{-0.5}, {-0.5}, set()]


@BOTH
def test_nothing_is_larger_than_nan(written, name):
    _, out = written(MAXIMA)
    g = [np.array([1.0, np.nan, 2.0]), np.array([5.0])]
    with backend(name, out) as (module, library):
        assert [np.isnan(one).all() for one in seen(module, library, module.ByMax(), g)] == [True, False]
        assert [np.isnan(one).all() for one in seen(module, library, module.ByGlobalMax(), g)] == [True, True]
        assert [np.isnan(one).all() for one in seen(module, library, module.KeptMax(), g)] == [True, True]


@BOTH
def test_a_maximum_leaves_out_what_has_no_gradient(written, name):
    _, out = written(MAXIMA)
    with backend(name, out) as (module, library):
        own = seen(module, library, module.ByGlobalMax(), [None, np.array([-3.0, -4.0]), None])
        assert [one.tolist() for one in own] == [[0, 0, 0], [-3, -3], [0, 0, 0]]


@BOTH
@pytest.mark.parametrize("g", [[None, None], [np.zeros(0), None]])
def test_without_any_element_a_maximum_that_is_kept_stays_what_it_was(written, name, g):
    _, out = written(MAXIMA)
    with backend(name, out) as (module, library):
        stage = module.KeptMax()
        params = [library.asarray(np.zeros(3 if one is None else one.shape)) for one in g]
        opt = module.SGD(params, lr=1.0, pipeline=[stage])
        opt.step([None if one is None else library.asarray(one) for one in g])
        assert (opt.t, float(stage.kept)) == (1, 0.0)


@BOTH
def test_a_kept_maximum_over_steps(written, name):
    _, out = written(MAXIMA)
    with backend(name, out) as (module, library):
        stage, x = module.KeptMax(), library.asarray(np.zeros(2))
        opt = module.SGD(x, lr=1.0, pipeline=[stage])
        for largest, expected in ((-4.0, 0.0), (6.0, 6.0), (-1.0, 3.0), (2.0, 2.0)):
            opt.step(library.asarray(np.array([largest, largest - 1])))
            assert float(stage.kept) == expected


INSIDE = [
    "1", "2", "-3", "Rational(1, 2)", "-Rational(2, 3)", "sqrt(2)", "g", "-g", "g / w", "g / 3 + Rational(1, 3)",
    "sign(g)", "Abs(g)", "g**3", "g**4", "1 / g**2", "Abs(g)**Rational(3, 2)", "sqrt(Abs(g))", "exp(-g**2)",
    "log(1 + g**2)", "2**g", "Abs(w)**Abs(g)", "Max(g, Rational(1, 2))", "Min(g, w, 1)", "Max(sign(g), w)",
    "where(g > 0, 1, 0)", "where(g * w > 0, Rational(1, 2), -Rational(1, 3))", "where(g > 0, where(w > 0, 1, 2), 3)",
    "where(Eq(g, w), 1, 0)", "where(g > w, g**2, Abs(w)) + where(w < 0, 1, 0)", "10**12 * g",
]  # fmt: skip
KINDS = (("array_sum", "global_max"), ("global_sum", "array_max"))


def _by_hand(kind, text, arrays):
    """The reduction of each array by NumPy, of an expression that SymPy itself has put into NumPy's words."""
    namespace: dict = {}
    exec(HEAD, namespace)
    expr = sympy.sympify(eval(text, namespace))
    function = sympy.lambdify((namespace["g"], namespace["w"]), expr, "numpy")
    values = [np.broadcast_to(function(g, w), g.shape).ravel() for g, w in arrays]
    values = [np.concatenate(values)] * len(values) if kind.startswith("global") else values
    return [one.sum() if kind.endswith("sum") else one.max() for one in values]


def test_what_may_stand_inside_a_reduction_is_computed(written):
    """Every function, numbers alone, choices: in both backends, read back where the choices are not too many."""
    asked = [(kind, text) for number, text in enumerate(INSIDE) for kind in KINDS[number % 2]]
    rows = [(f"S{number}", *one) for number, one in enumerate(asked)]
    stage = '{0} = Stage(name="{0}", source="a test", steps=(Step(new(g), {1}({2})),))'
    specs, out = written("\n".join(stage.format(*row) for row in rows))
    random = np.random.default_rng(0)
    shapes = [(3, 4), (5,), (66001,)]
    g, w = ([random.standard_normal(shape) - 0.2 for shape in shapes] for _ in "gw")
    g[1], w[0][0, 0] = -np.abs(g[1]) - 0.1, g[0][0, 0]
    for name in ("numpy", "cupy"):
        with backend(name, out) as (module, library):
            for row, kind, text in rows:
                found = moved(module, library, [getattr(module, row)()], w, g)
                wanted = _by_hand(kind, text, list(zip(g, w, strict=True)))
                for before, after, number in zip(w, found, wanted, strict=True):
                    assert np.allclose(before - after, number, rtol=1e-10, atol=1e-12 * max(1, abs(number))), text
    results = [r for spec in specs for name in ("numpy", "cupy") for r in readback(spec, name, out)]
    assert {r.status for r in results} == {"proved"}, [r for r in results if r.status != "proved"][:2]


SCALARS = [
    ("sqrt(array_sum(g**2))", np.sqrt(5.0)), ("Abs(array_sum(g))", 3.0), ("sign(array_sum(g))", -1.0),
    ("Max(array_sum(g), Rational(1, 2))", 0.5), ("Min(array_max(g), array_sum(g**2))", -1.0),
    ("where(array_sum(g) > 0, 7, 8)", 8.0), ("floor(array_sum(g) / 2)", -2.0), ("Mod(array_sum(g), 2)", 1.0),
    ("cos(0 * t + array_sum(g) + 3)", 1.0), ("exp(array_sum(g) + 3)", 1.0), ("log(array_sum(g**2)) / log(5)", 1.0),
    ("array_sum(g) / array_sum(1)", -1.5), ("array_sum(g**2) ** array_max(w)", 25.0), ("array_sum(g) ** 2", 9.0),
]  # fmt: skip


@BOTH
@pytest.mark.parametrize(("text", "wanted"), SCALARS)
def test_what_may_be_made_of_a_reduction(written, name, text, wanted):
    _, out = written(f'S = Stage(name="S", source="a test", steps=(Step(s, {text}), Step(new(g), s)))')
    with backend(name, out) as (module, library):
        (found,) = moved(module, library, [module.S()], [np.array([1.0, 2.0])], [np.array([-1.0, -2.0])])
        np.testing.assert_allclose(np.array([1.0, 2.0]) - found, wanted, rtol=1e-15)


def test_a_kept_number_is_that_of_ieee_where_python_would_raise(written):
    """The root of what is negative, the logarithm of zero: the arrays would have NaN and minus infinity there."""
    steps = "Step(new(kept), kept / 2 + {}), Step(new(g), g + new(kept))"
    for text, wanted in (("sqrt(global_sum(g))", np.nan), ("log(global_sum(g) + 3)", -np.inf)):
        _, out = written(f'S = Stage(name="S", source="a test", state={{kept: 0}}, steps=({steps.format(text)}))')
        with backend("numpy", out) as (module, library):
            stage = module.S()
            found = moved(module, library, [stage], [np.zeros(2)], [np.array([-1.0, -2.0])])
            np.testing.assert_array_equal(stage.kept, wanted)
            np.testing.assert_array_equal(found[0], [-wanted, -wanted])


REFUSED = [
    ("Step(new(g), g * array_sum(array_max(g) * g))", "", "array_sum(g*array_max(g)) reads array_max(g)"),
    ("Step(new(g), g * array_sum(limit * g))", "", "sums are over g and w alone; if it is a factor, multiply by it"),
    ("Step(new(g), g * array_sum(t * g))", "", "array_sum(g*t) reads t"),
    ("Step(new(g), g * array_sum(floor(g)))", "", "floor(g) is for scalars"),
    ("Step(new(g), g * array_sum(10**25 * g))", "", "too long for an integer"),
]
#: Numbers kept once that differ from array to array, or from group to group: directly, through steps, in `halts`.
DIFFERENT = [
    ("Step(new(kept), kept + array_sum(g)), Step(new(g), g * new(kept))", "", "array_sum(g)"),
    ("Step(s, sqrt(array_sum(g**2))), Step(new(kept), kept + s), Step(new(g), g * kept)", "", "array_sum(g**2)"),
    ("Step(top, array_max(w)), Step(s, 2 * top), Step(new(kept), Max(kept, s)), Step(new(g), g * kept)", "",
     "array_max(w)"),
    ("Step(new(kept), kept + global_sum(g) / array_sum(1)), Step(new(g), g * kept)", "", "array_sum(1)"),
    ("Step(new(kept), where(array_max(g) > 0, kept, 1)), Step(new(g), g * kept)", "", "array_max(g)"),
    ("Step(new(kept), kept + 1), Step(new(g), g * kept)", "halts=array_sum(g) > 3", "array_sum(g)"),
    ("Step(s, array_sum(g)), Step(new(kept), kept + 1), Step(new(g), g * kept)", "halts=limit > s", "array_sum(g)"),
    ("Step(new(kept), kept + lr), Step(new(g), g * kept)", "", "lr"),
    ("Step(s, 2 * lr), Step(new(kept), kept + s), Step(new(g), g * kept)", "", "lr"),
    ("Step(new(kept), kept + 1), Step(new(g), g * kept)", "halts=lr > 3", "lr"),
]  # fmt: skip
HALTS = [
    ("halts=new(kept) > g", "a scalar cannot be computed from the array g"),
    ("halts=new(kept) > Scalar('other')", "it reads other, which no step defines"),
    ("halts=new(kept) > sympy.Float(0.5)", "has rounding in it"),
    ("halts=new(kept) > array_sum(limit * g)", "array_sum(g*limit) reads limit"),
    ("halts=kept", "halts=kept is no comparison"),
]


def _problems(written, steps, more):
    text = f'S = Stage(name="S", source="a test", state={{kept: 0}}, steps=({steps},), {more})'
    with pytest.raises(SpecError) as raised:
        written("import sympy\nfrom stepsmith.codegen.spec import Scalar\n" + text)
    return raised.value.problems


@pytest.mark.fast
@pytest.mark.parametrize(("steps", "more", "message"), REFUSED)
def test_what_cannot_be_summed_up_is_refused(written, steps, more, message):
    steps += ", Step(new(kept), kept + 1), Step(new(w), w * kept)"
    assert any(message in str(problem) for problem in _problems(written, steps, more))


@pytest.mark.parametrize(("steps", "more", "cause"), DIFFERENT)
def test_what_differs_from_array_to_array_is_not_kept_once(written, steps, more, cause):
    (problem,) = _problems(written, steps, more)
    assert f"but {cause}, on which that depends, " in problem.fact
    assert ("hyperparameter" if cause == "lr" else cause.replace("array", "global")) in problem.remedy


@pytest.mark.fast
@pytest.mark.parametrize(("more", "message"), HALTS)
def test_what_ends_a_step_is_a_comparison_of_scalars(written, more, message):
    problems = _problems(written, "Step(new(kept), kept + 1), Step(new(g), g * kept)", more)
    assert any(message in str(problem) for problem in problems)


def test_whoever_follows_the_remedies_gets_what_is_meant(written):
    steps = "Step(new({0}), {0} / 2 + {1}(g**2)), Step(new(g), new({0}))"
    _, out = written(
        f'A = Stage(name="A", source="a test", state={{a: 0}}, steps=({steps.format("a", "array_sum")}))\n'
        f'B = Stage(name="B", source="a test", state={{kept: 0}}, steps=({steps.format("kept", "global_sum")}))'
    )
    g = [np.array([1.0, 2.0]), np.array([3.0])]
    w = [np.zeros(2), np.zeros(1)]
    with backend("numpy", out) as (module, library):
        assert [p.tolist() for p in moved(module, library, [module.A()], w, g, steps=2)] == [[-12.5, -12.5], [-22.5]]
        assert [p.tolist() for p in moved(module, library, [module.B()], w, g, steps=2)] == [[-35, -35], [-35]]


# Stages that end a step.

#: What is written as a root of a sum of squares, gradients whose squares overflow or vanish, and what comes out.
NORMS = [
    ("sqrt(array_sum(g**2))", [3e200, 4e200], 5e200),
    ("sqrt(global_sum(g**2))", [3e-200, 4e-200], 5e-200),
    ("1 / sqrt(array_sum(g**2))", [3e-200, 4e-200], 2e199),
    ("sqrt(array_sum(4 * g**4))", [3e100, 2e100], 2 * math.sqrt(97) * 1e200),
    ("sqrt(global_sum((g * (1 + w**2))**2))", [3e200, -4e200], 5e200),
    ("sqrt(array_sum((g - w)**2))", [-3e-200, 4e-200], 5e-200),
    ("sqrt(global_sum(g**2 / 9))", [3e300, 4e300], 5e300 / 3),
]
#: What is no norm, or not alone: it is summed up as it is written.
SUMS = {
    "array_sum(g**2)**Rational(3, 2)": {"norm", "sum"}, "sqrt(global_sum(g**2)) * array_sum(g**2)": {"norm", "sum"},
    "sqrt(array_sum(Abs(g)))": {"sum"}, "sqrt(array_sum(2 * g**2))": {"sum"}, "sqrt(2 + array_sum(g**2))": {"sum"},
    "array_sum(g**2)": {"sum"},
}  # fmt: skip


def test_the_root_of_a_sum_of_squares_is_computed_as_a_norm(written):
    """So it is in both backends, and so it is read back."""
    stage = 'S{0} = Stage(name="S{0}", source="a test", steps=(Step(new(g), {1}),))'
    texts = [*(text for text, _, _ in NORMS), *SUMS]
    specs, out = written("\n".join(stage.format(number, text) for number, text in enumerate(texts)))
    for name in ("numpy", "cupy"):
        with backend(name, out) as (module, library), np.errstate(all="ignore"):
            for number, (text, g, norm) in enumerate(NORMS):
                (found,) = seen(module, library, getattr(module, f"S{number}")(), [np.array(g)])
                assert np.allclose(found, norm, rtol=1e-12, atol=0), text
            for number, (text, hows) in enumerate(SUMS.items(), start=len(NORMS)):
                made = getattr(module, f"S{number}")
                assert {how for _, how, _ in made._reductions} == hows, text
                (found,) = seen(module, library, made(), [np.array([3.0, 4.0])])
                known = {"sqrt": np.sqrt, "Abs": np.abs, "Rational": lambda p, q: p / q, "g": np.array([3.0, 4.0])}
                assert np.allclose(found, eval(text, {**known, "array_sum": np.sum, "global_sum": np.sum})), text
    results = [r for spec in specs for name in ("numpy", "cupy") for r in readback(spec, name, out)]
    assert {r.status for r in results} == {"proved"}, [r for r in results if r.status != "proved"]


SAM = """
SAM = Stage(
    name="Sharpness", source="a test", state={start: w, count: 0},
    steps=(
        Step(new(count), where(count > 0, 0, 1)),
        Step(s, sqrt(global_sum(g**2))),
        Step(new(start), where(count > 0, start, w)),
        Step(new(w), where(count > 0, start, w + rho * g / s)),
    ),
    halts=new(count) > 0,
)
LARGE = Stage(
    name="SkipLarge", source="a test", state={count: 0},
    steps=(Step(new(count), count + 1), Step(new(g), g / 2)), halts=sqrt(global_sum(g**2)) > limit,
)
JUMP = Stage(
    name="Jump", source="a test", state={count: 0},
    steps=(Step(new(count), where(count > 0, 0, 1)), Step(new(w), w + rho)), halts=new(count) > 0,
)
SLOW = Stage(
    name="Slow", source="a test", state={start: w}, steps=(Step(new(start), start / 2), Step(new(w), w - start))
)
"""


@BOTH
@pytest.mark.parametrize("dtype", [np.float16, *thorough([np.float64, np.float32])])
@pytest.mark.parametrize("options", [{}, {"master_weights": True}])
def test_a_stage_that_ends_a_step_keeps_what_it_does_to_the_parameters(written, name, dtype, options):
    """Sharpness-aware minimisation: every second gradient is taken at the displaced point, and steps from the start."""
    _, out = written(SAM)
    with backend(name, out) as (module, library):
        w = [library.asarray(one.astype(dtype)) for one in (np.array([1.0, 2.0]), np.ones((1, 1)))]
        opt = module.SGD(w, lr=0.25, pipeline=[module.Sharpness(rho=0.5)], **options)
        for _ in range(2):
            before = [np.array(one) for one in w]
            opt.step([library.asarray(np.array(one, dtype)) for one in ([3.0, 0.0], [[4.0]])])
            assert [(np.array(one) - b).ravel().tolist() for one, b in zip(w, before, strict=True)] == [
                pytest.approx([0.3, 0.0], rel=4 * float(np.finfo(dtype).eps), abs=2 * float(np.finfo(dtype).eps)),
                pytest.approx([0.4], rel=4 * float(np.finfo(dtype).eps), abs=2 * float(np.finfo(dtype).eps)),
            ]
            opt.step([library.asarray(np.array(one, dtype)) for one in ([1.0, 1.0], [[-2.0]])])
            found = [(np.array(one) - b).ravel().tolist() for one, b in zip(w, before, strict=True)]
            assert found == [[-0.25, -0.25], [0.5]]
        assert opt.t == 2


@BOTH
def test_sharpness_behind_decay_and_accumulation(written, name):
    """What comes before the stage that ends the step goes into what it leaves; gradients are accumulated first."""
    _, out = written(SAM, rules=("sgd", "pipeline"))
    with backend(name, out) as (module, library):
        w = library.asarray(np.array([1.0]))
        stages = [module.Accumulate(every=2), module.UnscaledDecay(weight_decay=0.5), module.Sharpness(rho=1.0)]
        opt = module.SGD(w, lr=1.0, pipeline=stages)
        found = []
        for g in (1.0, 3.0, 5.0, 7.0):
            opt.step(library.asarray(np.array([g])))
            found.append(float(w[0]))
        # nothing; 0.5 displaced by 1; nothing; back at 0.5, and down by the mean of 5 and 7
        assert found == [1.0, 1.5, 1.5, -5.5]


@BOTH
def test_a_stage_that_ends_a_step_without_arrays_of_its_own(written, name):
    _, out = written(SAM)
    with backend(name, out) as (module, library):
        w = [library.asarray(np.array([1.0])), library.asarray(np.array([5.0]))]
        opt = module.SGD(w, lr=1.0, pipeline=[module.Jump(where=lambda path, w: path == "0")])
        opt.step([library.asarray(np.array([1.0]))] * 2)
        assert [float(one[0]) for one in w] == [1.5, 5.0]
        opt.step([library.asarray(np.array([1.0]))] * 2)
        assert [float(one[0]) for one in w] == [1.0, 4.0]


@BOTH
def test_a_reduction_that_only_ends_a_step_is_taken(written, name):
    """No step reads it, nor the limit: they stand in `halts` alone."""
    _, out = written(SAM)
    with backend(name, out) as (module, library):
        w, stage = library.asarray(np.array([0.0])), module.SkipLarge(limit=3.0)
        opt = module.SGD(w, lr=1.0, pipeline=[stage])
        for g, left in ((2.0, -1.0), (-4.0, -1.0), (3.0, -2.5)):
            opt.step(library.asarray(np.array([g])))
            assert float(w[0]) == left
        assert (opt.t, float(stage.count)) == (2, 3)


def test_a_pipeline_in_which_a_move_would_be_lost_is_refused(written):
    _, out = written(SAM, rules=("sgd", "pipeline"))
    with backend("numpy", out) as (module, _):
        for first in (module.Sharpness, module.Slow):
            with pytest.raises(TypeError, match=r"keeps states, and Accumulate.*put that one first"):
                module.SGD(np.ones(1), pipeline=[first(), module.Accumulate()])
            module.SGD(np.ones(1), pipeline=[module.Accumulate(), first()])
        module.SGD(np.ones(1), pipeline=[module.Slow(), module.Sharpness()])
        some = module.Sharpness(where=lambda path, w: path == "0")
        with pytest.raises(TypeError, match="put that one first"):
            module.SGD([np.ones(1), np.ones(2)], pipeline=[module.Slow(), some])
        module.SGD(np.ones(1), pipeline=[module.UnscaledDecay(), module.Accumulate()])


@BOTH
def test_a_step_ends_where_a_choice_says_so(written, name):
    """The choice is one side of a comparison: without parentheses, the comparison would be a part of it."""
    specs, out = written("""
FEW = Stage(
    name="Few", source="a test", state={count: 0}, halts=where(new(count) > limit, 0, new(count)) > 0,
    steps=(Step(new(count), where(global_overflow(g) > 0, count + 1, 0)), Step(new(g), g)),
)
""")
    with backend(name, out) as (module, library):
        w = library.asarray(np.zeros(1))
        opt = module.SGD(w, lr=1.0, pipeline=[module.Few(limit=2.0)])
        for g, taken in ((1.0, 1), (np.nan, 1), (np.inf, 1), (np.nan, 2), (1.0, 3), (-np.inf, 3)):
            opt.step(library.asarray(np.array([g])))
            assert opt.t == taken
    results = [r for spec in specs for r in readback(spec, name, out)]
    assert {r.status for r in results} == {"proved"}, [r for r in results if r.status != "proved"]


def test_stages_that_end_a_step_are_read_back(written):
    specs, out = written(SAM)
    results = [r for spec in specs for name in ("numpy", "cupy") for r in readback(spec, name, out)]
    assert {r.status for r in results} == {"proved"}, [r for r in results if r.status != "proved"]
